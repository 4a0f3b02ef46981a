"""Files of a course: written whole or not at all, and what was noted in them read back."""

from __future__ import annotations

import json
import os
from pathlib import Path

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a spreadsheet takes what begins so for a formula


def write(path: Path, content: str | bytes) -> Path:
    """Write a file by way of one beside it, so that a full disk or a power cut leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        with open(half, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return path


def noted(path: Path) -> dict:
    """What a JSON file of ours holds; {} if it is not there or was cut short."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def cell(text: str) -> str:
    """Text for a table that a spreadsheet does not take for a formula: an apostrophe goes before it."""
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text
