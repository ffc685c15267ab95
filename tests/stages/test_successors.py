"""A department that is abolished: from the next period on its items are those of the one that takes over."""

import io
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, definition, places
from python_calamine import CalamineWorkbook
from returns import TABLES, Tables, write_tables
from rounds import DUE, DUE_MOMENT, ISSUED, RECEIVED

from xlplan import stages
from xlplan.model.plan import Plan
from xlplan.store.workspace import Workspace

REORGANISED: Tables = {
    **TABLES,
    "periods": TABLES["periods"].rstrip() + "\nR7 | 令和7年度 | 2025 | 2025",
    "departments": """
        id | name | to_period | successor
        D1 | 情報課 | |
        D2 | 総務課 | R5 | D3
        D3 | 消防課 | R6 | D1
    """,
}
"""D2 ends with R5 and D3, which takes over, with R6: by R7 all items are D1's."""


def owners(plan: Plan, period: str) -> dict[str, list[str]]:
    """The items of each department that is asked in a period."""
    found = plan.period(period)
    assert found is not None
    return {one.id: [item.id for item in plan.items_of(found, one.id)] for one in plan.answering(found)}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    write_tables(REORGANISED, tmp_path / "plan")
    return Workspace(tmp_path)


def test_items_go_to_the_successor_and_on_to_its_own(space: Workspace) -> None:
    plan = stages.lint(space).usable()
    own = ["A-1", "A-2", "A-3"]
    assert owners(plan, "R5") == {"D1": own, "D2": ["B-1"], "D3": ["C-1"]}
    assert owners(plan, "R6") == {"D1": own, "D3": ["B-1", "B-2", "C-1"]}
    assert owners(plan, "R7") == {"D1": [*own, "B-1", "B-2", "C-1"]}


def test_the_form_of_the_successor_says_what_it_has_taken_over_and_from_whom(space: Workspace) -> None:
    lines = stages.issue(space, "R6", due=DUE, now=ISSUED).lines

    assert [(one.department.id, one.items) for one in lines] == [("D1", 3), ("D3", 3)]
    [sheet, *_] = openpyxl.load_workbook(lines[1].path).worksheets
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "引き継ぎ：B-1 給与（総務課から）" in said
    assert "追加：B-2 文書" in said


def test_a_round_after_the_reorganisation_is_played_to_its_summary(space: Workspace) -> None:
    [_, line] = stages.issue(space, "R6", due=DUE, now=ISSUED).lines
    book = openpyxl.load_workbook(line.path)
    sheet = book["進捗報告"]
    heads = {str(cell.value).rstrip("*＊ "): cell.column for cell in sheet[5]}
    for row in range(6, 9):
        sheet.cell(row, heads["進捗"]).value = "拡充"
        sheet.cell(row, heads["実施内容"]).value = "続けた。"
    out = io.BytesIO()
    book.save(out)
    path = space.inbox("R6") / "消防課.xlsx"
    path.write_bytes(out.getvalue())

    [received] = stages.receive(space, (), period="R6", now=RECEIVED).lines
    made = stages.consolidate(space, period="R6", draft=True, now=RECEIVED)
    states = {one.department.id: one.state for one in stages.status(space, period="R6", now=DUE_MOMENT).lines}

    assert received.department is not None
    assert received.department.id == "D3"
    assert "other_department" not in {one.code for one in received.findings}
    assert states == {"D1": "waiting", "D3": received.state}
    assert made.path is not None
    data = CalamineWorkbook.from_path(made.path).get_sheet_by_name("データ").to_python()
    at = next(number for number, line in enumerate(data) if "所管課" in line)
    columns = [data[at].index(name) for name in ("期間", "番号", "所管課", "進捗")]
    found = [[line[column] for column in columns] for line in data[at + 1 :]]
    assert ["令和5年度", "B-1", "総務課", "実施"] in found
    assert ["令和6年度", "B-1", "消防課", "拡充"] in found


ENDS = GOOD["items"].replace("D2,,H25", "D2,,")
"""The items, none of which ends before its department."""

HEIRS = {
    "a successor": ("D1,情報課,,,,,\nD2,税務課,,,,H25,D1", []),
    "none": ("D1,情報課,,,,,\nD2,税務課,,,,H25,", [("plan_no_successor", "departments", "G3")]),
    "itself": ("D1,情報課,,,,,\nD2,税務課,,,,H25,D2", [("plan_successor_circle", "departments", "G3")]),
    "a circle": (
        "D1,情報課,,,,H25,D2\nD2,税務課,,,,H25,D1",
        [("plan_successor_circle", "departments", "G2")],
    ),
    "one that ends too": (
        "D1,情報課,,,,H25,\nD2,税務課,,,,H25,D1",
        [("plan_no_successor", "departments", "G2")],
    ),
    "no end": ("D1,情報課,,,,,\nD2,税務課,,,,,D1", [("plan_successor_unused", "departments", "G3")]),
}


@pytest.mark.parametrize("name", HEIRS)
def test_items_that_go_on_without_a_department_are_told_at_its_line(name: str, tmp_path: Path) -> None:
    written, told = HEIRS[name]
    head = GOOD["departments"].splitlines()[0]
    records = GOOD["records"] + "progress,H26,1-2,実施,,,,,,\n"
    found = definition(tmp_path, departments=f"{head}\n{written}\n", items=ENDS, records=records)
    assert places(found) == told


def test_a_department_that_only_takes_over_is_not_called_idle(tmp_path: Path) -> None:
    head = GOOD["departments"].splitlines()[0]
    written = f"{head}\nD1,情報課,,,,,\nD2,税務課,,,,H25,D3\nD3,会計課,,,,,\n"
    records = GOOD["records"] + "progress,H26,1-2,実施,,,,,,\n"
    assert places(definition(tmp_path, departments=written, items=ENDS, records=records)) == []
