"""What a student must not find: code of solutions and keys, hidden checks, model texts, and values of answers."""

import ast
import re
from collections.abc import Iterator, Mapping

import nbformat
import numpy as np
from conftest import ROOT

from valuechains.course import key as keys

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "key.mark(", "from key import")
REGION = re.compile(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", re.S)
ENOUGH = 15  # characters: a shorter line of code says nothing


def plain(text: str) -> str:
    """Text as it is compared: no JSON escapes, no markup, one blank between words."""
    text = text.replace('\\"', '"').replace("\\n", "\n").replace("&quot;", '"').replace("&#39;", "'")
    text = (
        re.sub(r"</?(?:span|code|pre)[^>]*>", "", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    return " ".join(text.split())


def number(task: str) -> int:
    return int(re.match(r"\d+", task)[0])


def of_notebook(name: str, *, only_even: bool = False) -> Iterator[tuple[str, str]]:
    """Lines of solutions, hidden checks and model texts of a source: (what it is, the text)."""
    cells = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4).cells
    given = plain(
        "\n".join(
            REGION.sub("", cell.source)
            for cell in cells
            if not cell.metadata.get("nbgrader", {}).get("solution") or cell.cell_type == "code"
        )
    )
    at = 0
    for cell in cells:
        heading = re.match(r"## (\d+)\. ", cell.source)
        at = int(heading[1]) if heading else at
        facts = cell.metadata.get("nbgrader", {})
        model = cell.source if cell.cell_type == "markdown" and facts.get("solution") else ""
        for text in [*REGION.findall(cell.source), model]:
            for line in map(plain, text.splitlines()):
                if len(line) >= ENOUGH and line not in given and not (only_even and at % 2 and not model):
                    yield f"{name}, exercise {at}, its solution", line


def shown_anyway(name: str) -> str:
    """What the chapter itself shows."""
    return plain(
        "\n".join(cell.source for cell in nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4).cells)
    )


def of_key(name: str) -> Iterator[tuple[str, str]]:
    """The expressions by which a key computes what is right."""
    tree = ast.parse((ROOT / "exercises" / name / "key.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Answer" and call.args:
            code = ast.unparse(call.args[0])
            if len(code) >= 25 and not isinstance(call.args[0], ast.Constant):
                yield f"{name}, the key", plain(code)


def of_values(name: str, *, public: bool = False) -> Iterator[tuple[str, str]]:
    """Answers as they might be written; public: not those that a worked solution on the page shows."""
    key = keys.load(ROOT / "exercises" / name)
    for task, entry in key.tasks.items():
        if entry.public["kind"] != "numbers":
            continue
        for place, variant in enumerate((key.variants or [{}]) if entry.varies else (key.variants or [{}])[:1]):
            if public and number(task) % 2 and place == 0:
                continue
            for value in np.unique(np.ravel(np.asarray(entry.answer(variant).right, dtype=float))):
                for digits in (6, 8, 12):
                    text = f"{abs(value):.{digits}g}"
                    if "e" not in text and len(text.replace(".", "").strip("0")) >= 6:
                        yield f"{name}, exercise {task}, the answer of variant {place}", text


def leaks(files: Mapping[str, str], secrets: list[tuple[str, str]]) -> list[str]:
    """Which of the secrets are in which of the files."""
    found = []
    for name, content in files.items():
        text = plain(content)
        found += [f"{name} holds {what}: {secret}" for what, secret in secrets if secret in text]
    return found
