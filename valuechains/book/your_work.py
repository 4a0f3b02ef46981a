"""The path of someone who learns alone: what each chapter lets them do, what tests it, and the places of the page
*Your work* that its script fills from what this browser keeps.

Directive ``{your-work} outcomes`` lists each chapter's outcomes with links to what tests them; ``here`` (one line for
the first page), ``next``, ``due`` and ``keep`` are filled by the script.
"""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from valuechains.authoring import questions
from valuechains.authoring.chapter import NUMBERED, OUTCOMES, listed, read_head
from valuechains.book import edition, workshop
from valuechains.book.onpage import fetch
from valuechains.checks.sheet import exercise_number
from valuechains.tongue import say

PARTS = ("here", "next", "outcomes", "due", "keep")
LONGEST = 64  # letters of a question that a link says


class work_part(nodes.General, nodes.Element):
    """A place that the script fills: its `part`."""


class chapter_work(nodes.General, nodes.Element):
    """The outcomes of one `chapter`; `tasks` of its exercises."""


class YourWork(SphinxDirective):
    """One part of the path."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"There is no {part!r} of your work: write one of {', '.join(PARTS)}.")
        return self._outcomes() if part == "outcomes" else [work_part("", part=part)]

    def _outcomes(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        made = workshop.take(tested, str(root), _digest(root)) / "outcomes.json"
        found = json.loads(made.read_text(encoding="utf-8"))
        for path in [*root.glob("exercises/*/key.py"), *root.glob("exercises/*/questions.yml")]:
            self.env.note_dependency(str(path))
        return [self._chapter(root, name, outcomes) for name, outcomes in found.items()]

    def _chapter(self, root: Path, name: str, outcomes: list) -> chapter_work:
        notebook = root / "chapters" / f"{name}.ipynb"
        self.env.note_dependency(str(notebook))
        sheet = json.loads((root / "exercises" / name / "sheet.json").read_text(encoding="utf-8"))
        asked = {one.id: one.text for one in questions.read(root / "exercises" / name / "questions.yml")}
        link = f"[{int(name[:2])} {read_head(notebook).title}]({name})"
        heading = nodes.rubric("", "", *self._inline(link), classes=["gvc-chapter"])
        heading["heading-level"] = 3
        node = chapter_work("", heading, chapter=name, tasks=list(sheet["tasks"]))
        listed = nodes.bullet_list("")
        for outcome, exercises_named, questions_named in outcomes:
            links = [_exercise(name, one, sheet["tasks"]) for one in exercises_named]
            links += [_question(name, one, asked[one]) for one in questions_named]
            said = nodes.paragraph("", "", *self._inline(outcome))
            tested_by = say("Tested by {links}.", links=say(", ").join(links))
            by = nodes.raw("", f'<p class="gvc-tested">{tested_by}</p>', format="html")
            listed += nodes.list_item("", said, by)
        besides = [_question(name, one, asked[one]) for one in asked if all(one not in row[2] for row in outcomes)]
        node += listed
        if besides:
            more = say("Asked besides: {links}.", links=say(", ").join(besides))
            node += nodes.raw("", f'<p class="gvc-tested">{more}</p>', format="html")
        return node

    def _inline(self, text: str) -> list[nodes.Node]:
        inline, problems = self.parse_inline(text, lineno=self.lineno)
        return inline + problems


def _exercise(chapter: str, name: str, tasks: dict) -> str:
    number = exercise_number(name)
    words = say("exercise {number}", number=name)
    those = [task for task in tasks if name in (task, exercise_number(task))]
    return f'<a href="{chapter}.html#exercise-{number}" data-tasks="{escape(" ".join(those))}">{words}</a>'


def _question(chapter: str, name: str, text: str) -> str:
    words = " ".join(re.sub(r"[*`$]", "", text).split())
    if len(words) > LONGEST:
        words = words[:LONGEST].rpartition(" ")[0].rstrip(",;:.") + " …"
    said = say("the question “{words}”", words=escape(words))
    return f'<a href="{chapter}.html#question-{name}" data-question="{name}">{said}</a>'


def tested(root: str, digest: str) -> dict[str, bytes]:
    """Of each chapter its outcomes with the exercises and questions that test them; digest: of the project's files."""
    from valuechains.course import outcomes  # nbgrader takes seconds to import

    names = sorted(
        path.parent.name for path in Path(root).glob("exercises/*/key.py") if NUMBERED.match(path.parent.name)
    )
    found = {name: [[one.outcome, one.exercises, one.questions] for one in outcomes.tested(name)] for name in names}
    return {"outcomes.json": json.dumps(found, ensure_ascii=False).encode()}


def _digest(root: Path) -> str:
    """Of what states outcomes and names their tests."""
    stated = {path.name: _stated(path) for path in sorted(root.glob("chapters/[0-9]*.ipynb"))}
    made_from = sorted([*root.glob("exercises/*/key.py"), *root.glob("exercises/*/*.yml")])
    named = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in made_from}
    return sha256(json.dumps([stated, named]).encode()).hexdigest()


def _stated(chapter: Path) -> list[str]:
    try:
        return listed(chapter, OUTCOMES)
    except ValueError:  # `tested` says so of a chapter that needs them
        return []


def order(app: Sphinx) -> None:
    root = Path(app.srcdir)
    if app.builder.format == "html" and not edition.is_other(app) and any(root.glob("exercises/*/key.py")):
        workshop.order(tested, str(root), _digest(root))


def write(app: Sphinx, env: BuildEnvironment) -> None:
    """The scheduler of questions, where npm has brought it; before the pages, which say whether it is there."""
    brought, place = fetch.fetched(), Path(app.outdir, "_static", "gvc", "schedule.js")
    if app.builder.format == "html" and brought:
        shutil.copyfile(brought / place.name, place)
    else:
        place.unlink(missing_ok=True)


def _open_part(self: HTML5Translator, node: work_part) -> None:
    tag = "p" if node["part"] == "here" else "div"
    scheduled = Path(self.builder.outdir, "_static", "gvc", "schedule.js").is_file()
    more = ' data-scheduled="1"' if node["part"] in ("here", "due") and scheduled else ""
    self.body.append(f'<{tag} class="gvc-yours" data-part="{node["part"]}"{more} hidden></{tag}>\n')
    raise nodes.SkipNode


def _open_chapter(self: HTML5Translator, node: chapter_work) -> None:
    tasks = escape(" ".join(node["tasks"]))
    self.body.append(f'<div class="gvc-outcomes" data-chapter="{node["chapter"]}" data-tasks="{tasks}">\n')


def _close_chapter(self: HTML5Translator, node: chapter_work) -> None:
    self.body.append("</div>\n")


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is None:
        return
    if any(True for kind in (work_part, chapter_work) for _ in doctree.findall(kind)):
        app.add_css_file("gvc/path.css")
        app.add_js_file("gvc/your-work.js", loading_method="defer")
    elif NUMBERED.match(Path(pagename).name):
        app.add_css_file("gvc/path.css")
        app.add_js_file("gvc/reading.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.add_node(work_part, html=(_open_part, None))
    app.add_node(chapter_work, html=(_open_chapter, _close_chapter))
    app.add_directive("your-work", YourWork)
    app.connect("builder-inited", order, priority=460)
    app.connect("env-updated", write)
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
