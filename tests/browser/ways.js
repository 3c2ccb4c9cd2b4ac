// The ways in which a page can ask for an address, and all that it can see of what comes back. This runs in the page.

/** The first of these events, or that none came. */
function first(target, types, start) {
  return new Promise((resolve) => {
    for (const type of types) target.addEventListener(type, () => resolve(type), { once: true });
    setTimeout(() => resolve("nothing"), 5000);
    start();
  });
}

function element(name, attributes) {
  return Object.assign(document.createElement(name), attributes);
}

function show(node) {
  document.body.append(node);
  return node;
}

async function loaded(node) {
  return first(node, ["load", "error"], () => show(node));
}

/** A frame that came to an error page loads again where only the fragment changes; a page does not. */
async function framed(frame, start, url) {
  const seen = [await first(frame, ["load", "error"], start)];
  seen.push(`${frame.contentWindow.length} frames, ${frame.contentDocument === null ? "foreign" : "own"}`);
  const again = first(frame, ["load"], () => (frame.src = `${url}#again`));
  seen.push(await Promise.race([again, new Promise((resolve) => setTimeout(resolve, 2000, "stays"))]));
  return seen.join(", ");
}

function form(method, url) {
  const frame = show(element("iframe", { name: `${method}-${Math.random()}` }));
  const asking = show(element("form", { method, action: url, target: frame.name }));
  asking.append(element("input", { name: "40", value: "x" }));
  return framed(frame, () => asking.submit(), url);
}

async function media(name, url) {
  const node = element(name, { src: url, preload: "auto" });
  const event = await first(node, ["error", "loadeddata"], () => show(node));
  return `${event}, ${node.error?.code} ${node.error?.message}, ${node.networkState}`;
}

async function fetched(url, options) {
  try {
    const response = await fetch(url, options);
    return `${response.type} ${response.status}`;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

function xhr(method, url, prepare = () => {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const seen = [];
    for (const type of ["loadstart", "progress", "error", "load", "timeout", "abort"]) {
      request.addEventListener(type, () => seen.push(type));
    }
    request.addEventListener("loadend", () => resolve(`${seen}, ${request.status} ${request.readyState}`));
    request.open(method, url);
    prepare(request);
    request.send(method === "POST" ? "40" : null);
  });
}

/** Where a window has come to, as far as its opener can see. */
function place(opened) {
  try {
    return opened.location.href;
  } catch (error) {
    return error.name;
  }
}

async function until(condition) {
  for (let turn = 0; turn < 250 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

async function popup(url) {
  const opened = window.open(url);
  const left = await until(() => place(opened) === "SecurityError");
  const seen = `${left ? "foreign" : place(opened)}, ${opened.length} frames, ${opened.closed ? "closed" : "open"}`;
  // While a page loads, the next one takes its place in the history, and nobody outside sees the end of that.
  await new Promise((resolve) => setTimeout(resolve, 500));
  opened.location = `${location.origin}/blank`;
  await until(() => place(opened) === `${location.origin}/blank`);
  const steps = opened.history.length;
  opened.close();
  return `${seen}, ${steps} steps of history`;
}

async function eventSource(url, options) {
  const source = new EventSource(url, options);
  const event = await first(source, ["open", "error"], () => {});
  const state = source.readyState;
  source.close();
  return `${event} ${state}`;
}

async function webSocket(url) {
  const socket = new WebSocket(url.replace("http", "ws"));
  const seen = [];
  socket.addEventListener("open", () => seen.push("open"));
  socket.addEventListener("error", () => seen.push("error"));
  return new Promise((resolve) => {
    socket.addEventListener("close", ({ code, reason, wasClean }) => resolve(`${seen} ${code} ${reason} ${wasClean}`));
  });
}

async function worker(code, options) {
  const made = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), options);
  const said = await new Promise((resolve) => {
    made.addEventListener("message", ({ data }) => resolve(data));
    made.addEventListener("error", ({ type, message }) => resolve(`${type} ${message}`));
  });
  made.terminate();
  return said;
}

async function thrown(action) {
  try {
    return `${await action()}`;
  } catch (error) {
    return error.name;
  }
}

const ways = {
  image: async (url) => loaded(element("img", { src: url })),
  "image with CORS": async (url) => loaded(element("img", { crossOrigin: "anonymous", src: url })),
  script: async (url) => loaded(element("script", { src: url })),
  module: async (url) => loaded(element("script", { type: "module", src: url })),
  "dynamic import": async (url) => thrown(() => import(url)),
  stylesheet: async (url) => loaded(element("link", { rel: "stylesheet", href: url })),
  "imported style": async (url) => loaded(element("style", { textContent: `@import url("${url}");` })),
  preload: async (url) => loaded(element("link", { rel: "preload", as: "image", href: url })),
  prefetch: async (url) => loaded(element("link", { rel: "prefetch", href: url })),
  font: async (url) => thrown(() => new FontFace("x", `url("${url}")`).load()),
  video: async (url) => media("video", url),
  audio: async (url) => media("audio", url),
  frame: async (url) => {
    const frame = element("iframe", { src: url });
    return framed(frame, () => show(frame), url);
  },
  "sandboxed frame": async (url) => {
    const frame = element("iframe", { sandbox: "allow-scripts", src: url });
    return framed(frame, () => show(frame), url);
  },
  object: async (url) => loaded(element("object", { data: url })),
  embed: async (url) => loaded(element("embed", { src: url })),
  "form that gets": async (url) => form("get", url),
  "form that posts": async (url) => form("post", url),
  window: popup,
  fetch: async (url) => fetched(url),
  "fetch with cookies": async (url) => fetched(url, { credentials: "include" }),
  "fetch without CORS": async (url) => fetched(url, { mode: "no-cors" }),
  "fetch without CORS, with cookies": async (url) => fetched(url, { mode: "no-cors", credentials: "include" }),
  "post without CORS": async (url) => fetched(url, { mode: "no-cors", method: "POST", body: "40" }),
  "fetch that outlives its page": async (url) => fetched(url, { mode: "no-cors", keepalive: true }),
  "fetch that needs a preflight": async (url) => fetched(url, { method: "PUT", headers: { "X-Any": "thing" } }),
  "fetch with a long address": async (url) => fetched(url + "x".repeat(20_000), { mode: "no-cors" }),
  "fetch with a long header": async (url) => fetched(url, { headers: { "X-Long": "x".repeat(20_000) } }),
  XMLHttpRequest: async (url) => xhr("GET", url),
  "XMLHttpRequest that posts": async (url) => xhr("POST", url),
  "XMLHttpRequest that watches": async (url) => xhr("POST", url, (request) => (request.upload.onprogress = () => {})),
  beacon: async (url) => `${navigator.sendBeacon(url, "40")}`,
  EventSource: async (url) => eventSource(url),
  "EventSource with a long address": async (url) => eventSource(url + "x".repeat(20_000)),
  "EventSource with cookies": async (url) => eventSource(url, { withCredentials: true }),
  WebSocket: webSocket,
  worker: async (url) => thrown(() => new Worker(url)),
  "worker that imports": async (url) =>
    worker(`try { importScripts("${url}"); postMessage("imported") } catch (error) { postMessage(error.name) }`),
  "worker of modules": async (url) => worker(`import "${url}"; postMessage("imported");`, { type: "module" }),
};

/** Ways that may be led elsewhere on the way. */
for (const name of ["image", "script", "frame", "window", "video", "fetch", "fetch without CORS", "form that posts"]) {
  ways[`${name}, redirected`] = (url) => ways[name](`${location.origin}/to?${encodeURIComponent(url)}`);
}

/** All that is told of the time that a request took, but for the time. */
function timings(url) {
  return performance.getEntriesByName(url).map((entry) => {
    const { initiatorType, responseStatus, transferSize, encodedBodySize, decodedBodySize } = entry;
    const { nextHopProtocol, contentType, deliveryType } = entry;
    const known = [entry.requestStart, entry.responseStart, entry.connectStart].map((time) => time > 0);
    const sizes = [transferSize, encodedBodySize, decodedBodySize];
    return [initiatorType, responseStatus, sizes, nextHopProtocol, contentType, deliveryType, known].join(" ");
  });
}

/** All that the page sees of an address, by the way in which it asks. */
async function look(address) {
  const see = async (name, way) => {
    // Each has its own address, so that nothing is known from before.
    const url = `${address}${address.includes("?") ? "&" : "?"}t=${encodeURIComponent(name)}`;
    const seen = await thrown(() => way(url));
    return [seen, ...timings(url)].join(" | ");
  };
  // One after the other: many at once would be a race.
  const seen = {};
  for (const [name, way] of Object.entries(ways)) {
    seen[name] = await see(name, way);
  }
  return seen;
}
