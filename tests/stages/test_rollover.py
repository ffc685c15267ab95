"""Roll over: next year's plan out of this one and the answers; nothing that the office has in its plan is lost."""

import json
import re
import shutil
import zipfile
from datetime import datetime
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
from commands import documented, keys_of, run
from libreoffice import LibreOffice
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from returns import TABLES, write_tables
from rounds import DUE, RECEIVED, begin, desk, drop, files, receive
from test_in_force import with_column

from xlplan import stages
from xlplan.cli.demo.play import play
from xlplan.cli.printing import Printer
from xlplan.definition.reading import read_definition
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.errors import ErrorKey, FileError, UsageError, XlplanError
from xlplan.model.finding import Finding
from xlplan.stages.rollover import RolloverResult
from xlplan.store.history import decisions
from xlplan.store.ledger import Ledger
from xlplan.store.workspace import Workspace

ROLLED = datetime(2026, 3, 2, 9, 0)
ENDING = with_column(TABLES, "choices", "ends", {"status | 拡充": "yes"})
"""The sample plan, in which a project that is extended is over."""


def answer(space: Workspace, *departments: str) -> None:
    """Good answers, received and accepted: A-1 is over by what D1 says."""
    for name in departments:
        answered = desk(space, name)
        if name == "D1":
            answered.put("A-1", "actual", "拡充")
        drop(space, f"{name}.xlsx", answered.saved())
    assert {line.state for line in receive(space).lines} <= {"accepted", "known"}


def as_workbook(space: Workspace) -> Path:
    """The plan as plan.xlsx instead of CSV files."""
    definition = read_definition(space.root / "plan")
    path = space.root / "plan.xlsx"
    path.write_bytes(definition_workbook(definition.tables, "ja", ROLLED))
    shutil.rmtree(space.root / "plan")
    return path


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which R6 is complete."""
    found = begin(tmp_path_factory.mktemp("complete"), ENDING)
    answer(found, "D1", "D2", "D3")
    return found.root


@pytest.fixture(params=["csv", "xlsx"])
def space(request: pytest.FixtureRequest, csv: Workspace) -> Workspace:
    """R6 is complete; the plan is a folder of CSV files, or plan.xlsx."""
    if request.param == "xlsx":
        as_workbook(csv)
    return csv


@pytest.fixture
def csv(complete: Path, tmp_path: Path) -> Workspace:
    """R6 is complete; the plan is a folder of CSV files."""
    shutil.copytree(complete, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def rollover(space: Workspace, to: str = "R7", **more: str) -> RolloverResult:
    return stages.rollover(space, to, by="企画課 山田", now=ROLLED, **more)


def refused(space: Workspace, to: str = "R7", **more: str) -> XlplanError:
    """The one line with which it stops, without having changed anything."""
    before = files(space.root)
    with pytest.raises(XlplanError) as caught:
        rollover(space, to, **more)
    assert files(space.root) == before
    return caught.value


def marks(findings: tuple[Finding, ...]) -> list[Finding]:
    return [found for found in findings if found.code == "plan_proposed"]


# --- what it writes ----------------------------------------------------------------------------------


def test_the_period_is_added_by_the_pattern_of_the_last_ones(space: Workspace) -> None:
    made = rollover(space)
    plan = stages.lint(space).usable()

    assert [(period.id, period.label, period.first_year, period.last_year) for period in plan.periods] == [
        ("R5", "令和5年度", 2023, 2023),
        ("R6", "令和6年度", 2024, 2024),
        ("R7", "令和7年度", 2025, 2025),
    ]
    assert (made.before.id, made.period.id, made.closed) == ("R6", "R7", False)


HALVES = {
    **ENDING,
    "periods": """
        id | label | first_year | last_year | first_month | last_month | reference_date
        R5 | 令和6年度上半期 | 2024 | 2024 | 4 | 9 | 2024-09-30
        R6 | 令和6年度下半期 | 2024 | 2024 | 10 | 3 |
    """,
}


@pytest.mark.parametrize("as_book", [False, True])
def test_after_the_last_part_of_a_year_comes_the_first_of_the_next(tmp_path: Path, as_book: bool) -> None:
    halves = begin(tmp_path, HALVES)
    answer(halves, "D1", "D2", "D3")
    if as_book:
        as_workbook(halves)

    rollover(halves)

    last = stages.lint(halves).usable().periods[-1]
    assert (last.label, last.first_year, last.first_month, last.last_month) == ("令和7年度上半期", 2025, 4, 9)
    assert str(last.reference_date) == "2025-09-30"


@pytest.mark.parametrize("to", ["R7", "令和7年度", "2025", "R７"])
def test_the_period_may_be_named_in_any_way(csv: Workspace, to: str) -> None:
    assert rollover(csv, to).period.id == "R7"


def test_its_label_may_be_another(space: Workspace) -> None:
    rollover(space, label="令和7年度（最終年度）")

    assert stages.lint(space).usable().periods[-1].label == "令和7年度（最終年度）"


def test_what_an_answer_ends_has_its_last_period_and_is_asked_no_more(space: Workspace) -> None:
    made = rollover(space)
    plan = stages.lint(space).usable()

    assert [(ended.item.id, ended.label, ended.answer, ended.planned) for ended in made.ended] == [
        ("A-1", "進捗", "拡充", "")
    ]
    assert {item.id: item.to_period for item in plan.items if item.to_period} == {"A-1": "R6"}
    assert [item.id for item in plan.items_of(plan.periods[-1])] == ["A-2", "A-3", "B-1", "B-2", "C-1"]


def test_the_office_has_a_line_for_each_item_with_what_it_said_last(space: Workspace) -> None:
    """One line for each item that goes on and of which the office must, or did, say something."""
    made = rollover(space)
    plan = stages.lint(space).usable()
    now = {
        (record.form, record.item): dict(record.values) for record in plan.records if record.period == "R7"
    }

    assert now == {
        ("report", "A-2"): {"planned": "実施"},
        ("report", "A-3"): {"planned": "検討"},
        ("report", "B-1"): {"planned": "拡充"},
        ("report", "B-2"): {"planned": "検討"},
        ("report", "C-1"): {"planned": "実施"},
        ("money", "A-2"): {"budget": 0},
        ("money", "B-1"): {"budget": 500},
    }
    assert (made.lines, made.proposed) == (7, 7)


def test_each_copy_is_a_finding_at_its_cell_until_its_mark_is_removed(space: Workspace) -> None:
    made = rollover(space)
    found = stages.lint(space)
    rows = {row.number: row.cells for row in found.tables.tables["records"].rows}

    assert {(mark.item, mark.field) for mark in marks(made.findings)} == {
        *((item, "planned") for item in ("A-2", "A-3", "B-1", "B-2", "C-1")),
        *((item, "budget") for item in ("A-2", "B-1")),
    }
    for mark in marks(made.findings):
        assert str(rows[int(mark.cell[1:])]["item"]) == mark.item
        assert "要確認の項目" in mark.remedy("ja")
    assert {mark.severity for mark in marks(made.findings)} == {"warning"}


def test_nothing_is_issued_while_a_copy_was_not_looked_at(csv: Workspace) -> None:
    rollover(csv)

    with pytest.raises(UsageError) as caught:
        stages.issue(csv, "R7", due=DUE, now=ROLLED)
    assert (caught.value.key, caught.value.params["count"]) == ("proposed_left", 7)
    assert "A-2" in caught.value.message("ja")

    path = csv.root / "plan" / "records.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(",(planned|budget)$", ",", text, flags=re.MULTILINE), encoding="utf-8")

    assert marks(stages.lint(csv).findings) == []
    assert len(stages.issue(csv, "R7", due=DUE, now=ROLLED).lines) == 3


def test_a_mark_that_names_no_field_is_told(csv: Workspace) -> None:
    rollover(csv)
    path = csv.root / "plan" / "records.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",planned\n", ",計画値\n", 1), encoding="utf-8")
    # the first is the row of headings
    [told] = [found for found in stages.lint(csv).findings if found.code == "plan_proposed_unknown"]

    assert (told.value, told.params["near"]) == ("計画値", "計画")


def test_who_rolled_over_is_in_the_ledger(csv: Workspace) -> None:
    rollover(csv)

    with Ledger.open(csv.ledger_path) as ledger:
        [made] = [made for made in decisions(ledger) if made.kind == "roll_over"]
    assert (made.period, made.made_by, made.made_at) == ("R6", "企画課 山田", ROLLED)
    assert made.target == {"to": "R7", "items": 1, "lines": 7}


def test_last_rounds_answers_stand_beside_the_next_and_none_is_lost(csv: Workspace) -> None:
    rollover(csv)
    plan = stages.lint(csv).usable()

    assert stages.status(csv, "R6", now=ROLLED).open == ()
    assert plan.period("R6") is not None
    assert {record.item for record in stages.records(csv, "R6").itertuples()} >= {"A-1", "C-1"}


# --- the plan as it was is kept, the other files stay --------------------------------------------------


def test_the_plan_as_it_was_is_kept_and_never_written_over(space: Workspace) -> None:
    path = space.find_definition()
    before = files(path) if path.is_dir() else path.read_bytes()
    made = rollover(space)

    assert made.kept.name == ("plan-R6" if path.is_dir() else "plan-R6.xlsx")
    assert (files(made.kept) if path.is_dir() else made.kept.read_bytes()) == before

    if path.is_dir():
        shutil.rmtree(path)
        shutil.copytree(made.kept, path)
    else:
        shutil.copy(made.kept, path)
    again = rollover(space)

    assert again.kept.name == ("plan-R6-2" if path.is_dir() else "plan-R6-2.xlsx")
    assert (files(made.kept) if path.is_dir() else made.kept.read_bytes()) == before


def test_csv_files_keep_their_encoding_line_ends_and_every_other_line(csv: Workspace) -> None:
    folder = csv.root / "plan"
    for name, encoding in (("periods", "utf-8-sig"), ("items", "cp932")):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8").replace("\n", "\r\n")
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    before = files(folder)
    rollover(csv)
    after = files(folder)

    assert {name for name in before if before[name] != after[name]} == {
        "items.csv",
        "periods.csv",
        "records.csv",
    }
    assert after["periods.csv"] == before["periods.csv"] + "R7,令和7年度,2025,2025\r\n".encode()
    old, new = (table["items.csv"].decode("cp932").split("\r\n") for table in (before, after))
    assert new[:2] == [f"{old[0]},to_period", f"{old[1]},R6"]
    assert new[2:] == [f"{line}," if line else "" for line in old[2:]]


def furnished(path: Path) -> None:
    """What an office adds to its plan.xlsx: a sheet, a column, a note, colours, a merged cell, a formula of its own."""
    book = openpyxl.load_workbook(path)
    own = book.create_sheet("課内メモ", 0)
    own["A1"], own["A2"], own["B2"] = "来年度の予定", "施策の数", "=COUNTA(施策!A4:A100)"
    own.merge_cells("A4:C5")
    items = book["施策"]
    column = items.max_column + 1
    items.cell(3, column, "予算科目")
    for row in range(4, 10):
        items.cell(row, column, f"款{row}")
    items["E4"].comment = Comment("題名は議会答弁と同じ", "山田")
    items["E4"].fill = PatternFill("solid", fgColor="FFFF9900")
    book["台帳"]["A30"].fill = PatternFill("solid", fgColor="FF00FF00")
    book["期間"].cell(12, 8, "令和10年度で終わる予定")
    book.save(path)


def test_what_the_office_has_added_to_its_workbook_stays(csv: Workspace) -> None:
    path = as_workbook(csv)
    furnished(path)
    with zipfile.ZipFile(path) as book:
        before = {name: book.read(name) for name in book.namelist()}
    rollover(csv)
    with zipfile.ZipFile(path) as book:
        after = {name: book.read(name) for name in book.namelist()}
    book = openpyxl.load_workbook(path)
    items = book["施策"]

    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name] and "sheet" not in name} == {
        "xl/workbook.xml"
    } - ({"xl/workbook.xml"} if before["xl/workbook.xml"] == after["xl/workbook.xml"] else set())
    assert book.sheetnames[0] == "課内メモ"
    assert book["課内メモ"]["B2"].value == "=COUNTA(施策!A4:A100)"
    assert [str(area) for area in book["課内メモ"].merged_cells.ranges] == ["A4:C5"]
    assert [items.cell(row, items.max_column).value for row in (3, 4, 9)] == ["予算科目", "款4", "款9"]
    assert (items["E4"].comment.text, items["E4"].fill.fgColor.rgb) == ("題名は議会答弁と同じ", "FFFF9900")
    assert book["台帳"]["A30"].fill.fgColor.rgb == "FF00FF00"
    assert book["期間"].cell(12, 8).value == "令和10年度で終わる予定"
    assert stages.lint(csv).usable().items[0].extra == {"予算科目": "款4"}


def test_added_lines_look_like_those_above_and_have_their_dropdowns(csv: Workspace) -> None:
    path = as_workbook(csv)
    rollover(csv)
    book = openpyxl.load_workbook(path)
    sheet, periods = book["台帳"], book["期間"]
    rows = {
        (sheet.cell(row, 1).value, sheet.cell(row, 2).value, sheet.cell(row, 3).value): row
        for row in range(4, sheet.max_row + 1)
    }
    old, new = rows["report", "R6", "B-1"], rows["report", "R7", "B-1"]

    for column in (1, 2, 3, 4):
        assert sheet.cell(new, column).style_id == sheet.cell(old, column).style_id
    assert sheet.row_dimensions[new].height == sheet.row_dimensions[old].height
    assert [periods.cell(6, column).style_id for column in (1, 2, 3, 4)] == [
        periods.cell(5, column).style_id for column in (1, 2, 3, 4)
    ]
    for area in sheet.data_validations.dataValidation:
        assert all(ranged.max_row >= sheet.max_row for ranged in area.sqref.ranges)


def test_the_workbook_opens_with_its_dropdowns_at_work(csv: Workspace, libreoffice: LibreOffice) -> None:
    """The formulas behind the dropdowns are worked out anew: they know the period that was added."""
    path = as_workbook(csv)
    rollover(csv)
    values = libreoffice.recalculated(path.read_bytes())

    assert (values["_xlplan", "A1"], values["_xlplan", "B1"]) == ("periods.id", 3)
    assert values["期間", "B6"] == "令和7年度"


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The English kit after its year: every department accepted, plan.xlsx rolled over to the next."""
    played = play(
        tmp_path_factory.mktemp("english") / "city", "example-en", Printer, datetime(2026, 4, 10, 9, 0)
    )
    stages.rollover(played.space, "FY2026", now=ROLLED)
    return played.space


def test_an_english_plan_is_rolled_over_in_its_own_words(english: Workspace) -> None:
    book = openpyxl.load_workbook(english.root / "plan.xlsx")
    sheet = book["records"]
    headings = [cell.value for cell in sheet[3]]
    found = stages.lint(english)
    known = [record for record in found.usable().records if record.period == "FY2026"]

    assert headings[-1] == "proposed"
    assert [cell.value for cell in book["periods"][sheet_end(book["periods"])]][:4] == [
        *("FY2026", "FY2026"),
        *(2026, 2026),
    ]
    assert len(marks(found.findings)) == sum(len(record.values) for record in known) > 0
    for mark in marks(found.findings):
        assert "is a copy of the period before" in mark.message("en")
        assert "proposed" in mark.remedy("en")


def sheet_end(sheet: Worksheet) -> int:
    """The last row of a sheet with anything in its first column."""
    return max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value)


# --- when it is refused ------------------------------------------------------------------------------


def test_open_departments_stand_in_the_way_and_are_named(tmp_path: Path) -> None:
    space = begin(tmp_path, ENDING)
    answer(space, "D1")

    fault = refused(space)

    assert fault.key == "rollover_open"
    assert "総務課" in fault.message("ja")
    assert "消防課" in fault.message("ja")
    assert "情報課" not in fault.message("ja")


def test_a_department_that_was_let_off_does_not(tmp_path: Path) -> None:
    space = begin(tmp_path, ENDING)
    answer(space, "D1", "D3")
    stages.excuse(space, "D2", reason="担当者の休職", now=RECEIVED)

    assert rollover(space).period.id == "R7"


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_plan_that_somebody_has_open_is_not_touched(space: Workspace, lock: str) -> None:
    path = space.find_definition()
    file = path / "items.csv" if path.is_dir() else path
    file.with_name(lock.format(file.name)).write_bytes(b"")

    fault = refused(space)

    assert (type(fault), fault.key, fault.params["path"]) == (FileError, "file_open", file)


def test_rolling_over_twice_is_refused(space: Workspace) -> None:
    rollover(space)

    fault = refused(space)

    assert fault.key == "rolled_already"
    assert "令和7年度" in fault.message("ja")


@pytest.mark.parametrize(
    ("to", "key"),
    [
        ("R6", "rollover_begun"),
        ("R5", "rollover_next"),
        ("R8", "rollover_next"),
        ("2030", "rollover_next"),
        ("来年", "rollover_unclear"),
        ("", "rollover_to"),
    ],
)
def test_only_the_next_period_can_be_meant(csv: Workspace, to: str, key: str) -> None:
    fault = refused(csv, to)

    assert fault.key == key
    if key in ("rollover_next", "rollover_to"):
        assert "R7" in fault.message("ja")


def test_a_period_that_was_issued_is_refused(csv: Workspace) -> None:
    rollover(csv)
    path = csv.root / "plan" / "records.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(",(planned|budget)$", ",", text, flags=re.MULTILINE), encoding="utf-8")
    stages.issue(csv, "R7", due=DUE, now=ROLLED)

    assert refused(csv, "R7").key == "rollover_begun"
    assert refused(csv, "R8").key == "rollover_open"


def test_a_plan_with_faults_is_refused(csv: Workspace) -> None:
    path = csv.root / "plan" / "items.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("D3", "D8"), encoding="utf-8")

    fault = refused(csv)

    assert fault.key == "plan_has_errors"
    assert "D8" in fault.message("ja")


def test_before_anything_was_issued_there_is_nothing_to_roll_over(tmp_path: Path) -> None:
    write_tables(ENDING, tmp_path / "plan")

    assert refused(Workspace(tmp_path)).key == "no_round"


def test_a_formula_in_a_cell_that_would_be_written_is_not_lost(csv: Workspace) -> None:
    """The plan is refused in one line, where a last period is worked out by the spreadsheet."""
    path = as_workbook(csv)
    data = path.read_bytes()
    book = openpyxl.load_workbook(path)
    items = book["施策"]
    at = [cell.value for cell in items[3]].index("終了期間") + 1
    items.cell(4, at, '=IF(1=2,"R6","")')
    book.save(path)
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    # openpyxl saves no results: an empty text, as a spreadsheet would
    parts = {
        name: re.sub(rb'<c r="(\w+)"([^<>]*)><f>IF\(1=2', rb'<c r="\1"\2 t="str"><f>IF(1=2', part).replace(
            b'"R6","")</f><v />', b'"R6","")</f><v></v>'
        )
        for name, part in parts.items()
    }
    with zipfile.ZipFile(path, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    assert data != path.read_bytes()

    assert refused(csv).key == "plan_uneditable"


def test_a_run_that_was_broken_off_is_finished_by_the_next(
    csv: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three files one was written: the plan can be read, nothing is recorded, and the rest is done again."""
    stage = import_module("xlplan.stages.rollover")
    written: list[Path] = []

    def broken(path: Path, data: bytes) -> None:
        if written:
            raise FileError(ErrorKey.DISK_FULL, path=path)
        written.append(path)
        path.write_bytes(data)

    with monkeypatch.context() as patch:
        patch.setattr(stage, "write_bytes", broken)
        with pytest.raises(FileError):
            rollover(csv)

    assert [path.name for path in written] == ["periods.csv"]
    assert stages.lint(csv).plan is not None
    made = rollover(csv)
    assert ([ended.item.id for ended in made.ended], made.lines) == (["A-1"], 7)


def test_a_period_that_the_plan_has_from_the_start_is_prepared_as_well(csv: Workspace) -> None:
    """The row of the period stays as it is; items are ended and lines proposed."""
    path = csv.root / "plan" / "periods.csv"
    path.write_text(path.read_text(encoding="utf-8") + "R7,七年目,2025,2025\n", encoding="utf-8")
    made = rollover(csv)

    assert (made.period.label, len(made.ended), made.lines) == ("七年目", 1, 7)
    assert refused(csv).key == "rolled_already"


# --- on the command line -----------------------------------------------------------------------------


def test_the_command_says_what_was_done_and_its_document_has_every_key(csv: Workspace) -> None:
    done = run("rollover", "--to", "R7", "--dir", csv.root, "--json", cwd=csv.root)

    assert done.returncode == 0, done.stderr
    assert set(keys_of(json.loads(done.stdout))) == documented("rollover")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ja", ["終わった施策", "A-1", "7行", "要確認の項目", "plan-R6", "xlplan issue --period R7"]),
        ("en", ["are over", "A-1", "7 lines", "proposed", "plan-R6", "xlplan issue --period R7"]),
    ],
)
def test_it_is_said_in_both_languages(csv: Workspace, lang: str, words: list[str]) -> None:
    done = run("rollover", "--to", "R7", "--dir", csv.root, "--lang", lang, cwd=csv.root)

    assert done.returncode == 0, done.stderr
    assert [word for word in words if word not in done.stdout] == []


def test_a_refusal_is_one_line_and_status_2(csv: Workspace) -> None:
    done = run("rollover", "--to", "R9", "--dir", csv.root, cwd=csv.root)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
