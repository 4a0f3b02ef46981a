"""The student's copy of an exercise notebook, made from its source by nbgrader's own steps, without its database.

Solutions become dots, hidden checks and mark schemes go, outputs and the state of widgets go; given cells are locked.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from valuechains.checks.saved import TEXT_STUB

CODE_STUB = "# Replace the dots above; use as many lines as you like."
CONFIG = Config({"ClearSolutions": {"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB}})
STEPS = (
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
)


def student_copy(source: str | Path) -> str:
    """The text of the copy: the same source gives the same bytes. Raises ValueError for a source that is not sound."""
    path = Path(source)
    try:
        return _copied(path.name, path.read_bytes())
    except OSError as error:
        raise _unreadable(path.name, error) from None


@lru_cache(maxsize=32)  # a kit and the page's Python hold the same one
def _copied(name: str, content: bytes) -> str:
    from nbgrader import preprocessors  # seconds to import

    notebook = _read(name, content)
    resources = {"metadata": {"name": Path(name).stem}}
    for step in STEPS:
        try:
            notebook, resources = getattr(preprocessors, step)(config=CONFIG).preprocess(notebook, resources)
        except Exception as error:  # nbgrader raises plain ones
            raise ValueError(
                f"{name} is no sound exercise ({error}): mend the cell's metadata or its markers."
            ) from None
    notebook.metadata = NotebookNode(kernelspec=notebook.metadata.kernelspec, language_info=NotebookNode(name="python"))
    return json.dumps(json.loads(nbformat.writes(notebook)), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _read(name: str, content: bytes) -> NotebookNode:
    try:
        return nbformat.reads(content.decode(), as_version=4)
    except Exception as error:  # nbformat raises a dozen kinds
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: Exception) -> ValueError:
    return ValueError(f"{name} cannot be read as a notebook ({type(error).__name__}): restore it.")
