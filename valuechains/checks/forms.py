"""Reading a filled-in form: a dict with the fields asked for, or a list of them. What it says is for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from valuechains.checks import words
from valuechains.checks.answers import UnreadableAnswer, answered, kind, listed, too_few
from valuechains.checks.numerals import parsed
from valuechains.checks.values import LABELLED
from valuechains.tongue import count, say

LONGEST = 40  # characters of a value that a sentence repeats


@dataclass(frozen=True)
class Asked:
    """A field of a form: where the form stands, the field's name, and all fields as they were given."""

    where: str
    name: str
    fields: Mapping

    def says(self, message: str, **about: object) -> str:
        """A sentence about the field."""
        return message.format(where=self.where, field=repr(self.name), **about)


def read_form(name: str, answer: object, task: Mapping) -> None:
    """Whether every field of every form is as asked for; UnreadableAnswer says which is not."""
    forms, least = _forms(answer), task.get("count", 1)
    if len(forms) < least:
        raise UnreadableAnswer(too_few(name, len(forms), least))
    read = []
    for number, form in enumerate(forms, start=1):
        where = say("Entry {number} of `{name}`", number=number, name=name) if len(forms) > 1 else f"`{name}`"
        if not isinstance(form, Mapping) or form.get("$") not in ("dict", "series"):
            said = say("{where} is {what}, and a dict with the fields {fields} is asked for.")
            raise UnreadableAnswer(said.format(where=where, what=kind(form), fields=listed(task["fields"])))
        given = {words.bare(label): value for label, value in form["is"]}
        fields = {field: given.get(words.bare(field)) for field in task["fields"]}
        for field, rule in task["fields"].items():
            fault = _fault(fields[field], rule, Asked(where, field, fields))
            if fault:
                raise UnreadableAnswer(fault)
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


def _fault(value: object, rule: Mapping, asked: Asked) -> str | None:
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not answered(value):
        return asked.says(say("{where}: the field {field} is empty."))
    for name, faulty in FAULTS.items():
        fault = faulty(value, rule[name], asked) if name in rule else None
        if fault:
            return fault
    return None


def _option(value: object, options: list, asked: Asked) -> str | None:
    if words.chosen(value, map(str, options)):
        return None
    said = say("{where}: the field {field} is {what}: choose one of {options}.")
    return asked.says(said, what=_shown(value), options=listed(options))


def _words(value: object, least: int, asked: Asked) -> str | None:
    if not isinstance(value, (str, int, float)):
        return asked.says(say("{where}: the field {field} is {what}, and text is asked for."), what=kind(value))
    number = words.counted(str(value))
    if number >= least:
        return None
    has = count("{number} word", "{number} words", number)
    return asked.says(
        say("{where}: the field {field} has {has}, and at least {least} are asked for."), has=has, least=least
    )


def _between(value: object, bounds: tuple[float, float], asked: Asked) -> str | None:
    low, high = bounds
    number = parsed(value, "fraction" if high <= 1 else " ".join(asked.fields)) if isinstance(value, str) else value
    about = {"low": f"{low:g}", "high": f"{high:g}"}
    outside = say("{where}: the field {field} is {what}, and a number from {low} to {high} is asked for.")
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        return asked.says(outside, what=_shown(value), **about)
    if low <= number <= high:
        return None
    if high <= 1 and low <= number / 100 <= high:
        outside = say(
            "{where}: the field {field} is {what}, and a number from {low} to {high} is asked for: a percentage is "
            "divided by 100."
        )
    return asked.says(outside, what=f"{number:g}", **about)


def _date(value: object, _: bool, asked: Asked) -> str | None:
    if isinstance(value, str) and words.day(value):
        return None
    said = say('{where}: the field {field} is {what}, and a date such as "2030-12-31" is asked for.')
    return asked.says(said, what=_shown(value))


def _after(value: object, day: str, asked: Asked) -> str | None:
    given = words.day(str(value))
    if given and given > date.fromisoformat(day):
        return None
    said = say("{where}: the field {field} is {what}, and a day after {day} is asked for.")
    return asked.says(said, what=given or _shown(value), day=day)


def _contains(value: object, part: str, asked: Asked) -> str | None:
    if part in words.typed(str(value)):
        return None
    return asked.says(say("{where}: the field {field} has no {part} in it."), part=repr(part))


def _unlike(value: object, other: str, asked: Asked) -> str | None:
    if words.bare(str(value)) != words.bare(str(asked.fields[other])):
        return None
    said = say("{where}: the field {field} says the same as {other}, and another is asked for.")
    return asked.says(said, other=repr(other))


FAULTS: dict[str, Callable[[Any, Any, Asked], str | None]] = {
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
            twice = say(
                "Entries {first} and {second} of `{name}` have the same {field}: give one that is not there yet."
            )
            raise UnreadableAnswer(twice.format(first=seen[said], second=number, name=name, field=repr(field)))
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
