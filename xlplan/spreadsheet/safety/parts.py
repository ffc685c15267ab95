"""One streaming look at each XML part of an .xlsx or .xlsm: sizes, extents, counts, and what no reader should see.

Names of parts are not believed (a relationship may call any part a sheet): every part is searched with regular
expressions that see what a reader would see, or more. Markup in comments or CDATA can only make a figure larger.
Every expression here is linear in what it searches.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlplan.formula.addresses import column_number
from xlplan.formula.excel import MAX_COLUMNS
from xlplan.model.safety import SafetyCode
from xlplan.spreadsheet.safety import limits
from xlplan.spreadsheet.safety.limits import ENCODING, MIB, Proof, limit, refuse, refuse_extent

EXACT_ABOVE_BYTES = 4 * MIB  # expansion of one chunk that is worth the exact count

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
# One reader takes of a number what stands before a reference or comment, and drops the rest: 1&#50; becomes 1.
CUT_NUMBER = re.compile(rb"<v(?:\s[^<>]*)?>[^<&]*(?:&|<!)")
# Nor is a text's number in the table always taken whole: 1e400 becomes 1.
CUT_INDEX = re.compile(
    rb"t(?<=\st)\s*=\s*[\"']s[\"'][^<>]*>\s*<v(?:\s[^<>]*)?>(?!\s{0,9}[0-9]{1,9}\s{0,9}</v>)"
)
TEXT_CELL = re.compile(rb"t(?<=\st)\s*=\s*[\"']str[\"']")
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


@dataclass(slots=True)
class Census:
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
class _SheetCount:
    """One sheet part so far; `open_row` counts the cells of the row that the last window ended in.

    `bare_row` is the last of the rows that no cell has followed: LibreOffice ends a sheet of which rows were deleted
    with as many empty ones, up to row 1,048,576, for which no reader makes room.
    """

    row: int = 0
    bare_row: int = 0
    column: int = 0
    row_elements: int = 0
    open_row: int = 0
    filled: int = 0
    errors: bool = False
    formulas: bool = False
    conditional: bool = False


def scan(name: str, chunks: Iterable[bytes], census: Census) -> None:
    """Add one part to the census; refuse what no reader should see.

    Args:
        name: the part's name in the container, as "xl/worksheets/sheet1.xml".
        chunks: its inflated bytes, in pieces of any length; they are read to the end, once.
        census: what the parts of this file add up to, changed in place. Shared strings have to come before the sheets
            that refer to them.

    Raises:
        RefusedError: the part, or all parts together, are more than a limit allows, or not what a reader may see.
    """
    part = _Part(name, census)
    for window in _windows(chunks):
        part.add(window)
    part.finish()


class _Part:
    """One part being scanned: its windows come in order."""

    def __init__(self, name: str, census: Census) -> None:
        self.name, self.census = name, census
        self.sheet: _SheetCount | None = None
        self.holds_strings = False
        self.is_markup: bool | None = None
        self.proof = Proof()

    def add(self, window: bytes) -> None:
        """Count what the next window holds."""
        if self.is_markup is None:
            self.is_markup = _is_markup(self.name, window)
        raw = window
        if PREFIXED.search(window):
            window = PREFIX.sub(rb"<\1", window)
        # one search instead of three, for nearly every window has none
        if RARE.search(window) is not None:
            self._add_rare(window)
        if self.sheet is None and b"<sheetData" in window:
            self.sheet = _SheetCount()
        if self.holds_strings or self.sheet:
            _refuse_long_text(window)
        if self.holds_strings:
            _count_strings(window, self.census)
        if self.sheet:
            _measure(window, self.sheet, self.census)
            _refuse_cut_numbers(window)
            _count_formats(window, self.sheet, self.census)
        self.proof.add(raw, wanted=self.holds_strings or self.sheet is not None)

    def _add_rare(self, window: bytes) -> None:
        """Document types, elements of the list of sheets, the begin of a table of strings."""
        if self.is_markup and DTD.search(window):
            refuse(SafetyCode.SUSPICIOUS)
        self.census.sheet_elements += len(SHEET.findall(window))
        limit(SafetyCode.TOO_MANY_SHEETS, self.census.sheet_elements, limits.MAX_SHEETS)
        if not self.holds_strings and STRING_TABLE.search(window):
            self.holds_strings = True
            if self.census.strings:  # two tables: which one the cells mean is the reader's choice
                refuse(SafetyCode.SUSPICIOUS)

    def finish(self) -> None:
        """Judge the extent of a sheet, once all its windows are counted; and whether it is XML at all."""
        if (self.sheet or self.holds_strings) and not self.proof.holds():
            refuse(SafetyCode.DAMAGED)
        if self.sheet:
            refuse_extent(self.sheet.row, self.sheet.column, self.sheet.filled)
            refuse_extent(self.sheet.bare_row, 0, 0)
            self.census.traits[self.name] = SheetTraits(self.sheet.errors, self.sheet.formulas)


def _refuse_long_text(window: bytes) -> None:
    """Refuse a window that is one text: those of tags end at the next tag."""
    if len(window) > limits.MAX_STRING_BYTES and window.find(b"<", 1) < 0:
        refuse(SafetyCode.LONG_TEXT, limit=limits.MAX_STRING_BYTES // 1024)


def _windows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut before a `<`, so that no tag is cut in two; a longer piece without one is given whole."""
    window = b""
    for chunk in chunks:
        if len(window) > limits.MAX_STRING_BYTES:
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
        refuse(SafetyCode.SUSPICIOUS)
    declared = ENCODING.match(head)
    if declared and declared[1].lower() not in ASCII_ENCODINGS:
        refuse(SafetyCode.SUSPICIOUS)
    looks = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return named or (looks and not name.casefold().startswith("xl/media/"))


def _measure(window: bytes, sheet: _SheetCount, census: Census) -> None:
    """Cells, extents and traits. A cell or row without `r` stands after the one before: hence the counts."""
    tags = b"".join(CELL_OR_ROW.findall(window))
    per_row = [row.count(b"<c") for row in tags.split(b"<row")]
    cells = sum(per_row)
    census.cells += cells
    limit(SafetyCode.TOO_MANY_CELLS, census.cells, limits.MAX_CELLS)
    sheet.filled += max(0, cells - tags.count(b"/>"))
    per_row[0] += sheet.open_row
    sheet.open_row = per_row[-1]
    sheet.row_elements += len(per_row) - 1
    behind = tags.find(b"<", tags.rfind(b"<c") + 1) if cells else 0
    filled, bare = (tags[:behind], tags[behind:]) if behind >= 0 else (tags, b"")
    places = REFERENCE.findall(filled)
    if cells:
        sheet.row, sheet.bare_row = max(sheet.row, sheet.bare_row, _last_row(places)), 0
    sheet.row = max(sheet.row, sheet.row_elements)
    sheet.bare_row = max(sheet.bare_row, _last_row(REFERENCE.findall(bare)))
    sheet.column = max(sheet.column, *per_row, *map(column_of, {letters for letters, _ in places}))
    _refuse_cut_tags(tags + b"<")
    if b"&" in tags and ESCAPED.search(tags):  # nothing in these tags needs escaping, but it can hide a place
        refuse(SafetyCode.SUSPICIOUS)
    sheet.errors = sheet.errors or ERROR_CELL.search(tags) is not None
    sheet.formulas = sheet.formulas or FORMULA.search(window) is not None
    if cells:
        _count_expansion(window, tags, cells, census)


def _last_row(places: Iterable[tuple[bytes, bytes]]) -> int:
    return max((int(digits or b"0") for digits in {digits for _, digits in places}), default=0)


def _refuse_cut_numbers(window: bytes) -> None:
    """Refuse a value of which a part could be lost; the text of a formula may hold references."""
    for found in CUT_NUMBER.finditer(window):
        tag = window[window.rfind(b"<c", 0, found.start()) : found.start()]
        if found[0].endswith(b"!") or TEXT_CELL.search(tag) is None:
            refuse(SafetyCode.SUSPICIOUS)
    if CUT_INDEX.search(window):
        refuse(SafetyCode.SUSPICIOUS)


def _refuse_cut_tags(tags: bytes) -> None:
    """Refuse a tag that goes on behind a `<`."""
    loose = tags.count(b"<") > tags.count(b"><") + 1  # spaces between the tags, at best
    if (NOT_PLAIN.search(tags) and CUT_VALUE.search(tags)) or (loose and CUT_TAG.search(tags)):
        refuse(SafetyCode.SUSPICIOUS)


def column_of(letters: bytes) -> int:
    """1-based number of a column, 0 for no letters; for more than three the first that no sheet has."""
    if len(letters) > 3:
        return MAX_COLUMNS + 1
    return column_number(letters.upper().decode()) if letters else 0


def _count_formats(window: bytes, sheet: _SheetCount, census: Census) -> None:
    """Merged ranges (one reader makes an object for every cell of them) and conditional formats."""
    # Both stand behind the cells: to find where is faster than to search all of them.
    at = window.find(b"<mergeCell")
    merges = MERGE.findall(window, at) if at >= 0 else ()
    if merges:
        census.merges += len(merges)
        limit(SafetyCode.TOO_MANY_MERGES, census.merges, limits.MAX_MERGES)
        for left, top, right, bottom in AREA.findall(b" ".join(merges)):
            width = abs(column_of(right) - column_of(left)) + 1
            census.merged_cells += width * (abs(int(bottom) - int(top)) + 1)
        limit(SafetyCode.TOO_MANY_MERGES, census.merged_cells, limits.MAX_MERGED_CELLS)
    at = 0 if sheet.conditional else window.find(b"onditionalFormatting")
    if at >= 0:
        sheet.conditional = True
        found = max(len(CONDITIONAL.findall(window, at)), len(CONDITIONAL_RULE.findall(window, at)))
        census.conditional_formats += found
        limit(SafetyCode.TOO_MANY_FORMATS, census.conditional_formats, limits.MAX_CONDITIONAL_FORMATS)


def _count_strings(window: bytes, census: Census) -> None:
    """The length of each shared string, with its markup: never less than the text itself."""
    first, *others = map(len, STRING_ITEM.split(window))
    if census.strings:
        census.strings[-1] += first
    census.strings.extend(others)
    limit(SafetyCode.TOO_MANY_CELLS, len(census.strings), limits.MAX_CELLS)
    census.longest = max(census.longest, *census.strings[-len(others) - 1 :], 0)
    if census.longest > limits.MAX_STRING_BYTES:
        refuse(SafetyCode.LONG_TEXT, limit=limits.MAX_STRING_BYTES // 1024)


def _count_expansion(window: bytes, tags: bytes, cells: int, census: Census) -> None:
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
    if census.expansion > limits.MAX_EXPANSION_BYTES:
        refuse(SafetyCode.EXPANDS, limit=limits.MAX_EXPANSION_BYTES // MIB)
