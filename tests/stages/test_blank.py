"""A plan from nothing: every sheet says how to begin, the lint what is missing, and nobody else's plan is in it."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from definitions import JAPANESE, sentence_of
from openpyxl.worksheet.worksheet import Worksheet

import xlplan
from xlplan.definition.blank import blank_tables
from xlplan.definition.reading import read_definition
from xlplan.definition.specs import HIDDEN_SHEET, TABLES, spec
from xlplan.definition.write.cells import FIRST_ROW, HEADER_ROW, NOTE_ROW
from xlplan.definition.write.workbook import definition_workbook
from xlplan.language.errors import UsageError
from xlplan.language.messages import LANGUAGES, text
from xlplan.model.plancodes import PlanCode
from xlplan.stages.new import BLANK, kits

CREATED = datetime(2025, 4, 1, 9, 0)
MARKDOWN = re.compile(r"`|\*\*\S|\]\(|^#+ ")


def blank(folder: Path, language: str) -> Path:
    """plan.xlsx of a blank plan."""
    return xlplan.new(folder, kit=BLANK, language=language, now=CREATED).path


def values(sheet: Worksheet) -> Iterator[tuple[str, ...]]:
    """The lines below the headings that hold anything."""
    for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True):
        if any(cell is not None for cell in row):
            yield tuple("" if cell is None else str(cell) for cell in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_its_sheet_with_headings_and_no_line(tmp_path: Path, language: str) -> None:
    book = openpyxl.load_workbook(blank(tmp_path, language))

    names = [text("definition_book.guide.sheet", language), *(table.label(language) for table in TABLES)]
    assert book.sheetnames == [*names, HIDDEN_SHEET]
    for table in TABLES:
        sheet = book[table.label(language)]
        headings = [cell.value for cell in sheet[HEADER_ROW] if cell.value]
        # who answered for an item then, and what is to be looked at, are columns for those who need them
        seldom = {("records", "department"), ("records", "proposed")}
        columns = [column for column in table.columns if (table.id, column) not in seldom]
        assert headings == [table.heading(column, language) for column in columns]
        if table.id != "plan":
            assert list(values(sheet)) == []


@pytest.mark.parametrize(
    ("language", "usual"),
    [
        ("ja", {"言語": "日本語", "暦": "和暦", "年度の開始月": "4"}),
        ("en", {"language": "English", "calendar": "western", "fiscal_year_start": "4"}),
    ],
)
def test_settings_stand_there_with_what_is_usual(
    tmp_path: Path, language: str, usual: dict[str, str]
) -> None:
    book = openpyxl.load_workbook(blank(tmp_path, language))

    settings = dict(values(book[spec("plan").label(language)]))

    assert len(settings) == 10
    assert {name: value for name, value in settings.items() if value} == usual


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guiding_line_stands_on_each_sheet(tmp_path: Path, language: str) -> None:
    book = openpyxl.load_workbook(blank(tmp_path, language))

    for table in TABLES:
        line = str(book[table.label(language)].cell(NOTE_ROW, 2).value)
        assert line.startswith(table.about(language))
        assert bool(JAPANESE.search(line)) is (language == "ja")
        begin = {"rules", "handling", "records", "published", "letters", "closed_days"}
        assert (text("definition_book.sheet.later", language) in line) is table.optional
        assert bool(table.example(language)) is (table.id not in {"plan", *begin})
        for column, value in table.example(language).items():
            assert f"{table.heading(column, language)}: {value}" in line


def test_a_sheet_that_is_begun_says_only_what_it_is_for(tmp_path: Path) -> None:
    xlplan.new(tmp_path, kit="example-en", now=CREATED)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")

    for name in ("plan", "periods", "fields"):
        assert book[name].cell(NOTE_ROW, 2).value == spec(name).about("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lint_says_what_is_missing_sheet_by_sheet_and_nothing_else(tmp_path: Path, language: str) -> None:
    found = read_definition(blank(tmp_path, language))

    assert found.plan is None
    assert found.language == language
    assert [(one.code, one.sheet, one.cell) for one in found.findings] == [
        *((PlanCode.SETTING_MISSING, spec("plan").label(language), f"B{row}") for row in (4, 5, 6)),
        *(
            (PlanCode.EMPTY, spec(name).label(language), f"A{FIRST_ROW}")
            for name in ("periods", "departments", "items", "forms", "fields")
        ),
    ]
    for one in found.findings:
        assert bool(JAPANESE.search(sentence_of(one, language))) is (language == "ja")


def filled(path: Path, language: str) -> None:
    """Write into each sheet what stands in its guiding line, and the settings."""
    book = openpyxl.load_workbook(path)
    for table in TABLES:
        sheet = book[table.label(language)]
        for column, value in table.example(language).items():
            sheet.cell(FIRST_ROW, table.columns.index(column) + 1, value)
    for row, value in enumerate(("hama", "Plan", "Hama"), FIRST_ROW):
        book[spec("plan").label(language)].cell(row, 2, value)
    book.save(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_types_what_the_guiding_lines_say_has_a_plan_and_can_issue_it(
    tmp_path: Path, language: str
) -> None:
    filled(blank(tmp_path, language), language)
    city = xlplan.open(tmp_path)

    found = city.lint()
    issued = city.issue(found.usable().periods[0].id)

    assert found.findings == ()
    assert [line.path.is_file() for line in issued.lines] == [True]


def test_it_is_refused_where_a_plan_is(tmp_path: Path) -> None:
    path = blank(tmp_path, "en")
    before = path.read_bytes()

    with pytest.raises(UsageError):
        xlplan.new(tmp_path, kit=BLANK)
    assert path.read_bytes() == before


def test_an_unknown_kit_is_told_with_the_blank_one_among_the_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        xlplan.new(tmp_path, kit="empty")

    assert "blank / asahikawa" in told.value.message("en")


def test_a_language_that_there_is_none_of_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="fr"):
        blank_tables("fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kit", [BLANK, *kits()])
def test_no_sheet_of_plan_xlsx_shows_markdown(tmp_path: Path, kit: str, language: str) -> None:
    tables = blank_tables(language) if kit == BLANK else read_definition(kits()[kit]).tables
    path = tmp_path / "plan.xlsx"
    path.write_bytes(definition_workbook(tables, language, CREATED))

    shown = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                shown += [str(cell.value or ""), cell.comment.text if cell.comment else ""]
        for one in sheet.data_validations.dataValidation:
            shown += [one.prompt or "", one.error or ""]
    assert len(shown) > 500
    assert [words for words in shown if MARKDOWN.search(words)] == []
