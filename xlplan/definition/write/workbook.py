"""plan.xlsx: the definition as a workbook for the office, with a guide, notes on the headings and dropdowns."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from xlplan.definition.specs import HIDDEN_SHEET, MOST_IN_LABEL, TABLES, WORDS, Tables, words
from xlplan.definition.write.cells import (
    FIRST_ROW,
    FONT_SIZE,
    LINE_HEIGHT,
    SPARE_ROWS,
    ListNames,
    TableSheet,
    setting,
    table_sheets,
)
from xlplan.definition.write.table import write_table
from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.formula.excel import MAX_VALIDATION_LIST
from xlplan.language.messages import text
from xlplan.language.text import units
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS
from xlplan.spreadsheet.worksheet import Sheet

_REPEATED = "choices.list"
"""The one column of names that has each name in several lines."""


_WILDCARDS = re.compile(r"[*?~<>=]")
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
    names = _write_names(book, sheets)
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
    heading_key = "definition_book.guide.title" if title else "definition_book.guide.title_blank"
    book.put(sheet, 1, 2, words_of(heading_key, title=title), book.style("title"))
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


def _write_names(book: Book, written: Sequence[TableSheet]) -> ListNames:
    """Write the hidden sheet and define the names behind the dropdowns: each grows and shrinks with its sheet's lines.

    A list that ended in blank cells would let anything pass in Excel, so every range ends at its last filled cell,
    whose place is worked out on the hidden sheet.
    """
    sheets = {table.spec.id: table for table in written}
    hidden, style = book.sheet(HIDDEN_SHEET), book.style("hidden")
    wanted = dict.fromkeys(reference for table in TABLES for reference in table.references.values())
    columns = {}
    for row, reference in enumerate((reference for reference in wanted if reference != _REPEATED), 1):
        table, column = reference.split(".")
        area = _area(book, sheets, table, column)
        book.put(hidden, row, 1, reference, style)
        # the place of the last filled cell: an approximate MATCH passes over the errors of the blank ones
        book.formula(hidden, row, 2, f'IFERROR(MATCH(2,INDEX(1/({area}<>""),0),1),1)', style)
        columns[reference] = name = reference.replace(".", "_")
        ends = f"INDEX({area},{HIDDEN_SHEET}!$B${row})"
        book.writer.define_name(name, f"={area.partition(':')[0]}:{ends}")
    columns[_REPEATED] = _distinct(book, sheets)
    return ListNames(columns, _lists(book, sheets), _words(book))


def _words(book: Book) -> dict[str, str]:
    """A name for each set of words that is too long to stand in the dropdown itself, from column G on."""
    hidden, style = book.sheets[HIDDEN_SHEET], book.style("hidden")
    long = [
        which for which in WORDS if len(",".join(words(which, book.language).values())) > MAX_VALIDATION_LIST
    ]
    for column, which in enumerate(long, 7):
        found = words(which, book.language).values()
        for row, word in enumerate(found, 1):
            book.put(hidden, row, column, word, style)
        area = column_area(column, 1, len(found))
        book.writer.define_name(f"words_{which}", f"={HIDDEN_SHEET}!{area}")
    return {which: f"words_{which}" for which in long}


def _area(book: Book, sheets: Mapping[str, TableSheet], table: str, column: str) -> str:
    """A column of a sheet from its first to its last spare row, absolute."""
    sheet = sheets[table]
    area = column_area(sheet.spec.columns.index(column) + 1, FIRST_ROW, sheet.last_row)
    return f"{quoted_sheet(sheet.spec.label(book.language))}!{area}"


def _distinct(book: Book, sheets: Mapping[str, TableSheet]) -> str:
    """The names of the lists of choices, each once: counted off in column E, gathered in column D."""
    area = _area(book, sheets, "choices", "list")
    start = area.partition(":")[0]
    hidden, style = book.sheets[HIDDEN_SHEET], book.style("hidden")
    length = sheets["choices"].last_row - FIRST_ROW + 1
    for row in range(2, length + 2):
        cell = start.replace(f"${FIRST_ROW}", f"${FIRST_ROW + row - 2}")
        upto = f"{start}:{cell.partition('!')[2]}"
        counted = f'IF({cell}="","",IF(SUMPRODUCT(--({upto}={cell}))=1,MAX(E$1:E{row - 1})+1,""))'
        book.formula(hidden, row, 5, counted, style)
        gathered = f'IFERROR(INDEX({area},MATCH({row - 1},E$2:E${length + 1},0)),"")'
        book.formula(hidden, row, 4, gathered, style)
    name = _REPEATED.replace(".", "_")
    ends = f"INDEX({HIDDEN_SHEET}!$D$2:$D${length + 1},MAX(1,MAX({HIDDEN_SHEET}!$E$2:$E${length + 1})))"
    book.writer.define_name(name, f"={HIDDEN_SHEET}!$D$2:{ends}")
    return name


def _lists(book: Book, sheets: Mapping[str, TableSheet]) -> dict[str, str]:
    """A name for the values of each list whose lines stand together."""
    found = {}
    sheet = sheets["choices"]
    at = sheet.spec.columns.index("list")
    owners = [str(row[at] or "") for row in sheet.rows]
    names, values = _area(book, sheets, "choices", "list"), _area(book, sheets, "choices", "value")
    for number, name in enumerate(dict.fromkeys(owners), 1):
        first, count = owners.index(name) if name else 0, owners.count(name)
        together = owners[first : first + count] == [name] * count
        if not name or not together or _WILDCARDS.search(name) or units(name) > MOST_IN_LABEL:
            continue
        begins = f"MATCH({quote(name)},{names},0)"
        ends = f"{begins}+COUNTIF({names},{quote(name)})-1"
        found[name] = f"choices_{number}"
        book.writer.define_name(found[name], f"=INDEX({values},{begins}):INDEX({values},{ends})")
    return found
