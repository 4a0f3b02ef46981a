"""Smile explorer: does value added, or pay, bend into a smile along the chain of a final product?

Chains of 1995 to 2011 are those of the world tables, at home and abroad. That of 2022 is its home part in a national
table, in which every export counts as final: such a table does not say who bought it, nor who earned what is imported.
"""

from functools import cache
from itertools import product

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets, indicators, tables
from valuechains.figures import PALETTE
from valuechains.indicators import Curve, fit_curve
from valuechains.widgets import Choice, Grid, Idle, Made, Stored, Twin

ECONOMIES = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "MEX", "TWN")
INDUSTRIES = {
    "c14": "Electrical and optical equipment",
    "c4": "Textiles and clothing",
    "c9": "Chemicals",
    "c15": "Transport equipment",
}
RECENT = {2022: "2022 (OECD, part at home)"}
YEARS = {year: str(year) for year in (1995, 2000, 2005, 2009, 2011)} | RECENT
PRODUCTS = {"c14": ("C26", "C27"), "c4": ("C13T15",), "c9": ("C20", "C21"), "c15": ("C29", "C301", "C302T309")}
ACROSS = {
    "propagation_length": "Propagation length to this product",
    "upstreamness": "Upstreamness: distance to final use",
}
UP = {
    "va_rate": "Value added per unit of output",
    "compensation_rate": "Pay of employees per unit of output",
    "hourly": "Hourly pay / mean of six economies",
    "share": "Share of the chain's value",
}
HOURS = {  # the industries of the accounts with hours, ISIC Rev. 4, that do the work of an older one
    **dict(c1="A01 A02 A03", c2="B", c3="C10-C12", c4="C13-C15", c5="C13-C15", c6="C16", c7="C17 C18 J58", c8="C19"),
    **dict(c9="C20 C21", c10="C22", c11="C23", c12="C24 C25", c13="C28", c14="C26 C27", c15="C29 C30"),
    **dict(c16="C31_C32 C33", c17="D35 E36", c18="F", c19="G45", c20="G46", c21="G47", c22="I", c23="H49", c24="H50"),
    **dict(c25="H51", c26="H52", c27="H53 J61", c28="K64 K65 K66", c29="L68", c31="O84", c32="P85", c33="Q", c35="T"),
    **dict(c30="J62_J63 M69_M70 M71 M72 M73 M74_M75 N", c34="E37-E39 J59_J60 R_S"),
}
WEIGHTING = {"contribution": "By contribution to the chain", "equal": "All participants alike"}
PLACE = ("economy", "sector", "kind", "va_rate", "compensation_rate", "hourly", "upstreamness")
LEAST = 0.001  # of a chain's value, earned by the smallest participant that is shown
ENOUGH = 2 / 3  # of the chain's value must be earned by participants whose number is published
HOURLY = 2  # decimals of hourly pay, in both lives of the twin
STOPS = 25  # of the curve as drawn
SERIES = alt.Scale(domain=["At home", "Abroad", "Fitted curve"])
FLAT = ("outside", "unclear")  #: verdicts on a curve that is neither smile nor frown
CURVE = ("constant", "linear", "quadratic", "error", "turn", "n", "low", "high")


@cache
def names() -> dict[str, str]:
    countries = datasets.read("countries")
    return dict(zip(countries["country"], countries["name"], strict=True))


@cache
def chains() -> dict[tuple, pd.DataFrame]:
    """Who earns at least 0.1 % of each chain's value, the largest first: shares, distances and rates."""
    earned = pd.concat([world(), home()], ignore_index=True).sort_values("share", ascending=False, kind="stable")
    earned = earned.assign(
        economy=earned["country"].map(names()),
        kind=np.where(earned["service"], "Services", "Goods, energy and building"),
        origin=np.where(earned["country"] == earned["chain_country"], "At home", "Abroad"),
    )
    keys = ["chain_country", "chain_industry", "year"]
    return {chain: rows.reset_index(drop=True) for chain, rows in earned.groupby(keys)}


def world() -> pd.DataFrame:
    """The chains of the world tables."""
    rates = ["va_rate", "compensation_rate", "upstreamness"]
    places = ["country", "industry", "year"]
    earned = datasets.read("chain_contributions")
    earned = earned[earned["year"].isin(YEARS) & earned["chain_industry"].isin(INDUSTRIES)]
    earned = earned.merge(datasets.read("exports_by_industry")[[*places, *rates]], how="left", on=places)
    industries = datasets.read("industries").set_index("industry")
    return earned.merge(hourly(), how="left", on=places).assign(
        sector=earned["industry"].map(industries["name"]), service=earned["industry"].map(industries["is_service"])
    )


def hourly() -> pd.DataFrame:
    """Pay of employees for an hour of work, over its mean in the six economies that publish hours, by year."""
    paid = datasets.read("pay_per_hour").set_index(["country", "year", "industry"])[["compensation", "hours"]]
    done = pd.concat(
        {
            old: paid.loc[(slice(None), slice(None), new.split()), :].groupby(["country", "year"]).sum()
            for old, new in HOURS.items()
        },
        names=["industry"],
    )
    mean = paid.groupby("year").sum()
    return (
        (done["compensation"] / done["hours"] / (mean["compensation"] / mean["hours"])).rename("hourly").reset_index()
    )


def home() -> pd.DataFrame:
    """The home part of each chain in the national tables of 2022, as shares of what is earned at home."""
    of = datasets.read("concordance", source="iot2025").set_index("industry")
    rates = datasets.read("iot_exports_by_industry").set_index(["country", "industry"])
    found = []
    for economy, chain in product(ECONOMIES, INDUSTRIES):
        table = tables.load_home(economy)
        B = indicators.leontief_inverse(indicators.coefficients(table.Z, table.x))
        made = np.isin(table.industries, PRODUCTS[chain]) * (table.final + table.exports)
        earned = indicators.chain(table.v, B, made)
        own = rates.loc[economy].loc[list(table.industries)]
        rows = (
            own[["va_rate", "compensation_rate", "upstreamness"]]
            .reset_index()
            .assign(
                chain_country=economy,
                chain_industry=chain,
                year=2022,
                country=economy,
                share=earned / earned.sum(),
                propagation_length=indicators.propagation_length(B, made),
                sector=of["name"].reindex(table.industries).to_numpy(),
                service=of["is_service"].reindex(table.industries).to_numpy(),
            )
        )
        found.append(rows[rows["share"] >= LEAST])
    return pd.concat(found)


@cache
def columns(*chain: str | int) -> dict[str, np.ndarray]:
    return {column: chains()[chain][column].to_numpy() for column in ("share", *ACROSS, *UP)}


def fit(economy: str, industry: str, year: int, across: str, up: str, weighting: str) -> dict:
    """The quadratic curve through a chain's participants (M14), its verdict, and what every way to draw it gives."""
    every = paths(economy, industry)
    counts = {f"{shape}s": every.count(shape) for shape in ("smile", "frown", "flat")}
    return {**drawn(economy, industry, year, across, up, weighting), **counts, "paths": len(every)}


@cache
def paths(economy: str, industry: str) -> list[str]:
    """Smile, frown or flat, by every year and every definition that this chain can be drawn with."""
    ways = product(YEARS, ACROSS, UP, WEIGHTING)
    verdicts = [drawn(economy, industry, *way)["verdict"] for way in ways]
    return ["flat" if verdict in FLAT else verdict for verdict in verdicts if verdict != "missing"]


@cache
def drawn(economy: str, industry: str, year: int, across: str, up: str, weighting: str) -> dict:
    """The curve of one setting: coefficients, where it turns, what it covers, and its verdict."""
    chain = columns(economy, industry, year)
    position, height, share = chain[across], chain[up], chain["share"]
    known = np.isfinite(height)
    covered = share[known].sum() / share.sum()
    if covered < ENOUGH:
        return {"verdict": "missing", "covered": covered, **dict.fromkeys(CURVE)}
    curve = fit_curve(position, height, share if weighting == "contribution" else None)
    found = (
        curve.constant,
        curve.linear,
        curve.quadratic,
        curve.se_quadratic,
        curve.turning_point,
        curve.n,
        position[known].min(),
        position[known].max(),
    )
    return {"verdict": verdict(curve), "covered": covered, **dict(zip(CURVE, found, strict=True))}


def verdict(curve: Curve) -> str:
    """That of the curve; where it is flat, whether it turns outside the data or an end leaves doubt."""
    if curve.verdict != "flat":
        return curve.verdict
    return "unclear" if curve.turns_inside else "outside"


def points(settings: dict, result: dict) -> pd.DataFrame:
    chain = chains()[settings["economy"], settings["industry"], settings["year"]]
    shown = chain[["share", "propagation_length", *PLACE, "origin"]]
    height = chain[settings["up"]]
    if settings["up"] == "hourly":
        height = height.round(HOURLY)
    return shown.assign(position=chain[settings["across"]], height=height)


def curve(settings: dict, result: dict) -> pd.DataFrame:
    """The fitted curve from the first participant to the last; empty values where there is none."""
    low, high, *bend = (result[name] for name in ("low", "high", "constant", "linear", "quadratic"))
    if result["verdict"] == "missing":
        return pd.DataFrame({"position": [np.nan] * STOPS, "height": np.nan})
    position = np.linspace(low, high, STOPS)
    return pd.DataFrame({"position": position, "height": np.polynomial.polynomial.polyval(position, bend)})


def page() -> Grid:
    chain = ("economy", "industry", "year")
    inside = "result.n === null ? null : "
    position = f"(result.low + (result.high - result.low) * datum.row / {STOPS - 1})"
    return Grid(
        digits={
            "constant": 3,
            "linear": 4,
            "quadratic": 5,
            "error": 4,
            "n": 0,
            "low": 2,
            "high": 2,
            "turn": 2,
            "covered": 3,
            "smiles": 0,
            "frowns": 0,
            "flats": 0,
            "paths": 0,
            "share": 3,
            "propagation_length": 2,
            "upstreamness": 2,
            "va_rate": 3,
            "compensation_rate": 3,
            "hourly": HOURLY,
            "position": 2,
            "height": 3,
        },
        fewer={
            (*chain, "across", "up"): ("low", "high"),
            (*chain, "up"): ("n", "covered"),
            ("economy", "industry"): ("smiles", "frowns", "flats", "paths"),
        },
        frames={
            "points": Stored(
                chain,
                PLACE,
                derived={
                    "position": "datum[across]",
                    "height": "datum[up]",
                    "origin": "datum.economy === chosen.economy ? 'At home' : 'Abroad'",
                },
            ),
            "curve": Made(
                STOPS,
                {
                    "position": inside + position,
                    "height": inside
                    + "result.constant + result.linear * datum.position + result.quadratic * pow(datum.position, 2)",
                },
            ),
        },
    )


def chart() -> alt.TopLevelMixin:
    across = alt.X(
        "position:Q",
        title="{across}",
        scale=alt.Scale(zero=False, nice=False, padding=16),
        axis=alt.Axis(format=".1f", tickCount=6),
    )
    up = alt.Y("height:Q", title="{up}", axis=alt.Axis(format=".0%"))
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, opacity=0.75)
        .encode(
            across,
            up,
            size=alt.Size(
                "share:Q",
                title="Share of the chain's value",
                scale=alt.Scale(domain=[0, 0.5], range=[16, 1200], clamp=True),
                legend=None,
            ),
            color=alt.Color("origin:N", title=None, scale=SERIES),
            shape=alt.Shape(
                "kind:N",
                title=None,
                legend=alt.Legend(orient="bottom", symbolFillColor=PALETTE["light"]["muted"]),
                scale=alt.Scale(domain=["Goods, energy and building", "Services"], range=["square", "circle"]),
            ),
            tooltip=[
                alt.Tooltip("economy:N", title="Economy"),
                alt.Tooltip("sector:N", title="Industry"),
                alt.Tooltip("share:Q", title="Share of the chain's value", format=".1%"),
                alt.Tooltip("position:Q", title="Distance", format=".2f"),
                alt.Tooltip("height:Q", title="Height", format=".1%"),
            ],
        )
    )
    curve = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(interpolate="monotone")
        .encode(across, up, color=alt.datum("Fitted curve"))
    )
    return alt.layer(points, curve)


def smile_explorer() -> Twin:
    """The explorer of 192 real chains: its controls choose the chain and what is meant by a smile."""
    chain, measured = (
        "{economy}, {industry}, {year}",
        "squared term {quadratic:+.4f}, robust standard error {error:.4f}, {n:.0f} participants",
    )
    every = " Of {paths:.0f} ways to draw this chain, over all years and definitions, "
    return Twin(
        name="smile-explorer",
        controls=[
            Choice("economy", "Made in", {code: names()[code] for code in ECONOMIES}, start="DEU"),
            Choice("industry", "Final product", INDUSTRIES),
            Choice("year", "Year", YEARS, start=2009),
            Choice("across", "Across", ACROSS),
            Choice("up", "Up", UP),
            Choice(
                "weighting",
                "Weights of the fit",
                WEIGHTING,
                idle=[Idle("No curve is fitted, since too few numbers are published.", verdict=["missing"])],
            ),
        ],
        model=fit,
        frames={"points": points, "curve": curve},
        page=page(),
        chart=chart(),
        says={
            "smile": f"{chain}: a smile, lowest at {{turn:.2f}} ({measured})." + every + "{smiles:.0f} smile.",
            "frown": f"{chain}: a frown, highest at {{turn:.2f}} ({measured})." + every + "{frowns:.0f} frown.",
            "outside": f"{chain}: neither smile nor frown, for the curve turns outside the data, at {{turn:.2f}} "
            f"({measured})." + every + "{flats:.0f} are flat.",
            "unclear": f"{chain}: no clear turn, for at one end at least the slope may be of either sign ({measured})."
            + every
            + "{flats:.0f} are flat.",
            "missing": f"{chain}, {{up}} over {{across}}: no curve. This number is published for participants that "
            "earn {covered:.0%} of the chain's value, and a curve is drawn from two thirds on. Most economies "
            "published pay before 2010; six published hours of work, from 2000 to 2014.",
        },
        finding="Whether a chain smiles depends on the chain and on what you measure",
        measure="Participants of one final product's chain and the fitted quadratic curve",
        unit="shares; each point is an industry of an economy, larger where it earns more",
        source=["chain_contributions", "exports_by_industry", "pay_per_hour", "national_tables_2022"],
    )
