"""What is to be done in a round: what is to be sent to departments and why, and which files are to be looked at."""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.language.codes import CatalogueEnum
from xlplan.language.errors import FileError
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.item import Department, Period
from xlplan.model.submission import Receipt, ReceiptState, ReceivedLetter, RefusedFile
from xlplan.stages.refill import sent_back_path
from xlplan.stages.rounds import KnownRound
from xlplan.store.files import sha256_of
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


# --- files that are no return ---

SET_ASIDE = (
    FindingCode.OLDER_RETURN,
    FindingCode.BLANK_RETURN,
    FindingCode.UNTOUCHED_RETURN,
    FindingCode.ISSUED_FILE,
)
"""The findings of files in spite of which an accepted return counts."""


def unsettled(
    refusals: Sequence[RefusedFile],
    attempts: Sequence[Receipt],
    taken: Container[str],
    latest: Mapping[str, Receipt],
    waiting: Container[str],
) -> tuple[RefusedFile, ...]:
    """The refused files that somebody has still to look at: of the last run, and those that lie in the inbox yet.

    Not those that were taken after all, nor those of a department that was accepted since.

    Args:
        refusals: The files that were refused.
        attempts: The returns that were received.
        taken: The hashes of those that are kept as returns.
        latest: The return of each department that counts, by its id.
        waiting: The hashes of what lies in the inbox.
    """
    moments = [refusal.received_at for refusal in refusals]
    moments += [receipt.received_at for receipt in attempts]
    last = max(moments, default=datetime.min)
    found = {
        refusal.sha256: refusal
        for refusal in refusals
        if refusal.sha256 not in taken and not _settled(refusal, latest)
    }
    return tuple(
        refusal for refusal in found.values() if refusal.received_at >= last or refusal.sha256 in waiting
    )


def opened_since(refusal: RefusedFile, letters: Mapping[str, ReceivedLetter]) -> bool:
    """Whether what a letter was refused for is done with: more of it could be opened since."""
    letter = letters.get(refusal.sha256)
    return letter is not None and letter.received_at > refusal.received_at


def in_inbox(space: Workspace, period: Period) -> set[str]:
    """The hashes of the files in the inbox; of one that cannot be read none."""
    folders, _ = space.folders_below(space.inbox(period.id))
    hashes = set()
    for folder in folders:
        for path in space.returns_in(folder) if folder.is_dir() else ():
            with suppress(FileError):
                hashes.add(sha256_of(path))
    return hashes


def _settled(refusal: RefusedFile, latest: Mapping[str, Receipt]) -> bool:
    """Whether its department was accepted since, or stood so and goes on to; the office knows of its own file."""
    if refusal.finding.department == OFFICE:
        return True
    receipt = latest.get(refusal.finding.department)
    if receipt is None or receipt.state is not ReceiptState.ACCEPTED:
        return False
    return refusal.finding.code in SET_ASIDE or receipt.received_at >= refusal.received_at
