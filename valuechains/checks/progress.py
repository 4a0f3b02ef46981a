"""How far a student is with a chapter's exercises: noted beside the sheet, and shown on the start page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from valuechains.checks.replies import State
from valuechains.tongue import say

NAME = "progress.json"


def note(folder: Path, states: Mapping[str, str]) -> None:
    """Keep how tasks stand. Nothing is written beside a source (which has a key), nor where nothing can be written."""
    if (folder / "key.py").exists() or not (folder / "sheet.json").exists():
        return
    states = {**noted(folder), **states}
    text = json.dumps(states, indent=1) + "\n"
    try:
        if not (folder / NAME).exists() or (folder / NAME).read_text(encoding="utf-8") != text:
            (folder / NAME).write_text(text, encoding="utf-8")
    except OSError:  # a folder that cannot be written is none of a check's business
        pass


def noted(folder: Path) -> dict[str, str]:
    """Task and state, as last noted."""
    try:
        states = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {str(task): str(state) for task, state in states.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def summary(sheet: Mapping, states: Mapping[str, str]) -> str:
    """A chapter's progress in a few words, by its sheet: what is checked by machine, and what waits for a reader."""
    tasks = sheet["tasks"]
    texts = [task for task, facts in tasks.items() if facts["kind"] == "text"]
    checked = [task for task in tasks if task not in texts]
    if not states:
        return say("not begun")
    done = sum(states.get(task) == State.RIGHT for task in checked)
    written = sum(states.get(task) == State.TO_BE_READ for task in texts)
    if not texts:
        return say("{done} of {all} checked", done=done, all=len(checked))
    return say(
        "{done} of {all} checked, {written} of {texts} texts written",
        done=done,
        all=len(checked),
        written=written,
        texts=len(texts),
    )
