"""Services in exports by every source: what each can answer, how far they differ, and the check that is not ours."""

import numpy as np
import pytest

from valuechains import datasets, editions
from valuechains.editions import CannotAnswer, agreement, differences, services_in_exports, side_by_side

OECD = ("CHN", "IDN", "IND", "JPN", "KOR", "VNM")


# The OECD's own figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", OECD)
def test_shares_of_2022_meet_those_the_oecd_publishes(country):
    ours = services_in_exports(country, 2022, "iot2025").iloc[0]
    (published,) = datasets.read("tiva_exports", country=country, year=2022).to_dict("records")
    assert 100 * ours.dva_share == pytest.approx(published["dva_percent"], abs=0.3)
    assert 100 * ours.domestic == pytest.approx(published["services_domestic_percent"], abs=0.6)


@pytest.mark.parametrize("year, source, within", [(2019, "icio2023_20", 6), (2020, "icio2023_11", 5)])
def test_coarse_tables_meet_the_oecds_shares_only_roughly(year, source, within):
    """Twenty and eleven industries, another edition, and processing trade of China whole: points, not tenths."""
    for measure in ("domestic", "dva_share"):
        cells = differences("tiva2025", source, measure)
        assert cells.year.unique().tolist() == [year] and set(cells.country) <= set(OECD)
        assert cells.difference.abs().max() < within
    assert differences("tiva2025", source, "dva_share").query("country == 'CHN'").difference.item() > 2


def test_a_source_says_what_its_own_file_says():
    table = datasets.read("icio_exports_by_country", country="USA", year=2020).iloc[0]
    said = services_in_exports("USA", 2020, "icio2023_11").iloc[0]
    expected = (table.services_gross_share, table.services_va_domestic, table.services_va_foreign)
    np.testing.assert_allclose(said[["gross", "domestic", "foreign"]].astype(float), expected, rtol=1e-6)
    industries = datasets.read("iot_exports_by_industry", country="KOR")
    said = services_in_exports("KOR", 2022, "iot2025").iloc[0]
    assert said.domestic == pytest.approx(industries.services_domestic.sum() / industries.gross_exports.sum(), rel=1e-5)
    services = industries[industries.industry.str[0] >= "G"]  # ISIC sections G to T
    assert said.gross == pytest.approx(services.gross_exports.sum() / industries.gross_exports.sum(), rel=1e-5)


def test_shares_of_a_row_bear_with_each_other():
    rows = datasets.read("services_in_exports")
    assert (rows.domestic <= rows.dva_share).all()
    assert (rows.foreign + rows.dva_share <= 1 + 1e-9)[rows.foreign.notna()].all()


# Asking --------------------------------------------------------------------------------------------------------------


def test_every_source_is_named_and_what_it_cannot_say_is_missing():
    china = side_by_side("CHN", 2020)
    assert list(china.index) == list(editions.SOURCES) and china.name.notna().all()
    assert china.domestic.dropna().index.tolist() == ["nbs", "icio2023_11", "tiva2025", "adb"]
    assert china.foreign.dropna().index.tolist() == ["icio2023_11"]
    assert china.gross.dropna().index.tolist() == ["nbs", "icio2023_11", "adb"]
    assert set(datasets.read("services_in_exports").source) == set(editions.SOURCES)


def test_a_line_breaks_where_a_source_does_and_where_a_year_is_missing():
    runs = services_in_exports("CHN").groupby("series").year.agg(["min", "max"]).apply(tuple, axis=1)
    assert runs.filter(like="adb").tolist() == [(2000, 2000), (2007, 2018), (2019, 2022)]
    assert runs.filter(like="nbs").tolist() == [(2017, 2018), (2020, 2020)]
    assert runs.filter(like="wiod2013").tolist() == [(1995, 2011)]
    chosen = services_in_exports("CHN", [1995, 2005, 2011], "wiod2013")
    assert chosen.series.nunique() == 1  # years that were not asked for break nothing


@pytest.mark.parametrize(
    "ask, sentence",
    [
        (dict(source="wiod2013", year=2020), "The source wiod2013 has no 2020: choose from 1995 to 2011."),
        (
            dict(source="adb", country="CHN", year=2005),
            "The source adb has no CHN in 2005: choose from 2000, 2007 to 2022.",
        ),
        (dict(source=["wiod2013", "nbs"], country="IND"), "The source nbs has no 'IND': choose from CHN."),
        (dict(country="ATA"), "No source has 'ATA': choose from 88 economies, AGO to ZAF."),
        (dict(source="eora"), "There is no source 'eora': choose one of wiod2013, wiod2016, nbs"),
    ],
)
def test_what_a_source_lacks_is_said_in_one_sentence(ask, sentence):
    with pytest.raises(CannotAnswer) as error:
        services_in_exports(**ask)
    assert str(error.value).startswith(sentence) and "\n" not in str(error.value)


# Agreement -----------------------------------------------------------------------------------------------------------


def test_differences_are_points_in_common_years_only():
    cells = differences("wiod2013", "wiod2016")
    assert (cells.year.min(), cells.year.max(), cells.country.nunique()) == (2000, 2011, 40)
    china = cells[(cells.country == "CHN") & (cells.year == 2011)].iloc[0]
    assert china.difference == pytest.approx(100 * (china.wiod2016 - china.wiod2013))
    assert china.difference == pytest.approx(27.0 - 24.4, abs=0.1)


@pytest.mark.parametrize(
    "first, second, measure, typical, order",
    [
        ("wiod2013", "wiod2016", "domestic", 1.8, 0.80),
        ("wiod2013", "wiod2016", "dva_share", 4.1, 0.93),
        ("wiod2016", "adb", "gross", 0.3, 1.0),
        ("wiod2013", "tiva2025", "domestic", 5.4, 0.80),
        ("iot2025", "adb", "domestic", 5.2, 0.91),
        ("iot2025", "tiva2025", "domestic", 0.2, 1.0),
    ],
)
def test_how_far_sources_differ_is_known(first, second, measure, typical, order):
    found = agreement(first, second, measure)
    assert found.typical == pytest.approx(typical, abs=0.06) and found.order == pytest.approx(order, abs=0.006)


@pytest.mark.parametrize(
    "ask, sentence",
    [
        (("wiod2013", "iot2025", "domestic"), "wiod2013 and iot2025 say domestic of no economy in the same year"),
        (("wiod2016", "tiva2025", "foreign"), "wiod2016 and tiva2025 say foreign of no economy in the same year"),
        (("adb", "adb", "gross"), "adb is named twice: name two sources."),
        (("wiod2013", "adb", "net"), "There is no measure 'net': choose one of gross, domestic, foreign, dva_share."),
    ],
)
def test_what_cannot_be_compared_is_said(ask, sentence):
    with pytest.raises(CannotAnswer) as error:
        differences(*ask)
    assert str(error.value).startswith(sentence)
