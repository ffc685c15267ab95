"""A workbook held in memory, to work out its formulas: formualizer does it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeVar

import formualizer

ERRORS = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
Held = TypeVar("Held")

CELLS_AT_ONCE = 4000
"""Cells handed over together: more would only take more memory."""
LONG = 10
"""Cells one below the other that are laid out faster together than one by one."""

_STRING_OR_COLUMN = re.compile(r'"(?:[^"]|"")*"|(\w+)\[(?:\[((?:\'.|[^\[\]\'])*)\]|([^\[\]]*))\]')


class ErrorValue(str):
    """What a formula gives that errs, as a cell shows it: #DIV/0!"""

    __slots__ = ()


class Engine:
    """Sheets of values and formulas. Rows and columns are 1-based; days are serial numbers.

    `tables` are the Excel tables by name: each column's heading and absolute range. formualizer finds no INDEX in
    a table's column, so ranges are put in its place.
    """

    def __init__(self, sheets: Iterable[str], tables: Mapping[str, Mapping[str, str]]) -> None:
        self._tables = tables
        self._book = formualizer.Workbook()
        self._book.set_changelog_enabled(False)  # nothing is undone here, and it doubles time and memory
        self._book.set_temporal_egress("serial")
        for one in sheets:
            self._book.add_sheet(one)

    def explicit(self, formula: str) -> str:
        """The formula with the range of each table's column in place of its name."""
        return _STRING_OR_COLUMN.sub(self._range, formula) if "[" in formula else formula

    def _range(self, found: re.Match[str]) -> str:
        name, escaped, plain = found.groups()
        if name not in self._tables:
            return found[0]
        return self._tables[name][re.sub("'(.)", r"\1", escaped) if escaped is not None else plain]

    def put(self, sheet: str, cells: Mapping[tuple[int, int], object]) -> None:
        """Lay out values by row and column."""
        for row, column, run in _runs(cells):
            if len(run) < LONG:
                for at, value in enumerate(run, row):
                    self._book.set_value(sheet, at, column, value)
            else:
                self.put_column(sheet, row, column, run)

    def put_column(self, sheet: str, row: int, column: int, values: Sequence[object]) -> None:
        """Lay out values one below the other."""
        for at in range(0, len(values), CELLS_AT_ONCE):
            part = [[one] for one in values[at : at + CELLS_AT_ONCE]]
            self._book.set_values_batch(sheet, row + at, column, part)

    def put_formulas(self, sheet: str, cells: Mapping[tuple[int, int], str]) -> None:
        """Lay out formulas by row and column, without their leading `=` and as `explicit` gives them.

        In runs: one by one takes twenty times as long as soon as there are runs of values.
        """
        for row, column, run in _runs(cells):
            self._book.set_formulas_batch(sheet, row, column, [[f"={one}"] for one in run])

    def work_out(self) -> None:
        """Evaluate every formula."""
        self._book.evaluate_all()

    def value(self, sheet: str, row: int, column: int) -> bool | float | str:
        """What a formula gives; ErrorValue where it errs."""
        found = self._book.get_value(sheet, row, column)
        match found:
            case bool() | int() | float() | str():
                return found
            case None:
                return ""
            case dict():
                return ErrorValue(ERRORS.get(str(found.get("kind")), "#VALUE!"))
            case _:
                raise TypeError(found)


def _runs(cells: Mapping[tuple[int, int], Held]) -> Iterator[tuple[int, int, list[Held]]]:
    """Cells that stand one below the other, with the row and column of the first."""
    run: list[Held] = []
    for row, column in sorted(cells, key=itemgetter(1, 0)):
        run.append(cells[row, column])
        if (row + 1, column) not in cells:
            yield row - len(run) + 1, column, run
            run = []
