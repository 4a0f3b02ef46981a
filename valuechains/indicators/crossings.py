"""M27: production activities by how often they cross a border, and simple and complex participation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuechains.indicators.leontief import domestic_inverse, own_column
from valuechains.indicators.trade import ratio


class Activities(NamedTuple):
    """What is made, in four parts that sum to it, (n,) each or by economy (C,)."""

    domestic: np.ndarray  #: pure domestic: made and used at home, crosses no border
    traditional: np.ndarray  #: traditional trade: only the finished product crosses, once
    simple: np.ndarray  #: simple GVC: crosses once as an input, and its buyer finishes and uses it at home
    complex: np.ndarray  #: complex GVC: crosses at least twice, the first time as an input

    @property
    def participation(self) -> tuple[np.ndarray, np.ndarray]:
        """Simple and complex participation: their shares of all that is made; NaN where nothing is."""
        made = np.sum(self, axis=0)
        return ratio(self.simple, made), ratio(self.complex, made)


def activities_forward(v: np.ndarray, A: np.ndarray, B: np.ndarray, F: np.ndarray, *, countries: int) -> Activities:
    """M27. Value added of each industry by the way to its users, (n,) each, in the unit of F; sums to value added.

    With L the domestic inverses, AF the foreign blocks of A and Y^D (Y^F) final sales at home (abroad):
    hat(v) L Y^D + hat(v) L Y^F + hat(v) L AF L Y^D + hat(v) L AF (B Y - L Y^D).
    Source: Wang, Wei, Yu and Zhu (2017), forward linkages.
    """
    home = _Home(A, countries)
    at_home = own_column(F)
    used = home.made(at_home)  # output at home for final use at home
    everything = B @ F.sum(axis=1)
    ways = (at_home, F.sum(axis=1) - at_home, home.bought(used), home.bought(everything - used))
    return Activities(*(v * home.made(way) for way in ways))


def activities_backward(v: np.ndarray, A: np.ndarray, B: np.ndarray, F: np.ndarray, *, countries: int) -> Activities:
    """M27. Final goods of each industry by the way of what is in them, (n,) each, in the unit of F; sums to F.

    The same four terms as `activities_forward`, each column added up in place of each row: value added at home in
    final goods for home and for abroad, foreign inputs that crossed once, foreign inputs that crossed more often.
    Source: Wang, Wei, Yu and Zhu (2017), backward linkages.
    """
    home = _Home(A, countries)
    at_home = own_column(F)
    everywhere = F.sum(axis=1)
    own = home.paid(v)  # v' L, value added at home in a unit of final output
    bought = own @ home.foreign  # v' L AF
    once = home.paid(bought) * at_home
    return Activities(own * at_home, own * (everywhere - at_home), once, (bought @ B) * everywhere - once)


class _Home:
    """The domestic and the foreign blocks of A, apart."""

    def __init__(self, A: np.ndarray, countries: int) -> None:
        S = len(A) // countries
        self.inverse = domestic_inverse(A, countries)
        at_home = np.kron(np.eye(countries, dtype=bool), np.ones((S, S), dtype=bool))
        self.foreign = np.where(at_home, 0.0, A)

    def made(self, f: np.ndarray) -> np.ndarray:
        """L f: output at home for the final output f."""
        return np.matmul(self.inverse, f.reshape(*self.inverse.shape[:2], 1)).reshape(-1)

    def bought(self, x: np.ndarray) -> np.ndarray:
        """AF x: inputs from abroad for the output x."""
        return self.foreign @ x

    def paid(self, rates: np.ndarray) -> np.ndarray:
        """rates' L: what a unit of final output holds of them along the chain at home."""
        C, S = self.inverse.shape[:2]
        return np.matmul(rates.reshape(C, 1, S), self.inverse).reshape(-1)
