"""What the office decided, in the summary: told on 検証結果, counted on the cover, part of its basis."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from libreoffice import LibreOffice
from returns import TABLES
from rounds import DAY, RECEIVED, begin, desk, drop, receive
from summaries import differing

import xlplan
from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.stages.standing import SummaryStanding
from xlplan.store.workspace import Workspace

LATER = RECEIVED + DAY
MADE = LATER + DAY
ALLOWED, EXCUSED, CORRECTED = "箇所は来年増える", "災害対応のため", "転記の誤り"
BY = "企画課 山田"

COUNTED = {
    **TABLES,
    "views": """
        id | title | kind | form
        statistics | 集計 | statistics | report
        list | 一覧 | list | report
    """,
    "measures": """
        view | id | label | formula | by
        statistics | all | 項目数 | COUNTIFS([period],PERIOD()) |
    """,
}
Rows = list[tuple[object, ...]]


def returned(root: Path) -> Workspace:
    """R6: D1 with an error in its return, D2 with nothing to say against it, D3 not back."""
    space = begin(root)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "rate", 90).put("A-1", "places", 2).saved())
    drop(space, "D2.xlsx", desk(space, "D2").saved())
    receive(space)
    return space


def decided(root: Path) -> Workspace:
    """The same, the error allowed, D3 let off, a value of D2 corrected: the round may be closed."""
    space = returned(root)
    city = xlplan.open(space.root)
    city.allow([number_of(space)], reason=ALLOWED, by=BY, now=LATER)
    city.excuse("D3", reason=EXCUSED, by=BY, now=LATER)
    city.correct("done", "目録", item="B-1", reason=CORRECTED, by=BY, now=LATER)
    return space


def number_of(space: Workspace, severity: str = "error") -> int:
    """The number of the one finding of a severity."""
    frame = xlplan.open(space.root).findings("R6")
    [number] = frame.loc[frame["severity"] == severity, "number"]
    return int(number)


def sheet(path: Path, name: str) -> Rows:
    """The rows of a sheet, as they were written."""
    return list(openpyxl.load_workbook(path, data_only=True)[name].iter_rows(values_only=True))


def below(rows: Rows, words: str) -> Rows:
    """The rows below the one that begins with some words."""
    at = next(at for at, row in enumerate(rows) if row[0] == words)
    return rows[at + 1 :]


def findings(rows: Rows) -> Rows:
    """The rows of the register of findings: up to the first that is empty."""
    body = below(rows, "No.")
    return body[: next(at for at, row in enumerate([*body, (None,)]) if row[0] is None)]


def standing(space: Workspace) -> SummaryStanding:
    """How the summary stands."""
    found = stages.status(space, "R6").summary
    assert found is not None
    return found


def consolidated(space: Workspace, now: datetime = MADE) -> Path:
    made = stages.consolidate(space, "R6", now=now).path
    assert made is not None
    return made


# --- what is told ------------------------------------------------------------------------------------


def test_the_committee_reads_what_was_decided_with_its_reason_who_and_when(tmp_path: Path) -> None:
    rows = sheet(consolidated(decided(tmp_path)), "検証結果")

    table = below(below(rows, "事務局の判断"), "No.")
    told = {row[2]: row for row in table if row[0]}
    assert set(told) == {"許容", "見送り", "訂正"}
    assert told["許容"][1:8] == ("情報課", "許容", "A-1 電子申請", "割合", "値が変わるまで", "90", ALLOWED)
    assert told["見送り"][1:8] == ("消防課", "見送り", None, None, None, None, EXCUSED)
    assert told["訂正"][1:4] == ("総務課", "訂正", "B-1 給与")
    assert str(told["訂正"][6]).endswith(" → 目録")
    assert {row[8:] for row in told.values()} == {(LATER, BY)}


def test_an_allowance_up_to_a_period_says_so_and_one_that_nothing_needs_any_more_is_not_told(
    tmp_path: Path,
) -> None:
    space = returned(tmp_path)
    city = xlplan.open(tmp_path)
    city.allow([number_of(space)], until="R6", reason=ALLOWED, now=LATER)
    rows = sheet(stages.consolidate(space, "R6", draft=True, now=MADE).path or tmp_path, "検証結果")
    assert below(below(rows, "事務局の判断"), "No.")[0][5] == "令和6年度まで"

    drop(space, "again.xlsx", desk(space, "D1").saved())
    receive(space, space.inbox("R6") / "again.xlsx", now=LATER + DAY)

    rows = sheet(stages.consolidate(space, "R6", draft=True, now=MADE).path or tmp_path, "検証結果")
    assert "事務局の判断" not in {row[0] for row in rows}


def test_an_allowed_finding_stands_behind_warnings_with_its_reason_as_what_to_do(tmp_path: Path) -> None:
    space = returned(tmp_path)
    drop(space, "D3.xlsx", desk(space, "D3").put("C-1", "started", datetime(2021, 4, 1)).saved())
    receive(space)
    xlplan.open(tmp_path).allow([number_of(space)], reason=ALLOWED, now=LATER)

    found = findings(sheet(consolidated(space), "検証結果"))

    kinds = [row[2] for row in found]
    assert kinds == sorted(kinds, key=["誤り", "要確認", "許容", "お知らせ"].index)
    assert kinds[:2] == ["要確認", "許容"]
    assert found[1][8] == ALLOWED


def test_the_cover_counts_allowed_findings_as_such_and_libreoffice_agrees(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    path = consolidated(decided(tmp_path))

    data = path.read_bytes()
    assert differing(data, libreoffice.recalculated(data)) == {}
    cover = {row[1]: row[2] for row in sheet(path, "表紙") if row[1]}
    assert str(cover["残っている指摘"]).startswith("誤り 0件・要確認 0件・許容 1件・お知らせ ")
    returns = sheet(path, "受付状況")
    at = returns[3].index("許容")
    assert {row[0]: row[at] for row in returns[4:] if row[0]} == {"情報課": 1, "総務課": 0, "消防課": None}
    assert returns[3].index("お知らせ") == at - 1


def test_without_decisions_nothing_of_it_is_there(tmp_path: Path) -> None:
    space = returned(tmp_path)

    path = stages.consolidate(space, "R6", draft=True, now=MADE).path

    assert path is not None
    assert "事務局の判断" not in {row[0] for row in sheet(path, "検証結果")}
    assert "許容" not in sheet(path, "受付状況")[3]
    cover = {row[1]: row[2] for row in sheet(path, "表紙") if row[1]}
    assert "許容" not in str(cover["残っている指摘"])


def test_the_page_shows_the_decisions_and_none_of_the_findings(tmp_path: Path) -> None:
    space = decided(tmp_path)
    page = stages.consolidate(space, "R6", html=True, now=MADE).page

    assert page is not None
    words = page.read_text("utf-8")
    assert {
        word: word in words for word in ("事務局の判断", ALLOWED, EXCUSED, CORRECTED, "割合が大きすぎます。")
    } == {
        "事務局の判断": True,
        ALLOWED: True,
        EXCUSED: True,
        CORRECTED: True,
        "割合が大きすぎます。": False,
    }
    assert "D1.xlsx" not in words


# --- a return that is reopened -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "word", "cover"),
    [("ja", "受理取消", "件・受理取消 1件・"), ("en", "reopened", ", reopened 1, ")],
)
def test_the_answers_of_a_reopened_return_stand_as_not_accepted(
    language: str, word: str, cover: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    plan = TABLES["plan"].replace("language | ja", f"language | {language}")
    space = begin(tmp_path, {**COUNTED, "plan": plan})
    for name in ("D1", "D2", "D3"):
        drop(space, f"{name}.xlsx", desk(space, name).saved())
    receive(space)
    xlplan.open(tmp_path).reopen("D2", reason="電話があった", by=BY, now=LATER)
    assert stages.consolidate(space, "R6", now=MADE).path is None

    path = stages.consolidate(space, "R6", draft=True, html=True, now=MADE).path

    assert path is not None
    data = path.read_bytes()
    assert differing(data, libreoffice.recalculated(data)) == {}
    book = openpyxl.load_workbook(path, data_only=True)
    said = {
        name: [row for row in book[name].iter_rows(values_only=True) if word in row]
        for name in book.sheetnames
    }
    figures, records = ("集計", "データ") if language == "ja" else ("集計", "Data")
    assert [row[:2] for row in said[figures]] == [(word, 2)]
    assert len(said[records]) == 2
    rows = [
        row
        for name in ("表紙", "Cover")
        if name in book.sheetnames
        for row in book[name].iter_rows(values_only=True)
    ]
    assert any(cover in str(cell) for row in rows for cell in row)
    assert word in path.with_suffix(".html").read_text("utf-8")


# --- what a summary rests on -----------------------------------------------------------------------------


def test_a_summary_is_outdated_by_whatever_is_decided_after_it_and_may_not_be_closed(tmp_path: Path) -> None:
    space = returned(tmp_path)
    city = xlplan.open(tmp_path)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "started", datetime(2021, 4, 1)).saved())
    receive(space, space.inbox("R6") / "D1.xlsx", now=LATER)
    city.excuse("D3", reason=EXCUSED, now=LATER)
    consolidated(space)
    assert standing(space).fine

    warning = number_of(space, "warning")
    allowed = city.allow([warning], reason=ALLOWED, now=MADE + DAY).decision

    assert (standing(space).outdated, standing(space).returns) == (True, ("D1",))
    with pytest.raises(UsageError) as stopped:
        stages.close(space, "R6")
    assert stopped.value.key == "summary_outdated"
    consolidated(space, MADE + DAY)
    assert standing(space).fine
    city.undo(allowed.number, now=MADE + DAY)
    assert standing(space).returns == ("D1",)


def test_a_department_let_off_for_another_reason_outdates_it(tmp_path: Path) -> None:
    space = decided(tmp_path)
    city = xlplan.open(tmp_path)
    consolidated(space)
    [excused] = [entry.decision for entry in city.log(kinds="excuse").entries if entry.decision]

    city.undo(excused.number, now=MADE + DAY)
    city.excuse("D3", reason="別の理由", now=MADE + DAY)

    assert standing(space).returns == ("D3",)


def test_judging_again_outdates_it(tmp_path: Path) -> None:
    space = decided(tmp_path)
    consolidated(space)
    rules = tmp_path / "plan" / "rules.csv"
    rules.write_text(rules.read_text("utf-8").replace("<=10)", "<=100)"), "utf-8")

    done = stages.rejudge(space, "R6", do=True, now=MADE + DAY)

    assert [line.department.id for line in done.changed] == ["D1"]
    assert standing(space).returns == ("D1",)
