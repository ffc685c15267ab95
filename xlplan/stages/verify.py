"""Verify: every file issued, received or made of returns is held against the ledger, and the ledger against itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xlplan.language.errors import ErrorKey, FileError, UsageError, XlplanError
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary
from xlplan.stages.define import existing_ledger, lint
from xlplan.store.files import sha256_of
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

GONE = {ErrorKey.FILE_MISSING, ErrorKey.FOLDER_MISSING}


class FileKind(StrEnum):
    """What a file of the ledger is: a workbook issued, a return, a file that was refused, a summary."""

    ISSUED = "issued"
    RETURNED = "returned"
    REFUSED = "refused"
    SUMMARY = "summary"


class MisfitState(StrEnum):
    """In which way a file is not as the ledger says.

    missing, changed (other bytes), unreadable, unknown (not in the ledger) or spare (not in the ledger, with the bytes
    of a file that is).
    """

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    SPARE = "spare"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file that the ledger knows; `name` as it came in."""

    kind: FileKind
    path: Path
    sha256: str
    moment: datetime
    period: str
    department: str = ""
    attempt: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One file that is not as the ledger says. Of one that the ledger does not know `kept` is None."""

    state: MisfitState
    kind: FileKind
    path: Path
    kept: KeptFile | None = None


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was compared and what does not fit. `flaws` are those of the ledger's own file, in SQLite's words.

    `plan` is None where it cannot be read: that keeps nobody from verifying. `language` is what its tables say all
    the same, or empty.
    """

    plan: Plan | None
    language: str
    files: tuple[KeptFile, ...]
    misfits: tuple[Misfit, ...]
    flaws: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether everything fits."""
        return not (self.misfits or self.flaws)


def verify(space: Workspace, waiting: Callable[[], object] = lambda: None) -> VerifyResult:
    """Compute the hash of every file anew. Nothing is changed. `waiting` is called while another run is at work."""
    ledger = existing_ledger(space, turn=True)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger, ledger.writing(waiting):
        flaws = tuple(ledger.flaws())
        files = tuple(_files(space, ledger))
        outdated = {name for period in ledger.periods_issued() for name in ledger.files_issued(period)}
        misfits = [
            Misfit(state, one.kind, one.path, one)
            for one in files
            if (state := not_as_kept(one.path, one.sha256)) and not _may_go(space, one, state)
        ]
        recorded = outdated | {space.relative(one.path) for one in files}
        hashes = {one.sha256 for one in files}
        misfits += [_stranger(one, hashes) for one in space.kept() if space.relative(one) not in recorded]
    return VerifyResult(*_plan(space), files, tuple(misfits), flaws)


def not_as_kept(path: Path, sha256: str) -> MisfitState | None:
    """In which way a file is not what was kept: missing, changed or unreadable; None where it is the same."""
    try:
        return None if sha256_of(path) == sha256 else MisfitState.CHANGED
    except FileError as fault:
        return MisfitState.MISSING if fault.key in GONE else MisfitState.UNREADABLE


def _files(space: Workspace, ledger: Ledger) -> Iterator[KeptFile]:
    """The files that should be there: of a department's issues the last, as each replaces the one before."""
    for period in ledger.periods_issued():
        for issued in ledger.issued(period).values():
            path = space.root / issued.file
            yield KeptFile(FileKind.ISSUED, path, issued.sha256, issued.issued_at, period, issued.department)
        for receipt in ledger.attempts(period, records=False):
            yield KeptFile(
                FileKind.RETURNED,
                space.root / receipt.archive,
                receipt.sha256,
                receipt.received_at,
                period,
                receipt.department,
                receipt.attempt,
                receipt.file_name,
            )
        refused = {one.archive: one for one in ledger.refusals(period)}
        for name, refusal in refused.items():
            path = space.root / name
            moment, came_as = refusal.received_at, refusal.file_name
            yield KeptFile(FileKind.REFUSED, path, refusal.sha256, moment, period, name=came_as)

    for name in dict.fromkeys(one.file for one in ledger.summaries()):
        path = space.root / name
        if made := written_there(ledger, path, name):
            yield KeptFile(FileKind.SUMMARY, path, made.sha256, made.made_at, made.period, name=path.name)


def written_there(ledger: Ledger, path: Path, name: str) -> MadeSummary | None:
    """The summary that a file is, of those made under its `name` in the ledger; the last where it is none of them.

    A run that was broken off may have recorded one that it did not write. None where none was made.
    """
    made = [one for one in ledger.summaries() if one.file == name]
    if not made:
        return None
    return next((one for one in reversed(made) if not not_as_kept(path, one.sha256)), made[-1])


def _may_go(space: Workspace, one: KeptFile, state: MisfitState) -> bool:
    """A draft of a summary that is gone: nobody needs it."""
    gone = one.kind is FileKind.SUMMARY and state is MisfitState.MISSING
    return gone and one.path == space.summary(one.period, draft=True)


def _stranger(path: Path, hashes: set[str]) -> Misfit:
    """A file that the ledger does not know."""
    kind = FileKind.ISSUED if path.parent.name == "issued" else FileKind.RETURNED
    spare = kind is FileKind.RETURNED and sha256_of(path) in hashes
    return Misfit(MisfitState.SPARE if spare else MisfitState.UNKNOWN, kind, path)


def _plan(space: Workspace) -> tuple[Plan | None, str]:
    """The plan and its language, as far as they can be read."""
    try:
        definition = lint(space)
    except XlplanError:
        return None, ""
    return definition.plan, definition.language
