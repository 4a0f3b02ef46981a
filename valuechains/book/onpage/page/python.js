// Python beside the page, for exercises and for the chapter's own code: its files, the worker, and what a cell shows.
(() => {
  "use strict";
  const FROM_FOLDER = location.protocol === "file:"; // there scripts bring the files, for nothing may be fetched
  const LONG = 2_000; // ms after which a running cell is said to be running

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }
  const button = (text, act, attributes = {}) => make("button", { type: "button", onclick: act, ...attributes }, text);
  const LANGUAGE = document.documentElement.lang; // an edition's, whose words Python is given too
  const joined = (source) => (Array.isArray(source) ? source.join("") : source);

  // --- files --------------------------------------------------------------------------------------------------------

  const coming = new Map(); // name -> promise of its Blob, of gzip or of its base64: whoever asks again waits for the same
  const waiting = new Map();
  window.gvcBrought = (name, text) => waiting.get(name)?.(new Blob([text], { type: "text/base64" }));

  function filesOf({ python, bring }) {
    const sizes = window.gvc.python; // name -> [bytes by http, bytes as a script, digest]
    const size = (name) => sizes[name][FROM_FOLDER ? 1 : 0];

    async function fetched(name, count) {
      const answer = await fetch(new URL(`${name}.bin?${sizes[name][2]}`, python));
      if (!answer.ok) throw new Error(name);
      const parts = [];
      for (const reader = answer.body.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return new Blob(parts);
        parts.push(value);
        count(value.length);
      }
    }
    async function scripted(name, count) {
      const brought = new Promise((done) => waiting.set(name, done));
      await bring(`${name}.js?${sizes[name][2]}`);
      count(size(name));
      return brought;
    }
    async function file(name, count = () => {}) {
      if (coming.has(name)) {
        const blob = await coming.get(name);
        count(size(name));
        return blob;
      }
      const bringing = (FROM_FOLDER ? scripted : fetched)(name, count);
      coming.set(name, bringing);
      bringing.catch(() => coming.delete(name));
      return bringing;
    }
    async function text(name, count) {
      let blob = await file(name, count);
      if (blob.type === "text/base64") {
        const letters = atob(await blob.text());
        blob = new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))]);
      }
      return new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).text();
    }
    return { file, text, size, names: Object.keys(sizes) };
  }

  // What the worker says of its start, by name; a package has its own.
  const STEPS = { python: gvcSay("Starting Python …"), library: gvcSay("Loading the book's library …") };

  // --- Python -------------------------------------------------------------------------------------------------------

  const cancelled = () => Object.assign(new Error("cancelled"), { cancelled: true });

  // A worker with Python in it. Who is in `heard` is told how its start goes; a run gives its pieces to `shown`.
  class Python {
    constructor(files, chapter, tables) {
      Object.assign(this, { files, chapter, tables, starts: 0, turns: 0, running: null, worker: null, awake: null, line: Promise.resolve(), heard: new Set() });
    }

    tell(step) { for (const hears of this.heard) hears(step); }

    // One thing after the other, whoever asks for it.
    queue(act) { return (this.line = this.line.then(act, act)); }

    wake() {
      this.awake ??= this.started();
      return this.awake;
    }

    // A start that is cancelled ends at once; what it was waiting for may still arrive, and is kept for the next.
    async started() {
      const start = this.start(++this.starts);
      start.catch(() => {});
      try {
        await Promise.race([start, new Promise((_, failed) => { this.failed = failed; })]);
      } catch (error) {
        this.end();
        throw error;
      }
    }

    async start(turn) {
      const { files, chapter, tables } = this;
      const wheels = files.names.filter((name) => name.endsWith(".whl"));
      const archives = ["packages.zip", "compiled.zip", "library.zip"].filter((name) => files.names.includes(name));
      const given = ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", ...wheels, ...archives, "bridge.py", `${chapter}.zip`, ...tables, ...[`${LANGUAGE}.mo`].filter((name) => files.names.includes(name))];
      const code = ["worker.js", "scrypt.js", "pyodide.asm.js", "pyodide.js"];
      const all = [...code, ...given].reduce((sum, name) => sum + files.size(name), 0);
      let so = 0;
      const count = (bytes) => {
        so += bytes;
        if (turn === this.starts) this.tell({ part: 0.6 * so / all, words: gvcSay("Fetching Python …"), count: gvcSay("{so} of {all} MB", { so: (so / 1e6).toFixed(0), all: (all / 1e6).toFixed(0) }) });
      };
      const scripts = [];
      for (const name of code) scripts.push(await files.text(name, count), "\n;\n");
      const brought = []; // handed over as bytes: from a folder, WebKit's worker may not read a page's blobs
      for (const name of given) {
        const blob = await files.file(name, count);
        brought.push([name, await blob.arrayBuffer(), blob.type]);
      }
      if (turn !== this.starts) throw cancelled();
      const url = URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));
      const worker = this.worker = new Worker(url);
      URL.revokeObjectURL(url);
      let step = 0;
      await new Promise((ready) => {
        worker.onerror = (event) => this.broken(event.message || gvcSay("the browser let no worker start"));
        worker.onmessage = ({ data }) => {
          if (data.type === "ready") ready();
          else if (data.type === "step") this.tell({ part: 0.6 + 0.08 * ++step, words: STEPS[data.name] ?? gvcSay("Loading {name} …", data) });
          else if (data.type === "broken") this.broken(data.words);
          else if (data.type === "shown") this.running?.shown(data);
          else if (data.type === "ran") this.over(data);
        };
        worker.postMessage({ order: "start", given: brought, chapter, wheels, archives, tables, language: LANGUAGE }, brought.map(([, bytes]) => bytes));
      });
    }

    save(name, text) { this.worker.postMessage({ order: "save", name, text }); }

    // Resolves to {ok}, after a check with the states of its tasks, or to {ended} with words if Python ended in between; `waited` is called if it takes long.
    async run(source, cell, shown, { order = "run", waited = () => {} } = {}) {
      const late = setTimeout(waited, LONG);
      const ran = await new Promise((done) => {
        this.running = { done, shown };
        this.worker.postMessage({ order, id: ++this.turns, source, cell });
      });
      clearTimeout(late);
      return ran;
    }

    over(how) {
      const { running } = this;
      this.running = null;
      running?.done(how);
    }

    broken(words) {
      console.error(words);
      this.end();
      const full = /memory/i.test(words);
      this.failed?.(new Error(full ? gvcSay("this device has too little memory for it, and a computer has enough") : words));
      this.over({ ok: false, ended: full
        ? gvcSay("Python’s memory is full, and Python was ended. Your text is kept, the values are not. Change the cell first: the next Run starts Python anew and runs what stands above. What is too large for a page runs in JupyterLab.")
        : gvcSay("Python broke off. Your text is kept, the values are not. Change the cell first: the next Run starts Python anew and runs what stands above. If it happens again, run the cell in JupyterLab.") });
    }

    end() {
      this.worker?.terminate();
      this.worker = this.awake = null;
      this.starts += 1;
    }

    stop() {
      this.end();
      this.failed?.(cancelled());
      this.over({ ok: false, ended: gvcSay("Stopped. Your text is kept, the values are not: the next Run starts Python anew and runs what stands above.") });
    }
  }

  // --- what a cell shows ----------------------------------------------------------------------------------------------

  const ALLOWED = new Set("A B BLOCKQUOTE BR CAPTION CODE COL COLGROUP DD DETAILS DIV DL DT EM H1 H2 H3 H4 HR I LI OL P PRE S SMALL SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TFOOT TH THEAD TR U UL".split(" "));
  const KEPT = new Set(["class", "colspan", "rowspan", "scope", "open"]);

  // HTML that a cell made, without anything a browser would run, load or follow.
  function harmless(html) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    for (const element of [...body.querySelectorAll("*")]) {
      if (!ALLOWED.has(element.tagName)) element.remove();
      else for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
    }
    for (const corner of body.querySelectorAll("th:empty")) corner.replaceWith(make("td")); // it heads nothing
    return [...body.childNodes];
  }

  let figures = 0;

  // A published chart or a twin of the library: a figure as those of the page are, a twin's alive.
  async function published(place, spec) {
    const { valuechains: about } = spec.usermeta;
    const id = `gvc-desk-${++figures}`;
    const stored = make("script", { type: "application/json", class: "gvc-spec" });
    stored.textContent = JSON.stringify({ ...spec, title: undefined, width: "container", usermeta: { valuechains: { ...about, tables: [] } } });
    const live = make("div", { class: "gvc-live", "aria-hidden": "true" });
    const controls = about.twin ? [make("div", { class: "gvc-controls" }), make("p", { class: "gvc-setting" }, about.twin.setting), make("p", { class: "gvc-says", role: "status" }, about.twin.says)] : [];
    const figure = make("figure", { class: "gvc-figure", id, "aria-labelledby": `${id}-finding` },
      make("figcaption", {}, make("p", { class: "gvc-finding", id: `${id}-finding` }, about.finding), make("p", { class: "gvc-measure" }, gvcSay("{measure}, {unit}", about))),
      ...controls,
      make("div", { class: "gvc-view", role: "img", "aria-labelledby": `${id}-finding`, "aria-describedby": `${id}-words` }, live),
      make("p", { id: `${id}-words`, class: "gvc-hidden" }, about.alternative), stored);
    place.append(figure);
    figure.gvc = await window.gvc.embed(live, await window.gvc.spec(figure));
    if (about.twin) window.gvc.twin(figure);
  }

  async function chart(place, spec) {
    if (!window.gvc.embed) return place.append(gvcSay("This page draws no charts: export your notebook and run it in JupyterLab."));
    const about = spec.usermeta?.valuechains;
    if (about && (window.gvc.twin || !about.twin)) return published(place, spec);
    const live = make("div", { class: "gvc-live", "aria-hidden": "true" });
    const view = make("div", { role: "img", "aria-label": joined(spec.description ?? spec.title?.text ?? spec.title ?? gvcSay("A chart that your cell made")) }, live);
    place.append(view);
    const [, elsewhere] = JSON.stringify(spec).match(/"url":"(https?:[^"]*)"/) ?? [];
    if (elsewhere) place.append(make("p", { class: "gvc-error" }, gvcSay("This chart asks for {address}, and a page asks nobody: its data are left out. The book’s tables are read with datasets.read.", { address: elsewhere })));
    const { width, ...rest } = spec;
    try { await window.gvc.embed(live, { ...rest, ...(rest.mark || rest.layer ? { width: "container" } : { width }) }); } catch (error) {
      view.replaceWith(make("p", {}, gvcSay("The chart could not be drawn: {error}", { error: error.message })));
    }
  }

  function show(place, { kind, content }) {
    const last = place.lastElementChild;
    if (kind === "clear") place.replaceChildren();
    else if (kind === "text" && last?.matches("pre.gvc-printed")) last.append(content);
    else if (kind === "text") place.append(make("pre", { class: "gvc-printed" }, content));
    else if (kind === "html") place.append(make("div", { class: "gvc-shown", tabindex: 0, role: "group", "aria-label": gvcSay("Result") }, ...harmless(content)));
    else if (kind === "chart") chart(place, content);
    else if (kind === "error") {
      place.append(make("p", { class: "gvc-error" }, content.says), make("details", { class: "gvc-fold" },
        make("summary", {}, gvcSay("Python’s own words")), make("pre", { class: "gvc-printed", lang: "en" }, content.more)));
    }
  }

  // --- one Python a page ----------------------------------------------------------------------------------------------

  let engine;

  // From here on the browser itself refuses every other host, to the page and to the worker that it starts: code that
  // somebody else wrote may be run in it.
  function alone() {
    const own = FROM_FOLDER ? "file:" : location.origin;
    const content = `default-src ${own} data: blob:; script-src ${own} blob: 'unsafe-eval'; style-src ${own} 'unsafe-inline'; object-src 'none'`;
    document.head.append(make("meta", { "http-equiv": "Content-Security-Policy", content }));
  }

  async function begin({ chapter, python: folder, bring }) {
    alone();
    document.head.append(make("link", { rel: "stylesheet", href: new URL("desk.css", folder) }));
    const files = filesOf({ python: folder, bring });
    const [about] = await Promise.all([files.text(`${chapter}.json`).then(JSON.parse), window.gvcEditor ?? bring("editor.js")]);
    return { about, python: new Python(files, chapter, about.tables) };
  }

  window.gvc.engine = (given) => {
    engine ??= begin(given);
    engine.catch(() => { engine = undefined; }); // what did not arrive is asked for again
    return engine;
  };
  window.gvc.parts = { make, button, joined, show };
})();
