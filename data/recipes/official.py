"""China's services accounts 2022-2025 as stated by the Ministry of Commerce, and the pairs of definitions."""

from pathlib import Path

import pandas as pd
import yaml

STATED = Path(__file__).with_name("official.yml")

_PRESS = {  # the words of the press file -> flow, group
    "service exports": ("exports", "total"),
    "service imports": ("imports", "total"),
    "services trade (exports+imports)": ("trade", "total"),
    "knowledge-intensive services trade (exports+imports)": ("trade", "knowledge_intensive"),
    "knowledge-intensive service exports": ("exports", "knowledge_intensive"),
    "knowledge-intensive service imports": ("imports", "knowledge_intensive"),
}
_MONTHS = {"01..03": "Q1", "01..04": "M04"}
_LAST_MONTH = {"Q1": 3, "M04": 4, "H1": 6, "Q1Q3": 9, "M10": 10, "": 12}
_FLOWS = ("exports", "imports", "trade", "balance")
_GROUPS = ("total", "knowledge_intensive", "other", "travel")


def build(sources):
    """Frames china_services_accounts and definition_pairs."""
    stated = yaml.safe_load(STATED.read_text(encoding="utf-8"))
    return {"china_services_accounts": accounts(sources, stated), "definition_pairs": pairs(stated["pairs"])}


def accounts(sources, stated):
    """Stated values and growth rates, then what follows from them by addition or subtraction (status `derived`)."""
    rows = [
        *_press(sources),
        *(
            {
                "period": str(period),
                "flow": flow,
                "group": group,
                "value": value,
                "growth_percent": growth,
                "source_url": page,
            }
            for period, flow, group, value, growth, page in stated["accounts"]
        ),
    ]
    table = pd.DataFrame(rows).set_index(["period", "flow", "group"])
    table["status"] = "stated"
    _derive_growth_bases(table, stated)
    for period in table.index.unique("period"):
        _derive_within(table, period)
    table = table.reset_index()
    year, part = table.period.str[:4].astype(int), table.period.str[5:]
    table["first_month"] = year.astype(str) + "-01"
    table["last_month"] = year.astype(str) + "-" + part.map(_LAST_MONTH).astype(str).str.zfill(2)
    order = {name: place for names in (_FLOWS, _GROUPS) for place, name in enumerate(names)}
    table = table.sort_values(
        ["last_month", "flow", "group"], key=lambda column: column.map(order) if column.name != "last_month" else column
    )
    return table[
        ["period", "first_month", "last_month", "flow", "group", "value", "growth_percent", "status", "source_url"]
    ].reset_index(drop=True)


def _press(sources):
    for row in sources.csv("article-claims/china_services_trade_press_figures.csv").itertuples():
        first, last = row.period.split("..")
        flow, group = _PRESS[row.flow]
        yield {
            "period": f"{first[:4]}-{_MONTHS[f'{first[5:]}..{last[5:]}']}",
            "flow": flow,
            "group": group,
            "value": row.value_bn_cny,
            "growth_percent": row.growth_pct_yoy,
            "source_url": row.source_url,
        }


def _add(table, period, flow, group, value, growth=None, page=None):
    """Add a derived row, unless something was stated under that name."""
    if (period, flow, group) not in table.index:
        table.loc[(period, flow, group), :] = {
            "value": round(value, 2),
            "growth_percent": growth,
            "source_url": page,
            "status": "derived",
        }


def _derive_growth_bases(table, stated):
    """Totals of H1 2025 and January-April 2025, and last year's values that the stated growth rates imply."""
    april, half = stated["april_2025"], stated["h1_2025"]
    _add(
        table,
        "2025-M04",
        "exports",
        "total",
        table.value[("2024-M04", "exports", "total")] * (1 + april["growth_percent"] / 100),
        april["growth_percent"],
        april["page"],
    )
    exports = table.value[("2025-H1", "exports", "knowledge_intensive")] / half["knowledge_share_of_exports"]
    _add(
        table,
        "2025-H1",
        "exports",
        "total",
        exports,
        round(100 * (exports / half["exports_base"] - 1), 1),
        table.source_url[("2025-H1", "exports", "knowledge_intensive")],
    )
    _add(table, "2024-H1", "exports", "total", half["exports_base"])
    for part in ("Q1", "H1"):
        now = table.loc[(f"2025-{part}", "exports", "knowledge_intensive")]
        _add(table, f"2024-{part}", "exports", "knowledge_intensive", now.value / (1 + now.growth_percent / 100))


def _derive_within(table, period):
    """Within one period: the missing one of exports, imports, trade and balance, and all other services."""

    def known(flow, group):
        value = table.value.get((period, flow, group))
        return None if pd.isna(value) else value

    for group in ("total", "knowledge_intensive"):
        X, M, T, balance = (known(flow, group) for flow in _FLOWS)
        if X is None and None not in (T, M):
            _add(table, period, "exports", group, T - M)
        if M is None and None not in (X, balance):
            _add(table, period, "imports", group, X - balance)
        X, M = known("exports", group), known("imports", group)
        if None not in (X, M):
            _add(table, period, "balance", group, X - M)
    for flow in ("exports", "imports", "balance"):
        whole, part = known(flow, "total"), known(flow, "knowledge_intensive")
        if None not in (whole, part):
            _add(table, period, flow, "other", whole - part)


def pairs(stated):
    """One row for each side of each pair."""
    return pd.DataFrame(
        [
            {
                "pair": pair["pair"],
                "object": pair["object"],
                "side": side.upper(),
                "value": pair[side]["value"],
                "unit": pair["unit"],
                "as_stated": pair[side]["stated"],
                "year": pair[side]["year"],
                "by": pair[side]["by"],
                "why_they_differ": pair["why"],
                "source_url": pair[side]["page"],
            }
            for pair in stated
            for side in ("a", "b")
        ]
    )
