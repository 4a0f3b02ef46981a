"""The shock bench: worked numbers, invariants on random tables, the real table, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked import EXTRA, agrees
from worlds import random_tables

from valuechains.indicators import coefficients
from valuechains.models.shock import ROUNDS, reshore, reshored
from valuechains.tables import UnknownCode, load_compact, toy

shares = st.floats(0, 1)


@pytest.mark.parametrize("printed", EXTRA["reshore"], ids=lambda printed: f"g={printed['g']}")
def test_worked_numbers(printed):
    result = reshore(toy("W2"), "A", printed["g"])
    agrees(list(result.gdp.values()), printed["GDP"])
    agrees(result.backward["A"], printed["backward_A"])
    agrees(result.world_vax_ratio, printed["VAXratio_world"])
    assert result.world_gdp == pytest.approx(1017)


def test_all_rounds_give_home_less():
    """Home suppliers that keep their technique buy some of what they need abroad."""
    first, every = (reshore(toy("W2"), "A", 0.25, rounds=rounds) for rounds in ROUNDS)
    assert 0 < every.change["A"] < first.change["A"] == 28.75
    assert every.change["A"] == pytest.approx(21.5303, abs=5e-5)


@given(random_tables(), shares, st.sampled_from(ROUNDS))
def test_world_value_added_is_fixed(table, share, rounds):
    result = reshore(table, "C0", share, rounds=rounds)
    assert result.world_gdp == pytest.approx(table.F.sum(), rel=1e-9)
    assert sum(result.change.values()) == pytest.approx(0, abs=1e-9 * table.F.sum())


@given(random_tables(), shares)
def test_first_round_moves_exactly_the_imports_replaced(table, share):
    after = reshored(table, "C1", share)
    home = table.block("C1")
    imports = table.Z[:, home].sum() - table.Z[home, home].sum()
    assert after.va[home].sum() - table.va[home].sum() == pytest.approx(share * imports, abs=1e-9 * table.x.sum())
    np.testing.assert_allclose(after.Z.sum(axis=0), table.Z.sum(axis=0), rtol=1e-9, atol=1e-9)


@given(random_tables(), shares)
def test_all_rounds_keep_techniques(table, share):
    after = reshored(table, "C1", share, rounds="all")
    before, now = (coefficients(t.Z, t.x).sum(axis=0) for t in (table, after))
    np.testing.assert_allclose(now, before, rtol=1e-9, atol=1e-9)


@given(random_tables(), st.sampled_from(ROUNDS))
def test_no_imported_inputs_are_left_at_one_and_none_move_at_zero(table, rounds):
    home = table.block("C0")
    full = reshored(table, "C0", 1, rounds=rounds).Z
    assert np.delete(full, np.r_[home], axis=0)[:, home].sum() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(reshored(table, "C0", 0, rounds=rounds).Z, table.Z, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("country", ["CHN", "DEU", "USA"])
@pytest.mark.parametrize("rounds", ROUNDS)
def test_works_on_the_real_table(country, rounds):
    table = load_compact(2011)
    none, some = (reshore(table, country, share, rounds=rounds) for share in (0, 0.25))
    assert some.world_gdp == pytest.approx(none.world_gdp)
    assert some.gdp[country] > none.gdp[country]
    assert some.backward[country] < none.backward[country]
    assert some.world_vax_ratio > none.world_vax_ratio


def test_the_first_round_can_break_a_small_supplier():
    """If China bought no foreign inputs, the frozen inputs of Taiwan's electronics would exceed its output."""
    table = reshored(load_compact(2011), "CHN", 1)
    assert table.va[table.index("TWN", "ELE")] < 0
    kept = reshored(load_compact(2011), "CHN", 1, rounds="all")
    assert (kept.va >= 0).all()


@pytest.mark.parametrize(
    ("country", "share", "rounds", "error", "says"),
    [
        ("A", 1.2, "first", ValueError, "must be a number from 0 to 1, not 1.2"),
        ("A", float("nan"), "first", ValueError, "from 0 to 1, not nan"),
        ("A", "half", "first", ValueError, "not 'half'"),
        ("X", 0.5, "first", UnknownCode, "no economy 'X' in this table: choose one of A, B, C"),
        ("A", 0.5, "some", ValueError, "'first' or 'all', not 'some'"),
    ],
)
def test_bad_input(country, share, rounds, error, says):
    with pytest.raises(error) as caught:
        reshore(toy("W2"), country, share, rounds=rounds)
    assert says in str(caught.value)
