"""Whose a handed-in file is, from the names that an LMS gives it. An id decides, else a name that one student has.

Moodle      Alpha Ana_12345_assignsubmission_file_/work.ipynb, also "Group A-Ana Alpha", "Ana Alpha (aalpha)"
Canvas      alphaana_LATE_123_456_02-services-1.ipynb
Blackboard  Week 2_aalpha_attempt_2026-11-30-23-10-05_work.ipynb, beside a text: "Name: Ana Alpha (aalpha)"
Brightspace 123-456 - Ana Alpha - Nov 30, 2026 1110 PM - work.ipynb
Sakai       Week 2/Alpha, Ana(aalpha)/Submission attachment(s)/work.ipynb
ILIAS       Alpha_Ana_aalpha_123/work.ipynb
plain       s017.ipynb, s017/02-services.ipynb, 02-services--s017 (2).ipynb

The numbers that a system counts its own users by are no ids of the course: they decide nothing, but for Canvas's where
the class list has them in a column of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from valuechains.course.people import Student

MOODLE = re.compile(r"(?P<owner>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?", re.S)
CANVAS = re.compile(r"(?P<owner>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<number>\d+)_(?P<rest>.+)", re.S | re.I)
BLACKBOARD = re.compile(
    r"(?P<attempt>(?P<owner>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5}))(?:_(?P<rest>.+)|(?P<note>\.txt)|\.\w+)?", re.S
)
BRIGHTSPACE = re.compile(r"\d+-\d+ - (?P<owner>.+?) - (?P<time>(?=[^-]*\d{4})\w[^-]*?)(?: - (?P<rest>.+))?", re.S)
SAKAI = re.compile(r"(?P<owner>[^()]*[^\W\d_][^()]*\([^()\s]*[^\W\d_][^()\s]*\))", re.S)
ILIAS = re.compile(r"(?P<owner>[^_]+_[^_]+)_(?P<login>[^_]+)_(?P<id>\d+)", re.S)
AFTERNOON, MORNING = (
    re.compile(r"\bp\W{0,2}m\b|下午|午後|오후", re.I),
    re.compile(r"\ba\W{0,2}m\b|上午|午前|오전", re.I),
)
MONTHS = [  # as they begin, without accents, in the languages of western Europe
    "jan ene gen", "feb fev", "mar mrt maa", "apr avr abr", "mai may mei maj mag", "juin jun giu", "juil jul lug",
    "aug aou ago", "sep set", "oct okt out ott", "nov", "dec dez dic des",
]  # fmt: skip
NOTE = re.compile(r"\s*[^:：\n]{1,20}[:：]\s*(?P<name>.+?)\s*\((?P<user>[^()\n]+)\)\s*(?:\n|\Z)")
ENDING = re.compile(r"(?:\.ipynb|\.zip|\.json|\.txt)+$", re.I)
AGAIN = re.compile(r"\s*\((\d+)\)\s*$|[-_ ]*\bcopy[-_ ]*\d*\s*$|[-_ ]+(?:attempt|version|v)[-_ ]*(\d+)\s*$", re.I)
CANVAS_AGAIN = re.compile(r"-(\d+)$")
BESIDE = re.compile(r"\(([^()]*)\)|\[([^][]*)\]|<([^<>]*)>|(\S*[@\d]\S*)")  # what a site puts beside a name
GROUP = re.compile(
    r"\d|\b(?:\w|group|team|section|seminar|tutorial|class|gruppe|kurs|groupe|équipe|grupo|equipo|gruppo)\b|[组班]",
    re.I,
)
SHORTEST = 5  # digits of an id that may stand among other words; a shorter one must stand alone
EDGE = " _-.,;"


@dataclass
class Clues:
    """What one path says: texts that may hold an id or be a name; and of the attempt its time, number and late mark."""

    alone: list[str] = field(default_factory=list)  # an id only if it is all of the text
    among: list[str] = field(default_factory=list)  # an id may stand among other words
    last: list[str] = field(default_factory=list)  # an id may stand at the end
    names: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)  # a name, maybe with a group, a user name or a mail address
    numbered: list[str] = field(default_factory=list)  # a number at the end that may be a system's own
    canvas_id: str = ""
    lms: str = ""  # moodle, canvas, blackboard or brightspace, where the name is one of theirs
    place: str = ""  # the name up to where the student's own begins: what the LMS finds the student by
    time: datetime | None = None  # clock time of the LMS
    submission: int = 0  # Canvas's number of a file that was sent in: a later one is higher
    number: int = 0  # of a copy, in the name that the student or a browser gave
    late: bool | None = None  # as Canvas marks it; None where nothing is said
    original: str = ""  # the student's own name of the file


def clues(path: str, chapter: str, notes: Mapping[str, str] | None = None) -> Clues:
    """What a path from the top of the collection says. notes: Blackboard's texts, by the path of the attempt."""
    found, parts = Clues(), path.split("/")
    for depth, part in enumerate(parts):
        rest = part
        if match := MOODLE.fullmatch(part):
            found.lms, found.place = "moodle", part[: match.start("rest")] if match["rest"] else part
            found.people.append(match["owner"])
            rest = match["rest"] or ""
        elif match := BLACKBOARD.fullmatch(part):
            found.lms, found.place = "blackboard", match["attempt"]
            found.time = _clock(match["time"].split("-"))
            note = NOTE.match((notes or {}).get("/".join([*parts[:depth], match["attempt"]]), ""))
            if note and match["owner"].casefold().endswith(note["user"].casefold()):
                found.alone.append(note["user"])
                found.names.append(note["name"])
            else:
                found.last.append(_without(chapter, match["owner"]))
            rest = match["rest"] or ""
        elif match := BRIGHTSPACE.fullmatch(part):
            found.lms, found.place = "brightspace", part[: match.start("rest")] if match["rest"] else part
            found.people.append(match["owner"])
            found.time = _said(match["time"])
            rest = match["rest"] or ""
        elif match := CANVAS.fullmatch(part):
            found.lms, found.place = "canvas", part[: match.start("rest")]
            found.canvas_id, found.submission = match["id"], int(match["number"])
            found.names.append(match["owner"])
            found.late = bool(match["late"])
            rest = ENDING.sub("", match["rest"])
            if again := CANVAS_AGAIN.search(rest):
                found.number, rest = int(again[1]), rest[: again.start()]
        elif depth < len(parts) - 1 and (match := ILIAS.fullmatch(part)):
            found.people.append(f"{match['owner']} ({match['login']})")
            found.numbered.append(part)
            rest = f"{match['owner']}_{match['login']}"
        elif depth < len(parts) - 1 and SAKAI.fullmatch(part) and "(s)" not in part:
            found.people.append(part)
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
        self._canvas: dict[str, set[str]] = defaultdict(set)
        self._groups = {squashed(name) for one in students for name in one.group.split(",") if name.strip()}
        self._own_words = {one.id: {squashed(one.first_name), squashed(one.last_name)} - {""} for one in students}
        self._no_mail = {one.id for one in students if not one.email}
        for one in students:
            email = one.email.casefold()
            for text in filter(None, (one.id.casefold(), one.username.casefold(), email, email.partition("@")[0])):
                self._ids[text].add(one.id)
            for name in _spellings(one):
                self._names[name].add(one.id)
            if one.canvas_id:
                self._canvas[one.canvas_id].add(one.id)
        words = {squashed(word) for one in students for word in one.name.split() if one.name != one.id}
        known = sorted((text for text in self._ids if "@" not in text), key=len, reverse=True)
        own = {one.id.casefold() for one in students}
        self._any = _pattern(
            id for id in known if id in own and id not in words and (not id.isdigit() or len(id) >= SHORTEST)
        )
        self._end = _pattern(known, end=True)

    def of(self, found: Clues) -> set[str]:
        """The ids of the students that it can be: one if clear, none if nobody is known, several if open."""
        ids = set(self._canvas.get(found.canvas_id, ()))
        for text in map(_folded, (*found.alone, *found.among, *found.last)):
            ids |= self._ids.get(text.strip(), set())
        for text in map(_folded, found.among):
            if not self._ids.get(text):
                ids |= {one for match in self._any.finditer(text) for one in self._ids[match[1]]}
        for text in map(_folded, found.last):
            if not self._ids.get(text) and (match := self._end.search(text)):
                ids |= self._ids[match[1]]
        names = set().union(*(self._names.get(squashed(text), set()) for text in found.names))
        names |= set().union(*map(self._person, found.people))
        if not ids and not names:
            names = set().union(*map(self._numbered, found.numbered))
        if ids and names:
            return ids if len(ids) == 1 and ids <= names else ids | names
        return ids or names

    def _person(self, text: str) -> set[str]:
        """Whom an LMS names: as it stands, else without a group before it, else by what stands beside the name."""
        dashes = (match.start() for match in re.finditer("-", text))
        candidates = [text, *(text[at + 1 :] for at in dashes if self._is_group(text[:at]))]
        for one in candidates:
            if found := self._ids.get(one.strip().casefold(), set()) | self._names.get(squashed(one), set()):
                return found
        for one in candidates:
            if found := self._with_more(one):
                return found
        return set()

    def _with_more(self, text: str) -> set[str]:
        beside = [next(filter(None, found), "") for found in BESIDE.findall(text)]
        ids = set().union(*map(self._login, beside))
        names = self._names.get(squashed(BESIDE.sub(" ", text)), set())
        if ids or names:
            return (ids & names) or (ids | names)
        words = text.split()
        rests = {word: squashed(" ".join(other for other in words if other != word)) for word in words}
        return set().union(
            *(self._ids.get(word.casefold(), set()) & self._names.get(rests[word], set()) for word in words)
        )

    def _login(self, text: str) -> set[str]:
        """Who has this user name, id or mail address; of an address the front alone tells only where none is known."""
        text = text.strip().strip("()[]<>,;").casefold()
        found = self._ids.get(text) or self._ids.get(text.replace(" ", "_")) or set()
        if not found and "@" in text:
            found = self._ids.get(text.partition("@")[0], set()) & self._no_mail
        return found

    def _is_group(self, text: str) -> bool:
        return squashed(text) in self._groups or bool(GROUP.search(text))

    def _numbered(self, text: str) -> set[str]:
        """Who has this number as an id and a name that stands before it."""
        *words, number = text.split("_")
        said = {squashed(word) for word in words}
        return {one for one in self._ids.get(number, ()) if self._own_words[one] & said}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


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
    """One of the ids, the longest first, not inside a longer word or a dotted one."""
    either = "|".join(map(re.escape, ids)) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?<![^\W_]\.)({either})(?![^\W_])(?!\.[^\W_])" + (r"\Z" if end else ""))


def _without(chapter: str, text: str) -> str:
    name = r"[\W_]*".join(map(re.escape, re.split(r"\W+", chapter)))
    return re.sub(rf"(?<![^\W_]){name}(?![^\W_])", " ", text, flags=re.I).strip(EDGE)


def _said(text: str) -> datetime | None:
    """The moment that a system's words name: in the order of its language, by twelve hours or by twenty-four."""
    numbers, months = re.findall(r"\d+", text), [_month(word) for word in re.findall(r"[^\W\d]+", text)]
    if any(months) and len(numbers) > 2:
        day, year, *clock = numbers
        month = str([one for one in months if one][-1])  # a day of the week may begin like one
    elif len(numbers) > 3 and len(numbers[0]) == 4:
        year, month, day, *clock = numbers
    else:
        return None
    hour, minute = clock[:2] if len(clock) > 1 else (clock[0][:-2] or 0, clock[0][-2:])
    if AFTERNOON.search(text):
        hour = int(hour) % 12 + 12
    elif MORNING.search(text):
        hour = int(hour) % 12
    return _clock((year, month, day, hour, minute))


def _month(word: str) -> int:
    """The number of a month; 0 of another word."""
    beginning = squashed(word)[:4]
    return next((at for at, known in enumerate(MONTHS, 1) if beginning.startswith(tuple(known.split()))), 0)


def _clock(parts: Iterable[str | int]) -> datetime | None:
    try:
        year, month, day, hour, minute, second = [*map(int, parts), 0, 0, 0][:6]
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
