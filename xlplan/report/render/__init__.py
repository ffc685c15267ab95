"""How a summary's document becomes a file, a package for each format.

A renderer takes a `xlplan.report.tables.Document`. Where a page ends, how high a row is and which colour a tone has
is its own matter.
"""

__all__ = ["xlsx"]
