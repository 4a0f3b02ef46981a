"""The model of a twin on the page, where there is no Python: a grid of answers, or Vega expressions.

`Grid` and `Expressions` both give the Vega parameters that make up `result`. A frame is `Stored`, answers of the model
too, or `Made` by expressions; either says which data and transforms stand in its place on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from valuechains.widgets.controls import Dependent
from valuechains.widgets.declared import Declared
from valuechains.widgets.sentences import literal


@dataclass(frozen=True)
class Made:
    """A frame of `count` rows whose columns are Vega expressions of `datum.row` (0, 1, ...), controls and result."""

    count: int
    columns: Mapping[str, str]

    def written(self, name: str, twin: Declared) -> tuple[list[dict], dict]:
        rows = {"sequence": {"start": 0, "stop": self.count, "as": "row"}}
        return [], {"data": rows, "transform": calculated(self.columns)}


@dataclass(frozen=True)
class Stored:
    """A frame of the model's, one for each setting of the controls `by`.

    The rows of the `recurring` columns, which many settings have in common, are stored once; `derived` columns are
    expressions and are not stored.
    """

    by: Sequence[str]
    recurring: Sequence[str] = ()
    derived: Mapping[str, str] = field(default_factory=dict)

    def written(self, name: str, twin: Declared) -> tuple[list[dict], dict]:
        frames = [twin.rows(name, setting) for setting in twin.settings_of(self.by)]
        every = twin.kept(pd.concat(frames, ignore_index=True)).drop(columns=list(self.derived))
        held: list[dict] = []
        values: dict[str, str] = {}
        if self.recurring:
            every, common = apart(every, list(self.recurring))
            text = Packed(f"{name}_common", twin.page.digits, named(common))
            held = [*text.columns(common), *text.labels()]
            values = {
                column: text.decoded(column, f"{name}_common_{column}[parseInt(datum.common, 36)]")
                for column in named(common)
            }
        text = Packed(name, {**twin.page.digits, "common": 0}, named(every))
        own = {
            column: text.decoded(column, f"datum[{literal(column)}]") for column in named(every) if column != "common"
        }
        parts, lines = text.parts(every, [len(frame) for frame in frames])
        transform = [*calculated(parts), {"flatten": list(parts)}]
        if not all(map(len, frames)):  # the text of no rows reads as one row of gaps
            full = next((column for column in every if every[column].notna().all()), None)
            if full is None:
                raise ValueError(
                    f"{twin.name}: the frame {name!r} is empty in some setting, so it needs a column without gaps."
                )
            transform.append({"filter": f"datum[{literal(full)}] !== ''"})
        transform += calculated({**own, **values, **self.derived})
        held += [*look_up(twin, name, self.by, lines, ";"), *text.labels()]
        return held, {"data": {"values": [{}]}, "transform": transform}


@dataclass(frozen=True)
class Expressions:
    """The model again as Vega expressions, one for each field of its result; a later one may use an earlier one."""

    fields: Mapping[str, str]
    frames: Mapping[str, Made | Stored] = field(default_factory=dict)
    digits: Mapping[str, int] = field(default_factory=dict)

    def params(self, twin: Declared) -> list[dict]:
        pairs = ", ".join(f"{literal(name)}: {name}" for name in self.fields)
        return [
            *({"name": name, "expr": written} for name, written in self.fields.items()),
            {"name": "result", "expr": f"{{{pairs}}}"},
        ]


@dataclass(frozen=True)
class Grid:
    """The model's answers at every setting, computed in advance and stored as text, a line for each setting.

    `digits` gives the decimals that are kept (in both lives) of each number, in results and in frames; what it does not
    name is text. `by` are the controls on which the result depends, all unless given; `fewer` names fields that depend
    on fewer.
    """

    digits: Mapping[str, int]
    by: Sequence[str] = ()
    fewer: Mapping[Sequence[str], Sequence[str]] = field(default_factory=dict)
    frames: Mapping[str, Made | Stored] = field(default_factory=dict)

    def params(self, twin: Declared) -> list[dict]:
        by = tuple(self.by or twin.controls)
        settings = list(twin.settings_of(by))
        results = pd.DataFrame([twin.result(setting) for setting in settings])
        fewer = {name for names in self.fewer.values() for name in names}
        held: list[dict] = []
        values: dict[str, str] = {}
        rest = [name for name in named(results) if name not in fewer]
        tables: dict[Sequence[str], Sequence[str]] = {by: rest, **self.fewer}
        for number, (keys, names) in enumerate((keys, names) for keys, names in tables.items() if names):
            table = f"result{number or ''}"
            text = Packed(table, self.digits, names)
            still = [
                all(setting[name] == twin.controls[name].start for name in by if name not in keys)
                for setting in settings
            ]
            columns = [text.cells(name, results.loc[still, name]) for name in names]
            held += [*look_up(twin, table, keys, map(" ".join, zip(*columns, strict=True)), " "), *text.labels()]
            values |= {name: text.decoded(name, f"{table}_line[{place}]") for place, name in enumerate(names)}
        pairs = ", ".join(f"{literal(name)}: {values[name]}" for name in named(results))
        return [*held, {"name": "result", "expr": f"{{{pairs}}}"}]


class Packed:
    """Columns as short texts: multiples of a power of ten in base 36, a number for each different text, "" for a
    gap."""

    def __init__(self, name: str, digits: Mapping[str, int], columns: Iterable[str]):
        self.name, self.digits = name, digits
        self.codes: dict[str, dict[Any, int]] = {column: {} for column in columns if column not in digits}

    def cells(self, column: str, values: pd.Series) -> list[str]:
        return [
            "" if gap else np.base_repr(self.number(column, value), 36)
            for value, gap in zip(values.tolist(), values.isna(), strict=True)
        ]

    def number(self, column: str, value: Any) -> int:
        if column in self.codes:
            return self.codes[column].setdefault(value, len(self.codes[column]))
        return round(value * 10 ** self.digits[column])

    def parts(self, frame: pd.DataFrame, sizes: list[int]) -> tuple[dict[str, str], list[str]]:
        """For each so many rows a line of its columns, `;` between columns and a space between cells, and the
        expression that finds each column; one that reads the same in every line is in its expression and not in the
        lines."""
        ends = np.cumsum(sizes)
        texts = {
            column: [" ".join(cells[start:end]) for start, end in zip([0, *ends], ends)]
            for column in named(frame)
            for cells in [self.cells(column, frame[column])]
        }
        own = [column for column, lines in texts.items() if len(set(lines)) > 1]
        found = {column: f"split({self.name}_line[{place}], ' ')" for place, column in enumerate(own)}
        constant = {column: f"split({literal(lines[0])}, ' ')" for column, lines in texts.items() if column not in own}
        return found | constant, [";".join(lines) for lines in zip(*(texts[column] for column in own), strict=True)]

    def columns(self, frame: pd.DataFrame) -> list[dict]:
        """A parameter for each column: the list of its cells."""
        return [
            {
                "name": f"{self.name}_{column}",
                "expr": f"split({literal(' '.join(self.cells(column, frame[column])))}, ' ')",
            }
            for column in named(frame)
        ]

    def decoded(self, column: str, source: str) -> str:
        """The Vega expression of the value whose text is `source`."""
        value, scale = f"parseInt({source}, 36)", 10 ** self.digits.get(column, 0)
        if column in self.codes:
            value = f"{self.name}_{column}_labels[{value}]"
        return f"{source} === '' ? null : {value}" + (f" / {scale}" if scale > 1 else "")

    def labels(self) -> list[dict]:
        return [{"name": f"{self.name}_{column}_labels", "value": list(codes)} for column, codes in self.codes.items()]


def rows(frames: Mapping[str, pd.DataFrame]) -> dict[str, list[dict]]:
    """Frames as rows of plain values; what is missing is None."""
    return {name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in frames.items()}


def named(frame: pd.DataFrame) -> list[str]:
    """The names of its columns."""
    return [str(column) for column in frame]


def apart(rows: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with a reference, "common", in the place of these columns, and the rows it refers to, the most frequent
    first."""
    number, common = pd.factorize(pd.MultiIndex.from_frame(rows[columns]))
    order = np.argsort(-np.bincount(number), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return rows.drop(columns=columns).assign(common=place[number]), common[order].to_frame(index=False).set_axis(
        columns, axis=1
    )


def calculated(columns: Mapping[str, str]) -> list[dict]:
    return [{"calculate": written, "as": column} for column, written in columns.items()]


def look_up(twin: Declared, name: str, by: Iterable[str], lines: Iterable[str], mark: str) -> list[dict]:
    """Parameters that hold one line for each setting of `by`, and the parts of the line of the present setting."""
    place, names = "0", [*by]
    held: list[dict] = []
    while names:
        control = twin.controls[names.pop(0)]
        followers: list[Dependent] = []
        while names and isinstance(follower := twin.controls[names[0]], Dependent) and follower.of == control.name:
            followers.append(follower)
            names.pop(0)
        values, value = literal(control.values), control.name
        size = len(control.values)
        if followers:  # only what is offered has a line, in the order of `settings_of`; many tables share the list
            every = product(control.values, *(each.values for each in followers))
            offered = [one for one in every if all(v in each.offers[one[0]] for v, each in zip(one[1:], followers))]
            size, values = len(offered), "_".join([control.name, *(each.name for each in followers), "offered"])
            held.append({"name": values, "value": [" ".join(map(str, one)) for one in offered]})
            value = " + ' ' + ".join([value, *(each.name for each in followers)])
        place = f"({place}) * {size} + indexof({values}, {value})"
    return [
        *held,
        {"name": f"{name}_text", "value": "\n".join(lines)},
        {"name": f"{name}_lines", "expr": f"split({name}_text, '\\n')"},
        {"name": f"{name}_line", "expr": f"split({name}_lines[{place}], {literal(mark)})"},
    ]
