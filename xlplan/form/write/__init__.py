"""The one writer of a department's workbook."""

__all__ = ["live", "order", "shapes", "workbook"]
