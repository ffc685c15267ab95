"""What is to be sent to departments, or sent again, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.language.codes import CatalogueEnum
from xlplan.model.item import Department
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.refill import sent_back_path
from xlplan.stages.rounds import KnownRound
from xlplan.store.workspace import Workspace


class SendReason(CatalogueEnum, section="status.send"):
    """Why something is to be sent to a department.

    It was never issued a workbook; the plan asks something else than the one it has; a newer one than it had lies
    ready; its answer goes back; it is late.
    """

    NOT_ISSUED = "not_issued"
    PLAN_CHANGED = "plan_changed"
    ISSUED_AGAIN = "issued_again"
    SENT_BACK = "sent_back"
    REMINDER = "reminder", "days"


@dataclass(frozen=True, slots=True)
class ToSend:
    """Something that is to be sent.

    Attributes:
        department: To whom.
        reason: Why.
        file: What, where it lies ready; None where it is yet to be made, or is a few words.
        days: By how many working days the department is late.
    """

    department: Department
    reason: SendReason
    file: Path | None = None
    days: int = 0

    @property
    def to_issue(self) -> bool:
        """Whether its workbook must be issued before it can be sent."""
        return self.reason in (SendReason.NOT_ISSUED, SendReason.PLAN_CHANGED)


def to_send(
    space: Workspace,
    known: KnownRound,
    changed: tuple[Department, ...],
    times: Mapping[str, int],
    late: Mapping[str, int],
) -> Iterator[ToSend]:
    """What is to be sent in a round, in the order of the plan's departments.

    Args:
        space: The folder of the plan.
        known: The round.
        changed: The departments of whom the plan asks something else than what was issued.
        times: How often each department was issued a workbook, by its id.
        late: By how many working days each is late whose answer is waited for, by its id.
    """
    for department in known.plan.answering(known.period):
        issued, receipt = known.issued.get(department.id), known.receipts.get(department.id)
        if issued is None:
            if department.id not in known.excused:
                yield ToSend(department, SendReason.NOT_ISSUED)
        elif department in changed:
            yield ToSend(department, SendReason.PLAN_CHANGED)
        elif receipt and receipt.state is ReceiptState.SENT_BACK:
            file = _sent_back(space, known, department, receipt)
            yield ToSend(department, SendReason.SENT_BACK, file, late.get(department.id, 0))
        elif receipt is None and times.get(department.id, 0) > 1 and department.id not in known.excused:
            yield ToSend(
                department, SendReason.ISSUED_AGAIN, space.root / issued.file, late.get(department.id, 0)
            )
        elif days := late.get(department.id, 0):
            yield ToSend(department, SendReason.REMINDER, days=days)


def _sent_back(space: Workspace, known: KnownRound, department: Department, receipt: Receipt) -> Path | None:
    """The workbook that goes back; None where it lies there no more."""
    path = sent_back_path(space, known.plan, known.period, department, receipt.attempt)
    return path if path.is_file() else None
