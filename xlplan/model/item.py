"""Whom and what a plan asks: its periods, departments and items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """One column of the plan: a fiscal year, several of them, or a part of one.

    Attributes:
        id: Its id.
        label: Its name.
        first_year: The fiscal year (western) in which it begins.
        last_year: The fiscal year in which it ends.
        first_month: The month (1 to 12) of its first year with which it begins; 0 for whole fiscal years.
        last_month: The month of its last year with which it ends; 0 for whole fiscal years.
        reference_date: The day as of which it is reported; None for its last day.
    """

    id: str
    label: str
    first_year: int
    last_year: int
    first_month: int = 0
    last_month: int = 0
    reference_date: date | None = None

    @property
    def is_part(self) -> bool:
        """Whether it has months of its own: it is not made of whole fiscal years."""
        return bool(self.first_month)

    @property
    def part_of(self) -> int:
        """The one fiscal year of which it is a part; 0 where it is none, or one of several years."""
        return self.first_year if self.is_part and self.first_year == self.last_year else 0


@dataclass(frozen=True, slots=True)
class Department:
    """Who answers. `from_period` and `to_period` are period ids, empty for the whole plan.

    After its last period its items are those of `successor` (`Plan.owned`). `formerly` are ids that it had before.
    """

    id: str
    name: str
    contact: str = ""
    email: str = ""
    from_period: str = ""
    to_period: str = ""
    successor: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One project. `extra` holds further columns to show, by header.

    `predecessors` are the ids of the items that it continues: of several it is what they were merged into, and items
    with one predecessor in common are the parts into which that was split. `formerly` are ids that it had before.
    """

    id: str
    goal: str
    group: str
    title: str
    summary: str
    department: str
    from_period: str = ""
    to_period: str = ""
    predecessors: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The item in one line, as a dropdown shows it and a field of type `item` holds it."""
        return f"{self.id} {self.title}"

    def shown(self, column: str) -> str:
        """What stands in one of its columns, a further one among them."""
        return self.extra[column] if column in self.extra else str(getattr(self, column, ""))


NO_ITEM = Item(id="", goal="", group="", title="", summary="", department="")
"""What a row is about that names no item: a proposal, say."""


ITEM_COLUMNS = ("group", "title", "summary")
"""The columns of an item that an entry sheet shows besides its id, before any further ones."""
