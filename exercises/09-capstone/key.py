"""The key of chapter 9. Numbers come from the tables; forms are checked for being complete, texts are read by
people."""

import numpy as np
import pandas as pd

from valuechains import datasets, evidence, indicators
from valuechains.course.key import Answer, Key, apart
from valuechains.models.dissector import BANK, FIELDS, KINDS

SURPLUS = ["IND", "GBR", "USA"]
VERDICTS = list(evidence.VERDICTS.values())
KNOWLEDGE = ["insurance_financial", "all_other"]
CARD = {
    "says": {"words": 8},
    "kind": {"options": list(KINDS)},
    "counts": {"words": 6},
    "test": {"words": 6},
    "finds": {"words": 6},
    "verdict": {"options": VERDICTS},
    "confidence": {"words": 4},
    "would_change_our_mind": {"words": 5},
}

key = Key(
    "09-capstone",
    title="Capstone: audit an opinion piece",
    minutes=480,
    variants=[
        {"claim": claim, "economy": economy, "second": second, "third": third}
        for claim, economy, second, third in [
            ("A1-2-02", "GBR", "DEU", "IND"),
            ("A1-2-07", "DEU", "KOR", "USA"),
            ("A1-1-03", "KOR", "JPN", "BRA"),
            ("A2-1-01", "USA", "GBR", "CHN"),
            ("A1-4-04", "BRA", "IND", "IDN"),
            ("A1-3-06", "IND", "CHN", "GBR"),
            ("A1-2-07", "IDN", "SGP", "KOR"),
            ("A1-2-02", "JPN", "KOR", "DEU"),
            ("A2-1-01", "SGP", "GBR", "JPN"),
        ]
    ],
    outcomes={"Choose": "4", "Restate": "2", "Test": "1 4", "Write": "3 4 differ change-mind"},
)


def services() -> pd.DataFrame:
    """Exports, imports, balance (million dollars) and TC index of services; rows year, columns indicator and
    economy."""
    trade = datasets.read("services_trade")
    trade = trade.assign(
        balance=trade.exports - trade.imports, tc=indicators.trade_competitiveness(trade.exports, trade.imports)
    )
    return trade.pivot(index="year", columns="country", values=["exports", "imports", "balance", "tc"])


TRADE = services()


@key.numbers(
    "1a",
    "multiples",
    points=2,
    shape=(3,),
    unit="times the surplus of 2014",
    tolerance=2e-3,
    decimals=3,
    labels=[("IND", "GBR", "USA")],
    hints=(
        "How many times as large is it now? That is neither a difference nor a growth rate.",
        "Divide the balance of 2024 by the balance of 2014, economy by economy; a balance is exports less imports.",
        "A surplus of 20 that becomes 50 is 2.5 times as large, and has grown by 150 percent.",
    ),
)
def multiples(variant) -> Answer:
    now, then = TRADE.balance.loc[2024, SURPLUS], TRADE.balance.loc[2014, SURPLUS]
    right = (now / then).to_numpy()
    return Answer(
        right,
        {
            "This is growth: twice as large is growth by one, so add one.": right - 1,
            "These are exports: the claim is about the surplus.": (
                TRADE.exports.loc[2024, SURPLUS] / TRADE.exports.loc[2014, SURPLUS]
            ).to_numpy(),
            "These are differences in billions of dollars: divide instead.": ((now - then) / 1000).to_numpy(),
            "The years are the other way round: divide the later by the earlier.": 1 / right,
        },
    )


@key.numbers("1b", "implied", points=1, bounds=(0, 1), unit="fraction a year", tolerance=2e-4, decimals=4)
def implied(variant) -> Answer:
    return Answer(
        2**0.1 - 1,
        {
            "This spreads a doubling evenly over ten years: growth compounds.": 0.1,
            "This is the growth rate in logarithms: give the one that compounds once a year.": np.log(2) / 10,
            "Doubling means times two, not times three.": 3**0.1 - 1,
        },
    )


@key.numbers(
    "1c",
    "index_change",
    points=2,
    shape=(3,),
    unit="index points, from -2 to 2",
    tolerance=2e-4,
    decimals=4,
    labels=[("IND", "GBR", "USA")],
    praise="A surplus can more than double while the index stands still: imports grew as fast.",
)
def index_change(variant) -> Answer:
    now, then = TRADE.tc.loc[2024, SURPLUS].to_numpy(), TRADE.tc.loc[2014, SURPLUS].to_numpy()
    over = {
        year: (TRADE.balance.loc[year, SURPLUS] / TRADE.exports.loc[year, SURPLUS]).to_numpy() for year in (2014, 2024)
    }
    return Answer(
        now - then,
        {
            "This is the change relative to the index of 2014: give the difference.": now / then - 1,
            "These are the indices of 2024: take those of 2014 away.": now,
            "This divides the balance by exports alone: divide by exports plus imports.": over[2024] - over[2014],
        },
    )


key.form("1d", "two_cards", points=3, count=2, distinct="says", fields=CARD)

TYPICAL = {"growth rate": "level", "share": "growth rate", "rank": "level", "level": "share", "forecast": "share"}
ASK = {
    "unit": "Look at the unit again: would two people who read the sentence count the same thing?",
    "denominator": "Look at the denominator again: a share needs its whole, a growth rate its base, a rank its rivals.",
    "period": "Look at the period again: from when to when, or on which date?",
}


@key.words(
    "2a",
    "tags",
    points=2,
    options=[*KINDS, "stated", "not stated"],
    keys=["kind", *FIELDS],
    varies=True,
    hints=(
        "Change one tag at a time and read the sentence under the chart: it says how many of the four agree.",
        "Begin with the kind, then go through unit, denominator and period; keep each change that raises the count.",
        '"Our port handled 12 percent more containers" is a growth rate; the unit is stated (containers), the '
        "base and the period are not: "
        "more than when, counted where?",
    ),
)
def tags(variant) -> Answer:
    claim = BANK[variant.claim]
    said = {field: field in claim.stated for field in FIELDS}
    return Answer(
        [claim.kind, *("stated" if said[field] else "not stated" for field in FIELDS)],
        {
            "Look at the kind again: an amount, a change, a part of a whole, a place in an order, or what is still "
            "to come?": {0: TYPICAL[claim.kind]},
            **{
                ASK[field]: {place: "not stated" if said[field] else "stated"}
                for place, field in enumerate(FIELDS, start=1)
            },
        },
    )


key.form(
    "2b",
    "reworded",
    points=2,
    count=3,
    distinct="sentence",
    fields={
        "sentence": {"words": 12},
        "kind": {"options": list(KINDS)},
        "unit": {"words": 1},
        "denominator": {"words": 1},
        "period": {"words": 1},
        "source": {"words": 1},
    },
)

key.text("2c", points=3)

CASES = ("ships", "cranes", "deficit", "managers", "lead", "reason", "law")


@key.words(
    "3a",
    "labels",
    points=2,
    options=VERDICTS,
    keys=CASES,
    hints=(
        "Two questions come before any verdict: does the sentence state a fact, and does an open source count that "
        "very thing?",
        "Advice and the future get the label for opinion. No open count: not checkable. Two accepted counts that "
        "disagree: definition-dependent. Only then compare a number with a number.",
        '"Fares rose by five percent because of the strike": fares did rise by five percent, and nothing shows '
        "the cause. One half holds "
        "and the other is open, so the whole is supported in part only.",
    ),
)
def labels(variant) -> Answer:
    name = evidence.VERDICTS
    right = dict(
        ships=name["S"],
        cranes=name["C"],
        deficit=name["D"],
        managers=name["N"],
        lead=name["O"],
        reason=name["N"],
        law=name["P"],
    )
    at = CASES.index
    return Answer(
        [right[case] for case in CASES],
        {
            "Look at `managers` again: that nobody has looked does not make it wrong.": {at("managers"): name["C"]},
            "Look at `lead` again: what is to come can be scored one day; it is not graded today.": {
                at("lead"): name["N"]
            },
            "Look at `deficit` again: which of the two official numbers would you call the right one?": {
                at("deficit"): name["C"]
            },
            "Look at `law` again: the sentence says two things.": {at("law"): name["S"]},
            "Look at `reason` again: the fact has a card of its own, so what is left to test?": {
                at("reason"): name["P"]
            },
            "Look at `cranes` again: a primary record disagrees with a rank.": {at("cranes"): name["P"]},
            'Look at `ships` again: "more than" is met.': {at("ships"): name["D"]},
        },
    )


key.form(
    "3b",
    "doubt",
    points=2,
    fields={
        "card": {"contains": "-"},
        "would_change": {"words": 5},
        "looked_in": {"words": 3},
        "outcome": {"options": ["found", "not found", "cannot be had"]},
        "source": {"words": 1},
        "read": {"date": True, "after": "2024-12-31"},
        "verdict": {"options": VERDICTS},
    },
)

key.text("3c", points=3)


def sold(economy: str) -> pd.DataFrame:
    """Exports of services, million dollars; rows the four groups, columns years."""
    return datasets.read("services_trade_by_group", country=economy, flow="exports").pivot(
        index="group", columns="year", values="value"
    )


@key.numbers(
    "4a",
    "pair",
    points=2,
    shape=(2,),
    unit="fractions",
    tolerance=6e-4,
    decimals=3,
    labels=[("share", "contribution")],
    varies=True,
    hints=(
        "A group can be large without having grown, and can grow without being large. Which question does each "
        "number answer?",
        "The share divides the group's exports of 2024 by all of 2024. The contribution divides the group's "
        "*increase* by the increase of all.",
        "Exports of 100 become 160, and the group's 60 become 100: the share is 100 / 160 = 0.625, the contribution "
        "40 / 60 = 0.667, and the group's own growth, 0.667 as well, is another thing that happens to be equal here.",
    ),
)
def pair(variant) -> Answer:
    table = sold(variant.economy)
    part, whole = table.loc[KNOWLEDGE].sum(), table.sum()
    share, contribution = part / whole, (part[2024] - part[2014]) / (whole[2024] - whole[2014])
    right = np.array([share[2024], contribution])
    other = table.loc["all_other"]
    return Answer(
        right,
        apart(
            right,
            {
                "The second is the growth of the group itself: divide its increase by "
                "the increase of all exports.": np.array([share[2024], part[2024] / part[2014] - 1]),
                "The second is the change of a share: divide increases by increases.": np.array(
                    [share[2024], share[2024] - share[2014]]
                ),
                "The first is the share of 2014: take 2024.": np.array([share[2014], contribution]),
                "Insurance and finance are missing: the group has two rows.": np.array(
                    [other[2024] / whole[2024], (other[2024] - other[2014]) / (whole[2024] - whole[2014])]
                ),
            },
            5e-4,
        ),
    )


@key.numbers(
    "4b",
    "elsewhere",
    points=3,
    shape=(3, 2),
    bounds=(-1, 1),
    unit="index from -1 to 1",
    tolerance=6e-4,
    decimals=3,
    labels=[("economy", "second", "third"), (2014, 2024)],
    varies=True,
)
def elsewhere(variant) -> Answer:
    economies = [variant.economy, variant.second, variant.third]
    at = lambda name: TRADE[name].loc[[2014, 2024], economies].T.to_numpy()  # noqa: E731
    right = at("tc")
    return Answer(
        right,
        apart(
            right,
            {
                "The years are swapped: first column 2014, second 2024.": right[:, ::-1],
                "This divides by exports alone: divide by exports plus imports.": at("balance") / at("exports"),
                "These are balances in billions of dollars: divide by exports plus imports.": at("balance") / 1000,
                "The rows are in another order: yours first, then `second`, then `third`.": right[::-1],
            },
            3e-4,
        ),
    )


@key.numbers(
    "4c", "required", points=2, bounds=(-1, 1), unit="fraction a year", tolerance=3e-4, decimals=4, varies=True
)
def required(variant) -> Answer:
    exports, imports = TRADE.exports[variant.economy], TRADE.imports[variant.economy]
    pace = (imports[2024] / imports[2014]) ** 0.1

    def growth(goal: float, bought: float) -> float:
        return ((1 + goal) / (1 - goal) * bought / exports[2024]) ** 0.1 - 1

    index = TRADE.tc[variant.economy][2024]
    right = growth(index + 0.1, imports[2024] * pace**10)
    return Answer(
        right,
        apart(
            right,
            {
                "Imports stand still here: let them grow at their average rate.": growth(index + 0.1, imports[2024]),
                "This is the growth over all ten years: take the tenth root.": (1 + right) ** 10 - 1,
                "This spreads the growth evenly: growth compounds, so take the tenth root.": ((1 + right) ** 10 - 1)
                / 10,
                "The index rises by a tenth of itself here: add 0.1 to it.": growth(
                    index * 1.1, imports[2024] * pace**10
                ),
                "This is what exports did from 2014 to 2024: ask what they would have to do.": (
                    exports[2024] / exports[2014]
                )
                ** 0.1
                - 1,
                "This keeps the index where it is: it should rise by 0.1.": growth(index, imports[2024] * pace**10),
            },
            3e-4,
        ),
    )


key.form("4d", "cards", points=6, count=10, distinct="says", fields=CARD)

key.text("4e", points=20)
key.text("4f", points=5)
key.text("4g", points=3)
