"""Look at the bytes of a workbook that came by mail, and refuse what is not an ordinary .xlsx, .xlsm or .ods.

The parsers that come after this module abort the whole process on an allocation that fails, which no
`except` catches; so every size that a file can ask for is checked here first, without parsing. The formats whose
sizes cannot be seen without parsing (.xls, .xlsb) are cleared only for a process with limits of its own.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xlplan.model.codes import SafetyCode
from xlplan.spreadsheet.container import (
    MIB,
    ZIP_MAGIC,
    Entry,
    Refusal,
    RefusedError,
    directory,
    inflate,
    refuse,
)
from xlplan.spreadsheet.safety import limits, opendocument, parts
from xlplan.spreadsheet.safety.parts import SheetTraits

__all__ = ["OLE_MAGIC", "Clearance", "Kind", "Refusal", "SheetTraits", "inspect"]

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_MAGIC = b"%PDF-"
MAIN_PARTS = (b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")
MACRO_MAIN_PARTS = (b"ms-excel.sheet.macroenabled.main+xml", b"ms-excel.template.macroenabled.main+xml")
BINARY_MAIN_PART = b"ms-excel.sheet.binary."
TYPES_PART = "[content_types].xml"
BINARY_BOOK = "xl/workbook.bin"
KEPT_BYTES = 4 * MIB
"""Inflated bytes of a file that are kept for whoever reads it next: a return has a tenth of that."""


class Kind(StrEnum):
    """What a file is, whatever its name says. Of all but the first, formulas and error values are not told."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    XLSB = "xlsb"

    @property
    def unmeasured(self) -> bool:
        """Whether what it asks for cannot be seen without parsing: only a process with limits may do so."""
        return self in (Kind.XLS, Kind.XLSB)


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
    kind: Kind = Kind.XLSX
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
        refuse(SafetyCode.PDF if data.startswith(PDF_MAGIC) else SafetyCode.NOT_WORKBOOK)
    entries = {entry.name.casefold(): entry for entry in directory(data)}
    if TYPES_PART not in entries:
        return _open_document(data, entries)
    types = _content_types(data, entries)
    binary = BINARY_MAIN_PART in types
    if binary and not confined:
        refuse(SafetyCode.BINARY)
    if opendocument.CONTENT in entries or (BINARY_BOOK in entries and not binary):
        refuse(SafetyCode.SUSPICIOUS)  # a reader that fails with one kind goes on to try another
    return _office_workbook(data, entries, types, Kind.XLSB if binary else Kind.XLSX)


def _office_workbook(data: bytes, entries: Mapping[str, Entry], types: bytes, kind: Kind) -> Clearance:
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
    for entry in sorted(entries.values(), key=lambda one: "sharedstrings" not in one.name.casefold()):
        chunks: list[bytes] = []
        keeps = entry.size <= room
        parts.scan(entry.name, _noted(inflate(data, entry), chunks if keeps else None), census)
        if keeps:
            kept[entry.name] = b"".join(chunks)
            room -= entry.size
    return census.traits, kept


def _noted(chunks: Iterator[bytes], kept: list[bytes] | None) -> Iterator[bytes]:
    """The same chunks, put into `kept` as they pass."""
    for one in chunks:
        if kept is not None:
            kept.append(one)
        yield one


def _compound(data: bytes, confined: bool) -> Clearance:
    """Compound files: an encrypted .xlsx, a legacy .xls, or something else ([MS-CFB] 2.6: UTF-16 names)."""
    if _has_stream(data, "EncryptedPackage"):
        refuse(SafetyCode.PASSWORD)
    if not _has_stream(data, "Workbook") and not _has_stream(data, "Book"):
        refuse(SafetyCode.NOT_WORKBOOK)
    if not confined:
        refuse(SafetyCode.LEGACY)
    return Clearance(_has_stream(data, "_VBA_PROJECT"), False, False, kind=Kind.XLS)


def _has_stream(data: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in data


def _content_types(data: bytes, entries: Mapping[str, Entry]) -> bytes:
    """[Content_Types].xml in lower case, when it names the main part of an Excel workbook."""
    entry = entries[TYPES_PART]
    if entry.size > limits.MAX_TYPES_BYTES:
        refuse(SafetyCode.SUSPICIOUS)
    types = b"".join(inflate(data, entry)).lower()
    if not any(one in types for one in (*MAIN_PARTS, *MACRO_MAIN_PARTS, BINARY_MAIN_PART)):
        refuse(SafetyCode.NOT_WORKBOOK)
    return types


def _open_document(data: bytes, entries: Mapping[str, Entry]) -> Clearance:
    """An OpenDocument spreadsheet, as LibreOffice saves it (ODF 1.3 part 2: the package)."""
    mimetype, content = entries.get("mimetype"), entries.get(opendocument.CONTENT)
    if mimetype is None and content is None and not any(name.startswith("xl/") for name in entries):
        refuse(SafetyCode.ZIP, count=sum(not name.endswith("/") for name in entries))
    if mimetype is None or content is None or mimetype.size > max(map(len, opendocument.MIMETYPES)):
        refuse(SafetyCode.NOT_WORKBOOK)
    if b"".join(inflate(data, mimetype)) not in opendocument.MIMETYPES:
        refuse(SafetyCode.NOT_WORKBOOK)
    if any(name.startswith("xl/") for name in entries):
        refuse(SafetyCode.SUSPICIOUS)
    manifest = entries.get("meta-inf/manifest.xml")
    if manifest is None or manifest.size > limits.MAX_TYPES_BYTES:
        refuse(SafetyCode.SUSPICIOUS)
    if b"encryption-data" in b"".join(inflate(data, manifest)):
        refuse(SafetyCode.PASSWORD)
    _measured(data, entries)
    found = opendocument.scan(inflate(data, content))
    macros = any(name.startswith(("basic/", "scripts/")) for name in entries)
    return Clearance(macros, found.links, False, kind=Kind.ODS)
