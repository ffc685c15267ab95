"""What departments answered in a round that is over, as records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlplan.form.compare.stamp import outdated
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Form
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.report.records import Records
from xlplan.report.rows import Consolidation, known_rows
from xlplan.stages.later import in_words_of
from xlplan.store.ledger import Ledger


def still_counting(
    ledger: Ledger, receipts: Mapping[str, Receipt], issued: Mapping[str, Issued]
) -> dict[str, Receipt]:
    """The returns that answer what was issued last.

    After the plan has changed and was issued again, an answer to other questions is none.

    Args:
        ledger: The ledger, for issues that are not the last.
        receipts: The latest return of each department, by its id.
        issued: The latest issue of each department, by its id.

    Returns:
        Those of `receipts` that count, by department id.
    """
    counting = {}
    for department, receipt in receipts.items():
        latest = issued.get(department)
        sent = latest if latest and latest.id == receipt.issue else ledger.issue(receipt.issue)
        if latest and sent and not outdated(sent, latest):
            counting[department] = receipt
    return counting


@dataclass(frozen=True, slots=True)
class Answered:
    """The plan of a round with what was answered in it, and what is to be told of that."""

    plan: Plan
    findings: tuple[Finding, ...]


def answered(plan: Plan, period: Period, receipts: Mapping[str, Receipt], *, closed: bool) -> Answered:
    """The plan of a round with the answers that were accepted in it among its records.

    The table `records` says what the office gave. Where it speaks of what a department was asked, the answer counts;
    while the round is not closed it stands in for answers that are missing.

    Args:
        plan: The plan as it stood for the round.
        period: The round.
        receipts: The returns that count, by department id.
        closed: Whether the round is closed.

    Returns:
        The plan, its computed fields included, and what is told of departments whose answers are missing.
    """
    accepted = {
        department: receipt
        for department, receipt in receipts.items()
        if receipt.state is ReceiptState.ACCEPTED
    }
    merging = _Merging(plan, period, closed)
    for department, receipt in accepted.items():
        for record in receipt.records:
            form = plan.form(record.form)
            if form and form.is_open:
                merging.add_line(form, department, receipt, record)
            elif form:
                merging.add(form, receipt, record)
    waiting = [department for department in plan.answering(period) if department.id not in accepted]
    made = merging.plan
    return Answered(_with_computed(made, period), tuple(merging.findings(waiting)))


class _Merging:
    """One round: what the office gave, and the answers that were added to it."""

    def __init__(self, plan: Plan, period: Period, closed: bool) -> None:
        self._plan, self._period, self._closed = plan, period, closed
        self._merged: dict[tuple[str, str], Record] = {}  # by form and item
        self._lines: list[Record] = []
        self._taken: dict[str, None] = {}
        self._unknown: dict[str, None] = {}
        self._own: dict[str, list[Record]] = {}

    @property
    def plan(self) -> Plan:
        """The plan with all that was added."""
        other = [record for record in self._plan.records if record.period != self._period.id]
        own = [record for record in self._plan.records if record.period == self._period.id]
        answered = {record.form for record in self._lines}
        left = dict(self._merged)
        kept = []
        for record in own:
            form = self._plan.form(record.form)
            if form and form.is_open:
                if form.id not in answered and not self._closed:
                    kept.append(record)
            elif form:
                key = (record.form, record.item)
                kept.append(left.pop(key) if key in left else self._given(form, record))
        return replace(self._plan, records=(*other, *kept, *left.values(), *self._lines))

    def _given(self, form: Form, record: Record) -> Record:
        """A record of the table as it counts where no answer does: of a closed round what the office gave alone."""
        if not self._closed:
            return record
        given = {
            name: value
            for name, value in record.values.items()
            if name in form.by_id and form.by_id[name].of_office
        }
        return replace(record, values=given)

    def add(self, form: Form, receipt: Receipt, row: RecordRow) -> None:
        """Add the answer about one item.

        Args:
            form: A form with a row for each item.
            receipt: The return in which it came.
            row: The answer.
        """
        item = self._plan.item(row.item)
        if item is None:
            self._unknown[row.item] = None
            return
        known = self._plan.record(form.id, self._period.id, item.id)
        before = self._given(form, known).values if known else {}
        answers = self._answers(form, row)
        if not answers:
            return
        self._taken[item.id] = None
        values = {**before, **answers}
        self._merged[form.id, item.id] = self._record(form, receipt, row, item=item.id, values=values)

    def add_line(self, form: Form, department: str, receipt: Receipt, row: RecordRow) -> None:
        """Add a row that a department added.

        Args:
            form: An open form.
            department: Id of the department.
            receipt: The return in which it came.
            row: The row.
        """
        values = self._answers(form, row)
        about = self._plan.item_named(values.get(form.item_field.id)) if form.item_field else None
        made = self._record(form, receipt, row, item=about.id if about else "", values=values)
        self._lines.append(replace(made, department=department))

    def findings(self, waiting: Sequence[Department]) -> Iterator[Finding]:
        """What is told of the round. `waiting` are the departments of whom no answer was accepted."""
        period = self._period
        if self._taken or self._lines:
            params = {"period": period.label, "count": len(self._taken), "lines": len(self._lines)}
            yield Finding(FindingCode.EARLIER_TAKEN, period=period.id, params=params)
        if missed := [department.name for department in waiting if not self._known_of(department)]:
            code = FindingCode.EARLIER_EXCUSED if self._closed else FindingCode.EARLIER_OPEN
            params = {"period": period.label, "names": listed(missed)}
            yield Finding(code, period=period.id, params=params)
        if self._unknown:
            params = {"period": period.label, "items": listed(list(self._unknown))}
            yield Finding(FindingCode.EARLIER_UNKNOWN, period=period.id, params=params)

    def _answers(self, form: Form, row: RecordRow) -> dict[str, Value]:
        """What the department said, in the words that the plan had when the round was over."""
        found: dict[str, Value] = {}
        for field in form.entered:
            value = row.values.get(field.id)
            if value is not None:
                found[field.id] = in_words_of(self._plan, field, value)
        return found

    def _record(
        self, form: Form, receipt: Receipt, row: RecordRow, *, item: str, values: Mapping[str, Value]
    ) -> Record:
        source = (receipt.archive or receipt.file_name, row.sheet, row.row)
        place = (form.id, self._period.id, item)
        return Record(*place, values, source, attempt=receipt.attempt, sha256=receipt.sha256)

    def _known_of(self, department: Department) -> bool:
        """Whether the table itself says what a department answered about any of its items."""
        items = self._plan.items_of(self._period, department.id)
        return not self._closed and any(
            field.id in self._plan.known(form.id, self._period.id, item.id)
            for form in self._plan.forms
            for field in form.entered
            for item in items
        )


def _with_computed(plan: Plan, period: Period) -> Plan:
    """The plan with what the computed fields of a round came to among its records."""
    made = Consolidation(plan, period, plan.forms, (), (), (), False, datetime.min)
    found: dict[int, Mapping[str, Value]] = {}
    for form in plan.forms:
        computed = [field for field in form.fields if field.formula is not None]
        if not computed:
            continue
        rows = tuple(known_rows(plan, form, plan.periods_until(period)))
        records = Records(replace(made, rows=rows), form, rows)
        for at, row in enumerate(rows):
            if row.period.id == period.id and row.record is not None:
                values = {field.id: records.computed(field)[at] for field in computed}
                found[id(row.record)] = {name: value for name, value in values.items() if value is not None}
    if not found:
        return plan
    return replace(
        plan,
        records=tuple(
            replace(record, values={**record.values, **found[id(record)]}) if id(record) in found else record
            for record in plan.records
        ),
    )
