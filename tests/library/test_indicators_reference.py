"""A real table with published results: Borin and Mancini's decomposition to every printed digit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from valuechains import indicators as gvc
from valuechains import tables

FIXTURES = Path(__file__).parents[1] / "fixtures"
COLUMNS = ["DVA", "DDC", "FVA", "FDC"]


@pytest.fixture(scope="module")
def published():
    """The table, and the gross output and value added printed with it (rounding leaves gaps of up to 5)."""
    frame = pd.read_csv(FIXTURES / "reference_table.csv")
    return tables.read_csv(FIXTURES / "reference_table.csv", atol=5), frame["output"], frame["value_added"]


def test_every_printed_digit(published):
    table, output, value_added = published
    x, v = output.to_numpy(), (value_added / output).to_numpy()
    C = len(table.countries)
    A = gvc.coefficients(table.Z, x)
    B = gvc.leontief_inverse(A)
    E = gvc.exports(table.Z, table.F)
    parts = gvc.borin_mancini(v, A, B, E, countries=C)
    found = np.stack([gvc.by_economy(part, countries=C) for part in parts], axis=1)

    printed = pd.read_csv(FIXTURES / "reference_results.csv", index_col="exporter", dtype=str)
    assert tuple(printed.index) == table.countries
    for economy, row in zip(table.countries, found, strict=True):
        for name, value in zip(COLUMNS, row, strict=True):
            text = printed.loc[economy, name]
            decimals = len(text.partition(".")[2])
            assert f"{value:.{decimals}f}" == f"{float(text):.{decimals}f}", (economy, name)
    gross = gvc.by_economy(E, countries=C)
    np.testing.assert_array_equal(gross, printed["gross_exports"].astype(float))


def test_shipped_reference_is_the_published_one(published):
    table, *_ = published
    shipped = tables.reference()
    assert shipped.labels == table.labels
    np.testing.assert_array_equal(shipped.Z, table.Z)
    np.testing.assert_array_equal(shipped.F, table.F)


def test_gaps_are_refused_without_the_allowance_for_rounding():
    # 0.1 % of output covers every gap of the real table; a strict reader sees them
    table = tables.read_csv(FIXTURES / "reference_table.csv")
    frame = pd.read_csv(FIXTURES / "reference_table.csv")
    with pytest.raises(tables.TableError, match=r"does not balance: its row differs from the published figure by"):
        table.validate(frame["output"], rtol=0)
