"""What a chart shows, in words, where it is not plain which rows, columns and ends count; the outline of each kind."""

import altair as alt
import pandas as pd
import pytest

from valuechains import figures
from valuechains.figures.outline import outline

SAID = {"finding": "F", "measure": "M", "unit": "u", "source": "A source in words"}
AMOUNTS = pd.DataFrame({"name": list("abcde"), "amount": [0, 10, 100, 1000, 70], "side": list("xxyyy")})
BARS = alt.Chart(AMOUNTS).mark_bar().encode(x="amount:Q", y="name:N")
ONE_BY_ONE = "Bar chart: 5 bars. M (u): from 0 (a) to 1,000 (d). A 0; b 10; c 100; d 1,000; e 70."
LINES = pd.DataFrame({"who": list("AABB"), "side": list("xyxy"), "year": [2000, 2001] * 2, "v": [1, 2, 4, 3]})
POINTS = pd.DataFrame(
    {
        "n": list("abcdefgh"),
        "p": range(1, 9),
        "q": [0.5, 0.25, 0.75, 0.1, 0.9, 0.3, 0.4, 0.6],
        "s": [10, 20, 30, 40, 35, 25, 15, 5],
    }
)
SCATTER = (
    alt.Chart(POINTS)
    .mark_circle()
    .encode(
        x=alt.X("p:Q", title="Across"),
        y=alt.Y("q:Q", title="Up", axis=alt.Axis(format="%")),
        size=alt.Size("s:Q", title="Big"),
        tooltip=["s:Q", alt.Tooltip("n:N", title="Name")],
    )
)
CELLS = pd.DataFrame({"row": list("zzaa"), "col": list("mbmb"), "v": [4, 3, 2, 1]})
HEAT = (
    alt.Chart(CELLS)
    .mark_rect()
    .encode(x=alt.X("col:N", title="Columns"), y=alt.Y("row:N", title="Rows"), color=alt.Color("v:Q", title="Value"))
)


def marked(mark: str, **encoding) -> alt.Chart:
    """A mark over rows of its own."""
    data = pd.DataFrame({name.split(":")[0]: values for name, values in encoding.pop("rows").items()})
    return alt.Chart(data, mark=mark).encode(**encoding)


def bars(names: list, values: list, **more) -> alt.Chart:
    return marked("bar", rows={"n": names, "v": values}, **{"x": "v:Q", "y": "n:N", **more})


def years(column: str) -> alt.Chart:
    data = pd.DataFrame({"year": [2000, 2001], "one": [1, 2], "two": [3, 5]})
    return alt.Chart(data).mark_line().encode(x="year:Q", y=f"{column}:Q")


LINE = "Line chart: 1 line, 2 points. Horizontal axis: year, 2000 to 2001. "
FACETED = alt.Chart(LINES).mark_line().encode(x="year:Q", y="v:Q")
TWICE = pd.concat([LINES.assign(k="k"), LINES.assign(k="l", v=LINES.v * 10)])


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (
            bars(list("abc"), [0.5, 10, 0], x=alt.X("v:Q").scale(type="log")),
            "Bar chart: 2 bars. M (u): from 0.5 (a) to 10.0 (b). A 0.5; b 10.0. "
            "1 value is zero or below, which a logarithmic axis cannot show.",
        ),
        (
            bars(list("abc"), [1, -1, 0]),
            "Bar chart: 3 bars. M (u): from −1 (b) to 1 (a). 1 above zero, 1 below. A 1; b −1; c 0.",
        ),
        (
            bars(["A", None, None], [1, 2, 3], x="sum(v):Q"),
            "Bar chart: 2 bars. M (u): from 1 (A) to 5 (missing). A 1; missing 5.",
        ),
        (BARS.encode(color="name:N"), ONE_BY_ONE),
        (BARS + marked("rule", rows={"a": [3], "b": [5]}, x="a:Q", x2="b:Q"), ONE_BY_ONE),
        (BARS + marked("rule", rows={"amount": [37.5]}, x="amount:Q"), f"{ONE_BY_ONE} A line marks amount: 37.5."),
        (
            years("one") + years("two"),
            f"{LINE}Vertical axis: M (u), 1 to 2. The line: 1 in 2000, 2 in 2001. "
            "Vertical axis: M (u), 3 to 5. The line: 3 in 2000, 5 in 2001.",
        ),
        (
            FACETED.facet("who:N"),
            "Line chart: 2 lines, 2 points each. Horizontal axis: year, 2000 to 2001. Vertical axis: M (u), 1 to 4. "
            "B: 4 in 2000, 3 in 2001. A: 1 in 2000, 2 in 2001.",
        ),
        (
            FACETED.properties(data=TWICE).facet(row="who:N", column="k:N"),
            "Line chart: 4 lines, 2 points each. Horizontal axis: year, 2000 to 2001. Vertical axis: M (u), 1 to 40. "
            "B, l: 40 in 2000, 30 in 2001. A, l: 10 in 2000, 20 in 2001. B, k: 4 in 2000, 3 in 2001. "
            "A, k: 1 in 2000, 2 in 2001.",
        ),
        (
            marked("bar", rows={"v": [0, 0.3, 2]}, x=alt.X("v:Q", bin=True), y="count()"),  # as many classes as may be
            "Bar chart: 3 bars. M (u): 1 each. 0.0 to 0.2: 1; 0.2 to 0.4: 1; 1.8 to 2.0: 1.",
        ),
        (
            SCATTER,
            "Scatter chart: 8 points. Horizontal axis: Across, 1 to 8. Vertical axis: Up, 10% to 90%. "
            "Size of the points: Big, 5 to 40; the largest is d (4, 10%). Highest: e (5, 90%); lowest: d (4, 10%); "
            "leftmost: a (1, 50%); rightmost: h (8, 60%).",
        ),
        (
            HEAT,
            "Heat map: 2 rows (Rows) by 2 columns (Columns). Colour: Value, 1 (a, b) to 4 (z, m). "
            "Z: highest 4 (m), lowest 3 (b). A: highest 2 (m), lowest 1 (b).",
        ),
    ],
    ids=[
        "a half on a logarithmic axis",
        "nought is on no side",
        "a name that is missing",
        "a colour that repeats the axis",
        "a span is no line across",
        "a line without a name",
        "two columns of the same rows",
        "side by side",
        "in rows and columns",
        "ten classes",
        "many points",
        "heat map",
    ],
)
def test_the_whole_description(chart, said):
    assert figures.publish(chart, **SAID).about["alternative"] == said


def test_classes_keep_the_title_that_the_chart_gives_them():
    chart = alt.Chart(AMOUNTS).mark_bar().encode(x=alt.X("amount:Q", bin=True, title="Size"), y="count()")
    (table,) = figures.publish(chart, **SAID).about["tables"]
    assert table["columns"] == [{"field": "amount", "title": "Size", "format": "d"}]


# --- the outline by which one walks ----------------------------------------------------------------------------------


def column(field: str, title: str | None = None, format: str = "d", **more) -> dict:
    return {"field": field, "title": title or field, "format": format, **more}


def amount(field: str, title: str = "M (u)", format: str = "", **more) -> dict:
    return column(field, title, format, **more, quantity=True)


def view(kind: str, mark: str, along: str, value: str, **more) -> dict:
    """What an outline says of a view, but for the name of its data."""
    return {
        "kind": kind,
        "mark": mark,
        "stacked": False,
        "along": along,
        "value": value,
        "series": [],
        "also": [],
        "labels": [],
        **more,
    }


SPANS = marked("rule", rows={"name": ["a", "b"], "low": [3, 4], "high": [5, 6]}, x="low:Q", x2="high:Q", y="name:N")
UPRIGHT = marked("rule", rows={"name": ["a", "b"], "low": [3, 4], "high": [5, 6]}, y="low:Q", y2="high:Q", x="name:N")
LED = marked("rule", rows={"a": [3], "b": [5], "c": ["a"], "d": ["b"]}, x="a:Q", x2="b:Q", y="c:N", y2="d:N")
OF_POINTS = view(
    "scatter",
    "circle",
    "x",
    "y",
    x=amount("p", "Across"),
    y=amount("q", "Up", "%"),
    size=amount("s", "Big"),
    also=[column("n", "Name", named=True)],
    labels=["n"],
)
OF_HEAT = view(
    "heat map", "rect", "x", "color", x=column("col", "Columns"), y=column("row", "Rows"), color=amount("v", "Value")
)
OF_BARS = view("comparison", "bar", "y", "x", x=amount("amount"), y=column("name"))


@pytest.mark.parametrize(
    ("chart", "views", "ranges", "lines"),
    [
        (BARS, [OF_BARS], [], []),
        (HEAT, [OF_HEAT], [], []),
        (HEAT.encode(color=alt.value("red"), fill=alt.Fill("v:Q", title="Value")), [OF_HEAT], [], []),
        (SCATTER, [OF_POINTS], [], []),
        (
            alt.Chart(LINES.assign(note="n"))
            .mark_line()
            .encode(x="year:Q", y=alt.Y("v:Q").scale(type="log"), color="who:N", tooltip=["side:N", "who:N", "note:N"]),
            [
                view(
                    "line",
                    "line",
                    "x",
                    "y",
                    x=amount("year", "year", "d"),
                    y=amount("v", log=True),
                    series=[column("who")],
                    also=[column("side", named=False), column("note", named=False)],
                )
            ],
            [],
            [],
        ),
        (
            alt.Chart(LINES).mark_bar().encode(x="year:O", y="v:Q", color="who:N"),
            [
                view(
                    "comparison", "bar", "x", "y", stacked=True, x=column("year"), y=amount("v"), series=[column("who")]
                )
            ],
            [],
            [],
        ),
        (
            BARS + SPANS + LED + marked("rule", rows={"amount": [37.5]}, x="amount:Q"),
            [OF_BARS],
            [{"along": column("name"), "low": column("low", "amount", ""), "high": "high"}],
            ["A line marks amount: 37.5."],
        ),
        (
            bars(["a", "b"], [1, 2], x="n:N", y="v:Q") + UPRIGHT,
            [view("comparison", "bar", "x", "y", x=column("n"), y=amount("v"))],
            [{"along": column("name"), "low": column("low", "v", ""), "high": "high"}],
            [],
        ),
        (
            alt.Chart(AMOUNTS).mark_bar().encode(x=alt.X("amount:Q", bin=True), y="count()", color=alt.datum("all")),
            [
                view(
                    "comparison",
                    "bar",
                    "x",
                    "y",
                    x=column("amount", "amount, in classes"),
                    y=amount("number of rows"),
                    name="all",
                    rows=[
                        {"amount": "0 to 100", "number of rows": 3},
                        {"amount": "100 to 200", "number of rows": 1},
                        {"amount": "900 to 1,000", "number of rows": 1},
                    ],
                )
            ],
            [],
            [],
        ),
        (
            BARS + SCATTER.encode(x=alt.X("p:Q", title="Across")),
            [view("comparison", "bar", "y", "x", x=amount("amount", "M"), y=column("name")), OF_POINTS],
            [],
            [],
        ),
    ],
    ids=[
        "bars",
        "heat map",
        "heat map by fill",
        "points",
        "lines",
        "stack",
        "spans",
        "upright spans",
        "classes",
        "bars and points",
    ],
)
def test_the_outline_has_each_view_with_its_axes_its_series_and_what_is_told_besides(chart, views, ranges, lines):
    found = outline(figures.publish(chart, **SAID).spec)
    data = [one.pop("data") for one in (*found["views"], *found["ranges"])]
    assert found == {"views": views, "ranges": ranges, "lines": lines}
    assert len(set(data)) == len(data) and all(name.startswith("data-") for name in data)
