"""Who is paid? The value of an export by who earned it, beside the label under which all of it crosses the border."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from valuechains import datasets
from valuechains.widgets import Choice, Grid, Slider, Stored, Twin

EXPORTERS = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "GBR", "MEX", "TWN", "BRA")
EXPORTS = {
    "all": "All exports",
    "goods": "All goods",
    "AGM": "Agriculture and mining",
    "FTX": "Food, textiles and other light goods",
    "CHM": "Chemicals, fuels and metals",
    "MCH": "Machinery",
    "ELE": "Electrical and optical equipment",
    "TRE": "Transport equipment",
}
KINDS = {
    "primary": "Agriculture and mining",
    "manufacturing": "Manufacturing",
    "utilities_construction": "Utilities and construction",
    "trade": "Trade and hotels",
    "transport": "Transport",
    "telecom": "Post and telecoms",
    "finance": "Finance",
    "business": "Business and real estate",
    "other": "Other services",
}
SERVICES = ("trade", "transport", "telecom", "finance", "business", "other")
PARTS = {
    "direct": "The exporter itself",
    "indirect": "Suppliers at home",
    "foreign": "Suppliers abroad",
    "label": "Gross label",
}
SHOW = {
    "all": "All services",
    "direct": "Direct: sold abroad as services",
    "indirect": "Indirect: in other exports, at home",
    "foreign": "Foreign: bought in from abroad",
}


ROWS = pd.DataFrame(
    [
        {
            "kind": name,
            "part": text,
            "side": "Label" if part == "label" else "Paid",
            "group": part if part == "label" or kind in SERVICES else "goods",
        }
        for kind, name in KINDS.items()
        for part, text in PARTS.items()
    ]
)


@cache
def paid() -> dict[tuple, np.ndarray]:
    """Shares of the value of each exporter's exports in each year, (kinds, parts), by (exporter, export, year)."""
    of = datasets.read("industries").set_index("industry")[["sector", "kind", "is_service"]]
    exports = datasets.read("exports_by_industry", country=list(EXPORTERS)).join(of, on="industry")
    # customers running down stocks can make an export negative (Korea, mining)
    exports = exports[exports["gross_exports"] > 0]
    own = exports["va_rate"] * exports["gross_exports"]
    content = datasets.read("services_content", country=list(EXPORTERS)).join(
        of[["sector", "is_service"]], on="industry"
    )
    parts = pd.concat(
        [
            exports.assign(part="label", value=exports["gross_exports"]),
            exports.assign(part="direct", value=own),
            exports.assign(
                part="indirect", value=-own
            ),  # what the exporter earns itself is in the domestic content too
            content.assign(part=content["origin"].map({"domestic": "indirect", "foreign": "foreign"})),
        ]
    )
    parts = pd.concat([parts, parts.assign(sector="all"), parts[~parts["is_service"]].assign(sector="goods")])
    values = parts[parts["sector"].isin(EXPORTS)].pivot_table(
        index=["country", "sector", "year"], columns=["kind", "part"], values="value", aggfunc="sum", fill_value=0
    )
    values = values.reindex(columns=pd.MultiIndex.from_product([KINDS, PARTS]), fill_value=0)
    shape = (len(values), len(KINDS), len(PARTS))
    shares = (
        values.to_numpy().reshape(shape) / values.xs("label", axis=1, level=1).to_numpy().sum(axis=1)[:, None, None]
    )
    return dict(zip(values.index, shares, strict=True))


def shares(exporter: str, industry: str, year: int, show: str) -> dict:
    """Services in an export: by its label, and by who is paid (M8), direct, indirect and foreign (M9)."""
    services = paid()[exporter, industry, year][[kind in SERVICES for kind in KINDS]].sum(axis=0)
    parts = dict(zip(PARTS, services, strict=True))
    return {**parts, "services": services.sum() - parts["label"]}


def bars(settings: dict, result: dict) -> pd.DataFrame:
    """A row for each kind and part: what the label says and who is paid, as shares of the export's value."""
    return ROWS.assign(value=paid()[settings["exporter"], settings["industry"], settings["year"]].ravel())


def chart() -> alt.TopLevelMixin:
    lit = "datum.group === 'label' || datum.group === show || (show === 'all' && datum.group !== 'goods')"
    kind = alt.Y("kind:N", title=None, sort=list(KINDS.values()))
    side = alt.YOffset("side:N", sort=["Paid", "Label"], scale=alt.Scale(paddingOuter=0.12))
    bars = (
        alt.Chart(alt.NamedData("bars"), height=360)
        .mark_bar()
        .encode(
            alt.X(
                "value:Q",
                title="Share of the export's value",
                axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
                scale=alt.Scale(domain=[0, 1.12], nice=False),
            ),
            kind,
            yOffset=side,
            opacity=alt.condition(lit, alt.value(1), alt.value(0.35)),
            color=alt.Color("part:N", title=None, scale=alt.Scale(domain=list(PARTS.values()))),
            tooltip=[
                alt.Tooltip("kind:N", title="Who"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("value:Q", title="Share of the export's value", format=".1%"),
            ],
        )
    )
    sums = (
        alt.Chart(alt.NamedData("bars"))
        .transform_aggregate(total="sum(value)", groupby=["kind", "side"])
        .transform_filter("datum.total >= 0.0005")
        .mark_text(align="left", dx=4, fontSize=11)
        .encode(alt.X("total:Q"), kind, yOffset=side, text=alt.Text("total:Q", format=".1%"))
    )
    return alt.layer(bars, sums)


def who_is_paid() -> Twin:
    """Ten exporters, eight exports and seventeen years: what the label says, and who earned the value."""
    names = datasets.read("countries").set_index("country")["name"]
    export = "{exporter}, {industry}, {year}"
    return Twin(
        name="who-is-paid",
        controls=[
            Choice("exporter", "Exporter", {code: names[code] for code in EXPORTERS}),
            Choice("industry", "Export", EXPORTS, start="ELE"),
            Slider("year", "Year", range(1995, 2012), start=2011),
            Choice("show", "Light up", SHOW),
        ],
        model=shares,
        frames={"bars": bars},
        page=Grid(
            digits=dict.fromkeys((*PARTS, "services", "value"), 3),
            by=("exporter", "industry", "year"),
            frames={"bars": Stored(("exporter", "industry", "year"))},
        ),
        chart=chart(),
        case="show",
        says={
            "all": f"{export}: the label calls {{label:.1%}} of it services, and services earn {{services:.1%}} "
            f"of its value: "
            "{direct:.1%} directly, {indirect:.1%} indirectly at home, {foreign:.1%} abroad.",
            "direct": f"{export}: services sold abroad as services earn {{direct:.1%}} of the value; "
            "an export of goods has none of these.",
            "indirect": f"{export}: services at home that supply the exporter earn {{indirect:.1%}} of the value, "
            "though the label names {label:.1%} services.",
            "foreign": f"{export}: services of other economies earn {{foreign:.1%}} of the value, and nothing on the "
            "label names them.",
        },
        finding="Services are paid for in exports that no label calls services",
        measure="Value of an export by who earned it, beside its gross label",
        unit="share of gross exports",
        source=["services_content", "exports_by_industry"],
    )
