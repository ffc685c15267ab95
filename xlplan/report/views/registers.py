"""The registers: how returns stand (受付状況), what was found and decided (検証結果), what was corrected (訂正).

Their facts come from the ledger. The decisions that are told are those by which the round is as it is: findings that
are allowed, departments that are let off, which return counts or is waited for again, values that were corrected.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import compress

from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.model.correction import ChangedFigure, Correction
from xlplan.model.decision import Decision, DecisionKind
from xlplan.model.finding import Finding, item_shown
from xlplan.model.plan import Plan
from xlplan.report.returns import ReturnStanding, ReturnState
from xlplan.report.rows import Consolidation
from xlplan.report.shown import corrected_cell, department_name
from xlplan.report.tables import Cell, Role, Section, Table, Tone
from xlplan.report.views.answers import moment_cell, number_cell, register, words

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
    ReturnState.EXCUSED: Tone(),
}
SEVERITY_TONES = {Severity.WARNING: Tone(), Severity.ERROR: Tone(3, 4, again=True)}
"""How much each asks to be looked at, from 0 (well) to 3 (wrong); what may stay as it is has no rank."""
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
        return (
            number_cell(self._numbers[decision.number]),
            words(Role.ANSWER, period.label if period else decision.period),
            words(Role.NAME, cell.what),
            words(Role.TEXT, cell.heading),
            words(Role.TEXT, self._said(cell.old)),
            words(Role.TEXT, self._said(cell.new)),
            words(Role.TEXT, self._reason(correction)),
            moment_cell(decision.made_at, plan),
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


# --- decisions ---

_DECISIONS = (
    ("summary.decided.number", 5.0, Role.NUMBER),
    ("summary.decided.department", 16.0, Role.NAME),
    ("summary.decided.kind", 10.0, Role.STATE),
    ("summary.decided.item", 24.0, Role.NAME),
    ("summary.decided.field", 12.0, Role.TEXT),
    ("summary.decided.until", 16.0, Role.TEXT),
    ("summary.decided.value", 22.0, Role.TEXT),
    ("summary.decided.reason", 40.0, Role.TEXT),
    ("summary.decided.made_at", 21.0, Role.TEXT),
    ("summary.decided.made_by", 18.0, Role.TEXT),
)
"""The columns: as many as the findings have, below which they stand on one sheet, and none wider than there."""


def decisions_table(made: Consolidation) -> Table | None:
    """The decisions by which the round is as it is, in the order in which they were made; None where there are none."""
    told = _Told(made)
    rows = [row for _, row in sorted(told.rows(), key=lambda pair: pair[0])]
    if not rows:
        return None
    language = made.plan.language
    numbered = [(number_cell(number, Role.NUMBER), *row) for number, row in enumerate(rows, 1)]
    return replace(
        register("decisions", language, _DECISIONS, numbered),
        caption=text("summary.decided.caption", language),
        note=text("summary.decided.intro", language),
    )


class _Told:
    """The rows of the decisions."""

    def __init__(self, made: Consolidation) -> None:
        self._made, self._plan, self._language = made, made.plan, made.plan.language
        self._owners = {item.id: item.department for item in made.plan.items_of(made.period)}

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each row with the number of its decision."""
        for decision in self._made.decisions:
            yield decision.number, self._decision(decision)
        for correction in self._made.corrections:
            if correction.decision.period == self._made.period.id:
                yield correction.decision.number, self._correction(correction)

    def _decision(self, decision: Decision) -> tuple[Cell, ...]:
        """A decision about a return or a finding."""
        target, plan = decision.target, self._plan
        form, item = plan.form(str(target.get("form", ""))), str(target.get("item", ""))
        field = form.field_named(str(target.get("field", ""))) if form else None
        known = plan.item(item)
        about = f"{known.id} {known.title}" if known else item_shown(item, self._language)
        heading = field.label if field else str(target.get("field", ""))
        cells = (about, heading, self._until(decision), self._value(decision))
        return self._row(decision, str(target.get("department", "")), cells)

    def _correction(self, correction: Correction) -> tuple[Cell, ...]:
        """A value that was corrected, or entered after the round was closed."""
        cell = corrected_cell(self._plan, correction)
        blank = text("summary.statistics.blank", self._language)
        value = text("summary.decided.changed", self._language, old=cell.old or blank, new=cell.new or blank)
        department = correction.department or self._owners.get(correction.item, "")
        return self._row(correction.decision, department, (cell.what, cell.heading, "", value))

    def _row(self, decision: Decision, department: str, about: tuple[str, str, str, str]) -> tuple[Cell, ...]:
        """A row without its number; `about` are item, field, until when, and the value."""
        kind = text(decision.kind.catalogue_key, self._language)
        item, field, until, value = about
        return (
            words(Role.NAME, department_name(self._plan, department) if department else ""),
            words(Role.STATE, kind),
            words(Role.NAME, item),
            words(Role.TEXT, field),
            words(Role.TEXT, until),
            words(Role.TEXT, value),
            words(Role.TEXT, decision.reason),
            moment_cell(decision.made_at, self._plan, Role.TEXT),
            words(Role.TEXT, decision.made_by),
        )

    def _until(self, decision: Decision) -> str:
        """Up to when it holds, of a finding that is allowed."""
        if decision.kind is not DecisionKind.ALLOW:
            return ""
        last = str(decision.target.get("to", ""))
        if not last:
            return text("summary.decided.until_changed", self._language)
        period = self._plan.period(last)
        return text("summary.decided.until_period", self._language, period=period.label if period else last)

    def _value(self, decision: Decision) -> str:
        """What stood in the cell, or which return it is about."""
        attempt = decision.target.get("attempt")
        if attempt:
            return text("summary.decided.attempt", self._language, attempt=attempt)
        return str(decision.target.get("value", ""))
