"""The smile explorer says how many ways to draw a chain agree, and counts them as the shipped fits do."""

from itertools import product

import pytest

from valuechains.datasets import read
from valuechains.twins import smile_explorer
from valuechains.twins.smile_explorer import ACROSS, ENOUGH, UP, WEIGHTING, YEARS, paths


@pytest.mark.parametrize("economy, industry", [("CHN", "c14"), ("DEU", "c15"), ("IND", "c4")])
def test_the_ways_are_those_of_the_shipped_fits(economy, industry):
    fits = read("smile_coefficients", chain_country=economy, chain_industry=industry).dropna(subset="shape")
    fits = fits[fits["share_used"] >= ENOUGH]
    found = paths(economy, industry)
    assert {shape: found.count(shape) for shape in set(found)} == fits["shape"].value_counts().to_dict()


def test_every_way_of_one_chain_adds_up():
    twin, said = smile_explorer(), {"smiles": 0, "frowns": 0, "flats": 0}
    for year, across, up, weighting in product(YEARS, ACROSS, UP, WEIGHTING):
        result = twin.read(economy="KOR", year=year, across=across, up=up, weighting=weighting).result
        if result["verdict"] != "missing":
            said[f"{result['verdict']}s" if f"{result['verdict']}s" in said else "flats"] += 1
    last = twin.read(economy="KOR", year=2009)
    assert {name: last.result[name] for name in said} == said and sum(said.values()) == last.result["paths"]
    assert f"Of {last.result['paths']:.0f} ways to draw this chain" in last.says
