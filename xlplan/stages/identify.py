"""Whose return is a file: of which round and department, and what was issued to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from xlplan.form.compare.stamp import Expected, FormsNow, identify, outdated, stamp_findings
from xlplan.form.issuing import rows_of
from xlplan.form.layout.stamps import FORMAT
from xlplan.form.read.intake import Incoming
from xlplan.language.text import fold, is_blank
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.fingerprint import form_fingerprint
from xlplan.model.issue import Issued, IssuedRow, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState, Submission
from xlplan.stages.forms import forms_now
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Identified:
    """A return of ours, with the rows that were issued to its department."""

    incoming: Incoming
    submission: Submission
    period: Period
    department: Department
    issued: Issued | None
    rows: Mapping[str, tuple[IssuedRow, ...]]
    answers: Issued | None = None
    """The issue that it answers, where that is not the last."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known where returns are opened. `period` and `owner` are set where only theirs are wanted.

    `issued` are the latest issues by period and department, of the periods that have begun, `forms` what each of these
    asks now. `insists`: what is received counts, also where an accepted return is newer.
    """

    plan: Plan
    period: Period | None
    owner: Department | None
    ledger: Ledger | None
    issued: Mapping[str, Mapping[str, Issued]]
    forms: Mapping[str, FormsNow]
    insists: bool = False

    @classmethod
    def of(
        cls,
        space: Workspace,
        plan: Plan,
        period: Period | None,
        owner: Department | None,
        ledger: Ledger | None,
    ) -> "Desk":
        """The desk, with what the ledger knows."""
        begun = ledger.periods_issued() if ledger else []
        issued = {one: ledger.issued(one) for one in begun} if ledger else {}
        rounds = [one for one in plan.periods if one.id in issued]
        forms = {one.id: forms_now(space, plan, one, issued[one.id]) for one in rounds}
        return cls(plan, period, owner, ledger, issued, forms)

    @property
    def assumed(self) -> Stamp | None:
        """The stamp of a workbook without one: of the wanted department's last issue. None where none is wanted."""
        if self.period is None or self.owner is None:
            return None
        latest = self.issued.get(self.period.id, {}).get(self.owner.id)
        issue, version = ("", form_fingerprint(self.plan, self.period))
        if latest:
            issue, version = latest.id, latest.form_version
        return Stamp(FORMAT, self.plan.id, self.period.id, self.owner.id, issue, version)

    def identify(self, one: Incoming, *, heirs: bool = False) -> Identified | Finding:
        """A return of ours, or the one finding that says why it is none.

        With `heirs` the form of a department that is not asked any more is taken as that of the wanted one, which has
        its items now: it answers a part of what that one is asked.
        """
        found = self._identify(one, heirs=heirs)
        return told_of(found, one.path.name) if isinstance(found, Finding) else found

    def _identify(self, one: Incoming, *, heirs: bool) -> Identified | Finding:
        if one.refusal:
            return one.refusal
        if one.submission is None:
            raise ValueError(one)
        if one.submission.lender and not heirs and (gone := self._no_more_asked(one.submission)):
            return gone
        stamp = one.submission.stamp
        latest = self.issued.get(stamp.period, {}).get(stamp.department)
        sent = latest if latest and latest.id == stamp.issue else self._earlier(stamp.issue)
        forms = self.forms.get(stamp.period)
        fault = identify(stamp, Expected(self.plan, self.period, sent, forms, self.owner, latest))
        if (
            fault
            and fault.code == FindingCode.UNKNOWN_DEPARTMENT
            and sent
            and sent.department == stamp.department
        ):
            fault = self._gone(sent)
        if fault:
            known = self.plan.department(stamp.department)
            return replace(fault, department=known.id if known else "")
        period, department = self.plan.period(stamp.period), self.plan.department(stamp.department)
        if period is None or department is None:
            raise ValueError(stamp)
        rows = sent.rows if sent else rows_of(self.plan, period, department)
        if not one.submission.stamped and not _says_anything(one.submission, self.plan):
            params = {"department": department.name}
            return Finding(FindingCode.NOT_OF_DEPARTMENT, params=params)
        told = (*one.submission.findings, *stamp_findings(stamp, sent, self.plan))
        submission = replace(one.submission, findings=told)
        return Identified(one, submission, period, department, sent, rows)

    def counting(self, period: Period, latest: Mapping[str, Receipt]) -> dict[str, Receipt]:
        """Those of the latest returns that answer what was issued last."""
        return still_counting(self.ledger, latest, self.issued.get(period.id, {})) if self.ledger else {}

    def accepted(self, period: Period, latest: Mapping[str, Receipt]) -> dict[str, Receipt]:
        """Those of them that were accepted."""
        standing = {name: one for name, one in latest.items() if one.state is ReceiptState.ACCEPTED}
        return self.counting(period, standing)

    def identify_earlier(self, one: Incoming) -> Identified | None:
        """A return of ours to another issue than the last, to be held against its own rows; `issued` is the last."""
        if one.submission is None or one.submission.stamp.plan != self.plan.id:
            return None
        stamp = one.submission.stamp
        period, department = self.plan.period(stamp.period), self.plan.department(stamp.department)
        latest = self.issued.get(stamp.period, {}).get(stamp.department)
        if period is None or department is None or latest is None:
            return None
        sent = self._earlier(stamp.issue) or latest
        return Identified(one, one.submission, period, department, latest, sent.rows, sent)

    def _no_more_asked(self, submission: Submission) -> Finding | None:
        """The finding of a form that was lent by a department that is not asked any more."""
        period = self.plan.period(submission.stamp.period)
        if period is None or any(one.id == submission.lender for one in self.plan.answering(period)):
            return None
        issued = self.issued.get(period.id, {}).get(submission.lender)
        params = {"found": submission.lender, "expected": ""}
        return self._gone(issued) if issued else Finding(FindingCode.UNKNOWN_DEPARTMENT, params=params)

    def _gone(self, sent: Issued) -> Finding:
        """The finding of a department that was issued a form and is not asked any more: who has its items now."""
        known, period = self.plan.department(sent.department), self.plan.period(sent.period)
        found = known.name if known else _name_in_file(sent)
        asked = {row.item for rows in sent.rows.values() for row in rows}
        now = self.plan.items_of(period) if period else ()
        owners = dict.fromkeys(one.department for one in now if one.id in asked)
        names = tuple(one.name for one in map(self.plan.department, owners) if one)
        code = FindingCode.DEPARTMENT_MOVED if names else FindingCode.UNKNOWN_DEPARTMENT
        return Finding(code, params=code.picked({"found": found, "owners": names}))

    def _earlier(self, issue: str) -> Issued | None:
        return self.ledger.issue(issue) if self.ledger else None


def _name_in_file(sent: Issued) -> str:
    """The name of a department that the plan has no more, as its workbook's file bears it."""
    name = PurePosixPath(sent.file).stem
    return name.removeprefix(f"{sent.period}_{sent.department}_") or sent.department


def _says_anything(submission: Submission, plan: Plan) -> bool:
    """Whether any row has the number of an item, or in a form of open rows holds anything."""
    items = {fold(one.id) for one in plan.items}
    for form in submission.forms:
        which = plan.form(form.form)
        if which and which.is_open:
            if any(not is_blank(value) for row in form.rows for value in row.values):
                return True
        elif any(fold(row.item) in items for row in form.rows):
            return True
    return False


def still_counting(
    ledger: Ledger, receipts: Mapping[str, Receipt], issued: Mapping[str, Issued]
) -> dict[str, Receipt]:
    """The latest returns, by department, that answer what was issued last.

    After the plan has changed and was issued again, an answer to other questions is none.
    """
    found = {}
    for name, receipt in receipts.items():
        latest = issued.get(name)
        sent = latest if latest and latest.id == receipt.issue else ledger.issue(receipt.issue)
        if latest and sent and not outdated(sent, latest):
            found[name] = receipt
    return found


def changed_since(
    plan: Plan, period: Period, issued: Mapping[str, Issued], forms: FormsNow
) -> tuple[Department, ...]:
    """The departments of whom the plan would ask something else now than what was issued to them last.

    `forms` are those of the period as the plan stands.
    """
    return tuple(
        department
        for department in plan.answering(period)
        if (sent := issued.get(department.id))
        and not (forms.asked_in(sent) and sent.rows == rows_of(plan, period, department))
    )


def waves(some: Sequence[tuple[int, Identified]]) -> list[list[tuple[int, Identified]]]:
    """Batches in which no department stands twice: a second file of one department is a second attempt."""
    waves: list[list[tuple[int, Identified]]] = []
    count: dict[str, int] = {}
    for one in some:
        turn = count.get(one[1].department.id, 0)
        count[one[1].department.id] = turn + 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(one)
    return waves
