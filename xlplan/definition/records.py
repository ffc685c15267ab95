"""What is known before the round: the table `records`, whose columns are the fields of the forms."""

from collections.abc import Mapping
from datetime import date

from xlplan.definition.choices import Lists
from xlplan.definition.lines import Faults, Line, by_id, lines, listed, unique
from xlplan.definition.tables import Table, Tables
from xlplan.fields.cells import shown
from xlplan.fields.convert import convert
from xlplan.language.calendar import Years
from xlplan.language.text import fold, nearest
from xlplan.model.codes import FindingCode, PlanCode
from xlplan.model.form import ITEM_LIST, Field, FieldType, FilledBy, Form
from xlplan.model.plan import Plan, item_choices
from xlplan.model.record import Record, Value


def records(tables: Tables, faults: Faults, plan: Plan) -> tuple[Record, ...]:
    """The table `records`, its values converted as a return's are."""
    table = tables.tables.get("records")
    if table is None:
        return ()
    _check_headings(tables, table, faults, plan.forms)
    columns = {form.id: {one.id: record_column(table, one) for one in form.fields} for form in plan.forms}
    known_forms, known_periods, known_items = by_id(plan.forms), by_id(plan.periods), by_id(plan.items)
    choices = {**plan.lists, ITEM_LIST: item_choices(plan.items)}
    seen: dict[str, int] = {}
    found = []
    for line in lines(tables, "records", faults):
        form = line.known("form", known_forms, PlanCode.UNKNOWN_FORM)
        period = line.known("period", known_periods, PlanCode.UNKNOWN_PERIOD)
        if form is None or period is None:
            continue
        item = line.known(
            "item", known_items, PlanCode.UNKNOWN_ITEM, needed=_needs_item(form), gone=PlanCode.ITEM_GONE
        )
        if item is None and (line.text("item") or _needs_item(form)):
            continue
        name = item.id if item else ""
        if form.is_open or unique(line, "item", f"{form.id} {period.id} {name}", seen):
            source = (line.table.file, line.table.sheet, line.row.number)
            values = _values(line, form, columns[form.id], choices, plan.years)
            if item and form.item_field:
                values[form.item_field.id] = item.name
            found.append(Record(form.id, period.id, name, values, source))
    return tuple(found)


def _needs_item(form: Form) -> bool:
    """Whether a record must name its item: in an open form only where the form itself asks for it."""
    return not form.is_open or (form.item_field is not None and form.item_field.required is True)


def record_column(table: Table, field: Field) -> str:
    """The heading under which the field stands in `records`: its id, or its label. Empty where it has none."""
    further = [one for one in table.headers if one not in table.spec.columns]
    for name in (field.id, field.label, field.heading):
        for one in further:
            if fold(one) == fold(name):
                return one
    return ""


def _check_headings(tables: Tables, table: Table, faults: Faults, forms: tuple[Form, ...]) -> None:
    """A heading that is no field, or a field that has its column already, would be lost in silence."""
    fields = [one for form in forms for one in form.fields]
    taken = {record_column(table, one) for one in fields}
    # as written: a field that could not be read is no reason to doubt its column
    written = [(one.text("id"), one.text("label")) for one in lines(tables, "fields", faults)]
    if not written:
        return
    named = sorted({name for pair in written for name in pair if name})
    lost = {fold(name) for pair in written for name in pair if pair[0] not in {one.id for one in fields}}
    for heading in table.headers:
        if heading in table.spec.columns or heading in taken or fold(heading) in lost:
            continue
        row = table.header_row
        if fold(heading) in map(fold, named):
            faults.findings.append(table.finding(PlanCode.COLUMN_TWICE, row, heading, heading, name=heading))
        else:
            near = nearest(heading, named) or listed(named)
            told = table.finding(PlanCode.UNKNOWN_COLUMN, row, heading, heading, name=heading, near=near)
            faults.findings.append(told)


def _values(
    line: Line, form: Form, columns: Mapping[str, str], lists: Lists, years: Years
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in form.fields:
        column = columns[field.id]
        raw = line.row.cells.get(column)
        if raw is None or field.filled_by is FilledBy.FORMULA:
            continue
        if field.type is FieldType.CHOICE and field.list not in lists:
            continue
        read = convert(raw, field, lists.get(field.list, ()), years)
        if read.fault:
            near = read.suggestion or listed(one.value for one in lists.get(field.list, ()))
            if read.fault.startswith("amount_"):
                told = {"label": field.heading, "value": read.value, "unit": field.unit, "near": near}
                code = FindingCode(read.fault)
                line.fault(code, column, **code.picked(told))
            else:
                _unread(line, column, field, near)
            continue
        if read.changed and _kept(read.value, field) != str(raw).strip():
            after = shown(read.value, field, years)
            line.fault(PlanCode.READ_AS, column, label=field.label, before=raw, after=after)
        if read.value is not None:
            found[field.id] = read.value
    return found


def _unread(line: Line, column: str, field: Field, near: str) -> None:
    value = line.text(column)
    match field.type:
        case FieldType.CHOICE | FieldType.ITEM:
            line.fault(PlanCode.RECORD_VALUE, column, label=field.label, value=value, near=near)
        case FieldType.DATE | FieldType.MONTH | FieldType.YEAR if near:
            line.fault(PlanCode.DAY_NEAR, column, label=field.label, value=value, near=near)
        case FieldType.MONTH:
            line.fault(PlanCode.NOT_MONTH, column, value=value)
        case FieldType.YEAR:
            line.fault(PlanCode.NOT_YEAR, column, value=value)
        case FieldType.DATE:
            line.fault(PlanCode.NOT_DATE, column, value=value)
        case FieldType.WHOLE:
            line.fault(PlanCode.NOT_WHOLE, column, value=value)
        case _:
            line.fault(PlanCode.NOT_NUMBER, column, value=value)


def _kept(value: Value, field: Field) -> str:
    """A value as a CSV file best has it."""
    if isinstance(value, date):
        return f"{value:%Y-%m}" if field.type is FieldType.MONTH else value.isoformat()
    return str(value)
