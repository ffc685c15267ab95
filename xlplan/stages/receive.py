"""Receive: returns judged, archived, recorded; what is wrong goes back."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from xlplan.definition.reading import Definition
from xlplan.form.read.intake import Incoming, take_in_batches
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.afterwards import OFFICE
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.item import Period
from xlplan.model.numbering import Numbering
from xlplan.model.progress import Compared, compared
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.correcting import closed_since, published_anew
from xlplan.stages.define import moment, open_ledger, owner_named, usable
from xlplan.stages.enter import Entering, is_of_office
from xlplan.stages.identify import Batch, RoundContext, batches, by_attempt
from xlplan.stages.mailed import OpenedFiles, moment_of, waiting_in
from xlplan.stages.outbox import clear_after
from xlplan.stages.receipts import receipt_of
from xlplan.stages.received import Change, FileState, ReceivedFile, ReceiveResult
from xlplan.stages.refill import SendingBack, sent_back_path
from xlplan.stages.returns import (
    Identified,
    age,
    anything,
    as_issued,
    aside,
    changes,
    foreign,
    known_file,
    older,
    replaced,
    same_bytes,
    told_what_counts,
)
from xlplan.stages.untouched import Untouched
from xlplan.stages.years import Years
from xlplan.store.archive import Archive
from xlplan.store.counting import Decided, sent_back_before
from xlplan.store.files import make_folder
from xlplan.store.judgings import numbering_of
from xlplan.store.progress import Activity, counted
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge


def receive(
    space: Workspace,
    files: Sequence[Path] = (),
    *,
    period: str | None = None,
    department: str | None = None,
    passwords: Sequence[str] = (),
    replace: bool = False,
    by: str = "",
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> ReceiveResult:
    """Keep, judge and record returns, the oldest first: all of it counts, or none. What does not count is kept.

    Args:
        space: The folder of the plan.
        files: The returns, or letters with returns in them; everything in the round's inbox where there are none.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        department: The id or name of the department whose returns they are, also where a workbook no longer says so.
        passwords: What may open a zip that is locked.
        replace: Whether the files count also where they are older than the accepted return, or not answered.
        by: Who entered what stands in the office's own workbook; the system's user where it is empty.
        now: The moment at which they are received; the clock's where None.
        on_wait: Called once where another run is at work.

    Raises:
        UsageError: no such round or department, or `replace` for a whole inbox.
    """
    definition, received_at = _usable(space, files, replace=replace), moment(now)
    with open_ledger(space) as ledger, ledger.writing(on_wait):
        current, plan = (years := Years(definition, ledger)).judging(period, received_at)
        owner = owner_named(plan, current, department)
        context = RoundContext.of(space, plan, current, owner, ledger, replace_newer=replace)
        archive = Archive(space, current, ledger, received_at, owner.id if owner and files else "")
        office, decided = Entering(definition, archive, by), years.decided_in(current.id)
        known = office, decided, numbering_of(ledger, current.id), _late(years, current), tuple(passwords)
        result = _Receiving(context, archive, *known).result(files)
        closed = closed_since(years, current) if result.entered else ()
    clear_after(space, context, current, on_wait)
    return dataclasses.replace(result, published=published_anew(space, closed, by, received_at, on_wait))


def _usable(space: Workspace, files: Sequence[Path], *, replace: bool) -> Definition:
    """The folder's definition, of which there is a plan.

    Raises:
        UsageError: a whole inbox would take the place of what was accepted.
    """
    if replace and not files:
        raise UsageError(ErrorKey.REPLACE_WHAT)
    return usable(space)


def _late(years: Years, period: Period) -> Finding | None:
    """What is told of every return of a round that is closed; None where it is not."""
    made = years.closed.get(period.id)
    if made is None:
        return None
    params = {"period": period.label, "id": period.id, "version": made.version}
    return Finding(FindingCode.LATE_RETURN, period=period.id, params=params)


@dataclass(frozen=True)
class _Receiving:
    """One run of receiving, with its context, its archive and the office's part.

    `decided` is what the office decided in the round. `late` is told of a closed one, `passwords` may open a zip.
    """

    context: RoundContext
    archive: Archive
    office: Entering
    decided: Decided
    numbering: Numbering
    late: Finding | None = None
    passwords: tuple[str, ...] = ()

    def result(self, files: Sequence[Path]) -> ReceiveResult:
        """What came in; with what was entered, the figures of a closed round that are others by that."""
        lines, period = tuple(self.files(files) if files else self.inbox()), self.archive.period
        self.archive.settle()
        inbox = None if files else self.archive.space.inbox(period.id)
        result = ReceiveResult(self.context.plan, period, lines, inbox)
        changed = self.office.changed_since_closing() if result.entered else ()
        return dataclasses.replace(result, changed=changed)

    @cached_property
    def sending(self) -> SendingBack:
        """What makes the workbooks that go back."""
        ledger = self.archive.ledger
        return SendingBack(self.archive.space, self.context.plan, ledger, self.decided, self.numbering)

    def progress(self, receipt: Receipt) -> Compared | None:
        """What became of the findings of the return before, where that went back."""
        before = sent_back_before(self.archive.ledger, self.decided, receipt)
        return compared(before.findings, receipt.findings) if before else None

    def inbox(self) -> list[ReceivedFile]:
        """Everything in the round's inbox: what nobody looks into, and its files."""
        inbox = self.archive.space.inbox(self.archive.period.id)
        make_folder(inbox)
        told, files = waiting_in(self.archive.space, inbox)
        return [*told, *self.files(files)]

    def files(self, paths: Sequence[Path]) -> list[ReceivedFile]:
        """The files, and those in letters, judged, archived and recorded, the oldest first; lines as they came."""
        plan, archive = self.context.plan, self.archive
        opened = OpenedFiles.opened(plan, paths, self.passwords, archive)
        sources = opened.sources()
        oldest_first = sorted(range(len(sources)), key=[moment_of(source) for source in sources].__getitem__)
        assumed = self.context.assumed if archive.owner else None
        ordered = batches(plan, [sources[number] for number in oldest_first])
        received: list[ReceivedFile] = []
        before: dict[Path, Receipt] = {}
        told = archive.space.on_progress
        for incoming in take_in_batches(ordered, plan, archive.keep, assumed, told):
            received += self.batch(incoming, before)
        received = self.known(received, before)
        by_number = dict(zip(oldest_first, told_what_counts(received), strict=True))
        return opened.lines([by_number[number] for number in range(len(sources))])

    def batch(self, files: Sequence[Incoming], before: dict[Path, Receipt]) -> list[ReceivedFile]:
        """One batch, in the order given; `before` gets the receipts of what is not new."""
        archive, ledger = self.archive, self.archive.ledger
        lines: dict[int, ReceivedFile] = {}
        returns: list[tuple[int, Identified]] = []
        first: dict[str, int] = {}
        repeated: dict[int, Incoming] = {}
        for number, file in enumerate(files):
            old = ledger.receipt_of(file.sha256, archive.period.id, archive.owner) if file.sha256 else None
            if old and old.department == OFFICE:
                lines[number] = self.office.known(file, old)
            elif old:
                before[file.path] = old
                department = self.context.plan.department(old.department)
                lines[number] = ReceivedFile(file.path, FileState.KNOWN, department, old.attempt)
            elif file.sha256 in first:
                repeated[number] = file
            elif same := as_issued(file, ledger, self.context.plan):
                lines[number] = self.kept(file, ReceivedFile(file.path, FileState.REFUSED, findings=(same,)))
            elif is_of_office(file, self.context.plan) and not self.context.owner:
                first[file.sha256] = number
                lines[number] = self.entered(file)
            elif isinstance(found := self.context.identify(file), Finding):
                lines[number] = self.kept(file, ReceivedFile(file.path, FileState.REFUSED, findings=(found,)))
            else:
                first[file.sha256] = number
                returns.append((number, found))
        for batch in by_attempt(returns):
            lines |= self.recorded(batch)
        for number, file in repeated.items():
            lines[number] = same_bytes(file.path, lines[first[file.sha256]])
        return [lines[number] for number in sorted(lines)]

    def recorded(self, batch: Batch) -> dict[int, ReceivedFile]:
        """Judge a batch without a department twice, keep the files, write what goes back, then record all at once."""
        plan, period, ledger = self.context.plan, self.archive.period, self.archive.ledger
        if self.late:
            return {number: self.kept(found.incoming, aside(found, self.late)) for number, found in batch}
        latest = self.context.latest(period)
        accepted = {} if self.context.replace_newer else self.context.accepted(period, latest)
        ages = {number: age(found) for number, found in batch}
        lines: dict[int, ReceivedFile] = {}
        # before any is judged: what does not count takes no other department's unique values
        for number, found in batch:
            counting = accepted.get(found.department.id)
            if counting and anything(found, plan) and (finding := older(found, ages[number], counting)):
                lines[number] = self.set_aside(found, finding)
        newer = [(number, found) for number, found in batch if number not in lines]
        receipts: list[Receipt] = []
        returned = [found.held for _, found in newer]
        taken = self.context.taken(newer, latest)
        verdicts = judge(plan, period, returned, taken, self.context.allowed)
        judged = list(zip(newer, verdicts, strict=True))
        for (number, found), verdict in counted(Activity.JUDGING, judged, self.archive.space.on_progress):
            counting = accepted.get(found.department.id)
            if refused := foreign(found, verdict.findings):
                lines[number] = self.kept(found.incoming, refused)
            elif finding := self.in_spite_of(found, verdict, ages[number], counting):
                lines[number] = self.set_aside(found, finding)
            else:
                before = latest.get(found.department.id)
                receipt, lines[number] = self.taken_in(found, verdict, before, ages[number])
                receipts.append(receipt)
        self.archive.take(receipts)
        ledger.record_receipts(receipts)
        return lines

    def in_spite_of(
        self, found: Identified, verdict: Judged, moment: datetime, counting: Receipt | None
    ) -> Finding | None:
        """Why a return is no answer, unless the office means it to count: untouched, or older than what counts.

        `moment` is its age, `counting` the accepted return that counts, if there is one.
        """
        if self.context.replace_newer:
            return None
        untouched = self.untouched.finding(found, verdict, counting=counting is not None)
        return untouched or (older(found, moment, counting) if counting else None)

    @cached_property
    def untouched(self) -> Untouched:
        """By what a form is known that came back as it was issued."""
        return Untouched(self.archive.space, self.context.plan, self.archive.period, self.archive.ledger)

    def entered(self, file: Incoming) -> ReceivedFile:
        """What becomes of a file of the office's; one of which nothing was taken is kept as what is no return."""
        line = self.office.received(file)
        if line.state is FileState.ENTERED:
            return line
        # what stands in the way comes first: it is what the ledger keeps of the file
        findings = tuple(sorted(line.findings, key=lambda finding: finding.severity is not Severity.ERROR))
        return dataclasses.replace(
            self.kept(file, dataclasses.replace(line, findings=findings)), findings=line.findings
        )

    def set_aside(self, found: Identified, finding: Finding) -> ReceivedFile:
        """What becomes of a return that does not count."""
        line = aside(found, finding)
        return self.kept(found.incoming, line, self.archive.next_attempt(found.department.id))

    def kept(self, file: Incoming, line: ReceivedFile, attempt: int = 0) -> ReceivedFile:
        """What becomes of a file that is no return, now kept and recorded as such.

        `attempt` is the number of one that the office may have count all the same.
        """
        refused = self.archive.refuse(file.path, file.sha256, line.findings[0], attempt, file.name)
        path, more = refused.path, refused.findings
        # that the accepted answer counts in spite of it has been said before, and nothing is left to do
        settled = line.state is FileState.KEPT and line.findings[0].code is not FindingCode.UNTOUCHED_RETURN
        state = FileState.KNOWN if more and settled else line.state
        findings = (*line.findings, *more)
        if state is FileState.KNOWN:
            findings = tuple(dataclasses.replace(finding, severity=Severity.NOTICE) for finding in findings)
        return dataclasses.replace(
            line, state=state, attempt=refused.attempt, findings=findings, archive=path
        )

    def known(self, lines: Sequence[ReceivedFile], before: Mapping[Path, Receipt]) -> list[ReceivedFile]:
        """The lines, with what counts now at each file received before: after all are in, as one of them may."""
        if not before:
            return list(lines)
        latest = self.context.latest(self.archive.period)
        counts = self.context.counting(self.archive.period, latest)
        return [
            self.known_before(line, receipt, latest, counts=receipt.department in counts)
            if line.state is FileState.KNOWN and (receipt := before.get(line.path))
            else line
            for line in lines
        ]

    def known_before(
        self, line: ReceivedFile, receipt: Receipt, latest: Mapping[str, Receipt], *, counts: bool
    ) -> ReceivedFile:
        """The line of a file received before; `latest` are the latest receipts by department."""
        place, there = (self.archive.space, self.context.plan, self.archive.period), None
        if line.department and (back := sent_back_path(*place, line.department, receipt.attempt)).exists():
            there = back
        return known_file(line, receipt, latest.get(receipt.department, receipt), there, counts=counts)

    def taken_in(
        self, found: Identified, verdict: Judged, before: Receipt | None, moment: datetime
    ) -> tuple[Receipt, ReceivedFile]:
        """The receipt of a return, and its line; what goes back is written.

        `before` is the latest receipt of the department, `moment` when the answers were last worked at.
        """
        space, back, differing = self.archive.space, None, tuple[Change, ...]()
        if before and before.state is ReceiptState.ACCEPTED:
            accepted = self.archive.ledger.attempt(found.period.id, found.department.id, before.attempt)
            records = accepted.records if accepted else ()
            differing = tuple(changes(self.context.plan, records, verdict.records))
            verdict = dataclasses.replace(verdict, findings=(*verdict.findings, replaced(found, differing)))
        attempt = self.archive.next_attempt(found.department.id)
        receipt = receipt_of(space, found, verdict, attempt, (self.archive.now, moment))
        receipt = dataclasses.replace(receipt, findings=self.numbering.numbered(receipt.findings))
        stands = self.decided.as_decided(receipt)
        if stands.state is ReceiptState.SENT_BACK:
            back, left = self.sending.written(found, stands)
            receipt = dataclasses.replace(receipt, findings=(*receipt.findings, *left))
            stands = self.decided.as_decided(receipt)
        line = ReceivedFile(
            found.incoming.path,
            FileState(stands.state.value),
            found.department,
            receipt.attempt,
            stands.findings,
            space.root / receipt.archive,
            back,
            differing,
            compared=self.progress(stands),
        )
        return receipt, line
