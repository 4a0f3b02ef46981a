// The tree of a chart, by which one walks through it: view, axis, interval or series, value. Each node has a sentence that
// is computed from the rows that the chart shows, written as the figure's description is (figures/words.py).
// Brought by walk.js; `gvc.tree(outline, rows, titles)`: the outline of figures/outline.py, a function that gives the rows
// of a data set, and one that gives the title of an axis where the outline leaves it to the chart.
(() => {
  "use strict";
  const MINUS = "\u2212";
  const FEW = 12; // positions of an axis that are nodes of their own; more are put into intervals
  const MOST = 10; // intervals of an axis

  // Numbers and names -------------------------------------------------------------------------------------------------

  const isNumber = (value) => typeof value === "number" && !Number.isNaN(value);
  const missing = (value) => value === null || value === undefined || Number.isNaN(value);

  // Digits after the point that give the largest of these values three significant figures; none for whole numbers.
  function decimals(values) {
    const sizes = values.filter(isNumber).map(Math.abs);
    if (!sizes.length || sizes.every(Number.isInteger)) return 0;
    return Math.max(0, 2 - Math.floor(Math.log10(Math.max(...sizes))));
  }

  // As Python rounds: what lies exactly between two goes to the even one.
  function fixed(value, digits) {
    const size = Math.abs(value), exact = size.toFixed(Math.min(100, digits + 60));
    const [kept, rest] = [exact.slice(0, exact.length - 60), exact.slice(-60)];
    const even = /[02468]\.?$/.test(kept) && /^50*$/.test(rest);
    return even ? kept.replace(/\.$/, "") : size.toFixed(digits);
  }

  function written(value, digits, format = "") {
    const [whole, part] = fixed(value, digits).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
    return (value < 0 || Object.is(value, -0) ? MINUS : "") + text + (format === "%" ? "%" : "");
  }

  // A category or a date: a first of January is its year.
  function name(value) {
    if (missing(value)) return "missing";
    const text = String(value), day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
    return day ? day.replace(/-01-01$/, "") : text;
  }

  // Writes the values of a column, all to the same number of digits.
  function sayer(column, values) {
    const scale = column.format === "%" ? 100 : 1;
    const digits = decimals(values.filter(isNumber).map((value) => value * scale));
    return (value) => (column.format === "d" || !isNumber(value) ? name(value) : written(value * scale, digits, column.format));
  }

  const placed = (word) => `${/^\d{4}$/.test(word) ? "in" : "at"} ${word}`;
  const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const distinct = (values) => [...new Set(values)];
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // Intervals ---------------------------------------------------------------------------------------------------------

  // Steps of 1, 2 or 5 of a power of ten, no more than asked for.
  function step(low, high) {
    const span = high - low || Math.abs(low) || 1;
    const tens = 10 ** Math.floor(Math.log10(span / MOST));
    return [1, 2, 5, 10, 20].map((by) => by * tens).find((by) => Math.floor(high / by + 1e-9) - Math.floor(low / by + 1e-9) < MOST);
  }

  // The intervals of a column's values that hold any, each with its words and the rows in it.
  function intervals(column, rows) {
    const scale = column.format === "%" ? 100 : 1;
    const at = (row) => (column.log ? Math.log10(row[column.field]) : row[column.field] * scale);
    const places = rows.map(at), [low, high] = [Math.min(...places), Math.max(...places)], whole = places.every(Number.isInteger);
    const by = column.log ? 1 : Math.max(step(low, high), whole ? 1 : 0), digits = Math.max(0, -Math.floor(Math.log10(by) + 1e-9));
    const last = Math.max(Math.floor(low / by + 1e-9), Math.ceil(high / by - 1e-9) - 1); // what lies at the very end belongs to the last one
    const held = new Map();
    rows.forEach((row, place) => {
      const first = Math.min(Math.floor(places[place] / by + 1e-9), last);
      held.set(first, [...(held.get(first) ?? []), row]);
    });
    const edge = (value) => (column.log ? written(10 ** value, 0) : column.format === "d" ? fixed(value, digits) : written(Number(value.toFixed(digits)), digits, column.format));
    const years = whole && !column.log && (column.format === "d" || by === 1);
    return [...held].sort(([one], [other]) => one - other).map(([first, inside]) => {
      const until = (first + 1) * by - (years && first !== last ? 1 : 0);
      return [years && by === 1 ? edge(first * by) : `${edge(first * by)} to ${edge(years ? Math.min(until, high) : until)}`, inside];
    });
  }

  // One view ----------------------------------------------------------------------------------------------------------

  // The rows that a view draws, its columns with their titles, and the words for its values.
  function read(view, rows, titles) {
    const column = (channel) => view[channel] && { ...view[channel], title: view[channel].title ?? titles(channel) };
    const [along, value] = [column(view.along), column(view.value)];
    const all = view.rows ?? rows(view.data);
    const beyond = (row) => [along, value].some(({ log, field }) => log && row[field] <= 0);
    const drawn = all.filter((row) => !beyond(row));
    const named = view.series.filter(({ field }) => distinct(drawn.map((row) => row[field])).length === 1);
    const needed = view.kind === "scatter" ? [along, value] : [value];
    const present = drawn.filter((row) => needed.every(({ field }) => !missing(row[field])));
    return {
      ...view,
      series: view.series.filter((one) => !named.includes(one)),
      name: [view.name, ...named.map(({ field }) => name(drawn[0][field]))].filter(Boolean).join(", "),
      x: column("x"), y: column("y"), along, value,
      on: { along: view.along, value: view.value },
      rows: present,
      beyond: all.length - drawn.length,
      missing: drawn.length - present.length,
      say: sayer(value, present.map((row) => row[value.field])),
      at: sayer(along, present.map((row) => row[along.field])),
    };
  }

  const series = (view, row) => view.series.map(({ field }) => name(row[field])).filter(Boolean).join(", ");

  // What else is told of a mark: the title where the chart gives one, and the text.
  function also(view, row) {
    return view.also.filter(({ field }) => !view.labels.includes(field) && !missing(row[field]) && row[field] !== "")
      .map((column) => (column.named ? `${column.title}: ` : "") + sayer(column, [row[column.field]])(row[column.field]));
  }

  // The sentence of one value; `known` are the fields that the nodes above have said.
  function said(view, row, known = []) {
    const { along, value, kind } = view;
    if (kind === "scatter") {
      const label = view.labels.map((field) => name(row[field])).join(", ") || series(view, row);
      const where = `${view.at(row[along.field])} across, ${view.say(row[value.field])} up`;
      return [label ? `${label}: ${where}` : capital(where), ...also(view, row)].join("; ");
    }
    const where = whose(view, row, known);
    const number = view.say(row[value.field]);
    return [where ? `${where}: ${number}` : capital(number), ...also(view, row)].join("; ");
  }

  // Whose a value is, but for what the nodes above have said.
  function whose(view, row, known) {
    const labels = view.kind === "scatter" ? view.labels.map((field) => name(row[field])) : [];
    if (labels.length) return labels.join(", ");
    const places = view.kind === "heat map" ? [view.y, view.x] : view.along.field === view.value.field ? [] : [view.along];
    return [...places, ...view.series].filter(({ field }) => !known.includes(field))
      .map(({ field }) => (field === view.along.field ? view.at(row[field]) : name(row[field]))).join(", ");
  }

  // The lowest and the highest of some rows, and whose they are.
  function ends(view, rows, known = []) {
    const { field } = view.value, values = rows.map((row) => row[field]);
    const [low, high] = [Math.min, Math.max].map((pick) => rows[values.indexOf(pick(...values))]);
    const [least, most] = [low, high].map((row) => view.say(row[field]));
    if (least === most) return `${least}${rows.length > 1 ? " each" : ""}`;
    const owned = [low, high].map((row) => whose(view, row, known)).map((owner) => (owner ? ` (${owner})` : ""));
    return `${least}${owned[0]} to ${most}${owned[1]}`;
  }

  const leaf = (view, row, known) => ({ text: said(view, row, known), children: [] });

  // Some rows under a name: one of them is a value, more are a node with the values below.
  function group(view, words, rows, known = []) {
    if (rows.length === 1) {
      const text = said(view, rows[0], known);
      return { text: text.startsWith(words) ? text : `${words}: ${text}`, children: [] };
    }
    const together = view.stacked && known.includes(view.along.field) ? `, together ${view.say(rows.reduce((sum, row) => sum + row[view.value.field], 0))}` : "";
    return { text: `${words}: ${count(rows.length, "value")}, ${ends(view, rows, known)}${together}`, children: rows.map((row) => leaf(view, row, known)) };
  }

  const AXES = { x: "Horizontal axis", y: "Vertical axis", color: "Colour" };

  // An axis: each of its positions, or intervals of them.
  function axis(view, channel, column, say) {
    const values = view.rows.map((row) => row[column.field]);
    const names = distinct(values);
    const apart = !column.quantity || names.length <= (channel === view.on.along ? FEW : 3);
    const numbers = values.filter(isNumber);
    const order = numbers.length === values.length ? [...names].sort((one, other) => one - other) : names;
    const span = distinct([order[0], order.at(-1)].map(say)).join(" to ");
    const range = numbers.length === values.length ? `, ${span}` : `, ${count(order.length, "name")}`;
    const children = apart
      ? order.map((one) => group(view, say(one), view.rows.filter((row) => row[column.field] === one), [column.field]))
      : intervals(column, view.rows).map(([words, rows]) => group(view, words, rows));
    return { text: `${AXES[channel]}: ${column.title}${range}${column.log ? ", logarithmic" : ""}`, children };
  }

  // A line from its first point to its last; of other marks, the lowest and the highest.
  function line(view, words, rows, known) {
    if (view.kind !== "line" || rows.length < 2) return group(view, words, rows, known);
    const { field } = view.along, ordered = [...rows].sort((one, other) => (one[field] > other[field]) - (one[field] < other[field]));
    const [first, last] = [ordered[0], ordered.at(-1)];
    const at = (row) => `${view.say(row[view.value.field])} ${placed(view.at(row[field]))}`;
    return {
      text: `${words}: ${count(rows.length, "value")}, from ${at(first)} to ${at(last)}; ${ends(view, ordered, known)}`,
      children: ordered.map((row) => leaf(view, row, known)),
    };
  }

  // Each series of a view under the column that tells them apart.
  function telling(view, column) {
    const names = distinct(view.rows.map((row) => row[column.field]));
    const known = view.series.length === 1 || view.series[0] === column ? [column.field] : [];
    const children = names.map((one) => line(view, name(one), view.rows.filter((row) => row[column.field] === one), known));
    return { text: `${capital(column.title)}: ${count(names.length, "name")}`, children };
  }

  const KINDS = { line: "Line chart", comparison: "Dot chart", scatter: "Scatter chart", "heat map": "Heat map" };

  function head(view) {
    const bars = view.mark === "bar" ? (view.stacked ? "Stacked bar chart" : "Bar chart") : view.mark === "area" ? "Area chart" : KINDS[view.kind];
    const named = view.name ? `${view.name}. ` : "";
    const lines = view.kind === "line" ? `${count(distinct(view.rows.map((row) => series(view, row))).length, "line")}, ` : "";
    const heat = view.kind === "heat map" ? `${count(distinct(view.rows.map((row) => row[view.y.field])).length, "row")} by ${count(distinct(view.rows.map((row) => row[view.x.field])).length, "column")}, ` : "";
    const left = [
      view.missing && `${count(view.missing, "value is", "values are")} missing.`,
      view.beyond && `${count(view.beyond, "value is", "values are")} zero or below, which a logarithmic axis cannot show.`,
    ];
    return [`${named}${bars}: ${lines}${heat}${count(view.rows.length, "value")}.`, ...left].filter(Boolean).join(" ");
  }

  function part(view) {
    if (!view.rows.length) return { text: "No values at this setting.", children: [] };
    const whole = capital(ends(view, view.rows));
    const { along, value, on } = view, channels = view.kind === "heat map" ? ["y", "x"] : [on.along];
    const children = channels.map((channel) => axis(view, channel, view[channel], channel === on.along ? view.at : name));
    if (along.field !== value.field) children.push(axis(view, on.value, value, view.say));
    for (const column of view.series) children.push(telling(view, { ...column, title: column.title ?? column.field }));
    return { text: `${head(view)} ${whole}.`, children };
  }

  // Marks that go from one value to another, as the span of an estimate does.
  function range({ data, along, low, high }, rows, titles) {
    const all = rows(data).filter((row) => !missing(row[low.field]) && !missing(row[high]));
    const say = sayer(low, all.flatMap((row) => [row[low.field], row[high]]));
    const at = along ? sayer(along, all.map((row) => row[along.field])) : () => "";
    const children = all.map((row) => ({ text: `${along ? `${at(row[along.field])}: ` : ""}${say(row[low.field])} to ${say(row[high])}`, children: [] }));
    const over = along ? `, by ${along.title ?? titles("x")}` : "";
    return { text: `Ranges of ${low.title}${over}: ${count(all.length, "range")}`, children };
  }

  window.gvc.views = (outline, rows, titles = () => "") => outline.views.map((view) => read(view, rows, titles));

  window.gvc.tree = (outline, rows, titles = () => "") => {
    const parts = window.gvc.views(outline, rows, titles).map(part);
    const more = outline.ranges.map((one) => range(one, rows, titles));
    more.push(...outline.lines.map((text) => ({ text, children: [] })));
    if (parts.length === 1) return { ...parts[0], children: [...parts[0].children, ...more] };
    parts.forEach((one, place) => { one.text = `Part ${place + 1} of ${parts.length}: ${one.text}`; });
    return { text: `Chart of ${parts.length} parts`, children: [...parts, ...more] };
  };
})();
