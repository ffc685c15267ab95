"""What may follow what: the same on the sheet, with LibreOffice as judge, in its dropdowns, and in the validator.

A plan of marks as they are used for projects over several periods: ○ planned, ◎ done, △ not begun, × given up, two
of them where a project is planned and decided within one period. One item for each previous value and each answer.
"""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from libreoffice import LibreOffice, Recalculated
from plans import SAMPLE, plan_of

from xlplan.fields.checks import CheckKind
from xlplan.fields.succession import Step, reached, steps
from xlplan.form.issuing import blank_order, prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.form.lists import followers_name
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import Order, SentBack
from xlplan.form.write.workbook import form_workbook
from xlplan.language.codes import Severity
from xlplan.model.finding import Finding
from xlplan.model.form import Choice
from xlplan.model.plan import Plan
from xlplan.validate.judging import judge

NOW = datetime(2015, 4, 10, 9, 0)

CHOICES = """
list,value,after
mark,○/◎,-
mark,○/△,
mark,○/×,-
mark,○,
mark,△,○/△|△|○
mark,△/◎,○/△ | △ | ○
mark,△/×,〇／△|△|○
mark,◎,○/◎|△/◎|◎|○
"""
FIELDS = """
form,id,label,type,list,required,filled_by,previous,hint
marks,mark,達成,choice,mark,"OR(BLANK(PREVIOUS([@達成])),PREVIOUS([@達成])=""△"",PREVIOUS([@達成])=""○/△"",PREVIOUS([@達成])=""○"")",department,yes,印を選びます。
marks,note,備考,text,,FILLED([@達成]),department,no,
"""
FOLLOWERS: Mapping[str, str] = {
    "": "○/◎ ○/△ ○/× ○",
    "○/◎": "◎",
    "○/△": "△ △/◎ △/×",
    "○/×": "",
    "○": "△ △/◎ △/× ◎",
    "△": "△ △/◎ △/×",
    "△/◎": "◎",
    "△/×": "",
    "◎": "◎",
}
"""What may follow each value, as people would say it."""

REQUIRED = ("", "○/△", "△", "○")
"""After these an answer must be given; after the others it may be left out."""

MARKS = tuple(one for one in FOLLOWERS if one)
TYPED = ("", *MARKS, "済", "●", "#N/A", "　")


def number(before: str, typed: str) -> str:
    """The id of the item that had one value and is answered with another."""
    return f"N-{list(FOLLOWERS).index(before)}-{TYPED.index(typed)}"


TOGETHER = [(before, typed) for before in FOLLOWERS for typed in TYPED[:7]]
MIXED = [(before, typed) for typed in TYPED[7:] for before in FOLLOWERS]
PAIRS = {number(*pair): pair for pair in (*TOGETHER, *MIXED)}
"""What was before and what is typed, by item: rows with one previous value stand both together and apart."""


@cache
def marks_plan(language: str = "ja") -> Plan:
    """Two periods, the marks, and an item for each pair."""
    items = ["id,goal,title,department", *(f"{one},目標,施策{one},D1" for one in PAIRS)]
    records = [f"marks,H25,{one},{before}" for one, (before, _) in PAIRS.items() if before]
    tables = {
        "plan": SAMPLE["plan"].replace("language,ja", f"language,{language}"),
        "periods": SAMPLE["periods"],
        "departments": "id,name\nD1,企画課\n",
        "items": "\n".join(items) + "\n",
        "choices": CHOICES,
        "forms": "id,title\nmarks,達成状況\n",
        "fields": FIELDS,
        "records": "\n".join(["form,period,item,mark", *records]) + "\n",
    }
    return plan_of(tables)


def issued(plan: Plan, period: int = 1, sent_back: SentBack | None = None) -> Order:
    """The workbook of the one department."""
    order = prepare(plan, plan.periods[period], plan.departments[0], None, NOW)[1]
    return replace(order, sent_back=sent_back)


def filled(order: Order) -> bytes:
    """The issued workbook with every answer typed into it."""
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(order)))
    layout = order.layout("marks")
    for at, row in enumerate(order.rows["marks"]):
        for name, value in (("mark", PAIRS[row.item][1]), ("note", "記入")):
            column = layout.column(ColumnKind.ENTRY, name)
            book[layout.form.title].cell(FIRST_ROW + at, column.index).value = value or None
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def judged(order: Order, data: bytes, folder: Path) -> tuple[Finding, ...]:
    """What the validator finds in a return."""
    path = folder / "returned.xlsx"
    path.write_bytes(data)
    [incoming] = take_in([path], order.plan)
    assert incoming.submission is not None
    [found] = judge(order.plan, order.period, [(incoming.submission, order.rows)])
    return found.findings


def expected(before: str, typed: str) -> str:
    """The code of what is wrong with an answer after a value; empty for nothing."""
    if not typed.strip():
        return "required_choice" if before in REQUIRED else ""
    if typed not in MARKS:
        return "error_value" if typed == "#N/A" else "not_in_list"
    if typed in FOLLOWERS[before].split():
        return ""
    return "order_begin" if not before else "order" if FOLLOWERS[before] else "order_end"


def row_of(order: Order, item: str) -> int:
    return FIRST_ROW + [row.item for row in order.rows["marks"]].index(item)


@pytest.fixture(scope="module")
def both(
    libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Order, Recalculated, tuple[Finding, ...]]:
    """The filled workbook, as LibreOffice and as the validator see it."""
    order = issued(marks_plan())
    data = filled(order)
    return order, libreoffice.recalculated(data), judged(order, data, tmp_path_factory.mktemp("both"))


def test_the_pairs_hold_every_kind_of_answer() -> None:
    assert {expected(*pair) for pair in PAIRS.values()} == {
        *("", "required_choice", "not_in_list", "error_value"),
        *("order", "order_begin", "order_end"),
    }


@pytest.mark.parametrize("before", FOLLOWERS)
def test_the_validator_finds_what_may_not_follow(
    both: tuple[Order, Recalculated, tuple[Finding, ...]], before: str
) -> None:
    order, _, findings = both
    letters = order.layout("marks").column(ColumnKind.ENTRY, "mark").letters
    found = {one.item: (one.code.removesuffix("_near"), one.field, one.cell) for one in findings}
    wanted = {
        number(before, typed): (code, "mark", f"{letters}{row_of(order, number(before, typed))}")
        for typed in TYPED
        if (code := expected(before, typed))
    }
    mine = {number(before, typed) for typed in TYPED}
    assert {item: one for item, one in found.items() if item in mine} == wanted
    assert len(found) == len(findings)


@pytest.mark.parametrize("before", FOLLOWERS)
def test_the_sheet_finds_the_same_as_the_validator(
    both: tuple[Order, Recalculated, tuple[Finding, ...]], before: str
) -> None:
    order, sheet, findings = both
    layout = order.layout("marks")
    title = layout.form.title
    said = {one.item: one for one in findings}
    check = layout.column(ColumnKind.CHECK, "check")
    for typed in TYPED:
        item = number(before, typed)
        row = row_of(order, item)
        numbers = [sheet[title, f"{one.letters}{row}"] for one in layout.problem_columns]
        failed = [layout.checks[int(float(str(one))) - 1] for one in numbers if one]
        assert [one.code for one in failed] == ([expected(before, typed)] if expected(before, typed) else [])
        shown = said[item].message("ja") if item in said else "OK"
        assert sheet[title, f"{check.letters}{row}"] == shown
        if failed and failed[0].step:
            assert failed[0].step == Step(before, tuple(FOLLOWERS[before].split()))


def test_the_values_that_are_saved_are_those_of_libreoffice(libreoffice: LibreOffice) -> None:
    """Excel's Protected View shows what was saved: a sent-back workbook holds answers of every kind."""
    values = {("marks", item, "mark"): typed for item, (_, typed) in PAIRS.items() if typed in MARKS}
    data = form_workbook(issued(marks_plan(), sent_back=SentBack(1, values, ())))
    title = "達成状況"
    saved, found = openpyxl.load_workbook(io.BytesIO(data), data_only=True), libreoffice.recalculated(data)
    formulas = [
        cell.coordinate
        for row in openpyxl.load_workbook(io.BytesIO(data))[title].iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 5 * len(PAIRS)
    cached = {one: saved[title][one].value for one in formulas}
    differing = [
        one for one, value in cached.items() if found[title, one] != ("" if value is None else value)
    ]
    assert differing == []


# --- the dropdown ----------------------------------------------------------------------------------


def offered(data: bytes, order: Order) -> list[list[str] | None]:
    """What the dropdown of each row offers; None where nothing can be entered."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    layout = order.layout("marks")
    sheet, letters = book[layout.form.title], layout.column(ColumnKind.ENTRY, "mark").letters
    found = []
    for at in range(len(order.rows["marks"])):
        [rule] = [
            one for one in sheet.data_validations.dataValidation if f"{letters}{FIRST_ROW + at}" in one.cells
        ]
        assert rule.allowBlank
        assert rule.showErrorMessage
        if rule.type == "custom":
            assert rule.formula1 == "FALSE"
            found.append(None)
        else:
            assert rule.type == "list"
            area = book.defined_names[rule.formula1].attr_text.partition("!")[2]
            found.append([str(cell.value) for (cell,) in book[STAMP_SHEET][area.replace("$", "")]])
    return found


def test_the_dropdown_of_each_row_offers_what_may_follow_and_after_an_end_nothing() -> None:
    order = issued(marks_plan())
    found = offered(form_workbook(order), order)
    wanted = [FOLLOWERS[PAIRS[row.item][0]].split() or None for row in order.rows["marks"]]
    assert found == wanted


def test_rows_of_one_previous_value_share_a_dropdown_with_its_message_and_hint() -> None:
    order = issued(marks_plan())
    sheet = openpyxl.load_workbook(io.BytesIO(form_workbook(order)))["達成状況"]
    rules = [one for one in sheet.data_validations.dataValidation if one.promptTitle == "達成"]
    assert len(rules) == len(FOLLOWERS)
    assert {one.prompt for one in rules} == {"印を選びます。"}
    checks = [one for one in order.layout("marks").checks if one.kind is CheckKind.ORDER]
    assert [one.error for one in rules] == [one.message("ja") for one in checks]


def test_in_the_first_period_and_on_the_blank_form_every_item_begins() -> None:
    plan = marks_plan()
    for order in (issued(plan, 0), blank_order(plan, plan.periods[1], NOW, rows=3)):
        found = offered(form_workbook(order), order)
        assert found == [FOLLOWERS[""].split()] * len(order.rows["marks"])
    first = [one for one in issued(plan, 0).layout("marks").checks if one.kind is CheckKind.ORDER]
    assert first[0].message("ja") == "達成に選べるのは○/◎、○/△、○/×、○です（前回の値がないため）"


def test_a_list_without_an_order_keeps_its_one_dropdown() -> None:
    order = issued(plan_of({**SAMPLE}))
    layout = order.layout("progress")
    assert not [one for one in layout.checks if one.kind is CheckKind.ORDER]
    sheet = openpyxl.load_workbook(io.BytesIO(form_workbook(order)))[layout.form.title]
    letters = layout.column(ColumnKind.ENTRY, "actual").letters
    [rule] = [one for one in sheet.data_validations.dataValidation if f"{letters}{FIRST_ROW}" in one.cells]
    assert rule.formula1 == "list_status"
    assert str(rule.sqref) == f"{letters}{FIRST_ROW}:{letters}{layout.last_row}"


def test_two_lists_have_names_of_their_own_for_each_step() -> None:
    names = [followers_name(one, at) for one in ("a b", "a_b", "1_a_b", "印") for at in (0, 1, 11)]
    assert len(set(names)) == len(names)


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "typed", "code", "message", "remedy"),
    [
        ("△", "◎", "order_near", "達成に選べるのは△、△/◎、△/×です（平成25年度が「△」のため）", "「△/◎」では"),
        ("○/△", "○/×", "order_near", "達成に選べるのは△、△/◎、△/×です", "「△/×」ではありませんか"),
        ("◎", "○/△", "order", "達成に選べるのは◎です（平成25年度が「◎」のため）", "選び直して"),
        ("", "◎", "order_begin_near", "達成に選べるのは○/◎、○/△、○/×、○です", "「○/◎」ではありませんか"),
        ("", "△/×", "order_begin_near", "平成25年度の値がないため", "「○/×」ではありませんか"),
        ("○/×", "△", "order_end", "達成は空欄にします（平成25年度の「○/×」で終わって", "値を消して"),
    ],
)
def test_a_finding_names_the_value_before_what_may_follow_and_what_to_do(
    both: tuple[Order, Recalculated, tuple[Finding, ...]],
    before: str,
    typed: str,
    code: str,
    message: str,
    remedy: str,
) -> None:
    [found] = [one for one in both[2] if one.item == number(before, typed)]
    assert (found.code, found.value, found.severity) == (code, typed, Severity.ERROR)
    assert message in found.message("ja")
    assert remedy in found.remedy("ja")
    for word in (before or "平成25年度", *FOLLOWERS[before].split()):
        assert word in found.message("en")
    assert found.remedy("en")


def test_a_plan_in_english_lists_what_may_follow_with_commas() -> None:
    checks = issued(marks_plan("en")).layout("marks").checks
    order = next(one for one in checks if one.step and one.step.before == "△")
    assert order.message("en") == "達成 can be △, △/◎, △/×, for it was △ in 平成25年度"


def test_what_looks_like_a_mark_is_read_before_its_order_is_asked(tmp_path: Path) -> None:
    order = issued(marks_plan())
    book = openpyxl.load_workbook(io.BytesIO(filled(order)))
    column = order.layout("marks").column(ColumnKind.ENTRY, "mark")
    for typed, value in (("△/◎", "▵／⊚"), ("◎", " ⊚ ")):
        book["達成状況"].cell(row_of(order, number("△", typed)), column.index).value = value
    stream = io.BytesIO()
    book.save(stream)
    found = judged(order, stream.getvalue(), tmp_path)
    told = {(one.item, one.code) for one in found if one.severity is Severity.NOTICE and one.item}
    assert told == {(number("△", "△/◎"), "read_as"), (number("△", "◎"), "read_as")}
    wrong = [one.code for one in found if one.item == number("△", "◎")]
    assert sorted(wrong) == ["order_near", "read_as"]


def test_where_the_order_is_broken_nothing_is_asked_that_rests_on_the_answer(tmp_path: Path) -> None:
    """A remark is required with every answer; beside a wrong one its lack is not told as well."""
    order = issued(marks_plan())
    book = openpyxl.load_workbook(io.BytesIO(filled(order)))
    column = order.layout("marks").column(ColumnKind.ENTRY, "note")
    for typed in ("◎", "△"):
        book["達成状況"].cell(row_of(order, number("△", typed)), column.index).value = None
    stream = io.BytesIO()
    book.save(stream)
    found = judged(order, stream.getvalue(), tmp_path)
    assert [one.field for one in found if one.item == number("△", "◎")] == ["mark"]
    assert [one.field for one in found if one.item == number("△", "△")] == ["note"]


# --- the order itself ------------------------------------------------------------------------------


def test_a_list_in_which_no_choice_says_what_it_follows_has_no_steps() -> None:
    assert steps((Choice("検討"), Choice("実施"))) == ()


def test_each_value_has_a_step_in_the_order_of_the_list() -> None:
    choices = (
        Choice("計画", after=("",)),
        Choice("完了", after=("計画", "完了")),
        Choice("中止", after=("計画",)),
    )
    assert steps(choices) == (
        Step("", ("計画",)),
        Step("計画", ("完了", "中止")),
        Step("完了", ("完了",)),
        Step("中止", ()),
    )
    assert reached(choices) == {"計画", "完了", "中止"}
    assert reached(choices[1:]) == frozenset()


@pytest.mark.parametrize(
    ("followers", "value", "near"),
    [
        (("△", "△/◎", "△/×"), "◎", "△/◎"),
        (("△", "△/◎", "△/×"), "○", ""),
        (("○/◎", "△/◎"), "◎", ""),
        (("検討中", "実施"), "検討", "検討中"),
        ((), "◎", ""),
    ],
)
def test_the_nearest_follower_is_one_that_holds_the_value_or_is_spelled_like_it(
    followers: tuple[str, ...], value: str, near: str
) -> None:
    assert Step("△", followers).nearest(value) == near
