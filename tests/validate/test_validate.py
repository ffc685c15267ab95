"""Returns judged: each check has a row that breaks it, reported once at its cell, and a row that does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from judgements import ITEM, findings_of
from returns import (
    TABLES,
    Tables,
    changed,
    department_of,
    form_of,
    judged,
    period_of,
    plan_of,
    sample_plan,
    submission,
)

from xlplan.fields.checks import Check, CheckKind
from xlplan.fields.numbering import checks_of
from xlplan.form.issuing import rows_of
from xlplan.form.layout.entry import EntryLayout
from xlplan.language.codes import Severity
from xlplan.model.finding import Finding
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, Submission
from xlplan.validate.judging import judge


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.written_code, one.field) for one in findings]


# form, what breaks it, its finding (code, field), its words, what does not break it
BROKEN = {
    "required": ("report", {"done": None}, "required_text", "実施内容を入力してください", {"done": "x"}),
    "required choice": ("report", {"actual": None}, "required_choice", "進捗を選んでください", {}),
    "required by formula": (
        *("report", {"actual": "検討", "note": "", "reason": None}, "required_choice"),
        *("遅れの理由を選んでください", {"actual": "検討", "reason": "予算"}),
    ),
    "error value": (
        "report",
        {"done": "#REF!"},
        "error_value",
        "実施内容がエラー値になっています",
        {"done": "#REF"},
    ),
    "whole number": (
        "report",
        {"places": 2.5},
        "type_whole_decimal",
        "箇所数は整数で入力してください（小数は使えません）",
        {"places": 2},
    ),
    "whole number in words": (
        "report",
        {"places": "三つ"},
        "type_whole",
        "箇所数は整数で入力してください（小数は使えません）",
        {"places": 3},
    ),
    "number": (
        "report",
        {"rate": "三割"},
        "type_number",
        "割合は数値で入力してください",
        {"places": 1, "rate": 2.5},
    ),
    "date": (
        "report",
        {"started": "来月"},
        "type_date",
        "開始日は日付で入力してください",
        {"started": date(2024, 5, 1)},
    ),
    "no such day": (
        "report",
        {"started": "2024/4/31"},
        "type_date_none",
        "開始日の「2024/4/31」という日はありません",
        {"started": date(2024, 4, 30)},
    ),
    "list": (
        "report",
        {"actual": "完成"},
        "not_in_list",
        "進捗は選択肢から選んでください",
        {"actual": "拡充"},
    ),
    "near a choice": (
        "report",
        {"actual": "検討する"},
        "not_in_list_near",
        "進捗は選択肢から選んでください",
        {},
    ),
    "whole too small": (
        "report",
        {"places": 0},
        "out_of_range",
        "箇所数は1から50までで入力してください",
        {"places": 1},
    ),
    "whole too large": (
        "report",
        {"places": 51},
        "out_of_range",
        "箇所数は1から50までで入力してください",
        {"places": 50},
    ),
    "number too small": (
        "money",
        {"cost": -1},
        "below_minimum",
        "決算額は0以上で入力してください",
        {"cost": 0},
    ),
    "date too early": (
        *("report", {"started": date(2020, 3, 31)}, "out_of_range"),
        *("開始日は令和2年4月1日から令和12年3月31日までで入力してください", {"started": date(2024, 4, 1)}),
    ),
    "date too late": (
        *("report", {"started": date(2030, 4, 1)}, "out_of_range"),
        *("開始日は令和2年4月1日から令和12年3月31日までで入力してください", {"started": date(2025, 3, 31)}),
    ),
    "too long": (
        "report",
        {"done": "あ" * 21},
        "too_long",
        "実施内容は20文字以内で入力してください",
        {"done": "あ" * 20},
    ),
    "pattern": ("report", {"code": "A-1"}, "wrong_pattern", "記号の書き方が違います", {"code": "AB-1"}),
    "rule": (
        *("report", {"actual": "検討", "reason": "その他"}, "rule:other_needs_note", "補足がありません。"),
        {"actual": "検討", "reason": "その他", "note": "協議中"},
    ),
    "rule over a date": (
        *("report", {"started": date(2025, 4, 1)}, "rule:in_the_year", "年度の外です。"),
        {"started": date(2025, 3, 31)},
    ),
    "rule over numbers": (
        *(
            "report",
            {"places": 2, "rate": 30},
            "rule:share_small",
            "割合が大きすぎます。",
            {"places": 3, "rate": 30},
        ),
    ),
    "rule over a computed field": (
        *("report", {"actual": "検討", "reason": None, "note": "協議中"}, "required_choice"),
        *("遅れの理由を選んでください", {"actual": "検討", "reason": "予算", "note": "協議中"}),
    ),
    "undecided rule": (
        "report",
        {"rate": 5},
        "undecided",
        "割合を確かめられません",
        {"rate": 5, "places": 1},
    ),
}
TARGETS = {"rule": "note", "required by formula": "reason", "rule over a computed field": "reason"}
TARGETS |= {"rule over numbers": "rate"}
NEEDLESS = {"rule:not_backwards"}


@pytest.mark.parametrize("name", BROKEN)
def test_each_check_reports_its_row_once_at_its_cell(name: str) -> None:
    form, cells, code, message, _ = BROKEN[name]
    found = [one for one in findings_of(sample_plan(), cells, form=form) if one.written_code not in NEEDLESS]
    field = TARGETS.get(name, next(iter(cells)))
    assert codes(found) == [(code, field)]
    assert found[0].message("ja") == message
    layout = EntryLayout(form_of(sample_plan(), form), sample_plan(), period_of(sample_plan()), 1)
    letters = layout.field_column(layout.form.by_id[field]).letters
    assert (found[0].sheet, found[0].cell, found[0].item) == (layout.form.title, f"{letters}6", ITEM)


@pytest.mark.parametrize("name", BROKEN)
def test_each_check_leaves_a_right_row_alone(name: str) -> None:
    form, _, _, _, cells = BROKEN[name]
    found = [one for one in findings_of(sample_plan(), cells, form=form) if one.written_code not in NEEDLESS]
    assert codes(found) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_finding_says_what_is_wrong_and_what_to_do_in_both_languages(name: str) -> None:
    form, cells, code, _, _ = BROKEN[name]
    found = next(one for one in findings_of(sample_plan(), cells, form=form) if one.written_code == code)
    for language in ("ja", "en"):
        assert found.message(language)
        assert found.remedy(language)
        assert "{label" not in found.message(language) + found.remedy(language)


def test_a_warning_of_a_rule_is_a_warning_and_an_undecided_one_an_error() -> None:
    [warned] = findings_of(sample_plan(), {"cost": 1500}, form="money")
    assert (warned.written_code, warned.severity) == ("rule:within_budget", Severity.WARNING)
    [undecided] = findings_of(sample_plan(), {"cost": 0}, form="money", item="A-2")
    assert (undecided.code, undecided.severity) == ("undecided", Severity.ERROR)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("来月", "例：2024/4/1（令和6年4月1日）"),
        ("2024/4/31", "月と日を確かめてください。例：2024/4/1（令和6年4月1日）"),
    ],
)
def test_an_example_lies_in_the_period_and_is_written_by_the_plan_s_calendar(typed: str, said: str) -> None:
    [found] = findings_of(sample_plan(), {"started": typed})
    assert found.remedy("ja") == said


def test_an_example_lies_within_the_bounds_of_the_field() -> None:
    plan = plan_of(changed(TABLES, "fields", "2020-04-01|2030-03-31", "2024-08-10|2030-03-31"))
    [found] = findings_of(plan, {"started": "来月"})
    assert found.remedy("ja") == "例：2024/8/10（令和6年8月10日）"


@pytest.mark.parametrize(("typed", "near"), [(1450.6, "1,451"), ("0.5", "1")])
def test_a_decimal_says_that_none_can_stand_here_and_what_to_type(typed: object, near: str) -> None:
    [found] = findings_of(sample_plan(), {"places": typed})
    [live] = [
        one.message("ja")
        for one in checks_of(form_of(sample_plan(), "report"), sample_plan(), period_of(sample_plan()))
        if one.field.id == "places" and one.kind is CheckKind.TYPE
    ]
    assert found.message("ja") == live == "箇所数は整数で入力してください（小数は使えません）"
    assert found.remedy("ja") == f"四捨五入などで整数にして入力してください。例：{near}"


@pytest.mark.parametrize("day", [date(2020, 4, 1), date(2030, 3, 31)])
def test_the_first_and_the_last_day_of_a_range_lie_within_it(day: date) -> None:
    assert codes(findings_of(sample_plan(), {"started": day})) == [("rule:in_the_year", "started")]


def test_a_near_choice_is_suggested() -> None:
    [found] = findings_of(sample_plan(), {"actual": "拡充する"})
    assert "「拡充」ではありませんか" in found.remedy("ja")


@pytest.mark.parametrize("typed", [None, "", "　", " ", " 　\n"])
def test_spaces_are_blank(typed: object) -> None:
    [found] = findings_of(sample_plan(), {"done": typed})
    assert found.code == "required_text"


# --- the gate --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["#N/A", "完成", 12.0])
def test_one_wrong_cell_gives_one_finding_though_rules_and_requirements_rest_on_it(typed: object) -> None:
    found = findings_of(sample_plan(), {"actual": typed, "reason": None, "note": "協議中"})
    assert [one.field for one in found] == ["actual"]


def test_a_blank_that_is_missing_closes_the_gate_too() -> None:
    assert codes(findings_of(sample_plan(), {"actual": None})) == [("required_choice", "actual")]


def test_a_rule_is_asked_again_once_the_column_it_names_is_in_order() -> None:
    cells = {"started": "2025年4月1日", "places": 0}
    assert codes(findings_of(sample_plan(), cells)) == [
        ("out_of_range", "places"),
        ("rule:in_the_year", "started"),
        ("read_as", "started"),
    ]


def test_a_rule_knows_what_its_item_is() -> None:
    rule = 'of_group|report|[@group]<>"二"|note|error|二では使えません。|直してください。|'
    plan = plan_of({**TABLES, "rules": TABLES["rules"].rstrip() + "\n" + rule})
    [found] = judged(plan, submission(plan, "D1", {}))

    assert [one.item for one in found.findings if one.written_code == "rule:of_group"] == ["A-3"]


def test_one_and_true_are_two_values_to_a_rule_as_on_the_sheet() -> None:
    field = "report|mixed|混在|number||no|formula|IF([@箇所数]=2,TRUE,[@箇所数])||||||"
    rule = "numeric|report|ISNUMBER([@混在])|places|error|数ではありません。|直してください。|"
    tables = {
        name: TABLES[name].rstrip() + "\n" + line for name, line in (("fields", field), ("rules", rule))
    }
    plan = plan_of({**TABLES, **tables})

    for first, second in ((1, 2), (2, 1)):
        [found] = judged(plan, submission(plan, "D1", {("A-1", "places"): first, ("A-2", "places"): second}))
        broken = [one.item for one in found.findings if one.written_code == "rule:numeric"]
        assert broken == ["A-1" if first == 2 else "A-2"]


def test_a_requirement_that_cannot_be_decided_is_one() -> None:
    tables = changed(TABLES, "fields", "[@予算額]>0", "1/[@予算額]>0")
    assert codes(findings_of(plan_of(tables), {"cost": None, "paid": None}, form="money", item="A-2")) == [
        ("required_text", "cost")
    ]


def test_a_rule_holds_from_its_period_on() -> None:
    rule = "later|report|FALSE|note|error|いつも違います。|直せません。|{}"
    for period, expected in (("R6", ["rule:later"]), ("R5", ["rule:later"])):
        tables = {**TABLES, "rules": TABLES["rules"].rstrip() + "\n" + rule.format(period)}
        assert [one.written_code for one in findings_of(plan_of(tables), {})] == expected
    early = plan_of({**TABLES, "rules": TABLES["rules"].rstrip() + "\n" + rule.format("R6")})
    assert "later" not in {check.rule.id for check in _checks(early, "R5") if check.rule}


def _checks(plan: Plan, period: str) -> tuple[Check, ...]:
    found = plan.period(period)
    assert found is not None
    return checks_of(plan.forms[0], plan, found)


# --- unique ----------------------------------------------------------------------------------------


def duplicates(*batch: Submission) -> list[list[str]]:
    return [
        [one.item for one in verdict.findings if one.code == "duplicate"]
        for verdict in judged(sample_plan(), *batch)
    ]


def test_a_value_twice_in_a_return_is_reported_at_both_cells() -> None:
    one = submission(sample_plan(), "D1", {("A-1", "code"): "AB-1", ("A-3", "code"): "AB-1"})
    assert duplicates(one) == [["A-1", "A-3"]]


def test_a_value_in_two_departments_is_reported_in_both_returns() -> None:
    first = submission(sample_plan(), "D1", {("A-1", "number"): 7, ("A-2", "number"): 8})
    second = submission(sample_plan(), "D3", {("C-1", "number"): 7})
    assert duplicates(first, second) == [["A-1"], ["C-1"]]


def test_blanks_are_no_duplicates_of_each_other_nor_of_zero() -> None:
    one = submission(sample_plan(), "D1", {("A-1", "number"): 0, ("A-2", "number"): None})
    assert duplicates(one) == [[]]


@pytest.mark.parametrize(("typed", "expected"), [("AB-1", ["A-1"]), ("AB-2", [])])
def test_a_value_taken_by_a_return_received_earlier_is_a_duplicate(typed: str, expected: list[str]) -> None:
    plan = sample_plan()
    one = submission(plan, "D1", {("A-1", "code"): typed})
    rows = rows_of(plan, period_of(plan), department_of(plan, "D1"))
    taken = {("report", "code"): frozenset({"AB-1"}), ("money", "code"): frozenset({"AB-2"})}
    [verdict] = judge(plan, period_of(plan), [(one, rows)], taken)
    assert [found.item for found in verdict.findings if found.code == "duplicate"] == expected


def test_neither_width_nor_the_spelling_of_kana_makes_a_difference() -> None:
    plan = plan_of(changed(TABLES, "fields", "[A-Z]{2}-[0-9]", ""))
    answers = {("A-1", "code"): "ア-1", ("A-2", "code"): "ｱ-1", ("A-3", "code"): "Ａ"}
    assert [
        [found.item for found in verdict.findings if found.code == "duplicate"]
        for verdict in judged(plan, submission(plan, "D1", answers))
    ] == [["A-1", "A-2"]]


def test_case_makes_no_difference_as_on_the_sheet() -> None:
    plan = plan_of(changed(TABLES, "fields", "[A-Z]{2}-[0-9]", ""))
    one = submission(plan, "D1", {("A-1", "code"): "ab-1", ("A-2", "code"): "AB-1"})
    assert [found.item for found in judged(plan, one)[0].findings if found.code == "duplicate"] == [
        "A-1",
        "A-2",
    ]


# --- a batch ---------------------------------------------------------------------------------------


def test_every_finding_leads_to_file_sheet_and_cell_of_its_return() -> None:
    plan = sample_plan()
    batch = [
        submission(plan, "D1", {("A-2", "done"): None}, file="一.xlsx"),
        submission(plan, "D2", {("B-2", "places"): 99}, file="二.xlsx"),
        submission(plan, "D3", {("C-1", "actual"): "?"}, file="三.xlsx"),
    ]
    # the second return has its sheet renamed, its columns moved and its rows further down
    [form] = batch[1].forms
    moved = replace(
        form,
        sheet="進捗報告 (2)",
        columns={name: f"A{letters}" for name, letters in form.columns.items()},
        rows=tuple(row._replace(row=row.row + 10) for row in form.rows),
    )
    batch[1] = replace(batch[1], forms=(moved,))
    found = {
        (one.file, one.department, one.period, one.sheet, one.cell, one.item, one.value)
        for verdict in judged(plan, *batch)
        for one in verdict.findings
        if one.severity is Severity.ERROR
    }
    letters = form.columns
    assert found == {
        ("一.xlsx", "D1", "R6", "進捗報告", f"{letters['done']}7", "A-2", ""),
        ("二.xlsx", "D2", "R6", "進捗報告 (2)", f"A{letters['places']}17", "B-2", "99"),
        # B-1 is planned up to 拡充, and 実施 needs a reason
        ("二.xlsx", "D2", "R6", "進捗報告 (2)", f"A{letters['reason']}16", "B-1", ""),
        ("三.xlsx", "D3", "R6", "進捗報告", f"{letters['actual']}6", "C-1", "?"),
    }


def test_pandera_sees_the_whole_batch_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    validate = pa.DataFrameSchema.validate

    def counted(self: pa.DataFrameSchema, frame: pd.DataFrame, **how: Any) -> object:
        seen.append((self.name, len(frame), how))
        return validate(self, frame, **how)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", counted)
    plan = sample_plan()
    judged(plan, *(submission(plan, name, {}) for name in ("D1", "D2", "D3")))
    assert seen == [("report", 6, {"lazy": True})]


def test_a_batch_finds_what_each_return_alone_would() -> None:
    plan = sample_plan()
    batch = [
        submission(plan, "D1", {("A-1", "actual"): "完成", ("A-3", "places"): "三"}),
        submission(plan, "D2", {("B-1", "done"): "#N/A"}),
        submission(plan, "D3", {}),
    ]
    together = [one.findings for one in judged(plan, *batch)]
    assert together == [judged(plan, one)[0].findings for one in batch]
    assert [bool(found) for found in together] == [True, True, False]


def test_records_hold_the_office_values_as_issued_and_the_answers_as_read() -> None:
    plan = sample_plan()
    one = submission(
        plan, "D3", {("C-1", "actual"): "実施済", ("C-1", "planned"): "拡充", ("C-1", "places"): "５"}
    )
    [verdict] = judged(plan, one)
    [record] = verdict.records
    assert dict(record.values) == {"planned": "実施", "actual": "実施", "done": "進めた。", "places": 5}
    assert (record.sheet, record.row, record.item) == ("進捗報告", 6, "C-1")


def test_what_was_read_otherwise_is_told_as_people_see_it() -> None:
    [found] = findings_of(sample_plan(), {"places": "５"})
    assert found.message("ja") == "箇所数の全角の「５」を半角にして「5」と読み替えました"
    assert found.severity is Severity.NOTICE


def test_a_number_kept_as_the_text_it_looks_like_is_nothing_to_tell() -> None:
    assert findings_of(sample_plan(), {"done": 12.0}) == []


def test_a_value_is_shown_as_it_stands_in_the_cell() -> None:
    [found] = findings_of(sample_plan(), {"places": 99.0})
    assert found.value == "99"


# --- columns that are gone -------------------------------------------------------------------------


def without(one: Submission, field: str) -> Submission:
    """The same return with one column gone."""
    [form] = one.forms
    at = list(form.columns).index(field)
    gone = ReturnedForm(
        form.form,
        form.sheet,
        {name: letters for name, letters in form.columns.items() if name != field},
        tuple(row._replace(values=row.values[:at] + row.values[at + 1 :]) for row in form.rows),
        missing=(field,),
    )
    return replace(one, forms=(gone,))


def test_a_missing_column_is_one_finding_and_closes_the_gate() -> None:
    one = without(submission(sample_plan(), "D3", {}), "actual")
    [verdict] = judged(sample_plan(), one)
    assert [(found.code, found.item, found.field) for found in verdict.findings] == [
        ("column_missing", "", "actual")
    ]


def test_a_rule_that_points_at_a_missing_column_still_reports_its_row() -> None:
    tables: Tables = changed(
        TABLES, "rules", "IN_FISCAL_YEAR([@開始日]))|started", "IN_FISCAL_YEAR([@開始日]))|note"
    )
    plan = plan_of(tables)
    one = without(submission(plan, "D3", {("C-1", "started"): date(2025, 4, 1)}), "note")
    found = [(one.written_code, one.item, one.cell) for one in judged(plan, one)[0].findings]
    assert found == [("column_missing", "", ""), ("rule:in_the_year", "C-1", "")]


def test_a_return_with_the_rows_of_another_department_is_one_finding_and_gives_no_record() -> None:
    """Whatever else is wrong with it: it has to be sent again in any case."""
    theirs = submission(sample_plan(), "D2", {("B-1", "done"): None}, file="D1.xlsx")
    mine = submission(sample_plan(), "D1", {})
    foreign = replace(theirs, stamp=mine.stamp)

    [first, second] = judged(sample_plan(), foreign, mine)

    assert [(one.code, one.severity, one.form) for one in first.findings] == [
        ("other_department", Severity.ERROR, "report")
    ]
    assert (first.findings[0].params["found"], first.records) == ("総務課", ())
    assert (second.findings, len(second.records)) == ((), 3)
