"""The receipt of a return: what the ledger keeps of what was made of it."""

from datetime import datetime

from xlplan import __version__
from xlplan.model.finding import has_errors
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.returns import Identified
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged


def receipt_of(
    space: Workspace,
    found: Identified,
    verdict: Judged,
    attempt: int,
    moments: tuple[datetime, datetime | None],
    name: str = "",
) -> Receipt:
    """The receipt of a return.

    Args:
        space: The folder of the plan.
        found: The return.
        verdict: What was made of it.
        attempt: Which return of the department it is, from 1.
        moments: When it was received, and when the answers were last worked at.
        name: What it was called as it came; the name of the file where empty.
    """
    file, department, (received_at, saved_at) = found.incoming, found.department, moments
    kept = space.archive_name(department.id, department.name, attempt, file.sha256, file.path.suffix)
    has_error = has_errors(list(verdict.findings))
    return Receipt(
        period=found.period.id,
        department=department.id,
        attempt=attempt,
        issue=found.issued.id if found.issued else "",
        file_name=name or file.path.name,
        sha256=file.sha256,
        received_at=received_at,
        state=ReceiptState.SENT_BACK if has_error else ReceiptState.ACCEPTED,
        archive=space.relative(space.returned(found.period.id) / kept),
        respondent=found.submission.respondent,
        approver=found.submission.approver,
        findings=verdict.findings,
        records=verdict.records,
        saved_at=saved_at,
        reader=__version__,
    )
