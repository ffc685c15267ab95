"""The letters of the ledger: what was received by mail and in zips, from whom and when, with what is in it."""

from datetime import datetime
from typing import Any

from xlplan.language.privacy import masked
from xlplan.model.submission import LetterPart, PartKind, ReceivedLetter
from xlplan.store.encoding import from_json, masked_bytes, to_json
from xlplan.store.ledger import Ledger

LETTER_COLUMNS = "period, file_name, sha256, received_at, archive, sender, subject, sent_at, parts"
_ADD_LETTER = (
    f"INSERT INTO letters ({LETTER_COLUMNS})"
    " VALUES (?, CAST(? AS TEXT), ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT))"
)


def record_letter(ledger: Ledger, letter: ReceivedLetter) -> bool:
    """Keep a letter where the latest of the same bytes in its round does not say the same of its parts.

    Args:
        ledger: The ledger.
        letter: The letter.

    Returns:
        Whether it was recorded.

    Raises:
        LedgerError: the ledger cannot be read or written.
    """
    known = latest_letters(ledger, letter.period).get(letter.sha256)
    if known and known.parts == _kept(letter.parts):
        return False
    ledger.add(_ADD_LETTER, [_row_of(letter)])
    return True


def letters(ledger: Ledger, period: str = "") -> list[ReceivedLetter]:
    """Every letter of a period, or of all, in the order in which they were received."""
    query = f"SELECT {LETTER_COLUMNS} FROM letters WHERE ? IN ('', period) ORDER BY number"
    return ledger.entries(_letter_of, query, period)


def latest_letters(ledger: Ledger, period: str) -> dict[str, ReceivedLetter]:
    """The letters of a period by the hash of their bytes, each as it was opened last."""
    return {letter.sha256: letter for letter in letters(ledger, period)}


def _kept(parts: tuple[LetterPart, ...]) -> tuple[LetterPart, ...]:
    """The parts as the ledger keeps them: their names masked."""
    return tuple(LetterPart(masked(part.name), part.sha256, part.kind) for part in parts)


def _row_of(letter: ReceivedLetter) -> tuple[object, ...]:
    return (
        letter.period,
        masked_bytes(letter.file_name),
        letter.sha256,
        letter.received_at.isoformat(),
        letter.archive,
        masked_bytes(letter.sender),
        masked_bytes(letter.subject),
        letter.sent_at.isoformat() if letter.sent_at else None,
        to_json([[part.name, part.sha256, part.kind.value] for part in _kept(letter.parts)]),
    )


def _letter_of(row: tuple[Any, ...]) -> ReceivedLetter:
    period, file_name, digest, received, archive, sender, subject, sent, parts = row
    return ReceivedLetter(
        period,
        file_name,
        digest,
        datetime.fromisoformat(received),
        archive,
        sender,
        subject,
        datetime.fromisoformat(sent) if sent else None,
        tuple(LetterPart(name, part_digest, PartKind(kind)) for name, part_digest, kind in from_json(parts)),
    )
