"""The key of chapter 7. It computes what is right, and what the known mistakes give; the orders are drawn with the
seed."""

import numpy as np

from valuechains import datasets, indicators, twins
from valuechains.course.key import Answer, Key, apart
from valuechains.models import inventory

MEAN, SD, UNDER, OVER, REGIONS, DAYS = 100, 30, 8, 2, 4, 2000

key = Key(
    "07-exportable-service",
    title="From internal capability to exportable service",
    minutes=125,
    variants=[
        {
            "economy": economy,
            "seed": seed,
            "swing": swing,
            "regions": regions,
            "correlation": correlation,
            "speed": speed,
        }
        for economy, seed, swing, regions, correlation, speed in [
            ("DEU", 71, 18, 4, 0.0, 0.25),
            ("KOR", 72, 15, 6, 0.1, 0.3),
            ("JPN", 73, 20, 8, 0.2, 0.3),
            ("USA", 74, 16, 4, 0.1, 0.25),
            ("SGP", 75, 19, 6, 0.0, 0.3),
            ("GBR", 76, 17, 8, 0.1, 0.35),
            ("BRA", 77, 21, 6, 0.2, 0.25),
            ("CHN", 78, 14, 8, 0.2, 0.25),
            ("IDN", 79, 18, 4, 0.1, 0.2),
            ("PER", 80, 20, 6, 0.3, 0.2),
        ]
    ],
    outcomes={
        "Solve": "1 2 critical-ratio pooling",
        "Value": "3 forecast",
        "Decide": "4 foreseen",
        "Classify": "5 affiliate",
        "Measure": "5d",
    },
)

one = inventory.newsvendor(MEAN, SD, UNDER, OVER)


@key.numbers(
    "1a",
    "order",
    points=1,
    unit="units",
    tolerance=0.05,
    decimals=2,
    hints=(
        "How likely should it be that the stock lasts? That probability is not yet a number of units.",
        "$CR = c_u / (c_u + c_o)$, then the normal quantile $z$ of it: `NormalDist().inv_cdf(CR)`. The order is "
        "$\\mu + z \\sigma$.",
        "A mean of 200, a standard deviation of 40, costs of 3 and 1: $CR$ = 0.75, $z$ = 0.6745, so the order is "
        "226.98. Its expected cost is 50.84; it loses 5.966 sales and serves 0.9702 of demand.",
    ),
)
def order(variant) -> Answer:
    return Answer(
        one.quantity,
        {
            "The ratio is upside down: the cost of a unit too few goes on top.": MEAN - one.z * SD,
            "This is safety stock alone: add the mean.": one.safety_stock,
            "The critical ratio is a probability: take its normal quantile before you multiply by the standard "
            "deviation.": MEAN + one.critical_ratio * SD,
            "This multiplies the variance: multiply the standard deviation by the quantile.": MEAN + one.z * SD**2,
        },
    )


@key.numbers("1b", "cost", points=1, unit="money units", tolerance=0.05, decimals=2)
def cost(variant) -> Answer:
    density = inventory.STANDARD.pdf(one.z)
    return Answer(
        one.cost,
        {
            "Both costs count: multiply by their sum.": UNDER * SD * density,
            "The formula has the density of the normal at z, not the probability.": (UNDER + OVER)
            * SD
            * one.critical_ratio,
            "This is the cost of ordering the mean, which is not the best order.": inventory.expected_cost(
                MEAN, MEAN, SD, UNDER, OVER
            ),
        },
    )


@key.numbers("1c", "lost", points=1, unit="units", tolerance=4e-3, decimals=3)
def lost(variant) -> Answer:
    density = inventory.STANDARD.pdf(one.z)
    return Answer(
        one.lost_sales,
        {
            "This leaves out the second term, z times the probability of running out.": SD * density,
            "These are the units left over: ask for those that were short.": one.lost_sales + one.safety_stock,
            "The second term takes the probability of running out, one less the critical ratio.": SD
            * (density - one.z * one.critical_ratio),
        },
    )


@key.numbers(
    "1d",
    "fill",
    points=1,
    bounds=(0, 1),
    unit="fraction of demand",
    tolerance=5e-4,
    decimals=4,
    praise="It is far above the critical ratio: running out in one period of five loses little each time.",
)
def fill(variant) -> Answer:
    return Answer(
        one.fill_rate,
        {
            "This is the probability of not running out; the fill rate counts units, not periods.": one.critical_ratio,
            "This is the share lost: take it from one.": 1 - one.fill_rate,
            "Divide by the demand to be served, not by the order.": 1 - one.lost_sales / one.quantity,
        },
    )


@key.numbers(
    "2a",
    "ratios",
    points=3,
    shape=(3,),
    bounds=(0, 1),
    unit="fractions of the safety stock of four places",
    tolerance=5e-4,
    decimals=4,
    labels=[("0", "0.5", "1")],
    hints=(
        "A high day in one region can be served from a low day in another, unless high days come together. Which "
        "variance says so?",
        "The variance of a sum of $n$ is $n \\sigma^2$ plus, for each of the $n (n - 1)$ ordered pairs, $\\rho "
        "\\sigma^2$. Safety stock goes with the square root of it. Compare that with $n$ standard deviations.",
        "Nine regions with a correlation of 0.25 and a standard deviation of 10: the variance of the sum is 900 + 72 "
        "x 25 = 2,700, its root 51.96, against 90 apart, so the ratio is 0.577.",
    ),
)
def ratios(variant) -> Answer:
    rho = np.array([0, 0.5, 1])
    right = np.array([inventory.pooling(REGIONS, SD, r).ratio for r in rho])
    return Answer(
        right,
        {
            "These are ratios of variances: safety stock goes with the standard deviation, so take the root.": right**2,
            "This compares the pool with one region: compare it with all four.": REGIONS * right,
            "Each pair is counted once here: the sum of four has twelve covariances, two for each pair.": np.sqrt(
                (1 + (REGIONS - 1) / 2 * rho) / REGIONS
            ),
        },
    )


def orders(variant) -> tuple[np.ndarray, np.ndarray]:
    """The synthetic orders of the notebook, days by regions, and the weather."""
    rng = np.random.default_rng(variant.seed)
    weather = variant.swing * rng.standard_normal((DAYS, 1))
    return MEAN + weather + np.sqrt(SD**2 - variant.swing**2) * rng.standard_normal((DAYS, REGIONS)), weather


@key.numbers(
    "2b",
    "observed",
    points=2,
    bounds=(0, 1),
    unit="fraction of the safety stock of four places",
    tolerance=1e-3,
    decimals=3,
    varies=True,
)
def observed(variant) -> Answer:
    covariance = np.cov(orders(variant)[0], rowvar=False)
    apart_sd, pooled = np.sqrt(np.diag(covariance)), np.sqrt(covariance.sum())
    right = pooled / apart_sd.sum()
    return Answer(
        right,
        apart(
            right,
            {
                "This holds for regions that have nothing in common; these share the weather.": np.sqrt(
                    (apart_sd**2).sum()
                )
                / apart_sd.sum(),
                "This is a ratio of variances: take the root of each.": pooled**2 / (apart_sd**2).sum() / REGIONS,
                "This compares the pool with one region: compare it with the sum of the "
                "four standard deviations.": REGIONS * right,
                "This is the sd of the four regions' average: add the regions up.": right / REGIONS,
            },
            1e-3,
        ),
    )


@key.numbers(
    "3a",
    "needed",
    points=2,
    bounds=(0, 1),
    unit="fraction of the variance",
    tolerance=1e-3,
    decimals=3,
    hints=(
        "The cost goes with a standard deviation, and $R^2$ is a share of a variance.",
        "What remains has standard deviation $\\sigma \\sqrt{1 - R^2}$. Set the root to the part of the cost that "
        "you want to keep and solve.",
        "To bring the cost down to 80%: $\\sqrt{1 - R^2} = 0.8$, so $1 - R^2 = 0.64$ and $R^2$ = 0.36.",
    ),
)
def needed(variant) -> Answer:
    return Answer(
        inventory.r_squared_needed(0.5),
        {
            "Explaining half of the variance leaves seven tenths of the cost: the cost goes with its root.": 0.5,
            "This is the part of the variance that may remain: the forecast explains the rest.": 0.25,
            "The root is on the wrong side: solve for R² by squaring.": 1 - np.sqrt(0.5),
            "This is what remains of the cost when half of the variance is explained.": np.sqrt(0.5),
        },
    )


def spread(variant) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Standard deviation of the orders, and of what the weather leaves; orders and weather."""
    sold, weather = orders(variant)
    return sold.std(), (sold - weather).std(), sold, weather


@key.numbers(
    "3b", "explained", points=1, bounds=(0, 1), unit="fraction of the variance", tolerance=1e-3, decimals=3, varies=True
)
def explained(variant) -> Answer:
    before, after, *_ = spread(variant)
    right = 1 - (after / before) ** 2
    return Answer(
        right,
        apart(
            right,
            {
                "This is the part that the weather leaves: take it from one.": 1 - right,
                "These are standard deviations: R² compares variances.": 1 - after / before,
                "This is a correlation: square it.": np.sqrt(right),
            },
            1e-3,
        ),
    )


def realised(stock, sold: np.ndarray) -> float:
    return float((UNDER * np.maximum(sold - stock, 0) + OVER * np.maximum(stock - sold, 0)).mean())


@key.numbers(
    "3c",
    "saving",
    points=2,
    bounds=(0, 1),
    unit="fraction of the cost without the forecast",
    tolerance=1e-3,
    decimals=3,
    varies=True,
)
def saving(variant) -> Answer:
    before, after, sold, weather = spread(variant)
    blind, told = realised(MEAN + one.z * before, sold), realised(MEAN + weather + one.z * after, sold)
    right = 1 - told / blind
    return Answer(
        right,
        apart(
            right,
            {
                "This is the part of the variance that is explained; the saving in cost is smaller.": 1
                - (after / before) ** 2,
                "This is the cost that is left: take it from one.": told / blind,
                "This is the saving in money units: divide by the cost without the forecast.": blind - told,
                "The safety stock is still the old one: with the weather known, what is left to chance decides it.": 1
                - realised(MEAN + weather + one.z * before, sold) / blind,
                "The order does not follow the weather: on each day add the weather to the mean.": 1
                - realised(MEAN + one.z * after, sold) / blind,
            },
            1e-3,
        ),
    )


@key.numbers(
    "4a",
    "threshold",
    points=3,
    unit="money units per unit delivered",
    tolerance=4e-4,
    decimals=4,
    hints=(
        "Local stock costs more to hold and delivers faster. For how many units is the speed gained?",
        "Take the newsvendor's cost of one region four times, subtract the cost of one stock for all (same formula, "
        "with the pooled standard deviation), and divide by the mean demand of all four.",
        "Two independent regions with mean 100, standard deviation 20, costs 3 and 1: 50.84 apart, 35.95 together, so "
        "(50.84 - 35.95) / 200 = 0.0745.",
    ),
)
def threshold(variant) -> Answer:
    found = inventory.network(REGIONS, MEAN, SD, 0, UNDER, OVER)
    return Answer(
        found.break_even,
        {
            "One region's cost was taken: four regions bear it four times.": (one.cost - found.central_cost)
            / (REGIONS * MEAN),
            "This is per region and period: divide by the mean demand as well.": found.break_even * MEAN,
            "This is per unit of one region: the speed is gained in all four.": found.break_even * REGIONS,
            "This compares safety stocks, in units: compare what they cost.": (
                found.local_safety - found.central_safety
            )
            / (REGIONS * MEAN),
        },
    )


lab = twins.prepositioning_lab().model


def first_paying(regions: int, correlation: float, speed: float) -> float:
    """The smallest R2 of the slider, in percent, at which local stock pays."""
    for percent in range(0, 100, 5):
        if (
            lab(
                regions=regions,
                sd=SD,
                correlation=correlation,
                underage=UNDER,
                overage=OVER,
                r_squared=percent / 100,
                speed=speed,
            )["better"]
            == "local"
        ):
            return float(percent)
    return np.nan


@key.numbers(
    "4b", "forecast", points=1, bounds=(0, 95), unit="percent of the variance", tolerance=0.5, decimals=0, varies=True
)
def forecast(variant) -> Answer:
    right = first_paying(variant.regions, variant.correlation, variant.speed)
    elsewhere = {
        "There local stock does not pay yet: read the last words of the sentence.": right - 5,
        "The sentence has said so for a while: move back to where it first says it.": right + 5,
        "This is for the number of regions at the start: set yours.": first_paying(
            4, variant.correlation, variant.speed
        ),
        "This is for regions that have nothing in common: set your correlation.": first_paying(
            variant.regions, 0, variant.speed
        ),
        "This is for the value of speed at the start: set yours.": first_paying(
            variant.regions, variant.correlation, 0.3
        ),
    }
    return Answer(right, apart(right, {hint: value for hint, value in elsewhere.items() if value > 1}, 0.5))


key.text("4c", points=3)

OFFERINGS = "abcdefghijkl"
MODES = ("mode 1", "mode 2", "mode 3", "mode 4", "goods", "domestic")
ITEMS = ("transport", "computer", "other business", "intellectual property", "maintenance", "none")
MODE_OF = (
    "mode 1",
    "mode 1",
    "mode 3",
    "mode 2",
    "mode 4",
    "goods",
    "mode 1",
    "mode 1",
    "domestic",
    "mode 2",
    "mode 3",
    "mode 4",
)
ITEM_OF = (
    "computer",
    "transport",
    "none",
    "transport",
    "computer",
    "none",
    "intellectual property",
    "other business",
    "none",
    "maintenance",
    "none",
    "other business",
)


@key.words(
    "5a",
    "mode",
    points=4,
    options=MODES,
    keys=list(OFFERINGS),
    hints=(
        "Do not ask what the service is. Ask what crosses the border: the service, the customer or the customer's "
        "thing, the firm, or a person.",
        "Is the buyer a resident of another economy? If not, nothing crosses. Is the seller an establishment in the "
        "buyer's economy? Then mode 3. If what crosses is a thing with a service inside, it is a good.",
        "A hospital: it treats a visitor from abroad (mode 2), reads X-rays sent over the network from abroad (mode "
        "1), runs a clinic abroad (mode 3), sends a surgeon for a month (mode 4), treats a neighbour (domestic), "
        "sells a scanner (goods).",
    ),
)
def mode(variant) -> Answer:
    at = OFFERINGS.index
    return Answer(
        list(MODE_OF),
        {
            "Look at c again: the shops there deal with an establishment in their own economy, whoever owns it.": {
                at("c"): "mode 1"
            },
            "Look at k again: who delivers, and where is that firm resident?": {at("k"): "mode 1"},
            "Look at d again: the service is done where the seller is, on something that the customer sent there.": {
                at("d"): "mode 1"
            },
            "Look at e again: people travel to do the work.": {at("e"): "mode 1"},
            "Look at f again: what crosses the border is a thing, and the service has no price of its own.": {
                at("f"): "mode 1"
            },
            "Look at i again: in which economies do buyer and seller live?": {at("i"): "mode 2"},
            "Look at j again: the machine travels to the service.": {at("j"): "mode 4"},
            "Look at l again: a stay of weeks makes no establishment.": {at("l"): "mode 3"},
        },
    )


@key.words(
    "5b",
    "item",
    points=4,
    options=ITEMS,
    keys=list(OFFERINGS),
    also={"maintenance and repair": "maintenance", "IP": "intellectual property", "no": "none", "no item": "none"},
)
def item(variant) -> Answer:
    at = OFFERINGS.index
    return Answer(
        list(ITEM_OF),
        {
            "Look at c again: sales of an affiliate abroad are local output there, so no item of the balance of "
            "payments holds them.": {at("c"): "transport"},
            "Look at k again: a parcel that one resident carries for another is in no balance of payments.": {
                at("k"): "transport"
            },
            "Look at f again: software sold inside a machine is in the price of the good.": {at("f"): "computer"},
            "Look at g again: the client pays for a right, not for a program or a service rendered.": {
                at("g"): "computer"
            },
            "Look at d again: storing and handling freight belongs with what moves it.": {at("d"): "other business"},
            "Look at h again: advice is not carried.": {at("h"): "transport"},
            "Look at l again: the managers sell advice, not software.": {at("l"): "computer"},
            "Look at i again: what residents sell to each other is in no trade statistic.": {at("i"): "transport"},
        },
    )


@key.numbers(
    "5c", "transport", points=1, bounds=(-1, 1), unit="index from -1 to 1", tolerance=6e-4, decimals=3, varies=True
)
def transport(variant) -> Answer:
    trade = datasets.read("services_trade_by_group", country=variant.economy, year=2024).pivot(
        index="group", columns="flow", values="value"
    )
    sold, bought = trade.loc["transport"]
    return Answer(
        indicators.trade_competitiveness(sold, bought).item(),
        {
            "This divides by exports alone: divide by exports plus imports.": (sold - bought) / sold,
            "This divides by imports alone: divide by exports plus imports.": (sold - bought) / bought,
            "This is the index of all services: take transport only.": indicators.trade_competitiveness(
                trade.exports.sum(), trade.imports.sum()
            ).item(),
            "This is a balance in billions of dollars: divide by exports plus imports.": (sold - bought) / 1000,
        },
    )


SUPPLIED = {"insurance": "6", "construction": "5", "maintenance": "2", "business": "10"}


@key.numbers(
    "5d",
    "affiliates",
    points=1,
    keys=list(SUPPLIED),
    bounds=(0, 1),
    unit="fractions of all modes",
    tolerance=6e-4,
    decimals=3,
)
def affiliates(variant) -> Answer:
    modes = datasets.read("services_by_mode", country="GBR", partner="WLD", flow="exports")
    modes = modes.pivot(index="code", columns="mode", values="value")
    every = modes.loc["0", 3]  # all services
    modes = modes.loc[list(SUPPLIED.values())]
    crossing = modes[[1, 2, 4]].sum(axis=1)
    return Answer(
        (modes[3] / modes.sum(axis=1)).to_numpy(),
        {
            "This divides by what crosses the border: divide by all four modes.": (modes[3] / crossing).to_numpy(),
            "This is what crosses the border: affiliates sell the rest.": (crossing / modes.sum(axis=1)).to_numpy(),
            "These are parts of what affiliates sell in all: divide each by its own four modes.": (
                modes[3] / every
            ).to_numpy(),
            "These are amounts: divide by all four modes.": modes[3].to_numpy(),
        },
    )


STATEMENTS = ("costs", "sequence", "turnover", "local", "front", "managers")
DIFFERENCES = "difference in differences"


@key.words(
    "6a",
    "evidence",
    points=2,
    options=("field experiment", DIFFERENCES, "numerical experiments", "none of them"),
    keys=STATEMENTS,
    also={"DiD": DIFFERENCES, "diff-in-diff": DIFFERENCES},
    hints=(
        "An experiment in the field runs in the firm; a difference in differences also says with what it was "
        "compared; a numerical one runs on data of the past.",
        "Find each result in an abstract and read back to the words that introduce it. What no abstract reports "
        'is "none of them".',
        '"Simulations show that the new timetable saves four minutes; in a trial on one line, riders were more '
        'content": the four minutes '
        "are numerical, the contented riders are from the field, and that drivers cannot explain the timetable "
        "would be none of them.",
    ),
)
def evidence(variant) -> Answer:
    return Answer(
        ["field experiment", "numerical experiments", DIFFERENCES, *["numerical experiments"] * 2, "none of them"],
        {
            "Look at `local` again: which words of its abstract introduce the figure?": {3: "field experiment"},
            "Look at `front` again: it stands in the same sentence of the abstract as `local`.": {
                4: "field experiment"
            },
            "Look at `costs` again: the 2023 abstract compares with what the firm did at the time.": {
                0: "numerical experiments"
            },
            "Look at `sequence` again: the comparison with other methods is not the one with the firm's practice.": {
                1: "field experiment"
            },
            "Look at `turnover` again: the abstract names the analysis of its field test.": {2: "field experiment"},
            "Look at `managers` again: does any abstract say that anybody asked them?": {5: "field experiment"},
        },
    )


key.form(
    "6b",
    "rewritten",
    points=2,
    count=2,
    distinct="sentence",
    fields={
        "sentence": {"words": 15},
        "paper": {"options": ["Qi et al. 2023", "Shen et al. 2025", "Zhao et al. 2025"]},
        "evidence": {"options": ["field experiment", DIFFERENCES, "numerical experiments"]},
        "dropped": {"words": 6},
    },
)

key.text("6c", points=4)
