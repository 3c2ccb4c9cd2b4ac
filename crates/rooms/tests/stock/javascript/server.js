"use strict";

// The application of application.rs on the official server: node server.js [OPTIONS AS JSON]
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const PATIENCE = 30_000;

function serve(io) {
  io.use(admit);
  io.on("connection", (socket) => {
    greet(socket);
    rooms(io, socket);
    echoes(socket);
    questions(socket);
    numbers(io, socket);
    endings(io, socket);
  });
  io.of(/^\/workspace-/).on("connection", (socket) => {
    echoes(socket);
    socket.on("shout", (text, ack) => {
      socket.nsp.emit("shouted", text);
      ack("shouted");
    });
  });
}

function admit(socket, next) {
  if (socket.handshake.auth.token === "open sesame") return next();
  const error = new Error("not authorized");
  error.data = { code: 401, hint: "say the word" };
  next(error);
}

function greet(socket) {
  for (let number = 0; number < (socket.handshake.auth.greetings ?? 0); number++) socket.emit("greeting", number);
}

function rooms(io, socket) {
  const joined = () => [...socket.rooms].filter((room) => room !== socket.id).sort();
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack?.(joined());
  });
  socket.on("leave", (room, ack) => {
    socket.leave(room);
    ack(joined());
  });
  socket.on("tell", (message, ack) => {
    io.to(message.room).emit("told", message);
    ack("told");
  });
  socket.on("tell-others", (message, ack) => {
    socket.to(message.room).emit("told", message);
    ack("told");
  });
  socket.on("remember", (memory, ack) => {
    socket.data.memory = memory;
    ack("remembered");
  });
  socket.on("who-am-i", (...all) => {
    all.pop()({
      id: socket.id,
      recovered: socket.recovered,
      rooms: joined(),
      memory: socket.data.memory ?? null,
      transport: socket.conn.transport.name,
    });
  });
}

function echoes(socket) {
  socket.on("echo", (...all) => socket.emit("echo", ...all));
  socket.on("echo-volatile", (first) => socket.volatile.emit("echo", first));
  socket.on("echo-ack", (...all) => all.pop()(...all));
  socket.on("mirror", ({ name, pixels }, ack) => ack({ name, pixels: Buffer.from(pixels).reverse() }));
}

function questions(socket) {
  socket.on("ask-me", async (question, ack) => {
    const answer = socket.timeout(PATIENCE).emitWithAck("question", question);
    ack(await answer.catch((error) => error.message));
  });
  socket.on("no-answer", () => {});
  socket.on("stay", (time, ack) => setTimeout(ack, time, time));
}

function numbers(io, socket) {
  const counted = [];
  socket.on("count", (number, ack) => {
    counted.push(number);
    ack?.(number);
  });
  socket.on("counted", (ack) => ack(counted));
  socket.on("flood", ({ room, from, count, bytes }, ack) => {
    const padding = "x".repeat(bytes);
    for (let number = from; number < from + count; number++) io.to(room).emit("number", { number, padding });
    ack(count);
  });
}

function endings(io, socket) {
  socket.on("cut", () => socket.conn.close());
  socket.on("kick", () => socket.disconnect());
  socket.on("disconnect", (reason) => io.to("watchers").emit("gone", { id: socket.id, reason }));
}

const http = createServer();
serve(new Server(http, JSON.parse(process.argv[2] ?? "{}")));
http.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${http.address().port}`));

// Whoever started it is done, or gone, when standard input closes.
process.stdin.on("end", () => process.exit(0)).resume();
