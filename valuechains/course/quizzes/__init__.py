"""Questions of the book and of the exercises as a learning management system imports them.

`items` says what a question is; one module a format writes it: Moodle's XML, QTI 1.2 and QTI 3.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from valuechains.course import files, kit
from valuechains.course.folder import Course
from valuechains.course.quizzes import items, moodle, qti3, qti12

LAYOUTS = {"moodle": (moodle.write, "xml"), "qti12": (qti12.write, "zip"), "qti3": (qti3.write, "zip")}


def quizzes(course: Course, chapter: str, layout: str) -> list[Path]:
    """Write a chapter's questions for an LMS into questions/, and who has which variant."""
    write, ending = LAYOUTS[layout]
    groups, label = grouped(course, chapter)
    folder = course.root / "questions"
    folder.mkdir(exist_ok=True)
    made = [files.write(folder / f"{chapter}-{layout}.{ending}", write(groups, course.title))]
    if label:
        made.append(files.write(folder / f"{chapter}-variants.csv", _who(course, chapter, label)))
    return made


def grouped(course: Course, chapter: str) -> tuple[dict[str, list[items.Item]], dict[str, str]]:
    """The questions by group, and the group of each variant: one a variant where questions vary, else one for all."""
    source = course.root / "source" / chapter
    groups = {f"{chapter}, page": items.of_page(kit.ROOT / "exercises" / chapter)}
    variants = course.key(chapter).variants if items.varies(source) else []
    label = {_name(variant): f"{chapter}, variant {place:02}" for place, variant in enumerate(variants, start=1)}
    for variant, group in zip(variants, label.values(), strict=True):
        groups[group] = items.of_exercises(source, variant)
    if not label:
        groups[f"{chapter}, exercises"] = items.of_exercises(source)
    return groups, label


def _who(course: Course, chapter: str, label: Mapping[str, str]) -> str:
    held = io.StringIO()
    table = csv.writer(held, lineterminator="\n")
    table.writerow(["id", "group", "variant"])
    for student in course.students:
        variant = _name(course.variant(chapter, student.id))
        table.writerow([student.id, label[variant], variant])
    return held.getvalue()


def _name(variant: Mapping) -> str:
    return ", ".join(f"{name} {value}" for name, value in variant.items())
