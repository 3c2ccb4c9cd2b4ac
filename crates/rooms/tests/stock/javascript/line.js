"use strict";

const net = require("node:net");

// A way to a server that can break, as between two machines, and hold WebSockets back, as some proxies do. Like most
// proxies, it names the server's own host in each request.
class Line {
  #server;
  #url;
  #pairs = new Set();
  #isDown = false;
  #isMute = false;
  #held = null;

  static async to(url) {
    const line = new Line(new URL(url));
    const listener = net.createServer((near) => line.#connect(near));
    await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
    line.#url = new URL(`http://127.0.0.1:${listener.address().port}`);
    return line;
  }

  constructor(server) {
    this.#server = server;
  }

  // Where the line begins.
  get url() {
    return this.#url.origin;
  }

  #connect(near) {
    if (this.#isDown) return near.destroy();
    const far = net.connect(this.#server.port, this.#server.hostname);
    const pair = { near, far };
    this.#pairs.add(pair);
    near.on("data", (chunk) => this.#forward(chunk, far));
    far.pipe(near);
    for (const [end, other] of [[near, far], [far, near]]) {
      end.on("error", () => {});
      end.on("close", () => this.#pairs.delete(pair) && other.destroy());
    }
  }

  #forward(chunk, far) {
    if (this.#isMute) return;
    const text = chunk.toString("latin1");
    const [ours, theirs] = [this.#url, this.#server].map(({ host }) => `\r\nHost: ${host}\r\n`);
    const send = () => far.write(text.replaceAll(ours, theirs), "latin1");
    if (this.#held !== null && text.includes("\r\nUpgrade: websocket\r\n")) this.#held.push(send);
    else send();
  }

  // From now on, requests for a WebSocket wait.
  holdUpgrades() {
    this.#held ??= [];
  }

  letUpgrades() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const send of held) send();
  }

  // From now on, new connections fail.
  close() {
    this.#isDown = true;
  }

  cut() {
    this.close();
    for (const { near } of this.#pairs) near.destroy();
  }

  // Only the client learns that the line is cut.
  cutNearEnd() {
    this.close();
    const pairs = [...this.#pairs];
    this.#pairs.clear();
    for (const { near, far } of pairs) {
      far.unpipe(near);
      far.resume();
      near.destroy();
    }
  }

  // From now on, the server hears nothing of the client.
  mute() {
    this.#isMute = true;
  }

  mend() {
    this.#isDown = false;
    this.#isMute = false;
  }
}

module.exports = { Line };
