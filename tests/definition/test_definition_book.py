"""plan.xlsx: the definition as a workbook gives the same plan, and helps the office to keep it."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from string import ascii_uppercase

import openpyxl
import pytest
from definitions import GOOD, folder, places
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libreoffice import LibreOffice
from openpyxl.worksheet.worksheet import Worksheet

from xlplan.definition.reading import Definition, read_definition
from xlplan.definition.specs import TABLES, spec, words
from xlplan.definition.tables import read_tables
from xlplan.definition.write.cells import FIRST_ROW, HEADER_ROW, SPARE_ROWS
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.codes import Severity
from xlplan.language.messages import LANGUAGES, text
from xlplan.model.plan import Plan
from xlplan.spreadsheet.safety.inspection import Clearance, inspect

KIT = Path(__file__).parents[2] / "templates" / "asahikawa"
CREATED = datetime(2014, 4, 1, 9, 0)
SELDOM = {("records", "department"), ("records", "proposed")}
"""Columns that stand in the workbook only where the tables have them."""
RULES = GOOD["rules"].splitlines()[0] + "\n"


def bare(plan: Plan) -> Plan:
    """The plan without the places in which it was read."""
    return replace(
        plan,
        records=tuple(replace(one, source=("", "", 0)) for one in plan.records),
        published=tuple(replace(one, row=0) for one in plan.published),
    )


def errors_of(found: Definition) -> list[str]:
    """The errors by code, in order. Notices may differ: a CSV holds signs that no workbook can."""
    return [one.code for one in found.findings if one.severity is Severity.ERROR]


def again(source: Path, language: str, root: Path) -> Definition:
    """The definition at `source`, written as a workbook and read from it."""
    path = root / f"plan_{language}.xlsx"
    path.write_bytes(definition_workbook(read_tables(source), language, CREATED))
    return read_definition(path)


def opened(source: Path, language: str) -> openpyxl.Workbook:
    """The workbook of the definition at `source`, as openpyxl sees it."""
    return openpyxl.load_workbook(io.BytesIO(definition_workbook(read_tables(source), language, CREATED)))


def column(sheet: Worksheet, heading: str) -> int:
    """The column of a heading."""
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == heading)


def dropdowns(sheet: Worksheet) -> Mapping[str, str]:
    """The source of each list, by the range that it stands on."""
    return {
        str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"
    }


# --- the same plan ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kit_comes_back_from_its_workbook(tmp_path: Path, language: str) -> None:
    told = again(KIT, language, tmp_path)
    assert places(told) == []
    assert bare(told.usable()) == bare(read_definition(KIT).usable())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_kind_of_value_comes_back(tmp_path: Path, language: str, spoken: str) -> None:
    """Dates, numbers, ids such as 001 and 1-2, text that begins with = or +, 50.0% and 1.0 as printed."""
    source = folder(tmp_path, plan=GOOD["plan"].replace("language,ja", f"language,{spoken}"))
    told = again(source, language, tmp_path)
    assert places(told) == []
    assert bare(told.usable()) == bare(read_definition(source).usable())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_written_from_a_workbook_is_the_same(tmp_path: Path, language: str) -> None:
    first = definition_workbook(read_tables(folder(tmp_path)), language, CREATED)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(first)
    assert definition_workbook(read_tables(path), language, CREATED) == first


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
TELLING = ["001", "1.0", "-0", "1e5", "TRUE", "=1+1", "#N/A", "_x0041_", "'a", "2014-05-01", "50%", "１２"]


@given(
    told=ANY_TEXT,
    value=ANY_TEXT | st.sampled_from(TELLING) | st.floats(allow_nan=False, allow_infinity=False).map(str),
)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(tmp_path: Path, told: str, value: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    items = GOOD["items"].replace("窓口,電子申請,手続を増やす。", f"{quoted(value)},電子申請,{quoted(told)}")
    records = GOOD["records"].replace("+調べた。,,", f"{quoted(told)},{quoted(value)},")
    source = folder(
        tmp_path,
        items=items,
        records=records,
        choices=GOOD["choices"].replace("3.5,◎", f"{quoted(value)},"),
        published=GOOD["published"].replace("H25,2", f"H25,{quoted(value)}"),
    )
    expected, found = read_definition(source), again(source, "ja", tmp_path)
    assert errors_of(found) == errors_of(expected)
    assert (found.plan and bare(found.plan)) == (expected.plan and bare(expected.plan))


def test_a_table_that_is_absent_gets_its_sheet_with_headings(tmp_path: Path) -> None:
    optional = [one for one in TABLES if one.optional]
    source = folder(tmp_path, **{one.id: None for one in optional})
    book = opened(source, "ja")
    for one in optional:
        sheet = book[one.label("ja")]
        headings = [cell.value for cell in sheet[HEADER_ROW]]
        # who answered for an item then is a column for those who need it
        columns = [name for name in one.columns if (one.id, name) not in SELDOM]
        assert headings[: len(columns)] == [one.heading(name, "ja") for name in columns]
        assert sheet.cell(FIRST_ROW, 1).value is None
    # what may be known before the round has its columns waiting, computed fields apart
    headings = [cell.value for cell in book["台帳"][HEADER_ROW]]
    assert headings == [
        "様式",
        "期間",
        "番号",
        "計画",
        "進捗",
        "実施内容",
        "決算額",
        "実施日",
        "件数",
        "記号",
        "内容",
    ]
    assert bare(again(source, "ja", tmp_path).usable()) == bare(read_definition(source).usable())


# --- sheets, headings, words ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_sheet_for_each_table_after_the_guide(tmp_path: Path, language: str) -> None:
    book = opened(folder(tmp_path), language)
    guide = text("definition_book.guide.sheet", language)
    assert book.sheetnames == [guide, *(one.label(language) for one in TABLES), "_xlplan"]
    assert book["_xlplan"].sheet_state == "hidden"
    assert book.active.title == guide


def test_records_are_headed_by_labels_where_that_is_clear(tmp_path: Path) -> None:
    """Not where another field has that id or label, and not in a workbook of another language."""
    fields = GOOD["fields"].replace("code,記号", "code,count").replace("day,実施日", "day,期間 ")
    source = folder(tmp_path, fields=fields)
    headings = [cell.value for cell in opened(source, "ja")["台帳"][HEADER_ROW]]
    assert headings[3:] == ["計画", "進捗", "実施内容", "決算額", "day", "件数", "code", "内容"]
    assert [cell.value for cell in opened(source, "en")["records"][HEADER_ROW]][3:6] == [
        "planned",
        "actual",
        "done",
    ]


def test_words_are_in_the_language_of_the_workbook(tmp_path: Path) -> None:
    sheet = opened(folder(tmp_path), "ja")["様式"]
    assert [
        sheet.cell(FIRST_ROW, column(sheet, one)).value for one in ("型", "必須", "記入者", "前期表示")
    ] == [
        "選択",
        "はい",
        "事務局",
        "いいえ",
    ]
    plan = opened(folder(tmp_path), "ja")["計画"]
    assert (plan["A7"].value, plan["B7"].value) == ("言語", "日本語")


def test_settings_that_are_not_written_wait_with_an_empty_value(tmp_path: Path) -> None:
    source = folder(tmp_path, plan="key,value\nid,a\ntitle,b\norganisation,c\n")
    sheet = opened(source, "en")["plan"]
    written = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(FIRST_ROW, FIRST_ROW + 10)}
    assert list(written) == list(words("setting", "en").values())
    assert written["calendar"] is None


def test_kinds_of_cells_are_kept_apart(tmp_path: Path) -> None:
    book = opened(folder(tmp_path), "ja")
    fields, records, items = book["様式"], book["台帳"], book["施策"]
    low = column(fields, "最小")
    assert [fields.cell(FIRST_ROW + at, low).value for at in (3, 4)] == [0, datetime(2013, 4, 1)]
    formula = fields.cell(FIRST_ROW + 7, column(fields, "数式"))
    assert (formula.data_type, formula.number_format) == ("s", "@")
    assert records.cell(FIRST_ROW, column(records, "実施日")).value == datetime(2013, 5, 1)
    assert records.cell(FIRST_ROW, column(records, "決算額")).value == 1200.5
    done = records.cell(FIRST_ROW, column(records, "実施内容"))
    assert (done.data_type, done.value) == ("s", "=窓口を\n増やした。")
    assert items.cell(FIRST_ROW, 1).value == "001"
    printed = [book["公表値"].cell(FIRST_ROW + at, 5).value for at in range(4)]
    assert printed == [2, "50.0%", "1.0", "1"]


# --- help for the office ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_has_a_note(tmp_path: Path, language: str) -> None:
    book = opened(folder(tmp_path), language)
    for one in TABLES:
        for cell in book[one.label(language)][HEADER_ROW]:
            assert cell.comment is not None, (one.id, cell.value)
            assert len(cell.comment.text) > 5
    assert "はい / いいえ" in opened(folder(tmp_path), "ja")["様式"].cell(HEADER_ROW, 6).comment.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_column_of_few_words_or_of_ids_has_its_dropdown_with_room_below(
    tmp_path: Path, language: str
) -> None:
    book = opened(folder(tmp_path), language)
    for one in TABLES:
        sheet = book[one.label(language)]
        lists = dropdowns(sheet)
        last = sheet.auto_filter.ref.partition(":")[2].lstrip(ascii_uppercase)
        filled = sum(1 for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value is not None)
        assert int(last) == FIRST_ROW - 1 + filled + SPARE_ROWS
        for name in {*one.choices, *one.references}:
            if (one.id, name) in SELDOM:  # a column for those who need it
                continue
            letters = sheet.cell(HEADER_ROW, one.columns.index(name) + 1).column_letter
            source = lists[f"{letters}{FIRST_ROW}:{letters}{last}"]
            if name in one.references:
                assert source == one.references[name].replace(".", "_")
                assert source in book.defined_names
            else:
                allowed = ",".join(words(one.choices[name], language).values())
                assert source == (f'"{allowed}"' if len(allowed) <= 255 else f"words_{one.choices[name]}")


def test_a_set_of_words_too_long_for_a_dropdown_has_a_name(tmp_path: Path) -> None:
    book = opened(folder(tmp_path), "en")
    assert dropdowns(book["handling"])[f"A{FIRST_ROW}:A{FIRST_ROW + SPARE_ROWS - 1}"] == "words_finding"
    sheet, area = book.defined_names["words_finding"].attr_text.split("!")
    found = [cell.value for (cell,) in book[sheet][area.replace("$", "")]]
    assert found == list(words("finding", "en").values())


def test_the_settings_have_the_words_that_they_take(tmp_path: Path) -> None:
    lists = dropdowns(opened(folder(tmp_path), "ja")["計画"])
    assert lists["B7"] == '"日本語,英語"'
    assert lists["B8"] == '"1,2,3,4,5,6,7,8,9,10,11,12"'
    assert lists["B9"] == '"和暦,西暦"'


def test_a_formula_or_a_label_is_not_stopped_by_a_dropdown(tmp_path: Path) -> None:
    book = opened(folder(tmp_path), "en")
    for table, name in (("fields", "required"), ("rules", "target")):
        letters = book[table].cell(HEADER_ROW, spec(table).columns.index(name) + 1).column_letter
        rules = book[table].data_validations.dataValidation
        assert [one.showErrorMessage for one in rules if str(one.sqref).startswith(letters)] == [False]


def test_sheets_scroll_filter_and_print_with_their_headings(tmp_path: Path) -> None:
    book = opened(folder(tmp_path), "ja")
    for one in TABLES:
        sheet = book[one.label("ja")]
        assert re.sub("[A-Z]", "", sheet.freeze_panes) == str(FIRST_ROW)
        assert sheet.auto_filter.ref.startswith(f"A{HEADER_ROW}:")
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.page_setup.orientation == "landscape"
        for cell in sheet[HEADER_ROW]:
            assert sheet.column_dimensions[cell.column_letter].width >= 8


def test_the_guide_leads_to_each_sheet_and_names_the_next_step(tmp_path: Path) -> None:
    sheet = opened(folder(tmp_path), "ja")["はじめに"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{one.label('ja')}'!A{FIRST_ROW}" for one in TABLES]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("xlplan lint" in one for one in said)
    assert not any("{" in one for one in said)


def test_ids_are_kept_as_text_also_in_lines_to_come(tmp_path: Path) -> None:
    """Excel makes a date of 1-2 in any other cell."""
    sheet = opened(folder(tmp_path), "ja")["施策"]
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.cell(FIRST_ROW, 1).number_format == "@"


# --- the file ---------------------------------------------------------------------------------------


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    tables = read_tables(folder(tmp_path))
    assert definition_workbook(tables, "ja", CREATED) == definition_workbook(tables, "ja", CREATED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_passes_its_own_gate(tmp_path: Path, language: str) -> None:
    assert isinstance(
        inspect(definition_workbook(read_tables(folder(tmp_path)), language, CREATED)), Clearance
    )


def test_it_holds_no_formula_that_a_cell_could_have_brought(tmp_path: Path) -> None:
    book = opened(folder(tmp_path), "ja")
    for one in TABLES:
        assert not [
            cell for row in book[one.label("ja")].iter_rows() for cell in row if cell.data_type == "f"
        ]


def test_the_ranges_of_the_dropdowns_end_with_what_is_written(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    """Also after lines were added, with a gap: asked of LibreOffice, as Excel is not at hand."""
    book = opened(folder(tmp_path), "ja")
    book["期間"]["A10"].value = "H31"
    book["選択肢"]["A12"].value = "reason"
    book["選択肢"]["A7"].value = "status"
    asked = book.create_sheet("asked")
    wanted = {
        "departments_id": (2, "D1", "D2"),
        "periods_id": (7, "H25", "H31"),
        "items_id": (3, "001", "003"),
        "choices_list": (2, "status", "reason"),
        "choices_1": (4, "検討", ""),
    }
    for row, name in enumerate(wanted, 1):
        asked.cell(row, 1, f"=ROWS({name})")
        asked.cell(row, 2, f"=INDEX({name},1)")
        asked.cell(row, 3, f'=INDEX({name},ROWS({name}))&""')
    stream = io.BytesIO()
    book.save(stream)
    seen = libreoffice.recalculated(stream.getvalue())
    found = {
        name: tuple(seen["asked", f"{letter}{row}"] for letter in "ABC") for row, name in enumerate(wanted, 1)
    }
    assert found == wanted


def test_cached_values_are_those_of_libreoffice(tmp_path: Path, libreoffice: LibreOffice) -> None:
    data = definition_workbook(read_tables(KIT), "ja", CREATED)
    seen = libreoffice.recalculated(data)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    compared = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cached = values[sheet.title][cell.coordinate].value
                    assert seen[sheet.title, cell.coordinate] == ("" if cached is None else cached), (
                        cell.coordinate
                    )
                    compared += 1
    assert compared > len(TABLES)


def test_dates_before_excels_calendar_stay_text(tmp_path: Path) -> None:
    source = folder(tmp_path, fields=GOOD["fields"].replace("2013-04-01", "1899-12-31"))
    sheet = opened(source, "ja")["様式"]
    assert sheet.cell(FIRST_ROW + 4, column(sheet, "最小")).value == "1899-12-31"
    low = again(source, "ja", tmp_path).usable().forms[0].by_id["day"].minimum
    assert low == date(1899, 12, 31)
