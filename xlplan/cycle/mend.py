"""Mend: the values of a damaged or rearranged return, in a fresh form. Nothing is recorded."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.cycle.define import asked, existing_ledger, likely_round, plan_of
from xlplan.cycle.identify import Desk, Identified
from xlplan.cycle.pour import poured, rows_again, values_of
from xlplan.files import write_bytes
from xlplan.finding import Finding
from xlplan.issuing import prepare
from xlplan.messages import text
from xlplan.plan import Department, Plan
from xlplan.reader import take_in
from xlplan.submission import Issued, Leftover
from xlplan.template import SentBack, form_workbook
from xlplan.validate import judge
from xlplan.workspace import Workspace


@dataclass(frozen=True, slots=True)
class MendLine:
    """One file, and the workbook into which its values were poured; None where it is no return."""

    path: Path
    department: Department | None = None
    mended: Path | None = None
    answers: int = 0
    leftovers: tuple[Leftover, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MendResult:
    """What was mended."""

    plan: Plan
    lines: tuple[MendLine, ...]


def mend(
    space: Workspace, paths: Sequence[Path], *, period_name: str = "", department: str = "", now: datetime
) -> MendResult:
    """Pour the values of each file into a fresh form beside it.

    With a `department`, the files are its own, also where a workbook no longer says so: of the period named, else
    of the one that was issued last.
    """
    plan = plan_of(space)
    with existing_ledger(space) or nullcontext() as ledger:
        period = likely_round(plan, ledger, period_name) if period_name or department else None
        owner = asked(plan, period, [department])[0] if department and period else None
        desk = Desk.of(plan, period, owner, ledger)
        lines = []
        for one in take_in(paths, plan, desk.assumed):
            found = desk.identify(one)
            if isinstance(found, Finding) and found.code == "other_issue":
                found = desk.identify_earlier(one) or found
            if isinstance(found, Finding):
                lines.append(MendLine(one.path, findings=(found,)))
            else:
                lines.append(_mended(plan, found, now))
    return MendResult(plan, tuple(lines))


def _mended(plan: Plan, one: Identified, now: datetime) -> MendLine:
    path = one.incoming.path
    [judged] = judge(plan, one.period, [(one.submission, one.rows)])
    values = values_of(judged.records, judged.findings)
    sent = SentBack(
        0,
        values,
        judged.findings,
        one.submission.respondent,
        one.submission.approver,
        mended_from=path.name,
    )
    issued = one.issued or _as_issued(plan, one, now)
    rows = rows_again(plan, one.period, issued.rows, judged.records)
    asked = {(form, row.item) for form, some in rows.items() for row in some}
    placed = [record for record in judged.records if (record.form, record.item) in asked]
    order = poured(plan, one, replace(issued, rows=rows), sent, placed, now)
    target = _free(path, text("artefacts.mended_file", plan.language))
    write_bytes(target, form_workbook(order))
    left = order.sent_back.leftovers if order.sent_back else ()
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    answers = sum((form, field) in entered and (form, item) in asked for form, item, field in values)
    findings = order.sent_back.findings if order.sent_back else ()
    return MendLine(path, one.department, target, answers, tuple(left), tuple(findings))


def _as_issued(plan: Plan, one: Identified, now: datetime) -> Issued:
    """The issue that the file's stamp names, where no ledger knows it."""
    issued, _ = prepare(plan, one.period, one.department, None, now)
    return replace(issued, id=one.submission.stamp.issue)


def _free(path: Path, word: str) -> Path:
    """A name beside `path` that no file has."""
    target, number = path.with_name(f"{path.stem}_{word}.xlsx"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}_{word}{number}.xlsx")
    return target
