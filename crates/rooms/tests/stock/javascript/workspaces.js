"use strict";

const { client, collect, connected, event, upgraded } = require("./helpers");

// Namespaces that are made when somebody asks for them.
async function workspaces(url) {
  const outside = await upgraded(url);
  const ann = await connected(`${url}/workspace-7`);
  const bob = await connected(`${url}/workspace-7`);
  const eve = await connected(`${url}/workspace-8`);
  const shouted = Object.fromEntries(
    Object.entries({ outside, ann, bob, eve }).map(([name, socket]) => [name, collect(socket, "shouted")]),
  );
  await ann.emitWithAck("shout", "seven");
  await eve.emitWithAck("shout", "eight");
  await bob.emitWithAck("shout", "seven again");
  for (const socket of [outside, ann, bob, eve]) await socket.emitWithAck("echo-ack", "all that came before is here");
  const office = client(`${url}/office`);
  const { message } = await event(office, "connect_error");
  const sharesConnection = [ann.io === outside.io, bob.io === ann.io];
  for (const socket of [outside, ann, bob, eve, office]) socket.disconnect();
  return { shouted, refused: message, sharesConnection };
}

module.exports = { workspaces };
