"""Status: how each department stands in the round."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, FileError, UsageError
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.decision import Publication
from xlplan.model.form import Field
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.progress import Compared, compared
from xlplan.model.submission import Receipt, ReceiptState, RefusedFile
from xlplan.report.returns import ReturnState
from xlplan.stages.afterwards import not_entered
from xlplan.stages.changed import changed_since
from xlplan.stages.define import existing_ledger, moment, usable
from xlplan.stages.rounds import KnownRound
from xlplan.stages.standing import SummaryStanding, standing
from xlplan.stages.years import Years
from xlplan.store.counting import Decided, sent_back_before
from xlplan.store.files import sha256_of
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

SET_ASIDE = (FindingCode.OLDER_RETURN, FindingCode.BLANK_RETURN)
"""The findings of returns in spite of which the accepted one counts."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """How one department stands.

    Attributes:
        department: The department.
        state: How far its return is.
        attempts: How many returns of it were received.
        errors: How many errors the last of them has.
        warnings: How many warnings.
        received_at: When it was received, None where none was.
        respondent: Who answered, as it says; masked where that is a number or an address of a person.
        due: The day on which it was or is due, None where none was set.
        days: The days left until then, negative once it has passed; None for an accepted return or without a day.
        compared: What became of the findings of the return before, where that went back; else None.
    """

    department: Department
    state: ReturnState
    attempts: int
    errors: int
    warnings: int
    received_at: datetime | None
    respondent: str
    due: date | None
    days: int | None
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """How the round stands.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        lines: One for each department that is asked, in the plan's order.
        changed: The departments whose part of the plan has changed since it was issued.
        refused: The files that were received and are no return, where somebody has still to look at them: a department
            may believe that it has answered.
        summary: How the summary stands, None where there is none.
        page: How the page of it stands, None where there is none.
        closed: What was fixed of the round, the latest version; None while it is not closed.
        office: What the office has yet to enter before the round may be closed: the ids of the items by field.
    """

    plan: Plan
    period: Period
    lines: tuple[StatusLine, ...]
    changed: tuple[Department, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    summary: SummaryStanding | None = None
    page: SummaryStanding | None = None
    closed: Publication | None = None
    office: Mapping[Field, Sequence[str]] = field(default_factory=dict)

    @property
    def open(self) -> tuple[StatusLine, ...]:
        """The departments whose return is waited for."""
        return tuple(line for line in self.lines if not line.state.settled)


def status(space: Workspace, period: str | None = None, *, now: datetime | None = None) -> StatusResult:
    """How each department stands in the round. Nothing is changed.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year, whether it was issued or not. The latest that was issued
            where None.
        now: The moment from whose day the days left are counted; the clock's where None.

    Raises:
        UsageError: no such period, or none is given and nothing was issued.
    """
    today = moment(now).date()
    definition = usable(space)
    plan = definition.usable()
    ledger = existing_ledger(space)
    if ledger is None:
        if not period:
            raise UsageError(ErrorKey.NO_ROUND)
        current = Years(definition, None).period_named(period)
        lines = tuple(_line(department, None, None, today) for department in plan.answering(current))
        return StatusResult(plan, current, lines)
    with ledger:
        years = Years(definition, ledger)
        current = years.period_named(period) if period else years.begun_round(None)
        known = years.known_round(current, records=False)
        summary, page = (
            standing(space, ledger, known, path)
            for path in (space.summary(current.id), space.page(current.id))
        )
        changed = changed_since(space, years, current, known.issued)
        refused = _unsettled(space, current, ledger, known.receipts)
        closed = years.closed.get(current.id)
        fields = [asked for form in known.plan.forms for asked in form.fields if asked.afterwards]
        office = not_entered(years.known_round(current)) if fields and not closed else {}
        lines = tuple(_with_progress(ledger, years.decided_in(current.id), known, _lines(known, today)))
    return StatusResult(known.plan, current, lines, changed, refused, summary, page, closed, office)


def _lines(known: KnownRound, today: date) -> Iterator[StatusLine]:
    """How each department that is asked stands."""
    for department in known.plan.answering(known.period):
        issued, latest = known.issued.get(department.id), known.receipts.get(department.id)
        yield _line(department, issued, latest, today, excused=department.id in known.excused)


def _with_progress(
    ledger: Ledger, decided: Decided, known: KnownRound, lines: Iterable[StatusLine]
) -> Iterator[StatusLine]:
    """The lines, with what became of findings where an earlier return went back."""
    for line in lines:
        latest = known.receipts.get(line.department.id)
        before = sent_back_before(ledger, decided, latest) if latest else None
        yield (
            replace(line, compared=compared(before.findings, latest.findings)) if latest and before else line
        )


def _unsettled(
    space: Workspace, period: Period, ledger: Ledger, latest: Mapping[str, Receipt]
) -> tuple[RefusedFile, ...]:
    """The refused files that somebody has still to look at: of the last run, and those that lie in the inbox yet.

    Not those that were taken after all, nor those of a department that was accepted since.
    """
    taken, refusals = ledger.archives(period.id), ledger.refusals(period.id)
    receipts = ledger.attempts(period.id, records=False)
    moments = [refusal.received_at for refusal in refusals]
    moments += [receipt.received_at for receipt in receipts]
    last = max(moments, default=datetime.min)
    found = {
        refusal.sha256: refusal
        for refusal in refusals
        if refusal.sha256 not in taken and not _settled(refusal, latest)
    }
    earlier = any(refusal.received_at < last for refusal in found.values())
    waiting = _in_inbox(space, period) if earlier else set()
    return tuple(
        refusal for refusal in found.values() if refusal.received_at >= last or refusal.sha256 in waiting
    )


def _in_inbox(space: Workspace, period: Period) -> set[str]:
    """The hashes of the files in the inbox; of one that cannot be read none."""
    folder, hashes = space.inbox(period.id), set()
    for path in space.returns_in(folder) if folder.is_dir() else ():
        with suppress(FileError):
            hashes.add(sha256_of(path))
    return hashes


def _settled(refusal: RefusedFile, latest: Mapping[str, Receipt]) -> bool:
    """Whether its department was accepted since, or stood so and goes on to; the office knows of its own file."""
    if refusal.finding.department == OFFICE:
        return True
    receipt = latest.get(refusal.finding.department)
    if receipt is None or receipt.state is not ReceiptState.ACCEPTED:
        return False
    return refusal.finding.code in SET_ASIDE or receipt.received_at >= refusal.received_at


def _state(issued: Issued | None, latest: Receipt | None) -> ReturnState:
    if issued is None:
        return ReturnState.NOT_ISSUED
    return ReturnState.WAITING if latest is None else ReturnState(latest.state.value)


def _line(
    department: Department,
    issued: Issued | None,
    latest: Receipt | None,
    today: date,
    *,
    excused: bool = False,
) -> StatusLine:
    """How a department stands; with `excused` it was let off its answer, `latest` is the return that counts."""
    state = _state(issued, latest)
    if excused and not (state.settled and latest and latest.attempt):
        state = ReturnState.EXCUSED
    findings = latest.findings if latest else ()
    return StatusLine(
        department=department,
        state=state,
        attempts=latest.attempt if latest else 0,
        errors=sum(finding.severity is Severity.ERROR for finding in findings),
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        received_at=latest.received_at if latest else None,
        respondent=latest.respondent if latest else "",
        due=issued.due if issued else None,
        days=(issued.due - today).days if issued and issued.due and not state.settled else None,
    )
