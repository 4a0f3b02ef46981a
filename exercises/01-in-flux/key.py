"""The key of chapter 1. It computes what is right, and what the known mistakes give, from the tables and the
accounts."""

from bisect import bisect_left
from functools import cache

import numpy as np

from valuechains import datasets, identities, indicators, tables, twins
from valuechains.course.key import Answer, Key

REGIONS = {
    "East Asia (3)": ["CHN", "JPN", "KOR"],
    "East Asia (4)": ["CHN", "JPN", "KOR", "TWN"],
    "East Asia (5)": ["CHN", "JPN", "KOR", "TWN", "IDN"],
    "Asia (6)": ["CHN", "JPN", "KOR", "TWN", "IDN", "IND"],
    "North America (2)": ["USA", "MEX"],
    "Americas (3)": ["USA", "MEX", "BRA"],
    "Germany and the United Kingdom": ["DEU", "GBR"],
}
EA3, EA4, EA5, ASIA, NA, AM, EU = REGIONS
GROUPS = ("transport", "travel", "insurance_financial", "all_other")
FIELDS = ("economy", "start", "end", "bench", "gain", "release", "part", "first", "second", "since", "until")
key = Key(
    "01-in-flux",
    title="A value chain in flux",
    minutes=130,
    variants=[
        dict(zip(FIELDS, row, strict=True))
        for row in (
            ("KOR", 2017, 2019, "KOR", 15, "Q1", 30, EA4, NA, 1995, 2011),
            ("CHN", 2020, 2022, "A", 10, "M04", 25, NA, EU, 2000, 2011),
            ("JPN", 2022, 2024, "DEU", 10, "H1", 20, AM, ASIA, 1995, 2011),
            ("USA", 2021, 2023, "IND", 6, "Q1", 20, EA3, NA, 1995, 2010),
            ("GBR", 2005, 2007, "USA", 5, "M04", 30, AM, EU, 2001, 2011),
            ("IDN", 2006, 2009, "B", 8, "H1", 40, NA, EA5, 2001, 2008),
            ("DEU", 2015, 2019, "C", 10, "Q1", 50, EA4, AM, 1995, 2010),
            ("IND", 2010, 2014, "KOR", 7, "M04", 20, EU, NA, 2000, 2008),
            ("SGP", 2010, 2018, "DEU", 5, "H1", 30, NA, EA3, 1995, 2011),
            ("PER", 2021, 2023, "IND", 9, "Q1", 30, ASIA, NA, 1997, 2011),
            ("USA", 2010, 2018, "USA", 4, "M04", 25, EA3, AM, 1995, 2009),
            ("CHN", 2010, 2018, "B", 5, "H1", 20, EA4, NA, 2002, 2008),
        )
    ],
    outcomes={
        "Compute": "1 2 3 4 vax",
        "Tell apart": "3 above-one foreign-share",
        "Separate": "3f 4e",
        "Decompose": "5 part-of-growth",
        "Judge": "6 pair",
    },
)

compact = cache(tables.load_compact)
WORLD = tables.toy("W2")
ROWS = [f"{economy}.{industry}" for economy in WORLD.countries for industry in WORLD.industries]
C = len(WORLD.countries)
A = indicators.coefficients(WORLD.Z, WORLD.x)
B = indicators.leontief_inverse(A)
v = indicators.value_added_rates(WORLD.Z, WORLD.x)
E = indicators.exports(WORLD.Z, WORLD.F)


def total(values: np.ndarray) -> np.ndarray:
    return indicators.by_economy(values, countries=C)


@key.numbers(
    "1a",
    "A",
    points=2,
    shape=(9, 9),
    bounds=(0, 1),
    unit="fractions of the buyer's output",
    tolerance=6e-4,
    decimals=3,
    labels=[ROWS, ROWS],
    hints=(
        "What does B's manufacturing buy from A's for one unit of what it makes? Which number of the table is on "
        "top, which below?",
        "Divide each *column* of $Z$ by the output of the industry of that column. In numpy, `Z / x` does it: the "
        "last axis of `Z` is matched with `x`.",
        'In `tables.toy("W1")` every output is 100. The first row of $Z$ is 20, 5, 15, 5, so the first row of '
        "$A$ is 0.20, 0.05, "
        "0.15, 0.05. Were the output of the third industry 60, its entry would be 15/60 = 0.25.",
    ),
)
def coefficients(variant) -> Answer:
    return Answer(
        A,
        {
            "These are row coefficients: divide each column of Z by its own output.": WORLD.Z / WORLD.x[:, None],
            "This divides each column by its inputs: divide by its output, which has value added in it too.": WORLD.Z
            / WORLD.Z.sum(axis=0),
            "This divides by value added: divide by output.": WORLD.Z / WORLD.va,
            "These are the flows themselves: divide by output.": WORLD.Z,
        },
    )


@key.numbers(
    "1b",
    "bought",
    points=1,
    shape=(9,),
    bounds=(0, 1),
    unit="fractions of output",
    tolerance=6e-4,
    decimals=3,
    labels=[ROWS],
)
def bought(variant) -> Answer:
    return Answer(
        A.sum(axis=0),
        {
            "These are sums of rows: add up each column.": A.sum(axis=1),
            "This is what is left for value added: add up the inputs.": v,
            "These are the inputs in units of money: use A, not Z.": WORLD.Z.sum(axis=0),
        },
    )


BROKEN = {
    "flow": ("B.M", "C.S"),
    "final demand": ("B.M", "final.A"),
    "output": ("B.M", "output"),
    "value added": ("B.M", "value_added"),
}  # as in the question
OUTCOMES = (
    "none",
    "rows",
    "columns",
    "world",
    "rows and columns",
    "rows and world",
    "columns and world",
    "rows, columns and world",
)


def failing(cell: tuple[str, str]) -> list[bool]:
    """Which of the ten identities fail when a cell of the published table is ten too large."""
    published = identities.published(WORLD)
    published.loc[cell] += 10
    return (identities.audit(published).holds == "NO").tolist()


def outcome(cell: tuple[str, str]) -> str:
    names = [name for name, fails in zip(("rows", "columns", "world"), failing(cell)[:3], strict=True) if fails]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0] if names else "none"


@key.words("1c", "fails", points=2, options=OUTCOMES, keys=list(BROKEN))
def fails(variant) -> Answer:
    return Answer(
        [outcome(cell) for cell in BROKEN.values()],
        {
            "A flow is a sale of its row and an input of its column: two sums have it.": {0: "rows"},
            "Final demand is in its row and in the sum of the world; no column of inputs has it.": {1: "rows"},
            "Output stands at the end of its row and under its column.": {2: "rows"},
            "Value added is in its column and in the sum of the world.": {3: "columns"},
        },
    )


@key.numbers("1d", "failed", points=1, bounds=(0, 10), unit="identities", tolerance=0.4, decimals=0)
def failed(variant) -> Answer:
    fails = failing(BROKEN["final demand"])
    return Answer(
        sum(fails),
        {
            "These are the first three only: read the report to its end.": sum(fails[:3]),
            "These are the ones that hold.": len(fails) - sum(fails),
            "This is the broken flow, or output, or value added: break the cell of final demand.": sum(
                failing(BROKEN["flow"])
            ),
        },
    )


key.text("1e", points=3)

SMALL = tables.toy("W0")
A0 = indicators.coefficients(SMALL.Z, SMALL.x)
LEFT = np.eye(2) - A0
INVERSE = indicators.leontief_inverse(A0)
RATES = indicators.value_added_rates(SMALL.Z, SMALL.x)


@key.numbers(
    "2a",
    "inverse",
    points=2,
    shape=(2, 2),
    unit="units of output",
    tolerance=5e-4,
    decimals=4,
    labels=[("N", "T"), ("N", "T")],
    hints=(
        "Which 2 \N{MULTIPLICATION SIGN} 2 matrix is to be inverted? Not $A$ itself.",
        "For a matrix of two rows: swap the two numbers of the diagonal, turn the signs of the two others, divide "
        "all four by the determinant (the product of the diagonal less the product of the others).",
        "With $A$ = (0.5, 0.25; 0.2, 0.5), $I - A$ = (0.5, \N{MINUS SIGN}0.25; \N{MINUS SIGN}0.2, 0.5), its "
        "determinant 0.25 \N{MINUS SIGN} 0.05 = 0.2, and the inverse (2.5, 1.25; 1, 2.5).",
    ),
)
def inverse(variant) -> Answer:
    determinant = np.linalg.det(LEFT)
    return Answer(
        INVERSE,
        {
            "Each entry is inverted by itself: invert the matrix as a whole.": 1 / LEFT,
            "The determinant is missing: divide all four numbers by it.": INVERSE * determinant,
            "The signs off the diagonal are not turned: both are minus in I \N{MINUS SIGN} "
            "A and plus in its inverse.": INVERSE * np.array([[1, -1], [-1, 1]]),
            "The numbers of the diagonal are not swapped.": np.array(
                [[INVERSE[1, 1], INVERSE[0, 1]], [INVERSE[1, 0], INVERSE[0, 0]]]
            ),
            "This stops after one round of suppliers, I + A: the inverse has all rounds.": np.eye(2) + A0,
            "This is the inverse of A: subtract A from the unit matrix first.": np.linalg.inv(A0),
        },
    )


EXTRA = 10  # as in the question


@key.numbers(
    "2b",
    "earned",
    points=2,
    shape=(2,),
    bounds=(0, EXTRA),
    unit="units of money",
    tolerance=0.006,
    decimals=2,
    labels=[("N", "T")],
    praise="The two add up to what the buyers pay.",
)
def earned(variant) -> Answer:
    return Answer(
        EXTRA * RATES * INVERSE[:, 0],
        {
            "This is output: multiply by value added per unit of output.": EXTRA * INVERSE[:, 0],
            "This is the first producer alone: its suppliers, and theirs, earn too.": [EXTRA * RATES[0], 0],
            "This is final demand for the second product: use the first column.": EXTRA * RATES * INVERSE[:, 1],
            "This uses the first row: what is needed for one product stands in its column.": EXTRA * RATES * INVERSE[0],
            "This is one unit: ten more are bought.": RATES * INVERSE[:, 0],
        },
        total=EXTRA,
    )


DVA = total(indicators.domestic_value_added(v, B, E, countries=C))
FVA = total(indicators.foreign_value_added(v, B, E, countries=C))
VAX = total(indicators.value_added_exports(v, B, WORLD.F)).sum(axis=1)
DVX = indicators.indirect_value_added(v, B, E, countries=C)
GROSS, GDP = total(E), total(WORLD.va)


@key.numbers(
    "3a",
    "amounts",
    points=3,
    shape=(3, 3),
    unit="units of money",
    tolerance=0.01,
    decimals=2,
    labels=[("A", "B", "C"), ("DVA", "FVA", "VAX")],
    hints=(
        "For DVA and FVA, follow exports to the places where they were earned. For VAX, follow what was earned to "
        "the place where it is bought in the end.",
        "DVA: own rows of $\\hat{v}B$, own columns, times own exports. FVA: the rows of the others, same columns, "
        "same exports. VAX: own rows of $\\hat{v}B$ times the final demand of the *others*.",
        'In `tables.toy("W1")`: exports 55 and 40, DVA 47.92 and 30.02, FVA 7.08 and 9.98, VAX 37.94 and 22.94. '
        "DVA and FVA add up to "
        "exports, and VAX is smaller than DVA.",
    ),
)
def amounts(variant) -> Answer:
    return Answer(
        np.stack([DVA, FVA, VAX], axis=1),
        {
            "Domestic and foreign are swapped.": np.stack([FVA, DVA, VAX], axis=1),
            "The second column is own value added in the exports of others (DVX): FVA is "
            "that of others in one's own.": np.stack([DVA, DVX, VAX], axis=1),
            "The third column counts buyers at home too: VAX is what buyers abroad absorb.": np.stack(
                [DVA, FVA, GDP], axis=1
            ),
            "VAX is not DVA: some of what leaves comes home again.": np.stack([DVA, FVA, DVA], axis=1),
            "These are shares of exports: give amounts.": np.stack([DVA, FVA, VAX], axis=1) / GROSS[:, None],
            "This is VAX as a share of exports: give the amount.": np.stack([DVA, FVA, VAX / GROSS], axis=1),
        },
    )


@key.numbers(
    "3b",
    "participation",
    points=2,
    shape=(3, 2),
    bounds=(0, 1),
    unit="fractions of exports",
    tolerance=6e-4,
    decimals=3,
    labels=[("A", "B", "C"), ("backward", "forward")],
)
def participation(variant) -> Answer:
    right = np.stack([FVA, DVX], axis=1)
    return Answer(
        right / GROSS[:, None],
        {
            "Backward and forward are swapped: backward is what was bought in.": right[:, ::-1] / GROSS[:, None],
            "These are shares of GDP: divide by exports.": right / GDP[:, None],
            "These are shares of domestic value added: divide by exports.": right / DVA[:, None],
            "These are amounts: divide by the exports of the economy.": right,
            "These are shares of the exports of all three: divide by the economy's own.": right / GROSS.sum(),
        },
    )


bench = twins.shock_bench().model
SETTINGS = [round(0.05 * step, 2) for step in range(21)]


@cache
def moved(economy: str, gain: int, rounds: str = "first") -> tuple[float, dict]:
    """The first setting of the slider at which income has grown by `gain` percent or more (the last one if none
    has)."""
    place = bisect_left(SETTINGS, gain / 100, key=lambda share: bench(economy, share, rounds)["growth"])
    share = SETTINGS[min(place, len(SETTINGS) - 1)]
    return share, bench(economy, share, rounds)


@key.numbers(
    "3c",
    "replaced",
    points=1,
    bounds=(0, 1),
    unit="fraction of imported inputs",
    tolerance=0.02,
    decimals=2,
    varies=True,
)
def replaced(variant) -> Answer:
    share, _ = moved(variant.bench, variant.gain)
    every, _ = moved(variant.bench, variant.gain, "all")
    late = round(share + 0.05, 2)
    return Answer(
        share,
        {
            "There income has not grown enough yet: go on to the first setting at which it has.": round(
                share - 0.05, 2
            ),
            "There it has grown enough already: is there a smaller setting?": late,
            **(
                {}
                if every == late
                else {"This is with all suppliers of suppliers: set the first purchase alone.": every}
            ),
        },
    )


@key.numbers(
    "3d", "backward", points=1, bounds=(0, 1), unit="fraction of exports", tolerance=6e-4, decimals=3, varies=True
)
def backward(variant) -> Answer:
    share, found = moved(variant.bench, variant.gain)
    return Answer(
        found["backward"],
        {
            "This is backward participation before the shock: read the second number.": found["backward_before"],
            "This is the VAX ratio of the world.": found["vax"],
            "This is one step too early.": bench(variant.bench, round(share - 0.05, 2), "first")["backward"],
            "This is with all suppliers of suppliers: set the first purchase alone.": bench(
                variant.bench, share, "all"
            )["backward"],
        },
    )


key.text("3e", points=2)

FORWARD = indicators.activities_forward(v, A, B, WORLD.F, countries=C)
BACKWARD = indicators.activities_backward(v, A, B, WORLD.F, countries=C)


def both_ways(activities: indicators.Activities) -> np.ndarray:
    """Simple and complex (columns) by economy (rows), in units of money."""
    return np.stack([total(activities.simple), total(activities.complex)], axis=1)


@key.numbers(
    "3f",
    "ways",
    points=2,
    shape=(3, 2),
    bounds=(0, 1),
    unit="fractions of value added",
    tolerance=6e-4,
    decimals=3,
    labels=[("A", "B", "C"), ("simple", "complex")],
)
def ways(variant) -> Answer:
    right, whole = both_ways(FORWARD), GDP[:, None]
    abroad = FORWARD.traditional + FORWARD.simple + FORWARD.complex
    return Answer(
        right / whole,
        {
            "Simple and complex are swapped: simple crosses one border.": right[:, ::-1] / whole,
            "These are fractions of exports: divide by value added.": right / GROSS[:, None],
            "The second column has the simple way in it: take off what is made for final users at home.": np.stack(
                [right[:, 0], right.sum(axis=1)], axis=1
            )
            / whole,
            "The first column has finished products in it: only what crosses as an input counts.": np.stack(
                [right[:, 0] + total(FORWARD.traditional), right[:, 1]], axis=1
            )
            / whole,
            "These are final goods by what is in them: follow value added to its users.": both_ways(BACKWARD)
            / total(WORLD.F.sum(axis=1))[:, None],
            "These are fractions of what leaves the economy: divide by all value added.": right
            / total(abroad)[:, None],
            "These are amounts: divide by the economy's value added.": right,
        },
    )


NINE = indicators.kww(v, A, B, WORLD.F, E, countries=C)
RETURNED, DOUBLE = NINE[:, 3] + NINE[:, 4], NINE[:, 5]


@key.numbers(
    "4a",
    "returned",
    points=2,
    shape=(3,),
    bounds=(0, 1000),
    unit="units of money",
    tolerance=5e-3,
    decimals=3,
    labels=[("A", "B", "C")],
    hints=(
        "Of the own value added that is bought at home in the end, some never left the economy. How could one pick "
        "out the rest?",
        "For each economy, cut three blocks: the rows of $\\hat{v}B$ that are its own with *all* columns, times its "
        "own column of $F$; then the same with $L_{ss}$, its own rows and columns only. Subtract the second from the "
        "first.",
        'In `tables.toy("W1")` the two economies get back 7.89 and 5.61, and their DVA exceeds VAX by 9.98 and '
        "7.08: the rest of the gap "
        "is what crossed twice.",
    ),
)
def returned(variant) -> Answer:
    at_home = total(indicators.value_added_absorbed(v, B, WORLD.F)).diagonal()
    return Answer(
        RETURNED,
        {
            "This is all own value added that is bought at home: take off what never left.": at_home,
            "This takes off B_ss, which has in it what went out and came back in parts: take off L_ss.": NINE[:, 3],
            "This has in it what was counted twice: that is the next question.": RETURNED + DOUBLE,
            "This is foreign value added: use the economy's own rows of v.": NINE[:, 7],
        },
    )


@key.numbers(
    "4b",
    "double",
    points=2,
    shape=(3,),
    bounds=(0, 1000),
    unit="units of money",
    tolerance=5e-3,
    decimals=3,
    labels=[("A", "B", "C")],
)
def double(variant) -> Answer:
    return Answer(
        DOUBLE,
        {
            "This is DVA less VAX: it has in it what returned and stayed.": DVA - VAX,
            "This is foreign value added counted twice: use the economy's own rows of v.": NINE[:, 8],
            "This uses the unit matrix where L_ss belongs: it counts the domestic suppliers too.": DVA - total(v * E),
            "This is output: multiply by value added per unit of output.": total(_crossed_twice()),
        },
    )


def _crossed_twice() -> np.ndarray:
    """Output (B_ss - L_ss) E_s, (n,)."""
    S = len(WORLD.industries)
    blocks = [slice(s * S, (s + 1) * S) for s in range(C)]
    return np.concatenate([(B[own, own] - np.linalg.inv(np.eye(S) - A[own, own])) @ E[own] for own in blocks])


@key.numbers(
    "4c",
    "home",
    points=1,
    shape=(3,),
    bounds=(0, 1),
    unit="fractions of DVA",
    tolerance=6e-4,
    decimals=3,
    labels=[("A", "B", "C")],
)
def home(variant) -> Answer:
    return Answer(
        RETURNED / DVA,
        {
            "This divides by exports: divide by domestic value added in exports.": RETURNED / GROSS,
            "This counts as returned what was only counted twice.": (RETURNED + DOUBLE) / DVA,
            "This is the part that does not return: one less it.": VAX / DVA,
        },
    )


key.text("4d", points=2)

OWN_BORDER = total(indicators.borin_mancini(v, A, B, E, countries=C).foreign_double)


@key.numbers(
    "4e",
    "again",
    points=2,
    shape=(3, 2),
    bounds=(0, 1000),
    unit="units of money",
    tolerance=5e-3,
    decimals=3,
    labels=[("A", "B", "C"), ("its own", "the buyer's")],
)
def again(variant) -> Answer:
    right = np.stack([OWN_BORDER, NINE[:, 8]], axis=1)
    once = np.stack([FVA, FVA], axis=1) - right
    return Answer(
        right,
        {
            "The two rules are swapped: the exporter's own border stands in the first column.": right[:, ::-1],
            "This is own value added counted again: sum over the other economies, t and not s.": np.stack(
                [DOUBLE, DOUBLE], axis=1
            ),
            "This is what is counted once: take it off FVA.": once,
            "The first column is own value added counted again: use the rows of the others.": np.stack(
                [DOUBLE, NINE[:, 8]], axis=1
            ),
            "The second column holds all inputs: only what the buyer exports counts, L_rr E_r.": np.stack(
                [OWN_BORDER, NINE[:, 7] + NINE[:, 8]], axis=1
            ),
            "These are fractions of exports: give amounts.": right / GROSS[:, None],
        },
    )


def services(variant) -> tuple[np.ndarray, np.ndarray]:
    """Exports of the four groups in the two years of the variant."""
    exports = datasets.read("services_trade_by_group", flow="exports", country=variant.economy).pivot(
        index="year", columns="group", values="value"
    )[list(GROUPS)]
    return exports.loc[variant.start].to_numpy(), exports.loc[variant.end].to_numpy()


@key.numbers(
    "5a",
    "contributions",
    points=3,
    keys=GROUPS,
    unit="fractions of the growth of exports",
    tolerance=1e-3,
    decimals=3,
    varies=True,
    hints=(
        "By how many dollars did each group rise, and by how many all four together?",
        "Contribution of a group: its change over the change of the total, both between the same two years. It may "
        "be negative, and the four add up to one.",
        "Exports of two groups go from 60 and 40 to 63 and 57. The total rose by 20; the groups gave 3/20 = 0.15 and "
        "17/20 = 0.85, though the first is the larger one in both years.",
    ),
)
def contributions(variant) -> Answer:
    before, after = services(variant)
    shares = before / before.sum(), after / after.sum()
    return Answer(
        indicators.growth_contributions(before, after),
        {
            "These are the groups' own growth rates: divide their change by the change of the total.": after / before
            - 1,
            "These are shares of the level in the later year: the question is about the change.": shares[1],
            "These are shares of the level in the earlier year: the question is about the change.": shares[0],
            "This is the growth of each group's share: it says how the share moved, not what the group gave.": shares[1]
            / shares[0]
            - 1,
            "These are points of growth: divide by the change of the total, not by its level.": (after - before)
            / before.sum(),
            "These are amounts: divide by the change of the total.": after - before,
        },
        total=1.0,
    )


@key.words("5b", "source", points=1, options=GROUPS, varies=True)
def source(variant) -> Answer:
    before, after = services(variant)

    def most(amounts: np.ndarray) -> str:
        return GROUPS[int(np.argmax(amounts))]

    right = most(after - before)
    slips = {
        "That group has the largest level: which gave most of the change?": most(after),
        "That group grew fastest, from a smaller base: which gave most of the change?": most(after / before),
        "That group gave least.": most(before - after),
    }
    return Answer(right, {hint: word for hint, word in slips.items() if word != right})


produced = twins.what_produced_it().model
RELEASES = {"Q1": "January to March", "M04": "January to April", "H1": "January to June"}


@cache
def least(release: str, part: int) -> float:
    """The first setting of the slider at which the group gives `part` percent of the rise or more."""
    return next(step / 10 for step in range(251) if produced(release, step / 10)["of_rise"] >= part / 100)


@key.numbers("5c", "needed", points=1, bounds=(0, 25), unit="percent growth", tolerance=0.04, decimals=1, varies=True)
def needed(variant) -> Answer:
    right = least(variant.release, variant.part)
    return Answer(
        right,
        {
            "There the group does not give enough yet: go on by one step.": right - 0.1,
            "There it gives enough already: is there a smaller setting?": right + 0.1,
            "That is how fast all exports grew: there the group gives as much of the rise as it has of the level.": 100
            * produced(variant.release, 0)["total_growth"],
            **{
                f"That is for {months}: set the months of your variant.": least(release, variant.part)
                for release, months in RELEASES.items()
                if release != variant.release
            },
        },
    )


key.text("5d", points=2)


@cache
def trade(year: int) -> dict[str, np.ndarray]:
    """Exports of each economy to each, (12, 12): gross, in value added, and gross with sales at home on the
    diagonal."""
    table = compact(year)
    countries = len(table.countries)
    inverse = indicators.leontief_inverse(indicators.coefficients(table.Z, table.x))
    rates = indicators.value_added_rates(table.Z, table.x)
    sales = table.Z.reshape(len(table.x), countries, -1).sum(axis=2) + table.F
    return {
        "gross": indicators.bilateral_exports(table.Z, table.F),
        "value added": indicators.by_economy(
            indicators.value_added_exports(rates, inverse, table.F), countries=countries
        ),
        "with sales at home": indicators.by_economy(sales, countries=countries),
    }


def measured(variant, measure, flows: str = "gross") -> np.ndarray:
    """A measure of the two regions (rows) in the two years (columns)."""
    codes = compact(variant.since).countries
    return np.array(
        [
            [measure(trade(year)[flows], np.isin(codes, REGIONS[region])) for year in (variant.since, variant.until)]
            for region in (variant.first, variant.second)
        ]
    )


def of_imports(flows: np.ndarray, region: np.ndarray) -> float:
    return flows[np.ix_(region, region)].sum() / flows[:, region].sum()


def with_itself(flows: np.ndarray, region: np.ndarray) -> float:
    """Intensity with what size would sell a member to itself among the expected trade."""
    sold, bought = flows.sum(axis=1), flows.sum(axis=0)
    expected = np.outer(sold, bought) / (bought.sum() - bought)[:, None]
    block = np.ix_(region, region)
    return flows[block].sum() / expected[block].sum()


@key.numbers(
    "6a",
    "shares",
    points=2,
    shape=(2, 2),
    bounds=(0, 1),
    unit="fractions of the region's exports",
    tolerance=5e-4,
    decimals=4,
    varies=True,
    hints=(
        "Of all that the members of a region export, also to each other, what part goes to members?",
        "With $X$ the table of exports from economy to economy: add up the cells whose row *and* column are members, "
        "and divide by all cells whose row is a member.",
        "Three economies, the first two a region: X = (0, 6, 4; 3, 0, 7; 5, 5, 0). Inside are 6 + 3 = 9, the region "
        "exports 10 + 10 = 20, so the share is 0.45.",
    ),
)
def shares(variant) -> Answer:
    right = measured(variant, indicators.intra_share)
    return Answer(
        right,
        {
            "The years are swapped: the earlier one stands in the first column.": right[:, ::-1],
            "The regions are swapped: your first region stands in the first row.": right[::-1],
            "This is the part of the region's imports: divide by its exports.": measured(variant, of_imports),
            "This is in value added: the question is about gross exports.": measured(
                variant, indicators.intra_share, "value added"
            ),
            "This has in it what members sell at home: exports cross a border.": measured(
                variant, indicators.intra_share, "with sales at home"
            ),
        },
    )


@key.numbers(
    "6b",
    "intensities",
    points=2,
    shape=(2, 2),
    unit="ratio, 1 = no more than size suggests",
    tolerance=2e-3,
    decimals=3,
    varies=True,
)
def intensities(variant) -> Answer:
    right = measured(variant, indicators.partner_intensity)
    return Answer(
        right,
        {
            "The years are swapped: the earlier one stands in the first column.": right[:, ::-1],
            "The regions are swapped: your first region stands in the first row.": right[::-1],
            "This counts each member's own market among those it could sell to: leave it out, pair by pair.": measured(
                variant, indicators.trade_intensity
            ),
            "This adds the pairs of a member with itself: add over different members only.": measured(
                variant, with_itself
            ),
            "This is in value added: the question is about gross exports.": measured(
                variant, indicators.partner_intensity, "value added"
            ),
            "These are the shares of 6a: divide what is traded inside by what size alone would give.": measured(
                variant, indicators.intra_share
            ),
        },
    )


@key.words(
    "6c",
    "directions",
    points=1,
    options=("agree", "disagree"),
    keys=("first", "second"),
    also={
        "yes": "agree",
        "true": "agree",
        "same": "agree",
        "no": "disagree",
        "false": "disagree",
        "opposite": "disagree",
    },
    varies=True,
)
def directions(variant) -> Answer:
    moves = [
        np.diff(measured(variant, measure), axis=1)[:, 0]
        for measure in (indicators.intra_share, indicators.partner_intensity)
    ]
    right = ["agree" if share * intensity > 0 else "disagree" for share, intensity in zip(*moves, strict=True)]
    other = {"agree": "disagree", "disagree": "agree"}
    return Answer(
        right,
        {
            "For the first region compare the signs of the two changes.": {0: other[right[0]]},
            "For the second region compare the signs of the two changes.": {1: other[right[1]]},
        },
    )


key.text("6d", points=4)
