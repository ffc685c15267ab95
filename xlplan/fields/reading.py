"""Raw cell values to values of a field: what people type is read, and every reading is disclosed.

Nothing is guessed: what can be meant in two ways is a fault. Faults and disclosures are data here;
their words are the validator's.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import NamedTuple

from xlplan.fields.amounts import says_number
from xlplan.fields.cells import Converted, is_error_value, is_too_long
from xlplan.fields.table import type_of
from xlplan.language.calendar import Years
from xlplan.language.remarks import is_nothing, is_zero
from xlplan.language.text import is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field
from xlplan.model.record import Value
from xlplan.model.submission import ShownCell


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
    return type_of(field).shown(value, field, years)


# --- cells that show something else than they hold: what is seen counts, as if it had been typed -----


class SeenValue(NamedTuple):
    """How such a cell was read: the value, whether digits of what it holds were lost, whether what it holds counts."""

    read: Converted
    lossy: bool = False
    as_held: bool = False


def read_seen(
    cell: ShownCell, field: Field, choices: tuple[Choice, ...] = (), years: Years | None = None
) -> SeenValue:
    """The value of a cell by what it shows.

    Args:
        cell: The cell.
        field: Its field.
        choices: The choices of its list; none where it has no list.
        years: What reads a year that is typed without its era.

    Returns:
        The value. What a number format only rounds counts without rounding, as everywhere else, where the field takes
        decimals.
    """
    shown = convert(cell.shown, field, choices, years)
    if cell.struck:
        return SeenValue(shown)
    if type_of(field).is_words:
        return _words(cell, shown, convert(cell.held, field, choices, years), is_text=type_of(field).is_text)
    exact = convert(cell.exact, field, choices, years)
    if not exact.fault and not is_blank(cell.shown):
        same = exact.value == cell.held
        return SeenValue(replace(exact, changed=exact.changed and not same))
    if not shown.fault and not is_blank(cell.shown):
        return SeenValue(shown, lossy=True)
    held = convert(cell.held, field, choices, years)
    if not held.fault and _says_held(cell, field):
        return SeenValue(replace(held, changed=True), as_held=True)
    return SeenValue(shown)


def _says_held(cell: ShownCell, field: Field) -> bool:
    """Whether a cell shows the very number that it holds, with a unit that nobody asked for, or nothing at all."""
    if not type_of(field).numeric or not isinstance(cell.held, int | float):
        return False
    return is_blank(cell.shown) or (not field.unit and says_number(cell.exact, cell.held))


def _words(cell: ShownCell, shown: Converted, held: Converted, *, is_text: bool) -> SeenValue:
    """Words that are shown; a choice or an item may be known by what the cell holds."""
    if not is_text and shown.fault:
        return SeenValue(held, as_held=True)
    return SeenValue(replace(shown, changed=True), lossy=cell.exact != cell.shown or is_too_long(cell.held))
