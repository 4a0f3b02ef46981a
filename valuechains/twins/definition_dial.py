"""Definition dial: one economy, and as many "digital" shares of its GDP as there are definitions."""

from functools import cache

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.models.definitions import NBS_2023, NBS_2023_GDP, digital_economy
from valuechains.widgets import Choice, Grid, Made, Slider, Twin, steps
from valuechains.widgets.sentences import literal

BLOCKS = {"applications": "Applications: telecoms, internet, software", "manufacturing": "Making of digital goods",
          "data-driven": "Data-driven activity: platforms, online finance", "services": "Trade in and repair of digital goods"}
SHORT = {"applications": "applications", "manufacturing": "digital goods", "data-driven": "data-driven", "services": "trade and repair",
         "attributed": "attributed"}
COUNTS = {"yes": "counts", "no": "does not count"}
FIELDS = {name: name.replace("-", "_") for name in BLOCKS}
SETTING, PRINTED = "your definition", "published"
TRILLION = 10_000  # of 100 million yuan
CLAIMED = 0.1  #: "more than a tenth", claim A1-3-05


@cache
def published() -> dict[str, float]:
    """Published shares of GDP by what they are, from the ledger."""
    print_of = {"China 2023, core": "A1-3-05.share", "United States 2021, core": "A1-2-02.bea",
                "China 2023, broad": "A1-3-05.broad_2023", "47 economies 2021, broad": "A1-2-02.gdp_47"}
    return {what: evidence.number(name).value / 100 for what, name in print_of.items()}


def share(applications: str, manufacturing: str, data_driven: str, services: str, attributed: float) -> dict:
    """The digital share of China's GDP of 2023 under one definition, whole and in its parts; the core in trillion yuan."""
    chosen = dict(zip(BLOCKS, (applications, manufacturing, data_driven, services), strict=True))
    counted = [block for block, counts in chosen.items() if counts == "yes"]
    found = digital_economy(NBS_2023, NBS_2023_GDP, counted=counted, attributed=attributed)
    verdict = "nothing" if found.total == 0 else "core" if attributed == 0 else "broad"
    return {
        "verdict": verdict,
        "share": found.share,
        "core": found.core / TRILLION,
        "against": "above" if found.share > CLAIMED else "not above",
        "spread": found.attributed / NBS_2023_GDP,
        **{f"{FIELDS[name]}_share": value * (name in counted) / NBS_2023_GDP for name, value in NBS_2023.items()},
    }


def bars(settings: dict, result: dict) -> pd.DataFrame:
    """The parts of the share as set, and the published shares beside it."""
    parts = [*(result[f"{field}_share"] for field in FIELDS.values()), result["spread"]]
    own = pd.DataFrame({"who": SETTING, "part": list(SHORT.values()), "value": parts})
    printed = pd.DataFrame({"who": list(published()), "part": PRINTED, "value": list(published().values())})
    return pd.concat([own, printed], ignore_index=True).assign(place=range(len(own) + len(printed)))


def page() -> Grid:
    own = [f"result.{field}_share" for field in FIELDS.values()] + ["result.spread"]
    printed = list(published().values())
    among = f"datum.row < {len(own)}"
    return Grid(
        digits={"share": 4, "core": 4, "spread": 4, "value": 4, "place": 0, **{f"{field}_share": 4 for field in FIELDS.values()}},
        fewer={tuple(CONTROLS): ("core", *(f"{field}_share" for field in FIELDS.values()))},
        frames={"bars": Made(len(own) + len(printed), {
            "who": f"{among} ? {literal(SETTING)} : {literal(list(published()))}[datum.row - {len(own)}]",
            "part": f"{among} ? {literal(list(SHORT.values()))}[datum.row] : {literal(PRINTED)}",
            "place": "datum.row",
            "value": f"{among} ? [{', '.join(own)}][datum.row] : {literal(printed)}[datum.row - {len(own)}]"})})


CONTROLS = {"applications": "applications", "manufacturing": "manufacturing", "data_driven": "data-driven", "services": "services"}


def chart() -> alt.LayerChart:
    who = alt.Y("who:N", title=None, sort=[SETTING, *published()], axis=alt.Axis(labelLimit=240))
    parts = [*SHORT.values(), PRINTED]
    bars = alt.Chart(alt.NamedData("bars"), height=240).mark_bar().encode(
        alt.X("value:Q", title="Share of GDP", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 0.6])), who,
        color=alt.Color("part:N", title=None, scale=alt.Scale(domain=parts)), order=alt.Order("place:Q"),
        tooltip=[alt.Tooltip("who:N", title="Definition"), alt.Tooltip("part:N", title="Part"),
                 alt.Tooltip("value:Q", title="Share of GDP", format=".2%")])
    sums = alt.Chart(alt.NamedData("bars")).transform_aggregate(total="sum(value)", groupby=["who"]).mark_text(
        align="left", dx=5).encode(alt.X("total:Q"), who, text=alt.Text("total:Q", format=".1%"))
    return alt.layer(bars, sums)


def definition_dial() -> Twin:
    """China's GDP of 2023 as the economic census has it: choose what is digital and read the share."""
    result = "The digital economy is {share:.2%} of GDP, {against} the tenth of the claim"
    return Twin(
        name="definition-dial",
        controls=[*(Choice(name, BLOCKS[block], COUNTS) for name, block in CONTROLS.items()),
                  Slider("attributed", "Part of all other industries that is called digital", steps(0, 0.5, 0.01), text="{:.0%}")],
        model=share,
        frames={"bars": bars},
        page=page(),
        chart=chart(),
        says={
            "nothing": "Nothing counts and nothing is attributed, so there is no digital economy to measure: let a block count.",
            "core": f"{result}: {{core:.2f}} trillion yuan made in the blocks that count, and nothing attributed.",
            "broad": f"{result}: {{core:.2f}} trillion yuan made in the blocks that count, and {{attributed}} of what all "
                     "other industries make, which adds {spread:.1%} of GDP.",
        },
        finding="One economy in one year is seven, ten or forty percent digital, by definition alone",
        measure="Digital economy of China in 2023 as you define it, beside published shares",
        unit="share of GDP",
        source=["National Bureau of Statistics of China, fifth economic census, 2023", "claims"],
    )
