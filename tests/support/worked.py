"""The worked numbers of the methods reference, and what it means to agree with one."""

import json
from pathlib import Path

import numpy as np

WORKED = json.loads((Path(__file__).parents[1] / "fixtures" / "worked_examples.json").read_text())
EXTRA = WORKED["extra"]


def agrees(computed, printed):
    """Within half a unit of the last digit printed; whole numbers must be equal."""
    decimals = max(len(f"{number!r}".partition(".")[2]) for number in np.ravel(printed).tolist())
    tolerance = (0.5 * 10.0**-decimals if decimals else 0.0) + 1e-9
    np.testing.assert_allclose(computed, printed, rtol=0, atol=tolerance)
