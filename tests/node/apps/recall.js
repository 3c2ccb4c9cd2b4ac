"use strict";

// Clients join a project's room and hear of its updated tasks.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("join-project", (payload) => {
      if (!isId(payload?.projectId)) {
        socket.emit("error-message", { message: "projectId required" });
        return;
      }
      socket.join(`project:${payload.projectId}`);
    });

    socket.on("task-updated", (payload) => {
      if (isId(payload?.projectId) && isId(payload?.taskId)) {
        io.to(`project:${payload.projectId}`).emit("task-updated", payload);
      }
    });
  });
};

function isId(value) {
  return typeof value === "string" && value !== "";
}
