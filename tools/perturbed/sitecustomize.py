"""Makes linear algebra wrong by a part in 10^13, in every Python that finds this folder on its path (tools/same.py)."""

import functools

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
