"""What is known before the round: the table `records`, whose columns are the fields of the forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.definition.choices import BEGINNING
from xlplan.definition.identity import department_meant
from xlplan.definition.lines import Faults, Line, by_id, lines, listed, unique
from xlplan.definition.naming import record_column
from xlplan.definition.scopes import Lists
from xlplan.definition.specs import Table, Tables
from xlplan.fields.reading import convert, shown
from xlplan.fields.succession import NOTHING, Step, has_order, steps
from xlplan.fields.table import type_of
from xlplan.fields.value_checks import is_less
from xlplan.language.calendar import Years
from xlplan.language.messages import LANGUAGES, Spoken
from xlplan.language.text import fold, nearest
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, has_errors
from xlplan.model.form import ITEM_LIST, Field, FilledBy, Form
from xlplan.model.item import Department, Item, Period
from xlplan.model.plan import Plan, item_choices
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Record, Value


def records(tables: Tables, faults: Faults, plan: Plan) -> tuple[Record, ...]:
    """The table `records`, its values converted as a return's are.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        plan: everything but the records and the figures in print.

    Returns:
        The records in the order of the table, without values that could not be read.
    """
    table = tables.tables.get("records")
    if table is None:
        return ()
    _check_headings(tables, table, faults, plan.forms)
    columns = {
        form.id: {field.id: record_column(table, field) for field in form.fields} for form in plan.forms
    }
    departments, owners = by_id(plan.departments), _Owners({})
    known_forms, known_periods, items = by_id(plan.forms), by_id(plan.periods), by_id(plan.items)
    choices = {**plan.lists, ITEM_LIST: item_choices(plan.items)}
    seen, found = dict[str, int](), list[Record]()
    for line in lines(tables, "records", faults):
        form = line.known("form", known_forms, PlanCode.UNKNOWN_FORM)
        period = line.known("period", known_periods, PlanCode.UNKNOWN_PERIOD)
        if form is None or period is None:
            continue
        needed = _needs_item(form)
        item = line.known("item", items, PlanCode.UNKNOWN_ITEM, needed=needed, gone=PlanCode.ITEM_GONE)
        name = item.id if item else ""
        if not name and (line.text("item") or needed):
            continue
        if form.is_open or unique(line, "item", f"{form.id} {period.id} {name}", seen):
            values = _values(line, form, columns[form.id], choices, plan.years)
            _check_asked(line, form, columns[form.id], plan, period)
            if item and form.item_field:
                values[form.item_field.id] = item.name
            owner = owners.of(line, departments, period, item)
            found.append(_record(line, form, period, name, values, owner))
    return tuple(found)


def _record(
    line: Line, form: Form, period: Period, item: str, values: Mapping[str, Value], owner: str
) -> Record:
    source = (line.table.file, line.table.sheet, line.row.number)
    return Record(form.id, period.id, item, values, source, department=owner)


@dataclass(frozen=True)
class _Owners:
    """Who answered for items in periods, as far as it was said: by period and item the department and its line."""

    known: dict[tuple[str, str], tuple[str, Line]]

    def of(self, line: Line, departments: Mapping[str, Department], period: Period, item: Item | None) -> str:
        """The id of the department that a line names; a fault where a line above says another of the same item."""
        owner = department_meant(line, departments, needed=False)
        if owner is None or item is None:
            return owner.id if owner else ""
        other, above = self.known.setdefault((period.id, item.id), (owner.id, line))
        if other != owner.id:
            row = above.row.number
            line.fault(PlanCode.RECORD_OWNER, "department", value=owner.id, row=row, other=other)
        return owner.id


def _check_asked(line: Line, form: Form, columns: Mapping[str, str], plan: Plan, period: Period) -> None:
    """A finding at each value of a field that is not asked in the period of the line."""
    for field in form.fields:
        column = columns[field.id]
        if column and line.text(column) and not plan.asks(form, period, field.id):
            line.fault(PlanCode.RECORD_NOT_ASKED, column, label=field.label, period=period.label)


def _needs_item(form: Form) -> bool:
    """Whether a record must name its item: in an open form only where the form itself asks for it."""
    return not form.is_open or (form.item_field is not None and form.item_field.required is True)


def _check_headings(tables: Tables, table: Table, faults: Faults, forms: tuple[Form, ...]) -> None:
    """A heading that is no field, or a field that has its column already, would be lost in silence."""
    fields = [field for form in forms for field in form.fields]
    taken = {record_column(table, field) for field in fields}
    # as written: a field that could not be read is no reason to doubt its column
    written = [(line.text("id"), line.text("label")) for line in lines(tables, "fields", faults)]
    if not written:
        return
    named = sorted({name for pair in written for name in pair if name})
    lost = {fold(name) for pair in written for name in pair if pair[0] not in {field.id for field in fields}}
    for heading in table.headers:
        if heading in table.spec.columns or heading in taken or fold(heading) in lost:
            continue
        row = table.header_row
        if fold(heading) in map(fold, named):
            faults.findings.append(table.finding(PlanCode.COLUMN_TWICE, row, heading, heading, name=heading))
        else:
            near = nearest(heading, named) or listed(named)
            unknown = table.finding(PlanCode.UNKNOWN_COLUMN, row, heading, heading, name=heading, near=near)
            faults.findings.append(unknown)


def _values(
    line: Line, form: Form, columns: Mapping[str, str], lists: Lists, years: Years
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in form.fields:
        column = columns[field.id]
        raw = line.row.cells.get(column)
        if raw is None or field.filled_by is FilledBy.FORMULA:
            continue
        if type_of(field).from_list and field.list not in lists:
            continue
        read = convert(raw, field, lists.get(field.list, ()), years)
        dash = read.value is None and read.changed and line.text(column)  # no answer here
        if read.fault or dash:
            near = read.suggestion or listed(choice.value for choice in lists.get(field.list, ()))
            if read.fault.startswith("amount_"):
                params = {"label": field.heading, "value": read.value, "unit": field.unit, "near": near}
                code = FindingCode(read.fault)
                line.fault(code, column, **code.picked(params))
            elif read.fault == FindingCode.TYPE_DATE_FAR and not near:
                line.fault(PlanCode.DAY_FAR, column, label=field.label, value=read.value)
            else:
                _unread(line, column, field, near)
            continue
        if read.changed and type_of(field).kept(read.value) != str(raw).strip():
            after = Spoken(*(shown(read.value, field, replace(years, language=one)) for one in LANGUAGES))
            line.fault(PlanCode.READ_AS, column, label=field.label, before=raw, after=after)
        if read.value is not None:
            found[field.id] = read.value
            _bounded(line, column, field, read.value, years)
    return found


def _bounded(line: Line, column: str, field: Field, value: Value, years: Years) -> None:
    """A finding where a value lies outside the bounds of its field."""
    kind = type_of(field)
    measured = kind.comparable(value) if kind.holds(value) else None
    low, high = (
        None if bound is None else kind.comparable_bound(bound) for bound in (field.minimum, field.maximum)
    )
    if measured is None or not (is_less(measured, low) or is_less(high, measured)):
        return
    spoken = [replace(years, language=language) for language in LANGUAGES]
    said = {
        name: Spoken(*(kind.bound_label(bound, field, one) for one in spoken)) if bound is not None else ""
        for name, bound in (("low", field.minimum), ("high", field.maximum))
    }
    meant = Spoken(*(shown(value, field, one) for one in spoken))
    line.fault(PlanCode.RECORD_RANGE, column, label=field.label, value=meant, **said)


def _unread(line: Line, column: str, field: Field, near: str) -> None:
    kind = type_of(field)
    if near and kind.near_code:
        line.fault(kind.near_code, column, label=field.label, value=line.text(column), near=near)
    else:
        params = {"label": field.label, "value": line.text(column), "near": near}
        line.fault(kind.unread_code, column, **kind.unread_code.picked(params))


# --- what only the whole plan shows ----------------------------------------------------------------


def look_over_records(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what is wrong with records that have been read one by one.

    Blanks that the office has left, and answers that could not have followed each other.

    Args:
        tables: the tables as read.
        faults: where what is found is collected. An error that is there already may be why a record seems to be
            missing: then no missing one is reported.
        plan: what was made of the tables, as far as it could be.
    """
    sound = not has_errors(faults.findings)
    early: dict[str, Sequence[Period]] = {}
    for form in plan.forms:
        early |= _office_blanks(tables, faults, plan, form, sound)
        _out_of_order(tables, faults, plan, form)
    _too_early(tables, faults, plan, early)


def _office_blanks(
    tables: Tables, faults: Faults, plan: Plan, form: Form, sound: bool
) -> Mapping[str, Sequence[Period]]:
    """The fields that the office must fill before issuing, in every period that has any record.

    `sound`: no other fault may be why a record seems to be missing.

    Given back are the items that seem to begin later than said, with the periods in which they have no line.
    """
    table = tables.tables.get("records")
    known = _lines_of(tables, faults, form)
    if table is None or not known:
        return {}
    begun = {period for period, _ in known}
    periods = [period for period in plan.periods if period.id in begun]
    early = _before_their_lines(plan, periods, set(known)) if sound else {}
    columns = _office_columns(table, faults, form)
    for field, column in columns.items():
        asked = [period for period in periods if plan.asks(form, period, field)]
        for period, item in _running(plan, asked, early):
            line = known.get((period.id, item.id))
            if (line is None and sound) or (line and not line.text(column)):
                row = line.row.number if line else table.header_row
                faults.findings.append(_blank(table, row, column, (period, item, form.by_id[field])))
    return early if columns else {}


def _lines_of(tables: Tables, faults: Faults, form: Form) -> Mapping[tuple[str, str], Line]:
    """The lines of a form's records, by period and item as they are written."""
    mine = [line for line in lines(tables, "records", faults) if line.text("form") == form.id]
    return {(line.text("period"), line.text("item")): line for line in mine}


def _office_columns(table: Table, faults: Faults, form: Form) -> Mapping[str, str]:
    """By id, the columns of the fields that the office must fill; a fault for each that has none."""
    found = {}
    for field in form.fields:
        if field.filled_by is not FilledBy.OFFICE or field.required is not True:
            continue
        if column := record_column(table, field):
            found[field.id] = column
        else:
            missing = table.finding(PlanCode.OFFICE_COLUMN, table.header_row, "form", label=field.label)
            faults.findings.append(replace(missing, form=form.id, field=field.id))
    return found


def _running(
    plan: Plan, periods: Sequence[Period], early: Mapping[str, Sequence[Period]]
) -> Iterator[tuple[Period, Item]]:
    """Each of `periods` with the items that run in it, but for those that it comes too early for."""
    for period in periods:
        for item in plan.items_of(period):
            if period not in early.get(item.id, ()):
                yield period, item


def _before_their_lines(
    plan: Plan, periods: Sequence[Period], known: set[tuple[str, str]]
) -> Mapping[str, Sequence[Period]]:
    """By item, the periods before the first of which the records have a line: it was probably added later.

    Of one that has none at all, those before the last of `periods`.
    """
    found = {}
    for item in plan.items:
        begins = next(
            (at for at, period in enumerate(periods) if (period.id, item.id) in known), len(periods) - 1
        )
        before = [period for period in periods[:begins] if plan.runs(item, period)]
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
        params = {"first": first.label, "id": first.id, "periods": listed(period.label for period in before)}
        line.fault(PlanCode.OFFICE_BEFORE, "from_period", item=item.id, title=item.title, **params)


def _blank(table: Table, row: int, column: str, of: tuple[Period, Item, Field]) -> Finding:
    """A fault of what the office has left blank: the line's cell, or that of the headings where there is no line."""
    period, item, field = of
    params = {"label": field.label, "item": item.id, "title": item.title, "period": period.label}
    found = table.finding(PlanCode.OFFICE_BLANK, row, column, **params)
    return replace(found, form=field.form, period=period.id, item=item.id, field=field.id)


def _out_of_order(tables: Tables, faults: Faults, plan: Plan, form: Form) -> None:
    """Answers of earlier periods that could not have followed each other.

    Where the period before is not known of any item, nothing is said: what was first written down may go on.
    """
    filled_in = [field for field in form.fields if field.filled_in and field.previous]
    asked = [field for field in filled_in if has_order(plan.lists.get(field.list, ()))]
    mine = [record for record in plan.records if record.form == form.id] if asked else []
    known = {(record.period, name) for record in mine for name in record.values}
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
    broken = table.finding(
        PlanCode.RECORD_ORDER, record.source[2], record_column(table, field), value, **params
    )
    found = replace(broken, form=record.form, period=record.period)
    faults.findings.append(replace(found, item=record.item, field=field.id))
