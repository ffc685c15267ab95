"""Check: returns judged, nothing recorded."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlplan.form.read.intake import Incoming, take_in_batches
from xlplan.model.codes import FindingCode
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding, has_errors, told_of
from xlplan.model.item import Period
from xlplan.stages.define import existing_ledger, owner_named, usable
from xlplan.stages.enter import entries_in
from xlplan.stages.identify import RoundContext, batches, by_attempt
from xlplan.stages.mailed import OpenedFiles
from xlplan.stages.received import FileState, ReceivedFile, ReceiveResult
from xlplan.stages.returns import Identified, as_issued, foreign
from xlplan.stages.untouched import Untouched
from xlplan.stages.years import Years
from xlplan.store.judgings import numbering_of
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import judge


def check(
    space: Workspace,
    files: Sequence[Path],
    *,
    period: str | None = None,
    department: str | None = None,
    passwords: Sequence[str] = (),
) -> ReceiveResult:
    """Judge files without recording anything.

    Args:
        space: The folder of the plan.
        files: The returns, or mails and zips with returns in them.
        period: The round of which they must be: an id, a label, or a fiscal year. Each file's own where None; with a
            `department` the one that was issued last.
        department: The id or name of the department whose returns they are, also where a workbook no longer says so.
        passwords: What may open a zip that is locked.

    Returns:
        One line for each file, in the order given, also for those in letters; `period` only where one was asked for.

    Raises:
        UsageError: no such period or department.
    """
    definition = usable(space)
    lines: list[ReceivedFile] = []
    with existing_ledger(space) or nullcontext() as ledger:
        years = Years(definition, ledger)
        wanted, plan = years.meant(period, wanted=bool(period or department))
        owner = owner_named(plan, wanted, department)
        context = RoundContext.of(space, plan, wanted, owner, ledger)
        opened = OpenedFiles.opened(plan, files, passwords)
        ordered, told = batches(plan, opened.sources()), space.on_progress
        for incoming in take_in_batches(ordered, plan, assumed=context.assumed, on_progress=told):
            lines += _checked(space, context, incoming, years)
        lines = opened.lines(lines)
    return ReceiveResult(plan, wanted, tuple(lines))


def _checked(
    space: Workspace, context: RoundContext, files: Sequence[Incoming], years: Years
) -> list[ReceivedFile]:
    """One batch judged, in the order given."""
    plan = context.plan
    lines: dict[int, ReceivedFile] = {}
    rounds: dict[Period, list[tuple[int, Identified]]] = {}
    for number, file in enumerate(files):
        found = as_issued(file, context.ledger, plan) or context.identify(file)
        if isinstance(found, Finding) and found.code == FindingCode.OFFICE_FILE and not context.owner:
            lines[number] = _entries(context, file, years)
        elif isinstance(found, Finding):
            lines[number] = ReceivedFile(file.path, FileState.REFUSED, findings=(found,))
        else:
            rounds.setdefault(found.period, []).append((number, found))
    for period, returns in rounds.items():
        latest, as_decided = context.latest(period), _as_decided(years, period)
        accepted = context.accepted(period, latest)
        untouched = Untouched(space, plan, period, context.ledger) if context.ledger else None
        for batch in by_attempt(returns):
            returned = [found.held for _, found in batch]
            verdicts = judge(plan, period, returned, context.taken(batch, latest), context.allowed)
            for (number, found), verdict in zip(batch, verdicts, strict=True):
                findings, counting = as_decided(verdict.findings), found.department.id in accepted
                kept = untouched.finding(found, verdict, counting=counting) if untouched else None
                lines[number] = foreign(found, findings) or ReceivedFile(
                    found.incoming.path,
                    FileState.FAULTY if has_errors(list(findings)) else FileState.FINE,
                    found.department,
                    findings=(*findings, *filter(None, [kept])),
                )
    return [lines[number] for number in sorted(lines)]


def _as_decided(years: Years, period: Period) -> Callable[[tuple[Finding, ...]], tuple[Finding, ...]]:
    """What gives findings the numbers that they have already, and makes notices of those that the office allows."""
    if years.ledger is None or period.id not in years.begun:
        return tuple
    numbering, decided = numbering_of(years.ledger, period.id), years.decided_in(period.id)
    last = numbering.last

    def known(finding: Finding) -> Finding:
        return finding if finding.number <= last else replace(finding, number=0)

    return lambda findings: tuple(map(known, decided.allowed(numbering.numbered(findings))))


def _entries(context: RoundContext, file: Incoming, years: Years) -> ReceivedFile:
    """The office's own workbook judged: by the round that is wanted, else by that which it names."""
    stamp = file.submission.stamp if file.submission else None
    period = context.period or (years.plan.period(stamp.period) if stamp else None)
    if years.ledger is None or period is None or period.id not in years.begun:
        unknown = told_of(Finding(FindingCode.OFFICE_NOT_ISSUED), file.path.name)
        return ReceivedFile(file.path, FileState.REFUSED, findings=(unknown,))
    found = entries_in(years, file, period, Decision(period.id, datetime.min, "", DecisionKind.ENTER))
    if isinstance(found, Finding):
        return ReceivedFile(file.path, FileState.REFUSED, findings=(told_of(found, file.path.name),))
    state = FileState.FAULTY if has_errors(list(found.findings)) else FileState.FINE
    return ReceivedFile(file.path, state, found.department, findings=found.findings, changes=found.changes())
