"""The summary workbook of a round: every figure live over the records, every record with its source."""

from collections.abc import Mapping, Sequence

from xlplan.form.layout.entry import stamping
from xlplan.form.layout.stamps import STAMP_SHEET, Stamping
from xlplan.form.lists import write_lists
from xlplan.report.render.xlsx.cover import write_cover
from xlplan.report.render.xlsx.data import write_data
from xlplan.report.render.xlsx.looks import LOOKS
from xlplan.report.render.xlsx.paper import MEASURE
from xlplan.report.render.xlsx.sheet import Summary
from xlplan.report.render.xlsx.statistics import write_statistics
from xlplan.report.render.xlsx.tables import write_table
from xlplan.report.rows import Consolidation
from xlplan.report.tables import Document, Section, Table
from xlplan.report.working import Figures
from xlplan.spreadsheet.book import Book

FORMAT = "xlplan-summary 1"
REGISTERS = ("returns", "findings")
"""The kinds of tables whose sheets stand behind the data."""


def workbook_of(document: Document, made: Consolidation, figures: Figures) -> bytes:
    """A summary as a workbook.

    Args:
        document: The summary.
        made: What it is made of, which its data sheets hold.
        figures: Its figures.

    Returns:
        The bytes of an .xlsx file, every formula with its value.
    """
    plan = made.plan
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
    write_cover(summary, document, _contents(summary, views, registers))
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
    """A sheet for each section: one table by itself, or several with their charts below each other."""
    match section.blocks:
        case (Table() as table,) if table.kind in LOOKS:
            write_table(summary, section, table)
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
    write_lists(summary.book, made.plan.lists, stamps)
    sheet.hide()
