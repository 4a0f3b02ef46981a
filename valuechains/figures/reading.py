"""What a chart shows, read from its specification: which marks carry its data, with which rows, columns and series."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from numbers import Real
from typing import Any, TypeGuard

import pandas as pd

from valuechains.tongue import named, say

SAID = "_said"  # ends the field that holds a name in the words of another edition, for a tooltip
PLACE = "_place"  # the field by which publishing stacks the parts of a bar; it tells nothing of them
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
NAMING = ("detail", "color", "stroke", "strokeDash", "text", "tooltip")  # channels that name a line across the chart
SECONDARY_MARKS = {"rule", "text", "errorband", "errorbar", "tick"}  # they annotate marks that carry the data
LINES = {"line", "area", "trail"}
BESIDE = {"xOffset", "yOffset", "row", "column", "facet"}  # parts that stand side by side and not on one another
COUNT = "number of rows"
MINUS = "\N{MINUS SIGN}"
PATH = set(".[]'\"")  # what makes a field of Vega-Lite a path
ESCAPED = re.compile(r"\\(.)", re.S)


@dataclass(frozen=True)
class Column:
    """A column of the table behind a chart: its field, a readable title, and how its numbers are written."""

    field: str
    title: str
    format: str = ""  # "" plain, "%" a fraction shown as percent, "d" a year or another number that only names

    def text(self, value: Any, digits: int | None = None) -> str:
        """One value as a reader wants it; `digits` after the point, by default four significant figures."""
        if is_missing(value):
            return say("missing")
        if not is_number(value):
            return named(str(value))
        if self.format == "d":
            return f"{value:.0f}" if float(value).is_integer() else str(value)
        scaled = value * 100 if self.format == "%" else value
        if digits is None:
            digits = decimals([scaled], significant=4)
        written = f"{scaled:,.{digits}f}".replace("-", MINUS)
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

    def drawn(self) -> View:
        """Without the rows that a logarithmic axis cannot show: those at zero or below."""
        rows = self.rows
        for channel in ("x", "y"):
            column = self.column(channel)
            if column and (self.encoding[channel].get("scale") or {}).get("type") == "log" and len(rows):
                rows = rows[~(rows[column.field] <= 0)]
        return replace(self, rows=rows)

    def series(self, *axes: Column | None) -> list[Column]:
        """The fields that tell series apart, apart from those on the axes."""
        taken = {axis.field for axis in axes if axis}
        found: dict[str, Column] = {}
        for channel in SERIES_CHANNELS:
            for one in encoded_in(self.encoding.get(channel)):
                if one.get("type") != "quantitative" and one["field"] not in taken:
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
    def stacked(self) -> Column | None:
        """The quantity of bars or areas whose parts stand on one another."""
        quantities = [self.column(channel) for channel in ("x", "y") if self.is_quantity(channel)]
        apart = BESIDE & set(self.encoding) or {"x2", "y2"} & set(self.encoding)
        plain = any(
            self.encoding[channel].get("stack", True) is None for channel in ("x", "y") if channel in self.encoding
        )
        if self.mark not in ("bar", "area") or apart or plain or len(quantities) != 1 or quantities[0] is None:
            return None
        return quantities[0] if any(encoded_in(self.encoding.get(channel)) for channel in SERIES_CHANNELS) else None

    @property
    def secondary(self) -> bool:
        connects = self.mark == "line" and self.encoding.get("y", {}).get("type") == "nominal"
        band = self.mark == "area" and "y2" in self.encoding
        return self.mark in SECONDARY_MARKS or connects or band


def described(spec: dict, rows: pd.DataFrame | None = None) -> list[View]:
    """The views of a chart that carry its data: no annotations, and no second mark on the same rows and axes."""
    found = [view for view in _views(spec, spec.get("datasets", {}), rows) if len(view.rows)]
    primary = [view for view in found if not view.secondary] or found
    distinct: dict[tuple, View] = {}
    for view in primary:
        axes = tuple((column := view.column(channel)) and column.field for channel in ("x", "y"))
        distinct.setdefault((view.data, axes, tuple(view.rows.index)), view)
    if not distinct:
        raise ValueError("The chart has no rows to show: check the selection its data were filtered by.")
    return list(distinct.values())


def every(spec: dict) -> list[View]:
    """All views of a chart that have rows, those that annotate others too."""
    return [view for view in _views(spec, spec.get("datasets", {}), None) if len(view.rows)]


@dataclass(frozen=True)
class Threshold:
    """A line across the chart at one value of an axis, and what it is called, if it is."""

    channel: str
    value: object
    name: str


def thresholds(spec: dict) -> list[Threshold]:
    """The lines across a chart, which a finding may rest on: rules at one value of one axis, in the chart's order."""
    found: dict[Threshold, None] = {}
    for view in _views(spec, spec.get("datasets", {}), None, only="rule"):
        axes = [channel for channel in ("x", "y") if channel in view.encoding]
        if len(axes) != 1 or {"x2", "y2"} & set(view.encoding):
            continue
        encoded = view.encoding[axes[0]]
        if is_number(encoded.get("datum")):
            found[Threshold(axes[0], encoded["datum"], "")] = None
        elif encoded.get("field") in view.rows:
            names = [one["field"] for channel in NAMING for one in encoded_in(view.encoding.get(channel))]
            names = [name for name in names if name in view.rows and not is_number(view.rows[name].iloc[0])][:1]
            for _, row in view.rows.iterrows():
                found[Threshold(axes[0], row[encoded["field"]], str(row[names[0]]) if names else "")] = None
    return list(found)


def columns(view: View) -> list[Column]:
    """Every field a view shows, names first, quantities last; the order in which parts are stacked shows none."""
    found: dict[str, tuple[bool, Column]] = {}
    for encoded in (encoded for channel, encoded in view.encoding.items() if channel != "order"):
        for one in encoded_in(encoded):
            if one["field"] in view.rows and one["field"] != COUNT:  # a count is no column of the table
                column = _column(one)
                names = column.format == "d" or not pd.api.types.is_numeric_dtype(view.rows[column.field])
                best = found.get(column.field)
                if best is None or (untitled(best[1]) and not untitled(column)):
                    found[column.field] = (not names, column)
    return [column for quantity, column in sorted(found.values(), key=lambda pair: pair[0])]


def encoded_in(channel: object) -> list[dict]:
    """What of a channel, or of a list of them as in a tooltip, encodes a field."""
    several = channel if isinstance(channel, list) else [channel]
    return [one for one in several if isinstance(one, dict) and "field" in one]


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


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value counts or measures, whatever its type: numpy's whole numbers do, true and false do not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def decimals(values: Sequence[float], significant: int = 3) -> int:
    """Digits after the point that give the largest of these values `significant` figures; none for whole numbers."""
    finite = [abs(value) for value in values if value == value]
    if all(float(value).is_integer() for value in finite):
        return 0
    return max(0, significant - 1 - floor(log10(max(finite))))


# --- reading the specification ---------------------------------------------------------------------------------------


def _views(
    spec: dict, datasets: dict, given: pd.DataFrame | None, inherited: dict | None = None, only: str = ""
) -> Iterator[View]:
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
        yield from _views(part, datasets, given, here, only)
    if "mark" in spec:
        mark = spec["mark"] if isinstance(spec["mark"], str) else spec["mark"]["type"]
        if only in ("", mark):
            view = View(mark, here["encoding"], (here["data"] or {}).get("name", ""), pd.DataFrame())
            yield _folded(replace(view, rows=_rows(view, here, datasets, given)))


def _named(part: Any) -> Any:
    """Some of a specification with columns in the place of fields."""
    if isinstance(part, list):
        return [_named(item) for item in part]
    if not isinstance(part, dict):
        return part
    fields = {key: column_named(value) for key, value in part.items() if key == "field" and isinstance(value, str)}
    return {key: _named(value) for key, value in part.items()} | fields


def _rows(view: View, here: dict, datasets: dict, given: pd.DataFrame | None) -> pd.DataFrame:
    fields = {
        encoded["field"]
        for encoded in view.encoding.values()
        if isinstance(encoded, dict) and "field" in encoded and "aggregate" not in encoded
    } - {PLACE}
    said = [step["as"] for step in here["transform"] if str(step.get("as")).endswith(SAID)]
    transforms = [step for step in here["transform"] if step.get("as") not in (PLACE, *said)]
    if given is not None and fields <= set(given.columns):
        return given.reset_index(drop=True)
    if view.secondary and transforms:
        return pd.DataFrame()
    if transforms:
        raise ValueError(
            "The chart transforms its data, so they cannot be read from it: "
            "do the step in pandas, or give the rows that are shown as `rows`."
        )
    data = here["data"] or {}
    values = data.get("values", datasets.get(data.get("name")))
    if not isinstance(values, list):
        return pd.DataFrame()
    frame = pd.DataFrame(values)
    for field in said:
        frame[field] = [named(one) if isinstance(one, str) else one for one in frame[field.removesuffix(SAID)]]
    absent = sorted(fields - set(frame.columns)) if len(frame) else []
    if absent:
        there = ", ".join(field_of(str(column)) for column in frame.columns)
        raise ValueError(f"The chart encodes {absent[0]!r}, but its data have only {there}.")
    return frame


def _folded(view: View) -> View:
    """A view whose rows are those it draws: in classes, counted or summed where its encoding says so."""
    if view.rows.empty:
        return view
    return _aggregated(_counted(_binned(view)))


def _binned(view: View) -> View:
    """A column that the chart puts into classes, as the names of the classes, in their order."""
    encoding, rows = dict(view.encoding), view.rows
    for channel, one in view.encoding.items():
        if isinstance(one, dict) and one.get("bin") not in (None, False, "binned") and one.get("field") in rows:
            title = one.get("title") or say("{name}, in classes", name=named(one["field"].replace("_", " ")))
            encoding[channel] = {"field": one["field"], "type": "ordinal", "title": title}
            rows = rows.assign(**{one["field"]: _classes(view.rows[str(one["field"])], one["bin"])})
    order = [one["field"] for channel, one in encoding.items() if one is not view.encoding[channel]][:1]
    return replace(
        view, encoding=encoding, rows=rows.loc[view.rows.sort_values(order, kind="stable").index] if order else rows
    )


def _classes(values: pd.Series, bins: object) -> list[str]:
    """The class of each value: Vega's, 1, 2 or 5 of a power of ten wide, so that there are no more than asked for."""
    asked = bins if isinstance(bins, dict) else {}
    low, high = asked.get("extent") or (values.min(), values.max())
    most, span = asked.get("maxbins", 10), (high - low) or abs(low) or 1
    step = asked.get("step")
    if not step:
        step = 10.0 ** (round(log10(span)) - ceil(log10(most)))
        while ceil(span / step) > most:
            step *= 10
        step = next((step / part for part in (10, 5, 2) if span / (step / part) <= most), step)
    digits = max(0, -floor(log10(step)))
    last = ceil(high / step - 1e-9) - 1  # what lies at the very end belongs to the last class
    first = [min(floor(value / step + 1e-9), last) * step for value in values]
    return [
        say("{low} to {high}", low=f"{start:,.{digits}f}", high=f"{start + step:,.{digits}f}").replace("-", MINUS)
        for start in first
    ]


def _counted(view: View) -> View:
    """A count of rows, as a column like any other."""
    encoding = {
        channel: {**one, "field": COUNT, "aggregate": "sum", "title": one.get("title") or COUNT}
        if isinstance(one, dict) and one.get("aggregate") == "count" and "field" not in one
        else one
        for channel, one in view.encoding.items()
    }
    return replace(view, encoding=encoding, rows=view.rows.assign(**({COUNT: 1} if encoding != view.encoding else {})))


def _aggregated(view: View) -> View:
    folded = {
        one["field"]: one["aggregate"]
        for one in view.encoding.values()
        if isinstance(one, dict) and "aggregate" in one and "field" in one
    }
    stacked = None if folded else view.stacked
    if stacked:  # parts of one name stand on one another as one
        folded = {stacked.field: "sum"}
    keys = [
        one["field"]
        for encoded in view.encoding.values()
        for one in encoded_in(encoded)
        if one["field"] not in folded and one["field"] in view.rows
    ]
    if not folded or not keys or (stacked and not view.rows.duplicated(keys).any()):
        return view
    how = {"average": "mean", "distinct": "nunique"}
    rows = (
        view.rows.groupby(list(dict.fromkeys(keys)), sort=False, dropna=False)
        .agg({field: how.get(name, name) for field, name in folded.items()})
        .reset_index()
    )
    return replace(view, rows=rows)


def _column(encoded: dict) -> Column:
    field = encoded["field"]
    guide = encoded.get("axis") or encoded.get("legend") or {}
    title = encoded.get("title") or guide.get("title") or named(field.replace("_", " "))
    written = encoded.get("format") or guide.get("format") or ""
    if encoded.get("stack") == "normalize":
        written = ""
    names = field == "year" or written == "d" or encoded.get("type") in ("ordinal", "nominal", "temporal")
    title = " ".join(title) if isinstance(title, list) else title
    return Column(field, title, "%" if "%" in written else "d" if names else "")


def untitled(column: Column) -> bool:
    return column.title == named(column.field.replace("_", " "))


def kind(view: View) -> str:
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
