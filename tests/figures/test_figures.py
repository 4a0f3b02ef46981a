"""Figures: what is refused, what is stored, and that the words say the numbers of the data and no others."""

import itertools
import json
import re

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sight import SIGHT, contrast, nearest

from valuechains import datasets, evidence, figures
from valuechains.figures import look
from valuechains.figures.reading import View, columns, field_of
from valuechains.figures.words import describe

SAID = {
    "finding": "Services grow",
    "measure": "Services in exports",
    "unit": "% of gross exports",
    "source": "World Input-Output Database, 2013 release",
}
COUNTRIES = ["China", "Germany", "India", "Japan"]
NUMBER = re.compile("\N{MINUS SIGN}?\\d[\\d,]*(?:\\.\\d+)?%?")


def frame(seed: int = 0, countries=COUNTRIES, years=range(2000, 2006)) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        [
            {
                "country": country,
                "year": year,
                "kind": kind,
                "share": draw.uniform(0.05, 0.5),
                "length": draw.uniform(1, 6),
                "value": draw.uniform(10, 9000),
            }
            for country in countries
            for year in years
            for kind in ["domestic", "foreign"]
        ]
    )


def share(title="Share", **more):
    return alt.Y("share:Q", title=title, axis=alt.Axis(format="%"), **more)


def lines(data):
    return alt.Chart(data[data.kind == "domestic"]).mark_line().encode(x="year:Q", y=share(), color="country:N")


def plain_bars(data):
    shown = data[(data.kind == "domestic") & (data.year == 2000)]
    return alt.Chart(shown).mark_bar().encode(x="value:Q", y="country:N")


def grouped_bars(data):
    return stacked_bars(data).encode(xOffset="kind:N")


def stacked_bars(data):
    return alt.Chart(data[data.year == 2000]).mark_bar().encode(x="country:N", y=share(), color="kind:N")


def diverging_bars(data):
    change = data[(data.kind == "domestic") & (data.year == 2000)].assign(change=lambda rows: rows.share - 0.25)
    return alt.Chart(change).mark_bar().encode(x="change:Q", y="country:N")


def dumbbell(data):
    base = alt.Chart(data[data.year == 2000])
    x = alt.X("share:Q", axis=alt.Axis(format="%"))
    return alt.layer(
        base.mark_line().encode(x="share:Q", y="country:N", detail="country:N"),
        base.mark_point().encode(x=x, y="country:N", color="kind:N"),
    )


def scatter_with_fit(data):
    points = data[data.year == 2000]
    curve = pd.DataFrame({"length": np.linspace(1, 6, 20)}).assign(share=lambda rows: 0.1 + (rows.length - 3) ** 2 / 50)
    x = alt.X("length:Q", title="Propagation length")
    named = ["country:N", "kind:N"]
    return alt.layer(
        alt.Chart(points).mark_circle().encode(x=x, y=share(), size="value:Q", tooltip=named),
        alt.Chart(curve).mark_line().encode(x=x, y=share()),
    )


def heat_map(data):
    return alt.Chart(data[data.kind == "domestic"]).mark_rect().encode(x="year:O", y="country:N", color="value:Q")


def many_lines(data):
    return lines(
        pd.concat([data.assign(country=data.country + letter) for letter in "ABC"]).assign(
            share=lambda rows: rows.share * np.linspace(0.5, 1.5, len(rows))
        )
    )


KINDS = [
    lines,
    many_lines,
    plain_bars,
    grouped_bars,
    stacked_bars,
    diverging_bars,
    dumbbell,
    scatter_with_fit,
    heat_map,
]
EACH_KIND = pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)


def words(chart, **more) -> str:
    return figures.publish(chart, **{**SAID, **more}).about["alternative"]


def drawn_rows(spec: dict) -> pd.DataFrame:
    return pd.concat([pd.DataFrame(rows) for rows in spec["datasets"].values()])


# --- the words -------------------------------------------------------------------------------------------------------


@EACH_KIND
@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_every_number_said_is_of_the_data_or_a_count(make, seed):
    figure = figures.publish(make(frame(seed)), **SAID)
    rows = drawn_rows(figure.spec)
    values = rows.select_dtypes("number").to_numpy().ravel()
    if make is stacked_bars:
        values = np.concatenate([values, rows.groupby("country").share.sum()])
    counts = {len(part) for part in figure.spec["datasets"].values()} | {rows[name].nunique() for name in rows}
    if make is diverging_bars:
        counts |= {int((rows.change > 0).sum()), int((rows.change < 0).sum())}
    said = NUMBER.findall(figure.about["alternative"])
    assert len(said) >= 7
    for token in said:
        number = float(token.rstrip("%").replace(",", "").replace("\N{MINUS SIGN}", "-"))
        digits = len(token.rstrip("%").partition(".")[2])
        scaled = values * 100 if token.endswith("%") else values
        near = np.nanmin(np.abs(scaled - number)) <= 0.5 * 10.0**-digits + 1e-9
        assert near or (not digits and number in counts), f"{token} is not in the data: {figure.about['alternative']}"


@EACH_KIND
def test_other_data_say_something_else(make):
    assert words(make(frame(1))) != words(make(frame(2)))


def test_a_line_says_its_ends_and_its_extremes():
    data = pd.DataFrame({"country": "China", "year": range(2000, 2005), "share": [0.21, 0.30, 0.12, 0.25, 0.28]})
    said = words(alt.Chart(data).mark_line().encode(x="year:Q", y=share(title="Services share"), color="country:N"))
    assert said == (
        "Line chart: 1 line, 5 points. Horizontal axis: year, 2000 to 2004. Vertical axis: Services share "
        "(% of gross exports), 12.0% to 30.0%. China: 21.0% in 2000, 28.0% in 2004; highest 30.0% in 2001; "
        "lowest 12.0% in 2002."
    )


def test_of_many_lines_the_highest_and_the_lowest_are_said():
    data = pd.DataFrame(
        [
            {"country": name, "year": year, "share": place / 10 + (year - 2000) / 100}
            for place, name in enumerate("ABCDEFGH")
            for year in (2000, 2001)
        ]
    )
    said = words(alt.Chart(data).mark_line().encode(x="year:Q", y=share(), color="country:N"))
    assert ("The three highest at their last point: H 71% (from 70%), G 61% (from 60%) and F 51% (from 50%).") in said
    assert ("The three lowest at their last point: C 21% (from 20%), B 11% (from 10%) and A 1% (from 0%).") in said


def test_of_many_bars_the_highest_and_the_lowest_are_said():
    data = pd.DataFrame({"country": list("ABCDEFGHIJKLMN"), "value": [place + 0.25 for place in range(14)]})
    said = words(alt.Chart(data).mark_bar().encode(x="value:Q", y="country:N"))
    assert "The three highest: N 13.2; M 12.2; L 11.2. The three lowest: C 2.2; B 1.2; A 0.2." in said


def test_a_dumbbell_says_both_ends_of_each_row():
    data = pd.DataFrame({"country": "China", "kind": ["gross", "value added"], "share": [0.114, 0.31]})
    x = alt.X("share:Q", axis=alt.Axis(format="%"))
    said = words(alt.Chart(data).mark_point().encode(x=x, y="country:N", color="kind:N"))
    assert "China: gross 11.4%, value added 31.0%." in said


def test_of_many_groups_each_part_says_where_it_is_lowest_and_highest():
    data = pd.DataFrame(
        [
            {"country": name, "kind": kind, "share": (place + step) / 7}
            for place, name in enumerate("ABCDEFGH")
            for step, kind in ((1, "gross"), (3, "paid"))
        ]
    )
    said = words(alt.Chart(data).mark_point().encode(x="share:Q", y="country:N", color="kind:N"))
    assert "8 groups of 2 points: gross and paid." in said
    assert "Gross: lowest 0.14 (A), highest 1.14 (H). Paid: lowest 0.43 (A), highest 1.43 (H)." in said


def test_a_field_that_repeats_another_is_not_said():
    data = pd.DataFrame(
        [
            {"country": name, "kind": kind, "side": kind.upper(), "share": 0.375 + place}
            for place, name in enumerate("AB")
            for kind in ("gross", "paid")
        ]
    )
    assert "GROSS" not in words(
        alt.Chart(data).mark_point().encode(x="share:Q", y="country:N", color="kind:N", shape="side:N")
    )


def test_bars_below_zero_are_counted_and_written_with_a_minus():
    data = pd.DataFrame({"country": ["China", "Japan", "India"], "change": [1.5, -2.25, 0.5]})
    said = words(alt.Chart(data).mark_bar().encode(x="change:Q", y="country:N"))
    assert "2 above zero, 1 below." in said
    assert "from \N{MINUS SIGN}2.25 (Japan) to 1.50 (China)" in said


def test_parts_of_a_stack_are_summed():
    data = pd.DataFrame(
        [
            {"country": country, "kind": kind, "share": value}
            for (country, kind), value in zip(
                itertools.product(["China", "Japan"], ["trade", "finance"]), [0.205, 0.1, 0.3, 0.2]
            )
        ]
    )
    said = words(alt.Chart(data).mark_bar().encode(x="country:N", y=share(), color="kind:N"))
    assert "Largest sum of the parts: 50.0% (Japan); smallest: 30.5% (China)." in said


@pytest.mark.parametrize("smaller, said", [(980, False), (979, True)])  # two in a hundred are as good as equal
def test_sums_that_are_as_good_as_equal_are_not_said(smaller, said):
    data = pd.DataFrame({"country": list("AABB"), "kind": list("xyxy"), "value": [600, 400, 600, smaller - 600]})
    alternative = words(alt.Chart(data).mark_bar().encode(x="country:N", y="value:Q", color="kind:N"))
    assert (f"Largest sum of the parts: 1,000 (A); smallest: {smaller} (B)." in alternative) == said
    assert ("sum" in alternative) == said


UNSORTED = pd.DataFrame(
    {"who": list("zzaa"), "when": list("mbmb"), "value": [4, 3, 2, 1], "also": "c", "part": [1, 2, 3, 4]}
)


@pytest.mark.parametrize(
    "chart, said",
    [
        (alt.Chart(UNSORTED).mark_bar().encode(x="sum(value):Q", y="who:N"), "Z 7; a 3."),
        (alt.Chart(UNSORTED).mark_bar().encode(x="distinct(when):Q", y="who:N"), "2 each. Z 2; a 2."),
        (alt.Chart(UNSORTED).mark_bar().encode(x="average(value):Q", y="who:N"), "Z 3.50; a 1.50."),
        (alt.Chart(UNSORTED).mark_bar().encode(x="value:Q", y="who:N", yOffset="when:N"), ": m and b. Services"),
        (alt.Chart(UNSORTED).mark_rect().encode(x="when:N", y="who:N", color="value:Q"), "lowest 3 (b). A: "),
        (
            alt.Chart(UNSORTED).mark_line().encode(x="value:Q", y="value:Q", color="part:Q"),
            "Line chart: 1 line, 4 points.",  # a quantity tells no series apart
        ),
        (
            alt.Chart(UNSORTED).mark_circle().encode(x="value:Q", y="value:Q", tooltip=["who:N", "when:N", "also:N"]),
            "vertically value: z, m (4, 4), z, b (3, 3)",  # two names are enough of a label
        ),
        (
            alt.Chart(UNSORTED.assign(who="2019-2020 average")).mark_bar().encode(x="sum(value):Q", y="who:N"),
            "2019-2020 average 10.",  # no date
        ),
        (
            alt.Chart(UNSORTED.assign(who="Austria-Hungary")).mark_bar().encode(x="sum(value):Q", y="who:N"),
            "Austria-Hungary 10.",
        ),
        (
            alt.Chart(UNSORTED.assign(who="2020-01-02T00:00")).mark_bar().encode(x="sum(value):Q", y="who:T"),
            "2020-01-02: 10.",
        ),
    ],
    ids=[
        "sums stand as the data do",
        "distinct",
        "average",
        "parts stand as the data do",
        "rows stand as the data do",
        "a quantity in colour",
        "three names",
        "no date",
        "no date either",
        "a date",
    ],
)
def test_order_names_and_days_are_those_of_the_data(chart, said):
    assert said in words(chart)


@pytest.mark.parametrize(
    "titles, shown", [((None, "A"), "A"), (("A", None), "A"), (("A", "B"), "A"), ((None, None), "value")]
)
def test_the_table_takes_the_first_title_that_a_channel_gives(titles, shown):
    told = [{"field": "value", "type": "quantitative"} | ({"title": title} if title else {}) for title in titles]
    view = View("bar", {"x": told[0], "y": {"field": "who", "type": "nominal"}, "tooltip": told[1:]}, "", UNSORTED)
    assert [column.title for column in columns(view)] == ["who", shown]


def test_a_missing_value_is_said_and_stays_missing_in_the_table():
    data = pd.DataFrame({"country": ["China", "Japan", "India"], "share": [0.2, None, 0.4]})
    figure = figures.publish(alt.Chart(data).mark_bar().encode(x=alt.X("share:Q"), y="country:N"), **SAID)
    assert "1 value is missing." in figure.about["alternative"]
    assert [row["share"] for row in next(iter(figure.spec["datasets"].values()))] == [0.2, None, 0.4]


@pytest.mark.parametrize(
    "make",
    [
        lambda chart: chart.transform_fold(["first", "second"], as_=["what", "value"]),
        lambda chart: chart.transform_calculate("a_place", "datum.first * 2"),
    ],
)
def test_a_chart_that_makes_its_own_columns_is_refused_in_one_sentence(make):
    data = pd.DataFrame({"country": ["China", "Japan"], "first": [0.2, 0.3], "second": [0.4, 0.1]})
    chart = alt.Chart(data).mark_bar().encode(x="second:Q", y="country:N")
    with pytest.raises(ValueError, match="transforms its data"):
        figures.publish(make(chart), **SAID)


def test_a_chart_that_filters_its_own_data_is_described_by_the_rows_it_shows_first():
    data = frame()
    chosen = alt.param(name="chosen", value="China")
    chart = lines(data).add_params(chosen).transform_filter("datum.country == chosen")
    with pytest.raises(ValueError, match="transforms its data"):
        words(chart)
    said = words(chart, rows=data[(data.country == "China") & (data.kind == "domestic")])
    assert "1 line, 6 points" in said and "Japan" not in said


def test_an_aggregate_is_computed_as_the_chart_computes_it():
    data = pd.DataFrame({"country": ["China", "China", "Japan"], "value": [1.0, 2.5, 4.0]})
    assert "China 3.50; Japan 4.00" in words(alt.Chart(data).mark_bar().encode(x="sum(value):Q", y="country:N"))


def amounts() -> pd.DataFrame:
    return pd.DataFrame({"name": list("abcde"), "amount": [0, 10, 100, 1000, 70], "side": list("xxyyy")})


def bars(**encoding):
    return alt.Chart(amounts()).mark_bar().encode(**{"x": "amount:Q", "y": "name:N", **encoding})


def line_at(**encoding):
    named = pd.DataFrame({"amount": [37.5], "what": ["what the review asks for"]})
    return bars() + alt.Chart(named).mark_rule().encode(**encoding)


@pytest.mark.parametrize(
    "chart, said, never",
    [
        (line_at(x="amount:Q", detail="what:N"), "A line marks amount: 37.5 (what the review asks for).", ""),
        (line_at(x=alt.datum(40)), "A line marks amount: 40.", ""),
        (bars(x=alt.X("amount:Q").scale(type="log")), "1 value is zero or below, which a logarithmic", "from 0"),
        (bars(color="side:N"), "Bar chart: 5 bars.", "sum"),
        (
            alt.Chart(pd.concat([amounts()] * 2)).mark_bar().encode(x="amount:Q", y="name:N", color="side:N"),
            "A 0; b 20; c 200; d 2,000; e 140.",
            "1,000",
        ),
        (bars(x=alt.X("amount:Q", bin=True), y="count()"), "0 to 100: 3; 100 to 200: 1; 900 to 1,000: 1.", "70"),
        (bars(y=alt.Y("amount:Q", bin=alt.Bin(step=250)), x="count()"), "0 to 250: 4; 750 to 1,000: 1.", "70"),
        (bars(x="count()", y="side:N"), "X 2; y 3.", ""),
        (
            alt.Chart(amounts().iloc[1:2]).mark_point().encode(x="amount:Q", y=alt.Y("amount:Q"), tooltip="name:N"),
            "Scatter chart: 1 point; horizontally amount, vertically amount: b (10, 10).",
            "ighest",
        ),
        (
            alt.Chart(pd.concat([amounts()] * 2).assign(mine=["", "your way", *[""] * 8]))
            .mark_point()
            .encode(x="amount:Q", y=alt.Y("amount:Q"), size="mine:N", tooltip="name:N"),
            "Your way: b (10, 10).",
            "Size",
        ),
        (
            alt.Chart(pd.DataFrame({"year": [1, 2], "amount": [2, 2]})).mark_bar().encode(x="year:O", y="amount:Q"),
            "2 each. 1: 2; 2: 2.",
            "from",
        ),
    ],
    ids=[
        "a line across",
        "a line at a number",
        "zero on a logarithmic axis",
        "a stack of one",
        "a part twice",
        "classes",
        "classes of a width",
        "a count",
        "one point",
        "a point that is marked",
        "all alike",
    ],
)
def test_what_is_drawn_is_said_and_nothing_else(chart, said, never):
    alternative = words(chart)
    assert said in alternative
    assert not never or never not in alternative


@pytest.mark.parametrize("most, span", [(10, 7.5), (5, 1250.0), (20, 0.004), (10, 100.0), (6, 3.0)])
def test_classes_are_those_that_vega_makes(most, span):
    data = pd.DataFrame({"amount": [round(part * span, 6) for part in (0.1, 0.35, 0.62, 1.1)]})
    classes = alt.Bin(maxbins=most)
    text = alt.Text("amount:Q", bin=classes, format=",~f")
    drawn = vl_convert.vegalite_to_svg(alt.Chart(data).mark_text().encode(text=text).to_dict())
    starts = [float(start.replace(",", "")) for start in re.findall(r">([\d.,]+) \u2013 ", drawn)]
    said = words(alt.Chart(data).mark_bar().encode(x=alt.X("amount:Q", bin=classes), y="count()"))
    assert sorted(set(starts)) == [
        float(start.replace(",", "")) for start in re.findall(r"([\d.,]+) to [\d.,]+:", said)
    ]


def test_names_that_two_channels_tell_stand_in_one_legend():
    lines = amounts().assign(year=range(2000, 2005))
    told = (
        alt.Chart(lines)
        .mark_tick()
        .encode(
            x="year:Q",
            y="amount:Q",
            color=alt.Color("side:N", sort=["y", "x"]),
            strokeDash=alt.StrokeDash("side:N", sort=["y", "x"]),
        )
    )
    spec = figures.publish(told + told.mark_point().encode(strokeDash=alt.value([1, 0])), **SAID).spec
    assert len(vl_convert.vegalite_to_vega(spec)["legends"]) == 1


# --- names at the ends of lines --------------------------------------------------------------------------------------


def _named_ends(spec: dict) -> dict[str, tuple[float, float]]:
    """Where in its plot, in pixels, each name stands that Vega wrote at the end of a line."""
    drawn = vl_convert.vegalite_to_svg(spec | {"width": 420}, vl_version="6.4")
    group = re.search(r'<g class="mark-text role-mark[^>]*>(.*?)</g>', drawn, re.S)
    written = re.findall(r'translate\(([-\d.]+),([-\d.]+)\)"[^>]*>(.*?)</text>', group[1] if group else "", re.S)
    return {re.sub("<.*?>", "", said): (float(across), float(down)) for across, down, said in written}


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_each_line_is_named_beside_its_end_and_no_name_covers_another(seed):
    data = frame(seed)
    ends = data[(data.kind == "domestic") & (data.year == 2005)].set_index("country").share.sort_values(ascending=False)
    assume(ends.diff().dropna().abs().min() > 0.002)  # nearer than that they are one point
    figure = figures.publish(lines(data), **SAID)
    assert figure.about["ends"] == ["color"] and "legends" not in vl_convert.vegalite_to_vega(figure.spec)
    places = _named_ends(figure.spec)
    assert set(places) == set(COUNTRIES)
    assert sorted(places, key=lambda name: places[name][1]) == list(ends.index)
    heights = sorted(down for _, down in places.values())
    assert all(lower - upper >= 14.5 for upper, lower in itertools.pairwise(heights))


def test_a_name_stands_where_its_line_ends_early_and_on_no_other_line():
    years = range(2000, 2021)
    early = pd.DataFrame({"year": years, "share": [0.3] * 21, "country": "Japan"})[:8]
    late = pd.DataFrame({"year": years, "share": [0.3 + step / 500 for step in range(21)], "country": "China"})
    places = _named_ends(figures.publish(lines(pd.concat([early, late]).assign(kind="domestic")), **SAID).spec)
    step = 320 / 0.35  # pixels: the axis ends at 35%
    line = 320 - step * (0.3 + 7 / 500)  # where the other line is above the name
    assert places["Japan"][0] < 200 < places["China"][0] and abs(places["Japan"][1] - line) > 7


def _in_one_point():
    data = pd.DataFrame({"year": [2000, 2010] * 2, "share": [0, 1, 0.5, 1], "country": ["A", "A", "B", "B"]})
    return lines(data.assign(kind="domestic"))


def _of_a_twin():
    return alt.layer(lines(frame()).properties(data=alt.NamedData("path"))).properties(datasets={"path": _rows_of()})


def _rows_of():
    return frame()[lambda rows: rows.kind == "domestic"].to_dict("records")


def _without_an_end():
    return lines(frame()).encode(color=alt.Color("country:N").scale(domain=[*COUNTRIES, "Brazil"]))


@pytest.mark.parametrize("make", [_in_one_point, _of_a_twin, _without_an_end])
def test_where_ends_cannot_name_the_lines_the_legend_stays(make):
    figure = figures.publish(make(), **SAID)
    assert "ends" not in figure.about
    assert len(vl_convert.vegalite_to_vega(figure.spec)["legends"]) == 1


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["finding", "measure", "unit", "source"])
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_a_figure_without_one_of_its_parts_is_refused(key, nothing):
    with pytest.raises(ValueError, match=f"needs its {key}"):
        figures.publish(lines(frame()), **{**SAID, key: nothing})


@EACH_KIND
def test_a_chart_of_an_empty_selection_is_refused(make):
    empty = make(frame()).copy(deep=True)
    for part in [empty, *getattr(empty, "layer", [])] if hasattr(empty, "layer") else [empty]:
        if isinstance(part.data, pd.DataFrame):
            part.data = part.data.iloc[:0]
    with pytest.raises(ValueError, match="no rows to show"):
        words(empty)


@pytest.mark.parametrize(
    "chart, sentence",
    [
        (lines(frame().assign(share=np.nan)), "no value of Share"),
        (lines(frame()).encode(y="shares:Q"), "'shares'"),
        (lines(frame()).configure_axis(grid=False), "sets its own look"),
        (alt.Chart(frame()).mark_point().encode(x="country:N", y="kind:N"), "no quantity"),
    ],
    ids=["all missing", "unknown field", "own look", "no quantity"],
)
def test_a_chart_that_cannot_be_read_is_refused_in_one_sentence(chart, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        words(chart)
    assert str(refused.value).count(".") - str(refused.value).count(".configure_...") * 4 <= 2
    assert "\n" not in str(refused.value)


# --- what is stored --------------------------------------------------------------------------------------------------


@EACH_KIND
@pytest.mark.parametrize("version", ["5.8", "6.4"])  # JupyterLab's, and the page's
def test_the_stored_specification_draws_in_both_versions(make, version):
    spec = figures.publish(make(frame()), **SAID).spec
    svg = vl_convert.vegalite_to_svg(spec | {"width": 500}, vl_version=version)
    assert "Services grow" in svg and svg.count("mark-") >= 2
    assert "NaN" not in svg


@EACH_KIND
def test_what_is_stored_leaves_the_width_to_what_draws_it(make):
    """Stored as "container" it would be drawn without end in JupyterLab (tests/book/test_lab_opens.py)."""
    spec = figures.publish(make(frame()), **SAID).spec
    assert "width" not in spec
    svg = vl_convert.vegalite_to_svg(spec, vl_version="5.8")
    assert float(re.search(r' width="([\d.]+)"', svg)[1]) > 400


def test_a_page_makes_a_chart_as_wide_as_it_likes_but_not_one_whose_width_is_chosen():
    spec = figures.publish(lines(frame()), **SAID).spec
    assert figures.wide(spec, "container")["width"] == "container"
    assert figures.wide({**spec, "width": 300}, "container")["width"] == 300
    for several in ({"hconcat": [spec]}, {"encoding": {"column": {"field": "kind"}}}):
        assert "width" not in figures.wide(several, "container")


@EACH_KIND
def test_the_same_chart_gives_the_same_bytes(make):
    first, second = (json.dumps(figures.publish(make(frame()), **SAID).spec) for _ in range(2))
    assert first == second


def test_the_notebook_stores_the_specification_and_its_words_and_nothing_else():
    figure = figures.publish(lines(frame()), **SAID, as_of=2005, name="c2-1")
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {figures.MIME, "text/plain"}
    assert bundle["text/plain"] == f"Services grow\n{figure.about['alternative']}"
    assert figure.spec["description"] == figure.about["alternative"]
    assert figure.spec["title"] == {
        "text": ["Services grow"],
        "subtitle": ["Services in exports, % of gross exports", f"Source: {SAID['source']}. As of 2005."],
    }
    assert figure.about["as_of"] == "2005" and figure.about["name"] == "c2-1"
    assert json.loads(json.dumps(figure.spec)) == figure.spec


def _bar_of(frame, axis):
    return alt.Chart(frame).mark_bar().encode(x=alt.X("v:Q", axis=axis), y="k:N")


def _line_of(frame, axis):
    return alt.Chart(frame).mark_line().encode(x="t:Q", y=alt.Y("v:Q", axis=axis))


def _scatter_of(frame, axis):
    return alt.Chart(frame).mark_point().encode(x="t:Q", y=alt.Y("v:Q", axis=axis), tooltip="k:N")


def _heat_of(frame, axis):
    legend = alt.Legend(format=".0%") if axis.to_dict() else alt.Legend()
    return alt.Chart(frame).mark_rect().encode(x="k:N", y="t:O", color=alt.Color("v:Q", legend=legend))


ODD = ["final.CHN", "a[0]", "it's", 'say "x"', "a:b", "back\\slash", "plain"]


def _bars(column: str, x) -> tuple[str, int]:
    """What is said of two bars of a column, and how many of them the drawing has."""
    frame = pd.DataFrame({"row": ["a", "b"], column: [10.0, 20.0]})
    chart = alt.Chart(frame).mark_bar().encode(x=x, y="row:N", tooltip=[alt.Tooltip(**x.to_dict(context={}))])
    figure = figures.publish(chart, finding="F", measure="M", unit="u", source="a source")
    drawn = vl_convert.vegalite_to_svg(figure.spec | {"width": 300}, vl_version="6.4")
    marks = re.findall(r'class="mark-rect role-mark marks"[^>]*>((?:<path[^>]*>)*)', drawn)
    return figure.about["alternative"], sum(group.count("<path") for group in marks)


@pytest.mark.parametrize("column", ODD)
def test_words_and_drawing_read_a_field_by_one_rule(column):
    words, drawn = _bars(column, alt.X(field=field_of(column), type="quantitative"))
    assert drawn == 2 and "a 10; b 20" in words.lower()


@pytest.mark.parametrize("column", ODD[:4])
def test_a_field_that_would_draw_nothing_is_refused_with_the_one_that_draws(column):
    with pytest.raises(ValueError, match="path into an object") as refused:
        _bars(column, alt.X(field=column, type="quantitative"))
    assert repr(field_of(column)) in str(refused.value)


@pytest.mark.parametrize("axis", [alt.Axis(format=".0%"), alt.Axis()])
@pytest.mark.parametrize("make", [_bar_of, _line_of, _scatter_of, _heat_of])
@pytest.mark.parametrize("numbers", [(0, 1), (1234567, -7654321)])
def test_a_number_is_said_in_one_form_whatever_its_type(make, numbers, axis):
    said = {
        figures.describe(
            make(pd.DataFrame({"k": ["a", "b"], "t": [0.5, 1.5], "v": pd.Series(numbers, dtype=kind)}), axis).to_dict()
        )
        for kind in ("int64", "int32", "float64", "object")
    }
    assert len(said) == 1
    wanted = [f"{n * 100:,}%" if axis.to_dict() else f"{n:,}" for n in numbers]
    assert all(word.replace("-", "\N{MINUS SIGN}") in next(iter(said)) for word in wanted)


def test_the_table_names_each_column_shown_names_before_quantities():
    titles = {"value": "Value added, US$ million"}
    tables = figures.publish(scatter_with_fit(frame()), **SAID, titles=titles).about["tables"]
    assert [[column["title"] for column in table["columns"]] for table in tables] == [
        ["Country", "Kind", "Value added, US$ million", "Propagation length", "Share"],
        ["Propagation length", "Share"],
    ]
    assert {column["title"]: column["format"] for column in tables[0]["columns"]}["Share"] == "%"


def test_a_source_that_is_a_data_set_becomes_its_citation():
    about = figures.publish(lines(frame()), **{**SAID, "source": ["exports_by_country", "Shih (1996)"]}).about
    assert about["source"] == [datasets.source("exports_by_country"), "Shih (1996)"]
    with pytest.raises((ValueError, KeyError)):
        figures.publish(lines(frame()), **{**SAID, "source": ["no_such_table"]})


# --- colours ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_text_stand_out_from_the_page(theme):
    colours = figures.PALETTE[theme]
    assert all(contrast(colours[name], colours["paper"]) >= 3 for name in [*figures.SERIES, "rule"])
    assert all(contrast(colours[name], colours["paper"]) >= 4.5 for name in ("ink", "muted", "link"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_series_are_told_apart(theme, sight):
    assert nearest(theme, figures.SERIES, [sight]) > 0.065  # Okabe and Ito's own eight come as near as 0.06


VERDICTS = [look.verdict(name).colour for name in evidence.VERDICTS.values()]
TOGETHER = [VERDICTS, ["blue", "sky", "orange", "muted"]]  # and what stored charts show together (test_stored_charts)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("names", TOGETHER, ids=["verdicts", "at home and abroad"])
def test_what_has_a_colour_of_its_own_is_told_apart(theme, names):
    assert nearest(theme, names) > 0.06
    assert all(contrast(figures.PALETTE[theme][name], figures.PALETTE[theme]["paper"]) >= 3 for name in names)


def test_names_of_one_meaning_have_one_colour_and_abroad_is_no_economys():
    assert look.colour_of("China") == look.colour_of("China, own tables") == "blue"
    assert look.colour_of("opinion / forecast / prescription") == look.colour_of("opinion") == "ungraded"
    assert look.colour_of("a market") == ""
    assert "orange" not in {look.colour_of(name) for name in datasets.read("countries").name}


def test_a_name_without_a_colour_of_its_own_takes_one_that_no_other_has():
    data = frame(countries=["Atlantis", "China", "Germany", "Lemuria"])
    spec = figures.publish(lines(data), **SAID).spec
    given = spec["layer"][0]["encoding"]["color"]["scale"]
    light = figures.PALETTE["light"]
    assert dict(zip(given["domain"], given["range"], strict=True)) == {
        "Atlantis": light["orange"],
        "China": light["blue"],
        "Germany": light["teal"],
        "Lemuria": light["purple"],
    }


def test_a_verdict_has_its_sign_in_legends_and_on_axes():
    data = pd.DataFrame({"verdict": ["supported", "partly"], "claims": [3, 4], "who": ["A", "B"]})
    told = alt.Color("verdict:N", sort=["supported", "partly"])
    bars = alt.Chart(data).mark_bar().encode(x="claims:Q", y="who:N", color=told)
    drawn = vl_convert.vegalite_to_svg(figures.publish(bars, **SAID).spec)
    assert "\u2714 supported" in drawn and "\u25d0 partly" in drawn


def test_no_colour_of_the_light_palette_stands_for_two_things():
    assert len(set(figures.PALETTE["light"].values())) == len(figures.PALETTE["light"])
    assert figures.PALETTE["light"].keys() == figures.PALETTE["dark"].keys()


WHOLE_SHARES = pd.DataFrame({"year": [2000, 2001] * 2, "share": [0.1, 0.2, 0.4, 0.3], "who": ["A", "A", "B", "B"]})
YEARS, SHARES = alt.X("year:Q", title="Year", axis=alt.Axis(format="d")), alt.Y("share:Q", title="Share")
TWO_SERIES = (
    "2 points each. Horizontal axis: Year, 2000 to 2001. Vertical axis: Share (% of GDP), 0.100 to 0.400. "
    "B: 0.400 in 2000, 0.300 in 2001. A: 0.100 in 2000, 0.200 in 2001."
)
TWO_VALUES = "Share (% of GDP): from 0.100 (2000) to 0.200 (2001). 2000: 0.100; 2001: 0.200."


@pytest.mark.parametrize(
    "mark, said",
    [
        ("area", f"Area chart: 2 areas, {TWO_SERIES}"),
        ("line", f"Line chart: 2 lines, {TWO_SERIES}"),
        ("bar", f"Bar chart: 2 bars. {TWO_VALUES}"),
        ("point", f"Dot chart: 2 points. {TWO_VALUES}"),
        (
            "circle",
            "Scatter chart: 4 points; horizontally Year, vertically Share: A (2000, 0.100), A (2001, 0.200), "
            "B (2000, 0.400) and B (2001, 0.300).",
        ),
    ],
)
def test_a_whole_description_word_for_word(mark, said):
    chart = alt.Chart(WHOLE_SHARES, mark=mark)
    if mark in ("bar", "point"):
        chart = alt.Chart(WHOLE_SHARES[:2], mark=mark).encode(alt.X("share:Q", title="Share"), alt.Y("year:N"))
    elif mark == "circle":
        chart = chart.encode(YEARS, SHARES, text="who:N")
    else:
        chart = chart.encode(YEARS, SHARES, color="who:N")
    assert describe(chart.to_dict(), measure="Share", unit="% of GDP") == said


@pytest.mark.parametrize("version", ["5.8", "6.4"])  # JupyterLab's own Vega-Lite, and the page's
@pytest.mark.parametrize("domain", [["Zinc", "Ash", "Mud"], None], ids=["chosen", "by name"])
def test_parts_of_a_bar_are_stacked_in_the_order_of_the_legend(version, domain):
    data = pd.DataFrame({"part": ["Mud", "Zinc", "Ash"], "row": "one", "value": [1.0, 2.0, 3.0]})
    scale = {"scale": alt.Scale(domain=domain)} if domain else {}
    chart = alt.Chart(data).mark_bar().encode(x="value:Q", y="row:N", color=alt.Color("part:N", **scale))
    figure = figures.publish(chart, **SAID)
    drawn = vl_convert.vegalite_to_vega(figure.spec, vl_version=version)
    steps = {step["type"]: step for data in drawn["data"] for step in data.get("transform", [])}
    stack, place = steps["stack"], steps["formula"]
    assert stack["sort"] == {"field": [place["as"]], "order": ["ascending"]}
    assert f"indexof({json.dumps(domain or sorted(data.part))}" in place["expr"]
    assert [column["field"] for column in figure.about["tables"][0]["columns"]] == ["part", "row", "value"]
