"""Inter-country tables of the OECD, 2023 edition: 2020 (77 economies x 11 industry groups), 2019 (20 x 20 sections).

Cells are kept to US$ 10,000: in whole millions the rows of small economies would miss their output by up to 3 %.
Product taxes that industries pay stand apart in the source; `value_added` here is without them, and a table's own value
added, output less inputs, is with them, as in OECD's indicators.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from valuechains import indicators
from valuechains.tables import FINAL, Table

from . import concordance, labels

RELEASES = {2019: "oecd-icio-2023/icio2023ed_2019_20x20.npz", 2020: "oecd-icio-2023/icio2023ed_2020_77x11.npz"}
SOURCES = {2019: "icio2023_20", 2020: "icio2023_11"}  # as the concordance calls them, for their industries differ
DECIMALS = 2


def build(sources):
    """Frames of the complete tables and the compact one, of their accounts, and of what exports hold."""
    loaded = {year: load(sources, year) for year in RELEASES}
    (table_2019, accounts_2019), (table_2020, accounts_2020) = loaded[2019], loaded[2020]
    return {
        "inter_country_table_2019": cells(table_2019),
        "inter_country_table_2020": cells(table_2020),
        "inter_country_table_2020_compact": cells(compact(table_2020)),
        "inter_country_accounts": pd.concat([accounts_2019, accounts_2020], ignore_index=True),
        "icio_exports_by_country": pd.concat([by_country(table_2019), by_country(table_2020)], ignore_index=True),
    }


def load(sources, year):
    """One year: a `Table` that meets the published output and value added, and the accounts by industry."""
    name = RELEASES[year]
    raw = sources.arrays(name)
    countries, industries = tuple(map(str, raw["countries"])), tuple(map(str, raw["industries"]))
    labels.expect(name, "economies", countries, labels.ICIO_ECONOMIES[year])
    concordance.check(SOURCES[year], industries)
    n, C = len(raw["x"]), len(countries)
    table = Table(raw["Z"], raw["F"].reshape(n, C, -1).sum(axis=2), countries, industries, year)
    table.validate(raw["x"], raw["va"] + raw["taxes"], rtol=0, atol=0.01)
    accounts = pd.DataFrame(
        {
            "year": year,
            "country": np.repeat(countries, len(industries)),
            "industry": np.tile(industries, C),
            "output": raw["x"],
            "value_added": raw["va"],
            "product_taxes": raw["taxes"],
        }
    )
    return table, accounts


def compact(table):
    """The same table with the twelve economies of the older compact tables.

    The cells are added as they are shipped, in whole units of the last decimal: sums of whole numbers are exact, so
    that no processor's order of adding decides a digit.
    """
    rest = {code: "ROW" for code in table.countries if code not in labels.COMPACT_ECONOMIES}
    named = {code: code for code in labels.COMPACT_ECONOMIES}
    unit = 10.0**DECIMALS
    whole = replace(table, Z=(table.Z * unit).round(), F=(table.F * unit).round()).aggregate(countries=named | rest)
    return replace(whole, Z=whole.Z / unit, F=whole.F / unit)


def cells(table):
    """One row for each seller and buying economy, one column for each use there; rows without a flow are left out."""
    C, S = len(table.countries), len(table.industries)
    flows = np.concatenate([table.Z.reshape(C * S, C, S), table.F[:, :, None]], axis=2).reshape(-1, S + 1)
    index = pd.MultiIndex.from_product(
        [table.countries, table.industries, table.countries], names=["from_country", "from_industry", "to_country"]
    )
    frame = pd.DataFrame(flows.round(DECIMALS) + 0.0, index=index, columns=[*table.industries, FINAL])
    return frame[(frame != 0).any(axis=1)].reset_index()


def by_country(table):
    """What each economy's exports hold: value added from home and abroad, and that of services among it."""
    C, S = len(table.countries), len(table.industries)
    source = SOURCES[table.year]
    services = np.array([concordance.is_service(source, industry) for industry in table.industries])
    made = np.array([concordance.kind(source, industry) == "manufacturing" for industry in table.industries])
    v = indicators.value_added_rates(table.Z, table.x)
    B = indicators.leontief_inverse(indicators.coefficients(table.Z, table.x))
    E = indicators.exports(table.Z, table.F)

    def total(values, of=slice(None)):
        return values.reshape(C, S)[:, of].sum(axis=1)

    domestic = indicators.domestic_value_added(v, B, E, countries=C)
    parts = indicators.services_content(v, B, E, services, countries=C)
    gross = total(E)
    return pd.DataFrame(
        {
            "country": table.countries,
            "year": table.year,
            "gross_exports": gross,
            "dva": total(domestic),
            "fva": gross - total(domestic),
            "dvx": indicators.indirect_value_added(v, B, E, countries=C),
            "vax": total(indicators.value_added_exports(v, B, table.F).sum(axis=1)),
            "services_gross_share": total(E, services) / gross,
            "services_va_domestic": total(parts[0]) / gross,
            "services_va_foreign": total(parts[1]) / gross,
            "manufacturing_services_domestic": total(parts[0], made) / total(E, made),
            "manufacturing_services_foreign": total(parts[1], made) / total(E, made),
        }
    )
