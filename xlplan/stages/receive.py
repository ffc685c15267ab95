"""Check and receive: returns judged, archived, recorded; what is wrong goes back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlplan.form.issuing import sent_back_file
from xlplan.form.read.intake import Incoming, take_in_batches
from xlplan.form.write.order import SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, has_errors, told_of
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.define import asked, begun_round, existing_ledger, likely_round, open_ledger, plan_of
from xlplan.stages.displaced import Change, age, anything, changes, older, replaced, unanswered
from xlplan.stages.forms import kept_file
from xlplan.stages.identify import Desk, Identified, waves
from xlplan.stages.lines import FileState, ReceiveResult, ReturnLine, known_line, told_what_counts, twin_line
from xlplan.stages.refill import poured, rows_again, values_of
from xlplan.store.archive import Archive
from xlplan.store.files import make_folder, modified, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge
from xlplan.validate.places import Taken

FILES_AT_ONCE = 100
"""Returns read and judged together: enough to judge quickly, few enough to hold in memory whatever comes in."""


def check(space: Workspace, paths: Sequence[Path], *, period_name: str, department: str) -> ReceiveResult:
    """Judge files without recording anything."""
    plan = plan_of(space)
    lines: list[ReturnLine] = []
    with existing_ledger(space) or nullcontext() as ledger:
        period = likely_round(plan, ledger, period_name) if period_name or department else None
        owner = asked(plan, period, [department])[0] if department and period else None
        desk = Desk.of(space, plan, period, owner, ledger)
        for some in take_in_batches(batches(plan, paths), plan, assumed=desk.assumed):
            lines += _checked(desk, some)
    return ReceiveResult(plan, period, tuple(lines))


def batches(plan: Plan, paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The files in batches to be judged together. All are one batch where values must differ between them."""
    size = len(paths) if _has_unique(plan) else FILES_AT_ONCE
    return (paths[at : at + size] for at in range(0, len(paths), max(size, 1)))


def _checked(desk: Desk, batch: Sequence[Incoming]) -> list[ReturnLine]:
    """One batch judged, in the order given."""
    lines: dict[int, ReturnLine] = {}
    known: dict[Period, list[tuple[int, Identified]]] = {}
    for at, one in enumerate(batch):
        found = desk.identify(one)
        if isinstance(found, Finding):
            lines[at] = ReturnLine(one.path, FileState.REFUSED, findings=(found,))
        else:
            known.setdefault(found.period, []).append((at, found))
    for period, some in known.items():
        latest = _latest(desk.plan, period, desk.ledger)
        for wave in waves(some):
            for (at, found), judged in zip(wave, _judge(desk.plan, period, wave, latest), strict=True):
                lines[at] = _refused(found, judged) or ReturnLine(
                    found.incoming.path,
                    FileState.FAULTY if has_errors(list(judged.findings)) else FileState.FINE,
                    found.department,
                    findings=judged.findings,
                )
    return [lines[at] for at in sorted(lines)]


def _refused(one: Identified, judged: Judged) -> ReturnLine | None:
    """The line of a return that holds another department's rows."""
    foreign = [found for found in judged.findings if found.code == FindingCode.OTHER_DEPARTMENT]
    return ReturnLine(one.incoming.path, FileState.REFUSED, findings=tuple(foreign)) if foreign else None


def receive(
    space: Workspace,
    paths: Sequence[Path],
    *,
    period_name: str,
    department: str,
    now: datetime,
    insists: bool = False,
    waiting: Callable[[], object] = lambda: None,
) -> ReceiveResult:
    """Keep, judge and record returns; without `paths`, everything in the round's inbox. All of it counts, or none.

    The oldest file comes first, so that of two files of one department the newer answer counts. A return with errors
    gets its sent-back workbook. A file that is no return of this round is kept, and the round stands as before. So is
    one that is older than the accepted return, or in which nothing was answered, unless the caller `insists` that it
    counts. Raises UsageError where it insists on a whole inbox.
    `waiting` is called where another run is at work and this one waits for it.
    """
    if insists and not paths:
        raise UsageError(ErrorKey.REPLACE_WHAT)
    plan = plan_of(space)
    with open_ledger(space) as ledger, ledger.writing(waiting):
        period = begun_round(plan, ledger, period_name)
        owner = asked(plan, period, [department])[0] if department else None
        if not paths:
            make_folder(space.inbox(period.id))
        files = list(paths) or space.returns_in(space.inbox(period.id))
        folders = [] if paths else space.folders_in(space.inbox(period.id))
        desk = replace(Desk.of(space, plan, period, owner, ledger), insists=insists)
        skipped = Finding(FindingCode.INBOX_FOLDER)
        lines = [
            ReturnLine(one, FileState.REFUSED, findings=(told_of(skipped, one.name),)) for one in folders
        ]
        # of a whole inbox nobody has said that all its files are one department's
        assumed = desk.assumed if paths else None
        archive = Archive(space, period, ledger, now, assumed.department if assumed else "")
        ages = [(modified(one), one.name) for one in files]
        order = sorted(range(len(files)), key=ages.__getitem__)
        received: list[ReturnLine] = []
        before: dict[Path, Receipt] = {}
        for some in take_in_batches(batches(plan, [files[at] for at in order]), plan, archive.keep, assumed):
            received += _received(desk, archive, some, before)
        received = _known(desk, archive, received, before)
        archive.settle()
    named = dict(zip(order, told_what_counts(received), strict=True))
    return ReceiveResult(plan, period, (*lines, *(named[at] for at in range(len(files)))))


def _received(
    desk: Desk, archive: Archive, batch: Sequence[Incoming], before: dict[Path, Receipt]
) -> list[ReturnLine]:
    """One batch judged, archived and recorded, in the order given; `before` gets the receipts of what is not new."""
    period, ledger = archive.period, archive.ledger
    lines: dict[int, ReturnLine] = {}
    ours: list[tuple[int, Identified]] = []
    first: dict[str, int] = {}
    twins: dict[int, tuple[Path, str]] = {}
    for at, one in enumerate(batch):
        old = ledger.receipt_of(one.sha256, period.id, archive.owner) if one.sha256 else None
        if old:
            before[one.path] = old
            lines[at] = ReturnLine(
                one.path, FileState.KNOWN, desk.plan.department(old.department), old.attempt
            )
        elif one.sha256 in first:
            twins[at] = (one.path, one.sha256)
        elif isinstance(found := desk.identify(one), Finding):
            lines[at] = _kept(archive, one, ReturnLine(one.path, FileState.REFUSED, findings=(found,)))
        else:
            first[one.sha256] = at
            ours.append((at, found))
    for wave in waves(ours):
        lines |= _record(desk, archive, wave)
    for at, (path, digest) in twins.items():
        lines[at] = twin_line(path, lines[first[digest]])
    return [lines[at] for at in sorted(lines)]


def _kept(archive: Archive, one: Incoming, refused: ReturnLine) -> ReturnLine:
    """The line of a file that is no return, now kept and recorded as such."""
    path, told = archive.refuse(one.path, one.sha256, refused.findings[0])
    # that the accepted answer counts in spite of it has been said before, and nothing is left to do
    state = FileState.KNOWN if told and refused.state is FileState.KEPT else refused.state
    findings = (*refused.findings, *told)
    if state is FileState.KNOWN:
        findings = tuple(replace(found, severity=Severity.NOTICE) for found in findings)
    return replace(refused, state=state, findings=findings, archive=path)


def _known(
    desk: Desk, archive: Archive, lines: Sequence[ReturnLine], before: Mapping[Path, Receipt]
) -> list[ReturnLine]:
    """The lines, with a word at each file received before: after all others are in, for one of them may count now."""
    if not before:
        return list(lines)
    latest = archive.ledger.latest(archive.period.id, records=False)
    counting = desk.counting(archive.period, latest)
    found = []
    for one in lines:
        old = before.get(one.path) if one.state is FileState.KNOWN else None
        if old is None:
            found.append(one)
            continue
        back = (
            _sent_back(archive.space, desk.plan, archive.period, one.department, old)
            if one.department
            else None
        )
        sent = back if back and back.exists() else None
        counts = old.department in counting
        found.append(known_line(one.path, one.department, old, latest[old.department], sent, counts=counts))
    return found


def _judge(
    plan: Plan, period: Period, wave: Sequence[tuple[int, Identified]], others: Mapping[str, Receipt]
) -> list[Judged]:
    return judge(plan, period, [(one.submission, one.rows) for _, one in wave], _taken(plan, wave, others))


def _taken(plan: Plan, wave: Sequence[tuple[int, Identified]], others: Mapping[str, Receipt]) -> Taken:
    """Values of unique fields in the latest returns of departments outside this wave."""
    inside = {one.department.id for _, one in wave}
    unique = [(form.id, one.id) for form in plan.forms for one in form.entered if one.unique]
    return {
        (form, field): frozenset(
            record.values[field]
            for name, receipt in others.items()
            if name not in inside
            for record in receipt.records
            if record.form == form and field in record.values
        )
        for form, field in unique
    }


def _record(desk: Desk, archive: Archive, wave: Sequence[tuple[int, Identified]]) -> dict[int, ReturnLine]:
    """Judge one wave, keep the files, write what goes back, then record all of it at once."""
    plan, ledger = desk.plan, archive.ledger
    latest = _latest(plan, archive.period, ledger)
    standing = {} if desk.insists else desk.accepted(archive.period, latest)
    moments = {at: age(one) for at, one in wave}
    lines: dict[int, ReturnLine] = {}
    # before any is judged: what does not count takes no other department's unique values
    for at, one in wave:
        accepted = standing.get(one.department.id)
        if accepted and anything(one, plan) and (told := older(one, moments[at], accepted)):
            lines[at] = _set_aside(archive, one, told)
    newer = [(at, one) for at, one in wave if at not in lines]
    receipts: list[Receipt] = []
    for (at, one), judged in zip(newer, _judge(plan, archive.period, newer, latest), strict=True):
        if refused := _refused(one, judged):
            lines[at] = _kept(archive, one.incoming, refused)
        elif (accepted := standing.get(one.department.id)) and (
            told := unanswered(one, plan, judged.records, ledger) or older(one, moments[at], accepted)
        ):
            lines[at] = _set_aside(archive, one, told)
        else:
            before = latest.get(one.department.id)
            receipt, lines[at] = _taken_in(desk, archive, one, judged, before, moments[at])
            receipts.append(receipt)
    archive.take(receipts)
    ledger.record_receipts(receipts)
    return lines


def _set_aside(archive: Archive, one: Identified, told: Finding) -> ReturnLine:
    """The line of a return in spite of which the accepted one counts."""
    return _kept(
        archive, one.incoming, ReturnLine(one.incoming.path, FileState.KEPT, one.department, findings=(told,))
    )


def _taken_in(
    desk: Desk, archive: Archive, one: Identified, judged: Judged, before: Receipt | None, moment: datetime
) -> tuple[Receipt, ReturnLine]:
    """The entry of a return, and its line; what goes back is written."""
    plan, space, back = desk.plan, archive.space, None
    differing: tuple[Change, ...] = ()
    findings = list(judged.findings)
    if before and before.state is ReceiptState.ACCEPTED:
        earlier = archive.ledger.attempts(one.period.id, one.department.id)[-1]
        differing = tuple(changes(plan, earlier.records, judged.records))
        told = replaced(differing)
        findings.append(told_of(told, one.incoming.path.name, one.department.id, one.period.id))
    receipt = _receipt(space, one, replace(judged, findings=tuple(findings)), before, archive.now, moment)
    if receipt.state is ReceiptState.SENT_BACK:
        back, more = _send_back(space, plan, one, receipt)
        receipt = replace(receipt, findings=more)
    line = ReturnLine(
        one.incoming.path,
        FileState(receipt.state.value),
        one.department,
        receipt.attempt,
        receipt.findings,
        space.root / receipt.archive,
        back,
        differing,
    )
    return receipt, line


def _latest(plan: Plan, period: Period, ledger: Ledger | None) -> Mapping[str, Receipt]:
    """The latest return of each department; its records only where they are needed, as they take long."""
    return ledger.latest(period.id, records=_has_unique(plan)) if ledger else {}


def _has_unique(plan: Plan) -> bool:
    return any(field.unique for form in plan.forms for field in form.fields)


def _receipt(
    space: Workspace, one: Identified, judged: Judged, before: Receipt | None, now: datetime, moment: datetime
) -> Receipt:
    attempt = before.attempt + 1 if before else 1
    name = space.archive_name(
        one.department.id, one.department.name, attempt, one.incoming.sha256, one.incoming.path.suffix
    )
    return Receipt(
        period=one.period.id,
        department=one.department.id,
        attempt=attempt,
        issue=one.issued.id if one.issued else "",
        file_name=one.incoming.path.name,
        sha256=one.incoming.sha256,
        received_at=now,
        state=ReceiptState.SENT_BACK if has_errors(list(judged.findings)) else ReceiptState.ACCEPTED,
        archive=space.relative(space.returned(one.period.id) / name),
        respondent=one.submission.respondent,
        approver=one.submission.approver,
        findings=judged.findings,
        records=judged.records,
        saved_at=moment,
    )


def _send_back(
    space: Workspace, plan: Plan, one: Identified, receipt: Receipt
) -> tuple[Path, tuple[Finding, ...]]:
    """Write the same form with the department's own values and its findings: with those of what had no place in it."""
    if one.issued is None:
        raise ValueError(receipt)
    asked_again = replace(one.issued, rows=rows_again(plan, one.period, one.rows, receipt.records))
    sent = SentBack(
        receipt.attempt,
        values_of(receipt.records, receipt.findings),
        receipt.findings,
        one.submission.respondent,
        one.submission.approver,
    )
    kept = kept_file(space, one.issued)
    order = poured(plan, one, asked_again, sent, receipt.records, receipt.received_at, kept)
    path = _sent_back(space, plan, one.period, one.department, receipt)
    write_bytes(path, form_workbook(order))
    return path, tuple(order.sent_back.findings if order.sent_back else ())


def _sent_back(
    space: Workspace, plan: Plan, period: Period, department: Department, receipt: Receipt
) -> Path:
    word = text("artefacts.sent_back_file", plan.language)
    return space.sent_back(period.id) / sent_back_file(period, department, receipt.attempt, word)
