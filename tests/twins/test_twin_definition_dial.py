"""The definition dial shows the guide's shares, parts that add up, and published numbers that are the ledger's."""

import json
from itertools import product

import pytest
from worked import EXTRA, agrees

from valuechains import evidence
from valuechains.twins import definition_dial
from valuechains.twins.definition_dial import BLOCKS, OWN, published

PRINTED = EXTRA["NBS_core_2023"]


@pytest.fixture(scope="module")
def twin():
    return definition_dial()


def test_it_starts_at_the_published_core(twin):
    reading = twin.read()
    agrees(reading.result["share"], PRINTED["share"])
    assert reading.result["core"] == 12.7555
    assert "9.90% of GDP, not above the tenth" in reading.says and "nothing attributed" in reading.says


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"manufacturing": "no"}, "6.55% of GDP, not above"),
        ({"attributed": 0.35}, "41.44% of GDP, above the tenth"),
        ({"attributed": 0.39}, "45.04% of GDP, above the tenth"),
        ({"attributed": 0.01}, "10.80% of GDP, above the tenth"),
        (dict.fromkeys(BLOCKS, "no"), "there is no digital economy to measure"),
    ],
)
def test_worked_numbers_of_the_guide(twin, settings, says):
    assert says in twin.read(**settings).says


@pytest.mark.parametrize("counts", list(product(["yes", "no"], repeat=len(BLOCKS))))
def test_the_parts_add_up_to_the_share(twin, counts):
    for attributed in (0, 0.2, 0.5):
        reading = twin.read(**dict(zip(BLOCKS, counts, strict=True)), attributed=attributed)
        bars = reading.frames["bars"]
        assert bars.loc[bars["who"] == OWN, "value"].sum() == pytest.approx(reading.result["share"], abs=3e-4)


def test_a_block_that_does_not_count_can_still_be_attributed(twin):
    without = twin.read(**dict.fromkeys(BLOCKS, "no"), attributed=0.5).result
    assert without["share"] == 0.5 and without["core"] == 0 and without["verdict"] == "broad"


def test_published_shares_are_the_ledgers(twin):
    bars = twin.read().frames["bars"].set_index("who")["value"]
    assert 100 * bars["China, core"] == pytest.approx(evidence.number("A1-3-05.share").value)
    assert 100 * bars["United States, core"] == pytest.approx(evidence.number("A1-2-02.bea").value)
    assert set(published()) < set(bars.index)


def test_the_page_is_small(twin):
    assert len(json.dumps(twin.figure.spec)) < 40_000
