"""The registers: how returns stand (受付状況), what was found in the latest (検証結果), what was corrected (訂正).

Their facts come from the ledger.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xlplan.fields.days import moment_format
from xlplan.language.codes import Severity
from xlplan.language.eras import date_label
from xlplan.language.messages import text
from xlplan.model.correction import ChangedFigure, Correction
from xlplan.model.finding import Finding, item_shown
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding, ReturnState
from xlplan.report.rows import Consolidation
from xlplan.report.shown import corrected_cell, department_name
from xlplan.report.tables import Cell, Column, Role, Section, Table, TableBand, TableGroup, TableItem, Tone
from xlplan.report.views.answers import words

_RETURNS = (
    ("summary.returns.department", 20.0, Role.NAME),
    ("summary.returns.state", 11.0, Role.STATE),
    ("summary.returns.attempts", 7.0, Role.ANSWER),
    ("summary.returns.received_at", 23.0, Role.ANSWER),
    ("summary.returns.file_name", 44.0, Role.NAME),
    ("summary.returns.respondent", 18.0, Role.TEXT),
    ("summary.returns.approver", 18.0, Role.TEXT),
    ("summary.returns.errors", 8.0, Role.ANSWER),
    ("summary.returns.warnings", 8.0, Role.ANSWER),
    ("summary.returns.notices", 9.0, Role.ANSWER),
)
_REASON = ("summary.returns.reason", 30.0, Role.TEXT)
"""The column that the register of returns has where a department was let off its answer."""
_FINDINGS = (
    ("summary.findings.number", 5.0, Role.NUMBER),
    ("summary.findings.department", 16.0, Role.NAME),
    ("summary.findings.severity", 10.0, Role.STATE),
    ("summary.findings.item", 24.0, Role.NAME),
    ("summary.findings.field", 12.0, Role.TEXT),
    ("summary.findings.place", 16.0, Role.TEXT),
    ("summary.findings.value", 22.0, Role.TEXT),
    ("summary.findings.message", 40.0, Role.TEXT),
    ("summary.findings.remedy", 40.0, Role.TEXT),
    ("summary.findings.file", 30.0, Role.TEXT),
)
"""The columns of the registers; each begins with the key of its head, whose end is the column's id."""
RETURN_TONES = {
    ReturnState.ACCEPTED: Tone(0, 4),
    ReturnState.WAITING: Tone(1, 4, again=True),
    ReturnState.SENT_BACK: Tone(2, 4, again=True),
    ReturnState.REOPENED: Tone(2, 4, again=True),
    ReturnState.EXCUSED: Tone(2, 4, again=True),
}
SEVERITY_TONES = {Severity.WARNING: Tone(2, 4, again=True), Severity.ERROR: Tone(3, 4, again=True)}
"""How much each asks to be looked at, on a scale from 0 (well) to 3 (wrong)."""
_ORDER = tuple(Severity)


def returns_section(made: Consolidation) -> Section:
    """The register of returns."""
    language = made.plan.language
    excused = any(line.reason for line in made.returns)
    rows = [_return(made.plan, line, excused=excused) for line in made.returns]
    columns = (*_RETURNS, _REASON) if excused else _RETURNS
    return Section(
        "returns",
        text("summary.returns.sheet", language),
        (register("returns", language, columns, rows),),
        sheet=text("summary.returns.sheet", language),
        note=text("summary.returns.intro", language),
        about=text("summary.cover.about_returns", language),
    )


def findings_section(made: Consolidation) -> Section:
    """The register of findings: errors first, then as the departments stand."""
    language = made.plan.language
    found = sorted(made.findings, key=lambda finding: _ORDER.index(finding.severity))
    rows = [_finding(made.plan, number, finding) for number, finding in enumerate(found, 1)]
    table = register("findings", language, _FINDINGS, rows)
    return Section(
        "findings",
        text("summary.findings.sheet", language),
        (table if rows else replace(table, notes=(text("summary.findings.none", language),)),),
        sheet=text("summary.findings.sheet", language),
        note=text("summary.findings.intro", language),
        about=text("summary.cover.about_findings", language),
    )


def register(
    name: str, language: str, columns: Sequence[tuple[str, float, Role]], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    """The table of a register: one row for each of `rows`.

    Args:
        name: Its id, and its kind.
        language: The language of its heads.
        columns: Each with the key of its head, whose end is the column's id, its width, and what most of its cells are.
        rows: The rows.
    """
    return Table(
        name,
        name,
        tuple(Column(key.rpartition(".")[2], width, role) for key, width, role in columns),
        (tuple(words(Role.HEAD, text(key, language)) for key, _, _ in columns),),
        (TableBand((TableGroup(tuple(TableItem((row,)) for row in rows)),)),),
    )


def _return(plan: Plan, line: ReturnStanding, *, excused: bool) -> tuple[Cell, ...]:
    """A return; with `excused` the register has the column of reasons."""
    word = text(line.state.catalogue_key, plan.language)
    counted = (line.errors, line.warnings, line.notices) if line.received_at else (None, None, None)
    return (
        words(Role.NAME, department_name(plan, line.department)),
        Cell(Role.STATE, word, word, tone=RETURN_TONES.get(line.state)),
        _number(line.attempts or None),
        moment_cell(line.received_at, plan),
        words(Role.NAME, line.file_name),
        words(Role.TEXT, line.respondent),
        words(Role.TEXT, line.approver),
        *map(_number, counted),
        *([words(Role.TEXT, line.reason)] if excused else []),
    )


def _number(value: int | None, role: Role = Role.ANSWER) -> Cell:
    return Cell(role, value, "" if value is None else str(value))


def moment_cell(moment: datetime | None, plan: Plan) -> Cell:
    """A day and time by the plan's calendar."""
    said = ""
    if moment:
        said = f"{date_label(moment.date(), plan.calendar, plan.language)} {moment.hour}:{moment:%M}"
    return Cell(
        Role.ANSWER, moment.replace(tzinfo=None) if moment else None, said, format=moment_format(plan)
    )


def _finding(plan: Plan, number: int, finding: Finding) -> tuple[Cell, ...]:
    """One finding; `number` counts from 1."""
    form = plan.form(finding.form)
    field = form.field_named(finding.field) if form else None
    item = plan.item(finding.item)
    word = text(finding.severity.catalogue_key, plan.language)
    return (
        _number(number, Role.NUMBER),
        words(Role.NAME, department_name(plan, finding.department)),
        Cell(Role.STATE, word, word, tone=SEVERITY_TONES.get(finding.severity)),
        words(Role.NAME, f"{item.id} {item.title}" if item else item_shown(finding.item, plan.language)),
        words(Role.TEXT, field.label if field else finding.field),
        words(Role.TEXT, " ".join(part for part in (finding.sheet, finding.cell) if part)),
        words(Role.TEXT, finding.value),
        words(Role.TEXT, finding.message(plan.language)),
        words(Role.TEXT, finding.remedy(plan.language)),
        words(Role.TEXT, finding.file),
    )


# --- corrections ---

_CORRECTIONS = (
    ("summary.corrections.number", 6.0, Role.ANSWER),
    ("summary.corrections.period", 14.0, Role.ANSWER),
    ("summary.corrections.what", 30.0, Role.NAME),
    ("summary.corrections.field", 24.0, Role.TEXT),
    ("summary.corrections.old", 24.0, Role.TEXT),
    ("summary.corrections.new", 24.0, Role.TEXT),
    ("summary.corrections.reason", 40.0, Role.TEXT),
    ("summary.corrections.made_at", 20.0, Role.ANSWER),
    ("summary.corrections.made_by", 18.0, Role.TEXT),
)
"""The columns; each begins with the key of its head, whose end is the column's id."""


def corrections_section(made: Consolidation) -> Section:
    """The register of corrections, and of what was entered late: values first, then the figures that changed."""
    language = made.plan.language
    lines = _Corrected(made)
    rows = [*map(lines.correction, made.corrections), *map(lines.figure, made.changed)]
    table = register("corrections", language, _CORRECTIONS, rows)
    title = text("summary.corrections.sheet", language)
    return Section(
        "corrections",
        title,
        (table,),
        sheet=title,
        note=text("summary.corrections.intro", language),
        about=text("summary.cover.about_corrections", language),
    )


class _Corrected:
    """The rows of the register."""

    def __init__(self, made: Consolidation) -> None:
        self._made = made
        self._numbers = {correction.decision.number: at for at, correction in enumerate(made.corrections, 1)}

    @property
    def _plan(self) -> Plan:
        return self._made.plan

    def correction(self, correction: Correction) -> tuple[Cell, ...]:
        """A value that was corrected."""
        decision, plan = correction.decision, self._plan
        cell = corrected_cell(plan, correction)
        period = plan.period(decision.period)
        moment = decision.made_at
        day = f"{date_label(moment.date(), plan.calendar, plan.language)} {moment.hour}:{moment:%M}"
        return (
            self._number(self._numbers[decision.number]),
            words(Role.ANSWER, period.label if period else decision.period),
            words(Role.NAME, cell.what),
            words(Role.TEXT, cell.heading),
            words(Role.TEXT, self._said(cell.old)),
            words(Role.TEXT, self._said(cell.new)),
            words(Role.TEXT, self._reason(correction)),
            Cell(Role.ANSWER, moment.replace(tzinfo=None), day, format=moment_format(plan)),
            words(Role.TEXT, decision.made_by),
        )

    def _reason(self, correction: Correction) -> str:
        """Why; of what was entered after the round was closed, that it was."""
        if correction.is_entry:
            return text("summary.corrections.entered", self._plan.language)
        return correction.decision.reason

    def figure(self, changed: ChangedFigure) -> tuple[Cell, ...]:
        """A figure that changed by corrections."""
        by = ", ".join(str(self._numbers[number]) for number in changed.numbers if number in self._numbers)
        whole = text("summary.statistics.whole_plan", self._plan.language)
        return (
            words(Role.ANSWER, ""),
            words(Role.ANSWER, changed.period or whole),
            words(Role.NAME, changed.group),
            words(Role.TEXT, changed.label),
            words(Role.TEXT, changed.before),
            words(Role.TEXT, changed.after),
            words(Role.TEXT, text("summary.corrections.follows", self._plan.language, numbers=by)),
            words(Role.ANSWER, ""),
            words(Role.TEXT, ""),
        )

    def _said(self, value: str) -> str:
        return value or text("summary.statistics.blank", self._plan.language)

    @staticmethod
    def _number(number: int) -> Cell:
        return Cell(Role.ANSWER, number, str(number))
