"use strict";

const { client, collectTold, event, fence, upgrade, upgraded } = require("./helpers");
const { Line } = require("./line");

// What most clients do most of the time, over a WebSocket.
async function everyday(url) {
  const ann = client(url);
  const transports = collectTransports(ann);
  const early = earlyEvents(ann);
  await event(ann, "connect");
  await upgrade(ann);
  const seen = { transports, early: await early, ...(await allDay(ann, url)), volatile: await volatile(ann) };
  ann.disconnect();
  return seen;
}

// The same while no WebSocket comes through, and then one does.
async function everydayPolling(url) {
  const line = await Line.to(url);
  line.holdUpgrades();
  const ann = client(line.url);
  const transports = collectTransports(ann);
  const early = await earlyEvents(ann);
  const seen = { transports, early, ...(await allDay(ann, url)) };
  line.letUpgrades();
  await upgrade(ann);
  seen.inTheEnd = (await fence(ann)).transport;
  ann.disconnect();
  return seen;
}

async function allDay(ann, url) {
  const bob = await upgraded(url);
  const seen = {
    rooms: await rooms(ann, bob),
    several: await several(ann),
    acks: await acks(ann),
    binary: await binary(ann),
    transport: (await fence(ann)).transport,
  };
  bob.disconnect();
  return seen;
}

function collectTransports(socket) {
  const names = [];
  socket.io.on("open", () => {
    names.push(socket.io.engine.transport.name);
    socket.io.engine.on("upgrade", (transport) => names.push(transport.name));
  });
  return names;
}

// What is sent before the client is let in waits, unless it is volatile. It then travels while the client still polls.
async function earlyEvents(socket) {
  socket.volatile.emit("count", "lost");
  socket.emit("count", "kept");
  const mirrored = socket.emitWithAck("mirror", { name: "early ☂", pixels: Buffer.from([0, 10, 13, 30, 255]) });
  const { name, pixels } = await mirrored;
  return { counted: await socket.emitWithAck("counted"), name, pixels: [...pixels] };
}

async function rooms(ann, bob) {
  const told = { ann: collectTold(ann), bob: collectTold(bob) };
  const joined = [await ann.emitWithAck("join", "crabs 🦀"), await ann.emitWithAck("join", "Ümläute")];
  await bob.emitWithAck("join", "crabs 🦀");
  await bob.emitWithAck("tell", { room: "crabs 🦀", text: "to all: naïve \u2028 \u0000 𝄞" });
  await bob.emitWithAck("tell-others", { room: "crabs 🦀", text: "to ann" });
  await bob.emitWithAck("tell-others", { room: "Ümläute", text: Buffer.from("to ann") });
  await bob.emitWithAck("tell", { room: "nobody", text: "to nobody" });
  const left = await ann.emitWithAck("leave", "crabs 🦀");
  await ann.emitWithAck("tell", { room: "crabs 🦀", text: "to bob" });
  await fence(ann);
  await fence(bob);
  return { joined, left, told };
}

async function several(socket) {
  const echo = new Promise((resolve) => socket.once("echo", (...all) => resolve(all)));
  socket.emit("echo", "first", { second: 2 }, [3, null], "\"fourth\"", true);
  const ack = new Promise((resolve) => socket.emit("echo-ack", 1, "two", { three: [3] }, (...all) => resolve(all)));
  return { echo: await echo, ack: await ack };
}

async function acks(socket) {
  const asked = [];
  socket.on("question", (question, answer) => {
    asked.push(question);
    answer({ answer: question.length });
  });
  return {
    ours: await socket.emitWithAck("echo-ack", "is anybody there?"),
    theirs: await socket.emitWithAck("ask-me", "how long is this?"),
    asked,
    inTime: await socket.timeout(20_000).emitWithAck("echo-ack", "soon"),
    never: await socket.timeout(100).emitWithAck("no-answer", "hello?").catch((error) => error.message),
    manyAtOnce: await Promise.all([1, 2, 3].map((number) => socket.emitWithAck("ask-me", "?".repeat(number)))),
  };
}

async function binary(socket) {
  const echo = new Promise((resolve) => socket.once("echo", (...all) => resolve(all)));
  const large = Buffer.alloc(200_000, (index) => index % 251);
  socket.emit("echo", Buffer.from([0, 128, 255]), { deep: [{ down: new Uint8Array([1, 2, 3]) }] }, Buffer.alloc(0), large);
  const [first, { deep }, empty, echoed] = await echo;
  const { name, pixels } = await socket.emitWithAck("mirror", { name: "abc", pixels: Buffer.from("abc") });
  socket.once("question", (question, answer) => answer(Buffer.from(question).reverse()));
  const answered = new Promise((resolve) => {
    socket.off("question");
    socket.once("question", (question, answer) => answer({ backwards: Buffer.from(question).reverse() }));
    socket.emit("ask-me", Buffer.from("stressed"), resolve);
  });
  return {
    echo: [[...first], [...deep[0].down], [...empty], large.equals(echoed)],
    mirrored: { name, pixels: pixels.toString() },
    answered: (await answered).backwards.toString(),
  };
}

async function volatile(socket) {
  await fence(socket);
  const echo = event(socket, "echo");
  socket.volatile.emit("echo-volatile", "both ways");
  return echo;
}

module.exports = { everyday, everydayPolling };
