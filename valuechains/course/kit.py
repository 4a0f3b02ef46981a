"""Student kits: a chapter and its exercises with all that they need to run offline, and nothing that says an answer.

A kit is a small copy of this project: the notebooks, the sealed sheet, the library without the course and the book, the
tables that the notebooks and their widgets read, the students' lock, and `tools/lab.py`, which makes the environment,
lays copies to work in onto the desk (`valuechains.checks.desk`) and opens JupyterLab. Kits unpacked in one place add
up, and unpacking one again touches no work: nothing in a kit has the name that it has on the desk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from valuechains import tongue
from valuechains.authoring import catalogue
from valuechains.checks import desk
from valuechains.checks.variants import drawn
from valuechains.course import reading, reads, zips
from valuechains.course.copies import student_copy
from valuechains.course.key import SALT, load
from valuechains.tongue import say, to_say

ROOT = Path(__file__).resolve().parents[2]
TOP = "services-in-value-chains"  # the folder that every kit unpacks into
LEFT_OUT = ("authoring", "course", "book")  # what no student and no submission sees of the library
LOCK = "requirements-student.lock"  # JupyterLab and what the library needs; in a kit it is the lock
ALWAYS = (
    "LICENSE",
    "CITATION.cff",
    "pyproject.toml",
    "tools/environment.py",
    "tools/lab.py",
    "tools/spoken.py",
    "tools/jupyter/jupyter_server_config.json",
    "tools/jupyter/labconfig/default_setting_overrides.json",
    "tools/jupyter/labconfig/page_config.json",
    "data/README.md",
    "data/datapackage.json",
    "data/claims.json",
    "data/countries.csv",
    "data/industries.csv",
)
OPENS_IN = "locale/opens-in"  # the language that `tools/lab.py` takes where none is asked for
GIVEN, NOT_GIVEN = {".csv", ".png", ".json"}, {"sheet.json", "progress.json"}


def sources(root: Path = ROOT) -> list[Path]:
    """The exercise folders that have a key, in order."""
    return sorted(path.parent for path in (root / "exercises").glob("*/key.py"))


def exercise(folder: Path, *, salt: str = SALT, student: str | None = None) -> dict[str, bytes]:
    """What a student gets of one exercise: the copy without answers, the sealed sheet, and files of its own."""
    return {
        **beside(folder),
        f"{folder.name}.ipynb": student_copy(folder / f"{folder.name}.ipynb").encode(),
        "sheet.json": _sheet(folder, salt, student),
    }


def beside(folder: Path) -> dict[str, bytes]:
    """Files of an exercise's own, besides notebook and sheet, that its student and its marking have."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix in GIVEN and path.name not in NOT_GIVEN
    }


def handed_out(folder: Path, *, salt: str = SALT, student: str | None = None, root: Path = ROOT) -> dict[str, bytes]:
    """Path on the desk and content of everything that a student gets of one chapter, its own notebook included."""
    files = {f"{folder.name}/{name}": content for name, content in exercise(folder, salt=salt, student=student).items()}
    chapter = root / "chapters" / f"{folder.name}.ipynb"
    return files | ({f"{desk.CHAPTERS}{chapter.name}": reading.copy(chapter).encode()} if chapter.exists() else {})


def kit(
    folder: Path, *, salt: str = SALT, student: str | None = None, root: Path = ROOT, language: str = ""
) -> dict[str, bytes]:
    """Path and content of every file of one chapter's kit. language: what it opens in; "" is English."""
    given = handed_out(folder, salt=salt, student=student, root=root)
    files = {
        f"handed-out/{path}{desk.ORIGINAL if path.endswith('.ipynb') else ''}": content
        for path, content in given.items()
    }
    files |= {str(path.relative_to(root).as_posix()): path.read_bytes() for path in library(root)}
    files |= dict(catalogue.beside_the_library(root))
    notebooks = [content.decode() for path, content in given.items() if path.endswith(".ipynb")]
    for name in (*ALWAYS, *(f"data/{file}" for file in tables(notebooks, root))):
        files[name] = (root / name).read_bytes()
    files["requirements.lock"] = (root / LOCK).read_bytes()
    with catalogue.spoken(root, language):
        files["README.md"] = _read_me().encode()
    files |= {OPENS_IN: f"{language}\n".encode()} if language else {}
    return dict(sorted(files.items()))


def library(root: Path) -> list[Path]:
    """The files of the library that students and their submissions see."""
    package = root / "valuechains"
    found = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path for path in found if path.relative_to(package).parts[0] not in LEFT_OUT)


def tables(notebooks: Iterable[str], root: Path = ROOT) -> list[str]:
    """The files of data/ that notebooks read, by themselves or through the widgets they show."""
    named = set().union(*(reads.of_notebook(one, root / "valuechains") for one in notebooks))
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return sorted(resource["path"] for resource in package["resources"] if resource["name"] in named)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in one archive; the same files give the same bytes."""
    return zips.zipped(((f"{TOP}/{name}", content) for name, content in files.items()), mode=zips.EVERYBODY)


def hand_out(folders: Iterable[Path], target: Path) -> list[str]:
    """Lay students' copies onto a desk, where work is never written over; what there is to say of it."""
    given = {path: content for folder in folders for path, content in handed_out(folder).items()}
    return desk.sentences(desk.lay(given, target), target.name)


def _sheet(folder: Path, salt: str, student: str | None) -> bytes:
    stored = (folder / "sheet.json").read_bytes()  # sealing anew takes seconds
    if not student and json.loads(stored)["salt"] == salt:
        return stored
    key, menu = load(folder), None
    if student and key.variants:
        menu = [key.variants[drawn(len(key.variants), salt, key.assignment, student)]]
    return json.dumps(key.sheet(salt, student, menu), ensure_ascii=False).encode()


SPEAKS = to_say("The checks, hints and widgets speak English; in Chinese: `python3 tools/lab.py --language zh_CN`.")
IN_CHINESE = "练习的检查、提示和控件可以用中文回答：请运行 `python3 tools/lab.py --language zh_CN`。"
READ_ME = (
    to_say("# Exercises: services in global value chains"),
    to_say("You need Python 3.11 to 3.14 (from python.org, or your system's). Open a terminal in this folder and type"),
    "    python3 tools/lab.py",
    to_say(
        "(on Windows: `py tools\\lab.py`). The first time it fetches JupyterLab, which takes a network, 500 MB on the "
        "disk and\none to five minutes; from then on JupyterLab opens in seconds, with or without a network."
    ),
    to_say(
        "Your work is in `my-exercises`, and only there: each chapter's exercises in a folder of its own, and the "
        "chapter itself\nin `my-exercises/chapters`. Unpack other chapters' kits over this folder, or this one again: "
        "your work is not touched."
    ),
    SPEAKS,
    to_say("To hand in, save the notebook and give the file `my-exercises/NN-name/NN-name.ipynb` to your instructor."),
    to_say("Code: MIT. Text and figures: CC BY 4.0. Data: the publishers' terms, see `data/README.md`."),
)


def _read_me() -> str:
    said = {part: part if part.startswith(" ") else say(part) for part in READ_ME}
    if tongue.is_english():
        said[SPEAKS] += f"\n{IN_CHINESE}"
    return "\n\n".join(said.values()) + "\n"
