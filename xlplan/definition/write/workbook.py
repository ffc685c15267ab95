"""plan.xlsx: the definition as a workbook for the office, with a guide, notes on the headings and dropdowns."""

from datetime import datetime

from xlplan.definition.specs import HIDDEN_SHEET
from xlplan.definition.tables import Tables
from xlplan.definition.write.cells import (
    FIRST_ROW,
    FONT_SIZE,
    LINE_HEIGHT,
    SPARE_ROWS,
    TableSheet,
    setting,
    table_sheets,
)
from xlplan.definition.write.lists import write_names
from xlplan.definition.write.table import write_table
from xlplan.formula.addresses import quoted_sheet
from xlplan.language.messages import text
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS
from xlplan.spreadsheet.worksheet import Sheet

_HEADINGS = (
    "definition_book.guide.order",
    "definition_book.guide.sheet_head",
    "definition_book.guide.what",
    "definition_book.guide.needed",
    "definition_book.guide.lines",
)
_STEPS = (
    "definition_book.guide.step_1",
    "definition_book.guide.step_2",
    "definition_book.guide.step_3",
    "definition_book.guide.step_4",
    "definition_book.guide.step_5",
)


def definition_workbook(tables: Tables, language: str, created: datetime) -> bytes:
    """The bytes of plan.xlsx. Reading it gives the plan that `tables` give.

    Args:
        tables: the tables of a definition, as read.
        language: of headings, notes and words, "ja" or "en".
        created: the moment that its properties bear, so that the same tables give the same bytes.

    Returns:
        The workbook, with the values of its formulas.
    """
    title = setting(tables, "title")
    book = Book(language, title, setting(tables, "organisation"), created)
    sheets = table_sheets(tables, language)
    _write_guide(book, sheets, title)
    made = [book.sheet(table.spec.label(language), gridlines=True) for table in sheets]
    names = write_names(book, sheets)
    for sheet, table in zip(made, sheets, strict=True):
        write_table(book, sheet, table, names)
    book.sheets[HIDDEN_SHEET].hide()
    return book.finish()


def _write_guide(book: Book, sheets: tuple[TableSheet, ...], title: str) -> None:
    """The first sheet: what each sheet is for, in which order to fill them, and how. The others are linked by name."""

    def words_of(key: str, **params: object) -> str:
        return text(key, book.language, **params)

    sheet = book.sheet(words_of("definition_book.guide.sheet"))
    widths = (2.0, 7.0, 18.0, 74.0, 14.0, 8.0)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    book.put(sheet, 1, 2, words_of("definition_book.guide.title", title=title), book.style("title"))
    sheet.set_row(0, 30)
    whole = sum(widths[1:])

    def paragraph(row: int, words_: str, style: str, **more: object) -> None:
        sheet.merge_range(row - 1, 1, row - 1, 5, words_, book.style(style, font_size=FONT_SIZE, **more))
        sheet.set_row(row - 1, row_height([(words_, whole * 1.15)], LINE_HEIGHT) + 3)

    def heading(row: int, words_: str) -> None:
        for column in range(2, 7):
            book.put(sheet, row, column, words_ if column == 2 else "", book.style("heading"))
        sheet.set_row(row - 1, 22)

    paragraph(2, words_of("definition_book.guide.intro"), "text", valign="vcenter")
    paragraph(3, words_of("definition_book.guide.lint"), "value", bold=True, **FILLS["to_do"])
    heading(5, words_of("definition_book.guide.sheets"))
    for column, key in enumerate(_HEADINGS, 2):
        book.put(sheet, 6, column, words_of(key), book.style("head", font_size=FONT_SIZE))
    sheet.set_row(5, 20)
    for row, table in enumerate(sheets, 7):
        _guide_line(book, sheet, row, row - 6, table)
    row = 7 + len(sheets) + 1
    heading(row, words_of("definition_book.guide.how"))
    for place, step in enumerate(_STEPS, row + 1):
        paragraph(place, words_of(step, spare=SPARE_ROWS), "text", valign="vcenter")
    sheet.print_area(0, 0, row + 4, 5)
    book.print_on(sheet, Paper(size=9, footer=words_of("definition_book.guide.page")))
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _guide_line(book: Book, sheet: Sheet, row: int, number: int, table: TableSheet) -> None:
    language, name = book.language, table.spec.label(book.language)
    size = {"font_size": FONT_SIZE}
    book.put(sheet, row, 2, number, book.style("value_centre", **size))
    sheet.write_url(
        row - 1,
        2,
        f"internal:{quoted_sheet(name)}!A{FIRST_ROW}",
        book.style("link_box", indent=1, **size),
        name,
    )
    note = table.spec.about(language)
    book.put(sheet, row, 4, note, book.style("value", **size))
    needed = text(
        "definition_book.guide.needed_no" if table.spec.optional else "definition_book.guide.needed_yes",
        language,
    )
    book.put(sheet, row, 5, needed, book.style("value_centre", **size))
    count = f"COUNTA('{name}'!$A${FIRST_ROW}:$A${table.last_row})"
    book.formula(sheet, row, 6, count, book.style("value_centre", **size))
    sheet.set_row(row - 1, row_height([(note, 74)], LINE_HEIGHT) + 3)
