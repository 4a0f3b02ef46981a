"""The claim dissector agrees with the bank, names the first mistake and tells what a claim leaves out."""

import re

import pytest

from valuechains import figures
from valuechains.figures.drawing import svg
from valuechains.models.dissector import BANK, FIELDS
from valuechains.twins import claim_dissector


@pytest.fixture(scope="module")
def twin():
    return claim_dissector()


def own_tags(claim):
    return {"kind": BANK[claim].kind, **{field: "yes" if field in BANK[claim].stated else "no" for field in FIELDS}}


@pytest.mark.parametrize("claim", BANK)
def test_the_banks_own_tags_agree(twin, claim):
    reading = twin.read(claim=claim, **own_tags(claim))
    assert reading.says.startswith(claim)
    assert "All four tags agree. What the claim leaves out:" in reading.says
    assert reading.frames["tags"]["agrees"].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("claim", BANK)
def test_feedback_names_the_one_field_that_is_wrong(twin, claim, field):
    tags = own_tags(claim)
    reading = twin.read(claim=claim, **{**tags, field: "no" if tags[field] == "yes" else "yes"})
    assert f"3 of 4 tags agree with the bank. Look for the {field}" in reading.says
    wrong = reading.frames["tags"].query("agrees == 0")
    assert wrong["tag"].tolist() == [field]


def test_a_tag_that_agrees_reaches_yes_on_the_axis_and_one_that_does_not_stays_at_no(twin):
    drawn = svg(figures.wide(twin.figure.spec, 480))
    places = {text: float(x) for x, text in re.findall(r"translate\(([\d.]+),[^>]*>(no|yes)<", drawn)}
    assert places == {"no": 0, "yes": 300}  # where 0 and 1 stand on an axis that ends at 1.6
    assert twin.read(claim="A1-2-02", **own_tags("A1-2-02")).frames["tags"]["agrees"].max() == 1


def test_a_wrong_kind_comes_first(twin):
    assert "Start with the kind" in twin.read(claim="A1-2-02", kind="rank").says
    assert twin.read(claim="A1-2-02", kind="share", unit="no", denominator="no", period="no").result["missing"] == (
        "unit, denominator, period"
    )


def test_yes_is_stated_and_no_is_not(twin):
    shown = twin.read(claim="A1-2-02", kind="share", unit="yes", denominator="no", period="no")
    assert shown.frames["tags"]["yours"].tolist() == ["share", "stated", "not stated", "not stated"]
    assert twin.setting(shown.settings).count(": stated") == 1
