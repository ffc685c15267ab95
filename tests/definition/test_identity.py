"""Who is who through the years: former ids, several predecessors, and who answered in periods before xlplan."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.plans import SAMPLE, plan_of
from xlplan.definition.reading import Definition, read_definition


def definition(folder: Path, **changed: str) -> Definition:
    """The definition of the sample with some tables changed."""
    tables: Mapping[str, str] = {**SAMPLE, **changed}
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table.lstrip(), encoding="utf-8")
    return read_definition(folder)


def told(found: Definition) -> list[tuple[str, str, str]]:
    """The findings: code, file and cell."""
    return [(finding.code.value, finding.file, finding.cell) for finding in found.findings]


DEPARTMENTS = """
id,name,formerly
D1,企画課,
D2,建設課,D7|D8
"""
ITEMS = """
id,goal,group,title,summary,department,from_period,to_period,predecessor,formerly
A-1,目標1,手続,電子申請の拡充,手続を増やす。,D1,,,,
A-2,目標1,手続,施設予約の拡大,施設を増やす。,D1,,,,A-9
A-3,目標2,道路,道路台帳の電子化,台帳を電子化する。,D2,,,,
A-4,目標2,道路,地図の公開,地図を公開する。,D2,,,,
"""
FORMS = """
id,title,note,formerly
progress,進捗報告,白い欄に記入してください。,report
"""


def test_what_goes_by_another_id_since_says_by_which_it_went(tmp_path: Path) -> None:
    fields = (
        SAMPLE["fields"].replace(",unique\n", ",unique,formerly\n").replace("40,,\n", "40,,,did | made\n")
    )
    found = definition(tmp_path, departments=DEPARTMENTS, items=ITEMS, forms=FORMS, fields=fields)
    plan = found.usable()
    assert told(found) == []
    assert [department.formerly for department in plan.departments] == [(), ("D7", "D8")]
    assert plan.items[1].formerly == ("A-9",)
    assert plan.forms[0].formerly == ("report",)
    assert plan.forms[0].by_id["done"].formerly == ("did", "made")


@pytest.mark.parametrize(
    ("table", "changed", "code", "cell"),
    [
        ("departments", DEPARTMENTS.replace("D7|D8", "Ｄ2"), "plan_formerly_own", "C3"),
        ("departments", DEPARTMENTS.replace("D7|D8", "D7|D1"), "plan_formerly_in_use", "C3"),
        ("departments", DEPARTMENTS.replace("企画課,", "企画課,D8"), "plan_formerly_twice", "C3"),
        ("items", ITEMS.replace("A-9", "A-4"), "plan_formerly_in_use", "J3"),
        ("items", ITEMS.replace("A-9", "A-2"), "plan_formerly_own", "J3"),
        ("forms", FORMS.replace(",report", ",progress"), "plan_formerly_own", "D2"),
    ],
)
def test_a_former_id_that_cannot_be_is_told_at_its_cell(
    tmp_path: Path, table: str, changed: str, code: str, cell: str
) -> None:
    assert told(definition(tmp_path, **{table: changed})) == [(code, f"{table}.csv", cell)]


def test_two_lines_that_claim_each_others_id_are_both_told(tmp_path: Path) -> None:
    circle = DEPARTMENTS.replace("企画課,", "企画課,D2").replace("D7|D8", "D1")
    assert told(definition(tmp_path, departments=circle)) == [
        ("plan_formerly_in_use", "departments.csv", "C2"),
        ("plan_formerly_in_use", "departments.csv", "C3"),
    ]


def test_fields_of_two_forms_may_have_had_one_id(tmp_path: Path) -> None:
    forms = FORMS.replace("report", "") + "other,別紙,,\n"
    fields = SAMPLE["fields"].replace(",unique\n", ",unique,formerly\n").replace("40,,\n", "40,,,did\n")
    fields += "other,said,内容,text,,no,department,,no,,,,,,did\n"
    assert told(definition(tmp_path, forms=forms, fields=fields)) == []


def merged(predecessors: str) -> str:
    """The items, the second of which is the first's heir by this cell."""
    return ITEMS.replace("増やす。,D1,,,,A-9", f"増やす。,D1,H26,,{predecessors},").replace(
        "手続を増やす。,D1,,,", "手続を増やす。,D1,,H25,"
    )


def test_an_item_may_continue_several_and_several_may_continue_one(tmp_path: Path) -> None:
    items = (
        merged("A-1|A-3")
        .replace("地図を公開する。,D2,,,", "地図を公開する。,D2,H26,,A-3")
        .replace("台帳を電子化する。,D2,,", "台帳を電子化する。,D2,,H25")
    )
    records = "".join(
        line
        for line in SAMPLE["records"].splitlines(keepends=True)
        if not line.startswith(
            ("progress,H25,A-2", "progress,H25,A-4", "progress,H26,A-1", "progress,H26,A-3")
        )
    )
    found = definition(tmp_path, items=items, records=records)
    assert told(found) == []
    assert {item.id: item.predecessors for item in found.usable().items} == {
        "A-1": (),
        "A-2": ("A-1", "A-3"),
        "A-3": (),
        "A-4": ("A-3",),
    }


def test_a_predecessor_that_is_no_item_is_told(tmp_path: Path) -> None:
    found = told(definition(tmp_path, items=merged("A-1|A-5")))
    assert ("plan_unknown_item", "items.csv", "I3") in found


def test_predecessors_that_lead_in_a_circle_are_told_once(tmp_path: Path) -> None:
    items = ITEMS.replace("手続を増やす。,D1,,,", "手続を増やす。,D1,,,A-2").replace(
        "施設を増やす。,D1,,,", "施設を増やす。,D1,,,A-1"
    )
    assert told(definition(tmp_path, items=items)) == [("plan_predecessor_circle", "items.csv", "I2")]


def owned(**owners: str) -> str:
    """The records with who answered then, by period and item."""
    table = SAMPLE["records"].strip().splitlines()
    lines = [table[0].replace("period,item,", "period,item,department,")]
    for line in table[1:]:
        form, period, item, rest = line.split(",", 3)
        lines.append(f"{form},{period},{item},{owners.get(f'{period}_{item}'.replace('-', ''), '')},{rest}")
    return "\n".join(lines) + "\n"


def test_a_record_says_who_answered_then() -> None:
    plan = plan_of({**SAMPLE, "records": owned(H25_A1="D2")})
    before, now = plan.periods
    assert [item.id for item in plan.items_of(before, "D2")] == ["A-1", "A-3", "A-4"]
    assert [item.id for item in plan.items_of(now, "D2")] == ["A-3", "A-4"]


def test_who_answered_then_is_a_department_of_the_plan(tmp_path: Path) -> None:
    assert told(definition(tmp_path, records=owned(H25_A1="D5"))) == [
        ("plan_unknown_department", "records.csv", "D2")
    ]


def test_two_records_of_one_item_cannot_say_two_departments(tmp_path: Path) -> None:
    forms = "id,title,note\nprogress,進捗報告,\nother,別紙,\n"
    fields = SAMPLE["fields"] + "other,said,内容,text,,no,department,,no,,,,,\n"
    records = owned(H25_A1="D2") + "other,H25,A-1,D1,,,,\n"
    assert told(definition(tmp_path, forms=forms, fields=fields, records=records)) == [
        ("plan_record_owner", "records.csv", "D10")
    ]
