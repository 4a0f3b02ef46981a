// The button that makes a page's exercises workable. Nothing of Python is asked for before it is pressed.
(() => {
  "use strict";
  const kit = document.querySelector(".gvc-kit");
  if (!kit) return;
  const { chapter } = kit.dataset;
  const megabytes = {}[chapter]; // filled in when the book is built
  const python = new URL("../../python/", document.currentScript.src);

  function kept() {
    try { return JSON.parse(localStorage.getItem(`gvc-work:${chapter}`)); } catch { return null; }
  }
  const bring = (name) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL(name, python);
    script.onload = done;
    script.onerror = () => failed(new Error(name));
    document.head.append(script);
  });

  const button = document.createElement("button");
  button.type = "button";
  button.className = "gvc-wake";
  button.textContent = kept() ? "Go on with your work on this page" : "Work on this page";
  const note = document.createElement("span");
  note.className = "gvc-wake-note";
  note.setAttribute("role", "status");
  const little = navigator.deviceMemory <= 2 ? " This device has little memory: if the page breaks off, work in JupyterLab on a computer." : "";
  note.textContent = `Python runs in your browser: ${megabytes} MB once, ten seconds or so at each visit, and nothing you write leaves this computer.${little}`;
  const line = document.createElement("p");
  line.className = "gvc-wake-line";
  line.append(button, " ", note);
  kit.before(line);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      window.gvc ??= {};
      await bring("index.js");
      await bring("desk.js");
      await window.gvc.desk({ chapter, line, python, bring, kept: kept() });
    } catch (error) {
      console.error(error);
      button.disabled = false;
      note.textContent = "The files of Python did not arrive. Try again, or download the notebook below.";
    }
  });
})();
