"""What earlier rounds found out, among the records of the plan.

The table `records` says what was known before the rounds. What departments answered since stands in the ledger, and
nobody needs to copy it: the plan of a round knows both. Where both speak of one cell the table counts, and it is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.fields.reading import convert, shown
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Field, Form
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan with the answers of earlier rounds among its records, and what is told of them."""

    plan: Plan
    findings: tuple[Finding, ...] = ()


def with_answers(plan: Plan, rounds: Mapping[str, Mapping[str, Receipt]]) -> Earlier:
    """The plan with what was accepted in these rounds.

    `rounds` are, by period id, the latest returns by department id, of those that answer what was issued last.

    Returns:
        The plan, and what is told of the answers.
    """
    findings: list[Finding] = []
    for period in plan.periods:
        if period.id in rounds:
            plan, findings_of_round = _with_round(plan, period, rounds[period.id])
            findings += findings_of_round
    return Earlier(plan, tuple(findings))


def _with_round(
    plan: Plan, period: Period, receipts: Mapping[str, Receipt]
) -> tuple[Plan, Iterator[Finding]]:
    accepted = {
        department_id: receipt
        for department_id, receipt in receipts.items()
        if receipt.state is ReceiptState.ACCEPTED
    }
    merging = _Merging(plan, period)
    for department_id, receipt in accepted.items():
        for record in receipt.records:
            form = plan.form(record.form)
            if form and form.is_open:
                merging.add_line(form, department_id, receipt, record)
            elif form:
                merging.add(form, receipt, record)
    waiting = [department for department in plan.answering(period) if department.id not in accepted]
    return merging.plan, merging.findings(waiting)


class _Merging:
    """One earlier round: its records in the definition, and the answers that were added to them."""

    def __init__(self, plan: Plan, period: Period) -> None:
        self._plan, self._period = plan, period
        self._merged: dict[tuple[str, str], Record] = {}  # by form and item
        self._lines: list[Record] = []
        self._taken: dict[str, None] = {}
        self._differing: list[tuple[str, str]] = []
        self._unknown: dict[str, None] = {}

    @property
    def plan(self) -> Plan:
        """The plan with all that was added."""
        if not self._merged and not self._lines:
            return self._plan
        left = dict(self._merged)
        kept = [
            left.pop((record.form, record.item), record) if record.period == self._period.id else record
            for record in self._plan.records
        ]
        return replace(self._plan, records=(*kept, *left.values(), *self._lines))

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
        before: Mapping[str, Value] = known.values if known else {}
        answers = self._answers(form, row)
        for name, value in answers.items():
            if name in before and before[name] != value:
                self._differs(form.by_id[name], item.id, before[name], value)
        new = {name: value for name, value in answers.items() if name not in before}
        if not new:
            return
        self._taken[item.id] = None
        self._merged[form.id, item.id] = self._record(
            form, receipt, row, item=item.id, values={**before, **new}
        )

    def add_line(self, form: Form, department: str, receipt: Receipt, row: RecordRow) -> None:
        """Add a row that a department added; where the table has rows of that round they are all of them.

        Args:
            form: An open form.
            department: Id of the department.
            receipt: The return in which it came.
            row: The row.
        """
        if self._plan.records_of(form.id, self._period.id):
            return
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
            params = {"period": period.label, "names": listed(missed)}
            yield Finding(FindingCode.EARLIER_OPEN, period=period.id, params=params)
        if self._differing:
            params = {"period": period.label, "cells": listed(self._differing)}
            yield Finding(FindingCode.EARLIER_DIFFERS, period=period.id, params=params)
        if self._unknown:
            params = {"period": period.label, "items": listed(list(self._unknown))}
            yield Finding(FindingCode.EARLIER_UNKNOWN, period=period.id, params=params)

    def _answers(self, form: Form, row: RecordRow) -> dict[str, Value]:
        """What the department said, in the words that the plan has by now."""
        found: dict[str, Value] = {}
        for field in form.entered:
            value = row.values.get(field.id)
            if value is None:
                continue
            read = convert(value, field, self._plan.choices_of(field), self._plan.years)
            found[field.id] = value if read.fault or read.value is None else read.value
        return found

    def _differs(self, field: Field, item: str, table: Value, answer: Value) -> None:
        words = (shown(value, field, self._plan.years) for value in (table, answer))
        self._differing.append((f"{item} {field.label}", " / ".join(words)))

    def _record(
        self, form: Form, receipt: Receipt, row: RecordRow, *, item: str, values: Mapping[str, Value]
    ) -> Record:
        source = (receipt.archive or receipt.file_name, row.sheet, row.row)
        place = (form.id, self._period.id, item)
        return Record(*place, values, source, attempt=receipt.attempt, sha256=receipt.sha256)

    def _known_of(self, department: Department) -> bool:
        """Whether the table itself says what a department answered about any of its items."""
        items = self._plan.items_of(self._period, department.id)
        return any(
            field.id in self._plan.known(form.id, self._period.id, item.id)
            for form in self._plan.forms
            for field in form.entered
            for item in items
        )
