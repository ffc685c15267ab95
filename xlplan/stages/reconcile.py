"""Reconcile: the summary's figures are held against those in print."""

from dataclasses import dataclass
from pathlib import Path

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.report.reconcile.comparison import Comparison, compare_published
from xlplan.stages.define import existing_ledger, usable
from xlplan.stages.frames import figures_now
from xlplan.stages.standing import SummaryStanding, standing
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReconcileResult:
    """Each published figure beside the summary's.

    Attributes:
        plan: The plan.
        period: The round.
        path: The summary of the round.
        comparisons: One for each published figure of the round and those before it, in the plan's order.
        standing: How that summary stands: what is compared are the figures of the round as it is now.
        later: How many published figures are of later periods, and were left out.
    """

    plan: Plan
    period: Period
    path: Path
    comparisons: tuple[Comparison, ...]
    standing: SummaryStanding | None = None
    later: int = 0

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The figures that do not agree."""
        return tuple(comparison for comparison in self.comparisons if not comparison.agrees)


def reconcile(space: Workspace, period: str | None = None) -> ReconcileResult:
    """Compare the figures of the round with those already in print; the workbook is not read.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.

    Raises:
        UsageError: the plan has no published figures, no such round has begun, or it has no summary yet.
    """
    definition = usable(space)
    if not definition.usable().published:
        raise UsageError(ErrorKey.NO_PUBLISHED)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        years = Years(definition, ledger)
        current = years.begun_round(period)
        known = years.known_round(current)
        found = standing(space, ledger, known, space.summary(current.id))
    path = space.summary(current.id)
    if not path.is_file():
        raise UsageError(ErrorKey.NO_SUMMARY, path=path, id=current.id)
    compared = compare_published(figures_now(known))
    return ReconcileResult(known.plan, current, path, compared.comparisons, found, compared.later)
