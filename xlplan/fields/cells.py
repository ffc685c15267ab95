"""One cell's value: as its field has it, as a person typed it, as the plan's people write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite

from xlplan.formula.excel import FIRST_COMMON_DAY, SERIAL_DAY_ZERO, SIGNIFICANT_DIGITS
from xlplan.language.calendar import (
    FIRST_FISCAL_YEAR,
    FIRST_MONTH,
    LAST_FISCAL_YEAR,
    LAST_MONTH,
    Manner,
    Years,
)
from xlplan.language.eras import date_label
from xlplan.language.text import tidy
from xlplan.model.codes import FindingCode
from xlplan.model.form import Field, FieldType
from xlplan.model.record import Value

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Serial numbers read as dates (1954-10-03 to 2119-01-11): a number outside was hardly meant as a date."""

TYPE_CODES: Mapping[FieldType, FindingCode] = {
    FieldType.WHOLE: FindingCode.TYPE_WHOLE,
    FieldType.NUMBER: FindingCode.TYPE_NUMBER,
    FieldType.DATE: FindingCode.TYPE_DATE,
    FieldType.MONTH: FindingCode.TYPE_MONTH,
    FieldType.YEAR: FindingCode.TYPE_YEAR,
}
"""The code of a value that is none of its field's type."""

READ_AS_CODES: Mapping[Manner, FindingCode] = {
    Manner.NO_ERA: FindingCode.READ_AS_NO_ERA,
    Manner.ERA_ENDED: FindingCode.READ_AS_ERA_ENDED,
}
"""The code that tells how a year was read that was written in a manner worth telling."""

SPANS: Mapping[FieldType, tuple[int, int]] = {
    FieldType.MONTH: (
        (FIRST_MONTH - SERIAL_DAY_ZERO.date()).days,
        (LAST_MONTH - SERIAL_DAY_ZERO.date()).days,
    ),
    FieldType.YEAR: (FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR),
}
"""The first and the last number that a cell for months (serial numbers) or fiscal years takes."""

_PLACES = 6
"""Decimals of a number that was saved as a day: it is read to the millisecond."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A cell's value as its field has it.

    `value` is None for a blank cell, and the text as typed where `fault` is set: "type_whole", "type_number",
    "type_date", "type_month", "type_year", "list" or "error_value"; where it can be said why "type_whole_decimal",
    "type_date_none" (no such day), "type_date_about" or "type_month_about" (平成31年4月頃); for a text with a number in
    it that is refused for a plain reason "amount_range", "amount_estimate", "amount_unit", "amount_inexact" or
    "amount_scale".
    `changed` says that a person should be told how the cell was read, and `manner` what was special about the year.
    `suggestion` names the nearest choices of a "list" fault, what a day, month or year may have been meant for, the
    other unit, and the numbers that an inexact or two-fold one would be.
    """

    value: Value
    fault: str = ""
    changed: bool = False
    suggestion: str = ""
    manner: Manner = Manner.FULL


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
        case datetime() if raw.time() == time():
            return raw.date().isoformat()
        case datetime():
            return raw.isoformat(sep=" ")
    return tidy(str(raw))


def typed_text(raw: object, field: Field) -> str:
    """A cell as the text that a person typed into it.

    A number typed into a cell for months is saved as a day: 15.03 as one of 1900, 201403 as one of 2451.
    """
    if isinstance(raw, str):
        return tidy(raw)
    if field.type is FieldType.MONTH and isinstance(raw, date) and month_of(raw) is None:
        moment = moment_of(raw)
        # Excel has a 29 February in 1900
        zero = SERIAL_DAY_ZERO if moment >= FIRST_COMMON_DAY else SERIAL_DAY_ZERO + timedelta(days=1)
        return as_text(round((moment - zero) / timedelta(days=1), _PLACES))
    return as_text(raw)


def shown(value: Value, field: Field, years: Years) -> str:
    """A value as the people of a plan write it: a day, a month and a fiscal year by its calendar."""
    if field.type is FieldType.DATE and isinstance(value, date):
        return date_label(value, years.calendar, years.language)
    if field.type is FieldType.MONTH and isinstance(value, date):
        return years.month_label(value)
    if field.type is FieldType.YEAR and isinstance(value, int):
        return years.year_label(value)
    return "" if value is None else typed_text(value, field)


def moment_of(day: date) -> datetime:
    """A day's first moment; a moment as it is."""
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def day_in(raw: object) -> datetime | None:
    """The day that a cell holds, as a day or as its serial number."""
    if isinstance(raw, date):
        return moment_of(raw)
    if isinstance(raw, int | float) and FIRST_SERIAL <= raw < LAST_SERIAL + 1:
        return SERIAL_DAY_ZERO + timedelta(days=raw)
    return None


def month_of(day: date) -> date | None:
    """The month of a day, where it is one that can be meant."""
    month = date(day.year, day.month, 1)
    return month if FIRST_MONTH <= month <= LAST_MONTH else None
