"""Issue: one workbook per department, recorded in the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from xlplan.form.issuing import issue_file, prepare
from xlplan.form.write.order import Order
from xlplan.form.write.workbook import form_workbook
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.stages.again import Answered, since_issued
from xlplan.stages.define import asked, open_ledger, period_named, plan_of
from xlplan.stages.forms import as_older_form, forms_now, same_content
from xlplan.stages.known import need_office_values, plan_then
from xlplan.store.archive import set_aside
from xlplan.store.files import make_folder, read_bytes, sha256, sweep, write_bytes
from xlplan.store.workspace import Workspace


class IssueState(StrEnum):
    """What was done about a department's workbook: unchanged is one that lies there already as it should be."""

    ISSUED = "issued"
    REISSUED = "reissued"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One department's workbook, and what was `done` about it.

    `given` counts the answers of an earlier form of this round that are filled in again, `left` those that have no
    place in it any more. `aside` are the workbooks that lay in its place and were no longer as issued, where they
    are now.
    """

    department: Department
    items: int
    path: Path
    issue: str
    done: IssueState
    given: int = 0
    left: int = 0
    aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What went out. `dates` are the days on which these workbooks are due, None for one without.

    `earlier` tells of answers of earlier rounds: which stand in the forms, and which are missing. `passed`: the day
    that was asked for lies in the past.
    """

    plan: Plan
    period: Period
    lines: tuple[IssueLine, ...]
    dates: frozenset[date | None]
    earlier: tuple[Finding, ...] = ()
    passed: bool = False

    @property
    def due(self) -> date | None:
        """The day on which all are due; None where there is none, or not one for all."""
        return next(iter(self.dates)) if len(self.dates) == 1 else None


def issue(
    space: Workspace,
    period_name: str,
    *,
    due: date | None,
    departments: Sequence[str],
    now: datetime,
    waiting: Callable[[], object] = lambda: None,
) -> IssueResult:
    """Write each department's workbook and record it. What lies there already, unchanged, is left alone.

    Without `due`, a department that was issued before keeps the date it was given. What a department has answered
    already stands in the workbook that it gets anew; what somebody typed into a workbook where it lies is kept aside.
    `waiting` is called where another run is at work and this one waits for it.
    """
    plan = plan_of(space)
    period = period_named(plan, period_name)
    owners = asked(plan, period, departments)
    make_folder(space.inbox(period.id))
    lines, records, dates = [], [], set[date | None]()
    answered: Answered | None = None
    need_office_values(plan, period)
    with open_ledger(space) as ledger, ledger.writing(waiting):
        then = plan_then(plan, ledger, period)
        plan = then.plan
        sweep(space.issued(period.id))
        before, known = ledger.issued(period.id), ledger.hashes_issued(period.id)
        forms = forms_now(space, plan, period, before)
        for department in owners:
            path = space.issued(period.id) / issue_file(period, department)
            old = before.get(department.id)
            day = due or (old.due if old else None)
            issued, order = prepare(plan, period, department, day, now)
            items = len(plan.items_of(period, department.id))
            if (
                old
                and path.is_file()
                and sha256(read_bytes(path)) == old.sha256
                and same_content(space, plan, period, department, old, issued)
            ):
                dates.add(old.due)
                lines.append(IssueLine(department, items, path, old.id, IssueState.UNCHANGED))
                continue
            issued = replace(issued, same_form=as_older_form(old, issued, forms))
            if before:
                answered = answered or Answered.of(ledger, period.id)
                order = answered.filled_in(order, issued)
                order = replace(order, again=since_issued(order, issued, before))
            data = form_workbook(order)
            places = [path, space.root / old.file] if old else [path]
            aside = set_aside(space.set_aside(period.id), places, {*known, sha256(data)})
            write_bytes(path, data)
            records.append(replace(issued, file=space.relative(path), sha256=sha256(data)))
            dates.add(issued.due)
            done = IssueState.REISSUED if old else IssueState.ISSUED
            lines.append(IssueLine(department, items, path, issued.id, done, *_counts(order), aside))
        ledger.record_issues(records)
    passed = due is not None and due < now.date()
    return IssueResult(plan, period, tuple(lines), frozenset(dates), then.findings, passed)


def _counts(order: Order) -> tuple[int, int]:
    """How many answers are filled in, and how many have no place."""
    return (len(order.given.values), len(order.given.leftovers)) if order.given else (0, 0)
