"""Excel, and nothing of the plan: whether a file is safe, its XML cells, writing a book with cached values.

`safety` judges the bytes of a file before anything parses it; `xmlcells` looks into a sheet's XML; `seencells` tells
what a cell shows besides its value, by its number format and what is struck out, and `remarks` what is written on a
sheet beside all values; `book` is the one writer that every workbook goes through.
"""

__all__ = [
    "book",
    "cached",
    "container",
    "parts",
    "remarks",
    "safety",
    "seencells",
    "styles",
    "worksheet",
    "xmlcells",
]
