// Puts the live chart in the place of each drawn one. Loaded after vega.js, which sets window.gvc and vegaEmbed.
(() => {
  "use strict";
  const gvc = window.gvc;
  const NARROW = 560; // pixels
  const WIDE = 640; // what a figure's own settings are made for

  // A stored colour of the light palette becomes the page's own variable of that name, so that the theme button, the
  // reader's system setting and print all recolour a chart without drawing it again.
  const DATA = new Set(["data", "datasets", "values", "usermeta"]);
  function themed(part) {
    if (typeof part === "string") return gvc.palette[part.toLowerCase()] ?? part;
    if (Array.isArray(part)) return part.map(themed);
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, DATA.has(key) ? value : themed(value)]));
  }

  function fitted(spec, width) {
    const { title, $schema, ...rest } = themed({ ...spec, config: { ...gvc.config, ...spec.config } }); // the page has the title
    if (width && width < NARROW) {
      const { legend, axis } = rest.config;
      const columns = Math.max(1, Math.floor((legend.columns ?? 4) * width / WIDE));
      const names = { labelAngle: -40, labelLimit: 90 }; // names side by side do not fit
      const layout = { top: { direction: "vertical", anchor: "start" } }; // one legend under the other
      rest.config = { ...rest.config, legend: { ...legend, columns, layout }, axis: { ...axis, labelLimit: 110 }, axisXDiscrete: names };
    }
    return rest;
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
