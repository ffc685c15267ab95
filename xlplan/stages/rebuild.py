"""Rebuild: a ledger that is gone or damaged is made again, of its copies and of the files that are there.

The newest sound copy comes first; then whatever it does not have of decisions.jsonl, issued workbooks, kept files and
published versions. Numbers of decisions stay, so that what refers to them holds. What nobody can know is said.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.definition.reading import Definition
from xlplan.language.errors import ErrorKey, LedgerError, UsageError
from xlplan.model.plan import Plan
from xlplan.stages.define import is_begun, moment, usable
from xlplan.stages.rebuilding import Note, Rebuilding
from xlplan.stages.rebuilt_rounds import decisions, letters, office, publications, refusals, returns
from xlplan.store.backup import copies_in, copy_of
from xlplan.store.decision_log import LineState
from xlplan.store.files import files_in, make_folder, move_file, scratch_folder, sync_folders
from xlplan.store.ledger import Ledger
from xlplan.store.turns import locked
from xlplan.store.workspace import Workspace, beside

_DAMAGED = (ErrorKey.LEDGER_DAMAGED, ErrorKey.LEDGER_ALTERED)
_TABLES = ("issues", "receipts", "refusals", "letters", "decisions", "editions", "publications")


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """A ledger that was made again.

    Attributes:
        plan: The plan.
        path: The ledger.
        basis: The copy of which it was made, or the ledger itself where that was only behind; None where of files only.
        unsound: The copies that are damaged.
        aside: What was damaged, where it is now.
        added: How many entries were made of files, by table.
        notes: What nobody can know any more.
    """

    plan: Plan
    path: Path
    basis: Path | None
    unsound: tuple[Path, ...]
    aside: tuple[Path, ...]
    added: Mapping[str, int]
    notes: tuple[Note, ...]


def rebuild(
    space: Workspace, *, now: datetime | None = None, on_wait: Callable[[], object] = lambda: None
) -> RebuildResult:
    """Make the ledger again where it is gone, damaged, or behind decisions.jsonl. A sound one is left.

    Args:
        space: The folder of the plan.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: the ledger is sound, or there is nothing to make one of.
    """
    definition, path = usable(space), space.ledger_path
    _is_behind(path)  # before the lock is taken: a ledger of an earlier version takes its steps behind one
    with locked(path, on_wait), scratch_folder() as scratch:
        behind = _is_behind(path)
        if not (behind or space.kept() or is_begun(path)):
            raise UsageError(ErrorKey.REBUILD_NOTHING, path=path)
        made = scratch / path.name
        basis, unsound = (path, ()) if behind else _basis(beside(path).backup, made)
        if behind:
            copy_of(path, made)
        added, notes = _filled(space, definition, made, moment(now))
        aside = _installed(made, path)
    with Ledger.open(path, sound=True) as ledger, ledger.writing(on_wait):
        pass  # its copy is kept, and what decisions.jsonl lacks is appended
    return RebuildResult(definition.usable(), path, basis, tuple(unsound), aside, added, notes)


def _is_behind(path: Path) -> bool:
    """Whether a ledger is sound but behind; not so where it is gone or damaged.

    Raises:
        UsageError: it is sound, and not behind.
        LedgerError: it is of a later xlplan, no ledger, or in use.
    """
    try:
        ledger = Ledger.open_existing(path, sound=True)
    except LedgerError as fault:
        if fault.key in _DAMAGED:
            return False
        raise
    if ledger is None:
        return False
    with ledger:
        if not ledger.is_behind:
            raise UsageError(ErrorKey.REBUILD_SOUND, path=path)
    return True


def _basis(folder: Path, made: Path) -> tuple[Path | None, list[Path]]:
    """The newest sound copy, now at `made`; and those that are not sound.

    Raises:
        LedgerError: a later xlplan has written one.
    """
    unsound: list[Path] = []
    for copy in reversed(copies_in(folder)):
        try:
            copy_of(copy.path, made)
            with Ledger.open(made, sound=True):
                return copy.path, unsound
        except LedgerError as fault:
            if fault.key is ErrorKey.LEDGER_NEWER_BY:
                raise
            unsound.append(copy.path)
        for left in files_in(made.parent):
            left.unlink()
    return None, unsound


def _filled(
    space: Workspace, definition: Definition, made: Path, now: datetime
) -> tuple[Mapping[str, int], tuple[Note, ...]]:
    """Add to a ledger what the files say and it does not; gives how many entries, and what nobody can know."""
    with Ledger.open(made) as ledger:
        before = ledger.counts()
        with ledger.writing():
            run = Rebuilding(space, definition, ledger, now)
            decisions(run, beside(space.ledger_path).decisions)
            run.issues()
            for period in (period for period in definition.usable().periods if period.id in run.years.begun):
                returned = returns(run, period)
                refusals(run, period)
                letters(run, period)
                office(run, period, returned)
            publications(run)
        after = ledger.counts()
    return {table: after[table] - before[table] for table in _TABLES}, tuple(run.notes)


def _installed(made: Path, path: Path) -> tuple[Path, ...]:
    """Put a ledger into its place; what lay there is kept, where it is now."""
    make_folder(path.parent)
    temporary = path.with_name(f".xlplan-{secrets.token_hex(8)}.tmp")
    copy_of(made, temporary)
    # also what SQLite keeps beside a ledger while it writes: of another ledger it would be the end of this one
    old = [path, *(path.with_name(path.name + ending) for ending in ("-journal", "-wal", "-shm"))]
    decisions = beside(path).decisions
    with Ledger.open(made) as ledger:
        if any(misfit.state is not LineState.MISSING for misfit in ledger.misfits_of_decisions(decisions)):
            old.append(decisions)  # it is written anew
    aside = []
    for file in filter(Path.exists, old):
        target = file.with_name(f"damaged-{datetime.now():%Y%m%d-%H%M%S}-{file.name}")
        move_file(file, target)
        aside.append(target)
    move_file(temporary, path)
    sync_folders(path.parent)
    return tuple(aside)
