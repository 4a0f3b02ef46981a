"""What a student handed in of a chapter, attempt by attempt, and which of them counts; noted in attempts.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from valuechains.course.errors import CourseError
from valuechains.tongue import say

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Attempt:
    """One notebook that a student handed in; times are ISO with zone.

    time: when it was handed in, as the LMS says. filed: the file's own time, which says it only if `dated`. state: of
    which moment the LMS's download shows the state. round: in which collection it was last there. submission: Canvas's
    number of the file. number: of the copy, in its name. late: as the LMS marks it. fits: its name says this chapter.
    lms, place: by which the LMS finds the student when something is handed back. exercises: whether it holds any; the
    chapter to read has the same name.
    """

    file: str
    name: str
    time: str | None
    filed: str | None
    number: int
    late: bool | None
    fits: bool
    problem: str
    dated: bool = False
    state: str | None = None
    round: int = 0
    submission: int = 0
    lms: str = ""
    place: str = ""
    exercises: bool = False

    @property
    def same(self) -> tuple:
        return self.file, self.time, self.number, self.submission

    @property
    def handed_in(self) -> datetime | None:
        """When, if anything says so; what all files of a download share is when it was packed."""
        return _moment(self.time) or (_moment(self.filed) if self.dated and self.late is None else None)


def folder(root: Path, chapter: str, student: str) -> Path:
    return root / "work" / "collected" / chapter / student


def ledger(at: Path) -> list[Attempt]:
    """The attempts noted in a folder. Raises CourseError for a file that was cut short."""
    path = at / "attempts.json"
    if not path.exists():
        return []
    try:
        return [Attempt(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError):
        raise CourseError(
            say(
                "work/collected/{name}/{at}/attempts.json is cut short or was changed: delete it and "
                "collect again (the notebooks beside it stay).",
                name=at.parent.name,
                at=at.name,
            )
        ) from None


def written(attempts: Sequence[Attempt]) -> str:
    return json.dumps([asdict(one) for one in attempts], indent=1)


def merged(known: Iterable[Attempt], new: Sequence[Attempt]) -> list[Attempt]:
    """Each attempt once. Where a collection brings something new, all that it holds belongs to its round."""
    found = {one.same: one for one in known}
    fresh = any(one.same not in found for one in new)
    turn = 1 + max((one.round for one in found.values()), default=0)
    for one in new:
        before = found.get(one.same)
        if before is None:
            found[one.same] = replace(one, round=turn)
            continue
        kept = one if _earlier(one, before) else before  # a copy counts from the earliest time it had
        at = (turn, one.state) if fresh else (before.round, before.state)
        found[one.same] = replace(kept, round=at[0], state=at[1], exercises=one.exercises)
    return list(found.values())


def last(attempts: Iterable[Attempt]) -> tuple[Attempt, str]:
    """The attempt that counts, and what says so: the LMS's times, its numbers, the order of its downloads; only where
    it says nothing the number in the file's name, then a name that says the chapter, then the file's own time. Of files
    that came together one with exercises goes before one without."""
    attempts = list(attempts)
    if all(one.time for one in attempts):
        return max(attempts, key=lambda one: (_moment(one.time), one.exercises, one.number, one.fits)), say(
            "by its time"
        )
    if all(one.submission for one in attempts):
        newest = {turn: max(one.submission for one in attempts if one.round == turn) for turn in _rounds(attempts)}
        best = max(attempts, key=lambda one: (newest[one.round], one.exercises, one.fits, one.submission))
        return best, say("by Canvas's numbers")
    if any(one.time or one.state for one in attempts):
        best = max(attempts, key=lambda one: (_at(one), one.round, one.exercises, one.fits, one.number))
        return best, say("by the order of downloads")
    return (
        max(attempts, key=lambda one: (one.exercises, one.number, one.fits, _moment(one.filed) or LONG_AGO)),
        say("by name, then by the file's time"),
    )


def counted(root: Path, chapter: str, student: str) -> Attempt | None:
    """The attempt of a student that counts, if one was collected."""
    found = ledger(folder(root, chapter, student))
    return last(found)[0] if found else None


def _rounds(attempts: Iterable[Attempt]) -> set[int]:
    return {one.round for one in attempts}


def _at(one: Attempt) -> datetime:
    return _moment(one.time) or _moment(one.state) or _moment(one.filed) or LONG_AGO


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _earlier(one: Attempt, other: Attempt) -> bool:
    filed, before = _moment(one.filed), _moment(other.filed)
    return filed is not None and (before is None or filed < before)
