"""What is known when a round is worked at: which returns count, and what earlier rounds found out."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.form.compare.stamp import FormsNow, outdated
from xlplan.form.issuing import rows_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Field, FilledBy
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.stages.earlier import Earlier, with_answers
from xlplan.store.ledger import Ledger


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


def known_round(plan: Plan, ledger: Ledger, period: Period, *, records: bool = True) -> KnownRound:
    """What the ledger knows of a round.

    Args:
        plan: The plan as its tables have it.
        ledger: The ledger.
        period: The round.
        records: Whether the receipts' records are wanted, which take long.
    """
    known = plan_then(plan, ledger, period)
    issued = ledger.issued(period.id)
    receipts = still_counting(ledger, ledger.latest(period.id, records=records), issued)
    return KnownRound(known.plan, period, issued, receipts, known.findings)


def still_counting(
    ledger: Ledger, receipts: Mapping[str, Receipt], issued: Mapping[str, Issued]
) -> dict[str, Receipt]:
    """The returns that answer what was issued last.

    After the plan has changed and was issued again, an answer to other questions is none.

    Args:
        ledger: The ledger, for issues that are not the last.
        receipts: The latest return of each department, by its id.
        issued: The latest issue of each department, by its id.

    Returns:
        Those of `receipts` that count, by department id.
    """
    counting = {}
    for department, receipt in receipts.items():
        latest = issued.get(department)
        sent = latest if latest and latest.id == receipt.issue else ledger.issue(receipt.issue)
        if latest and sent and not outdated(sent, latest):
            counting[department] = receipt
    return counting


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


def plan_then(plan: Plan, ledger: Ledger | None, period: Period) -> Earlier:
    """The plan as it is known in a round: with the answers accepted in the rounds before it.

    Args:
        plan: The plan as its tables have it.
        ledger: The ledger, None where nothing was ever issued.
        period: The round.

    Returns:
        The plan with those answers among its records, and what is to be told of them.
    """
    if ledger is None:
        return Earlier(plan)
    begun = ledger.periods_issued()
    before = [known.id for known in plan.periods_until(period)[:-1] if known.id in begun]
    rounds = {name: still_counting(ledger, ledger.latest(name), ledger.issued(name)) for name in before}
    return with_answers(plan, rounds)


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
