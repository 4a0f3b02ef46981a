"""The series of a chart: their order, and the colour that a name has through the whole book."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from valuechains.figures.look import PALETTE, SERIES, colour_of, verdict
from valuechains.figures.reading import PLACE, column_named, encoded_in

TELLING = ("color", "fill", "stroke", "shape", "strokeDash")  # channels that tell series apart in a legend
COLOURS = ("color", "fill", "stroke")
PLACES = ("x", "y", "xOffset", "yOffset")
Rows = Sequence[Mapping[str, Any]]


def told(spec: dict) -> Iterator[tuple[str, dict, Rows]]:
    """Every channel that tells names apart, with the rows of its part of the chart."""
    datasets = spec.get("datasets", {})

    def walk(part: dict, rows: Rows) -> Iterator[tuple[str, dict, Rows]]:
        rows = datasets.get((part.get("data") or {}).get("name"), rows)
        for channel in TELLING:
            for one in encoded_in(part.get("encoding", {}).get(channel)):
                if one.get("type") in ("nominal", "ordinal"):
                    yield channel, one, rows
        for inner in (*(part.get("layer") or ()), *filter(None, [part.get("spec")])):
            yield from walk(inner, rows)

    yield from walk(spec, [])


def one_legend_each(spec: dict) -> dict:
    """Names that two channels tell, as colour and dash do, in one order: else each channel has a legend of its own."""
    for uses in _fields(spec).values():
        if len({channel for channel, *_ in uses}) > 1 and _given(uses) is None:
            for _, one, _ in uses:
                one["scale"] = {**(one.get("scale") or {}), "domain": names(uses)}
    return spec


def coloured(spec: dict) -> dict:
    """Names that have a colour of their own through the book, in it; a verdict with its sign."""
    for uses in _fields(spec).values():
        listed = names(uses)
        colours = _colours(listed)
        for channel, one, _ in uses:
            if channel in COLOURS and colours and "range" not in (one.get("scale") or {}):
                one["scale"] = {**(one.get("scale") or {}), "domain": listed, "range": colours}
    return _signed(spec)


def _fields(spec: dict) -> dict[str, list[tuple[str, dict, Rows]]]:
    fields: dict[str, list[tuple[str, dict, Rows]]] = {}
    for use in told(spec):
        fields.setdefault(use[1]["field"], []).append(use)
    return fields


def _given(uses: Sequence[tuple[str, dict, Rows]]) -> list | None:
    """The names as the chart lists them, if it does."""
    domains = [(one.get("scale") or {}).get("domain") for _, one, _ in uses]
    return next((list(domain) for domain in domains if isinstance(domain, list)), None)


def names(uses: Sequence[tuple[str, dict, Rows]]) -> list:
    """The names that some channels tell, as the chart lists them, or in Vega-Lite's order of their column."""
    if (given := _given(uses)) is not None:
        return given
    sort, column = uses[0][1].get("sort", "ascending"), column_named(uses[0][1]["field"])
    if isinstance(sort, list):
        return sort
    found = list(dict.fromkeys(row[column] for *_, rows in uses for row in rows if row.get(column) is not None))
    return found if sort is None else sorted(found, reverse=sort == "descending")


def stacked(spec: dict) -> dict:
    """Parts of one bar in the order of the legend: where nothing says it, one version of Vega-Lite begins with the last
    name and another with the first."""

    def walk(part: dict, encoding: dict, rows: Rows) -> None:
        rows = spec.get("datasets", {}).get((part.get("data") or {}).get("name"), rows)
        encoding = {**encoding, **part.get("encoding", {})}
        for layer in part.get("layer", []):
            walk(layer, encoding, rows)
        mark, one = part.get("mark", ""), encoding.get("color") or {}
        if (mark if isinstance(mark, str) else mark["type"]) not in ("bar", "area") or "order" in encoding:
            return
        if one.get("type") in ("nominal", "ordinal") and _shared(encoding, rows):
            listed = json.dumps(names([("color", one, rows)]))
            place = {"calculate": f"indexof({listed}, datum[{json.dumps(one['field'])}])", "as": PLACE}
            part["transform"] = [*part.get("transform", []), place]
            part["encoding"] = {**part.get("encoding", {}), "order": {"field": PLACE, "type": "quantitative"}}

    walk(spec, {}, [])
    return spec


def _shared(encoding: Mapping[str, Any], rows: Rows) -> bool:
    """Whether several rows stand in one place, so that they are stacked."""
    axes = [encoding[channel] for channel in PLACES if "field" in encoding.get(channel, {})]
    amounts = [one for one in axes if one.get("type") == "quantitative"]
    if len(amounts) != 1 or {"x2", "y2"} & set(encoding) or amounts[0].get("stack", 0) is None:
        return False
    places = [tuple(row.get(column_named(one["field"])) for one in axes if one is not amounts[0]) for row in rows]
    return len(set(places)) < len(places)


def _colours(listed: Sequence) -> list[str]:
    """A colour for each name: its own, or the next one that no other has; nothing where none has its own."""
    own = [colour_of(name) for name in listed]
    left = iter([name for name in SERIES if name not in own] * len(listed))
    return [PALETTE["light"][name or next(left)] for name in own] if any(own) else []


def _signed(part: Any) -> Any:
    """Verdicts with their signs, on axes and in legends."""
    if isinstance(part, list):
        return [_signed(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {key: value if key in ("datasets", "values") else _signed(value) for key, value in part.items()}
    for channel, one in part.get("encoding", {}).items():
        listed = (
            isinstance(one, dict) and "field" in one and ((one.get("scale") or {}).get("domain") or one.get("sort"))
        )
        if isinstance(listed, list) and listed and all(map(verdict, listed)):
            signs = json.dumps({name: f"{found.sign} {name}" for name in listed if (found := verdict(name))})
            guide = "axis" if channel in ("x", "y") else "legend"
            if one.get(guide, {}) is not None:
                one[guide] = {**one.get(guide, {}), "labelExpr": f"({signs})[datum.label]"}
    return part
