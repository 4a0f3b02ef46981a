"""The short questions of a chapter, read from ``exercises/02-services/questions.yml``.

That file is a list; each entry has an `id`, a `kind`, a `text` (inline Markdown) and, in `after`, the id of a heading
of the page, such as how-large-are-services: there the question stands, after the heading's own text and before the
headings below it. Further, an entry has

choice   `options`, three or four, each with `text` and with `says`, what the page answers to it; one is `right: true`
number   `answer`, an expression such as "0.6**2 + 0.4**2" or "{ledger: A1-1-05.growth} / 2", its `tolerance` and, if it
         has one, `unit`; `right`, what the page says to it; `mistakes`, two or three, each with a `value` and what the
         page `says`; and a `nudge` for any other number
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import yaml

from valuechains import evidence

OPERATORS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: dict[str, Callable[[float], float]] = {"sqrt": math.sqrt, "exp": math.exp, "ln": math.log}
LEDGER = re.compile(r"\{ledger: ([^}]+)\}")
SLUG = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class ChoiceQuestion:
    """A question with options, of which `right` is the place of the right one."""

    id: str
    text: str
    options: tuple[str, ...]
    says: tuple[str, ...]
    right: int
    after: str = ""

    @property
    def key(self) -> dict:
        """What the page needs to answer."""
        return {"id": self.id, "right": self.right, "says": self.says}


@dataclass(frozen=True)
class NumberQuestion:
    """A question for a number; `mistakes` are wrong values, each with what went wrong."""

    id: str
    text: str
    answer: float
    tolerance: float
    unit: str
    right: str
    mistakes: tuple[tuple[float, str], ...]
    nudge: str
    after: str = ""

    @property
    def key(self) -> dict:
        """What the page needs to answer."""
        return {
            "id": self.id,
            "answer": _short(self.answer),
            "within": self.tolerance,
            "unit": self.unit,
            "right": self.right,
            "wrong": [[_short(value), says] for value, says in self.mistakes],
            "nudge": self.nudge,
        }


def read(file: Path) -> list[ChoiceQuestion | NumberQuestion]:
    """The questions of a file, in order; ValueError says in one sentence what is wrong, where, and what to do."""
    where = "/".join(file.parts[-3:])
    entries = _entries(file, where)
    questions: dict[str | int, ChoiceQuestion | NumberQuestion] = {}
    for place, entry in enumerate(entries, start=1):
        name = entry.get("id", place) if isinstance(entry, Mapping) else place
        try:
            if name in questions:
                raise ValueError("another question has this id: give each its own.")
            questions[name] = _question(entry)
        except ValueError as fault:
            raise ValueError(f"{where}, question {name}: {fault}") from None
    return list(questions.values())


def _entries(file: Path, where: str) -> list:
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{where} is missing: write the questions of the chapter there.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ValueError(f"{where}, line {line}: this is not YAML; quote a text that holds a colon.") from None
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"{where}: begin each question with a hyphen, so that the file is a list.")
    return entries


def _question(entry: object) -> ChoiceQuestion | NumberQuestion:
    kinds: dict[object, Callable[[Mapping], ChoiceQuestion | NumberQuestion]] = {"choice": _choice, "number": _number}
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or kind not in kinds:
        raise ValueError(f"its kind is {kind!r}: write choice or number.")
    if not SLUG.fullmatch(str(entry.get("id"))):
        raise ValueError("its id must be of small letters, digits and hyphens: write one such as value-share.")
    return kinds[kind](entry)


def _choice(entry: Mapping) -> ChoiceQuestion:
    _require(entry, "id", "kind", "text", "options", optional=("after",))
    options = _several(entry, "options", 3, 4)
    for option in options:
        _require(option, "text", "says", optional=("right",))
    texts, says = (tuple(option[field] for option in options) for field in ("text", "says"))
    if len(set(texts)) < len(texts):
        raise ValueError("two options read alike: word them differently.")
    right = [place for place, option in enumerate(options) if option.get("right") is True]
    if len(right) != 1:
        raise ValueError(f"{len(right)} options are marked right: write right: true at exactly one.")
    return ChoiceQuestion(entry["id"], entry["text"], texts, says, right[0], entry.get("after", ""))


def _number(entry: Mapping) -> NumberQuestion:
    needed = ("id", "kind", "text", "answer", "tolerance", "right", "mistakes", "nudge")
    _require(entry, *needed, optional=("unit", "after"))
    mistakes = _several(entry, "mistakes", 2, 3)
    for mistake in mistakes:
        _require(mistake, "value", "says")
    answer = evaluate(entry["answer"])
    if answer <= 0:
        raise ValueError("the answer must be above zero, as number keys of phones have no minus: ask for a size.")
    tolerance = entry["tolerance"]
    if not isinstance(tolerance, (int, float)) or not 0 < tolerance < answer / 5:
        raise ValueError("the tolerance must be above zero and under a fifth of the answer: write such a number.")
    wrong = tuple((evaluate(mistake["value"]), mistake["says"]) for mistake in mistakes)
    _apart([answer, *(value for value, _ in wrong)], tolerance)
    return NumberQuestion(
        entry["id"],
        entry["text"],
        answer,
        tolerance,
        entry.get("unit", ""),
        entry["right"],
        wrong,
        entry["nudge"],
        entry.get("after", ""),
    )


def _require(entry: object, *fields: str, optional: tuple[str, ...] = ()) -> None:
    """Every field is there and filled, and no other is."""
    given = entry if isinstance(entry, Mapping) else {}
    lacking = [field for field in fields if given.get(field) in (None, "")]
    unknown = [str(field) for field in given if field not in (*fields, *optional)]
    if lacking:
        raise ValueError(f"{' and '.join(lacking)} must be filled in wherever {', '.join(fields)} belong: add it.")
    if unknown:
        raise ValueError(f"{' and '.join(unknown)} means nothing here: use {', '.join((*fields, *optional))}.")
    for field in ("text", "says", "right", "nudge"):
        if field in fields and not isinstance(given[field], str):
            raise ValueError(f"{field} is {given[field]!r} and not a text: put it in quotes.")


def _several(entry: Mapping, field: str, least: int, most: int) -> list:
    found = entry[field]
    if not isinstance(found, list) or not least <= len(found) <= most:
        raise ValueError(f"it needs {least} or {most} {field}: list them, each with a hyphen.")
    return found


def _apart(values: list[float], tolerance: float) -> None:
    """A mistake that the tolerance cannot tell from the answer, or from another one, would get the wrong reply."""
    for one, other in combinations(values, 2):
        if abs(one - other) <= tolerance:
            raise ValueError(
                f"{one:g} and {other:g} are within the tolerance of each other: "
                "change the numbers, or make the tolerance smaller."
            )


def evaluate(source: object) -> float:
    """What an arithmetic expression comes to; nothing but arithmetic on numbers and on the ledger is run."""
    if isinstance(source, Mapping) and "ledger" in source:
        source = f"{{ledger: {source['ledger']}}}"
    try:
        expression = LEDGER.sub(lambda found: f"({evidence.number(found[1]).value})", str(source))
        value = _value(ast.parse(expression, mode="eval").body)
    except evidence.UnknownEntry as error:
        raise ValueError(str(error)) from None
    except (SyntaxError, ArithmeticError, ValueError):
        value = math.nan
    if isinstance(value, complex) or not math.isfinite(value):
        known = "numbers, + - * / **, brackets, " + ", ".join(FUNCTIONS)
        raise ValueError(f"{str(source)!r} cannot be computed: use {known} and {{ledger: claim.number}} only.")
    return value


def _value(part: ast.expr) -> float:
    match part:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.BinOp(left, kind, right) if type(kind) in OPERATORS:
            return OPERATORS[type(kind)](_value(left), _value(right))
        case ast.UnaryOp(kind, operand) if type(kind) in OPERATORS:
            return OPERATORS[type(kind)](_value(operand))
        case ast.Call(ast.Name(name), [argument], []) if name in FUNCTIONS:
            return FUNCTIONS[name](_value(argument))
    raise SyntaxError


def _short(value: float) -> float:
    """Digits enough to compare, and no more on the page."""
    return float(f"{value:.8g}")
