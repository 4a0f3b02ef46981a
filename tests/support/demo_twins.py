"""Two small twins that the tests drive: one by expressions, one with a stored frame and gaps."""

from math import exp, pi, sqrt
from statistics import NormalDist

import altair as alt
import numpy as np
import pandas as pd

from valuechains.widgets import Choice, Expressions, Grid, Idle, Made, Slider, Stored, Twin, steps

LABELS = {
    "figure": {
        "finding": "A demonstration",
        "measure": "Cost",
        "unit": "US$",
        "source": ["Made up for the tests, 2026"],
    }
}


def newsvendor(under: int, over: int, sd: float) -> dict:
    """Critical ratio, order and expected cost of a newsvendor with mean demand 100 (M20)."""
    ratio = under / (under + over)
    z = NormalDist().inv_cdf(ratio)
    return {
        "ratio": ratio,
        "order": 100 + z * sd,
        "cost": (under + over) * sd * exp(-z * z / 2) / sqrt(2 * pi),
        "verdict": "more" if ratio > 0.5 else "even" if ratio == 0.5 else "less",
    }


def costs(settings: dict, result: dict) -> pd.DataFrame:
    """Expected cost of ordering 40, 45, ..., 160."""
    order = np.arange(40, 161, 5)
    z = (order - 100) / settings["sd"]
    below = np.array([NormalDist().cdf(one) for one in z])
    lost = settings["sd"] * (np.exp(-z * z / 2) / sqrt(2 * pi) - z * (1 - below))
    return pd.DataFrame({"order": order, "cost": settings["over"] * (order - 100 + lost) + settings["under"] * lost})


def newsvendor_twin() -> Twin:
    z = "((datum.order - 100) / sd)"
    lost = f"(sd * (densityNormal({z}) - {z} * (1 - cumulativeNormal({z}))))"
    return Twin(
        name="newsvendor",
        controls=[
            Slider("under", "Cost of one too few", range(1, 11), start=8, text="${}"),
            Slider("over", "Cost of one too many", range(1, 11), start=2, text="${}"),
            Slider("sd", "Standard deviation", steps(5, 30, 2.5), start=30),
        ],
        model=newsvendor,
        frames={"costs": costs},
        page=Expressions(
            fields={
                "ratio": "under / (under + over)",
                "order": "100 + quantileNormal(ratio) * sd",
                "cost": "(under + over) * sd * densityNormal(quantileNormal(ratio))",
                "verdict": "ratio > 0.5 ? 'more' : ratio == 0.5 ? 'even' : 'less'",
            },
            frames={
                "costs": Made(
                    25, {"order": "40 + 5 * datum.row", "cost": f"over * (datum.order - 100 + {lost}) + under * {lost}"}
                )
            },
        ),
        chart=alt.Chart(alt.NamedData("costs"))
        .mark_line()
        .encode(alt.X("order:Q", title="Units ordered, sd {sd}"), alt.Y("cost:Q", title="Expected cost")),
        says={
            "more": "Order {order:.1f}, more than the mean: one too few costs {under}, one too many {over} (ratio "
            "{ratio:.0%}).",
            "even": "Order the mean, {order:.1f}; with a standard deviation of {sd} it costs {cost:,.2f}.",
            "less": "Order {order:.1f}, less than the mean, at a cost of {cost:,.2f} (ratio {ratio:.1%}).",
        },
        **LABELS["figure"],
    )


HARVEST = {
    ("north", 2020): [3.14159, -2.5, None],
    ("north", 2021): [],
    ("south", 2020): [0.12],
    ("south", 2021): [None, 1e-9],
}


def harvest(place: str, year: int, doubled: str) -> dict:
    """Sums of made-up numbers, with an empty setting and gaps."""
    known = [value for value in HARVEST[place, year] if value is not None]
    factor = 2 if doubled == "yes" else 1
    return {
        "total": factor * sum(known) if known else None,
        "known": len(known),
        "verdict": "some" if known else "none",
    }


def fields(settings: dict, result: dict) -> pd.DataFrame:
    values = HARVEST[settings["place"], settings["year"]]
    yields = pd.Series(values, dtype=float)
    return pd.DataFrame(
        {
            "field": [f'it\'s "field" {n}' for n in range(len(values))],
            "crop": ["rice", "oats", "rye"][: len(values)],
            "yield": yields,
            "height": yields * (2 if settings["doubled"] == "yes" else 1),
        }
    )


def harvest_twin(**changes) -> Twin:
    declared = {
        "name": "harvest",
        "controls": [
            Choice("place", "Place", {"north": 'The "north"', "south": "South's end"}),
            Slider("year", "Year", [2020, 2021]),
            Choice(
                "doubled",
                "Doubled",
                {"no": "As it is", "yes": "Twice"},
                idle=[
                    Idle("Nothing was reported.", verdict=["none"]),
                    Idle("Twice next to nothing is nothing.", place=["south"], year=[2021]),
                ],
            ),
        ],
        "model": harvest,
        "frames": {"fields": fields},
        "page": Grid(
            digits={"total": 3, "known": 0, "yield": 2, "height": 2},
            fewer={("place", "year"): ("known",)},
            frames={
                "fields": Stored(
                    ("place", "year"),
                    recurring=("field", "crop"),
                    derived={"height": "datum['yield'] === null ? null : datum['yield'] * (doubled === 'yes' ? 2 : 1)"},
                )
            },
        ),
        "chart": alt.Chart(alt.NamedData("fields"))
        .mark_bar()
        .encode(
            alt.X("height:Q", title="Yield in {year}"),
            alt.Y("field:N", title=None),
            tooltip=["field:N", "crop:N", "height:Q"],
        ),
        "says": {
            "some": "{place}: {total:+.2f} on {known:.0f} fields.",
            "none": "{place}, {year}: nothing was reported.",
        },
        **LABELS["figure"],
    }
    return Twin(**{**declared, **changes})
