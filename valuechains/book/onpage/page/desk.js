// The student's desk on the page: editors where the exercises stand, and the work kept in the browser. After python.js.
(() => {
  "use strict";
  const { make, button, joined, show } = window.gvc.parts;
  const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
  const STUB = "*Write your text here.*"; // checks.saved.TEXT_STUB
  const LEAVE = gvcSay("Escape, then Tab, leaves the editor. Shift+Enter runs it.");

  // --- the work, kept -------------------------------------------------------------------------------------------------

  // What was typed, cell by cell with its time: two pages of the same chapter take what is newer from one another. `own`
  // holds cells that the student added; `done` when a task was first right, which practice with a variant does not undo.
  class Work {
    constructor(chapter) {
      this.key = `gvc-work:${chapter}`;
      this.take(this.stored() ?? {});
      try { localStorage.setItem("gvc-work", ""); localStorage.removeItem("gvc-work"); this.lasting = true; } catch { this.lasting = false; }
    }
    take({ student = "", sheet = null, cells = {}, own = {}, states = {}, tried = {}, replies = {}, done = {} }) {
      Object.assign(this, { student, sheet, cells, own, states, tried, replies, done });
    }
    stored() {
      try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
    }
    // What another page of this chapter wrote since this page last looked, cell by cell.
    newer() {
      const theirs = { ...this.stored()?.cells };
      return Object.entries(theirs).filter(([id, cell]) => cell.at > (this.cells[id]?.at ?? 0) && cell.source !== this.cells[id]?.source);
    }
    // Keeps a text; one that another page has written meanwhile is put beside it, and given back.
    put(id, source) {
      const [, theirs] = this.newer().find(([name]) => name === id) ?? [];
      const other = theirs?.source;
      const aside = other ?? this.cells[id]?.aside;
      const at = Math.max(Date.now(), ...[theirs, this.cells[id]].map((cell) => (cell?.at ?? 0) + 1)); // clocks may differ
      this.cells[id] = { source, at, ...(aside !== undefined && aside !== source ? { aside } : {}) };
      this.keep();
      return other;
    }
    keep() {
      for (const [id, one] of Object.entries({ ...this.stored()?.own })) if (!this.own[id] || one.kind === "gone") this.own[id] = one;
      for (const [id, cell] of this.newer()) {
        this.cells[id] = cell;
        this.heard?.(id);
      }
      const { student, sheet, own, states, tried, replies, done } = this;
      try {
        localStorage.setItem(this.key, JSON.stringify({ student, sheet, cells: this.cells, own, states, tried, replies, done }));
      } catch { this.lasting = false; }
    }
    // The replies belong to the answers and the variant they were given to.
    forget() {
      this.states = {};
      this.replies = {};
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
      return this.lasting ? gvcSay("Kept in this browser as you type.") : gvcSay("This browser keeps nothing (a private window, perhaps): export your notebook before you leave.");
    }
  }

  // --- the desk -------------------------------------------------------------------------------------------------------

  // How many words a text has; of Chinese and Japanese each character, as checks.words counts.
  const wordsIn = (text) => (text.match(HAN_OR_KANA) ?? []).length +
    text.replace(HAN_OR_KANA, " ").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

  function roles(notebook) {
    return notebook.cells.map((cell) => {
      const { solution, grade, grade_id: name = "" } = cell.metadata.nbgrader ?? {};
      const source = joined(cell.source);
      const code = cell.cell_type === "code";
      const role = /^twins\.\w+\(\)$/.test(source.trim()) ? "widget" : !code ? (solution ? "text" : "prose") : solution ? "answer" : grade ? "check" : /^sheet\.check\(\)/m.test(source) ? "all" : "given";
      return { id: cell.id, role, source, task: name.replace(/^check-/, "") };
    });
  }

  // The cells of a file as far as they are any: id, whether it is code, its text, and its name in the gradebook.
  function readable(read) {
    const cells = Array.isArray(read?.cells) ? read.cells : [];
    return cells.flatMap((cell) => {
      const text = Array.isArray(cell?.source) ? cell.source.filter((line) => typeof line === "string").join("") : cell?.source;
      const kind = cell?.cell_type;
      if (typeof text !== "string" || !["code", "markdown", "raw"].includes(kind)) return [];
      return [{ id: typeof cell.id === "string" ? cell.id : undefined, code: kind === "code", text, name: cell.metadata?.nbgrader?.grade_id, sum: cell.metadata?.nbgrader?.checksum }];
    });
  }
  const title = (text) => text.match(/^# .*/m)?.[0];

  window.gvc.desk = async (given) => {
    const { chapter, line } = given;
    const { about, python } = await window.gvc.engine(given);
    const work = new Work(chapter);
    const cells = roles(about.notebook);
    const desk = { ran: new Map(), opened: null };
    for (let left = Object.keys(work.own), before = -1; left.length !== before;) { // one may stand after another
      before = left.length;
      left = left.filter((id) => !added(id));
    }

    // A cell of the student's own takes its place among the cells; false if what it stands after is not there.
    function added(id) {
      const { after, kind } = work.own[id];
      let at = cells.findIndex((cell) => cell.id === after);
      if (at < 0 || kind === "gone" || cells.some((cell) => cell.id === id)) return false;
      while (work.own[cells[at + 1]?.id]?.after === after) at += 1;
      cells.splice(at + 1, 0, { id, role: kind === "code" ? "own" : "note", source: "", task: "" });
      return true;
    }
    const setup = cells.find(({ source, role }) => role === "given" && source.includes("checks.sheet("));

    // The bar: what Python is doing, how far one is, and what can be done with the work as a whole.
    const status = make("span", { role: "status", class: "gvc-status" });
    const bar = make("progress", { max: 1, value: 0, "aria-label": gvcSay("Python is being made ready") });
    const counted = make("span", { class: "gvc-count" }); // not read out: it moves all the time
    const stop = button(gvcSay("Cancel"), () => python.stop(), { class: "gvc-stop", hidden: true });
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
      work.forget();
      work.keep();
      desk.ran.clear();
      queue(() => upTo(setup, true));
      tell();
    });
    const chosen = make("input", { type: "file", accept: ".ipynb,.json", hidden: true, onchange: () => chosen.files[0] && taken(chosen.files[0]) });
    const panel = make("section", { class: "gvc-desk", "aria-label": gvcSay("Your work on this page") },
      make("div", { class: "gvc-waking" }, bar, status, counted, stop),
      make("div", { class: "gvc-row" }, make("label", { for: "gvc-student" }, gvcSay("Id from your instructor, if you have one")), student,
        ...(about.variants > 1 ? [button(gvcSay("Another variant, to practise"), another, { class: "gvc-quiet" })] : [])),
      whose,
      make("div", { class: "gvc-row" }, far,
        next, button(gvcSay("How far am I?"), () => everything()), button(gvcSay("Export as a notebook"), exported), button(gvcSay("Import a notebook"), () => chosen.click()), button(gvcSay("Reset"), reset), chosen),
      sheet,
      others,
      kept);
    line.replaceWith(panel);

    python.heard.add(({ part, words, count = "" }) => {
      bar.value = part;
      counted.textContent = count;
      if (status.textContent !== words) status.textContent = words;
    });

    // Awake, and with the exercises opened in it.
    async function awake() {
      if (desk.opened && desk.opened === python.worker) return;
      desk.ran.clear();
      bar.hidden = false;
      stop.hidden = false;
      stop.textContent = gvcSay("Cancel");
      await python.wake();
      if (work.sheet) python.save("sheet.json", work.sheet);
      status.textContent = gvcSay("Opening the exercises …");
      await runOne(setup);
      bar.hidden = true;
      stop.hidden = true;
      desk.opened = python.worker;
      status.textContent = gvcSay("Python is ready.");
    }

    // What stops one thing does not stop the next.
    function queue(act) {
      return python.queue(async () => {
        try {
          await awake();
          await act();
        } catch (error) {
          bar.hidden = stop.hidden = true;
          if (!error.ended) status.textContent = error.cancelled ? gvcSay("Cancelled. Run or Check starts Python again.")
            : gvcSay("Python did not start here ({error}). Your text is kept: export it and go on in JupyterLab.", { error: error.message.slice(0, 120) });
        }
      });
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
      const waited = () => { status.textContent = gvcSay("Still running. Stop ends it."); stop.hidden = false; stop.textContent = gvcSay("Stop"); };
      const { ok, ended } = await python.run(source, cell.id, (piece) => show(place, piece), { waited });
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
        if (["given", "answer", "own"].includes(one.role) && desk.ran.get(one.id) !== now(one)) await runOne(one);
      return itself ? runOne(cell) : true;
    }

    const running = (cell) => queue(async () => {
      cell.run.setAttribute("aria-busy", "true");
      try {
        const ok = await upTo(cell, true);
        status.textContent = ok ? gvcSay("The cell for {task} has run.", { task: cell.whose }) : cell.out.querySelector(".gvc-error")?.textContent ?? "";
      } catch (error) { if (!error.ended) throw error; } finally { cell.run.removeAttribute("aria-busy"); }
    });

    async function checking(cell) {
      cell.reply.textContent = gvcSay("Checking …"); // also while Python starts
      await queue(() => checked(cell));
      replied(cell);
    }

    async function checked(cell) {
      let said = "", state = "";
      try {
        await upTo(cell);
        const { ok, states, ended = "" } = await python.run(cell.source, cell.id, ({ kind, content }) => { said += kind === "error" ? content.says : content; }, { order: "check" });
        said ||= ended;
        state = ok ? states[cell.task] : "";
      } catch (error) {
        if (!error.ended) throw error;
        said = error.ended;
      }
      work.states[cell.task] = state;
      if (state !== "to do") work.tried[cell.task] = (work.tried[cell.task] ?? 0) + 1;
      work.replies[cell.task] = said.trim();
      work.keep();
      status.textContent = python.worker ? gvcSay("Python is ready.") : said;
      tell();
    }

    function replied(cell) {
      cell.reply.textContent = work.replies[cell.task] ?? "";
      cell.reply.dataset.state = work.states[cell.task] ?? "";
    }

    const hinting = (cell) => {
      if (!work.tried[cell.task]) {
        cell.hints.replaceChildren(make("p", {}, gvcSay("A hint opens once you have tried: check an answer of your own first.")));
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
      const finished = [...right, ...written].map(([name]) => name);
      const before = JSON.stringify(work.done);
      for (const name of finished) work.done[name] ??= Date.now();
      for (const [name] of texts) if (!finished.includes(name)) delete work.done[name];
      if (JSON.stringify(work.done) !== before) work.keep();
      const so = { right: right.length, all: checked.length, written: written.length, texts: texts.length };
      far.textContent = texts.length ? gvcSay("{right} of {all} right, {written} of {texts} texts written", so) : gvcSay("{right} of {all} right", so);
      const open = tasks.find(([name, { kind }]) => (kind === "text" ? !written.some(([one]) => one === name) : work.states[name] !== "right"));
      const place = open && document.querySelector(`.gvc-work[data-cell="${CSS.escape(cells.find(({ task, role }) => task === open[0] && ["check", "text"].includes(role))?.id ?? "")}"]`);
      next.hidden = !place;
      if (place) {
        place.id = `work-${open[0]}`;
        next.href = `#${place.id}`;
        next.textContent = gvcSay("Go on with {task}", { task: open[0] });
      }
      kept.textContent = work.said;
      const elsewhere = work.elsewhere();
      others.hidden = !elsewhere.length;
      const told = make("span", {}, ...elsewhere.flatMap(([name, count], at) => [at ? gvcSay("; ") : "", gvcLinked("{chapter}, {count} right", {
        chapter: make("a", { href: `${name}.html#exercises` }, gvcSay("chapter {number}", { number: Number(name.slice(0, 2)) })), count })]));
      others.replaceChildren(gvcLinked("Elsewhere: {chapters}.", { chapters: told }));
    }

    const standing = (id) => document.querySelector(`.gvc-work[data-cell="${CSS.escape(id)}"]`);

    // Where a cell stands on the page; one of the student's own stands below what comes before it.
    function placed(cell, ...parts) {
      let place = standing(cell.id);
      if (!place && work.own[cell.id]) {
        place = make("div", { class: "gvc-work", "data-cell": cell.id });
        const before = cells.slice(0, cells.indexOf(cell)).reverse().map(({ id }) => standing(id)).find(Boolean);
        (before ?? panel).after(place);
      }
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
      return asked.length ? asked.join(gvcSay(", ")) : gvcSay("exercise {number}", { number: number(cell) });
    }

    // An editor for code, with what it is for; own cells can be taken away, those of the exercises put back.
    function editor(cell, ...more) {
      cell.out = make("div", { class: "gvc-out", role: "region", "aria-label": gvcSay("What the cell for {task} shows", { task: cell.whose }) });
      cell.run = button(gvcSay("Run"), () => running(cell), { "aria-label": gvcSay("Run the cell for {task}", { task: cell.whose }) });
      const help = make("p", { class: "gvc-leave", id: `leave-${cell.id}` }, LEAVE);
      const box = make("div", { class: "gvc-editor" });
      placed(cell, box, help, make("div", { class: "gvc-row" }, cell.run, ...more), aside(cell), cell.out);
      cell.view = window.gvcEditor({
        parent: box, text: now(cell), label: gvcSay("Code for {task}", { task: cell.whose }), described: help.id,
        changed: (text) => { if (!desk.quiet) typed(cell, text); kept.textContent = work.said; }, run: () => running(cell),
      });
    }

    function answer(cell) {
      cell.whose = tasks(cell);
      editor(cell,
        button(gvcSay("Start this cell anew"), () => { if (confirm(gvcSay("Put back what stood in this cell at first?"))) write(cell, cell.source); }, { class: "gvc-quiet" }),
        button(gvcSay("Add a cell"), () => extra(cell), { class: "gvc-quiet", "aria-label": gvcSay("Add a cell below the one for {task}", { task: cell.whose }) }));
    }

    function own(cell) {
      cell.whose = gvcSay("your own, below {task}", { task: tasks(cell) });
      editor(cell, button(gvcSay("Take this cell away"), () => away(cell), { class: "gvc-quiet" }));
    }

    function area(cell, label) {
      cell.area = make("textarea", { id: `text-${cell.id}`, rows: 5, oninput: () => { typed(cell, cell.area.value); cell.count(); } });
      const words = make("span", { class: "gvc-count" });
      cell.count = () => { words.textContent = gvcCount("{number} word", "{number} words", wordsIn(cell.area.value)); tell(); };
      cell.area.value = shownText(now(cell));
      placed(cell, make("label", { for: cell.area.id }, label), cell.area, words, aside(cell),
        ...(cell.role === "note" ? [button(gvcSay("Take this cell away"), () => away(cell), { class: "gvc-quiet" })] : []));
      cell.count();
    }
    const text = (cell) => area(cell, gvcSay("Your text for {task} (read by people)", { task: cell.task }));
    const note = (cell) => area(cell, gvcSay("Your own text, below exercise {number}", { number: number(cell) }));
    const shownText = (source) => (source.trim() === STUB ? "" : source);

    function extra(cell) {
      const id = `own-${Date.now().toString(36)}`;
      work.own[id] = { after: cell.id, kind: "code" };
      work.put(id, "");
      added(id);
      own(cells.find((one) => one.id === id));
      cells.find((one) => one.id === id).view.focus();
    }

    function away(cell) {
      if (now(cell).trim() && !confirm(gvcSay("Take this cell away, with what stands in it?"))) return;
      work.own[cell.id].kind = "gone";
      work.keep();
      cells.splice(cells.indexOf(cell), 1);
      desk.ran.delete(cell.id);
      standing(cell.id)?.remove();
    }

    // Another page had written here while this one was typed in: neither text is lost.
    function aside(cell) {
      cell.aside = make("p", { class: "gvc-kept", role: "status" });
      beside(cell);
      return cell.aside;
    }
    function beside(cell) {
      const other = work.cells[cell.id]?.aside;
      if (!cell.aside || other === undefined) { cell.aside?.replaceChildren(); return; }
      const swap = () => {
        const mine = now(cell);
        delete work.cells[cell.id].aside;
        write(cell, other);
        work.cells[cell.id].aside = mine;
        work.keep();
        beside(cell);
      };
      const drop = () => { delete work.cells[cell.id].aside; work.keep(); beside(cell); };
      cell.aside.replaceChildren(gvcSay("Another page had a newer text of this cell."), " ", button(gvcSay("Exchange the two"), swap, { class: "gvc-quiet" }), button(gvcSay("Keep only this one"), drop, { class: "gvc-quiet" }));
    }
    function typed(cell, source) {
      if (work.put(cell.id, source) !== undefined) beside(cell);
    }

    function check(cell) {
      cell.reply = make("output", { class: "gvc-reply" });
      cell.hints = make("div", { class: "gvc-out" });
      const hint = about.tasks[cell.task]?.hints || Object.entries(about.tasks).some(([name, { hints }]) => hints && name.replace(/[a-z]+$/, "") === cell.task.replace(/[a-z]+$/, ""));
      placed(cell, make("div", { class: "gvc-row" }, button(gvcSay("Check {task}", cell), () => checking(cell), { class: "gvc-check" }),
        ...(hint ? [button(gvcSay("Hint"), () => hinting(cell), { "aria-label": gvcSay("Hint for {task}", cell), class: "gvc-quiet" })] : [])), cell.reply, cell.hints);
      replied(cell);
    }

    function widget(cell) {
      cell.whose = gvcSay("exercise {number}", { number: number(cell) });
      cell.out = make("div", { class: "gvc-out", role: "region", "aria-label": gvcSay("The widget of {task}", { task: cell.whose }) });
      cell.run = button(gvcSay("Open the widget here"), () => running(cell));
      placed(cell, make("div", { class: "gvc-row" }, cell.run), cell.out);
    }

    // Shows a text in its cell, from wherever it comes, and keeps it unless another page has.
    function write(cell, source, { stored = true } = {}) {
      desk.quiet = true;
      if (cell.view) cell.view.dispatch({ changes: { from: 0, to: cell.view.state.doc.length, insert: source } });
      if (cell.area) { cell.area.value = shownText(source); cell.count(); }
      desk.quiet = false;
      if (stored) work.put(cell.id, source);
    }

    // What another page of this chapter has written stands here too, as soon as this one is told or looked at again.
    work.heard = (id) => {
      if (!cells.some((cell) => cell.id === id) && work.own[id] && added(id)) build(cells.find((cell) => cell.id === id));
      const cell = cells.find((one) => one.id === id);
      if (cell) write(cell, work.cells[id].source, { stored: false });
    };
    function caughtUp() {
      if (!work.newer().length) return;
      const { states = {}, replies = {}, done = {} } = work.stored();
      Object.assign(work.states, states);
      Object.assign(work.replies, replies);
      Object.assign(work.done, done);
      work.keep();
      for (const cell of cells) if (cell.reply) replied(cell);
      tell();
    }
    addEventListener("storage", ({ key }) => { if (key === work.key) caughtUp(); });
    addEventListener("focus", caughtUp);

    // --- the notebook: out, in, and anew

    function notebook() {
      const stored = new Map(about.notebook.cells.map((cell) => [cell.id, cell]));
      const written = cells.map((cell) => {
        const source = now(cell);
        if (stored.has(cell.id)) return { ...stored.get(cell.id), source: cell.role === "text" && !source.trim() ? STUB : source };
        return cell.role === "own" ? { cell_type: "code", id: cell.id, metadata: {}, execution_count: null, outputs: [], source }
          : { cell_type: "markdown", id: cell.id, metadata: {}, source };
      });
      const known = new Set([...cells.map(({ id }) => id), ...Object.keys(work.own)]);
      const others = Object.entries(work.cells).filter(([id]) => !known.has(id)); // of another edition of the chapter
      return { ...about.notebook, cells: [...written, ...others.map(([id, { source }]) => ({ cell_type: "markdown", id, metadata: {}, source }))] };
    }

    function exported() {
      const file = new Blob([`${JSON.stringify(notebook(), null, 1)}\n`], { type: "application/x-ipynb+json" });
      const whose = work.student.replace(/[^\w.@-]/g, "_"); // a class's files are told apart by it
      const name = `${chapter}${whose && `--${whose}`}.ipynb`;
      const link = make("a", { href: URL.createObjectURL(file), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      status.textContent = gvcSay("Saved as {name}: hand this file in, or open it in JupyterLab.", { name });
    }

    async function taken(file) {
      chosen.value = "";
      let read;
      try { read = JSON.parse(await file.text()); } catch { status.textContent = gvcSay("{name} cannot be read as a notebook.", file); return; }
      if (read?.tasks && read.assignment) {
        if (read.assignment !== chapter) { status.textContent = gvcSay("{name} is the sheet of {other}, and this is {chapter}.", { name: file.name, other: read.assignment, chapter }); return; }
        work.sheet = JSON.stringify(read);
        work.forget();
        work.keep();
        desk.ran.clear();
        queue(async () => { python.save("sheet.json", work.sheet); await upTo(setup, true); });
        status.textContent = gvcSay("{name} is your sheet from now on.", file);
        return;
      }
      const theirs = readable(read);
      const first = (file) => title(file.map((cell) => cell.text ?? cell.source).find((text) => title(text)) ?? "");
      const sums = new Set(about.notebook.cells.flatMap(({ metadata }) => (metadata.nbgrader?.solution ? [metadata.nbgrader.checksum] : [])));
      const named = new Map();
      for (const one of theirs) for (const name of [one.id, one.name]) if (name && !named.has(name)) named.set(name, one);
      const mine = cells.filter(({ id, role }) => ["answer", "text"].includes(role) && named.has(id));
      const same = first(theirs) === first(cells) || theirs.filter(({ sum }) => sums.has(sum)).length > sums.size / 2;
      if (!mine.length || !same) {
        status.textContent = first(theirs) && first(theirs) !== first(cells)
          ? gvcSay("{name} is another notebook (“{title}”): this is {chapter}.", { name: file.name, title: first(theirs).slice(2, 80), chapter })
          : gvcSay("{name} has no cell of {chapter}: choose that chapter’s notebook.", { name: file.name, chapter });
        return;
      }
      if (Object.keys(work.cells).length && !confirm(gvcSay("Put the answers of {name} in place of those on this page?", file))) return;
      for (const cell of mine) write(cell, named.get(cell.id).text);
      const whose = named.get(setup?.id)?.text.match(/= *checks\.sheet\(\s*["']([^"']*)["']/);
      if (whose) { work.student = student.value = whose[1].replace(/\\/g, ""); desk.ran.clear(); }
      const extras = brought(theirs, named);
      work.forget();
      work.keep();
      for (const cell of cells) if (cell.reply) replied(cell);
      const lost = (Array.isArray(read.cells) ? read.cells.length : 0) - theirs.length;
      const told = { name: file.name, extras, lost };
      status.textContent = (extras && lost
        ? gvcCount("{number} cell of {name} is on this page now, and {extras} of your own; {lost} that could not be read were left out.", "{number} cells of {name} are on this page now, and {extras} of your own; {lost} that could not be read were left out.", mine.length, told)
        : extras
          ? gvcCount("{number} cell of {name} is on this page now, and {extras} of your own.", "{number} cells of {name} are on this page now, and {extras} of your own.", mine.length, told)
          : lost
            ? gvcCount("{number} cell of {name} is on this page now; {lost} that could not be read were left out.", "{number} cells of {name} are on this page now; {lost} that could not be read were left out.", mine.length, told)
            : gvcCount("{number} cell of {name} is on this page now.", "{number} cells of {name} are on this page now.", mine.length, told)) + gvcSay(" Nothing was run.");
      tell();
    }

    // Cells that the exercises do not have are the student's own, and stand where they stood.
    function brought(theirs, named) {
      const given = new Set(cells.filter(({ id }) => !work.own[id]).map(({ id }) => id));
      let after = cells[0].id;
      let count = 0;
      for (const [place, one] of theirs.entries()) {
        const known = [one.id, one.name].find((name) => given.has(name) && named.get(name) === one);
        if (known) { after = known; continue; }
        if (!one.text.trim() || given.has(one.name)) continue;
        const id = /^[A-Za-z0-9][\w-]{0,63}$/.test(one.id ?? "") && !given.has(one.id) ? one.id : `own-${place}-${Date.now().toString(36)}`;
        if (!cells.some((cell) => cell.id === id)) {
          work.own[id] = { after, kind: one.code ? "code" : "text" };
          work.put(id, one.text);
          if (added(id)) build(cells.find((cell) => cell.id === id));
        } else write(cells.find((cell) => cell.id === id), one.text);
        after = id;
        count += 1;
      }
      return count;
    }

    function reset() {
      if (!confirm(gvcSay("Delete your work on this chapter from this browser? Export it first if you want to keep it."))) return;
      for (const cell of cells.filter(({ id }) => work.own[id])) {
        cells.splice(cells.indexOf(cell), 1);
        standing(cell.id)?.remove();
      }
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

    function build(cell) { ({ answer, own, text, note, check, widget })[cell.role]?.(cell); }
    for (const cell of [...cells]) build(cell);
    tell();
    panel.querySelector("input").focus({ preventScroll: true });
    await queue(() => {});
  };
})();
