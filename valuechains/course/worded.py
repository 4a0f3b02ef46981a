"""What a key holds, in words: its answers, and what makes a form complete. One wording for all that teachers read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from valuechains.checks.answers import listed
from valuechains.course.key import places
from valuechains.tongue import count, say


def written(public: Mapping, value: Any, short: bool = False) -> str:
    """An answer as JSON, every number in full or `short`; of a mistake in words only the entries that it is about."""
    labels = public.get("keys")
    if public["kind"] == "numbers":
        array = np.asarray(value, dtype=float)
        value = (np.vectorize(partial(rounded, tolerance=public["tolerance"]))(array) if short else array).tolist()
        return json.dumps(dict(zip(labels, value)) if labels else value)
    if isinstance(value, Mapping):
        found: object = {labels[place] if labels else f"entry {place + 1}": word for place, word in value.items()}
    else:
        words = list(places(value).values())
        found = dict(zip(labels, words)) if labels else words if public["count"] > 1 else words[0]
    return json.dumps(found, ensure_ascii=False)


def rounded(value: float, tolerance: float) -> float:
    """To four digits, and to a tenth of the tolerance at least."""
    if not value:
        return 0.0
    return round(value, max(3 - math.floor(math.log10(abs(value))), 1 - math.floor(math.log10(tolerance))))


def number(value: float) -> str:
    """At most two places, without needless noughts: 7.5, 30."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points(number_of: int) -> str:
    return count("task|{number} point", "task|{number} points", number_of)


def fields(public: Mapping) -> list[list[str]]:
    """The fields of a form and what makes each complete."""
    rules = {
        "options": lambda value: say("one of {listed}", listed=listed(map(str, value))),
        "words": lambda value: say("at least {value} words", value=value),
        "between": lambda value: say("a number from {value:g} to {value2:g}", value=value[0], value2=value[1]),
        "date": lambda value: "a date",
        "after": lambda value: f"after {value}",
        "contains": lambda value: say("has {value!r} in it", value=value),
        "unlike": lambda value: say("not the same as {value!r}", value=value),
    }
    return [
        [name, "; ".join(rules[what](value) for what, value in rule.items()) or say("not empty")]
        for name, rule in public.get("fields", {}).items()
    ]
