"""The command line of a course, `valuechains course ...`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from valuechains.course import errors, people
from valuechains.course.folder import Course, CourseError
from valuechains.course.meanwhile import told
from valuechains.tongue import say

app = typer.Typer(
    name="valuechains",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help=say("Services in global value chains: the course around the book."),
)
course_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help=say(
        "Run a course: from a class list to marks.\n\nA course is a folder that is also an "
        "nbgrader course, so the formgrader and every other nbgrader tool works in it.\n\n"
        "**The usual path**\n\n1. `valuechains course new spring --chapters 1,2,8 --start "
        "2026-11-23 --students class.csv`\n2. `valuechains course syllabus spring`, and "
        "`release spring 1` when a chapter begins\n3. `valuechains course collect spring 1 "
        "submissions.zip` with what the LMS hands out, then `grade spring 1`\n4. texts by "
        "hand in the formgrader (`jupyter lab` in the course folder, menu Nbgrader), then "
        "`feedback spring 1` and\n   `scores spring --layout moodle`\n"
    ),
)
app.add_typer(course_app, name="course")
out, err = Console(), Console(stderr=True)

Folder = Annotated[Path, typer.Argument(help=say("The course folder."), show_default=False)]
ChapterName = Annotated[
    str, typer.Argument(help=say("A chapter of the course, by number or name."), show_default=False)
]


def command(run: Callable[..., None]) -> Callable[..., None]:
    """A command of the course; its help is what stands at its head, as the catalogue says it."""
    return course_app.command(help=say(inspect.getdoc(run) or ""))(run)


class Layout(StrEnum):
    """Tables that learning management systems import."""

    moodle = "moodle"
    canvas = "canvas"
    blackboard = "blackboard"
    plain = "plain"
    tasks = "tasks"


class Back(StrEnum):
    """Systems that work came from and feedback goes back to."""

    moodle = "moodle"
    canvas = "canvas"
    brightspace = "brightspace"
    blackboard = "blackboard"


@contextmanager
def said() -> Iterator[None]:
    """An error of the course, or of the disk, is one sentence and status 1."""
    try:
        yield
    except Exception as error:
        sentence = str(error) if isinstance(error, CourseError) else errors.refusal(error)
        if isinstance(error, OSError):
            sentence = errors.disk(error)
        if not sentence:
            raise
        err.print(f"[red]{say('Error:')}[/] {escape(sentence)}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar for a function that calls back with (done, total, what); in a log, a line now and then."""
    if not err.is_terminal:
        with told(title) as count:
            yield count
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total, what: progress.update(task, completed=done, total=total, description=what)


def table(title: str, *heads: str) -> Table:
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for head in heads:
        made.add_column(head, overflow="fold")
    return made


def show_paths(paths: list[Path], root: Path) -> None:
    for path in paths:
        out.print(str(path.relative_to(root) if path.is_relative_to(root) else path), highlight=False, soft_wrap=True)


@command
def new(
    folder: Folder,
    chapters: Annotated[str, typer.Option(help=say("Chapters in the order taught, by number: `1,2,8`."))],
    start: Annotated[str, typer.Option(help=say("First day, such as `2026-11-23`."))],
    students: Annotated[
        Path,
        typer.Option(
            help=say(
                "Class list, as Moodle, Canvas, Blackboard, Brightspace, ILIAS, OpenOlat or Sakai export it, or a CSV "
                "file with `id,first_name,last_name,email`."
            )
        ),
    ],
    title: Annotated[str, typer.Option(help=say("Title of the course."))] = "Services in global value chains",
    pace: Annotated[int, typer.Option(help=say("Days from one chapter to the next."))] = 7,
    salt: Annotated[
        str | None, typer.Option(help=say("Text that personal variants follow from; drawn by lot if not given."))
    ] = None,
    zone: Annotated[str, typer.Option(help=say("Time zone of the deadlines."))] = "UTC",
    language: Annotated[
        str,
        typer.Option(
            help=say("What students are sent in: `en`, `zh_CN`; a column `language` of the class list is first.")
        ),
    ] = "en",
) -> None:
    """Make a course folder: configuration, dates, class list and the sources of its chapters.

    The folder is made whole or not at all. It holds

    - `course.toml`: title, dates and salt; change a deadline here
    - `students.csv`: the class; add whoever comes late
    - `source/`: the chapters with their answer keys, so keep the folder to yourself
    - `nbgrader_config.py`: every nbgrader tool works in this folder

    Example: `valuechains course new spring --chapters 1,2,8 --start 2026-11-23 --students class.csv --zone
    Europe/Berlin`
    """
    with said(), told(say("Making the course")):
        try:
            first = date.fromisoformat(start)
        except ValueError:
            raise CourseError(say("{start!r} is no date: write one such as 2026-11-23.", start=start)) from None
        course = Course.new(
            folder,
            title=title,
            chapters=[one.strip() for one in chapters.split(",") if one.strip()],
            start=first,
            students=students,
            pace=pace,
            salt=salt,
            zone=zone,
            language=language,
        )
        if line := people.read_class(students).line:
            out.print(escape(line), highlight=False, soft_wrap=True)
        shown = table(course.title, say("chapter"), say("opens"), say("due"))
        for chapter in course.chapters:
            shown.add_row(chapter.name, str(chapter.opens), f"{chapter.due:%Y-%m-%d %H:%M %Z}")
        out.print(shown)
        out.print(
            say(
                "{number} students. Next: valuechains course release {folder} {name}",
                number=len(course.students),
                folder=folder,
                name=course.chapters[0].name[:2],
            ),
            highlight=False,
        )


@command
def release(
    folder: Folder,
    chapter: ChapterName,
    personal: Annotated[
        bool, typer.Option("--personal", help=say("One kit a student, with the own variant set."))
    ] = False,
) -> None:
    """Make the kits that students download, and nbgrader's release folder.

    A kit, `kits/NN-name.zip`, is a folder that runs offline once its lock is installed: notebook, sealed sheet, the
    tables that it reads, the library. It holds no answer and no key.

    Some questions vary with the student. In the class's kit students write their id into the notebook's first cell;
    with `--personal` each gets a kit with it filled in. Releasing again makes the same files.

    Example: `valuechains course release spring 2 --personal`
    """
    from valuechains.course.release import release as make

    with said(), bar(say("Kits")) as progress:
        course = Course.open(folder)
        paths = make(course, chapter, personal=personal, progress=progress)
    show_paths(paths, course.root)


@command
def syllabus(folder: Folder) -> None:
    """Write the syllabus: weeks, minutes, outcomes, what must come before, deadlines; Markdown, HTML and calendar.

    Writes `syllabus.md`, `syllabus.html` and `syllabus.ics`, and warns of a chapter that builds on one which does not
    come before it. After changing a date in `course.toml`, write it again.
    """
    from valuechains.course.results.syllabus import syllabus as write
    from valuechains.course.results.syllabus import warnings

    with said(), told(say("Writing the syllabus")):
        course = Course.open(folder)
        show_paths(list(write(course)), course.root)
        for warning in warnings(course):
            err.print(escape(warning), highlight=False, soft_wrap=True)


@command
def collect(
    folder: Folder,
    chapter: ChapterName,
    submissions: Annotated[
        Path, typer.Argument(help=say("The folder or zip file that the LMS hands out."), show_default=False)
    ],
) -> None:
    """Take in submissions as an LMS names them; the last attempt counts and none is lost.

    Whose a file is follows from its name and its folders', as Moodle, Canvas, Blackboard, Brightspace, Sakai, ILIAS and
    people write them: an id of the class list, else a name that one student has. Every attempt is kept under
    `work/collected/`, the last one goes to nbgrader's `submitted/`; what belongs to nobody for sure lies under
    `_unmatched/` and is listed at the end: rename it and collect it again. Collecting twice changes nothing.

    Which attempt is the last, and when it came, is what the LMS states: Blackboard and Brightspace write the time into
    the name, Canvas a number and LATE. Moodle states no time, and a zip's own times are those of the download: then it
    is not known who was late. Files of a folder count with their own times where these differ and no LMS named the
    files.

    The table says of each student: which file was taken and why, late or not, missing, corrupt. A zip that would unpack
    outside its folder, or to gigabytes, is refused whole.

    Example: `valuechains course collect spring 2 ~/Downloads/submissions.zip`
    """
    from valuechains.course.collect import collect as take

    with said():
        course = Course.open(folder)
        shown = table(
            say("Collected, {chapter}", chapter=course.chapter(chapter).name), say("student"), say("state"), say("what")
        )
        with bar(say("Collecting")) as progress:
            taken = take(course, course.chapter(chapter).name, submissions, progress)
        for one in taken:
            shown.add_row(one.student or "-", say(one.state), escape(one.line))
        out.print(shown)


@command
def grade(
    folder: Folder,
    chapter: ChapterName,
    workers: Annotated[
        int | None, typer.Option(help=say("Submissions side by side; as many as there are cores if not given."))
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help=say("Run every submission anew, also those unchanged since the last time."))
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help=say("Run work also where there are no walls: it then CAN do what you can."))
    ] = False,
) -> None:
    """Run and mark what was collected, each submission locked away from the others; killed half-way, run it again.

    The first line says which walls this system has, and what they promise; where it has none (Windows, macOS, Linux
    without bubblewrap and namespaces) nothing is run unless you say `--trust`. Then a table: each student's points, and
    one line for whatever was stopped, refused or missing. Marks given by hand are kept, and what did not change since
    the last time is not run again. Texts wait for you in the formgrader:
    `jupyter lab` in the course folder, menu Nbgrader, Formgrader, Manual Grading.

    Example: `valuechains course grade spring 2 --workers 4`
    """
    from valuechains.course import grading, sandbox

    with said():
        course = Course.open(folder)
        out.print(sandbox.isolation(), highlight=False, soft_wrap=True)
        if warning := grading.warning(course, chapter):
            err.print(escape(warning), highlight=False, soft_wrap=True)
        with bar(say("Running")) as progress:
            outcomes = grading.grade(
                course, course.chapter(chapter).name, workers=workers, again=again, progress=progress, trust=trust
            )
        shown = table(
            say("Graded, {chapter}", chapter=course.chapter(chapter).name),
            say("student"),
            say("state"),
            say("points"),
            say("what"),
        )
        for one in outcomes:
            shown.add_row(
                one.student, say(one.state), "" if one.points is None else f"{one.points:g}", escape(one.line)
            )
        out.print(shown)


@command
def feedback(
    folder: Folder,
    chapter: ChapterName,
    student: Annotated[str | None, typer.Option(help=say("Of one student only."))] = None,
) -> None:
    """Write a page for each student: points, hints by name, your comments; no right values.

    The pages, `feedback/ID/NN-name/NN-name.html`, need nothing beside them: send them, or let `nbgrader
    release_feedback` hand them out on a hub. Write them again after marking texts in the formgrader.
    """
    from valuechains.course.results.feedback import feedback as write

    _write(folder, say("Writing the pages"), lambda course: write(course, course.chapter(chapter).name, student))


@command
def handback(
    folder: Folder,
    chapter: ChapterName,
    layout: Annotated[Back, typer.Option(help=say("The LMS that the work was downloaded from."))],
    worksheet: Annotated[
        Path | None,
        typer.Option(help=say("Moodle's grading worksheet: hands out personal kits, in place of feedback.")),
    ] = None,
) -> None:
    """Zip the feedback pages, or personal kits, so that the LMS gives each to its student.

    `feedback/NN-name-LAYOUT.zip` goes back where the LMS takes feedback in bulk: in Moodle *Upload multiple feedback
    files in a zip*, in Canvas *Upload Submissions*, in Brightspace *Add Feedback Files*. Blackboard has no such place:
    its zip is named for attaching by hand. Students are found by the names that the LMS gave the work, so it must have
    come in by `collect`.

    With `--worksheet` and layout `moodle` the zip `kits/NN-name-moodle.zip` holds the kits of `release --personal`:
    Moodle finds students by the numbers in its grading worksheet (Submissions, *Download grading worksheet*).

    Example: `valuechains course handback spring 2 --layout moodle`
    """
    from valuechains.course.results import handback as back

    with said(), told(say("Packing what goes back")):
        course = Course.open(folder)
        if worksheet and layout is not Back.moodle:
            raise CourseError(
                say("Only Moodle has a grading worksheet: leave --worksheet out, or give --layout moodle.")
            )
        made = back.kits(course, chapter, worksheet) if worksheet else back.handback(course, chapter, layout.value)
        show_paths([made.path], course.root)
        err.print(escape(made.line), highlight=False, soft_wrap=True)


@command
def scores(
    folder: Folder,
    layout: Annotated[Layout, typer.Option(help=say("Whose import the table is for."))] = Layout.plain,
    chapter: Annotated[str | None, typer.Option(help=say("One chapter only."))] = None,
    heading: Annotated[
        list[str] | None,
        typer.Option(help=say("The LMS's own column of a chapter, `2=Chapter 2 (4711)`; may be repeated.")),
    ] = None,
    even: Annotated[
        bool,
        typer.Option("--even", help=say("Count exercises of even number only: the odd ones are solved on the page.")),
    ] = False,
    tasks: Annotated[str | None, typer.Option(help=say("Count these only: `2,4b`, by number or by task."))] = None,
    total: Annotated[
        bool,
        typer.Option("--total", help=say("Add a column with the mean of the chapters, weighted as in course.toml.")),
    ] = False,
) -> None:
    """Write the scores as a CSV file for the LMS, or by task.

    `scores/LAYOUT.csv` has a row for everybody on the class list; layout `tasks` has a column for each task. Where a
    text is still to be read the score is left empty, so that no half mark is imported; remarks say what waits, what is
    late and who handed in nothing.

    What being late costs stands in `course.toml`, and so does who has longer and what a chapter weighs:

        [late]
        per_day = 10     # percent of the points that can be had, for each day begun
        grace = 30       # minutes that cost nothing
        [[extension]]
        student = "s017"
        days = 2
        [weights]
        02-services = 2

    An LMS makes a new column for a heading that it does not know. Give its own for each chapter, with the number that
    it has there: Canvas writes `Chapter 2 (4711)`, Blackboard `Chapter 2 [Total Pts: 30 Score] |4711`; copy it from a
    table that the LMS hands out.

    Example: `valuechains course scores spring --layout canvas --heading "2=Chapter 2 (4711)" --even`
    """
    from valuechains.course.results import scores as made

    with said(), told(say("Writing the scores")):
        course = Course.open(folder)
        name = course.chapter(chapter).name if chapter else None
        if even and tasks:
            raise CourseError(say("Give --even or --tasks, not both."))
        only = made.Only.read("even" if even else tasks)
        headings = dict(_heading(course, one) for one in heading or [])
        show_paths([made.scores(course, layout.value, name, headings, only=only, total=total)], course.root)
        for remark in made.remarks(course, name, only):
            err.print(escape(remark), highlight=False, soft_wrap=True)


@command
def marking(
    folder: Folder,
    chapter: ChapterName,
    markers: Annotated[str | None, typer.Option(help=say("Allot the students' texts to these: `anna,ben`."))] = None,
    enter: Annotated[Path | None, typer.Option(help=say("Enter the marks of a filled-in table."))] = None,
) -> None:
    """Write sheets for marking texts, with the mark scheme beside them, and enter the marks.

    The formgrader does the same on screen, without the scheme and the bank of comments.

    `work/marking/NN-name.html` has each question, its scheme, a text with all points and then the students' texts,
    task by task. `NN-name.csv` has a row for each: fill in points, and codes of the comments in `comments.csv` or
    words of your own. With `--markers` each gets a page and a table, students being allotted by lot.

    `--enter TABLE` takes a filled-in table, whole or not at all. A row without points is left for later.

    Example: `valuechains course marking spring 2 --markers anna,ben`, then
    `valuechains course marking spring 2 --enter 02-services-anna.csv`
    """
    from valuechains.course.results import reading_sheets as made

    with said(), told(say("Entering the marks") if enter else say("Writing the sheets")):
        course = Course.open(folder)
        if enter:
            out.print(escape(made.enter(course, chapter, enter)), highlight=False, soft_wrap=True)
        else:
            names = [one.strip() for one in (markers or "").split(",") if one.strip()]
            show_paths(made.sheets(course, chapter, names), course.root)


@command
def report(folder: Folder, chapter: ChapterName) -> None:
    """Write the item analysis: difficulty, frequent mistakes, hand-in times, and submissions that look alike.

    `work/reports/NN-name.html` has a chart and a table for each, for your eyes only. Pairs that look alike are a place
    to look and no verdict.
    """
    from valuechains.course.results.report import report as write

    _write(folder, say("Writing the report"), lambda course: write(course, course.chapter(chapter).name))


@command
def key(folder: Folder, chapter: ChapterName) -> None:
    """Write the answer key: full-precision values of every variant, typical wrong answers, anchors of the rubric.

    A page to read and a CSV file to search, under `work/answers/`. Neither is for students.
    """
    from valuechains.course.results.answer_key import answers as write

    _write(folder, say("Computing the key"), lambda course: write(course, course.chapter(chapter).name))


class Quiz(StrEnum):
    """Formats of questions that learning management systems import."""

    moodle = "moodle"
    qti12 = "qti12"
    qti3 = "qti3"


@command
def questions(
    folder: Folder,
    chapter: ChapterName,
    layout: Annotated[Quiz, typer.Option(help=say("Moodle XML; QTI 1.2 (Canvas, Blackboard); QTI 3."))] = Quiz.moodle,
) -> None:
    """Write a chapter's questions for the quizzes of an LMS.

    They are the short questions of the page, and the exercises that numbers and words can answer, with the tolerance
    of the key and a reply to each known mistake. Where questions vary with the student, each variant is a group of its
    own, and `questions/NN-name-variants.csv` says whose it is. Texts and forms stay in the notebook; remarks name them.

    They hold the answers, so import them where students see no source.
    """
    from valuechains.course.quizzes import items, quizzes

    with said(), told(say("Writing the questions")):
        course = Course.open(folder)
        name = course.chapter(chapter).name
        show_paths(quizzes(course, name, layout.value), course.root)
        if left := items.left_out(course.root / "source" / name):
            err.print(
                say("Not among them, since people mark them or they are long: exercises {left}.", left=", ".join(left)),
                soft_wrap=True,
            )


def _heading(course: Course, given: str) -> tuple[str, str]:
    """A chapter's name and the LMS's column for it, out of "2=Chapter 2 (4711)"."""
    chapter, equals, column = given.partition("=")
    if not equals or not column.strip():
        raise CourseError(say('{given!r} is no heading: write one such as "2=Chapter 2 (4711)".', given=given))
    return course.chapter(chapter.strip()).name, column.strip()


def _write(folder: Path, doing: str, make: Callable[[Course], Path | Iterable[Path]]) -> None:
    with said(), told(doing):
        course = Course.open(folder)
        made = make(course)
        show_paths([made] if isinstance(made, Path) else list(made), course.root)


if __name__ == "__main__":
    sys.exit(app())
