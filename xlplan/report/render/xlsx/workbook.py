"""The summary workbook of a round: every figure live over the records, every record with its source.

Its first sheet says whose plan it is, up to when, final or draft, what it rests on, what is inside, and how to trace a
figure.
"""

from collections.abc import Mapping, Sequence

from xlplan.form.layout.entry import stamping
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.form.lists import write_lists
from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.report.columns import FIRST_ROW
from xlplan.report.render.xlsx.data import write_data
from xlplan.report.render.xlsx.looks import LOOKS
from xlplan.report.render.xlsx.paper import MEASURE
from xlplan.report.render.xlsx.sheet import Summary
from xlplan.report.render.xlsx.statistics import write_statistics
from xlplan.report.render.xlsx.tables import write_table
from xlplan.report.tables import Document, Fact, Section, Table, Tally
from xlplan.report.working import Figures
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE, LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

FORMAT = "xlplan-summary 1"
REGISTERS = ("returns", "findings")
"""The kinds of tables whose sheets stand behind the data."""


def workbook_of(document: Document, figures: Figures) -> bytes:
    """A summary as a workbook.

    Args:
        document: The summary.
        figures: Its figures, with the records that its data sheets hold.

    Returns:
        The bytes of an .xlsx file, every formula with its value.
    """
    made, plan = figures.made, figures.made.plan
    book = Book(
        document.language,
        f"{document.title} {document.period}",
        document.organisation,
        document.created,
        measure=MEASURE,
    )
    summary = Summary(book, made, figures)
    stamps = stamping((), plan.lists, plan, made.period)
    registers = [section for section in document.sections if _kind(section) in REGISTERS]
    views = [section for section in document.sections if _kind(section) not in REGISTERS]
    _write_cover(summary, document, _contents(summary, views, registers))
    for section in views:
        _write_section(summary, section)
    for table in summary.tables.values():
        write_data(summary, table, stamps)
    for section in registers:
        _write_section(summary, section)
    _write_hidden(summary, stamps)
    return book.finish()


def _kind(section: Section) -> str:
    """The kind of the first table; empty where there is none."""
    return next((block.kind for block in section.blocks if isinstance(block, Table)), "")


def _write_section(summary: Summary, section: Section) -> None:
    """A sheet for each section: a table by itself or with others below it, or figures with their charts."""
    match section.blocks:
        case (Table() as table, *below) if table.kind in LOOKS:
            write_table(summary, section, table, [block for block in below if isinstance(block, Table)])
        case _:
            write_statistics(summary, section)


def _contents(
    summary: Summary, views: Sequence[Section], registers: Sequence[Section]
) -> list[tuple[str, str]]:
    """Name of each sheet that follows the cover, and what it is for."""
    tables = [
        (table.name, summary.text("summary.cover.about_data", rows=summary.what_rows_are(table.form)))
        for table in summary.tables.values()
    ]
    shown = [[(section.sheet, section.about) for section in sections] for sections in (views, registers)]
    return [*shown[0], *tables, *shown[1]]


def _write_hidden(summary: Summary, stamps: Stamping) -> None:
    """The hidden sheet: what this file is, and the lists that computed fields rank by."""
    made = summary.made
    sheet = summary.book.sheet(STAMP_SHEET)
    style = summary.book.style("hidden")
    stamp: Mapping[str, str] = {
        "format": FORMAT,
        "plan": made.plan.id,
        "period": made.period.id,
        "state": "draft" if made.draft else "final",
    }
    for row, (key, value) in enumerate(stamp.items(), 1):
        summary.book.put(sheet, row, 1, key, style)
        summary.book.put(sheet, row, 2, value, style)
    write_lists(summary.book, made.plan.lists, stamps, made.plan.retired)
    sheet.hide()


# --- the first sheet -------------------------------------------------------------------------------

LABEL, VALUE = 2, 3
_LABEL_WIDTH, _VALUE_WIDTH = 22.0, 84.0


def _write_cover(summary: Summary, document: Document, contents: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet.

    Args:
        summary: The summary.
        document: What it shows.
        contents: Name of each sheet that follows, and what it is for.
    """
    sheet = summary.book.sheet(summary.text("summary.cover.sheet"))
    for column, width in ((1, 2.0), (LABEL, _LABEL_WIDTH), (VALUE, _VALUE_WIDTH)):
        sheet.set_column(column - 1, column - 1, width)
    cover = _Cover(summary, sheet, document)
    cover.head()
    for title, facts in document.facts.items():
        if title:
            cover.heading(title)
        for fact in facts:
            cover.fact(fact)
    cover.contents(contents)
    cover.tracing()
    sheet.print_area(0, 0, cover.row - 1, VALUE - 1)
    summary.print_on(sheet, Paper(landscape=False))
    sheet.activate()


class _Cover:
    """The first sheet, written from top to bottom; `row` is the 1-based row that comes next."""

    def __init__(self, summary: Summary, sheet: Sheet, document: Document) -> None:
        self.summary, self.book, self.sheet, self.document = summary, summary.book, sheet, document
        self.row = 1

    def head(self) -> None:
        """Title, organisation, and the state that nobody can overlook."""
        summary, document = self.summary, self.document
        self.book.put(self.sheet, 1, LABEL, document.organisation, self.book.style("base", font_size=12))
        title = self.book.style("title", font_size=20)
        self.book.put(self.sheet, 2, LABEL, summary.text("summary.cover.title", title=document.title), title)
        self.sheet.set_row(0, 24)
        self.sheet.set_row(1, 36)
        self.row = 4
        state = "draft" if document.draft else "final"
        box = self.book.style(state, font_size=11, border=1, border_color=LINE, indent=1, text_wrap=True)
        label = summary.text("summary.cover.state")
        self.book.put(self.sheet, self.row, LABEL, label, self.book.style("label"))
        self.book.put(self.sheet, self.row, VALUE, document.state, box)
        self.sheet.set_row(self.row - 1, row_height([(document.state, _VALUE_WIDTH * 0.75)], 18) + 8)
        self.row += 1

    def fact(self, fact: Fact) -> None:
        """A label and what is said, counted live where it is a count."""
        self.book.put(self.sheet, self.row, LABEL, fact.label, self.book.style("label"))
        style = self.book.style("value", **(FILLS["wrong"] if fact.again else {}))
        formula = self.formula(fact)
        if formula:
            self.book.formula(self.sheet, self.row, VALUE, formula, style)
        else:
            self.book.put(self.sheet, self.row, VALUE, fact.text, style)
        measured = "" if formula else fact.text
        self.sheet.set_row(self.row - 1, row_height([(measured, _VALUE_WIDTH)], LINE_HEIGHT) + 5)
        self.row += 1

    def heading(self, words: str) -> None:
        """The title of a part of the cover."""
        self.row += 1
        for column in (LABEL, VALUE):
            style = self.book.style("heading")
            self.book.put(self.sheet, self.row, column, words if column == LABEL else None, style)
        self.sheet.set_row(self.row - 1, 22)
        self.row += 1

    def contents(self, contents: Sequence[tuple[str, str]]) -> None:
        """A link to every sheet, and what it is for."""
        self.heading(self.summary.text("summary.cover.contents"))
        for name, about in contents:
            link = f"internal:{quoted_sheet(name)}!A1"
            self.sheet.write_url(self.row - 1, LABEL - 1, link, self.book.style("link_box", indent=1), name)
            self.book.put(self.sheet, self.row, VALUE, about, self.book.style("value"))
            self.sheet.set_row(self.row - 1, row_height([(about, _VALUE_WIDTH)], LINE_HEIGHT) + 5)
            self.row += 1

    def tracing(self) -> None:
        """From a figure to the file in which it was answered."""
        self.heading(self.summary.text("summary.cover.trace"))
        style = self.book.style("text", valign="vcenter")
        for words in self.document.tracing:
            self.summary.area(self.sheet, ((self.row, self.row), (LABEL, VALUE)), words, style)
            width = _LABEL_WIDTH + _VALUE_WIDTH
            self.sheet.set_row(self.row - 1, row_height([(words, width)], LINE_HEIGHT) + 4)
            self.row += 1

    # --- what is counted ---

    def formula(self, fact: Fact) -> str:
        """A fact as it is counted over the registers and the data; empty where it has no number."""
        return "&".join(self.counted(part) if isinstance(part, Tally) else quote(part) for part in fact.parts)

    def counted(self, tally: Tally) -> str:
        """How many rows say a word."""
        data = self.summary.tables.get(tally.form)
        area = data.reference(tally.column) if data else self.range(tally)
        return f"COUNTIF({area},{quote(tally.word)})" if tally.word else f"COUNTA({area})"

    def range(self, tally: Tally) -> str:
        """Absolute range of a column of a register."""
        section, table = next(
            (section, block)
            for section in self.document.sections
            for block in section.blocks
            if isinstance(block, Table) and block.kind == tally.register
        )
        at = [column.id for column in table.columns].index(tally.column) + 1
        count = sum(1 for _ in table.rows())
        area = column_area(at, FIRST_ROW, FIRST_ROW + max(count, 1) - 1)
        return f"{quoted_sheet(section.sheet)}!{area}"
