"""Where a check looks: a row of an entry sheet, as addresses; and many rows at once, as plain columns."""

from collections.abc import Collection, Sequence
from typing import Protocol

from xlplan.formula.tree import Formula
from xlplan.model.form import Field


class SheetRow(Protocol):
    """One row of an entry sheet: A1 addresses, and formulas put into them."""

    def entry(self, field: Field) -> str:
        """The cell of an entered field."""

    def previous(self, field: Field) -> str:
        """The cell of its value in the previous period."""

    def every(self, field: Field) -> str:
        """Its cells in all rows, as an absolute range."""

    def choices(self, name: str) -> str:
        """The range of the values of a list."""

    def order(self, name: str) -> tuple[str, str]:
        """The ranges of what comes before and what may follow it, pair by pair, in a list with an order."""

    def emitted(self, formula: Formula) -> str:
        """A formula of the plan over the cells of this row."""

    def failing(self, number: int, shown: str = "") -> str:
        """What a hidden cell holds where the check of this number fails: negative where the office lets that stand.

        `shown` is a formula of the number, where that is not always the same.
        """

    def open_gate(self, formula: Formula) -> str:
        """A condition that is TRUE where no entered field that the formula rests on has a finding."""


class Rows(Protocol):
    """The rows that are judged: converted values by column, one of each for every row; None for blank.

    A value that could not be read is the text as typed; one that could not be given at all is `UNREAD`.
    """

    def __len__(self) -> int:
        """How many rows there are."""

    def values(self, name: str) -> Sequence[object]:
        """The values of a field, or of a column of the item."""

    def previous(self, name: str) -> Sequence[object]:
        """The values of a field in the previous period."""

    def departments(self) -> Sequence[object] | None:
        """Whose row each is, by id; None where that is not known."""

    def taken(self, name: str) -> Collection[object]:
        """The values of a unique field that rows elsewhere hold already."""

    def gate(self, formula: Formula) -> Sequence[bool]:
        """Where a formula may be asked: no entered field that it rests on has a finding."""

    def answers(self, formula: Formula, asked: Sequence[bool]) -> Sequence[object]:
        """The formula's value in the rows that are asked, in their order."""
