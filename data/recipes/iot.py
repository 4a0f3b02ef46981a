"""National tables of the OECD, 2025 edition: 80 economies by 50 industries, 2022, with the parts of value added.

The tables show home-made and imported inputs together. To part them, each use of a product is taken to be imported in
the proportion in which the economy imports that product: imports / (output - exports + imports). That is an assumption,
and the one that meets the OECD's own indicators (`tiva_exports`) within 0.2 points for domestic value added and 0.5 for
services. Value added is with the product taxes that industries pay, as in those indicators.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from valuechains import indicators

from . import concordance, labels

RELEASE = "oecd-iot-2025/iot2025ed_2022_80countries.csv.gz"
YEAR = 2022
HOME = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"]
EXPORTS = ["CONS_NONRES", "EXPO"]


@dataclass(frozen=True)
class Iot:
    """One economy, S industries, US$ million: `Z` (S, S) home-made and imported inputs together, final use at home,
    exports, imports and output by product (S,); value added, pay, other taxes, and product taxes by industry (S,)."""

    country: str
    industries: tuple
    Z: np.ndarray
    final: np.ndarray
    exports: np.ndarray
    imports: np.ndarray
    x: np.ndarray
    va: np.ndarray
    pay: np.ndarray
    taxes: np.ndarray

    @cached_property
    def home_share(self):
        """The part of each product's uses at home that is home-made, (S,)."""
        used = self.x - self.exports + self.imports
        return 1 - np.divide(self.imports, used, out=np.zeros_like(used), where=used != 0)

    @cached_property
    def by_origin(self):
        """Domestic value added in exports: industry that earns it (row), industry that exports (column), (S, S)."""
        A = indicators.coefficients(self.home_share[:, None] * self.Z, self.x)
        B = indicators.leontief_inverse(A)
        return indicators.value_added_in_exports(self._per_unit(self.va + self.taxes), B, self.exports)

    def upstreamness(self):
        """Average number of stages to final use, (S,), if exports and imports of a product are used as at home.

        Source: Antràs, Chor, Fally and Hillberry (2012), with their correction for open economies.
        """
        used = self.x - self.exports + self.imports
        D = np.divide(self.Z, used[:, None], out=np.zeros_like(self.Z), where=(used > 0)[:, None])
        stages = np.linalg.solve(np.eye(len(D)) - D, np.ones(len(D)))
        return np.where(self.x > 0, stages, np.nan)

    def by_industry(self):
        services = [concordance.is_service("iot2025", industry) for industry in self.industries]
        produced = self.x > 0
        return pd.DataFrame(
            {
                "country": self.country,
                "industry": self.industries,
                "year": YEAR,
                "gross_exports": self.exports,
                "dva": self.by_origin.sum(0),
                "services_domestic": self.by_origin[services].sum(0),
                "dva_by_origin": self.by_origin.sum(1),
                "output": self.x,
                "va_rate": np.where(produced, self._per_unit(self.va), np.nan),
                "compensation_rate": np.where(produced, self._per_unit(self.pay), np.nan),
                "product_tax_rate": np.where(produced, self._per_unit(self.taxes), np.nan),
                "upstreamness": self.upstreamness(),
            }
        )

    def cells(self):
        frame = pd.DataFrame(self.Z, columns=self.industries)
        frame.insert(0, "country", self.country)
        frame.insert(1, "industry", self.industries)
        return frame.assign(final=self.final, exports=self.exports, imports=self.imports)

    def _per_unit(self, amounts):
        return np.divide(amounts, self.x, out=np.zeros_like(self.x), where=self.x > 0)


def build(sources):
    """Frames of the tables and of what follows from them."""
    tables = load(sources)
    return {
        "national_tables_2022": pd.concat([table.cells() for table in tables], ignore_index=True).round(1),
        "iot_exports_by_industry": pd.concat([table.by_industry() for table in tables], ignore_index=True),
    }


def load(sources):
    """All economies of the release, each checked to add up."""
    release = sources.csv(RELEASE)
    labels.expect(RELEASE, "economies", list(release.Country.unique()), labels.IOT_ECONOMIES)
    industries = tuple(release.columns[2 : list(release.columns).index(HOME[0])])
    concordance.check("iot2025", industries)
    return [_economy(country, table, industries) for country, table in release.groupby("Country", sort=True)]


def _economy(country, table, industries):
    rows, codes = table.set_index("Code"), list(industries)
    uses = rows.loc[[f"TTL_{industry}" for industry in industries]]
    found = Iot(
        country,
        industries,
        Z=uses[codes].to_numpy(float),
        final=uses[HOME].sum(axis=1).to_numpy(float),
        exports=uses[EXPORTS].sum(axis=1).to_numpy(float),
        imports=-uses.IMPO.to_numpy(float),
        x=rows.loc["OUTPUT", codes].to_numpy(float),
        va=rows.loc["VALU", codes].to_numpy(float),
        pay=rows.loc["LABR", codes].to_numpy(float),
        taxes=rows.loc["TXS_INT_FNL", codes].to_numpy(float),
    )
    inputs = rows.loc["TTL_INT_FNL", codes].to_numpy(float)
    _balances(country, industries, found.Z.sum(1) + found.final + found.exports - found.imports, found.x, "uses")
    _balances(country, industries, inputs + found.va, found.x, "inputs and value added")
    return found


def _balances(country, industries, sums, output, what, share=2e-3, least=100.0):
    """Stop at a row or column that misses output by more than the release itself does (China's real estate: 82)."""
    gap = np.abs(sums - output)
    wrong = ~(gap <= np.maximum(least, share * np.abs(output)))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(
            f"{RELEASE}: the {what} of {country}.{industries[i]} differ from its output by {gap[i]:,.0f}: "
            "the table does not balance; take the release again."
        )
