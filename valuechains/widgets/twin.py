"""A twin: one declaration of controls, model, chart and sentence that lives in JupyterLab and on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import altair as alt
import numpy as np
import pandas as pd

from valuechains import figures, settled
from valuechains.tongue import english, named, say
from valuechains.widgets import chart_words
from valuechains.widgets.controls import Dependent
from valuechains.widgets.declared import Readout
from valuechains.widgets.grid import Expressions, Grid, Stored, rows
from valuechains.widgets.sentences import FIELD, Sentence, literal

if TYPE_CHECKING:
    from valuechains.widgets.lab import Bench

# Stands on the picture that a notebook shows where no kernel has run: JupyterLab before the cell is run, VS Code.
STILL = "A still picture of the first setting: run this cell to move its controls."
FRAME = "_frame"  # the column by which the page's script finds the rows of a frame


@dataclass(frozen=True, repr=False)
class Twin:
    """A widget declared once.

    - name: short name, for links and file names
    - controls: what can be set, `Choice` and `Slider`
    - model: a Python function of the controls' values that returns numbers and texts by name
    - page: the same model where there is no Python, `Grid` or `Expressions`
    - chart: an Altair chart whose data are `alt.NamedData(frame)`; its expressions may read the controls by name,
      `result.field`, and `chosen.control` for the label of the setting; an axis title may be a sentence
    - says: the sentence that says what the setting shows, or one for each value of `case`
    - case: the result's field, or the control, that chooses the sentence
    - frames: Python functions of (settings, result) that give the rows which the chart draws
    - finding, measure, unit, source, as_of: as in `figures.publish`

    Raises ValueError, in one sentence, where the parts do not fit together.
    """

    name: str
    controls: Any  # Control, in a row as they are given; then by name
    model: Callable[..., dict[str, Any]]
    page: Grid | Expressions
    chart: alt.TopLevelMixin
    says: str | Mapping[str, str]
    finding: str
    measure: str
    unit: str
    source: str | Sequence[str]
    frames: Mapping[str, Callable[[dict, dict], pd.DataFrame]] = field(default_factory=dict)
    case: str = "verdict"
    as_of: str | int | None = None

    def __post_init__(self) -> None:
        controls = {control.name: control for control in self.controls}
        object.__setattr__(self, "controls", controls)
        start = self.result({})
        for name in set(controls) & (set(start) | {"result", "chosen", "says"}):
            raise ValueError(f"{self.name}: the name {name!r} of a control is taken by the result; rename one of them.")
        if isinstance(self.page, Expressions) and list(start) != list(self.page.fields):
            raise ValueError(
                f"{self.name}: the model gives {', '.join(start)}, "
                f"the page's expressions {', '.join(self.page.fields)}; they must be the same, in the same order."
            )
        for control in controls.values():
            for name in (name for one in control.idle for name in one.where):
                if name == control.name or name not in {**controls, **start}:
                    raise ValueError(
                        f"{self.name}: the control {control.name!r} is idle by {name!r}, "
                        "which is neither another control nor a field of the result."
                    )
        if missing := set(self.page.frames) ^ set(self.frames):
            raise ValueError(f"{self.name}: only one of the model and the page has the frame {min(missing)!r}.")

    # What it shows ------------------------------------------------------------------------------------------------

    def settings(self, **changes: object) -> dict[str, Any]:
        """The start settings with these changes; ValueError for a control or a setting that there is not."""
        if unknown := changes.keys() - self.controls.keys():
            raise ValueError(
                f"{self.name} has no control {min(unknown)!r}; its controls are {', '.join(self.controls)}."
            )
        settings = {
            name: control.valid(changes[name]) if name in changes else control.start
            for name, control in self.controls.items()
        }
        if lacking := self.lacking(settings):
            control = self.controls[lacking[0]]
            offered = ", ".join(map(repr, control.offered(settings)))
            raise ValueError(f"{control.label} has no option {settings[control.name]!r} here; choose one of {offered}.")
        return settings

    def lacking(self, settings: Mapping[str, Any]) -> list[str]:
        """The controls whose setting is not offered beside the others."""
        return [name for name, control in self.controls.items() if settings[name] not in control.offered(settings)]

    def fitting(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """These settings; a control whose setting the others no longer offer is back at its start, or at the first
        that they do offer."""
        offered = {name: self.controls[name].offered(settings) for name in self.lacking(settings)}
        starts = {name: self.controls[name].start for name in offered}
        back = {name: starts[name] if starts[name] in given else next(iter(given)) for name, given in offered.items()}
        return {**settings, **back}

    def settings_of(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Every setting of these controls that is offered, in order, with the others at their start."""
        for values in product(*(self.controls[name].values for name in names)):
            changes = dict(zip(names, values, strict=True))
            if not self.lacking({**self.settings(), **changes}):
                yield self.settings(**changes)

    def result(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The numbers and texts of the model, with the decimals the page has of them."""
        valid = self.settings(**settings)
        setting = tuple(valid.values())
        if setting not in self._results:
            self._results[setting] = {name: self._plain(name, value) for name, value in self.model(**valid).items()}
        return dict(self._results[setting])

    @cached_property
    def _results(self) -> dict[tuple, dict[str, Any]]:
        """What the model gave, by setting: a figure's tables, its frames and its sentence ask for the same."""
        return {}

    def rows(self, name: str, settings: Mapping[str, Any], result: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """One of the twin's frames."""
        valid = self.settings(**settings)
        return self.frames[name](valid, dict(result or self.result(valid)))

    def kept(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with the decimals the page has of them."""
        kept = {column: digits for column, digits in self.page.digits.items() if column in rows}
        return rows.assign(
            **{name: settled.fixed(rows[name], digits) for name, digits in kept.items() if rows[name].dtype == float}
        )

    def read(self, **changes: object) -> Readout:
        """What the twin shows at these settings, by the Python model."""
        settings = self.settings(**changes)
        result = self.result(settings)
        frames = {name: self.rows(name, settings, result) for name in self.frames}
        frames |= {
            name: self.kept(frames[name]) for name, frame in self.page.frames.items() if isinstance(frame, Stored)
        }
        return Readout(settings, result, frames, self.sentence(settings, result))

    def idle(self, **changes: object) -> dict[str, str]:
        """The controls that change nothing at these settings, and why."""
        settings = self.settings(**changes)
        known = {**settings, **self.result(settings)}
        return {name: why for name, control in self.controls.items() if (why := control.idles(known))}

    def chosen(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The label of each control's setting."""
        return {name: self.controls[name].offered(settings)[value] for name, value in settings.items()}

    def setting(self, settings: Mapping[str, Any]) -> str:
        """A setting in words: "Exporter: China; Year: 2011"."""
        pairs = self.chosen(settings).items()
        return say("; ").join(
            say("{name}: {value}", name=self.controls[name].label, value=text) for name, text in pairs
        )

    def sentence(self, settings: Mapping[str, Any], result: Mapping[str, Any]) -> str:
        return Sentence(self._template(settings, result)).text({**result, **self.chosen(settings)})

    def told(self, settings: Mapping[str, Any], result: Mapping[str, Any]) -> str:
        """The sentence in the language spoken."""
        values = {**result, **self.chosen(settings)}
        names = {name: named(value) for name, value in values.items() if isinstance(value, str)}
        return Sentence(say(self._template(settings, result))).text(values | names)

    def _template(self, settings: Mapping[str, Any], result: Mapping[str, Any]) -> str:
        return self.says if isinstance(self.says, str) else self.says[{**result, **settings}[self.case]]

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or value != value:
            return None
        digits = self.page.digits.get(name)
        return value if digits is None else settled.number(float(value), digits)

    # How it is drawn ----------------------------------------------------------------------------------------------

    @cached_property
    @english()
    def figure(self) -> figures.Figure:
        """The published figure of the page: its controls are Vega parameters, and it needs no kernel."""
        frames = {name: frame.written(name, self) for name, frame in self.page.frames.items()}
        params = [
            *inputs(self.settings()),
            {"name": "chosen", "expr": self._chosen()},
            *self.page.params(self),
            *(param for held, _ in frames.values() for param in held),
            {"name": "says", "expr": self._says()},
        ]
        sources = {
            name: {**source, "transform": [*source["transform"], {"calculate": literal(name), "as": FRAME}]}
            for name, (_, source) in frames.items()
        }
        drawn = filled(self._charted(), sources, self._title)
        still, reading = self._still, self.read()
        first = {"setting": self.setting(reading.settings), "says": reading.says}
        controls = [control.declared() for control in self.controls.values()]
        about = {**still["usermeta"]["valuechains"], "twin": {**first, "controls": controls}}
        said = {"title": figures.titled(about, *first.values(), STILL), "usermeta": {"valuechains": about}}
        once = list({param["name"]: param for param in params}.values())  # some are of several tables
        return figures.Figure({**still, **drawn, **said, "params": once, "datasets": still["datasets"]})

    def live(self) -> dict:
        """The specification that JupyterLab draws: numbers and frames are the Python model's."""
        still = {key: value for key, value in self._still.items() if key != "usermeta"}
        title = figures.entitled(self._still["usermeta"]["valuechains"])
        drawn = filled(self._charted(), {}, self._title)
        params = inputs(self.signals(self.read()))
        spec = {**still, **drawn, "title": title, "params": params, "datasets": still["datasets"]}
        return figures.wide(chart_words.alive(spec, self.figure.spec), "container")

    def signals(self, reading: Readout) -> dict[str, Any]:
        """The Vega signals of a reading."""
        return {
            **reading.settings,
            "chosen": self.chosen(reading.settings),
            "result": reading.result,
            "says": self.told(reading.settings, reading.result),
        }

    @cached_property
    def _still(self) -> dict:
        """The published specification of the chart as it stands at first, from which its words and tables are made."""
        reading = self.read()
        values = {**reading.result, **self.chosen(reading.settings)}
        spec = filled(self._charted(), {}, lambda title: Sentence(title).text(values))
        spec["datasets"] = {**spec.get("datasets", {}), **rows(reading.frames)}
        published = figures.publish(
            cast(alt.TopLevelMixin, SimpleNamespace(to_dict=lambda: spec)),
            finding=self.finding,
            measure=self.measure,
            unit=self.unit,
            source=self.source,
            as_of=self.as_of,
            name=self.name,
        )
        return published.spec

    def _charted(self) -> dict:
        with alt.theme.enable("none"):
            return figures.coloured(self.chart.to_dict())

    def _sources(self) -> dict[str, str]:
        """The Vega expression of every field a sentence may name."""
        result = {name: f"result.{name}" for name in self.result({})}
        return {**result, **{name: f"chosen.{name}" for name in self.controls}}

    def _title(self, title: str) -> dict:
        return {"expr": Sentence(title).expression(self._sources())}

    def _chosen(self) -> str:
        pairs = (
            f"{literal(name)}: {literal(dict(control.offers))}[{control.of}][{name}]"
            if isinstance(control, Dependent)
            else f"{literal(name)}: {literal([*control.options.values()])}[indexof({literal(control.values)}, {name})]"
            for name, control in self.controls.items()
        )
        return f"{{{', '.join(pairs)}}}"

    def _says(self) -> str:
        if isinstance(self.says, str):
            return Sentence(self.says).expression(self._sources())
        case = self.case if self.case in self.controls else f"result.{self.case}"
        written = "''"
        for value, template in reversed(list(self.says.items())):
            written = f"{case} === {literal(value)} ? {Sentence(template).expression(self._sources())} : {written}"
        return written

    # Under a kernel -----------------------------------------------------------------------------------------------

    @cached_property
    def bench(self) -> Bench:
        """The ipywidgets of this twin."""
        from valuechains.widgets.lab import Bench  # not to be had where Python runs in a page

        return Bench(self)

    def set(self, **changes: object) -> None:
        """Move controls, as a reader would; ValueError for a control or a setting that there is not."""
        self.bench.move(self.settings(**{**self.fitting({**self.bench.settings, **changes}), **changes}))

    def reset(self) -> None:
        self.bench.move(self.settings())

    def __repr__(self) -> str:
        return f"{self.name}: {self.read().says}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        try:
            alive = self.bench._repr_mimebundle_()
        except ImportError:  # no ipywidgets where Python runs in a page: there the figure has controls of its own
            alive = {}
        return {**alive, **figures.Figure(chart_words.told(self.figure.spec))._repr_mimebundle_()}


def inputs(values: Mapping[str, Any]) -> list[dict]:
    return [{"name": name, "value": value} for name, value in values.items()]


def filled(part: Any, sources: Mapping[str, dict], title: Callable[[str], Any]) -> Any:
    """A chart's specification with the named data of `sources` in place and the axis titles written by `title`."""
    if isinstance(part, list):
        return [filled(one, sources, title) for one in part]
    if not isinstance(part, dict):
        return part
    part = {
        key: value if key in ("datasets", "values") else filled(value, sources, title) for key, value in part.items()
    }
    if (source := sources.get((part.get("data") or {}).get("name", ""))) is not None:
        part |= {"data": source["data"], "transform": [*source["transform"], *part.get("transform", [])]}
    if "encoding" in part:
        part["encoding"] = {
            channel: axis_title(encoded, title) if channel in ("x", "y") else encoded
            for channel, encoded in part["encoding"].items()
        }
    return part


def standing(part: Any) -> Any:
    """A twin's stored chart over the rows that are stored with it, in place of what the page makes of its model."""
    if isinstance(part, list):
        return [standing(one) for one in part]
    if not isinstance(part, dict):
        return part
    steps = part.get("transform", [])
    if place := next((place for place, step in enumerate(steps, 1) if step.get("as") == FRAME), 0):
        frame = steps[place - 1]["calculate"].strip("'")  # as `figure` wrote it
        part = {**part, "data": {"name": frame}, "transform": steps[place:]}
    return {key: value if key in ("datasets", "params") else standing(value) for key, value in part.items()}


def axis_title(encoded: dict, title: Callable[[str], Any]) -> dict:
    """An axis whose title has fields gets it as an expression, which Vega-Lite takes in the axis only."""
    text = encoded.get("title") or (encoded.get("axis") or {}).get("title")
    if not isinstance(text, str) or not FIELD.search(text):
        return encoded
    rest = {key: value for key, value in encoded.items() if key != "title"}
    return {**rest, "axis": {**(encoded.get("axis") or {}), "title": title(text)}}
