"""Definition dial: one economy, and as many "digital" shares of its GDP as there are definitions."""

from functools import cache

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.models.definitions import NBS_2023, NBS_2023_GDP, digital_economy
from valuechains.widgets import Choice, Grid, Made, Slider, Twin, steps
from valuechains.widgets.sentences import literal

BLOCKS = {
    "applications": "applications",
    "manufacturing": "manufacturing",
    "data_driven": "data-driven",
    "services": "services",
}  #: blocks of the census by the name of their control
LABELS = {
    "applications": "Applications: telecoms, internet, software",
    "manufacturing": "Making of digital goods",
    "data_driven": "Data-driven activity: platforms, online finance",
    "services": "Trade in and repair of digital goods",
}
PARTS = ("applications", "digital goods", "data-driven", "trade and repair", "attributed")
COUNTS = {"yes": "counts", "no": "does not count"}
OWN, PUBLISHED = "your definition", "published"
TRILLION = 10_000  # of 100 million yuan
CLAIMED = 0.1  #: "more than a tenth", claim A1-3-05


@cache
def published() -> dict[str, float]:
    """Published shares of GDP by what they are, from the ledger."""
    found = {
        "China, core": "A1-3-05.share",
        "United States, core": "A1-2-02.bea",
        "China, broad": "A1-3-05.broad_2023",
        "47 economies, broad": "A1-2-02.gdp_47",
    }
    return {what: evidence.number(name).value / 100 for what, name in found.items()}


def share(attributed: float, **counts: str) -> dict:
    """The digital share of China's GDP of 2023 under one definition, and its parts; the core in trillion yuan."""
    counted = [BLOCKS[name] for name, setting in counts.items() if setting == "yes"]
    found = digital_economy(NBS_2023, NBS_2023_GDP, counted=counted, attributed=attributed)
    return {
        "verdict": "nothing" if found.total == 0 else "core" if attributed == 0 else "broad",
        "share": found.share,
        "core": found.core / TRILLION,
        "against": "above" if found.share > CLAIMED else "not above",
        **{f"{name}_share": NBS_2023[block] * (block in counted) / NBS_2023_GDP for name, block in BLOCKS.items()},
        "attributed_share": found.attributed / NBS_2023_GDP,
    }


SHARES = [f"{name}_share" for name in (*BLOCKS, "attributed")]  #: of the result, in the order of PARTS


def bars(settings: dict, result: dict) -> pd.DataFrame:
    """The parts of the share as set, and the published shares below it."""
    own = pd.DataFrame({"who": OWN, "part": PARTS, "value": [result[name] for name in SHARES]})
    others = pd.DataFrame({"who": published().keys(), "part": PUBLISHED, "value": published().values()})
    return pd.concat([own, others], ignore_index=True).assign(place=range(len(PARTS) + len(published())))


def page() -> Grid:
    own, below = f"datum.row < {len(PARTS)}", f"datum.row - {len(PARTS)}"
    parts = ", ".join(f"result.{name}" for name in SHARES)
    return Grid(
        digits={"core": 4, "share": 4, "value": 4, "place": 0, **dict.fromkeys(SHARES, 4)},
        fewer={tuple(BLOCKS): ("core", *SHARES[:-1])},
        frames={
            "bars": Made(
                len(PARTS) + len(published()),
                {
                    "who": f"{own} ? {literal(OWN)} : {literal(list(published()))}[{below}]",
                    "part": f"{own} ? {literal(PARTS)}[datum.row] : {literal(PUBLISHED)}",
                    "value": f"{own} ? [{parts}][datum.row] : {literal(list(published().values()))}[{below}]",
                    "place": "datum.row",
                },
            )
        },
    )


def chart() -> alt.TopLevelMixin:
    who = alt.Y("who:N", title=None, sort=[OWN, *published()])
    bars = (
        alt.Chart(alt.NamedData("bars"), height=240)
        .mark_bar()
        .encode(
            alt.X("value:Q", title="Share of GDP", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 0.6])),
            who,
            color=alt.Color("part:N", title=None, scale=alt.Scale(domain=[*PARTS, PUBLISHED])),
            order="place:Q",
            tooltip=[
                alt.Tooltip("who:N", title="Definition"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("value:Q", title="Share of GDP", format=".2%"),
            ],
        )
    )
    sums = (
        alt.Chart(alt.NamedData("bars"))
        .transform_aggregate(total="sum(value)", groupby=["who"])
        .mark_text(align="left", dx=5)
        .encode(alt.X("total:Q"), who, text=alt.Text("total:Q", format=".1%"))
    )
    return alt.layer(bars, sums)


def definition_dial() -> Twin:
    """China's GDP of 2023 as the economic census has it: choose what is digital and read the share."""
    result = (
        "The digital economy is {share:.2%} of GDP, {against} the tenth of the claim: {core:.2f} trillion yuan "
        "made in the blocks that count, and "
    )
    return Twin(
        name="definition-dial",
        controls=[
            *(Choice(name, LABELS[name], COUNTS) for name in BLOCKS),
            Slider(
                "attributed", "Part of all other industries that is called digital", steps(0, 0.5, 0.01), text="{:.0%}"
            ),
        ],
        model=share,
        frames={"bars": bars},
        page=page(),
        chart=chart(),
        says={
            "nothing": "Nothing counts and nothing is attributed, so there is no digital economy to measure: "
            "let a block count.",
            "core": result + "nothing attributed.",
            "broad": result + "{attributed} of what all other industries make, which adds {attributed_share:.1%} "
            "of GDP.",
        },
        finding="China in 2023 is seven, ten or forty percent digital, by definition alone",
        measure="Digital economy of China in 2023 as you define it, "
        "and published shares of China (2023) and others (2021)",
        unit="share of GDP",
        source=["National Bureau of Statistics of China, fifth economic census, 2023", "claims"],
    )
