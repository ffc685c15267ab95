"""The summary of a round as a workbook: its document, rendered."""

from xlplan.report.document import document_of
from xlplan.report.render.xlsx.workbook import workbook_of
from xlplan.report.rows import Consolidation


def summary_workbook(made: Consolidation) -> bytes:
    """The summary as the bytes of an .xlsx file, every formula with its value."""
    return workbook_of(document_of(made), made)
