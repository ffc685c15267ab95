"""What items become: those that one continues, and whether one is over."""

from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan


def sources(plan: Plan, item: Item, period: Period) -> tuple[str, ...]:
    """The items whose answers of the period before stand beside those about an item.

    Args:
        plan: The plan.
        item: One of its items.
        period: The period in which it is asked about.

    Returns:
        The ids: its own, where it ran before, and those of its predecessors that did: of an item that goes on those
        only that went into it, and do not go on themselves. None in the plan's first period.
    """
    before = plan.previous(period)
    if before is None:
        return ()
    own = plan.runs(item, before)
    found = [item.id] if own else []
    for name in item.predecessors:
        known = plan.item(name)
        if known and plan.runs(known, before) and not (own and plan.runs(known, period)):
            found.append(name)
    return tuple(found)


def is_over(plan: Plan, item_id: str, period: Period) -> bool:
    """Whether an item is over by what is known of it in a period: with a choice that `ends`.

    Args:
        plan: The plan, with what is known of the period.
        item_id: Of the item.
        period: The period.
    """
    return any(
        choice.ends and values.get(field.id) == choice.value
        for form in plan.forms
        if not form.is_open and (values := plan.known(form.id, period.id, item_id))
        for field in form.fields
        if field.filled_in
        for choice in plan.ranked_of(field)
    )
