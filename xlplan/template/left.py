"""The sheet of what a department wrote where the form has no place for it, to be copied from by hand."""

from xlplan.book import Book, Paper, row_height
from xlplan.messages import text
from xlplan.styles import LINE_HEIGHT
from xlplan.template.order import Order

FIRST = 4
COLUMNS = ("number", "sheet_column", "cell", "heading", "row", "value")
_WIDTHS = (5.0, 20.0, 9.0, 22.0, 22.0, 70.0)


def write_leftovers(book: Book, order: Order) -> None:
    """Write the sheet, where there is anything to list."""
    if order.sent_back is None or not order.sent_back.leftovers:
        return
    language = order.plan.language
    sheet = book.sheet(text("artefacts.leftovers.sheet", language))
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    book.put(sheet, 1, 1, text("artefacts.leftovers.title", language), book.style("title"))
    book.put(sheet, 2, 1, text("artefacts.leftovers.intro", language), book.style("quiet"))
    sheet.set_row(0, 27)
    for at, key in enumerate(COLUMNS, 1):
        book.put(sheet, FIRST - 1, at, text(f"artefacts.leftovers.{key}", language), book.style("head"))
    sheet.set_row(FIRST - 2, 20)
    for row, one in enumerate(order.sent_back.leftovers, FIRST):
        cells = (row - FIRST + 1, one.sheet, one.cell, one.heading, one.row, one.value)
        for at, value in enumerate(cells, 1):
            book.put(sheet, row, at, value, book.style("value_centre" if at in (1, 3) else "value"))
        sheet.set_row(row - 1, row_height(list(zip(cells, _WIDTHS, strict=True)), LINE_HEIGHT))
    sheet.freeze_panes(FIRST - 1, 0)
    last = FIRST + len(order.sent_back.leftovers) - 2
    sheet.print_area(0, 0, last, len(COLUMNS) - 1)
    page = text("artefacts.entry.page", language)
    book.print_on(sheet, Paper(size=9, repeat=(FIRST - 1, FIRST - 1), footer=page))
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
