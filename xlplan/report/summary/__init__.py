"""The sheets of the summary workbook, live formulas over the data."""

__all__ = ["columns", "positions", "workbook"]
