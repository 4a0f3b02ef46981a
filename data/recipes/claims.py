"""Merge the ledger and our cards into `data/claims.json`.

The ledger's own fields come from `<shared>/claims.json`, or, where that folder is absent, from the stored
`data/claims.json`, so a number corrected in `cards.yml` reaches the book without it.
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from valuechains.evidence import CONFIDENCE, KINDS, VERDICTS, Number, ledger_file

CARDS = Path(__file__).with_name("cards.yml")
FROM_LEDGER = (
    "id",
    "section",
    "paraphrase",
    "stated_figure",
    "who_what_counted",
    "independent_source",
    "independent_value",
    "citations",
    "verdict",
    "verdict_code",
    "confidence",
    "teaching_note",
)
FROM_CARD = ("says", "kind", "counts", "test", "finds", "why_confidence", "would_change_our_mind", "as_of")


class LedgerError(ValueError):
    """The ledger or a card is incomplete; the message names the entry, the field and the remedy."""


def build(shared: Path, out: Path) -> Path:
    """Write the merged ledger to `out` (a file) and return it. The same inputs give the same bytes."""
    cards = yaml.safe_load(CARDS.read_text(encoding="utf-8"))
    source = shared / "claims.json"
    ledger = _ledger(source if source.exists() else ledger_file())
    _same_ids(ledger, cards["claims"])
    merged = {
        "retrieved": str(cards["retrieved"]),
        "articles": cards["articles"],
        "claims": [_merge(entry, cards["claims"][entry["id"]]) for entry in ledger],
    }
    out.write_text(json.dumps(merged, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return out


def _ledger(source: Path) -> list[dict]:
    entries = json.loads(source.read_text(encoding="utf-8"))
    entries = entries["claims"] if isinstance(entries, dict) else entries
    for entry in entries:
        for field in FROM_LEDGER:
            if field not in entry:
                raise LedgerError(f"claims.json: {entry.get('id', 'an entry')} lacks the field {field!r}: add it.")
    return [{field: entry[field] for field in FROM_LEDGER} for entry in entries]


def _same_ids(ledger: list[dict], cards: dict) -> None:
    ids = [entry["id"] for entry in ledger]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise LedgerError(f"claims.json: {', '.join(twice)} appears more than once: give each claim its own id.")
    if set(ids) != set(cards):
        odd = ", ".join(sorted(set(ids) ^ set(cards)))
        raise LedgerError(f"cards.yml and claims.json differ in {odd}: each claim needs one card, each card a claim.")


def _merge(entry: dict, card: dict) -> dict:
    corrections = card.get("corrections", [])
    for correction in corrections:
        entry = _correct(entry, correction)
    for field in FROM_CARD:
        if not str(card.get(field) or "").strip():
            raise LedgerError(f"cards.yml: {entry['id']} has no {field!r}: write it.")
    numbers = {name: _number(entry["id"], name, number) for name, number in card.get("numbers", {}).items()}
    merged = entry | {field: str(card[field]).strip() for field in FROM_CARD}
    merged["finds"] = _fill(entry["id"], merged["finds"], numbers)
    _check(merged)
    return merged | {"numbers": numbers, "corrections": corrections}


def _correct(entry: dict, correction: dict) -> dict:
    """Apply one correction; where it is applied already, nothing changes."""
    field, new, old = correction["field"], correction["to"], correction.get("from")
    if field == "citations":
        kept = [url for url in entry[field] if url != old]
        return entry | {field: kept if new is None or new in kept else [*kept, new]}
    if entry[field] not in (old, new):
        raise LedgerError(f"cards.yml: {entry['id']} corrects {field!r}, which no longer reads as 'from': check it.")
    return entry | {field: new}


def _number(id: str, name: str, number: dict) -> dict:
    try:
        fields = vars(Number(**number | {"as_of": str(number["as_of"])}))
    except (KeyError, TypeError) as error:
        raise LedgerError(f"cards.yml: number {id}.{name} needs value, unit, as_of and source ({error}).") from None
    return {field: value for field, value in fields.items() if value is not None}


def _fill(id: str, text: str, numbers: dict[str, dict]) -> str:
    try:
        return text.format_map({name: Number(**number) for name, number in numbers.items()})
    except KeyError as error:
        raise LedgerError(f"cards.yml: {id} prints the number {error}, which its card lacks: add it.") from None


def _check(entry: dict) -> None:
    allowed = {"verdict_code": VERDICTS, "confidence": CONFIDENCE, "kind": KINDS}
    for field, values in allowed.items():
        if entry[field] not in values:
            raise LedgerError(f"{entry['id']} has {field} {entry[field]!r}: use one of {', '.join(values)}.")
    if entry["verdict"] != VERDICTS[entry["verdict_code"]]:
        raise LedgerError(f"{entry['id']} says {entry['verdict']!r} but codes {entry['verdict_code']}: mend one.")
    for url in entry["citations"]:
        if not url.startswith(("http://", "https://")) or " " in url:
            raise LedgerError(f"{entry['id']} cites {url!r}, which is not an address: correct it in cards.yml.")


if __name__ == "__main__":
    build(ledger_file().parents[2] / "shared", ledger_file())
