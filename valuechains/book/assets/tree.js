// The tree of a chart, by which one walks through it: view, axis, interval or series, value. Each node has a sentence that
// is computed from the rows that the chart shows, written as the figure's description is (figures/words.py).
// Brought by walk.js; `gvc.tree(outline, rows, titles, names)`: the outline of figures/outline.py, a function that gives the
// rows of a data set, one that gives the title of an axis where the outline leaves it to the chart, and what an edition in
// another language calls what the data call otherwise.
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

  let called = {};
  // A category or a date: a first of January is its year.
  function name(value) {
    if (missing(value)) return gvcSay("missing");
    const text = called[value] ?? String(value), day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
    return day ? day.replace(/-01-01$/, "") : text;
  }

  // Writes the values of a column, all to the same number of digits.
  function sayer(column, values) {
    const scale = column.format === "%" ? 100 : 1;
    const digits = decimals(values.filter(isNumber).map((value) => value * scale));
    return (value) => (column.format === "d" || !isNumber(value) ? name(value) : written(value * scale, digits, column.format));
  }

  const placed = (word) => (/^\d{4}$/.test(word) ? gvcSay("in {year}", { year: word }) : gvcSay("at {place}", { place: word }));
  const colon = (name, value) => gvcSay("{name}: {value}", { name, value });
  const owned = (value, name) => (name ? gvcSay("{value} ({name})", { value, name }) : value);
  const sentence = (text) => gvcSay("{sentence}.", { sentence: text });
  const span = (low, high) => gvcSay("{low} to {high}", { low, high });
  const row = (words) => words.filter(Boolean).join(gvcSay(", "));
  const list = (words) => words.filter(Boolean).join(gvcSay("; "));
  const values = (number) => gvcCount("{number} value", "{number} values", number);
  // Sentences one after the other, as tongue.together puts them.
  const together = (sentences) => {
    const text = sentences.filter(Boolean).join(" ");
    return window.gvcWords ? text.replace(/(?<=[。；：，、！？）」』”]) +| +(?=[（「『“])/g, "") : text;
  };
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
      return [years && by === 1 ? edge(first * by) : span(edge(first * by), edge(years ? Math.min(until, high) : until)), inside];
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
      name: row([view.name && name(view.name), ...named.map(({ field }) => name(drawn[0][field]))]),
      x: column("x"), y: column("y"), along, value,
      on: { along: view.along, value: view.value },
      rows: present,
      beyond: all.length - drawn.length,
      missing: drawn.length - present.length,
      say: sayer(value, present.map((row) => row[value.field])),
      at: sayer(along, present.map((row) => row[along.field])),
    };
  }

  const series = (view, of) => row(view.series.map(({ field }) => name(of[field])));

  // What else is told of a mark: the title where the chart gives one, and the text.
  function also(view, row) {
    return view.also.filter(({ field }) => !view.labels.includes(field) && !missing(row[field]) && row[field] !== "").map((column) => {
      const value = sayer(column, [row[column.field]])(row[column.field]);
      return column.named ? colon(column.title, value) : value;
    });
  }

  // The sentence of one value; `known` are the fields that the nodes above have said.
  function said(view, one, known = []) {
    const { along, value, kind } = view;
    if (kind === "scatter") {
      const label = view.labels.map((field) => name(one[field])).join(gvcSay(", ")) || series(view, one);
      const where = gvcSay("{across} across, {up} up", { across: view.at(one[along.field]), up: view.say(one[value.field]) });
      return list([label ? colon(label, where) : capital(where), ...also(view, one)]);
    }
    const where = whose(view, one, known);
    const number = view.say(one[value.field]);
    return list([where ? colon(where, number) : capital(number), ...also(view, one)]);
  }

  // Whose a value is, but for what the nodes above have said.
  function whose(view, row, known) {
    const labels = view.kind === "scatter" ? view.labels.map((field) => name(row[field])) : [];
    if (labels.length) return labels.join(gvcSay(", "));
    const places = view.kind === "heat map" ? [view.y, view.x] : view.along.field === view.value.field ? [] : [view.along];
    return [...places, ...view.series].filter(({ field }) => !known.includes(field))
      .map(({ field }) => (field === view.along.field ? view.at(row[field]) : name(row[field]))).join(gvcSay(", "));
  }

  // The lowest and the highest of some rows, and whose they are.
  function ends(view, rows, known = []) {
    const { field } = view.value, all = rows.map((row) => row[field]);
    const [low, high] = [Math.min, Math.max].map((pick) => rows[all.indexOf(pick(...all))]);
    const [least, most] = [low, high].map((row) => view.say(row[field]));
    if (least === most) return rows.length > 1 ? gvcSay("{value} each", { value: least }) : least;
    return span(owned(least, whose(view, low, known)), owned(most, whose(view, high, known)));
  }

  const leaf = (view, row, known) => ({ text: said(view, row, known), children: [] });

  // Some rows under a name: one of them is a value, more are a node with the values below.
  function group(view, words, rows, known = []) {
    if (rows.length === 1) {
      const text = said(view, rows[0], known);
      return { text: text.startsWith(words) ? text : colon(words, text), children: [] };
    }
    const sum = view.stacked && known.includes(view.along.field) ? view.say(rows.reduce((so, one) => so + one[view.value.field], 0)) : "";
    const told = row([values(rows.length), ends(view, rows, known), sum && gvcSay("together {sum}", { sum })]);
    return { text: colon(words, told), children: rows.map((one) => leaf(view, one, known)) };
  }

  const AXES = { x: gvcSay("Horizontal axis"), y: gvcSay("Vertical axis"), color: gvcSay("Colour") };
  const names = (number) => gvcCount("{number} name", "{number} names", number);

  // An axis: each of its positions, or intervals of them.
  function axis(view, channel, column, say) {
    const all = view.rows.map((row) => row[column.field]);
    const places = distinct(all);
    const apart = !column.quantity || places.length <= (channel === view.on.along ? FEW : 3);
    const numbers = all.every(isNumber);
    const order = numbers ? [...places].sort((one, other) => one - other) : places;
    const [low, high] = distinct([order[0], order.at(-1)].map(say));
    const range = !numbers ? names(order.length) : high === undefined ? low : span(low, high);
    const children = apart
      ? order.map((one) => group(view, say(one), view.rows.filter((row) => row[column.field] === one), [column.field]))
      : intervals(column, view.rows).map(([words, rows]) => group(view, words, rows));
    return { text: colon(AXES[channel], row([column.title, range, column.log && gvcSay("logarithmic")])), children };
  }

  // A line from its first point to its last; of other marks, the lowest and the highest.
  function line(view, words, rows, known) {
    if (view.kind !== "line" || rows.length < 2) return group(view, words, rows, known);
    const { field } = view.along, ordered = [...rows].sort((one, other) => (one[field] > other[field]) - (one[field] < other[field]));
    const [first, last] = [ordered[0], ordered.at(-1)];
    const at = (one) => gvcSay("{value} {where}", { value: view.say(one[view.value.field]), where: placed(view.at(one[field])) });
    const told = gvcSay("from {low} to {high}", { low: at(first), high: at(last) });
    return {
      text: colon(words, list([row([values(rows.length), told]), ends(view, ordered, known)])),
      children: ordered.map((row) => leaf(view, row, known)),
    };
  }

  // Each series of a view under the column that tells them apart.
  function telling(view, column) {
    const all = distinct(view.rows.map((row) => row[column.field]));
    const known = view.series.length === 1 || view.series[0] === column ? [column.field] : [];
    const children = all.map((one) => line(view, name(one), view.rows.filter((row) => row[column.field] === one), known));
    return { text: colon(capital(column.title), names(all.length)), children };
  }

  const KINDS = { line: gvcSay("Line chart"), comparison: gvcSay("Dot chart"), scatter: gvcSay("Scatter chart"), "heat map": gvcSay("Heat map") };

  function head(view) {
    const bars = view.mark === "bar" ? (view.stacked ? gvcSay("Stacked bar chart") : gvcSay("Bar chart")) : view.mark === "area" ? gvcSay("Area chart") : KINDS[view.kind];
    const different = (field) => distinct(view.rows.map((one) => one[field])).length;
    const lines = view.kind === "line" ? gvcCount("{number} line", "{number} lines", distinct(view.rows.map((one) => series(view, one))).length) : "";
    const heat = view.kind !== "heat map" ? "" : gvcSay("{rows} by {columns}", {
      rows: gvcCount("{number} row", "{number} rows", different(view.y.field)),
      columns: gvcCount("{number} column", "{number} columns", different(view.x.field)),
    });
    return together([
      view.name && sentence(view.name),
      gvcSay("{name}: {told}.", { name: bars, told: row([lines, heat, values(view.rows.length)]) }),
      view.missing && gvcCount("{number} value is missing.", "{number} values are missing.", view.missing),
      view.beyond && gvcCount("{number} value is zero or below, which a logarithmic axis cannot show.", "{number} values are zero or below, which a logarithmic axis cannot show.", view.beyond),
    ]);
  }

  function part(view) {
    if (!view.rows.length) return { text: gvcSay("No values at this setting."), children: [] };
    const whole = capital(ends(view, view.rows));
    const { along, value, on } = view, channels = view.kind === "heat map" ? ["y", "x"] : [on.along];
    const children = channels.map((channel) => axis(view, channel, view[channel], channel === on.along ? view.at : name));
    if (along.field !== value.field) children.push(axis(view, on.value, value, view.say));
    for (const column of view.series) children.push(telling(view, { ...column, title: column.title ?? column.field }));
    return { text: together([head(view), sentence(whole)]), children };
  }

  // Marks that go from one value to another, as the span of an estimate does.
  function range({ data, along, low, high }, rows, titles) {
    const all = rows(data).filter((row) => !missing(row[low.field]) && !missing(row[high]));
    const say = sayer(low, all.flatMap((row) => [row[low.field], row[high]]));
    const at = along ? sayer(along, all.map((row) => row[along.field])) : () => "";
    const children = all.map((one) => {
      const reach = span(say(one[low.field]), say(one[high]));
      return { text: along ? colon(at(one[along.field]), reach) : reach, children: [] };
    });
    const ranges = gvcCount("{number} range", "{number} ranges", all.length);
    const text = along
      ? gvcSay("Ranges of {title}, by {along}: {ranges}", { title: low.title, along: along.title ?? titles("x"), ranges })
      : gvcSay("Ranges of {title}: {ranges}", { title: low.title, ranges });
    return { text, children };
  }

  window.gvc.views = (outline, rows, titles = () => "") => outline.views.map((view) => read(view, rows, titles));

  window.gvc.tree = (outline, rows, titles = () => "", names = {}) => {
    called = names;
    const parts = window.gvc.views(outline, rows, titles).map(part);
    const more = outline.ranges.map((one) => range(one, rows, titles));
    more.push(...outline.lines.map((text) => ({ text, children: [] })));
    if (parts.length === 1) return { ...parts[0], children: [...parts[0].children, ...more] };
    parts.forEach((one, place) => { one.text = gvcSay("Part {number} of {all}: {text}", { number: place + 1, all: parts.length, text: one.text }); });
    return { text: gvcCount("Chart of {number} part", "Chart of {number} parts", parts.length), children: [...parts, ...more] };
  };
})();
