// Small mends that need the size of things on the reader's screen.
(() => {
  "use strict";
  // What scrolls sideways inside the page can be reached and scrolled by keyboard; what does not is no tab stop.
  const SCROLLERS = ".gvc-formula, .gvc-view, .pst-scrollable-table-container, div.highlight pre, .cell_output .output";
  const mend = (within) => {
    const boxes = [...within.querySelectorAll(SCROLLERS)];
    const wide = boxes.map((box) => box.scrollWidth > box.clientWidth + 1); // all are asked before any is changed
    boxes.forEach((box, at) => {
      if (wide[at]) box.tabIndex = 0;
      else if (box.hasAttribute("tabindex")) box.removeAttribute("tabindex");
    });
  };
  addEventListener("load", () => mend(document));
  addEventListener("resize", () => mend(document));
  addEventListener("gvc:drawn", ({ target }) => mend(target));

  // The theme's menus of a phone are dialogs: one that closes gives the focus back to the button that opened it.
  for (const part of ["primary", "secondary"]) {
    document.getElementById(`pst-${part}-sidebar-modal`)?.addEventListener("close", () => {
      setTimeout(() => document.querySelector(`.${part}-toggle`)?.focus()); // after the theme has moved the menu
    });
  }

  // What a link points at opens, with every fold around it: on load, after, and when the link is clicked once more.
  function place() {
    try { return document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
  }
  function open(part) {
    let opened = false;
    const described = part?.closest(".gvc-words")?.previousElementSibling; // it stands below its fold, not in it
    for (let fold = described ?? part?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      opened ||= !fold.open;
      fold.open = true;
    }
    return opened;
  }
  function reveal() {
    const target = place();
    if (open(target)) target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  addEventListener("click", (event) => {
    if (event.target.closest?.("a[href*='#']")) setTimeout(reveal); // the address may stay as it is
  });

  // On paper every card is open, whatever the browser thinks of a style for it.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.claim:not([open])")];
    for (const card of closed) card.open = true;
  });
  addEventListener("afterprint", () => { for (const card of closed) card.open = false; });

  // The words one searched for, where the search leads: the first is brought into sight, out of its fold if need be.
  function found() {
    const words = new URLSearchParams(location.search).get("found")?.split(" ").filter(Boolean);
    if (!words?.length || !window.Highlight) return;
    const ranges = [];
    const texts = document.createTreeWalker(place() ?? document.querySelector("article"), NodeFilter.SHOW_TEXT);
    const wanted = new RegExp(`(?:(?<![\\p{L}\\p{N}])|(?=\\p{Script=Han}))(?:${words.map((word) => word.replace(/\W/g, "\\$&")).join("|")})`, "giu");
    while (texts.nextNode()) {
      if (texts.currentNode.parentElement.closest("script, style")) continue;
      for (const { 0: { length }, index } of texts.currentNode.data.matchAll(wanted)) {
        const range = new Range();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("gvc-found", new Highlight(...ranges));
    const first = ranges[0]?.startContainer.parentElement;
    open(first);
    first?.scrollIntoView({ block: "center" });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", reveal);
  else reveal();
  if (document.readyState === "complete") found();
  else addEventListener("load", found); // after the browser's own way to the place
})();
