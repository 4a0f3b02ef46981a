"""nbgrader's settings in a course: the text of its configuration file, and the same for our own calls."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from traitlets.config import Config, PyFileConfigLoader

from valuechains.course.copies import CODE_STUB, CONFIG, TEXT_STUB

COURSE_ID = "services-in-value-chains"
# the key is neither released nor laid beside marked work
IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "key.py"]
SANITIZE = [
    "valuechains.course.grading.Mended",
    *(
        f"nbgrader.preprocessors.{name}"
        for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
    ),
]
AUTOGRADE = [
    "valuechains.course.grading.Recorded",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "valuechains.course.grading.Saved",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
EXPORTER = "valuechains.course.grading.HandedIn"
HARMLESS = {"markdown2html": "valuechains.course.harmless.markdown2html"}
FILE = f'''"""nbgrader's configuration of this course; every nbgrader command works in this folder."""

c = get_config()
c.CourseDirectory.course_id = "{COURSE_ID}"
c.CourseDirectory.ignore = {IGNORED}
c.ClearSolutions.code_stub = {{"python": "{CODE_STUB}"}}
c.ClearSolutions.text_stub = "{TEXT_STUB}"
# nbgrader runs nobody's code here: what is handed in runs in the sandbox of valuechains, and nbgrader marks what was
# recorded there
c.Autograde.exporter_class = "{EXPORTER}"
# what students wrote is shown to you without markup that could act
c.HTMLExporter.filters = {HARMLESS}
c.Autograde.sanitize_preprocessors = {SANITIZE}
c.Autograde.autograde_preprocessors = {AUTOGRADE}
'''


def settings(root: Path, **directory: object) -> Config:
    """The configuration that the course of a folder has, with these settings of nbgrader's CourseDirectory besides.

    Whatever the file says, the key stays where it is and submissions run in the sandbox.
    """
    file, found = root / "nbgrader_config.py", Config()
    found.merge(CONFIG)
    if file.is_file():
        found.merge(PyFileConfigLoader(file.name, path=str(root)).load_config())
    ignored = dict.fromkeys([*found.CourseDirectory.get("ignore", []), *IGNORED])
    found.merge(
        Config(
            {
                "CourseDirectory": {
                    "root": str(root),
                    "course_id": COURSE_ID,
                    "db_url": _address(root),
                    "ignore": list(ignored),
                    **directory,
                },
                "HTMLExporter": {"filters": HARMLESS},
                "Autograde": {
                    "force": True,
                    "exporter_class": EXPORTER,
                    "sanitize_preprocessors": SANITIZE,
                    "autograde_preprocessors": AUTOGRADE,
                },
            }
        )
    )
    return found


def gradebook(root: Path) -> Gradebook:
    """nbgrader's gradebook of the course of a folder."""
    logging.getLogger("tornado.application").addHandler(logging.NullHandler())  # it is told what is raised all the same
    tools_in_reach()
    return Gradebook(_address(root), course_id=COURSE_ID)


def tools_in_reach() -> None:
    """nbgrader calls alembic by its name: it lies beside Python."""
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])


def _address(root: Path) -> str:
    return f"sqlite:///{root / 'gradebook.db'}"
