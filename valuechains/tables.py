"""The inter-country input-output table: build it, check it, aggregate it.

A table has C economies and S industries, n = C x S rows, all industries of the first economy first.
`Z[i, j]` is what row i sells to industry j, `F[i, c]` what row i sells to the final users of economy c.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from valuechains import datasets

FINAL = "final"  # the name of final demand among the uses, in files
COMPLETE = (2019, 2020)  # the years of complete tables
PUBLISHED = ("output", "value_added")  # what a file may state beside its flows
RECENT = 2020  # the year of a compact table beside those of 1995-2011
ROUNDED = 1.0  # US$ million: what cells kept to US$ 10,000 may miss of a published total


class TableError(ValueError):
    """A table that cannot be read or does not hold together; the message says what, where, and what to do."""


class UnknownCode(KeyError):
    """An economy, an industry or a toy world that does not exist."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """An inter-country input-output table of one year.

    Z: (n, n) intermediate flows; F: (n, C) final demand by economy; both in `unit`, row sells to column.
    Gross output is defined as the sum of a row, so rows balance exactly; value added is output less inputs.
    Raises TableError when shapes and codes disagree or a code appears twice.
    """

    Z: np.ndarray
    F: np.ndarray
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    year: int | None = None
    unit: str = "US$ million"

    def __post_init__(self) -> None:
        for name in ("Z", "F"):
            cells = np.array(getattr(self, name), dtype=float)
            cells.flags.writeable = False  # x and va are kept once computed
            object.__setattr__(self, name, cells)
        for name in ("countries", "industries"):
            codes = tuple(getattr(self, name))
            object.__setattr__(self, name, codes)
            _refuse_duplicates(codes, name)
        n = len(self.countries) * len(self.industries)
        for name, shape in (("Z", (n, n)), ("F", (n, len(self.countries)))):
            if getattr(self, name).shape != shape:
                raise TableError(
                    f"{name} has shape {getattr(self, name).shape}, but {len(self.countries)} economies and "
                    f"{len(self.industries)} industries need {shape}: complete the table or correct the codes."
                )

    def __repr__(self) -> str:
        size = f"{len(self.countries)} economies x {len(self.industries)} industries"
        return f"Table({', '.join([size, *([str(self.year)] if self.year else []), self.unit])})"

    @cached_property
    def x(self) -> np.ndarray:
        """Gross output, (n,)."""
        return self.Z.sum(axis=1) + self.F.sum(axis=1)

    @cached_property
    def va(self) -> np.ndarray:
        """Value added, (n,): output less intermediate inputs."""
        return self.x - self.Z.sum(axis=0)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Row names such as "CHN.c14", (n,)."""
        return tuple(f"{country}.{industry}" for country in self.countries for industry in self.industries)

    def index(self, country: str, industry: str) -> int:
        """Row (and column) of one industry of one economy."""
        return self.block(country).start + _position(self.industries, industry, "industry")

    def block(self, country: str) -> slice:
        """Rows (and columns) of one economy."""
        start = _position(self.countries, country, "economy") * len(self.industries)
        return slice(start, start + len(self.industries))

    def mask(self, industries: Iterable[str]) -> np.ndarray:
        """Which of the S industries are in the list, (S,) of booleans."""
        chosen = [_position(self.industries, industry, "industry") for industry in industries]
        return np.isin(np.arange(len(self.industries)), chosen)

    def frame(self) -> pd.DataFrame:
        """The table as one sees it on paper, in the wide form that `read_csv` reads: Z, final demand, output."""
        wide = pd.DataFrame(self.Z, index=self.labels, columns=self.labels)
        users = pd.DataFrame(self.F, index=self.labels, columns=[f"{FINAL}.{country}" for country in self.countries])
        return wide.join(users).assign(output=self.x)

    def aggregate(
        self, countries: Mapping[str, str] | None = None, industries: Mapping[str, str] | None = None
    ) -> Table:
        """Add economies or industries together: {"JPN": "ASIA", "KOR": "ASIA"}.

        Codes left out of a mapping stay as they are, after those it names; new codes come in the mapping's order.
        Raises UnknownCode when a mapping names a code that the table does not have.
        """
        new_countries, G = _grouping(self.countries, countries or {}, "economy")
        new_industries, H = _grouping(self.industries, industries or {}, "industry")
        K = np.kron(G, H)
        return Table(K @ self.Z @ K.T, K @ self.F @ G.T, new_countries, new_industries, self.year, self.unit)

    def validate(
        self,
        output: np.ndarray | None = None,
        value_added: np.ndarray | None = None,
        *,
        rtol: float = 1e-3,
        atol: float = 0.0,
    ) -> Table:
        """Check the table, against published output and value added if given; return it.

        output, value_added: (n,) as published. A row (column) balances when it differs from the published
        figure by no more than `atol` (in the table's unit, for rounding) plus `rtol` of output.
        Allowed: negative final demand (inventories run down), and an industry with no output.
        Raises TableError naming the first cell, row or economy at fault.
        """
        users = [f"{FINAL}.{country}" for country in self.countries]
        _refuse_cells(~np.isfinite(self.Z), self.labels, self.labels, "is not a number")
        _refuse_cells(~np.isfinite(self.F), self.labels, users, "is not a number")
        _refuse_cells(self.Z < 0, self.labels, self.labels, "is negative: an intermediate flow cannot be")
        _refuse_rows(self.x < -atol, self.labels, self.x, "has negative output")
        slack = atol + rtol * np.abs(self.x)
        for published, own, what in ((output, self.x, "row"), (value_added, self.va, "column")):
            if published is not None:
                gap = np.asarray(published, dtype=float) - own
                fault = f"does not balance: its {what} differs from the published figure by"
                _refuse_rows(~(np.abs(gap) <= slack), self.labels, gap, fault)
        return self


@dataclass(frozen=True, eq=False, repr=False)
class Home:
    """What the industries of one economy make at home, in US$ million: a national table without what is imported.

    Z: (S, S) home-made inputs, row sells to column; final, exports, x: (S,) home-made final use at home, exports,
    output; v: (S,) value added per unit of output, taxes on inputs included. The rest of a unit of output is imported.
    """

    country: str
    industries: tuple[str, ...]
    Z: np.ndarray
    final: np.ndarray
    exports: np.ndarray
    x: np.ndarray
    v: np.ndarray


def load_home(country: str) -> Home:
    """The home-made part of an economy's national table of 2022, 50 industries.

    The table shows home-made and imported inputs together. Every use of a product at home is taken to be imported in
    the proportion in which the economy imports it, imports / (output - exports + imports).
    Source: OECD Input-Output Tables, 2025 edition; see data/README.md. Raises UnknownCode for an economy without table.
    """
    every = datasets.read("national_tables_2022")
    _position(tuple(every["country"].unique()), country, "economy")
    table = every[every["country"] == country].set_index("industry")
    rates = datasets.read("iot_exports_by_industry", country=country).set_index("industry").loc[table.index]
    x, exports, imports = (column.to_numpy(float) for column in (rates["output"], table["exports"], table["imports"]))
    used = x - exports + imports
    made = 1 - np.divide(imports, used, out=np.zeros_like(used), where=used != 0)
    Z = made[:, None] * table[list(table.index)].to_numpy(float)
    v = (rates["va_rate"] + rates["product_tax_rate"]).fillna(0).to_numpy()
    return Home(country, tuple(table.index), Z, made * table["final"].to_numpy(float), exports, x, v)


def toy(name: str) -> Table:
    """A small world to work by hand: "W0" (2 economies, 1 industry), "W1" (2 x 2) or "W2" (3 x 3).

    In W2, A assembles, B has the headquarters, C the resources; P is primary, M manufacturing, S services.
    """
    if name not in _TOYS:
        raise UnknownCode(f"There is no toy world {name!r}: choose one of {', '.join(_TOYS)}.")
    countries, industries, Z, F = _TOYS[name]
    return Table(np.array(Z), np.array(F), tuple(countries), tuple(industries), unit="units of money")


def load(year: int) -> Table:
    """A complete real table in US$ million: 2020 (77 economies x 11 groups of industries) or 2019 (20 x 20 sections).

    In these tables an industry's inputs are before the taxes on them, so `va`, output less inputs, holds the net
    product taxes that the industry pays: v = (value added + taxes) / x, as in the OECD's own indicators. The two stand
    apart in datasets.read("inter_country_accounts"), against which the table is checked.
    Source: OECD ICIO, 2023 edition, added up by J. Alonso-Ortiz; see data/README.md.
    Raises datasets.UnknownDataset, a KeyError, for another year, TableError when cells and accounts disagree.
    """
    if year not in COMPLETE:
        raise datasets.UnknownDataset(
            f"There is no complete table of {year!r}: choose {' or '.join(map(str, COMPLETE))}, "
            "or a compact one, tables.load_compact."
        )
    table = from_uses(datasets.read(f"inter_country_table_{year}"), year=year)
    accounts = datasets.read("inter_country_accounts", year=year)
    if [*zip(accounts["country"], accounts["industry"], strict=True)] != [
        (country, industry) for country in table.countries for industry in table.industries
    ]:
        raise TableError(f"The accounts of {year} name other industries than the table: restore the data folder.")
    paid = (accounts["value_added"] + accounts["product_taxes"]).to_numpy()
    return table.validate(accounts["output"].to_numpy(), paid, rtol=0.0, atol=ROUNDED)


def load_compact(year: int) -> Table:
    """A compact real table of one year in US$ million: 12 economies x 13 sectors, 1995-2011, or x 11 groups, 2020.

    The groups of 2020 are coarser in goods and other in services: compare shares within a source, not across.
    Source: WIOD 2013 release (Timmer et al. 2015); 2020: OECD ICIO, 2023 edition (see `load` on its taxes); aggregated,
    see data/README.md.
    Raises datasets.UnknownDataset, a KeyError, for a year that is in neither file.
    """
    if year == RECENT:
        return from_uses(datasets.read("inter_country_table_2020_compact"), year=year)
    try:
        return from_long(datasets.read("inter_country_table", year=year), year=year)
    except datasets.UnknownDataset as unknown:
        raise datasets.UnknownDataset(f"{str(unknown).removesuffix('.')}, or {RECENT}.") from None


def reference() -> Table:
    """China, India, Japan and the rest of the world, three industries: a real table with published results.

    Source: Asian Development Bank MRIO, as aggregated by Bhusal, gvcAnalyzer (MIT); about 2019.
    """
    return from_wide(datasets.read("reference_table"))


def read_csv(path: str | Path, *, year: int | None = None, unit: str = "US$ million", atol: float = 0.0) -> Table:
    """Read your own table from a CSV file in wide form.

    The first column holds row names "economy.industry"; then come the same names as columns, then one
    "final.economy" for each economy, then (if you have them) `output` and `value_added`, which are checked.
    Raises TableError naming the row and column at fault.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise TableError(f"{Path(path).name} is not a readable CSV file ({error}): save it again.") from error
    return from_wide(frame, year=year, unit=unit, atol=atol)


def from_wide(frame: pd.DataFrame, *, year: int | None = None, unit: str = "US$ million", atol: float = 0.0) -> Table:
    """A table from a frame in the wide form that `read_csv` describes."""
    frame = frame.set_index(frame.columns[0])
    labels = [str(label) for label in frame.index]
    _refuse_empty(frame)
    _refuse_duplicates(labels, "rows")
    countries, industries = _codes(labels)
    users = [f"{FINAL}.{country}" for country in countries]
    for column in (*labels, *users):
        if column not in frame.columns:
            raise TableError(f"There is no column {column!r}: the file is cut short or a name is misspelt.")
    published = [name for name in PUBLISHED if name in frame.columns]
    for column in frame.columns:
        if column not in {*labels, *users, *published}:
            raise TableError(f"Column {column!r} has no row of that name: the file is cut short or a name is misspelt.")
    cells = _numbers(frame[[*labels, *users, *published]])
    table = Table(cells[labels].to_numpy(), cells[users].to_numpy(), countries, industries, year, unit)
    output, value_added = (cells[name].to_numpy() if name in published else None for name in PUBLISHED)
    return table.validate(output=output, value_added=value_added, atol=atol)


def from_long(frame: pd.DataFrame, *, year: int | None = None, unit: str = "US$ million") -> Table:
    """A table from tidy rows: from_country, from_industry, to_country, to_use, value.

    `to_use` is an industry code or "final". Codes keep the order in which they first sell; a pair that has
    no row is a zero flow.
    Raises TableError for a pair that appears twice or a code that buys and never sells.
    """
    _refuse_empty(frame)
    key = ["from_country", "from_industry", "to_country", "to_use"]
    twice = frame.duplicated(key)
    if twice.any():
        raise TableError(f"The flow {' '.join(frame.loc[twice, key].iloc[0])} appears twice: keep one row of it.")
    countries, industries = (tuple(frame[name].unique()) for name in ("from_country", "from_industry"))
    for column, known in (("to_country", countries), ("to_use", (*industries, FINAL))):
        strange = set(frame[column]) - set(known)
        if strange:
            raise TableError(f"{column} names {min(strange)}, which sells nothing: the file is cut short or misspelt.")
    cells = np.zeros((len(countries), len(industries), len(countries), len(industries) + 1))
    uses = pd.Index((*industries, FINAL)).get_indexer(pd.Index(frame["to_use"]))
    cells[(*_places(frame, countries, industries), uses)] = pd.to_numeric(frame["value"], errors="coerce")
    return _from_cells(cells, countries, industries, year, unit)


def from_uses(frame: pd.DataFrame, *, year: int | None = None, unit: str = "US$ million") -> Table:
    """A table from rows from_country, from_industry, to_country with one column for each use: the industries and final.

    A row that is left out is a row of zeros. Raises TableError when a row comes twice, when the sellers are not the
    buyers, or when a cell is not a number.
    """
    _refuse_empty(frame)
    keys = ["from_country", "from_industry", "to_country"]
    twice = frame.duplicated(keys)
    if twice.any():
        raise TableError(f"The row {' '.join(frame.loc[twice, keys].iloc[0])} appears twice: keep one of it.")
    countries, industries = (tuple(frame[name].unique()) for name in ("from_country", "from_industry"))
    uses = [column for column in frame.columns if column not in keys]
    for one, other, what in (
        (countries, frame["to_country"].unique(), "economies"),
        ([*industries, FINAL], uses, "industries"),
    ):
        odd = sorted({*one} ^ {*other})
        if odd:
            raise TableError(f"{odd[0]} is not both among the {what} that sell and that buy: the file is cut short.")
    cells = np.zeros((len(countries), len(industries), len(countries), len(industries) + 1))
    cells[_places(frame, countries, industries)] = frame[[*industries, FINAL]].apply(pd.to_numeric, errors="coerce")
    return _from_cells(cells, countries, industries, year, unit)


def _places(
    frame: pd.DataFrame, countries: Sequence[str], industries: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each row stands among selling economies, selling industries and buying economies."""
    return (
        pd.Index(countries).get_indexer(pd.Index(frame["from_country"])),
        pd.Index(industries).get_indexer(pd.Index(frame["from_industry"])),
        pd.Index(countries).get_indexer(pd.Index(frame["to_country"])),
    )


def _from_cells(
    cells: np.ndarray, countries: tuple[str, ...], industries: tuple[str, ...], year: int | None, unit: str
) -> Table:
    """The table, checked, of cells (C, S, C, S + 1): seller, its industry, buyer, and the use, final demand last."""
    C, S = len(countries), len(industries)
    Z, F = cells[..., :S].reshape(C * S, C * S), cells[..., S].reshape(C * S, C)
    return Table(Z, F, countries, industries, year, unit).validate()


def _position(codes: Sequence[str], code: str, kind: str) -> int:
    try:
        return codes.index(code)
    except ValueError:
        raise UnknownCode(f"There is no {kind} {code!r} in this table: choose one of {', '.join(codes)}.") from None


def _grouping(codes: tuple[str, ...], mapping: Mapping[str, str], kind: str) -> tuple[tuple[str, ...], np.ndarray]:
    """New codes and the 0-1 matrix (new x old) that adds old codes up."""
    for code in mapping:
        _position(codes, code, kind)
    targets = [mapping.get(code, code) for code in codes]
    new = tuple(dict.fromkeys([*mapping.values(), *targets]))
    return new, (np.array(new)[:, None] == np.array(targets)).astype(float)


def _codes(labels: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Economies and industries of rows named "economy.industry", which must come economy by economy."""
    pairs = [label.partition(".")[::2] for label in labels]
    countries, industries = (tuple(dict.fromkeys(codes)) for codes in zip(*pairs, strict=True))
    for label, expected in zip(labels, (f"{c}.{i}" for c in countries for i in industries), strict=False):
        if label != expected:
            raise TableError(f"Row {label!r} stands where {expected!r} belongs: a row is missing or out of order.")
    if len(labels) != len(countries) * len(industries):
        raise TableError(f"The rows of {countries[-1]} end at {labels[-1]!r}: the file is cut short.")
    return countries, industries


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.apply(pd.to_numeric, errors="coerce")
    wrong = np.argwhere(numbers.isna().to_numpy())
    if len(wrong):
        i, j = wrong[0]
        raise TableError(
            f"Row {frame.index[i]!r}, column {frame.columns[j]!r} holds {frame.iat[i, j]!r}, not a number: correct it."
        )
    return numbers


def _refuse_empty(frame: pd.DataFrame) -> None:
    if frame.empty:
        raise TableError("The table has no rows: the file is cut short, or a selection left nothing.")


def _refuse_duplicates(codes: Sequence[str], what: str) -> None:
    twice = [code for k, code in enumerate(codes) if code in codes[:k]]
    if twice:
        raise TableError(f"{twice[0]!r} appears twice among the {what}: every code must be its own.")


def _refuse_cells(wrong: np.ndarray, rows: Sequence[str], columns: Sequence[str], fault: str) -> None:
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        raise TableError(f"The cell in row {rows[i]}, column {columns[j]} {fault}.")


def _refuse_rows(wrong: np.ndarray, rows: Sequence[str], amounts: np.ndarray, fault: str) -> None:
    if wrong.any():
        i = int(np.argmax(wrong))
        raise TableError(f"{rows[i]} {fault} {amounts[i]:,.6g}: check its flows.")


_TOYS = {
    "W0": ("NT", "G", [[20, 30], [10, 40]], [[40, 10], [20, 30]]),
    "W1": (
        "NT",
        "GS",
        [[20, 5, 15, 5], [20, 10, 5, 5], [10, 5, 30, 10], [5, 0, 10, 10]],
        [[35, 20], [55, 5], [20, 25], [0, 75]],
    ),
    "W2": (
        "ABC",
        "PMS",
        [
            [10, 30, 5, 0, 4, 1, 0, 2, 0],
            [8, 60, 20, 2, 24, 8, 3, 10, 5],
            [4, 36, 30, 0, 4, 3, 0, 2, 2],
            [0, 3, 0, 12, 20, 4, 0, 1, 0],
            [2, 30, 6, 6, 70, 24, 2, 8, 4],
            [1, 26, 8, 6, 60, 80, 1, 5, 6],
            [2, 24, 2, 2, 20, 2, 8, 14, 2],
            [0, 6, 2, 0, 5, 2, 3, 12, 6],
            [0, 2, 1, 0, 2, 2, 4, 10, 20],
        ],
        [
            [14, 2, 2],
            [90, 60, 20],
            [150, 6, 3],
            [1, 12, 2],
            [20, 130, 18],
            [12, 300, 10],
            [4, 8, 12],
            [3, 4, 40],
            [1, 3, 90],
        ],
    ),
}
