"""Who is paid? The value of an export by who earned it, beside the label under which all of it crosses the border.

Three sources that do not continue one another: the world tables of 1995 to 2011, the OECD's inter-country table of
2020, whose groups of industries are wide, and its national tables of 2022, which do not say who earns what is imported.
"""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from valuechains import datasets, indicators, tables
from valuechains.widgets import Choice, Grid, Idle, Slider, Stored, Twin
from valuechains.widgets.sentences import literal

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
GROUPS = {  # of the table of 2020: the kind in whose place each stands, and what that place then holds
    "AGRI_MIN_FOOD": ("primary", "Agriculture, mining and food"),
    "MANUF_EXFOOD": ("manufacturing", "Manufacturing without food"),
    "UTILITIES": ("utilities_construction", KINDS["utilities_construction"]),
    "CONSTRUCTION": ("utilities_construction", KINDS["utilities_construction"]),
    "TRADE": ("trade", "Trade"),
    "TRANSPORT": ("transport", "Transport and post"),
    "ACCOM_ICT": ("telecom", "Hotels, media, telecoms and IT"),
    "FIN_REALESTATE": ("finance", "Finance and real estate"),
    "PROF_ADMIN_PUBADM": ("business", "Professions, offices, public services"),
    "EDU_HEALTH": ("other", "Education, health, arts and other"),
    "ARTS_OTHER": ("other", "Education, health, arts and other"),
}
UNKNOWN = "Imported, earner not known"
NAMED = {  # the rows of the chart: one for each kind, and one for what was imported if a table says no more of it
    2020: [*dict(GROUPS.values()).values(), UNKNOWN],
    2022: [*KINDS.values(), UNKNOWN],
}
TABLES = {
    2020: "Another source, the OECD's table of 2020, with wider groups: compare inside it, not with 2011.",
    2022: "Another source, the OECD's national tables of 2022: compare inside it, not with 2011 or 2020.",
}
STOPS = {2020: "2020, OECD", 2022: "2022, OECD"}
YEARS = (*range(1995, 2012, 2), *STOPS)
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
            "slot": slot,
            "part": text,
            "place": place,
            "side": "Label" if part == "label" else "Paid",
            "group": part if part == "label" or kind in SERVICES else "goods",
        }
        for slot, kind in enumerate([*KINDS, "unknown"])
        for place, (part, text) in enumerate(PARTS.items())
        if kind != "unknown" or part == "foreign"
    ]
)


@cache
def paid() -> dict[tuple, np.ndarray]:
    """Shares of the value of an export by (exporter, export, year), one for each of `ROWS`, NaN where a table does not
    say."""
    return world_tables() | table_of_2020() | tables_of_2022()


def world_tables() -> dict[tuple, np.ndarray]:
    """1995 to 2011, from the full tables of the World Input-Output Database."""
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
    gross = pd.DataFrame(values.xs("label", axis=1, level=1)).sum(axis=1)
    return {
        key: np.append(row, np.nan) for key, row in zip(values.index, values.div(gross, axis=0).to_numpy(), strict=True)
    }


def table_of_2020() -> dict[tuple, np.ndarray]:
    """The OECD's table of 2020, twelve economies; it tells no goods apart that `EXPORTS` does."""
    table = tables.load_compact(2020)
    kinds = np.array([[GROUPS[industry][0] == kind for industry in table.industries] for kind in KINDS])
    v = indicators.value_added_rates(table.Z, table.x)
    B = indicators.leontief_inverse(indicators.coefficients(table.Z, table.x))
    E = indicators.exports(table.Z, table.F)
    home, abroad = indicators.origin_content(v, B, E, kinds, countries=len(table.countries))
    goods = ~kinds[[kind in SERVICES for kind in KINDS]].any(axis=0)
    chosen = {"all": goods | True, "goods": goods}
    found = {(exporter, export, 2020): np.full(len(ROWS), np.nan) for exporter in EXPORTERS for export in EXPORTS}
    for exporter in EXPORTERS:
        of = table.block(exporter)
        for export, those in chosen.items():
            parts = by_part(kinds, E[of], v[of] * E[of], home[:, of], abroad[:, of], those)
            found[exporter, export, 2020] = np.append(parts, np.nan)
    return found


def tables_of_2022() -> dict[tuple, np.ndarray]:
    """The OECD's national tables of 2022; what was imported is not followed to who earned it."""
    of = datasets.read("concordance", source="iot2025").set_index("industry")
    kinds = np.array([of["kind"] == kind for kind in KINDS])
    chosen = {export: (of["sectors"] == export).to_numpy() for export in EXPORTS}
    chosen |= {"all": np.full(len(of), True), "goods": ~of["is_service"].to_numpy()}
    found = {}
    for exporter in EXPORTERS:
        home = tables.load_home(exporter)
        B = indicators.leontief_inverse(indicators.coefficients(home.Z, home.x))
        earned = indicators.value_added_in_exports(home.v, B, home.exports)
        unknown = np.full(kinds.shape, np.nan)
        for export, those in chosen.items():
            parts = by_part(kinds, home.exports, home.v * home.exports, kinds @ earned, unknown, those)
            imported = 1 - earned[:, those].sum() / home.exports[those].sum()
            found[exporter, export, 2022] = np.append(parts, imported)
    return found


def by_part(
    kinds: np.ndarray, E: np.ndarray, own: np.ndarray, home: np.ndarray, abroad: np.ndarray, those: ArrayLike
) -> np.ndarray:
    """Shares of an export by kind and part, as `PARTS` has them; kinds, home, abroad: (K, S); E, own, those: (S,)."""
    direct = kinds * own
    parts = np.stack([direct, home - direct, abroad, kinds * E], axis=1)
    chosen = np.asarray(those)
    return parts[:, :, chosen].sum(axis=2).ravel() / E[chosen].sum()


def shares(exporter: str, industry: str, year: int, show: str) -> dict:
    """Services in an export: by its label, and by who is paid (M8), direct, indirect and foreign (M9)."""
    rows = paid()[exporter, industry, year]
    services = rows[:-1].reshape(len(KINDS), len(PARTS))[[kind in SERVICES for kind in KINDS]].sum(axis=0)
    parts = dict(zip(PARTS, services, strict=True))
    known = np.isfinite(parts["label"])
    case = "missing" if not known else f"{show} 2022" if year == 2022 else show
    return {
        **parts,
        "services": services.sum() - parts["label"],
        "imported": rows[-1],
        "case": case,
        "table": TABLES.get(year, "By the World Input-Output Database, which ends in 2011."),
    }


def bars(settings: dict, result: dict) -> pd.DataFrame:
    """A row for each kind and part: what the label says and who is paid, as shares of the export's value."""
    names = NAMED.get(settings["year"], NAMED[2022])
    return ROWS.assign(
        kind=[names[slot] for slot in ROWS["slot"]],
        value=paid()[settings["exporter"], settings["industry"], settings["year"]],
    )


def in_order() -> list[str]:
    """The names of all rows of the chart, those of one place together."""
    return list(dict.fromkeys(name for names in zip(*NAMED.values(), strict=True) for name in names))


def chart() -> alt.TopLevelMixin:
    lit = "datum.group === 'label' || datum.group === show || (show === 'all' && datum.group !== 'goods')"
    kind = alt.Y("kind:N", title=None, sort=in_order())
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
            order="place:Q",
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
        .mark_text(align="left", dx=4)
        .encode(alt.X("total:Q"), kind, yOffset=side, text=alt.Text("total:Q", format=".1%"))
    )
    return alt.layer(bars, sums)


def who_is_paid() -> Twin:
    """Ten exporters, eight exports and eleven years: what the label says, and who earned the value."""
    names = datasets.read("countries").set_index("country")["name"]
    export = "{exporter}, {industry}, {year}"
    at_home = {
        "direct": f"{export}: services sold abroad as services earn {{direct:.1%}} of the value; "
        "an export of goods has none of these. {table}",
        "indirect": f"{export}: services at home that supply the exporter earn {{indirect:.1%}} of the value, "
        "though the label names {label:.1%} services. {table}",
    }
    slots = f"(year === 2020 ? {literal(NAMED[2020])} : {literal(NAMED[2022])})"
    return Twin(
        name="who-is-paid",
        controls=[
            Choice("exporter", "Exporter", {code: names[code] for code in EXPORTERS}),
            Choice("industry", "Export", EXPORTS, start="ELE"),
            Slider("year", "Year", YEARS, start=2011, text=lambda year: STOPS.get(int(year), str(int(year)))),
            Choice("show", "Light up", SHOW, idle=[Idle("There is nothing to light up.", case=["missing"])]),
        ],
        model=shares,
        frames={"bars": bars},
        page=Grid(
            digits={**dict.fromkeys((*PARTS, "services", "imported", "value"), 3), "slot": 0, "place": 0},
            fewer={
                ("exporter", "industry", "year"): (*PARTS, "services", "imported"),
                ("industry", "year", "show"): ("case",),
                ("year",): ("table",),
            },
            frames={"bars": Stored(("exporter", "industry", "year"), derived={"kind": f"{slots}[datum.slot]"})},
        ),
        chart=chart(),
        case="case",
        says={
            "all": f"{export}: the label calls {{label:.1%}} of it services, and services earn {{services:.1%}} "
            f"of its value: "
            "{direct:.1%} directly, {indirect:.1%} indirectly at home, {foreign:.1%} abroad. {table}",
            **at_home,
            "foreign": f"{export}: services of other economies earn {{foreign:.1%}} of the value, and nothing on the "
            "label names them. {table}",
            "all 2022": f"{export}: the label calls {{label:.1%}} of it services, and services at home earn "
            "{direct:.1%} of its value directly and {indirect:.1%} indirectly. {imported:.1%} was imported; "
            "who earned that, a national table does not say. {table}",
            **{f"{show} 2022": said for show, said in at_home.items()},
            "foreign 2022": f"{export}: {{imported:.1%}} of the value was imported, and a national table does not "
            "say how much of it services earned. {table}",
            "missing": "{exporter}, {industry}: the table of 2020 does not tell this export from others. "
            "Choose all exports or all goods, or another year.",
        },
        finding="Services are paid for in exports that no label calls services",
        measure="Value of an export by who earned it, beside its gross label",
        unit="share of gross exports",
        source=["services_content", "exports_by_industry", "inter_country_table_2020_compact", "national_tables_2022"],
    )
