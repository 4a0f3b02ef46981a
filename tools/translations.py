"""Catalogues of the editions in other languages: what is to be said, what is said, what is missing, what has changed.

    python tools/translations.py          collect every message anew, update locale/*/*.po, say what is missing or stale
    python tools/translations.py --check  say so, and end with 1 if a catalogue is not up to date; nothing is written

`prose` is the text of the pages, taken by Sphinx; `ours` is everything else that readers and students are told:
messages of the code, charts, cards, questions, feedback. `course` is what instructors are told: ready to be
translated, and not translated in any edition yet. A message that has changed keeps its old translation, marked fuzzy,
and is shown in English until somebody has read it again and taken the mark away.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import yaml
from babel.messages import Catalog, pofile
from instructor_book import merged
from notebooks import ROOT

from valuechains.authoring.catalogue import languages
from valuechains.book.edition import CONTENT, editions, messages_in
from valuechains.book.markup import words_of
from valuechains.course.meanwhile import told
from valuechains.figures.publishing import WIDE
from valuechains.tongue import SPAN

LOCALE = ROOT / "locale"
DOMAINS = ("prose", "ours", "course")
#: rooms that speak to instructors, and what of them students read all the same
TO_INSTRUCTORS = re.compile(r"valuechains/(course|book/instructor)/")
TO_STUDENTS = re.compile(r".*/((feedback|page)\.(py|html)|(kit|spans|stored)\.py)")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue says what is in it, not when it was written
KEYWORDS = {"say": (1,), "to_say": (1,), "count": (1, 2), "_some": (3, 4)}
SOURCES = (
    ("python", "valuechains/**/*.py"),
    ("python", "tools/lab.py"),  # which students start
    ("python", "tools/environment.py"),
    ("javascript", "valuechains/**/*.js"),
    ("css", "valuechains/book/assets/*.css"),
    ("jinja2", "valuechains/**/*.html"),
)
CODE = re.compile(r"[\W\d_]*|[a-z]+(_[a-z]+)+|[A-Za-z]?\d+\w*")  # in data, but no name that a reader sees


# --- what there is to say -----------------------------------------------------------------------------------------


def in_code() -> Iterator[tuple[Any, str]]:
    """Messages of Python, scripts and templates, each with its file."""
    for kind, pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            text, where = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
            if kind == "javascript":
                yield from ((message, where) for messages in messages_in(text) for message in messages)
                continue
            if kind == "css":
                yield from ((message, where) for message in CONTENT.findall(text))
                continue
            if kind == "jinja2":
                yield from ((message, where) for message in in_template(text))
                continue
            tree = ast.parse(text)
            yield from ((message, where) for message in of_commands(tree))
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                first, *more = KEYWORDS.get(getattr(call.func, "id", ""), (0,))
                said = [call.args[place - 1] for place in (first, *more) if 0 < place <= len(call.args)]
                texts = [one.value for one in said if isinstance(one, ast.Constant)]
                if texts:
                    yield (texts[0], texts[1]) if more else texts[0], where


def of_commands(tree: ast.Module) -> Iterator[str]:
    """The help of commands, which is what stands at the head of their functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            getattr(one, "id", "") == "command" for one in node.decorator_list
        ):
            yield ast.get_docstring(node) or ""


def in_template(text: str) -> Iterator[Any]:
    """Messages of a template: what `say` and `count` are given there."""
    for node in jinja2.Environment().parse(text).find_all(jinja2.nodes.Call):
        name = getattr(node.node, "name", "")
        said = [one.value for one in node.args if isinstance(one, jinja2.nodes.Const)]
        if name in ("say", "count") and said:
            yield (said[0], said[1]) if name == "count" else said[0]


def in_sheets(language: str) -> Iterator[tuple[str, str]]:
    """What checks and hints say of the exercises of an edition's chapters: it stands in their sealed sheets."""
    for page in dict(editions(ROOT))[language]:
        path = ROOT / "exercises" / Path(page).name / "sheet.json"
        if not path.is_file():
            continue
        sheet, where = json.loads(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
        yield sheet["title"], where
        for task in sheet["tasks"].values():
            said = [task.get("unit", ""), task.get("praise", ""), *task.get("hints", ()), *task.get("mistakes", ())]
            yield from ((message, where) for message in said)


def in_frames(language: str) -> Iterator[tuple[str, str]]:
    """Words in the tables that the notebooks of an edition show."""
    for page in sorted(dict(editions(ROOT))[language]):
        path = ROOT / f"{page}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
        shown = ["".join(one.get("data", {}).get("text/html", "")) for cell in cells for one in cell.get("outputs", [])]
        words = {word for html in shown for word in words_of(html) if not CODE.fullmatch(word)}
        yield from ((word, f"{page}.ipynb") for word in sorted(words))


def heard(folder: Path) -> Iterator[tuple[str, str]]:
    """Messages that stand in data, which the book asked for while its pages were read."""
    all_of = set(json.loads((folder / "heard.json").read_text(encoding="utf-8")))
    names = {text for text in all_of if not CODE.fullmatch(text)}
    yield from ((text, "data") for text in sorted(names) if not composed(text, names))


def composed(text: str, names: set[str]) -> bool:
    """Whether a name is made of others: "China, textiles"."""
    for comma in re.finditer(", ", text):
        head, rest = text[: comma.start()], text[comma.end() :]
        first = head in names or not any(map(str.islower, head))
        if first and (rest in names or SPAN.fullmatch(rest) or composed(rest, names)):
            return True
    return False


def templates(language: str) -> dict[str, Catalog]:
    """Every message of an edition, untranslated, by catalogue."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "gettext")
        run_sphinx(language, folder, builder="gettext")
        prose = read(folder / "prose.pot")
        ours, course = Catalog(), Catalog()
        found = [
            one
            for one in (*in_code(), *in_sheets(language), *in_frames(language), *heard(folder))
            if one[0] and one[0] != ("", "")
        ]
        to_readers = {message for message, where in found if not to_instructors(where)}
        for message, where in found:
            catalog = ours if message in to_readers else course
            catalog.add(message, locations=[(where, None)])  # type: ignore[list-item]
    for asked in [message for message in prose if message.id]:
        text = str(asked.id)
        if text.startswith("\n") or WIDE.search(text):
            prose.delete(asked.id)  # a formula, or a title that the edition gives itself
        asked.locations = sorted({(f"chapters/{Path(name).name}", None) for name, _ in asked.locations})  # type: ignore[misc]
    return {"prose": prose, "ours": ours, "course": course}


def to_instructors(where: str) -> bool:
    return bool(TO_INSTRUCTORS.match(where)) and not TO_STUDENTS.fullmatch(where)


# --- what is said -------------------------------------------------------------------------------------------------


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def updated(language: str, domain: str, template: Catalog) -> Catalog:
    path = LOCALE / language / f"{domain}.po"
    catalog = read(path, language) if path.is_file() else Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=False, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def text_of(catalog: Catalog, language: str, domain: str) -> bytes:
    catalog.project, catalog.version = "valuechains", ""
    catalog.creation_date = catalog.revision_date = LONG_AGO
    catalog.header_comment = f"# {language}: {domain}. How to translate: CONTRIBUTING.md."
    catalog.last_translator = catalog.language_team = "The contributors"
    catalog.msgid_bugs_address = ""
    catalog.fuzzy = False
    out = io.BytesIO()
    pofile.write_po(out, catalog, width=100, sort_output=domain != "prose", include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def counted(catalog: Catalog) -> dict[str, int]:
    messages = [message for message in catalog if message.id]
    stale = sum(message.fuzzy for message in messages)
    missing = sum(not any(message.string or ()) for message in messages)  # of a plural, no form
    return {"messages": len(messages), "missing": missing, "stale": stale}


def report(language: str, domain: str, catalog: Catalog) -> str:
    numbers = counted(catalog)
    if domain == "course" and numbers["missing"] == numbers["messages"]:
        return f"{language} {domain}: {numbers['messages']} messages, ready; none is translated (the instructor's side)"
    return (
        f"{language} {domain}: {numbers['messages']} messages, {numbers['missing']} missing, {numbers['stale']} stale"
    )


# --- an edition, built --------------------------------------------------------------------------------------------


def target(language: str) -> Path:
    """Where an edition is built before it is published into the site."""
    return ROOT / "_build" / language / "html"


def run_sphinx(language: str, target: Path, builder: str = "html", *, quiet: bool = False) -> int:
    """An edition's pages into a folder: 0 when there was no warning and no dead reference."""
    from jupyter_book.sphinx import build_sphinx

    book, own = (
        yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8")) for folder in (ROOT, LOCALE / language)
    )
    config = ROOT / "_build" / language / "_config.yml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(yaml.safe_dump(merged(book, own), allow_unicode=True), encoding="utf-8")
    ended = build_sphinx(
        str(ROOT),
        str(target),
        builder=builder,
        noconfig=True,
        path_config=str(config),
        confoverrides={
            "external_toc_path": f"locale/{language}/_toc.yml",
            "locale_dirs": [str(LOCALE if builder == "html" else target)],
            "gettext_compact": "prose",
            "gettext_uuid": False,
            "gettext_location": True,
            "nitpicky": True,
            "latex_individualpages": False,
        },
        warningiserror=True,
        keep_going=True,
        quiet=quiet,
        really_quiet=builder == "gettext",  # it looks for no link that other pages would answer
    )
    return ended if isinstance(ended, int) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if a catalogue is out of date")
    parser.add_argument(
        "--build", metavar="LANGUAGE", choices=languages(ROOT), help="build that edition; the English book first"
    )
    given = parser.parse_args()
    if given.build:
        return run_sphinx(given.build, target(given.build))
    checking = given.check
    status = 0
    for language in languages(ROOT):
        for domain, template in templates(language).items():
            catalog = updated(language, domain, template)
            path, text = LOCALE / language / f"{domain}.po", text_of(catalog, language, domain)
            print(report(language, domain, catalog))
            if not path.is_file() or path.read_bytes() != text:
                status = 1 if checking else 0
                if not checking:
                    path.write_bytes(text)
    if status:
        print("A catalogue is not up to date: run `make translations` and translate what is missing.", file=sys.stderr)
    return status


if __name__ == "__main__":
    with told("Reading what is said"):
        sys.exit(main())
