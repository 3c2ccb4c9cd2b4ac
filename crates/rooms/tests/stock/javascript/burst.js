"use strict";

const { client, collect, event, fence, upgrade } = require("./helpers");
const { Line } = require("./line");

const NUMBERS = [...Array(2000).keys()];

// A client sends much at once as soon as it is let in, when it is about to change its transport.
async function burst(url, send) {
  const socket = client(url);
  const answers = collect(socket, "echo");
  socket.on("connect", () => send(socket, answers));
  await event(socket, "connect");
  return result(socket, answers);
}

// The same while it polls, as no WebSocket comes through before all is answered.
async function burstWhilePolling(url, send) {
  const line = await Line.to(url);
  line.holdUpgrades();
  const socket = client(line.url);
  const answers = collect(socket, "echo");
  socket.on("connect", () => send(socket, answers));
  await event(socket, "connect");
  const { transport } = await fence(socket);
  line.letUpgrades();
  return { began: transport, ...(await result(socket, answers)) };
}

async function result(socket, answers) {
  const counted = await socket.emitWithAck("counted");
  await upgrade(socket);
  const { transport } = await fence(socket);
  socket.disconnect();
  return { transport, counted, answers };
}

function events(socket) {
  for (const number of NUMBERS) socket.emit("count", number);
}

function eventsWithAcks(socket, answers) {
  for (const number of NUMBERS) socket.emit("count", number, (answer) => answers.push(answer));
}

function echoes(socket) {
  for (const number of NUMBERS) socket.emit("echo", number);
}

// The server sends much at once as soon as it has let the client in.
async function greetings(url) {
  const socket = client(url, { greetings: 1000 });
  const greetings = collect(socket, "greeting");
  await event(socket, "connect");
  await upgrade(socket);
  await fence(socket);
  socket.disconnect();
  return greetings;
}

module.exports = {
  burst: (url) => burst(url, events),
  burstWithAcks: (url) => burst(url, eventsWithAcks),
  burstOfEchoes: (url) => burst(url, echoes),
  burstWhilePolling: (url) => burstWhilePolling(url, events),
  burstWithAcksWhilePolling: (url) => burstWhilePolling(url, eventsWithAcks),
  burstOfEchoesWhilePolling: (url) => burstWhilePolling(url, echoes),
  greetings,
};
