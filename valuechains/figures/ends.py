"""Names at the ends of lines, in place of a legend: where each line ends, and where its name stands beside the others.

Places are reckoned in pixels of a plot that is as narrow as such a plot gets; the page, which knows its own width, puts
the legend back where the names would leave less (fit.js).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any, NamedTuple

from valuechains import settled
from valuechains.figures.look import THEME
from valuechains.figures.reading import column_named, is_number
from valuechains.figures.series import COLOURS, TELLING, Rows, names

UNNAMED = re.compile(r"data-[0-9a-f]{32}")  # Altair's name for data without one: a digest of all their bits
ENDS = "ends"  # the data of the names that stand at the ends of lines
LINE = 15  # pixels from one line of such a name to the next
LETTERS = 26  # of such a name in one line
LETTER = 7  # pixels
PLOT = 420  # pixels of the narrowest plot that has names at the ends of its lines
LEAD = 14  # pixels from the end of a line to a name that stands higher or lower
NEAR = 8  # and to one that stands beside it
EDGE = 10  # pixels that a name may reach above its plot
AWAY = 45  # pixels that a name may stand higher or lower than the end of its line


def named_at_ends(spec: dict) -> tuple[dict, list[str]]:
    """A chart of lines with each name where its line ends, and the channels whose legends that saves.

    The legends stay where two lines end in one point or a name finds no place, and where a twin moves the lines.
    """
    layers = _layers(spec)
    lines = [layer for layer in layers if layer.mark == "line" and layer.series]
    if not lines or len({(line.series, line.column("x"), line.column("y")) for line in lines}) > 1:
        return spec, []
    x, y = _axis("x", layers), _axis("y", layers)
    plot = Plot(x, y, _height(spec)) if x and y else None
    ends = plot and _ends(lines[0].series, layers, plot)
    return _drawn(spec, lines[0], ends, plot) if plot and ends else (spec, [])


class Layer(NamedTuple):
    """One mark of a chart whose rows are in the chart itself."""

    mark: str
    encoding: dict
    rows: Rows

    def column(self, channel: str) -> str:
        """The column on a channel, if the chart shows its values as they stand."""
        one = self.encoding.get(channel)
        if not isinstance(one, dict) or "field" not in one or {"aggregate", "bin", "timeUnit"} & set(one):
            return ""
        return column_named(one["field"])

    @property
    def telling(self) -> str:
        """The channel that colours its series."""
        types = {channel: (self.encoding.get(channel) or {}).get("type") for channel in COLOURS}
        return next((channel for channel in COLOURS if types[channel] in ("nominal", "ordinal")), "")

    @property
    def series(self) -> str:
        """The column that its colours tell apart, where both axes are such that a line has an end."""
        kinds = [(self.encoding.get(axis) or {}).get("type") for axis in ("x", "y")]
        walks = kinds[0] in ("quantitative", "ordinal") and kinds[1] == "quantitative"
        return self.column(self.telling) if walks and self.column("x") and self.column("y") else ""


class Axis(NamedTuple):
    """Where Vega draws the values of an axis, from 0 to 1: numbers between two, or names in their order."""

    low: float
    high: float
    log: bool
    names: tuple

    def at(self, value: Any) -> float:
        if self.names:
            return (self.names.index(value) + 0.5) / len(self.names)
        low, high, here = (log10(one) if self.log else one for one in (self.low, self.high, value))
        return (here - low) / (high - low)

    def value(self, at: float) -> float:
        low, high = (log10(one) if self.log else one for one in (self.low, self.high))
        return 10 ** (low + at * (high - low)) if self.log else low + at * (high - low)


class Plot(NamedTuple):
    """The room in which lines are drawn, in pixels from its left upper corner."""

    x: Axis
    y: Axis
    height: float

    def point(self, across: Any, up: float) -> tuple[float, float]:
        return self.x.at(across) * PLOT, (1 - self.y.at(up)) * self.height


class End(NamedTuple):
    """The end of a line, its name in lines, and how far down the middle of the name stands."""

    name: Any
    across: Any
    up: float
    point: tuple[float, float]
    middle: float

    @property
    def lines(self) -> list[str]:
        return textwrap.wrap(str(self.name), LETTERS, break_on_hyphens=False) or [""]

    @property
    def height(self) -> float:
        return LINE * len(self.lines)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the name."""
        left, half = self.point[0] + NEAR, self.height / 2
        right = left + LEAD + LETTER * max(map(len, self.lines))
        return left, self.middle - half, right, self.middle + half


def _layers(spec: dict) -> list[Layer]:
    """The layers of a chart of one plot, unless one reckons with its rows or they are a twin's."""
    if {"facet", "repeat", "hconcat", "vconcat", "concat", "resolve", "params"} & set(spec):
        return []
    layers = []
    for part in spec.get("layer", [spec]):
        encoding = {**spec.get("encoding", {}), **part.get("encoding", {})}
        name = (part.get("data") or spec.get("data") or {}).get("name", "")
        if "mark" in part and name and not {"row", "column", "facet"} & set(encoding):
            if part.get("transform") or not UNNAMED.fullmatch(name):
                return []
            mark = part["mark"] if isinstance(part["mark"], str) else part["mark"]["type"]
            layers.append(Layer(mark, encoding, spec["datasets"][name]))
    return layers


def _height(spec: dict) -> float:
    return spec["height"] if is_number(spec.get("height")) else THEME["light"]["view"]["continuousHeight"]


def _axis(channel: str, layers: Sequence[Layer]) -> Axis | None:
    """The axis that the layers share, as Vega draws it; None where that is not known."""
    used = [layer for layer in layers if channel in layer.encoding]
    scales = [layer.encoding[channel].get("scale") or {} for layer in used]
    scale = {key: value for one in reversed(scales) for key, value in one.items()}
    values = [
        value
        for layer in used
        for side in (channel, channel + "2")
        for value in [*(row.get(layer.column(side)) for row in layer.rows), layer.encoding.get(side, {}).get("datum")]
        if value is not None
    ]
    if scale.get("reverse") or not values:
        return None
    if any(layer.encoding[channel].get("type") == "ordinal" for layer in used):
        return Axis(0, 1, False, tuple(sorted(set(values))))
    log, domain = scale.get("type") == "log", scale.get("domain")
    if not all(map(is_number, values)) or scale.get("type") not in (None, "linear", "log"):
        return None
    if isinstance(domain, list):
        return Axis(domain[0], domain[1], log, ()) if len(domain) == 2 and all(map(is_number, domain)) else None
    if log:
        values = [value for value in values if value > 0] or [1]
        return Axis(10.0 ** floor(log10(min(values))), 10.0 ** ceil(log10(max(values)) + 1e-9), True, ())
    low, high = min(values), max(values)
    if scale.get("zero", True):
        low, high = min(low, 0), max(high, 0)
    low, high = _nice(low, high) if scale.get("nice", True) else (low, high or 1)
    return Axis(low, high, False, ())


def _nice(low: float, high: float) -> tuple[float, float]:
    """Round numbers around two others, as d3 finds them."""
    for _ in range(2):
        size = (high - low or 1) / 10
        step = 10.0 ** floor(log10(size))
        step *= next(times for times, most in ((1, 2), (2, 10), (5, 50), (10, 1e9)) if (size / step) ** 2 < most)
        low, high = floor(low / step) * step, ceil(high / step) * step
    return low, high


def _ends(series: str, layers: Sequence[Layer], plot: Plot) -> list[End]:
    """Where the lines end and their names stand; nothing if a name has no end or no place."""
    telling = [layer for layer in layers if layer.column(layer.telling) == series]
    last: dict[Any, End] = {}
    for layer in telling:
        for row in layer.rows:
            across, ups = row.get(layer.column("x")), [row.get(layer.column(side)) for side in ("y", "y2")]
            up = next((up for up in ups if up is not None), None)
            if across is None or up is None or (plot.y.log and up <= 0):
                continue
            point = plot.point(across, up)
            if row[series] not in last or point[0] > last[row[series]].point[0]:
                last[row[series]] = End(row[series], across, up, point, point[1])
    uses = [(layer.telling, layer.encoding[layer.telling], layer.rows) for layer in telling]
    if set(last) != set(names(uses)):
        return []
    ends = sorted(last.values(), key=lambda end: end.point[1])
    if any(abs(one.point[0] - two.point[0]) < 2 and two.point[1] - one.point[1] < 0.7 for one, two in pairwise(ends)):
        return []
    far = max(end.point[0] for end in ends) - 2
    placed = _fanned([end for end in ends if end.point[0] >= far], plot.height)
    for end in ends:
        if end.point[0] < far:
            placed += _beside(end, [one.box for one in placed], _segments(layers, plot), plot.height)
    tidy = len(placed) == len(ends) and all(abs(end.middle - end.point[1]) <= AWAY for end in placed)
    return placed if tidy else []


def _fanned(ends: Sequence[End], height: float) -> list[End]:
    """Names one under another, each as near to the end of its line as the others let it; nothing if they do not fit."""
    above, pools = 0.0, []
    for end in ends:
        pools.append((end.point[1] - end.height / 2 - above, 1))
        above += end.height
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, many), (two, more) = pools[-2:]
            pools[-2:] = [((one * many + two * more) / (many + more), many + more)]
    if above > height:
        return []
    tops = [min(max(top, 0), height - above) for top, count in pools for _ in range(count)]
    placed, above = [], 0.0
    for end, top in zip(ends, tops, strict=True):
        placed.append(end._replace(middle=top + above + end.height / 2))
        above += end.height
    return placed


def _beside(end: End, taken: Sequence[tuple], segments: Sequence[tuple], height: float) -> list[End]:
    """The name of a line that ends before others do, at the nearest height at which it covers nothing."""
    for shift in sorted(range(-AWAY, AWAY + 1), key=abs):
        moved = end._replace(middle=end.point[1] + shift)
        left, top, right, bottom = moved.box
        apart = all(right < one[0] or one[2] < left or bottom <= one[1] or one[3] <= top for one in taken)
        if top >= -EDGE and bottom <= height and apart and not any(_crosses(moved.box, *one) for one in segments):
            return [moved]
    return []


def _segments(layers: Sequence[Layer], plot: Plot) -> list[tuple]:
    """Every line of the chart in straight pieces."""
    pieces = []
    for layer in layers:
        if layer.mark == "line" and layer.series:
            parts = [layer.column(channel) for channel in (layer.telling, "detail")]
            walks: dict[tuple, list] = {}
            for row in layer.rows:
                across, up = row.get(layer.column("x")), row.get(layer.column("y"))
                if across is not None and up is not None and not (plot.y.log and up <= 0):
                    walks.setdefault(tuple(row.get(part) for part in parts), []).append(plot.point(across, up))
            pieces += [pair for walk in walks.values() for pair in pairwise(sorted(walk))]
    return pieces


def _crosses(box: tuple, one: tuple[float, float], two: tuple[float, float]) -> bool:
    """Whether a straight piece of a line goes through a box."""
    left, top, right, bottom = box
    start, stop = max(one[0], left), min(two[0], right)
    if start > stop:
        return False
    steep = (two[1] - one[1]) / (two[0] - one[0] or 1)
    heights = [one[1] + steep * (across - one[0]) for across in (start, stop)]
    return min(heights) < bottom + 2 and max(heights) > top - 2


def _drawn(spec: dict, line: Layer, ends: Sequence[End], plot: Plot) -> tuple[dict, list[str]]:
    """The chart with the names of its lines in place of the legends that named them."""
    x, y, colour = (line.encoding[channel] for channel in ("x", "y", line.telling))
    rows = [
        {
            line.column("x"): end.across,
            line.column("y"): plot.y.value(1 - end.middle / plot.height),
            line.series: end.name,
            "end_name": "\n".join(end.lines),
            "end_lines": len(end.lines),
            "end_at": end.up,
        }
        for end in ends
    ]
    moved = any(abs(end.middle - end.point[1]) > 2 for end in ends)
    named = {
        "data": {"name": ENDS},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": LEAD + 3 if moved else NEAR,
            "lineBreak": "\n",
            "lineHeight": LINE - 1,
            "dy": {"expr": f"{-(LINE - 1) / 2} * (datum.end_lines - 1)"},
        },
        "encoding": {"x": x, "y": y, "text": {"field": "end_name", "type": "nominal"}},
    }
    led = {
        "data": {"name": ENDS},
        "mark": {"type": "rule", "xOffset": LEAD, "x2Offset": 3},
        "encoding": {
            "x": x,
            "y": y,
            "x2": {"field": x["field"]},
            "y2": {"field": "end_at"},
            line.telling: {**colour, "legend": None},
        },
    }
    layers, saved = _without_legends(spec, colour["field"])
    whole = {key: value for key, value in spec.items() if "layer" in spec or key not in ("mark", "encoding")}
    whole["datasets"] = {**spec["datasets"], ENDS: settled.records(rows)}
    return whole | {"layer": [*layers, *[led] * moved, named]}, saved


def _without_legends(spec: dict, field: str) -> tuple[list[dict], list[str]]:
    """The layers of a chart without the legends that name a field, and the channels that had one."""
    saved: dict[str, None] = {}
    layers = []
    for part in spec.get("layer", [{"mark": spec.get("mark"), "encoding": spec.get("encoding")}]):
        told = {
            channel: {**one, "legend": None}
            for channel, one in (part.get("encoding") or {}).items()
            if channel in TELLING and isinstance(one, dict) and one.get("field") == field
        }
        saved |= {channel: None for channel in told if part["encoding"][channel].get("legend", {}) is not None}
        layers.append({**part, "encoding": {**part.get("encoding", {}), **told}})
    return layers, list(saved)
