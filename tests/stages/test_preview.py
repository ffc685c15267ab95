"""Preview: the form as it would be issued now; nothing is recorded, and it is never taken for an answer."""

import json
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from returns import TABLES, Desk, sample_plan, write_tables
from rounds import ISSUED, begin, desk, drop, files, receive

from xlplan import stages
from xlplan.language.errors import UsageError
from xlplan.store.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A city with the sample plan, R6 issued."""
    return begin(tmp_path)


def cells(path: Path, sheet: str) -> dict[str, object]:
    """What stands in a sheet, by address."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    return {cell.coordinate: cell.value for row in rows for cell in row if cell.value is not None}


def test_the_form_is_that_which_would_be_issued_and_says_on_its_face_that_it_is_a_preview(
    tmp_path: Path,
) -> None:
    write_tables(TABLES, tmp_path / "plan")
    space = Workspace(tmp_path)

    made = stages.preview(space, "D1", "R6", now=ISSUED)

    stages.issue(space, "R6", now=ISSUED)
    [issued] = space.issued("R6").glob("R6_D1_*.xlsx")
    assert made.path == space.preview("R6") / "R6_D1_情報課_試し刷り.xlsx"
    assert cells(made.path, "進捗報告") == cells(issued, "進捗報告")
    first = cells(made.path, "はじめに")
    assert "試し刷り" in first.values()
    assert "試し刷り" not in cells(issued, "はじめに").values()


def test_nothing_is_recorded_and_no_other_file_is_written(space: Workspace) -> None:
    before = files(space.root, ledger=True)

    made = stages.preview(space, "情報課")

    after = files(space.root, ledger=True)
    assert {name for name in after if before.get(name) != after[name]} == {space.relative(made.path)}
    assert stages.verify(space).fine


def test_answers_of_the_round_stand_in_it_as_they_would_when_it_is_issued_again(space: Workspace) -> None:
    drop(space, "D3.xlsx", desk(space, "D3").put("C-1", "done", "入れ替えた。").saved())
    receive(space)

    made = stages.preview(space, "D3")

    assert "入れ替えた。" in cells(made.path, "進捗報告").values()


def test_it_tells_what_has_changed_since_the_form_was_issued_and_nothing_where_nothing_has(
    space: Workspace,
) -> None:
    unchanged = cells(stages.preview(space, "D1").path, "はじめに")
    items = space.root / "plan" / "items.csv"
    items.write_text(items.read_text("utf-8").replace("電子申請", "電子の申請"), "utf-8")
    changed = cells(stages.preview(space, "D1").path, "はじめに")

    assert "配り直し" not in unchanged.values()
    assert "配り直し" in changed.values()


def test_a_preview_that_comes_back_is_no_return(space: Workspace) -> None:
    made = stages.preview(space, "D1")
    filled = Desk(sample_plan(), "D1", made.path.read_bytes()).fill().saved()
    path = drop(space, "answer.xlsx", filled)

    for result in (
        stages.check(space, [path]),
        receive(space, path),
        receive(space, path, department="D1"),
    ):
        [line] = result.lines
        assert (line.state, line.findings[0].code) == ("refused", "preview")
    assert stages.status(space, "R6").lines[0].state == "waiting"


def test_it_is_told_why_the_plan_could_not_be_issued_as_it_stands(tmp_path: Path) -> None:
    records = TABLES["records"].replace("| budget\n", "| budget | proposed\n")
    records = records.replace("report | R6 | C-1 | 実施 | | |", "report | R6 | C-1 | 実施 | | | | planned")
    write_tables({**TABLES, "records": records}, tmp_path / "plan")

    made = stages.preview(Workspace(tmp_path), "D1", "R6")

    with pytest.raises(UsageError) as refused:
        stages.issue(Workspace(tmp_path), "R6")
    assert made.refused is not None
    assert made.refused.message("ja") == refused.value.message("ja")
    assert made.path.is_file()


def test_a_file_that_is_there_is_not_written_over(space: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "sample.xlsx"
    assert stages.preview(space, "D1", to=target).path == target
    before = target.read_bytes()

    with pytest.raises(UsageError) as stopped:
        stages.preview(space, "D2", to=target)

    assert stopped.value.key == "file_exists"
    assert target.read_bytes() == before


def test_the_document_has_the_documented_keys(space: Workspace) -> None:
    (space.root / "plan" / "~$items.csv").touch()

    done = run("preview", "D1", "--json", "--dir", space.root, cwd=space.root)

    assert (done.returncode, done.stderr) == (0, "")
    keys = {key for key in documented("preview") if not key.startswith("earlier[]")}
    assert set(keys_of(json.loads(done.stdout))) == keys
