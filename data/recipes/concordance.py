"""Where the industries of every source stand among the book's sectors: one list, one sentence for what is not on it."""

from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from . import labels

LISTS = Path(__file__).with_name("concordance.yml")
SEVERAL = "several"  # the kind of an industry that spans kinds


class NoPlace(ValueError):
    """An industry that the concordance does not name; the message is one sentence."""


@cache
def _lists():
    lists = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    services = lists.pop("counts_as_services")
    return lists, services


def sources():
    """The sources that have a list."""
    return tuple(_lists()[0])


@cache
def places(source):
    """{industry: its sectors} of one source; refuses a list that names an industry twice or a sector that is none."""
    found = {}
    for sectors, industries in _lists()[0][source].items():
        for sector in sectors.split():
            if sector not in labels.SECTORS:
                raise ValueError(f"concordance.yml gives {source} the sector {sector}, which the book does not have.")
        for industry in industries.split():
            if industry in found:
                raise ValueError(f"concordance.yml names {industry} of {source} twice: keep one place.")
            found[industry] = tuple(sectors.split())
    return found


def sectors(source, industry):
    """The sectors that an industry of a source belongs to, most often one."""
    try:
        return places(source)[industry]
    except KeyError:
        raise NoPlace(
            f"The industry {industry} of {source} has no place in the concordance: "
            "give it a sector in data/recipes/concordance.yml."
        ) from None


def kind(source, industry):
    """The kind of value added that an industry makes, one of `labels.KINDS`, or `several`."""
    kinds = {labels.KIND_OF_SECTOR[sector] for sector in sectors(source, industry)}
    return kinds.pop() if len(kinds) == 1 else SEVERAL


def is_service(source, industry):
    """Whether all of an industry is services (construction is not)."""
    if source in _lists()[1]:
        return True
    return all(labels.KIND_OF_SECTOR[sector] in labels.SERVICES for sector in sectors(source, industry))


def check(source, industries):
    """Stop when a release names an industry without a place, or lacks one that has a place."""
    for industry in industries:
        sectors(source, industry)
    missing = [industry for industry in places(source) if industry not in set(industries)]
    if missing:
        raise ValueError(
            f"The release of {source} lacks {', '.join(missing)}, which the concordance places: "
            "correct data/recipes/concordance.yml if the edition dropped or split it."
        )


def frame(names):
    """One row for each industry of each source; `names` are {source: {industry: its name}} as published."""
    rows = []
    for source, published in names.items():
        check(source, published)
        rows += [
            {
                "source": source,
                "industry": industry,
                "name": name,
                "sectors": " ".join(sectors(source, industry)),
                "kind": kind(source, industry),
                "is_service": is_service(source, industry),
            }
            for industry, name in published.items()
        ]
    return pd.DataFrame(rows)
