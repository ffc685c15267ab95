"""One cell's value: as its field has it, as a person typed it, as the plan's people write it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite

from xlplan.formula.excel import FIRST_COMMON_DAY, SERIAL_DAY_ZERO, SIGNIFICANT_DIGITS
from xlplan.language.calendar import (
    FIRST_MONTH,
    LAST_MONTH,
    Manner,
)
from xlplan.language.text import tidy
from xlplan.model.codes import FindingCode
from xlplan.model.record import Value

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Serial numbers read as dates (1954-10-03 to 2119-01-11): a number outside was hardly meant as a date."""

_PLACES = 6
"""Decimals of a number that was saved as a day: it is read to the millisecond."""


NOISE = timedelta(milliseconds=1)
"""By how much the beginning of a day may be missed that was worked out."""


class Unread(Enum):
    """What stands in a frame where a cell could not be given at all, so that no check asks after it."""

    UNREAD = "unread"


UNREAD = Unread.UNREAD

READ_AS_CODES: Mapping[Manner, FindingCode] = {
    Manner.NO_ERA: FindingCode.READ_AS_NO_ERA,
    Manner.ERA_ENDED: FindingCode.READ_AS_ERA_ENDED,
}
"""The code that tells how a year was read that was written in a manner worth telling."""

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)"
    r"|Err:[0-9]{3}",  # LibreOffice's own
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Converted:
    """A cell's value as its field has it.

    `value` is None for a blank cell, and the text as typed where `fault` is set: the code of the type ("type_whole"),
    "list" or "error_value"; where it can be said why "type_whole_decimal", "type_date_none" (no such day) or
    "type_…_about" (平成31年4月頃); for a text with a number in it that is refused for a plain reason "amount_range",
    "amount_estimate", "amount_unit", "amount_inexact" or "amount_scale".
    `changed` says that a person should be told how the cell was read, and `manner` what was special about the year.
    `suggestion` names the nearest choices of a "list" fault, what a day, month or year may have been meant for, the
    other unit, and the numbers that an inexact or two-fold one would be.
    """

    value: Value
    fault: str = ""
    changed: bool = False
    suggestion: str = ""
    manner: Manner = Manner.FULL


def is_error_value(value: object) -> bool:
    """Whether a cell shows an error, such as #N/A, in the place of a value."""
    return isinstance(value, str) and _ERROR.fullmatch(value) is not None


def as_text(raw: object) -> str:
    """A value that is not text, as the text that a person would have typed for it."""
    match raw:
        case bool():
            return str(raw).upper()
        case float() if not isfinite(raw):
            return "#NUM!"  # 1e400 and NaN do stand in files; Excel has no such number
        case float() if raw.is_integer() and abs(raw) < 10**SIGNIFICANT_DIGITS:
            return str(int(raw))
        case float():
            return f"{raw:.{SIGNIFICANT_DIGITS}g}"
        case timedelta():
            return _hours(raw)
        case datetime() if raw.time() == time():
            return raw.date().isoformat()
        case datetime():
            return raw.isoformat(sep=" ")
    return tidy(str(raw))


def _hours(span: timedelta) -> str:
    """A span of time as a cell shows it: 24:00, 1:30:15."""
    seconds = round(abs(span).total_seconds())
    sign = "-" if span < timedelta() else ""
    shown = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}"
    return f"{shown}:{seconds % 60:02}" if seconds % 60 else shown


def in_digits(number: float) -> str:
    """A number (finite) in all its digits, without an exponent."""
    if abs(number) >= 10**SIGNIFICANT_DIGITS:
        return f"{number:.0f}"
    return f"{Decimal(f'{number:.{SIGNIFICANT_DIGITS}g}'):f}"


def whole_in(number: float) -> int | None:
    """A number as a whole one, which it is in the digits that a cell shows; None where it has decimals.

    What is worked out may be 3.0000000000000004.
    """
    number = float(number)
    seen = number if number.is_integer() else float(f"{number:.{SIGNIFICANT_DIGITS}g}")
    return int(seen) if seen.is_integer() else None


def is_too_long(raw: object) -> bool:
    """Whether a number has more digits than a cell keeps of them."""
    return isinstance(raw, float) and isfinite(raw) and abs(raw) >= 10**SIGNIFICANT_DIGITS


def moment_of(day: date) -> datetime:
    """A day's first moment; a moment as it is."""
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def settled(moment: datetime) -> datetime:
    """A moment as it is; one next to the beginning of a day, as it may be worked out, as that beginning."""
    day = moment_of((moment + NOISE).date())
    return day if abs(moment - day) <= NOISE else moment


def day_in(raw: object) -> datetime | None:
    """The day that a cell holds, as a day or as its serial number."""
    if isinstance(raw, date):
        return settled(moment_of(raw))
    if isinstance(raw, int | float) and FIRST_SERIAL <= raw < LAST_SERIAL + 1:
        return settled(SERIAL_DAY_ZERO + timedelta(days=raw))
    return None


def serial_of(day: date) -> float:
    """The number that a cell holds for a day."""
    moment = moment_of(day)
    # Excel has a 29 February in 1900
    zero = SERIAL_DAY_ZERO if moment >= FIRST_COMMON_DAY else SERIAL_DAY_ZERO + timedelta(days=1)
    return (moment - zero) / timedelta(days=1)


def number_of(day: date) -> str:
    """The number that was typed for a day which it became in a cell with a date's format: 2025, 7.4."""
    return as_text(round(serial_of(day), _PLACES))


def month_of(day: date) -> date | None:
    """The month of a day, where it is one that can be meant."""
    month = date(day.year, day.month, 1)
    return month if FIRST_MONTH <= month <= LAST_MONTH else None
