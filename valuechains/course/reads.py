"""Which tables of data/ a notebook reads: by itself, through the loaders of `tables`, or through the widgets it shows.

Its code is read, not run: `datasets.read("chains")` reads `chains`, `twins.trap_tester()` whatever that module reads.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

READING = ("datasets.read", "datasets.source")
LOADERS: dict[str, dict[int | None, tuple[str, ...]]] = {  # by the year that is asked for; None: any other
    "tables.load": {
        2019: ("inter_country_table_2019", "inter_country_accounts"),
        2020: ("inter_country_table_2020", "inter_country_accounts"),
        None: ("inter_country_table_2019", "inter_country_table_2020", "inter_country_accounts"),
    },
    "tables.load_compact": {2020: ("inter_country_table_2020_compact",), None: ("inter_country_table",)},
    "tables.load_home": {None: ("national_tables_2022", "iot_exports_by_industry")},
    "tables.reference": {None: ("reference_table", "reference_results")},
    "editions.services_in_exports": {None: ("services_in_exports",)},
    "editions.side_by_side": {None: ("services_in_exports",)},
    "editions.differences": {None: ("services_in_exports",)},
    "editions.agreement": {None: ("services_in_exports",)},
}


def of_notebook(text: str, library: Path) -> set[str]:
    """Names of the tables that a notebook reads; text: its JSON, library: the folder of `valuechains`."""
    cells = (cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code")
    return set().union(*(of_code("".join(cell["source"]), library) for cell in cells))


def of_code(code: str, library: Path) -> set[str]:
    """Names of the tables that some code reads; code that is none, as a cell to be completed may be, reads nothing."""
    try:
        calls = _calls(code)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for called, given in calls:
        if called in READING and isinstance(given, str):
            found.add(given)
        elif called in LOADERS:
            by_year = LOADERS[called]
            found.update(by_year[given] if isinstance(given, int) and given in by_year else by_year[None])
        elif called.startswith("twins."):
            path = library / "twins" / f"{called.removeprefix('twins.')}.py"
            found |= of_code(path.read_text(encoding="utf-8"), library) if path.is_file() else set()
    return found


@lru_cache(maxsize=1024)  # kits and overviews ask for the same cells
def _calls(code: str) -> tuple[tuple[str, object], ...]:
    """What is called, as "module.function", and its first argument where that stands there, or above by a name."""
    return tuple(_called_in(ast.parse(code)))


def _called_in(tree: ast.AST) -> Iterator[tuple[str, object]]:
    named = {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = _dotted(call.func)
        given = [*call.args, *(word.value for word in call.keywords)][:1]
        first = given[0] if given else None
        if isinstance(first, ast.Name):
            yield called, named.get(first.id)
        else:
            yield called, first.value if isinstance(first, ast.Constant) else None


def _dotted(name: ast.expr) -> str:
    """ "module.function"; empty for what is called in any other way."""
    if isinstance(name, ast.Attribute):
        module = _dotted(name.value)
        return f"{module}.{name.attr}" if module else ""
    return name.id if isinstance(name, ast.Name) else ""
