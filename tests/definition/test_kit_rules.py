"""Every rule and check of every kit: a row that breaks it is reported at its cell, a row that does not is left alone.

The rows are looked for among the values that the kit's own columns allow, so a new kit is tested as it is.
"""

import itertools
from collections.abc import Iterator
from datetime import date

import pytest

from xlplan.cli.demo.filling import read_answers
from xlplan.definition.reading import read_definition
from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import EntryLayout
from xlplan.formula.tree import Formula
from xlplan.model.form import Field, FieldType, Form, Rule
from xlplan.model.issue import IssuedRow, Stamp
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Record, Value
from xlplan.model.submission import ReturnedForm, ReturnedRow, Submission
from xlplan.stages.new import kits
from xlplan.validate.judging import judge

TRIED = 400
"""Rows tried for one rule at the most."""


def rules() -> Iterator[tuple[str, str]]:
    """(kit, rule) of every rule in force in the period of the kit's answers."""
    for kit, source in kits().items():
        plan = read_definition(source).usable()
        period, _ = read_answers(plan, source)
        for form in plan.forms:
            yield from ((kit, rule.id) for rule in form.rules if plan.in_force(rule, period))


def candidates(plan: Plan, field: Field, right: Value, before: Value) -> list[Value]:
    """Values of a field worth trying: the right one, blank, last year's, every choice."""
    found: list[Value] = [right, None, before]
    if field.type is FieldType.CHOICE:
        found += [one.value for one in plan.lists[field.list]]
    elif field.type is FieldType.TEXT:
        found.append("別の文章")
    elif field.type in (FieldType.DATE, FieldType.MONTH):
        found += [date(year, 1, 1) for year in (plan.years.first - 1, plan.years.last + 2)]
    elif field.type is FieldType.YEAR:
        found += [plan.years.first - 1, plan.years.last + 2]
    else:
        found += [0, 1, 1_000_000]
    return list(dict.fromkeys(found))


def named(form: Form, formula: Formula) -> list[Field]:
    """The fields that the department fills and the formula names."""
    wanted = formula.columns | formula.previous
    return [one for one in form.entered if one.id in wanted]


def tried(kit: str, name: str) -> tuple[Rule, list[tuple[bool, str]]]:
    """The rule, and for each row tried: whether the rule was reported, and at which cell."""
    source = kits()[kit]
    plan = read_definition(source).usable()
    period, answers = read_answers(plan, source)
    form, rule = next((form, rule) for form in plan.forms for rule in form.rules if rule.id == name)
    mine = [one for one in answers if one.form == form.id]
    batch = [one for answer in mine for one in rows(plan, period, form, rule, answer)]
    judged = judge(plan, period, batch[:TRIED])
    cells = [[one.cell for one in result.findings if one.rule == name] for result in judged]
    assert all(len(found) <= 1 for found in cells)
    return rule, [(bool(found), found[0] if found else "") for found in cells]


def owner(plan: Plan, answer: Record) -> Department:
    """The department that gives an answer."""
    item = plan.item(answer.item)
    found = plan.department(item.department) if item else plan.departments[0]
    assert found is not None
    return found


def rows(
    plan: Plan, period: Period, form: Form, rule: Rule, answer: Record
) -> Iterator[tuple[Submission, dict[str, tuple[IssuedRow, ...]]]]:
    """Returns of one row each, over all candidates of the columns that the rule names."""
    department = owner(plan, answer)
    every = rows_of(plan, period, department)[form.id]
    row = every[0] if form.is_open else next(one for one in every if one.item == answer.item)
    layout = EntryLayout(form, plan, period, 1)
    columns = {one.name: one.letters for one in layout.of_kind(ColumnKind.OFFICE, ColumnKind.ENTRY)}
    right = {**row.office, **answer.values}
    fields = named(form, rule.check)
    choices = [candidates(plan, one, right.get(one.id), row.previous.get(one.id)) for one in fields]
    stamp = Stamp("1", plan.id, period.id, department.id, "x", "x")
    for values in itertools.islice(itertools.product(*choices), 40):
        filled = right | dict(zip((one.id for one in fields), values, strict=True))
        cells = tuple("" if filled.get(one) is None else filled[one] for one in columns)
        typed = ReturnedRow("1" if form.is_open else row.item, 6, cells)
        returned = ReturnedForm(form.id, form.title, columns, (typed,))
        yield Submission("x.xlsx", "", stamp, (returned,)), {form.id: (row,)}


@pytest.mark.parametrize(("kit", "name"), list(rules()))
def test_each_rule_of_a_kit_is_broken_by_some_row_at_its_cell_and_kept_by_another(
    kit: str, name: str
) -> None:
    rule, found = tried(kit, name)
    plan = read_definition(kits()[kit]).usable()
    form = plan.form(rule.form)
    assert form is not None
    period, _ = read_answers(plan, kits()[kit])
    target = EntryLayout(form, plan, period, 1).column(ColumnKind.ENTRY, rule.target)

    assert {cell for broken, cell in found if broken} == {f"{target.letters}6"}
    assert any(not broken for broken, _ in found)


@pytest.mark.parametrize("kit", kits())
def test_a_kits_own_answers_break_nothing(kit: str) -> None:
    source = kits()[kit]
    plan = read_definition(source).usable()
    period, answers = read_answers(plan, source)
    batch = []
    for department in plan.answering(period):
        issued = rows_of(plan, period, department)
        forms = []
        for form in plan.forms:
            layout = EntryLayout(form, plan, period, len(issued[form.id]))
            columns = {one.name: one.letters for one in layout.of_kind(ColumnKind.OFFICE, ColumnKind.ENTRY)}
            mine = [one for one in answers if one.form == form.id and owner(plan, one) == department]
            office = {row.item: row.office for row in issued[form.id]}
            assert form.is_open or {one.item for one in mine} == set(office)
            kept = tuple(
                ReturnedRow(str(at) if form.is_open else one.item, 5 + at, tuple(map(filled.get, columns)))
                for at, one in enumerate(sorted(mine, key=lambda one: [*office, one.item].index(one.item)), 1)
                for filled in [{**office.get(one.item, {}), **one.values}]
            )
            forms.append(ReturnedForm(form.id, form.title, columns, kept))
        stamp = Stamp("1", plan.id, period.id, department.id, "x", "x")
        batch.append((Submission("x.xlsx", "", stamp, tuple(forms)), issued))

    found = [one for result in judge(plan, period, batch) for one in result.findings]

    assert [(one.code, one.item, one.field) for one in found] == []
