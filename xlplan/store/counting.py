"""Which attempt of each department counts, and as what: what was received, as the office's decisions leave it.

What was received and judged is never changed. Decisions lie over it: the attempt that is to count, a judging anew,
findings that are allowed, an acceptance taken back, a return sent back. One that is taken back is gone without a trace.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from xlplan.language.codes import Severity
from xlplan.model.codes import plain_code
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding, FindingKey, has_errors
from xlplan.model.issue import Issued
from xlplan.model.numbering import Numbering
from xlplan.model.submission import Judging, Receipt, ReceiptState
from xlplan.store.history import decisions, standing_decisions
from xlplan.store.judgings import judgings, numbering_of
from xlplan.store.ledger import Ledger

_STATES = {DecisionKind.REOPEN: ReceiptState.REOPENED, DecisionKind.SEND_BACK: ReceiptState.SENT_BACK}
"""What becomes of an attempt by decisions about it as a whole."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions that say what counts in a round, in the order in which they were made.

    Attributes:
        period: The id of the round.
        standing: Those of the round.
        lasting: Allowances of earlier rounds that go on to this one.
    """

    period: str
    standing: tuple[Decision, ...]
    lasting: tuple[Decision, ...] = ()

    @classmethod
    def of(cls, ledger: Ledger, period: str, order: Sequence[str] = ()) -> "Decided":
        """The decisions of a round.

        Args:
            ledger: The ledger.
            period: The id of the round.
            order: The ids of all periods in their order: by that it is known how far an allowance goes.
        """
        every = standing_decisions(ledger)
        here = tuple(decision for decision in every if decision.period == period)
        return cls(period, here, tuple(_lasting(every, period, order)))

    def of_kind(self, *kinds: DecisionKind, department: str = "") -> tuple[Decision, ...]:
        """The decisions of the round of some kinds: about one department, or all."""
        return tuple(
            decision
            for decision in self.standing
            if decision.kind in kinds and department in ("", decision.target.get("department"))
        )

    def allowance(self, finding: Finding) -> Decision | None:
        """The decision by which a finding is allowed: of the values at hand, or whatever they are."""
        for decision in (*self.lasting, *self.of_kind(DecisionKind.ALLOW, department=finding.department)):
            target = decision.target
            if target.get("to"):
                if _at(target) == (*finding.key, finding.department) or (
                    decision.period != self.period and _at(target)[:-1] == finding.key
                ):
                    return decision
            elif _at(target, "value", "basis") == (
                *finding.key,
                finding.department,
                finding.value,
                finding.basis,
            ):
                return decision
        return None

    def whatever_value(self, department: str) -> tuple[Decision, ...]:
        """The decisions by which findings of a department are allowed whatever the value."""
        here = self.of_kind(DecisionKind.ALLOW, department=department)
        return (*self.lasting, *(decision for decision in here if decision.target.get("to")))

    def allowed(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, as notices where they are allowed."""
        return tuple(
            replace(finding, severity=Severity.NOTICE, allowed=decision)
            if finding.severity is not Severity.NOTICE and (decision := self.allowance(finding))
            else finding
            for finding in findings
        )

    def due(self, department: str, day: date | None, before: datetime = datetime.max) -> date | None:
        """Until when a `department` has time: `day`, or a later one that it was given, `before` some moment."""
        given = self.of_kind(DecisionKind.EXTEND, department=department)
        days = [each.target.get("due") for each in given if each.made_at <= before]
        extended = days[-1] if days else None
        return max(extended, day or extended) if isinstance(extended, date) else day

    def extended(self, issued: Mapping[str, Issued], *, at_issue: bool = False) -> dict[str, Issued]:
        """The issues of a round, by department id, with the days that were given; those of then where `at_issue`."""
        return {
            name: replace(sent, due=self.due(name, sent.due, sent.issued_at if at_issue else datetime.max))
            for name, sent in issued.items()
        }

    def named(self, department: str, last: int) -> Decision | None:
        """The decision that says which attempt of a department counts, while no later one than `last` came in."""
        named = self.of_kind(DecisionKind.COUNT, department=department)
        return named[-1] if named and number_in(named[-1], "last") >= last else None

    def about(self, receipt: Receipt) -> Decision | None:
        """The latest decision about an attempt as a whole: that it counts, is reopened, or goes back."""
        kinds = (DecisionKind.COUNT, *_STATES)
        found = self.of_kind(*kinds, department=receipt.department)
        mine = [decision for decision in found if number_in(decision, "attempt") == receipt.attempt]
        return mine[-1] if mine else None

    def told(self, receipts: Iterable[Receipt]) -> tuple[Decision, ...]:
        """The decisions by which the returns of a round stand as they do, in the order in which they were made.

        Args:
            receipts: The returns that count, as they stand. A department is let off where its return is not accepted.
        """
        found, accepted = dict[int, Decision](), set[object]()
        for receipt in receipts:
            allowed = [finding.allowed for finding in receipt.findings]
            found |= {each.number: each for each in (*allowed, receipt.decision) if each}
            if receipt.state is ReceiptState.ACCEPTED and receipt.attempt:
                accepted.add(receipt.department)
        for decision in self.of_kind(DecisionKind.EXCUSE):
            if decision.target.get("department") not in accepted:
                found[decision.number] = decision
        return tuple(found[number] for number in sorted(found))

    def as_decided(self, receipt: Receipt) -> Receipt:
        """An attempt as it stands by the decisions about it."""
        findings = self.allowed(receipt.findings)
        state = ReceiptState.SENT_BACK if has_errors(list(findings)) else ReceiptState.ACCEPTED
        decision = self.about(receipt)
        if decision:
            state = _STATES.get(decision.kind, state)
        if any(finding.allowed for finding in findings) or decision:
            return replace(receipt, findings=findings, state=state, decision=decision)
        return receipt


def counting(
    ledger: Ledger, period: str, order: Sequence[str] = (), *, records: bool = True
) -> dict[str, Receipt]:
    """The attempt of each department that counts in a round, as it stands, by department id.

    Args:
        ledger: The ledger.
        period: The id of the round.
        order: The ids of all periods in their order: by that it is known how far an allowance goes.
        records: Whether the values are wanted, which take long.
    """
    decided = Decided.of(ledger, period, order)
    latest = _latest(ledger, period, records=records)
    # one that was kept aside counts only by a decision, which may be the only return of its department
    named = {str(each.target.get("department")) for each in decided.of_kind(DecisionKind.COUNT)}
    for name in named:
        last = latest[name].attempt if name in latest else 0
        decision = decided.named(name, last)
        number = number_in(decision, "attempt") if decision else 0
        # a ledger that is being made again may not have it yet
        if number and (receipt := ledger.attempt(period, name, number, records=records)):
            latest[name] = receipt
    return as_decided(ledger, decided, latest, records=records)


def _latest(ledger: Ledger, period: str, *, records: bool) -> dict[str, Receipt]:
    """The last attempt of each department, by its id, those that were kept aside left out."""
    latest = ledger.latest(period, records=records)
    aside = {(refusal.finding.department, refusal.attempt) for refusal in ledger.refusals(period)}
    for name in [name for name, receipt in latest.items() if (name, receipt.attempt) in aside]:
        counting = [
            receipt
            for receipt in ledger.attempts(period, name, records=records)
            if (name, receipt.attempt) not in aside
        ]
        del latest[name]
        latest |= {name: counting[-1]} if counting else {}
    return latest


def with_standing(attempts: Iterable[Receipt], counting: Mapping[str, Receipt]) -> tuple[Receipt, ...]:
    """The `attempts` of a round as they came in, those that count as they stand now (`counting`, by department id)."""
    stands = {(receipt.department, receipt.attempt): receipt for receipt in counting.values()}
    return tuple(
        replace(receipt, state=stand.state, findings=stand.findings, decision=stand.decision)
        if (stand := stands.get((receipt.department, receipt.attempt)))
        else receipt
        for receipt in attempts
    )


def as_decided(
    ledger: Ledger,
    decided: Decided,
    receipts: Mapping[str, Receipt],
    *,
    records: bool = True,
    judged: bool = True,
) -> dict[str, Receipt]:
    """Attempts, one of a department, as they stand.

    Args:
        ledger: The ledger.
        decided: The decisions of their round.
        receipts: The attempts as they were received, by department id.
        records: Whether their values are wanted.
        judged: Whether what was made of them later counts.
    """
    anew = _judged_anew(ledger, decided, records=records) if judged else {}
    numbered = _numbers(ledger, decided.period, receipts.values())
    found = {}
    for name, receipt in receipts.items():
        judging = anew.get((name, receipt.attempt))
        if judging:
            receipt = replace(
                receipt,
                findings=judging.findings,
                records=judging.records,
                state=judging.state,
                judged_by=judging.decision,
            )
        found[name] = decided.as_decided(replace(receipt, findings=numbered(receipt.findings)))
    return found


def ever_allowed(ledger: Ledger) -> frozenset[FindingKey]:
    """Every finding that the office ever let stand, also where that was taken back: forms went out with it."""
    return frozenset(
        (code, form, item, field)
        for decision in decisions(ledger)
        if decision.kind is DecisionKind.ALLOW
        for code, form, item, field, _ in [_at(decision.target)]
    )


def sent_back_before(ledger: Ledger, decided: Decided, attempt: Receipt) -> Receipt | None:
    """The last return of a department that went back before an attempt, as it stands, without its values.

    Args:
        ledger: The ledger.
        decided: The decisions of the round.
        attempt: The attempt.
    """
    if attempt.attempt < 2:
        return None
    earlier = ledger.attempts(attempt.period, attempt.department, records=False)
    for receipt in reversed(earlier):
        if receipt.attempt >= attempt.attempt:
            continue
        [stands] = as_decided(ledger, decided, {receipt.department: receipt}, records=False).values()
        if stands.state is ReceiptState.SENT_BACK:
            return stands
    return None


def number_in(decision: Decision, name: str) -> int:
    """A whole number in the target of a decision; 0 where there is none."""
    value = decision.target.get(name)
    return int(value) if isinstance(value, int | float) else 0


def _judged_anew(ledger: Ledger, decided: Decided, *, records: bool) -> Mapping[tuple[str, int], Judging]:
    """The last judging of attempts that still counts, by department and attempt."""
    counting = {decision.number for decision in decided.of_kind(DecisionKind.REJUDGE)}
    if not counting:
        return {}
    return {
        (judging.department, judging.attempt): judging
        for judging in judgings(ledger, decided.period, records=records)
        if judging.decision in counting
    }


def _numbers(
    ledger: Ledger, period: str, receipts: Iterable[Receipt]
) -> Callable[[Iterable[Finding]], tuple[Finding, ...]]:
    """What numbers findings: those of ledgers from before there were numbers have none."""
    if all(finding.number for receipt in receipts for finding in receipt.findings):
        return Numbering().numbered
    return numbering_of(ledger, period).numbered


def _lasting(every: Sequence[Decision], period: str, order: Sequence[str]) -> Iterable[Decision]:
    """The allowances of earlier rounds that go on to this one."""
    at = {name: number for number, name in enumerate(order)}
    if period not in at:
        return
    for decision in every:
        to = decision.target.get("to")
        known = decision.kind is DecisionKind.ALLOW and decision.period in at and to in at
        if known and at[decision.period] < at[period] <= at[str(to)]:
            yield decision


def _at(target: Mapping[str, object], *more: str) -> tuple[str, ...]:
    """Check, form, item, field and department of an allowance, and `more` of it."""
    names = ("code", "form", "item", "field", "department", *more)
    code, *place = (str(target.get(name, "")) for name in names)
    return (plain_code(code), *place)
