"""The keys of what the command line calls states and columns, and says of files that are not as the ledger says."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from xlplan.report.rows import ReturnState
from xlplan.stages.issue import IssueState
from xlplan.stages.returns import FileState
from xlplan.stages.verify import FileKind
from xlplan.store.files import MisfitState

STATES: Mapping[StrEnum, tuple[str, str]] = {
    IssueState.ISSUED: ("cli.state.issued", "green"),
    IssueState.REISSUED: ("cli.state.reissued", "green"),
    IssueState.UNCHANGED: ("cli.state.unchanged", ""),
    ReturnState.NOT_ISSUED: ("cli.state.not_issued", "yellow"),
    ReturnState.WAITING: ("cli.state.waiting", "yellow"),
    ReturnState.SENT_BACK: ("cli.state.sent_back", "red"),
    ReturnState.ACCEPTED: ("cli.state.accepted", "green"),
    FileState.FINE: ("cli.state.fine", "green"),
    FileState.FAULTY: ("cli.state.faulty", "red"),
    FileState.ACCEPTED: ("cli.state.accepted", "green"),
    FileState.SENT_BACK: ("cli.state.sent_back", "red"),
    FileState.REFUSED: ("cli.state.refused", "red"),
    FileState.KEPT: ("cli.state.kept", "yellow"),
    FileState.KNOWN: ("cli.state.known", ""),
    MisfitState.MISSING: ("cli.state.missing", "red"),
    MisfitState.CHANGED: ("cli.state.changed", "red"),
    MisfitState.UNREADABLE: ("cli.state.unreadable", "red"),
    MisfitState.UNKNOWN: ("cli.state.unknown", "yellow"),
    MisfitState.SPARE: ("cli.state.spare", "yellow"),
}
"""How each state is called, and in which colour."""

RECEIVED = (FileState.ACCEPTED, FileState.SENT_BACK, FileState.REFUSED, FileState.KNOWN)
"""What is counted of files that were received."""
CHECKED = (FileState.FINE, FileState.FAULTY, FileState.REFUSED)
"""What is counted of files that were only looked at."""

HINTS: Mapping[tuple[FileKind, MisfitState], str] = {
    (FileKind.ISSUED, MisfitState.MISSING): "cli.said.verify_issued_missing",
    (FileKind.ISSUED, MisfitState.CHANGED): "cli.said.verify_issued_changed",
    (FileKind.ISSUED, MisfitState.UNKNOWN): "cli.said.verify_issued_unknown",
    (FileKind.RETURNED, MisfitState.MISSING): "cli.said.verify_returned_missing",
    (FileKind.RETURNED, MisfitState.CHANGED): "cli.said.verify_returned_changed",
    (FileKind.RETURNED, MisfitState.UNKNOWN): "cli.said.verify_returned_unknown",
    (FileKind.RETURNED, MisfitState.SPARE): "cli.said.verify_spare",
    (FileKind.REFUSED, MisfitState.MISSING): "cli.said.verify_refused_missing",
    (FileKind.REFUSED, MisfitState.CHANGED): "cli.said.verify_refused_changed",
    (FileKind.SUMMARY, MisfitState.MISSING): "cli.said.verify_summary_missing",
    (FileKind.SUMMARY, MisfitState.CHANGED): "cli.said.verify_summary_changed",
    **{(kind, MisfitState.UNREADABLE): "cli.said.verify_unreadable" for kind in FileKind},
}
"""What to do about a file that is not as the ledger says."""

ORIGINS: Mapping[FileKind, str] = {
    FileKind.ISSUED: "cli.said.verify_origin_issued",
    FileKind.RETURNED: "cli.said.verify_origin_returned",
    FileKind.REFUSED: "cli.said.verify_origin_refused",
    FileKind.SUMMARY: "cli.said.verify_origin_summary",
}
"""Whose file it is, by what it is."""

MOST_RECORDS = 20
"""Records of one figure, or lines of a return, that are listed; the document of `--json` has them all."""

ISSUED = ("cli.word.department", "cli.word.items", "cli.word.state", "cli.word.file")
LEFTOVERS = (
    "artefacts.leftovers.sheet_column",
    "artefacts.leftovers.cell",
    "artefacts.leftovers.heading",
    "artefacts.leftovers.value",
)
STATUS = (
    *("cli.word.department", "cli.word.state", "cli.word.attempts", "cli.word.errors", "cli.word.warnings"),
    *("cli.word.respondent", "cli.word.due"),
)
GROUP = "cli.word.group"
FIGURES = (
    *("cli.word.measure", GROUP, "cli.word.period", "cli.word.printed", "cli.word.computed"),
    *("cli.word.state", "cli.word.cell"),
)


def counts_of(found: Sequence[StrEnum], counted: Sequence[StrEnum]) -> dict[str, int]:
    """How often each of `counted` is `found`, by its value."""
    return {state.value: found.count(state) for state in counted}
