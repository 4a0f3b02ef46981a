"""What a chart shows, in words: read from its rows through its encodings, with no opinion added.

`describe` takes a Vega-Lite specification whose data are inline and says its structure, its range, the ends of each
series and where the extremes lie. Every number it says is a number of the data (rounded), a sum of them, or a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from valuechains.figures.reading import (
    Column,
    Threshold,
    View,
    decimals,
    described,
    encoded_in,
    is_number,
    kind,
    thresholds,
    untitled,
)

LABEL_CHANNELS = ("text", "tooltip", "detail", "color", "shape")
FEW = 6  # series or categories that are read out one by one; of more, the ends
ROWS = 16  # rows of a heat map that are read out one by one


def describe(spec: dict, *, measure: str = "", unit: str = "", rows: pd.DataFrame | None = None) -> str:
    """The text alternative of a chart.

    `spec` is a Vega-Lite specification with inline data; `measure` and `unit` name its quantity; `rows`, if given, are
    the rows it shows at first (a chart that filters or transforms its data cannot be read otherwise).
    Raises ValueError if there is nothing to describe.
    """
    views = sorted(described(spec, rows), key=lambda view: kind(view) != "scatter")
    if len(views) > 1 and kind(views[0]) == "scatter":
        unit = ""  # each axis has its own, in its title
    sentences = [sentence for view in views for sentence in _read(view, measure, unit)]
    sentences += _across(thresholds(spec), views)
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in dict.fromkeys(sentences))


def _read(view: View, measure: str, unit: str) -> list[str]:
    drawn = view.drawn()
    left_out = len(view.rows) - len(drawn.rows)
    said = _READERS[kind(view)](drawn, measure, unit)
    if left_out:
        said.append(
            f"{_count(left_out, 'value is', 'values are')} zero or below, which a logarithmic axis cannot show."
        )
    return said


def _across(lines: Sequence[Threshold], views: Sequence[View]) -> list[str]:
    """The lines across the chart, each axis in a sentence."""
    said = []
    for channel in ("x", "y"):
        here = [line for line in lines if line.channel == channel]
        column = next((column for view in views if (column := view.column(channel))), None)
        if not here or column is None or len(here) > FEW:
            continue
        say = _Say(column, pd.Series([line.value for line in here], dtype=object))
        places = [say(line.value) + (f" ({line.name})" if line.name else "") for line in here]
        said.append(f"{'A line marks' if len(here) == 1 else 'Lines mark'} {column.title}: {_listed(places)}.")
    return said


class _Say:
    """Writes the values of one column, all to the same number of digits."""

    def __init__(self, column: Column, values: pd.Series):
        self.column = column
        numbers = [value for value in values if is_number(value)]
        self.digits = decimals([value * 100 if column.format == "%" else value for value in numbers])

    def __call__(self, value: object) -> str:
        if self.column.format == "d":
            return _name(value)
        return self.column.text(value, self.digits)

    def place(self, value: object) -> str:
        """Where or when: in a year, at any other position."""
        word = self(value)
        return f"in {word}" if len(word) == 4 and word.isdigit() else f"at {word}"


def _name(value: Any) -> str:
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
    title = measure if measure and untitled(column) else column.title
    return f"{title} ({unit})" if unit and unit.lower() not in title.lower() else title


def _split(rows: pd.DataFrame, series: Sequence[Column]) -> dict[str, pd.DataFrame]:
    """The rows of each series, under its readable name, in the order of the data."""
    if not series:
        return {"": rows}
    groups = rows.groupby([column.field for column in series], sort=False, dropna=False)
    return {", ".join(_name(part) for part in key): group for key, group in groups}


def _present(view: View, value: Column) -> pd.DataFrame:
    """The rows that have a value."""
    rows = view.rows.dropna(subset=[value.field])
    if rows.empty:
        raise ValueError(f"The chart has no value of {value.title} to show: every row is missing.")
    return rows


def _missing(rows: pd.DataFrame, *fields: str) -> list[str]:
    absent = int(rows[list(fields)].isna().any(axis=1).sum())
    return [f"{_count(absent, 'value is', 'values are')} missing."] if absent else []


def _axes(view: View) -> tuple[Column, Column]:
    """Both axes; a chart that has one only has it twice."""
    across, up = view.column("x"), view.column("y")
    first, second = across or up, up or across
    if first is None or second is None:
        raise ValueError("The chart has nothing on an axis, so nothing can be said of it.")
    return first, second


def _value_axis(view: View) -> tuple[Column, Column]:
    """The axis of names or positions, then the axis of the quantity."""
    across, up = _axes(view)
    turned = across is not up and view.is_quantity("x") and not view.is_quantity("y")
    return (up, across) if turned else (across, up)


def _top(rows: pd.DataFrame, column: Column) -> pd.Series:
    return rows.iloc[int(rows[column.field].argmax())]


def _low(rows: pd.DataFrame, column: Column) -> pd.Series:
    return rows.iloc[int(rows[column.field].argmin())]


def _read_line(view: View, measure: str, unit: str) -> list[str]:
    along, value = _value_axis(view)
    rows = _present(view, value).sort_values(along.field, kind="stable")
    say, at = _Say(value, rows[value.field]), _Say(along, rows[along.field])
    lines = _split(rows, view.series(along, value))
    top, low = _top(rows, value), _low(rows, value)
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
    rows, parts = _present(view, value), view.series(along, value)
    groups = _split(rows, [] if along is value else [along])
    stacked = view.mark == "bar" and bool(parts) and max(map(len, groups.values())) > 1 and view.stacked is not None
    say = _Say(value, rows[value.field])
    return [
        _comparison(view.mark, stacked, groups, [name for name in _split(rows, parts) if name]),
        f"{_quantity(value, measure, unit)}: {_extremes(rows, value, [along, *parts], say)}.",
        *_sides_of_zero(rows[value.field]),
        *(_sums(groups, value, say) if stacked else []),
        *_group_sentences(groups, parts, value, say),
        *_missing(view.rows, value.field),
    ]


def _comparison(mark: str, stacked: bool, groups: dict[str, pd.DataFrame], parts: Sequence[str]) -> str:
    """What kind of chart it is, of how many groups and parts."""
    kind, one = ("Bar", "bar") if mark == "bar" else ("Dot", "point")
    sizes = {len(group) for group in groups.values()}
    head = _count(len(groups), one if stacked or max(sizes) == 1 else "group")
    if max(sizes) > 1 and parts:
        upto = "" if len(sizes) == 1 else "up to "
        head += f" of {upto}{_count(max(sizes), 'part' if stacked else one)}: {_listed(parts)}"
    return f"{'Stacked bar' if stacked else kind} chart: {head}."


def _extremes(rows: pd.DataFrame, value: Column, named: Sequence[Column], say: _Say) -> str:
    """From where to where the values go, and whose the ends are."""

    if say(_low(rows, value)[value.field]) == say(_top(rows, value)[value.field]):
        return f"{say(_low(rows, value)[value.field])}" + (" each" if len(rows) > 1 else "")

    def end(row: pd.Series) -> str:
        place = ", ".join(filter(None, (_name(row[column.field]) for column in named)))
        return f"{say(row[value.field])} ({place})"

    return f"from {end(_low(rows, value))} to {end(_top(rows, value))}"


def _sides_of_zero(values: pd.Series) -> list[str]:
    below = int((values < 0).sum())
    return [f"{int((values > 0).sum())} above zero, {below} below."] if below else []


def _sums(groups: dict[str, pd.DataFrame], value: Column, say: _Say) -> list[str]:
    """The largest and the smallest sum of parts, unless they are as good as equal, as shares of a whole are."""
    totals = {name: group[value.field].sum() for name, group in groups.items()}
    high, low = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
    if totals[high] - totals[low] <= 0.02 * max(map(abs, totals.values())):
        return []
    return [f"Largest sum of the parts: {say(totals[high])} ({high}); smallest: {say(totals[low])} ({low})."]


def _group_sentences(groups: dict[str, pd.DataFrame], parts: Sequence[Column], value: Column, say: _Say) -> list[str]:
    def sentence(name: str) -> str:
        group = groups[name]
        if not parts or len(group) == 1:
            return f"{name}{':' * name[-1:].isdigit()} {say(group[value.field].iloc[0])}"
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
        return [f"{sentence(name)}." for name in groups]
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
    (across, up), size = _axes(view), view.column("size")
    rows = view.rows.dropna(subset=[across.field, up.field])
    if rows.empty:
        raise ValueError(f"The chart has no point with both {across.title} and {up.title}.")
    say_x, say_y = _Say(across, rows[across.field]), _Say(up, rows[up.field])
    labels = _label_fields(view, {across.field, up.field})

    def place(row: pd.Series) -> str:
        label = ", ".join(_name(row[field]) for field in labels)
        at = f"{say_x(row[across.field])}, {say_y(row[up.field])}"
        return f"{label} ({at})" if label else f"({at})"

    y, x = rows[up.field], rows[across.field]
    if len(rows) <= FEW:  # each is said
        axes = f"horizontally {across.title}, vertically {up.title}"
        each = _listed([place(row) for _, row in rows.iterrows()])
        return [
            f"Scatter chart: {_count(len(rows), 'point')}; {axes}: {each}.",
            *_missing(view.rows, across.field, up.field),
        ]
    said = [
        f"Scatter chart: {_count(len(rows), 'point')}.",
        f"Horizontal axis: {across.title}, {say_x(x.min())} to {say_x(x.max())}.",
        f"Vertical axis: {up.title}, {say_y(y.min())} to {say_y(y.max())}.",
    ]
    if size:
        say = _Say(size, rows[size.field])
        biggest = _top(rows, size)
        said.append(
            f"Size of the points: {size.title}, {say(rows[size.field].min())} to "
            f"{say(biggest[size.field])}; the largest is {place(biggest)}."
        )
    said.append(
        f"Highest: {place(_top(rows, up))}; lowest: {place(_low(rows, up))}; "
        f"leftmost: {place(_low(rows, across))}; rightmost: {place(_top(rows, across))}."
    )
    return said + _missing(view.rows, across.field, up.field)


def _label_fields(view: View, taken: set[str]) -> list[str]:
    """The names that identify a point: those of the label, the tooltip or the series, in that order."""
    for channel in LABEL_CHANNELS:
        named = [
            one["field"]
            for one in encoded_in(view.encoding.get(channel))
            if one.get("type") != "quantitative" and one["field"] not in taken and one["field"] in view.rows
        ]
        if named:
            return named[:2]
    return []


def _read_heat_map(view: View, measure: str, unit: str) -> list[str]:
    across, down, value = view.column("x"), view.column("y"), view.column("color") or view.column("fill")
    if not (across and down and value):
        raise ValueError("A heat map needs a field on each axis and one in the colour.")
    rows = _present(view, value)
    say = _Say(value, rows[value.field])
    top, low = _top(rows, value), _low(rows, value)

    def place(row: pd.Series) -> str:
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
            most, least = _top(line, value), _low(line, value)
            said.append(
                f"{name}: highest {say(most[value.field])} ({_name(most[across.field])}), "
                f"lowest {say(least[value.field])} ({_name(least[across.field])})."
            )
    return said + _missing(view.rows, value.field)


_READERS = {"line": _read_line, "comparison": _read_comparison, "scatter": _read_scatter, "heat map": _read_heat_map}
