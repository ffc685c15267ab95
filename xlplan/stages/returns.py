"""A file that came in: whose return it is, what it would displace, and what is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.fields.reading import shown
from xlplan.fields.table import holds_words
from xlplan.form.read.intake import Incoming, changed_at
from xlplan.language.privacy import masked
from xlplan.language.text import is_blank
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, item_shown, told_of
from xlplan.model.form import Field
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import Receipt, ReceiptState, RecordRow, ReturnedForm, Submission
from xlplan.stages.received import Change, FileState, ReceivedFile
from xlplan.store.ledger import Ledger

MOST_CHANGES = 3
"""Answers that differ which one message tells."""

Answers = Mapping[tuple[str, str, str], Value]
"""What a department answered, by form, item and field."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A return of ours.

    Attributes:
        incoming: The file as it came.
        submission: What was read from it.
        period: Its round.
        department: Whose it is.
        issued: What was issued to the department last, None where no ledger knows.
        rows: The rows against which it is to be held, by form id.
        answers: The issue that it answers, where that is not the last.
    """

    incoming: Incoming
    submission: Submission
    period: Period
    department: Department
    issued: Issued | None
    rows: Mapping[str, tuple[IssuedRow, ...]]
    answers: Issued | None = None

    @property
    def held(self) -> tuple[Submission, Mapping[str, tuple[IssuedRow, ...]]]:
        """What was read from it, with the rows against which it is to be held: what `judging.judge` takes."""
        return self.submission, self.rows


def foreign(identified: Identified, findings: Sequence[Finding]) -> ReceivedFile | None:
    """What becomes of a return that, as its `findings` say, holds another department's rows; None where it does not."""
    rows = tuple(finding for finding in findings if finding.code == FindingCode.OTHER_DEPARTMENT)
    return ReceivedFile(identified.incoming.path, FileState.REFUSED, findings=rows) if rows else None


def known_file(
    file: ReceivedFile, receipt: Receipt, latest: Receipt, sent_back: Path | None, *, counts: bool
) -> ReceivedFile:
    """A file that was received before, with a finding where it is not what counts now.

    Args:
        file: The file.
        receipt: Its receipt.
        latest: The latest receipt of its department.
        sent_back: The workbook that was sent back for the file, None where none is there.
        counts: Whether the latest return answers what is asked now.
    """
    known = ReceivedFile(file.path, FileState.KNOWN, file.department, receipt.attempt)
    params: dict[str, object] = {
        "attempt": receipt.attempt,
        "latest": latest.attempt,
        "newer": latest.file_name,
        "moment": f"{latest.received_at:%Y-%m-%d %H:%M}",
    }
    if not counts:
        code = FindingCode.RECEIVED_OUTDATED
    elif latest.state is ReceiptState.ACCEPTED:
        if receipt.attempt == latest.attempt:
            return known
        code = FindingCode.RECEIVED_EARLIER
    elif receipt.attempt == latest.attempt:
        known = replace(known, state=FileState.SENT_BACK, sent_back=sent_back)
        code = FindingCode.RECEIVED_OPEN
    else:
        accepted = receipt.state is ReceiptState.ACCEPTED
        code = FindingCode.RECEIVED_BEFORE if accepted else FindingCode.RECEIVED_OLDER
    finding = told_of(Finding(code, params=code.picked(params)), file.path.name)
    return replace(known, findings=(finding,))


def aside(found: Identified, finding: Finding) -> ReceivedFile:
    """The line of a return in spite of which the accepted one counts, as its `finding` says."""
    return ReceivedFile(found.incoming.path, FileState.KEPT, found.department, findings=(finding,))


def as_issued(file: Incoming, ledger: Ledger | None, plan: Plan) -> Finding | None:
    """The finding of a file that is what the office issued, byte for byte, to whomever and in whichever round.

    Args:
        file: The file.
        ledger: The ledger; None where nothing was ever issued.
        plan: The plan, which names departments and rounds.
    """
    issued = ledger.issued_as(file.sha256) if ledger and file.sha256 else None
    if issued is None:
        return None
    department, period = plan.department(issued.department), plan.period(issued.period)
    name = (
        department.name if department else plan.office if issued.department == OFFICE else issued.department
    )
    params = {
        "department": name,
        "period": period.label if period else issued.period,
        "day": f"{issued.issued_at:%Y-%m-%d}",
    }
    finding = Finding(FindingCode.ISSUED_FILE, params=params)
    return told_of(finding, file.path.name, issued.department, issued.period)


def same_bytes(path: Path, first: ReceivedFile) -> ReceivedFile:
    """What became of the file at `path`, which has the bytes of another file of the same run."""
    if first.state in (FileState.REFUSED, FileState.KEPT):
        findings = tuple(told_of(finding, path.name) for finding in first.findings)
        return replace(first, path=path, findings=findings)
    return ReceivedFile(path, FileState.KNOWN, first.department, first.attempt)


def told_what_counts(files: Sequence[ReceivedFile]) -> Iterator[ReceivedFile]:
    """The files, with a finding at each return after which a newer one of the same department came in."""
    # of the office's own workbooks each adds to the others
    counting = [file for file in files if file.state not in (FileState.ENTERED, FileState.KEPT)]
    newest = {
        file.department.id: file for file in counting if file.department and file.attempt and file.archive
    }
    for file in files:
        counted = file.state not in (FileState.ENTERED, FileState.KEPT) and file.attempt and file.archive
        last = newest[file.department.id] if counted and file.department else file
        if last is file:
            yield file
            continue
        newer = Finding(FindingCode.NEWER_COUNTS, params={"newer": last.path.name})
        yield replace(file, findings=(*file.findings, told_of(newer, file.path.name)))


def age(found: Identified) -> datetime:
    """When the answers were last worked at, in whole seconds of this computer's clock.

    The earlier of two moments: when the file was changed, as its folder or the letter in which it came says, and when
    it was saved, as the workbook itself says. Mailing, copying and downloading make the first later than the second,
    never earlier. The second is wrong where the clock was, or where a program left the form's own moment in it; but
    nobody writes into a file after it was changed last, or sent. So each is a moment after which nothing was written,
    and the earlier says more.

    Raises:
        FileError: the file is gone or cannot be looked at.
    """
    changed = changed_at(found.incoming.source)
    saved = found.submission.saved_at
    return min(changed, saved) if saved else changed


def older(found: Identified, moment: datetime, accepted: Receipt) -> Finding | None:
    """The finding of an answer that is older than the accepted one, None where it is not.

    Args:
        found: The return.
        moment: Its `age`.
        accepted: The accepted return. Where a version of xlplan received it that kept no such moment, the one when it
            came in stands for it.
    """
    counting = accepted.saved_at or accepted.received_at
    if moment >= counting:
        return None
    params = {"moment": _minute(moment), "newer": accepted.file_name, "counting": _minute(counting)}
    return told(FindingCode.OLDER_RETURN, found, params)


def anything(found: Identified, plan: Plan) -> bool:
    """Whether anything stands in the cells that a department fills in."""
    return any(_filled(form, plan) for form in found.submission.forms)


def answers_of(plan: Plan, records: Sequence[RecordRow]) -> Answers:
    """What the department itself wrote."""
    entered = {(form.id, field.id) for form in plan.forms for field in form.entered}
    return {
        (record.form, record.item, name): value
        for record in records
        for name, value in record.values.items()
        if (record.form, name) in entered and not is_blank(value)
    }


def changes(plan: Plan, before: Sequence[RecordRow], after: Sequence[RecordRow]) -> Iterator[Change]:
    """The answers that differ, in order of the forms, the rows and the fields.

    Args:
        plan: The plan.
        before: The values of the accepted return.
        after: Those of the one that takes its place.
    """
    old, new = answers_of(plan, before), answers_of(plan, after)
    for form in plan.forms:
        items = dict.fromkeys(record.item for record in (*before, *after) if record.form == form.id)
        for item in items:
            for field in form.entered:
                was, now = (answers.get((form.id, item, field.id)) for answers in (old, new))
                if was != now:
                    yield written_change(plan, field, item, was, now)


def written_change(plan: Plan, field: Field, item: str, before: Value, after: Value) -> Change:
    """A value of a `field` of the `plan` that is another `after` than `before`; `item` is the id of the row's."""
    words = ("" if value is None else _written(value, field, plan) for value in (before, after))
    return Change(field.form, item_shown(item, plan.language), field.id, field.label, *words)


def replaced(found: Identified, differing: Sequence[Change]) -> Finding:
    """The notice at a return, `found`, that takes the place of an accepted one with these answers `differing`."""
    if not differing:
        return told(FindingCode.REPLACES_SAME, found, {})
    return told(
        FindingCode.REPLACES_ACCEPTED, found, {"count": len(differing), "changes": first_of(differing)}
    )


def first_of(differing: Sequence[Change]) -> tuple[str, ...]:
    """As many of the changes as one message tells, and a sign that there are more."""
    first = tuple(str(change) for change in differing[:MOST_CHANGES])
    return (*first, "…") if len(differing) > MOST_CHANGES else first


def _filled(form: ReturnedForm, plan: Plan) -> bool:
    of_plan = plan.form(form.form)
    entered = {field.id for field in of_plan.entered} if of_plan else set()
    at = [number for number, name in enumerate(form.columns) if name in entered]
    return any(not is_blank(row.values[number]) for row in form.rows for number in at)


def _written(value: Value, field: Field, plan: Plan) -> str:
    words = shown(value, field, plan.years)
    return masked(words) if holds_words(field) else words


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def told(code: FindingCode, found: Identified, params: Mapping[str, object]) -> Finding:
    """A finding of a return as a whole.

    Args:
        code: What it is.
        found: The return.
        params: The parameters of its sentences.
    """
    finding = Finding(code, params=params)
    return told_of(finding, found.incoming.path.name, found.department.id, found.period.id)
