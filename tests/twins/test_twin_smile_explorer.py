"""The smile explorer says how many ways to draw a chain agree, counts them as the shipped fits do, and reaches 2022."""

from itertools import product

import pytest

from valuechains.datasets import read
from valuechains.twins import smile_explorer
from valuechains.twins.smile_explorer import (
    ACROSS,
    ECONOMIES,
    ENOUGH,
    FLAT,
    HOURS,
    INDUSTRIES,
    PRODUCTS,
    RECENT,
    UP,
    WEIGHTING,
    YEARS,
    chains,
    drawn,
    hourly,
)


@pytest.mark.parametrize("economy, industry", [("CHN", "c14"), ("DEU", "c15"), ("IND", "c4")])
def test_the_ways_are_those_of_the_shipped_fits(economy, industry):
    fits = read("smile_coefficients", chain_country=economy, chain_industry=industry).dropna(subset="shape")
    fits = fits[fits["share_used"] >= ENOUGH]
    ways = product(set(YEARS) - set(RECENT), ACROSS, set(UP) - {"hourly"}, WEIGHTING)
    verdicts = [drawn(economy, industry, *way)["verdict"] for way in ways]
    found = ["flat" if verdict in FLAT else verdict for verdict in verdicts if verdict != "missing"]
    assert {shape: found.count(shape) for shape in set(found)} == fits["shape"].value_counts().to_dict()


@pytest.mark.parametrize("up, verdict", [("va_rate", "smiles"), ("share", "flats")])
def test_every_sentence_counts_the_ways_that_agree(up, verdict):
    for year in YEARS:
        reading = smile_explorer().read(economy="CHN", year=year, up=up)
        said = {"smile": "smiles", "frown": "frowns"}.get(reading.result["verdict"], "flats")
        ways = f"Of {reading.result['paths']:.0f} ways to draw this chain, over all years and definitions, "
        assert f"{ways}{reading.result[said]:.0f} " in reading.says


def test_the_chain_of_2022_is_its_part_at_home():
    for chain in product(ECONOMIES, INDUSTRIES, RECENT):
        rows = chains()[chain]
        assert set(rows["country"]) == {chain[0]} and rows["share"].between(0.001, 1).all()
        assert 0.98 < rows["share"].sum() <= 1 + 1e-9 and rows["propagation_length"].min() >= 1
        # what finishes the product stands next to it, and earns most
        assert rows.loc[rows["propagation_length"].idxmin(), "industry"] in PRODUCTS[chain[1]]
        assert rows.loc[0, "industry"] in PRODUCTS[chain[1]]


def test_pay_for_an_hour_is_that_of_the_accounts_and_is_said_to_be_missing_where_it_is():
    assert set(HOURS) == set(read("industries")["industry"])
    named = " ".join(HOURS.values()).split()
    assert set(named) == set(read("pay_per_hour")["industry"]) - {"U"}  # U: bodies abroad, without workers
    paid, own = read("pay_per_hour", year=2009), hourly().set_index(["industry", "country", "year"])["hourly"]
    factory = paid[(paid["country"] == "DEU") & paid["industry"].isin(["C26", "C27"])]
    mean = paid["compensation"].sum() / paid["hours"].sum()
    expected = factory["compensation"].sum() / factory["hours"].sum() / mean
    assert own["c14", "DEU", 2009] == pytest.approx(expected) and expected > 1
    assert smile_explorer().read(up="hourly").result["verdict"] == "smile"
    assert "six published hours" in smile_explorer().read(economy="CHN", up="hourly").says
    assert smile_explorer().read(year=2022, up="hourly").result["verdict"] == "missing"


def test_every_way_of_one_chain_adds_up():
    twin, said = smile_explorer(), {"smiles": 0, "frowns": 0, "flats": 0}
    for year, across, up, weighting in product(YEARS, ACROSS, UP, WEIGHTING):
        result = twin.read(economy="KOR", year=year, across=across, up=up, weighting=weighting).result
        if result["verdict"] != "missing":
            said[f"{result['verdict']}s" if f"{result['verdict']}s" in said else "flats"] += 1
    last = twin.read(economy="KOR", year=2009)
    assert {name: last.result[name] for name in said} == said and sum(said.values()) == last.result["paths"]
    assert f"Of {last.result['paths']:.0f} ways to draw this chain" in last.says
