"""Forms with their fields, and rules; and the names of sheets and columns that something else already bears."""

import re
from collections.abc import Mapping
from dataclasses import replace

from xlplan.definition.identity import check_former_ids, former_ids
from xlplan.definition.lines import Faults, Line, circle, lines, listed, unique
from xlplan.definition.naming import check_form_title, check_headings, unmarked
from xlplan.definition.scopes import Lists, scope_of, shown_columns
from xlplan.definition.specs import Tables, word_meant
from xlplan.fields.base import ValueType
from xlplan.fields.formats import format_fault
from xlplan.fields.succession import has_order, steps
from xlplan.fields.table import TYPES
from xlplan.formula.codes import FormulaCode
from xlplan.formula.functions import Kind
from xlplan.formula.scope import NamedColumn, Scope
from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.language.text import fold
from xlplan.model.form import Field, FieldType, FilledBy, Form, Rule
from xlplan.model.item import Item, Period
from xlplan.model.plancodes import PlanCode

MOST_OPEN_ROWS = 500
"""Blank rows of an open form: each carries the formulas of its checks."""


def forms(
    tables: Tables,
    faults: Faults,
    lists: Lists,
    periods: tuple[Period, ...],
    items: tuple[Item, ...],
) -> tuple[Form, ...]:
    """The tables `forms`, `fields` and `rules`.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        lists: the plan's lists of choices, by name.
        periods: the plan's periods, from and to which forms, fields and rules may hold.
        items: the plan's items: what of them is shown, formulas may name.

    Returns:
        The forms that have fields, in the order of their table.
    """
    heads = _heads(tables, faults)
    shown = shown_columns(items)
    found = []
    for name, head in heads.items():
        mine = [line for line in lines(tables, "fields", faults) if line.text("form") == name]
        if not mine:
            head.fault(PlanCode.FORM_EMPTY, "id", form=name)
            continue
        form = _form(head, mine, lists, periods, shown)
        about = () if form.is_open else ("item", *shown)
        found.append(replace(form, rules=_rules(tables, faults, form, lists, periods, about)))
    check_former_ids(lines(tables, "forms", faults))
    for table in ("fields", "rules"):
        for line in lines(tables, table, faults):
            line.known("form", heads, PlanCode.UNKNOWN_FORM)
    return tuple(found)


def _form(
    head: Line, mine: list[Line], lists: Lists, periods: tuple[Period, ...], shown: tuple[str, ...]
) -> Form:
    """A form without its rules: of its line, and those of its fields."""
    open_rows = _open_rows(head)
    about = () if open_rows else ("item", *shown)
    fields = _fields(mine, lists, head.text("id"), about, periods)
    for line in mine if open_rows else ():
        _check_open(line)
    first, last = head.span(periods)
    return Form(
        id=head.text("id"),
        title=head.text("title"),
        note=head.text("note"),
        fields=fields,
        open_rows=open_rows,
        from_period=first,
        to_period=last,
        formerly=former_ids(head),
    )


def _heads(tables: Tables, faults: Faults) -> Mapping[str, Line]:
    """The lines of the table `forms`, by the id of the form."""
    heads: dict[str, Line] = {}
    seen: dict[str, int] = {}
    titles: dict[str, int] = {}
    for line in lines(tables, "forms", faults):
        name, title = line.need("id"), line.need("title")
        if name and unique(line, "id", name, seen):
            heads[name] = line
        check_form_title(line, title)
        unique(line, "title", title, titles)
    return heads


def _open_rows(head: Line) -> int:
    """How many rows a department may add: 0 for a form with one row for each item."""
    found = head.whole("open_rows") or 0
    if not 0 <= found <= MOST_OPEN_ROWS:
        head.fault(PlanCode.OPEN_ROWS, "open_rows", most=MOST_OPEN_ROWS)
        return 0
    return found


def _check_open(line: Line) -> None:
    """Faults of a field that would need to know which row is which before anybody has written it."""
    if word_meant("filled_by", line.text("filled_by")) in (FilledBy.OFFICE, FilledBy.OFFICE_AFTER):
        line.fault(PlanCode.OPEN_OFFICE, "filled_by")
    if word_meant("yes_no", line.text("previous")) == "yes":
        line.fault(PlanCode.OPEN_PREVIOUS, "previous")


def _fields(
    mine: list[Line], lists: Lists, form: str, shown: tuple[str, ...], periods: tuple[Period, ...]
) -> tuple[Field, ...]:
    ids: dict[str, int] = {}
    labels: dict[str, int] = {}
    plain = []
    for line in mine:
        name, label = line.need("id"), line.need("label")
        field = _formatted(line, _field(line, lists, form, periods))
        headings = dict.fromkeys((label, field.heading))
        for heading in {unmarked(heading): heading for heading in headings}.values():
            unique(line, "label", heading, labels, known_as=unmarked(heading))
        check_headings(line, name, headings, tuple(column for column in shown if column != "item"))
        if unique(line, "id", name, ids) and name:
            plain.append((line, field))
    check_former_ids(mine)
    names, scope = scope_of(tuple(field for _, field in plain), lists, shown)
    unknown = [field.id for line, field in plain if word_meant("type", line.text("type")) is None]
    scope = Scope(
        {**scope.columns, **dict.fromkeys(unknown, NamedColumn(Kind.ANY, ranked=True, previous=True))}
    )
    finished = tuple(_with_formulas(line, field, lists, names, scope) for line, field in plain)
    _no_circles([line for line, _ in plain], finished)
    _not_before([line for line, _ in plain], finished)
    return finished


def _not_before(mine: list[Line], fields: tuple[Field, ...]) -> None:
    """What a department must answer must not hang on what the office fills only afterwards."""
    later = Form("", "", "", fields).afterwards
    for line, field in zip(mine, fields, strict=True):
        if field.entered and isinstance(field.required, Formula):
            _named_before(line, "required", field.required, fields, later)


def _named_before(
    line: Line, column: str, formula: Formula, fields: tuple[Field, ...], later: frozenset[str]
) -> None:
    """A fault of a formula in a department's form that names what is known only afterwards."""
    named = [field.label for field in fields if field.id in formula.columns & later]
    if named:
        line.fault(PlanCode.AFTERWARDS_NAMED, column, labels=listed(named))


def _field(line: Line, lists: Lists, form: str, periods: tuple[Period, ...]) -> Field:
    """A field without its formulas, which need the names of all the others."""
    line.need("type")
    name = FieldType(line.word("type", "text"))
    kind = TYPES[name]
    if kind.from_list:
        line.known("list", lists, PlanCode.UNKNOWN_LIST)
    filled_by = word_meant("filled_by", line.text("filled_by"))
    if kind.from_items and filled_by not in (None, "department"):
        line.fault(PlanCode.ITEM_FIELD, "filled_by")
    known = word_meant("type", line.text("type")) is not None
    if line.text("unit") and known and not kind.numeric:
        line.fault(PlanCode.UNIT_UNUSED, "unit")
    low, high = line.bounds(kind) if known else (None, None)
    if known:
        _check_settings(line, kind)
    first, last = line.span(periods)
    return Field(
        id=line.text("id"),
        form=form,
        label=line.text("label"),
        type=name,
        list=kind.list_name(line.text("list")),
        filled_by=FilledBy(line.word("filled_by", "department")),
        previous=line.word("previous", "no") == "yes",
        minimum=low,
        maximum=high,
        max_length=line.whole("max_length"),
        pattern=_pattern(line),
        unique=line.word("unique", "no") == "yes",
        width=line.number("width"),
        hint=line.text("hint"),
        unit=line.text("unit"),
        format=line.text("format"),
        from_period=first,
        to_period=last,
        formerly=former_ids(line),
    )


def _formatted(line: Line, field: Field) -> Field:
    """The field; without its format where that is a fault, which is told."""
    unknown = word_meant("type", line.text("type")) is None
    found = format_fault(field) if field.format and not unknown else None
    if found is None:
        return field
    code, named = found
    line.fault(code, "format", **code.picked({"value": field.format, "named": named, "unit": field.unit}))
    return replace(field, format="")


def _pattern(line: Line) -> str:
    """The pattern of a field; empty where it is none, with a fault at it."""
    pattern = line.text("pattern")
    try:
        re.compile(pattern)
    except re.error as fault:
        line.fault(PlanCode.PATTERN, "pattern", reason=fault)
        return ""
    return pattern


_OF_ANSWERS = ("max_length", "pattern", "unique")
"""Settings that are asked of what is filled into a workbook alone; bounds also of what stands in the records."""


def _check_settings(line: Line, kind: ValueType) -> None:
    """Findings of settings that do nothing, for a field of this type and for who fills it."""
    idle = {column for column in ("max_length", "pattern") if not kind.is_text}
    idle |= {"list"} if not kind.from_list else set()
    idle |= {"min", "max"} if kind.is_words else set()
    filled_by = word_meant("filled_by", line.text("filled_by")) or "department"
    if filled_by not in ("department", "office_after"):
        idle |= set(_OF_ANSWERS)
    if filled_by == "formula":
        idle |= {"min", "max", "required"}
    for column in line.table.headers:
        if column in idle and line.text(column) and word_meant("yes_no", line.text(column)) != "no":
            line.fault(
                PlanCode.SETTING_IDLE, column, heading=line.table.spec.said_heading(column), name=column
            )


def _with_formulas(line: Line, field: Field, lists: Lists, names: Mapping[str, str], scope: Scope) -> Field:
    required: bool | Formula = False
    written = line.text("required")
    if fold(written) in ("○", "1", "true") or word_meant("yes_no", written) == "yes":
        required = True
    elif written and fold(written) not in ("×", "0", "false") and word_meant("yes_no", written) is None:
        required = line.formula("required", names, scope, condition=True) or False
    formula = None
    if field.filled_by is FilledBy.FORMULA:
        formula = line.formula("formula", names, scope, condition=False)
    elif line.text("formula"):
        line.fault(PlanCode.FORMULA_UNUSED, "formula")
    finished = field.with_formulas(required, formula)
    _check_order(line, finished, lists)
    return finished


def _no_circles(mine: list[Line], fields: tuple[Field, ...]) -> None:
    """Requirements and computed fields must not refer to each other in a circle: a sheet could not work it out."""
    needs = {
        field.id: {
            name
            for formula in (field.required, field.formula)
            if isinstance(formula, Formula)
            for name in formula.columns
        }
        for field in fields
    }
    labels = {field.id: field.label for field in fields}
    for line, field in zip(mine, fields, strict=True):
        path = circle(field.id, needs)
        if path:
            column = "formula" if field.formula else "required"
            line.fault(FormulaCode.CIRCLE, column, names=" → ".join(labels.get(name, name) for name in path))
            return


def _check_order(line: Line, field: Field, lists: Lists) -> None:
    """Faults of a field that cannot ask for the order of its list, or asks for more than the order leaves."""
    choices = lists.get(field.list, ())
    if not field.filled_in or not has_order(choices):
        return
    if not field.previous and word_meant("yes_no", line.text("previous") or "no"):
        line.fault(PlanCode.ORDER_NO_PREVIOUS, "previous", label=field.label, name=field.list)
    ends = [step.before for step in steps(choices) if not step.followers]
    if field.required is True and ends:
        line.fault(PlanCode.ORDER_DEAD_END, "required", label=field.label, ends=listed(ends))


def _rules(
    tables: Tables,
    faults: Faults,
    form: Form,
    lists: Lists,
    periods: tuple[Period, ...],
    shown: tuple[str, ...],
) -> tuple[Rule, ...]:
    """The rules of a form, in the order of the table."""
    names, scope = scope_of(form.fields, lists, shown)
    seen: dict[str, int] = {}
    found = []
    for line in lines(tables, "rules", faults):
        if line.text("form") != form.id:
            continue
        name = line.need("id")
        check = line.formula("check", names, scope, condition=True)
        target = _target(line, form.fields)
        if check and target and target.entered:
            _named_before(line, "check", check, form.fields, form.afterwards)
        first, last = line.span(periods)
        message = line.need("message")
        if not unique(line, "id", name, seen) or not name or check is None or target is None:
            continue
        severity = Severity(line.word("severity", "error"))
        remedy = line.text("remedy")
        found.append(Rule(name, form.id, check, target.id, severity, message, remedy, first, last))
    return tuple(found)


def _target(line: Line, fields: tuple[Field, ...]) -> Field | None:
    """The field at which a rule points: one that is filled into a workbook, and can be mended there."""
    wanted = line.text("target")
    named = {field.id: field for field in fields} | {field.label: field for field in fields}
    filled_in = [field for field in fields if field.filled_in]
    if found := named.get(wanted):
        if not found.filled_in:
            near = listed(field.label for field in filled_in)
            line.fault(PlanCode.RULE_TARGET, "target", label=found.label, near=near)
        return found
    known = {name: field for field in filled_in for name in (field.id, field.label)}
    return line.known("target", known, PlanCode.UNKNOWN_FIELD)
