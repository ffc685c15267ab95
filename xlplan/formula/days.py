"""The days of a period, as formulas ask for them."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeriodDays:
    """The days of a period, each end included.

    Attributes:
        first: The first day of the period.
        last: Its last day.
        year_first: The first day of the fiscal year, of several the first, in which it lies.
        year_last: The last day of that fiscal year, of several of the last.
        reference: The day as of which it is reported: REFERENCE_DATE().
    """

    first: dt.date
    last: dt.date
    year_first: dt.date
    year_last: dt.date
    reference: dt.date

    @property
    def order(self) -> tuple[dt.date, int]:
        """By this periods are in order: by the day on which they end, a longer one after those that lie in it."""
        return self.last, -self.first.toordinal()

    def overlap(self, other: "PeriodDays") -> bool:
        """Whether some day is one of this period and of the `other`."""
        return self.first <= other.last and other.first <= self.last

    def hold(self, other: "PeriodDays") -> bool:
        """Whether every day of the `other` period is one of this."""
        return self.first <= other.first and other.last <= self.last
