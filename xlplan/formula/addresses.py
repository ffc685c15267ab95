"""Addresses of cells and names of sheets as formulas write them. Rows and columns count from 1, as in Excel.

XlsxWriter's `utility` knows columns and cells; here alone it is asked, as it counts from 0 and gives A1, with a
warning, where it should refuse. Processes that open returns load it too: with all of XlsxWriter that is 2 MB and
0.02 s, where openpyxl's `utils` takes 16 MB and 0.13 s, as it loads numpy.
"""

import re
from functools import lru_cache

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

_LETTERS = re.compile("[A-Z]{1,3}")
_DIGITS = "0123456789"


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA.

    Raises:
        ValueError: `column` is below 1.
    """
    if column < 1:
        raise ValueError(column)
    return xl_col_to_name(column - 1)


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column, from 1: A is 1, AA is 27.

    Raises:
        ValueError: `letters` are not one to three capital letters.
    """
    if not _LETTERS.fullmatch(letters):
        raise ValueError(letters)
    return xl_cell_to_rowcol(f"{letters}1")[1] + 1


def cell_address(row: int, column: int, *, fixed: bool = False) -> str:
    """The address of a cell: B3, or $B$3.

    Args:
        row: 1-based, as in Excel.
        column: 1-based.
        fixed: whether it stays when the formula is copied along.

    Returns:
        The address, without a sheet.

    Raises:
        ValueError: `row` or `column` is below 1.
    """
    if row < 1 or column < 1:
        raise ValueError((row, column))
    return xl_rowcol_to_cell(row - 1, column - 1, row_abs=fixed, col_abs=fixed)


def area_address(first: tuple[int, int], last: tuple[int, int], *, fixed: bool = True) -> str:
    """The address of an area: $A$2:$C$9, also for one cell $A$2:$A$2.

    Args:
        first: row and column, 1-based, of its upper left corner.
        last: row and column of its lower right corner.
        fixed: whether it stays when the formula is copied along.

    Returns:
        The address, without a sheet.

    Raises:
        ValueError: a row or column is below 1.
    """
    return f"{cell_address(*first, fixed=fixed)}:{cell_address(*last, fixed=fixed)}"


def column_area(column: int, first: int, last: int) -> str:
    """The fixed address of a part of a column: $B$2:$B$9.

    Args:
        column: 1-based.
        first: the first row, 1-based.
        last: the last row, included.

    Returns:
        The address, without a sheet.

    Raises:
        ValueError: a row or the column is below 1.
    """
    return area_address((first, column), (last, column))


def split_address(address: str) -> tuple[str, int]:
    """The letters and the row of a cell's plain address, such as B3; no letters and 0 for what is none."""
    letters = address.rstrip(_DIGITS)
    row = address[len(letters) :]
    return (letters, int(row)) if letters and row else ("", 0)


def row_of(address: str) -> int:
    """The row of a cell's plain address."""
    return split_address(address)[1]


def quoted_sheet(title: str) -> str:
    """A sheet's title as a formula or a link writes it: 'It''s'.

    Always in quotes, which every program takes. XlsxWriter's `quote_sheetname` leaves them out where Excel can do
    without; whether LibreOffice can as well depends on its version and the letters of the title.
    """
    return "'" + title.replace("'", "''") + "'"


def unquoted_sheet(quoted: str) -> str:
    """The title that stands between the quotes of `quoted_sheet`, without them given."""
    return quoted.replace("''", "'")
