"""What is said of each file that came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from xlplan.language.codes import Severity
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.displaced import Change


class FileState(StrEnum):
    """What became of a file.

    fine or faulty (only checked), accepted, sent_back (now or when the same bytes came before), refused (no return of
    this round; kept, but the round stands as before), kept (an older answer than the accepted one, or none: the round
    stands as before), or known (the same bytes were received before).
    """

    FINE = "fine"
    FAULTY = "faulty"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    KEPT = "kept"
    KNOWN = "known"


_OPEN = (FileState.SENT_BACK, FileState.REFUSED, FileState.KEPT)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One file and what became of it.

    `changes` are the answers that differ from those of the accepted return that it replaces.
    """

    path: Path
    state: FileState
    department: Department | None = None
    attempt: int = 0
    findings: tuple[Finding, ...] = ()
    archive: Path | None = None
    sent_back: Path | None = None
    changes: tuple[Change, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether it was only checked, and nothing is wrong with it."""
        return self.state is FileState.FINE

    @property
    def open(self) -> bool:
        """Whether something is left to do about it."""
        told = any(one.severity is not Severity.NOTICE for one in self.findings)
        return self.state in _OPEN or (self.state is FileState.KNOWN and told)


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """What came in."""

    plan: Plan
    period: Period | None
    lines: tuple[ReturnLine, ...]


def known_line(
    path: Path,
    department: Department | None,
    old: Receipt,
    latest: Receipt,
    back: Path | None,
    *,
    counts: bool,
) -> ReturnLine:
    """The line of a file received before, with a word where it is not what counts now.

    `counts` says whether the `latest` return answers what is asked now, `back` is the workbook that was sent back for
    the file.
    """
    line = ReturnLine(path, FileState.KNOWN, department, old.attempt)
    params: dict[str, object] = {
        "attempt": old.attempt,
        "latest": latest.attempt,
        "newer": latest.file_name,
        "moment": f"{latest.received_at:%Y-%m-%d %H:%M}",
    }
    if not counts:
        code = FindingCode.RECEIVED_OUTDATED
    elif latest.state is ReceiptState.ACCEPTED:
        if old.attempt == latest.attempt:
            return line
        code = FindingCode.RECEIVED_EARLIER
    elif old.attempt == latest.attempt:
        line = replace(line, state=FileState.SENT_BACK, sent_back=back)
        code = FindingCode.RECEIVED_OPEN
    else:
        accepted = old.state is ReceiptState.ACCEPTED
        code = FindingCode.RECEIVED_BEFORE if accepted else FindingCode.RECEIVED_OLDER
    return replace(line, findings=(told_of(Finding(code, params=code.picked(params)), path.name),))


def twin_line(path: Path, first: ReturnLine) -> ReturnLine:
    """The line of a file with the same bytes as another of the same batch."""
    if first.state in (FileState.REFUSED, FileState.KEPT):
        findings = tuple(told_of(found, path.name) for found in first.findings)
        return replace(first, path=path, findings=findings)
    return ReturnLine(path, FileState.KNOWN, first.department, first.attempt)


def told_what_counts(lines: Sequence[ReturnLine]) -> Iterator[ReturnLine]:
    """The lines, with a word at each return after which a newer one of the same department came in."""
    newest = {one.department.id: one for one in lines if one.department and one.attempt and one.archive}
    for one in lines:
        last = newest[one.department.id] if one.department and one.attempt and one.archive else one
        if last is one:
            yield one
            continue
        newer = Finding(FindingCode.NEWER_COUNTS, params={"newer": last.path.name})
        told = told_of(newer, one.path.name)
        yield replace(one, findings=(*one.findings, told))
