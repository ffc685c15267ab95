"""A department is given longer or let off its answer. And a remark: something is kept in mind, and changes nothing."""

from collections.abc import Callable
from datetime import date, datetime

from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.decision import DecisionKind
from xlplan.model.item import Period
from xlplan.model.record import Value
from xlplan.model.submission import ReceiptState
from xlplan.report.returns import ReturnState
from xlplan.stages.deciding import DecideResult, Deciding, Wish, about, owner_meant, state_of
from xlplan.stages.define import day_meant
from xlplan.stages.lint import closed_dues
from xlplan.stages.years import Years
from xlplan.store.judgings import number_known
from xlplan.store.workspace import Workspace


def extend(
    space: Workspace,
    department: str,
    due: date | str,
    *,
    reason: str = "",
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Give a department longer. It stands in `status`, and in the form when that is issued again.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        due: The day on which its return is due, as a date or as people write it.
        reason: Why; need not be given.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such department; nothing is waited for; the day is none, or not later than the one it has; the
            round is closed.
    """

    def wish(years: Years, current: Period, moment: datetime) -> Wish:
        return _longer(years, current, department, (due, moment.date()))

    deciding = Deciding(space, reason, period, by, now, on_wait)
    return deciding.done(DecisionKind.EXTEND, wish, without_reason=True)


def _longer(years: Years, period: Period, name: str, days: tuple[date | str, date]) -> Wish:
    """That a department is given longer; `days` are the day that is meant, and today.

    Raises:
        UsageError: as `extend`.
    """
    (due, today), owner = days, owner_meant(years, period, name)
    day = day_meant(due, years.plan, today)
    if day is None:
        raise UsageError(ErrorKey.BAD_DATE, value=due)
    issued = years.known_round(period, records=False).issued.get(owner.id)
    names = {"department": owner.name, "period": period.label}
    if issued is None:
        raise UsageError(ErrorKey.NOT_ISSUED_YET, **names)
    if state_of(years, period, owner) in (ReturnState.ACCEPTED, ReturnState.EXCUSED):
        raise UsageError(ErrorKey.NOTHING_WAITED_FOR, **names)
    if issued.due and day <= issued.due:
        raise UsageError(ErrorKey.NO_EXTENSION, due=issued.due, value=day, **names)
    if day < today:
        raise UsageError(ErrorKey.EXTENSION_PAST, value=day, **names)
    closed = closed_dues(years.plan, period, [day])
    return Wish(about(owner, due=day, before=issued.due), owner, closed)


def excuse(
    space: Workspace,
    department: str,
    *,
    reason: str,
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Let a department off its answer: the round can be closed without it, and its summary says so.

    What it answers before that counts all the same; what was to go back to it does no more.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        reason: Why, as the summary shows it.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such round or department, no reason, or nothing to let the department off any more.
    """

    def wish(years: Years, current: Period, _: datetime) -> Wish:
        return _let_off(years, current, department)

    return Deciding(space, reason, period, by, now, on_wait).done(DecisionKind.EXCUSE, wish)


def _let_off(years: Years, period: Period, name: str) -> Wish:
    """That a department is let off its answer.

    Raises:
        UsageError: as `excuse`.
    """
    owner = owner_meant(years, period, name)
    latest = years.counting(period.id, records=False).get(owner.id)
    if latest and latest.state is ReceiptState.ACCEPTED:
        raise UsageError(ErrorKey.ANSWERED_ALREADY, department=owner.name, period=period.label)
    if owner.id in years.excused.get(period.id, {}):
        raise UsageError(ErrorKey.EXCUSED_ALREADY, department=owner.name, period=period.label)
    return Wish(about(owner), owner)


def remark(
    space: Workspace,
    words: str,
    *,
    department: str = "",
    finding: int = 0,
    item: str = "",
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Keep something in mind: it stands in the log and on the page of the folder, and changes nothing.

    Args:
        space: The folder of the plan.
        words: What is to be kept in mind.
        department: The id or name of the department that it is about; empty for none.
        finding: The number of the finding that it is about; 0 for none.
        item: The id of the item that it is about; empty for none.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who remarks it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no words; no such department, finding or item; the round is closed.
    """

    def wish(years: Years, current: Period, _: datetime) -> Wish:
        return _remarked(years, current, department, finding, item)

    return Deciding(space, words, period, by, now, on_wait).done(DecisionKind.REMARK, wish)


def _remarked(years: Years, period: Period, department: str, finding: int, item: str) -> Wish:
    """What a remark is about.

    Raises:
        UsageError: as `remark`.
    """
    owner = owner_meant(years, period, department) if department else None
    if finding and not number_known(years.need_ledger(), period.id, finding):
        raise UsageError(ErrorKey.NO_FINDING, number=finding, known="")
    if item and years.base(period).item(item) is None:
        raise UsageError(ErrorKey.UNKNOWN_ITEM, item=item)
    target: dict[str, Value] = {"department": owner.id} if owner else {}
    target |= {"number": finding} if finding else {}
    target |= {"item": item} if item else {}
    return Wish((target,), owner)
