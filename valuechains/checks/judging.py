"""What there is to say of an answer, given a way to tell whether it is one that is known.

    judge("1", task, answer, is_at)

`is_at(place, given)` tells whether the given numbers or words are those at a place: "right"; a mistake's number ("0");
"entry 2", the third entry of what is right; "entry 2 to 1", the same rounded to one decimal ("up to": a half rounded
up); "entry 2 cut", with digits cut off; "sum". The notebook passes sealed places and marking computed ones, so both say
the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from valuechains.checks import values
from valuechains.checks.answers import DECIMALS, UnreadableAnswer, answered, entry, misshapen, read_numbers, read_words
from valuechains.checks.forms import read_form
from valuechains.checks.numerals import percent_in
from valuechains.checks.replies import NOT_YET, Reply, State
from valuechains.tongue import count, say, together

IsAt = Callable[[str, object], bool]
NAMED = 4  # entries that a sentence names
WHOLE = 0.5  # a tolerance below it leaves room for one whole number
TENS = [10.0**power for power in (-9, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 9)]  # from one unit to another


def judge(exercise: str, task: Mapping, answer: object, is_at: IsAt) -> Reply:
    """The reply to an answer. It never raises, whatever the answer is."""
    name, written = task["name"], values.plain(answer)
    if not answered(written):
        return Reply(
            exercise,
            State.TO_DO,
            say("not done yet. Give `{name}` a value in the cell above, run it, then run this cell again.", name=name),
        )
    try:
        if task["kind"] == "form":
            read_form(name, written, task)
            praise = task.get("praise")
            said = say(praise) if praise else say("complete. What it says is read by your instructor.")
            return Reply(exercise, State.RIGHT, said)
        given: Any
        if task["kind"] == "words":
            given = read_words(name, written, task)
        else:
            given = read_numbers(name, written, task)
            if given.shape != tuple(task["shape"]):
                return Reply(exercise, State.WRONG, _of_another_shape(task, given, is_at))
    except UnreadableAnswer as sentence:
        return Reply(exercise, State.WRONG, str(sentence))
    return _compared(exercise, task, given, is_at)


def _compared(exercise: str, task: Mapping, given: np.ndarray | list[str], is_at: IsAt) -> Reply:
    entries = list(given) if task["kind"] == "words" else np.ravel(given).tolist()
    if is_at("right", given):
        if part := _broken(task, entries):
            says = _some(task, part, "{which} is no whole number.", "{which} are no whole numbers.")
            return Reply(exercise, State.WRONG, say(NOT_YET) + says)
        praise = task.get("praise")
        return Reply(exercise, State.RIGHT, together([say("right."), say(praise) if praise else ""]).rstrip())
    late = set(task.get("slips", ()))
    known = _mistake([place for place in range(len(task["mistakes"])) if place not in late], given, is_at)
    wrong = [place for place, one in enumerate(entries) if not is_at(f"entry {place}", [one])]
    if task["kind"] == "words":
        if known is not None:
            return _named_mistake(exercise, task, known)
        unfit = _some(task, wrong, "{which} does not fit.", "{which} do not fit.")
        return Reply(exercise, State.WRONG, say(NOT_YET) + unfit)
    coarse = [_rounding(task, place, entries[place], is_at) for place in wrong] if any(entries) else []
    rounded = bool(coarse) and all(coarse)
    if known is not None:
        more = [say("If you rounded it: give {digits}.", digits=_precision(task))] if rounded else []
        return _named_mistake(exercise, task, known, *more)
    if rounded:
        return Reply(exercise, State.NEARLY, _too_coarse(task, wrong, coarse))
    if (place := _mistake(sorted(late), given, is_at)) is not None:
        return _named_mistake(exercise, task, place)
    says = (
        _of_size(task, entries, wrong, is_at)
        or _moved(task, np.asarray(given), is_at)
        or _in_general(task, entries, wrong)
    )
    return Reply(exercise, State.WRONG, say(NOT_YET) + says)


def _mistake(places: list[int], given: object, is_at: IsAt) -> int | None:
    return next((place for place in places if is_at(str(place), given)), None)


def _named_mistake(exercise: str, task: Mapping, place: int, *more: str) -> Reply:
    mistake = task["mistakes"][place]
    return Reply(exercise, State.WRONG, say(NOT_YET) + together([say(mistake), *more]), place)


def _broken(task: Mapping, entries: list) -> list[int]:
    """The entries that are no whole numbers, where only a whole number can be right."""
    counted = task["kind"] == "numbers" and not task["decimals"] and task["tolerance"] < WHOLE
    return [place for place, one in enumerate(entries) if abs(one - round(one)) > 1e-6] if counted else []


def _of_another_shape(task: Mapping, given: np.ndarray, is_at: IsAt) -> str:
    name = task["name"]
    if given.ndim == 1 and not task["shape"] and is_at("right", given.sum()):
        said = say("`{name}` has {number} numbers that add up to what is asked for: give their sum, one number.")
        return said.format(name=name, number=given.size)
    if given.ndim == 0 and len(task["shape"]) == 1 and is_at("sum", given):
        said = say("`{name}` is the sum of what is asked for: give the {number} numbers one by one.")
        return said.format(name=name, number=task["shape"][0])
    return misshapen(name, given, task)


def _rounding(task: Mapping, place: int, number: float, is_at: IsAt) -> str:
    """How an entry was rounded: "cut", "coarse"; empty if it is no rounding of what is right."""
    asked = task["decimals"]
    for kept in (asked - 1, asked - 2):
        ways = (f"entry {place} to {kept}", f"entry {place} up to {kept}")
        if _has(number, kept) and any(is_at(way, [number]) for way in ways):
            return "coarse"
    return "cut" if _has(number, asked) and is_at(f"entry {place} cut", [number]) else ""


def _has(number: float, decimals: int) -> bool:
    """Whether a number is written with so many decimals."""
    return abs(number - np.round(number, decimals)) < 1e-9 * max(1, abs(number))


def _too_coarse(task: Mapping, places: list[int], coarse: list[str]) -> str:
    digits = DECIMALS[task["decimals"]]
    exactly = say(digits) if "cut" in coarse else _precision(task)
    if len(places) < _size(task):
        exactly = say("{value} ({name})", value=exactly, name=_named(task, places))
    if "cut" in coarse:
        return say("right, but digits were cut off: round to {digits}.", digits=exactly)
    return say("right, but give {digits}.", digits=exactly)


def _precision(task: Mapping) -> str:
    digits = DECIMALS[task["decimals"]]
    return say(digits) if task["decimals"] else say("the whole number, not a rounded one")


def _of_size(task: Mapping, entries: list[float], wrong: list[int], is_at: IsAt) -> str:
    """The sentence for percentages among fractions, and for fractions among percentages."""
    some = 0 < len(wrong) < len(entries)

    def fit(factor: float) -> bool:
        return some and all(is_at(f"entry {place}", [entries[place] * factor]) for place in wrong)

    one = percent_in(task["unit"])
    if one == 0.01 and fit(0.01):
        return _some(
            task, wrong, "{which} is a percentage: give a fraction.", "{which} are percentages: give a fraction."
        )
    if one == 1 and fit(100):
        return _some(
            task, wrong, "{which} is a fraction: give a percentage.", "{which} are fractions: give a percentage."
        )
    return ""


def _moved(task: Mapping, given: np.ndarray, is_at: IsAt) -> str:
    """The sentence for digits that are right in another unit. Of one or two digits it would give the answer away."""
    if any(float(f"{one:.1e}") != one for one in np.ravel(given)):
        for factor in TENS:
            if np.abs(given * factor).max() > 10 * task["tolerance"] and is_at("right", given * factor):
                unit = task["unit"]
                said = say("The digits of `{name}` are right, its size is not: give it in {unit}.")
                return said.format(name=task["name"], unit=say(unit))
    return ""


def _in_general(task: Mapping, entries: list[float], wrong: list[int]) -> str:
    bounds, total, unit = task.get("bounds"), task.get("total"), task["unit"]
    outside = [place for place, one in enumerate(entries) if bounds and not bounds[0] <= one <= bounds[1]]
    if bounds and outside:
        return _some(
            task,
            outside,
            "{which} lies outside of what is possible, from {low} to {high}: {unit}.",
            "{which} lie outside of what is possible, from {low} to {high}: {unit}.",
            low=f"{bounds[0]:g}",
            high=f"{bounds[1]:g}",
            unit=say(unit),
        )
    if total is not None and abs(sum(entries) - total) > task["tolerance"] * len(entries):
        said = say("The numbers of `{name}` add up to {sum}, and they must add up to {total}.")
        return said.format(name=task["name"], sum=f"{sum(entries):.6g}", total=f"{total:.6g}")
    digits = DECIMALS[task["decimals"]]
    return _some(
        task,
        wrong,
        "{which} is not what is asked for ({unit}; {digits}).",
        "{which} are not what is asked for ({unit}; {digits}).",
        unit=say(unit),
        digits=say(digits),
    )


def _some(task: Mapping, places: list[int], one: str, many: str, **fields: str) -> str:
    """A sentence about some entries of an answer, by their names; `{which}` says which."""
    name = f"`{task['name']}`"
    if _size(task) == 1:
        return count(one, many, 1, which=name, **fields)
    if not places:  # each entry by itself is known, and not all together
        return count(one, many, 1, which=say("Something in {name}", name=name), **fields)
    which = say("In {name}, {entries}", name=name, entries=_named(task, places))
    return count(one, many, len(places), which=which, **fields)


def _named(task: Mapping, places: list[int]) -> str:
    names = [entry(task, place) for place in places[:NAMED]]
    if len(places) > NAMED:
        return say("{some} and {number} more", some=say("list|; ").join(names), number=len(places) - NAMED)
    if len(names) == 1:
        return names[0]
    return say("{others} and {last}", others=say("list|; ").join(names[:-1]), last=names[-1])


def _size(task: Mapping) -> int:
    return task["count"] if task["kind"] == "words" else int(np.prod(task["shape"] or [1]))
