"""The records and the fixed figures of a past round under the ids, and in the words, of a later plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from xlplan.fields.reading import convert, shown
from xlplan.model.codes import FindingCode
from xlplan.model.decision import KeptFigure, Publication
from xlplan.model.finding import Finding, listed
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.then import Then
from xlplan.report.heads import key_of_value


def in_words_of(plan: Plan, field: Field, value: Value) -> Value:
    """A `value` as a `field` of the `plan` has it: of a choice that goes by another word since, that word."""
    read = convert(value, field, plan.choices_of(field), plan.years)
    return value if read.fault or read.value is None else read.value


def records_now(then: Then) -> Iterator[Record]:
    """The records of a past round under the ids, and in the words, of the last of its later plans.

    What that plan has no field for is left out.
    """
    plan = then.later[-1]
    for form in then.plan.forms:
        now = then.form_now(form)
        if now is None:
            continue
        fields = then.fields_now(form)
        for record in then.plan.records_of(form.id, then.period.id):
            values = {
                fields[name].id: _value_now(then, plan, fields[name], value)
                for name, value in record.values.items()
                if name in fields
            }
            item = then.item_now(record.item) if record.item else ""
            department = then.department_now(record.department) if record.department else ""
            yield replace(record, form=now.id, item=item, department=department, values=values)


def _value_now(then: Then, plan: Plan, field: Field, value: Value) -> Value:
    if field.names_item:
        about = then.plan.item_named(value)
        item = plan.item(then.item_now(about.id)) if about else None
        return item.name if item else value
    return in_words_of(plan, field, value)


def kept_now(then: Then, figures: Iterable[KeptFigure]) -> Iterator[KeptFigure]:
    """The figures of a past round itself as they were fixed, their groups under the ids, and in the words, of now.

    Args:
        then: The round.
        figures: All that was fixed of it, also of periods before it.
    """
    for figure in figures:
        if figure.period == then.period.id:
            yield replace(figure, group=_group_now(then, figure))


def kept_known(plan: Plan, closed: Mapping[str, Publication]) -> Iterator[KeptFigure]:
    """The figures of rounds that are closed, as the plan of a later one has them.

    Args:
        plan: The later plan.
        closed: What was fixed of each round that is closed, by period id.
    """
    for name, then in plan.past.items():
        if name in closed and isinstance(then, Then):
            yield from kept_now(then, closed[name].figures)


def _group_now(then: Then, figure: KeptFigure) -> str | float:
    measure, view = (
        then.measure(figure.view, figure.measure),
        next((view for view in then.plan.views if view.id == figure.view), None),
    )
    form = then.plan.form(view.form) if view else None
    if measure is None or form is None or not isinstance(figure.group, str):
        return figure.group
    if measure.by == "item":
        found = (item.id for item in then.plan.items if key_of_value(item.id) == figure.group)
        return key_of_value(then.item_now(next(found, figure.group)))
    field = form.by_id.get(measure.by)
    now = then.field_now(form, field) if field else None
    if field is None or now is None:
        return figure.group
    words = (
        choice.value for choice in then.plan.choices_of(field) if key_of_value(choice.value) == figure.group
    )
    return key_of_value(_value_now(then, then.later[-1], now, next(words, figure.group)))


def differing(
    plan: Plan, then: Then, records: Sequence[Record], *, closed: bool
) -> tuple[tuple[Record, ...], list[Finding]]:
    """The records of a past round beside what a later plan's table says of it.

    Args:
        plan: The later plan as its tables have it.
        then: The round.
        records: Its records under the ids of the later plan.
        closed: Whether it is closed: else the table stands in for what was never answered.

    Returns:
        The records that count, and what is told where the table says something else.
    """
    fixed = {form.id: form for form in plan.forms if not form.is_open}
    known = {(record.form, record.item): record for record in records if record.form in fixed}
    beside = _Beside(plan, closed)
    filled: dict[tuple[str, str], Record] = {}
    for said in plan.records:
        if said.period == then.period.id and said.form in fixed:
            key = said.form, said.item
            filled[key] = beside.held(fixed[said.form], said, filled.get(key) or known.get(key))
    kept = [filled.pop((record.form, record.item), record) for record in records]
    lines = [] if closed else _lines(plan, then, records)
    told = []
    if beside.cells:
        params = {"period": then.period.label, "cells": listed(beside.cells), "id": then.period.id}
        told.append(Finding(FindingCode.EARLIER_DIFFERS, period=then.period.id, params=params))
    return (*kept, *(record for record in filled.values() if record.values), *lines), told


class _Beside:
    """What a later plan's table says of a past round, held against its records; `cells` are those that differ."""

    def __init__(self, plan: Plan, closed: bool) -> None:
        self._plan, self._closed = plan, closed
        self.cells: list[tuple[str, str]] = []

    def held(self, form: Form, said: Record, known: Record | None) -> Record:
        """The record that counts of one item.

        Args:
            form: The form.
            said: What the table says.
            known: The record of the round; None where there is none.
        """
        values = dict(known.values) if known else {}
        for name, value in said.values.items():
            field = form.by_id[name]
            if name in values:
                if values[name] != value:
                    self._differs(said.item, field, value, values[name])
            elif not self._closed:
                values[name] = value
            elif field.filled_by is not FilledBy.FORMULA:
                self._differs(said.item, field, value, None)
        return replace(known or said, values=values)

    def _differs(self, item: str, field: Field, table: Value, answer: Value) -> None:
        words = ("―" if value is None else shown(value, field, self._plan.years) for value in (table, answer))
        self.cells.append((f"{item} {field.label}", " / ".join(words)))


def _lines(plan: Plan, then: Then, records: Sequence[Record]) -> list[Record]:
    """The rows of open forms that the table has of a round of which no department answered them."""
    known = {record.form for record in records}
    return [
        record
        for record in plan.records
        if record.period == then.period.id
        and record.form not in known
        and (form := plan.form(record.form)) is not None
        and form.is_open
    ]
