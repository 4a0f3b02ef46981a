"""Exports at full detail, 1995-2011: who adds the value that each industry of each economy sells abroad."""

import numpy as np
import pandas as pd

from valuechains import indicators

from . import labels
from .wiot import C, N, S

SERVICE_KINDS = [labels.KINDS.index(kind) for kind in labels.SERVICES]
IS_SERVICE = np.array([labels.KIND[i] in labels.SERVICES for i in labels.INDUSTRIES])
IS_MANUFACTURING = np.array([i in labels.MANUFACTURING for i in labels.INDUSTRIES])


def content(wiot):
    """Value added in each industry's exports by kind of origin: (domestic, foreign), each (1435, kinds)."""
    kinds = np.array([[labels.KIND[i] == kind for i in labels.INDUSTRIES] for kind in labels.KINDS])
    return tuple(part.T for part in indicators.origin_content(wiot.v, wiot.B, wiot.E, kinds, countries=C))


def services_content(wiot, parts):
    """Long table of `content`: one row for each exporter (40 economies), industry with exports, origin and kind."""
    index = pd.MultiIndex.from_product([labels.ECONOMIES, labels.INDUSTRIES], names=["country", "industry"])
    wide = pd.concat(
        {
            origin: pd.DataFrame(part, index=index, columns=labels.KINDS)
            for origin, part in zip(("domestic", "foreign"), parts)
        },
        axis=1,
        names=["origin", "kind"],
    )
    wide = wide[(wiot.E > 0) & (index.get_level_values("country") != "ROW")]
    long = wide.stack(["origin", "kind"], future_stack=True).rename("value").reset_index()
    long.insert(2, "year", wiot.year)
    return long


def by_industry(wiot, parts, compensation):
    """One row for each economy (rest of the world included) and industry.

    `compensation` is compensation of employees in US$ million by (country, industry), missing where not published.
    """
    domestic, foreign = parts
    produced = wiot.x > 0
    by_exporter = indicators.value_added_in_exports(wiot.v, wiot.B, wiot.E).reshape(N, C, S).sum(2)
    own = by_exporter[np.arange(N), np.repeat(np.arange(C), S)]
    frame = pd.DataFrame(
        {
            "country": np.repeat(labels.ECONOMIES, S),
            "industry": np.tile(labels.INDUSTRIES, C),
            "year": wiot.year,
            "gross_exports": wiot.E,
            "dva": domestic.sum(1),
            "fva": foreign.sum(1),
            "services_domestic": domestic[:, SERVICE_KINDS].sum(1),
            "services_foreign": foreign[:, SERVICE_KINDS].sum(1),
            "dva_by_origin": own,
            "dvx": by_exporter.sum(1) - own,
            "vax": indicators.value_added_exports(wiot.v, wiot.B, wiot.F).sum(1),
            "output": wiot.x,
            "va_rate": np.where(produced, wiot.v, np.nan),
            "upstreamness": np.where(produced, indicators.upstreamness(wiot.B, wiot.x), np.nan),
            "downstreamness": np.where(produced, indicators.downstreamness(wiot.B), np.nan),
        }
    )
    paid = compensation.reindex(pd.MultiIndex.from_frame(frame[["country", "industry"]])).to_numpy()
    frame.insert(13, "compensation_rate", np.divide(paid, wiot.x, out=np.full(N, np.nan), where=produced))
    return frame


def by_country(industries):
    """Country totals of `by_industry`, the shares of the literature, and a row `WLD` for the 41 regions together."""
    flows = ["gross_exports", "dva", "fva", "dvx", "vax"]
    rows = industries.set_index(["country", "year"])
    service = rows.industry.map(dict(zip(labels.INDUSTRIES, IS_SERVICE)))
    manufacturing = rows.industry.map(dict(zip(labels.INDUSTRIES, IS_MANUFACTURING)))
    parts = pd.DataFrame(
        {
            **{name: rows[name] for name in flows},
            "services_exports": rows.gross_exports.where(service, 0),
            "services_domestic": rows.services_domestic,
            "services_foreign": rows.services_foreign,
            "services_as_services": rows.services_domestic.where(service, 0),
            "services_mode5": rows.services_domestic.where(~service, 0),
            "goods_exports": rows.gross_exports.where(~service, 0),
            "manufacturing_exports": rows.gross_exports.where(manufacturing, 0),
            "manufacturing_dva": rows.dva.where(manufacturing, 0),
            "manufacturing_services": rows.services_domestic.where(manufacturing, 0),
            "manufacturing_services_foreign": rows.services_foreign.where(manufacturing, 0),
        }
    )
    total = parts.groupby(level=["country", "year"]).sum()
    world = total.groupby(level="year").sum().assign(country="WLD").set_index("country", append=True).swaplevel()
    t = pd.concat([total, world])
    E = t.gross_exports
    backward, forward = t.fva / E, t.dvx / E
    world_row = t.index.get_level_values("country") == "WLD"
    return (
        t[flows]
        .assign(
            vax_ratio=t.vax / E,
            backward=backward,
            forward=forward,
            participation=backward + forward,
            position=(np.log1p(forward) - np.log1p(backward)).mask(world_row),
            services_gross_share=t.services_exports / E,
            services_va_share=(t.services_domestic + t.services_foreign) / E,
            services_va_domestic=t.services_domestic / E,
            services_va_foreign=t.services_foreign / E,
            services_as_services=t.services_as_services / E,
            services_mode5=t.services_mode5 / E,
            services_dva_share=t.services_domestic / t.dva,
            manufacturing_services_domestic=t.manufacturing_services / t.manufacturing_exports,
            manufacturing_services_foreign=t.manufacturing_services_foreign / t.manufacturing_exports,
            manufacturing_services_dva_share=t.manufacturing_services / t.manufacturing_dva,
        )
        .reset_index()
    )


def compensation(sources):
    """Compensation of employees, US$ million, indexed by (country, industry, year); not published = missing."""
    codes = sources.csv("wiod2013-wiot/industries.csv").set_index("nace_rev1").column
    paid = sources.csv("wiod-sea/wiod2013_compensation_40countries.csv.gz")
    paid = paid.assign(country=paid.country.replace(labels.RENAMED), industry=paid.nace_rev1.map(codes))
    value = (paid.COMP * paid.USD_PER_LCU).where(paid.COMP > 0)
    return value.set_axis(pd.MultiIndex.from_frame(paid[["country", "industry", "year"]]))
