// Checks the short questions of a chapter, and keeps what was answered in the reader's own browser.
(() => {
  "use strict";
  const STORE = "gvc-questions:";
  const WORDS = { right: gvcSay("Right."), wrong: gvcSay("Not yet."), none: gvcSay("Not checked.") };
  const ASKED = "gvc-asked:"; // when each question was answered, and whether rightly: for asking it again
  const AGAIN = new URLSearchParams(location.search).get("again"); // a question that stands unanswered this time

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // A browser may refuse to keep anything; then answers last until the page is left.
  function tried(act, otherwise) {
    try { return act() ?? otherwise; } catch { return otherwise; }
  }
  const load = (chapter) => tried(() => JSON.parse(localStorage.getItem(STORE + chapter)), {});
  const save = (chapter, answers) => tried(() => localStorage.setItem(STORE + chapter, JSON.stringify(answers)));
  const drop = (chapter) => tried(() => [STORE, ASKED].forEach((store) => localStorage.removeItem(store + chapter)));
  // The first answer of a day counts: a second one comes from the reply to the first.
  function note(chapter, id, right) {
    const asked = tried(() => JSON.parse(localStorage.getItem(ASKED + chapter)), {});
    const now = new Date();
    const tries = asked[id] ?? [];
    if (tries.length && new Date(tries.at(-1)[0]).toDateString() === now.toDateString()) return;
    asked[id] = [...tries, [now.toISOString(), right]];
    tried(() => localStorage.setItem(ASKED + chapter, JSON.stringify(asked)));
  }
  const chapters = () => tried(() => Object.keys(localStorage).filter((name) => name.startsWith(STORE)), [])
    .map((name) => name.slice(STORE.length)).sort();
  const KEPT = tried(() => { localStorage.setItem(STORE, ""); localStorage.removeItem(STORE); return true; }, false)
    ? gvcSay("Answers are kept in this browser only.") : gvcSay("This browser keeps no answers: export them before you leave.");

  // A number as one writes it: "0,52", "1,234.5", "1.234,5", "US$ 3", "52 %" or "12 bn yuan"; NaN if it is none.
  function read(text, unit) {
    const said = text.trim().toLowerCase().replace(/[\u2212\u2013]/, "-").replace(/^(us\$|[$\u20ac\u00a5\u00a3])/, "");
    const [, digits, after] = said.match(/^([-+\d.,\s'\u2019]*)(.*)$/s);
    let plain = digits.replace(/[\s'\u2019]/g, "");
    if (/^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
    else if (/^[-+]?[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(plain)) plain = plain.replaceAll(".", "");
    plain = plain.replace(",", ".");
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return NaN;
    const percent = /^(%|per ?cent)$/.test(after);
    if (percent && !unit) return Number((plain / 100).toPrecision(12));
    return !after || after === unit.toLowerCase() || (percent && unit.startsWith("percent")) ? Number(plain) : NaN;
  }

  const words = (input) => input.parentElement.textContent.trim();

  // What to say to an option, or to a number: the answer, its state and the reason.
  function chosen(form, { right, says }) {
    const input = form.querySelector(":checked");
    if (!input) return { state: "none", says: gvcSay("Choose an answer first.") };
    const place = Number(input.value);
    return { answer: words(input), state: place === right ? "right" : "wrong", says: says[place] };
  }

  function typed(form, key) {
    const answer = form.elements.a.value.trim();
    if (!answer) return { state: "none", says: gvcSay("Write a number first.") };
    const value = read(answer, key.unit);
    if (Number.isNaN(value)) return { state: "none", says: gvcSay("This does not read as a number: write it like 0.5 or 12.") };
    const meant = `${value} ${key.unit}`.trim();
    const heard = [String(value), meant].includes(answer) ? "" : gvcSay("Read as {meant}. ", { meant });
    return { answer, ...weighed(value, key), heard };
  }

  function weighed(value, key) {
    const near = (one, other) => Math.abs(one - other) <= key.within + 1e-7 * Math.abs(other);
    if (near(value, key.answer)) return { state: "right", says: key.right };
    const known = key.wrong.find(([wrong]) => near(value, wrong));
    const scale = [100, 0.01].some((times) => near(value * times, key.answer))
      ? gvcSay("The digits are right and the size is 100 times off: mind percent and fraction.") : key.nudge;
    return { state: "wrong", says: known ? known[1] : scale };
  }

  // The questions of a chapter stand in several boxes, each in its section; the last one says how far one has come.
  function start(boxes) {
    const box = boxes.at(-1);
    const { chapter } = box.dataset;
    const asked = boxes.flatMap((one) => [...one.querySelectorAll("form")]);
    const forms = new Map(asked.map((form) => [JSON.parse(form.dataset.key), form]));
    const status = make("span", { role: "status" });
    const all = make("input", { type: "checkbox" });
    let answers = load(chapter);

    function tell(before = "") {
      const right = [...forms.values()].filter((form) => form.dataset.state === "right").length;
      status.textContent = before + gvcSay("{right} of {all} right", { right, all: forms.size });
      for (const form of asked) {
        const way = box.querySelector(`.gvc-ways a[href="#${form.id}"]`);
        if (way) way.dataset.state = form.dataset.state ?? "";
      }
    }

    function show(form, key) {
      const found = key.says ? chosen(form, key) : typed(form, key);
      form.dataset.state = found.state;
      const state = make("strong", {}, WORDS[found.state]);
      form.querySelector("output").replaceChildren(state, ` ${found.heard ?? ""}${found.says}`);
      return found;
    }

    function empty(form) {
      delete form.dataset.state;
      form.querySelector("output").replaceChildren();
    }

    function restore(form, key) {
      const kept = answers[key.id]?.answer;
      if (kept === undefined || key.id === AGAIN) return;
      const inputs = [...form.querySelectorAll("input")];
      if (key.says) {
        const input = inputs.find((one) => words(one) === kept);
        if (!input) return; // the option has been worded anew
        input.checked = true;
      } else inputs[0].value = kept;
      show(form, key);
    }

    function clear() {
      if (all.checked && !confirm(gvcSay("Clear the answers of all chapters?"))) return;
      for (const name of all.checked ? chapters() : [chapter]) drop(name);
      drop(chapter);
      answers = {};
      for (const form of forms.values()) {
        form.reset();
        empty(form);
      }
      tell(gvcSay("Cleared. "));
    }

    function download() {
      const kept = new Map((all.checked ? chapters() : []).map((name) => [name, load(name)]));
      kept.set(chapter, answers); // kept by the browser or not
      const rows = [...kept].flatMap(([name, given]) =>
        Object.entries(given).map(([question, row]) => ({ chapter: name, question, ...row })));
      const file = new Blob([JSON.stringify(rows, null, 1) + "\n"], { type: "application/json" });
      const name = `answers-${all.checked ? "all" : chapter}.json`;
      const link = make("a", { href: URL.createObjectURL(file), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      tell(gvcSay("Saved as {name}. ", { name }));
    }

    for (const [key, form] of forms) {
      form.querySelector("button").disabled = false;
      form.addEventListener("input", () => { empty(form); tell(); });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const { answer, state } = show(form, key);
        if (answer !== undefined) {
          answers[key.id] = { answer, state, time: new Date().toISOString() };
          note(chapter, key.id, state === "right");
        }
        save(chapter, answers);
        if (key.id === AGAIN) form.querySelector("output").append(" ", make("a", { href: "your-work.html#questions-that-come-due" }, gvcSay("Back to what is due")));
        tell();
      });
      form.reset(); // some browsers put back what was typed, without the reply
      restore(form, key);
    }
    const buttons = [[gvcSay("button|Export"), download], [gvcSay("Clear"), clear]].map(([name, act]) => {
      const button = make("button", { type: "button" }, name);
      button.addEventListener("click", act);
      return button;
    });
    tell();
    const group = { class: "gvc-progress", role: "group", "aria-label": gvcSay("Your answers") };
    const scope = make("label", {}, all, gvcSay("All chapters"));
    box.append(make("div", group, status, scope, ...buttons, make("span", { class: "gvc-kept" }, KEPT)));
  }

  const boxes = [...document.querySelectorAll(".gvc-questions")];
  for (const chapter of new Set(boxes.map((box) => box.dataset.chapter)))
    start(boxes.filter((box) => box.dataset.chapter === chapter));
})();
