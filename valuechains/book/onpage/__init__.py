"""Exercises worked where they stand: Python in a worker of the page, woken by a button, with nobody asked for anything.

`fetch` brings what npm and pip have, once; `pack` makes the site's folder `python` of it; `page/` is what runs in the
browser and `bridge.py` what runs in its Python. Where nothing was fetched, the pages have no button.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from valuechains.book import edition, kits, workshop
from valuechains.book.onpage import fetch, pack

PAGE = Path(__file__).parent / "page"
FOLDER = "python"
WAKE = "_static/gvc/wake.js"
CHAPTER = re.compile(r"\d\d-.*\.json")


@lru_cache(maxsize=1)
def _orders(app: Sphinx) -> list[tuple]:
    """What the workshop makes: Python with its packages, and the project's own files."""
    brought = fetch.fetched()
    if (
        app.builder.format != "html"
        or edition.is_other(app)
        or not brought
        or not any(Path(app.srcdir).glob("exercises/*/key.py"))
    ):
        return []
    root = Path(app.srcdir)
    made_with = [root / "requirements.lock", pack.COMPILER]
    digest = sha256(b"".join(path.read_bytes() for path in made_with)).hexdigest()
    project = "".join(kits.digests(root, lambda page: _code(page).encode()).values())
    return [(pack.runtime, str(brought), digest), (pack.project, str(root), project)]


def order(app: Sphinx) -> None:
    for one in _orders(app):
        workshop.order(*one)


def write(app: Sphinx, env: BuildEnvironment) -> None:
    """Before the pages, which give their scripts' checksums."""
    if edition.is_other(app):  # its buttons ask for the English book's Python
        edition.wait_for_english_pages(app)
        if app.builder.format == "html" and (edition.site_of(app) / FOLDER / "index.js").is_file():
            shutil.copyfile(edition.site_of(app) / WAKE, Path(app.outdir, WAKE))
        return
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    made = [workshop.take(*one) for one in _orders(app)]
    brought = fetch.fetched()
    if not made or not brought:
        return
    for files in made:
        shutil.copytree(files, folder, dirs_exist_ok=True)
    for name in ("python.js", "desk.js", "cells.js", "desk.css"):
        shutil.copyfile(PAGE / name, folder / name)
    (folder / "index.js").write_text(_index(folder), encoding="utf-8")
    for notebook in Path(app.srcdir, "chapters").glob("[0-9]*.ipynb"):
        (folder / f"code-{notebook.stem}.js").write_text(_code(notebook), encoding="utf-8")
    for name in ("editor.js", "LICENSES.txt"):
        shutil.copyfile(brought / name, folder / name)
    weights = {name: round(size) for name, size in sizes(folder).items()}
    wake = (PAGE / "wake.js").read_text(encoding="utf-8").replace("{}[chapter]", f"{json.dumps(weights)}[chapter]")
    Path(app.outdir, WAKE).write_text(wake, encoding="utf-8")


def sizes(folder: Path, ending: str = "bin") -> dict[str, float]:
    """Megabytes that each chapter's Python takes, by http or as scripts (js): what all share, and its own tables."""
    names = {path.stem: path.with_suffix(f".{ending}").stat().st_size for path in folder.glob("*.bin")}
    about = {
        name: json.loads(gzip.decompress((folder / f"{name}.bin").read_bytes()))
        for name in names
        if CHAPTER.match(name)
    }
    tables = {name for one in about.values() for name in one["tables"]}
    shared = sum(
        size for name, size in names.items() if name not in tables and name[:2].isalpha() and not name.endswith(".mo")
    )
    return {
        name.removesuffix(".json"): (shared + sum(names[table] for table in one["tables"])) / 1e6
        for name, one in about.items()
    }


def _index(folder: Path) -> str:
    """Of each file how many bytes it has, by http and as a script, and a digest under which browsers keep it."""
    files = {}
    for path in sorted(folder.glob("*.bin")):
        script = folder / f"{path.stem}.js"
        digest = sha256(path.read_bytes()).hexdigest()[:12]
        files[path.stem] = [path.stat().st_size, script.stat().st_size, digest]
    return f"window.gvc.python = {json.dumps(files, separators=(',', ':'))};\n"


def _code(notebook: Path) -> str:
    """The code of a chapter, cell by cell: its name, its text, and whether the page shows it."""
    cells = [
        [cell["id"], "".join(cell["source"]), "remove-cell" not in cell["metadata"].get("tags", [])]
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    return f"window.gvc.code = {json.dumps(cells, ensure_ascii=False, separators=(',', ':'))};\n"


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    site = edition.site_of(app)
    if doctree is None or not Path(site, FOLDER, "index.js").is_file():
        return
    if any("gvc-kit" in part.astext() for part in doctree.findall(nodes.raw)):
        app.add_js_file("gvc/wake.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    brought = bool(fetch.fetched())
    app.add_config_value("valuechains_on_page", brought, "html")  # when that changes, every page is written
    app.connect("builder-inited", order, priority=450)
    app.connect("env-updated", write)
    app.connect("html-page-context", add_script)
