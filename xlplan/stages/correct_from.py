"""Correct from a return that came after its round was closed: cell by cell, what it says otherwise."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from xlplan.form.read.intake import take_in_batches
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.correction import Correction
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding
from xlplan.model.form import Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReceiptState, RecordRow
from xlplan.stages.correcting import Correcting, CorrectResult
from xlplan.stages.define import owner_named
from xlplan.stages.identify import RoundContext
from xlplan.stages.returns import Identified
from xlplan.stages.rounds import KnownRound
from xlplan.stages.wanted import Wanted, correct_wanted
from xlplan.stages.years import Years
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import judge


def correct_from(
    space: Workspace,
    file: Path,
    *,
    reason: str,
    period: str | None = None,
    department: str | None = None,
    by: str = "",
    only_show: bool = False,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> CorrectResult:
    """Take the answers of a late return that say otherwise than what counts in its closed round.

    Args:
        space: The folder.
        file: The return.
        reason: Why, as the summary shows it.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        department: The department whose return it is, also where the workbook no longer says so.
        by: Who decides it; the system's user where it is empty.
        only_show: Whether it is only shown what would be corrected.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder.

    Raises:
        UsageError: no reason; the round is not closed; the file is no return of it, has errors, or says nothing else.
    """

    def decide(years: Years, current: Period, decision: Decision) -> tuple[Plan, tuple[Correction, ...]]:
        wanted = _differing(space, years, current, file, department)
        return correct_wanted(years, current, decision, wanted=wanted, only_show=only_show)

    how = Correcting(reason, period, by, only_show, now, on_wait)
    return how.done(space, DecisionKind.CORRECT, decide)


def _differing(
    space: Workspace, years: Years, period: Period, file: Path, department: str | None
) -> tuple[Wanted, ...]:
    """What the return says otherwise.

    Args:
        space: The folder.
        years: The plan through the years.
        period: The round.
        file: The return.
        department: The department whose return it is.

    Raises:
        UsageError: as `correct_from`.
    """
    if period.id not in years.closed:
        raise UsageError(ErrorKey.ROUND_OPEN, period=period.label)
    known = years.known_round(period)
    owner = owner_named(known.plan, period, department)
    context = RoundContext.of(space, years.base(period), period, owner, years.need_ledger())
    wanted = tuple(_wanted(known, *_read(context, known, file)))
    if not wanted:
        raise UsageError(ErrorKey.RETURN_SAME, path=file, period=period.label)
    return wanted


def _read(context: RoundContext, known: KnownRound, file: Path) -> tuple[Identified, tuple[RecordRow, ...]]:
    """The return, and its answers.

    Raises:
        UsageError: it is no return of the round, or has errors.
    """
    [[incoming]] = take_in_batches([[file]], context.plan, assumed=context.assumed)
    found = context.identify(incoming)
    language = context.plan.language
    if isinstance(found, Finding):
        raise UsageError(ErrorKey.FILE_NO_RETURN, path=file, reason=found.message(language))
    latest = context.latest(known.period)
    [verdict] = judge(
        context.plan, known.period, [found.held], context.taken([(0, found)], latest), context.allowed
    )
    errors = [each for each in verdict.findings if each.severity is Severity.ERROR]
    if errors:
        first = errors[0].message(language)
        raise UsageError(ErrorKey.FILE_HAS_ERRORS, path=file, count=len(errors), first=first)
    return found, verdict.records


def _wanted(known: KnownRound, found: Identified, records: tuple[RecordRow, ...]) -> Iterator[Wanted]:
    """The answers that say otherwise than what counts."""
    department = found.department.id
    receipt = known.receipts.get(department)
    accepted = receipt.records if receipt and receipt.state is ReceiptState.ACCEPTED else ()
    for record in records:
        form = known.plan.form(record.form)
        if form is None:
            continue
        same = (row for row in accepted if row.form == form.id and _is_same(form, row, record))
        values = next((row.values for row in same), {})
        for field in form.entered:
            new = record.values.get(field.id)
            if new == values.get(field.id):
                continue
            if form.is_open:
                yield Wanted(field.id, "", "", form.id, department, record.row, late=True, read=new)
            else:
                yield Wanted(field.id, "", record.item, form.id, late=True, read=new)


def _is_same(form: Form, row: RecordRow, other: RecordRow) -> bool:
    """Whether two rows of returns are of the same item, of a form to which rows are added in the same place."""
    return row.row == other.row if form.is_open else row.item == other.item
