"""Build the instructor's part of the book into _build/instructor/html, slides included; `make book` never does.

Its pages are exercises/instructor; its configuration is the book's with what exercises/instructor/_config.yml changes.
"""

import os
import sys
from pathlib import Path

import yaml
from browser import installed
from notebooks import ROOT
from programs import BROWSER

SOURCE = ROOT / "exercises" / "instructor"
TARGET = ROOT / "_build" / "instructor"


def merged(book: dict, own: dict) -> dict:
    """The book's configuration with the instructor's over it; lists are replaced."""
    return book | {
        name: merged(book[name], value) if isinstance(value, dict) and name in book else value
        for name, value in own.items()
    }


def write_config(path: Path) -> Path:
    book, own = (yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8")) for folder in (ROOT, SOURCE))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(merged(book, own), allow_unicode=True), encoding="utf-8")
    return path


def write_slides(folder: Path) -> None:
    """Slides of every chapter; as PDF too where there is a browser."""
    from valuechains.book.instructor import slides
    from valuechains.course.meanwhile import told

    pages = []
    for notebook in sorted((ROOT / "chapters").glob("[0-9][0-9]-*.ipynb")):
        print(f"Slides of {notebook.stem} ...", flush=True)
        pages.append(slides.write(notebook, folder))
    if browser := installed():
        print("Printing the slides with the browser (half a minute or so) ...", flush=True)
        with told("Printing the slides"):
            slides.print_all(pages, browser)
    else:
        print(f"No browser was found, so the slides are HTML only. To have PDF too: {BROWSER.how}", file=sys.stderr)


def build(source: Path, target: Path) -> int:
    """The pages of a folder into target/html: 0 when there was no warning and no dead reference, as in
    tools/book.py."""
    from jupyter_book.sphinx import build_sphinx

    ended = build_sphinx(
        str(source),
        str(target / "html"),
        noconfig=True,
        path_config=str(write_config(target / "_config.yml")),
        confoverrides={"nitpicky": True, "latex_individualpages": False},
        freshenv=True,
        warningiserror=True,
        keep_going=True,
    )
    return ended if isinstance(ended, int) else 1


def main() -> int:
    os.environ.setdefault("PYTHONHASHSEED", "0")
    write_slides(TARGET / "html" / "slides")
    status = build(SOURCE, TARGET)
    if status == 0:
        place = (TARGET / "html").relative_to(ROOT)
        print(f"The instructor's part is in {place}: open index.html there. It holds the answers.")
    return status


if __name__ == "__main__":
    sys.exit(main())
