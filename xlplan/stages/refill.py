"""A department's answers poured into a fresh form, with what has no place in it listed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from xlplan.form.issuing import Rows, open_rows, order_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.read.child import once
from xlplan.form.read.leftovers import leftovers
from xlplan.form.read.otherformats import unlocked
from xlplan.form.write.order import Order, SentBack, Values
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, given_away, told_of
from xlplan.model.issue import Issued
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Leftover, RecordRow, Submission
from xlplan.stages.identify import Identified


def values_of(records: Sequence[RecordRow], findings: Sequence[Finding]) -> Values:
    """What goes back into the cells of a fresh form, by form, item and field."""
    # an error value written back would be an ordinary text to the sheet's own checks
    errors = {
        (found.form, found.item, found.field) for found in findings if found.code == FindingCode.ERROR_VALUE
    }
    return {
        key: value
        for record in records
        for name, value in record.values.items()
        if (key := (record.form, record.item, name)) not in errors
    }


def rows_again(plan: Plan, period: Period, issued: Rows, records: Sequence[RecordRow]) -> Rows:
    """The rows that were issued; of an open form more, where the department added more."""
    rows = dict(issued)
    for form in (form for form in plan.forms if form.is_open):
        known = {row.item for row in rows.get(form.id, ())}
        used = {record.item for record in records if record.form == form.id}
        if used - known:
            rows[form.id] = open_rows(form, least=len(known | used))
    return rows


def poured(
    plan: Plan,
    one: Identified,
    issued: Issued,
    sent: SentBack,
    records: Sequence[RecordRow],
    created: datetime,
    kept: bytes | None,
) -> Order:
    """The fresh form with the answers of `sent`, and what else stood in the return.

    `kept` is the workbook that was issued, None where that is gone.
    """
    blank = order_of(plan, one.period, one.department, issued, created=created)
    asked = order_of(plan, one.period, one.department, one.answers, created=created) if one.answers else blank
    look = partial(
        _left,
        pristine=(form_workbook(asked), *((kept,) if kept else ())),
        submission=one.submission,
        records=tuple(records),
        layouts=blank.layouts(),
    )
    name, data = one.incoming.path.name, one.incoming.data
    alone = one.submission.unmeasured
    left = _left_alone(look, name, data, plan.language) if alone else look(name, data)
    findings = (*sent.findings, *_given_away(left, one))
    return replace(blank, sent_back=replace(sent, leftovers=left, findings=findings))


def _given_away(left: Sequence[Leftover], one: Identified) -> Iterator[Finding]:
    """Warnings of numbers and addresses of persons in what had no place, which is listed as it was typed."""
    stamp = one.submission.stamp
    known = {(found.code, found.sheet, found.cell) for found in one.submission.findings}
    for each in left:
        for found in given_away(each.value, each.heading or each.sheet, each.sheet, each.cell):
            if (found.code, found.sheet, found.cell) not in known:
                yield told_of(found, one.submission.file, stamp.department, stamp.period)


def _left(
    _: str,
    data: bytes,
    *,
    pristine: Sequence[bytes],
    submission: Submission,
    records: Sequence[RecordRow],
    layouts: Sequence[EntryLayout],
) -> tuple[Leftover, ...]:
    inside = unlocked(data) if submission.locked else None
    return leftovers(inside or data, pristine, submission, records, layouts)


def _left_alone(
    look: Callable[[str, bytes], tuple[Leftover, ...]], name: str, data: bytes, language: str
) -> tuple[Leftover, ...]:
    """The leftovers of a file that only a process with limits may parse."""
    try:
        return once(look, name, data)
    except OSError:
        return (Leftover(name, "", "", "", text("artefacts.leftovers.unreadable", language)),)
