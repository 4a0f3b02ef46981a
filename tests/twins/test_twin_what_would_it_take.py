"""What would it take?: the required growth of the guide, accounts that add up, and paths that meet zero on time."""

from itertools import product

import pytest
from worked import EXTRA, agrees

from valuechains import datasets
from valuechains.models.scenario import required_growth
from valuechains.twins import what_would_it_take
from valuechains.twins.what_would_it_take import SERIES, accounts, outlook


@pytest.fixture(scope="module")
def twin():
    return what_would_it_take()


def test_worked_number_of_the_guide():
    half = {"knowledge": 2 * 865.04, "other": 2 * 823.26}
    rates = {"growth": {"other": 0.05}, "imports_growth": 0.05, "years": 5}
    agrees(required_growth(half, 2 * 2198.96, "knowledge", **rates), EXTRA["required_KI_growth_2025_2030"])


def test_the_year_2025_of_the_ministry(twin):
    reading = twin.read(account="MOFCOM", imports=0.026, rest=0.05, growth=0.078, year=2030)
    assert reading.result["start"] == pytest.approx(3626.79 - 4455.51)
    assert outlook("MOFCOM", 0.025, 0.05, 0.078, 2030)["needed"] == pytest.approx(0.0847, abs=5e-5)
    assert reading.result["observed"] == 0.095
    assert reading.result["verdict"] == "short" and "they grew by 9.5%" in reading.says


@pytest.mark.parametrize("country", [name for name in accounts() if name != "MOFCOM"])
def test_accounts_are_those_of_the_balance_of_payments(country):
    total = datasets.read("services_trade", country=country, year=2024).iloc[0][["exports", "imports"]] / 1000
    now = accounts()[country]
    assert now["knowledge"] + now["other"] == pytest.approx(total["exports"], rel=1e-6)
    assert now["bought"] == pytest.approx(total["imports"], rel=1e-6)


@pytest.mark.parametrize(("account", "growth", "year"), list(product(accounts(), (0.0, 0.1), (2027, 2035))))
def test_the_growth_that_closes_it_meets_zero_in_the_target_year(twin, account, growth, year):
    reading = twin.read(account=account, growth=growth, year=year)
    rows = reading.frames["path"].set_index(["speed", "year"])["balance"]
    assert rows[SERIES["closing"], year] == pytest.approx(0, abs=1e-5)
    closing = rows[SERIES["closing"]]
    assert closing[closing.index > year].isna().all() and closing[closing.index <= year].notna().all()
    assert rows[SERIES["set"], year] == pytest.approx(reading.result["then"], abs=1e-5)
    if reading.result["verdict"] in ("short", "lost"):
        assert reading.result["needed"] > growth


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({"account": "JPN"}, "closes"),
        ({"account": "IND"}, "keeps"),
        ({"account": "USA", "growth": 0.0, "imports": 0.12}, "lost"),
        ({"imports": 0, "rest": 0.3, "year": 2035}, "without"),
        ({"account": "DEU", "imports": 0.05, "growth": 0.078}, "short"),
    ],
)
def test_every_outcome_has_its_sentence(twin, settings, verdict):
    reading = twin.read(**settings)
    assert reading.result["verdict"] == verdict
    assert reading.says.startswith(twin.chosen(reading.settings)["account"])
