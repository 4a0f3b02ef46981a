"""Published series, selected and given the package's names: nothing here is estimated, missing stays missing."""

from pathlib import Path

import pandas as pd
import yaml

from . import concordance, labels

WDI = "world-bank-wdi/"

# Economies of the indicator table: those of the world tables, and those the chapters compare.
EXTRA_ECONOMIES = tuple(("ARG CHE CHL EGY HKG HRV KEN MYS NGA NOR PAK PER PHL SAU SGP THA VNM ZAF WLD").split())

_SOURCE_KEYS = {
    "linden2009": "Linden, Kraemer and Dedrick (2009), Communications of the ACM 52(3): 140-144",
    "linden2007_summary": "Linden, Kraemer and Dedrick (2007), working paper, as summarised at hnorth.wordpress.com",
    "linden2007_review": "Linden, Kraemer and Dedrick (2007), working paper, rounded, as summarised at "
    "investmentoffice.com",
    "aliyrkko2011": "Ali-Yrkkö et al. (2011), Journal of Industry, Competition and Trade 11: 263-278",
}

_PCT_NAMES = {  # NCSES name -> ISO3 where the World Bank writes it otherwise
    "Brunei": "BRN",
    "Egypt": "EGY",
    "Iran": "IRN",
    "Kyrgyzstan": "KGZ",
    "Macedonia": "MKD",
    "North Korea": "PRK",
    "Russia": "RUS",
    "Slovakia": "SVK",
    "South Korea": "KOR",
    "Syria": "SYR",
    "Taiwan": "TWN",
    "Turkey": "TUR",
    "Venezuela": "VEN",
    "Vietnam": "VNM",
}


_GAPMINDER_CODES = {"KOS": "XKX", "NLD_CURACAO": "CUW", "CHANISL": "CHI"}  # -> World Bank


def build(sources):
    """All frames of published series."""
    return {
        "countries": countries(sources),
        "industries": industries(sources),
        "niot_industries": niot_industries(sources),
        "services_in_gdp": services_in_gdp(sources),
        "services_trade": services_trade(sources),
        "services_trade_by_group": services_trade_by_group(sources),
        "digital_services_trade": digital_services_trade(sources),
        "pct_applications": pct_applications(sources),
        "us_value_added_exports": us_value_added_exports(sources),
        "pay_per_hour": pay_per_hour(sources),
        "world_indicators": world_indicators(sources),
        "value_splits": value_splits(sources),
        "reference_table": sources.csv("reference-examples/china_india_japan_row_table.csv"),
        "reference_results": reference_results(sources),
    }


def countries(sources):
    """Every economy that a file of the package names, with the tables that hold it."""
    names = _world_bank_names(sources)
    niot = sources.csv("wiod2016-niot/countries.csv").set_index("code").name
    digital = sources.csv("unctad-digital-services/digitally_deliverable_services_panel_2010_2023.csv")
    names = {
        **digital.drop_duplicates("iso3").set_index("iso3").country,
        **niot,
        **names,
        "ROW": "Rest of the world",
        "WLD": "World",
        "TWN": "Taiwan",
        "ESH": "Western Sahara",
    }
    table = pd.DataFrame({"country": names.keys(), "name": names.values()}).sort_values("country")
    compact = table.country.where(table.country.isin(labels.COMPACT_ECONOMIES))
    in_2013 = table.country.isin(labels.ECONOMIES)
    return table.assign(
        compact=compact.where(~in_2013 | compact.notna(), "ROW"),
        in_world_tables=in_2013,
        in_national_tables=table.country.isin(niot.index),
    ).reset_index(drop=True)


def industries(sources):
    """The 35 industries of the world tables with their kind and their sector in the compact table."""
    published = sources.csv("wiod2013-wiot/industries.csv")
    names = published.description.str.replace("Paper, Paper ", "Paper")
    table = pd.DataFrame({"industry": published.column, "name": names, "nace_rev1": published.nace_rev1})
    return table.assign(
        kind=table.industry.map(labels.KIND),
        sector=table.industry.map(labels.SECTOR_OF),
        sector_name=table.industry.map(labels.SECTOR_OF).map(lambda code: labels.SECTORS[code][0]),
        is_service=table.industry.map(labels.KIND).isin(labels.SERVICES),
    )


def niot_industries(sources):
    """The 56 industries of the national tables."""
    codes = sources.csv("wiod2016-niot/codes.csv").query("kind == 'industry'")
    return pd.DataFrame(
        {
            "industry": codes.Code,
            "name": codes.Description,
            "kind": [concordance.kind("wiod2016", code) for code in codes.Code],
            "knowledge_intensive": codes.eurostat_kis.where(codes.broad_group == "services"),
        }
    ).reset_index(drop=True)


def services_in_gdp(sources):
    """Services in GDP and in employment, percent, long series; the source's zeros before a series starts are gaps."""
    long = sources.csv(WDI + "services_share_gapminder_wdi.csv.gz")
    long = long[(long.value > 0) & (long.iso3 != "GBM")]  # GBM: not a code of the World Bank
    long = long.replace({"iso3": _GAPMINDER_CODES})
    wide = long.pivot(index=["iso3", "year"], columns="indicator", values="value").reset_index()
    return wide.rename(
        columns={"iso3": "country", "NV.SRV.TOTL.ZS": "gdp_percent", "SL.SRV.EMPL.ZS": "employment_percent"}
    ).rename_axis(columns=None)


def services_trade(sources):
    """Services exports and imports, balance of payments, US$ million, 13 economies."""
    eight = sources.csv(WDI + "bop_services_trade_8_economies_2000_2024.csv").set_axis(
        ["country", "year", "exports", "imports"], axis=1
    )
    five = (
        sources.csv(WDI + "services_trade_totals_2005_2024.csv")
        .pivot(index=["iso3", "year"], columns="flow", values="usd")
        .reset_index()
        .rename(columns={"iso3": "country"})
    )
    both = pd.concat([eight, five], ignore_index=True)
    both[["exports", "imports"]] /= 1e6
    broken = (both.country == "CHN") & (both.year < 2003)  # a break in the published series: see the source's notes
    return both[~broken].sort_values(["country", "year"], ignore_index=True)


def services_trade_by_group(sources):
    """Four groups of services trade; the fourth is what three complete shares leave, the same way for both flows."""
    shares = (
        sources.csv(WDI + "services_trade_composition_2005_2024.csv").pivot(
            index=["iso3", "year", "flow"], columns="category", values="share_percent"
        )
        / 100
    )
    shares = shares[["transport", "travel", "insurance_financial"]]
    shares["all_other"] = 1 - shares.sum(axis=1, skipna=False)
    long = shares.rename_axis(index=["country", "year", "flow"], columns="group").stack().rename("share").reset_index()
    totals = services_trade(sources).melt(["country", "year"], ["exports", "imports"], "flow", "total")
    long = long.merge(totals, how="left", validate="many_to_one")
    long["value"] = long.share * long.pop("total")
    return long


def digital_services_trade(sources):
    """Digitally deliverable services, US$ million, 206 areas; empty where UNCTAD publishes nothing."""
    panel = sources.csv("unctad-digital-services/digitally_deliverable_services_panel_2010_2023.csv")
    return pd.DataFrame(
        {
            "country": panel.iso3,
            "year": panel.year,
            "exports": panel.dig_services_exports_usd_millions,
            "imports": panel.dig_services_imports_usd_millions,
        }
    ).sort_values(["country", "year"], ignore_index=True)


def pct_applications(sources):
    """Patent applications under the Patent Cooperation Treaty, by economy; regions and patent offices are left out."""
    codes = {name: code for code, name in _world_bank_names(sources).items()} | _PCT_NAMES
    table = sources.csv("ncses-sei2024/pct_applications_tidy.csv")
    table = table.assign(country=table.economy.map(codes)).dropna(subset="country")
    return (
        table[["country", "year", "pct_applications"]]
        .rename(columns={"pct_applications": "applications"})
        .sort_values(["country", "year"], ignore_index=True)
    )


def world_indicators(sources):
    """World Development Indicators for the economies of the tables and a few more, long form."""
    table = sources.csv(WDI + "wdi_selected_1990_2025.csv.gz")
    titles = sources.csv(WDI + "wdi_selected_indicators.csv").set_index("indicator").title
    chosen = table[table.iso3.isin((*labels.ECONOMIES, *EXTRA_ECONOMIES))]
    return pd.DataFrame(
        {
            "indicator": chosen.indicator,
            "title": chosen.indicator.map(titles),
            "country": chosen.iso3,
            "year": chosen.year,
            "value": chosen.value,
        }
    ).sort_values(["indicator", "country", "year"], ignore_index=True)


def us_value_added_exports(sources):
    """US gross exports and their domestic and imported content by exporting industry, 2007-2021."""
    table = sources.csv("ncses-sei2024/us_value_added_content_of_gross_exports_2007_2021.csv")
    blocks = table.field_exporting_industry_naics_code.isna().cumsum()
    table = table.assign(
        measure=blocks.map({1: "gross_exports", 2: "dva", 3: "imported_content"}),
        naics=table.field_exporting_industry_naics_code,
        industry=table.industry_level_2.fillna(table.industry_level_1),
    )
    years = {f"field_{year}": year for year in range(2007, 2022)}
    long = (
        table.dropna(subset="naics")
        .rename(columns=years)
        .melt(["measure", "naics", "industry"], list(years.values()), "year")
        .astype({"value": float})
    )
    return (
        long.pivot(index=["naics", "industry", "year"], columns="measure", values="value")
        .reset_index()[["naics", "industry", "year", "gross_exports", "dva", "imported_content"]]
        .rename_axis(columns=None)
    )


def pay_per_hour(sources):
    """Pay and value added of employees' hours in six economies, 56 industries: what a value-added rate is not."""
    table = sources.csv("wiod-sea/wiod2016_sea_6countries.csv.gz")
    paid = table.COMP / table.LCU_PER_USD
    return pd.DataFrame(
        {
            "country": table.country,
            "industry": table.code,
            "year": table.year,
            "hours": table.H_EMPE,
            "compensation": paid,
            "pay_per_hour": (paid / table.H_EMPE).where(table.H_EMPE > 0),
            "va_rate": (table.VA / table.GO).where(table.GO > 0),
            "compensation_rate": (table.COMP / table.GO).where(table.GO > 0),
        }
    ).sort_values(["country", "year"], kind="stable", ignore_index=True)


def value_splits(sources):
    """Who gets what of a product's price, as printed in the literature."""
    table = sources.csv("published-smile-cases/value_splits.csv")
    table = table.assign(cited=table.source_key.map(_SOURCE_KEYS)).drop(columns="source_key")
    quoted = yaml.safe_load((Path(__file__).parent / "official.yml").read_text(encoding="utf-8"))["splits"]
    return pd.concat([table, pd.DataFrame(quoted, columns=table.columns)], ignore_index=True)


def reference_results(sources):
    """Printed Borin-Mancini results of the reference table, in this package's names."""
    table = sources.csv("reference-examples/china_india_japan_row_expected_bm2023.csv")
    return table.set_axis(["country", "dva", "ddc", "fva", "fdc", "gross_exports"], axis=1)


def _world_bank_names(sources):
    names = sources.csv(WDI + "wdi_selected_1990_2025.csv.gz", usecols=["iso3", "country"]).drop_duplicates()
    return dict(zip(names.iso3, names.country))
