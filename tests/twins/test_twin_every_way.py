"""Every way to ask a question: each is one that the data allow, the reader's own is marked, and the shares add up."""

import re

import numpy as np
import pytest

from valuechains import datasets, editions, indicators, tables
from valuechains.twins import every_way
from valuechains.twins.every_way import APART, questions


@pytest.fixture(scope="module", params=list(questions()))
def twin(request):
    return every_way(request.param)


def years_of(asked: str) -> tuple[int, int]:
    first, last = asked.rsplit(", ", 1)[1].split(" to ")
    return int(first), int(last)


def test_each_setting_is_one_of_the_ways_and_it_is_marked(twin):
    for setting in twin.settings_of(list(twin.controls)):
        result = twin.result(setting)
        rows = twin.rows("ways", setting, result)
        mine = rows[rows.mine == "your way"]
        assert mine.asked.tolist() == [", ".join(setting[name] for name in ("source", "measure", "years"))]
        assert mine.answer.item() == result["answer"] and (mine.change.item() > 0) == (result["answer"] == rose(twin))
        agree = (rows.answer == result["answer"]).mean()
        assert (result["ways"], result["agree"]) == (len(rows), pytest.approx(agree, abs=5e-4))
        assert result["rose"] + result["fell"] == len(rows) == rows.asked.nunique()
        assert rows.change.is_monotonic_increasing and rows.way.tolist() == list(range(1, len(rows) + 1))


def rose(twin) -> str:
    return next(iter(twin.says))


def test_every_economy_is_asked_in_the_same_ways(twin):
    asked = [set(twin.rows("ways", {"subject": one}).asked) for one in twin.controls["subject"].values]
    assert all(one == asked[0] for one in asked)
    settings = list(twin.settings_of(["source", "measure", "years"]))
    assert len(settings) == len(asked[0]), "no way that the controls cannot reach"


def test_a_way_spans_years_and_never_two_editions(twin):
    for asked in twin.rows("ways", {}).asked:
        first, last = years_of(asked)
        assert last - first >= APART
        if asked.startswith("Asian Development Bank"):
            assert (first < editions.SOURCES["adb"].breaks[0]) == (last < editions.SOURCES["adb"].breaks[0])


def test_the_finding_is_that_of_the_first_one(twin):
    result = twin.read().result
    assert re.match(rf"By {result['rose']:.0f} of {result['ways']:.0f} ways to ask, from 1995 to \d+, ", twin.finding)


@pytest.mark.parametrize(
    ("source", "measure", "column", "name"),
    [
        ("OECD, published", "paid to services at home", "domestic", "tiva2025"),
        ("WIOD 2013", "sold as services", "gross", "wiod2013"),
    ],
)
def test_services_are_those_of_the_source(source, measure, column, name):
    shares = datasets.read("services_in_exports", country="KOR", source=name).set_index("year")[column]
    twin = every_way("content")
    for years in twin.controls["years"].offers[source]:
        first, last = map(int, years.split(" to "))
        read = twin.read(subject="KOR", source=source, measure=measure, years=years)
        assert f"from {shares[first]:.1%} to {shares[last]:.1%}, so" in read.says
        assert (read.result["answer"] == "services gained") == (shares[last] > shares[first])


def test_regions_are_those_of_the_two_tables():
    table = tables.load_compact(2000)
    traded = indicators.bilateral_exports(table.Z, table.F)
    inside = np.isin(table.countries, ["USA", "MEX"])
    way = {"subject": "america", "source": "twelve economies", "years": "2000 to 2011"}
    share = every_way("regional").result({**way, "measure": "share, gross exports"})["before"]
    assert share == f"{traded[np.ix_(inside, inside)].sum() / traded[inside].sum():.1%}"
    flows = datasets.read("bilateral_flows", year=2000).query("from_country != to_country")
    pair = flows[flows.from_country.isin(["USA", "MEX"])]
    stays = pair[pair.to_country.isin(["USA", "MEX"])].inputs.sum() / pair.inputs.sum()
    found = every_way("regional").result({**way, "source": "forty economies", "measure": "share, inputs"})["before"]
    assert found == f"{stays:.1%}"


def test_partners_are_counted_by_hand():
    flows = datasets.read("bilateral_flows", year=1995).query("from_country != to_country and to_country == 'CHN'")
    shares = flows.inputs / flows.inputs.sum()
    way = {"source": "forty and the rest", "years": "1995 to 2011"}
    result = every_way("partners").result({**way, "measure": "inputs bought, by all partners"})
    assert result["before"] == f"{1 / (shares**2).sum():.1f}"
    result = every_way("partners").result({**way, "measure": "inputs bought, by the largest one"})
    assert result["before"] == f"{1 / shares.max():.1f}"
