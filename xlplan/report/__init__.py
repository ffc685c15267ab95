"""From the accepted returns to the summary workbook, and its figures against those in print.

`rows` makes one record for each item and period; `groups`, `measures` and `figures` say which figures there are, where
each stands and what its formula names; `columns` is the geometry of the data sheets that formulas look into. `views`
has a module for each table of the summary. They write into a `summary.Summary`, on sheets laid out by `layout` and
with the styles of `display`; `workbook` puts the whole together, cover and hidden sheet included. `reconcile` reads a
summary again and holds its figures against those in print.

`rows`, `groups`, `measures` and `figures` know neither sheets' styles nor paper; all that is XlsxWriter's is in
`summary`, `views` and `workbook`. Other rooms make rows, then the workbook, then a comparison.
"""

__all__ = ["reconcile", "render", "rows"]
