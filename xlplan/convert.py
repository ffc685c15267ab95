"""Raw cell values to values of a field: what people type is read, and every reading is disclosed.

Nothing is guessed: what can be meant in two ways is a fault. Faults and disclosures are data here;
their words are the validator's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from xlplan.plan import Choice, Field, FieldType, Value
from xlplan.text import could_be, fold, is_blank, line_ends, look_alike, nearest, plain, strip, tidy
from xlplan.wareki import parse_date

SERIAL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers from March 1900 on (ECMA-376 part 1, 18.17.4.1, 1900 date base)."""

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Serial numbers read as dates (1954-10-03 to 2119-01-11): a number outside was hardly meant as a date."""

EXCEL_DIGITS = 15
"""The digits that a number keeps in Excel."""

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)"
    r"|Err:[0-9]{3}",  # LibreOffice's own
    re.IGNORECASE,
)
_NUMBERS = (FieldType.WHOLE, FieldType.NUMBER)
_MINUS = "−‐–△▲-"
_DIGITS = "[0-9]+(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+"
_NUMBER = re.compile(rf"(?P<sign>[+{_MINUS}]?)(?P<whole>{_DIGITS})?(?P<fraction>\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Converted:
    """A cell's value as its field has it.

    `value` is None for a blank cell, and the text as typed where `fault` is set: "type_whole", "type_number",
    "type_date", "list" or "error_value". `changed` says that a person should be told how the cell was read;
    `suggestion` names the nearest choices of a "list" fault.
    """

    value: Value
    fault: str = ""
    changed: bool = False
    suggestion: str = ""


def convert(raw: object, field: Field, choices: tuple[Choice, ...] = ()) -> Converted:
    """The value of one cell (as calamine, openpyxl or csv gives it) in `field`, whose list is `choices`."""
    if raw.__class__ is float and field.type in _NUMBERS and isfinite(raw):  # most cells by far
        whole = field.type is FieldType.WHOLE
        if not whole or raw.is_integer():
            return Converted(int(raw) if whole else raw)
    if is_blank(raw):
        return Converted(None)
    typed = tidy(raw) if isinstance(raw, str) else as_text(raw)
    if not typed:  # spaces that the sheet itself does not take for blank, such as no-break ones
        return Converted(None, changed=True)
    if _ERROR.fullmatch(typed):
        return Converted(typed, "error_value")
    match field.type:
        case FieldType.TEXT:
            return _text(raw, typed)
        case FieldType.CHOICE | FieldType.ITEM:
            found = choice_meant(typed, choices)
            exact = found.value == typed and not found.fault
            return Converted(typed, changed=isinstance(raw, str) and raw != typed) if exact else found
        case FieldType.WHOLE | FieldType.NUMBER:
            return _number(raw, typed, whole=field.type is FieldType.WHOLE)
        case FieldType.DATE:
            return _date(raw, typed)


def convert_column(raws: Sequence[object], field: Field, choices: tuple[Choice, ...] = ()) -> list[Converted]:
    """`convert` over one column, cell by cell; each distinct value is converted once."""
    known: dict[tuple[type, object], Converted] = {}
    converted = []
    for raw in raws:
        key = (type(raw), raw)
        found = known.get(key)
        if found is None:
            found = known[key] = convert(raw, field, choices)
        converted.append(found)
    return converted


def as_text(raw: object) -> str:
    """A value that is not text, as the text that a person would have typed for it."""
    match raw:
        case bool():
            return str(raw).upper()
        case float() if not isfinite(raw):
            return "#NUM!"  # 1e400 and NaN do stand in files; Excel has no such number
        case float() if raw.is_integer() and abs(raw) < 10**EXCEL_DIGITS:
            return str(int(raw))
        case float():
            return f"{raw:.{EXCEL_DIGITS}g}"
        case datetime() if raw.time() == time():
            return raw.date().isoformat()
        case datetime():
            return raw.isoformat(sep=" ")
    return tidy(str(raw))


def _text(raw: object, typed: str) -> Converted:
    """Text is kept; told are only the loss of what no file can hold and what was no text."""
    return Converted(typed, changed=not isinstance(raw, str) or strip(line_ends(raw)) != typed)


def _number(raw: object, typed: str, *, whole: bool) -> Converted:
    fault = Converted(typed, "type_whole" if whole else "type_number")
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return fault
    number = _read_number(raw) if isinstance(raw, str) else raw
    if number is None or (whole and isinstance(number, float) and not number.is_integer()):
        return fault
    return Converted(int(number) if whole else number, changed=isinstance(raw, str))


def _read_number(text: str) -> int | float | None:
    """The number that `text` writes: any width, thousands set off by commas, minus as −, △, ▲ or brackets.

    None for units, percentages, and lists such as 1,2,3.
    """
    spoken = plain(text)
    bracketed = spoken.startswith("(") and spoken.endswith(")")
    found = _NUMBER.fullmatch(spoken[1:-1] if bracketed else spoken)
    if not found or not (found["whole"] or found["fraction"]) or (bracketed and found["sign"]):
        return None
    digits = (found["whole"] or "0").replace(",", "")
    if len(digits) > EXCEL_DIGITS:
        return None
    number = float(digits + found["fraction"]) if found["fraction"] else int(digits)
    minus = bracketed or (found["sign"] and found["sign"] in _MINUS)
    return 0 - number if minus else number


def _date(raw: object, typed: str) -> Converted:
    match raw:
        case datetime():
            return Converted(raw.date(), changed=raw.time() != time())
        case date():
            return Converted(raw)
        case int() | float() if FIRST_SERIAL <= raw < LAST_SERIAL + 1:
            return Converted(SERIAL_DAY_ZERO + timedelta(days=int(raw)), changed=True)
        case str() | int() | float():
            day = parse_date(typed)
            if day:
                return Converted(day, changed=typed != day.isoformat())
    return Converted(typed, "type_date")


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
