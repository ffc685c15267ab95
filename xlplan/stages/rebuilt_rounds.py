"""Of a lost ledger: each round made again of its files.

The returns are judged again, in the order of their attempts; what was no return is told why again; what the office
decided, entered and published is recorded anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xlplan.form.read.intake import Incoming, take_in
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.decision import Decision, DecisionKind, Publication
from xlplan.model.finding import Finding, has_errors, told_of
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import MadeSummary, ReceiptState, RefusedFile
from xlplan.report.working import Figures
from xlplan.stages.afterwards import plan_of_office
from xlplan.stages.enter import entries_in
from xlplan.stages.identify import RoundContext
from xlplan.stages.mailed import LetterFile, recorded_letter, with_letters_opened
from xlplan.stages.rebuilding import ARCHIVED, Rebuilding, Unknown, attempt_of, moment_of, read_many
from xlplan.stages.refill import sent_back_path
from xlplan.stages.returns import Identified, age
from xlplan.stages.rounds import KnownRound
from xlplan.stages.standing import basis
from xlplan.store import history
from xlplan.store.decision_log import read_log
from xlplan.store.files import files_in, sha256_of
from xlplan.store.letters import letters as received_letters
from xlplan.store.letters import record_letter
from xlplan.validate.judging import judge

_PUBLISHING = (DecisionKind.CORRECT, DecisionKind.CORRECT_PLAN, DecisionKind.ENTER)
"""The decisions after which a closed round is published anew."""


def decisions(run: Rebuilding, path: Path) -> None:
    """Record the decisions that stand in decisions.jsonl and not in the ledger, under their numbers.

    Args:
        run: The run.
        path: The file.
    """
    log = read_log(path)
    known = {decision.number for decision in history.decisions(run.ledger)}
    last = max(known, default=0)
    lines = sorted((line for line in log.lines if line["number"] > last), key=lambda line: line["number"])
    added = []
    for line in lines:
        takes_back, number = line["takes_back"], line["number"]
        readable = line["kind"] in set(DecisionKind) and number not in known
        if readable and (takes_back is None or takes_back in known):
            added.append(line)
            known.add(number)
    history.record_lines(run.ledger, added)
    numbers = range(1, max(known, default=0) + 1)
    run.note(Unknown.DECISIONS, names=[str(number) for number in numbers if number not in known])
    run.note(Unknown.LINES, names=[str(number) for number in log.unreadable])


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
        back = sent_back_path(run.space, context.plan, period, found.department, receipt.attempt)
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


def letters(run: Rebuilding, period: Period) -> None:
    """Record the kept letters in which returns of a round came."""
    known = {letter.archive for letter in received_letters(run.ledger, period.id)}
    folder = run.space.letters(period.id)
    kept = files_in(folder) if folder.is_dir() else ()
    for file in with_letters_opened(path for path in kept if run.space.relative(path) not in known):
        if isinstance(file, LetterFile):
            name = run.space.relative(file.path)
            made = recorded_letter(run.years.plan, file, period.id, moment_of(file.path), name)
            record_letter(run.ledger, made)


def office(run: Rebuilding, period: Period, returned: Sequence[Path]) -> None:
    """Record the office's own workbook of a round, and what was received of it.

    Args:
        run: The run.
        period: The round.
        returned: The kept files of the office's.
    """
    known = run.years.known_round(period)
    plan = plan_of_office(known)
    folder = run.space.issued(period.id)
    recorded = run.ledger.files_issued(period.id)
    paths = run.space.returns_in(folder) if folder.is_dir() and plan.forms else []
    for file in take_in([path for path in paths if run.space.relative(path) not in recorded], plan):
        stamp = file.submission.stamp if file.submission else None
        ours = stamp and (stamp.plan, stamp.period, stamp.department) == (plan.id, period.id, OFFICE)
        if stamp and ours and run.ledger.issue(stamp.issue) is None:
            run.ledger.record_issues([run.issued(file, plan, period, entered=True)])
    for path in sorted(returned, key=attempt_of):
        _entered(run, known, period, path)


def _entered(run: Rebuilding, known: KnownRound, period: Period, path: Path) -> None:
    """Record a kept file of the office's, and what it entered where decisions.jsonl does not say so."""
    [file] = take_in([path], known.plan.asked_in(period))
    decided = Decision(period.id, moment_of(path), "", DecisionKind.ENTER)
    receipt = run.receipt(file, period, OFFICE, ReceiptState.ACCEPTED)
    found = entries_in(run.years, file, period, decided) if file.submission else None
    if found is None or isinstance(found, Finding):
        run.note(Unknown.ENTRIES, period, [path.name])
        run.record([receipt])
        return
    recorded = any(
        decision.kind is DecisionKind.ENTER and decision.target.get("attempt") == receipt.attempt
        for decision in history.decisions(run.ledger, period.id)
    )
    if not recorded and found.values:
        attempt = {"attempt": receipt.attempt}
        made = [replace(value.decision, target={**value.target, **attempt}) for value in found.values]
        history.record_decisions(run.ledger, made)
        run.note(Unknown.ENTRIES, period, [path.name])
    run.record([replace(receipt, issue=found.sent.id, findings=found.findings, records=found.records)])


def publications(run: Rebuilding) -> None:
    """Record the versions that lie under published/ and are not in the ledger, with their figures worked out anew."""
    for period in run.years.periods:
        if period.id not in run.years.begun:
            continue
        root = run.space.published(period.id, 1).parent
        versions = sorted(int(folder.name) for folder in root.glob("*") if folder.name.isdigit())
        there = {made.version for made in history.publications(run.ledger, period.id)}
        missing = [version for version in versions if version not in there]
        for version in missing:
            _published(run, period, version, last=version == versions[-1])
        run.note(Unknown.PUBLISHED, period, count=len(missing))
        _summary(run, period)


def _published(run: Rebuilding, period: Period, version: int, *, last: bool) -> None:
    """Record one version of a round; what was decided after it counts for the `last` alone."""
    folder = run.space.published(period.id, version)
    files = {path.name: sha256_of(path) for path in files_in(folder)}
    decision = _decision_of(run, period, folder)
    years = run.years if last else run.years.as_corrected(decision.number, run.years.settled_in(period.id))
    known = years.known_round(period)
    figures = Figures(known.consolidation(decision.made_at, draft=False))
    made = Publication(
        period=period.id,
        version=version,
        made_at=decision.made_at,
        made_by=decision.made_by,
        folder=run.space.relative(folder),
        files=files,
        edition=years.kept[period.id].sha256,
        returns=basis(known)[0],
        figures=tuple(figure.kept(figures.worked(figure).value) for figure in figures.all()),
        decision=decision.number,
    )
    history.record_publication(run.ledger, made)


def _decision_of(run: Rebuilding, period: Period, folder: Path) -> Decision:
    """The decision by which a version was fixed: the close, later ones the last that was made before its files."""
    before = history.publications(run.ledger, period.id)
    standing = history.standing_decisions(run.ledger)
    moment = max((moment_of(path) for path in files_in(folder)), default=run.now)
    if before:
        later = [
            decision
            for decision in standing
            if decision.kind in _PUBLISHING and decision.number > before[-1].decision
        ]
        in_time = [decision for decision in later if decision.made_at <= moment]
        if later:
            return (in_time or later[:1])[-1]
    closes = [
        decision
        for decision in standing
        if decision.kind is DecisionKind.CLOSE and decision.period == period.id
    ]
    if closes:
        return closes[0]
    run.note(Unknown.CLOSED_BY, period, count=1)
    return history.record_decision(run.ledger, Decision(period.id, moment, "", DecisionKind.CLOSE))


def _summary(run: Rebuilding, period: Period) -> None:
    """Record the summary of a closed round, where it is the one that was published; of another nobody knows."""
    known = {(made.file, made.sha256) for made in run.ledger.summaries()}
    closed = run.years.closed.get(period.id)
    for path in (run.space.summary(period.id), run.space.page(period.id)):
        if not path.is_file():
            continue
        name, digest = run.space.relative(path), sha256_of(path)
        if (name, digest) in known:
            continue
        if closed and closed.files.get(path.name) == digest:
            returns, shown = basis(run.years.known_round(period))
            made = MadeSummary(period.id, name, digest, closed.made_at, returns, shown)
            run.ledger.record_summary(made)
        else:
            run.note(Unknown.SUMMARY, period, count=1)
