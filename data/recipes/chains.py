"""Chains of final goods at full detail: who earns the final value, how far from it, and the smile regression."""

from itertools import product

import numpy as np
import pandas as pd

from valuechains import indicators

from . import labels
from .wiot import N, S

COUNTRIES = ("CHN", "USA", "DEU", "JPN", "KOR", "IND", "MEX", "TWN")
INDUSTRIES = ("c4", "c9", "c13", "c14", "c15")
SMILE_YEARS = (1995, 2000, 2005, 2009, 2011)
LEAST_SHARE = 0.001
"""A participant is a country-industry that earns at least this share of the chain's final value."""


class Chains:
    """Shares and propagation lengths of every chain of one year; a chain is the final output of one country-industry.

    `share` (1435, 1435): column k holds the part of the final value of k that each row earns (columns sum to 1).
    `length` (1435, 1435): average number of stages from row i to the final sale of k, at least 1.
    """

    def __init__(self, wiot):
        self.year = wiot.year
        each = np.eye(N)
        self.share = indicators.chain(wiot.v, wiot.B, each)
        self.length = indicators.propagation_length(wiot.B, each)
        self.final = wiot.F.sum(1)

    def chain(self, country, industry, least_share=LEAST_SHARE):
        """(position k, rows of the participants), or None when the industry sells nothing to final users."""
        k = labels.ECONOMIES.index(country) * S + labels.INDUSTRIES.index(industry)
        earners = (self.share[:, k] > 0) & (self.share[:, k] >= least_share)
        return (k, np.flatnonzero(earners)) if self.final[k] > 0 else None


def contributions(chains):
    """(participants, totals): long table of who earns what in the 8 x 5 chains, and one row for each chain."""
    rows, totals = [], []
    for country in COUNTRIES:
        for industry in INDUSTRIES:
            if (found := chains.chain(country, industry)) is None:
                continue
            k, members = found
            share = chains.share[members, k]
            key = {"chain_country": country, "chain_industry": industry, "year": chains.year}
            rows.append(
                pd.DataFrame(
                    {
                        **key,
                        "country": np.take(labels.ECONOMIES, members // S),
                        "industry": np.take(labels.INDUSTRIES, members % S),
                        "share": share,
                        "propagation_length": chains.length[members, k],
                    }
                )
            )
            totals.append(
                {**key, "final_value": chains.final[k], "participants": len(members), "share_shown": share.sum()}
            )
    return pd.concat(rows, ignore_index=True), pd.DataFrame(totals)


_FIT = ["constant", "linear", "quadratic", "se_quadratic", "n", "turning_point", "turns_inside", "shape", "share_used"]
_KEY = ["chain_country", "chain_industry", "year", "across", "up", "weighting"]


def smiles(chains, industries):
    """The smile regression for every economy but the rest of the world and every goods industry.

    `industries` is `exports.by_industry` of the same year. Participants without the quantity on either axis
    (compensation not published) are left out: `n` counts those used, `share_used` is what they earn of the final value.
    """
    return pd.DataFrame(
        _fits(chains, industries, ("va_rate", "compensation_rate", "share"), LEAST_SHARE, True), columns=_KEY + _FIT
    )


def census(chains, industries):
    """How many of these curves smile, by axes, weighting, who takes part, and with or without the last stage."""
    counted = []
    for least in (LEAST_SHARE, 0):
        for final_stage in (True, False):
            fits = pd.DataFrame(
                _fits(chains, industries, ("va_rate", "compensation_rate"), least, final_stage), columns=_KEY + _FIT
            ).dropna(subset="quadratic")
            groups = fits.groupby(["year", "across", "up", "weighting"])
            counts = groups["shape"].value_counts().unstack(fill_value=0)
            counts = counts.reindex(columns=["smile", "frown", "flat"], fill_value=0)
            counts["chains"] = groups.size()
            counts["opens_downward"] = groups["quadratic"].agg(lambda quadratic: (quadratic < 0).sum())
            counts = counts.reset_index()
            counts.insert(4, "least_share", least)
            counts.insert(5, "final_stage", final_stage)
            counted.append(counts[[*counts.columns[:6], "chains", "smile", "frown", "flat", "opens_downward"]])
    return pd.concat(counted, ignore_index=True)


def _fits(chains, industries, heights, least_share, final_stage):
    """One row of `_KEY + _FIT` for every chain and definition."""
    columns = {name: industries[name].to_numpy() for name in ("upstreamness", "va_rate", "compensation_rate")}
    for country, industry in product(labels.ECONOMIES[:-1], labels.GOODS):
        if (found := chains.chain(country, industry, least_share)) is None:
            continue
        k, members = found
        if not final_stage:
            members = members[members != k]
        share = chains.share[members, k]
        across = {"propagation_length": chains.length[members, k], "upstreamness": columns["upstreamness"][members]}
        for (x_name, x), up in product(across.items(), heights):
            y = share if up == "share" else columns[up][members]
            for weighting, weights in (("contribution", share), ("equal", None)):
                yield country, industry, chains.year, x_name, up, weighting, *_fit(x, y, weights, share)


def _fit(x, y, weights, share):
    used = np.isfinite(x) & np.isfinite(y)
    if len(np.unique(x[used])) < 4:
        return (*[np.nan] * 4, used.sum(), np.nan, None, None, share[used].sum())
    curve = indicators.fit_curve(x, y, weights)
    return (
        curve.constant,
        curve.linear,
        curve.quadratic,
        curve.se_quadratic,
        curve.n,
        curve.turning_point,
        curve.turns_inside,
        curve.verdict,
        share[used].sum(),
    )
