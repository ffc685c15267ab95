"""Correct: a value after it was accepted or its round was closed; old and new, who, when and why stay known."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from xlplan.model.decision import DecisionKind
from xlplan.stages.correcting import Correcting, CorrectResult
from xlplan.stages.wanted import Wanted, correct_wanted
from xlplan.store.workspace import Workspace


def correct(
    space: Workspace,
    wanted: Sequence[Wanted],
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    only_show: bool = False,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> CorrectResult:
    """Correct values of a round. What is closed is published anew, as the next version.

    Args:
        space: The folder.
        wanted: The values as they are to be: all of them count, or none.
        reason: Why, as the summary shows it.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        only_show: Whether it is only shown what would be corrected.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder.

    Raises:
        UsageError: no reason, or what is meant is not there, cannot hold the value, or was never accepted.
    """
    how = Correcting(reason, period, by, only_show, now, on_wait)
    decide = partial(correct_wanted, wanted=wanted, only_show=only_show)
    return how.done(space, DecisionKind.CORRECT, decide)
