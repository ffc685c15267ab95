"""A summary that is older than what counts now, or was worked in, is told; what was typed into it is kept."""

import io
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from ledgers import as_version
from returns import TABLES, changed, write_tables
from rounds import DAY, DUE, DUE_MOMENT, RECEIVED, begin, desk, drop, issue, receive

from xlplan import stages
from xlplan.stages.consolidate import ConsolidateResult
from xlplan.stages.standing import SummaryStanding
from xlplan.store.workspace import Workspace

COUNTED = {
    **TABLES,
    "views": """
        id | title | kind | form
        statistics | 集計 | statistics | report
    """,
    "measures": """
        view | id | label | formula
        statistics | items | 項目数 | COUNTIFS([period],PERIOD())
    """,
    "published": """
        view | measure | period | value
        statistics | items | R6 | 6
    """,
}
"""The sample plan with a figure in print."""
MADE = RECEIVED + DAY
LATER = MADE + DAY


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A round of which all returns are accepted and the summary is made."""
    space = begin(tmp_path_factory.mktemp("done"), COUNTED)
    for name in ("D1", "D2", "D3"):
        drop(space, f"{name}.xlsx", desk(space, name).saved())
    receive(space)
    make(space)
    return space


@pytest.fixture
def space(done: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, to do with as a test likes."""
    shutil.copytree(done.root, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def make(space: Workspace, now: datetime = MADE) -> ConsolidateResult:
    return stages.consolidate(space, period="R6", draft=False, now=now)


def found(space: Workspace) -> SummaryStanding:
    standing = stages.status(space, period="R6", now=DUE_MOMENT).summary
    assert standing is not None
    return standing


def said(space: Workspace) -> tuple[bool, tuple[str, ...], bool]:
    one = found(space)
    return one.outdated, one.returns, one.altered


def correct(space: Workspace, department: str, now: datetime = LATER) -> None:
    """Another answer of a department, accepted."""
    drop(space, "correction.xlsx", desk(space, department).fill(done="直した。").saved())
    receive(space, space.inbox("R6") / "correction.xlsx", now=now)


def type_into(path: Path) -> bytes:
    """The summary after a person has typed a remark into it."""
    data = path.read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["データ"]["B30"] = f"委員会で確認（{len(data)}）"
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    return stream.getvalue()


def forget(space: Workspace) -> None:
    """The ledger of a version that did not keep what a summary rests on."""
    as_version(space.ledger_path, 2)


def test_a_summary_just_made_is_fine(space: Workspace) -> None:
    assert said(space) == (False, (), False)
    assert stages.verify(space).fine


def test_where_no_summary_was_made_nothing_is_told(tmp_path: Path) -> None:
    assert stages.status(begin(tmp_path), period="R6", now=DUE_MOMENT).summary is None


def test_a_correction_accepted_since_makes_it_outdated_until_it_is_made_anew(space: Workspace) -> None:
    correct(space, "D2")
    assert said(space) == (True, ("D2",), False)
    assert make(space, LATER).aside == ()
    assert said(space) == (False, (), False)


def test_a_change_of_the_plan_that_the_summary_shows_makes_it_outdated(space: Workspace) -> None:
    write_tables(changed(COUNTED, "departments", "総務課", "総務部総務課"), space.root / "plan")
    assert said(space) == (True, (), False)


def test_an_issue_under_another_title_makes_it_outdated_and_leaves_every_answer_standing(
    space: Workspace,
) -> None:
    write_tables(changed(COUNTED, "items", "電子申請", "電子申請の拡充"), space.root / "plan")
    issue(space, now=LATER)

    assert said(space) == (True, (), False)
    assert make(space, LATER).open == ()
    assert said(space) == (False, (), False)


def test_an_answer_to_other_questions_than_were_issued_last_stands_no_more(space: Workspace) -> None:
    write_tables(changed(COUNTED, "records", "R6 | A-1 | 実施", "R6 | A-1 | 検討"), space.root / "plan")
    issue(space, now=LATER)

    states = {
        line.department.id: line.state for line in stages.status(space, period="R6", now=DUE_MOMENT).lines
    }
    assert states == {"D1": "waiting", "D2": "accepted", "D3": "accepted"}
    assert found(space).returns == ("D1",)
    compared = stages.reconcile(space, period="R6").standing
    assert compared is not None
    assert compared.returns == ("D1",)
    made = make(space, LATER)
    assert ([one.department for one in made.open], made.path) == (["D1"], None)


def test_an_answer_stands_where_the_same_was_issued_again_for_another_due_date(space: Workspace) -> None:
    issue(space, due=DUE + DAY, now=LATER)

    assert said(space) == (False, (), False)
    assert make(space, LATER).open == ()


def test_a_cell_changed_by_hand_is_told_everywhere_and_kept_when_made_anew(space: Workspace) -> None:
    path = space.summary("R6")
    typed = type_into(path)

    assert said(space) == (False, (), True)
    [misfit] = stages.verify(space).misfits
    assert (misfit.state, misfit.kind, misfit.path) == ("changed", "summary", path)
    [aside] = make(space, LATER).aside
    assert aside.parent == space.set_aside("R6")
    assert aside.read_bytes() == typed
    assert stages.verify(space).fine


def test_what_was_typed_a_second_time_is_kept_beside_the_first(space: Workspace) -> None:
    first = type_into(space.summary("R6"))
    make(space, LATER)
    second = type_into(space.summary("R6"))
    make(space, LATER + DAY)

    assert {path.read_bytes() for path in space.set_aside("R6").iterdir()} == {first, second}


def test_a_summary_that_is_gone_is_told_but_a_draft_may_go(space: Workspace) -> None:
    correct(space, "D1")
    drop(space, "worse.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    receive(space, space.inbox("R6") / "worse.xlsx", now=LATER)
    draft = stages.consolidate(space, period="R6", draft=True, now=LATER).path
    assert draft is not None
    draft.unlink()
    assert stages.verify(space).fine
    space.summary("R6").unlink()
    assert [(one.state, one.kind) for one in stages.verify(space).misfits] == [("missing", "summary")]


def test_a_draft_that_was_changed_by_hand_is_told_though_it_may_go(space: Workspace) -> None:
    drop(space, "worse.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    receive(space, space.inbox("R6") / "worse.xlsx", now=LATER)
    draft = stages.consolidate(space, period="R6", draft=True, now=LATER).path
    assert draft == space.summary("R6", draft=True)
    type_into(draft)

    assert [(one.state, one.path) for one in stages.verify(space).misfits] == [("changed", draft)]


def test_a_draft_of_a_round_in_which_nothing_is_open_is_the_summary_itself(space: Workspace) -> None:
    made = stages.consolidate(space, period="R6", draft=True, now=LATER)

    assert (made.draft, made.open, made.path) == (False, (), space.summary("R6"))
    assert not space.summary("R6", draft=True).exists()


def test_of_an_older_ledger_the_summary_s_age_is_told_and_the_file_is_kept(space: Workspace) -> None:
    forget(space)
    os.utime(space.summary("R6"), (MADE.timestamp(), MADE.timestamp()))
    before = space.summary("R6").read_bytes()
    assert said(space) == (False, (), False)

    correct(space, "D1")
    assert said(space) == (True, (), False)
    [aside] = make(space, LATER).aside
    assert aside.read_bytes() == before
    assert said(space) == (False, (), False)


def test_status_and_reconcile_say_in_one_line_what_to_run(space: Workspace) -> None:
    correct(space, "D2")
    type_into(space.summary("R6"))
    for command in ("status", "reconcile"):
        told = run(command, "--dir", space.root, cwd=space.root)
        lines = [line for line in told.stdout.splitlines() if line.startswith("summary.xlsx ")]
        assert (told.returncode, len(lines)) == ({"status": 0, "reconcile": 1}[command], 2)
        assert "総務課" in lines[0]
        assert all("xlplan consolidate" in line for line in lines)
    document = json.loads(run("status", "--json", "--dir", space.root, cwd=space.root).stdout)
    assert [one["department"] for one in document["departments"] if one["summary_outdated"]] == ["D2"]
    assert [(one["outdated"], one["altered"]) for one in document["summary"]] == [(True, True)]
    assert set(keys_of(document)) <= documented("status")


# --- the page ---


def made_with_page(space: Workspace, now: datetime = MADE, *, draft: bool = False) -> ConsolidateResult:
    """Make the summary with its page."""
    return stages.consolidate(space, period="R6", draft=draft, html=True, now=now)


def test_a_page_lies_beside_the_summary_where_it_is_asked_for(space: Workspace) -> None:
    assert make(space).page is None
    assert not space.page("R6").exists()

    made = made_with_page(space)

    assert made.path == space.summary("R6")
    assert made.page == space.page("R6") == space.root / "workbooks" / "R6" / "summary.html"
    assert made.page.read_bytes().startswith(b"<!DOCTYPE html>")
    assert stages.verify(space).fine
    standing = stages.status(space, now=MADE).page
    assert standing is not None
    assert (standing.path, standing.fine) == (made.page, True)


def test_the_page_of_a_draft_lies_beside_the_draft_and_says_so(space: Workspace) -> None:
    drop(space, "worse.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    receive(space, space.inbox("R6") / "worse.xlsx", now=LATER)

    page = made_with_page(space, LATER, draft=True).page

    assert page == space.root / "workbooks" / "R6" / "summary-draft.html"
    assert "未確定（下書き）" in page.read_text(encoding="utf-8")
    assert not space.page("R6").exists()
    page.unlink()
    assert stages.verify(space).fine


def test_a_page_that_was_altered_is_told_and_kept_when_made_anew(space: Workspace) -> None:
    page = made_with_page(space).page
    assert page is not None
    typed = page.read_bytes() + b"<!-- mine -->"
    page.write_bytes(typed)

    [misfit] = stages.verify(space).misfits
    assert (misfit.state, misfit.kind, misfit.path) == ("changed", "summary", page)
    [aside] = made_with_page(space, LATER).aside
    assert (aside.parent, aside.suffix) == (space.set_aside("R6"), ".html")
    assert aside.read_bytes() == typed
    assert stages.verify(space).fine


def test_a_page_of_another_hand_is_kept_and_one_that_is_gone_is_told(space: Workspace) -> None:
    space.page("R6").write_text("mine", encoding="utf-8")
    [aside] = made_with_page(space).aside
    assert aside.read_text(encoding="utf-8") == "mine"

    space.page("R6").unlink()
    assert [(one.state, one.path) for one in stages.verify(space).misfits] == [("missing", space.page("R6"))]


def test_a_page_left_behind_by_a_newer_summary_is_told_with_what_makes_it_anew(space: Workspace) -> None:
    made_with_page(space)
    correct(space, "D2")
    make(space, LATER)

    told = run("status", "--dir", space.root, cwd=space.root)
    assert [line.startswith("summary.html ") for line in told.stdout.splitlines() if "--html" in line] == [
        True
    ]
    document = json.loads(run("status", "--json", "--dir", space.root, cwd=space.root).stdout)
    assert [one["outdated"] for one in document["summary"] + document["page"]] == [False, True]
    assert {key for key in documented("status") if key.startswith("page[]")} <= set(keys_of(document))


def test_the_command_says_where_the_page_is(space: Workspace) -> None:
    told = run("consolidate", "--html", "--dir", space.root, cwd=space.root)
    document = json.loads(run("consolidate", "--html", "--json", "--dir", space.root, cwd=space.root).stdout)
    without = json.loads(run("consolidate", "--json", "--dir", space.root, cwd=space.root).stdout)

    assert str(space.page("R6")) in told.stdout.replace("\n", "")
    assert Path(document["page"]).name == "summary.html"
    assert without["page"] == ""
    assert set(keys_of(document)) <= documented("consolidate")


def test_18_reconcile_says_how_many_figures_are_of_later_periods(tmp_path: Path) -> None:
    last = "        statistics | items | R6 | 6\n"
    tables = COUNTED | {
        "published": COUNTED["published"].replace(last, f"{last}{last.replace('R6', 'R7')}"),
        "periods": COUNTED["periods"].rstrip() + "\n        R7 | 令和7年度 | 2025 | 2025\n",
    }
    space = begin(tmp_path, tables)
    for name in ("D1", "D2", "D3"):
        drop(space, f"{name}.xlsx", desk(space, name).saved())
    receive(space)
    make(space)
    assert stages.reconcile(space, "R6").later == 1
    for language, words in (
        ("ja", "より後の公表値 1件は"),
        ("en", "1 published figures are of periods after"),
    ):
        told = run("reconcile", "--lang", language, cwd=tmp_path)
        assert told.returncode == 0
        assert words in told.stdout
