"""What a variable holds, as plain values: the one reader of answers, for the check and for marking.

    plain(value)       # lists, words, numbers and days as JSON; what JSON has no word for is {"$": kind, "is": ...}
    restored(written)  # the value again, in types that `plain` reads in the same way

`plain` takes whatever Python, numpy and pandas have for numbers, words and rows of them, and never raises.
"""

from __future__ import annotations

import datetime
import math
import numbers
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

MOST = 10_000  #: entries that are read of one list: no answer has so many
DEPTH = 12  #: lists in lists
LABELLED = ("dict", "series", "frame")


def plain(value: object, depth: int = DEPTH) -> object:
    """A value as JSON."""
    try:
        return _plain(value, depth)
    except Exception:  # the value is the student's: its methods can raise anything
        return _other(value)


def read_once(value: object) -> object:
    """What can be read only once (a generator, a map) as a list, to be kept in its place; anything else as it is."""
    if not isinstance(value, Iterator):
        return value
    try:
        return list(islice(value, MOST + 1))
    except Exception:  # of the student's own code
        return value


def restored(written: object, depth: int = DEPTH + 4) -> object:
    """The value that `plain` wrote down. Raises ValueError for what it cannot have written."""
    if depth == 0:
        raise ValueError("lists in lists in lists")
    if written is None or isinstance(written, (bool, int, float)):
        return written
    if isinstance(written, str):
        return clean(written)
    if isinstance(written, list):
        return [restored(item, depth - 1) for item in written]
    if not isinstance(written, Mapping):
        raise ValueError("no value")
    kind, content = written.get("$"), written.get("is")
    if kind == "dots":
        return ...
    if kind == "float" and content in ("nan", "inf", "-inf"):
        return float(content)
    if kind == "other" and isinstance(content, str):
        return type(content if content.isidentifier() else "object", (), {})()
    if kind == "set" and isinstance(content, list):
        return {_hashable(restored(item, depth - 1)) for item in content}
    if kind in LABELLED and isinstance(content, list):
        return _labelled(str(kind), content, written.get("columns"), depth)
    raise ValueError("no value")


def clean(text: str) -> str:
    """Text that can be written to a file: without halves of characters, and without colours."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x1b", "")


def _plain(value: object, depth: int) -> object:
    if depth == 0:
        return {"$": "other", "is": "list"}
    if value is ...:
        return {"$": "dots"}
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if value is pd.NA or value is pd.NaT or value is np.ma.masked:
        return _float(math.nan)
    if isinstance(value, (datetime.date, np.datetime64, pd.Period)):
        return str(value)
    if isinstance(value, numbers.Number):
        return _number(value)
    return _rows(value, depth)


def _rows(value: object, depth: int) -> object:
    if isinstance(value, np.void) and value.dtype.names:  # a row of a table of records
        value = {name: value[name] for name in value.dtype.names}
    if isinstance(value, pd.DataFrame):
        rows = [[label(row), _listed(items, depth)] for row, items in zip(value.index, value.to_numpy(object))]
        return {"$": "frame", "is": rows, "columns": [label(column) for column in value.columns]}
    if isinstance(value, Mapping) or (isinstance(value, pd.Series) and not isinstance(value.index, pd.RangeIndex)):
        kind = "dict" if isinstance(value, Mapping) else "series"
        return {"$": kind, "is": [[label(key), plain(item, depth - 1)] for key, item in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"$": "set", "is": sorted(_listed(value, depth), key=repr)}
    if isinstance(value, (bytes, bytearray, memoryview)) or not isinstance(value, Iterable):
        return _other(value)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return plain(value.item(), depth)
    if isinstance(value, np.matrix):  # its rows are matrices
        value = value.A
    return _listed(value, depth)


def label(key: object) -> str:
    """The name of an entry as text: of a key, of a row, of several levels of rows."""
    if isinstance(key, tuple):
        return " ".join(map(label, key))
    if isinstance(key, float) and key.is_integer():
        key = int(key)
    return str(key) if isinstance(key, (str, numbers.Number, datetime.date)) else type(key).__name__


def _listed(value: Iterable, depth: int) -> list:
    items = list(islice(value, MOST + 1))
    if len(items) > MOST:
        raise OverflowError("more than an answer can have")
    return [plain(item, depth - 1) for item in items]


def _number(value: Any) -> object:
    """An int or a float. A number of lower precision is the number that it shows: 0.3, and not 0.30000001192."""
    if isinstance(value, numbers.Integral) and abs(int(value)) < 2**63:
        return int(value)
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return _float(float(value.real)) if value.imag == 0 else {"$": "other", "is": "complex"}
    try:
        return _float(float(str(value)) if isinstance(value, np.floating) else float(value))
    except OverflowError:
        return _float(math.inf if value > 0 else -math.inf)


def _float(value: float) -> object:
    return value if math.isfinite(value) else {"$": "float", "is": repr(value)}


def _other(value: object) -> dict:
    return {"$": "other", "is": clean(type(value).__name__)[:40]}


def _labelled(kind: str, content: list, columns: object, depth: int) -> object:
    if not all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in content):
        raise ValueError("no value")
    keys = [clean(pair[0]) for pair in content]
    items = [restored(pair[1], depth - 1) for pair in content]
    if kind == "dict":
        return dict(zip(keys, items))
    if kind == "series":
        return pd.Series(items, index=keys, dtype=object)
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        raise ValueError("no value")
    return pd.DataFrame(items, index=keys, columns=[clean(column) for column in columns], dtype=object)


def _hashable(item: object) -> object:
    return tuple(map(_hashable, item)) if isinstance(item, list) else item
