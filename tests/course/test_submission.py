"""Which cell is which in what students hand in, and where their words are found when they stand beside their cell."""

import json

import nbformat
import pytest
from conftest import ROOT

from valuechains.course.copies import student_copy
from valuechains.course.intake import submission

NAME = "02-services"
COPY = student_copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb")
SOURCE = nbformat.reads(COPY, as_version=4).cells
WORDS = "They differ in who is paid for the work."


def made() -> dict:
    return json.loads(COPY)


def at(book: dict, name: str) -> int:
    return next(place for place, cell in enumerate(book["cells"]) if cell["id"] == name)


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "id": "own", "source": text}


def read(book: dict):
    return submission.read(json.dumps(book).encode(), SOURCE, NAME)


def texts(book: dict) -> dict[str, str]:
    """What stands in the cells of the texts, "" where no word of the student's does."""
    cells = read(book).cells
    named = {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}
    return {
        name: named[name].source if submission.has_words(named[name], SOURCE) else "" for name in ("2b", "2e", "6c")
    }


def below(book):
    book["cells"].insert(at(book, "2b") + 1, markdown(WORDS))


def above(book):
    book["cells"].insert(at(book, "2b"), markdown(WORDS))


def in_a_copy(book):
    twin = json.loads(json.dumps(book["cells"][at(book, "2b")]))
    book["cells"].insert(at(book, "2b"), {**twin, "source": WORDS})


def in_a_copy_below(book):
    twin = json.loads(json.dumps(book["cells"][at(book, "2b")]))
    book["cells"][at(book, "2b")]["source"] = WORDS
    book["cells"].insert(at(book, "2b") + 1, twin)


def without_metadata(book):
    cell = book["cells"][at(book, "2b")]
    cell |= {"source": WORDS, "metadata": {}, "id": "lost"}


def in_the_question(book):
    cell = book["cells"][at(book, "e2-question")]
    cell["source"] = [*cell["source"], "\n\n", WORDS]


def as_code(book):
    book["cells"][at(book, "2b")] |= {"source": WORDS, "cell_type": "code", "outputs": [], "execution_count": None}


def as_raw(book):
    book["cells"][at(book, "2b")] |= {"source": WORDS, "cell_type": "raw"}


def in_a_cell_of_code(book):
    cell = {"cell_type": "code", "metadata": {}, "id": "own", "source": f"# {WORDS}", "outputs": []}
    book["cells"].insert(at(book, "2b") + 1, {**cell, "execution_count": None})


def in_words_that_are_no_python(book):
    cell = {"cell_type": "code", "metadata": {}, "id": "own", "source": WORDS, "outputs": [], "execution_count": None}
    book["cells"].insert(at(book, "2b") + 1, cell)


def at_the_end(book):
    book["cells"].append(markdown(WORDS))


def in_a_raw_cell_of_its_own(book):
    book["cells"].insert(at(book, "2b") + 1, {**markdown(WORDS), "cell_type": "raw"})


def with_windows_ends(book):
    book["cells"][at(book, "2b")]["source"] = "*Write your text here.*\r\n\r\n" + WORDS


@pytest.mark.parametrize(
    "place",
    [
        below, above, in_a_copy, in_a_copy_below, without_metadata, in_the_question, as_code, as_raw, in_a_cell_of_code,
        in_words_that_are_no_python, at_the_end, in_a_raw_cell_of_its_own, with_windows_ends,
    ],
)  # fmt: skip
def test_a_text_is_found_wherever_it_was_written(place):
    book = made()
    place(book)
    found = texts(book)
    assert WORDS in found["2b"]
    assert (found["2e"], found["6c"]) == ("", "")


STUB = "*Write your text here.*"


@pytest.mark.parametrize("text", ["", "  \n", STUB, f"{STUB}\r\n", "...", "<!-- a -->"])
def test_where_no_word_stands_there_is_none(text):
    book = made()
    book["cells"][at(book, "2b")]["source"] = text
    book["cells"].insert(1, markdown("Anna Schmidt, 4711"))  # a name at the top is no text
    assert texts(book) == {"2b": "", "2e": "", "6c": ""}


def test_texts_of_several_places_are_each_their_own():
    book = made()
    for name, words in (("2b", "First words."), ("2e", "Second words."), ("6c", "Third words.")):
        book["cells"].insert(at(book, name) + 1, {**markdown(words), "id": f"own-{name}"})
        book["cells"][at(book, name)] |= {"metadata": {}, "id": f"lost-{name}"}
    found = texts(book)
    assert [words in text for words, text in zip(("First", "Second", "Third"), found.values())] == [True] * 3
    assert "Second" not in found["2b"] + found["6c"]


def stripped(book):
    for cell in book["cells"]:
        cell["metadata"] = {}


def stripped_of_ids_too(book):
    stripped(book)
    for cell in book["cells"]:
        cell.pop("id")


@pytest.mark.parametrize("strip", [stripped, stripped_of_ids_too])
def test_a_notebook_that_lost_its_metadata_is_known_by_what_it_says(strip):
    book = made()
    book["cells"][at(book, "2b")]["source"] = WORDS
    book["cells"][at(book, "answer-3")]["source"] = "contributions = [1, 2, 3]"
    strip(book)
    cells = read(book).cells
    named = {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}
    assert {cell.metadata.nbgrader.grade_id for cell in SOURCE if cell.metadata.get("nbgrader")} == set(named)
    assert named["answer-3"].source == "contributions = [1, 2, 3]"
    assert cells.index(named["check-3"]) == cells.index(named["answer-3"]) + 1
    assert named["2b"].source.removeprefix("" if strip is stripped else f"{submission.FOUND}\n\n") == WORDS
    nbformat.validate(nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


@pytest.mark.parametrize("gone", ["answer-1", "answer-6"])
def test_what_was_handed_out_is_not_taken_for_an_answer_that_was_deleted(gone):
    book = made()
    book["cells"].pop(at(book, gone))
    stripped_of_ids_too(book)
    cells = read(book).cells
    assert gone not in [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]


def test_a_check_is_known_by_what_it_checks():
    book = made()
    stripped_of_ids_too(book)
    for cell in book["cells"]:
        if "".join(cell["source"]) == 'sheet.check("3")':
            cell["source"] = "# mine\nsheet.check('3')"
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in read(book).cells]
    assert names.count("check-3") == 1
    assert names.index("check-3") < names.index("check-4")


@pytest.mark.parametrize("strip", [lambda book: None, stripped, stripped_of_ids_too])
def test_the_notebook_of_another_chapter_is_named(strip):
    book = json.loads(student_copy(ROOT / "exercises" / "03-dual-engines" / "03-dual-engines.ipynb"))
    strip(book)
    with pytest.raises(submission.Refused, match="this is the notebook of 03-dual-engines, not of 02-services"):
        read(book)


def test_a_notebook_of_nothing_here_is_refused():
    with pytest.raises(submission.Refused, match="holds no cell of 02-services"):
        read({"cells": [markdown("# Notes"), {"cell_type": "code", "source": "1"}]})
