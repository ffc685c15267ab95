"""plan.xlsx: the definition as a workbook for the office, with a guide, notes on the headings and dropdowns."""

from datetime import datetime

from xlplan.definition.names import HIDDEN_SHEET
from xlplan.definition.tables import Tables
from xlplan.definition.write.cells import setting, table_sheets
from xlplan.definition.write.guide import write_guide
from xlplan.definition.write.lists import write_names
from xlplan.definition.write.table import write_table
from xlplan.spreadsheet.book import Book


def definition_workbook(tables: Tables, language: str, created: datetime) -> bytes:
    """The bytes of plan.xlsx in `language`. Reading it gives the plan that `tables` give."""
    title = setting(tables, "title")
    book = Book(language, title, setting(tables, "organisation"), created)
    sheets = table_sheets(tables, language)
    write_guide(book, sheets, title)
    made = [book.sheet(one.spec.label(language), gridlines=True) for one in sheets]
    names = write_names(book, sheets)
    for sheet, one in zip(made, sheets, strict=True):
        write_table(book, sheet, one, names)
    book.sheets[HIDDEN_SHEET].hide()
    return book.finish()
