"""The key of chapter 8. It computes what is right, and what the known mistakes give, from the accounts of services."""

import numpy as np
import pandas as pd

from valuechains import datasets, indicators, twins
from valuechains.course.key import Answer, Key, apart
from valuechains.models.scenario import required_growth

YUAN = 7.12  # per US dollar, average of 2024, as in the chapter
GROUPS = ["knowledge_intensive", "other"]
KNOWLEDGE, TRAVEL = ["insurance_financial", "all_other"], ["transport", "travel"]

key = Key(
    "08-turning-point",
    title="A strategic turning point",
    minutes=100,
    variants=[
        {"economy": economy, "year": year, "growth": growth}
        for economy, year, growth in [
            ("DEU", 2031, 0.116),
            ("JPN", 2032, 0.116),
            ("KOR", 2033, 0.116),
            ("IND", 2034, 0.116),
            ("USA", 2035, 0.116),
            ("BRA", 2031, 0.122),
            ("GBR", 2032, 0.122),
            ("IDN", 2033, 0.122),
            ("SGP", 2034, 0.122),
        ]
    ],
    outcomes={
        "Compute": "1 2 tc sits workbench",
        "Reconcile": "3 two-balances",
        "Set": "6",
        "Build": "4 5 closing",
        "Tell apart": "3d 3e",
    },
)


def half_year() -> pd.DataFrame:
    """Exports and imports of the first half of 2025, billion yuan; rows the two groups."""
    half = datasets.read("china_services_accounts", period="2025-H1").pivot_table(
        index="group", columns="flow", values="value"
    )
    return half.loc[GROUPS, ["exports", "imports"]]


X, M = half_year().exports.to_numpy(), half_year().imports.to_numpy()


def with_total(values: np.ndarray) -> np.ndarray:
    return np.append(values, values.sum())


@key.numbers(
    "1a",
    "balances",
    points=2,
    shape=(3,),
    unit="billion yuan",
    tolerance=0.05,
    decimals=2,
    labels=[("knowledge_intensive", "other", "total")],
    hints=(
        "A balance looks from the seller's side: what came in, less what went out.",
        "$X - M$ for each group; the total is the sum of the two groups. For the index divide each balance by *its "
        "own* exports plus imports.",
        "Brazil, 2024, billion dollars: exports of transport 7.6, imports 22.6. The balance is -15.1, and the index "
        "is -15.1 / 30.2 = -0.499.",
    ),
)
def balances(variant) -> Answer:
    right = with_total(X - M)
    return Answer(
        right,
        {
            "This is exports plus imports: a balance is the difference.": with_total(X + M),
            "The half-year is doubled here: the question asks for the half-year as it is.": 2 * right,
            "The third number is the total of both groups, not their average.": np.append(X - M, (X - M).mean()),
        },
    )


@key.numbers(
    "1b",
    "tc",
    points=2,
    shape=(3,),
    bounds=(-1, 1),
    unit="index from -1 to 1",
    tolerance=2e-4,
    decimals=4,
    labels=[("knowledge_intensive", "other", "total")],
)
def tc(variant) -> Answer:
    groups = indicators.trade_competitiveness(X, M)
    return Answer(
        indicators.trade_competitiveness(with_total(X), with_total(M)),
        {
            "This divides by exports alone: divide by exports plus imports.": (with_total(X) - with_total(M))
            / with_total(X),
            "This divides by imports alone: divide by exports plus imports.": (with_total(X) - with_total(M))
            / with_total(M),
            "Indices do not add up: compute the third from total exports and total imports.": with_total(groups),
            "The third is not the simple average of the two: compute it from total "
            "exports and total imports.": np.append(groups, groups.mean()),
            "This divides each balance by the total of exports and imports: divide by the group's own.": with_total(
                X - M
            )
            / (X + M).sum(),
        },
    )


@key.numbers(
    "2a",
    "weights",
    points=3,
    shape=(2,),
    bounds=(0, 1),
    unit="fractions",
    tolerance=6e-4,
    decimals=3,
    labels=[("knowledge_intensive", "other")],
    hints=(
        "The total index is $(X - M)/(X + M)$ of the sums. Which weight turns a group's fraction into its part of "
        "that one?",
        "Multiply and divide each group's balance by its own $X + M$: what stands before the group's index is its "
        "weight.",
        "Brazil, 2024, two groups: travel and transport with exports plus imports of 57.2, the rest with 93.9, "
        "billion dollars. The weights are 57.2 / 151.1 = 0.379 and 0.621, and 0.379 x (-0.479) + 0.621 x (-0.294) = "
        "-0.364, the index of the total.",
    ),
    praise="The weights are each group's share of all services trade, both ways.",
)
def weights(variant) -> Answer:
    return Answer(
        (X + M) / (X + M).sum(),
        {
            "These are shares of exports: the index divides by exports plus imports.": X / X.sum(),
            "These are shares of imports: the index divides by exports plus imports.": M / M.sum(),
            "Equal weights give the simple average, which is not the total's index.": np.array([0.5, 0.5]),
            "These are shares of the balance, and one of them is negative: weights belong to what the index divides "
            "by.": (X - M) / (X - M).sum(),
        },
        total=1.0,
    )


ROWS, COLUMNS = ("knowledge_intensive", "other", "total"), ("exports", "imports", "balance")


@key.words("2b", "misprint", points=1, options=[f"{row} {column}" for row in ROWS for column in COLUMNS])
def misprint(variant) -> Answer:
    return Answer(
        "other imports",
        {
            "If the balance were wrong, the imports would still add up: they do not.": "other balance",
            "If the total were wrong, its own balance would not fit: it does.": "total imports",
            "If the exports were wrong, they would not add up to their total: they do.": "other exports",
            "Then the row of the knowledge-intensive group would not fit: it does.": "knowledge_intensive imports",
        },
    )


@key.numbers("2c", "corrected", points=1, unit="billion yuan", tolerance=0.05, decimals=2)
def corrected(variant) -> Answer:
    quarter = datasets.read("china_services_accounts", period="2025-Q1").pivot_table(
        index="group", columns="flow", values="value"
    )
    right = quarter.loc["other", "imports"]
    return Answer(
        right,
        {
            "This is the amount by which it is off: give what should be printed.": 828.25 - right,
            "The correction goes the other way.": 2 * 828.25 - right,
            "This adds the exports to the balance: imports are exports less the balance.": quarter.loc[
                "other", "exports"
            ]
            + quarter.loc["other", "balance"],
        },
    )


FLOWS = ["exports", "imports", "balance"]


def publishers() -> tuple[np.ndarray, np.ndarray]:
    """Exports, imports and balance of 2024: the ministry's in billion yuan, the balance of payments in million
    dollars."""
    ministry = datasets.read("china_services_accounts", period="2024", group="total").set_index("flow").value[FLOWS]
    payments = datasets.read("services_trade", country="CHN", year=2024).iloc[0]
    return ministry.to_numpy(), np.array([payments.exports, payments.imports, payments.exports - payments.imports])


@key.numbers(
    "3a",
    "difference",
    points=3,
    shape=(3,),
    unit="billion US dollars",
    tolerance=0.06,
    decimals=1,
    labels=[("exports", "imports", "balance")],
    hints=(
        "Two tables, two currencies, two sizes of unit. What must be the same before you subtract?",
        "Divide the ministry's billions of yuan by 7.12 and the other's millions of dollars by 1,000; then subtract "
        "flow by flow.",
        "Exports of 890 billion yuan and of 110,000 million dollars: 890 / 7.12 = 125.0 and 110.0, so the difference "
        "is 15.0 billion dollars.",
    ),
)
def difference(variant) -> Answer:
    ministry, payments = publishers()
    right = ministry / YUAN - payments / 1000
    return Answer(
        right,
        {
            "The ministry's figures are still in yuan: divide them by the exchange rate.": ministry - payments / 1000,
            "This is in billions of yuan: divide by the exchange rate.": right * YUAN,
            "The balance of payments is in millions: divide it by 1,000.": ministry / YUAN - payments,
            "Multiplied by the exchange rate where it should be divided: a yuan is less than a dollar.": ministry * YUAN
            - payments / 1000,
        },
    )


@key.words("3b", "flow", points=1, options=("exports", "imports", "balance"))
def flow(variant) -> Answer:
    return Answer(
        "exports",
        {
            "There the two nearly agree: compare the sizes of your three differences.": "imports",
            "The balance is what has to be explained: which of the two flows behind it differs?": "balance",
        },
    )


key.text("3c", points=2)


@key.numbers(
    "3d",
    "digital_part",
    points=1,
    shape=(2,),
    unit="fractions of what could be delivered",
    tolerance=6e-3,
    decimals=2,
    labels=[("exports", "imports")],
)
def digital_part(variant) -> Answer:
    flows = ["exports", "imports"]
    deliverable = datasets.read("digital_services_trade", country="IND", year=2021).iloc[0][flows].to_numpy(float)
    delivered = datasets.read("digitally_delivered_services", code="DDS", year=2021).set_index("flow").value[flows]
    every = datasets.read("services_trade", country="IND", year=2021).iloc[0][flows].to_numpy(float)
    right = delivered.to_numpy() / deliverable
    return Answer(
        right,
        {
            "Exports stand first.": right[::-1],
            "The whole is what could be delivered: it stands below.": 1 / right,
            "The whole is what could be delivered, not all services.": delivered.to_numpy() / every,
        },
    )


TRANSACTIONS = ("film", "press", "upkeep", "steel")


@key.words("3e", "digital", points=2, options=("ordered", "delivered", "both", "neither"), keys=TRANSACTIONS)
def digital(variant) -> Answer:
    at = TRANSACTIONS.index
    return Answer(
        ["both", "ordered", "delivered", "neither"],
        {
            "Look at film again: how was it ordered, and how does it arrive?": {at("film"): "delivered"},
            "Look at press again: a machine comes by lorry, but how was it ordered?": {at("press"): "neither"},
            "Look at upkeep again: who took an order over a network?": {at("upkeep"): "both"},
            "Look at steel again: a typed e-mail is no method made for taking orders.": {at("steel"): "ordered"},
        },
    )


def closes(
    knowledge: float, rest: float, bought: float, years: int = 6, growth: float = 0.05, imports: float | None = None
) -> float:
    """Growth of `knowledge` that closes the balance; imports grow like the rest unless a rate is given."""
    rates = {"growth": {"rest": growth}, "imports_growth": growth if imports is None else imports, "years": years}
    return required_growth({"k": knowledge, "rest": rest}, bought, "k", **rates)


def year_2025() -> tuple[float, float, float]:
    """Knowledge-intensive and other exports, and all imports, of 2025; the split of exports is that of ten months."""
    total = datasets.read("china_services_accounts", period="2025", group="total").set_index("flow").value
    ten = datasets.read("china_services_accounts", period="2025-M10", flow="exports").set_index("group").value
    part = ten["knowledge_intensive"] / ten["total"] * total["exports"]
    return part, total["exports"] - part, total["imports"]


K, O, BOUGHT = year_2025()  # noqa: E741


def closing(imports_growth: float = 0.025, others: float = 0.05, years: int = 5) -> float:
    """Growth of knowledge-intensive exports that closes the balance of 2025."""
    return closes(K, O, BOUGHT, years, others, imports_growth)


@key.numbers(
    "4a",
    "needed",
    points=3,
    bounds=(0, 1),
    unit="fraction a year",
    tolerance=3e-4,
    decimals=4,
    hints=(
        "Write down what exports must be in 2030. Which part of it is not yours to choose?",
        "In 2030 imports are $M (1.025)^5$ and the other exports $O (1.05)^5$. The difference has to come from $K (1 "
        "+ g)^5$: solve for $g$.",
        "$K$ = 40, $O$ = 30, $M$ = 80, imports and others at 3%, four years: imports are 90.04, others 33.77, so $K$ "
        "must reach 56.28, and (56.28 / 40) to the power 1/4, less one, is 0.089.",
    ),
    praise="Compare it with the 9.5% of January to October 2025, and with 4b, before you call it easy or hard.",
)
def needed(variant) -> Answer:
    right = closing()
    total = 1.025 * (BOUGHT / (K + O)) ** 0.2 - 1
    return Answer(
        right,
        apart(
            right,
            {
                "This is the growth over all five years: take the fifth root.": (1 + right) ** 5 - 1,
                "This spreads the growth evenly: growth compounds, so take the fifth root.": ((1 + right) ** 5 - 1) / 5,
                "All exports grow at this rate; the question lets the others grow at five percent.": total,
                "Imports and other exports stand still here: let both grow at their rates.": closing(0.0, 0.0),
                "Imports and other exports grow at one rate here: imports grow by 2.5 percent.": closing(0.05),
                "From 2025 to 2030 there are five steps, not six.": closing(years=6),
                "From 2025 to 2030 there are five steps, not four.": closing(years=4),
                "The other exports are left out.": 1.025 * (BOUGHT / K) ** 0.2 - 1,
            },
            3e-4,
        ),
    )


@key.numbers(
    "4b",
    "sensitivity",
    points=2,
    shape=(2,),
    bounds=(0, 1),
    unit="fractions a year",
    tolerance=3e-4,
    decimals=4,
    labels=[("0.04", "0.05")],
)
def sensitivity(variant) -> Answer:
    low, high = closing(0.04), closing(0.05)
    return Answer(
        np.array([low, high]),
        {
            "These are the differences from 4a: give the growth rates themselves.": np.array([low, high]) - closing(),
            "The other exports moved along with imports: they stay at five percent.": np.array(
                [closing(0.04, 0.04), closing(0.05, 0.05)]
            ),
            "Other exports moved and imports stayed: it is the other way round.": np.array(
                [closing(0.025, 0.04), closing(0.025, 0.06)]
            ),
        },
    )


outlook = twins.what_would_it_take().model


def highest(year: int, growth: float, rest: float = 0.05) -> float:
    """The fastest growth of imports on the slider, in percent, at which China's balance still closes."""
    return max(
        (step / 5 for step in range(61) if outlook("MOFCOM", round(step * 0.002, 3), rest, growth, year)["then"] >= 0),
        default=np.nan,
    )


@key.numbers("4c", "imports", points=1, bounds=(0, 12), unit="percent a year", tolerance=0.06, decimals=1, varies=True)
def imports(variant) -> Answer:
    right = highest(variant.year, variant.growth)
    return Answer(
        right,
        apart(
            right,
            {
                "There the balance does not close yet: move imports down a little more.": right + 0.2,
                "It closed before you came there: move imports up again until it just closes.": right - 0.2,
                "This is for 2030: set your target year.": highest(2030, variant.growth),
                "This is for knowledge-type exports at 9.6%: set your growth.": highest(variant.year, 0.096),
            },
            0.05,
        ),
    )


key.text("4d", points=2)


def accounts(economy: str) -> tuple[pd.DataFrame, pd.Series]:
    """Exports of the four groups by year and total imports of 2024, billion dollars."""
    trade = datasets.read("services_trade_by_group", country=economy).assign(value=lambda d: d.value / 1000)
    sold = trade[trade.flow == "exports"].pivot(index="year", columns="group", values="value")
    return sold, trade[(trade.flow == "imports") & (trade.year == 2024)].value.sum()


@key.numbers(
    "5a",
    "balancing",
    points=3,
    bounds=(-1, 1),
    unit="fraction a year",
    tolerance=3e-4,
    decimals=4,
    varies=True,
    hints=(
        "The same equation as in exercise 4, with other accounts and one year more. For a surplus the answer may be "
        "below five percent, or below zero.",
        "$K$ is the sum of two of the four groups, $O$ of the other two, $M$ the sum of all imports, and from 2024 "
        "to 2030 there are six steps.",
        "Peru, billion dollars: $K$ = 1.436, $O$ = 5.717, $M$ = 15.069. In six years imports are 20.194 and other "
        "exports 7.661, so $K$ must reach 12.532, and the sixth root of 12.532 / 1.436, less one, is 0.435.",
    ),
)
def balancing(variant) -> Answer:
    sold, bought = accounts(variant.economy)
    now = sold.loc[2024]
    knowledge, rest = now[KNOWLEDGE].sum(), now[TRAVEL].sum()
    right = closes(knowledge, rest, bought)
    return Answer(
        right,
        apart(
            right,
            {
                "From 2024 to 2030 there are six steps, not five.": closes(knowledge, rest, bought, 5),
                "This is the growth over all six years: take the sixth root.": (1 + right) ** 6 - 1,
                "Insurance and finance are missing from knowledge-type exports.": closes(
                    now.all_other, rest + now.insurance_financial, bought
                ),
                "All exports change at this rate; the question lets the others grow at five percent.": 1.05
                * (bought / now.sum()) ** (1 / 6)
                - 1,
                "Imports and other exports stand still here: let both grow at five percent.": closes(
                    knowledge, rest, bought, growth=0.0
                ),
            },
            3e-4,
        ),
    )


@key.numbers(
    "5b", "observed", points=2, bounds=(-1, 1), unit="fraction a year", tolerance=3e-4, decimals=4, varies=True
)
def observed(variant) -> Answer:
    sold, _ = accounts(variant.economy)
    knowledge, total = sold[KNOWLEDGE].sum(axis=1), sold.sum(axis=1)
    times = knowledge[2024] / knowledge[2019]
    right = times ** (1 / 5) - 1
    return Answer(
        right,
        apart(
            right,
            {
                "This is the growth over all five years: take the fifth root.": times - 1,
                "This spreads the growth evenly: growth compounds, so take the fifth root.": (times - 1) / 5,
                "From 2019 to 2024 there are five steps, not six.": times ** (1 / 6) - 1,
                "This is the growth of a share, not of the exports themselves.": (times / (total[2024] / total[2019]))
                ** (1 / 5)
                - 1,
                "This is the growth of all services exports: take the knowledge-type ones.": (total[2024] / total[2019])
                ** (1 / 5)
                - 1,
                "Insurance and finance are missing from knowledge-type exports.": (
                    sold.all_other[2024] / sold.all_other[2019]
                )
                ** (1 / 5)
                - 1,
            },
            3e-4,
        ),
    )


key.text("5c", points=3)


@key.numbers(
    "6a",
    "parts",
    points=2,
    shape=(2,),
    bounds=(0, 1),
    unit="fractions of the deficit",
    tolerance=1e-3,
    decimals=3,
    labels=[("travel", "licences")],
    hints=(
        "A part of a deficit is itself a deficit: compare balances with a balance.",
        "Take imports less exports of the group, and divide by imports less exports of all services.",
        "Germany, 2024: travel earned 40.1 and cost 120.4 billion dollars, all services earned 470.1 and cost 551.1: "
        "80.3 / 81.1 = 0.990.",
    ),
)
def parts(variant) -> Answer:
    trade = (
        datasets.read("services_trade_by_group", country="CHN", year=2024).pivot(
            index="group", columns="flow", values="value"
        )
        / 1000
    )
    charges = datasets.read("world_indicators", country="CHN", year=2024).set_index("indicator").value / 1e9
    paid, received = charges["BM.GSR.ROYL.CD"], charges["BX.GSR.ROYL.CD"]
    debit, credit = np.array([trade.imports.travel, paid]), np.array([trade.exports.travel, received])
    deficit = trade.imports.sum() - trade.exports.sum()
    short = (trade.imports - trade.exports).clip(lower=0).sum()
    return Answer(
        (debit - credit) / deficit,
        {
            "These are payments alone: take what is received away from them.": debit / deficit,
            "These are parts of all imports: compare balances with the balance.": debit / trade.imports.sum(),
            "This divides by the groups in deficit only: divide by the balance of all services.": (debit - credit)
            / short,
        },
    )


key.form(
    "6b",
    "causes",
    points=3,
    count=3,
    distinct="cause",
    fields={
        "cause": {"options": ["habit", "travel", "licences", "transport", "rules abroad", "counting"]},
        "evidence_for": {"words": 8},
        "source_for": {"words": 2},
        "evidence_against": {"words": 8, "unlike": "evidence_for"},
        "source_against": {"words": 2},
        "period": {},
        "read": {"date": True, "after": "2024-12-31"},
    },
)

key.text("6c", points=8)
