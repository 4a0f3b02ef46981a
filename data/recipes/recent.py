"""Published series of 2000 to 2025, selected: value added in trade, restrictions, services by category and by mode."""

import pandas as pd

from . import concordance

TIVA, ADB, STRI = "oecd-tiva-2025/", "adb-mrio-indicators/", "oecd-stri/"
WTO, MODES = "wto-services-trade/", "services-by-mode/"

# Non-overlapping categories of TISMOS that add up to all services; affiliates (mode 3) are published for no finer ones.
TISMOS = "SA SB SC SDASDB3 SDB1SK21 SDB2SK22 SE SFSG SH SISK1 SJXSJ34 SK23 SK24 SWSJ34 SOXSW".split()
# Partners of China kept by name; the others are added up, so that the partners of a category add up to the world.
PARTNERS = {
    "Australia": "AUS",
    "Brazil": "BRA",
    "Canada": "CAN",
    "France": "FRA",
    "Germany": "DEU",
    "Hong Kong, China": "HKG",
    "India": "IND",
    "Indonesia": "IDN",
    "Ireland": "IRL",
    "Italy": "ITA",
    "Japan": "JPN",
    "Korea": "KOR",
    "Malaysia": "MYS",
    "Mexico": "MEX",
    "Netherlands": "NLD",
    "Philippines": "PHL",
    "Russia": "RUS",
    "Singapore": "SGP",
    "Switzerland": "CHE",
    "Chinese Taipei": "TWN",
    "Thailand": "THA",
    "United Kingdom": "GBR",
    "United States": "USA",
    "Viet Nam": "VNM",
}
ONS_PARTNERS = {
    "W1": "WLD",
    "AU": "AUS",
    "BR": "BRA",
    "CN": "CHN",
    "DE": "DEU",
    "FR": "FRA",
    "IE": "IRL",
    "IN": "IND",
    "JP": "JPN",
    "KR": "KOR",
    "NL": "NLD",
    "SG": "SGP",
    "US": "USA",
}


def build(sources):
    """All frames of this module."""
    return {
        "tiva_exports": tiva_exports(sources),
        "tiva_electronics": tiva_electronics(sources),
        "adb_exports_by_sector": adb_exports_by_sector(sources),
        "adb_participation": adb_participation(sources),
        "stri": stri(sources),
        "services_trade_by_main_sector": by_main_sector(sources),
        "china_services_by_partner": china_by_partner(sources),
        "services_trade_matrix": matrix(sources),
        "digitally_delivered_services": digitally_delivered(sources),
        "services_by_mode": by_mode(sources),
    }


def tiva_exports(sources):
    """The OECD's shares of gross exports, six economies, 1995-2022."""
    table = sources.csv(TIVA + "services_and_domestic_content_of_exports_1995_2022.csv")
    return pd.DataFrame(
        {
            "country": table.iso3,
            "year": table.year,
            "dva_percent": table.exgr_dva_percent,
            "services_domestic_percent": table.exgr_serv_dva_percent,
        }
    )


def tiva_electronics(sources):
    """The OECD's exports and domestic value added of electronics, six economies, 2005-2022."""
    table = sources.csv(TIVA + "electronics_c26_domestic_content_2005_2022.csv")
    return table.set_axis(["country", "year", "gross_exports", "dva", "dva_percent"], axis=1)


def adb_sectors(sources):
    """The 62 economies and the rest of the world with their 35 sectors, each sector as text and in its place."""
    table = sources.csv(ADB + "adb62_country_sector_2000_2022.csv.gz", dtype={"sector": str})
    concordance.check("adb", table.sector.unique())
    table = table.rename(columns={"iso3": "country"})
    return table.assign(is_service=[concordance.is_service("adb", sector) for sector in table.sector])


def adb_exports_by_sector(sources):
    """The same added up to the book's sectors."""
    table = adb_sectors(sources)
    place = {sector: concordance.sectors("adb", sector)[0] for sector in table.sector.unique()}
    amounts = ["output", "value_added", "exports", "vax_by_exporting_sector", "vax_by_origin_sector"]
    grouped = table.assign(sector=table.sector.map(place)).groupby(["country", "year", "sector"], sort=False)[amounts]
    return (
        grouped.sum()
        .round(0)
        .reset_index()
        .rename(
            columns={
                "exports": "gross_exports",
                "vax_by_exporting_sector": "vax",
                "vax_by_origin_sector": "vax_by_origin",
            }
        )
        .sort_values(["country", "year"], kind="stable", ignore_index=True)
    )


def adb_participation(sources):
    """Participation and the length of chains of 72 economies, all sectors together, 2017-2022."""
    table = sources.csv(ADB + "adb72_gvc_participation_and_length_2017_2022.csv.gz")
    table = table[table.sector == 0]
    return pd.DataFrame(
        {
            "country": table.iso3,
            "year": table.year,
            "gross_exports": table.exports,
            "forward": table.gvc_participation_forward,
            "backward": table.gvc_participation_backward,
            "length_forward": table.length_forward,
            "length_backward": table.length_backward,
        }
    ).sort_values(["country", "year"], ignore_index=True)


def stri(sources):
    """Restrictions on services trade by sector and policy area, 51 economies, 2014-2024."""
    names = sources.csv(STRI + "sectors.csv").set_index("sector").name
    table = sources.csv(STRI + "stri_2014_2024.csv.gz")
    concordance.check("stri", [code for code in table.sector.unique() if code != "ALLSEC"])
    names = names.replace(names["ALLSEC"], "All sectors")
    table.insert(2, "name", table.sector.map(names))
    return table.rename(columns={"iso3": "country"})


def by_main_sector(sources):
    """Services trade by the five main sectors and in all, to 2025; sums of them are left out."""
    table = sources.csv(WTO + "wto_commercial_services_main_sectors_2005_2025.csv")
    sums = {"S", "SOX", "SPX1"}
    concordance.check("wto", [code for code in table.code.unique() if code not in sums])
    names = {
        "S": "total",
        "SPX4": "goods_related",
        "SC": "transport",
        "SD": "travel",
        "SOX1": "other_commercial",
        "SL": "government",
    }
    table = table[table.code.isin(names)]
    return pd.DataFrame(
        {
            "country": table.iso3,
            "year": table.year,
            "flow": table.flow,
            "group": table.code.map(names),
            "value": table.usd_million,
            "flag": table.flag.map({"B": "break", "E": "estimate"}),
        }
    ).sort_values(["country", "flow", "year"], kind="stable", ignore_index=True)


def china_by_partner(sources):
    """China's trade in the twelve categories with 24 partners, all others together, and the world, balanced."""
    names = sources.csv(WTO + "batis_categories.csv").set_index("code").category
    table = sources.csv(WTO + "batis_china_by_partner_2005_2019.csv.gz")
    codes = [code for code in names.index if len(code) == 2 and code.startswith("S")]
    concordance.check("batis", codes)
    table = table[table.code.isin(codes)]
    missing = [partner for partner in PARTNERS if partner not in set(table.partner)]
    if missing:
        raise ValueError(f"BaTIS names no partner {', '.join(missing)}: correct the names in data/recipes/recent.py.")
    partner = table.partner.map(PARTNERS | {"World": "WLD"}).fillna("ROW")
    keys = ["flow", "code", "partner", "year"]
    grouped = table.assign(partner=partner).groupby(keys).usd_million.sum().rename("value").reset_index()
    grouped.insert(2, "category", grouped.code.map(names))
    return grouped


def matrix(sources):
    """Who sells services to whom, 2022, fourteen regions."""
    table = sources.csv(WTO + "batis_total_services_matrix_2022_14_regions.csv")
    return table.set_axis(["from_country", "to_country", "value"], axis=1)


def digitally_delivered(sources):
    """India's digitally delivered services, in all and by category."""
    table = sources.csv(MODES + "wto_digitally_delivered_services_india_2005_2025.csv")
    return pd.DataFrame(
        {
            "country": table.iso3,
            "flow": table.flow,
            "code": table.code,
            "category": table.category,
            "year": table.year,
            "value": table.usd_million,
        }
    )


def by_mode(sources):
    """Services by mode of supply: India 2005-2022 in US$, the United Kingdom 2020 in pounds."""
    return pd.concat([_india_by_mode(sources), _united_kingdom_by_mode(sources)], ignore_index=True)


def _india_by_mode(sources):
    names = sources.csv(MODES + "tismos_categories.csv").set_index("code").category
    table = sources.csv(MODES + "wto_tismos_india_2005_2022.csv.gz")
    concordance.check("tismos", [code for code in TISMOS if code != "SOXSW"])
    table = table[table.code.isin(TISMOS)]
    return pd.DataFrame(
        {
            "country": table.iso3,
            "partner": "WLD",
            "flow": table.flow,
            "code": table.code,
            "category": table.code.map(names),
            "mode": table["mode"],
            "year": table.year,
            "value": table.usd_million,
            "currency": "US$ million",
        }
    )


def _united_kingdom_by_mode(sources):
    table = sources.csv(MODES + "uk_ons_modes_of_supply_2020.csv", dtype={"account": str, "mode": str})
    table = table[table.partner_code.isin(ONS_PARTNERS) & table["mode"].isin(list("1234"))]
    concordance.check("ons", [code for code in table.account.unique() if code != "0"])
    return pd.DataFrame(
        {
            "country": "GBR",
            "partner": table.partner_code.map(ONS_PARTNERS),
            "flow": table.flow,
            "code": table.account,
            "category": table.service,
            "mode": table["mode"].astype(int),
            "year": 2020,
            "value": table.gbp_million,
            "currency": "GBP million",
        }
    )
