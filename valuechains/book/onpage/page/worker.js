// Python beside the page: a worker made from a Blob, in which this comes first, then the runtime's own scripts.
// It is given every file that it needs and asks nobody for anything: its fetch answers from what it was given.
(() => {
  "use strict";
  const NOWHERE = "http://python.invalid/";
  const MOST = 2 ** 30 / 2 ** 16; // pages of memory for Python: a cell that takes without end is told so, and no device stalls
  const files = new Map();

  self.fetch = async (address) => {
    const name = String(address.url ?? address).split("/").at(-1);
    if (!files.has(name)) throw new TypeError(`Nothing is fetched here: ${name}`);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(files.get(name), { headers: { "Content-Type": type } });
  };

  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(asked) { super({ ...asked, maximum: Math.min(asked.maximum, MOST) }); }
  };

  // A file as it was brought: gzip, or the base64 of it from a script.
  async function unpacked(bytes, type) {
    if (type === "text/base64") bytes = Uint8Array.from(atob(new TextDecoder().decode(bytes)), (letter) => letter.charCodeAt(0));
    const packed = new Response(bytes).body;
    return new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  }

  const say = (type, about = {}) => self.postMessage({ type, ...about });
  let python, bridge;

  async function start({ given, chapter, wheels, archives, tables, language }) {
    for (const [name, bytes, type] of given) files.set(name, await unpacked(bytes, type));
    const text = (name) => new TextDecoder().decode(files.get(name));
    say("step", { name: "python" });
    python = await self.loadPyodide({ indexURL: NOWHERE, stdout() {}, stderr() {} });
    for (const wheel of wheels) {
      say("step", { name: wheel.split("-")[0] });
      await python.loadPackage(NOWHERE + wheel, { checkIntegrity: false, messageCallback() {} });
      files.delete(wheel);
    }
    say("step", { name: "library" });
    for (const archive of archives) {
      python.unpackArchive(files.get(archive), "zip", { extractDir: "/lib/python3.12/site-packages" });
      files.delete(archive);
    }
    const { FS } = python;
    for (const name of tables) FS.writeFile(`/lib/python3.12/site-packages/data/${name}`, files.get(name));
    if (files.has(`${language}.mo`)) {
      const place = `/lib/python3.12/site-packages/locale/${language.replace("-", "_")}/LC_MESSAGES`;
      FS.mkdirTree(place);
      FS.writeFile(`${place}/ours.mo`, files.get(`${language}.mo`));
    }
    FS.mkdirTree(`/desk/${chapter}`);
    python.unpackArchive(files.get(`${chapter}.zip`), "zip", { extractDir: `/desk/${chapter}` });
    FS.writeFile("/lib/python3.12/site-packages/_bridge.py", text("bridge.py"));
    bridge = python.pyimport("_bridge");
    bridge.send = (line) => say("shown", { turn, ...JSON.parse(line) });
    bridge.begin(`/desk/${chapter}`, files.has(`${language}.mo`) ? language : "en");
    files.clear();
    withdraw();
    say("ready");
  }

  // What a cell might reach the network or the page's storage by is taken away; nothing of the book needs it.
  function withdraw() {
    const names = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "Worker", "BroadcastChannel", "indexedDB", "caches", "importScripts"];
    for (const name of names)
      for (let holder = self; holder; holder = Object.getPrototypeOf(holder)) delete holder[name];
  }

  let turn = 0;
  const orders = {
    start,
    save: ({ name, text }) => bridge.save(name, text),
    async run({ id, source, cell }) {
      turn = id;
      say("ran", { id, ok: bridge.run(source, cell) });
    },
    async check({ id, source, cell }) {
      turn = id;
      say("ran", { id, ok: bridge.run(source, cell), states: JSON.parse(bridge.stand()) });
    },
    // a cell of the chapter, after those above it that it stands on: apart from the exercises' names
    async chapter({ id, source, cell }) {
      turn = id;
      say("ran", { id, ok: bridge.run_chapter(JSON.stringify(source), cell) });
    },
  };
  self.addEventListener("message", async ({ data }) => {
    try {
      await orders[data.order](data);
    } catch (error) {
      say("broken", { words: String(error.message ?? error).slice(-600) });
    }
  });
})();
