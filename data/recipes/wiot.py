"""World input-output tables, WIOD 2013 release: one year at full detail, and the compact table made from it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from valuechains import indicators

from . import labels

C, S = len(labels.ECONOMIES), len(labels.INDUSTRIES)
N = C * S


@dataclass(frozen=True)
class Wiot:
    """One year of the 41 x 35 table, US$ million, country-major.

    `Z` (1435, 1435) intermediate use; `F` (1435, 41) final demand by economy; `x` (1435,) gross output as published.
    The copy of the release is cut to whole millions, so rows fall short of `x` by 0.04-0.09 % in all.
    """

    year: int
    Z: np.ndarray
    F: np.ndarray
    x: np.ndarray

    @cached_property
    def v(self):
        """Value added per unit of gross output (1435,); 0 where there is no output."""
        return indicators.value_added_rates(self.Z, self.x)

    @cached_property
    def B(self):
        """Leontief inverse (1435, 1435)."""
        return indicators.leontief_inverse(indicators.coefficients(self.Z, self.x))

    @cached_property
    def E(self):
        """Gross exports of each industry to all other economies, for every use (1435,)."""
        return indicators.exports(self.Z, self.F)


def load(sources, year):
    """Read one year of the release (`sources` is a `Sources`); final demand is added up by destination economy."""
    raw = sources.arrays(f"wiod2013-wiot/wiod2013_{year}.npz")
    published = tuple(labels.RENAMED.get(code, code) for code in map(str, raw["countries"]))
    labels.expect(f"wiod2013_{year}.npz", "economies", published, labels.ECONOMIES)
    Z, x = raw["Z"].astype(float), raw["x"].astype(float)
    F = raw["F"].astype(float).reshape(N, C, -1).sum(2)
    # Three industries publish no output yet sell up to US$ 11 m: no value added stands behind that, so it is left out.
    Z[x == 0], F[x == 0] = 0, 0
    return Wiot(year, Z, F, x)


def compact(wiot):
    """The same table with 12 economies and 13 sectors: rows (from, to, value) for every cell, zeros included."""
    groups = _selector(
        [e if e in labels.COMPACT_ECONOMIES else "ROW" for e in labels.ECONOMIES], labels.COMPACT_ECONOMIES
    )
    sectors = _selector([labels.SECTOR_OF[i] for i in labels.INDUSTRIES], tuple(labels.SECTORS))
    both = np.kron(groups, sectors)
    cells = np.hstack([both @ wiot.Z @ both.T, both @ wiot.F @ groups.T]).astype(int)
    rows = pd.MultiIndex.from_product(
        [labels.COMPACT_ECONOMIES, labels.SECTORS], names=["from_country", "from_industry"]
    )
    columns = [
        *pd.MultiIndex.from_product([labels.COMPACT_ECONOMIES, labels.SECTORS]),
        *((economy, "final") for economy in labels.COMPACT_ECONOMIES),
    ]
    table = pd.DataFrame(cells, index=rows, columns=pd.MultiIndex.from_tuples(columns, names=["to_country", "to_use"]))
    return _with_year(table.stack(["to_country", "to_use"], future_stack=True).rename("value").reset_index(), wiot.year)


def truncation(wiot):
    """What cutting to whole millions lost: published gross output against the sum of each economy's rows."""
    rows = (wiot.Z.sum(1) + wiot.F.sum(1)).reshape(C, S).sum(1)
    published = wiot.x.reshape(C, S).sum(1)
    lost = pd.DataFrame(
        {
            "country": labels.ECONOMIES,
            "published_output": published.astype(int),
            "output_of_cells": rows.astype(int),
            "residue_share": 1 - rows / published,
        }
    )
    return _with_year(lost, wiot.year)


def _with_year(frame, year):
    frame.insert(0, "year", year)
    return frame


def _selector(group_of, groups):
    """0/1 matrix (groups, members) that adds members up into groups."""
    return (np.array(groups)[:, None] == np.array(group_of)[None, :]).astype(float)
