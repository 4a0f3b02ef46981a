"""Pre-positioning lab: stock in every region or in one place, for a forecast of some quality and a value of speed."""

import altair as alt
import pandas as pd

from valuechains.models.inventory import HAIR, network
from valuechains.widgets import Expressions, Made, Slider, Twin, steps
from valuechains.widgets.sentences import literal

MEAN = 100  #: demand of a region in one selling period, units
PLACES = ("In every region", "In one place")
PARTS = ("Too much or too little stock", "Speed given up")


def lab(
    regions: int, sd: float, correlation: float, underage: float, overage: float, r_squared: float, speed: float
) -> dict:
    """M20-M23: cost, safety stock and service of local and of central stock, and which of them is cheaper."""
    found = network(regions, MEAN, sd, correlation, underage, overage, r_squared=r_squared, speed_value=speed)
    return {
        "service": found.service_level,
        "local_cost": found.local_cost,
        "central_cost": found.central_cost,
        "local_safety": found.local_safety,
        "central_safety": found.central_safety,
        "break_even": found.break_even,
        "forgone": speed * regions * MEAN,
        "better": found.better,
    }


def bars(settings: dict, result: dict) -> pd.DataFrame:
    """What each choice costs: being wrong about demand, and the speed that central stock gives up."""
    amounts = (result["local_cost"], 0.0, result["central_cost"], result["forgone"])
    return pd.DataFrame(
        [
            {"place": PLACES[row // 2], "part": PARTS[row % 2], "cost": amount, "order": row % 2}
            for row, amount in enumerate(amounts)
        ]
    )


def page() -> Expressions:
    z, left = "quantileNormal(service)", "sd * sqrt(1 - r_squared)"
    pooled = f"({left} * sqrt(regions + regions * (regions - 1) * correlation))"
    unit_cost = f"((underage + overage) * densityNormal({z}))"
    return Expressions(
        fields={
            "service": "underage / (underage + overage)",
            "local_cost": f"regions * {unit_cost} * {left}",
            "central_cost": f"{unit_cost} * {pooled}",
            "local_safety": f"regions * {z} * {left}",
            "central_safety": f"{z} * {pooled}",
            "break_even": f"(local_cost - central_cost) / (regions * {MEAN})",
            "forgone": f"speed * regions * {MEAN}",
            "better": f"speed > break_even + {HAIR} ? 'local' : 'central'",
        },
        frames={
            "bars": Made(
                4,
                {
                    "place": f"{literal(PLACES)}[floor(datum.row / 2)]",
                    "part": f"{literal(PARTS)}[datum.row % 2]",
                    "cost": "[result.local_cost, 0, result.central_cost, result.forgone][datum.row]",
                    "order": "datum.row % 2",
                },
            )
        },
    )


def chart() -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("bars"), height=120)
        .mark_bar()
        .encode(
            alt.X("cost:Q", title="Money units in one period, all regions"),
            alt.Y("place:N", title=None, sort=list(PLACES)),
            order="order:Q",
            color=alt.Color("part:N", title=None, scale=alt.Scale(domain=list(PARTS))),
            tooltip=[
                alt.Tooltip("place:N", title="Stock"),
                alt.Tooltip("part:N", title="Cost of"),
                alt.Tooltip("cost:Q", title="Money units", format=",.1f"),
            ],
        )
    )


def prepositioning_lab() -> Twin:
    """An invented product with demand of 100 a region: when does stock near the buyer pay?"""
    state = (
        "Stock in every region needs {local_safety:,.1f} units of safety stock and costs {local_cost:,.1f}; stock in "
        "one place needs {central_safety:,.1f} and costs {central_cost:,.1f}. Both serve {service:.0%} of periods in "
        "full. Local stock pays where fast delivery is worth more than {break_even:.3f} a unit: at {speed} "
    )
    return Twin(
        name="prepositioning-lab",
        controls=[
            Slider("regions", "Regions", [2, 3, 4, 6, 8, 12, 16, 24], start=4),
            Slider("correlation", "Correlation of their demand", steps(0, 1, 0.1), start=0),
            Slider("sd", "Standard deviation of a region's demand", range(5, 55, 5), start=30),
            Slider(
                "r_squared", "Variance that the forecast explains (R²)", steps(0, 0.95, 0.05), start=0, text="{:.0%}"
            ),
            Slider("underage", "Cost of a unit too few", range(1, 21), start=8),
            Slider("overage", "Cost of a unit left over", range(1, 11), start=2),
            Slider("speed", "Value of fast delivery, per unit", steps(0, 1.5, 0.05), start=0.3),
        ],
        model=lab,
        frames={"bars": bars},
        page=page(),
        chart=chart(),
        case="better",
        says={"local": state + "it does.", "central": state + "it does not."},
        finding="A good forecast and a value of speed decide where stock belongs",
        measure="Expected cost of stock near the buyer and in one place; a model of an invented product, not data",
        unit="money units per period",
        source=["Newsvendor and risk pooling after Eppen (1979), own computation"],
    )
