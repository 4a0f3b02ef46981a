"""Write what students' servers import: the library without the course and the book, and the tables that exercises read.

python exercises/instructor/hub/library.py FOLDER      (then PYTHONPATH=FOLDER, or COPY it into the image)
"""

import shutil
import sys
from pathlib import Path

from valuechains.course import kit


def write(folder: Path) -> None:
    """Make the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    package = kit.ROOT / "valuechains"
    left_out = {package / name for name in kit.LEFT_OUT}
    shutil.copytree(
        package,
        folder / "valuechains",
        ignore=lambda at, names: [name for name in names if name == "__pycache__" or Path(at, name) in left_out],
    )
    names = {name for name in kit.ALWAYS if name.startswith("data/")}
    notebooks = [(source / f"{source.name}.ipynb").read_text(encoding="utf-8") for source in kit.sources()]
    names |= {f"data/{table}" for table in kit.tables(notebooks)}
    for name in sorted(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kit.ROOT / name, folder / name)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
