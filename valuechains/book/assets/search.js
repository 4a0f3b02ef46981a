// Searches the places of the book, which search-places.js holds: a section, a figure, a claim, a term.
(() => {
  "use strict";
  const MOST = 40; // results shown
  const AROUND = 110; // letters of an excerpt before and after the first word found
  const places = new URL(document.currentScript.dataset.places, location);
  const form = document.querySelector(".gvc-search form");
  const status = document.querySelector(".gvc-search [role=status]");
  const list = document.getElementById("search-results");

  // What a word begins with in all its forms: "services" finds "service", "measured" finds "measure".
  function beginning(word) {
    const stem = new Stemmer().stemWord(word);
    let same = 0;
    while (same < stem.length && stem[same] === word[same]) same += 1;
    return same < 3 ? word : word.slice(0, same);
  }

  const pattern = (beginnings) =>
    new RegExp(`(?:(?<![\\p{L}\\p{N}])|(?=\\p{Script=Han}))(?:${beginnings.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})[\\p{L}\\p{N}]*`, "giu");

  // A place counts if it has every word; a word in its name counts for more than any number of them in its text.
  function weight(name, text, beginnings) {
    let sum = 0;
    for (const one of beginnings) {
      const named = name.match(pattern([one]))?.length ?? 0;
      const said = text.match(pattern([one]))?.length ?? 0;
      if (!named && !said) return 0;
      sum += 20 * Math.min(named, 1) + Math.min(said, 8);
    }
    return sum;
  }

  function find(beginnings) {
    const hits = [];
    for (const [page, title, places] of window.gvcPlaces) {
      for (const [anchor, name, text] of places) {
        const weighs = weight(name, text, beginnings);
        if (weighs) hits.push({ page, title, anchor, name, text, weighs });
      }
    }
    return hits.sort((one, other) => other.weighs - one.weighs); // equals stay in the order of the book
  }

  // The text around the first word found, with every word found in it marked.
  function excerpt(text, words) {
    const first = Math.max(text.search(words), 0); // a place may have the words in its name only
    const from = first < AROUND ? 0 : text.indexOf(" ", first - AROUND) + 1;
    const until = text.length - first < AROUND ? text.length : text.lastIndexOf(" ", first + AROUND);
    const said = text.slice(from, Math.max(until, from));
    const paragraph = document.createElement("p");
    let at = 0;
    for (const { 0: word, index } of said.matchAll(words)) {
      const mark = document.createElement("mark");
      mark.textContent = word;
      paragraph.append(said.slice(at, index), mark);
      at = index + word.length;
    }
    paragraph.append(said.slice(at));
    if (from) paragraph.prepend("\u2026 ");
    if (until < text.length) paragraph.append(" \u2026");
    return paragraph;
  }

  function row({ page, title, anchor, name, text }, beginnings) {
    const item = document.createElement("li"), link = document.createElement("a"), where = document.createElement("span");
    link.href = `${page}?found=${encodeURIComponent(beginnings.join(" "))}#${anchor}`;
    link.textContent = name;
    where.textContent = name === title ? "" : title;
    item.append(link, where, excerpt(text, pattern(beginnings)));
    return item;
  }

  function show(query) {
    const beginnings = (query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(beginning);
    const hits = beginnings.length ? find(beginnings) : [];
    list.replaceChildren(...hits.slice(0, MOST).map((hit) => row(hit, beginnings)));
    const none = gvcSay("No place of the book has all of these words: \u201c{query}\u201d. Try fewer words, or others.", { query });
    const some = gvcCount("{number} place with \u201c{query}\u201d", "{number} places with \u201c{query}\u201d", hits.length, { query });
    status.textContent = !hits.length ? none : hits.length > MOST ? gvcSay("{some}; the first {most} are shown.", { some, most: MOST }) : gvcSay("{some}.", { some });
  }

  const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
  form.elements.q.value = query;
  if (!query) return form.elements.q.focus();
  status.textContent = gvcSay("Searching\u2026");
  const script = document.createElement("script");
  script.src = places;
  script.onload = () => show(query);
  script.onerror = () => { status.textContent = gvcSay("The words of the book could not be loaded: build the book again."); };
  document.head.append(script);
})();
