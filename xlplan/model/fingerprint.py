"""Fingerprints: by what is stored it is known again whether a form, an issue or a summary is the same.

A fingerprint is a version, a colon and a SHA-256 over canonical JSON of ids and values: `2:9f86d081…`. Every attribute
that matters is named here. It never depends on how the code is cut (an attribute more in a dataclass, a key more among
the parameters of a finding) nor on any sentence of the catalogue.

- A new attribute that matters counts only where it is set (`_of`): a plan without it keeps its fingerprint.
- Whoever changes what an attribute adds raises `VERSION`, and keeps the functions of before for what was recorded.

What was recorded by 0.1.0 has no version and is never computed anew: see `xlplan.form.compare.unversioned`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xlplan.formula.tree import Formula
from xlplan.model.form import Choice, Field, Form, Rule, reference_date_asked, spans
from xlplan.model.issue import IssuedRow
from xlplan.model.item import ITEM_COLUMNS, Department, Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.view import Measure, View

VERSION = "2"
"""The version of the functions below; 0.1.0 had none."""
DIGITS = 32
"""Hexadecimal digits of the hash that are kept."""

Tree = Mapping[str, object]
"""Named values, of strings, numbers, dates, lists and further trees."""


def values_fingerprint(values: Mapping[str, Value]) -> str:
    """The values that a check of a row looked at, by column; a blank one counts as if it were not there."""
    return _hashed([_values(values)])


def has_version(recorded: str) -> bool:
    """Whether a recorded value is a fingerprint that says its version; those of 0.1.0 do not."""
    return ":" in recorded


def form_fingerprint(plan: Plan, period: Period) -> str:
    """What a return's answers mean: the fields of every form, the words of their lists and what is checked.

    Not the formulas of rules and computed fields: a return is judged by those of today. Not how anything is said,
    except the plan's own words: labels, and what its rules say.
    """
    plan = plan.asked_in(period)
    return _hashed(_asked(form, plan, period) for form in plan.forms)


def issue_fingerprint(
    plan: Plan,
    period: Period,
    department: Department,
    due: date | None,
    rows: Mapping[str, Sequence[IssuedRow]],
    changes: Sequence[Sequence[str]],
) -> str:
    """What a department is shown: everything of the plan that stands in its workbook, in whatever words.

    Args:
        plan: the plan from which it is issued.
        period: of the round.
        department: to whom it is issued.
        due: until when; None where no day is set.
        rows: those of each form, by its id.
        changes: what the first sheet tells of items that came or went and of forms, as ids and names.

    Returns:
        The fingerprint: version, colon, hash.
    """
    plan, before = plan.asked_in(period), plan.previous(period)
    asks_items = any(field.names_item for form in plan.forms for field in form.fields)
    own = plan.items_of(period, department.id) if asks_items else ()
    return _hashed(
        (
            _head(plan),
            [_period(period, plan.forms), *([_period(before)] if before else [])],
            _of(id=department.id, name=department.name, due=due),
            [_form(form) for form in plan.forms],
            [_rule(rule) for form in plan.forms for rule in form.rules if plan.in_force(rule, period)],
            [[name, [_offered(choice) for choice in choices]] for name, choices in _lists(plan, plan.forms)],
            _columns(plan),
            [[item.id, item.title] for item in own],
            [[form, [_row(row) for row in rows[form]]] for form in rows],
            [list(change) for change in changes],
        )
    )


def plan_fingerprint(plan: Plan, forms: Sequence[Form], periods: Sequence[Period]) -> str:
    """What a summary made from a `plan` shows of it: of these `forms` and `periods`, the returns apart."""
    of_forms, of_periods = {form.id for form in forms}, {period.id for period in periods}
    head: tuple[object, ...] = (
        _head(plan),
        [_period(period, forms) for period in periods],
        [[department.id, department.name] for department in plan.departments],
        [_form(form) for form in forms],
        [[name, [_choice(choice) for choice in choices]] for name, choices in _lists(plan, forms)],
        [_view(view) for view in plan.views],
        *filter(None, [[list(span) for span in spans(forms, plan.lists)]]),
    )
    # one by one: a large plan would be in memory twice more as text

    def parts() -> Iterable[object]:
        yield from head
        yield from map(_item, plan.items)
        yield from (
            _record(record)
            for record in plan.records
            if record.form in of_forms and record.period in of_periods
        )

    return _hashed(parts())


def _hashed(parts: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_ENCODER.encode(part).encode("utf-8", "surrogatepass") + b"\n")
    return f"{VERSION}:{digest.hexdigest()[:DIGITS]}"


def _unknown(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"no part of a fingerprint: {value!r}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_unknown)


def _of(**named: object) -> Tree:
    """Those of the named values that are set: one that is not counts as if it did not exist."""
    return {name: value for name, value in named.items() if not _is_unset(value)}


def _attributes(noun: object, names: Iterable[str]) -> Tree:
    """Those of the named attributes of a noun that are set."""
    return _of(**{name: getattr(noun, name) for name in names})


def _is_unset(value: object) -> bool:
    return value is None or value is False or (isinstance(value, str | list | dict | tuple) and not value)


def _number(value: float | None) -> float | int | None:
    """A number in one way of writing it: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _bound(value: float | date | None) -> Value:
    return value if isinstance(value, date) else _number(value)


def _required(field: Field) -> str:
    """Empty, yes, or the formula as it is written."""
    if isinstance(field.required, Formula):
        return f"={field.required.text}"
    return "yes" if field.required else ""


def _unit(field: Field) -> str:
    """The unit, where the label does not say it already."""
    return "" if field.heading == field.label else field.unit


# --- what answers mean -----------------------------------------------------------------------------


def _asked(form: Form, plan: Plan, period: Period) -> Tree:
    rules = [
        _of(id=rule.id, target=rule.target, message=rule.message, remedy=rule.remedy)
        for rule in form.rules
        if rule.target in {field.id for field in form.entered} and plan.in_force(rule, period)
    ]
    asked = [_meaning(field, plan) for field in form.fields if not field.afterwards]
    return _of(id=form.id, fields=asked, rules=rules)


def _meaning(field: Field, plan: Plan) -> Tree:
    choices = plan.lists.get(field.list, ())  # not of items: they come and go
    named: dict[str, object] = {
        "id": field.id,
        "label": field.label,
        "unit": _unit(field),
        "type": field.type.value,
        "filled_by": field.filled_by.value,
        "required": _required(field),
        "choices": [choice.value for choice in choices],
    }
    if field.entered:
        ordered = field.previous and any(choice.after for choice in choices)
        named |= {
            "min": _bound(field.minimum),
            "max": _bound(field.maximum),
            "max_length": field.max_length,
            "pattern": field.pattern,
            "unique": field.unique,
            "order": [sorted(choice.after) for choice in choices] if ordered else None,
        }
    return _of(**named)


# --- what is shown ---------------------------------------------------------------------------------


def _head(plan: Plan) -> Tree:
    about = "id title organisation language fiscal_year_start calendar office contact locale"
    return _attributes(plan, about.split())


def _period(period: Period, asking: Sequence[Form] = ()) -> Tree:
    """A period; with its reference date where one of the forms `asking` has a formula that asks for it."""
    months = ("first_month", "last_month") if period.is_part else ()
    reported = ("reference_date",) if reference_date_asked(asking) else ()
    return _attributes(period, ("id", "label", "first_year", "last_year", *months, *reported))


def _form(form: Form) -> Tree:
    fields = [_field(field) for field in form.fields]
    return _of(id=form.id, title=form.title, note=form.note, open_rows=form.open_rows, fields=fields)


def _field(field: Field) -> Tree:
    return _of(
        id=field.id,
        label=field.label,
        type=field.type.value,
        list=field.list,
        required=_required(field),
        filled_by=field.filled_by.value,
        formula=field.formula.text if field.formula else None,
        previous=field.previous,
        min=_bound(field.minimum),
        max=_bound(field.maximum),
        max_length=field.max_length,
        pattern=field.pattern,
        unique=field.unique,
        width=_number(field.width),
        hint=field.hint,
        unit=field.unit,
        format=field.format,
    )


def _rule(rule: Rule) -> Tree:
    return _of(
        id=rule.id,
        form=rule.form,
        check=rule.check.text,
        target=rule.target,
        severity=rule.severity.value,
        message=rule.message,
        remedy=rule.remedy,
    )


def _lists(plan: Plan, forms: Sequence[Form]) -> list[tuple[str, tuple[Choice, ...]]]:
    """The lists from which something is chosen in these forms, by name."""
    named = dict.fromkeys(field.list for form in forms for field in form.fields if field.list in plan.lists)
    return [(name, plan.lists[name]) for name in named]


def _offered(choice: Choice) -> Tree:
    """A choice as a form offers it: no form shows its symbol or what it means."""
    return _of(value=choice.value, rank=_number(choice.rank), after=sorted(choice.after))


def _choice(choice: Choice) -> Tree:
    """A choice as a summary shows it."""
    return _of(value=choice.value, rank=_number(choice.rank), symbol=choice.symbol, meaning=choice.meaning)


def _columns(plan: Plan) -> list[str]:
    """The columns of items that a sheet shows: those in which any item has something, and the plan's own."""
    shown = [name for name in ITEM_COLUMNS if any(getattr(item, name) for item in plan.items)]
    return [*shown, *(plan.items[0].extra if plan.items else ())]


def _row(row: IssuedRow) -> Tree:
    return _of(
        item=row.item, office=_values(row.office), previous=_values(row.previous), about=dict(row.about)
    )


def _values(values: Mapping[str, Value]) -> Tree:
    # no call for each value: a large plan has a million of them
    return {
        name: int(value) if value.__class__ is float and value.is_integer() else value
        for name, value in values.items()
    }


def _view(view: View) -> Tree:
    return _of(
        id=view.id,
        title=view.title,
        kind=view.kind.value,
        form=view.form,
        options=dict(view.options),
        measures=[_measure(measure) for measure in view.measures],
    )


def _measure(measure: Measure) -> Tree:
    return _of(
        id=measure.id,
        label=measure.label,
        formula=measure.formula.text,
        by=measure.by,
        format=measure.format,
        total=measure.total,
    )


def _item(item: Item) -> Tree:
    return _of(
        id=item.id,
        goal=item.goal,
        group=item.group,
        title=item.title,
        summary=item.summary,
        department=item.department,
        from_period=item.from_period,
        to_period=item.to_period,
        predecessor="|".join(item.predecessors),
        extra=dict(item.extra),
    )


def _record(record: Record) -> Tree:
    return _of(
        form=record.form,
        period=record.period,
        item=record.item,
        values=_values(record.values),
        source=list(record.source),
        attempt=record.attempt or None,
        sha256=record.sha256,
        department=record.department,
    )
