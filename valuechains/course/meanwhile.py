"""What is being done, said on stderr once it takes long: nothing in the way of what is read from stdout.

with told("Sealing the sheets"):
    ...
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from valuechains.tongue import say

PATIENCE = 4.0  # seconds without a word


@contextmanager
def told(doing: str) -> Iterator[Callable[[int, int, str], None]]:
    """Yields what a function that counts may call with (done, total, what)."""
    said, ended, began = [doing], Event(), time.monotonic()

    def count(done: int, total: int, what: str) -> None:
        said[0] = say("{doing}: {done} of {total}, {what}", doing=doing, done=done, total=total, what=what)

    def tell() -> None:
        while not ended.wait(PATIENCE):
            seconds = int(time.monotonic() - began)
            print(f"{said[0]} ... ({seconds // 60}:{seconds % 60:02})", file=sys.stderr, flush=True)

    teller = Thread(target=tell, name="tells", daemon=True)
    teller.start()
    try:
        yield count
    finally:
        ended.set()
        teller.join()
