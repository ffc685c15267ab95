"""Mend: the values of a damaged or rearranged return, in a fresh form. Nothing is recorded."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.form.issuing import prepare
from xlplan.form.read.intake import Incoming, take_in
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
from xlplan.stages.define import existing_ledger, moment, owner_named, usable
from xlplan.stages.forms import kept_file
from xlplan.stages.identify import RoundContext
from xlplan.stages.mailed import OpenedFiles
from xlplan.stages.refill import refilled, rows_again, values_of
from xlplan.stages.returns import Identified
from xlplan.stages.years import Years
from xlplan.store.counting import ever_allowed
from xlplan.store.files import write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.progress import Activity, counted
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


@dataclass(frozen=True, slots=True)
class MendLine:
    """One file, and the fresh form that holds its values.

    Attributes:
        path: The file.
        department: Whose return it is; None where it is none.
        mended: The fresh form, beside the file; None where it is no return.
        answers: How many answers the fresh form holds.
        leftovers: What stood in the file and has no place in the form.
        findings: What is wrong with it.
    """

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
    """What was mended.

    Attributes:
        plan: The plan.
        lines: One for each file, in the order given.
    """

    plan: Plan
    lines: tuple[MendLine, ...]


def mend(
    space: Workspace,
    files: Sequence[Path],
    *,
    period: str | None = None,
    department: str | None = None,
    passwords: Sequence[str] = (),
    now: datetime | None = None,
) -> MendResult:
    """Write the values of each file into a fresh form beside it.

    Args:
        space: The folder of the plan.
        files: The damaged or rearranged returns, or mails and zips with some in them.
        period: The round of which they must be: an id, a label, or a fiscal year. Each file's own where None; with a
            `department` the one that was issued last.
        department: The id or name of the department whose returns they are, also where a workbook no longer says so.
        passwords: What may open a zip that is locked.
        now: The moment that the fresh forms bear; the clock's where None.

    Raises:
        UsageError: no such period or department.
    """
    created = moment(now)
    definition = usable(space)
    with existing_ledger(space) or nullcontext() as ledger:
        wanted, plan = Years(definition, ledger).meant(period, wanted=bool(period or department))
        owner = owner_named(plan, wanted, department)
        context = RoundContext.of(space, plan, wanted, owner, ledger)
        opened = OpenedFiles.opened(plan, files, passwords)
        lines = [MendLine(path, findings=told) for path, told in opened.told()]
        read = take_in(opened.sources(), plan, context.assumed)
        for file in counted(Activity.MENDING, read, space.on_progress):
            found = _identified(context, file)
            if isinstance(found, Finding):
                lines.append(MendLine(file.path, findings=(found,)))
            else:
                kept = kept_file(space, found.answers or found.issued)
                lines.append(_mended(plan, found, created, ledger, kept))
    return MendResult(plan, tuple(lines))


def _identified(context: RoundContext, file: Incoming) -> Identified | Finding:
    """Whose file it is, also of an earlier issue; or the finding why it cannot be mended."""
    found = context.identify(file, heirs=True)
    if isinstance(found, Finding) and found.code == FindingCode.OTHER_ISSUE:
        found = context.identify_earlier(file) or found
    return _with_places(found) if isinstance(found, Identified) else found


def _with_places(found: Identified) -> Identified | Finding:
    """The same; a finding where its items are another department's now, whose form does not have them yet."""
    written = {fold(row.item) for form in found.submission.forms for row in form.rows}
    asked = {fold(row.item) for rows in found.rows.values() for row in rows}
    if not found.submission.lender or written & asked:
        return found
    params = {"department": found.department.name, "period": found.period.id}
    return told_of(Finding(FindingCode.MOVED_NOT_ISSUED, params=params), found.incoming.path.name)


def _own(plan: Plan, found: Identified, verdict: Judged, ledger: Ledger | None) -> Values:
    """What the department has answered itself about its other items, where another's form tells of a part only."""
    if ledger is None or not found.submission.lender:
        return {}
    receipts = ledger.attempts(found.period.id, found.department.id)
    answered = {(record.form, record.item) for record in verdict.records}
    asked = {(form, row.item) for form, rows in found.rows.items() for row in rows} - answered
    values = values_of(receipts[-1].records, receipts[-1].findings) if receipts else {}
    return {key: value for key, value in values.items() if key[:2] in asked}


def _mended(
    plan: Plan, found: Identified, now: datetime, ledger: Ledger | None, kept: bytes | None
) -> MendLine:
    """Write the fresh form of a return; `kept` is the workbook that was issued, None where that is gone."""
    path, submission = found.incoming.path, found.submission
    allowed = ever_allowed(ledger) if ledger else ()
    [verdict] = judge(plan, found.period, [found.held], allowed=allowed)
    if submission.lender:  # the rows that it was never asked for are not gone
        left = tuple(finding for finding in verdict.findings if finding.code != FindingCode.ITEM_MISSING)
        verdict = replace(verdict, findings=left)
    written = values_of(verdict.records, verdict.findings)
    sent = SentBack(
        0,
        {**_own(plan, found, verdict, ledger), **written},
        verdict.findings,
        submission.respondent,
        submission.approver,
        mended_from=path.name,
    )
    issued = found.issued or _as_issued(plan, found, now)
    rows = rows_again(plan, found.period, issued.rows, verdict.records)
    asked = {(form, row.item) for form, form_rows in rows.items() for row in form_rows}
    placed = [record for record in verdict.records if (record.form, record.item) in asked]
    order = refilled(plan, found, replace(issued, rows=rows), sent, placed, now, kept)
    target = _free(found.incoming.place, text("artefacts.mended_file", plan.language))
    write_bytes(target, form_workbook(order))
    leftovers = order.sent_back.leftovers if order.sent_back else ()
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    answers = sum((form, field) in entered and (form, item) in asked for form, item, field in written)
    findings = order.sent_back.findings if order.sent_back else ()
    return MendLine(path, found.department, target, answers, tuple(leftovers), tuple(findings))


def _as_issued(plan: Plan, found: Identified, now: datetime) -> Issued:
    """The issue that the file's stamp names, where no ledger knows it."""
    issued, _ = prepare(plan, found.period, found.department, None, now)
    return replace(issued, id=found.submission.stamp.issue)


def _free(path: Path, word: str) -> Path:
    """A name beside `path` that no file has."""
    target, number = path.with_name(f"{path.stem}_{word}.xlsx"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}_{word}{number}.xlsx")
    return target
