"use strict";

// Plays one scenario at a server, and prints what its clients saw as one JSON document: node run.js SCENARIO URL
const scenarios = {
  ...require("./burst"),
  ...require("./everyday"),
  ...require("./heartbeats"),
  ...require("./reconnect"),
  ...require("./recovery"),
  ...require("./refused"),
  ...require("./slow"),
  ...require("./workspaces"),
};

const [, , name, url] = process.argv;

scenarios[name](url).then(
  (seen) => process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
