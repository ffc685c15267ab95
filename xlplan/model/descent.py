"""What items become: those that one continues, and whether one is over."""

from xlplan.model.form import Choice, Field
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


def ending(plan: Plan, item_id: str, period: Period) -> tuple[Field, Choice] | None:
    """By which answer an item is over: with a choice that `ends`.

    Args:
        plan: The plan, with what is known of the period.
        item_id: Of the item.
        period: The period.

    Returns:
        The field and the choice; None where the item goes on.
    """
    for form in plan.forms:
        values = {} if form.is_open else plan.known(form.id, period.id, item_id)
        for field in form.fields if values else ():
            for choice in plan.ranked_of(field) if field.filled_in else ():
                if choice.ends and values.get(field.id) == choice.value:
                    return field, choice
    return None
