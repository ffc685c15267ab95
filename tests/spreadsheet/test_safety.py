"""What comes by mail is judged by its bytes: hostile and odd files are refused, each for its own reason."""

import io
import random
import struct
import time
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from importlib import resources

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages import GOOD_SHEET, MAIN, SHEET_PART, SPREADSHEET, packed, sheet, types, workbook

from xlplan.language.messages import LANGUAGES, has, text
from xlplan.spreadsheet import container
from xlplan.spreadsheet.safety import inspection, limits
from xlplan.spreadsheet.safety.inspection import Clearance, inspect
from xlplan.spreadsheet.safety.limits import Refusal

MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BINARY_MAIN = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def with_sheet(rows: str = GOOD_SHEET, after: str = "", before: str = "") -> bytes:
    return workbook({SHEET_PART: sheet(rows, after, before)})


def by_xlsxwriter(fill: Callable[[xlsxwriter.Workbook], None] | None = None) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("回答")
    for row in range(30):
        page.write_row(row, 0, [row, "進行中", "説明の文章", 1.5])
    page.write_formula("F1", "=A1+1")
    if fill:
        fill(book)
    book.close()
    return target.getvalue()


GOOD = by_xlsxwriter()


def code_of(data: bytes) -> str:
    """The code of the refusal, having seen that its words can be rendered in both languages."""
    found = inspect(data)
    assert isinstance(found, Refusal), found
    for language in LANGUAGES:
        assert text(f"safety.{found.code}", language, **found.params)
        assert text(f"safety.{found.code}.remedy", language, **found.params)
    return found.code


def cleared(data: bytes) -> Clearance:
    found = inspect(data)
    assert isinstance(found, Clearance), found
    return found


def patched(data: bytes, mark: bytes, offset: int, form: str, *values: int) -> bytes:
    """`data` with a field of the first structure that begins with `mark` written over."""
    mended = bytearray(data)
    struct.pack_into(form, mended, data.index(mark) + offset, *values)
    return bytes(mended)


def both_headers(data: bytes, local: int, central: int, value: int) -> bytes:
    return patched(patched(data, b"PK\3\4", local, "<H", value), b"PK\1\2", central, "<H", value)


def ole(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return inspection.OLE_MAGIC + bytes(504) + names


# Good files


def test_workbooks_of_xlsxwriter_are_cleared():
    found = cleared(by_xlsxwriter())
    assert (found.macros, found.external_links, found.embedded_objects) == (False, False, False)
    assert list(found.sheets) == [SHEET_PART]


def test_workbooks_of_openpyxl_are_cleared():
    book = openpyxl.Workbook()
    book.active.append(["施策", 1, 2.5])
    book.active.merge_cells("A3:D4")
    target = io.BytesIO()
    book.save(target)
    assert list(cleared(target.getvalue()).sheets) == [SHEET_PART]


@pytest.mark.parametrize("main", [MACRO_MAIN, MAIN.replace("sheet.main", "template.main")])
def test_macro_and_template_kinds_of_workbook_are_cleared(main):
    assert cleared(workbook(main=main)).macros is False


def test_entries_that_are_stored_without_compression_are_cleared():
    parts = {"[Content_Types].xml": types(), SHEET_PART: sheet()}
    assert SHEET_PART in cleared(packed(parts, zipfile.ZIP_STORED)).sheets


def test_an_extent_that_only_the_dimension_claims_is_not_believed():
    assert cleared(with_sheet(after='<dimension ref="A1:XFD1048576"/>')).sheets


def test_macros_are_disclosed():
    assert cleared(workbook({"xl/vbaProject.bin": b"\xd0\xcf"}, main=MACRO_MAIN)).macros is True


def test_external_links_are_disclosed():
    link = f'<externalLink xmlns="{SPREADSHEET}"/>'
    override = '<Override ContentType="application/vnd.x.spreadsheetml.externalLink+xml"/></Types>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types().replace("</Types>", override),
        "xl/externalLinks/externalLink1.xml": link,
    }
    assert cleared(workbook(parts)).external_links is True


def test_embedded_objects_are_disclosed():
    assert cleared(workbook({"xl/embeddings/oleObject1.bin": b"\xd0\xcf"})).embedded_objects is True


@pytest.mark.parametrize(
    ("cell", "errors", "formulas"),
    [
        ('<c r="A1"><v>1</v></c>', False, False),
        ('<c r="A1" t="str"><v>e</v></c>', False, False),
        ('<c r="A1" s="1" t="e"><v>#N/A</v></c>', True, False),
        ("<c r='A1'\n t = 'e'><v>#N/A</v></c>", True, False),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', False, True),
        ('<c r="A1"><f t="shared" si="0"/><v>2</v></c>', False, True),
        ('<x:c r="A1" t="e"><x:f>NA()</x:f></x:c>', True, True),
    ],
)
def test_error_and_formula_cells_of_a_sheet_are_told(cell, errors, formulas):
    prefix = "x:" if cell.startswith("<x:") else ""
    traits = cleared(with_sheet(f"<{prefix}row r='1'>{cell}</{prefix}row>")).sheets[SHEET_PART]
    assert (traits.error_cells, traits.formula_cells) == (errors, formulas)


@pytest.mark.parametrize("at", [1, 30_000, 60_000])
def test_one_error_or_formula_of_a_long_sheet_is_seen_in_whichever_chunk(at):
    rnd = random.Random(1)
    rows = [f'<row r="{n}"><c r="A{n}"><v>{rnd.random()}</v></c></row>' for n in range(1, 60_001)]
    rows[at - 1] = f'<row r="{at}"><c r="A{at}" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    traits = cleared(with_sheet("".join(rows))).sheets[SHEET_PART]
    assert (traits.error_cells, traits.formula_cells) == (True, True)


@pytest.mark.parametrize("size", range(200, 240))
def test_a_far_cell_is_seen_wherever_the_chunks_are_cut(monkeypatch, size):
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", size)
    monkeypatch.setattr(container, "SLICE_BYTES", 1)
    assert code_of(with_sheet(GOOD_SHEET * 3 + '<row r="2"><c r="XFD1048576"/></row>')) == "safety_far_cell"


WIDE = '<row r="1"><c r="A1"><v>1</v></c><c r="AM1"><v>1</v></c></row>'
BARE = '<row r="1048575" ht="12.8"/><row r="1048576" ht="12.8"></row>'


@pytest.mark.parametrize("size", [120, 180, 240, 1000])
def test_empty_rows_at_the_end_take_no_room(monkeypatch, size):
    """LibreOffice writes them below a sheet of which rows were deleted."""
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", size)
    monkeypatch.setattr(container, "SLICE_BYTES", 1)
    assert cleared(with_sheet(WIDE + BARE))
    for cell in ('<row><c r="B2"/></row>', "<row><c/></row>", '<c r="A1048576"/>'):
        assert code_of(with_sheet(WIDE + BARE + cell)) == "safety_far_cell"
    assert code_of(with_sheet(WIDE + '<row r="1048577"/>')) == "safety_far_cell"


def test_a_row_is_counted_over_the_chunks_it_stands_in(monkeypatch):
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", 1000)
    monkeypatch.setattr(container, "SLICE_BYTES", 1)
    assert code_of(with_sheet("<row>" + "<c><v>1</v></c>" * 16_385 + "</row>")) == "safety_far_cell"


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_an_ordinary_return_is_inflated_alike_in_chunks_of_any_size(monkeypatch, chunk):
    data = workbook(
        {"xl/a.xml": "<x/>" + " " * 10_000}
    )  # its last bytes come out of zlib long after they went in
    whole = cleared(data)
    monkeypatch.setattr(container, "CHUNK_BYTES", chunk)
    monkeypatch.setattr(container, "SLICE_BYTES", chunk)
    assert cleared(data) == whole


# Files of another kind


def test_an_empty_file_is_refused():
    assert code_of(b"") == "safety_empty"


def test_a_file_above_the_size_limit_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100)
    assert code_of(workbook()) == "safety_too_large"


def test_a_file_under_rights_management_is_not_told_to_remove_a_password():
    """An IRM file has data spaces and no password; one with a password has data spaces as well."""
    irm = ("Root Entry", "\x06DataSpaces", "DRMEncryptedDataSpace", "EncryptedPackage")
    assert code_of(ole(*irm)) == "safety_rights"
    assert code_of(ole(*irm[:2], "EncryptionInfo", "EncryptedPackage")) == "safety_password"
    assert code_of(ole("Root Entry", "\x06DataSpaces", "\tDRMContent", "Workbook")) == "safety_rights"
    for language in ("ja", "en"):
        assert "IRM" in text("safety.safety_rights", language)


def test_a_password_is_named():
    assert code_of(ole("Root Entry", "EncryptionInfo", "EncryptedPackage")) == "safety_password"


@pytest.mark.parametrize("stream", ["Workbook", "Book"])
def test_a_legacy_workbook_is_asked_for_as_xlsx_whatever_its_name(stream):
    assert code_of(ole("Root Entry", stream)) == "safety_legacy"


def test_a_binary_workbook_is_asked_for_as_xlsx():
    assert code_of(workbook(main=BINARY_MAIN)) == "safety_binary"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        "施策,進捗\n".encode("cp932"),
        b"<html><table></table></html>",
        ole("Root Entry", "WordDocument"),
        packed({"[Content_Types].xml": types(WORD_MAIN), "word/document.xml": "<w/>"}),
        packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    ],
    ids=["png", "csv", "html", "doc", "docx", "ods"],
)
def test_files_of_another_kind_are_not_workbooks(data):
    assert code_of(data) == "safety_not_workbook"


def test_a_pdf_and_an_archive_of_other_files_are_told_for_what_they_are():
    assert code_of(b"%PDF-1.7") == "safety_pdf"
    archive = packed({"回答/": "", "回答/情報課.xlsx": workbook(), "回答/総務課.xlsx": workbook()})
    assert code_of(archive) == "safety_zip"
    found = inspect(archive)
    assert isinstance(found, Refusal)
    assert found.params == {"count": 2}
    assert code_of(packed({"xl/workbook.xml": "<workbook/>"})) == "safety_not_workbook"


# The zip container


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_damaged(kept):
    data = by_xlsxwriter()
    assert code_of(data[: int(len(data) * kept)]) == "safety_damaged"


def test_a_wrong_checksum_is_damage():
    data = workbook()
    (right,) = struct.unpack_from("<L", data, data.index(b"PK\1\2") + 16)
    assert code_of(patched(data, b"PK\1\2", 16, "<L", right ^ 1)) == "safety_damaged"


@pytest.mark.parametrize("change", [-1, 1])
def test_a_part_that_inflates_to_another_size_than_declared_is_damaged(change):
    data = workbook()
    assert code_of(patched(data, b"PK\1\2", 24, "<L", len(types()) + change)) == "safety_damaged"


def test_bytes_after_the_end_are_damage():
    assert code_of(workbook() + b"\0\0\0") == "safety_damaged"


def test_bytes_left_over_in_a_part_are_damage():
    def raw(content: bytes) -> bytes:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflate.compress(content) + deflate.flush()

    content = types().encode()
    stream = raw(content) + b"left over"
    local = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(content), len(stream), len(content), 19, 0
    )
    name = b"[Content_Types].xml"
    central = struct.pack(
        "<4s6H3L5H2L",
        *(
            b"PK\1\2",
            20,
            20,
            0,
            8,
            0,
            0,
            zlib.crc32(content),
            len(stream),
            len(content),
            19,
            0,
            0,
            0,
            0,
            0,
            0,
        ),
    )
    front = local + name + stream
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central) + 19, len(front), 0)
    assert code_of(front + central + name + end) == "safety_damaged"


def test_an_encrypted_entry_is_refused():
    assert code_of(both_headers(workbook(), 6, 8, 1)) == "safety_suspicious"


@pytest.mark.parametrize(("mark", "offset"), [(b"PK\3\4", 6), (b"PK\1\2", 8)])
def test_an_entry_encrypted_in_one_of_its_headers_only_is_refused(mark, offset):
    assert code_of(patched(workbook(), mark, offset, "<H", 1)) == "safety_suspicious"


def test_a_directory_with_more_entries_than_it_counts_is_refused():
    data = workbook()
    assert code_of(patched(data, b"PK\5\6", 8, "<2H", 2, 2)) == "safety_suspicious"


def test_other_compression_methods_are_refused():
    assert code_of(both_headers(workbook(), 8, 10, 12)) == "safety_suspicious"


def test_local_header_and_directory_must_agree_on_the_name():
    assert code_of(patched(workbook(), b"PK\3\4", 30, "<B", ord("x"))) == "safety_suspicious"


@pytest.mark.parametrize("twin", [SHEET_PART, "xl/Worksheets/SHEET1.xml"])
def test_duplicate_entries_are_refused(twin):
    stand_in = "Q" * len(twin)  # zipfile itself would warn
    data = workbook({stand_in: sheet()})
    assert cleared(data)
    assert code_of(data.replace(stand_in.encode(), twin.encode())) == "safety_suspicious"


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/x.xml", "xl/../../x.xml", "xl\\x.xml", "C:/x.xml", "a/./b.xml"]
)
def test_names_that_lead_elsewhere_are_refused(name):
    assert code_of(workbook({name: "<x/>"})) == "safety_suspicious"


def test_a_control_sign_in_a_name_is_refused():
    assert (
        code_of(workbook({"xl/xQx.xml": "<x/>"}).replace(b"xl/xQx.xml", b"xl/x\1x.xml"))
        == "safety_suspicious"
    )


def test_an_entry_with_a_second_name_is_refused():
    info = zipfile.ZipInfo("xl/innocent.bin")
    info.extra = struct.pack("<2HBL", 0x7075, 5 + len(SHEET_PART), 1, zlib.crc32(b"xl/innocent.bin"))
    info.extra += SHEET_PART.encode()
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(info, sheet())
    assert code_of(target.getvalue()) == "safety_suspicious"


def test_overlapping_entries_are_refused():
    data = bytearray(workbook({"a.xml": "<x/>", "b.xml": "<x/>"}))
    first, second = data.rindex(b"PK\3\4", 0, data.rindex(b"PK\3\4")), data.rindex(b"PK\3\4")
    data[second + 30] = ord("a")  # the twin entry carries the name of its place, and points there
    at = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, at + 42, first)
    before = bytes(data).replace(b"b.xml", b"a.xml")
    assert code_of(before) == "safety_suspicious"


def test_an_entry_that_reaches_into_the_next_is_refused():
    data = workbook()
    (size,) = struct.unpack_from("<L", data, data.index(b"PK\1\2") + 20)
    assert code_of(patched(data, b"PK\1\2", 20, "<L", size + 40)) == "safety_suspicious"


def test_something_glued_in_front_is_refused():
    glued = b"PK\3\4 a program that calls itself a zip" + workbook()
    assert code_of(glued) == "safety_suspicious"


def test_a_first_entry_that_the_directory_does_not_name_is_refused():
    hidden = packed({"hidden.xml": "<x/>"})
    front = hidden[: hidden.index(b"PK\1\2")]
    target = io.BytesIO(front)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("[Content_Types].xml", types())
    assert code_of(target.getvalue()) == "safety_suspicious"


def test_a_zip64_directory_is_refused_because_readers_prefer_it():
    data = workbook()
    at = data.rindex(b"PK\5\6")
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    start, size = struct.unpack_from("<L", data, at + 16)[0], struct.unpack_from("<L", data, at + 12)[0]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, size + 20, start, 0)
    last = data.rindex(b"PK\1\2")
    mended = patched(data[last:at], b"PK\1\2", 32, "<H", 20)  # the locator hides in the last entry's comment
    assert code_of(data[:last] + mended + locator + end) == "safety_suspicious"


def test_too_many_entries_are_refused_before_they_are_read():
    parts = {f"xl/p{n}.bin": b"" for n in range(container.MAX_ENTRIES)}
    assert code_of(workbook(parts)) == "safety_too_many_parts"


def test_a_bomb_is_refused_by_its_ratio():
    assert code_of(workbook({"xl/media/a.bin": bytes(3 * container.MIB)})) == "safety_inflates"


def test_a_bomb_that_lies_about_its_size_is_refused():
    data = packed({"[Content_Types].xml": types() + " " * 3 * container.MIB})
    assert code_of(patched(data, b"PK\1\2", 24, "<L", 1000)) == "safety_damaged"


def test_a_bomb_that_lies_about_its_size_is_not_inflated_to_the_end():
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezed.compress(bytes(50 * container.MIB)) + squeezed.flush()
    entry = container.Entry("a", 8, 0, len(data), 10, 0, 0)
    taken = container.inflate(data, entry)
    with pytest.raises(limits.RefusedError):
        next(taken)


@pytest.mark.parametrize("limit", ["MAX_PART_BYTES", "MAX_TOTAL_BYTES"])
def test_parts_larger_than_allowed_are_refused(monkeypatch, limit):
    monkeypatch.setattr(container, limit, 250)
    assert code_of(workbook({"a.xml": "<x/>" * 200})) == "safety_inflates"


# The parts


@pytest.mark.parametrize(
    "name", [SHEET_PART, "xl/styles.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/x.bin"]
)
@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!doctype x SYSTEM "http://example.com/x">',
    ],
    ids=["expansion", "external", "lower case"],
)
def test_document_types_and_entities_are_refused_in_any_part(name, dtd):
    assert code_of(workbook({name: sheet(before=dtd)})) == "safety_suspicious"


def test_a_picture_may_have_a_document_type():
    assert cleared(workbook({"xl/media/image1.svg": "<!DOCTYPE svg><svg/>"})).sheets


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_parts_in_utf16_cannot_hide_an_entity(encoding):
    hidden = sheet(before='<!DOCTYPE x [<!ENTITY a "aaaa">]>').encode(encoding)
    assert code_of(workbook({SHEET_PART: hidden})) == "safety_suspicious"


def test_a_part_in_utf16_is_refused_whatever_its_name():
    assert code_of(workbook({"xl/x.bin": sheet().encode("utf-16-le")})) == "safety_suspicious"


def test_utf16_is_recognised_behind_white_space():
    assert code_of(workbook({SHEET_PART: (" " + sheet()).encode("utf-16-le")})) == "safety_suspicious"


def test_a_list_of_parts_longer_than_any_workbook_needs_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_TYPES_BYTES", 100)
    assert code_of(workbook()) == "safety_suspicious"


def test_a_declared_encoding_in_which_tags_are_other_bytes_is_refused():
    assert code_of(with_sheet(before='<?xml version="1.0" encoding="utf-7"?>')) == "safety_suspicious"


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c s='1' r = 'xfd1048576'><v>1</v></c></row>",
        '<row r="1"><c a=">" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A000000000099999999999"><v>1</v></c></row>',
        '<row r="1"><c r="' + "A" * 5000 + '1"><v>1</v></c></row>',
        '<row r="1"><c r="A' + "9" * 5000 + '"><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 16_385 + "</row>",
        '<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
    ids=lambda rows: rows[:50],
)
def test_a_far_cell_is_refused_however_it_is_written(far):
    assert code_of(with_sheet(GOOD_SHEET + far)) == "safety_far_cell"


@pytest.mark.parametrize(
    "hidden",
    [
        '<c x="<" r="CV20000"><v>1</v></c>',
        "<c x='<f>' r=\"CV20000\"/>",
        '<c x = "><" r="CV20000"/>',
        '<c <="1" r="CV20000"/>',
        '<c y<="1" r="CV20000"/>',
        '<c y=">" z\n<="1" r="CV20000"/>',
        '<c s="1"\t<x="1" r="CV20000"/>',
    ],
)
def test_a_place_behind_a_sign_that_no_tag_may_hold_is_refused(hidden):
    """One reader goes on behind the sign, and would make a range of the cell's place."""
    assert code_of(with_sheet(f"{GOOD_SHEET}<row>{hidden}</row>")) == "safety_suspicious"


@pytest.mark.parametrize(
    "value",
    [
        "<v>1&#50;</v>",
        "<v>&#49;</v>",
        "<v xml:space='preserve'>1&#50;</v>",
        "<v>1<!-- x -->2</v>",
        "<v><![CDATA[7]]></v>",
        "<f>1+11</f><v>1&#50;</v>",
    ],
)
def test_a_number_of_which_a_reader_would_take_a_part_is_refused(value):
    assert code_of(with_sheet(f'<row r="1"><c r="A1">{value}</c></row>')) == "safety_suspicious"


@pytest.mark.parametrize("index", ["1e400", "1.5", "-1", "0x1", "", "１"])
def test_a_text_whose_number_a_reader_would_take_in_part_is_refused(index):
    cell = f'<c r="A1" s="1" t="s"><v>{index}</v></c>'
    assert code_of(with_sheet(f'<row r="1">{cell}</row>')) == "safety_suspicious"


def test_the_text_of_a_formula_may_hold_references():
    cell = '<c r="A1" t=\'str\'><f>B1&amp;"&gt;"</f><v>1&amp;2</v></c>'
    assert cleared(with_sheet(f'<row r="1">{cell}<c r="B1"><f>A1&lt;3</f><v>2</v></c></row>'))


def test_spaces_between_the_tags_are_nothing_strange():
    assert cleared(with_sheet(' \n <row r="1" >\n\t<c r="A1" t = "s" >\n <v>0</v>\n </c>\n</row>\n'))


def test_a_far_cell_in_a_part_of_another_name_is_refused():
    far = sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')
    assert code_of(workbook({"xl/media/image1.png": far})) == "safety_far_cell"


def test_rows_without_numbers_are_counted(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SPARSE_BOX", 1000)
    rows = "<row/>" * 1000 + '<row><c r="J1"><v>1</v></c></row>'
    assert code_of(with_sheet(rows)) == "safety_far_cell"


def test_a_place_hidden_behind_a_character_reference_is_refused():
    assert code_of(with_sheet('<row r="1"><c r="&#88;FD1048576"/></row>')) == "safety_suspicious"


def test_a_large_sheet_that_is_filled_is_no_far_cell(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SPARSE_BOX", 100)
    assert cleared(by_xlsxwriter()).sheets


def test_a_sheet_larger_than_a_reader_can_hold_is_refused_even_when_filled(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BOX", 100)
    assert code_of(by_xlsxwriter()) == "safety_far_cell"


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 100)
    assert code_of(by_xlsxwriter()) == "safety_too_many_cells"


def test_blank_cells_do_not_make_a_sheet_filled(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SPARSE_BOX", 1000)
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 101))
    assert code_of(with_sheet(blanks + '<row r="101"><c r="T101"><v>1</v></c></row>')) == "safety_far_cell"


def test_more_shared_strings_than_cells_may_stand_in_a_workbook_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 100)
    assert cleared(strings(*"a" * 100, rows=GOOD_SHEET)).sheets
    assert code_of(strings(*"a" * 101, rows=GOOD_SHEET)) == "safety_too_many_cells"


def test_too_many_sheets_are_refused():
    many = "<workbook><sheets>" + '<sheet name="a"/>' * 1001 + "</sheets></workbook>"
    assert code_of(workbook({"xl/workbook.xml": many})) == "safety_too_many_sheets"


def test_too_many_merged_ranges_are_refused():
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 100_002))
    assert code_of(with_sheet(after=f"<mergeCells>{merges}</mergeCells>")) == "safety_too_many_merges"


@pytest.mark.parametrize(
    "attributes", ['ref="A1:XFD100"', """x=' ref="A1:A2"' ref="A1:XFD100\"""", "x='>' ref='A1:XFD100'"]
)
def test_a_merged_area_that_is_too_large_is_refused(attributes):
    assert code_of(with_sheet(after=f"<mergeCell {attributes}/>")) == "safety_too_many_merges"


def test_merged_ranges_of_an_ordinary_form_are_fine():
    assert cleared(with_sheet(after='<mergeCells count="1"><mergeCell ref="A1:XFD50"/></mergeCells>')).sheets


@pytest.mark.parametrize(
    "rule", ['<cfRule type="x"/>', '<x14:cfRule type="x"/>', '<conditionalFormatting sqref="A1"/>']
)
def test_too_many_conditional_formats_are_refused(monkeypatch, rule):
    monkeypatch.setattr(limits, "MAX_CONDITIONAL_FORMATS", 100)
    head = '<conditionalFormatting sqref="A1">'
    assert cleared(with_sheet(after=f"{head}{rule * 99}</conditionalFormatting>")).sheets
    assert code_of(with_sheet(after=head + rule * 101)) == "safety_too_many_formats"


def test_conditional_formats_are_counted_over_chunks(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONDITIONAL_FORMATS", 100)
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", 300)
    monkeypatch.setattr(container, "SLICE_BYTES", 1)
    rules = '<conditionalFormatting sqref="A1">' + '<cfRule type="x"/>' * 101
    assert code_of(with_sheet(after=rules)) == "safety_too_many_formats"


def strings(*items: str, rows: str = "") -> bytes:
    table = "".join(f"<si><t>{one}</t></si>" for one in items)
    return workbook({SHEET_PART: sheet(rows), "xl/sharedStrings.xml": f"<sst>{table}</sst>"})


def noise(size: int) -> str:
    return random.Random(size).randbytes(size // 2).hex()


def test_one_shared_string_that_is_too_long_is_refused():
    assert code_of(strings(noise(limits.MAX_STRING_BYTES + 2))) == "safety_long_text"


def test_one_shared_string_of_many_pieces_that_is_too_long_is_refused():
    piece = f"</t><t>{noise(4096)}"
    assert code_of(strings(piece * 300)) == "safety_long_text"


def test_one_shared_string_over_two_chunks_that_is_too_long_is_refused():
    def pieces(count: int) -> str:
        return "".join(f"</t><t>{noise(4096 + 2 * n)}" for n in range(count))[: count * 4096]

    items = [noise(700) for _ in range(1000)]
    assert cleared(strings(*items, pieces(200))).sheets
    assert code_of(strings(*items, pieces(290))) == "safety_long_text"


def test_one_string_without_end_is_refused_in_a_sheet_too():
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{noise(4 * container.MIB)}</t></is></c></row>'
    assert code_of(with_sheet(rows)) == "safety_long_text"


@pytest.mark.parametrize(
    "cell", ['<c t="s"><v>1</v></c>', "<c t = 's'><v >1</v></c>", '<c t="s"><v>0</v><v>1</v></c>']
)
def test_a_long_string_in_a_great_many_cells_is_refused(cell):
    rows = "".join(f'<row r="{n}">{cell * 20}</row>' for n in range(1, 501))
    assert code_of(strings("a", noise(60_000), rows=rows)) == "safety_expands"


def test_one_long_string_among_many_short_ones_is_fine():
    rows = "".join(
        f'<row r="{n}">{"<c t=" + chr(34) + "s" + chr(34) + "><v>0</v></c>"}</row>' for n in range(1, 20_001)
    )
    assert cleared(strings("a", noise(60_000), rows=rows)).sheets


def test_a_second_table_of_strings_is_refused():
    table = "<sst><si><t>a</t></si></sst>"
    parts: dict[str, str | bytes] = {"xl/sharedStrings.xml": table, "xl/other.xml": table}
    assert code_of(workbook(parts)) == "safety_suspicious"


@pytest.mark.parametrize(
    "start",
    [
        ' r="',
        " r =  ",
        ' t="s" ',
        "<c t='s' ",
        "<mergeCell ref=A0",
        "<x:",
        "& ",
        "\n",
        "cfRule ",
        "<si ",
        "<v>",
        "<v &",
        "0",
        ":A1",
    ],
)
def test_no_pattern_takes_quadratic_time(start):
    """A megabyte of what a pattern starts to match; quadratic would be minutes."""
    filled = strings(
        "a", noise(40_000), rows="<row><c " + start * (container.MIB // len(start)) + noise(40_000)
    )
    before = time.process_time()
    assert inspect(filled) is not None
    assert time.process_time() - before < 3


# Never an exception


def test_mutants_of_a_good_workbook_never_raise():
    rnd = random.Random(20)
    refused = 0
    for _ in range(300):
        mutant = bytearray(GOOD)
        for _ in range(rnd.choice([1, 1, 2, 8, 64])):
            at = rnd.randrange(len(mutant))
            match rnd.randrange(3):
                case 0:
                    mutant[at] = rnd.randrange(256)
                case 1:
                    del mutant[at : at + rnd.randrange(1, 40)]
                case _:
                    mutant[at:at] = rnd.randbytes(rnd.randrange(1, 40))
        refused += isinstance(inspect(bytes(mutant)), Refusal)
    assert refused > 200


@given(st.binary())
def test_no_bytes_raise(data):
    assert isinstance(inspect(data), Refusal)


@given(st.binary(max_size=400), st.sampled_from([b"PK\3\4", inspection.OLE_MAGIC]), st.binary(max_size=80))
def test_no_bytes_behind_a_known_magic_raise(data, magic, tail):
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(tail), len(magic + data), 0)
    assert isinstance(inspect(magic + data + tail + end), Refusal)


@given(st.binary(max_size=3000))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_content_of_a_part_raises(content):
    assert inspect(
        workbook({SHEET_PART: b"<sheetData>" + content, "xl/sharedStrings.xml": b"<sst>" + content})
    )


MARKUP = st.lists(
    st.sampled_from(
        [
            "<row ",
            "<c ",
            "<v>",
            "</v>",
            ">",
            "r=",
            ' r="A1"',
            ' r="',
            "9" * 9,
            "ZZZZ",
            ' t="s"',
            "<f",
            "<si>",
            "<sst>",
            "<mergeCell ",
            'ref="A1:',
            "B2",
            "<cfRule ",
            "<sheet ",
            "&#1;",
            "\0",
            "<x:c ",
            "<!--",
            "<sheetData>",
            '"',
        ]
    ),
    max_size=60,
).map("".join)


@given(MARKUP, MARKUP)
def test_no_markup_raises(rows, items):
    assert inspect(workbook({SHEET_PART: "<sheetData>" + rows, "xl/sharedStrings.xml": "<sst>" + items}))


# What the next reader need not inflate again


def test_the_parts_of_a_small_file_are_handed_on_as_they_are():
    archive = zipfile.ZipFile(io.BytesIO(GOOD))

    found = inspect(GOOD)

    assert isinstance(found, Clearance)
    assert found.inflated == {name: archive.read(name) for name in archive.namelist()}


def test_of_a_large_file_no_more_is_kept_than_the_limit():
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 150_000))
    data = workbook({SHEET_PART: sheet(rows), "xl/worksheets/sheet2.xml": sheet()})

    found = inspect(data)

    assert isinstance(found, Clearance)
    assert len(sheet(rows)) > inspection.KEPT_BYTES
    assert set(found.inflated) == {"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet2.xml"}


# Names and words


def test_every_entry_of_the_catalogue_speaks_both_languages_and_offers_a_remedy():
    entries = tomllib.loads(
        (resources.files("xlplan.language") / "catalogue" / "safety.toml").read_text(encoding="utf-8")
    )
    params = {"size": 1, "limit": 2, "count": 3, "rows": 4, "columns": 5, "kind": "ods", "names": "a.xlsx"}
    for entry in entries:
        assert entry.startswith(("safety_", "letter_"))
        assert has(f"safety.{entry}.remedy")
        for language in LANGUAGES:
            assert text(f"safety.{entry}", language, **params) != text(
                f"safety.{entry}.remedy", language, **params
            )


def test_the_disclosures_have_their_words():
    assert all(has(f"safety.safety_{one}") for one in ("macros", "external_links", "embedded_objects"))


# --- a sheet that is no XML

BROKEN = {
    "a tag lost": ("</c><c", "<c"),
    "an end lost": ("</row>", ""),
    "an end twice": ("</row>", "</row></row>"),
    "an end of another": ("</v></c>", "</c></v>"),
    "a case changed": ("</row>", "</Row>"),
    "a value without its end": ("</v>", ""),
    "a stray sign": ("<v>1", "<v>1 < 2"),
    "a stray ampersand": ("<v>1", "<v>1 & 2"),
    "an unknown entity": ("<is><t>x", "<is><t>&nosuch;"),
    "an attribute twice": ('<c r="B1"', '<c r="B1" r="B1"'),
    "an attribute without quotes": ('<c r="B1"', "<c r=B1"),
    "an attribute without its end": ('<c r="B1"', '<c r="B1'),
    "a name that begins with a figure": ("<row", "<1row"),
    "a control sign": ("<is><t>x", "<is><t>x\x0b"),
    "no text in its encoding": ("<is><t>x", b"<is><t>\xff"),
    "two roots": ("</worksheet>", "</worksheet><worksheet/>"),
    "words behind the end": ("</worksheet>", "</worksheet>x"),
    "cut off": ("</sheetData></worksheet>", ""),
    "zeros behind the end": ("</worksheet>", "</worksheet>" + "\0" * 9),
    "a comment without an end": ("</sheetData>", "</sheetData><!-- "),
    "words before the declaration": ("<worksheet", ' <?xml version="1.0"?><worksheet'),
}
TWO_CELLS = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>'


def broken(how: str, written: str) -> bytes:
    before, after = BROKEN[how]
    old = before.encode()
    assert old in written.encode()
    return written.encode().replace(old, after if isinstance(after, bytes) else after.encode(), 1)


@pytest.mark.parametrize("how", BROKEN)
def test_11_a_sheet_that_is_no_xml_is_damage(how):
    assert cleared(with_sheet(TWO_CELLS)).sheets
    found = inspect(workbook({SHEET_PART: broken(how, sheet(TWO_CELLS))}))
    assert isinstance(found, Refusal)
    assert found.code in ("safety_damaged", "safety_suspicious")


@pytest.mark.parametrize("how", ["an end lost", "a stray ampersand", "cut off"])
@pytest.mark.parametrize("size", [30, 200, 5000])
def test_11_also_over_many_windows_and_behind_a_long_head(monkeypatch, how, size):
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", size)
    monkeypatch.setattr(container, "CHUNK", 16, raising=False)
    head = "<cols>" + "<col/>" * 5000 + "</cols>"
    whole = sheet(TWO_CELLS * 50).replace("<sheetData>", f"{head}<sheetData>")
    found = inspect(workbook({SHEET_PART: whole}))
    assert isinstance(found, Clearance), found
    assert isinstance(inspect(workbook({SHEET_PART: broken(how, whole)})), Refusal)


@pytest.mark.parametrize(
    ("before", "after"), [("</si>", ""), ("<t>", "<t>&"), ("</sst>", ""), ("<t>a", "<T>a")]
)
def test_11_a_table_of_strings_that_is_no_xml_is_damage(before, after):
    table = "<sst><si><t>a</t></si><si><t>b</t></si></sst>"
    parts = {SHEET_PART: sheet(), "xl/sharedStrings.xml": table}
    assert cleared(workbook(parts)).sheets
    assert (
        code_of(workbook(parts | {"xl/sharedStrings.xml": table.replace(before, after, 1)}))
        == "safety_damaged"
    )


@pytest.mark.parametrize("name", ["xl/worksheets/other.bin", "xl/media/picture.png", "xl/sheet"])
def test_11_a_sheet_under_another_name_is_held_to_the_same(name):
    assert isinstance(inspect(workbook({name: sheet()})), Clearance)
    assert code_of(workbook({name: broken("an end lost", sheet())})) == "safety_damaged"


@pytest.mark.parametrize("name", ["xl/drawings/vmlDrawing1.vml", "xl/styles.xml", "docProps/app.xml"])
@pytest.mark.parametrize("times", [1, 100_000])
def test_11_what_holds_no_values_may_be_sloppy(monkeypatch, name, times):
    """Old drawings hold HTML; they are not read."""
    monkeypatch.setattr(limits, "MAX_STRING_BYTES", 5000)
    assert cleared(workbook({name: "<xml>" + "<br>" * times + "</xml>"}))


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "us-ascii", "ASCII", "ISO-8859-1"])
def test_11_every_encoding_that_is_let_through_can_be_proved(encoding):
    whole = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\n{sheet(TWO_CELLS)}'
    assert cleared(workbook({SHEET_PART: whole})).sheets
    assert code_of(workbook({SHEET_PART: broken("an end lost", whole)})) == "safety_damaged"


def test_11_prefixes_comments_and_what_readers_pass_over_are_fine():
    whole = (
        f'\ufeff<?xml version="1.0"?><!-- made by hand --><x:worksheet xmlns:x="{SPREADSHEET}"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t><![CDATA[a < b]]></x:t></x:is></x:c></x:row>'
        "</x:sheetData><?pi x?></x:worksheet>\n"
    )
    assert cleared(workbook({SHEET_PART: whole})).sheets
