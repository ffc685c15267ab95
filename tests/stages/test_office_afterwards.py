"""The office after the answers: its own workbook of all items, what it enters, and what becomes of that later."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from returns import Tables, write_tables

from xlplan import stages
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW
from xlplan.stages.afterwards import OfficeIssueResult
from xlplan.stages.received import ReceivedFile, ReceiveResult
from xlplan.store.workspace import Workspace

T0 = datetime(2025, 4, 10, 9, 0)
DAY = timedelta(days=1)

JA: Tables = {
    "plan": """
        key | value
        id | sample
        title | 見本計画
        organisation | 見本市
        language | ja
        fiscal_year_start | 4
        calendar | wareki
        office | 企画課
    """,
    "periods": """
        id | label | first_year | last_year
        R5 | 令和5年度 | 2023 | 2023
        R6 | 令和6年度 | 2024 | 2024
        R7 | 令和7年度 | 2025 | 2025
    """,
    "departments": """
        id | name
        D1 | 情報課
        D2 | 総務課
    """,
    "items": """
        id | goal | group | title | department | from_period | to_period | predecessor
        A-1 | 目標 | 一 | 電子申請 | D1 | | |
        A-2 | 目標 | 一 | 予約 | D1 | | R6 |
        B-1 | 目標 | 二 | 給与 | D2 | | R6 |
        B-2 | 目標 | 二 | 文書 | D2 | | |
        C-1 | 目標 | 二 | 窓口 | D2 | R7 | | A-2+B-1
    """,
    "choices": """
        list | value | rank
        status | 検討 | 1
        status | 実施 | 2
        grade | A | 1
        grade | B | 2
    """,
    "forms": """
        id | title | note
        report | 進捗報告 |
    """,
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|max_length
        report|actual|進捗|choice|status|yes|department||yes|
        report|done|実施内容|text||yes|department|||
        report|second|二次評価|choice|grade|yes|office_after|||
        report|opinion|委員会意見|text||no|事務局（回答後）||yes|40
        report|reply|意見への対応|text||PREVIOUS([@委員会意見])<>""|department|||
    """,
    "rules": """
        id|form|check|target|severity|message|remedy
        low|report|OR([@二次評価]<>"B",FILLED([@委員会意見]))|opinion|error|Bの理由がありません。|書いてください。
        high|report|OR([@二次評価]<>"A",[@進捗]="実施")|second|warning|実施でないのにAです。|確かめてください。
    """,
    "records": """
        form | period | item | actual | done | opinion
        report | R5 | A-1 | 検討 | 調べた。 | 急ぐこと。
        report | R5 | A-2 | 検討 | 調べた。 |
    """,
    "views": """
        id | title | kind | form | options
        table | 総括表 | progress | report | text=opinion
        statistics | 集計 | statistics | report |
    """,
    "measures": """
        view | id | label | formula | by | format
        statistics | graded | 評価A | COUNTIFS([period],PERIOD(),[second],"A") | |
        statistics | doing | 実施 | COUNTIFS([period],PERIOD(),[actual],"実施") | |
    """,
}
EN: Tables = {
    **JA,
    "plan": JA["plan"]
    .replace("| ja", "| en")
    .replace("企画課", "Planning")
    .replace("見本計画", "Sample plan"),
    "forms": JA["forms"].replace("進捗報告", "Progress"),
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|max_length
        report|actual|Status|choice|status|yes|department||yes|
        report|done|What was done|text||yes|department|||
        report|second|Second evaluation|choice|grade|yes|office afterwards|||
        report|opinion|Committee's opinion|text||no|office afterwards||yes|40
        report|reply|Reply|text||PREVIOUS([@Committee's opinion])<>""|department|||
    """,
    "rules": """
        id|form|check|target|severity|message|remedy
        low|report|OR([@second]<>"B",FILLED([@opinion]))|opinion|error|No reason for B.|Write it.
        high|report|OR([@second]<>"A",[@actual]="実施")|second|warning|A though not done.|Look at it.
    """,
}
LABELS = {
    "actual": ("進捗", "Status"),
    "done": ("実施内容", "What was done"),
    "second": ("二次評価", "Second evaluation"),
    "opinion": ("委員会意見", "Committee's opinion"),
    "reply": ("意見への対応", "Reply"),
}
MARKS = ("", "＊", "（＊）", "*", "(*)", " *", " (*)")
"""What may stand behind a label in its heading."""
Answers = Mapping[tuple[str, str], object]
"""What is typed, by item and field."""


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    """The entry sheet."""
    found = book["進捗報告" if "進捗報告" in book.sheetnames else "Progress"]
    assert isinstance(found, Worksheet)
    return found


def headings(sheet: Worksheet) -> dict[str, int]:
    """The columns that people see, by their headings."""
    return {str(cell.value): cell.column for cell in sheet[HEADER_ROW] if cell.value is not None}


def column(sheet: Worksheet, field: str) -> int:
    """Where this period's value of a field stands."""
    names = {label + mark for label in LABELS[field] for mark in MARKS}
    [found] = [at for name, at in headings(sheet).items() if name in names]
    return found


def lines_of(sheet: Worksheet) -> dict[str, int]:
    """The rows by item."""
    return {str(sheet.cell(row, 2).value): row for row in range(FIRST_ROW, sheet.max_row + 1)}


def filled(path: Path, answers: Answers) -> bytes:
    """A workbook with some cells filled in."""
    book = openpyxl.load_workbook(path)
    sheet = sheet_of(book)
    lines = lines_of(sheet)
    for (item, field), value in answers.items():
        sheet.cell(lines[item], column(sheet, field)).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def define(root: Path, tables: Tables) -> None:
    """The plan's tables; a sign that parts predecessors would part the cells here."""
    write_tables(tables, root / "plan")
    items = root / "plan" / "items.csv"
    items.write_text(items.read_text(encoding="utf-8").replace("+", "|"), encoding="utf-8")


def begin(root: Path, tables: Tables = JA) -> Workspace:
    """R6 issued."""
    define(root, tables)
    space = Workspace(root)
    stages.issue(space, "R6", now=T0)
    return space


def answer(space: Workspace, *departments: str, period: str = "R6", now: datetime = T0 + DAY) -> None:
    """All items answered, received and accepted; a reply wherever it is asked for."""
    for name in departments:
        [path] = space.issued(period).glob(f"{period}_{name}_*.xlsx")
        sheet = sheet_of(openpyxl.load_workbook(path))
        items = [item for item in lines_of(sheet) if item != "None"]
        answers: dict[tuple[str, str], object] = {(item, "actual"): "実施" for item in items}
        answers |= {(item, "done"): f"{item}を進めた。" for item in items}
        answers |= {(item, "reply"): "対応した。" for item in items if period != "R6" or item == "A-1"}
        (space.inbox(period) / f"{name}.xlsx").write_bytes(filled(path, answers))
    result = stages.receive(space, period=period, now=now)
    assert {line.state for line in result.lines} == {"accepted"}, result.lines
    for path in space.inbox(period).glob("*.xlsx"):
        path.unlink()


def office(space: Workspace, period: str = "R6", now: datetime = T0 + 2 * DAY) -> OfficeIssueResult:
    return stages.issue_office(space, period, now=now)


def enter(
    space: Workspace, answers: Answers, *, name: str = "office.xlsx", period: str = "R6", **more: object
) -> ReceivedFile:
    """The office's workbook filled in and received."""
    [line] = received(space, filled(office(space, period).path, answers), name, period, **more).lines
    return line


def received(
    space: Workspace, data: bytes, name: str, period: str = "R6", now: datetime = T0 + 3 * DAY
) -> ReceiveResult:
    path = space.root / name
    path.write_bytes(data)
    return stages.receive(space, [path], period=period, by="山田", now=now)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6, all answers accepted."""
    found = begin(tmp_path)
    answer(found, "D1", "D2")
    return found


def test_first(space: Workspace) -> None:
    made = office(space)
    print(made)
    line = enter(space, {("A-1", "second"): "A", ("A-2", "second"): "B", ("A-2", "opinion"): "遅い。"})
    print(line)
    for f in line.findings:
        print(f.code, f.message("ja"), f.remedy("ja"))
    assert line.state == "entered"
