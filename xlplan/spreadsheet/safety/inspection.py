"""Look at the bytes of a workbook that came by mail, and refuse what is not an ordinary .xlsx, .xlsm or .ods.

The parsers that come after this module abort the whole process on an allocation that fails, which no
`except` catches; so every size that a file can ask for is checked here first, without parsing. The formats whose
sizes cannot be seen without parsing (.xls, .xlsb) are cleared only for a process with limits of its own.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from xml.parsers import expat

from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.container import ZIP_MAGIC, Entry, directory, inflate
from xlplan.spreadsheet.safety import limits, parts
from xlplan.spreadsheet.safety.limits import MIB, Refusal, RefusedError, limit, refuse, refuse_extent
from xlplan.spreadsheet.safety.parts import SheetTraits

__all__ = ["OLE_MAGIC", "Clearance", "Refusal", "SheetTraits", "WorkbookKind", "inspect"]

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_MAGIC = b"%PDF-"
SHORTCUT_MAGIC = (b"L\0\0\0\x01\x14\x02\0", b"book\0\0\0\0mark\0\0\0\0")
"""How .lnk of Windows and aliases of macOS begin."""
SHORTCUT_SIGNS = (b"[internetshortcut]", b"[desktop entry]", b"<key>url</key>")
"""What stands in .url, .desktop and .webloc."""
SHORTCUT_WITHIN = 4096
MAIN_PARTS = (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")
MACRO_MAIN_PARTS = (b"ms-excel.sheet.macroenabled.main+xml", b"ms-excel.template.macroenabled.main+xml")
BINARY_MAIN_PART = b"ms-excel.sheet.binary."
TYPES_PART = "[content_types].xml"
BINARY_BOOK = "xl/workbook.bin"
KEPT_BYTES = 4 * MIB
"""Inflated bytes of a file that are kept for whoever reads it next: a return has a tenth of that."""


class WorkbookKind(StrEnum):
    """What a file is, whatever its name says. Of all but the first, formulas and error values are not told."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    XLSB = "xlsb"

    @property
    def unmeasured(self) -> bool:
        """Whether what it asks for cannot be seen without parsing: only a process with limits may do so."""
        return self in (WorkbookKind.XLS, WorkbookKind.XLSB)


@dataclass(frozen=True, slots=True)
class Clearance:
    """The file may be parsed. Macros are never run, links never followed; both are disclosed.

    `sheets` is keyed by part name, as "xl/worksheets/sheet1.xml"; empty for kinds that have no such parts. `inflated`
    are parts by name, as they were looked at: not all of a large file, but nobody has to inflate them again.
    """

    macros: bool
    external_links: bool
    embedded_objects: bool
    sheets: Mapping[str, SheetTraits] = field(default_factory=dict)
    kind: WorkbookKind = WorkbookKind.XLSX
    inflated: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def inspect(data: bytes, *, confined: bool = False) -> Clearance | Refusal:
    """Judge the whole bytes of one file, whatever its name says. Raises nothing, for any bytes.

    `confined`: the process has limits of memory and time, so that .xls and .xlsb are cleared as well.
    """
    try:
        return _inspect(data, confined)
    except RefusedError as refused:
        return refused.refusal
    except (zlib.error, struct.error):
        return Refusal(SafetyCode.DAMAGED)


def _inspect(data: bytes, confined: bool) -> Clearance:
    if not data:
        refuse(SafetyCode.EMPTY)
    if len(data) > limits.MAX_FILE_BYTES:
        refuse(SafetyCode.TOO_LARGE, size=-(-len(data) // MIB), limit=limits.MAX_FILE_BYTES // MIB)
    if data.startswith(OLE_MAGIC):
        return _compound(data, confined)
    if not data.startswith(ZIP_MAGIC):
        refuse(_of_no_workbook(data))
    entries = {entry.name.casefold(): entry for entry in directory(data)}
    if TYPES_PART not in entries:
        return _open_document(data, entries)
    types = _content_types(data, entries)
    binary = BINARY_MAIN_PART in types
    if binary and not confined:
        refuse(SafetyCode.BINARY)
    if DOCUMENT_CONTENT in entries or (BINARY_BOOK in entries and not binary):
        refuse(SafetyCode.SUSPICIOUS)  # a reader that fails with one kind goes on to try another
    return _office_workbook(data, entries, types, WorkbookKind.XLSB if binary else WorkbookKind.XLSX)


def _of_no_workbook(data: bytes) -> SafetyCode:
    """Why a file that is neither a zip nor a compound file is not opened."""
    if data.startswith(PDF_MAGIC):
        return SafetyCode.PDF
    begin = data[:SHORTCUT_WITHIN].replace(b"\0", b"").lower()
    shortcut = data.startswith(SHORTCUT_MAGIC) or any(sign in begin for sign in SHORTCUT_SIGNS)
    return SafetyCode.SHORTCUT if shortcut else SafetyCode.NOT_WORKBOOK


def _office_workbook(
    data: bytes, entries: Mapping[str, Entry], types: bytes, kind: WorkbookKind
) -> Clearance:
    sheets, inflated = _measured(data, entries)
    return Clearance(
        macros=b"vbaproject" in types or any("vbaproject.bin" in n or "/macrosheets/" in n for n in entries),
        external_links=b"externallink" in types or any(n.endswith("/connections.xml") for n in entries),
        embedded_objects=any("/embeddings/" in name or "/activex/" in name for name in entries),
        sheets=sheets,
        kind=kind,
        inflated=inflated,
    )


def _measured(
    data: bytes, entries: Mapping[str, Entry]
) -> tuple[Mapping[str, SheetTraits], Mapping[str, bytes]]:
    """What the sheets are like, and the parts that were kept."""
    census = parts.Census()
    kept: dict[str, bytes] = {}
    room = KEPT_BYTES
    # Shared strings first: their lengths are wanted when the cells that refer to them are counted.
    for entry in sorted(entries.values(), key=lambda part: "sharedstrings" not in part.name.casefold()):
        chunks: list[bytes] = []
        keeps = entry.size <= room
        parts.scan(entry.name, _noted(inflate(data, entry), chunks if keeps else None), census)
        if keeps:
            kept[entry.name] = b"".join(chunks)
            room -= entry.size
    return census.traits, kept


def _noted(chunks: Iterator[bytes], kept: list[bytes] | None) -> Iterator[bytes]:
    """The same chunks, put into `kept` as they pass."""
    for chunk in chunks:
        if kept is not None:
            kept.append(chunk)
        yield chunk


def _compound(data: bytes, confined: bool) -> Clearance:
    """Compound files: an encrypted .xlsx, a legacy .xls, or something else ([MS-CFB] 2.6: UTF-16 names)."""
    if _has_stream(
        data, "\tDRMContent"
    ):  # of an .xls ([MS-OFFCRYPTO] 2.2.10), beside a workbook that only says so
        refuse(SafetyCode.RIGHTS)
    if _has_stream(data, "EncryptedPackage"):
        # a password has its EncryptionInfo; rights management only names its transform ([MS-OFFCRYPTO] 1.3.2, 2.2)
        if _has_stream(data, "DataSpaces") and not _has_stream(data, "EncryptionInfo"):
            refuse(SafetyCode.RIGHTS)
        refuse(SafetyCode.PASSWORD)
    if not _has_stream(data, "Workbook") and not _has_stream(data, "Book"):
        refuse(SafetyCode.NOT_WORKBOOK)
    if not confined:
        refuse(SafetyCode.LEGACY)
    return Clearance(_has_stream(data, "_VBA_PROJECT"), False, False, kind=WorkbookKind.XLS)


def _has_stream(data: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in data


def _content_types(data: bytes, entries: Mapping[str, Entry]) -> bytes:
    """[Content_Types].xml in lower case, when it names the main part of an Excel workbook."""
    entry = entries[TYPES_PART]
    if entry.size > limits.MAX_TYPES_BYTES:
        refuse(SafetyCode.SUSPICIOUS)
    types = b"".join(inflate(data, entry)).lower()
    if not any(part in types for part in (*MAIN_PARTS, *MACRO_MAIN_PARTS, BINARY_MAIN_PART)):
        refuse(SafetyCode.NOT_WORKBOOK)
    return types


def _open_document(data: bytes, entries: Mapping[str, Entry]) -> Clearance:
    """An OpenDocument spreadsheet, as LibreOffice saves it (ODF 1.3 part 2: the package)."""
    mimetype, content = entries.get("mimetype"), entries.get(DOCUMENT_CONTENT)
    if mimetype is None and content is None and not any(name.startswith("xl/") for name in entries):
        refuse(SafetyCode.ZIP, count=sum(not name.endswith("/") for name in entries))
    if mimetype is None or content is None or mimetype.size > max(map(len, DOCUMENT_TYPES)):
        refuse(SafetyCode.NOT_WORKBOOK)
    if b"".join(inflate(data, mimetype)) not in DOCUMENT_TYPES:
        refuse(SafetyCode.NOT_WORKBOOK)
    if any(name.startswith("xl/") for name in entries):
        refuse(SafetyCode.SUSPICIOUS)
    manifest = entries.get("meta-inf/manifest.xml")
    if manifest is None or manifest.size > limits.MAX_TYPES_BYTES:
        refuse(SafetyCode.SUSPICIOUS)
    if b"encryption-data" in b"".join(inflate(data, manifest)):
        refuse(SafetyCode.PASSWORD)
    _measured(data, entries)
    found = _measured_content(inflate(data, content))
    macros = any(name.startswith(("basic/", "scripts/")) for name in entries)
    return Clearance(macros, found.links, False, kind=WorkbookKind.ODS)


# --- the content of an .ods ------------------------------------------------------------------------
# A cell, row or space of an OpenDocument sheet may say that it stands there a billion times over (ODF 1.3 part 3:
# `table:number-columns-repeated`, `table:number-rows-repeated`, `text:c`), and the fast reader makes that many of it.
# Names are taken as they are written, prefix and all, as that reader takes them; what is not well-formed XML, or has
# a document type, is refused.

DOCUMENT_CONTENT = "content.xml"
DOCUMENT_TYPES = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
_TABLE, _ROW, _CELLS = "table:table", "table:table-row", ("table:table-cell", "table:covered-table-cell")
_SPACES = "text:s"
_REPEATS = {_ROW: "table:number-rows-repeated", _SPACES: "text:c"}
_REPEATS |= dict.fromkeys(_CELLS, "table:number-columns-repeated")
_LINKS = ("table:table-source", "table:dde-link", "table:cell-range-source")
_REPEAT_DIGITS = 9


@dataclass(slots=True)
class _Content:
    """What the content read so far adds up to; of the sheet that is open, where its last row and cell stand.

    `row`, `column` count what was passed, empty or not; `rows`, `columns` reach to the last cell that holds something.
    `depth` is of nested sheets, `repeated` how often the open row and cell stand there.
    """

    sheets: int = 0
    cells: int = 0
    expansion: int = 0
    links: bool = False
    depth: int = 0
    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    filled: int = 0
    row_repeated: int = 1
    repeated: int = 1
    text: int = 0

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == _TABLE:
            self._begin_sheet()
        elif name == _ROW:
            self.row_repeated = _repeats(name, attributes)
            self.row += self.row_repeated
            self.column = self.text = 0
        elif name in _CELLS:
            self._begin_cell(_repeats(name, attributes), attributes)
        elif name == _SPACES:
            self.text += _repeats(name, attributes)
            self._limit_text()
        elif name in _LINKS:
            self.links = True

    def end(self, name: str) -> None:
        """An element ends."""
        if name == _TABLE:
            self.depth -= 1
            refuse_extent(self.rows, self.columns, self.filled)
        elif name in _CELLS:
            self.expansion += self.text * self.repeated * self.row_repeated
            self.text = 0
            if self.expansion > limits.MAX_EXPANSION_BYTES:
                refuse(SafetyCode.EXPANDS, limit=limits.MAX_EXPANSION_BYTES // MIB)

    def say(self, text: str) -> None:
        """Text stands here."""
        self.text += len(text.encode("utf-8", "replace"))
        self._limit_text()

    def _limit_text(self) -> None:
        if self.text > limits.MAX_STRING_BYTES:
            refuse(SafetyCode.LONG_TEXT, limit=limits.MAX_STRING_BYTES // 1024)

    def _begin_sheet(self) -> None:
        if self.depth:  # a sheet within a cell: no program in use writes it, and readers lose count
            refuse(SafetyCode.SUSPICIOUS)
        self.depth += 1
        self.sheets += 1
        limit(SafetyCode.TOO_MANY_SHEETS, self.sheets, limits.MAX_SHEETS)
        self.row = self.column = self.rows = self.columns = self.filled = 0

    def _begin_cell(self, repeated: int, attributes: Mapping[str, str]) -> None:
        self.column += repeated
        self.repeated = 0  # of an empty cell nothing is made but its place
        if any(name.startswith("office:") or name == "table:formula" for name in attributes):
            self.repeated = repeated
            self.text = sum(map(len, attributes.values()))
            self.rows, self.columns = self.row, max(self.columns, self.column)
            self.filled += repeated * self.row_repeated
            self.cells += repeated * self.row_repeated
            limit(SafetyCode.TOO_MANY_CELLS, self.cells, limits.MAX_CELLS)


def _measured_content(chunks: Iterable[bytes]) -> _Content:
    """Measure content.xml; refuse what no reader should see."""
    found = _Content()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = found.begin
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.say
    parser.StartDoctypeDeclHandler = _refuse_document_type
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > 2 * limits.MAX_STRING_BYTES:  # one tag without end
                refuse(SafetyCode.LONG_TEXT, limit=limits.MAX_STRING_BYTES // 1024)
        parser.Parse(b"", True)
    except expat.ExpatError:
        refuse(SafetyCode.DAMAGED)
    return found


def _repeats(name: str, attributes: Mapping[str, str]) -> int:
    written = attributes.get(_REPEATS[name], "1")
    if not (written.isascii() and written.isdigit() and len(written) <= _REPEAT_DIGITS):
        refuse(SafetyCode.SUSPICIOUS)
    return int(written)


def _refuse_document_type(*_: object) -> None:
    refuse(SafetyCode.SUSPICIOUS)
