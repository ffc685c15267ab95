"""Consolidate: the accepted returns become the summary."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary, Receipt
from xlplan.report.document import document_of
from xlplan.report.render.html import page
from xlplan.report.render.xlsx.workbook import workbook_of
from xlplan.report.returns import ReturnStanding
from xlplan.report.tracing import told as told_of_answers
from xlplan.report.working import Figures
from xlplan.stages.changed import changed_since
from xlplan.stages.define import moment, taking_turn
from xlplan.stages.errata import changed_figures
from xlplan.stages.judged_anew import findings_now, judged_in
from xlplan.stages.rounds import KnownRound
from xlplan.stages.standing import basis
from xlplan.stages.years import Years
from xlplan.store.archive import set_aside
from xlplan.store.files import not_as_kept, sha256, sweep, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.progress import Activity, Progress
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ConsolidateResult:
    """The summary, or why there is none.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        draft: Whether the summary is a draft, marked as one; without a summary, whether one was asked for.
        open: The departments whose return is not accepted.
        path: The summary; None while `open` returns stand in its way.
        unfit: The returns behind the summary whose file is gone from the archive, or is no more what was received. The
            summary itself is made of what the ledger holds.
        earlier: What is to be told of the answers in it: those of earlier rounds, those that are counted as one.
        aside: Where the summary is kept that lay there and was not as written, or of which the ledger does not know.
        page: The page of the summary; None where none was asked for or made.
    """

    plan: Plan
    period: Period
    draft: bool
    open: tuple[ReturnStanding, ...]
    path: Path | None
    unfit: tuple[Receipt, ...] = ()
    earlier: tuple[Finding, ...] = ()
    aside: tuple[Path, ...] = ()
    page: Path | None = None


def consolidate(
    space: Workspace,
    period: str | None = None,
    *,
    draft: bool = False,
    html: bool = False,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> ConsolidateResult:
    """Write summary.xlsx. While a return is open nothing is written, unless a marked draft is asked for.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        draft: Whether a draft is wanted while returns are open.
        html: Whether summary.html, a page of it for any browser, is wanted as well.
        now: The moment that the summary bears; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such round has begun, or the plan asks something else by now than what was issued.
    """
    created = moment(now)
    definition, ledger = taking_turn(space)
    years = Years(definition, ledger)
    with ledger:
        with ledger.writing(on_wait):
            known = years.known_round(years.begun_round(period))
            years.keep(known.period, created)
            still_open = known.open
            if still_open and not draft:
                return ConsolidateResult(known.plan, known.period, draft, still_open, None)
            files, told = _recorded(space, years, known, created, draft=bool(still_open), html=html)
        # a turn of its own: what a run that is killed leaves in the file's place is known to the ledger
        with ledger.writing(on_wait):
            aside = _written(space, ledger, known.period, files)
    path, page, *_ = (*files, None)
    more = (tuple(_unfit(space, known)), told, aside, page)
    return ConsolidateResult(known.plan, known.period, bool(still_open), still_open, path, *more)


def _recorded(
    space: Workspace, years: Years, known: KnownRound, created: datetime, *, draft: bool, html: bool
) -> tuple[dict[Path, bytes], tuple[Finding, ...]]:
    """Where the summary and its page are to be, in this order, and their bytes, which the ledger knows from now on.

    Returns:
        The files, and what is told of the answers behind them.

    Raises:
        UsageError: the plan was changed since departments were issued their workbooks.
    """
    period = known.period
    if changed := changed_since(space, years, period, known.issued):
        raise UsageError(ErrorKey.PLAN_CHANGED, names=" / ".join(department.name for department in changed))
    otherwise = changed_figures(years, period, created, draft=draft)
    made = replace(known.consolidation(created, draft=draft), changed=otherwise)
    path = space.summary(period.id, draft=draft)
    sweep(path.parent)
    space.on_progress(Progress(Activity.CONSOLIDATING, 1, 4))
    figures = Figures(made)
    told = (*known.findings, *told_of_answers(figures))
    before = years.as_corrected(0, years.settled_in(period.id))
    judged = judged_in(before, years, period) if known.corrections else ()
    found = (*told, *findings_now(made.findings, judged))
    space.on_progress(Progress(Activity.CONSOLIDATING, 2, 4))
    document = document_of(replace(made, findings=found), figures)
    space.on_progress(Progress(Activity.CONSOLIDATING, 3, 4))
    files = {path: workbook_of(document, figures)}
    if html:
        files[space.page(period.id, draft=draft)] = page(document)
    returns, shown = basis(known)
    for file, data in files.items():
        name = space.relative(file)
        years.need_ledger().record_summary(
            MadeSummary(period.id, name, sha256(data), created, returns, shown)
        )
    return files, told


def _written(
    space: Workspace, ledger: Ledger, period: Period, files: Mapping[Path, bytes]
) -> tuple[Path, ...]:
    """Write the summary and its page; gives where others that lay there are kept now."""
    aside: tuple[Path, ...] = ()
    for path, data in files.items():
        name = space.relative(path)
        known = {sha256(data), *(made.sha256 for made in ledger.summaries() if made.file == name)}
        aside += set_aside(space.set_aside(period.id), [path], known)
        write_bytes(path, data)
    return aside


def _unfit(space: Workspace, known: KnownRound) -> Iterator[Receipt]:
    """The returns whose file is not what was received any more."""
    for receipt in known.receipts.values():
        if not_as_kept(space.root / receipt.archive, receipt.sha256):
            yield receipt
