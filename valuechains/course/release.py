"""Releasing a chapter: nbgrader's release folder and gradebook entry, and the kits that students download."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from valuechains.course import kit
from valuechains.course.copies import CONFIG
from valuechains.course.folder import Course, CourseError

NEVER = [".ipynb_checkpoints", "*.pyc", "__pycache__", "key.py"]


@contextmanager
def nbgrader(course: Course, extra: Config | None = None):
    """nbgrader's interface to a course folder, its log kept to itself; alembic, which it calls by name, is found."""
    path = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    config = Config({"CourseDirectory": {"root": str(course.root), "db_url": course.db_url, "course_id": "services-in-value-chains"}})
    config.merge(CONFIG)
    config.merge(extra or {})
    try:
        yield NbGraderAPI(CourseDirectory(config=config), config=config, log_level=logging.WARNING)
    finally:
        os.environ["PATH"] = path


def release(course: Course, chapter: str, *, personal: bool = False, progress: Callable[[int, int, str], None] | None = None) -> list[Path]:
    """Release a chapter; the paths of its kits: one for the class, or with `personal` one a student with the own variant.

    Raises CourseError. Releasing again makes the same files anew.
    """
    name = course.chapter(chapter).name
    source = course.root / "source" / name
    if not (source / "key.py").is_file():
        raise CourseError(f"source/{name} has no key.py: copy the chapter's folder there again.")
    with nbgrader(course, Config({"CourseDirectory": {"ignore": NEVER}})) as api:
        done = api.generate_assignment(name)
    if not done["success"]:
        reason = (done.get("log") or done.get("error") or "").strip().splitlines()[-1:]
        raise CourseError(f"nbgrader could not release {name}: {' '.join(reason) or 'it gave no reason'}. Mend source/{name} and release again.")
    folder = course.root / "kits"
    folder.mkdir(exist_ok=True)
    whose = [student.id for student in course.students] if personal else [None]
    made = []
    for place, student in enumerate(whose, start=1):
        path = folder / (f"{name}--{student}.zip" if student else f"{name}.zip")
        half = path.with_suffix(".half")
        half.write_bytes(kit.zipped(kit.kit(source, salt=course.salt, student=student)))
        half.replace(path)
        made.append(path)
        if progress:
            progress(place, len(whose), path.name)
    return made
