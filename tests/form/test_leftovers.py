"""What the writer itself puts into a form is nobody's remark, in whatever state and format; what a person adds is."""

from pathlib import Path

import openpyxl
import pytest
from commands import run
from formats import content, document
from libreoffice import LibreOffice
from mending import GUIDE, REPORT, desk_of, mended
from returns import NOW, TABLES, Desk, plan_of
from rounds import begin

from xlplan import stages
from xlplan.form.read.otherformats import formulas_of
from xlplan.formula.addresses import column_letters
from xlplan.language.messages import text
from xlplan.store.workspace import Workspace

PLAN = plan_of(TABLES)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return begin(tmp_path)


def on_the_guide(space: Workspace, *words: str) -> list[str]:
    """What is listed where these stand on the first sheet, below all else."""
    desk = desk_of(space, PLAN)
    sheet = desk.book[GUIDE]
    for at, one in enumerate(words, 40):
        sheet.cell(at, 2, one)
    return [left.value for left in mended(space, desk).leftovers]


def test_the_sentences_of_other_states_and_languages_are_no_remarks(space: Workspace) -> None:
    sheet = text("artefacts.findings_sheet.sheet", "ja")
    counts = {"missing": 0, "errors": 12, "warnings": 1}
    more = text("artefacts.guide.leftovers_text", "ja", count=3, sheet="欄外の記入")
    words = (
        text("artefacts.guide.change_none", "ja"),
        text("artefacts.guide.change_first", "en"),
        text("artefacts.guide.sent_back", "ja", attempt=2),
        text("artefacts.guide.sent_back_text", "ja", sheet=sheet, **counts) + more,
        text("artefacts.guide.step_3", "en"),
    )
    assert on_the_guide(space, *words) == []


def test_a_remark_beside_or_within_such_a_sentence_is_listed(space: Workspace) -> None:
    none = text("artefacts.guide.change_none", "ja")
    words = (f"{none}と聞いています", "差戻し（二回目の回答）", "追加：庁内無線")
    assert on_the_guide(space, *words) == list(words)


def test_each_leftover_is_listed_at_its_cell_with_its_heading_and_its_row(space: Workspace) -> None:
    """Above the headings, in their row, beside an item, below the rows, on the first sheet, on one of their own."""
    desk = desk_of(space, PLAN)
    memo = desk.layouts["report"].columns[-1].index + 2
    typed = {
        (REPORT, "D1"): ("欄外の上", "", ""),
        (REPORT, f"{column_letters(memo)}5"): ("メモ", "", ""),
        (REPORT, f"{column_letters(memo)}7"): ("部長に確認", "メモ", "A-2"),
        (REPORT, "E12"): ("下の覚え", str(desk.sheet()["E5"].value), ""),
        (GUIDE, "F20"): ("遅れてすみません", "", ""),
        ("内訳", "C3"): ("別紙", "", ""),
    }
    desk.book.create_sheet("内訳")
    for (sheet, cell), (value, _, _) in typed.items():
        desk.book[sheet][cell] = value

    found = mended(space, desk).leftovers

    assert {(one.sheet, one.cell): (one.value, one.heading, one.row) for one in found} == typed
    assert len(found) == len(typed)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_the_forms_own_formulas_show_is_no_remark_and_what_stands_in_their_place_is(
    space: Workspace, libreoffice: LibreOffice, kind: str
) -> None:
    """A saved form shows their values: each is known by its cell, in the first row and in the last."""
    desk = desk_of(space, PLAN)
    layout = desk.layouts["report"]
    judgement = layout.field_column(layout.form.by_id["judgement"])
    desk.sheet()[f"{judgement.letters}7"] = "計画以上"
    path = space.root / f"return.{kind}"
    [saved] = libreoffice.converted([desk.saved()], kind)
    path.write_bytes(saved)

    [line] = stages.mend(space, [path], now=NOW).lines

    assert [(one.cell, one.heading, one.row, one.value) for one in line.leftovers] == [
        (f"{judgement.letters}7", judgement.heading, "A-2", "計画以上")
    ]


def test_the_cells_of_an_ods_that_hold_formulas_are_found_where_rows_and_columns_repeat() -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        "<table:table-header-rows><table:table-row>"
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=1+1" table:number-columns-repeated="2"/>'
        "</table:table-row></table:table-header-rows>"
        '<table:table-row><table:table-cell/><table:table-cell table:formula="of:=[.A1]"/></table:table-row>'
    )
    body = content(f'<table:table table:name="a">{rows}</table:table>')
    data = document(body.replace('"urn:table"', '"urn:oasis:names:tc:opendocument:xmlns:table:1.0"'))
    assert formulas_of(data, "a") == {(3, 2), (3, 3), (4, 1)}
    assert formulas_of(data, "b") == set()


@pytest.mark.parametrize("data", [b"", b"PK", document("<x")])
def test_a_file_that_cannot_be_read_has_no_known_formula(data: bytes) -> None:
    assert formulas_of(data, "a") == set()


def test_a_mended_file_in_the_inbox_is_told_to_be_received_next(space: Workspace) -> None:
    desk: Desk = desk_of(space, PLAN)
    inside, outside = space.inbox("R6") / "a.xlsx", space.root / "a.xlsx"
    for path in (inside, outside):
        path.write_bytes(desk.saved())
    assert "次の xlplan receive で受け付けます" in run("mend", inside, cwd=space.root).stdout
    assert "xlplan receive" not in run("mend", outside, cwd=space.root).stdout
    assert openpyxl.load_workbook(space.root / "a_修復.xlsx").sheetnames
