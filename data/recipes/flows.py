"""Who sells how much to whom: every pair of economies of the complete tables, 1995-2011 (41) and 2020 (77)."""

import numpy as np
import pandas as pd

from valuechains import indicators

from . import icio, labels, wiot


def build(sources):
    """The frame of all years: what is sold as inputs and for final use, the seller's own market included."""
    years = [wiot.load(sources, year) for year in labels.YEARS]
    recent, _ = icio.load(sources, 2020)
    return {
        "bilateral_flows": pd.concat(
            [
                *(_flows("wiod2013", year.year, labels.ECONOMIES, year.Z, year.F) for year in years),
                _flows("icio2023", 2020, recent.countries, recent.Z, recent.F),
            ],
            ignore_index=True,
        )
    }


def _flows(source, year, countries, Z, F):
    C = len(countries)
    inputs = indicators.by_economy(indicators.by_economy(Z, countries=C).T, countries=C).T
    final = indicators.by_economy(F, countries=C)
    return pd.DataFrame(
        {
            "source": source,
            "year": year,
            "from_country": np.repeat(countries, C),
            "to_country": np.tile(countries, C),
            "inputs": inputs.reshape(-1).round(),
            "final": final.reshape(-1).round(),
        }
    )
