// The reader's own light or dark setting, before anything is drawn. Without scripts a page is light. And what every
// script says: its own English, or what the edition's words.js has for it.
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
  const filled = (text, fields) => text.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
  // "button|Export" is "Export", told apart from what else is called so.
  window.gvcSay = (message, fields = {}) => filled(window.gvcWords?.[message] ?? message.replace(/^\w+\|/, ""), fields);
  window.gvcCount = (one, many, number, fields = {}) => {
    const forms = window.gvcWords?.[one];
    return filled(forms ? forms[window.gvcPlural(number)] : number === 1 ? one : many, { number, ...fields });
  };
  // A message with elements in the places of some fields: they may stand in any order.
  window.gvcLinked = (message, parts) => {
    const whole = document.createElement("span");
    whole.append(...gvcSay(message).split(/\{(\w+)\}/).map((piece, place) => (place % 2 ? parts[piece] : piece)));
    return whole;
  };
  root.dataset.theme = theme !== "auto" ? theme : dark ? "dark" : "light";
})();
