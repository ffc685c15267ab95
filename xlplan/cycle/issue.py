"""Issue: one workbook per department, recorded in the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlplan.cycle.define import asked, open_ledger, period_named, plan_of
from xlplan.cycle.pour import rows_again, values_of
from xlplan.files import make_folder, read_bytes, sha256, sweep, write_bytes
from xlplan.issuing import issue_file, prepare, same_content
from xlplan.plan import Department, Period, Plan
from xlplan.submission import Receipt
from xlplan.template import Given, Order, form_workbook
from xlplan.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One department's workbook. `done` is issued, reissued, or unchanged where the same lies there already.

    `given` counts the answers that the department gave when it was asked before, filled in again.
    """

    department: Department
    items: int
    path: Path
    issue: str
    done: str
    given: int = 0


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What went out."""

    plan: Plan
    period: Period
    due: date | None
    lines: tuple[IssueLine, ...]


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
    already stands in the workbook that it gets anew. `waiting` is called where
    another run is at work and this one waits for it.
    """
    plan = plan_of(space)
    period = period_named(plan, period_name)
    owners = asked(plan, period, departments)
    make_folder(space.inbox(period.id))
    lines, records = [], []
    with open_ledger(space) as ledger, ledger.writing(waiting):
        sweep(space.issued(period.id))
        before = ledger.issued(period.id)
        for department in owners:
            path = space.issued(period.id) / issue_file(period, department)
            old = before.get(department.id)
            day = due or (old.due if old else None)
            issued, order = prepare(plan, period, department, day, now)
            items = len(plan.items_of(period, department.id))
            if (
                old
                and same_content(old, issued)
                and path.is_file()
                and sha256(read_bytes(path)) == old.sha256
            ):
                lines.append(IssueLine(department, items, path, old.id, "unchanged"))
                continue
            if attempts := ledger.attempts(period.id, department.id) if old else []:
                order = _with_answers(order, attempts[-1])
            data = form_workbook(order)
            write_bytes(path, data)
            records.append(replace(issued, file=space.relative(path), sha256=sha256(data)))
            done = "reissued" if old else "issued"
            lines.append(IssueLine(department, items, path, issued.id, done, _count(order)))
        ledger.record_issues(records)
    dates = {one.due for one in records} | {before[name].due for name in before}
    return IssueResult(plan, period, due or (dates.pop() if len(dates) == 1 else None), tuple(lines))


def _with_answers(order: Order, receipt: Receipt) -> Order:
    """The workbook with what the department's last return says."""
    rows = rows_again(order.plan, order.period, order.rows, receipt.records)
    values = values_of(receipt.records, receipt.findings)
    return replace(order, rows=rows, given=Given(values, receipt.respondent, receipt.approver))


def _count(order: Order) -> int:
    """The cells that are filled in with an answer."""
    entered = {(form.id, field.id) for form in order.plan.forms for field in form.entered}
    rows = {(form, row.item) for form, some in order.rows.items() for row in some}
    return sum(
        (form, field) in entered and (form, item) in rows for form, item, field in order.answers.values
    )
