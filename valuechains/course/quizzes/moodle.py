"""Questions as Moodle XML: the question bank imports it, each variant into a category of its own.

One number is a numerical question, one choice a multiple choice, several fields a question with embedded answers.
Moodle takes the first answer that fits, so the right one stands first; "*" replies to every other number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from valuechains.course.quizzes.items import ChoiceField, Item, NumberField
from valuechains.course.quizzes.words import html, inline

SPECIAL = re.compile(r'([\\}#~/"])')  # of embedded answers


def write(groups: Mapping[str, Sequence[Item]], course: str) -> bytes:
    """The XML of questions by group; a group becomes the category `course/group`."""
    quiz = Element("quiz")
    for group, items in groups.items():
        category = SubElement(SubElement(quiz, "question", type="category"), "category")
        _text(category, "/".join(part.replace("/", "//") for part in ("$course$", "top", course, group)))
        for item in items:
            _question(quiz, item)
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True)


def _question(quiz: Element, item: Item) -> None:
    only = item.fields[0] if len(item.fields) == 1 else None
    kind = "cloze" if only is None else "numerical" if isinstance(only, NumberField) else "multichoice"
    question = SubElement(quiz, "question", type=kind)
    _text(SubElement(question, "name"), item.title)
    body = html(item.text)
    if only is None:
        body += "".join(f"<p>{_embedded(field)}</p>" for field in item.fields)
    elif isinstance(only, NumberField) and only.unit:
        body += f"<p>In {inline(only.unit)}.</p>"
    _text(SubElement(question, "questiontext", format="html"), body)
    SubElement(question, "defaultgrade").text = f"{item.points:.7f}"
    SubElement(question, "penalty").text = "0.3333333"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.id
    if isinstance(only, NumberField):
        _numerical(question, only)
    elif isinstance(only, ChoiceField):
        _multichoice(question, only)


def _numerical(question: Element, field: NumberField) -> None:
    _answer(question, repr(field.right), 100, field.praise, field.within)
    for value, says in field.mistakes:
        _answer(question, repr(value), 0, says, field.within)
    _answer(question, "*", 0, field.nudge, 0.0)
    SubElement(question, "unitgradingtype").text = "0"
    SubElement(question, "unitpenalty").text = "0.1000000"
    SubElement(question, "showunits").text = "3"
    SubElement(question, "unitsleft").text = "0"


def _multichoice(question: Element, field: ChoiceField) -> None:
    SubElement(question, "single").text = "true"
    SubElement(question, "shuffleanswers").text = "true"
    SubElement(question, "answernumbering").text = "none"
    for place, (option, says) in enumerate(zip(field.options, field.says, strict=True)):
        _answer(question, inline(option), 100 if place == field.right else 0, says)


def _answer(question: Element, text: str, fraction: int, says: str, within: float | None = None) -> None:
    form = "html" if within is None else "moodle_auto_format"
    answer = SubElement(question, "answer", fraction=str(fraction), format=form)
    _text(answer, text)
    _text(SubElement(answer, "feedback", format="html"), html(says))
    if within is not None:
        SubElement(answer, "tolerance").text = repr(within)


def _embedded(field: NumberField | ChoiceField) -> str:
    label = f"{inline(field.label)}: " if field.label else ""
    if isinstance(field, ChoiceField):
        answers = [
            f"{'=' if place == field.right else ''}{_safe(option)}#{_safe(says)}"
            for place, (option, says) in enumerate(zip(field.options, field.says, strict=True))
        ]
        return f"{label}{{1:MULTICHOICE:{'~'.join(answers)}}}"
    answers = [f"={field.right!r}:{field.within!r}#{_safe(field.praise)}"]
    answers += [f"%0%{value!r}:{field.within!r}#{_safe(says)}" for value, says in field.mistakes]
    answers.append(f"%0%*#{_safe(field.nudge)}")
    return f"{label}{{1:NUMERICAL:{'~'.join(answers)}}} {inline(field.unit)}"


def _safe(text: str) -> str:
    return SPECIAL.sub(r"\\\1", inline(text))


def _text(parent: Element, content: str) -> None:
    SubElement(parent, "text").text = content
