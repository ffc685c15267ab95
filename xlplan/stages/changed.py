"""Whose form the plan touches: whom it would ask something else now than what was issued, or show other words.

What was corrected or entered after an issue is not asked otherwise: an issue is held against the plan as it knew the
answers then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xlplan.form.issuing import issue_of, rows_of
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.stages.forms import forms_now, same_content
from xlplan.stages.years import Years
from xlplan.store.history import Kept
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TouchedForms:
    """The departments whose form the plan touches.

    Attributes:
        asked: Those of whom it would ask something else: they must be issued again.
        shown: Those to whom it would only show other words, such as another title of an item: what they answer counts.
    """

    asked: tuple[Department, ...] = ()
    shown: tuple[Department, ...] = ()


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
    return _touched(space, years, period, issued, words=False).asked


def touched_forms(
    space: Workspace, years: Years, period: Period, issued: Mapping[str, Issued]
) -> TouchedForms:
    """Whose form the plan touches since it was issued; `space`, `years`, `period`, `issued` as of `changed_since`."""
    return _touched(space, years, period, issued, words=True)


def _touched(
    space: Workspace, years: Years, period: Period, issued: Mapping[str, Issued], *, words: bool
) -> TouchedForms:
    """Whose form the plan touches, with `words` also those to whom it would show others; none once it is closed."""
    if period.id in years.closed:
        return TouchedForms()
    found = {
        name: asked
        for known, sent in _by_corrections(years, issued)
        for name, asked in _otherwise(space, known, period, sent, words=words)
    }
    touched = [
        department for department in years.plan_in(period).plan.answering(period) if department.id in found
    ]
    return TouchedForms(
        tuple(department for department in touched if found[department.id]),
        tuple(department for department in touched if not found[department.id]),
    )


def _by_corrections(years: Years, issued: Mapping[str, Issued]) -> Iterator[tuple[Years, dict[str, Issued]]]:
    """The issues, with the plan through the years as it was known when they were made."""
    found: dict[int | None, dict[str, Issued]] = {}
    for name, sent in issued.items():
        found.setdefault(_last_before(years, sent.issued_at), {})[name] = sent
    for upto, made in found.items():
        yield years if upto is None else years.as_corrected(upto), made


def _last_before(years: Kept, moment: datetime) -> int | None:
    written = (*years.corrections, *years.entries)
    numbers = [each.decision.number for each in written if each.decision.made_at <= moment]
    return None if len(numbers) == len(written) else max(numbers, default=0)


def _otherwise(
    space: Workspace, years: Years, period: Period, issued: Mapping[str, Issued], *, words: bool
) -> Iterator[tuple[str, bool]]:
    """The departments, by id, whose form is another by what the years knew, and whether it asks something else.

    With `words` also those in whose workbook only some word is another.
    """
    plan = years.plan_in(period).plan
    forms = forms_now(space, plan, period, issued)
    for department in plan.answering(period):
        sent = issued.get(department.id)
        if sent is None:
            continue
        rows = rows_of(plan, period, department)
        if not (forms.asked_in(sent) and sent.rows == rows):
            yield department.id, True
        elif words:
            new = issue_of(plan, period, department, sent.due, sent.issued_at, rows)
            if not same_content(space, plan, period, department, sent, new):
                yield department.id, False
