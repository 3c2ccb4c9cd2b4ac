"use strict";

const { client, event, upgraded } = require("./helpers");
const { Line } = require("./line");

// A client that has nothing to say stays for longer than the server bears silence.
async function stay(socket) {
  const { id } = socket;
  const stayed = await socket.emitWithAck("stay", 2500);
  const known = await socket.emitWithAck("who-am-i");
  socket.disconnect();
  return { stayed, isSame: known.id === id, transport: known.transport };
}

async function heartbeats(url) {
  return stay(await upgraded(url));
}

async function heartbeatsWhilePolling(url) {
  const line = await Line.to(url);
  line.holdUpgrades();
  const socket = client(line.url);
  await event(socket, "connect");
  return stay(socket);
}

module.exports = { heartbeats, heartbeatsWhilePolling };
