"""Fiscal years and dates, in the Japanese calendar (和暦) and the western one: read and written.

The eras are those of `japanera`, from 明治 on. An era that has ended is counted on (平成32年度 is 2020),
since plans are written before the next era is known.
"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from japanera import ERA_DATA_GENERAL

from xlplan.text import plain

WAREKI = "wareki"
LAST_FISCAL_YEAR = 2199
"""The last western year that a text is taken to mean as a fiscal year: 5000 is not one."""


class _Era(NamedTuple):
    kanji: str
    letter: str
    since: date

    def year(self, number: str) -> int:
        """The western year of the era's year `number` ("元", "1", "26")."""
        return self.since.year + (1 if number == "元" else int(number)) - 1


_ERAS = sorted(
    (
        _Era(era.kanji, era.english_head, era.since)
        for era in ERA_DATA_GENERAL
        if era.since >= date(1868, 1, 1)
    ),
    key=lambda era: era.since,
)
_BY_NAME = {name: era for era in _ERAS for name in (era.kanji, era.letter)}
_FIRST_YEAR = _ERAS[0].since.year

_ERA_YEAR = rf"(?P<era>{'|'.join(_BY_NAME)})\.?(?P<number>元|[0-9]{{1,3}})"
_WESTERN_YEAR = "(?:西暦)?(?P<western>[0-9]{4})"
_YEAR = rf"(?:{_ERA_YEAR}|{_WESTERN_YEAR})"
_DASHES = "−‐–ー-"

_FISCAL_YEAR = re.compile(rf"(?:{_YEAR}(?:年度?)?|FY(?P<fy>[0-9]{{4}}))(?:\((?P<again>[^()]+)\))?")
_DATE_FORMS = tuple(
    re.compile(form + r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?")
    for form in (
        rf"{_YEAR}年(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})日",
        rf"{_YEAR}(?P<sign>[./{_DASHES}])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})",
        "(?P<western>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)


def fiscal_year_label(year: int, calendar: str, language: str = "ja", start_month: int = 4) -> str:
    """The fiscal year that starts in `year` (western), as people write it.

    `calendar` is "wareki" or "western". The era is the one on the first day of the fiscal year, so that
    2019 is 平成31年度 where it starts in April. In English: FY2014, or FY2014 (H26) with the era's year.
    """
    era = _era_at(date(year, start_month, 1)) if calendar == WAREKI else None
    if language == "en":
        return f"FY{year} ({era.letter}{_era_year(era, year, first='1')})" if era else f"FY{year}"
    return f"{era.kanji}{_era_year(era, year)}年度" if era else f"{year}年度"


def date_label(day: date, calendar: str, language: str = "ja") -> str:
    """`day` as people write it: 平成26年5月1日, 2014年5月1日, and 2014-05-01 in English."""
    if language == "en":
        return f"{day:%Y-%m-%d}"
    era = _era_at(day) if calendar == WAREKI else None
    year = f"{era.kanji}{_era_year(era, day.year)}" if era else f"{day.year}"
    return f"{year}年{day.month}月{day.day}日"


def parse_fiscal_year(text: str) -> int | None:
    """The western year in which the fiscal year `text` starts, or None.

    Reads 平成26年度, H26, 令和元年度, 2014, 2014年度, FY2014 in any width, and one with the other behind it
    in brackets where both agree. A year without its era (26年度) is not guessed.
    """
    found = _FISCAL_YEAR.fullmatch(plain(text).upper())
    if not found:
        return None
    year = int(found["fy"]) if found["fy"] else _western_year(found)
    if not _FIRST_YEAR <= year <= LAST_FISCAL_YEAR:
        return None
    return year if not found["again"] or parse_fiscal_year(found["again"]) == year else None


def parse_date(text: str) -> date | None:
    """The date that `text` writes, or None.

    Reads 平成26年5月1日, H26.5.1, 2014/5/1, 2014-05-01, 2014年5月1日, 20140501 in any width, a weekday
    behind it. None for a day that does not exist, a weekday that is another, and a day before its era began:
    令和元年3月31日 is likely to be meant for the end of 令和元年度, a year later.
    """
    spoken = plain(text).upper()
    found = next(filter(None, (form.fullmatch(spoken) for form in _DATE_FORMS)), None)
    if not found:
        return None
    day = _day(_western_year(found), int(found["month"]), int(found["day"]))
    parts = found.groupdict()
    if day is None or (parts["weekday"] and "月火水木金土日"[day.weekday()] != parts["weekday"]):
        return None
    era = _BY_NAME.get(parts.get("era") or "")
    return None if era and day < era.since else day


def _western_year(found: re.Match[str]) -> int:
    """The year of a match of `_YEAR`; 0 for a year 0 of an era."""
    if found["western"]:
        return int(found["western"])
    return _BY_NAME[found["era"]].year(found["number"]) if found["number"].strip("0") else 0


def _day(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none. Years before 明治 are slips of the hand."""
    if not _FIRST_YEAR <= year <= date.max.year or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _era_at(day: date) -> _Era | None:
    return next((era for era in reversed(_ERAS) if era.since <= day), None)


def _era_year(era: _Era, year: int, first: str = "元") -> str:
    number = year - era.since.year + 1
    return first if number == 1 else str(number)
