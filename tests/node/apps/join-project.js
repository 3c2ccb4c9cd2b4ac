"use strict";

// A client joins the room of the project that it names.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("join-project", (payload) => {
      const projectId = text(payload?.projectId);
      if (!projectId) {
        socket.emit("error-message", { message: "projectId required" });
        return;
      }
      socket.join(`project:${projectId}`);
      socket.emit("joined", { projectId });
    });
  });
};

// The trimmed text; empty for what is no string.
function text(value) {
  return typeof value === "string" ? value.trim() : "";
}
