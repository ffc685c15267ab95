"""What became of files that came in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xlplan.language.codes import Severity
from xlplan.model.correction import ChangedFigure
from xlplan.model.decision import Publication
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.progress import Compared

MAX_SHOWN = 30
"""Characters of an answer in a message."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs, as people of the plan write it, numbers and addresses of persons masked.

    Attributes:
        form: The form's id.
        item: The item's id, or which of the open rows it is.
        field: The field's id.
        label: The field's label.
        before: The answer that counted; empty where nothing was answered.
        after: The answer now; empty where nothing is answered.
    """

    form: str
    item: str
    field: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        before, after = (_short(answer) for answer in (self.before, self.after))
        return f"{self.item} {self.label} {before} → {after}"


def _short(answer: str) -> str:
    line = " ".join(answer.split()) or "―"
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"


class FileState(StrEnum):
    """What became of a file.

    fine (only checked), faulty (only checked, or the office's own), accepted, sent_back (now or when the same bytes
    came before), refused (no return of this round; kept, but the round stands as before), kept (an older answer than
    the accepted one, or none: the round stands as before), known (the same bytes were received before), or entered
    (the office's own workbook).
    """

    FINE = "fine"
    FAULTY = "faulty"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    KEPT = "kept"
    KNOWN = "known"
    ENTERED = "entered"


_OPEN = (FileState.SENT_BACK, FileState.REFUSED, FileState.KEPT, FileState.FAULTY)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter among the files that came in: a mail or a zip, and what of it is no return.

    Attributes:
        path: Its file, where it was when it was received or checked.
        is_mail: Whether it is a mail, and not a zip.
        sender: Who sent it, by the department whose address that is or as it says itself, numbers and addresses of
            persons masked; empty where it does not say.
        subject: What it is about, masked as well.
        sent_at: When it was sent, by this computer's clock; None where it does not say.
        others: The names of the files in it that are no workbooks, masked as well.
        archive: Where its bytes are kept; None where it was only checked, or is kept as what is no return.
    """

    path: Path
    is_mail: bool
    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    others: tuple[str, ...] = ()
    archive: Path | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file and what became of it.

    Attributes:
        path: The file, where it was when it was received or checked.
        state: What became of it.
        department: Whose return it is; None where it is none.
        attempt: Which return of the department it is, from 1; 0 where it is none or was only checked.
        findings: What is wrong with it, or is to be told of it.
        archive: Where its bytes are kept.
        sent_back: The workbook that is to go back.
        changes: The answers that differ from those of the accepted return that it replaces; of the office's own
            workbook what was entered.
        letter: The letter in which it came, or which it is; None where it lay there by itself. Behind the path of that
            its own says where in the letter it lies.
        compared: What became of the findings of the department's return before, where that went back; else None.
    """

    path: Path
    state: FileState
    department: Department | None = None
    attempt: int = 0
    findings: tuple[Finding, ...] = ()
    archive: Path | None = None
    sent_back: Path | None = None
    changes: tuple[Change, ...] = ()
    letter: LetterLine | None = None
    compared: Compared | None = None

    @property
    def fine(self) -> bool:
        """Whether it was only checked, and nothing is wrong with it."""
        return self.state is FileState.FINE

    @property
    def open(self) -> bool:
        """Whether something is left to do about it."""
        serious = any(finding.severity is not Severity.NOTICE for finding in self.findings)
        return self.state in _OPEN or (self.state is FileState.KNOWN and serious)


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """What came in.

    Attributes:
        plan: The plan.
        period: The round; None where files were only checked, which may be of several.
        lines: One for each file, in the order given.
        inbox: The folder whose files they are; None where files were named.
        changed: The figures of the summary of a closed round that changed by what the office entered late.
        published: The versions that were fixed anew by that: of the round, and of later ones, that are closed.
    """

    plan: Plan
    period: Period | None
    lines: tuple[ReceivedFile, ...]
    inbox: Path | None = None
    changed: tuple[ChangedFigure, ...] = ()
    published: tuple[Publication, ...] = ()

    @property
    def letters(self) -> tuple[LetterLine, ...]:
        """The letters among what came in, in the order given."""
        return tuple(dict.fromkeys(line.letter for line in self.lines if line.letter))

    @property
    def entered(self) -> int:
        """How many values the office's own workbooks among them entered."""
        return sum(len(line.changes) for line in self.lines if line.state is FileState.ENTERED)
