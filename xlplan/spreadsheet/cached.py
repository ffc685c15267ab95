"""The value of every formula of a workbook, worked out before the workbook is written.

Without it Excel's Protected View, previews and readers of values show 0. It is worked out in a copy that is held in
memory: of the many rows of a sheet it has only the columns that formulas name, and formulas of rows that are alike in
all that they name are worked out once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from xlplan.formula.addresses import column_area, column_number, quoted_sheet, unquoted_sheet
from xlplan.formula.engine import Engine, ErrorValue
from xlplan.spreadsheet.worksheet import OWN_ROW, RowBlock, RowFormula, Sheet

ROWS_AT_ONCE = 4000
"""Rows laid out at once: more would only take more memory."""

_ROWS_SHEET = "\1"
"""The sheet of rows that are alike. No sheet of a workbook can be called so."""
_OWN = re.compile(rf"(?<![A-Z$!])([A-Z]{{1,3}}){OWN_ROW}")
_ELSEWHERE = re.compile(r"(?:'((?:[^']|'')*)'|(\w+))!\$?([A-Z]{1,3})\$?[0-9]+(?::\$?([A-Z]{1,3})\$?[0-9]+)?")


class _Key(NamedTuple):
    """All that the value of a row's formula rests on. 1 and True are equal in Python but not in a sheet."""

    formula: RowFormula
    kinds: tuple[type, ...]
    values: tuple[object, ...]


class _Pending(NamedTuple):
    """A formula of the many rows that has no value yet: its 1-based cell, and where its value goes."""

    cell: tuple[int, int]
    formula: RowFormula
    results: list[object]
    at: int


def fill_in(sheets: Mapping[str, Sheet], texts: Sequence[str]) -> None:
    """Give every formula of `sheets`, by their names, its value. `texts` is the workbook's table of texts."""
    tables = {
        table.name: {
            heading: _down(name, table.left + at, table.top + 1, table.bottom)
            for at, heading in enumerate(table.headings)
        }
        for name, sheet in sheets.items()
        for table in sheet.tables_known
    }
    copy = _MemoryCopy(sheets, texts, tables)
    for sheet in sheets.values():
        if sheet.rows is not None:
            copy.work_out_alike(sheet.rows)
    copy.work_out_others()


def _down(sheet: str, column: int, first: int, last: int) -> str:
    return f"{quoted_sheet(sheet)}!{column_area(column, first, last)}"


def _named(formula: str) -> Iterator[tuple[str, range]]:
    """The cells of other sheets that an explicit formula names: their sheet, and their columns from 0."""
    for quoted, plain, first, last in _ELSEWHERE.findall(formula):
        columns = range(column_number(first) - 1, column_number(last or first))
        yield unquoted_sheet(quoted) or plain, columns


@lru_cache(maxsize=1024)
def _own(formula: RowFormula) -> tuple[int, ...]:
    """The columns (from 0) of its own row that a formula names."""
    return tuple(sorted({column_number(letters) - 1 for letters in _OWN.findall(formula)}))


class _MemoryCopy:
    def __init__(
        self, sheets: Mapping[str, Sheet], texts: Sequence[str], tables: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.sheets = sheets
        self.texts = texts
        self.engine = Engine([*sheets, _ROWS_SHEET], tables)
        self.explicit = cache(self.engine.explicit)
        self.formulas = {
            name: {(row, column): self.engine.explicit(text) for row, column, text in sheet.formulas()}
            for name, sheet in sheets.items()
        }
        self.settled = {
            name for name, sheet in sheets.items() if sheet.rows is None and not self.formulas[name]
        }

    # --- rows that are alike ---

    def work_out_alike(self, rows: RowBlock) -> None:
        """Values of formulas that rest on plain cells of their own row and on sheets without formulas."""
        alone = cache(lambda formula: self._alone(formula, rows))
        for column, results in rows.results.items():
            cells = [line[column] for line in rows.lines]
            keys = [
                _key(cell, line) if isinstance(cell, RowFormula) and alone(cell) else None
                for cell, line in zip(cells, rows.lines, strict=True)
            ]
            left = iter(dict.fromkeys(key for key in keys if key))
            known: dict[_Key | None, object] = {}
            while batch := list(islice(left, ROWS_AT_ONCE)):
                known |= zip(batch, self._worked_out(batch, column), strict=True)
            results[:] = map(known.get, keys)

    def _alone(self, formula: RowFormula, rows: RowBlock) -> bool:
        elsewhere = {name for name, _ in _named(self.explicit(formula))}
        return elsewhere <= self.settled and rows.results.keys().isdisjoint(_own(formula))

    def _worked_out(self, keys: Sequence[_Key], column: int) -> Iterator[object]:
        """Values of `keys`; None where a formula errs, as an error cannot be laid out."""
        engine = Engine([*self.sheets, _ROWS_SHEET], {})
        formulas = {key.formula: self.explicit(key.formula) for key in keys}
        for name in {name for text in formulas.values() for name, _ in _named(text)}:
            engine.put(name, self.sheets[name].values(self.texts))
        engine.put(
            _ROWS_SHEET,
            {
                (row, at + 1): value
                for row, key in enumerate(keys, 1)
                for at, value in zip(_own(key.formula), key.values, strict=True)
            },
        )
        emitted = {(row, column + 1): _in_row(formulas[key.formula], row) for row, key in enumerate(keys, 1)}
        engine.put_formulas(_ROWS_SHEET, emitted)
        engine.work_out()
        found = (engine.value(_ROWS_SHEET, row, column + 1) for row in range(1, len(keys) + 1))
        return (None if isinstance(value, ErrorValue) else value for value in found)

    # --- all others ---

    def work_out_others(self) -> None:
        """Values of all formulas that have none yet."""
        left = {
            name: list(_pending(sheet.rows)) for name, sheet in self.sheets.items() if sheet.rows is not None
        }
        if not any(self.formulas.values()) and not any(left.values()):
            return
        named = self._columns_named(left)
        for name, sheet in self.sheets.items():
            if name in named or self.formulas[name]:
                self.engine.put(name, sheet.values(self.texts))
            if sheet.rows is not None:
                self._lay_out(name, sheet.rows, named.get(name, set()))
        for name, formulas in self.formulas.items():
            self.engine.put_formulas(name, formulas)
        for name, waiting in left.items():
            emitted = {
                pending.cell: _in_row(self.explicit(pending.formula), pending.cell[0]) for pending in waiting
            }
            self.engine.put_formulas(name, emitted)
        self.engine.work_out()
        for name, sheet in self.sheets.items():
            sheet.set_results({at: self.engine.value(name, *at) for at in self.formulas[name]})
            for pending in left.get(name, ()):
                pending.results[pending.at] = self.engine.value(name, *pending.cell)

    def _columns_named(self, left: Mapping[str, Sequence[_Pending]]) -> dict[str, set[int]]:
        """The columns (from 0) of each sheet that formulas name, or may name."""
        named: dict[str, set[int]] = {}
        explicit = [text for formulas in self.formulas.values() for text in formulas.values()]
        for name, waiting in left.items():
            formulas = {pending.formula for pending in waiting}
            named[name] = {column for formula in formulas for column in _own(formula)}
            explicit += map(self.explicit, formulas)
            if self.formulas[name]:  # a formula beside the rows names them without their sheet
                named[name] |= set(range(self.sheets[name].dim_colmax + 1))
        for text in explicit:
            for name, columns in _named(text):
                named.setdefault(name, set()).update(columns)
        return named

    def _lay_out(self, name: str, rows: RowBlock, columns: set[int]) -> None:
        """Those columns of the many rows that are named, as far as their values are known."""
        for column in sorted(columns & set(range(len(rows.styles)))):
            results = rows.results.get(column)
            values = [line[column] for line in rows.lines]
            if results is not None:
                pairs = zip(values, results, strict=True)
                values = [known if value.__class__ is RowFormula else value for value, known in pairs]
            self.engine.put_column(name, rows.first, column + 1, values)


def _in_row(formula: str, row: int) -> str:
    return formula.replace(OWN_ROW, str(row))


def _key(formula: RowFormula, line: Sequence[object]) -> _Key:
    values = tuple(line[column] for column in _own(formula))
    return _Key(formula, tuple(map(type, values)), values)


def _pending(rows: RowBlock) -> Iterator[_Pending]:
    """The formulas of the many rows that have no value yet."""
    for column, results in rows.results.items():
        for at, known in enumerate(results):
            formula = rows.lines[at][column]
            if known is None and isinstance(formula, RowFormula):
                yield _Pending((rows.first + at, column + 1), formula, results, at)
