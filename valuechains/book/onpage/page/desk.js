// The student's desk on the page: editors where the exercises stand, Python beside it, the work kept in the browser.
(() => {
  "use strict";
  const FROM_FOLDER = location.protocol === "file:"; // there scripts bring the files, for nothing may be fetched
  const LONG = 2_000; // ms after which a running cell is said to be running
  const SIGNS = { "✓": "right", "≈": "nearly", "✗": "wrong", "○": "to do", "✎": "to be read" };
  const STUB = "*Write your text here.*"; // checks.saved.TEXT_STUB
  const LEAVE = "Escape, then Tab, leaves the editor. Shift+Enter runs it.";

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
  const joined = (source) => (Array.isArray(source) ? source.join("") : source);

  // --- files --------------------------------------------------------------------------------------------------------

  const arrived = new Map(); // name -> Blob of gzip, or of its base64
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
      if (!arrived.has(name)) arrived.set(name, await (FROM_FOLDER ? scripted : fetched)(name, count));
      else count(size(name));
      return arrived.get(name);
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

  // --- Python -------------------------------------------------------------------------------------------------------

  // A worker with Python in it. `tell` hears what it is doing; a run gives its pieces to `shown`.
  class Python {
    constructor(files, chapter, tables, tell) {
      Object.assign(this, { files, chapter, tables, tell, starts: 0, turns: 0, running: null, worker: null, awake: null, ready: false });
    }

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
      const given = ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", ...wheels, ...archives, "bridge.py", `${chapter}.zip`, ...tables];
      const code = ["worker.js", "scrypt.js", "pyodide.asm.js", "pyodide.js"];
      const all = [...code, ...given].reduce((sum, name) => sum + files.size(name), 0);
      let so = 0;
      const count = (bytes) => {
        so += bytes;
        if (turn === this.starts) this.tell({ part: 0.6 * so / all, words: "Fetching Python …", count: `${(so / 1e6).toFixed(0)} of ${(all / 1e6).toFixed(0)} MB` });
      };
      const scripts = [];
      for (const name of code) scripts.push(await files.text(name, count), "\n;\n");
      const blobs = [];
      for (const name of given) blobs.push([name, await files.file(name, count)]);
      if (turn !== this.starts) throw new Error("cancelled");
      const url = URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));
      const worker = this.worker = new Worker(url);
      URL.revokeObjectURL(url);
      let step = 0;
      await new Promise((ready) => {
        worker.onerror = (event) => this.broken(event.message);
        worker.onmessage = ({ data }) => {
          if (data.type === "ready") ready();
          else if (data.type === "step") this.tell({ part: 0.6 + 0.08 * ++step, words: `${data.words} …` });
          else if (data.type === "broken") this.broken(data.words);
          else if (data.type === "shown") this.running?.shown(data);
          else if (data.type === "ran") this.over({ ok: data.ok });
        };
        worker.postMessage({ order: "start", given: blobs, chapter, wheels, archives, tables });
      });
    }

    save(name, text) { this.worker.postMessage({ order: "save", name, text }); }

    run(source, cell, shown) {
      return new Promise((done) => {
        this.running = { done, shown };
        this.worker.postMessage({ order: "run", id: ++this.turns, source, cell });
      });
    }

    over(how) {
      const { running } = this;
      this.running = null;
      running?.done(how);
    }

    broken(words) {
      console.error(words);
      this.end();
      this.failed?.(new Error(words));
      this.over({ ok: false, ended: "Python broke off: most likely its memory ran out. Your text is kept; the next Run starts it anew. What is too large for a page runs in JupyterLab." });
    }

    end() {
      this.worker?.terminate();
      this.worker = this.awake = null;
      this.ready = false;
      this.starts += 1;
    }

    stop() {
      this.end();
      this.failed?.(new Error("cancelled"));
      this.over({ ok: false, ended: "Stopped. Your text is kept, the values are not: the next Run starts Python anew and runs what stands above." });
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

  // A twin of the library: its figure, alive as those of the page are.
  async function twin(place, spec) {
    const { valuechains: about } = spec.usermeta;
    const id = `gvc-desk-${++figures}`;
    const stored = make("script", { type: "application/json", class: "gvc-spec" });
    stored.textContent = JSON.stringify({ ...spec, title: undefined, width: "container", usermeta: { valuechains: { ...about, tables: [] } } });
    const live = make("div", { class: "gvc-live", "aria-hidden": "true" });
    const figure = make("figure", { class: "gvc-figure", id, "aria-labelledby": `${id}-finding` },
      make("figcaption", {}, make("p", { class: "gvc-finding", id: `${id}-finding` }, about.finding), make("p", { class: "gvc-measure" }, `${about.measure}, ${about.unit}`)),
      make("div", { class: "gvc-controls" }), make("p", { class: "gvc-setting" }, about.twin.setting), make("p", { class: "gvc-says", role: "status" }, about.twin.says),
      make("div", { class: "gvc-view", role: "img", "aria-labelledby": `${id}-finding`, "aria-describedby": `${id}-words` }, live),
      make("p", { id: `${id}-words`, class: "gvc-hidden" }, about.alternative), stored);
    place.append(figure);
    figure.gvc = await window.gvc.embed(live, await window.gvc.spec(figure));
    window.gvc.twin(figure);
  }

  async function chart(place, spec) {
    if (!window.gvc.embed) return place.append("This page draws no charts: export your notebook and run it in JupyterLab.");
    if (spec.usermeta?.valuechains?.twin && window.gvc.twin) return twin(place, spec);
    const view = make("div", { class: "gvc-live", role: "img", "aria-label": joined(spec.description ?? spec.title?.text ?? spec.title ?? "A chart that your cell made") });
    place.append(view);
    const { width, ...rest } = spec;
    try { await window.gvc.embed(view, { ...rest, ...(rest.mark || rest.layer ? { width: "container" } : { width }) }); } catch (error) {
      view.replaceWith(make("p", {}, `The chart could not be drawn: ${error.message}`));
    }
  }

  function show(place, { kind, content }) {
    const last = place.lastElementChild;
    if (kind === "clear") place.replaceChildren();
    else if (kind === "text" && last?.matches("pre.gvc-printed")) last.append(content);
    else if (kind === "text") place.append(make("pre", { class: "gvc-printed" }, content));
    else if (kind === "html") place.append(make("div", { class: "gvc-shown", tabindex: 0, role: "group", "aria-label": "Result" }, ...harmless(content)));
    else if (kind === "chart") chart(place, content);
    else if (kind === "error") {
      place.append(make("p", { class: "gvc-error" }, content.says), make("details", { class: "gvc-fold" },
        make("summary", {}, "Python’s own words"), make("pre", { class: "gvc-printed" }, content.more)));
    }
  }

  // --- the work, kept -------------------------------------------------------------------------------------------------

  // What was typed, cell by cell with its time: two pages of the same chapter take what is newer from one another.
  class Work {
    constructor(chapter) {
      this.key = `gvc-work:${chapter}`;
      this.take(this.stored() ?? {});
      try { localStorage.setItem("gvc-work", ""); localStorage.removeItem("gvc-work"); this.lasting = true; } catch { this.lasting = false; }
    }
    take({ student = "", sheet = null, cells = {}, states = {}, tried = {} }) { Object.assign(this, { student, sheet, cells, states, tried }); }
    stored() {
      try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
    }
    put(id, source) {
      this.cells[id] = { source, at: Date.now() };
      this.keep();
    }
    keep() {
      const { student, sheet, states, tried } = this;
      for (const [id, cell] of Object.entries(this.stored()?.cells ?? {})) if (!(this.cells[id]?.at >= cell.at)) this.cells[id] = cell;
      try {
        localStorage.setItem(this.key, JSON.stringify({ student, sheet, cells: this.cells, states, tried }));
      } catch { this.lasting = false; }
    }
    // How far one is in the other chapters that this browser holds work on.
    elsewhere() {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith("gvc-work:") && key !== this.key).sort().map((key) => {
          const { states = {} } = JSON.parse(localStorage.getItem(key));
          return [key.slice("gvc-work:".length), Object.values(states).filter((state) => state === "right").length];
        });
      } catch { return []; }
    }
    clear() {
      this.take({});
      try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ }
    }
    get said() {
      return this.lasting ? "Kept in this browser as you type." : "This browser keeps nothing (a private window, perhaps): export your notebook before you leave.";
    }
  }

  // --- the desk -------------------------------------------------------------------------------------------------------

  function roles(notebook) {
    return notebook.cells.map((cell) => {
      const { solution, grade, grade_id: name = "" } = cell.metadata.nbgrader ?? {};
      const source = joined(cell.source);
      const code = cell.cell_type === "code";
      const role = /^twins\.\w+\(\)$/.test(source.trim()) ? "widget" : !code ? (solution ? "text" : "prose") : solution ? "answer" : grade ? "check" : /^sheet\.check\(\)/m.test(source) ? "all" : "given";
      return { id: cell.id, role, source, task: name.replace(/^check-/, "") };
    });
  }

  window.gvc.desk = async ({ chapter, line, python: folder, bring }) => {
    document.head.append(make("link", { rel: "stylesheet", href: new URL("desk.css", folder) }));
    const files = filesOf({ python: folder, bring });
    const [about] = await Promise.all([files.text(`${chapter}.json`).then(JSON.parse), window.gvcEditor ?? bring("editor.js")]);
    const work = new Work(chapter);
    const cells = roles(about.notebook);
    const desk = { ran: new Map(), line: Promise.resolve() };
    const setup = cells.find(({ source, role }) => role === "given" && source.includes("checks.sheet("));

    // The bar: what Python is doing, how far one is, and what can be done with the work as a whole.
    const status = make("span", { role: "status", class: "gvc-status" });
    const bar = make("progress", { max: 1, value: 0, "aria-label": "Python is being made ready" });
    const counted = make("span", { class: "gvc-count" }); // not read out: it moves all the time
    const stop = button("Cancel", () => python.stop(), { class: "gvc-stop", hidden: true });
    const far = make("span", { class: "gvc-far" });
    const next = make("a", { class: "gvc-next", href: "#" });
    const whose = make("div", { class: "gvc-sheet" });
    const sheet = make("div", { class: "gvc-sheet" });
    const others = make("p", { class: "gvc-kept" });
    const kept = make("span", { class: "gvc-kept" }, work.said);
    const student = make("input", { id: "gvc-student", autocomplete: "off", spellcheck: "false", size: 10, value: work.student });
    function another() {
      student.value = `practice-${Number(work.student.match(/^practice-(\d+)$/)?.[1] ?? 1) + 1}`;
      student.dispatchEvent(new Event("change"));
    }
    student.addEventListener("change", () => {
      work.student = student.value.trim().replace(/["\\]/g, "");
      work.states = {};
      work.keep();
      desk.ran.clear();
      queue(() => upTo(setup, true));
      tell();
    });
    const chosen = make("input", { type: "file", accept: ".ipynb,.json", hidden: true, onchange: () => chosen.files[0] && taken(chosen.files[0]) });
    const panel = make("section", { class: "gvc-desk", "aria-label": "Your work on this page" },
      make("div", { class: "gvc-waking" }, bar, status, counted, stop),
      make("div", { class: "gvc-row" }, make("label", { for: "gvc-student" }, "Id from your instructor, if you have one"), student,
        ...(about.variants > 1 ? [button("Another variant, to practise", another, { class: "gvc-quiet" })] : [])),
      whose,
      make("div", { class: "gvc-row" }, far,
        next, button("How far am I?", () => everything()), button("Export as a notebook", exported), button("Import a notebook", () => chosen.click()), button("Reset", reset), chosen),
      sheet,
      others,
      kept);
    line.replaceWith(panel);

    const python = new Python(files, chapter, about.tables, ({ part, words, count = "" }) => {
      bar.value = part;
      counted.textContent = count;
      if (status.textContent !== words) status.textContent = words;
    });

    async function awake() {
      if (python.ready) return;
      desk.ran.clear();
      bar.hidden = false;
      stop.hidden = false;
      stop.textContent = "Cancel";
      await python.wake();
      if (work.sheet) python.save("sheet.json", work.sheet);
      status.textContent = "Opening the exercises …";
      await runOne(setup);
      bar.hidden = true;
      stop.hidden = true;
      python.ready = true;
      status.textContent = "Python is ready.";
    }

    // One thing after the other; what stops one does not stop the next.
    function queue(act) {
      desk.line = desk.line.then(async () => {
        try {
          await awake();
          await act();
        } catch (error) {
          bar.hidden = stop.hidden = true;
          const cancelled = error.message === "cancelled";
          if (!error.ended) status.textContent = cancelled ? "Cancelled. Run or Check starts Python again." : `Python did not start here (${error.message.slice(0, 120)}). Your text is kept: export it and go on in JupyterLab.`;
        }
      });
      return desk.line;
    }

    // --- running

    const now = (cell) => {
      if (cell === setup && work.student) return cell.source.replace(/= *checks\.sheet\([^)]*\)/, `= checks.sheet(${JSON.stringify(work.student)})`);
      return work.cells[cell.id]?.source ?? cell.source;
    };

    async function runOne(cell) {
      const place = cell.out ?? (cell === setup ? whose : make("div"));
      const source = now(cell);
      place.replaceChildren();
      const waited = setTimeout(() => { status.textContent = "Still running. Stop ends it."; stop.hidden = false; stop.textContent = "Stop"; }, LONG);
      const { ok, ended } = await python.run(source, cell.id, (piece) => show(place, piece));
      clearTimeout(waited);
      stop.hidden = true;
      if (ended) {
        desk.ran.clear();
        show(place, { kind: "text", content: `${ended}\n` });
        status.textContent = ended;
        throw Object.assign(new Error("ended"), { ended });
      }
      if (ok) desk.ran.set(cell.id, source);
      else desk.ran.delete(cell.id);
      return ok;
    }

    // Runs what stands above and has not been run as it is, as if from the top; then the cell itself, if need be.
    async function upTo(cell, itself = false) {
      python.save(`${chapter}.ipynb`, JSON.stringify(notebook()));
      if (setup && desk.ran.has(setup.id) && desk.ran.get(setup.id) !== now(setup)) desk.ran.clear();
      for (const one of cells.slice(0, cells.indexOf(cell)))
        if (["given", "answer"].includes(one.role) && desk.ran.get(one.id) !== now(one)) await runOne(one);
      return itself ? runOne(cell) : true;
    }

    const running = (cell) => queue(async () => {
      cell.run.setAttribute("aria-busy", "true");
      try {
        const ok = await upTo(cell, true);
        status.textContent = ok ? `The cell for ${cell.whose} has run.` : cell.out.querySelector(".gvc-error")?.textContent ?? "";
      } catch (error) { if (!error.ended) throw error; } finally { cell.run.removeAttribute("aria-busy"); }
    });

    const checking = (cell) => queue(async () => {
      let said = "";
      cell.reply.textContent = "Checking …";
      try {
        await upTo(cell);
        await python.run(cell.source, cell.id, ({ kind, content }) => { said += kind === "error" ? content.says : content; });
      } catch (error) {
        if (!error.ended) throw error;
        said = error.ended;
      }
      work.states[cell.task] = SIGNS[said[0]] ?? "";
      if (SIGNS[said[0]] !== "to do") work.tried[cell.task] = (work.tried[cell.task] ?? 0) + 1;
      work.keep();
      cell.reply.dataset.state = SIGNS[said[0]] ?? "";
      cell.reply.textContent = said.trim();
      status.textContent = "Python is ready.";
      tell();
    });

    const hinting = (cell) => {
      if (!work.tried[cell.task]) {
        cell.hints.replaceChildren(make("p", {}, "A hint opens once you have tried: check an answer of your own first."));
        return;
      }
      queue(async () => {
        await upTo(cell);
        cell.hints.replaceChildren();
        await python.run(`sheet.hint(${JSON.stringify(cell.task)})`, "hint", (piece) => show(cell.hints, piece));
      });
    };

    const everything = () => queue(async () => {
      const last = cells.find(({ role }) => role === "all") ?? cells.at(-1);
      await upTo(last);
      sheet.replaceChildren();
      await python.run("sheet.check()", "all", (piece) => show(sheet, piece));
    });

    // --- the cells on the page

    function tell() {
      const tasks = Object.entries(about.tasks);
      const checked = tasks.filter(([, { kind }]) => kind !== "text");
      const right = checked.filter(([name]) => work.states[name] === "right");
      const texts = tasks.filter(([, { kind }]) => kind === "text");
      const written = texts.filter(([name]) => ![undefined, "", STUB].includes(work.cells[cells.find(({ task, role }) => task === name && role === "text")?.id]?.source.trim()));
      far.textContent = `${right.length} of ${checked.length} right` + (texts.length ? `, ${written.length} of ${texts.length} texts written` : "");
      const open = tasks.find(([name, { kind }]) => (kind === "text" ? !written.some(([one]) => one === name) : work.states[name] !== "right"));
      const place = open && document.querySelector(`.gvc-work[data-cell="${CSS.escape(cells.find(({ task, role }) => task === open[0] && ["check", "text"].includes(role))?.id ?? "")}"]`);
      next.hidden = !place;
      if (place) {
        place.id = `work-${open[0]}`;
        next.href = `#${place.id}`;
        next.textContent = `Go on with ${open[0]}`;
      }
      kept.textContent = work.said;
      const elsewhere = work.elsewhere();
      others.hidden = !elsewhere.length;
      others.replaceChildren("Elsewhere: ", ...elsewhere.flatMap(([name, count], at) =>
        [at ? "; " : "", make("a", { href: `${name}.html#exercises` }, `chapter ${Number(name.slice(0, 2))}`), `, ${count} right`]), ".");
    }

    function placed(cell, ...parts) {
      const place = document.querySelector(`.gvc-work[data-cell="${CSS.escape(cell.id)}"]`);
      place?.replaceChildren(...parts);
      place?.removeAttribute("hidden");
    }

    function number(cell) {
      for (let at = cells.indexOf(cell); at >= 0; at--) {
        const found = cells[at].source.match(/^## (\d+)\. /);
        if (found) return found[1];
      }
      return "";
    }

    // The tasks whose checks follow a cell before another answer does.
    function tasks(cell) {
      const rest = cells.slice(cells.indexOf(cell) + 1);
      const end = rest.findIndex(({ role }) => role === "answer");
      const asked = rest.slice(0, end < 0 ? undefined : end).filter(({ role }) => role === "check").map(({ task }) => task);
      return asked.length ? asked.join(", ") : `exercise ${number(cell)}`;
    }

    function answer(cell) {
      cell.whose = tasks(cell);
      cell.out = make("div", { class: "gvc-out", role: "region", "aria-label": `What the cell for ${cell.whose} shows` });
      cell.run = button("Run", () => running(cell), { "aria-label": `Run the cell for ${cell.whose}` });
      const help = make("p", { class: "gvc-leave", id: `leave-${cell.id}` }, LEAVE);
      const anew = button("Start this cell anew", () => { if (confirm("Put back what stood in this cell at first?")) write(cell, cell.source); }, { class: "gvc-quiet" });
      const box = make("div", { class: "gvc-editor" });
      placed(cell, box, help, make("div", { class: "gvc-row" }, cell.run, anew), cell.out);
      cell.view = window.gvcEditor({
        parent: box, text: now(cell), label: `Code for ${cell.whose}`, described: help.id,
        changed: (text) => { if (!desk.quiet) work.put(cell.id, text); kept.textContent = work.said; }, run: () => running(cell),
      });
    }

    function text(cell) {
      cell.whose = `Your text for ${cell.task}`;
      cell.area = make("textarea", { id: `text-${cell.id}`, rows: 5, oninput: () => { work.put(cell.id, cell.area.value); count(); } });
      const words = make("span", { class: "gvc-count" });
      const count = () => { words.textContent = `${cell.area.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length} words`; tell(); };
      cell.count = count;
      cell.area.value = shownText(now(cell));
      placed(cell, make("label", { for: cell.area.id }, `${cell.whose} (read by people)`), cell.area, words);
      count();
    }
    const shownText = (source) => (source.trim() === STUB ? "" : source);

    function check(cell) {
      cell.reply = make("output", { class: "gvc-reply" });
      cell.hints = make("div", { class: "gvc-out" });
      const hint = about.tasks[cell.task]?.hints || Object.entries(about.tasks).some(([name, { hints }]) => hints && name.replace(/[a-z]+$/, "") === cell.task.replace(/[a-z]+$/, ""));
      placed(cell, make("div", { class: "gvc-row" }, button(`Check ${cell.task}`, () => checking(cell), { class: "gvc-check" }),
        ...(hint ? [button("Hint", () => hinting(cell), { "aria-label": `Hint for ${cell.task}`, class: "gvc-quiet" })] : [])), cell.reply, cell.hints);
    }

    function widget(cell) {
      cell.whose = `exercise ${number(cell)}`;
      cell.out = make("div", { class: "gvc-out", role: "region", "aria-label": `The widget of ${cell.whose}` });
      cell.run = button("Open the widget here", () => running(cell));
      placed(cell, make("div", { class: "gvc-row" }, cell.run), cell.out);
    }

    // Puts a text into a cell, from wherever it comes; `at` keeps the time of another page.
    function write(cell, source, { stored = true } = {}) {
      desk.quiet = true;
      if (cell.view) cell.view.dispatch({ changes: { from: 0, to: cell.view.state.doc.length, insert: source } });
      if (cell.area) { cell.area.value = shownText(source); cell.count(); }
      desk.quiet = false;
      if (stored) work.put(cell.id, source);
    }

    addEventListener("storage", ({ key, newValue }) => {
      if (key !== work.key || !newValue) return;
      const other = JSON.parse(newValue);
      for (const cell of cells) {
        const theirs = other.cells[cell.id];
        if (!theirs || work.cells[cell.id]?.at >= theirs.at) continue;
        work.cells[cell.id] = theirs;
        write(cell, theirs.source, { stored: false });
      }
      Object.assign(work.states, other.states);
      tell();
    });

    // --- the notebook: out, in, and anew

    function notebook() {
      const of = new Map(cells.map((cell) => [cell.id, cell]));
      const written = about.notebook.cells.map((cell) => {
        const text = now(of.get(cell.id));
        const source = of.get(cell.id).role === "text" && !text.trim() ? STUB : text;
        return { ...cell, source };
      });
      const known = new Set(cells.map(({ id }) => id));
      const others = Object.entries(work.cells).filter(([id]) => !known.has(id)); // of another edition of the chapter
      return { ...about.notebook, cells: [...written, ...others.map(([id, { source }]) => ({ cell_type: "markdown", id, metadata: {}, source }))] };
    }

    function exported() {
      const file = new Blob([`${JSON.stringify(notebook(), null, 1)}\n`], { type: "application/x-ipynb+json" });
      const link = make("a", { href: URL.createObjectURL(file), download: `${chapter}.ipynb` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      status.textContent = `Saved as ${chapter}.ipynb: hand this file in, or open it in JupyterLab.`;
    }

    async function taken(file) {
      chosen.value = "";
      let read;
      try { read = JSON.parse(await file.text()); } catch { status.textContent = `${file.name} cannot be read as a notebook.`; return; }
      if (read.tasks && read.assignment) {
        if (read.assignment !== chapter) { status.textContent = `${file.name} is the sheet of ${read.assignment}, and this is ${chapter}.`; return; }
        work.sheet = JSON.stringify(read);
        work.states = {};
        work.keep();
        desk.ran.clear();
        queue(async () => { python.save("sheet.json", work.sheet); await upTo(setup, true); });
        status.textContent = `${file.name} is your sheet from now on.`;
        return;
      }
      const theirs = new Map((read.cells ?? []).flatMap((cell) => [[cell.id, cell], [cell.metadata?.nbgrader?.grade_id, cell]]).filter(([id]) => id));
      const mine = cells.filter(({ id, role }) => ["answer", "text"].includes(role) && theirs.has(id));
      if (!mine.length) { status.textContent = `${file.name} has no cell of ${chapter}: choose that chapter’s notebook.`; return; }
      if (Object.keys(work.cells).length && !confirm(`Put the answers of ${file.name} in place of those on this page?`)) return;
      for (const cell of mine) write(cell, joined(theirs.get(cell.id).source));
      const whose = joined(theirs.get(setup?.id)?.source ?? "").match(/= *checks\.sheet\(\s*["']([^"']*)["']/);
      if (whose) { work.student = student.value = whose[1]; desk.ran.clear(); }
      work.states = {};
      work.keep();
      status.textContent = `${mine.length} cells of ${file.name} are on this page now. Nothing was run.`;
      tell();
    }

    function reset() {
      if (!confirm("Delete your work on this chapter from this browser? Export it first if you want to keep it.")) return;
      work.clear();
      student.value = "";
      for (const cell of cells) {
        write(cell, cell.source, { stored: false });
        cell.out?.replaceChildren();
        cell.hints?.replaceChildren();
        if (cell.reply) { cell.reply.textContent = ""; delete cell.reply.dataset.state; }
      }
      desk.ran.clear();
      tell();
    }

    for (const cell of cells) ({ answer, text, check, widget })[cell.role]?.(cell);
    tell();
    panel.querySelector("input").focus({ preventScroll: true });
    await queue(() => {});
  };
})();
