"use strict";

// The worked example's JavaScript on the official server: node server.js [PORT]
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const workedExample = require("../../lessons/01-realtime-websockets/worked-example.js");

const http = createServer();
workedExample(new Server(http));
http.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}`);
});

// Whoever started it is done, or gone, when standard input closes.
process.stdin.on("end", () => process.exit(0)).resume();
