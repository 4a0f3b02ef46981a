// Makes a chart fit the width it is drawn at: names and titles break into lines, legends into rows, and what a mark
// writes beyond the frame moves the frame in. Texts are measured in the reader's own font. For a page,
// where it is loaded after look.js, and for JupyterLab, which gives it the look of its chart.
(() => {
  "use strict";
  const gvc = window.gvc;
  const NARROW = 560; // pixels
  const LINE = 14; // pixels from one line of a label to the next
  const AXIS = 70; // pixels of an axis of numbers with its title
  const EDGE = 8; // pixels left free at the frame
  const SYMBOL = 24; // pixels of a legend's sign and the gap after it
  const GAP = 10; // pixels between two columns of a legend
  const TURNS = 4;
  const SIGN = "\u2714\u00a0"; // before the name of a verdict
  const DRAWN = ":is(.role-axis, .role-axis-label, .role-axis-title, .role-mark):not([clip-path] *) > :is(text, path, line, rect)";
  const DISCRETE = new Set(["nominal", "ordinal"]);
  const GUIDED = ["color", "fill", "stroke", "shape", "strokeDash", "size"];
  const MOST = 6; // columns of a legend
  const WORDS = /(^| |)([\u2e80-\u9fff\uff00-\uffef][\u3001\u3002\uff0c\uff1a\uff1b\uff09]*|[^ \u2e80-\u9fff\uff00-\uffef]*)/g; // a Chinese line breaks anywhere but before a mark
  const AMOUNT = 64; // pixels of one sign of a legend of amounts
  const LEGEND = 240; // pixels of such a legend in one row
  const PLOT = 420; // pixels of the narrowest plot that has names at the ends of its lines (figures.ends)
  const LEAD = 20; // pixels from the end of a line to its name

  const ruler = document.createElement("canvas").getContext("2d");
  function measure(text) {
    ruler.font = `500 12px ${gvc.config.font}`;
    return ruler.measureText(text).width;
  }

  // A text as the fewest lines of which none is wider than `most`, unless a word is, and what it is made of.
  gvc.lines = (text, most, size = measure) => {
    const all = [];
    for (const [, blank, word] of String(text).matchAll(WORDS)) {
      if (!blank && !word && all.length) continue; // the end
      const longer = `${all.at(-1)}${blank}${word}`;
      if (all.length && size(longer) <= most) all[all.length - 1] = longer;
      else all.push(...(size(word) > most ? word.split(/(?<=-)/) : [word]));
    }
    return all;
  };
  gvc.expressionFunctions = { gvcLines: (text, most) => (Array.isArray(text) ? text : gvc.lines(text, most)) };

  const guided = (channel, one) => GUIDED.includes(channel) && one.legend !== null;
  const widest = (names) => Math.max(0, ...names.map(measure));
  const words = (names) => names.flatMap((name) => [...name.matchAll(WORDS)].map(([, , word]) => word));
  const broken = (text, most) => `gvcLines(${text}, ${Math.floor(most)})`;

  // What stands along an axis or in a legend; nothing, where only the model of a twin knows.
  function names({ field, sort, scale, axis, legend }, spec) {
    const sign = (axis ?? legend)?.labelExpr ? SIGN : "";
    const given = Array.isArray(sort) ? sort : scale?.domain;
    const rows = Object.values(spec.datasets ?? {}).flat();
    const found = Array.isArray(given) ? given : rows.map((row) => row[field.replaceAll("\\", "")]);
    return [...new Set(found)].filter((name) => name !== null && name !== undefined).map((name) => `${sign}${name}`);
  }

  // Every channel of every layer, written anew by `write(channel, encoded)`.
  function encoded(part, write) {
    const channels = Object.entries(part.encoding ?? {}).map(([channel, one]) => [channel, one?.field ? write(channel, one) : one]);
    return {
      ...part,
      ...(part.encoding && { encoding: Object.fromEntries(channels) }),
      ...(part.layer && { layer: part.layer.map((layer) => encoded(layer, write)) }),
    };
  }

  function titled(one, most, short) {
    const title = one.axis?.title ?? one.title;
    if (!title || Array.isArray(title)) return one;
    const { title: _, ...rest } = one;
    const lines = title.expr ? { expr: broken(title.expr, most) } : gvc.lines(title, most);
    const anchor = title.expr || measure(title) > short ? { titleAnchor: "end" } : {};
    return { ...rest, axis: { ...one.axis, ...(short && anchor), title: lines } };
  }

  function layout(spec, width) {
    const all = [];
    encoded(spec, (channel, one) => (all.push([channel, one]), one));
    const along = (wanted) => all.find(([channel, one]) => channel === wanted && DISCRETE.has(one.type) && one.axis !== null)?.[1];
    const [down, across] = ["y", "x"].map(along);
    const rows = down ? names(down, spec) : [];
    const longest = Math.min(widest(words(rows)), 0.5 * width);
    const room = across ? longest : Math.min(320, Math.max((width < NARROW ? 0.3 : 0.38) * width, longest)); // a heat map's cells hold numbers
    const left = down ? Math.min(room, widest(rows) || room) : AXIS;
    const plot = width - left - 2 * EDGE;
    const lines = Math.max(1, ...rows.map((name) => gvc.lines(name, room).length));
    const columns = across ? names(across, spec) : [];
    const legends = all.filter(([channel, one]) => guided(channel, one)).map(([, one]) => one);
    return { room, plot, rows, lines, columns, legends, step: plot / (columns.length || 1) };
  }

  function tall({ height }, { rows, lines }) {
    const step = Math.max(20, LINE * lines + 6);
    if (lines === 1 || !rows.length) return height;
    if (typeof height === "number") return Math.max(height, step * rows.length);
    return { step: Math.max(step, height?.step ?? 0) };
  }

  // Names down the side, each in the middle of its row, however many lines it has.
  function named(one, { room }) {
    const labelExpr = broken(one.axis?.labelExpr ?? "datum.label", room);
    const encoding = { labels: { dy: { value: { signal: `${-LINE / 2} * (length(${labelExpr}) - 1)` } } } };
    return { ...one, axis: { ...one.axis, labelLimit: room + EDGE, labelExpr, encoding } };
  }

  function under(one, { columns, step }, width) {
    const { axis } = one;
    if (columns.every((name) => !Number.isNaN(Number(name)))) return { ...one, axis: { ...axis, labelOverlap: "parity" } };
    if (columns.length && widest(words(columns)) < step - 6)
      return { ...one, axis: { ...axis, labelAngle: 0, labelLimit: step, labelExpr: broken("datum.label", step - 6) } };
    return { ...one, axis: { ...axis, labelAngle: width < NARROW ? -60 : -40, labelLimit: 220 } };
  }

  // A legend in as many columns as stand side by side, and how wide that is.
  function columned(one, spec, plot) {
    if (!DISCRETE.has(one.type)) return [Math.max(1, Math.floor(plot / AMOUNT)), Math.min(plot, LEGEND)];
    const sizes = names(one, spec).map((name) => measure(name) + SYMBOL);
    const total = (count) => sizes.slice(0, count).reduce((sum, _, at) =>
      sum + GAP + Math.max(...sizes.filter((_, place) => place % count === at)), -GAP);
    let columns = Math.min(one.legend?.columns ?? MOST, sizes.length || 1);
    while (columns > 1 && total(columns) > plot) columns -= 1;
    return [columns, total(columns)];
  }

  function legend(one, spec, plot) {
    const most = plot - SYMBOL - 2 * EDGE; // a title down the side takes as much
    const labelExpr = broken(one.legend?.labelExpr ?? "datum.label", most);
    const said = DISCRETE.has(one.type) ? { labelLimit: most + EDGE, labelExpr } : {};
    return { ...one, legend: { ...one.legend, columns: columned(one, spec, plot)[0], ...said } };
  }

  // Whether the legends of a chart are too wide to stand side by side: then they stand one under the other.
  function crowded(legends, spec, plot) {
    const firsts = legends.filter(({ field }, at) => legends.findIndex((one) => one.field === field) === at);
    const widths = firsts.map((one) => columned(one, spec, plot)[1]);
    return widths.reduce((sum, width) => sum + width + 2 * GAP, 0) > plot - 2 * EDGE;
  }

  // Names stand at the ends of lines where they leave the plot its room; where they do not, in the legends they stand for.
  function ended(spec, width) {
    const saved = spec.usermeta?.valuechains?.ends;
    if (!saved || width - AXIS - LEAD - widest(spec.datasets.ends.flatMap((row) => row.end_name.split("\n"))) >= PLOT) return spec;
    const layer = spec.layer.filter(({ data }) => data?.name !== "ends");
    const told = ({ legend: _, ...one }) => one;
    return encoded({ ...spec, layer }, (channel, one) => (saved.includes(channel) ? told(one) : one));
  }

  // The specification at a width in pixels.
  gvc.fit = (stored, width) => {
    const spec = ended(stored, width);
    const shape = layout(spec, width);
    const height = tall(spec, shape);
    const high = typeof height === "number" ? height : height?.step ? height.step * shape.rows.length : shape.rows.length ? 20 * shape.rows.length : 320;
    const write = (channel, one) => {
      if (one.axis !== null && (channel === "x" || channel === "y")) {
        const [most, short] = channel === "x" ? [width - 2 * EDGE, shape.plot] : [Math.max(high, 120), 0];
        const said = titled(one, most, short);
        if (channel === "y") return DISCRETE.has(one.type) ? named(said, shape) : said;
        if (DISCRETE.has(one.type)) return under(said, shape, width);
        return one.scale?.type === "log" ? said : { ...said, axis: { labelOverlap: "parity", ...said.axis } };
      }
      return guided(channel, one) ? legend(one, spec, shape.plot) : one;
    };
    const stacked = crowded(shape.legends, spec, shape.plot) && { layout: { top: { direction: "vertical", anchor: "start" } } };
    const config = {
      ...spec.config,
      legend: { ...spec.config.legend, ...stacked },
    };
    return { ...encoded(spec, write), ...(height && { height }), config, width, autosize: { type: "fit-x", contains: "padding" } };
  };

  // How far anything drawn reaches beyond the frame, left and right.
  function beyond(svg) {
    const frame = svg.getBoundingClientRect();
    let [left, right] = [0, 0];
    for (const part of svg.querySelectorAll(DRAWN)) {
      const box = part.getBoundingClientRect();
      if (!box.width && !box.height) continue;
      left = Math.max(left, frame.left - box.left);
      right = Math.max(right, box.right - frame.right);
    }
    return [left, right].map((by) => Math.ceil(by));
  }

  // Vega leaves room for what it knows of before it has drawn; what it did not know of moves the frame in.
  gvc.settle = async (view, svg) => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const [left, right] = beyond(svg());
      if (!left && !right) return;
      const padding = view.padding();
      await view.padding({ ...padding, left: padding.left + left, right: padding.right + right }).resize().runAsync();
    }
  };
})();
