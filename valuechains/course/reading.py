"""The chapter that goes with a kit, as a notebook to read and to try things out in.

It is the chapter's own notebook with its outputs. What only the book can draw (quoted numbers, citations, claim cards)
is turned into plain Markdown, and the cells that make the charts are folded, as they are on the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import nbformat
from pybtex.database import Entry, Person, parse_file

from valuechains import evidence
from valuechains.authoring.chapter import ROLE, shown

DIRECTIVE = re.compile(r"^(`{3,})\{(\w+)\} (\S+)\n(?:.*\n)*?\1$", re.M)
EXPECTATION = re.compile(r"^```\{expect\} \S+\n:shown: \d+\n((?:.*\n)*?)```$", re.M)
PAGE = re.compile(r"(?<!!)\[([^\]]+)\]\((?!#|https?:)[^)]*\)")  # a link to another page of the book
FOLDED = {"hide-input", "remove-input", "remove-cell"}


def copy(chapter: Path) -> str:
    """The text of the copy: the same chapter gives the same bytes."""
    notebook = nbformat.read(chapter, as_version=4)
    quoted = _quoted(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _plain(cell.source, quoted, chapter)
        elif FOLDED & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return json.dumps(json.loads(nbformat.writes(notebook)), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _quoted(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The numbers that cells gave to the text (`valuechains.prose.quote`)."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []) if "metadata" in output)
    named = ((output.metadata.get("scrapbook", {}).get("name"), output) for output in outputs)
    return {name: next(iter(output.data.values())).strip("'\"") for name, output in named if name}


def _plain(text: str, quoted: dict[str, str], chapter: Path) -> str:
    directives = {
        "claim": _card,
        "include": lambda name: (chapter.parent / name).read_text(encoding="utf-8").strip(),
        "questions": lambda _: "*The short questions are on the page of the book: they answer you there.*",
        "exercises": lambda name: f"The exercises are in [{name}.ipynb](../{name}/{name}.ipynb).",
    }
    roles = {
        "glue:text": lambda name: quoted[name],
        "ledger": lambda name: str(evidence.number(name)),
        "tally": _tally,
        "cite:t": lambda keys: ", ".join(f"{who} ({year})" for who, year in map(_work(chapter), keys.split(","))),
        "cite:p": lambda keys: (
            "(" + "; ".join(f"{who}, {year}" for who, year in map(_work(chapter), keys.split(","))) + ")"
        ),
        "term": shown,
    }
    text = EXPECTATION.sub(lambda found: _asked(found[1]), text)
    text = DIRECTIVE.sub(lambda found: directives[found[2]](found[3]) if found[2] in directives else found[0], text)
    text = ROLE.sub(lambda found: roles.get(found[1], str)(found[2]), text)
    return PAGE.sub(lambda found: found[0] if found[0].endswith(".ipynb)") else found[1], text)


def _card(name: str) -> str:
    claim = evidence.claim(name)
    return (
        f"> **Claim {claim.id}** {claim.paraphrase}\n>\n> *Finds:* {claim.finds}\n>\n"
        f"> *Verdict:* **{claim.verdict}**; confidence: {claim.confidence}. As of {claim.as_of}."
    )


def _asked(question: str) -> str:
    """What one expects, asked before the look."""
    return "\n".join(f"> {line}".rstrip() for line in f"*Before you look:* {question.strip()}".splitlines())


def _tally(section: str) -> str:
    entries = evidence.claims(section=section)
    counts = ", ".join(f"{count} {label}" for label, count in evidence.tally(entries).items() if count)
    return f"{len(entries)} claims: {counts}"


def _work(chapter: Path) -> Callable[[str], tuple[str, str]]:
    works = _works(chapter.with_name("references.bib"))

    def cited(key: str) -> tuple[str, str]:
        work = works[key.strip()]
        names = [_surname(one) for one in work.persons.get("author") or work.persons["editor"]]
        shown = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        return shown, work.fields["year"]

    return cited


@cache
def _works(path: Path) -> Mapping[str, Entry]:
    return parse_file(str(path)).entries


def _surname(person: Person) -> str:
    return " ".join(str(name) for name in (*person.rich_prelast_names, *person.rich_last_names))
