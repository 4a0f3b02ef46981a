"""What the lives of a twin, on the page and in JupyterLab, ask of it: of its declaration they know no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import pandas as pd

from valuechains.widgets.controls import Control


class Readout(NamedTuple):
    """What a twin shows at one setting: numbers and texts, frames, and the sentence that says it."""

    settings: dict[str, Any]
    result: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    says: str


class Declared(Protocol):
    """A declared twin (`widgets.Twin`, which says what each of these is)."""

    @property
    def name(self) -> str: ...

    @property
    def controls(self) -> Mapping[str, Control]: ...

    @property
    def page(self) -> Any: ...

    def settings(self, **changes: object) -> dict[str, Any]: ...

    def fitting(self, settings: Mapping[str, Any]) -> dict[str, Any]: ...

    def settings_of(self, names: Sequence[str]) -> Iterator[dict[str, Any]]: ...

    def result(self, settings: Mapping[str, Any]) -> dict[str, Any]: ...

    def rows(self, name: str, settings: Mapping[str, Any]) -> pd.DataFrame: ...

    def kept(self, rows: pd.DataFrame) -> pd.DataFrame: ...

    def read(self, **changes: object) -> Readout: ...

    def signals(self, reading: Readout) -> dict[str, Any]: ...

    def live(self) -> dict: ...
