"""From and to which period forms, fields, choices and rules are in force: as read, and what does not fit together."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.plans import SAMPLE
from xlplan.definition.reading import Definition, read_definition
from xlplan.model.descent import ending
from xlplan.model.plan import Plan

FIELDS = SAMPLE["fields"].replace(",unique\n", ",unique,from_period,to_period\n")
RULES = SAMPLE["rules"].replace(",from_period\n", ",from_period,to_period\n")
FORMS = """
id,title,note,open_rows,from_period,to_period
progress,進捗報告,白い欄に記入してください。,,,
other,別紙,,,{span}
"""
OTHER = "other,said,内容,text,,no,department,,no,,,,,,,\n"
CHOICES = """
list,value,rank,aliases,after,ends,from_period,to_period
status,検討,1,検討中,-|検討,,,
status,一部実施,2,,検討,,,H25
status,実施,3,実施済,検討|一部実施|実施,yes,,
reason,予算の不足,,,,,,
reason,その他,,,,,,
"""


def spanned(field: str, span: str, fields: str = FIELDS) -> str:
    """The fields with the span of one of them, as `from,to`."""
    lines = fields.splitlines()
    return (
        "\n".join(f"{line},{span}" if line.startswith(f"progress,{field},") else line for line in lines)
        + "\n"
    )


def definition(folder: Path, **changed: str) -> Definition:
    """The definition of the sample with some tables changed."""
    tables: Mapping[str, str] = {**SAMPLE, **changed}
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table.lstrip(), encoding="utf-8")
    return read_definition(folder)


def told(found: Definition) -> list[tuple[str, str, str]]:
    """The findings: code, file and cell."""
    return [(finding.code.value, finding.file, finding.cell) for finding in found.findings]


def asked(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By period, the fields of all forms that are asked."""
    return {
        period.id: tuple(field.id for form in plan.asked_in(period).forms for field in form.fields)
        for period in plan.periods
    }


def test_a_plan_that_says_nothing_of_it_asks_the_same_in_every_period(tmp_path: Path) -> None:
    plan = definition(tmp_path, rules=SAMPLE["rules"].replace(",H26\n", ",\n")).usable()
    assert all(plan.asked_in(period) is plan for period in plan.periods)


def test_a_field_is_asked_from_its_first_to_its_last_period(tmp_path: Path) -> None:
    fields = spanned("code", "H26,", spanned("count", ",H25"))
    rules = RULES
    fields = fields.replace('"AND(FILLED([@実施回数]),[@実施回数]>0)"', "no")
    found = definition(tmp_path, fields=fields, rules=rules)
    plan = found.usable()
    assert told(found) == []
    assert "count" in asked(plan)["H25"]
    assert "code" not in asked(plan)["H25"]
    assert "count" not in asked(plan)["H26"]
    assert "code" in asked(plan)["H26"]


def test_a_form_is_asked_from_its_first_to_its_last_period(tmp_path: Path) -> None:
    found = definition(tmp_path, forms=FORMS.format(span="H26,"), fields=FIELDS + OTHER)
    assert told(found) == []
    plan = found.usable()
    assert [form.id for form in plan.asked_in(plan.periods[0]).forms] == ["progress"]
    assert [form.id for form in plan.asked_in(plan.periods[1]).forms] == ["progress", "other"]


def test_a_rule_holds_to_its_last_period(tmp_path: Path) -> None:
    rules = RULES.replace("桁を確かめてください。,", "桁を確かめてください。,,H25")
    found = definition(tmp_path, rules=rules)
    assert told(found) == []
    plan = found.usable()
    for period, holds in zip(plan.periods, (True, False), strict=True):
        assert ("within" in [rule.id for rule in plan.asked_in(period).forms[0].rules]) is holds


def test_a_choice_can_be_chosen_to_its_last_period_and_keeps_its_rank(tmp_path: Path) -> None:
    records = SAMPLE["records"].replace("A-2,一部実施,200.5", "A-2,検討,200.5")
    plan = definition(tmp_path, choices=CHOICES, records=records).usable()
    before, now = (plan.asked_in(period) for period in plan.periods)
    field = now.forms[0].by_id["actual"]
    assert [choice.value for choice in before.choices_of(field)] == ["検討", "一部実施", "実施"]
    assert [choice.value for choice in now.choices_of(field)] == ["検討", "実施"]
    assert [(choice.value, choice.rank) for choice in now.ranked_of(field)] == [
        ("検討", 1.0),
        ("実施", 3.0),
        ("一部実施", 2.0),
    ]
    assert [choice.value for choice in plan.lists["status"] if choice.ends] == ["実施"]


def test_an_item_is_over_by_a_choice_that_ends_it(tmp_path: Path) -> None:
    records = SAMPLE["records"].replace("A-2,一部実施,200.5", "A-2,検討,200.5")
    plan = definition(tmp_path, choices=CHOICES, records=records).usable()
    assert [item.id for item in plan.items if ending(plan, item.id, plan.periods[0])] == ["A-4"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"fields": spanned("count", ",H25")}, ("plan_not_in_force", "fields.csv", "F7")),
        ({"fields": spanned("code", "H27,")}, ("plan_unknown_period", "fields.csv", "O9")),
        ({"fields": spanned("code", "H26,H25")}, ("plan_span_reversed", "fields.csv", "P9")),
        (
            {
                "fields": spanned("note", ",H25"),
                "rules": RULES.replace("[@遅れの理由]<>", "TRUE,[@遅れの理由]<>").replace(
                    ",FILLED([@補足])", ""
                ),
            },
            ("plan_target_not_in_force", "rules.csv", "D6"),
        ),
        (
            {"forms": FORMS.format(span=",H25").replace("。,,,", "。,,,H25"), "fields": FIELDS + OTHER},
            ("plan_no_form_in_force", "forms.csv", "A2"),
        ),
        (
            {"forms": FORMS.format(span=","), "fields": FIELDS + OTHER.replace(",,,,,,,\n", ",,,,,,H26,\n")},
            ("plan_no_field_in_force", "forms.csv", "A3"),
        ),
        (
            {
                "choices": CHOICES.replace("予算の不足,,,,,,", "予算の不足,,,,,,H25").replace(
                    "その他,,,,,,", "その他,,,,,,H25"
                ),
                "records": SAMPLE["records"].replace("A-2,一部実施,200.5", "A-2,検討,200.5"),
            },
            ("plan_no_choice_in_force", "fields.csv", "E10"),
        ),
        (
            {
                "choices": CHOICES.replace("検討|一部実施|実施,", "検討|実施,").replace(
                    ",検討,,,H25", ",検討|一部実施,,,H25"
                ),
                "records": SAMPLE["records"].replace("A-2,一部実施,200.5", "A-2,検討,200.5"),
            },
            ("plan_choice_leads_nowhere", "choices.csv", "B3"),
        ),
        ({"fields": spanned("done", "H26,")}, ("plan_record_not_asked", "records.csv", "G2")),
        (
            {
                "choices": CHOICES.replace(",,,,,,\nreason", ",,,,,,\nreason") + "spare,余り,,,,yes,,\n",
                "records": SAMPLE["records"].replace("A-2,一部実施,200.5", "A-2,検討,200.5"),
            },
            ("plan_ends_unused", "choices.csv", "F7"),
        ),
    ],
)
def test_what_does_not_fit_together_is_told_at_its_cell(
    tmp_path: Path, changed: Mapping[str, str], expected: tuple[str, str, str]
) -> None:
    assert expected in told(definition(tmp_path, **changed))
