// A chapter as one reads it: what one expects before a look, a solution step by step, and where one was. All of it stays
// in this browser.
(() => {
  "use strict";
  const chapter = location.pathname.split("/").at(-1).replace(".html", "");
  const tried = (act, otherwise) => { try { return act() ?? otherwise; } catch { return otherwise; } };
  const load = (name) => tried(() => JSON.parse(localStorage.getItem(`gvc-${name}:${chapter}`)), null);
  const save = (name, value) => tried(() => localStorage.setItem(`gvc-${name}:${chapter}`, JSON.stringify(value)));

  // --- before a look --------------------------------------------------------------------------------------------------

  // The results of the cells that follow a question, up to the next text.
  function results(form) {
    const found = [];
    for (let cell = form.nextElementSibling; cell?.matches(".cell"); cell = cell.nextElementSibling)
      found.push(...cell.querySelectorAll(".cell_output"));
    return found;
  }

  const expected = load("expected") ?? {};

  function ask(form) {
    const { name, shown } = form.dataset;
    const covered = results(form);
    const options = [...form.querySelectorAll("label")];
    const words = (place) => options[place].textContent.trim().replace(/[.。]$/, "");
    const said = form.querySelector("output");
    const [look, skip] = form.querySelectorAll("button");
    const stop = new AbortController();

    function open() {
      stop.abort();
      for (const part of covered) part.classList.remove("gvc-covered");
      for (const part of [look, skip]) part.hidden = true;
    }
    function tell(place) {
      options[place].querySelector("input").checked = true;
      for (const option of options) option.querySelector("input").disabled = true;
      said.textContent = place === Number(shown) ? gvcSay("It is as you expected: “{words}.”", { words: words(place) })
        : gvcSay("You expected “{words}.” Here it is: “{shown}.”", { words: words(place), shown: words(shown) });
      open();
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.elements.e.value;
      if (chosen === "") {
        said.textContent = gvcSay("Choose what you expect, or look without a guess.");
        return;
      }
      save("expected", Object.assign(expected, load("expected"), { [name]: Number(chosen) }));
      tell(Number(chosen));
    });
    skip.addEventListener("click", () => {
      form.hidden = true;
      open();
    });
    form.reset();
    form.hidden = false;
    if (options[expected[name]]) { tell(expected[name]); return; }
    // whoever goes to what is covered sees it: by a click, by keyboard, by a link, by a search
    const { signal } = stop;
    for (const part of covered) {
      part.classList.add("gvc-covered");
      part.dataset.covered = gvcSay("Covered until you say what you expect");
      for (const way of ["click", "focusin"]) part.addEventListener(way, open, { signal });
    }
    const led = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (new URLSearchParams(location.search).has("found") || covered.some((part) => part.contains(target))) open();
    };
    addEventListener("hashchange", led, { signal });
    led();
  }
  document.querySelectorAll("form.gvc-expect").forEach(ask);

  // --- a worked solution, one step at a time --------------------------------------------------------------------------

  function step(solution) {
    const [, ...steps] = solution.children;
    if (steps.length < 2) return;
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    const make = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", act);
      return button;
    };
    let shown = 1;
    function show(count) {
      shown = Math.min(count, steps.length);
      steps.forEach((one, at) => { one.hidden = at >= shown; });
      said.textContent = gvcSay("Step {shown} of {all}", { shown, all: steps.length });
      next.hidden = all.hidden = shown === steps.length;
    }
    const next = make(gvcSay("Next step"), () => show(shown + 1));
    const all = make(gvcSay("The whole solution"), () => show(steps.length));
    const line = document.createElement("p");
    line.className = "gvc-steps";
    line.append(next, all, said);
    solution.append(line);
    show(1);
    // on paper, and for a search in the page, all of it is there again
    addEventListener("beforeprint", () => steps.forEach((one) => { one.hidden = false; }));
    addEventListener("afterprint", () => show(shown));
  }
  document.querySelectorAll("details.solution").forEach(step);

  // --- where one was --------------------------------------------------------------------------------------------------

  const heads = [...document.querySelectorAll("article section[id] > :is(h2, h3)")];
  function here() {
    const head = heads.filter((one) => one.getBoundingClientRect().top < innerHeight / 2).at(-1);
    if (head) save("place", { id: head.parentElement.id, title: head.firstChild.textContent.trim(), at: Date.now() });
  }
  addEventListener("pagehide", here);
  document.addEventListener("visibilitychange", () => { if (document.hidden) here(); });
})();
