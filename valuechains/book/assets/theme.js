// The reader's own light or dark setting, before anything is drawn. Without scripts a page is light.
(() => {
  "use strict";
  const kept = (name) => {
    try { return localStorage.getItem(name); } catch { return null; } // a browser may refuse to keep anything
  };
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = kept("theme") ?? "auto";
  root.dataset.defaultMode = "auto";
  root.dataset.mode = kept("mode") ?? "auto";
  root.dataset.theme = theme !== "auto" ? theme : dark ? "dark" : "light";
})();
