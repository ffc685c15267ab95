"""What is known when a round is worked at: which returns count, and what earlier rounds found out.

The table `records` says what was known before the rounds. What departments answered since stands in the ledger, and
nobody needs to copy it: the plan of a round knows both. Where both speak of one cell the table counts, and it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.form.compare.stamp import FormsNow
from xlplan.form.issuing import rows_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Field, FilledBy
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.stages.answers import still_counting
from xlplan.stages.years import Years


@dataclass(frozen=True, slots=True)
class KnownRound:
    """How a round stands.

    Attributes:
        plan: The plan as it is known in the round (`plan_then`).
        period: The round.
        issued: The latest issue of each department, by its id.
        receipts: The latest return of each department that answers what was issued last, by its id.
        findings: What is to be told of the answers of earlier rounds.
    """

    plan: Plan
    period: Period
    issued: Mapping[str, Issued]
    receipts: Mapping[str, Receipt]
    findings: tuple[Finding, ...]


def known_round(years: Years, period: Period, *, records: bool = True) -> KnownRound:
    """What the ledger knows of a round that has begun.

    Args:
        years: The plan through the years.
        period: The round.
        records: Whether the receipts' records are wanted, which take long.

    Raises:
        LedgerError: an edition was kept by a later xlplan, or is damaged.
    """
    known, ledger = years.plan_in(period), years.ledger
    if ledger is None:
        return KnownRound(known.plan, period, {}, {}, known.findings)
    issued = ledger.issued(period.id)
    receipts = still_counting(ledger, ledger.latest(period.id, records=records), issued)
    return KnownRound(known.plan, period, issued, receipts, known.findings)


def changed_since(
    plan: Plan, period: Period, issued: Mapping[str, Issued], forms: FormsNow
) -> tuple[Department, ...]:
    """The departments of whom the plan would ask something else now than what was issued to them last.

    Args:
        plan: The plan as it is known in the round (`plan_then`).
        period: The round.
        issued: The latest issue of each department, by its id.
        forms: What the forms of the period ask as the plan stands (`forms.forms_now`).
    """
    return tuple(
        department
        for department in plan.answering(period)
        if (sent := issued.get(department.id))
        and not (forms.asked_in(sent) and sent.rows == rows_of(plan, period, department))
    )


def need_open(years: Years, period: Period) -> None:
    """Stop where a round is closed.

    Raises:
        UsageError: it is.
    """
    if made := years.closed.get(period.id):
        raise UsageError(ErrorKey.ROUND_CLOSED, period=period.label, id=period.id, version=made.version)


def need_office_values(plan: Plan, period: Period) -> None:
    """Stop where the office has left blank what it must say of this period's items before issuing.

    Raises:
        UsageError: it has; the items and columns are named.
    """
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
