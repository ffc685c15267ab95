"""The geometry of the hidden sheet: the stamp, the lists of choices, messages, and what may follow what.

The words of the workbook, under the stamp, are those of `layout.words`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.fields.succession import Step
from xlplan.formula.addresses import column_area

FORMAT = "2"
"""Version of the form's geometry and stamp."""
FORMATS = ("1", FORMAT)
"""The versions that can be read. A form of version 1 does not say the ids of its sheets and columns."""

STAMP_SHEET = "_xlplan"
STAMP_KEYS = ("format", "plan", "period", "department", "issue", "form_version")
PREVIEW = "preview"
"""What stands for the id of an issue in the stamp of a form that was only to be looked at."""
FORMULAS_KEY = "formulas"
"""The line below the stamp: a hash of the sheets' formulas, which older workbooks have not."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """Where things stand on the hidden sheet: lists of choices, messages of each form, and what may follow what.

    `lists` and `messages` have their column and length, `orders` their column and steps. `offered` says how many values
    of each list, the first of them, may be chosen: the others can only have been chosen before.
    """

    lists: Mapping[str, tuple[int, int]]
    messages: Mapping[str, tuple[int, int]]
    orders: Mapping[str, tuple[int, tuple[Step, ...]]]
    offered: Mapping[str, int]

    def values(self, name: str) -> str:
        """Absolute range of all values of list `name`, which have their ranks beside them."""
        return self._range(*self.lists[name])

    def choices(self, name: str) -> str:
        """Absolute range of the values of list `name` that may be chosen."""
        return self._range(self.lists[name][0], self.offered[name])

    def ranks(self, name: str) -> str:
        """Absolute range of the ranks of list `name`."""
        column, length = self.lists[name]
        return self._range(column + 1, length)

    def message(self, form: str) -> str:
        """Absolute range of the messages of `form`; row n holds check number n."""
        return self._range(*self.messages[form])

    def target(self, form: str) -> str:
        """Absolute range of the sheet column at which each check of `form` points."""
        column, length = self.messages[form]
        return self._range(column + 1, length)

    def order(self, name: str) -> tuple[str, str]:
        """Absolute ranges of the order of list `name`, pair by pair: what comes before, and what may follow it."""
        column, found = self.orders[name]
        length = sum(len(step.followers) for step in found)
        return self._range(column, length), self._range(column + 1, length)

    def followers(self, name: str, step: Step) -> str:
        """Absolute range of what may follow in one step of list `name` that is no end."""
        column, found = self.orders[name]
        above = sum(len(other.followers) for other in found[: found.index(step)])
        return self._range(column + 1, above + len(step.followers), above + 1)

    @property
    def free(self) -> int:
        """The first column, 1-based, in which nothing of these stands."""
        used = [column for column, _ in (*self.lists.values(), *self.messages.values())]
        return max((*used, *(column for column, _ in self.orders.values())), default=2) + 2

    @staticmethod
    def _range(column: int, last: int, first: int = 1) -> str:
        return f"{STAMP_SHEET}!{column_area(column, first, last)}"
