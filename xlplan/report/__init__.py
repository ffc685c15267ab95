"""From the accepted returns to the summary workbook, and its figures against those in print."""

__all__ = ["reconcile", "rows", "views", "workbook"]
