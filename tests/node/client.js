"use strict";

// Three official clients do the worked example at a server and print, as one JSON document, what each of them received
// in each stage: node client.js URL
const { io } = require("socket.io-client");

const NAMES = ["ann", "bob", "eve"];
const url = process.argv[2];

async function main() {
  const clients = {};
  for (const name of NAMES) clients[name] = await connect(name);
  const { ann, bob, eve } = clients;
  const stage = async (act) => {
    act();
    await settle(Object.values(clients));
    return Object.fromEntries(NAMES.map((name) => [name, clients[name].received.splice(0)]));
  };
  const stages = {
    emptyJoin: await stage(() => ann.socket.emit("join-project", {})),
    join: await stage(() => {
      ann.socket.emit("join-project", { projectId: "p1" });
      bob.socket.emit("join-project", { projectId: "p1" });
      eve.socket.emit("join-project", { projectId: "p2" });
    }),
    update: await stage(() => ann.socket.emit("task-updated", { projectId: "p1", taskId: "t1", title: "Naïve 🦀" })),
    incompleteUpdate: await stage(() => ann.socket.emit("task-updated", { projectId: "p1" })),
  };
  const ids = Object.fromEntries(NAMES.map((name) => [name, clients[name].socket.id]));
  const transports = NAMES.map((name) => clients[name].socket.io.engine.transport.name);
  for (const name of NAMES) clients[name].socket.disconnect();
  console.log(JSON.stringify({ stages, ids, transports }));
}

async function connect(name) {
  const options = { transports: ["websocket"], auth: { name }, forceNew: true, reconnection: false };
  const socket = io(url, options);
  const received = [];
  socket.onAny((event, ...args) => received.push([event, ...args]));
  await once(socket, "connect");
  return { socket, received };
}

// A namespace that does not exist is refused in order, behind all that was sent before. The first round shows that the
// server has taken everything in, the second that what it sent on has arrived.
async function settle(clients) {
  for (let round = 0; round < 2; round++) {
    for (const { socket } of clients) {
      const barrier = socket.io.socket(`/barrier-${Math.random()}`);
      await refused(barrier);
      barrier.disconnect();
    }
  }
}

function once(socket, event) {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once("connect_error", reject);
  });
}

function refused(socket) {
  return new Promise((resolve, reject) => {
    socket.once("connect_error", resolve);
    socket.once("connect", () => reject(new Error("a namespace that should not exist let us in")));
    socket.connect();
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
