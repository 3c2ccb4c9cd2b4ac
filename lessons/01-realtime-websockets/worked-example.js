"use strict";

// Clients join a project's room and hear of its updated tasks.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("join-project", (payload) => {
      const project = id(payload, "projectId");
      if (project === undefined) {
        const error = { message: "projectId required" };
        socket.emit("error-message", error);
        return;
      }
      socket.join(`project:${project}`);
    });

    socket.on("task-updated", (payload) => {
      const project = id(payload, "projectId");
      const task = id(payload, "taskId");
      if (project === undefined || task === undefined) return;
      const room = `project:${project}`;
      io.to(room).emit("task-updated", payload);
    });
  });
};

// The id under `key`: a string that is not empty, or a number
// that is not zero. Anything else is no id.
function id(payload, key) {
  const value = payload?.[key];
  const usable = ["string", "number"].includes(typeof value);
  return usable && value ? String(value) : undefined;
}
