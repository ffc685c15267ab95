"""The summary of a round as a workbook: its document, rendered."""

from xlplan.report.document import document_of
from xlplan.report.render.xlsx.workbook import workbook_of
from xlplan.report.rows import Consolidation
from xlplan.report.working import Figures


def summary_workbook(made: Consolidation, figures: Figures | None = None) -> bytes:
    """The summary as the bytes of an .xlsx file, every formula with its value.

    Args:
        made: What the summary shows.
        figures: Its figures, where they are known already.
    """
    figures = figures or Figures(made)
    return workbook_of(document_of(made, figures), made, figures)
