"""A chart that could be taken for today has its finding and its year in the title."""

import json
import re

import pytest

from valuechains.course import kit

NOTEBOOKS = sorted((kit.ROOT / "chapters").glob("*.ipynb"))
YEAR = re.compile(r"\b(19|20)\d\d\b")
TIMELESS = {  # findings of charts that show no year's data, by why they need none
    "claims of the ledger": (
        "Most weak claims leave out the denominator",
        "Few claims are wrong; most hold in part, depend on a definition, or cannot be checked with open data",
        "What a judge accepts as evidence moves",
        "Of 60 claims",
    ),
    "the year is set by a control and stands in the sentence": (
        "Services are paid for in exports that no label calls services",
        "Whether a chain smiles depends on the chain and on what you measure",
        "Trapped or escaped depends on the definition, and on the exchange rate",
        "What growth would close a deficit in services, or lose a surplus",
    ),
    "a model or made-up data": (
        "A verdict follows from what readings come to",
        "Splitting suppliers cuts the spread of losses only as far as their failures are not shared",
        "Every three options multiply the count by eight: large numbers come cheap",
        "With the same option list, a thousand cars can be nearly everything that is ordered, or next to nothing",
        "The count of possible cars says little of the cars that are ordered and built",
        "The more uncertain the demand, the more the best order holds, and the more even the best order costs",
        "Half of the variance explained saves less than a third of the cost",
        "Pooling saves stock only as far as regions do not move together",
        "Above its line stock near the buyer pays",
        "A good forecast and a value of speed decide where stock belongs",
    ),
}
NEED_NONE = tuple(finding for findings in TIMELESS.values() for finding in findings)


def findings(notebook):
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            for kind, spec in output.get("data", {}).items():
                if "vega" in kind:
                    yield spec["usermeta"]["valuechains"]["finding"]


def undated(found):
    return [one for one in found if not YEAR.search(one) and not one.startswith(NEED_NONE)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_finding_on_data_names_their_year(notebook):
    assert undated(findings(notebook)) == [], "Say in the finding which year it is of, or why it needs none (TIMELESS)."


def test_what_needs_no_year_is_still_there_and_the_sweep_can_fail():
    every = [one for notebook in NOTEBOOKS for one in findings(notebook)]
    assert len(every) > 60
    assert [one for one in NEED_NONE if not any(found.startswith(one) for found in every)] == []
    assert undated(["China sells more", "In 2022 China sold more"]) == ["China sells more"]
