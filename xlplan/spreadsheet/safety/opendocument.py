"""One streaming look at the content of an .ods: extents, cells and texts, with their repeats.

A cell, row or space of an OpenDocument sheet may say that it stands there a billion times over (ODF 1.3 part 3:
`table:number-columns-repeated`, `table:number-rows-repeated`, `text:c`), and the fast reader makes that many of it.
Names are taken as they are written, prefix and all, as that reader takes them; what is not well-formed XML, or has
a document type, is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from xlplan.model.codes import SafetyCode
from xlplan.spreadsheet.container import MIB, refuse
from xlplan.spreadsheet.safety import limits
from xlplan.spreadsheet.safety.limits import limit, refuse_extent

CONTENT = "content.xml"
MIMETYPES = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
TABLE, ROW, CELLS = "table:table", "table:table-row", ("table:table-cell", "table:covered-table-cell")
SPACES = "text:s"
REPEATS = {ROW: "table:number-rows-repeated", SPACES: "text:c"}
REPEATS |= dict.fromkeys(CELLS, "table:number-columns-repeated")
LINKS = ("table:table-source", "table:dde-link", "table:cell-range-source")
REPEAT_DIGITS = 9


@dataclass(slots=True)
class Content:
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
        if name == TABLE:
            self._begin_sheet()
        elif name == ROW:
            self.row_repeated = _repeats(name, attributes)
            self.row += self.row_repeated
            self.column = self.text = 0
        elif name in CELLS:
            self._begin_cell(_repeats(name, attributes), attributes)
        elif name == SPACES:
            self.text += _repeats(name, attributes)
            self._limit_text()
        elif name in LINKS:
            self.links = True

    def end(self, name: str) -> None:
        """An element ends."""
        if name == TABLE:
            self.depth -= 1
            refuse_extent(self.rows, self.columns, self.filled)
        elif name in CELLS:
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


def scan(chunks: Iterable[bytes]) -> Content:
    """Measure content.xml; refuse what no reader should see."""
    found = Content()
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
    written = attributes.get(REPEATS[name], "1")
    if not (written.isascii() and written.isdigit() and len(written) <= REPEAT_DIGITS):
        refuse(SafetyCode.SUSPICIOUS)
    return int(written)


def _refuse_document_type(*_: object) -> None:
    refuse(SafetyCode.SUSPICIOUS)
