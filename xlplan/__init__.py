"""xlplan: a city's multi-year plan, its yearly round of answers and its summary, all in Excel files.

Read `xlplan.stages` first: it is the year, one function per stage.

`xlplan.schema(plan, form)` is a form's checks as a pandera schema, for any frame of answers
(`xlplan.validate.schema`). It is loaded when it is first asked for, and pandas with it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlplan.validate.schema import schema

__version__ = "0.2.0"

__all__ = ["__version__", "schema"]


def __getattr__(name: str) -> object:
    """What is loaded late. Raises AttributeError for any other name."""
    if name == "schema":
        from xlplan.validate.schema import schema

        return schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
