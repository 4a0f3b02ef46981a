"""Short questions by which readers check what a chapter taught them; the page answers, without a kernel.

Directive ``{questions} 02-services`` asks those of ``exercises/02-services/questions.yml`` (`authoring.questions` says
what that file holds). Where the directive is, the page says how far the reader has come.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from valuechains import evidence
from valuechains.authoring.questions import ChoiceQuestion, NumberQuestion, read
from valuechains.book import edition
from valuechains.tongue import say

logger = logging.getLogger(__name__)


class questions(nodes.General, nodes.Element):
    """Questions of a `chapter` that stand together; the last of a page also says how far the reader has come."""


class question(nodes.General, nodes.Element):
    """One question: its `number`, its `key`, the heading it stands `after`; its children are its words and options."""


class question_text(nodes.General, nodes.TextElement):
    """The words of a question."""


class question_option(nodes.General, nodes.TextElement):
    """One answer to choose, at its `place`."""


class Questions(SphinxDirective):
    """Ask the questions of a chapter, named as its notebook is."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        chapter = self.arguments[0]
        file = Path(self.env.srcdir, "exercises", chapter, "questions.yml")
        for source in (file, evidence.ledger_file()):
            self.env.note_dependency(str(source))
        try:
            found = read(file)
        except ValueError as fault:
            raise self.error(str(fault)) from None
        node = questions("", *(self._node(*numbered) for numbered in enumerate(found, start=1)), chapter=chapter)
        self.set_source_info(node)
        return [node]

    def _node(self, number: int, one: ChoiceQuestion | NumberQuestion) -> question:
        asked = question_text("", "", *self._inline(one.text), classes=edition.marks(one.text))
        node = question("", asked, number=number, key=_told(one.key), after=one.after, ids=[f"question-{one.id}"])
        for place, text in enumerate(getattr(one, "options", ())):
            node += question_option("", "", *self._inline(text), place=place)
        return node

    def _inline(self, text: str) -> list[nodes.Node]:
        inline, problems = self.parse_inline(say(text).strip(), lineno=self.lineno)
        return inline + problems


def _told(key: dict) -> dict:
    """What the page needs to answer, in its language."""
    texts = {
        field: say(key[field]) for field in ("unit", "right", "nudge") if isinstance(key.get(field), str) and key[field]
    }
    says = {"says": tuple(map(say, key["says"]))} if "says" in key else {}
    wrong = {"wrong": [[value, say(one)] for value, one in key["wrong"]]} if "wrong" in key else {}
    return {**key, **texts, **says, **wrong}


class Placed(SphinxTransform):
    """Each question goes to its section; they are numbered as a reader meets them."""

    default_priority = 400  # once every heading has its id

    def apply(self, **kwargs: object) -> None:
        for box in list(self.document.findall(questions)):
            sections = {name: part for part in self.document.findall(nodes.section) for name in part["ids"]}
            for one in [child for child in box.children if child["after"]]:
                if one["after"] in sections:
                    box.remove(one)
                    _put(questions("", one, chapter=box["chapter"]), sections[one["after"]])
                else:
                    known = ", ".join(sections)
                    said = f"question {one['key']['id']}: no heading has the id {one['after']!r}: write one of {known}."
                    logger.warning("exercises/%s/questions.yml, %s", box["chapter"], said, location=box)
            everyone = [one for one in self.document.findall(question) if one.parent["chapter"] == box["chapter"]]
            for number, one in enumerate(everyone, start=1):
                one["number"] = number
            if len(everyone) > len(box.children):
                box.insert(0, _ways(everyone))


def _put(box: questions, section: nodes.section) -> None:
    """After what the section says itself, and before the sections within it."""
    below = section.first_child_matching_class(nodes.section)
    section.insert(len(section) if below is None else below, box)


def _ways(asked: list[question]) -> nodes.paragraph:
    """The way to each question."""
    line = nodes.paragraph("", say("Each question stands in the section that answers it: "), classes=["gvc-ways"])
    for one in asked:
        line += [
            nodes.reference("", say("question {number}", number=one["number"]), refid=one["ids"][0], internal=True)
        ]
        line += nodes.Text(say(", "))
    line[-1] = nodes.Text(say("."))
    return line


def _open_questions(self: HTML5Translator, node: questions) -> None:
    self.body.append(f'<div class="gvc-questions" data-chapter="{escape(node["chapter"])}">')
    if any(isinstance(child, question) and child["number"] == 1 for child in node.children):
        needed = say(
            "A script of this page checks the answers, and this browser runs none: turn JavaScript on to be answered."
        )
        self.body.append(f"<noscript><p>{needed}</p></noscript>")
    self.body.append("\n")


def _close_questions(self: HTML5Translator, node: questions) -> None:
    self.body.append("</div>\n")


def _open_question(self: HTML5Translator, node: question) -> None:
    key = json.dumps(node["key"], ensure_ascii=False, separators=(",", ":"))
    quoted = key.replace("&", "&amp;").replace("<", "&lt;").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    self.body.append(f"<form id='{node['ids'][0]}' data-key='{quoted}'><fieldset>")


def _close_question(self: HTML5Translator, node: question) -> None:
    """The button waits, disabled and out of sight, for the script."""
    key = node["key"]
    if "answer" in key:
        label = say("Your answer in {unit}", unit=escape(key["unit"])) if key["unit"] else say("Your answer")
        self.body.append(
            f'<label class="gvc-typed">{label} '
            '<input name="a" inputmode="decimal" autocomplete="off" spellcheck="false"></label>'
        )
    self.body.append(
        f'<button disabled aria-label="{say("Check question {number}", number=node["number"])}">{say("Check")}</button>'
        "<output></output>"
        "</fieldset></form>\n"
    )


def _open_asked(self: HTML5Translator, node: question_text) -> None:
    self.body.append("<legend>" + say("Question {number}. ", number=node.parent["number"]))


def _close_asked(self: HTML5Translator, node: question_text) -> None:
    self.body.append("</legend>")


def _open_option(self: HTML5Translator, node: question_option) -> None:
    self.body.append(f'<label><input type="radio" name="a" value="{node["place"]}"><span>')


def _close_option(self: HTML5Translator, node: question_option) -> None:
    self.body.append("</span></label>")


def _add_assets(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None and any(True for _ in doctree.findall(questions)):
        app.add_css_file("gvc/questions.css")
        app.add_js_file("gvc/questions.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.add_node(questions, html=(_open_questions, _close_questions))
    app.add_node(question, html=(_open_question, _close_question))
    app.add_node(question_text, html=(_open_asked, _close_asked))
    app.add_node(question_option, html=(_open_option, _close_option))
    app.add_directive("questions", Questions)
    app.add_transform(Placed)
    app.connect("html-page-context", _add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
