"""The summary workbook of a round: every figure live over the records, every record with its source."""

from collections.abc import Mapping

from xlplan.form.layout.stamps import STAMP_SHEET, Stamping, stamping
from xlplan.form.lists import write_lists
from xlplan.model.parts import View, ViewKind
from xlplan.report.columns import data_tables
from xlplan.report.cover import write_cover
from xlplan.report.figures import Figure, figure_cells
from xlplan.report.frame import Frame
from xlplan.report.paper import MEASURE
from xlplan.report.rows import Consolidation
from xlplan.report.views.data import write_data
from xlplan.report.views.listing import write_list
from xlplan.report.views.progress import write_progress
from xlplan.report.views.registers import write_findings, write_returns
from xlplan.report.views.schedule import write_schedule
from xlplan.report.views.statistics import write_statistics
from xlplan.report.views.status import write_status
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
