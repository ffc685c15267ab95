"""The sheets of the summary workbook, live formulas over the data."""

__all__ = ["data", "listing", "progress", "registers", "schedule", "statistics", "status"]
