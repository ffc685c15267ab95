"""Preview: the form that a department would be issued now, to be looked at. Nothing is recorded."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.form.issuing import need_ready, prepare, preview_file
from xlplan.form.layout.stamps import PREVIEW
from xlplan.form.write.order import Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.stages.define import departments_named, existing_ledger, moment, opened_of
from xlplan.stages.issue import Issuing
from xlplan.stages.lint import lint
from xlplan.stages.years import Years
from xlplan.store.files import make_folder, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """The form that was written to be looked at.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        department: Whose form it is.
        path: Where it lies.
        refused: Why `issue` would be refused as the plan stands; None where it would not.
        earlier: What is told of the answers of earlier rounds that stand in it.
        opened: What is told where somebody has the plan open: what is not saved is not in it.
    """

    plan: Plan
    period: Period
    department: Department
    path: Path
    refused: UsageError | None = None
    earlier: tuple[Finding, ...] = ()
    opened: tuple[Finding, ...] = ()


def preview(
    space: Workspace,
    department: str,
    period: str | None = None,
    *,
    to: Path | None = None,
    now: datetime | None = None,
) -> PreviewResult:
    """Write the form that `issue` would write for a department now. It says that it is none to be answered.

    Args:
        space: The folder of the plan.
        department: The id or name of the department.
        period: The round: an id, a label, or a fiscal year. The last issued where None, else the plan's last.
        to: The file to write; where None one in the folder for previews, where the last one is written over.
        now: The moment that it bears; the clock's where None.

    Raises:
        UsageError: no such round or department, the round is closed, or the file named is there already.
    """
    definition, created = lint(space), moment(now)
    if to is not None and to.exists():
        raise UsageError(ErrorKey.FILE_EXISTS, path=to)
    definition.usable()
    with existing_ledger(space) or nullcontext() as ledger:
        years = Years(definition, ledger)
        current = years.likely_round(period)
        [owner] = departments_named(years.base(current), current, [department])
        years.need_open(current)
        known = years.plan_in(current)
        plan = known.plan.asked_in(current)
        order = _order(space, plan, current, owner, ledger, created)
        refused = _refused(years.base(current), current, definition.findings)
    path = to or space.preview(current.id) / preview_file(current, owner, plan.language)
    make_folder(path.parent)
    write_bytes(path, form_workbook(_marked(order)))
    return PreviewResult(known.plan, current, owner, path, refused, known.findings, opened_of(definition))


def _order(
    space: Workspace,
    plan: Plan,
    period: Period,
    owner: Department,
    ledger: Ledger | None,
    created: datetime,
) -> Order:
    """The form that would be issued."""
    if ledger is None:
        return prepare(plan, period, owner, None, created)[1]
    issuing = Issuing(space, plan, period, ledger, ledger.issued(period.id), None, created)
    return issuing.filled_in(*issuing.prepared(owner))[1]


def _marked(order: Order) -> Order:
    """The form as one that is none to be answered: on its face, and by its stamp.

    Where nothing has changed since it was issued, it would not be issued again, and does not say that it was.
    """
    again = order.again if order.again and (order.again.changed or order.again.items) else None
    return replace(order, preview=True, again=again, stamp=replace(order.stamp, issue=PREVIEW))


def _refused(plan: Plan, period: Period, findings: tuple[Finding, ...]) -> UsageError | None:
    """Why a round cannot be issued as the plan stands; None where it can."""
    try:
        need_ready(plan, period, findings)
    except UsageError as fault:
        return fault
    return None
