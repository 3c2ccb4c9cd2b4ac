"use strict";

// Updates of a task stay among those who joined its project.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("join-project", (payload) => {
      const room = roomOf(payload);
      if (room) socket.join(room);
    });

    socket.on("task-updated", (payload) => {
      const room = roomOf(payload);
      if (!socket.rooms.has(room)) {
        socket.emit("error-message", { message: "join the project first" });
        return;
      }
      socket.to(room).emit("task-updated", payload);
    });
  });
};

// The room of the project that a payload names, if it names one.
function roomOf(payload) {
  const projectId = payload?.projectId;
  return typeof projectId === "string" ? `project:${projectId}` : undefined;
}
