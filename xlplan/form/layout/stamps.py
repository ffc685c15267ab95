"""The geometry of the hidden sheet: the stamp, the lists of choices, messages, and what may follow what.

The words of the workbook, under the stamp, are those of `layout.words`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlplan.fields.numbering import checks_of
from xlplan.fields.succession import Step, steps
from xlplan.formula.addresses import column_area
from xlplan.model.form import Choice, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan

FORMAT = "2"
"""Version of the form's geometry and stamp."""
FORMATS = ("1", FORMAT)
"""The versions that can be read. A form of version 1 does not say the ids of its sheets and columns."""

STAMP_SHEET = "_xlplan"
STAMP_KEYS = ("format", "plan", "period", "department", "issue", "form_version")
FORMULAS_KEY = "formulas"
"""The line below the stamp: a hash of the sheets' formulas, which older workbooks have not."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """Where things stand on the hidden sheet: lists of choices, messages of each form, and what may follow what.

    `lists` and `messages` have their column and length, `orders` their column and steps.
    """

    lists: Mapping[str, tuple[int, int]]
    messages: Mapping[str, tuple[int, int]]
    orders: Mapping[str, tuple[int, tuple[Step, ...]]]

    def values(self, name: str) -> str:
        """Absolute range of the values of list `name`."""
        return self._range(*self.lists[name])

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

    @staticmethod
    def _range(column: int, last: int, first: int = 1) -> str:
        return f"{STAMP_SHEET}!{column_area(column, first, last)}"


def stamping(
    forms: Sequence[Form], lists: Mapping[str, tuple[Choice, ...]], plan: Plan, period: Period
) -> Stamping:
    """Where things stand on the hidden sheet.

    Columns A and B hold the stamp. Then a list, the messages of a form, and an order that is asked for have two each.

    Args:
        forms: The forms that are asked.
        lists: Their lists of choices by name.
        plan: The plan that they are of.
        period: The period of the round.

    Returns:
        The columns of each, 1-based, with how many rows they have.
    """
    column = 4
    at_lists = {}
    for name, choices in lists.items():
        at_lists[name] = (column, max(1, len(choices)))
        column += 2
    at_messages = {}
    for form in forms:
        at_messages[form.id] = (column, max(1, len(checks_of(form, plan, period))))
        column += 2
    asked = {
        field.list: steps(lists[field.list])
        for form in forms
        for field in form.entered
        if field.previous and field.list
    }
    at_orders = {name: (column + 2 * at, found) for at, (name, found) in enumerate(asked.items()) if found}
    return Stamping(at_lists, at_messages, at_orders)
