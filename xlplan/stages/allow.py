"""Allow: a finding stands, with a reason, until its value changes, or up to a period."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.codes import FindingCode
from xlplan.model.decision import DecisionKind
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.record import Value
from xlplan.stages.deciding import DecideResult, Deciding, Wish, listed_numbers
from xlplan.stages.years import Years
from xlplan.store.judgings import number_known
from xlplan.store.workspace import Workspace

_READABLE = frozenset(
    {
        FindingCode.RULE,
        FindingCode.UNDECIDED,
        FindingCode.REQUIRED_CHOICE,
        FindingCode.REQUIRED_TEXT,
        FindingCode.ORDER,
        FindingCode.ORDER_NEAR,
        FindingCode.ORDER_BEGIN,
        FindingCode.ORDER_BEGIN_NEAR,
        FindingCode.ORDER_END,
        FindingCode.OUT_OF_RANGE,
        FindingCode.BELOW_MINIMUM,
        FindingCode.ABOVE_MAXIMUM,
        FindingCode.TOO_LONG,
        FindingCode.WRONG_PATTERN,
        FindingCode.WRONG_PATTERN_NEAR,
        FindingCode.DUPLICATE,
    }
)
"""The errors at which a value was read as what it is, or none stands: with any other there is none to let stand."""


def allow(
    space: Workspace,
    numbers: Iterable[int],
    *,
    reason: str,
    until: str | None = None,
    period: str | None = None,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> DecideResult:
    """Let findings of one department's return stand. Where no error is left, the return is accepted by it.

    Args:
        space: The folder of the plan.
        numbers: The numbers of the findings.
        reason: Why, as the summary shows it.
        until: The last period in which it may be found so, whatever the value; where None it stands for the value at
            hand, in this round.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        by: Who decides it; the system's user where it is empty.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no reason; no such finding, or it is no more found, told only, allowed before, or of a value that
            cannot be read; the period lies before the round; the round is closed.
    """
    wanted = tuple(dict.fromkeys(numbers))

    def wish(years: Years, current: Period, _: datetime) -> Wish:
        return _wish(years, current, wanted, until)

    return Deciding(space, reason, period, by, now, on_wait).done(DecisionKind.ALLOW, wish)


def _wish(years: Years, period: Period, numbers: tuple[int, ...], until: str | None) -> Wish:
    """The findings with those numbers, which may be allowed.

    Raises:
        UsageError: as `allow`.
    """
    last = _last(years, period, until)
    receipts = years.known_round(period, records=False).receipts
    found = {finding.number: finding for receipt in receipts.values() for finding in receipt.findings}
    findings = tuple(_allowable(years, period, number, found) for number in numbers)
    if not findings:
        raise UsageError(ErrorKey.NO_FINDING, number="", known=listed_numbers(_open(found.values())))
    names = tuple(dict.fromkeys(finding.department for finding in findings))
    if len(names) > 1:
        raise UsageError(ErrorKey.FINDINGS_OF_SEVERAL, numbers=listed_numbers(findings))
    plan = years.base(period)
    for finding in findings:
        form = plan.form(finding.form)
        if last and form and form.is_open:
            raise UsageError(ErrorKey.ALLOW_ROW, number=finding.number)
    targets = tuple(_target(finding, last) for finding in findings)
    return Wish(targets, plan.department(names[0]), findings)


def _last(years: Years, period: Period, until: str | None) -> str:
    """The id of the last period in which a finding may be found; empty where none is named.

    Raises:
        UsageError: there is none of that name, or it lies before the round.
    """
    if not until:
        return ""
    last = years.period_named(until)
    if years.order.index(last.id) < years.order.index(period.id):
        raise UsageError(ErrorKey.ALLOW_PAST, until=last.label, period=period.label)
    return last.id


def _open(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.NOTICE]


def _allowable(years: Years, period: Period, number: int, found: Mapping[int, Finding]) -> Finding:
    """The finding of a number, which may be allowed.

    Raises:
        UsageError: as `allow`.
    """
    finding = found.get(number)
    if finding is None:
        known = listed_numbers(_open(found.values()))
        gone = number_known(years.need_ledger(), period.id, number)
        raise UsageError(ErrorKey.FINDING_GONE if gone else ErrorKey.NO_FINDING, number=number, known=known)
    if finding.allowed:
        raise UsageError(ErrorKey.ALLOWED_ALREADY, number=number, decision=finding.allowed.number)
    if finding.severity is Severity.NOTICE:
        raise UsageError(ErrorKey.ALLOW_NOTICE, number=number)
    if finding.severity is Severity.ERROR and finding.code not in _READABLE:
        raise UsageError(ErrorKey.ALLOW_UNREAD, number=number)
    return finding


def _target(finding: Finding, until: str) -> Mapping[str, Value]:
    target: dict[str, Value] = {
        "department": finding.department,
        "number": finding.number,
        "code": finding.written_code,
        "form": finding.form,
        "item": finding.item,
        "field": finding.field,
        "value": finding.value,
        "basis": finding.basis,
    }
    return target | ({"to": until} if until else {})
