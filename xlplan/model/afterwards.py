"""What the office fills in after the answers: a plan as the office is asked it, as if it were one department of all."""

from collections.abc import Iterator
from dataclasses import replace

from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan

OFFICE = "@office"
"""The id of the office where it stands for a department. No department can be called that."""
OWNER = "department"
"""The column of the office's workbook that says who answered: it is headed as that of the table of items."""


def office_plan(plan: Plan, period: Period) -> Plan:
    """A plan as the office is asked it in a period: what its workbook is made of, and judged by.

    One department, the office, has every item. What it fills afterwards is to be answered; what departments filled is
    given, as the office's own values are. Of the rules those are left that point at what is to be answered.

    Args:
        plan: The plan as it is known in the round, the departments' answers among its records.
        period: The round.

    Returns:
        The plan; without forms where the office has nothing to fill.
    """
    asked = plan.asked_in(period, afterwards=True)
    return replace(
        asked,
        departments=(Department(OFFICE, plan.office),),
        items=tuple(_items(plan, period)),
        forms=tuple(_form(form) for form in asked.forms if fills(form)),
        records=tuple(
            replace(record, department="") if record.period == period.id else record
            for record in asked.records
        ),
    )


def fills(form: Form) -> bool:
    """Whether the office fills anything of a form afterwards."""
    return not form.is_open and any(field.afterwards for field in form.fields)


def _items(plan: Plan, period: Period) -> Iterator[Item]:
    """The items with the office in the place of their department, whose name stands in a column of its own."""
    for item in plan.items:
        owner = plan.department_in(period, plan.owned(item, period).department)
        extra = {OWNER: owner.name if owner else "", **item.extra}
        yield replace(item, department=OFFICE, extra=extra)


def _form(form: Form) -> Form:
    targets = {field.id for field in form.fields if field.afterwards}
    rules = tuple(rule for rule in form.rules if rule.target in targets)
    return replace(form, fields=tuple(_field(field, form) for field in form.fields), rules=rules)


def _field(field: Field, form: Form) -> Field:
    """A field of the office's workbook: to be filled in, worked out of that, or known already."""
    if field.afterwards:
        return replace(field, filled_by=FilledBy.DEPARTMENT)
    if field.id in form.afterwards:
        return field
    return replace(field, filled_by=FilledBy.OFFICE, required=False, formula=None)
