"""The defined names behind the dropdowns of plan.xlsx: each grows and shrinks with the lines of its sheet.

A list that ended in blank cells would let anything pass in Excel, so every range ends at its last filled cell,
whose place is worked out on the hidden sheet.
"""

import re
from collections.abc import Mapping, Sequence

from xlplan.definition.specs import HIDDEN_SHEET, MOST_IN_LABEL, TABLES, WORDS, words
from xlplan.definition.write.cells import FIRST_ROW, ListNames, TableSheet
from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.formula.excel import MAX_VALIDATION_LIST
from xlplan.language.text import units
from xlplan.spreadsheet.book import Book

REPEATED = "choices.list"
"""The one column of names that has each name in several lines."""


_WILDCARDS = re.compile(r"[*?~<>=]")


def write_names(book: Book, written: Sequence[TableSheet]) -> ListNames:
    """Write the hidden sheet and define the names."""
    sheets = {table.spec.id: table for table in written}
    hidden, style = book.sheet(HIDDEN_SHEET), book.style("hidden")
    wanted = dict.fromkeys(reference for table in TABLES for reference in table.references.values())
    columns = {}
    for row, reference in enumerate((reference for reference in wanted if reference != REPEATED), 1):
        table, column = reference.split(".")
        area = _area(book, sheets, table, column)
        book.put(hidden, row, 1, reference, style)
        # the place of the last filled cell: an approximate MATCH passes over the errors of the blank ones
        book.formula(hidden, row, 2, f'IFERROR(MATCH(2,INDEX(1/({area}<>""),0),1),1)', style)
        columns[reference] = name = reference.replace(".", "_")
        ends = f"INDEX({area},{HIDDEN_SHEET}!$B${row})"
        book.writer.define_name(name, f"={area.partition(':')[0]}:{ends}")
    columns[REPEATED] = _distinct(book, sheets)
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
    name = REPEATED.replace(".", "_")
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
