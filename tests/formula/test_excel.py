"""What Excel holds: the numbers agree with those of the libraries that know them, and with each other."""

from datetime import timedelta

import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, to_excel
from xlsxwriter.worksheet import Worksheet

from xlplan.formula import excel
from xlplan.formula.addresses import area_address, cell_address


def test_a_sheet_ends_where_the_libraries_end_it() -> None:
    sheet = xlsxwriter.Workbook().add_worksheet()

    assert isinstance(sheet, Worksheet)
    assert (sheet.xls_rowmax, sheet.xls_colmax) == (excel.MAX_ROWS, excel.MAX_COLUMNS)
    assert sheet.xls_strmax == excel.MAX_CELL_TEXT
    assert area_address((1, 1), (excel.MAX_ROWS, excel.MAX_COLUMNS), fixed=False) == excel.ALL_CELLS
    assert cell_address(excel.MAX_ROWS, excel.MAX_COLUMNS) == "XFD1048576"


def test_days_are_counted_as_openpyxl_counts_them() -> None:
    assert to_excel(excel.FIRST_COMMON_DAY) == excel.FIRST_COMMON_SERIAL
    assert excel.SERIAL_DAY_ZERO + timedelta(excel.FIRST_COMMON_SERIAL) == excel.FIRST_COMMON_DAY
    last = from_excel(excel.LAST_SERIAL_DAY)
    assert (last.year, last.month, last.day) == (9999, 12, 31)
    assert (CALENDAR_MAC_1904 - CALENDAR_WINDOWS_1900).days == excel.DAYS_TO_1904
