"""A definition is checked: everything wrong with it is told once, at its own cell, saying what to do."""

from datetime import date
from pathlib import Path

import pytest
from definitions import GOOD, definition, folder, places, sentence_of

from xlplan.definition.reading import PlanError, read_definition
from xlplan.definition.specs import HIDDEN_SHEET
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.language.codes import Severity
from xlplan.language.errors import DefinitionError
from xlplan.language.messages import LANGUAGES
from xlplan.language.privacy import PersonalKind
from xlplan.model.form import Choice
from xlplan.model.item import Item, Period
from xlplan.model.plancodes import PlanCode
from xlplan.model.view import Published

KIT = Path(__file__).parents[2] / "templates" / "asahikawa"


def test_nothing_is_wrong_with_the_good_definition(tmp_path: Path) -> None:
    found = definition(tmp_path)
    assert places(found) == []
    assert found.usable() is found.plan


def test_nothing_is_wrong_with_the_kit() -> None:
    assert places(read_definition(KIT)) == []


def test_tables_become_the_nouns_of_the_plan(tmp_path: Path) -> None:
    plan = definition(tmp_path).usable()
    assert (plan.id, plan.fiscal_year_start, plan.calendar, plan.contact) == ("hama", 4, "wareki", "内線 1")
    assert plan.periods[1] == Period("H26", "平成26年度", 2014, 2014)
    assert plan.item("003") == Item(
        "003", "目標2", "窓口", "納付", "新しい払い方。", "D1", "H26", "", ("1-2",), {"予算科目": "税務費"}
    )
    assert plan.lists["status"][1] == Choice("実施", 2.0, "○", ("実施済", "実施済み"), ("検討", "実施"))
    form = plan.forms[0]
    assert form.by_id["cost"].maximum == 1000000.5
    assert form.by_id["day"].minimum == date(2013, 4, 1)
    assert form.rules[0].target == "cost"
    assert form.rules[0].severity is Severity.WARNING
    assert {"planned": "実施", "count": 12, "day": date(2013, 5, 1)}.items() <= plan.known(
        "progress", "H25", "001"
    ).items()
    assert plan.views[1].measures[1].by == "actual"
    assert plan.published[1] == Published("figures", "share", "実施", "H25", "50.0%", 0.5, 3, 3)


# table, what stands there, what is written instead, the one finding: code and cell, and the value told
PROGRESS = "progress,progress,text=done|rows=planned"
"""The first view of the table: its kind, form and options."""
ONE, BESIDE = '"cells=planned,actual"', "lines=news|line="

BROKEN = [
    ("plan", "id,hama\n", "", "plan_setting_missing", "A1", ""),
    ("plan", "calendar,wareki", "calendar,gregorian", "plan_unknown_word", "B7", "gregorian"),
    ("plan", "fiscal_year_start,4", "fiscal_year_start,13", "plan_unknown_word", "B6", "13"),
    ("plan", "contact,内線 1", "contakt,内線 1", "plan_unknown_setting", "A9", "contakt"),
    ("plan", "contact,内線 1", "office,内線 1", "plan_duplicate", "A9", "office"),
    ("plan", "contact,内線 1", ",内線 1", "plan_blank", "A9", ""),
    ("periods", "H26,平成26年度", "H26,", "plan_blank", "B3", ""),
    ("periods", "2013,2013", "2013,2012", "plan_period_reversed", "D2", "2012"),
    ("periods", "H26,平成26年度,2014", "H26,平成26年度,2013.5", "plan_not_year", "C3", "2013.5"),
    ("periods", "H26,平成26年度,2014", "H26,平成26年度,99", "plan_not_year", "C3", "99"),
    ("periods", "2013,2013", "2013,2014", "plan_period_order", "C3", "2014"),
    ("periods", "H26,平成26年度,2014", "H26,平成26年度,", "plan_blank", "C3", ""),
    ("periods", "H26,平成26年度,2014,2014", "H26,平成26年度,2012,2012", "plan_period_order", "C3", "2012"),
    (
        "periods",
        "H26,平成26年度,2014,2014",
        "H26,平成26年度,2014,2014\nH26,年,2015,2015",
        "plan_duplicate",
        "A4",
        "H26",
    ),
    ("departments", "D2,税務課", "D2,", "plan_blank", "B3", ""),
    ("departments", "H25,D1", "H99,D1", "plan_unknown_period", "F3", "H99"),
    ("departments", "H25,D1", "H25,D7", "plan_unknown_department", "G3", "D7"),
    ("departments", ",,,H25,D1", ",,H26,H25,D1", "plan_span_reversed", "F3", "H25"),
    ("departments", "H25,D1", "H25,D1\nD1,課,,,,,", "plan_duplicate", "A4", "D1"),
    ("departments", "H25,D1", "H25,D1\nｄ１,課,,,,,", "plan_duplicate", "A4", "ｄ１"),
    ("departments", "H25,D1", "H25,D1\nD/4,課,,,,,", "plan_id_sign", "A4", "D/4"),
    (
        "periods",
        "H26,平成26年度,2014,2014",
        "H26,平成26年度,2014,2014\nH/27,平成27年度,2015,2015",
        "plan_id_sign",
        "A4",
        "H/27",
    ),
    ("items", ",D2,,H25", ",D3,,H25", "plan_unknown_department", "F3", "D3"),
    ("items", ",D2,,H25", ",,,H25", "plan_blank", "F3", ""),
    ("items", "新しい払い方。,D1,H26", "新しい払い方。,D1,H27", "plan_unknown_period", "G4", "H27"),
    ("items", "1-2,税務費", "1-9,税務費", "plan_unknown_item", "I4", "1-9"),
    ("items", "1-2,目標1,窓口,納付", "1-2,目標1,窓口,", "plan_blank", "D3", ""),
    ("forms", "進捗報告", "進捗/報告", "plan_sheet_name", "B2", "進捗/報告"),
    ("forms", "進捗報告", "進" * 32, "plan_sheet_name", "B2", "進" * 32),
    ("forms", "進捗報告", "History", "plan_sheet_name", "B2", "History"),
    ("forms", "進捗報告", "'進捗", "plan_sheet_name", "B2", "'進捗"),
    ("forms", "進捗報告", "はじめに", "plan_reserved_sheet", "B2", "はじめに"),
    ("forms", "進捗報告", "指摘一覧", "plan_reserved_sheet", "B2", "指摘一覧"),
    ("forms", "進捗報告", "_xlplan", "plan_reserved_sheet", "B2", "_xlplan"),
    ("forms", "進捗報告", "START HERE", "plan_reserved_sheet", "B2", "START HERE"),
    ("forms", "進捗報告", "Findings", "plan_reserved_sheet", "B2", "Findings"),
    ("forms", "白い欄に記入", "白い欄に記入\nprogress,別,", "plan_duplicate", "A3", "progress"),
    ("forms", "白い欄に記入", "白い欄に記入\nother,別,", "plan_form_empty", "A3", "other"),
    ("fields", "progress,code", "progres,code", "plan_unknown_form", "A8", "progres"),
    ("fields", "day,実施日,date", "day,実施日,datum", "plan_unknown_word", "D6", "datum"),
    ("fields", "count,件数,whole", "count,件数,", "plan_blank", "D7", ""),
    ("fields", "actual,進捗,choice,status", "actual,進捗,choice,stadus", "plan_unknown_list", "E3", "stadus"),
    (
        "fields",
        "FILLED([@進捗])",
        "FILLED([@実施内用])",
        "formula_unknown_column_near",
        "F4",
        "FILLED([@実施内用])",
    ),
    ("fields", "FILLED([@進捗])", "[@進捗]", "formula_not_condition", "F4", "[@進捗]"),
    (
        "fields",
        "count,件数,whole,,no,department",
        "count,件数,whole,,no,dept",
        "plan_unknown_word",
        "G7",
        "dept",
    ),
    (
        "fields",
        "cost,決算額,number,,no,department,",
        "cost,決算額,number,,no,department,1+1",
        "plan_formula_unused",
        "H5",
        "1+1",
    ),
    ("fields", "0,99", "100,99", "plan_bounds", "K7", "99"),
    ("fields", "0,99", "なし,99", "plan_not_number", "J7", "なし"),
    ("fields", "0,99", "0,nan", "plan_not_number", "K7", "nan"),
    ("fields", "2013-04-01,2015-03-31", "2015-04-01,2015-03-31", "plan_bounds", "K6", "2015-03-31"),
    ("fields", "2013-04-01", "春", "plan_not_date", "J6", "春"),
    (
        "fields",
        "day,実施日,date,,no,department,,no,2013-04-01,2015-03-31",
        "day,実施日,month,,no,department,,no,春,2015-03",
        "plan_not_month",
        "J6",
        "春",
    ),
    (
        "fields",
        "news,what,内容,text,,yes,department,,,,,100,,,,",
        "news,what,内容,text,,yes,department,,,,,100,,,,\nnews,at,時刻,time,,no,department,,no,朝,17:15,,,,,",
        "plan_not_time",
        "J12",
        "朝",
    ),
    (
        "fields",
        "news,what,内容,text,,yes,department,,,,,100,,,,",
        "news,what,内容,text,,yes,department,,,,,100,,,,\nnews,at,時刻,time,,no,department,,no,9時半,8:30,,,,,",
        "plan_bounds",
        "K12",
        "8:30",
    ),
    ("fields", "[A-Z]{2}", "[A-Z", "plan_pattern", "M8", "[A-Z"),
    ("fields", "late,遅れ", "goal,遅れ", "plan_reserved_id", "B9", "goal"),
    ("fields", "late,遅れ", "予算科目,遅れ", "plan_reserved_id", "B9", "予算科目"),
    ("fields", "count,件数", "count,概 要", "plan_reserved_label", "C7", "概 要"),
    ("fields", "count,件数", "count,チェック", "plan_reserved_label", "C7", "チェック"),
    ("fields", "count,件数", "count,決算額", "plan_duplicate", "C7", "決算額"),
    ("fields", "unique,width", "unique,unit", "plan_unit_unused", "O4", "40"),
    ("fields", "count,件数", "count,決算額＊", "plan_duplicate", "C7", "決算額＊"),
    ("choices", "実施済|", "検討|", "plan_duplicate", "E3", "検討|実施済み"),
    ("choices", "実施|運用\n", "実旋|運用\n", "plan_unknown_choice", "F4", "検討|実旋|運用"),
    ("choices", "-|検討\n", "検討\n", "plan_order_no_start", "F2", "検討"),
    ("choices", "3.5", "三", "plan_not_number", "C4", "三"),
    (
        "rules",
        "[@決算額]>=0",
        "[@決算額]>=",
        "formula_unreadable",
        "C2",
        "OR(BLANK([@実施内容]),[@決算額]>=)",
    ),
    ("forms", "書き足す,5", "書き足す,501", "plan_open_rows", "D3", "501"),
    ("forms", "書き足す,5", "書き足す,5.5", "plan_not_number", "D3", "5.5"),
    (
        "fields",
        "text,,yes,department,,,,,100",
        "text,,yes,office,,,,,100",
        "plan_open_office",
        "G11",
        "office",
    ),
    (
        "fields",
        "text,,yes,department,,,,,100",
        "text,,yes,department,,yes,,,100",
        "plan_open_previous",
        "I11",
        "yes",
    ),
    ("fields", "遅れ,text,,no,formula", "遅れ,item,,no,formula", "plan_item_field", "G9", "formula"),
    ("rules", "決算額,warning", "計画,warning", "plan_rule_target", "D2", "計画"),
    ("rules", "決算額,warning", "late,warning", "plan_rule_target", "D2", "late"),
    ("rules", "決算額,warning", "決算,warning", "plan_unknown_field", "D2", "決算"),
    ("rules", "決算額,warning", "決算額,heavy", "plan_unknown_word", "E2", "heavy"),
    ("rules", "決算額を確かめてください。", "", "plan_blank", "F2", ""),
    ("rules", "H26", "H30", "plan_unknown_period", "H2", "H30"),
    ("rules", "no_return,", "cost_known,", "plan_duplicate", "A3", "cost_known"),
    ("rules", "no_return,progress", "no_return,progres", "plan_unknown_form", "B3", "progres"),
    ("views", "figures,集計,statistics", "figures,集計,pie", "plan_unknown_word", "C3", "pie"),
    ("views", "figures,集計", "figures,総括表", "plan_duplicate", "B3", "総括表"),
    ("views", "figures,集計", "figures,集計?", "plan_sheet_name", "B3", "集計?"),
    ("views", "statistics,progress", "statistics,form", "plan_unknown_form", "D3", "form"),
    ("views", "rows=planned", "rows=plan", "plan_unknown_field", "E2", "text=done|rows=plan"),
    ("views", "rows=planned", "planned", "plan_option", "E2", "text=done|planned"),
    ("views", "rows=planned", "rows=", "plan_option", "E2", "text=done|rows="),
    ("views", "text=done", "txt=done", "plan_option_unknown", "E2", "txt=done|rows=planned"),
    ("views", "statistics,progress,", "statistics,progress,text=done", "plan_option_none", "E3", "text=done"),
    ("views", "rows=planned", "text=planned", "plan_option_again", "E2", "text=done|text=planned"),
    ("views", PROGRESS, f"status,progress,{ONE}", "plan_option_one", "E2", ONE.strip('"')),
    ("views", PROGRESS, "status,progress,line=what", "plan_option_alone", "E2", "line=what"),
    ("views", PROGRESS, "status,progress,lines=progress", "plan_option_form", "E2", "lines=progress"),
    ("views", PROGRESS, "status,progress,lines=new", "plan_unknown_form", "E2", "lines=new"),
    ("views", PROGRESS, f"status,progress,{BESIDE}done", "plan_unknown_field", "E2", f"{BESIDE}done"),
    ("views", PROGRESS, "status,progress,breaks=01", "plan_unknown_item", "E2", "breaks=01"),
    ("views", PROGRESS, "schedule,progress,periods=H24", "plan_unknown_period", "E2", "periods=H24"),
    ("views", PROGRESS, "schedule,progress,cells=what", "plan_unknown_field", "E2", "cells=what"),
    ("views", PROGRESS, "status,news,lines=news", "plan_view_open", "D2", "news"),
    ("views", PROGRESS, "schedule,news,", "plan_view_open", "D2", "news"),
    ("measures", "進捗,0\n", "進行,0\n", "plan_unknown_field", "E3", "進行"),
    (
        "measures",
        "GROUP()",
        "[@進捗]",
        "formula_row_in_measure",
        "D3",
        "COUNTIFS([進捗],[@進捗],[period],PERIOD())",
    ),
    ("records", "progress,H26,001", "progress,H36,001", "plan_unknown_period", "B4", "H36"),
    ("records", "progress,H26,001", "form,H26,001", "plan_unknown_form", "A4", "form"),
    ("records", "progress,H26,003", "progress,H26,３", "plan_unknown_item", "C5", "３"),
    ("records", "progress,H26,003", "progress,H26,004", "plan_item_gone", "C5", "004"),
    ("records", "progress,H26,003", "progress,H26,001", "plan_duplicate", "C5", "001"),
    ("records", "検討,検討,", "検討,中止,", "plan_record_value", "E3", "中止"),
    ("records", "1200.5", "千円", "plan_not_number", "G2", "千円"),
    ("records", ",12,AB", ",12.5,AB", "plan_not_whole", "I2", "12.5"),
    ("records", "2013-05-01", "五月", "plan_not_date", "H2", "五月"),
    ("records", "2013-05-01", "1905-07-17", "plan_day_far", "H2", "1905-07-17"),
    ("records", "2013-05-01", "25年度", "plan_day_near", "H2", "25年度"),
    ("records", "count,code", "count,memo", "plan_unknown_column", "J1", "memo"),
    ("records", "count,code", "count,決算額", "plan_column_twice", "J1", "決算額"),
    ("records", "H26,003,実施", "H26,003,", "plan_office_blank", "D5", ""),
    (
        "departments",
        "D1,情報課,,,,,\nD2,税務課,,,,H25,D1\n",
        "D1,情_報,,,,,\nD2,税務課,,,,H25,D1\nd1_情,報,,,,,\n",
        "plan_same_file",
        "B4",
        "報",
    ),
    ("items", "手続を増やす。", "長" * 32_768, "plan_text_too_long", "E2", "長" * 32_768),
    ("items", "手続を増やす。", "𠮷" * 16_384, "plan_text_too_long", "E2", "𠮷" * 16_384),
    ("periods", "平成26年度", "=平成26年度", "plan_period_label", "B3", "=平成26年度"),
    ("periods", "平成26年度", "平成26年度*", "plan_period_label", "B3", "平成26年度*"),
    ("periods", "平成26年度", "年" * 101, "plan_period_label", "B3", "年" * 101),
    ("forms", "進捗報告", "_x0041_", "plan_sheet_name", "B2", "_x0041_"),
    ("forms", "進捗報告", '"進捗\n報告"', "plan_sheet_name", "B2", "進捗\n報告"),
    ("published", "H25,2", "H25,二", "plan_not_number", "E2", "二"),
    ("published", "H25,2", 'H25,"1,967,655千円"', "plan_number_unit", "E2", "1,967,655千円"),
    ("published", "H25,2", "H25,1億2千万円", "plan_not_number", "E2", "1億2千万円"),
    ("published", "items,,H25", "items,実施,H25", "plan_published_no_group", "C2", "実施"),
    ("published", "share,実施", "share,実施中", "plan_published_group", "C3", "実施中"),
    ("published", "figures,items", "figure,items", "plan_unknown_view", "A2", "figure"),
    ("published", "figures,items", "figures,item", "plan_unknown_measure", "B2", "item"),
    ("published", "items,,H25", "items,,H36", "plan_unknown_period", "D2", "H36"),
]


@pytest.mark.parametrize(("table", "old", "new", "code", "cell", "value"), BROKEN)
def test_one_fault_is_one_finding_at_its_cell(
    tmp_path: Path, table: str, old: str, new: str, code: str, cell: str, value: str
) -> None:
    assert old in GOOD[table]
    found = definition(tmp_path, **{table: GOOD[table].replace(old, new, 1)})
    errors = [one for one in found.findings if one.severity is Severity.ERROR]
    assert [(code, f"{table}.csv", cell, value)] == [
        (one.code, one.file, one.cell, one.value) for one in errors
    ]
    assert found.plan is None
    for language in LANGUAGES:
        sentence_of(errors[0], language)
        assert errors[0].remedy(language)


def with_an_item(since: str = "") -> str:
    return f"{GOOD['items']}004,目標2,窓口,新規,始める。,D1,{since},,,\n"


def test_an_item_that_was_added_later_is_asked_when_it_begins_not_for_lines_of_earlier_periods(
    tmp_path: Path,
) -> None:
    records = GOOD["records"] + "progress,H26,004,実施,,,,,,\n"
    [told] = definition(tmp_path, items=with_an_item(), records=records).findings
    assert (told.code, told.file, told.cell) == ("plan_office_before", "items.csv", "G5")
    assert "開始期間に H26 と書いてください" in sentence_of(told, "ja")
    assert places(definition(tmp_path, items=with_an_item("H26"), records=records)) == []

    found = places(definition(tmp_path, items=with_an_item()))
    assert found == [("plan_office_blank", "records", "D1"), ("plan_office_before", "items", "G5")]


@pytest.mark.parametrize("written", ["Ｄ１", "d1", "情報課", "情報 課"])
def test_a_department_may_be_written_in_another_width_or_by_name_and_that_is_told(
    tmp_path: Path, written: str
) -> None:
    items = GOOD["items"].replace("手続を増やす。,D1", f"手続を増やす。,{written}")
    found = definition(tmp_path, items=items)
    assert places(found) == [("plan_cell_read", "items", "F2")]
    assert found.usable().items[0].department == "D1"


@pytest.mark.parametrize(
    ("written", "near"), [("情報化", "D1=情報課"), ("用地買収室", "D1=情報課 / D2=税務課")]
)
def test_the_departments_that_may_be_meant_are_listed_with_their_names(
    tmp_path: Path, written: str, near: str
) -> None:
    items = GOOD["items"].replace("手続を増やす。,D1", f"手続を増やす。,{written}")
    [told] = definition(tmp_path, items=items).findings
    assert (told.code, told.params["near"]) == ("plan_unknown_department", near)


def test_every_fault_of_a_definition_has_a_case_here() -> None:
    """Those of shape are in test_tables.py, warnings and notices below."""
    shape = {"plan_table_missing", "plan_table_twice", "plan_sheet_passed_over", "plan_column_missing"}
    below = {
        "plan_empty",
        "plan_same_title",
        "plan_ditto",
        "plan_elsewhere",
        "plan_department_idle",
        "plan_read_as",
        "plan_office_column",
    }
    below |= {"plan_cell_read", "plan_period_unclear"}
    # of the office: test_office.py
    below |= {"plan_bad_address", "plan_letter_place", "plan_letter_brace", "plan_letter_idle"}
    below |= {"plan_closed_year", "plan_closed_reversed", "plan_closed_once", "plan_closed_long"}
    shape |= {"plan_id_shown"}
    shape |= {"plan_error_value", "plan_formula_cell", "plan_formula_unsaved", "plan_id_day"}
    below |= {
        "plan_open",
        "plan_open_by",
        "plan_office_before",
        "plan_spelled_otherwise",
        "plan_setting_idle",
        "plan_record_range",
    }
    years = {  # in test_identity.py and test_force.py
        *("plan_formerly_own", "plan_formerly_in_use", "plan_formerly_twice"),
        "plan_predecessor_circle",
        *("plan_not_in_force", "plan_target_not_in_force", "plan_no_choice_in_force"),
        *("plan_no_field_in_force", "plan_no_form_in_force", "plan_choice_leads_nowhere"),
        *("plan_record_not_asked", "plan_record_owner", "plan_ends_unused"),
    }
    parts = {  # in test_parts_of_year.py
        *("plan_period_months", "plan_period_alike", "plan_period_part_order", "plan_period_overlap"),
        *("plan_reference_far", "plan_reference_unused", "plan_measure_twice"),
    }
    nouns = ("item", "department", "form", "field", "choice")
    years |= {"plan_unlike_before", *(f"plan_{noun}_vanished" for noun in nouns)}  # in test_vanished.py
    years |= {"plan_afterwards_named"}  # in test_afterwards_fields.py
    years |= {"plan_proposed", "plan_proposed_unknown"}  # in test_rollover.py
    heirs = {"plan_no_successor", "plan_successor_circle", "plan_successor_unused"}  # in test_successors.py
    signs = {"plan_choice_sign"}
    faults = ("unknown", "unfit", "scales", "hides", "unit")
    formats = {f"plan_format_{fault}" for fault in faults}  # in test_plan_formats.py
    order = {"plan_order_no_previous", "plan_order_unreached", "plan_order_dead_end", "plan_record_order"}
    texts = {"plan_unwritable", *(f"plan_{kind}" for kind in PersonalKind)}
    assert set(PlanCode) - shape - below - signs - order - texts - heirs - years - parts - formats == {
        code for _, _, _, code, _, _ in BROKEN if code.startswith("plan_")
    }


def test_what_persons_are_known_by_is_warned_of_in_the_plans_own_texts_and_shown_masked(
    tmp_path: Path,
) -> None:
    items = GOOD["items"].replace(
        "手続を増やす。", "窓口は taro@hama.example.jp、４１１１-１１１１-１１１１-１１１１。"
    )
    records = GOOD["records"].replace("+調べた。", "123456789018 の方に 090-1234-5678 で尋ねた。")
    found = definition(tmp_path, items=items, records=records)
    assert found.plan is not None
    assert [(one.code, one.severity, one.file, one.cell) for one in found.findings] == [
        ("plan_mail_address", Severity.WARNING, "items.csv", "E2"),
        ("plan_card_number", Severity.WARNING, "items.csv", "E2"),
        ("plan_personal_number", Severity.WARNING, "records.csv", "F3"),
        ("plan_mobile_number", Severity.WARNING, "records.csv", "F3"),
    ]
    assert {one.value for one in found.findings} == {
        "窓口は …@hama.example.jp、…１１１１。",
        "…9018 の方に …5678 で尋ねた。",
    }
    for one in found.findings:
        for language in LANGUAGES:
            assert one.remedy(language)


def test_a_field_with_a_pattern_asks_for_what_it_gets(tmp_path: Path) -> None:
    fields = GOOD["fields"].replace("[A-Z]{2},yes", ".*@.*,no")
    records = GOOD["records"].replace("12,AB", "12,taro@hama.example.jp")
    assert places(definition(tmp_path, fields=fields, records=records)) == []


def test_what_no_file_can_hold_is_left_out_and_told(tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace("手続を", "手\x07続\uffffを"))
    assert [(one.code, one.severity, one.cell) for one in found.findings] == [
        ("plan_unwritable", Severity.NOTICE, "E2")
    ]
    assert found.usable().items[0].summary == "手続を増やす。"


def test_two_blank_ids_are_blank_and_no_repetition(tmp_path: Path) -> None:
    found = definition(tmp_path, departments=GOOD["departments"] + ",水道課,,,,,\n,土木課,,,,,\n")
    assert places(found) == [("plan_blank", "departments", "A4"), ("plan_blank", "departments", "A5")]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = definition(
        tmp_path,
        periods=GOOD["periods"].replace("2013,2013", "2013,2012"),
        items=GOOD["items"].replace(",D2,", ",D9,"),
        rules=GOOD["rules"].replace("決算額,warning", "決算,warning"),
    )
    assert places(found) == [
        ("plan_period_reversed", "periods", "D2"),
        ("plan_unknown_department", "items", "F3"),
        ("plan_unknown_field", "rules", "D2"),
    ]


@pytest.mark.parametrize(
    ("formula", "code", "position"),
    [
        ("[@進捗]=", "formula_unreadable", 7),
        ('[@進捗]="実施', "formula_open_text", 10),
        ("AND([@進捗]<>[@計画]", "formula_open_bracket", 17),
        ("ISNUMBER([@いつ])", "formula_unknown_column", 10),
        ("FILED([@進捗])", "formula_unknown_function_near", 1),
        ("[@進捗]<[@計画]", "formula_text_order", 6),
        ("TODAY()>[@実施日]", "formula_volatile", 1),
        ("[@計画]=A1", "formula_reference", 7),
        ("FILLED(PREVIOUS([@決算額]))", "formula_no_previous", 8),
        ("CHOICE_RANK([@記号])>1", "formula_no_rank", 1),
    ],
)
def test_a_formula_is_told_with_the_place_in_it(
    tmp_path: Path, formula: str, code: str, position: int
) -> None:
    quoted = formula.replace('"', '""')
    check = f'id,form,check,target,severity,message\nr,progress,"{quoted}",done,error,違います。\n'
    found = definition(tmp_path, rules=check)
    assert [(code, "rules", "C2")] == places(found)
    assert found.findings[0].params["position"] == position
    assert f"{position}文字目" in found.findings[0].message("ja")
    assert f"haracter {position}" in found.findings[0].message("en")


def test_fields_that_need_each_other_are_a_circle(tmp_path: Path) -> None:
    fields = GOOD["fields"].replace(
        "done,実施内容,text,,FILLED([@進捗])", "done,実施内容,text,,FILLED([@記号])"
    )
    fields = fields.replace("code,記号,text,,no", "code,記号,text,,FILLED([@実施内容])")
    found = definition(tmp_path, fields=fields)
    assert places(found) == [("formula_circle", "fields", "F4")]
    assert "実施内容 → 記号 → 実施内容" in found.findings[0].message("ja")


def test_a_heading_with_its_unit_must_be_new_too(tmp_path: Path) -> None:
    """Two columns of one heading could not be told apart in a return."""
    fields = GOOD["fields"].replace("width,hint", "width,unit").replace("no,40,例：増やした", "no,,")
    fields = fields.replace("0,1000000.5,,,,,", "0,1000000.5,,,,,千円")
    assert definition(tmp_path, fields=fields).usable().forms[0].by_id["cost"].heading == "決算額（千円）"
    twice = definition(tmp_path, fields=fields.replace("count,件数", "count,決算額（千円）"))
    assert [(one.code, one.cell) for one in twice.findings] == [("plan_duplicate", "C7")]


def test_a_rule_may_point_at_a_field_by_id_or_label(tmp_path: Path) -> None:
    by_id = definition(tmp_path, rules=GOOD["rules"].replace("決算額,warning", "cost,warning")).usable()
    by_label = definition(tmp_path).usable()
    assert by_id.forms[0].rules == by_label.forms[0].rules


def test_a_rule_at_what_the_department_does_not_fill_says_so(tmp_path: Path) -> None:
    found = definition(tmp_path, rules=GOOD["rules"].replace("決算額,warning", "planned,warning"))
    assert "様式に記入する項目ではありません" in found.findings[0].message("ja")
    assert "進捗 / 実施内容" in found.findings[0].remedy("ja")


@pytest.mark.parametrize("sign", ["*実施", "実施?", "実~施", "<実施", "=実施", ">実施"])
def test_choices_with_signs_that_formulas_read_differently_are_refused(tmp_path: Path, sign: str) -> None:
    choices = GOOD["choices"] + f"other,{sign},,,,\n"
    assert places(definition(tmp_path, choices=choices)) == [("plan_choice_sign", "choices", "B5")]


# --- what may follow what ---------------------------------------------------------------------------


def with_after(*cells: str) -> str:
    """The table of choices with other cells of the column `after`."""
    head, *found = GOOD["choices"].splitlines()
    kept = [f"{line.rpartition(',')[0]},{cell}" for line, cell in zip(found, cells, strict=True)]
    return "\n".join([head, *kept]) + "\n"


@pytest.mark.parametrize(
    ("cells", "after"),
    [
        (("", "", ""), ((), (), ())),  # nothing is restricted
        (("", "検討", "実施"), (("",), ("検討",), ("実施",))),  # an empty cell: only to begin with
        (("-|検討", "－ ｜検討", "ー|実施"), (("", "検討"), ("", "検討"), ("", "実施"))),
        (("-", "-", "-"), (("",), ("",), ("",))),
    ],
)
def test_what_may_follow_what_is_read_of_each_choice(
    tmp_path: Path, cells: tuple[str, ...], after: tuple[tuple[str, ...], ...]
) -> None:
    fields = GOOD["fields"].replace("status,yes,department", "status,no,department")
    found = definition(tmp_path, choices=with_after(*cells), fields=fields)
    assert places(found) == []
    assert tuple(one.after for one in found.usable().lists["status"]) == after


def test_what_a_choice_follows_may_be_spelled_in_any_accepted_way_and_is_told(tmp_path: Path) -> None:
    found = definition(tmp_path, choices=with_after("-|検討中", "▵|実施済|実施", "検 討|◯|運用"))
    assert places(found) == [("plan_read_as", "choices", cell) for cell in ("F2", "F3", "F3", "F4", "F4")]
    assert {one.severity for one in found.findings} == {Severity.NOTICE}
    assert found.usable().lists == definition(tmp_path).usable().lists


def test_what_a_choice_follows_is_not_guessed(tmp_path: Path) -> None:
    found = definition(tmp_path, choices=with_after("-|検討", "検討|実施", "検討|●|運用"))
    assert places(found) == [("plan_unknown_choice", "choices", "F4")]
    assert "実施 / 運用" in found.findings[0].remedy("ja")


def test_a_dash_that_is_a_choice_of_the_list_means_that_choice(tmp_path: Path) -> None:
    choices = with_after("-|検討", "検討|実施", "検討|実施|運用") + "status,－,0,,,\n"
    found = definition(tmp_path, choices=choices).usable()
    assert [one.after for one in found.lists["status"]] == [
        ("－", "検討"),
        ("検討", "実施"),
        ("検討", "実施", "運用"),
        ("",),
    ]


def test_a_choice_that_nothing_leads_to_is_a_warning(tmp_path: Path) -> None:
    found = definition(tmp_path, choices=with_after("-|検討", "運用|実施", "実施|運用"))
    assert places(found) == [("plan_order_unreached", "choices", cell) for cell in ("F3", "F4")]
    assert {one.severity for one in found.findings} == {Severity.WARNING}
    assert found.plan is not None


def test_a_field_whose_list_has_an_order_must_show_the_previous_value(tmp_path: Path) -> None:
    fields = GOOD["fields"].replace("status,yes,department,,yes", "status,yes,department,,no")
    rules = GOOD["rules"].splitlines()[0] + "\n"
    assert places(definition(tmp_path, fields=fields, rules=rules)) == [
        ("plan_order_no_previous", "fields", "I3")
    ]
    free = definition(tmp_path, fields=fields, rules=rules, choices=with_after("", "", ""))
    assert places(free) == []


def test_a_required_field_after_an_end_is_a_warning(tmp_path: Path) -> None:
    choices = with_after("-|検討", "検討", "検討")
    found = definition(tmp_path, choices=choices)
    assert places(found) == [("plan_order_dead_end", "fields", "F3")]
    assert found.findings[0].severity is Severity.WARNING
    assert "実施 / 運用" in found.findings[0].message("ja")
    formula = '"PREVIOUS([@進捗])<>""実施"""'
    fields = GOOD["fields"].replace("status,yes,department", f"status,{formula},department")
    assert places(definition(tmp_path, choices=choices, fields=fields)) == []


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ("実施", "検討", "平成25年度が「実施」なので、「進捗」は「検討」になりません"),
        ("", "運用", "平成25年度が「-」なので、「進捗」は「運用」になりません"),
        ("実施", "運用", ""),
        ("", "検討", ""),
        ("実施", "", ""),
    ],
)
def test_records_that_could_not_have_followed_each_other_are_a_warning(
    tmp_path: Path, then: str, now: str, told: str
) -> None:
    records = GOOD["records"].replace("H25,001,実施,実施", f"H25,001,実施,{then}")
    found = definition(tmp_path, records=records.replace("H26,001,運用,", f"H26,001,運用,{now}"))
    assert places(found) == ([("plan_record_order", "records", "E4")] if told else [])
    for one in found.findings:
        assert (one.severity, one.item, one.period, one.value) == (Severity.WARNING, "001", "H26", now)
        assert one.message("ja") == told


def test_what_was_first_written_down_follows_nothing_that_is_known(tmp_path: Path) -> None:
    records = GOOD["records"].replace("H25,001,実施,実施", "H25,001,実施,")
    records = records.replace("1-2,検討,検討", "1-2,検討,").replace("H26,001,運用,", "H26,001,運用,運用")
    assert places(definition(tmp_path, records=records)) == []


@pytest.mark.parametrize("table", ["periods", "departments", "items", "forms", "fields"])
def test_a_table_without_lines_is_told_below_its_headings(tmp_path: Path, table: str) -> None:
    only_headings = GOOD[table].splitlines()[0] + "\n"
    assert ("plan_empty", table, "A2") in places(definition(tmp_path, **{table: only_headings}))


def test_an_empty_plan_is_told_table_by_table(tmp_path: Path) -> None:
    empty = {table: content.splitlines()[0] + "\n" for table, content in GOOD.items()}
    assert [
        *[("plan_setting_missing", "plan", "A1")] * 3,
        *(("plan_empty", table, "A2") for table in ("periods", "departments", "items", "forms", "fields")),
    ] == places(definition(tmp_path, **empty))


def test_a_setting_without_value_is_told_beside_its_name(tmp_path: Path) -> None:
    plan = GOOD["plan"].replace("title,浜市ICT計画", "title,")
    assert places(definition(tmp_path, plan=plan)) == [("plan_setting_missing", "plan", "B3")]


# --- what only the whole plan shows -----------------------------------------------------------------


def test_a_department_without_items_is_only_a_notice(tmp_path: Path) -> None:
    found = definition(tmp_path, departments=GOOD["departments"] + "D3,水道課,,,,,\n")
    assert places(found) == [("plan_department_idle", "departments", "A4")]
    assert found.findings[0].severity is Severity.NOTICE
    assert found.findings[0].value == "D3"
    assert found.plan is not None


@pytest.mark.parametrize("word", ["同上", "〃", "々", "ditto"])
def test_a_goal_that_only_points_at_the_row_above_is_a_warning(word: str, tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace("目標2,窓口,納付", f"{word},窓口,納付"))

    assert places(found) == [("plan_ditto", "items", "B4")]
    assert found.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize("word", ["別紙のとおり", "別添参照", "see attached"])
def test_a_goal_that_only_points_at_other_papers_is_a_warning(word: str, tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace("目標2,窓口,納付", f"{word},窓口,納付"))

    assert places(found) == [("plan_elsewhere", "items", "B4")]
    assert found.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("printed", "value", "decimals"),
    [
        ("£4.3m", 4_300_000, -5),
        ("£5,376.80", 5376.8, 2),
        ("-£12k", -12_000, -3),
        ("£1.25 million", 1_250_000, -4),
        ("GBP 5376", 5376, 0),
        ("£0.5m", 500_000, -5),
    ],
)
def test_a_figure_printed_as_money_is_read_with_its_decimals_and_told(
    printed: str, value: float, decimals: int, tmp_path: Path
) -> None:
    found = definition(tmp_path, published=GOOD["published"].replace("H25,2", f'H25,"{printed}"'))

    assert found.plan is not None
    assert (found.plan.published[0].value, found.plan.published[0].decimals) == (value, decimals)
    assert places(found) == [("plan_cell_read", "published", "E2")]
    assert f"{value:,}" in found.findings[0].message("en")


@pytest.mark.parametrize("printed", ["£4m-£5m", "about £5", "£", "£five", "£5 and more"])
def test_what_is_no_amount_of_money_is_no_figure(printed: str, tmp_path: Path) -> None:
    found = definition(tmp_path, published=GOOD["published"].replace("H25,2", f"H25,{printed}"))

    assert places(found) == [("plan_not_number", "published", "E2")]


def test_two_items_of_one_group_with_the_same_title_are_a_warning(tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace("目標2,窓口,納付", "目標1,窓口,納 付"))
    assert places(found) == [("plan_same_title", "items", "D4")]
    assert found.findings[0].severity is Severity.WARNING
    assert found.plan is not None


@pytest.mark.parametrize(
    ("setting", "column"),
    [
        ({"filled_by": "formula", "formula": "[@cost]*2", "min": "0"}, "min"),
        ({"filled_by": "formula", "formula": "[@cost]*2", "unique": "yes"}, "unique"),
        ({"filled_by": "formula", "formula": "[@cost]*2", "required": "yes"}, "required"),
        ({"filled_by": "office", "unique": "yes"}, "unique"),
        ({"type": "choice", "list": "status", "previous": "yes", "pattern": "[A-Z]+"}, "pattern"),
        ({"type": "whole", "max_length": "3"}, "max_length"),
        ({"type": "text", "min": "1"}, "min"),
        ({"type": "text", "list": "status"}, "list"),
    ],
)
def test_a_setting_that_does_nothing_is_told(tmp_path: Path, setting: dict[str, str], column: str) -> None:
    columns = GOOD["fields"].strip().splitlines()[0].split(",")
    columns += [name for name in setting if name not in columns]
    cells = {
        "form": "progress",
        "id": "extra",
        "label": "追加",
        "type": "number",
        "filled_by": "department",
    } | setting
    lines = [
        ",".join(columns),
        *GOOD["fields"].strip().splitlines()[1:],
        ",".join(cells.get(c, "") for c in columns),
    ]
    found = definition(tmp_path, fields="\n".join(lines) + "\n")

    idle = [one for one in found.findings if one.code == "plan_setting_idle"]
    assert [one.field for one in idle] == [column]
    assert found.plan is not None


def test_a_setting_of_no_is_no_setting(tmp_path: Path) -> None:
    assert [one for one in definition(tmp_path).findings if one.code == "plan_setting_idle"] == []


def test_a_record_outside_its_bounds_is_told(tmp_path: Path) -> None:
    found = definition(
        tmp_path, records=GOOD["records"].replace(",1200.5,2013-05-01,12,", ",-1,2011-05-01,120,")
    )

    assert [(one.code, one.field, one.value) for one in found.findings] == [
        ("plan_record_range", "cost", "-1"),
        ("plan_record_range", "day", "2011-05-01"),
        ("plan_record_range", "count", "120"),
    ]
    assert found.plan is not None


def test_a_goal_spelled_in_two_ways_is_a_warning(tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace("目標1,", "目標１,", 1))
    assert [one.code for one in found.findings] == ["plan_spelled_otherwise"]
    assert found.findings[0].severity is Severity.WARNING
    assert "「目標1」は2行目の「目標１」と表記だけが違います" in found.findings[0].message("ja")
    assert found.plan is not None


def test_what_the_office_left_blank_is_told_at_the_record(tmp_path: Path) -> None:
    found = definition(tmp_path, records=GOOD["records"].replace("H26,003,実施", "H26,003,　"))
    assert places(found) == [("plan_office_blank", "records", "D5")]
    one = found.findings[0]
    assert (one.form, one.period, one.item, one.field) == ("progress", "H26", "003", "planned")
    assert "平成26年度の 003 納付 に「計画」が書かれていません" in one.message("ja")


def test_a_missing_record_is_told_at_the_heading(tmp_path: Path) -> None:
    records = GOOD["records"].replace("progress,H26,003,実施,,,,,,\n", "")
    found = definition(tmp_path, records=records)
    assert places(found) == [("plan_office_blank", "records", "D1")]
    assert found.findings[0].item == "003"


def test_a_column_that_the_office_must_fill_is_told_once(tmp_path: Path) -> None:
    records = GOOD["records"].replace("planned", "late")
    assert places(definition(tmp_path, records=records)) == [("plan_office_column", "records", "A1")]


def test_a_period_without_records_and_an_item_that_has_ended_want_none(tmp_path: Path) -> None:
    later = GOOD["periods"] + "H27,平成27年度,2015,2015\n"
    assert places(definition(tmp_path, periods=later)) == []  # 1-2 ends with H25 and has no record of H26
    assert places(definition(tmp_path, records=None)) == []


def test_what_a_record_was_read_as_is_disclosed(tmp_path: Path) -> None:
    found = definition(tmp_path, records=GOOD["records"].replace("1-2,検討,検討", "1-2,検討,検討中"))
    assert places(found) == [("plan_read_as", "records", "E3")]
    assert found.findings[0].severity is Severity.NOTICE
    assert found.usable().known("progress", "H25", "1-2")["actual"] == "検討"


def test_records_may_be_headed_by_labels_of_any_width(tmp_path: Path) -> None:
    labelled = GOOD["records"].replace(
        "form,period,item,planned,actual,done,cost,day,count,code",
        "様式,期間,番号,計画,進捗,実施内容,決算額,ＤＡＹ,件 数,記号",
    )
    found = definition(tmp_path, records=labelled)
    assert places(found) == []
    assert found.usable().records == definition(tmp_path).usable().records


def test_only_what_the_sheet_shows_can_be_named_in_a_formula(tmp_path: Path) -> None:
    """An item's column that no item fills stands on no sheet."""
    items = (
        GOOD["items"]
        .replace("手続を増やす。", "")
        .replace("払い方を増やす。", "")
        .replace("新しい払い方。", "")
    )
    rules = GOOD["rules"].replace("BLANK([@実施内容])", "BLANK([@概要])")
    assert places(definition(tmp_path, rules=rules)) == []
    assert places(definition(tmp_path, rules=rules, items=items)) == [
        ("formula_unknown_column", "rules", "C2")
    ]


def test_the_hidden_sheet_has_one_name() -> None:
    assert HIDDEN_SHEET == STAMP_SHEET


# --- words ------------------------------------------------------------------------------------------


def test_settings_and_words_are_read_in_either_language(tmp_path: Path) -> None:
    plan = "項目,内容\n計画の記号,hama\n計画の名称,浜市ICT計画\n団体名,浜市\n事務局,情報課\n"
    plan += "言語,日本語\n年度の開始月,４\n暦,和暦\n"
    fields = (
        GOOD["fields"].replace("choice", "選択").replace("department", "所管課").replace(",yes,", ",はい,")
    )
    told = definition(tmp_path, plan=plan + "問い合わせ先,内線 1\n", fields=fields)
    assert places(told) == []
    assert told.usable() == definition(tmp_path).usable()


@pytest.mark.parametrize(("written", "required"), [("○", True), ("はい", True), ("", False), ("no", False)])
def test_required_takes_words_as_well_as_a_formula(tmp_path: Path, written: str, required: bool) -> None:
    fields = GOOD["fields"].replace("FILLED([@進捗])", written)
    assert definition(tmp_path, fields=fields).usable().forms[0].by_id["done"].required is required


# --- where there is no plan -------------------------------------------------------------------------


def test_a_plan_with_errors_is_one_line_that_names_the_first(tmp_path: Path) -> None:
    found = definition(tmp_path, items=GOOD["items"].replace(",D2,", ",D9,").replace(",H26,", ",H27,"))
    with pytest.raises(PlanError) as told:
        found.usable()
    assert isinstance(told.value, DefinitionError)
    assert "2件" in told.value.message("ja")
    assert "items.csv F3：部署「D9」" in told.value.message("ja")
    assert "(items.csv F3: There is no department D9)" in told.value.message("en")


def test_a_folder_without_tables_is_no_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as told:
        read_definition(folder(tmp_path, **dict.fromkeys(GOOD)))
    assert told.value.key == "no_tables"
