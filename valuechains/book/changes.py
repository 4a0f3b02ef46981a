"""What changes when the tables do: ``{what-changed}``, and the text that `tools/what_changed.py` prints.

Two sources of tables, or two editions of data/, are compared for the same economies and years; then come the findings
in charts' titles, the claims and the exercises that read what moved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from valuechains import datasets, editions, evidence
from valuechains.book import overviews, workshop
from valuechains.book.markdown import table
from valuechains.course import kit, reads

ROOT = Path(__file__).resolve().parents[2]
ECONOMIES = ("CHN", "USA", "DEU", "IND", "JPN", "KOR", "MEX", "GBR")
MEASURES = {
    "gross": "services by the exporter's label",
    "domestic": "home services in all exports",
    "dva_share": "home value added in exports",
}


class WhatChanged(SphinxDirective):
    """The comparison of the source that is named first with those named after it."""

    required_arguments = 2
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(datasets.folder() / "datapackage.json"))
        overviews.note(self.env)  # findings of other pages
        for folder in kit.sources():
            self.env.note_dependency(str(folder / f"{folder.name}.ipynb"))
            self.env.note_dependency(str(folder / "key.py"))
        old, *new = " ".join(self.arguments).split()
        made_from = (datasets.folder() / "datapackage.json").read_text(encoding="utf-8") + self.config.valuechains_code
        made = workshop.take(kept_numbers, old, " ".join(new), made_from) / "numbers.md"
        text = f"{made.read_text(encoding='utf-8')}\n\n{standing(editions.releases(old), ROOT)}\n"
        _, *parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
        headed = zip(parts[::2], parts[1::2], strict=True)
        return [node for head, text in headed for node in (nodes.rubric("", head), *self.parse_text_to_nodes(text))]


def report(old: str, *new: str, root: Path = ROOT) -> str:
    """Markdown: how sources `new` differ from `old`, and what in the book stands on `old`.

    Raises editions.CannotAnswer for a source that does not exist, and when one of `new` shares no year with `old`.
    """
    return f"{_numbers(old, *new)}\n\n{standing(editions.releases(old), root)}\n"


def _numbers(old: str, *new: str) -> str:
    parts = [
        _compared(old, *new),
        _agreements(old, new),
        *(f"### {editions.SOURCES[old].name} and {editions.SOURCES[one].name}\n\n{_results(old, one)}" for one in new),
    ]
    return "\n\n".join(parts)


def kept_numbers(old: str, new: str, made_from: str) -> dict[str, bytes]:
    """How sources differ, for the workshop; made_from: what describes the tables, with their digests, and the code."""
    return {"numbers.md": _numbers(old, *new.split()).encode()}


def report_editions(old: Path, new: Path, root: Path = ROOT) -> str:
    """Markdown: what differs between two data folders, file by file, and what in the book stands on these files."""
    found = editions.moved(old, new)
    if not found:
        return "The two editions hold the same values.\n"
    rows = [(f"`{one.name}`", one.gone, one.added, "; ".join((*one.codes, *one.columns)) or "-") for one in found]
    parts = [
        "### Files that differ",
        table(("file", "rows gone", "rows new", "what"), rows),
        standing([one.name for one in found], root),
    ]
    return "\n\n".join(parts) + "\n"


def _compared(*keys: str) -> str:
    for key in keys:
        if key not in editions.SOURCES:
            raise editions.CannotAnswer(f"There is no source {key!r}: choose one of {', '.join(editions.SOURCES)}.")
    rows = [(one.name, one.detail, one.domestic) for one in map(editions.SOURCES.get, keys) if one]
    return "### What is compared\n\n" + table(("source", "detail", "what its home services are"), rows)


def _agreements(old: str, new: Sequence[str]) -> str:
    rows = []
    for one in new:
        for measure, meaning in MEASURES.items():
            try:
                found = editions.agreement(old, one, measure)
            except editions.CannotAnswer:
                if measure == "domestic":
                    raise
                continue
            country, year, points = found.largest
            same, of = found.same_direction
            rows.append(
                (
                    editions.SOURCES[one].name,
                    meaning,
                    f"{found.cells}, {found.years[0]} to {found.years[1]}",
                    f"{found.typical:.1f} ({found.mean:+.1f})",
                    f"{country} {year}: {points:+.1f}",
                    f"{found.order:.2f}",
                    f"{same} of {of}",
                )
            )
    head = ("against", "share of exports", "cells", "median gap (mean)", "furthest apart", "order", "same direction")
    said = (
        f"### The same economies in the same years\n\nPercentage points, the other source less "
        f"{editions.SOURCES[old].name}. *Order* is the rank correlation of economies in the last common year; *same "
        "direction* counts economies whose share moved the same way from the first to the last common year."
    )
    return f"{said}\n\n{table(head, rows)}"


def _results(old: str, new: str) -> str:
    cells = editions.differences(old, new)
    every = editions.services_in_exports(source=new)
    later = every.set_index(["country", "year"]).domestic
    rows, lines = [], []
    for country in ECONOMIES:
        common = cells[cells.country == country].sort_values("year")
        if common.empty:
            continue
        last, newest = common.iloc[-1], int(later[country].index.max())
        rows.append(
            (
                country,
                int(last.year),
                f"{100 * last[old]:.1f}",
                f"{100 * last[new]:.1f}",
                newest,
                f"{100 * later[country, newest]:.1f}",
            )
        )
    named = editions.SOURCES
    head = ("economy", "last common year", named[old].name, named[new].name, "its newest year", "then")
    turned = _turned(cells, old, new)
    lines.append(
        f"Direction over the common years turns round for {len(turned)}: {', '.join(turned)}."
        if turned
        else "No economy's direction over the common years turns round."
    )
    beyond = _beyond(cells, every, new)
    lines.append(
        f"In its newest year {named[new].name} puts {len(beyond)} outside all that it shows for the common years: "
        f"{', '.join(beyond)}."
        if beyond
        else f"No newest value of {named[new].name} lies outside what it shows for the common years."
    )
    return f"Home services in all exports, percent.\n\n{table(head, rows)}\n\n{' '.join(lines)}"


def _turned(cells: pd.DataFrame, old: str, new: str) -> list[str]:
    """Economies whose share moved by a point or more one way in one source and the other way in the other."""
    ends = cells.sort_values("year").groupby("country")[[old, new]]
    change = 100 * (ends.last() - ends.first())
    return change.index[(change[old] * change[new] < 0) & (change.abs() >= 1).all(axis=1)].tolist()


def _beyond(cells: pd.DataFrame, every: pd.DataFrame, new: str) -> list[str]:
    """Economies whose newest value in `new` is above or below every value that `new` has for the common years."""
    common = cells.groupby("country")[new].agg(["min", "max"])
    last_common = cells.year.max()
    newest = every[every.year > last_common].sort_values("year").groupby("country").domestic.last()
    both = common.join(newest.rename("newest"), how="inner")
    above, below = both.newest > both["max"], both.newest < both["min"]
    return [f"{country} ({'above' if above[country] else 'below'})" for country in both.index[above | below]]


# What stands on the data ----------------------------------------------------------------------------------------------


def standing(names: Sequence[str], root: Path = ROOT) -> str:
    """Markdown: findings in titles, claims and exercises that read these files of data/."""
    chapters = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in _chapters(root)}
    charts = {name: list(findings(notebook, names)) for name, notebook in chapters.items()}
    told = [
        f"- Chapter {int(name[:2])}: " + "; ".join(f"*{one}*{_undated(one)}" for one in ones)
        for name, ones in charts.items()
        if ones
    ]
    claims = [
        f"- {claim.id}, {claim.paraphrase} ({', '.join(sorted(numbers))})"
        for claim in evidence.claims()
        if (numbers := {f"`{key}`" for key, number in claim.numbers.items() if number.dataset in names})
    ]
    work = [f"- {name}: {', '.join(f'`{file}`' for file in read)}" for name, read in exercises(names, root)]
    sections = (("Findings in titles", told), ("Claims", claims), ("Exercises", work))
    return "\n\n".join(f"### {title} that stand on it\n\n" + ("\n".join(lines) or "None.") for title, lines in sections)


def findings(notebook: dict, names: Iterable[str]) -> Iterable[str]:
    """Findings of a notebook's charts that name one of these files as their source."""
    cited = {datasets.source(name) for name in names}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for content in output.get("data", {}).values():
                about = content.get("usermeta", {}).get("valuechains") if isinstance(content, dict) else None
                if about and cited & set(about["source"]):
                    yield about["finding"]


def exercises(names: Sequence[str], root: Path = ROOT) -> Iterable[tuple[str, list[str]]]:
    """Exercises whose notebook or key reads one of these files, with the files."""
    library = root / "valuechains"
    for folder in kit.sources(root):
        notebook, key = (folder / name for name in (f"{folder.name}.ipynb", "key.py"))
        read = reads.of_notebook(notebook.read_text("utf-8"), library) | reads.of_code(key.read_text("utf-8"), library)
        if read & set(names):
            yield folder.name, [name for name in names if name in read]


def _chapters(root: Path) -> list[Path]:
    return sorted((root / "chapters").glob("[0-9][0-9]-*.ipynb"))


def _undated(finding: str) -> str:
    return "" if re.search(r"\b(?:19|20)\d\d\b", finding) else " (names no year)"


def setup(app: Sphinx) -> None:
    app.setup_extension("valuechains.book.overviews")
    app.add_directive("what-changed", WhatChanged)
