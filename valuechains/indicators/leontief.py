"""M1-M3: coefficients, the Leontief inverse, multipliers, exports, and value added by origin in exports."""

from __future__ import annotations

import numpy as np


def coefficients(Z: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Input coefficients A = Z hat(x)^-1, (n, n): what one unit of output of the column buys from each row.

    An industry with no output gets a column of zeros. Source: Leontief (1936); Miller and Blair (2009), ch. 2.
    """
    return Z * _reciprocal(x)


def leontief_inverse(A: np.ndarray) -> np.ndarray:
    """B = (I - A)^-1, (n, n): output of the row needed, directly and indirectly, for a unit of final demand.

    Raises ValueError when I - A has no inverse, as when industries use up all that they make.
    Source: Leontief (1936); Miller and Blair (2009), ch. 2.
    """
    try:
        return _inverse(np.eye(len(A)) - A)
    except np.linalg.LinAlgError:
        raise ValueError(
            "I - A has no inverse: some industries use up all that they make; look for columns of A that sum to 1."
        ) from None


def value_added_rates(Z: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Value added per unit of output, v = 1 - column sums of A, (n,); 0 for an industry with no output."""
    return (x - Z.sum(axis=0)) * _reciprocal(x)


def multipliers(v: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Value added by origin (row) in a unit of final output (column), VB = hat(v) B, (n, n); columns sum to 1."""
    return v[:, None] * B


def exports(Z: np.ndarray, F: np.ndarray) -> np.ndarray:
    """Gross exports by exporting industry, E, (n,): intermediate and final sales to all other economies."""
    sales = _sales(Z, F)
    return sales.sum(axis=1) - own_column(sales)


def bilateral_exports(Z: np.ndarray, F: np.ndarray) -> np.ndarray:
    """Gross exports of each economy (row) to each other economy (column), (C, C), zero on the diagonal."""
    flows = by_economy(_sales(Z, F), countries=F.shape[1])
    np.fill_diagonal(flows, 0.0)
    return flows


def value_added_in_exports(v: np.ndarray, B: np.ndarray, E: np.ndarray) -> np.ndarray:
    """Value added by origin (row) in the exports of each industry (column), VBE = hat(v) B hat(E), (n, n).

    Columns sum to E. Source: Koopman, Wang and Wei (2014).
    """
    return v[:, None] * B * E


def by_economy(values: np.ndarray, *, countries: int) -> np.ndarray:
    """Add results by industry up to economies: (n, ...) to (C, ...)."""
    return values.reshape(countries, -1, *values.shape[1:]).sum(axis=1)


def diagonal_blocks(M: np.ndarray, countries: int) -> np.ndarray:
    """The domestic blocks of an (n, n) matrix, (C, S, S)."""
    S = len(M) // countries
    each = np.arange(countries)
    return M.reshape(countries, S, countries, S)[each, :, each, :]


def domestic_inverse(A: np.ndarray, countries: int) -> np.ndarray:
    """L_ss = (I - A_ss)^-1 of each economy, the inverse that knows no foreign supplier, (C, S, S)."""
    own = diagonal_blocks(A, countries)
    return np.linalg.inv(np.eye(own.shape[1]) - own)


def foreign_sales(Z: np.ndarray, F: np.ndarray) -> np.ndarray:
    """Sales of each row to each economy but its own, intermediate and final, (n, C)."""
    sales = _sales(Z, F)
    n, C = F.shape
    sales[np.arange(n), np.repeat(np.arange(C), n // C)] = 0.0
    return sales


def own_column(sales: np.ndarray) -> np.ndarray:
    """The part of (n, C) sales that goes to the seller's own economy, (n,)."""
    n, C = sales.shape
    return sales[np.arange(n), np.repeat(np.arange(C), n // C)]


def _inverse(M: np.ndarray) -> np.ndarray:
    """Inverse by halves, twice as fast as LAPACK's general one because all of it is matrix products.

    It does not pivot between the halves, and need not: where an economy is productive every principal block of
    I - A has an inverse (Hawkins and Simon 1949).
    """
    n = len(M)
    if n <= 128:
        return np.linalg.inv(M)
    k = n // 2
    a, b, c, d = M[:k, :k], M[:k, k:], M[k:, :k], M[k:, k:]
    P = _inverse(a)
    Pb, cP = P @ b, c @ P
    Q = _inverse(d - c @ Pb)
    PbQ = Pb @ Q
    return np.block([[P + PbQ @ cP, -PbQ], [-Q @ cP, Q]])


def _sales(Z: np.ndarray, F: np.ndarray) -> np.ndarray:
    """Sales of each row to each economy, intermediate and final, (n, C)."""
    n, C = F.shape
    return Z.reshape(n, C, n // C).sum(axis=2) + F


def _reciprocal(x: np.ndarray) -> np.ndarray:
    return np.divide(1.0, x, out=np.zeros(len(x)), where=x != 0)
