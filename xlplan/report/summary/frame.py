"""What all sheets of a summary share: title, note and mark of a draft, on the screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlsxwriter.format import Format

from xlplan.fields import CENTRE, RIGHT, type_of
from xlplan.formula.excel import ALL_CELLS
from xlplan.language.messages import text
from xlplan.model.form import Field
from xlplan.model.item import Item
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.consolidate import Consolidation
from xlplan.report.summary.columns import DataTable
from xlplan.spreadsheet.book import Book, Paper
from xlplan.spreadsheet.styles import RED, RED_INK
from xlplan.spreadsheet.worksheet import Sheet

TITLE_ROW, NOTE_ROW = 1, 2
MOST_LOOKUPS = 40_000
"""Look-ups on one sheet: Excel works each out anew whenever an answer is corrected."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The workbook being written, what it is made of, and its data sheets by form id."""

    book: Book
    made: Consolidation
    tables: Mapping[str, DataTable]

    @property
    def language(self) -> str:
        """The language of the summary."""
        return self.made.plan.language

    def said(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the summary's language."""
        return text(key, self.language, **params)

    def department(self, department_id: str) -> str:
        """A department's name."""
        found = self.made.plan.department(department_id)
        return found.name if found else department_id

    def of_item(self, item: Item, name: str) -> str:
        """What an item says in one of its columns; a department by its name."""
        if name in item.extra:
            return item.extra[name]
        if name == "item":
            return item.id
        value = str(getattr(item, name, ""))
        return self.department(value) if name == "department" else value

    def sheet(self, name: str, title: str, note: str, columns: int) -> Sheet:
        """A new sheet with its title and a note over `columns` columns. A draft says so in red on top."""
        made, book = self.made, self.book
        sheet = book.sheet(name)
        style, quiet = book.style("title"), book.style("quiet")
        if made.draft:
            title = text("signs.marked", self.language, mark=self.said("summary.state.draft"), word=title)
            note = self.said("summary.state.draft_note")
            style = book.style("title", bg_color=RED, font_color=RED_INK)
            quiet = book.style("quiet", bg_color=RED, font_color=RED_INK)
        for column in range(1, columns + 1 if made.draft else 2):
            book.put(sheet, TITLE_ROW, column, title if column == 1 else None, style)
            book.put(sheet, NOTE_ROW, column, note if column == 1 else None, quiet)
        sheet.set_row(TITLE_ROW - 1, 27)
        sheet.set_row(NOTE_ROW - 1, 18)
        sheet.ignore_errors({"number_stored_as_text": ALL_CELLS})  # the numbers of projects are names
        return sheet

    def area(
        self,
        sheet: Sheet,
        rows: tuple[int, int],
        columns: tuple[int, int],
        value: Value,
        style: Format,
        *,
        formula: str = "",
    ) -> None:
        """A value, or a formula, over one cell or a merged area (1-based, the last row and column included)."""
        (top, bottom), (left, right) = rows, columns
        if (top, left) != (bottom, right):
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", style)
        if formula:
            self.book.formula(sheet, top, left, formula, style)
        else:
            self.book.put(sheet, top, left, value, style)

    def note(self) -> str:
        """Whose plan this is, and up to when."""
        plan = self.made.plan
        return self.said(
            "summary.state.note",
            organisation=plan.organisation,
            title=plan.title,
            period=self.made.period.label,
        )

    def paper(
        self,
        *,
        size: int = 9,
        landscape: bool = True,
        repeat: tuple[int, int] | None = None,
    ) -> Paper:
        """How a sheet is printed; a draft has its mark on every page."""
        mark = self.said("summary.state.draft") if self.made.draft else ""
        return Paper(size, landscape, repeat, self.said("summary.state.page"), mark)

    def paper_of(self, table: Paper, repeat: tuple[int, int] | None = None) -> Paper:
        """How a table is printed that was laid out for this paper and its scale."""
        return replace(
            self.paper(size=table.size, landscape=table.landscape, repeat=repeat), scale=table.scale
        )


def value_style(field: Field, plan: Plan, *, centre_numbers: bool = False) -> tuple[str, dict[str, object]]:
    """The style and number format of a field's value."""
    kind = type_of(field)
    shape = kind.summary_format(plan)
    more: dict[str, object] = {"num_format": shape} if shape else {}
    if kind.align == RIGHT:
        return "cell_centre" if centre_numbers else "figure", more
    return "cell_centre" if kind.align == CENTRE else "cell", more


def shown_value(address: str, field: Field, plan: Plan) -> str:
    """A formula that shows the value of a field found at `address` (a formula), "" where it is blank or absent."""
    return type_of(field).shown_formula(address, plan)
