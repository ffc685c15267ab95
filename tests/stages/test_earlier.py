"""The next round: what was accepted in the one before is known, whether or not somebody copied it into the records."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of
from returns import TABLES, Desk, Tables, changed, write_tables
from rounds import DUE, DUE_MOMENT, RECEIVED, begin, desk, drop, receive

from xlplan import stages
from xlplan.cli.documents import consolidate_document, issue_document
from xlplan.definition.reading import read_definition
from xlplan.form.layout.columns import ColumnKind
from xlplan.language.errors import DefinitionError, UsageError
from xlplan.model.finding import Finding
from xlplan.stages.consolidate import ConsolidateResult
from xlplan.stages.issue import IssueResult
from xlplan.store.workspace import Workspace

LATER = datetime(2026, 4, 10, 9, 0)
NEXT: Tables = changed(
    changed(
        TABLES, "periods", "R6 | 令和6年度 | 2024 | 2024", "R6|令和6年度|2024|2024\n R7|令和7年度|2025|2025"
    ),
    "records",
    "money | R6 | A-1 | | | | 1000",
    """money | R6 | A-1 | | | | 1000
        report | R7 | A-1 | 拡充 | | |
        report | R7 | A-2 | 拡充 | | |
        report | R7 | A-3 | 拡充 | | |
        report | R7 | B-1 | 拡充 | | |
        report | R7 | B-2 | 拡充 | | |
        report | R7 | C-1 | 拡充 | | |""",
)
"""The sample plan with a third year, in which all is to be extended; nobody copied the answers of the second."""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6 is done: three departments, accepted. Then the plan gets its next year."""
    found = begin(tmp_path)
    answer(found, "D1", "D2", "D3")
    write_tables(NEXT, tmp_path / "plan")
    return found


def answer(space: Workspace, *departments: str) -> None:
    """Good answers, received and accepted."""
    for name in departments:
        drop(space, f"{name}.xlsx", desk(space, name).put(*SAID[name]).saved())
    assert {one.state for one in receive(space).lines} == {"accepted"}


SAID = {
    "D1": ("A-1", "done", "窓口を二つにした。"),
    "D2": ("B-2", "done", "目録を作った。"),
    "D3": ("C-1", "done", "入れ替えた。"),
}


def issue(space: Workspace, *names: str) -> IssueResult:
    return stages.issue(space, "R7", due=DUE, departments=names, now=LATER)


def summary(space: Workspace, period: str = "R7") -> ConsolidateResult:
    return stages.consolidate(space, period=period, draft=True, now=LATER)


def before(space: Workspace, department: str, field: str) -> list[object]:
    """What stands in the column of last year's answers, of the form of R7."""
    [path] = space.issued("R7").glob(f"R7_{department}_*.xlsx")
    plan = read_definition(space.find_definition()).usable()
    found = Desk(plan, department, path.read_bytes())
    letters = found.layouts["report"].column(ColumnKind.PREVIOUS, field).letters
    return [found.sheet()[f"{letters}{row}"].value for row in range(6, found.layouts["report"].last_row + 1)]


def data(path: Path | None) -> dict[tuple[object, ...], dict[str, object]]:
    """The data sheet of the first form by year and item, by heading."""
    assert path is not None
    sheet = openpyxl.load_workbook(path)["データ"]
    heads, *rows = sheet.iter_rows(min_row=4, values_only=True)
    lines = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    return {(one["期間"], one["番号"]): one for one in lines if one.get("番号")}


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.period) for one in findings]


def test_last_years_answers_stand_beside_this_years_without_being_copied(space: Workspace) -> None:
    result = issue(space)

    assert before(space, "D1", "done") == ["窓口を二つにした。", "進めた。", "進めた。"]
    assert before(space, "D1", "actual") == ["実施", "実施", "実施"]
    assert before(space, "D2", "done") == ["進めた。", "目録を作った。"]
    told, frozen = result.earlier
    assert frozen.code == "round_frozen"
    assert (told.code, told.severity, told.period) == ("earlier_taken", "notice", "R6")
    assert "施策 6件" in told.message("ja")


def test_the_summary_of_the_next_year_counts_them_and_names_their_file(space: Workspace) -> None:
    then = data(summary(space, "R6").path)
    issue(space)
    now = data(summary(space).path)

    for item in ("A-1", "A-2", "A-3", "B-1", "B-2", "C-1"):
        year = ("令和6年度", item)
        written = {head: one for head, one in then[year].items() if not str(one).startswith("=")}
        assert written.items() <= now[year].items()
    assert now["令和6年度", "A-1"]["実施内容"] == "窓口を二つにした。"
    assert "returned" in str(now["令和6年度", "A-1"]["出典ファイル"])


def test_a_department_that_was_never_accepted_is_named(tmp_path: Path) -> None:
    space = begin(tmp_path)
    answer(space, "D1", "D3")
    write_tables(NEXT, tmp_path / "plan")

    for found in (issue(space).earlier[:-1], summary(space).earlier):
        assert codes(found) == [("earlier_taken", "R6"), ("earlier_open", "R6")]
        assert "総務課" in found[1].message("ja")
        assert "情報課" not in found[1].message("ja")
    assert before(space, "D2", "done") == [None, None]


def test_what_was_answered_counts_and_a_difference_in_the_records_is_told(space: Workspace) -> None:
    """Somebody copied R6 by hand, and one status wrongly; or meant to correct it, for which there is a command."""
    copied = changed(
        NEXT,
        "records",
        "report | R6 | A-1 | 実施 | | |",
        "report | R6 | A-1 | 実施 | 検討 | 窓口を二つにした。 |",
    )
    write_tables(copied, space.root / "plan")
    result = issue(space)

    assert before(space, "D1", "actual") == ["実施", "実施", "実施"]
    assert codes(result.earlier) == [
        (name, "R6") for name in ("earlier_taken", "earlier_differs", "round_frozen")
    ]
    assert "A-1 進捗（検討 / 実施）" in result.earlier[1].message("ja")
    assert "xlplan correct --period R6" in result.earlier[1].remedy("ja")


def test_records_that_hold_the_same_are_no_difference(tmp_path: Path) -> None:
    space = begin(tmp_path)
    answer(space, "D3")
    only = changed(NEXT, "records", "report | R6 | C-1 | 実施 | | |", "report|R6|C-1|実施|実施|入れ替えた。|")
    write_tables(only, tmp_path / "plan")

    found = issue(space, "D3").earlier

    assert [one.code for one in found] == ["earlier_taken", "earlier_open", "round_frozen"]


def test_answers_about_a_project_that_was_taken_out_of_the_plan_stay_those_of_their_round(
    space: Workspace,
) -> None:
    gone = changed(NEXT, "items", "A-3 | 目標 | 二 | 端末 | D1 |", "")
    for table in ("R5 | A-3 | 検討", "R6 | A-3 | 検討", "R7 | A-3 | 拡充"):
        gone = changed(gone, "records", f"report | {table} | | |", "")
    write_tables(gone, space.root / "plan")
    with pytest.raises(DefinitionError):  # it may end, but not vanish: test_vanished.py
        issue(space)
    ended = changed(NEXT, "records", "report | R7 | A-3 | 拡充 | | |", "")
    ended = changed(ended, "items", "| department | from_period", "| department | from_period | to_period")
    write_tables(changed(ended, "items", "端末 | D1 |", "端末 | D1 | | R6"), space.root / "plan")

    found = issue(space).earlier

    assert codes(found) == [("earlier_taken", "R6"), ("round_frozen", "R6")]
    row = data(summary(space).path)["令和6年度", "A-3"]
    assert (row["期間"], row["番号"], row["進捗"]) == ("令和6年度", "A-3", "実施")


def test_a_choice_that_is_called_otherwise_by_now_is_known_by_its_older_name(space: Workspace) -> None:
    renamed = changed(NEXT, "choices", "status | 実施 | 2 | 実施済", "status | 実施した | 2 | 実施")
    write_tables(renamed, space.root / "plan")
    issue(space)

    assert before(space, "D1", "actual") == ["実施した"] * 3


def test_rows_that_departments_added_are_known_in_the_next_year(tmp_path: Path) -> None:
    tables = {
        **TABLES,
        "forms": TABLES["forms"].replace("note", "note | open_rows", 1) + "\n wishes | 要望 | 自由に。 | 2",
        "fields": TABLES["fields"].rstrip() + "\n wishes|wish|要望|text||yes|department|||||||",
        "views": "id | title | kind | form\n wishes | 要望一覧 | list | wishes",
    }
    space = begin(tmp_path, tables)
    plan = read_definition(space.find_definition()).usable()
    [path] = space.issued("R6").glob("R6_D3_*.xlsx")
    returned = Desk(plan, "D3", path.read_bytes()).fill().fill("money", cost=None, paid=None)
    returned.sheet("wishes")["B6"] = "端末がほしい"
    drop(space, "D3.xlsx", returned.saved())
    assert {one.state for one in receive(space).lines} == {"accepted"}
    write_tables({**tables, "periods": NEXT["periods"], "records": NEXT["records"]}, tmp_path / "plan")
    issue(space)

    made = summary(space).path

    assert made is not None
    sheets = openpyxl.load_workbook(made)
    words = [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "端末がほしい" in words


def test_a_correction_of_the_year_before_asks_for_the_form_again(space: Workspace) -> None:
    """What stands beside the answers has changed: the round says so instead of comparing with what nobody saw."""
    issue(space)
    drop(space, "new.xlsx", desk(space, "D3").put("C-1", "done", "やはり来年。").saved())
    receive(space, now=RECEIVED.replace(day=20))

    found = stages.status(space, period="R7", now=DUE_MOMENT)

    assert [one.id for one in found.changed] == ["D3"]
    assert [one.done for one in issue(space).lines] == ["unchanged", "unchanged", "reissued"]
    assert before(space, "D3", "done") == ["やはり来年。"]


def test_a_form_does_not_go_out_while_what_the_office_must_say_is_missing(space: Workspace) -> None:
    later = changed(
        NEXT, "periods", "R7|令和7年度|2025|2025", "R7|令和7年度|2025|2025\n R8|令和8年度|2026|2026"
    )
    write_tables(later, space.root / "plan")

    with pytest.raises(UsageError) as raised:
        stages.issue(space, "R8", due=DUE, now=LATER)

    said = raised.value.message("ja")
    assert "令和8年度の「計画」" in said
    assert "6件" in said
    assert not space.issued("R8").exists()


def test_a_return_of_a_round_that_is_over_is_judged_by_the_years_that_its_period_had(
    space: Workspace,
) -> None:
    issue(space)
    shifted = changed(NEXT, "periods", "R6|令和6年度|2024|2024", "R6|令和6年度|2023|2024")
    shifted = changed(shifted, "periods", "R5 | 令和5年度 | 2023 | 2023", "R5|令和5年度|2022|2022")
    write_tables(shifted, space.root / "plan")
    drop(space, "new.xlsx", desk(space, "D3").put("C-1", "started", date(2023, 5, 1)).saved())

    [line] = [line for line in receive(space).lines if line.path.name == "new.xlsx"]

    assert [finding.rule for finding in line.findings if finding.rule] == ["in_the_year"]


def test_the_documents_tell_of_it_in_documented_keys(space: Workspace) -> None:
    issued, made = issue(space), summary(space)

    for command, document in (
        ("issue", issue_document(issued, "ja")),
        ("consolidate", consolidate_document(made, "ja")),
    ):
        told = {one for one in keys_of(document) if one.startswith("earlier[]")}
        assert told == {one for one in documented(command) if one.startswith("earlier[]")}
        assert told


def test_what_is_told_stands_in_the_summary_as_well(space: Workspace) -> None:
    issue(space)
    path = summary(space).path

    assert path is not None
    sheet = openpyxl.load_workbook(path)["検証結果"]
    words = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("受理した回答から取りました" in one for one in words)
