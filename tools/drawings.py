"""Store the drawings of the chapters' figures, for a book that is built without drawing them.

python tools/drawings.py          draw what is new or has changed into chapters/drawn, and drop what no chapter shows
python tools/drawings.py --check  draw nothing; fail where one is missing or is not of its stored figure

tools/refresh.py does so too, once it has stored the outputs of a chapter.
"""

import argparse
import sys
from pathlib import Path

from notebooks import ROOT

from valuechains.book import outputs, workshop
from valuechains.book.away import bundle
from valuechains.course import files, zips
from valuechains.figures import drawing


def wanted() -> dict[Path, tuple[str, str]]:
    """What each figure is drawn from, by the file in which its drawings are stored."""
    pages = (path.relative_to(ROOT).with_suffix("").as_posix() for path in sorted(ROOT.glob("chapters/*.ipynb")))
    return {
        workshop.STORED / Path(page).name / f"{spec['usermeta']['valuechains']['name']}.zip": outputs.drawn_from(spec)
        for page, spec in bundle.figures(ROOT, pages)
    }


def missing() -> dict[Path, tuple[str, str]]:
    """The figures of which no drawing, or an old one, is stored."""
    stored = {(path, key) for key, path in workshop.stored_by_key().items()}
    return {path: specs for path, specs in wanted().items() if (path, _key(specs)) not in stored}


def left_over() -> list[Path]:
    return sorted(set(workshop.STORED.rglob("*.zip")) - set(wanted()))


def store(path: Path, specs: tuple[str, str]) -> None:
    made = drawing.figure(*specs) | {workshop.DIGEST: _key(specs).encode()}
    files.write(path, zips.zipped(sorted(made.items()), mode=zips.EVERYBODY))


def _key(specs: tuple[str, str]) -> str:
    return workshop.key(drawing.figure, *specs)


def bring_up_to_date() -> None:
    for path, specs in missing().items():
        store(path, specs)
        print(f"{path.relative_to(ROOT)}: drawn", flush=True)
    for path in left_over():
        path.unlink()
        print(f"{path.relative_to(ROOT)}: dropped, since no chapter shows that figure")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="draw nothing; fail where a drawing is not of its figure")
    if not parser.parse_args().check:
        bring_up_to_date()
        return 0
    wrong = [*missing(), *left_over()]
    for path in wrong:
        print(f"{path.relative_to(ROOT)} is not the drawing of a figure: run tools/drawings.py.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
