"use strict";

const WITH_TITLE = ["projectId", "taskId", "title"];
const IDS = ["projectId", "taskId"];

// What a client sends, what the room hears of it, and the fields of both.
const EVENTS = [
  ["create-task", "task-created", WITH_TITLE],
  ["update-task", "task-updated", WITH_TITLE],
  ["delete-task", "task-deleted", IDS],
];

// In characters, for every field.
const LIMIT = 80;

// The members of a project see each other's changes to its tasks.
module.exports = (io) => {
  io.on("connection", (socket) => {
    const refuse = (message) => socket.emit("error-message", { message });

    socket.on("join-project", (payload) => {
      const projectId = typeof payload?.projectId === "string" ? payload.projectId.trim() : "";
      if (!projectId) return refuse("projectId required");
      socket.join(roomOf(projectId));
      socket.emit("joined", { projectId });
    });

    for (const [event, announced, fields] of EVENTS) {
      socket.on(event, (payload) => {
        const unfit = fields.find((name) => !fits(payload?.[name]));
        if (unfit) return refuse(`${unfit} invalid`);
        const room = roomOf(payload.projectId);
        if (!socket.rooms.has(room)) return refuse("join the project first");
        const task = Object.fromEntries(fields.map((name) => [name, payload[name]]));
        io.to(room).emit(announced, task);
      });
    }
  });
};

// A field that may go out to others: a string, not blank, not endless.
function fits(value) {
  return typeof value === "string" && value.trim() !== "" && [...value].length <= LIMIT;
}

function roomOf(projectId) {
  return `project:${projectId}`;
}
