"""What is known when a round is worked at: which returns count, and what earlier rounds found out.

The table `records` says what was known before the rounds. What departments answered since stands in the ledger, and
nobody needs to copy it: the plan of a round knows both. Where both speak of one cell the table counts, and it is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.fields.reading import convert, shown
from xlplan.form.compare.stamp import FormsNow, outdated
from xlplan.form.issuing import rows_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan with the answers of earlier rounds among its records, and what is told of them."""

    plan: Plan
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownRound:
    """How a round stands.

    Attributes:
        plan: The plan as it is known in the round (`plan_then`).
        period: The round.
        issued: The latest issue of each department, by its id.
        receipts: The latest return of each department that answers what was issued last, by its id.
        findings: What is to be told of the answers of earlier rounds.
    """

    plan: Plan
    period: Period
    issued: Mapping[str, Issued]
    receipts: Mapping[str, Receipt]
    findings: tuple[Finding, ...]


def known_round(plan: Plan, ledger: Ledger, period: Period, *, records: bool = True) -> KnownRound:
    """What the ledger knows of a round.

    Args:
        plan: The plan as its tables have it.
        ledger: The ledger.
        period: The round.
        records: Whether the receipts' records are wanted, which take long.
    """
    known = plan_then(plan, ledger, period)
    issued = ledger.issued(period.id)
    receipts = still_counting(ledger, ledger.latest(period.id, records=records), issued)
    return KnownRound(known.plan, period, issued, receipts, known.findings)


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


def changed_since(
    plan: Plan, period: Period, issued: Mapping[str, Issued], forms: FormsNow
) -> tuple[Department, ...]:
    """The departments of whom the plan would ask something else now than what was issued to them last.

    Args:
        plan: The plan as it is known in the round (`plan_then`).
        period: The round.
        issued: The latest issue of each department, by its id.
        forms: What the forms of the period ask as the plan stands (`forms.forms_now`).
    """
    return tuple(
        department
        for department in plan.answering(period)
        if (sent := issued.get(department.id))
        and not (forms.asked_in(sent) and sent.rows == rows_of(plan, period, department))
    )


def plan_then(plan: Plan, ledger: Ledger | None, period: Period) -> Earlier:
    """The plan as it is known in a round: with the answers accepted in the rounds before it.

    Args:
        plan: The plan as its tables have it.
        ledger: The ledger, None where nothing was ever issued.
        period: The round.

    Returns:
        The plan with those answers among its records, and what is to be told of them.
    """
    if ledger is None:
        return Earlier(plan)
    begun = ledger.periods_issued()
    before = [known.id for known in plan.periods_until(period)[:-1] if known.id in begun]
    rounds = {name: still_counting(ledger, ledger.latest(name), ledger.issued(name)) for name in before}
    return _with_answers(plan, rounds)


def need_office_values(plan: Plan, period: Period) -> None:
    """Stop where the office has left blank what it must say of this period's items before issuing.

    Raises:
        UsageError: it has; the items and columns are named.
    """
    blanks = [
        (field, item)
        for form in plan.forms
        if not form.is_open
        for field in form.fields
        if field.filled_by is FilledBy.OFFICE and field.required is True
        for item in plan.items_of(period)
        if field.id not in plan.known(form.id, period.id, item.id)
    ]
    if blanks:
        raise UsageError(ErrorKey.OFFICE_BLANK, **_named(plan, period, blanks))


def _named(plan: Plan, period: Period, blanks: list[tuple[Field, Item]]) -> dict[str, object]:
    labels = dict.fromkeys(field.label for field, _ in blanks)
    items = list(dict.fromkeys(item.id for _, item in blanks))
    return {
        "period": period.label,
        "id": period.id,
        "labels": joined(labels, plan.language),
        "count": len(items),
        "items": joined(listed(items), plan.language),
    }


def _with_answers(plan: Plan, rounds: Mapping[str, Mapping[str, Receipt]]) -> Earlier:
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
