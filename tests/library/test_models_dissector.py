"""The claim dissector and its bank."""

import json
from itertools import chain, combinations, product
from pathlib import Path

import pytest

from valuechains.models.dissector import BANK, FIELDS, KINDS, dissect, missing

LEDGER = json.loads((Path(__file__).parents[2] / "data" / "claims.json").read_text())["claims"]
SUBSETS = list(chain.from_iterable(combinations(FIELDS, size) for size in range(len(FIELDS) + 1)))


def test_the_bank_holds_ten_claims_and_the_kinds_of_the_ledger():
    kinds = {claim["id"]: claim["kind"] for claim in LEDGER}
    assert len(BANK) == 10
    for name, tags in BANK.items():
        assert tags.kind == kinds[name], name
        assert tags.kind in KINDS
        assert tags.stated <= set(FIELDS)


def test_most_weak_claims_miss_a_denominator():
    weak = [name for name in BANK if missing(name) != "nothing"]
    assert len(weak) == 7
    assert sum("denominator" in missing(name) for name in weak) == 6


def test_growth_without_its_base_is_tagged_alike_wherever_it_stands():
    """ "Up 14.6%" and "grew 26%" say on what no more the one than the other."""
    grown = [name for name, tags in BANK.items() if tags.kind == "growth rate"]
    assert len(grown) == 3 and all("denominator" in missing(name) for name in grown)


@pytest.mark.parametrize("name", BANK)
def test_the_banks_own_tags_are_all_right_and_no_others_are(name):
    for kind, stated in product(KINDS, SUBSETS):
        result = dissect(name, kind, stated)
        is_key = kind == BANK[name].kind and set(stated) == BANK[name].stated
        assert (result.right == 4) == (result.first_mistake == "none") == is_key
        assert 0 <= result.right <= 4


def test_feedback_names_the_first_mistake_and_what_is_missing():
    result = dissect("A1-2-02", "share", ["denominator", "period"])
    assert result == (2, "denominator", "unit, denominator, period")
    assert dissect("A1-2-02", "level", []).first_mistake == "kind"


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (("A9-9-99", "share", []), "no claim 'A9-9-99': choose one of A1-1-05"),
        (("A1-2-02", "guess", []), "no kind 'guess': choose one of level, growth rate"),
        (("A1-2-02", "share", ["author"]), "no field 'author': choose one of unit, denominator, period"),
    ],
)
def test_bad_input(case, says):
    with pytest.raises(ValueError, match=says):
        dissect(*case)
