"""M11-M14: where an industry stands in its chains, what a chain pays whom, and the smile regression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike


def upstreamness(B: np.ndarray, x: np.ndarray) -> np.ndarray:
    """M11. Average distance of each industry's output from final use, U = (I - D)^-1 1 with d_ij = z_ij / x_i, (n,).

    U >= 1. Computed as hat(x)^-1 B x, which is the same and needs no second inverse; an industry with no output
    gets 1. For large inventory changes, take them off x before computing A and B.
    Source: Antras, Chor, Fally and Hillberry (2012).
    """
    return np.divide(B @ x, x, out=np.ones(len(x)), where=x != 0)


def downstreamness(B: np.ndarray) -> np.ndarray:
    """M12. Average distance from primary inputs, the column sums of B, (n,); at least 1.

    Source: Fally (2012); Antras and Chor (2018).
    """
    return B.sum(axis=0)


def chain(v: np.ndarray, B: np.ndarray, f: np.ndarray) -> np.ndarray:
    """M13. Value added that each industry earns in the final output f, c = hat(v) B f; adds up to the sum of f.

    f: (n,) one chain, or (n, k) k chains; the result has the same shape. Source: Timmer et al. (2014).
    """
    return (v * (B @ f).T).T


def propagation_length(B: np.ndarray, f: np.ndarray) -> np.ndarray:
    """M13. Average number of production stages from an industry to the final output f, PL = (B B f) / (B f).

    f: (n,) or (n, k). PL >= 1; NaN for an industry outside the chain. Value-added rates cancel.
    Source: Dietzenbacher and Romero (2007); Ye, Meng and Wei (2015).
    """
    output = B @ f
    return np.divide(B @ output, output, out=np.full(output.shape, np.nan), where=output != 0)


ONE_SIDED = 1.645  #: standard errors beyond which a sign is beyond doubt at five percent, in one direction


@dataclass(frozen=True)
class Curve:
    """A fitted parabola y = constant + linear p + quadratic p^2, with robust standard errors (HC1)."""

    constant: float
    linear: float
    quadratic: float
    se_constant: float
    se_linear: float
    se_quadratic: float
    n: int
    turning_point: float  #: where the curve turns; NaN for a straight line
    turns_inside: bool  #: whether the turning point lies strictly inside the data
    first: float  #: the smallest position in the data
    last: float  #: and the largest
    covariance: np.ndarray = field(compare=False, repr=False)  #: (3, 3) of constant, linear, quadratic

    def band(self, position: ArrayLike, width: float = 1.96) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The curve at these positions, and `width` standard errors below and above it (95 percent by default)."""
        powers = np.vander(np.asarray(position, dtype=float), 3, increasing=True)
        middle = powers @ [self.constant, self.linear, self.quadratic]
        error = np.sqrt(np.einsum("ij,jk,ik->i", powers, self.covariance, powers))
        return middle, middle - width * error, middle + width * error

    @property
    def slopes(self) -> tuple[float, float]:
        """Slope of the curve at the first and at the last position, each over its standard error."""
        return self._slope(self.first), self._slope(self.last)

    @property
    def verdict(self) -> Literal["smile", "frown", "flat"]:
        """ "smile" or "frown" when the slopes at the two ends of the data have opposite signs, each beyond doubt at
        five percent (one-sided); else "flat": these data show no turn. Source: Lind and Mehlum (2010)."""
        first, last = self.slopes
        if first < -ONE_SIDED and last > ONE_SIDED:
            return "smile"
        return "frown" if first > ONE_SIDED and last < -ONE_SIDED else "flat"

    def _slope(self, position: float) -> float:
        weights = np.array([0.0, 1.0, 2 * position])
        return float(
            weights @ [self.constant, self.linear, self.quadratic] / np.sqrt(weights @ self.covariance @ weights)
        )


def fit_curve(position: ArrayLike, height: ArrayLike, weights: ArrayLike | None = None) -> Curve:
    """M14. The smile regression: weighted least squares of height on position and its square.

    position: (n,) propagation length or upstreamness; height: (n,) value-added rate or pay rate; weights: (n,)
    contributions to the chain (all equal if None). Rows with a missing number or no weight are left out.
    Standard errors are those of White (1980) times n / (n - 3): the scatter may differ from industry to industry.
    Raises ValueError when fewer than four different positions are left. Source: Meng, Ye and Wei (2020).
    """
    position, height = np.asarray(position, dtype=float), np.asarray(height, dtype=float)
    weights = np.ones(len(position)) if weights is None else np.asarray(weights, dtype=float)
    used = np.isfinite(position) & np.isfinite(height) & (weights > 0)
    p, y, w = position[used], height[used], np.sqrt(weights[used])
    if len(np.unique(p)) < 4:
        raise ValueError(f"A curve needs at least four different positions, this chain has {len(np.unique(p))}.")
    # QR of the weighted design: as stable as least squares gets, and R gives the standard errors.
    Q, R = np.linalg.qr(np.vander(p, 3, increasing=True) * w[:, None])
    b = np.linalg.solve(R, Q.T @ (y * w))
    residuals = (y - np.polynomial.polynomial.polyval(p, b)) * w
    pull = np.linalg.solve(R, Q.T) * residuals
    covariance = pull @ pull.T * len(p) / (len(p) - 3)
    turn = float(-b[1] / (2 * b[2])) if b[2] else float("nan")
    constant, linear, quadratic = map(float, b)
    se_constant, se_linear, se_quadratic = map(float, np.sqrt(covariance.diagonal()))
    return Curve(
        constant,
        linear,
        quadratic,
        se_constant,
        se_linear,
        se_quadratic,
        n=len(p),
        turning_point=turn,
        turns_inside=bool(p.min() < turn < p.max()),
        first=float(p.min()),
        last=float(p.max()),
        covariance=covariance,
    )
