"""How the return of each department stands in a round."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from xlplan.language.codes import CatalogueEnum, Severity
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt

NOBODY: Mapping[str, str] = MappingProxyType({})
"""That no department was let off."""


class ReturnState(CatalogueEnum, section="summary.returns"):
    """How far a department's return is."""

    NOT_ISSUED = "not_issued"
    WAITING = "waiting"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    ACCEPTED = "accepted"
    EXCUSED = "excused"

    @property
    def settled(self) -> bool:
        """Whether nothing is waited for any more."""
        return self in (ReturnState.ACCEPTED, ReturnState.EXCUSED)


@dataclass(frozen=True, slots=True)
class ReturnStanding:
    """How the return of one department (by id) stands: its latest attempt, and what was found in it.

    `reason` is why it was let off its answer, where it was. `allowed` findings are none of the `notices`.
    """

    department: str
    state: ReturnState
    attempts: int = 0
    received_at: datetime | None = None
    file_name: str = ""
    respondent: str = ""
    approver: str = ""
    errors: int = 0
    warnings: int = 0
    notices: int = 0
    reason: str = ""
    allowed: int = 0


def open_returns(
    plan: Plan,
    period: Period,
    issued: Mapping[str, Issued],
    receipts: Mapping[str, Receipt],
    excused: Mapping[str, str] = NOBODY,
) -> tuple[ReturnStanding, ...]:
    """The returns that are waited for, in the order of the plan's departments.

    Args:
        plan: The plan.
        period: The period of the round.
        issued: What was issued, by department id.
        receipts: The latest return of each department, by department id.
        excused: Why a department was let off its answer, by its id.

    Returns:
        How each of them stands, those that were never issued or never came back included.
    """
    lines = standing_of(plan, period, issued, receipts, excused)
    return tuple(line for line in lines if not line.state.settled)


def standing_of(
    plan: Plan,
    period: Period,
    issued: Mapping[str, Issued],
    receipts: Mapping[str, Receipt],
    excused: Mapping[str, str],
) -> tuple[ReturnStanding, ...]:
    """How each return stands.

    Args:
        plan: The plan.
        period: The period of the round.
        issued: What was issued, by department id.
        receipts: The latest return of each department, by department id.
        excused: Why a department was let off its answer, by its id.

    Returns:
        How each of them stands, in the order of the plan's departments.
    """
    lines = (
        _line(department.id, department.id in issued, receipts.get(department.id))
        for department in plan.answering(period)
    )
    return tuple(
        replace(line, state=ReturnState.EXCUSED, reason=excused[line.department])
        if line.department in excused and not (line.state.settled and line.attempts)
        else line
        for line in lines
    )


def _line(department: str, issued: bool, receipt: Receipt | None) -> ReturnStanding:
    if receipt is None:
        return ReturnStanding(department, ReturnState.WAITING if issued else ReturnState.NOT_ISSUED)

    def count(severity: Severity) -> int:
        return sum(finding.severity is severity and not finding.allowed for finding in receipt.findings)

    return ReturnStanding(
        department=department,
        state=ReturnState(receipt.state.value),
        attempts=receipt.attempt,
        received_at=receipt.received_at,
        file_name=receipt.file_name,
        respondent=receipt.respondent,
        approver=receipt.approver,
        errors=count(Severity.ERROR),
        warnings=count(Severity.WARNING),
        notices=count(Severity.NOTICE),
        allowed=sum(finding.allowed is not None for finding in receipt.findings),
    )
