"""One look for every chart, and one call that turns an Altair chart into a published figure.

    figures.publish(chart, finding="Services earn more than they sell", measure="Services in exports",
                    unit="% of gross exports", source=["exports_by_country"], as_of=2011)

The notebook stores the figure's Vega-Lite specification and nothing else: the page's caption, text alternative, data
table, downloads and dark theme are all made from it.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import altair as alt
import pandas as pd

from valuechains import settled
from valuechains.describe import Column, View, column_named, columns, describe, described

__all__ = ["PALETTE", "THEME", "Figure", "bare", "describe", "publish", "titled", "wide"]

MIME = "application/vnd.vegalite.v5+json"  # the one that JupyterLab draws with what it carries, offline
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
UNNAMED = re.compile(r"data-[0-9a-f]{32}")  # Altair's name for data without one: a digest of all their bits
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"

# Series colours are told apart with normal sight, protanopia, deuteranopia and tritanopia (measured in
# tests/figures/test_figures.py); each has a contrast of at least 3:1 with its background, each text at least 4.5:1.
PALETTE = {
    "light": {
        "paper": "#ffffff",
        "ink": "#22272f",
        "muted": "#545d6b",
        "rule": "#7d8694",
        "grid": "#e3e6ea",
        "link": "#0b5cab",
        "blue": "#0a5fb0",
        "orange": "#dd6b10",
        "teal": "#008a83",
        "purple": "#7a2385",
        "brick": "#9e2f14",
        "sky": "#3b97ea",
        "night": "#2a2140",
    },
    "dark": {
        "paper": "#14181e",
        "ink": "#dfe4ea",
        "muted": "#a7b0bc",
        "rule": "#7f8998",
        "grid": "#2d3541",
        "link": "#7db8f7",
        "blue": "#58a6f5",
        "orange": "#f5663c",
        "teal": "#16a678",
        "purple": "#f279b8",
        "brick": "#c5dd3a",
        "sky": "#4277d1",
        "night": "#b5eef0",
    },
}
SERIES = ("blue", "orange", "teal", "purple", "brick", "sky", "night")
# Ramps keep their colours in both themes: a cell is compared with the legend, not with the page.
RAMP = ["#dbe8f4", "#a9cbe6", "#6ba6d3", "#2f7cb8", "#0b4f8a", "#08305a"]
DIVERGING = ["#9e2f14", "#d9734f", "#f0c3ac", "#f4f4f2", "#b4d3ea", "#4f93c8", "#0b4f8a"]


def theme(colours: Mapping[str, str]) -> dict:
    """A Vega-Lite configuration in these colours."""
    series = [colours[name] for name in SERIES]
    text = {
        "labelColor": colours["muted"],
        "titleColor": colours["muted"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "labelFont": FONT,
        "titleFont": FONT,
    }
    return {
        "background": colours["paper"],  # its own: what shows the notebook may be light or dark
        "font": FONT,
        "aria": False,  # the page's own text alternative stands in for marks that are read out one by one
        "padding": 4,
        "view": {"stroke": None, "continuousWidth": 640, "continuousHeight": 320, "discreteWidth": 640},
        "title": {
            "color": colours["ink"],
            "subtitleColor": colours["muted"],
            "fontSize": 16,
            "subtitleFontSize": 13,
            "fontWeight": 600,
            "anchor": "start",
            "frame": "group",
            "offset": 14,
            "subtitlePadding": 6,
        },
        "axis": {
            **text,
            "domainColor": colours["rule"],
            "tickColor": colours["rule"],
            "gridColor": colours["grid"],
            "labelPadding": 6,
            "titlePadding": 10,
            "labelLimit": 200,
        },
        "axisX": {"grid": False, "labelAngle": 0, "labelSeparation": 10},
        "axisXQuantitative": {"labelOverlap": "greedy"},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            **text,
            "orient": "top",
            "direction": "horizontal",
            "columns": 4,
            "title": None,
            "symbolType": "circle",
            "symbolSize": 90,
            "symbolStrokeWidth": 0,
            "symbolBaseFillColor": colours["muted"],
            "labelLimit": 220,
            "labelColor": colours["ink"],
        },
        "header": {
            "labelColor": colours["ink"],
            "titleColor": colours["muted"],
            "labelFont": FONT,
            "labelFontSize": 12,
            "labelFontWeight": 600,
        },
        "range": {"category": series, "ordinal": RAMP, "ramp": RAMP, "heatmap": RAMP, "diverging": DIVERGING},
        "mark": {"color": series[0]},
        "line": {"strokeWidth": 2.25, "strokeCap": "round", "strokeJoin": "round"},
        "point": {"filled": True, "size": 70, "opacity": 0.95},
        "circle": {"size": 70, "opacity": 0.9},
        "area": {"fillOpacity": 0.85},
        "bar": {"cornerRadiusEnd": 1.5},
        "rect": {"stroke": colours["paper"], "strokeWidth": 1},
        "rule": {"color": colours["rule"], "strokeWidth": 1.25},
        "tick": {"color": colours["rule"], "thickness": 2},
        "errorband": {"opacity": 0.18},
        "text": {"color": colours["ink"], "font": FONT, "fontSize": 12},
    }


THEME = {name: theme(colours) for name, colours in PALETTE.items()}


@dataclass(frozen=True, repr=False)
class Figure:
    """A published figure: shown by Jupyter, drawn by the book."""

    spec: dict

    @property
    def about(self) -> dict:
        """What is said about the chart: finding, measure, unit, source, as_of, alternative, name, tables."""
        return self.spec["usermeta"]["valuechains"]

    def __repr__(self) -> str:
        return f"{self.about['finding']}\n{self.about['alternative']}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {MIME: self.spec, "text/plain": repr(self)}


def publish(
    chart: alt.TopLevelMixin,
    *,
    finding: str,
    measure: str,
    unit: str,
    source: str | Sequence[str],
    as_of: str | int | None = None,
    name: str | None = None,
    titles: Mapping[str, str] | None = None,
    rows: pd.DataFrame | None = None,
) -> Figure:
    """A chart with everything a reader needs to judge it.

    finding  what the chart shows, one sentence: it becomes the title
    measure  what is measured, and unit, in what: they become the subtitle
    source   names of data sets in data/ (each becomes its citation, with vintage), or citations in words
    as_of    the last period or the date the numbers describe
    name     short name for links and file names, by default made from the finding
    titles   readable titles of columns, where the chart itself gives none
    rows     the rows the chart shows at first, if it filters its data itself (twins)

    Raises ValueError, in one sentence, if something is missing or the chart has nothing to show.
    """
    said = {"finding": finding, "measure": measure, "unit": unit}
    for key, text in said.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f'A figure needs its {key}: publish(chart, ..., {key}="...").')
    sources = _citations(source)
    with alt.data_transformers.enable("default", max_rows=None), alt.theme.enable("none"):
        spec = chart.to_dict()
    if spec.get("config"):
        raise ValueError(
            f"The chart sets its own look ({', '.join(sorted(spec['config']))}): "
            "leave out .configure_...(), the theme of the book is applied to every figure."
        )
    spec = _completed(_settled(spec), dict(titles or {}))
    rows = None if rows is None else settled.frame(rows)
    views = described(spec, rows)
    about = {
        **{key: text.strip() for key, text in said.items()},
        "source": sources,
        "as_of": None if as_of is None else str(as_of),
        "alternative": describe(spec, measure=measure, unit=unit, rows=rows),
        "name": name or _slug(finding),
        "tables": _tables(views, measure, unit),
    }
    spec |= {
        "$schema": SCHEMA,
        "config": THEME["light"] | {"legend": THEME["light"]["legend"] | {"columns": _legend_columns(views)}},
        "title": titled(about),
        "description": about["alternative"],
        "usermeta": {"valuechains": about},
    }
    return Figure(spec)


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)  # "A1-1-05" stays whole


def titled(about: Mapping, *notes: str) -> dict:
    """The title of a figure that stands alone: finding, measure, what more is to be said, source."""
    as_of = f" As of {about['as_of']}." if about.get("as_of") else ""
    source = f"Source: {'; '.join(about['source']).rstrip('.')}.{as_of}"
    said = (f"{about['measure']}, {about['unit']}", *notes, source)
    return {"text": _lines(about["finding"], 78), "subtitle": [line for one in said for line in _lines(one, 96)]}


def _citations(source: str | Sequence[str]) -> list[str]:
    """Each source as a reader cites it: the name of a data set becomes its line, a citation in words stays."""
    given = [source] if isinstance(source, str) else list(source or [])
    if not given or not all(isinstance(one, str) and one.strip() for one in given):
        raise ValueError('A figure needs its source: publish(chart, ..., source=["a data set of data/"]).')
    return list(dict.fromkeys(one if " " in one.strip() else _dataset(one.strip()) for one in given))


def _dataset(name: str) -> str:
    from valuechains import datasets  # a figure that cites no data set needs no data package

    return datasets.source(name)


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:7])


def _settled(spec: dict) -> dict:
    """The chart with its numbers rounded; data that Altair named after all their bits are named after what is left."""
    rounded = {name: settled.records(rows) for name, rows in spec.get("datasets", {}).items()}
    names = {name: _digest(rows) if UNNAMED.fullmatch(name) else name for name, rows in rounded.items()}

    def walk(part):
        if isinstance(part, list):
            return [walk(item) for item in part]
        if not isinstance(part, dict):
            return settled.number(part)
        return {
            key: names.get(value, value) if key == "name" and isinstance(value, str) else walk(value)
            for key, value in part.items()
            if key != "datasets"
        }

    return walk(spec) | {"datasets": {names[name]: rows for name, rows in rounded.items()}}


def _digest(rows: list[dict]) -> str:
    return "data-" + hashlib.md5(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _completed(spec: dict, titles: Mapping[str, str]) -> dict:
    """Each encoded field with the readable title the author gave, and years as positions rather than amounts."""

    def walk(part):
        if isinstance(part, list):
            return [walk(item) for item in part]
        if not isinstance(part, dict):
            return part
        part = {key: value if key in ("datasets", "values") else walk(value) for key, value in part.items()}
        if "type" in part and isinstance(part.get("field"), str) and "title" not in part:
            column = column_named(part["field"])
            title = titles.get(column, column if column != part["field"] else None)  # or it would show the backslashes
            part |= {"title": title} if title else {}
        if part.get("field") == "year" and part.get("type") == "quantitative":
            part["scale"] = {"zero": False, "nice": False} | (part.get("scale") or {})
            part["axis"] = {"format": "d"} | (part.get("axis") or {}) if part.get("axis", {}) is not None else None
        return part

    return walk(spec)


def _legend_columns(views: Sequence[View]) -> int:
    """As many columns as the longest name of a series lets stand side by side."""
    names = [str(name) for view in views for column in view.series() for name in view.rows[column.field].unique()]
    longest = max(map(len, names), default=0)
    return max(1, min(6, 620 // (34 + 7 * longest)))


def _tables(views: Sequence[View], measure: str, unit: str) -> list[dict]:
    """One table for each data set the chart shows, with the columns it encodes."""
    tables: dict[str, dict[str, Column]] = {}
    for view in views:
        shown = tables.setdefault(view.data, {})
        for column in columns(view):
            shown.setdefault(column.field, column)
    measured = (view.column(channel) for view in views for channel in ("x", "y", "color"))
    quantities = {
        column.field
        for column in measured
        if column and column.format != "d" and column.title == column.field.replace("_", " ")
    }

    def record(column: Column) -> dict:
        title = f"{measure} ({unit})" if quantities == {column.field} else column.title
        return asdict(Column(column.field, title[:1].upper() + title[1:], column.format))

    return [{"data": data, "columns": [record(column) for column in shown.values()]} for data, shown in tables.items()]


def wide(spec: Mapping, width: int | str) -> dict:
    """A specification as wide as this, unless the author chose a width or the chart is made of several.

    What is stored names no width, so that every notebook draws it at the width of the theme. Stored as "container" it
    would be drawn in JupyterLab 0 pixels wide, without a picture that JupyterLab could keep beside it, and so again
    and again.
    """
    several = {"hconcat", "vconcat", "concat", "facet", "repeat"} & set(spec)
    if several or "width" in spec or {"row", "column", "facet"} & set(spec.get("encoding", {})):
        return dict(spec)
    return {**spec, "width": width}


def bare(spec: Mapping, width: int | str) -> dict:
    """A specification for a page that says title and source itself and has a background of its own."""
    spec = {key: value for key, value in wide(spec, width).items() if key != "title"}
    return spec | {"config": spec["config"] | {"background": "transparent"}}
