"""The geometry of a workbook for departments: where every field, row, check and stamp stands.

The writer and the reader both ask here, so that they cannot drift apart. Rows and columns are 1-based, as people
see them.
"""

from xlplan.layout.columns import HIDDEN, Column, ColumnKind
from xlplan.layout.entry import (
    BAND_ROW,
    BANDS,
    BANNER_ROW,
    FIRST_ROW,
    GUIDE_COLUMNS,
    HEADER_ROW,
    NOTE_ROW,
    TITLE_ROW,
    EntryLayout,
    SheetPlace,
)
from xlplan.layout.stamps import (
    FORMAT,
    FORMATS,
    FORMULAS_KEY,
    STAMP_KEYS,
    STAMP_SHEET,
    Stamping,
    stamping,
)
from xlplan.layout.words import WORDS_ROW, BookWords, FormWords, catalogue_words, lines_of, words_in

__all__ = [
    "BANDS",
    "BAND_ROW",
    "BANNER_ROW",
    "FIRST_ROW",
    "FORMAT",
    "FORMATS",
    "FORMULAS_KEY",
    "GUIDE_COLUMNS",
    "HEADER_ROW",
    "HIDDEN",
    "NOTE_ROW",
    "STAMP_KEYS",
    "STAMP_SHEET",
    "TITLE_ROW",
    "WORDS_ROW",
    "BookWords",
    "Column",
    "ColumnKind",
    "EntryLayout",
    "FormWords",
    "SheetPlace",
    "Stamping",
    "catalogue_words",
    "lines_of",
    "stamping",
    "words_in",
]
