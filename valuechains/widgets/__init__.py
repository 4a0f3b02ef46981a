"""Twins: a widget declared once that lives twice, with a kernel in JupyterLab and without one on the page.

A `Twin` is a list of controls, a Python model, a chart and a sentence. In JupyterLab every move of a control calls the
model. The page has no Python: there the same chart reads a grid of the model's answers, computed in advance (`Grid`),
or the model written again as Vega expressions (`Expressions`). Both lives show the same numbers and the same sentence,
and tests move both to prove it.
"""

from valuechains.widgets.controls import Choice, Dependent, Idle, Slider, steps
from valuechains.widgets.declared import Readout
from valuechains.widgets.grid import Expressions, Grid, Made, Stored
from valuechains.widgets.twin import Twin, standing

__all__ = [
    "Choice",
    "Dependent",
    "Expressions",
    "Grid",
    "Idle",
    "Made",
    "Readout",
    "Slider",
    "Stored",
    "Twin",
    "standing",
    "steps",
]
