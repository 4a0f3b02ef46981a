"""The claim ledger: what the two articles say, what was found, and the numbers the prose prints.

>>> claim("A1-2-01").verdict
'supported'
>>> print(number("A1-2-01.china"))
56.7%
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from valuechains import datasets
from valuechains.evidence.rule import VERDICTS, Evidence, Judgement, Reading, Terms, judge
from valuechains.evidence.sources import Source

_PRINTED = {
    "": "{}",
    "percent": "{}%",
    "USD": "US${}",
    "USD bn": "US${} bn",
    "CNY bn": "{} bn yuan",
    "CNY tn": "{} tn yuan",
}


class UnknownEntry(KeyError):
    """Asked for a claim, a number or a section that the ledger does not hold."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Number:
    """One figure of the ledger; `str()` prints it with its unit.

    `decimals` is set where the last printed digit is a zero; `dataset` names the file of `data/` that yields the value.
    """

    value: float
    unit: str
    as_of: str
    source: str
    decimals: int | None = None
    dataset: str | None = None

    def __str__(self) -> str:
        digits = f"{abs(self.value):,}" if self.decimals is None else f"{abs(self.value):,.{self.decimals}f}"
        printed = _PRINTED.get(self.unit, f"{{}} {self.unit}").format(digits)
        return "\N{MINUS SIGN}" + printed if self.value < 0 else printed


@dataclass(frozen=True)
class Article:
    """One of the two opinion pieces."""

    code: str
    author: str
    affiliation: str
    outlet: str
    outlet_note: str
    date: str
    kind: str


@dataclass(frozen=True)
class Departure:
    """Where a card leaves the rule: its own verdict and confidence, and the reason, which the page shows."""

    verdict_code: str
    confidence: str
    why: str


@dataclass(frozen=True)
class Correction:
    """One change of what was published: when, of which claim, what it said and says, and why."""

    claim: str
    date: str
    what: str
    was: str
    now: str
    why: str


@dataclass(frozen=True)
class Claim:
    """One entry of the ledger: the fields of its card, and what lies behind them.

    `paraphrase` is the claim in one line, `until` the last year that it speaks of. `readings` are the fair ways to take
    it, with results and sources: verdict and confidence follow from them (`rule.judge`), unless the card `departs` and
    says why. `line` and `why_confidence` say how they follow. `more` are sources that explain, and carry no finding.
    """

    id: str
    section: str
    paraphrase: str
    says: str
    kind: str
    counts: str
    test: str
    finds: str
    verdict_code: str
    confidence: str
    line: str
    why_confidence: str
    would_change_our_mind: str
    as_of: str
    until: int
    stated_figure: str
    readings: tuple[Reading, ...]
    departs: Departure | None
    more: tuple[Source, ...]
    numbers: dict[str, Number]

    @property
    def verdict(self) -> str:
        return VERDICTS[self.verdict_code]

    @property
    def section_code(self) -> str:
        """For example "A1.2"."""
        return self.section.split(" ", 1)[0]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the card once: those that carry a finding first."""
        carrying = [one.source for reading in self.readings for one in reading.evidence]
        return tuple({source.id: source for source in [*carrying, *self.more]}.values())

    @property
    def citations(self) -> tuple[str, ...]:
        """The addresses of its sources."""
        return tuple(dict.fromkeys(source.link for source in self.sources if source.link))

    @property
    def evidence_until(self) -> int | None:
        """The last year that any evidence speaks of; None without evidence."""
        return max((one.until for reading in self.readings for one in reading.evidence), default=None)

    @property
    def corrections(self) -> list[Correction]:
        """What was changed of it since it was published, the newest first."""
        return [line for line in corrections() if line.claim == self.id]

    def judged(self, terms: Terms = Terms()) -> Judgement:
        """What the rule gives on these terms; the card's own verdict is that of the module's terms, or a departure."""
        return judge(self.kind, self.until, self.readings, terms)

    @property
    def article(self) -> Article:
        return articles()[self.id[:2]]


def claim(id: str) -> Claim:
    """The entry with this id, for example "A1-2-01"."""
    ledger = _claims()
    if id not in ledger:
        raise UnknownEntry(f"The ledger has no claim {id!r}; {_near(id, ledger)}.")
    return ledger[id]


def claims(section: str | None = None, verdict: str | None = None) -> list[Claim]:
    """Entries in the ledger's order, of one section ("A1.2") or one verdict (code or label), or all."""
    if section is not None and section not in sections():
        raise UnknownEntry(f"The ledger has no section {section!r}; {_near(section, sections())}.")
    code = verdict and {label: code for code, label in VERDICTS.items()}.get(verdict, verdict)
    if code is not None and code not in VERDICTS:
        raise UnknownEntry(f"There is no verdict {verdict!r}; use one of {', '.join(VERDICTS)}.")
    return [
        entry
        for entry in _claims().values()
        if (section is None or entry.section_code == section) and (code is None or entry.verdict_code == code)
    ]


def number(name: str) -> Number:
    """The figure named "<claim>.<name>", for example "A1-1-05.growth"."""
    id, _, key = name.partition(".")
    numbers = claim(id).numbers
    if key not in numbers:
        raise UnknownEntry(f"Claim {id} has no number {key!r}; {_near(key, numbers)}.")
    return numbers[key]


def sections() -> dict[str, str]:
    """Title of each section of the articles by its code, in reading order."""
    return dict(entry.section.split(" ", 1) for entry in _claims().values())


def articles() -> dict[str, Article]:
    """The two articles, by code "A1" and "A2"."""
    return {code: Article(code=code, **fields) for code, fields in _ledger()["articles"].items()}


def source(id: str) -> Source:
    """The source with this id, for example "world-bank-wdi"."""
    if id not in sources():
        raise UnknownEntry(f"The ledger has no source {id!r}; {_near(id, sources())}.")
    return sources()[id]


def sources() -> dict[str, Source]:
    """Every source of the ledger, by its id."""
    return _sources(ledger_file())


def corrections() -> list[Correction]:
    """Every change of a published verdict, confidence or number, the newest first."""
    return [Correction(**line) for line in _ledger()["corrections"]]


def retrieved() -> date:
    """The day up to which sources were read."""
    return date.fromisoformat(_ledger()["retrieved"])


def tally(entries: Iterable[Claim] | None = None) -> dict[str, int]:
    """How many entries carry each verdict, by label and in the ledger's order of verdicts; all entries by default."""
    codes = [entry.verdict_code for entry in (claims() if entries is None else entries)]
    return {label: codes.count(code) for code, label in VERDICTS.items()}


def ledger_file() -> Path:
    """Where the ledger is stored."""
    return datasets.folder() / "claims.json"


def _ledger() -> dict:
    return _read(ledger_file())


def _claims() -> dict[str, Claim]:
    return _entries(ledger_file())


@cache
def _read(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def _sources(file: Path) -> dict[str, Source]:
    return {id: Source(id=id, **fields) for id, fields in _read(file)["sources"].items()}


@cache
def _entries(file: Path) -> dict[str, Claim]:
    return {record["id"]: _claim(record, _sources(file)) for record in _read(file)["claims"]}


def _claim(record: dict, known: dict[str, Source]) -> Claim:
    fields = {name: record[name] for name in Claim.__dataclass_fields__}
    fields["readings"] = tuple(reading(one, known) for one in record["readings"])
    fields["departs"] = Departure(**record["departs"]) if record["departs"] else None
    fields["more"] = tuple(known[id] for id in record["more"])
    fields["numbers"] = {name: Number(**number) for name, number in record["numbers"].items()}
    return Claim(**fields)


def reading(record: dict, known: dict[str, Source]) -> Reading:
    """A stored reading with its sources in place of their ids."""
    found = tuple(Evidence(**one | {"source": known[one["source"]]}) for one in record.get("evidence", []))
    return Reading(**record | {"evidence": found})


def _near(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = get_close_matches(name.upper(), known, n=3, cutoff=0.4) or get_close_matches(name, known, n=3, cutoff=0.1)
    return f"near it are {', '.join(near)}" if near else f"it has {', '.join(known[:3]) or 'none'}"
