"""The project's notebooks: where they are, how they are run, and what is refused in one.

python tools/notebooks.py [NOTEBOOK...]    says what is wrong with these, or with all
"""

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from valuechains.tongue import LANGUAGE

Client = TypeVar("Client", bound=NotebookClient)

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "_build" / "html"  # where the book is built
FOLDERS = ("chapters", "exercises")
CELL_TIMEOUT = 60
WIDGETS = "application/vnd.jupyter.widget-state+json"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
EXCUSES = {"nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"}
FORBIDDEN = {
    r"^\s*[!%]\s*(pip|conda|uv)\b": "installs a package",
    r"^\s*!": "runs a shell command",
    r"\b(requests\.get|urlopen|urlretrieve)\b|https?://cdn\.": "needs the network",
    r"[\"'](/home/|/Users/|/root/|/tmp/|/mnt/|[A-Za-z]:\\\\)": "names an absolute path",
    r"\binteract(ive)?\(": "uses interact, which is dead on the page",
}


def notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook of the project, in a fixed order."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*.ipynb"))
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def read(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises a dozen kinds
        raise ValueError(
            f"{path.name} cannot be read as a notebook ({type(error).__name__}); restore it from git."
        ) from error


def faults(path: Path) -> list[str]:
    """What is wrong with a stored notebook, one sentence each; an empty list where nothing is."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code" and cell.source.strip()]
    found = []
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        found.append(
            f"{path.name}: its cells carry the numbers {counts}, so it was not run once from top to bottom "
            "in a fresh kernel; run `make refresh`."
        )
    for number, cell in enumerate(cells, start=1):
        where = f"{path.name}, code cell {number}"
        found += [f"{where} {what}." for pattern, what in FORBIDDEN.items() if re.search(pattern, cell.source, re.M)]
        if any(output.output_type == "error" for output in cell.outputs):
            found.append(f"{where} stores an error as its output.")
        excused = EXCUSES & set(cell.metadata.get("tags", []))
        if excused and not cell.metadata.get("reason"):
            found.append(f"{where} is tagged {sorted(excused)[0]} without a `reason` in its metadata.")
    return found


def run(path: Path, **variables: str) -> str:
    """The notebook's text after a run in a fresh kernel, with these variables in its environment."""
    client = client_for(path, NotebookClient)
    execute(client, **variables)
    return stable(client.nb, path.stem)


def client_for(path: Path, kind: Callable[..., Client], **traits: Any) -> Client:
    """What will run a notebook where it lies, without its stored widgets."""
    notebook = read(path)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    where = {"metadata": {"path": str(path.parent)}}
    options: dict[str, Any] = {
        "timeout": CELL_TIMEOUT,
        "kernel_name": "python3",
        "record_timing": False,
        "coalesce_streams": True,
    }
    return kind(notebook, resources=where, **options, **traits)


def execute(client: NotebookClient, **variables: str) -> None:
    """Run all cells in a fresh kernel that has a folder of its own for IPython, and for sockets in place of ports:
    two kernels that start at once can be given the same port."""
    with tempfile.TemporaryDirectory() as home:
        if os.name != "nt":
            client.config = Config({"KernelManager": {"transport": "ipc", "ip": f"{home}/kernel"}})
        client.execute(env={**os.environ, "IPYTHONDIR": home, "PYTHONHASHSEED": "0", LANGUAGE: "", **variables})
    client.nb.metadata.language_info = {"name": "python"}


def stable(notebook: nbformat.NotebookNode, name: str) -> str:
    """The notebook as text, without what differs from run to run: widgets' random names, addresses, key order."""
    state = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    text = nbformat.writes(notebook)
    for position, model in enumerate(state):  # in the order in which the kernel made them
        text = text.replace(model, hashlib.md5(f"{name}-{position}".encode()).hexdigest())
    content = json.loads(ADDRESS.sub(" at 0xADDRESS", text))
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main(paths: list[str]) -> int:
    """Say what is wrong with these notebooks, or with all of them."""
    if lacking := [path for path in paths if not Path(path).is_file()]:
        print(f"There is no notebook {lacking[0]}.", file=sys.stderr)
        return 2
    wrong = [fault for path in (map(Path, paths) if paths else notebooks()) for fault in faults(path)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
