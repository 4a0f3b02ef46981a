"""A course folder: an nbgrader course, with our own facts about it in course.toml.

Course.new("my-course", title=..., chapters=["01-in-flux"], start=date(2026, 11, 23), students=Path("class.csv"))
course = Course.open("my-course")
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.api import Gradebook

from valuechains.authoring import catalogue
from valuechains.checks import Sheet
from valuechains.checks.variants import drawn
from valuechains.course import kit, people, rules, settings
from valuechains.course.errors import CourseError
from valuechains.course.key import Key, load
from valuechains.course.people import Student
from valuechains.tongue import say

UNFIT = '[]*?#%$"'  # nbgrader, its database or a shell takes these in a path for more than letters


@dataclass(frozen=True)
class Chapter:
    name: str
    opens: date
    due: datetime


@dataclass(frozen=True)
class Course:
    """An open course folder."""

    root: Path
    title: str
    salt: str
    start: date
    zone: ZoneInfo
    chapters: tuple[Chapter, ...]
    late: rules.LateRule = rules.NONE
    extensions: tuple[rules.Extension, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    language: str = ""  # "" is English

    @classmethod
    def open(cls, path: str | Path) -> Course:
        """The course of a folder. Raises CourseError."""
        root = Path(path).resolve()
        _fit(root)
        file = root / "course.toml"
        try:
            facts = tomllib.loads(file.read_text(encoding="utf-8"))
            zone = ZoneInfo(facts.get("zone", "UTC"))
            chapters = tuple(_chapter(one, zone) for one in facts["chapter"])
            names = [one.name for one in chapters]
            return cls(
                root,
                facts["title"],
                facts["salt"],
                rules.day(facts["start"], "start"),
                zone,
                chapters,
                rules.late_rule(facts),
                rules.extensions(facts, names, zone),
                rules.weights(facts, names),
                rules.language(facts, kit.ROOT),
            )
        except FileNotFoundError:
            raise CourseError(
                say(
                    "{root} is no course folder: it has no course.toml. Make one with `valuechains course new`.",
                    root=root.name,
                )
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CourseError(
                say("course.toml of {root} cannot be read ({error}): mend that line.", root=root.name, error=error)
            ) from None
        except ZoneInfoNotFoundError:
            raise CourseError(
                say(
                    "course.toml of {root} names an unknown time zone: write one such as Europe/Berlin.", root=root.name
                )
            ) from None
        except (KeyError, TypeError, AttributeError) as error:
            raise CourseError(
                say(
                    "course.toml of {root} lacks or garbles {error}: compare it with a new course's.",
                    root=root.name,
                    error=error,
                )
            ) from None

    @classmethod
    def new(
        cls,
        path: str | Path,
        *,
        title: str,
        chapters: Sequence[str],
        start: date,
        students: Path,
        pace: int = 7,
        salt: str | None = None,
        zone: str = "UTC",
        language: str = "",
    ) -> Course:
        """Make a course folder, whole or not at all. pace: days from one chapter to the next. Raises CourseError."""
        root = Path(path)
        if root.exists() and any(root.iterdir()):
            raise CourseError(say("{root} is there already and is not empty: choose another folder.", root=root.name))
        _fit(root.resolve())
        if pace < 1:
            raise CourseError(say("A pace of {pace} days leaves no time: give 1 or more.", pace=pace))
        names, found = _chapters(chapters), people.read_students(students)
        language = rules.language({"language": language or "en"}, kit.ROOT)
        _zone(zone)
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix=".new-course-") as folder:
            made = Path(folder, root.name)
            made.mkdir()
            (made / "course.toml").write_text(
                _toml(title, salt or secrets.token_hex(8), start, pace, zone, names, language), encoding="utf-8"
            )
            (made / "nbgrader_config.py").write_text(settings.FILE, encoding="utf-8")
            people.write_students(made / "students.csv", found)
            course = cls.open(made)
            for chapter in course.chapters:
                course.write_source(chapter.name)
            if root.exists():
                root.rmdir()
            made.replace(root)
        return cls.open(root)

    @cached_property
    def students(self) -> tuple[Student, ...]:
        return people.read_students(self.root / "students.csv")

    def gradebook(self) -> Gradebook:
        return settings.gradebook(self.root)

    def chapter(self, name: str) -> Chapter:
        """A chapter by its name or its number."""
        for chapter in self.chapters:
            if _is(name, chapter.name):
                return chapter
        raise CourseError(
            say(
                "{title} has no chapter {name!r}: choose among {names}.",
                title=self.title,
                name=name,
                names=", ".join(one.name for one in self.chapters),
            )
        )

    def due(self, chapter: str, student: str, more: timedelta | None = None) -> datetime:
        """When a chapter is due for a student: with extensions of course.toml, and `more` that nbgrader knows of."""
        due = self.chapter(chapter).due
        longer = [one for one in self.extensions if one.student == student and one.chapter in ("", chapter)]
        return max([due + (more or timedelta()), *(one.moved(due) for one in longer)])

    def speaks(self, student: str | None) -> str:
        """The language that a student is addressed in: the class list's, else the course's; "" is English."""
        own = next((one.language for one in self.students if one.id == student), "") if student else ""
        found = catalogue.named(kit.ROOT, own) if own else None
        return self.language if found is None else found

    def key(self, chapter: str) -> Key:
        return _key(self.root / "source" / chapter)

    def source(self, chapter: str) -> Path:
        """The notebook with solutions from which a chapter's copies are made."""
        return self.root / "source" / chapter / f"{chapter}.ipynb"

    def variant(self, chapter: str, student: str) -> dict:
        """The variant of a student: what the course's salt and the id draw from the key's menu."""
        menu = self.key(chapter).variants or [{}]
        return menu[drawn(len(menu), self.salt, chapter, student)]

    def sheet(self, chapter: str, student: str | None) -> Sheet:
        """The sheet of a student; without one, that of the practice variant."""
        path = self.root / "source" / chapter / "sheet.json"
        return Sheet(json.loads(path.read_text(encoding="utf-8")), student=student)

    def run_file(self, chapter: str, student: str) -> Path:
        """Where grading notes what a submission's run gave, or why it was refused."""
        return self.root / "work" / "runs" / chapter / f"{student}.json"

    def write_source(self, chapter: str) -> None:
        """Put a chapter's source into source/, its sheet sealed with the course's salt."""
        origin, target = kit.ROOT / "exercises" / chapter, self.root / "source" / chapter
        shutil.copytree(
            origin, target, ignore=shutil.ignore_patterns("questions.yml", "sheet.json", ".*", "__pycache__")
        )
        (target / "sheet.json").write_text(
            json.dumps(load(origin).sheet(self.salt), ensure_ascii=False), encoding="utf-8"
        )


def _fit(root: Path) -> None:
    """Raise CourseError for a folder in which some step of a course would look elsewhere."""
    unfit = sorted({char for char in str(root) if char in UNFIT or not char.isprintable()})
    if unfit:
        shown = " ".join(char if char.isprintable() else repr(char)[1:-1] for char in unfit)
        raise CourseError(
            say(
                "The folder {root!r} has {shown} in its name or in that of a folder above it, which "
                "nbgrader takes for more than a name: choose another, of letters, digits, blanks, - "
                "and _.",
                root=str(root),
                shown=shown,
            )
        )


def _chapter(given: dict, zone: ZoneInfo) -> Chapter:
    name = given["name"]
    return Chapter(
        name,
        rules.day(given["opens"], say("opens of {name}", name=name)),
        rules.moment(given["due"], say("due of {name}", name=name), zone),
    )


@cache
def _key(folder: Path) -> Key:
    return load(folder)


def _chapters(wanted: Sequence[str]) -> list[str]:
    """Names of the chapters asked for by name or number, in the order given."""
    known = [folder.name for folder in kit.sources()]
    found = []
    for one in wanted:
        name = next((name for name in known if _is(str(one), name)), None)
        if name is None:
            raise CourseError(
                say(
                    "There is no chapter {item!r}: choose among {known}, or their numbers.",
                    item=one,
                    known=", ".join(known),
                )
            )
        if name in found:
            raise CourseError(say("Chapter {name} is named twice: name each once.", name=name))
        found.append(name)
    if not found:
        raise CourseError(say("A course needs a chapter: name at least one."))
    return found


def _is(asked: str, name: str) -> bool:
    """Whether a chapter is asked for, by its name or its number."""
    return asked in (name, name[:2], name[:2].lstrip("0") or "0")


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CourseError(say("There is no time zone {name!r}: write one such as Europe/Berlin.", name=name)) from None


def _toml(title: str, salt: str, start: date, pace: int, zone: str, names: list[str], language: str) -> str:
    lines = [
        f"title = {json.dumps(title, ensure_ascii=False)}",
        f'salt = "{salt}"  # personal variants follow from it: keep it for the whole course',
        f"start = {start.isoformat()}",
        f'zone = "{zone}"',
        *([f"language = {json.dumps(language)}  # of what students are sent"] if language else ()),
    ]
    for place, name in enumerate(names):
        opens = start + timedelta(days=place * pace)
        due = datetime.combine(opens + timedelta(days=pace), time(23, 59))
        lines += ["", "[[chapter]]", f'name = "{name}"', f"opens = {opens.isoformat()}", f"due = {due.isoformat()}"]
    return "\n".join(lines) + "\n"
