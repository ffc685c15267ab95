"""The hidden sheet: the stamp, the lists of choices and the messages of the checks."""

from xlplan.book import Book
from xlplan.layout import STAMP_KEYS, STAMP_SHEET, ColumnKind, Stamping
from xlplan.plan import Choice
from xlplan.template.order import Order


def list_name(name: str) -> str:
    """The defined name of a list of choices: dropdowns refer to it."""
    safe = "".join(one if one.isalnum() or one == "_" else "_" for one in name)
    return f"list_{safe}"


def write_lists(book: Book, lists: dict[str, tuple[Choice, ...]], stamps: Stamping) -> None:
    """Write each list of choices with its ranks on the hidden sheet, and give it its name."""
    sheet = book.writer.get_worksheet_by_name(STAMP_SHEET)
    style = book.style("hidden")
    for name, choices in lists.items():
        column = stamps.lists[name][0]
        for row, choice in enumerate(choices, 1):
            book.put(sheet, row, column, choice.value, style)
            book.put(sheet, row, column + 1, choice.rank or 0, style)
        book.writer.define_name(list_name(name), f"={stamps.values(name)}")


def write_hidden(book: Book, order: Order, stamps: Stamping) -> None:
    """Write the hidden sheet of a form."""
    sheet = book.sheet(STAMP_SHEET)
    style = book.style("hidden")
    for row, key in enumerate(STAMP_KEYS, 1):
        book.put(sheet, row, 1, key, style)
        book.put(sheet, row, 2, getattr(order.stamp, key), style)
    write_lists(book, dict(order.plan.lists), stamps)
    for layout in order.layouts():
        column = stamps.messages[layout.form.id][0]
        for check in layout.checks:
            target = layout.column(ColumnKind.ENTRY, check.field.id)
            book.put(sheet, check.number, column, check.message(layout.language), style)
            book.put(sheet, check.number, column + 1, target.index, style)
    sheet.protect("", {"select_locked_cells": False})
    sheet.hide()
