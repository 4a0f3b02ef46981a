"""Catalogues of `locale/`, compiled as gettext reads them; what is fuzzy stays out and so stays English."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile

OURS = "ours"  #: the catalogue of everything but the pages' text: what the library says


def languages(root: Path) -> list[str]:
    """The languages that an edition is in, or begun in."""
    return sorted(path.parent.name for path in root.glob("locale/*/_toc.yml"))


def compiled(path: Path) -> bytes:
    """A catalogue (.po) as gettext reads it."""
    with path.open("rb") as file:
        catalog = pofile.read_po(file, locale=path.parent.name)
    out = io.BytesIO()
    mofile.write_mo(out, catalog)
    return out.getvalue()


def beside_the_library(root: Path) -> Iterator[tuple[str, bytes]]:
    """What the library speaks from, in each language: path and content, for whoever packs it."""
    for language in languages(root):
        yield f"locale/{language}/LC_MESSAGES/{OURS}.mo", compiled(root / "locale" / language / f"{OURS}.po")


def compile_all(root: Path) -> None:
    """Each catalogue of a project, compiled beside itself; one that is as it was is left alone."""
    for path in sorted(root.glob("locale/*/*.po")):
        target, content = path.parent / "LC_MESSAGES" / f"{path.stem}.mo", compiled(path)
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
