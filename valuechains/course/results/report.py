"""The report of a chapter: which tasks were hard, which told the class apart, which mistakes were made, when work came
in, and which submissions to read side by side. For instructors; students appear by id."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from valuechains import figures
from valuechains.authoring.source import read as read_source
from valuechains.checks.replies import State
from valuechains.checks.sheet import exercise_number
from valuechains.course import files
from valuechains.course.copies import TEXT_STUB, student_copy
from valuechains.course.folder import Course, CourseError
from valuechains.course.intake.notebooks import UnreadableNotebook, read
from valuechains.course.key import Key
from valuechains.course.results import pages
from valuechains.course.results.alike import PHRASE, RARE, Alike, Texts, alike, same_notebooks, same_texts
from valuechains.course.results.codes import ALIKE, ENOUGH, SIGNS, SharedCode, as_published, named, shared_code
from valuechains.course.results.marked import Mark, Work, asked, marked
from valuechains.tongue import count, say, to_say

LEAST = 5  # submissions that a correlation is computed from
MISTAKES = 12  # rows of the chart of mistakes
PAIRS = 10  # rows of the chart and of the table of pairs
SPANS = (
    (to_say("over 7 days before"), 168),
    ("3 to 7 days", 72),
    ("1 to 3 days", 24),
    ("6 to 24 hours", 6),
    # least hours
    ("1 to 6 hours", 1),
    (to_say("the last hour"), 0),
    (to_say("up to a day late"), -24),
    (to_say("over a day late"), -np.inf),
)
VERY_EASY, VERY_HARD, FLAT = 0.9, 0.3, 0.1


@dataclass(frozen=True)
class Section:
    """One page of the report: how to read it, its chart if there is anything to draw, tables (else the chart's own)."""

    title: str
    reading: str
    chart: pages.Drawn | None = None
    empty: str = ""
    tables: tuple[tuple[str, list[str], list[list[str]]], ...] = ()


def report(course: Course, chapter: str) -> Path:
    """Write work/reports/<chapter>.html from what is graded so far; its path. Raises CourseError."""
    chapter = course.chapter(chapter).name
    every, sheet = marked(course, chapter), asked(course, chapter)
    works = [work for work in every if work.opened]
    if not works:
        raise CourseError(
            say(
                "None of the submissions for {chapter} could be opened: see what `grade` said of them.", chapter=chapter
            )
        )
    tasks, menu = sheet["tasks"], course.key(chapter).variants or [{}]
    variants = {work.student: menu.index(course.variant(chapter, work.student)) for work in works}
    source = say(
        "Gradebook of {title}, {chapter}, {number} submissions", title=course.title, chapter=chapter, number=len(works)
    )
    same = (*_same(*_copies(course, chapter, works), variants), *_codes(course, chapter, works))
    sections = [
        *_items(items(works), source),
        _mistakes(mistakes(works, tasks), source),
        _times(works, source),
        _pairs(alike(works, tasks, variants), foreign(course.key(chapter), works, variants), same, source),
    ]
    text = pages.page(
        "report.html",
        title=sheet["title"],
        course=course.title,
        sections=sections,
        graded=len(works),
        refused=[work.student for work in every if not work.opened],
        absent=len({one.id for one in course.students} - {work.student for work in every}),
        unread=sum(1 for work in works if work.unread),
    )
    return files.write(course.root / "work" / "reports" / f"{chapter}.html", text)


def items(works: Sequence[Work]) -> pd.DataFrame:
    """One row a task: how many were marked, difficulty (mean share of the points) and discrimination.

    Discrimination is the correlation of the task with the points of all other tasks, the point-biserial one where a
    task is right or wrong; missing where there are fewer than LEAST marks or no differences. A text counts once all
    are read: until then only the missing ones have marks.
    """
    unread = {mark.task for work in works for mark in work.marks.values() if mark.state == State.TO_BE_READ}
    table = pd.DataFrame(
        [{task: np.nan if task in unread else mark.points for task, mark in work.marks.items()} for work in works],
        dtype=float,
    )
    worth = {task: mark.most for work in works for task, mark in work.marks.items()}
    total = table.sum(axis=1)
    rows = [
        {
            "task": task,
            "marked": int(table[task].count()),
            "share": table[task].mean() / most,
            "discrimination": _correlation(table[task], total - table[task]),
        }
        for task, most in worth.items()
    ]
    return pd.DataFrame(rows)


def mistakes(works: Sequence[Work], tasks: dict[str, dict]) -> pd.DataFrame:
    """How often each named mistake was made, the most frequent first: task, mistake, count, and of how many wrong."""
    wrong = [
        (mark.task, mark.mistake)
        for work in works
        for mark in work.marks.values()
        if mark.state == State.WRONG and not mark.is_text
    ]
    missed = Counter(task for task, _ in wrong)
    named = Counter((task, tasks[task]["mistakes"][number]) for task, number in wrong if number is not None)
    rows = [
        {"task": task, "mistake": said, "count": count, "wrong": missed[task]} for (task, said), count in named.items()
    ]
    table = pd.DataFrame(rows, columns=["task", "mistake", "count", "wrong"])
    return table.sort_values(["count", "task", "mistake"], ascending=[False, True, True], ignore_index=True)


def foreign(key: Key, works: Sequence[Work], variants: dict[str, int]) -> list[tuple[str, str, list[str]]]:
    """Wrong numbers that are right for another student's variant: (student, task, whose variant it fits)."""
    found = []
    for name, task in key.tasks.items():
        if not task.varies or task.public["kind"] != "numbers":
            continue
        wrong = [work for work in works if name in work.marks and work.marks[name].state == State.WRONG]
        rights = (
            {
                place: np.asarray(task.answer(key.variants[place]).right, dtype=float)
                for place in sorted(set(variants.values()))
            }
            if wrong
            else {}
        )
        for work in wrong:
            value = _numbers(work.marks[name].value(task.public["name"]))
            fits = {
                place
                for place, right in rights.items()
                if value is not None
                and value.shape == right.shape
                and (np.abs(value - right) <= task.public["tolerance"]).all()
            }
            if fits:
                found.append((work.student, name, sorted(one for one, place in variants.items() if place in fits)))
    return found


def span(left: timedelta) -> str:
    """The name of the span before the deadline in which work with so much time left came in."""
    hours = left / timedelta(hours=1)
    return next(say(name) for name, least in SPANS if hours >= least)


def _numbers(value: object) -> np.ndarray | None:
    value = list(value.values()) if isinstance(value, dict) else value
    try:
        return None if value is None else np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None


def _correlation(item: pd.Series, rest: pd.Series) -> float:
    known = item.notna()
    if known.sum() < LEAST or item[known].std() == 0 or rest[known].std() == 0:
        return np.nan
    return float(np.corrcoef(item[known], rest[known])[0, 1])


def _items(table: pd.DataFrame, source: str) -> list[Section]:
    easy, hard = list(table.task[table.share >= VERY_EASY]), list(table.task[table.share <= VERY_HARD])
    marked_ones, telling = table.dropna(subset=["share"]), table.dropna(subset=["discrimination"])
    flat = list(telling.task[telling.discrimination < FLAT])
    order = list(table.task)
    difficulty = telling_apart = None
    if len(marked_ones):
        lowest = marked_ones.nsmallest(1, "share").iloc[0]
        difficulty = pages.chart(
            figures.publish(
                _bars(marked_ones, "share:Q", order, say("Share of the points"), percent=True),
                source=source,
                finding=say(
                    "Task {task} was the hardest: {share:.0%} of its points were earned",
                    task=lowest.task,
                    share=lowest.share,
                ),
                measure=say("Points earned"),
                unit=say("% of the points of the task"),
                titles={"share": say("Share of the points")},
            )
        )
    if len(telling):
        top = telling.nlargest(1, "discrimination").iloc[0]
        telling_apart = pages.chart(
            figures.publish(
                _bars(telling, "discrimination:Q", order, say("Correlation with the rest")),
                source=source,
                finding=say("Task {task} tells the class apart best", task=top.task),
                measure=say("Correlation of a task with all other tasks"),
                unit="from -1 to 1",
                titles={"discrimination": say("Correlation with the rest")},
            )
        )
    return [
        Section(
            "Difficulty",
            say("The share of a task's points that was earned, of the tasks that are marked. ")
            + _listed(say("Nearly everybody had"), easy)
            + _listed(say("Hard, so worth a word in class:"), hard),
            difficulty,
            say("Nothing is marked yet."),
        ),
        Section(
            "Discrimination",
            say(
                "Whether those who do well elsewhere do well here: the correlation of a task with "
                "the points of all other tasks. Below 0.1 a task says little about the rest, or its "
                "wording misleads; below 0 look at its key. "
            )
            + _listed(say("Low here:"), flat),
            telling_apart,
            say("A correlation needs {least} submissions that differ.", least=LEAST),
        ),
    ]


def _mistakes(table: pd.DataFrame, source: str) -> Section:
    reading = say(
        "The mistakes that the check named. A frequent one is a subject for the next class; "
        "a task with many wrong answers and no name for them may hide a mistake that the key "
        "does not know."
    )
    if table.empty:
        return Section(say("Named mistakes"), reading, empty=say("No named mistake was made."))
    shown = table.head(MISTAKES).assign(label=lambda rows: [f"{row.task}: {row.mistake}" for row in rows.itertuples()])
    wrapped = alt.Axis(title=None, labelLimit=340, labelExpr=_lines(list(shown.label)))
    chart = alt.Chart(shown).mark_bar().encode(x=_counted(say("Students")), y=alt.Y("label:N", sort=None, axis=wrapped))
    drawn = pages.chart(
        figures.publish(
            chart.properties(height=alt.Step(44)),
            measure=say("Students who made it"),
            unit="number",
            source=source,
            finding=say("The most frequent named mistake is in task {task}", task=table.task[0]),
            titles={"label": say("Mistake"), "count": say("Students")},
        )
    )
    rows = table.astype(str).to_numpy().tolist()
    every = (say("All named mistakes"), [say("Task"), say("Mistake"), say("Students"), say("Wrong in this task")], rows)
    return Section(say("Named mistakes"), reading, drawn, tables=(every,))


def _times(works: Sequence[Work], source: str) -> Section:
    left = [work.due - work.handed_in for work in works if work.handed_in]
    reading = say("How long before the deadline, with any extension, the attempt that counts was handed in.")
    if not left:
        return Section(say("Hand-in"), reading, empty=say("No submission tells when it was handed in."))
    counts = Counter(map(span, left))
    table = pd.DataFrame({"when": [say(name) for name, _ in SPANS], "count": [counts[say(name)] for name, _ in SPANS]})
    when = alt.Y("when:N", sort=None, title=say("Before the deadline"))
    chart = alt.Chart(table).mark_bar().encode(x=_counted(say("Submissions")), y=when)
    late = sum(one < timedelta() for one in left)
    drawn = pages.chart(
        figures.publish(
            chart,
            finding=say("{late} of {number} came late", late=late, number=len(left)),
            measure=say("Submissions by time to the deadline"),
            unit="number",
            source=source,
            titles={"when": say("Before the deadline"), "count": say("Submissions")},
        )
    )
    return Section(say("Hand-in"), reading, drawn)


def _copies(course: Course, chapter: str, works: Sequence[Work]) -> tuple[list[tuple[str, ...]], list[Texts]]:
    """Groups of students with one notebook, and pairs of texts that are the same or nearly so."""
    cells = {}
    for work in works:
        path = course.root / "submitted" / work.student / chapter / f"{chapter}.ipynb"
        try:
            cells[work.student] = _sources(path.read_bytes())
        except (OSError, UnreadableNotebook):
            continue
    given = _sources(student_copy(course.root / "source" / chapter / f"{chapter}.ipynb").encode())
    texts: dict[str, dict[str, str]] = {}
    for work in works:
        for mark in work.marks.values():
            if mark.is_text and mark.state != State.TO_DO and mark.text.strip() != TEXT_STUB:
                texts.setdefault(mark.task, {})[work.student] = mark.text
    return same_notebooks(cells, given), same_texts(texts)


def _sources(content: bytes) -> list[str]:
    return [cell.source for cell in read(content).cells]


def _codes(course: Course, chapter: str, works: Sequence[Work]) -> tuple:
    """Tables of code that was handed in twice, and of published solutions."""
    notebook = course.source(chapter)
    given = [cell.source for cell in read(student_copy(notebook).encode()).cells if cell.cell_type == "code"]
    solved = {str(one.number): one.solution for one in read_source(notebook).exercises if one.is_open}
    codes = {
        work.student: "\n".join(dict.fromkeys(mark.text for mark in work.marks.values() if not mark.is_text))
        for work in works
    }
    pairs = shared_code(codes, given, [code for solution in solved.values() for code in solution])
    names = named(given)
    taken = [
        [work.student, ", ".join(tasks)]
        for work in works
        if (tasks := [mark.task for mark in work.marks.values() if _published(mark, solved, names)])
    ]
    heads = [say("One"), say("Other"), say("Runs of the shorter that both have")]
    tables = [
        (say("Code that is the same or nearly so, whatever its names"), heads, [_shown(pair) for pair in pairs]),
        (
            say("Odd exercises answered with the code of their published solution"),
            [say("Student"), say("Tasks")],
            taken,
        ),
    ]
    return tuple(table for table in tables if table[2])


def _published(mark: Mark, solved: dict[str, list[str]], names: set[str]) -> bool:
    solutions = [] if mark.is_text else solved.get(exercise_number(mark.task), [])
    return any(as_published(mark.text, solution, names) for solution in solutions)


def _shown(pair: SharedCode) -> list[str]:
    return [pair.one, pair.other, f"{pair.share:.0%}"]


def _same(notebooks: list[tuple[str, ...]], texts: list[Texts], variants: dict[str, int]) -> tuple:
    """Tables of what is the same, word for word."""
    groups = [
        [
            ", ".join(group),
            say("variant|one") if len({variants.get(one) for one in group}) == 1 else say("different ones"),
        ]
        for group in notebooks
    ]
    pairs = [[text.task, text.one, text.other, f"{text.share:.0%}"] for text in texts]
    heads = [say("Task"), say("One"), say("Other"), say("Phrases of the shorter that both have")]
    tables = [
        (say("Notebooks that say the same in every cell"), [say("Students"), say("Variants")], groups),
        (say("Texts that are the same or nearly so"), heads, pairs),
    ]
    return tuple(table for table in tables if table[2])


def _pairs(found: Alike, foreign: list[tuple[str, str, list[str]]], same: tuple, source: str) -> Section:
    reading = say(
        "A place to look, and not a verdict: people who learn together make the same "
        "mistakes. Only wrong answers count, the rarer the more. When wrong answers are "
        "dealt out at random within each task, some pair of the class passes the line in "
        "{rare:.0%} of the deals. In tasks that vary, only students with the same variant "
        "are compared. Read both, and talk to both, before anything else. What is the same, "
        "word for word, is in tables of its own; of texts, phrases of {phrase} words are "
        "compared, and what a third of the class wrote counts for nothing. Of code, runs of "
        "{signs} signs are compared, whatever the names, comments and blanks: a pair is "
        "listed where both have {alike:.0%} of the shorter one's runs and at least {enough}, "
        "apart from those that were handed out, are published or are a third of the class's. "
        "A published solution is there to be read; that its code was handed in is said so "
        "that you can decide what it counts for. A solution that takes the variant from the "
        "sheet is right under every variant, also when copied: `scores --even` counts the "
        "exercises that have no published solution.",
        rare=RARE,
        phrase=PHRASE,
        signs=SIGNS,
        alike=ALIKE,
        enough=ENOUGH,
    )
    borrowed = (
        (
            (
                say("Wrong numbers that are right for somebody else's variant"),
                [say("Student"), say("Task"), say("The variant of")],
                [[student, task, ", ".join(others)] for student, task, others in foreign],
            ),
        )
        if foreign
        else ()
    )
    shown = [pair for pair in found.pairs if pair.score > 0][:PAIRS]
    if not shown:
        return Section(
            say("Alike"),
            reading,
            empty=say("No two submissions share more than they differ in."),
            tables=(*borrowed, *same),
        )
    table = pd.DataFrame(
        [
            {"pair": say("{one} and {other}", one=pair.one, other=pair.other), "score": round(pair.score, 2)}
            for pair in shown
        ]
    )
    bars = (
        alt.Chart(table)
        .mark_bar()
        .encode(x=alt.X("score:Q", title=say("Score")), y=alt.Y("pair:N", sort=None, title=say("Pair")))
    )
    line = alt.Chart(pd.DataFrame({"score": [found.threshold]})).mark_rule(strokeWidth=2, strokeDash=[5, 3])
    beyond = len(found.beyond)
    drawn = pages.chart(
        figures.publish(
            bars + line.encode(x="score:Q"),
            measure=say("Likeness of wrong answers"),
            source=source,
            finding=count("{number} pair is alike beyond chance", "{number} pairs are alike beyond chance", beyond)
            if beyond
            else say("No pair is alike beyond chance"),
            unit=say("logarithm of a likelihood ratio; dashed: {threshold:.2f}, the line", threshold=found.threshold),
            titles={"score": say("Score"), "pair": say("Pair")},
        )
    )
    heads = [
        say("One"),
        say("Other"),
        say("Same wrong answer in"),
        say("Score"),
        say("Chance brings it"),
        say("Beyond the line"),
    ]
    rows = [
        [
            pair.one,
            pair.other,
            ", ".join(pair.same),
            f"{pair.score:.2f}",
            f"{pair.chance:.3f}",
            say("yes") if pair in found.beyond else say("no"),
        ]
        for pair in shown
    ]
    return Section(say("Alike"), reading, drawn, tables=((say("The pairs most alike"), heads, rows), *borrowed, *same))


def _bars(table: pd.DataFrame, what: str, order: list[str], title: str, percent: bool = False) -> alt.Chart:
    axis = alt.Axis(format="%") if percent else alt.Axis()
    scale = alt.Scale(domain=[0, 1]) if percent else alt.Undefined
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(x=alt.X(what, title=title, axis=axis, scale=scale), y=alt.Y("task:N", sort=order, title=say("Task")))
    )


def _counted(title: str) -> alt.X:
    return alt.X("count:Q", axis=alt.Axis(tickMinStep=1, format="d"), title=title)


def _lines(labels: Sequence[str], width: int = 46) -> str:
    """A Vega expression that breaks these labels of an axis into lines."""
    table = {label: textwrap.wrap(label, width) for label in labels}
    return f"({json.dumps(table, ensure_ascii=False)})[datum.label]"


def _listed(said: str, tasks: Sequence[str]) -> str:
    return f"{said} {', '.join(tasks)}. " if tasks else ""
