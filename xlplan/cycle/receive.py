"""Check and receive: returns judged, archived, recorded; what is wrong goes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlplan.compare import Expected, identify
from xlplan.cycle.define import asked, begun_round, period_named, plan_of
from xlplan.files import make_folder, write_bytes
from xlplan.finding import Finding, Severity, has_errors
from xlplan.intake import Incoming, take_in
from xlplan.issuing import order_of, rows_of, sent_back_file
from xlplan.ledger import Ledger
from xlplan.messages import text
from xlplan.plan import Department, Period, Plan
from xlplan.submission import Issued, IssuedRow, Receipt, ReceiptState, Submission
from xlplan.template import SentBack, form_workbook
from xlplan.validate import Judged, Taken, judge
from xlplan.workspace import Workspace

FILES_AT_ONCE = 200
"""Returns read and judged together: enough to judge quickly, few enough to hold in memory whatever comes in."""


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One file and what became of it.

    `state`: fine or faulty (only checked), accepted, sent_back, refused (no return of this round; nothing was
    changed), or known (the same bytes were received before).
    """

    path: Path
    state: str
    department: Department | None = None
    attempt: int = 0
    findings: tuple[Finding, ...] = ()
    archive: Path | None = None
    sent_back: Path | None = None


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """What came in."""

    plan: Plan
    period: Period | None
    lines: tuple[ReturnLine, ...]


@dataclass(frozen=True, slots=True)
class _Identified:
    """A return of ours, with the rows that were issued to its department."""

    incoming: Incoming
    submission: Submission
    period: Period
    department: Department
    issued: Issued | None
    rows: Mapping[str, tuple[IssuedRow, ...]]


def check(space: Workspace, paths: Sequence[Path], *, period_name: str, department: str) -> ReceiveResult:
    """Judge files without recording anything."""
    plan = plan_of(space)
    period = period_named(plan, period_name) if period_name else None
    owner = asked(plan, period or plan.periods[-1], [department])[0] if department else None
    ledger = Ledger.open_existing(space.ledger_path)
    lines: list[ReturnLine] = []
    for some in batches(plan, paths):
        lines += _checked(plan, period, owner, ledger, some)
    if ledger:
        ledger.close()
    return ReceiveResult(plan, period, tuple(lines))


def batches(plan: Plan, paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The files in batches to be judged together. All are one batch where values must differ between them."""
    size = len(paths) if _has_unique(plan) else FILES_AT_ONCE
    return (paths[at : at + size] for at in range(0, len(paths), max(size, 1)))


def _checked(
    plan: Plan, period: Period | None, owner: Department | None, ledger: Ledger | None, paths: Sequence[Path]
) -> list[ReturnLine]:
    """One batch judged, in the order given."""
    lines: dict[int, ReturnLine] = {}
    known: dict[Period, list[tuple[int, _Identified]]] = {}
    for at, one in enumerate(take_in(paths, plan)):
        found = _identify(one, plan, period, owner, ledger)
        if isinstance(found, Finding):
            lines[at] = ReturnLine(one.path, "refused", findings=(found,))
        else:
            known.setdefault(found.period, []).append((at, found))
    for which, some in known.items():
        for wave in _waves(some):
            for (at, found), judged in zip(wave, _judge(plan, which, wave, {}), strict=True):
                state = "faulty" if has_errors(list(judged.findings)) else "fine"
                lines[at] = ReturnLine(found.incoming.path, state, found.department, 0, judged.findings)
    return [lines[at] for at in sorted(lines)]


def receive(
    space: Workspace, paths: Sequence[Path], *, period_name: str, department: str, now: datetime
) -> ReceiveResult:
    """Judge, archive and record returns; without `paths`, everything in the round's inbox.

    A return with errors gets its sent-back workbook. A file that is no return of this round changes nothing.
    """
    plan = plan_of(space)
    with Ledger.open(space.ledger_path) as ledger:
        period = begun_round(plan, ledger, period_name)
        owner = asked(plan, period, [department])[0] if department else None
        if not paths:
            make_folder(space.inbox(period.id))
        files = list(paths) or space.returns_in(space.inbox(period.id))
        lines: list[ReturnLine] = []
        for some in batches(plan, files):
            lines += _received(space, plan, period, owner, ledger, some, now)
    return ReceiveResult(plan, period, tuple(lines))


def _received(
    space: Workspace,
    plan: Plan,
    period: Period,
    owner: Department | None,
    ledger: Ledger,
    paths: Sequence[Path],
    now: datetime,
) -> list[ReturnLine]:
    """One batch judged, archived and recorded, in the order given."""
    lines: dict[int, ReturnLine] = {}
    ours: list[tuple[int, _Identified]] = []
    seen: set[str] = set()
    for at, one in enumerate(take_in(paths, plan)):
        old = ledger.receipt_of(one.sha256, period.id) if one.sha256 else None
        if old or (one.sha256 and one.sha256 in seen):
            who = plan.department(old.department) if old else None
            lines[at] = ReturnLine(one.path, "known", who, old.attempt if old else 0)
            continue
        found = _identify(one, plan, period, owner, ledger)
        if isinstance(found, Finding):
            lines[at] = ReturnLine(one.path, "refused", findings=(found,))
        else:
            seen.add(one.sha256)
            ours.append((at, found))
    for wave in _waves(ours):
        lines |= _record(space, plan, period, ledger, wave, now)
    return [lines[at] for at in sorted(lines)]


def _identify(
    one: Incoming, plan: Plan, period: Period | None, owner: Department | None, ledger: Ledger | None
) -> "_Identified | Finding":
    """A return of ours, or the one finding that says why it is none."""
    if one.refusal:
        return one.refusal
    if one.submission is None:
        raise ValueError(one)
    stamp = one.submission.stamp
    sent = ledger.issue(stamp.issue) if ledger else None
    begun = bool(ledger and stamp.period in ledger.periods_issued())
    fault = identify(stamp, Expected(plan, period, sent, begun, owner))
    if fault:
        return replace(fault, file=one.path.name)
    which, department = plan.period(stamp.period), plan.department(stamp.department)
    if which is None or department is None:
        raise ValueError(stamp)
    rows = sent.rows if sent else rows_of(plan, which, department)
    return _Identified(one, one.submission, which, department, sent, rows)


def _waves(some: Sequence[tuple[int, _Identified]]) -> list[list[tuple[int, _Identified]]]:
    """Batches in which no department stands twice: a second file of one department is a second attempt."""
    waves: list[list[tuple[int, _Identified]]] = []
    count: dict[str, int] = {}
    for one in some:
        turn = count.get(one[1].department.id, 0)
        count[one[1].department.id] = turn + 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(one)
    return waves


def _judge(
    plan: Plan, period: Period, wave: Sequence[tuple[int, _Identified]], others: Mapping[str, Receipt]
) -> list[Judged]:
    return judge(plan, period, [(one.submission, one.rows) for _, one in wave], _taken(plan, wave, others))


def _taken(plan: Plan, wave: Sequence[tuple[int, _Identified]], others: Mapping[str, Receipt]) -> Taken:
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


def _record(
    space: Workspace,
    plan: Plan,
    period: Period,
    ledger: Ledger,
    wave: Sequence[tuple[int, _Identified]],
    now: datetime,
) -> dict[int, ReturnLine]:
    """Judge one wave, keep the files, write what goes back, then record all of it at once."""
    latest = ledger.latest(period.id, records=_has_unique(plan))
    lines: dict[int, ReturnLine] = {}
    receipts = []
    for (at, one), judged in zip(wave, _judge(plan, period, wave, latest), strict=True):
        foreign = next((found for found in judged.findings if found.code == "other_department"), None)
        if foreign:
            lines[at] = ReturnLine(one.incoming.path, "refused", findings=(foreign,))
            continue
        before = latest.get(one.department.id)
        receipt = _receipt(space, one, judged, before, now)
        write_bytes(space.root / receipt.archive, one.incoming.data)
        back = None
        if receipt.state is ReceiptState.SENT_BACK:
            back = _send_back(space, plan, one, receipt)
        receipts.append(receipt)
        lines[at] = ReturnLine(
            one.incoming.path,
            receipt.state.value,
            one.department,
            receipt.attempt,
            receipt.findings,
            space.root / receipt.archive,
            back,
        )
    ledger.record_receipts(receipts)
    return lines


def _has_unique(plan: Plan) -> bool:
    return any(field.unique for form in plan.forms for field in form.fields)


def _receipt(
    space: Workspace, one: _Identified, judged: Judged, before: Receipt | None, now: datetime
) -> Receipt:
    findings = list(judged.findings)
    if before and before.state is ReceiptState.ACCEPTED:
        told = Finding("replaces_accepted", Severity.NOTICE, file=one.incoming.path.name)
        findings.append(replace(told, department=one.department.id, period=one.period.id))
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
        state=ReceiptState.SENT_BACK if has_errors(findings) else ReceiptState.ACCEPTED,
        archive=space.relative(space.returned(one.period.id) / name),
        respondent=one.submission.respondent,
        approver=one.submission.approver,
        findings=tuple(findings),
        records=judged.records,
    )


def _send_back(space: Workspace, plan: Plan, one: _Identified, receipt: Receipt) -> Path:
    """Write the same form with the department's own values and its findings."""
    if one.issued is None:
        raise ValueError(receipt)
    values = {
        (record.form, record.item, name): value
        for record in receipt.records
        for name, value in record.values.items()
    }
    sent = SentBack(receipt.attempt, values, receipt.findings, receipt.respondent, receipt.approver)
    order = order_of(
        plan, one.period, one.department, one.issued, created=receipt.received_at, sent_back=sent
    )
    word = text("artefacts.sent_back_file", plan.language)
    path = space.sent_back(one.period.id) / sent_back_file(one.period, one.department, receipt.attempt, word)
    write_bytes(path, form_workbook(order))
    return path
