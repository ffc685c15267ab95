"""Workbooks that are no plain .xlsx: encrypted ones, and what the fast reader passes over in an .xls and an .ods.

Excel itself encrypts a workbook where only changes are to be kept away, under a password that it tries on every file
before it asks for one: the workbook's structure is protected, or it is write-protected ([MS-XLS] 2.2.10 names the
password). Whoever sent such a file has set no password to open it (`unlocked`).

Of a damaged .xls the fast reader reads a part and says nothing: `is_unsound` looks at its records. Of an .ods it gives
the saved values of formulas only: `formulas_of` says which cells hold one.

`unlocked` and `is_unsound` are only for a process with limits of memory and time (`form.read.child`): what a file asks
for is not known beforehand.
"""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from xlplan.formula.excel import MAX_COLUMNS
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.container import ZIP_MAGIC
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC
from xlplan.spreadsheet.safety.limits import refuse

T = TypeVar("T")

# --- encrypted by Excel itself ---------------------------------------------------------------------

DEFAULT_PASSWORD = "VelvetSweatshop"
MOST_SPINS = 1_000_000
"""Rounds of hashing that a file may ask for, a second's work. Excel writes 100,000, [MS-OFFCRYPTO] 2.3.4.10 allows ten
million."""


def unlocked(data: bytes) -> bytes | None:
    """The workbook inside an encrypted one.

    Args:
        data: The bytes of a file.

    Returns:
        What is inside: not looked at yet, and no longer than `data`. None where `data` is not encrypted, or in no
        way that is known.

    Raises:
        RefusedError: The password is another one (`safety_password`), or what is inside cannot be had
            (`safety_damaged`).
    """
    if not data.startswith(OLE_MAGIC):
        return None
    book = _encrypted_book(data)
    if book is None:
        return None
    _give_password(book)
    return _decrypted(book)


# msoffcrypto is imported where it is used: few files need it, and it takes longer to load than a return to read.


def _attempt(call: Callable[[], T]) -> T | Exception:
    """What a call of the library gives, or what comes out of it: for bytes that were made to harm, any exception.

    Raises:
        MemoryError: there is too little memory: that ends the process, which is told as that.
    """
    try:
        return call()
    except MemoryError:
        raise
    except Exception as fault:
        return fault


def _encrypted_book(data: bytes) -> Any:
    """The file as the library knows it; None where it is not encrypted, or in no way that is known."""
    from msoffcrypto import OfficeFile

    def opened() -> Any:
        book = OfficeFile(io.BytesIO(data))
        return book if book.is_encrypted() else None

    book = _attempt(opened)
    if isinstance(book, OSError):
        refuse(SafetyCode.DAMAGED)
    return None if isinstance(book, Exception) else book


def _give_password(book: Any) -> None:
    """Give the library Excel's own password; the file is refused where that cannot be the right one."""
    from msoffcrypto.format.xls97 import Xls97File

    is_old = isinstance(book, Xls97File)
    if not is_old and book.info.get("spinValue", 0) > MOST_SPINS:
        refuse(SafetyCode.PASSWORD)
    # An .xlsx is not asked whether the password is right: of those with SHA-1 the library would deny it.
    given = _attempt(lambda: book.load_key(password=DEFAULT_PASSWORD))
    if isinstance(given, Exception):
        refuse(SafetyCode.PASSWORD)
    if is_old and book.type == "xor":  # two bytes say whether the password is right: too few
        refuse(SafetyCode.PASSWORD)


def _decrypted(book: Any) -> bytes:
    """What is inside; the file is refused where the password was not the right one, or nothing can be had."""
    from msoffcrypto.exceptions import InvalidKeyError

    inside = io.BytesIO()
    fault = _attempt(lambda: book.decrypt(inside))
    if isinstance(fault, InvalidKeyError):  # not a whole zip; but where one begins, the password was right
        if not inside.getvalue().startswith(ZIP_MAGIC):
            refuse(SafetyCode.PASSWORD)
    elif isinstance(fault, Exception):
        refuse(SafetyCode.DAMAGED)
    return inside.getvalue()


# --- .xls: figures are those of [MS-XLS] 2.1.4 and 2.4 ---------------------------------------------

BEGIN, END, SHEET, STYLE, TEXTS = 0x809, 0x0A, 0x85, 0xE0, 0xFC
LABEL, FORMULA, NUMBERS = 0xFD, 0x06, 0xBD
SIZES = {LABEL: 10, 0x203: 14, 0x27E: 10, 0x201: 6, 0x205: 8, 0x208: 16}
"""Of the records of cells and rows that are always as long."""
STYLED = frozenset((LABEL, 0x203, 0x27E, 0x201, 0x205, FORMULA))
"""The records of single cells, which name a style."""
MOST_RECORD_BYTES = 8224


def is_unsound(data: bytes) -> bool:
    """Whether an .xls is damaged where the fast reader would not say so.

    That is so where records do not follow each other, or a cell names a text or style that is not there. What is no
    workbook of Excel 97 or later is left to the reader.

    Raises:
        MemoryError: there is too little memory: that ends the process, which is told as that.
    """
    import olefile  # few files need it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            if not file.exists("Workbook"):
                return False
            with file.openstream("Workbook") as stream:
                content: bytes = stream.read()
        return not _holds_together(content)
    except MemoryError:  # ends the process, which is told as that
        raise
    except (
        Exception
    ):  # every kind comes out of olefile for bytes that were made to harm: nothing is known of them
        return True


@dataclass(slots=True)
class _Records:
    """What the records of a workbook have said so far.

    `depth` is how many parts of it are begun and not ended, `begun` where each began, `sheets` where each sheet should
    begin. `texts` and `styles` are how many there are, `text` and `style` the last that a cell names, counted from 0.
    """

    depth: int = 0
    texts: int = 0
    styles: int = 0
    text: int = -1
    style: int = -1
    begun: set[int] = field(default_factory=set)
    sheets: set[int] = field(default_factory=set)

    def add(self, number: int, content: bytes, at: int, size: int) -> None:
        """Take in one record: its number, and where in `content` it begins and how long it is."""
        if number in STYLED:
            self.style = max(self.style, *struct.unpack_from("<H", content, at + 4))
            if number == LABEL:
                self.text = max(self.text, *struct.unpack_from("<L", content, at + 6))
        elif number == NUMBERS:
            named = struct.unpack_from(f"<{'H4x' * ((size - 6) // 6)}", content, at + 4)
            self.style = max(self.style, *named)
        elif number == BEGIN:
            self.depth += 1
            self.begun.add(at - 4)
        elif number == END:
            self.depth -= 1
        elif number == SHEET:
            self.sheets.update(struct.unpack_from("<L", content, at))
        elif number == STYLE:
            self.styles += 1
        elif number == TEXTS:
            (self.texts,) = struct.unpack_from("<L", content, at + 4)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was begun has ended, and everything that is named is there."""
        there = self.text < self.texts and self.style < self.styles
        return self.depth == 0 and self.sheets <= self.begun and there


def _holds_together(content: bytes) -> bool:
    seen = _Records()
    for number, at, size in _records(content):
        if seen.depth < 1 and number != BEGIN:
            break  # behind the last sheet stands what once stood there
        is_cut = at + size > len(content)
        if is_cut or size > MOST_RECORD_BYTES or SIZES.get(number, size) != size:
            return False
        seen.add(number, content, at, size)
    return seen.is_whole


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Number of each record, where its content begins, and how long it is."""
    at = 4
    while at <= len(content):
        number, size = struct.unpack_from("<2H", content, at - 4)
        yield number, at, size
        at += size + 4


# --- .ods: OpenDocument 1.3 part 3, 9.1 and 19.642 (table:formula) ---------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ROWS = (f"{_TABLE}table-row-group", f"{_TABLE}table-rows", f"{_TABLE}table-header-rows")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
"""A cell that is repeated to the end of the sheet holds nothing."""


def formulas_of(data: bytes, sheet: str) -> set[tuple[int, int]]:
    """Row and column, from 0, of the formulas of a sheet; none where `data` is no .ods or cannot be read.

    The file has passed `xlplan.spreadsheet.safety`.
    """
    try:
        content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
        tables = fromstring(content).iter(f"{_TABLE}table")
    # ValueError: entities, which are not resolved
    except (KeyError, ValueError, zipfile.BadZipFile, ParseError):
        return set()
    found: set[tuple[int, int]] = set()
    for table in tables:
        if table.get(f"{_TABLE}name") == sheet:
            _of_rows(table, 0, found)
    return found


def _of_rows(parent: Element, row: int, found: set[tuple[int, int]]) -> int:
    """Add the formulas of the rows in `parent`, which begin at `row`; the row after them."""
    for element in parent:
        if element.tag in _ROWS:
            row = _of_rows(element, row, found)
        elif element.tag == f"{_TABLE}table-row":
            column = 0
            for cell in (child for child in element if child.tag in _CELLS):
                times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if cell.get(f"{_TABLE}formula"):
                    found |= {(row, column + more) for more in range(min(times, MAX_COLUMNS))}
                column += times
            row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
    return row
