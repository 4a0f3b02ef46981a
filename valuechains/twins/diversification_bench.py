"""Diversification bench: does buying from more suppliers make a buyer safer, when suppliers may fail together?"""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets, tables
from valuechains.models import diversification
from valuechains.widgets import Choice, Grid, Made, Slider, Stored, Twin

YEAR = 2020
MADE_UP = {
    "one": ("One supplier", [1.0]),
    "two": ("Two equal suppliers", [0.5] * 2),
    "three": ("Three suppliers: 50, 30 and 20 percent", [0.5, 0.3, 0.2]),
    "four": ("Four equal suppliers", [0.25] * 4),
    "ten": ("Ten equal suppliers", [0.1] * 10),
}
REAL = ("CHN", "DEU", "IND", "MEX", "USA")
MEASURES = {
    "sd": "Spread (standard deviation of the loss)",
    "shortfall": "Mean loss in the worst 5% of cases",
    "fifth": "Chance of losing more than a fifth",
    "half": "Chance of losing more than half",
}
FIFTH, HALF, WORST = 0.2, 0.5, 0.05
MOST = 12  #: equal suppliers on the horizontal axis
SHARED, ALONE, OWN = KINDS = "Equal suppliers, your correlation", "Equal suppliers, no shared shocks", "Your split"


@cache
def splits() -> dict[str, tuple[str, list[float]]]:
    """Label and supplier shares of each split, made up or recorded."""
    names = datasets.read("countries").set_index("country")["name"]
    recorded = "origins of imported inputs, ten partners"
    return MADE_UP | {code: (f"{names[code]}: {recorded}, {YEAR}", origins(code)) for code in REAL}


def origins(economy: str) -> list[float]:
    """Shares of ten partners, the other economies that the compact tables name, in an economy's imported inputs."""
    table = tables.load_compact(YEAR)
    own = table.block(economy)
    partners = [country for country in table.countries if country not in (economy, "ROW")]
    bought = np.array([table.Z[table.block(partner), own].sum() for partner in partners])
    return (bought / bought.sum()).tolist()


@cache
def measured(shares: tuple[float, ...], probability: float, correlation: float) -> dict[str, float]:
    """Every measure of the loss, with the concentration of the shares."""
    to_half = diversification.risk(shares, probability, correlation, beyond=HALF, worst=WORST)
    to_fifth = diversification.risk(shares, probability, correlation, beyond=FIFTH, worst=WORST)
    return {
        "expected": to_half.expected_loss,
        "sd": to_half.sd,
        "shortfall": to_half.shortfall,
        "fifth": to_fifth.tail,
        "half": to_half.tail,
        "hhi": to_half.herfindahl,
        "effective": to_half.effective_number,
    }


def bench(split: str, measure: str, probability: float, correlation: float) -> dict:
    """The loss of a buyer, as a share of purchases; `measure` only chooses what is drawn."""
    result = measured(tuple(splits()[split][1]), probability, correlation)
    single = measured((1.0,), probability, correlation)["sd"]
    verdict = "alone" if correlation == 0 else "together" if correlation == 1 else "shared"
    return {**result, "single": single, "floor": single * correlation**0.5, "verdict": verdict}


def equal(measure: str, probability: float, correlation: float) -> pd.DataFrame:
    """The measure for one to MOST equal suppliers."""
    counts = range(1, MOST + 1)
    return pd.DataFrame(
        {"suppliers": counts, "loss": [measured((1 / n,) * n, probability, correlation)[measure] for n in counts]}
    )


def shared(settings: dict, result: dict) -> pd.DataFrame:
    return equal(settings["measure"], settings["probability"], settings["correlation"]).assign(shocks=SHARED)


def alone(settings: dict, result: dict) -> pd.DataFrame:
    return equal(settings["measure"], settings["probability"], 0.0).assign(shocks=ALONE)


def here(settings: dict, result: dict) -> pd.DataFrame:
    return pd.DataFrame([{"suppliers": result["effective"], "loss": result[settings["measure"]], "shocks": OWN}])


def page() -> Grid:
    return Grid(
        digits=dict.fromkeys(
            (
                "expected",
                "sd",
                "shortfall",
                "fifth",
                "half",
                "hhi",
                "effective",
                "single",
                "floor",
                "suppliers",
                "loss",
            ),
            4,
        ),
        by=("split", "probability", "correlation"),
        fewer={
            ("split",): ("hhi", "effective"),
            ("probability",): ("expected", "single"),
            ("probability", "correlation"): ("floor",),
            ("correlation",): ("verdict",),
        },
        frames={
            "shared": Stored(("measure", "probability", "correlation"), derived={"shocks": f"'{SHARED}'"}),
            "alone": Stored(("measure", "probability"), derived={"shocks": f"'{ALONE}'"}),
            "here": Made(1, {"suppliers": "result.effective", "loss": "result[measure]", "shocks": f"'{OWN}'"}),
        },
    )


def chart() -> alt.TopLevelMixin:
    suppliers = alt.X(
        "suppliers:Q",
        title="Equal suppliers (effective number, 1 / HHI)",
        scale=alt.Scale(domain=[1, MOST]),
        axis=alt.Axis(format="d", values=list(range(1, MOST + 1))),
    )
    loss = alt.Y("loss:Q", title="Share of purchases, or chance", axis=alt.Axis(format=".0%"))
    dashes = alt.Scale(domain=KINDS, range=[[1, 0], [6, 4], [1, 0]])
    style = {
        "color": alt.Color("shocks:N", title=None, scale=alt.Scale(domain=KINDS)),
        "strokeDash": alt.StrokeDash("shocks:N", title=None, scale=dashes),
    }
    told = [alt.Tooltip("suppliers:Q", title="Suppliers"), alt.Tooltip("loss:Q", title="Loss or chance", format=".1%")]
    lines = (
        alt.Chart(alt.NamedData(name)).mark_line(point=True).encode(suppliers, loss, tooltip=told, **style)
        for name in ("alone", "shared")
    )
    point = (
        alt.Chart(alt.NamedData("here"))
        .mark_point(shape="diamond", size=300, filled=True)
        .encode(
            suppliers,
            loss,
            style["color"],
            tooltip=[
                alt.Tooltip("suppliers:Q", title="Effective number", format=".2f"),
                alt.Tooltip("loss:Q", title="Your split", format=".1%"),
            ],
        )
    )
    return alt.layer(*lines, point)


def diversification_bench() -> Twin:
    """Made-up and recorded splits of suppliers, one probability of failure, and how often all fail together."""
    size = (
        "{split}: HHI {hhi:.2f}, as concentrated as {effective:.2f} equal suppliers. With failures in "
        "{probability}, the expected loss is {expected:.0%} of purchases whatever the split. "
    )
    tails = (
        "The worst 5% of cases lose {shortfall:.0%} on average; the chance of losing more than a fifth is "
        "{fifth:.1%}, more than half {half:.1%}. Drawn: {measure}."
    )
    return Twin(
        name="diversification-bench",
        controls=[
            Choice("split", "Suppliers", {name: label for name, (label, _) in splits().items()}, start="three"),
            Choice("measure", "Drawn", MEASURES),
            Slider(
                "probability",
                "A supplier fails in",
                [0.01, 0.02, 0.05, 0.1, 0.2, 0.3],
                start=0.1,
                text="{:.0%} of years",
            ),
            Slider(
                "correlation",
                "Correlation: all share one fate in",
                [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0],
                start=0.2,
                text="{:.0%} of years",
            ),
        ],
        model=bench,
        frames={"shared": shared, "alone": alone, "here": here},
        page=page(),
        chart=chart(),
        says={
            "alone": size + "Nothing is shared: the spread is {sd:.1%} of purchases, against {single:.1%} with one "
            "supplier. " + tails,
            "shared": size + "The spread is {sd:.1%}, against {single:.1%} with one supplier; at this correlation no "
            "number of suppliers brings it below {floor:.1%}. " + tails,
            "together": size + "All suppliers share one fate, so the split changes nothing: the spread is {sd:.1%}, as "
            "with one supplier. " + tails,
        },
        finding="Splitting suppliers cuts the spread of losses only as far as their failures are not shared",
        measure="Loss of a buyer by number of equal suppliers, and your split (diamond); a model, not a forecast",
        unit="share of purchases, or probability",
        source=["inter_country_table"],
    )
