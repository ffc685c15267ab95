"""The tables of the page at the root of the folder, a section each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, spaced, text
from xlplan.model.decision import Decision, Publication
from xlplan.model.finding import Finding, listed
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.report.decided import Decided, told_together, what_words
from xlplan.report.returns import ReturnState
from xlplan.report.shown import department_name
from xlplan.report.tables import Cell, Role, Section, TableBand, TableGroup, TableItem, Tone
from xlplan.report.views.answers import moment_cell, register
from xlplan.report.views.registers import RETURN_TONES, SEVERITY_TONES
from xlplan.stages.frequent import FrequentFinding
from xlplan.stages.sending import ToSend
from xlplan.stages.status import StatusLine, StatusResult
from xlplan.store.workspace import Workspace

Columns = Sequence[tuple[str, float, Role]]
Row = tuple[Cell, ...]

_DEPARTMENTS: Columns = (
    ("status.column.department", 20.0, Role.NAME),
    ("status.column.state", 10.0, Role.STATE),
    ("status.column.due", 15.0, Role.ANSWER),
    ("status.column.late", 10.0, Role.FIGURE),
    ("status.column.attempts", 9.0, Role.FIGURE),
    ("status.column.errors", 7.0, Role.FIGURE),
    ("status.column.warnings", 9.0, Role.FIGURE),
    ("status.column.received", 19.0, Role.ANSWER),
    ("status.column.respondent", 14.0, Role.TEXT),
)
_SENDING: Columns = (
    ("status.column.department", 20.0, Role.NAME),
    ("status.column.why", 44.0, Role.TEXT),
    ("status.column.file", 40.0, Role.COMMAND),
)
_FREQUENT: Columns = (
    ("status.column.departments", 12.0, Role.FIGURE),
    ("status.column.count", 6.0, Role.FIGURE),
    ("status.column.field", 22.0, Role.NAME),
    ("status.column.message", 70.0, Role.TEXT),
)
_FINDINGS: Columns = (
    ("status.column.severity", 9.0, Role.STATE),
    ("status.column.field", 16.0, Role.TEXT),
    ("status.column.message", 46.0, Role.TEXT),
    ("status.column.place", 34.0, Role.TEXT),
    ("status.column.count", 6.0, Role.FIGURE),
)
_DECISIONS: Columns = (
    ("status.column.number", 5.0, Role.NUMBER),
    ("status.column.kind", 14.0, Role.NAME),
    ("status.column.what", 36.0, Role.TEXT),
    ("status.column.reason", 24.0, Role.TEXT),
    ("status.column.made_at", 19.0, Role.ANSWER),
    ("status.column.made_by", 12.0, Role.TEXT),
)
_ATTEMPTS: Columns = (
    ("status.column.department", 20.0, Role.NAME),
    ("status.column.attempt", 8.0, Role.FIGURE),
    ("status.column.received", 19.0, Role.ANSWER),
    ("status.column.state", 10.0, Role.STATE),
    ("status.column.errors", 7.0, Role.FIGURE),
    ("status.column.warnings", 9.0, Role.FIGURE),
    ("status.column.respondent", 14.0, Role.TEXT),
    ("status.column.file", 26.0, Role.TEXT),
)
_ROUNDS: Columns = (
    ("status.column.period", 18.0, Role.NAME),
    ("status.column.version", 6.0, Role.FIGURE),
    ("status.column.made_at", 19.0, Role.ANSWER),
    ("status.column.made_by", 14.0, Role.TEXT),
    ("status.column.place_of", 40.0, Role.COMMAND),
)
"""The columns of the tables: all of them fit on A4."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a page tells of.

    Attributes:
        result: How the round at hand stands.
        attempts: Every return of it, in the order in which they came in.
        decisions: Every decision of all rounds, in the order of their numbers, those taken back included.
        published: The latest version of each round that is closed.
        now: The moment as of which all that is.
    """

    result: StatusResult
    attempts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...]
    published: tuple[Publication, ...]
    now: datetime


@dataclass(frozen=True)
class ReadmeTables:
    """The tables of the page being made.

    Attributes:
        space: The folder of the plan.
        known: What is told of it.
    """

    space: Workspace
    known: Known

    @property
    def plan(self) -> Plan:
        """The plan as it is known in the round."""
        return self.known.result.plan

    def text(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the plan's language, with `params` in their places."""
        return text(key, self.plan.language, **params)

    def sections(self) -> Iterator[Section]:
        """How the round stands, what was found, decided and received: those left out of which there is nothing."""
        result = self.known.result
        departments = (self.department(line) for line in result.lines)
        title, about = self.text("status.page.departments"), self.text("status.page.departments_about")
        yield self.section("departments", title, about, _DEPARTMENTS, departments)
        if result.sending:
            title, about = self.text("status.page.sending"), self.text("status.page.sending_about")
            yield self.section("sending", title, about, _SENDING, map(self.sending, result.sending))
        yield self.findings()
        title, about = self.text("status.page.decisions"), self.text("status.page.decisions_about")
        none = self.text("status.page.decisions_none")
        decided = reversed(told_together(self.known.decisions))
        yield self.section("decided", title, about, _DECISIONS, map(self.decision, decided), none)
        title, about = self.text("status.page.attempts"), self.text("status.page.attempts_about")
        none = self.text("status.page.attempts_none")
        yield self.section("attempts", title, about, _ATTEMPTS, self.attempts(), none)
        if self.known.published:
            title, about = self.text("status.page.rounds"), self.text("status.page.rounds_about")
            yield self.section("rounds", title, about, _ROUNDS, map(self.published, self.known.published))

    def section(
        self,
        name: str,
        title: str,
        about: str,
        columns: Columns,
        rows: Iterable[Row],
        none: str = "",
        note: str = "",
    ) -> Section:
        """A section of one table.

        Args:
            name: Its id.
            title: Its title.
            about: What it is for, in the contents.
            columns: The columns of its table.
            rows: The rows.
            none: What is said instead where there is no row.
            note: What is said above the table.
        """
        lines = list(rows)
        blocks = (register(name, self.plan.language, columns, lines),) if lines else ()
        return Section(name, title, blocks, note=note if lines else none, about=about)

    def department(self, line: StatusLine) -> Row:
        """How a department stands."""
        return (
            words_cell(Role.NAME, line.department.name),
            self.state(line.state, late=line.days_late > 0),
            words_cell(Role.ANSWER, self.day(line.due) if line.due else ""),
            self.days_late(line.days_late),
            *map(_count, (line.attempts, line.errors, line.warnings)),
            moment_cell(line.received_at, self.plan),
            words_cell(Role.TEXT, line.respondent),
        )

    def sending(self, sending: ToSend) -> Row:
        """What is to be sent to a department."""
        words = self.text(sending.reason.catalogue_key, days=sending.days)
        file = self.place(sending.file) if sending.file else words_cell(Role.COMMAND, "")
        return words_cell(Role.NAME, sending.department.name), words_cell(Role.TEXT, words), file

    def findings(self) -> Section:
        """The findings, a band for each department: one line for all of a kind in a column."""
        result, alike = self.known.result, dict[str, dict[tuple[str, str, str], list[Finding]]]()
        for kind in result.frequent:
            for finding in kind.findings:
                where = finding.field or finding.message(self.plan.language)
                key = (finding.written_code, finding.form, where)
                alike.setdefault(finding.department, {}).setdefault(key, []).append(finding)
        bands = tuple(
            TableBand(
                (TableGroup(tuple(TableItem((self.finding(found),)) for found in kinds.values())),),
                department_name(self.plan, department),
            )
            for department, kinds in alike.items()
        )
        title, about = self.text("status.page.findings"), self.text("status.page.findings_about")
        if not bands:
            return Section("found", title, (), note=self.text("status.page.findings_none"), about=about)
        language = self.plan.language
        often = register("frequent", language, _FREQUENT, [*map(self.frequent, result.frequent)])
        found = register("found", language, _FINDINGS, ())
        blocks = (
            replace(often, caption=self.text("status.page.frequent")),
            replace(found, caption=self.text("status.page.by_department"), bands=bands),
        )
        return Section("found", title, blocks, about=about)

    def frequent(self, frequent: FrequentFinding) -> Row:
        """A kind of finding in one column, in how many returns it is."""
        return (
            _count(len(frequent.departments)),
            _count(len(frequent.findings)),
            words_cell(Role.NAME, self.field(frequent.first)),
            words_cell(Role.TEXT, frequent.first.message(self.plan.language)),
        )

    def field(self, finding: Finding) -> str:
        """The label of the column in which a finding is."""
        form = self.plan.form(finding.form)
        field = form.field_named(finding.field) if form else None
        return field.label if field else finding.field

    def finding(self, findings: Sequence[Finding]) -> Row:
        """Findings of one kind in one column of one return."""
        first, language = findings[0], self.plan.language
        cells = listed([finding.cell for finding in findings if finding.cell])
        word = self.text(first.severity.catalogue_key)
        return (
            Cell(Role.STATE, word, word, tone=SEVERITY_TONES.get(first.severity)),
            words_cell(Role.TEXT, self.field(first)),
            words_cell(Role.TEXT, first.message(language)),
            words_cell(Role.TEXT, spaced((first.sheet, joined(cells, language)), language)),
            _count(len(findings)),
        )

    def decision(self, decided: Decided) -> Row:
        """A decision, struck out where it was taken back."""
        first, struck = decided.first, decided.taken_back
        word = text(first.kind.catalogue_key, self.plan.language)
        if struck:
            word = self.text("signs.bracketed", word=word, note=self.text("status.decision.undone"))
        return (
            Cell(Role.NUMBER, first.number, str(first.number), struck=struck),
            Cell(Role.NAME, word, word, struck=struck),
            *(
                Cell(Role.TEXT, words, words, struck=struck)
                for words in (what_words(self.plan, decided), first.reason)
            ),
            moment_cell(first.made_at, self.plan),
            words_cell(Role.TEXT, first.made_by),
        )

    def attempts(self) -> Iterator[Row]:
        """Every return of the round, by department."""
        order = {line.department.id: at for at, line in enumerate(self.known.result.lines)}
        place = len(order)
        for receipt in sorted(self.known.attempts, key=lambda receipt: order.get(receipt.department, place)):
            latest = self.known.result.attempt_of(receipt.department) == receipt.attempt
            severities = [finding.severity for finding in receipt.findings]
            yield (
                words_cell(Role.NAME, department_name(self.plan, receipt.department)),
                _count(receipt.attempt),
                moment_cell(receipt.received_at, self.plan),
                self.attempted(receipt, latest=latest),
                _count(severities.count(Severity.ERROR)),
                _count(severities.count(Severity.WARNING)),
                words_cell(Role.TEXT, receipt.respondent),
                Cell(Role.TEXT, receipt.file_name, receipt.file_name, link=receipt.archive),
            )

    def published(self, made: Publication) -> Row:
        """A round that is closed."""
        period = self.plan.period(made.period)
        return (
            words_cell(Role.NAME, period.label if period else made.period),
            _count(made.version),
            moment_cell(made.made_at, self.plan),
            words_cell(Role.TEXT, made.made_by),
            self.place(self.space.root / made.folder),
        )

    # --- cells ---

    def day(self, day: date) -> str:
        """A day by the plan's calendar."""
        return date_label(day, self.plan.calendar, self.plan.language)

    def moment(self, moment: datetime) -> str:
        """A day and time by the plan's calendar."""
        return f"{self.day(moment.date())} {moment.hour}:{moment:%M}"

    def attempted(self, receipt: Receipt, *, latest: bool) -> Cell:
        """What became of a return; of one that is not the latest nobody need look again."""
        state = ReturnState(receipt.state.value)
        if latest or state is not ReturnState.SENT_BACK:
            return self.state(state, late=False)
        return words_cell(Role.STATE, self.text("status.word.went_back"))

    def days_late(self, days: int) -> Cell:
        """By how many working days a department is late, blank for none."""
        said = self.text("status.said.days_late", days=days) if days else ""
        return Cell(Role.FIGURE, days or None, said)

    def state(self, state: ReturnState, *, late: bool) -> Cell:
        """How a return stands; who has yet to answer is looked at only where that is `late`."""
        word = self.text(state.catalogue_key)
        tone = Tone() if state is ReturnState.WAITING and not late else RETURN_TONES.get(state)
        return Cell(Role.STATE, word, word, tone=tone)

    def place(self, path: Path) -> Cell:
        """A file or folder, named from the root of the plan's."""
        name = self.space.relative(path)
        return Cell(Role.COMMAND, name, name, link=name if path.exists() else "")


def words_cell(role: Role, said: str) -> Cell:
    """A cell of words, blank where there are none."""
    return Cell(role, said or None, said)


def _count(number: int) -> Cell:
    """A number, blank for none."""
    return Cell(Role.FIGURE, number or None, str(number or ""))
