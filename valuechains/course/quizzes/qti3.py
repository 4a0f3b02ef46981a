"""Questions as a package of QTI 3: an item a file, a test that holds them in sections, and the manifest.

A number is right between two bounds, written out, since players read the tolerance of `qti-equal` in different ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from valuechains.course.quizzes.items import ChoiceField, Item, NumberField
from valuechains.course.quizzes.packages import manifest, xml, zipped
from valuechains.course.quizzes.words import elements, html, inline

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
CONTENT = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"


def write(groups: Mapping[str, Sequence[Item]], course: str) -> bytes:
    """The zip: a manifest, a test, and an item for each question."""
    files = {
        f"items/{name(group, item)}.xml": xml(assessment_item(item, name(group, item)))
        for group, items in enumerate(groups.values(), start=1)
        for item in items
    }
    return zipped({"imsmanifest.xml": xml(_manifest(list(files))), "test.xml": xml(_test(groups, course)), **files})


def name(group: int, item: Item) -> str:
    """An identifier of the kind QTI takes: it begins with a letter."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", f"g{group}_{item.id}")


def assessment_item(item: Item, identifier: str) -> Element:
    """One question: a field is scored 1 or 0, the item by the share of its points that its right fields earn."""
    root = Element(
        "qti-assessment-item",
        {
            "xmlns": QTI,
            "identifier": identifier,
            "title": item.title,
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "en",
        },
    )
    places = range(1, len(item.fields) + 1)
    for place, field in zip(places, item.fields, strict=True):
        _response(root, place, field)
    _outcome(root, "SCORE", "float", "0")
    _outcome(root, "MAXSCORE", "float", str(item.points))
    for place in places:
        _outcome(root, f"SCORE_{place}", "float", "0")
        _outcome(root, f"REPLY_{place}", "identifier")
    body = SubElement(root, "qti-item-body")
    body.append(elements(html(item.text, mathml=True)))
    for place, field in zip(places, item.fields, strict=True):
        _field(body, place, field)
    processing = SubElement(root, "qti-response-processing")
    for place, field in zip(places, item.fields, strict=True):
        _condition(processing, place, field)
    total = SubElement(SubElement(processing, "qti-set-outcome-value", identifier="SCORE"), "qti-product")
    _base(total, "float", repr(item.points / len(item.fields)))
    added = SubElement(total, "qti-sum")
    for place in places:
        SubElement(added, "qti-variable", identifier=f"SCORE_{place}")
    return root


def _response(root: Element, place: int, field: NumberField | ChoiceField) -> None:
    kind, right = ("float", repr(field.right)) if isinstance(field, NumberField) else ("identifier", f"O{field.right}")
    declared = SubElement(
        root,
        "qti-response-declaration",
        {"identifier": f"RESPONSE_{place}", "cardinality": "single", "base-type": kind},
    )
    SubElement(SubElement(declared, "qti-correct-response"), "qti-value").text = right


def _outcome(root: Element, identifier: str, kind: str, start: str | None = None) -> None:
    declared = SubElement(
        root, "qti-outcome-declaration", {"identifier": identifier, "cardinality": "single", "base-type": kind}
    )
    if start is not None:
        SubElement(SubElement(declared, "qti-default-value"), "qti-value").text = start


def _field(body: Element, place: int, field: NumberField | ChoiceField) -> None:
    response = {"response-identifier": f"RESPONSE_{place}"}
    if isinstance(field, NumberField):
        unit = f" ({field.unit})" if field.unit else ""
        label = inline(f"{field.label or 'Your answer'}{unit}:", mathml=True)
        line = elements(f"{label} ", "p")
        SubElement(line, "qti-text-entry-interaction", {**response, "expected-length": "12"})
        body.append(line)
    else:
        asked = SubElement(body, "qti-choice-interaction", {**response, "max-choices": "1", "shuffle": "false"})
        if field.label:
            asked.append(elements(inline(field.label, mathml=True), "qti-prompt"))
        for number, option in enumerate(field.options):
            choice = elements(inline(option, mathml=True), "qti-simple-choice")
            choice.set("identifier", f"O{number}")
            asked.append(choice)
    for identifier, says in _replies(field):
        shown = {"outcome-identifier": f"REPLY_{place}", "identifier": identifier, "show-hide": "show"}
        block = SubElement(body, "qti-feedback-block", shown)
        block.append(elements(html(says, mathml=True), "qti-content-body"))


def _replies(field: NumberField | ChoiceField) -> Iterator[tuple[str, str]]:
    if isinstance(field, ChoiceField):
        yield from ((f"R{number}", says) for number, says in enumerate(field.says))
    else:
        yield "R0", field.praise
        yield from ((f"R{number}", says) for number, (_, says) in enumerate(field.mistakes, start=1))
        yield "OTHER", field.nudge


def _condition(processing: Element, place: int, field: NumberField | ChoiceField) -> None:
    condition = SubElement(processing, "qti-response-condition")
    response = f"RESPONSE_{place}"
    branch = SubElement(condition, "qti-response-if")
    SubElement(SubElement(branch, "qti-is-null"), "qti-variable", identifier=response)
    _set(branch, f"SCORE_{place}", "float", "0")
    if isinstance(field, ChoiceField):
        for number in range(len(field.options)):
            branch = SubElement(condition, "qti-response-else-if")
            match = SubElement(branch, "qti-match")
            SubElement(match, "qti-variable", identifier=response)
            _base(match, "identifier", f"O{number}")
            _reply(branch, place, f"R{number}", number == field.right)
        return
    for number, value in enumerate([field.right, *(value for value, _ in field.mistakes)]):
        branch = SubElement(condition, "qti-response-else-if")
        both = SubElement(branch, "qti-and")
        for tag, bound in zip(("qti-gte", "qti-lte"), field.bounds(value), strict=True):
            compared = SubElement(both, tag)
            SubElement(compared, "qti-variable", identifier=response)
            _base(compared, "float", repr(bound))
        _reply(branch, place, f"R{number}", number == 0)
    _reply(SubElement(condition, "qti-response-else"), place, "OTHER", False)


def _reply(branch: Element, place: int, identifier: str, right: bool) -> None:
    _set(branch, f"SCORE_{place}", "float", "1" if right else "0")
    _set(branch, f"REPLY_{place}", "identifier", identifier)


def _set(branch: Element, outcome: str, kind: str, value: str) -> None:
    _base(SubElement(branch, "qti-set-outcome-value", identifier=outcome), kind, value)


def _base(parent: Element, kind: str, value: str) -> None:
    SubElement(parent, "qti-base-value", {"base-type": kind}).text = value


def _test(groups: Mapping[str, Sequence[Item]], course: str) -> Element:
    root = Element("qti-assessment-test", {"xmlns": QTI, "identifier": "test", "title": course})
    part = SubElement(
        root, "qti-test-part", {"identifier": "part", "navigation-mode": "nonlinear", "submission-mode": "individual"}
    )
    for group, (title, items) in enumerate(groups.items(), start=1):
        section = SubElement(part, "qti-assessment-section", identifier=f"g{group}", title=title, visible="true")
        for item in items:
            own = name(group, item)
            SubElement(section, "qti-assessment-item-ref", identifier=own, href=f"items/{own}.xml")
    return root


def _manifest(paths: Sequence[str]) -> Element:
    root, resources = manifest(CONTENT, "QTI Package", "3.0.0")
    test = SubElement(resources, "resource", identifier="test", type="imsqti_test_xmlv3p0", href="test.xml")
    SubElement(test, "file", href="test.xml")
    for path in paths:
        own = path.removeprefix("items/").removesuffix(".xml")
        SubElement(test, "dependency", identifierref=own)
        item = SubElement(resources, "resource", identifier=own, type="imsqti_item_xmlv3p0", href=path)
        SubElement(item, "file", href=path)
    return root
