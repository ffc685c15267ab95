"""What a department sees of a form: hints, refusals, the words of the checks, and what it looks like."""

import io
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from libreoffice import LibreOffice
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from returns import DUE, NOW, TABLES, Desk, changed, department_of, judged, period_of, plan_of

from xlplan.definition.reading import read_definition
from xlplan.form.issuing import prepare
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import BANNER_ROW, FIRST_ROW
from xlplan.form.read.intake import take_in
from xlplan.form.write.order import Given, Order, SentBack
from xlplan.form.write.sent_back import WIDTHS as FINDINGS
from xlplan.form.write.workbook import form_workbook
from xlplan.language.codes import Severity
from xlplan.language.text import wrapped_lines
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding
from xlplan.model.form import ITEM_LIST, Field, FieldType
from xlplan.model.plan import Plan
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import LINE_HEIGHT
from xlplan.stages.new import kits


@cache
def kit_plan(kit: str) -> Plan:
    return read_definition(kits()[kit]).usable()


def order_for(plan: Plan, department: str = "") -> Order:
    """The order of a department, or of the first that is asked."""
    period = period_of(plan)
    owner = department_of(plan, department) if department else plan.answering(period)[0]
    return prepare(plan, period, owner, DUE, NOW)[1]


def opened(order: Order) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(form_workbook(order)))


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_excel_takes(typed: str) -> object:
    """What a cell holds once `typed` was typed into it: a number, a day, or the text itself."""
    if re.fullmatch("[0-9]+", typed):
        return int(typed)
    if month := re.fullmatch("([0-9]{4})[/-]([0-9]{1,2})(?:[/-]([0-9]{1,2}))?", typed):
        return datetime(int(month[1]), int(month[2]), int(month[3] or 1))
    return typed


def example_of(field: Field) -> str:
    """The example of a field's hint: what stands in 「」 of it, else all of it."""
    found = re.search("(?:例：|Example: )(.*)", field.hint)
    if found is None:
        return ""
    quoted = re.findall("「([^」]*)」", found[1])
    return quoted[-1] if quoted else found[1]


@pytest.mark.parametrize("kit", sorted(kits()))
def test_the_example_of_every_hint_is_taken_by_its_own_cell(kit: str, libreoffice: LibreOffice) -> None:
    order = order_for(kit_plan(kit))
    book = opened(order)
    asked = [
        (layout, column, example)
        for layout in order.layouts()
        for column in layout.of_kind(ColumnKind.ENTRY)
        if (example := example_of(layout.form.by_id[column.name]))
    ]
    for layout, column, example in asked:
        sheet = book[layout.form.title]
        sheet.cell(FIRST_ROW, column.index).value = as_excel_takes(example)
        before = layout.find(ColumnKind.PREVIOUS, column.name)
        if before and "前の期が△" in layout.form.by_id[column.name].hint:
            sheet.cell(FIRST_ROW, before.index).value = "△"
    judged = libreoffice.recalculated(saved(book))
    wrong = {
        (column.name, example): judged[layout.form.title, layout.address(flag, FIRST_ROW)]
        for layout, column, example in asked
        if (flag := layout.column(ColumnKind.WRONG, column.name))
    }
    assert wrong == dict.fromkeys(wrong, 0.0)
    assert len(wrong) > 3


def validation_of(sheet: Worksheet, heading: str) -> DataValidation:
    """The validation of the column under a heading."""
    at = next(cell for cell in sheet[FIRST_ROW - 1] if cell.value == heading)
    return next(
        one for one in sheet.data_validations.dataValidation if f"{at.column_letter}{FIRST_ROW}" in one.sqref
    )


def test_a_refusal_names_the_bounds_and_how_to_type_it() -> None:
    sheet = opened(order_for(kit_plan("example-en")))["Proposals"]
    year, cost = (validation_of(sheet, one).error for one in ("First year*", "Rough cost*"))
    assert (
        "First year must be a fiscal year of four digits\nFirst year must be from FY2026 to FY2030\n" in year
    )
    assert year.endswith("for example 2026 for FY2026")
    assert "Rough cost must be a number\nRough cost must be 0 or more\n" in cost


# --- what it looks like ----------------------------------------------------------------------------------


def test_a_warning_says_on_the_sheet_what_to_do_about_it(libreoffice: LibreOffice) -> None:
    order = order_for(kit_plan("tomakomai"))
    layout = order.layout("milestones")
    book = opened(order)
    typed = {"project": order.lists[ITEM_LIST][0].value, "month": datetime(2013, 10, 1), "what": "置いた。"}
    for name, value in typed.items():
        column = layout.column(ColumnKind.ENTRY, name)
        book[layout.form.title].cell(FIRST_ROW, column.index).value = value
    judged = libreoffice.recalculated(saved(book))
    check = layout.column(ColumnKind.CHECK, "check")
    told = judged[layout.form.title, layout.address(check, FIRST_ROW)]
    assert (
        told
        == "この期の年月ではありません。　年月を確かめてください。前の期のことであれば、そのままで結構です。"
    )
    height = book[layout.form.title].row_dimensions[FIRST_ROW].height
    assert height >= wrapped_lines(told, check.width - 1.5) * LINE_HEIGHT
    said = [cell.value for cell in book["はじめに"]["B"] if cell.value]
    assert any("橙のままで結構です" in one for one in said)


@pytest.mark.parametrize("kit", sorted(kits()))
def test_an_entry_sheet_is_printed_in_letters_that_can_be_read(kit: str) -> None:
    """Excel fits it to the width of A3: letters of 9 points are 7 at the least."""
    for layout in order_for(kit_plan(kit)).layouts():
        pixels = sum(one.width * 7 + 5 for one in layout.shown)
        assert 9 * min(1.0, Paper(size=8).pixels / pixels) >= 7, layout.form.id


def test_columns_are_narrowed_for_the_page_but_those_whose_width_the_plan_gives() -> None:
    layout = order_for(kit_plan("asahikawa")).layout("progress")
    widths = {one.name: one.width for one in layout.shown if one.kind is not ColumnKind.PREVIOUS}
    assert (widths["done"], widths["note"]) == (38.0, 22.0)
    assert widths["summary"] < 24.0
    assert widths["title"] >= 20.0 * 2 / 3


def test_a_long_answer_is_shown_from_its_beginning_and_the_row_is_as_high_as_what_is_there() -> None:
    order = order_for(kit_plan("asahikawa"))
    layout = order.layout("progress")
    items = [row.item for row in order.rows["progress"]]
    given = Given({("progress", items[0], "done"): "あ" * 400})
    sheet = opened(replace(order, given=given))[layout.form.title]
    column = layout.column(ColumnKind.ENTRY, "done")
    assert sheet.cell(FIRST_ROW, column.index).alignment.vertical == "top"
    full, empty = (sheet.row_dimensions[FIRST_ROW + at].height for at in (0, 1))
    assert full >= wrapped_lines("あ" * 400, column.width - 1.5) * LINE_HEIGHT
    assert 6 * LINE_HEIGHT <= empty < 100


def test_the_sheet_of_findings_fits_its_page() -> None:
    assert sum(width * 7 + 5 for width in FINDINGS.values()) * 0.9 <= Paper(size=9).pixels


# --- what is counted -------------------------------------------------------------------------------------


def answered(order: Order, form: str) -> openpyxl.Workbook:
    """The issued workbook with an answer in every cell of one form that is required by itself."""
    book, layout = opened(order), order.layout(form)
    for at in range(len(order.rows[form])):
        for field in layout.form.entered:
            if field.required is True:
                value: object = (
                    "書いた。" if field.type is FieldType.TEXT else order.lists[field.list][1].value
                )
                book[layout.form.title].cell(FIRST_ROW + at, layout.field_column(field).index).value = value
    return book


def test_an_empty_cell_whose_check_looks_elsewhere_since_a_cut_is_counted_as_missing(
    libreoffice: LibreOffice,
) -> None:
    order = order_for(plan_of(TABLES), "D1")
    layout = order.layout("report")
    book = answered(order, "report")
    sheet = book["進捗報告"]
    done = layout.column(ColumnKind.ENTRY, "done").letters
    for row in sheet.iter_rows():
        for cell in row:
            # what programs do when the cell of row 6 is cut and pasted over that of row 7
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.value = re.sub(rf"\\b{done}{FIRST_ROW}\\b", f"{done}{FIRST_ROW + 1}", cell.value)
    before = libreoffice.recalculated(saved(book))["進捗報告", f"A{BANNER_ROW}"]
    sheet[f"{done}{FIRST_ROW}"].value = None
    after = libreoffice.recalculated(saved(book))["進捗報告", f"A{BANNER_ROW}"]
    assert "未入力 1件" not in str(before)
    assert "未入力 1件" in str(after)


def test_a_form_that_asks_for_nothing_and_holds_nothing_is_not_called_complete(
    libreoffice: LibreOffice,
) -> None:
    order = order_for(plan_of(changed(TABLES, "fields", "number||[@予算額]>0|", "number||no|")), "D1")
    layout = order.layout("money")
    banner, done = f"A{BANNER_ROW}", f"{layout.column(ColumnKind.CHECK, 'check').letters}{BANNER_ROW}"
    book = opened(order)
    empty = libreoffice.recalculated(saved(book))
    book["経費"].cell(FIRST_ROW + 1, layout.column(ColumnKind.ENTRY, "paid").index).value = datetime(
        2024, 5, 1
    )
    begun = libreoffice.recalculated(saved(book))
    assert empty["経費", banner] == "まだ何も記入されていません（必ず記入する欄はありません）"
    assert begun["経費", banner] == "すべて記入済みです"
    assert (str(empty["経費", done])[-5:], str(begun["経費", done])[-5:]) == ("0 / 3", "3 / 3")
    assert "まだ何も記入されていません（必ず記入する欄はありません）" in empty.cells["はじめに"].values()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\u00a0", "実施内容を入力してください"),
        ("\u200b\n", "実施内容を入力してください"),
        ("あ" * 20 + "\n\n　 ", "OK"),
        ("あ" * 25, "実施内容は20文字以内で入力してください（いま25文字）"),
    ],
)
def test_the_sheet_and_the_office_agree_on_what_is_blank_and_how_long_it_is(
    typed: str, told: str, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    desk = Desk(plan_of(TABLES), "D1").fill().put("A-1", "done", typed)
    check = desk.layouts["report"].column(ColumnKind.CHECK, "check").letters
    assert libreoffice.recalculated(desk.saved())["進捗報告", f"{check}{FIRST_ROW}"] == told
    path = tmp_path / "return.xlsx"
    path.write_bytes(desk.saved())
    [incoming] = take_in([path], desk.plan)
    assert incoming.submission is not None
    [judged_one] = judged(desk.plan, incoming.submission)
    found = [one for one in judged_one.findings if one.field == "done" and one.severity is Severity.ERROR]
    assert [one.message("ja") for one in found] == ([] if told == "OK" else [told.partition("（")[0]])
    if "いま" in told:
        assert found[0].remedy("ja").startswith("いまは25文字です。")


# --- what is sent back -----------------------------------------------------------------------------------


def test_the_list_of_findings_speaks_as_the_banner_does_and_to_those_who_have_it_before_them() -> None:
    order = order_for(plan_of(TABLES), "D1")
    findings = (
        Finding(
            FindingCode.REQUIRED_TEXT,
            form="report",
            item="A-1",
            field="done",
            params={"label": "実施内容"},
        ),
        Finding(FindingCode.ITEM_MISSING, form="report", item="A-2", params={"item": "A-2"}),
    )
    book = opened(replace(order, sent_back=SentBack(1, {}, findings)))
    lines = {row[6].value: row for row in book["指摘一覧"].iter_rows(min_row=4)}
    assert lines["実施内容を入力してください"][4].value == "未入力"
    gone = lines["施策 A-2 の行がなくなっています"]
    assert gone[7].value == "このブックには元の行があります。そちらに記入してください"
    guide = {row[1].value: row[2].value for row in book["はじめに"].iter_rows(max_row=20)}
    said = next(str(value) for label, value in guide.items() if str(label).startswith("差戻し"))
    assert said.startswith("未入力1件・誤り1件・要確認0件があります。")
    assert "当初の提出期限" in guide
    assert {"残っている指摘（進捗報告）", "残っている指摘（経費）"} <= guide.keys()
    assert "提出期限" in {row[1].value for row in opened(order)["はじめに"].iter_rows(max_row=20)}


def test_an_error_value_is_shown_on_the_list_of_findings_and_its_empty_cell_is_still_open(
    libreoffice: LibreOffice,
) -> None:
    order = order_for(plan_of(TABLES), "D1")
    error = Finding(
        FindingCode.ERROR_VALUE,
        form="report",
        item="A-1",
        field="done",
        value="#DIV/0!",
        params={"label": "実施内容"},
    )
    form = form_workbook(replace(order, sent_back=SentBack(1, {}, (error,))))
    sheet = libreoffice.recalculated(form)
    assert (sheet["指摘一覧", "F4"], sheet["指摘一覧", "I4"]) == ("#DIV/0!", "未変更")


def test_the_first_sheet_names_ten_changed_items_and_counts_the_others() -> None:
    lines = "".join(f"\n        N-{number} | 目標 | 一 | 新規{number} | D1 | R6" for number in range(30))
    tables = changed(TABLES, "fields", "planned|計画|choice|status|yes", "planned|計画|choice|status|no")
    plan = plan_of({**tables, "items": TABLES["items"].rstrip() + lines})
    said = [cell.value for cell in opened(order_for(plan, "D1"))["はじめに"]["B"] if cell.value]
    assert sum("新規" in str(one) for one in said) == 10
    assert "このほか20件に追加・終了などの変更があります。" in said


def test_numbers_that_the_office_filled_in_look_like_those_of_the_department() -> None:
    plan = plan_of(TABLES)
    book = Desk(plan, "D1").book
    line = {cell.value: cell for cell in book["経費"][FIRST_ROW - 1] if cell.value}
    office, entered = (
        book["経費"].cell(FIRST_ROW, next(one.column for name, one in line.items() if name.startswith(label)))
        for label in ("予算額", "決算額")
    )
    assert office.number_format.split(";")[0] == "#,##0"
    assert office.alignment.horizontal == "right"
    assert entered.alignment.horizontal in (None, "general", "right")
