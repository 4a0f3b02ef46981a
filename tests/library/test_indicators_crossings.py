"""Borders crossed once, twice and more: by hand, by following every order step by step, by striking exports out."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from worlds import random_tables

from valuechains import indicators as gvc
from valuechains import tables

ROUNDS = 400  # of random tables a column buys at most nine tenths of its output: 0.9 ** 400 is nothing


def solve(table):
    A = gvc.coefficients(table.Z, table.x)
    return gvc.value_added_rates(table.Z, table.x), A, gvc.leontief_inverse(A), len(table.countries)


def owner(table):
    """The economy of each row."""
    return np.repeat(np.arange(len(table.countries)), len(table.industries))


def close(found, expected, scale):
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8 * np.max(np.abs(scale)))


def test_two_economies_by_hand():
    """W0: L = (1.25, 5/3), so 0.875 and 0.5 of a unit of final output are value added at home."""
    table = tables.toy("W0")
    v, A, B, C = solve(table)
    forward = gvc.activities_forward(v, A, B, table.F, countries=C)
    backward = gvc.activities_backward(v, A, B, table.F, countries=C)
    np.testing.assert_allclose(np.transpose(forward), [[35, 8.75, 13.125, 13.125], [15, 10, 2.5, 2.5]])
    np.testing.assert_allclose(np.transpose(backward), [[35, 8.75, 2.5, 3.75], [15, 10, 13.125, 11.875]])
    simple, many = forward.participation
    np.testing.assert_allclose([simple, many], [[13.125 / 70, 2.5 / 30]] * 2)
    once = gvc.borin_mancini(v, A, B, gvc.exports(table.Z, table.F), countries=C)
    np.testing.assert_allclose(np.transpose(once)[0], [35, 7 / 3, 2.5, 1 / 6])


def test_nothing_made_has_no_participation():
    nothing = np.zeros(1)
    assert np.isnan(gvc.Activities(nothing, nothing, nothing, nothing).participation).all()


def followed(A, F, own):
    """Output ordered by final demand, (4, n, n): by way, by who makes it (row) and whose final good it is (column).

    Ways: no border yet; one, as a finished product; one, as an input; more than one.
    """
    n = len(F)
    home = own[:, None] == own
    at_home = F[np.arange(n), own]
    orders = np.zeros((4, n, n))
    orders[0], orders[1] = np.diag(at_home), np.diag(F.sum(axis=1) - at_home)
    made = orders.copy()
    within, across = np.where(home, A, 0), np.where(home, 0, A)
    for _ in range(ROUNDS):
        bought = [across @ order for order in orders]
        orders = np.array([within @ order for order in orders])
        orders[2] += bought[0]
        orders[3] += bought[1] + bought[2] + bought[3]
        made += orders
    return made


@given(random_tables())
def test_each_order_followed_from_border_to_border(table):
    v, A, B, C = solve(table)
    earned = v[:, None] * followed(A, table.F, owner(table))
    forward = gvc.activities_forward(v, A, B, table.F, countries=C)
    backward = gvc.activities_backward(v, A, B, table.F, countries=C)
    close(forward, earned.sum(axis=2), table.va)
    close(backward, earned.sum(axis=1), table.F)
    close(sum(forward), table.va, table.va)
    close(sum(backward), table.F.sum(axis=1), table.F)
    world = [np.sum(part) for part in forward]
    close([np.sum(part) for part in backward], world, table.va.sum())


@given(random_tables())
def test_crossings_sum_to_the_value_added_exports(table):
    """What crosses a border and is used abroad is VAX; the rest of trade and of chains is used at home again."""
    v, A, B, C = solve(table)
    forward = gvc.activities_forward(v, A, B, table.F, countries=C)
    vax = gvc.value_added_exports(v, B, table.F).sum(axis=1)
    abroad = forward.traditional + forward.simple + forward.complex
    assert (abroad >= vax - 1e-9 * table.va.max()).all()
    returned = gvc.value_added_absorbed(v, B, table.F)[np.arange(len(v)), owner(table)] - forward.domestic
    close(abroad - vax, returned, table.va)
    once = gvc.borin_mancini(v, A, B, gvc.exports(table.Z, table.F), countries=C)
    by_economy = gvc.by_economy(np.stack([abroad, once.domestic], axis=1), countries=C)
    close(by_economy[:, 0], by_economy[:, 1], table.va)  # what leaves the country, each dollar once


@given(random_tables())
def test_domestic_part_is_what_goes_when_exports_are_struck_out(table):
    """Hypothetical extraction (Los, Timmer and de Vries 2016) of one economy."""
    v, A, B, C = solve(table)
    first = owner(table) == 0
    closed, wanted = A.copy(), table.F.copy()
    closed[np.ix_(first, ~first)] = 0
    wanted[first, 1:] = 0
    left = v[first] @ np.linalg.solve(np.eye(len(v)) - closed, wanted.sum(axis=1))[first]
    once = gvc.borin_mancini(v, A, B, gvc.exports(table.Z, table.F), countries=C)
    close(once.domestic[first].sum(), table.va[first].sum() - left, table.va)


def before(v, A, own, s, i):
    """A unit of exports of i followed up to its suppliers: at home and abroad, until it crosses the border of s."""
    leaves = (own == s)[:, None] & (own != s)
    order = np.zeros(len(v))
    order[i] = 1.0
    made = order.copy()
    for _ in range(ROUNDS):
        order = np.where(leaves, 0, A) @ order
        made += order
    earned = v * made
    return earned[own == s].sum(), earned[own != s].sum()


def after(table, own, s):
    """Exports of s to each partner followed to their buyers: what comes to the border of s again, (n, C)."""
    n, C = table.F.shape
    sold = np.where(table.x[:, None] > 0, table.Z / table.x[:, None], 0)
    leaves = (own == s)[:, None] & (own != s)
    exported = gvc.exports(table.Z, table.F) / table.x * (own == s)
    within = np.where(leaves, 0, sold)
    again = exported.copy()  # part of what an industry makes that comes to the border
    for _ in range(ROUNDS):
        again = exported + within @ again
    back = np.zeros((n, C))
    for r in range(C):
        if r != s:
            back[own == s, r] = table.Z[np.ix_(own == s, own == r)] @ again[own == r]
    return back


@given(random_tables())
def test_source_and_sink_book_one_dollar_at_its_first_and_last_crossing(table):
    v, A, B, C = solve(table)
    own = owner(table)
    E = np.stack([np.where(own == r, 0, table.Z[:, own == r].sum(axis=1) + table.F[:, r]) for r in range(C)], axis=1)
    source, sink = (
        gvc.borin_mancini_by_partner(v, A, B, table.F, countries=C, approach=approach)
        for approach in ("source", "sink")
    )
    for parts in (source, sink):
        close(sum(parts), E, E)
        assert all((part >= -1e-9 * E.max()).all() for part in parts)
    whole = gvc.borin_mancini(v, A, B, E.sum(axis=1), countries=C)
    close([part.sum(axis=1) for part in source], whole, E)
    close(
        [gvc.by_economy(part.sum(axis=1), countries=C) for part in sink],
        [gvc.by_economy(p, countries=C) for p in whole],
        E,
    )

    i = 0  # an industry of the first economy
    domestic, foreign = before(v, A, own, 0, i)
    close([source.domestic[i], source.foreign[i]], [domestic * E[i], foreign * E[i]], E)
    back = after(table, own, 0)[i]
    paid = v[own == 0] @ B[own == 0, i]
    close([sink.domestic[i], sink.domestic_double[i]], [paid * (E[i] - back), paid * back], E)
    close(sink.foreign_double[i], (1 - paid) * back, E)
    if C == 2:
        close([gvc.by_economy(p, countries=C) for p in source], [gvc.by_economy(p, countries=C) for p in sink], E)


def test_another_approach_is_refused():
    table = tables.toy("W0")
    v, A, B, C = solve(table)
    with pytest.raises(ValueError, match=r"no approach 'world': choose \"source\" or \"sink\""):
        gvc.borin_mancini_by_partner(v, A, B, table.F, countries=C, approach="world")


def test_three_economies_part_by_partner_and_not_in_all():
    """W2: what B sends to A comes back and leaves again more often than what it sends to C."""
    table = tables.toy("W2")
    v, A, B, C = solve(table)
    source, sink = (
        gvc.by_economy(
            gvc.borin_mancini_by_partner(v, A, B, table.F, countries=C, approach=approach).domestic, countries=C
        )
        for approach in ("source", "sink")
    )
    close(source.sum(axis=1), sink.sum(axis=1), source)
    assert sink[1, 0] < source[1, 0] - 0.1 and sink[1, 2] > source[1, 2] + 0.1


def test_published_pair():
    """China to India on the reference table, as printed by the package's article (Borin and Mancini 2023, source)."""
    path = Path(__file__).parents[1] / "fixtures" / "reference_table.csv"
    table, frame = tables.read_csv(path, atol=5), pd.read_csv(path)
    A = gvc.coefficients(table.Z, frame["output"].to_numpy())
    v = (frame["value_added"] / frame["output"]).to_numpy()
    parts = gvc.borin_mancini_by_partner(v, A, gvc.leontief_inverse(A), table.F, countries=4)
    found = [gvc.by_economy(part, countries=4)[0, 1] for part in parts]
    assert found == pytest.approx([77542.28, 300.136, 12376.79, 48.74709], rel=1e-4)


@pytest.mark.parametrize("table", [tables.load_compact(2011), tables.load(2019)], ids=["2011", "2019"])
def test_real_tables_add_up(table):
    v, A, B, C = solve(table)
    scale = table.va.sum()
    forward = gvc.activities_forward(v, A, B, table.F, countries=C)
    backward = gvc.activities_backward(v, A, B, table.F, countries=C)
    close(sum(forward), table.va, table.va)
    close(sum(backward), table.F.sum(axis=1), table.F)
    E = gvc.exports(table.Z, table.F)
    sink = gvc.borin_mancini_by_partner(v, A, B, table.F, countries=C, approach="sink")
    whole = gvc.borin_mancini(v, A, B, E, countries=C)
    close(
        [gvc.by_economy(p.sum(axis=1), countries=C) for p in sink],
        [gvc.by_economy(p, countries=C) for p in whole],
        scale,
    )
    nine = gvc.kww(v, A, B, table.F, E, countries=C)
    close(nine[:, 5], gvc.by_economy(whole.domestic_double, countries=C), scale)  # the two agree on what is own
    assert (nine[:, 8] > gvc.by_economy(whole.foreign_double, countries=C)).all()  # and not on what is foreign
