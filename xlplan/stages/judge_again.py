"""Judge again: the returns of the round at hand by the plan as it stands now, after a rule of it was put right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlplan import __version__
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import GIVEN_AWAY, Finding, has_errors
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Judging, Receipt, ReceiptState
from xlplan.report.returns import ReturnState
from xlplan.stages.deciding import state_of
from xlplan.stages.define import moment, taking_turn, who
from xlplan.stages.identify import KeptReturn, RoundContext, by_department, read_kept
from xlplan.stages.outbox import UNCHANGED, OutboxChange, settle_outbox
from xlplan.stages.returns import Identified
from xlplan.stages.years import Years
from xlplan.store.counting import as_decided
from xlplan.store.history import record_decision
from xlplan.store.judgings import numbering_of, record_judgings
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """A return that is judged otherwise than before.

    Attributes:
        department: Whose it is.
        before: How it stood.
        after: How it stands, or would.
        appeared: What is found now and was not.
        resolved: What was found and is no more.
    """

    department: Department
    before: ReturnState
    after: ReturnState
    appeared: tuple[Finding, ...]
    resolved: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RejudgeResult:
    """What judging again makes of a round, or would.

    Attributes:
        plan: The plan as it stands.
        period: The round.
        judged: How many returns were judged.
        changed: Those that are judged otherwise, in the plan's order.
        unread: Why returns cannot be judged by the plan as it stands, each with whose it is: they stay as they were.
        decision: The decision; None where nothing was recorded.
        outbox: The workbooks that are to be sent now, and those that are not any more.
    """

    plan: Plan
    period: Period
    judged: int
    changed: tuple[JudgedAgain, ...]
    unread: tuple[tuple[Department, Finding], ...]
    decision: Decision | None = None
    outbox: OutboxChange = UNCHANGED


def rejudge(
    space: Workspace,
    period: str | None = None,
    *,
    do: bool = False,
    reason: str = "",
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> RejudgeResult:
    """Judge the returns that count in the round at hand once more, by the plan as its tables have it now.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        do: Whether it counts; else it is only shown what would change.
        reason: Why; need not be given.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such round has begun, or its plan is fixed.
    """
    made_at, (definition, ledger) = moment(now), taking_turn(space)
    with ledger, ledger.writing(on_wait):
        years = Years(definition, ledger)
        current = years.begun_round(period)
        years.need_open(current)
        if years.is_frozen(current.id):
            raise UsageError(ErrorKey.ROUND_IS_FROZEN, period=current.label)
        if do:
            years.keep(current, made_at)
        again = _Again(space, years, current, ledger)
        result = again.result()
        if not (do and result.changed):
            return result
        made = Decision(current.id, made_at, who(by), DecisionKind.REJUDGE, reason=reason.strip())
        return again.recorded(result, record_decision(ledger, made))


class _Again:
    """One run: the returns that count, read and judged once more."""

    def __init__(self, space: Workspace, years: Years, period: Period, ledger: Ledger) -> None:
        self.space, self.years, self.period, self.ledger = space, years, period, ledger
        self.plan = years.base(period).asked_in(period)
        self.context = RoundContext.of(space, self.plan, period, None, ledger)
        self.receipts = self.context.counting(period, years.counting(period.id))
        self.anew: Mapping[str, Receipt] = {}

    def result(self) -> RejudgeResult:
        """What judging makes of them."""
        owners = [owner for owner in self.plan.departments if owner.id in self.receipts]
        kept = [self._kept(owner, self.receipts[owner.id]) for owner in owners]
        found, unread = by_department(kept, read_kept(self.context, self.period, kept))
        self.anew = self._judged(found)
        decided = self.years.decided_in(self.period.id)
        stands = as_decided(self.ledger, decided, self.anew, judged=False)
        changed = []
        for owner in owners:
            if owner.id in stands and (line := _line(owner, self.receipts[owner.id], stands[owner.id])):
                changed.append(line)
        told = tuple((owner, unread[owner.id]) for owner in owners if owner.id in unread)
        return RejudgeResult(self.plan, self.period, len(found), tuple(changed), told)

    def _kept(self, owner: Department, receipt: Receipt) -> KeptReturn:
        return KeptReturn(owner, self.space.root / receipt.archive, receipt.file_name)

    def _judged(self, found: Mapping[str, Identified]) -> dict[str, Receipt]:
        """The receipts as they would be, by department id."""
        returned = [each.held for each in found.values()]
        verdicts = judge(self.plan, self.period, returned, allowed=self.context.allowed)
        numbering = numbering_of(self.ledger, self.period.id)
        return {
            name: _as_judged(self.receipts[name], verdict, numbering.numbered(verdict.findings))
            for name, verdict in zip(found, verdicts, strict=True)
        }

    def judgings(self, result: RejudgeResult, decision: Decision) -> Sequence[Judging]:
        """What the ledger keeps of those that are judged otherwise."""
        names = [line.department.id for line in result.changed]
        return [
            Judging(
                receipt.period,
                receipt.department,
                receipt.attempt,
                decision.made_at,
                receipt.state,
                receipt.findings,
                receipt.records,
                __version__,
                decision.number,
            )
            for receipt in (self.anew[name] for name in names)
        ]

    def recorded(self, result: RejudgeResult, decision: Decision) -> RejudgeResult:
        """The result with what follows of it: it is recorded, and the outbox brought in line."""
        record_judgings(self.ledger, self.judgings(result, decision))
        years = Years(self.years.now, self.ledger)
        owners = [line.department for line in result.changed]
        outbox = settle_outbox(self.space, years, self.period, owners)
        changed = tuple(
            replace(line, after=state_of(years, self.period, line.department) or line.after)
            for line in result.changed
        )
        return replace(result, changed=changed, decision=decision, outbox=outbox)


_AT_RECEIPT = (FindingCode.REPLACES_ACCEPTED, FindingCode.REPLACES_SAME, *GIVEN_AWAY.values())
"""What is told of a return when it comes in, and not by judging it: it stays."""


def _as_judged(receipt: Receipt, verdict: Judged, numbered: tuple[Finding, ...]) -> Receipt:
    """A receipt with what is found and read now."""
    numbers = {finding.number for finding in numbered}
    kept = (finding for finding in receipt.findings if finding.code in _AT_RECEIPT and not finding.form)
    findings = (*numbered, *(finding for finding in kept if finding.number not in numbers))
    state = ReceiptState.SENT_BACK if has_errors(list(findings)) else ReceiptState.ACCEPTED
    return replace(receipt, findings=findings, records=verdict.records, state=state, decision=None)


def _line(owner: Department, before: Receipt, after: Receipt) -> JudgedAgain | None:
    """What is otherwise; None where nothing is."""
    old = {finding.number: finding for finding in before.findings}
    new = {finding.number: finding for finding in after.findings}
    same_levels = all(old[number].severity is new[number].severity for number in old.keys() & new.keys())
    if before.state is after.state and old.keys() == new.keys() and same_levels:
        return None
    return JudgedAgain(
        owner,
        ReturnState(before.state.value),
        ReturnState(after.state.value),
        tuple(finding for number, finding in new.items() if number not in old),
        tuple(finding for number, finding in old.items() if number not in new),
    )
