"""Level against contribution: the published settings give the worked numbers, and one setting makes the two meet."""

import pytest
from worked import EXTRA, agrees

from valuechains import evidence
from valuechains.twins import what_produced_it
from valuechains.twins.what_produced_it import releases


@pytest.fixture(scope="module")
def twin():
    return what_produced_it()


@pytest.mark.parametrize(("release", "growth"), [("Q1", 2.1), ("H1", 7.8)])
def test_published_settings_give_the_worked_numbers(twin, release, growth):
    reading = twin.read(release=release, growth=growth)
    printed = EXTRA[f"KI_contrib_{release}_2025"]
    assert reading.result["verdict"] == "published"
    assert reading.result["of_rise"] == pytest.approx(printed["contribution_share"], abs=5e-5)
    assert reading.result["rise"] == pytest.approx(printed["dX"], abs=0.05)
    assert reading.result["share_before"] == pytest.approx(printed["share_before"], abs=5e-5)


def test_the_ledger_prints_the_same(twin):
    first, half = (twin.read(release=release, growth=growth).result for release, growth in (("Q1", 2.1), ("H1", 7.8)))
    agrees(100 * first["of_rise"], evidence.number("A1-1-06.ki_share_q1").value)
    agrees(100 * half["of_rise"], evidence.number("A1-1-06.ki_share_h1").value)
    agrees(100 * first["share_now"], evidence.number("A1-1-06.share_q1").value)


@pytest.mark.parametrize(("release", "growth"), [("Q1", 12.2), ("M04", 14.6), ("H1", 15)])
def test_the_share_of_growth_is_the_share_of_the_level_only_at_the_growth_of_the_total(twin, release, growth):
    even = twin.read(release=release, growth=growth).result
    assert even["verdict"] == "even"
    assert even["of_rise"] == pytest.approx(even["share_now"]) == pytest.approx(even["share_before"])
    slower, faster = (twin.read(release=release, growth=round(growth + step, 1)).result for step in (-0.1, 0.1))
    assert (slower["verdict"], faster["verdict"]) == ("less", "more")
    assert slower["of_rise"] < slower["share_now"] and faster["of_rise"] > faster["share_now"]


def test_parts_add_up(twin):
    shares = twin.read(release="H1", growth=20).frames["split"].groupby("what")["share"]
    assert shares.sum().tolist() == pytest.approx([1, 1, 1])
    assert shares.min().min() >= 0


def test_no_growth_rate_of_the_group_is_claimed_for_january_to_april(twin):
    assert releases()["M04"].published is None
    assert not any(
        twin.result({"release": "M04", "growth": growth})["verdict"] == "published"
        for growth in twin.controls["growth"].values
    )


def test_the_slider_stops_at_every_published_rate(twin):
    for release in releases().values():
        for rate in (release.total_growth, release.published):
            assert rate is None or twin.controls["growth"].valid(round(100 * rate, 1)) == pytest.approx(100 * rate)
