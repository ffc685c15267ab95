"""The one writer of forms: the blank standard form, the issued workbook and the sent-back workbook."""

from xlplan.form.write.entry import write_entry
from xlplan.form.write.guide import write_guide
from xlplan.form.write.hidden import write_hidden
from xlplan.form.write.left import write_leftovers
from xlplan.form.write.order import Again, Given, Order, SentBack, Values
from xlplan.form.write.sent_back import marks, write_findings
from xlplan.form.write.shapes import FormShapes, form_shapes, formulas_version
from xlplan.spreadsheet.book import Book

__all__ = [
    "Again",
    "FormShapes",
    "Given",
    "Order",
    "SentBack",
    "Values",
    "form_shapes",
    "form_workbook",
    "formulas_version",
]


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
    write_hidden(book, order, stamps)
    return book.finish()
