"""The keys of what the command line calls states and columns, and says of files that are not as the ledger says."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from xlplan.language.messages import joined, text
from xlplan.model.finding import Finding, listed
from xlplan.model.issue import IssueState
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnState
from xlplan.stages.drafts import DraftState
from xlplan.stages.received import FileState, LetterLine
from xlplan.stages.reread import RereadState
from xlplan.store.files import MisfitState
from xlplan.store.sealing import Flaw, FlawKind

STATES: Mapping[StrEnum, tuple[str, str]] = {
    IssueState.ISSUED: ("cli.state.issued", "green"),
    IssueState.REISSUED: ("cli.state.reissued", "green"),
    IssueState.UNCHANGED: ("cli.state.unchanged", ""),
    ReturnState.NOT_ISSUED: ("cli.state.not_issued", "yellow"),
    ReturnState.WAITING: ("cli.state.waiting", "yellow"),
    ReturnState.SENT_BACK: ("cli.state.sent_back", "red"),
    ReturnState.REOPENED: ("cli.state.reopened", "red"),
    ReturnState.ACCEPTED: ("cli.state.accepted", "green"),
    ReturnState.EXCUSED: ("cli.state.excused", "yellow"),
    FileState.FINE: ("cli.state.fine", "green"),
    FileState.FAULTY: ("cli.state.faulty", "red"),
    FileState.ACCEPTED: ("cli.state.accepted", "green"),
    FileState.SENT_BACK: ("cli.state.sent_back", "red"),
    FileState.REFUSED: ("cli.state.refused", "red"),
    FileState.KEPT: ("cli.state.kept", "yellow"),
    FileState.KNOWN: ("cli.state.known", ""),
    FileState.ENTERED: ("cli.state.entered", "green"),
    DraftState.WRITTEN: ("letters.state.written", "green"),
    DraftState.UNCHANGED: ("letters.state.unchanged", ""),
    DraftState.EDITED: ("letters.state.edited", "yellow"),
    DraftState.NO_WORKBOOK: ("letters.state.no_workbook", "red"),
    MisfitState.MISSING: ("cli.state.missing", "red"),
    MisfitState.CHANGED: ("cli.state.changed", "red"),
    MisfitState.UNREADABLE: ("cli.state.unreadable", "red"),
    MisfitState.UNKNOWN: ("cli.state.unknown", "yellow"),
    MisfitState.SPARE: ("cli.state.spare", "yellow"),
    RereadState.DIFFERS: ("cli.state.differs", "red"),
    RereadState.OTHER_READER: ("cli.state.other_reader", "yellow"),
    RereadState.OTHER_PLAN: ("cli.state.other_plan", "yellow"),
    RereadState.NOT_READ: ("cli.state.not_read", "red"),
}
"""How each state is called, and in which colour."""

FLAWS: Mapping[FlawKind, str] = {
    FlawKind.DATABASE: "cli.flaw.database",
    FlawKind.STRUCTURE: "cli.flaw.structure",
    FlawKind.ENTRY: "cli.flaw.entry",
    FlawKind.ENTRIES: "cli.flaw.entries",
}
"""What is wrong with the ledger itself."""

RECEIVED = (FileState.ACCEPTED, FileState.SENT_BACK, FileState.REFUSED, FileState.KNOWN)
"""What is counted of files that were received."""
CHECKED = (FileState.FINE, FileState.FAULTY, FileState.REFUSED)
"""What is counted of files that were only looked at."""

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
CORRECTED = ("cli.word.item", "cli.word.field", "cli.word.before", "cli.word.after")
ENDED = ("cli.word.item", "cli.word.label", "cli.word.field", "cli.word.answer", "cli.word.planned")
DIFFERING = (
    *("cli.word.kind", "cli.word.id", "cli.word.label", "cli.word.change"),
    *("cli.word.was", "cli.word.now"),
)
LOG = (
    *("cli.word.moment", "cli.word.number", "cli.word.event", "cli.word.department"),
    *("cli.word.details", "cli.word.who"),
)
CHANGED = ("cli.word.measure", GROUP, "cli.word.period", "cli.word.before", "cli.word.after")
FIGURES = (
    *("cli.word.measure", GROUP, "cli.word.period", "cli.word.printed", "cli.word.computed"),
    *("cli.word.state", "cli.word.cell"),
)


def counts_of(found: Sequence[StrEnum], counted: Sequence[StrEnum]) -> dict[str, int]:
    """How often each of `counted` is `found`, by its value."""
    return {state.value: found.count(state) for state in counted}


def letter_words(letter: LetterLine, language: str) -> list[str]:
    """What is told of a mail or a zip, in lines: from whom and when, and what in it is no return."""
    named = {"sender": letter.sender or "―", "subject": letter.subject or "―"}
    moment = f"{letter.sent_at:%Y-%m-%d %H:%M}" if letter.sent_at else "―"
    key = "cli.said.letter_mail" if letter.is_mail else "cli.said.letter_zip"
    lines = [text(key, language, file=letter.path.name, moment=moment, **named)]
    if letter.others:
        names = joined(listed(letter.others), language)
        lines.append(f"  {text('cli.said.letter_others', language, names=names)}")
    return lines


def flaw_words(flaw: Flaw, language: str) -> str:
    """What is wrong with the ledger itself, in words."""
    return text(FLAWS[flaw.kind], language, table=flaw.table, entry=flaw.entry, reason=flaw.reason)


def label_in(plan: Plan) -> Callable[[Finding], str]:
    """What gives the label of the field of a finding, as the plan has it."""

    def label(finding: Finding) -> str:
        form = plan.form(finding.form)
        field = form.field_named(finding.field) if form else None
        return field.label if field else finding.field

    return label
