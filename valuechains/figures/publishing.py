"""One call that turns an Altair chart into a published figure, and the widths at which it is drawn."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
import pandas as pd

from valuechains import settled
from valuechains.figures.ends import UNNAMED, named_at_ends
from valuechains.figures.look import THEME
from valuechains.figures.reading import Column, View, column_named, columns, described, untitled
from valuechains.figures.series import coloured, one_legend_each, stacked
from valuechains.figures.words import describe
from valuechains.tongue import english, say, together

MIME = "application/vnd.vegalite.v5+json"  # the one that JupyterLab draws with what it carries, offline
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")  # Chinese, Japanese


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

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        return {MIME: self.spec, "text/plain": repr(self)}


@english()
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

    - finding: what the chart shows, one sentence; it becomes the title
    - measure: what is measured, and unit, in what; they become the subtitle
    - source: names of data sets in data/ (each becomes its citation, with vintage), or citations in words
    - as_of: the last period or the date the numbers describe
    - name: short name for links and file names, by default made from the finding
    - titles: readable titles of columns, where the chart itself gives none
    - rows: the rows the chart shows at first, if it filters its data itself (twins)

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
    spec = coloured(one_legend_each(_completed(_settled(spec), dict(titles or {}))))
    rows = None if rows is None else settled.frame(rows)
    views = described(spec, rows)
    about = {
        **{key: text.strip() for key, text in said.items()},
        "source": sources,
        "as_of": None if as_of is None else str(as_of),
        "alternative": describe(spec, measure=measure, unit=unit, rows=rows),
        "name": name or _slug(finding),
        "tables": table_records(views, measure, unit),
    }
    spec, ends = named_at_ends(spec)
    about |= {"ends": ends} if ends else {}
    spec |= {
        "$schema": SCHEMA,
        "config": THEME["light"] | {"legend": THEME["light"]["legend"] | {"columns": _legend_columns(views)}},
        "title": titled(about),
        "description": about["alternative"],
        "usermeta": {"valuechains": about},
    }
    return Figure(stacked(spec))


def _lines(text: str, width: int) -> list[str]:
    """Lines of so many letters, or of half as many characters twice as wide; "A1-1-05" stays whole."""
    return textwrap.wrap(text, width // 2 if WIDE.search(text) else width, break_on_hyphens=False)


def titled(about: Mapping, *notes: str) -> dict:
    """The title of a figure that stands alone: finding, measure, what more is to be said, source."""
    said = entitled(about, *notes)
    return {
        part: [line for one in said[part] for line in _lines(one, width)]
        for part, width in (("text", 78), ("subtitle", 96))
    }


def entitled(about: Mapping, *notes: str) -> dict:
    """The same, each sentence in one piece: who draws it knows how wide a line may be."""
    return {"text": [about["finding"]], "subtitle": [measured(about), *notes, sourced(about)]}


def measured(about: Mapping) -> str:
    """What is measured, in which unit."""
    return say("{measure}, {unit}", measure=about["measure"], unit=about["unit"])


def sourced(about: Mapping) -> str:
    """The line that names the sources, and what period they are of."""
    source = say("Source: {sources}.", sources=say("; ").join(about["source"]).rstrip("."))
    when = about.get("as_of") or ""
    of = say("As of {year}.", year=when) if when.isdigit() else say("As of {period}.", period=when)
    return together([source, of] if when else [source])


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

    def walk(part: Any) -> Any:
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

    def walk(part: Any) -> Any:
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


def table_records(views: Sequence[View], measure: str, unit: str) -> list[dict]:
    """One table for each data set the chart shows, with the columns it encodes."""
    tables: dict[str, dict[str, Column]] = {}
    for view in views:
        shown = tables.setdefault(view.data, {})
        for column in columns(view):
            shown.setdefault(column.field, column)
    measured = (view.column(channel) for view in views for channel in ("x", "y", "color"))
    quantities = {column.field for column in measured if column and column.format != "d" and untitled(column)}

    def record(column: Column) -> dict:
        title = say("{value} ({name})", value=measure, name=unit) if quantities == {column.field} else column.title
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
