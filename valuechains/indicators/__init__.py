"""The indicators of the field as pure functions on arrays: no files, no charts, no state.

Notation, used by every function:

- C economies, S industries, n = C x S rows, country by country; Z (n, n) intermediate flows, F (n, C) final demand,
  x (n,) gross output, E (n,) gross exports by exporting industry, all in one unit of money;
- A (n, n) input coefficients, B = (I - A)^-1 (n, n) the Leontief inverse, v (n,) value added per unit of output;
- results "by industry" have n entries, results "by economy" C entries; `by_economy` adds the one up to the other.

Start with `x, v, A, B, E`, then ask:

    A = coefficients(Z, x); B = leontief_inverse(A); v = value_added_rates(Z, x); E = exports(Z, F)
    domestic_value_added(v, B, E, countries=C)
"""

from valuechains.indicators.chains import Curve, chain, downstreamness, fit_curve, propagation_length, upstreamness
from valuechains.indicators.crossings import Activities, activities_backward, activities_forward
from valuechains.indicators.decompositions import KWW_TERMS, BorinMancini, borin_mancini, borin_mancini_by_partner, kww
from valuechains.indicators.leontief import (
    bilateral_exports,
    by_economy,
    coefficients,
    exports,
    leontief_inverse,
    multipliers,
    value_added_in_exports,
    value_added_rates,
)
from valuechains.indicators.structure import (
    Concentration,
    Theil,
    balance,
    concentration,
    effective_partners,
    functional_specialisation,
    gini,
    growth_contributions,
    intra_share,
    mean_distance,
    partner_intensity,
    rca,
    symmetric,
    theil,
    trade_competitiveness,
    trade_intensity,
)
from valuechains.indicators.trade import (
    Participation,
    ServicesRoutes,
    domestic_value_added,
    domestic_value_added_by_origin,
    foreign_value_added,
    indirect_value_added,
    origin_content,
    origin_rates,
    participation,
    services_content,
    services_routes,
    value_added_absorbed,
    value_added_exports,
)

__all__ = [
    "KWW_TERMS",
    "Activities",
    "BorinMancini",
    "Concentration",
    "Curve",
    "Participation",
    "ServicesRoutes",
    "Theil",
    "activities_backward",
    "activities_forward",
    "balance",
    "bilateral_exports",
    "borin_mancini",
    "borin_mancini_by_partner",
    "by_economy",
    "chain",
    "coefficients",
    "concentration",
    "domestic_value_added",
    "domestic_value_added_by_origin",
    "downstreamness",
    "effective_partners",
    "exports",
    "fit_curve",
    "foreign_value_added",
    "functional_specialisation",
    "gini",
    "growth_contributions",
    "indirect_value_added",
    "intra_share",
    "kww",
    "leontief_inverse",
    "mean_distance",
    "multipliers",
    "origin_content",
    "origin_rates",
    "participation",
    "partner_intensity",
    "propagation_length",
    "rca",
    "services_content",
    "services_routes",
    "symmetric",
    "theil",
    "trade_competitiveness",
    "trade_intensity",
    "upstreamness",
    "value_added_absorbed",
    "value_added_exports",
    "value_added_in_exports",
    "value_added_rates",
]
