"""A page that hangs answers nothing, and what is asked of it without a limit waits for good: its process is ended."""

import contextlib
import threading
from collections.abc import Iterator

import psutil

PAGE = "--type=renderer"


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """After so many seconds pages of this test process are ended; after half as many more, their browser."""
    alarms = [threading.Timer(seconds, end, [PAGE]), threading.Timer(1.5 * seconds, end, ["--headless"])]
    for alarm in alarms:
        alarm.daemon = True
        alarm.start()
    try:
        yield
    finally:
        for alarm in alarms:
            alarm.cancel()


def end(word: str) -> None:
    """End what this process has started, directly or not, with a word on its command line."""
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(part.startswith(word) for part in one.cmdline()):
                one.kill()
