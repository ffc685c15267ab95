"""Who is who through the years, and from when to when: former ids, predecessors, what is in force in which period."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter

from xlplan.definition.lines import Faults, Line, circle, lines, listed, nearest_id, split
from xlplan.definition.specs import Tables
from xlplan.fields.succession import has_order, steps
from xlplan.fields.table import type_of
from xlplan.formula.tree import Formula
from xlplan.language.text import fold, likeness, nearest
from xlplan.model.form import Choice, Field, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode


def former_ids(line: Line) -> tuple[str, ...]:
    """The ids in the cell `formerly` of a line, each once."""
    return tuple(dict.fromkeys(split(line.text("formerly"))))


def check_former_ids(all_lines: Iterable[Line]) -> None:
    """Faults of former ids: one that is the line's own or still another's, and one that two lines claim.

    Args:
        all_lines: the lines among which ids are told apart: those of a table, of the fields those of one form.
    """
    known = list(all_lines)
    owners: dict[str, Line] = {}
    for line in known:
        if line.text("id"):
            owners.setdefault(fold(line.text("id")), line)
    claimed: dict[str, Line] = {}
    for line in known:
        for former in former_ids(line):
            key = fold(former)
            if key == fold(line.text("id")):
                line.fault(PlanCode.FORMERLY_OWN, "formerly", value=former)
            elif key in owners:
                row = owners[key].row.number
                line.fault(PlanCode.FORMERLY_IN_USE, "formerly", value=former, row=row)
            elif key in claimed:
                line.fault(PlanCode.FORMERLY_TWICE, "formerly", value=former, row=claimed[key].row.number)
            claimed.setdefault(key, line)


def predecessor_ids(line: Line) -> tuple[str, ...]:
    """The ids in the cell `predecessor` of a line of the items, each once."""
    return tuple(dict.fromkeys(split(line.text("predecessor"))))


def check_predecessors(line: Line, known: Mapping[str, Item]) -> None:
    """Faults of predecessors that are no items.

    Args:
        line: a line of the items.
        known: the items by id.
    """
    for wanted in predecessor_ids(line):
        if wanted not in known:
            near = nearest_id(wanted, list(known)) or listed(known)
            line.fault(PlanCode.UNKNOWN_ITEM, "predecessor", value=wanted, near=near)


def look_over_predecessors(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what only the whole plan shows of predecessors: those that lead in a circle.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    needs = {item.id: set(item.predecessors) for item in plan.items if item.predecessors}
    if not needs:
        return
    reported: set[str] = set()
    for line in lines(tables, "items", faults):
        item = plan.item(line.text("id"))
        if item is None or not item.predecessors:
            continue
        path = circle(item.id, needs)
        if path and not reported.intersection(path):
            line.fault(PlanCode.PREDECESSOR_CIRCLE, "predecessor", names=" → ".join(path))
        reported.update(path)


SURELY_ALIKE = 80.0
"""Likeness from which two names of goals may be one that was spelled in two ways; in figures they must agree."""


def look_over_spelling(tables: Tables, faults: Faults, known: Collection[str]) -> None:
    """Collect goals and groups that are spelled as none before, and much like one that there is.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        known: the goals and groups of the last round, as folded: what was in it is meant as it is.
    """
    seen: dict[str, dict[str, Line]] = {"goal": {}, "group": {}}
    for line in lines(tables, "items", faults):
        for column, first in seen.items():
            if written := line.text(column):
                first.setdefault(fold(written), line)
    for column, first in seen.items():
        for at, (name, line) in enumerate(first.items()):
            others = [other for other in first if other in known] if known else list(first)[:at]
            near = max(others, key=lambda other: likeness(other, name), default="")
            if name not in known and near and _one_name(name, near):
                before = first[near]
                params = {"near": before.text(column), "row": before.row.number}
                line.fault(PlanCode.UNLIKE_BEFORE, column, value=line.text(column), **params)


def _one_name(name: str, other: str) -> bool:
    """Whether two names may be one: much alike, and with the same figures."""
    figures = (re.findall("[0-9]+", written) for written in (name, other))
    return likeness(name, other) > SURELY_ALIKE and next(figures) == next(figures)


def department_meant(
    line: Line, known: Mapping[str, Department], *, needed: bool = True
) -> Department | None:
    """The department in the cell of a line, by its id; told where it is written in another width, or by name.

    Args:
        line: A line with the column `department`.
        known: The departments by id.
        needed: Whether a blank cell is a fault.

    Returns:
        The department; None where the cell is blank or means none, with a fault at it.
    """
    wanted = line.need("department") if needed else line.text("department")
    if not wanted or wanted in known:
        return known.get(wanted)
    for name_of in (attrgetter("id"), attrgetter("name")):
        alike = [department for department in known.values() if fold(name_of(department)) == fold(wanted)]
        if len(alike) == 1:
            line.read_as("department", alike[0].id)
            return alike[0]
        if alike:
            break
    near = nearest(wanted, [department.name for department in known.values()])
    meant = alike or [department for department in known.values() if near in ("", department.name)]
    either = listed(f"{department.id}={department.name}" for department in meant)
    line.fault(PlanCode.UNKNOWN_DEPARTMENT, "department", value=wanted, near=either)
    return None


# --- what is in force in which period ---------------------------------------------------------------


def look_over_force(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what the whole plan shows of when its forms, fields, choices and rules are in force.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    _endings(tables, faults, plan)
    if all(plan.asked_in(period) is plan for period in plan.periods):
        return
    _forms(tables, faults, plan)
    for form in plan.forms:
        for line in lines(tables, "fields", faults):
            if line.text("form") == form.id and (field := form.by_id.get(line.text("id"))):
                _field(line, form, field, plan)
        for line in lines(tables, "rules", faults):
            if line.text("form") == form.id:
                _rule(line, form, plan)
    _choices(tables, faults, plan)


def _forms(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Periods in which no form is asked, and forms of which no field is."""
    for at, line in enumerate(lines(tables, "forms", faults)):
        form = plan.form(line.text("id"))
        idle = [period for period in plan.periods if not plan.asked_in(period).forms]
        if at == 0 and idle:
            line.fault(PlanCode.NO_FORM_IN_FORCE, "id", period=listed(period.label for period in idle))
        if form is None or not form.fields:
            continue
        bare = [
            period
            for period in plan.periods
            if (asked := plan.asked_in(period).form(form.id)) and not asked.entered
        ]
        if bare and form.entered:
            periods = listed(period.label for period in bare)
            line.fault(PlanCode.NO_FIELD_IN_FORCE, "id", form=form.title, period=periods)


def _field(line: Line, form: Form, field: Field, plan: Plan) -> None:
    asked = [period for period in plan.periods if plan.asks(form, period, field.id)]
    for column, formula in (("required", field.required), ("formula", field.formula)):
        if isinstance(formula, Formula):
            _named(line, column, formula, form, asked, plan)
    if type_of(field).from_list and plan.lists.get(field.list):
        bare = [period for period in asked if not plan.asked_in(period).lists[field.list]]
        if bare:
            periods = listed(period.label for period in bare)
            line.fault(PlanCode.NO_CHOICE_IN_FORCE, "list", name=field.list, period=periods)


def _rule(line: Line, form: Form, plan: Plan) -> None:
    rule = next((rule for rule in form.rules if rule.id == line.text("id")), None)
    if rule is None:
        return
    asked = [period for period in plan.periods if plan.in_force(rule, period) and plan.in_force(form, period)]
    _named(line, "check", rule.check, form, asked, plan)
    gone = [period for period in asked if not plan.asks(form, period, rule.target)]
    if gone:
        label, periods = form.by_id[rule.target].label, listed(period.label for period in gone)
        line.fault(PlanCode.TARGET_NOT_IN_FORCE, "target", label=label, period=periods)


def _named(line: Line, column: str, formula: Formula, form: Form, asked: list[Period], plan: Plan) -> None:
    """A fault for each field that a formula names in a period in which it is not asked: at the formula's cell."""
    for name in sorted((formula.columns | formula.previous) & form.by_id.keys()):
        gone = [period for period in asked if not plan.asks(form, period, name)]
        if gone:
            label, periods = form.by_id[name].label, listed(period.label for period in gone)
            line.fault(PlanCode.NOT_IN_FORCE, column, label=label, period=periods)


def _choices(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Choices that were in force, but that none of those of the next period may follow."""
    ordered = {
        field.list
        for form in plan.forms
        for field in form.fields
        if field.filled_in and field.previous and has_order(plan.lists.get(field.list, ()))
    }
    for line in lines(tables, "choices", faults):
        name, value = line.text("list"), line.text("value")
        choice = next((choice for choice in plan.lists.get(name, ()) if choice.value == value), None)
        if choice is None or name not in ordered:
            continue
        lost = next(_nowhere(choice, name, plan), None)
        if lost:
            line.fault(PlanCode.CHOICE_LEADS_NOWHERE, "value", value=value, period=lost.label)


def _nowhere(choice: Choice, name: str, plan: Plan) -> Iterator[Period]:
    """The periods in which nothing may follow a choice of the period before, though it is no end."""
    follows = {step.before: step.followers for step in steps(plan.lists[name])}
    if not follows[choice.value]:
        return
    for before, period in zip(plan.periods, plan.periods[1:], strict=False):
        asked = plan.asked_in(period)
        now = {step.before: step.followers for step in steps(asked.lists[name], asked.retired.get(name, ()))}
        if plan.in_force(choice, before) and not now.get(choice.value):
            yield period


def _endings(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Choices that end an item, in a list of which nobody chooses for an item."""
    fields = [field for form in plan.forms if not form.is_open for field in form.fields if field.filled_in]
    used = {field.list for field in fields if field.list}
    for line in lines(tables, "choices", faults):
        if line.word("ends", "no") == "yes" and line.text("list") not in used:
            line.fault(PlanCode.ENDS_UNUSED, "ends", value=line.text("value"), name=line.text("list"))
