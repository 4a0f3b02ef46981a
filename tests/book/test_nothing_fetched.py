"""Where npm or pip bring nothing: one line says so, and the book is a whole one without Python on its pages."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import on_page
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from valuechains.book.onpage import fetch

CHAPTER = "00-reading-a-claim"
EXTENSIONS = ["myst_nb", *(f"valuechains.book.{name}" for name in ("exercises", "onpage", "your_work"))]
PAGES = {
    "index.md": "# Book\n\n```{toctree}\n01-work\nyour-work\n```\n",
    "01-work.md": f"# Work\n\n```{{exercises}} {CHAPTER}\n```\n",
    "your-work.md": "# Yours\n\n```{your-work} next\n```\n\n```{your-work} due\n```\n",
}


class Registries:
    """In the place of npm, node and pip: each brings what it was asked for, except for the one that is refused."""

    def __init__(self, refused: str):
        self.refused = refused

    def run(self, command, cwd, **_):
        program = "pip" if "pip" in command else Path(command[0]).stem
        if program == self.refused:
            said = f"first line\nERROR: {program} heard nobody\n\n"
            return subprocess.CompletedProcess(command, 1, "", said)
        self.bring(program, Path(cwd), command)
        return subprocess.CompletedProcess(command, 0, "", "")

    def bring(self, program, at, command):
        if program == "npm":
            for package, names in {
                "pyodide": fetch.RUNTIME,
                "scrypt-js": ["scrypt.js"],
                "chart2music/dist": ["index.js"],
            }.items():
                (at / "node_modules" / package).mkdir(parents=True)
                for name in names:
                    (at / "node_modules" / package / name).write_text("{}", encoding="utf-8")
            wheel = {"packages": {"numpy": {"file_name": "numpy.whl", "sha256": "of the official wheel"}}}
            (at / "node_modules" / "pyodide" / "pyodide-lock.json").write_text(json.dumps(wheel), encoding="utf-8")
        elif program == "node":
            folder = next(Path(part.split("=")[1]) for part in command if part.startswith("--outdir="))
            for script in fetch.BUNDLED:
                (folder / script).write_text("", encoding="utf-8")
        else:
            with zipfile.ZipFile(at / "carrier.whl", "w") as carrier:
                carrier.writestr("inside/numpy.whl", "another wheel")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty place for what is fetched."""
    monkeypatch.setattr(fetch, "CACHE", tmp_path / "fetched")
    fetch._place.cache_clear()
    yield tmp_path / "fetched"
    fetch._place.cache_clear()


def test_without_npm_it_is_said_in_one_line(cache, monkeypatch):
    monkeypatch.setattr(fetch.subprocess, "run", Registries("nobody").run)
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None if name == "npm" else f"/bin/{name}")
    said = "The book is built without Python on its pages: npm is not installed. To install it: sudo apt install npm"
    assert on_page.bring() == said
    assert fetch.fetched() is None and not list(cache.iterdir())


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        ("npm", "npm brought nothing (ERROR: npm heard nobody)"),
        ("node", "node brought nothing (ERROR: node heard nobody)"),
        ("pip", "pip brought nothing (ERROR: pip heard nobody)"),
        ("nobody", "numpy.whl is not the one of the runtime's lock"),
    ],
)
def test_what_is_not_brought_or_is_not_what_the_lock_says_leaves_nothing_half(cache, monkeypatch, refused, why):
    monkeypatch.setattr(fetch.subprocess, "run", Registries(refused).run)
    monkeypatch.setattr(fetch.shutil, "which", lambda name: f"/bin/{name}")
    assert on_page.bring() == f"The book is built without Python on its pages: {why}."
    assert fetch.fetched() is None and not list(cache.iterdir())


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A small book of one chapter's exercises, built where nothing was fetched."""
    folder = tmp_path_factory.mktemp("book")
    source = folder / "source"
    (source / "exercises").mkdir(parents=True)
    (source / "exercises" / CHAPTER).mkdir()
    for name in (f"{CHAPTER}.ipynb", "sheet.json"):
        content = (ROOT / "exercises" / CHAPTER / name).read_bytes()
        (source / "exercises" / CHAPTER / name).write_bytes(content)
    for name, text in PAGES.items():
        (source / name).write_text(text, encoding="utf-8")
    (source / "static").mkdir()
    (source / "static" / "gvc").symlink_to(ROOT / "valuechains" / "book" / "assets")
    settings = {
        "extensions": EXTENSIONS,
        "exclude_patterns": ["exercises"],
        "html_static_path": ["static"],
        "html_js_files": ["gvc/theme.js"],
        "html_theme": "basic",
        "nb_execution_mode": "off",
    }
    nothing = "from pathlib import Path\nfrom valuechains.book.onpage import fetch\nfetch.CACHE = Path('nowhere')\n"
    (source / "conf.py").write_text(
        nothing + "\n".join(f"{name} = {value!r}" for name, value in settings.items()), encoding="utf-8"
    )
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(folder / "html")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_such_a_book_shows_its_exercises_with_no_button(book):
    page = BeautifulSoup((book / "01-work.html").read_text(encoding="utf-8"), "html.parser")
    assert (
        page.select("p.gvc-kit a") and page.select(".rubric.exercise, p.exercise") and page.select("details.solution")
    )
    assert all(place.has_attr("hidden") for place in page.select(".gvc-work"))
    assert not any("wake.js" in script.get("src", "") for script in page.select("script"))
    assert not (book / "python").exists()


@pytest.mark.browser
def test_and_its_path_says_what_it_lacks(book, browser):
    with browser.new_context() as context:
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((book / "your-work.html").as_uri())
        page.locator('[data-part="due"]', has_text="built without its scheduler").wait_for()
        page.locator('[data-part="next"]', has_text="Nothing is kept here yet").wait_for()
        page.goto((book / "01-work.html").as_uri())
        assert not page.locator(".gvc-wake, .gvc-try").count()
        assert page.get_by_role("link", name="Download the notebook of chapter 0").is_visible()
        assert faults == []
