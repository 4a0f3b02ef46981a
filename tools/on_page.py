"""Fetch what the pages' Python is made of (npm, pip), so that the next `make book` has exercises worked on the page."""

import sys

import notebooks  # noqa: F401  # puts the project on the path

from valuechains.book.onpage import fetch


def bring() -> str:
    """One line that says whether the book will have it."""
    try:
        fetch.fetch()
    except fetch.Missing as missing:
        return f"The book is built without Python on its pages: {missing}."
    return ""


def main() -> int:
    said = bring()
    print(said or f"What the pages' Python is made of is in {fetch.fetched()}.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
