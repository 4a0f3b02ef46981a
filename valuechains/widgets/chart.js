// The chart of a twin in JupyterLab. What it shows comes from Python by message: the chart once, then each reading.
const DATA = new Set(["data", "datasets", "values", "params"]);
const WIDEST = 736; // pixels
const LEAST = 220; // pixels: in a narrower cell the chart scrolls
const EDGE = 12; // pixels beside a title's line, both sides together
const SLOW = 1500; // ms without an answer after which the kernel is said to be busy
let words = {}; // by message, as the kernel speaks; English until it has said
const gvcSay = (message) => words[message] ?? message;
const NOTES = {
  dead: () => gvcSay("Run this cell to bring the chart to life."),
  still: () => gvcSay("A still picture, kept when the notebook was saved: run this cell to bring it to life."),
  waiting: () => gvcSay("Waiting for the kernel, which is starting or busy with another cell. The chart follows by itself."),
  gone: () => gvcSay("The kernel that drew this chart is gone: run this cell again to move the controls."),
  fine: () => "",
};

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

// What makes a chart fit its width (figures/fit.js); on the page it is a script of its own, which finds the look there.
function fitter(source, { config }) {
  const gvc = { config };
  new Function("window", source)({ gvc });
  return gvc;
}

// Finding, measure and source in lines of their letters' own size.
function titled({ title, config }, width, { lines }) {
  const ruler = document.createElement("canvas").getContext("2d");
  const { fontSize, fontWeight, subtitleFontSize } = config.title;
  const broken = (sentences, letters) => sentences.flatMap((sentence) => lines(sentence, width - EDGE, (line) => {
    ruler.font = `${letters}px ${config.font}`;
    return ruler.measureText(line).width;
  }));
  return { text: broken(title.text, `${fontWeight} ${fontSize}`), subtitle: broken(title.subtitle, subtitleFontSize) };
}

async function show(view, { signals, frames }) {
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  for (const [name, rows] of Object.entries(frames)) view.data(name, rows);
  await view.runAsync();
}

// ipywidgets writes a slider's label beside its handle and does not name the handle with it, has it say the number of
// the stop in place of the stop, and lets one type into the text beside it, which changes nothing. And JupyterLab would
// take the arrow keys of a list in an output for its own, to go to the next cell.
function reachable(bench) {
  for (const control of bench.querySelectorAll("select, button, .noUi-handle")) control.dataset.lmSuppressShortcuts = "true";
  for (const slider of bench.querySelectorAll(".widget-slider")) {
    const handle = slider.querySelector(".noUi-handle");
    const stop = slider.querySelector(".widget-readout");
    if (!handle || !stop) continue;
    if (stop.contentEditable !== "false") stop.contentEditable = "false";
    const said = { "aria-label": slider.querySelector(".widget-label")?.textContent, "aria-valuetext": stop.textContent };
    for (const [name, text] of Object.entries(said)) if (handle.getAttribute(name) !== text) handle.setAttribute(name, text);
  }
}

function make(tag, parent, attributes, style = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.style.cssText = style;
  parent.append(element);
  return element;
}

// A notebook opened again shows a widget by the state that was saved with it. JupyterLab saves it where a setting says so,
// as in a student's; elsewhere the reader would find "model not found" in the widget's place.
const keepers = new WeakSet();
function initialize({ model }) {
  const manager = model.widget_manager;
  if (!manager?._saveState || !manager.context?.saveState || keepers.has(manager)) return;
  keepers.add(manager);
  manager.context.saveState.connect((_, step) => step === "started" && manager._saveState());
}

function render({ model, el }) {
  el.classList.add("gvc-twin");
  const idle = make("p", el, { class: "gvc-idle" }, "font-size: 90%; margin: 0");
  const says = make("p", el, { role: "status" }); // read out by a screen reader when it changes
  const note = make("p", el, { role: "note", "aria-live": "polite" }, "font-style: italic");
  const place = make("div", el, { role: "img" }, `display: block; max-width: ${WIDEST}px; overflow-x: auto`);

  let bench, chart, reading, width, timer, keeping, drawing = Promise.resolve();

  const alive = () => !el.closest(".jupyter-widgets-disconnected");

  function tell(state) {
    clearTimeout(timer);
    note.textContent = NOTES[state]();
    note.hidden = !note.textContent;
    el.dataset.state = state;
  }

  // What the kernel was asked and has not answered.
  function asked() {
    clearTimeout(timer);
    timer = setTimeout(() => tell(alive() ? "waiting" : chart ? "gone" : "dead"), SLOW);
  }

  // JupyterLab takes a cell that is out of sight, or whose theme changes, off the page: it is 0 pixels wide then.
  async function embed() {
    if (!width || !chart) return;
    const { fit, lines, settle, expressionFunctions } = fitter(chart.fit, chart.spec);
    const spec = { ...(chart.spec.width === "container" ? fit(chart.spec, width) : chart.spec), title: titled(chart.spec, width, { lines }) };
    el.gvc?.finalize();
    el.gvc = await vegaEmbed(chart.vega)(place, themed(spec, chart.palette), { renderer: "svg", actions: false, expressionFunctions });
    await update();
    await settle(el.gvc.view, () => place.querySelector("svg.marks"));
  }

  async function update() {
    if (!el.gvc) return;
    await show(el.gvc.view, reading);
    if (!chart) return; // closed in the meantime
    says.textContent = reading.signals.says;
    idle.textContent = reading.idle.join(" ");
    place.setAttribute("aria-label", `${chart.spec.title.text.join(" ")}. ${reading.signals.says}`);
    tell(alive() ? "fine" : "gone");
    clearTimeout(keeping);
    keeping = setTimeout(keep, SLOW);
    el.dataset.drawn = performance.now(); // tests read it
  }

  // Kept in the notebook when it is saved with the state of its widgets; not sent to the kernel.
  async function keep() {
    const sentence = reading.signals.says;
    model.set("still", { drawn: await el.gvc.view.toSVG(), sentence });
    el.dataset.kept = performance.now();
  }

  function still() {
    const { drawn, sentence } = model.get("still") ?? {};
    tell(drawn ? "still" : "dead");
    if (!drawn) return;
    says.textContent = sentence;
    place.setAttribute("aria-label", sentence);
    place.replaceChildren();
    make("img", place, { alt: "", src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}` }, "max-width: 100%");
  }

  // One after the other: a reading that arrives while the chart is being drawn waits for it.
  const then = (step) => (drawing = drawing.then(step, step));

  function receive(message) {
    if (message.type === "chart" && !chart) {
      chart = message;
      words = message.words;
      reading = message.reading;
      then(embed);
    } else if (message.type === "reading" && chart && message.reading.turn > reading.turn) { // an older one may come later
      reading = message.reading;
      then(update);
    }
  }

  function connected() {
    if (chart) tell(alive() ? "fine" : "gone");
    else if (alive()) asked();
    else still();
  }

  const themes = new MutationObserver(() => chart && then(embed));
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });

  // A move of a control goes to the kernel; a slider that the kernel moves has not the focus.
  const controls = new MutationObserver((changes) => {
    reachable(bench);
    if (changes.some(({ attributeName, target }) => attributeName === "aria-valuenow" && target === document.activeElement)) asked();
  });
  function follow() {
    bench = el.closest(".widget-vbox");
    if (!bench) return;
    reachable(bench);
    controls.observe(bench, { subtree: true, childList: true, attributeFilter: ["aria-valuenow", "aria-valuetext", "contenteditable"] });
    bench.addEventListener("change", asked);
    bench.querySelector("button")?.addEventListener("click", asked);
  }

  const sizes = new ResizeObserver(() => {
    const now = el.clientWidth && Math.max(LEAST, Math.min(el.clientWidth, WIDEST));
    if (!now || now === width) return;
    if (!bench) follow();
    width = now;
    if (chart) then(embed);
  });
  sizes.observe(el);

  model.on("msg:custom", receive);
  const linked = () => setTimeout(connected); // when ipywidgets has marked the view
  model.on("comm_live_update", linked);
  if (alive()) model.send({ type: "open", vega: !window.vegaEmbed });
  connected();
  return () => {
    [themes, controls, sizes].forEach((observer) => observer.disconnect());
    [timer, keeping].forEach(clearTimeout);
    model.off("msg:custom", receive);
    model.off("comm_live_update", linked);
    el.gvc?.finalize();
    el.gvc = chart = reading = undefined; // JupyterLab holds on to the elements of a notebook that was closed
    el.replaceChildren();
  };
}

export default { initialize, render };
