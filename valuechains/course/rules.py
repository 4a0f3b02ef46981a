"""What course.toml says of marks: what a late hand-in costs, who has longer, what chapters weigh; and the language.

language = "zh_CN"  # left out: what students are sent is English

[late]              # left out: being late is said and costs nothing
per_day = 10        # percent of the points that can be had, for each day begun
grace = 30          # minutes after the deadline that cost nothing
most = 50           # percent: no more is taken off

[[extension]]
student = "s017"
chapter = "02-services"     # left out: every chapter
days = 2                    # or: due = 2026-12-09T23:59:00

    [weights]
    02-services = 2             # in the total of `scores --total`; a chapter that is not named weighs 1
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from valuechains.authoring import catalogue
from valuechains.course.errors import CourseError
from valuechains.tongue import say


@dataclass(frozen=True)
class LateRule:
    """What being late costs, in percent of the points that can be had."""

    per_day: float = 0.0
    grace: timedelta = timedelta()
    most: float = 100.0

    def percent(self, late: timedelta) -> float:
        days = math.ceil(late / timedelta(days=1))
        return min(self.most, days * self.per_day) if late > self.grace else 0.0

    def points(self, late: timedelta, of: float) -> float:
        return round(of * self.percent(late) / 100, 2)


NONE = LateRule()


@dataclass(frozen=True)
class Extension:
    """A later deadline of one student, for a chapter or (chapter empty) for all."""

    student: str
    chapter: str = ""
    due: datetime | None = None
    more: timedelta = timedelta()

    def moved(self, due: datetime) -> datetime:
        return max(due, self.due or due + self.more)


def language(facts: Mapping, root: Path) -> str:
    """The language that the class is addressed in, one of the project's; "" is English. Raises CourseError."""
    wanted = facts.get("language", "en")
    found = catalogue.named(root, wanted) if isinstance(wanted, str) else None
    if found is None:
        known = ", ".join(["en", *catalogue.languages(root)])
        raise CourseError(
            say(
                "course.toml names a language {wanted!r}, which has no catalogue: write one of {known}.",
                wanted=wanted,
                known=known,
            )
        )
    return found


def late_rule(facts: Mapping) -> LateRule:
    """The rule of a course. Raises CourseError."""
    given = facts.get("late", {})
    if not isinstance(given, Mapping):
        raise CourseError(say("course.toml: late is a section of its own; write [late] and below it per_day = 10."))
    unknown = sorted(set(given) - {"per_day", "grace", "most"})
    if unknown:
        raise CourseError(
            say("course.toml, [late]: there is no {unknown}; it takes per_day, grace and most.", unknown=unknown[0])
        )
    for name, most in (("per_day", 100), ("grace", 525_600), ("most", 100)):
        value = given.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise CourseError(
                say(
                    "course.toml, [late]: {name} is {value!r}; give a number from 0 to {most}.",
                    name=name,
                    value=value,
                    most=most,
                )
            )
    return LateRule(
        float(given.get("per_day", 0)), timedelta(minutes=given.get("grace", 0)), float(given.get("most", 100))
    )


def extensions(facts: Mapping, chapters: Sequence[str], zone: ZoneInfo) -> tuple[Extension, ...]:
    """Who has longer. Raises CourseError."""
    given = facts.get("extension", [])
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise CourseError(say("course.toml: write each extension below a line [[extension]]."))
    return tuple(_extension(one, chapters, zone) for one in given)


def weights(facts: Mapping, chapters: Sequence[str]) -> dict[str, float]:
    """What chapters weigh in a total; one that is not named weighs 1. Raises CourseError."""
    given = facts.get("weights", {})
    for name, value in given.items() if isinstance(given, Mapping) else [("", given)]:
        if name not in chapters:
            raise CourseError(
                say(
                    "course.toml, [weights]: there is no chapter {name!r}; choose among {chapters}.",
                    name=name,
                    chapters=", ".join(chapters),
                )
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise CourseError(
                say(
                    "course.toml, [weights]: {name} weighs {value!r}; give a number, 0 or more.", name=name, value=value
                )
            )
    return {name: float(value) for name, value in given.items()}


def moment(value: object, what: str, zone: ZoneInfo) -> datetime:
    """A deadline out of course.toml, in the course's zone. Raises CourseError for a date without a time."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        raise CourseError(
            say(
                "course.toml, {what}: {value} is a date without a time; write {value}T23:59:00.", what=what, value=value
            )
        )
    raise CourseError(
        say(
            "course.toml, {what}: {value!r} is no moment; write one such as 2026-11-30T23:59:00, no quotes.",
            what=what,
            value=value,
        )
    )


def day(value: object, what: str) -> date:
    """A day out of course.toml. Raises CourseError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise CourseError(
        say(
            "course.toml, {what}: {value!r} is no date; write one such as 2026-11-23, without quotes.",
            what=what,
            value=value,
        )
    )


def _extension(one: Mapping, chapters: Sequence[str], zone: ZoneInfo) -> Extension:
    student, chapter = one.get("student"), one.get("chapter", "")
    whose = say("the extension of {student}", student=student or say("nobody"))
    if not isinstance(student, str) or not student:
        raise CourseError(say('course.toml: an [[extension]] names no student; write student = "s017".'))
    if chapter and chapter not in chapters:
        raise CourseError(
            say(
                "course.toml, {whose}: there is no chapter {chapter!r}; choose among {chapters}.",
                whose=whose,
                chapter=chapter,
                chapters=", ".join(chapters),
            )
        )
    if "due" in one:
        return Extension(student, chapter, due=moment(one["due"], whose, zone))
    days = one.get("days")
    if isinstance(days, bool) or not isinstance(days, int | float) or not 0 < days <= 366:
        raise CourseError(say("course.toml, {whose}: give days = 2, or due = 2026-12-09T23:59:00.", whose=whose))
    return Extension(student, chapter, more=timedelta(days=days))
