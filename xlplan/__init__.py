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
    )
    from xlplan.model.changes import ChangeKind, PlanChange, PlanNoun
    from xlplan.model.finding import Finding
    from xlplan.model.issue import IssueState
    from xlplan.model.plan import Plan
    from xlplan.report.returns import ReturnState
    from xlplan.stages.afterwards import OfficeIssueResult
    from xlplan.stages.changes import ChangesResult
    from xlplan.stages.city import City
    from xlplan.stages.close import CloseResult, ExcuseResult
    from xlplan.stages.consolidate import ConsolidateResult
    from xlplan.stages.correcting import CorrectResult
    from xlplan.stages.issue import IssueLine, IssueResult
    from xlplan.stages.mend import MendLine, MendResult
    from xlplan.stages.new import NewResult
    from xlplan.stages.received import Change, FileState, LetterLine, ReceivedFile, ReceiveResult
    from xlplan.stages.reconcile import ReconcileResult
    from xlplan.stages.reread import Reread, Rereading, RereadState
    from xlplan.stages.rolling import EndedItem
    from xlplan.stages.rollover import RolloverResult
    from xlplan.stages.standing import SummaryStanding
    from xlplan.stages.status import StatusLine, StatusResult
    from xlplan.stages.verify import FileKind, KeptFile, Misfit, VerifyResult
    from xlplan.store.files import MisfitState
    from xlplan.store.sealing import Flaw, FlawKind
    from xlplan.validate.schema import schema

__version__ = "0.5.0"

_MODULES = {
    name: module
    for module, names in {
        "definition.reading": "Definition",
        "language.errors": "DefinitionError FileError FormulaError LedgerError UsageError XlplanError",
        "model.changes": "ChangeKind PlanChange PlanNoun",
        "model.finding": "Finding",
        "language.codes": "Severity",
        "model.issue": "IssueState",
        "model.plan": "Plan",
        "report.returns": "ReturnState",
        "stages.afterwards": "OfficeIssueResult",
        "stages.changes": "ChangesResult",
        "stages.city": "City",
        "stages.close": "CloseResult ExcuseResult",
        "stages.consolidate": "ConsolidateResult",
        "stages.correcting": "CorrectResult",
        "stages.issue": "IssueLine IssueResult",
        "stages.mend": "MendLine MendResult",
        "stages.new": "NewResult",
        "stages.reconcile": "ReconcileResult",
        "stages.reread": "Reread RereadState Rereading",
        "stages.rolling": "EndedItem",
        "stages.rollover": "RolloverResult",
        "stages.received": "Change FileState LetterLine ReceiveResult ReceivedFile",
        "stages.standing": "SummaryStanding",
        "stages.status": "StatusLine StatusResult",
        "stages.verify": "FileKind KeptFile Misfit VerifyResult",
        "store.files": "MisfitState",
        "store.sealing": "Flaw FlawKind",
        "validate.schema": "schema",
    }.items()
    for name in names.split()
}
"""Where each name lives that is loaded when it is first asked for (PEP 562)."""

__all__ = [
    "Change",
    "ChangeKind",
    "ChangesResult",
    "City",
    "CloseResult",
    "ConsolidateResult",
    "CorrectResult",
    "Definition",
    "DefinitionError",
    "EndedItem",
    "ExcuseResult",
    "FileError",
    "FileKind",
    "FileState",
    "Finding",
    "Flaw",
    "FlawKind",
    "FormulaError",
    "IssueLine",
    "IssueResult",
    "IssueState",
    "KeptFile",
    "LedgerError",
    "LetterLine",
    "MendLine",
    "MendResult",
    "Misfit",
    "MisfitState",
    "NewResult",
    "OfficeIssueResult",
    "Plan",
    "PlanChange",
    "PlanNoun",
    "ReceiveResult",
    "ReceivedFile",
    "ReconcileResult",
    "Reread",
    "RereadState",
    "Rereading",
    "ReturnState",
    "RolloverResult",
    "Severity",
    "StatusLine",
    "StatusResult",
    "SummaryStanding",
    "UsageError",
    "VerifyResult",
    "XlplanError",
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


def open(folder: str | PathLike[str] = ".", *, on_wait: Callable[[], object] = lambda: None) -> "City":
    """The city whose plan lies in a folder.

    Args:
        folder: The folder with plan.xlsx, or with the folder plan.
        on_wait: Called once where another run is at work in the folder and a stage waits for it.

    Raises:
        UsageError: there is no plan in the folder, or two.
    """
    from xlplan.stages.city import City
    from xlplan.store.workspace import Workspace

    Workspace(Path(folder)).find_definition()
    return City(folder, on_wait=on_wait)
