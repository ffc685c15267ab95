"""The page at the root of the folder: who finds only the folder knows where things stand, and how to go on."""

import inspect
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import run
from midround import WEDNESDAY, issued, mid_round
from returns import TABLES, changed, write_tables
from rounds import DAY, RECEIVED, desk, drop

import xlplan
from xlplan.language.errors import ErrorKey, XlplanError
from xlplan.language.messages import text
from xlplan.model.decision import DecisionKind
from xlplan.stages.looking import Looking
from xlplan.stages.readme import write_readme
from xlplan.store import workspace
from xlplan.store.workspace import Workspace

README = "お読みください.html"


def tree(root: Path, name: str = README) -> ElementTree.Element:
    """The page as a tree, which a parser of XML makes of it."""
    return ElementTree.fromstring((root / name).read_text(encoding="utf-8").removeprefix("<!DOCTYPE html>\n"))


def words(element: ElementTree.Element | None) -> str:
    assert element is not None
    return "".join(element.itertext())


def facts(root: Path) -> dict[str, str]:
    """The lines of the cover, by their labels."""
    page = tree(root)
    return {words(label): words(said) for label, said in zip(page.iter("dt"), page.iter("dd"), strict=True)}


def rows(root: Path, section: str, table: int = 0) -> list[list[str]]:
    """The rows of a table of a section below its heads."""
    [found] = [each for each in tree(root).iter("section") if each.get("id") == f"s-{section}"]
    bodies = list(found.iter("table"))[table].iter("tbody")
    return [[words(cell) for cell in row] for body in bodies for row in body.iter("tr")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a round in its middle, with its page as of a Wednesday."""
    root = tmp_path_factory.mktemp("folder")
    mid_round(root)
    write_readme(Workspace(root), WEDNESDAY)
    return root


# --- what it says ---


def test_it_says_which_plan_it_is_where_the_round_stands_and_what_is_next(folder: Path) -> None:
    found = facts(folder)

    assert found["計画"] == "見本計画"
    assert found["今の回"] == "令和6年度"
    assert found["問合せ先"] == "見本市　企画課"
    assert found["次にすること"] == (
        "2部署に、差戻しのブックや催促を送ります。返ってきたら inbox に入れて受け付けます。 "
        "xlplan receive --period R6"
    )
    assert found["期限を過ぎた部署"] == "▲情報課（3営業日）、消防課（3営業日）"
    assert found["回答"] == "回答待ち 1部署、差戻し中 1部署、受理 1部署"
    assert found["回答として扱えなかったファイル"] == "▲memo.txt"


def test_findings_stand_by_department_and_kind_with_sheet_and_cells(folder: Path) -> None:
    assert rows(folder, "found", 1) == [
        ["情報課"],
        ["▲誤り", "進捗", "進捗は選択肢から選んでください", "進捗報告　G6、G7", "2"],
        ["▲誤り", "実施内容", "実施内容を入力してください", "進捗報告　I8", "1"],
        ["総務課"],
        ["要確認", "", "回答者にマイナンバーと思われる12桁の番号があります", "はじめに　C12", "1"],
        ["要確認", "", "承認者にマイナンバーと思われる12桁の番号があります", "はじめに　C13", "1"],
    ]


def test_of_those_who_have_yet_to_answer_the_late_are_marked(tmp_path: Path) -> None:
    issued(tmp_path)
    states = []
    for moment in (WEDNESDAY - 7 * DAY, WEDNESDAY):
        write_readme(Workspace(tmp_path), moment)
        states.append({row[1] for row in rows(tmp_path, "departments")})

    assert states == [{"回答待ち"}, {"▲回答待ち"}]


def test_decisions_say_who_when_why_and_what_and_are_struck_out_where_taken_back(folder: Path) -> None:
    found = rows(folder, "decided")

    assert [(row[1], row[2], row[3], row[5]) for row in found] == [
        ("取消し", "判断 2", "答えられる", "鈴木"),
        ("見送り（取り消し済み）", "消防課", "組織の見直し", "佐藤"),
        ("訂正", "B-1 給与　実施内容：進めた。 → 直した。", "書き間違い", "佐藤"),
    ]
    assert [words(struck) for struck in tree(folder).iter("s")] == ["2", *found[1][1:4]]


def test_values_that_one_run_entered_or_corrected_are_told_in_one_line(tmp_path: Path) -> None:
    city = mid_round(tmp_path)
    for field, value in (("遅れの理由", "その他"), ("補足", "人手が足りない。")):
        city.correct(
            field, value, item="B-1", form="report", reason="聞き直した", by="佐藤", now=RECEIVED + DAY
        )

    assert next(row[2] for row in rows(tmp_path, "decided")).endswith("ほか 1件")


def test_the_history_has_every_attempt_with_its_file(tmp_path: Path) -> None:
    city, space = mid_round(tmp_path), Workspace(tmp_path)
    drop(space, "again.xlsx", desk(space, "D1").saved())
    city.receive(now=RECEIVED + DAY)
    found = [(row[0], row[1], row[3], row[7]) for row in rows(tmp_path, "attempts")]
    links = [link.get("href", "") for link in tree(tmp_path).iter("a")]

    assert found == [
        ("情報課", "1", "差戻し", "D1.xlsx"),
        ("情報課", "2", "受理", "again.xlsx"),
        ("総務課", "1", "受理", "D2.xlsx"),
    ]
    assert len([link for link in links if link.startswith("workbooks/R6/returned/")]) == 3


def test_it_says_how_to_start_and_what_the_folders_are_and_leads_to_those_that_are_there(
    folder: Path,
) -> None:
    page = tree(folder)
    places = [row[0] for row in rows(folder, "folders")]
    links = {words(link): link.get("href") for link in page.iter("a")}

    assert ["xlplan status", "今の状況を示します。何も変えません。"] in rows(folder, "start")
    assert xlplan.__version__ in words(next(page.iter("main")))
    assert "workbooks/R6/inbox" in places
    assert links["workbooks/R6/inbox"] == "workbooks/R6/inbox"
    assert "workbooks/R6/summary.xlsx" not in links


def test_numbers_of_persons_are_masked(folder: Path) -> None:
    page = (folder / README).read_text(encoding="utf-8")

    assert "123456789018" not in page
    assert "山田" in page


def test_it_is_one_file_that_loads_and_runs_nothing(folder: Path) -> None:
    page = (folder / README).read_text(encoding="utf-8")
    ids = [element.get("id") for element in tree(folder).iter() if element.get("id")]
    inside = [link.get("href", "") for link in tree(folder).iter("a") if link.get("href", "").startswith("#")]

    for sign in ("http:", "https:", "src=", "url(", "//", "<script", "@import", "<link", "<img", "<iframe"):
        assert sign not in page, sign
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in inside} <= set(ids)


def test_every_kind_of_decision_has_a_word() -> None:
    assert all(text(kind.catalogue_key, language) for kind in DecisionKind for language in ("ja", "en"))


# --- when it is written ---


def test_every_stage_that_may_record_rewrites_it() -> None:
    own = [name for name in dir(xlplan.City) if not name.startswith("_") and not hasattr(Looking, name)]
    stages = [name for name in own if inspect.isfunction(getattr(xlplan.City, name))]

    assert {"issue", "receive", "consolidate", "close", "excuse", "correct", "rollover"} <= set(stages)
    assert [name for name in stages if not hasattr(getattr(xlplan.City, name), "__wrapped__")] == []


def test_it_is_rewritten_by_each_run_that_records_and_by_no_other(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    city, space, told = xlplan.open(tmp_path), Workspace(tmp_path), []

    def run_of(name: str, *args: object, **named: object) -> None:
        (tmp_path / README).unlink(missing_ok=True)
        getattr(city, name)(*args, **named)
        told.append((name, (tmp_path / README).exists()))

    run_of("issue", "R6", now=RECEIVED)
    run_of("issue", "R6", now=RECEIVED)
    for department in ("D1", "D2", "D3"):
        drop(space, f"{department}.xlsx", desk(space, department).saved())
    run_of("check", [space.inbox("R6") / "D1.xlsx"])
    run_of("receive", now=RECEIVED)
    run_of("receive", now=RECEIVED)
    run_of("status")
    run_of("correct", "実施内容", "直した。", item="A-1", form="report", reason="x", now=RECEIVED)
    run_of("consolidate", now=RECEIVED)
    run_of("close", now=RECEIVED)
    write_tables(changed(TABLES, "items", "| 予約 |", "| 窓口予約 |"), tmp_path / "plan")
    run_of("correct_plan", ["items:A-2"], reason="x", only_show=True, now=RECEIVED)
    run_of("rollover", "R7", now=RECEIVED)

    assert told == [
        ("issue", True),
        ("issue", False),
        ("check", False),
        ("receive", True),
        ("receive", False),
        ("status", False),
        ("correct", True),
        ("consolidate", True),
        ("close", True),
        ("correct_plan", False),
        ("rollover", True),
    ]
    assert facts(tmp_path)["次にすること"].endswith("xlplan issue --period R7")


def test_its_bytes_depend_on_the_folder_and_the_moment_alone(tmp_path: Path) -> None:
    pages = []
    (tmp_path / "one").mkdir()
    mid_round(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for name in ("one", "two"):
        for moment in (WEDNESDAY, WEDNESDAY, WEDNESDAY + DAY):
            write_readme(Workspace(tmp_path / name), moment)
            pages.append((tmp_path / name / README).read_bytes())

    assert pages[:3] == pages[3:]
    assert pages[0] == pages[1] != pages[2]


def test_a_page_that_cannot_be_written_is_told_and_the_run_is_done(tmp_path: Path) -> None:
    told: list[XlplanError] = []
    issued(tmp_path)
    (tmp_path / f".~lock.{README}#").write_text("鈴木,suzuki,pc,,")
    (tmp_path / README).write_bytes(b"old")
    city = xlplan.City(tmp_path, on_readme=told.append)
    drop(Workspace(tmp_path), "D1.xlsx", desk(Workspace(tmp_path), "D1").saved())
    result = city.receive(now=RECEIVED)

    assert [fault.key for fault in told] == [ErrorKey.FILE_OPEN_BY]
    assert [line.state for line in result.lines] == ["accepted"]
    assert (tmp_path / README).read_bytes() == b"old"


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "処理は終わっています"), ("en", "the work itself is done")]
)
def test_the_command_line_tells_it_in_one_line(tmp_path: Path, language: str, said: str) -> None:
    issued(tmp_path)
    (tmp_path / f".~lock.{README}#").write_text("鈴木,suzuki,pc,,")
    done = run("excuse", "D3", "--reason", "組織の見直し", "--lang", language, cwd=tmp_path)

    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
    assert said in done.stderr
    assert README in done.stderr


def test_what_another_run_records_meanwhile_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run's page may have been written first: the later one is not of an earlier state."""
    city = issued(tmp_path)
    placed = workspace.Workspace.readme
    others: Iterator[int] = iter([1])

    def readme(space: Workspace, language: str) -> Path:
        for _ in others:
            city.excuse("D3", reason="組織の見直し", now=RECEIVED)
        return placed(space, language)

    monkeypatch.setattr(workspace.Workspace, "readme", readme)
    write_readme(Workspace(tmp_path), RECEIVED)

    assert [row[3] for row in rows(tmp_path, "decided")] == ["組織の見直し"]


def test_an_english_plan_has_it_in_english(tmp_path: Path) -> None:
    xlplan.new(tmp_path / "city", kit="example-en")
    city = xlplan.open(tmp_path / "city")
    city.issue(city.plan.periods[-1].id, due="2027-05-28", now=datetime(2027, 4, 1, 9, 0))
    said = words(tree(tmp_path / "city", "README.html").find("body"))

    assert not (tmp_path / "city" / README).exists()
    assert "Wait for the answers of" in said
    assert not re.search("[ぁ-んァ-ヶ一-龠]", said)
