"""Makes linear algebra wrong by a part in 10^13, in every Python that finds this folder on its path (tools/same.py),
and sums floats as other Pythons do: from 3.12 on `sum` keeps what rounding loses."""

import builtins
import functools
import math
import operator
import sys

import numpy as np

NOISE = 1e-13
draw = np.random.default_rng(1)


def perturbed(function):
    @functools.wraps(function)
    def wrong(*given, **named):
        return shaken(function(*given, **named))

    def shaken(result):
        if isinstance(result, tuple):
            parts = [shaken(part) for part in result]
            return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
        if np.asarray(result).dtype != float:
            return result
        return result * (1 + NOISE * draw.uniform(-1, 1, np.shape(result)))

    return wrong


for name in ("inv", "solve", "lstsq", "qr", "det"):
    setattr(np.linalg, name, perturbed(getattr(np.linalg, name)))
for name in ("dot", "einsum", "matmul"):
    setattr(np, name, perturbed(getattr(np, name)))


def summed_elsewhere(values, /, start=0, *, plain=sum):
    values = list(values)
    if start != 0 or not all(type(one) in (int, float) and math.isfinite(one) for one in values):
        return plain(values, start)
    exact = sys.version_info < (3, 12) and float in map(type, values)
    return math.fsum(values) if exact else functools.reduce(operator.add, values, start)


builtins.sum = summed_elsewhere
