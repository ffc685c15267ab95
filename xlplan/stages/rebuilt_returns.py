"""Of a lost ledger: the returns of a round judged again, in the order of their attempts, and what was no return."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xlplan.form.read.intake import Incoming, take_in
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, has_errors, told_of
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import ReceiptState, RefusedFile
from xlplan.stages.identify import RoundContext
from xlplan.stages.rebuilding import ARCHIVED, Rebuilding, Unknown, attempt_of, moment_of, read_many
from xlplan.stages.refill import sent_back_path
from xlplan.stages.returns import Identified, age
from xlplan.store.files import sha256_of
from xlplan.validate.judging import judge


def returns(run: Rebuilding, period: Period) -> list[Path]:
    """Judge and record the kept returns of a round; gives those of the office's."""
    plan = run.years.base(period).asked_in(period)
    recorded = set(run.ledger.archives(period.id).values())
    folder = run.space.returned(period.id)
    paths = [
        path
        for path in (run.space.returns_in(folder) if folder.is_dir() else ())
        if ARCHIVED.fullmatch(path.name) and run.space.relative(path) not in recorded
    ]
    context = RoundContext.of(run.space, plan, period, None, run.ledger)
    office = [path for path in paths if not _owner(run, path, plan, period)]
    found = _identified(run, context, period, [path for path in paths if path not in set(office)])
    by_attempt: dict[int, list[Identified]] = {}
    for path, identified in found.items():
        if isinstance(identified, Identified):
            by_attempt.setdefault(attempt_of(path), []).append(identified)
    unread = {path: finding for path, finding in found.items() if isinstance(finding, Finding)}
    for attempt in sorted(by_attempt):
        _judged(run, context, period, attempt, by_attempt[attempt])
    _unread(run, plan, period, unread)
    run.note(Unknown.RECEIVED, period, count=len(found))
    return office


def _owner(run: Rebuilding, path: Path, plan: Plan, period: Period) -> Department | None:
    """The department whose return a kept file is, as its name says; None of what the office's own workbook was."""
    name, attempt = path.name, attempt_of(path)
    digest = path.stem.rpartition("_")[2]

    def named(department: Department) -> bool:
        parts = (department.id, department.name, attempt, digest, path.suffix)
        return run.space.archive_name(*parts) == name

    departments = plan.departments
    exactly = next((department for department in departments if named(department)), None)
    begins = [department for department in departments if name.startswith(f"{department.id}_")]
    return exactly or max(begins, key=lambda department: len(department.id), default=None)


def _identified(
    run: Rebuilding, context: RoundContext, period: Period, paths: Sequence[Path]
) -> dict[Path, Identified | Finding]:
    """Whose returns the files are: as they say themselves, else as their names do."""
    found: dict[Path, Identified | Finding] = {}
    left: dict[str, list[Path]] = {}
    for file in read_many(paths, context.plan):
        owner = _owner(run, file.path, context.plan, period)
        identified = context.identify(_of_issue(run, file, context, period))
        if owner and (isinstance(identified, Finding) or identified.department.id != owner.id):
            left.setdefault(owner.id, []).append(file.path)
        found[file.path] = identified
    for name, own in left.items():
        owner = context.plan.department(name)
        of_owner = RoundContext.of(run.space, context.plan, period, owner, run.ledger)
        for file in take_in(own, context.plan, of_owner.assumed):
            found[file.path] = of_owner.identify(_of_issue(run, file, of_owner, period))
    return {path: found[path] for path in paths}


def _of_issue(run: Rebuilding, file: Incoming, context: RoundContext, period: Period) -> Incoming:
    """A return of an issue that is not known any more, as one of the last that asks the same."""
    submission = file.submission
    if submission is None or run.ledger.issue(submission.stamp.issue):
        return file
    stamp = submission.stamp
    latest = context.issued.get(stamp.period, {}).get(stamp.department)
    if latest is None or latest.form_version != stamp.form_version:
        return file
    owner = context.plan.department(stamp.department)
    run.note(Unknown.ISSUE_BEFORE, period, [owner.name if owner else stamp.department])
    return replace(file, submission=replace(submission, stamp=replace(stamp, issue=latest.id)))


def _judged(
    run: Rebuilding, context: RoundContext, period: Period, attempt: int, batch: Sequence[Identified]
) -> None:
    """Judge and record returns of one attempt each."""
    latest = context.latest(period)
    taken = context.taken(list(enumerate(batch)), latest)
    verdicts = judge(context.plan, period, [found.held for found in batch], taken)
    receipts = []
    for found, verdict in zip(batch, verdicts, strict=True):
        state = ReceiptState.SENT_BACK if has_errors(list(verdict.findings)) else ReceiptState.ACCEPTED
        receipt = replace(
            run.receipt(found.incoming, period, found.department.id, state),
            issue=found.issued.id if found.issued else "",
            respondent=found.submission.respondent,
            approver=found.submission.approver,
            findings=verdict.findings,
            records=verdict.records,
            saved_at=age(found),
        )
        receipts.append(receipt)
        back = sent_back_path(run.space, context.plan, period, found.department, receipt)
        if state is ReceiptState.ACCEPTED and back.exists():
            run.note(Unknown.OTHERWISE, period, [found.department.name])
    run.record(receipts)


def _unread(run: Rebuilding, plan: Plan, period: Period, unread: Mapping[Path, Finding]) -> None:
    """Record kept returns that are none by today's rules: they wait for another."""
    receipts = []
    for path, finding in unread.items():
        owner = _owner(run, path, plan, period)
        name = owner.id if owner else finding.department
        told = told_of(finding, path.name, name, period.id)
        file = Incoming(path, b"", sha256_of(path))
        receipts.append(replace(run.receipt(file, period, name, ReceiptState.SENT_BACK), findings=(told,)))
    run.record(receipts)
    run.note(Unknown.NOT_READ, period, [path.name for path in unread])


def refusals(run: Rebuilding, period: Period) -> None:
    """Record the kept files that were no return of a round, or did not count."""
    plan = run.years.base(period).asked_in(period)
    known = {refusal.archive for refusal in run.ledger.refusals(period.id)}
    folder = run.space.refused(period.id)
    paths = [
        path
        for path in (run.space.returns_in(folder) if folder.is_dir() else ())
        if run.space.relative(path) not in known
    ]
    context = RoundContext.of(run.space, plan, period, None, run.ledger)
    made = []
    for file in read_many(paths, plan):
        found = context.identify(file)
        reason = found if isinstance(found, Finding) else Finding(FindingCode.KEPT_REASON_LOST)
        told = told_of(reason, file.path.name, period=period.id)
        digest = file.sha256 or sha256_of(file.path)
        name = run.space.relative(file.path)
        made.append(RefusedFile(period.id, file.path.name, digest, moment_of(file.path), name, told))
    run.ledger.record_refusals(made)
    run.note(Unknown.REFUSED, period, count=len(made))
