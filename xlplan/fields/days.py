"""Dates, months and fiscal years out of raw cell values; and what one that is none may have been meant for."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from xlplan.fields.cells import (
    FIRST_SERIAL,
    LAST_SERIAL,
    Converted,
    day_in,
    moment_of,
    month_of,
    number_of,
    serial_of,
    settled,
    whole_in,
)
from xlplan.formula.excel import SERIAL_DAY_ZERO
from xlplan.formula.numberformats import number_text
from xlplan.language.calendar import (
    FIRST_FISCAL_YEAR,
    LAST_FISCAL_YEAR,
    Reading,
    Years,
    read_date,
    read_fiscal_year,
    read_month,
    year_last,
)
from xlplan.language.eras import WAREKI, date_label
from xlplan.language.text import display_width, fold, plain
from xlplan.model.codes import FindingCode
from xlplan.model.form import Field
from xlplan.model.item import Period
from xlplan.model.plan import Plan

_ABOUT = re.compile(r"^(?:約|およそ)|(?:頃|ごろ|ころ|見込み?|予定|(?<=月)(?:初め|[上中下初]旬|半ば|末))+$")
"""Words that make a day or a month an estimate."""
_LAST_NUMBER = re.compile(r"(?P<head>.*[^0-9])(?P<day>[0-9]{1,2})(?P<tail>日?)")
_IN_A_ROW = re.compile("([0-9]{1,2})([0-9]{2})([0-9]{2})")
_LONG_DAYS = (date(2028, 12, 30), date(2027, 9, 29))
"""A day of two digits in every part, and one whose names are long: Wednesday, September."""
_SERIAL = re.compile(r"(?P<days>[0-9]{5})(?:\.0+)?")
_ID_PARTS = re.compile(r"[-/.‐‑–－ー−]")


def ids_typed_as(day: date, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of `ids` that a spreadsheet takes for this day when they are typed into an ordinary cell.

    2-7 and 7-2 may each become 7 February or 2 July, by the country that the computer is set to; 1-40 January 1940.
    """
    year, short = day.year, day.year % 100
    spelled = {
        (day.month, day.day),
        (day.day, day.month),
        (year, day.month, day.day),
        (short, day.month, day.day),
    }
    if day.day == 1:
        spelled |= {(year, day.month), (short, day.month), (day.month, year), (day.month, short)}
    return tuple(name for name in dict.fromkeys(ids) if _numbers_in(name) in spelled)


def _numbers_in(name: str) -> tuple[int, ...]:
    """The whole numbers of an id such as 2-7; none where it has anything else."""
    parts = _ID_PARTS.split(fold(name))
    return tuple(map(int, parts)) if all(part.isdecimal() and part.isascii() for part in parts) else ()


def read_day_cell(raw: object, typed: str, years: Years | None) -> Converted:
    """A date, however it is typed, or the serial number of one.

    `raw` is what the cell holds, `typed` what a person typed for it. By `years` a year without its era is read.
    """
    match raw:
        case datetime():
            day = settled(raw)
            return Converted(day.date(), changed=day.time() != time())
        case date():
            return Converted(raw)
        case int() | float() if FIRST_SERIAL <= raw < LAST_SERIAL + 1:
            return Converted(SERIAL_DAY_ZERO.date() + timedelta(days=whole_in(raw) or int(raw)), changed=True)
        case str() | int() | float():
            return _day_written(typed, years)
    return Converted(typed, FindingCode.TYPE_DATE)


_WITH_YEAR = ("{year}/{day}", "{year}年{day}", "{day} {year}", "{day}, {year}")


def day_without_year(year: int, written: str, years: Years) -> date | None:
    """The day of a year that 5/29, 12月20日 or 28 May means; 29/5 where people put the day first.

    Args:
        year: The year (western).
        written: The day, without a year.
        years: How the plan writes days.

    Returns:
        The day; None where it is none, or that year does not have it.
    """
    forms = ("{day}/{year}", *_WITH_YEAR) if years.home.day_first else _WITH_YEAR
    known = (read_date(form.format(day=written, year=year), years).sure for form in forms)
    return next(filter(None, known), None)


def _day_written(typed: str, years: Years | None) -> Converted:
    """The day that a text is, or a number that is no day's: why it is none, and what may have been meant."""
    read = read_date(typed, years)
    if read.sure:
        return Converted(read.sure, changed=typed != read.sure.isoformat(), manner=read.manner)
    if not read.meant and (orders := year_last(typed, years)):
        near = _either(_typable(day, years or Years(0, 0), whole=True) for day, _ in orders)
        return Converted(typed, FindingCode.TYPE_DATE_ORDER, suggestion=near)
    if not read.meant and _no_such_day(typed, years):
        return Converted(typed, FindingCode.TYPE_DATE_NONE)
    if about := read_date(_sure(typed), years).sure:
        return Converted(typed, FindingCode.TYPE_DATE_ABOUT, suggestion=_example(about, years, whole=True))
    row = _run_together(typed, years)
    serial = _serial_day(typed)
    if serial and not row:
        return Converted(serial, changed=True)
    meant = Reading(read.meant or (*row, *((serial,) if serial else ())))
    return Converted(typed, FindingCode.TYPE_DATE, suggestion=_dates_meant(meant, typed, years))


def _serial_day(typed: str) -> date | None:
    """The day whose number stands in a text: 45748, as a cell that was made text shows it; 45748.0."""
    found = _SERIAL.fullmatch(plain(typed))
    if not found:
        return None
    number = int(found["days"])
    return SERIAL_DAY_ZERO.date() + timedelta(days=number) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def far_off(raw: object, typed: str, years: Years | None) -> Converted:
    """The fault of a day far from a plan's years, with what its number was probably typed for: 2025, 7.4, 250401.

    Args:
        raw: What the cell holds: the day, its number, or a text.
        typed: What a person typed for `raw`.
        years: The plan's years.

    Returns:
        The fault.
    """
    if isinstance(raw, str) and not _serial_day(typed):
        return Converted(typed, FindingCode.TYPE_DATE_FAR)
    number = number_of(raw) if isinstance(raw, date) else typed
    near = _dates_meant(
        Reading(read_date(number, years).meant or _run_together(number, years)), number, years
    )
    fault = FindingCode.TYPE_DATE_FAR if isinstance(raw, date) else FindingCode.TYPE_DATE
    return Converted(typed, fault, suggestion=near)


def _run_together(number: str, years: Years | None) -> tuple[date, ...]:
    """The days of a plan that 250401 or 70401 can be: year, month and day in a row, of an era or of the century."""
    found = _IN_A_ROW.fullmatch(plain(number))
    if not found or years is None:
        return ()
    year, month, day = (int(part) for part in found.groups())
    days = read_date(f"{year}.{month}.{day}", years).meant
    in_century = read_date(f"20{year:02}-{month}-{day}").sure
    if in_century and in_century not in days and years.hold(years.fiscal_year(in_century)):
        days = (*days, in_century)
    return days


def read_month_cell(raw: object, typed: str, years: Years | None) -> Converted:
    """A month, or the month of a day. A number is a day where it can be one, else what was typed: 15.03, 201403.

    `raw` is what the cell holds, `typed` what a person typed for it. By `years` a year without its era is read.
    """
    day = day_in(raw)
    month = month_of(day) if day else None
    if day and month:
        return Converted(month, changed=day != moment_of(month))
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | date):
        return Converted(typed, FindingCode.TYPE_MONTH)
    read = read_month(typed, years)
    if read.sure:
        return Converted(read.sure, changed=True, manner=read.manner)
    within = _day_written(typed, years)
    month = month_of(within.value) if isinstance(within.value, date) else None
    if month:
        return Converted(month, changed=True, manner=within.manner)
    if about := read_month(_sure(typed), years).sure:
        return Converted(typed, FindingCode.TYPE_MONTH_ABOUT, suggestion=_example(about, years, whole=False))
    return Converted(typed, FindingCode.TYPE_MONTH, suggestion=_months_meant(read, typed, years))


def read_year_cell(raw: object, typed: str, years: Years | None) -> Converted:
    """A fiscal year as the western year in which it starts. A day or a month is none: it is told which has it.

    `raw` is what the cell holds, `typed` what a person typed for it. By `years` a year without its era is read.
    """
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | date):
        return Converted(typed, FindingCode.TYPE_YEAR)
    year = whole_in(raw) if isinstance(raw, float) else raw
    if isinstance(year, int) and FIRST_FISCAL_YEAR <= year <= LAST_FISCAL_YEAR:
        return Converted(year)
    read = read_fiscal_year(typed, years)
    if read.sure:
        return Converted(read.sure, changed=True, manner=read.manner)
    return Converted(typed, FindingCode.TYPE_YEAR, suggestion=_years_meant(read, raw, typed, years))


def _sure(typed: str) -> str:
    """What is typed without the words that make a day or month an estimate."""
    return _ABOUT.sub("", plain(typed))


def _no_such_day(typed: str, years: Years | None) -> bool:
    """Whether a year and a month are given in which there is no such day: 2026/2/30."""
    found = _LAST_NUMBER.fullmatch(plain(typed))
    return bool(found and read_date(f"{found['head']}1{found['tail']}", years).sure)


# --- what may have been meant, as it should be typed ------------------------------------------------


def _dates_meant(read: Reading[date], typed: str, years: Years | None) -> str:
    if years is None:
        return ""
    if read.meant:
        return _either(_typable(day, years, whole=True) for day in read.meant)
    month, year = read_month(typed, years).sure, read_fiscal_year(typed, years).sure
    first, last = (month, month) if month else years.months(year) if year else (None, None)
    return _from_to(first, last, years, whole=True) if first and last else ""


def _months_meant(read: Reading[date], typed: str, years: Years | None) -> str:
    if years is None:
        return ""
    if read.meant:
        return _either(_typable(month, years, whole=False) for month in read.meant)
    if orders := year_last(typed, years):
        return _either(dict.fromkeys(_typable(day, years, whole=False) for day, _ in orders))
    year = read_fiscal_year(typed, years).sure
    return _from_to(*years.months(year), years, whole=False) if year else ""


def _years_meant(read: Reading[int], raw: object, typed: str, years: Years | None) -> str:
    if years is None:
        return ""
    day = day_in(raw) or _serial_day(typed)
    days = (day,) if day else read_month(typed, years).meant or read_date(typed, years).meant
    days = days or tuple(day for day, _ in year_last(typed, years))
    return _either(str(year) for year in dict.fromkeys(read.meant or map(years.fiscal_year, days)))


def _example(day: date, years: Years | None, *, whole: bool) -> str:
    return example(day, years or Years(0, 0), whole=whole)


def example(day: date, years: Years, *, whole: bool) -> str:
    """The month of `day`, with `whole` the day itself, for a message: 2025/5（令和7年5月）.

    It is as every cell takes it, and as the plan's people write it by `years`.
    """
    written = date_label(day, years.calendar, years.language) if whole else years.month_label(day)
    typable = _typable(day, years, whole=whole)
    return f"{typable}（{written}）" if years.language != "en" and years.calendar == WAREKI else typable


def day_within(field: Field, plan: Plan, period: Period) -> date:
    """A day of the `period` of `plan` within the bounds of `field`."""
    day = plan.days(period).first
    if isinstance(field.minimum, date):
        day = max(day, field.minimum)
    if isinstance(field.maximum, date):
        day = min(day, field.maximum)
    return day


def _either(names: Iterable[str]) -> str:
    return " / ".join(names)


def _from_to(first: date, last: date, years: Years, *, whole: bool) -> str:
    """From one month to another: 2014/4～2015/3, with `whole` 2014/4/1～2015/3/31."""
    end = last.replace(day=monthrange(last.year, last.month)[1])
    sign = " – " if years.language == "en" else "～"
    return sign.join(_typable(day, years, whole=whole) for day in (first, end))


def _typable(day: date, years: Years, *, whole: bool) -> str:
    """A month, with `whole` a day, as every cell takes it: 2014/5/1, in English 2014-05-01."""
    if years.language == "en":
        return f"{day:%Y-%m-%d}" if whole else f"{day:%Y-%m}"
    return f"{day.year}/{day.month}/{day.day}" if whole else f"{day.year}/{day.month}"


_FIRST_OF_REIWA, _SECOND_OF_REIWA = 43586, 43831
"""1 May 2019 and 1 January 2020: between them the era's first year, which number formats call 1 and people 元."""


def moment_format(plan: Plan) -> str:
    """The number format of a day and time as people write it: 平成27年4月10日 13:05."""
    if plan.language == "en":
        return "yyyy-mm-dd h:mm"
    rest = '"年"m"月"d"日" h:mm'
    if plan.calendar != WAREKI:
        return f"yyyy{rest}"
    era, first = f"[$-411]ggge{rest}", f'"令和元年"{rest.removeprefix(chr(34) + "年" + chr(34))}'
    return f"[>={_SECOND_OF_REIWA}]{era};[>={_FIRST_OF_REIWA}]{first};{era}"


def longest_day(shape: str) -> float:
    """Characters that a long day needs by a number format."""
    return float(max(display_width(number_text(serial_of(day), shape)) for day in _LONG_DAYS))
