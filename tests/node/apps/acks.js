"use strict";

const { setTimeout: sleep } = require("node:timers/promises");

const ATTEMPTS = 3;
// From one attempt to the next, and so the time there is to answer it, in milliseconds.
const PATIENCE = 1000;

// A task reaches the one it is for, or the one who asked for it hears that it did not.
module.exports = (io) => {
  // What each request was answered, by person and key.
  const answers = new Map();

  io.on("connection", (socket) => {
    const { user } = socket.handshake.auth;
    socket.join(roomOf(user));

    socket.on("assign-task", ({ key, to, title }, ack) => {
      const request = JSON.stringify([user, key]);
      if (!answers.has(request)) {
        const taskId = `t${answers.size + 1}`;
        answers.set(request, { taskId });
        assign({ taskId, title }, to, user);
      }
      ack(answers.get(request));
    });
  });

  async function assign(task, worker, lead) {
    const event = (await isTaken(task, worker)) ? "task-accepted" : "task-failed";
    io.to(roomOf(lead)).emit(event, { taskId: task.taskId });
  }

  // The sockets are looked up at each attempt, so a worker that came back gets the next one.
  async function isTaken(task, worker) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const over = sleep(PATIENCE);
      const sockets = await io.in(roomOf(worker)).fetchSockets();
      const asked = sockets.map((socket) => socket.timeout(PATIENCE).emitWithAck("task-assigned", task));
      const isAnswered = await Promise.any(asked).then(() => true, () => false);
      if (isAnswered) return true;
      await over;
    }
    return false;
  }
};

// Where a person is reached, whichever socket they have at the moment.
function roomOf(user) {
  return `user:${user}`;
}
