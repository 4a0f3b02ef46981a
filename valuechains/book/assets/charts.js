// Puts the live chart in the place of each drawn one: when it comes near, or is used. Loaded after look.js, which sets
// window.gvc, and fit.js; Vega comes with the first chart that is to be drawn.
(() => {
  "use strict";
  const gvc = window.gvc;
  const figures = [...document.querySelectorAll("figure.gvc-figure")];

  // Where nothing can be drawn, the picture made with the book stays and the figure says what it is.
  function still(figure) {
    const note = document.createElement("p");
    note.className = "gvc-still";
    note.textContent = figure.querySelector(".gvc-controls")
      ? gvcSay("This chart could not be drawn anew: the picture is the one made with the book, of its first setting, and its controls are left out.")
      : gvcSay("This chart could not be drawn anew: the picture is the one made with the book.");
    figure.querySelector(".gvc-view").before(note);
    figure.classList.add("gvc-failed");
  }
  if (!gvc?.fit) {
    figures.forEach(still);
    return;
  }
  const PRINTED = 680; // drawing.DRAWN_WIDTH

  // A stored colour of the light palette becomes the page's own variable of that name, so that the theme button, the
  // reader's system setting and print all recolour a chart without drawing it again.
  const DATA = new Set(["data", "datasets", "values", "usermeta"]);
  function themed(part) {
    if (typeof part === "string") return gvc.palette[part.toLowerCase()] ?? part;
    if (Array.isArray(part)) return part.map(themed);
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, DATA.has(key) ? value : themed(value)]));
  }

  // A script, asked for once; one with a packed specification leaves it in gvc.packed.
  const brought = new Map();
  function bring(file) {
    if (!brought.has(file)) {
      brought.set(file, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = file;
        script.onload = () => done(gvc.packed);
        script.onerror = () => failed(new Error(`${file} cannot be read.`));
        document.head.append(script);
      }));
    }
    return brought.get(file);
  }

  gvc.assets = new URL(".", document.currentScript.src);
  const vega = async () => {
    if (!window.gvcVega) await bring(new URL(gvc.vega, gvc.assets).href);
    return window.gvcVega;
  };

  // The specification that a figure holds; a long one is stored as deflated base64, a very long one in a script apart.
  gvc.spec = async (figure) => {
    const { dataset, textContent } = figure.querySelector("script.gvc-spec");
    if (!("packed" in dataset)) return JSON.parse(textContent);
    const packed = dataset.file ? await bring(dataset.file) : textContent;
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  };

  // Where the page's policy forbids making code, Vega reads its expressions with an interpreter of its own.
  function forbidden() {
    try { return !new Function("return true")(); } catch { return true; }
  }
  const breath = () => new Promise((done) => setTimeout(done)); // the page answers its reader

  // Vega's view of a specification, not yet drawn; compiled, parsed and run in tasks of their own.
  async function viewed(spec) {
    const { compile, expressionFunction, expressionInterpreter, Handler, logger, parse, View } = await vega();
    await breath();
    const ast = forbidden();
    for (const [name, does] of Object.entries(gvc.expressionFunctions)) expressionFunction(name, does);
    const errors = logger(1);
    const compiled = compile(spec, { logger: errors }).spec;
    await breath();
    const parsed = parse(compiled, undefined, { ast });
    await breath();
    const view = new View(parsed, { logger: errors, renderer: "svg", ...(ast && { expr: expressionInterpreter }) });
    return view.tooltip(new Handler({ disableDefaultStyle: true }).call);
  }

  // Draws a stored specification into an element, at its width; resolves to its view and the end of it.
  gvc.embed = async (element, spec) => {
    const whole = themed({ ...spec, config: { ...gvc.config, ...spec.config } });
    const view = await viewed(gvc.fit(whole, element.clientWidth || PRINTED));
    await view.initialize(element).runAsync();
    await breath();
    await gvc.settle(view, () => element.querySelector("svg"));
    return { view, finalize: () => view.finalize() };
  };

  // The options of a twin's control, [value, text] each; those of some hang on the setting of another control.
  gvc.options = ({ options, of, offers }, setting) => (of ? offers.find(([value]) => value === setting(of))[1] : options);

  // The setting of a twin in words, as Twin.setting writes it.
  gvc.setting = ({ controls }, view) => controls.map((control) => {
    const options = gvc.options(control, (name) => view.signal(name));
    const value = options.find(([value]) => value === view.signal(control.name))[1];
    return gvcSay("{name}: {value}", { name: control.label, value });
  }).join(gvcSay("; "));

  // The parameters of a twin with its controls as they are set.
  function present({ params, usermeta: { valuechains: { twin } } }, view) {
    const set = new Set(twin?.controls.map(({ name }) => name));
    return params?.map((param) => (set.has(param.name) ? { ...param, value: view.signal(param.name) } : param));
  }

  const wrapped = (text, most) => gvc.lines(text, most, (line) => line.length); // as figures.titled does

  // What is on screen, as a drawing that stands alone: on paper, with finding, measure, setting, sentence and source.
  function alone(spec, view) {
    const { valuechains: about } = spec.usermeta;
    const sources = gvcSay("Source: {sources}.", { sources: about.source.join(gvcSay("; ")).replace(/\.$/, "") });
    const year = /^\d+$/.test(about.as_of);
    const asOf = year ? gvcSay("As of {year}.", { year: about.as_of }) : gvcSay("As of {period}.", { period: about.as_of });
    const source = about.as_of ? `${sources} ${asOf}` : sources;
    const notes = about.twin ? [gvc.setting(about.twin, view), view.signal("says")] : [];
    return {
      ...spec,
      ...(spec.width === "container" && { width: PRINTED }),
      title: {
        text: wrapped(about.finding, 78),
        subtitle: [gvcSay("{measure}, {unit}", about), ...notes, source].flatMap((text) => wrapped(text, 96)),
      },
      params: present(spec, view),
      config: { ...gvc.config, ...spec.config, background: "white", padding: 16 },
    };
  }

  const PICTURES = {
    svg: async (view) => new Blob([await view.toSVG()], { type: "image/svg+xml" }),
    png: async (view) => { const canvas = await view.toCanvas(2); return new Promise((done) => canvas.toBlob(done)); },
  };

  async function save(figure, kind) {
    const spec = await gvc.spec(figure);
    const view = await viewed(alone(spec, figure.gvc.view));
    await view.runAsync();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await PICTURES[kind](view));
    link.download = `${figure.id}.${kind}`;
    link.click();
    view.finalize();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be asking where to put it
  }

  // The links lead to pictures made with the book: of a twin's first setting, and from file:// they would take the
  // place of the page. They stay for readers without scripts.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".gvc-downloads a");
    const kind = link?.getAttribute("href").split(".").pop();
    const figure = link?.closest("figure.gvc-figure");
    if (!figure?.gvc || !(kind in PICTURES)) return;
    event.preventDefault();
    save(figure, kind);
  });

  // Walking through a chart, or hearing it, comes when it is first asked for: by its button, or by W in the figure.
  gvc.bring = bring;

  // For what is loaded after this: an element with its attributes and children, and a style beside the scripts.
  gvc.make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  gvc.style = (name) => document.head.append(gvc.make("link", { rel: "stylesheet", href: new URL(name, gvc.assets) }));

  async function walk(figure) {
    const from = document.activeElement;
    await gvc.drawn;
    for (const name of gvc.walk ? [] : ["tree.js", "walk.js"]) await bring(new URL(name, gvc.assets).href);
    if (figure.gvc) gvc.walk(figure, from);
  }
  addEventListener("click", ({ target }) => target.closest?.(".gvc-walk") && walk(target.closest("figure")));
  addEventListener("keydown", ({ target, key, ctrlKey, metaKey, altKey }) => {
    const figure = target.closest?.("figure:has(.gvc-walk)");
    if (figure && key === "w" && !(ctrlKey || metaKey || altKey) && !target.matches("select")) walk(figure);
  });

  // Draws a figure at the width of its place; what is there stays until the new drawing is.
  async function draw(figure) {
    const place = figure.querySelector(".gvc-view");
    const live = document.createElement("div");
    live.className = "gvc-live gvc-drawing";
    live.ariaHidden = "true"; // the frame around it is the picture, with a name and a description
    place.append(live);
    try {
      const spec = await gvc.spec(figure);
      const before = figure.gvc;
      figure.gvc = await gvc.embed(live, before ? { ...spec, params: present(spec, before.view) } : spec);
      before?.finalize();
      place.replaceChildren(live);
      live.classList.remove("gvc-drawing");
      figure.dispatchEvent(new CustomEvent("gvc:drawn", { bubbles: true }));
      await figure.gvc.ready; // of a twin, its controls
    } catch (error) {
      live.remove();
      console.error(error);
      if (!figure.gvc) still(figure);
    }
  }

  // A figure follows the width of its place: a window that is turned or narrowed, a side bar that opens, a fold. One at
  // a time is drawn, the nearest to what is read first, and between two the page answers its reader.
  const waiting = new Set();
  const drawn = new Map(); // the width at which each was
  const width = (figure) => figure.querySelector(".gvc-view").clientWidth;
  let working;

  function distance(figure) {
    const { top, bottom, height } = figure.getBoundingClientRect();
    return height ? Math.max(0, top - innerHeight, -bottom) : Infinity; // in a closed fold
  }

  const rest = (far) => new Promise((done) => {
    if (far && window.requestIdleCallback) requestIdleCallback(done, { timeout: 1000 });
    else breath().then(done);
  });

  async function work() {
    while (waiting.size) {
      await rest([...waiting].every((figure) => distance(figure) > innerHeight));
      const next = [...waiting].reduce((one, other) => (distance(other) < distance(one) ? other : one));
      waiting.delete(next);
      if (drawn.get(next) === width(next)) continue;
      drawn.set(next, width(next));
      await draw(next);
    }
    working = undefined;
  }

  const watcher = new ResizeObserver((changes) => {
    for (const { target } of changes) waiting.add(target.closest("figure"));
    if (begun) working ??= work();
  });
  for (const figure of figures) {
    waiting.add(figure);
    watcher.observe(figure.querySelector(".gvc-view"));
  }

  // The first figure that comes within a screen of what is read begins it, or whoever asks for the charts.
  let begun = false;
  function begin() {
    nearing.disconnect();
    begun = true;
    working ??= work();
  }
  const nearing = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && begin(), { rootMargin: "100%" });
  figures.forEach((figure) => nearing.observe(figure));
  Object.defineProperty(gvc, "drawn", {
    get() {
      if (!begun) begin();
      return working ?? Promise.resolve();
    },
  });
})();
