"""Collecting: from what an LMS hands out to nbgrader's folder of submissions.

    for one in collect(course, "02-services", Path("download.zip")):
        print(one.student, one.state, one.line)

Every attempt is kept under work/collected/<chapter>/<id>/, with attempts.json saying what is known of each; the
last one is what submitted/<id>/<chapter>/ holds. What belongs to nobody for sure is kept under _unmatched/.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import parse_utc

from valuechains.course import kit
from valuechains.course.archives import File, files, shown
from valuechains.course.files import write
from valuechains.course.folder import Chapter, Course, Student
from valuechains.course.notebooks import Unreadable, read
from valuechains.course.owners import Clues, Owners, clues, squashed

NOTEBOOK = (".ipynb", ".ipynb.txt", ".ipynb.json")  # browsers add the ends
BESIDE = (".txt", ".html", ".csv", ".json")  # what an LMS puts beside
STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's timestamp.txt
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Collected:
    """What became of a student's work, or of a file that has no owner (then student is empty).

    state: collected, replaced (by a newer attempt), unchanged, corrupt (handed on all the same), missing, refused (too
    large, no safe zip), other (no notebook of this chapter), unknown, ambiguous. line: one sentence.
    """

    student: str
    state: str
    line: str
    late: bool = False


@dataclass(frozen=True)
class Attempt:
    """One notebook that a student handed in; times are ISO with zone, filed is the file's own time."""

    file: str
    name: str
    time: str | None
    filed: str | None
    number: int
    late: bool | None
    fits: bool  # its name says this chapter
    problem: str

    @property
    def when(self) -> datetime | None:
        text = self.time or self.filed
        return datetime.fromisoformat(text) if text else None


def collect(
    course: Course, chapter: str, source: Path, progress: Callable[[int, int, str], None] | None = None
) -> list[Collected]:
    """Take in the submissions of a chapter; one entry a student, in the class list's order, then the ownerless files.

    Raises CourseError for a source that is not there, cannot be read, or would unpack outside its folder or to
    gigabytes; then nothing is written. Collecting the same again changes nothing.
    """
    given = course.chapter(chapter)
    sorting = _Sorting(course, given)
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

    def __init__(self, course: Course, chapter: Chapter):
        self.course, self.chapter = course, chapter
        self.root = course.root / "work" / "collected" / chapter.name
        self.owners = Owners(course.students)
        self.others = {squashed(one.name) for one in (*course.chapters, *kit.sources())} - {squashed(chapter.name)}
        self.attempts: dict[str, list[Attempt]] = defaultdict(list)
        self.asides: dict[str, list[Collected]] = defaultdict(list)
        self.ownerless: list[Collected] = []

    def take(self, file: File) -> None:
        found = clues(file.path, self.chapter.name)
        owners = sorted(self.owners.of(found))
        name = shown(file.path)
        notebook = file.path.lower().endswith(NOTEBOOK)
        if len(owners) != 1:
            self._keep_ownerless(file, owners, notebook)
        elif file.refused:
            self._aside(owners[0], "refused", f"{name} {file.refused}: it was not taken in; ask for another copy.")
        elif not notebook:
            self._aside(owners[0], "other", f"{name} is no notebook: ask for the .ipynb file.")
        elif self._of_another(found, file.path):
            self._aside(
                owners[0],
                "other",
                f"{name} is another chapter's notebook by its name: ask for {self.chapter.name}.ipynb.",
            )
        else:
            self.attempts[owners[0]].append(self._keep(self.root / owners[0], file, found))

    def settle(self, student: Student) -> Collected:
        """Hand on the last of all attempts, of this collection and of earlier ones."""
        folder = self.root / student.id
        target = self.course.root / "submitted" / student.id / self.chapter.name
        known = _ledger(folder) + self._handed_in_elsewhere(folder, target)
        pool = _distinct(known + self.attempts[student.id])
        asides = self.asides[student.id]
        if not pool:
            nothing = Collected(student.id, "missing", f"{student.name} handed in nothing.")
            return min(asides, key=lambda one: one.state != "refused", default=nothing)
        if pool != _ledger(folder):
            write(folder / "attempts.json", json.dumps([asdict(one) for one in pool], indent=1).encode())
        last = _last(pool)
        before = _content(target, self.chapter.name)
        when = self._handed_in(last)
        after = ((folder / last.file).read_bytes(), when.astimezone(UTC).strftime(STAMP) if when else None)
        if after != before:
            _hand_on(target, self.chapter.name, *after)
        state = "unchanged" if after == before else "collected" if before[0] is None else "replaced"
        late = when is not None and when > self.chapter.due
        refused = [one.line for one in asides if one.state == "refused"]
        return Collected(student.id, "corrupt" if last.problem else state, self._line(last, pool, when, refused), late)

    def _line(self, last: Attempt, pool: list[Attempt], when: datetime | None, asides: list[str]) -> str:
        parts = [shown(last.name)]
        if when:
            parts.append(f"{when.astimezone(self.course.zone):%Y-%m-%d %H:%M %Z}")
            if when > self.chapter.due:
                marked = last.late and not last.time
                parts.append("late by the LMS's mark" if marked else f"{_span(when - self.chapter.due)} late")
        if len(pool) > 1:
            parts.append(f"the last of {len(pool)} attempts")
        if last.problem:
            parts.append(f"{last.problem}, handed on as it is")
            sound = [one for one in pool if not one.problem]
            if sound:
                parts.append(f"an earlier attempt can be read ({shown(_last(sound).name)})")
        return " ".join([", ".join(parts) + ".", *asides])

    def _handed_in(self, attempt: Attempt) -> datetime | None:
        """When it was handed in. Where an LMS marks what is late and gives no time, its mark bounds the file's time."""
        when, due = attempt.when, self.chapter.due
        if attempt.late is None or attempt.time:
            return when
        if attempt.late:
            return max(when or due, due + timedelta(seconds=1))
        return min(when, due) if when else None

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
        time = found.time.replace(tzinfo=self.course.zone).isoformat() if found.time else None
        filed = file.time.isoformat() if file.time else None
        return Attempt(
            path.name,
            file.path,
            time,
            filed,
            found.number,
            found.late,
            squashed(self.chapter.name) in squashed(found.original),
            _problem(content, whole),
        )

    def _keep_ownerless(self, file: File, owners: list[str], notebook: bool) -> None:
        if not notebook and not owners and file.path.lower().endswith(BESIDE):
            return
        where = ""
        if notebook and not file.refused:
            where = f", kept as {self._keep(self.root / '_unmatched', file, clues(file.path, self.chapter.name)).file}"
        whose = f"could be of {', '.join(owners)}" if owners else "belongs to nobody of the class list"
        line = (
            f"{shown(file.path)} {whose}{where}: if it counts, name it after the student's id (such as s017.ipynb) "
            "and collect it again."
        )
        self.ownerless.append(Collected("", "ambiguous" if owners else "unknown", line))

    def _aside(self, student: str, state: str, line: str) -> None:
        self.asides[student].append(Collected(student, state, line))

    def _handed_in_elsewhere(self, folder: Path, target: Path) -> list[Attempt]:
        """What is in submitted/ and came another way, by nbgrader's exchange for one: an attempt like others."""
        content, stamp = _content(target, self.chapter.name)
        if content is None or (folder / f"{hashlib.sha256(content).hexdigest()[:20]}.ipynb").exists():
            return []
        path = target / f"{self.chapter.name}.ipynb"
        filed = datetime.fromtimestamp(path.stat().st_mtime, self.course.zone)
        file = File(f"submitted/{path.name}", filed, lambda: (content, True))
        time = None
        if stamp:
            with contextlib.suppress(ValueError, OverflowError):
                time = parse_utc(stamp)
        kept = self._keep(folder, file, clues(file.path, self.chapter.name))
        return [Attempt(**{**asdict(kept), "time": time.replace(tzinfo=UTC).isoformat() if time else None})]


def _last(attempts: Iterable[Attempt]) -> Attempt:
    """The attempt that counts: by time of attempt, else by number, else the one named after the chapter, else by the
    file's time."""
    attempts = list(attempts)
    timed = any(one.time for one in attempts)
    return max(
        attempts,
        key=lambda one: (
            (one.when if timed else None) or LONG_AGO,
            one.number,
            one.fits,
            datetime.fromisoformat(one.filed) if one.filed else LONG_AGO,
        ),
    )


def _distinct(attempts: list[Attempt]) -> list[Attempt]:
    """Each attempt once; copies of one file count from the earliest time it had."""
    found: dict[tuple, Attempt] = {}
    for one in attempts:
        same = (one.file, one.time, one.number)
        if same not in found or (one.filed and (found[same].filed is None or _before(one, found[same]))):
            found[same] = one
    return list(found.values())


def _before(one: Attempt, other: Attempt) -> bool:
    return datetime.fromisoformat(one.filed) < datetime.fromisoformat(other.filed)


def _ledger(folder: Path) -> list[Attempt]:
    path = folder / "attempts.json"
    return [Attempt(**one) for one in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def _problem(content: bytes, whole: bool) -> str:
    if not whole:
        return "damaged in its zip"
    try:
        read(content)
    except Unreadable as why:
        return "empty" if "empty" in str(why) else "no notebook that can be read"
    return ""


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


def _span(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    return " ".join(f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count)
