"""Every way at once: a finding that is one choice among analyses, beside what every other choice would have found.

`every_way("content")` asks one question in each way that the data allow: every definition, source and pair of years.
The points are the ways in the order of their results, the reader's own among them is marked, and the sentence says how
many agree with it. A way compares two years inside one source only.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets, editions, indicators, tables
from valuechains.widgets import Choice, Dependent, Grid, Stored, Twin

YEARS = (1995, 2000, 2003, 2007, 2011, 2014, 2018, 2022)  #: what a way may begin and end with
APART = 4  #: years between, at least
ROOM = 18  #: ways that a label takes on a phone
ELEVEN = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "GBR", "MEX", "TWN", "BRA", "IDN")
REGIONS = {
    "asia": ("East Asia (China, Japan, Korea, Taiwan, Indonesia)", ["CHN", "JPN", "KOR", "TWN", "IDN"]),
    "america": ("United States and Mexico", ["USA", "MEX"]),
    "europe": ("Germany and United Kingdom", ["DEU", "GBR"]),
}


@dataclass(frozen=True)
class Question:
    """What is asked, of whom, and the ways to ask it.

    subjects: by code, the first one at the start. ways: rows of subject, source, measure, years, before, after.
    start: the way at the start. rises, falls: the two answers, as in "so services gained". form: how a value is
    printed. label: the controls' names of subject, source and measure.
    """

    subjects: dict[str, str]
    ways: Callable[[], pd.DataFrame]
    start: tuple[str, str, str]
    rises: str
    falls: str
    finding: str
    measure: str
    data: Sequence[str]
    label: tuple[str, str, str]
    form: str = ".1%"
    relative: bool = True

    def printed(self, measure: str, value: float) -> str:
        return format(value, ".1%" if measure.startswith("share") else self.form)


# --- the ways ---------------------------------------------------------------------------------------------------


def spans(years: Container[int]) -> Iterator[tuple[int, int]]:
    """Pairs of the years that a way may begin and end with."""
    return (
        (one, other)
        for one, other in combinations([year for year in YEARS if year in years], 2)
        if other - one >= APART
    )


def paired(values: pd.DataFrame) -> pd.DataFrame:
    """Ways out of values of one subject, source, measure and `series` by year: two years of one series each."""
    rows = []
    for (subject, source, measure, _), group in values.groupby(["subject", "source", "measure", "series"], sort=False):
        by_year = group.set_index("year").value
        rows += [
            (subject, source, measure, f"{first} to {last}", by_year[first], by_year[last])
            for first, last in spans(by_year.index)
        ]
    return pd.DataFrame(rows, columns=["subject", "source", "measure", "years", "before", "after"])


@cache
def content() -> pd.DataFrame:
    """Services in the exports of five economies by the four sources of many years that hold them all."""
    sources = {
        "wiod2013": "WIOD 2013",
        "wiod2016": "WIOD 2016",
        "adb": "Asian Development Bank",
        "tiva2025": "OECD, published",
    }
    measures = {
        "gross": "sold as services",
        "domestic": "paid to services at home",
        "foreign": "paid to services abroad",
    }
    found = editions.services_in_exports(list(NAMES_OF_CONTENT), source=list(sources))
    new = [
        year >= min(editions.SOURCES[one].breaks, default=9999)
        for one, year in zip(found.source, found.year, strict=True)
    ]
    values = found.assign(series=new, subject=found.country, source=found.source.map(sources)).melt(
        ["subject", "source", "series", "year"], list(measures), "measure", "value"
    )
    return paired(values.dropna().assign(measure=lambda rows: rows.measure.map(measures)))


NAMES_OF_CONTENT = ("CHN", "IND", "JPN", "KOR", "IDN")


@cache
def regional() -> pd.DataFrame:
    """Trade inside three regions, by share and by intensity, in the table of twelve economies and in that of forty."""
    rows = []
    for year in (year for year in YEARS if year <= 2011):
        for source, kind, traded, names in traded_in(year):
            for code, (_, members) in REGIONS.items():
                inside = np.isin(names, members)
                for measure, ask in (("share", indicators.intra_share), ("intensity", indicators.partner_intensity)):
                    rows.append((code, source, f"{measure}, {kind}", 0, year, ask(traded, inside)))
    return paired(pd.DataFrame(rows, columns=["subject", "source", "measure", "series", "year", "value"]))


def traded_in(year: int) -> Iterator[tuple[str, str, np.ndarray, Sequence[str]]]:
    """Who sells how much to whom in a year: source, what is counted, the square of flows, economies."""
    world = tables.load_compact(year)
    v = indicators.value_added_rates(world.Z, world.x)
    inverse = indicators.leontief_inverse(indicators.coefficients(world.Z, world.x))
    paid = indicators.by_economy(indicators.value_added_exports(v, inverse, world.F), countries=len(world.countries))
    yield "twelve economies", "gross exports", indicators.bilateral_exports(world.Z, world.F), world.countries
    yield "twelve economies", "value added", paid, world.countries
    for kind, sold in {"gross exports": ["inputs", "final"], "inputs": ["inputs"], "final goods": ["final"]}.items():
        square = flows(year, sold)
        traded = square.to_numpy().copy()
        np.fill_diagonal(traded, 0)
        yield "forty economies", kind, traded, square.columns.tolist()


def flows(year: int, sold: list[str]) -> pd.DataFrame:
    """What each of forty economies and the rest of the world sells to each."""
    found = datasets.read("bilateral_flows", year=year)
    return found.assign(sold=found[sold].sum(axis=1)).pivot(index="from_country", columns="to_country", values="sold")


@cache
def partners() -> pd.DataFrame:
    """Effective partners of eleven economies, by who is told apart, by what is traded, and by how they are counted."""
    rows = []
    for year in (year for year in YEARS if year <= 2011):
        everything = flows(year, ["inputs", "final"])
        traded = {"inputs bought": flows(year, ["inputs"]), "all imports": everything, "exports": everything.T}
        for kind, square in traded.items():
            for told, count, found in counted(square):
                rows += [(code, told, f"{kind}, by {count}", 0, year, found[code]) for code in ELEVEN]
    return paired(pd.DataFrame(rows, columns=["subject", "source", "measure", "series", "year", "value"]))


def counted(square: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    """How many partners each buyer (column) has: who is told apart, how they are counted, and the numbers."""
    forty = [code for code in square.columns.astype(str) if code != "ROW"]
    apart = {"eleven economies": [*ELEVEN], "forty": forty, "forty and the rest": [*forty, "ROW"]}
    for told, among in apart.items():
        part = square.loc[among, among].to_numpy(dtype=float, copy=True)
        yield told, "all partners", pd.Series(indicators.effective_partners(part), among)
        np.fill_diagonal(part, 0)
        yield told, "the largest one", pd.Series(part.sum(axis=0) / part.max(axis=0), among)


def questions() -> dict[str, Question]:
    names = datasets.read("countries").set_index("country")["name"]
    return {
        "content": Question(
            {code: names[code] for code in NAMES_OF_CONTENT},
            content,
            ("OECD, published", "paid to services at home", "2007 to 2022"),
            "services gained",
            "services lost",
            "By {rose} of {ways} ways to ask, from 1995 to 2022, services gained in China's exports",
            "Change of the part of services in gross exports, by source, definition and years",
            ["services_in_exports"],
            ("Exports of", "Source", "Services"),
            relative=False,
        ),
        "regional": Question(
            {code: name for code, (name, _) in REGIONS.items()},
            regional,
            ("twelve economies", "intensity, gross exports", "1995 to 2011"),
            "the region drew together",
            "the region loosened",
            "By {rose} of {ways} ways to ask, from 1995 to 2011, East Asia drew together",
            "Change of trade inside a region, by who is told apart, measure and years between 1995 and 2011",
            ["inter_country_table", "bilateral_flows"],
            ("Region", "Told apart", "Measure"),
            form=".2f",
        ),
        "partners": Question(
            {code: names[code] for code in ELEVEN},
            partners,
            ("forty", "inputs bought, by all partners", "1995 to 2011"),
            "partners were spread more",
            "partners were spread less",
            "By {rose} of {ways} ways to ask, from 1995 to 2011, China came to spread its partners more",
            "Change of the effective number of partners, by who is told apart, what is counted and years up to 2011",
            ["bilateral_flows"],
            ("Economy", "Told apart", "Counted"),
            form=".1f",
        ),
    }


# --- the twin ---------------------------------------------------------------------------------------------------


def ordered(about: Question) -> pd.DataFrame:
    """Every way with its change and its answer, subject by subject in the order of the changes."""
    ways = about.ways()
    change = ways.after / ways.before - 1 if about.relative else ways.after - ways.before
    ways = ways.assign(change=100 * change, answer=np.where(change > 0, about.rises, about.falls))
    ways = ways.sort_values(["subject", "change"], kind="stable", ignore_index=True)
    asked = ways.source + ", " + ways.measure + ", " + ways.years
    return ways.assign(asked=asked, way=ways.groupby("subject").cumcount() + 1)


def every_way(of: str = "content") -> Twin:
    """Every way to ask whether services gained in exports ("content"), whether a region drew together ("regional") or
    whether an economy came to spread its partners ("partners")."""
    about = questions()[of]
    ways = ordered(about)
    each = dict(iter(ways.groupby("subject")))
    exact = {(way.subject, way.source, way.measure, way.years): way for way in ways.itertuples()}
    first = each[next(iter(about.subjects))]
    offers = {
        name: {
            source: {one: one for one in rows[name].unique()}
            for source, rows in about.ways().groupby("source", sort=False)
        }
        for name in ("measure", "years")
    }
    told = tally(first, about)

    def model(subject: str, source: str, measure: str, years: str) -> dict:
        way, counts = exact[subject, source, measure, years], tally(each[subject], about)
        agree = counts["rose" if way.answer == about.rises else "fell"] / counts["ways"]
        values = {name: about.printed(measure, float(getattr(way, name))) for name in ("before", "after")}
        return {"answer": way.answer, **values, **counts, "agree": agree}

    def frame(settings: dict, result: dict) -> pd.DataFrame:
        mine = ", ".join(settings[name] for name in ("source", "measure", "years"))
        rows = each[settings["subject"]][["way", "change", "answer", "asked"]].reset_index(drop=True)
        return rows.assign(mine=np.where(rows.asked == mine, "your way", ""))

    source, measure, years = about.start
    return Twin(
        name=f"every-way-{of}",
        controls=[
            Choice("subject", about.label[0], about.subjects),
            Choice("source", about.label[1], {str(one): str(one) for one in offers["measure"]}, start=source),
            Dependent("measure", about.label[2], "source", offers["measure"], start=measure),
            Dependent("years", "Years", "source", offers["years"], start=years),
        ],
        model=model,
        frames={"ways": frame},
        page=Grid(
            digits={"ways": 0, "rose": 0, "fell": 0, "agree": 3, "way": 0, "change": 1},
            fewer={("subject",): ("ways", "rose", "fell")},
            frames={
                "ways": Stored(
                    ("subject",),
                    derived={"mine": "datum.asked === source + ', ' + measure + ', ' + years ? 'your way' : ''"},
                )
            },
        ),
        chart=chart(about),
        case="answer",
        says={
            answer: "{subject}, {source}, {measure}, {years}: from {before} to {after}, so "
            f"{answer}. Of {{ways:.0f}} ways to ask it, {{{count}:.0f}} agree with yours ({{agree:.0%}}); "
            f"the others say that {other}."
            for answer, other, count in ((about.rises, about.falls, "rose"), (about.falls, about.rises, "fell"))
        },
        finding=about.finding.format(**told),
        measure=about.measure,
        unit="%" if about.relative else "percentage points",
        source=about.data,
    )


def tally(ways: pd.DataFrame, about: Question) -> dict[str, int]:
    """How many ways there are, and how many give each answer."""
    rose = int((ways.answer == about.rises).sum())
    return {"ways": len(ways), "rose": rose, "fell": len(ways) - rose}


def chart(about: Question) -> alt.LayerChart:
    base = alt.Chart(alt.NamedData("ways")).encode(
        alt.X("way:Q", title="Ways to ask, in the order of what they find").axis(tickMinStep=1, format="d"),
        alt.Y("change:Q", title="Change, %" if about.relative else "Change, percentage points").scale(padding=26),
        tooltip=[
            alt.Tooltip("asked:N", title="Way"),
            alt.Tooltip("change:Q", title="Change", format="+.1f"),
            alt.Tooltip("answer:N", title="Answer"),
        ],
    )
    answers = alt.Scale(domain=[about.rises, about.falls])
    points = base.mark_point(filled=True).encode(
        alt.Color("answer:N", title=None, scale=answers),
        alt.Shape("answer:N", title=None, scale=answers),
        alt.Size("mine:N", legend=None).scale(domain=["your way", ""], range=[340, 45]),
        alt.Opacity("mine:N", legend=None).scale(domain=["your way", ""], range=[1, 0.8]),
    )
    # the ways rise from left to right: before a point there is room above it, behind it below
    named = base.encode(text="mine:N").transform_filter("datum.mine")
    before = named.transform_filter(f"datum.way > {ROOM}").mark_text(fontWeight="bold", align="right", dx=-6, dy=-14)
    behind = named.transform_filter(f"datum.way <= {ROOM}").mark_text(fontWeight="bold", align="left", dx=6, dy=17)
    return points + before + behind
