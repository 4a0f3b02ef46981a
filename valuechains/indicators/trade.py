"""M4-M6, M8-M9: trade in value added."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuechains.indicators.leontief import by_economy, diagonal_blocks


def origin_rates(v: np.ndarray, B: np.ndarray, *, countries: int) -> np.ndarray:
    """Value added of each economy (row) in a unit of final output of each industry (column), v_t' B_t., (C, n)."""
    n = len(v)
    S = n // countries
    return np.matmul(v.reshape(countries, 1, S), B.reshape(countries, S, n))[:, 0, :]


def domestic_value_added(v: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> np.ndarray:
    """M4. Domestic value added in gross exports by exporting industry, DVA_s = v_s' B_ss hat(E_s), (n,).

    With `foreign_value_added` it sums to E exactly. Source: OECD TiVA; Koopman, Wang and Wei (2014).
    """
    rates = np.matmul(v.reshape(countries, 1, -1), diagonal_blocks(B, countries))
    return rates.reshape(-1) * E


def foreign_value_added(v: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> np.ndarray:
    """M4. Foreign value added in gross exports by exporting industry, FVA_s = sum over t not s of v_t' B_ts hat(E_s).

    (n,). It includes what crosses borders more than once (foreign double counting). Source: OECD TiVA.
    """
    return v @ B * E - domestic_value_added(v, B, E, countries=countries)


def domestic_value_added_by_origin(v: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> np.ndarray:
    """M10. Domestic value added in the exports of an economy by industry of origin, v_s hat (B_ss E_s), (n,).

    The same total as `domestic_value_added`, given to the industries that earn it; feeds value-added `rca`.
    """
    return v * np.matmul(diagonal_blocks(B, countries), E.reshape(countries, -1, 1)).reshape(-1)


def value_added_absorbed(v: np.ndarray, B: np.ndarray, F: np.ndarray) -> np.ndarray:
    """Value added of each industry (row) absorbed in the final demand of each economy (column), hat(v) B F, (n, C).

    Columns sum to the final demand of the economy. Source: Johnson and Noguera (2012).
    """
    return v[:, None] * (B @ F)


def value_added_exports(v: np.ndarray, B: np.ndarray, F: np.ndarray) -> np.ndarray:
    """M5. Value added of each industry (row) absorbed in the final demand of each other economy (column), (n, C).

    VAX_sr = hat(v_s) sum over t of B_st F_tr; the seller's own economy is set to zero. Add the columns for VAX,
    `by_economy` for the bilateral table; VAX ratio = VAX / E. Source: Johnson and Noguera (2012).
    """
    n, C = F.shape
    absorbed = value_added_absorbed(v, B, F)
    absorbed[np.arange(n), np.repeat(np.arange(C), n // C)] = 0.0
    return absorbed


def indirect_value_added(v: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> np.ndarray:
    """M6. Value added of each economy in the exports of others, DVX_s = sum over r not s of v_s' B_sr E_r, (C,).

    Source: Koopman, Powers, Wang and Wei (2010).
    """
    paid = by_economy((origin_rates(v, B, countries=countries) * E).T, countries=countries)
    return paid.sum(axis=0) - paid.diagonal()


class Participation(NamedTuple):
    """Participation in value chains by economy, (C,) each; NaN for an economy without exports."""

    backward: np.ndarray  #: foreign value added in own exports / exports
    forward: np.ndarray  #: own value added in the exports of others / exports
    position: np.ndarray  #: ln(1 + forward) - ln(1 + backward); positive is upstream


def participation(v: np.ndarray, B: np.ndarray, E: np.ndarray, *, countries: int) -> Participation:
    """M6. Backward and forward participation and position of each economy, as shares of its gross exports.

    Source: Koopman, Powers, Wang and Wei (2010).
    """
    gross = by_economy(E, countries=countries)
    foreign = by_economy(foreign_value_added(v, B, E, countries=countries), countries=countries)
    backward = ratio(foreign, gross)
    forward = ratio(indirect_value_added(v, B, E, countries=countries), gross)
    return Participation(backward, forward, np.log1p(forward) - np.log1p(backward))


def origin_content(
    v: np.ndarray, B: np.ndarray, E: np.ndarray, kinds: np.ndarray, *, countries: int
) -> tuple[np.ndarray, np.ndarray]:
    """M8. Value added in the exports of each industry by kind of the industry of origin: domestic, foreign.

    kinds: (K, S), 1 where an industry of origin is of that kind, else 0. Returns two (K, n) arrays in the unit of E;
    when every industry is of one kind they sum to E. Source: OECD TiVA (EXGR_SERV and its split).
    """
    kinds = np.asarray(kinds, dtype=float)
    everywhere = (np.tile(kinds, countries) * v) @ B * E
    weights = kinds[None, :, :] * v.reshape(countries, 1, -1)
    home = np.matmul(weights, diagonal_blocks(B, countries))
    domestic = home.transpose(1, 0, 2).reshape(len(kinds), -1) * E
    return domestic, everywhere - domestic


def services_content(
    v: np.ndarray, B: np.ndarray, E: np.ndarray, services: np.ndarray, *, countries: int
) -> tuple[np.ndarray, np.ndarray]:
    """M8. Services value added in the exports of each industry, (domestic, foreign), (n,) each, in the unit of E.

    services: (S,), true for services industries. Divide by E for the share of one exporting industry, or add up to
    economies first. The domestic part in goods columns is "mode 5" (Cernat and Kutlina-Dimitrova 2014).
    """
    domestic, foreign = origin_content(v, B, E, np.asarray(services)[None, :], countries=countries)
    return domestic[0], foreign[0]


class ServicesRoutes(NamedTuple):
    """Services value added in the exports of each industry by the way it got there, (n,) each, in the unit of E."""

    direct: np.ndarray  #: own value added of a services industry in its own exports; zero for goods
    indirect: np.ndarray  #: other domestic services, bought in along the domestic chain
    foreign: np.ndarray  #: services of other economies


def services_routes(
    v: np.ndarray, B: np.ndarray, E: np.ndarray, services: np.ndarray, *, countries: int
) -> ServicesRoutes:
    """M9. Services content of exports: direct, indirect domestic, foreign; they sum to `services_content`.

    Direct is hat(v) E, the exporter's own payroll and profit, as in OECD TiVA's direct domestic content. Services
    that a goods firm makes for itself are not seen: that needs occupations or functions, not an ICIO table.
    """
    domestic, foreign = services_content(v, B, E, services, countries=countries)
    direct = np.tile(services, countries) * v * E
    return ServicesRoutes(direct, domestic - direct, foreign)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where the whole is zero."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
