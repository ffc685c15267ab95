"""The log: what happened in a round, in the order in which it happened, with every decision. Nothing is changed."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from xlplan.language.codes import CatalogueEnum
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.afterwards import OFFICE
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, RefusedFile
from xlplan.stages.define import day_meant, departments_named, existing_ledger, moment, usable
from xlplan.stages.years import Years
from xlplan.store.counting import Decided
from xlplan.store.history import decisions, publications
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


class Event(CatalogueEnum, section="cli.event"):
    """What happened: a workbook issued, a return received, a file that is none, a summary made or fixed, a decision."""

    ISSUED = "issued"
    RECEIVED = "received"
    REFUSED = "refused"
    SUMMARY = "summary"
    PUBLISHED = "published"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened.

    Attributes:
        moment: When.
        event: What.
        department: The id of the department; empty for none.
        file: The file that it is about, as it came or relative to the folder; empty for none.
        attempt: Which return of the department, from 1; 0 for none.
        state: What became of it, as an id; empty where nothing did.
        due: Until when, of what was issued.
        finding: Why a file is no return.
        decision: What was decided.
        undone_by: The number of the decision by which that was taken back; 0 where it stands.
        version: Of what was fixed, from 1.
    """

    moment: datetime
    event: Event
    department: str = ""
    file: str = ""
    attempt: int = 0
    state: str = ""
    due: date | None = None
    finding: Finding | None = None
    decision: Decision | None = None
    undone_by: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class LogResult:
    """What happened in a round.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        entries: What happened, the earliest first.
    """

    plan: Plan
    period: Period
    entries: tuple[LogEntry, ...] = field(default=())


def log(
    space: Workspace,
    period: str | None = None,
    *,
    departments: Iterable[str] = (),
    kinds: Iterable[str] = (),
    since: date | str | None = None,
) -> LogResult:
    """What happened in a round.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        departments: Ids or names of those that it is to be about; all and everything where there are none.
        kinds: The events (`Event`) and kinds of decisions (`DecisionKind`) that are wanted; all where there are none.
        since: The first day; from the beginning where None.

    Raises:
        UsageError: no such round has begun, or no such department or kind.
    """
    wanted = _kinds(kinds)
    definition = usable(space)
    ledger = existing_ledger(space)
    if ledger is None:
        raise UsageError(ErrorKey.NO_ROUND)
    with ledger:
        years = Years(definition, ledger)
        current = years.begun_round(period)
        plan = years.plan_in(current).plan
        first = day_meant(since, plan, moment(None).date())
        names = {owner.id for owner in departments_named(plan, current, departments)} if departments else ()
        entries = sorted(_entries(ledger, current), key=lambda entry: entry.moment)
    chosen = (
        entry
        for entry in entries
        if (not names or entry.department in names)
        and (not wanted or _kind(entry) in wanted)
        and (first is None or entry.moment.date() >= first)
    )
    return LogResult(plan, current, tuple(chosen))


def _kinds(kinds: Iterable[str]) -> Collection[str]:
    """The kinds that are wanted.

    Raises:
        UsageError: one is none.
    """
    known = [*(event.value for event in Event), *(kind.value for kind in DecisionKind)]
    wanted = {kind.strip().lower().replace("-", "_") for kind in kinds}
    for kind in sorted(wanted - set(known)):
        raise UsageError(ErrorKey.UNKNOWN_KIND, kind=kind, known=" / ".join(known))
    decided = {kind.value for kind in DecisionKind} if Event.DECIDED in wanted else set()
    return wanted | decided


def _kind(entry: LogEntry) -> str:
    """The kind of a decision, or the event."""
    return entry.decision.kind.value if entry.decision else entry.event.value


def _entries(ledger: Ledger, period: Period) -> Iterator[LogEntry]:
    """What happened in a round, each kind by itself."""
    decided = Decided.of(ledger, period.id)
    for issued in ledger.issues(period.id):
        due = decided.due(issued.department, issued.due, issued.issued_at)
        yield LogEntry(issued.issued_at, Event.ISSUED, issued.department, issued.file, due=due)
    for receipt in (*ledger.attempts(period.id, records=False), *ledger.attempts(period.id, OFFICE)):
        yield _received(receipt)
    yield from map(_refused, ledger.refusals(period.id))
    for made in ledger.summaries():
        if made.period == period.id:
            yield LogEntry(made.made_at, Event.SUMMARY, file=made.file)
    for fixed in publications(ledger, period.id):
        yield LogEntry(fixed.made_at, Event.PUBLISHED, file=fixed.folder, version=fixed.version)
    yield from _decided(decisions(ledger, period.id))


def _received(receipt: Receipt) -> LogEntry:
    state, name = receipt.state.value, receipt.file_name
    return LogEntry(
        receipt.received_at, Event.RECEIVED, receipt.department, name, receipt.attempt, state=state
    )


def _refused(refusal: RefusedFile) -> LogEntry:
    return LogEntry(
        refusal.received_at,
        Event.REFUSED,
        refusal.finding.department,
        refusal.file_name,
        refusal.attempt,
        finding=refusal.finding,
    )


def _decided(made: Iterable[Decision]) -> Iterator[LogEntry]:
    """Decisions; those that were taken back are marked."""
    every = list(made)
    undone = {decision.takes_back: decision.number for decision in every if decision.takes_back}
    for decision in every:
        yield LogEntry(
            decision.made_at,
            Event.DECIDED,
            str(decision.target.get("department") or ""),
            attempt=int(str(decision.target.get("attempt") or 0)),
            decision=decision,
            undone_by=undone.get(decision.number, 0),
        )
