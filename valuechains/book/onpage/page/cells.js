// A chapter's own code, changed and run where it stands: after the code above that it stands on, and apart from the
// exercises. What is changed is kept in the browser, and the book's text is one button away. After python.js.
(() => {
  "use strict";
  const { make, button, show } = window.gvc.parts;

  window.gvc.cell = async (given) => {
    const { chapter, place, text, ways } = given;
    const { python } = await window.gvc.engine(given);
    const { code } = window.gvc; // [name, source, whether the page shows it]
    const here = code.filter(([, , shown]) => shown)[place];
    const [name, source] = here;
    const book = source.trim();
    const above = code.slice(0, code.indexOf(here)).map(([one, its]) => [one, its]);
    const key = `gvc-code:${chapter}`;
    const kept = () => { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } };
    function keep(source) {
      const all = kept();
      if (source === undefined) delete all[book];
      else all[book] = { source, at: Date.now() };
      try { localStorage.setItem(key, JSON.stringify(all)); } catch { /* it lasts until the page is left */ }
    }

    const status = make("span", { role: "status", class: "gvc-told" });
    const bar = make("progress", { max: 1, value: 0, "aria-label": gvcSay("Python is being made ready"), hidden: true });
    const stop = button(gvcSay("Stop"), () => python.stop(), { hidden: true });
    const back = button(gvcSay("Back to the book’s"), () => {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: book } });
      out.replaceChildren();
      status.textContent = gvcSay("This is the book’s code again.");
    }, { class: "gvc-quiet" });
    const out = make("div", { class: "gvc-out", role: "region", "aria-label": gvcSay("What your code shows") });
    const help = make("p", { class: "gvc-leave", id: `leave-${name}` }, gvcSay("Escape, then Tab, leaves the editor. Shift+Enter runs it."));
    const box = make("div", { class: "gvc-editor" });
    const starts = ({ part, words }) => {
      bar.value = part;
      if (status.textContent !== words) status.textContent = words;
    };
    const run = button(gvcSay("Run"), () => python.queue(running));
    async function running() {
      run.setAttribute("aria-busy", "true");
      python.heard.add(starts);
      out.replaceChildren();
      try {
        if (!python.worker) { bar.hidden = stop.hidden = false; stop.textContent = gvcSay("Cancel"); }
        await python.wake();
        bar.hidden = stop.hidden = true;
        status.textContent = gvcSay("Running …");
        const waited = () => { status.textContent = gvcSay("Still running. Stop ends it."); stop.textContent = gvcSay("Stop"); stop.hidden = false; };
        const { ok, ended } = await python.run([...above, [name, editor.state.doc.toString()]], name, (piece) => show(out, piece), { order: "chapter", waited });
        status.textContent = ended ?? (ok ? gvcSay("Your code has run.") : out.querySelector(".gvc-error")?.textContent ?? "");
        if (ok && !out.childNodes.length) out.append(gvcSay("It shows nothing: end it with the name of what you want to see."));
      } catch (error) {
        status.textContent = error.cancelled ? gvcSay("Cancelled. Run starts Python again.")
          : gvcSay("Python did not start here ({error}). Your text is kept.", { error: error.message.slice(0, 120) });
      } finally {
        bar.hidden = stop.hidden = true;
        python.heard.delete(starts);
        run.removeAttribute("aria-busy");
      }
    }

    const work = make("div", { class: "gvc-work", "data-cell": `code-${name}` }, box, help,
      make("div", { class: "gvc-row" }, run, back, bar, status, stop), out);
    text.closest("div.highlight").hidden = true;
    ways.replaceWith(work);
    const editor = window.gvcEditor({
      parent: box, text: kept()[book]?.source ?? book, label: gvcSay("Code of the chapter, to change"), described: help.id,
      changed: (source) => keep(source === book ? undefined : source), run: () => python.queue(running),
    });
    editor.focus();
    await python.queue(running);
  };
})();
