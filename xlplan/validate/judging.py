"""Judging returns: the sheets of each compared with what was issued, the rows of all validated at once.

One return is a batch of one. What comes out, by return: findings and records (converted values).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.form.compare.alterations import Formulas, guide_findings, lost_findings, prefilled_changes
from xlplan.form.compare.rows import Matched, foreign_rows, match_rows
from xlplan.form.layout.entry import EntryLayout
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, FindingKey, told_of
from xlplan.model.form import Form
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import RecordRow, ReturnedForm, Submission
from xlplan.validate.places import ReturnPlace, Taken


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
    allowed: Collection[FindingKey] = (),
) -> list[Judged]:
    """Judge returns of one period: a verdict for each, in the order of the batch.

    Args:
        plan: The plan.
        period: The period of the round.
        batch: The returns, each with the rows that were issued to it, by form id.
        taken: The values of unique fields that returns outside the batch have taken.
        allowed: The findings that the office ever let stand: the checks of their cells were written otherwise.
    """
    plan = plan.asked_in(period)
    foreign = [_foreign(submission, issued, plan, period) for submission, issued in batch]
    findings: list[list[Finding]] = [
        [other] if other else list(submission.findings)
        for other, (submission, _) in zip(foreign, batch, strict=True)
    ]
    records: list[list[RecordRow]] = [[] for _ in batch]
    formulas, owners = Formulas.of(plan, period), [submission.stamp.department for submission, _ in batch]
    ours = [at for at, other in enumerate(foreign) if not other]
    for at in ours:
        findings[at] += guide_findings(batch[at][0], formulas.issued(batch[at][0]), plan)
    for form in plan.forms:
        layout = EntryLayout(form, plan, period, 0)  # only its columns are asked for
        places: list[ReturnPlace] = []
        for at in ours:
            there, compared = _compared(at, *batch[at], layout, formulas, allowed)
            places += there
            findings[at] += compared
        if places:
            _ask_checks(form, plan, period, places, taken or {}, owners, findings, records)
    return [
        Judged(submission, tuple(_placed(finding, submission) for finding in found), tuple(kept))
        for (submission, _), found, kept in zip(batch, findings, records, strict=True)
    ]


def _compared(
    at: int,
    submission: Submission,
    issued: Mapping[str, tuple[IssuedRow, ...]],
    layout: EntryLayout,
    formulas: Formulas,
    allowed: Collection[FindingKey],
) -> tuple[list[ReturnPlace], list[Finding]]:
    """The rows of one form of a return that are ours, and how it differs from what was issued."""
    form = layout.form
    returned = next((sheet for sheet in submission.forms if sheet.form == form.id), None)
    if returned is None:
        return [], []
    matched = match_rows(returned, issued.get(form.id, ()), layout)
    findings = [
        *matched.findings,
        *returned.findings,
        *lost_findings(returned, matched, layout, formulas.issued(submission).get(form.id), allowed),
        *prefilled_changes(returned, matched, layout),
        *_missing_columns(returned, form),
    ]
    return list(_places(at, returned, matched)), findings


def _ask_checks(
    form: Form,
    plan: Plan,
    period: Period,
    places: Sequence[ReturnPlace],
    taken: Taken,
    owners: Sequence[str],
    findings: Sequence[list[Finding]],
    records: Sequence[list[RecordRow]],
) -> None:
    """Ask the checks of one form of all its rows at once; what is found and read is added to each return's lists."""
    from xlplan.validate.batch import Batch

    judged = Batch(form, plan, period, places, taken, owners)
    for at, finding in judged.findings():
        findings[at].append(finding)
    for at, record in judged.records():
        records[at].append(record)


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


def _places(at: int, returned: ReturnedForm, matched: Matched) -> Iterator[ReturnPlace]:
    return (ReturnPlace(at, returned, issued, row) for issued, row in matched.rows if row is not None)


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
