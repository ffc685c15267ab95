"""The demonstration: a kit's whole year, played with real files, mistakes included."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from xlplan import stages
from xlplan.cli.demo.answers import read_answers
from xlplan.cli.demo.hands import Answers, Hands, Mistake
from xlplan.cli.printing import Printer
from xlplan.cli.show import RECEIVED, counts_of
from xlplan.form.issuing import rows_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined, text
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.stages.lines import ReceiveResult
from xlplan.stages.new import kit_named
from xlplan.store.files import files_in, write_bytes
from xlplan.store.workspace import Workspace

PLANTED: Sequence[Sequence[Mistake]] = (
    (),
    (Mistake.WORD, Mistake.BLANK),
    (Mistake.SPACED, Mistake.SORTED),
    (Mistake.LONG,),
    (Mistake.OFFICE,),
    (),
    (Mistake.FORMULA,),
    (Mistake.ROW,),
)
"""Mistakes by department, in the plan's order; departments beyond these make none."""


@dataclass(frozen=True, slots=True)
class Played:
    """Where the demonstration stands at its end."""

    space: Workspace
    period: Period
    first: ReceiveResult
    second: ReceiveResult


def play(
    folder: Path, kit: str, printer_for: Callable[[str], Printer], now: datetime | None = None
) -> Played:
    """Play the year in `folder`, which must be empty or new, telling each step.

    `now` is the moment of the issue; the returns come three weeks later.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(ErrorKey.FOLDER_NOT_EMPTY, path=folder)
    source = kit_named(kit)
    made = stages.new(folder, kit, now=now or _moment(None))
    plan = made.plan
    period, answers = read_answers(plan, source)
    moment = now or _moment(period)
    return _Play(Workspace(folder), plan, period, answers, printer_for(plan.language), moment).run(made.path)


def _moment(period: Period | None) -> datetime:
    """April after the period: when a city asks how the year went."""
    return datetime(period.last_year + 1 if period else 2000, 4, 10, 9, 0)


class _Play:
    def __init__(
        self,
        space: Workspace,
        plan: Plan,
        period: Period,
        answers: Answers,
        printer: Printer,
        now: datetime,
    ) -> None:
        self.space, self.plan, self.period = space, plan, period
        self.answers, self.printer, self.now = answers, printer, now

    def tell(self, key: str, **params: object) -> None:
        self.printer.line(text(key, self.printer.language, **params))

    def run(self, path: Path) -> Played:
        self.tell("demo.told.intro", title=self.plan.title, period=self.period.label)
        self.tell("demo.told.define", path=path)
        due: date = (self.now + timedelta(days=49)).date()
        issued = stages.issue(self.space, self.period.id, due=due, departments=(), now=self.now)
        self.tell("demo.told.issue", count=len(issued.lines), folder=self.space.issued(self.period.id))
        self.fill({line.department.id: line.path for line in issued.lines})
        first = self.receive(21)
        self.tell_received(first)
        early = stages.consolidate(self.space, period_name=self.period.id, draft=False, now=self.now)
        names = [self.plan.department(one.department) for one in early.open]
        if early.path is None:
            self.tell("demo.told.early", names=joined((one.name for one in names if one), self.plan.language))
        self.tell("demo.told.back", folder=self.space.sent_back(self.period.id))
        self.mend(first)
        second = self.receive(35)
        self.tell("demo.told.again", **_counts(second))
        self.publish()
        return Played(self.space, self.period, first, second)

    def receive(self, days: int) -> ReceiveResult:
        moment = self.now + timedelta(days=days)
        return stages.receive(self.space, (), period_name=self.period.id, department="", now=moment)

    def hands(self, path: Path, department: Department) -> Hands:
        rows = rows_of(self.plan, self.period, department)
        layouts = tuple(
            EntryLayout(form, self.plan, self.period, len(rows[form.id])) for form in self.plan.forms
        )
        return Hands(path, layouts)

    def items(self, department: Department) -> set[str]:
        return {one.id for one in self.plan.items_of(self.period, department.id)}

    def fill(self, paths: dict[str, Path]) -> None:
        """Every department answers; some err."""
        self.tell("demo.told.fill")
        language = self.plan.language
        inbox = self.space.inbox(self.period.id)
        for at, department in enumerate(self.plan.answering(self.period)):
            hands = self.hands(paths[department.id], department)
            hands.answer(self.answers, self.items(department))
            hands.sign(language)
            for kind in PLANTED[at] if at < len(PLANTED) else ():
                self.tell("demo.told.mistake", department=department.name, what=hands.err(kind, language))
            hands.save(inbox / paths[department.id].name, self.now + timedelta(days=14))
        stranger = text("demo.mistake.stranger", language)
        write_bytes(inbox / "memo.xlsx", stranger.encode())
        self.tell("demo.told.mistake", department="memo.xlsx", what=stranger)

    def tell_received(self, result: ReceiveResult) -> None:
        findings = [one for line in result.lines for one in line.findings]
        errors = [one for one in findings if one.severity is Severity.ERROR]
        notices = len([one for one in findings if one.severity is not Severity.ERROR])
        self.tell("demo.told.receive", **_counts(result), errors=len(errors), notices=notices)
        for one in errors[:3]:
            place = f"{one.file} {one.sheet}!{one.cell}" if one.cell else one.file
            self.tell("demo.told.example", place=place, message=one.message(self.printer.language))

    def mend(self, result: ReceiveResult) -> None:
        """The departments put right what came back to them, in the sent-back workbook."""
        for line in result.lines:
            if line.sent_back is None or line.department is None:
                continue
            hands = self.hands(line.sent_back, line.department)
            hands.answer(self.answers, self.items(line.department))
            inbox = self.space.inbox(self.period.id)
            hands.save(inbox / line.sent_back.name, self.now + timedelta(days=28))

    def publish(self) -> None:
        moment = self.now + timedelta(days=42)
        made = stages.consolidate(self.space, period_name=self.period.id, draft=False, now=moment)
        path = self.space.summary(self.period.id)
        if made.path is None:
            self.tell("demo.told.early", names=len(made.open))
            return
        self.tell("demo.told.summary", path=path)
        if self.plan.published:
            found = stages.reconcile(self.space, period_name=self.period.id)
            total, differ = len(found.comparisons), len(found.differing)
            self.tell("demo.told.reconcile", total=total, agree=total - differ, differ=differ)
        first = files_in(self.space.sent_back(self.period.id))
        self.tell("demo.told.end", first=first[0] if first else path)


def _counts(result: ReceiveResult) -> dict[str, object]:
    states = [one.state for one in result.lines]
    return {**counts_of(states, RECEIVED)}
