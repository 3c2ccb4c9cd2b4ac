"use strict";

// Each client that greets is greeted by its name.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("greet", ({ name }) => {
      socket.emit("greeting", { text: `Hello, ${name}` });
    });
  });
};
