"""From the accepted returns to the summary, and its figures against those in print.

`rows` makes one record for each item and period; `groups`, `measures` and `figures` say which figures there are, where
each stands and what its formula names; `columns` is the geometry of the data sheets that formulas look into. `tables`
is the model of a summary: a document of sections with tables of cells and charts, which `views` build with the help of
`shown`, a module for each, and `document` puts together. `render` makes a file of it, for a workbook live formulas
over data sheets. `workbook` is the way from what was consolidated to that file. `reconcile` reads a summary again and
holds its figures against those in print.

Up to the document nothing knows a library, a sheet's rows or a page; all that is XlsxWriter's is in `render.xlsx`.
Other rooms make rows, then the workbook, then a comparison.
"""

__all__ = ["reconcile", "rows", "workbook"]
