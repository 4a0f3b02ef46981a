"""M7 and its cleaner successor: who earned gross exports, and what was counted more than once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuechains.indicators.leontief import diagonal_blocks
from valuechains.indicators.trade import domestic_value_added, foreign_value_added, origin_rates

#: What the nine terms of `kww` are, in order.
KWW_TERMS = (
    "own value added in final exports",
    "own value added in intermediate exports, used up by the direct importer",
    "own value added in intermediate exports, used up in third economies",
    "own value added that returns in final imports",
    "own value added that returns in intermediate imports and is used up at home",
    "own value added counted twice",
    "foreign value added in final exports",
    "foreign value added in intermediate exports",
    "foreign value added counted twice",
)


def kww(v: np.ndarray, A: np.ndarray, B: np.ndarray, F: np.ndarray, E: np.ndarray, *, countries: int) -> np.ndarray:
    """M7. Gross exports of each economy in nine terms (`KWW_TERMS`), (C, 9); rows sum to its gross exports.

    Terms 1-3 are VAX, 1-6 domestic and 7-9 foreign value added. Only totals by economy hold: do not run it by
    sector (Wang, Wei and Zhu 2018 do that). Source: Koopman, Wang and Wei (2014), equation 36.
    """
    C, S = countries, len(v) // countries
    rates = origin_rates(v, B, countries=C)
    home = np.linalg.inv(np.eye(S) - diagonal_blocks(A, C))
    consumed = np.matmul(home, F.reshape(C, S, C)[np.arange(C), :, np.arange(C), None])[..., 0]  # L_r Y_rr
    exported = np.matmul(home, E.reshape(C, S, 1))[..., 0]  # L_r E_r

    # T[r, s, d]: value added of s in what r sells to d, for final use there or as inputs of these outputs of d
    final = _earned(rates, F)
    for_home = _earned(rates, A @ _by_user(consumed))
    for_exports = _earned(rates, A @ _by_user(exported))

    r, s, d = np.ogrid[:C, :C, :C]
    abroad = r != s
    return np.stack(
        [
            _sum(final, (r == s) & (d != s), axes=(0, 2)),
            _sum(final, abroad & (d == r), axes=(0, 2)),
            _sum(final, abroad & (d != r) & (d != s), axes=(0, 2)),
            _sum(final, abroad & (d == s), axes=(0, 2)),
            _sum(for_home, abroad & (d == s), axes=(0, 2)),
            _sum(for_exports, abroad & (d == s), axes=(0, 2)),
            # the exporter is now r, and s whoever abroad earned the value added
            _sum(final, abroad & (d != r), axes=(1, 2)),
            _sum(for_home, abroad & (d != r), axes=(1, 2)),
            _sum(for_exports, abroad & (d != r), axes=(1, 2)),
        ],
        axis=1,
    )


class BorinMancini(NamedTuple):
    """Gross exports by exporting industry in four parts that sum to E, (n,) each."""

    domestic: np.ndarray  #: DVA, domestic value added, each dollar once
    domestic_double: np.ndarray  #: DDC, domestic value added that crosses the exporter's border again
    foreign: np.ndarray  #: FVA, foreign value added, each dollar once
    foreign_double: np.ndarray  #: FDC, foreign value added that crosses the exporter's border again


def borin_mancini(v: np.ndarray, A: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> BorinMancini:
    """Exports without double counting from the exporter's own point of view.

    A dollar counts once, at its first crossing of the exporter's border: DVA_s = v_s' L_ss hat(E_s) with
    L_ss = (I - A_ss)^-1, and FVA_s = sum over t not s of v_t' B_ts B_ss^-1 L_ss hat(E_s).
    Source: Borin and Mancini (2023), Economic Systems Research 35.
    """
    C = countries
    S = len(v) // C
    home = np.linalg.inv(np.eye(S) - diagonal_blocks(A, C))
    domestic = np.matmul(v.reshape(C, 1, S), home).reshape(-1) * E
    all_domestic = domestic_value_added(v, B, E, countries=C)
    all_foreign = foreign_value_added(v, B, np.ones(len(v)), countries=C)
    once = np.linalg.solve(diagonal_blocks(B, C).transpose(0, 2, 1), all_foreign.reshape(C, S, 1))
    foreign = np.matmul(once.transpose(0, 2, 1), home).reshape(-1) * E
    return BorinMancini(domestic, all_domestic - domestic, foreign, all_foreign * E - foreign)


def _by_user(outputs: np.ndarray) -> np.ndarray:
    """Outputs (C, S) of each economy in a column of its own, (n, C)."""
    C, S = outputs.shape
    columns = np.zeros((C, S, C))
    columns[np.arange(C), :, np.arange(C)] = outputs
    return columns.reshape(C * S, C)


def _earned(rates: np.ndarray, sales: np.ndarray) -> np.ndarray:
    """Value added of s in the sales of r to d, as T[r, s, d], from rates (C, n) and sales (n, C)."""
    C, n = rates.shape
    return np.matmul(rates.reshape(C, C, n // C).transpose(1, 0, 2), sales.reshape(C, n // C, C))


def _sum(values: np.ndarray, where: np.ndarray, axes: tuple[int, int]) -> np.ndarray:
    return values.sum(axis=axes, where=where)
