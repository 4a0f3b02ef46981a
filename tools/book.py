"""Build the book into _build/html; a warning, a dead reference or a faulty notebook stops the build.

The editions in other languages are built beside the English book, on which they lean.
"""

import gc
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

# Little is imported here: the processes that draw beside the build read this file too.
ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "_build" / "html"
# A copy of a process that has imported all is quicker than a new one; macOS and Windows have none that is safe.
PROCESSES: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def build() -> int:
    """The book, by a process of its own, in which sets have an order."""
    command = [sys.executable, str(Path(__file__).resolve())]
    return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False).returncode


def make() -> int:
    from on_page import bring

    gc.disable()  # what is read is kept to the end: looking for what may go took a fifth of the processor's time
    with ThreadPoolExecutor() as meanwhile:
        brought = meanwhile.submit(bring)
        import translations  # noqa: F401  (what a copy of this process has then)
        from notebooks import faults, notebooks

        from valuechains.authoring import catalogue

        wrong = [fault for path in notebooks() for fault in faults(path)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if missing := brought.result():
        print(missing, file=sys.stderr)
    catalogue.compile_all(ROOT)
    read, made, broken = PROCESSES.Event(), PROCESSES.Event(), PROCESSES.Event()
    others = [PROCESSES.Process(target=edition, args=(one, read, made, broken)) for one in catalogue.languages(ROOT)]
    for process in others:
        process.start()
    status = 1
    try:
        status = english(read.set)
    finally:
        if status:
            broken.set()
        for event in (read, made):  # also where no page was to be read
            event.set()
        for process in others:
            process.join()
    return status or max((abs(process.exitcode) for process in others), default=0)


def english(when_read: Callable[[], None]) -> int:
    from jupyter_book.sphinx import build_sphinx

    from valuechains.book import workshop
    from valuechains.book.edition import beside

    workshop.of_copies(PROCESSES)
    beside(when_read=when_read)
    # One warning stops the build, after all have been shown (keep_going); a dead reference is a warning (nitpicky).
    ended = build_sphinx(
        str(ROOT),
        str(PAGES),
        noconfig=True,
        path_config=str(ROOT / "_config.yml"),
        confoverrides={
            "external_toc_path": (ROOT / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        warningiserror=True,
        keep_going=True,
    )
    return ended if isinstance(ended, int) else 1


def edition(language: str, read: Event, made: Event, broken: Event) -> None:
    import translations

    from valuechains.book import workshop
    from valuechains.book.edition import beside

    def until(event: Event) -> Callable[[], None]:
        def waited() -> None:
            event.wait()
            if broken.is_set():
                sys.exit(1)

        return waited

    workshop.of_copies(PROCESSES)
    beside(until_read=until(read), until_made=until(made))
    try:
        sys.exit(translations.run_sphinx(language, translations.target(language), quiet=True))
    finally:
        workshop.close()


def main() -> int:
    if sys.flags.hash_randomization:
        return build()
    status = make()
    if status == 0:
        print(
            f"The book is in {PAGES.relative_to(Path.cwd()) if PAGES.is_relative_to(Path.cwd()) else PAGES}: "
            "open index.html there, with or without a network."
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
