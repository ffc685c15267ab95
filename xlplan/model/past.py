"""What a plan asks of its nouns and of its past periods: when they are there, and how they were."""

from datetime import date
from typing import Protocol

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


class Past(Protocol):
    """A past period as a later plan sees it: `xlplan.model.then.Then`."""

    @property
    def period(self) -> Period:
        """The period as it was called then."""

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day, as the plan counted them then."""

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
