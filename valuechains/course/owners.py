"""Whose a handed-in file is, from the names that an LMS gives it. An id decides, else a name that one student has.

Moodle      Alpha Ana_12345_assignsubmission_file_/work.ipynb
Canvas      alphaana_LATE_123_456_02-services-1.ipynb
Blackboard  02 services_s017_attempt_2026-11-30-23-10-05_02-services.ipynb
plain       s017.ipynb, s017/02-services.ipynb, 02-services--s017 (2).ipynb
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from valuechains.course.folder import Student

MOODLE = re.compile(r"(?P<owner>.+?)_\d+_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?", re.S)
CANVAS = re.compile(r"(?P<owner>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_\d+_(?P<rest>.+)", re.S | re.I)
BLACKBOARD = re.compile(r"(?P<owner>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.\w+)?", re.S)
ENDING = re.compile(r"(?:\.ipynb|\.zip|\.json|\.txt)+$", re.I)
AGAIN = re.compile(r"\s*\((\d+)\)\s*$|[-_ ]*\bcopy[-_ ]*\d*\s*$|[-_ ]+(?:attempt|version|v)[-_ ]*(\d+)\s*$", re.I)
CANVAS_AGAIN = re.compile(r"-(\d+)$")
SHORTEST = 5  # digits of an id that may stand among other words; a shorter one must stand alone
EDGE = " _-.,;"


@dataclass
class Clues:
    """What one path says: texts that may hold an id or be a name; and of the attempt its time, number and late mark."""

    alone: list[str] = field(default_factory=list)  # an id only if it is all of the text
    among: list[str] = field(default_factory=list)  # an id may stand among other words
    last: list[str] = field(default_factory=list)  # an id may stand at the end
    names: list[str] = field(default_factory=list)
    time: datetime | None = None  # clock time of the LMS
    number: int = 0
    late: bool | None = None  # as Canvas marks it; None where nothing is said
    original: str = ""  # the student's own name of the file


def clues(path: str, chapter: str) -> Clues:
    """What a path from the top of the collection says."""
    found = Clues()
    for part in path.split("/"):
        rest = part
        if match := MOODLE.fullmatch(part):
            found.alone.append(match["owner"])
            found.names.append(match["owner"])
            rest = match["rest"] or ""
        elif match := BLACKBOARD.fullmatch(part):
            found.last.append(_without(chapter, match["owner"]))
            found.time = _time(match["time"])
            rest = match["rest"] or ""
        elif match := CANVAS.fullmatch(part):
            found.alone.append(match["id"])
            found.names.append(match["owner"])
            found.late = bool(match["late"])
            rest = ENDING.sub("", match["rest"])
            if again := CANVAS_AGAIN.search(rest):
                found.number, rest = int(again[1]), rest[: again.start()]
        found.original = rest
        text = ENDING.sub("", rest)
        if again := AGAIN.search(text):
            found.alone.append(_without(chapter, text))
            found.number, text = int(again[1] or again[2] or 0), text[: again.start()]
        text = _without(chapter, text)
        if text:
            found.among.append(text)
            found.names.append(text)
    return found


class Owners:
    """Finds students by what a path says."""

    def __init__(self, students: Iterable[Student]):
        students = list(students)
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        for one in students:
            email = one.email.casefold()
            for text in filter(None, (one.id.casefold(), email, email.partition("@")[0])):
                self._ids[text].add(one.id)
            for name in _spellings(one):
                self._names[name].add(one.id)
        known = sorted((one.id.casefold() for one in students), key=len, reverse=True)
        self._any = _pattern(id for id in known if not id.isdigit() or len(id) >= SHORTEST)
        self._end = _pattern(known, end=True)

    def of(self, found: Clues) -> set[str]:
        """The ids of the students that it can be: one if clear, none if nobody is known, several if open."""
        ids: set[str] = set()
        for text in map(str.casefold, (*found.alone, *found.among, *found.last)):
            ids |= self._ids.get(text.strip(), set())
        for text in map(str.casefold, found.among):
            if not self._ids.get(text):
                ids |= {one for match in self._any.finditer(text) for one in self._ids[match[1]]}
        for text in map(str.casefold, found.last):
            if not self._ids.get(text) and (match := self._end.search(text)):
                ids |= self._ids[match[1]]
        names = set().union(*(self._names.get(squashed(text), set()) for text in found.names)) if found.names else set()
        if ids and names:
            return ids if len(ids) == 1 and ids <= names else ids | names
        return ids or names


def squashed(text: str) -> str:
    """Letters and digits only, without case and accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in plain if char.isalnum())


def _spellings(student: Student) -> set[str]:
    """The name both ways round; also without letters that an LMS may not know, if both parts keep some."""
    full = squashed(student.first_name), squashed(student.last_name)
    kept = tuple(squashed(name.encode("ascii", "ignore").decode()) for name in (student.first_name, student.last_name))
    pairs = [full, kept] if min(map(len, kept)) > 1 else [full]
    return {name for first, last in pairs for name in (first + last, last + first) if name}


def _pattern(ids: Iterable[str], end: bool = False) -> re.Pattern:
    """One of the ids, the longest first, not inside a longer word."""
    either = "|".join(map(re.escape, ids)) or "(?!)"
    return re.compile(rf"(?<![^\W_])({either})(?![^\W_])" + (r"\Z" if end else ""))


def _without(chapter: str, text: str) -> str:
    name = r"[\W_]*".join(map(re.escape, re.split(r"\W+", chapter)))
    return re.sub(rf"(?<![^\W_]){name}(?![^\W_])", " ", text, flags=re.I).strip(EDGE)


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None
