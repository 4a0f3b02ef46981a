"""Reading an answer: the numbers or words that were asked for, in the order of the question, or one sentence.

Answers come as `values.plain` writes them, so that what the check reads and what marking reads is the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeGuard, cast

import numpy as np

from valuechains.checks import han
from valuechains.checks import words as spelling
from valuechains.checks.numerals import parsed
from valuechains.checks.values import LABELLED, label
from valuechains.tongue import count, say, to_say

DECIMALS = (
    to_say("whole numbers"),
    to_say("one decimal"),
    to_say("two decimals"),
    to_say("three decimals"),
    to_say("four decimals"),
    to_say("five decimals"),
)
BETWEEN = (  # entries written in one text; the first that gives as many
    r"[;\n]",
    r",\s|\band\b|[和与及]",
    ",",
    r"\s/\s",
    r"\s*(?:->|[\N{RIGHTWARDS ARROW}<>])\s*",
    # with blanks on both sides or on none: a minus has one before it
    r"\s(?:to|by|[-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}])\s|(?<=\d)[-\N{EN DASH}\N{MINUS SIGN}](?=\d)",
    r"\s+",
)
BETWEEN_ROWS = (r"\]\s*,?\s*\[", r"[;\n]")


class UnreadableAnswer(ValueError):
    """The variable does not hold what was asked for; the message is the sentence for the student."""


def answered(answer: object) -> bool:
    """Whether anything was put in place of the dots, everywhere."""
    if answer is None or answer == {"$": "dots"} or (isinstance(answer, str) and not answer.strip()):
        return False
    if isinstance(answer, Mapping) and answer.get("$") in (*LABELLED, "set"):
        items = [pair[1] for pair in answer["is"]] if answer["$"] in LABELLED else answer["is"]
        return bool(items) and all(map(answered, items))
    if isinstance(answer, list):
        return bool(answer) and all(map(answered, answer))
    return True


def read_numbers(name: str, answer: object, task: Mapping) -> np.ndarray:
    """The answer as an array, of the shape asked for unless it cannot be brought there."""
    answer = _arranged(name, _apart(_unnamed(answer, task), task["shape"], task), task)
    numbers = _each(answer, lambda leaf, places: _number(_where(name, places), leaf, task))
    try:
        given = np.asarray(numbers, dtype=float)
    except ValueError:
        raise UnreadableAnswer(
            say(
                "`{name}` has rows of different lengths, and {asked}: give each row as many numbers.",
                name=name,
                asked=asked(task),
            )
        ) from None
    if given.shape != tuple(task["shape"]):
        given = given.squeeze()
    if not np.isfinite(given).all():
        raise UnreadableAnswer(_infinite(name, given, task))
    return given


def _unnamed(answer: object, task: Mapping) -> object:
    """A text without the name of its variable, which some write again: "share = 0.26"."""
    before = rf"\A\s*{re.escape(task['name'])}\s*[:=]\s*"
    return re.sub(before, "", answer) if isinstance(answer, str) else answer


def _apart(answer: object, shape: Sequence[int], task: Mapping) -> object:
    """Rows that are written as one text, such as "0.31; 0.28; 0.4" or "A: 0.31, B: 0.28", as the rows that they are."""
    if not isinstance(answer, str) or not shape or list(shape) == [1]:
        return answer
    answer = spelling.punctuated(answer)
    for mark in BETWEEN_ROWS if len(shape) == 2 else BETWEEN:
        parts = [part.strip(" ()[]{}") for part in re.split(mark, answer.strip(" \n()[]{}"))]
        parts = [part for part in parts if part]
        if len(parts) == shape[0]:
            return [_apart(part, shape[1:], task) for part in parts] if len(shape) == 2 else _named(parts, task)
    return answer


def _named(parts: list[str], task: Mapping) -> object:
    """Parts of a text, each with its label before it, as a dict."""
    axes = labelled(task)
    for pair in (r"(.+?)\s*(?:[:=)为是]|\.(?=\s))\s*(.+)", r"(.+)\s(\S+)"):
        found = [re.fullmatch(pair, part) for part in parts]
        pairs = [[_label(one[1], task), one[2]] for one in found if one]
        if len(axes) == 1 and len(pairs) == len(parts) and all(_which(one, axes[0]) is not None for one, _ in pairs):
            return {"$": "dict", "is": pairs}
    return parts


def _label(name: str, task: Mapping) -> str:
    return han.label(spelling.typed(name), task.get("also") or {}) if han.WRITING.search(name) else name


def _relabelled(answer: object, task: Mapping) -> object:
    """The answer with its labels in the words of the question."""
    if isinstance(answer, list):
        return [_relabelled(item, task) for item in answer]
    if not _is(answer, *LABELLED):
        return answer
    pairs = [[_label(name, task), _relabelled(item, task)] for name, item in answer["is"]]
    columns = {"columns": [_label(name, task) for name in answer["columns"]]} if "columns" in answer else {}
    return {**answer, "is": pairs, **columns}


def misshapen(name: str, given: np.ndarray, task: Mapping) -> str:
    """The sentence for numbers of another shape than the one asked for."""
    shape = tuple(task["shape"])
    about = {"name": name, "has": _shape(given.shape), "asked": asked(task)}
    flat = np.ravel(given)
    most = math.prod(shape)
    if given.ndim == 1 and most < flat.size <= 3 * most and _groups(flat):
        example = "1128.45" if (flat % 1).any() else "1128"
        return say(
            "`{name}` has {has}, and {asked}: a comma in a number makes two of it, so write {one} and not {two}.",
            one=example,
            two=f"1,{example[1:]}",
            **about,
        )
    if sorted(given.shape) == sorted(shape) and given.ndim == 2:
        return say("`{name}` has {has}, and {asked}: rows and columns are swapped.", **about)
    return say("`{name}` has {has}, and {asked}.", **about)


def read_words(name: str, answer: object, task: Mapping) -> list[str]:
    """The answer as a list of words, each one of the options."""
    number, options = task["count"], task["options"]
    answer = _arranged(name, _apart(_unnamed(answer, task), [number], task), task)
    given = answer if isinstance(answer, list) else [answer]
    while number == 1 and len(given) == 1 and isinstance(given[0], list):
        given = given[0]
    if number == 1 and _names_several(options):  # a list may be the parts of one option
        given = [given]
    given = [_unwrapped(word) for word in given]
    if len(given) != number:
        if isinstance(answer, str):
            raise UnreadableAnswer(
                count(
                    "`{name}` has {has}, and {number} is asked for: give a list, or put a semicolon between them.",
                    "`{name}` has {has}, and {number} are asked for: give a list, or put a semicolon between them.",
                    number,
                    name=name,
                    has=entries(len(given)),
                )
            )
        raise UnreadableAnswer(too_few(name, len(given), number))
    return [_word(name, place, word, task) for place, word in enumerate(given)]


def entries(number: int) -> str:
    return count("{number} entry", "{number} entries", number)


def too_few(name: str, given: int, number: int) -> str:
    """The sentence for another number of entries than the one asked for."""
    return count(
        "`{name}` has {has}, and {number} is asked for.",
        "`{name}` has {has}, and {number} are asked for.",
        number,
        name=name,
        has=entries(given),
    )


def entry(task: Mapping, place: int) -> str:
    """What to call an entry of an answer: by its label, or by its place."""
    shape: Sequence[int] = task.get("shape") or ()
    labels = [*labelled(task), (), ()]
    if len(shape) == 2:
        row, column = divmod(place, shape[1])
        return say("row {row}, column {column}", row=_name(labels[0], row), column=_name(labels[1], column))
    return repr(str(labels[0][place])) if labels[0] else say("entry {number}", number=place + 1)


def labelled(task: Mapping) -> list[Sequence[str]]:
    """The labels of each axis of an answer, as far as the question gives names."""
    return [task["keys"]] if task.get("keys") else list(task.get("labels") or ())


def asked(task: Mapping) -> str:
    """What is asked for, in half a sentence: "3 numbers are asked for"."""
    shape = tuple(task["shape"])
    if not shape:
        return say("one number is asked for")
    if len(shape) == 1:
        return count("{number} number is asked for", "{number} numbers are asked for", shape[0])
    return say("a table of {rows} rows and {columns} columns is asked for", rows=shape[0], columns=shape[1])


def listed(options: Iterable[str]) -> str:
    """Choices in a row, each in quotes: a comma in one does not make two of it."""
    return say("list|; ").join(f'"{option}"' for option in options)


def kind(answer: object) -> str:
    """What an answer is instead, for a sentence."""
    if isinstance(answer, str):
        return say("text")
    if isinstance(answer, bool):
        return say("the word {word}", word=answer)
    if isinstance(answer, (int, float)) or _is(answer, "float"):
        return say("a number")
    if _is(answer, "other"):
        return say("a complex number") if answer["is"] == "complex" else say("of type {type}", type=answer["is"])
    for name, words in (("dict", say("a dict")), ("series", say("a Series")), ("frame", say("a DataFrame"))):
        if _is(answer, name):
            return words
    return say("a set") if _is(answer, "set") else say("a list")


def _arranged(name: str, answer: object, task: Mapping) -> object:
    """Lists in lists: what has labels is brought into the order of the question."""
    axes = labelled(task)
    answer = _relabelled(answer, task)
    if _is(answer, "set"):
        return _in_a_row(name, answer["is"], task)
    answer = _by_label(answer, axes)
    if len(axes) == 2 and _is(answer, *LABELLED):
        pairs = _pairs(answer)
        rows, columns = (sum(_which(label, axis) is not None for label, _ in pairs) for axis in axes)
        if columns > rows:  # column by column
            return _turned(name, cast(list, _in_order(name, answer, axes[::-1], task)))
    if len(axes) == 1 and _is(answer, "frame") and _is_by_columns(answer, axes[0]):
        answer = _by_columns(answer)
    return _in_order(name, answer, axes, task)


def _by_label(answer: object, axes: Sequence[Sequence[str]]) -> object:
    """What carries its labels among its entries (pairs, a first column, both labels in one), labelled by them."""
    rows = [row for _, row in answer["is"]] if _is(answer, "frame") else answer
    if axes and isinstance(rows, list) and all(isinstance(row, list) and len(row) > len(axes) for row in rows):
        names = [label(row[0]) for row in rows]
        if _all_of(names, axes[0]):
            pairs = [[name, row[1:]] for name, row in zip(names, rows)]
            if _is(answer, "frame"):
                return {**answer, "is": pairs, "columns": answer["columns"][1:]}
            return {"$": "dict", "is": [[name, rest if len(axes) == 2 else rest[0]] for name, rest in pairs]}
    if len(axes) == 2 and _is(answer, "dict", "series"):
        places = {f"{row} {column}": (row, column) for row in axes[0] for column in axes[1]}
        found = {places[one]: item for one, item in answer["is"] if one in places}
        if len(found) == len(places):
            return [[found[row, column] for column in axes[1]] for row in axes[0]]
    return answer


def _in_order(name: str, answer: object, axes: Sequence[Sequence[str]], task: Mapping) -> object:
    if not _is(answer, *LABELLED):
        return [_in_order(name, item, axes[1:], task) for item in answer] if isinstance(answer, list) else answer
    pairs, own = _pairs(answer), axes[0] if axes else ()
    found: dict[int, object] = {}
    for which in (_which, _meant):
        for key, item in pairs:
            place = which(key, own)
            if place is not None:
                found.setdefault(place, item)
    lacking = [label for place, label in enumerate(own) if place not in found]
    strict = task.get("keys") and _is(answer, "dict")
    if own and lacking and (found or strict) and not (len(found) < len(own) <= 1):
        raise UnreadableAnswer(
            say(
                "`{name}` has no entry {entry}: give {entries}.", name=name, entry=repr(lacking[0]), entries=listed(own)
            )
        )
    items = [found[place] for place in range(len(own))] if own and not lacking else [item for _, item in pairs]
    return [_in_order(name, item, axes[1:], task) for item in items]


def _in_a_row(name: str, items: list, task: Mapping) -> list:
    if len(items) > 1:
        if not task.get("ascending"):
            raise UnreadableAnswer(say("`{name}` is a set, which has no order: give a list.", name=name))
        return sorted(items, key=lambda item: item if isinstance(item, (int, float)) else math.inf)
    return items


def _all_of(names: Sequence[str], labels: Sequence[str]) -> bool:
    """Whether the names are the labels, each once, in any order."""
    places = {_which(name, labels) for name in names}
    return len(names) == len(labels) and places == set(range(len(labels)))


def _which(label: str, labels: Sequence[str]) -> int | None:
    own = spelling.bare(label)
    return next((place for place, one in enumerate(labels) if spelling.bare(str(one)) == own), None)


def _meant(label: str, labels: Sequence[str]) -> int | None:
    """The one label that another name for it means: "South Korea" for "Korea"."""
    names = [*map(str, labels)]
    said = spelling.chosen(label, names)
    return None if said is None else names.index(said)


def _pairs(answer: Mapping) -> list:
    """Labels and items; the rows of a frame are labelled too."""
    if answer["$"] != "frame":
        return answer["is"]
    return [
        [label, {"$": "dict", "is": [[column, item] for column, item in zip(answer["columns"], row)]}]
        for label, row in answer["is"]
    ]


def _is_by_columns(frame: Mapping, labels: Sequence[str]) -> bool:
    return _all_of(frame["columns"], labels) or all(_which(name, labels) is None for name, _ in frame["is"])


def _by_columns(frame: Mapping) -> dict:
    rows = [row for _, row in frame["is"]]
    return {"$": "dict", "is": [[name, [row[at] for row in rows]] for at, name in enumerate(frame["columns"])]}


def _turned(name: str, columns: list) -> list:
    try:
        return [list(row) for row in zip(*columns, strict=True)]
    except (TypeError, ValueError):
        sentence = say("`{name}` has columns of different lengths: give each as many numbers.", name=name)
        raise UnreadableAnswer(sentence) from None


def _each(answer: object, read: Callable[[object, tuple], object], places: tuple[int, ...] = ()) -> object:
    if isinstance(answer, list):
        return [_each(item, read, (*places, place + 1)) for place, item in enumerate(answer)]
    return read(answer, places)


def _where(name: str, places: Iterable[int]) -> str:
    return say(", ").join([f"`{name}`", *(say("entry {number}", number=place) for place in places)])


def _number(where: str, leaf: object, task: Mapping) -> float:
    if isinstance(leaf, str):
        return _from_text(where, leaf, task)
    if _is(leaf, "float"):
        return float(leaf["is"])
    if isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
        return float(leaf)
    raise UnreadableAnswer(say("{where} is {what}, and {asked}.", where=where, what=kind(leaf), asked=asked(task)))


def _from_text(where: str, text: str, task: Mapping) -> float:
    """A number that is written as text: as people and pages write it."""
    number = parsed(text, task["unit"], task["decimals"])
    if number is None:
        shown = spelling.typed(text)
        shown = shown if len(shown) <= 30 else f"{shown[:30]}..."
        raise UnreadableAnswer(
            say(
                "{where} is the text {text}, and {asked}: give digits alone, without a unit and without quotation "
                "marks ({unit}).",
                where=where,
                text=repr(shown),
                asked=asked(task),
                unit=say(task["unit"]),
            )
        )
    return number


def _word(name: str, place: int, word: object, task: Mapping) -> str:
    found = spelling.chosen(word, task["options"], task.get("also"))
    if found is not None:
        return found
    where = f"`{name}`"
    if task["count"] > 1:
        where = say("In {name}, {entries}", name=where, entries=entry(task, place))
    shown = repr(spelling.typed(word)[:40]) if isinstance(word, str) else _shown(word)
    if len(task["options"]) <= 15:
        options = listed(task["options"])
        raise UnreadableAnswer(
            say("{where} is {what}: choose one of {options}.", where=where, what=shown, options=options)
        )
    raise UnreadableAnswer(say("{where} is {what}: give a code as in the table above.", where=where, what=shown))


def _shown(word: object) -> str:
    if _is(word, "float"):
        return say("a missing value")
    return f"{word:g}" if isinstance(word, (int, float)) and not isinstance(word, bool) else kind(word)


def _unwrapped(word: object) -> object:
    """The one word of a list of one; what a set names, as a list."""
    word = word["is"] if _is(word, "set") else word
    while isinstance(word, list) and len(word) == 1:
        word = word[0]
    return word


def _names_several(options: Sequence[str]) -> bool:
    return any("," in option or " and " in option for option in options)


def _groups(flat: np.ndarray) -> bool:
    """Whether the numbers could be pieces of numbers that were written with commas: 1,128.45 is 1 and 128.45."""
    first, second = np.abs(flat[:-1]), flat[1:]
    whole = (first == np.floor(first)) & (first >= 1) & (first < 1000)
    return bool((whole & (second >= 100) & (second < 1000)).any())


def _infinite(name: str, given: np.ndarray, task: Mapping) -> str:
    """The sentence for a number that is none."""
    if given.shape != tuple(task["shape"]) or given.size < 2:
        return say(
            "`{name}` holds a missing or infinite value: look for a division by zero or an empty selection.", name=name
        )
    return say(
        "`{name}` holds a missing or infinite value ({entry}): look for a division by zero or an empty selection.",
        name=name,
        entry=entry(task, int(np.argmin(np.isfinite(np.ravel(given))))),
    )


def _shape(shape: tuple[int, ...]) -> str:
    if not shape:
        return say("one number")
    if len(shape) == 1:
        return count("{number} number", "{number} numbers", shape[0])
    return say("the shape {shape}", shape=" x ".join(map(str, shape)))


def _name(labels: Sequence[str], place: int) -> str:
    return str(labels[place]) if labels else str(place + 1)


def _is(answer: object, *kinds: str) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(answer, Mapping) and answer.get("$") in kinds
