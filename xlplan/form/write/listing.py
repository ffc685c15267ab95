"""What the sheets beside the entry sheets have in common: a title, a sentence, a head, and lines under it."""

from collections.abc import Mapping

from xlplan.language.messages import text
from xlplan.spreadsheet.book import Book, Paper
from xlplan.spreadsheet.worksheet import Sheet

FIRST = 4
"""The first row of the lines; the head stands above it."""


def begin_listing(book: Book, name: str, title: str, intro: str, widths: Mapping[str, float]) -> Sheet:
    """A new sheet with its title and heads.

    name, title, intro: the keys of the sheet's name and of what stands above the heads.
    widths: the columns: the key of each one's head, and how wide it is in characters.
    """
    sheet = book.sheet(text(name, book.language))
    for at, width in enumerate(widths.values()):
        sheet.set_column(at, at, width)
    book.put(sheet, 1, 1, text(title, book.language), book.style("title"))
    book.put(sheet, 2, 1, text(intro, book.language), book.style("quiet"))
    sheet.set_row(0, 27)
    for at, key in enumerate(widths, 1):
        book.put(sheet, FIRST - 1, at, text(key, book.language), book.style("head"))
    sheet.set_row(FIRST - 2, 20)
    return sheet


def finish_listing(book: Book, sheet: Sheet, columns: int, lines: int) -> None:
    """Freeze the head, set the sheet up for paper, and lock what is not to be typed over."""
    sheet.freeze_panes(FIRST - 1, 0)
    sheet.print_area(0, 0, FIRST + max(lines, 1) - 2, columns - 1)
    page = text("artefacts.entry.page", book.language)
    book.print_on(sheet, Paper(size=9, repeat=(FIRST - 1, FIRST - 1), footer=page))
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
