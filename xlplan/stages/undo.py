"""Undo: a decision is taken back. How things stand is as if it had not been made; what went out meanwhile is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.correction import correction_of
from xlplan.model.decision import CORRECTING, Decision, DecisionKind
from xlplan.model.item import Department, Period
from xlplan.model.record import Value
from xlplan.stages.correcting import closed_since, published_anew
from xlplan.stages.deciding import UndoResult, state_of
from xlplan.stages.define import moment, taking_turn, who
from xlplan.stages.outbox import UNCHANGED, settle_outbox
from xlplan.stages.years import Years
from xlplan.store.history import decisions, record_decision
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

_FINAL = (DecisionKind.CLOSE, DecisionKind.ROLL_OVER)
"""What cannot be taken back: it has fixed a summary, or made another plan."""


def undo(
    space: Workspace,
    number: int,
    *,
    reason: str = "",
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> UndoResult:
    """Take a decision back. Of a round that is closed only a correction, by which its next version is made.

    Args:
        space: The folder of the plan.
        number: The number of the decision.
        reason: Why; need not be given.
        by: Who takes it back; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: there is no such decision; it was taken back before, takes one back itself, cannot be taken back, or
            another was built on it; its round is closed.
    """
    made_at, (definition, ledger) = moment(now), taking_turn(space)
    with ledger, ledger.writing(on_wait):
        years = Years(definition, ledger)
        undone = _need_undoable(years, ledger, number)
        period = years.period_named(undone.period)
        made = Decision(
            period.id, made_at, who(by), DecisionKind.UNDO, _whose(undone), reason.strip(), takes_back=number
        )
        result = _taken_back(space, years, period, undone, made)
        closed = closed_since(years, period) if undone.kind in CORRECTING else ()
    return replace(result, published=published_anew(space, closed, by, made_at, on_wait))


def _whose(undone: Decision) -> Mapping[str, Value]:
    """The department of a decision, as the target of what takes it back."""
    return {"department": undone.target.get("department")}


def _taken_back(
    space: Workspace, years: Years, period: Period, undone: Decision, made: Decision
) -> UndoResult:
    """Record that a decision is taken back, and bring the outbox in line. In a turn of the ledger's."""
    ledger, owners = years.need_ledger(), tuple(_concerned(years, period, undone))
    before = {owner.id: state_of(years, period, owner) for owner in owners}
    made = record_decision(ledger, made)
    years = Years(years.now, ledger)
    outbox = UNCHANGED if undone.kind in CORRECTING else settle_outbox(space, years, period, owners)
    states = ((owner, before[owner.id], state_of(years, period, owner)) for owner in owners)
    changed = tuple(state for state in states if state[1] != state[2])
    sent = tuple(_sent_since(ledger, undone))
    return UndoResult(years.plan_in(period).plan, period, undone, made, changed, outbox, sent)


def _need_undoable(years: Years, ledger: Ledger, number: int) -> Decision:
    """The decision of that number, which can be taken back.

    Raises:
        UsageError: as `undo`.
    """
    every = decisions(ledger)
    found = next((decision for decision in every if decision.number == number), None)
    if found is None:
        raise UsageError(ErrorKey.NO_DECISION, number=number)
    if found.kind is DecisionKind.UNDO:
        raise UsageError(ErrorKey.UNDO_OF_UNDO, number=number)
    taken = next((decision for decision in every if decision.takes_back == number), None)
    if taken:
        raise UsageError(ErrorKey.UNDONE_ALREADY, number=number, by=taken.number)
    if found.kind in _FINAL:
        raise UsageError(ErrorKey.UNDO_FINAL, number=number)
    if found.kind not in CORRECTING:
        years.need_open(years.period_named(found.period))
    gone = {decision.takes_back for decision in every}
    later = [decision for decision in every if decision.number > number and decision.number not in gone]
    built = next((decision for decision in later if _builds_on(decision, found)), None)
    if built:
        raise UsageError(ErrorKey.UNDO_BUILT_ON, number=number, later=built.number)
    return found


def _builds_on(later: Decision, earlier: Decision) -> bool:
    """Whether a correction starts from what an earlier one left."""
    if later.period != earlier.period or later.kind not in CORRECTING:
        return False
    if DecisionKind.CORRECT_PLAN in (later.kind, earlier.kind):
        return later.kind is earlier.kind
    if earlier.kind not in CORRECTING:
        return False
    old, new = correction_of(earlier), correction_of(later)
    return (old.place, old.field) == (new.place, new.field)


def _concerned(years: Years, period: Period, undone: Decision) -> Iterator[Department]:
    """The departments whose return may stand otherwise without a decision."""
    plan = years.base(period)
    name = undone.target.get("department")
    every = undone.kind is DecisionKind.REJUDGE
    for department in plan.answering(period):
        if every or department.id == name:
            yield department


def _sent_since(ledger: Ledger, undone: Decision) -> Iterator[str]:
    """The workbooks that were issued to the department of a decision since that was made."""
    name = undone.target.get("department")
    for issued in ledger.issued(undone.period).values():
        if issued.department == name and issued.issued_at > undone.made_at:
            yield issued.file
