"""A drawing follows from its specification alone: not from what was drawn before it, nor from the machine's fonts."""

import re

import altair as alt
import pandas as pd
import pytest

from valuechains.figures import drawing

DATA = pd.DataFrame({"year": [2000, 2001, 2002] * 2, "share": [1, 2, 3, 3, 2, 1], "country": ["A"] * 3 + ["B"] * 3})


def clipped() -> dict:
    lines = alt.Chart(DATA).mark_line(clip=True).encode(x="year:Q", y="share:Q")
    return lines.facet("country:N").configure(font="system-ui").to_dict()


def labelled(weight: str) -> dict:
    bars = alt.Chart(DATA).mark_bar().encode(x="share:Q", y=alt.Y("name:N", axis=alt.Axis(labelFontWeight=weight)))
    long = bars.transform_calculate(name="'a label of some length, ' + datum.country")
    return long.configure(font="system-ui").to_dict()


def width(drawn: str) -> float:
    found = re.search(r'<svg[^>]*? width="([\d.]+)"', drawn)
    assert found
    return float(found[1])


def test_a_chart_is_drawn_alike_whatever_was_drawn_before():
    first = drawing.svg(clipped())
    clips = re.findall(r'clipPath id="(\w+)"', first)
    assert len(clips) > 1 and clips == [f"clip{place}" for place in range(len(clips))]
    assert set(clips) == set(re.findall(r"url\(#(\w+)\)", first))
    assert drawing.svg(clipped()) == first


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_no_font_of_the_machine_is_measured(weight, monkeypatch):
    """A font of a name that no machine has is measured; without it, whatever stands in for it is."""
    own = drawing.svg(labelled(weight))
    assert drawing.MEASURED_IN not in own and 'font-family="system-ui"' in own
    monkeypatch.setattr(drawing, "_widest_font", lambda: "no font of this name either")
    assert width(own) != width(drawing.svg(labelled(weight)))


def test_bold_letters_have_more_room():
    assert width(drawing.svg(labelled("bold"))) > width(drawing.svg(labelled("normal")))
