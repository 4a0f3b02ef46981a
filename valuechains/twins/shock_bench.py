"""Shock bench: one economy makes at home what it used to buy abroad. Whose income moves where, if nothing else does?"""

from functools import cache

import altair as alt
import pandas as pd

from valuechains import datasets
from valuechains.models.shock import Reshoring, reshore
from valuechains.tables import Table, load_compact, toy
from valuechains.widgets import Choice, Grid, Idle, Slider, Stored, Twin, steps

TOY = {"A": "A, assembler", "B": "B, headquarters", "C": "C, resources"}
REAL = ("CHN", "USA", "DEU", "JPN", "KOR", "IND")
YEAR = 2011
ROUNDS = {"first": "The first purchase alone", "all": "All suppliers of suppliers"}
MILLIONS = 1000  # US$ million of the real table in a US$ billion


@cache
def names() -> dict[str, str]:
    return {**TOY, **datasets.read("countries").set_index("country")["name"], "ROW": "Rest of the world"}


@cache
def world(economy: str) -> Table:
    return toy("W2") if economy in TOY else load_compact(YEAR)


@cache
def shocked(economy: str, share: float, rounds: str) -> Reshoring:
    return reshore(world(economy), economy, share, rounds=rounds)


def shock(economy: str, share: float, rounds: str) -> dict:
    """Income, backward participation and the world's VAX ratio before and after (M5, M6)."""
    before, after = shocked(economy, 0, rounds), shocked(economy, share, rounds)
    per = 1 if economy in TOY else MILLIONS
    return {
        "verdict": "none" if share == 0 else "toy" if economy in TOY else "real",
        "gain": after.change[economy] / per,
        "growth": after.gdp[economy] / before.gdp[economy] - 1,
        "backward_before": before.backward[economy],
        "backward": after.backward[economy],
        "vax_before": before.world_vax_ratio,
        "vax": after.world_vax_ratio,
        "world": after.world_gdp / per,
        "money": "toy units" if economy in TOY else "US$ billion",
    }


def changes(settings: dict, result: dict) -> pd.DataFrame:
    """The change of each economy's income, in the money of `shock`."""
    per = 1 if settings["economy"] in TOY else MILLIONS
    change = shocked(*settings.values()).change
    return pd.DataFrame(
        {
            "who": [names()[code] for code in change],
            "change": [value / per for value in change.values()],
            "side": ["Makes at home" if code == settings["economy"] else "Others" for code in change],
        }
    )


def chart() -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("changes"), height=300)
        .mark_bar()
        .encode(
            alt.X("change:Q", title="Change of income, {money}"),
            alt.Y("who:N", title=None, sort=None),
            alt.Color("side:N", title=None, scale=alt.Scale(domain=["Makes at home", "Others"])),
            tooltip=[
                alt.Tooltip("who:N", title="Economy"),
                alt.Tooltip("change:Q", title="Change of income", format=",.2f"),
            ],
        )
    )


def shock_bench() -> Twin:
    """A toy world of three and the real table of 2011: the share made at home is free to set."""
    real = {code: f"{names()[code]}, {YEAR}" for code in REAL}
    effect = (
        "Its backward participation goes from {backward_before:.1%} to {backward:.1%} and the world's VAX ratio from "
        "{vax_before:.1%} to {vax:.1%}. World income stays at {world:,.0f} {money}: the model can move income, not "
        "make it."
    )
    return Twin(
        name="shock-bench",
        controls=[
            Choice(
                "economy",
                "Economy that makes at home",
                {**{code: f"{name} (toy world)" for code, name in TOY.items()}, **real},
            ),
            Slider("share", "Imported inputs replaced", steps(0, 1, 0.05), start=0.25, text="{:.0%}"),
            Choice("rounds", "What is counted", ROUNDS, idle=[Idle("Nothing is replaced yet.", share=[0])]),
        ],
        model=shock,
        frames={"changes": changes},
        page=Grid(
            digits={
                "gain": 2,
                "growth": 4,
                "backward_before": 4,
                "backward": 4,
                "vax_before": 4,
                "vax": 4,
                "world": 0,
                "change": 2,
            },
            frames={"changes": Stored(("economy", "share", "rounds"))},
        ),
        chart=chart(),
        says={
            "none": "Nothing is replaced yet. {economy}: backward participation {backward_before:.1%}; world VAX "
            "ratio {vax_before:.1%}.",
            "toy": "{economy} makes {share} of its imported inputs itself and earns {gain:+,.2f} {money} "
            "({growth:+.1%}). " + effect,
            "real": "{economy}: {share} of imported inputs made at home, and income moves by {gain:+,.0f} billion "
            "US dollars ({growth:+.1%}). " + effect,
        },
        finding="Making inputs at home moves income between the economies of 2011 when prices and demand are frozen",
        measure="Change of each economy's income when one replaces imported inputs by its own",
        unit="toy units or US$ billion",
        source=["inter_country_table", "Toy world W2 of the methods page, made up, 2026"],
    )
