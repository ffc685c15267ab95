"""Enter: the office's own workbook comes back, and what it fills in after the answers is recorded value by value.

Of each white cell counts what was changed since the workbook was made: several people may fill in copies of it, and one
of an earlier issue takes nothing back. Nothing is taken of a file with errors; blanks are none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xlplan import __version__
from xlplan.definition.reading import Definition
from xlplan.form.compare.stamp import Expected, identify, stamp_findings
from xlplan.form.issuing import Rows
from xlplan.form.read.intake import Incoming, take_in
from xlplan.language.codes import Severity
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.correction import ChangedFigure, Correction
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding, has_errors, listed, told_of
from xlplan.model.issue import Issued
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow, Submission
from xlplan.stages.afterwards import changed_answers, plan_of_office, rows_of_office
from xlplan.stages.define import who
from xlplan.stages.errata import changed_figures
from xlplan.stages.judged_anew import judged_in
from xlplan.stages.received import Change, FileState, ReceivedFile
from xlplan.stages.returns import first_of, written_change
from xlplan.stages.years import Years
from xlplan.store.archive import Archive
from xlplan.store.history import record_decisions
from xlplan.validate.blanks import left_blank
from xlplan.validate.judging import judge

_NOT_OF_OFFICE = (FindingCode.PEOPLE_MISSING,)
"""What is told of departments' returns alone."""
_LEFT_AS_IT_WAS = (FindingCode.SHEET_MISSING, FindingCode.COLUMN_MISSING, FindingCode.ITEM_MISSING)
"""What of the workbook is not there changes nothing."""
_GREY = (FindingCode.OFFICE_CHANGED, FindingCode.PREVIOUS_CHANGED, FindingCode.ABOUT_CHANGED)
"""What of it is not for the office to change there."""


def is_of_office(file: Incoming, plan: Plan) -> bool:
    """Whether a file says of itself that it is the office's own workbook of a plan."""
    stamp = file.submission.stamp if file.submission else None
    return stamp is not None and (stamp.plan, stamp.department) == (plan.id, OFFICE)


@dataclass(frozen=True, slots=True)
class Entries:
    """A file of the office's, judged.

    Attributes:
        plan: The plan as the office is asked it.
        sent: The issue that it answers.
        submission: What was read from it.
        findings: What is wrong with it, or is to be told of it.
        records: Its rows.
        values: Those of its values that are other ones than were there, each with what stands there now.
    """

    plan: Plan
    sent: Issued
    submission: Submission
    findings: tuple[Finding, ...]
    records: tuple[RecordRow, ...]
    values: tuple[Correction, ...]

    @property
    def department(self) -> Department:
        """The office in the place of a department."""
        return self.plan.departments[0]

    def changes(self) -> tuple[Change, ...]:
        """What it changes, as people read it."""
        return tuple(
            written_change(self.plan, form.by_id[value.field], value.item, value.old, value.new)
            for value in self.values
            if (form := self.plan.form(value.form))
        )


def entries_in(years: Years, file: Incoming, period: Period, decided: Decision) -> Entries | Finding:
    """What a file of the office's says, or the one finding why it is none of the round.

    Args:
        years: The plan through the years.
        file: The file, as it was read by what departments are asked.
        period: The round.
        decided: The decision by which its values are entered, without its target.

    Raises:
        ValueError: nobody has read the file.
    """
    if file.submission is None:
        raise ValueError(file)
    stamp, ledger = file.submission.stamp, years.need_ledger()
    plan = plan_of_office(years.known_round(period))
    sent = ledger.issue(stamp.issue)
    fault = identify(stamp, Expected(plan, period, sent, None))
    if fault or sent is None or not plan.forms:
        return fault or Finding(FindingCode.OFFICE_NOT_ISSUED)
    [again] = take_in([file.source], plan)
    if again.submission is None:
        return again.refusal or Finding(FindingCode.OFFICE_NOT_ISSUED)
    [verdict] = judge(plan, period, [(again.submission, sent.rows)])
    told = [*verdict.findings, *stamp_findings(stamp, sent, plan)]
    values = tuple(_values(again.submission, sent.rows, verdict.records, plan, decided))
    running = {item.id for item in plan.items_of(period)}
    told += _gone([value.item for value in values if value.item not in running])
    if changed := changed_answers(plan, sent.rows, rows_of_office(plan, period)):
        told.append(Finding(FindingCode.OFFICE_ANSWERED_SINCE, params={"items": listed(changed)}))
    return Entries(
        plan,
        sent,
        again.submission,
        tuple(
            _mild(finding) for finding in told if not (finding.is_missing or finding.code in _NOT_OF_OFFICE)
        ),
        verdict.records,
        tuple(value for value in values if value.item in running),
    )


def _values(
    submission: Submission, sent: Rows, records: Sequence[RecordRow], plan: Plan, decided: Decision
) -> Iterator[Correction]:
    """The values that are others than stood in the workbook when it was made, and than stand there now."""
    before = {(form, row.item): row.office for form, rows in sent.items() for row in rows}
    columns = {form.form: form.columns for form in submission.forms}
    for record in records:
        form = plan.form(record.form)
        known = plan.known(record.form, decided.period, record.item)
        for field in form.entered if form else ():
            if field.id not in columns[record.form]:
                continue
            made, new = before[record.form, record.item].get(field.id), record.values.get(field.id)
            now = known.get(field.id)
            if not (_same(new, made) or _same(new, now)):
                yield Correction(decided, record.form, record.item, field.id, now, new)


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, str) == isinstance(other, str)


def _mild(finding: Finding) -> Finding:
    """A finding as the office is told it: only a warning where what it misses stays as it was."""
    if finding.code in _GREY:
        return replace(finding, code=FindingCode.GREY_CHANGED, severity=Severity.WARNING)
    return replace(finding, severity=Severity.WARNING) if finding.code in _LEFT_AS_IT_WAS else finding


def _gone(items: Sequence[str]) -> Iterator[Finding]:
    """What is told of values of items that do not run in the round any more."""
    if items:
        yield Finding(FindingCode.OFFICE_ITEM_GONE, params={"items": listed(list(dict.fromkeys(items)))})


def left_open(plan: Plan, period: Period) -> Iterator[Finding]:
    """What is told of the cells in which the office must still enter something.

    Args:
        plan: The plan as the office is asked it.
        period: The round.
    """
    for field, items in left_blank(plan, period, rows_of_office(plan, period)).items():
        params = {"label": field.label, "count": len(items), "items": listed(items)}
        yield Finding(FindingCode.OFFICE_LEFT, form=field.form, field=field.id, params=params)


@dataclass(frozen=True, slots=True)
class Entering:
    """One run of receiving, for the files of the office's among those that came in.

    Attributes:
        definition: The plan's tables as they are.
        archive: Where received files are kept.
        by: Who entered the values; the system's user where it is empty.
    """

    definition: Definition
    archive: Archive
    by: str = ""

    @property
    def years(self) -> Years:
        """The plan through the years, with all that was recorded so far."""
        return Years(self.definition, self.archive.ledger)

    def received(self, file: Incoming) -> ReceivedFile:
        """What becomes of a file of the office's: kept and recorded where nothing in it is wrong."""
        archive = self.archive
        decided = Decision(archive.period.id, archive.now, who(self.by), DecisionKind.ENTER)
        found = entries_in(self.years, file, archive.period, decided)
        if isinstance(found, Finding):
            return ReceivedFile(file.path, FileState.REFUSED, findings=(told_of(found, file.path.name),))
        if has_errors(list(found.findings)):
            return ReceivedFile(file.path, FileState.FAULTY, found.department, findings=found.findings)
        return self._recorded(file, found)

    def known(self, file: Incoming, receipt: Receipt) -> ReceivedFile:
        """A file of the office's that was received before."""
        office = Department(OFFICE, self.definition.usable().office)
        return ReceivedFile(file.path, FileState.KNOWN, office, receipt.attempt)

    def _recorded(self, file: Incoming, found: Entries) -> ReceivedFile:
        archive, ledger, period = self.archive, self.archive.ledger, self.archive.period
        attempt = len(ledger.attempts(period.id, OFFICE, records=False)) + 1
        name = archive.space.archive_name("", found.department.name, attempt, file.sha256, file.path.suffix)
        record_decisions(
            ledger,
            [replace(value.decision, target={**value.target, "attempt": attempt}) for value in found.values],
        )
        plan = plan_of_office(self.years.known_round(period))
        later = _not_passing_later(self.years, found.values, period)
        told = [*found.findings, entered(found.changes()), *left_open(plan, period), *later]
        findings = tuple(told_of(finding, file.path.name, OFFICE, period.id) for finding in told)
        receipt = Receipt(
            period=period.id,
            department=OFFICE,
            attempt=attempt,
            issue=found.sent.id,
            file_name=file.path.name,
            sha256=file.sha256,
            received_at=archive.now,
            state=ReceiptState.ACCEPTED,
            archive=archive.space.relative(archive.space.returned(period.id) / name),
            respondent=found.submission.respondent,
            approver=found.submission.approver,
            findings=findings,
            records=found.records,
            reader=__version__,
        )
        archive.take([receipt])
        ledger.record_receipts([receipt])
        path = archive.space.root / receipt.archive
        state, office = FileState.ENTERED, found.department
        return ReceivedFile(file.path, state, office, attempt, findings, path, changes=found.changes())

    def changed_since_closing(self) -> tuple[ChangedFigure, ...]:
        """The figures of the round's summary that are others by what was entered or corrected after it was closed."""
        years, period = self.years, self.archive.period
        return (
            changed_figures(years, period, self.archive.now, draft=False) if period.id in years.closed else ()
        )


def _not_passing_later(years: Years, values: Sequence[Correction], period: Period) -> Iterator[Finding]:
    """What is told of accepted answers of later rounds that fail a check by what was entered now.

    Args:
        years: The plan through the years, with what was entered.
        values: What was entered, the last of the round's.
        period: The round.
    """
    order = [known.id for known in years.periods]
    later = years.periods[order.index(period.id) + 1 :] if values else ()
    last = max((entry.decision.number for entry in years.entries), default=0)
    before = years.as_corrected(last - len(values))
    for known in (known for known in later if known.id in years.begun):
        judged = [each for each in judged_in(before, years, known) if each.accepted and each.appeared]
        if judged:
            names = listed([each.department.name for each in judged])
            params = {"period": known.label, "names": names, "id": known.id}
            yield Finding(FindingCode.OFFICE_LATER, params=params)


def entered(changes: Sequence[Change]) -> Finding:
    """What is told of the values that a file enters."""
    if not changes:
        return Finding(FindingCode.OFFICE_NOTHING_NEW)
    params = {"count": len(changes), "changes": first_of(changes)}
    return Finding(FindingCode.OFFICE_ENTERED, params=params)
