"""What Excel holds and how it counts, each number once.

Sources: "Excel specifications and limits" of Microsoft's support pages for what its sheets hold, ECMA-376 part 1
(clause given) for what its files hold. Texts are measured in UTF-16 units, as Excel does (`text.units`).
"""

from datetime import datetime

# --- sheets ----------------------------------------------------------------------------------------

MAX_ROWS = 1_048_576
"""Rows of a sheet (ECMA-376 part 1, 18.3.1.73)."""
MAX_COLUMNS = 16_384
"""Columns of a sheet (18.3.1.13); the last is XFD."""
ALL_CELLS = "A1:XFD1048576"
"""The address of all cells of a sheet."""
MAX_SHEET_TITLE = 31
"""UTF-16 units of a sheet's title."""
MAX_ROW_HEIGHT = 409
"""Points of a row's height."""
MAX_COLUMN_WIDTH = 255
"""Characters of a column's width."""

# --- texts -----------------------------------------------------------------------------------------

MAX_CELL_TEXT = 32_767
"""UTF-16 units of a cell's text, and of a note's."""
MAX_NUMBER_FORMAT = 255
"""UTF-16 units of the code of a number format (`formatCode`: 18.8.30)."""
MAX_FORMULA = 8_192
"""UTF-16 units of a formula."""
MAX_STRING_LITERAL = 255
"""UTF-16 units of a text within a formula."""
MAX_ARGUMENTS = 255
"""Arguments of a function."""
MAX_DEFINED_NAME = 255
"""UTF-16 units of a defined name."""
MAX_TABLE_HEADING = 255
"""UTF-16 units of a heading of a table."""
MAX_VALIDATION_MESSAGE = 255
"""UTF-16 units of what a data validation says (`prompt`, `error`: 18.3.1.32)."""
MAX_VALIDATION_TITLE = 32
"""UTF-16 units of its title (`promptTitle`, `errorTitle`: 18.3.1.32)."""
MAX_VALIDATION_LIST = 255
"""UTF-16 units of the words, set apart by commas, of a dropdown that refers to no cells."""

# --- numbers and days ------------------------------------------------------------------------------

SIGNIFICANT_DIGITS = 15
"""Digits that a number keeps."""
SERIAL_DAY_ZERO = datetime(1899, 12, 30)
"""Day 0 of the serial numbers from `FIRST_COMMON_DAY` on (18.17.4.1, 1900 date base)."""
FIRST_COMMON_DAY = datetime(1900, 3, 1)
"""The first day whose number all programs agree on: Excel has a 29 February in 1900, and begins with 1 January as 1."""
FIRST_COMMON_SERIAL = 61
"""Its serial number."""
LAST_SERIAL_DAY = 2_958_465
"""The serial number of 9999-12-31, the last day there is (18.17.4.1)."""
DAYS_TO_1904 = 1_462
"""What is added to a serial number of the 1904 date base (18.2.28, `date1904`) for the one of the 1900 date base."""
