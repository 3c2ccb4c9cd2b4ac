"use strict";

const { collect, event, fence, upgraded } = require("./helpers");

// A client stalls, so the server cuts it off; when it goes on it comes back by itself, and has missed nothing.
async function slow(url) {
  const bob = await upgraded(url);
  await bob.emitWithAck("join", "watchers");
  const ann = await upgraded(url);
  const numbers = collect(ann, "number");
  await ann.emitWithAck("join", "news");
  const { id } = await fence(ann);
  let sent = 0;
  const flood = async () => {
    sent += await bob.emitWithAck("flood", { room: "news", from: sent, count: 10, bytes: 20_000 });
  };

  let gone = null;
  bob.once("gone", (news) => (gone = news));
  const { _socket: stream } = ann.io.engine.transport.ws;
  stream.pause();
  while (gone === null) await flood();
  await flood();
  const [off, back] = [event(ann, "disconnect"), event(ann, "connect")];
  stream.resume();
  const reason = await off;
  await back;
  const { recovered } = ann;
  await flood();
  await fence(ann);
  const sameId = [gone.id, ann.id].map((now) => now === id);
  ann.disconnect();
  bob.disconnect();
  return {
    gone: gone.reason,
    reason,
    recovered,
    sameId,
    sent,
    numbers: numbers.map(({ number }) => number),
  };
}

module.exports = { slow };
