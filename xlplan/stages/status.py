"""Status: how each department stands in the round, what is new, what is to be sent, and the next step."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import text
from xlplan.language.workdays import Workdays, working_days
from xlplan.model.decision import DecisionKind, Publication
from xlplan.model.following import following
from xlplan.model.form import Field
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.progress import Compared, compared
from xlplan.model.submission import Receipt, RefusedFile
from xlplan.report.returns import ReturnState
from xlplan.stages.afterwards import not_entered
from xlplan.stages.changed import touched_forms
from xlplan.stages.define import existing_ledger, moment, usable
from xlplan.stages.frequent import FrequentFinding, frequent_findings
from xlplan.stages.news import News, day_since, news_of
from xlplan.stages.nextstep import NextStep, RoundFacts, next_step
from xlplan.stages.rounds import KnownRound
from xlplan.stages.sending import ToSend, in_inbox, opened_since, to_send, unsettled
from xlplan.stages.standing import SummaryStanding, standing
from xlplan.stages.years import Years
from xlplan.store.counting import Decided, sent_back_before, with_standing
from xlplan.store.ledger import Ledger
from xlplan.store.letters import latest_letters
from xlplan.store.workspace import Workspace


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
        days_late: By how many working days it is late; 0 where it is not, or nothing is waited for.
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
    days_late: int = 0
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """How the round stands.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        lines: One for each department that is asked, in the plan's order.
        changed: The departments of whom the plan would ask something else now than what was issued.
        worded: Those to whom it would only show other words, such as another title of an item.
        refused: The files that were received and are no return, where somebody has still to look at them: a department
            may believe that it has answered.
        summary: How the summary stands, None where there is none.
        page: How the page of it stands, None where there is none.
        closed: What was fixed of the round, the latest version; None while it is not closed.
        office: What the office has yet to enter before the round may be closed: the ids of the items by field.
        news: What happened since a day; None where nothing was ever issued.
        frequent: The errors and warnings of the latest returns by kind and column, the most frequent first.
        sending: What is to be sent, or sent again, and why.
        inbox: How many files lie in the inbox that were not received.
        step: What is to be done next.
    """

    plan: Plan
    period: Period
    lines: tuple[StatusLine, ...]
    step: NextStep
    changed: tuple[Department, ...] = ()
    worded: tuple[Department, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    summary: SummaryStanding | None = None
    page: SummaryStanding | None = None
    closed: Publication | None = None
    office: Mapping[Field, Sequence[str]] = field(default_factory=dict)
    news: News | None = None
    frequent: tuple[FrequentFinding, ...] = ()
    sending: tuple[ToSend, ...] = ()
    inbox: int = 0

    @property
    def open(self) -> tuple[StatusLine, ...]:
        """The departments whose return is waited for."""
        return tuple(line for line in self.lines if not line.state.settled)

    def accepted_words(self, language: str) -> str:
        """How many departments are accepted, and let off where any is, in a `language`."""
        accepted, excused = (
            self.counts.get(state, 0) for state in (ReturnState.ACCEPTED, ReturnState.EXCUSED)
        )
        key = "cli.said.status_line_excused" if excused else "cli.said.status_line"
        words = {"period": self.period.label, "accepted": accepted, "total": len(self.lines)}
        return text(key, language, **words, **({"excused": excused} if excused else {}))

    @property
    def late(self) -> tuple[StatusLine, ...]:
        """The departments that are late."""
        return tuple(line for line in self.lines if line.days_late)

    def attempt_of(self, department: str) -> int:
        """Which attempt of a department (by id) is its latest; 0 where none came in."""
        return next((line.attempts for line in self.lines if line.department.id == department), 0)

    @property
    def counts(self) -> Mapping[ReturnState, int]:
        """How many departments there are in each state in which any is."""
        return Counter(line.state for line in self.lines)


def status(
    space: Workspace,
    period: str | None = None,
    *,
    since: date | str | None = None,
    now: datetime | None = None,
) -> StatusResult:
    """How each department stands in the round, what is new and what is to be done. Nothing is changed.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year, whether it was issued or not. The latest that was issued
            where None.
        since: The day since which it is told what is new, as a date or as people write it; yesterday where None.
        now: The moment from whose day the days left are counted; the clock's where None.

    Raises:
        UsageError: no such period or day, or none is given and nothing was issued.
    """
    today = moment(now).date()
    definition = usable(space)
    plan = definition.usable()
    first = day_since(since, plan, today)
    ledger = existing_ledger(space)
    if ledger is None:
        if not period:
            raise UsageError(ErrorKey.NO_ROUND)
        current = Years(definition, None).period_named(period)
        asked = plan.answering(current)
        lines = tuple(_line(owner, None, None, today, workdays=plan.workdays) for owner in asked)
        return StatusResult(plan, current, lines, next_step(RoundFacts(current, begun=False)))
    with ledger:
        years = Years(definition, ledger)
        current = years.period_named(period) if period else years.begun_round(None)
        return standing_on(space, years, current, today, first)


def standing_on(space: Workspace, years: Years, period: Period, today: date, since: date) -> StatusResult:
    """How a round stands on a day.

    Args:
        space: The folder of the plan.
        years: The plan through the years, with an open ledger.
        period: The round.
        today: The day.
        since: The first day of which it is told what is new.
    """
    return _Standing(space, years, years.known_round(period, records=False), today).result(since)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a round stands on a day, being worked out."""

    space: Workspace
    years: Years
    known: KnownRound
    today: date

    def result(self, since: date) -> StatusResult:
        """All that is told of it, what is new `since` a day."""
        space, ledger, known, period = self.space, self.years.need_ledger(), self.known, self.known.period
        summary, page = (
            standing(space, ledger, known, path) for path in (space.summary(period.id), space.page(period.id))
        )
        # as they were issued: of whoever was given longer, only the day is another
        touched = touched_forms(space, self.years, period, ledger.issued(period.id))
        attempts = with_standing(ledger.attempts(period.id, records=False), known.receipts)
        refusals = ledger.refusals(period.id)
        taken, waiting = ledger.archives(period.id), in_inbox(space, period)
        inside = latest_letters(ledger, period.id)
        lying = waiting.union(
            *({part.sha256 for part in inside[name].parts} for name in waiting & inside.keys())
        )
        lines = tuple(_with_progress(ledger, self.years.decided_in(period.id), known, self.lines()))
        late = {line.department.id: line.days_late for line in lines}
        times = Counter(department for department, _ in ledger.issue_moments(period.id))
        made = StatusResult(
            known.plan,
            period,
            lines,
            next_step(RoundFacts(period)),
            changed=touched.asked,
            worded=touched.shown,
            refused=tuple(
                refusal
                for refusal in unsettled(refusals, attempts, taken, known.receipts, lying)
                if not opened_since(refusal, inside)
            ),
            summary=summary,
            page=page,
            closed=self.years.closed.get(period.id),
            office=self.not_entered(),
            news=news_of(ledger, period, attempts, refusals, since),
            frequent=frequent_findings(known.receipts.values()),
            sending=tuple(to_send(space, known, touched.asked, times, late)),
            inbox=len(waiting - taken.keys() - inside.keys() - {refusal.sha256 for refusal in refusals}),
        )
        return replace(made, step=next_step(self.facts(made)))

    def lines(self) -> Iterator[StatusLine]:
        """How each department that is asked stands."""
        known = self.known
        for department in known.plan.answering(known.period):
            issued, latest = known.issued.get(department.id), known.receipts.get(department.id)
            yield _line(
                department,
                issued,
                latest,
                self.today,
                workdays=known.plan.workdays,
                excused=department.id in known.excused,
            )

    def not_entered(self) -> Mapping[Field, Sequence[str]]:
        """What the office has yet to enter: the answers are read only where it is asked for anything."""
        asked = any(field.afterwards for form in self.known.plan.forms for field in form.fields)
        if not asked or self.known.period.id in self.years.closed:
            return {}
        return not_entered(self.years.known_round(self.known.period))

    def facts(self, made: StatusResult) -> RoundFacts:
        """What the next step follows from."""
        years, period, plan = self.years, self.known.period, self.years.plan
        order = [known.id for known in years.periods]
        later = [known for known in plan.periods if known.id in order[order.index(period.id) + 1 :]]
        coming = later[0] if later else following(plan.periods, plan.years)
        rolled = {
            decision.target.get("to") for decision in years.decided if decision.kind is DecisionKind.ROLL_OVER
        }
        return RoundFacts(
            period,
            begun=period.id in years.begun,
            changed=len(made.changed),
            inbox=made.inbox,
            never_issued=made.counts.get(ReturnState.NOT_ISSUED, 0),
            sending=sum(not sending.to_issue for sending in made.sending),
            waiting=len(made.open),
            entering=sum(map(len, made.office.values())),
            summarised=made.summary is not None and made.summary.fine,
            closed=made.closed is not None,
            following=coming if coming.id else None,
            rolled_over=coming.id in rolled,
            over=any(known.id in years.begun for known in later),
        )


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
    workdays: Workdays,
    excused: bool = False,
) -> StatusLine:
    """How a department stands; with `excused` it was let off its answer, `latest` is the return that counts."""
    state = _state(issued, latest)
    if excused and not (state.settled and latest and latest.attempt):
        state = ReturnState.EXCUSED
    findings = latest.findings if latest else ()
    due = issued.due if issued and not state.settled else None
    return StatusLine(
        department=department,
        state=state,
        attempts=latest.attempt if latest else 0,
        errors=sum(finding.severity is Severity.ERROR for finding in findings),
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        received_at=latest.received_at if latest else None,
        respondent=latest.respondent if latest else "",
        due=issued.due if issued else None,
        days=(due - today).days if due else None,
        days_late=max(0, working_days(due, today, workdays)) if due else 0,
    )
