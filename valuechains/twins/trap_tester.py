"""Trap tester: an economy's record since 1990, a path ahead, and four definitions of being caught at middle income."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets
from valuechains.models import trap
from valuechains.widgets import Choice, Grid, Idle, Made, Slider, Stored, Twin

ECONOMIES = ("CHN", "VNM", "IND", "IDN", "MYS", "THA", "KOR", "POL", "TUR", "BRA", "MEX", "PER", "CHL")
LEADER, LEADER_GROWTH = "USA", 0.02
MEASURES = {"NY.GDP.PCAP.CD": "At market exchange rates", "NY.GDP.PCAP.PP.CD": "At purchasing power parity"}
MARKET, PARITY = MEASURES
DEFINITIONS = {
    "line": "Fixed line of the World Bank",
    "band": "Between a tenth and half of the United States",
    "stay": "More than {} or {} years in a band of income".format(*trap.LONG_STAY),
    "slowdown": "A slowdown of fast growth",
}
FIRST, LAST = 1990, 2024
UNTIL = {LAST: f"{LAST}, the record alone", 2039: "2039", 2054: "2054"}
GROWTH = [0, 0.01, 0.02, 0.03, 0.04, 0.045, 0.05, 0.06, 0.07, 0.08]
LOW, HIGH = 0.1, 0.5
RECORD = Idle("The record alone is judged.", until=[LAST], definition=["line", "stay", "slowdown"])
UNMOVED = Idle(
    "It moves income at market exchange rates and nothing else.",
    measure=[PARITY],
    definition=["band", "stay", "slowdown"],
)
BASE = 2005  #: prices of the slowdown test, whose floor is in dollars of that year; the bands of `stay` are of FIRST


@cache
def incomes(measure: str) -> pd.DataFrame:
    """GDP per head, current dollars: years x economies, FIRST to LAST."""
    known = datasets.read("world_indicators", indicator=measure, country=[*ECONOMIES, LEADER])
    return known.pivot(index="year", columns="country", values="value").loc[FIRST:LAST]


@cache
def relative(economy: str, measure: str) -> np.ndarray:
    """Income per head over that of the United States, a number for each year from FIRST to LAST."""
    return (incomes(measure)[economy] / incomes(measure)[LEADER]).to_numpy()


@cache
def real(economy: str, base: int = BASE) -> np.ndarray:
    """GDP per head from FIRST to LAST at parity in dollars of a year: its level of that year and real growth."""
    known = {
        code: datasets.read("world_indicators", indicator=code, country=economy).set_index("year")["value"]
        for code in ("NY.GDP.MKTP.KD.ZG", "SP.POP.TOTL")
    }
    growth = (1 + known["NY.GDP.MKTP.KD.ZG"] / 100) / (known["SP.POP.TOTL"] / known["SP.POP.TOTL"].shift())
    index = pd.concat([pd.Series({FIRST: 1.0}), growth.loc[FIRST + 1 : LAST].cumprod()])
    return (index / index[base] * incomes("NY.GDP.PCAP.PP.CD")[economy][base]).to_numpy()


def verdicts(economy: str, measure: str, definition: str, growth: float, dearer: float, until: int) -> dict:
    """The four verdicts on the record to LAST and, where `until` is later, on the path ahead.

    growth: real growth of GDP per head a year after LAST, the leader's being LEADER_GROWTH; dearer: real appreciation
    of the currency a year, which moves income at market rates and nothing else. `definition` only chooses the sentence.
    """
    years, rate = until - LAST, dearer if measure == MARKET else 0
    share = relative(economy, measure)
    now, gap = share[-1], ahead(growth, years) * ahead(rate, years) / ahead(LEADER_GROWTH, years)
    share = np.append(share, now * gap)
    line, dollars = fixed_line(economy, growth, dearer, years)
    slow, dates = slowed(economy, growth, years)
    stay, where = stayed(economy, growth, years)
    return {
        "line": line,
        "band": trap.band(share, low=LOW, high=HIGH),
        "stay": stay,
        "slowdown": slow,
        "now": now,
        "then": share[-1],
        "dollars": dollars,
        "dates": dates,
        "where": where,
        "path": path(measure, growth, rate, until),
        "reach": reached(trap.years_to(now, HIGH, round(growth + rate + growth * rate, 9), LEADER_GROWTH)),
    }


@cache
def fixed_line(economy: str, growth: float, dearer: float, years: int) -> tuple[str, float]:
    """The verdict by the World Bank's lines, which keep their real value after LAST, and the last income in dollars."""
    known = incomes(MARKET)[economy].loc[min(trap.HIGH_INCOME_LINE) :].to_numpy()
    dollars = np.append(known, known[-1] * ahead(growth, years) * ahead(dearer, years))
    low, high = (
        [line[year] for year in sorted(line)] + [line[LAST]] * years
        for line in (trap.LOW_INCOME_LINE, trap.HIGH_INCOME_LINE)
    )
    return trap.band(dollars, low=low, high=high), dollars[-1]


@cache
def stayed(economy: str, growth: float, years: int) -> tuple[str, str]:
    """The verdict by years in a band, and where the economy is at the end: "for 25 years in the upper band"."""
    levels = real(economy, FIRST)
    levels = np.append(levels, levels[-1] * ahead(growth, years))
    for name, (low, high) in zip(("lower", "upper"), trap.MIDDLE_INCOME):
        if low <= levels[-1] < high:
            stay = trap.years_inside((levels >= low) & (levels < high))
            return trap.long_stay(levels), f"in the {name} band, and has been for {stay} years without a break"
    return trap.long_stay(levels), "above both" if levels[-1] >= high else "below both"


@cache
def slowed(economy: str, growth: float, years: int) -> tuple[str, str]:
    """The verdict of the slowdown test, and the first year of each run of slowdowns: "from 1997 and from 2012"."""
    levels = np.append(real(economy), real(economy)[-1] * ahead(growth, years))
    found = [FIRST + place for place in trap.slowdowns(levels)]
    starts = [f"from {year}" for year in found if year - 1 not in found]
    return trap.slowdown(levels), " and ".join(starts) or "at no date"


@cache
def ahead(growth: float, years: int) -> np.ndarray:
    """A level that starts from 1, in each of the coming years."""
    return trap.path(1.0, growth, years)[1:] if years else np.array([])


def reached(years: float) -> str:
    if np.isnan(years):
        return "never reaches half at these rates"
    return "is above half already" if years == 0 else f"reaches half in {years:.1f} years"


def path(measure: str, growth: float, dearer: float, until: int) -> str:
    """The line that is drawn, in words: "at market exchange rates, growing by 4.5% a year after 2024"."""
    words = MEASURES[measure][0].lower() + MEASURES[measure][1:]
    if until == LAST:
        return words
    also = f", and the currency by {dearer:.0%}" if dearer else ""
    return f"{words}, growing by {growth:.1%} a year after {LAST}{also}"


def record(settings: dict, result: dict) -> pd.DataFrame:
    shares = relative(settings["economy"], settings["measure"])
    return pd.DataFrame({"year": range(FIRST, LAST + 1), "share": shares, "what": "record"})


def coming(settings: dict, result: dict) -> pd.DataFrame:
    """The path ahead, LAST to the end of the slider's reach; empty after `until`."""
    years = np.arange(LAST, max(UNTIL) + 1)
    rate = settings["dearer"] if settings["measure"] == MARKET else 0
    pace = (1 + settings["growth"]) * (1 + rate) / (1 + LEADER_GROWTH)
    share = np.where(years <= settings["until"], result["now"] * pace ** (years - LAST), np.nan)
    return pd.DataFrame({"year": years, "share": share, "what": "path you set"})


def edges(settings: dict, result: dict) -> pd.DataFrame:
    return pd.DataFrame({"share": [LOW, HIGH], "what": "edge of the band"})


def page() -> Grid:
    pace = f"(1 + growth) * (1 + (measure === '{MARKET}' ? dearer : 0)) / {1 + LEADER_GROWTH}"
    return Grid(
        digits={"now": 5, "then": 5, "dollars": 0, "year": 0, "share": 5},
        by=("economy", "measure", "growth", "dearer", "until"),
        fewer={
            ("economy", "measure"): ("now",),
            ("economy", "growth", "until"): ("slowdown", "dates", "stay", "where"),
            ("economy", "growth", "dearer", "until"): ("line", "dollars"),
            ("economy", "measure", "growth", "dearer"): ("reach",),
            ("measure", "growth", "dearer", "until"): ("path",),
        },
        frames={
            "record": Stored(("economy", "measure"), derived={"what": "'record'"}),
            "coming": Made(
                max(UNTIL) - LAST + 1,
                {
                    "year": f"{LAST} + datum.row",
                    "what": "'path you set'",
                    "share": f"datum.year > until ? null : result.now * pow({pace}, datum.row)",
                },
            ),
            "edges": Made(2, {"share": f"datum.row === 0 ? {LOW} : {HIGH}", "what": "'edge of the band'"}),
        },
    )


def chart() -> alt.TopLevelMixin:
    kinds = ["record", "path you set", "edge of the band"]
    when = alt.Scale(domain=[FIRST, max(UNTIL)], nice=False)
    year = alt.X("year:Q", title=None, axis=alt.Axis(format="d"), scale=when)
    share = alt.Y(
        "share:Q",
        title="GDP per head, share of that of the United States",
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1], clamp=True),
    )
    color = alt.Color("what:N", title=None, scale=alt.Scale(domain=kinds), legend=alt.Legend(symbolType="stroke"))
    dash = alt.StrokeDash("what:N", title=None, scale=alt.Scale(domain=kinds, range=[[1, 0], [6, 4], [2, 3]]))
    told = [alt.Tooltip("year:Q", title="Year", format="d"), alt.Tooltip("share:Q", title="Share", format=".1%")]
    paths = [
        alt.Chart(alt.NamedData(name)).mark_line().encode(year, share, color=color, strokeDash=dash, tooltip=told)
        for name in ("record", "coming")
    ]
    edges = alt.Chart(alt.NamedData("edges")).mark_rule().encode(share, color=color, strokeDash=dash)
    return alt.layer(*paths, edges)


def trap_tester() -> Twin:
    """Thirteen economies since 1990, their path ahead, and what four definitions of the trap say of them."""
    names = datasets.read("countries").set_index("country")["name"]
    drawn = " The line drawn is income {path}."
    return Twin(
        name="trap-tester",
        controls=[
            Choice("economy", "Economy", {code: names[code] for code in ECONOMIES}, start="KOR"),
            Choice("measure", "Income", MEASURES),
            Choice("definition", "Trapped if", DEFINITIONS, start="band"),
            Choice("until", "Judge by", UNTIL, start=2039),
            Slider(
                "growth", "Growth of income per head ahead, a year", GROWTH, start=0.045, text="{:.1%}", idle=[RECORD]
            ),
            Choice(
                "dearer", "Real appreciation of the currency, a year", {0: "none", 0.01: "1%"}, idle=[RECORD, UNMOVED]
            ),
        ],
        model=verdicts,
        frames={"record": record, "coming": coming, "edges": edges},
        page=page(),
        chart=chart(),
        case="definition",
        says={
            "line": "{economy}, fixed line, judged by {until}: {line}. GDP per head at market rates is "
            f"US${{dollars:,.0f}} when judged; the line of {LAST}, kept in real terms, is "
            f"US${trap.HIGH_INCOME_LINE[LAST]:,}." + drawn,
            "band": "{economy}, band, judged by {until}: {band}. Income relative to the United States: {now:.1%} in "
            "2024, {then:.1%} when judged. It {reach}, if the United States grow by 2% a year." + drawn,
            "stay": "{economy}, years in a band, judged by {until}: {stay}. When judged it is {where}. "
            + "The lower band is US${:,} to {:,} and the upper US${:,} to {:,}, ".format(*sum(trap.MIDDLE_INCOME, ()))
            + "in dollars of 1990 at parity; more than {} and {} years are a trap. ".format(*trap.LONG_STAY)
            + f"The record starts in {FIRST}."
            + drawn,
            "slowdown": "{economy}, slowdown, judged by {until}: {slowdown}. Growth of 3.5% or more that fell by two "
            "points or more, at an income above 10,000 dollars of 2005, is found {dates}." + drawn,
        },
        finding="Trapped or escaped depends on the definition, and on the exchange rate",
        measure="GDP per head relative to the United States, recorded and as you continue it",
        unit="share",
        source=["world_indicators"],
    )
