"""From the accepted returns to the summary, and its figures against those in print.

`rows` makes one record for each item and period, `records` holds them by column, computed fields included. `figures`
says which figures there are and where each stands, `heads` and `groups` what stands above them, `keys` how a formula
asks for a head so that it counts itself; `working` works each figure out once, its `aggregates` in one pass over the
records, and `tracing` tells the records that make it up. `worked` keeps those of closed rounds as they were.
`returns` tells how each return stands, `decided` what the office decided. `columns` is the geometry of the data sheets
that formulas look into.

`tables` is the model of a summary: a document of sections with tables of cells and charts, which `views` build with the
help of `shown`, a module for each, and `document` puts together. `render` makes a file of it: `render.xlsx` a workbook,
with live formulas over data sheets, `render.html` a page. `reconcile` holds the figures against those in print.

Up to the document nothing knows a library, a sheet's styles or a page; all that is XlsxWriter's is in `render.xlsx`.
Other rooms make rows, records, figures, then a document and its files, or a comparison.
"""

__all__ = [
    "decided",
    "document",
    "figures",
    "heads",
    "reconcile",
    "records",
    "render",
    "returns",
    "rows",
    "shown",
    "tables",
    "tracing",
    "views",
    "worked",
    "working",
]
