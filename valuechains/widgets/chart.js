// The chart of a twin in JupyterLab. What it shows comes from Python by message: the chart once, then each reading.
const DATA = new Set(["data", "datasets", "values", "params"]);

// The chart's colours are those of the light palette; in JupyterLab's dark theme each becomes its dark counterpart.
function themed(part, palette) {
  if (document.body.dataset.jpThemeLight !== "false") return part;
  if (typeof part === "string") return palette[part] ?? part;
  if (Array.isArray(part)) return part.map((one) => themed(one, palette));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, DATA.has(key) ? value : themed(value, palette)]));
}

function vegaEmbed(source) {
  if (source && !window.vegaEmbed) {
    const script = document.createElement("script");
    script.text = `(function(){${source}})();`; // in a function of its own: its names must not become the page's
    document.head.append(script);
  }
  return window.vegaEmbed;
}

async function show(view, { signals, frames }) {
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  for (const [name, rows] of Object.entries(frames)) view.data(name, rows);
  await view.runAsync();
}

// JupyterLab would take the arrow keys of a list in an output for its own, to go to the next cell; and ipywidgets writes
// a slider's label beside its handle, but does not name the handle with it.
function reachable(bench) {
  for (const control of bench?.querySelectorAll("select, button, .noUi-handle") ?? []) {
    control.dataset.lmSuppressShortcuts = "true";
    const label = control.closest(".widget-slider")?.querySelector(".widget-label");
    if (label) control.setAttribute("aria-label", label.textContent);
  }
}

function render({ model, el }) {
  const says = document.createElement("p");
  says.setAttribute("role", "status"); // read out by a screen reader when it changes
  says.textContent = "Run this cell to bring the chart to life.";
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  place.style.cssText = "display: block; width: 100%; max-width: 46rem"; // vega-embed alone would shrink to nothing
  el.classList.add("gvc-twin");
  el.append(says, place);

  let chart, reading, drawing = Promise.resolve();

  async function embed() {
    el.gvc?.finalize();
    el.gvc = await vegaEmbed(chart.vega)(place, themed(chart.spec, chart.palette), { renderer: "svg", actions: false });
    await update();
  }

  async function update() {
    await show(el.gvc.view, reading);
    says.textContent = reading.signals.says;
    place.setAttribute("aria-label", `${chart.spec.title.text.join(" ")}. ${reading.signals.says}`);
    reachable(el.closest(".widget-vbox"));
    el.dataset.drawn = performance.now(); // tests and tools/latency.py read it
  }

  // One after the other: a reading that arrives while the chart is being drawn waits for it.
  const then = (step) => (drawing = drawing.then(step, step));

  function receive(message) {
    if (message.type === "chart" && !chart) {
      chart = message;
      reading = message.reading;
      then(embed);
    } else if (message.type === "reading" && chart) {
      reading = message.reading;
      then(update);
    }
  }

  const themes = new MutationObserver(() => chart && then(embed));
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  model.on("msg:custom", receive);
  model.send({ type: "open", vega: !window.vegaEmbed });
  return () => {
    themes.disconnect();
    model.off("msg:custom", receive);
    el.gvc?.finalize();
  };
}

export default { render };
