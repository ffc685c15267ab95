"""What every decision about a round that is not closed does: its turn of the ledger's, the record, the outbox after it.

A decision says who, when and why, and can be taken back (`undo`). It never changes what was received.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.decision import Decision, DecisionKind, Publication
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.returns import ReturnState, standing_of
from xlplan.stages.define import departments_named, moment, taking_turn, who
from xlplan.stages.outbox import UNCHANGED, OutboxChange, settle_outbox
from xlplan.stages.years import Years
from xlplan.store.history import record_decision
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DecideResult:
    """What was decided, and what follows of it.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        decisions: What was decided, as recorded: several where several findings were allowed.
        department: Whom it is about; None where it is about nobody by name.
        before: How that department's return stood; None as above.
        after: How it stands now; None as above.
        findings: The findings that are allowed by it, or that it is about; a day due on which the office is closed.
        outbox: The workbooks that are to be sent now, and those that are not any more.
    """

    plan: Plan
    period: Period
    decisions: tuple[Decision, ...]
    department: Department | None = None
    before: ReturnState | None = None
    after: ReturnState | None = None
    findings: tuple[Finding, ...] = ()
    outbox: OutboxChange = UNCHANGED

    @property
    def decision(self) -> Decision:
        """What was decided, or the first of it."""
        return self.decisions[0]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What was taken back.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        undone: The decision that was taken back.
        decision: The decision by which it was.
        changed: The departments whose return stands otherwise by it, each with how it stood and stands.
        outbox: The workbooks that are to be sent now, and those that are not any more.
        sent: The workbooks that were issued to its department since it was made, relative to the folder.
        published: The versions that were fixed anew.
    """

    plan: Plan
    period: Period
    undone: Decision
    decision: Decision
    changed: tuple[tuple[Department, ReturnState | None, ReturnState | None], ...]
    outbox: OutboxChange
    sent: tuple[str, ...]
    published: tuple[Publication, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be decided.

    Attributes:
        targets: What it is about, by name: ids and values; one for each decision.
        department: Whose return it is about; None for nobody's.
        findings: The findings that it is about.
    """

    targets: tuple[Mapping[str, Value], ...]
    department: Department | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, in which round, why and when.

    Attributes:
        space: The folder of the plan.
        reason: Why, in the office's words.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.
    """

    space: Workspace
    reason: str
    period: str | None
    by: str
    now: datetime | None
    on_wait: Callable[[], object]

    def done(
        self,
        kind: DecisionKind,
        wish: Callable[[Years, Period, datetime], Wish],
        *,
        without_reason: bool = False,
    ) -> DecideResult:
        """Decide, and bring the outbox in line.

        Args:
            kind: What is decided.
            wish: What it is about. It is given the plan through the years, the round and the moment; UsageError where
                it makes no sense.
            without_reason: Whether none need be given.

        Raises:
            UsageError: no reason, no such round, or it is closed; and as `wish`.
        """
        if not (self.reason.strip() or without_reason):
            raise UsageError(ErrorKey.NO_REASON)
        made_at, (definition, ledger) = moment(self.now), taking_turn(self.space)
        with ledger, ledger.writing(self.on_wait):
            years = Years(definition, ledger)
            current = years.begun_round(self.period)
            years.need_open(current)
            wished = wish(years, current, made_at)
            owner = wished.department
            before = state_of(years, current, owner)
            made = tuple(
                record_decision(
                    ledger,
                    Decision(current.id, made_at, who(self.by), kind, target, self.reason.strip()),
                )
                for target in wished.targets
            )
            years = Years(definition, ledger)
            changed = settle_outbox(self.space, years, current, [owner] if owner else [])
            plan, after = years.plan_in(current).plan, state_of(years, current, owner)
        return DecideResult(plan, current, made, owner, before, after, wished.findings, changed)


def state_of(years: Years, period: Period, department: Department | None) -> ReturnState | None:
    """How the return of a `department` stands in a round; None for nobody.

    Args:
        years: The plan through the years.
        period: The round.
        department: Whose return it is.
    """
    if department is None:
        return None
    known = years.known_round(period, records=False)
    lines = standing_of(known.plan, period, known.issued, known.receipts, known.excused)
    return next((line.state for line in lines if line.department == department.id), None)


def owner_meant(years: Years, period: Period, name: str) -> Department:
    """The department that is meant, which is asked in the round.

    Args:
        years: The plan through the years.
        period: The round.
        name: Its id or name.

    Raises:
        UsageError: there is none.
    """
    return departments_named(years.base(period), period, [name])[0]


def about(department: Department, **more: Value) -> tuple[Mapping[str, Value], ...]:
    """The target of one decision about a department."""
    return ({"department": department.id, **more},)


def listed_numbers(findings: Iterable[Finding]) -> str:
    """The numbers of findings, as a message lists them."""
    return ", ".join(str(number) for number in sorted({finding.number for finding in findings}))
