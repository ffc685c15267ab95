"""Which attempt counts: an acceptance taken back, another attempt in its place, a return sent back by the office."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.decision import DecisionKind
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.submission import Receipt, ReceiptState, RefusedFile
from xlplan.stages.answers import still_counting
from xlplan.stages.deciding import DecideResult, Deciding, Wish, about, owner_meant
from xlplan.stages.identify import KeptReturn, RoundContext, read_kept
from xlplan.stages.receipts import receipt_of
from xlplan.stages.years import Years
from xlplan.store.counting import as_decided
from xlplan.store.files import copy_file
from xlplan.store.judgings import numbering_of
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import judge


def reopen(
    space: Workspace,
    department: str,
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Take an acceptance back: the department is waited for again. Nothing goes back to it; see `send_back`.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        reason: Why.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no reason, no such department, or none of its returns is accepted; the round is closed.
    """

    def wish(years: Years, current: Period, _: datetime) -> Wish:
        owner, receipt = _received(years, current, department)
        if receipt.state is not ReceiptState.ACCEPTED:
            raise UsageError(ErrorKey.NOT_ACCEPTED, department=owner.name, period=current.label)
        return Wish(about(owner, attempt=receipt.attempt), owner)

    return Deciding(space, reason, period, by, now, on_wait).done(DecisionKind.REOPEN, wish)


def send_back(
    space: Workspace,
    department: str,
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Send the return of a department back, also one without errors: the office's words stand in its workbook.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        reason: What the department is to do.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no reason, no such department, or it has returned nothing; the round is closed.
    """

    def wish(years: Years, current: Period, _: datetime) -> Wish:
        owner, receipt = _received(years, current, department)
        return Wish(about(owner, attempt=receipt.attempt), owner)

    return Deciding(space, reason, period, by, now, on_wait).done(DecisionKind.SEND_BACK, wish)


def _received(years: Years, period: Period, department: str) -> tuple[Department, Receipt]:
    """A department, and its return that counts.

    Raises:
        UsageError: there is none.
    """
    owner = owner_meant(years, period, department)
    receipt = years.known_round(period, records=False).receipts.get(owner.id)
    if receipt is None or not receipt.attempt:
        raise UsageError(ErrorKey.NOTHING_RECEIVED, department=owner.name, period=period.label)
    return owner, receipt


def count(
    space: Workspace,
    department: str,
    attempt: int,
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Say which attempt of a department counts: an earlier one, one that was kept aside, or one that was reopened.

    It counts until a later one comes in.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        attempt: The number of the attempt.
        reason: Why.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no reason, no such department or attempt, or it counts already, answers what is asked no more, or
            has an error that nobody allowed; the round is closed.
    """

    def wish(years: Years, current: Period, moment: datetime) -> Wish:
        owner = owner_meant(years, current, department)
        counts = years.known_round(current, records=False).receipts.get(owner.id)
        if counts and counts.attempt == attempt and counts.state is ReceiptState.ACCEPTED:
            raise UsageError(ErrorKey.COUNTS_ALREADY, department=owner.name, attempt=attempt)
        _Counting(space, years, current, owner, moment).need(attempt)
        last = max(each.attempt for each in years.need_ledger().attempts(current.id, owner.id, records=False))
        return Wish(about(owner, attempt=attempt, last=last), owner)

    return Deciding(space, reason, period, by, now, on_wait).done(DecisionKind.COUNT, wish)


class _Counting:
    """One attempt of a department that is to count."""

    def __init__(
        self, space: Workspace, years: Years, period: Period, owner: Department, moment: datetime
    ) -> None:
        self.space, self.years, self.period, self.owner, self.moment = space, years, period, owner, moment
        self.ledger = years.need_ledger()

    def need(self, attempt: int) -> None:
        """Stop where an attempt may not count; one that was kept aside is recorded as received now.

        Raises:
            UsageError: as `count`.
        """
        received = self.ledger.attempts(self.period.id, self.owner.id, records=False)
        kept = {
            refusal.attempt: refusal
            for refusal in self.ledger.refusals(self.period.id)
            if refusal.attempt and refusal.finding.department == self.owner.id
        }
        known = {receipt.attempt: receipt for receipt in received}
        names = {"department": self.owner.name, "attempt": attempt}
        if attempt not in known and attempt not in kept:
            numbers = ", ".join(map(str, sorted({*known, *kept}))) or "―"
            raise UsageError(ErrorKey.NO_ATTEMPT, known=numbers, **names)
        receipt = known.get(attempt) or self.judged(kept[attempt])
        decided = self.years.decided_in(self.period.id)
        stands = as_decided(self.ledger, decided, {self.owner.id: receipt}, records=False)
        issued = self.ledger.issued(self.period.id)
        if not still_counting(self.ledger, stands, issued):
            raise UsageError(ErrorKey.ATTEMPT_OUTDATED, **names)
        errors = sum(finding.severity is Severity.ERROR for finding in stands[self.owner.id].findings)
        if errors:
            raise UsageError(ErrorKey.ATTEMPT_WRONG, count=errors, **names)
        if attempt not in known:
            copy_file(self.space.root / kept[attempt].archive, self.space.root / receipt.archive)
            self.ledger.record_receipts([receipt])

    def judged(self, kept: RefusedFile) -> Receipt:
        """The receipt of a return that was kept aside, judged now.

        Raises:
            UsageError: it is no return any more.
        """
        plan = self.years.base(self.period).asked_in(self.period)
        context = RoundContext.of(self.space, plan, self.period, self.owner, self.ledger)
        file = KeptReturn(self.owner, self.space.root / kept.archive, kept.file_name)
        [found] = read_kept(context, self.period, [file])
        if isinstance(found, Finding):
            message = found.message(plan.language)
            raise UsageError(
                ErrorKey.ATTEMPT_UNREAD, department=self.owner.name, attempt=kept.attempt, reason=message
            )
        taken = context.taken([(0, found)], context.latest(self.period))
        [verdict] = judge(plan, self.period, [found.held], taken, context.allowed)
        receipt = receipt_of(
            self.space, found, verdict, kept.attempt, (kept.received_at, found.submission.saved_at)
        )
        numbered = numbering_of(self.ledger, self.period.id).numbered(receipt.findings)
        return replace(receipt, findings=numbered)
