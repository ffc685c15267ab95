"""Changes: what differs between the plan as it stood for a round and as its tables have it now."""

from dataclasses import dataclass

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.changes import PlanChange, changes_since
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.then import Then
from xlplan.stages.define import existing_ledger, usable
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ChangesResult:
    """What differs.

    Attributes:
        plan: The plan as its tables have it.
        before: The round with which it is compared.
        period: The period of the plan that is looked at: the one after the last round, or that where there is none.
        assumed: Whether nobody kept how the plan stood for that round: then the tables of today stand in for it.
        changes: The differences.
    """

    plan: Plan
    before: Period
    period: Period
    assumed: bool
    changes: tuple[PlanChange, ...]


def changes(space: Workspace, start: str | None = None) -> ChangesResult:
    """Tell what differs between a round and the plan as it stands. Nothing is changed.

    Args:
        space: The folder of the plan.
        start: The round: an id, a label, or a fiscal year. The latest that was issued where None.

    Raises:
        UsageError: no such round has begun.
    """
    definition = usable(space)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        years = Years(definition, ledger)
        before, last = years.begun_round(start), years.begun_round(None)
        known = years.plan.periods
        later = known[known.index(last) + 1 :] if last in known else ()
        period = later[0] if later else last
        plan = years.plan_in(period).plan
        then = plan.past.get(before.id)
        if not isinstance(then, Then):
            then = Then(years.base(before, over=True), before, (years.plan,))
        found = tuple(changes_since(then, plan, period))
        return ChangesResult(plan, before, period, years.is_assumed(before.id), found)
