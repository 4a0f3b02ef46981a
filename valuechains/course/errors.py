"""What a course says when something of it is not as it should be."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from valuechains.tongue import say

OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}


class CourseError(ValueError):
    """The message says in a sentence what, where, and what to do."""


def refusal(error: BaseException | None) -> str:
    """What to say if the disk or the gradebook refused, be it that other errors came of it; "" of other errors."""
    while error is not None:
        if isinstance(error, sqlite3.Error):
            return say(
                "The gradebook refused ({error}). Make room or check the permissions of gradebook.db and its folder, "
                "and run the same command again; what was finished is kept.",
                error=error,
            )
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            return disk(error)
        error = error.__cause__ or error.__context__
    return ""


def disk(error: OSError) -> str:
    what = f"{error.strerror or error}" + (f": {Path(error.filename).name}" if error.filename else "")
    return say(
        "The disk refused ({what}). Make room or check the permissions, and run the same command again; what was "
        "finished is kept.",
        what=what,
    )
