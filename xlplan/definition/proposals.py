"""Values that were copied from the period before and are still to be looked at: a column of the table `records`."""

from dataclasses import replace

from xlplan.definition.lines import Faults, Line, lines, listed, split
from xlplan.definition.naming import record_column
from xlplan.definition.specs import Tables
from xlplan.language.text import fold, nearest
from xlplan.model.form import Field, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode

PROPOSED = "proposed"
"""The column of `records` that names the fields of a line whose values are to be looked at."""


def look_over_proposals(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect a finding at each value that is still to be looked at.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    for line in lines(tables, "records", faults):
        form, period = plan.form(line.text("form")), plan.period(line.text("period"))
        if form and period:
            for name in split(line.text(PROPOSED)):
                _look_over(line, name, form, period)


def _look_over(line: Line, name: str, form: Form, period: Period) -> None:
    field = _field_named(line, name, form)
    if field is None:
        labels = [field.label for field in form.fields]
        line.fault(
            PlanCode.PROPOSED_UNKNOWN, PROPOSED, value=name, near=nearest(name, labels) or listed(labels)
        )
        return
    column = record_column(line.table, field)
    params = {"label": field.label, "period": period.label, "column": line.table.spec.said_heading(PROPOSED)}
    at = column or PROPOSED
    found = line.table.finding(PlanCode.PROPOSED, line.row.number, at, line.text(column), **params)
    found = replace(found, form=form.id, period=period.id, item=line.text("item"), field=field.id)
    line.faults.findings.append(found)


def _field_named(line: Line, name: str, form: Form) -> Field | None:
    """The field that a name means, by its column, its id or its label."""
    for field in form.fields:
        if fold(name) in map(fold, (record_column(line.table, field), field.id, field.label, field.heading)):
            return field
    return None
