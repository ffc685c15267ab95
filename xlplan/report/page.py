"""The summary of a round as a page: its document, rendered."""

from xlplan.report.document import document_of
from xlplan.report.render.html import page
from xlplan.report.rows import Consolidation


def summary_page(made: Consolidation) -> bytes:
    """The summary as the bytes of an .html file."""
    return page(document_of(made))
