"""What notebooks store of a chart, read as other viewers read it: VS Code draws the specification, nbviewer and GitHub
show the text beside it."""

import json
import re
from html import unescape

import drawings
import pytest
import vl_convert
from conftest import ROOT
from nbconvert import HTMLExporter
from notebooks import notebooks
from sight import nearest

from valuechains import datasets
from valuechains.book import workshop
from valuechains.figures import MIME, PALETTE, SERIES, drawing, look
from valuechains.figures.reading import encoded_in

NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in notebooks()]
HOLE = re.compile(r"  | [,.;:](?![\d.])|\(\)|: [.;,]|[,;]\.")  # where a word is missing
WIDGET = "application/vnd.jupyter.widget-view+json"


def bundles(name: str) -> list[dict]:
    """The outputs of a notebook that hold a chart."""
    cells = json.loads((ROOT / name).read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [data for data in outputs if MIME in data]


@pytest.mark.parametrize("version", ["5.8", "6.4"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_specification_is_drawn_as_it_stands(name, version):
    found = bundles(name)
    assert found
    for data in found:
        assert '"container"' not in json.dumps({**data[MIME], "datasets": {}}), "JupyterLab would draw it without end"
        svg = vl_convert.vegalite_to_svg(data[MIME], vl_version=version)
        assert 400 < float(re.search(r' width="([\d.]+)"', svg)[1]) < 1000
        assert "role-mark" in svg and "Source: " in svg
        assert not re.search(r">(NaN|null|undefined)<", svg)
        legends = re.findall(r"role-legend-label.*?<text[^>]*>([^<]*)<", svg, re.S)
        assert len(legends) == len(set(legends)), "two legends say the same: give both scales their domain, not a sort"


def test_the_stored_drawings_are_those_of_the_figures_and_no_others():
    advice = "run tools/drawings.py and commit chapters/drawn"
    assert [path.stem for path in drawings.missing()] == [] == drawings.left_over(), advice
    for path, specs in list(drawings.wanted().items())[::20]:
        assert workshop.unpacked(str(path)) == drawing.figure(*specs), path.stem


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_where_nothing_draws_the_finding_is_read(name):
    page = None
    for data in bundles(name):
        about = data[MIME]["usermeta"]["valuechains"]
        text = "".join(data["text/plain"])
        assert text.startswith(about["finding"]) and about["alternative"] in text
        assert not HOLE.search(about["alternative"]), about["alternative"]
        assert set(data) <= {MIME, "text/plain", WIDGET}
        if WIDGET not in data:  # nbviewer shows the controls of a widget
            page = page or unescape(HTMLExporter().from_filename(str(ROOT / name))[0])
            assert about["finding"] in page


def coloured(spec: dict) -> dict[str, str]:
    """The colour of each name that a chart tells by colour, as Vega gives them: listed, or one after another."""
    rows = [row for part in spec["datasets"].values() for row in part]
    found = {}

    def walk(part: object) -> None:
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            for channel in ("color", "fill", "stroke"):
                for one in encoded_in(part.get("encoding", {}).get(channel)):
                    if one.get("type") in ("nominal", "ordinal"):
                        scale = one.get("scale") or {}
                        names = scale.get("domain") or sorted(
                            {row[one["field"]] for row in rows if one["field"] in row}
                        )
                        found.update(zip(names, scale.get("range") or [PALETTE["light"][name] for name in SERIES]))
            walk([value for key, value in part.items() if key not in ("datasets", "config")])

    walk(spec)
    return found


HOME, ABROAD = ("home", "in China", "itself"), ("abroad", "Others")  # as twins and charts name the sides of a border


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_economy_and_each_side_of_its_border_have_one_colour_through_the_book(name):
    economies = {*datasets.read("countries").name, "Korea", "World"}
    for data in bundles(name):
        found = coloured(data[MIME])
        shown = {one for one in found if one.split(", ")[0] in economies or one in economies}
        own = {one: look.colour_of(one) for one in shown}
        assert all(own.values()), "an economy without a colour of its own: give it one in figures.look.MEANING"
        assert {one: found[one] for one in shown} == {one: PALETTE["light"][colour] for one, colour in own.items()}
        assert len(set(own.values())) == len(own)
        for theme in PALETTE if len(own) > 1 else ():
            assert nearest(theme, own.values()) > 0.06
        sides = [one for one in found if one.endswith(HOME) or one.lower().endswith(ABROAD)]
        for one in sides if len(sides) > 1 and "World" not in name else ():
            wanted = ("orange",) if one.endswith(ABROAD) or one.lower().endswith("abroad") else ("blue", "sky")
            assert found[one] in [PALETTE["light"][colour] for colour in wanted], one


def test_names_at_the_ends_of_lines_stand_in_the_place_of_legends():
    """Of the charts of lines only those keep a legend whose lines move or meet where they end."""
    named, kept = set(), set()
    for data in (data for name in NOTEBOOKS for data in bundles(name)):
        spec = data[MIME]
        about, parts = spec["usermeta"]["valuechains"], spec.get("layer", [spec])
        marks = [
            part["mark"] if isinstance(part.get("mark"), str) else part.get("mark", {}).get("type") for part in parts
        ]
        lines = [part["encoding"] for part, mark in zip(parts, marks, strict=True) if mark == "line"]
        if any(one.get("color", one.get("stroke", {})).get("type") == "nominal" for one in lines):
            (named if about.get("ends") else kept).add(about["name"])
    assert kept <= TELL_BY_LEGEND.keys(), "a chart of lines with a legend: why?"
    assert len(named) >= 15


TELL_BY_LEGEND = {
    "trap-tester": "a twin: its lines move",
    "diversification-bench": "a twin: its lines move",
    "what-would-it-take": "a twin: its lines move",
    "smile-explorer": "a twin: its lines move",
    "the-same-people-all-in-2023-prices": "three lines end at all people and all income",
    "the-more-uncertain-the-demand-the-more": "two lines end in one point",
    "with-the-same-option-list-a-thousand": "long names whose lines end early and close together",
}
