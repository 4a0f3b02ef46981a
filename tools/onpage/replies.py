"""What the sheets reply, as rows of JSON: run by whichever Python is asked, and compared by tools/on_page.py.

For the first three variants of each chapter: to the key's right answer and every named mistake of each task, computed
by that Python from the data; and, run from the top, to the solutions of the source notebook.
"""

import contextlib
import io
import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

VARIANTS = 3  # of each chapter
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.S)


def main(root: str, chapters: list[str], variants: int = VARIANTS) -> list[list]:
    sys.path.insert(0, root)
    from valuechains.checks import Sheet
    from valuechains.course import key as keys

    rows = []
    for name in chapters:
        folder = Path(root, "exercises", name)
        key, stored = keys.load(folder), json.loads((folder / "sheet.json").read_text(encoding="utf-8"))
        for place, variant in list(enumerate(key.variants or [{}]))[:variants]:
            sheet = Sheet(stored)
            sheet._place = place
            rows += [[name, place, *row] for row in planted(keys, key, sheet, variant)]
            rows += [[name, place, *row] for row in solved(folder, stored, place)]
    return rows


def planted(keys: Any, key: Any, sheet: Any, variant: dict) -> list[list]:
    """Task, what was answered, state and words."""
    found = []
    for task, entry in key.tasks.items():
        if entry.compute is None:
            continue
        answer = entry.answer(variant)
        for what, value in {"right": answer.right, **keys.named_mistakes(entry, answer)}.items():
            given = typed(keys, entry.public, answer, value)
            reply = sheet.reply(task, **{entry.public["name"]: given})
            found.append([task, what, str(reply.state), reply.says])
    return found


def typed(keys: Any, public: dict, answer: Any, value: Any) -> Any:
    """What a student would put into the variable."""
    if public["kind"] == "words":
        right = keys.places(answer.right)
        words = [{**right, **keys.places(value)}[place] for place in sorted(right)]
        value = words if len(words) > 1 else words[0]
    return dict(zip(public["keys"], value)) if public["keys"] else value


def solved(folder: Path, stored: dict, place: int) -> list[list]:
    """The same of the variables that the solutions of the source notebook give, run from the top."""
    from valuechains import checks

    asked = checks.Sheet(stored)  # without a folder: nothing is noted beside the source
    asked._place, asked.variant = place, SimpleNamespace(**(stored["variants"] or [{}])[place])
    here, real, names = os.getcwd(), checks.sheet, {"__name__": "__main__"}
    os.chdir(folder)
    checks.sheet = lambda *_: asked
    try:
        for cell in json.loads(Path(f"{folder.name}.ipynb").read_text(encoding="utf-8"))["cells"]:
            source = HIDDEN.sub("", "".join(cell["source"]))
            if cell["cell_type"] == "code" and "sheet.check(" not in source and not source.startswith("twins."):
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source, cell["id"], "exec"), names)
    finally:
        checks.sheet = real
        os.chdir(here)
    tasks = {task: facts for task, facts in stored["tasks"].items() if facts["kind"] != "text"}
    replies = [asked.reply(task, **{facts["name"]: names[facts["name"]]}) for task, facts in tasks.items()]
    return [[reply.exercise, "solution", str(reply.state), reply.says] for reply in replies]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
