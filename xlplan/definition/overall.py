"""What only the whole plan shows: what the office has left blank, and what was hardly meant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlplan.definition.choices import BEGINNING
from xlplan.definition.forms import circle
from xlplan.definition.lines import Faults, Line, lines, listed
from xlplan.definition.records import record_column
from xlplan.definition.tables import Tables
from xlplan.definition.texts import look_over_texts
from xlplan.fields.succession import NOTHING, Step, has_order, steps
from xlplan.language.text import fold
from xlplan.model.codes import PlanCode
from xlplan.model.finding import has_errors
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record


def look_over(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what is wrong with a plan whose tables have been read one by one."""
    _same_titles(tables, faults)
    _idle_departments(tables, faults, plan)
    _successors(tables, faults, plan)
    look_over_texts(tables, faults, plan)
    sound = not has_errors(faults.findings)
    early: dict[str, Sequence[Period]] = {}
    for form in plan.forms:
        early |= _office_blanks(tables, faults, plan, form, sound)
        _out_of_order(tables, faults, plan, form)
    _too_early(tables, faults, plan, early)


def _same_titles(tables: Tables, faults: Faults) -> None:
    """Two items that nobody can tell apart in the summary."""
    seen: dict[str, Line] = {}
    for line in lines(tables, "items", faults):
        title = line.text("title")
        key = "\n".join(fold(one) for one in (line.text("goal"), line.text("group"), title))
        if title and key in seen:
            line.fault(PlanCode.SAME_TITLE, "title", value=title, row=seen[key].row.number)
        seen.setdefault(key, line)


def _idle_departments(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Departments that would never be asked; said only where every item has found its department."""
    asked = {one.department for one in plan.items}
    asked |= {one.department for period in plan.periods for one in plan.items_of(period)}
    if "" in asked:
        return
    for line in lines(tables, "departments", faults):
        if line.text("id") and line.text("id") not in asked:
            line.fault(PlanCode.DEPARTMENT_IDLE, "id", name=line.text("name") or line.text("id"))


def _successors(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Departments that end while their items go on: each needs one that takes over, and no circle of them."""
    heirs = {one.id: {one.successor} for one in plan.departments if one.to_period and one.successor}
    left: dict[str, dict[str, Item]] = {}
    for period in plan.periods:
        for item in plan.items_of(period):
            owner = plan.department(item.department)
            if owner and not plan.runs(replace(owner, from_period=""), period):
                left.setdefault(owner.id, {})[item.id] = item
    told: set[str] = set()
    for line in lines(tables, "departments", faults):
        department = plan.department(line.text("id"))
        if department is None:
            continue
        if department.successor and not line.text("to_period"):
            line.fault(PlanCode.SUCCESSOR_UNUSED, "successor", name=department.name)
        path = circle(department.id, heirs)
        if path and not told.intersection(path):
            line.fault(PlanCode.SUCCESSOR_CIRCLE, "successor", names=" → ".join(path))
        elif not path and department.id in left and not department.successor:
            last, items = plan.period(department.to_period), listed(left[department.id])
            params = {"name": department.name, "period": last.label if last else "", "items": items}
            line.fault(PlanCode.NO_SUCCESSOR, "successor", **params)
        told.update(path)


def _office_blanks(
    tables: Tables, faults: Faults, plan: Plan, form: Form, sound: bool
) -> Mapping[str, Sequence[Period]]:
    """The fields that the office must fill before issuing, in every period that has any record.

    Given back are the items that seem to begin later than said, with the periods in which they have no line.
    """
    table = tables.tables.get("records")
    if table is None:
        return {}
    mine = [one for one in lines(tables, "records", faults) if one.text("form") == form.id]
    known = {(one.text("period"), one.text("item")): one for one in mine}
    begun = {one.text("period") for one in mine}
    periods = [one for one in plan.periods if one.id in begun]
    asked = False
    early = _before_their_lines(plan, periods, set(known)) if sound else {}
    for field in form.fields:
        if field.filled_by is not FilledBy.OFFICE or field.required is not True or not mine:
            continue
        column = record_column(table, field)
        if not column:
            told = table.finding(PlanCode.OFFICE_COLUMN, table.header_row, "form", label=field.label)
            faults.findings.append(replace(told, form=form.id, field=field.id))
            continue
        for period in periods:
            for item in plan.items_of(period):
                line = known.get((period.id, item.id))
                if period in early.get(item.id, ()):
                    continue
                # another fault may be why a record seems to be missing
                if (line and not line.text(column)) or (line is None and sound):
                    _blank(tables, faults, line, column, (form, period, item, field))
        asked = True
    return early if asked else {}


def _before_their_lines(
    plan: Plan, periods: Sequence[Period], known: set[tuple[str, str]]
) -> Mapping[str, Sequence[Period]]:
    """By item, the periods before the first of which the records have a line: it was probably added later.

    Of one that has none at all, those before the last of `periods`.
    """
    found = {}
    for item in plan.items:
        begins = next((at for at, one in enumerate(periods) if (one.id, item.id) in known), len(periods) - 1)
        before = [one for one in periods[:begins] if plan.runs(item, one)]
        if before and not item.from_period:
            found[item.id] = before
    return found


def _too_early(tables: Tables, faults: Faults, plan: Plan, early: Mapping[str, Sequence[Period]]) -> None:
    """One finding for each item, where it may be said when the item begins."""
    for line in lines(tables, "items", faults):
        item = plan.item(line.text("id"))
        if item is None or item.id not in early:
            continue
        before = early[item.id]
        first = plan.periods[plan.position(before[-1].id) + 1]
        params = {"first": first.label, "id": first.id, "periods": listed(one.label for one in before)}
        line.fault(PlanCode.OFFICE_BEFORE, "from_period", item=item.id, title=item.title, **params)


def _blank(
    tables: Tables, faults: Faults, line: Line | None, column: str, at: tuple[Form, Period, Item, Field]
) -> None:
    form, period, item, field = at
    table = tables.tables["records"]
    row = line.row.number if line else table.header_row
    params = {"label": field.label, "item": item.id, "title": item.title, "period": period.label}
    told = table.finding(PlanCode.OFFICE_BLANK, row, column, **params)
    faults.findings.append(replace(told, form=form.id, period=period.id, item=item.id, field=field.id))


def _out_of_order(tables: Tables, faults: Faults, plan: Plan, form: Form) -> None:
    """Answers of earlier periods that could not have followed each other.

    Where the period before is not known of any item, nothing is said: what was first written down may go on.
    """
    asked = [one for one in form.entered if one.previous and has_order(plan.lists.get(one.list, ()))]
    mine = [one for one in plan.records if one.form == form.id] if asked else []
    known = {(one.period, name) for one in mine for name in one.values}
    followers = {
        (field.id, step.before): step.followers for field in asked for step in steps(plan.lists[field.list])
    }
    for record in mine:
        period = plan.period(record.period)
        before = plan.previous(period) if period else None
        if before is None:
            continue
        for field in asked:
            value = record.values.get(field.id)
            then = str(plan.known(form.id, before.id, record.item).get(field.id) or NOTHING)
            may = followers.get((field.id, then), ())
            if value is not None and (before.id, field.id) in known and value not in may:
                _broken_order(tables, faults, record, field, Step(then, may), before)


def _broken_order(
    tables: Tables, faults: Faults, record: Record, field: Field, step: Step, before: Period
) -> None:
    table, value = tables.tables["records"], record.values[field.id]
    params = {"label": field.label, "value": value, "period": before.label}
    params |= {"before": step.before or BEGINNING, "may": listed(step.followers) or BEGINNING}
    told = table.finding(
        PlanCode.RECORD_ORDER, record.source[2], record_column(table, field), value, **params
    )
    found = replace(told, form=record.form, period=record.period)
    faults.findings.append(replace(found, item=record.item, field=field.id))
