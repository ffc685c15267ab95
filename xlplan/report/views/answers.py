"""What the builders of tables share: the answers that a view shows, and the cells that say them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlplan.definition.specs import spec
from xlplan.fields.base import CENTRE, RIGHT
from xlplan.fields.table import type_of
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Choice, Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.view import View
from xlplan.report.columns import STATE, key_of
from xlplan.report.rows import Consolidation, DataRow, RowState
from xlplan.report.tables import Answer, Cell, Role, Tone

STATE_TONES = {
    RowState.OPEN: Tone(1, 4, again=True),
    RowState.SENT_BACK: Tone(2, 4, again=True),
    RowState.FAULTY: Tone(3, 4, again=True),
}
"""How much each state of an answer asks to be looked at, on a scale from 0 (well) to 3 (wrong)."""
_NUMBER_WIDTHS = (6.0, 14.0)
"""The least and the most characters of the column with the items' numbers."""


def words(role: Role, said: str, *, rows: int = 1, columns: int = 1, strong: bool = False) -> Cell:
    """A cell that the plan itself says.

    Args:
        role: What it is in its table.
        said: What it says; blank where it is empty.
        rows: Over how many rows it stands.
        columns: Over how many columns it stands.
        strong: Whether it is in bold.

    Returns:
        The cell.
    """
    return Cell(role, said or None, said, rows=rows, columns=columns, strong=strong)


def role_of(field: Field, *, centre_numbers: bool = False) -> Role:
    """What an answer is in a table; with `centre_numbers` numbers stand in the middle, not at the right."""
    kind = type_of(field)
    if kind.align == RIGHT:
        return Role.ANSWER if centre_numbers else Role.QUANTITY
    return Role.ANSWER if kind.align == CENTRE else Role.TEXT


def tones(choices: Sequence[Choice]) -> Mapping[str, Tone]:
    """The tone of each choice by its value: its place among the ranks, none where it has no rank.

    Where all that have a rank have the same, nothing is more or less.

    Returns:
        The tones.
    """
    ranks = sorted({choice.rank for choice in choices if choice.rank is not None})
    steps = {rank: Tone(at, len(ranks)) for at, rank in enumerate(ranks)} if len(ranks) > 1 else {}
    return {
        choice.value: steps.get(choice.rank, Tone()) if choice.rank is not None else Tone()
        for choice in choices
    }


def value_text(value: Value, field: Field, plan: Plan) -> str:
    """An answer as a person reads it: days by the plan's calendar, numbers with a sign between thousands."""
    kind = type_of(field)
    if kind.numeric and isinstance(value, int | float):
        return number_text(value, kind.summary_format(plan))
    return kind.shown(value, plan.years)


def number_text(value: float, shape: str) -> str:
    """A number as a person reads it.

    Args:
        value: The number.
        shape: Its number format: 0, #,##0.0, 0%. What else a format says is not followed.

    Returns:
        The text.
    """
    plain = shape.split(";", maxsplit=1)[0]
    found = re.search(r"\.([0#]+)", plain)
    places = found[1] if found else ""
    percent = plain.endswith("%")
    number = f"{value * 100 if percent else value:,.{len(places)}f}"
    if places:
        least = places.count("0")
        whole, _, decimals = number.partition(".")
        decimals = decimals[:least] + decimals[least:].rstrip("0")
        number = f"{whole}.{decimals}" if decimals else whole
    if "," not in plain:
        number = number.replace(",", "")
    return number + "%" * percent


def answer_value(row: DataRow, field: Field) -> Value:
    """What was answered; None where it is blank. What a field computes is known to its formula alone."""
    return row.values.get(field.id)


def department_name(plan: Plan, department_id: str) -> str:
    """A department's name; its id where the plan does not know it."""
    department = plan.department(department_id)
    return department.name if department else department_id


def of_item(plan: Plan, item: Item, name: str) -> str:
    """What an item says in a column of the items' table; a department by its name.

    Args:
        plan: The plan.
        item: The item.
        name: The column; `item` is that of the numbers.

    Returns:
        The text.
    """
    if name in item.extra:
        return item.extra[name]
    if name == "item":
        return item.id
    value = str(getattr(item, name, ""))
    return department_name(plan, value) if name == "department" else value


@dataclass(frozen=True)
class Answers:
    """The answers that one view shows, as cells."""

    made: Consolidation
    view: View

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.made.plan

    @cached_property
    def form(self) -> Form:
        """The form whose answers it shows."""
        return next(form for form in self.made.forms if form.id == self.view.form)

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """The fields that have columns of their own: the option `text`."""
        return tuple(self.form.by_id[field_id] for field_id in self.view.named("text"))

    @cached_property
    def rows_known(self) -> Mapping[str, DataRow]:
        """The rows of the form's data by their key."""
        return {key_of(row.period.id, row.item.id): row for row in self.made.rows_of(self.form.id)}

    def row_of(self, period: Period, item: Item) -> DataRow | None:
        """The data of an item in a period; None where it did not run."""
        return self.rows_known.get(key_of(period.id, item.id))

    @cached_property
    def number_width(self) -> float:
        """Characters of the column with the items' numbers."""
        longest = max((display_width(item.id) for item in self.plan.items), default=0) + 2.0
        least, most = _NUMBER_WIDTHS
        return min(max(longest, least), most)

    def text(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the plan's language, with `params` in their places."""
        return text(key, self.plan.language, **params)

    def item_head(self, name: str, *, rows: int) -> Cell:
        """The head of a column of the items, over `rows` rows; `name` is that of the items' table."""
        return words(Role.HEAD, spec("items").heading(name, self.plan.language), rows=rows)

    @cached_property
    def _tones(self) -> Mapping[str, Mapping[str, Tone]]:
        """The tones of the choices of each list, by its name."""
        return {name: tones(choices) for name, choices in self.plan.lists.items()}

    def tone(self, field: Field, value: Value) -> Tone | None:
        """The tone of an answer: None where it is none of a list."""
        return self._tones.get(field.list, {}).get(str(value)) if field.list and value else None

    def answer(
        self,
        field: Field,
        row: DataRow | None,
        role: Role,
        *,
        at: tuple[Period, Item] | None = None,
        rows: int = 1,
        strong: bool = False,
    ) -> Cell:
        """What was answered.

        Args:
            field: A field of the row's form.
            row: The row; None where there is none.
            role: What it is in its table.
            at: The period and the item of a cell that has no row; None where nothing is to be found there.
            rows: Over how many rows it stands.
            strong: Whether it is in bold.

        Returns:
            The cell, blank where nothing was answered.
        """
        if row is None and at is not None:
            row = DataRow(field.form, at[0], at[1], at[1].department, {})
        value = answer_value(row, field) if row else None
        return Cell(
            role,
            value,
            value_text(value, field, self.plan),
            type_of(field).summary_format(self.plan),
            rows=rows,
            strong=strong,
            tone=self.tone(field, value),
            source=Answer(row, field.id) if row else None,
        )

    def state(self, row: DataRow, *, rows: int = 1) -> Cell:
        """How the answer of a row stands, over `rows` rows of the table."""
        word = self.text(row.state.catalogue_key)
        return Cell(
            Role.STATE, word, word, rows=rows, tone=STATE_TONES.get(row.state), source=Answer(row, STATE)
        )
