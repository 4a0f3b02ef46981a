"""Where a formula has no value, and numbers of other types: no warning, no leftover of memory, no wrapping round."""

import numpy as np
import pytest

from valuechains import identities, indicators, tables
from valuechains.models import spillover

SALES = np.array([[1.0, 0, 2], [0, 0, 0], [3, 0, 4]])
IDLE = tables.Table(SALES, np.where(SALES, SALES + 1, 0), ("A", "B", "C"), ("I",))  # industry B makes nothing


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(all="raise"):
        yield


def poison(monkeypatch):
    """Where `out` is left out numpy gives whatever is in memory: here that is no number."""
    divide = np.divide

    def checked(one, other, out=None, where=True):
        if out is None and where is not True:
            out = np.full(np.broadcast_shapes(np.shape(one), np.shape(other)), np.nan)
        return divide(one, other, out=out, where=where)

    monkeypatch.setattr(np, "divide", checked)


def test_an_industry_that_sells_nothing_is_zero_and_no_leftover_of_memory(monkeypatch):
    poison(monkeypatch)
    A = indicators.coefficients(IDLE.Z, IDLE.x)
    assert A[:, 1].tolist() == [0, 0, 0]
    assert indicators.value_added_rates(IDLE.Z, IDLE.x)[1] == 0
    found = identities.audit(identities.published(IDLE))
    assert set(found["holds"]) == {"yes"} and (found["largest difference"] < 1e-9).all()


def test_what_cannot_be_said_is_missing_without_a_warning():
    B = indicators.leontief_inverse(indicators.coefficients(IDLE.Z, IDLE.x))
    length = indicators.propagation_length(B, np.array([0.0, 1, 0]) * 0)
    assert np.isnan(length).all()
    assert np.isnan(indicators.trade_competitiveness(0, 0))
    alone = indicators.propagation_length(np.eye(2), np.array([1.0, 3.0]))
    assert alone.tolist() == [1, 1]


@pytest.mark.parametrize("kind", ["uint8", "int64", "float32"])
def test_whole_numbers_of_any_type_are_numbers(kind):
    credit, debit = np.array([1, 200], dtype=kind), np.array([3, 100], dtype=kind)
    assert indicators.trade_competitiveness(credit, debit).tolist() == pytest.approx([-0.5, 1 / 3])
    flows = np.array([[9, 1, 2], [3, 9, 4], [5, 6, 9]], dtype=kind)
    inside = indicators.intra_share(flows, [1, 1, 0])
    assert inside == pytest.approx(indicators.intra_share(flows.astype(float), [True, True, False]))
    assert indicators.trade_intensity(flows, [1, 1, 0]) == pytest.approx(
        indicators.trade_intensity(flows.astype(float), [True, True, False])
    )


def test_two_parts_have_a_normalised_concentration():
    assert indicators.concentration([3, 1]).normalised == pytest.approx((10 / 16 - 1 / 2) / (1 / 2))
    assert np.isnan(indicators.concentration([1]).normalised)


def test_a_panel_is_made_as_its_description_says():
    """400 ports, half treated; without noise every number follows from traffic, and the seed decides all of it."""
    panel = spillover.simulate(noise=0)
    assert panel.treated.sum() == 200 and len(panel.treated) == 400
    own = panel.outcome - panel.traffic - 0.5 * np.arange(3) - 2 * (panel.treated[:, None] & (np.arange(3) == 2))
    assert np.ptp(own, axis=1).max() < 1e-9  # what is left is each port's own level
    assert own[:, 0].mean() == pytest.approx(100, abs=1) and own[:, 0].std() == pytest.approx(5, abs=0.6)
    assert panel.traffic[:, 0].mean() == pytest.approx(50, abs=1.5)
    assert panel.traffic[:, 0].std() == pytest.approx(101**0.5, abs=0.8)
    grown = panel.traffic[:, 2] - panel.traffic[:, 0]
    assert grown[panel.treated].mean() == pytest.approx(8, abs=0.4)
    assert grown[~panel.treated].mean() == pytest.approx(2, abs=0.4)
    assert grown[~panel.treated].std() == pytest.approx(2**0.5, abs=0.2)
    first = spillover.simulate()
    assert (first.outcome == spillover.simulate(seed=0).outcome).all()
    assert spillover.simulate(5).treated.tolist() == [True, True, False, False, False]
    noise = first.outcome - spillover.simulate(noise=0).outcome
    assert noise.std() == pytest.approx(0.5, abs=0.05)
    truth = spillover.estimate(first)
    assert truth.expected_bias == 3 and truth.bias == pytest.approx(truth.naive - 2)
