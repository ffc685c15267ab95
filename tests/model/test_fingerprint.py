"""Fingerprints: what is stored is known again, whatever becomes of the code; what matters changes them."""

from collections.abc import Iterator
from dataclasses import fields, make_dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from returns import DUE, TABLES, changed, department_of, period_of, plan_of, sample_plan, with_units

from xlplan.definition.reading import read_definition
from xlplan.fields import numbering
from xlplan.fields.checks import Check
from xlplan.form.changes import changed_items
from xlplan.form.issuing import rows_of
from xlplan.model.fingerprint import form_fingerprint, has_version, issue_fingerprint, plan_fingerprint
from xlplan.model.form import Field, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.stages.new import kits

GOLDEN = {
    "sample": (
        "2:f4abb18b88916b8b565ca45e4a5e3a18",
        "2:b369ffad14ffe16e9e86aae6310f36bd",
        "2:8690ab99b70173cc3b54281c9175e9a1",
    ),
    "asahikawa": (
        "2:c77e198709a46217c6121a3414a4eced",
        "2:0f924a5b3be3e7d11222ee875e00ed30",
        "2:3622254d7d3be3b62cdc2d5db4e1741d",
    ),
    "tomakomai": (
        "2:c5d7a72f4c5a563c22c9e6b12d1b1342",
        "2:7f74158f7644956add304c5fc0accaa6",
        "2:442f309d5d16cb38a9ec23981f99cf21",
    ),
    "example-en": (
        "2:740d7462c378e105f6ac71f6f53a32ea",
        "2:7b88a40906bba0d8fee0a0035113d198",
        "2:593f1ea841cac1bfc023d41d1cca7775",
    ),
}
"""Of each plan the fingerprints of its form, of what its first department is shown, and of its summary."""


def fingerprints(plan: Plan, due: date | None = DUE) -> tuple[str, str, str]:
    period = period_of(plan)
    department = plan.answering(period)[0]
    named, _ = changed_items(plan, period, department)
    told = [(one.kind, one.item, one.title, one.department) for one in named]
    return (
        form_fingerprint(plan, period),
        issue_fingerprint(plan, period, department, due, rows_of(plan, period, department), told),
        plan_fingerprint(plan, plan.forms_shown, plan.periods_until(period)),
    )


def plan_named(name: str) -> Plan:
    return sample_plan() if name == "sample" else read_definition(kits()[name]).usable()


@pytest.mark.parametrize("name", GOLDEN)
def test_the_fingerprints_of_released_versions_stay_for_ever(name: str) -> None:
    assert fingerprints(plan_named(name)) == GOLDEN[name]


def test_they_say_their_version() -> None:
    assert all(has_version(one) for one in fingerprints(sample_plan()))
    assert not has_version("95506a5cd62d")  # as 0.1.0 recorded it


def wider(noun: Any) -> Any:
    """The same noun in a class with one more optional attribute."""
    kind = type(noun)
    more = make_dataclass(kind.__name__, [("further", str, "more")], bases=(kind,), frozen=True)
    return more(**{one.name: getattr(noun, one.name) for one in fields(noun)})


@pytest.mark.parametrize("name", GOLDEN)
def test_an_attribute_more_in_any_noun_of_the_plan_changes_nothing(name: str) -> None:
    plan = plan_named(name)
    forms = tuple(
        wider(replace(form, fields=tuple(map(wider, form.fields)), rules=tuple(map(wider, form.rules))))
        for form in plan.forms
    )
    views = tuple(wider(replace(one, measures=tuple(map(wider, one.measures)))) for one in plan.views)
    grown = replace(
        plan,
        periods=tuple(map(wider, plan.periods)),
        departments=tuple(map(wider, plan.departments)),
        items=tuple(map(wider, plan.items)),
        lists={key: tuple(map(wider, choices)) for key, choices in plan.lists.items()},
        records=tuple(map(wider, plan.records)),
        forms=forms,
        views=views,
    )

    assert repr(grown) != repr(plan)
    assert fingerprints(grown) == fingerprints(plan)


def test_a_key_more_among_the_parameters_of_a_check_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = sample_plan()
    before, made = fingerprints(plan), numbering._checks

    def more(field: Field, form: Form, plan: Plan, period: Period) -> Iterator[partial[Check]]:
        for numbered in made(field, form, plan, period):
            params = {**numbered.keywords["params"], "further": 1}
            yield partial(numbered, params=params)

    monkeypatch.setattr(numbering, "_checks", more)

    assert numbering.checks_of(plan.forms[0], plan, period_of(plan))[0].params["further"] == 1
    assert fingerprints(plan) == before


def test_numbers_are_the_same_however_they_are_written() -> None:
    plan = sample_plan()
    whole = replace(plan.forms[0].fields[4], minimum=1)
    form = replace(plan.forms[0], fields=(*plan.forms[0].fields[:4], whole, *plan.forms[0].fields[5:]))

    assert fingerprints(replace(plan, forms=(form, *plan.forms[1:]))) == fingerprints(plan)


FORM = [
    ("fields", "report|done|実施内容|", "report|done|したこと|"),
    ("fields", "money|paid|支払日|date", "money|paid|支払日|month"),
    ("fields", "money|paid|支払日|date", "money|paid|支払日|time"),
    ("fields", "|places|箇所数|whole||no|", "|places|箇所数|whole||yes|"),
    ("fields", "|number|整理番号|whole||no|department", "|number|整理番号|whole||no|office"),
    ("fields", "2020-04-01|2030-03-31", "2021-04-01|2030-03-31"),
    ("fields", "|||20||", "|||25||"),
    ("fields", "[A-Z]{2}-[0-9]", "[A-Z]{3}-[0-9]"),
    ("fields", "CHOICE_RANK([@進捗])<CHOICE_RANK([@計画])", "CHOICE_RANK([@進捗])<=CHOICE_RANK([@計画])"),
    ("choices", "reason | その他", "reason | そのほか"),
    ("rules", "補足がありません。", "補足が空欄です。"),
]
"""Changes of what a form asks."""


@pytest.mark.parametrize(("table", "old", "new"), FORM)
def test_what_a_form_asks_makes_it_another_one(table: str, old: str, new: str) -> None:
    other = plan_of(changed(TABLES, table, old, new))
    pairs = zip(fingerprints(other), fingerprints(sample_plan()), strict=True)

    assert [one != before for one, before in pairs][:2] == [True, True]


def test_a_unit_makes_a_form_another_one_unless_the_label_says_it() -> None:
    other = plan_of(with_units(TABLES, {"cost": "円"}))

    assert fingerprints(other)[0] != fingerprints(sample_plan())[0]


def test_a_format_changes_what_is_shown_and_not_what_is_asked() -> None:
    """A plan that has none keeps its fingerprints."""
    head, *lines = (line.strip() for line in TABLES["fields"].strip().splitlines())
    some, none = (
        plan_of(
            {**TABLES, "fields": "\n".join([f"{head}|format", *(f"{line}|{code}" for line, code in told)])}
        )
        for told in (
            [(line, "0.0" if "|rate|" in line else "") for line in lines],
            [(line, "") for line in lines],
        )
    )
    asked, *shown = fingerprints(some)
    assert asked == fingerprints(sample_plan())[0]
    assert all(one != before for one, before in zip(shown, fingerprints(sample_plan())[1:], strict=True))
    assert fingerprints(none) == fingerprints(sample_plan())


SHOWN = [
    ("plan", "office | 企画課", "office | 政策課"),
    ("items", "電子申請", "電子申請の拡充"),
    ("departments", "情報課", "情報政策課"),
    ("periods", "令和5年度", "R5年度"),
    ("forms", "白い欄に記入してください。", "白い欄に書いてください。"),
    ("choices", "status | 拡充 | 3", "status | 拡充 | 4"),
    ("rules", "[@決算額]<=[@予算額]", "[@決算額]<[@予算額]"),
    ("records", "report | R6 | A-1 | 実施", "report | R6 | A-1 | 検討"),
]
"""Changes of what a department is shown, that leave its answers what they are."""


@pytest.mark.parametrize(("table", "old", "new"), SHOWN)
def test_what_is_shown_makes_another_workbook_and_no_other_form(table: str, old: str, new: str) -> None:
    form, issue, _ = fingerprints(plan_of(changed(TABLES, table, old, new)))
    before = fingerprints(sample_plan())

    assert (form == before[0], issue == before[1]) == (True, False)


def test_what_no_form_shows_makes_no_other_workbook() -> None:
    plan = sample_plan()
    lists = {
        name: tuple(replace(choice, symbol="+", meaning="so", aliases=("x",)) for choice in choices)
        for name, choices in plan.lists.items()
    }

    assert fingerprints(replace(plan, lists=lists))[:2] == fingerprints(plan)[:2]


def test_the_day_it_is_due_and_the_department_are_part_of_what_is_shown() -> None:
    plan = sample_plan()
    other = plan_of(changed(TABLES, "departments", "D9 | 休眠課", "D9 | 休眠"))

    assert fingerprints(plan, None)[1] != fingerprints(plan)[1]
    assert fingerprints(other)[1] == fingerprints(plan)[1]  # not that of another one
    assert department_of(plan, "D1").name == "情報課"


def test_a_summary_hangs_on_the_records_of_its_periods() -> None:
    other = plan_of(changed(TABLES, "records", "調べた。", "調べていた。"))

    assert fingerprints(other)[2] != fingerprints(sample_plan())[2]
