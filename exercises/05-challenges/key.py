"""The key of chapter 5. It computes what is right, and what the known mistakes give, from the tables and the bench."""

import numpy as np

from valuechains import datasets, evidence, indicators, twins
from valuechains.course.key import Answer, Key
from valuechains.models import judgement

ECONOMIES = ("DEU", "IND", "MEX", "CHN", "USA", "JPN", "KOR", "GBR", "TWN", "BRA", "IDN")
FLOWS = datasets.read("bilateral_flows", year=[1995, 2011])
NAMED = tuple(sorted(set(FLOWS.from_country) - {"ROW"}))
NAMES = {name: code for code, name in datasets.read("countries").set_index("country").name.items() if code in NAMED}
NAMES |= {"Korea": "KOR", "South Korea": "KOR", "UK": "GBR", "US": "USA"}
PROBABILITIES = (0.1, 0.2, 0.05, 0.3, 0.02, 0.01)
STARTS = (2012, 2007, 2013, 2008, 2014, 2009, 2016, 2011)  # windows of five years in which no share stays put
YEARS = (1995, 2011)

key = Key(
    "05-challenges",
    title="Challenges and the road ahead",
    minutes=65,
    variants=[
        {"economy": economy, "probability": PROBABILITIES[place % 6], "start": STARTS[place % 8]}
        for place, economy in enumerate(ECONOMIES)
    ],
    outcomes={
        "Compute": "1 2 5 effective",
        "Separate": "3 leave-to-borrow",
        "State": "4 brier can-fail",
        "Argue": "6 travels",
    },
)

# --- 1. Concentration and safety -------------------------------------------------------------------------------------

ORDERS = np.array([50, 30, 20])


@key.numbers(
    "1a",
    "concentration",
    points=3,
    keys=("hhi", "normalised", "effective"),
    tolerance=6e-4,
    decimals=3,
    unit="indices without a unit, and a number of suppliers",
    hints=(
        "Which of the three measures must lie between 0 and 1, and which between 1 and the number of suppliers?",
        "Turn the percentages into shares, square them and add up. The normalised index takes away the least that this "
        "many suppliers can have, $1/n$, and divides by what is left, $1 - 1/n$. The effective number is "
        "$1/\\mathrm{HHI}$.",
        "Two suppliers with 60 and 40 percent: HHI = 0.36 + 0.16 = 0.52; normalised (0.52 - 0.5)/(1 - 0.5) = 0.04; "
        "effective number 1/0.52 = 1.923.",
    ),
)
def concentration(variant) -> Answer:
    found = indicators.concentration(ORDERS)
    right = np.array([found.herfindahl, found.normalised, found.effective_number])
    hhi, normalised, effective = right
    return Answer(
        right,
        {
            "The shares are in percent: competition authorities print the index so, up to "
            "10,000; here use fractions.": np.array([1e4 * hhi, (1e4 * hhi - 1 / 3) / (1 - 1 / 3), 1e-4 * effective]),
            "The normalised index still needs its scale: divide by the largest value "
            "that HHI - 1/n can take.": np.array([hhi, hhi - 1 / 3, effective]),
            "That effective number comes from the entropy: here it is one over the HHI.": np.array(
                [hhi, normalised, found.entropy_number]
            ),
            "This is one minus the HHI, which measures diversity: the HHI is the sum of squares itself.": np.array(
                [1 - hhi, (1 - hhi - 1 / 3) / (1 - 1 / 3), 1 / (1 - hhi)]
            ),
            "The last number counts the suppliers: the effective number weighs them by their shares.": np.array(
                [hhi, normalised, 3.0]
            ),
        },
    )


bench = twins.diversification_bench()
SETTINGS = bench.controls["correlation"].values
SPLITS = ("one", "two", "three", "four", "ten")


def least_correlation(share: float, measure: str = "sd", split: str = "ten") -> float:
    """The first setting of the bench at which a split keeps more than this share of what a single supplier has."""
    power = 2 if measure == "variance" else 1

    def spread(suppliers, rho):
        return bench.model(suppliers, "sd", 0.1, rho)["sd"]

    return min(rho for rho in SETTINGS if (spread(split, rho) / spread("one", rho)) ** power > share)


@key.numbers(
    "1b",
    "shared",
    points=1,
    bounds=(0, 1),
    tolerance=0.01,
    decimals=2,
    unit="fraction of years in which all share one fate",
    hints=(
        "The sentence under the chart names the spread of your split and that of one supplier.",
        "Set ten equal suppliers and a failure in 10% of years. Work out three quarters of the spread of one supplier, "
        "then move the correlation up until the spread is above it.",
        "For two equal suppliers and a fifth off: one supplier has a spread of 30.0%, so the line is at 24.0%. At a "
        "correlation of 0.2 two suppliers have 23.2%, at 0.3 they have 24.2%: the record would be 0.3.",
    ),
)
def shared(variant) -> Answer:
    right = least_correlation(0.75)
    return Answer(
        right,
        {
            "There ten suppliers still take off more than a quarter: go up.": max(
                rho for rho in SETTINGS if rho < right
            ),
            "This is a quarter off the variance: compare standard deviations, "
            "as the bench prints them.": least_correlation(0.75, "variance"),
            "This is for two suppliers: choose ten.": least_correlation(0.75, split="two"),
        },
    )


def chances(probability: float, correlation: float = 0.0, measure: str = "fifth") -> dict[str, float]:
    return {split: bench.model(split, measure, probability, correlation)[measure] for split in SPLITS}


@key.words(
    "1c",
    "worst",
    points=1,
    options=SPLITS,
    varies=True,
    hints=(
        "The measure has changed: count how often more than a fifth is lost, not how much.",
        "Draw the chance of losing more than a fifth, set the correlation to 0% and your probability, and go through "
        "the five made-up splits.",
        "With a line at one half in place of a fifth and failures in 10% of years, one supplier is worst (10%): two "
        "equal suppliers must both fail.",
    ),
)
def worst(variant) -> Answer:
    chance = chances(variant.probability)
    return Answer(
        max(chance, key=chance.get),
        {
            "That split has the largest spread; what is asked for is the chance of losing more than a fifth.": "one",
            "Look again: there another made-up split is above it.": "two",
            "With 50, 30 and 20 percent, the smallest supplier alone loses no more than a fifth: another split is "
            "above it.": "three",
            "That split has the lowest HHI, and more than one supplier must fail before a fifth is lost.": "ten",
        },
    )


@key.numbers("1d", "chance", points=1, bounds=(0, 1), unit="fraction of years", tolerance=6e-4, decimals=3, varies=True)
def chance(variant) -> Answer:
    found = chances(variant.probability)
    split = max(found, key=found.get)
    return Answer(
        found[split],
        {
            "This is the chance of losing more than half: read the one for a fifth.": chances(
                variant.probability, measure="half"
            )[split],
            "This is the expected loss, which is the same for every split.": variant.probability,
            "This is the chance for another split: read it for the one that you named.": found["two"],
            "Here all suppliers still share one fate in 20% of years, where the bench starts: set the correlation to "
            "0%.": chances(variant.probability, 0.2)[split],
        },
    )


key.text("1e", points=2)

# --- 2. Inequality and its parts -------------------------------------------------------------------------------------

INCOMES, PLACES = np.array([2, 3, 5, 10]), np.array([1, 1, 2, 2])


@key.numbers(
    "2a",
    "gini",
    points=2,
    bounds=(0, 1),
    tolerance=6e-4,
    decimals=3,
    unit="fraction of the area under the line of equality",
    hints=(
        "If all four had the same, the Gini would be 0; if one had everything, it would be 3/4 and not 1.",
        "Compare everybody with everybody, sixteen pairs, the four with oneself included. The Gini is the mean "
        "difference between two people, divided by twice the mean income.",
        "Two people with 1 and 3: the differences are 0, 2, 2, 0, on average 1. Twice the mean income is 4, so the "
        "Gini is 0.25.",
    ),
)
def gini(variant) -> Answer:
    right, n = indicators.gini(INCOMES), len(INCOMES)
    means = np.repeat([INCOMES[place == PLACES].mean() for place in (1, 2)], 2)
    return Answer(
        right,
        {
            "The mean difference is divided by the mean; divide by twice the mean.": 2 * right,
            "The pairs of a person with itself are left out, as one does for a sample: "
            "here the four are everybody.": right * n / (n - 1),
            "This is the Gini of the two places' means: compare the four people.": indicators.gini(means),
            "This is one minus the Gini.": 1 - right,
        },
    )


def theil(log=np.log) -> np.ndarray:
    """Total, between, within."""

    def index(y, mu):
        return float(np.mean(y / mu * log(y / mu)))

    means = np.array([INCOMES[place == PLACES].mean() for place in (1, 2)])
    total, between = index(INCOMES, INCOMES.mean()), index(means, INCOMES.mean())
    return np.array([total, between, total - between])


@key.numbers(
    "2b",
    "theil",
    points=3,
    keys=("total", "between", "within"),
    tolerance=2e-4,
    decimals=4,
    unit="index, natural logarithms",
    hints=(
        "For the part between the places, give everybody the mean income of the place.",
        "Compute $T$ three times: for the four incomes; for the four incomes with each replaced by its place's mean; "
        "and inside each place, where the two indices are weighted by the place's share of *income*. The last two "
        "must add up to the first.",
        "Incomes 1 and 4 in one place, 5 and 5 in another: the total is 0.1209. Between the places (means 2.5 and 5) "
        "it is 0.0566. Inside, the first has 0.1927 with a third of the income, the second 0, so within is 0.0642.",
    ),
)
def theil_split(variant) -> Answer:
    found = indicators.theil(INCOMES, PLACES)
    total, between, within = found
    inside = [indicators.theil(INCOMES[place == PLACES]).total for place in (1, 2)]
    low = np.log(INCOMES.mean() / INCOMES).mean()
    low_means = np.mean([np.log(INCOMES.mean() / INCOMES[place == PLACES].mean()) for place in (1, 2)])
    return Answer(
        np.array(found),
        {
            "Between and within are swapped: between compares the places' means.": np.array([total, within, between]),
            "The places are weighted by their people: within, Theil's index weights by income.": np.array(
                [total, between, np.mean(inside)]
            ),
            "These are sums over people: take means.": 4 * np.array(found),
            "These are logarithms to base ten: use natural ones, `numpy.log`.": theil(np.log10),
            "This is the other Theil index, the mean of ln(mu/y): weight each logarithm by y/mu.": np.array(
                [low, low_means, low - low_means]
            ),
        },
    )


# --- 3. A quota in dollars -------------------------------------------------------------------------------------------

AMOUNTS = np.array([evidence.number(f"A1-5-01.{name}").value for name in ("local", "treasury", "bank")])
QUOTAS, RATE, CLAIMED = AMOUNTS.cumsum(), 7.17, 800.0
COUNTS = ("one", "two", "three")
STAGES = ("quota", "issue", "spending", "effect")


@key.numbers(
    "3a",
    "dollars",
    points=2,
    shape=(3,),
    unit="billions of dollars",
    tolerance=0.6,
    decimals=0,
    labels=[("one", "two", "three")],
    hints=(
        "The rate says how many yuan one dollar costs: is the sum in dollars larger or smaller than in yuan?",
        "Add up the quotas, multiply trillions by 1,000 to have billions, and divide by yuan a dollar.",
        "2 trillion yuan at 8 yuan a dollar: 2,000 billion / 8 = 250 billion dollars.",
    ),
)
def dollars(variant) -> Answer:
    right = 1000 * QUOTAS / RATE
    return Answer(
        right,
        {
            "These are multiplied by the rate: a dollar costs more than one yuan, so divide.": 1000 * QUOTAS * RATE,
            "These are trillions of dollars: a trillion has 1,000 billions.": right / 1000,
            "This is each kind by itself: add the second to the first, then the third.": 1000 * AMOUNTS / RATE,
            "These are billions of yuan: convert them.": 1000 * QUOTAS,
        },
    )


@key.words("3b", "nearest", points=1, options=COUNTS)
def nearest(variant) -> Answer:
    return Answer(
        COUNTS[int(np.abs(1000 * QUOTAS / RATE - CLAIMED).argmin())],
        {
            "That sum is the lowest; compare its distance to 800 with the others.": "one",
            "That sum is the highest; compare its distance to 800 with the others.": "three",
        },
    )


@key.numbers(
    "3c",
    "rate",
    points=1,
    unit="yuan a dollar",
    tolerance=0.002,
    decimals=3,
    hints=(
        "800 billion dollars are given and the yuan are given: what is left?",
        "The rate is yuan over dollars, both in billions.",
        "For 2 trillion yuan to be 240 billion dollars the rate would be 2,000/240 = 8.333 yuan a dollar.",
    ),
)
def rate(variant) -> Answer:
    right = judgement.rate_needed(1000 * QUOTAS[1], CLAIMED)
    return Answer(
        right,
        {
            "This is dollars a yuan: turn it over.": 1 / right,
            "This is for one kind of bond: take the sum that you named in 3b.": judgement.rate_needed(
                1000 * QUOTAS[0], CLAIMED
            ),
            "This is for three kinds of bond: take the sum that you named in 3b.": judgement.rate_needed(
                1000 * QUOTAS[2], CLAIMED
            ),
            "This corrects the rate the wrong way round: a sum below 800 needs fewer yuan a dollar.": RATE**2
            / judgement.rate_needed(1000 * QUOTAS[1], CLAIMED),
        },
    )


@key.words(
    "3d",
    "stages",
    points=2,
    keys=("a", "b", "c", "d", "e"),
    options=STAGES,
    hints=(
        "Ask of each sentence: has money moved, and if so, between whom?",
        "A quota permits borrowing; an issue brings the borrowed money in; spending pays somebody for something; an "
        "effect compares what came of it with what would have come without.",
        '"Parliament allows the railway to borrow 3 billion" is a quota. "The railway\'s bonds were oversubscribed" '
        "is an issue.",
    ),
)
def stages(variant) -> Answer:
    return Answer(
        ["issue", "quota", "effect", "spending", "quota"],
        {
            "a: the lenders have paid, and nothing has been bought with it yet.": {0: "spending"},
            "a: this is more than a permission: bonds were sold.": {0: "quota"},
            "b: a limit, however exact, is a permission; no bond is sold by it.": {1: "issue"},
            "c: a comparison with parks without the money is about what came of it.": {2: "spending"},
            "d: a contractor was paid; what came of the building is not said.": {3: "effect"},
            "e: a list of what may be paid for is a rule about a permission; nothing has been paid.": {4: "spending"},
        },
    )


# --- 4. Forecasts and their score ------------------------------------------------------------------------------------

key.form(
    "4a",
    "forecast",
    points=2,
    fields={
        "event": {"words": 12, "contains": "2030"},
        "source": {"words": 3},
        "date": {"date": True, "after": "2029-12-31"},
        "probability": {"between": [0.01, 0.99]},
    },
    praise="complete. Now ask a neighbour: could two honest people disagree, on that day, about whether it happened?",
    hints=(
        "Could the forecast turn out wrong? Which number in which table would show it?",
        "Name a measure, a threshold, a place and a year; then the publication that decides, the day on which you "
        "look, and a probability.",
        "On another subject: \"In the Civil Aviation Authority's yearly table, Heathrow counts more than 90 million "
        'passengers for 2030"; source: that table; date 2031-06-30; probability 0.4.',
    ),
)

GIVEN, HAPPENED = np.array([0.9, 0.7, 0.6, 0.3, 0.2]), np.array([1, 0, 1, 0, 1])


@key.numbers(
    "4b",
    "score",
    points=2,
    bounds=(0, 1),
    unit="Brier score",
    tolerance=6e-4,
    decimals=3,
    hints=(
        "Which of the five was furthest off? It should weigh most.",
        "Put each outcome as 1 or 0, subtract it from the probability, square, and take the mean.",
        "Two forecasts, 0.8 for an event that happened and 0.4 for one that did not: (0.04 + 0.16)/2 = 0.1.",
    ),
    praise="A coin, one half each time, would score a quarter.",
)
def score(variant) -> Answer:
    right = judgement.brier(GIVEN, HAPPENED)
    return Answer(
        right,
        {
            "This is the mean of the distances: square them first.": np.abs(GIVEN - HAPPENED).mean(),
            "This is the sum: divide by the number of forecasts.": right * len(GIVEN),
            "Happened and did not happen are swapped: an event that happened is a 1.": judgement.brier(
                GIVEN, 1 - HAPPENED
            ),
            "This is the square root of the score.": right**0.5,
        },
    )


def services_shares():
    """Services in the value added sold abroad, a row for each of the 62 economies, a column a year."""
    table = datasets.read("adb_exports_by_sector")
    table = table[(table.country != "ROW") & (table.year >= 2007)]
    sold = table.groupby(["country", "year", "sector"]).vax_by_origin.sum().unstack()
    return (sold[["TRD", "TPT", "TEL", "FIN", "BUS", "OSV"]].sum(axis=1) / sold.sum(axis=1)).unstack()


@key.numbers(
    "4c",
    "confident",
    points=2,
    bounds=(0, 1),
    unit="Brier score",
    tolerance=6e-4,
    decimals=3,
    varies=True,
    hints=(
        "Every forecast is 0.8; only the outcomes differ. How many different squared errors can there be?",
        "An outcome is 1 where the share is larger at the end of your five years than at their start. Those economies "
        "cost 0.04 each, the others 0.64.",
        "From 2010 to 2015 the share rose in 48 of the 62 economies: (48 x 0.04 + 14 x 0.64)/62 = 0.175.",
    ),
)
def confident(variant) -> Answer:
    shares = services_shares()
    start, end = shares[variant.start], shares[variant.start + 5]
    said = np.full(len(shares), 0.8)
    rose = (end > start).astype(int)
    return Answer(
        judgement.brier(said, rose),
        {
            "Rose and fell are swapped: an economy whose share rose is a 1.": judgement.brier(said, 1 - rose),
            "This is the mean of the distances: square them first.": np.abs(said - rose).mean(),
            "This asks whether the share is above one half: the forecast is about a rise.": judgement.brier(
                said, (end > 0.5).astype(int)
            ),
            "This is the share of economies in which it rose: score the forecasts.": rose.mean(),
        },
    )


# --- 5. Partners of your own economy ---------------------------------------------------------------------------------


def flows(inputs: bool):
    """Trade between the forty named economies, of inputs only or of everything."""
    foreign = EVERYTHING[EVERYTHING.from_country != EVERYTHING.to_country]
    named = foreign[(foreign.from_country != "ROW") & (foreign.to_country != "ROW")]
    return inputs_only(named) if inputs else named


def inputs_only(table):
    return table.assign(value=table.inputs)


def partners(table, economy: str, own: str, other: str, year: int):
    """Amounts by partner of one economy."""
    return table[(table[own] == economy) & (table.year == year)].groupby(other).value.sum()


EVERYTHING = FLOWS.assign(value=FLOWS.inputs + FLOWS.final)
INPUTS, GOODS = flows(True), flows(False)
ORIGINS, MARKETS = ("to_country", "from_country"), ("from_country", "to_country")


def numbers(economy: str, bought, sold, measure: str = "effective_number") -> np.ndarray:
    """Rows the two years, columns origins of inputs and markets of exports."""
    return np.array(
        [
            [
                getattr(indicators.concentration(partners(table, economy, *side, year).to_numpy()), measure)
                for table, side in ((bought, ORIGINS), (sold, MARKETS))
            ]
            for year in YEARS
        ]
    )


@key.numbers(
    "5a",
    "effective",
    points=4,
    shape=(2, 2),
    tolerance=6e-3,
    decimals=2,
    labels=[(1995, 2011), ("origins", "markets")],
    varies=True,
    unit="number of equal partners",
    hints=(
        "With thirty-nine partners an effective number lies between 1 and 39.",
        "For each year: add up what your economy buys as inputs by origin, and what it sells for any use by market, "
        "both among the thirty-nine other named economies. Turn each into shares and take one over the sum of squares.",
        "An economy that buys 60, 30 and 10 from three origins has shares 0.6, 0.3 and 0.1, an HHI of 0.46 and "
        "1/0.46 = 2.17 effective origins.",
    ),
)
def effective(variant) -> Answer:
    right = numbers(variant.economy, INPUTS, GOODS)
    own = EVERYTHING[(EVERYTHING.from_country != "ROW") & (EVERYTHING.to_country != "ROW")]
    rest = EVERYTHING[EVERYTHING.from_country != EVERYTHING.to_country]
    return Answer(
        right,
        {
            "The economy itself is among its partners: leave out what it buys from itself.": numbers(
                variant.economy, inputs_only(own), own
            ),
            "The rest of the world is counted as one partner: keep the named economies.": numbers(
                variant.economy, inputs_only(rest), rest
            ),
            "Final goods are among the purchases: origins of inputs are asked for.": numbers(
                variant.economy, GOODS, GOODS
            ),
            "These are HHIs: turn them over.": numbers(variant.economy, INPUTS, GOODS, "herfindahl"),
            "These are entropy numbers: take one over the HHI.": numbers(
                variant.economy, INPUTS, GOODS, "entropy_number"
            ),
            "Origins and markets are swapped: first column origins.": right[:, ::-1],
            "The years are swapped: first row 1995.": right[::-1],
        },
    )


def origin_shares(economy: str):
    """Shares of origins in an economy's imported inputs, a column a year."""
    shares = [partners(INPUTS, economy, *ORIGINS, year) for year in YEARS]
    return [share / share.sum() for share in shares]


@key.words(
    "5b",
    "mover",
    points=1,
    options=NAMED,
    also=NAMES,
    varies=True,
    hints=(
        "Up or down: the largest move counts, not the largest share.",
        "Subtract the shares of 1995 from those of 2011 and take the partner with the largest absolute difference.",
        "If shares go from 0.5, 0.3, 0.2 to 0.3, 0.4, 0.3, the first partner moved most, by -0.2.",
    ),
)
def mover(variant) -> Answer:
    before, after = origin_shares(variant.economy)
    moved = after - before
    top = moved.abs().idxmax()
    others = {  # partner: what it is mistaken for, the likeliest last
        moved.abs().idxmin(): "That share hardly moved: look for the largest change.",
        moved.abs().nlargest(2).index[1]: "That share moved, and another moved more.",
        before.idxmax(): "That is the largest partner of 1995: a level, not a change.",
        after.idxmax(): "That is the largest partner of 2011: a level, not a change.",
    }
    return Answer(top, {hint: partner for partner, hint in others.items() if partner != top})


@key.numbers(
    "5c",
    "change",
    points=1,
    bounds=(-1, 1),
    tolerance=6e-4,
    decimals=3,
    varies=True,
    unit="fraction of imported inputs, with its sign",
)
def change(variant) -> Answer:
    before, after = origin_shares(variant.economy)
    top = (after - before).abs().idxmax()
    return Answer(
        after[top] - before[top],
        {
            "This is growth relative to the share of 1995: subtract the shares.": after[top] / before[top] - 1,
            "This is the share in 2011, a level: subtract that of 1995.": after[top],
            "This is the share in 1995, a level: subtract it from that of 2011.": before[top],
        },
    )


key.text("5d", points=2)

# --- 6. The plan of an essay -----------------------------------------------------------------------------------------


@key.words(
    "6a",
    "design",
    points=1,
    options=("A", "B", "C", "D"),
    hints=(
        "What would have happened to the economy without the element? Which design comes nearest to showing it?",
        "A test needs somebody who took the element up, somebody alike who did not, and the outcome before and after "
        "for both.",
        "For a new teaching method: two classes that were alike in last year's test, one taught with it, both tested "
        "again. The classes' gains are compared, not their marks.",
    ),
)
def design(variant) -> Answer:
    return Answer(
        "C",
        {
            "A has nobody who did without: whatever moved both in those years counts as the element's effect.": "A",
            "B compares an economy with its own past: what else changed in those ten years?": "B",
            "D compares levels of unlike economies: one may have been ahead before.": "D",
        },
    )


key.form(
    "6b",
    "plan",
    points=2,
    fields={
        "element": {"options": ["market-driven innovation", "enterprise", "cooperation"]},
        "taker": {},
        "comparator": {"unlike": "taker"},
        "outcome": {"words": 5},
        "date": {"date": True, "after": "2026-12-31"},
        "refuted_by": {"words": 10},
    },
)
key.text("6c", points=4)
