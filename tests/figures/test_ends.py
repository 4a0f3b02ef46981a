"""Names at the ends of lines, in numbers and without a drawing: where each stands, and when a legend stays."""

import altair as alt
import pandas as pd
import pytest
from conftest import ROOT

from valuechains import figures
from valuechains.figures import ends

SAID = {"finding": "F", "measure": "M", "unit": "u", "source": "A source in words"}
HIGH = 320  # pixels of a plot of which nothing is said
YEARS = alt.X("year:Q")


def rows(**lines) -> pd.DataFrame:
    """Each line's values, year by year from 2000 on."""
    return pd.DataFrame(
        [
            {"who": who.replace("_", " "), "year": 2000 + place, "value": value}
            for who, values in lines.items()
            for place, value in enumerate(values)
        ]
    )


def drawn(data: pd.DataFrame, x=YEARS, y="value:Q", **more) -> alt.Chart:
    return alt.Chart(data).mark_line().encode(x=x, y=y, color="who:N", **more)


def named(chart) -> dict[str, dict]:
    """What stands at the end of each line."""
    spec = figures.publish(chart, **SAID).spec
    return {row["end_name"].replace("\n", " "): row for row in spec["datasets"].get("ends", [])}


def marks(chart) -> list[dict]:
    return [layer["mark"] for layer in figures.publish(chart, **SAID).spec["layer"]]


def test_a_name_stands_at_the_height_of_its_end_where_nothing_is_in_its_way():
    chart = drawn(rows(A=[1, 2], B=[9, 8]))
    at = {"year": 2001, "end_lines": 1}
    assert named(chart) == {
        "B": {**at, "value": 8, "who": "B", "end_name": "B", "end_at": 8},
        "A": {**at, "value": 2, "who": "A", "end_name": "A", "end_at": 2},
    }
    line, text = marks(chart)
    assert line == {"type": "line"} and (text["type"], text["dx"], text["align"]) == ("text", ends.NEAR, "left")
    layers = figures.publish(chart, **SAID).spec["layer"]
    assert layers[0]["encoding"]["color"]["legend"] is None and layers[1]["data"] == {"name": "ends"}


def test_names_of_lines_that_end_close_together_move_apart_alike_and_lines_lead_to_them():
    chart = drawn(rows(A=[0, 5], B=[10, 5.25]))  # an axis from 0 to 10: 8 pixels lie between the ends
    found, half = named(chart), ends.LINE / 2 * 10 / HIGH
    assert found["B"]["value"] == pytest.approx(5.125 + half) and found["A"]["value"] == pytest.approx(5.125 - half)
    assert (found["B"]["end_at"], found["A"]["end_at"]) == (5.25, 5)
    _, rule, text = marks(chart)
    assert rule == {"type": "rule", "xOffset": ends.LEAD, "x2Offset": 3} and text["dx"] == ends.LEAD + 3
    led = figures.publish(chart, **SAID).spec["layer"][1]["encoding"]
    assert led["x2"] == {"field": "year"} and led["y2"] == {"field": "end_at"} and led["color"]["legend"] is None


@pytest.mark.parametrize(("gap", "led"), [(9.6, True), (12.8, False)])  # pixels; each name moves by half of what lacks
def test_a_line_leads_to_a_name_that_moved_by_more_than_two_pixels(gap, led):
    found = marks(drawn(rows(A=[0, 5], B=[10, 5 + gap * 10 / HIGH])))
    assert ([mark["type"] for mark in found[1:]] == ["rule", "text"]) == led


def test_a_plot_is_as_high_as_the_chart_says():
    found = named(drawn(rows(A=[0, 5], B=[10, 5.25])).properties(height=200))
    assert found["B"]["value"] - found["A"]["value"] == pytest.approx(ends.LINE * 10 / 200)


def test_names_stay_inside_their_plot():
    found, line = named(drawn(rows(A=[5, 0], B=[5, 0.1], C=[5, 10]))), ends.LINE * 10 / HIGH
    assert found["A"]["value"] == pytest.approx(line / 2) and found["B"]["value"] == pytest.approx(1.5 * line)
    assert found["C"]["value"] == pytest.approx(10 - line / 2)


def test_a_long_name_stands_in_lines_of_at_most_26_letters():
    chart = drawn(rows(Economies_of_the_East_and_of_the_West=[1, 2], B=[9, 9]))
    found = named(chart)["Economies of the East and of the West"]
    assert (found["end_name"], found["end_lines"]) == ("Economies of the East and\nof the West", 2)
    assert marks(chart)[-1]["dy"] == {"expr": f"{-(ends.LINE - 1) / 2} * (datum.end_lines - 1)"}


def test_where_there_is_no_room_for_all_names_the_legend_stays():
    many = {f"Country_{place:02}": [place, place] for place in range(22)}
    assert not named(drawn(rows(**many)).properties(height=320))
    assert len(named(drawn(rows(**dict(list(many.items())[:21]))).properties(height=320))) == 21


def test_a_name_goes_no_further_from_its_end_than_45_pixels():
    fan = {f"C{place}": [10, place / 30] for place in range(4)}  # a pixel apart, at the foot
    assert not named(drawn(rows(**fan, Z=[1, 10]))), "the highest of four would stand 49 pixels above its end"
    fan.pop("C3")
    assert len(named(drawn(rows(**fan, Z=[1, 10])))) == 4, "of three, 35"


@pytest.mark.parametrize(
    ("last", "top"),  # the last value of the higher line, and where the axis ends
    [(0.347, 0.35), (9.7, 10), (123, 130), (1999, 2000), (0.0151, 0.016), (61, 65), (450, 450)],
)
def test_the_end_of_an_axis_is_the_round_number_that_vega_takes(last, top):
    found = named(drawn(rows(A=[0, 0], B=[last, last])))
    assert found["B"]["value"] == pytest.approx(min(last, top - ends.LINE / 2 * top / HIGH))


@pytest.mark.parametrize(("least", "most", "low", "high"), [(-3.95, 7.95, -4, 8), (-1.9, 13.9, -2, 14)])
def test_an_axis_below_zero_has_round_ends_too(least, most, low, high):
    found, half = named(drawn(rows(A=[0, least], B=[0, most]))), ends.LINE / 2 * (high - low) / HIGH
    assert found["A"]["value"] == pytest.approx(low + half) and found["B"]["value"] == pytest.approx(high - half)


def test_round_ends_are_rounded_again_where_that_takes_larger_steps():
    found = named(drawn(rows(A=[-0.9, 1], B=[13.2, 1.1])))  # by 1 to -1 and 14, by 2 to -2 and 14
    assert found["B"]["value"] == pytest.approx(1.05 + ends.LINE / 2 * 16 / HIGH)


@pytest.mark.parametrize(
    ("scale", "low", "high"),
    [
        (alt.Scale(zero=False, nice=False), 4, 8),
        (alt.Scale(zero=False), 4, 8),
        (alt.Scale(nice=False), 0, 8),
        (alt.Scale(domain=[-10, 20]), -10, 20),
        (alt.Scale(domain=[20, -10]), 20, -10),
    ],
)
def test_the_axis_is_the_one_that_the_chart_asks_for(scale, low, high):
    found = named(drawn(rows(A=[4, 6], B=[8, 6.1]), y=alt.Y("value:Q", scale=scale)))
    half = ends.LINE / 2 * abs(high - low) / HIGH  # where 20 is at the foot, the higher number ends below
    assert found["B"]["value"] == pytest.approx(6.05 + half) and found["A"]["value"] == pytest.approx(6.05 - half)


def test_on_a_logarithmic_axis_names_move_by_a_factor_and_what_cannot_be_shown_has_no_end():
    found = named(drawn(rows(A=[20, 30], B=[400, 31]), y=alt.Y("value:Q").scale(type="log")))  # from 10 to 1000
    assert found["B"]["value"] / found["A"]["value"] == pytest.approx(100 ** (ends.LINE / HIGH))
    found = named(drawn(rows(A=[20, 0], B=[400, 310]), y=alt.Y("value:Q").scale(type="log")))
    assert (found["A"]["year"], found["B"]["year"]) == (2000, 2001)


def test_a_line_ends_where_its_last_value_is():
    found = named(drawn(rows(A=[1, 2, None], B=[9, 8, 7])))
    assert (found["A"]["year"], found["A"]["value"], found["B"]["year"]) == (2001, 2, 2002)


def test_a_name_in_the_middle_stands_where_no_line_and_no_other_name_is():
    level = named(drawn(rows(A=[5, 5, 5], B=[5, 5, 5, 5, 5.5, 6, 6.5])))["A"]  # an axis from 0 to 7
    pixels = abs(level["value"] - 5) * HIGH / 7
    assert level["year"] == 2002 and 8 < pixels <= 12
    apart = named(drawn(rows(A=[1, 1, 1], B=[5, 5, 5, 5])))["A"]
    assert apart["value"] == 1, "nothing is in its way"


def test_a_logarithmic_axis_may_have_ends_of_its_own():
    scale = alt.Scale(type="log", domain=[1, 10_000])
    found = named(drawn(rows(A=[20, 30], B=[400, 31]), y=alt.Y("value:Q", scale=scale)))
    assert found["B"]["value"] / found["A"]["value"] == pytest.approx(10_000 ** (ends.LINE / HIGH))


def test_a_name_in_the_middle_of_places_in_order_stands_clear_too():
    data = rows(A=[5, 5, 5], B=[5, 5, 5, 5, 5.5, 6, 6.5]).assign(step=lambda frame: "step " + frame.year.astype(str))
    assert 8 < abs(named(drawn(data, x="step:O"))["A"]["value"] - 5) * HIGH / 7 <= 12


def test_a_long_name_in_the_middle_keeps_clear_of_a_line_two_places_on():
    data = rows(Economies_of_the_far_East=[1], B=[9, 9, 1, 9, 9, 9, 9])  # 60 pixels a place; the name takes 190
    data["step"] = "step " + data.year.astype(str)
    assert abs(named(drawn(data, x="step:O"))["Economies of the far East"]["value"] - 1) * HIGH / 9 > 5


def test_names_of_places_in_order_are_an_axis_too():
    data = rows(A=[1, 2], B=[9, 8]).assign(step=lambda frame: frame.year.map({2000: "first", 2001: "second"}))
    assert {name: row["step"] for name, row in named(drawn(data, x="step:O")).items()} == {"A": "second", "B": "second"}


@pytest.mark.parametrize(
    "chart",
    [
        alt.Chart(rows(A=[1, 2], B=[9, 8])).mark_line().encode(x=YEARS, y="value:Q"),
        drawn(rows(A=[1, 2], B=[9, 8]), x="year:N"),
        drawn(rows(A=[1, 2], B=[9, 8]), x=alt.X("year:Q").scale(reverse=True)),
        drawn(rows(A=[1, 2], B=[9, 8]), y=alt.Y("value:Q").scale(type="sqrt")),
        drawn(rows(A=[1, 2], B=[9, 8]), column="who:N"),
        drawn(rows(A=[1, 2], B=[9, 8])).mark_point(),
        alt.layer(drawn(rows(A=[1, 2], B=[9, 8])), drawn(rows(A=[1, 2], B=[9, 8]), y="year:Q")),
        drawn(rows(A=[1, 2], B=[9, 8]))
        + alt.Chart(pd.DataFrame({"at": [3]})).mark_rule().transform_filter("true").encode(y="at:Q"),
    ],
    ids=[
        "no names",
        "names across",
        "turned round",
        "another scale",
        "side by side",
        "no lines",
        "two axes",
        "reckoned",
    ],
)
def test_a_chart_whose_lines_have_no_ends_to_name_keeps_its_legend(chart):
    assert not named(chart) and "ends" not in figures.publish(chart, **SAID).about


def test_what_else_a_chart_draws_widens_its_axis():
    rule = alt.Chart(pd.DataFrame({"at": [20]})).mark_rule().encode(y="at:Q")
    found, half = named(drawn(rows(A=[0, 5], B=[10, 5.1])) + rule), ends.LINE / 2 * 20 / HIGH
    assert found["B"]["value"] == pytest.approx(5.05 + half)


def test_names_stand_in_the_place_of_every_legend_that_tells_them():
    chart = drawn(rows(A=[1, 2], B=[9, 8]), strokeDash="who:N")
    figure = figures.publish(chart, **SAID)
    assert figure.about["ends"] == ["color", "strokeDash"]
    told = figure.spec["layer"][0]["encoding"]
    assert told["color"]["legend"] is told["strokeDash"]["legend"] is None


def test_the_page_puts_the_legend_back_below_the_plot_that_names_are_placed_in():
    fit = (ROOT / "valuechains/figures/fit.js").read_text(encoding="utf-8")
    assert f"const PLOT = {ends.PLOT}; " in fit
