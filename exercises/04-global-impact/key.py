"""The key of chapter 4. It computes what is right, and what the known mistakes give, from the ledger and the data."""

import numpy as np
import pandas as pd

from valuechains import datasets, evidence, twins
from valuechains.course.key import Answer, Key
from valuechains.models import spillover, trap
from valuechains.models.judgement import convert, rate_needed

# below half of the United States at parity
ECONOMIES = ("MYS", "BRA", "CHN", "IND", "VNM", "THA", "MEX", "IDN", "PER", "CHL")
TESTED = ("HUN", "ARG", "IDN", "GRC", "PHL", "PRT", "ROU", "SAU", "SVK", "ZAF")  # not in the chapter's table
PAIRS = ("IND ISR", "CHN JPN", "SGP BRA", "CHN KOR", "IND AUS", "CHN ISR", "BRA ZAF", "CHN CAN", "IND SGP", "KOR CAN")
WORLDS = (  # divergence, influence, and a seed with which no known mistake comes near another or near the answer
    (3.0, 1.0, 100),
    (2.0, 1.2, 121),
    (4.0, 0.8, 140),
    (2.5, 1.0, 161),
    (3.5, 0.8, 182),
    (3.0, 1.2, 204),
    (2.5, 1.2, 220),
    (4.0, 1.0, 241),
    (3.5, 1.0, 260),
    (3.0, 0.8, 283),
)

key = Key(
    "04-global-impact",
    title="Global impact: resources and spillovers",
    minutes=95,
    variants=[
        {
            "one": pair.split()[0],
            "other": pair.split()[1],
            "tested": tested,
            "economy": economy,
            "divergence": divergence,
            "influence": influence,
            "seed": seed,
        }
        for economy, tested, pair, (divergence, influence, seed) in zip(ECONOMIES, TESTED, PAIRS, WORLDS, strict=True)
    ],
    outcomes={"Date": "1 2 crossing", "Separate": "4 tense", "Apply": "5 line catching-up", "Design": "6 difference"},
)


def ledger(name: str) -> float:
    return evidence.number(name).value


# --- 1 ---------------------------------------------------------------------------------------------------------------

CHINA, USA = ({year: ledger(f"A1-4-02.{name}_{year}") for year in (2019, 2023)} for name in ("china", "usa"))
LEAD = {year: CHINA[year] - USA[year] for year in CHINA}
OFFICE = datasets.read("pct_applications").pivot(index="year", columns="country", values="applications")


def passed(one: str, other: str) -> int:
    """The first year from which `one` is ahead to the end of the data, by office."""
    return int(OFFICE.index[OFFICE[one] <= OFFICE[other]].max()) + 1


@key.numbers(
    "1a",
    "crossing",
    points=2,
    shape=(2,),
    tolerance=0.5,
    decimals=0,
    labels=[("year", "lead")],
    unit="a year and a number of applications",
    hints=(
        "A date needs a rule. Which table belongs to the rule of filing?",
        "Take the first year in which China is ahead and stays ahead, and subtract in that year. For the pair by "
        "office, subtract the two columns, find the last year in "
        "which the difference is not positive, and take the year after it.",
        "By office, Korea and Australia: 976 against 1,318 in 2000 and 1,700 against 1,610 in 2001; Korea stays "
        "ahead to 2022. So Korea passed Australia in 2001, by 90.",
    ),
)
def crossing(variant) -> Answer:
    published = passed("CHN", "USA")
    return Answer(
        [2019, LEAD[2019]],
        {
            "This is the article's year: China was ahead before.": [2023, LEAD[2023]],
            "This is the rule of office and publication: take the rule of filing.": [
                published,
                OFFICE.CHN[published] - OFFICE.USA[published],
            ],
            "The lead comes from the other rule, by office: take both numbers from one table.": [
                2019,
                OFFICE.CHN[2019] - OFFICE.USA[2019],
            ],
            "The lead is in percent: give applications.": [2019, 100 * LEAD[2019] / USA[2019]],
        },
    )


@key.numbers(
    "1b",
    "own_crossing",
    points=3,
    shape=(2,),
    tolerance=0.5,
    decimals=0,
    labels=[("year", "lead")],
    unit="a year and a number of applications",
    varies=True,
)
def own_crossing(variant) -> Answer:
    one, other = OFFICE[variant.one], OFFICE[variant.other]
    lead, year = one - other, passed(variant.one, variant.other)
    first = int(lead.index[lead > 0].min())
    return Answer(
        [year, lead[year]],
        {
            "In this year it was still behind: take the first year in which it is ahead to the end.": [
                year - 1,
                lead[year - 1],
            ],
            "It was ahead in this year and fell back: the rule asks for every later year too.": [first, lead[first]],
            "The lead is that of the last year of the data: take the year of the crossing.": [year, lead.iloc[-1]],
            "The lead is in percent: give applications.": [year, 100 * lead[year] / other[year]],
            "The lead is turned round: subtract the economy that was passed.": [year, -lead[year]],
        },
    )


# --- 2 ---------------------------------------------------------------------------------------------------------------


@key.numbers(
    "2a",
    "lead_2023",
    points=1,
    tolerance=0.5,
    decimals=0,
    unit="applications",
    hints=(
        "One row of the table is enough for two of the numbers.",
        "Subtract, then divide by the one that is compared *with*. For the sentences ask of each: which of the four "
        "numbers would make it false?",
        "Invented: 500 from one economy and 400 from another. The lead is 100, and the first has 25.0% more than the "
        "second, though the second has 20.0% less than the first.",
    ),
)
def lead_2023(variant) -> Answer:
    return Answer(
        LEAD[2023],
        {
            "This is the lead of 2019.": LEAD[2019],
            "This is by how much the lead has grown since 2019.": LEAD[2023] - LEAD[2019],
            "This is China's own change since 2019: compare two economies in one year.": CHINA[2023] - CHINA[2019],
            "This is in percent: give applications.": 100 * LEAD[2023] / USA[2023],
        },
    )


@key.numbers(
    "2b",
    "percent_more",
    points=1,
    tolerance=0.06,
    decimals=1,
    unit="percent of the applications from the United States",
)
def percent_more(variant) -> Answer:
    return Answer(
        100 * LEAD[2023] / USA[2023],
        {
            "This is over China's number: by how much more than the United States?": 100 * LEAD[2023] / CHINA[2023],
            "This is one number in percent of the other: how much more is it?": 100 * CHINA[2023] / USA[2023],
            "This is over both together: compare with the United States.": 100 * LEAD[2023] / (CHINA[2023] + USA[2023]),
            "This is the growth of China's number since 2019.": 100 * (CHINA[2023] / CHINA[2019] - 1),
        },
    )


@key.words("2c", "statements", points=3, options=("true", "false", "not in the table"), keys=tuple("abcde"))
def statements(variant) -> Answer:
    return Answer(
        [
            "true" if LEAD[2023] > 0 else "false",
            "false" if LEAD[2019] > 0 else "true",
            "true" if LEAD[2023] > 10 * LEAD[2019] else "false",
            "true" if USA[2023] < USA[2019] else "false",
            "not in the table",
        ],
        {
            "Look at b again: the row of 2019 shows who was ahead then.": {1: "true"},
            'Look at b again: one earlier year is enough to decide "for the first time".': {1: "not in the table"},
            "Look at e again: a count of applications is not a value.": {4: "true"},
            "Look at e again: nothing in the table speaks against it either.": {4: "false"},
            "Look at c again: subtract in both years before you compare.": {2: "false"},
            "Look at d again: compare the same economy in the two years.": {3: "false"},
        },
    )


key.text("2d", points=3)

# --- 3 ---------------------------------------------------------------------------------------------------------------

USED = {year: ledger(f"A1-4-03.y{year}") for year in (2023, 2024, 2025)}
SUM, CLAIMED = sum(USED.values()), ledger("A1-4-03.stated")
LOWEST, HIGHEST = ledger("A1-4-03.rate_low"), ledger("A1-4-03.rate_high")
RATES = [LOWEST, (LOWEST + HIGHEST) / 2, HIGHEST]
BEFORE = ledger("A1-3-03.level_2022")  # eleven months of 2022


@key.numbers(
    "3a",
    "dollars",
    points=2,
    shape=(3,),
    tolerance=0.06,
    decimals=1,
    unit="billion dollars",
    hints=(
        "Yuan for a dollar: is a larger rate good or bad for a sum in yuan?",
        "Add the yuan first, then divide by each rate. The rate that a claim needs is the sum in yuan over the claim "
        "in dollars. For a part, bring both sides into one "
        "currency and the same years.",
        "Invented: 140 + 100 + 120 = 360 yuan are 60.0 dollars at a rate of 6, 51.4 at 7 and 45.0 at 8. A claim of 50 "
        "dollars needs a rate of 360 / 50 = 7.2. "
        "A net inflow of 18 dollars is, at 6 yuan, 18 / 60 = 0.300 of it.",
    ),
)
def dollars(variant) -> Answer:
    def at(amount):
        return list(convert(amount, RATES).values())

    return Answer(
        at(SUM),
        {
            "These are yuan times the rate: a dollar costs several yuan, so divide.": [SUM * rate for rate in RATES],
            "The year 2025 is missing from the sum.": at(USED[2023] + USED[2024]),
            "The sum has 2022 in it: the claim speaks of 2023 to 2025.": at(SUM + BEFORE),
            "Each year is converted at one rate here: convert the whole sum at each of the three rates.": [
                USED[year] / rate for year, rate in zip(USED, RATES)
            ],
        },
    )


@key.numbers("3b", "needed", points=2, tolerance=0.002, decimals=3, unit="yuan for a dollar")
def needed(variant) -> Answer:
    return Answer(
        rate_needed(SUM, CLAIMED),
        {
            "This is dollars for a yuan: turn it over.": CLAIMED / SUM,
            "The sum has 2022 in it: the claim speaks of 2023 to 2025.": rate_needed(SUM + BEFORE, CLAIMED),
            "The year 2025 is missing from the sum.": rate_needed(USED[2023] + USED[2024], CLAIMED),
            "This is a rate of the period: asked is the rate at which the claim would hold.": LOWEST,
        },
    )


@key.numbers(
    "3c", "net_part", points=2, tolerance=6e-4, decimals=3, unit="fraction of the gross capital", bounds=(0, 1)
)
def net_part(variant) -> Answer:
    flows = (
        datasets.read("world_indicators", indicator="BX.KLT.DINV.CD.WD", country="CHN", year=[2023, 2024])
        .set_index("year")
        .value
        / 1e9
    )
    gross = {2023: USED[2023] / (ledger("A1-3-03.share_2023") / 100), 2024: ledger("A1-3-03.all_2024")}
    whole = (gross[2023] + gross[2024]) / RATES[1]
    return Answer(
        flows.sum() / whole,
        {
            "Dollars are divided by yuan here: convert one of them first.": flows.sum() / (whole * RATES[1]),
            "The gross side is services alone: the net inflow is into all industries.": flows.sum()
            * RATES[1]
            / (USED[2023] + USED[2024]),
            "This is the part that is not in the net inflow.": 1 - flows.sum() / whole,
            "This is the year 2024 alone: take the two years together.": flows[2024] * RATES[1] / gross[2024],
            "This is the mean of two yearly parts: add the money first, then divide.": np.mean(
                [flows[year] * RATES[1] / gross[year] for year in gross]
            ),
            "This is converted at the lowest rate: take the middle one.": flows.sum() / (whole * RATES[1]) * LOWEST,
        },
    )


# --- 4 ---------------------------------------------------------------------------------------------------------------

KINDS = ("announced", "projected", "reported", "measured")


@key.words(
    "4a",
    "kinds",
    points=5,
    options=KINDS,
    keys=tuple("abcdefghij"),
    hints=(
        "Read the tense before the author.",
        "Does it lie in the future? Then it is announced (a deed) or projected (an effect). Has it happened? Then ask "
        "who says so and whether it was counted from records by somebody "
        "without a stake.",
        'A railway, invented: "We will buy ten trains" is announced; "trips will be an hour shorter" is projected; '
        '"our passengers gain an hour", said by the railway, is reported; "the '
        "regulator's log of arrivals shows 52 minutes\" is measured.",
    ),
)
def kinds(variant) -> Answer:
    right = dict(
        a="announced",
        b="projected",
        c="measured",
        d="reported",
        e="reported",
        f="reported",
        # classified by hand, from the definitions in the question
        g="announced",
        h="projected",
        i="measured",
        j="reported",
    )
    place = {letter: number for number, letter in enumerate(right)}
    return Answer(
        list(right.values()),
        {
            "Look at a again: it says what will be done, not what it will bring.": {place["a"]: "projected"},
            "Look at b again: at the opening no ship had saved anything yet.": {place["b"]: "reported"},
            "Look at b again: it states an effect, not a deed.": {place["b"]: "announced"},
            "Look at c again: who counted, and from what?": {place["c"]: "reported"},
            "Look at d again: the author sells the service, however exact the number looks.": {place["d"]: "measured"},
            "Look at e again: it may well be a count, but the builder has a stake.": {place["e"]: "measured"},
            "Look at f again: does the press say how it was counted?": {place["f"]: "measured"},
            "Look at h again: an author without a stake is not enough, the effect has not happened yet.": {
                place["h"]: "measured"
            },
            "Look at i again: the author has no stake, and there are records.": {place["i"]: "reported"},
            "Look at j again: the maker's customers are not the gate's records.": {place["j"]: "measured"},
        },
    )


key.text("4b", points=2)

# --- 5 ---------------------------------------------------------------------------------------------------------------

MARKET, PARITY = "NY.GDP.PCAP.CD", "NY.GDP.PCAP.PP.CD"
TESTS = ("line", "band market", "band parity", "years parity", "slowdown")
LOW, HIGH = 0.1, 0.5
GROWTH, LEADER_GROWTH = 0.045, 0.02


def series(code: str, economy: str) -> pd.Series:
    return datasets.read("world_indicators", indicator=code, country=economy).set_index("year").value


def relative(economy: str, code: str) -> np.ndarray:
    """Income per head over that of the United States, 1990 to 2024."""
    return (series(code, economy) / series(code, "USA")).loc[1990:2024].to_numpy()


def real(economy: str, base: int = 2005) -> np.ndarray:
    """GDP per head in dollars of a year at parity, 1990 to 2024."""
    people = series("SP.POP.TOTL", economy)
    grown = (1 + series("NY.GDP.MKTP.KD.ZG", economy) / 100) / (people / people.shift())
    index = pd.concat([pd.Series({1990: 1.0}), grown.loc[1991:2024].cumprod()])
    return (index / index[base] * series(PARITY, economy)[base]).to_numpy()


def tests(economy: str) -> dict[str, str]:
    lines = [[line[year] for year in sorted(line)] for line in (trap.LOW_INCOME_LINE, trap.HIGH_INCOME_LINE)]
    return {
        "line": trap.band(series(MARKET, economy).loc[2019:2024], low=lines[0], high=lines[1]),
        "band market": trap.band(relative(economy, MARKET), low=LOW, high=HIGH),
        "band parity": trap.band(relative(economy, PARITY), low=LOW, high=HIGH),
        "years parity": trap.long_stay(real(economy, 1990)),
        "slowdown": trap.slowdown(real(economy)),
    }


@key.words(
    "5a",
    "verdicts",
    points=5,
    options=(trap.ESCAPED, trap.TRAPPED, trap.UNDETERMINED),
    keys=TESTS,
    varies=True,
    hints=(
        "Take the last date first: is it above the upper limit? Only if not does the start matter.",
        "`trap.band(levels, low=..., high=...)` takes one number or a series for each limit; "
        '`trap.long_stay(record["real_1990"])` and `trap.slowdown(record["real"])` need no more. For the years to '
        "half, take logarithms: $T = \\ln(0.5 / s) / \\ln(1.045 / 1.02)$.",
        "Korea to 2024: above the World Bank's line, so escaped; at market rates inside the band in 1990 and in 2024, "
        "but above it in 2018, so undetermined; at parity above the band, and above 11,750 dollars of 1990, so escaped "
        "by both; growth fell from 1997 and from 2005, so trapped by the slowdown. And from a quarter of the leader's "
        "income it takes 28.6 years to half.",
    ),
)
def verdicts(variant) -> Answer:
    right = tests(variant.tested)
    at = {name: place for place, name in enumerate(TESTS)}
    planted = [
        ("band market", right["band parity"], "This band is judged at parity: take market exchange rates."),
        ("band parity", right["band market"], "This band is judged at market rates: take parity."),
        (
            "band market",
            "trapped",
            "Trapped by the band at market rates asks for inside in the first year too, and for no year above it.",
        ),
        (
            "years parity",
            "trapped",
            "Count the years in one of the two bands: more than 28 or 14, without a break up to the last year.",
        ),
        (
            "years parity",
            "undetermined",
            "The years in a band do decide here: look at the last income first, then count the last run in its band.",
        ),
        (
            "line",
            "trapped" if right["line"] == "escaped" else "escaped",
            "Compare the income of 2024 with the high line of 2024 once more.",
        ),
        (
            "slowdown",
            "escaped",
            "Escaping the slowdown test needs a year of fast growth above the floor after which growth held: look at "
            "the seven years on both sides.",
        ),
        (
            "slowdown",
            "undetermined",
            "The slowdown test does decide here: there is a year of fast growth above the floor.",
        ),
        (
            "slowdown",
            "trapped",
            "Trapped by the slowdown test needs fast growth first: at least 3.5% a year over seven years.",
        ),
    ]
    mistakes, seen = {}, set()
    for name, word, hint in planted:
        if word != right[name] and (name, word) not in seen:
            mistakes[hint] = {at[name]: word}
            seen.add((name, word))
    return Answer(list(right.values()), mistakes)


@key.numbers(
    "5b",
    "shares",
    points=2,
    shape=(2,),
    tolerance=6e-4,
    decimals=3,
    labels=[("market", "parity")],
    unit="fractions of the income of the United States",
    varies=True,
)
def shares(variant) -> Answer:
    market, parity = relative(variant.tested, MARKET), relative(variant.tested, PARITY)
    return Answer(
        [market[-1], parity[-1]],
        {
            "These are the shares of 1990: take the last year.": [market[0], parity[0]],
            "Both are at market rates.": [market[-1], market[-1]],
            "Both are at parity.": [parity[-1], parity[-1]],
            "These are the United States over the economy: turn them over.": [1 / market[-1], 1 / parity[-1]],
        },
    )


@key.numbers("5c", "years", points=2, tolerance=0.06, decimals=1, unit="years", varies=True)
def years(variant) -> Answer:
    share, parity = relative(variant.tested, MARKET)[-1], relative(variant.tested, PARITY)[-1]
    return Answer(
        trap.years_to(share, HIGH, GROWTH, LEADER_GROWTH),
        {
            "Here the leader stands still: half of its income moves away at two percent a year.": np.log(HIGH / share)
            / np.log(1 + GROWTH),
            "Growth rates do not subtract: divide one growth factor by the other.": np.log(HIGH / share)
            / np.log(1 + GROWTH - LEADER_GROWTH),
            "This is a straight line: growth compounds, so take logarithms.": (HIGH / share - 1)
            / (GROWTH - LEADER_GROWTH),
            "This catches up in full: the aim is half.": np.log(1 / share) / np.log((1 + GROWTH) / (1 + LEADER_GROWTH)),
            "This starts from the share at parity: take market rates.": np.log(HIGH / parity)
            / np.log((1 + GROWTH) / (1 + LEADER_GROWTH)),
        },
    )


tester = twins.trap_tester()
SLIDER = tuple(tester.controls["growth"].values)


def first_escape(economy: str, **other) -> list[float] | None:
    """The first growth on the slider with which the band says escaped, and the share when judged."""
    for growth in SLIDER:
        found = judged(economy, growth, **other)
        if found["band"] == trap.ESCAPED:
            return [growth, found["then"]]
    return None


def judged(economy: str, growth: float, measure: str = PARITY, until: int = 2054) -> dict:
    return tester.result(
        {"economy": economy, "measure": measure, "definition": "band", "growth": growth, "dearer": 0, "until": until}
    )


@key.numbers(
    "5d",
    "path",
    points=2,
    shape=(2,),
    tolerance=6e-4,
    decimals=3,
    labels=[("growth", "income")],
    unit="fractions: growth a year, and income relative to the United States",
    varies=True,
)
def path(variant) -> Answer:
    growth, share = first_escape(variant.economy)
    below = SLIDER[SLIDER.index(growth) - 1]
    others = {
        "One step more: here the sentence does not say escaped yet.": [below, judged(variant.economy, below)["then"]],
        "The second number is the income of 2024: read the one when judged.": [
            growth,
            judged(variant.economy, growth)["now"],
        ],
        "This is judged by 2039: choose 2054.": first_escape(variant.economy, until=2039),
        "This is at market exchange rates: choose purchasing power parity.": first_escape(
            variant.economy, measure=MARKET
        ),
        "The second number is the edge of the band: read the income when judged.": [growth, HIGH],
    }
    return Answer([growth, share], {hint: given for hint, given in others.items() if given})


key.text("5e", points=1)
key.text("5f", points=4)

# --- 6 ---------------------------------------------------------------------------------------------------------------

TRUTH = 2.0


def world(variant) -> tuple[spillover.Panel, spillover.Estimates]:
    made = dict(effect=TRUTH, influence=variant.influence, divergence=variant.divergence)
    panel = spillover.simulate(400, seed=variant.seed, **made)
    return panel, spillover.estimate(panel, **made)


@key.numbers(
    "6a",
    "naive",
    points=3,
    tolerance=0.005,
    decimals=3,
    unit="index points",
    varies=True,
    hints=(
        "Two groups and two years make four means. Which two differences, and in which order?",
        "Mean change of the treated less mean change of the others. The bias is the estimate less the truth. The "
        "placebo is the same with the first two columns. For the adjusted estimate put a column of ones, "
        "`treated` and the change of traffic side by side and use `np.linalg.lstsq`.",
        "Invented: the treated go from 100 to 106 to 115, the others from 90 to 92 to 94. The estimate is (115 - "
        "106) - (94 - 92) = 7, the placebo (106 - 100) - (92 - 90) = 4. If the true effect is 3, the bias is 4.",
    ),
)
def naive(variant) -> Answer:
    panel, found = world(variant)
    y, treated = panel.outcome, panel.treated
    return Answer(
        found.naive,
        {
            "This is the change of the treated alone: subtract that of the others.": (
                y[treated, 2] - y[treated, 1]
            ).mean(),
            "This is the difference after the software: subtract the difference before.": y[treated, 2].mean()
            - y[~treated, 2].mean(),
            "This is the change of the others alone.": (y[~treated, 2] - y[~treated, 1]).mean(),
            "This spans two years: compare the last year with the one before.": spillover.difference_in_differences(
                y[:, 2] - y[:, 0], treated
            ),
            "These are the first two years: that is the placebo.": found.placebo,
        },
    )


@key.numbers("6b", "bias", points=2, tolerance=0.005, decimals=3, unit="index points", varies=True)
def bias(variant) -> Answer:
    _panel, found = world(variant)
    return Answer(
        found.bias,
        {
            "This is the bias without chance, influence times divergence: subtract the "
            "truth from your own estimate.": found.expected_bias,
            "This is the estimate itself: subtract the truth.": found.naive,
            "This is in units of the truth: subtract, do not divide.": found.naive / TRUTH,
            "This is the bias of the adjusted estimate: take the first one.": found.adjusted - TRUTH,
            "This adds the truth: subtract it.": found.naive + TRUTH,
        },
    )


@key.numbers("6c", "placebo", points=2, tolerance=0.005, decimals=3, unit="index points", varies=True)
def placebo(variant) -> Answer:
    panel, found = world(variant)
    y, treated = panel.outcome, panel.treated
    return Answer(
        found.placebo,
        {
            "This is the change of the treated alone: subtract that of the others.": (
                y[treated, 1] - y[treated, 0]
            ).mean(),
            "These are the last two years: the placebo has the first two.": found.naive,
            "This is the difference in one year: take differences of both years.": y[treated, 1].mean()
            - y[~treated, 1].mean(),
            "The truth is subtracted here: before the software there is nothing to subtract.": found.placebo - TRUTH,
            "A placebo is computed from the data: it is zero only if the groups moved alike.": 0.0,
        },
    )


@key.numbers("6d", "adjusted", points=3, tolerance=0.005, decimals=3, unit="index points", varies=True)
def adjusted(variant) -> Answer:
    panel, found = world(variant)
    treated, change = panel.treated, panel.outcome[:, 2] - panel.outcome[:, 1]
    more = panel.traffic[:, 2] - panel.traffic[:, 1]

    def fit(*columns):
        return np.linalg.lstsq(np.column_stack(columns), change, rcond=None)[0]

    ones = np.ones(len(change))
    return Answer(
        found.adjusted,
        {
            "This is the coefficient of traffic: take that of `treated`.": fit(ones, treated, more)[2],
            "This is the constant: take the coefficient of `treated`.": fit(ones, treated, more)[0],
            "This holds the level of traffic equal: use its change.": fit(ones, treated, panel.traffic[:, 2])[1],
            "The constant is missing from the regression.": fit(treated, more)[0],
            "Traffic is not held equal here: add its change to the regression.": found.naive,
        },
    )


key.text("6e", points=3)
