"""Write each exercise's sheet.json, sealed anew from its key.py; --check only compares.

python tools/sheets.py [--check]
"""

import argparse
import json
import sys

from notebooks import ROOT

from valuechains.course import files
from valuechains.course.key import load
from valuechains.course.meanwhile import told

EXERCISES = ROOT / "exercises"


def sheets() -> dict:
    """Path of each sheet and the text that its key gives."""
    folders = sorted(path.parent for path in EXERCISES.glob("*/key.py"))
    made = {}
    with told("Sealing the exercises' sheets") as count:
        for done, folder in enumerate(folders):
            count(done, len(folders), folder.name)
            made[folder / "sheet.json"] = json.dumps(load(folder).sheet(), ensure_ascii=False) + "\n"
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="store nothing; fail where a sheet is not what its key gives"
    )
    checking = parser.parse_args().check
    made = sheets()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if checking:
        print(
            "\n".join(f"{path.parent.name}/sheet.json is not what key.py gives: run `make refresh`." for path in stale)
        )
        return 1 if stale else 0
    for path in stale:
        files.write(path, made[path])
        print(f"{path.parent.name}/sheet.json: stored")
    return 0


if __name__ == "__main__":
    sys.exit(main())
