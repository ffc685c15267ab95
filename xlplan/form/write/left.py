"""The sheet of what a department wrote where the form has no place for it, to be copied from by hand."""

from xlplan.form.write.listing import FIRST, begin_listing, finish_listing
from xlplan.form.write.order import Order
from xlplan.language.privacy import signs
from xlplan.spreadsheet.book import Book, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT

_WIDTHS = {
    "artefacts.leftovers.number": 5.0,
    "artefacts.leftovers.sheet_column": 20.0,
    "artefacts.leftovers.cell": 9.0,
    "artefacts.leftovers.heading": 22.0,
    "artefacts.leftovers.row": 22.0,
    "artefacts.leftovers.value": 70.0,
}
_TEXTS = ("artefacts.leftovers.sheet", "artefacts.leftovers.title", "artefacts.leftovers.intro")


def write_leftovers(book: Book, order: Order) -> None:
    """Write the sheet, where there is anything to list."""
    left = order.answers.leftovers
    if not left:
        return
    sheet = begin_listing(
        book, "artefacts.leftovers.sheet", "artefacts.leftovers.title", "artefacts.leftovers.intro", _WIDTHS
    )
    for row, one in enumerate(left, FIRST):
        cells = (row - FIRST + 1, one.sheet, one.cell, one.heading, one.row, one.value)
        for at, value in enumerate(cells, 1):
            warned = FILLS["doubted"] if at == len(cells) and signs(one.value) else {}
            book.put(sheet, row, at, value, book.style("value_centre" if at in (1, 3) else "value", **warned))
        sheet.set_row(row - 1, row_height(list(zip(cells, _WIDTHS.values(), strict=True)), LINE_HEIGHT))
    finish_listing(book, sheet, len(_WIDTHS), len(left))
