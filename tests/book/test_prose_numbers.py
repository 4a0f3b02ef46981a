"""A figure in prose is computed, quoted from the ledger or cited; changing it in the ledger changes all that says
it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from ledger import arithmetic_holds, page

from chapters import FOLDER, PAGES, cells, paragraphs, text
from data.recipes import claims as step
from valuechains import evidence, prose

FIGURE = re.compile(
    r"(?:US\$|[$€£¥])\s?\d[\d,.]*"  # money
    # with a unit
    r"|\b\d[\d,.]*(?:\s?%|\s(?:percent|per cent|percentage "
    r"points?|bn|tn|million|billion|trillion|dollars?|yuan|euros?)\b)|\b\d[\d,]*\.\d+\b"  # decimals
)
CITED = re.compile(r"ROLE-cite")
# What may be typed, by page: the figure, and why no data stand behind it.
EXCUSED = {
    "02-services": {
        "45 percent": "the words of the claim under test, given in order to ask what they could mean",
        "37.33": "the hand-worked example of two economies, printed by the cell above",
        "2.67": "the hand-worked example of two economies, printed by the cell above",
    }
}


def typed(markdown: str) -> list[str]:
    """Figures in prose that no data stand behind; a paragraph with a citation may state what it cites."""
    return [found[0] for one in paragraphs(markdown) if not CITED.search(one) for found in FIGURE.finditer(one)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_figure_is_typed_by_hand(page):
    excused = EXCUSED.get(page.stem, {})
    found = typed(text(page))
    assert [figure for figure in found if figure not in excused] == []
    assert set(excused) <= set(found), "an excuse that no text needs"


@pytest.mark.parametrize("markdown, found", [
    ("Exports grew by 14.6% in 2025.", ["14.6%"]),
    ("Exports grew by 14 percent, to US$160 bn or 1,128.5 bn yuan.", ["14 percent", "US$160", "1,128.5 bn"]),
    ("A gap of 0.3 points.", ["0.3"]),
    ("| a | 12.5 |\n|---|---|\n| b | 3% |", ["12.5", "3%"]),
    ("It grew by {ledger}`A1-1-05.growth` to {glue:text}`level` in 2025, the 3rd of 60.", []),
    ("{cite:t}`miroudot2017` raise it from 37 to 53 percent.", []),
    ("$z = 1.96$ and $$x = 0.5$$ and `0.25`, claim A1-1-05, chapter 2", []),
    ("```python\nx = 0.5\n```", []),
    ("### Exercises\n\n1. Take 81 percent of 113.\n\n### Further reading\n\nThen 5%.", ["5%"]),
])  # fmt: skip
def test_a_typed_figure_is_found_and_nothing_else(markdown, found):
    assert typed(markdown) == found


# --- one number changed in the ledger --------------------------------------------------------------------------------

CHAPTER = FOLDER / "04-global-impact.ipynb"
NAME, BEFORE, AFTER = "A1-4-03.y2023", 776.08, 901.08


@pytest.fixture
def changed_ledger(tmp_path, monkeypatch) -> Path:
    """A data folder as shipped, except for one number, changed where it is kept and built from there."""
    claim, key = NAME.split(".")
    ledger = tmp_path / "ledger"
    shutil.copytree(step.LEDGER, ledger)
    file = ledger / "A1-4.yml"
    section = yaml.safe_load(file.read_text(encoding="utf-8"))
    card = section["claims"][claim]
    number = card["numbers"][key]
    assert number["value"] == BEFORE
    number["value"] = AFTER
    line = {"date": "2999-01-01", "what": key, "was": f"{BEFORE}", "now": f"{AFTER} bn yuan", "why": "a test"}
    card["moved"] = [*card.get("moved", []), line]
    file.write_text(yaml.safe_dump(section, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(step, "LEDGER", ledger)
    folder = tmp_path / "data"
    folder.mkdir()
    for file in evidence.ledger_file().parent.iterdir():
        if file.is_file() and file.name != "claims.json":
            os.link(file, folder / file.name)
    step.build(folder / "claims.json")
    monkeypatch.setenv("VALUECHAINS_DATA", str(folder))
    return folder


def run_to(page: Path, last: str, monkeypatch) -> tuple[dict, list]:
    """What the cells of a notebook up to the one named `last` quote for the prose, and the values they end on."""
    quoted, values, names = {}, [], {}
    monkeypatch.setattr(
        prose,
        "display",
        lambda data, metadata, **_: quoted.update(
            {metadata["scrapbook"]["name"]: ast.literal_eval(next(iter(data.values())))}
        ),
    )
    for cell in cells(page, "code"):
        tree = ast.parse("".join(cell["source"]))
        ends_on = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell["id"], "exec"), names)
        if ends_on is not None:
            values.append(eval(compile(ast.Expression(ends_on.value), cell["id"], "eval"), names))
        if cell["id"] == last:
            return quoted, values
    raise AssertionError(f"{page.name} has no cell {last}")


def drawn(values: list) -> list[float]:
    """The dollars in the last figure among some values."""
    figure = [value for value in values if hasattr(value, "spec")][-1]
    return [row["dollars"] for rows in figure.spec["datasets"].values() for row in rows if "dollars" in row]


def test_a_changed_number_changes_prose_card_chart_and_test(tmp_path, changed_ledger, monkeypatch):
    assert str(evidence.number(NAME)) == "901.08 bn yuan"
    (tmp_path / "page").mkdir()
    html, _ = page(tmp_path / "page", f"# Page\n\nIt took {{ledger}}`{NAME}`.\n\n```{{claim}} A1-4-03\n```\n")
    sentence, card = html.split("<details", 1)
    assert "901.08 bn yuan" in sentence and "776.08" not in sentence
    finding = card.split('<p class="as-of">Changed')[0]  # what follows tells of the number that was
    assert "901.08 bn yuan" in finding and "776.08" not in finding

    quoted, values = run_to(CHAPTER, "band-quote", monkeypatch)
    monkeypatch.delenv("VALUECHAINS_DATA")
    shipped, shipped_values = run_to(CHAPTER, "band-quote", monkeypatch)
    assert (shipped["sum_yuan"], quoted["sum_yuan"]) == ("1,906", "2,031")
    assert quoted["needed"] != shipped["needed"]
    assert max(drawn(values)) == pytest.approx(max(drawn(shipped_values)) * 2030.76 / 1905.76)

    arithmetic_holds()
    monkeypatch.setenv("VALUECHAINS_DATA", str(changed_ledger))
    with pytest.raises(AssertionError):
        arithmetic_holds()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_quotes_each_name_once(page):
    """The page would print the last number of a name wherever the name stands."""
    stored = json.loads(page.read_text(encoding="utf-8"))["cells"]
    marks = [output["metadata"] for cell in stored for output in cell.get("outputs", []) if "metadata" in output]
    names = [mark["scrapbook"]["name"] for mark in marks if "scrapbook" in mark]
    assert sorted(set(names)) == sorted(names)
