"""A book that is built again has the bytes of one that is built anew: what changed is written, and what shows it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import BUILT, ROOT
from copies import copied
from docutils import nodes

from valuechains.book import site

CHANGED = "chapters/04-global-impact"
SOURCES = ("chapters", "data", "exercises", "locale", "tools", "valuechains")
SENTENCE = "A sentence that the next build does not have."
LEFT_OUT = {"away", ".buildinfo"}  # what was made to take along, and Sphinx's own note of paths


def linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def project(built, tmp_path_factory) -> Path:
    """A copy of the project, without its pages, but with what was costly to make for them."""
    root = tmp_path_factory.mktemp("rebuilt") / "project"
    for name in SOURCES:
        copied(name, root)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy2(path, root)
    copied("_build/made", root, copy_function=linked)
    if (BUILT / "away").is_dir():  # the first page lists what there is to take along
        copied("_build/html/away", root, copy_function=linked)
    if (ROOT / ".cache").is_dir():
        (root / ".cache").symlink_to(ROOT / ".cache")
    return root


def build(root: Path) -> str:
    env = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0"}
    made = subprocess.run(
        [sys.executable, "tools/book.py"], cwd=root, env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
    return made.stdout


def files(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if Path(name).parts[0] not in LEFT_OUT}


def test_a_page_changed_and_built_again_gives_the_bytes_of_a_build_in_an_empty_folder(project):
    """First anew with another sentence in one chapter, then again without it: that is the book which stands."""
    page = project / f"{CHANGED}.ipynb"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace("## What you will be able to do", f"{SENTENCE}\\n\\n## What you will be able to do", 1),
        encoding="utf-8",
    )
    build(project)
    assert SENTENCE in (project / "_build" / "html" / f"{CHANGED}.html").read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    said = build(project)
    assert said.count("writing output") < 15, "more is written than what shows the changed page"
    again, anew = files(project / "_build" / "html"), files(BUILT)
    assert sorted(again) == sorted(anew)
    assert [name for name, content in again.items() if content != anew[name]] == []


# --- what a page shows that is not its own ---------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path):
    """A build of two pages, as far as it says what pages share."""
    assets = tmp_path / "html" / "_static" / "gvc"
    assets.mkdir(parents=True)
    (assets / "site.css").write_text("p{}", encoding="utf-8")
    standard = {
        "labels": {"tables": ("one", "tables", "Of tables")},
        "anonlabels": {"tables": ("one", "tables")},
        "objects": {("term", "level"): ("two", "term-level")},
        "terms": {"level": ("two", "term-level")},
    }
    env = SimpleNamespace(
        titles={"one": nodes.title("", "One"), "two": nodes.title("", "Two")},
        metadata={"one": {"myst_slugs": {"of-tables": (7, "of-tables", "Of tables")}}, "two": {}},
        toc_fignumbers={"one": {"figure": {"share": (1,)}}, "two": {}},
        toc_secnumbers={},
        toctree_includes={"one": ["two"]},
        found_docs={"one", "two"},
        config=SimpleNamespace(root_doc="one"),
        get_domain=lambda name: SimpleNamespace(data=standard),
        standard=standard,
    )
    (tmp_path / "doctrees").mkdir()
    builder = SimpleNamespace(format="html")
    return SimpleNamespace(env=env, outdir=tmp_path / "html", doctreedir=tmp_path / "doctrees", builder=builder)


def styled(app, name: str, text: str) -> None:
    (app.outdir / "_static" / "gvc" / name).write_text(text, encoding="utf-8")


CHANGES = {
    "a style": lambda app: styled(app, "site.css", "p{color:red}"),
    "a script that is new": lambda app: styled(app, "walk.js", ""),
    "a title": lambda app: app.env.titles.update(two=nodes.title("", "Second")),
    "the order of pages": lambda app: app.env.toctree_includes.clear(),
    "a label": lambda app: app.env.standard["labels"].update(tables=("one", "tables", "Of all tables")),
    "a term": lambda app: app.env.standard["terms"].pop("level"),
    "a heading": lambda app: app.env.metadata["one"]["myst_slugs"].update({"of-tables": (7, "of-tables", "Tables")}),
    "a number": lambda app: app.env.toc_fignumbers["one"]["figure"].update(share=(2,)),
}
NO_CHANGES = {
    "nothing": lambda app: None,
    "the line of a heading": lambda app: app.env.metadata["one"]["myst_slugs"].update(
        {"of-tables": (9, "of-tables", "Of tables")}
    ),
    "what the search looks through": lambda app: styled(app, "search-places.js", "[]"),
}


@pytest.mark.parametrize("what", [*CHANGES, *NO_CHANGES])
def test_all_pages_are_written_when_something_changes_that_they_share(app, what):
    assert site.write_anew(app, app.env) == ["one", "two"], "nothing is written yet"
    site.note_written(app, None)
    (CHANGES | NO_CHANGES)[what](app)
    assert site.write_anew(app, app.env) == (["one", "two"] if what in CHANGES else [])


def test_where_a_build_failed_all_pages_are_written_by_the_next(app):
    site.write_anew(app, app.env)
    site.note_written(app, None)
    styled(app, "site.css", "p{color:red}")
    for failure in (RuntimeError("full disk"), None):
        assert site.write_anew(app, app.env) == ["one", "two"]
        site.note_written(app, failure)
    assert site.write_anew(app, app.env) == []
