"""xlplan: a city's multi-year plan, its yearly round of answers and its summary, all in Excel files.

    import xlplan

    city = xlplan.open("my-city")
    city.issue("H26", due="2015-05-29")
    city.receive()
    city.consolidate(draft=True)
    city.records("H26")

This module is the public API: the names of `__all__`, and nothing else. docs/python.md plays a round with it. Read
`xlplan.stages` to see how it works: it is the year, one function per stage.

Importing xlplan loads no library: each is loaded when it is first needed.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlplan.definition.reading import Definition
    from xlplan.language.codes import Severity
    from xlplan.language.errors import (
        DefinitionError,
        FileError,
        FormulaError,
        LedgerError,
        UsageError,
        XlplanError,
        XlplanWarning,
    )
    from xlplan.model.changes import ChangeKind, PlanChange, PlanNoun
    from xlplan.model.finding import Finding
    from xlplan.model.issue import IssueState
    from xlplan.model.letter import LetterKind
    from xlplan.model.plan import Plan
    from xlplan.model.progress import Compared
    from xlplan.report.returns import ReturnState
    from xlplan.stages.afterwards import OfficeIssueResult
    from xlplan.stages.changes import ChangesResult
    from xlplan.stages.city import City
    from xlplan.stages.close import CloseResult
    from xlplan.stages.consolidate import ConsolidateResult
    from xlplan.stages.correcting import CorrectResult
    from xlplan.stages.deciding import DecideResult, UndoResult
    from xlplan.stages.drafts import DraftLine, DraftState
    from xlplan.stages.frequent import FrequentFinding
    from xlplan.stages.issue import IssueLine, IssueResult
    from xlplan.stages.judge_again import JudgedAgain, RejudgeResult
    from xlplan.stages.letters import LettersResult
    from xlplan.stages.log import Event, LogEntry, LogResult
    from xlplan.stages.mend import MendLine, MendResult
    from xlplan.stages.new import NewResult
    from xlplan.stages.news import News
    from xlplan.stages.nextstep import NextStep, StepKind
    from xlplan.stages.preview import PreviewResult
    from xlplan.stages.rebuild import RebuildResult
    from xlplan.stages.rebuilding import Note, Unknown
    from xlplan.stages.received import Change, FileState, LetterLine, ReceivedFile, ReceiveResult
    from xlplan.stages.reconcile import ReconcileResult
    from xlplan.stages.rehearse import RehearsedRule, RehearseResult
    from xlplan.stages.reread import Reread, Rereading, RereadState
    from xlplan.stages.rolling import EndedItem
    from xlplan.stages.rollover import RolloverResult
    from xlplan.stages.sending import SendReason, ToSend
    from xlplan.stages.standing import SummaryStanding
    from xlplan.stages.status import StatusLine, StatusResult
    from xlplan.stages.unlock import UnlockResult
    from xlplan.stages.verify import FileKind, KeptFile, Misfit, VerifyResult
    from xlplan.store.decision_log import DecisionMisfit, LineState
    from xlplan.store.files import MisfitState
    from xlplan.store.lock import Holder
    from xlplan.store.progress import Activity, Progress
    from xlplan.store.sealing import Flaw, FlawKind
    from xlplan.validate.schema import schema

__version__ = "0.5.0"

_MODULES = {
    name: module
    for module, names in {
        "definition.reading": "Definition",
        "language.errors": "DefinitionError FileError FormulaError LedgerError UsageError XlplanError XlplanWarning",
        "model.changes": "ChangeKind PlanChange PlanNoun",
        "model.finding": "Finding",
        "language.codes": "Severity",
        "model.issue": "IssueState",
        "model.letter": "LetterKind",
        "model.progress": "Compared",
        "model.plan": "Plan",
        "report.returns": "ReturnState",
        "stages.afterwards": "OfficeIssueResult",
        "stages.changes": "ChangesResult",
        "stages.city": "City",
        "stages.close": "CloseResult",
        "stages.consolidate": "ConsolidateResult",
        "stages.correcting": "CorrectResult",
        "stages.deciding": "DecideResult UndoResult",
        "stages.drafts": "DraftLine DraftState",
        "stages.judge_again": "JudgedAgain RejudgeResult",
        "stages.log": "Event LogEntry LogResult",
        "stages.frequent": "FrequentFinding",
        "stages.issue": "IssueLine IssueResult",
        "stages.letters": "LettersResult",
        "stages.mend": "MendLine MendResult",
        "stages.new": "NewResult",
        "stages.rebuild": "RebuildResult",
        "stages.rebuilding": "Note Unknown",
        "stages.news": "News",
        "stages.nextstep": "NextStep StepKind",
        "stages.preview": "PreviewResult",
        "stages.reconcile": "ReconcileResult",
        "stages.rehearse": "RehearseResult RehearsedRule",
        "stages.reread": "Reread RereadState Rereading",
        "stages.rolling": "EndedItem",
        "stages.rollover": "RolloverResult",
        "stages.received": "Change FileState LetterLine ReceiveResult ReceivedFile",
        "stages.sending": "SendReason ToSend",
        "stages.standing": "SummaryStanding",
        "stages.status": "StatusLine StatusResult",
        "stages.unlock": "UnlockResult",
        "stages.verify": "FileKind KeptFile Misfit VerifyResult",
        "store.decision_log": "DecisionMisfit LineState",
        "store.files": "MisfitState",
        "store.lock": "Holder",
        "store.progress": "Activity Progress",
        "store.sealing": "Flaw FlawKind",
        "validate.schema": "schema",
    }.items()
    for name in names.split()
}
"""Where each name lives that is loaded when it is first asked for (PEP 562)."""

__all__ = [
    "Activity",
    "Change",
    "ChangeKind",
    "ChangesResult",
    "City",
    "CloseResult",
    "Compared",
    "ConsolidateResult",
    "CorrectResult",
    "DecideResult",
    "DecisionMisfit",
    "Definition",
    "DefinitionError",
    "DraftLine",
    "DraftState",
    "EndedItem",
    "Event",
    "FileError",
    "FileKind",
    "FileState",
    "Finding",
    "Flaw",
    "FlawKind",
    "FormulaError",
    "FrequentFinding",
    "Holder",
    "IssueLine",
    "IssueResult",
    "IssueState",
    "JudgedAgain",
    "KeptFile",
    "LedgerError",
    "LetterKind",
    "LetterLine",
    "LettersResult",
    "LineState",
    "LogEntry",
    "LogResult",
    "MendLine",
    "MendResult",
    "Misfit",
    "MisfitState",
    "NewResult",
    "News",
    "NextStep",
    "Note",
    "OfficeIssueResult",
    "Plan",
    "PlanChange",
    "PlanNoun",
    "PreviewResult",
    "Progress",
    "RebuildResult",
    "ReceiveResult",
    "ReceivedFile",
    "ReconcileResult",
    "RehearseResult",
    "RehearsedRule",
    "RejudgeResult",
    "Reread",
    "RereadState",
    "Rereading",
    "ReturnState",
    "RolloverResult",
    "SendReason",
    "Severity",
    "StatusLine",
    "StatusResult",
    "StepKind",
    "SummaryStanding",
    "ToSend",
    "UndoResult",
    "Unknown",
    "UnlockResult",
    "UsageError",
    "VerifyResult",
    "XlplanError",
    "XlplanWarning",
    "__version__",
    "new",
    "open",
    "schema",
]

if not TYPE_CHECKING:  # which would take every other name for one of ours

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            return getattr(import_module(f"xlplan.{_MODULES[name]}"), name)
        raise AttributeError(f"module 'xlplan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)


def new(
    folder: str | PathLike[str], *, kit: str = "asahikawa", language: str = "", now: datetime | None = None
) -> "NewResult":
    """Make a folder for a city's plan, with the tables of a kit in plan.xlsx.

    Args:
        folder: The folder, which is made where it is not there.
        kit: The kit's name: blank for a plan still to be written, or asahikawa, tomakomai, example-en.
        language: Of a blank plan, "ja" or "en"; the system's where it is empty. The other kits have their own.
        now: The moment that plan.xlsx bears; the clock's where None.

    Returns:
        The plan, None of a blank one, and where its tables are.

    Raises:
        UsageError: there is no such kit, or the folder holds a plan already: nothing is overwritten.
        FileError: the folder cannot be written to.
    """
    from xlplan.stages.new import new as new_plan

    return new_plan(Path(folder), kit=kit, language=language, now=now)


def open(
    folder: str | PathLike[str] = ".",
    *,
    on_wait: Callable[[], object] = lambda: None,
    on_progress: "Callable[[Progress], object] | None" = None,
) -> "City":
    """The city whose plan lies in a folder.

    Args:
        folder: The folder with plan.xlsx, or with the folder plan.
        on_wait: Called once where another run is at work in the folder and a stage waits for it.
        on_progress: Is told how far a stage is, step by step, in the thread that runs it.

    Raises:
        UsageError: there is no plan in the folder, or two.
    """
    from xlplan.stages.city import City
    from xlplan.store.progress import unheard
    from xlplan.store.workspace import Workspace

    Workspace(Path(folder)).find_definition()
    return City(folder, on_wait=on_wait, on_progress=on_progress or unheard)
