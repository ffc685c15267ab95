"""Which departments the plan would ask something else now than what was issued to them.

What was corrected or entered after an issue is not asked otherwise: an issue is held against the plan as it knew the
answers then.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from xlplan.form.issuing import rows_of
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.stages.forms import forms_now
from xlplan.stages.years import Years
from xlplan.store.history import Kept
from xlplan.store.workspace import Workspace


def changed_since(
    space: Workspace, years: Years, period: Period, issued: Mapping[str, Issued]
) -> tuple[Department, ...]:
    """The departments of whom the plan would ask something else now than what was issued to them last.

    Args:
        space: The folder of the plan.
        years: The plan through the years.
        period: The round.
        issued: The latest issue of each department, by its id.

    Returns:
        The departments, in the order of the plan.
    """
    changed = {
        name
        for upto, sent in _by_corrections(years, issued)
        for name in _changed(space, years if upto is None else years.as_corrected(upto), period, sent)
    }
    plan = years.plan_in(period).plan
    return tuple(department for department in plan.answering(period) if department.id in changed)


def _by_corrections(
    years: Kept, issued: Mapping[str, Issued]
) -> Iterator[tuple[int | None, dict[str, Issued]]]:
    """The issues by the last of what was corrected or entered before them: 0 for nothing, None for all."""
    found: dict[int | None, dict[str, Issued]] = {}
    for name, sent in issued.items():
        found.setdefault(_last_before(years, sent.issued_at), {})[name] = sent
    yield from found.items()


def _last_before(years: Kept, moment: datetime) -> int | None:
    written = (*years.corrections, *years.entries)
    numbers = [each.decision.number for each in written if each.decision.made_at <= moment]
    return None if len(numbers) == len(written) else max(numbers, default=0)


def _changed(space: Workspace, years: Years, period: Period, issued: Mapping[str, Issued]) -> Iterator[str]:
    """The ids of the departments of whom something else is asked by what the years knew."""
    plan = years.plan_in(period).plan
    forms = forms_now(space, plan, period, issued)
    for department in plan.answering(period):
        sent = issued.get(department.id)
        if sent and not (forms.asked_in(sent) and sent.rows == rows_of(plan, period, department)):
            yield department.id
