"""Reading a filled-in form: a dict with the fields asked for, or a list of them. What it says is for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from valuechains.checks import words
from valuechains.checks.answers import UnreadableAnswer, answered, kind, listed, number_of
from valuechains.checks.numerals import parsed
from valuechains.checks.values import LABELLED

LONGEST = 40  # characters of a value that a sentence repeats


def read_form(name: str, answer: object, task: Mapping) -> None:
    """Whether every field of every form is as asked for; UnreadableAnswer says which is not."""
    forms, count = _forms(answer), task.get("count", 1)
    if len(forms) < count:
        have = number_of(len(forms), "entry", "entries")
        raise UnreadableAnswer(f"`{name}` has {have}, and {number_of(count, 'is', 'are')} asked for.")
    read = []
    for number, form in enumerate(forms, start=1):
        where = f"Entry {number} of `{name}`" if len(forms) > 1 else f"`{name}`"
        if not isinstance(form, Mapping) or form.get("$") not in ("dict", "series"):
            raise UnreadableAnswer(
                f"{where} is {kind(form)}, and a dict with the fields {listed(task['fields'])} is asked for."
            )
        given = {words.bare(label): value for label, value in form["is"]}
        fields = {field: given.get(words.bare(field)) for field in task["fields"]}
        for field, rule in task["fields"].items():
            fault = _fault(fields[field], rule, fields)
            if fault:
                raise UnreadableAnswer(f"{where}: the field {field!r} {fault}.")
        read.append(fields)
    _distinct(name, read, task)


def _forms(answer: object) -> list:
    if isinstance(answer, Mapping) and answer.get("$") == "frame":
        return [{"$": "dict", "is": [list(pair) for pair in zip(answer["columns"], row)]} for _, row in answer["is"]]
    if isinstance(answer, Mapping) and answer.get("$") in LABELLED:
        inner = [item for _, item in answer["is"]]
        several = inner and all(isinstance(item, Mapping) and item.get("$") in LABELLED for item in inner)
        return inner if several else [answer]
    return answer if isinstance(answer, list) else [answer]


def _fault(value: object, rule: Mapping, fields: Mapping) -> str | None:
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not answered(value):
        return "is empty"
    for name, faulty in FAULTS.items():
        fault = faulty(value, rule[name], fields) if name in rule else None
        if fault:
            return fault
    return None


def _option(value: object, options: list, _: Mapping) -> str | None:
    return None if words.chosen(value, map(str, options)) else f"is {_shown(value)}: choose one of {listed(options)}"


def _words(value: object, least: int, _: Mapping) -> str | None:
    if not isinstance(value, (str, int, float)):
        return f"is {kind(value)}, and text is asked for"
    count = words.counted(str(value))
    return None if count >= least else f"has {number_of(count, 'word', 'words')}, and at least {least} are asked for"


def _between(value: object, bounds: tuple[float, float], fields: Mapping) -> str | None:
    low, high = bounds
    number = parsed(value, "fraction" if high <= 1 else " ".join(fields)) if isinstance(value, str) else value
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        return f"is {_shown(value)}, and a number from {low:g} to {high:g} is asked for"
    if low <= number <= high:
        return None
    also = ": a percentage is divided by 100" if high <= 1 and low <= number / 100 <= high else ""
    return f"is {number:g}, and a number from {low:g} to {high:g} is asked for{also}"


def _date(value: object, _: bool, fields: Mapping) -> str | None:
    if isinstance(value, str) and words.day(value):
        return None
    return f'is {_shown(value)}, and a date such as "2030-12-31" is asked for'


def _after(value: object, day: str, _: Mapping) -> str | None:
    given = words.day(str(value))
    if given and given > date.fromisoformat(day):
        return None
    return f"is {given or _shown(value)}, and a day after {day} is asked for"


def _contains(value: object, part: str, _: Mapping) -> str | None:
    return None if part in words.typed(str(value)) else f"has no {part!r} in it"


def _unlike(value: object, other: str, fields: Mapping) -> str | None:
    same = words.bare(str(value)) == words.bare(str(fields[other]))
    return f"says the same as {other!r}, and another is asked for" if same else None


FAULTS: dict[str, Callable[[Any, Any, Mapping], str | None]] = {
    "options": _option,
    "words": _words,
    "between": _between,
    "date": _date,
    "after": _after,
    "contains": _contains,
    "unlike": _unlike,
}


def _distinct(name: str, read: list[dict], task: Mapping) -> None:
    """No two forms that say the same in the field that must tell them apart."""
    field = task.get("distinct")
    if not field:
        return
    options = task["fields"][field].get("options")
    seen: dict[object, int] = {}
    for number, fields in enumerate(read, start=1):
        said = words.chosen(fields[field], options) if options else words.bare(str(fields[field]))
        if said in seen:
            raise UnreadableAnswer(
                f"Entries {seen[said]} and {number} of `{name}` have the same {field!r}: give one that is not there "
                "yet."
            )
        seen[said] = number


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return f"{value:g}"
    if isinstance(value, str):
        text = words.typed(value)
        return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")
    return kind(value)
