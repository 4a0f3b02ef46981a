// Puts the live chart in the place of each drawn one. Loaded after vega.js, which sets window.gvc and vegaEmbed.
(() => {
  "use strict";
  const gvc = window.gvc;
  const NARROW = 560; // pixels
  const WIDE = 640; // what a figure's own settings are made for
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

  // On a narrow page a long title of the horizontal axis, and long names of rows, stand in lines: nothing is left out.
  const IN_LINES = "split(trim(replace(datum.label, regexp('(.{1,24})( +|$)', 'g'), '$1\\n')), '\\n')";
  function narrowed(part, width) {
    if (Array.isArray(part)) return part.map((one) => narrowed(one, width));
    if (part === null || typeof part !== "object") return part;
    const { x, y } = part.encoding ?? {};
    const encoding = { ...part.encoding };
    if (x?.title?.length > width / 7 && x.axis !== null) encoding.x = { ...x, axis: { ...x.axis, title: lines(x.title, width / 7) } };
    if (y?.type === "nominal" && y.axis !== null) encoding.y = { ...y, axis: { labelExpr: IN_LINES, ...y.axis, labelLimit: 170, labelLineHeight: 13 } };
    const inner = Object.fromEntries(["layer", "hconcat", "vconcat", "spec"].filter((key) => part[key]).map((key) => [key, narrowed(part[key], width)]));
    return { ...part, ...inner, ...(part.encoding && { encoding }) };
  }

  function fitted(spec, width) {
    const narrow = width && width < NARROW;
    const rest = themed({ ...(narrow ? narrowed(spec, width) : spec), config: { ...gvc.config, ...spec.config } });
    if (narrow) {
      const { legend, axis, view } = rest.config;
      const columns = Math.max(1, Math.floor((legend.columns ?? 4) * width / WIDE));
      const names = { labelAngle: -40, labelLimit: 170 }; // names side by side do not fit
      const layout = { top: { direction: "vertical", anchor: "start" } }; // one legend under the other
      const across = { ...rest.config.axisX, titleAnchor: "end" }; // the names of rows leave it room on the left
      const rows = { ...view, discreteHeight: { step: 30 } }; // names of two lines
      rest.config = { ...rest.config, legend: { ...legend, columns, layout, labelLimit: 300 }, axis: { ...axis, labelLimit: 110 }, axisX: across, axisXDiscrete: names, view: rows };
    }
    return rest;
  }

  // Vega keeps axes and legends within its width, not numbers written beside marks: the plot gives way to them.
  async function keep({ view }, element) {
    await view.runAsync();
    const edge = element.querySelector("svg").getBoundingClientRect();
    const texts = [...element.querySelectorAll("text")].map((text) => text.getBoundingClientRect()).filter(({ width }) => width);
    const right = Math.max(0, ...texts.map((text) => text.right - edge.right));
    const left = Math.max(0, ...texts.map((text) => edge.left - text.left));
    const now = view.padding();
    const most = edge.width / 2; // half of it stays the plot's
    if (left + right > 0.5 && now.left + now.right + left + right < most) await view.padding({ ...now, left: now.left + left, right: now.right + 1.3 * right }).resize().runAsync();
  }

  // The specification that a figure holds; a long one is stored as deflated base64.
  gvc.spec = async (figure) => {
    const stored = figure.querySelector("script.gvc-spec");
    if (!("packed" in stored.dataset)) return JSON.parse(stored.textContent);
    const bytes = Uint8Array.from(atob(stored.textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  };

  // Draws a stored specification into an element; resolves to vega-embed's result.
  gvc.embed = (element, spec) =>
    window.vegaEmbed(element, fitted(spec, element.clientWidth), {
      mode: "vega-lite", renderer: "svg", actions: false, logLevel: 1, tooltip: { disableDefaultStyle: true },
    });

  // A text as lines that fit a drawing, as figures.titled wraps them.
  function lines(text, most) {
    const all = [];
    for (const word of text.split(" ")) {
      const longer = `${all.at(-1)} ${word}`;
      if (all.length && longer.length <= most) all[all.length - 1] = longer;
      else all.push(word);
    }
    return all;
  }

  // The options of a twin's control, [value, text] each; those of some hang on the setting of another control.
  gvc.options = ({ options, of, offers }, setting) => (of ? offers.find(([value]) => value === setting(of))[1] : options);

  // The setting of a twin in words, as Twin.setting writes it.
  gvc.setting = ({ controls }, view) => controls.map((control) => {
    const options = gvc.options(control, (name) => view.signal(name));
    return `${control.label}: ${options.find(([value]) => value === view.signal(control.name))[1]}`;
  }).join("; ");

  // What is on screen, as a drawing that stands alone: on paper, with finding, measure, setting, sentence and source.
  function alone(spec, view) {
    const { valuechains: about } = spec.usermeta;
    const asOf = about.as_of ? ` As of ${about.as_of}.` : "";
    const source = `Source: ${about.source.join("; ").replace(/\.$/, "")}.${asOf}`;
    const set = new Set(about.twin?.controls.map(({ name }) => name));
    const notes = about.twin ? [gvc.setting(about.twin, view), view.signal("says")] : [];
    return {
      ...spec,
      ...(spec.width === "container" && { width: PRINTED }),
      title: {
        text: lines(about.finding, 78),
        subtitle: [`${about.measure}, ${about.unit}`, ...notes, source].flatMap((text) => lines(text, 96)),
      },
      params: spec.params?.map((param) => (set.has(param.name) ? { ...param, value: view.signal(param.name) } : param)),
      config: { ...gvc.config, ...spec.config, background: "white", padding: 16 },
    };
  }

  const PICTURES = {
    svg: async (view) => new Blob([await view.toSVG()], { type: "image/svg+xml" }),
    png: async (view) => (await fetch(await view.toImageURL("png", 2))).blob(),
  };

  async function save(figure, kind) {
    const spec = await gvc.spec(figure);
    const { view } = await window.vegaEmbed(document.createElement("div"), alone(spec, figure.gvc.view), {
      mode: "vega-lite", renderer: "svg", actions: false, logLevel: 1,
    });
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

  async function draw(figure) {
    const view = figure.querySelector(".gvc-view");
    const live = document.createElement("div");
    live.className = "gvc-live";
    live.ariaHidden = "true"; // the frame around it is the picture, with a name and a description
    const drawn = view.firstElementChild;
    drawn.hidden = true;
    view.append(live);
    try {
      figure.gvc = await gvc.embed(live, await gvc.spec(figure));
      await keep(figure.gvc, live);
      drawn.remove();
      figure.dispatchEvent(new CustomEvent("gvc:drawn", { bubbles: true }));
    } catch (error) {
      live.remove();
      drawn.hidden = false; // the drawing made with the book stays
      console.error(error);
    }
  }

  // Vega follows the window; this makes it follow its own column too (a side bar that opens or closes).
  const resized = new ResizeObserver(() => window.dispatchEvent(new Event("resize")));
  gvc.drawn = Promise.all([...document.querySelectorAll("figure.gvc-figure")].map(draw));
  gvc.drawn.then(() => document.querySelectorAll(".bd-article").forEach((article) => resized.observe(article)));
})();
