"""What we say to readers, in their language.

The message is the English sentence with named fields, so that a translation may order them anew; a number in it has its
plural forms, as many as the language has:

>>> say("{shown} of {rows} rows", shown=30, rows=64)
'30 of 64 rows'
>>> count("{number} value is missing.", "{number} values are missing.", 2)
'2 values are missing.'

The book's own language is English, and nothing is looked up. An edition in another language `speak`s a catalogue made
from `locale/`; what the catalogue lacks stays English and is listed in `lacking`. Who works in JupyterLab asks for a
language by the variable VALUECHAINS_LANGUAGE, as `tools/lab.py --language zh_CN` does.
"""

from __future__ import annotations

import gettext
import os
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

LANGUAGE = "VALUECHAINS_LANGUAGE"
INSTRUCTORS = "course.mo"
LOCALE = Path(__file__).resolve().parents[1] / "locale"  # compiled catalogues, beside the library
lacking: set[str] = set()  #: messages that were asked for and not found
OF_WHAT = re.compile(r"\A\w+\|")  # "task|{number} point" is "1 point", told apart from the points of a chart
SPAN = re.compile(r"(\d{4}) to (\d{4})")
FIELD = re.compile(r"\\\{(\w+)(?:![rs])?(?::[^{}]*)?\\\}")  # of a message that `re.escape` has passed over
AFTER_STOP = re.compile(r"(?<=[。；：，、！？）」』”]) +| +(?=[（「『“])")


class _Lacking(gettext.NullTranslations):
    """Where a catalogue knows no more: English, and a note of what was asked."""

    def gettext(self, message: str) -> str:
        lacking.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        lacking.add(msgid1)
        return super().ngettext(msgid1, msgid2, n)


_spoken: gettext.NullTranslations = gettext.NullTranslations()


def speak(catalogue: Path | None) -> None:
    """From now on speak as a compiled catalogue (.mo) says; None is English."""
    global _spoken  # noqa: PLW0603  # a process speaks one language at a time
    lacking.clear()
    _spoken = gettext.NullTranslations()
    if catalogue is not None:
        with catalogue.open("rb") as file:
            _spoken = gettext.GNUTranslations(file)
        if (more := catalogue.with_name(INSTRUCTORS)).is_file():  # in no student's kit
            with more.open("rb") as file:
                _spoken.add_fallback(gettext.GNUTranslations(file))
        _spoken.add_fallback(_Lacking())


def languages() -> list[str]:
    """The languages, besides English, whose catalogues lie beside the library."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/ours.mo"))


def speak_language(name: str) -> None:
    """From now on speak a language: "zh_CN", "zh-CN" or "zh". LookupError for one of which there is no catalogue."""
    wanted = name.partition(".")[0].replace("-", "_")
    known = [one for one in languages() if wanted in (one, one.partition("_")[0])]
    if not known and wanted.partition("_")[0] != "en":
        there = ", ".join(["en", *languages()])
        raise LookupError(f"There is no catalogue of the language {name!r} here: choose one of {there}.")
    speak(LOCALE / known[0] / "LC_MESSAGES" / "ours.mo" if known else None)


@contextmanager
def speaking(catalogue: Path) -> Iterator[None]:
    """Speak as a catalogue says for a while."""
    global _spoken  # noqa: PLW0603
    before = _spoken
    speak(catalogue)
    try:
        yield
    finally:
        _spoken = before


@contextmanager
def english() -> Iterator[None]:
    """Speak English for a while: what is published is English, and told in another language where it is shown."""
    global _spoken  # noqa: PLW0603
    before, _spoken = _spoken, gettext.NullTranslations()
    try:
        yield
    finally:
        _spoken = before


def say(message: str, **fields: object) -> str:
    """A message with its fields filled in; without fields it stays a template."""
    if not message:
        return ""  # a catalogue keeps its own head there
    said = OF_WHAT.sub("", _spoken.gettext(message))
    return said.format(**fields) if fields else said


def count(one: str, many: str, number: int, **fields: object) -> str:
    """A message with `{number}` in it, in the plural form that the number asks for."""
    return OF_WHAT.sub("", _spoken.ngettext(one, many, number)).format(number=number, **fields)


def to_say(message: str) -> str:
    """A message that stands where nothing is said yet, so that it is collected; `say` says it later."""
    return message


MONTHS = (
    to_say("January"),
    to_say("February"),
    to_say("March"),
    to_say("April"),
    to_say("May"),
    to_say("June"),
    to_say("July"),
    to_say("August"),
    to_say("September"),
    to_say("October"),
    to_say("November"),
    to_say("December"),
)


def dated(of: date) -> str:
    """A day in words: "28 November 2026"."""
    return say("{day} {month} {year}", day=of.day, month=say(MONTHS[of.month - 1]), year=of.year)


def named(text: str) -> str:
    """A name from the data as readers call it; one that has no other name is no lack.

    A name made of others, "China, textiles", is said from its parts; so is a span of years.
    """
    if is_english() or not _is_word(text):
        return text
    if span := SPAN.fullmatch(text):
        return say("{low} to {high}", low=span[1], high=span[2])
    return _whole_or_parts(text) or text


def _is_word(text: str) -> bool:
    """Whether a text is more than a code, such as CHN or 2011."""
    return any(map(str.islower, text))


def _whole_or_parts(text: str) -> str | None:
    said = _quiet(text)
    if said != text or isinstance(_spoken, _Lacking):
        return said
    for comma in re.finditer(", ", text):
        head, rest = text[: comma.start()], text[comma.end() :]
        first, second = (_quiet(head) if _is_word(head) else head), named(rest)
        if second != rest and (first != head or not _is_word(head)):
            return say(", ").join((first, second))
    return None


def _quiet(text: str) -> str:
    before = text in lacking
    said = _spoken.gettext(text)
    if isinstance(_spoken, gettext.GNUTranslations) and not before:
        lacking.discard(text)
    return said


def is_english() -> bool:
    return type(_spoken) is gettext.NullTranslations


def language() -> str:
    """What is spoken, as HTML names it: "en", "zh-CN"."""
    return _spoken.info().get("language", "en").replace("_", "-")


@contextmanager
def noting() -> Iterator[set[str]]:
    """The messages that are found lacking meanwhile; known at the end."""
    before, missed = set(lacking), set[str]()
    lacking.clear()
    try:
        yield missed
    finally:
        missed |= lacking
        lacking.update(before)


def retold(text: str, messages: Iterable[str]) -> str:
    """A sentence that was stored in English, as it is said now: `messages` are those that it may be made from.

    What stands in its fields may be made from them too. A sentence that is none of them stays English, and is lacking.
    """
    if is_english():
        return text
    return _made_from(text, list(messages)) or say(text)


def _made_from(text: str, messages: list[str]) -> str | None:
    for message in messages:
        pattern = FIELD.sub(r"(?P<\1>.+)", re.escape(message).replace(r"\ ", " "))
        if found := re.fullmatch(pattern, text):
            fields = {name: _made_from(held, messages) or held for name, held in found.groupdict().items()}
            return _plainly(message).format(**fields)
    return None


def _plainly(message: str) -> str:
    """What a message is in this language, its fields without a form: what was stored has been given one."""
    return re.sub(r"\{(\w+)[^{}]*\}", r"{\1}", say(message))


def listen() -> None:
    """Speak English and note every message in `lacking`: how messages that stand in data are collected."""
    global _spoken  # noqa: PLW0603
    lacking.clear()
    _spoken = _Lacking()


def forms(one: str, many: str) -> tuple[list[str], str]:
    """A message in all its plural forms, and the expression of a number `n` that chooses among them."""
    rule = _spoken.info().get("plural-forms", "nplurals=2; plural=(n != 1);")
    size, choice = int(rule.partition("nplurals=")[2].partition(";")[0]), rule.partition("plural=")[2].rstrip("; ")
    table = getattr(_spoken, "_catalog", {})
    return [table.get((one, form), many if form else one) for form in range(size)], choice


def together(sentences: Iterable[str]) -> str:
    """Sentences one after the other: with a blank between them, but none beside a mark that brings its own."""
    return AFTER_STOP.sub("", " ".join(sentences))


if _asked := os.environ.get(LANGUAGE):
    try:
        speak_language(_asked)
    except LookupError as _error:
        warnings.warn(f"{LANGUAGE}: {_error}", stacklevel=1)
