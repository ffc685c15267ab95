"""Raw cell values to values of a field: what people type is read, and every reading is disclosed.

Nothing is guessed: what can be meant in two ways is a fault. Faults and disclosures are data here;
their words are the validator's.
"""

from collections.abc import Sequence
from math import isfinite

from xlplan.fields.cells import Converted, is_error_value
from xlplan.fields.table import type_of
from xlplan.language.calendar import Years
from xlplan.language.remarks import is_nothing, is_zero
from xlplan.language.text import is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field
from xlplan.model.record import Value


def convert(
    raw: object, field: Field, choices: tuple[Choice, ...] = (), years: Years | None = None
) -> Converted:
    """The value of one cell in `field`, whose list is `choices`. `raw` is what calamine, openpyxl or csv gives.

    A word that says there is nothing (n/a, なし, a dash) is a blank in a field for no words, and nil is 0.

    By `years` a year without its era is read; without them it is a fault.
    """
    kind = type_of(field)
    if raw.__class__ is float and isfinite(raw):  # most cells by far
        value = kind.at_once(raw)
        if value is not None:
            return Converted(value)
    if is_blank(raw):
        return Converted(None)
    typed = kind.typed_text(raw)
    if not typed:  # spaces that the sheet itself does not take for blank, such as no-break ones
        return Converted(None, changed=True)
    if is_error_value(typed):
        return Converted(typed, FindingCode.ERROR_VALUE)
    if kind.type_code and isinstance(raw, str) and is_nothing(typed):
        return Converted(0 if kind.numeric and is_zero(typed) else None, changed=True)
    return kind.read(raw, typed, field, choices, years)


def convert_column(
    raws: Sequence[object], field: Field, choices: tuple[Choice, ...] = (), years: Years | None = None
) -> list[Converted]:
    """`convert` over one column, cell by cell; each distinct value is converted once.

    `raws` are its cells; `field`, `choices` and `years` are as there.
    """
    known: dict[tuple[type, object], Converted] = {}
    converted = []
    for raw in raws:
        key = (type(raw), raw)
        found = known.get(key)
        if found is None:
            found = known[key] = convert(raw, field, choices, years)
        converted.append(found)
    return converted


def typed_text(raw: object, field: Field) -> str:
    """A cell as the text that a person typed into it."""
    return type_of(field).typed_text(raw)


def shown(value: Value, field: Field, years: Years) -> str:
    """A `value` of `field` as a plan's people write it: a day, a month, a fiscal year by the calendar of `years`."""
    return type_of(field).shown(value, years)
