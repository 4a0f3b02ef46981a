"""The model essay of the capstone keeps its own rule: every figure in it is computed by a cell of its notebook."""

import re
from numbers import Real

import nbformat
import pytest
from conftest import ROOT

FOLDER = ROOT / "exercises" / "09-capstone"
COMPUTED = [
    "multiples",
    "index_change",
    "pair",
    "elsewhere",
    "rose",
    "network",
    "goods",
    "paid_for",
    "inside",
    "fees",
    "to_trillion",
    "so_far",
    "cards",
]
FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?%?(?!\w)")


def numbers(value):
    """All numbers in a value of any nesting, those printed in its texts included, without their signs."""
    if isinstance(value, str):
        yield from (float(text) for text in re.findall(r"\d+\.?\d*", value))
    elif isinstance(value, Real):
        yield abs(float(value))
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)


def uncomputed(text, known):
    """The figures of a text, years left out, that are no rounding of a known number."""
    figures = [figure for figure in FIGURE.findall(text) if not re.fullmatch(r"20\d\d", figure)]
    return [
        figure
        for figure in figures
        if figure.rstrip("%")
        not in {
            f"{number * (100 if figure.endswith('%') else 1):.{len(figure.rstrip('%').partition('.')[2])}f}"
            for number in known
        }
    ]


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(FOLDER / "09-capstone.ipynb", as_version=4)


@pytest.fixture(scope="module")
def essay(notebook):
    source = next(cell.source for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "4e")
    return source.partition("=== BEGIN")[0].partition("\n\n")[2]  # without the note above it and the mark scheme below


@pytest.fixture(scope="module")
def known(notebook):
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(FOLDER)
        for cell in notebook.cells:
            if cell.cell_type == "code" and "sheet.check(" not in cell.source:
                exec(cell.source, names)
    return [number for name in COMPUTED for number in numbers(names[name])]


def test_every_figure_of_the_model_essay_is_computed(essay, known):
    assert len(FIGURE.findall(essay)) > 40
    assert not uncomputed(essay, known)


@pytest.mark.parametrize(
    ("right", "wrong"), [("65%", "66%"), ("2.4 times", "2.5 times"), ("275 billion", "276 billion"), ("0.312", "0.313")]
)
def test_a_figure_that_no_cell_computes_is_found(essay, known, right, wrong):
    assert right in essay
    assert uncomputed(essay.replace(right, wrong), known)


def test_the_model_essay_has_the_length_that_is_asked_for(essay):
    assert 1100 <= len(essay.split()) <= 1300
