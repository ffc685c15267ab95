"""Unlock: the lock file of a run on another computer that is no more is taken away, by a person who knows."""

from dataclasses import dataclass
from pathlib import Path

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.store.lock import Holder, holder_of, remove
from xlplan.store.workspace import Workspace, beside


@dataclass(frozen=True, slots=True)
class UnlockResult:
    """A lock file that was taken away.

    Attributes:
        path: Where it was.
        holder: Whose it was.
    """

    path: Path
    holder: Holder


def unlock(space: Workspace) -> UnlockResult:
    """Take the lock file away. Should its run be at work all the same, that records nothing and says so.

    Args:
        space: The folder of the plan.

    Raises:
        UsageError: there is none, or its run is at work on this computer.
    """
    path = beside(space.ledger_path).lock
    holder = holder_of(path)
    if holder is None:
        raise UsageError(ErrorKey.UNLOCK_NONE, path=path)
    if holder.is_at_work_here:
        raise UsageError(ErrorKey.UNLOCK_AT_WORK, process=holder.process, **holder.params)
    remove(path)
    return UnlockResult(path, holder)
