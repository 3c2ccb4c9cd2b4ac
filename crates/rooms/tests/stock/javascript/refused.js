"use strict";

const { TOKEN, client, event, fence } = require("./helpers");

// Not let in, then let in with another token.
async function refused(url) {
  const socket = client(url, { token: "please" });
  const { message, data } = await event(socket, "connect_error");
  const triesAgain = socket.active;
  socket.auth = { token: TOKEN };
  socket.connect();
  await event(socket, "connect");
  const { id } = await fence(socket);
  const seen = { message, data, triesAgain, isLetIn: id === socket.id };
  socket.disconnect();
  return seen;
}

module.exports = { refused };
