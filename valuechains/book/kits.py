"""The students' kits that the pages offer, packed while the pages are read."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from valuechains.book import edition, workshop

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HOLD = ("chapters", "data", "exercises", "locale", "tools", "valuechains")  # with the files beside them, all of a kit


def packed(root: str, digest: str) -> dict[str, bytes]:
    """Each kit of a project whose files have this digest."""
    from valuechains.course import kit  # nbgrader takes seconds to import

    return {f"{source.name}.zip": kit.zipped(kit.kit(source, root=Path(root))) for source in kit.sources(Path(root))}


def digest(root: Path) -> str:
    """Of the files that kits are made from, and of their names."""
    found = sha256()
    for path in sorted([*root.iterdir(), *(path for name in HOLD for path in (root / name).rglob("*"))]):
        if path.is_file() and path.suffix not in {".mo", ".pyc"}:
            name, content = path.relative_to(root).as_posix(), path.read_bytes()
            found.update(f"{len(name)} {name} {len(content)} ".encode() + content)
    return found.hexdigest()


def order(app: Sphinx) -> None:
    if _offered(app):
        workshop.order(packed, str(app.srcdir), digest(Path(app.srcdir)))


def write(app: Sphinx, failure: Exception | None) -> None:
    if failure or not _offered(app):
        return
    folder = Path(app.outdir, "kits")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workshop.take(packed, str(app.srcdir), digest(Path(app.srcdir))), folder)


def _offered(app: Sphinx) -> bool:
    return (
        app.builder.format == "html" and not edition.is_other(app) and any(Path(app.srcdir).glob("exercises/*/key.py"))
    )


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", order, priority=400)  # first of all: it takes longest
    app.connect("build-finished", write)
