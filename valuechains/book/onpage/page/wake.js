// The buttons that make a page's exercises and its code workable. Nothing of Python is asked for before one is pressed.
(() => {
  "use strict";
  const kit = document.querySelector(".gvc-kit");
  if (!kit) return;
  const { chapter } = kit.dataset;
  const megabytes = {}[chapter]; // filled in when the book is built
  const python = new URL("../../python/", document.currentScript.src);

  function kept(kind) {
    try { return JSON.parse(localStorage.getItem(`gvc-${kind}:${chapter}`)); } catch { return null; }
  }
  const brought = new Map();
  const bring = (name) => {
    if (!brought.has(name)) brought.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL(name, python);
      script.onload = done;
      script.onerror = () => { brought.delete(name); failed(new Error(name)); };
      document.head.append(script);
    }));
    return brought.get(name);
  };
  function make(tag, name, text) {
    const element = document.createElement(tag);
    Object.assign(element, { className: name, textContent: text });
    if (tag === "button") element.type = "button";
    return element;
  }

  // A button with a note, which says what went wrong if something does not arrive.
  function opens(button, note, scripts, open) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        window.gvc ??= {};
        for (const name of ["index.js", "python.js", ...scripts]) await bring(name);
        await open();
      } catch (error) {
        console.error(error);
        button.disabled = false;
        note.textContent = gvcSay("The files of Python did not arrive. Try again, or download the notebook at the exercises.");
      }
    });
  }

  const little = navigator.deviceMemory <= 2 ? gvcSay(" This device has little memory: if the page breaks off, work in JupyterLab on a computer.") : "";
  const line = make("p", "gvc-wake-line", "");
  const work = make("button", "gvc-wake", kept("work") ? gvcSay("Go on with your work on this page") : gvcSay("Work on this page"));
  const note = make("span", "gvc-wake-note", gvcSay("Python runs in your browser: {megabytes} MB once, ten seconds or so at each visit, and nothing you write leaves this computer.", { megabytes }) + little);
  note.setAttribute("role", "status");
  line.append(work, " ", note);
  kit.before(line);
  opens(work, note, ["desk.js"], () => window.gvc.desk({ chapter, line, python, bring }));

  // The chapter's own code, to be tried and changed where it stands.
  const changed = new Set(Object.keys(kept("code") ?? {}));
  document.querySelectorAll("article .cell > .cell_input pre, article .cell > .gvc-code pre").forEach((text, place) => {
    const ways = make("p", "gvc-try", "");
    const button = make("button", "", changed.has(text.textContent.trim()) ? gvcSay("Go on with your change") : gvcSay("Try this code"));
    const says = make("span", "gvc-wake-note", "");
    says.setAttribute("role", "status");
    ways.append(button, says);
    text.closest(".cell_input").append(ways);
    opens(button, says, [`code-${chapter}.js`, "cells.js"], () => window.gvc.cell({ chapter, python, bring, place, text, ways }));
  });
})();
