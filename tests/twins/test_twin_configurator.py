"""The configurator: the guide's worked counts, and each kind of variety no larger than the one before."""

import json
import re

import pytest
from worked import WORKED, agrees

from valuechains import figures
from valuechains.figures.drawing import svg
from valuechains.twins import configurator
from valuechains.twins.configurator import KINDS, MODELS, PAIRS

PRINTED = WORKED["options"]


@pytest.fixture(scope="module")
def twin():
    return configurator()


def test_worked_counts_of_the_guide(twin):
    reading = twin.read(models=200, options=20, pairs=0, output=200_000)
    assert reading.result["theoretical"] == PRINTED["with200_k20"] == 209_715_200
    agrees(round(reading.result["most"], 3), PRINTED["share_of_K_built"])
    assert "209,715,200 combinations" in reading.says and "at most 0.0954%" in reading.says


def test_worked_effective_variety(twin):
    """Ten options taken by one buyer in ten: near 26 of 1,024."""
    result = twin.read(models=1, options=10, rate=0.1).result
    agrees(result["effective"], PRINTED["eff_variety_10bin_p10"])
    assert result["theoretical"] == 1024


@pytest.mark.parametrize("models", MODELS)
@pytest.mark.parametrize("pairs", PAIRS)
@pytest.mark.parametrize("rate", [0.02, 0.5])
def test_every_variety_is_within_the_one_before(twin, models, pairs, rate):
    result = twin.read(models=models, pairs=pairs, rate=rate, options=10).result
    assert 1 <= result["effective"] <= result["feasible"] * (1 + 1e-9)
    assert result["feasible"] <= result["theoretical"]
    assert result["distinct"] <= min(result["feasible"], 200_000) * (1 + 1e-9)


def test_rules_take_a_quarter_for_each_pair(twin):
    free, bound = (twin.read(pairs=pairs).result for pairs in (0, 2))
    assert bound["feasible"] == free["feasible"] * 9 / 16 and bound["effective"] < free["effective"]


def test_each_case_has_its_sentence(twin):
    assert "could show every one of them" in twin.read(models=1, options=10).says
    assert twin.read().frames["kinds"]["kind"].tolist() == list(KINDS.values())


def test_the_page_is_small(twin):
    assert len(json.dumps(twin.figure.spec)) < 100_000


def test_the_words_on_the_axis_stand_at_their_powers_of_ten(twin):
    drawn = svg(figures.wide(twin.figure.spec, 480))
    words = re.findall(r"translate\(([\d.]+),[^>]*>(1,000|1 [bm]illion)<", drawn)
    places = {text: float(x) for x, text in words}
    assert places == {"1,000": 120, "1 million": 240, "1 billion": 360}  # of an axis that ends at 10^12
