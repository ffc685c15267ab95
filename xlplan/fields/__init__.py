"""The types of field, one module and one object a type; raw cells to values; the checks of a form.

A type (`ValueType`) says how a cell of it is read, shown, checked, bounded, formatted and laid out. `TYPES` has one
object for each member of `FieldType`, `type_of(field)` gives a field's. A new type is a module here, a member of the
enum, a line of `TYPES` and its sentences; nothing outside asks which type a field has.

A check (`checks`, one class a kind in `value_checks` and `row_checks`) has its formula for the sheet, its verdict over
rows of plain values and its finding; `numbering` gives those of a form in order, `gate` says what must be in order
before a formula is asked, `rows` where a check looks. A new kind is a class and its place in `numbering`.

Nothing here writes a workbook or loads pandas: the processes that open returns import it.
"""

__all__ = [
    "amounts",
    "base",
    "cells",
    "checks",
    "computed",
    "days",
    "descent",
    "formats",
    "gate",
    "item",
    "numbering",
    "reading",
    "row_checks",
    "spellings",
    "succession",
    "table",
    "value_checks",
]
