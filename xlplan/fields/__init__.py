"""The types of field, one module and one object a type; raw cells to values; the checks of a form.

A type (`ValueType`) says how a cell of it is read, shown, checked, bounded, formatted and laid out. `TYPES` has one
object for each member of `FieldType`, `type_of(field)` gives a field's. A new type is a module here, a member of the
enum, a line of `TYPES` and its sentences; nothing outside asks which type a field has.

A check (`checks`, one class a kind in `value_checks` and `row_checks`) has its formula for the sheet, its verdict over
rows of plain values and its finding; `numbering` gives those of a form in order, `gate` says what must be in order
before a formula is asked, `rows` where a check looks. A new kind is a class and its place in `numbering`.

Nothing here writes a workbook or loads pandas: the processes that open returns import it.
"""

from xlplan.fields.amounts import PERCENT, unit_of
from xlplan.fields.base import CENTRE, LEFT, RIGHT, Bound, DataValidation, ValueType
from xlplan.fields.cells import READ_AS_CODES, UNREAD, Converted, as_text, is_error_value
from xlplan.fields.choice import choice_meant
from xlplan.fields.days import example, ids_typed_as
from xlplan.fields.item import AS_TEXT
from xlplan.fields.reading import convert, convert_column, shown, typed_text
from xlplan.fields.table import TYPES, holds_free_text, holds_sentences, holds_words, type_of

__all__ = [
    "AS_TEXT",
    "CENTRE",
    "LEFT",
    "PERCENT",
    "READ_AS_CODES",
    "RIGHT",
    "TYPES",
    "UNREAD",
    "Bound",
    "Converted",
    "DataValidation",
    "ValueType",
    "as_text",
    "checks",
    "choice_meant",
    "convert",
    "convert_column",
    "example",
    "gate",
    "holds_free_text",
    "holds_sentences",
    "holds_words",
    "ids_typed_as",
    "is_error_value",
    "numbering",
    "row_checks",
    "shown",
    "succession",
    "type_of",
    "typed_text",
    "unit_of",
    "value_checks",
]
