"use strict";

// What a client may send: the fields that it needs, what becomes of them, and what the room hears.
const EVENTS = {
  "create-task": { fields: ["projectId", "taskId", "title"], change: create, announced: "task-created" },
  "update-task": { fields: ["projectId", "taskId", "title", "version"], change: update, announced: "task-updated" },
  "delete-task": { fields: ["projectId", "taskId", "version"], change: remove, announced: "task-deleted" },
};

// In characters, for every text.
const LIMIT = 80;

// The members of a project see its tasks and each other's changes to them.
module.exports = (io) => {
  // By project, its tasks by id. A map keeps the order in which its entries were made.
  const boards = new Map();

  io.on("connection", (socket) => {
    const refuse = (message) => socket.emit("error-message", { message });

    socket.on("join-project", (payload) => {
      const projectId = typeof payload?.projectId === "string" ? payload.projectId.trim() : "";
      if (!projectId) return refuse("projectId required");
      const tasks = [...(boards.get(projectId)?.values() ?? [])];
      socket.join(roomOf(projectId));
      socket.emit("joined", { projectId, tasks: tasks.map(({ projectId, ...task }) => task) });
    });

    for (const [event, { fields, change, announced }] of Object.entries(EVENTS)) {
      socket.on(event, (payload) => {
        const unfit = fields.find((name) => !fits(name, payload?.[name]));
        if (unfit) return refuse(`${unfit} invalid`);
        const asked = Object.fromEntries(fields.map((name) => [name, payload[name]]));
        const room = roomOf(asked.projectId);
        if (!socket.rooms.has(room)) return refuse("join the project first");

        if (!boards.has(asked.projectId)) boards.set(asked.projectId, new Map());
        const { told, message, conflict } = change(boards.get(asked.projectId), asked);
        if (message) return refuse(message);
        if (conflict) return socket.emit("task-conflict", conflict);
        io.to(room).emit(announced, told);
      });
    }
  });
};

// Each of these three changes the tasks and returns what the room is told, or changes nothing and returns why.

function create(tasks, asked) {
  const taken = tasks.get(asked.taskId);
  if (taken) return { conflict: taken };
  const told = { ...asked, version: 1 };
  tasks.set(told.taskId, told);
  return { told };
}

function update(tasks, asked) {
  const refusal = notAsSeen(tasks, asked);
  if (refusal) return refusal;
  const told = { ...asked, version: asked.version + 1 };
  tasks.set(told.taskId, told);
  return { told };
}

function remove(tasks, asked) {
  const refusal = notAsSeen(tasks, asked);
  if (refusal) return refusal;
  tasks.delete(asked.taskId);
  return { told: { projectId: asked.projectId, taskId: asked.taskId } };
}

// Why the task is not the one that the sender has seen, if so.
function notAsSeen(tasks, asked) {
  const task = tasks.get(asked.taskId);
  if (!task) return { message: "no such task" };
  if (task.version !== asked.version) return { conflict: task };
}

// A version counts from 1. A text may go out to others: not blank, not endless.
function fits(name, value) {
  if (name === "version") return Number.isSafeInteger(value) && value >= 1;
  return typeof value === "string" && value.trim() !== "" && [...value].length <= LIMIT;
}

function roomOf(projectId) {
  return `project:${projectId}`;
}
