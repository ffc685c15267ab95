"""Working days: no weekend, no public holiday, and no day on which the office is closed.

The public holidays are those of the library `holidays`, which is loaded when they are first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

ANY_YEAR = 2000
"""The year of days that come back every year; a leap year, so that it has each of them."""
NO_HOLIDAYS = "none"
"""The word for no public holidays: weekends are closed, and what the office names."""
HOLIDAYS: tuple[str, ...] = ("JP", "GB", "GB-SCT", "GB-NIR", NO_HOLIDAYS)
"""Whose public holidays have a word of their own; any other country is named by its code (ISO 3166: FR, US-NY)."""
_BY_LANGUAGE = {"ja": "JP", "en": "GB"}
_BY_LOCALE = {"ja_JP": "JP", "en_GB": "GB"}
_PARTS: Mapping[str, tuple[str, str]] = {"GB": ("GB", "ENG")}
"""A country whose parts have holidays of their own: the part that is meant by the country alone."""
_SPOKEN = {"ja": "ja", "en": "en_US"}
LONGEST_CLOSED = 400
"""Days after which no open one is looked for."""


def usual_holidays(locale: str, language: str) -> str:
    """Whose public holidays count where the plan does not say it: those of its locale, else of its language."""
    return _BY_LOCALE.get(locale) or _BY_LANGUAGE[language]


def holidays_of(code: str) -> str | None:
    """The code of a country, or of a part of one, whose public holidays are known; None where they are not.

    `code` may be written in any case: fr, us-ny.
    """
    wanted = code.strip().upper()
    try:
        _calendar(wanted, "en")
    except NotImplementedError:  # the library's word for a country or a part that it does not have
        return None
    return wanted


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which the office is closed, from a first to a last one.

    Attributes:
        first: The first day; of those of every year in `ANY_YEAR`.
        last: The last day: where it comes before the first, of the year after.
        yearly: Whether they come back every year.
        name: What they are called: 年末年始.
    """

    first: date
    last: date
    yearly: bool = False
    name: str = ""

    @property
    def length(self) -> int:
        """How many days there are."""
        around = 366 if self.yearly and self.last < self.first else 0
        return (self.last - self.first).days + 1 + around

    def hold(self, day: date) -> bool:
        """Whether a day is one of them."""
        if not self.yearly:
            return self.first <= day <= self.last
        first, at, last = ((each.month, each.day) for each in (self.first, day, self.last))
        return first <= at <= last if first <= last else at >= first or at <= last


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are working days.

    Attributes:
        holidays: Whose public holidays count: one of `HOLIDAYS`, or the code of a country.
        closed: The days on which the office itself is closed.
    """

    holidays: str = NO_HOLIDAYS
    closed: tuple[ClosedDays, ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether a day is a working day."""
        own = any(closed.hold(day) for closed in self.closed)
        return not own and _calendar(self.holidays, "en").is_working_day(day)

    def closed_for(self, day: date, language: str) -> str:
        """What makes a day a closed one: the name of the office's own days, or of the public holiday.

        Empty where it is a weekend, days without a name, or a working day. `language` is "ja" or "en".
        """
        own = next((closed.name for closed in self.closed if closed.hold(day)), "")
        return own or str(_calendar(self.holidays, language).get(day) or "")

    def next_open(self, day: date) -> date:
        """The first working day from a day on; the day itself where none comes within `LONGEST_CLOSED`."""
        after = (day + timedelta(days=count) for count in range(LONGEST_CLOSED))
        return next((known for known in after if self.is_open(known)), day)


def working_days(start: date, end: date, workdays: Workdays) -> int:
    """How many working days lie after one day, up to another and with it.

    From Friday to Monday it is 1, from Friday to Saturday 0. The way back is the same number, negative.

    Args:
        start: The day from which they are counted, itself not among them.
        end: The last day that counts.
        workdays: Which days are working days.

    Returns:
        The number; negative where `end` is before `start`.
    """
    if end < start:
        return -working_days(end, start, workdays)
    days = (start + timedelta(days=count) for count in range(1, (end - start).days + 1))
    return sum(map(workdays.is_open, days))


@cache
def _calendar(code: str, language: str) -> "HolidayBase":
    """The public holidays of a country, called as in `language`.

    Raises:
        NotImplementedError: they are not known.
    """
    import holidays

    if code == NO_HOLIDAYS:
        return holidays.HolidayBase()
    country, part = _PARTS.get(code) or code.partition("-")[::2]
    return holidays.country_holidays(country, subdiv=part or None, language=_SPOKEN[language])
