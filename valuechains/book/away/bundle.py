"""Everything in one zip, to open by double click; and every figure as files and as one JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes

from valuechains.book.away.archive import archive
from valuechains.book.outputs import MIMES

FOLDER = "Services in Global Value Chains"
START = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Services in Global Value Chains</title>
<meta http-equiv="refresh" content="0; url=book/chapters/index.html"></head>
<body><p><a href="book/chapters/index.html">Open the book</a></p></body></html>
"""


def figures(root: Path, names: Iterable[str]) -> Iterator[tuple[str, dict]]:
    """The page and the stored specification of every published figure, in the order of the book."""
    for name in names:
        notebook = root / f"{name}.ipynb"
        if not notebook.is_file():
            continue
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if {"remove-output", "remove-cell"} & set(cell["metadata"].get("tags", [])):
                continue
            for output in cell.get("outputs", []):
                for mime in MIMES:
                    if mime in output.get("data", {}):
                        yield name, output["data"][mime]


def described(page: str, spec: dict) -> dict:
    """What a figure says and shows, its sources, its data sets by name, and how it is drawn (Vega-Lite, less those)."""
    about = spec["usermeta"]["valuechains"]
    said = {key: about[key] for key in ("name", "finding", "measure", "unit", "alternative", "source")}
    drawn = {key: value for key, value in spec.items() if key not in ("datasets", "usermeta")}
    address = f"{page}.html#{nodes.make_id(about['name'])}"
    return {"page": address, **said, "data": spec["datasets"], "specification": drawn}


def as_json(found: list[dict]) -> bytes:
    return (json.dumps({"figures": found}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def packed(out: Path, files: Iterable[tuple[str, bytes]], moment: int) -> None:
    """A zip of files in the order of their names, all of one moment; one that is there is replaced when all is in."""
    with archive(out, moment) as add:
        for name, content in sorted(files):
            add(name, content)


def under(folder: Path, into: str, but: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in but and "__pycache__" not in path.parts:
            yield f"{into}/{name}", path.read_bytes()
