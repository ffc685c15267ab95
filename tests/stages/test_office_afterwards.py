"""The office after the answers: its own workbook of all items, what it enters, and what becomes of that later."""

import io
import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from openpyxl.worksheet.worksheet import Worksheet
from returns import Tables, write_tables

from xlplan import stages
from xlplan.form.layout.entry import FIRST_ROW, HEADER_ROW
from xlplan.language.errors import UsageError
from xlplan.model.afterwards import OFFICE
from xlplan.model.decision import DecisionKind, Publication
from xlplan.report.rows import Consolidation
from xlplan.stages.afterwards import OfficeIssueResult
from xlplan.stages.correct import Wanted
from xlplan.stages.define import usable
from xlplan.stages.received import ReceivedFile, ReceiveResult
from xlplan.stages.years import Years
from xlplan.store.history import decisions, publications
from xlplan.store.ledger import Ledger
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
GOOD = {"actual": "実施", "done": "進めた。"}
"""An answer of a department that needs no reply."""


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


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all answers of R6 are accepted."""
    found = begin(tmp_path_factory.mktemp("accepted"))
    answer(found, "D1", "D2")
    return found.root


@pytest.fixture
def space(accepted: Path, tmp_path: Path) -> Workspace:
    """R6, all answers accepted."""
    shutil.copytree(accepted, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


GRADES: Answers = {(item, "second"): "A" for item in ("A-1", "A-2", "B-1", "B-2")}
"""What must be entered before R6 is closed."""


def codes(line: ReceivedFile) -> dict[str, str]:
    """The findings of a file by code, in words."""
    return {finding.code.value: finding.message("ja") for finding in line.findings}


def known(space: Workspace, field: str, period: str = "R6") -> dict[str, object]:
    """What the round has of a field, by item."""
    return {
        row.item.id: row.values.get(field)
        for row in consolidation(space, period).rows
        if row.period.id == period and row.values.get(field) is not None
    }


def consolidation(space: Workspace, period: str) -> Consolidation:
    with Ledger.open(space.ledger_path) as ledger:
        years = Years(usable(space), ledger)
        return years.known_round(years.period_named(period)).consolidation(T0, draft=False)


def figure(space: Workspace, measure: str, period: str = "R6") -> float:
    frame = stages.figures(space, period)
    [value] = frame[(frame["measure"] == measure) & (frame["period"] == period)]["value"]
    return float(value)


def texts(path: Path, sheet: str) -> list[list[object]]:
    rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return [[cell for cell in row if cell is not None] for row in rows]


def close(space: Workspace, period: str = "R6", now: datetime = T0 + 5 * DAY) -> Publication:
    stages.consolidate(space, period, now=now)
    made = stages.close(space, period, by="課長", now=now).made
    assert made is not None
    return made


# --- what departments see ------------------------------------------------------------------------------


@pytest.mark.parametrize("tables", [JA, EN], ids=["ja", "en"])
def test_departments_are_not_asked_and_see_what_stood_there_last_time(tmp_path: Path, tables: Tables) -> None:
    space = begin(tmp_path, tables)

    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    sheet = sheet_of(openpyxl.load_workbook(path))
    found = headings(sheet)

    opinion, second = (LABELS[field][tables is EN] for field in ("opinion", "second"))
    assert not {label + mark for label in (opinion, second) for mark in MARKS} & found.keys()
    [before] = [name for name in found if opinion in name]
    assert "令和5年度" in before
    assert sheet.cell(lines_of(sheet)["A-1"], found[before]).value == "急ぐこと。"
    assert sheet.cell(lines_of(sheet)["A-1"], found[before]).protection.locked


def test_a_reply_to_last_years_opinion_is_required_where_there_is_one(tmp_path: Path) -> None:
    space = begin(tmp_path)
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    good = {(item, field): value for item in ("A-1", "A-2") for field, value in GOOD.items()}

    [line] = received(space, filled(path, good), "D1.xlsx").lines

    assert [(finding.item, finding.field) for finding in line.findings if finding.is_missing] == [
        ("A-1", "reply")
    ]


def test_a_field_of_the_office_added_in_mid_round_outdates_no_answer(tmp_path: Path) -> None:
    lines = JA["fields"].strip().splitlines()
    without = {name: table for name, table in JA.items() if name not in ("rules", "measures", "views")}
    without["fields"] = "\n".join(line for line in lines if "二次評価" not in line)
    space = begin(tmp_path, without)
    answer(space, "D1", "D2")

    define(tmp_path, {**without, "fields": JA["fields"]})
    result = stages.issue(space, "R6", now=T0 + 2 * DAY)

    assert {line.done for line in result.lines} == {"unchanged"}
    assert stages.status(space, "R6", now=T0).open == ()
    assert stages.consolidate(space, "R6", now=T0 + 2 * DAY).path is not None
    define(
        tmp_path, {**without, "fields": JA["fields"].replace("二次評価|choice|grade|yes", "評価|text||no")}
    )
    assert stages.status(space, "R6", now=T0).changed == ()


# --- the office's workbook -----------------------------------------------------------------------------


@pytest.mark.parametrize("tables", [JA, EN], ids=["ja", "en"])
def test_it_has_all_items_with_the_answers_locked_and_the_offices_columns_open(
    tmp_path: Path, tables: Tables
) -> None:
    space = begin(tmp_path, tables)
    answer(space, "D1", "D2")

    made = office(space)

    book = openpyxl.load_workbook(made.path)
    sheet = sheet_of(book)
    lines = lines_of(sheet)
    assert list(lines)[:4] == ["A-1", "A-2", "B-1", "B-2"]
    cells = {
        field: sheet.cell(lines["B-1"], column(sheet, field))
        for field in ("actual", "done", "reply", "second")
    }
    assert [cells["actual"].value, cells["done"].value] == ["実施", "B-1を進めた。"]
    assert [cells[field].protection.locked for field in cells] == [True, True, True, False]
    assert "総務課" in [cell.value for cell in sheet[lines["B-1"]]]
    assert made.path.name == ("R6_office.xlsx" if tables is EN else "R6_事務局記入.xlsx")
    assert (made.items, made.open, made.done) == (4, (), "issued")


def test_answers_that_are_not_accepted_are_blank_and_told(tmp_path: Path) -> None:
    space = begin(tmp_path)
    answer(space, "D1")

    made = office(space)

    sheet = sheet_of(openpyxl.load_workbook(made.path))
    assert sheet.cell(lines_of(sheet)["B-1"], column(sheet, "actual")).value is None
    assert [line.department for line in made.open] == ["D2"]
    guide = [cell for row in texts(made.path, "はじめに") for cell in row]
    assert any("総務課" in str(cell) and "まだ受理していない" in str(cell) for cell in guide)


def test_it_is_made_again_where_answers_changed_with_what_was_entered_in_it(space: Workspace) -> None:
    first = office(space)
    assert office(space, now=T0 + 3 * DAY).done == "unchanged"
    enter(space, {("A-1", "second"): "A", ("A-1", "opinion"): "よい。"})
    answer_again(space)

    again = office(space, now=T0 + 5 * DAY)

    assert (again.done, again.answered, again.given) == ("reissued", ("B-2",), 2)
    assert again.issue != first.issue
    sheet = sheet_of(openpyxl.load_workbook(again.path))
    assert sheet.cell(lines_of(sheet)["A-1"], column(sheet, "opinion")).value == "よい。"
    assert sheet.cell(lines_of(sheet)["B-2"], column(sheet, "done")).value == "やめた。"
    assert stages.verify(space).fine


def answer_again(space: Workspace) -> None:
    """D2 says something else of B-2."""
    [path] = space.issued("R6").glob("R6_D2_*.xlsx")
    answers = {(item, field): value for item in ("B-1", "B-2") for field, value in GOOD.items()}
    answers |= {("B-1", "done"): "B-1を進めた。", ("B-2", "done"): "やめた。"}
    received(space, filled(path, answers), "D2-2.xlsx", now=T0 + 4 * DAY)


def test_a_workbook_that_was_filled_in_where_it_lies_is_received_first(space: Workspace) -> None:
    made = office(space)
    made.path.write_bytes(filled(made.path, GRADES))
    before = made.path.read_bytes()

    with pytest.raises(UsageError) as fault:
        office(space)

    assert (fault.value.key, made.path.read_bytes()) == ("office_not_received", before)
    [line] = stages.receive(space, [made.path], period="R6", by="山田", now=T0 + 3 * DAY).lines
    assert line.state == "entered"
    assert office(space, now=T0 + 4 * DAY).aside != ()
    assert stages.verify(space).fine


def test_a_plan_without_such_fields_has_no_workbook_of_the_office(tmp_path: Path) -> None:
    fields = JA["fields"].replace("office_after", "department").replace("事務局（回答後）", "department")
    space = begin(tmp_path, {**JA, "fields": fields})

    with pytest.raises(UsageError) as fault:
        office(space)

    assert fault.value.key == "nothing_afterwards"


# --- what it enters --------------------------------------------------------------------------------------


def test_values_are_recorded_with_who_and_when_and_are_no_departments_answer(space: Workspace) -> None:
    before = stages.status(space, "R6", now=T0).lines

    line = enter(space, {("A-1", "second"): "A", ("A-2", "second"): "B", ("A-2", "opinion"): "遅い。"})

    assert (line.state, line.attempt, line.department and line.department.id) == ("entered", 1, OFFICE)
    assert [str(change) for change in line.changes] == [
        "A-1 二次評価 ― → A",
        "A-2 二次評価 ― → B",
        "A-2 委員会意見 ― → 遅い。",
    ]
    assert codes(line)["office_left"] == "「二次評価」がまだ空いている施策が2件あります（B-1、B-2）"
    with Ledger.open(space.ledger_path) as ledger:
        made = decisions(ledger, "R6")
        assert {(decision.kind, decision.made_by) for decision in made} == {(DecisionKind.ENTER, "山田")}
        assert made[2].target == {
            "form": "report",
            "item": "A-2",
            "field": "opinion",
            "old": None,
            "new": "遅い。",
            "attempt": 1,
        }
        assert set(ledger.latest("R6")) == set(ledger.issued("R6")) == {"D1", "D2"}
    assert stages.status(space, "R6", now=T0).lines == before
    assert known(space, "opinion") == {"A-2": "遅い。"}
    assert stages.verify(space).fine


def test_without_a_name_the_systems_user_entered_it(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "suzuki")
    path = space.root / "office.xlsx"
    path.write_bytes(filled(office(space).path, GRADES))

    stages.receive(space, [path], period="R6", now=T0 + 3 * DAY)

    with Ledger.open(space.ledger_path) as ledger:
        assert {decision.made_by for decision in decisions(ledger)} == {"suzuki"}


def test_it_is_known_by_its_stamp_in_the_inbox_whatever_its_name(space: Workspace) -> None:
    (space.inbox("R6") / "R6_D1_情報課.xlsx").write_bytes(filled(office(space).path, GRADES))

    [line] = stages.receive(space, period="R6", by="山田", now=T0 + 3 * DAY).lines

    assert line.state == "entered"
    assert known(space, "second") == dict.fromkeys(("A-1", "A-2", "B-1", "B-2"), "A")


def test_a_departments_file_named_as_the_offices_is_a_departments(space: Workspace) -> None:
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")
    answers = {(item, field): value for item in ("A-1", "A-2") for field, value in GOOD.items()}

    [line] = received(space, filled(path, answers | {("A-1", "reply"): "はい。"}), "R6_事務局記入.xlsx").lines

    assert (line.state, line.department and line.department.id) == ("accepted", "D1")


def test_named_as_a_departments_return_it_is_refused(space: Workspace) -> None:
    path = space.root / "office.xlsx"
    path.write_bytes(filled(office(space).path, {("A-1", "actual"): "検討", **GRADES}))

    [line] = stages.receive(space, [path], period="R6", department="D1", now=T0 + 3 * DAY).lines

    assert (line.state, list(codes(line))) == ("refused", ["office_file"])
    assert known(space, "actual")["A-1"] == "実施"
    assert stages.mend(space, [path], period="R6", now=T0).lines[0].mended is None


def test_a_grey_cell_that_was_changed_is_told_and_not_taken(space: Workspace) -> None:
    line = enter(space, {("A-1", "actual"): "検討", ("A-1", "second"): "A"})

    assert codes(line)["grey_changed"] == (
        "灰色の欄の進捗が「実施」から「検討」に変わっていますが、取り込んでいません"
    )
    assert line.state == "entered"
    assert known(space, "actual")["A-1"] == "実施"
    assert known(space, "second") == {"A-1": "A"}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({("A-1", "second"): "C"}, "not_in_list"),
        ({("A-1", "second"): "B"}, "rule"),
        ({("A-1", "second"): "A", ("A-1", "opinion"): "長" * 41}, "too_long"),
    ],
    ids=["list", "rule", "length"],
)
def test_nothing_is_taken_of_a_file_with_errors_and_it_is_kept(
    space: Workspace, answers: Answers, code: str
) -> None:
    line = enter(space, {("B-1", "second"): "A", **answers})

    assert line.state == "faulty"
    assert line.open
    assert code in codes(line)
    assert line.archive is not None
    assert line.archive.is_file()
    assert known(space, "second") == {}
    assert stages.status(space, "R6", now=T0).refused == ()
    assert stages.verify(space).fine


def test_a_rule_over_the_departments_answer_warns(space: Workspace) -> None:
    answer_again(space)  # B-1 and B-2 are done
    [path] = space.issued("R6").glob("R6_D2_*.xlsx")
    answers = {(item, field): value for item in ("B-1", "B-2") for field, value in GOOD.items()}
    received(space, filled(path, answers | {("B-1", "actual"): "検討"}), "D2-3.xlsx", now=T0 + 4 * DAY)

    line = enter(space, GRADES)

    [finding] = [finding for finding in line.findings if finding.rule == "high"]
    assert (finding.item, finding.severity.value, line.state) == ("B-1", "warning", "entered")


def test_several_sittings_add_up_and_a_later_value_replaces_the_earlier_which_stays_known(
    space: Workspace,
) -> None:
    enter(space, {("A-1", "second"): "A", ("A-1", "opinion"): "一。"})
    line = enter(space, {("A-1", "opinion"): "二。", ("A-2", "second"): "A"}, name="2.xlsx")

    assert [str(change) for change in line.changes] == ["A-1 委員会意見 一。 → 二。", "A-2 二次評価 ― → A"]
    assert known(space, "second") == {"A-1": "A", "A-2": "A"}
    assert known(space, "opinion") == {"A-1": "二。"}
    with Ledger.open(space.ledger_path) as ledger:
        opinions = [each.target for each in decisions(ledger) if each.target["field"] == "opinion"]
    assert [(target["old"], target["new"]) for target in opinions] == [(None, "一。"), ("一。", "二。")]


def test_a_value_that_was_emptied_is_taken_back(space: Workspace) -> None:
    enter(space, {("A-1", "opinion"): "一。", ("A-1", "second"): "A"})

    line = enter(space, {("A-1", "opinion"): None}, name="2.xlsx")

    assert [str(change) for change in line.changes] == ["A-1 委員会意見 一。 → ―"]
    assert known(space, "opinion") == {}


def test_two_copies_filled_in_apart_take_nothing_from_each_other(space: Workspace) -> None:
    path = office(space).path
    one = filled(path, {("A-1", "second"): "A", ("A-2", "opinion"): "甲。"})
    other = filled(path, {("B-1", "second"): "A", ("A-2", "opinion"): "乙。"})

    received(space, one, "1.xlsx")
    [line] = received(space, other, "2.xlsx").lines

    assert known(space, "second") == {"A-1": "A", "B-1": "A"}
    assert [str(change) for change in line.changes] == ["A-2 委員会意見 甲。 → 乙。", "B-1 二次評価 ― → A"]


def test_the_same_file_twice_is_known(space: Workspace) -> None:
    data = filled(office(space).path, GRADES)
    received(space, data, "1.xlsx")

    [line] = received(space, data, "2.xlsx", now=T0 + 4 * DAY).lines

    assert (line.state, line.attempt) == ("known", 1)
    with Ledger.open(space.ledger_path) as ledger:
        assert len(decisions(ledger)) == 4


def test_one_of_an_earlier_issue_counts_and_tells_which_answers_changed_since(space: Workspace) -> None:
    data = filled(office(space).path, {("A-1", "second"): "A"})
    answer_again(space)
    office(space, now=T0 + 5 * DAY)

    [line] = received(space, data, "old.xlsx", now=T0 + 6 * DAY).lines

    assert line.state == "entered"
    assert (
        codes(line)["office_answered_since"] == "このブックを作った後に、回答が変わった施策があります（B-2）"
    )
    assert known(space, "second") == {"A-1": "A"}


def test_an_item_that_moved_or_left_since_the_workbook_was_made(space: Workspace) -> None:
    data = filled(office(space).path, {("A-2", "second"): "A", ("B-1", "second"): "A"})
    items = (
        JA["items"]
        .replace("予約 | D1 | | R6", "予約 | D2 | | R6")
        .replace("給与 | D2 | | R6", "給与 | D2 | | R5")
    )
    define(space.root, {**JA, "items": items})

    [line] = received(space, data, "old.xlsx").lines

    assert (line.state, [change.item for change in line.changes]) == ("entered", ["A-2"])
    assert "B-1" in codes(line)["office_item_gone"]


def test_a_column_that_is_gone_leaves_its_values_as_they_were(space: Workspace) -> None:
    enter(space, {("A-1", "opinion"): "一。", ("A-1", "second"): "A"})
    book = openpyxl.load_workbook(office(space, now=T0 + 4 * DAY).path)
    sheet = sheet_of(book)
    sheet.cell(lines_of(sheet)["A-2"], column(sheet, "second")).value = "A"
    sheet.delete_cols(column(sheet, "opinion"))
    stream = io.BytesIO()
    book.save(stream)

    [line] = received(space, stream.getvalue(), "2.xlsx", now=T0 + 5 * DAY).lines

    assert line.state == "entered"
    assert "column_missing" in codes(line)
    assert known(space, "opinion") == {"A-1": "一。"}
    assert known(space, "second") == {"A-1": "A", "A-2": "A"}


def test_a_damaged_or_foreign_workbook_of_the_office_is_refused_and_kept(
    tmp_path: Path, space: Workspace
) -> None:
    data = office(space).path.read_bytes()
    [damaged] = received(space, data[: len(data) // 2], "half.xlsx").lines
    assert (damaged.state, damaged.archive is not None) == ("refused", True)

    (tmp_path / "other").mkdir()
    other = begin(tmp_path / "other")
    answer(other, "D1", "D2")
    [foreign] = received(other, data, "foreign.xlsx").lines

    assert (foreign.state, list(codes(foreign))) == ("refused", ["office_not_issued"])


def test_as_it_was_issued_it_enters_nothing(space: Workspace) -> None:
    [line] = received(space, office(space).path.read_bytes(), "same.xlsx").lines

    assert (line.state, list(codes(line))) == ("refused", ["issued_file"])
    assert line.findings[0].params["department"] == "企画課"


def test_of_another_round_it_is_refused(space: Workspace) -> None:
    data = filled(office(space).path, GRADES)
    close_with(space)
    stages.issue(space, "R7", now=T0 + 370 * DAY)

    [line] = received(space, data, "R6.xlsx", "R7").lines

    assert (line.state, list(codes(line))) == ("refused", ["other_period"])


def close_with(space: Workspace, answers: Answers = GRADES) -> Publication:
    enter(space, answers, name="grades.xlsx")
    return close(space)


def test_checking_says_what_is_wrong_and_records_nothing(space: Workspace) -> None:
    path = space.root / "office.xlsx"
    path.write_bytes(filled(office(space).path, {("A-1", "second"): "B"}))
    before = space.ledger_path.read_bytes()

    [line] = stages.check(space, [path]).lines

    assert (line.state, "rule" in codes(line)) == ("faulty", True)
    path.write_bytes(filled(office(space).path, {("A-1", "second"): "A"}))
    [line] = stages.check(space, [path], period="R6").lines
    assert (line.state, [str(change) for change in line.changes]) == ("fine", ["A-1 二次評価 ― → A"])
    assert space.ledger_path.read_bytes() == before


def test_values_of_the_table_records_stand_in_it_and_what_is_entered_counts(tmp_path: Path) -> None:
    records = f"{JA['records'].rstrip()}\n        report | R6 | A-1 | | | 台帳の意見。"
    space = begin(tmp_path, {**JA, "records": records})
    answer(space, "D1", "D2")

    made = office(space)

    sheet = sheet_of(openpyxl.load_workbook(made.path))
    assert sheet.cell(lines_of(sheet)["A-1"], column(sheet, "opinion")).value == "台帳の意見。"
    line = enter(space, {("A-1", "opinion"): "委員会の意見。"})
    assert [str(change) for change in line.changes] == ["A-1 委員会意見 台帳の意見。 → 委員会の意見。"]
    assert known(space, "opinion") == {"A-1": "委員会の意見。"}


# --- the summary, closing, and after that -----------------------------------------------------------------


def test_the_summary_counts_and_shows_what_was_entered(space: Workspace) -> None:
    stages.consolidate(space, "R6", now=T0 + 2 * DAY)
    enter(space, {**GRADES, ("A-2", "second"): "B", ("A-2", "opinion"): "遅い。"})
    standing = stages.status(space, "R6", now=T0).summary
    assert standing is not None
    assert standing.outdated

    path = stages.consolidate(space, "R6", now=T0 + 4 * DAY).path

    assert path is not None
    assert figure(space, "graded") == 3
    data = texts(path, "データ")
    assert any("遅い。" in row for row in data)
    assert any("遅い。" in row for row in texts(path, "総括表"))
    assert "訂正" not in openpyxl.load_workbook(path).sheetnames


def test_a_round_is_not_closed_before_what_is_required_was_entered(space: Workspace) -> None:
    enter(space, {("A-1", "second"): "A"})
    stages.consolidate(space, "R6", now=T0 + 4 * DAY)

    with pytest.raises(UsageError) as fault:
        stages.close(space, "R6", now=T0 + 5 * DAY)

    assert fault.value.key == "office_open"
    assert fault.value.message("ja").startswith(
        "令和6年度はまだ確定できません。事務局が記入する「二次評価」が、3件の施策（A-2、B-1、B-2）で空いています。"
    )
    enter(space, GRADES, name="2.xlsx")
    assert close(space).version == 1


def test_the_status_says_what_the_office_has_yet_to_enter(space: Workspace) -> None:
    enter(space, {("A-1", "second"): "A"})

    left = stages.status(space, "R6", now=T0).office
    assert {field.id: list(items) for field, items in left.items()} == {"second": ["A-2", "B-1", "B-2"]}
    told = run("status", "--period", "R6", cwd=space.root)
    assert "確定の前に事務局が記入する「二次評価」が、3件の施策（A-2、B-1、B-2）で空いています" in told.stdout
    document = json.loads(run("status", "--period", "R6", "--json", cwd=space.root).stdout)
    assert document["office"][0] == {"form": "report", "field": "second", "item": "A-2"}
    assert {key for key in documented("status") if key.startswith("office")} <= set(keys_of(document))

    close_with(space)
    assert stages.status(space, "R6", now=T0).office == {}


def test_what_is_entered_after_closing_becomes_the_next_version_and_is_told(space: Workspace) -> None:
    close_with(space)
    kept = {path.name: path.read_bytes() for path in space.published("R6", 1).iterdir()}
    path = space.root / "late.xlsx"
    path.write_bytes(filled(office(space, now=T0 + 6 * DAY).path, LATE))

    result = stages.receive(space, [path], period="R6", by="委員会担当", now=T0 + 7 * DAY)

    assert [(made.period, made.version, made.made_by) for made in result.published] == [
        ("R6", 2, "委員会担当")
    ]
    assert [(made.label, made.before, made.after) for made in result.changed] == [("評価A", "4", "3")]
    assert {file.name: file.read_bytes() for file in space.published("R6", 1).iterdir()} == kept
    register = texts(space.published("R6", 2) / "summary.xlsx", "訂正")
    [opinion] = [row for row in register if "委員会意見" in row]
    assert opinion[-4:-2] == ["遅い。", "確定の後に記入"]
    assert any("評価A" in row and "4" in row and "3" in row for row in register)
    assert figure(space, "graded") == 3
    assert stages.verify(space).fine


LATE: Answers = {("A-2", "second"): "B", ("A-2", "opinion"): "遅い。"}


def test_entering_nothing_new_after_closing_makes_no_version(space: Workspace) -> None:
    close_with(space)

    line = enter(space, {}, name="none.xlsx")

    assert list(codes(line)) == ["office_nothing_new"]
    with Ledger.open(space.ledger_path) as ledger:
        assert [made.version for made in publications(ledger)] == [1]


def test_what_was_entered_in_time_is_no_changed_figure_of_a_correction(space: Workspace) -> None:
    close_with(space)

    wanted = [Wanted("actual", "検討", "A-1")]
    made = stages.correct(space, wanted, reason="誤記", period="R6", by="山田", now=T0 + 6 * DAY)

    assert [(changed.label, changed.before, changed.after) for changed in made.changed] == [
        ("実施", "4", "3")
    ]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_an_opinion_is_corrected_before_and_after_closing(space: Workspace, closed: bool) -> None:
    enter(space, {**GRADES, ("A-1", "opinion"): "よい。"})
    if closed:
        close(space)

    wanted = [Wanted("opinion", "よくない。", "A-1")]
    made = stages.correct(space, wanted, reason="議事録の誤り", period="R6", by="山田", now=T0 + 6 * DAY)

    [correction] = made.corrections
    assert (correction.old, correction.new) == ("よい。", "よくない。")
    assert known(space, "opinion") == {"A-1": "よくない。"}
    assert [version.version for version in made.published] == ([2] if closed else [])
    enter(space, {("A-1", "opinion"): "ふつう。"}, name="2.xlsx")
    assert known(space, "opinion") == {"A-1": "ふつう。"}
    assert stages.verify(space).fine


def test_a_late_department_return_is_still_set_aside(space: Workspace) -> None:
    close_with(space)
    [path] = space.issued("R6").glob("R6_D1_*.xlsx")

    [line] = received(space, filled(path, {("A-1", "actual"): "検討"}), "late.xlsx", now=T0 + 8 * DAY).lines

    assert (line.state, list(codes(line))) == ("kept", ["late_return"])


# --- the next round ----------------------------------------------------------------------------------------


def next_round(space: Workspace) -> dict[str, dict[str, object]]:
    """R7 issued: by item, what its form shows."""
    stages.issue(space, "R7", now=T0 + 370 * DAY)
    shown: dict[str, dict[str, object]] = {}
    for path in sorted(space.issued("R7").glob("R7_D*.xlsx")):
        sheet = sheet_of(openpyxl.load_workbook(path))
        for item, line in lines_of(sheet).items():
            shown[item] = {name: sheet.cell(line, at).value for name, at in headings(sheet).items()}
    return shown


def test_the_next_form_shows_the_opinion_and_asks_for_a_reply_also_of_what_continues_others(
    space: Workspace,
) -> None:
    opinions = {("A-1", "opinion"): "よい。", ("A-2", "opinion"): "遅い。", ("B-1", "opinion"): "窓口と。"}
    close_with(space, {**GRADES, **opinions})

    shown = next_round(space)

    heading = "令和6年度の委員会意見"
    assert shown["A-1"][heading] == "よい。"
    assert shown["C-1"][heading] == "A-2 遅い。\nB-1 窓口と。"
    assert shown["B-2"][heading] is None
    assert not any(name.startswith("委員会意見") for name in shown["A-1"])
    [path] = space.issued("R7").glob("R7_D2_*.xlsx")
    answers = {(item, field): value for item in ("B-2", "C-1") for field, value in GOOD.items()}
    [line] = received(space, filled(path, answers), "D2.xlsx", "R7", now=T0 + 371 * DAY).lines
    missing = [(finding.item, finding.field) for finding in line.findings if finding.is_missing]
    assert (line.state, missing) == ("sent_back", [("C-1", "reply")])


def test_an_opinion_entered_late_reaches_the_closed_year_and_outdates_no_answer_of_the_next(
    space: Workspace,
) -> None:
    close_with(space)
    next_round(space)
    answer(space, "D1", "D2", period="R7", now=T0 + 372 * DAY)
    path = space.root / "late.xlsx"
    path.write_bytes(filled(office(space, now=T0 + 373 * DAY).path, LATE))

    result = stages.receive(space, [path], period="R6", by="山田", now=T0 + 374 * DAY)

    assert [made.period for made in result.published] == ["R6"]
    assert stages.status(space, "R7", now=T0 + 375 * DAY).changed == ()
    assert stages.status(space, "R7", now=T0 + 375 * DAY).open == ()
    enter(space, {("A-1", "second"): "A"}, name="R7.xlsx", period="R7", now=T0 + 376 * DAY)
    assert known(space, "second", "R7") == {"A-1": "A"}
    assert figure(space, "graded", "R6") == 3
    assert stages.verify(space).fine


def test_accepted_answers_that_lack_a_reply_to_a_late_opinion_are_told(space: Workspace) -> None:
    close_with(space)
    next_round(space)
    for name, items in (("D1", ("A-1",)), ("D2", ("B-2", "C-1"))):
        [path] = space.issued("R7").glob(f"R7_{name}_*.xlsx")
        answers = {(item, field): value for item in items for field, value in GOOD.items()}
        (space.inbox("R7") / f"{name}.xlsx").write_bytes(filled(path, answers))
    accepted = stages.receive(space, period="R7", now=T0 + 371 * DAY).lines
    assert [line.state for line in accepted] == ["accepted", "accepted"]

    line = enter(space, {("A-1", "opinion"): "よい。"}, name="late.xlsx", now=T0 + 372 * DAY)

    assert codes(line)["office_later"] == (
        "この記入によって、すでに受理した令和7年度の回答のうち、情報課の回答が検査に合わなくなりました"
    )
    assert stages.status(space, "R7", now=T0).open == ()


def test_an_opinion_entered_after_both_years_are_closed_publishes_both_anew(space: Workspace) -> None:
    close_with(space)
    next_round(space)
    answer(space, "D1", "D2", period="R7", now=T0 + 372 * DAY)
    grades = {(item, "second"): "A" for item in ("A-1", "B-2", "C-1")}
    enter(space, grades, name="R7.xlsx", period="R7", now=T0 + 373 * DAY)
    close(space, "R7", now=T0 + 374 * DAY)
    path = space.root / "late.xlsx"
    path.write_bytes(filled(office(space, now=T0 + 375 * DAY).path, LATE))

    result = stages.receive(space, [path], period="R6", by="山田", now=T0 + 376 * DAY)

    assert [(made.period, made.version) for made in result.published] == [("R6", 2), ("R7", 2)]
    later = texts(space.published("R7", 2) / "summary.xlsx", "訂正")
    assert any("令和6年度" in row and "遅い。" in row and "確定の後に記入" in row for row in later)
    assert stages.verify(space).fine


# --- the command line ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tables", [JA, EN], ids=["ja", "en"])
def test_the_commands_of_the_offices_year(tmp_path: Path, tables: Tables) -> None:
    space = begin(tmp_path, tables)
    answer(space, "D1", "D2")

    made = run("issue", "--office", "--json", "--dir", tmp_path, cwd=tmp_path)
    document = json.loads(made.stdout)
    told = run("issue", "--office", "--dir", tmp_path, cwd=tmp_path)
    waited_for = {"answers_changed[].item", "open[].department", "open[].state", "set_aside[].file"}
    assert set(keys_of(document)) | waited_for == documented("issue --office")
    assert (told.returncode, told.stderr) == (0, "")

    path = Path(document["file"])
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(filled(path, {("A-1", "second"): "B"}))
    told = run("receive", wrong, "--dir", tmp_path, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (1, "")
    assert ("何も取り込んでいません" if tables is JA else "nothing of them was taken") in told.stdout
    path.write_bytes(filled(path, GRADES))
    entered = run("receive", path, "--by", "山田", "--dir", tmp_path, cwd=tmp_path)
    assert (entered.returncode, entered.stderr) == (0, "")
    assert ("取込み" if tables is JA else "entered") in entered.stdout
    for command in (("consolidate",), ("close", "--by", "課長")):
        assert run(*command, "--dir", tmp_path, cwd=tmp_path).returncode == 0
    office(space, now=datetime.now())
    path.write_bytes(filled(path, LATE))
    late = json.loads(run("receive", path, "--json", "--dir", tmp_path, cwd=tmp_path).stdout)
    assert [made["version"] for made in late["published"]] == [2]
    told_anew = {key for key in documented("receive") if key.startswith("published")}
    assert told_anew <= set(keys_of(late)) <= documented("receive")
    assert run("ledger", "verify", "--dir", tmp_path, cwd=tmp_path).returncode == 0


def test_a_day_due_or_a_department_has_no_place_beside_the_offices_workbook(space: Workspace) -> None:
    told = run("issue", "--office", "--due", "2025-05-30", "--dir", space.root, cwd=space.root)

    assert told.returncode == 2
    assert "--office" in told.stderr
