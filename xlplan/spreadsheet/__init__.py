"""Excel, and nothing of the plan: whether a file is safe, its XML cells, writing a book with cached values.

`safety` judges the bytes of a file before anything parses it; `xmlcells` looks into a sheet's XML; `book` is the one
writer that every workbook goes through.
"""

__all__ = ["book", "cached", "container", "safety", "styles", "worksheet", "xmlcells"]
