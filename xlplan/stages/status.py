"""Chase: how each department stands in the round."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, FileError, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState, RefusedFile
from xlplan.report.rows import ReturnState
from xlplan.stages.define import begun_round, existing_ledger, period_named, plan_of
from xlplan.stages.forms import forms_now
from xlplan.stages.identify import changed_since, still_counting
from xlplan.stages.known import plan_then
from xlplan.stages.standing import SummaryStanding, standing
from xlplan.store.files import sha256_of
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

SET_ASIDE = (FindingCode.OLDER_RETURN, FindingCode.BLANK_RETURN)
"""The findings of returns in spite of which the accepted one counts."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One department: how far its return is, what is left of `errors` and `warnings`, the `days` until it is due."""

    department: Department
    state: ReturnState
    attempts: int
    errors: int
    warnings: int
    received_at: datetime | None
    respondent: str
    due: date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """How the round stands. `changed` are the departments whose part of the plan has changed since it was issued.

    `refused` are the files that were received and are no return, where somebody has still to look at them: a department
    may believe that it has answered.
    `summary` is how the summary stands, None where there is none.
    """

    plan: Plan
    period: Period
    lines: tuple[StatusLine, ...]
    changed: tuple[Department, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    summary: SummaryStanding | None = None

    @property
    def open(self) -> tuple[StatusLine, ...]:
        """The departments that are not accepted."""
        return tuple(one for one in self.lines if one.state is not ReturnState.ACCEPTED)


def status(space: Workspace, *, period_name: str, today: date) -> StatusResult:
    """How each department stands in the round."""
    plan = plan_of(space)
    ledger = existing_ledger(space)
    if ledger is None:
        if not period_name:
            raise UsageError(ErrorKey.NO_ROUND)
        period = period_named(plan, period_name)
        return StatusResult(
            plan, period, tuple(_line(one, None, None, today) for one in plan.answering(period))
        )
    with ledger:
        period = period_named(plan, period_name) if period_name else begun_round(plan, ledger, "")
        plan = plan_then(plan, ledger, period).plan
        issued = ledger.issued(period.id)
        latest = still_counting(ledger, ledger.latest(period.id, records=False), issued)
        summary = standing(space, plan, period, ledger, issued, latest)
        changed = changed_since(plan, period, issued, forms_now(space, plan, period, issued))
        refused = _unsettled(space, period, ledger, latest)
    return StatusResult(
        plan,
        period,
        tuple(_line(one, issued.get(one.id), latest.get(one.id), today) for one in plan.answering(period)),
        changed,
        refused,
        summary,
    )


def _unsettled(
    space: Workspace, period: Period, ledger: Ledger, latest: Mapping[str, Receipt]
) -> tuple[RefusedFile, ...]:
    """The refused files that somebody has still to look at: of the last run, and those that lie in the inbox yet.

    Not those that were taken after all, nor those of a department that was accepted since.
    """
    taken, every = ledger.archives(period.id), ledger.refusals(period.id)
    receipts = ledger.attempts(period.id, records=False)
    moments = [*(one.received_at for one in every), *(one.received_at for one in receipts)]
    last = max(moments, default=datetime.min)
    found = {one.sha256: one for one in every if one.sha256 not in taken and not _settled(one, latest)}
    waiting = _in_inbox(space, period) if any(one.received_at < last for one in found.values()) else set()
    return tuple(one for one in found.values() if one.received_at >= last or one.sha256 in waiting)


def _in_inbox(space: Workspace, period: Period) -> set[str]:
    """The hashes of the files in the inbox; of one that cannot be read none."""
    folder, found = space.inbox(period.id), set()
    for one in space.returns_in(folder) if folder.is_dir() else ():
        with suppress(FileError):
            found.add(sha256_of(one))
    return found


def _settled(refusal: RefusedFile, latest: Mapping[str, Receipt]) -> bool:
    """Whether the department of a refused file was accepted since, or stood so and goes on to."""
    receipt = latest.get(refusal.finding.department)
    if receipt is None or receipt.state is not ReceiptState.ACCEPTED:
        return False
    return refusal.finding.code in SET_ASIDE or receipt.received_at >= refusal.received_at


def _state(issued: Issued | None, latest: Receipt | None) -> ReturnState:
    if issued is None:
        return ReturnState.NOT_ISSUED
    return ReturnState.WAITING if latest is None else ReturnState(latest.state.value)


def _line(department: Department, issued: Issued | None, latest: Receipt | None, today: date) -> StatusLine:
    state = _state(issued, latest)
    findings = latest.findings if latest else ()
    return StatusLine(
        department=department,
        state=state,
        attempts=latest.attempt if latest else 0,
        errors=sum(one.severity is Severity.ERROR for one in findings),
        warnings=sum(one.severity is Severity.WARNING for one in findings),
        received_at=latest.received_at if latest else None,
        respondent=latest.respondent if latest else "",
        due=issued.due if issued else None,
        days=(issued.due - today).days
        if issued and issued.due and state is not ReturnState.ACCEPTED
        else None,
    )
