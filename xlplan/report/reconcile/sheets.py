"""What a summary workbook shows: the cached values of its sheets."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.language.errors import ErrorKey, FileError
from xlplan.model.record import Value
from xlplan.report.columns import FIRST_ROW, DataTable


@dataclass(frozen=True, slots=True)
class DataLine:
    """One row of a data sheet: its 1-based number, and its values by the name of the column."""

    row: int
    values: Mapping[str, Value]


class Sheets:
    """The sheets of one summary, called `name` where it cannot be read."""

    def __init__(self, summary: bytes, name: str) -> None:
        """Open the workbook.

        Raises:
            FileError: `summary` is no workbook.
        """
        self.name = name
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(summary))
        except CalamineError:
            raise FileError(ErrorKey.SUMMARY_UNREADABLE, path=name) from None
        self.read: dict[str, Sequence[Sequence[object]]] = {}
        self.data: dict[str, Sequence[DataLine]] = {}

    def rows(self, sheet: str) -> Sequence[Sequence[object]]:
        """All rows of a sheet from A1 on; none where there is no such sheet."""
        if sheet not in self.read:
            known = sheet in self.book.sheet_names
            self.read[sheet] = (
                self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) if known else []
            )
        return self.read[sheet]

    def expect(self, stamp: Mapping[str, str]) -> None:
        """Check what the file says of itself in its hidden sheet.

        Raises:
            FileError: It says something else than `stamp`, or nothing.
        """
        found = {str(row[0]): str(row[1]) for row in self.rows(STAMP_SHEET) if len(row) > 1}
        if any(found.get(key) != value for key, value in stamp.items()):
            raise FileError(ErrorKey.SUMMARY_UNREADABLE, path=self.name)

    def number(self, sheet: str, row: int, column: int) -> float | None:
        """The number in a cell.

        Args:
            sheet: Name of its sheet.
            row: Its row, 1-based.
            column: Its column, 1-based.

        Returns:
            The number; None where the cell, or the sheet, has none.
        """
        rows = self.rows(sheet)
        values = rows[row - 1] if row <= len(rows) else ()
        value = values[column - 1] if column <= len(values) else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def lines(self, table: DataTable) -> Sequence[DataLine]:
        """The rows of a data sheet, as many as there are for an item and a period."""
        if table.name not in self.data:
            self.data[table.name] = [
                DataLine(number, {column.name: _value(row, column.index) for column in table.columns})
                for number, row in enumerate(self.rows(table.name)[FIRST_ROW - 1 :], FIRST_ROW)
                if any(value not in ("", None) for value in row)
            ]
        return self.data[table.name]


def _value(row: Sequence[object], column: int) -> Value:
    value = row[column - 1] if column <= len(row) else None
    return value if isinstance(value, str | int | float | date) and value != "" else None
