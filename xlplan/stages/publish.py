"""Consolidate and reconcile: the accepted returns become the summary; its figures are held against print."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary, Receipt
from xlplan.report.reconcile.comparison import Comparison, compare_published
from xlplan.report.rows import ReturnStanding, consolidate, open_returns
from xlplan.report.workbook import summary_workbook
from xlplan.stages.define import begun_round, existing_ledger, plan_of
from xlplan.stages.forms import forms_now
from xlplan.stages.identify import changed_since, still_counting
from xlplan.stages.known import plan_then
from xlplan.stages.standing import SummaryStanding, basis, standing
from xlplan.stages.verify import not_as_kept
from xlplan.store.archive import set_aside
from xlplan.store.files import read_bytes, sha256, sweep, write_bytes
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ConsolidateResult:
    """The summary, or why there is none: `path` is None while `open` returns stand in the way.

    `unfit` are the returns behind the summary whose file is gone from the archive, or is no more what was received.
    The summary itself is made of what the ledger holds. `earlier` tells of the answers of earlier rounds in it.
    `aside` is where the summary is kept that lay there and was not as written, or of which the ledger does not know.
    """

    plan: Plan
    period: Period
    draft: bool
    open: tuple[ReturnStanding, ...]
    path: Path | None
    unfit: tuple[Receipt, ...] = ()
    earlier: tuple[Finding, ...] = ()
    aside: tuple[Path, ...] = ()


def make_summary(
    space: Workspace,
    *,
    period_name: str,
    draft: bool,
    now: datetime,
    waiting: Callable[[], object] = lambda: None,
) -> ConsolidateResult:
    """Write summary.xlsx. While a return is open nothing is written, unless a marked draft is asked for.

    `waiting` is called where another run is at work and this one waits for it.
    """
    plan = plan_of(space)
    ledger = existing_ledger(space, turn=True)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        with ledger.writing(waiting):
            period = begun_round(plan, ledger, period_name)
            then = plan_then(plan, ledger, period)
            plan = then.plan
            issued = ledger.issued(period.id)
            receipts = still_counting(ledger, ledger.latest(period.id), issued)
            still_open = open_returns(plan, period, issued, receipts)
            if still_open and not draft:
                return ConsolidateResult(plan, period, draft, still_open, None)
            if changed := changed_since(plan, period, issued, forms_now(space, plan, period, issued)):
                raise UsageError(ErrorKey.PLAN_CHANGED, names=" / ".join(one.name for one in changed))
            marked = draft and bool(still_open)
            made = consolidate(plan, period, issued, receipts, now, draft=marked)
            made = replace(made, findings=(*then.findings, *made.findings))
            path = space.summary(period.id, draft=marked)
            sweep(path.parent)
            workbook = summary_workbook(made)
            returns, shown = basis(plan, period, receipts)
            name = space.relative(path)
            ledger.record_summary(MadeSummary(period.id, name, sha256(workbook), now, returns, shown))
        # a turn of its own: what a run that is killed leaves in the file's place is known to the ledger
        with ledger.writing(waiting):
            known = {sha256(workbook), *(one.sha256 for one in ledger.summaries() if one.file == name)}
            aside = set_aside(space.set_aside(period.id), [path], known)
            write_bytes(path, workbook)
    unfit = tuple(one for one in receipts.values() if not_as_kept(space.root / one.archive, one.sha256))
    return ConsolidateResult(plan, period, marked, still_open, path, unfit, then.findings, aside)


@dataclass(frozen=True, slots=True)
class ReconcileResult:
    """Each published figure beside the summary's, and how that summary stands."""

    plan: Plan
    period: Period
    path: Path
    comparisons: tuple[Comparison, ...]
    standing: SummaryStanding | None = None

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The figures that do not agree."""
        return tuple(one for one in self.comparisons if not one.agrees)


def reconcile(space: Workspace, *, period_name: str) -> ReconcileResult:
    """Compare the figures of summary.xlsx with those already in print."""
    plan = plan_of(space)
    if not plan.published:
        raise UsageError(ErrorKey.NO_PUBLISHED)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        period = begun_round(plan, ledger, period_name)
        issued = ledger.issued(period.id)
        latest = still_counting(ledger, ledger.latest(period.id, records=False), issued)
        then = plan_then(plan, ledger, period).plan
        found = standing(space, then, period, ledger, issued, latest)
    path = space.summary(period.id)
    if not path.is_file():
        raise UsageError(ErrorKey.NO_SUMMARY, path=path, id=period.id)
    return ReconcileResult(plan, period, path, compare_published(plan, period, read_bytes(path)), found)
