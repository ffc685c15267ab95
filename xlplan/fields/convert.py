"""Raw cell values to values of a field: what people type is read, and every reading is disclosed.

Nothing is guessed: what can be meant in two ways is a fault. Faults and disclosures are data here;
their words are the validator's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from xlplan.fields.cells import SPANS, Converted, as_text, shown, typed_text
from xlplan.fields.days import example, ids_typed_as, read_day_cell, read_month_cell, read_year_cell
from xlplan.fields.numbers import PERCENT, read_number_cell, unit_of
from xlplan.language.calendar import Years
from xlplan.language.text import could_be, fold, is_blank, line_ends, look_alike, nearest, strip
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType

__all__ = [
    "PERCENT",
    "SPANS",
    "Converted",
    "as_text",
    "choice_meant",
    "convert",
    "convert_column",
    "example",
    "ids_typed_as",
    "is_error_value",
    "shown",
    "typed_text",
    "unit_of",
]

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)"
    r"|Err:[0-9]{3}",  # LibreOffice's own
    re.IGNORECASE,
)
_NUMBERS = (FieldType.WHOLE, FieldType.NUMBER)


def is_error_value(value: object) -> bool:
    """Whether a cell shows an error, such as #N/A, in the place of a value."""
    return isinstance(value, str) and _ERROR.fullmatch(value) is not None


def convert(
    raw: object, field: Field, choices: tuple[Choice, ...] = (), years: Years | None = None
) -> Converted:
    """The value of one cell (as calamine, openpyxl or csv gives it) in `field`, whose list is `choices`.

    By `years` a year without its era is read; without them it is a fault.
    """
    if raw.__class__ is float and field.type in _NUMBERS and isfinite(raw):  # most cells by far
        whole = field.type is FieldType.WHOLE
        if not whole or raw.is_integer():
            return Converted(int(raw) if whole else raw)
    if is_blank(raw):
        return Converted(None)
    typed = typed_text(raw, field)
    if not typed:  # spaces that the sheet itself does not take for blank, such as no-break ones
        return Converted(None, changed=True)
    if _ERROR.fullmatch(typed):
        return Converted(typed, FindingCode.ERROR_VALUE)
    match field.type:
        case FieldType.TEXT:
            return _text(raw, typed)
        case FieldType.ITEM if isinstance(raw, date):
            return _item_of_day(raw, typed, choices)
        case FieldType.CHOICE | FieldType.ITEM:
            found = choice_meant(typed, choices)
            exact = found.value == typed and not found.fault
            return Converted(typed, changed=isinstance(raw, str) and raw != typed) if exact else found
        case FieldType.WHOLE | FieldType.NUMBER:
            return read_number_cell(raw, typed, field)
        case FieldType.DATE:
            return read_day_cell(raw, typed, years)
        case FieldType.MONTH:
            return read_month_cell(raw, typed, years)
        case FieldType.YEAR:
            return read_year_cell(raw, typed, years)


def _item_of_day(day: date, typed: str, choices: tuple[Choice, ...]) -> Converted:
    """The item whose number the spreadsheet has turned into a day, where only one can have been typed."""
    found = [one.value for one in choices if ids_typed_as(day, one.aliases)]
    if len(found) == 1:
        return Converted(found[0], changed=True)
    return Converted(typed, "list", suggestion=" / ".join(found))


def convert_column(
    raws: Sequence[object], field: Field, choices: tuple[Choice, ...] = (), years: Years | None = None
) -> list[Converted]:
    """`convert` over one column, cell by cell; each distinct value is converted once."""
    known: dict[tuple[type, object], Converted] = {}
    converted = []
    for raw in raws:
        key = (type(raw), raw)
        found = known.get(key)
        if found is None:
            found = known[key] = convert(raw, field, choices, years)
        converted.append(found)
    return converted


def _text(raw: object, typed: str) -> Converted:
    """Text is kept; told are only the loss of what no file can hold and what was no text."""
    return Converted(typed, changed=not isinstance(raw, str) or strip(line_ends(raw)) != typed)


def choice_meant(typed: str, choices: tuple[Choice, ...]) -> Converted:
    """The choice that `typed`, tidy and not blank, means: its value, an alias or a symbol, or what looks like one.

    What could be meant as two choices is a fault that names both; so is any sign that stands for more than one
    other (● for ○ and ◎), though only one of them be in the list.
    """
    spellings = _spellings(choices)
    if typed in spellings.values:
        return Converted(typed)
    for known, key in (
        (spellings.exact, typed),
        (spellings.folded, fold(typed)),
        (spellings.alike, look_alike(typed)),
    ):
        meant = known.get(key, ())
        if len(meant) == 1:
            return Converted(meant[0], changed=True)
        if meant:
            return Converted(typed, "list", suggestion=" / ".join(meant))
    could = dict.fromkeys(
        value for one, values in spellings.exact.items() if could_be(typed, one) for value in values
    )
    near = tuple(could) or spellings.exact.get(nearest(typed, list(spellings.exact)), ())
    return Converted(typed, "list", suggestion=" / ".join(near))


class _Spellings(NamedTuple):
    """What may be typed in a list: the values meant, by spelling, by `fold` and by `look_alike`."""

    values: frozenset[str]
    exact: dict[str, tuple[str, ...]]
    folded: dict[str, tuple[str, ...]]
    alike: dict[str, tuple[str, ...]]


@lru_cache(maxsize=64)
def _spellings(choices: tuple[Choice, ...]) -> _Spellings:
    pairs = [
        (spelling, choice.value)
        for choice in choices
        for spelling in (choice.value, choice.symbol, *choice.aliases)
        if not is_blank(spelling)
    ]
    return _Spellings(
        frozenset(choice.value for choice in choices),
        *(_values_by(key, pairs) for key in (str, fold, look_alike)),
    )


def _values_by(key: Callable[[str], str], pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The values of `pairs` (spelling, value) under each key of their spellings, each once, in order."""
    meant: dict[str, dict[str, None]] = {}
    for spelling, value in pairs:
        meant.setdefault(key(spelling), {})[value] = None
    return {spelling: tuple(values) for spelling, values in meant.items()}
