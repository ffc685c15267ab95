"""The heads of figures, and the key by which values belong under one of them."""

from dataclasses import dataclass

from xlplan.formula.criteria import number_of, serial
from xlplan.language.text import fold

Key = str | float
"""By which values are the same: a text folded, a number with the digits that a sheet keeps, "" for a blank."""


@dataclass(frozen=True, slots=True)
class Group:
    """One head.

    Attributes:
        key: What the values of the group have in common.
        value: What the head's cell holds: the text in its first spelling, or a number (days by their serial number).
        text: What a person reads there.
        format: The number format of the head's cell; empty for none.
    """

    key: Key
    value: str | float
    text: str
    format: str = ""

    @property
    def blank(self) -> bool:
        """Whether it is the group of the rows in which nothing stands."""
        return self.key == ""


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of one figure: its group, None for all groups of its block together, and its period's label.

    `blanks` says whether a blank is a group of the block, `numbers` whether the groups are numbers. `period` is None
    for the whole plan. `by_period`: its group is its period.
    """

    group: Group | None
    period: str | None
    blanks: bool = False
    numbers: bool = False
    by_period: bool = False


def key_of_value(value: object) -> Key:
    """The key of a value as a sheet holds it, or as a record does."""
    found = serial(value)
    number = number_of(found)
    return number if number is not None else fold(found) if isinstance(found, str) else ""
