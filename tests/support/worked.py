"""The worked numbers of the methods reference, and what it means to agree with one."""

import json
from pathlib import Path

import numpy as np

WORKED = json.loads((Path(__file__).parents[1] / "fixtures" / "worked_examples.json").read_text())
EXTRA = WORKED["extra"]


def agrees(computed, printed, *, exact_below=1):
    """Within half a unit of the last digit printed; numbers printed with fewer decimals than that must be equal."""
    decimals = max((len(f"{number!r}".partition(".")[2]) for number in np.ravel(printed).tolist()), default=0)
    tolerance = (0.5 * 10.0**-decimals if decimals >= exact_below else 0.0) + 1e-9
    np.testing.assert_allclose(computed, printed, rtol=0, atol=tolerance)
