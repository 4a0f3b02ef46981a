"""Every worked number of the methods reference for M1-M19, to half a unit of the last digit printed."""

from functools import partial

import numpy as np
import pytest
import worked
from worked import WORKED

from valuechains import indicators as gvc
from valuechains import tables

SERVICES = {"W1": [0, 1], "W2": [0, 0, 1]}
GOODS_EXPORTED = {"W1": [1, 0], "W2": [0, 1, 0]}  # "manufactures" of the worked examples
agrees = partial(worked.agrees, exact_below=4)  # the guide prints exact results with up to three decimals


def results(name):
    """All indicators of a toy world by the names of the fixture."""
    t = tables.toy(name)
    C, S = len(t.countries), len(t.industries)
    A = gvc.coefficients(t.Z, t.x)
    B = gvc.leontief_inverse(A)
    v = gvc.value_added_rates(t.Z, t.x)
    E = gvc.exports(t.Z, t.F)

    def total(values):
        return gvc.by_economy(values, countries=C)

    gross = total(E)
    dva = gvc.domestic_value_added(v, B, E, countries=C)
    fva = gvc.foreign_value_added(v, B, E, countries=C)
    vax = gvc.value_added_exports(v, B, t.F)
    by_origin = gvc.domestic_value_added_by_origin(v, B, E, countries=C).reshape(C, S)
    part = gvc.participation(v, B, E, countries=C)
    bilateral, va_bilateral = gvc.bilateral_exports(t.Z, t.F), total(vax)
    kww = gvc.kww(v, A, B, t.F, E, countries=C)
    U, D = gvc.upstreamness(B, t.x), gvc.downstreamness(B)
    numbers = {
        "Z": t.Z,
        "F": t.F,
        "x": t.x,
        "va": t.va,
        "v": v,
        "A": A,
        "B": B,
        "VB": gvc.multipliers(v, B),
        "VB_colsums": gvc.multipliers(v, B).sum(axis=0),
        "E": E,
        "E_country": gross,
        "VBE": gvc.value_added_in_exports(v, B, E),
        "DVA": total(dva),
        "FVA": total(fva),
        "DVA_share": total(dva) / gross,
        "FVA_share": total(fva) / gross,
        "DVX": gvc.indirect_value_added(v, B, E, countries=C),
        "backward": part.backward,
        "forward": part.forward,
        "gvc_position": part.position,
        "gvc_part": part.backward + part.forward,
        "VAX": vax.sum(axis=1),
        "VAX_country": va_bilateral.sum(axis=1),
        "VAX_ratio": va_bilateral.sum(axis=1) / gross,
        "VAXratio": va_bilateral.sum(axis=1) / gross,
        "world_VAX_ratio": vax.sum() / E.sum(),
        "VAX_ratio_by_sector": vax.sum(axis=1).reshape(C, S).sum(axis=0) / E.reshape(C, S).sum(axis=0),
        "KWW": kww,
        "KWW_sum": kww.sum(axis=1),
        "U": U,
        "D": D,
        "X_over_VA": t.x.sum() / t.va.sum(),
        "U_va_weighted": U @ t.va / t.va.sum(),
        "D_f_weighted": D @ t.F.sum(axis=1) / t.F.sum(),
        "gross_bilateral": bilateral,
        "va_bilateral": va_bilateral,
        "gross_balance": bilateral.sum(axis=1) - bilateral.sum(axis=0),
        "trade_balance_gross": bilateral.sum(axis=1) - bilateral.sum(axis=0),
        "va_balance": va_bilateral.sum(axis=1) - va_bilateral.sum(axis=0),
        "RCA_gross": gvc.rca(E.reshape(C, S)),
        "RCA_dva": gvc.rca(by_origin),
        "DVA_by_origin": by_origin,
        "RCA_vax": gvc.rca(vax.sum(axis=1).reshape(C, S)),
    }
    if name in SERVICES:
        mask = np.tile(SERVICES[name], C)
        goods = np.tile(GOODS_EXPORTED[name], C)
        domestic, foreign = gvc.services_content(v, B, E, SERVICES[name], countries=C)
        numbers |= {
            "services_gross_share": total(E * mask) / gross,
            "services_VA_share": total(domestic + foreign) / gross,
            "services_dom": total(domestic) / gross,
            "services_for": total(foreign) / gross,
            "world_services_gross": (E * mask).sum() / E.sum(),
            "world_services_VA": (domestic + foreign).sum() / E.sum(),
            "world_services_VAX": vax[mask == 1].sum() / vax.sum(),
            "manuf_exports_services_share": total((domestic + foreign) * goods) / total(E * goods),
            "manuf_exports_services_share_domestic": total(domestic * goods) / total(E * goods),
        }
    return numbers


@pytest.mark.parametrize("name", ["W0", "W1", "W2"])
def test_worlds(name):
    computed, printed = results(name), dict(WORKED[name])
    names = printed.pop("names", list(tables.toy(name).labels))
    assert names == list(tables.toy(name).labels)
    assert set(printed) <= set(computed), "a printed number is not computed"
    for key, value in printed.items():
        try:
            agrees(computed[key], value)
        except AssertionError as error:
            raise AssertionError(f"{name}, {key}: {error}") from None


def test_routes_of_services_into_exports():
    """W2, A: direct = 166/240 of its 20 of services exports; the rest of its domestic services is indirect."""
    t = tables.toy("W2")
    B, v, E = gvc.leontief_inverse(gvc.coefficients(t.Z, t.x)), gvc.value_added_rates(t.Z, t.x), gvc.exports(t.Z, t.F)
    routes = gvc.services_routes(v, B, E, SERVICES["W2"], countries=3)
    direct, indirect, foreign = (gvc.by_economy(part, countries=3) for part in routes)
    assert direct[0] == pytest.approx(20 * 166 / 240)
    agrees((direct + indirect) / [163, 166, 97], WORKED["W2"]["services_dom"])
    agrees(foreign / [163, 166, 97], WORKED["W2"]["services_for"])


@pytest.fixture
def smile():
    t = tables.toy("W2")
    B = gvc.leontief_inverse(gvc.coefficients(t.Z, t.x))
    v = gvc.value_added_rates(t.Z, t.x)
    f = np.zeros(9)
    f[t.index("A", "M")] = t.F[t.index("A", "M")].sum()
    return v, gvc.chain(v, B, f), gvc.propagation_length(B, f)


def test_chain_of_the_assembler(smile):
    _v, contributions, length = smile
    agrees(contributions, WORKED["smile"]["contrib"])
    agrees(contributions / contributions.sum(), WORKED["smile"]["share"])
    agrees(contributions.sum(), WORKED["smile"]["sum"])
    agrees(length, WORKED["smile"]["PL"])


def test_smile_regression(smile):
    v, contributions, length = smile
    curve = gvc.fit_curve(length, v, contributions)
    agrees([curve.constant, curve.linear, curve.quadratic], WORKED["smile"]["wls_v_on_PL"])
    assert curve.n == 9 and curve.turns_inside and curve.quadratic < 0
    assert curve.verdict == "flat", "nine stages cannot tell this frown from a line"


@pytest.mark.parametrize("weighted", [True, False])
def test_smile_regression_agrees_with_numpy(smile, weighted):
    v, contributions, length = smile
    curve = gvc.fit_curve(length, v, contributions if weighted else None)
    expected = np.polyfit(length, v, 2, w=np.sqrt(contributions) if weighted else None)
    X, W = np.vander(length, 3), np.diag(contributions if weighted else np.ones(len(v)))
    bread, scatter = np.linalg.inv(X.T @ W @ X), np.diag((v - X @ expected) ** 2)
    covariance = len(v) / (len(v) - 3) * bread @ X.T @ W @ scatter @ W @ X @ bread  # HC1, as in textbooks
    np.testing.assert_allclose([curve.quadratic, curve.linear, curve.constant], expected, rtol=1e-9)
    errors = [curve.se_quadratic, curve.se_linear, curve.se_constant]
    np.testing.assert_allclose(errors, np.sqrt(np.diag(covariance)), rtol=1e-9)
    assert curve.turning_point == pytest.approx(-expected[1] / 2 / expected[0])
    at = np.array([1.5, 3.0])
    middle, low, high = curve.band(at, width=1)
    powers = np.vander(at, 3)
    np.testing.assert_allclose(middle, np.polyval(expected, at), rtol=1e-9)
    for found, end in zip(curve.slopes, (length.min(), length.max()), strict=True):
        up = np.array([2 * end, 1, 0])
        assert found == pytest.approx(up @ expected / np.sqrt(up @ covariance @ up))
    np.testing.assert_allclose(((high - low) / 2) ** 2, np.diag(powers @ covariance @ powers.T), rtol=1e-7)


@pytest.mark.parametrize(
    ("heights", "verdict"),
    [
        ([9, 4, 1.1, 0, 1, 4.1, 9], "smile"),
        ([0, 5, 8, 9.1, 8, 5.1, 0], "frown"),
        ([0, 1, 3.9, 9, 16.1, 25, 36], "flat"),  # bends up, but its lowest point is the first: no turn
        ([1, 0, 1, 0.1, 1, 0, 1], "flat"),
    ],
)
def test_verdicts(heights, verdict):
    assert gvc.fit_curve(np.arange(7.0), heights).verdict == verdict


def test_a_turn_needs_both_ends():
    """A squared term far from zero and a turn inside the data are not enough: one arm is too short to be sure of."""
    position = np.array([0.0, 1, 2, 3, 4, 5, 6, 7])
    curve = gvc.fit_curve(position, (position - 0.3) ** 2 + np.array([1, -1.2, 1, -1, 1, -1, 1, -1]))
    assert curve.turns_inside and curve.quadratic > 4 * curve.se_quadratic
    assert curve.slopes[1] > 1.645 and curve.verdict == "flat"


def test_curve_leaves_out_rows_without_number_or_weight():
    p, y, w = np.arange(8.0), np.array([9, 4, 1.1, 0, 1, 4.1, 9, 99]), np.array([1.0] * 7 + [0.0])
    assert gvc.fit_curve(np.append(p, np.nan), np.append(y, 5), np.append(w, 1)) == gvc.fit_curve(p[:7], y[:7])
    with pytest.raises(ValueError, match="at least four different positions, this chain has 3"):
        gvc.fit_curve([1, 2, 3, 3], [1, 2, 3, 4])


def test_functional_specialisation():
    agrees(gvc.functional_specialisation(WORKED["FS"]["f"]), WORKED["FS"]["FS"])


def test_concentration():
    found, printed = gvc.concentration(WORKED["HHI"]["shares"]), WORKED["HHI"]
    agrees(found.herfindahl, printed["HHI"])
    agrees(found.normalised, printed["norm"])
    agrees(found.effective_number, printed["N_eff"])
    agrees(found.entropy_number, printed["entropy_Neff"])


def test_inequality():
    printed = WORKED["ineq"]
    agrees(gvc.gini(printed["y"]), printed["gini"])
    parts = gvc.theil(printed["y"], ["low", "low", "high", "high"])
    agrees(parts, [printed[k] for k in ("theil", "between", "within")])


def test_weights_stand_for_people():
    assert gvc.gini([2, 5], [3, 1]) == pytest.approx(gvc.gini([2, 2, 2, 5]))
    assert gvc.theil([2, 5], weights=[3, 1]).total == pytest.approx(gvc.theil([2, 2, 2, 5]).total)
    grouped = gvc.theil([2, 3, 10], ["a", "a", "b"], [1, 1, 2])
    assert grouped == pytest.approx(gvc.theil([2, 3, 10, 10], ["a", "a", "b", "b"]))


def test_regional_trade():
    t = tables.toy("W2")
    flows = gvc.bilateral_exports(t.Z, t.F)
    agrees(gvc.intra_share(flows, [True, True, False]), WORKED["extra"]["intra_share_AB"])
    agrees(gvc.trade_intensity(flows, [True, True, False]), WORKED["extra"]["intensity_AB"])
    # A sells 163 abroad and buys 156, B sells 166 and buys 164; the three together trade 426.
    expected = 163 * 164 / (426 - 156) + 166 * 156 / (426 - 164)
    assert gvc.partner_intensity(flows, [True, True, False]) == pytest.approx((114 + 109) / expected)
    assert gvc.effective_partners(flows)[0] == pytest.approx(156**2 / (109**2 + 47**2))  # A buys from B and C
    distances = np.array([[0, 1, 2], [1, 0, 3], [2, 3, 0]])
    assert gvc.mean_distance(flows, distances) == pytest.approx((223 * 1 + 96 * 2 + 107 * 3) / 426)


def test_size_alone_gives_an_intensity_of_one_only_where_nobody_trades_with_itself():
    alike = np.full((5, 5), 8.0)  # five economies of one size without preferences, and what each keeps at home
    pair = [True, True, False, False, False]
    assert gvc.partner_intensity(alike, pair) == pytest.approx(1)
    assert gvc.trade_intensity(alike - np.diag(np.diag(alike)), pair) == pytest.approx(1 / 4 / (2 / 5))
    assert gvc.effective_partners(alike) == pytest.approx(4)
    with pytest.raises(ValueError, match="two members"):
        gvc.partner_intensity(alike, [True, False, False, False, False])


def test_who_buys_nothing_abroad_has_no_number_of_partners():
    assert np.isnan(gvc.effective_partners(np.array([[5.0, 2.0], [0.0, 5.0]]))[0])


def test_services_accounts_of_china():
    """First half and first quarter of 2025, bn yuan (MOFCOM): knowledge-intensive and other services."""
    half, quarter = WORKED["BOP_H1_2025"], WORKED["BOP_Q1_2025"]
    credit, debit = np.array([865.04, 823.26]), np.array([637.50, 1561.46])
    agrees(gvc.balance(credit, debit), [half["KI_balance"], half["nonKI_balance"]])
    agrees(gvc.balance(credit.sum(), debit.sum()), half["balance"])
    agrees(gvc.trade_competitiveness(credit, debit), [half["TC_KI"], half["TC_nonKI"]])
    agrees(gvc.trade_competitiveness(credit.sum(), debit.sum()), half["TC_total"])
    agrees(credit[0] / credit.sum(), half["KI_share_X"])
    agrees(debit[0] / debit.sum(), half["KI_share_M"])
    agrees(gvc.balance([835.15, 436.34], [1139.00, 316.15]), [quarter["balance"], quarter["KI_balance"]])
    agrees(436.34 / 835.15, quarter["KI_share_X"])


@pytest.mark.parametrize("period", ["Q1", "H1"])
def test_contributions_to_growth(period):
    printed = WORKED["extra"][f"KI_contrib_{period}_2025"]
    before = np.array([printed["K0"], printed["X0"] - printed["K0"]])
    after = before + np.array([printed["dK"], printed["dX"] - printed["dK"]])
    shares = gvc.growth_contributions(before, after)
    agrees(shares[0], printed["contribution_share"])
    assert shares.sum() == pytest.approx(1)
    agrees(before[0] / before.sum(), printed["share_before"])
    agrees(after[0] / after.sum(), printed["share_after"])


def test_no_growth_has_no_contributions():
    with pytest.raises(ValueError, match="did not change"):
        gvc.growth_contributions([1, 2], [2, 1])


@pytest.mark.parametrize("function", [gvc.gini, gvc.concentration, gvc.theil])
@pytest.mark.parametrize("bad", [[-1.0, 2.0], [0.0, 0.0], [float("nan"), 1.0]])
def test_amounts_must_be_amounts(function, bad):
    with pytest.raises(ValueError, match="zero or more"):
        function(bad)


def test_symmetric_advantage():
    agrees(gvc.symmetric(np.array([0.0, 1.0, 3.0])), [-1, 0, 0.5])


def test_inverse_of_a_large_table_is_the_dense_inverse():
    rng = np.random.default_rng(1)
    A = rng.random((301, 301))
    A *= rng.uniform(0.1, 0.99, 301) / A.sum(axis=0)
    np.testing.assert_allclose(gvc.leontief_inverse(A), np.linalg.inv(np.eye(301) - A), rtol=1e-9, atol=1e-12)


def test_an_economy_that_uses_up_all_it_makes():
    with pytest.raises(ValueError, match="use up all that they make"):
        gvc.leontief_inverse(np.array([[0.5, 0.5], [0.5, 0.5]]))
