// A browser and a server of pages, driven by lines on standard input. The first line of output says where the pages are;
// each command is answered with one line of JSON.
//
//   look PAGE ADDRESS       what a page of PAGE (http://host:port) sees of ADDRESS, by the way in which it asks
//   rebound ADDRESS         all that a page reads whose own name leads to ADDRESS
//   type PAGE ADDRESS       the status where somebody types ADDRESS, and where one of PAGE's is typed that leads there
//   connect PAGE ADDRESS    what the official client in a page of PAGE comes to at ADDRESS

const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const readline = require("node:readline");
const { chromium } = require("playwright-core");

const client = path.join(__dirname, "../node/node_modules/socket.io-client/dist/socket.io.min.js");
const files = { "/ways.js": path.join(__dirname, "ways.js"), "/socket.io.js": client };
const html = "<!doctype html><body><script src=/ways.js></script><script src=/socket.io.js></script>";

/** Pages, scripts and redirects. */
const pages = http.createServer((request, response) => {
  const [place, query] = request.url.split("?");
  if (place === "/to") return response.writeHead(302, { Location: decodeURIComponent(query) }).end();
  if (files[place]) {
    return response.writeHead(200, { "Content-Type": "text/javascript" }).end(fs.readFileSync(files[place]));
  }
  response.writeHead(200, { "Content-Type": "text/html" }).end(place === "/blank" ? "" : html);
});

/** A server that refuses without a thought for pages, to see what they can see. */
const naive = http.createServer((_, response) => {
  response.writeHead(403, { "Content-Type": "application/json" }).end('{"code":4,"message":"Forbidden"}');
});

async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

/** A page of this origin, and what comes of it. */
async function within(browser, origin, use) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** In the page: all that the official client comes to. */
async function connect({ address, transports }) {
  const socket = io(address, { transports, reconnection: false });
  const heard = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));
  const refused = heard(socket, "connect_error").then(({ message }) => ({ error: message }));
  const joined = heard(socket, "connect").then(async () => {
    // It may have changed over already.
    const { engine } = socket.io;
    if (engine.transport.name === "polling") await heard(engine, "upgrade");
    socket.emit("join-project", { projectId: "p1" });
    socket.emit("task-updated", { projectId: "p1", taskId: "t1" });
    const update = await heard(socket, "task-updated");
    return { transport: engine.transport.name, update };
  });
  const outcome = await Promise.race([joined, refused]);
  socket.disconnect();
  return outcome;
}

/** In the page: all that it reads of its own origin. */
async function read() {
  const texts = [];
  for (const place of ["/socket.io/?EIO=4&transport=polling", "/", "/other"]) {
    for (const method of ["GET", "POST", "OPTIONS", "PUT"]) {
      const response = await fetch(place, { method });
      texts.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
    }
  }
  return [...new Set(texts)];
}

const commands = {
  look: (browser, page, address) => within(browser, page, (page) => page.evaluate((address) => look(address), address)),
  async rebound(browser, address) {
    const context = await browser.newContext();
    const page = await context.newPage();
    // The page itself came while its name still led elsewhere.
    await page.route(`${address}/page`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto(`${address}/page`);
    const texts = await page.evaluate(read);
    await context.close();
    return texts;
  },
  type: (browser, page, address) =>
    within(browser, page, async (tab) => {
      const typed = await tab.goto(address);
      const led = await tab.goto(`${page}/to?${encodeURIComponent(address)}`);
      return [typed.status(), led.status()];
    }),
  connect: (browser, page, address) =>
    within(browser, page, async (page) => ({
      polling: await page.evaluate(connect, { address, transports: ["polling", "websocket"] }),
      websocket: await page.evaluate(connect, { address, transports: ["websocket"] }),
    })),
};

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Newer browsers keep pages from this machine by themselves. Older ones do not, so nothing may depend on it.
    args: ["--host-resolver-rules=MAP evil.test 127.0.0.1", "--disable-features=LocalNetworkAccessChecks"],
  });
  const gone = http.createServer();
  const closed = await listening(gone);
  gone.close();
  console.log(JSON.stringify({ pages: await listening(pages), naive: await listening(naive), closed }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...args] = line.split(" ");
    console.log(JSON.stringify(await commands[name](browser, ...args)));
  }
  await browser.close();
  pages.close();
  naive.close();
}

main();
