"""Runs of words of a source text, as hashes, so that copying from it can be found where the text itself is absent.

python tools/article_runs.py TEXT...        writes tests/fixtures/article_runs.txt
"""

import argparse
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "tests" / "fixtures" / "article_runs.txt"
LENGTH = 8
NAMES_AND_TITLES = (  # may be repeated word for word
    "Services: From embedding to shaping global value chains",
    "Center for Digital Development and Governance at Zhejiang University",
    "Wang Xiaoyi is a deputy director of the Center for Digital Development and Governance at Zhejiang University",
)


def words(text: str) -> list[str]:
    """The words of a text without case, accents, apostrophes and punctuation."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=\w)'(?=\w)", "", plain))


def runs(text: str, length: int = LENGTH) -> Iterator[str]:
    """Every run of that many words in a row."""
    sequence = words(text)
    return (" ".join(sequence[start : start + length]) for start in range(len(sequence) - length + 1))


def digest(run: str) -> str:
    """SHA-256 of a run; 16 hexadecimal digits are enough to tell some thousand runs apart."""
    return hashlib.sha256(run.encode()).hexdigest()[:16]


def digests(text: str) -> set[str]:
    """Hashes of all runs of a source text that are not part of a name or title."""
    allowed = {run for title in NAMES_AND_TITLES for run in runs(title)}
    return {digest(run) for run in runs(text) if run not in allowed}


def copied(text: str, known: set[str]) -> list[str]:
    """The runs of `text` whose hashes are known."""
    return [run for run in runs(text) if digest(run) in known]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="+", type=Path, help="source texts that must not be copied from")
    parser.add_argument("-o", "--out", type=Path, default=FIXTURE)
    options = parser.parse_args()
    for text in options.texts:
        if not text.is_file():
            parser.error(f"there is no text {text}")
    found = set().union(*(digests(text.read_text(encoding="utf-8")) for text in options.texts))
    options.out.write_text("".join(f"{line}\n" for line in sorted(found)), encoding="ascii")
    print(f"{len(found)} runs of {LENGTH} words in {options.out}")


if __name__ == "__main__":
    main()
