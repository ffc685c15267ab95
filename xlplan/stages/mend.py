"""Mend: the values of a damaged or rearranged return, in a fresh form. Nothing is recorded."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.form.issuing import prepare
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import SentBack, Values
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.language.privacy import masked
from xlplan.language.text import fold
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.issue import Issued
from xlplan.model.item import Department
from xlplan.model.plan import Plan
from xlplan.model.submission import Leftover
from xlplan.stages.define import asked, existing_ledger, likely_round, plan_of
from xlplan.stages.forms import kept_file
from xlplan.stages.identify import Desk, Identified
from xlplan.stages.refill import poured, rows_again, values_of
from xlplan.store.files import write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


@dataclass(frozen=True, slots=True)
class MendLine:
    """One file, and the workbook into which its values were poured; None where it is no return."""

    path: Path
    department: Department | None = None
    mended: Path | None = None
    answers: int = 0
    leftovers: tuple[Leftover, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def told_leftovers(self) -> tuple[Leftover, ...]:
        """The leftovers as they are told outside the workbook: with every number and address of a person masked."""
        return tuple(Leftover(*map(masked, astuple(left))) for left in self.leftovers)


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
        desk = Desk.of(space, plan, period, owner, ledger)
        lines = []
        for one in take_in(paths, plan, desk.assumed):
            found = desk.identify(one, heirs=True)
            if isinstance(found, Finding) and found.code == FindingCode.OTHER_ISSUE:
                found = desk.identify_earlier(one) or found
            if isinstance(found, Identified):
                found = _with_places(found)
            if isinstance(found, Finding):
                lines.append(MendLine(one.path, findings=(found,)))
            else:
                kept = kept_file(space, found.answers or found.issued)
                lines.append(_mended(plan, found, now, ledger, kept))
    return MendResult(plan, tuple(lines))


def _with_places(one: Identified) -> Identified | Finding:
    """The same; a finding where its items are another department's now, whose form does not have them yet."""
    written = {fold(row.item) for form in one.submission.forms for row in form.rows}
    asked = {fold(row.item) for rows in one.rows.values() for row in rows}
    if not one.submission.lender or written & asked:
        return one
    params = {"department": one.department.name, "period": one.period.id}
    return told_of(Finding(FindingCode.MOVED_NOT_ISSUED, params=params), one.incoming.path.name)


def _own(plan: Plan, one: Identified, judged: Judged, ledger: Ledger | None) -> Values:
    """What the department has answered itself about its other items, where another's form tells of some only."""
    if ledger is None or not one.submission.lender:
        return {}
    receipts = ledger.attempts(one.period.id, one.department.id)
    told = {(record.form, record.item) for record in judged.records}
    asked = {(form, row.item) for form, rows in one.rows.items() for row in rows} - told
    found = values_of(receipts[-1].records, receipts[-1].findings) if receipts else {}
    return {key: value for key, value in found.items() if key[:2] in asked}


def _mended(
    plan: Plan, one: Identified, now: datetime, ledger: Ledger | None, kept: bytes | None
) -> MendLine:
    path = one.incoming.path
    [judged] = judge(plan, one.period, [(one.submission, one.rows)])
    if one.submission.lender:  # the rows that it was never asked for are not gone
        left = tuple(found for found in judged.findings if found.code != FindingCode.ITEM_MISSING)
        judged = replace(judged, findings=left)
    told = values_of(judged.records, judged.findings)
    values = {**_own(plan, one, judged, ledger), **told}
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
    order = poured(plan, one, replace(issued, rows=rows), sent, placed, now, kept)
    target = _free(path, text("artefacts.mended_file", plan.language))
    write_bytes(target, form_workbook(order))
    leftovers = order.sent_back.leftovers if order.sent_back else ()
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    answers = sum((form, field) in entered and (form, item) in asked for form, item, field in told)
    findings = order.sent_back.findings if order.sent_back else ()
    return MendLine(path, one.department, target, answers, tuple(leftovers), tuple(findings))


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
