"""A kit unpacked as a student does it, with an environment that borrows this one's packages, and its tools started."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from valuechains.course import kit

STAMP = """
import json
import environment as e
e.STAMP.write_text(json.dumps({"from": e.fingerprint(), "at": str(e.HOME), "packages": []}))
"""


def unpack(content: bytes, folder: Path) -> Path:
    """The folder that a kit makes; unpacking over one that is there writes over files, as unzip and Windows do."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / kit.TOP


def furnish(top: Path) -> None:
    """Give a folder an environment at once: one that finds the packages of the environment that runs the tests."""
    home = top / ".venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    site = next(home.glob("[Ll]ib/**/site-packages"))
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "borrowed.pth").write_text(f"{top}\n{ours}\n", encoding="utf-8")
    for name in ("share", "etc"):
        (home / name).symlink_to(Path(sys.prefix) / name)
    done = subprocess.run([sys.executable, "-c", STAMP], cwd=top / "tools", check=False)
    assert done.returncode == 0


def start(top: Path, tool: str, *arguments: str, python: str = sys.executable, **variables: str) -> subprocess.Popen:
    """One of the folder's tools, started; what it says comes by `stdout`."""
    command = [python, str(top / "tools" / f"{tool}.py"), *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "JUPYTER", "PYTHONPATH"))}
    return subprocess.Popen(
        command,
        cwd=top,
        env={**kept, "PIP_CONFIG_FILE": os.devnull, "PYTHONUNBUFFERED": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,  # it and what it starts can get a key together, as in a terminal
    )


def ran(top: Path, tool: str, *arguments: str, **variables: str) -> tuple[int, str]:
    """Status and words of a tool that ends by itself."""
    process = start(top, tool, *arguments, **variables)
    said, _ = process.communicate(timeout=600)
    return process.returncode, said


def press(process: subprocess.Popen, key: int) -> None:
    """What a key or a closed window does: the tool and all that it started get the signal."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, key)


def heard(process: subprocess.Popen, words: str) -> str:
    """What a tool says up to the line with these words."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without a word of {words!r}:\n{said}")
