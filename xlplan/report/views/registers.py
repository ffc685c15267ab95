"""The registers: how returns stand (受付状況), and what was found in the latest (検証結果).

Their facts come from the ledger.
"""

from dataclasses import replace
from itertools import compress

from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.finding import Finding, item_shown
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding, ReturnState
from xlplan.report.rows import Consolidation
from xlplan.report.shown import department_name
from xlplan.report.tables import Cell, Role, Section, Tone
from xlplan.report.views.answers import moment_cell, number_cell, register, words
from xlplan.report.views.decisions import decisions_table

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
_ALLOWED = ("summary.returns.allowed", 8.0, Role.ANSWER)
"""The column that it has where a finding is allowed."""
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
_ORDER = (Severity.ERROR, Severity.WARNING, None, Severity.NOTICE)
"""The severities in the order of the register; None stands for the findings that are allowed."""


def returns_section(made: Consolidation) -> Section:
    """The register of returns."""
    language = made.plan.language
    more = (any(line.allowed for line in made.returns), any(line.reason for line in made.returns))
    columns = (*_RETURNS, *compress((_ALLOWED, _REASON), more))
    rows = [(*_return(made.plan, line), *compress(_of_decisions(line), more)) for line in made.returns]
    return Section(
        "returns",
        text("summary.returns.sheet", language),
        (register("returns", language, columns, rows),),
        sheet=text("summary.returns.sheet", language),
        note=text("summary.returns.intro", language),
        about=text("summary.cover.about_returns", language),
    )


def findings_section(made: Consolidation) -> Section:
    """The register of findings: errors first, then as the departments stand. Below it what was decided, if anything."""
    language = made.plan.language
    found = sorted(made.findings, key=_order)
    rows = [_finding(made.plan, number, finding) for number, finding in enumerate(found, 1)]
    table = register("findings", language, _FINDINGS, rows)
    if not rows:
        table = replace(table, notes=(text("summary.findings.none", language),))
    decided = decisions_table(made)
    return Section(
        "findings",
        text("summary.findings.sheet", language),
        (table, decided) if decided else (table,),
        sheet=text("summary.findings.sheet", language),
        note=text("summary.findings.intro", language),
        about=text("summary.cover.about_findings", language),
    )


def _order(finding: Finding) -> int:
    return _ORDER.index(None if finding.allowed else finding.severity)


def _of_decisions(line: ReturnStanding) -> tuple[Cell, Cell]:
    """What a return has by decisions: how many of its findings are allowed, and why its department was let off."""
    return number_cell(line.allowed if line.received_at else None), words(Role.TEXT, line.reason)


def _return(plan: Plan, line: ReturnStanding) -> tuple[Cell, ...]:
    """A return."""
    word = text(line.state.catalogue_key, plan.language)
    counted = (line.errors, line.warnings, line.notices) if line.received_at else (None, None, None)
    return (
        words(Role.NAME, department_name(plan, line.department)),
        Cell(Role.STATE, word, word, tone=RETURN_TONES.get(line.state)),
        number_cell(line.attempts or None),
        moment_cell(line.received_at, plan),
        words(Role.NAME, line.file_name),
        words(Role.TEXT, line.respondent),
        words(Role.TEXT, line.approver),
        *map(number_cell, counted),
    )


def _finding(plan: Plan, number: int, finding: Finding) -> tuple[Cell, ...]:
    """One finding; `number` counts from 1."""
    form = plan.form(finding.form)
    field = form.field_named(finding.field) if form else None
    item = plan.item(finding.item)
    word = text(finding.kind_key, plan.language)
    remedy = finding.allowed.reason if finding.allowed else finding.remedy(plan.language)
    return (
        number_cell(number, Role.NUMBER),
        words(Role.NAME, department_name(plan, finding.department)),
        Cell(Role.STATE, word, word, tone=SEVERITY_TONES.get(finding.severity)),
        words(Role.NAME, f"{item.id} {item.title}" if item else item_shown(finding.item, plan.language)),
        words(Role.TEXT, field.label if field else finding.field),
        words(Role.TEXT, " ".join(part for part in (finding.sheet, finding.cell) if part)),
        words(Role.TEXT, finding.value),
        words(Role.TEXT, finding.message(plan.language)),
        words(Role.TEXT, remedy),
        words(Role.TEXT, finding.file),
    )
