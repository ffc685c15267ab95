"""The demonstration: a kit's whole year, played with real files, mistakes included."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlplan
from xlplan.cli.demo.filling import Answers, DepartmentWorkbook, Mistake, read_answers
from xlplan.cli.printing import Printer
from xlplan.cli.words import RECEIVED, counts_of
from xlplan.form.issuing import rows_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.language.codes import Severity
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.language.messages import joined, text
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.stages.new import kit_named, new
from xlplan.stages.received import ReceiveResult
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


_BEFORE = date(2000, 3, 31)
"""When the tables of a demonstration are written, which no period need have begun."""


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
    """Play the year, telling each step.

    Args:
        folder: Where: it must be empty or new.
        kit: The name of the kit.
        printer_for: What prints in a language, which is the plan's.
        now: The moment of the issue; the returns come three weeks later. By default in April after the period.

    Returns:
        Where the demonstration stands at its end.

    Raises:
        UsageError: the folder is not empty, or the kit is none or has no answers.
        DefinitionError: the answers do not fit the plan.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(ErrorKey.FOLDER_NOT_EMPTY, path=folder)
    source = kit_named(kit)
    made = new(folder, kit=kit, now=now or _moment(_BEFORE))
    plan = xlplan.City(folder).plan
    period, answers = read_answers(plan, source)
    moment = now or _moment(plan.days(period).last)
    return _Play(Workspace(folder), plan, period, answers, printer_for(plan.language), moment).run(made.path)


def _moment(last: date) -> datetime:
    """A morning soon after the `last` day of a period: when a city asks how it went."""
    return datetime.combine(last + timedelta(days=10), time(9))


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
        self.space, self.city = space, xlplan.City(space.root)
        self.plan, self.period = plan, period
        self.answers, self.printer, self.now = answers, printer, now

    def tell(self, key: str, **params: object) -> None:
        self.printer.line(text(key, self.printer.language, **params))

    def run(self, path: Path) -> Played:
        self.tell("demo.told.intro", title=self.plan.title, period=self.period.label)
        self.tell("demo.told.define", path=path)
        due: date = (self.now + timedelta(days=49)).date()
        issued = self.city.issue(self.period.id, due=due, now=self.now)
        self.tell("demo.told.issue", count=len(issued.lines), folder=self.space.issued(self.period.id))
        self.fill({line.department.id: line.path for line in issued.lines})
        first = self.receive(21)
        self.tell_received(first)
        early = self.city.consolidate(self.period.id, now=self.now)
        departments = [self.plan.department(line.department) for line in early.open]
        if early.path is None:
            names = (department.name for department in departments if department)
            self.tell("demo.told.early", names=joined(names, self.plan.language))
        self.tell("demo.told.back", folder=self.space.outbox(self.period.id))
        self.mend(first)
        second = self.receive(35)
        self.tell("demo.told.again", **_counts(second))
        self.publish()
        return Played(self.space, self.period, first, second)

    def receive(self, days: int) -> ReceiveResult:
        moment = self.now + timedelta(days=days)
        return self.city.receive(period=self.period.id, now=moment)

    def workbook(self, path: Path, department: Department) -> DepartmentWorkbook:
        rows = rows_of(self.plan, self.period, department)
        plan = self.plan.asked_in(self.period)
        layouts = tuple(EntryLayout(form, plan, self.period, len(rows[form.id])) for form in plan.forms)
        return DepartmentWorkbook(path, layouts)

    def items(self, department: Department) -> set[str]:
        return {item.id for item in self.plan.items_of(self.period, department.id)}

    def fill(self, paths: dict[str, Path]) -> None:
        """Every department answers; some err."""
        self.tell("demo.told.fill")
        language = self.plan.language
        inbox = self.space.inbox(self.period.id)
        for at, department in enumerate(self.plan.answering(self.period)):
            workbook = self.workbook(paths[department.id], department)
            workbook.answer(self.answers, self.items(department))
            workbook.sign(language)
            for kind in PLANTED[at] if at < len(PLANTED) else ():
                self.tell(
                    "demo.told.mistake", department=department.name, what=workbook.plant(kind, language)
                )
            workbook.save(inbox / paths[department.id].name, self.now + timedelta(days=14))
        stranger = text("demo.mistake.stranger", language)
        write_bytes(inbox / "memo.xlsx", stranger.encode())
        self.tell("demo.told.mistake", department="memo.xlsx", what=stranger)

    def tell_received(self, result: ReceiveResult) -> None:
        findings = [finding for line in result.lines for finding in line.findings]
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        notices = len(findings) - len(errors)
        self.tell("demo.told.receive", **_counts(result), errors=len(errors), notices=notices)
        for error in errors[:3]:
            place = f"{error.file} {error.sheet}!{error.cell}" if error.cell else error.file
            self.tell("demo.told.example", place=place, message=error.message(self.printer.language))

    def mend(self, result: ReceiveResult) -> None:
        """The departments put right what came back to them, in the sent-back workbook."""
        for line in result.lines:
            if line.sent_back is None or line.department is None:
                continue
            workbook = self.workbook(line.sent_back, line.department)
            workbook.answer(self.answers, self.items(line.department))
            inbox = self.space.inbox(self.period.id)
            workbook.save(inbox / line.sent_back.name, self.now + timedelta(days=28))

    def publish(self) -> None:
        moment = self.now + timedelta(days=42)
        made = self.city.consolidate(self.period.id, now=moment)
        path = self.space.summary(self.period.id)
        if made.path is None:
            self.tell("demo.told.early", names=len(made.open))
            return
        self.tell("demo.told.summary", path=path)
        if self.plan.published:
            found = self.city.reconcile(self.period.id)
            total, differ = len(found.comparisons), len(found.differing)
            self.tell("demo.told.reconcile", total=total, agree=total - differ, differ=differ)
        first = files_in(self.space.sent_back(self.period.id))
        self.tell("demo.told.end", first=first[0] if first else path)


def _counts(result: ReceiveResult) -> dict[str, object]:
    states = [line.state for line in result.lines]
    return {**counts_of(states, RECEIVED)}
