"""Runs replies.py in a page's own Python, in a browser: the page's worker is handed the keys and asked for its rows."""

from __future__ import annotations

import base64
import io
import json
import statistics
import zipfile
from collections.abc import Iterable
from pathlib import Path

import engines
import psutil
from notebooks import ROOT

CHECKS = 20
# Wakes Python as a reader does, and keeps hold of the worker in which it is; gives the seconds until it is ready.
AWAKE = """async () => {
    const Made = Worker;
    window.Worker = class extends Made { constructor(...given) { super(...given); window.awake = this; } };
    const began = performance.now();
    document.querySelector('.gvc-wake').click();
    for (;;) {
        const says = (document.querySelector('.gvc-status') ?? document.querySelector('.gvc-wake-note')).textContent;
        if (says === 'Python is ready.') return [(performance.now() - began) / 1000, ''];
        if (/did not/.test(says)) return [0, says];
        await new Promise((done) => setTimeout(done, 50));
    }
}"""
# Has the worker keep a file, and run a cell; gives what the cell shows.
RUN = """(name, text, source) => new Promise((done) => {
    const id = 1e6 + Math.random(), shown = [];
    const hear = ({ data }) => {
        if (data.type === 'broken') shown.push({ kind: 'error', content: { says: data.words, more: '' } });
        if (data.type === 'shown') shown.push(data);
        if (!(data.type === 'ran' && data.id === id) && data.type !== 'broken') return;
        awake.removeEventListener('message', hear);
        done(shown.map(({ kind, content }) => [kind, content]));
    };
    awake.addEventListener('message', hear);
    awake.postMessage({ order: 'save', name, text });
    awake.postMessage({ order: 'run', id, source, cell: 'compared' });
})"""
TIMED = f"""async (source, count) => {{
    const run = {RUN}, times = [];
    for (let turn = 0; turn < count; turn += 1) {{
        const began = performance.now();
        await run('again', '', source);
        times.push(performance.now() - began);
    }}
    return times;
}}"""
# The library is the page's own; the keys come from the project, and whatever of the library they need and pages lack.
ASK = """import base64, io, json, sys, zipfile
import _bridge, valuechains
zipfile.ZipFile(io.BytesIO(base64.b64decode(open("project.txt").read()))).extractall("/project")
valuechains.__path__.append("/project/valuechains")
sys.path.insert(0, "/project")
import replies
_bridge.emit("text", json.dumps(replies.main("/project", [CHAPTER], VARIANTS)))
"""


def rows(page: engines.Tab, root: Path, chapter: str, variants: int) -> list[list]:
    """What the sheet of a chapter replies in the Python of the page, which is awake."""
    source = ASK.replace("CHAPTER", repr(chapter)).replace("VARIANTS", repr(variants))
    shown = page.ask(RUN, "project.txt", project(root, chapter), source)
    if wrong := [content for kind, content in shown if kind == "error"]:
        raise engines.Broken(f"{wrong[0]['says']}\n{wrong[0]['more']}")
    return json.loads("".join(content for kind, content in shown if kind == "text"))


def wake(page: engines.Tab) -> float:
    """Seconds until Python is ready."""
    seconds, wrong = page.ask(AWAKE)
    if wrong:
        raise engines.Broken(wrong)
    return seconds


def latency(page: engines.Tab, task: str) -> float:
    """Milliseconds that a check takes, the median of many."""
    return statistics.median(page.ask(TIMED, f"sheet.check({task!r})", CHECKS))


def measured(page: engines.Tab, address: str, chapter: str) -> str:
    """Open a chapter's page twice, and leave Python awake in it."""
    place = f"{address}/chapters/{chapter}.html"
    page.open(place)
    before, first = megabytes(), wake(page)
    page.open(place)
    again = wake(page)
    check = latency(page, next(iter(json.loads((ROOT / "exercises" / chapter / "sheet.json").read_text())["tasks"])))
    return (
        f"ready in {first:.1f} s, then in {again:.1f} s; a check {check:.0f} ms; {before} MB, with Python {megabytes()}"
    )


def megabytes() -> int:
    """What the programs that this one has started hold, each with what it shares."""
    return round(sum(_held(one) for one in psutil.Process().children(recursive=True)) / 1e6)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def project(root: Path, chapter: str) -> str:
    """The keys of a chapter, and the library as the teacher has it, as text."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(root, chapter):
            archive.write(path, path.relative_to(root))
        archive.write(Path(__file__).with_name("replies.py"), "replies.py")
    return base64.b64encode(content.getvalue()).decode()


def _files(root: Path, chapter: str) -> Iterable[Path]:
    for folder in (root / "valuechains", root / "exercises" / chapter):
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".json", ".ipynb", ".csv"})
