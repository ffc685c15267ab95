"""The tables of a plan are read from CSV or a workbook, with their headings in any order, language and width."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from definitions import GOOD, folder, sentence_of
from libreoffice import LibreOffice

from xlplan.definition.reading import read_definition
from xlplan.definition.specs import SETTING_WORDS, TABLES, WORDS, Tables, spec, table_named, word_meant, words
from xlplan.definition.tables import read_tables
from xlplan.formula.addresses import column_letters
from xlplan.language.codes import Severity
from xlplan.language.errors import DefinitionError, FileError
from xlplan.language.messages import LANGUAGES


def found_in(tables: Tables) -> list[tuple[str, str, str, str]]:
    """(code, file, cell, value) of every finding, after asking each for its sentences."""
    for one in tables.findings:
        for language in LANGUAGES:
            assert sentence_of(one, language)
    return [(one.code, one.file, one.cell, one.value) for one in tables.findings]


def cells(tables: Tables, table: str) -> list[Mapping[str, object]]:
    """The cells of every line of a table."""
    return [row.cells for _, row in tables.rows(table)]


def workbook(path: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    """A workbook with these sheets, made as a stranger would."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(row)
    book.save(path)
    return path


def good_sheets() -> dict[str, list[list[object]]]:
    """The tables that a plan cannot do without, as sheets with Japanese names."""
    return {
        spec(table).label("ja"): [list(line.split(",")) for line in GOOD[table].splitlines()]
        for table in ("plan", "periods", "departments", "items", "forms", "choices")
    } | {"様式": [["様式", "ID", "項目名", "型"], ["progress", "done", "内容", "文字列"]]}


# --- headings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "id,label,first_year,last_year",
        "ID,名称,開始年度,終了年度",
        "ＩＤ,Label,First_Year,終了 年度",
        " id ,ＬＡＢＥＬ,開始年度　,last_year",
        '"id\n",名称,"開始\n年度",終了年度',
    ],
)
def test_headings_are_read_by_id_or_label_of_any_width(tmp_path: Path, heading: str) -> None:
    told = read_tables(folder(tmp_path, periods=f"{heading}\nH26,平成26年度,2014,2014\n"))
    assert found_in(told) == []
    wanted = {"id": "H26", "label": "平成26年度", "first_year": "2014", "last_year": "2014"}
    assert cells(told, "periods") == [wanted]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    told = read_tables(folder(tmp_path, periods="終了年度,label,ID,first_year\n2015,平成27年度,H27,2014\n"))
    assert found_in(told) == []
    assert cells(told, "periods") == [
        {"last_year": "2015", "label": "平成27年度", "id": "H27", "first_year": "2014"}
    ]
    assert told.tables["periods"].cell(2, "id") == "C2"


def test_a_title_may_stand_above_the_headings(tmp_path: Path) -> None:
    titled = "期間,,,\n古い順に,,,\n,,,\nID,名称,開始年度,終了年度\nH26,平成26年度,2014,2014\n"
    told = read_tables(folder(tmp_path, periods=titled))
    assert found_in(told) == []
    assert told.tables["periods"].header_row == 4
    assert [row.number for _, row in told.rows("periods")] == [5]


def test_blank_lines_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    told = read_tables(folder(tmp_path, periods=GOOD["periods"].replace("\nH26", "\n　,,,\n\nH26")))
    assert [row.number for _, row in told.rows("periods")] == [2, 5]


def test_further_columns_are_kept_where_a_table_is_open(tmp_path: Path) -> None:
    told = read_tables(folder(tmp_path))
    assert cells(told, "items")[0]["予算科目"] == "総務費"


@pytest.mark.parametrize(
    ("heading", "code", "cell", "value"),
    [
        ("id,label,first_year,last_year,備考", "plan_unknown_column", "E1", "備考"),
        ("id,label,first_year,last_year,名称", "plan_column_twice", "E1", "名称"),
        ("id,label,first_year,lastyear", "plan_unknown_column", "D1", "lastyear"),
        ("id,label,first_year", "plan_column_missing", "A1", ""),
        ("記号", "plan_column_missing", "A1", ""),
    ],
)
def test_a_wrong_heading_is_told_at_its_cell(
    tmp_path: Path, heading: str, code: str, cell: str, value: str
) -> None:
    told = read_tables(folder(tmp_path, periods=f"{heading}\nH26,平成26年度,2014,2014,\n"))
    assert (code, "periods.csv", cell, value) in found_in(told)
    assert told.whole is (code in ("plan_unknown_column", "plan_column_twice") and "last_year" in heading)


def test_a_misspelt_heading_is_suggested_in_its_language(tmp_path: Path) -> None:
    told = read_tables(folder(tmp_path, periods="id,label,first_year,終了年\nH26,平成26年度,2014,2014\n"))
    assert "終了年度" in told.findings[0].remedy("ja")


# --- tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [one.id for one in TABLES if not one.optional])
def test_a_missing_table_is_told(tmp_path: Path, table: str) -> None:
    told = read_tables(folder(tmp_path, **{table: None}))
    assert found_in(told) == [("plan_table_missing", f"{table}.csv", "", "")]
    assert spec(table).label("ja") in told.findings[0].message("ja")
    assert not told.whole


@pytest.mark.parametrize("table", [one.id for one in TABLES if one.optional])
def test_an_optional_table_may_be_missing(tmp_path: Path, table: str) -> None:
    told = read_tables(folder(tmp_path, **{table: None}))
    assert found_in(told) == []
    assert list(told.rows(table)) == []


def test_a_table_that_is_there_twice_is_told(tmp_path: Path) -> None:
    plan = folder(tmp_path)
    (plan / "部署.csv").write_text(GOOD["departments"], encoding="utf-8")
    assert found_in(read_tables(plan)) == [("plan_table_twice", "部署.csv", "A1", "")]


def test_other_files_are_passed_over_but_a_near_miss_is_told(tmp_path: Path) -> None:
    plan = folder(tmp_path, rules=None)
    (plan / "README.md").write_text("# notes", encoding="utf-8")
    (plan / "answers.csv").write_text("a,b\n", encoding="utf-8")
    (plan / "rule.csv").write_text(GOOD["rules"], encoding="utf-8")
    told = read_tables(plan)
    assert found_in(told) == [("plan_sheet_passed_over", "rule.csv", "A1", "")]
    assert told.findings[0].severity is Severity.WARNING
    assert "rules" in told.findings[0].remedy("en")


def test_tables_have_names_in_both_languages_and_any_width() -> None:
    for one in TABLES:
        for name in (one.id, one.label("ja"), one.label("en"), one.id.upper(), f" {one.label('ja')}　"):
            assert table_named(name) is one, name


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_is_read_as_excel_writes_it(tmp_path: Path, encoding: str, line_end: str) -> None:
    plan = folder(tmp_path)
    for path in plan.glob("*.csv"):
        content = path.read_text(encoding="utf-8").replace("id,name", '"id","name"')
        path.write_bytes(content.replace("\n", line_end).encode(encoding))
    told = read_tables(plan)
    assert found_in(told) == []
    assert cells(told, "departments")[0] == {"id": "D1", "name": "情報課"}


def test_csv_may_have_any_case_of_ending(tmp_path: Path) -> None:
    plan = folder(tmp_path)
    (plan / "plan.csv").rename(plan / "PLAN.CSV")
    assert found_in(read_tables(plan)) == []


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("id,name\n".encode("utf-16"), "csv_encoding"),
        (b'id,name\n"D1,x\n', "csv_damaged"),
        (b"id,name\nD1," + b"x" * 200_000 + b"\n", "csv_damaged"),
    ],
)
def test_a_csv_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes, key: str) -> None:
    plan = folder(tmp_path)
    (plan / "departments.csv").write_bytes(content)
    with pytest.raises(DefinitionError) as told:
        read_tables(plan)
    assert told.value.key == key
    for language in LANGUAGES:
        said = told.value.message(language)
        assert "departments.csv" in said
        assert "\n" not in said


def test_a_workbook_is_read_by_its_sheets(tmp_path: Path) -> None:
    told = read_tables(workbook(tmp_path / "plan.xlsx", {"はじめに": [["読んでください"]], **good_sheets()}))
    assert found_in(told) == []
    assert told.tables["departments"].sheet == "部署"
    assert told.tables["departments"].file == "plan.xlsx"
    assert cells(told, "fields") == [{"form": "progress", "id": "done", "label": "内容", "type": "文字列"}]


def test_a_finding_in_a_workbook_names_its_sheet(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["期間"] = [[None], [None, "期間の表"], [None, "ID", "名称", "開始年度"], [None, "H26", "年", 2014]]
    told = read_tables(workbook(tmp_path / "plan.xlsx", sheets))
    assert [(one.code, one.sheet, one.cell) for one in told.findings] == [
        ("plan_column_missing", "期間", "A3")
    ]


def test_numbers_and_dates_of_a_workbook_stay_what_they_are(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["公表値"] = [["帳票", "集計値", "公表値"], ["a", datetime(2014, 4, 1), 0.6]]
    told = read_tables(workbook(tmp_path / "plan.xlsx", sheets))
    assert cells(told, "published") == [{"view": "a", "measure": datetime(2014, 4, 1).date(), "value": 0.6}]


def _damaged() -> bytes:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(stream)
    return stream.getvalue()[:-300]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "code"),
    [
        ("様式", "必須", "=1=1", "plan_formula_cell"),
        ("様式", "必須", '=IF(TRUE,"はい","いいえ")', "plan_formula_cell"),
        ("施策", "計画内容", '="電子"&"申請"', "plan_formula_unsaved"),
        ("期間", "開始年度", "=2000+12", "plan_formula_unsaved"),
        ("施策", "計画内容", "#DIV/0!", "plan_error_value"),
        ("期間", "開始年度", "#N/A", "plan_error_value"),
    ],
)
def test_a_cell_that_the_spreadsheet_was_to_work_out_is_one_finding(
    tmp_path: Path, sheet: str, column: str, typed: str, code: str
) -> None:
    sheets = good_sheets()
    sheets["様式"][0].append("必須")
    table = spec({"様式": "fields", "施策": "items", "期間": "periods"}[sheet])
    at = [table.column_named(str(one)) for one in sheets[sheet][0]].index(table.column_named(column))
    line = sheets[sheet][1]
    line.extend([None] * (at + 1 - len(line)))
    line[at] = typed

    found = read_definition(workbook(tmp_path / "plan.xlsx", sheets)).findings

    cell = f"{column_letters(at + 1)}2"
    assert [(one.code, one.sheet) for one in found if one.cell == cell] == [(code, sheet)]


def test_an_id_that_the_spreadsheet_made_a_day_of_is_one_finding_at_its_cell(tmp_path: Path) -> None:
    sheets = good_sheets()
    day = datetime(2026, 2, 7)
    sheets["施策"][2][0] = day
    sheets["部署"][2][0] = day
    sheets["台帳"] = [["様式", "期間", "番号"], ["progress", "H25", day], ["progress", "H25", "2-7"]]

    found = read_definition(workbook(tmp_path / "plan.xlsx", sheets)).findings

    days = [(one.sheet, one.cell) for one in found if one.code == "plan_id_day"]
    assert sorted(days) == [("台帳", "C2"), ("施策", "A3"), ("部署", "A3")]
    assert {one.params["like"] for one in found if one.code == "plan_id_day"} == {"2-7"}
    # nothing that follows from it is told besides
    assert not [one.code for one in found if one.code in ("plan_unknown_item", "plan_unknown_department")]


@pytest.mark.parametrize(("code", "shown"), [("000", "001"), ('"No."0', "No.1"), ("General", ""), ("0", "")])
def test_an_id_that_is_a_number_with_a_format_is_named_and_stays_the_number(
    tmp_path: Path, code: str, shown: str
) -> None:
    path = workbook(tmp_path / "plan.xlsx", good_sheets())
    book = openpyxl.load_workbook(path)
    sheet = book["施策"]
    [head, *_] = [str(cell.value) for cell in sheet[1]], None
    table = spec("items")
    at = [table.column_named(one) for one in head].index("id") + 1
    cell = next(
        sheet.cell(row, at) for row in range(2, sheet.max_row + 1) if sheet.cell(row, at).value == "001"
    )
    cell.value, cell.number_format = 1, code
    book.save(path)

    read = read_definition(path)

    told = [(one.cell, one.params["shown"]) for one in read.findings if one.code == "plan_id_shown"]
    assert told == ([(cell.coordinate, shown)] if shown else [])
    assert read.plan is None or read.plan.item("1")


def test_a_day_in_another_column_is_no_id(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["施策"][1][3] = datetime(2026, 2, 7)
    found = read_definition(workbook(tmp_path / "plan.xlsx", sheets)).findings
    assert "plan_id_day" not in {one.code for one in found}


def test_a_formula_whose_value_is_saved_is_read_as_people_see_it(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    sheets = good_sheets()
    at = [spec("items").column_named(str(one)) for one in sheets["施策"][0]].index("title")
    sheets["施策"][1][at] = '="電子"&"申請"'
    path = workbook(tmp_path / "plan.xlsx", sheets)
    [saved] = libreoffice.converted([path.read_bytes()], "xlsx")
    path.write_bytes(saved)

    tables = read_tables(path)

    assert found_in(tables) == []
    assert cells(tables, "items")[0]["title"] == "電子申請"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "空のファイル"),
        (b"plan,of,the,city", "Excel のブックではありません"),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (OLE + bytes(512) + "Workbook\0".encode("utf-16-le"), ".xls"),
        (_damaged(), "壊れている"),
    ],
)
def test_what_is_no_workbook_is_one_line_that_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    with pytest.raises(DefinitionError) as told:
        read_tables(path)
    assert told.value.key == "workbook_unreadable"
    assert reason in told.value.message("ja")
    for language in LANGUAGES:
        said = told.value.message(language)
        assert str(path) in said
        assert not {"\n", "{", "}"} & set(said)


def test_a_workbook_without_tables_is_no_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as told:
        read_tables(workbook(tmp_path / "plan.xlsx", {"Sheet1": [["計画"]]}))
    assert told.value.key == "no_tables"


def test_a_file_that_is_not_there_is_a_fault_of_files(tmp_path: Path) -> None:
    with pytest.raises(FileError) as told:
        read_tables(tmp_path / "plan.xlsx")
    assert told.value.key == "file_missing"


# --- what the tables say of themselves --------------------------------------------------------------


def test_every_column_has_a_heading_and_a_note_in_both_languages() -> None:
    for one in TABLES:
        for language in LANGUAGES:
            assert one.label(language)
            headings = [one.heading(column, language) for column in one.columns]
            assert len(set(headings)) == len(headings), one.id
            assert all(one.note(column, language) for column in one.columns)


def test_what_a_column_refers_to_is_there() -> None:
    for one in TABLES:
        for column, wanted in one.references.items():
            table, other = wanted.split(".")
            assert column in one.columns
            assert other in spec(table).required
        assert set(one.choices.values()) <= WORDS.keys()
        assert {*one.choices, *one.numbers, *one.formulas, *one.required} <= set(one.columns)
    assert SETTING_WORDS.keys() <= set(WORDS["setting"])


@pytest.mark.parametrize("which", WORDS)
def test_every_word_is_read_back_in_either_language(which: str) -> None:
    for language in LANGUAGES:
        for one, word in words(which, language).items():
            assert word_meant(which, f" {word} ") == one
    assert word_meant(which, "ほか") is None
