"""`import xlplan`: its names, its defaults, its exceptions and its frames."""

import ast
import hashlib
import inspect
import io
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from returns import TABLES, Tables, changed, write_tables
from rounds import ISSUED, RECEIVED, begin, desk, drop
from test_architecture import PACKAGE, imports_of, loaded_with

import xlplan
from xlplan import stages
from xlplan.fields.table import TYPES
from xlplan.language import errors
from xlplan.language.errors import XlplanError
from xlplan.stages.frames import FIGURE_COLUMNS, FINDING_COLUMNS, RECORD_COLUMNS
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

STAGES = [
    "issue",
    "check",
    "receive",
    "mend",
    "status",
    "consolidate",
    "reconcile",
    "rollover",
    "changes",
    "verify",
    "lint",
    "records",
    "findings",
    "figures",
]


@pytest.fixture
def city(tmp_path: Path) -> xlplan.City:
    """A city with the sample plan, R6 issued."""
    begin(tmp_path)
    return xlplan.open(tmp_path)


def answered(city: xlplan.City, *departments: str) -> None:
    """These departments' returns, received."""
    space = Workspace(city.folder)
    for department in departments:
        drop(space, f"{department}.xlsx", desk(space, department).saved())
    city.receive(now=RECEIVED)


# --- names ------------------------------------------------------------------------------------------


def test_dir_shows_the_public_names_and_nothing_else() -> None:
    assert dir(xlplan) == xlplan.__all__


@pytest.mark.parametrize("name", xlplan.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(xlplan, name)

    assert name == "__version__" or inspect.getdoc(found)


def test_a_name_that_is_none_of_ours_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Workbook'"):
        xlplan.__getattr__("Workbook")


def test_the_names_that_type_checkers_see_are_those_that_are_loaded() -> None:
    """The imports under TYPE_CHECKING, and the table by which a name is found when it is first asked for."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    [seen] = [node for node in tree.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name)]
    imported = {
        alias.name: node.module.removeprefix("xlplan.")
        for node in seen.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }

    assert {name: imported[name] for name in xlplan._MODULES} == xlplan._MODULES
    assert {*xlplan._MODULES, "__version__", "new", "open"} == set(xlplan.__all__)


def test_results_are_frozen_dataclasses() -> None:
    results = [getattr(xlplan, name) for name in xlplan.__all__ if name.endswith(("Result", "Line"))]

    assert len(results) == 27
    assert all(result.__dataclass_params__.frozen for result in results)


def test_importing_xlplan_loads_no_library() -> None:
    """Each is loaded when it is first needed."""
    heavy = {
        "pandas",
        "pandera",
        "numpy",
        "openpyxl",
        "xlsxwriter",
        "formualizer",
        "typer",
        "rich",
        "sqlite3",
    }

    assert heavy & loaded_with("xlplan") == set()


def test_every_exception_is_in_the_tree_of_its_module() -> None:
    def below(kind: type[XlplanError]) -> set[str]:
        return {kind.__name__}.union(*map(below, kind.__subclasses__()))

    tree = str(errors.__doc__)

    assert {name for name in below(XlplanError) if name not in tree} == set()
    assert {name for name in below(XlplanError) if name not in xlplan.__all__} == {
        "PlanError",
        "RefusedWorkbookError",
    }


def test_the_command_line_goes_through_the_public_api_alone() -> None:
    imported = imports_of(PACKAGE / "cli" / "commands.py")

    assert [name for name in imported if name.startswith(("xlplan.stages", "xlplan.store"))] == []


@pytest.mark.parametrize("name", STAGES)
def test_a_citys_stage_takes_the_same_words_as_the_stage_itself(name: str) -> None:
    """What stands in `stages`, the folder and the callback apart, which the city knows."""
    of_stage = inspect.signature(getattr(stages, name)).parameters
    of_city = inspect.signature(getattr(xlplan.City, name)).parameters
    known = {"self", "space", "on_wait"}

    words = [
        [(name, parameter.default, parameter.kind) for name, parameter in side.items() if name not in known]
        for side in (of_city, of_stage)
    ]

    assert words[0] == words[1]


# --- folders, defaults, exceptions ------------------------------------------------------------------


def test_a_folder_and_files_are_texts_or_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    xlplan.new("one")
    xlplan.new(Path("two"), kit="tomakomai")
    (tmp_path / "three").mkdir()
    begin(tmp_path / "three")
    path = drop(Workspace(Path("three")), "D1.xlsx", desk(Workspace(Path("three")), "D1").saved())
    city = xlplan.open("three")

    several: list[str | Path | list[str | Path]] = [str(path), path, [str(path), path]]

    assert xlplan.open("one").plan.id == "asahikawa"
    assert xlplan.open(Path("two")).plan.id == "tomakomai"
    assert [len(city.check(files).lines) for files in several] == [1, 1, 2]


def test_without_a_folder_it_is_the_one_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert xlplan.open().status().period.id == "R6"


def test_the_round_at_hand_is_the_latest_that_was_issued(city: xlplan.City) -> None:
    answered(city, "D1")
    city.issue("R5", departments="D1", now=ISSUED)
    made = city.consolidate(draft=True, now=RECEIVED)

    assert [city.status().period.id, made.period.id, city.receive(now=RECEIVED).period] == [
        "R6",
        "R6",
        city.status("R6").period,
    ]
    assert set(city.records().period) == {"R6"}


@pytest.mark.parametrize("period", ["R6", "令和6年度", "2024"])
def test_a_period_is_an_id_a_label_or_a_year(city: xlplan.City, period: str) -> None:
    assert city.status(period).period.id == "R6"


@pytest.mark.parametrize("departments", ["D1", "情報課", ["D1"], ("情報課",)])
def test_departments_are_ids_or_names_one_or_several(
    city: xlplan.City, departments: str | list[str] | tuple[str, ...]
) -> None:
    assert [line.department.id for line in city.issue("R6", departments=departments).lines] == ["D1"]


@pytest.mark.parametrize("due", [date(2025, 6, 30), "2025-06-30", "令和7年6月30日"])
def test_the_day_due_is_a_date_or_as_people_write_it(city: xlplan.City, due: date | str) -> None:
    assert city.issue("R6", due=due).due == date(2025, 6, 30)


def test_the_moment_is_the_clocks_where_none_is_given(tmp_path: Path) -> None:
    before = datetime.now().replace(microsecond=0)
    space = begin(tmp_path)
    city = xlplan.open(tmp_path)
    drop(space, "D1.xlsx", desk(space, "D1").saved())
    city.receive()
    [line] = [line for line in city.status().lines if line.department.id == "D1"]

    assert line.received_at is not None
    assert before <= line.received_at <= datetime.now()
    assert line.received_at.microsecond == 0


def test_a_folder_without_a_plan_is_told_when_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(xlplan.UsageError, match=f"No plan in {tmp_path}"):
        xlplan.open(tmp_path)


def test_a_period_that_the_plan_does_not_have_is_one_exception_at_every_stage(city: xlplan.City) -> None:
    path = drop(Workspace(city.folder), "D1.xlsx", desk(Workspace(city.folder), "D1").saved())
    stages_of_a_round: dict[str, Callable[[str], object]] = {
        "issue": city.issue,
        "status": city.status,
        "consolidate": city.consolidate,
        "records": city.records,
        "findings": city.findings,
        "check": lambda period: city.check(path, period=period),
        "receive": lambda period: city.receive(period=period),
        "mend": lambda period: city.mend(path, period=period),
    }
    for name, stage in stages_of_a_round.items():
        with pytest.raises(xlplan.UsageError) as caught:
            stage("R99")
        assert (name, caught.value.key) == (name, "unknown_period")


def test_issuing_must_be_told_the_period(city: xlplan.City) -> None:
    with pytest.raises(xlplan.UsageError) as caught:
        city.issue()

    assert caught.value.key == "no_period"


@pytest.mark.parametrize("stage", ["issue", "receive", "consolidate", "verify"])
def test_the_city_tells_that_a_stage_waits_for_another_run(tmp_path: Path, stage: str) -> None:
    space, told = begin(tmp_path), []
    with Ledger.open(space.ledger_path) as ledger, ExitStack() as turn:

        def end_of_the_other_run() -> None:
            told.append(stage)
            turn.close()

        turn.enter_context(ledger.writing())
        city = xlplan.open(tmp_path, on_wait=end_of_the_other_run)
        getattr(city, stage)(*["R6"] * (stage == "issue"))

    assert told == [stage]


# --- frames -----------------------------------------------------------------------------------------


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def test_records_are_the_accepted_answers_with_where_they_stand(city: xlplan.City) -> None:
    answered(city, "D1", "D2")
    records = city.records("R6", form="report")
    first = records.iloc[0]

    assert list(records["item"]) == ["A-1", "A-2", "A-3", "B-1", "B-2"]
    assert (first.form, first.period, first.department, first.attempt) == ("report", "R6", "D1", 1)
    assert (first.planned, first.actual, first.done) == ("実施", "実施", "進めた。")
    assert (city.folder / first.source_file).is_file()
    assert (first.source_sheet, first.source_row) == ("進捗報告", 6)
    assert first[["places", "rate", "started", "note"]].isna().all()


def test_the_columns_of_records_have_the_dtype_of_their_field(city: xlplan.City) -> None:
    answered(city, "D1")
    money = {"budget": "Int64", "cost": "Float64", "paid": "datetime64[s]"}
    frame = city.records("R6", form="経費")

    assert dtypes(frame) == {**RECORD_COLUMNS, **money}
    assert frame.paid[0] == pd.Timestamp(2024, 6, 1)
    assert frame.cost.sum() == 100
    assert {kind.record_dtype for kind in TYPES.values()} == {"string", "Int64", "Float64", "datetime64[s]"}


def test_a_whole_number_beyond_int64_is_kept_as_it_is(city: xlplan.City) -> None:
    space = Workspace(city.folder)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "number", 1e20).saved())
    city.receive(now=RECEIVED)

    assert city.records(form="report").number[0] == 10**20


def test_records_of_all_forms_have_the_fields_of_all(city: xlplan.City) -> None:
    answered(city, "D1")
    frame = city.records()

    assert list(frame.form.unique()) == ["report", "money"]
    assert {"actual", "share", "budget", "paid"} <= set(frame.columns)
    assert frame[frame.form == "money"].actual.isna().all()


def test_a_return_with_errors_is_in_the_findings_and_not_in_the_records(city: xlplan.City) -> None:
    space = Workspace(city.folder)
    drop(space, "D1.xlsx", desk(space, "D1").put("A-1", "actual", "さっぱり").saved())
    city.receive(now=RECEIVED)
    found = city.findings()
    error = found[found.severity == "error"].iloc[0]

    assert city.records().empty
    assert dtypes(found) == dict(FINDING_COLUMNS)
    assert tuple(error[["department", "item", "field", "value"]]) == ("D1", "A-1", "actual", "さっぱり")
    assert (error.file, error.attempt, error.received_at) == ("D1.xlsx", 1, pd.Timestamp(RECEIVED))
    assert error.message


def test_frames_without_rows_keep_their_columns(city: xlplan.City) -> None:
    records, findings = city.records(form="report"), city.findings()

    assert (len(records), len(findings)) == (0, 0)
    assert dtypes(findings) == dict(FINDING_COLUMNS)
    assert dtypes(records)["done"] == "string"
    assert dtypes(records)["started"] == "datetime64[s]"
    assert dtypes(records)["rate"] == "Float64"


def test_an_answer_to_an_older_form_is_no_record_any_more(city: xlplan.City) -> None:
    answered(city, "D1")
    tables: Tables = changed(TABLES, "fields", "report|done|実施内容|text||yes", "report|done|内容|text||yes")
    write_tables(tables, city.folder / "plan")
    city.issue("R6", now=RECEIVED)

    assert city.records().empty


def test_a_field_that_is_called_as_a_column_of_the_frame_has_an_underscore(tmp_path: Path) -> None:
    tables = changed(TABLES, "fields", "report|note|補足", "report|attempt|補足")
    tables = changed(tables, "rules", "FILLED([@補足]))|note|error", "FILLED([@補足]))|attempt|error")
    begin(tmp_path, tables)
    frame = xlplan.open(tmp_path).records(form="report")

    assert dtypes(frame)["attempt"] == "Int64"
    assert dtypes(frame)["attempt_"] == "string"


def test_a_form_that_the_plan_does_not_have_is_told(city: xlplan.City) -> None:
    with pytest.raises(xlplan.UsageError, match="There is no form money2 in this plan: use one of report"):
        city.records(form="money2")


def test_a_round_that_was_not_issued_has_no_frames(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path / "plan")
    city = xlplan.open(tmp_path)

    for frame in (city.records, city.findings, city.figures):
        with pytest.raises(xlplan.UsageError) as caught:
            frame("R6")
        assert caught.value.key == "no_round"


# --- figures ----------------------------------------------------------------------------------------


COUNTED: Tables = {
    **TABLES,
    "views": """
        id | title | kind | form
        figures | 集計 | statistics | report
    """,
    "measures": """
        view|id|label|formula|by
        figures|by_status|件数|COUNTIFS([actual],GROUP(),[period],PERIOD())|actual
    """,
}


def test_figures_know_the_cells_of_the_returns_behind_them(tmp_path: Path) -> None:
    begin(tmp_path, COUNTED)
    city = xlplan.open(tmp_path)
    answered(city, "D1", "D2")
    found = city.figures()
    records = city.records(form="report")

    assert dtypes(found) == dict(FIGURE_COLUMNS)
    now = found[(found.period == "R6") & (found.value > 0)]
    behind = [record for records_of in now.records for record in records_of if record.attempt]
    assert behind
    kept = {(row.item, row.source_file, row.source_row) for row in records.itertuples()}
    assert {(record.item, record.file, record.row) for record in behind} <= kept
    for record in behind:
        data = (city.folder / record.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record.sha256
        sheet = load_workbook(io.BytesIO(data))[record.sheet]
        assert sheet.cell(record.row, 2).value == record.item
        assert sheet[record.cell].value in ("検討", "実施", "拡充")


def test_figures_of_a_round_with_open_returns_are_those_of_a_draft(tmp_path: Path) -> None:
    begin(tmp_path, COUNTED)
    city = xlplan.open(tmp_path)
    answered(city, "D1", "D2")
    before = city.figures()
    answered(city, "D3")
    after = city.figures()

    assert len(before) == len(after)
    assert set(before.cell).isdisjoint(after.cell)  # a draft has the states of the answers above its figures
