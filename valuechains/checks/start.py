"""The page that JupyterLab opens on: the exercises of a folder, with links, and how to work with them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from valuechains.checks import progress
from valuechains.tongue import say, to_say

NAME = "start.ipynb"


def write(folder: Path) -> None:
    """Write the start page of a folder of exercises."""
    (folder / NAME).write_text(page(folder), encoding="utf-8")


def refresh(folder: Path) -> None:
    """Write it again where there is one and something has moved on."""
    try:
        if (folder / NAME).is_file() and (folder / NAME).read_text(encoding="utf-8") != (text := page(folder)):
            (folder / NAME).write_text(text, encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError):  # a folder that is in disorder does not stop a check
        pass


def page(folder: Path) -> str:
    """A notebook of text only, which shows without being run. What JupyterLab writes into every notebook whose kernel
    starts stands in it already: it is not "changed" for having been opened."""
    from ipykernel.ipkernel import IPythonKernel  # half a second, and not to be had in a page
    from ipykernel.kernelspec import KERNEL_NAME, get_kernel_dict

    text = _text(_row(folder, sheet) for sheet in _sheets(folder))
    cell = {"cell_type": "markdown", "id": "start", "metadata": {}, "source": text.splitlines(keepends=True)}
    kernel = {"name": KERNEL_NAME, **{name: get_kernel_dict()[name] for name in ("display_name", "language")}}
    return (
        json.dumps(
            {
                "cells": [cell],
                "metadata": {"kernelspec": kernel, "language_info": IPythonKernel.language_info},
                "nbformat": 4,
                "nbformat_minor": 5,
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )


def _sheets(folder: Path) -> list[dict]:
    found = []
    for path in sorted(folder.glob("*/sheet.json")):
        with contextlib.suppress(OSError, ValueError):  # the exercise itself says that its sheet is damaged
            sheet = json.loads(path.read_text(encoding="utf-8"))
            found += [sheet] if sheet.get("assignment") == path.parent.name else []  # not a copy put aside
    return found


def _row(folder: Path, sheet: dict) -> str:
    name = sheet["assignment"]
    text = f"{int(name[:2])} {say(sheet['title'])}"
    chapter = f"[{say('read')}](chapters/{name}.ipynb)" if (folder / "chapters" / f"{name}.ipynb").exists() else ""
    points = sum(task["points"] for task in sheet["tasks"].values())
    so_far = progress.summary(sheet, progress.noted(folder / name))
    return (
        f"| [{text}]({name}/{name}.ipynb) | {len(sheet['tasks'])} | {points} | {sheet['minutes']} | {chapter} "
        f"| {so_far} |"
    )


def _table(rows: Iterable[str]) -> str:
    heads = (
        say("Exercises of chapter"),
        say("tasks"),
        say("points"),
        say("minutes"),
        say("the chapter"),
        say("so far"),
    )
    return "\n".join([f"| {' | '.join(heads)} |", "|---|---|---|---|---|---|", *rows])


def _text(rows: Iterable[str]) -> str:
    return f"""# {say("Exercises: services in global value chains")}

{_table(rows)}

{say("*So far* is what the checks said when they were last run; texts are read by people, after you hand in.")}

:::{{admonition}} {say("How an exercise works")}
:class: tip

{say(HOW)}

{say(AGAIN)}
:::

{say(HAND_IN)}
"""


HOW = to_say(
    "Put your answer in place of the three dots, run the cell (Shift+Enter), then run the check below it. A check "
    "says\nwhether the answer is right, or what to look at again; it never shows the value. It judges what you ran: "
    'after a change,\nrun the cell again. `sheet.hint("1")`, in a cell of your own, opens a nudge, then the method, '
    "then a worked sister case.\nThe last cell, `sheet.check()`, shows everything that is done and to do."
)
AGAIN = to_say(
    "You can restart and run a notebook from the top at any time: nothing is lost, and what is not answered is "
    "reported as\nnot done."
)
HAND_IN = to_say(
    "**To hand in**, save the notebook (Ctrl+S, on a Mac Cmd+S) and give the file to your instructor as your course "
    "says."
)
