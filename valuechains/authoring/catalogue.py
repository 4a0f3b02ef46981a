"""Catalogues of `locale/`, compiled as gettext reads them; what is fuzzy stays out and so stays English."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from babel.messages import mofile, pofile

from valuechains import tongue

OURS = "ours"  #: the catalogue of everything but the pages' text: what the library says


def languages(root: Path) -> list[str]:
    """The languages that an edition is in, or begun in."""
    return sorted(path.parent.name for path in root.glob("locale/*/_toc.yml"))


def named(root: Path, wanted: str) -> str | None:
    """The language that a name means, "zh_CN", "zh-CN" or "zh"; "" is English; None for one that there is none of."""
    name = wanted.strip().replace("-", "_").casefold()
    if name.partition("_")[0] == "en":
        return ""
    return next((one for one in languages(root) if name in (one.casefold(), one.partition("_")[0])), None)


def compiled(path: Path) -> bytes:
    """A catalogue (.po) as gettext reads it."""
    return _compiled(path.read_bytes(), path.parent.name)


@lru_cache(maxsize=8)  # every kit holds the same ones
def _compiled(text: bytes, language: str) -> bytes:
    catalog = pofile.read_po(io.BytesIO(text), locale=language)
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
            half = target.with_name(f".{path.stem}.{os.getpid()}.half")  # another process may be reading
            half.write_bytes(content)
            half.replace(target)


@contextmanager
def spoken(root: Path, language: str) -> Iterator[None]:
    """Speak a language of a project for a while, whatever is spoken around it; "" is English."""
    if not language:
        with tongue.english():
            yield
        return
    compile_all(root)
    with tongue.speaking(root / "locale" / language / "LC_MESSAGES" / f"{OURS}.mo"):
        yield
