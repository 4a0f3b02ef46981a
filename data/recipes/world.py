"""The files from the world input-output tables: everything that needs the full 41 x 35 table of a year."""

import pandas as pd

from . import chains, exports, labels, wiot


def build(sources):
    """All frames of the world tables, {name: frame}; every year is read once and inverted once."""
    paid = exports.compensation(sources)
    frames = {}
    for year in labels.YEARS:
        for name, frame in _year(wiot.load(sources, year), paid.xs(year, level="year")).items():
            frames.setdefault(name, []).append(frame)
    return {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}


def _year(table, paid):
    parts = exports.content(table)
    industries = exports.by_industry(table, parts, paid)
    every_chain = chains.Chains(table)
    participants, totals = chains.contributions(every_chain)
    frames = {
        "inter_country_table": wiot.compact(table),
        "truncation": wiot.truncation(table),
        "exports_by_industry": industries,
        "exports_by_country": exports.by_country(industries),
        "services_content": exports.services_content(table, parts),
        "chain_contributions": participants,
        "chains": totals,
    }
    if table.year in chains.SMILE_YEARS:
        frames["smile_coefficients"] = chains.smiles(every_chain, industries)
        frames["smile_census"] = chains.census(every_chain, industries)
    return frames
