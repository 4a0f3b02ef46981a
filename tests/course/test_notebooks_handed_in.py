"""What people hand in is read if its cells can be, whatever an editor, a converter or a disk did to the file."""

import copy
import json

import nbformat
import pytest
from conftest import ROOT

from valuechains.course.copies import student_copy
from valuechains.course.intake.notebooks import UnreadableNotebook, read

NAME = "02-services"
BASE = json.loads(student_copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb"))


def code(book: dict) -> list[dict]:
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def words(book: dict) -> list[dict]:
    return [cell for cell in book["cells"] if cell["cell_type"] == "markdown"]


def each(cells: list[dict], **changes: object) -> None:
    for cell in cells:
        for key, value in changes.items():
            cell.pop(key, None) if value is None else cell.update({key: value})


def sources(notebook) -> list[tuple]:
    facts = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    kinds = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return [(*kind, name) for kind, name in zip(kinds, facts)]


def third(book: dict) -> None:
    """As nbformat 3 has it."""
    for cell in code(book):
        cell["input"], cell["prompt_number"], cell["language"] = cell.pop("source"), 1, "python"
    cells = book.pop("cells")
    book |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


def wrapped(book: dict) -> None:
    """As the contents service of a server gives it."""
    content = copy.deepcopy(book)
    book.clear()
    book |= {"type": "notebook", "format": "json", "content": content}


def colab(book: dict) -> None:
    book["metadata"] = {"colab": {"provenance": [], "name": "mine"}, "kernelspec": {"name": "python3"}}
    for place, cell in enumerate(book["cells"]):
        cell["metadata"] |= {"id": f"x{place}", "colab": {"base_uri": "https://localhost:8080/", "height": 7}}
        cell.pop("id", None)
    each(code(book), outputs=[{"output_type": "stream", "name": "stdout", "text": ["a"]}])
    book["nbformat_minor"] = 0


def untyped(book: dict) -> None:
    each(book["cells"], cell_type=None)


def split(book: dict) -> None:
    """Lines without their ends, as some merges write them."""
    for cell in book["cells"]:
        cell["source"] = "".join(cell["source"]).split("\n")


CHANGES = {
    "ids under minor version 4": lambda b: b.update(nbformat_minor=4),
    "ids under minor version 2": lambda b: b.update(nbformat_minor=2),
    "a version of tomorrow": lambda b: b.update(nbformat=5, nbformat_minor=99),
    "no version": lambda b: [b.pop("nbformat"), b.pop("nbformat_minor")],
    "no metadata": lambda b: b.pop("metadata"),
    "metadata that is a list": lambda b: b.update(metadata=[]),
    "no execution_count": lambda b: each(code(b), execution_count=None),
    "execution_count in words": lambda b: each(code(b), execution_count="three"),
    "no outputs": lambda b: each(code(b), outputs=None),
    "outputs that are a text": lambda b: each(code(b), outputs="gone"),
    "an output without anything": lambda b: each(code(b), outputs=[{}, 3]),
    "Markdown with outputs": lambda b: each(words(b), outputs=[], execution_count=3),
    "an attachment that is none": lambda b: each(words(b), attachments=[7]),
    "an id with a blank": lambda b: b["cells"][2].update(id="cell 3"),
    "the same id everywhere": lambda b: each(b["cells"], id="one"),
    "ids that are numbers": lambda b: each(b["cells"], id=7),
    "no ids": lambda b: each(b["cells"], id=None),
    "things among the cells": lambda b: b["cells"].extend([None, 3, "text", {"a": 1}]),
    "capitals in types": lambda b: [cell.update(cell_type=cell["cell_type"].upper()) for cell in b["cells"]],
    "types only in outputs": untyped,
    "one text a cell": lambda b: [cell.update(source="".join(cell["source"])) for cell in b["cells"]],
    "lines without ends": split,
    "format 3": third,
    "as a server gives it": wrapped,
    "as Colab writes it": colab,
    "as Kaggle writes it": lambda b: (b["metadata"].update(kaggle={"a": 1}), each(b["cells"], trusted=True)),
    "a huge number": lambda b: b.update(nbformat_minor=10**80),
}
BYTES = {
    "a byte-order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16 with a mark": lambda text: text.encode("utf-16"),
    "UTF-16 without one": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "ends of lines of Windows": lambda text: text.replace("\\n", "\\r\\n").replace("\n", "\r\n").encode(),
    "blank space before and behind": lambda text: b"\n\n " + text.encode() + b"\n\n",
    "zeros behind": lambda text: text.encode() + bytes(4096),
    "something behind": lambda text: text.encode() + b"\n}}]",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_trifle_of_the_file_costs_nothing(change):
    book = copy.deepcopy(BASE)
    CHANGES[change](book)
    found = read(json.dumps(book).encode())
    nbformat.validate(found)
    assert sources(found) == sources(BASE)


@pytest.mark.parametrize("change", BYTES)
def test_however_a_file_was_saved_its_words_are_read(change):
    found = read(BYTES[change](json.dumps(BASE, ensure_ascii=False, indent=1)))
    nbformat.validate(found)
    assert sources(found) == sources(BASE)


def test_letters_that_are_lost_cost_themselves_only():
    book = {"cells": [{"cell_type": "code", "source": "caf\u00e9 = '\ud800'"}]}
    assert read(json.dumps(book).encode()).cells[0].source == "caf\u00e9 = '?'"
    assert (
        read('{"cells": [{"cell_type": "code", "source": "café = 1"}]}'.encode("cp1252")).cells[0].source == "café = 1"
    )


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"[1, 2]", "no cells"),
        (b"7", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{"cells": []}', "no cells"),
        (b'{"worksheets": [3, {"cells": 4}]}', "no cells"),
        (json.dumps(BASE).encode()[:3000], "broken JSON"),
        (b'{"cells": [\xff\xfe]}', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b"PK\x03\x04 a zip", "broken JSON"),
        (b"<html>Sign in</html>", "broken JSON"),
    ],
)
def test_what_holds_no_cells_is_said_to_hold_none(content, said):
    with pytest.raises(UnreadableNotebook, match=said):
        read(content)
