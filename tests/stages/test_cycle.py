"""Issue, receive and status on real files: what is recorded, what goes back, what changes nothing."""

import io
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from libreoffice import LibreOffice
from returns import TABLES, Desk, Tables, changed, plan_of, sample_plan, write_tables
from rounds import (
    DAY,
    DUE,
    DUE_MOMENT,
    ISSUED,
    RECEIVED,
    desk,
    drop,
    files,
    issue,
    only,
    receive,
    stamped,
    standing,
    states,
)
from test_in_force import with_column

from xlplan import stages
from xlplan.form.layout.columns import ColumnKind
from xlplan.form.layout.stamps import STAMP_SHEET
from xlplan.language.codes import Severity
from xlplan.language.errors import FileError, LedgerError, UsageError
from xlplan.stages.received import ReceivedFile
from xlplan.store.files import sha256
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A city with the sample plan."""
    write_tables(TABLES, tmp_path / "plan")
    return Workspace(tmp_path)


@pytest.fixture
def begun(space: Workspace) -> Workspace:
    """The same, with R6 issued."""
    issue(space)
    return space


# --- issue -----------------------------------------------------------------------------------------


def test_issue_writes_one_workbook_for_each_department_that_has_items(space: Workspace) -> None:
    result = issue(space)
    assert [(line.department.id, line.items, line.done) for line in result.lines] == [
        ("D1", 3, "issued"),
        ("D2", 2, "issued"),
        ("D3", 1, "issued"),
    ]
    assert {line.path for line in result.lines} == set(space.issued("R6").iterdir())


def test_issuing_again_changes_nothing(begun: Workspace) -> None:
    before = files(begun.root)
    result = issue(begun, now=ISSUED + DAY)
    assert {line.done for line in result.lines} == {"unchanged"}
    assert files(begun.root) == before


def test_another_due_date_issues_again(begun: Workspace) -> None:
    before = files(begun.root)
    result = issue(begun, "情報課", due=DUE + DAY, now=ISSUED + DAY)
    assert [(line.department.id, line.done) for line in result.lines] == [("D1", "reissued")]
    after = files(begun.root)
    assert {name for name in after if after[name] != before[name]} == {
        str(result.lines[0].path.relative_to(begun.root))
    }


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [("items", "電子申請", "電子申請の拡充"), ("fields", "補足", "備考"), ("plan", "企画課", "総合政策課")],
)
def test_whatever_is_shown_otherwise_issues_again(begun: Workspace, table: str, old: str, new: str) -> None:
    tables: Tables = changed(TABLES, table, old, new)
    if table == "fields":
        tables = changed(tables, "rules", "[@補足]", "[@備考]")
    write_tables(tables, begun.root / "plan")
    result = issue(begun, "D1", now=ISSUED + DAY)
    assert [line.done for line in result.lines] == ["reissued"]


def test_a_workbook_that_was_lost_or_changed_is_issued_again(begun: Workspace) -> None:
    first, second, _ = sorted(begun.issued("R6").iterdir())
    first.unlink()
    second.write_bytes(b"broken")
    result = issue(begun, now=ISSUED + DAY)
    assert [line.done for line in result.lines] == ["reissued", "reissued", "unchanged"]


def test_what_was_typed_into_an_issued_workbook_is_kept_aside_and_can_be_received(begun: Workspace) -> None:
    path = _issued(begun, "D1")
    filled = desk(begun, "D1").saved()
    path.write_bytes(filled)

    line, *others = issue(begun, now=ISSUED + DAY).lines

    [kept] = line.aside
    assert kept.read_bytes() == filled
    assert kept.parent == begun.set_aside("R6")
    assert path.read_bytes() != filled
    assert [one.aside for one in others] == [(), ()]
    assert stages.verify(begun).fine
    assert only(receive(begun, kept)).state == "accepted"


def test_what_was_typed_in_is_kept_also_where_other_things_are_asked_or_the_file_has_another_name(
    begun: Workspace,
) -> None:
    old = _issued(begun, "D1")
    old.write_bytes(b"typed")
    write_tables(changed(TABLES, "departments", "情報課", "情報推進課"), begun.root / "plan")

    line = issue(begun, "D1", now=ISSUED + DAY).lines[0]

    assert [one.read_bytes() for one in line.aside] == [b"typed"]
    assert not old.exists()
    assert line.path.name == "R6_D1_情報推進課.xlsx"


def test_nothing_that_is_kept_aside_takes_the_place_of_another(begun: Workspace) -> None:
    path, kept = _issued(begun, "D1"), []
    for number, typed in enumerate((b"one", b"two", b"one")):
        path.write_bytes(typed)
        kept += issue(begun, "D1", now=ISSUED + (number + 1) * DAY).lines[0].aside
        if number == 1:
            kept[0].write_bytes(b"worked on")
    assert [one.read_bytes() for one in kept] == [b"worked on", b"two", b"one"]


def test_a_workbook_as_it_was_issued_earlier_is_not_kept_aside(begun: Workspace) -> None:
    path = _issued(begun, "D1")
    first = path.read_bytes()
    issue(begun, "D1", due=DUE + DAY, now=ISSUED + DAY)
    path.write_bytes(first)
    assert issue(begun, "D1", now=ISSUED + 2 * DAY).lines[0].aside == ()


def test_an_issued_workbook_that_somebody_has_open_stays_as_it_is(begun: Workspace) -> None:
    path = _issued(begun, "D1")
    path.write_bytes(b"typed")
    path.with_name(f"~${path.name}").touch()
    with pytest.raises(FileError) as fault:
        issue(begun, "D1", now=ISSUED + DAY)
    assert fault.value.key == "file_open"
    assert path.read_bytes() == b"typed"


@pytest.mark.parametrize("name", ["D9", "休眠課", "D7"])
def test_a_department_that_is_not_asked_is_a_fault_of_use(space: Workspace, name: str) -> None:
    with pytest.raises(UsageError) as fault:
        issue(space, name)
    assert fault.value.key == "unknown_department_id"
    assert not space.issued("R6").exists()


def test_an_unknown_period_is_a_fault_of_use(space: Workspace) -> None:
    for name, key in (("R9", "unknown_period"), ("R7", "period_to_come")):
        with pytest.raises(UsageError) as fault:
            stages.issue(space, name, due=None, now=ISSUED)
        assert fault.value.key == key


# --- receive ---------------------------------------------------------------------------------------


def test_a_right_return_is_archived_byte_for_byte_and_accepted(begun: Workspace) -> None:
    path = drop(begun, "情報課から.xlsx", desk(begun, "D1").saved())
    line = only(receive(begun))
    assert (line.state, line.attempt, line.sent_back) == ("accepted", 1, None)
    assert [one.code for one in line.findings] == []
    assert line.archive is not None
    assert line.archive.read_bytes() == path.read_bytes()
    with Ledger.open(begun.ledger_path) as ledger:
        receipt = ledger.latest("R6")["D1"]
    assert (receipt.file_name, receipt.attempt, receipt.received_at) == ("情報課から.xlsx", 1, RECEIVED)
    assert {(one.form, one.item) for one in receipt.records} == {
        (form, item) for form in ("report", "money") for item in ("A-1", "A-2", "A-3")
    }


def test_a_return_by_path_is_received_as_one_in_the_inbox(begun: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "anywhere.xlsx"
    path.write_bytes(desk(begun, "D3").saved())
    assert only(receive(begun, path)).state == "accepted"
    assert path.exists()


def test_the_same_bytes_twice_are_known_and_change_nothing(begun: Workspace) -> None:
    data = desk(begun, "D1").saved()
    drop(begun, "a.xlsx", data)
    drop(begun, "b.xlsx", data)
    first = receive(begun)
    assert states(first) == [("a.xlsx", "accepted", 1), ("b.xlsx", "known", 1)]
    assert first.lines[1].department is not None
    before = files(begun.root)
    assert states(receive(begun, now=RECEIVED + DAY)) == [("a.xlsx", "known", 1), ("b.xlsx", "known", 1)]
    assert files(begun.root) == before
    assert standing(begun)["D1"].attempts == 1


def test_a_second_attempt_never_overwrites_the_first(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
    first = only(receive(begun))
    kept = files(begun.root)
    drop(begun, "2.xlsx", desk(begun, "D1").put("A-2", "done", None).saved())
    second = receive(begun, now=RECEIVED + DAY).lines[1]
    assert (first.state, first.attempt, second.state, second.attempt) == ("sent_back", 1, "sent_back", 2)
    assert {first.archive, first.sent_back}.isdisjoint({second.archive, second.sent_back})
    after = files(begun.root)
    # what is not to be sent any more has left the outbox
    there = {name: after[name.replace("/outbox/", "/sent-back/")] for name in kept}
    assert {name for name in kept if there[name] != kept[name]} == set()


def test_two_files_of_one_department_in_one_batch_are_two_attempts(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
    drop(begun, "2.xlsx", desk(begun, "D1").saved())
    drop(begun, "3.xlsx", desk(begun, "D3").saved())
    assert states(receive(begun)) == [
        ("1.xlsx", "sent_back", 1),
        ("2.xlsx", "accepted", 2),
        ("3.xlsx", "accepted", 1),
    ]
    assert standing(begun)["D1"].state == "accepted"


def test_a_return_that_replaces_an_accepted_one_says_so(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D3").saved())
    drop(begun, "2.xlsx", desk(begun, "D3").put("C-1", "done", "直した。").saved())
    assert [one.code for one in receive(begun).lines[1].findings] == ["replaces_accepted"]


def test_a_value_of_another_department_received_earlier_is_a_duplicate_to_both_commands(
    begun: Workspace,
) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "code", "AB-1").saved())
    receive(begun)
    path = drop(
        begun, "2.xlsx", desk(begun, "D3").put("C-1", "code", "ab-1").put("C-1", "code", "AB-1").saved()
    )
    checked = stages.check(begun, [path], period="")
    assert [one.code for one in only(checked).findings] == ["duplicate"]
    assert [one.code for one in receive(begun).lines[1].findings] == ["duplicate"]


def test_check_judges_without_recording(begun: Workspace) -> None:
    path = drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
    before = files(begun.root)
    line = only(stages.check(begun, [path], period="R6", department="D1"))
    assert (line.state, [one.code for one in line.findings]) == ("faulty", ["required_text"])
    assert files(begun.root) == before
    assert standing(begun)["D1"].state == "waiting"


# --- refused ---------------------------------------------------------------------------------------


def pasted(space: Workspace, department: str, other: str) -> bytes:
    """The department's workbook with the rows of another one pasted into it."""
    one, source = desk(space, department), desk(space, other)
    for row in range(6, 9):
        for cell in source.sheet()[row]:
            if cell.data_type != "f":
                one.sheet().cell(row, cell.column).value = cell.value
    return one.saved()


def last_years(space: Workspace) -> bytes:
    """The workbook of D1 of R5, saved."""
    stages.issue(space, "R5", due=None, departments=("D1",), now=ISSUED - 365 * DAY)
    [path] = space.issued("R5").iterdir()
    return Desk(sample_plan(), "D1", path.read_bytes()).saved()


REFUSED: dict[str, tuple[Callable[[Workspace], bytes], str, str]] = {
    "no workbook": (lambda space: b"memo", "safety_not_workbook", ""),
    "another plan": (lambda space: stamped(space, "D1", plan="other"), "other_plan", ""),
    "last year": (last_years, "other_period", ""),
    "an unknown period": (lambda space: stamped(space, "D1", period="R9"), "other_period", ""),
    "another department than asked for": (lambda space: desk(space, "D1").saved(), "other_department", "D2"),
    "another department's rows": (lambda space: pasted(space, "D2", "D1"), "other_department", ""),
    "an altered stamp": (lambda space: stamped(space, "D1", department="D2"), "stamp_altered", ""),
    "a department that is not asked": (
        lambda space: stamped(space, "D1", department="D9"),
        "unknown_department",
        "",
    ),
    "an unknown department": (lambda space: stamped(space, "D1", department="X"), "unknown_department", ""),
    "an unknown issue": (lambda space: stamped(space, "D1", issue="0123456789ab"), "other_issue", ""),
    "a newer format": (lambda space: stamped(space, "D1", format="3"), "newer_format", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_return_of_this_round_gets_one_finding_is_kept_and_changes_nothing_else(
    begun: Workspace, name: str
) -> None:
    make, code, department = REFUSED[name]
    path = drop(begun, "問題.xlsx", make(begun))
    before = files(begun.root)
    for result in (
        stages.check(begun, [path], period="R6", department=department),
        receive(begun, department=department),
    ):
        line = only(result)
        assert (line.state, [one.code for one in line.findings]) == ("refused", [code])
        assert line.findings[0].file == "問題.xlsx"
        for language in ("ja", "en"):
            assert line.findings[0].message(language)
            assert line.findings[0].remedy(language)
    digest = sha256(path.read_bytes())
    kept = begun.relative(begun.refused("R6") / f"問題_xlsx_{digest[:12]}")
    assert files(begun.root) == {**before, kept: path.read_bytes()}
    assert {line.state for line in standing(begun).values()} == {"waiting"}
    [told] = stages.status(begun, period="R6", now=DUE_MOMENT).refused
    assert (told.file_name, told.sha256, told.archive) == ("問題.xlsx", digest, kept)
    assert (told.received_at, told.finding.code) == (RECEIVED, code)


def test_a_corrected_return_of_last_years_names_the_period_with_which_it_is_taken(begun: Workspace) -> None:
    """In the inbox of this round it is refused; with the option that the message names it is received."""
    path = drop(begun, "訂正.xlsx", last_years(begun))
    option = "--period R5"

    refused = only(receive(begun))
    assert [option in refused.findings[0].message(language) for language in ("ja", "en")] == [True, True]
    taken = only(stages.receive(begun, [path], period=option.split()[1], now=RECEIVED))
    assert (taken.state, taken.department and taken.department.id) == ("sent_back", "D1")


def test_the_good_beside_the_refused_are_received(begun: Workspace) -> None:
    drop(begun, "1.xlsx", b"memo")
    drop(begun, "2.xlsx", desk(begun, "D3").saved())
    drop(begun, "~$2.xlsx", b"lock")
    assert states(receive(begun)) == [("1.xlsx", "refused", 0), ("2.xlsx", "accepted", 1)]


def test_before_anything_is_issued_nothing_can_be_received(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        receive(space)
    assert fault.value.key == "nothing_issued"


# --- issued again ----------------------------------------------------------------------------------


def test_an_earlier_workbook_is_accepted_where_only_the_due_date_is_another(begun: Workspace) -> None:
    data = desk(begun, "D1").saved()
    issue(begun, due=DUE + DAY, now=ISSUED + DAY)
    drop(begun, "古い.xlsx", data)
    assert only(receive(begun)).state == "accepted"


def with_a_new_item() -> Tables:
    return {
        **TABLES,
        "items": TABLES["items"].rstrip() + "\nA-4 | 目標 | 一 | 新規 | D1 | R6",
        "records": TABLES["records"].rstrip() + "\nreport | R6 | A-4 | 検討 | | |",
    }


@pytest.mark.parametrize(
    "tables",
    [
        with_a_new_item(),
        changed(TABLES, "records", "R6 | A-1 | 実施", "R6 | A-1 | 拡充"),
        changed(TABLES, "choices", "status | 拡充 | 3 |", "status | 運用 | 3 |\nstatus | 拡充 | 4 |"),
    ],
    ids=["a new item", "another planned value", "another choice"],
)
def test_an_earlier_workbook_that_asks_other_questions_is_refused(begun: Workspace, tables: Tables) -> None:
    data = desk(begun, "D1").saved()
    write_tables(tables, begun.root / "plan")
    issue(begun, now=ISSUED + DAY)
    drop(begun, "古い.xlsx", data)
    line = only(receive(begun))
    assert (line.state, [one.code for one in line.findings]) == ("refused", ["other_issue"])


def test_an_answer_to_questions_that_have_changed_counts_no_more(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    assert only(receive(begun)).state == "accepted"
    assert standing(begun, DUE)["D1"].state == "accepted"

    write_tables(with_a_new_item(), begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    assert standing(begun, DUE)["D1"].state == "waiting"


def test_a_form_that_is_issued_again_holds_what_its_department_has_answered(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "note", "前に書いたこと").signed("主査　山田").saved())
    assert only(receive(begun)).state == "accepted"
    write_tables(with_a_new_item(), begun.root / "plan")

    lines = {line.department.id: line for line in issue(begun, now=ISSUED + DAY).lines}

    assert [(name, line.done, line.given > 0) for name, line in lines.items()] == [
        ("D1", "reissued", True),
        ("D2", "unchanged", False),
        ("D3", "unchanged", False),
    ]
    again = Desk(plan_of(with_a_new_item()), "D1", lines["D1"].path.read_bytes())
    assert "前にいただいた回答を写してあります" in str(again.book["はじめに"]["C4"].value)
    drop(begun, "2.xlsx", again.put("A-4", "actual", "検討").put("A-4", "done", "調べた。").saved())
    returned = {line.path.name: line for line in receive(begun).lines}["2.xlsx"]
    assert (returned.state, returned.attempt) == ("accepted", 2)
    with Ledger.open(begun.ledger_path) as ledger:
        first, second = ledger.attempts("R6", "D1")
    before = {(one.form, one.item): one.values for one in first.records}
    after = {(one.form, one.item): one.values for one in second.records}
    assert {key: after[key] for key in before} == before
    assert (second.respondent, before["report", "A-1"]["note"]) == ("主査　山田", "前に書いたこと")
    assert after["report", "A-4"]["done"] == "調べた。"


def test_answers_without_a_place_in_the_new_form_are_listed_and_those_of_a_moved_item_go_with_it(
    begun: Workspace,
) -> None:
    drop(
        begun,
        "1.xlsx",
        desk(begun, "D1").put("A-2", "note", "移る施策").put("A-3", "note", "消える施策").saved(),
    )
    receive(begun)
    moved = changed(TABLES, "items", "A-2 | 目標 | 一 | 予約 | D1", "A-2 | 目標 | 一 | 予約 | D3")
    tables = with_column(moved, "items", "to_period", {"A-3": "R5"})
    tables["records"] = "\n".join(line for line in TABLES["records"].splitlines() if "R6 | A-3 |" not in line)
    write_tables(tables, begun.root / "plan")

    lines = {line.department.id: line for line in issue(begun, now=ISSUED + DAY).lines}

    first = openpyxl.load_workbook(lines["D1"].path)
    listed = {str(cell.value) for row in first["欄外の記入"].iter_rows() for cell in row if cell.value}
    assert {"A-3", "消える施策"} <= listed
    assert "移る施策" not in listed
    assert lines["D1"].left > 0
    third = Desk(plan_of(tables), "D3", lines["D3"].path.read_bytes())
    assert third.sheet()[third.address("A-2", "note")].value == "移る施策"
    assert lines["D3"].left == 0


def test_who_was_accepted_need_not_answer_again_for_another_due_date(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D3").signed("山田 090-1234-5678").saved())
    assert only(receive(begun)).state == "accepted"

    result = issue(begun, "D3", due=DUE + DAY, now=ISSUED + DAY)

    guide = openpyxl.load_workbook(result.lines[0].path)["はじめに"]
    texts = [str(cell.value) for row in guide.iter_rows() for cell in row if cell.value]
    assert any("返送は要りません" in one for one in texts)
    # the ledger keeps such a name masked only: a name that is none is not filled in
    assert not any("5678" in one for one in texts)
    assert result.due == DUE + DAY
    assert issue(begun, due=None, now=ISSUED + 2 * DAY).dates == {DUE, DUE + DAY}


def test_a_due_date_in_the_past_is_told_and_the_forms_go_out_all_the_same(space: Workspace) -> None:
    assert issue(space, due=ISSUED.date() - DAY).passed
    assert not issue(space, due=ISSUED.date(), now=ISSUED).passed
    assert not issue(space, due=None, now=ISSUED + 30 * DAY).passed
    assert len(list(space.issued("R6").iterdir())) == 3


def first_sheet(path: Path) -> list[str]:
    """What stands on the first sheet of a form."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]


def box(path: Path) -> str:
    said = first_sheet(path)
    return said[said.index("配り直し") + 1]


@pytest.mark.parametrize(
    ("table", "old", "new", "what"),
    [
        ("departments", "情報課", "情報推進課", "部署の名称"),
        ("items", "電子申請", "電子申請の拡充", "施策の名称や内容"),
        ("records", "R6 | A-1 | 実施", "R6 | A-1 | 拡充", "事務局が記入した値"),
        ("records", "R5 | A-1 | 実施 | 実施", "R5 | A-1 | 実施 | 検討", "前の期間の値"),
        ("choices", "status | 拡充 | 3 |", "status | 拡大 | 3 |", "事務局が記入した値"),
        ("items", "端末 | D1 |", "端末 | D2 |", "対象の施策"),
    ],
)
def test_a_form_that_is_issued_again_says_what_has_changed_and_nothing_else(
    begun: Workspace, table: str, old: str, new: str, what: str
) -> None:
    tables = changed(TABLES, table, old, new)
    if table == "choices":
        tables = {**tables, "records": tables["records"].replace("拡充", "拡大")}
        what = "記入する項目・選択肢・検査"
    write_tables(tables, begun.root / "plan")
    line = issue(begun, "D1", now=ISSUED + DAY).lines[0]
    assert box(line.path) == f"様式を配り直しました（変わったところ：{what}）。"


def test_a_form_is_said_to_be_issued_again_for_its_due_date_only_where_that_is_another(
    begun: Workspace,
) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun)
    write_tables(changed(TABLES, "departments", "情報課", "情報推進課"), begun.root / "plan")
    accepted = "前にいただいた回答は受理済みです。直すところがなければ、返送は要りません。"

    line = issue(begun, "D1", now=ISSUED + DAY).lines[0]
    assert box(line.path) == f"様式を配り直しました（変わったところ：部署の名称）。{accepted}"

    line = issue(begun, "D1", due=DUE + DAY, now=ISSUED + 2 * DAY).lines[0]
    assert box(line.path) == f"様式を配り直しました（変わったところ：期限）。{accepted}"


def test_an_item_that_moves_between_departments_is_told_in_both_forms(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun)
    write_tables(changed(TABLES, "items", "端末 | D1 |", "端末 | D2 |"), begun.root / "plan")

    lines = {one.department.id: one for one in issue(begun, now=ISSUED + DAY).lines}

    lost, gained = (first_sheet(lines[name].path) for name in ("D1", "D2"))
    assert "配り直しで総務課へ移った施策：A-3 端末" in lost
    assert "配り直しで情報課から移った施策：A-3 端末（情報課の回答を写してあります）" in gained
    assert "対象の施策に変更はありません。" not in (*lost, *gained)
    assert "ほかの部署から移った施策には、その部署の回答を写してあります。" in box(lines["D2"].path)
    assert "前にいただいた回答を写してあります。" in box(lines["D1"].path)


def test_items_that_come_and_go_within_a_round_are_told(begun: Workspace) -> None:
    tables = with_a_new_item()
    tables["items"] = tables["items"].replace("A-2 | 目標 | 一 | 予約 | D1 |", "")
    tables["records"] = "\n".join(one for one in tables["records"].splitlines() if "| A-2 |" not in one)
    write_tables(tables, begun.root / "plan")
    said = first_sheet(issue(begun, "D1", now=ISSUED + DAY).lines[0].path)
    assert "配り直しで加わった施策：A-4 新規" in said
    assert "配り直しで対象から外れた施策：A-2 予約" in said


def test_a_return_of_a_form_that_was_issued_again_has_no_more_to_tell_than_another(begun: Workspace) -> None:
    """The box on the first sheet moves what stands below it."""
    issue(begun, "D1", due=DUE + DAY, now=ISSUED + DAY)
    drop(begun, "1.xlsx", desk(begun, "D1").signed("主査　山田").saved())
    line = only(receive(begun))
    assert (line.state, line.findings) == ("accepted", ())


def test_what_was_sent_back_stands_in_the_form_that_is_issued_again(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D3").put("C-1", "actual", "完成").saved())
    assert only(receive(begun)).state == "sent_back"

    [line] = issue(begun, "D3", due=DUE + DAY, now=ISSUED + DAY).lines

    again = Desk(sample_plan(), "D3", line.path.read_bytes())
    assert again.sheet()[again.address("C-1", "actual")].value == "完成"
    assert "指摘一覧" not in again.book.sheetnames


def test_an_answer_still_counts_when_only_the_due_date_has_changed(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun)

    issue(begun, due=DUE + DAY, now=ISSUED + DAY)

    assert standing(begun, DUE)["D1"].state == "accepted"


def test_an_answer_that_was_replaced_by_a_faulty_one_is_told_when_it_comes_again(begun: Workspace) -> None:
    good = desk(begun, "D1").saved()
    drop(begun, "1.xlsx", good)
    receive(begun)
    drop(begun, "2.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
    receive(begun)

    again = {line.path.name: line for line in receive(begun).lines}

    assert (again["1.xlsx"].state, [one.code for one in again["1.xlsx"].findings]) == (
        "known",
        ["received_before"],
    )
    assert (again["2.xlsx"].state, [one.code for one in again["2.xlsx"].findings]) == (
        "sent_back",
        ["received_open"],
    )


def test_an_answer_known_from_before_the_form_was_issued_again_is_told(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun)
    write_tables(with_a_new_item(), begun.root / "plan")
    issue(begun, now=ISSUED + DAY)

    assert [one.code for one in only(receive(begun)).findings] == ["received_outdated"]


def test_an_empty_folder_in_the_inbox_is_no_news(begun: Workspace) -> None:
    (begun.inbox("R6") / "空" / "また空").mkdir(parents=True)

    assert receive(begun).lines == ()


def test_a_lost_ledger_is_told_and_nothing_is_issued_over_what_was_received(begun: Workspace) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    receive(begun)
    begun.ledger_path.unlink()
    before = files(begun.root)

    for stage in (issue, receive, standing):
        with pytest.raises(LedgerError) as fault:
            stage(begun)
        assert fault.value.key == "ledger_lost"

    assert files(begun.root) == before
    assert not begun.ledger_path.exists()


def test_a_draft_does_not_take_the_place_of_the_summary(begun: Workspace) -> None:
    stages.consolidate(begun, period="R6", draft=True, now=RECEIVED)

    assert begun.summary("R6", draft=True).is_file()
    assert not begun.summary("R6").exists()


def test_status_names_the_departments_whose_part_of_the_plan_has_changed(begun: Workspace) -> None:
    assert stages.status(begun, period="R6", now=DUE_MOMENT).changed == ()

    write_tables(with_a_new_item(), begun.root / "plan")

    assert [one.id for one in stages.status(begun, period="R6", now=DUE_MOMENT).changed] == ["D1"]


def test_the_round_meant_by_default_is_the_latest_of_the_plan_not_the_one_issued_last(
    begun: Workspace,
) -> None:
    stages.issue(begun, "R5", due=None, now=ISSUED + DAY)

    assert stages.status(begun, period="", now=DUE_MOMENT).period.id == "R6"


# --- sent back -------------------------------------------------------------------------------------


@pytest.fixture
def back(begun: Workspace) -> tuple[Desk, ReceivedFile]:
    """A return of D1 with faults of several kinds, and the workbook that goes back."""
    one = (
        desk(begun, "D1").put("A-1", "actual", "完成").put("A-2", "places", 99).put("A-2", "note", "そのまま")
    )
    one.put("A-3", "note", "#N/A").put("A-3", "planned", "拡充")
    drop(begun, "1.xlsx", one.saved())
    line = only(receive(begun))
    assert line.sent_back is not None
    return Desk(sample_plan(), "D1", line.sent_back.read_bytes()), line


def test_the_sent_back_workbook_holds_the_departments_own_values(back: tuple[Desk, ReceivedFile]) -> None:
    sent, _ = back
    values = {
        (item, field): sent.sheet()[sent.address(item, field)].value
        for item, field in (("A-1", "actual"), ("A-1", "done"), ("A-2", "places"), ("A-2", "note"))
    }
    assert values == {
        ("A-1", "actual"): "完成",
        ("A-1", "done"): "進めた。",
        ("A-2", "places"): 99,
        ("A-2", "note"): "そのまま",
    }
    # the office's own value is as issued, and an error value is no answer
    assert sent.sheet()[sent.address("A-3", "planned")].value == "検討"
    assert sent.sheet()[sent.address("A-3", "note")].value is None


def test_each_finding_is_a_note_at_its_cell(back: tuple[Desk, ReceivedFile]) -> None:
    sent, line = back
    notes = {
        cell.coordinate: cell.comment.text for row in sent.sheet().iter_rows() for cell in row if cell.comment
    }
    expected = {sent.address(one.item, one.field): one for one in line.findings}
    assert notes.keys() == expected.keys()
    assert len(notes) == 4
    for address, one in expected.items():
        assert one.message("ja") in notes[address]
        assert one.remedy("ja") in notes[address]


def test_the_list_of_findings_links_to_the_right_cells(back: tuple[Desk, ReceivedFile]) -> None:
    sent, line = back
    sheet = sent.book["指摘一覧"]
    links = {
        str(sheet.cell(row, 7).value): sheet.cell(row, 2).hyperlink.location
        for row in range(4, 4 + len(line.findings))
    }
    assert links == {
        one.message("ja"): f"'進捗報告'!{sent.address(one.item, one.field)}" for one in line.findings
    }


def test_the_state_of_a_finding_follows_its_cell(
    back: tuple[Desk, ReceivedFile], libreoffice: LibreOffice
) -> None:
    sent, line = back
    layout = sent.layouts["report"]
    mark = layout.column(ColumnKind.SENT_BACK, "actual").letters
    before = sent.saved()
    after = sent.put("A-1", "actual", "実施").put("A-3", "note", "#N/A").saved()
    rows = range(4, 4 + len(line.findings))
    sheet = sent.book["指摘一覧"]
    fields = {row: str(sheet.cell(row, 4).value) for row in rows}
    one, other = libreoffice.all_recalculated([before, after])
    assert {fields[row]: one["指摘一覧", f"I{row}"] for row in rows} == {
        "進捗": "未変更",
        "箇所数": "未変更",
        "補足": "未変更",
        "計画": "対応不要",
    }
    assert {fields[row]: other["指摘一覧", f"I{row}"] for row in rows} == {
        "進捗": "変更済み",
        "箇所数": "未変更",
        "補足": "変更済み",
        "計画": "対応不要",
    }
    assert (one["進捗報告", f"{mark}6"], other["進捗報告", f"{mark}6"]) == (1.0, 0.0)


def test_a_row_that_was_gone_is_open_until_it_is_filled_in(
    begun: Workspace, libreoffice: LibreOffice
) -> None:
    one = desk(begun, "D1")
    one.sheet().delete_rows(7)
    drop(begun, "1.xlsx", one.saved())
    line = only(receive(begun))
    assert line.sent_back is not None
    sent = Desk(sample_plan(), "D1", line.sent_back.read_bytes())
    before = sent.saved()
    after = sent.put("A-2", "actual", "実施").put("A-2", "done", "進めた。").saved()
    states = [book["指摘一覧", "I4"] for book in libreoffice.all_recalculated([before, after])]
    assert states == ["未変更", "変更済み"]


def test_the_sent_back_workbook_mended_is_accepted(begun: Workspace, back: tuple[Desk, ReceivedFile]) -> None:
    sent, _ = back
    sent.put("A-1", "actual", "実施").put("A-2", "places", 9)
    drop(begun, "2.xlsx", sent.saved())
    line = receive(begun, now=RECEIVED + DAY).lines[1]
    assert (line.state, line.attempt, [one.code for one in line.findings]) == ("accepted", 2, [])


def test_only_its_own_departments_rows_stand_in_any_part_of_a_file(begun: Workspace) -> None:
    for name, faulty in (("D1", "A-1"), ("D2", "B-1"), ("D3", "C-1")):
        drop(
            begun,
            f"{name}.xlsx",
            desk(begun, name).put(faulty, "done", None).put(faulty, "note", f"{name}の秘密").saved(),
        )
    result = receive(begun)
    titles = {"D1": ("電子申請", "予約", "端末"), "D2": ("給与", "文書"), "D3": ("指令台",)}
    for line in result.lines:
        assert line.sent_back is not None
        assert line.department is not None
        parts = b"".join(_parts(line.sent_back) + _parts(_issued(begun, line.department.id)))
        for owner, names in titles.items():
            words = (*names, *(f"{name}の秘密" for name in [owner]))
            mine = owner == line.department.id
            assert {word.encode() in parts for word in words} == {mine}, (line.path.name, owner)


def _issued(space: Workspace, department: str) -> Path:
    [path] = space.issued("R6").glob(f"R6_{department}_*.xlsx")
    return path


def _parts(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


# --- a crash in between ----------------------------------------------------------------------------


def test_a_crash_between_archive_and_ledger_leaves_what_a_second_run_completes(
    begun: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").put("A-1", "done", None).saved())
    drop(begun, "2.xlsx", desk(begun, "D3").saved())

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record_receipts", crash)
        with pytest.raises(KeyboardInterrupt):
            receive(begun)
    left = files(begun.root)
    assert len([name for name in left if "/returned/" in name]) == 2
    assert {line.state for line in standing(begun).values()} == {"waiting"}

    assert states(receive(begun)) == [("1.xlsx", "sent_back", 1), ("2.xlsx", "accepted", 1)]
    assert files(begun.root) == left
    assert states(receive(begun)) == [("1.xlsx", "sent_back", 1), ("2.xlsx", "known", 1)]
    assert files(begun.root) == left


def test_a_crash_before_the_second_file_is_kept_loses_nothing(
    begun: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(begun, "1.xlsx", desk(begun, "D1").saved())
    drop(begun, "2.xlsx", desk(begun, "D3").saved())
    archive = sys.modules["xlplan.store.archive"]
    write, written = archive.write_bytes, []

    def once(path: Path, data: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(archive, "write_bytes", once)
        with pytest.raises(KeyboardInterrupt):
            receive(begun)
    assert states(receive(begun)) == [("1.xlsx", "accepted", 1), ("2.xlsx", "accepted", 1)]
    assert len(list(begun.returned("R6").iterdir())) == 2


# --- status ----------------------------------------------------------------------------------------


def test_status_tells_how_each_department_stands(space: Workspace) -> None:
    issue(space, "D1", "D2")
    drop(
        space,
        "1.xlsx",
        desk(space, "D1").put("A-1", "done", None).put("A-2", "started", date(2025, 4, 1)).saved(),
    )
    drop(space, "2.xlsx", desk(space, "D2").saved())
    receive(space)
    found = {
        name: (line.state, line.attempts, line.errors, line.warnings, line.due, line.days)
        for name, line in standing(space, DUE - 3 * DAY).items()
    }
    assert found == {
        "D1": ("sent_back", 1, 1, 1, DUE, 3),
        "D2": ("accepted", 1, 0, 0, DUE, None),
        "D3": ("not_issued", 0, 0, 0, None, None),
    }


def test_days_are_counted_beyond_the_due_date(begun: Workspace) -> None:
    line = standing(begun, DUE + 2 * DAY)["D1"]
    assert (line.state, line.days) == ("waiting", -2)


def test_status_before_anything_is_issued(space: Workspace) -> None:
    found = stages.status(space, period="R6", now=DUE_MOMENT)
    assert {line.state for line in found.lines} == {"not_issued"}
    for _ in range(2):  # without a ledger, then with an empty one
        with pytest.raises(UsageError) as fault:
            stages.status(space, period="", now=DUE_MOMENT)
        assert fault.value.key == "no_round"
        Ledger.open(space.ledger_path).close()


# --- a form that was copied into another workbook ---------------------------------------------------


def copied(one: Desk) -> bytes:
    """What somebody has who copied all cells of the entry sheets into a new workbook, as values."""
    book = openpyxl.Workbook()
    for name in one.book.sheetnames:
        if name != STAMP_SHEET:
            sheet = book.create_sheet(name)
            for row in one.book[name].iter_rows():
                for cell in row:
                    if cell.value is not None and not str(cell.value).startswith("="):
                        sheet[cell.coordinate] = cell.value
    del book[book.sheetnames[0]]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_form_copied_into_another_workbook_is_taken_as_the_return_of_the_department_named(
    begun: Workspace,
) -> None:
    path = drop(begun, "写し.xlsx", copied(desk(begun, "D3").put("C-1", "note", "写した答え")))

    line = only(receive(begun, path, department="D3"))

    assert (line.state, line.department and line.department.id) == ("accepted", "D3")
    told = {one.code: one for one in line.findings}
    assert told["stamp_missing"].severity is Severity.WARNING
    assert "消防課" in told["stamp_missing"].message("ja")
    with Ledger.open(begun.ledger_path) as ledger:
        [kept] = ledger.attempts("R6", "D3")
    assert [one.values["note"] for one in kept.records if one.form == "report"] == ["写した答え"]
    assert kept.issue


def test_without_a_department_or_for_a_whole_inbox_it_stays_unknown(begun: Workspace) -> None:
    path = drop(begun, "写し.xlsx", copied(desk(begun, "D3")))

    for line in (only(receive(begun, path)), only(receive(begun, department="D3"))):
        assert (line.state, line.findings[0].code) == ("refused", "not_a_return")


def test_the_rows_of_another_department_are_not_taken_as_those_of_the_one_named(begun: Workspace) -> None:
    path = drop(begun, "写し.xlsx", copied(desk(begun, "D2")))

    line = only(receive(begun, path, department="D3"))

    assert (line.state, [one.code for one in line.findings]) == ("refused", ["other_department"])


def test_any_other_workbook_is_no_return_whatever_department_is_named(begun: Workspace) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("メモ").append(["覚え", "進捗"])
    book.save(begun.inbox("R6") / "memo.xlsx")

    line = only(receive(begun, begun.inbox("R6") / "memo.xlsx", department="D3"))

    assert [one.code for one in line.findings] == ["no_form_found"]


def test_a_copy_of_the_form_of_another_period_is_not_taken_for_this_ones(begun: Workspace) -> None:
    stages.issue(begun, "R5", due=None, departments=("D3",), now=ISSUED)
    [path] = begun.issued("R5").glob("*D3*")
    old = Desk(sample_plan(), "D3", path.read_bytes()).fill().fill("money", cost=None, paid=None)
    copy = drop(begun, "去年の写し.xlsx", copied(old))

    line = only(receive(begun, copy, department="D3"))

    assert (line.state, [one.code for one in line.findings]) == ("refused", ["other_period"])
    assert "令和5年度（--period R5）の回答です。今回の照会は令和6年度です" in line.findings[0].message("ja")


def test_a_copy_without_any_row_takes_the_place_of_no_answer(begun: Workspace) -> None:
    good = drop(begun, "1.xlsx", desk(begun, "D3").saved())
    assert only(receive(begun, good)).state == "accepted"
    empty = desk(begun, "D2")
    for form in ("report", "money"):
        empty.sheet(form).delete_rows(6, 20)

    line = only(receive(begun, drop(begun, "2.xlsx", copied(empty)), department="D3"))

    assert (line.state, [one.code for one in line.findings]) == ("refused", ["not_of_department"])
    assert standing(begun)["D3"].state == "accepted"


def test_it_can_be_checked_and_mended_as_well(begun: Workspace) -> None:
    path = drop(begun, "写し.xlsx", copied(desk(begun, "D3").put("C-1", "note", "写した答え")))

    [checked] = stages.check(begun, [path], period="", department="D3").lines
    [mended] = stages.mend(begun, [path], department="D3", now=RECEIVED).lines

    assert checked.state == "fine"
    assert mended.mended
    fresh = Desk(sample_plan(), "D3", mended.mended.read_bytes())
    assert fresh.sheet()[fresh.address("C-1", "note")].value == "写した答え"
    again = drop(begun, "直した.xlsx", fresh.saved())
    assert only(receive(begun, again)).state == "accepted"
