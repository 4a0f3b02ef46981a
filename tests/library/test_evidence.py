"""The ledger is complete, its numbers are those of the data, and its cards draw what it says."""

import json
import re
import shutil
import sys
from html import unescape
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
import yaml
from ledger import arithmetic_holds, page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.recipes import claims as step  # noqa: E402
from valuechains import evidence  # noqa: E402
from valuechains.book import claim_review  # noqa: E402
from valuechains.datasets import read  # noqa: E402
from valuechains.evidence.ledger import Departure, _claim, _near, reading  # noqa: E402
from valuechains.evidence.sources import PUBLICATIONS  # noqa: E402
from valuechains.twins import every_way  # noqa: E402

CARD = ("paraphrase", "stated_figure", "says", "kind", "counts", "test", "finds", "would_change_our_mind", "as_of")


# --- what the ledger holds -------------------------------------------------------------------------------------


def test_sixty_claims_and_each_verdict_is_given():
    tally = evidence.tally()
    assert sum(tally.values()) == len(evidence.claims()) == 60 and list(tally) == list(evidence.VERDICTS.values())
    assert all(tally.values()), "a verdict that no claim gets teaches nothing"


def test_every_section_of_both_articles_has_claims():
    counts = {section: len(evidence.claims(section=section)) for section in evidence.sections()}
    assert counts == {
        "A1.0": 5, "A1.1": 10, "A1.2": 8, "A1.3": 9, "A1.4": 7, "A1.5": 4,
        "A2.0": 1, "A2.1": 5, "A2.2": 7, "A2.3": 4,
    }  # fmt: skip


@pytest.mark.parametrize("claim", evidence.claims(), ids=lambda claim: claim.id)
def test_a_card_is_complete_and_clean(claim):
    texts = [getattr(claim, field) for field in CARD]
    assert all(text.strip() for text in texts)
    assert not any(mark in text for text in texts for mark in ("{", "}", "[v]", "from memory", "TODO"))
    assert claim.kind in evidence.KINDS and claim.confidence in evidence.CONFIDENCE
    assert all(re.fullmatch(r"https?://\S+", url) for url in claim.citations)
    assert all(number.source and number.as_of for number in claim.numbers.values())


@pytest.mark.parametrize("claim", evidence.claims(), ids=lambda claim: claim.id)
def test_an_opinion_is_labelled_and_not_graded(claim):
    opinion = claim.verdict_code == "O"
    assert not opinion or claim.kind in ("forecast", "prescription", "cause")
    assert not opinion or "not graded" in claim.finds


def test_no_note_of_work_to_do_is_left_in_the_ledger():
    assert not re.search(r"from memory|\bfetch\b|before print|\(check\)", evidence.ledger_file().read_text("utf-8"))


def test_the_same_test_is_run_on_other_economies():
    """Where the project's own tables test a claim about one economy, at least two others stand beside it."""
    others = ("United States", "Germany", "India", "Korea", "Mexico", "United Kingdom")
    for id in ("A1-0-01", "A1-0-03", "A1-2-01", "A1-2-03", "A1-4-01", "A2-3-01", "A2-3-02"):
        assert sum(name in evidence.claim(id).finds for name in others) >= 2, id


# --- asking it -------------------------------------------------------------------------------------------------


def test_claims_by_section_and_verdict():
    assert [claim.id for claim in evidence.claims(verdict="C")] == ["A1-1-08", "A1-4-03"]
    assert evidence.claims(verdict="contradicted") == evidence.claims(verdict="C")
    assert [claim.id for claim in evidence.claims(section="A1.2", verdict="S")] == ["A1-2-01"]
    assert evidence.claim("A2-3-01").article.author == "Lin G."


@pytest.mark.parametrize(
    "printed, number",
    [
        ("14.6%", evidence.Number(14.6, "percent", "2025", "s")),
        ("5.0%", evidence.Number(5.0, "percent", "2024", "s", decimals=1)),
        ("US$8.46", evidence.Number(8.46, "USD", "2016", "s")),
        ("1,172.7 bn yuan", evidence.Number(1172.7, "CNY bn", "2024", "s")),
        ("\N{MINUS SIGN}US$229.0 bn", evidence.Number(-229.0, "USD bn", "2024", "s", decimals=1)),
        ("191 economies", evidence.Number(191, "economies", "2023", "s")),
        ("58,990", evidence.Number(58990, "", "2019", "s")),
    ],
)
def test_a_number_prints_with_its_unit(printed, number):
    assert str(number) == printed


@pytest.mark.parametrize(
    "ask, said",
    [
        (lambda: evidence.claim("A1-2-3"), r"no claim 'A1-2-3'; near it are .*A1-2-03"),
        (lambda: evidence.number("A1-2-01.chna"), r"A1-2-01 has no number 'chna'; near it are .*china"),
        (lambda: evidence.number("A1-2-08.x"), r"A1-2-08 has no number 'x'; it has none"),
        (lambda: evidence.claims(section="A1.9"), r"no section 'A1.9'; near it are .*A1\.\d"),
        (lambda: evidence.claims(verdict="maybe"), r"no verdict 'maybe'; use one of S, P"),
    ],
)
def test_an_unknown_name_is_answered_in_one_sentence(ask, said):
    with pytest.raises(evidence.UnknownEntry, match=said) as error:
        ask()
    assert str(error.value).count("\n") == 0


def test_a_source_is_found_by_its_id_and_another_is_answered_with_near_ones():
    name = evidence.claim("A1-2-01").sources[0].id
    assert evidence.source(name) is evidence.claim("A1-2-01").sources[0]
    with pytest.raises(evidence.UnknownEntry, match=f"no source '{name}x'; near it are .*{name}"):
        evidence.source(f"{name}x")


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("a1-2-03", ["A1-2-03", "A1-2-04", "B9"], "near it are A1-2-03, A1-2-04"),
        ("a1.9", ["A1.1", "A1.2", "A2.9", "A1.4"], "near it are A2.9, A1.4, A1.2"),  # three and no more
        ("wto", ["who-data", "WTO-STATS"], "near it are WTO-STATS"),  # as an id first
        ("A9", ["A1-1-05", "ZZ"], "near it are A1-1-05"),  # then whatever is a little like it
        ("growth", ["gdp", "zz"], "near it are gdp"),
        ("gdp", ["GROWTH", "gdp-today"], "near it are gdp-today"),
        ("chna", ["china", "chin", "chip", "chic"], "near it are china, chin, chip"),
        ("zzz", ["china", "japan", "india", "korea"], "it has china, japan, india"),
        ("x", [], "it has none"),
    ],
)
def test_the_names_that_are_near_are_said_or_a_few_that_there_are(name, known, said):
    assert _near(name, iter(known)) == said


def test_an_article_knows_its_code_and_a_claim_its_article():
    assert [one.code for one in evidence.articles().values()] == list(evidence.articles()) == ["A1", "A2"]
    assert evidence.claim("A2-1-01").article == evidence.articles()["A2"]


def test_a_stored_claim_keeps_why_it_departs_and_a_reading_may_have_no_evidence():
    record = json.loads(evidence.ledger_file().read_text(encoding="utf-8"))["claims"][0]
    left = {"verdict_code": "P", "confidence": "low", "why": "The measure has changed."}
    assert _claim(record | {"departs": left}, evidence.sources()).departs == Departure(**left)
    assert _claim(record | {"departs": None}, evidence.sources()).departs is None
    assert reading({"reads": "so", "result": "untestable"}, {}).evidence == ()


def test_a_claim_is_judged_on_the_terms_that_are_given():
    strict = evidence.Terms(interested=False, oldest=1, all_readings=False)
    moved = [one.id for one in evidence.claims() if one.judged(strict)[:2] != one.judged()[:2]]
    assert 5 < len(moved) < 60


# --- its numbers are those of the data -------------------------------------------------------------------------


def services_share(year, country):
    return read("services_in_gdp", year=year, country=country).gdp_percent.item()


def services_shares(year):
    return read("services_in_gdp", year=year).gdp_percent.dropna()


def exports(country, year, column):
    return read("exports_by_country", country=country, year=year)[column].item()


def in_manufactures(country, year):
    parts = ("manufacturing_services_domestic", "manufacturing_services_foreign")
    return sum(exports(country, year, part) for part in parts)


def rises(*columns):
    """Economies, and among them those in which the sum of the columns is higher in 2011 than in 1995."""
    table = read("exports_by_country", year=[1995, 2011])
    table = table[table.country != "WLD"].assign(total=lambda frame: frame[list(columns)].sum(axis=1))
    wide = table.pivot(index="country", columns="year", values="total")
    return len(wide), (wide[2011] > wide[1995]).sum()


def niot_rises():
    """Economies, and those in which home-made services gained in exports of manufactures from 2000 to 2014."""
    wide = read("niot_exports_by_country", year=[2000, 2014]).pivot(
        index="country", columns="year", values="manufacturing_services_domestic"
    )
    return len(wide), (wide[2014] > wide[2000]).sum()


def curves(year, shape=None, across="propagation_length"):
    table = read("smile_coefficients", year=year, across=across, up="va_rate", weighting="contribution")
    table = table.dropna(subset="shape")
    return len(table if shape is None else table[table["shape"] == shape])


def china_electrical(year, column):
    chain = {"chain_country": "CHN", "chain_industry": "c14", "year": year}
    kind = {"across": "propagation_length", "up": "va_rate", "weighting": "contribution"}
    return read("smile_coefficients", **chain, **kind)[column].item()


def services_trade(country, year=2024):
    row = read("services_trade", country=country, year=year)
    return row.exports.item() / 1e3, row.imports.item() / 1e3


def digital_balance(country):
    row = read("digital_services_trade", country=country, year=2023)
    return (row.exports.item() - row.imports.item()) / 1e3


def travel_balance():
    flows = read("services_trade_by_group", country="CHN", year=2024, group="travel").set_index("flow").value
    return (flows["exports"] - flows["imports"]) / 1e3


def world(indicator, country, year):
    return read("world_indicators", indicator=indicator, country=country, year=year).value.item()


def share_of_world_exports(country, year):
    sold = {of: world("NE.EXP.GNFS.ZS", of, year) * world("NY.GDP.MKTP.CD", of, year) for of in (country, "WLD")}
    return 100 * sold[country] / sold["WLD"]


def relative_income(indicator, country):
    return 100 * world(indicator, country, 2024) / world(indicator, "USA", 2024)


def account(period, flow, group, column="value"):
    return read("china_services_accounts", period=period, flow=flow, group=group)[column].item()


def business_share(table, year, **economy):
    return 100 * read(table, year=year, **economy).business_dva_share.item()


def barriers(year):
    """The mean of the 22 sectors' scores, by economy."""
    scores = read("stri", year=year)
    return scores[scores.sector != "ALLSEC"].groupby("country").stri.mean()


def services_part(year):
    """Services in what the world sold abroad, by who earned it."""
    sold = read("adb_exports_by_sector", year=year).groupby("sector").vax_by_origin.sum()
    return 100 * sold[["TRD", "TPT", "TEL", "FIN", "BUS", "OSV"]].sum() / sold.sum()


SERVICES = ["TRD", "TPT", "TEL", "FIN", "BUS", "OSV"]
FACTORIES = ["FTX", "CHM", "ELE", "TRE", "MCH"]


def earned(year):
    """What services, factories and all earn of the value added that each economy sells abroad (the rest of the world
    is none)."""
    sold = read("adb_exports_by_sector", year=year).query("country != 'ROW'")
    wide = sold.pivot(index="country", columns="sector", values="vax_by_origin")
    return pd.DataFrame(
        {"services": wide[SERVICES].sum(axis=1), "factories": wide[FACTORIES].sum(axis=1), "all": wide.sum(axis=1)}
    )


def services_rise():
    now, then = earned(2022), earned(2000)
    return (now["services"] / now["all"] > then["services"] / then["all"]).sum()


def factories_part(year):
    sold = read("adb_exports_by_sector", year=year).groupby("sector").vax_by_origin.sum()
    return 100 * sold[FACTORIES].sum() / sold.sum()


def adb_ratio(year):
    sold = read("adb_exports_by_sector", year=year)
    return 100 * sold.vax.sum() / sold.gross_exports.sum()


def tiva(country, year, column):
    return read("tiva_exports", country=country, year=year)[column].item()


def services_at_home():
    exports = read("services_in_exports", source="iot2025", year=2022)
    return 100 * (exports.domestic @ exports.gross_exports) / (exports.dva_share @ exports.gross_exports)


def contribution(now, before, group="knowledge_intensive"):
    """Contribution of a group to the growth of services exports, percent."""
    rise = {key: account(now, "exports", key) - account(before, "exports", key) for key in (group, "total")}
    return 100 * rise[group] / rise["total"]


def pct(country, year):
    return read("pct_applications", country=country, year=year).applications.item()


FDI, RECEIPTS, PAYMENTS = "BX.KLT.DINV.CD.WD", "BX.GSR.ROYL.CD", "BM.GSR.ROYL.CD"
RECOMPUTED = {
    "A1-0-01.gdp_china": lambda: world("NY.GDP.MKTP.CD", "CHN", 2024) / 1e9,
    "A1-0-01.gdp_usa": lambda: world("NY.GDP.MKTP.CD", "USA", 2024) / 1e9,
    "A1-0-01.bop_china": lambda: sum(services_trade("CHN")),
    "A1-0-01.bop_usa": lambda: sum(services_trade("USA")),
    "A1-0-01.bop_gbr": lambda: sum(services_trade("GBR")),
    "A1-0-01.bop_deu": lambda: sum(services_trade("DEU")),
    "A1-0-01.mofcom": lambda: account("2024", "trade", "total"),
    "A1-0-02.share_1995": lambda: share_of_world_exports("CHN", 1995),
    "A1-0-02.share_2024": lambda: share_of_world_exports("CHN", 2024),
    "A1-0-02.usa_2024": lambda: share_of_world_exports("USA", 2024),
    "A1-0-02.germany_2024": lambda: share_of_world_exports("DEU", 2024),
    "A1-0-02.dvx_1995": lambda: 100 * exports("CHN", 1995, "dvx") / exports("WLD", 1995, "dvx"),
    "A1-0-02.dvx_2011": lambda: 100 * exports("CHN", 2011, "dvx") / exports("WLD", 2011, "dvx"),
    "A1-0-02.dva_1995": lambda: 100 * (1 - exports("CHN", 1995, "backward")),
    "A1-0-02.dva_2011": lambda: 100 * (1 - exports("CHN", 2011, "backward")),
    "A1-0-03.economies": lambda: rises("manufacturing_services_domestic")[0],
    "A1-0-03.rises": lambda: rises("manufacturing_services_domestic", "manufacturing_services_foreign")[1],
    "A1-0-03.rises_home": lambda: rises("manufacturing_services_domestic")[1],
    "A1-0-03.china_1995": lambda: 100 * in_manufactures("CHN", 1995),
    "A1-0-03.china_2011": lambda: 100 * in_manufactures("CHN", 2011),
    "A1-0-03.germany_1995": lambda: 100 * in_manufactures("DEU", 1995),
    "A1-0-03.germany_2011": lambda: 100 * in_manufactures("DEU", 2011),
    "A1-0-03.usa_1995": lambda: 100 * in_manufactures("USA", 1995),
    "A1-0-03.usa_2011": lambda: 100 * in_manufactures("USA", 2011),
    "A1-0-02.oecd_1995": lambda: tiva("CHN", 1995, "dva_percent"),
    "A1-0-02.oecd_2022": lambda: tiva("CHN", 2022, "dva_percent"),
    "A1-0-03.world_2000": lambda: services_part(2000),
    "A1-0-03.world_2022": lambda: services_part(2022),
    "A1-0-03.adb_rises": services_rise,
    "A1-0-03.adb_economies": lambda: len(earned(2022)),
    "A1-0-03.oecd_china_1995": lambda: tiva("CHN", 1995, "services_domestic_percent"),
    "A1-0-03.oecd_china_2005": lambda: tiva("CHN", 2005, "services_domestic_percent"),
    "A1-0-03.oecd_china_2022": lambda: tiva("CHN", 2022, "services_domestic_percent"),
    "A1-0-03.oecd_india_1995": lambda: tiva("IND", 1995, "services_domestic_percent"),
    "A1-0-03.oecd_india_2022": lambda: tiva("IND", 2022, "services_domestic_percent"),
    "A1-0-03.niot_rises": lambda: niot_rises()[1],
    "A1-0-03.niot_economies": lambda: niot_rises()[0],
    "A1-0-05.growth_2007": lambda: world("NY.GDP.MKTP.KD.ZG", "CHN", 2007),
    "A1-0-05.growth_2014": lambda: world("NY.GDP.MKTP.KD.ZG", "CHN", 2014),
    "A1-0-05.growth_2024": lambda: world("NY.GDP.MKTP.KD.ZG", "CHN", 2024),
    "A1-1-01.vax_1995": lambda: 100 * exports("WLD", 1995, "vax_ratio"),
    "A1-1-01.vax_2008": lambda: 100 * exports("WLD", 2008, "vax_ratio"),
    "A1-1-01.vax_2009": lambda: 100 * exports("WLD", 2009, "vax_ratio"),
    "A1-1-01.vax_2011": lambda: 100 * exports("WLD", 2011, "vax_ratio"),
    "A1-1-01.adb_2000": lambda: adb_ratio(2000),
    "A1-1-01.adb_2008": lambda: adb_ratio(2008),
    "A1-1-01.adb_2019": lambda: adb_ratio(2019),
    "A1-1-05.growth": lambda: account("2025-M04", "exports", "total", "growth_percent"),
    "A1-1-05.base": lambda: account("2024-M04", "exports", "total"),
    "A1-1-05.level": lambda: 1.146 * account("2024-M04", "exports", "total"),
    "A1-1-05.least": lambda: 1.14 * account("2024-M04", "exports", "total"),
    "A1-1-05.q1": lambda: account("2025-Q1", "exports", "total", "growth_percent"),
    "A1-1-05.h1": lambda: account("2025-H1", "exports", "total", "growth_percent"),
    "A1-1-05.mofcom": lambda: account("2025-Q1", "exports", "total") / 3,
    "A1-1-06.ki_q1": lambda: account("2025-Q1", "exports", "knowledge_intensive"),
    "A1-1-06.ki_q1_growth": lambda: account("2025-Q1", "exports", "knowledge_intensive", "growth_percent"),
    "A1-1-06.ki_h1": lambda: account("2025-H1", "exports", "knowledge_intensive"),
    "A1-1-06.ki_h1_growth": lambda: account("2025-H1", "exports", "knowledge_intensive", "growth_percent"),
    "A1-1-06.q1_growth": lambda: account("2025-Q1", "exports", "total", "growth_percent"),
    "A1-1-06.travel_q1": lambda: account("2025-Q1", "exports", "travel", "growth_percent"),
    "A1-1-06.travel_h1": lambda: account("2025-H1", "exports", "travel", "growth_percent"),
    "A1-1-06.ki_share_q1": lambda: contribution("2025-Q1", "2024-Q1"),
    "A1-1-06.ki_share_h1": lambda: contribution("2025-H1", "2024-H1"),
    "A1-1-10.bop_2021": lambda: world(FDI, "CHN", 2021) / 1e9,
    "A1-1-10.bop_2023": lambda: world(FDI, "CHN", 2023) / 1e9,
    "A1-1-10.bop_2024": lambda: world(FDI, "CHN", 2024) / 1e9,
    "A1-1-10.usa_2024": lambda: world(FDI, "USA", 2024) / 1e9,
    "A1-1-10.india_2024": lambda: world(FDI, "IND", 2024) / 1e9,
    "A1-1-10.ip_2015": lambda: world(PAYMENTS, "CHN", 2015) / 1e9,
    "A1-1-10.ip_2024": lambda: world(PAYMENTS, "CHN", 2024) / 1e9,
    "A1-1-10.ip_india_2015": lambda: world(PAYMENTS, "IND", 2015) / 1e9,
    "A1-1-10.ip_india_2024": lambda: world(PAYMENTS, "IND", 2024) / 1e9,
    "A1-2-01.above_2024": (services_shares(2024) > 50).sum,
    "A1-2-01.reporting_2024": lambda: len(services_shares(2024)),
    "A1-2-01.above_half": (services_shares(2023) > 50).sum,
    "A1-2-01.reporting": lambda: len(services_shares(2023)),
    "A1-2-01.above_half_1995": (services_shares(1995) > 50).sum,
    "A1-2-01.reporting_1995": lambda: len(services_shares(1995)),
    "A1-2-01.median": lambda: services_shares(2023).median(),
    "A1-2-01.china": lambda: services_share(2024, "CHN"),
    "A1-2-01.germany": lambda: services_share(2024, "DEU"),
    "A1-2-01.korea": lambda: services_share(2024, "KOR"),
    "A1-2-01.india": lambda: services_share(2024, "IND"),
    "A1-2-01.usa": lambda: services_share(2021, "USA"),
    "A1-2-03.adb_services": lambda: services_part(2022),
    "A1-2-03.adb_services_2000": lambda: services_part(2000),
    "A1-2-03.adb_manufacturing": lambda: factories_part(2022),
    "A1-2-03.adb_manufacturing_2000": lambda: factories_part(2000),
    "A1-2-03.adb_ahead": (earned(2022).services > earned(2022).factories).sum,
    "A1-2-03.adb_half": (2 * earned(2022).services > earned(2022)["all"]).sum,
    "A1-2-03.adb_economies": lambda: len(earned(2022)),
    "A1-2-03.oecd_2022": services_at_home,
    "A1-2-03.gross_world": lambda: 100 * exports("WLD", 2009, "services_gross_share"),
    "A1-2-03.va_world": lambda: 100 * exports("WLD", 2009, "services_va_share"),
    "A1-2-03.va_1995": lambda: 100 * exports("WLD", 1995, "services_va_share"),
    "A1-2-03.va_2011": lambda: 100 * exports("WLD", 2011, "services_va_share"),
    "A1-2-03.manuf_1995": lambda: 100 * in_manufactures("WLD", 1995),
    "A1-2-03.manuf_2011": lambda: 100 * in_manufactures("WLD", 2011),
    "A1-2-03.usa": lambda: 100 * exports("USA", 2011, "services_va_share"),
    "A1-2-03.india": lambda: 100 * exports("IND", 2011, "services_va_share"),
    "A1-2-03.germany": lambda: 100 * exports("DEU", 2011, "services_va_share"),
    "A1-2-03.korea": lambda: 100 * exports("KOR", 2011, "services_va_share"),
    "A1-2-03.china": lambda: 100 * exports("CHN", 2011, "services_va_share"),
    "A1-2-04.chains_1995": lambda: curves(1995),
    "A1-2-04.smile_1995": lambda: curves(1995, "smile"),
    "A1-2-04.frown_1995": lambda: curves(1995, "frown"),
    "A1-2-04.chains_2011": lambda: curves(2011),
    "A1-2-04.smile_2011": lambda: curves(2011, "smile"),
    "A1-2-04.frown_2011": lambda: curves(2011, "frown"),
    "A1-2-04.smile_upstream": lambda: curves(2011, "smile", "upstreamness"),
    "A1-2-04.frown_upstream": lambda: curves(2011, "frown", "upstreamness"),
    "A1-2-04.china_1995": lambda: china_electrical(1995, "quadratic"),
    "A1-2-04.china_1995_se": lambda: china_electrical(1995, "se_quadratic"),
    "A1-2-04.china_2011": lambda: china_electrical(2011, "quadratic"),
    "A1-2-04.china_2011_se": lambda: china_electrical(2011, "se_quadratic"),
    "A1-3-09.rd_china": lambda: world("GB.XPD.RSDV.GD.ZS", "CHN", 2023),
    "A1-3-09.rd_usa": lambda: world("GB.XPD.RSDV.GD.ZS", "USA", 2023),
    "A1-3-09.rd_korea": lambda: world("GB.XPD.RSDV.GD.ZS", "KOR", 2023),
    "A1-3-09.business_2000": lambda: business_share("niot_exports_by_country", 2000, country="CHN"),
    "A1-3-09.business_2014": lambda: business_share("niot_exports_by_country", 2014, country="CHN"),
    "A1-3-09.germany_2000": lambda: business_share("niot_exports_by_country", 2000, country="DEU"),
    "A1-3-09.germany_2014": lambda: business_share("niot_exports_by_country", 2014, country="DEU"),
    "A1-3-09.korea_2000": lambda: business_share("niot_exports_by_country", 2000, country="KOR"),
    "A1-3-09.korea_2014": lambda: business_share("niot_exports_by_country", 2014, country="KOR"),
    "A1-3-09.business_2017": lambda: business_share("china_national", 2017),
    "A1-3-09.business_2020": lambda: business_share("china_national", 2020),
    "A1-4-01.imports_mofcom": lambda: account("2024", "imports", "total"),
    "A1-4-01.imports_bop": lambda: services_trade("CHN")[1],
    "A1-4-01.imports_usa": lambda: services_trade("USA")[1],
    "A1-4-01.imports_germany": lambda: services_trade("DEU")[1],
    "A1-4-01.imports_india": lambda: services_trade("IND")[1],
    "A1-4-02.ncses_china": lambda: pct("CHN", 2021),
    "A1-4-02.ncses_usa": lambda: pct("USA", 2021),
    "A1-4-03.bop_2023": lambda: world(FDI, "CHN", 2023) / 1e9,
    "A1-4-03.bop_2024": lambda: world(FDI, "CHN", 2024) / 1e9,
    "A1-4-06.china_nominal": lambda: relative_income("NY.GDP.PCAP.CD", "CHN"),
    "A1-4-06.china_ppp": lambda: relative_income("NY.GDP.PCAP.PP.CD", "CHN"),
    "A1-4-06.vietnam_nominal": lambda: relative_income("NY.GDP.PCAP.CD", "VNM"),
    "A1-4-06.vietnam_ppp": lambda: relative_income("NY.GDP.PCAP.PP.CD", "VNM"),
    "A1-4-06.korea_nominal": lambda: relative_income("NY.GDP.PCAP.CD", "KOR"),
    "A1-4-06.korea_ppp": lambda: relative_income("NY.GDP.PCAP.PP.CD", "KOR"),
    "A1-5-02.va_2009": lambda: 100 * exports("WLD", 2009, "services_va_share"),
    "A1-5-02.adb_2007": lambda: services_part(2007),
    "A1-5-02.adb_2022": lambda: services_part(2022),
    "A1-5-02.oecd_2022": services_at_home,
    "A1-5-04.mean_2014": lambda: barriers(2014).mean(),
    "A1-5-04.mean_2024": lambda: barriers(2024).mean(),
    "A1-5-04.china_2014": lambda: barriers(2014).CHN,
    "A1-5-04.china_2024": lambda: barriers(2024).CHN,
    "A1-5-04.china_rank": lambda: barriers(2024).rank(ascending=False).CHN,
    "A1-5-04.india_2014": lambda: barriers(2014).IND,
    "A1-5-04.india_2024": lambda: barriers(2024).IND,
    "A1-5-04.germany_2014": lambda: barriers(2014).DEU,
    "A1-5-04.germany_2024": lambda: barriers(2024).DEU,
    "A1-5-04.usa_2024": lambda: barriers(2024).USA,
    "A2-3-01.mofcom": lambda: -account("2024", "balance", "total"),
    "A2-3-01.wdi": lambda: services_trade("CHN")[0] - services_trade("CHN")[1],
    "A2-3-01.india": lambda: services_trade("IND")[0] - services_trade("IND")[1],
    "A2-3-01.germany": lambda: services_trade("DEU")[0] - services_trade("DEU")[1],
    "A2-3-01.usa": lambda: services_trade("USA")[0] - services_trade("USA")[1],
    "A2-3-01.mofcom_2025": lambda: -account("2025", "balance", "total"),
    "A2-3-01.narrowed_2025": lambda: account("2025", "balance", "total") - account("2024", "balance", "total"),
    "A2-3-02.digital": lambda: digital_balance("CHN"),
    "A2-3-02.digital_india": lambda: digital_balance("IND"),
    "A2-3-02.digital_germany": lambda: digital_balance("DEU"),
    "A2-3-02.ki_ten": lambda: account("2025-M10", "balance", "knowledge_intensive"),
    "A2-3-02.travel": travel_balance,
    "A2-3-02.ip_paid": lambda: world(PAYMENTS, "CHN", 2025) / 1e9,
    "A2-3-02.ip_received": lambda: world(RECEIPTS, "CHN", 2025) / 1e9,
    "A1-0-03.ways": lambda: asked("content", "CHN")["ways"],
    "A1-0-03.ways_china": lambda: asked("content", "CHN")["rose"],
    "A1-0-03.ways_india": lambda: asked("content", "IND")["rose"],
    "A1-0-03.ways_japan": lambda: asked("content", "JPN")["rose"],
    "A1-0-03.ways_korea": lambda: asked("content", "KOR")["rose"],
    "A1-1-02.ways": lambda: asked("regional", "asia")["ways"],
    "A1-1-02.ways_asia": lambda: asked("regional", "asia")["rose"],
    "A1-1-02.ways_america": lambda: asked("regional", "america")["rose"],
    "A1-2-04.ways": lambda: drawn_ways("smile", "flat", "frown"),
    "A1-2-04.ways_flat": lambda: drawn_ways("flat"),
    "A1-2-04.ways_smile": lambda: drawn_ways("smile"),
}


def asked(question, subject):
    """What every way to ask a question gives: how many there are, and how many say yes."""
    return every_way(question).result({"subject": subject})


def drawn_ways(*shapes):
    ways = read("smile_coefficients", chain_country="CHN", chain_industry="c14").query("share_used >= 2 / 3")
    return ways["shape"].isin(shapes).sum()


@pytest.mark.parametrize("name", RECOMPUTED)
def test_a_number_is_that_of_the_data(name):
    stored = evidence.number(name)
    decimals = stored.decimals or len(str(stored.value).partition(".")[2])
    assert abs(stored.value - RECOMPUTED[name]()) <= 0.5 * 10**-decimals + 1e-9


def test_every_number_that_names_a_data_set_is_recomputed():
    named = {f"{claim.id}.{name}" for claim in evidence.claims() for name, n in claim.numbers.items() if n.dataset}
    assert named == set(RECOMPUTED)


@pytest.mark.parametrize(
    "country, before, after", [("CHN", "flat", "flat"), ("DEU", "flat", "flat"), ("MEX", "flat", "frown")]
)
def test_the_curves_turn_as_the_card_says(country, before, after):
    chain = {"chain_country": country, "chain_industry": "c14", "year": [1995, 2011]}
    kind = {"across": "propagation_length", "up": "va_rate", "weighting": "contribution"}
    assert read("smile_coefficients", **chain, **kind)["shape"].tolist() == [before, after]


def test_arithmetic_of_the_cards():
    arithmetic_holds()


# --- how it is built -------------------------------------------------------------------------------------------


def test_building_it_again_changes_no_byte(tmp_path):
    assert step.build(tmp_path / "claims.json").read_bytes() == evidence.ledger_file().read_bytes()


SOURCE = {
    "publisher": "P", "title": "T", "date": 2025, "kind": "official statistics", "address": "https://example.org",
    "read": {"on": "2026-11-21", "as": "original"},
}  # fmt: skip
CARD_ENTRY = {
    **dict.fromkeys(CARD, "text"),
    "kind": "share",
    "until": 2025,
    "finds": "It is {x}.",
    "readings": [{"reads": "as it stands", "result": "agrees", "evidence": [{"source": "s", "until": 2025}]}],
    "numbers": {"x": {"value": 1, "unit": "percent", "as_of": 2024, "source": "s"}},
}
LAST = {"verdict": "supported", "confidence": "medium", "x": "1%"}


def build_one(folder, monkeypatch, card=None, source=None, last=LAST, twice=False):
    """The one claim of a small ledger, built with these fields of its card and of its source replaced."""
    files = {
        "articles.yml": {"retrieved": "2026-11-21", "articles": {"A1": {}}},
        "sources.yml": {"s": {**SOURCE, **(source or {})}},
        "A1-9.yml": {"section": "A1.9 A test", "claims": {"A1-9-01": {**CARD_ENTRY, **(card or {})}}},
        "published.json": {"published": "2026-11-21", "claims": {"A1-9-01": last}},
    }
    if twice:
        files["A1-9b.yml"] = files["A1-9.yml"]
    ledger = folder / "ledger"
    ledger.mkdir(exist_ok=True)
    for name, content in files.items():
        text = json.dumps(content) if name.endswith("json") else yaml.safe_dump(content)
        (ledger / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(step, "LEDGER", ledger)
    return json.loads(step.build(folder / "out.json").read_text(encoding="utf-8"))["claims"][0]


def test_a_number_corrected_in_the_card_reaches_the_text(tmp_path, monkeypatch):
    assert build_one(tmp_path, monkeypatch)["finds"] == "It is 1%."
    numbers = {"x": {**CARD_ENTRY["numbers"]["x"], "value": 2}}
    moved = [{"date": "2026-11-28", "what": "x", "was": "1%", "now": "2%", "why": "The table was revised."}]
    assert build_one(tmp_path, monkeypatch, {"numbers": numbers, "moved": moved})["finds"] == "It is 2%."


def test_what_a_release_publishes_needs_no_line_any_more(tmp_path, monkeypatch):
    moved = [{"date": "2026-11-28", "what": "confidence", "was": "high", "now": "medium", "why": "The rule decides."}]
    build_one(tmp_path, monkeypatch, {"moved": moved}, last=LAST | {"confidence": "high"})
    step.publish("2026-11-30", tmp_path / "out.json")
    kept = json.loads((step.LEDGER / "published.json").read_text(encoding="utf-8"))
    assert kept == {"published": "2026-11-30", "claims": {"A1-9-01": LAST}}
    for day in ("soon", "2026-13-01"):
        with pytest.raises(step.LedgerError, match="is no day"):
            step.publish(day, tmp_path / "out.json")


@pytest.mark.parametrize("arguments", [["--drat"], ["--publish"], ["--publish", "soon"]])
def test_a_wrong_command_is_said_in_one_line_and_changes_nothing(arguments, capsys):
    before = (step.LEDGER / "published.json").read_bytes()
    assert step.main(arguments) == 1
    assert capsys.readouterr().err.count("\n") == 1 and (step.LEDGER / "published.json").read_bytes() == before


NO_PROOF = [{**CARD_ENTRY["readings"][0], "result": "cannot be tested openly"}]


@pytest.mark.parametrize(
    "card, source, last, said",
    [
        ({"kind": "hunch"}, {}, LAST, "kind 'hunch': use one of"),
        ({"test": " "}, {}, LAST, "A1-9-01 has no 'test'"),
        ({"finds": "It is {y}."}, {}, LAST, "prints the number 'y', which its card lacks"),
        ({"numbers": {"x": {"value": 1}}}, {}, LAST, "A1-9-01.x needs value, unit, as_of and source"),
        ({"readings": []}, {}, LAST, "cannot be judged: A claim of fact needs at least one reading"),
        ({"readings": [{"reads": "so", "result": "agrees"}]}, {}, LAST, "agrees without evidence"),
        ({"readings": [{"reads": "so", "result": "true"}]}, {}, LAST, "result other than agrees"),
        ({"readings": NO_PROOF}, {}, LAST, "cannot be tested and yet has evidence"),
        ({"more": ["unknown"]}, {}, LAST, "names the source 'unknown'"),
        ({"departs": {"verdict": "C"}}, {}, LAST, "departs from the rule without a reason"),
        ({"departs": {"verdict": "S", "why": "w"}}, {}, LAST, "name another verdict or confidence"),
        ({}, {"kind": "blog"}, LAST, "s has kind 'blog': use one of"),
        ({}, {"address": "a book"}, LAST, "'a book', which is not an address"),
        ({}, {"address": ""}, LAST, "no address at its publisher"),
        ({}, {"colour": "red"}, LAST, "s is incomplete"),
        ({}, {}, LAST | {"confidence": "high"}, "confidence was 'high' and is 'medium' without a line under 'moved'"),
        ({}, {}, LAST | {"verdict": "partly"}, "verdict was 'partly' and is 'supported' without a line"),
        ({}, {}, LAST | {"x": "2%"}, "x was '2%' and is '1%' without a line"),
        ({}, {}, LAST | {"y": "2%"}, "y was '2%' and is 'no longer printed' without a line"),
        ({"moved": [{"date": "2026-11-28", "what": "x"}]}, {}, LAST, "line under 'moved' without was, now, why"),
    ],
)
def test_a_faulty_ledger_is_refused_in_one_sentence(tmp_path, monkeypatch, card, source, last, said):
    with pytest.raises(step.LedgerError, match=re.escape(said)) as error:
        build_one(tmp_path, monkeypatch, card, source, last)
    assert str(error.value).count("\n") == 0
    assert not (tmp_path / "out.json").exists()


def test_a_claim_that_stands_twice_is_refused(tmp_path, monkeypatch):
    with pytest.raises(step.LedgerError, match="A1-9-01 more than once"):
        build_one(tmp_path, monkeypatch, twice=True)


def test_a_departure_is_kept_with_its_reason(tmp_path, monkeypatch):
    last = LAST | {"verdict": "partly"}
    built = build_one(tmp_path, monkeypatch, {"departs": {"verdict": "P", "why": "A limit."}}, last=last)
    assert (built["verdict_code"], built["departs"]["why"]) == ("P", "A limit.")


# --- the card on the page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    text = "# Page\n\nSee {claim}`A1-2-04`: {ledger}`A1-2-01.china`. {tally}`A1.2`.\n\n```{claim} A1-2-04\n```\n"
    yield page(folder, text)
    shutil.rmtree(folder)


def test_a_card_shows_what_came_out_before_how_it_was_done(built):
    html, warnings = built
    assert warnings == ""
    card = re.search(r'<details class="claim" id="claim-a1-2-04">(.*?)</details>', html, re.S).group(1)
    terms = re.findall(r"<dt>(.*?)</dt>", card)
    done = ["Says", "Kind", "Counts", "Test", "Finds", "Would change our mind"]
    assert terms == ["Verdict", "Why", "Sources", *done]
    claim = evidence.claim("A1-2-04")
    first = re.sub(r"<.*?>", " ", re.search(r"<dd.*?</dd>", card, re.S).group())
    assert first.split() == [*claim.verdict.split(), "Confidence:", claim.confidence]
    listed = re.search(r"<dt>Sources</dt>(.*?)</dd>", card, re.S).group(1)
    shown = [unescape(re.sub(r"<.*?>", "", item)) for item in re.findall(r"<li>(.*?)</li>", listed, re.S)]
    assert all(
        item.startswith(f"{source.title}. {source.publisher} ({source.date})")
        for item, source in zip(shown, claim.sources)
    )
    assert card.count("<summary>") == 1 and "not checkable with open data" in card
    for url in evidence.claim("A1-2-04").citations:
        assert f'href="{url}"' in card
    assert "smile_coefficients: WIOD 2013 release" in card


def test_roles_link_and_print(built):
    html, _ = built
    assert re.search(r'<a class="reference internal" href="#claim-a1-2-04">.*?A1-2-04', html)
    assert ">56.7%<" in html
    said = re.sub(r"<[^>]+>", "", html)  # each count has its sign
    assert "8 claims: 1 supported, 1 partly, 3 definition-dependent, 2 not checkable with open data, 1 opinion" in said
    assert '<span class="sign verdict-s">1 supported</span>' in html


def test_the_style_is_served(built):
    assert "claims.css" in built[0]


@pytest.mark.parametrize(
    "text, said",
    [
        ("```{claim} A1-2-99\n```", "no claim 'A1-2-99'"),
        ("{claim}`A1-2-99`", "no claim 'A1-2-99'"),
        ("{ledger}`A1-2-01.nothing`", "no number 'nothing'"),
        ("{tally}`A9.9`", "no section 'A9.9'"),
        ("{claim}`A1-2-01`", "claim-a1-2-01"),  # in the ledger, but no page has its card
    ],
)
def test_a_dead_reference_is_a_warning(tmp_path, text, said):
    assert said in page(tmp_path, f"# Page\n\n{text}\n")[1]


# --- cards that leave the book -----------------------------------------------------------------------------------

SCHEMA = json.loads(claim_review.SCHEMA.read_text(encoding="utf-8"))


def test_the_ledger_follows_its_schema_and_the_schema_says_what_the_code_says():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    ledger = json.loads(evidence.ledger_file().read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(ledger)] == []
    parts = SCHEMA["$defs"]
    assert parts["code"]["enum"] == list(evidence.VERDICTS) and parts["level"]["enum"] == list(evidence.CONFIDENCE)
    assert parts["claim"]["properties"]["kind"]["enum"] == list(evidence.KINDS)
    assert parts["source"]["properties"]["kind"]["enum"] == list(PUBLICATIONS)
    for name, change in (("verdict_code", "X"), ("confidence", "sure"), ("until", "2025"), ("readings", [{}])):
        wrong = json.loads(json.dumps(ledger))
        wrong["claims"][0][name] = change
        assert list(validator.iter_errors(wrong)), name


@pytest.mark.parametrize("claim", evidence.claims(), ids=lambda claim: claim.id)
def test_a_card_is_a_claim_review(claim):
    told = claim_review.review(claim, "https://example.org/page.html", "The book")
    assert (told["@context"], told["@type"]) == ("https://schema.org", "ClaimReview")
    assert told["url"] == f"https://example.org/page.html#claim-{claim.id.lower()}"
    assert told["claimReviewed"] == claim.says
    assert told["reviewRating"]["alternateName"] == claim.verdict
    assert told["itemReviewed"]["author"]["name"] == claim.article.author
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["datePublished"])
    assert told["citation"] == [source.link or source.title for source in claim.sources]
