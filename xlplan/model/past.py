"""What a plan asks of its nouns and of its past periods: when they are there, and how they were."""

from datetime import date, timedelta
from typing import Protocol

from xlplan.formula.days import PeriodDays
from xlplan.model.item import Department, Item, Period


class Spanned(Protocol):
    """A noun that is there from one period to another: a department, item, form, field, choice or rule."""

    @property
    def from_period(self) -> str:
        """The id of its first period; empty for the plan's first."""

    @property
    def to_period(self) -> str:
        """The id of its last period; empty for the plan's last."""


class Renamed(Protocol):
    """A noun that goes on under another id than before."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def formerly(self) -> tuple[str, ...]:
        """The ids that it had."""


_DAY, _MORE_THAN_A_MONTH = timedelta(days=1), timedelta(days=31)


def days_of(period: Period, start_month: int) -> PeriodDays:
    """The days of a period.

    Args:
        period: One whose years are known.
        start_month: The month (1 to 12) in which fiscal years start.
    """
    year_first = date(period.first_year, start_month, 1)
    year_last = date(period.last_year + 1, start_month, 1) - _DAY
    first, last = year_first, year_last
    if period.is_part:
        first = _first_day(period.first_year, period.first_month, start_month)
        in_last = _first_day(period.last_year, period.last_month, start_month)
        last = (in_last + _MORE_THAN_A_MONTH).replace(day=1) - _DAY
    return PeriodDays(first, last, year_first, year_last, period.reference_date or last)


def _first_day(year: int, month: int, start_month: int) -> date:
    """The first day of a month of the fiscal year that starts in the western `year`."""
    return date(year + (month < start_month), month, 1)


class Past(Protocol):
    """A past period as a later plan sees it: `xlplan.model.then.Then`."""

    @property
    def period(self) -> Period:
        """The period as it was called then."""

    @property
    def days(self) -> PeriodDays:
        """Its days, as the plan counted them then."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that ran then, as they were, under the ids that they have by now."""

    @property
    def departments(self) -> tuple[Department, ...]:
        """The departments that were asked then, by the names of then, under the ids that they have by now."""

    def item(self, item_id: str) -> Item | None:
        """The item of this id of now, as it was then."""

    def department(self, department_id: str) -> Department | None:
        """The department of this id of now, as it was then."""

    def has(self, noun: Item | Department) -> bool:
        """Whether the item ran then, or the department was there."""

    def sources(self, item_id: str) -> tuple[str, ...]:
        """The items, by their ids of now, whose answers of the period before stood then beside those about an item."""

    def asked(self, form_id: str, field_id: str = "") -> bool:
        """Whether a field of a form, by their ids of now, was asked then; without one whether the form was."""

    def formula_of(self, view_id: str, measure_id: str) -> str:
        """The formula of the measure of this id, as it was then; empty where there was none."""
