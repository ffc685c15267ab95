"""The table `rules`: what a form checks besides the shape of its values."""

from xlplan.definition.lines import Faults, Line, lines, listed, unique
from xlplan.definition.scopes import Lists, scope_of
from xlplan.definition.specs import Tables
from xlplan.language.codes import Severity
from xlplan.model.codes import PlanCode
from xlplan.model.form import Field, Form, Rule
from xlplan.model.item import Period


def rules_of(
    tables: Tables,
    faults: Faults,
    form: Form,
    lists: Lists,
    periods: tuple[Period, ...],
    shown: tuple[str, ...],
) -> tuple[Rule, ...]:
    """The rules of one form.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        form: the form with its fields.
        lists: the plan's lists of choices, by name.
        periods: the plan's periods, from and to which rules may hold.
        shown: the columns of the row's item that rules may name.

    Returns:
        The rules in the order of the table.
    """
    names, scope = scope_of(form.fields, lists, shown)
    seen: dict[str, int] = {}
    found = []
    for line in lines(tables, "rules", faults):
        if line.text("form") != form.id:
            continue
        name = line.need("id")
        check = line.formula("check", names, scope, condition=True)
        target = _target(line, form.fields)
        first, last = line.span(periods)
        message = line.need("message")
        if not unique(line, "id", name, seen) or not name or check is None or target is None:
            continue
        severity = Severity(line.word("severity", "error"))
        remedy = line.text("remedy")
        found.append(Rule(name, form.id, check, target.id, severity, message, remedy, first, last))
    return tuple(found)


def _target(line: Line, fields: tuple[Field, ...]) -> Field | None:
    """The field at which a rule points: one that the department can mend."""
    wanted = line.text("target")
    named = {field.id: field for field in fields} | {field.label: field for field in fields}
    entered = [field for field in fields if field.entered]
    if found := named.get(wanted):
        if not found.entered:
            near = listed(field.label for field in entered)
            line.fault(PlanCode.RULE_TARGET, "target", label=found.label, near=near)
        return found
    known = {name: field for field in entered for name in (field.id, field.label)}
    return line.known("target", known, PlanCode.UNKNOWN_FIELD)
