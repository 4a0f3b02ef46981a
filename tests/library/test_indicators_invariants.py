"""The invariants of the methods reference, on random tables (one test each; pooling, no. 15, is not an indicator)."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from worlds import floats, random_tables

from valuechains import indicators as gvc
from valuechains.tables import Table, toy


def solve(t):
    A = gvc.coefficients(t.Z, t.x)
    B = gvc.leontief_inverse(A)
    v = gvc.value_added_rates(t.Z, t.x)
    return SimpleNamespace(
        t=t,
        C=len(t.countries),
        S=len(t.industries),
        A=A,
        B=B,
        v=v,
        E=gvc.exports(t.Z, t.F),
        total=lambda values: gvc.by_economy(values, countries=len(t.countries)),
    )


worlds = random_tables().map(solve)


def close(a, b, scale=1.0):
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * np.max(np.abs(scale)))


@given(worlds)
def test_01_value_added_multipliers_sum_to_one(w):
    close(gvc.multipliers(w.v, w.B).sum(axis=0), 1)


@given(worlds)
def test_02_world_value_added_is_world_final_demand(w):
    close(w.t.va.sum(), w.t.F.sum())


@given(worlds)
def test_03_value_added_absorbed_is_final_demand(w):
    close(gvc.value_added_absorbed(w.v, w.B, w.t.F).sum(axis=0), w.t.F.sum(axis=0))


@given(worlds)
def test_04_value_added_in_exports_sums_to_exports(w):
    close(gvc.value_added_in_exports(w.v, w.B, w.E).sum(axis=0), w.E)


@given(worlds)
def test_05_domestic_and_foreign_sum_to_exports(w):
    dva = gvc.domestic_value_added(w.v, w.B, w.E, countries=w.C)
    fva = gvc.foreign_value_added(w.v, w.B, w.E, countries=w.C)
    vbe = gvc.value_added_in_exports(w.v, w.B, w.E).reshape(w.C, w.S, w.C, w.S)
    close(dva, np.einsum("sisj->sj", vbe).ravel())
    close(dva + fva, w.E)


@given(worlds)
def test_06_kww_terms_sum_to_exports_and_its_parts(w):
    terms = gvc.kww(w.v, w.A, w.B, w.t.F, w.E, countries=w.C)
    gross = w.total(w.E)
    vax = w.total(gvc.value_added_exports(w.v, w.B, w.t.F)).sum(axis=1)
    close(terms.sum(axis=1), gross)
    close(terms[:, :3].sum(axis=1), vax, gross)
    close(terms[:, :6].sum(axis=1), w.total(gvc.domestic_value_added(w.v, w.B, w.E, countries=w.C)), gross)
    close(terms[:, 6:].sum(axis=1), w.total(gvc.foreign_value_added(w.v, w.B, w.E, countries=w.C)), gross)


@given(worlds)
def test_07_vax_at_most_dva_at_most_exports(w):
    gross = w.total(w.E)
    dva = w.total(gvc.domestic_value_added(w.v, w.B, w.E, countries=w.C))
    vax = w.total(gvc.value_added_exports(w.v, w.B, w.t.F)).sum(axis=1)
    slack = 1e-9 * gross.max()
    assert (vax <= dva + slack).all() and (dva <= gross + slack).all()


@given(worlds)
def test_08_value_added_supplied_is_value_added_used(w):
    dvx = gvc.indirect_value_added(w.v, w.B, w.E, countries=w.C)
    close(dvx.sum(), gvc.foreign_value_added(w.v, w.B, w.E, countries=w.C).sum(), w.E.sum())
    part = gvc.participation(w.v, w.B, w.E, countries=w.C)
    close((part.forward * w.total(w.E)).sum(), (part.backward * w.total(w.E)).sum(), w.E.sum())


@given(worlds)
def test_09_trade_balances_agree_by_economy(w):
    gross = gvc.bilateral_exports(w.t.Z, w.t.F)
    net = w.total(gvc.value_added_exports(w.v, w.B, w.t.F))
    close(gross.sum(axis=1) - gross.sum(axis=0), net.sum(axis=1) - net.sum(axis=0), gross.sum())
    close(gross.sum(axis=1), w.total(w.E))


@given(worlds)
def test_10_origins_and_routes_sum_to_exports(w):
    kinds = np.eye(w.S)
    domestic, foreign = gvc.origin_content(w.v, w.B, w.E, kinds, countries=w.C)
    close((domestic + foreign).sum(axis=0), w.E, w.E)
    close(domestic.sum(axis=0), gvc.domestic_value_added(w.v, w.B, w.E, countries=w.C), w.E)
    services = np.arange(w.S) == 0
    at_home, abroad = gvc.services_content(w.v, w.B, w.E, services, countries=w.C)
    close(at_home, domestic[0], w.E)
    routes = gvc.services_routes(w.v, w.B, w.E, services, countries=w.C)
    close(sum(routes), at_home + abroad, w.E)
    assert all((part >= -1e-9 * w.E.max()).all() for part in routes)
    assert (routes.direct.reshape(w.C, w.S)[:, 1:] == 0).all()


@given(worlds)
def test_11_position_adds_up_and_is_at_least_one(w):
    U, D = gvc.upstreamness(w.B, w.t.x), gvc.downstreamness(w.B)
    close(U @ w.t.va, w.t.x.sum())
    close(D @ w.t.F.sum(axis=1), w.t.x.sum())
    length = gvc.propagation_length(w.B, w.t.F)
    assert min(U.min(), D.min(), np.nanmin(length)) >= 1 - 1e-9
    D_matrix = w.t.Z / w.t.x[:, None]
    close(U, np.linalg.solve(np.eye(len(U)) - D_matrix, np.ones(len(U))))


@given(worlds)
def test_12_a_chain_pays_out_its_final_value(w):
    close(gvc.chain(w.v, w.B, w.t.F).sum(axis=0), w.t.F.sum(axis=0))
    close(gvc.chain(w.v, w.B, w.t.F[:, 0]), gvc.chain(w.v, w.B, w.t.F)[:, 0])


@given(worlds)
def test_13_advantage_averages_to_one(w):
    X = w.E.reshape(w.C, w.S)
    world = X.sum(axis=0) / X.sum()
    if (X.sum(axis=1) > 0).all():
        index = gvc.rca(X)
        close(np.nansum(index * world, axis=1), 1)
        assert (np.abs(gvc.symmetric(index[np.isfinite(index)])) <= 1).all()


@given(hnp.arrays(float, st.integers(1, 8), elements=floats(0, 100)).filter(lambda y: y.sum() > 1e-3))
def test_14_concentration_and_inequality_stay_in_range(y):
    found = gvc.concentration(y)
    assert 1 / len(y) - 1e-12 <= found.herfindahl <= 1 + 1e-12
    assert found.effective_number <= found.entropy_number * (1 + 1e-9) <= len(y) * (1 + 2e-9)
    parts = gvc.theil(y, np.arange(len(y)) % 2)
    assert min(parts) >= -1e-12
    close(parts.between + parts.within, parts.total)
    assert -1e-12 <= gvc.gini(y) <= 1 - 1 / len(y) + 1e-12
    close(gvc.gini(y), np.abs(y[:, None] - y).sum() / (2 * len(y) * y.sum()))


@given(worlds.filter(lambda w: (w.total(w.E) > 1e-6).all()))
def test_14_the_whole_world_trades_as_its_size_suggests(w):
    flows = gvc.bilateral_exports(w.t.Z, w.t.F)
    close(gvc.partner_intensity(flows, np.ones(w.C)), 1)
    partners = gvc.effective_partners(flows)[flows.sum(axis=0) > 1e-6]
    assert ((partners >= 1 - 1e-9) & (partners <= w.C - 1 + 1e-9)).all()


def shares(w):
    part = gvc.participation(w.v, w.B, w.E, countries=w.C)
    services = gvc.services_content(w.v, w.B, w.E, np.arange(w.S) == 0, countries=w.C)
    gross = w.total(w.E)
    kww = gvc.kww(w.v, w.A, w.B, w.t.F, w.E, countries=w.C)
    bm = gvc.borin_mancini(w.v, w.A, w.B, w.E, countries=w.C)
    vax = w.total(gvc.value_added_exports(w.v, w.B, w.t.F)).sum(axis=1)
    ways = gvc.Activities(*map(w.total, gvc.activities_forward(w.v, w.A, w.B, w.t.F, countries=w.C)))
    rows = [*part, *ways.participation, *(w.total(s) / gross for s in (*services, *bm)), *(kww.T / gross), vax / gross]
    return np.stack(rows), np.stack([gvc.upstreamness(w.B, w.t.x), gvc.downstreamness(w.B)])


@given(worlds.filter(lambda w: (w.total(w.E) > 1e-6).all()), floats(1e-3, 1e3))
def test_16_units_do_not_matter(w, k):
    scaled = solve(Table(w.t.Z * k, w.t.F * k, w.t.countries, w.t.industries))
    for before, after in zip(shares(w), shares(scaled), strict=True):
        close(before, after)


@given(worlds.filter(lambda w: (w.total(w.E) > 1e-6).all()), st.randoms(use_true_random=False))
def test_17_the_order_of_economies_does_not_matter(w, random):
    order = random.sample(range(w.C), w.C)
    rows = np.arange(w.C * w.S).reshape(w.C, w.S)[order].ravel()
    t = Table(w.t.Z[np.ix_(rows, rows)], w.t.F[rows][:, order], tuple(w.t.countries[c] for c in order), w.t.industries)
    (by_economy, by_industry), (moved, moved_industry) = shares(w), shares(solve(t))
    close(by_economy[:, order], moved)
    close(by_industry[:, rows], moved_industry)


@given(*[hnp.arrays(float, 12, elements=floats(0.01, 100))] * 4)
def test_18_services_groups_sum_to_the_total(credit, debit, credit_later, debit_later):
    close(gvc.balance(credit, debit).sum(), credit.sum() - debit.sum(), credit.sum())
    total = gvc.trade_competitiveness(credit.sum(), debit.sum())
    close(np.average(gvc.trade_competitiveness(credit, debit), weights=credit + debit), total)
    if abs(credit_later.sum() - credit.sum()) > 1e-3:
        close(gvc.growth_contributions(credit, credit_later).sum(), 1)


@given(worlds)
def test_borin_mancini_refines_domestic_and_foreign(w):
    parts = gvc.borin_mancini(w.v, w.A, w.B, w.E, countries=w.C)
    close(sum(parts), w.E, w.E)
    close(parts.domestic + parts.domestic_double, gvc.domestic_value_added(w.v, w.B, w.E, countries=w.C), w.E)
    assert all((part >= -1e-9 * w.E.max()).all() for part in parts)
    # the exporter's own definition: close the exporter's export coefficients, then count foreign value added
    s = slice(0, w.S)
    closed = w.A.copy()
    closed[s, w.S :] = 0
    B = gvc.leontief_inverse(closed)
    close(parts.foreign[s], w.v[w.S :] @ B[w.S :, s] * w.E[s], w.E)


@given(worlds, st.data())
def test_an_industry_without_output_changes_nothing(w, data):
    """Close one industry: no number turns into an infinity, identities hold."""
    dead = data.draw(st.integers(0, w.C * w.S - 1))
    A, f = w.A.copy(), w.t.F.copy()
    A[dead], A[:, dead], f[dead] = 0, 0, 0
    x = np.linalg.solve(np.eye(len(A)) - A, f.sum(axis=1))
    d = solve(Table(A * x, f, w.t.countries, w.t.industries))
    assert d.t.x[dead] == 0 and d.v[dead] == 0 and (d.A[:, dead] == 0).all()
    assert gvc.upstreamness(d.B, d.t.x)[dead] == 1
    close(gvc.kww(d.v, d.A, d.B, d.t.F, d.E, countries=d.C).sum(axis=1), d.total(d.E), d.E)
    assert np.isnan(gvc.propagation_length(d.B, d.t.F.sum(axis=1))[dead])


def test_caution_sector_ratios_may_exceed_one():
    """What must not be asserted: in W2 some industries earn more from abroad than they sell abroad."""
    w = solve(toy("W2"))
    assert (gvc.value_added_exports(w.v, w.B, w.t.F).sum(axis=1) > w.E).any()
