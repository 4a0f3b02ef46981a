"""The tree by which one walks through a chart says of every stored chart what its rows say: as many values on each axis
and in each series, the same numbers in the same words, each in the interval where it belongs."""

import json
import re
import subprocess
from collections import Counter
from functools import cache

import pandas as pd
import pytest
from conftest import ROOT
from keyboard import last
from notebooks import notebooks
from programs import NODE

from valuechains import twins
from valuechains.figures import MIME
from valuechains.figures.outline import outline
from valuechains.figures.reading import Column, described, kind
from valuechains.figures.words import _Written, value_axis
from valuechains.widgets import standing
from valuechains.widgets.grid import rows

ASSETS = ROOT / "valuechains" / "book" / "assets"
VALUE_AXES = {"x": "Horizontal axis: ", "y": "Vertical axis: ", "color": "Colour: "}
AXES = tuple(VALUE_AXES.values())


@cache
def stored() -> dict[str, dict]:
    """Every chart of the book's notebooks as it stands at first."""
    found = {}
    for path in notebooks():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if spec := output.get("data", {}).get(MIME):
                    found[spec["usermeta"]["valuechains"]["name"]] = standing(spec)
    return found


pytestmark = pytest.mark.skipif(not NODE.is_here, reason=NODE.line)


@cache
def moved() -> dict[str, dict]:
    """The twins among them with every control at its last setting."""
    found = {}
    for twin in (getattr(twins, name)() for name in twins.__all__):
        spec = stored()[twin.name]
        found[f"{twin.name}, moved"] = {**spec, "datasets": rows(twin.read(**last(twin)).frames)}
    return found


@cache
def walked() -> dict[str, tuple[dict, dict]]:
    """Each chart and its tree; an outline is that of the first setting, as on the page."""
    charts = stored() | moved()
    cases = [
        {"outline": outline(stored()[name.partition(",")[0]]), "datasets": spec["datasets"]}
        for name, spec in charts.items()
    ]
    return dict(zip(charts, zip(charts.values(), grown(cases), strict=True), strict=True))


def grown(cases: list[dict]) -> list[dict]:
    """The trees that the page makes of outlines and rows."""
    command = ["node", str(ROOT / "tests" / "support" / "walked.mjs"), str(ASSETS)]
    made = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    return json.loads(made.stdout)


def leaves(node: dict) -> list[str]:
    return [text for child in node["children"] for text in leaves(child)] if node["children"] else [node["text"]]


def texts(node: dict) -> list[str]:
    return [node["text"], *(text for child in node["children"] for text in texts(child))]


def parts(tree: dict, count: int) -> list[dict]:
    return [tree] if count == 1 else tree["children"][:count]


def value_of(leaf: str, scatter: bool) -> str:
    """The value that a sentence says: "China, 2011: 3.2%; ..." or, of a point, "China: 1.2 across, 3.2% up; ..."."""
    return re.search(r"(\S+) up(?:; |$)" if scatter else r"(?:^|: )([^\s;]+)(?:; |$)", leaf)[1]


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", "").rstrip("%"))


def seen(view):
    """Its rows that have a place, along what, and the column of its value."""
    drawn = view.drawn()
    if kind(view) == "heat map":
        along, value = view.column("x"), view.column("color")
    else:
        along, value = (view.column("x"), view.column("y")) if kind(view) == "scatter" else value_axis(view)
    return drawn.rows.dropna(subset=[value.field, *([along.field] if kind(view) == "scatter" else [])]), along, value


CHARTS = [*stored(), *moved()]


@pytest.mark.parametrize("name", CHARTS)
def test_every_value_is_on_each_axis_and_in_each_series_in_the_words_of_the_description(name):
    spec, tree = walked()[name]
    views = described(spec)
    for view, part in zip(views, parts(tree, len(views)), strict=True):
        known, along, value = seen(view)
        say = _Written(value, known[value.field])
        expected = Counter(map(say, known[value.field]))
        axes = [child for child in part["children"] if child["text"].startswith(AXES)]
        series = view.series(view.column("x"), view.column("y"), value)
        series = [column for column in series if view.drawn().rows[column.field].nunique(dropna=False) > 1]
        assert len(axes) == (3 if kind(view) == "heat map" else 1 if along is value else 2)
        told = part["children"][len(axes) : len(axes) + len(series)]
        for node in (*axes, *told):
            assert Counter(value_of(leaf, kind(view) == "scatter") for leaf in leaves(node)) == expected, node["text"]
        for column, node in zip(series, told, strict=True):
            assert len(node["children"]) == known[column.field].nunique(dropna=False)
        for extreme in (known[value.field].min(), known[value.field].max()):
            assert say(extreme) in part["text"]
            assert (
                name.endswith("moved")
                or "twin" in spec["usermeta"]["valuechains"]
                or say(extreme) in described_in(spec)
            )


def described_in(spec: dict) -> str:
    return spec["usermeta"]["valuechains"]["alternative"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_value_is_in_the_interval_where_it_belongs_and_no_sentence_is_broken(name):
    spec, tree = walked()[name]
    said = texts(tree)
    assert not [text for text in said if re.search(r"undefined|NaN|null|\[object|Infinity|: $|^:", text)]
    assert len(said) > 3 and all(len(text) < 400 for text in said)
    views, shapes = described(spec), outline(stored()[name.partition(",")[0]])["views"]
    for view, shape, part in zip(views, shapes, parts(tree, len(views)), strict=True):
        (axis,) = [node for node in part["children"] if node["text"].startswith(VALUE_AXES[shape["value"]])][-1:]
        assert axis["children"]
        for interval in axis["children"]:
            edges = re.match(r"([\u2212\d.,]+)%? to ([\u2212\d.,]+)%?: ", interval["text"])
            for leaf in leaves(interval) if edges else []:
                low, said, high = map(number, (edges[1], value_of(leaf, kind(view) == "scatter"), edges[2]))
                rounded = 0.006 * max(abs(low), abs(high))
                assert low - rounded <= said <= high + rounded, (axis["text"], interval["text"], leaf)


def test_spans_and_lines_across_a_chart_are_told():
    told = {"ranges": 0, "lines": 0}
    for name, (spec, tree) in walked().items():
        known = outline(stored()[name.partition(",")[0]])
        spans = [child for child in tree["children"] if child["text"].startswith("Ranges of ")]
        for node, one in zip(spans, known["ranges"], strict=True):
            ends = pd.DataFrame(spec["datasets"][one["data"]]).dropna(subset=[one["low"]["field"], one["high"]])
            assert len(leaves(node)) == len(ends) and all(" to " in leaf for leaf in leaves(node))
        assert set(known["lines"]) <= {child["text"] for child in tree["children"]}
        told = {kind: count + bool(known[kind]) for kind, count in told.items()}
    assert told["ranges"] == 2 and told["lines"] >= 8


def test_a_number_is_rounded_as_in_the_description():
    """Ties go to the even digit, as in Python; digits follow the largest."""
    values = [0.5, 1.5, 2.5, -2.5, 120.5, 121.5, 1234.5, 0.045, 1.005, 12.25, 12.35, -0.04]
    tops = (1, 99.95, 1000.5)
    shown = [[{"value": float(value), "name": f"n{n}"} for n, value in enumerate([*values, top])] for top in tops]
    column = {"field": "value", "title": "Value", "format": "", "quantity": True}
    one = {
        "kind": "comparison", "mark": "bar", "stacked": False, "data": "d", "along": "y", "value": "x", "x": column,
        "y": {"field": "name", "title": "Name", "format": ""}, "series": [], "also": [], "labels": [],
    }  # fmt: skip
    outlined = {"views": [one], "ranges": [], "lines": []}
    for rows_, tree in zip(
        shown, grown([{"outline": outlined, "datasets": {"d": some}} for some in shown]), strict=True
    ):
        say = _Written(Column("value", "Value"), pd.Series([row["value"] for row in rows_]))
        assert leaves(tree["children"][0]) == [f"{row['name']}: {say(row['value'])}" for row in rows_]
