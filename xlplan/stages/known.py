"""What is known when a round begins: the plan's tables, and what earlier rounds found out."""

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined
from xlplan.model.finding import listed
from xlplan.model.form import Field, FilledBy
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.report.earlier import Earlier, with_answers
from xlplan.stages.identify import still_counting
from xlplan.store.ledger import Ledger


def plan_then(plan: Plan, ledger: Ledger | None, period: Period) -> Earlier:
    """The plan as it is known in `period`: with the answers accepted in the rounds before it."""
    if ledger is None:
        return Earlier(plan)
    begun = ledger.periods_issued()
    before = [one.id for one in plan.periods[: plan.position(period.id)] if one.id in begun]
    rounds = {one: still_counting(ledger, ledger.latest(one), ledger.issued(one)) for one in before}
    return with_answers(plan, rounds)


def need_office_values(plan: Plan, period: Period) -> None:
    """Raises UsageError where the office has left blank what it must say of this period's items before issuing."""
    blanks = [
        (field, item)
        for form in plan.forms
        if not form.is_open
        for field in form.fields
        if field.filled_by is FilledBy.OFFICE and field.required is True
        for item in plan.items_of(period)
        if field.id not in plan.known(form.id, period.id, item.id)
    ]
    if blanks:
        raise UsageError(ErrorKey.OFFICE_BLANK, **_named(plan, period, blanks))


def _named(plan: Plan, period: Period, blanks: list[tuple[Field, Item]]) -> dict[str, object]:
    labels = dict.fromkeys(field.label for field, _ in blanks)
    items = list(dict.fromkeys(item.id for _, item in blanks))
    return {
        "period": period.label,
        "id": period.id,
        "labels": joined(labels, plan.language),
        "count": len(items),
        "items": joined(listed(items), plan.language),
    }
