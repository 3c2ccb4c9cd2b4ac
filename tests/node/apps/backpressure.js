"use strict";

// Time that a reader has to acknowledge a batch, in milliseconds.
const PATIENCE = 5000;
// Tasks that may wait for one reader.
const LIMIT = 8;

// Updates of tasks reach every reader at its own pace.
module.exports = (io) => {
  // Who follows the board, by socket.
  const readers = new Map();

  io.on("connection", (socket) => {
    socket.on("follow", () => {
      if (!readers.has(socket)) readers.set(socket, new Reader(socket));
    });

    socket.on("update-task", (update) => {
      for (const reader of readers.values()) reader.put(update);
    });

    socket.on("disconnect", () => readers.delete(socket));
  });
};

class Reader {
  #socket;
  #isBusy = false;
  // The latest update of each task, by its id.
  #waiting = new Map();

  constructor(socket) {
    this.#socket = socket;
  }

  put(update) {
    this.#waiting.set(update.taskId, update);
    if (!this.#isBusy) this.#deliver();
    else if (this.#waiting.size > LIMIT) this.#cutOff();
  }

  // Sends batch after batch, until nothing waits or the reader is gone.
  async #deliver() {
    this.#isBusy = true;
    while (this.#waiting.size > 0) {
      const batch = Object.fromEntries(this.#waiting);
      this.#waiting.clear();
      try {
        await this.#socket.timeout(PATIENCE).emitWithAck("tasks-updated", batch);
      } catch {
        return this.#cutOff();
      }
    }
    this.#isBusy = false;
  }

  // Nothing happens where the reader is gone already.
  #cutOff() {
    if (!this.#socket.connected) return;
    this.#socket.emit("cut-off", { reason: "slow reader" });
    this.#socket.disconnect();
  }
}
