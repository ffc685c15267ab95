"""XlsxWriter's worksheet with formulas as they stand, many rows at once, and a value for every formula.

XlsxWriter is held to the minor version whose inner methods are overridden here.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.sharedstrings import SharedStringTable
from xlsxwriter.worksheet import (
    CellBooleanTuple,
    CellDatetimeTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from xlplan.formula.addresses import area_address, cell_address, column_letters
from xlplan.formula.engine import ErrorValue
from xlplan.formula.excel import MAX_CELL_TEXT
from xlplan.language.text import FORMULA_SIGNS, shortened, tidy

OWN_ROW = "\0"
"""Stands for the row's number in a `RowFormula`."""


class RowFormula(str):
    """A formula for many rows, without its leading `=`.

    Cells of its own row it names with OWN_ROW for the row's number, all others with their sheet, or as the column
    of a table.
    """

    __slots__ = ()


@dataclass(slots=True)
class RowBlock:
    """Rows that go into the file as they are. `first` is 1-based; `heights` are points, or none at all.

    `quoted` are the styles of texts that look like formulas, one for each of `styles`.

    `results` are the values of the formulas: for each 0-based column that has any, one for each of `lines`. None
    where the cell has no formula, or its value is not known yet.
    """

    first: int
    lines: list[list[object]]
    styles: Sequence[Format]
    quoted: Sequence[Format]
    heights: Sequence[float] = ()
    results: dict[int, list[object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """An Excel table: its place (1-based, the heads included) and its headings."""

    name: str
    top: int
    left: int
    bottom: int
    headings: Sequence[str]


class Texts(SharedStringTable):
    """XlsxWriter's table of texts, from which every text comes back as it went in.

    XlsxWriter takes `<r>…</r>` for marked-up text and lets it into the file as it stands, and of `_x005F_x0041_`,
    where one escape begins in another, it escapes the first only. Both go in as runs of marked-up text.

    The number of each text is known until the workbook is written.
    """

    string_table: dict[str, int]
    string_array: list[str]

    def _sort_string_data(self) -> None:
        numbers = self.string_table
        super()._sort_string_data()
        self.string_table = numbers
        self.string_array = list(map(_in_table, self.string_array))


_ESCAPES_MEET = re.compile("(?<=_x[0-9a-fA-F]{4})(?=_x[0-9a-fA-F]{4}_)")


def _in_table(value: str) -> str:
    runs = _ESCAPES_MEET.split(value) if "_x" in value else [value]
    if len(runs) == 1 and not (value.startswith("<r>") and value.endswith("</r>")):
        return value
    escaped = (run.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for run in runs)
    return "".join(f'<r><t xml:space="preserve">{run}</t></r>' for run in escaped)


class Sheet(Worksheet):
    """A worksheet that takes formulas as they stand, and many rows at once.

    XlsxWriter searches every formula for some thirty functions of Excel 365 to prefix: with long formulas nine
    tenths of the time of writing. The lint allows none of them.

    It also makes an object of each cell, and asks each for its kind, place and format again when the file is
    written. `rows` have one style for each column and go into the file as they are: a fifth of the time, and a
    tenth of the memory.
    """

    # XlsxWriter begins these with None, and gives them their values before any of them is asked for
    str_table: Any
    fh: Any
    dim_rowmin: Any
    dim_rowmax: Any
    dim_colmax: Any

    def __init__(self) -> None:
        super().__init__()
        self.rows: RowBlock | None = None
        self.tables_known: list[ExcelTable] = []
        self.values_known: set[tuple[int, int]] = set()

    # --- what is written ---

    def put_formula(
        self, row: int, column: int, formula: str, style: Format, value: bool | float | str | None = None
    ) -> None:
        """Write a formula into a cell.

        Args:
            row: 1-based.
            column: 1-based.
            formula: without its leading `=`.
            style: a format of the sheet's workbook.
            value: what it comes to, where that is known; None where it is still to be worked out.
        """
        self._check_dimensions(row - 1, column - 1)
        self.table[row - 1][column - 1] = CellFormulaTuple(formula, style, "" if value is None else value)
        if value is not None:
            self.values_known.add((row, column))

    def put_table(self, table: ExcelTable, styles: Sequence[Format]) -> None:
        """An Excel table with its heads; XlsxWriter notes every cell of what it is told is one."""
        right = table.left + len(table.headings) - 1
        heads = [
            {"header": heading, "header_format": style}
            for heading, style in zip(table.headings, styles, strict=True)
        ]
        top, left = table.top - 1, table.left - 1
        self.add_table(top, left, top + 1, right - 1, {"name": table.name, "style": None, "columns": heads})
        area = area_address((table.top, table.left), (table.bottom, right), fixed=False)
        self.tables[-1].update({"range": area, "a_range": area, "autofilter": area})
        self.tables_known.append(table)

    def put_rows(self, rows: RowBlock) -> None:
        """Keep many rows: their texts in the workbook's table of texts, their days as serial numbers."""
        self.rows = rows
        known, again = self.str_table.string_table, 0
        for line in rows.lines:
            for column, value in enumerate(line):
                if isinstance(value, RowFormula):
                    rows.results.setdefault(column, [])
                elif isinstance(value, str):
                    if value in known:
                        again += 1
                    else:
                        line[column] = self._text(value)
                elif isinstance(value, dt.date):
                    line[column] = float(self._convert_date_time(value))
        self.str_table.count += again
        for column in rows.results:
            rows.results[column] = [None] * len(rows.lines)
        if rows.lines and rows.styles:
            self._check_dimensions(rows.first - 1, 0)
            self._check_dimensions(rows.first + len(rows.lines) - 2, len(rows.styles) - 1)

    def _text(self, value: str) -> str | None:
        """`value` as it goes into a cell, entered in the table of texts; None where nothing is left of it."""
        found = cell_text(value)
        if found:
            self.str_table._get_shared_string_index(found)
        return found or None

    # --- what formulas see ---

    def formulas(self) -> Iterator[tuple[int, int, str]]:
        """Every formula that is to be worked out, but those of the many rows, with its 1-based cell."""
        for row, cells in self.table.items():
            for column, cell in cells.items():
                if cell.__class__ is CellFormulaTuple and (row + 1, column + 1) not in self.values_known:
                    yield row + 1, column + 1, cell.formula

    def values(self, texts: Sequence[str]) -> dict[tuple[int, int], object]:
        """Every value but those of the many rows, by 1-based cell. `texts` is the workbook's table of texts."""
        found: dict[tuple[int, int], object] = {}
        for row, cells in self.table.items():
            for column, cell in cells.items():
                kind = cell.__class__
                if kind is CellStringTuple:
                    found[row + 1, column + 1] = texts[cell.string]
                elif kind is CellNumberTuple or kind is CellDatetimeTuple:
                    found[row + 1, column + 1] = cell.number
                elif kind is CellBooleanTuple:
                    found[row + 1, column + 1] = cell.boolean
                elif (row + 1, column + 1) in self.values_known:
                    found[row + 1, column + 1] = cell.value
        return found

    def set_results(self, results: Mapping[tuple[int, int], object]) -> None:
        """Give formulas the values to be saved with them, by 1-based cell."""
        for (row, column), value in results.items():
            cells = self.table[row - 1]
            cells[column - 1] = cells[column - 1]._replace(value=value)

    # --- into the file ---

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if cell.__class__ is not CellFormulaTuple:
            super()._write_cell(row, col, cell)
            return
        head = f'<c r="{cell_address(row + 1, col + 1)}" s="{cell.format._get_xf_index()}"'
        text = self._escape_data(cell.formula)
        self.fh.write(f"{head}{_kind(cell.value)}><f>{text}</f>{self._v(cell.value)}</c>")

    def _v(self, value: object) -> str:
        return f"<v>{self._escape_data(self._escape_control_characters(_plain(value)))}</v>"

    def _write_rows(self) -> None:
        rows = self.rows
        if rows is None or not rows.lines:
            super()._write_rows()
            return
        top, bottom = self.dim_rowmin, self.dim_rowmax
        self.dim_rowmax = rows.first - 2
        super()._write_rows()
        self._write_many(rows)
        self.dim_rowmin, self.dim_rowmax = rows.first - 1 + len(rows.lines), bottom
        super()._write_rows()
        self.dim_rowmin = top

    def _write_many(self, rows: RowBlock) -> None:
        """The many rows, as XlsxWriter itself writes them."""
        spans = f"1:{len(rows.styles)}"
        places = [
            (column, f'<c r="{column_letters(column + 1)}', f'" s="{style._get_xf_index()}"')
            for column, style in enumerate(rows.styles)
        ]
        formulas: dict[str, list[str]] = {}
        strings, write = self.str_table.string_table, self.fh.write
        for at, line in enumerate(rows.lines):
            row = str(rows.first + at)
            cells = [self._row_tag(row, spans, rows.heights[at] if rows.heights else None)]
            for (column, head, plain), value in zip(places, line, strict=True):
                style = plain
                if value is None:
                    cells.append(f"{head}{row}{style}/>")
                elif isinstance(value, RowFormula):
                    if value not in formulas:
                        formulas[value] = self._escape_data(value).split(OWN_ROW)
                    found = rows.results[column][at]
                    text = row.join(formulas[value])
                    cells.append(f"{head}{row}{style}{_kind(found)}><f>{text}</f>{self._v(found)}</c>")
                elif isinstance(value, str):
                    if like_formula(value):
                        style = f'" s="{rows.quoted[column]._get_xf_index()}"'
                    cells.append(f'{head}{row}{style} t="s"><v>{strings[value]}</v></c>')
                elif isinstance(value, bool):
                    cells.append(f'{head}{row}{style} t="b"><v>{value:d}</v></c>')
                else:
                    cells.append(f"{head}{row}{style}><v>{value:.16G}</v></c>")
            cells.append("</row>")
            write("".join(cells))

    def _row_tag(self, row: str, spans: str, height: float | None) -> str:
        if height is None:
            return f'<row r="{row}" spans="{spans}">'
        pixels = int(height * 4.0 / 3.0 + 0.5)  # Excel knows whole pixels only
        return f'<row r="{row}" spans="{spans}" ht="{pixels * 0.75:.16g}" customHeight="1">'


def cell_text(value: str) -> str:
    """Text as it goes into a cell; what is too long for one ends with …, and is told where it came in."""
    return shortened(tidy(value), MAX_CELL_TEXT)


def like_formula(value: str) -> bool:
    """Whether text would become a formula once its cell is edited. A sign alone does not."""
    return value[:1] in FORMULA_SIGNS and len(value) > 1


def _kind(value: object) -> str:
    """The attribute that tells what kind of value a formula has."""
    match value:
        case bool():
            return ' t="b"'
        case ErrorValue():
            return ' t="e"'
        case str():
            return ' t="str"'
        case _:
            return ""


def _plain(value: object) -> str:
    """The value of a formula as the file holds it."""
    match value:
        case bool():
            return str(int(value))
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
