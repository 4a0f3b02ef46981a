"""Questions as a package of QTI 1.2, as Canvas's classic quizzes and Blackboard import it: an assessment a group.

QTI 1.2 as these systems read it has no question with several numbers, so each field becomes a question of its own. A
number is right between two bounds, and each known mistake has its own bounds and reply; the first that fits counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from valuechains.course.quizzes.items import ChoiceField, Item, NumberField
from valuechains.course.quizzes.packages import manifest, xml, zipped
from valuechains.course.quizzes.words import html, inline

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"


def write(groups: Mapping[str, Sequence[Item]], course: str) -> bytes:
    """The zip: a manifest, and an assessment for each group of questions."""
    files = {
        f"group{number}/group{number}.xml": xml(_assessment(f"group{number}", f"{course}, {name}", items))
        for number, (name, items) in enumerate(groups.items(), start=1)
    }
    return zipped({"imsmanifest.xml": xml(_manifest(list(files))), **files})


def _manifest(paths: Sequence[str]) -> Element:
    root, resources = manifest(CONTENT, "IMS Content", "1.1.3")
    for path in paths:
        name = path.partition("/")[0]
        resource = SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2", href=path)
        SubElement(resource, "file", href=path)
    return root


def _assessment(name: str, title: str, items: Sequence[Item]) -> Element:
    root = Element("questestinterop", {"xmlns": QTI})
    assessment = SubElement(root, "assessment", ident=name, title=title)
    section = SubElement(assessment, "section", ident="root_section")
    for item in items:
        for ident, heading, field, points in _single(item):
            _item(section, ident, heading, item.text, field, points)
    return root


def _single(item: Item) -> Iterator[tuple[str, str, NumberField | ChoiceField, float]]:
    count = len(item.fields)
    for place, field in enumerate(item.fields, start=1):
        part = f", part {place} of {count}" if count > 1 else ""
        ident = f"{item.id}-{place}" if count > 1 else item.id
        yield ident, f"{item.title}{part}", field, item.points / count


def _item(section: Element, ident: str, title: str, text: str, field: NumberField | ChoiceField, points: float) -> None:
    item = SubElement(section, "item", ident=ident, title=title)
    kind = "numerical_question" if isinstance(field, NumberField) else "multiple_choice_question"
    fields = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", kind), ("points_possible", f"{points:.4g}")):
        one = SubElement(fields, "qtimetadatafield")
        SubElement(one, "fieldlabel").text = label
        SubElement(one, "fieldentry").text = entry
    presentation = SubElement(item, "presentation")
    asked = [f"<strong>{inline(field.label)}</strong>"] if field.label else []
    asked += [f"In {inline(field.unit)}."] if isinstance(field, NumberField) and field.unit else []
    _material(presentation, html(text) + "".join(f"<p>{line}</p>" for line in asked))
    if isinstance(field, NumberField):
        _number(item, presentation, field)
    else:
        _choice(item, presentation, field)


def _number(item: Element, presentation: Element, field: NumberField) -> None:
    response = SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    fill = SubElement(response, "render_fib", fibtype="Decimal")
    SubElement(fill, "response_label", ident="answer1")
    processing, replies = _processing(item), []
    cases = [(field.right, field.praise, 100), *((value, says, 0) for value, says in field.mistakes)]
    for place, (value, says, score) in enumerate(cases):
        condition = SubElement(processing, "respcondition", {"continue": "No"})
        both = SubElement(SubElement(condition, "conditionvar"), "and")
        for tag, bound in zip(("vargte", "varlte"), field.bounds(value), strict=True):
            SubElement(both, tag, respident="response1").text = repr(bound)
        replies.append((_then(condition, score, place), says))
    replies.append((_otherwise(processing), field.nudge))
    _replies(item, replies)


def _choice(item: Element, presentation: Element, field: ChoiceField) -> None:
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    menu = SubElement(response, "render_choice")
    processing, replies = _processing(item), []
    for place, (option, says) in enumerate(zip(field.options, field.says, strict=True)):
        _material(SubElement(menu, "response_label", ident=f"option{place}"), inline(option))
        condition = SubElement(processing, "respcondition", {"continue": "No"})
        equal = SubElement(SubElement(condition, "conditionvar"), "varequal", respident="response1")
        equal.text = f"option{place}"
        replies.append((_then(condition, 100 if place == field.right else 0, place), says))
    _replies(item, replies)


def _processing(item: Element) -> Element:
    processing = SubElement(item, "resprocessing")
    outcomes = SubElement(processing, "outcomes")
    SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    return processing


def _then(condition: Element, score: int, place: int) -> str:
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = str(score)
    reply = f"reply{place}"
    SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=reply)
    return reply


def _otherwise(processing: Element) -> str:
    condition = SubElement(processing, "respcondition", {"continue": "No"})
    SubElement(SubElement(condition, "conditionvar"), "other")
    SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid="general_incorrect_fb")
    return "general_incorrect_fb"


def _replies(item: Element, replies: Sequence[tuple[str, str]]) -> None:
    for ident, says in replies:
        _material(SubElement(SubElement(item, "itemfeedback", ident=ident), "flow_mat"), html(says))


def _material(parent: Element, content: str) -> None:
    SubElement(SubElement(parent, "material"), "mattext", texttype="text/html").text = content
