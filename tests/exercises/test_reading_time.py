"""The minutes of reading that a chapter states are those that its page takes, and no more than one can sit through."""

import json

import pytest

from valuechains.authoring.chapter import READING, question, read_head, reading
from valuechains.course import kit

CHAPTERS = [kit.ROOT / "chapters" / f"{folder.name}.ipynb" for folder in kit.sources()]
TO_READ = [path for path in CHAPTERS if READING.search(read_head(path).hours)]
MOST = 75  # minutes


@pytest.mark.parametrize("path", TO_READ, ids=lambda path: path.stem)
def test_the_head_states_the_minutes_that_the_page_takes(path):
    stated, measured = int(READING.search(read_head(path).hours)[1]), reading(path).minutes
    assert measured <= MOST, f"{path.stem} takes {measured:.0f} minutes: cut it, or split it."
    assert abs(stated - measured) <= 5, (
        f"{path.stem} states {stated} minutes and takes {measured:.0f}: correct its head."
    )


def test_only_the_capstone_is_all_work():
    assert [path.stem for path in CHAPTERS if path not in TO_READ] == ["09-capstone"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_first_screen_asks_a_question_and_says_why_to_read_on(path):
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    assert question(path).endswith("?") and question(path) in first
    title, asked, why, table = first.split("\n\n")
    assert title.startswith("# ") and asked.startswith("*") and table.startswith("| | |")
    assert 20 <= len(why.split()) <= 60  # two or three sentences between the question and the facts


def test_what_is_folded_away_is_not_counted(tmp_path):
    cells = [
        ("markdown", "One two three.\n\n$$\nx = 1\n$$\n\n```{claim} A1-2-01\n```", [], []),
        ("code", "a = 1\n\nb = 2", [], [{"data": {"text/html": "<table>"}}]),
        ("code", "c = 3", ["hide-input"], [{"data": {"application/vnd.vegalite.v5+json": {}}}]),
        ("code", "d = 4", ["remove-cell"], [{"data": {"text/html": "<table>"}}]),
        ("code", "twins.toy()", ["hide-input"], [{"data": {"application/vnd.vegalite.v5+json": {}}}]),
    ]
    notebook = tmp_path / "00-toy.ipynb"
    notebook.write_text(
        json.dumps(
            {
                "cells": [
                    {"cell_type": kind, "source": [text], "metadata": {"tags": tags}, "outputs": outputs}
                    for kind, text, tags, outputs in cells
                ]
            }
        )
    )
    found = reading(notebook)
    assert (found.words, found.figures, found.lines, found.formulas, found.cards) == (3, 2, 2, 1, 1)
    assert found.minutes == pytest.approx(3 / 150 + 3 + 2 / 6 + 1 + 2)
