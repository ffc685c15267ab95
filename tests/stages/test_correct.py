"""Correct: a value after it was accepted or published; old and new stay known, and every later workbook has it."""

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from returns import Desk, changed, write_tables
from rounds import RECEIVED, begin, desk, files, issue, standing
from test_close import CLOSED, COUNTED, NEXT, answer, close, later

from xlplan import stages
from xlplan.definition.reading import read_definition
from xlplan.language.errors import UsageError
from xlplan.model.decision import Decision, DecisionKind
from xlplan.stages.correcting import CorrectResult
from xlplan.stages.wanted import Wanted
from xlplan.store.history import decisions, record_decision
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

CORRECTED = CLOSED + timedelta(days=7)


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which R6 is all accepted and its summary made."""
    found = begin(tmp_path_factory.mktemp("complete"), COUNTED)
    answer(found, "D1", "D2", "D3")
    stages.consolidate(found, "R6", now=RECEIVED)
    return found.root


@pytest.fixture
def space(complete: Path, tmp_path: Path) -> Workspace:
    """R6, all accepted and the summary made."""
    shutil.copytree(complete, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def correct(
    space: Workspace, item: str, field: str, value: object, *, now: datetime = CORRECTED, **more: str
) -> CorrectResult:
    wanted = [Wanted(field, value, item)]
    return stages.correct(space, wanted, reason="転記の誤り", period="R6", by="山田", now=now, **more)


def figures(space: Workspace, measure: str, period: str = "R6", of: str = "R6") -> dict[str, float]:
    frame = stages.figures(space, of)
    rows = frame[(frame["measure"] == measure) & (frame["period"] == period) & ~frame["total"]]
    return dict(zip(rows["group"], rows["value"], strict=True))


def cells(path: Path, sheet: str) -> list[list[object]]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [[cell for cell in row if cell is not None] for row in rows]


# --- before closing -----------------------------------------------------------------------------------


def test_a_correction_keeps_old_and_new_with_who_when_and_why(space: Workspace) -> None:
    [made] = correct(space, "A-1", "actual", "検討").corrections

    assert (made.old, made.new, made.decision.made_by) == ("実施", "検討", "山田")
    assert (made.decision.made_at, made.decision.reason) == (CORRECTED, "転記の誤り")
    with Ledger.open(space.ledger_path) as ledger:
        [decision] = decisions(ledger)
    assert decision.target == {
        "form": "report",
        "field": "actual",
        "item": "A-1",
        "old": "実施",
        "new": "検討",
    }


def test_figures_count_the_corrected_value_and_say_which_changed(space: Workspace) -> None:
    result = correct(space, "A-1", "進捗", "検討")

    assert figures(space, "ahead") == {"": 5.0}
    assert {(made.label, made.before, made.after) for made in result.changed} == {
        ("実施以上", "6", "5"),
        ("実施の割合", "100.0%", "83.3%"),
    }


def test_the_summary_is_outdated_by_a_correction_and_its_department_is_named(space: Workspace) -> None:
    correct(space, "A-1", "actual", "検討")

    found = stages.status(space, "R6").summary

    assert found is not None
    assert (found.outdated, found.returns) == (True, ("D1",))


def test_a_correction_outdates_no_issue_and_loses_no_answer(space: Workspace) -> None:
    correct(space, "A-1", "actual", "検討")

    assert stages.status(space, "R6").changed == ()
    assert standing(space)["D1"].state == "accepted"
    assert {line.done for line in issue(space, now=CORRECTED).lines} == {"unchanged"}


def test_the_summary_shows_the_value_with_a_mark_and_lists_it_with_the_figures(space: Workspace) -> None:
    correct(space, "A-1", "actual", "検討")
    made = stages.consolidate(space, "R6", now=CORRECTED)

    assert made.path is not None
    register = cells(made.path, "訂正")
    line = next(row for row in register if "A-1 電子申請" in row)
    assert line[4:7] == ["実施", "検討", "転記の誤り"]
    follows = [row for row in register if "No. 1 の訂正による" in row]
    assert [row[2:4] for row in follows if "実施以上" in row] == [["6", "5"]]


def test_a_summary_without_corrections_has_no_sheet_of_them(space: Workspace) -> None:
    assert "訂正" not in openpyxl.load_workbook(space.summary("R6")).sheetnames


def test_of_two_corrections_of_one_value_the_later_counts_and_both_are_listed(space: Workspace) -> None:
    correct(space, "A-1", "actual", "検討")
    correct(space, "A-1", "actual", "拡充", now=CORRECTED + timedelta(days=1))
    made = stages.consolidate(space, "R6", now=CORRECTED)

    assert made.path is not None
    listed = [row[4:6] for row in cells(made.path, "訂正") if "A-1 電子申請" in row]
    assert listed == [["実施", "検討"], ["検討", "拡充"]]


def test_a_value_may_be_taken_out(space: Workspace) -> None:
    correct(space, "A-1", "done", "")

    frame = stages.records(space, "R6")
    assert frame.loc[(frame["item"] == "A-1") & (frame["form"] == "report"), "done"].isna().all()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [("started", "令和6年7月1日", date(2024, 7, 1)), ("places", "12", 12), ("rate", "12.5", 12.5)],
    ids=["a day", "a whole number", "a number"],
)
def test_a_day_and_a_number_are_read_as_they_are_typed_and_kept_as_what_they_are(
    space: Workspace, field: str, value: str, kept: object
) -> None:
    correct(space, "A-1", field, value)

    with Ledger.open(space.ledger_path) as ledger:
        [decision] = decisions(ledger)
    assert decision.target["new"] == kept
    frame = stages.records(space, "R6")
    [found] = frame.loc[(frame["item"] == "A-1") & (frame["form"] == "report"), field]
    assert found == kept or found.date() == kept


# --- answers judged anew ------------------------------------------------------------------------------


def failing(result: CorrectResult) -> set[tuple[str, str, str, str, bool]]:
    """What fails now: round, department, item, check, and whether the return counts."""
    return {
        (judged.period.id, judged.department.id, finding.item, finding.written_code, judged.accepted)
        for judged in result.judged
        for finding in judged.appeared
    }


def test_a_return_whose_checks_use_the_corrected_value_is_judged_anew_and_told(space: Workspace) -> None:
    """A-1 was 実施 the year before and is planned as 実施: what is less needs a reason, and is a step back."""
    result = correct(space, "A-1", "actual", "検討")

    assert failing(result) == {
        ("R6", "D1", "A-1", "required_choice", True),
        ("R6", "D1", "A-1", "rule:not_backwards", True),
    }
    [judged] = result.judged
    assert judged.resolved == ()
    assert {finding.cell[0] for finding in judged.appeared} != {""}
    assert standing(space)["D1"].state == "accepted"


def test_what_a_correction_mends_is_told_as_gone(space: Workspace) -> None:
    correct(space, "A-1", "actual", "検討")

    result = correct(space, "A-1", "actual", "実施", now=CORRECTED + timedelta(days=1))

    [judged] = result.judged
    gone = {finding.written_code for finding in judged.resolved}
    assert gone == {"required_choice", "rule:not_backwards"}
    assert judged.appeared == ()


def test_a_correction_that_no_check_minds_is_silent(space: Workspace) -> None:
    assert correct(space, "A-1", "done", "窓口を三つにした。").judged == ()


def test_the_register_of_findings_has_what_fails_now_and_not_what_is_mended(space: Workspace) -> None:
    def register() -> list[list[object]]:
        made = stages.consolidate(space, "R6", now=CORRECTED)
        assert made.path is not None
        return [row for row in cells(made.path, "検証結果") if "戻っています。" in row]

    correct(space, "A-1", "actual", "検討")
    assert len(register()) == 1
    correct(space, "A-1", "actual", "実施", now=CORRECTED + timedelta(days=1))
    assert register() == []


def test_a_return_of_a_later_round_is_judged_by_the_corrected_value_of_the_year_before(
    space: Workspace,
) -> None:
    close(space)
    tables = changed(NEXT, "records", "report | R7 | A-1 | 拡充", "report | R7 | A-1 | 実施")
    write_tables(tables, space.root / "plan")
    stages.issue(space, "R7", now=CLOSED)
    [path] = space.issued("R7").glob("R7_D1_*.xlsx")
    plan = read_definition(space.find_definition()).usable()
    answered = Desk(plan, "D1", path.read_bytes()).fill(actual="拡充").put("A-1", "actual", "実施")
    (space.inbox("R7") / "D1.xlsx").write_bytes(answered.saved())
    [line] = stages.receive(space, period="R7", now=CLOSED).lines
    assert line.state == "accepted"

    result = correct(space, "A-1", "actual", "拡充")

    assert failing(result) == {("R7", "D1", "A-1", "rule:not_backwards", True)}
    assert [made.period for made in result.published] == ["R6"]
    assert stages.status(space, "R7").changed == ()


def test_the_command_says_which_checks_fail_now(space: Workspace) -> None:
    arguments = ("correct", "--period", "R6", "--item", "A-1", "--field", "actual", "--value", "検討")

    found = run(*arguments, "--reason", "転記の誤り", "--by", "山田", cwd=space.root)

    assert found.returncode == 0
    assert "検査に合わなくなりました（令和6年度・情報課）" in found.stdout
    assert "戻っています。" in found.stdout


# --- after closing --------------------------------------------------------------------------------------


def test_a_closed_round_is_published_anew_and_the_first_version_stays(space: Workspace) -> None:
    close(space)
    first = (space.published("R6", 1) / "summary.xlsx").read_bytes()

    result = correct(space, "A-1", "actual", "検討")

    [made] = result.published
    assert (made.version, made.decision) == (2, result.corrections[0].decision.number)
    assert (space.published("R6", 1) / "summary.xlsx").read_bytes() == first
    second = space.published("R6", 2) / "summary.xlsx"
    assert second.read_bytes() == space.summary("R6").read_bytes()
    assert any("A-1 電子申請" in row for row in cells(second, "訂正"))
    assert stages.verify(space).fine


def test_a_later_round_shows_the_corrected_value_and_figure_and_its_forms_stay(space: Workspace) -> None:
    close(space)
    later(space, NEXT)
    correct(space, "A-1", "actual", "検討")

    assert stages.status(space, "R7").changed == ()
    made = stages.consolidate(space, "R7", draft=True, now=CORRECTED)
    assert made.path is not None
    assert figures(space, "ahead", of="R7") == {"": 5.0}
    assert not any("※" in str(cell) for row in cells(made.path, "集計") for cell in row)
    assert any("A-1 電子申請" in row for row in cells(made.path, "訂正"))


def test_what_the_office_gave_is_corrected_in_a_closed_round_alone(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        correct(space, "A-1", "planned", "拡充")
    assert fault.value.key == "office_follows"
    close(space)

    correct(space, "A-1", "planned", "拡充")

    assert stages.verify(space).fine
    sheet = openpyxl.load_workbook(space.published("R6", 2) / "summary.xlsx")["訂正"]
    assert any("計画" in [str(cell) for cell in row] for row in sheet.iter_rows(values_only=True))


# --- what cannot be meant ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "field", "value", "key"),
    [
        ("A-9", "actual", "検討", "no_such_row"),
        ("", "actual", "検討", "no_such_row"),
        ("A-1", "speed", "検討", "unknown_field"),
        ("A-1", "actual", "完了", "correction_value"),
        ("A-1", "actual", "実施", "correction_same"),
        ("A-1", "judgement", "遅れ", "field_computed"),
    ],
    ids=["no-item", "nobody", "no-field", "no-value", "the-same", "computed"],
)
def test_what_cannot_be_corrected_is_one_line_and_changes_nothing(
    space: Workspace, item: str, field: str, value: str, key: str
) -> None:
    before = files(space.root)
    with pytest.raises(UsageError) as fault:
        correct(space, item, field, value)

    assert fault.value.key == key
    assert "\n" not in fault.value.message("ja")
    assert files(space.root) == before
    with Ledger.open(space.ledger_path) as ledger:
        assert decisions(ledger) == []


def test_what_was_never_answered_cannot_be_corrected(tmp_path: Path) -> None:
    space = begin(tmp_path, COUNTED)
    answer(space, "D1")

    with pytest.raises(UsageError) as fault:
        correct(space, "C-1", "actual", "検討")

    assert fault.value.key == "never_answered"


def test_a_reason_is_needed(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        stages.correct(space, [Wanted("actual", "検討", "A-1")], reason=" ", period="R6")

    assert fault.value.key == "no_reason"


def test_only_showing_records_nothing(space: Workspace) -> None:
    result = stages.correct(space, [Wanted("actual", "検討", "A-1")], reason="", period="R6", only_show=True)

    assert (result.done, [made.old for made in result.corrections]) == (False, ["実施"])
    assert figures(space, "ahead") == {"": 6.0}


def test_the_command_prints_old_and_new_and_its_document_has_the_documented_keys(space: Workspace) -> None:
    close(space)
    line = ("correct", "--item", "A-1", "--field", "進捗", "--value", "検討", "--reason", "転記の誤り")

    done = run(*line, "--json", cwd=space.root)
    assert (done.returncode, done.stderr) == (0, "")
    again = run(*line[:6], "実施", *line[7:], "--json", cwd=space.root)
    keys = {key for made in (done, again) for key in keys_of(json.loads(made.stdout))}
    assert keys == documented("correct")

    last = run(*line[:6], "拡充", *line[7:], cwd=space.root)
    assert last.returncode == 0
    assert "実施" in last.stdout
    assert "第4版" in last.stdout


def test_a_table_that_differs_from_a_corrected_value_is_told(space: Workspace) -> None:
    close(space)
    tables = {
        **NEXT,
        "records": NEXT["records"].replace(
            "report | R6 | A-1 | 実施 | | |", "report | R6 | A-1 | 実施 | 拡充 | |"
        ),
    }
    correct(space, "A-1", "actual", "検討")

    write_tables(tables, space.root / "plan")
    told = stages.issue(space, "R7", now=CORRECTED).earlier

    [differs] = [finding for finding in told if finding.code == "earlier_differs"]
    assert "拡充 / 検討" in differs.message("ja")


# --- the plan of a closed round --------------------------------------------------------------------------


def correct_plan(
    space: Workspace, *rows: str, now: datetime = CORRECTED, only_show: bool = False
) -> CorrectResult:
    return stages.correct_plan(
        space, rows, reason="式の誤り", period="R6", by="山田", now=now, only_show=only_show
    )


OTHERWISE = changed(NEXT, "measures", '[actual],"実施"', '[actual],"検討"')


def test_a_measure_of_a_closed_round_is_corrected_from_todays_tables(space: Workspace) -> None:
    close(space)
    write_tables(OTHERWISE, space.root / "plan")

    result = correct_plan(space, "measures:ahead")

    assert {(made.label, made.before, made.after) for made in result.changed} == {
        ("実施以上", "6", "0"),
        ("実施の割合", "100.0%", "0.0%"),
    }
    [made] = result.published
    assert made.version == 2
    assert stages.verify(space).fine
    listed = cells(space.published("R6", 2) / "summary.xlsx", "訂正")
    assert any({"集計値 ahead", "数式", "式の誤り"} <= set(row) for row in listed)
    later(space, OTHERWISE)
    assert figures(space, "ahead", of="R7") == {"": 0.0}


def test_a_title_of_a_closed_round_is_corrected_and_no_other_row_follows(space: Workspace) -> None:
    close(space)
    renamed = changed(changed(NEXT, "items", "電子申請", "オンライン申請"), "items", "予約", "施設予約")
    write_tables(renamed, space.root / "plan")

    correct_plan(space, "items:A-1")

    frame = stages.figures(space, "R6")
    titles = {record.title for records in frame["records"] for record in records}
    assert "オンライン申請" in titles
    assert "予約" in titles
    assert "施設予約" not in titles


def test_what_the_plan_would_be_is_shown_first(space: Workspace) -> None:
    close(space)
    write_tables(OTHERWISE, space.root / "plan")

    result = correct_plan(space, "measures:ahead", only_show=True)

    assert not result.done
    [formula] = [each for each in result.corrections if each.field == "formula"]
    assert "実施" in str(formula.old)
    assert "検討" in str(formula.new)
    assert not space.published("R6", 2).exists()


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("speeds:one", "unknown_row"),
        ("measures", "unknown_row"),
        ("items:A-1", "row_same"),
        ("items:Z", "row_same"),
    ],
)
def test_a_row_that_is_none_or_is_the_same_is_one_line(space: Workspace, row: str, key: str) -> None:
    close(space)
    with pytest.raises(UsageError) as fault:
        correct_plan(space, row)

    assert fault.value.key == key
    assert not space.published("R6", 2).exists()


def test_a_plan_that_would_not_work_is_refused_and_nothing_changed(space: Workspace) -> None:
    close(space)
    tables = changed(NEXT, "forms", "money | 経費", "cash | 経費")
    for table in ("fields", "rules", "records"):
        for bar in ("money|", "money |"):
            tables[table] = tables[table].replace(bar, bar.replace("money", "cash"))
    write_tables(tables, space.root / "plan")

    with pytest.raises(UsageError) as fault:
        correct_plan(space, "forms:money")

    assert fault.value.key == "plan_breaks"
    with Ledger.open(space.ledger_path) as ledger:
        assert [decision.kind for decision in decisions(ledger)] == ["close"]


def test_a_round_that_follows_the_tables_needs_no_correction_of_its_plan(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        correct_plan(space, "items:A-1")

    assert fault.value.key == "plan_follows"


def test_what_was_corrected_in_a_later_round_is_not_listed_in_an_earlier_one(space: Workspace) -> None:
    close(space)
    later(space, NEXT)
    stages.issue(space, "R7", now=CLOSED)
    with Ledger.open(space.ledger_path) as ledger:
        target = {"table": "items", "row": "A-1", "old:title": "電子申請", "new:title": "オンライン申請"}
        record_decision(ledger, Decision("R7", CORRECTED, "山田", DecisionKind.CORRECT_PLAN, target, "誤り"))

    made = stages.consolidate(space, "R6", now=CORRECTED)

    assert made.path is not None
    assert "訂正" not in openpyxl.load_workbook(made.path).sheetnames


# --- a late return ---------------------------------------------------------------------------------------


def late_return(space: Workspace, department: str, *answer: object) -> Path:
    path = space.root / "late.xlsx"
    path.write_bytes(desk(space, department).put(*answer).saved())
    return path


def correct_from(space: Workspace, file: Path, *, only_show: bool = False) -> CorrectResult:
    return stages.correct_from(
        space, file, reason="遅れて届いた", period="R6", by="山田", only_show=only_show, now=CORRECTED
    )


def test_a_late_return_is_taken_cell_by_cell_and_shown_first(space: Workspace) -> None:
    file = late_return(space, "D1", "A-1", "actual", "拡充")
    close(space)

    shown = correct_from(space, file, only_show=True)
    assert [(each.item, each.field, each.new) for each in shown.corrections] == [
        ("A-1", "actual", "拡充"),
        ("A-1", "done", "進めた。"),
    ]
    assert not shown.done
    made = correct_from(space, file)

    assert made.published[0].version == 2
    assert figures(space, "ahead") == {"": 5.0}
    assert stages.verify(space).fine


def test_a_department_that_was_let_off_may_be_taken_from_its_late_return(tmp_path: Path) -> None:
    space = begin(tmp_path, COUNTED)
    answer(space, "D1", "D3")
    stages.excuse(space, "D2", reason="休み", period="R6", by="課長", now=RECEIVED)
    stages.consolidate(space, "R6", now=RECEIVED)
    close(space)

    correct_from(space, late_return(space, "D2", "B-2", "done", "目録を作った。"))

    assert figures(space, "ahead") == {"": 6.0}
    assert standing(space)["D2"].state == "excused"
    assert stages.verify(space).fine


def test_of_a_round_that_is_open_a_return_is_received(space: Workspace) -> None:
    with pytest.raises(UsageError) as fault:
        correct_from(space, late_return(space, "D1", "A-1", "actual", "拡充"))

    assert fault.value.key == "round_open"


def test_a_late_return_with_errors_or_without_news_is_one_line(space: Workspace) -> None:
    faulty = late_return(space, "D1", "A-1", "done", None).rename(space.root / "faulty.xlsx")
    same = late_return(space, "D1", "A-1", "done", "窓口を二つにした。")
    memo = space.root / "memo.xlsx"
    memo.write_bytes(b"memo")
    close(space)

    for file, key in ((faulty, "file_has_errors"), (same, "return_same"), (memo, "file_no_return")):
        with pytest.raises(UsageError) as fault:
            correct_from(space, file)
        assert fault.value.key == key
    assert not space.published("R6", 2).exists()
