"""Returns that were saved in another format than they were issued in: read where that is safe, refused where not."""

import io
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import olefile
import openpyxl
import pytest
from answered import answers, filled, read
from formats import CELL, EMPTY, MANIFEST, ROW, binary, content, document, table
from libreoffice import LibreOffice
from locks import records, stream_of, with_stream
from marks import needs_limits
from returns import TABLES, Desk, sample_plan, write_tables

from xlplan import stages
from xlplan.form.read.child import confined
from xlplan.form.read.intake import take_in
from xlplan.form.read.opening import Opener
from xlplan.form.read.otherformats import is_unsound
from xlplan.language.codes import Severity
from xlplan.model.submission import ReceiptState
from xlplan.spreadsheet.safety.inspection import OLE_MAGIC, Clearance, WorkbookKind, inspect
from xlplan.spreadsheet.safety.limits import Refusal
from xlplan.store.workspace import Workspace

NOW = datetime(2025, 4, 10, 9, 0)


@pytest.mark.parametrize("kind", [pytest.param("xls", marks=needs_limits), "ods"])
def test_a_return_saved_in_another_format_gives_the_same_answers_and_says_so(
    tmp_path: Path, kind: str, libreoffice: LibreOffice
) -> None:
    data = filled().saved()
    [other] = libreoffice.converted([data], kind)

    here, there = read(tmp_path, "a.xlsx", data), read(tmp_path, f"b.{kind}", other)

    assert answers(there) == answers(here)
    assert there.stamp == here.stamp  # the hidden sheet is still there
    assert [(one.code, one.severity) for one in there.findings] == [("safety_other_format", Severity.NOTICE)]
    assert here.findings == ()


@needs_limits
def test_an_old_workbook_with_errors_is_kept_and_goes_back_as_a_fresh_form(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    write_tables(TABLES, tmp_path / "plan")
    space = Workspace(tmp_path)
    issued = stages.issue(space, "R6", due=None, departments=("D3",), now=NOW)
    path = next(line.path for line in issued.lines if line.path)
    desk = Desk(sample_plan(), "D3", path.read_bytes()).fill(done=None).put("C-1", "note", "あとで書く。")
    desk.sheet()["Z30"] = "欄外の覚え"
    [old] = libreoffice.converted([desk.saved()], "xls")
    (space.inbox("R6") / "回答.xls").write_bytes(old)

    [line] = stages.receive(space, (), period="R6", now=NOW).lines

    assert line.state == ReceiptState.SENT_BACK.value
    assert line.archive
    assert line.archive.read_bytes() == old
    assert line.sent_back
    back = openpyxl.load_workbook(io.BytesIO(line.sent_back.read_bytes()))
    cells = {str(cell.value) for sheet in back for row in sheet for cell in row}
    assert {"あとで書く。", "欄外の覚え"} <= cells


LABEL, STRING, LABELS_TEXT, LABELS_STYLE = 0xFD, 0x207, 6, 4


@needs_limits
@pytest.mark.parametrize(
    ("number", "place", "value"),
    [(LABEL, LABELS_TEXT, 60_000), (LABEL, LABELS_STYLE, 60_000), (LABEL, -2, 18_954), (STRING, -2, 12)],
    ids=["no such text", "no such style", "longer than any record", "records that slip"],
)
def test_an_old_workbook_of_which_a_reader_would_take_a_part_is_refused(
    tmp_path: Path, libreoffice: LibreOffice, number: int, place: int, value: int
) -> None:
    """The fast reader leaves cells empty, or reads on at another place, and says nothing."""
    [old] = libreoffice.converted([filled().saved()], "xls")
    stream = bytearray(stream_of(old, "Workbook"))
    last = [at for one, at, _ in records(bytes(stream)) if one == number][-1]
    struct.pack_into("<H", stream, last + place, value)
    (tmp_path / "b.xls").write_bytes(with_stream(old, "Workbook", bytes(stream)))

    [taken] = take_in([tmp_path / "b.xls"], sample_plan())

    assert taken.refusal
    assert taken.refusal.code == "safety_damaged"


def test_old_and_binary_workbooks_are_opened_only_in_a_process_with_limits() -> None:
    opener = Opener.of(sample_plan())
    old = OLE_MAGIC + bytes(504) + "Workbook\0".encode("utf-16-le")
    codes = [getattr(opener.open("a", data), "code", "") for data in (old, binary([["a"]]))]

    assert not confined()
    assert codes == ["safety_legacy", "safety_binary"]


@needs_limits
def test_a_binary_workbook_gives_the_same_answers(tmp_path: Path) -> None:
    desk = filled().fill("money", paid=45444)  # the format of dates is not written below
    desk.fill(started=45413)
    grids = [
        [[cell.value for cell in row] for row in desk.book[name].iter_rows()] for name in desk.book.sheetnames
    ]
    plain = [[["" if str(cell).startswith("=") else cell for cell in row] for row in grid] for grid in grids]

    there = read(tmp_path, "b.xlsb", binary(*plain, names=desk.book.sheetnames))

    assert answers(there) == answers(read(tmp_path, "a.xlsx", filled().saved()))
    assert [one.code for one in there.findings] == ["safety_other_format"]


def code_of(data: bytes) -> str:
    """Why the file is refused."""
    found = inspect(data)
    assert isinstance(found, Refusal), found
    return found.code


def cleared(data: bytes) -> Clearance:
    """The file may be parsed."""
    found = inspect(data)
    assert isinstance(found, Clearance), found
    return found


def test_an_opendocument_spreadsheet_is_cleared() -> None:
    assert cleared(document(content(table()))).kind is WorkbookKind.ODS


def test_empty_cells_to_the_end_of_the_sheet_are_nothing_strange() -> None:
    rest = f'<table:table-row table:number-rows-repeated="1048575">{EMPTY.format(16384)}</table:table-row>'

    assert cleared(document(content(table(ROW + rest))))


LONG = "".join(chr(0x4E00 + at * 7919 % 20_000) for at in range(400_000))
REPEATED = CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"', 1)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (f"<table:table-row>{EMPTY.format(999999999)}{CELL}</table:table-row>", "safety_far_cell"),
        (f'<table:table-row table:number-rows-repeated="999999999"/>{ROW}', "safety_far_cell"),
        (f"<table:table-row>{REPEATED.format(999999999)}</table:table-row>", "safety_too_many_cells"),
        (
            ROW.replace("<table:table-row", '<table:table-row table:number-rows-repeated="9999999"'),
            "safety_too_many_cells",
        ),
        (f"<table:table-row>{EMPTY.format('9' * 30)}{CELL}</table:table-row>", "safety_suspicious"),
        (f"<table:table-row>{EMPTY.format(-1)}{CELL}</table:table-row>", "safety_suspicious"),
        (ROW.replace("答", '<text:s text:c="999999999"/>'), "safety_long_text"),
        (ROW.replace("答", LONG), "safety_long_text"),
        (
            f"<table:table-row>{REPEATED.format(1000)}</table:table-row>".replace(
                "答", '<text:s text:c="600000"/>'
            ),
            "safety_expands",
        ),
        (ROW.replace("答", table()), "safety_suspicious"),
    ],
    ids="columns rows cells filled-rows digits minus spaces text expansion nested".split(),
)
def test_a_sheet_that_asks_for_too_much_is_refused(rows: str, code: str) -> None:
    assert code_of(document(content(table(rows)))) == code


def test_too_many_sheets_are_refused() -> None:
    assert code_of(document(content(table() * 1001))) == "safety_too_many_sheets"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (content(table(), '<!DOCTYPE x [<!ENTITY a "aa">]>'), "safety_suspicious"),
        (content(table()).encode("utf-16"), "safety_suspicious"),
        (content(table())[:-9], "safety_damaged"),
        (content(table()).replace("答", "&unknown;"), "safety_damaged"),
    ],
    ids=["document type", "utf-16", "cut", "entity"],
)
def test_content_that_readers_take_differently_is_refused(body: str | bytes, code: str) -> None:
    assert code_of(document(body)) == code


def test_a_password_of_an_opendocument_file_is_named() -> None:
    locked = MANIFEST.replace("/>", "><manifest:encryption-data/></manifest:manifest>")

    assert code_of(document(b"\x01\x02", **{"META-INF_manifest.xml": locked})) == "safety_password"


def test_macros_and_links_of_an_opendocument_file_are_told() -> None:
    linked = table().replace(ROW, "<table:table-source/>" + ROW)
    found = cleared(document(content(linked), Basic_Standard_Module1="<x/>"))

    assert (found.macros, found.external_links) == (True, True)


@pytest.mark.parametrize("extra", ["content.xml", "xl/workbook.bin"])
def test_a_file_of_two_kinds_is_refused(extra: str) -> None:
    """A reader that fails with the one goes on to the other, which nobody measured."""
    stream = io.BytesIO(filled().saved())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(extra, content(table()))

    assert code_of(stream.getvalue()) == "safety_suspicious"


def test_an_opendocument_file_with_parts_of_a_workbook_is_refused() -> None:
    assert code_of(document(content(table()), xl_workbook="<workbook/>")) == "safety_suspicious"


def test_an_old_workbook_in_which_nothing_can_be_checked_is_not_taken_for_sound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spoilt(*_: object) -> bool:
        raise struct.error

    monkeypatch.setattr(olefile.OleFileIO, "exists", spoilt)

    assert is_unsound(OLE_MAGIC + bytes(4096))
