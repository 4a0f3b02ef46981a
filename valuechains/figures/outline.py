"""The outline of a chart, by which one walks through it: its views, and the axes, series and names of each.

A page makes the sentences (`book/assets/tree.js`) from the outline and the rows that the chart shows at that moment,
for those of a twin change with its controls. Where the chart folds its rows, into classes or sums, the outline has
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from valuechains.figures.reading import Column, View, described, encoded_in, every, kind, thresholds
from valuechains.figures.words import across, label_fields, quantity, value_axis

TOLD = ("text", "tooltip")  # channels that tell more of a mark than its place and its series
TELLING = ("color", "fill", "stroke")  # channels that may name all of a view by a constant


def outline(spec: dict) -> dict:
    """`spec`: a published chart; of a twin's, over the rows that it stores (`widgets.standing`)."""
    about, views, all_views = spec["usermeta"]["valuechains"], described(spec), every(spec)
    alone = len(views) == 1 or all(kind(view) != "scatter" for view in views)
    unit = about["unit"] if alone else ""  # else each axis has its own, in its title
    return {
        "views": [_view(view, all_views, spec, about["measure"], unit) for view in views],
        "ranges": [_range(view, views) for view in all_views if _ends(view)],
        "lines": across(thresholds(spec), views),
    }


def _view(view: View, all_views: Sequence[View], spec: Mapping, measure: str, unit: str) -> dict:
    what = kind(view)
    along, value = value_axis(view) if what != "heat map" else (view.column("x"), None)
    found = {channel: _column(view, channel) for channel in ("x", "y", "size") if view.column(channel)}
    if what == "heat map":
        channel = "color" if view.column("color") else "fill"
        along_channel, value_channel = "x", "color"
        found["color"] = _column(view, channel)
    elif what == "scatter":
        along_channel, value_channel = "x", "y"
    else:
        along_channel = next(name for name in ("x", "y") if view.column(name) == along)
        value_channel = next((name for name in ("y", "x") if view.column(name) == value), along_channel)
    value = view.column("color") or view.column("fill") if what == "heat map" else value
    if value and found[value_channel]["title"]:
        found[value_channel]["title"] = quantity(value, measure, unit)
    series = view.series(view.column("x"), view.column("y"), value)
    taken = {column["field"] for column in found.values()} | {column.field for column in series}
    return {
        "kind": what,
        "mark": view.mark,
        "stacked": view.stacked is not None,
        "data": view.data,
        "along": along_channel,
        "value": value_channel,
        **found,
        "series": [_plain(column) for column in series],
        "also": _told(view, all_views, taken),
        "labels": label_fields(view, {column["field"] for column in found.values()}) if what == "scatter" else [],
        **_constant(view),
        **_folded(view, spec),
    }


def _column(view: View, channel: str) -> dict:
    encoded = view.encoding[channel]
    scale = (encoded.get("scale") or {}).get("type") == "log"
    read = _plain(view.column(channel))
    return read | ({"log": True} if scale else {}) | ({"quantity": True} if view.is_quantity(channel) else {})


def _plain(column: Column | None) -> dict:
    """A column as data; a title that a twin writes anew at each setting is read from the chart."""
    assert column is not None
    title = column.title if isinstance(column.title, str) else None
    return {"field": column.field, "title": title, "format": column.format}


def _told(view: View, all_views: Sequence[View], taken: set[str]) -> list[dict]:
    """What is written beside a mark, or in its tooltip, and neither on an axis nor in a series."""
    found: dict[str, dict] = {}
    for other in all_views:
        if other.data != view.data or any(other.column(one) != view.column(one) for one in ("x", "y")):
            continue
        for one in (one for channel in TOLD for one in encoded_in(other.encoding.get(channel))):
            if one["field"] in view.rows and one["field"] not in taken:
                column = View("", {"told": one}, "", view.rows).column("told")
                found.setdefault(one["field"], _plain(column) | {"named": "title" in one})
    return list(found.values())


def _constant(view: View) -> dict[str, Any]:
    names = [view.encoding[channel].get("datum") for channel in TELLING if isinstance(view.encoding.get(channel), dict)]
    return next(({"name": name} for name in names if isinstance(name, str)), {})


def _folded(view: View, spec: Mapping) -> dict[str, Any]:
    if view.rows.equals(pd.DataFrame(spec["datasets"].get(view.data))):
        return {}
    return {"rows": view.rows.astype(object).where(view.rows.notna(), None).to_dict("records")}


def _ends(view: View) -> str:
    """The axis along which a mark goes from one value to another; a line that leads to a name goes along both."""
    found = [one for one in ("x", "y") if view.column(one) and view.column(f"{one}2")]
    return found[0] if len(found) == 1 else ""


def _range(view: View, views: Sequence[View]) -> dict:
    """Written as the axis is along which it goes, which may have its title and format from another view."""
    channel = _ends(view)
    along = "x" if channel == "y" else "y"
    low, high = view.column(channel), view.column(f"{channel}2")
    assert low is not None and high is not None
    axis = next((column for one in views if (column := one.column(channel))), low)
    return {
        "data": view.data,
        "along": _column(view, along) if view.column(along) else None,
        "low": {**_plain(axis), "field": low.field},
        "high": high.field,
    }
