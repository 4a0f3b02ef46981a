"""The notebooks of the book as tests read them: prose, claim cards and what the cells stored."""

from __future__ import annotations

import json
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "chapters"
PAGES = sorted(FOLDER.glob("*.ipynb"))
CHAPTERS = [page for page in PAGES if re.match(r"\d\d-", page.name)]

_FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1$", re.M | re.S)
_EXERCISES = re.compile(r"^##+ Exercises$.*?(?=^#|\Z)", re.M | re.S)
_TIME = re.compile(r"^\| \*\*Time\*\* .*$", re.M)


def cells(page: Path, kind: str) -> list[dict]:
    """The cells of one kind, "markdown" or "code"."""
    return [cell for cell in json.loads(page.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def text(page: Path) -> str:
    """All Markdown of a page."""
    return "\n\n".join("".join(cell["source"]) for cell in cells(page, "markdown"))


def cards(page: Path) -> list[str]:
    """The claims that have their card on this page, in order."""
    return re.findall(r"^```\{claim\} (\S+)$", text(page), re.M)


def paragraphs(markdown: str) -> list[str]:
    """What a reader reads as prose, a line each: no code, formulas, addresses, exercises or hours; a role is
    ROLE-name."""
    for left_out in (_FENCE, _EXERCISES, _TIME):
        markdown = left_out.sub("\n\n", markdown)
    markdown = re.sub(r"\$\$.*?\$\$", " ", markdown, flags=re.S)
    markdown = re.sub(r"\{([\w:]+)\}`[^`]*`", r"ROLE-\1", markdown)
    markdown = re.sub(r"`[^`]*`", "CODE", markdown)
    markdown = re.sub(r"(?<![\w\\])\$(?!\s)[^$\n]+?(?<!\s)\$(?!\w)", "MATH", markdown)
    markdown = re.sub(r"\]\([^)]*\)", "]", markdown)
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", markdown) if one.strip()]


def shown(page: Path) -> list[dict]:
    """What the code cells stored and the page shows, by mime type."""
    visible = [cell for cell in cells(page, "code") if "remove-cell" not in cell["metadata"].get("tags", [])]
    return [output["data"] for cell in visible for output in cell.get("outputs", []) if "data" in output]
