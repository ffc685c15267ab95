"""How values are shown in tables of any kind: role, text and tone of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlplan.definition.specs import table_named
from xlplan.fields.base import CENTRE, RIGHT
from xlplan.fields.table import type_of
from xlplan.formula.numberformats import number_text
from xlplan.language.messages import text
from xlplan.model.correction import Correction
from xlplan.model.form import Choice, Field
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.tables import Role, Tone
from xlplan.report.worked import Worked


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
    """An answer as a person reads it: days by the plan's calendar, numbers with a sign between thousands.

    Args:
        value: The answer; None where it is blank.
        field: The field that it answers.
        plan: The field's plan.

    Returns:
        The text; empty where it is blank.
    """
    kind = type_of(field)
    if kind.numeric and isinstance(value, int | float):
        return number_text(value, kind.summary_format(field, plan))
    return kind.shown(value, field, plan.years)


def worked_text(worked: Worked, shape: str, nothing: str) -> str:
    """What a figure comes to as a person reads it.

    Args:
        worked: What it comes to.
        shape: Its number format.
        nothing: What stands in the place of a figure that has no value.
    """
    if worked.value is None:
        return nothing
    return str(worked.value) if isinstance(worked.value, bool | str) else number_text(worked.value, shape)


def department_name(plan: Plan, department_id: str) -> str:
    """A department's name; its id where the plan does not know it."""
    department = plan.department(department_id)
    return department.name if department else department_id


@dataclass(frozen=True, slots=True)
class CorrectedCell:
    """A value that was corrected, in words: whose it is, the heading of its column, what stood there, what does now."""

    what: str
    heading: str
    old: str
    new: str


def corrected_cell(plan: Plan, correction: Correction) -> CorrectedCell:
    """A correction as people read it: of an item, of a row that a department added, or of a row of the plan's tables.

    Args:
        plan: The plan as it is known in the round that shows it.
        correction: The correction, under that plan's ids.
    """
    form = plan.form(correction.form)
    field = form.by_id.get(correction.field) if form else None
    heading = field.label if field else correction.field
    item = plan.item(correction.item)
    what = f"{item.id} {item.title}" if item else correction.item
    table, row = correction.plan_row
    if known := table_named(table):
        what, heading = f"{known.label(plan.language)} {row}", known.heading(correction.field, plan.language)
    elif correction.row:
        department = department_name(plan, correction.department)
        what = text("summary.corrections.added", plan.language, department=department, row=correction.row)
    old, new = (
        value_text(value, field, plan) if field else "" if value is None else str(value)
        for value in (correction.old, correction.new)
    )
    return CorrectedCell(what, heading, old, new)
