"use strict";

const { collect, collectTold, connected, event, fence, upgrade, upgraded } = require("./helpers");
const { Line } = require("./line");

// A client is cut off, misses events, and comes back by itself.
async function recovery(url, { before = ["heard"], isPolling = false, cut }) {
  const line = await Line.to(url);
  if (isPolling) line.holdUpgrades();
  const bob = await upgraded(url);
  await bob.emitWithAck("join", "watchers");
  const ann = isPolling ? await connected(line.url) : await upgraded(line.url);
  const told = collectTold(ann);
  await ann.emitWithAck("join", "news");
  await ann.emitWithAck("remember", { colour: "blue" });
  const tell = (text) => bob.emitWithAck("tell", { room: "news", text });
  for (const text of before) await tell(text);
  const { id, transport: began } = await fence(ann);

  const gone = collect(bob, "gone");
  const off = event(ann, "disconnect");
  await cut({ line, ann, bob });
  const reason = await off;
  for (const text of ["missed 1", Buffer.from("missed 2"), "missed 3"]) await tell(text);
  // Whether the end of a line counts as an error depends on what was under way.
  const reasons = gone.map((news) => news.reason.replace(/^transport .*/, "transport"));
  const back = event(ann, "connect");
  line.mend();
  line.letUpgrades();
  await back;

  const { recovered } = ann;
  await upgrade(ann);
  const { rooms, memory, transport, ...known } = await fence(ann);
  const transports = [began, transport];
  await tell("after");
  await fence(ann);
  const sameId = [ann.id, known.id].map((now) => now === id);
  ann.disconnect();
  bob.disconnect();
  return { gone: reasons, reason, recovered: [recovered, known.recovered], sameId, rooms, memory, transports, told };
}

async function byClient({ line, ann, bob }) {
  const gone = event(bob, "gone");
  line.close();
  ann.io.engine.close();
  await gone;
}

async function byLine({ line, bob }) {
  const gone = event(bob, "gone");
  line.cut();
  await gone;
}

// Between two requests of a client that polls, the server does not notice it.
async function byLineUnnoticed({ line }) {
  line.cut();
}

async function bySilence({ line, bob }) {
  const gone = event(bob, "gone");
  line.close();
  line.mute();
  await gone;
}

async function byNearEnd({ line }) {
  line.cutNearEnd();
}

module.exports = {
  recoveryFromClose: (url) => recovery(url, { cut: byClient }),
  recoveryFromCut: (url) => recovery(url, { cut: byLine }),
  recoveryFromSilence: (url) => recovery(url, { cut: bySilence }),
  recoveryWhilePolling: (url) => recovery(url, { isPolling: true, cut: byLineUnnoticed }),
  recoveryFromHalfOpenLine: (url) => recovery(url, { cut: byNearEnd }),
  recoveryWithoutEvents: (url) => recovery(url, { before: [], cut: byLine }),
};
