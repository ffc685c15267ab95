"""Workbooks of other formats, written by hand: .xlsb, which LibreOffice cannot write, and .ods with anything in it."""

import io
import struct
import zipfile
from collections.abc import Sequence


def record(number: int, content: bytes = b"") -> bytes:
    """A record of the binary format ([MS-XLSB] 2.1.4)."""
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size, length = len(content), b""
    while True:
        size, digit = size >> 7, size & 127
        length += bytes([digit | 128 if size else digit])
        if not size:
            return head + length + content


def wide(text: str) -> bytes:
    """A string of the binary format."""
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def binary_sheet(grid: Sequence[Sequence[object]]) -> bytes:
    """The part of one sheet."""
    width = max(map(len, grid))
    made = record(129) + record(148, struct.pack("<4L", 0, len(grid) - 1, 0, width - 1)) + record(145)
    for at, line in enumerate(grid):
        made += record(0, struct.pack("<L", at) + bytes(13))
        for column, value in enumerate(line):
            place = struct.pack("<2L", column, 0)
            if isinstance(value, int | float):
                made += record(5, place + struct.pack("<d", value))
            elif value:
                made += record(6, place + wide(str(value)))
    return made + record(146) + record(130)


def binary(*sheets: Sequence[Sequence[object]], names: Sequence[str] = ("a",)) -> bytes:
    """A workbook of the binary format."""
    bundles = b"".join(
        record(156, struct.pack("<2L", 0, at) + wide(f"rId{at}") + wide(name))
        for at, name in enumerate(names, 1)
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(sheets) + 1)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
        archive.writestr(
            "[Content_Types].xml", f'<Types><Default Extension="bin" ContentType="{main}"/></Types>'
        )
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        book = record(131) + record(153, bytes(12)) + record(143) + bundles + record(144)
        archive.writestr("xl/workbook.bin", book + record(157, bytes(26)) + record(132))
        for at, grid in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", binary_sheet(grid))
    return stream.getvalue()


SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
CELL = '<table:table-cell office:value-type="string"><text:p>答</text:p></table:table-cell>'
ROW = f"<table:table-row>{CELL}</table:table-row>"
EMPTY = '<table:table-cell table:number-columns-repeated="{}"/>'
MANIFEST = '<manifest:manifest xmlns:manifest="urn:m"/>'


def table(rows: str = ROW) -> str:
    """One sheet."""
    return f'<table:table table:name="回答">{rows}</table:table>'


def content(tables: str, before: str = "") -> str:
    """The content of an OpenDocument spreadsheet."""
    spaces = "".join(f' xmlns:{one}="urn:{one}"' for one in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return f"{before}<office:document-content{spaces}>{body}</office:document-content>"


def document(body: str | bytes, **more: str) -> bytes:
    """An OpenDocument spreadsheet; `more` parts by name, `_` for `/`."""
    parts = {"mimetype": SPREADSHEET, "META-INF/manifest.xml": MANIFEST, "content.xml": body}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, **{key.replace("_", "/"): one for key, one in more.items()}}.items():
            archive.writestr(name, part)
    return stream.getvalue()
