"""Run every notebook in a fresh kernel and store its outputs, and the drawings of a chapter's figures; --check only
compares outputs with what is stored.

python tools/refresh.py                    every notebook
python tools/refresh.py chapters/x.ipynb   these
python tools/refresh.py --check            run all, store nothing, fail where a byte differs
"""

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from notebooks import ROOT, notebooks, run

from valuechains.course import files
from valuechains.course.meanwhile import told


def refreshed(path: Path) -> tuple[Path, str | None, str | None, float]:
    """A notebook with its new text, or with the reason why there is none."""
    start = time.perf_counter()
    try:
        return path, run(path), None, time.perf_counter() - start
    except Exception as error:
        return path, None, str(error).strip(), time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("notebook", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="store nothing; fail where a byte differs")
    options = parser.parse_args()
    chosen = [path.resolve() for path in options.notebook] or notebooks()
    for path in chosen:
        if not path.is_file():
            parser.error(f"there is no notebook {path}")
    failed = 0
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool, told("Running notebooks") as count:
        for done, (path, text, error, seconds) in enumerate(pool.map(refreshed, chosen), 1):
            count(done, len(chosen), path.stem)
            name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            same = text == path.read_text(encoding="utf-8")
            if error or text is None:
                verdict = f"FAILED\n{error}"
            elif same:
                verdict = "unchanged"
            elif options.check:
                verdict = "DIFFERS from what is stored: run `make refresh` and read the difference"
            else:
                files.write(path, text)
                verdict = "stored"
            failed += bool(error) or (options.check and not same)
            print(f"{name}: {seconds:.1f} s, {verdict}", flush=True)
    if not options.check and any(path.is_relative_to(ROOT / "chapters") for path in chosen):
        import drawings

        drawings.bring_up_to_date()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
