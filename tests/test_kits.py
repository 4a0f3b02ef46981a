"""What a student receives: it runs by itself, and holds no answer; nor does the built book."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from leaks import MARKERS, leaks, of_key, of_notebook, of_values, shown_anyway
from nbclient import NotebookClient

from valuechains.course import kit
from valuechains.course.copies import CODE_STUB, student_copy

SOURCES = {folder.name: folder for folder in kit.sources()}
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")  # of the lock: any six digits may stand in one by chance
PUBLISHED = ("data/",)  # publishers' numbers; the exercises ask what to make of them


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Every kit unpacked in a folder of its own, as a student would."""
    folder = tmp_path_factory.mktemp("kits")
    for name, source in SOURCES.items():
        zipfile.ZipFile(io.BytesIO(kit.zipped(kit.kit(source)))).extractall(folder / name)
    return folder


def texts(folder: Path) -> dict[str, str]:
    """Every file of a kit that can be read as text, but for the publishers' tables."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder / kit.TOP).as_posix()
        if not name.startswith(PUBLISHED):
            found[name] = DIGEST.sub("", path.read_text(encoding="utf-8", errors="replace"))
    return found


def secrets(name: str) -> list[tuple[str, str]]:
    return [*(("a marker", marker) for marker in MARKERS), *of_notebook(name), *of_key(name), *of_values(name)]


@pytest.mark.parametrize("name", SOURCES)
def test_a_kit_holds_no_answer(unpacked, name):
    files = texts(unpacked / name)
    assert not [path for path in files if path.endswith("key.py") or "/course/" in path or "/book/" in path]
    assert leaks(files, secrets(name)) == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_built_book_holds_no_answer_but_the_worked_ones(built, name):
    pages = {
        path.relative_to(built).as_posix(): path.read_text(encoding="utf-8")
        for path in [*sorted(built.rglob("*.html")), built / "searchindex.js"]
    }
    chapter = shown_anyway(name)
    closed = [
        (what, secret)
        for what, secret in [*of_notebook(name, only_even=True), *of_values(name, public=True)]
        if secret not in chapter
    ]
    assert leaks(pages, closed) == []


@pytest.mark.parametrize("plant", ["metadata", "output", "library", "sheet", "hidden"])
def test_the_search_finds_what_is_planted(tmp_path, plant):
    """The search broken on purpose: an answer put where a student would get it."""
    name = next(iter(of_one_with_numbers()))
    files = {
        path: content.decode(errors="replace")
        for path, content in kit.kit(SOURCES[name]).items()
        if not path.startswith(PUBLISHED)
    }
    notebook = f"exercises/{name}/{name}.ipynb"
    copy = nbformat.reads(files[notebook], as_version=4)
    code = next(secret for _, secret in of_notebook(name))
    value = next(secret for _, secret in of_values(name))
    if plant == "metadata":
        copy.metadata["answer"] = code
    elif plant == "output":
        copy.cells.append(nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text=value)]))
    elif plant == "hidden":
        copy.cells.append(nbformat.v4.new_code_cell("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"))
    elif plant == "library":
        files["valuechains/checks/answers.py"] += f"\n# {next(secret for _, secret in of_key(name))}\n"
    else:
        files[f"exercises/{name}/sheet.json"] += value
    files[notebook] = nbformat.writes(copy)
    found = leaks(files, secrets(name))
    print(*found, sep="\n")
    assert len(found) >= 1


def of_one_with_numbers() -> list[str]:
    return [name for name in SOURCES if next(of_values(name), None) and next(of_key(name), None)]


@pytest.mark.parametrize("name", SOURCES)
def test_a_students_notebook_runs_by_itself_and_says_what_is_to_do(unpacked, name):
    top = unpacked / name / kit.TOP
    path = top / "exercises" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import valuechains; print(valuechains.__file__)"))
    env = {**os.environ, "PYTHONPATH": str(top), "IPYTHONDIR": str(top / "ipython")}
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute(env=env)
    where = notebook.cells.pop().outputs[0].text.strip()
    assert Path(where).is_relative_to(top), "it ran with the project's library, not with the kit's"
    said = {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert said
    assert [check for check, line in said.items() if not (line.startswith("○") and "not done yet" in line)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_copy_is_the_source_without_its_answers(name):
    source = nbformat.read(SOURCES[name] / f"{name}.ipynb", as_version=4)
    text = student_copy(SOURCES[name] / f"{name}.ipynb")
    copy = nbformat.reads(text, as_version=4)
    assert [cell.id for cell in copy.cells] == [cell.id for cell in source.cells]
    assert set(copy.metadata) == {"kernelspec", "language_info"}
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert text == student_copy(SOURCES[name] / f"{name}.ipynb")
    answers = [
        cell for cell in copy.cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    ]
    assert answers
    assert all("..." in cell.source and CODE_STUB in cell.source for cell in answers)


def test_a_personal_kit_has_one_variant_only():
    name = next(name for name in SOURCES if json.loads((SOURCES[name] / "sheet.json").read_text())["variants"])
    sheet = json.loads(kit.exercise(SOURCES[name], salt="course", student="s017")["sheet.json"])
    assert (sheet["student"], len(sheet["variants"])) == ("s017", 1)


def test_the_same_kit_gives_the_same_bytes():
    source = next(iter(SOURCES.values()))
    assert kit.zipped(kit.kit(source)) == kit.zipped(kit.kit(source))


def test_work_that_is_there_is_never_written_over(tmp_path):
    first = kit.hand_out(kit.sources(), tmp_path)
    assert first == list(SOURCES)
    name = first[0]
    mine = tmp_path / name / f"{name}.ipynb"
    mine.write_text("my work")
    assert kit.hand_out(kit.sources(), tmp_path) == []
    assert mine.read_text() == "my work"
    start = nbformat.read(tmp_path / "start.ipynb", as_version=4)
    assert [cell.cell_type for cell in start.cells] == ["markdown"]
    for name in SOURCES:
        assert f"({name}/{name}.ipynb)" in start.cells[0].source


def test_a_source_that_is_not_sound_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("{}")
    with pytest.raises(ValueError, match="x.ipynb"):
        student_copy(path)
    source = nbformat.read(next(iter(SOURCES.values())) / f"{next(iter(SOURCES))}.ipynb", as_version=4)
    cell = next(cell for cell in source.cells if "### END SOLUTION" in cell.source)
    cell.source = cell.source.replace("### END SOLUTION", "")
    nbformat.write(source, path)
    with pytest.raises(ValueError, match="no sound exercise"):
        student_copy(path)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_students_work_is_not_committed():
    ignored = subprocess.run(
        ["git", "check-ignore", "my-exercises/x.ipynb"], cwd=ROOT, capture_output=True, check=False
    )
    assert ignored.returncode == 0
    assert sys.executable
