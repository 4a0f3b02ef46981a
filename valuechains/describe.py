"""What a chart shows, in words: read from its rows through its encodings, with no opinion added.

`describe` takes a Vega-Lite specification whose data are inline and says its structure, its range, the ends of each
series and where the extremes lie. Every number it says is a number of the data (rounded), a sum of them, or a count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from numbers import Real

import pandas as pd

SERIES_CHANNELS = (
    "color",
    "fill",
    "stroke",
    "strokeDash",
    "shape",
    "detail",
    "xOffset",
    "yOffset",
    "row",
    "column",
    "facet",
)
LABEL_CHANNELS = ("text", "tooltip", "detail", "color", "shape")
SECONDARY_MARKS = {"rule", "text", "errorband", "errorbar", "tick"}  # they annotate marks that carry the data
LINES = {"line", "area", "trail"}
FEW = 6  # series or categories that are read out one by one; of more, the ends
ROWS = 16  # rows of a heat map that are read out one by one
PATH = set(".[]'\"")  # what makes a field of Vega-Lite a path
ESCAPED = re.compile(r"\\(.)", re.S)


@dataclass(frozen=True)
class Column:
    """A column of the table behind a chart: its field, a readable title, and how its numbers are written."""

    field: str
    title: str
    format: str = ""  # "" plain, "%" a fraction shown as percent, "d" a year or another number that only names

    def text(self, value, digits: int | None = None) -> str:
        """One value as a reader wants it; `digits` after the point, by default four significant figures."""
        if pd.api.types.is_scalar(value) and pd.isna(value):
            return "missing"
        if not is_number(value):
            return str(value)
        if self.format == "d":
            return f"{value:.0f}" if float(value).is_integer() else str(value)
        scaled = value * 100 if self.format == "%" else value
        if digits is None:
            digits = _digits([scaled], significant=4)
        written = f"{scaled:,.{digits}f}".replace("-", "\N{MINUS SIGN}")
        return written + ("%" if self.format == "%" else "")


@dataclass(frozen=True)
class View:
    """One mark of a chart with the rows it draws."""

    mark: str
    encoding: dict
    data: str  # the name of the data set
    rows: pd.DataFrame

    def column(self, channel: str) -> Column | None:
        encoded = self.encoding.get(channel)
        if not isinstance(encoded, dict) or "field" not in encoded:
            return None
        return _column(encoded)

    def is_quantity(self, channel: str) -> bool:
        return self.encoding.get(channel, {}).get("type") == "quantitative"

    def series(self, *axes: Column | None) -> list[Column]:
        """The fields that tell series apart, apart from those on the axes."""
        taken = {axis.field for axis in axes if axis}
        found = {}
        for channel in SERIES_CHANNELS:
            encoded = self.encoding.get(channel)
            for one in encoded if isinstance(encoded, list) else [encoded]:
                named = isinstance(one, dict) and "field" in one and one.get("type") != "quantitative"
                if named and one["field"] not in taken:
                    found.setdefault(one["field"], _column(one))
        return self._telling(list(found.values()))

    def _telling(self, series: list[Column]) -> list[Column]:
        """Without the fields that follow from the others: a colour that repeats what a shape says."""
        for column in reversed(series):
            others = [other.field for other in series if other is not column]
            if others and len(self.rows[others].drop_duplicates()) == len(
                self.rows[[*others, column.field]].drop_duplicates()
            ):
                series = [other for other in series if other is not column]
        return series

    @property
    def secondary(self) -> bool:
        connects = self.mark == "line" and self.encoding.get("y", {}).get("type") == "nominal"
        band = self.mark == "area" and "y2" in self.encoding
        return self.mark in SECONDARY_MARKS or connects or band


def describe(spec: dict, *, measure: str = "", unit: str = "", rows: pd.DataFrame | None = None) -> str:
    """The text alternative of a chart.

    `spec` is a Vega-Lite specification with inline data; `measure` and `unit` name its quantity; `rows`, if given, are
    the rows it shows at first (a chart that filters or transforms its data cannot be read otherwise).
    Raises ValueError if there is nothing to describe.
    """
    views = sorted(described(spec, rows), key=lambda view: _kind(view) != "scatter")
    if len(views) > 1 and _kind(views[0]) == "scatter":
        unit = ""  # each axis has its own, in its title
    sentences = [sentence for view in views for sentence in _READERS[_kind(view)](view, measure, unit)]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)


def described(spec: dict, rows: pd.DataFrame | None = None) -> list[View]:
    """The views of a chart that carry its data: no annotations, and no second mark on the same rows and axes."""
    found = [view for view in _views(spec, spec.get("datasets", {}), rows) if len(view.rows)]
    primary = [view for view in found if not view.secondary] or found
    distinct = {}
    for view in primary:
        axes = tuple((column := view.column(channel)) and column.field for channel in ("x", "y"))
        distinct.setdefault((view.data, axes, tuple(view.rows.index)), view)
    if not distinct:
        raise ValueError("The chart has no rows to show: check the selection its data were filtered by.")
    return list(distinct.values())


def columns(view: View) -> list[Column]:
    """Every field a view shows, names first, quantities last."""
    found: dict[str, tuple[bool, Column]] = {}
    for channel in view.encoding:
        encoded = view.encoding[channel]
        for one in encoded if isinstance(encoded, list) else [encoded]:
            if isinstance(one, dict) and "field" in one and one["field"] in view.rows:
                column = _column(one)
                names = column.format == "d" or not pd.api.types.is_numeric_dtype(view.rows[column.field])
                best = found.get(column.field)
                if best is None or (_untitled(best[1]) and not _untitled(column)):
                    found[column.field] = (not names, column)
    return [column for quantity, column in sorted(found.values(), key=lambda pair: pair[0])]


# --- names and numbers -----------------------------------------------------------------------------------------------


def column_named(field: str) -> str:
    """The column that a field means to Vega-Lite, in which a backslash escapes a dot, bracket or quote.

    Without the backslash Vega-Lite reads a path into an object, which no row has, and draws nothing: that is refused.
    """
    column = ESCAPED.sub(r"\1", field)
    if PATH & set(ESCAPED.sub("", field)):
        raise ValueError(
            f"The chart encodes {field!r}, which Vega-Lite reads as a path into an object, so it would draw nothing: "
            f"for the column of that name write {field_of(column)!r}."
        )
    return column


def field_of(column: str) -> str:
    """How a chart names a column: with a backslash before what Vega-Lite would read as something else."""
    return "".join("\\" * (letter in PATH | {"\\"}) + letter for letter in column)


def is_number(value: object) -> bool:
    """Whether a value counts or measures, whatever its type: numpy's whole numbers do, true and false do not."""
    return isinstance(value, Real) and not isinstance(value, bool)


# --- reading the specification ---------------------------------------------------------------------------------------


def _views(spec: dict, datasets: dict, given: pd.DataFrame | None, inherited: dict | None = None) -> Iterator[View]:
    inherited = inherited or {"encoding": {}, "data": None, "transform": []}
    here = {
        "encoding": {**inherited["encoding"], **_named(spec.get("encoding", {}))},
        "data": spec.get("data") or inherited["data"],
        "transform": inherited["transform"] + spec.get("transform", []),
    }
    if "facet" in spec:
        facet = _named(spec["facet"])
        here["encoding"] |= {"facet": facet} if "field" in facet else facet
    parts = [part for key in ("layer", "hconcat", "vconcat", "concat") for part in spec.get(key, [])]
    parts += [spec["spec"]] if "spec" in spec else []
    for part in parts:
        yield from _views(part, datasets, given, here)
    if "mark" in spec:
        mark = spec["mark"] if isinstance(spec["mark"], str) else spec["mark"]["type"]
        view = View(mark, here["encoding"], (here["data"] or {}).get("name", ""), pd.DataFrame())
        rows = _rows(view, here, datasets, given)
        if rows is not None:
            yield View(mark, view.encoding, view.data, rows)


def _named(part):
    """Some of a specification with columns in the place of fields."""
    if isinstance(part, list):
        return [_named(item) for item in part]
    if not isinstance(part, dict):
        return part
    fields = {key: column_named(value) for key, value in part.items() if key == "field" and isinstance(value, str)}
    return {key: _named(value) for key, value in part.items()} | fields


def _rows(view: View, here: dict, datasets: dict, given: pd.DataFrame | None) -> pd.DataFrame | None:
    fields = {
        encoded["field"]
        for encoded in view.encoding.values()
        if isinstance(encoded, dict) and "field" in encoded and "aggregate" not in encoded
    }
    if given is not None and fields <= set(given.columns):
        return given.reset_index(drop=True)
    if view.secondary and here["transform"]:
        return None
    if here["transform"]:
        raise ValueError(
            "The chart transforms its data, so they cannot be read from it: "
            "do the step in pandas, or give the rows that are shown as `rows`."
        )
    data = here["data"] or {}
    values = data.get("values", datasets.get(data.get("name")))
    if not isinstance(values, list):
        return None if view.secondary else pd.DataFrame()
    frame = pd.DataFrame(values)
    absent = sorted(fields - set(frame.columns)) if len(frame) else []
    if absent:
        there = ", ".join(field_of(str(column)) for column in frame.columns)
        raise ValueError(f"The chart encodes {absent[0]!r}, but its data have only {there}.")
    return _aggregated(view, frame) if len(frame) else frame


def _aggregated(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    folded = {
        one["field"]: one["aggregate"]
        for one in view.encoding.values()
        if isinstance(one, dict) and "aggregate" in one and "field" in one
    }
    if not folded:
        return frame
    keys = [
        one["field"]
        for one in view.encoding.values()
        if isinstance(one, dict) and "field" in one and one["field"] not in folded
    ]
    how = {"average": "mean", "distinct": "nunique"}
    return (
        frame.groupby(list(dict.fromkeys(keys)), sort=False)
        .agg({field: how.get(name, name) for field, name in folded.items()})
        .reset_index()
    )


def _column(encoded: dict) -> Column:
    field = encoded["field"]
    guide = encoded.get("axis") or encoded.get("legend") or {}
    title = encoded.get("title") or guide.get("title") or field.replace("_", " ")
    written = encoded.get("format") or guide.get("format") or ""
    if encoded.get("stack") == "normalize":
        written = ""
    names = field == "year" or written == "d" or encoded.get("type") in ("ordinal", "nominal", "temporal")
    title = " ".join(title) if isinstance(title, list) else title
    return Column(field, title, "%" if "%" in written else "d" if names else "")


def _untitled(column: Column) -> bool:
    return column.title == column.field.replace("_", " ")


def _kind(view: View) -> str:
    quantities = [channel for channel in ("x", "y") if view.is_quantity(channel) and view.column(channel)]
    if view.mark in LINES:
        return "line"
    if view.mark == "rect" and len(quantities) < 2:
        return "heat map"
    if view.mark == "bar" and quantities:
        return "comparison"
    if len(quantities) == 2:
        return "scatter"
    if len(quantities) == 1:
        return "comparison"
    raise ValueError(
        f"The chart's {view.mark} marks show no quantity on an axis or in a colour, so nothing can be said of them."
    )


# --- saying it -------------------------------------------------------------------------------------------------------


def _digits(values: Sequence[float], significant: int = 3) -> int:
    """Digits after the point that give the largest of these values `significant` figures; none for whole numbers."""
    finite = [abs(value) for value in values if value == value]
    if not finite or all(float(value).is_integer() for value in finite):
        return 0
    return max(0, significant - 1 - floor(log10(max(finite))))


class _Say:
    """Writes the values of one column, all to the same number of digits."""

    def __init__(self, column: Column, values: pd.Series):
        self.column = column
        numbers = [value for value in values if is_number(value)]
        self.digits = _digits([value * 100 if column.format == "%" else value for value in numbers])

    def __call__(self, value) -> str:
        if self.column.format == "d":
            return _name(value)
        return self.column.text(value, self.digits)

    def place(self, value) -> str:
        """Where or when: in a year, at any other position."""
        word = self(value)
        return f"in {word}" if len(word) == 4 and word.isdigit() else f"at {word}"


def _name(value) -> str:
    """A category or a date, as it is read out: a first of January is its year."""
    if is_number(value) and float(value).is_integer():
        return str(int(value))
    text = str(value)
    if len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-":
        day = text[:10]
        return day[:4] if day.endswith("-01-01") else day
    return text


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _quantity(column: Column, measure: str, unit: str) -> str:
    title = measure if measure and _untitled(column) else column.title
    return f"{title} ({unit})" if unit and unit.lower() not in title.lower() else title


def _split(rows: pd.DataFrame, series: Sequence[Column]) -> dict[str, pd.DataFrame]:
    """The rows of each series, under its readable name, in the order of the data."""
    if not series:
        return {"": rows}
    groups = rows.groupby([column.field for column in series], sort=False, dropna=False)
    return {", ".join(_name(part) for part in key): group for key, group in groups}


def _missing(rows: pd.DataFrame, *fields: str) -> list[str]:
    absent = int(rows[list(fields)].isna().any(axis=1).sum())
    return [f"{_count(absent, 'value is', 'values are')} missing."] if absent else []


def _value_axis(view: View) -> tuple[Column, Column]:
    """The axis of names or positions, then the axis of the quantity."""
    across, up = view.column("x"), view.column("y")
    if across is None or up is None:
        only = across or up
        return only, only
    return (up, across) if view.is_quantity("x") and not view.is_quantity("y") else (across, up)


def _read_line(view: View, measure: str, unit: str) -> list[str]:
    along, value = _value_axis(view)
    rows = view.rows.dropna(subset=[value.field]).sort_values(along.field, kind="stable")
    if rows.empty:
        raise ValueError(f"The chart has no value of {value.title} to show: every row is missing.")
    say, at = _Say(value, rows[value.field]), _Say(along, rows[along.field])
    lines = _split(rows, view.series(along, value))
    top, low = rows.loc[rows[value.field].idxmax()], rows.loc[rows[value.field].idxmin()]
    mark, sizes = "area" if view.mark == "area" else "line", {len(line) for line in lines.values()}
    shape = f"{_count(len(lines), mark)}{',' if len(sizes) == 1 else ' of up to'} {_count(max(sizes), 'point')}"
    each = " each" if len(lines) > 1 and len(sizes) == 1 else ""
    said = [
        f"{mark.capitalize()} chart: {shape}{each}.",
        f"Horizontal axis: {along.title}, {at(rows[along.field].iloc[0])} to {at(rows[along.field].iloc[-1])}.",
        f"Vertical axis: {_quantity(value, measure, unit)}, {say(low[value.field])} to {say(top[value.field])}.",
    ]
    ranked = sorted(lines.items(), key=lambda pair: -pair[1][value.field].iloc[-1])
    if len(ranked) > FEW:
        for word, few in (("highest", ranked[:3]), ("lowest", ranked[-3:])):
            ends = [
                f"{name} {say(line[value.field].iloc[-1])} (from {say(line[value.field].iloc[0])})"
                for name, line in few
            ]
            said.append(f"The three {word} at their last point: {_listed(ends)}.")
        return said + _missing(view.rows, value.field)
    for name, line in ranked:
        said.append(_line_sentence(name, line, along, value, at, say))
    return said + _missing(view.rows, value.field)


def _line_sentence(name: str, line: pd.DataFrame, along: Column, value: Column, at: _Say, say: _Say) -> str:
    values, places = line[value.field].tolist(), line[along.field].tolist()
    text = f"{name}: " if name else "The line: "
    if len(values) == 1:
        return f"{text}{say(values[0])} {at.place(places[0])}."
    text += f"{say(values[0])} {at.place(places[0])}, {say(values[-1])} {at.place(places[-1])}"
    ends = {say(values[0]), say(values[-1])}
    for word, pick in (("highest", max), ("lowest", min)):
        extreme = pick(values)
        if say(extreme) not in ends:
            text += f"; {word} {say(extreme)} {at.place(places[values.index(extreme)])}"
    return text + "."


def _read_comparison(view: View, measure: str, unit: str) -> list[str]:
    along, value = _value_axis(view)
    shown = "bar" if view.mark == "bar" else "point"
    parts = view.series(along, value)
    rows = view.rows.dropna(subset=[value.field])
    if rows.empty:
        raise ValueError(f"The chart has no value of {value.title} to show: every row is missing.")
    say = _Say(value, rows[value.field])
    groups = _split(rows, [] if along is value else [along])
    stacked = shown == "bar" and parts and not {"xOffset", "yOffset", "row", "column", "facet"} & set(view.encoding)
    kinds = list(dict.fromkeys(name for name in _split(rows, parts) if name))
    sizes = {len(group) for group in groups.values()}
    head = _count(len(groups), shown if stacked or max(sizes) == 1 else "group")
    if max(sizes) > 1 and kinds:
        upto = "" if len(sizes) == 1 else "up to "
        head += f" of {upto}{_count(max(sizes), 'part' if stacked else shown)}: {_listed(kinds)}"
    top, low = rows.loc[rows[value.field].idxmax()], rows.loc[rows[value.field].idxmin()]

    def place(row) -> str:
        return ", ".join(filter(None, [_name(row[along.field]), *(_name(row[part.field]) for part in parts)]))

    quantity = _quantity(value, measure, unit)
    said = [
        f"{'Stacked bar' if stacked else 'Bar' if shown == 'bar' else 'Dot'} chart: {head}.",
        f"{quantity}: from {say(low[value.field])} ({place(low)}) to {say(top[value.field])} ({place(top)}).",
    ]
    if (rows[value.field] < 0).any():
        said.append(f"{int((rows[value.field] > 0).sum())} above zero, {int((rows[value.field] < 0).sum())} below.")
    if stacked:
        totals = {name: group[value.field].sum() for name, group in groups.items()}
        if max(totals.values()) - min(totals.values()) > 0.02 * max(map(abs, totals.values())):
            high, less = max(totals, key=totals.get), min(totals, key=totals.get)
            said.append(
                f"Largest sum of the parts: {say(totals[high])} ({high}); smallest: {say(totals[less])} ({less})."
            )
    said += _group_sentences(groups, parts, value, say)
    return said + _missing(view.rows, value.field)


def _group_sentences(groups: dict[str, pd.DataFrame], parts: Sequence[Column], value: Column, say: _Say) -> list[str]:
    def sentence(name: str) -> str:
        group = groups[name]
        if not parts or len(group) == 1:
            return f"{name} {say(group[value.field].iloc[0])}"
        each = [
            f"{', '.join(_name(row[part.field]) for part in parts)} {say(row[value.field])}"
            for _, row in group.iterrows()
        ]
        return f"{name}: {', '.join(each)}"

    if all(len(group) == 1 for group in groups.values()):
        if len(groups) <= 2 * FEW:
            return ["; ".join(sentence(name) for name in groups) + "."]
        ranked = sorted(groups, key=lambda name: -groups[name][value.field].iloc[0])
        return [
            f"The three highest: {'; '.join(sentence(name) for name in ranked[:3])}.",
            f"The three lowest: {'; '.join(sentence(name) for name in ranked[-3:])}.",
        ]
    if len(groups) <= FEW:
        return [". ".join(sentence(name) for name in groups) + "."]
    return _part_sentences(groups, parts, value, say)


def _part_sentences(groups: dict[str, pd.DataFrame], parts: Sequence[Column], value: Column, say: _Say) -> list[str]:
    """Of many groups, where each part is lowest and where it is highest."""
    rows = pd.concat([group.assign(_group=name) for name, group in groups.items()])
    said = []
    for name, part in _split(rows, parts).items():
        part = part.sort_values(value.field, kind="stable")
        low, top = part.iloc[0], part.iloc[-1]
        said.append(
            f"{name}: lowest {say(low[value.field])} ({low['_group']}), "
            f"highest {say(top[value.field])} ({top['_group']})."
        )
    return said


def _read_scatter(view: View, measure: str, unit: str) -> list[str]:
    across, up, size = view.column("x"), view.column("y"), view.column("size")
    rows = view.rows.dropna(subset=[across.field, up.field])
    if rows.empty:
        raise ValueError(f"The chart has no point with both {across.title} and {up.title}.")
    say_x, say_y = _Say(across, rows[across.field]), _Say(up, rows[up.field])
    labels = _label_fields(view, {across.field, up.field})

    def place(row) -> str:
        label = ", ".join(_name(row[field]) for field in labels)
        at = f"{say_x(row[across.field])}, {say_y(row[up.field])}"
        return f"{label} ({at})" if label else f"({at})"

    y, x = rows[up.field], rows[across.field]
    said = [
        f"Scatter chart: {_count(len(rows), 'point')}.",
        f"Horizontal axis: {across.title}, {say_x(x.min())} to {say_x(x.max())}.",
        f"Vertical axis: {up.title}, {say_y(y.min())} to {say_y(y.max())}.",
    ]
    if size:
        say = _Say(size, rows[size.field])
        biggest = rows.loc[rows[size.field].idxmax()]
        said.append(
            f"Size of the points: {size.title}, {say(rows[size.field].min())} to "
            f"{say(biggest[size.field])}; the largest is {place(biggest)}."
        )
    said.append(
        f"Highest: {place(rows.loc[y.idxmax()])}; lowest: {place(rows.loc[y.idxmin()])}; "
        f"leftmost: {place(rows.loc[x.idxmin()])}; rightmost: {place(rows.loc[x.idxmax()])}."
    )
    return said + _missing(view.rows, across.field, up.field)


def _label_fields(view: View, taken: set[str]) -> list[str]:
    """The names that identify a point: those of the label, the tooltip or the series, in that order."""
    for channel in LABEL_CHANNELS:
        encoded = view.encoding.get(channel)
        named = [
            one["field"]
            for one in (encoded if isinstance(encoded, list) else [encoded])
            if isinstance(one, dict)
            and "field" in one
            and one.get("type") != "quantitative"
            and one["field"] not in taken
            and one["field"] in view.rows
        ]
        if named:
            return named[:2]
    return []


def _read_heat_map(view: View, measure: str, unit: str) -> list[str]:
    across, down, value = view.column("x"), view.column("y"), view.column("color") or view.column("fill")
    if not (across and down and value):
        raise ValueError("A heat map needs a field on each axis and one in the colour.")
    rows = view.rows.dropna(subset=[value.field])
    if rows.empty:
        raise ValueError(f"The chart has no value of {value.title} to show: every row is missing.")
    say = _Say(value, rows[value.field])
    top, low = rows.loc[rows[value.field].idxmax()], rows.loc[rows[value.field].idxmin()]

    def place(row) -> str:
        return f"{_name(row[down.field])}, {_name(row[across.field])}"

    lines = {_name(key): group for key, group in rows.groupby(down.field, sort=False)}
    said = [
        f"Heat map: {_count(len(lines), 'row')} ({down.title}) by "
        f"{_count(rows[across.field].nunique(), 'column')} ({across.title}).",
        f"Colour: {_quantity(value, measure, unit)}, {say(low[value.field])} ({place(low)}) to "
        f"{say(top[value.field])} ({place(top)}).",
    ]
    if len(lines) <= ROWS:
        for name, line in lines.items():
            most, least = line.loc[line[value.field].idxmax()], line.loc[line[value.field].idxmin()]
            said.append(
                f"{name}: highest {say(most[value.field])} ({_name(most[across.field])}), "
                f"lowest {say(least[value.field])} ({_name(least[across.field])})."
            )
    return said + _missing(view.rows, value.field)


_READERS = {"line": _read_line, "comparison": _read_comparison, "scatter": _read_scatter, "heat map": _read_heat_map}
