"""Brings what the pages' Python is made of, once, by npm and pip, each by its own lock, and keeps it in `.cache`.

    fetch()     # the folder with everything; raises Missing with one sentence if something cannot be had
    fetched()   # the folder, or None if nothing was fetched yet

A build without it is a whole book whose exercises are worked in JupyterLab.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "lock"  # package-lock.json and the wheels' lists, with the digest of everything
CACHE = HERE.parents[2] / ".cache" / "on-page"
RUNTIME = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
BUNDLED = ("editor.js", "schedule.js")  # of page/, each made into one script with what it imports
PATIENCE = 20  # seconds without an answer
PYTHON = ("--platform=pyemscripten_2024_0_wasm32", "--python-version=312", "--implementation=cp", "--abi=cp312")


class Missing(Exception):
    """Something cannot be had here; the text says what."""


def fetched() -> Path | None:
    return _place() if _place().is_dir() else None


def fetch() -> Path:
    if found := fetched():
        return found
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".half-") as half:
        work, whole = Path(half, "work"), Path(half, "whole")
        for folder in (work, whole):
            folder.mkdir()
        with ThreadPoolExecutor() as at_once:
            wheels = at_once.submit(_download, LOCK / "wheels.txt", whole)
            _packages(work)
            for name in RUNTIME:
                shutil.copyfile(work / "node_modules" / "pyodide" / name, whole / name)
            numpy = at_once.submit(_numpy, whole, work)
            shutil.copyfile(work / "node_modules" / "scrypt-js" / "scrypt.js", whole / "scrypt.js")
            shutil.copyfile(work / "node_modules" / "chart2music" / "dist" / "index.js", whole / "chart2music.js")
            _bundle(work, whole)
            for brought in (wheels, numpy):
                brought.result()
        (whole / "LICENSES.txt").write_text(_licences(work / "node_modules"), encoding="utf-8")
        try:
            whole.rename(_place())
        except OSError:
            if not fetched():  # another build has brought the same
                raise
    return _place()


@cache
def _place() -> Path:
    made_by = [*sorted(LOCK.iterdir()), *(HERE / "page" / script for script in BUNDLED), Path(__file__)]
    return CACHE / sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:32]


def _packages(work: Path) -> None:
    """npm checks each package against the lock."""
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCK / name, work / name)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")  # esbuild's own program is a package for each system
    _run("npm", "ci", *quiet, "--fetch-retries=0", f"--fetch-timeout={PATIENCE}000", at=work)


def _bundle(work: Path, folder: Path) -> None:
    """Scripts of `page`, each with all that it imports."""
    for script in BUNDLED:
        shutil.copyfile(HERE / "page" / script, work / script)
    bundled = ("--bundle", "--minify", "--format=iife", "--legal-comments=none", f"--outdir={folder}")
    _run("node", "node_modules/esbuild/bin/esbuild", *BUNDLED, *bundled, "--log-level=error", at=work)


def _download(wanted: Path, folder: Path, *for_python: str) -> None:
    """pip checks each wheel against the list."""
    quiet = ("--quiet", "--disable-pip-version-check", "--retries=0", f"--timeout={PATIENCE}")
    checked = ("--require-hashes", "--no-deps", "--only-binary=:all:", *(for_python or PYTHON))
    _run(sys.executable, "-m", "pip", "download", *quiet, *checked, "--requirement", str(wanted), at=folder)


def _numpy(whole: Path, work: Path) -> None:
    """The runtime's own wheel, by the digest in the runtime's lock: from its release, or from a copy that a wheel
    carries."""
    official = json.loads((whole / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]["numpy"]
    content = _released(whole, official["file_name"]) or _carried(work, official["file_name"])
    if sha256(content).hexdigest() != official["sha256"]:
        raise Missing(f"{official['file_name']} is not the one of the runtime's lock")
    (whole / official["file_name"]).write_bytes(content)


def _released(whole: Path, name: str) -> bytes:
    """From where the runtime itself would take it; empty if that cannot be reached."""
    runtime = (whole / "pyodide.asm.js").read_text(encoding="utf-8")
    version = json.loads((LOCK / "package.json").read_text(encoding="utf-8"))["dependencies"]["pyodide"]
    found = re.search(r"setCdnUrl\(`(https://[^`]*)`\)", runtime)
    try:
        with urllib.request.urlopen(
            re.sub(r"\$\{[^}]*\}", version, found[1] if found else "") + name, timeout=PATIENCE / 4
        ) as answer:
            return answer.read()
    except (OSError, ValueError):
        return b""


def _carried(work: Path, name: str) -> bytes:
    _download(LOCK / "carrier.txt", work, "--python-version=312")
    with zipfile.ZipFile(next(work.glob("*.whl"))) as carrier:
        return carrier.read(next(path for path in carrier.namelist() if path.endswith(f"/{name}")))


def _licences(packages: Path) -> str:
    """What the packages' own files say, one after the other, for the folder that carries them."""
    found = [
        f"{path.parent.relative_to(packages).as_posix()}\n\n{path.read_text(encoding='utf-8')}"
        for path in sorted(packages.glob("**/LICEN*"))
        if not any("esbuild" in part for part in path.parts) and path.is_file()
    ]
    ours = (HERE / "notice.txt").read_text(encoding="utf-8")
    return f"\n{'-' * 80}\n\n".join([ours, *found])


def _run(*command: str, at: Path) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise Missing(f"{command[0]} is not installed")
    done = subprocess.run([program, *command[1:]], cwd=at, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        why = (said or ["no reason given"])[-1][:160]
        name = command[2] if "-m" in command[:2] else Path(command[0]).stem
        raise Missing(f"{name} brought nothing ({why})")
