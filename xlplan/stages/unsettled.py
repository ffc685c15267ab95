"""Files that were received and are no return, where somebody has still to look at them."""

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from xlplan.language.errors import FileError
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.item import Period
from xlplan.model.submission import Receipt, ReceiptState, ReceivedLetter, RefusedFile
from xlplan.store.files import sha256_of
from xlplan.store.workspace import Workspace

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
