"""The one writer of a department's workbook.

`workbook` writes what an `order` asks for, sheet by sheet; `shapes` are the formulas that a form is issued with.
"""

__all__ = ["live", "order", "shapes", "workbook"]
