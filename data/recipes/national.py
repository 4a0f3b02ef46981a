"""National tables: the 2016 release for 43 countries, 2000-2014, and China's own tables for 2017, 2018 and 2020.

Both separate home-made from imported inputs, so exports divide into domestic value added, imported content and the
rest (product taxes, margins); unlike world tables they cannot say where imported content was made.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from valuechains import indicators

from . import concordance, labels

NIOT_YEARS = range(2000, 2015)
CHINA_YEARS = (2017, 2018, 2020)


@dataclass(frozen=True)
class National:
    """One national table with S industries: `Z` home-made and `M` imported inputs (S, S), value added, exports and
    gross output `x` (S,), the kind of each industry, and which industries are knowledge-intensive services."""

    codes: tuple
    kinds: np.ndarray
    knowledge: np.ndarray
    Z: np.ndarray
    M: np.ndarray
    va: np.ndarray
    exports: np.ndarray
    x: np.ndarray

    def results(self):
        """(by industry, totals): exports, their domestic value added, imported content and services content."""
        L = indicators.leontief_inverse(indicators.coefficients(self.Z, self.x))
        per_unit = np.divide(self.va, self.x, out=np.zeros_like(self.x), where=self.x != 0)
        by_origin = indicators.multipliers(per_unit, L) * self.exports  # (origin, exporting industry)
        imported = indicators.coefficients(self.M, self.x).sum(0) @ L * self.exports
        services = np.isin(self.kinds, labels.SERVICES)
        industries = pd.DataFrame(
            {
                "industry": self.codes,
                "gross_exports": self.exports,
                "dva": by_origin.sum(0),
                "imported_content": imported,
                "services_domestic": by_origin[services].sum(0),
                "dva_by_origin": by_origin.sum(1),
                "va_rate": np.where(self.x != 0, per_unit, np.nan),
            }
        )
        return industries, self._totals(by_origin, imported, services)

    def _totals(self, by_origin, imported, services):
        E, dva = self.exports.sum(), by_origin.sum()
        made = self.kinds == "manufacturing"
        made_exports, made_dva = self.exports[made].sum(), by_origin[:, made].sum()
        return {
            "gross_exports": E,
            "dva": dva,
            "dva_share": dva / E,
            "imported_share": imported.sum() / E,
            "services_gross_share": self.exports[services].sum() / E,
            "services_va_domestic": by_origin[services].sum() / E,
            "services_dva_share": by_origin[services].sum() / dva,
            "knowledge_dva_share": by_origin[self.knowledge].sum() / dva,
            "manufacturing_dva_share": made_dva / made_exports,
            "manufacturing_services_domestic": by_origin[np.ix_(services, made)].sum() / made_exports,
            "manufacturing_services_dva_share": by_origin[np.ix_(services, made)].sum() / made_dva,
            **{f"{kind}_dva_share": by_origin[self.kinds == kind].sum() / dva for kind in labels.SERVICES},
            "services_in_va": self.va[services].sum() / self.va.sum(),
        }


def build(sources):
    """Frames of the 2016 release and of China's own tables."""
    industries, countries = [], []
    codes = sources.csv("wiod2016-niot/codes.csv").query("kind == 'industry'")
    for year in NIOT_YEARS:
        tables = sources.csv(f"wiod2016-niot/by_year/niot_{year}.csv.gz")
        for country, table in tables.groupby("Country", sort=True):
            by_industry, totals = _niot(table, codes).results()
            by_industry.insert(0, "country", country)
            by_industry.insert(2, "year", year)
            industries.append(by_industry)
            countries.append({"country": country, "year": year, **totals})
    return {
        "niot_exports_by_industry": pd.concat(industries, ignore_index=True),
        "niot_exports_by_country": pd.DataFrame(countries),
        **_china(sources),
    }


def _niot(table, codes):
    names = list(codes.Code)
    rows = table.set_index(["Origin", "Code"])
    home = rows.loc["Domestic"].loc[names]
    return National(
        codes=tuple(names),
        kinds=np.array([concordance.kind("wiod2016", code) for code in names]),
        knowledge=(codes.eurostat_kis == "yes").to_numpy(),
        Z=home[names].to_numpy(float),
        M=rows.loc["Imports"].loc[names, names].to_numpy(float),
        va=rows.loc[("TOT", "VA"), names].to_numpy(float),
        exports=home.EXP.to_numpy(float),
        x=home.GO.to_numpy(float),
    )


def _china(sources):
    """Shares and indicators only: the tables themselves carry no open licence."""
    industries, totals = [], []
    for year in CHINA_YEARS:
        table = sources.csv(f"china-io-nbs/china_{year}_42.csv.gz", dtype={"Code": str})
        by_industry, total = _nbs(table).results()
        E = by_industry.gross_exports
        industries.append(
            pd.DataFrame(
                {
                    "industry": by_industry.industry,
                    "name": table.loc[table.Origin == "Domestic", "Description"].to_numpy(),
                    "kind": [concordance.kind("nbs", code) for code in by_industry.industry],
                    "year": year,
                    "exports_share": E / E.sum(),
                    "dva_share": (by_industry.dva / E).where(E > 0),
                    "imported_share": (by_industry.imported_content / E).where(E > 0),
                    "services_va_domestic": (by_industry.services_domestic / E).where(E > 0),
                    "va_rate": by_industry.va_rate,
                }
            )
        )
        hidden = ("gross_exports", "dva", "knowledge_dva_share")
        totals.append({"year": year, **{name: value for name, value in total.items() if name not in hidden}})
    return {
        "china_national_by_industry": pd.concat(industries, ignore_index=True),
        "china_national": pd.DataFrame(totals),
    }


def _nbs(table):
    rows = table.set_index(["Origin", "Code"])
    home = rows.loc["Domestic"]
    names = list(home.index)
    return National(
        codes=tuple(names),
        kinds=np.array([concordance.kind("nbs", code) for code in names]),
        knowledge=np.zeros(len(names), dtype=bool),
        Z=home[names].to_numpy(float),
        M=rows.loc["Imports"].loc[names, names].to_numpy(float),
        va=rows.loc[("TOT", "TVA"), names].to_numpy(float),
        exports=home.EX.to_numpy(float),
        x=home.GO.to_numpy(float),
    )
