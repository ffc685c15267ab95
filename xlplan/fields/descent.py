"""What was answered before about an item: by itself, and about the items that it continues."""

from collections.abc import Mapping

from xlplan.fields.table import combined
from xlplan.model.descent import sources
from xlplan.model.form import Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value


def known_before(plan: Plan, form: Form, item: Item, period: Period) -> Mapping[str, Value]:
    """What was answered in the period before about an item, or about those that it continues.

    Args:
        plan: The plan, with what is known of the period before.
        form: One of its forms, with a row for each item.
        item: One of its items.
        period: The period in which it is asked about.

    Returns:
        The values by field id; empty where nothing is known.
    """
    before, names = plan.previous(period), sources(plan, item, period)
    if before is None:
        return {}
    if names in ((), (item.id,)):
        return plan.known(form.id, before.id, item.id)
    known = [(name, plan.known(form.id, before.id, name)) for name in names]
    if len(known) == 1:
        return known[0][1]
    found = {
        field.id: combined(field, [(name, values.get(field.id)) for name, values in known])
        for field in form.fields
    }
    return {name: value for name, value in found.items() if value is not None}
