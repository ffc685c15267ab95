"""The hidden sheet: the stamp, the words, the lists of choices with their order, and the messages of the checks."""

from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.stamps import FORMULAS_KEY, STAMP_KEYS, STAMP_SHEET, Stamping
from xlplan.form.layout.words import WORDS_ROW, lines_of
from xlplan.form.lists import write_lists, write_orders
from xlplan.form.write.order import Order
from xlplan.form.write.shapes import form_shapes, formulas_version
from xlplan.spreadsheet.book import Book


def write_hidden(book: Book, order: Order, stamps: Stamping) -> None:
    """Write the hidden sheet of a form."""
    sheet = book.sheet(STAMP_SHEET)
    style = book.style("hidden")
    for row, key in enumerate(STAMP_KEYS, 1):
        book.put(sheet, row, 1, key, style)
        book.put(sheet, row, 2, getattr(order.stamp, key), style)
    formulas = formulas_version(form_shapes(layout, stamps) for layout in order.layouts())
    for column, value in enumerate((FORMULAS_KEY, formulas), 1):
        book.put(sheet, len(STAMP_KEYS) + 1, column, value, style)
    for row, line in enumerate(lines_of(order.layouts(), order.owner), WORDS_ROW):
        for column, word in enumerate(line, 1):
            book.put(sheet, row, column, word, style)
    write_lists(book, order.lists, stamps)
    write_orders(book, stamps)
    for layout in order.layouts():
        column = stamps.messages[layout.form.id][0]
        for check in layout.checks:
            target = layout.column(ColumnKind.ENTRY, check.field.id)
            book.put(sheet, check.number, column, check.shown(layout.language), style)
            book.put(sheet, check.number, column + 1, target.index, style)
    sheet.protect("", {"select_locked_cells": False})
    sheet.hide()
