"""Judge anew: what a correction brought about in the checks of answers that use the corrected value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from xlplan.form.issuing import rows_of
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.submission import ReceiptState
from xlplan.stages.rounds import KnownRound
from xlplan.stages.years import Years
from xlplan.validate.recorded import Answers, judge_records


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """The checks of a department's answers that end otherwise than before.

    Attributes:
        period: The round.
        department: Whose answers they are.
        accepted: Whether they count; those that were sent back are judged again when they come back in any case.
        appeared: What fails now and did not.
        resolved: What failed and does no more.
    """

    period: Period
    department: Department
    accepted: bool
    appeared: tuple[Finding, ...]
    resolved: tuple[Finding, ...]


def judged_anew(before: Years, after: Years, period: Period) -> tuple[JudgedAnew, ...]:
    """The answers of a round and of later ones whose checks end otherwise by a correction of that round.

    Args:
        before: The plan through the years as it was before the correction.
        after: The same with it.
        period: The round that was corrected.
    """
    order = [known.id for known in after.periods]
    begun = [known for known in after.periods[order.index(period.id) :] if known.id in after.begun]
    return tuple(judged for known in begun for judged in judged_in(before, after, known))


def judged_in(before: Years, after: Years, period: Period) -> Iterator[JudgedAnew]:
    """The same of the answers of one round.

    Args:
        before: The plan through the years as it was before the correction.
        after: The same with it.
        period: The round whose answers are judged.
    """
    known = after.known_round(period)
    old, new = _failing(before.known_round(period)), _failing(known)
    for name in {**old, **new}:
        was, now = old.get(name, {}), new.get(name, {})
        department = known.plan.department(name)
        if was.keys() == now.keys() or department is None:
            continue
        receipt = known.receipts.get(name)
        yield JudgedAnew(
            period,
            department,
            receipt is None or receipt.state is ReceiptState.ACCEPTED,
            tuple(finding for key, finding in now.items() if key not in was),
            tuple(finding for key, finding in was.items() if key not in now),
        )


def findings_now(findings: Iterable[Finding], judged: Iterable[JudgedAnew]) -> tuple[Finding, ...]:
    """The findings of a round's returns as they are after corrections.

    Args:
        findings: As they were when the returns were judged.
        judged: What ends otherwise since.
    """
    anew = tuple(judged)
    gone = {_key(finding) for each in anew for finding in each.resolved}
    appeared = (finding for each in anew for finding in each.appeared)
    return (*(finding for finding in findings if _key(finding) not in gone), *appeared)


_Key = tuple[str, ...]


def _key(finding: Finding) -> _Key:
    """What says that two findings are of the same check in the same row, whatever stands there and in which column."""
    row = finding.cell.lstrip(ascii_uppercase)
    return finding.department, finding.form, finding.field, row, finding.written_code


def _failing(known: KnownRound) -> Mapping[str, Mapping[_Key, Finding]]:
    """What fails in each department's answers of a round, by department id."""
    period = known.period
    departments = [found for name in known.receipts if (found := known.plan.department(name))]
    batch = [
        Answers(department.id, known.receipts[department.id].records, rows_of(known.plan, period, department))
        for department in departments
    ]
    failing = judge_records(known.plan, period, batch)
    return {
        answers.department: {_key(finding): finding for finding in findings}
        for answers, findings in zip(batch, failing, strict=True)
    }
