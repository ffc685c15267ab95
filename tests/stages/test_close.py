"""Close: the summary of a round is fixed as a version; nothing of it changes afterwards, what comes late is kept."""

import json
from datetime import datetime
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from returns import TABLES, Tables, changed, write_tables
from rounds import DAY, RECEIVED, begin, desk, drop, files, issue, only, receive, standing

import xlplan
from xlplan import stages
from xlplan.cli.documents import verify_document
from xlplan.language.errors import UsageError
from xlplan.stages.close import CloseResult
from xlplan.store.history import decisions, publications
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

CLOSED = datetime(2025, 6, 30, 9, 0)
SAID = {
    "D1": ("A-1", "done", "窓口を二つにした。"),
    "D2": ("B-2", "done", "目録を作った。"),
    "D3": ("C-1", "done", "入れ替えた。"),
}
COUNTED: Tables = {
    **TABLES,
    "views": """
        id | title | kind | form
        statistics | 集計 | statistics | report
    """,
    "measures": """
        view | id | label | formula | by | format
        statistics | all | 項目数 | COUNTIFS([period],PERIOD()) | |
        statistics | ahead | 実施以上 | COUNTIFS([period],PERIOD(),[actual],"実施") | |
        statistics | of | 課の件数 | COUNTIFS([period],PERIOD(),[department],GROUP()) | department |
        statistics | rate | 実施の割合 | MEASURE(ahead)/MEASURE(all) | | 0.0%
    """,
}


def answer(space: Workspace, *departments: str) -> None:
    """Good answers, received and accepted."""
    for name in departments:
        drop(space, f"{name}.xlsx", desk(space, name).put(*SAID[name]).saved())
    assert {line.state for line in receive(space).lines} <= {"accepted", "known"}


def close(space: Workspace, **more: str) -> CloseResult:
    return stages.close(space, "R6", by="企画課 山田", now=CLOSED, **more)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """R6, of which two of three departments are accepted."""
    found = begin(tmp_path, COUNTED)
    answer(found, "D1", "D3")
    return found


@pytest.fixture
def complete(space: Workspace) -> Workspace:
    """R6, all accepted and the summary made."""
    answer(space, "D2")
    stages.consolidate(space, "R6", now=RECEIVED)
    return space


def words(path: Path, sheet: str) -> list[str]:
    return [
        str(cell)
        for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
        for cell in row
        if cell
    ]


# --- what closing keeps ------------------------------------------------------------------------------


def test_closing_keeps_the_summary_as_the_first_version_with_who_and_when(complete: Workspace) -> None:
    made = close(complete).made

    assert made is not None
    kept = complete.published("R6", 1) / "summary.xlsx"
    assert kept.read_bytes() == complete.summary("R6").read_bytes()
    assert (made.version, made.made_at, made.made_by) == (1, CLOSED, "企画課 山田")
    assert set(made.files) == {"summary.xlsx"}
    assert stages.verify(complete).fine
    with Ledger.open(complete.ledger_path) as ledger:
        [decision] = decisions(ledger, "R6")
        assert (decision.kind, decision.made_by, decision.number) == ("close", "企画課 山田", made.decision)
        assert publications(ledger, "R6") == [made]


def test_the_page_is_kept_with_it_where_there_is_one(complete: Workspace) -> None:
    stages.consolidate(complete, "R6", html=True, now=RECEIVED)
    made = close(complete).made

    assert made is not None
    assert set(made.files) == {"summary.xlsx", "summary.html"}


def test_every_figure_is_kept_with_its_group_and_value(complete: Workspace) -> None:
    made = close(complete).made

    assert made is not None
    found = {(kept.measure, kept.group, kept.period): kept.value for kept in made.figures if not kept.total}
    assert found["all", "", "R6"] == 6
    assert found["ahead", "", "R6"] == 6
    assert found["of", "総務課", "R6"] == 2
    assert found["rate", "", "R6"] == 1.0


def test_without_a_name_the_systems_user_decides(
    complete: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "suzuki")

    made = stages.close(complete, "R6", now=CLOSED).made

    assert made is not None
    assert made.made_by == "suzuki"


def told(space: Workspace, *line: str) -> tuple[int, set[str]]:
    """The exit status of a command, and the keys of its document, which are those that are documented."""
    done = run(*line, "--json", "--dir", space.root, cwd=space.root)
    assert done.stderr == ""
    return done.returncode, set(keys_of(json.loads(done.stdout)))


def test_the_documents_of_closing_have_the_documented_keys(space: Workspace) -> None:
    waited_for = {"open[].department", "open[].state"}
    excused, told_of = told(space, "excuse", "D2", "--reason", "休み")
    outbox = {"to_send[].file", "not_to_send[].file"}
    assert (excused, told_of | outbox) == (0, documented("excuse"))
    stages.consolidate(space, "R6", now=RECEIVED)
    status, keys = told(space, "close", "--by", "課長")

    assert (status, keys | waited_for) == (0, documented("close"))
    assert {key for key in documented("status") if key.startswith("closed")} <= told(space, "status")[1]
    assert "published" in told(space, "ledger", "verify")[1]


def test_while_a_department_is_open_the_command_says_how_to_let_it_off(space: Workspace) -> None:
    assert told(space, "close")[0] == 1
    done = run("close", "--dir", space.root, cwd=space.root)

    assert (done.returncode, done.stderr) == (1, "")
    assert "総務課" in done.stdout
    assert "xlplan excuse" in done.stdout


# --- when it is refused -------------------------------------------------------------------------------


def test_while_a_department_is_open_nothing_is_closed_and_it_is_named(space: Workspace) -> None:
    stages.consolidate(space, "R6", draft=True, now=RECEIVED)
    before = files(space.root, ledger=True)

    result = close(space)

    assert (result.made, [line.department for line in result.open]) == (None, ["D2"])
    after = files(space.root, ledger=True)
    assert {name for name in after if after[name] != before.get(name)} <= {"workbooks/ledger.sqlite"}
    assert not space.published("R6", 1).exists()


def refused(space: Workspace) -> str:
    before = files(space.root)
    with pytest.raises(UsageError) as fault:
        close(space)
    assert files(space.root) == before
    return fault.value.key


def test_without_a_summary_it_is_refused(space: Workspace) -> None:
    answer(space, "D2")

    assert refused(space) == "no_summary"


def test_a_draft_is_no_summary_to_close(space: Workspace) -> None:
    stages.consolidate(space, "R6", draft=True, now=RECEIVED)
    answer(space, "D2")

    assert refused(space) == "no_summary"


def test_a_summary_that_rests_on_other_answers_is_refused(complete: Workspace) -> None:
    drop(complete, "again.xlsx", desk(complete, "D1").put("A-1", "done", "三つにした。").saved())
    receive(complete, now=RECEIVED + DAY)

    assert refused(complete) == "summary_outdated"


def test_a_summary_that_rests_on_another_plan_is_refused(complete: Workspace) -> None:
    write_tables(changed(COUNTED, "items", "指令台", "指令センター"), complete.root / "plan")

    assert refused(complete) == "summary_outdated"


def test_a_summary_that_somebody_saved_anew_is_refused(complete: Workspace) -> None:
    openpyxl.load_workbook(complete.summary("R6")).save(complete.summary("R6"))

    assert refused(complete) == "summary_altered"


def test_a_page_that_is_older_than_the_answers_is_refused(complete: Workspace) -> None:
    stages.consolidate(complete, "R6", html=True, now=RECEIVED)
    drop(complete, "again.xlsx", desk(complete, "D1").put("A-1", "done", "三つにした。").saved())
    receive(complete, now=RECEIVED + DAY)
    stages.consolidate(complete, "R6", now=RECEIVED + DAY)

    assert refused(complete) == "summary_outdated"


def test_a_round_is_closed_once(complete: Workspace) -> None:
    close(complete)

    assert refused(complete) == "round_closed"


def test_a_round_that_was_never_issued_cannot_be_closed(complete: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        stages.close(complete, "R5", now=CLOSED)

    assert fault.value.key == "nothing_issued"


def test_closing_that_was_broken_off_is_taken_up_again(
    complete: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(import_module("xlplan.stages.close"), "record_publication", broken_off)
        with pytest.raises(KeyboardInterrupt):
            close(complete)
    assert stages.status(complete, "R6").closed is None

    made = close(complete).made

    assert made is not None
    assert made.version == 1
    assert stages.verify(complete).fine
    with Ledger.open(complete.ledger_path) as ledger:
        assert len(decisions(ledger)) == 1


def broken_off(*_: object) -> None:
    raise KeyboardInterrupt


# --- letting a department off ----------------------------------------------------------------------------


def excuse(space: Workspace, department: str = "D2", reason: str = "庁舎の火災のため") -> None:
    stages.excuse(space, department, reason=reason, period="R6", by="課長", now=CLOSED)


def test_a_department_let_off_stands_in_the_summary_with_the_reason_and_the_round_closes(
    space: Workspace,
) -> None:
    excuse(space)

    made = stages.consolidate(space, "R6", now=RECEIVED)

    assert (made.draft, made.open) == (False, ())
    assert made.path is not None
    register = words(made.path, "受付状況")
    assert {"未回答のまま確定", "庁舎の火災のため"} <= set(register)
    assert any("未回答のまま確定" in cell for cell in words(made.path, "表紙"))
    assert close(space).made is not None
    assert standing(space)["D2"].state == "excused"
    assert standing(space)["D2"].days is None


def test_a_summary_without_anybody_let_off_has_no_column_of_reasons(complete: Workspace) -> None:
    assert "理由" not in words(complete.summary("R6"), "受付状況")


def test_what_was_sent_back_to_a_department_let_off_does_not_count(space: Workspace) -> None:
    drop(space, "2.xlsx", desk(space, "D2").put("B-1", "done", None).saved())
    receive(space, now=RECEIVED + DAY)
    excuse(space)

    stages.consolidate(space, "R6", now=RECEIVED + DAY)

    found = stages.figures(space, "R6").query("measure == 'ahead' and period == 'R6'")
    assert list(found["value"]) == [4.0]


def test_a_department_let_off_may_answer_after_all(space: Workspace) -> None:
    excuse(space)
    answer(space, "D2")

    assert standing(space)["D2"].state == "accepted"
    found = stages.figures(space, "R6").query("measure == 'ahead' and period == 'R6'")
    assert list(found["value"]) == [6.0]


@pytest.mark.parametrize(
    ("department", "reason", "key"),
    [
        ("D2", "  ", "no_reason"),
        ("D1", "休み", "answered_already"),
        ("D7", "休み", "unknown_department_id"),
        ("", "休み", "unknown_department_id"),
    ],
    ids=["no-reason", "accepted", "unknown", "nobody"],
)
def test_nobody_is_let_off_without_a_reason_or_a_need(
    space: Workspace, department: str, reason: str, key: str
) -> None:
    with pytest.raises(UsageError) as fault:
        excuse(space, department, reason)

    assert fault.value.key == key
    with Ledger.open(space.ledger_path) as ledger:
        assert decisions(ledger) == []


def test_a_department_is_let_off_once(space: Workspace) -> None:
    excuse(space)
    with pytest.raises(UsageError) as fault:
        excuse(space)

    assert fault.value.key == "excused_already"


# --- a closed round ----------------------------------------------------------------------------------------


def test_nothing_is_issued_in_a_closed_round(complete: Workspace) -> None:
    close(complete)
    before = files(complete.root)

    with pytest.raises(UsageError) as fault:
        issue(complete)

    assert fault.value.key == "round_closed"
    assert files(complete.root) == before


def test_a_late_return_is_kept_and_told_and_does_not_count(complete: Workspace) -> None:
    late = desk(complete, "D1").put("A-1", "done", "三つにした。").saved()
    close(complete)
    drop(complete, "late.xlsx", late)

    line = only(receive(complete, complete.inbox("R6") / "late.xlsx", now=CLOSED))

    assert (line.state, [finding.code for finding in line.findings]) == ("kept", ["late_return"])
    assert "xlplan correct --period R6 --from" in line.findings[0].remedy("ja")
    assert line.archive is not None
    assert line.archive.read_bytes() == late
    assert standing(complete)["D1"].attempts == 1
    [refused_file] = stages.status(complete, "R6").refused
    assert refused_file.finding.code == "late_return"
    assert stages.verify(complete).fine


def test_a_published_file_that_is_gone_or_was_saved_anew_is_told(complete: Workspace) -> None:
    close(complete)
    kept = complete.published("R6", 1) / "summary.xlsx"
    openpyxl.load_workbook(kept).save(kept)
    (complete.published("R6", 1) / "memo.txt").write_text("メモ")

    found = {(misfit.kind, misfit.state) for misfit in stages.verify(complete).misfits}

    assert found == {("published", "changed"), ("published", "unknown")}
    kept.unlink()
    assert ("published", "missing") in {
        (misfit.kind, misfit.state) for misfit in stages.verify(complete).misfits
    }


def test_a_figure_that_comes_out_otherwise_than_it_was_fixed_is_told(
    complete: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version of xlplan that counts otherwise would bring about."""
    close(complete)
    monkeypatch.setattr(
        import_module("xlplan.stages.verify"), "same_value", lambda kept, now: kept == now != 2
    )

    found = stages.verify(complete)

    assert not found.fine
    [figures] = found.figures
    assert (figures.period, figures.version) == ("R6", 1)
    assert figures.count >= 1
    assert {"figures[].period", "figures[].version", "figures[].count"} <= set(
        keys_of(verify_document(found, "ja"))
    )


# --- later rounds ------------------------------------------------------------------------------------------

NEXT: Tables = changed(
    changed(
        COUNTED, "periods", "R6 | 令和6年度 | 2024 | 2024", "R6|令和6年度|2024|2024\n R7|令和7年度|2025|2025"
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


def later(space: Workspace, tables: Tables) -> xlplan.ConsolidateResult:
    """The draft of R7 under a plan that was changed."""
    write_tables(tables, space.root / "plan")
    stages.issue(space, "R7", now=CLOSED)
    return stages.consolidate(space, "R7", draft=True, now=CLOSED)


def figure(space: Workspace, measure: str, period: str = "R6") -> dict[str, object]:
    frame = stages.figures(space, "R7")
    [row] = frame[(frame["measure"] == measure) & (frame["period"] == period)].to_dict("records")
    return row


def test_a_figure_of_a_closed_round_stays_when_its_formula_changes_and_the_cause_is_told(
    complete: Workspace,
) -> None:
    close(complete)
    made = later(complete, changed(NEXT, "measures", '[actual],"実施"', '[actual],"拡充"'))

    assert (figure(complete, "ahead")["value"], figure(complete, "ahead")["fixed"]) == (6.0, True)
    assert figure(complete, "rate")["value"] == 1.0
    told = {finding.code: finding for finding in made.earlier}
    message = told["figure_kept_formula"].message("ja")
    assert "6 / 0" in message
    assert '"実施"' in message
    assert '"拡充"' in message
    assert made.path is not None
    sheet = openpyxl.load_workbook(made.path)["集計"]
    marked = [cell for row in sheet.iter_rows() for cell in row if "※" in str(cell.number_format)]
    assert [cell.value for cell in marked] == [6, 1]
    assert any("※" in cell for cell in words(made.path, "集計"))


def test_a_figure_that_comes_out_as_it_was_fixed_stays_a_formula(complete: Workspace) -> None:
    close(complete)
    made = later(complete, NEXT)

    assert not figure(complete, "ahead")["fixed"]
    assert {finding.code for finding in made.earlier} == {"earlier_taken"}


def test_figures_of_a_round_that_was_not_closed_follow_this_rounds_formula(complete: Workspace) -> None:
    later(complete, changed(NEXT, "measures", '[actual],"実施"', '[actual],"拡充"'))

    assert figure(complete, "ahead")["value"] == 0.0


def test_a_choice_that_goes_by_another_word_changes_no_figure(complete: Workspace) -> None:
    close(complete)
    renamed = changed(NEXT, "choices", "status | 実施 | 2 | 実施済", "status | 実施中 | 2 | 実施済｜実施")
    renamed["measures"] = renamed["measures"].replace('"実施"', '"実施中"')
    renamed["records"] = renamed["records"].replace("実施", "実施中")
    later(complete, renamed)

    assert (figure(complete, "ahead")["value"], figure(complete, "ahead")["fixed"]) == (6.0, False)


def test_a_closed_round_keeps_its_name_and_its_figures_when_its_period_is_called_otherwise(
    complete: Workspace,
) -> None:
    close(complete)
    first = complete.summary("R6").read_bytes()
    renamed = changed(NEXT, "periods", "R6|令和6年度", "R6|令和六年度")
    write_tables(renamed, complete.root / "plan")

    result = stages.consolidate(complete, "R6", now=RECEIVED)

    assert (result.period.label, complete.summary("R6").read_bytes()) == ("令和6年度", first)
    found = stages.figures(complete, "R6").query("measure == 'all' and period == 'R6'")
    assert list(found["value"]) == [6.0]
    assert stages.verify(complete).fine


def test_nothing_is_said_of_answers_that_are_waited_for_where_a_department_was_let_off(
    space: Workspace,
) -> None:
    excuse(space)
    stages.consolidate(space, "R6", now=RECEIVED)
    close(space)

    made = later(space, NEXT)

    assert [finding.code for finding in made.earlier] == ["earlier_taken", "earlier_excused"]
    assert "総務課" in made.earlier[1].message("ja")
