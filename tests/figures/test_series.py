"""The series of a chart as it is stored: their order, their colours, the places of parts in a stack."""

import json

import altair as alt
import pandas as pd
import pytest

from valuechains import figures
from valuechains.figures import PALETTE

SAID = {"finding": "F", "measure": "M", "unit": "u", "source": "A source in words"}
LIGHT = PALETTE["light"]
DATA = pd.DataFrame(
    {"who": ["Japan", "China", "Atlantis"] * 2, "kind": list("xxxyyy"), "value": [1, 2, 3, 4, 5, 6], "row": "one"}
)


def bars(**encoding) -> alt.Chart:
    return alt.Chart(DATA).mark_bar().encode(**{"x": "value:Q", "y": "row:N", **encoding})


def stored(chart) -> dict:
    return figures.publish(chart, **SAID).spec


def scale(chart, channel: str = "color") -> dict:
    return stored(chart)["encoding"][channel].get("scale", {})


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ({}, ["Atlantis", "China", "Japan"]),
        ({"sort": "descending"}, ["Japan", "China", "Atlantis"]),
        ({"sort": None}, ["Japan", "China", "Atlantis"]),
        ({"sort": ["China", "Japan", "Atlantis"]}, ["China", "Japan", "Atlantis"]),
        ({"scale": alt.Scale(domain=["Japan", "Atlantis", "China"])}, ["Japan", "Atlantis", "China"]),
    ],
)
def test_names_with_colours_of_their_own_stand_in_the_charts_order(sort, names):
    colours = {"Japan": LIGHT["purple"], "China": LIGHT["blue"], "Atlantis": LIGHT["orange"]}
    assert scale(bars(color=alt.Color("who:N", **sort))) == {"domain": names, "range": [colours[one] for one in names]}


def test_colours_that_a_chart_gives_are_kept_and_names_without_meaning_get_none():
    given = alt.Scale(domain=["Japan", "China", "Atlantis"], range=["red", "green", "black"])
    assert scale(bars(color=alt.Color("who:N", scale=given)))["range"] == ["red", "green", "black"]
    assert scale(bars(color="kind:N")) == {}
    assert scale(bars(color="kind:N", shape="who:N"), "shape") == {}, "a shape has no colour"


def test_each_column_has_its_own_names():
    layered = bars(color="who:N") + alt.Chart(DATA.assign(other="World")).mark_point().encode(
        x="value:Q", y="row:N", color="other:N"
    )
    first, second = (layer["encoding"]["color"]["scale"] for layer in stored(layered)["layer"])
    assert first["domain"] == ["Atlantis", "China", "Japan"]
    assert second == {"domain": ["World"], "range": [LIGHT["muted"]]}


def test_names_that_two_channels_tell_have_one_order():
    spec = stored(bars(color="kind:N", strokeDash=alt.StrokeDash("kind:N")))["encoding"]
    assert spec["color"]["scale"] == spec["strokeDash"]["scale"] == {"domain": ["x", "y"]}
    spec = stored(bars(color=alt.Color("kind:N").scale(domain=["y", "x"]), strokeDash="kind:N"))["encoding"]
    assert "scale" not in spec["strokeDash"], "the chart has said it"


def places(part: dict) -> tuple[list, str]:
    """In which order a mark stacks the parts, and of which column."""
    (step,) = part["transform"]
    order = part["encoding"]["order"]
    assert order == {"field": step["as"], "type": "quantitative"}
    listed, field = step["calculate"].removeprefix("indexof(").removesuffix("])").split(", datum[")
    return json.loads(listed), json.loads(field)


def test_parts_of_a_bar_or_an_area_stand_in_the_order_of_the_legend():
    names = ["Atlantis", "China", "Japan"]
    assert places(stored(bars(color="who:N"))) == (names, "who")
    assert places(stored(bars(color="who:N").mark_area())) == (names, "who")
    assert places(stored(bars(color=alt.Color("who:N", sort=names[::-1])))) == (names[::-1], "who")
    assert places(stored(bars(x="row:N", y="value:Q", color="who:N"))) == (names, "who")


def test_parts_of_a_layer_stand_in_the_order_of_its_own_rows():
    rule = alt.Chart(pd.DataFrame({"at": [3]})).mark_rule().encode(x="at:Q")
    first, second = stored(bars(color="who:N") + rule)["layer"]
    assert places(first) == (["Atlantis", "China", "Japan"], "who") and "transform" not in second
    shared = alt.layer(
        alt.Chart().mark_bar().encode(x="value:Q", color="who:N"),
        alt.Chart().mark_text().encode(text="value:Q"),
        data=DATA,
    ).encode(y="row:N")
    first, second = stored(shared)["layer"]
    assert places(first) == (["Atlantis", "China", "Japan"], "who") and "transform" not in second


@pytest.mark.parametrize(
    "chart",
    [
        bars(y="who:N", color="kind:N", yOffset="kind:N"),
        bars(color="who:N").mark_point(),
        bars(),
        bars(color="value:Q"),
        bars(color="who:N", x=alt.X("value:Q", stack=None)),
        bars(color="who:N", x2="value:Q"),
        bars(color="who:N", y="value:Q"),
        alt.Chart(DATA[:3]).mark_bar().encode(x="value:Q", y="who:N", color="who:N"),
    ],
    ids=[
        "side by side",
        "points",
        "no parts",
        "amounts",
        "not stacked",
        "from one to another",
        "two amounts",
        "one each",
    ],
)
def test_what_is_not_stacked_gets_no_order(chart):
    assert "transform" not in stored(chart)
    assert "order" not in stored(chart)["encoding"]


def test_an_order_that_the_chart_gives_is_kept():
    spec = stored(bars(color="who:N", order=alt.Order("value:Q")))
    assert spec["encoding"]["order"]["field"] == "value" and "transform" not in spec
