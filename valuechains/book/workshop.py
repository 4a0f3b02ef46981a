"""Files of the site that are costly and follow from a few inputs: made beside the build, and made once.

What is ordered is made in processes of their own while Sphinx reads the pages, and kept under a digest of what it was
made from, in `_build/made`. That folder may be deleted at any time. The drawings of figures are stored outputs besides
(`chapters/drawn`, by tools/drawings.py): one whose digest is another, since its chart is, is drawn anew.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from functools import cache
from hashlib import sha256
from importlib import metadata
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

Make = Callable[..., dict[str, bytes]]  # the content of each file, by its name

ROOT = Path(__file__).resolve().parents[2]
KEPT, STORED = ROOT / "_build" / "made", ROOT / "chapters" / "drawn"
DIGEST = "digest"  # what a stored zip says of what it was made from
LIBRARIES = ("vl-convert-python", "fonttools", "ziafont", "ziamath", "nbgrader")
HELPERS = min(4, max(1, (os.cpu_count() or 1) - 1))  # beside the process that reads and writes the pages
MONTH = 30 * 24 * 3600  # seconds
PATIENCE = 5  # seconds, before it is said what is waited for
_orders: dict[Path, Future] = {}
_processes: BaseContext = get_context("spawn")  # a copy of a process that has drawn hangs when it draws


def of_copies(processes: BaseContext) -> None:
    """How a process that draws nothing before its first order makes its helpers."""
    global _processes  # noqa: PLW0603  # a process has one kind of helpers
    _processes = processes


def order(make: Make, *inputs: str) -> Path:
    """Have a function of a module make its files from these texts; returns the folder in which they will be."""
    place = KEPT / key(make, *inputs)
    if place not in _orders and not place.is_dir():
        if stored := stored_by_key().get(place.name):
            _work(place, unpacked, (str(stored),))
        else:
            _orders[place] = _helpers().submit(_work, place, make, inputs)
    return place


def take(make: Make, *inputs: str) -> Path:
    """The folder in which the files are, once they are: what no helper has begun is made here."""
    place = order(make, *inputs)
    ordered = _orders.pop(place, None)
    if ordered and ordered.cancel():
        _work(place, make, inputs)
    elif ordered:
        if not wait([ordered], PATIENCE).done:
            print(f"waiting for what is made beside the build ({make.__module__}.{make.__name__}) ...", flush=True)
        ordered.result()
    os.utime(place)
    return place


def tidy() -> None:
    """Throw away what no build has taken for a month."""
    for place in KEPT.glob("*"):
        if time.time() - place.stat().st_mtime > MONTH:
            shutil.rmtree(place, ignore_errors=True)


def close() -> None:
    """Let the helpers go: a process that was forked waits for them at its end."""
    if _helpers.cache_info().currsize:
        _helpers().shutdown()
        _helpers.cache_clear()


def _work(place: Path, make: Make, inputs: tuple[str, ...]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".half-") as half:
        whole = Path(half, "whole")
        whole.mkdir()
        for name, content in make(*inputs).items():
            (whole / name).write_bytes(content)
        try:
            whole.rename(place)
        except OSError:
            if not place.is_dir():  # another build has made the same
                raise


@cache
def _helpers() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(HELPERS, mp_context=_processes)


@cache
def stored_by_key() -> dict[str, Path]:
    """The zips that a clone has, each by the digest of what it was made from."""
    found = {}
    for path in sorted(STORED.rglob("*.zip")):
        with zipfile.ZipFile(path) as stored:
            found[stored.read(DIGEST).decode()] = path
    return found


def unpacked(stored: str) -> dict[str, bytes]:
    with zipfile.ZipFile(stored) as files:
        return {name: files.read(name) for name in files.namelist() if name != DIGEST}


def key(make: Make, *inputs: str) -> str:
    """A digest of what is made and from what, code and libraries included."""
    content = json.dumps([make.__qualname__, _made_with(make.__module__), *inputs], ensure_ascii=False)
    return sha256(content.encode()).hexdigest()[:32]


@cache
def _made_with(module: str) -> str:
    """The code that makes it, and the version of each library in it."""
    code = Path(str(sys.modules[module].__file__)).read_bytes()
    return " ".join([sha256(code).hexdigest(), *map(metadata.version, LIBRARIES)])
