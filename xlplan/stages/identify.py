"""Whose return is a file: of which round and department, what was issued to it, with which others it is judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from xlplan.form.compare.stamp import Expected, FormsNow, identify, stamp_findings
from xlplan.form.issuing import rows_of
from xlplan.form.layout.stamps import FORMAT
from xlplan.form.read.intake import Incoming, Source, take_in
from xlplan.language.text import fold, is_blank
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, FindingKey, told_of
from xlplan.model.fingerprint import form_fingerprint
from xlplan.model.issue import Issued, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState, Submission
from xlplan.stages.answers import still_counting
from xlplan.stages.forms import forms_now
from xlplan.stages.returns import Identified
from xlplan.store.counting import Decided, counting, ever_allowed
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.places import Taken

FILES_AT_ONCE = 100
"""Returns read and judged together: enough to judge quickly, few enough to hold in memory whatever comes in."""

Batch = Sequence[tuple[int, Identified]]
"""Returns of one round, each with its number among the files."""


@dataclass(frozen=True, slots=True)
class RoundContext:
    """What is known where returns are opened.

    Attributes:
        plan: The plan.
        period: The round, where only its returns are wanted.
        owner: The department, where only its returns are wanted.
        ledger: The ledger, None where nothing was ever issued.
        issued: The latest issues by period and department, of the periods that have begun.
        forms: What the forms of each of these periods ask now, by the period's id.
        replace_newer: Whether what is received counts also where an accepted return is newer.
        allowed: The findings that the office ever let stand.
    """

    plan: Plan
    period: Period | None
    owner: Department | None
    ledger: Ledger | None
    issued: Mapping[str, Mapping[str, Issued]]
    forms: Mapping[str, FormsNow]
    replace_newer: bool = False
    allowed: frozenset[FindingKey] = frozenset()

    @classmethod
    def of(
        cls,
        space: Workspace,
        plan: Plan,
        period: Period | None = None,
        owner: Department | None = None,
        ledger: Ledger | None = None,
        *,
        replace_newer: bool = False,
    ) -> "RoundContext":
        """The context of a folder, with what the ledger knows.

        Args:
            space: The folder.
            plan: The plan.
            period: The round, where only its returns are wanted.
            owner: The department, where only its returns are wanted.
            ledger: The ledger, None where nothing was ever issued.
            replace_newer: Whether what is received counts also where an accepted return is newer.

        Returns:
            The context.
        """
        begun = ledger.periods_issued() if ledger else []
        order = [known.id for known in plan.periods]
        issued = (
            {name: Decided.of(ledger, name, order).extended(ledger.issued(name)) for name in begun}
            if ledger
            else {}
        )
        rounds = [known for known in plan.periods if known.id in issued]
        forms = {known.id: forms_now(space, plan, known, issued[known.id]) for known in rounds}
        allowed = ever_allowed(ledger) if ledger else frozenset()
        return cls(plan, period, owner, ledger, issued, forms, replace_newer, allowed)

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

    def identify(self, file: Incoming, *, heirs: bool = False) -> Identified | Finding:
        """A return of ours, or the one finding that says why it is none.

        Args:
            file: The file as it was read.
            heirs: Whether the form of a department that is not asked any more is taken as that of the wanted one, which
                has its items now: it answers a part of what that one is asked.

        Raises:
            ValueError: nobody has read the file.
        """
        found = self._identify(file, heirs=heirs)
        return told_of(found, file.path.name) if isinstance(found, Finding) else found

    def _identify(self, file: Incoming, *, heirs: bool) -> Identified | Finding:
        if file.refusal:
            return file.refusal
        if file.submission is None:
            raise ValueError(file)
        if file.submission.lender and not heirs and (gone := self._no_more_asked(file.submission)):
            return gone
        return self._of_stamp(file, file.submission)

    def _of_stamp(self, file: Incoming, submission: Submission) -> Identified | Finding:
        """The same by the file's stamp.

        Raises:
            ValueError: a stamp without a fault names no period or department of the plan: a fault of ours.
        """
        stamp = submission.stamp
        if (stamp.plan, stamp.department) == (self.plan.id, OFFICE):
            return Finding(FindingCode.OFFICE_FILE)
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
        period, department = self.plan.period(stamp.period), self.plan.department(stamp.department)
        if fault:
            name = department.id if department else ""
            return replace(fault, department=name)
        if period is None or department is None:
            raise ValueError(stamp)
        rows = sent.rows if sent else rows_of(self.plan, period, department)
        if not submission.stamped and not _says_anything(submission, self.plan):
            params = {"department": department.name}
            return Finding(FindingCode.NOT_OF_DEPARTMENT, params=params)
        findings = (*submission.findings, *stamp_findings(stamp, sent, self.plan))
        return Identified(file, replace(submission, findings=findings), period, department, sent, rows)

    def latest(self, period: Period) -> Mapping[str, Receipt]:
        """The latest return of each department in a round, by id. Records take long: only where they are needed."""
        if self.ledger is None:
            return {}
        order = [known.id for known in self.plan.periods]
        return counting(self.ledger, period.id, order, records=_has_unique(self.plan))

    def taken(self, batch: Batch, latest: Mapping[str, Receipt]) -> Taken:
        """Values of unique fields in the latest returns of departments outside this batch: not to be repeated."""
        inside = {identified.department.id for _, identified in batch}
        unique = [(form.id, field.id) for form in self.plan.forms for field in form.entered if field.unique]
        return {
            (form, field): frozenset(
                record.values[field]
                for department, receipt in latest.items()
                if department not in inside
                for record in receipt.records
                if record.form == form and field in record.values
            )
            for form, field in unique
        }

    def counting(self, period: Period, latest: Mapping[str, Receipt]) -> dict[str, Receipt]:
        """Those of the latest returns that answer what was issued last."""
        return still_counting(self.ledger, latest, self.issued.get(period.id, {})) if self.ledger else {}

    def accepted(self, period: Period, latest: Mapping[str, Receipt]) -> dict[str, Receipt]:
        """Those of them that were accepted."""
        accepted = {
            name: receipt for name, receipt in latest.items() if receipt.state is ReceiptState.ACCEPTED
        }
        return self.counting(period, accepted)

    def identify_earlier(self, file: Incoming) -> Identified | None:
        """A return of ours to another issue than the last, to be held against its own rows; `issued` is the last."""
        if file.submission is None or file.submission.stamp.plan != self.plan.id:
            return None
        stamp = file.submission.stamp
        period, department = self.plan.period(stamp.period), self.plan.department(stamp.department)
        latest = self.issued.get(stamp.period, {}).get(stamp.department)
        if period is None or department is None or latest is None:
            return None
        sent = self._earlier(stamp.issue) or latest
        return Identified(file, file.submission, period, department, latest, sent.rows, sent)

    def _no_more_asked(self, submission: Submission) -> Finding | None:
        """The finding of a form that was lent by a department that is not asked any more."""
        period = self.plan.period(submission.stamp.period)
        if period is None or any(
            department.id == submission.lender for department in self.plan.answering(period)
        ):
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
        owners = dict.fromkeys(item.department for item in now if item.id in asked)
        names = tuple(department.name for department in map(self.plan.department, owners) if department)
        code = FindingCode.DEPARTMENT_MOVED if names else FindingCode.UNKNOWN_DEPARTMENT
        return Finding(code, params=code.picked({"found": found, "owners": names}))

    def _earlier(self, issue: str) -> Issued | None:
        return self.ledger.issue(issue) if self.ledger else None


def batches(plan: Plan, paths: Sequence[Source]) -> Iterator[Sequence[Source]]:
    """The files in batches to be judged together. All are one batch where values must differ between them."""
    size = len(paths) if _has_unique(plan) else FILES_AT_ONCE
    return (paths[start : start + size] for start in range(0, len(paths), max(size, 1)))


def by_attempt(found: Batch) -> list[Batch]:
    """Batches in which no department stands twice: a second file of one department is a second attempt."""
    attempts: list[list[tuple[int, Identified]]] = []
    counts: dict[str, int] = {}
    for number, identified in found:
        attempt = counts.get(identified.department.id, 0)
        counts[identified.department.id] = attempt + 1
        if attempt == len(attempts):
            attempts.append([])
        attempts[attempt].append((number, identified))
    return list(attempts)


def _has_unique(plan: Plan) -> bool:
    return any(field.unique for form in plan.forms for field in form.fields)


def _name_in_file(sent: Issued) -> str:
    """The name of a department that the plan has no more, as its workbook's file bears it."""
    name = PurePosixPath(sent.file).stem
    return name.removeprefix(f"{sent.period}_{sent.department}_") or sent.department


def _says_anything(submission: Submission, plan: Plan) -> bool:
    """Whether any row has the number of an item, or in a form of open rows holds anything."""
    items = {fold(item.id) for item in plan.items}
    for form in submission.forms:
        which = plan.form(form.form)
        if which and which.is_open:
            if any(not is_blank(value) for row in form.rows for value in row.values):
                return True
        elif any(fold(row.item) in items for row in form.rows):
            return True
    return False


# --- returns that are kept, read once more ---


@dataclass(frozen=True, slots=True)
class KeptReturn:
    """A return that is kept: whose it is, where it lies, and what it was called as it came."""

    department: Department
    path: Path
    file_name: str


def read_kept(
    context: RoundContext, period: Period, kept: Sequence[KeptReturn]
) -> list[Identified | Finding]:
    """Read kept returns once more.

    Args:
        context: What is known of the round.
        period: The round.
        kept: The returns.

    Returns:
        What each is, in the order given; the finding that says why where it is none by now.

    Raises:
        FileError: one is gone.
    """
    files = dict(enumerate(take_in([each.path for each in kept], context.plan)))
    for at, file in files.items():
        if not _is_own(context, period, file, kept[at].department):  # the office said whose it is
            owner = replace(context, period=period, owner=kept[at].department)
            [files[at]] = take_in([kept[at].path], context.plan, owner.assumed)
    return [_identified(context, period, files[at], each) for at, each in enumerate(kept)]


def _is_own(context: RoundContext, period: Period, file: Incoming, department: Department) -> bool:
    """Whether a file says by itself whose return it is."""
    if file.submission is None or not file.submission.stamped:
        return False
    stamp = file.submission.stamp
    return (stamp.plan, stamp.period, stamp.department) == (context.plan.id, period.id, department.id)


def _identified(
    context: RoundContext, period: Period, file: Incoming, kept: KeptReturn
) -> Identified | Finding:
    """What a file is, under the name with which it came."""
    submission = replace(file.submission, file=kept.file_name) if file.submission else None
    named = replace(file, path=file.path.with_name(kept.file_name), submission=submission)
    return replace(context, period=period, owner=kept.department).identify(named)


def by_department(
    kept: Sequence[KeptReturn], read: Sequence[Identified | Finding]
) -> tuple[Mapping[str, Identified], Mapping[str, Finding]]:
    """The returns that can be judged, and why the others cannot, by department id."""
    pairs = [(each.department.id, found) for each, found in zip(kept, read, strict=True)]
    return (
        {name: found for name, found in pairs if isinstance(found, Identified)},
        {name: found for name, found in pairs if isinstance(found, Finding)},
    )
