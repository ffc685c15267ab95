"""A correction: a value that was answered, given or entered, another in its place, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.record import Value

Place = tuple[str, str, str, str, int]
"""Ids of period, form, item and department, and the row in a return: by which a record is known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that was corrected.

    Attributes:
        decision: The decision, with moment, person and reason.
        form: Id of the form.
        item: Id of the item; empty for a row that a department added.
        field: Id of the field.
        old: What stood there; None for a blank.
        new: What stands there now.
        department: Id of the department that added the row; empty for a row of an item.
        row: The row in that department's return, 1-based, as in Excel; 0 for a row of an item.
    """

    decision: Decision
    form: str
    item: str
    field: str
    old: Value
    new: Value
    department: str = ""
    row: int = 0

    @property
    def target(self) -> dict[str, Value]:
        """It as the target of its decision."""
        found: dict[str, Value] = {"form": self.form, "field": self.field, "old": self.old, "new": self.new}
        return found | ({"department": self.department, "row": self.row} if self.row else {"item": self.item})

    @property
    def is_entry(self) -> bool:
        """Whether it was entered by the office after the answers, and corrects nothing that was published."""
        return self.decision.kind is DecisionKind.ENTER

    @property
    def plan_row(self) -> tuple[str, str]:
        """Table and id of the row of the plan whose cell it is; empty words for a value of a form."""
        table, _, row = ("", "", "") if self.form else self.item.partition(" ")
        return table, row

    @property
    def place(self) -> Place:
        """Period, form, item, department and row, by which its record is known."""
        return self.decision.period, self.form, self.item, self.department, self.row


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that a correction changed.

    Attributes:
        numbers: The numbers of the decisions by which it changed.
        label: What is counted.
        group: Its group in words; empty where there is none.
        period: The label of its period; empty for the whole plan.
        before: The figure before, as a person reads it.
        after: The figure now.
    """

    numbers: tuple[int, ...]
    label: str
    group: str
    period: str
    before: str
    after: str


def correction_of(decision: Decision) -> Correction:
    """A decision to correct a value as the correction."""
    target = decision.target
    row = target.get("row", 0)
    return Correction(
        decision,
        form=str(target.get("form", "")),
        item=str(target.get("item", "")),
        field=str(target.get("field", "")),
        old=target.get("old"),
        new=target.get("new"),
        department=str(target.get("department", "")),
        row=int(row) if isinstance(row, int | float) else 0,
    )


def plan_corrections_of(decision: Decision) -> Iterator[Correction]:
    """A decision to take a row of the plan's tables into an edition: each of its cells that changed."""
    row = f"{decision.target.get('table', '')} {decision.target.get('row', '')}"
    for name, old in decision.target.items():
        kind, _, column = name.partition(":")
        if kind == "old":
            new = decision.target.get(f"new:{column}")
            yield Correction(decision, form="", item=row, field=column, old=old, new=new)
