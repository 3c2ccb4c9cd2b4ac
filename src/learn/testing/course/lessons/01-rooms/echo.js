io.on("connection", (socket) => {
  socket.on("echo", (payload) => socket.emit("echo", payload));
});
