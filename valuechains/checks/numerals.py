"""Numbers as people write them: "1,128.45", a true minus sign, "26.3 %", "US$ 3.288 bn", "about 12", "3/4", "two"."""

from __future__ import annotations

import re

from valuechains.checks import han
from valuechains.checks import words as spelling

PLAIN = re.compile(r"[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?", re.I)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([, ']\d{3})+(\.\d+)?")
THOUSANDS_AND_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}([. ']\d{3})+,\d+")
COMMA = re.compile(r"[+-]?\d+,\d+")
QUOTIENT = re.compile(r"([+-]?\d+) ?[/\N{FRACTION SLASH}] ?([1-9]\d*)")
AMONG_WORDS = re.compile(r"([^\d+-]*?)([+-]? ?\.?\d[\d_,.' ]*(?:e[+-]?\d+)?)(.*)", re.I)
PERCENT = re.compile(r"%|\bper ?cent\b|\bpct\b")
SAYS_NOTHING = {"about", "approx", "approximately", "around", "ca", "circa", "roughly", "~", "\N{ALMOST EQUAL TO}", "="}
SAYS_NOTHING |= {"a", "after", "an", "at", "between", "by", "from", "in", "is", "it", "of", "per", "the"}
ALIKE = {"$": "us$", "usd": "us$", "dollar": "us$", "billion": "bn", "trillion": "tn", "rmb": "yuan", "cny": "yuan"}
ALIKE |= {"¥": "yuan", "pp": "point"}


def parsed(text: str, unit: str = "", decimals: int = 0) -> float | None:
    """The number in a text, in a unit; None if there is none, or if words stand by it that are not of the unit.

    decimals: as many as are asked for; a comma before three digits is a decimal comma where three are.
    """
    text = (
        han.number(spelling.typed(text), unit)
        .strip("\"'。")
        .casefold()
        .removesuffix(unit.casefold())
        .removeprefix(unit.casefold())
        .strip()
    )
    whole = _alone(text, decimals)
    if whole is not None:
        return whole
    found = AMONG_WORDS.fullmatch(text)
    if found:
        before, number, after = found.groups()
        value = _alone(number.strip(" ,.'"), decimals)
    else:
        number, _, after = text.partition(" ")
        before, value = "", spelling.NUMERALS.get(number)
    factor = _factor(f"{before} {after}", unit)
    return None if value is None or factor is None else value * factor


def _alone(text: str, decimals: int) -> float | None:
    """The number that is the whole text."""
    if quotient := QUOTIENT.fullmatch(text):
        return int(quotient[1]) / int(quotient[2])
    if text.startswith(("- ", "+ ")):
        text = text[0] + text[2:]
    if decimals and re.fullmatch(rf"[+-]?\d+,\d{{{decimals}}}", text):
        text = text.replace(",", ".")
    elif THOUSANDS.fullmatch(text):
        text = re.sub("[, ']", "", text)
    elif THOUSANDS_AND_COMMA.fullmatch(text):
        text = re.sub("[. ']", "", text).replace(",", ".")
    elif COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return float(text) if PLAIN.fullmatch(text) else None


def _factor(beside: str, unit: str) -> float | None:
    """What a number is times, by the words beside it; None if they are not those of the unit."""
    rest, percents = PERCENT.subn(" ", beside)
    if not _tokens(rest) <= _tokens(unit) | SAYS_NOTHING:
        return None
    return percent_in(unit) if percents else 1.0


def percent_in(unit: str) -> float | None:
    """What one percent is in a unit: 1 of percentages, 0.01 of fractions; None of any other."""
    if unit.startswith("percent"):
        return 1.0
    return 0.01 if unit.startswith("fraction") else None


def _tokens(text: str) -> set[str]:
    """The words of a text, each in one of its spellings."""
    text = re.sub(r"\bus dollars?\b", "us$", text.casefold())
    said = (spelling.single(word.strip(".")) for word in re.split(r"[\s,;:/()]+", text))
    return {ALIKE.get(word, word) for word in said} - {""}
