"""Reading what a student's variable holds: the numbers, words or filled-in forms that were asked for, or one
sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

TODO = ...  #: what a student finds in place of an answer
SHAPES = {0: "one number", 1: "numbers in one row", 2: "a table"}


class Unreadable(ValueError):
    """The variable does not hold what was asked for; the message is the sentence for the student."""


def answered(answer: object) -> bool:
    """Whether anything was put in place of the dots, everywhere."""
    if answer is TODO or answer is None or (isinstance(answer, str) and not answer.strip()):
        return False
    if isinstance(answer, Mapping):
        return bool(answer) and all(answered(value) for value in answer.values())
    if isinstance(answer, (list, tuple)):
        return bool(answer) and all(answered(value) for value in answer)
    return True


def read_numbers(name: str, answer: object, task: Mapping) -> np.ndarray:
    """The answer as an array of the shape asked for; Unreadable says what it is instead."""
    shape = tuple(task["shape"])
    answer = _in_order(name, answer, task.get("keys"))
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise Unreadable(f"`{name}` is {_kind(answer)}, and {_wanted(shape)} asked for.") from None
    if given.ndim > len(shape):
        given = given.squeeze()
    if given.shape != shape:
        raise Unreadable(f"`{name}` has {_counted(given.shape)}, and {_wanted(shape)} asked for.")
    if not np.isfinite(given).all():
        raise Unreadable(
            f"`{name}` holds a missing or infinite value: look for a division by zero or an empty selection."
        )
    return given


def read_words(name: str, answer: object, task: Mapping) -> list[str]:
    """The answer as a list of words, each one of the options."""
    count, options = task["count"], task["options"]
    answer = _in_order(name, answer, task.get("keys"))
    words = [answer] if isinstance(answer, (str, bool)) or not hasattr(answer, "__iter__") else list(answer)
    if len(words) != count:
        raise Unreadable(f"`{name}` has {len(words)} entries, and {count} are asked for.")
    words = [str(word) if isinstance(word, (bool, np.bool_)) else word for word in words]
    for place, word in enumerate(words):
        if word not in options:
            where = f"Entry {place + 1} of `{name}`" if count > 1 else f"`{name}`"
            choices = (
                f"choose one of {', '.join(options)}" if len(options) <= 15 else "give a code as in the table above"
            )
            raise Unreadable(f"{where} is {word!r}: {choices}.")
    return words


def read_form(name: str, answer: object, task: Mapping) -> None:
    """Whether a filled-in form (a dict, or a list of them) has every field in the form asked for."""
    forms = answer if isinstance(answer, (list, tuple)) else [answer]
    count = task.get("count", 1)
    if len(forms) < count:
        raise Unreadable(f"`{name}` has {len(forms)} entries, and {count} are asked for.")
    for number, form in enumerate(forms, start=1):
        where = f"Entry {number} of `{name}`" if len(forms) > 1 else f"`{name}`"
        if not isinstance(form, Mapping):
            raise Unreadable(
                f"{where} is {_kind(form)}, and a dict with the fields {', '.join(task['fields'])} is asked for."
            )
        for field, rule in task["fields"].items():
            fault = _fault(form.get(field), rule)
            if fault:
                raise Unreadable(f"{where}: the field {field!r} {fault}.")


def _fault(value: object, rule: Mapping) -> str | None:
    if not answered(value):
        return "is empty"
    if "options" in rule and value not in rule["options"]:
        return f"is {value!r}: choose one of {', '.join(map(str, rule['options']))}"
    if "words" in rule and len(str(value).split()) < rule["words"]:
        return f"has {len(str(value).split())} words, and at least {rule['words']} are asked for"
    if "between" in rule:
        low, high = rule["between"]
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
            return f"is {value!r}, and a number from {low:g} to {high:g} is asked for"
    if rule.get("date") and not _is_date(value):
        return f'is {value!r}, and a date such as "2030-12-31" is asked for'
    if "contains" in rule and rule["contains"] not in str(value):
        return f"has no {rule['contains']!r} in it"
    return None


def _in_order(name: str, answer: object, keys: list[str] | None) -> object:
    """Values of a dict or a Series in the order of the question; anything else as it is."""
    if isinstance(answer, pd.Series) and keys and set(map(str, answer.index)) != set(keys):
        return answer.to_numpy()
    if not isinstance(answer, (Mapping, pd.Series)):
        return answer
    if not keys:
        return answer.to_numpy() if isinstance(answer, pd.Series) else list(answer.values())
    given = {str(key): value for key, value in answer.items()}
    lacking = [key for key in keys if key not in given]
    if lacking:
        raise Unreadable(f"`{name}` has no entry {lacking[0]!r}: give {', '.join(keys)}.")
    return [given[key] for key in keys]


def _is_date(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _wanted(shape: tuple[int, ...]) -> str:
    if not shape:
        return "one number is"
    return f"{shape[0]} numbers are" if len(shape) == 1 else f"a table of {shape[0]} rows and {shape[1]} columns is"


def _counted(shape: tuple[int, ...]) -> str:
    if not shape:
        return "one number"
    return f"{shape[0]} numbers" if len(shape) == 1 else f"the shape {' x '.join(map(str, shape))}"


def _kind(answer: object) -> str:
    return "text" if isinstance(answer, str) else f"of type {type(answer).__name__}"
