"""A third article goes through the whole path that the instructor's page on other articles describes."""

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from copies import copied
from ledger import page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from data.recipes import claims as step  # noqa: E402
from valuechains import evidence  # noqa: E402

PAGE = (ROOT / "exercises" / "instructor" / "other-articles.md").read_text(encoding="utf-8")
THIRD = yaml.safe_load((ROOT / "tests" / "support" / "third_article.yml").read_text(encoding="utf-8"))


def shown(word: str):
    """The YAML block of the instructor's page that holds this word."""
    return next(yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if word in block)


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """A copy of the ledger to which the page's own example and the third article are added."""
    folder = tmp_path / "ledger"
    shutil.copytree(step.LEDGER, folder)

    def more(name, change):
        content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        change(content)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")

    more("articles.yml", lambda head: head["articles"].update(THIRD["articles"]))
    more("sources.yml", lambda sources: sources.update(shown("publisher:")))
    section = shown("claims:")
    section["claims"].update(THIRD["claims"])
    (folder / "A3-1.yml").write_text(yaml.safe_dump(section, allow_unicode=True, sort_keys=False), encoding="utf-8")
    monkeypatch.setattr(step, "LEDGER", folder)
    data = copied("data", tmp_path, "recipes", "*.gz")
    monkeypatch.setenv("VALUECHAINS_DATA", str(data))
    return more


def test_its_cards_are_built_judged_and_drawn(ledger, tmp_path):
    step.build(evidence.ledger_file())
    assert [claim.id for claim in evidence.claims(section="A3.1")] == ["A3-1-01", "A3-1-02", "A3-1-03"]
    growth, cause, forecast = evidence.claims(section="A3.1")
    assert growth.article.author == "A. Tester" and "nobody published it" in growth.article.outlet_note
    assert (growth.verdict, growth.confidence) == ("supported", "medium")
    assert (cause.verdict, cause.confidence) == ("partly", "medium")
    assert (forecast.verdict_code, forecast.confidence) == ("O", "none")
    assert len(evidence.claims()) == 63
    html, warnings = page(tmp_path, "# A third\n\n{ledger}`A3-1-01.india`\n\n```{claim} A3-1-01\n```\n")
    assert warnings == "" and 'id="claim-a3-1-01"' in html and "in dollars of each year: agrees" in html


@pytest.mark.parametrize(
    "name, change, said",
    [
        ("A3-1.yml", lambda section: section["claims"]["A3-1-01"].pop("test"), "A3-1-01 has no 'test'"),
        ("A3-1.yml", lambda section: section["claims"]["A3-1-02"].update(readings=[]), "A3-1-02 cannot be judged"),
        ("A3-1.yml", lambda section: section["claims"]["A3-1-02"].update(kind="guess"), "A3-1-02 has kind 'guess'"),
        ("A3-1.yml", lambda section: section.pop("section"), "A3-1.yml lacks 'section'"),
        ("articles.yml", lambda head: head["articles"].pop("A3"), "A3-1-01 is of an article that articles.yml lacks"),
        ("sources.yml", lambda sources: sources.pop("world-bank-2025-wdi"), "which sources.yml lacks"),
    ],
)
def test_what_is_forgotten_is_said_in_one_sentence_and_nothing_is_written(ledger, name, change, said):
    before = evidence.ledger_file().read_bytes()
    ledger(name, change)
    with pytest.raises(step.LedgerError, match=re.escape(said)) as error:
        step.build(evidence.ledger_file())
    assert str(error.value).count("\n") == 0 and evidence.ledger_file().read_bytes() == before
