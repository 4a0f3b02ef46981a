"""The notebook that a student works in, as it was last saved beside its sheet."""

from __future__ import annotations

import json
from pathlib import Path

TEXT_STUB = "*Write your text here.*"  #: what a student finds in place of a text


class SavedNotebook:
    """The cells of a saved notebook; of one that is not there or cannot be read, none."""

    def __init__(self, path: Path):
        self.at, self._by_id, self._texts = 0.0, {}, {}
        try:
            self.at = path.stat().st_mtime
            for cell in json.loads(path.read_text(encoding="utf-8-sig"))["cells"]:
                source = "".join(cell["source"]).strip()
                self._by_id[cell.get("id")] = source
                if cell["cell_type"] == "markdown":
                    self._texts[cell["metadata"].get("nbgrader", {}).get("grade_id")] = source
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass

    def later_than(self, time: float) -> bool:
        """Whether the notebook was saved after this time."""
        return self.at > time

    def source(self, cell: str | None) -> str | None:
        """What stands in the cell of this id; None if there is no such cell."""
        return self._by_id.get(cell) if cell else None

    def written(self, task: str) -> bool | None:
        """Whether a text was put in place of the stub; None if the notebook has no cell for it."""
        text = self._texts.get(task)
        return None if text is None else text not in ("", TEXT_STUB)
