"""Words as people write them: which of the options one means, how many words a text has, which day a date is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from valuechains.checks import han

#: how the same sign is typed, copied from a page, or put there by a word processor
_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"'))
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
_FILLERS = {"&", "a", "an", "and", "answer", "design", "economy", "is", "it", "kind", "kinds", "letter", "option"}
_FILLERS |= {"supplier", "suppliers", "the", "they"}
_DENY = {"&", "almost", "and", "but", "except", "hardly", "nearly", "neither", "never", "no", "non", "nor", "not", "or"}
_DENY |= {"than", "without"}
_NUMERALS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_NUMERALS += "seventeen eighteen nineteen twenty"
NUMERALS = {word: number for number, word in enumerate(_NUMERALS.split())}
_TRUTH = {"yes": "true", "no": "false", "t": "true", "f": "false", "1": "true", "0": "false"}
_AND = re.compile(r"\s*(?:[,;&+]|\band\b)\s*")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
LEAST = 4  # letters of the part of an option that stands for the whole


def typed(text: str) -> str:
    """The text with the keyboard's own signs for minus, quotes and blanks, and without signs that nobody sees."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).translate(_UNSEEN).split())


def punctuated(text: str) -> str:
    """The text with the keyboard's own signs for those that part things in Chinese."""
    return text.translate({ord(sign): own for sign, own in zip("，、；：。", (", ", ", ", "; ", ": ", "."))})


def bare(text: str) -> str:
    """The text without what a reader looks past: capitals, quotes, a full stop, hyphens for blanks."""
    words = typed(text).casefold().strip(" \"'.,:;!*()[]。、").replace("_", " ").replace("-", " ")
    return " ".join(re.sub(r"\s*/\s*", " / ", words).split())


def chosen(word: object, options: Iterable[str], also: Mapping[str, str] | None = None) -> str | None:
    """The option that a word means, or None if it means none or could mean two.

    also: other words for an option. A list of words stands for an option that names several of them, in any order.
    """
    if isinstance(word, list) and word and all(isinstance(part, str) for part in word):
        word = ", ".join(word)
    if isinstance(word, float) and word.is_integer():
        word = int(word)
    if not isinstance(word, (str, int)):
        return None
    options = list(options)
    if isinstance(word, str) and word in options:
        return word
    said = bare(str(word))
    said = han.YES_NO.get(said, said)
    names = {bare(option): option for option in options}
    for other, option in (also or {}).items():
        if option in options:  # or it is a label's
            names.setdefault(bare(other), option)
    for alike in (_same, _numeral, _truth, _filled, _alone, _within, _in_chinese):
        found = {names[name] for name in names if alike(said, name, names)}
        if len(found) == 1:
            return found.pop()
    return None


def counted(text: str) -> int:
    """How many words a text has; of Chinese and Japanese each character, as its readers count."""
    return len(han.WRITING.findall(text)) + sum(
        any(map(str.isalnum, word)) for word in han.WRITING.sub(" ", text).split()
    )


def day(text: str) -> date | None:
    """The day of a date in a usual form: 2030-12-31, 31.12.2030, 31 December 2030; None for others and for no date."""
    text = typed(text)
    found = re.fullmatch(r"(\d{4})(?:(\d\d)(\d\d)|([-/.])(\d{1,2})\4(\d{1,2}))(?:[T ]\d.*)?", text)
    if found:
        return _date(found[1], found[2] or found[5], found[3] or found[6])
    found = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", text.replace(" ", ""))
    if found:
        return _date(found[1], found[2], found[3])
    found = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", text)
    if found:
        return _date(found[3], found[2], found[1])
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if found:  # the day goes first or the month: where both could be, nobody can tell
        days = {_date(found[3], found[2], found[1]), _date(found[3], found[1], found[2])} - {None}
        return days.pop() if len(days) == 1 else None
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]+)\.?,? (\d{4})", text)
    if found:
        return _date(found[3], _month(found[2]), found[1])
    found = re.fullmatch(r"([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", text)
    return _date(found[3], _month(found[1]), found[2]) if found else None


def _same(said: str, name: str, names: Mapping) -> bool:
    """The same words, in one number or the other, written together or apart; or the same parts in another order."""
    if single(said) == single(name) or said.replace(" ", "") == name.replace(" ", ""):
        return True
    parts = [sorted(filter(None, map(single, _AND.split(text)))) for text in (said, name)]
    return parts[0] == parts[1] and len(parts[0]) > 1


def _numeral(said: str, name: str, names: Mapping) -> bool:
    return _digits(said) == _digits(name)


def _truth(said: str, name: str, names: Mapping) -> bool:
    return _TRUTH.get(said) == name and {"true", "false"} <= set(names)


def _filled(said: str, name: str, names: Mapping) -> bool:
    """The option with words around it that say nothing: "economy B", "it is the unit"."""
    core = _without(said, "")
    return bool(said) and (_without(said, name) == single(name) or core == _without(name, "") != "")


def _alone(said: str, name: str, names: Mapping) -> bool:
    """The beginning or the end of an option, or one of several that it names, standing for it."""
    said, name = single(said), single(name)
    if said.isdigit():
        return said in (name.split()[0], name.split()[-1])
    if len(said.replace(" ", "")) < LEAST:
        return False
    return name.startswith(said) or f" {name}".endswith(f" {said}") or said in name.split(" / ")


def _within(said: str, name: str, names: Mapping) -> bool:
    """The option inside a longer text, if nothing else in it denies it or is of another option: "goods trade"."""
    said, own = single(said), single(name)
    rest = set(f" {said} ".replace(f" {own} ", " ", 1).split())
    if len(own) < LEAST or f" {own} " not in f" {said} ":
        return False
    others = {word for other in names if names[other] != names[name] for word in single(other).split()}
    return not rest & (_DENY | (others - set(own.split())))


def _in_chinese(said: str, name: str, names: Mapping) -> bool:
    """The option in Chinese, or a letter with Chinese words around it that say nothing."""
    return bool(han.WRITING.search(said)) and han.bare(said) == han.bare(name) != ""


def _without(said: str, name: str) -> str:
    kept = set(name.split())
    return single(" ".join(word for word in said.split() if word in kept or word.rstrip(":") not in _FILLERS))


def _digits(text: str) -> str:
    return " ".join(str(NUMERALS.get(word, word)) for word in text.split())


def single(text: str) -> str:
    """Each word in the singular, roughly: both sides are made so."""
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in text.split())


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in _MONTHS else 0


def _date(year: str, month: str | int, of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None
