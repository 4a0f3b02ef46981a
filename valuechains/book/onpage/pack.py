"""The folder `python` of the site: every file twice, as gzip for http and as a script that hands over its base64.

A page opened from a folder may not fetch, and may run scripts. What comes from npm and pip is packed apart from what is
the project's own, which changes more often.
"""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from valuechains.authoring import catalogue
from valuechains.course import zips

HERE = Path(__file__).parent
COMPILER, COMPILED = HERE / "compile.mjs", "compiled.zip"
# Pure Python, of the build's own environment: what pandas, Altair and the library's hints import.
PACKAGES = "altair narwhals jinja2 markupsafe attr packaging typing_extensions markdown_it mdurl dateutil six".split()
NAMED = ("altair", "narwhals")  # packages that are asked for their version
OTHERS = ("jsonschema-*.whl", "pyrsistent-*.whl")
SENT = ("numpy-*.whl", "pandas-*.whl")
PLAIN = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "scrypt.js")
SMALL = (".whl", ".gz", "stdlib.zip")  # as small as they get
EVERYWHERE = ("datapackage.json", "claims.json", "countries.csv", "industries.csv")  # of data/


def runtime(fetched: str, digest: str) -> dict[str, bytes]:
    """Python and its packages; digest: of the environment's lock and of what compiles them.

    It follows from the locks alone, so it is kept beside what was fetched.
    """
    folder, packer = Path(fetched), sha256(Path(__file__).read_bytes() + digest.encode()).hexdigest()
    kept = folder.parent / f"packed-{folder.name[:16]}-{packer[:16]}.zip"
    if kept.is_file():
        with zipfile.ZipFile(kept) as archive:
            return _both({name: archive.read(name) for name in archive.namelist()})
    small = _small(_runtime(folder))
    if COMPILED in small:  # with node, which may be installed one day
        _keep(kept, zips.zipped(small.items(), packed=False))
    return _both(small)


def _runtime(folder: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in PLAIN}
    files |= {path.name: path.read_bytes() for pattern in SENT for path in folder.glob(pattern)}
    files["packages.zip"] = packages(folder)
    if compiled := _compiled(folder, files["packages.zip"]):
        files[COMPILED] = compiled
    return files


def project(root: str, digest: str) -> dict[str, bytes]:
    """The library, its tables and each chapter's exercises; digest: of the files they are made from, of a chapter its
    code, which says what tables it reads."""
    from valuechains.course import kit  # nbgrader takes seconds to import

    at, files = Path(root), {}
    always = [at / "data" / name for name in EVERYWHERE]
    files["library.zip"] = _zipped(
        (path.relative_to(at).as_posix(), path.read_bytes()) for path in [*kit.library(at), *always]
    )
    files |= {f"{Path(name).parts[1].replace('_', '-')}.mo": words for name, words in catalogue.beside_the_library(at)}
    wanted: set[str] = set()
    for source in kit.sources(at):
        given = kit.exercise(source)
        notebook = given[f"{source.name}.ipynb"].decode()
        chapter = (at / "chapters" / f"{source.name}.ipynb").read_text(encoding="utf-8")
        tables = [name for name in kit.tables([notebook, chapter], at) if name not in EVERYWHERE]  # as its kit has
        wanted |= set(tables)
        files[f"{source.name}.zip"] = _zipped(given.items())
        about = {"notebook": json.loads(notebook), **_asked(given["sheet.json"]), "tables": tables}
        files[f"{source.name}.json"] = json.dumps(about, ensure_ascii=False).encode()
    files |= {name: (at / "data" / name).read_bytes() for name in sorted(wanted)}
    files |= {name: (HERE / name).read_bytes() for name in ("bridge.py",)}
    files["worker.js"] = (HERE / "page" / "worker.js").read_bytes()
    return _both(_small(files))


def _asked(sheet: bytes) -> dict:
    """How many variants there are; and of each task its kind, its points, and whether it has hints."""
    content = json.loads(sheet)
    tasks = {
        name: {"kind": one["kind"], "points": one["points"], "hints": bool(one.get("hints"))}
        for name, one in content["tasks"].items()
    }
    return {"variants": len(content["variants"]), "tasks": tasks}


def packages(folder: Path) -> bytes:
    """The pure Python packages in one archive."""

    def files() -> Iterator[tuple[str, bytes]]:
        for name in PACKAGES:
            origin = Path(str(find_spec(name).origin))  # type: ignore[union-attr]  # they are of the lock
            top = origin.parent.parent if origin.name == "__init__.py" else origin.parent
            for path in sorted(origin.parent.rglob("*") if origin.name == "__init__.py" else [origin]):
                if path.suffix in {".py", ".json"}:
                    yield path.relative_to(top).as_posix(), path.read_bytes()
        for name in NAMED:
            found = next(Path(str(find_spec(name).origin)).parents[1].glob(f"{name}-*.dist-info"))  # type: ignore[union-attr]
            yield f"{found.name}/METADATA", (found / "METADATA").read_bytes()
        for pattern in OTHERS:
            with zipfile.ZipFile(next(folder.glob(pattern))) as wheel:
                yield from ((name, wheel.read(name)) for name in wheel.namelist() if "/tests/" not in name)

    return _zipped(files())


def _compiled(folder: Path, packages: bytes) -> bytes:
    """What Python would compile at every start of a page, seconds of it; empty where node is not to be had.

    It follows from the locks alone, so it is kept beside what was fetched.
    """
    node = shutil.which("node")
    if node is None:
        return b""
    digest = sha256(folder.name.encode() + COMPILER.read_bytes() + packages).hexdigest()
    kept = folder.parent / f"compiled-{digest[:32]}.zip"
    if not kept.is_file():
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".half-") as work:
            given, made = Path(work, "packages.zip"), Path(work, "compiled.zip")
            given.write_bytes(packages)
            command = [node, str(COMPILER), str(folder), str(given), str(made)]
            subprocess.run(command, check=True, capture_output=True)
            made.replace(kept)
    return kept.read_bytes()


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive without compression, for it is packed whole; the same files give the same bytes."""
    return zips.zipped(files, packed=False)


def _keep(path: Path, content: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".half-") as half:
        Path(half, "whole").write_bytes(content)
        Path(half, "whole").replace(path)


def _small(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: gzip.compress(content, 1 if name.endswith(SMALL) else 6, mtime=0) for name, content in files.items()}


def _both(packed: dict[str, bytes]) -> dict[str, bytes]:
    made = {}
    for name, small in packed.items():
        made[f"{name}.bin"] = small
        made[f"{name}.js"] = f"gvcBrought({json.dumps(name)},'{base64.b64encode(small).decode()}')\n".encode()
    return made
