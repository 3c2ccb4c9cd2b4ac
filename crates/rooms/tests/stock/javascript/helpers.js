"use strict";

const { io } = require("socket.io-client");

const TOKEN = "open sesame";

// A client with default options, but for what it says of itself.
function client(url, auth = {}) {
  return io(url, { auth: { token: TOKEN, ...auth } });
}

// A client that is let in.
async function connected(url, auth) {
  const socket = client(url, auth);
  await event(socket, "connect");
  return socket;
}

// A client that has left long polling behind.
async function upgraded(url, auth) {
  const socket = await connected(url, auth);
  await upgrade(socket);
  return socket;
}

async function upgrade(socket) {
  const { engine } = socket.io;
  if (engine.transport.name !== "websocket") await event(engine, "upgrade");
}

// The first argument of the next event of this name.
function event(emitter, name) {
  const stack = new Error(`waited for ${name}`);
  return new Promise((resolve) => {
    const waiting = setTimeout(() => console.error(stack), 20_000);
    emitter.once(name, (argument) => {
      clearTimeout(waiting);
      resolve(argument);
    });
  });
}

// Collects the first argument of each event of this name.
function collect(socket, name) {
  const all = [];
  socket.on(name, (argument) => all.push(argument));
  return all;
}

// Collects what is told to rooms; bytes as a list.
function collectTold(socket) {
  const all = [];
  socket.on("told", ({ text }) => all.push(Buffer.isBuffer(text) ? [...text] : text));
  return all;
}

// Whatever the server sent before has arrived after this.
function fence(socket) {
  return socket.emitWithAck("who-am-i");
}

module.exports = { TOKEN, client, collect, collectTold, connected, event, fence, upgrade, upgraded };
