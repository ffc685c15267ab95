"""Letters: drafts to the departments to which something is to be written now, in the outbox. Nothing is ever sent.

Which letter that is follows from how the round stands; that a letter was written already is known by the ledger. A
draft whose letter does not apply any more is removed, as long as nobody has changed it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from xlplan.definition.specs import WORDS, word_meant, words
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.text import safe_file_name
from xlplan.language.workdays import working_days
from xlplan.model.decision import DecisionKind
from xlplan.model.finding import Finding
from xlplan.model.item import Department, Period
from xlplan.model.letter import DraftRecord, LetterKind
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt, ReceiptState
from xlplan.stages.define import departments_named, moment, taking_turn
from xlplan.stages.drafts import (
    EML,
    TXT,
    Attachment,
    DraftLine,
    DraftState,
    common_values,
    day_label,
    draft_of,
    eml,
    findings_said,
    plain_text,
    put_draft,
)
from xlplan.stages.forms import kept_file
from xlplan.stages.refill import sent_back_path
from xlplan.stages.rounds import KnownRound
from xlplan.stages.years import Years
from xlplan.store.drafts import Outbox
from xlplan.store.files import read_bytes, sha256
from xlplan.store.workspace import Workspace

PATIENCE = 5
"""Working days after which a department that was sent its return back is told that it is late."""


@dataclass(frozen=True, slots=True)
class LettersResult:
    """What is to be sent.

    Attributes:
        plan: The plan as it is known in the round.
        period: The round.
        folder: Where the drafts are.
        lines: The letters, by department in the plan's order.
        removed: The files that were removed, as their letters do not apply any more.
        left: Files of letters that do not apply any more which somebody has changed: they were left alone.
        before: How many letters that apply were written before and lie there no more.
    """

    plan: Plan
    period: Period
    folder: Path
    lines: tuple[DraftLine, ...]
    removed: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()
    before: int = 0

    @property
    def without_address(self) -> tuple[Department, ...]:
        """The departments of these letters that have no address."""
        drafted = [line for line in self.lines if line.file and not line.to]
        return tuple({line.department.id: line.department for line in drafted}.values())

    @property
    def fine(self) -> bool:
        """Whether each letter has its workbook and an address."""
        lacking = any(line.state is DraftState.NO_WORKBOOK for line in self.lines)
        return not lacking and not self.without_address


def kinds_named(names: Iterable[str]) -> tuple[LetterKind, ...]:
    """The kinds of letter that are meant by their ids or words (sent-back, 督促).

    Raises:
        UsageError: one is none.
    """
    found = []
    for name in names:
        meant = word_meant("letter", name.replace("-", "_"))
        if meant is None:
            known = " / ".join(dict.fromkeys((*WORDS["letter"], *words("letter", "ja").values())))
            raise UsageError(ErrorKey.UNKNOWN_LETTER, kind=name, known=known)
        found.append(LetterKind(meant))
    return tuple(found)


def letters(
    space: Workspace,
    period: str | None = None,
    *,
    kinds: Iterable[str] = (),
    departments: Iterable[str] = (),
    due_in: int | None = None,
    again: bool = False,
    now: datetime | None = None,
    on_wait: Callable[[], object] = lambda: None,
) -> LettersResult:
    """Write drafts of the letters that are to be sent now, and remove those that do not apply any more.

    Args:
        space: The folder of the plan.
        period: The round: an id, a label, or a fiscal year. The latest that was issued where None.
        kinds: The kinds of letter wanted, each wherever it applies; the one that is due where there are none.
        departments: Ids or names of those to whom is written; all where there are none.
        due_in: Reminders go to those whose return is due within so many working days; None for no reminders.
        again: Whether what was written before is written again.
        now: The moment; the clock's where None.
        on_wait: Called once where another run is at work in the folder and this one waits for it.

    Raises:
        UsageError: an argument that cannot be meant, or nothing was issued.
        FileError: a draft cannot be written or removed.
    """
    wanted, made_at = kinds_named(kinds), moment(now)
    if due_in is not None and due_in < 0:
        raise UsageError(ErrorKey.DUE_IN_NEGATIVE, days=due_in)
    definition, ledger = taking_turn(space)
    with ledger, ledger.writing(on_wait):
        years = Years(definition, ledger)
        current = years.begun_round(period)
        known = years.known_round(current, records=False)
        owners = departments_named(known.plan, current, departments)
        outbox = Outbox(space, ledger, current.id, made_at)
        return _Writing(space, known, outbox, made_at, wanted, due_in, again).result(owners)


class _Use(StrEnum):
    """Whether a letter that applies is due by itself, or only where it is asked for."""

    DUE = "due"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter that applies to a department as its return stands. `basis` is what it rests on, by ids."""

    kind: LetterKind
    basis: str
    use: _Use
    days: int | None = None
    receipt: Receipt | None = None
    workbook: Path | None = None
    data: bytes | None = None


@dataclass
class _Writing:
    """One run. `removed`, `left` and `before` are as in the result."""

    space: Workspace
    known: KnownRound
    outbox: Outbox
    now: datetime
    kinds: Collection[LetterKind]
    due_in: int | None
    again: bool
    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    before: int = 0

    def result(self, owners: Iterable[Department]) -> LettersResult:
        """The letters to these departments; the drafts of those that are asked no more are removed."""
        plan, period = self.known.plan, self.known.period
        lines = [line for owner in owners for line in self.lines(owner)]
        asked = {owner.id for owner in plan.answering(period)}
        for name in dict.fromkeys(record.department for record in self.outbox.records):
            if name not in asked:
                self.clear(name)
        told = (tuple(self.removed), tuple(self.left), self.before)
        return LettersResult(plan, period, self.space.outbox(period.id), tuple(lines), *told)

    def lines(self, department: Department) -> Iterator[DraftLine]:
        """The letters to one department, written where they are to be."""
        applying = list(self._applying(department))
        self.clear(department.id, {(letter.kind, letter.basis) for letter in applying})
        chosen = self._chosen(department, applying)
        for letter in applying:
            if self.kinds and letter.kind not in self.kinds:
                continue
            lying = self._lying(department, letter)
            if letter in chosen or lying:
                yield self._line(department, letter, lying)
            elif self._recorded(department, letter):
                self.before += 1

    def _applying(self, department: Department) -> Iterator[_Letter]:
        """The letters that apply as the department's return stands, the first that is due before the others."""
        issued = self.known.issued.get(department.id)
        receipt = self.known.receipts.get(department.id)
        if receipt and receipt.state is ReceiptState.ACCEPTED:
            basis = f"{receipt.attempt} {receipt.sha256}"
            yield _Letter(LetterKind.THANKS, basis, _Use.DUE, receipt=receipt)
        elif issued and department.id not in self.known.excused:
            late = issued.due is not None and issued.due < self.now.date()
            if receipt and receipt.state is ReceiptState.SENT_BACK:
                yield self._sent_back(department, receipt)
            elif receipt is None:
                use = _Use.ASKED if late else _Use.DUE
                path, data = self.space.root / issued.file, kept_file(self.space, issued)
                yield _Letter(LetterKind.DISTRIBUTION, issued.id, use, workbook=path, data=data)
            if issued.due:
                yield self._due(f"{issued.id} {issued.due.isoformat()}", issued.due, receipt)

    def _sent_back(self, department: Department, receipt: Receipt) -> _Letter:
        """The letter with the sent-back workbook; where that was taken away since, the one that had it."""
        path = sent_back_path(self.space, self.known.plan, self.known.period, department, receipt.attempt)
        data = read_bytes(path) if path.is_file() else None
        of_attempt = f"{receipt.attempt} {receipt.sha256} "
        before = [record.basis for record in self.outbox.of(department.id, LetterKind.SENT_BACK)]
        had = next((basis for basis in reversed(before) if basis.startswith(of_attempt)), of_attempt)
        basis = f"{of_attempt}{sha256(data)}" if data else had
        return _Letter(LetterKind.SENT_BACK, basis, _Use.DUE, None, receipt, path, data)

    def _due(self, basis: str, due: date, receipt: Receipt | None) -> _Letter:
        """The reminder before the due day, or the letter after it."""
        today, count = self.now.date(), partial(working_days, workdays=self.known.plan.workdays)
        if due < today:
            since = count(receipt.received_at.date(), today) if receipt else PATIENCE
            use = _Use.DUE if since >= PATIENCE else _Use.ASKED
            return _Letter(LetterKind.OVERDUE, basis, use, count(due, today))
        days = count(today, due)
        use = _Use.DUE if self.due_in is not None and days <= self.due_in else _Use.ASKED
        return _Letter(LetterKind.REMINDER, basis, use, days)

    def _chosen(self, department: Department, applying: list[_Letter]) -> list[_Letter]:
        """The letters that are to be written: of the kinds asked for, else the first that is due and not written.

        What was written already is not written again, but where that is asked for. Nobody is reminded on a day on
        which something else was written to the department.
        """
        new = [letter for letter in applying if self.again or not self._recorded(department, letter)]
        if self.kinds:
            later = LetterKind.REMINDER if self.due_in is not None else None
            return [letter for letter in new if letter.use is _Use.DUE or letter.kind is not later]
        today = any(record.written_at.date() == self.now.date() for record in self.outbox.of(department.id))
        due = [
            letter
            for letter in new
            if letter.use is _Use.DUE
            and not (today and letter.kind in (LetterKind.REMINDER, LetterKind.OVERDUE) and not self.again)
        ]
        return due[:1]

    def _recorded(self, department: Department, letter: _Letter) -> bool:
        records = self.outbox.of(department.id, letter.kind)
        return any(record.basis == letter.basis for record in records)

    def _lying(self, department: Department, letter: _Letter) -> tuple[Path, ...]:
        """The files of the latest draft of a letter that lie there yet."""
        records = self.outbox.of(department.id, letter.kind)
        last = next((record for record in reversed(records) if record.basis == letter.basis), None)
        return self.outbox.lying(last) if last else ()

    def clear(self, department: str, valid: Collection[tuple[LetterKind, str]] = ()) -> None:
        """Remove a department's drafts of letters that do not apply any more; leave alone what somebody has changed.

        `department` is its id, `valid` are the kinds and bases of those that apply.
        """
        records = self.outbox.of(department)
        kept = {
            path
            for record in records
            if (record.kind, record.basis) in valid
            for path in self.outbox.lying(record)
        }
        gone = {path: None for record in records for path in self.outbox.lying(record) if path not in kept}
        ours = [path for path in gone if self.outbox.is_ours(path)]
        self.outbox.remove(ours)
        self.removed += ours
        self.left += [path for path in gone if path not in ours]

    def _line(self, department: Department, letter: _Letter, lying: tuple[Path, ...]) -> DraftLine:
        """The line of a letter, which is written where it is new, or where its words or its workbook are others."""
        line = DraftLine(department, letter.kind, DraftState.WRITTEN, days=letter.days)
        line = replace(
            line, workbook=letter.workbook, attempt=letter.receipt.attempt if letter.receipt else 0
        )
        if letter.workbook and letter.data is None:
            at = {path.suffix: path for path in lying}
            state = DraftState.UNCHANGED if lying else DraftState.NO_WORKBOOK
            return replace(line, state=state, file=at.get(EML), text_file=at.get(TXT))
        plan = self.known.plan
        attached = Attachment(letter.workbook.name, letter.data) if letter.workbook and letter.data else None
        draft = draft_of(plan, department, letter.kind, self._values(department, letter), attached)
        line = replace(line, to=draft.to, subject=draft.subject)
        contents = {EML: eml(draft), TXT: plain_text(draft, plan.language)}
        record = DraftRecord("", department.id, letter.kind, letter.basis, self.now, {})
        stem, there = self._stem(department, letter), () if self.again else lying
        state, paths = put_draft(self.outbox, record, stem, contents, there)
        return replace(line, state=state, file=paths.get(EML), text_file=paths.get(TXT))

    def _stem(self, department: Department, letter: _Letter) -> str:
        word = words("letter", self.known.plan.language)[letter.kind].replace(" ", "-")
        return safe_file_name(f"{self.known.period.id}_{department.id}_{department.name}", f"_{word}")

    def _values(self, department: Department, letter: _Letter) -> dict[str, str]:
        """What stands in the places of a letter."""
        plan, period, receipt = self.known.plan, self.known.period, letter.receipt
        issued = self.known.issued.get(department.id)
        due = issued.due if issued else None
        found = receipt.findings if receipt else ()
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        warnings = [finding for finding in found if finding.severity is Severity.WARNING]
        return common_values(plan, period, department, due, self.now.date()) | {
            "items": str(len(plan.items_of(period, department.id))),
            "days": "" if letter.days is None else str(letter.days),
            "attempt": str(receipt.attempt) if receipt else "",
            "errors": str(len(errors)),
            "findings": _said(receipt, [*errors, *warnings], plan.language),
            "received": day_label(receipt.received_at.date(), plan) if receipt else "",
        }


def _said(receipt: Receipt | None, findings: Sequence[Finding], language: str) -> str:
    """What was found in a return; before it the office's own words, where it sent the return back."""
    decision = receipt.decision if receipt else None
    if decision is None or decision.kind is not DecisionKind.SEND_BACK:
        return findings_said(findings, language)
    return "\n".join([decision.reason, *([findings_said(findings, language)] if findings else [])])
