"""The cells of a form at which the office lets findings stand, out of its decisions and of what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from xlplan.fields.checks import Check
from xlplan.fields.gate import looked_at
from xlplan.fields.numbering import checks_of
from xlplan.fields.succession import NOTHING
from xlplan.model.codes import plain_code
from xlplan.model.decision import Decision
from xlplan.model.finding import Finding
from xlplan.model.issue import AllowedCell, IssuedRow
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import RecordRow

AllowedTests = Mapping[int, str]
"""Conditions that are TRUE while the office lets a failed check of a row stand, by the number of the check."""
NONE_ALLOWED: AllowedTests = MappingProxyType({})


def allowed_cells(
    plan: Plan,
    period: Period,
    findings: Iterable[Finding],
    records: Iterable[RecordRow],
    lasting: Iterable[Decision],
) -> tuple[AllowedCell, ...]:
    """The cells at which findings are allowed.

    Args:
        plan: The plan as it is asked in the round.
        period: The round.
        findings: What was found in a department's return, as it stands; nothing where there is none.
        records: The values of the return.
        lasting: The decisions by which findings are allowed whatever the value.

    Returns:
        First those of the values at hand, then those of any value.
    """
    values = {(record.form, record.item): record.values for record in records}
    cells = [
        _with_values(plan, period, finding, finding.allowed, values)
        for finding in findings
        if finding.allowed and not finding.allowed.target.get("to")
    ]
    for decision in lasting:
        form, item, field, code = (
            str(decision.target.get(name, "")) for name in ("form", "item", "field", "code")
        )
        cells.append(AllowedCell(form, item, field, code, None, decision.reason))
    return tuple(dict.fromkeys(cells))


def _with_values(
    plan: Plan,
    period: Period,
    finding: Finding,
    decision: Decision,
    values: Mapping[tuple[str, str], Mapping[str, Value]],
) -> AllowedCell:
    """The cell of a finding that is allowed for the values at hand."""
    form, kept = plan.form(finding.form), values.get((finding.form, finding.item), {})
    cell = AllowedCell(finding.form, finding.item, finding.field, finding.written_code, None, decision.reason)
    names = {finding.field}
    entered: list[str] = []
    if form:
        for check in checks_of(form, plan, period):
            if is_of(check, cell):
                names |= looked_at(check.field, check.formula, form)
        entered = [field.id for field in form.entered if field.id in names]
    return replace(cell, values=tuple((name, kept.get(name)) for name in entered))


def is_of(check: Check, cell: AllowedCell) -> bool:
    """Whether a finding that is allowed at a cell is one of a check."""
    return check.field.id == cell.field and plain_code(check.written_code) == plain_code(cell.code)


def allowed_check(checks: Iterable[Check], cell: AllowedCell, row: IssuedRow) -> Check | None:
    """Which of a form's `checks` an allowed `cell` is about in a `row`; None where that cannot be told of several.

    Of the checks of an order, one for each value of the period before, it is the one that the row is asked.

    Args:
        checks: The checks of the form.
        cell: The cell, of the row's item.
        row: What was issued in the row.
    """
    found = [
        check
        for check in checks
        if is_of(check, cell)
        and not (check.step and check.step.before != (row.previous.get(cell.field) or NOTHING))
    ]
    return found[0] if len(found) == 1 else None
