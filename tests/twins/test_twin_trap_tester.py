"""The trap tester reads the published record, agrees with the models, and shows that definitions disagree."""

import json

import numpy as np
import pytest
from worked import EXTRA

from valuechains import evidence
from valuechains.models import trap
from valuechains.twins import trap_tester
from valuechains.twins.trap_tester import BASE, ECONOMIES, FIRST, LAST, MARKET, incomes, real

PARITY = "NY.GDP.PCAP.PP.CD"


@pytest.fixture(scope="module")
def twin():
    return trap_tester()


@pytest.mark.parametrize("economy", ECONOMIES)
def test_the_record_has_no_gap(economy):
    for measure in (MARKET, PARITY):
        assert incomes(measure)[economy].notna().all() and len(incomes(measure)) == LAST - FIRST + 1
    levels = real(economy)
    assert len(levels) == LAST - FIRST + 1 and (levels > 0).all()
    assert levels[BASE - FIRST] == pytest.approx(incomes(PARITY)[economy][BASE])


@pytest.mark.parametrize(("economy", "name"), [("CHN", "china"), ("VNM", "vietnam"), ("KOR", "korea")])
def test_shares_of_2024_are_the_ledgers(twin, economy, name):
    for measure, kind in ((MARKET, "nominal"), (PARITY, "ppp")):
        now = twin.read(economy=economy, measure=measure).result["now"]
        assert round(100 * now, 1) == evidence.number(f"A1-4-06.{name}_{kind}").value


def test_one_economy_is_trapped_and_has_escaped(twin):
    market, parity = (twin.read(economy="KOR", measure=measure, until=LAST) for measure in (MARKET, PARITY))
    assert (market.result["line"], parity.result["band"], parity.result["slowdown"]) == (
        "escaped",
        "escaped",
        "trapped",
    )
    assert "found from 1997 and from 2005" in twin.read(definition="slowdown", until=LAST).says
    turkiye = twin.read(economy="TUR", measure=MARKET, until=LAST)
    assert turkiye.says.startswith("Turkiye, band, judged by 2024, the record alone: trapped")
    assert turkiye.result["line"] == "escaped"


def test_who_was_above_half_and_lost_it_to_the_exchange_rate_is_not_called_trapped(twin):
    korea = twin.read(economy="KOR", measure=MARKET, until=LAST)
    assert (korea.frames["record"].share > 0.5).any() and korea.result["now"] < 0.5
    assert korea.result["band"] == "undetermined"


def test_the_exchange_rate_alone_can_move_a_verdict(twin):
    def ahead(**setting):
        return [twin.read(growth=0.02, dearer=rate, until=2054, **setting).result for rate in (0, 0.01)]

    moved = []
    for economy in ECONOMIES:
        still, dearer = ahead(economy=economy, measure=MARKET)
        assert dearer["then"] == pytest.approx(still["then"] * 1.01**30, abs=2e-5)
        assert (still["slowdown"], still["dates"]) == (dearer["slowdown"], dearer["dates"])
        parity = ahead(economy=economy, measure=PARITY)
        assert parity[0]["then"] == parity[1]["then"]
        moved += [economy] if still["line"] != dearer["line"] else []
    assert moved


def test_years_to_half_are_those_of_the_model(twin):
    result = twin.read(economy="CHN", measure=PARITY, growth=0.045).result
    share = incomes(PARITY)["CHN"][LAST] / incomes(PARITY)["USA"][LAST]
    assert result["reach"] == f"reaches half in {trap.years_to(share, 0.5, 0.045, 0.02):.1f} years"
    assert trap.years_to(0.25, 0.5, 0.045, 0.02) == pytest.approx(EXTRA["years_25_to_50pct_of_US"], abs=0.05)
    assert twin.read(economy="CHN", growth=0.02).result["reach"] == "never reaches half at these rates"
    assert twin.read(economy="POL", measure=PARITY).result["reach"] == "is above half already"


def test_a_path_that_reaches_half_escapes_the_band(twin):
    frames = twin.read(economy="CHN", measure=PARITY, growth=0.045, until=2054)
    path = frames.frames["coming"].set_index("year")["share"]
    assert path[LAST] == frames.result["now"] and path[2043] > 0.5 > path[2042]
    assert frames.result["band"] == "escaped"
    early = twin.read(economy="CHN", measure=PARITY, growth=0.045, until=2039)
    assert early.result["band"] == "undetermined" and np.isnan(early.frames["coming"].set_index("year")["share"][2040])


def test_years_in_a_band_can_give_each_of_the_three_answers_on_the_record(twin):
    past = {economy: twin.read(economy=economy, definition="stay", until=LAST) for economy in ECONOMIES}
    assert {reading.result["stay"] for reading in past.values()} == {"escaped", "trapped", "undetermined"}
    assert "in the upper band, and has been for 25 years without a break" in past["BRA"].says
    assert past["IND"].result["stay"] == "undetermined" and past["CHN"].result["stay"] == "escaped"


def test_the_page_is_small(twin):
    assert len(json.dumps(twin.figure.spec)) < 100_000
