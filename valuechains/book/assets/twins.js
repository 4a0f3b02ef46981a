// The life of a twin on the page: labelled controls that set the signals of its chart. Loaded after charts.js.
// The chart holds the model (as expressions, or as answers computed in advance); its signal `says` is the sentence.
(() => {
  "use strict";
  if (!window.gvc?.embed) return; // charts.js says so
  const SETTLED = 250; // ms without a move after which the sentence is read out and the table follows

  const { make } = window.gvc;
  window.gvc.style("twins.css");

  // One control: its place is the number of the chosen option. `setting` says what the other controls are set to, `known`
  // that and each field of the result.
  function control(declared, id, moved, setting, known) {
    const { name, label, kind, start, idle = [] } = declared;
    let options = window.gvc.options(declared, setting);
    const place = (wanted) => options.findIndex(([value]) => value === wanted);
    const output = make("output", { for: id, "aria-hidden": "true" }); // the slider says it, and says it once
    const input = kind === "range"
      ? make("input", { id, type: "range", min: 0, max: options.length - 1, step: 1 })
      : make("select", { id });
    function list() {
      if (kind !== "range") input.replaceChildren(...options.map(([, text], place) => make("option", { value: place }, text)));
    }
    list();
    let at;
    function put(place) {
      at = place;
      input.value = place;
      if (kind !== "range") return;
      output.value = options[place][1];
      input.setAttribute("aria-valuetext", options[place][1]);
    }
    put(place(start));
    // Where it changes nothing it keeps its place in the order of focus, stays as it is, and says why.
    const why = make("p", { id: `${id}-idle`, class: "gvc-idle" });
    function dim() {
      const holds = ([, where]) => Object.entries(where).every(([other, values]) => values.includes(known(other)));
      const said = idle.find(holds)?.[0];
      why.textContent = said ? gvcSay("No effect here. {why}", { why: said }) : "";
      input.ariaDisabled = said ? "true" : null;
      if (said) input.setAttribute("aria-describedby", why.id);
      else input.removeAttribute("aria-describedby");
    }
    input.addEventListener("keydown", (event) => {
      const moves = event.key.length === 1 || /^(Arrow|Page|Home|End|Enter)/.test(event.key);
      if (input.ariaDisabled && moves && !event.ctrlKey && !event.metaKey) event.preventDefault();
    });
    input.addEventListener("input", () => { put(Number(input.value)); moved(); });
    // The options follow the control on which they hang; one that is no longer offered gives way to the start, or the first.
    function follow() {
      const offered = window.gvc.options(declared, setting);
      if (offered === options) return;
      const [chosen] = options[at];
      options = offered;
      list();
      put([chosen, start].map(place).find((found) => found >= 0) ?? 0);
    }
    return {
      name,
      element: make("div", { class: `gvc-control gvc-${kind}` }, make("label", { for: id }, label), input, ...(kind === "range" ? [output] : []), ...(idle.length ? [why] : [])),
      value: () => options[at][0],
      reset: () => { follow(); put(place(start)); },
      follow,
      dim,
    };
  }

  async function twin(figure) {
    const { params, usermeta: { valuechains: about } } = await window.gvc.spec(figure);
    const panel = figure.querySelector(".gvc-controls");
    const [setting, says] = figure.querySelectorAll(".gvc-setting, .gvc-says");
    const set = (name) => controls.find((one) => one.name === name).value();
    const controls = [];
    const known = (name) => controls.find((one) => one.name === name)?.value() ?? view.signal("result")[name];
    for (const declared of about.twin.controls) controls.push(control(declared, `${figure.id}-${declared.name}`, move, set, known));
    const reset = make("button", { type: "button", class: "gvc-reset" }, gvcSay("Reset"));
    reset.addEventListener("click", () => { controls.forEach((one) => one.reset()); move(); });
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", gvcSay("Controls: {finding}", about));
    panel.append(...controls.map((one) => one.element), reset);

    const words = figure.querySelector(`[id="${figure.id}-words"]`);
    const first = words.textContent;
    const tables = follow(figure, about, params?.find(({ name }) => name === "gvc_names")?.value ?? {});
    let view, timer;

    async function move() {
      controls.forEach((one) => one.follow());
      if (!view) return;
      for (const one of controls) view.signal(one.name, one.value());
      controls.forEach((one) => one.dim()); // by how the others are set, at once
      await view.runAsync();
      controls.forEach((one) => one.dim()); // and by the result
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLED);
    }

    function settle() {
      setting.textContent = window.gvc.setting(about.twin, view);
      says.textContent = view.signal("says");
      words.textContent = gvcSay("{now} At first: {first}", { now: view.signal("says"), first });
      tables.forEach((table) => table(view));
      figure.dispatchEvent(new CustomEvent("gvc:moved"));
    }

    function drawn() {
      view = figure.gvc.view;
      move();
    }
    if (figure.gvc) drawn();
    figure.addEventListener("gvc:drawn", drawn); // and when it is drawn anew, at another width
  }

  // The table and the CSV file of each frame show the present setting, as the chart does; `names` are what an edition in
  // another language calls what the data call otherwise.
  function follow(figure, about, names) {
    const links = figure.querySelectorAll('.gvc-downloads a[href$=".csv"]');
    return about.tables.map(({ data, columns }, place) => {
      const body = figure.querySelector(`[id="${figure.id}-data-${place + 1}"] ~ tbody`);
      let name;
      return (view) => {
        name ??= holder(view, data);
        const rows = name ? view.data(name) : [];
        body.replaceChildren(...rows.map((row) => make("tr", {}, ...columns.map((column, at) =>
          make(at ? "td" : "th", at ? number(row, column) : { scope: "row" }, text(row[column.field], column, names))))));
        links[place].href = `data:text/csv;charset=utf-8,${encodeURIComponent(csv(rows, columns))}`;
        links[place].download = `${figure.id}.csv`;
      };
    });
  }

  // Vega has names of its own for the data that a chart draws; a column of the rows says which frame they are.
  const holder = window.gvc.holder = (view, frame) => {
    const { data } = view.getState({ data: () => true, signals: () => false });
    return Object.keys(data).find((name) => view.data(name)[0]?._frame === frame);
  };

  const number = (row, { field, format }) => (typeof row[field] === "number" && format !== "d" ? { class: "gvc-number" } : {});

  function text(value, { format }, names) {
    if (value === null || value === undefined) return gvcSay("missing");
    if (typeof value !== "number" || format === "d") return names[value] ?? String(value);
    const style = format === "%" ? { style: "percent" } : {};
    return value.toLocaleString("en", { ...style, maximumSignificantDigits: 4 }).replace("-", "\u2212");
  }

  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

  function csv(rows, columns) {
    const head = columns.map(({ title, format }) => (format === "%" ? `${title} (fraction)` : title));
    return [head, ...rows.map((row) => columns.map(({ field }) => String(row[field] ?? "")))]
      .map((cells) => cells.map(quoted).join(",") + "\n").join("");
  }

  // Each when it comes near, or is drawn: what a twin knows can weigh as much as a third of Vega.
  const begun = new WeakSet();
  function begin(figure) {
    if (begun.has(figure)) return undefined;
    begun.add(figure);
    nearing.unobserve(figure);
    return twin(figure);
  }
  const nearing = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) begin(target);
  }, { rootMargin: "100%" });

  window.gvc.twin = twin;
  for (const figure of document.querySelectorAll("figure.gvc-figure:has(.gvc-controls)")) {
    if (figure.gvc) begin(figure);
    else nearing.observe(figure);
    figure.addEventListener("gvc:drawn", () => { figure.gvc.ready = begin(figure); });
  }
})();
