"""A reader says what they expect before they look: the page covers what comes next until they have, or ask to see it.

Directive ``{expect} name`` at the end of a text cell asks about the tables and charts of the cells that follow it:

    ```{expect} germany-2023
    :shown: 3
    What did Germany's GDP of 2023 do in dollars?

    - It fell.
    - It hardly moved.
    - It rose.
    ```

`shown` is the option that the data show. Without scripts nothing is asked and nothing is covered.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from valuechains.book import edition
from valuechains.tongue import say

FORM = re.compile(r"(?P<question>.+?)\n\n(?P<options>- .+)", re.S)


class expectation(nodes.General, nodes.Element):
    """One question before a look: its `name`, and which option is `shown`; its children are words and options."""


class expectation_text(nodes.General, nodes.TextElement):
    """What is asked."""


class expectation_option(nodes.General, nodes.TextElement):
    """One thing to expect, at its `place`."""


class Expect(SphinxDirective):
    """Ask for an expectation before the tables and charts of the next cells."""

    required_arguments = 1
    has_content = True
    option_spec = {"shown": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        name, found = self.arguments[0], FORM.fullmatch("\n".join(self.content).strip())
        options = [line.removeprefix("- ").strip() for line in found["options"].splitlines()] if found else []
        if not found or len(options) < 2:
            raise self.error(f"{name}: write a question, an empty line, and two or more options, each with a hyphen.")
        if not 1 <= self.options.get("shown", 0) <= len(options):
            raise self.error(f"{name}: say with :shown: which of its {len(options)} options the data show.")
        question = " ".join(found["question"].split())
        asked = expectation_text("", "", *self._inline(question), classes=edition.marks(question))
        node = expectation("", asked, name=name, shown=self.options["shown"] - 1)
        for place, text in enumerate(options):
            node += expectation_option("", "", *self._inline(text), place=place, classes=edition.marks(text))
        self.set_source_info(node)
        return [node]

    def _inline(self, text: str) -> list[nodes.Node]:
        inline, problems = self.parse_inline(say(text), lineno=self.lineno)
        return inline + problems


def _open_form(self: HTML5Translator, node: expectation) -> None:
    """Hidden until the script is there to answer."""
    name = escape(node["name"])
    self.body.append(f'<form class="gvc-expect" data-name="{name}" data-shown="{node["shown"]}" hidden><fieldset>\n')


def _close_form(self: HTML5Translator, node: expectation) -> None:
    self.body.append(
        f"<button>{say('Look')}</button><button type='button'>{say('Look without a guess')}</button>"
        "<output></output></fieldset></form>\n"
    )


def _open_asked(self: HTML5Translator, node: expectation_text) -> None:
    self.body.append(f"<legend{_marked(node)}>{say('Before you look. ')}")


def _marked(node: nodes.Element) -> str:
    return ' lang="en"' if edition.ENGLISH in node["classes"] else ""


def _close_asked(self: HTML5Translator, node: expectation_text) -> None:
    self.body.append("</legend>\n")


def _open_option(self: HTML5Translator, node: expectation_option) -> None:
    self.body.append(f'<label><input type="radio" name="e" value="{node["place"]}"><span{_marked(node)}>')


def _close_option(self: HTML5Translator, node: expectation_option) -> None:
    self.body.append("</span></label>\n")


def setup(app: Sphinx) -> dict:
    app.add_node(expectation, html=(_open_form, _close_form))
    app.add_node(expectation_text, html=(_open_asked, _close_asked))
    app.add_node(expectation_option, html=(_open_option, _close_option))
    app.add_directive("expect", Expect)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
