"""The shock bench shows the worked numbers of the toy world and a real table in which no income is made or lost."""

import json

import pytest

from valuechains.tables import load_compact
from valuechains.twins import shock_bench
from valuechains.twins.shock_bench import MILLIONS, REAL, TOY, YEAR


@pytest.fixture(scope="module")
def twin():
    return shock_bench()


def test_worked_numbers_of_the_toy_world(twin):
    reading = twin.read(economy="A", share=0.25, rounds="first")
    result = reading.result
    assert (result["backward_before"], result["backward"]) == (0.3279, 0.2433)
    assert (result["vax_before"], result["vax"]) == (0.6660, 0.7006)
    assert (result["gain"], result["world"]) == (28.75, 1017)
    assert reading.frames["changes"]["change"].tolist() == [28.75, -19, -9.75]
    assert "+28.75 toy units (+9.5%)" in reading.says and "32.8% to 24.3%" in reading.says


@pytest.mark.parametrize("economy", [*TOY, *REAL])
@pytest.mark.parametrize("rounds", ["first", "all"])
def test_income_moves_and_none_is_made(twin, economy, rounds):
    half = twin.read(economy=economy, share=0.5, rounds=rounds)
    rows = half.frames["changes"]
    assert rows["change"].sum() == pytest.approx(0, abs=0.01 * len(rows))
    own = rows.loc[rows["side"] == "Makes at home", "change"]
    assert own.tolist() == pytest.approx([half.result["gain"]], abs=0.006) and own.item() > 0
    assert half.result["backward"] < half.result["backward_before"]
    assert half.result["vax"] > half.result["vax_before"]


def test_real_money_is_in_billions(twin):
    result = twin.read(economy="DEU", share=0.25).result
    assert result["world"] == pytest.approx(load_compact(YEAR).F.sum() / MILLIONS, abs=0.5)
    assert result["money"] == "US$ billion"


def test_nothing_replaced_has_a_sentence_of_its_own(twin):
    reading = twin.read(economy="CHN", share=0)
    assert reading.says.startswith("Nothing is replaced yet. China, 2011")
    assert (reading.frames["changes"]["change"] == 0).all()


def test_the_page_is_small(twin):
    assert len(json.dumps(twin.figure.spec)) < 100_000
