"""Accounting identities of a published table, each with a name: break one cell and see which of them fail.

    published = identities.published(tables.toy("W2"))      # flows, final demand, output and value added, all stated
    published.loc["A.M", "final.A"] = 100
    identities.audit(published)

A table as published says more than it needs: output and value added could be had from the rest. So a wrong cell
disagrees with others. An error that is made again elsewhere, so that rows and columns balance, is not seen: identities
test agreement, not truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from valuechains import indicators, tables
from valuechains.tables import Table, TableError

STATED = ("output", "value_added")
FLOWS = ("exports", "imports", "balance")


def published(table: Table) -> pd.DataFrame:
    """The table with everything that a statistical office prints, in the table's unit, for a student to break.

    n rows "economy.industry"; columns: the n industries that buy, "final.economy" for each economy, `output` and
    `value_added`.
    """
    return table.frame().assign(value_added=table.va)


def audit(published: pd.DataFrame, *, tolerance: float = 1e-9) -> pd.DataFrame:
    """One row an identity, named in words: does it hold (yes, NO), its largest difference, and where that is.

    published: as `published` gives it, n rows and n + C + 2 columns. Coefficients and rates are taken from the stated
    output and value added. tolerance: difference allowed, as a part of the largest amount in the identity; 1e-2 or so
    for a table of rounded numbers. Differences are in the table's unit, in the columns of v̂B in parts of one.
    Raises TableError for a cell that is no number, a missing row or column, and a table whose I - A has no inverse.
    """
    return _report(_identities(*_read(published)), tolerance)


def audit_accounts(accounts: pd.DataFrame, *, tolerance: float = 1e-9, total: str = "total") -> pd.DataFrame:
    """The same for accounts of services: balance = exports - imports, and the groups add up to the total.

    accounts: one row a group, one named `total`; columns `exports` (credit), `imports` (debit), `balance`, in one unit.
    Raises TableError for a cell that is no number and for a missing row or column.
    """
    flows = _column(accounts, *FLOWS)
    if total not in flows.index:
        raise TableError(f"There is no row {total!r}: name the row that the groups add up to.")
    groups = flows.drop(index=total)
    return _report(
        [
            ("balance = exports \N{MINUS SIGN} imports", flows.balance, flows.exports - flows.imports, flows.index),
            ("groups add up to the total", groups.sum().to_numpy(), flows.loc[total].to_numpy(), FLOWS),
        ],
        tolerance,
    )


def _identities(table: Table, x: np.ndarray, va: np.ndarray) -> Iterator[tuple]:
    """Name, one side, the other side, and what their entries belong to (METHODS 3.4, numbers 1 to 9)."""
    Z, F, C = table.Z, table.F, len(table.countries)
    yield "rows balance: sales = output", Z.sum(axis=1) + F.sum(axis=1), x, table.labels
    yield "columns balance: inputs + value added = output", Z.sum(axis=0) + va, x, table.labels
    yield "value added = final demand, world", va.sum(), F.sum(), ["world"]

    A = indicators.coefficients(Z, x)
    v = np.divide(va, x, out=np.zeros(len(x)), where=x != 0)
    try:
        B = indicators.leontief_inverse(A)
        E = indicators.exports(Z, F)
        nine = indicators.kww(v, A, B, F, E, countries=C)
    except (ValueError, np.linalg.LinAlgError):
        raise TableError(
            "I \N{MINUS SIGN} A has no inverse: look for an industry whose stated output is used up by its inputs."
        ) from None

    def total(values: np.ndarray) -> np.ndarray:
        return indicators.by_economy(values, countries=C)

    sells = x != 0  # an industry without output has no rate of value added
    yield "columns of v̂B add up to one", np.where(sells, v @ B, 1), np.ones(len(x)), table.labels
    yield (
        "value added absorbed = final demand, each economy",
        indicators.value_added_absorbed(v, B, F).sum(axis=0),
        F.sum(axis=0),
        table.countries,
    )
    yield "columns of v̂BÊ add up to exports", indicators.value_added_in_exports(v, B, E).sum(axis=0), E, table.labels
    gross = total(E)
    domestic = total(indicators.domestic_value_added(v, B, E, countries=C))
    foreign = total(indicators.foreign_value_added(v, B, E, countries=C))
    yield "DVA + FVA = exports", domestic + foreign, gross, table.countries
    yield "KWW's nine terms add up to exports", nine.sum(axis=1), gross, table.countries
    pairs = total(indicators.value_added_exports(v, B, F))
    flows = indicators.bilateral_exports(Z, F)
    yield (
        "gross balance = value-added balance",
        flows.sum(axis=1) - flows.sum(axis=0),
        pairs.sum(axis=1) - pairs.sum(axis=0),
        table.countries,
    )
    # with FVA computed from B both sides would be one sum in two orders, which no number can break: take it as the rest
    supplied = indicators.indirect_value_added(v, B, E, countries=C)
    yield "sum of DVX = sum of FVA (exports less DVA)", supplied.sum(), (gross - domestic).sum(), ["world"]


def _read(published: pd.DataFrame) -> tuple[Table, np.ndarray, np.ndarray]:
    if not isinstance(published, pd.DataFrame):
        raise TableError(f"An audit needs a table as `identities.published` gives it, not {type(published).__name__}.")
    stated = _column(published, *STATED)
    flows = published.drop(columns=list(STATED))
    table = tables.from_wide(flows if isinstance(flows.index, pd.RangeIndex) else flows.reset_index())
    return table, stated.output.to_numpy(), stated.value_added.to_numpy()


def _column(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """These columns as numbers."""
    for name in names:
        if name not in frame.columns:
            raise TableError(f"There is no column {name!r}: put it back or correct its name.")
    numbers = frame[list(names)].apply(pd.to_numeric, errors="coerce").astype(float)
    wrong = np.argwhere(~np.isfinite(numbers.to_numpy()))
    if len(wrong):
        i, j = wrong[0]
        cell = frame[names[j]].iloc[i]
        raise TableError(f"Row {frame.index[i]!r}, column {names[j]!r} holds {cell!r}, not a number: correct it.")
    return numbers


def _report(identities: Iterable[tuple], tolerance: float) -> pd.DataFrame:
    rows = []
    for name, one, other, owners in identities:
        one, other = np.atleast_1d(one).astype(float), np.atleast_1d(other).astype(float)
        gaps = np.abs(one - other)
        worst = int(np.argmax(gaps))
        holds = gaps[worst] <= tolerance * max(np.abs(one).max(), np.abs(other).max())
        rows.append(
            {
                "identity": name,
                "holds": "yes" if holds else "NO",
                "largest difference": round(float(gaps[worst]), 6) + 0.0,
                "where": "" if holds else owners[worst],
            }
        )
    return pd.DataFrame(rows).set_index("identity")
