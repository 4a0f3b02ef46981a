"""Shock bench: an economy replaces part of its imported inputs by its own. Who gains, if nothing else changes?

Prices and final demand are frozen, so the model moves income between economies and cannot make or lose any.
That is a property of the model, not a finding about the world.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from valuechains import indicators as gvc
from valuechains.models.inputs import within
from valuechains.tables import Table

ROUNDS = ("first", "all")


class Reshoring(NamedTuple):
    """The world after the shock; money in the unit of the table."""

    gdp: dict[str, float]  #: value added by economy
    change: dict[str, float]  #: gdp less what it was before
    backward: dict[str, float]  #: foreign value added in exports / exports, by economy; NaN without exports
    world_vax_ratio: float  #: value-added exports / gross exports of all economies
    world_gdp: float  #: the same at every share: world final demand


def reshore(table: Table, country: str, share: float, *, rounds: str = "first") -> Reshoring:
    """What changes when `country` makes at home the share (0-1) of the intermediate inputs that it imports.

    rounds: see `reshored`. Raises ValueError for a share outside 0-1 or unknown rounds, tables.UnknownCode for an
    economy that the table does not have. Source: hypothetical substitution in an input-output table, in the spirit of
    Dietzenbacher and Lahr (2013) on hypothetical extraction.
    """
    after = reshored(table, country, share, rounds=rounds)
    C = len(after.countries)
    B = gvc.leontief_inverse(gvc.coefficients(after.Z, after.x))
    v = gvc.value_added_rates(after.Z, after.x)
    E = gvc.exports(after.Z, after.F)
    before, gdp = (gvc.by_economy(world.va, countries=C) for world in (table, after))
    return Reshoring(
        gdp=_by_name(after, gdp),
        change=_by_name(after, gdp - before),
        backward=_by_name(after, gvc.participation(v, B, E, countries=C).backward),
        world_vax_ratio=float(gvc.value_added_exports(v, B, after.F).sum() / E.sum()),
        world_gdp=float(gdp.sum()),
    )


def reshored(table: Table, country: str, share: float, *, rounds: str = "first") -> Table:
    """The table in which `country` buys at home, from the same industry, the share (0-1) of its imported inputs.

    rounds "first": the flows move and nobody buys anything else, so all that home suppliers gain, and foreign ones
    lose, is value added; change is linear in the share, and near 1 a small supplier's value added can turn negative.
    rounds "all": input coefficients move and every producer keeps its technique, so those who sell more (less) also
    buy more (less), at home and abroad; output follows from the new Leontief inverse and the old final demand.
    """
    within(share, 0, 1, "share of imported inputs that is replaced")
    if rounds not in ROUNDS:
        raise ValueError(f"The rounds that count are {' or '.join(map(repr, ROUNDS))}, not {rounds!r}.")
    if rounds == "first":
        Z = _moved_home(table, table.Z, country, share)
    else:
        A = _moved_home(table, gvc.coefficients(table.Z, table.x), country, share)
        Z = A * (gvc.leontief_inverse(A) @ table.F.sum(axis=1))
    return Table(Z, table.F, table.countries, table.industries, table.year, table.unit)


def _moved_home(table: Table, inputs: np.ndarray, country: str, share: float) -> np.ndarray:
    """Inputs (n, n), flows or coefficients, with a share of the country's foreign ones moved to its own rows."""
    home, position = table.block(country), table.countries.index(country)
    C, S = len(table.countries), len(table.industries)
    bought = inputs[:, home].reshape(C, S, S)
    kept = (1 - share) * bought
    kept[position] += share * bought.sum(axis=0)
    result = inputs.copy()
    result[:, home] = kept.reshape(C * S, S)
    return result


def _by_name(table: Table, values: np.ndarray) -> dict[str, float]:
    return dict(zip(table.countries, map(float, values), strict=True))
