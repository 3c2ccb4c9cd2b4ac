"use strict";

// An exercise's twin on the official server: node server.js EXERCISE [PORT] [OPTIONS OF THE SERVER AS JSON]
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const [exercise, port = "0", options = "{}"] = process.argv.slice(2);
const app = require(`./apps/${exercise}.js`);

const http = createServer();
app(new Server(http, JSON.parse(options)));
http.listen(Number(port), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}`);
});

// Whoever started it is done, or gone, when standard input closes.
process.stdin.on("end", () => process.exit(0)).resume();
