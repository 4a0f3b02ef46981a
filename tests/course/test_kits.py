"""What a student receives: it runs by itself, and holds no answer; nor does the built book."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from copies import copied
from kits import unpack
from leaks import MARKERS, leaks, of_key, of_notebook, of_values, plain, shown_anyway
from nbclient import NotebookClient

from valuechains import datasets
from valuechains.book import kits
from valuechains.checks import desk
from valuechains.course import kit, reads
from valuechains.course.copies import CODE_STUB, student_copy

SOURCES = {folder.name: folder for folder in kit.sources()}
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")  # of the lock: any six digits may stand in one by chance
PUBLISHED = ("data/",)  # publishers' numbers; the exercises ask what to make of them


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Every kit unpacked in a folder of its own, as a student would, and its desk laid."""
    folder = tmp_path_factory.mktemp("kits")
    for name, source in SOURCES.items():
        top = unpack(kit.zipped(kit.kit(source)), folder / name)
        desk.lay(desk.handed_out(top / "handed-out"), top / "my-exercises")
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
    chapter = {path: text for path, text in files.items() if f"chapters/{name}.ipynb" in path}
    assert len(chapter) == 2  # as handed out, and on the desk
    assert leaks({path: text for path, text in files.items() if path not in chapter}, secrets(name)) == []
    published = plain(
        (ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8")
    )  # its charts hold their numbers
    assert leaks(chapter, [secret for secret in secrets(name) if secret[1] not in published]) == []


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
    notebook = f"handed-out/{name}/{name}.ipynb{desk.ORIGINAL}"
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
        files[f"handed-out/{name}/sheet.json"] += value
    files[notebook] = nbformat.writes(copy)
    found = leaks(files, secrets(name))
    print(*found, sep="\n")
    assert len(found) >= 1


def of_one_with_numbers() -> list[str]:
    return [name for name in SOURCES if next(of_values(name), None) and next(of_key(name), None)]


@pytest.mark.parametrize("name", SOURCES)
def test_a_students_notebook_runs_by_itself_and_says_what_is_to_do(unpacked, name):
    top = unpacked / name / kit.TOP
    path = top / "my-exercises" / name / f"{name}.ipynb"
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


def test_the_book_packs_its_kits_anew_when_anything_in_one_changes(tmp_path):
    """It keeps them by a digest of what they are made from, and nothing may be missing from that."""
    root = tmp_path / "project"
    copied("exercises/02-services", root)
    copied("chapters", root)
    for path in kit.kit(SOURCES["02-services"]):
        if (ROOT / path).is_file() and not (root / path).exists():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, root / path)
    shutil.copy(ROOT / kit.LOCK, root)
    name, made = "02-services", {kits.digests(root)["02-services"]}
    parts = ["tools/lab.py", "data/claims.json", "valuechains/checks/desk.py", "chapters/02-services.ipynb", kit.LOCK]
    for count, part in enumerate([*parts, "exercises/02-services/sheet.json"], start=2):
        (root / part).write_bytes((root / part).read_bytes() + b" ")
        made.add(kits.digests(root)[name])
        assert len(made) == count, part
    for part in ("chapters/04-global-impact.ipynb", "chapters/glossary.md"):
        (root / part).write_bytes((root / part).read_bytes() + b" ")
        assert kits.digests(root)[name] in made, f"{part} is in no kit of this chapter"


def test_the_same_kit_gives_the_same_bytes():
    source = next(iter(SOURCES.values()))
    assert kit.zipped(kit.kit(source)) == kit.zipped(kit.kit(source))


@pytest.mark.parametrize("name", SOURCES)
def test_the_chapter_in_a_kit_can_be_run_and_shows_no_mark_of_the_book(unpacked, name):
    """It finds its tables in the kit, and what only the book can draw is text."""
    top = unpacked / name / kit.TOP
    path = top / "my-exercises" / "chapters" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"\{[a-z:]+\}`|^`{3,}\{\w+\}", text, re.M) == []
    links = re.findall(r"\]\((?!#|http)([^)]*)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
    assert any(cell.metadata.get("jupyter", {}).get("source_hidden") for cell in notebook.cells)
    env = {**os.environ, "PYTHONPATH": str(top), "IPYTHONDIR": str(top / "ipython")}
    run = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    run.execute(env=env)


@pytest.fixture
def top(tmp_path):
    """A kit unpacked and opened once."""
    return opened(unpack(kit.zipped(kit.kit(SOURCES["02-services"])), tmp_path / "kit"))


def opened(top: Path) -> Path:
    desk.lay(desk.handed_out(top / "handed-out"), top / "my-exercises")
    return top


def edition(top: Path, **changed: str) -> dict[str, bytes]:
    """What the kit hands out, in another edition: files by the last part of their names."""
    given = desk.handed_out(top / "handed-out")
    return {
        path: changed[path.split("/")[-1].split(".")[0]].encode()
        if path.split("/")[-1].split(".")[0] in changed
        else was
        for path, was in given.items()
    }


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_kit_unpacked_again_over_the_first_touches_no_work(top):
    """Unzipping writes over what has the same name: nothing that a student works in has."""
    mine = top / "my-exercises"
    (mine / "02-services" / "02-services.ipynb").write_text("my work")
    (mine / "chapters" / "02-services.ipynb").write_text("my notes")
    (mine / "02-services" / "mine.csv").write_text("1,2")
    was = files_of(mine)
    for name in ("02-services", "00-reading-a-claim"):
        unpack(kit.zipped(kit.kit(SOURCES[name])), top.parent)
        assert files_of(mine) == was
    opened(top)
    now = files_of(mine)
    assert {
        path: content for path, content in was.items() if path[0] != "." and "start" not in path
    }.items() <= now.items()
    assert "00-reading-a-claim/00-reading-a-claim.ipynb" in now
    assert b"(00-reading-a-claim/00-reading-a-claim.ipynb)" in now["start.ipynb"]
    assert b"(chapters/02-services.ipynb)" in now["start.ipynb"]


def test_nobody_can_work_in_what_a_kit_hands_out():
    """A notebook outside the desk could be opened by a double click, and its work would be lost."""
    assert [path for path in kit.kit(SOURCES["02-services"]) if path.endswith(".ipynb")] == []


def test_another_edition_leaves_work_alone_and_says_so(top):
    mine = top / "my-exercises"
    (mine / "02-services" / "02-services.ipynb").write_text("my work")
    was = files_of(mine / "02-services")
    newer = edition(top, **{"02-services": "newer", "sheet": "{}"})
    said = " ".join(desk.sentences(desk.lay(newer, mine)))
    assert "my-exercises/02-services holds your work on another edition" in said
    assert "rename yours and start again" in said
    assert files_of(mine / "02-services") == was
    assert (mine / "chapters" / "02-services.ipynb").read_text() == "newer"  # nobody had written in it
    (mine / "02-services").rename(mine / "02-services-before")  # as it says
    assert desk.lay(newer, mine)["02-services"] == "new"
    assert (mine / "02-services-before" / "02-services.ipynb").read_text() == "my work"


def test_another_edition_takes_the_place_of_what_was_not_begun(top):
    stands = desk.lay(edition(top, **{"02-services": "newer"}), top / "my-exercises")
    assert stands == {"02-services": "renewed", "chapters/02-services.ipynb": "renewed"}
    assert (top / "my-exercises" / "02-services" / "02-services.ipynb").read_text() == "newer"
    assert desk.sentences(stands) == ["New editions of what you had not begun are in my-exercises: 02-services."]


def test_a_sheet_that_was_damaged_or_lost_comes_back_beside_the_work(top):
    mine = top / "my-exercises"
    sheet, notebook = mine / "02-services" / "sheet.json", mine / "02-services" / "02-services.ipynb"
    notebook.write_text("my work")
    for damage in (sheet.unlink, lambda: sheet.write_text('{"ass')):
        was = sheet.read_bytes()
        damage()
        opened(top)
        assert (sheet.read_bytes(), notebook.read_text()) == (was, "my work")


def test_a_note_that_is_lost_costs_no_work(top):
    notebook = top / "my-exercises" / "02-services" / "02-services.ipynb"
    notebook.write_text("my work")
    (top / "my-exercises" / desk.NOTE).write_text("{")
    opened(top)
    assert notebook.read_text() == "my work"


def test_in_the_project_work_that_is_there_is_never_written_over(tmp_path):
    first = kit.hand_out(kit.sources(), tmp_path)
    assert len(first) == 1
    assert ", ".join(SOURCES) in first[0]
    name = next(iter(SOURCES))
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


def test_the_tables_of_a_kit_follow_from_what_its_code_calls(tmp_path):
    (tmp_path / "twins").mkdir()
    (tmp_path / "twins" / "dial.py").write_text("def dial():\n    return datasets.read('chains', year=2011)\n")
    code = """
# datasets.read("a_remark")
text = 'datasets.read("in_a_text")'
frame = datasets.read("exports_by_country", year=2011)
def services_in_exports(table): return tables.load_compact(2011)
datasets.source("value_splits")
twins.dial().set(year=1)
"""
    found = {"exports_by_country", "inter_country_table", "value_splits", "chains"}
    assert reads.of_code(code, tmp_path) == found
    assert reads.of_code("tables.load_compact(year=2020)", tmp_path) == {"inter_country_table_2020_compact"}
    assert reads.of_code("tables.load(YEAR)", tmp_path) >= reads.of_code("tables.load(2019)", tmp_path)
    assert reads.of_code("answer = ... datasets.read('chains')", tmp_path) == set()


def test_every_loader_of_a_table_is_known_with_what_it_reads():
    """A new one in `tables`, or a new name there, would be missing from the kits."""
    tree = ast.parse((ROOT / "valuechains" / "tables.py").read_text(encoding="utf-8"))
    reading = {}
    for function in tree.body:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "datasets.read":
                reading.setdefault(f"tables.{function.name}", []).append(ast.unparse(node.args[0]).strip("f'"))
    asking = {f"editions.{name}" for name in ("services_in_exports", "side_by_side", "differences", "agreement")}
    assert reading.keys() | asking == reads.LOADERS.keys()
    for loader, names in reading.items():
        patterns = [re.sub(r"\{\w+\}", r"\\d{4}", name) for name in names]
        known = {name for by_year in reads.LOADERS[loader].values() for name in by_year} - {"reference_results"}
        assert all(any(re.fullmatch(pattern, name) for pattern in patterns) for name in known)
        assert all(any(re.fullmatch(pattern, name) for name in known) for pattern in patterns)
        assert known <= set(datasets.names())
