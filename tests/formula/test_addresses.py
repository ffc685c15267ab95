"""Addresses of cells and names of sheets: as openpyxl reads them, and as LibreOffice does."""

import io
import re

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import LibreOffice
from openpyxl.utils import absolute_coordinate, column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string, quote_sheetname, range_boundaries

from xlplan.formula.addresses import (
    area_address,
    cell_address,
    column_area,
    column_letters,
    column_number,
    quoted_sheet,
    row_of,
    split_address,
    unquoted_sheet,
)

rows, columns = st.integers(1, 1_048_576), st.integers(1, 16_384)
titles = st.text(st.characters(exclude_characters="[]:*?/\\", exclude_categories=["Cs", "Cc"]), min_size=1)


def test_every_column_has_the_letters_that_excel_gives_it_and_they_name_it() -> None:
    for column in range(1, 16_385):
        assert column_letters(column) == get_column_letter(column)
        assert (
            column_number(column_letters(column))
            == column
            == column_index_from_string(get_column_letter(column))
        )


@pytest.mark.parametrize("letters", ["", "a", "AAAA", "A1", "１", "Ａ", "-", "$A"])
def test_what_is_no_column_has_no_number(letters: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(letters)}$"):
        column_number(letters)


@pytest.mark.parametrize("column", [0, -1])
def test_before_the_first_column_there_is_none(column: int) -> None:
    with pytest.raises(ValueError, match=str(column)):
        column_letters(column)
    with pytest.raises(ValueError, match=str(column)):
        cell_address(1, column)
    with pytest.raises(ValueError, match=str(column)):
        cell_address(column, 1)


@given(rows, columns)
def test_a_cell_is_where_its_address_says(row: int, column: int) -> None:
    address = cell_address(row, column)

    assert coordinate_from_string(address) == (column_letters(column), row) == split_address(address)
    assert row_of(address) == row
    assert cell_address(row, column, fixed=True) == absolute_coordinate(address)


@pytest.mark.parametrize("written", ["", "12", "A", "XFD"])
def test_what_is_no_cell_has_neither_letters_nor_row(written: str) -> None:
    assert split_address(written) == ("", 0)


@given(rows, columns, st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_an_area_goes_from_corner_to_corner_also_where_it_is_one_cell(
    row: int, column: int, down: int, right: int, fixed: bool
) -> None:
    address = area_address((row, column), (row + down, column + right), fixed=fixed)

    assert range_boundaries(address) == (column, row, column + right, row + down)
    assert address.count(":") == 1
    assert address.count("$") == 4 * fixed
    assert column_area(column, row, row + down) == area_address((row, column), (row + down, column))


@given(titles)
def test_a_sheets_title_is_quoted_as_openpyxl_does_and_read_back(title: str) -> None:
    assert quoted_sheet(title) == quote_sheetname(title)
    assert unquoted_sheet(quoted_sheet(title)[1:-1]) == title


TITLES = [
    "It's",
    "進捗報告",
    "○△ × （2）",
    "A1",
    "R1C1",
    "TRUE",
    "2024",
    "a.b",
    "ﾊﾞｰ",
    "a!b",
    '"q"',
    "𠮷野",
    "-1",
    "$A$1",
]


def test_a_formula_finds_the_sheet_that_it_names_whatever_that_is_called(libreoffice: LibreOffice) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        front = book.add_worksheet("front")
        for at, title in enumerate(TITLES):
            sheet = book.add_worksheet(title)
            sheet.write(1, 27, at)
            front.write_formula(at, 0, f"={quoted_sheet(title)}!{cell_address(2, 28, fixed=True)}*2")

    found = libreoffice.recalculated(stream.getvalue())

    assert [found["front", f"A{at}"] for at in range(1, len(TITLES) + 1)] == [
        2 * at for at in range(len(TITLES))
    ]
