"use strict";

const { client, collectTold, event, fence, upgrade, upgraded } = require("./helpers");

// The server cuts the whole connection: the client comes back by itself, as a new socket, and joins its room again. Then
// the server makes it leave: it comes back when it is told to.
async function reconnect(url) {
  const bob = await upgraded(url);
  const tell = (text) => bob.emitWithAck("tell", { room: "news", text });
  const ann = client(url);
  const told = collectTold(ann);
  const arrivals = collectArrivals(ann);
  await arrival(ann);
  await upgrade(ann);
  await tell("before");
  await fence(ann);

  const cut = await end(ann, "cut");
  await arrival(ann);
  await upgrade(ann);
  await tell("after");
  const { transport } = await fence(ann);

  const kicked = await end(ann, "kick");
  const comesBackByItself = ann.active;
  const back = arrival(ann);
  ann.connect();
  await back;
  await tell("at last");
  await fence(ann);

  ann.disconnect();
  bob.disconnect();
  const known = await Promise.all(arrivals);
  return {
    cut,
    transport,
    kicked,
    comesBackByItself,
    arrivals: known.map(({ recovered, rooms }) => ({ recovered, rooms })),
    ids: new Set(known.map(({ id }) => id)).size,
    told,
  };
}

// How the server knows the client each time that it is let in, before it joins its room.
function collectArrivals(socket) {
  const all = [];
  socket.on("connect", () => {
    all.push(socket.emitWithAck("who-am-i"));
    socket.emit("join", "news");
  });
  return all;
}

async function arrival(socket) {
  await event(socket, "connect");
  await fence(socket);
}

// Makes the server end it, and gives the reason.
function end(socket, how) {
  const ended = event(socket, "disconnect");
  socket.emit(how);
  return ended;
}

module.exports = { reconnect };
