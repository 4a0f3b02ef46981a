"""Collecting: from what an LMS hands out to nbgrader's folder of submissions.

    for one in collect(course, "02-services", Path("download.zip")):
        print(one.student, one.state, one.line)

Every attempt is kept under work/collected/<chapter>/<id>/, with attempts.json saying what is known of each; the
last one is what submitted/<id>/<chapter>/ holds. What belongs to nobody for sure is kept under _unmatched/.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from nbgrader.utils import parse_utc

from valuechains.course import kit
from valuechains.course.files import write
from valuechains.course.folder import Chapter, Course
from valuechains.course.intake import attempts
from valuechains.course.intake.archives import File, files, shown
from valuechains.course.intake.attempts import Attempt
from valuechains.course.intake.notebooks import NothingInIt, UnreadableNotebook, read
from valuechains.course.owners import BLACKBOARD, Clues, Owners, clues, squashed
from valuechains.course.people import Student
from valuechains.course.spans import short
from valuechains.tongue import say, to_say

NOTEBOOK = (".ipynb", ".ipynb.txt", ".ipynb.json")  # browsers add the ends
NEVER = (".original", ".png", ".pdf", ".docx", ".xlsx", ".csv")
BESIDE = (".txt", ".html", ".csv", ".json")  # what an LMS puts beside
STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's timestamp.txt
APART = timedelta(minutes=10)  # times of a folder that lie closer were made by packing or unpacking


class Taken(StrEnum):
    """What became of a file or of a student's work."""

    COLLECTED = to_say("collected")
    REPLACED = to_say("replaced")  # by a newer attempt
    UNCHANGED = to_say("unchanged")
    CORRUPT = to_say("corrupt")  # and handed on all the same
    MISSING = to_say("missing")
    REFUSED = to_say("refused")  # too large, or no safe zip
    OTHER = to_say("other")  # no notebook of this chapter
    UNKNOWN = to_say("unknown")  # nobody's
    AMBIGUOUS = to_say("ambiguous")  # of one of several


@dataclass(frozen=True)
class Collected:
    """What became of a student's work, or of a file that has no owner (then student is empty). line: one sentence."""

    student: str
    state: Taken
    line: str
    late: bool = False


@dataclass
class Survey:
    """What the whole of a collection says of its files.

    notes: Blackboard's texts beside the files, by the path of the attempt. stamps: nbgrader's timestamp.txt, by folder.
    state: when the newest file was packed or saved. dated: whether the files of a folder have times that tell.
    """

    notes: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, datetime] = field(default_factory=dict)
    state: datetime | None = None
    dated: bool = False

    @classmethod
    def of(cls, found: Iterator[File], chapter: str) -> Survey:
        survey, plain = cls(), []
        for file in found:
            if file.inner:
                continue  # a student's own zip says nothing of the LMS
            folder, _, name = file.path.rpartition("/")
            lms = clues(file.path, chapter).lms
            note = BLACKBOARD.fullmatch(name)
            if note and note["note"]:
                survey.notes[f"{folder}/{note['attempt']}".lstrip("/")] = _beginning(file)
            elif name == "timestamp.txt" and not lms and (time := _stamped(_beginning(file))):
                survey.stamps[folder] = time
            if file.time:
                survey.state = max(survey.state or file.time, file.time)
                plain += [file.time] if not file.packed and not lms and name.lower().endswith(NOTEBOOK) else []
        survey.dated = bool(plain) and max(plain) - min(plain) > APART
        return survey


def collect(
    course: Course, chapter: str, source: Path, progress: Callable[[int, int, str], None] | None = None
) -> list[Collected]:
    """Take in the submissions of a chapter; one entry a student, in the class list's order, then the ownerless files.

    Raises CourseError for a source that is not there, cannot be read, or would unpack outside its folder or to
    gigabytes; then nothing is written. Collecting the same again changes nothing.
    """
    given = course.chapter(chapter)
    survey = Survey.of(files(Path(source), course.zone), given.name)
    sorting = _Sorting(course, given, survey)
    for file in files(Path(source), course.zone):
        sorting.take(file)
    found = []
    for place, student in enumerate(course.students, start=1):
        found.append(sorting.settle(student))
        if progress:
            progress(place, len(course.students), student.id)
    return found + sorting.ownerless


class _Sorting:
    """One collection: files go to their students' ledgers, then each student's last attempt is handed on."""

    def __init__(self, course: Course, chapter: Chapter, survey: Survey):
        self.course, self.chapter, self.survey = course, chapter, survey
        self.root = course.root / "work" / "collected" / chapter.name
        self.owners = Owners(course.students)
        names = {one.name for one in course.chapters} | {folder.name for folder in kit.sources()}
        self.others = set(map(squashed, names)) - {squashed(chapter.name)}
        self.known = {one.id: attempts.ledger(self.root / one.id) for one in course.students}
        self.attempts: dict[str, list[Attempt]] = defaultdict(list)
        self.asides: dict[str, list[Collected]] = defaultdict(list)
        self.ownerless: list[Collected] = []

    def take(self, file: File) -> None:
        found = clues(file.path, self.chapter.name, self.survey.notes)
        owners = sorted(self.owners.of(found))
        name = shown(file.path)
        notebook = _is_notebook(file)
        if len(owners) != 1:
            self._keep_ownerless(file, owners, notebook)
        elif file.refused:
            self._aside(
                owners[0],
                Taken.REFUSED,
                say("{name} {refused}: it was not taken in; ask for another copy.", name=name, refused=file.refused),
            )
        elif not notebook:
            self._aside(owners[0], Taken.OTHER, say("{name} is no notebook: ask for the .ipynb file.", name=name))
        elif self._of_another(found, file.path):
            self._aside(
                owners[0],
                Taken.OTHER,
                say(
                    "{name} is another chapter's notebook by its name: ask for {chapter}.ipynb.",
                    name=name,
                    chapter=self.chapter.name,
                ),
            )
        else:
            self.attempts[owners[0]].append(self._keep(self.root / owners[0], file, found))

    def settle(self, student: Student) -> Collected:
        """Hand on the last of all attempts, of this collection and of earlier ones."""
        folder = self.root / student.id
        target = self.course.root / "submitted" / student.id / self.chapter.name
        known = self.known[student.id]
        pool = attempts.merged(known + self._handed_in_elsewhere(folder, target), self.attempts[student.id])
        asides = self.asides[student.id]
        if not pool:
            nothing = Collected(student.id, Taken.MISSING, say("{student} handed in nothing.", student=student.name))
            return min(asides, key=lambda one: one.state is not Taken.REFUSED, default=nothing)
        if pool != known:
            write(folder / "attempts.json", attempts.written(pool))
        last, why = attempts.last(pool)
        before = _content(target, self.chapter.name)
        when, due = last.handed_in, self.course.due(self.chapter.name, student.id)
        after = ((folder / last.file).read_bytes(), when.astimezone(UTC).strftime(STAMP) if when else None)
        if after != before:
            _hand_on(target, self.chapter.name, *after)
        fresh = Taken.COLLECTED if before[0] is None else Taken.REPLACED
        state = Taken.CORRUPT if last.problem else Taken.UNCHANGED if after == before else fresh
        late = bool(last.late) if last.late is not None else when is not None and when > due
        parts = [shown(last.name), *self._times(last, due)]
        if len(pool) > 1:
            parts.append(say("the last of {number} attempts {why}", number=len(pool), why=why))
        if last.problem:
            parts.append(say("{problem}, handed on as it is", problem=last.problem))
            sound = [one for one in pool if not one.problem]
            if sound:
                parts.append(say("an earlier attempt can be read ({shown})", shown=shown(attempts.last(sound)[0].name)))
        elif not last.exercises:
            what = say("holds no exercises")
            if _is_chapter((folder / last.file).read_bytes(), self.chapter.name):
                what = say(
                    "is the chapter to read, not its exercises: ask for {name}/{name}.ipynb", name=self.chapter.name
                )
            said = say("which {what} (another attempt does)") if _any_exercises(pool) else say("which {what}")
            parts.append(said.format(what=what))
        refused = [one.line for one in asides if one.state is Taken.REFUSED]
        line = " ".join([", ".join(parts) + ".", *refused])
        return Collected(student.id, state, line, late)

    def _times(self, last: Attempt, due: datetime) -> list[str]:
        if last.late is not None:
            return [say("late, by the LMS's mark")] if last.late else []
        if last.handed_in is None:
            return [say("when is not known")]
        said = [f"{last.handed_in.astimezone(self.course.zone):%Y-%m-%d %H:%M %Z}"]
        return [*said, f"{short(last.handed_in - due)} late"] if last.handed_in > due else said

    def _of_another(self, found: Clues, path: str) -> bool:
        """A notebook that names another chapter, itself or by its folder, and not this one."""
        own = squashed(self.chapter.name)
        texts = [squashed(text) for text in (found.original, *path.split("/")[-2:-1])]
        return not any(own in text for text in texts) and any(other in text for other in self.others for text in texts)

    def _keep(self, folder: Path, file: File, found: Clues) -> Attempt:
        content, whole = file.read()
        path = folder / f"{hashlib.sha256(content).hexdigest()[:20]}.ipynb"
        if not path.exists():
            write(path, content)
        problem, exercises = _looked_at(content, whole)
        stated = found.time.replace(tzinfo=self.course.zone) if found.time else self._stamp(file)
        return Attempt(
            path.name,
            file.path,
            stated.isoformat() if stated else None,
            file.time.isoformat() if file.time else None,
            found.number,
            found.late,
            squashed(self.chapter.name) in squashed(found.original),
            problem,
            dated=self.survey.dated and not file.packed and not found.lms,
            state=self.survey.state.isoformat() if found.lms and not stated and self.survey.state else None,
            submission=found.submission,
            lms=found.lms,
            place=found.place,
            exercises=exercises,
        )

    def _stamp(self, file: File) -> datetime | None:
        return self.survey.stamps.get(file.path.rpartition("/")[0])

    def _keep_ownerless(self, file: File, owners: list[str], notebook: bool) -> None:
        if not notebook and not owners and file.path.lower().endswith(BESIDE):
            return
        where = ""
        if notebook and not file.refused:
            where = say(
                ", kept as {file}",
                file=self._keep(self.root / "_unmatched", file, clues(file.path, self.chapter.name)).file,
            )
        whose = (
            say("could be of {owners}", owners=", ".join(owners))
            if owners
            else say("belongs to nobody of the class list")
        )
        line = say(
            "{shown} {whose}{where}: if it counts, name it after the student's id (such as "
            "s017.ipynb) and collect it again.",
            shown=shown(file.path),
            whose=whose,
            where=where,
        )
        self.ownerless.append(Collected("", Taken.AMBIGUOUS if owners else Taken.UNKNOWN, line))

    def _aside(self, student: str, state: Taken, line: str) -> None:
        self.asides[student].append(Collected(student, state, line))

    def _handed_in_elsewhere(self, folder: Path, target: Path) -> list[Attempt]:
        """What is in submitted/ and came another way, by nbgrader's exchange for one: an attempt like others."""
        content, stamp = _content(target, self.chapter.name)
        if content is None or (folder / f"{hashlib.sha256(content).hexdigest()[:20]}.ipynb").exists():
            return []
        path = target / f"{self.chapter.name}.ipynb"
        filed = datetime.fromtimestamp(path.stat().st_mtime, self.course.zone)
        file = File(f"submitted/{path.name}", filed, lambda: (content, True))
        kept = self._keep(folder, file, clues(file.path, self.chapter.name))
        time = _stamped(stamp or "")
        return [replace(kept, time=time.isoformat() if time else None)]


def _beginning(file: File) -> str:
    return file.read()[0][:2000].decode("utf-8-sig", errors="replace")


def _stamped(text: str) -> datetime | None:
    """The moment that nbgrader's timestamp.txt states."""
    try:
        return parse_utc(text.strip()).replace(tzinfo=UTC)
    except (ValueError, OverflowError, AttributeError):
        return None


def _is_notebook(file: File) -> bool:
    """By its name, or by what is in it: browsers, mail and people change endings."""
    if file.path.lower().endswith(NOTEBOOK):
        return True
    if file.refused or file.path.lower().endswith(NEVER):
        return False
    content, _ = file.read()
    if b"cells" not in content or content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] != b"{":
        return False
    return not _problem(content, True)


def _problem(content: bytes, whole: bool) -> str:
    return _looked_at(content, whole)[0]


def _looked_at(content: bytes, whole: bool) -> tuple[str, bool]:
    """What is wrong with a notebook, and whether it holds exercises."""
    if not whole:
        return say("damaged in its zip"), False
    try:
        cells = read(content).cells
    except NothingInIt:
        return "empty", False
    except UnreadableNotebook:
        return say("no notebook that can be read"), False
    return "", any("nbgrader" in cell.metadata or "sheet.check(" in cell.source for cell in cells)


def _is_chapter(content: bytes, name: str) -> bool:
    """Whether most cells are those of the book's chapter, by their names."""
    chapter = kit.ROOT / "chapters" / f"{name}.ipynb"
    if not chapter.is_file():
        return False
    own, given = ({cell.id for cell in read(one).cells} for one in (chapter.read_bytes(), content))
    return 2 * len(own & given) > len(given)


def _any_exercises(pool: Iterable[Attempt]) -> bool:
    return any(one.exercises for one in pool)


def _content(target: Path, chapter: str) -> tuple[bytes | None, str | None]:
    """The notebook and the time stamp that are in a student's folder of submissions."""
    notebook, stamp = target / f"{chapter}.ipynb", target / "timestamp.txt"
    return (
        notebook.read_bytes() if notebook.is_file() else None,
        stamp.read_text(encoding="utf-8", errors="replace").strip() if stamp.is_file() else None,
    )


def _hand_on(target: Path, chapter: str, content: bytes, stamp: str | None) -> None:
    write(target / f"{chapter}.ipynb", content)
    if stamp:
        write(target / "timestamp.txt", stamp.encode())
    else:
        (target / "timestamp.txt").unlink(missing_ok=True)
