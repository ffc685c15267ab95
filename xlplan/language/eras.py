"""The eras of the Japanese calendar (和暦), and fiscal years and dates as people write them in either calendar.

The eras are those of `japanera`, from 明治 on.
"""

from datetime import date
from typing import NamedTuple

from japanera import ERA_DATA_GENERAL

WAREKI = "wareki"
"""The Japanese calendar, as the table `plan` names it; the other one is "western"."""


class Era(NamedTuple):
    """One era: its name in two characters, the letter that stands for it, and its first day."""

    kanji: str
    letter: str
    since: date

    def year(self, number: str) -> int:
        """The western year of the era's year `number` ("元", "1", "26")."""
        return self.since.year + (1 if number == "元" else int(number)) - 1


ERAS = sorted(
    (
        Era(era.kanji, era.english_head, era.since)
        for era in ERA_DATA_GENERAL
        if era.since >= date(1868, 1, 1)
    ),
    key=lambda era: era.since,
)
"""The eras, oldest first."""


def fiscal_year_label(year: int, calendar: str, language: str = "ja", start_month: int = 4) -> str:
    """A fiscal year as people write it: 平成26年度, 2014年度, in English FY2014 or FY2014 (H26).

    The era is the one on the first day of the fiscal year, so that 2019 is 平成31年度 where it starts in April.

    Args:
        year: the western year in which it starts.
        calendar: "wareki" or "western".
        language: "ja" or "en".
        start_month: the month in which fiscal years start, 1 to 12.

    Returns:
        The label.
    """
    era = era_label(date(year, start_month, 1), year, language) if calendar == WAREKI else ""
    if language == "en":
        return f"FY{year} ({era})" if era else f"FY{year}"
    return era or f"{year}年度"


def short_fiscal_year(
    year: int, calendar: str, language: str = "ja", start_month: int = 4
) -> tuple[str, str]:
    """A fiscal year for a narrow head.

    Args:
        year: the western year in which it starts.
        calendar: "wareki" or "western".
        language: "ja" or "en".
        start_month: the month in which fiscal years start, 1 to 12.

    Returns:
        Its era (平成, H; empty in the western calendar), and its number (26, 元, 2014).
    """
    era = era_at(date(year, start_month, 1)) if calendar == WAREKI else None
    if era is None:
        return "", str(year)
    name, first = (era.letter, "1") if language == "en" else (era.kanji, "元")
    return name, era_year(era, year, first)


def date_label(day: date, calendar: str, language: str = "ja") -> str:
    """A date as people write it: 平成26年5月1日, 2014年5月1日, and 2014-05-01 in English.

    Args:
        day: the date.
        calendar: "wareki" or "western"; English has the western one only.
        language: "ja" or "en".

    Returns:
        The label.
    """
    if language == "en":
        return f"{day:%Y-%m-%d}"
    era = era_at(day) if calendar == WAREKI else None
    year = f"{era.kanji}{era_year(era, day.year)}" if era else f"{day.year}"
    return f"{year}年{day.month}月{day.day}日"


def era_at(day: date) -> Era | None:
    """The era of a day; None before the first one known."""
    return next((era for era in reversed(ERAS) if era.since <= day), None)


def era_ended(era: Era, day: date) -> bool:
    """Whether another era has begun by `day`."""
    return any(era.since < other.since <= day for other in ERAS)


def era_label(day: date, year: int, language: str) -> str:
    """A fiscal year by an era: 平成31年度, H31.

    Args:
        day: whose era it is.
        year: the western year in which the fiscal year starts.
        language: "ja" or "en".

    Returns:
        The label; empty where the day has no era, or its era had not begun in that year.
    """
    era = era_at(day)
    if era is None or year < era.since.year:
        return ""
    if language == "en":
        return f"{era.letter}{era_year(era, year, first='1')}"
    return f"{era.kanji}{era_year(era, year)}年度"


def era_year(era: Era, year: int, first: str = "元") -> str:
    """The number of a western year in an era.

    Args:
        era: the era.
        year: the western year.
        first: what its first year is called.

    Returns:
        The number: 元, 2, 26.
    """
    number = year - era.since.year + 1
    return first if number == 1 else str(number)
