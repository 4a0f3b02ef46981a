"""Small economies by lot, for properties that hold in all of them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from valuechains.tables import Table


def floats(low, high):
    return st.floats(low, high, allow_subnormal=False)


@st.composite
def random_tables(draw):
    """Productive economies: coefficients whose columns sum to less than one, final demand positive."""
    C, S = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    n = C * S
    A = draw(hnp.arrays(float, (n, n), elements=floats(0, 1)))
    A *= draw(hnp.arrays(float, n, elements=floats(0.05, 0.9))) / np.maximum(A.sum(axis=0), 1e-3)
    F = draw(hnp.arrays(float, (n, C), elements=floats(1, 1000)))
    x = np.linalg.solve(np.eye(n) - A, F.sum(axis=1))
    countries = tuple(f"C{c}" for c in range(C))
    return Table(A * x, F, countries, tuple(f"i{i}" for i in range(S)))
