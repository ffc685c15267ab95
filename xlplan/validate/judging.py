"""Judging returns: the sheets of each compared with what was issued, the rows of all validated at once.

One return is a batch of one. What comes out, by return: findings and records (converted values).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.form.compare.formulas import Formulas, guide_findings, lost_findings
from xlplan.form.compare.prefilled import prefilled_changes
from xlplan.form.compare.rows import Matched, foreign_rows, match_rows
from xlplan.form.layout.entry import EntryLayout
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.form import Form
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import RecordRow, ReturnedForm, Submission
from xlplan.validate.places import Place, Taken


@dataclass(frozen=True, slots=True)
class Judged:
    """One return, judged."""

    submission: Submission
    findings: tuple[Finding, ...]
    records: tuple[RecordRow, ...]


def judge(
    plan: Plan,
    period: Period,
    batch: Sequence[tuple[Submission, Mapping[str, tuple[IssuedRow, ...]]]],
    taken: Taken | None = None,
) -> list[Judged]:
    """Judge returns of one period together with the rows that were issued to each."""
    from xlplan.validate.batch import Batch

    foreign = [_foreign(submission, issued, plan, period) for submission, issued in batch]
    findings: list[list[Finding]] = [
        [other] if other else list(submission.findings)
        for other, (submission, _) in zip(foreign, batch, strict=True)
    ]
    records: list[list[RecordRow]] = [[] for _ in batch]
    formulas = Formulas.of(plan, period)
    for at, (submission, _) in enumerate(batch):
        if not foreign[at]:
            findings[at] += guide_findings(submission, formulas.issued(submission), plan)
    for form in plan.forms:
        places: list[Place] = []
        layout = EntryLayout(form, plan, period, 0)  # only its columns are asked for
        for at, (submission, issued) in enumerate(batch):
            returned = next((one for one in submission.forms if one.form == form.id), None)
            if returned is None or foreign[at]:
                continue
            rows = issued.get(form.id, ())
            matched = match_rows(returned, rows, layout)
            findings[at] += matched.findings
            findings[at] += returned.findings
            findings[at] += lost_findings(returned, matched, layout, formulas.issued(submission).get(form.id))
            findings[at] += prefilled_changes(returned, matched, layout)
            findings[at] += _missing_columns(returned, form)
            places += _places(at, returned, matched)
        if places:
            owners = [submission.stamp.department for submission, _ in batch]
            judged = Batch(form, plan, period, places, taken or {}, owners)
            for at, finding in judged.findings():
                findings[at].append(finding)
            for at, record in judged.records():
                records[at].append(record)
    return [
        Judged(submission, tuple(_placed(one, submission) for one in found), tuple(kept))
        for (submission, _), found, kept in zip(batch, findings, records, strict=True)
    ]


def _foreign(
    submission: Submission, issued: Mapping[str, tuple[IssuedRow, ...]], plan: Plan, period: Period
) -> Finding | None:
    """The one finding of a return in which a form holds another department's rows."""
    for form in submission.forms:
        which = plan.form(form.form)
        if which is None or which.is_open:  # its rows are numbers, not items
            continue
        other = foreign_rows(form, issued.get(form.form, ()), plan, period)
        if other:
            owner = plan.department(submission.stamp.department)
            params = {"found": other.name, "expected": owner.name if owner else submission.stamp.department}
            return Finding(FindingCode.OTHER_DEPARTMENT, form=form.form, sheet=form.sheet, params=params)
    return None


def _placed(finding: Finding, submission: Submission) -> Finding:
    return told_of(finding, submission.file, submission.stamp.department, submission.stamp.period)


def _places(at: int, returned: ReturnedForm, matched: Matched) -> Iterator[Place]:
    return (Place(at, returned, issued, row) for issued, row in matched.rows if row is not None)


def _missing_columns(returned: ReturnedForm, form: Form) -> Iterator[Finding]:
    """The columns that are gone, and those of which there are two: which one is meant is not for us to guess."""
    for name in returned.missing:
        if name not in returned.twice:
            params = {"label": form.by_id[name].label}
            yield _of_column(FindingCode.COLUMN_MISSING, returned, name, params)
    for name, letters in returned.twice.items():
        which = {"label": form.by_id[name].label, "columns": letters}
        yield _of_column(FindingCode.COLUMN_TWICE, returned, name, which)


def _of_column(code: FindingCode, returned: ReturnedForm, name: str, params: Mapping[str, object]) -> Finding:
    return Finding(
        code,
        form=returned.form,
        sheet=returned.sheet,
        field=name,
        params=params,
    )
