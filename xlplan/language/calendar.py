"""Fiscal years, months and dates as people type them, in the Japanese calendar (和暦) and the western one.

An era that has ended is counted on (平成32年度 is 2020), since plans are written before the next era is known. A year
without its era (26年度, 15.03) is read by the years of the plan, where it can be one of them only.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from xlplan.language.eras import (
    ERAS,
    WAREKI,
    Era,
    date_label,
    era_at,
    era_ended,
    era_label,
    fiscal_year_label,
)
from xlplan.language.locales import LOCALES, UNSAID, Locale
from xlplan.language.numerals import in_digits
from xlplan.language.text import plain

LAST_FISCAL_YEAR = 2199
"""The last western year that a text is taken to mean as a fiscal year: 5000 is not one."""

FIRST_MONTH, LAST_MONTH = date(1955, 1, 1), date(2118, 12, 1)
"""The months that can be meant. A cell's number is one of their days, or was typed: 15.03, 2014.3, 201403."""

GRACE = 1
"""Years after a plan's last that a year without its era may mean: what is put off ends then."""


_BY_NAME = {
    name: era for cut in (2, 1) for era in ERAS for name in (era.kanji[:cut], *((era.letter,) * (cut == 2)))
}
"""By 令和, R and 令: the long names first."""
FIRST_FISCAL_YEAR = ERAS[0].since.year

T = TypeVar("T")


class Manner(StrEnum):
    """How a year was written, where that is worth telling."""

    FULL = ""
    NO_ERA = "no_era"
    ERA_ENDED = "era_ended"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a text can mean: nothing, one thing, or several between which nobody but its writer can choose."""

    meant: tuple[T, ...] = ()
    manner: Manner = Manner.FULL

    @property
    def sure(self) -> T | None:
        """What is meant, where that is one thing."""
        return self.meant[0] if len(self.meant) == 1 else None


@dataclass(frozen=True, slots=True)
class Years:
    """The fiscal years of a plan from its first to its last, and how it counts and writes them.

    `calendar` is "wareki" or "western", `start_month` the month in which a fiscal year starts. `first` is 0 where
    they are not known. `locale` is empty where the plan names none.
    """

    first: int
    last: int
    start_month: int = 4
    calendar: str = WAREKI
    language: str = "ja"
    locale: str = ""

    @property
    def home(self) -> Locale:
        """How the people of the plan's locale write."""
        return LOCALES.get(self.locale, UNSAID)

    def fiscal_year(self, day: date) -> int:
        """The fiscal year in which a day lies."""
        return day.year - (day.month < self.start_month)

    def months(self, year: int) -> tuple[date, date]:
        """The first and the last month of a fiscal year, each as its first day."""
        last = date(year + (self.start_month > 1), (self.start_month - 2) % 12 + 1, 1)
        return date(year, self.start_month, 1), last

    def hold(self, year: int) -> bool:
        """Whether a fiscal year is one of the plan's, or within the grace after its last."""
        return self.first <= year <= self.last + GRACE

    def year_label(self, year: int) -> str:
        """A fiscal year in full: 2019年度（平成31年度＝令和元年度） by the Japanese calendar, else 2019年度, FY2019."""
        western = fiscal_year_label(year, "western", self.language)
        if self.calendar != WAREKI:
            return western
        first, last = self.months(year)
        names = dict.fromkeys(era_label(day, year, self.language) for day in (first, last))
        written = "＝".join(name for name in names if name)
        brackets = "{} ({})" if self.language == "en" else "{}（{}）"
        return brackets.format(western, written) if written else western

    def month_label(self, day: date) -> str:
        """A month as the plan writes it: 平成15年3月, 2003年3月, and 2003-03 in English."""
        if self.language == "en":
            return f"{day:%Y-%m}"
        return date_label(day, self.calendar).rpartition("月")[0] + "月"


_ERA_YEAR = rf"(?P<era>{'|'.join(_BY_NAME)})\.?(?P<number>元|[0-9]{{1,3}})"
_WESTERN_YEAR = "(?:西暦)?(?P<western>[0-9]{4})"
_BARE_YEAR = "(?P<bare>[0-9]{1,2}|元(?=年))"
_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN_YEAR})"
_ANY_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN_YEAR}|{_BARE_YEAR})"
_DASHES = "−‐–ー-"
_FULL_OR_SHORT = "(?:(?P<western>[0-9]{4})|(?P<bare>[0-9]{2}))"
_SIGN = rf"(?P<sign>[./{_DASHES}])"
_MONTH, _DAY = "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_MONTH_NAMES = (
    *("JAN(?:UARY)?", "FEB(?:RUARY)?", "MAR(?:CH)?", "APR(?:IL)?", "MAY", "JUNE?", "JULY?", "AUG(?:UST)?"),
    *("SEPT?(?:EMBER)?", "OCT(?:OBER)?", "NOV(?:EMBER)?", "DEC(?:EMBER)?"),
)
_NAME = rf"(?P<name>{'|'.join(_MONTH_NAMES)})"

_DAY_OF = r"(?P<day>[0-9]{1,2})(?:ST|ND|RD|TH)?(?:OF)?"
_WEEKDAY_NAMES = ("MON", "TUE(?:S)?", "WED(?:NES)?", "THU(?:R|RS)?", "FRI", "SAT(?:UR)?", "SUN")
_WEEKDAY_BEFORE = rf"(?:(?P<dayname>{'|'.join(_WEEKDAY_NAMES)})(?:DAY)?[.,]?)?"
_BETWEEN = rf"[.,/ {_DASHES}]{{0,2}}"
_MIDNIGHT = re.compile(
    "(?:T| |(?=AM|午前)|(?<=[^0-9 :T]))"
    r"(?:(?:AM|午前)?0?0(?::00){1,2}(?:\.0+)?(?:AM)?|12:00(?::00)?AM|(?<=T)0000(?:00)?"
    "|(?:午前)?0?0時(?:0?0分(?:0?0秒)?)?)(?=$|\\()"
)
"""Midnight behind a day, as programs write it: 2025-04-01T00:00:00, 2025/4/1 0:00. Another time is no day."""

_FISCAL_YEAR = re.compile(
    rf"(?:{_ANY_YEAR}(?:年度?)?|FY(?P<fy>[0-9]{{4}}|[0-9]{{2}}))(?:\((?P<again>[^()]+)\))?"
)
_MONTH_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_ANY_YEAR}年{_MONTH}月",
        rf"{_YEAR}{_SIGN}{_MONTH}",
        rf"{_BARE_YEAR}(?P<sign>\.){_MONTH}",
        "(?P<western>[0-9]{4})(?P<month>[0-9]{2})",
        rf"{_MONTH}[/{_DASHES}](?P<western>[0-9]{{4}})",
        rf"{_NAME}[.,]?[{_DASHES}]?{_FULL_OR_SHORT}",
        rf"(?P<western>[0-9]{{4}})[{_DASHES}]?{_NAME}\.?",
    )
)
_DATE_FORMS = tuple(
    re.compile(form + r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?")
    for form in (
        rf"{_ANY_YEAR}年{_MONTH}月{_DAY}日",
        rf"{_YEAR}{_SIGN}{_MONTH}(?P=sign){_DAY}",
        rf"{_BARE_YEAR}\.{_MONTH}\.{_DAY}",
        "(?P<western>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        rf"{_WEEKDAY_BEFORE}{_DAY_OF}{_BETWEEN}{_NAME}{_BETWEEN}{_FULL_OR_SHORT}",
        rf"{_WEEKDAY_BEFORE}{_NAME}{_BETWEEN}{_DAY_OF}(?:,| |, ){_FULL_OR_SHORT}",
        rf"(?P<western>[0-9]{{4}}){_BETWEEN}{_NAME}{_BETWEEN}{_DAY_OF}",
    )
)
_YEAR_LAST = re.compile(
    rf"(?P<one>[0-9]{{1,2}})(?P<sign>[./ {_DASHES}])(?P<other>[0-9]{{1,2}})(?P=sign)(?P<year>[0-9]{{4}}|[0-9]{{2}})"
)


def parse_fiscal_year(text: str) -> int | None:
    """The western year in which the fiscal year `text` starts, where it says so by itself; else None."""
    return read_fiscal_year(text).sure


def parse_date(text: str) -> date | None:
    """The date that `text` writes, where it says so by itself; else None."""
    return read_date(text).sure


def read_fiscal_year(text: str, years: Years | None = None) -> Reading[int]:
    """The fiscal year that `text` can mean, as the western year in which it starts.

    Reads 平成26年度, H26, 令和元年度, 2014, 2014年度, FY2014 in any width, and one with the other behind it
    in brackets where both agree. A year without its era (26年度) is one of `years`, or nothing.
    """
    found = _FISCAL_YEAR.fullmatch(in_digits(plain(text)).upper())
    if not found:
        return Reading()
    parts = _parts(found)
    meant = [
        year
        for _, year in _years_meant(parts, years)
        if FIRST_FISCAL_YEAR <= year <= LAST_FISCAL_YEAR
        and (parts["bare"] is None or (years is not None and years.hold(year)))
    ]
    if again := parts["again"]:
        meant = [year for year in meant if read_fiscal_year(again, years).sure == year]
    start = years.start_month if years else 4
    days = [date(year, start, 1) for year in meant]
    return Reading(tuple(dict.fromkeys(meant)), _manner(parts, days))


def read_month(text: str, years: Years | None = None) -> Reading[date]:
    """The month that `text` can mean, as its first day.

    Reads 平成15年3月, H15.3, 2003/3, 2003-03, 2003年3月, 200303, Mar 2003, 3/2003 in any width. A year without
    its era (15.03, 15年3月) makes a month of `years`, or nothing. 15.1 and 2003.1 are January or October: a cell for
    numbers drops the last digit of 15.10.
    """
    found = _read_days(_MONTH_FORMS, text, years)
    return Reading(tuple(month for month in found.meant if FIRST_MONTH <= month <= LAST_MONTH), found.manner)


def read_date(text: str, years: Years | None = None) -> Reading[date]:
    """The date that `text` can mean.

    Reads 平成26年5月1日, H26.5.1, 平26.5.1, 2014/5/1, 2014-05-01, 2014年5月1日, 20140501 in any width, a weekday
    behind it; 1 May 2014, May 1, 2014, and 1-May-14 of `years`; midnight behind it; 01/05/2014 where the locale of
    `years` puts the day first. None for a day that does not exist, a weekday that is another, and a day before its
    era began: 令和元年3月31日 is likely to be meant for the end of 令和元年度, a year later. A year without its era
    (26.5.1) makes a day of `years`, or nothing.
    """
    found = _read_days(_DATE_FORMS, text, years)
    if years is None or not years.home.day_first:
        return found
    days = (day for day, day_first in year_last(text, years) if day_first)
    return Reading(tuple(dict.fromkeys((*found.meant, *days))), found.manner)


def year_last(text: str, years: Years | None = None) -> tuple[tuple[date, bool], ...]:
    """The days that a text with the year last can be (01-09-2024), each with whether its day stands first.

    A year in two digits (31/07/27) is one of `years`, where their locale puts the day first.
    """
    found = _YEAR_LAST.fullmatch(_spoken(text))
    if not found:
        return ()
    one, other, year = (int(found[part]) for part in ("one", "other", "year"))
    short = len(found["year"]) == 2
    days: dict[date, bool] = {}
    for month, day in ((other, one), (one, other)):
        meant = _day(2000 + year if short else year, month, day)
        if meant and (not short or _held_day_first(meant, years)):
            days.setdefault(meant, day == one)
    return tuple(days.items())


def _held_day_first(day: date, years: Years | None) -> bool:
    return years is not None and years.home.day_first and years.hold(years.fiscal_year(day))


def _spoken(text: str) -> str:
    """What is read of a day: half-width, in digits and capitals, without the midnight behind it."""
    return _MIDNIGHT.sub("", in_digits(plain(text)).upper())


_Parts = dict[str, str | None]
_GROUPS = "era number western bare sign month name day weekday dayname again".split()


def _parts(found: re.Match[str]) -> _Parts:
    """What stands in each group; a year of two digits behind FY as one without its era."""
    parts: _Parts = dict.fromkeys(_GROUPS) | found.groupdict()
    year = parts.pop("fy", None)
    if year:
        parts["western" if len(year) == 4 else "bare"] = year
    return parts


def _read_days(forms: tuple[re.Pattern[str], ...], text: str, years: Years | None) -> Reading[date]:
    spoken = _spoken(text)
    found = next(filter(None, (form.fullmatch(spoken) for form in forms)), None)
    if not found:
        return Reading()
    parts = _parts(found)
    meant: dict[date, None] = {}
    for era, year in _years_meant(parts, years):
        for month in _months(parts):
            day = _day(year, month, int(parts["day"] or 1))
            if day is not None and _fits(day, parts, era, years):
                meant[day] = None
    return Reading(tuple(meant), _manner(parts, list(meant)))


def _years_meant(parts: _Parts, years: Years | None) -> Iterator[tuple[Era | None, int]]:
    """The years (western) that can be meant, each with its era where it is one of an era's."""
    if western := parts["western"]:
        yield None, int(western)
    elif (number := parts["number"]) and number.strip("0"):
        era = _BY_NAME[parts["era"] or ""]
        yield era, era.year(number)
    elif parts["bare"] and parts["name"]:  # 1-Sep-24
        yield None, 2000 + int(parts["bare"])
    elif (bare := parts["bare"]) and years and years.first:
        if bare.strip("0"):
            now = era_at(date(years.first, years.start_month, 1))
            known = ((era, era.year(bare)) for era in ERAS)
            # no era but the one in which the plan begins is counted on without being named
            yield from (
                (era, year) for era, year in known if era is now or not era_ended(era, date(year, 1, 1))
            )
        if years.calendar != WAREKI and bare != "元":
            yield from ((None, century + int(bare)) for century in (1900, 2000))


def _months(parts: _Parts) -> tuple[int, ...]:
    if name := parts["name"]:
        return (next(at for at, shape in enumerate(_MONTH_NAMES, 1) if re.fullmatch(shape, name)),)
    cut = parts["sign"] == "." and parts["month"] == "1" and not parts["era"] and not parts["day"]
    return (1, 10) if cut else (int(parts["month"] or 0),)


def _fits(day: date, parts: _Parts, era: Era | None, years: Years | None) -> bool:
    """Whether a day (a month's first) is not before its era, on its weekday and, without an era, of the plan."""
    last = day if parts["day"] else day.replace(day=monthrange(day.year, day.month)[1])
    if era and last < era.since:
        return False
    if parts["weekday"] and "月火水木金土日"[day.weekday()] != parts["weekday"]:
        return False
    if (name := parts["dayname"]) and not re.fullmatch(_WEEKDAY_NAMES[day.weekday()], name):
        return False
    return not parts["bare"] or (years is not None and years.hold(years.fiscal_year(day)))


def _manner(parts: _Parts, days: list[date]) -> Manner:
    if parts["bare"] and not parts["name"]:
        return Manner.NO_ERA
    era = _BY_NAME.get(parts["era"] or "")
    return Manner.ERA_ENDED if era and any(era_ended(era, day) for day in days) else Manner.FULL


def _day(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none. Years before 明治 are slips of the hand."""
    if not FIRST_FISCAL_YEAR <= year <= date.max.year or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None
