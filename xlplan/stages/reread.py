"""Read again: the kept returns by the present code, and their answers held against those that the ledger has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from xlplan import __version__
from xlplan.form.issuing import rows_of
from xlplan.form.read.intake import Incoming, take_in_batches
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, told_of
from xlplan.model.issue import Issued, IssuedRow
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.stages.identify import FILES_AT_ONCE, RoundContext
from xlplan.stages.received import Change
from xlplan.stages.returns import changes
from xlplan.store.files import not_as_kept
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import judge


class RereadState(StrEnum):
    """What a kept return says today, where that is not what the ledger has.

    differs: other answers, and nothing that explains it; other_reader: another version of xlplan had read it;
    other_plan: the plan asks something else by now; not_read: it is not read as a return of its department.
    """

    DIFFERS = "differs"
    OTHER_READER = "other_reader"
    OTHER_PLAN = "other_plan"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Reread:
    """A kept return that does not say today what the ledger has.

    Attributes:
        state: What may be the reason.
        receipt: What the ledger has; without its records.
        path: Where the return is kept.
        changes: The answers that differ: `before` is the ledger's.
        finding: Why the file is not read.
    """

    state: RereadState
    receipt: Receipt
    path: Path
    changes: tuple[Change, ...] = ()
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Rereading:
    """The returns that were read again, how many, and those that say something else than the ledger has."""

    count: int = 0
    differing: tuple[Reread, ...] = ()


def read_again(space: Workspace, plan: Plan, ledger: Ledger) -> Rereading:
    """Read every kept return again. A file that is not what was received is told elsewhere, and left out.

    Args:
        space: The folder of the plan.
        plan: The plan as its tables have it.
        ledger: The ledger, in a turn.
    """
    count = 0
    differing: list[Reread] = []
    for name in ledger.periods_issued():
        period = plan.period(name)
        receipts = [
            receipt
            for receipt in ledger.attempts(name)
            if not not_as_kept(space.root / receipt.archive, receipt.sha256)
        ]
        count += len(receipts)
        if period is None:
            differing += [_told(space, receipt, RereadState.OTHER_PLAN) for receipt in receipts]
        else:
            context = RoundContext.of(space, plan, period, None, ledger)
            differing += _Round(space, ledger, context, period, receipts).differing()
    return Rereading(count, tuple(differing))


@dataclass(frozen=True, slots=True)
class _Round:
    """The returns of one round that are read again: `context` is what is known of it, `receipts` are theirs."""

    space: Workspace
    ledger: Ledger
    context: RoundContext
    period: Period
    receipts: Sequence[Receipt]

    def differing(self) -> Iterator[Reread]:
        """Those that do not say what the ledger has, in the order recorded."""
        found: dict[int, Reread] = {}
        left: dict[str, list[int]] = {}
        for batch in self._files(self.context, range(len(self.receipts))):
            own = {at: file for at, file in batch.items() if self._is_own(file, self.receipts[at])}
            found |= self._held(own)
            for at in batch.keys() - own.keys():
                left.setdefault(self.receipts[at].department, []).append(at)
        for name, numbers in left.items():  # the office said whose they are
            owner = self.context.plan.department(name)
            if owner is None:
                found |= {at: self._told(at, RereadState.OTHER_PLAN) for at in numbers}
            else:
                found |= self._as_of(owner, sorted(numbers))
        return (found[at] for at in sorted(found))

    def _as_of(self, owner: Department, numbers: Sequence[int]) -> dict[int, Reread]:
        """The same of files that do not say themselves that they are this department's."""
        found: dict[int, Reread] = {}
        context = RoundContext.of(self.space, self.context.plan, self.period, owner, self.ledger)
        for batch in self._files(context, numbers):
            own = {at: file for at, file in batch.items() if _department(file) == owner.id}
            found |= self._held(own)
            for at in batch.keys() - own.keys():
                found[at] = self._told(at, RereadState.NOT_READ, finding=batch[at].refusal)
        return found

    def _files(self, context: RoundContext, numbers: Sequence[int]) -> Iterator[dict[int, Incoming]]:
        """The kept files of the receipts with these numbers, read again: many at a time."""
        starts = range(0, len(numbers), FILES_AT_ONCE)
        batches = [numbers[start : start + FILES_AT_ONCE] for start in starts]
        paths = [[self.space.root / self.receipts[at].archive for at in batch] for batch in batches]
        listener = self.space.on_progress
        read = take_in_batches(paths, context.plan, assumed=context.assumed, on_progress=listener)
        return (dict(zip(batch, files, strict=True)) for batch, files in zip(batches, read, strict=True))

    def _is_own(self, file: Incoming, receipt: Receipt) -> bool:
        """Whether a file says by itself that it is the return as which it was received."""
        if file.submission is None or not file.submission.stamped:
            return False
        stamp = file.submission.stamp
        own = (self.context.plan.id, self.period.id, receipt.department)
        return (stamp.plan, stamp.period, stamp.department) == own

    def _held(self, files: Mapping[int, Incoming]) -> dict[int, Reread]:
        """Returns held against what the ledger has of them: those that say something else."""
        plan, found = self.context.plan, {}
        sent = {at: self.ledger.issue(self.receipts[at].issue) for at in files}
        judged = [
            (at, file.submission, self._rows(at, sent[at])) for at, file in files.items() if file.submission
        ]
        verdicts = judge(plan, self.period, [(submission, rows) for _, submission, rows in judged])
        for (at, *_), verdict in zip(judged, verdicts, strict=True):
            refused = [one for one in verdict.findings if one.code == FindingCode.OTHER_DEPARTMENT]
            differing = tuple(changes(plan, self.receipts[at].records, verdict.records))
            if refused:
                found[at] = self._told(at, RereadState.NOT_READ, finding=refused[0])
            elif differing:
                found[at] = self._told(at, self._reason(at, sent[at]), differing)
        return found

    def _rows(self, at: int, sent: Issued | None) -> Mapping[str, tuple[IssuedRow, ...]]:
        """The rows that were issued; those of today where the ledger knows of no issue."""
        owner = self.context.plan.department(self.receipts[at].department)
        if sent:
            return sent.rows
        return rows_of(self.context.plan, self.period, owner) if owner else {}

    def _reason(self, at: int, sent: Issued | None) -> RereadState:
        """What may be the reason where a return says something else."""
        forms = self.context.forms.get(self.period.id)
        if sent is None or forms is None or not forms.asked_in(sent):
            return RereadState.OTHER_PLAN
        same = self.receipts[at].reader == __version__
        return RereadState.DIFFERS if same else RereadState.OTHER_READER

    def _told(
        self,
        at: int,
        state: RereadState,
        differing: tuple[Change, ...] = (),
        finding: Finding | None = None,
    ) -> Reread:
        return _told(self.space, self.receipts[at], state, differing, finding)


def _told(
    space: Workspace,
    receipt: Receipt,
    state: RereadState,
    differing: tuple[Change, ...] = (),
    finding: Finding | None = None,
) -> Reread:
    told = told_of(finding, receipt.file_name, receipt.department, receipt.period) if finding else None
    path = space.root / receipt.archive
    return Reread(state, replace(receipt, records=()), path, differing, told)


def _department(file: Incoming) -> str:
    return file.submission.stamp.department if file.submission else ""
