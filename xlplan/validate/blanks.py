"""Where something must still be filled in: the required cells of rows as they stand, and of no workbook."""

from collections.abc import Mapping, Sequence

from xlplan.fields.checks import CheckKind
from xlplan.model.form import Field, Form
from xlplan.model.issue import IssuedRow
from xlplan.model.item import ITEM_COLUMNS, Period
from xlplan.model.plan import Plan
from xlplan.validate.verdicts import PREVIOUS, AskedForm, Verdicts


def left_blank(
    plan: Plan, period: Period, rows: Mapping[str, Sequence[IssuedRow]]
) -> dict[Field, Sequence[str]]:
    """Where something must still be filled in, of rows of items as they stand.

    Args:
        plan: The plan.
        period: The round.
        rows: The rows by form id; `office` has what stands in each, whoever filled it in.

    Returns:
        The ids of the items, by field.
    """
    found: dict[Field, Sequence[str]] = {}
    for form in plan.forms:
        asked, lines = AskedForm(form, plan, period), rows[form.id]
        verdicts = Verdicts(asked, _standing(form, plan, lines), len(lines))
        for check in asked.checks:
            if check.kind is CheckKind.REQUIRED:
                failed = verdicts.failed(check)
                if items := [row.item for row, bad in zip(lines, failed, strict=True) if bad]:
                    found[check.field] = items
    return found


def _standing(form: Form, plan: Plan, rows: Sequence[IssuedRow]) -> dict[str, Sequence[object]]:
    """Rows by column, as the checks look at them."""
    columns: dict[str, Sequence[object]] = {"item": [row.item for row in rows]}
    for field in form.fields:
        columns[field.id] = [row.office.get(field.id) for row in rows]
        columns[f"{PREVIOUS}{field.id}"] = [row.previous.get(field.id) for row in rows]
    items = [plan.item(row.item) for row in rows]
    for name in (*ITEM_COLUMNS, *(plan.items[0].extra if plan.items else ())):
        columns[name] = [(item.shown(name) or None) if item else None for item in items]
    return columns
