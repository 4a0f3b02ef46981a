"""Settings of a twin by lot, and whether a page and the model say the same at each."""

from __future__ import annotations

from functools import cache
from random import Random

from keyboard import by_chance

from valuechains import twins
from valuechains.widgets import Grid, Twin

# What the twin's chart holds and says at each setting.
OVER_A_GRID = """async (name, settings) => {
    const { view } = document.getElementById(name).gvc, all = [];
    for (const setting of settings) {
        for (const [signal, value] of Object.entries(setting)) view.signal(signal, value);
        await view.runAsync();
        all.push([view.signal("result"), view.signal("says")]);
    }
    return all;
}"""


def by_lot(twin: Twin, count: int) -> list[dict]:
    """Settings by lot, always the same."""
    lot = Random(twin.name)
    return [by_chance(twin, lot) for _ in range(count)]


def same(found, expected, tolerance: float) -> bool:
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return abs(found - expected) <= tolerance * max(1, abs(expected))
    return (found is None and expected != expected) or found == expected


def differing(twin: Twin, settings: list[dict], found: list) -> list[tuple]:
    """Where the page's result or sentence is not the model's: the setting, and what the page has."""
    exact = 0 if isinstance(twin.page, Grid) else 1e-7

    def agrees(setting, result, says) -> bool:
        expected = twin.result(setting)
        said = says == twin.told(twin.settings(**setting), expected)
        return said and all(same(result[field], value, exact) for field, value in expected.items())

    return [(setting, *one) for setting, one in zip(settings, found, strict=True) if not agrees(setting, *one)]


@cache
def declared() -> dict[str, Twin]:
    """The book's twins as they are declared now."""
    made = [getattr(twins, name)() for name in twins.__all__]
    return {twin.name: twin for twin in (*made, *(twins.every_way(of) for of in ("regional", "partners")))}
