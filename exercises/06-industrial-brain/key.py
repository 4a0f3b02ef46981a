"""The key of chapter 6. It computes what is right, and what the known mistakes give, from the counts and the tables."""

import math

import numpy as np

from valuechains import datasets, evidence, twins
from valuechains.course.key import Answer, Key
from valuechains.models import configurations

OFFERS = {  # economy and year for the tables; models, share of buyers and cars a year for the configurator
    "JPN": (2007, 100, 0.1, 200_000),
    "FRA": (2000, 20, 0.2, 200_000),
    "MEX": (2008, 5, 0.1, 10_000),
    "GBR": (2005, 100, 0.1, 10_000),
    "TWN": (2007, 5, 0.05, 1_000),
    "KOR": (2000, 200, 0.1, 200_000),
    "POL": (2008, 20, 0.05, 1_000),
    "DEU": (2005, 5, 0.2, 1_000_000),
    "IND": (2007, 5, 0.1, 1_000),
    "CHN": (2008, 20, 0.1, 200_000),
}

key = Key(
    "06-industrial-brain",
    title="From robotics to an industrial brain",
    minutes=90,
    variants=[
        {"economy": economy, "year": year, "models": models, "rate": rate, "output": output}
        for economy, (year, models, rate, output) in OFFERS.items()
    ],
    outcomes={
        "Count": "1 2 combinations rule",
        "Tell apart": "3 4 popular capability",
        "Measure": "5b 5c",
        "Weigh": "6 visit",
    },
)

# --- 1. Options that are enough --------------------------------------------------------------------------------------

TARGETS = np.array([1e8, 2e8])


def enough(models: int) -> np.ndarray:
    return np.array([configurations.options_needed(target, models) for target in TARGETS])


def linear(models: int) -> np.ndarray:
    return np.floor(TARGETS / (2 * models)) + 1


@key.numbers(
    "1a",
    "options",
    points=2,
    shape=(2,),
    unit="yes-or-no options",
    tolerance=0.1,
    decimals=0,
    hints=(
        "What does one more yes-or-no option do to the count?",
        "You look for the smallest whole $k$ with $m \\cdot 2^k$ *above* the target. Divide the target by $m$ and "
        "take the logarithm to base two, or keep doubling.",
        "Ten models and a million: 10 x 65,536 is 655,360 and too few, 10 x 131,072 is 1,310,720, and 131,072 is 2 "
        "to the power of 17. So 17.",
    ),
)
def options(variant) -> Answer:
    right = enough(200)
    return Answer(
        right,
        {
            "One option more is needed: with these the count is still below the target.": right - 1,
            "The models are left out: they multiply the count too.": enough(1),
            "An option multiplies the count by two, it does not add two: use powers of two.": linear(200),
            "These are natural logarithms: use base two, since each option doubles the count.": np.ceil(
                np.log(TARGETS / 200)
            ),
        },
    )


@key.numbers(
    "1b",
    "single",
    points=1,
    shape=(2,),
    unit="yes-or-no options",
    tolerance=0.1,
    decimals=0,
    praise="Compare it with 1a: how much work does the number of models do?",
)
def single(variant) -> Answer:
    right = enough(1)
    return Answer(
        right,
        {
            "One option more is needed: with these the count is still below the target.": right - 1,
            "These are the options for 200 models: start from one.": enough(200),
            "An option multiplies the count by two, it does not add two: use powers of two.": linear(1),
        },
    )


# --- 2. What the rules leave -----------------------------------------------------------------------------------------

VAN, (SHORT_HIGH, ELECTRIC_BAR) = configurations.VAN, configurations.VAN_RULES


def forbidden(*rules) -> int:
    """Combinations that these rules forbid together, each of them."""
    together = {option: level for rule in rules for option, level in rule.items()}
    return math.prod(len(levels) for option, levels in VAN.items() if option not in together)


@key.numbers(
    "2a",
    "counts",
    points=2,
    keys=("all", "short and high", "electric with bar", "both"),
    tolerance=0.1,
    decimals=0,
    unit="combinations",
    hints=(
        "A rule names two options. What may the others be?",
        "All: multiply the levels. A rule fixes the levels of two options, so it forbids as many combinations as the "
        "other options have. Both rules at once fix four options.",
        'Three sizes, two colours and two handles make 12. The rule "no large red one" forbids 2, one for each handle; '
        '"no red one with a strap" forbids 3, one for each size; a large red one with a strap is forbidden by both: 1.',
    ),
)
def counts(variant) -> Answer:
    everything, first, second = configurations.theoretical(VAN), forbidden(SHORT_HIGH), forbidden(ELECTRIC_BAR)
    both = forbidden(SHORT_HIGH, ELECTRIC_BAR)

    def one(option):
        return everything // len(VAN[option])

    return Answer(
        np.array([everything, first, second, both]),
        {
            "Each rule fixes two options: you fixed only one of them.": np.array(
                [everything, one("roof"), one("engine"), both]
            ),
            "The two rules are swapped: count the combinations of the options that each does not name.": np.array(
                [everything, second, first, both]
            ),
            "A van can break both rules at once: count those too.": np.array([everything, first, second, 0]),
            "Levels multiply; you added them.": np.array([sum(map(len, VAN.values())), first, second, both]),
        },
    )


@key.numbers("2b", "left", points=2, unit="combinations", tolerance=0.1, decimals=0)
def left(variant) -> Answer:
    everything, first, second = configurations.theoretical(VAN), forbidden(SHORT_HIGH), forbidden(ELECTRIC_BAR)
    return Answer(
        configurations.feasible_by_exclusion(VAN, [SHORT_HIGH, ELECTRIC_BAR]),
        {
            "A van that breaks both rules is taken away twice: add it back.": everything - first - second,
            "What breaks both rules must be added back, not taken away once more.": everything
            - first
            - second
            - forbidden(SHORT_HIGH, ELECTRIC_BAR),
            "Only the rule about the roof is used: strike out the electric ones with a tow bar too.": everything
            - first,
            "Only the rule about the tow bar is used: strike out the short ones with a high roof too.": everything
            - second,
            "These are the forbidden ones: count what is left.": first + second - forbidden(SHORT_HIGH, ELECTRIC_BAR),
        },
    )


# --- 3. Variety of orders --------------------------------------------------------------------------------------------

COUNT, RATE = 10, 0.1


def entropy(rate: float, log=np.log) -> float:
    return float(-(rate * log(rate) + (1 - rate) * log(1 - rate)))


@key.numbers(
    "3a",
    "effective",
    points=3,
    unit="equally popular cars",
    tolerance=0.06,
    decimals=1,
    hints=(
        "If half of the buyers took each option, every option would double the variety. Here they agree much more "
        "often.",
        "The entropy of one option is $-p \\ln p - (1 - p) \\ln (1 - p)$. Entropies of independent choices add up; the "
        "exponential of the sum is the effective variety.",
        "Three options, each taken by one buyer in five: one has the entropy 0.322 + 0.179 = 0.500, three have "
        "1.501, and exp(1.501) = 4.49, of 8 combinations.",
    ),
)
def effective(variant) -> Answer:
    return Answer(
        configurations.effective_variety(configurations.yes_no(COUNT, RATE)),
        {
            "This is the number of combinations, as varied as orders would be if half took each option.": 2.0**COUNT,
            "This is the entropy: take its exponential.": COUNT * entropy(RATE),
            "The varieties of the options multiply; you added them.": COUNT * math.exp(entropy(RATE)),
            "Leaving an option is a choice too: add the term of those who do not take it.": math.exp(
                -COUNT * RATE * math.log(RATE)
            ),
            "That entropy is in bits: take natural logarithms, or raise two to its power.": math.exp(
                COUNT * entropy(RATE, np.log2)
            ),
        },
    )


count = twins.configurator().model


def first_above(variant, field: str = "effective", models: int | None = None) -> int:
    """The smallest number of options at which a count of the configurator is above the year's output."""

    def value(k):
        return count(models or variant.models, k, variant.rate, 0, variant.output)[field]

    return next(k for k in range(1, 80) if value(k) > variant.output)


@key.numbers(
    "3b",
    "needed",
    points=2,
    unit="yes-or-no options",
    tolerance=0.1,
    decimals=0,
    varies=True,
    hints=(
        "Set the four other controls first; then only the slider of options moves.",
        'Compare two of the five rows of the chart: "Effective (orders)" and "Cars built". Move the options up until '
        "the first is above the second, then one back to see that it was the first such setting.",
        "With one model, options taken by one buyer in five, and 10,000 cars, the effective variety is 8,162 with 18 "
        "options and 13,462 with 19: the record would be 19.",
    ),
)
def needed(variant) -> Answer:
    right = first_above(variant)
    in_bits = math.log(variant.output / variant.models) / entropy(variant.rate, np.log2)
    return Answer(
        right,
        {
            "There the effective variety is still below the year's output: one step more.": right - 1,
            "There it is the theoretical count that passes the output: look at the effective variety.": first_above(
                variant, "theoretical"
            ),
            "That is for one model: set your number of models.": math.ceil(
                math.log(variant.output) / entropy(variant.rate)
            ),
            "That entropy is in bits: take natural logarithms, as in 3a.": math.ceil(in_bits),
        },
    )


key.text("3c", points=2)

# --- 4. Different cars in a year -------------------------------------------------------------------------------------

CARS, VARIANTS = 200_000, np.array([200_000_000, 100_000])


@key.numbers(
    "4a",
    "different",
    points=3,
    shape=(2,),
    unit="different cars",
    tolerance=20.0,
    decimals=0,
    bounds=(0, CARS),
    hints=(
        "Can there be more different cars than cars? More than variants?",
        "One given variant is missed by one car with probability $1 - 1/V$, and by all $Q$ cars with that to the "
        "power of $Q$. Whoever is not missed is there; add up over $V$ variants.",
        "Ten cars and ten variants: one variant is missed with probability 0.9 to the power of 10, or 0.349, so on "
        "average 10 x 0.651 = 6.5 of the ten are different.",
    ),
)
def different(variant) -> Answer:
    right = np.array([configurations.expected_distinct(int(k), CARS) for k in VARIANTS])
    return Answer(
        right,
        {
            "As if no two cars were alike, or no variant missed: some are ordered twice, and some never.": np.minimum(
                VARIANTS, CARS
            ).astype(float),
            "These are the variants that nobody orders: take them from all variants.": VARIANTS - right,
            "Cars and variants are swapped: V is the number of variants.": np.array(
                [configurations.expected_distinct(CARS, int(k)) for k in VARIANTS]
            ),
            "These are shares of the variants: multiply by their number.": right / VARIANTS,
        },
    )


key.text("4b", points=2)

# --- 5. Robots, workers, and services bought -------------------------------------------------------------------------

THREE = ("China", "Korea", "Germany")


@key.numbers(
    "5a",
    "workers",
    points=2,
    keys=THREE,
    unit="employees for each robot",
    tolerance=0.06,
    decimals=1,
    hints=(
        "Is there more than one worker to a robot, or more than one robot to a worker?",
        "The density says how many robots there are for 10,000 employees; turn the ratio over.",
        "Singapore has 770 robots for 10,000 employees: 10,000/770, or 13.0 employees for each.",
    ),
)
def workers(variant) -> Answer:
    density = np.array([evidence.number(f"A2-1-05.{name.lower()}").value for name in THREE])
    return Answer(
        10_000 / density,
        {
            "These are robots for each employee: turn the ratio over.": density / 10_000,
            "These are robots for 100 employees: the question asks for employees for one robot.": density / 100,
            "Robots are not among the 10,000 employees: do not subtract them.": (10_000 - density) / density,
        },
    )


MANUFACTURES = [f"c{number}" for number in range(3, 17)]


def exports(variant, industries=MANUFACTURES):
    table = datasets.read("exports_by_industry", country=variant.economy, year=variant.year)
    return table if industries is None else table[table.industry.isin(industries)]


@key.numbers(
    "5b",
    "bought",
    points=4,
    keys=("home", "abroad"),
    bounds=(0, 1),
    tolerance=6e-4,
    decimals=3,
    varies=True,
    unit="fractions of manufacturing exports",
    hints=(
        "A large exporting industry should count for more than a small one.",
        "Add up over the fourteen industries first: what services earn at home, what they earn abroad, and gross "
        "exports. Divide the sums.",
        "Two industries export 100 and 300; services at home earn 20 and 90 of it. The fraction is 110/400 = 0.275; "
        "the mean of the two fractions, 0.25, is another number.",
    ),
)
def bought(variant) -> Answer:
    kinds = ["services_domestic", "services_foreign"]
    table, everything = exports(variant), exports(variant, None)
    paid = table[kinds].sum().to_numpy()
    right = paid / table.gross_exports.sum()
    return Answer(
        right,
        {
            "This is the mean of the industries' fractions: add up amounts first, then divide.": table[kinds]
            .div(table.gross_exports, axis=0)
            .mean()
            .to_numpy(),
            "These are all exports: keep manufactures, c3 to c16.": everything[kinds].sum().to_numpy()
            / everything.gross_exports.sum(),
            "These are parts of domestic value added: divide by gross exports.": paid / table.dva.sum(),
            "These are levels in millions of dollars: divide by gross exports.": paid,
            "These are parts of all services: divide by gross exports.": paid / paid.sum(),
        },
    )


key.text("5c", points=2)

# --- 6. A sampling frame ---------------------------------------------------------------------------------------------

FAULTS = ("list", "selection", "refusal", "moment", "who counts")


@key.words(
    "6a",
    "faults",
    points=2,
    keys=("a", "b", "c", "d", "e"),
    options=FAULTS,
    also={"non-response": "refusal", "timing": "moment", "who": "who counts"},
    hints=(
        "At which step does each count go wrong: before drawing, in drawing, in getting an answer, or in counting?",
        "The list leaves plants out; the selection does not draw by lot; some that were drawn refuse; the moment of "
        "counting is special; or it is not settled who counts as a worker.",
        "On another subject: a survey of readers by a form in the newspaper. The list has readers only, and then those "
        "answer who care. A count of cyclists in the rain has the moment against it.",
    ),
)
def faults(variant) -> Answer:
    return Answer(
        ["moment", "selection", "who counts", "list", "refusal"],
        {
            "a: the halls were drawn by lot; what is special is when they were entered.": {0: "selection"},
            "b: all large plants may be on the list; who chose among them?": {1: "list"},
            "c: the counters came at a usual hour; they did not agree on whom to count.": {2: "moment"},
            "d: these were drawn by lot, from a list that has only some of the plants.": {3: "selection"},
            "e: the draw was fair and the list complete; what became of the halls that were drawn?": {4: "selection"},
            "e: the list was complete; what became of the halls that were drawn?": {4: "list"},
        },
    )


key.form(
    "6b",
    "frame",
    points=2,
    fields={
        "population": {"words": 6},
        "list": {"words": 5},
        "draw": {"words": 5},
        "halls": {"between": [30, 100_000]},
        "moment": {"words": 4},
        "who_counts": {"words": 6},
    },
)
key.text("6c", points=4)
