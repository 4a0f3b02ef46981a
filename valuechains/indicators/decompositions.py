"""M7 and its cleaner successor: who earned gross exports, and what was counted more than once."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from valuechains.indicators.leontief import diagonal_blocks, domestic_inverse, foreign_sales
from valuechains.indicators.trade import origin_rates

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
    home = domestic_inverse(A, C)
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
    """Gross exports in four parts that sum to them: (n,) by exporting industry, or (n, C) to each partner as well."""

    domestic: np.ndarray  #: DVA, domestic value added, each dollar once
    domestic_double: np.ndarray  #: DDC, domestic value added that crosses the exporter's border again
    foreign: np.ndarray  #: FVA, foreign value added, each dollar once
    foreign_double: np.ndarray  #: FDC, foreign value added that crosses the exporter's border again


def borin_mancini(v: np.ndarray, A: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> BorinMancini:
    """Exports without double counting from the exporter's own point of view, (n,) each, in the unit of E.

    A dollar counts once, at its first crossing of the exporter's border: DVA_s = v_s' L_ss hat(E_s) with
    L_ss = (I - A_ss)^-1, and FVA_s = sum over t not s of v_t' B_ts B_ss^-1 L_ss hat(E_s). The domestic part is also
    what the economy would lose if all its exports were struck out of the table (Los, Timmer and de Vries 2016).
    Source: Borin and Mancini (2019, 2023), exporter perspective.
    """
    once, always = _rates(v, A, B, countries)
    return BorinMancini(*(rate * E for rate in (once[0], always[0] - once[0], once[1], always[1] - once[1])))


def borin_mancini_by_partner(
    v: np.ndarray,
    A: np.ndarray,
    B: np.ndarray,
    F: np.ndarray,
    *,
    countries: int,
    approach: Literal["source", "sink"] = "source",
) -> BorinMancini:
    """Exports of each industry to each partner without double counting, (n, C) each; zero in the exporter's own column.

    What crosses the exporter's border several times counts once: "source" books it with the partner to whom it went
    the first time, "sink" with the one to whom it went the last time. Over all partners the two agree, and are
    `borin_mancini`. With B* the Leontief inverse once s exports no inputs, B*_rs = B_rs B_ss^-1 L_ss, the exports that
    come back into exports of s are A_sr B*_rs E_s.
    Raises ValueError for another approach. Source: Borin and Mancini (2019, 2023), exporter perspective.
    """
    if approach not in ("source", "sink"):
        raise ValueError(f'There is no approach {approach!r}: choose "source" or "sink".')
    once, always = (np.stack(rates)[..., None] for rates in _rates(v, A, B, countries))
    E = foreign_sales(A * (B @ F.sum(axis=1)), F)
    if approach == "source":
        (domestic, foreign), (domestic_double, foreign_double) = once * E, (always - once) * E
    else:
        again = _sent_again(A, B, E.sum(axis=1), countries)
        (domestic, foreign), (domestic_double, foreign_double) = always * (E - again), always * again
    return BorinMancini(domestic, domestic_double, foreign, foreign_double)


def _rates(
    v: np.ndarray, A: np.ndarray, B: np.ndarray, countries: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Domestic and foreign value added in a unit that an industry exports, (n,) each: at its first crossing, in all."""
    C = countries
    S = len(v) // C
    home, own = domestic_inverse(A, C), diagonal_blocks(B, C)
    rates = v.reshape(C, 1, S)
    domestic = np.matmul(rates, own).reshape(-1)
    foreign = v @ B - domestic
    before = np.linalg.solve(own.transpose(0, 2, 1), foreign.reshape(C, S, 1)).transpose(0, 2, 1)  # v_t' B_ts B_ss^-1
    first = np.matmul(rates, home).reshape(-1), np.matmul(before, home).reshape(-1)
    return first, (domestic, foreign)


def _sent_again(A: np.ndarray, B: np.ndarray, E: np.ndarray, countries: int) -> np.ndarray:
    """Exports of each industry to each partner that come back and leave the economy again, (n, C)."""
    C = countries
    S = len(E) // C
    once = np.matmul(domestic_inverse(A, C), E.reshape(C, S, 1))
    own = np.linalg.solve(diagonal_blocks(B, C), once)[..., 0]  # B_ss^-1 L_ss E_s
    abroad = (B @ _by_user(own)).reshape(C, S, C)  # output of r for the exports of s
    again = np.einsum("sirj,rjs->sir", A.reshape(C, S, C, S), abroad)
    again[np.arange(C), :, np.arange(C)] = 0.0
    return again.reshape(C * S, C)


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
