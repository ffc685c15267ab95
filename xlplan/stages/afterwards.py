"""What the office fills in after the answers: its own workbook of all items, and what is still open in it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.form.issuing import Rows, order_of, rows_of
from xlplan.form.write.order import Again, Given, Order
from xlplan.form.write.workbook import form_workbook
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined, text
from xlplan.language.text import safe_file_name
from xlplan.model.afterwards import OFFICE, office_plan
from xlplan.model.finding import listed
from xlplan.model.fingerprint import form_fingerprint, issue_fingerprint
from xlplan.model.form import Field, Form
from xlplan.model.issue import Issued, IssuedRow, IssueState
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding
from xlplan.stages.answers import answered
from xlplan.stages.define import moment, taking_turn
from xlplan.stages.rounds import KnownRound
from xlplan.stages.years import Years
from xlplan.store.archive import put_in_place, stage
from xlplan.store.files import make_folder, not_as_kept, read_bytes, sha256, sweep
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.blanks import left_blank


@dataclass(frozen=True, slots=True)
class OfficeIssueResult:
    """The office's own workbook of a round.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        path: Where it lies.
        issue: The issue's id, which the workbook bears.
        items: How many items it asks about.
        done: What was done about it.
        given: How many values that were entered before stand in it.
        answered: The items, by id, of which other answers stand in it than in the one before.
        open: The departments whose answers are not in it, as none was accepted yet.
        aside: What lay in its place and was not as issued, where it is now.
    """

    plan: Plan
    period: Period
    path: Path
    issue: str
    items: int
    done: IssueState
    given: int = 0
    answered: tuple[str, ...] = ()
    open: tuple[ReturnStanding, ...] = ()
    aside: tuple[Path, ...] = ()


def plan_of_office(known: KnownRound) -> Plan:
    """The plan as the office is asked it in a round, with the answers accepted so far, and what was entered so far."""
    made = answered(known.plan, known.period, known.receipts, closed=True)
    return office_plan(made.plan, known.period)


def rows_of_office(plan: Plan, period: Period) -> Rows:
    """The rows of the office's workbook by form id: what was answered, and what was entered so far.

    Args:
        plan: The plan as the office is asked it.
        period: The round.
    """
    found = rows_of(plan, period, plan.departments[0])
    return {
        form.id: tuple(_with_entries(row, form, plan, period) for row in found[form.id])
        for form in plan.forms
    }


def _with_entries(row: IssuedRow, form: Form, plan: Plan, period: Period) -> IssuedRow:
    known = plan.known(form.id, period.id, row.item)
    entered = {field.id: known[field.id] for field in form.entered if field.id in known}
    return replace(row, office={**row.office, **entered})


def answers_in(plan: Plan, rows: Rows) -> Mapping[tuple[str, str], Mapping[str, object]]:
    """What stands in the grey cells of the office's workbook, by form and item.

    Args:
        plan: The plan as the office is asked it.
        rows: The rows of the workbook.
    """
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    return {
        (form, row.item): {name: value for name, value in row.office.items() if (form, name) not in entered}
        for form, lines in rows.items()
        for row in lines
    }


def not_entered(known: KnownRound) -> Mapping[Field, Sequence[str]]:
    """What the office has yet to enter before a round may be closed: the ids of the items by field."""
    plan = plan_of_office(known)
    return left_blank(plan, known.period, rows_of_office(plan, known.period))


def need_entered(known: KnownRound) -> None:
    """Stop where the office has not entered yet what it must before a round is closed.

    Raises:
        UsageError: it has not; the fields and items are named.
    """
    plan, period = known.plan, known.period
    if not (found := not_entered(known)):
        return
    items = list(dict.fromkeys(item for named in found.values() for item in named))
    raise UsageError(
        ErrorKey.OFFICE_OPEN,
        period=period.label,
        id=period.id,
        labels=joined((field.label for field in found), plan.language),
        count=len(items),
        items=joined(listed(items), plan.language),
    )


def issue_office(
    space: Workspace,
    period: str | None = None,
    *,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> OfficeIssueResult:
    """Write the office's own workbook of a round and record it. Where it lies there already, unchanged, it is left.

    It may be written at any time, also of a round that is closed.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: no such round has begun, its plan has nothing that the office fills afterwards, or the workbook
            that lies there was filled in and not received.
    """
    created = moment(now)
    definition, ledger = taking_turn(space)
    with ledger:
        with ledger.writing(on_wait):
            current = Years(definition, ledger).begun_round(period)
            Years(definition, ledger).keep(current, created)
            issuing = _OfficeIssuing.of(space, Years(definition, ledger), current, created)
            result, issued = issuing.made()
        # a turn of its own: what a run that is killed leaves in the workbook's place is known to the ledger
        with ledger.writing(on_wait):
            placed = put_in_place(space, ledger, [issued])
    return replace(result, aside=placed.get(OFFICE, ()))


@dataclass(frozen=True, slots=True)
class _OfficeIssuing:
    """One run: the round as it is known, the plan as the office is asked it, and the issue before, if there is one."""

    space: Workspace
    ledger: Ledger
    known: KnownRound
    plan: Plan
    before: Issued | None
    now: datetime

    @classmethod
    def of(cls, space: Workspace, years: Years, period: Period, now: datetime) -> "_OfficeIssuing":
        """That of a round.

        Raises:
            UsageError: there is nothing to fill in.
        """
        known, ledger = years.known_round(period), years.need_ledger()
        plan = plan_of_office(known)
        if not plan.forms:
            raise UsageError(ErrorKey.NOTHING_AFTERWARDS, period=period.label)
        return cls(space, ledger, known, plan, ledger.office_issue(period.id), now)

    def made(self) -> tuple[OfficeIssueResult, Issued]:
        """What is told of the workbook, and its issue; where it is another than before it is recorded, and staged.

        Raises:
            UsageError: what lies in its place was filled in and not received.
        """
        period, rows, old = self.known.period, rows_of_office(self.plan, self.known.period), self.before
        path = self.space.issued(period.id) / _file_of(self.plan, period)
        content = issue_fingerprint(self.plan, period, self.plan.departments[0], None, rows, ())
        answers = self._answered_since(rows)
        result = OfficeIssueResult(
            self.known.plan,
            period,
            path,
            old.id if old else "",
            items=len(self.plan.items_of(period)),
            done=IssueState.UNCHANGED,
            given=len(self._given(rows).values),
            answered=answers,
            open=self.known.open,
        )
        self._need_received(path)
        if old and path.is_file() and sha256(read_bytes(path)) == old.sha256 and old.content == content:
            return result, old
        name = hashlib.sha256(f"{content}{self.now.isoformat()}".encode()).hexdigest()[:12]
        version = form_fingerprint(self.plan, period)
        made = Issued(name, period.id, OFFICE, self.space.relative(path), "", self.now, None, version, rows)
        make_folder(path.parent)
        sweep(path.parent)
        issued = stage(self.space, replace(made, content=content), form_workbook(self._order(made)))
        self.ledger.record_issues([issued])
        done = IssueState.REISSUED if old else IssueState.ISSUED
        return replace(result, issue=name, done=done), issued

    def _need_received(self, path: Path) -> None:
        """Stop where somebody has typed into the workbook where it lies, and it was not received.

        Raises:
            UsageError: that is so.
        """
        if self.before is None or not path.is_file() or not not_as_kept(path, self.before.sha256):
            return
        digest = sha256(read_bytes(path))
        if digest in self.ledger.hashes_issued(self.known.period.id):
            return
        if self.ledger.receipt_of(digest, self.known.period.id, OFFICE) is None:
            raise UsageError(ErrorKey.OFFICE_NOT_RECEIVED, path=path)

    def _order(self, issued: Issued) -> Order:
        """The workbook: what was entered stands in it, and what has changed since the one before is told."""
        plan, period = self.plan, self.known.period
        order = order_of(plan, period, plan.departments[0], issued, created=self.now)
        given = self._given(issued.rows)
        names = joined((line.name for line in self._waiting()), plan.language)
        waiting = (text("artefacts.office.waiting_text", plan.language, names=names),) if names else ()
        return replace(
            order,
            given=given if given.values else None,
            again=Again(tuple(self._changed(issued))) if self.before else None,
            changes=waiting,
        )

    def _waiting(self) -> list[Department]:
        """The departments of which no answer was accepted yet."""
        asked = (
            self.known.plan.department_in(self.known.period, line.department) for line in self.known.open
        )
        return [department for department in asked if department]

    def _given(self, rows: Rows) -> Given:
        """What was entered before, to stand in the white cells."""
        return Given(
            {
                (form.id, row.item, field.id): row.office[field.id]
                for form in self.plan.forms
                for row in rows[form.id]
                for field in form.entered
                if field.id in row.office
            }
        )

    def _answered_since(self, rows: Rows) -> tuple[str, ...]:
        """The items of which other answers stand in it than in the workbook before."""
        return changed_answers(self.plan, self.before.rows, rows) if self.before else ()

    def _changed(self, issued: Issued) -> Iterator[str]:
        """In words, what the workbook says otherwise than the one before."""
        before, language = self.before, self.plan.language
        if before is None:
            return
        now, then = (
            {(form, row.item): row for form, lines in made.rows.items() for row in lines}
            for made in (issued, before)
        )
        both = [(now[key], then[key]) for key in now.keys() & then.keys()]
        differs = {
            "artefacts.guide.again_items": now.keys() != then.keys(),
            "artefacts.guide.again_form": issued.form_version != before.form_version,
            "artefacts.office.again_answers": bool(self._answered_since(issued.rows)),
            "artefacts.guide.again_previous": any(row.previous != old.previous for row, old in both),
            "artefacts.guide.again_about": any(row.about != old.about for row, old in both),
        }
        for key, differs_here in differs.items():
            if differs_here:
                yield text(key, language)


def changed_answers(plan: Plan, before: Rows, now: Rows) -> tuple[str, ...]:
    """The items, by id, of which other answers stand in the rows of now than in those of before.

    Args:
        plan: The plan as the office is asked it.
        before: The rows of a workbook.
        now: Those of one made now.
    """
    old, new = answers_in(plan, before), answers_in(plan, now)
    found = (key[1] for key in new if key in old and old[key] != new[key])
    return tuple(dict.fromkeys(found))


def _file_of(plan: Plan, period: Period) -> str:
    """The file name of the office's workbook."""
    return safe_file_name(f"{period.id}_{text('artefacts.office.file', plan.language)}", ".xlsx")
