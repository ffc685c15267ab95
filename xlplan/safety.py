"""Look at the bytes of a workbook that came by mail, and refuse what is not an ordinary .xlsx or .xlsm.

The parsers that come after this module abort the whole process on an allocation that fails, which no
`except` catches; so every size that a file can ask for is checked here first, without parsing. Names of
parts are not believed (a relationship may call any part a sheet): every part is inflated once, in bounded
chunks, and searched with regular expressions that see what a reader would see, or more. Markup in comments
or CDATA can only make a figure larger. Every expression here is linear in what it searches.
"""

import re
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from xlplan.container import MIB, ZIP_MAGIC, Entry, Refusal, RefusedError, directory, inflate, refuse

__all__ = ["MAX_FILE_BYTES", "Clearance", "Refusal", "SheetTraits", "inspect"]

# DESIGN.md, "Safety limits": from 4,479 real workbooks; in brackets the worst of them.
MAX_FILE_BYTES = 50 * MIB  # (3.5 MiB)
MAX_CELLS = 5_000_000  # whole workbook (1.1 M)
MAX_SPARSE_BOX = 20_000_000  # cells of a sheet's bounding box, when over SPARSENESS times the filled (0.37 M)
SPARSENESS = 50
MAX_BOX = 50_000_000  # not in DESIGN.md: the fast reader takes 32 bytes a cell, so 50 times 5 M would be 8 GB
MAX_MERGES = 100_000  # (50,000)
MAX_MERGED_CELLS = 1_000_000
MAX_CONDITIONAL_FORMATS = 100_000  # (1,087)
MAX_STRING_BYTES = MIB  # one shared string, with its markup (47 KB)
MAX_EXPANSION_BYTES = 512 * MIB  # shared strings as often as cells refer to them
MAX_SHEETS = 1_000  # (53)
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # Excel's own, ECMA-376 part 1, 18.3.1.73 and 18.3.1.13
MAX_TYPES_BYTES = 8 * MIB  # [Content_Types].xml: 4 KB for each entry allowed

EXACT_ABOVE_BYTES = 4 * MIB  # expansion of one chunk that is worth the exact count

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_PARTS = re.compile(
    rb"spreadsheetml\.(?:sheet|template)\.main\+xml|ms-excel\.(?:sheet|template)\.macroenabled\.main\+xml"
)
BINARY_MAIN_PART = b"ms-excel.sheet.binary."
ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
ASCII_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1"}  # a tag is the same bytes in all
UTF16_HEADS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
MARKUP_NAMES = (".xml", ".rels", ".vml")
DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A pattern that begins with a plain sign is several times faster: hence the look-behinds.
PREFIXED = re.compile(rb":(?:c|row|si|sst|sheet|sheetData|mergeCell)[\s/>]")
PREFIX = re.compile(rb"<(/?)[^\s<>/!?:]+:")
SHEET = re.compile(rb"<sheet\s")
CELL_OR_ROW = re.compile(rb"<(?:c|row)[\s/>][^<]*")  # to the next tag: a ">" may stand in an attribute
REFERENCE = re.compile(rb"r(?<=\sr)\s*=\s*[\"']([A-Za-z]{0,4})0*([0-9]{0,8})")
ESCAPED = re.compile(rb"&[^\s<>\"']{0,20};")
# No XML has a `<` within a tag, but one reader takes it for a part of the tag: it hides the place that follows.
CUT_VALUE = re.compile(rb"=\s*(?:\"[^\"<]*<|'[^'<]*<|[^\"'\s])")
NOT_PLAIN = re.compile(rb"=(?!\"[^\"<]*\")")
CUT_TAG = re.compile(rb"[^>\s]\s*<")
ERROR_CELL = re.compile(rb"t(?<=\st)\s*=\s*[\"']e[\"']")
FORMULA = re.compile(rb"<f[\s/>]")
MERGE = re.compile(rb"<mergeCell\s[^<]*")
AREA = re.compile(rb"([A-Za-z]{1,4})0*([0-9]{1,8}):([A-Za-z]{1,4})0*([0-9]{1,8})")
CONDITIONAL = re.compile(rb"onditionalFormatting[\s/]")  # opening tags: they have attributes
CONDITIONAL_RULE = re.compile(rb"cfRule[\s/]")
STRING_TABLE = re.compile(rb"<sst[\s/>]")
RARE = re.compile(rb"<(?:!|sheet\s|sst[\s/>])")
"""Where DTD, SHEET and STRING_TABLE begin."""
STRING_ITEM = re.compile(rb"<si[\s/>]")
STRING_CELL = re.compile(rb"t(?<=\st)\s*=\s*[\"']s[\"']")
STRING_INDEX = re.compile(
    rb"<c\s(?:[^<>]{0,99}\s)?t=[\"']s[\"'][^<>]{0,99}>\s{0,9}<v>([0-9]{1,9})</v>\s{0,9}</c>"
)


@dataclass(frozen=True, slots=True)
class SheetTraits:
    """What the fast reader does not tell of a sheet: `t="e"` cells, and `<f` cells anywhere on it."""

    error_cells: bool
    formula_cells: bool


@dataclass(frozen=True, slots=True)
class Clearance:
    """The file may be parsed. Macros are never run, links never followed; both are disclosed.

    `sheets` is keyed by part name, as "xl/worksheets/sheet1.xml".
    """

    macros: bool
    external_links: bool
    embedded_objects: bool
    sheets: Mapping[str, SheetTraits]


@dataclass(slots=True)
class _Census:
    """What the parts read so far add up to; `strings` are the shared strings' bytes with markup."""

    cells: int = 0
    merges: int = 0
    merged_cells: int = 0
    conditional_formats: int = 0
    sheet_elements: int = 0
    expansion: int = 0
    strings: "array[int]" = field(default_factory=lambda: array("L"))
    longest: int = 0
    traits: dict[str, SheetTraits] = field(default_factory=dict)


@dataclass(slots=True)
class _Sheet:
    """One sheet part so far; `open_row` counts the cells of the row that the last window ended in."""

    row: int = 0
    column: int = 0
    row_elements: int = 0
    open_row: int = 0
    filled: int = 0
    errors: bool = False
    formulas: bool = False
    conditional: bool = False


def inspect(data: bytes) -> Clearance | Refusal:
    """Judge the whole bytes of one file, whatever its name says. Raises nothing, for any bytes."""
    try:
        return _inspect(data)
    except RefusedError as refused:
        return refused.refusal
    except (zlib.error, struct.error):
        return Refusal("safety_damaged")


def _inspect(data: bytes) -> Clearance:
    if not data:
        refuse("safety_empty")
    if len(data) > MAX_FILE_BYTES:
        refuse("safety_too_large", size=-(-len(data) // MIB), limit=MAX_FILE_BYTES // MIB)
    if data.startswith(OLE_MAGIC):
        _refuse_ole(data)
    if not data.startswith(ZIP_MAGIC):
        refuse("safety_not_workbook")
    entries = directory(data)
    types = _content_types(data, entries)
    census = _Census()
    # Shared strings first: their lengths are wanted when the cells that refer to them are counted.
    for entry in sorted(entries, key=lambda one: "sharedstrings" not in one.name.casefold()):
        _scan(entry.name, inflate(data, entry), census)
    names = [entry.name.casefold() for entry in entries]
    return Clearance(
        macros=b"vbaproject" in types or any("vbaproject.bin" in n or "/macrosheets/" in n for n in names),
        external_links=b"externallink" in types or any(n.endswith("/connections.xml") for n in names),
        embedded_objects=any("/embeddings/" in name or "/activex/" in name for name in names),
        sheets=census.traits,
    )


def _refuse_ole(data: bytes) -> NoReturn:
    """Compound files: an encrypted .xlsx, a legacy .xls, or something else ([MS-CFB] 2.6: UTF-16 names)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse("safety_password")
    if any(f"{name}\0".encode("utf-16-le") in data for name in ("Workbook", "Book")):
        refuse("safety_legacy")
    refuse("safety_not_workbook")


def _content_types(data: bytes, entries: list[Entry]) -> bytes:
    """[Content_Types].xml in lower case, when it names the main part of an Excel workbook."""
    entry = next((one for one in entries if one.name.casefold() == "[content_types].xml"), None)
    if entry is None:
        refuse("safety_not_workbook")
    if entry.size > MAX_TYPES_BYTES:
        refuse("safety_suspicious")
    types = b"".join(inflate(data, entry)).lower()
    if BINARY_MAIN_PART in types:
        refuse("safety_binary")
    if MAIN_PARTS.search(types) is None:
        refuse("safety_not_workbook")
    return types


def _scan(name: str, chunks: Iterable[bytes], census: _Census) -> None:
    """Add one part to the census; refuse what no reader should see."""
    sheet: _Sheet | None = None
    holds_strings = False
    markup: bool | None = None
    for window in _windows(chunks):
        if markup is None:
            markup = _is_markup(name, window)
        if PREFIXED.search(window):
            window = PREFIX.sub(rb"<\1", window)
        rare = (
            RARE.search(window) is not None
        )  # one search instead of three, for nearly every window has none
        if rare and markup and DTD.search(window):
            refuse("safety_suspicious")
        if rare:
            census.sheet_elements += len(SHEET.findall(window))
            _limit("safety_too_many_sheets", census.sheet_elements, MAX_SHEETS)
        if sheet is None and b"<sheetData" in window:
            sheet = _Sheet()
        if rare and not holds_strings and STRING_TABLE.search(window):
            holds_strings = True
            if census.strings:  # two tables: which one the cells mean is the reader's choice
                refuse("safety_suspicious")
        if (sheet or holds_strings) and len(window) > MAX_STRING_BYTES and window.find(b"<", 1) < 0:
            refuse("safety_long_text", limit=MAX_STRING_BYTES // 1024)
        if holds_strings:
            _count_strings(window, census)
        if sheet:
            _measure(window, sheet, census)
            _count_formats(window, sheet, census)
    if sheet:
        _judge_extent(sheet)
        census.traits[name] = SheetTraits(sheet.errors, sheet.formulas)


def _windows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut before a `<`, so that no tag is cut in two; a longer piece without one is given whole."""
    window = b""
    for chunk in chunks:
        if len(window) > MAX_STRING_BYTES:
            cut = window.rfind(b"<")
            cut = cut if cut > 0 else len(window)
            yield window[:cut]
            window = window[cut:]
        window += chunk
    yield window


def _is_markup(name: str, head: bytes) -> bool:
    """Whether the part is XML, by name or look; refuses encodings in which a tag is other bytes than in ASCII.

    An SVG picture may have a DOCTYPE: nothing below xl/media is read.
    """
    named = name.casefold().endswith(MARKUP_NAMES)
    if head.startswith(UTF16_HEADS) or (named and b"\0" in head[:4]):
        refuse("safety_suspicious")
    declared = ENCODING.match(head)
    if declared and declared[1].lower() not in ASCII_ENCODINGS:
        refuse("safety_suspicious")
    looks = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return named or (looks and not name.casefold().startswith("xl/media/"))


def _measure(window: bytes, sheet: _Sheet, census: _Census) -> None:
    """Cells, extents and traits. A cell or row without `r` stands after the one before: hence the counts."""
    tags = b"".join(CELL_OR_ROW.findall(window))
    per_row = [row.count(b"<c") for row in tags.split(b"<row")]
    cells = sum(per_row)
    census.cells += cells
    _limit("safety_too_many_cells", census.cells, MAX_CELLS)
    sheet.filled += max(0, cells - tags.count(b"/>"))
    per_row[0] += sheet.open_row
    sheet.open_row = per_row[-1]
    sheet.row_elements += len(per_row) - 1
    places = REFERENCE.findall(tags)
    sheet.row = max(
        sheet.row, sheet.row_elements, *(int(one or b"0") for one in {digits for _, digits in places})
    )
    sheet.column = max(sheet.column, *per_row, *map(_column, {letters for letters, _ in places}))
    _refuse_cut_tags(tags + b"<")
    if b"&" in tags and ESCAPED.search(tags):  # nothing in these tags needs escaping, but it can hide a place
        refuse("safety_suspicious")
    sheet.errors = sheet.errors or ERROR_CELL.search(tags) is not None
    sheet.formulas = sheet.formulas or FORMULA.search(window) is not None
    if cells:
        _count_expansion(window, tags, cells, census)


def _refuse_cut_tags(tags: bytes) -> None:
    """Refuse a tag that goes on behind a `<`."""
    loose = tags.count(b"<") > tags.count(b"><") + 1  # spaces between the tags, at best
    if (NOT_PLAIN.search(tags) and CUT_VALUE.search(tags)) or (loose and CUT_TAG.search(tags)):
        refuse("safety_suspicious")


def _column(letters: bytes) -> int:
    """1-based number of a column, 0 for no letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _judge_extent(sheet: _Sheet) -> None:
    """A reader makes a dense range from A1 to the last row and column, whatever stands between."""
    box = sheet.row * sheet.column
    sparse = box > MAX_SPARSE_BOX and box > SPARSENESS * sheet.filled
    if sheet.row > MAX_ROW or sheet.column > MAX_COLUMN or sparse or box > MAX_BOX:
        refuse("safety_far_cell", rows=sheet.row, columns=sheet.column)


def _count_formats(window: bytes, sheet: _Sheet, census: _Census) -> None:
    """Merged ranges (one reader makes an object for every cell of them) and conditional formats."""
    # Both stand behind the cells: to find where is faster than to search all of them.
    at = window.find(b"<mergeCell")
    merges = MERGE.findall(window, at) if at >= 0 else ()
    if merges:
        census.merges += len(merges)
        _limit("safety_too_many_merges", census.merges, MAX_MERGES)
        for left, top, right, bottom in AREA.findall(b" ".join(merges)):
            width = abs(_column(right) - _column(left)) + 1
            census.merged_cells += width * (abs(int(bottom) - int(top)) + 1)
        _limit("safety_too_many_merges", census.merged_cells, MAX_MERGED_CELLS)
    at = 0 if sheet.conditional else window.find(b"onditionalFormatting")
    if at >= 0:
        sheet.conditional = True
        found = max(len(CONDITIONAL.findall(window, at)), len(CONDITIONAL_RULE.findall(window, at)))
        census.conditional_formats += found
        _limit("safety_too_many_formats", census.conditional_formats, MAX_CONDITIONAL_FORMATS)


def _count_strings(window: bytes, census: _Census) -> None:
    """The length of each shared string, with its markup: never less than the text itself."""
    first, *others = map(len, STRING_ITEM.split(window))
    if census.strings:
        census.strings[-1] += first
    census.strings.extend(others)
    _limit("safety_too_many_cells", len(census.strings), MAX_CELLS)
    census.longest = max(census.longest, *census.strings[-len(others) - 1 :], 0)
    if census.longest > MAX_STRING_BYTES:
        refuse("safety_long_text", limit=MAX_STRING_BYTES // 1024)


def _count_expansion(window: bytes, tags: bytes, cells: int, census: _Census) -> None:
    """What the cells' shared strings come to when each cell gets its own copy, as the fast reader makes them.

    Cells times the longest string bounds it cheaply. Where that is much, plainly written references are
    looked up one by one, and any other still counts as one to the longest string.
    """
    size = cells * census.longest
    if size > EXACT_ABOVE_BYTES:
        references = len(STRING_CELL.findall(tags))
        known = STRING_INDEX.findall(window)
        lengths, end = census.strings, len(census.strings)
        size = sum(lengths[index] for index in map(int, known) if index < end)
        size += max(0, references - len(known)) * census.longest
    census.expansion += size
    if census.expansion > MAX_EXPANSION_BYTES:
        refuse("safety_expands", limit=MAX_EXPANSION_BYTES // MIB)


def _limit(code: str, count: int, limit: int) -> None:
    if count > limit:
        refuse(code, count=count, limit=limit)
