"""Which cells of an OpenDocument spreadsheet hold a formula: the fast reader gives their saved values only."""

import io
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from xlplan.formula.excel import MAX_COLUMNS

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ROWS = (f"{_TABLE}table-row-group", f"{_TABLE}table-rows", f"{_TABLE}table-header-rows")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
"""A cell that is repeated to the end of the sheet holds nothing."""


def formulas_of(data: bytes, sheet: str) -> set[tuple[int, int]]:
    """Row and column, from 0, of the formulas of a sheet; none where `data` is no such file or cannot be read.

    The file has passed `xlplan.spreadsheet.safety`. Source: OpenDocument 1.3 part 3, 9.1 and 19.642 (table:formula).
    """
    try:
        content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
        tables = fromstring(content).iter(f"{_TABLE}table")
    except (
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        ParseError,
    ):  # ValueError: entities, which are not resolved
        return set()
    found: set[tuple[int, int]] = set()
    for table in tables:
        if table.get(f"{_TABLE}name") == sheet:
            _of_rows(table, 0, found)
    return found


def _of_rows(parent: Element, row: int, found: set[tuple[int, int]]) -> int:
    """Add the formulas of the rows in `parent`, which begin at `row`; the row after them."""
    for one in parent:
        if one.tag in _ROWS:
            row = _of_rows(one, row, found)
        elif one.tag == f"{_TABLE}table-row":
            column = 0
            for cell in (child for child in one if child.tag in _CELLS):
                times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if cell.get(f"{_TABLE}formula"):
                    found |= {(row, column + more) for more in range(min(times, MAX_COLUMNS))}
                column += times
            row += int(one.get(f"{_TABLE}number-rows-repeated", "1"))
    return row
