"""The syllabus: weeks, minutes, outcomes, what must come before, deadlines; as Markdown, as a page and as a calendar.

Titles, times, outcomes and prerequisites are what the chapters' own heads say; the minutes of exercises are the key's.
The same course gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from valuechains.authoring.chapter import Head, plain, read_head
from valuechains.course import files, kit
from valuechains.course.folder import Chapter, Course, CourseError
from valuechains.course.outcomes import Tested, tested
from valuechains.course.results import pages
from valuechains.tongue import count, dated, say, to_say

CHAPTERS = kit.ROOT / "chapters"
HEADS = (
    to_say("Week"),
    to_say("Chapter"),
    to_say("Opens"),
    to_say("Due"),
    to_say("Minutes in all"),
    to_say("Of these, exercises"),
)
WEEKDAYS = (to_say("Mon"), to_say("Tue"), to_say("Wed"), to_say("Thu"), to_say("Fri"), to_say("Sat"), to_say("Sun"))
FIRST = {"02": "01"}  # taught in this order even where the head says no more than "helps"; 00 is first of all


@dataclass(frozen=True)
class Unit:
    """A chapter of the course, with what its head and its key say."""

    chapter: Chapter
    head: Head
    outcomes: tuple[Tested, ...]
    exercises: int  # minutes

    @property
    def number(self) -> int:
        return int(self.chapter.name[:2])

    @property
    def minutes(self) -> tuple[int, int]:
        """Fewest and most, exercises included."""
        least, most = self.head.range
        return round(60 * least), round(60 * most)

    @property
    def before(self) -> str:
        return plain(self.head.before)


def syllabus(course: Course) -> tuple[Path, ...]:
    """Write syllabus.md, syllabus.html and syllabus.ics into the course folder; their paths. Raises CourseError."""
    found = units(course)
    text = _markdown(course, found)
    made = {"md": text, "html": _page(course, text), "ics": calendar(course, found)}
    return tuple(files.write(course.root / f"syllabus.{kind}", content) for kind, content in made.items())


def warnings(course: Course) -> list[str]:
    """A sentence for each thing that chapters build on and that does not come before them in this course."""
    return _lacking(units(course))


def units(course: Course) -> list[Unit]:
    """The chapters in the order taught. Raises CourseError for a chapter that the book does not have."""
    found = []
    for chapter in course.chapters:
        notebook = CHAPTERS / f"{chapter.name}.ipynb"
        try:
            head, outcomes = read_head(notebook), tuple(tested(chapter.name))
        except FileNotFoundError:
            raise CourseError(
                say("The book has no chapter {chapter}: correct its name in course.toml.", chapter=chapter.name)
            ) from None
        except ValueError as error:
            raise CourseError(say("{error} Mend chapters/{notebook}.", error=error, notebook=notebook.name)) from None
        found.append(Unit(chapter, head, outcomes, course.key(chapter.name).minutes))
    return sorted(found, key=lambda unit: unit.chapter.opens)  # those of one day stay in the order of course.toml


def week(course: Course, day: date) -> int:
    return (day - course.start).days // 7 + 1


def calendar(course: Course, found: list[Unit]) -> str:
    """RFC 5545: the day on which a chapter opens and the hour when it is due, without alarms."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Services in global value chains//Course//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(course.title)}",
    ]
    for unit in found:
        due = unit.chapter.due.astimezone(UTC)
        title = say("Chapter {number}: {title}", number=unit.number, title=unit.head.title)
        work = say("{minutes} of work. Before you start: {before}.", minutes=_minutes(unit.minutes), before=unit.before)
        lines += _event(
            course,
            unit,
            "opens",
            say("{title} opens", title=title),
            work,
            f"DTSTART;VALUE=DATE:{unit.chapter.opens:%Y%m%d}",
            f"DTEND;VALUE=DATE:{unit.chapter.opens + timedelta(days=1):%Y%m%d}",
            "TRANSP:TRANSPARENT",
        )
        lines += _event(
            course,
            unit,
            "due",
            say("{title} is due", title=title),
            say("Hand in {name}.ipynb.", name=unit.chapter.name),
            f"DTSTART:{due:%Y%m%dT%H%M%SZ}",
        )
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(course: Course, unit: Unit, what: str, title: str, text: str, *when: str) -> list[str]:
    own = hashlib.sha256(f"{course.salt}/calendar".encode()).hexdigest()[:16]  # the same when dates move
    return [
        "BEGIN:VEVENT",
        f"UID:{unit.chapter.name}-{what}-{own}@services-in-value-chains",
        f"DTSTAMP:{course.start:%Y%m%d}T000000Z",
        *when,
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(text)}",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\r\n|\r|\n", r"\\n", text))


def _folded(line: str) -> str:
    """No line over 75 bytes, no letter cut in two."""
    pieces, piece = [], ""
    for char in line:
        if len((piece + char).encode()) > 75:
            pieces.append(piece)
            piece = " "
        piece += char
    return "\r\n".join([*pieces, piece])


def _lacking(found: list[Unit]) -> list[str]:
    """What chapters build on and do not find before them, a sentence for each chapter that they lack."""
    given = {unit.number: unit for unit in found}
    missed: dict[int, list[str]] = {}
    lines = []
    for place, unit in enumerate(found):
        earlier = {one.number for one in found[:place]}
        for number, why in _needs(unit).items():
            if number not in earlier:
                missed.setdefault(number, []).append(say("chapter {number} ({why})", number=unit.number, why=why))
        if unit.head.builds_on_another and not earlier - {0}:
            lines.append(
                say("Chapter {number} builds on one other chapter, and none comes before it.", number=unit.number)
            )
    for number, builders in sorted(missed.items()):
        about = {"number": number, "builders": ", ".join(builders)}
        if number in given:
            day = _day(given[number].chapter.opens)
            lines.append(say("Chapter {number} comes only on {day}, and on it builds {builders}.", day=day, **about))
        else:
            lines.append(say("Chapter {number} is not part of this course, and on it builds {builders}.", **about))
    return lines


def _needs(unit: Unit) -> dict[int, str]:
    """The chapters to come first and the reason: the head's own sentence, else the book's order."""
    needs = {0: say("its method")} if unit.number else {}
    if unit.chapter.name[:2] in FIRST:
        needs[int(FIRST[unit.chapter.name[:2]])] = say("the book's order")
    told = unit.head.builds_on.items()
    return needs | {number: f"“{sentence.rstrip('.')}”" for number, sentence in told if number < unit.number}


def _range(minutes: tuple[int, int]) -> str:
    least, most = minutes
    return f"{least}" if least == most else say("{least} to {most}", least=least, most=most)


def _minutes(minutes: tuple[int, int]) -> str:
    return say("{range} minutes", range=_range(minutes))


def _hours(minutes: tuple[int, int]) -> str:
    least, most = (f"{one / 60:.1f}".removesuffix(".0") for one in minutes)
    return least if least == most else say("{least} to {most}", least=least, most=most)


def _total(found: list[Unit]) -> tuple[int, int]:
    return sum(unit.minutes[0] for unit in found), sum(unit.minutes[1] for unit in found)


def _markdown(course: Course, found: list[Unit]) -> str:
    title = _literal(course.title)
    weeks: dict[int, list[Unit]] = {}
    for unit in found:
        weeks.setdefault(week(course, unit.chapter.opens), []).append(unit)
    last = max(unit.chapter.due for unit in found)
    lines = [
        f"# {title}",
        "",
        count(
            "{start} to {end}. {number} chapter, {hours} hours of student time. Deadlines are in the time zone {zone}.",
            "{start} to {end}. {number} chapters, {hours} hours of student time. "
            "Deadlines are in the time zone {zone}.",
            len(found),
            start=_day(course.start),
            end=_day(last),
            hours=_hours(_total(found)),
            zone=course.zone.key,
        ),
        "",
        f"## {say('Plan')}",
        "",
        f"| {' | '.join(map(say, HEADS))} |",
        "|---|---|---|---|---|---|",
    ]
    for number, given in weeks.items():
        lines += [
            f"| {number} | {unit.number} {unit.head.title} | {_day(unit.chapter.opens)} | "
            f"{_hour(unit)} | {_range(unit.minutes)} | {unit.exercises} |"
            for unit in given
        ]
        if len(given) > 1:
            lines.append(
                f"| {number} | *{say('the week together')}* | | | {_range(_total(given))} | "
                f"{sum(unit.exercises for unit in given)} |"
            )
    lines.append(
        f"| | **{say('Together')}** | | | **{_range(_total(found))}** | **{sum(unit.exercises for unit in found)}** |"
    )
    lines += ["", f"## {say('What must come before')}", ""]
    lines += [f"- **{say('Warning.')}** {line}" for line in _lacking(found)] or [
        say("Every chapter comes after the chapters that it builds on.")
    ]
    for unit in found:
        lines += [
            "",
            "## "
            + say(
                "Week {week}: chapter {number}, {title}",
                week=week(course, unit.chapter.opens),
                number=unit.number,
                title=unit.head.title,
            ),
            "",
            say(
                "Opens {day}; due {hour}. {minutes}, {exercises} of them for the exercises.",
                day=_day(unit.chapter.opens),
                hour=_hour(unit),
                minutes=_minutes(unit.minutes).capitalize(),
                exercises=unit.exercises,
            ),
            "",
            say("Before you start: {before}.", before=unit.before),
            "",
            say("You will be able to (tested by the book's exercises and short questions):"),
            "",
            *(f"{place}. {one.outcome} ({one.by})" for place, one in enumerate(unit.outcomes, start=1)),
        ]
    return "\n".join(lines) + "\n"


def _day(day: date) -> str:
    return say("{weekday} {day}", weekday=say(WEEKDAYS[day.weekday()]), day=dated(day))


def _hour(unit: Unit) -> str:
    return say("{day}, {time}", day=_day(unit.chapter.due), time=f"{unit.chapter.due:%H:%M}")


def _literal(text: str) -> str:
    """Text of the instructor's own, with nothing in it that Markdown reads as more."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", " ".join(text.split()))


def _page(course: Course, text: str) -> str:
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    body = (
        body.replace(
            "<table>",
            '<div class="wide" role="region" aria-label="PLAN" tabindex="0"><table>'.replace("PLAN", say("Plan")),
        )
        .replace("</table>", "</table></div>")
        .replace("<th>", '<th scope="col">')
    )
    return pages.page("syllabus.html", title=course.title, body=Markup(body))
