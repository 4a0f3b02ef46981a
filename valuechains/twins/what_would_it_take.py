"""What would it take? The path of an economy's services balance at given growth rates, and the rates that close it."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets
from valuechains.models.scenario import required_growth, scenario
from valuechains.widgets import Choice, Expressions, Made, Slider, Twin, steps
from valuechains.widgets.sentences import literal

ECONOMIES = ("CHN", "DEU", "JPN", "KOR", "BRA", "IND", "USA")
KNOWLEDGE = ("insurance_financial", "all_other")
FIRST, LAST = 2019, 2024  # the five years behind the growth observed in the balance of payments
YEARS = 12  # drawn, the first included
LEAST = -1 + 1e-12  # the model takes growth above -100 percent
SERIES = {"set": "At the growth you set", "closing": "At the growth that brings it to zero"}


@cache
def accounts() -> dict[str, dict]:
    """Today's accounts by name: exports in two groups, imports, growth observed, all in one unit of money."""
    names = datasets.read("countries").set_index("country")["name"]
    return {"MOFCOM": stated()} | {country: recorded(country, names[country]) for country in ECONOMIES}


def stated() -> dict:
    """China's year 2025 as its commerce ministry states it; split and growth of exports as in its first ten months."""
    table = datasets.read("china_services_accounts").set_index(["period", "flow", "group"])
    year, ten = table.loc["2025"], table.loc["2025-M10"].xs("exports")
    before = ten["value"] / (1 + ten["growth_percent"] / 100)
    part = ten["value"]["knowledge_intensive"] / ten["value"]["total"]
    sold = year["value"]["exports", "total"]
    return {
        "label": "China, 2025 (ministry)",
        "unit": "bn yuan",
        "base": 2025,
        "when": "from January to October 2025, on a year before,",
        "knowledge": part * sold,
        "other": (1 - part) * sold,
        "bought": year["value"]["imports", "total"],
        "observed": ten["growth_percent"]["knowledge_intensive"] / 100,
        "observed_other": ten["value"]["other"] / (before["total"] - before["knowledge_intensive"]) - 1,
    }


def recorded(country: str, name: str) -> dict:
    """An economy's balance of payments, with average yearly growth."""
    trade = datasets.read("services_trade_by_group", country=country)
    sums = trade.assign(part=trade["group"].isin(KNOWLEDGE)).groupby(["flow", "part", "year"])["value"].sum() / 1000
    growth = {
        part: (sums["exports", part, LAST] / sums["exports", part, FIRST]) ** (1 / (LAST - FIRST)) - 1
        for part in (True, False)
    }
    return {
        "label": f"{name}, {LAST}",
        "unit": "US$ bn",
        "base": LAST,
        "when": f"on average from {FIRST} to {LAST}",
        "knowledge": sums["exports", True, LAST],
        "other": sums["exports", False, LAST],
        "bought": sums["imports", True, LAST] + sums["imports", False, LAST],
        "observed": growth[True],
        "observed_other": growth[False],
    }


def outlook(account: str, imports: float, rest: float, growth: float, year: int) -> dict:
    """The balance in the target year, and the growth of either group of exports that would bring it to zero."""
    now = accounts()[account]
    exports, bought = {"knowledge": now["knowledge"], "other": now["other"]}, now["bought"]
    rates = {"growth": {"knowledge": growth, "other": rest}, "imports_growth": imports, "years": year - now["base"]}
    balance = scenario(exports, bought, **rates).balance
    needed, needed_other = (required_growth(exports, bought, lever, **rates) for lever in exports)
    kept, begun = balance[-1] >= 0, balance[0] >= 0
    verdict = "without" if needed <= -1 else ("keeps" if begun else "closes") if kept else "lost" if begun else "short"
    facts = {name: value for name, value in now.items() if name != "label"}
    return {
        **facts,
        "start": balance[0],
        "then": balance[-1],
        "needed": needed,
        "needed_other": needed_other,
        "verdict": verdict,
    }


def path(settings: dict, result: dict) -> pd.DataFrame:
    """The balance of each year at the growth that is set and, up to the target year, at the growth that closes it."""
    exports, years = {"knowledge": result["knowledge"], "other": result["other"]}, YEARS - 1
    speeds = {"set": settings["growth"], "closing": max(result["needed"], LEAST)}
    last = {"set": years, "closing": settings["year"] - result["base"]}
    balances = {
        name: scenario(
            exports,
            result["bought"],
            growth={"knowledge": speed, "other": settings["rest"]},
            imports_growth=settings["imports"],
            years=years,
        ).balance
        for name, speed in speeds.items()
    }
    return pd.DataFrame(
        [
            {
                "year": result["base"] + step,
                "speed": SERIES[name],
                "balance": round(balances[name][step], 6) + 0.0 if step <= last[name] else np.nan,
            }
            for step in range(YEARS)
            for name in SERIES
        ]
    )


def page() -> Expressions:
    facts = {
        name: f"{literal({key: one[name] for key, one in accounts().items()})}[account]"
        for name in accounts()["MOFCOM"]
        if name != "label"
    }
    grown = "{amount} * pow(1 + {rate}, {years})".format
    term = {"amount": "", "years": "(year - base)"}
    knowledge, other, bought = (
        grown(**term | {"amount": amount, "rate": rate})
        for amount, rate in (("knowledge", "growth"), ("other", "rest"), ("bought", "imports"))
    )
    gap = "pow(max({bought} - {rest}, 0) / {lever}, 1 / (year - base)) - 1".format
    speed = f"(datum.row % 2 ? max(result.needed, {LEAST}) : growth)"
    step = "floor(datum.row / 2)"
    drawn = " - ".join(
        [
            f"result.knowledge * pow(1 + {speed}, {step}) + result.other * pow(1 + rest, {step})",
            f"result.bought * pow(1 + imports, {step})",
        ]
    )
    return Expressions(
        fields={
            **facts,
            "start": "knowledge + other - bought",
            "then": f"{knowledge} + {other} - {bought}",
            "needed": gap(bought=bought, rest=other, lever="knowledge"),
            "needed_other": gap(bought=bought, rest=knowledge, lever="other"),
            "verdict": "needed <= -1 ? 'without' : then >= 0 ? (start >= 0 ? 'keeps' : 'closes') : "
            "start >= 0 ? 'lost' : 'short'",
        },
        frames={
            "path": Made(
                2 * YEARS,
                {
                    "year": f"result.base + {step}",
                    "speed": f"{literal(list(SERIES.values()))}[datum.row % 2]",
                    "balance": f"datum.row % 2 && result.base + {step} > year ? null : {drawn}",
                },
            )
        },
    )


def chart() -> alt.TopLevelMixin:
    base = alt.Chart(alt.NamedData("path"))
    year = alt.X(
        "year:Q", title="Year", axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(zero=False, nice=False)
    )
    balance = alt.Y("balance:Q", title="Services balance, {unit}", axis=alt.Axis(format=",.0f"))
    speed = alt.Color("speed:N", title=None, scale=alt.Scale(domain=list(SERIES.values())))
    dash = alt.StrokeDash("speed:N", title=None, scale=alt.Scale(domain=list(SERIES.values()), range=[[1, 0], [7, 6]]))
    lines = base.mark_line().encode(
        year,
        balance,
        speed,
        dash,
        tooltip=[
            alt.Tooltip("year:Q", format="d", title="Year"),
            alt.Tooltip("speed:N", title="Growth"),
            alt.Tooltip("balance:Q", format=",.0f", title="Balance"),
        ],
    )
    at_target = alt.condition("datum.year === year", alt.value(110), alt.value(0))
    target = base.mark_point().encode(year, balance, speed, size=at_target)
    zero = base.mark_rule().encode(y=alt.datum(0))
    return alt.layer(zero, lines, target)


def what_would_it_take() -> Twin:
    """Eight accounts, three growth rates and a target year: what closes a services balance, or loses it."""
    change = "{account}: a balance of {start:,.0f} becomes {then:,.0f} in {year} ({unit})"
    return Twin(
        name="what-would-it-take",
        controls=[
            Choice("account", "Accounts", {key: one["label"] for key, one in accounts().items()}),
            Slider("imports", "Imports grow", steps(0, 0.12, 0.002), start=0.04, text="{:.1%}"),
            Slider("rest", "Travel-type exports grow", steps(0, 0.3, 0.002), start=0.05, text="{:.1%}"),
            Slider("growth", "Knowledge-type exports grow", steps(0, 0.3, 0.002), start=0.096, text="{:.1%}"),
            Slider("year", "Target year", range(2027, 2036), start=2030),
        ],
        model=outlook,
        frames={"path": path},
        page=page(),
        chart=chart(),
        says={
            "short": change + ". To reach zero, knowledge-type exports would have to grow by {needed:.1%} a year; "
            "{when} they grew by {observed:.1%}. Or the travel-type exports by {needed_other:.1%}; "
            "they grew by {observed_other:.1%}.",
            "closes": change + ", closed. Growth of {needed:.1%} a year in knowledge-type exports is enough; "
            "{when} they grew by {observed:.1%}, and travel-type exports by {observed_other:.1%}.",
            "keeps": change + " and stays a surplus. It would be gone by then if knowledge-type exports changed by "
            "{needed:.1%} a year; {when} they grew by {observed:.1%}.",
            "lost": change + ": the surplus is gone. Keeping it takes {needed:.1%} a year in knowledge-type exports; "
            "{when} they grew by {observed:.1%}.",
            "without": change + ", and would be zero or more without a single knowledge-type export: "
            "at these rates travel-type exports alone pay for all imports.",
        },
        finding="What growth would close a deficit in services, or lose a surplus",
        measure="Balance of services at yearly growth rates that the reader sets; a scenario, not a forecast",
        unit="bn yuan or US$ bn, as the accounts are kept",
        source=["china_services_accounts", "services_trade_by_group"],
    )
