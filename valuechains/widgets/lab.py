"""The life of a twin in JupyterLab: ipywidgets whose every move calls the Python model, and a chart that shows its
answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import anywidget
import ipywidgets
import pandas as pd
import traitlets

from valuechains.figures import PALETTE, drawing
from valuechains.tongue import is_english, named, say
from valuechains.widgets.controls import Control, Dependent
from valuechains.widgets.declared import Declared, Readout
from valuechains.widgets.grid import rows

WIDGETS = {"select": ipywidgets.Dropdown, "range": ipywidgets.SelectionSlider}
SCRIPT = Path(__file__).with_name("chart.js")
SAID = re.compile(r'gvcSay\("([^"]+)"\)')
WIDTHS = {"select": "max-content", "range": "22rem"}
MOST = "calc(100% - 4px)"  # of a narrow cell: its margins stay
DARK = {colour: PALETTE["dark"][name] for name, colour in PALETTE["light"].items()}


class LiveChart(anywidget.AnyWidget):
    """A Vega-Lite chart whose signals and data Python sets. All is sent, not synced: a saved notebook holds none of it
    but the picture that the browser drew last, where it saves the state of widgets."""

    _esm = SCRIPT
    still = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: dict, signals: Mapping[str, Any], **traits: Any) -> None:
        super().__init__(**traits)
        self.spec = spec
        self.reading: dict[str, Any] = {"turn": 0, "signals": signals, "frames": {}, "idle": []}
        self.on_msg(self._opened)

    def show(self, signals: Mapping[str, Any], frames: Mapping[str, pd.DataFrame], idle: Sequence[str] = ()) -> None:
        turn = self.reading["turn"] + 1
        self.reading = {"turn": turn, "signals": signals, "frames": rows(frames), "idle": list(idle)}
        self.send({"type": "reading", "reading": self.reading})

    def _opened(self, _: object, asked: dict, buffers: object) -> None:
        """A view that opens asks for the chart, and the first one of the browser for Vega too."""
        self.send(
            {
                "type": "chart",
                "spec": self.spec,
                "palette": DARK,
                "reading": self.reading,
                "vega": drawing.vega() if asked["vega"] else None,
                "fit": drawing.FIT.read_text(encoding="utf-8"),
                "words": _words(),
            }
        )


def _words() -> dict[str, str]:
    """What the script says, in the language spoken; in English it is in the script."""
    said = SAID.findall(SCRIPT.read_text(encoding="utf-8"))
    return {} if is_english() else {message: say(message) for message in said}


class Bench(ipywidgets.VBox):
    """The controls of a twin, a button that resets them, and the chart."""

    def __init__(self, twin: Declared) -> None:
        self.twin, self.turn = twin, Lock()
        plain = ipywidgets.Layout()  # shared wherever it can be: a saved notebook holds every one
        self.controls = drawn(twin.controls)
        self.button = ipywidgets.Button(
            description=say("Reset"), tooltip=say("Back to the first setting"), layout={"width": "auto"}
        )
        reading = twin.read()
        self.chart = LiveChart(twin.live(), twin.signals(reading), layout=plain)
        bar = ipywidgets.Box([*self.controls.values(), self.button], layout={"flex_flow": "row wrap"})
        super().__init__([bar, self.chart], layout=plain)
        for control in self.controls.values():
            control.observe(self._moved, "value")
        self.button.on_click(lambda _: self.move(twin.settings()))
        self.chart.reading["idle"] = self._dimmed(reading)

    @property
    def settings(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def move(self, settings: Mapping[str, Any]) -> None:
        """Set all controls, and call the model once."""
        self._put(settings)
        self._moved()

    def _put(self, settings: Mapping[str, Any]) -> None:
        """Set these controls, each with the options that the others offer, as if nobody had moved them."""
        for name, value in settings.items():
            control, options = self.controls[name], listed(self.twin.controls[name], {**self.settings, **settings})
            control.unobserve(self._moved, "value")
            if control.options != options:
                control.options = options
            control.value = value
            control.observe(self._moved, "value")

    def _moved(self, change: object = None) -> None:
        """JupyterLab may bring the moves of two controls in two threads: one after the other, the last sees both."""
        with self.turn:
            fitting = self.twin.fitting(self.settings)
            self._put(
                {name: fitting[name] for name, control in self.twin.controls.items() if isinstance(control, Dependent)}
            )
            reading = self.twin.read(**self.settings)
            self.chart.show(self.twin.signals(reading), reading.frames, self._dimmed(reading))

    def _dimmed(self, reading: Readout) -> list[str]:
        """Controls that change nothing at a reading cannot be moved there; what is said of each."""
        said = []
        for name, control in self.twin.controls.items():
            why = control.idles({**reading.settings, **reading.result})
            self.controls[name].disabled = bool(why)
            if why:
                said.append(say("{label}: no effect here. {why}", label=say(control.label), why=say(why)))
        return said


def drawn(controls: Mapping[str, Control]) -> dict[str, ipywidgets.Widget]:
    """Controls as ipywidgets."""
    widths = {kind: ipywidgets.Layout(width=width, max_width=MOST) for kind, width in WIDTHS.items()}
    return {
        name: WIDGETS[control.kind](
            options=listed(control, {name: control.start for name, control in controls.items()}),
            value=control.start,
            description=say(control.label),
            layout=widths[control.kind],
            style={"description_width": "initial"},
        )
        for name, control in controls.items()
    }


def listed(control: Control, settings: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """The options that a control offers at these settings, as ipywidgets takes them."""
    return tuple((named(text), value) for value, text in control.offered(settings).items())
