"""What the tools say that students start: in the language asked for, in the kit's own, or in English.

Needs Python alone, from 3.6 on, as environment.py does.
"""

import contextlib
import gettext
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
OPENS_IN = LOCALE / "opens-in"  # in a kit: what is spoken where no language is asked for
LANGUAGE = "VALUECHAINS_LANGUAGE"


def languages() -> list:
    """English, and what there are catalogues of."""
    return ["en", *sorted(path.name for path in LOCALE.glob("*_*"))]


def opens_in() -> str:
    """The language of the kit; empty where it has none."""
    with contextlib.suppress(OSError):
        return OPENS_IN.read_text(encoding="utf-8").strip()
    return ""


def say(message: str, **fields: object) -> str:
    """A message with its fields filled in, from the catalogue that lies beside the library once it is compiled."""
    language = os.environ.get(LANGUAGE) or opens_in() or "en"
    return gettext.translation("ours", str(LOCALE), [language], fallback=True).gettext(message).format(**fields)


def to_say(message: str) -> str:
    """A message that stands where nothing is said yet, so that it is collected; `say` says it later."""
    return message
