"""Configurator: how many different cars a list of options allows, how many can be built, ordered and met."""

import altair as alt
import pandas as pd

from valuechains.models import configurations
from valuechains.widgets import Choice, Expressions, Made, Slider, Twin
from valuechains.widgets.sentences import literal

MODELS = {1: "1", 5: "5", 20: "20", 100: "100", 200: "200"}
MOST_PAIRS = 5
PAIRS = {0: "none", 2: "two pairs of options", MOST_PAIRS: "five pairs of options"}
OUTPUT = {cars: f"{cars:,} cars" for cars in (1_000, 10_000, 50_000, 200_000, 1_000_000)}
KINDS = {
    "theoretical": "Theoretical",
    "feasible": "Feasible (rules)",
    "output": "Cars built",
    "distinct": "Different, at most",
    "effective": "Effective (orders)",
}
WORDS = "replace(replace(replace(datum.label, 'G', ' billion'), 'M', ' million'), 'k', ',000')"
LARGE = 1e6  #: variants above which the page takes log(1 - 1/K) by its series, because 1 - 1/K runs out of digits


def count(models: int, options: int, rate: float, pairs: int, output: int) -> dict:
    """Every kind of variety (M24) of equally popular models with yes-or-no options, each taken by `rate` of buyers.

    pairs: so many pairs of options exclude each other, the first with the second, the third with the fourth ...
    """
    offered = {"model": {f"model {k}": 1 / models for k in range(models)}} | configurations.yes_no(options, rate)
    rules = [{f"option {2 * k + 1}": "yes", f"option {2 * k + 2}": "yes"} for k in range(pairs)]
    found = configurations.variety(offered, rules, output=output)
    most = min(1.0, output / found.feasible)
    return {**found._asdict(), "most": most, "verdict": "more" if found.feasible > output else "fewer"}


def kinds(settings: dict, result: dict) -> pd.DataFrame:
    counts = {**result, "output": settings["output"]}
    return pd.DataFrame({"kind": list(KINDS.values()), "count": [float(counts[name]) for name in KINDS]})


def page() -> Expressions:
    apart = "(options - 2 * pairs)"
    entropy = "(-({p}) * log({p}))".format
    single = f"({entropy(p='rate')} + {entropy(p='(1 - rate)')})"
    both = "(1 - rate * rate)"
    pair = f"({entropy(p=f'(1 - rate) * (1 - rate) / {both}')} + 2 * {entropy(p=f'rate * (1 - rate) / {both}')})"
    few = "feasible * (1 - pow(1 - 1 / feasible, output))"
    many = "feasible * (1 - exp(-output / feasible - output / (2 * feasible * feasible)))"
    return Expressions(
        fields={
            "theoretical": "models * pow(2, options)",
            "feasible": f"models * pow(3, pairs) * pow(2, {apart})",
            "effective": f"models * exp({apart} * {single} + pairs * {pair})",
            "distinct": f"feasible === 1 ? min(output, 1) : feasible > {LARGE:.0f} ? {many} : {few}",
            "share_built": "distinct / feasible",
            "most": "min(1, output / feasible)",
            "verdict": "feasible > output ? 'more' : 'fewer'",
        },
        frames={
            "kinds": Made(
                len(KINDS),
                {
                    "kind": f"{literal(list(KINDS.values()))}[datum.row]",
                    "count": "[theoretical, feasible, output, distinct, effective][datum.row]",
                },
            )
        },
    )


def chart() -> alt.TopLevelMixin:
    base = alt.Chart(alt.NamedData("kinds"))
    place = alt.Y("kind:N", title=None, sort=None)
    number = alt.X(
        "count:Q",
        title="Number, logarithmic scale",
        scale=alt.Scale(type="log", domain=[1, 1e12]),
        axis=alt.Axis(format="~s", values=[1, 1e3, 1e6, 1e9], labelExpr=WORDS),
    )
    points = base.mark_point(filled=True, size=160).encode(
        number,
        place,
        tooltip=[alt.Tooltip("kind:N", title="Kind"), alt.Tooltip("count:Q", title="Number", format=",.1f")],
    )
    text = alt.Text("count:Q", format=",.0f")
    small, large = (base.transform_filter(test) for test in ("datum.count < 1e5", "datum.count >= 1e5"))
    after = small.mark_text(align="left", dx=12).encode(number, place, text)
    before = large.mark_text(align="right", dx=-12).encode(number, place, text)
    return alt.layer(points, after, before)


def configurator() -> Twin:
    """Models, yes-or-no options, how many buyers take one, rules and a year's output: five counts far apart."""
    counts = (
        "Models: {models}, yes-or-no options: {options}. That makes {theoretical:,.0f} combinations, "
        "{feasible:,.0f} within the rules. "
    )
    chosen = (
        "With each option taken by {rate} of buyers, orders are as varied as {effective:,.1f} equally popular "
        "cars would be."
    )
    return Twin(
        name="configurator",
        controls=[
            Choice("models", "Models, equally popular", MODELS, start=200),
            Slider("options", "Yes-or-no options", range(10, 31), start=20),
            Slider(
                "rate", "Buyers who take an option", [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5], start=0.1, text="{:.0%}"
            ),
            Choice("pairs", "Options that exclude each other", PAIRS),
            Choice("output", "Built in a year", OUTPUT, start=200_000),
        ],
        model=count,
        frames={"kinds": kinds},
        page=page(),
        chart=chart(),
        says={
            "more": counts + "A year's output of {output} can show at most {most:.4%} of them, and about "
            "{distinct:,.0f} different ones if all were equally popular. " + chosen,
            "fewer": counts + "A year's output of {output} could show every one of them; it would show about "
            "{distinct:,.0f} if all were equally popular. " + chosen,
        },
        finding="The count of possible cars says little of the cars that are ordered and built",
        measure="Counts of one made-up list of options, by kind of variety; synthetic, not a plant's",
        unit="number of different cars",
        source=["Made-up option lists, computed (M24), 2026"],
    )
