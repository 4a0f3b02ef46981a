"""Copies of parts of the project, taken while other test processes write there."""

import shutil
from pathlib import Path

PASSING = ("__pycache__", ".half-*", "*.half")  # what may be gone before it is read

ROOT = Path(__file__).resolve().parents[2]


def copied(name: str, to: Path, *leave_out: str, **how) -> Path:
    """A file or folder of the project, copied into a folder under the same name."""
    source, target = ROOT / name, to / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        return shutil.copy2(source, target)
    return shutil.copytree(source, target, ignore=shutil.ignore_patterns(*PASSING, *leave_out), **how)
