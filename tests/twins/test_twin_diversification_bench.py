"""The diversification bench: the guide's concentration, what a shared fate takes away, and splits that are recorded."""

import json
from itertools import product

import pytest
from worked import WORKED, agrees

from valuechains import datasets, tables
from valuechains.twins import diversification_bench
from valuechains.twins.diversification_bench import MADE_UP, MOST, REAL, origins, splits


@pytest.fixture(scope="module")
def twin():
    return diversification_bench()


def test_worked_numbers_of_the_guide(twin):
    reading = twin.read(split="three")
    agrees(reading.result["hhi"], WORKED["HHI"]["HHI"])
    assert reading.result["effective"] == pytest.approx(WORKED["HHI"]["N_eff"], abs=5e-5)
    assert "HHI 0.38, as concentrated as 2.63 equal suppliers" in reading.says


@pytest.mark.parametrize("split", splits())
def test_a_shared_fate_makes_every_split_one_supplier(twin, split):
    many, one = (twin.read(split=name, correlation=1).result for name in (split, "one"))
    for measure in ("expected", "sd", "shortfall", "fifth", "half"):
        assert many[measure] == pytest.approx(one[measure], abs=1e-4)


@pytest.mark.parametrize(("split", "correlation"), list(product(MADE_UP, (0.1, 0.3, 0.6))))
def test_no_split_goes_below_the_floor(twin, split, correlation):
    result = twin.read(split=split, correlation=correlation).result
    assert result["floor"] < result["sd"] <= result["single"]


def test_a_lower_index_is_not_always_safer(twin):
    """Four suppliers instead of one: a small loss comes far more often, a large one almost never."""
    four, one = (twin.read(split=name, correlation=0).result for name in ("four", "one"))
    assert four["hhi"] < one["hhi"] and four["half"] < one["half"]
    assert four["fifth"] == pytest.approx(1 - 0.9**4, abs=1e-4) and four["fifth"] > 3 * one["fifth"]


def test_the_point_of_an_equal_split_is_on_the_line(twin):
    reading = twin.read(split="four", measure="shortfall")
    line = reading.frames["shared"].set_index("suppliers")["loss"]
    assert line.index.tolist() == list(range(1, MOST + 1))
    assert reading.frames["here"][["suppliers", "loss"]].iloc[0].tolist() == pytest.approx([4, line[4]])


@pytest.mark.parametrize("economy", REAL)
def test_recorded_shares_are_those_of_the_table(economy):
    shares = origins(economy)
    assert len(shares) == 10 and sum(shares) == pytest.approx(1)
    named = [code for code in tables.load_compact(2020).countries if code not in (economy, "ROW")]
    flows = datasets.read("bilateral_flows", year=2020, to_country=economy)
    bought = flows.set_index("from_country").inputs.loc[named]
    assert max(shares) == pytest.approx(bought.max() / bought.sum(), rel=1e-4)


@pytest.mark.parametrize(
    ("correlation", "said"),
    [(0, "Nothing is shared"), (0.2, "no number of suppliers brings it below 13.4%"), (1, "the split changes nothing")],
)
def test_every_case_has_its_sentence(twin, correlation, said):
    assert said in twin.read(correlation=correlation).says


def test_the_page_is_small(twin):
    assert len(json.dumps(twin.figure.spec)) < 100_000
