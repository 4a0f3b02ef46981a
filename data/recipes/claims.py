"""Make `data/claims.json` of the ledger's files: `data/recipes/ledger/`.

`articles.yml` names the articles, `sources.yml` the sources, a file a section holds the claims. A reading names its
sources by id; verdict and confidence follow from the readings by `evidence.rule`. What was last published is in
`published.json`: a verdict, a confidence or a printed number that has moved since has its line under the claim's
`moved`, with a date and the reason.

`python -m data.recipes.claims` writes; with --draft it prints the lines under `moved` that are lacking; with
--publish 2027-01-31, at a release of that day, it keeps what the ledger says now as what was last published.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import yaml

from valuechains.evidence import CONFIDENCE, KINDS, VERDICTS, Number, Source, judge, ledger_file
from valuechains.evidence.ledger import reading
from valuechains.evidence.rule import RESULTS
from valuechains.evidence.sources import PUBLICATIONS, READ_AS

from . import files

LEDGER = Path(__file__).with_name("ledger")
WRITTEN = (
    "paraphrase",
    "stated_figure",
    "says",
    "kind",
    "counts",
    "test",
    "finds",
    "would_change_our_mind",
    "as_of",
    "until",
)
DROPPED = "no longer printed"
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times as fast, where libyaml is there
NOT_CLAIMS = ("articles.yml", "sources.yml")


class LedgerError(ValueError):
    """The ledger is incomplete or contradicts itself; the message names the entry, the field and the remedy."""


def build(out: Path) -> Path:
    """Write the ledger to `out` (a file) and return it. The same inputs give the same bytes."""
    head, sources = _yaml("articles.yml"), _sources()
    claims, moved = _judged(head["articles"], sources)
    _tell_apart(claims, moved)
    used = {id for claim in claims for id in _used(claim)}
    ledger = {
        "retrieved": str(head["retrieved"]),
        "articles": head["articles"],
        "claims": claims,
        "sources": {id: _stored(source) for id, source in sources.items() if id in used},
        "corrections": sorted(moved, key=lambda line: line["date"], reverse=True),
    }
    _write(out, ledger)
    return out


def _write(path: Path, content: object) -> None:
    files.write(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _judged(articles: Mapping, sources: dict[str, Source]) -> tuple[list[dict], list[dict]]:
    """Every claim, judged, and every line under `moved`."""
    entries = list(_entries())
    _once(id for id, _, _ in entries)
    for id, _, _ in entries:
        if id[:2] not in articles:
            raise LedgerError(f"{id} is of an article that articles.yml lacks: add {id[:2]!r} there.")
    claims = [_claim(id, section, card, sources) for id, section, card in entries]
    return claims, [line for id, _, card in entries for line in _moved(id, card)]


def _yaml(name: str) -> dict:
    try:
        return yaml.load((LEDGER / name).read_text(encoding="utf-8"), Loader=SAFE)
    except yaml.YAMLError as error:
        raise LedgerError(f"{name} is no YAML ({' '.join(str(error).split())}): mend it.") from None


def _entries() -> Iterable[tuple[str, str, dict]]:
    """Id, section and card of every claim, in the order of the articles."""
    for path in sorted(LEDGER.glob("*.yml")):
        if path.name not in NOT_CLAIMS:
            found = _yaml(path.name)
            for field in ("section", "claims"):
                if not found.get(field):
                    raise LedgerError(
                        f"{path.name} lacks {field!r}: give the section its code and title, and its claims."
                    )
            for id, card in found["claims"].items():
                yield id, found["section"], card


def _once(ids: Iterable[str]) -> None:
    ids = list(ids)
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise LedgerError(f"The ledger has {', '.join(twice)} more than once: give each claim its own id.")


# --- sources ----------------------------------------------------------------------------------------------------


def _sources() -> dict[str, Source]:
    """Every record of `sources.yml`, by its id."""
    return {id: _source(id, dict(record)) for id, record in sorted(_yaml("sources.yml").items())}


def _source(id: str, record: dict) -> Source:
    for field in ("urls", "names"):
        record.pop(field, None)
    read = record.pop("read", {})
    fields = (
        record | {f"read_{name}": str(value) for name, value in read.items()} | {"date": str(record.get("date", ""))}
    )
    try:
        source = Source(id=id, **fields)
    except TypeError as error:
        raise LedgerError(f"sources.yml: {id} is incomplete ({error}): see the fields of evidence.Source.") from None
    for field, allowed in (("kind", PUBLICATIONS), ("read_as", READ_AS)):
        if getattr(source, field) not in allowed:
            raise LedgerError(
                f"sources.yml: {id} has {field} {getattr(source, field)!r}: use one of {', '.join(allowed)}."
            )
    if not (source.publisher and source.title and source.date):
        raise LedgerError(f"sources.yml: {id} needs publisher, title and date.")
    for address in filter(None, (source.address, source.read_at)):
        if not address.startswith(("http://", "https://")) or " " in address:
            raise LedgerError(f"sources.yml: {id} has {address!r}, which is not an address: correct it.")
    if not source.address and not source.why_no_address:
        raise LedgerError(
            f"sources.yml: {id} has no address at its publisher: give one, or say why in 'why_no_address'."
        )
    return source


def _stored(source: Source) -> dict[str, str]:
    return {name: value for name, value in vars(source).items() if value and name != "id"}


def _used(claim: Mapping) -> Iterable[str]:
    yield from (one["source"] for reads in claim["readings"] for one in reads["evidence"])
    yield from claim["more"]


# --- one claim --------------------------------------------------------------------------------------------------


def _claim(id: str, section: str, card: Mapping, sources: dict[str, Source]) -> dict:
    for field in WRITTEN:
        if not str(card.get(field) or "").strip():
            raise LedgerError(f"{id} has no {field!r}: write it.")
    if card["kind"] not in KINDS:
        raise LedgerError(f"{id} has kind {card['kind']!r}: use one of {', '.join(KINDS)}.")
    numbers = {name: _number(id, name, number) for name, number in card.get("numbers", {}).items()}
    texts = {field: str(card[field]).strip() for field in WRITTEN}
    readings = [_reading(id, one) for one in card.get("readings", [])]
    more = list(card.get("more", []))
    claim = {"id": id, "section": section} | texts | {"until": int(card["until"])}
    claim["finds"] = _fill(id, claim["finds"], numbers)
    for source in [*more, *(one["source"] for reads in readings for one in reads["evidence"])]:
        if source not in sources:
            raise LedgerError(f"{id} names the source {source!r}, which sources.yml lacks: add it or correct the id.")
    judged = _judge(claim, readings, sources, card.get("departs"))
    return claim | judged | {"readings": readings, "more": more, "numbers": numbers}


def _judge(claim: Mapping, readings: list[dict], sources: dict[str, Source], departs: Mapping | None) -> dict:
    try:
        found = judge(claim["kind"], claim["until"], [reading(one, sources) for one in readings])
    except ValueError as error:
        raise LedgerError(f"{claim['id']} cannot be judged: {error}") from None
    code, level = found.code, found.confidence
    if departs is not None:
        if not str(departs.get("why") or "").strip():
            raise LedgerError(f"{claim['id']} departs from the rule without a reason: write 'why'.")
        code, level = departs.get("verdict", code), departs.get("confidence", level)
        if code not in VERDICTS or level not in CONFIDENCE or (code, level) == (found.code, found.confidence):
            raise LedgerError(
                f"{claim['id']} departs to {code!r}, {level!r}: name another verdict or confidence, by the codes."
            )
        departs = {"verdict_code": code, "confidence": level, "why": str(departs["why"]).strip()}
    return {
        "verdict": VERDICTS[code],
        "verdict_code": code,
        "confidence": level,
        "line": found.line,
        "why_confidence": found.why,
        "departs": departs,
    }


def _reading(id: str, record: Mapping) -> dict:
    given = record.get("evidence", [])
    unknown = set(record) - {"reads", "result", "evidence", "part", "design"}
    if not record.get("reads") or record.get("result") not in RESULTS or unknown:
        raise LedgerError(
            f"{id} has a reading without 'reads', with a result other than {', '.join(RESULTS)}, or with the unknown "
            f"field {', '.join(sorted(unknown)) or 'none'}: mend it."
        )
    if given and record["result"] == RESULTS[2]:
        raise LedgerError(
            f"{id}: the reading {record['reads']!r} cannot be tested and yet has evidence: use 'more' for it."
        )
    if not given and record["result"] != RESULTS[2]:
        raise LedgerError(
            f"{id}: the reading {record['reads']!r} {record['result']} without evidence: name its sources."
        )
    return {**record, "evidence": [_evidence(id, one) for one in given]}


def _evidence(id: str, record: Mapping) -> dict:
    unknown = set(record) - {"source", "until", "own", "assumes", "circular", "dataset"}
    if unknown or "source" not in record or not isinstance(record.get("until"), int):
        raise LedgerError(
            f"{id}: evidence needs 'source' and 'until' (a year), and may have own, assumes, circular, dataset."
        )
    return dict(record)


def _number(id: str, name: str, number: dict) -> dict:
    try:
        fields = vars(Number(**number | {"as_of": str(number["as_of"])}))
    except (KeyError, TypeError) as error:
        raise LedgerError(f"Number {id}.{name} needs value, unit, as_of and source ({error}).") from None
    return {field: value for field, value in fields.items() if value is not None}


def _fill(id: str, text: str, numbers: dict[str, dict]) -> str:
    try:
        return text.format_map({name: Number(**number) for name, number in numbers.items()})
    except KeyError as error:
        raise LedgerError(f"{id} prints the number {error}, which its card lacks: add it.") from None


# --- what moved since it was last published -----------------------------------------------------------------------


def _moved(id: str, card: Mapping) -> list[dict]:
    lines = []
    for line in card.get("moved", []):
        missing = [field for field in ("date", "what", "was", "now", "why") if not str(line.get(field) or "").strip()]
        if missing:
            raise LedgerError(f"{id} has a line under 'moved' without {', '.join(missing)}: write it.")
        lines.append({"claim": id, **{field: str(line[field]) for field in ("date", "what", "was", "now", "why")}})
    return lines


def published(claim: Mapping) -> dict[str, str]:
    """What a reader can quote of a claim: verdict, confidence and every number as it is printed."""
    numbers = {name: str(Number(**number)) for name, number in claim["numbers"].items()}
    return {"verdict": claim["verdict"], "confidence": claim["confidence"]} | numbers


def lacking(claims: Iterable[Mapping], moved: Iterable[Mapping]) -> list[dict[str, str]]:
    """Changes since the last publication that no line tells of: claim, what, was, now. What is new is no change."""
    last = json.loads((LEDGER / "published.json").read_text(encoding="utf-8"))
    told = {}
    for line in sorted(moved, key=lambda one: one["date"]):
        if line["date"] > last["published"]:
            told[line["claim"], line["what"]] = line["now"]
    found = []
    for claim in claims:
        now = published(claim)
        for what, was in last["claims"].get(claim["id"], {}).items():
            says = now.get(what, DROPPED)
            if told.get((claim["id"], what), was) != says:
                found.append({"claim": claim["id"], "what": what, "was": was, "now": says})
    return found


def _tell_apart(claims: list[dict], moved: list[dict]) -> None:
    if silent := lacking(claims, moved):
        first = silent[0]
        raise LedgerError(
            f"{first['claim']}: {first['what']} was {first['was']!r} and is {first['now']!r} without a line under "
            f"'moved' ({len(silent)} in all): `python -m data.recipes.claims --draft` prints the lines, add the reason."
        )


def draft() -> str:
    """The lines that are lacking, as YAML to paste under each claim's `moved`."""
    claims, moved = _judged(_yaml("articles.yml")["articles"], _sources())
    by_claim: dict[str, list[dict]] = {}
    for line in lacking(claims, moved):
        by_claim.setdefault(line.pop("claim"), []).append({"date": str(date.today()), **line, "why": ""})
    return yaml.safe_dump(by_claim, sort_keys=False, allow_unicode=True, width=118)


def publish(day: str, ledger: Path) -> Path:
    """Keep what the built ledger says as what was published on this day; every change up to then has its line."""
    try:
        date.fromisoformat(day)
    except ValueError:
        raise LedgerError(f"{day!r} is no day: give the day of the release, such as 2027-01-31.") from None
    build(ledger)
    claims = json.loads(ledger.read_text(encoding="utf-8"))["claims"]
    kept = {"published": day, "claims": {claim["id"]: published(claim) for claim in claims}}
    target = LEDGER / "published.json"
    _write(target, kept)
    return target


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case []:
                print(build(ledger_file()))
            case ["--draft"]:
                print(draft())
            case ["--publish", day]:
                print(publish(day, ledger_file()))
            case _:
                raise LedgerError("Say nothing, --draft, or --publish and the day of the release.")
        return 0
    except (LedgerError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
