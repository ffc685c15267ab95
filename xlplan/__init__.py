"""xlplan: a city's multi-year plan, its yearly round of answers and its summary, all in Excel files.

Read `xlplan.stages` first: it is the year, one function per stage.
"""

__version__ = "0.2.0"

__all__ = ["__version__"]
