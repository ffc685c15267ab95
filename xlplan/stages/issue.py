"""Issue: one workbook per department, recorded in the ledger.

A form that is issued anew in a round holds what its department has answered already, and says what has changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

from xlplan.fields.cells import as_text
from xlplan.form.compare.stamp import FormsNow, outdated, same_form
from xlplan.form.issuing import issue_file, prepare
from xlplan.form.write.order import Again, Given, Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.language.privacy import MASK
from xlplan.model.finding import Finding, item_shown
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Leftover, Receipt, ReceiptState, RecordRow
from xlplan.stages.define import day_meant, departments_named, moment, open_ledger, period_named, plan_of
from xlplan.stages.forms import as_older_form, forms_now, same_content
from xlplan.stages.known import need_office_values, plan_then
from xlplan.stages.refill import rows_again, values_of
from xlplan.store.archive import set_aside
from xlplan.store.files import make_folder, read_bytes, sha256, sweep, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


class IssueState(StrEnum):
    """What was done about a department's workbook: unchanged is one that lies there already as it should be."""

    ISSUED = "issued"
    REISSUED = "reissued"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One department's workbook.

    Attributes:
        department: Whose it is.
        items: How many items it asks about.
        path: Where it lies.
        issue: The issue's id, which the workbook bears.
        done: What was done about it.
        given: How many answers of an earlier form of this round are filled in again.
        left: How many of them have no place in it any more.
        aside: The workbooks that lay in its place and were no longer as issued, where they are now.
    """

    department: Department
    items: int
    path: Path
    issue: str
    done: IssueState
    given: int = 0
    left: int = 0
    aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueResult:
    """What went out.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        lines: One for each department, in the plan's order.
        dates: The days on which these workbooks are due, None for one without.
        earlier: Of answers of earlier rounds: which stand in the forms, and which are missing.
        passed: Whether the day that was asked for lies in the past.
    """

    plan: Plan
    period: Period
    lines: tuple[IssueLine, ...]
    dates: frozenset[date | None]
    earlier: tuple[Finding, ...] = ()
    passed: bool = False

    @property
    def due(self) -> date | None:
        """The day on which all are due; None where there is none, or not one for all."""
        return next(iter(self.dates)) if len(self.dates) == 1 else None


def issue(
    space: Workspace,
    period: str | None = None,
    *,
    departments: Iterable[str] = (),
    due: date | str | None = None,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> IssueResult:
    """Write each department's workbook and record it. What lies there already, unchanged, is left alone.

    What a department has answered already stands in the workbook that it gets anew; what somebody typed into a
    workbook where it lies is kept aside.

    Args:
        space: The folder of the plan.
        period: The round to issue: an id, a label, or a fiscal year.
        departments: Ids or names of those to issue to; all that answer where there are none.
        due: The day due, a date or as people write it. Without one, a department issued before keeps its day.
        now: The moment of the issue; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: an argument that cannot be meant, or the office has left blank what it must say.
    """
    plan, created = plan_of(space), moment(now)
    day = day_meant(due, plan, created.date())
    current = period_named(plan, period)
    owners = departments_named(plan, current, departments)
    make_folder(space.inbox(current.id))
    need_office_values(plan, current)
    with open_ledger(space) as ledger, ledger.writing(on_wait):
        known = plan_then(plan, ledger, current)
        sweep(space.issued(current.id))
        issuing = _Issuing(space, known.plan, current, ledger, ledger.issued(current.id), day, created)
        workbooks = [issuing.workbook(department) for department in owners]
        ledger.record_issues([issued for _, issued, is_new in workbooks if is_new])
    lines, dates = (line for line, _, _ in workbooks), (issued.due for _, issued, _ in workbooks)
    passed = day is not None and day < created.date()
    return IssueResult(known.plan, current, tuple(lines), frozenset(dates), known.findings, passed)


@dataclass(frozen=True)
class _Issuing:
    """One run of issuing. `before` are the last issues of the round by department, `due` the day that was asked for."""

    space: Workspace
    plan: Plan
    period: Period
    ledger: Ledger
    before: Mapping[str, Issued]
    due: date | None
    now: datetime

    @cached_property
    def answered(self) -> "Answered":
        """What has been answered in the round so far: read when it is first needed, as it takes long."""
        return Answered(self.ledger, self.ledger.latest(self.period.id))

    @cached_property
    def hashes(self) -> set[str]:
        """The SHA-256 of every workbook that went out in the round."""
        return self.ledger.hashes_issued(self.period.id)

    @cached_property
    def forms(self) -> FormsNow:
        """What the forms of the round ask as the plan stands."""
        return forms_now(self.space, self.plan, self.period, self.before)

    def workbook(self, department: Department) -> tuple[IssueLine, Issued, bool]:
        """The line of a department, its issue, and whether that is a new one, whose workbook was written."""
        path = self.space.issued(self.period.id) / issue_file(self.period, department)
        old = self.before.get(department.id)
        due = self.due or (old.due if old else None)
        issued, order = prepare(self.plan, self.period, department, due, self.now)
        items = len(self.plan.items_of(self.period, department.id))
        if old and self._lies_there(department, path, old, issued):
            return IssueLine(department, items, path, old.id, IssueState.UNCHANGED), old, False
        issued = replace(issued, same_form=as_older_form(old, issued, self.forms))
        if self.before:
            order = self.answered.filled_in(order, issued)
            order = replace(order, again=since_issued(order, issued, self.before))
        data = form_workbook(order)
        places = [path, self.space.root / old.file] if old else [path]
        aside = set_aside(self.space.set_aside(self.period.id), places, {*self.hashes, sha256(data)})
        write_bytes(path, data)
        done = IssueState.REISSUED if old else IssueState.ISSUED
        line = IssueLine(department, items, path, issued.id, done, *_counts(order), aside)
        return line, replace(issued, file=self.space.relative(path), sha256=sha256(data)), True

    def _lies_there(self, department: Department, path: Path, old: Issued, new: Issued) -> bool:
        """Whether the workbook that would be issued now lies at `path` already, the moment apart."""
        written = path.is_file() and sha256(read_bytes(path)) == old.sha256
        return written and same_content(self.space, self.plan, self.period, department, old, new)


def _counts(order: Order) -> tuple[int, int]:
    """How many answers are filled in, and how many have no place."""
    return (len(order.given.values), len(order.given.leftovers)) if order.given else (0, 0)


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


def since_issued(order: Order, issued: Issued, before: Mapping[str, Issued]) -> Again | None:
    """What has changed since the forms that the departments have.

    Args:
        order: The form that is to go out.
        issued: Its issue.
        before: The last issue of each department of this round, by its id.

    Returns:
        None where the department has had no form yet and no item that is now its own was another's.
    """
    old = before.get(issued.department)
    now, then = _rows(order.plan, issued), _rows(order.plan, old) if old else {}
    moves = tuple(_moves(order, {item for _, item in now}, {item for _, item in then}, before))
    if old is None:
        taken = tuple(sentence for move, sentence in moves if move == "taken")
        return Again(items=taken) if taken else None
    return Again(tuple(_changed(order, issued, old)), tuple(sentence for _, sentence in moves))


def _rows(plan: Plan, issued: Issued) -> dict[tuple[str, str], IssuedRow]:
    """The rows that stand for items, by form and item."""
    fixed = {form.id for form in plan.forms if not form.is_open}
    return {(form, row.item): row for form, rows in issued.rows.items() if form in fixed for row in rows}


def _changed(order: Order, issued: Issued, old: Issued) -> Iterator[str]:
    """In words, what the form says otherwise."""
    plan = order.plan
    now, then = _rows(plan, issued), _rows(plan, old)
    both = [(now[key], then[key]) for key in now.keys() & then.keys()]
    renamed = order.department and PurePosixPath(old.file).name != issue_file(order.period, order.department)
    differs = {
        "artefacts.guide.again_due": issued.due != old.due,
        "artefacts.guide.again_name": bool(renamed),
        "artefacts.guide.again_items": {item for _, item in now} != {item for _, item in then},
        "artefacts.guide.again_form": not same_form(old, issued),
        "artefacts.guide.again_office": any(row.office != before.office for row, before in both),
        "artefacts.guide.again_previous": any(row.previous != before.previous for row, before in both),
        "artefacts.guide.again_about": any(row.about != before.about for row, before in both),
    }
    for key, differs_here in differs.items():
        if differs_here:
            yield text(key, plan.language)


def _moves(
    order: Order, now: set[str], then: set[str], before: Mapping[str, Issued]
) -> Iterator[tuple[str, str]]:
    """The items (by id) that came or went, each with its sentence: new, taken from another department, or gone."""
    plan, own = order.plan, order.department.id if order.department else ""
    had = {
        item: department
        for department, issued in before.items()
        if department != own
        for _, item in _rows(plan, issued)
    }
    has = {item.id: item.department for item in plan.items_of(order.period)}
    answered = {item for _, item, _ in order.given.values} if order.given else set()
    for item in sorted(now - then):
        key = "artefacts.guide.again_new"
        if item in had:
            key = "artefacts.guide.again_taken_said" if item in answered else "artefacts.guide.again_taken"
        yield "taken" if item in had else "new", _sentence(plan, key, item, had.get(item, ""))
    old = before.get(own)
    titles = {item: row.about.get("title", "") for (_, item), row in _rows(plan, old).items()} if old else {}
    for item in sorted(then - now):
        key = "artefacts.guide.again_handed" if item in has else "artefacts.guide.again_gone"
        yield "gone", _sentence(plan, key, item, has.get(item, ""), titles[item])


def _sentence(plan: Plan, key: str, item_id: str, department: str, title: str = "") -> str:
    item, other = plan.item(item_id), plan.department(department)
    params = {"item": item_id, "title": item.title if item else title}
    owner = {"department": other.name if other else department} if department else {}
    return text(key, plan.language, **params, **owner)


def _unmasked(name: str) -> str:
    """A name as it was written; nothing where the ledger keeps it masked only."""
    return "" if MASK in name else name
