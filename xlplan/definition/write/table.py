"""One table of the definition on its sheet: notes on the headings, dropdowns, and marks for what is left out."""

from collections.abc import Mapping
from datetime import date

from xlplan.definition.blank import REQUIRED_SETTINGS
from xlplan.definition.headings import how_to_begin
from xlplan.definition.specs import SETTING_WORDS, WORDS, spec, words
from xlplan.definition.write.cells import (
    FIRST_ROW,
    FONT_SIZE,
    HEADER_ROW,
    LINE_HEIGHT,
    NOTE_ROW,
    TITLE_ROW,
    Cell,
    ListNames,
    SheetColumn,
    TableSheet,
)
from xlplan.formula.addresses import area_address, cell_address, column_letters, quoted_sheet
from xlplan.formula.excel import MAX_CELL_TEXT, MAX_COLUMN_WIDTH, MAX_SHEET_TITLE, MAX_VALIDATION_TITLE
from xlplan.language.messages import text
from xlplan.language.text import display_width, wrapped_lines
from xlplan.spreadsheet.book import Book, Options, Paper, prompt, row_height
from xlplan.spreadsheet.styles import FILLS, LINE, NAVY, SLATE
from xlplan.spreadsheet.worksheet import Sheet

NARROWEST, WIDEST = 8.0, 40.0
FIRST_OF_EMPTY, VALUE_OF_EMPTY = 13.0, 32.0
"""Width of the first column, which holds the way back, of a sheet not begun; and of the values of settings there."""
ALWAYS_SEEN = 45.0
"""Width, in characters, of what stays when a sheet is scrolled sideways."""
A4_WIDTH = 150.0
"""Width, in characters, from which a sheet is printed on A3."""

_BOUNDS: Mapping[tuple[str, str], tuple[str, float, float]] = {
    ("fields", "max_length"): ("integer", 1, MAX_CELL_TEXT),
    ("fields", "width"): ("decimal", 1, MAX_COLUMN_WIDTH),
    ("periods", "first_month"): ("integer", 1, 12),
    ("periods", "last_month"): ("integer", 1, 12),
    ("choices", "rank"): ("decimal", -1_000_000, 1_000_000),
}
_LOOSE = {
    ("fields", "required"),
    ("rules", "target"),
    ("items", "predecessor"),
    ("records", "department"),
}
"""Columns whose dropdown is a help only: a formula, a label, several ids or a name may stand there as well."""
_LOOSE_SETTINGS = ("holidays",)
"""Settings of which the same holds: the code of any country."""


def write_table(book: Book, sheet: Sheet, table: TableSheet, names: ListNames) -> None:
    """Write one table onto its sheet.

    Args:
        book: the workbook that is being written.
        sheet: the empty sheet.
        table: its columns and lines.
        names: the defined names of its dropdowns.
    """
    _Writer(book, sheet, table, names).write()


class _Writer:
    def __init__(self, book: Book, sheet: Sheet, table: TableSheet, names: ListNames) -> None:
        self.book, self.sheet, self.table, self.names = book, sheet, table, names
        self.spec, self.language = table.spec, book.language
        self.last = table.last_row
        self.widths = [self._width(at, column) for at, column in enumerate(table.columns)]

    def words_of(self, key: str, **params: object) -> str:
        return text(key, self.language, **params)

    def write(self) -> None:
        for at, column in enumerate(self.table.columns):
            form = self.book.style("base", **_shape(column), font_size=FONT_SIZE)
            self.sheet.set_column(at, at, self.widths[at], form)
        self.head()
        for row, cells in enumerate(self.table.rows, FIRST_ROW):
            self.line(row, cells)
        for at, column in enumerate(self.table.columns):
            self.dropdown(at, column)
        self.settings()
        self.marks()
        self.finish()

    def _width(self, at: int, column: SheetColumn) -> float:
        longest = max(
            (display_width(part) for row in self.table.rows for part in str(row[at] or "").split("\n")),
            default=0,
        )
        least = NARROWEST
        if not self.table.begun:
            longest = max(longest, display_width(self.spec.example(self.language).get(column.id, "")))
            least = VALUE_OF_EMPTY if (self.spec.id, column.id) == ("plan", "value") else least
            least = FIRST_OF_EMPTY if at == 0 else least
        return max(least, min(WIDEST, max(longest + 4, display_width(column.heading) + 5.5)))

    def head(self) -> None:
        """Title, purpose and headings; dark headings are those of columns that must be filled."""
        book, sheet = self.book, self.sheet
        book.put(sheet, TITLE_ROW, 1, self.spec.label(self.language), book.style("title"))
        sheet.set_row(TITLE_ROW - 1, 27)
        first = text("definition_book.guide.sheet", self.language)
        link = book.style("link", font_size=FONT_SIZE)
        sheet.write_url(
            NOTE_ROW - 1,
            0,
            f"internal:{quoted_sheet(first)}!A1",
            link,
            self.words_of("definition_book.sheet.back"),
        )
        note = self.spec.about(self.language)
        if not self.table.begun:
            note = how_to_begin(self.spec, self.language, optional=self.spec.optional)
        book.put(sheet, NOTE_ROW, 2, note, book.style("quiet", font_size=FONT_SIZE))
        sheet.set_row(NOTE_ROW - 1, 20)
        for at, column in enumerate(self.table.columns):
            style = "head" if column.id in self.spec.required else "head_office"
            book.put(sheet, HEADER_ROW, at + 1, column.heading, book.style(style, font_size=FONT_SIZE))
            note = self.note(column)
            height = 16 * wrapped_lines(note, 40) + 14
            options = {"width": 290, "height": height, "font_size": 9, "author": "xlplan"}
            book.note(sheet, HEADER_ROW, at + 1, note, options)
        sheet.set_row(HEADER_ROW - 1, 24)

    def note(self, column: SheetColumn) -> str:
        """What belongs in a column, for the note on its heading."""
        spec_, remarks = self.spec, []
        if column.id not in spec_.columns:
            if spec_.id != "records":
                return self.words_of("definition_book.sheet.further")
            remarks.append(self.words_of("definition_book.sheet.field", name=column.heading))
            if column.list:
                remarks.append(self.words_of("definition_book.sheet.field_list", name=column.list))
            return "\n".join(remarks)
        remarks.append(spec_.note(column.id, self.language))
        if column.id in spec_.choices:
            allowed = words(spec_.choices[column.id], self.language).values()
            remarks.append(self.words_of("definition_book.sheet.one_of", words=" / ".join(allowed)))
        if column.id in spec_.references:
            other, name = spec_.references[column.id].split(".")
            label, heading = spec(other).label(self.language), spec(other).heading(name, self.language)
            remarks.append(self.words_of("definition_book.sheet.choose", sheet=label, column=heading))
        if column.id in spec_.required:
            remarks.append(self.words_of("definition_book.sheet.required"))
        return "\n".join(remarks)

    def line(self, row: int, cells: tuple[Cell, ...]) -> None:
        for at, value in enumerate(cells):
            shape = _shape(self.table.columns[at], value)
            style = self.book.style("cell", **shape, font_size=FONT_SIZE)
            self.book.put(self.sheet, row, at + 1, value, style)
        tall = [(value, self.widths[at] - 1.5) for at, value in enumerate(cells)]
        self.sheet.set_row(row - 1, row_height(tall, LINE_HEIGHT))

    def dropdown(self, at: int, column: SheetColumn) -> None:
        """The dropdown of a column, or the bounds of its numbers."""
        key = (self.spec.id, column.id)
        rule: Options = {}
        if column.id in self.spec.choices:
            which = self.spec.choices[column.id]
            named = self.names.words.get(which)
            allowed = f"={named}" if named else list(words(which, self.language).values())
            rule = {
                "validate": "list",
                "source": allowed,
                "error_message": self.words_of("definition_book.sheet.stop_word"),
            }
        elif column.id in self.spec.references:
            wanted = self.spec.references[column.id]
            other = spec(wanted.split(".")[0]).label(self.language)
            stop = self.words_of("definition_book.sheet.stop_reference", sheet=other)
            rule = {"validate": "list", "source": f"={self.names.columns[wanted]}", "error_message": stop}
        elif column.list in self.names.lists:
            rule = {"validate": "list", "source": f"={self.names.lists[column.list]}", "show_error": False}
        elif key in _BOUNDS:
            kind, low, high = _BOUNDS[key]
            stop = self.words_of("definition_book.sheet.stop_number", low=f"{low:,}", high=f"{high:,}")
            rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
            rule["error_message"] = stop
        elif key in (("forms", "title"), ("views", "title")):
            stop = self.words_of("definition_book.sheet.stop_length", limit=MAX_SHEET_TITLE)
            rule = {"validate": "length", "criteria": "<=", "value": MAX_SHEET_TITLE, "error_message": stop}
        if rule:
            rule |= {"error_title": self.words_of("definition_book.sheet.stop_title")}
            if key in _LOOSE:
                rule["show_error"] = False
            self.sheet.data_validation(FIRST_ROW - 1, at, self.last - 1, at, rule)

    def settings(self) -> None:
        """Beside each setting of the plan: what it takes, and the words of those that take a few."""
        if self.spec.id != "plan":
            return
        ids = {label: key for key, label in words("setting", self.language).items()}
        for row, (key, _) in enumerate(self.table.rows, FIRST_ROW):
            name = ids.get(str(key))
            if name is None:
                continue
            rule: Options = {"validate": "any"}
            if name in SETTING_WORDS:
                which = SETTING_WORDS[name]
                source = WORDS[which] if which == "month" else words(which, self.language).values()
                rule = {"validate": "list", "source": list(source), "show_error": name not in _LOOSE_SETTINGS}
                rule |= {
                    "error_title": self.words_of("definition_book.sheet.stop_title"),
                    "error_message": self.words_of("definition_book.sheet.stop_word"),
                }
            if name in REQUIRED_SETTINGS:
                cell = cell_address(row, 2)
                blank: Options = {"type": "formula", "criteria": f'={cell}=""'}
                blank["format"] = self.book.fill({**FILLS["missing"], "border": 1, "border_color": LINE})
                self.sheet.conditional_format(row - 1, 1, row - 1, 1, blank)
            rule["input_title"] = prompt(str(key), MAX_VALIDATION_TITLE)
            rule["input_message"] = prompt(text(f"definition_book.setting.{name}", self.language))
            self.sheet.data_validation(row - 1, 1, row - 1, 1, rule)

    def marks(self) -> None:
        """Lines around what is written, yellow where something is left out, red for an id that is there twice."""
        count = len(self.table.columns)
        line = f"COUNTA($A{FIRST_ROW}:${column_letters(count)}{FIRST_ROW})>0"
        area = (FIRST_ROW - 1, 0, self.last - 1, count - 1)
        for at, column in enumerate(self.table.columns):
            if column.id not in self.spec.required or self.spec.id == "plan":
                continue
            cell = cell_address(FIRST_ROW, at + 1)
            blank: Options = {"type": "formula", "criteria": f'=AND({line},{cell}="")'}
            blank["format"] = self.book.fill({**FILLS["missing"], "border": 1, "border_color": LINE})
            self.sheet.conditional_format(FIRST_ROW - 1, at, self.last - 1, at, blank)
        if self.spec.columns[0] == "id" and "id" in self.spec.required:
            same = f'=AND($A{FIRST_ROW}<>"",SUMPRODUCT(--($A${FIRST_ROW}:$A${self.last}=$A{FIRST_ROW}))>1)'
            twice = {"type": "formula", "criteria": same, "format": self.book.fill(FILLS["wrong"])}
            self.sheet.conditional_format(FIRST_ROW - 1, 0, self.last - 1, 0, twice)
        drawn = self.book.fill({"border": 1, "border_color": LINE})
        self.sheet.conditional_format(*area, {"type": "formula", "criteria": f"={line}", "format": drawn})

    def finish(self) -> None:
        count, sheet = len(self.table.columns), self.sheet
        sheet.autofilter(HEADER_ROW - 1, 0, self.last - 1, count - 1)
        sheet.freeze_panes(FIRST_ROW - 1, self.seen())
        # ids such as 001 and figures as printed are text on purpose
        sheet.ignore_errors(
            {"number_stored_as_text": area_address((FIRST_ROW, 1), (self.last, count), fixed=False)},
        )
        sheet.set_tab_color(SLATE if self.spec.optional else NAVY)
        wide = sum(self.widths) > A4_WIDTH
        page = text("definition_book.guide.page", self.language)
        paper = Paper(size=8 if wide else 9, repeat=(HEADER_ROW, HEADER_ROW), footer=page)
        self.book.print_on(sheet, paper)

    def seen(self) -> int:
        """How many columns stay in sight: the first ones that must be filled, where they are narrow."""
        found, wide = 0, 0.0
        for width, column in zip(self.widths, self.table.columns, strict=True):
            wide += width
            if column.id not in self.spec.required or wide > ALWAYS_SEEN:
                break
            found += 1
        return max(found, 1)


def _shape(column: SheetColumn, value: Cell = None) -> Options:
    """The number format and alignment of a cell, also of one still to be filled.

    Text columns are formatted as text, or Excel would make a date of the id 1-2.
    """
    lying: Options = {"valign": "vcenter", "indent": 1}
    if column.kind == "text":
        return {**lying, "num_format": "@", "text_wrap": True}
    # a percentage typed into a cell of another format would lose what was printed
    shape = "yyyy-mm-dd" if isinstance(value, date) else "@" if column.kind == "print" else "General"
    if column.kind == "month":
        shape = "yyyy-mm"
    return {**lying, "num_format": shape, "align": "right"}
