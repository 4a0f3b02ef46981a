// Hearing a chart, by Chart2Music, which has keys and words of its own. Brought by walk.js when it is first asked for.
(() => {
  "use strict";
  const gvc = window.gvc;
  const KEYS = gvcSay("Left and right: the values, one after the other. Page up and page down: another series. Shift and End: plays to the end, Shift and Home: back to the beginning. Q: faster, E: slower. Control: stops. Bracket left and right: lowest and highest. H: all keys. Escape: stops, and back.");
  const NONE = gvcSay("Chart2Music makes no sound on phones and tablets: open this page on a computer.");
  const MARKS = { line: "line", comparison: "bar", scatter: "scatter", "heat map": "matrix" };

  // One sound that goes up with the value, for each series; positions without a number are counted.
  function scored(views) {
    const [first] = views, alike = views.filter(({ along, value }) => along.title === first.along.title && value.title === first.value.title);
    const fields = (view) => (view.kind === "heat map" ? [view.y] : view.series);
    const place = (view, row) => row[view.along.field];
    const positions = [...new Set(alike.flatMap((view) => view.rows.map((row) => place(view, row))))];
    const numbered = positions.every((one) => typeof one === "number");
    const data = {}, type = [];
    for (const view of alike) {
      for (const row of view.rows) {
        const name = fields(view).map(({ field }) => row[field]).join(", ") || view.name || view.value.title;
        if (!data[name]) type.push(MARKS[view.kind]);
        (data[name] ??= []).push({ x: numbered ? place(view, row) : positions.indexOf(place(view, row)), y: row[view.value.field] });
      }
    }
    for (const points of Object.values(data)) points.sort((one, other) => one.x - other.x);
    const points = Object.values(data).flat();
    const axis = (channel, { title, log }, format) => {
      const values = points.map((point) => point[channel]), [low, high] = [Math.min(...values), Math.max(...values)];
      return { label: title, format, type: log ? "log10" : "linear", ...(low === high && { minimum: low - 1, maximum: high + 1 }) };
    };
    const axes = {
      x: axis("x", first.along, (one) => (numbered ? first.at(one) : first.at(positions[one]))),
      y: axis("y", first.value, first.say),
    };
    return { data, axes, type: new Set(type).size === 1 && type[0] === "matrix" ? "matrix" : type };
  }

  gvc.listen = async ({ figure, panel, finding, make, known, leave }) => {
    const keys = make("p", { class: "gvc-keys" }, KEYS);
    const said = make("div", { class: "gvc-heard", lang: "en" }); // its own words
    const place = make("div", { class: "gvc-sound", tabindex: 0, "aria-label": gvcSay("Sound of: {finding}", { finding }) }, gvcSay("Sound: press the right arrow"));
    panel.append(keys, place, said);
    let chart;
    async function follow() {
      const views = gvc.views(...(await known())).filter(({ rows }) => rows.length);
      chart?.cleanUp();
      chart = undefined;
      if (!views.length) return;
      const made = window.c2mChart({ element: place, cc: said, title: finding, lang: "en", ...scored(views) });
      if (made.err) throw new Error(made.err);
      if (place.hasAttribute("role")) chart = made.data;
      else place.textContent = NONE;
    }
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      place.dispatchEvent(new KeyboardEvent("keydown", { key: "Control", ctrlKey: true })); // its own key to stop
      leave();
    });
    await follow();
    return { follow, focus: () => place.focus() };
  };
})();
