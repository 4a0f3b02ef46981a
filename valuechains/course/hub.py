"""Feedback through a hub: nbgrader's exchange hands our pages to students once nbgrader's stamps lie beside them.

    python -m valuechains.course.hub FOLDER 02-services

Then `nbgrader release_feedback 02-services`, or the button of the formgrader. The stamps are the submission's time and
its secret, from which the exchange makes a file name that only this student's server knows.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from valuechains.course.folder import Course, CourseError

STAMPS = ("timestamp.txt", "submission_secret.txt")


def stamp(course: Course, chapter: str) -> list[Path]:
    """Put the stamps beside the pages of a chapter; the folders that are ready. Raises CourseError.

    A submission that did not come through the exchange has no secret: its page is left for other ways.
    """
    chapter = course.chapter(chapter).name
    pages = sorted(course.root.glob(f"feedback/*/{chapter}/{chapter}.html"))
    if not pages:
        raise CourseError(f"There is no feedback for {chapter}: write it first (`valuechains course feedback`).")
    ready = []
    for page in pages:
        submitted = course.root / "submitted" / page.parent.parent.name / chapter
        if all((submitted / name).is_file() for name in STAMPS):
            for name in STAMPS:
                shutil.copyfile(submitted / name, page.parent / name)
            ready.append(page.parent)
    return ready


if __name__ == "__main__":
    try:
        print(f"{len(stamp(Course.open(sys.argv[1]), sys.argv[2]))} pages are ready for nbgrader release_feedback.")
    except CourseError as error:
        sys.exit(f"Error: {error}")
