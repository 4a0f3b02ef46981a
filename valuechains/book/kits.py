"""The students' kits that the pages offer, packed while the pages are read; a kit in which nothing changed stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from valuechains.book import edition, workshop

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HOLD = ("chapters", "data", "exercises", "locale", "tools", "valuechains")  # with the files beside them, all of a kit
PAGES, NEVER = {".ipynb", ".md"}, {"drawn", "instructor"}  # a kit has its chapter's page alone, and never these


def packed(root: str, chapter: str, digest: str) -> dict[str, bytes]:
    """The kit of a chapter; digest: of the files that it is made from."""
    from valuechains.course import kit  # nbgrader takes seconds to import

    return {f"{chapter}.zip": kit.zipped(kit.kit(Path(root, "exercises", chapter), root=Path(root)))}


def digests(root: Path, chapter: Callable[[Path], bytes] = Path.read_bytes) -> dict[str, str]:
    """Of each kit: of the files that it is made from, and of their names; chapter: what of a chapter's page counts."""
    shared = sha256()
    own = {path.parent.name: sha256() for path in sorted(root.glob("exercises/*/key.py"))}
    for path in sorted([*root.iterdir(), *(path for name in HOLD for path in (root / name).rglob("*"))]):
        if path.is_file() and path.suffix not in {".mo", ".pyc"}:
            name = path.relative_to(root)
            room, *inside = name.parts
            owner = Path(inside[0]).stem if inside and room in ("chapters", "exercises") else ""
            is_page = room == "chapters" and len(inside) == 1 and path.suffix in PAGES
            if owner in own or not (is_page or owner in NEVER):
                content = chapter(path) if is_page else path.read_bytes()
                own.get(owner, shared).update(f"{len(name.as_posix())} {name.as_posix()} {len(content)} ".encode())
                own.get(owner, shared).update(content)
    return {name: sha256(shared.digest() + found.digest()).hexdigest() for name, found in own.items()}


@lru_cache(maxsize=1)
def _orders(app: Sphinx) -> list[tuple]:
    return [(packed, str(app.srcdir), *one) for one in digests(Path(app.srcdir)).items()] if _offered(app) else []


def order(app: Sphinx) -> None:
    for one in _orders(app):
        workshop.order(*one)


def write(app: Sphinx, failure: Exception | None) -> None:
    if failure or not _offered(app):
        return
    folder = Path(app.outdir, "kits")
    shutil.rmtree(folder, ignore_errors=True)
    for one in _orders(app):
        shutil.copytree(workshop.take(*one), folder, dirs_exist_ok=True)


def _offered(app: Sphinx) -> bool:
    return app.builder.format == "html" and not edition.is_other(app)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", order, priority=400)  # first of all: it takes longest
    app.connect("build-finished", write)
