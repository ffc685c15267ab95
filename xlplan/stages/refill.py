"""A department's answers in a fresh form, with what has no place in it listed: sent back, mended, issued again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from xlplan.fields.cells import as_text
from xlplan.form.allowed import allowed_cells
from xlplan.form.compare.stamp import outdated
from xlplan.form.issuing import Rows, open_rows, order_of, sent_back_file
from xlplan.form.layout.entry import EntryLayout
from xlplan.form.read.child import once
from xlplan.form.read.leftovers import leftovers
from xlplan.form.read.otherformats import unlocked
from xlplan.form.write.order import Given, Order, SentBack, Values
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.language.privacy import MASK
from xlplan.model.codes import FindingCode
from xlplan.model.decision import DecisionKind
from xlplan.model.finding import Finding, given_away, item_shown, told_of
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.numbering import Numbering
from xlplan.model.plan import Plan
from xlplan.model.progress import compared
from xlplan.model.submission import Leftover, Receipt, ReceiptState, RecordRow, Submission
from xlplan.stages.forms import kept_file
from xlplan.stages.returns import Identified
from xlplan.store.counting import Decided, sent_back_before
from xlplan.store.files import write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


def values_of(records: Sequence[RecordRow], findings: Sequence[Finding]) -> Values:
    """What goes back into the cells of a fresh form, by form, item and field."""
    # an error value written back would be an ordinary text to the sheet's own checks
    errors = {
        (finding.form, finding.item, finding.field)
        for finding in findings
        if finding.code == FindingCode.ERROR_VALUE
    }
    return {
        key: value
        for record in records
        for name, value in record.values.items()
        if (key := (record.form, record.item, name)) not in errors
    }


def rows_again(plan: Plan, period: Period, issued: Rows, records: Sequence[RecordRow]) -> Rows:
    """The rows that were issued; of an open form more, where the department added more.

    Args:
        plan: The plan.
        period: The round.
        issued: The rows that were issued, by form id.
        records: The values of the return.
    """
    rows = dict(issued)
    for form in (form for form in plan.forms if form.is_open):
        known = {row.item for row in rows.get(form.id, ())}
        used = {record.item for record in records if record.form == form.id}
        if used - known:
            rows[form.id] = open_rows(form, least=len(known | used))
    return rows


def refilled(
    plan: Plan,
    found: Identified,
    issued: Issued,
    sent: SentBack,
    records: Sequence[RecordRow],
    created: datetime,
    kept: bytes | None,
) -> Order:
    """The fresh form of a return, with its answers and what else stood in it.

    Args:
        plan: The plan.
        found: The return.
        issued: The issue that the fresh form is of, with the rows that it is to have.
        sent: The answers that go into it, and what is told of them.
        records: The values of the return that have a place in the fresh form.
        created: The moment that the form bears.
        kept: The workbook that was issued, None where that is gone.
    """
    blank = order_of(plan, found.period, found.department, issued, created=created)
    asked = blank
    if found.answers:
        asked = order_of(plan, found.period, found.department, found.answers, created=created)
    look = partial(
        _left,
        pristine=(form_workbook(asked), *((kept,) if kept else ())),
        submission=found.submission,
        records=tuple(records),
        layouts=blank.layouts(),
    )
    name, data = found.incoming.path.name, found.incoming.data
    alone = found.submission.unmeasured
    left = _left_alone(look, name, data, plan.language) if alone else look(name, data)
    findings = (*sent.findings, *_given_away(left, found, sent.findings))
    return replace(blank, sent_back=replace(sent, leftovers=left, findings=findings))


@dataclass(frozen=True, slots=True)
class SendingBack:
    """What makes the workbooks that go back in a round.

    Attributes:
        space: The folder of the plan.
        plan: The plan.
        ledger: The ledger.
        decided: What the office decided in the round.
        numbering: The numbers of its findings.
    """

    space: Workspace
    plan: Plan
    ledger: Ledger
    decided: Decided
    numbering: Numbering

    def written(self, found: Identified, receipt: Receipt) -> tuple[Path, tuple[Finding, ...]]:
        """Write the workbook that goes back for a return into the outbox.

        Args:
            found: The return.
            receipt: Its receipt, as it stands, with the values and findings.

        Returns:
            Where the workbook is, and the findings of what had no place in the form.

        Raises:
            ValueError: nothing was issued to the department.
            FileError: the workbook cannot be written.
        """
        data, left = self.book(found, receipt)
        path = sent_back_path(self.space, self.plan, found.period, found.department, receipt.attempt)
        write_bytes(path, data)
        return path, left

    def book(self, found: Identified, receipt: Receipt) -> tuple[bytes, tuple[Finding, ...]]:
        """The same form with the department's own values, its findings, and the office's words where it has some.

        Args:
            found: The return.
            receipt: Its receipt, as it stands, with the values and findings.

        Returns:
            The workbook, and the findings of what had no place in the form.

        Raises:
            ValueError: nothing was issued to the department.
        """
        if found.issued is None:
            raise ValueError(receipt)
        asked_again = replace(
            found.issued, rows=rows_again(self.plan, found.period, found.rows, receipt.records)
        )
        sent = SentBack(
            receipt.attempt,
            values_of(receipt.records, receipt.findings),
            receipt.findings,
            found.submission.respondent,
            found.submission.approver,
            words=_words(receipt),
        )
        kept = kept_file(self.space, found.issued)
        order = refilled(self.plan, found, asked_again, sent, receipt.records, receipt.received_at, kept)
        sent = order.sent_back or sent
        left = self.numbering.numbered(sent.findings[len(receipt.findings) :])
        findings = (*receipt.findings, *self.decided.allowed(left))
        before = sent_back_before(self.ledger, self.decided, receipt)
        progress = compared(before.findings, findings) if before else None
        order = replace(order, sent_back=replace(sent, findings=findings, compared=progress))
        order = with_allowed(order, self.decided, replace(receipt, findings=findings))
        return form_workbook(order), left


def with_allowed(order: Order, decided: Decided, receipt: Receipt | None) -> Order:
    """A department's form with the cells at which the office lets findings stand.

    Args:
        order: The form.
        decided: What the office decided in the round.
        receipt: The department's return that counts, as it stands; None where there is none.
    """
    lasting = decided.whatever_value(order.department.id) if order.department else ()
    found = (receipt.findings, receipt.records) if receipt else ((), ())
    return replace(order, allowed=allowed_cells(order.plan, order.period, *found, lasting))


def _words(receipt: Receipt) -> str:
    """What the office says to the department: why it sent the return back. Its other reasons are its own."""
    decision = receipt.decision
    return decision.reason if decision and decision.kind is DecisionKind.SEND_BACK else ""


def sent_back_path(
    space: Workspace, plan: Plan, period: Period, department: Department, attempt: int
) -> Path:
    """Where the workbook lies that goes back for a return.

    Args:
        space: The folder.
        plan: The plan, whose language names the file.
        period: The round.
        department: Whose return it is.
        attempt: Which return of the department it is, from 1.

    Returns:
        The path, whether or not a file is there.
    """
    word = text("artefacts.sent_back_file", plan.language)
    return space.outbox(period.id) / sent_back_file(period, department, attempt, word)


def _given_away(left: Sequence[Leftover], found: Identified, before: Sequence[Finding]) -> Iterator[Finding]:
    """Warnings of numbers and addresses of persons in what had no place, which is listed as it was typed.

    But for those that were found `before`.
    """
    submission, stamp = found.submission, found.submission.stamp
    known = {(finding.code, finding.sheet, finding.cell) for finding in (*submission.findings, *before)}
    for leftover in left:
        heading = leftover.heading or leftover.sheet
        for finding in given_away(leftover.value, heading, leftover.sheet, leftover.cell):
            if (finding.code, finding.sheet, finding.cell) not in known:
                yield told_of(finding, submission.file, stamp.department, stamp.period)


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


@dataclass(frozen=True, slots=True)
class Answered:
    """The latest returns of a round by department, and what each answered, as the ledger knows them."""

    ledger: Ledger
    latest: Mapping[str, Receipt]

    def filled_in(self, order: Order, issued: Issued) -> Order:
        """The form with what its department said of its rows, or with what another said whose items they were."""
        own = self.latest.get(issued.department)
        records = own.records if own else ()
        rows = rows_again(order.plan, order.period, order.rows, records)
        asked = {(form, row.item) for form, form_rows in rows.items() for row in form_rows}
        moved = self._moved(order.plan, issued.department, asked)
        if not records and not moved:
            return order
        answers = {**values_of(moved, ()), **values_of(records, own.findings if own else ())}
        entered = {(form.id, field.id) for form in order.plan.forms for field in form.entered}
        values = {
            (form, item, field): value
            for (form, item, field), value in answers.items()
            if (form, item) in asked and (form, field) in entered
        }
        given = Given(values, leftovers=tuple(self._left(order, records, asked)), own=False)
        if own:
            given = replace(
                given,
                own=True,
                respondent=_unmasked(own.respondent),
                approver=_unmasked(own.approver),
                done=self._counts(own, issued),
            )
        return replace(order, rows=rows, given=given)

    def _moved(self, plan: Plan, department: str, asked: set[tuple[str, str]]) -> list[RecordRow]:
        """What other departments answered about items that are asked of this one now."""
        fixed = {form.id for form in plan.forms if not form.is_open}
        return [
            record
            for name, receipt in self.latest.items()
            if name != department
            for record in receipt.records
            if record.form in fixed and (record.form, record.item) in asked
        ]

    def _counts(self, receipt: Receipt, issued: Issued) -> bool:
        """Whether the answer was accepted, and still is one to what is asked now."""
        sent = self.ledger.issue(receipt.issue)
        accepted = receipt.state is ReceiptState.ACCEPTED
        return accepted and sent is not None and not outdated(sent, issued)

    def _left(
        self, order: Order, records: tuple[RecordRow, ...], asked: set[tuple[str, str]]
    ) -> Iterator[Leftover]:
        """Answers that have no place any more. Those to an item that another department has now go there."""
        plan = order.plan
        elsewhere = {item.id for item in plan.items_of(order.period)}
        for record in records:
            form = plan.form(record.form)
            placed = (record.form, record.item) in asked
            if not placed and record.item in elsewhere:
                continue
            row = item_shown(record.item, plan.language)
            for name, value in record.values.items():
                field = form.by_id.get(name) if form else None
                if value is None or (field and (placed or not field.entered)):
                    continue
                yield Leftover(record.sheet, "", field.label if field else name, row, as_text(value))


def _unmasked(name: str) -> str:
    """A name as it was written; nothing where the ledger keeps it masked only."""
    return "" if MASK in name else name
