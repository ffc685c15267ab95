"""A few cells of a workbook that is not ours are changed; whatever else stands in it stays byte for byte."""

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest

from xlplan.spreadsheet.editing import CellEdit, EditableBook, SheetEdit, UneditableError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def book(sheet: str, *, prefix: str = "", date1904: bool = False, table: str = "") -> bytes:
    """A workbook of one sheet, whose XML stands between its root's tags; elements with a prefix where one is given."""
    p = f"{prefix}:" if prefix else ""
    names = f'xmlns{":" + prefix if prefix else ""}="{MAIN}" xmlns:r="{RELATIONS}"'
    flag = ' date1904="1"' if date1904 else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts>'
        "<fills><fill><patternFill/></fill></fills><borders><border/>"
        f"</borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{'<xf/>' * 10}</cellXfs>"
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr{flag}/><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets><calcPr calcId="191029"/></workbook>',
        "xl/worksheets/sheet1.xml": f"<{p}worksheet {names}>{sheet}</{p}worksheet>",
        "xl/media/photo.bin": "\x00\x01 as it was",
    }
    if table:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/table" '
            'Target="../tables/table1.xml"/></Relationships>'
        )
        parts["xl/tables/table1.xml"] = table
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return stream.getvalue()


def edited(data: bytes, *cells: CellEdit, last: tuple[int, int] = (2, 2)) -> bytes:
    return EditableBook(data).edited([SheetEdit("表", cells, last)])


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return made.read(name).decode()


def cells(data: bytes) -> dict[str, object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["表"]
    return {
        cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


ROWS = (
    '<sheetData><row r="1"><c r="A1" s="1" t="inlineStr"><is><t>ID</t></is></c><c r="B1"><v>5</v></c></row>'
    '<row r="2" ht="20" customHeight="1"><c r="A2" t="inlineStr"><is><t>a &gt; b</t></is></c>'
    '<c r="D2"><v>7</v></c></row>'
    '<row r="9"/></sheetData>'
)


def test_cells_are_replaced_put_between_and_added_below() -> None:
    made = edited(
        book(ROWS),
        CellEdit(1, 2, "R7", (1, 2)),
        CellEdit(2, 2, 3, (2, 1)),
        CellEdit(2, 6, "右", (2, 1)),
        CellEdit(3, 1, "次", (2, 1)),
        CellEdit(9, 2, 1.5, (2, 1)),
    )

    assert cells(made) == {
        "A1": "ID",
        "B1": "R7",
        "A2": "a > b",
        "B2": 3,
        "D2": 7,
        "F2": "右",
        "A3": "次",
        "B9": 1.5,
    }
    addresses = re.findall(r'<c r="(\w+)"', part(made))
    assert addresses == ["A1", "B1", "A2", "B2", "D2", "F2", "A3", "B9"]


def test_every_other_byte_stays() -> None:
    before = book(ROWS)
    after = edited(before, CellEdit(3, 1, "次", (2, 1)))
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        others = [name for name in old.namelist() if "sheet1" not in name and name != "xl/workbook.xml"]
        assert old.namelist() == new.namelist()
        assert [old.read(name) == new.read(name) for name in others] == [True] * len(others)
    assert part(after).replace(re.findall(r'<row r="3".*?</row>', part(after))[0], "") == part(before)


def test_a_new_row_is_as_high_and_its_cells_look_as_those_that_it_is_like() -> None:
    made = part(edited(book(ROWS), CellEdit(3, 1, "次", (1, 1)), CellEdit(4, 1, "次", (2, 1))))

    assert '<row r="3"><c r="A3" s="1" t="inlineStr">' in made
    assert '<row r="4" ht="20" customHeight="1"><c r="A4" t="inlineStr">' in made


def test_where_the_cell_above_is_not_written_the_column_says_how_it_looks() -> None:
    columns = '<cols><col min="1" max="1" width="9"/><col min="2" max="4" width="9" style="8"/></cols>'
    made = part(edited(book(columns + ROWS), CellEdit(3, 3, "次", (2, 3))))

    assert '<c r="C3" s="8" t="inlineStr">' in made


def test_a_column_that_is_added_has_a_width() -> None:
    columns = '<cols><col min="1" max="2" width="9"/></cols>'
    made = part(edited(book(columns + ROWS), CellEdit(1, 5, "新しい列", (1, 1)), last=(2, 2)))

    assert '<col min="3" max="5" width="18" customWidth="1"/></cols>' in made


def test_elements_with_a_prefix_and_rows_without_numbers_are_read() -> None:
    """As other programs write it: <x:row> and <x:c> count on from the one before."""
    first, second = "<x:c><x:v>1</x:v></x:c><x:c/>", "<x:c><x:v>2</x:v></x:c>"
    rows = f"<x:sheetData><x:row>{first}</x:row><x:row>{second}</x:row></x:sheetData>"
    made = edited(book(rows, prefix="x"), CellEdit(1, 2, "二", (1, 1)), CellEdit(2, 2, 4, (1, 1)))

    assert cells(made) == {"A1": 1, "B1": "二", "A2": 2, "B2": 4}


@pytest.mark.parametrize(
    "text", ["=1+1", "a & <b>", " 端 ", "一行\n二行", "_x0041_", "\x0b", "年度\t", '"引用"', "𠮷野家"]
)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    made = edited(book(ROWS), CellEdit(3, 1, text, (2, 1)))
    found = openpyxl.load_workbook(io.BytesIO(made))["表"]["A3"]

    assert found.data_type != "f"
    assert openpyxl.utils.escape.unescape(str(found.value)) == text


@pytest.mark.parametrize(("date1904", "number"), [(False, 45748), (True, 44286)])
def test_a_day_is_the_number_that_the_workbook_has_for_it(date1904: bool, number: int) -> None:
    made = part(edited(book(ROWS, date1904=date1904), CellEdit(3, 1, date(2025, 4, 1), (2, 1))))

    assert f"<v>{number}</v>" in made


AROUND = (
    '<autoFilter ref="A1:B2"/>'
    '<conditionalFormatting sqref="A2:B2 A1:A1"><cfRule/></conditionalFormatting>'
    '<dataValidations><dataValidation type="list" sqref="B2:B2"><formula1>A2:A2</formula1></dataValidation>'
    '<dataValidation sqref="B1:B200"/></dataValidations>'
)


def test_what_reached_to_the_last_line_reaches_to_those_that_are_added() -> None:
    made = part(edited(book(ROWS + AROUND), CellEdit(3, 1, "次", (2, 1)), CellEdit(4, 1, "次", (2, 1))))

    assert 'autoFilter ref="A1:B4"' in made
    assert 'sqref="A2:B4 A1:A1"' in made
    assert 'sqref="B2:B4"><formula1>A2:A2' in made
    assert 'sqref="B1:B200"' in made


def test_what_reached_to_the_last_column_reaches_to_one_that_is_added() -> None:
    made = part(edited(book(ROWS + AROUND), CellEdit(1, 3, "列", (1, 1))))

    assert 'sqref="A2:C2 A1:A1"' in made
    assert 'sqref="B2:B2"' in made


def test_a_table_of_the_spreadsheets_grows_with_its_rows() -> None:
    table = (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B2"><autoFilter ref="A1:B2"/></table>'
    )
    made = edited(book(ROWS, table=table), CellEdit(3, 1, "次", (2, 1)))

    assert part(made, "xl/tables/table1.xml").count('ref="A1:B3"') == 2


def test_formulas_are_worked_out_anew_when_it_is_opened() -> None:
    made = edited(book(ROWS), CellEdit(3, 1, "次", (2, 1)))

    assert 'calcPr fullCalcOnLoad="1" calcId' in part(made, "xl/workbook.xml")


def test_sheets_that_are_to_be_worked_out_anew_keep_no_results() -> None:
    rows = '<sheetData><row r="1"><c r="A1" t="str"><f>B1</f><v>旧</v></c><c r="B1"><v>5</v></c></row></sheetData>'
    made = EditableBook(book(rows)).edited([], ["表", "ない"])

    assert '<c r="A1" t="str"><f>B1</f></c><c r="B1"><v>5</v></c>' in part(made)


@pytest.mark.parametrize(
    "rows",
    [
        '<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData>',
        "<sheetData/>",
        "",
    ],
)
def test_what_cannot_be_changed_by_itself_is_refused(rows: str) -> None:
    with pytest.raises(UneditableError):
        edited(book(rows), CellEdit(1, 1, "次", (1, 1)))
