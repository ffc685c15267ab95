"""The summary as a workbook: answers looked up in its data sheets, figures worked out over them.

`workbook` has the order of the sheets, `cover` writes the first, `tables` every table that has a sheet to itself,
`statistics` those that stand below each other with their `charts`, `data` the rows that formulas look into. `placing`
works out rows, heights and page breaks from a table's structure, by what `paper` holds and how `looks` has each kind of
table; `formulas` keeps a cell live by its source; `sheet` is what all sheets share.
"""

__all__ = ["workbook"]
