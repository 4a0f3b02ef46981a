"""Sentences with numbers in them, which Python and the browser write alike, letter for letter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_TERM = r"format\((?:result|chosen)\.\w+, '[^']*'\)|(?:result|chosen)\.\w+|'(?:[^'\\]|\\.)*'"
WRITTEN = re.compile(rf"(?:{_TERM})(?: \+ (?:{_TERM}))*")  # a sentence as `Sentence.expression` writes it
PART = re.compile(r"format\((\w+\.\w+), '([^']*)'\)|(\w+\.\w+)|'((?:[^'\\]|\\.)*)'")
FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")
FORM = re.compile(r"(\+?)(,?)\.(\d)([f%])")


def number(value: float, form: str) -> str:
    """A number as d3-format writes it in the browser: halves away from zero, and a true minus sign."""
    found = FORM.fullmatch(form)
    if found is None:
        raise ValueError(f"A number cannot be written as {form!r}: use a form such as '.1f', '+,.0f' or '.1%'.")
    sign, comma, digits, kind = found.groups()
    exact = Decimal(float(value) * 100 if kind == "%" else float(value))
    size = abs(exact).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    if exact.is_signed() and (size or sign):
        sign = "\N{MINUS SIGN}"
    return sign + format(size, f"{comma}f") + kind.replace("f", "")


def literal(value: object) -> str:
    """A value as it stands in a Vega expression."""
    if isinstance(value, str):
        return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return json.dumps(value, ensure_ascii=False)


def unquoted(written: str) -> str:
    """The value of a text that `literal` wrote."""
    return json.loads('"' + written.replace("\\'", "'").replace('"', '\\"') + '"')


@dataclass(frozen=True)
class Sentence:
    """A template such as "{economy}: {quadratic:+.3f}": fields are texts, or numbers with a form."""

    template: str

    def __post_init__(self) -> None:
        for name, form in FIELD.findall(self.template):
            if form and not FORM.fullmatch(form):
                raise ValueError(
                    f"{{{name}:{form}}} is no form that both lives can write; "
                    "use one such as {x:+.3f}, {x:,.0f} or {x:.1%}."
                )

    @property
    def fields(self) -> set[str]:
        return {name for name, _ in FIELD.findall(self.template)}

    def text(self, values: Mapping[str, Any]) -> str:
        def fill(match: re.Match) -> str:
            name, form = match.groups()
            if values[name] is None:
                raise ValueError(
                    f"The sentence {self.template!r} needs {name!r}, which this setting has not; "
                    "give the setting a case with a sentence of its own."
                )
            return number(values[name], form) if form else str(values[name])

        return FIELD.sub(fill, self.template)

    def expression(self, sources: Mapping[str, str]) -> str:
        """The sentence as a Vega expression; `sources` gives the expression of each field."""
        pieces = FIELD.split(self.template)  # text, name, form, text, name, form, ..., text
        written = [literal(pieces[0])]
        for name, form, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            written += [f"format({sources[name]}, {literal(form)})" if form else sources[name], literal(text)]
        return " + ".join(part for part in written if part != "''") or "''"

    @classmethod
    def of(cls, expression: str) -> tuple[Sentence, dict[str, str]]:
        """The sentence that `expression` wrote, and the expression of each of its fields."""
        template, sources = "", {}
        for source, form, bare, text in PART.findall(expression):
            if source or bare:
                name = (source or bare).partition(".")[2]
                sources[name] = source or bare
                template += f"{{{name}:{form}}}" if form else f"{{{name}}}"
            else:
                template += unquoted(text)
        return cls(template), sources


def retold(expression: str, tell: Callable[[Sentence, dict[str, str]], str]) -> str:
    """A Vega expression in which `tell` has written each sentence anew, given the expressions of its fields."""

    def anew(found: re.Match) -> str:
        sentence, sources = Sentence.of(found[0])
        plain = not sources or FIELD.sub("", sentence.template) == ""  # a text or a field by itself
        return found[0] if plain else tell(sentence, sources)

    return WRITTEN.sub(anew, expression)
