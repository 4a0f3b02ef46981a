// Your work: where one was, what is done, what comes due, and all of it to export, to bring in, or to delete. What there
// is stands in this browser's storage, under names that begin with "gvc-"; nothing of it leaves the machine by itself.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const FORMAT = "services in global value chains: work of a reader";
  const MOST = 30e6; // bytes of a file that is brought in

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const button = (text, act) => make("button", { type: "button", onclick: act }, text);
  const place = (part) => document.querySelector(`.gvc-yours[data-part="${part}"]`);
  const tried = (act, otherwise) => { try { return act() ?? otherwise; } catch { return otherwise; } };

  // --- what is kept ---------------------------------------------------------------------------------------------------

  // What each kind of entry holds: a type, [the same for each name], or {fields that there may be}.
  const SHAPES = {
    work: {
      student: "string", sheet: "string", cells: [{ source: "string", at: "number" }], states: ["string"], tried: ["number"],
      replies: ["string"], done: ["number"], own: [{ after: "string", kind: "string", source: "string", at: "number" }],
    },
    questions: [{ answer: "string", state: "string", time: "string" }],
    asked: ["object"],
    expected: ["number"],
    code: [{ source: "string", at: "number" }],
    place: { id: "string", title: "string", at: "number" },
  };
  const NAME = /^gvc-(work|questions|asked|expected|code|place):(\d\d-[a-z0-9-]{1,60})$/;

  const whole = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  function fits(value, shape) {
    if (typeof shape === "string") return typeof value === shape;
    if (!whole(value)) return false;
    if (Array.isArray(shape)) return Object.values(value).every((one) => fits(one, shape[0]));
    return Object.entries(value).every(([name, one]) => Object.hasOwn(shape, name) && (one === null || fits(one, shape[name])));
  }
  const tries = (asked) => Object.values(asked).every((list) => Array.isArray(list) && list.every((one) =>
    Array.isArray(one) && !Number.isNaN(Date.parse(one[0])) && typeof one[1] === "boolean"));
  const right = (kind, value) => fits(value, SHAPES[kind]) && (kind !== "asked" || tries(value));

  function all() {
    const found = {};
    for (const name of tried(() => Object.keys(localStorage), []).filter((one) => NAME.test(one)).sort()) {
      const value = tried(() => JSON.parse(localStorage.getItem(name)), null);
      if (value && right(name.match(NAME)[1], value)) found[name] = value;
    }
    return found;
  }
  const of = (kind) => Object.fromEntries(Object.entries(all()).flatMap(([name, value]) => {
    const [, its, chapter] = name.match(NAME);
    return its === kind ? [[chapter, value]] : [];
  }));

  // --- what comes due -------------------------------------------------------------------------------------------------

  // Questions that were answered once and come due, each with its chapter; the scheduler is fetched when there are any.
  async function due() {
    const asked = Object.entries(of("asked")).flatMap(([chapter, questions]) =>
      Object.entries(questions).map(([id, list]) => ({ chapter, id, list })));
    const holder = place("due") ?? place("here");
    if (!asked.length || !holder?.dataset.scheduled) return null;
    await new Promise((done, failed) => {
      const script = make("script", { src: new URL("schedule.js", here).href, onload: done, onerror: failed });
      document.head.append(script);
    });
    const dated = asked.map((one) => ({ ...one, at: window.gvcSchedule(one.list) })).filter(({ at }) => at);
    return { now: dated.filter(({ at }) => at <= Date.now()), later: dated.filter(({ at }) => at > Date.now()) };
  }

  // --- what is done ---------------------------------------------------------------------------------------------------

  const named = (chapter) => gvcSay("chapter {number}", { number: Number(chapter.slice(0, 2)) });
  const entries = (number) => gvcCount("{number} entry", "{number} entries", number);

  function done(chapter) {
    const { done: times = {}, states = {} } = of("work")[chapter] ?? {};
    const answers = of("questions")[chapter] ?? {};
    return {
      task: (name) => name in times || states[name] === "right",
      question: (name) => answers[name]?.state === "right",
    };
  }

  function outcomes() {
    for (const box of document.querySelectorAll(".gvc-outcomes")) {
      const is = done(box.dataset.chapter);
      const items = [...box.querySelectorAll("li")];
      for (const link of box.querySelectorAll("a[data-tasks], a[data-question]")) {
        const { tasks, question } = link.dataset;
        const parts = question ? [is.question(question)] : tasks.split(" ").map(is.task);
        link.dataset.state = parts.every(Boolean) ? "done" : parts.some(Boolean) ? "begun" : "";
      }
      for (const item of items) {
        const states = [...item.querySelectorAll("a[data-state]")].map((link) => link.dataset.state);
        item.dataset.state = states.every((state) => state === "done") ? "done" : states.some(Boolean) ? "begun" : "";
      }
      box.querySelector(".gvc-far")?.remove();
      const whole = items.filter((item) => item.dataset.state === "done").length;
      if (items.some((item) => item.dataset.state)) {
        box.firstElementChild.after(make("p", { class: "gvc-far" }, gvcCount("{whole} of {number} outcome done", "{whole} of {number} outcomes done", items.length, { whole })));
      }
    }
  }

  // --- what next ------------------------------------------------------------------------------------------------------

  const lastAt = (work) => Math.max(0, ...[work.cells, work.own].flatMap((part) => Object.values(part ?? {})).map(({ at }) => at));
  const newest = (entries, time) => entries.sort((one, other) => time(other[1]) - time(one[1]))[0];

  function lastPlace() {
    const found = newest(Object.entries(of("place")).filter(([, { id }]) => /^[\w.-]+$/.test(id ?? "")), ({ at }) => at);
    if (!found) return null;
    const [chapter, { id, title }] = found;
    const place = make("a", { href: `${chapter}.html#${id}` }, gvcSay("“{title}”", { title: title || named(chapter) }));
    return gvcLinked("You were last at {place} in {chapter}.", { place, chapter: named(chapter) });
  }

  // The first task that is not done of the chapter one worked on last, or of the first one with any left.
  function nextTask() {
    const boxes = [...document.querySelectorAll(".gvc-outcomes")];
    const worked = newest(Object.entries(of("work")).filter(([, work]) => lastAt(work)), lastAt)?.[0];
    const order = [...boxes.filter((box) => box.dataset.chapter === worked), ...boxes];
    for (const { dataset: { chapter, tasks } } of order) {
      const every = tasks.split(" ");
      const left = every.filter((task) => !done(chapter).task(task));
      if (!left.length) continue;
      const exercise = make("a", { href: `${chapter}.html#exercise-${left[0].match(/^\d*/)[0]}` },
        gvcSay("exercise {task} of {chapter}", { task: left[0], chapter: named(chapter) }));
      return gvcLinked("The next exercise that is open is {exercise}; {done} of {parts} of that chapter are done.",
        { exercise, done: every.length - left.length, parts: gvcCount("{number} part", "{number} parts", every.length) });
    }
    return null;
  }

  const questions = (number) => gvcCount("{number} question", "{number} questions", number);

  async function next() {
    const part = place("next");
    if (!part) return;
    const any = Object.keys(all()).length;
    const first = gvcLinked("Nothing is kept here yet. {chapter} is where the module begins; any chapter whose question you have is a good start too.",
      { chapter: make("a", { href: "00-reading-a-claim.html" }, gvcSay("Chapter 0")) });
    const coming = await due().catch(() => null);
    const again = coming?.now.length
      ? gvcLinked("{questions} you have answered can be asked again.", { questions: make("a", { href: "#questions-that-come-due" }, questions(coming.now.length)) }) : null;
    const lines = any ? [lastPlace(), again, nextTask()].filter(Boolean) : [first];
    part.replaceChildren(make("ul", {}, ...lines.map((line) => make("li", {}, line))));
    part.hidden = false;
    offer(coming);
  }

  // The questions due now, each with a way to it on its page, where it stands unanswered.
  function offer(coming) {
    const part = place("due");
    if (!part) return;
    part.hidden = false;
    if (!part.dataset.scheduled) { part.replaceChildren(make("p", {}, gvcSay("This copy of the book was built without its scheduler, so no question is asked again by date."))); return; }
    const words = (chapter, id) => document.querySelector(`.gvc-outcomes[data-chapter="${chapter}"] a[data-question="${CSS.escape(id)}"]`)?.textContent.match(/“.*”/s)?.[0];
    const rows = (coming?.now ?? []).filter(({ chapter, id }) => words(chapter, id)).map(({ chapter, id }) =>
      make("li", {}, gvcLinked("{value} ({name})", { value: make("a", { href: `${chapter}.html?again=${id}#question-${id}` }, words(chapter, id)), name: named(chapter) })));
    const soonest = newest((coming?.later ?? []).map(({ at }) => [0, at]), (at) => -at)?.[1];
    const day = soonest?.toLocaleDateString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
    const after = rows.length ? gvcSay("The next one after these comes due on {day}.", { day }) : gvcSay("The next one after today comes due on {day}.", { day });
    part.replaceChildren(rows.length ? make("ul", {}, ...rows) : make("p", {}, gvcSay("Nothing is due now.")),
      ...(day ? [make("p", {}, after)] : []));
  }

  async function line() {
    const part = place("here");
    if (!part || !Object.keys(all()).length) return;
    const coming = await due().catch(() => null);
    const count = coming?.now.length ?? 0;
    const again = count ? gvcCount("{number} question can be asked again.", "{number} questions can be asked again.", count) : "";
    part.replaceChildren(lastPlace() ?? gvcSay("You have work in this browser."), ...(again ? [" ", again] : []), " ",
      gvcLinked("{link}.", { link: make("a", { href: "your-work.html" }, gvcSay("What is next, and what is done")) }));
    part.hidden = false;
  }

  // --- out, in, and anew ----------------------------------------------------------------------------------------------

  const says = make("p", { role: "status", class: "gvc-said" });

  function exported() {
    const kept = all();
    const file = new Blob([`${JSON.stringify({ format: FORMAT, version: 1, saved: new Date().toISOString(), kept }, null, 1)}\n`], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: "my-work.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    says.textContent = gvcSay("Saved as {name}: {entries}.", { name: "my-work.json", entries: entries(Object.keys(kept).length) });
  }

  const newer = (mine = {}, theirs = {}, time = ({ at }) => at) => {
    const both = { ...mine };
    for (const [name, one] of Object.entries(theirs)) if (!Object.hasOwn(both, name) || time(one) > time(both[name])) both[name] = one;
    return both;
  };
  const MERGED = {
    work(mine, theirs) {
      const [older, later] = lastAt(theirs) > lastAt(mine) ? [mine, theirs] : [theirs, mine];
      const of = (name) => ({ ...older[name], ...later[name] });
      return {
        student: later.student || older.student || "", sheet: later.sheet ?? older.sheet ?? null,
        cells: newer(mine.cells, theirs.cells), own: newer(mine.own, theirs.own),
        states: of("states"), tried: of("tried"), replies: of("replies"), done: of("done"),
      };
    },
    questions: (mine, theirs) => newer(mine, theirs, ({ time }) => Date.parse(time) || 0),
    asked(mine, theirs) {
      const both = { ...theirs, ...mine };
      for (const name of Object.keys(both)) {
        const known = new Map([...(mine[name] ?? []), ...(theirs[name] ?? [])]);
        both[name] = [...known].sort(([one], [other]) => Date.parse(one) - Date.parse(other));
      }
      return both;
    },
    expected: (mine, theirs) => ({ ...theirs, ...mine }),
    code: newer,
    place: (mine, theirs) => (theirs.at > mine.at ? theirs : mine),
  };

  async function taken(file) {
    let read;
    try { read = file.size <= MOST && JSON.parse(await file.text()); } catch { read = null; }
    if (!whole(read) || read.format !== FORMAT || !whole(read.kept)) {
      says.textContent = gvcSay("{name} is no file that this page exported. A notebook is brought in on its chapter’s page.", file);
      return;
    }
    const mine = all();
    let count = 0;
    let left = 0;
    try {
      for (const [name, theirs] of Object.entries(read.kept)) {
        const [, kind] = name.match(NAME) ?? [];
        if (!kind || !right(kind, theirs)) { left += 1; continue; }
        localStorage.setItem(name, JSON.stringify(mine[name] ? MERGED[kind](mine[name], theirs) : theirs));
        count += 1;
      }
    } catch {
      says.textContent = gvcSay("This browser keeps nothing more: {entries} of {name} went in and the rest did not.", { entries: entries(count), name: file.name });
      return;
    }
    const here = { entries: entries(count), name: file.name, left: entries(left) };
    says.textContent = left
      ? gvcSay("{entries} of {name} are here now; where both had something, what is newer was kept. {left} could not be read and were left out.", here)
      : gvcSay("{entries} of {name} are here now; where both had something, what is newer was kept.", here);
    outcomes();
    next();
  }

  function deleted() {
    if (!confirm(gvcSay("Delete all your work on this book from this browser? Export it first if you want to keep it."))) return;
    tried(() => Object.keys(localStorage).filter((name) => NAME.test(name)).forEach((name) => localStorage.removeItem(name)));
    says.textContent = gvcSay("Deleted.");
    outcomes();
    next();
  }

  function keep() {
    const part = place("keep");
    if (!part) return;
    const kept = tried(() => { localStorage.setItem("gvc-", ""); localStorage.removeItem("gvc-"); return true; }, false);
    const chosen = make("input", { type: "file", accept: ".json", hidden: "", "aria-label": gvcSay("A file that this page exported"), onchange: () => {
      if (chosen.files[0]) taken(chosen.files[0]);
      chosen.value = "";
    } });
    const row = make("p", { class: "gvc-buttons" }, button(gvcSay("Export all"), exported), button(gvcSay("Import all"), () => chosen.click()), button(gvcSay("Delete all"), deleted), chosen);
    part.replaceChildren(...(kept ? [] : [make("p", {}, gvcSay("This browser keeps nothing (a private window, perhaps): what you do lasts until you leave a page."))]), row, says);
    part.hidden = false;
  }

  outcomes();
  next();
  line();
  keep();
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { outcomes(); next(); } });
})();
