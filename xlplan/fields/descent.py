"""What was answered before about an item: by itself, and about the items that it continues."""

from collections.abc import Mapping, Sequence

from xlplan.fields.table import type_of
from xlplan.model.descent import sources
from xlplan.model.form import Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value


def combined(field: Field, answers: Sequence[tuple[str, Value]]) -> Value:
    """What stands for several answers to one field.

    Args:
        field: The field.
        answers: The answers by item id, None for a blank.

    Returns:
        The answer of one, or on which all agree; of texts that differ one under the other, each with its item's id;
        else None.
    """
    values = [value for _, value in answers]
    if values and all(type(value) is type(values[0]) and value == values[0] for value in values):
        return values[0]
    if not type_of(field).is_text:
        return None
    return "\n".join(f"{name} {value}" for name, value in answers if value is not None)


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
