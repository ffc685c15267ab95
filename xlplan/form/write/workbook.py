"""The one writer of forms: the blank standard form, the issued workbook and the sent-back workbook."""

from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANDS, EntryLayout
from xlplan.form.layout.stamps import FORMULAS_KEY, STAMP_KEYS, STAMP_SHEET, Stamping
from xlplan.form.layout.words import WORDS_ROW, FormWords, lines_of
from xlplan.form.lists import write_lists, write_orders
from xlplan.form.write.entry import write_entry
from xlplan.form.write.guide import write_guide
from xlplan.form.write.order import Order
from xlplan.form.write.sent_back import marks, write_findings, write_leftovers
from xlplan.form.write.shapes import form_shapes, formulas_version
from xlplan.spreadsheet.book import Book


def form_workbook(order: Order) -> bytes:
    """The workbook that `order` asks for, as the bytes of an .xlsx file, every formula with its value."""
    plan = order.plan
    book = Book(plan.language, f"{plan.title} {order.period.label}", plan.organisation, order.created)
    stamps = order.stamps()
    write_guide(book, order)
    if order.sent_back:
        write_findings(book, order)
    write_leftovers(book, order)
    for layout in order.layouts():
        write_entry(book, order, layout, stamps, marks(order, layout.form.id))
    _write_hidden(book, order, stamps)
    return book.finish()


def _write_hidden(book: Book, order: Order, stamps: Stamping) -> None:
    """The hidden sheet: the stamp, the words, the lists of choices with their order, the messages of the checks."""
    sheet = book.sheet(STAMP_SHEET)
    style = book.style("hidden")
    for row, key in enumerate(STAMP_KEYS, 1):
        book.put(sheet, row, 1, key, style)
        book.put(sheet, row, 2, getattr(order.stamp, key), style)
    layouts = order.layouts()
    formulas = formulas_version(form_shapes(layout, stamps) for layout in layouts)
    for column, value in enumerate((FORMULAS_KEY, formulas), 1):
        book.put(sheet, len(STAMP_KEYS) + 1, column, value, style)
    words = {layout.form.id: _words_of(layout) for layout in layouts}
    for row, line in enumerate(lines_of(words, order.owner, order.plan.language), WORDS_ROW):
        for column, word in enumerate(line, 1):
            book.put(sheet, row, column, word, style)
    write_lists(book, order.lists, stamps)
    write_orders(book, stamps)
    for layout in layouts:
        column = stamps.messages[layout.form.id][0]
        for check in layout.checks:
            target = layout.column(ColumnKind.ENTRY, check.field.id)
            book.put(sheet, check.number, column, check.shown(layout.language), style)
            book.put(sheet, check.number, column + 1, target.index, style)
    sheet.protect("", {"select_locked_cells": False})
    sheet.hide()


def _words_of(layout: EntryLayout) -> FormWords:
    """The words of an entry sheet by which it is known again."""
    columns = {column.key: column.heading for column in layout.shown}
    bands = {entry.rpartition(".")[2]: layout.band(entry) for entry in BANDS}
    heads = {"title": layout.title, "note": layout.note} | bands
    return FormWords(layout.form.title, columns, heads)
