"""Releasing a chapter: nbgrader's release folder and gradebook entry, and the kits that students download."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from valuechains.course import files, kit, version
from valuechains.course.folder import Course, CourseError
from valuechains.course.settings import settings, tools_in_reach
from valuechains.tongue import say


def release(
    course: Course, chapter: str, *, personal: bool = False, progress: Callable[[int, int, str], None] | None = None
) -> list[Path]:
    """Release a chapter; the paths of its kits: one for the class, or with `personal` one a student with the own
    variant.

    Raises CourseError. Releasing again makes the same files anew.
    """
    name = course.chapter(chapter).name
    source = course.root / "source" / name
    if not (source / "key.py").is_file():
        raise CourseError(say("source/{name} has no key.py: copy the chapter's folder there again.", name=name))
    tools_in_reach()
    config = settings(course.root)
    done = NbGraderAPI(CourseDirectory(config=config), config=config, log_level=logging.WARNING).generate_assignment(
        name
    )
    if not done["success"]:
        reason = (done.get("log") or done.get("error") or "").strip().splitlines()[-1:]
        raise CourseError(
            say(
                "nbgrader could not release {name}: {reason}. Mend source/{name} and release again.",
                name=name,
                reason=" ".join(reason) or say("it gave no reason"),
            )
        )
    version.note(course.root, course.key(name), source / "key.py")
    folder = course.root / "kits"
    whose = [student.id for student in course.students] if personal else [None]
    made = []
    for place, student in enumerate(whose, start=1):
        path = folder / (f"{name}--{student}.zip" if student else f"{name}.zip")
        given = kit.kit(source, salt=course.salt, student=student, language=course.speaks(student))
        made.append(files.write(path, kit.zipped(given)))
        if progress:
            progress(place, len(whose), path.name)
    return made
