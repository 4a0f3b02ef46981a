"""Nothing we publish repeats eight words in a row of the two articles, except names and titles."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import article_runs  # noqa: E402

ARTICLES = ROOT.parent / "shared" / "articles"
PUBLISHED = {".bib", ".cff", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".yml"}


def known() -> set[str]:
    return set(article_runs.FIXTURE.read_text(encoding="ascii").split())


def published() -> list[Path]:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in tracked.split("\0") if name]
    return [path for path in paths if path.suffix in PUBLISHED and path.exists()]


def passages(path: Path) -> list[str]:
    """The texts of a file: each string of a notebook or JSON file by itself, any other file as a whole."""
    text = path.read_text(encoding="utf-8")
    return list(strings(json.loads(text))) if path.suffix in {".ipynb", ".json"} else [text]


def strings(value):
    """Every text inside nested lists and mappings; a list of lines, as in a notebook, is one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield " ".join(value)
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def test_nothing_published_repeats_the_articles():
    runs = known()
    copies = {
        str(path.relative_to(ROOT)): found
        for path in published()
        if (found := [run for text in passages(path) for run in article_runs.copied(text, runs)])
    }
    assert not copies


def test_enough_is_looked_at():
    names = {str(path.relative_to(ROOT)) for path in published()}
    assert {"data/claims.json", "data/recipes/ledger/A1-2.yml", "chapters/glossary.md"} <= names


def test_the_hashes_are_those_of_the_articles():
    """Only where the articles are at hand; elsewhere the stored hashes are all there is."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    assert not texts or known() == set().union(*map(article_runs.digests, texts))


SOURCE = "The quick brown fox, it's said, jumps over the lazy dog near the old river bank."


@pytest.mark.parametrize(
    "planted",
    [
        SOURCE,
        "THE QUICK BROWN FOX \N{EM DASH} its said: jumps over the fence",
        "We read that the quick brown fox it\N{RIGHT SINGLE QUOTATION MARK}s said jumps over many things.",
    ],
)
def test_a_planted_sentence_is_found(planted):
    assert article_runs.copied(planted, article_runs.digests(SOURCE))


def test_seven_words_and_titles_may_be_repeated():
    assert not article_runs.copied("The quick brown fox, it's said, runs.", article_runs.digests(SOURCE))
    title = article_runs.NAMES_AND_TITLES[0]
    assert not article_runs.copied(title, article_runs.digests(f"{title}. {SOURCE}"))


def test_a_copy_is_found_inside_a_notebook(tmp_path):
    notebook = tmp_path / "copied.ipynb"
    lines = ["Intro.\n", "the quick brown fox,\n", "it's said, jumps over all"]
    notebook.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": lines}]}), encoding="utf-8")
    assert any(article_runs.copied(text, article_runs.digests(SOURCE)) for text in passages(notebook))
