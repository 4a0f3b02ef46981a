"""What moves between two sources or two editions of the tables, and what in the book stands on it.

python tools/what_changed.py wiod2013 wiod2016 tiva2025   the second and third source against the first
python tools/what_changed.py OLD/data data                an edition of data/ against another one

Prints Markdown: the same economies in the same years, results that turn round, then the findings in charts' titles,
claims and exercises that read those data. The page "What changed when the tables did" shows the first form.
"""

import argparse
import sys
from pathlib import Path

from valuechains import datasets, editions
from valuechains.book import changes
from valuechains.course.meanwhile import told


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help=f"a data folder, or one of {', '.join(editions.SOURCES)}")
    parser.add_argument("new", nargs="+", help="the same, one or more sources or one folder")
    options = parser.parse_args(argv)
    folders = [Path(one).is_dir() for one in (options.old, *options.new)]
    try:
        if all(folders) and len(folders) == 2:
            print(changes.report_editions(Path(options.old), Path(options.new[0])), end="")
        elif any(folders):
            raise editions.CannotAnswer("Name two data folders, or sources only: a folder and a source do not compare.")
        else:
            print(changes.report(options.old, *options.new), end="")
    except (editions.CannotAnswer, datasets.DamagedData) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    with told("Comparing"):
        sys.exit(main())
