"use strict";

// The members of a project see who comes and goes, and what becomes free.
module.exports = (io) => {
  // By project, the socket that holds each of its tasks. A project without a held task has no entry.
  const locks = new Map();

  io.on("connection", (socket) => {
    const { user } = socket.handshake.auth;

    socket.on("join-project", ({ projectId }) => {
      const room = roomOf(projectId);
      if (!usersIn(room).has(user)) socket.to(room).emit("user-joined", { projectId, user });
      socket.join(room);
      socket.emit("present", { projectId, users: [...usersIn(room)].sort() });
    });

    socket.on("lock-task", ({ projectId, taskId }, ack) => {
      if (!socket.rooms.has(roomOf(projectId))) return;
      if (!locks.has(projectId)) locks.set(projectId, new Map());
      const holders = locks.get(projectId);
      if (!holders.has(taskId)) holders.set(taskId, socket);
      const holder = holders.get(taskId);
      ack({ ok: holder === socket, holder: holder.handshake.auth.user });
    });

    socket.on("leave-project", (payload) => {
      if (typeof payload?.projectId === "string") leave(socket, payload.projectId);
    });

    // By the time of "disconnect" the rooms are gone.
    socket.on("disconnecting", () => projectsOf(socket).forEach((projectId) => leave(socket, projectId)));
  });

  // The socket leaves first; then whoever is found there is there.
  function leave(socket, projectId) {
    const room = roomOf(projectId);
    if (!socket.rooms.has(room)) return;
    socket.leave(room);
    for (const taskId of free(socket, projectId)) io.to(room).emit("task-freed", { projectId, taskId });
    const { user } = socket.handshake.auth;
    if (!usersIn(room).has(user)) io.to(room).emit("user-left", { projectId, user });
  }

  // Frees what the socket holds of a project, and returns the ids of these tasks.
  function free(socket, projectId) {
    const holders = locks.get(projectId) ?? new Map();
    const freed = [...holders.keys()].filter((taskId) => holders.get(taskId) === socket);
    freed.forEach((taskId) => holders.delete(taskId));
    if (holders.size === 0) locks.delete(projectId);
    return freed;
  }

  function usersIn(room) {
    const ids = io.sockets.adapter.rooms.get(room) ?? [];
    return new Set([...ids].map((id) => io.sockets.sockets.get(id).handshake.auth.user));
  }
};

const PREFIX = "project:";

function roomOf(projectId) {
  return PREFIX + projectId;
}

function projectsOf(socket) {
  const rooms = [...socket.rooms].filter((room) => room.startsWith(PREFIX));
  return rooms.map((room) => room.slice(PREFIX.length));
}
