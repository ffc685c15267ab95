"""Files that were made to harm, or are odd, by kind. Each is the good return but for one thing."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from tests import formats
from tests.libreoffice import find_libreoffice
from tests.robustness import compound, mailed
from tests.robustness.good import ENTRY, MOMENT, RELATIONS, STRINGS, TYPES, good, packed, parts
from tests.robustness.mutants import changed

MIB = 1024 * 1024
CENTRAL, LOCAL, END = b"PK\1\2", b"PK\3\4", b"PK\5\6"
XML = tuple(name for name in parts() if name.endswith((".xml", ".rels")))

Made = Iterator[bytes]


def with_part(name: str, content: bytes) -> bytes:
    """The return with one part added, or put in place of its own."""
    return packed({**parts(), name: content})


def entry_sheet(old: bytes, new: bytes) -> bytes:
    """The return with something else in its entry sheet."""
    sheet = parts()[ENTRY]
    assert old in sheet, old
    return with_part(ENTRY, sheet.replace(old, new, 1))


def headers(mark: bytes) -> list[int]:
    """Where each header of this kind begins in the return."""
    data, found = good(), []
    at = data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def patched(*changes: tuple[int, str, int]) -> bytes:
    """The return with numbers written over: place, struct format, value."""
    data = bytearray(good())
    for at, form, value in changes:
        struct.pack_into(form, data, at, value)
    return bytes(data)


def number(at: int, form: str) -> int:
    """A number that stands in the return."""
    (found,) = struct.unpack_from(form, good(), at)
    return int(found)


# --- the zip container ------------------------------------------------------------------------------


def truncated() -> Made:
    """Cut short."""
    data = good()
    yield from (data[: len(data) * at // 60] for at in range(60))
    yield from (data[:-at] for at in range(1, 23))


def grown() -> Made:
    """Something glued in front or behind."""
    yield b"MZ" + bytes(510) + good()
    yield LOCAL + b" a program" + good()
    yield from (good() + tail for tail in (b"\0", b"\0" * 4096, good(), b"PK\5\6" + bytes(18)))


def wrong_sums() -> Made:
    """A checksum or size of the directory is not that of the part."""
    for at in headers(CENTRAL):
        yield patched((at + 16, "<L", number(at + 16, "<L") ^ 1))
        yield from (patched((at + 24, "<L", number(at + 24, "<L") + by)) for by in (-1, 1, 1_000_000))
        yield patched((at + 20, "<L", number(at + 20, "<L") + 40))
        yield patched((at + 42, "<L", number(at + 42, "<L") + 4))


def locked_entries() -> Made:
    """The flag of encryption, or another method of compression, in one header or both."""
    for here, there in zip(headers(LOCAL), headers(CENTRAL), strict=True):
        yield patched((here + 6, "<H", 1), (there + 8, "<H", 1))
        yield from (patched((here + 6, "<H", 1)), patched((there + 8, "<H", 1)))
        yield from (patched((here + 8, "<H", one), (there + 10, "<H", one)) for one in (12, 14, 93, 99))


def names() -> Made:
    """Parts with names that lead elsewhere."""
    odd = [
        "../evil.xml",
        "/etc/passwd",
        "xl/../../x",
        "..\\x.xml",
        "C:/x.xml",
        "C:\\x.xml",
        "//server/x",
        "a/./b",
        "x\1",
    ]
    yield from (with_part(name, b"<x/>") for name in odd)


def twins() -> Made:
    """A part that is there twice, in the same or another case."""
    for name in XML:
        for twin in (name, name.upper()):
            stand_in = "Q" * len(name)  # zipfile would warn
            yield with_part(stand_in, b"<x/>").replace(stand_in.encode(), twin.encode())


def overlaps() -> Made:
    """Two entries over the same bytes."""
    places = headers(CENTRAL)
    for one, other in pairwise(places):
        yield patched((other + 42, "<L", number(one + 42, "<L")))


def links() -> Made:
    """An entry that is a symbolic link."""
    stream = io.BytesIO(good())
    with zipfile.ZipFile(stream, "a") as archive:
        info = zipfile.ZipInfo("xl/link.xml", MOMENT)
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    yield stream.getvalue()


def streamed() -> Made:
    """Written in one go: sizes behind each part (data descriptors)."""

    class Pipe(io.RawIOBase):
        """Takes bytes, and cannot go back."""

        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            """It can be written to."""
            return True

        def write(self, data: bytes) -> int:
            """Take some bytes."""
            self.taken += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content)
    yield bytes(pipe.taken)
    yield packed(parts(), zipfile.ZIP_STORED)


def bombs() -> Made:
    """Small files that grow."""
    yield from (with_part(name, bytes(64 * MIB)) for name in ("xl/media/image1.png", ENTRY, STRINGS, TYPES))
    nested = good()
    for _ in range(5):
        nested = packed({"inner.zip": nested})
    yield with_part("xl/media/a.zip", nested)
    yield packed({**parts(), **{f"xl/media/{at}.bin": b"" for at in range(2001)}})
    rng = Random(1)
    hidden = zlib.compress(bytes(200 * MIB), 9)[2:-4]
    yield with_part("xl/x.bin", hidden)
    yield with_part(ENTRY, parts()[ENTRY] + rng.randbytes(MIB))


# --- XML -------------------------------------------------------------------------------------------


def entities() -> Made:
    """Entities that expand, or lead to files and addresses, in each part."""
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    kinds = [
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>',
        '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
    ]
    for name in XML:
        content = parts()[name]
        at = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
        yield from (with_part(name, content[:at] + kind.encode() + content[at:]) for kind in kinds)


def encodings() -> Made:
    """Parts in another encoding than the name of a tag is looked for in."""
    for name in XML:
        content = parts()[name].decode()
        yield from (
            with_part(name, content.encode(one)) for one in ("utf-16", "utf-16-be", "utf-32", "utf-8-sig")
        )
        yield with_part(name, b'<?xml version="1.0" encoding="utf-7"?>' + content.partition("?>")[2].encode())


def missing() -> Made:
    """A part is not there, is empty, or has another name."""
    for name in parts():
        yield packed({key: one for key, one in parts().items() if key != name})
        yield with_part(name, b"")
        yield packed({("xl/other.xml" if key == name else key): one for key, one in parts().items()})


def far() -> Made:
    """Cells, rows and ranges beyond what a sheet has, or far from all others."""
    places = "XFD1048576 XFE1 A1048577 ZZZZ9 A0 A99999999999 A-1 a30000000 &#88;FD1 XFD9".split()
    for place in places:
        yield entry_sheet(b"</sheetData>", f'<row><c r="{place}"><v>1</v></c></row></sheetData>'.encode())
    for row in ("0", "1048577", "99999999999999999999", "-5", ""):
        yield entry_sheet(b"</sheetData>", f'<row r="{row}"><c><v>1</v></c></row></sheetData>'.encode())
    yield entry_sheet(b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row></sheetData>")


def many() -> Made:
    """Too many of something, or too large: merged ranges, formats, sheets, texts."""
    rng = Random(2)
    noise = rng.randbytes(MIB).hex().encode()
    end = b"</sheetData>"
    merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (at, at) for at in range(1, 100_002))
    yield entry_sheet(end, end + b"<mergeCells>" + merges + b"</mergeCells>")
    yield entry_sheet(end, end + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    rule = b'<cfRule type="expression"><formula>%d</formula></cfRule>'
    rule = b'<conditionalFormatting sqref="A1">' + rule + b"</conditionalFormatting>"
    yield entry_sheet(end, end + b"".join(rule % at for at in range(100_001)))
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d"/>' % (at, at + 100) for at in range(1001))
    book = "xl/workbook.xml"
    yield with_part(book, parts()[book].replace(b"</sheets>", sheets + b"</sheets>"))
    strings = parts()[STRINGS]
    long = strings.replace(b"</sst>", b"<si><t>" + noise + b"</t></si></sst>")
    yield with_part(STRINGS, long)
    at = strings.count(b"<si>")
    middle = strings.replace(b"</sst>", b"<si><t>" + noise[: MIB // 2] + b"</t></si></sst>")
    cells = b"".join(b'<c t="s"><v>%d</v></c>' % at for _ in range(2000))
    yield packed(
        {**parts(), STRINGS: middle, ENTRY: parts()[ENTRY].replace(end, b"<row>" + cells + b"</row>" + end)}
    )


def odd_values() -> Made:
    """Numbers that are none, indexes that lead nowhere, cells of unknown kinds."""
    cell = b'r="K6"'
    numbers = "1e400 -1e400 NaN INF -INF 1e-400 0x1F 1,5 1_000 - + . １２ &#49; --5 5e5e5 true".split()
    numbers += ["9" * 20, "9" * 400]
    for one in numbers:
        yield typed(cell, "n", one)
    for kind in ("s", "b", "d", "e", "str", "inlineStr", "x", ""):
        yield from (
            typed(cell, kind, one) for one in ("", "-1", "2", "999999", "1.5", "#N/A", "2024-13-45", "text")
        )


def typed(cell: bytes, kind: str, value: str) -> bytes:
    """The return with one answer written in another manner."""
    sheet = parts()[ENTRY]
    start = sheet.index(b"<c " + cell)
    end = sheet.index(b"</c>", start) + 4
    made = f'<c {cell.decode()} t="{kind}"><v>{value}</v></c>'.encode()
    return with_part(ENTRY, sheet[:start] + made + sheet[end:])


# --- what a workbook may hold besides ---------------------------------------------------------------


def active() -> Made:
    """Macros, links to other files, embedded documents and controls."""
    kinds = parts()[TYPES]
    macro = kinds.replace(b"spreadsheetml.sheet.main", b"X").replace(
        b"application/vnd.openxmlformats-officedocument.X+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    yield packed({**parts(), TYPES: macro, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)})
    yield packed({**parts(), "xl/macrosheets/sheet1.xml": b"<x/>"})
    yield packed({**parts(), "xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    yield packed({**parts(), "xl/connections.xml": b"<connections/>"})
    yield packed({**parts(), "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(600)})
    yield packed({**parts(), "xl/activeX/activeX1.xml": b"<x/>", "xl/activeX/activeX1.bin": bytes(60)})
    for target in ("http://192.0.2.1/x", "file:///etc/passwd", "../../../etc/passwd", "\\\\192.0.2.1\\x"):
        link = f'<Relationship Id="rId99" Type="x" TargetMode="External" Target="{target}"/></Relationships>'
        yield with_part(RELATIONS, parts()[RELATIONS].replace(b"</Relationships>", link.encode()))


# --- other kinds of file ---------------------------------------------------------------------------


def renamed() -> Made:
    """Another kind of file that was given the name of a workbook."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield from (b"", b"\0", b"PK", LOCAL, b"PK\5\6" + bytes(18), "施策,進捗\n".encode("cp932"))
    yield from (b"<html><table></table></html>", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + bytes(99), b"{\\rtf1}")
    yield from (
        b'<?xml version="1.0"?><Workbook/>',
        b"\x1f\x8b\x08" + bytes(20),
        b"MZ" + bytes(99),
        b"7z\xbc\xaf\x27\x1c",
    )
    yield from (packed({"readme.txt": b"x"}), packed({"word/document.xml": b"<w/>", TYPES: b"<Types/>"}))
    streams = ["Workbook", "Book", "WordDocument", "EncryptedPackage", "_VBA_PROJECT"]
    yield from (ole + bytes(504) + f"{one}\0".encode("utf-16-le") for one in streams)
    rng = Random(3)
    for size in (512, 4096, 65536):
        yield from (ole + rng.randbytes(size) + "Workbook\0".encode("utf-16-le") for _ in range(5))
    header = ole + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    for _ in range(10):
        numbers = [rng.choice([0, 1, 2, 0xFFFFFFFE, 0xFFFFFFFF, rng.randrange(1 << 32)]) for _ in range(118)]
        yield header + struct.pack("<118L", *numbers) + "Workbook\0".encode("utf-16-le") + rng.randbytes(1024)


def open_documents() -> Made:
    """OpenDocument sheets that repeat without end, and mutants of one."""
    repeated = formats.CELL.replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"', 1
    )
    row = "<table:table-row{}>{}</table:table-row>".format
    for times in (16_385, 9_999_999, 999_999_999, "9" * 30):
        yield formats.document(formats.content(formats.table(row("", repeated.format(times)))))
        yield formats.document(
            formats.content(formats.table(row("", formats.EMPTY.format(times) + formats.CELL)))
        )
        more = f' table:number-rows-repeated="{times}"'
        yield formats.document(formats.content(formats.table(row(more, formats.CELL))))
        yield formats.document(formats.content(formats.table(row(more, "") + formats.ROW)))
        spaces = formats.ROW.replace("答", f'<text:s text:c="{times}"/>')
        yield formats.document(formats.content(formats.table(spaces)))
    yield formats.document(formats.content(formats.table(), '<!DOCTYPE x [<!ENTITY a "aa">]>'))
    yield formats.document(formats.content(formats.table() * 1001))
    body = formats.content(formats.table()).encode()
    yield from (formats.document(changed(body, Random(seed))) for seed in range(40))


def binary_workbooks() -> Made:
    """Mutants of a workbook of the binary format, its records' lengths and counts included."""
    grid = [["format", "1"], ["plan", "sample"], ["period", "R6"], ["department", "D1"]]
    stamp = [*grid, ["issue", "x"], ["form_version", "x"]]
    whole = formats.binary(stamp, [["a", 1.0]] * 9, names=("_xlplan", "進捗報告"))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        made = {name: archive.read(name) for name in archive.namelist()}
    binaries = [name for name in made if name.endswith(".bin")]
    yield whole
    for seed in range(30):
        rng = Random(seed)
        name = rng.choice(binaries)
        yield packed({**made, name: changed(made[name], rng)})


KINDS: dict[str, Callable[[], Made]] = {
    "cut short": truncated,
    "glued in front or behind": grown,
    "wrong checksum, size or place": wrong_sums,
    "encryption flag, unknown compression": locked_entries,
    "names that lead elsewhere": names,
    "a part twice": twins,
    "entries over each other": overlaps,
    "a symbolic link": links,
    "data descriptors, no compression": streamed,
    "bombs": bombs,
    "entity expansion, external entities": entities,
    "other encodings": encodings,
    "a part missing, empty or renamed": missing,
    "far cells": far,
    "too many merges, formats, sheets, texts": many,
    "odd numbers and kinds of cell": odd_values,
    "macros, links, embedded objects": active,
    "other kinds of file, legacy and encrypted": renamed,
    ".ods: repeats without end, mutants": open_documents,
    ".xlsb: mutants": binary_workbooks,
    "encrypted: circles, sizes, rounds, passwords": compound.oddly_encrypted,
    "encrypted: what is inside": compound.oddly_filled,
    "encrypted: mutants": compound.encrypted_mutants,
    **mailed.LETTERS,
}
OLD_KINDS: dict[str, Callable[[], Made]] = {
    ".xls: mutants": compound.old_mutants,
    ".xls, encrypted: mutants": compound.old_encrypted_mutants,
}
"""Of a file that LibreOffice makes."""


def hostile() -> Iterator[tuple[str, bytes]]:
    """Every file with its kind."""
    for kind, make in (KINDS | (OLD_KINDS if find_libreoffice() else {})).items():
        yield from ((kind, data) for data in make())
