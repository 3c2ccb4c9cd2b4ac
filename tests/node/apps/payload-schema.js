"use strict";

// Each new task is checked, and its sender learns of every fault at once.
module.exports = (io) => {
  io.on("connection", (socket) => {
    socket.on("create-task", (...args) => {
      // The acknowledgement comes last, and first where there is no payload.
      const ack = args.at(-1);
      if (typeof ack !== "function") return;
      const errors = faults(args[0]);
      ack(errors.length === 0 ? { ok: true } : { ok: false, errors });
    });
  });
};

const FIELDS = {
  projectId: { required: true, fits: (value) => isText(value, 32) },
  title: { required: true, fits: (value) => isText(value, 80) },
  priority: { required: false, fits: (value) => Number.isInteger(value) && value >= 1 && value <= 5 },
};

// The names of the fields that are missing, unfit or unknown, sorted.
function faults(payload) {
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  if (!isObject) return ["payload"];
  const missingOrUnfit = Object.entries(FIELDS)
    .filter(([name, { required, fits }]) => (Object.hasOwn(payload, name) ? !fits(payload[name]) : required))
    .map(([name]) => name);
  const unknown = Object.keys(payload).filter((name) => !Object.hasOwn(FIELDS, name));
  return [...missingOrUnfit, ...unknown].sort();
}

// Spreading a string counts characters; its length would count UTF-16 units.
function isText(value, limit) {
  return typeof value === "string" && value.trim() !== "" && [...value].length <= limit;
}
