"""The groups of measures: what stands at the head of each row of their figures."""

from collections.abc import Iterable

from xlplan.definition.specs import spec
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.view import View


def groups_of(plan: Plan, view: View, by: str, period: Period) -> tuple[str, ...]:
    """The row heads of a block: exactly what the data sheet holds in that column.

    A list's choices; an item's column in the order of the plan; the labels of the periods. Another field has the
    values that the plan knows of before the round.

    Args:
        plan: The plan.
        view: A view of statistics.
        by: What its measures are grouped by: a field, a column of the items, `period`, or nothing.
        period: The last period that is shown.

    Returns:
        The heads, each once; none where `by` is empty.
    """
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if not by:
        return ()
    if by == "period":
        return tuple(within.label for within in plan.periods_until(period))
    if field is not None and field.list:
        return tuple(choice.value for choice in plan.lists[field.list])
    if field is not None:
        known = (record.values.get(by) for record in plan.records if record.form == view.form)
        return _distinct("" if value is None else str(value) for value in known)
    return _item_groups(plan, by, plan.periods_until(period))


def _item_groups(plan: Plan, by: str, periods: tuple[Period, ...]) -> tuple[str, ...]:
    """What the items that run in `periods` have in one of their columns."""
    if by == "department":
        owners = {item.department for period in periods for item in plan.items_of(period)}
        return _distinct(department.name for department in plan.departments if department.id in owners)
    items = [item for item in plan.items if any(plan.runs(item, period) for period in periods)]
    if by == "item":
        return tuple(item.id for item in items)
    return _distinct(str(getattr(item, by)) for item in items)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def heading_of(plan: Plan, view: View, by: str) -> str:
    """What a block's groups are.

    Args:
        plan: The plan.
        view: A view of statistics.
        by: What its measures are grouped by: a field, a column of the items, or `period`.

    Returns:
        The heading of the field or of the column.
    """
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if field is not None:
        return field.heading
    if by == "period":
        return spec("records").heading("period", plan.language)
    return spec("items").heading("id" if by == "item" else by, plan.language)
