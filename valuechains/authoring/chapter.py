"""A chapter's notebook, as far as others quote it: its head, the question it asks, what it teaches, what to discuss.

A chapter is a notebook of the book whose file name starts with its number (``02-services``); its first cell has the
title, a question in italics and a table with the rows Time, Before you start, Claims and Widgets.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

FIELDS = {"hours": "Time", "before": "Before you start", "claims": "Claims", "widgets": "Widgets"}
OUTCOMES, TO_DISCUSS = "What you will be able to do", "To discuss"
NUMBERED = re.compile(r"\d\d-")
HOURS = re.compile(r"([\d.]+)(?: to ([\d.]+))? hours?\b")
NAMED = re.compile(r"[Cc]hapter (\d+)")
NO_OTHER, ANOTHER = "No other chapter", "one other chapter"  # how heads say it under "Before you start"
READING = re.compile(r"(\d+) minutes of reading(?:, (\d+) with the)?")
ITEM = re.compile(r"^\d+\. (.+(?:\n {3}\S.*)*)$", re.M)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")


CARD, DISPLAYED = re.compile(r"^```\{claim\} .+?^```", re.M | re.S), re.compile(r"\$\$.+?\$\$", re.S)
ASIDE = re.compile(r"^```.+?^```|\$\$.+?\$\$", re.M | re.S)  # what is not read as words
WORD = re.compile(r"[^\W_][\w'’.-]*")


@dataclass(frozen=True)
class ReadingMatter:
    """What there is to read on a chapter's page: what is folded away, exercises, questions and widgets left out."""

    words: int
    figures: int  #: charts and tables
    lines: int  #: of code that is shown
    formulas: int  #: displayed ones
    cards: int  #: of claims

    @property
    def minutes(self) -> float:
        """At 150 words a minute, as one reads to be able to do it; a minute and a half for a figure, two for a card,
        one for a formula, ten seconds for a line of code."""
        return self.words / 150 + 1.5 * self.figures + self.lines / 6 + self.formulas + 2 * self.cards


@dataclass(frozen=True)
class Head:
    """What a chapter's first cell says of it, as Markdown."""

    title: str
    hours: str
    before: str
    claims: str
    widgets: str

    @property
    def range(self) -> tuple[float, float]:
        """Fewest and most hours."""
        least, most = HOURS.findall(self.hours)[0]
        return float(least), float(most or least)

    @property
    def builds_on(self) -> dict[int, str]:
        """The chapters that "Before you start" names, by their numbers, with its sentence of each."""
        sentences = re.split(r"(?<=[.!?]) ", plain(self.before))
        told = [sentence for sentence in sentences if not sentence.startswith(NO_OTHER)]
        return {int(number): sentence for sentence in told for number in NAMED.findall(sentence)}

    @property
    def builds_on_another(self) -> bool:
        """Whether it asks for one other chapter, whichever."""
        return ANOTHER in self.before

    @property
    def reading(self) -> int:
        """Minutes of reading and widgets; none where the chapter is all exercise."""
        found = READING.search(self.hours)
        return sum(int(minutes) for minutes in found.groups() if minutes) if found else 0


def read_head(notebook: Path) -> Head:
    """The head of one chapter; ValueError says what it lacks."""
    text = _texts(notebook)[0]
    title = re.match(r"# (.+)", text)
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", text, re.M))
    lacking = ["a title"] * (not title) + [row for row in FIELDS.values() if row not in rows]
    if title is None or lacking or not HOURS.match(rows["Time"]):
        raise ValueError(
            f"The first cell of {notebook.name} lacks {', '.join(lacking) or 'hours at the start of Time'}."
        )
    return Head(title[1], **{field: rows[row] for field, row in FIELDS.items()})


def reading(notebook: Path) -> ReadingMatter:
    """What there is to read, counted in the notebook as it is stored."""
    words = figures = lines = formulas = cards = 0
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text, hidden = "".join(cell["source"]), set(cell["metadata"].get("tags", []))
        if cell["cell_type"] == "markdown":
            words += len(WORD.findall(ROLE.sub("word", ASIDE.sub("", text))))
            formulas += len(DISPLAYED.findall(text))
            cards += len(CARD.findall(text))
        elif "remove-cell" not in hidden:
            lines += 0 if "hide-input" in hidden else sum(bool(line.strip()) for line in text.splitlines())
            figures += not text.startswith("twins.") and any(_is_figure(output) for output in cell["outputs"])
    return ReadingMatter(words, figures, lines, formulas, cards)


def _is_figure(output: dict) -> bool:
    return any("vega" in kind or kind == "text/html" for kind in output.get("data", {}))


def question(notebook: Path) -> str:
    """The line in italics under the title; ValueError where there is none."""
    found = re.search(r"^\*(.+)\*$", "\n\n".join(_texts(notebook)), re.M)
    if not found:
        raise ValueError(f"{notebook.name} has no line in italics under its title that says what it asks.")
    return found[1]


def listed(notebook: Path, heading: str) -> list[str]:
    """The numbered list under a heading, an item a line; ValueError where there is none."""
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", "\n\n".join(_texts(notebook)), re.M | re.S)
    items = [" ".join(item.split()) for item in ITEM.findall(found[1])] if found else []
    if not items:
        raise ValueError(f'{notebook.name} has no numbered list under "{heading}".')
    return items


def plain(markdown: str) -> str:
    """Without links and roles, for who reads it apart from the book."""
    return ROLE.sub(lambda found: shown(found[2]), LINK.sub(r"\1", markdown))


def shown(content: str) -> str:
    """What a role shows: "demand" of "demand <final demand>"."""
    return re.sub(r"\s*<[^>]*>$", "", content)


def _texts(notebook: Path) -> list[str]:
    """The first cell, whatever it is, and the Markdown cells after it."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for at, cell in enumerate(cells) if at == 0 or cell["cell_type"] == "markdown"]
