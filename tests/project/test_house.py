"""The rooms of the library: imports go only downward, and CONTRIBUTING.md shows the rooms that there are."""

import ast
import contextlib
import importlib
import re
import subprocess
import sys
import tomllib

import check
import pytest
from conftest import ROOT
from importlinter.cli import lint_imports

PROJECT = ROOT / "pyproject.toml"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CONTRACTS = {one["id"]: one for one in tomllib.loads(PROJECT.read_text())["tool"]["importlinter"]["contracts"]}


def floors() -> list[set[str]]:
    """What CONTRIBUTING's table shows, from the ground up."""
    table = GUIDE.split("| floor | holds |")[1].split("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    return [set(re.findall(r"`(\w+)`", row)) for row in rows]


def test_imports_go_only_downward(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # its own would silence Sphinx in this process
    assert lint_imports(str(PROJECT), cache_dir=None, no_cache=True) == 0, "`make check` says which import"


@pytest.mark.parametrize("step", ["lint", "format", "types", "dead code", "undeclared imports"])
def test_what_make_check_looks_for_in_the_code_is_not_there(step):
    tool, *options = check.steps([])[step]
    found = subprocess.run(
        [sys.executable, "-m", tool, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_guide_shows_the_floors_of_the_contract():
    layers = [set(layer.split(" | ")) for layer in CONTRACTS["house"]["layers"]]
    assert layers[0] == {"__main__"}
    assert floors() == layers[:0:-1]


@pytest.mark.parametrize("floor", ["authoring", "book", "course"])
def test_the_drawing_has_every_room(floor):
    drawing = re.search(
        rf"^{floor}/ .*?(?=^\w+/|^```)", GUIDE.split("The rooms of the three upper floors:")[1], re.M | re.S
    )[0]
    rooms = {path.name for path in (ROOT / "valuechains" / floor).iterdir() if (path / "__init__.py").is_file()}
    assert rooms <= set(re.findall(r"(\w+)/", drawing))
    if floor != "book":  # its modules are its directives
        modules = {path.stem for path in (ROOT / "valuechains" / floor).glob("*.py")} - {"__init__"}
        assert modules <= set(re.findall(r"\w+", drawing))


def test_what_students_do_not_get_lies_above_what_they_get():
    from valuechains.course.kit import LEFT_OUT

    layers = [layer.split(" | ") for layer in CONTRACTS["house"]["layers"]]
    assert {*layers[1], *layers[2], *layers[3]} == set(LEFT_OUT)


def test_a_class_has_a_name_of_its_own():
    """A function is called by way of its module; a class travels without, in annotations and in `except`."""
    whose: dict[str, list[str]] = {}
    for path in sorted(path for folder in ("valuechains", "data/recipes") for path in ROOT.glob(f"{folder}/**/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                whose.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert len(whose) > 150
    assert {name: places for name, places in whose.items() if len(places) > 1} == {}


def imported(source: str) -> set[str]:
    """The modules that a test imports, each by its first name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_a_test_imports_no_other_test():
    """What several share is in tests/support, where it can be found."""
    tests = {path.stem: imported(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(tests) > 80 and "conftest" in set().union(*tests.values())
    assert {name: taken & tests.keys() for name, taken in tests.items() if taken & tests.keys()} == {}


def stands(name: str) -> bool:
    """Whether there is such a file, such a target of make, or such a thing in a module."""
    if name.startswith("make "):
        return f"\n{name.removeprefix('make ')}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    if "/" in name:
        return (ROOT / name).exists()
    parts = (name if name.startswith("data.") else f"valuechains.{name}").split(".")
    for end in range(len(parts), 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            thing: object = importlib.import_module(".".join(parts[:end]))
            for part in parts[end:]:
                thing = getattr(thing, part, None)
            return thing is not None
    return False


def test_every_name_of_the_tour_is_there():
    tour = GUIDE.split("## Half an hour through the house\n")[1].split("\n## ")[0]
    names = [name for name in re.findall(r"`([^`]+)`", tour) if name not in ("valuechains", "VALUECHAINS_DATA")]
    assert len(names) > 40
    assert [name for name in names if not stands(name)] == []
    assert not stands("figures.publishing.print") and not stands("make coffee") and not stands("data/none.csv")
