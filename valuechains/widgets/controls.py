"""Controls: each has a name, a label and a finite list of settings, so that every setting can be tested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, ClassVar


@dataclass(frozen=True)
class Idle:
    """Where a control changes nothing: `where` other controls, or fields of the result, have one of these values.

    why: a sentence that says so to the reader.
    """

    why: str
    where: Mapping[str, Sequence]

    def __init__(self, why: str, **where: Sequence):
        object.__setattr__(self, "why", why)
        object.__setattr__(self, "where", {name: list(values) for name, values in where.items()})

    def holds(self, known: Mapping[str, Any]) -> bool:
        return all(known[name] in values for name, values in self.where.items())


@dataclass(frozen=True)
class Control:
    """`options` maps each value to the text a reader sees; `start` is the value at first and after a reset.

    idle: where the control changes nothing. It is dimmed there, in both lives, and says why.
    """

    name: str
    label: str
    options: Mapping[Any, str]
    start: Any = None
    idle: Sequence[Idle] = ()

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError(f"The control {self.label!r} has nothing to choose from; give it options.")
        object.__setattr__(self, "options", dict(self.options))
        object.__setattr__(self, "start", self.values[0] if self.start is None else self.valid(self.start))

    @property
    def values(self) -> list:
        return list(self.options)

    def offered(self, settings: Mapping[str, Any]) -> Mapping[Any, str]:
        """The options that stand at these settings of the other controls."""
        return self.options

    def valid(self, value: object) -> Any:
        """The setting that `value` names; a ValueError that says what there is, where none does."""
        raise NotImplementedError

    def idles(self, known: Mapping[str, Any]) -> str:
        """Why it changes nothing at these settings and this result; empty where it does."""
        return next((one.why for one in self.idle if one.holds(known)), "")

    def declared(self) -> dict:
        """All that the page's script needs to draw the control."""
        idle = {"idle": [[one.why, one.where] for one in self.idle]} if self.idle else {}
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "start": self.start,
            "options": [[value, text] for value, text in self.options.items()],
            **idle,
        }


class Choice(Control):
    """A list to choose from."""

    kind = "select"

    def valid(self, value: object) -> Any:
        """The option that `value` names; a ValueError that lists the options, where none does."""
        for option in self.options:
            if option == value:
                return option
        raise ValueError(f"{self.label} has no option {value!r}; choose one of {', '.join(map(repr, self.options))}.")


class Dependent(Choice):
    """A list whose options hang on the setting of another control, `of`: some for each of its values."""

    of: str
    offers: Mapping[Any, Mapping[Any, str]]

    def __init__(
        self,
        name: str,
        label: str,
        of: str,
        offers: Mapping[Any, Mapping[Any, str]],
        start: Any = None,
        idle: Sequence[Idle] = (),
    ):
        every = {value: text for given in offers.values() for value, text in given.items()}
        super().__init__(name, label, every, start, idle)
        object.__setattr__(self, "of", of)
        object.__setattr__(self, "offers", offers)

    def offered(self, settings: Mapping[str, Any]) -> Mapping[Any, str]:
        return self.offers[settings[self.of]]

    def declared(self) -> dict:
        offers = [[value, [*map(list, given.items())]] for value, given in self.offers.items()]
        return {**super().declared(), "of": self.of, "offers": offers, "options": []}


class Slider(Control):
    """Numbers in order, to move along; `values` are all its stops, `text` shows one: "{:.0%}", or a function."""

    kind = "range"

    def __init__(
        self,
        name: str,
        label: str,
        values: Iterable[float],
        start: float | None = None,
        text: str | Callable[[Any], str] = "{}",
        idle: Sequence[Idle] = (),
    ):
        shown = text if callable(text) else text.format
        super().__init__(name, label, {value: shown(value) for value in values}, start, idle)

    def valid(self, value: object) -> Any:
        """The stop at `value`; a ValueError that gives the range, where there is none."""
        low, high = self.values[0], self.values[-1]
        if not isinstance(value, Real) or isinstance(value, bool):
            raise ValueError(f"{self.label} takes a number from {low} to {high}, not {value!r}.")
        if not low <= value <= high:
            raise ValueError(f"{self.label} runs from {low} to {high}; {value} is beyond its range.")
        nearest = min(self.values, key=lambda stop: abs(stop - value))
        if abs(nearest - value) > 1e-9 * max(1, abs(nearest)):
            raise ValueError(f"{self.label} has no stop at {value}; the nearest is {nearest}.")
        return nearest


def steps(start: float, stop: float, step: float) -> list[float]:
    """The stops from `start` to `stop`, both in, free of the dust that repeated addition leaves."""
    first, last, by = (Decimal(str(one)) for one in (start, stop, step))
    stops = [first + by * turn for turn in range(int((last - first) / by) + 1)]
    whole = all(one == one.to_integral_value() for one in stops)
    return [int(one) if whole else float(one) for one in stops]
