"""Build the book into _build/html; a warning, a dead reference or a faulty notebook stops the build."""

import os
import subprocess
import sys
from pathlib import Path

import translations
from notebooks import PAGES, ROOT, faults, notebooks
from on_page import bring

from valuechains.authoring import catalogue


def build() -> int:
    wrong = [fault for path in notebooks() for fault in faults(path)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    if missing := bring():
        print(missing, file=sys.stderr)
    # jupyter-book has no -m of its own. One warning stops the build, after all have been shown (-W --keep-going); a
    # dead reference is a warning (-n).
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        "-W",
        "-n",
        "--keep-going",
        str(ROOT),
    ]
    status = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False).returncode
    return status or editions()


def editions() -> int:
    """The pages that there are in other languages, each language in a folder of the site; they lean on the English."""
    catalogue.compile_all(ROOT)
    for language in catalogue.languages(ROOT):
        command = [sys.executable, str(Path(translations.__file__)), "--build", language]
        if status := subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False).returncode:
            return status
    return 0


def main() -> int:
    status = build()
    if status == 0:
        print(
            f"The book is in {PAGES.relative_to(Path.cwd()) if PAGES.is_relative_to(Path.cwd()) else PAGES}: "
            "open index.html there, with or without a network."
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
