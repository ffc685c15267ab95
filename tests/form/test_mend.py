"""Mending: whatever was done to a workbook, every value typed into it stands in the mended one, or is listed there."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mending import GUIDE, REPORT, desk_of, mended
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from returns import NOW, TABLES, plan_of, write_tables

from xlplan import stages
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW
from xlplan.language.messages import text
from xlplan.model.plan import Plan
from xlplan.store.workspace import Workspace

LEFT = text("artefacts.leftovers.sheet", "ja")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(TABLES)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """The sample plan with its round issued."""
    write_tables(TABLES, tmp_path / "plan")
    found = Workspace(tmp_path)
    stages.issue(found, "R6", due=None, departments=("D1",), now=NOW)
    return found


def written(path: Path) -> set[str]:
    """Everything that stands in a workbook, as text, but for its hidden sheet."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        shown(cell.value)
        for name in book.sheetnames
        if name != "_xlplan"
        for row in book[name].iter_rows()
        for cell in row
        if cell.value is not None
    }


def shown(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def test_the_answers_of_a_sorted_workbook_stand_in_their_rows_again(space: Workspace, plan: Plan) -> None:
    desk = desk_of(space, plan)
    swap_rows(desk.sheet(), 6, 8)

    line = mended(space, desk)

    sheet = openpyxl.load_workbook(line.mended)[REPORT]
    done = desk.layouts["report"].field_column(desk.layouts["report"].form.by_id["done"]).index
    assert [sheet.cell(row, done).value for row in (6, 7, 8)] == ["行ったこと1", "行ったこと2", "行ったこと3"]
    assert line.leftovers == ()
    assert line.answers == 17


def test_the_mended_workbook_is_taken_as_the_departments_return(space: Workspace, plan: Plan) -> None:
    desk = desk_of(space, plan)
    swap_rows(desk.sheet(), 6, 8)
    line = mended(space, desk)
    assert line.mended is not None

    [received] = stages.receive(space, [line.mended], period="R6", now=NOW).lines

    assert received.state == "accepted"


def test_answers_in_a_row_whose_number_is_gone_are_listed_with_their_headings(
    space: Workspace, plan: Plan
) -> None:
    desk = desk_of(space, plan)
    number = desk.layouts["report"].column(ColumnKind.ITEM, "item").index
    desk.sheet().cell(7, number).value = None

    line = mended(space, desk)

    assert {(one.heading.rstrip("＊"), one.value) for one in line.leftovers} == {
        ("進捗", "拡充"),
        ("実施内容", "行ったこと2"),
        ("補足", "補足2"),
        ("箇所数", "12"),
        ("割合", "22.5"),
    }


def test_a_column_and_a_sheet_that_the_department_added_are_listed(space: Workspace, plan: Plan) -> None:
    desk = desk_of(space, plan)
    last = desk.layouts["report"].columns[-1].index + 2
    desk.sheet().cell(HEADER_ROW, last).value = "メモ"
    desk.sheet().cell(6, last).value = "部長に確認"
    desk.book.create_sheet("内訳")["B2"] = 1234
    desk.book[GUIDE]["F20"] = "遅れてすみません"

    line = mended(space, desk)

    found = {(one.sheet, one.cell, one.value) for one in line.leftovers}
    assert ("内訳", "B2", "1234") in found
    assert (GUIDE, "F20", "遅れてすみません") in found
    assert ("部長に確認", "メモ", "A-1") in {(one.value, one.heading, one.row) for one in line.leftovers}
    assert {one.value for one in line.leftovers} == {"メモ", "部長に確認", "1234", "遅れてすみません"}


def test_the_second_of_two_rows_of_one_item_is_listed(space: Workspace, plan: Plan) -> None:
    desk = desk_of(space, plan)
    sheet = desk.sheet()
    for column in range(1, desk.layouts["report"].shown[-1].index):
        sheet.cell(9, column).value = sheet.cell(7, column).value
    sheet.cell(
        9, desk.layouts["report"].field_column(desk.layouts["report"].form.by_id["done"]).index
    ).value = "あとから書いた"

    line = mended(space, desk)

    assert ("実施内容", "A-2", "あとから書いた") in {
        (one.heading.rstrip("＊"), one.row, one.value) for one in line.leftovers
    }


def test_what_is_listed_stands_on_a_sheet_of_the_mended_and_of_the_sent_back_workbook(
    space: Workspace, plan: Plan
) -> None:
    desk = desk_of(space, plan)
    desk.put("A-1", "done", None)
    desk.book.create_sheet("内訳")["B2"] = "=1+1の内訳"
    desk.book["内訳"]["B2"].data_type = "s"

    line = mended(space, desk)
    [received] = stages.receive(space, [space.root / "return.xlsx"], period="R6", now=NOW).lines

    for path in (line.mended, received.sent_back):
        book = openpyxl.load_workbook(path)
        assert [cell.value for cell in book[LEFT][4]] == [1, "内訳", "B2", None, None, "=1+1の内訳"]
        assert book[LEFT]["F4"].data_type == "s"
        assert any(LEFT in str(cell.value) for row in book[GUIDE].iter_rows() for cell in row)


def test_a_workbook_in_order_has_no_such_sheet(space: Workspace, plan: Plan) -> None:
    line = mended(space, desk_of(space, plan))

    assert line.leftovers == ()
    assert LEFT not in openpyxl.load_workbook(line.mended).sheetnames


def test_answers_to_an_earlier_form_stand_in_the_one_that_was_issued_last(
    space: Workspace, plan: Plan
) -> None:
    desk = desk_of(space, plan)
    items = TABLES["items"].replace("A-3 | 目標 | 二 | 端末", "A-9 | 目標 | 二 | 新規")
    records = TABLES["records"].replace("A-3", "A-9").replace("R6 | A-1 | 実施", "R6 | A-1 | 拡充")
    assert items != TABLES["items"]
    write_tables({**TABLES, "items": items, "records": records}, space.root / "plan")
    stages.issue(space, "R6", due=None, departments=("D1",), now=NOW + timedelta(days=1))

    line = mended(space, desk)

    book = openpyxl.load_workbook(line.mended or "", data_only=True)
    answers = {
        row[1].value: {cell.value for cell in row} for row in book[REPORT].iter_rows(min_row=FIRST_ROW)
    }
    assert {"行ったこと1", "補足1", 11} <= answers["A-1"]
    assert {"行ったこと2", "補足2", 12} <= answers["A-2"]
    assert "行ったこと3" not in answers["A-9"]
    assert {"行ったこと3", "補足3", "13"} <= {one.value for one in line.leftovers}
    # what the office had written there is nothing that the department wrote
    assert {"A-3", "端末"}.isdisjoint(one.value for one in line.leftovers)
    assert not [one for one in line.leftovers if one.sheet == GUIDE]
    # what the office has changed since is no change of the department's
    assert "office_changed" not in {one.code for one in line.findings}
    (space.inbox("R6") / "mended.xlsx").write_bytes((line.mended or Path()).read_bytes())
    [taken] = stages.receive(space, (), period="R6", now=NOW + timedelta(days=2)).lines
    assert taken.department


def test_a_file_that_is_no_return_is_told_and_nothing_is_written(space: Workspace) -> None:
    path = space.root / "memo.xlsx"
    path.write_bytes(b"memo")

    [line] = stages.mend(space, [path], now=NOW).lines

    assert (line.mended, [one.code for one in line.findings]) == (None, ["safety_not_workbook"])


def test_an_earlier_mended_file_is_not_overwritten(space: Workspace, plan: Plan) -> None:
    first, second = mended(space, desk_of(space, plan)), mended(space, desk_of(space, plan))

    assert first.mended != second.mended


# --- any damage ------------------------------------------------------------------------------------


def swap_rows(sheet: Worksheet, one: int, other: int) -> None:
    for column in range(1, sheet.max_column + 1):
        swap(sheet.cell(one, column), sheet.cell(other, column))


def swap(one: Cell | MergedCell, other: Cell | MergedCell) -> None:
    if isinstance(one, Cell) and isinstance(other, Cell) and not formula(one) and not formula(other):
        one.value, other.value = other.value, one.value


def put(cell: Cell | MergedCell, value: object) -> None:
    if isinstance(cell, Cell):
        cell.value = value


def formula(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.value.startswith("=")


def delete_row(sheet: Worksheet, rng: random.Random) -> None:
    sheet.delete_rows(rng.randint(FIRST_ROW, FIRST_ROW + 3))


def insert_row(sheet: Worksheet, rng: random.Random) -> None:
    at = rng.randint(1, FIRST_ROW + 3)
    sheet.insert_rows(at)
    if rng.random() < 0.5:
        put(sheet.cell(at, rng.randint(1, 12)), f"挿入{rng.random()}")


def delete_column(sheet: Worksheet, rng: random.Random) -> None:
    sheet.delete_cols(rng.randint(3, 14))


def insert_column(sheet: Worksheet, rng: random.Random) -> None:
    at = rng.randint(1, 16)
    sheet.insert_cols(at)
    put(sheet.cell(rng.randint(1, 9), at), f"挿入{rng.random()}")


def sort_rows(sheet: Worksheet, rng: random.Random) -> None:
    swap_rows(sheet, *rng.sample(range(FIRST_ROW, FIRST_ROW + 3), 2))


def swap_columns(sheet: Worksheet, rng: random.Random) -> None:
    one, other = rng.sample(range(1, 16), 2)
    for row in range(HEADER_ROW, FIRST_ROW + 3):
        swap(sheet.cell(row, one), sheet.cell(row, other))


def rename_heading(sheet: Worksheet, rng: random.Random) -> None:
    put(
        sheet.cell(HEADER_ROW, rng.randint(1, 16)), rng.choice([None, "？", "コメント", "実施内容", "進捗＊"])
    )


def wipe_number(sheet: Worksheet, rng: random.Random) -> None:
    put(sheet.cell(rng.randint(FIRST_ROW, FIRST_ROW + 2), 2), rng.choice([None, "A-9", "A-1", 7]))


def copy_row(sheet: Worksheet, rng: random.Random) -> None:
    source, target = rng.randint(FIRST_ROW, FIRST_ROW + 2), rng.randint(FIRST_ROW, FIRST_ROW + 6)
    for column in range(1, 16):
        put(sheet.cell(target, column), sheet.cell(source, column).value)


def write_outside(sheet: Worksheet, rng: random.Random) -> None:
    row, column = rng.randint(1, 20), rng.randint(1, 60)
    if sheet.cell(row, column).value is None:
        put(sheet.cell(row, column), f"欄外{rng.random()}")


def paste_values(sheet: Worksheet, rng: random.Random) -> None:
    for row in sheet.iter_rows(min_row=FIRST_ROW):
        for cell in row:
            if formula(cell):
                cell.value = rng.choice([0, 3, "OK", None])


def rename_sheet(sheet: Worksheet, rng: random.Random) -> None:
    sheet.title = f"シート{rng.randint(1, 999)}"


def copy_sheet(sheet: Worksheet, rng: random.Random) -> None:
    sheet.parent.copy_worksheet(sheet).cell(
        rng.randint(FIRST_ROW, 8), rng.randint(3, 14)
    ).value = "写しにだけ"


def add_sheet(sheet: Worksheet, rng: random.Random) -> None:
    sheet.parent.create_sheet(f"内訳{rng.random()}")["C3"] = f"別紙{rng.random()}"


def unprotect(sheet: Worksheet, rng: random.Random) -> None:
    sheet.protection.sheet = False


def type_junk(sheet: Worksheet, rng: random.Random) -> None:
    put(
        sheet.cell(rng.randint(FIRST_ROW, 8), rng.randint(1, 16)),
        rng.choice([f"雑{rng.random()}", 98765, "実施"]),
    )


DAMAGES: tuple[Callable[[Worksheet, random.Random], None], ...] = (
    delete_row,
    insert_row,
    delete_column,
    insert_column,
    sort_rows,
    swap_columns,
    rename_heading,
    wipe_number,
    copy_row,
    write_outside,
    paste_values,
    rename_sheet,
    copy_sheet,
    add_sheet,
    unprotect,
    type_junk,
)

TYPED = ("行ったこと", "補足", "挿入", "欄外", "別紙", "写し", "雑")
"""How the texts of these tests begin that no form of ours has."""


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(DAMAGES) - 1), min_size=1, max_size=5), st.integers(0, 10**6))
@example([DAMAGES.index(one) for one in (delete_column, sort_rows, paste_values, type_junk)], 7)
def test_no_value_typed_into_a_damaged_workbook_is_lost(
    space: Workspace, plan: Plan, damages: list[int], seed: int
) -> None:
    desk, rng = desk_of(space, plan), random.Random(seed)
    sheet = desk.sheet()
    for one in damages:
        DAMAGES[one](sheet, rng)
    path = space.root / "damaged.xlsx"
    path.write_bytes(desk.saved())
    typed = {
        one for one in written(path) if one.startswith(TYPED) or one in ("11", "12", "13", "21.5", "98765")
    }

    [line] = stages.mend(space, [path], now=NOW).lines

    assert line.mended is not None, [one.message("ja") for one in line.findings]
    lost = typed - written(line.mended)
    assert lost == set(), [DAMAGES[one].__name__ for one in damages]
