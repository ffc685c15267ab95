"""The workbooks that xlplan itself wrote and keeps, read for what they say: never a file that came in."""

import io
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook

from xlplan.model.issue import IssuedBook


def read_issued_book(data: bytes) -> IssuedBook | None:
    """The cells of a workbook of ours, known by its hash to be as written; None where it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except CalamineError:
        return None
    return IssuedBook(sheets)


def texts_in(book: IssuedBook) -> Iterator[str]:
    """Every text in its cells."""
    for grid in book.sheets.values():
        yield from (cell for line in grid for cell in line if isinstance(cell, str))
