"""Whom and what a plan asks: its periods, departments and items."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Period:
    """One column of the plan. Years are fiscal years in the western calendar, both ends included."""

    id: str
    label: str
    first_year: int
    last_year: int


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
