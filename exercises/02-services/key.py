"""The key of chapter 2. It computes what is right, and what the known mistakes give, from the tables."""

import numpy as np

from valuechains import datasets, indicators, tables, twins
from valuechains.course.key import Answer, Key
from valuechains.twins.who_is_paid import EXPORTS

GOODS = ("AGM", "FTX", "CHM", "MCH", "ELE", "TRE")
CHAINS = (
    ("CHN", "c14"),
    ("DEU", "c15"),
    ("JPN", "c14"),
    ("KOR", "c15"),
    ("MEX", "c15"),
    ("USA", "c9"),
    ("IND", "c9"),
    ("TWN", "c14"),
    ("KOR", "c14"),
    ("JPN", "c9"),
    ("USA", "c15"),
    ("DEU", "c9"),
)
YEARS = (2000, 2009)
AXES = ("propagation_length", "upstreamness")

# As the Chinese page of the chapter says it, and as its readers write it.
GOODS_IN_CHINESE = {
    "农业和采矿业": "AGM",
    "农业和采矿": "AGM",
    "食品、纺织及其他轻工产品": "FTX",
    "食品、纺织和其他轻工产品": "FTX",
    "食品纺织": "FTX",
    "轻工产品": "FTX",
    "化学品、燃料和金属": "CHM",
    "化工、燃料和金属": "CHM",
    "机械": "MCH",
    "机械设备": "MCH",
    "电气与光学设备": "ELE",
    "电气和光学设备": "ELE",
    "电子和光学设备": "ELE",
    "运输设备": "TRE",
    "交通运输设备": "TRE",
}
SHAPES_IN_CHINESE = {
    "微笑": "smile",
    "U形": "smile",
    "苦笑": "frown",
    "倒U形": "frown",
    "平坦": "flat",
    "平": "flat",
    "两者都不是": "flat",
    "都不是": "flat",
    "视情况而定": "it depends",
    "看情况": "it depends",
    "不一定": "it depends",
    "取决于定义": "it depends",
    "取决于设定": "it depends",
    "因设定而异": "it depends",
    "平均传递步长": "propagation length",
    "传递步长": "propagation length",
    "上游度": "upstreamness",
    "四者": "all four",
    "四种": "all four",
    "四种设定": "all four",
    "四者合起来": "all four",
}
FUNCTIONS_IN_CHINESE = {
    "研发": "research",
    "研究": "research",
    "管理": "management",
    "营销": "marketing",
    "市场营销": "marketing",
    "加工制造": "fabrication",
    "制造": "fabrication",
    "加工": "fabrication",
}
AXES_IN_CHINESE = {"平均传递步长": "propagation_length", "传递步长": "propagation_length", "上游度": "upstreamness"}
PAID_IN_CHINESE = {"名目": "label", "按名目": "label", "收入归属": "pay", "按收入归属": "pay", "收入": "pay"}
BY_IN_CHINESE = {"名目": "by label", "按名目": "by label", "收入归属": "by who is paid", "按收入归属": "by who is paid"}
KINDS_IN_CHINESE = {
    "非服务": "not services",
    "非服务业": "not services",
    "货物及其他": "not services",
    "服务": "services",
    "服务业": "services",
}

key = Key(
    "02-services",
    title="Services: from embedding to shaping global value chains",
    minutes=130,
    variants=[
        {"economy": economy, "industry": industry, "year": 2005 + 2 * (place % 3)}  # years that the widget has
        for place, (economy, industry) in enumerate(CHAINS)
    ],
    outcomes={
        "Compute": "1 2 in-house paid",
        "Build and estimate": "3 4 smile upstream",
        "Compare": "5 7 two-wholes",
        "Assess": "6",
        "Split": "7c",
    },
)

WORLD = tables.toy("W2")
ROWS = [f"{economy}.{industry}" for economy in WORLD.countries for industry in WORLD.industries]
B = indicators.leontief_inverse(indicators.coefficients(WORLD.Z, WORLD.x))
v = indicators.value_added_rates(WORLD.Z, WORLD.x)
E = indicators.exports(WORLD.Z, WORLD.F)
MANUFACTURES = [WORLD.index(economy, "M") for economy in WORLD.countries]


def services(inverse: np.ndarray = B) -> tuple[np.ndarray, np.ndarray]:
    """Domestic and foreign services in a unit of manufactures that A, B and C export."""
    parts = indicators.services_content(v, inverse, E, WORLD.mask(["S"]), countries=3)
    return tuple((part / E)[MANUFACTURES] for part in parts)


@key.numbers(
    "1",
    "content",
    points=3,
    shape=(3,),
    bounds=(0, 1),
    unit="fractions of exports",
    tolerance=6e-4,
    decimals=3,
    labels=[("A", "B", "C")],
    hints=(
        "What is paid to an industry for one unit of an export? Look at a column of $\\hat{v}B$, and see which rows "
        "are services.",
        "Build $A$ by dividing each *column* of $Z$ by its own output, invert $I - A$, multiply each row by its "
        "value-added rate. In the column of a manufacturing industry, add the rows of the three services industries.",
        'In the two-economy world `tables.toy("W1")` the same is done for goods: the column `N.G` of $\\hat{v}B$ '
        "is 0.593, 0.249, 0.090, "
        "0.069. Services are the second and the fourth row, so 0.249 + 0.069 = 0.317 of an export of goods of N "
        "is paid to services.",
    ),
)
def content(variant) -> Answer:
    domestic, foreign = services()
    return Answer(
        domestic + foreign,
        {
            "This is the domestic part only: services abroad are paid too.": domestic,
            "This is the foreign part only: services at home are paid too.": foreign,
            "These come from row coefficients: divide each column of Z by its own output.": sum(
                services(indicators.leontief_inverse(WORLD.Z / WORLD.x[:, None]))
            ),
            "These are levels, not shares: divide by the exports of the industry.": (domestic + foreign)
            * E[MANUFACTURES],
        },
    )


@key.numbers(
    "2a",
    "domestic",
    points=3,
    shape=(3,),
    bounds=(0, 1),
    unit="fractions of exports",
    tolerance=6e-4,
    decimals=3,
    labels=[("A", "B", "C")],
    hints=(
        "Which of the three services industries is at home when A exports? And when B does?",
        "Keep the column of the exporting industry. At home is the one services row whose economy is the exporter's.",
        'In `tables.toy("W1")`, exports of goods by N: of the 0.317 paid to services, 0.249 is the row `N.S`, at '
        "home, and 0.069 is `T.S`, abroad.",
    ),
)
def domestic(variant) -> Answer:
    home, abroad = services()
    return Answer(
        home,
        {
            "Foreign and domestic are swapped: at home means the exporter's own services.": abroad,
            "This is domestic and foreign together.": home + abroad,
            "This is a part of services, not of exports: divide by the exports of the industry.": home
            / (home + abroad),
        },
    )


key.text("2b", points=2)


who_is_paid = twins.who_is_paid().model


def paid_abroad(economy: str, year: int) -> dict[str, dict[str, float]]:
    return {goods: who_is_paid(economy, goods, year, "foreign") for goods in GOODS}


@key.words(
    "2c",
    "export",
    points=1,
    options=GOODS,
    also={EXPORTS[goods]: goods for goods in GOODS} | GOODS_IN_CHINESE,
    varies=True,
    hints=(
        "Set the exporter and the year first, light up the foreign part, then change only the export.",
        "Read the sentence under the chart for each of the six exports of goods and keep the one with the largest "
        "foreign part.",
        "For Brazil in 1995 the foreign parts run from 1.8 to 4.2%: the largest belongs to one export, and its code "
        "is the answer.",
    ),
)
def most_paid_abroad(variant) -> Answer:
    shares = paid_abroad(variant.economy, variant.year)
    top = max(shares, key=lambda goods: shares[goods]["foreign"])
    home = max(shares, key=lambda goods: shares[goods]["indirect"])
    least = min(shares, key=lambda goods: shares[goods]["foreign"])
    slips = {
        "There services at home earn most: light up the foreign part.": home,
        "There services abroad earn least: look at the other end.": least,
    }
    return Answer(
        top, {hint: goods for hint, goods in slips.items() if goods != top and list(slips.values()).count(goods) == 1}
    )


@key.numbers(
    "2d", "share", points=1, bounds=(0, 1), unit="fraction of the export", tolerance=6e-4, decimals=3, varies=True
)
def paid_abroad_there(variant) -> Answer:
    shares = max(paid_abroad(variant.economy, variant.year).values(), key=lambda parts: parts["foreign"])
    return Answer(
        shares["foreign"],
        {
            "This is what services at home earn: light up the foreign part.": shares["indirect"],
            "This is all services, at home and abroad.": shares["services"],
        },
    )


key.text("2e", points=1)


def chain() -> np.ndarray:
    """Final output of A's manufactures, wherever it is bought."""
    f = np.zeros(len(WORLD.x))
    f[WORLD.index("A", "M")] = WORLD.F[WORLD.index("A", "M")].sum()
    return f


@key.numbers(
    "3",
    "contributions",
    points=3,
    shape=(9,),
    unit="units of money",
    tolerance=0.01,
    decimals=2,
    labels=[ROWS],
    hints=(
        "Final output of one product is a vector $f$ with one entry that is not zero. What does $B f$ give?",
        "$c = \\hat{v} B f$: the output that every industry must produce for $f$, times its value added per unit of "
        "output.",
        'In `tables.toy("W0")`, final output of 50 by the first economy: $Bf$ = (66.67, 11.11), value-added '
        "rates 0.7 and 0.3, so "
        "$c$ = (46.67, 3.33), and the two add up to 50.",
    ),
    praise="The nine add up to the final output of the chain, as they must.",
)
def contributions(variant) -> Answer:
    f = chain()
    at_home = np.where(f > 0, WORLD.F[:, 0], 0)
    return Answer(
        indicators.chain(v, B, f),
        {
            "This is gross output: multiply by value added per unit of output.": B @ f,
            "This is the chain of A's own buyers: add the final demand of B and C.": indicators.chain(v, B, at_home),
            "These are shares: multiply by the final output.": indicators.chain(v, B, f) / f.sum(),
        },
        total=f.sum(),
    )


@key.numbers(
    "4",
    "quadratic",
    points=3,
    unit="value-added rate per squared stage",
    tolerance=6e-4,
    decimals=3,
    hints=(
        "Large participants should pull the curve more than small ones: what are the weights?",
        "`numpy.polyfit` multiplies each *residual* by `w`, so the square root of the contribution belongs there; or "
        "use `indicators.fit_curve(position, height, weights)`, which takes the weights themselves.",
        "Through the points (1, 2), (2, 1), (3, 4) with any weights the curve is $7 - 7p + 2p^2$: the quadratic "
        "coefficient is 2, since three points fix a parabola. `numpy.polyfit` gives the highest power first.",
    ),
    praise="The sign says frown, though nine stages cannot tell it from a straight line.",
)
def quadratic(variant) -> Answer:
    c, length = indicators.chain(v, B, chain()), indicators.propagation_length(B, chain())
    fit = indicators.fit_curve
    return Answer(
        fit(length, v, c).quadratic,
        {
            "This fit is not weighted: weight each industry by its contribution.": fit(length, v).quadratic,
            "This is against upstreamness: the question asks for propagation length.": fit(
                indicators.upstreamness(B, WORLD.x), v, c
            ).quadratic,
            "This is the linear coefficient.": fit(length, v, c).linear,
            "The weights are squared: the weight is the contribution itself.": fit(length, v, c**2).quadratic,
        },
    )


FUNCTIONS = np.array([[10, 5, 5, 60], [45, 25, 20, 30], [5, 3, 4, 28]])  # as in the question


@key.numbers(
    "5a",
    "specialisation",
    points=3,
    shape=(3, 4),
    unit="index, 1 is the average",
    tolerance=0.006,
    decimals=2,
    labels=[("A", "B", "C"), ("research", "management", "marketing", "fabrication")],
    also=FUNCTIONS_IN_CHINESE,
    hints=(
        "An index above one says: more of this function here than elsewhere. Than where, and measured how?",
        "Divide the share of a function in the economy's own row by the share of the function in the sum of all rows.",
        "Two economies, two functions: (30, 10) and (20, 40). The first function is 30/40 = 0.75 of the first "
        "economy and 50/100 = 0.5 of all, so its index there is 1.5.",
    ),
)
def specialisation(variant) -> Answer:
    return Answer(
        indicators.functional_specialisation(FUNCTIONS),
        {
            "These are shares of each economy: divide by the share of the function in all economies.": FUNCTIONS
            / FUNCTIONS.sum(axis=1, keepdims=True),
            "These are shares of each function: divide by the share of the economy in all functions.": FUNCTIONS
            / FUNCTIONS.sum(axis=0),
            "These are shares of the grand total.": FUNCTIONS / FUNCTIONS.sum(),
        },
    )


@key.words(
    "5b",
    "headquarters",
    points=1,
    options=("A", "B", "C"),
    hints=(
        "Headquarters do research, management and marketing; factories fabricate.",
        "Look for the row with an index above one in three functions and below one in fabrication.",
        "In the sister case of two economies above, the first would be the headquarter economy if the first function "
        "were research.",
    ),
)
def headquarters(variant) -> Answer:
    return Answer(
        "B",
        {
            "That row is above one in fabrication only: a factory economy.": "A",
            "That row is below one in research, management and marketing.": "C",
        },
    )


def read_fits(variant, weighting: str = "contribution", up: str = "va_rate"):
    """The stored curves of the variant's chain, by year and axis."""
    chain = {"chain_country": variant.economy, "chain_industry": variant.industry}
    return datasets.read("smile_coefficients", **chain, up=up, weighting=weighting).set_index(["year", "across"])


def curves(variant, weighting: str = "contribution", up: str = "va_rate") -> np.ndarray:
    """Quadratic coefficients, rows the two years, columns the two axes."""
    fits = read_fits(variant, weighting, up).quadratic
    return np.array([[fits[year, across] for across in AXES] for year in YEARS])


@key.numbers(
    "6a",
    "estimates",
    points=4,
    shape=(2, 2),
    unit="value-added rate per squared stage",
    tolerance=6e-4,
    decimals=3,
    labels=[(2000, 2009), ("propagation_length", "upstreamness")],
    also=AXES_IN_CHINESE,
    varies=True,
    hints=(
        "Four settings: two years, two horizontal axes; all else stays as it is.",
        "In the explorer choose your chain, value added per unit of output, weighting by contribution. Read the "
        "quadratic coefficient for each year (row) and axis (column).",
        "For China's textiles (`c4`) in 1995 the two entries of a row are read in the same way: first against "
        "propagation length, then against upstreamness.",
    ),
)
def estimates(variant) -> Answer:
    right = curves(variant)
    return Answer(
        right,
        {
            "The axes are swapped: first column propagation length, second upstreamness.": right[:, ::-1],
            "The years are swapped: first row 2000, second row 2009.": right[::-1],
            "All participants count alike here: weight by contribution.": curves(variant, weighting="equal"),
        },
    )


SETTINGS = tuple(f"{year}, {across.replace('_', ' ')}" for year in YEARS for across in AXES)


def together(shapes: list[str]) -> list[str]:
    """The four shapes, and what they say of the chain."""
    return [*shapes, shapes[0] if len(set(shapes)) == 1 else "it depends"]


@key.words(
    "6b",
    "verdicts",
    points=2,
    options=("smile", "frown", "flat", "it depends"),
    keys=(*SETTINGS, "all four"),
    also=SHAPES_IN_CHINESE,
    varies=True,
    hints=(
        "Which of the four curves fall at one end of the data and rise at the other, without doubt?",
        "Read the sentence under the explorer in each setting: a smile, a frown, or neither. Neither is flat.",
        "Frown, flat, flat, frown: no word is shared by all four, so it depends. Flat four times: flat.",
    ),
)
def verdicts(variant) -> Answer:
    fits = read_fits(variant)
    shapes = [fits["shape"][year, across] for year in YEARS for across in AXES]
    right = together(shapes)
    signs = ["smile" if fits.quadratic[year, across] > 0 else "frown" for year in YEARS for across in AXES]
    return Answer(
        right,
        {
            "This goes by the sign of the squared term: a smile or frown needs both ends of the data beyond doubt.": (
                together(signs)
            ),
            "Look at the first setting again, 2000 on propagation length: what does the explorer say of it?": {
                0: "smile" if shapes[0] != "smile" else "frown"
            },
            "For all four give the word that they share, or that it depends.": {
                len(SETTINGS): "it depends" if right[-1] != "it depends" else "flat"
            },
        },
    )


key.text("6c", points=4)


def advantages(economy: str) -> np.ndarray:
    """Revealed comparative advantage in services in 2011: by the label of what is sold, and by who is paid."""
    shares = datasets.read("exports_by_country", year=2011).set_index("country")
    shares = shares[["services_gross_share", "services_va_share"]]
    return (shares.loc[economy] / shares.loc["WLD"]).to_numpy()


def shares_of(economy: str) -> np.ndarray:
    row = datasets.read("exports_by_country", year=2011, country=economy).iloc[0]
    return np.array([row.services_gross_share, row.services_va_share])


@key.numbers(
    "7a",
    "advantage",
    points=2,
    shape=(2,),
    bounds=(0, 100),
    unit="ratio, 1 is the world",
    tolerance=6e-3,
    decimals=2,
    labels=[("by label", "by who is paid")],
    also=BY_IN_CHINESE,
    varies=True,
    hints=(
        "More than the world, or less: with what do you compare the share of your economy?",
        "Divide each of its two shares by the same share of the row `WLD`.",
        "An economy with 30 percent of services in its exports, in a world with 20 percent, has 0.30 / 0.20 = 1.5.",
    ),
)
def advantage(variant) -> Answer:
    right = advantages(variant.economy)
    return Answer(
        right,
        {
            "These are the shares of the economy: divide by those of the world.": shares_of(variant.economy),
            "The two are swapped: by label first.": right[::-1],
            "This divides the world by the economy: turn it over.": 1 / right,
        },
    )


@key.words(
    "7b",
    "higher",
    points=1,
    options=("label", "pay"),
    also=PAID_IN_CHINESE,
    varies=True,
    praise="Two honest rankings part here.",
)
def higher(variant) -> Answer:
    label, pay = advantages(variant.economy)
    right, wrong = ("label", "pay") if label > pay else ("pay", "label")
    return Answer(right, {"Compare your two numbers of 7a: which is larger?": wrong})


@key.numbers(
    "7c",
    "pay",
    points=2,
    shape=(2,),
    bounds=(0, 1),
    unit="fractions of what is earned in exports",
    tolerance=6e-4,
    decimals=3,
    labels=[("not services", "services")],
    also=KINDS_IN_CHINESE,
    varies=True,
)
def pay(variant) -> Answer:
    kinds = datasets.read("concordance", source="iot2025").set_index("industry").is_service
    earned = datasets.read("iot_exports_by_industry", country=variant.economy).set_index("industry").join(kinds)
    earned = earned[["dva_by_origin", "va_rate", "compensation_rate", "is_service"]].dropna()
    share = earned.compensation_rate / earned.va_rate

    def mean(values, weights) -> np.ndarray:
        return np.array(
            [np.average(values[kind], weights=weights[kind]) for kind in (~earned.is_service, earned.is_service)]
        )

    right, alike = mean(share, earned.dva_by_origin), earned.dva_by_origin * 0 + 1
    return Answer(
        right,
        {
            "Services stand second: the first number is for all that is no service.": right[::-1],
            "This is what is left when employees are paid: give their part.": 1 - right,
            "This is pay in a dollar of output: divide it by value added in a dollar of output.": mean(
                earned.compensation_rate, earned.dva_by_origin
            ),
            "This weighs all industries alike: weigh by what each earns in exports.": mean(share, alike),
        },
    )
