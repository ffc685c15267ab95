"""From the tables of a plan to the plan, and back: plan.xlsx and its reference page.

`reading` is the way in; `tables` reads CSV files or a workbook, `specs` lists every table and column, and the other
modules build the nouns and tell what is wrong at its cell. `write` makes plan.xlsx, `blank` the tables of an empty one.
"""

__all__ = [
    "blank",
    "editing",
    "edition",
    "forms",
    "identity",
    "lines",
    "naming",
    "options",
    "people",
    "proposals",
    "reading",
    "records",
    "reference",
    "specs",
    "tables",
    "write",
]
