"""The tables of the page at the root of the folder, a section each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlplan import __version__
from xlplan.fields.days import moment_format
from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import joined, spaced, text
from xlplan.model.decision import Decision, Publication
from xlplan.model.finding import Finding, listed
from xlplan.model.plan import Plan
from xlplan.model.submission import Receipt
from xlplan.report.decided import Decided, kind_word, told_together, what_words
from xlplan.report.returns import ReturnState
from xlplan.report.shown import RETURN_TONES, SEVERITY_TONES, department_name, register
from xlplan.report.tables import Cell, Role, Section, TableBand, TableGroup, TableItem
from xlplan.stages.status import StatusLine, StatusResult
from xlplan.store.workspace import Workspace

Columns = Sequence[tuple[str, float, Role]]
Row = tuple[Cell, ...]

_DEPARTMENTS: Columns = (
    ("status.column.department", 20.0, Role.NAME),
    ("status.column.state", 10.0, Role.STATE),
    ("status.column.due", 15.0, Role.ANSWER),
    ("status.column.late", 8.0, Role.FIGURE),
    ("status.column.attempts", 6.0, Role.FIGURE),
    ("status.column.errors", 6.0, Role.FIGURE),
    ("status.column.warnings", 6.0, Role.FIGURE),
    ("status.column.received", 19.0, Role.ANSWER),
    ("status.column.respondent", 14.0, Role.TEXT),
)
_SENDING: Columns = (
    ("status.column.department", 20.0, Role.NAME),
    ("status.column.why", 44.0, Role.TEXT),
    ("status.column.file", 40.0, Role.COMMAND),
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
    ("status.column.attempt", 5.0, Role.FIGURE),
    ("status.column.received", 19.0, Role.ANSWER),
    ("status.column.state", 10.0, Role.STATE),
    ("status.column.errors", 6.0, Role.FIGURE),
    ("status.column.warnings", 6.0, Role.FIGURE),
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
_START: Columns = (
    ("status.column.command", 44.0, Role.COMMAND),
    ("status.column.does", 60.0, Role.TEXT),
)
_FOLDERS: Columns = (
    ("status.column.place_of", 44.0, Role.COMMAND),
    ("status.column.meaning", 60.0, Role.TEXT),
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
        """The sections, those without a line left out where nothing is to be said of that."""
        result = self.known.result
        departments = (self.department(line) for line in result.lines)
        title, about = self.text("status.page.departments"), self.text("status.page.departments_about")
        yield self.section("departments", title, about, _DEPARTMENTS, departments)
        if result.sending:
            title, about = self.text("status.page.sending"), self.text("status.page.sending_about")
            yield self.section("sending", title, about, _SENDING, self.sending())
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
        title, about = self.text("status.page.start"), self.text("status.page.start_about")
        note = self.text("status.page.start_note", version=__version__)
        yield self.section("start", title, about, _START, self.commands(), note=note)
        title, about = self.text("status.page.folders"), self.text("status.page.folders_about")
        note = self.text("status.page.folders_note")
        yield self.section("folders", title, about, _FOLDERS, self.folders(), note=note)

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
        """A section of one table; of `none` instead where it has no row."""
        lines = list(rows)
        blocks = (register(name, self.plan.language, columns, lines),) if lines else ()
        return Section(name, title, blocks, note=note if lines else none, about=about)

    def department(self, line: StatusLine) -> Row:
        """How a department stands."""
        return (
            _words(Role.NAME, line.department.name),
            self.state(line.state),
            _words(Role.ANSWER, self.day(line.due) if line.due else ""),
            _count(line.days_late),
            *map(_count, (line.attempts, line.errors, line.warnings)),
            self.received(line.received_at),
            _words(Role.TEXT, line.respondent),
        )

    def sending(self) -> Iterator[Row]:
        """What is to be sent."""
        for sending in self.known.result.sending:
            words = self.text(sending.reason.catalogue_key, days=sending.days)
            file = self.place(sending.file) if sending.file else _words(Role.COMMAND, "")
            yield _words(Role.NAME, sending.department.name), _words(Role.TEXT, words), file

    def findings(self) -> Section:
        """The findings, a band for each department: one line for all of a kind in a column."""
        result, alike = self.known.result, dict[str, dict[tuple[str, str, str], list[Finding]]]()
        for frequent in result.frequent:
            for finding in frequent.findings:
                key = (finding.written_code, finding.form, finding.field)
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
        table = register("found", self.plan.language, _FINDINGS, ())
        return Section("found", title, (replace(table, bands=bands),), about=about)

    def finding(self, findings: Sequence[Finding]) -> Row:
        """Findings of one kind in one column of one return."""
        first, language = findings[0], self.plan.language
        form = self.plan.form(first.form)
        field = form.field_named(first.field) if form else None
        cells = listed([finding.cell for finding in findings if finding.cell])
        word = self.text(first.severity.catalogue_key)
        return (
            Cell(Role.STATE, word, word, tone=SEVERITY_TONES.get(first.severity)),
            _words(Role.TEXT, field.label if field else first.field),
            _words(Role.TEXT, first.message(language)),
            _words(Role.TEXT, spaced((first.sheet, joined(cells, language)), language)),
            _count(len(findings)),
        )

    def decision(self, decided: Decided) -> Row:
        """A decision, struck out where it was taken back."""
        first, struck = decided.first, decided.taken_back
        word = kind_word(first.kind, self.plan.language)
        if struck:
            word = self.text("signs.bracketed", word=word, note=self.text("status.decision.undone"))
        return (
            Cell(Role.NUMBER, first.number, str(first.number), struck=struck),
            Cell(Role.NAME, word, word, struck=struck),
            *(
                Cell(Role.TEXT, words, words, struck=struck)
                for words in (what_words(self.plan, decided), first.reason)
            ),
            self.received(first.made_at),
            _words(Role.TEXT, first.made_by),
        )

    def attempts(self) -> Iterator[Row]:
        """Every return of the round, by department."""
        order = {line.department.id: at for at, line in enumerate(self.known.result.lines)}
        place = len(order)
        for receipt in sorted(self.known.attempts, key=lambda receipt: order.get(receipt.department, place)):
            state = ReturnState(receipt.state.value)
            severities = [finding.severity for finding in receipt.findings]
            yield (
                _words(Role.NAME, department_name(self.plan, receipt.department)),
                _count(receipt.attempt),
                self.received(receipt.received_at),
                self.state(state),
                _count(severities.count(Severity.ERROR)),
                _count(severities.count(Severity.WARNING)),
                _words(Role.TEXT, receipt.respondent),
                Cell(Role.TEXT, receipt.file_name, receipt.file_name, link=receipt.archive),
            )

    def published(self, made: Publication) -> Row:
        """A round that is closed."""
        period = self.plan.period(made.period)
        return (
            _words(Role.NAME, period.label if period else made.period),
            _count(made.version),
            self.received(made.made_at),
            _words(Role.TEXT, made.made_by),
            self.place(self.space.root / made.folder),
        )

    def commands(self) -> Iterator[Row]:
        """The commands of a year."""
        name = self.known.result.period.id
        for command, key in (
            ("xlplan status", "status.command.status"),
            (f"xlplan issue --period {name}", "status.command.issue"),
            ("xlplan receive", "status.command.receive"),
            ("xlplan consolidate", "status.command.consolidate"),
            ("xlplan close", "status.command.close"),
            ("xlplan rollover --help", "status.command.rollover"),
            ("xlplan lint", "status.command.lint"),
            ("xlplan --help", "status.command.help"),
        ):
            yield _words(Role.COMMAND, command), _words(Role.TEXT, self.text(key))

    def folders(self) -> Iterator[Row]:
        """What the folders and files of the round are; those that are there lead to themselves."""
        space, period = self.space, self.known.result.period.id
        for path, key in (
            (space.find_definition(), "status.folder.plan"),
            (space.issued(period), "status.folder.issued"),
            (space.inbox(period), "status.folder.inbox"),
            (space.returned(period), "status.folder.returned"),
            (space.sent_back(period), "status.folder.sent_back"),
            (space.set_aside(period), "status.folder.set_aside"),
            (space.summary(period), "status.folder.summary"),
            (space.published(period, 1).parent, "status.folder.published"),
            (space.ledger_path, "status.folder.ledger"),
        ):
            yield self.place(path), _words(Role.TEXT, self.text(key))

    # --- cells ---

    def day(self, day: date) -> str:
        """A day by the plan's calendar."""
        return date_label(day, self.plan.calendar, self.plan.language)

    def moment(self, moment: datetime) -> str:
        """A day and time by the plan's calendar."""
        return f"{self.day(moment.date())} {moment.hour}:{moment:%M}"

    def received(self, moment: datetime | None) -> Cell:
        """A day and time in a cell, blank where there is none."""
        said = self.moment(moment) if moment else ""
        value = moment.replace(tzinfo=None) if moment else None
        return Cell(Role.ANSWER, value, said, format=moment_format(self.plan))

    def state(self, state: ReturnState) -> Cell:
        """How a return stands."""
        word = self.text(state.catalogue_key)
        return Cell(Role.STATE, word, word, tone=RETURN_TONES.get(state))

    def place(self, path: Path) -> Cell:
        """A file or folder, named from the root of the plan's."""
        name = self.space.relative(path)
        return Cell(Role.COMMAND, name, name, link=name if path.exists() else "")


def _words(role: Role, said: str) -> Cell:
    return Cell(role, said or None, said)


def _count(number: int) -> Cell:
    """A number, blank for none."""
    return Cell(Role.FIGURE, number or None, str(number or ""))
