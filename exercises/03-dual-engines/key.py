"""The key of chapter 3. It computes what is right, and what the known mistakes give, from the ledger and the tables."""

import numpy as np
import pandas as pd

from valuechains import datasets, evidence, tables, twins
from valuechains.course.key import Answer, Key
from valuechains.models.definitions import NBS_2023, attribution_needed, digital_economy

FIVES = [  # no member of the European office, which the table by receiving office would miss
    (2018, "CHN USA IND BRA SGP"),
    (2018, "USA JPN IND AUS CHL"),
    (2020, "CHN KOR IND AUS BRA"),
    (2018, "CHN JPN CAN BRA MYS"),
    (2019, "USA CAN BRA SGP CHL"),
    (2019, "JPN IND CAN MEX CHL"),
    (2020, "IND CAN AUS BRA ZAF"),
    (2018, "CHN USA KOR ZAF MEX"),
    (2019, "KOR CAN BRA SGP MEX"),
]
ECONOMIES = ("DEU", "IND", "KOR", "CHN", "USA", "JPN", "GBR", "IDN", "BRA")
FLOWS = (  # paid in by parents of shops and of banks, profit kept, dividends, lent, repaid, firms sold
    (60, 8, 25, 14, 12, 19, 21),
    (90, 15, 32, 11, 22, 10, 37),
    (48, 7, 13, 26, 9, 24, 17),
    (72, 11, 38, 20, 16, 31, 28),
    (105, 19, 27, 33, 13, 42, 23),
    (54, 9, 41, 17, 26, 12, 35),
    (81, 13, 22, 29, 18, 34, 15),
    (66, 10, 35, 12, 11, 27, 45),
    (96, 17, 29, 24, 31, 14, 52),
)
OFF = (
    "manufacturing",
    "applications",
    "data_driven",
    "services",
    "applications manufacturing",
    "applications data_driven",
    "applications services",
    "manufacturing data_driven",
    "data_driven services",
)

key = Key(
    "03-dual-engines",
    title="Dual engines: openness and innovation",
    minutes=100,
    variants=[
        {"economy": economy, "off": off.split(), "economies": five.split(), "year": year, "year_of_flows": list(flows)}
        for economy, off, (year, five), flows in zip(ECONOMIES, OFF, FIVES, FLOWS, strict=True)
    ],
    outcomes={
        "Read": "5 area agreement ratio",
        "Rebuild": "1 6 dial",
        "Compare": "4 patents",
        "Reconcile": "2 3 share-and-amount",
    },
)


def ledger(name: str) -> float:
    return evidence.number(name).value


# --- 1 ---------------------------------------------------------------------------------------------------------------

CORE = sum(NBS_2023.values())
STATED = ledger("A1-3-05.share") / 100
GDP = CORE / STATED  # 100 million yuan
TRILLION = 10_000


@key.numbers(
    "1a",
    "core",
    points=1,
    tolerance=0.5,
    decimals=0,
    unit="100 million yuan",
    hints=(
        "A part of GDP and the share it makes: what is the whole? Start with the part.",
        "Add the four blocks. The whole is the part over its share, with the share as a fraction; mind the units. The "
        "share of 9.9 stands for everything that "
        "rounds to it, so half a unit of its last digit to either side.",
        "Invented: blocks of 30, 20 and 10 are stated as 5% of GDP, in whole percent. Core 60, GDP 60 / 0.05 = 1,200, "
        "between 60 / 0.055 = 1,090.9 and "
        "60 / 0.045 = 1,333.3. Without the block of 20 the share is 40 / 1,200 = 3.33%.",
    ),
)
def core(variant) -> Answer:
    return Answer(
        CORE,
        {
            "This leaves out the making of digital goods: all four blocks are core here.": CORE
            - NBS_2023["manufacturing"],
            "The last block is missing: it is small, but it counts.": CORE - NBS_2023["services"],
            "The stated share is no block: add the four amounts only.": CORE + 100 * STATED,
            "This is in trillion yuan: leave the unit of the table.": CORE / TRILLION,
        },
    )


@key.numbers("1b", "gdp", points=1, tolerance=0.01, decimals=2, unit="trillion yuan")
def gdp(variant) -> Answer:
    return Answer(
        GDP / TRILLION,
        {
            "This is in 100 million yuan: 10,000 of them make a trillion.": GDP,
            "The share went in as percent: 9.9% is 0.099.": CORE / (100 * STATED) / TRILLION,
            "This takes a share of the core: the core is the part, GDP the whole, so divide.": CORE * STATED / TRILLION,
            "This leaves a block out: the stated share is that of all four.": (CORE - NBS_2023["manufacturing"])
            / STATED
            / TRILLION,
        },
    )


@key.numbers(
    "1c",
    "between",
    points=2,
    shape=(2,),
    tolerance=0.01,
    decimals=2,
    labels=[("lower", "upper")],
    ascending=True,
    unit="trillion yuan",
)
def between(variant) -> Answer:
    def around(half):
        return np.array([CORE / (STATED + half), CORE / (STATED - half)]) / TRILLION

    return Answer(
        around(0.0005),
        {
            "This takes a whole unit of the last digit to either side: rounding hides half a unit.": around(0.001),
            "This takes half a percentage point to either side: the share is given to a tenth of one.": around(0.005),
            "These are in 100 million yuan: 10,000 of them make a trillion.": around(0.0005) * TRILLION,
        },
    )


@key.numbers("1d", "without", points=2, tolerance=1e-4, decimals=4, unit="fraction of GDP", bounds=(0, 1))
def without(variant) -> Answer:
    making = NBS_2023["manufacturing"]
    return Answer(
        digital_economy(NBS_2023, GDP, counted=set(NBS_2023) - {"manufacturing"}).share,
        {
            "This is a part of the core: divide by GDP.": (CORE - making) / CORE,
            "This is the share of the block you dropped.": making / GDP,
            "GDP stays as it is: what is no longer called digital is still produced.": (CORE - making) / (GDP - making),
            "This still counts the making of digital goods.": STATED,
        },
    )


# --- 2 ---------------------------------------------------------------------------------------------------------------

YEARS = (2022, 2023, 2024, 2025)
SERVICES = {year: ledger(f"A1-3-03.level_{year}") for year in YEARS}
SHARE_2023 = ledger("A1-3-03.share_2023") / 100
ALL = {**{year: ledger(f"A1-3-03.all_{year}") for year in (2022, 2024, 2025)}, 2023: SERVICES[2023] / SHARE_2023}
OTHERS = {year: ALL[year] - SERVICES[year] for year in YEARS}
SHARES = np.array([SERVICES[year] / ALL[year] for year in YEARS])


@key.numbers(
    "2a",
    "shares",
    points=2,
    shape=(4,),
    tolerance=6e-4,
    decimals=3,
    labels=[(2022, 2023, 2024, 2025)],
    unit="fractions of all capital",
    bounds=(0, 1),
    hints=(
        "Keep three things apart: how much goes to services, how much to all, and the ratio of the two.",
        "A share is services over the total of the same row. A change in percent is over the first year. A "
        "contribution is the change of one part, over the "
        "*total* of the first year, so that the contributions of all parts add up to the change of the total.",
        "Invented: services 80 of 100 in the first year, 60 of 70 in the second. Shares 0.800 and 0.857; services "
        "change by -25%, everything else by -50% "
        "(20 to 10), and of the total's -30% services contribute -20 percentage points.",
    ),
)
def shares(variant) -> Answer:
    two_years = np.array([SERVICES[year] / ALL[2022] for year in YEARS])
    return Answer(
        SHARES,
        {
            "These are the shares of everything else.": 1 - SHARES,
            "These compare services with everything else: divide by all industries.": SHARES / (1 - SHARES),
            "Every year has its own total: these are all over the total of 2022.": two_years,
        },
    )


def changed(parts: dict[int, float], start: int = 2023, base: int = 2023) -> float:
    """The change to 2025 in percent."""
    return 100 * (parts[2025] - parts[start]) / parts[base]


@key.numbers(
    "2b",
    "change",
    points=2,
    shape=(2,),
    tolerance=0.06,
    decimals=1,
    labels=[("services", "everything else")],
    unit="percent, from 2023 to 2025",
)
def change(variant) -> Answer:
    return Answer(
        [changed(SERVICES), changed(OTHERS)],
        {
            "The second number is the change of the total: take services out of it first.": [
                changed(SERVICES),
                changed(ALL),
            ],
            "These are over the year 2025: a change is over the year it starts from.": [
                changed(SERVICES, base=2025),
                changed(OTHERS, base=2025),
            ],
            "This is growth of the shares, not of the amounts.": [
                100 * (SHARES[3] / SHARES[1] - 1),
                100 * ((1 - SHARES[3]) / (1 - SHARES[1]) - 1),
            ],
            "This starts in 2022, of which the table has eleven months only: start in 2023.": [
                changed(SERVICES, start=2022, base=2022),
                changed(OTHERS, start=2022, base=2022),
            ],
            "These are levels, billion yuan and not percent: divide by 2023.": [
                SERVICES[2025] - SERVICES[2023],
                OTHERS[2025] - OTHERS[2023],
            ],
        },
    )


@key.numbers(
    "2c",
    "contribution",
    points=2,
    tolerance=0.06,
    decimals=1,
    unit="percentage points of the change of the total",
    praise="With what everything else contributed it adds up to the change of the total, as contributions must.",
)
def contribution(variant) -> Answer:
    part = SERVICES[2025] - SERVICES[2023]
    return Answer(
        100 * part / ALL[2023],
        {
            "This is services' own growth: divide by the total of 2023, not by services.": changed(SERVICES),
            "This is the change of the share: a share can rise while its part pulls the total down.": 100
            * (SHARES[3] - SHARES[1]),
            "This is the part of the fall that is due to services: asked are points of the total.": 100
            * part
            / (ALL[2025] - ALL[2023]),
            "This is the change of the whole total: take the part of services in it.": changed(ALL),
            "This is over the total of 2025: a contribution is over the year it starts from.": 100 * part / ALL[2025],
        },
    )


key.text("2d", points=2)

# --- 3 ---------------------------------------------------------------------------------------------------------------


def bridged(variant) -> tuple[float, float, np.ndarray]:
    """Gross by the older and by the newer rule, and what leads from the newer to the net flow."""
    shops, banks, kept, _, lent, repaid, sold = variant.year_of_flows
    return shops, shops + banks, np.array([kept, lent - repaid, -sold], dtype=float)


@key.numbers(
    "3a",
    "gross",
    points=1,
    shape=(2,),
    tolerance=0.01,
    decimals=0,
    labels=[("older", "newer")],
    unit="billions",
    varies=True,
    hints=(
        "Gross only adds. Which lines are capital that came in?",
        "Gross is the first line, or the first two. Net starts from both and goes on: plus profit kept, plus loans, "
        "less repayments, less firms sold. The three steps of the bridge are these, with their signs.",
        "Invented: 40 and 5 paid in, 10 kept, 8 paid out, 6 lent, 9 repaid, 12 from sales. Gross 40 and 45; bridge 10, "
        "-3 and -12; net 45 - 5 = 40.",
    ),
)
def gross(variant) -> Answer:
    older, newer, _ = bridged(variant)
    kept, _, lent, _, sold = variant.year_of_flows[2:]
    return Answer(
        [older, newer],
        {
            "The older rule leaves banks out: the first number is the first line alone.": [newer, newer],
            "Profit kept is not paid in: it belongs to the net flow.": [older + kept, newer + kept],
            "Loans are not in the gross figure as it is defined here.": [older + lent, newer + lent],
            "Nothing is taken off a gross figure.": [older - sold, newer - sold],
        },
    )


@key.numbers("3b", "net", points=1, tolerance=0.01, decimals=0, unit="billions", varies=True)
def net(variant) -> Answer:
    older, newer, steps = bridged(variant)
    kept, dividends, _, repaid, sold = variant.year_of_flows[2:]
    right = newer + steps.sum()
    return Answer(
        right,
        {
            "Dividends are taken off: they were never counted as kept, so they do not enter.": right - dividends,
            "Banks are missing: the balance of payments counts every industry.": right - (newer - older),
            "Repaid loans are not taken off.": right + repaid,
            "The sale of firms is not taken off.": right + sold,
            "Profit that firms kept is missing: it is new capital of their parents.": right - kept,
        },
    )


@key.numbers(
    "3c",
    "bridge",
    points=2,
    shape=(3,),
    tolerance=0.01,
    decimals=0,
    labels=[("kept", "loans", "sales")],
    unit="billions, with their signs",
    varies=True,
    praise="They add up to net less gross: the two series differ by what they count, not by a mistake.",
)
def bridge(variant) -> Answer:
    _, _, steps = bridged(variant)
    kept, dividends, lent, repaid, sold = variant.year_of_flows[2:]
    return Answer(
        steps,
        {
            "Sales of firms take money home: give them a minus.": [kept, lent - repaid, sold],
            "The second step is what was lent: take off what was repaid.": [kept, lent, -sold],
            "Loans are turned round: lent less repaid.": [kept, repaid - lent, -sold],
            "Dividends do not enter: the first step is the profit kept.": [kept - dividends, lent - repaid, -sold],
            "The bridge is turned round: it leads from gross to net.": -steps,
        },
    )


NET = datasets.read("world_indicators", indicator="BX.KLT.DINV.CD.WD", country="CHN").set_index("year").value / 1e9
MIDDLE = (ledger("A1-4-03.rate_low") + ledger("A1-4-03.rate_high")) / 2


@key.numbers(
    "3d",
    "ratio",
    points=1,
    shape=(2,),
    tolerance=0.006,
    decimals=2,
    labels=[(2021, 2024)],
    unit="dollars of net flow for a dollar of gross capital",
)
def ratio(variant) -> Answer:
    whole = np.array([ledger("A1-3-03.usd_2021"), ALL[2024] / MIDDLE])
    flows = NET.loc[[2021, 2024]].to_numpy()
    return Answer(
        flows / whole,
        {
            "These are gross over net: turn them over.": whole / flows,
            "These are differences: divide.": flows - whole,
            "The years are swapped: 2021 first.": (flows / whole)[::-1],
            "The gross capital of 2024 is in yuan here: take it in dollars.": flows / np.array([whole[0], ALL[2024]]),
        },
    )


key.text("3e", points=2)

# --- 4 ---------------------------------------------------------------------------------------------------------------


def patents(variant) -> pd.DataFrame:
    """The three indicators of the five economies, and what is needed for the mistakes."""
    series = {
        name: datasets.read("world_indicators", indicator=code, year=variant.year).set_index("country").value
        for name, code in (("home", "IP.PAT.RESD"), ("people", "SP.POP.TOTL"))
    }
    abroad = datasets.read("pct_applications", year=variant.year).set_index("country").applications
    return (
        pd.DataFrame({**series, "pct": abroad})
        .loc[variant.economies]
        .assign(per_head=lambda d: 1e6 * d.home / d.people, per_home=lambda d: 100 * d.pct / d.home)
    )


def ranked(*columns: pd.Series) -> np.ndarray:
    """Rank 1 for the largest, a column each."""
    return np.column_stack([column.rank(ascending=False) for column in columns])


def paired(columns: np.ndarray) -> np.ndarray:
    """The correlations of first and second, first and third, second and third column."""
    return np.corrcoef(columns.T)[[0, 0, 1], [1, 2, 2]]


@key.numbers(
    "4a",
    "ranks",
    points=3,
    shape=(5, 3),
    tolerance=0.1,
    decimals=0,
    unit="ranks, 1 for the largest",
    varies=True,
    hints=(
        "Three columns of numbers first; then, in each column by itself, who is largest?",
        "Divide the applications at home by the people, and the PCT applications by those at home. "
        "`column.rank(ascending=False)` of pandas gives 1 to the largest. "
        "For the correlation, subtract two columns of ranks and square.",
        "Invented: five economies are ranked 1, 2, 3, 4, 5 by one indicator and 2, 1, 3, 5, 4 by another. The squares "
        "of the differences add up to 4, so "
        "$r = 1 - 6 \\cdot 4 / (5 \\cdot 24) = 0.8$.",
    ),
)
def ranks(variant) -> Answer:
    d = patents(variant)
    right = ranked(d.home, d.per_head, d.per_home)
    return Answer(
        right,
        {
            "The smallest has rank 1 here: turn the order of each column round.": 6 - right,
            "The third column is turned round: PCT over applications at home, not the other way.": ranked(
                d.home, d.per_head, 1 / d.per_home
            ),
            "The second column ranks PCT applications per head: take those at home.": ranked(
                d.home, d.pct / d.people, d.per_home
            ),
            "The third column ranks the count of PCT applications: divide by those at home.": ranked(
                d.home, d.per_head, d.pct
            ),
            "These are places of the sorted rows (argsort), not the rank of each row.": np.argsort(
                -d[["home", "per_head", "per_home"]].to_numpy(), axis=0
            )
            + 1,
        },
    )


@key.numbers(
    "4b",
    "correlations",
    points=3,
    shape=(3,),
    tolerance=0.01,
    decimals=1,
    unit="rank correlations, from -1 to 1",
    bounds=(-1, 1),
    varies=True,
)
def correlations(variant) -> Answer:
    d = patents(variant)
    values = d[["home", "per_head", "per_home"]].to_numpy()
    right = paired(ranked(d.home, d.per_head, d.per_home))
    return Answer(
        right,
        {
            "These are correlations of the values: correlate the ranks.": paired(values),
            "The factor 6 is missing from the formula.": 1 - (1 - right) / 6,
            "Here the divisor is n times n squared: it is n times (n squared less one).": 1 - (1 - right) * 24 / 25,
            "One column is turned round, so the second and the third sign are: PCT over applications at home, not "
            "the other way.": right * [1, -1, -1],
        },
    )


key.text("4c", points=2)

# --- 5 ---------------------------------------------------------------------------------------------------------------

GROUPS = ("transport", "insurance_financial", "all_other")
MARKETS = ("MEX", "ZAF", "MYS", "COL")
KNOWN = {name: code for code, name in datasets.read("countries").set_index("country").name.items() if code in MARKETS}


def restrictions() -> np.ndarray:
    """The scores of the four markets in 2024, the mean over the sectors of each group."""
    stri = datasets.read("stri", year=2024, country=list(MARKETS))
    stri = stri[stri.sector != "ALLSEC"]
    kinds = {"TR": "transport", "LS": "transport", "CR": "transport", "FS": "insurance_financial"}
    group = stri.sector.str[:2].map(kinds).fillna("all_other")
    return stri.groupby(["country", group]).stri.mean().unstack().loc[list(MARKETS), list(GROUPS)].to_numpy()


SCORES = restrictions()


def sold(variant, flow: str = "exports", part: bool = True) -> np.ndarray:
    """The three groups in the economy's services trade of 2023."""
    trade = datasets.read("services_trade_by_group", country=variant.economy, year=2023, flow=flow)
    amounts = trade.set_index("group")["value"].loc[list(GROUPS)].to_numpy()
    return amounts / amounts.sum() if part else amounts


def opened(scores: np.ndarray) -> list[str]:
    """The markets from the most open to the most closed."""
    return [MARKETS[place] for place in np.argsort(scores)]


@key.numbers(
    "5a",
    "weighted",
    points=3,
    shape=(4,),
    tolerance=1e-3,
    decimals=3,
    labels=[MARKETS],
    unit="score, from 0 (open) to 1 (closed)",
    bounds=(0, 1),
    varies=True,
    hints=(
        "A barrier to something you do not sell does not hurt you. How can the average know that?",
        "Divide each group's exports by the sum of the three; these parts add up to one. Multiply each score by the "
        "part of its group and add along the row.",
        "Invented: scores 0.2 and 0.6; of the exports three quarters are in the first group. Weighted 0.75 x 0.2 + "
        "0.25 x 0.6 = 0.30, against a simple average of 0.40.",
    ),
)
def weighted(variant) -> Answer:
    parts = sold(variant)
    return Answer(
        SCORES @ parts,
        {
            "This is the simple average: each group must count by its part of your exports.": SCORES.mean(axis=1),
            "These weights are imports: the barriers abroad meet what your economy sells.": SCORES
            @ sold(variant, "imports"),
            "These are sums of exports times scores: divide by all exports.": SCORES @ sold(variant, part=False),
            "This is divided by three once more: the parts add up to one already.": SCORES @ parts / 3,
            "The weights are in another order than the columns of the scores: match them by name.": SCORES
            @ np.sort(parts)[::-1],
        },
    )


@key.words("5b", "order", points=2, options=MARKETS, also=KNOWN, count=4, varies=True)
def order(variant) -> Answer:
    right = opened(SCORES @ sold(variant))
    others = {
        "This runs from the most closed to the most open: turn it round.": right[::-1],
        "This is the order by simple averages: use your weighted scores.": opened(SCORES.mean(axis=1)),
        "This is the order with import weights: the barriers abroad meet what your economy sells.": opened(
            SCORES @ sold(variant, "imports")
        ),
    }
    return Answer(right, {hint: list(given) for hint, given in others.items() if given != right})


key.text("5c", points=2)

# --- 6 ---------------------------------------------------------------------------------------------------------------

BROAD = ledger("A1-3-05.broad_2023") / 100
on_the_dial = twins.definition_dial().model


def passed(target: float, off: tuple[str, ...] = ()) -> list[float]:
    """Where the slider first shows more than the target, and the share it then shows."""
    switches = {
        block: "no" if block in off else "yes" for block in ("applications", "manufacturing", "data_driven", "services")
    }
    seen = ((step / 100, on_the_dial(step / 100, **switches)["share"]) for step in range(51))
    return next([attributed, share] for attributed, share in seen if share > target)


@key.numbers(
    "6a",
    "dial",
    points=2,
    shape=(2,),
    tolerance=6e-5,
    decimals=4,
    labels=[("slider", "share")],
    unit="fractions, slider and share",
    bounds=(0, 1),
    varies=True,
    hints=(
        "Set the switches first and leave them; then only the slider moves.",
        "Each step of the slider adds about one point. Go up until the share is above the target for the first time, "
        "and read the sentence under the chart.",
        "With all four blocks on and the target of 10.3% (the United States on a narrow definition), the slider "
        "first passes at 0.01, where the share reads 10.80%.",
    ),
)
def dial(variant) -> Answer:
    place, share = passed(BROAD, variant.off)
    counted = {block for block in NBS_2023 if block.replace("-", "_") not in variant.off}
    short = digital_economy(NBS_2023, GDP, counted=counted, attributed=place - 0.01)
    return Answer(
        [place, share],
        {
            "All four blocks count here: switch off those that your variant names.": passed(BROAD),
            "One step more: here the share is still below the target.": [place - 0.01, short.share],
            "This passes the share of the 47 economies, not that of China.": passed(
                ledger("A1-2-02.gdp_47") / 100, variant.off
            ),
            "The share given is the target: record the one that the sentence shows.": [place, BROAD],
        },
    )


key.text("6b", points=1)

COMPACT = tables.load_compact(2011)
ADDED = pd.DataFrame(
    COMPACT.va.reshape(len(COMPACT.countries), -1), index=COMPACT.countries, columns=COMPACT.industries
)
OWN = ADDED.drop("ROW")


def blocks(variant) -> tuple[dict[str, float], float]:
    own = ADDED.loc[variant.economy]
    return {block: own[block] for block in ("ELE", "TEL")}, own.sum()


@key.numbers(
    "6c",
    "narrow",
    points=2,
    shape=(2,),
    tolerance=6e-5,
    decimals=4,
    labels=[("both", "TEL")],
    unit="fractions of GDP",
    bounds=(0, 1),
    varies=True,
)
def narrow(variant) -> Answer:
    own, whole = blocks(variant)
    start = COMPACT.block(variant.economy).start
    output = pd.Series(COMPACT.x[start : start + len(COMPACT.industries)], index=COMPACT.industries)
    return Answer(
        [digital_economy(own, whole, counted=counted).share for counted in (("ELE", "TEL"), ("TEL",))],
        {
            "The second number is `ELE` alone: networks are `TEL`.": [
                (own["ELE"] + own["TEL"]) / whole,
                own["ELE"] / whole,
            ],
            "This is gross output, not value added.": [
                (output["ELE"] + output["TEL"]) / output.sum(),
                output["TEL"] / output.sum(),
            ],
            "These are parts of that industry in all economies: divide by the GDP of your own.": [
                ADDED.loc[variant.economy, ["ELE", "TEL"]].sum() / ADDED[["ELE", "TEL"]].sum().sum(),
                own["TEL"] / ADDED["TEL"].sum(),
            ],
            "These are over all other industries: GDP includes the blocks themselves.": [
                (own["ELE"] + own["TEL"]) / (whole - own["ELE"] - own["TEL"]),
                own["TEL"] / (whole - own["TEL"]),
            ],
        },
    )


@key.numbers(
    "6d",
    "needed",
    points=2,
    shape=(2,),
    tolerance=6e-4,
    decimals=3,
    labels=[("both", "TEL")],
    unit="fractions of all other industries",
    bounds=(0, 1),
    varies=True,
)
def needed(variant) -> Answer:
    own, whole = blocks(variant)
    core = np.array([own["ELE"] + own["TEL"], own["TEL"]]) / whole
    right = np.array(
        [attribution_needed(own, whole, counted=counted, target=BROAD) for counted in (("ELE", "TEL"), ("TEL",))]
    )
    return Answer(
        right,
        {
            "This is the missing share of GDP: attributed is a part of the other industries, which are less than "
            "GDP.": BROAD - core,
            "This is the part that is not attributed.": 1 - right,
            "This forgets the core: the blocks already count in full.": [BROAD, BROAD],
            "This reaches the share of the 47 economies: the target is that of China.": (
                ledger("A1-2-02.gdp_47") / 100 - core
            )
            / (1 - core),
        },
    )


@key.numbers(
    "6e", "spans", points=2, shape=(2,), tolerance=6e-4, decimals=3, unit="fractions of GDP", bounds=(0, 1), varies=True
)
def spans(variant) -> Answer:
    own, whole = blocks(variant)

    def at(part):
        return digital_economy(own, whole, counted=own, attributed=part).share

    both = OWN[["ELE", "TEL"]].sum(axis=1) / OWN.sum(axis=1)
    telecom = OWN["TEL"] / OWN.sum(axis=1)
    between, rise = both.max() - both.min(), at(0.35) - at(0)
    return Answer(
        [between, rise],
        {
            "The second number attributes a part of the whole GDP: attribute it of the other industries only.": [
                between,
                0.35,
            ],
            "The second number is the share itself: subtract the share with nothing attributed.": [between, at(0.35)],
            "The first number is for `TEL` alone: take both blocks.": [telecom.max() - telecom.min(), rise],
            "The first number is the largest share: subtract the smallest.": [both.max(), rise],
        },
    )


key.text("6f", points=4)
