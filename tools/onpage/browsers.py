"""Runs replies.py in a page's own Python, in a browser: the page's worker is handed the keys and asked for its rows."""

from __future__ import annotations

import base64
import io
import json
import statistics
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import engines
import psutil

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
# Presses each Check of the page in turn; gives the milliseconds from the press to the reply.
CHECKED = """async () => {
    const times = [];
    for (const button of document.querySelectorAll('.gvc-check')) {
        const reply = button.closest('[data-cell]').querySelector('.gvc-reply'), began = performance.now();
        const said = new Promise((done) => new MutationObserver((_, seen) => {
            if (['', 'Checking …'].includes(reply.textContent)) return;
            seen.disconnect();
            done();
        }).observe(reply, { childList: true, characterData: true, subtree: true }));
        button.click();
        await said;
        times.push(performance.now() - began);
    }
    return times;
}"""
# The library is the page's own; the keys come from the project, and whatever of the library they need and pages lack.
ASK = """import base64, io, json, sys, time, zipfile
import _bridge, pyodide_js, valuechains
zipfile.ZipFile(io.BytesIO(base64.b64decode(open("project.txt").read()))).extractall("/project")
valuechains.__path__.append("/project/valuechains")
sys.path.insert(0, "/project")
import replies
from valuechains.checks import Sheet

took, reply = [], Sheet.reply

def timed(*asked, **given):
    began = time.perf_counter()
    try:
        return reply(*asked, **given)
    finally:
        took.append(1000 * (time.perf_counter() - began))

Sheet.reply = timed
rows = replies.main("/project", [CHAPTER], VARIANTS)
Sheet.reply = reply
_bridge.emit("text", json.dumps({"rows": rows, "took": took, "heap": pyodide_js._module.HEAPU8.length}))
"""


@dataclass(frozen=True)
class Asked:
    """What a page replied, the milliseconds that each reply took, and the bytes of memory that its Python had then."""

    rows: list[list]
    took: list[float]
    heap: int


def asked(page: engines.Tab, root: Path, chapter: str, variants: int) -> Asked:
    """The sheet of a chapter, in the Python of the page, which is awake."""
    source = ASK.replace("CHAPTER", repr(chapter)).replace("VARIANTS", repr(variants))
    shown = page.ask(RUN, "project.txt", project(root, chapter), source)
    if wrong := [content for kind, content in shown if kind == "error"]:
        raise engines.Broken(f"{wrong[0]['says']}\n{wrong[0]['more']}")
    return Asked(**json.loads("".join(content for kind, content in shown if kind == "text")))


def wake(page: engines.Tab) -> float:
    """Seconds until Python is ready."""
    seconds, wrong = page.ask(AWAKE)
    if wrong:
        raise engines.Broken(wrong)
    return seconds


def measured(page: engines.Tab, address: str, chapter: str) -> str:
    """Open a chapter's page twice, and leave Python awake in it."""
    place = f"{address}/chapters/{chapter}.html"
    page.open(place)
    before, first = megabytes(), wake(page)
    page.open(place)
    again, pressed = wake(page), page.ask(CHECKED)
    return (
        f"ready in {first:.1f} s, then in {again:.1f} s; from Check to reply {spread(pressed)}; "
        f"the browser holds {before} MB, with Python {megabytes()}"
    )


def spread(milliseconds: list[float]) -> str:
    return f"{statistics.median(milliseconds):.0f} ms, at most {max(milliseconds):.0f} ({len(milliseconds)})"


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
