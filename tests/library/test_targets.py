"""Published figures that the real tables can speak to: within five percentage points, and in the same direction.

Vintages and detail differ (WIOD 2013 here; TiVA, Eora and others there), so never equality.
"""

import pytest

from valuechains import datasets

BAND = 0.05
SERVICES = [f"c{k}" for k in range(19, 36)]
MANUFACTURING = [f"c{k}" for k in range(3, 17)]


@pytest.fixture(scope="module")
def economies():
    return datasets.read("exports_by_country").set_index(["country", "year"])


@pytest.fixture(scope="module")
def industries():
    return datasets.read("exports_by_industry")


def in_band(found, published):
    assert published - BAND <= found <= published + BAND


def test_services_in_world_trade_2009(economies):
    """24 % of gross exports, 43 % of value added (OECD-WTO TiVA launch, 2013)."""
    world = economies.loc["WLD", 2009]
    in_band(world["services_gross_share"], 0.24)
    in_band(world["services_va_share"], 0.43)


def services_share_of_value_added_exports(industries, country):
    own = industries.query("country == @country and year == 2009")
    return own.loc[own["industry"].isin(SERVICES), "vax"].sum() / own["vax"].sum()


@pytest.mark.parametrize("country", ["USA", "GBR", "FRA", "DEU", "ITA"])
def test_services_above_half_of_value_added_exports(industries, country):
    """Above 50 % in 2009 (OECD). These older accounts put Germany at 45 % and Italy at 48 %: inside the band only."""
    assert services_share_of_value_added_exports(industries, country) > 0.50 - BAND


def test_services_near_a_third_of_chinas_value_added_exports(industries):
    in_band(services_share_of_value_added_exports(industries, "CHN"), 1 / 3)


def test_china_is_below_the_others(industries):
    others = [services_share_of_value_added_exports(industries, c) for c in ("USA", "GBR", "FRA", "DEU", "ITA")]
    assert services_share_of_value_added_exports(industries, "CHN") < min(others)


@pytest.mark.parametrize("year", range(2004, 2008))
def test_world_vax_ratio_of_the_mid_2000s(economies, year):
    """About 0.70 to 0.75 (Johnson and Noguera 2012)."""
    assert 0.70 <= economies.loc[("WLD", year), "vax_ratio"] <= 0.75


def vax_ratio(industries, codes):
    totals = industries[industries["industry"].isin(codes)].groupby("year")[["vax", "gross_exports"]].sum()
    return totals["vax"] / totals["gross_exports"]


def test_vax_ratio_fell_and_most_in_manufacturing(economies, industries):
    """-10 points for the world over 1970-2009, twice that in manufacturing (Johnson and Noguera 2017)."""
    world = economies.loc["WLD", "vax_ratio"]
    manufacturing = vax_ratio(industries, MANUFACTURING)
    assert world[2008] - world[1995] < -BAND
    assert manufacturing[2008] - manufacturing[1995] < world[2008] - world[1995]
    assert world[2009] > world[2008], "the fall stopped when trade collapsed"


def test_double_counting_2010(economies):
    """28 % of gross exports is not new value added (UNCTAD 2013)."""
    in_band(1 - economies.loc[("WLD", 2010), "vax_ratio"], 0.28)


def test_half_of_trade_is_value_chains_and_flat_since_2008(economies):
    """Near 50 % and flat since 2008 (World Development Report 2020)."""
    world = economies.loc["WLD", "participation"]
    for year in range(2008, 2012):
        in_band(world[year], 0.50)
    assert world[2011] - world[2008] < BAND < world[2008] - world[1995]


def test_services_in_manufacturing_exports(industries):
    """37 % (Miroudot and Cadestin 2017); here the mean of 40 economies in 2009. The 2011 world total is 31 %."""
    goods = industries[industries["industry"].isin(MANUFACTURING) & (industries["year"] == 2009)]
    own = goods[goods["country"] != "ROW"].groupby("country").sum(numeric_only=True)
    in_band(((own["services_domestic"] + own["services_foreign"]) / own["gross_exports"]).mean(), 0.37)


def test_ordinary_tables_overstate_chinas_domestic_content(industries):
    """About half before WTO and 60 % after, in tables that split processing trade (Koopman, Wang and Wei 2012).

    Ours do not split it: the level is too high and falls from 1995 to 2005, as it must where processing firms are
    taken to use domestic inputs like everyone else. Only the rise of the years after agrees.
    """
    china = industries[industries["industry"].isin(MANUFACTURING) & (industries["country"] == "CHN")]
    totals = china.groupby("year")[["dva", "gross_exports"]].sum()
    content = totals["dva"] / totals["gross_exports"]
    assert content[2001] > 0.50 + BAND and content[2007] > 0.60 + BAND
    assert content[2005] < content[1995] and content[2008] > content[2005]


#: Exports (US$ bn), services in them and in the domestic value added exported, foreign content, VAX ratio: 2011
HEADLINES = {
    "CHN": (2085, 0.139, 0.311, 0.218, 0.754),
    "DEU": (1601, 0.119, 0.416, 0.272, 0.693),
    "USA": (1840, 0.344, 0.540, 0.149, 0.790),
    "IND": (337, 0.229, 0.477, 0.216, 0.779),
    "JPN": (894, 0.210, 0.441, 0.170, 0.815),
}


@pytest.mark.parametrize("country", HEADLINES)
def test_headline_numbers_of_the_release(economies, country):
    """The numbers computed when the tables were collected, to a tenth of a point."""
    columns = ["gross_exports", "services_gross_share", "services_dva_share", "backward", "vax_ratio"]
    exports, *shares = economies.loc[(country, 2011), columns]
    assert exports / 1000 == pytest.approx(HEADLINES[country][0], abs=0.5)
    assert shares == pytest.approx(HEADLINES[country][1:], abs=0.001)
