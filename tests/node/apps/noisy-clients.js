"use strict";

// In milliseconds.
const WINDOW = 1000;
// Events in a window that nobody has to explain.
const CALM = 5;
// Events in a window that are relayed.
const LIMIT = 10;

// Events are relayed to everyone else, up to a rate.
module.exports = (io) => {
  io.on("connection", (socket) => {
    const meter = new Meter();
    // A middleware sees every event, whatever its name; without next() the event is dropped.
    socket.use((_packet, next) => {
      const count = meter.count();
      // The count passes each threshold once a window, so each is told once.
      if (count === CALM + 1) socket.emit("rate-warning", { limit: LIMIT });
      if (count === LIMIT + 1) socket.emit("rate-limited", { limit: LIMIT });
      if (count <= LIMIT) next();
    });

    for (const event of ["cursor-moved", "typing"]) {
      socket.on(event, (payload) => socket.broadcast.emit(event, payload));
    }
  });
};

class Meter {
  #since = -Infinity;
  #events = 0;

  // The number in its window of an event that comes now. A window begins with its first event.
  count() {
    const now = performance.now();
    if (now - this.#since >= WINDOW) {
      this.#since = now;
      this.#events = 0;
    }
    return ++this.#events;
  }
}
