"""What a chart shows, in words: read from its rows through its encodings, with no opinion added.

`describe` takes a Vega-Lite specification whose data are inline and says its structure, its range, the ends of each
series and where the extremes lie. Every number it says is a number of the data (rounded), a sum of them, or a count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from valuechains.figures.reading import (
    Column,
    Threshold,
    View,
    decimals,
    described,
    encoded_in,
    is_missing,
    is_number,
    kind,
    thresholds,
    untitled,
)
from valuechains.tongue import count, named, say, together

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
    sentences += across(thresholds(spec), views)
    return together(sentence[0].upper() + sentence[1:] for sentence in dict.fromkeys(sentences))


def _read(view: View, measure: str, unit: str) -> list[str]:
    drawn = view.drawn()
    left_out = len(view.rows) - len(drawn.rows)
    said = _READERS[kind(view)](drawn, measure, unit)
    if left_out:
        said.append(
            count(
                "{number} value is zero or below, which a logarithmic axis cannot show.",
                "{number} values are zero or below, which a logarithmic axis cannot show.",
                left_out,
            )
        )
    return said


def across(lines: Sequence[Threshold], views: Sequence[View]) -> list[str]:
    """The lines across the chart, each axis in a sentence."""
    said = []
    for channel in ("x", "y"):
        here = [line for line in lines if line.channel == channel]
        column = next((column for view in views if (column := view.column(channel))), None)
        if not here or column is None or len(here) > FEW:
            continue
        write = _Written(column, pd.Series([line.value for line in here], dtype=object))
        places = [_called(write(line.value), named(str(line.name or ""))) for line in here]
        marks = say("A line marks {axis}: {places}.") if len(here) == 1 else say("Lines mark {axis}: {places}.")
        said.append(marks.format(axis=column.title, places=_listed(places)))
    return said


class _Written:
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
        return say("in {year}", year=word) if len(word) == 4 and word.isdigit() else say("at {place}", place=word)


def _name(value: Any) -> str:
    """A category or a date, as it is read out: a first of January is its year."""
    if is_missing(value):
        return say("missing")
    if is_number(value) and float(value).is_integer():
        return str(int(value))
    text = named(str(value))
    if len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-":
        day = text[:10]
        return day[:4] if day.endswith("-01-01") else day
    return text


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else say("{others} and {last}", others=_row(words[:-1]), last=words[-1])


def _row(words: Sequence[str]) -> str:
    return say(", ").join(words)


def _called(value: str, name: str) -> str:
    """A value, and whose it is."""
    return say("{value} ({name})", value=value, name=name) if name else value


def quantity(column: Column, measure: str, unit: str) -> str:
    title = measure if measure and untitled(column) else column.title
    return _called(title, unit if unit.lower() not in title.lower() else "")


def _split(rows: pd.DataFrame, series: Sequence[Column]) -> dict[str, pd.DataFrame]:
    """The rows of each series, under its readable name, in the order of the data."""
    if not series:
        return {"": rows}
    groups = rows.groupby([column.field for column in series], sort=False, dropna=False)
    return {_row([_name(part) for part in key]): group for key, group in groups}


def _present(view: View, value: Column) -> pd.DataFrame:
    """The rows that have a value."""
    rows = view.rows.dropna(subset=[value.field])
    if rows.empty:
        raise ValueError(f"The chart has no value of {value.title} to show: every row is missing.")
    return rows


def _missing(rows: pd.DataFrame, *fields: str) -> list[str]:
    absent = int(rows[list(fields)].isna().any(axis=1).sum())
    return [count("{number} value is missing.", "{number} values are missing.", absent)] if absent else []


def _axes(view: View) -> tuple[Column, Column]:
    """Both axes; a chart that has one only has it twice."""
    across, up = view.column("x"), view.column("y")
    first, second = across or up, up or across
    if first is None or second is None:
        raise ValueError("The chart has nothing on an axis, so nothing can be said of it.")
    return first, second


def value_axis(view: View) -> tuple[Column, Column]:
    """The axis of names or positions, then the axis of the quantity."""
    across, up = _axes(view)
    turned = across is not up and view.is_quantity("x") and not view.is_quantity("y")
    return (up, across) if turned else (across, up)


def _top(rows: pd.DataFrame, column: Column) -> pd.Series:
    return rows.iloc[int(rows[column.field].argmax())]


def _low(rows: pd.DataFrame, column: Column) -> pd.Series:
    return rows.iloc[int(rows[column.field].argmin())]


def _read_line(view: View, measure: str, unit: str) -> list[str]:
    along, value = value_axis(view)
    rows = _present(view, value).sort_values(along.field, kind="stable")
    write, at = _Written(value, rows[value.field]), _Written(along, rows[along.field])
    lines = _split(rows, view.series(along, value))
    top, low = _top(rows, value), _low(rows, value)
    said = [
        _lines_and_points(view.mark == "area", [len(line) for line in lines.values()]),
        _axis(say("Horizontal axis"), along.title, at(rows[along.field].iloc[0]), at(rows[along.field].iloc[-1])),
        _axis(say("Vertical axis"), quantity(value, measure, unit), write(low[value.field]), write(top[value.field])),
    ]
    ranked = sorted(lines.items(), key=lambda pair: -pair[1][value.field].iloc[-1])
    if len(ranked) > FEW:
        for head, few in (
            (say("The three highest at their last point: {ends}."), ranked[:3]),
            (say("The three lowest at their last point: {ends}."), ranked[-3:]),
        ):
            ends = [
                say(
                    "{name} {last} (from {first})",
                    name=name,
                    last=write(line[value.field].iloc[-1]),
                    first=write(line[value.field].iloc[0]),
                )
                for name, line in few
            ]
            said.append(head.format(ends=_listed(ends)))
        return said + _missing(view.rows, value.field)
    for name, line in ranked:
        said.append(_line_sentence(name, line, along, value, at, write))
    return said + _missing(view.rows, value.field)


def _axis(which: str, title: str, first: str, last: str) -> str:
    return say("{axis}: {title}, {first} to {last}.", axis=which, title=title, first=first, last=last)


def _lines_and_points(area: bool, sizes: Sequence[int]) -> str:
    """What kind of chart it is, of how many lines and points."""
    many, most = len(sizes), max(sizes)
    lines = count("{number} area", "{number} areas", many) if area else count("{number} line", "{number} lines", many)
    points = count("{number} point", "{number} points", most)
    if len(set(sizes)) > 1:
        told = say("{lines} of up to {points}", lines=lines, points=points)
    elif many > 1:
        told = say("{lines}, {points} each", lines=lines, points=points)
    else:
        told = _row([lines, points])
    return say("{name}: {told}.", name=say("Area chart") if area else say("Line chart"), told=told)


def _line_sentence(name: str, line: pd.DataFrame, along: Column, value: Column, at: _Written, write: _Written) -> str:
    values, places = line[value.field].tolist(), line[along.field].tolist()

    def point(number: int) -> str:
        return say("{value} {where}", value=write(values[number]), where=at.place(places[number]))

    told = [point(0) if len(values) == 1 else _row([point(0), point(-1)])]
    ends = {write(values[0]), write(values[-1])}
    for word, pick in ((say("highest {point}"), max), (say("lowest {point}"), min)):
        extreme = pick(values)
        if len(values) > 1 and write(extreme) not in ends:
            told.append(word.format(point=point(values.index(extreme))))
    return say("{name}: {told}.", name=name or say("The line"), told=say("; ").join(told))


def _read_comparison(view: View, measure: str, unit: str) -> list[str]:
    along, value = value_axis(view)
    rows, parts = _present(view, value), view.series(along, value)
    groups = _split(rows, [] if along is value else [along])
    stacked = view.mark == "bar" and bool(parts) and max(map(len, groups.values())) > 1 and view.stacked is not None
    write = _Written(value, rows[value.field])
    ends = _extremes(rows, value, [along, *parts], write)
    return [
        _comparison(view.mark, stacked, groups, [name for name in _split(rows, parts) if name]),
        say("{name}: {told}.", name=quantity(value, measure, unit), told=ends),
        *_sides_of_zero(rows[value.field]),
        *(_sums(groups, value, write) if stacked else []),
        *_group_sentences(groups, parts, value, write),
        *_missing(view.rows, value.field),
    ]


def _comparison(mark: str, stacked: bool, groups: dict[str, pd.DataFrame], parts: Sequence[str]) -> str:
    """What kind of chart it is, of how many groups and parts."""
    bars = mark == "bar"
    chart = say("Stacked bar chart") if stacked else say("Bar chart") if bars else say("Dot chart")
    sizes = {len(group) for group in groups.values()}
    several, most = max(sizes) > 1, max(sizes)
    ones = _bars if bars else _points
    head = ones(len(groups)) if stacked or not several else count("{number} group", "{number} groups", len(groups))
    if several and parts:
        each = count("{number} part", "{number} parts", most) if stacked else ones(most)
        of = say("{groups} of {parts}: {names}") if len(sizes) == 1 else say("{groups} of up to {parts}: {names}")
        head = of.format(groups=head, parts=each, names=_listed(parts))
    return say("{name}: {told}.", name=chart, told=head)


def _bars(number: int) -> str:
    return count("{number} bar", "{number} bars", number)


def _points(number: int) -> str:
    return count("{number} point", "{number} points", number)


def _extremes(rows: pd.DataFrame, value: Column, naming: Sequence[Column], write: _Written) -> str:
    """From where to where the values go, and whose the ends are."""

    if (only := write(_low(rows, value)[value.field])) == write(_top(rows, value)[value.field]):
        return say("{value} each", value=only) if len(rows) > 1 else only

    def end(row: pd.Series) -> str:
        place = _row([name for name in (_name(row[column.field]) for column in naming) if name])
        return say("{value} ({name})", value=write(row[value.field]), name=place)

    return say("from {low} to {high}", low=end(_low(rows, value)), high=end(_top(rows, value)))


def _sides_of_zero(values: pd.Series) -> list[str]:
    below = int((values < 0).sum())
    return [say("{above} above zero, {below} below.", above=int((values > 0).sum()), below=below)] if below else []


def _sums(groups: dict[str, pd.DataFrame], value: Column, write: _Written) -> list[str]:
    """The largest and the smallest sum of parts, unless they are as good as equal, as shares of a whole are."""
    totals = {name: group[value.field].sum() for name, group in groups.items()}
    high, low = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
    if totals[high] - totals[low] <= 0.02 * max(map(abs, totals.values())):
        return []
    most, least = (_called(write(totals[name]), name) for name in (high, low))
    return [say("Largest sum of the parts: {most}; smallest: {least}.", most=most, least=least)]


def _group_sentences(
    groups: dict[str, pd.DataFrame], parts: Sequence[Column], value: Column, write: _Written
) -> list[str]:
    def sentence(name: str) -> str:
        group = groups[name]
        if not parts or len(group) == 1:
            of = say("{name}: {value}") if name[-1:].isdigit() else say("{name} {value}")
            return of.format(name=name, value=write(group[value.field].iloc[0]))
        each = [
            say("{name} {value}", name=_row([_name(row[part.field]) for part in parts]), value=write(row[value.field]))
            for _, row in group.iterrows()
        ]
        return say("{name}: {value}", name=name, value=_row(each))

    def all_of(names: Sequence[str]) -> str:
        return say("; ").join(sentence(name) for name in names)

    if all(len(group) == 1 for group in groups.values()):
        if len(groups) <= 2 * FEW:
            return [say("{sentence}.", sentence=all_of([*groups]))]
        ranked = sorted(groups, key=lambda name: -groups[name][value.field].iloc[0])
        return [
            say("The three highest: {told}.", told=all_of(ranked[:3])),
            say("The three lowest: {told}.", told=all_of(ranked[-3:])),
        ]
    if len(groups) <= FEW:
        return [say("{sentence}.", sentence=sentence(name)) for name in groups]
    return _part_sentences(groups, parts, value, write)


def _part_sentences(
    groups: dict[str, pd.DataFrame], parts: Sequence[Column], value: Column, write: _Written
) -> list[str]:
    """Of many groups, where each part is lowest and where it is highest."""
    rows = pd.concat([group.assign(_group=name) for name, group in groups.items()])
    said = []
    for name, part in _split(rows, parts).items():
        part = part.sort_values(value.field, kind="stable")
        low, top = (_called(write(row[value.field]), row["_group"]) for row in (part.iloc[0], part.iloc[-1]))
        said.append(say("{name}: lowest {low}, highest {top}.", name=name, low=low, top=top))
    return said


def _sizes(rows: pd.DataFrame, size: Column, place: Callable[[pd.Series], str]) -> list[str]:
    """From where to where the size of the points goes; if names set it, which points have one."""
    if not rows[size.field].map(is_number).all():
        marked = [(_name(row[size.field]), row) for _, row in rows.iterrows() if row[size.field]]
        return [say("{name}: {told}.", name=name[:1].upper() + name[1:], told=place(row)) for name, row in marked[:FEW]]
    write, biggest = _Written(size, rows[size.field]), _top(rows, size)
    return [
        say(
            "Size of the points: {title}, {least} to {most}; the largest is {place}.",
            title=size.title,
            least=write(rows[size.field].min()),
            most=write(biggest[size.field]),
            place=place(biggest),
        )
    ]


def _read_scatter(view: View, measure: str, unit: str) -> list[str]:
    (across, up), size = _axes(view), view.column("size")
    rows = view.rows.dropna(subset=[across.field, up.field])
    if rows.empty:
        raise ValueError(f"The chart has no point with both {across.title} and {up.title}.")
    write_x, write_y = _Written(across, rows[across.field]), _Written(up, rows[up.field])
    labels = label_fields(view, {across.field, up.field})

    def place(row: pd.Series) -> str:
        label = _row([_name(row[field]) for field in labels])
        at = _row([write_x(row[across.field]), write_y(row[up.field])])
        return say("{value} ({name})", value=label, name=at) if label else f"({at})"

    y, x = rows[up.field], rows[across.field]
    points = _points(len(rows))
    if len(rows) <= FEW:  # each is said
        each = say(
            "Scatter chart: {points}; horizontally {across}, vertically {up}: {places}.",
            points=points,
            across=across.title,
            up=up.title,
            places=_listed([place(row) for _, row in rows.iterrows()]),
        )
        return [each, *_missing(view.rows, across.field, up.field)]
    said = [
        say("{name}: {told}.", name=say("Scatter chart"), told=points),
        _axis(say("Horizontal axis"), across.title, write_x(x.min()), write_x(x.max())),
        _axis(say("Vertical axis"), up.title, write_y(y.min()), write_y(y.max())),
    ]
    said += _sizes(rows, size, place) if size else []
    said.append(
        say(
            "Highest: {highest}; lowest: {lowest}; leftmost: {leftmost}; rightmost: {rightmost}.",
            highest=place(_top(rows, up)),
            lowest=place(_low(rows, up)),
            leftmost=place(_low(rows, across)),
            rightmost=place(_top(rows, across)),
        )
    )
    return said + _missing(view.rows, across.field, up.field)


def label_fields(view: View, taken: set[str]) -> list[str]:
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
    write = _Written(value, rows[value.field])

    def end(row: pd.Series) -> str:
        return _called(write(row[value.field]), _row([_name(row[down.field]), _name(row[across.field])]))

    lines = {_name(key): group for key, group in rows.groupby(down.field, sort=False)}
    said = [
        say(
            "Heat map: {rows} ({down}) by {columns} ({across}).",
            rows=count("{number} row", "{number} rows", len(lines)),
            down=down.title,
            columns=count("{number} column", "{number} columns", rows[across.field].nunique()),
            across=across.title,
        ),
        say(
            "Colour: {quantity}, {low} to {high}.",
            quantity=quantity(value, measure, unit),
            low=end(_low(rows, value)),
            high=end(_top(rows, value)),
        ),
    ]
    if len(lines) <= ROWS:
        for name, line in lines.items():
            most, least = (
                _called(write(row[value.field]), _name(row[across.field]))
                for row in (_top(line, value), _low(line, value))
            )
            said.append(say("{name}: highest {most}, lowest {least}.", name=name, most=most, least=least))
    return said + _missing(view.rows, value.field)


_READERS = {"line": _read_line, "comparison": _read_comparison, "scatter": _read_scatter, "heat map": _read_heat_map}
