"""Judging answers that were recorded, or rows made up: the checks of each form, asked of values by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlplan.form.layout.entry import EntryLayout
from xlplan.model.finding import Finding, told_of
from xlplan.model.form import Form
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import RecordRow, ReturnedForm, ReturnedRow
from xlplan.validate.places import ReturnPlace


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that were recorded: whose, what they are, and what was asked, by form id."""

    department: str
    records: tuple[RecordRow, ...]
    rows: Mapping[str, tuple[IssuedRow, ...]]


def judge_records(plan: Plan, period: Period, batch: Sequence[Answers]) -> list[tuple[Finding, ...]]:
    """Ask the checks of recorded answers of one period: what fails in each, in the order of the batch.

    Args:
        plan: The plan.
        period: The period of the round.
        batch: The answers of all departments whose unique values count.

    Returns:
        The findings of checks, at the cells in which the answers stood; not how those were read.
    """
    from xlplan.validate.batch import Batch  # late: pandas and pandera

    plan = plan.asked_in(period)
    findings: list[list[Finding]] = [[] for _ in batch]
    owners = [answers.department for answers in batch]
    for form in plan.forms:
        layout = EntryLayout(form, plan, period, 0)  # only its columns are asked for
        places = [place for at, answers in enumerate(batch) for place in _recorded(at, answers, layout)]
        for at, finding in Batch(form, plan, period, places, {}, owners).of_checks() if places else ():
            findings[at].append(told_of(finding, "", owners[at], period.id))
    return [tuple(found) for found in findings]


def _recorded(at: int, answers: Answers, layout: EntryLayout) -> Iterator[ReturnPlace]:
    """The rows of one form that were recorded, where they stood in the return."""
    form = layout.form
    asked = {row.item: row for row in answers.rows.get(form.id, ())}
    columns = {field.id: layout.field_column(field).letters for field in form.entered}
    for record in answers.records:
        row = IssuedRow(record.item, {}, {}) if form.is_open else asked.get(record.item)
        if record.form == form.id and row is not None:
            values = tuple(record.values.get(field.id) for field in form.entered)
            returned = ReturnedForm(form.id, record.sheet, columns, ())
            yield ReturnPlace(at, returned, row, ReturnedRow(record.item, record.row, values))


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is judged by itself: whose, what was asked in it, and its values by field id."""

    department: str
    asked: IssuedRow
    values: Mapping[str, Value]


def judge_rows(plan: Plan, form: Form, period: Period, rows: Sequence[Row]) -> list[tuple[Finding, ...]]:
    """Ask the checks of a form of rows, each as if it were a return by itself.

    Args:
        plan: The plan.
        form: The form as it is asked.
        period: The period of the round.
        rows: The rows. Values that must be unique are held against those of the others.

    Returns:
        The findings of checks in each row, in the order given.
    """
    from xlplan.validate.batch import Batch  # late: pandas and pandera

    columns = {field.id: "A" for field in form.entered}
    returned = ReturnedForm(form.id, "", columns, ())
    places = []
    for at, row in enumerate(rows):
        values = tuple(row.values.get(field.id) for field in form.entered)
        places.append(ReturnPlace(at, returned, row.asked, ReturnedRow(row.asked.item, 0, values)))
    findings: list[list[Finding]] = [[] for _ in rows]
    if places:
        owners = [row.department for row in rows]
        for at, finding in Batch(form, plan, period, places, {}, owners).of_checks():
            findings[at].append(finding)
    return [tuple(found) for found in findings]
