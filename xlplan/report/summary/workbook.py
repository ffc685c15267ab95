"""The summary workbook of a round: every figure live over the records, every record with its source."""

from collections.abc import Mapping

from xlplan.form.layout.stamps import STAMP_SHEET, Stamping, stamping
from xlplan.form.lists import write_lists
from xlplan.model.view import View, ViewKind
from xlplan.report.consolidate import Consolidation
from xlplan.report.summary.columns import data_tables
from xlplan.report.summary.cover import write_cover
from xlplan.report.summary.data import write_data
from xlplan.report.summary.frame import Frame
from xlplan.report.summary.listing import write_list
from xlplan.report.summary.paging import MEASURE
from xlplan.report.summary.positions import Figure, figure_cells
from xlplan.report.summary.progress import write_progress
from xlplan.report.summary.registers import write_findings, write_returns
from xlplan.report.summary.schedule import write_schedule
from xlplan.report.summary.statistics import write_statistics
from xlplan.report.summary.status import write_status
from xlplan.spreadsheet.book import Book

__all__ = ["Figure", "figure_cells", "summary_workbook"]

FORMAT = "xlplan-summary 1"


def summary_workbook(made: Consolidation) -> bytes:
    """The summary as the bytes of an .xlsx file, every formula with its value."""
    plan = made.plan
    book = Book(
        plan.language, f"{plan.title} {made.period.label}", plan.organisation, made.created, measure=MEASURE
    )
    frame = Frame(book, made, data_tables(plan, draft=made.draft))
    stamps = stamping((), plan.lists, plan, made.period)
    write_cover(frame)
    for view in plan.views:
        _write_view(frame, view)
    for table in frame.tables.values():
        write_data(frame, table, stamps)
    write_returns(frame)
    write_findings(frame)
    _write_hidden(frame, stamps)
    return book.finish()


def _write_view(frame: Frame, view: View) -> None:
    match view.kind:
        case ViewKind.PROGRESS:
            write_progress(frame, view)
        case ViewKind.STATISTICS:
            write_statistics(frame, view)
        case ViewKind.STATUS:
            write_status(frame, view)
        case ViewKind.SCHEDULE:
            write_schedule(frame, view)
        case ViewKind.LIST:
            write_list(frame, view)


def _write_hidden(frame: Frame, stamps: Stamping) -> None:
    """The hidden sheet: what this file is, and the lists that computed fields rank by."""
    made = frame.made
    sheet = frame.book.sheet(STAMP_SHEET)
    style = frame.book.style("hidden")
    stamp: Mapping[str, str] = {
        "format": FORMAT,
        "plan": made.plan.id,
        "period": made.period.id,
        "state": "draft" if made.draft else "final",
    }
    for row, (key, value) in enumerate(stamp.items(), 1):
        frame.book.put(sheet, row, 1, key, style)
        frame.book.put(sheet, row, 2, value, style)
    write_lists(frame.book, made.plan.lists, stamps)
    sheet.hide()
