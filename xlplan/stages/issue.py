"""Issue: one workbook per department, recorded in the ledger.

A form that is issued anew in a round holds what its department has answered already, and says what has changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from xlplan.form.compare.stamp import FormsNow, same_form
from xlplan.form.issuing import issue_file, need_ready, prepare
from xlplan.form.write.order import Again, Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.messages import text
from xlplan.model.finding import Finding
from xlplan.model.issue import Issued, IssuedRow, IssueState
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.stages.define import OPEN, day_meant, departments_named, existing_ledger, moment, open_ledger
from xlplan.stages.forms import as_older_form, forms_now, same_content
from xlplan.stages.lint import closed_dues, lint
from xlplan.stages.refill import Answered, with_allowed
from xlplan.stages.years import Years
from xlplan.store.archive import put_in_place, stage
from xlplan.store.counting import Decided, counting
from xlplan.store.files import make_folder, read_bytes, sha256, sweep
from xlplan.store.ledger import Ledger
from xlplan.store.progress import Activity, counted
from xlplan.store.workspace import Workspace


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
        opened: What is told where somebody has the plan open: what is not saved is in no workbook.
        closed: What is told of days due on which the office is closed.
    """

    plan: Plan
    period: Period
    lines: tuple[IssueLine, ...]
    dates: frozenset[date | None]
    earlier: tuple[Finding, ...] = ()
    passed: bool = False
    opened: tuple[Finding, ...] = ()
    closed: tuple[Finding, ...] = ()

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
    definition = lint(space)
    created = moment(now)
    day = day_meant(due, definition.usable(), created.date())
    with existing_ledger(space) or nullcontext() as known:
        years = Years(definition, known)
        current = years.period_named(period)
        plan = years.base(current)
        names = [department.id for department in departments_named(plan, current, departments)]
        years.need_open(current)
        need_ready(plan, current, definition.findings)
    make_folder(space.inbox(current.id))
    with open_ledger(space) as ledger:
        made = _issued(space, Years(definition, ledger), current, names, (day, created), on_wait)
    return replace(made, opened=tuple(found for found in definition.findings if found.code in OPEN))


def _issued(
    space: Workspace,
    years: Years,
    current: Period,
    names: Sequence[str],
    days: tuple[date | None, datetime],
    on_wait: Callable[[], object],
) -> IssueResult:
    """The workbooks of departments (by id), written and recorded; `days` are the day due and the moment."""
    day, created = days
    ledger = years.need_ledger()
    with ledger.writing(on_wait):
        known = years.plan_in(current)
        before = ledger.issued(current.id)
        finished = put_in_place(space, ledger, before.values())
        issuing = Issuing(space, known.plan.asked_in(current), current, ledger, before, day, created)
        owners = [owner for name in names if (owner := known.plan.department(name))]
        lines, issues = issuing.staged(owners)
        told = years.freezing(current)
        Years(years.now, ledger).keep(current, created)
    new = counted(Activity.PLACING, [issued for issued, is_new in issues if is_new], space.on_progress)
    # a turn of its own: what a run that is killed leaves in a workbook's place is known to the ledger
    with ledger.writing(on_wait):
        placed = finished | put_in_place(space, ledger, new)
    return IssueResult(
        known.plan,
        current,
        tuple(_as_placed(line, placed) for line in lines),
        frozenset(issued.due for issued, _ in issues),
        (*known.findings, *told),
        passed=day is not None and day < created.date(),
        closed=closed_dues(known.plan, current, {issued.due for issued, _ in issues if issued.due}),
    )


def _as_placed(line: IssueLine, placed: Mapping[str, tuple[Path, ...]]) -> IssueLine:
    """The line with what was put aside; `placed` are the departments whose workbook was put in its place now."""
    if line.department.id not in placed:
        return line
    # what an earlier run has recorded, but not put there, comes out by this one
    done = IssueState.ISSUED if line.done is IssueState.UNCHANGED else line.done
    return replace(line, done=done, aside=placed[line.department.id])


@dataclass(frozen=True)
class Issuing:
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
        order = [known.id for known in self.plan.periods]
        latest = counting(self.ledger, self.period.id, order) if self.before else {}
        return Answered(self.ledger, latest)

    @cached_property
    def decided(self) -> Decided:
        """What the office decided in the round, and earlier for it."""
        order = [known.id for known in self.plan.periods]
        return Decided.of(self.ledger, self.period.id, order)

    @cached_property
    def shown(self) -> Mapping[str, Issued]:
        """The last issues with the days that their workbooks show."""
        return self.decided.extended(self.before, at_issue=True)

    @cached_property
    def forms(self) -> FormsNow:
        """What the forms of the round ask as the plan stands."""
        return forms_now(self.space, self.plan, self.period, self.before)

    def staged(
        self, owners: Sequence[Department]
    ) -> tuple[tuple[IssueLine, ...], tuple[tuple[Issued, bool], ...]]:
        """The lines of the departments, and their issues, each with whether it is new: those are recorded.

        Their workbooks lie beside their places: what lies in one is known to the ledger before.
        """
        folder = self.space.issued(self.period.id)
        sweep(folder)
        try:
            workbooks = [
                self.workbook(department)
                for department in counted(Activity.ISSUING, owners, self.space.on_progress)
            ]
        except BaseException:
            sweep(folder)
            raise
        self.ledger.record_issues([issued for _, issued, new in workbooks if new])
        return tuple(line for line, *_ in workbooks), tuple((issued, new) for _, issued, new in workbooks)

    def workbook(self, department: Department) -> tuple[IssueLine, Issued, bool]:
        """The line of a department, its issue, and whether that is a new one, whose workbook was staged."""
        path = self.space.issued(self.period.id) / issue_file(self.period, department)
        old = self.before.get(department.id)
        (issued, order), day = self.prepared(department), self.day(old)
        items = len(self.plan.items_of(self.period, department.id))
        if old and self._lies_there(department, path, old, issued):
            return IssueLine(department, items, path, old.id, IssueState.UNCHANGED), old, False
        issued, order = self.filled_in(issued, order)
        # what is recorded is the day of the issue, so that a decision about it can be taken back
        issued = replace(issued, file=self.space.relative(path), due=day)
        issued = stage(self.space, issued, form_workbook(order))
        done = IssueState.REISSUED if old else IssueState.ISSUED
        return IssueLine(department, items, path, issued.id, done, *_counts(order)), issued, True

    def prepared(self, department: Department) -> tuple[Issued, Order]:
        """What a department is asked as the plan stands, due not before the day that it was given."""
        given, day = self.decided.due(department.id, None), self.day(self.before.get(department.id))
        due = max(day, given) if day and given else day or given
        return prepare(self.plan, self.period, department, due, self.now)

    def day(self, old: Issued | None) -> date | None:
        """The day asked for, else that of the `old` issue."""
        return self.due or (old.due if old else None)

    def filled_in(self, issued: Issued, order: Order) -> tuple[Issued, Order]:
        """The same with what was answered in the round already, and what has changed since it was issued before."""
        old = self.before.get(issued.department)
        issued = replace(issued, same_form=as_older_form(old, issued, self.forms))
        if self.before:
            order = self.answered.filled_in(order, issued)
            order = replace(order, again=since_issued(order, issued, self.shown))
        return issued, with_allowed(order, self.decided, self.answered.latest.get(issued.department))

    def _lies_there(self, department: Department, path: Path, old: Issued, new: Issued) -> bool:
        """Whether the workbook that would be issued now lies at `path` already, the moment apart."""
        written = path.is_file() and sha256(read_bytes(path)) == old.sha256
        return written and same_content(self.space, self.plan, self.period, department, old, new)


def _counts(order: Order) -> tuple[int, int]:
    """How many answers are filled in, and how many have no place."""
    return (len(order.given.values), len(order.given.leftovers)) if order.given else (0, 0)


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
    now, then = _rows(order.plan, issued), _rows(order.plan, old)
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
            yield text(key, order.plan.language)


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
