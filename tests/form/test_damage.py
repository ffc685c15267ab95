"""Returns that are not as they were issued: what is read of them nevertheless, and what is told.

Each test makes the damage in openpyxl, as a hand would, or in the XML, as another program would.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import ElementTree, canonicalize, fromstring, indent

import pytest
from libreoffice import LibreOffice
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.worksheet import Worksheet
from returns import TABLES, Desk, changed, department_of, issue, period_of, plan_of, sample_plan, write_tables

from xlplan.definition.reading import read_definition
from xlplan.form.compare.alterations import Formulas
from xlplan.form.compare.stamp import stamp_findings
from xlplan.form.issuing import rows_of
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.form.read.opening import Opener
from xlplan.formula.addresses import column_letters
from xlplan.language.codes import Severity
from xlplan.language.messages import has, text
from xlplan.model.finding import Finding
from xlplan.model.handling import HANDLING
from xlplan.model.plan import Plan
from xlplan.model.submission import ReturnedForm, Submission
from xlplan.validate.judging import judge

ANSWER = {"A-1": "進めた。", "A-2": "進めた。", "A-3": "進めた。"}
SHEET = "進捗報告"


@pytest.fixture
def desk() -> Desk:
    """The workbook of D1, filled in with good answers."""
    return Desk(sample_plan(), "D1").fill()


def read(data: bytes, plan: Plan | None = None) -> Submission:
    """The return as read."""
    found = Opener.of(plan or sample_plan()).open("回答.xlsx", data)
    assert isinstance(found, Submission), found
    return found


def report(submission: Submission) -> ReturnedForm:
    return next(one for one in submission.forms if one.form == "report")


def answers(data: bytes, field: str = "done") -> dict[str, object]:
    """The raw values of one field, by item."""
    form = report(read(data))
    at = list(form.columns).index(field)
    return {row.item: row.values[at] for row in form.rows}


def found(data: bytes, plan: Plan | None = None) -> list[Finding]:
    """What is told of the form of progress, and of the whole."""
    plan = plan or sample_plan()
    one = read(data, plan)
    rows = rows_of(plan, period_of(plan), department_of(plan, one.stamp.department))
    [verdict] = judge(plan, period_of(plan), [(one, rows)])
    return [finding for finding in verdict.findings if finding.form in ("", "report")]


def codes(data: bytes) -> list[str]:
    return [one.code for one in found(data)]


def only(data: bytes, code: str) -> Finding:
    """The one finding of this kind."""
    [one] = [one for one in found(data) if one.code == code]
    for language in ("ja", "en"):
        assert one.message(language)
    return one


def letters(desk: Desk, kind: ColumnKind, name: str) -> str:
    return desk.layouts["report"].column(kind, name).letters


def edited(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same workbook with its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def with_cell(data: bytes, address: str, cell: str) -> bytes:
    """The same workbook with one cell of the form of progress written as `cell`, whose `{}` is the address."""
    pattern = rb'<c r="' + address.encode() + rb'"[^<>]*?(?:/>|>.*?</c>)'

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet2.xml":
            return part
        changed, count = re.subn(pattern, lambda _: cell.format(f'r="{address}"').encode(), part, count=1)
        assert count == 1
        return changed

    return edited(data, change)


# --- what the office had filled in -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "code", "field", "typed", "before"),
    [
        (ColumnKind.ATTRIBUTE, "title", "about_changed", "", "電子申請（改）", "電子申請"),
        (ColumnKind.ATTRIBUTE, "group", "about_changed", "", None, "一"),
        (ColumnKind.PREVIOUS, "done", "previous_changed", "done", "別の答え", "窓口を開いた。"),
        (ColumnKind.PREVIOUS, "actual", "previous_changed", "actual", None, "実施"),
        (ColumnKind.OFFICE, "planned", "office_changed", "planned", "検討", "実施"),
    ],
)
def test_a_changed_cell_of_the_office_is_told_with_both_values_and_its_cell(
    desk: Desk, kind: ColumnKind, name: str, code: str, field: str, typed: object, before: str
) -> None:
    cell = f"{letters(desk, kind, name)}6"
    desk.sheet()[cell] = typed
    [one] = found(desk.saved())
    assert (one.code, one.severity, one.item, one.field) == (code, Severity.WARNING, "A-1", field)
    assert (one.cell, one.params["before"], one.params["after"]) == (cell, before, typed or "")


@pytest.mark.parametrize("typed", ["　電子申請 ", "電子申請\n"])
def test_spaces_around_a_title_are_no_change(desk: Desk, typed: str) -> None:
    desk.sheet()[f"{letters(desk, ColumnKind.ATTRIBUTE, 'title')}6"] = typed
    assert codes(desk.saved()) == []


def test_an_answer_of_last_period_that_never_was_is_told(desk: Desk) -> None:
    cell = f"{letters(desk, ColumnKind.PREVIOUS, 'done')}8"  # A-3 had no answer
    desk.sheet()[cell] = "書き足した"
    one = only(desk.saved(), "previous_changed")
    assert (one.cell, one.params["before"], one.params["after"]) == (cell, "", "書き足した")


def test_where_the_ledger_did_not_keep_what_was_shown_nothing_is_compared(desk: Desk) -> None:
    desk.sheet()[f"{letters(desk, ColumnKind.ATTRIBUTE, 'title')}6"] = "別の名前"
    plan = sample_plan()
    rows = rows_of(plan, period_of(plan), department_of(plan, "D1"))
    old = {form: tuple(replace(row, about={}) for row in some) for form, some in rows.items()}
    [verdict] = judge(plan, period_of(plan), [(read(desk.saved()), old)])
    assert [one.code for one in verdict.findings if one.form == "report"] == []


def test_a_changed_title_asks_nothing_else() -> None:
    """What is shown of an item is no part of what it is asked."""
    plan = sample_plan()
    item = replace(plan.items[0], title="新しい名前")
    renamed = replace(plan, items=(item, *plan.items[1:]))
    owner, period = department_of(plan, "D1"), period_of(plan)
    before, after = rows_of(plan, period, owner), rows_of(renamed, period, owner)
    assert before == after
    assert before["report"][0].about["title"] != after["report"][0].about["title"]


# --- formulas, dropdowns, protection ---------------------------------------------------------------


def test_check_formulas_that_were_overwritten_are_told_with_their_column_and_rows(desk: Desk) -> None:
    check = desk.layouts["report"].column(ColumnKind.CHECK, "check")
    for row in (6, 8):
        desk.sheet().cell(row, check.index).value = "OK"
    one = only(desk.saved(), "formulas_lost")
    assert (one.told("labels", "ja"), one.told("rows", "ja"), one.severity) == (
        "チェック",
        "6、8",
        Severity.WARNING,
    )


def test_deleted_hidden_checks_and_an_overwritten_computed_field_are_told(desk: Desk) -> None:
    layout = desk.layouts["report"]
    desk.sheet().cell(7, layout.column(ColumnKind.COUNT, "count").index).value = None
    desk.sheet().cell(7, layout.column(ColumnKind.FORMULA, "judgement").index).value = "計画通り"
    one = only(desk.saved(), "formulas_lost")
    assert (one.told("labels", "ja"), one.told("rows", "ja")) == ("判定、チェック", "7")


def test_a_table_pasted_as_values_is_read_and_told_once(desk: Desk) -> None:
    for line in desk.sheet().iter_rows(min_row=6, max_row=8):
        for cell in line:
            if cell.data_type == "f":
                cell.value = 0
    data = desk.saved()
    assert answers(data) == ANSWER
    one = only(data, "formulas_lost")
    assert one.told("rows", "ja") == "6、7、8"
    assert codes(data) == ["formulas_lost"]


def test_lost_dropdowns_are_told_with_their_column_and_rows(desk: Desk) -> None:
    actual = letters(desk, ColumnKind.ENTRY, "actual")
    for one in desk.sheet().data_validations.dataValidation:
        if str(one.sqref) == f"{actual}6:{actual}8":
            one.sqref = type(one.sqref)(f"{actual}6 {actual}8")
    told = only(desk.saved(), "validations_lost")
    assert (told.told("labels", "ja"), told.told("rows", "ja")) == ("進捗", "7")


def test_a_sheet_without_its_protection_is_told(desk: Desk) -> None:
    desk.sheet().protection.sheet = False
    one = only(desk.saved(), "sheet_unprotected")
    assert (one.severity, one.sheet) == (Severity.NOTICE, SHEET)


# --- columns ---------------------------------------------------------------------------------------


def head(desk: Desk, kind: ColumnKind, name: str, value: object) -> str:
    """Type something over a heading."""
    cell = f"{letters(desk, kind, name)}5"
    desk.sheet()[cell] = value
    return cell


@pytest.mark.parametrize("heading", ["取り組んだこと", "実施内容（詳しく）"])
def test_a_renamed_column_between_its_neighbours_is_taken_and_told(desk: Desk, heading: str) -> None:
    cell = head(desk, ColumnKind.ENTRY, "done", heading)
    data = desk.put("A-2", "done", "二番目").saved()
    assert answers(data)["A-2"] == "二番目"
    [one] = found(data)
    assert (one.code, one.severity, one.field, one.cell) == ("column_renamed", Severity.WARNING, "done", cell)
    assert (one.params["found"], one.value) == (heading, heading)
    assert "実施内容" in one.message("ja")


def test_the_renamed_column_of_numbers_is_taken_too(desk: Desk) -> None:
    head(desk, ColumnKind.ITEM, "item", "事業コード")
    data = desk.saved()
    assert answers(data) == ANSWER
    assert codes(data) == ["column_renamed"]


def test_a_near_miss_of_a_heading_is_taken_wherever_it_stands(desk: Desk) -> None:
    """Moved behind everything else, and misspelt."""
    place = letters(desk, ColumnKind.ENTRY, "done")
    free = len(desk.layouts["report"].columns) + 1
    for row in range(5, 9):
        desk.sheet().cell(row, free).value = desk.sheet()[f"{place}{row}"].value
        desk.sheet()[f"{place}{row}"] = None
    desk.sheet().cell(5, free).value = "実施內容＊"
    data = desk.saved()
    assert answers(data) == ANSWER
    assert "column_renamed" in codes(data)
    assert "column_missing" not in codes(data)


def test_two_renamed_columns_side_by_side_are_not_guessed(desk: Desk) -> None:
    head(desk, ColumnKind.ENTRY, "places", "ア")
    head(desk, ColumnKind.ENTRY, "rate", "イ")
    data = desk.saved()
    assert codes(data) == ["columns_added", "column_missing", "column_missing"]
    assert "ア" in only(data, "columns_added").message("ja")


def test_an_added_column_is_told_and_not_read(desk: Desk) -> None:
    free = len(desk.layouts["report"].columns) + 1
    desk.sheet().cell(5, free).value = "備考"
    desk.sheet().cell(6, free).value = "聞いてほしいこと"
    one = only(desk.saved(), "columns_added")
    assert (one.severity, one.told("columns", "ja")) == (Severity.WARNING, f"備考（{column_letters(free)}）")


# --- what was written beside the form ---------------------------------------------------------------


def free_column(desk: Desk) -> str:
    """The first column right of everything that the form has."""
    return column_letters(len(desk.layouts["report"].columns) + 1)


@pytest.mark.parametrize(
    "where",
    [
        "below the rows",
        "below the numbers",
        "below the checks",
        "among the hidden checks",
        "right of the form",
    ],
)
def test_a_remark_beside_the_form_is_told_with_its_cell_and_the_answers_stand(desk: Desk, where: str) -> None:
    cell = {
        "below the rows": letters(desk, ColumnKind.ATTRIBUTE, "title") + "20",
        "below the numbers": letters(desk, ColumnKind.NUMBER, "number") + "30",
        "below the checks": letters(desk, ColumnKind.CHECK, "check") + "12",
        "among the hidden checks": letters(desk, ColumnKind.SENT_BACK, "done") + "7",
        "right of the form": free_column(desk) + "7",
    }[where]
    desk.sheet()[cell] = "来年度で廃止する予定です"
    data = desk.saved()

    one = only(data, "beside_form")

    assert (one.severity, one.cell, one.sheet) == (Severity.WARNING, cell, SHEET)
    assert f"{cell}（来年度で廃止する予定です）" in one.message("ja")
    assert answers(data) == ANSWER


def test_a_remark_in_a_column_that_was_inserted_without_a_heading_is_told(desk: Desk) -> None:
    at = desk.layouts["report"].column(ColumnKind.ENTRY, "note").index
    desk.sheet().insert_cols(at)
    desk.sheet().cell(7, at).value = "担当が代わりました"

    assert only(desk.saved(), "beside_form").cell == f"{column_letters(at)}7"


@pytest.mark.parametrize("cell", ["E10", "B60", "C45"])
def test_a_remark_on_the_first_sheet_is_told(desk: Desk, cell: str) -> None:
    desk.book["はじめに"][cell] = "期限に間に合いませんでした"

    one = only(desk.saved(), "beside_form")

    assert (one.sheet, one.cell, one.form) == ("はじめに", cell, "")
    assert f"{cell}（期限に間に合いませんでした）" in one.message("ja")


@pytest.mark.parametrize("cell", ["D1", "F2", "AZ4"])
@pytest.mark.parametrize("inserted", [0, 2])
def test_a_remark_above_the_headings_is_told(desk: Desk, cell: str, inserted: int) -> None:
    if inserted:
        desk.sheet().insert_rows(1, inserted)
    place = desk.sheet()[cell].offset(inserted)
    place.value = "三番は来月に変わります"

    one = only(desk.saved(), "beside_form")

    assert (one.sheet, one.cell, one.form) == (SHEET, place.coordinate, "report")
    assert f"{place.coordinate}（三番は来月に変わります）" in one.message("ja")


def test_a_word_over_the_number_of_a_row_is_told_and_the_row_is_read(desk: Desk) -> None:
    cell = letters(desk, ColumnKind.NUMBER, "number") + "7"
    desk.sheet()[cell] = "済"
    data = desk.saved()

    assert only(data, "beside_form").cell == cell
    assert answers(data) == ANSWER


def test_the_head_of_a_form_is_no_remark_though_the_plan_has_another_title_by_now(desk: Desk) -> None:
    assert found(desk.saved(), replace(sample_plan(), title="新しい名前の計画")) == []


def test_what_is_listed_is_punctuated_as_the_language_of_the_reader_has_it(desk: Desk) -> None:
    free = len(desk.layouts["report"].columns) + 1
    desk.sheet().cell(5, free).value = "memo"
    desk.sheet().cell(5, free + 1).value = "more"
    one = only(desk.saved(), "columns_added")
    first, second = column_letters(free), column_letters(free + 1)

    assert f"memo（{first}）、more（{second}）" in one.message("ja")
    assert f"memo ({first}), more ({second})" in one.message("en")


def test_of_many_remarks_the_first_are_named_and_a_sign_stands_for_the_others(desk: Desk) -> None:
    for row in range(20, 30):
        desk.sheet()[f"C{row}"] = f"とても長い覚え書きの{row}行目で、終わりまでは出ない"

    one = only(desk.saved(), "beside_form")

    assert one.told("cells", "ja").count("）") == 5
    assert "終わりまでは" not in one.message("ja")
    assert one.message("ja").count("…") == 6


def test_a_personal_number_beside_the_form_is_shown_masked(desk: Desk) -> None:
    desk.sheet()["C20"] = "123456789018 の方"

    said = only(desk.saved(), "beside_form").message("ja")

    assert "C20（…9018 の方）" in said
    assert "1234" not in said


@pytest.mark.parametrize(
    "damage",
    [
        lambda sheet: sheet.insert_rows(7, 2),
        lambda sheet: sheet.insert_cols(4),
        lambda sheet: sheet.delete_cols(3),
        lambda sheet: sheet.move_range("B6:Z6", rows=20),
        lambda sheet: [setattr(sheet.cell(8, column), "value", None) for column in (2, 8, 9, 10, 11, 12)],
        lambda sheet: [setattr(sheet.cell(row, 3), "value", "") for row in range(20, 400)],
    ],
    ids=["rows inserted", "column inserted", "column deleted", "row moved", "row emptied", "blank texts"],
)
def test_the_forms_own_cells_are_no_remarks_wherever_they_stand(
    desk: Desk, damage: Callable[[Worksheet], object]
) -> None:
    damage(desk.sheet())

    assert "beside_form" not in codes(desk.saved())


def test_a_deleted_column_that_only_shows_something_is_told(desk: Desk) -> None:
    desk.sheet().delete_cols(desk.layouts["report"].column(ColumnKind.ATTRIBUTE, "title").index)
    data = desk.saved()
    assert answers(data) == ANSWER
    assert only(data, "columns_gone").told("labels", "ja") == "計画内容"
    assert "columns_moved" not in codes(data)


def test_a_moved_column_is_named(desk: Desk) -> None:
    sheet, layout = desk.sheet(), desk.layouts["report"]
    note = layout.column(ColumnKind.ENTRY, "note").index
    sheet.insert_cols(2)
    for row in range(5, 9):
        sheet.cell(row, 2).value = sheet.cell(row, note + 1).value
        sheet.cell(row, note + 1).value = None
    desk_note = sheet.cell(7, 2)
    desk_note.value = "先頭に移した"
    data = desk.saved()
    assert answers(data, "note")["A-2"] == "先頭に移した"
    assert only(data, "columns_moved").told("labels", "ja") == "補足"


def test_hidden_columns_and_rows_are_read_and_told(desk: Desk) -> None:
    desk.put("A-2", "note", "隠した列").put("A-2", "done", "隠した行")
    desk.sheet().column_dimensions[letters(desk, ColumnKind.ENTRY, "note")].hidden = True
    desk.sheet().row_dimensions[7].hidden = True
    data = desk.saved()
    assert (answers(data, "note")["A-2"], answers(data)["A-2"]) == ("隠した列", "隠した行")
    assert only(data, "rows_hidden").told("rows", "ja") == "7"
    assert only(data, "columns_hidden").told("labels", "ja") == "補足"


def test_filtered_rows_are_read_and_told(desk: Desk) -> None:
    sheet = desk.sheet()
    sheet.auto_filter.ref = f"A5:{letters(desk, ColumnKind.CHECK, 'check')}8"
    sheet.auto_filter.add_filter_column(1, ["A-1"])
    for row in (7, 8):
        sheet.row_dimensions[row].hidden = True
    data = desk.saved()
    assert answers(data) == ANSWER
    assert codes(data) == ["rows_hidden"]


# --- rows ------------------------------------------------------------------------------------------


def test_rows_inserted_above_the_headings_are_told(desk: Desk) -> None:
    desk.sheet().insert_rows(1, 2)
    data = desk.saved()
    assert answers(data) == ANSWER
    assert only(data, "rows_inserted").told("rows", "ja") == "5、6"


def test_another_order_is_told_with_the_order(desk: Desk) -> None:
    sheet = desk.sheet()
    for column in range(1, len(desk.layouts["report"].columns) + 1):
        first, last = sheet.cell(6, column), sheet.cell(8, column)
        if first.data_type != "f":
            first.value, last.value = last.value, first.value
    data = desk.put("A-3", "done", "三番目").saved()
    assert answers(data)["A-3"] == "三番目"
    assert only(data, "rows_moved").told("order", "ja") == "A-3、A-2、A-1"


def test_rows_of_another_department_are_told_with_whose_they_are(desk: Desk) -> None:
    desk.sheet()["B9"] = "B-1"
    desk.sheet()[f"{letters(desk, ColumnKind.ENTRY, 'done')}9"] = "よその答え"
    [one] = found(desk.saved())
    assert (one.code, one.severity, one.cell) == ("item_foreign", Severity.ERROR, "B9")
    assert (one.params["owner"], "給与" in one.message("ja")) == ("総務課", False)


def test_thousands_of_formatted_empty_rows_are_not_told(desk: Desk) -> None:
    def pad(name: str, part: bytes) -> bytes:
        rows = b"".join(
            b'<row r="%d" s="3" customFormat="1"><c r="A%d" s="3"/><c r="I%d" s="3"/></row>' % (row, row, row)
            for row in range(9, 20_000)
        )
        return part.replace(b"</sheetData>", rows + b"</sheetData>") if name.endswith("sheet2.xml") else part

    data = edited(desk.saved(), pad)
    assert answers(data) == ANSWER
    assert codes(data) == []


def test_cells_merged_by_hand_are_one_error_at_the_merge(desk: Desk) -> None:
    cell = letters(desk, ColumnKind.ENTRY, "note")
    desk.put("A-1", "note", "三つに同じ")
    desk.sheet().merge_cells(f"{cell}6:{cell}8")
    data = desk.saved()
    assert answers(data, "note") == {"A-1": "三つに同じ", "A-2": "", "A-3": ""}
    [one] = found(data)
    assert (one.code, one.severity, one.cell, one.value) == (
        *("cells_merged", Severity.ERROR),
        *(f"{cell}6", f"{cell}6:{cell}8"),
    )


# --- sheets ----------------------------------------------------------------------------------------


def test_an_exact_copy_of_the_sheet_is_told_and_the_original_read(desk: Desk) -> None:
    desk.book.copy_worksheet(desk.sheet()).title = "進捗報告 (2)"
    data = desk.saved()
    assert answers(data) == ANSWER
    one = only(data, "sheet_copied")
    assert (one.severity, one.params["sheet"], one.params["copy"]) == (Severity.NOTICE, SHEET, "進捗報告 (2)")
    assert "sheets_added" not in codes(data)


def test_a_copy_with_other_answers_is_an_error_that_names_both_sheets(desk: Desk) -> None:
    desk.book.copy_worksheet(desk.sheet()).title = "控え"
    desk.put("A-1", "done", "書き直した")
    one = only(desk.saved(), "sheet_twice")
    assert (one.severity, one.params["sheet"], one.params["copy"]) == (Severity.ERROR, SHEET, "控え")


def test_a_copy_with_answers_about_other_items_is_not_taken_for_another_version_of_the_same(
    desk: Desk,
) -> None:
    """Two departments' answers in one workbook: to keep the right one of the two would throw one away."""
    copy = desk.book.copy_worksheet(desk.sheet())
    copy.title = "総務課分"
    item = letters(desk, ColumnKind.ITEM, "item")
    for row, name in enumerate(("B-1", "B-2", "B-3"), 6):
        copy[f"{item}{row}"] = name
    data = desk.saved()

    one = only(data, "sheet_of_others")

    assert (one.severity, one.sheet, one.told("items", "ja")) == (Severity.ERROR, "総務課分", "B-1、B-2、B-3")
    assert "sheet_twice" not in codes(data)
    assert answers(data) == ANSWER


def test_a_copy_made_before_anything_was_filled_in_is_only_told() -> None:
    desk = Desk(sample_plan(), "D1").signed()
    desk.book.copy_worksheet(desk.sheet()).title = "原紙"
    desk.fill()
    assert "sheet_copied" in codes(desk.saved())


def test_moved_and_added_sheets_are_read_past_and_told(desk: Desk) -> None:
    desk.book.move_sheet(SHEET, -1)
    desk.book.create_sheet("計算メモ")["A1"] = "=1+1"
    data = desk.saved()
    assert answers(data) == ANSWER
    assert [(one.code, one.told("sheets", "ja")) for one in found(data)] == [("sheets_added", "計算メモ")]


def test_the_sheet_of_another_form_is_never_taken_for_a_missing_one(desk: Desk) -> None:
    del desk.book[SHEET]
    desk.fill("money")
    assert [(one.code, one.sheet) for one in found(desk.saved())] == [("sheet_missing", SHEET)]


def test_a_deleted_first_sheet_is_told(desk: Desk) -> None:
    del desk.book[text("artefacts.guide.sheet", "ja")]
    assert codes(desk.saved()) == ["guide_missing"]


def test_who_answered_and_who_approved_are_missed() -> None:
    desk = Desk(sample_plan(), "D1").fill().signed("　")
    [one] = found(desk.saved())
    assert (one.code, one.severity, one.told("labels", "ja")) == (
        *("people_missing", Severity.NOTICE),
        "回答者、承認者",
    )


# --- the stamp -------------------------------------------------------------------------------------


def test_a_stamp_with_another_version_than_was_issued_is_told() -> None:
    plan = sample_plan()
    out = issue(plan, "D1")
    desk = Desk(plan, "D1", out.data).fill()
    sheet = desk.book[STAMP_SHEET]
    [cell] = [row[1] for row in sheet.iter_rows(max_row=6, max_col=2) if row[0].value == "form_version"]
    assert list(stamp_findings(read(desk.saved()).stamp, out.issued, plan)) == []
    cell.value = "0" * 12
    [one] = stamp_findings(read(desk.saved()).stamp, out.issued, plan)
    assert (one.code, one.severity) == ("stamp_version", Severity.WARNING)


def test_a_column_that_is_there_twice_is_not_missing_as_well(desk: Desk) -> None:
    heading = desk.address("A-1", "done").rstrip("0123456789") + "5"
    desk.sheet()["AZ5"] = desk.sheet()[heading].value
    one = only(desk.saved(), "column_twice")
    assert (one.severity, one.field) == (Severity.ERROR, "done")
    assert [one.code for one in found(desk.saved()) if one.code.startswith("column_")] == ["column_twice"]


# --- other programs --------------------------------------------------------------------------------


def strict(data: bytes) -> bytes:
    """The same workbook as Strict OOXML: other namespaces (ISO/IEC 29500-1)."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def change(name: str, part: bytes) -> bytes:
        part = part.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        part = part.replace(relations, b"http://purl.oclc.org/ooxml/officeDocument/relationships")
        return part.replace(b"<workbook ", b'<workbook conformance="strict" ')

    return edited(data, change)


def prefixed(data: bytes) -> bytes:
    """The same workbook with a prefix before every element of its sheets."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", part)
        return part.replace(b'xmlns="', b'xmlns:x="')

    return edited(data, change)


def canonical(data: bytes) -> bytes:
    """The same workbook in canonical XML: no declaration, sorted attributes, an end tag for every element.

    openpyxl writes such end tags where lxml is installed, and others do throughout.
    """
    return edited(data, lambda name, part: canonicalize(part.decode()).encode())


def indented(data: bytes) -> bytes:
    """The same workbook with every element of its sheets on a line of its own."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        tree = ElementTree(fromstring(part))
        indent(tree)
        stream = io.BytesIO()
        tree.write(stream, encoding="UTF-8", xml_declaration=True)
        return stream.getvalue()

    return edited(data, change)


def single_quoted(data: bytes) -> bytes:
    """The same workbook with the attributes of its sheets in single quotation marks."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = part.replace(b"'", b"&apos;")
        return re.sub(rb'=\s*"([^"<>]*)"(?=[^<>]*>)', rb"='\1'", part)

    return edited(data, change)


@pytest.fixture
def odd(desk: Desk) -> Desk:
    """The workbook of D1 in which there is something of every kind to tell that stands in the XML of a sheet."""
    desk.put("A-1", "started", date(2024, 5, 1)).put("A-2", "places", "=6*2").put("A-3", "note", "#N/A")
    sheet = desk.sheet()
    sheet.merge_cells("C6:C7")
    sheet["AZ7"] = "欄外の覚え"
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["P"].hidden = True
    sheet.protection.sheet = False
    sheet.data_validations.dataValidation.clear()
    for row in (6, 7):
        sheet.cell(row, desk.layouts["report"].columns[-1].index).value = 0
    return desk


@pytest.mark.parametrize("manner", [strict, prefixed, canonical, indented, single_quoted])
def test_other_manners_of_writing_xml_read_the_same(odd: Desk, manner: Callable[[bytes], bytes]) -> None:
    data = odd.saved()
    other = manner(data)
    assert other != data
    for field in ("actual", "done", "started", "places", "note"):
        assert answers(other, field) == answers(data, field)
    assert [(one.key, one.value) for one in found(other)] == [(one.key, one.value) for one in found(data)]


def test_what_stands_in_the_xml_of_a_sheet_is_told(odd: Desk) -> None:
    assert set(codes(odd.saved())) == {
        *("about_changed", "beside_form", "cells_merged", "columns_hidden", "entry_formula_empty"),
        *("error_value", "rows_hidden", "sheet_unprotected", "validations_lost"),
    }


def test_days_of_a_workbook_that_counts_from_1904_are_the_days_that_it_shows(desk: Desk) -> None:
    """A day in a cell formatted as a day, and one typed as a number."""
    desk.put("A-1", "started", date(2024, 5, 1)).put("A-2", "started", 45_413 - 1462)
    desk.sheet()[desk.address("A-2", "started")].number_format = "0"
    data = edited(
        desk.saved(),
        lambda name, part: (
            part.replace(b"<workbookPr", b'<workbookPr date1904="1"').replace(b"45413", b"43951")
            if name == "xl/workbook.xml"
            else part.replace(b"<v>45413</v>", b"<v>43951</v>")
        ),
    )
    one = read(data)
    plan = sample_plan()
    [verdict] = judge(
        plan, period_of(plan), [(one, rows_of(plan, period_of(plan), department_of(plan, "D1")))]
    )
    started = {
        record.item: record.values.get("started") for record in verdict.records if record.form == "report"
    }
    assert started == {"A-1": date(2024, 5, 1), "A-2": date(2024, 5, 1), "A-3": None}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c {} t="inlineStr"><is><t>漢字</t></is></c>', "漢字"),
        ('<c {} t="inlineStr"><is><r><t>漢</t></r><r><rPr><b/></rPr><t>字</t></r></is></c>', "漢字"),
        ('<c {} t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>カンジ</t></rPh></is></c>', "漢字"),
        ('<c {} t="str"><v>漢字</v></c>', "漢字"),
    ],
)
def test_rich_text_and_furigana_are_the_text_alone(desk: Desk, cell: str, value: str) -> None:
    data = with_cell(desk.saved(), desk.address("A-1", "done"), cell)
    assert answers(data)["A-1"] == value
    assert codes(data) == []


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c {} t="e"><v>#SPILL!</v></c>', "#SPILL!"),
        ('<c {} t="e"><v>#CALC!</v></c>', "#CALC!"),
        ('<c {} t="e" vm="1"><v>#VALUE!</v></c>', "#VALUE!"),
        ("<c {} t = 'e' ><v>#N/A</v></c>", "#N/A"),
        ('<c {} t="e"><f>VLOOKUP(1,A1:B2,2,0)</f><v>#N/A</v></c>', "#N/A"),
        ('<c {} t="e"><f t="array" ref="I6">_xlfn.UNIQUE(A1:A9)</f><v>#SPILL!</v></c>', "#SPILL!"),
    ],
)
def test_an_error_value_that_the_fast_reader_does_not_know_spoils_nothing_else(
    desk: Desk, cell: str, shown: str
) -> None:
    data = with_cell(desk.saved(), desk.address("A-1", "done"), cell)
    assert answers(data) == {**ANSWER, "A-1": shown}
    assert [(one.code, one.item, one.value) for one in found(data)] == [("error_value", "A-1", shown)]


def test_a_return_saved_by_libreoffice_has_nothing_to_tell(desk: Desk, libreoffice: LibreOffice) -> None:
    [saved] = libreoffice.converted([desk.saved()], "xlsx")
    assert answers(saved) == ANSWER
    assert codes(saved) == []


def test_damage_is_seen_in_what_libreoffice_saved(desk: Desk, libreoffice: LibreOffice) -> None:
    check = desk.layouts["report"].column(ColumnKind.CHECK, "check")
    desk.sheet().cell(7, check.index).value = "OK"
    desk.sheet().protection.sheet = False
    note = letters(desk, ColumnKind.ENTRY, "note")
    desk.sheet().merge_cells(f"{note}6:{note}7")
    desk.sheet().row_dimensions[8].hidden = True
    [saved] = libreoffice.converted([desk.saved()], "xlsx")
    assert sorted(codes(saved)) == sorted(
        ["formulas_lost", "sheet_unprotected", "cells_merged", "rows_hidden"]
    )


def test_a_workbook_in_the_manner_of_google_sheets_reads_the_same(desk: Desk) -> None:
    """Texts in the cells, formulas with their values, no protection, no dropdown hints, styles renumbered."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = re.sub(rb"<sheetProtection[^<>]*/>", b"", part)
        return re.sub(rb' s="(\d+)"', lambda hit: b"" if hit[1] == b"7" else hit[0], part)

    desk.put("A-1", "started", date(2024, 5, 1))
    data = edited(desk.saved(), change)
    assert (answers(data), answers(data, "started")["A-1"]) == (ANSWER, date(2024, 5, 1))
    assert codes(data) == ["sheet_unprotected"]


def test_furigana_and_runs_in_the_table_of_texts_change_no_title() -> None:
    """As Excel writes what was typed with a Japanese input method."""
    desk_data = issue(sample_plan(), "D1").data
    title = "<t>電子申請</t>".encode()
    rich = "<r><t>電子</t></r><r><rPr><b/></rPr><t>申請</t></r>"
    furigana = '<rPh sb="0" eb="2"><t>デンシ</t></rPh><phoneticPr fontId="1"/>'

    def change(name: str, part: bytes) -> bytes:
        return part.replace(title, (rich + furigana).encode()) if "sharedStrings" in name else part

    data = edited(desk_data, change)
    assert data != desk_data
    form = report(read(data))
    assert form.rows[0].shown[list(form.shown).index("attribute:title")] == "電子申請"
    assert "about_changed" not in codes(data)


def test_a_formula_of_the_department_says_that_it_was_not_worked_out_again(desk: Desk) -> None:
    cell = desk.address("A-1", "places")
    data = with_cell(desk.saved(), cell, "<c {}><f>1+1</f><v>12</v></c>")
    one = only(data, "entry_formula")
    assert (one.severity, one.cell, one.params["after"]) == (Severity.NOTICE, cell, "12")
    assert "計算し直さず" in one.message("ja")
    [unsaved] = found(with_cell(desk.saved(), cell, "<c {}><f>1+1</f></c>"))
    assert (unsaved.code, unsaved.severity) == ("entry_formula_empty", Severity.ERROR)


def test_a_sheet_that_cannot_be_read_is_one_finding_and_the_others_are_read(desk: Desk) -> None:
    """A reference to a text that is not there."""
    data = with_cell(desk.saved(), desk.address("A-1", "done"), '<c {} t="zzz"><v>1</v></c>')
    one = read(data)
    assert [form.form for form in one.forms] == ["money"]
    [told] = found(data)
    assert (told.code, told.severity, told.sheet) == ("sheet_unreadable", Severity.ERROR, SHEET)
    assert ".xlsx" in told.remedy("ja")


# --- formulas that were replaced by others ---------------------------------------------------------


def formula_cell(desk: Desk, kind: ColumnKind, name: str, row: int) -> str:
    return f"{letters(desk, kind, name)}{row}"


CHECK = (ColumnKind.CHECK, "check")


@pytest.mark.parametrize(
    ("kind", "name", "rows", "typed", "label"),
    [
        (*CHECK, (7,), '="OK"', "チェック"),
        (*CHECK, (7,), '=IF(1,"","")', "チェック"),
        (*CHECK, (6, 7, 8), '="OK"', "チェック"),
        (*CHECK, (6, 8), '=IF(T6=0,"OK","")', "チェック"),
        (ColumnKind.COUNT, "count", (8,), "=0", "チェック"),
        (ColumnKind.WRONG, "done", (6,), "=0*1", "チェック"),
        (ColumnKind.MISSING, "done", (6, 7, 8), "=0", "チェック"),
        (ColumnKind.FORMULA, "judgement", (7,), '="計画通り"', "判定"),
        (ColumnKind.FORMULA, "share", (6, 7, 8), "=1", "一箇所当たり"),
    ],
)
def test_another_formula_in_place_of_the_forms_own_is_told_with_its_cell(
    desk: Desk, kind: ColumnKind, name: str, rows: tuple[int, ...], typed: str, label: str
) -> None:
    for row in rows:
        desk.sheet()[formula_cell(desk, kind, name, row)] = typed
    data = desk.saved()
    one = only(data, "formulas_replaced")
    assert (one.severity, one.sheet, one.told("labels", "ja")) == (Severity.WARNING, SHEET, label)
    assert one.told("rows", "ja") == "、".join(map(str, rows))
    assert one.cell == formula_cell(desk, kind, name, rows[0])
    assert codes(data) == ["formulas_replaced"]


def test_the_check_of_another_row_in_a_check_cell_is_told(desk: Desk) -> None:
    """As when the text of a formula that says OK is copied."""
    desk.sheet()[formula_cell(desk, *CHECK, 8)] = desk.sheet()[formula_cell(desk, *CHECK, 6)].value
    assert only(desk.saved(), "formulas_replaced").told("rows", "ja") == "8"


def test_an_array_over_the_check_column_is_told(desk: Desk) -> None:
    """Excel writes its formula into the first cell alone: the others have a value and no formula."""
    cell = formula_cell(desk, *CHECK, 6)
    area = f"{cell}:{formula_cell(desk, *CHECK, 8)}"
    for row in (7, 8):
        desk.sheet()[formula_cell(desk, *CHECK, row)] = None
    array = f'<c {{}} t="str"><f t="array" ref="{area}">IF(TRUE,"",T6:T8)</f><v></v></c>'
    told = {one.code: one.told("rows", "ja") for one in found(with_cell(desk.saved(), cell, array))}
    assert told == {"formulas_lost": "7、8", "formulas_replaced": "6"}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_the_counts_above_the_headings_are_told_when_replaced_and_when_overwritten(
    desk: Desk, at: int
) -> None:
    cell = [one.coordinate for one in desk.sheet()[3] if one.data_type == "f"][at]
    desk.sheet()[cell] = '="すべて記入済みです"'
    one = only(desk.saved(), "formulas_replaced")
    assert (one.cell, one.told("labels", "ja"), one.told("rows", "ja")) == (cell, "見出しの上の件数", "3")
    desk.sheet()[cell] = "すべて記入済みです"
    one = only(desk.saved(), "formulas_lost")
    assert (one.told("labels", "ja"), one.told("rows", "ja")) == ("見出しの上の件数", "3")


def test_the_counts_of_the_first_sheet_are_told_when_replaced_and_when_overwritten(desk: Desk) -> None:
    guide = desk.book[text("artefacts.guide.sheet", "ja")]
    [cell, _] = [one.coordinate for line in guide.iter_rows() for one in line if one.data_type == "f"]
    guide[cell] = '="すべて記入済みです"'
    one = only(desk.saved(), "formulas_replaced")
    assert (one.sheet, one.cell, one.told("labels", "ja")) == (guide.title, cell, "残っている指摘")
    guide[cell] = "すべて記入済みです"
    assert only(desk.saved(), "formulas_lost").sheet == guide.title


def rewritten(data: bytes, change: Callable[[str, int], str]) -> bytes:
    """The same workbook with the text of each formula below the headings, and its row, as another program has it."""
    cell = re.compile(rb'(<c r="[A-Z]+([0-9]+)"[^<>]*>)<f>([^<]*)</f>')

    def sheet(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        return cell.sub(lambda hit: hit[1] + change(hit[3].decode(), int(hit[2])).encode(), part)

    return edited(data, sheet)


def reworded(pattern: str, new: str) -> Callable[[str, int], str]:
    return lambda formula, _: f"<f>{re.sub(pattern, new, formula)}</f>"


@pytest.mark.parametrize(
    "change",
    [
        reworded(r",", ", "),
        reworded(r"\b(IF|AND|IFERROR|COUNTIF)\(", r"_xlfn.\1("),
        reworded(r"TRUE", "TRUE()"),
        reworded(r"_xlplan!", "'_xlplan'!"),
        lambda formula, _: (
            f"<f>{formula.replace('SUMPRODUCT(', 'sumproduct(').replace('INDEX(', 'Index(')}</f>"
        ),
        reworded(r'(?<!\$)\b([A-Z]{1,2})([0-9]+)\b(?!["(])', r"$\1\2"),
        reworded(r",([0-9]+)\)", r",\1.0)"),
        lambda formula, _: f'<f aca="false">{formula}</f>',
        lambda formula, _: f'<f xml:space="preserve"> {formula}\n</f>',
        lambda formula, _: (
            "<f>" + "".join(f"&#{ord(one)};" if one == "," else one for one in formula) + "</f>"
        ),
    ],
)
def test_what_programs_rewrite_in_formulas_when_they_save_is_no_change(
    desk: Desk, change: Callable[[str, int], str]
) -> None:
    assert codes(rewritten(desk.saved(), change)) == []


def shared(data: bytes) -> bytes:
    """The same workbook with each formula below the headings written once, in the first row, for all."""
    numbers: dict[bytes, int] = {}
    cell = re.compile(rb'(<c r="([A-Z]+)([678])"[^<>]*>)<f>([^<]*)</f>')

    def once(hit: re.Match[bytes]) -> bytes:
        number = numbers.setdefault(hit[2], len(numbers))
        area = b"%s6:%s8" % (hit[2], hit[2])
        if hit[3] == b"6":
            return hit[1] + b'<f t="shared" ref="%s" si="%d">%s</f>' % (area, number, hit[4])
        return hit[1] + b'<f t="shared" si="%d"/>' % number

    return edited(data, lambda name, part: cell.sub(once, part) if name.endswith("sheet2.xml") else part)


def test_formulas_written_once_for_many_cells_are_the_same(desk: Desk) -> None:
    data = shared(desk.saved())
    assert data != desk.saved()
    assert codes(data) == []
    desk.sheet()[formula_cell(desk, *CHECK, 7)] = '="OK"'
    data = with_cell(data, formula_cell(desk, *CHECK, 7), '<c {} t="str"><f>"OK"</f><v>OK</v></c>')
    assert only(data, "formulas_replaced").told("rows", "ja") == "7"


def test_the_first_rows_formula_filled_down_by_hand_is_the_same(desk: Desk) -> None:
    sheet = desk.sheet()
    for kind, name in (CHECK, (ColumnKind.FORMULA, "judgement"), (ColumnKind.WRONG, "done")):
        first = formula_cell(desk, kind, name, 6)
        for row in (7, 8):
            cell = formula_cell(desk, kind, name, row)
            sheet[cell] = Translator(sheet[first].value, first).translate_formula(cell)
    assert codes(desk.saved()) == []


def test_a_form_with_other_formulas_than_the_plan_makes_today_is_held_against_itself(desk: Desk) -> None:
    """A rule was mended, or xlplan renewed, after it was issued: only the odd one out is told."""
    stamp = desk.book[STAMP_SHEET]
    [cell] = [row[1] for row in stamp.iter_rows(max_row=8, max_col=2) if row[0].value == "formulas"]
    cell.value = "0" * 12
    for row in (6, 7, 8):
        desk.sheet()[formula_cell(desk, ColumnKind.WRONG, "done", row)] = f"=IF(LEN(I{row})>99,8,0)"
    assert codes(desk.saved()) == []
    desk.sheet()[formula_cell(desk, ColumnKind.WRONG, "done", 7)] = "=0"
    assert only(desk.saved(), "formulas_replaced").told("rows", "ja") == "7"


def test_a_mended_rule_changes_what_the_workbook_says_of_its_formulas(desk: Desk) -> None:
    plan = sample_plan()
    mended = plan_of(changed(TABLES, "rules", "[@割合]/[@箇所数]<=10", "[@割合]/[@箇所数]<=20"))
    assert Formulas.of(plan, period_of(plan)).version == read(desk.saved()).stamp.formulas
    assert Formulas.of(mended, period_of(mended)).version != read(desk.saved()).stamp.formulas
    assert found(desk.saved(), mended) == []


SORTED = (
    "Dim field(0) As New com.sun.star.table.TableSortField",
    "field(0).Field = 1 : field(0).IsAscending = False",
    "Dim how(0) As New com.sun.star.beans.PropertyValue",
    'how(0).Name = "SortFields" : how(0).Value = field()',
    'sheet.getCellRangeByName("A6:AV8").sort(how())',
)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["sheet.Rows.insertByIndex(6, 1)"], ["rows_inserted"]),
        (["sheet.Rows.insertByIndex(0, 2)"], ["rows_inserted"]),
        (["sheet.Rows.removeByIndex(6, 1)"], ["item_missing"]),
        (["sheet.Rows.removeByIndex(5, 2)"], ["item_missing", "item_missing"]),
        (SORTED, ["rows_moved"]),
        (["sheet.Columns.insertByIndex(3, 1)"], ["columns_inserted"]),
        (["sheet.Columns.insertByIndex(19, 1)"], []),
        (["sheet.Columns.removeByIndex(3, 1)"], ["columns_gone"]),
        (
            [
                "sheet.Columns.insertByIndex(6, 1)",
                'sheet.moveRange(sheet.getCellRangeByName("G4").CellAddress, '
                'sheet.getCellRangeByName("Q4:Q9").RangeAddress)',
                "sheet.Columns.removeByIndex(16, 1)",
            ],
            ["columns_moved"],
        ),
        (['sheet.Name = "報告"'], ["sheet_renamed"]),
        (['sheet.getCellRangeByName("S6:S8").fillAuto(com.sun.star.sheet.FillDirection.TO_BOTTOM, 1)'], []),
    ],
)
def test_what_is_moved_in_libreoffice_takes_its_formulas_along(
    desk: Desk, libreoffice: LibreOffice, steps: Sequence[str], told: list[str]
) -> None:
    data = libreoffice.edited(desk.saved(), SHEET, *steps)
    ours = {"sheet_unprotected", "validations_lost"}  # the first is needed, the second LibreOffice's doing
    assert sorted(one for one in codes(data) if one not in ours) == told


def test_an_answer_cut_out_and_pasted_elsewhere_takes_the_checks_with_it(
    desk: Desk, libreoffice: LibreOffice
) -> None:
    """The checks of the row that it left look at the row to which it went, and those of that row at nothing."""
    step = (
        'sheet.moveRange(sheet.getCellRangeByName("I7").CellAddress, '
        'sheet.getCellRangeByName("I6").RangeAddress)'
    )
    data = libreoffice.edited(desk.saved(), SHEET, step)
    assert only(data, "formulas_replaced").told("rows", "ja") == "6、7"


def test_no_program_that_saves_a_form_makes_another_formula_of_any(
    desk: Desk, libreoffice: LibreOffice
) -> None:
    """LibreOffice as .xlsx, through .ods and back, and after openpyxl; .ods itself does not tell of formulas."""
    data = issue(sample_plan(), "D1").data
    xlsx, again = libreoffice.converted([data, desk.saved()], "xlsx")
    [ods] = libreoffice.converted([data], "ods")
    [back] = libreoffice.converted([ods], "xlsx")
    for one in (xlsx, again, back):
        assert {"formulas_replaced", "formulas_lost"}.isdisjoint(codes(one))
    desk.sheet()[formula_cell(desk, *CHECK, 7)] = '="OK"'
    (replaced,) = libreoffice.converted([desk.saved()], "xlsx")
    assert only(replaced, "formulas_replaced").told("rows", "ja") == "7"
    [ods] = libreoffice.converted([desk.saved()], "ods")
    assert {"formulas_replaced", "formulas_lost"}.isdisjoint(codes(ods))


# --- how much it matters ---------------------------------------------------------------------------


def test_the_plan_says_how_much_a_finding_matters(desk: Desk) -> None:
    plan = plan_of(
        {**TABLES, "handling": "finding | severity\n事務局記入欄の変更 | お知らせ\nrows_moved | error"}
    )
    assert plan.handling == {"office_changed": Severity.NOTICE, "rows_moved": Severity.ERROR}
    [one] = found(desk.put("A-1", "planned", "検討").saved(), plan)
    assert (one.code, one.severity) == ("office_changed", Severity.NOTICE)


@pytest.mark.parametrize(
    ("line", "code", "cell"),
    [
        ("required_text,error", "plan_unknown_word", "A3"),
        ("item_twice,notice", "plan_unknown_word", "A3"),
        ("people_missing,grave", "plan_unknown_word", "B3"),
        ("people_missing,", "plan_blank", "B3"),
        (",error", "plan_blank", "A3"),
        ("行の並べ替え,error", "plan_duplicate", "A3"),
    ],
)
def test_what_a_plan_cannot_handle_is_a_finding_at_its_cell(
    tmp_path: Path, line: str, code: str, cell: str
) -> None:
    write_tables(TABLES, tmp_path)
    (tmp_path / "handling.csv").write_text(f"finding,severity\nrows_moved,notice\n{line}\n", encoding="utf-8")
    errors = [one for one in read_definition(tmp_path).findings if one.severity is Severity.ERROR]
    assert [(one.code, one.file, one.cell) for one in errors] == [(code, "handling.csv", cell)]


def test_every_finding_that_a_plan_may_handle_has_its_sentence() -> None:
    assert [code for code in HANDLING if not has(f"findings.{code}")] == []
