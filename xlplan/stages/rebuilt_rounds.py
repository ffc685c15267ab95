"""Of a lost ledger: what the office decided, entered and published, made again of the files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xlplan.form.read.intake import take_in
from xlplan.model.afterwards import OFFICE
from xlplan.model.decision import Decision, DecisionKind, Publication
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.submission import MadeSummary, ReceiptState
from xlplan.report.working import Figures
from xlplan.stages.afterwards import plan_of_office
from xlplan.stages.enter import entries_in
from xlplan.stages.rebuilding import Rebuilding, Unknown, attempt_of, moment_of
from xlplan.stages.rounds import KnownRound
from xlplan.stages.standing import basis
from xlplan.store import history
from xlplan.store.decision_log import read_log
from xlplan.store.files import files_in, sha256_of

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
