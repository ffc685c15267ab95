"""One record for each item and period, with where it came from: what the summary is made of. No input or output.

Earlier periods come from the definition; this period's planned values too, overlaid with what the accepted
returns say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from xlplan.language.codes import CatalogueEnum, Severity
from xlplan.language.text import fold
from xlplan.model.correction import ChangedFigure, Correction, Place
from xlplan.model.decision import Decision, KeptFigure
from xlplan.model.finding import Finding
from xlplan.model.form import Form
from xlplan.model.issue import Issued
from xlplan.model.item import NO_ITEM, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow
from xlplan.report.returns import NOBODY, ReturnStanding, standing_of


class RowState(CatalogueEnum, section="summary.answered"):
    """Whether an answer stands: of an earlier period, accepted, reopened, sent back, that with an error, or open."""

    SETTLED = "settled"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    SENT_BACK = "sent_back"
    FAULTY = "faulty"
    OPEN = "open"


COUNTED = (RowState.ACCEPTED, RowState.REOPENED, RowState.SENT_BACK)
"""The states of the round's answers over which the figures of a draft are."""
NOT_COUNTED = (RowState.FAULTY, RowState.OPEN)
"""Those that no figure of a draft counts: they would pass for answers that have no result."""


STATE = "#state"
"""The name of the column with the state of each answer, which only a draft has. No field can be called that."""
KEY = "key:"
"""What stands before a column's id in the name of the column with its keys. No field can be called that."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One item in one period, or one row that a department added.

    `line` counts the rows of an open form about the same item, from 1; 0 in the other forms.
    `values` are by field id, blank ones left out. The source is a return (its archived file, sheet, 1-based row,
    attempt and SHA-256) or the definition (attempt 0, no hash); row 0 and no file where nothing is known.
    """

    form: str
    period: Period
    item: Item
    department: str
    values: Mapping[str, Value]
    source_file: str = ""
    source_sheet: str = ""
    source_row: int = 0
    attempt: int = 0
    sha256: str = ""
    line: int = 0
    state: RowState = RowState.SETTLED
    record: Record | None = None
    """What is known before the round; None where nothing is, and in answers of the round itself."""

    @property
    def place(self) -> Place:
        """By which a correction knows it (`Correction.place`): of a row that a department added by its return's row."""
        added = self.line > 0
        item = "" if added else self.item.id
        return self.period.id, self.form, item, self.item.department if added else "", self.source_row * added


@dataclass(frozen=True, slots=True)
class Consolidation:
    """All that a summary shows. `rows` stand by form, then period, then in the order of goals.

    `kept` are the figures of past periods as they were when their round was closed, `corrections` the values that were
    corrected in the round and before, `changed` the figures that changed by that. `decisions` are those by which the
    returns of the round stand as they do: findings that are allowed, departments that are let off.
    """

    plan: Plan
    period: Period
    forms: tuple[Form, ...]
    rows: tuple[DataRow, ...]
    returns: tuple[ReturnStanding, ...]
    findings: tuple[Finding, ...]
    draft: bool
    created: datetime
    kept: tuple[KeptFigure, ...] = ()
    corrections: tuple[Correction, ...] = ()
    changed: tuple[ChangedFigure, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def rows_of(self, form_id: str) -> tuple[DataRow, ...]:
        """The rows of one form."""
        return tuple(row for row in self.rows if row.form == form_id)

    @property
    def states(self) -> tuple[RowState, ...]:
        """The states of which a draft tells how many answers have them: that one is reopened only where one is."""
        reopened = any(row.state is RowState.REOPENED for row in self.rows)
        every = (*COUNTED, *NOT_COUNTED)
        return tuple(state for state in every if reopened or state is not RowState.REOPENED)

    @property
    def open_returns(self) -> tuple[ReturnStanding, ...]:
        """The returns that are waited for."""
        return tuple(line for line in self.returns if not line.state.settled)


def consolidate(
    plan: Plan,
    period: Period,
    issued: Mapping[str, Issued],
    receipts: Mapping[str, Receipt],
    created: datetime,
    *,
    draft: bool,
    excused: Mapping[str, str] = NOBODY,
    kept: Sequence[KeptFigure] = (),
) -> Consolidation:
    """Everything known up to and including `period`.

    An open return is no fault here: its rows stay blank, and a sent-back one gives the values that stand without
    an error. Whether that may be called final is the caller's decision.

    Args:
        plan: The plan as it is known in that period.
        period: The round.
        issued: What was issued, by department id.
        receipts: The latest return of each department, by department id.
        created: When the summary is made.
        draft: Whether it is to say of itself that it is a draft.
        excused: Why a department was let off its answer, by its id.
        kept: The figures of past periods as they were when their round was closed.
    """
    forms = plan.forms_shown
    asked = plan.answering(period)
    latest = {department.id: receipts[department.id] for department in asked if department.id in receipts}
    return Consolidation(
        plan=plan,
        period=period,
        forms=forms,
        rows=tuple(row for form in forms for row in _rows_of(plan, period, form, latest)),
        returns=standing_of(plan, period, issued, receipts, excused),
        findings=tuple(finding for receipt in latest.values() for finding in receipt.findings),
        draft=draft,
        created=created,
        kept=tuple(kept),
    )


def _rows_of(plan: Plan, period: Period, form: Form, latest: Mapping[str, Receipt]) -> Iterator[DataRow]:
    return _added(plan, period, form, latest) if form.is_open else _rows(plan, period, form, latest)


def _added(plan: Plan, period: Period, form: Form, latest: Mapping[str, Receipt]) -> Iterator[DataRow]:
    """The rows of an open form: of earlier periods as the definition has them, of this one as they came in."""
    lines: Counter[str] = Counter()
    for row in chain(
        known_rows(plan, form, plan.periods_until(period)[:-1]), _added_now(plan, period, form, latest)
    ):
        lines[row.item.id] += 1
        yield replace(row, line=lines[row.item.id])


def known_rows(plan: Plan, form: Form, periods: Sequence[Period]) -> Iterator[DataRow]:
    """What the `plan` knows of `periods`: a row for each item, of an open `form` for each row that was added."""
    if form.is_open:
        yield from _added_before(plan, periods, form)
        return
    for period in periods:
        for item in in_order(plan, plan.items_of(period)) if plan.asks(form, period) else ():
            yield _known(plan, period, form, item, office_only=False)


def _added_before(plan: Plan, periods: Sequence[Period], form: Form) -> Iterator[DataRow]:
    for earlier in periods:
        for record in plan.records_of(form.id, earlier.id):
            item = plan.item_in(earlier, record.item) or replace(NO_ITEM, department=record.department)
            yield _recorded(form, earlier, item, record, record.values)


def _added_now(plan: Plan, period: Period, form: Form, latest: Mapping[str, Receipt]) -> Iterator[DataRow]:
    name = form.item_field.id if form.item_field else ""
    for department, receipt in latest.items():
        faulty = _faulty(receipt, form)
        for record in receipt.records:
            if record.form == form.id:
                named = plan.item_named(record.values.get(name)) or replace(NO_ITEM, department=department)
                state = _state(receipt, record, faulty)
                blank = DataRow(form.id, period, plan.owned(named, period), department, {}, state=state)
                yield _overlaid(blank, receipt, record, form, faulty)


def _rows(plan: Plan, period: Period, form: Form, latest: Mapping[str, Receipt]) -> Iterator[DataRow]:
    yield from known_rows(plan, form, plan.periods_until(period)[:-1])
    returned = {
        (department, record.item): record
        for department, receipt in latest.items()
        for record in receipt.records
        if record.form == form.id
    }
    faulty = {department: _faulty(receipt, form) for department, receipt in latest.items()}
    for item in in_order(plan, plan.items_of(period)) if plan.asks(form, period) else ():
        receipt, record = latest.get(item.department), returned.get((item.department, item.id))
        state = _state(receipt, record, faulty.get(item.department, frozenset()))
        row = replace(_known(plan, period, form, item, office_only=True), state=state)
        if receipt is not None and record is not None:
            row = _overlaid(row, receipt, record, form, faulty[item.department])
        yield row


def _known(plan: Plan, period: Period, form: Form, item: Item, *, office_only: bool) -> DataRow:
    """What the definition knows of an item; with `office_only` the department's fields stay blank."""
    record = plan.record(form.id, period.id, item.id)
    if record is None:
        return DataRow(form.id, period, item, item.department, {})
    values = record.values
    if office_only:
        office = {field.id for field in form.fields if field.of_office}
        values = {name: value for name, value in values.items() if name in office}
    return _recorded(form, period, item, record, values)


def _recorded(form: Form, period: Period, item: Item, record: Record, values: Mapping[str, Value]) -> DataRow:
    source = (*record.source, record.attempt, record.sha256)
    return DataRow(form.id, period, item, item.department, values, *source, record=record)


_Cells = frozenset[tuple[str, str]]


def _faulty(receipt: Receipt, form: Form) -> _Cells:
    """Item and field of each error that stands in a return which was sent back; field "" is the whole row."""
    if receipt.state is ReceiptState.ACCEPTED:
        return frozenset()
    findings: Sequence[Finding] = receipt.findings
    return frozenset(
        (finding.item, finding.field)
        for finding in findings
        if finding.severity is Severity.ERROR and finding.form == form.id and finding.item
    )


def _state(receipt: Receipt | None, record: RecordRow | None, faulty: _Cells) -> RowState:
    if receipt is None:
        return RowState.OPEN
    if receipt.state is ReceiptState.ACCEPTED:
        return RowState.ACCEPTED
    if record is None or any(item == record.item for item, _ in faulty):
        return RowState.FAULTY
    return RowState.REOPENED if receipt.state is ReceiptState.REOPENED else RowState.SENT_BACK


def _overlaid(row: DataRow, receipt: Receipt, record: RecordRow, form: Form, faulty: _Cells) -> DataRow:
    item = record.item
    if (item, "") in faulty:
        return row
    answered = {
        name: value
        for name, value in record.values.items()
        if value is not None and name in form.by_id and (item, name) not in faulty
    }
    values: Mapping[str, Value] = {**row.values, **answered}
    if len(values) == len(answered) == len(record.values):
        values = record.values  # the same, and in memory once
    return DataRow(
        form=row.form,
        period=row.period,
        item=row.item,
        department=row.department,
        values=values,
        source_file=receipt.archive or receipt.file_name,
        source_sheet=record.sheet,
        source_row=record.row,
        attempt=receipt.attempt,
        sha256=receipt.sha256,
        state=row.state,
    )


def by_goal(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items goal by goal, and group by group within a goal: each where it first comes, wherever its others stand."""
    found: dict[str, dict[str, list[Item]]] = {}
    for item in items:
        found.setdefault(fold(item.goal), {}).setdefault(fold(item.group), []).append(item)
    return tuple(item for groups in found.values() for group in groups.values() for item in group)


def in_order(plan: Plan, items: Iterable[Item]) -> Iterable[Item]:
    """Items of a plan by goal and group where each of its items has a goal, else as they stand.

    A register of which some items are in no goal on purpose keeps its own order.
    """
    return by_goal(items) if all(item.goal for item in plan.items) else items
