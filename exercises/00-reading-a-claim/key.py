"""The key of chapter 0. It computes what is right, and what the known mistakes give, from the releases and the bank."""

from collections import Counter

import numpy as np

from valuechains import datasets
from valuechains.course.key import Answer, Key
from valuechains.indicators import growth_contributions
from valuechains.models.dissector import BANK, FIELDS, KINDS
from valuechains.models.growth import contribution
from valuechains.models.judgement import convert, rate_needed, wilson

key = Key(
    "00-reading-a-claim",
    title="Reading a claim",
    minutes=40,
    variants=[
        {"economy": economy, "year": year}
        for economy, year in (
            ("JPN", 2023),
            ("CHN", 2022),
            ("USA", 2014),
            ("KOR", 2018),
            ("GBR", 2018),
            ("DEU", 2014),
            ("IND", 2022),
            ("SGP", 2011),
            ("BRA", 2022),
            ("JPN", 2016),
            ("USA", 2022),
            ("IDN", 2022),
        )
    ],
    outcomes={
        "Classify": "1a 1b 4 kind",
        "Restate": "1d 2 missing",
        "Trace": "office 5d 5e",
        "Give": "3c 5e not-found sure",
    },
)

CLAIMS = list(BANK)
#: The ten lines of the notebook: kind, and the fields that each states. No widget has them.
LINES = {
    "a": ("growth rate", {"unit", "denominator", "period"}),
    "b": ("growth rate", set()),
    "c": ("share", {"unit", "denominator", "period"}),
    "d": ("share", set()),
    "e": ("rank", set()),
    "f": ("rank", {"unit", "denominator", "period"}),
    "g": ("level", {"unit", "denominator", "period"}),
    "h": ("forecast", {"unit", "period"}),
    "i": ("cause", {"unit", "denominator", "period"}),
    "j": ("cause", {"unit"}),
}
GAPS = (
    "nothing",
    "unit",
    "denominator",
    "period",
    "unit, denominator",
    "unit, period",
    "denominator, period",
    "unit, denominator, period",
)


def entry(line: str, word: str) -> dict[int, str]:
    return {list(LINES).index(line): word}


def missing(line: str) -> list[str]:
    return [field for field in FIELDS if field not in LINES[line][1]]


@key.words(
    "1a",
    "kinds",
    points=3,
    options=KINDS,
    keys=tuple(LINES),
    hints=(
        "Ask of each line what would have to be looked up: an amount, a change, a part of a whole, a place in an "
        "order, or what brought something about?",
        "Two kinds can stand in one line. Tag the part that the line is about: an amount that is set beside its own "
        "growth is there for the growth. A wish or an expectation about a later year is a forecast, whoever utters "
        "it.",
        '"Tea exports reached 44 tonnes, a tenth more than the year before": a level is stated, and the news is the '
        'change: growth rate. "By 2040 most of the tea will go by rail": forecast, though it speaks of a share.',
    ),
)
def kinds(variant) -> Answer:
    return Answer(
        [kind for kind, _stated in LINES.values()],
        {
            "Line a states a level too, but what makes it news is the change on the year before.": entry("a", "level"),
            "Line h has a part in it, but it is about what firms will do by a later year.": entry("h", "share"),
            "Line f says who is ahead of whom: that is an order, and not how much each has.": entry("f", "level"),
            "Beds are no part of inhabitants: line g says how much there is, for each thousand.": entry("g", "share"),
            "Line j names what brought the change about, and that is what would have to be shown.": entry(
                "j", "growth rate"
            ),
        },
    )


@key.words("1b", "left_out", points=3, options=GAPS, keys=tuple(LINES))
def left_out(variant) -> Answer:
    return Answer(
        [", ".join(missing(line)) or "nothing" for line in LINES],
        {
            "Line h says seven in ten firms: which firms? It needs its population.": entry("h", "nothing"),
            "Line b says that freight grew: what was counted, tonnes, wagons or money? And on what base?": entry(
                "b", "period"
            ),
            "Line d says 30 percent: of firms, of staff or of sales? Nor is it said of which.": entry("d", "period"),
            "Line e: the largest by what, and among which ports?": entry("e", "period"),
            "Line j gives no dates either.": entry("j", "denominator"),
            "Line f states its rivals: the airports of its country.": entry("f", "denominator"),
        },
    )


@key.words("1c", "most_often", points=1, options=FIELDS, praise="Ask for it first when you meet a claim.")
def most_often(variant) -> Answer:
    gaps = Counter(field for line in LINES for field in missing(line))
    first, second, third = (field for field, _ in gaps.most_common())
    return Answer(
        first,
        {
            "That is second: count in how many of the ten each field is missing.": second,
            "That is the field that is missing least often.": third,
        },
    )


key.form(
    "1d",
    "restated",
    points=1,
    fields={
        "claim": {"options": CLAIMS},
        "unit": {"words": 1},
        "denominator": {"words": 1},
        "period": {"words": 1},
        "sentence": {"words": 12},
    },
)
key.text("1e", points=2)


RATES = (7.10, 7.18, 7.25)  # as in the question
CLAIMED = 160  # US$ bn, as the article prints it


def release(period: str, group: str = "total"):
    return datasets.read("china_services_accounts", period=period, group=group, flow="exports").iloc[0]


@key.numbers(
    "2a",
    "dollars",
    points=2,
    shape=(3,),
    bounds=(0, 1e6),
    unit="US$ bn",
    tolerance=0.06,
    decimals=1,
    labels=[("7.1", "7.18", "7.25")],
    hints=(
        "At 7.10 yuan to the dollar, is an amount larger in yuan or in dollars?",
        "The rate says how many yuan one dollar costs, so divide the amount in yuan by the rate, three times.",
        "500 bn yuan at 7.00 and at 7.50 yuan to the dollar are 500 / 7.00 = 71.4 and 500 / 7.50 = 66.7 bn dollars.",
    ),
)
def dollars(variant) -> Answer:
    level = release("2025-M04")
    before = level.value / (1 + level.growth_percent / 100)
    return Answer(
        list(convert(level.value, RATES).values()),
        {
            "This multiplies: a dollar costs about seven yuan, so the amount in dollars is the smaller one.": [
                level.value * rate for rate in RATES
            ],
            "These are the exports of a year before: take the level, not its base.": list(
                convert(before, RATES).values()
            ),
            "The growth is in the level already: do not add it again.": list(
                convert(level.value * (1 + level.growth_percent / 100), RATES).values()
            ),
        },
    )


@key.numbers("2b", "spread", points=1, bounds=(0, 1e6), unit="US$ bn", tolerance=0.02, decimals=2)
def spread(variant) -> Answer:
    found = list(convert(release("2025-M04").value, RATES).values())
    return Answer(
        max(found) - min(found),
        {
            "This is in percent of the middle one: give billions of dollars.": 100
            * (max(found) - min(found))
            / found[1],
            "This is half of the range.": (max(found) - min(found)) / 2,
            "This leaves out one of the ends: take the highest less the lowest.": found[0] - found[1],
        },
    )


@key.numbers("2c", "needed", points=1, bounds=(0, 1e6), unit="yuan to the dollar", tolerance=1e-3, decimals=3)
def needed(variant) -> Answer:
    level = release("2025-M04")
    return Answer(
        rate_needed(level.value, CLAIMED),
        {
            "This is dollars to the yuan: turn the fraction over.": CLAIMED / level.value,
            "This takes the exports of a year before.": rate_needed(
                level.value / (1 + level.growth_percent / 100), CLAIMED
            ),
            "This divides by one of the converted amounts: divide yuan by the dollars of the article.": level.value
            / (level.value / RATES[1]),
        },
    )


key.text("2d", points=1)

SHARE, ASKED, Z = 0.81, 113, 1.96  # as in the question


def ends(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """Wilson's interval with the z of the question."""
    middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def plain(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """The usual interval, which is symmetric."""
    half = z * np.sqrt(share * (1 - share) / n)
    return share - half, share + half


@key.numbers(
    "3a",
    "interval",
    points=2,
    shape=(2,),
    bounds=(0, 1),
    unit="fractions of those asked",
    tolerance=6e-4,
    decimals=4,
    labels=[("lower", "upper")],
    ascending=True,
    hints=(
        "The interval is not symmetric about 0.81. Towards which side should a share above one half be pulled?",
        "Work out four pieces first: $z^2/2n$, $z^2/4n^2$, $p(1-p)/n$ and $1 + z^2/n$. Both ends are divided by the "
        "last.",
        "With $p = 0.5$ and $n = 100$: (0.5 + 0.0192 \N{PLUS-MINUS SIGN} 1.96 \N{MULTIPLICATION SIGN} 0.0510) / "
        "1.0384 gives 0.404 and 0.596.",
    ),
)
def interval(variant) -> Answer:
    found = wilson(SHARE, ASKED)
    undivided = np.array(ends(SHARE, ASKED)) * (1 + Z**2 / ASKED)
    return Answer(
        [found.low, found.high],
        {
            "This is the symmetric interval of the usual formula: Wilson's moves its middle and divides by 1 + "
            "z\N{SUPERSCRIPT TWO}/n.": plain(SHARE, ASKED),
            "This is not divided by 1 + z\N{SUPERSCRIPT TWO}/n.": undivided,
            "This is one standard error each way: multiply the root by z = 1.96.": ends(SHARE, ASKED, 1),
            "This takes 1.96 for z\N{SUPERSCRIPT TWO}: square it.": ends(SHARE, ASKED, np.sqrt(Z)),
            "This is the interval of the share that said no.": (1 - found.high, 1 - found.low),
        },
    )


def fewest(width: float, formula) -> int:
    """The fewest answers with which the interval of the same share is no wider."""
    return next(n for n in range(1, 10_000) if np.diff(formula(SHARE, n))[0] <= width)


@key.numbers(
    "3b",
    "answers",
    points=2,
    bounds=(1, 1e6),
    unit="people asked",
    tolerance=0.5,
    decimals=0,
    praise="Twice the answers do not make it twice as narrow.",
)
def answers(variant) -> Answer:
    return Answer(
        fewest(0.10, ends),
        {
            "This takes ten points on each side: the whole interval may be ten points wide.": fewest(0.20, ends),
            "This is what the symmetric formula asks for: use Wilson's.": fewest(0.10, plain),
            "This is proportional to the width: the width falls with the root of the number asked.": np.ceil(
                ASKED * np.diff(ends(SHARE, ASKED))[0] / 0.10
            ),
        },
    )


key.text("3c", points=2)


def quarter() -> dict[str, float]:
    total, part = release("2025-Q1"), release("2025-Q1", "knowledge_intensive")
    return {
        "total": total.value,
        "total_growth": total.growth_percent / 100,
        "part": part.value,
        "part_growth": part.growth_percent / 100,
    }


@key.numbers(
    "4a",
    "contribution",
    points=2,
    bounds=(-1, 2),
    unit="fraction of the growth of exports",
    tolerance=6e-4,
    decimals=4,
    hints=(
        "How much larger is the group than a year before, in bn yuan? And all exports?",
        "The release gives the level now and its growth. Divide each level by one plus its growth rate to get the "
        "level of a year before; subtract; then divide the change of the group by the change of the total.",
        "Exports are 110 now, up 10%; a group is 52.5, up 5%. A year before they were 100 and 50. The group gave 2.5 "
        "of 10: a quarter, though it is almost half of the level.",
    ),
    praise="About half of the level gave far less than half of the growth.",
)
def part_of_growth(variant) -> Answer:
    q = quarter()
    found = contribution(**q)
    return Answer(
        found.contribution_share,
        {
            "This is the group's share of the level: the question is about the change.": found.share_after,
            "This was the group's share of the level a year before: the "
            "question is about the change.": found.share_before,
            "This divides the two growth rates and forgets how large the group is.": q["part_growth"]
            / q["total_growth"],
            "These are points of growth, the change of the group over all exports before: divide by the change of "
            "exports.": found.points,
            "The growth rates are on the level of a year before: divide each level by one plus its rate first.": q[
                "part"
            ]
            * q["part_growth"]
            / (q["total"] * q["total_growth"]),
            "This is the growth of the group's share: it says how the share moved, "
            "not what the group gave.": found.share_after / found.share_before - 1,
        },
    )


def elsewhere(variant) -> tuple[np.ndarray, np.ndarray]:
    """Exports of insurance, finance and all other, and of transport and travel, the year before and in the year."""
    groups = datasets.read("services_trade_by_group", flow="exports", country=variant.economy).pivot(
        index="year", columns="group", values="value"
    )
    like = groups.insurance_financial + groups.all_other
    both = np.stack([like, groups.sum(axis=1) - like], axis=1)
    year = groups.index.get_loc(variant.year)
    return both[year - 1], both[year]


@key.numbers(
    "4b",
    "elsewhere",
    points=2,
    bounds=(-1, 2),
    unit="fraction of the growth of exports",
    tolerance=1e-3,
    decimals=3,
    varies=True,
)
def part_elsewhere(variant) -> Answer:
    before, after = elsewhere(variant)
    growth = after / before - 1
    return Answer(
        growth_contributions(before, after)[0],
        {
            "This is the part of the two other groups, transport and travel.": growth_contributions(before, after)[1],
            "This is the share of the level in the year: the question is about the change.": after[0] / after.sum(),
            "This is the growth of the two groups: divide their change by the change of all exports.": growth[0],
            "These are points of growth: divide by the change of all exports, not by their level.": (after - before)[0]
            / before.sum(),
            "This divides two growth rates and forgets how large the groups are.": growth[0]
            / (after.sum() / before.sum() - 1),
        },
    )


@key.words("4c", "than_level", points=1, options=("more", "less"), varies=True)
def than_level(variant) -> Answer:
    before, after = elsewhere(variant)
    gave = growth_contributions(before, after)[0]
    right, other = ("more", "less") if gave > after[0] / after.sum() else ("less", "more")
    return Answer(
        right, {"Compare what the two groups gave of the growth with their share of all exports in the year.": other}
    )


PART, AMOUNT, PRINTED = 0.28, 5, 9  # as the press copy has them: a share, and trillions of dollars


@key.numbers(
    "5a",
    "product",
    points=1,
    bounds=(0, 1000),
    unit="US$ tn",
    tolerance=0.02,
    decimals=2,
    hints=(
        "Three numbers are printed and two would do. Which third one follows from the other two?",
        "Take the percentage of the total that is printed, and set it beside the amount that is printed.",
        '"A third of all 6 million parcels, about 4 million": a third of 6 is 2, so one of the three numbers is wrong.',
    ),
)
def product(variant) -> Answer:
    return Answer(
        PART * PRINTED,
        {
            "This is the part that the two amounts make: multiply the percentage and the total.": AMOUNT / PRINTED,
            "This is the percentage of the amount: take it of the total.": PART * AMOUNT,
            "28% is 0.28: the point is two places off.": 100 * PART * PRINTED,
            "This is the total that the amount would need: that is the next question.": AMOUNT / PART,
        },
    )


@key.numbers(
    "5b",
    "totals",
    points=2,
    shape=(2,),
    bounds=(0, 1000),
    unit="US$ tn",
    tolerance=0.02,
    decimals=2,
    labels=[("lowest", "highest")],
    ascending=True,
)
def totals(variant) -> Answer:
    return Answer(
        [(AMOUNT - 0.5) / (PART + 0.005), (AMOUNT + 0.5) / (PART - 0.005)],
        {
            "This rounds the amount only: 28% may also stand for 27.5 to 28.5%.": [
                (AMOUNT - 0.5) / PART,
                (AMOUNT + 0.5) / PART,
            ],
            "This rounds the percentage only: about 5 may stand for 4.5 to 5.5.": [
                AMOUNT / (PART + 0.005),
                AMOUNT / (PART - 0.005),
            ],
            "For the lowest total pair the lowest amount with the highest percentage, and the other way round.": [
                (AMOUNT - 0.5) / (PART - 0.005),
                (AMOUNT + 0.5) / (PART + 0.005),
            ],
            "This multiplies: the total is the amount divided by the percentage.": [
                (AMOUNT - 0.5) * (PART - 0.005),
                (AMOUNT + 0.5) * (PART + 0.005),
            ],
        },
    )


@key.words("5c", "consistent", points=1, options=("True", "False"))
def consistent(variant) -> Answer:
    low, high = totals(variant).right
    agree = low <= PRINTED <= high
    return Answer(str(agree), {"Is the printed total within the range of 5b?": str(not agree)})


@key.numbers("5d", "meant", points=1, bounds=(0, 1000), unit="US$ tn", tolerance=0.05, decimals=0)
def meant(variant) -> Answer:
    low, high = totals(variant).right
    found = [total for total in (10 * digit + PRINTED for digit in range(1, 10)) if low <= total <= high]
    assert len(found) == 1
    return Answer(
        found[0],
        {
            "This is the total that the rounded numbers imply: which total with a lost digit is printed as 9?": AMOUNT
            / PART,
            "This is what was printed, and it does not fit.": PRINTED,
            "A digit in front was lost, not one behind.": 10 * PRINTED,
        },
    )


key.text("5e", points=2)
