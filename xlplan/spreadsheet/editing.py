"""A few cells of a workbook that is not ours changed, and nothing else of it.

The XML of a sheet is changed where the cells stand: what people have added (sheets, notes, charts) is not read, so it
cannot be lost. Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from xml.parsers import expat
from xml.sax.saxutils import escape

from xlplan.formula.addresses import cell_address, column_letters, column_number, split_address
from xlplan.formula.excel import DAYS_TO_1904, SERIAL_DAY_ZERO
from xlplan.spreadsheet.parts import Parts

Written = str | int | float | date

_TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_ATTRIBUTE = re.compile(rb"\s([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_COL = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_HEIGHT = re.compile(rb"\s(?:ht|customHeight)=[\"'][^\"']*[\"']")
_RESULT = re.compile(rb"<(?:\w+:)?v>[^<]*</(?:\w+:)?v>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>/]")
_AREAS = re.compile(
    rb"(<(?:\w+:)?(?:conditionalFormatting|dataValidation)\s[^<>]*?\bsqref=\"|<(?:\w+:)?autoFilter\s[^<>]*?\bref=\""
    rb"|<xm:sqref>)([^\"<]+)"
)
_AREA = re.compile(rb"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")
_CALCULATION = re.compile(rb"(<(?:\w+:)?calcPr)\b(?![^<>]*fullCalcOnLoad)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NEW_COLUMN_WIDTH = 18


class UneditableError(Exception):
    """A sheet, or a cell that was to be changed, is written in such a way that it cannot be changed by itself."""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What is to stand in one cell, 1-based; `like` are row and column of the one whose look it takes else."""

    row: int
    column: int
    value: Written
    like: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SheetEdit:
    """The cells of one sheet to change; `last` are the last row and column of its table before."""

    sheet: str
    cells: Sequence[CellEdit]
    last: tuple[int, int]

    @property
    def grown(self) -> tuple[int, int]:
        """The last row and column of its table afterwards."""
        row, column = self.last
        return max(row, *(cell.row for cell in self.cells)), max(
            column, *(cell.column for cell in self.cells)
        )


class EditableBook:
    """A workbook of which cells are to be changed."""

    def __init__(self, data: bytes) -> None:
        """The workbook `data`."""
        self._data = data
        self._parts = Parts(data)

    def used_columns(self, sheet: str) -> int:
        """The last column of a sheet in which anything stands, 1-based; 0 in an empty one."""
        return self._sheet(sheet).used_columns()

    def edited(self, edits: Sequence[SheetEdit], unsaved: Collection[str] = ()) -> bytes:
        """The workbook with cells changed; what reached to the last row of its table still does.

        Args:
            edits: The cells of each sheet.
            unsaved: Sheets whose formulas are to be worked out anew when the workbook is opened.

        Raises:
            UneditableError: a sheet is not one whose cells can be changed, or a cell holds a formula.
        """
        changed: dict[str, bytes] = {}
        for edit in edits:
            path = self._parts.path(edit.sheet)
            changed[path] = self._sheet(edit.sheet).edited(edit, from_1904=self._parts.from_1904)
            changed |= self._listed(path, edit)
        for name in unsaved:
            if (path := self._parts.path(name)) and path not in changed:
                changed[path] = _without_results(self._parts.other(path))
        book = self._parts.other("xl/workbook.xml")
        again = rb'\1 fullCalcOnLoad="1"'
        changed["xl/workbook.xml"] = _CALCULATION.sub(again, book)
        return self._rewritten(changed)

    def _sheet(self, name: str) -> "_Sheet":
        return _Sheet(self._parts.other(self._parts.path(name)))

    def _listed(self, path: str, edit: SheetEdit) -> dict[str, bytes]:
        """The parts of the spreadsheet's own tables that end in the last row, as far as the rows that are added."""
        folder, _, name = path.rpartition("/")
        relations = self._parts.other(f"{folder}/_rels/{name}.rels")
        found = {}
        for target in re.findall(rb"Target=[\"']([^\"']*/tables/[^\"']+)[\"']", relations):
            part = "xl/tables/" + target.decode().rpartition("/")[2]
            xml = self._parts.other(part)
            old, new = edit.last[0], edit.grown[0]
            found[part] = re.sub(
                rb"(\sref=[\"'][A-Z]+[0-9]+:[A-Z]+)%d(?=[\"'])" % old, rb"\g<1>%d" % new, xml
            )
        return found

    def _rewritten(self, changed: Mapping[str, bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self._data)) as old, zipfile.ZipFile(stream, "w") as new:
            for info in old.infolist():
                part = changed[info.filename] if info.filename in changed else old.read(info)
                new.writestr(info, part, compress_type=info.compress_type)
        return stream.getvalue()


# --- one sheet -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a cell stands in the XML, and the number of its look."""

    start: int
    end: int
    style: bytes


@dataclass(slots=True)
class _Row:
    """Where a row begins in the XML, where its cells begin and end (0: its tag closes itself), and they by column."""

    start: int
    inside: int
    end: int
    style: bytes
    cells: dict[int, _Cell] = field(default_factory=dict)


_Splice = tuple[int, int, int, int, bytes]
"""From where to where in the XML something is put, for which row and column (0 for a whole row), and what."""


class _Sheet:
    """The XML of one sheet, with where its rows and cells stand."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.rows: dict[int, _Row] = {}
        self._prefix = ""
        self._cells_begin = self._cells_end = 0
        self._open = (0, 0)  # the row and column that is being read
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._begins, self._ends
        try:
            xml.decode()
            self._parser.Parse(xml, True)
        except (UnicodeDecodeError, expat.ExpatError) as error:
            raise UneditableError from error
        if not self._cells_end:
            raise UneditableError

    def _tag(self) -> tuple[int, int, bool]:
        """Where the tag begins and ends that is being read, and whether it closes itself."""
        start = self._parser.CurrentByteIndex
        found = _TAG.match(self.xml, start)
        end = found.end() if found else start
        return start, end, self.xml[end - 2 : end] == b"/>"

    def _begins(self, name: str, attributes: Mapping[str, str]) -> None:
        prefix, _, tag = name.rpartition(":")
        start, end, closed = self._tag()
        row, column = self._open
        match tag:
            case "sheetData" if not closed:
                self._prefix, self._cells_begin = prefix and f"{prefix}:", end
            case "row":
                row = int(attributes.get("r") or row + 1)
                style = attributes.get("s", "") if attributes.get("customFormat") in ("1", "true") else ""
                self.rows[row], self._open = _Row(start, end, 0, style.encode()), (row, 0)
            case "c" if self.rows:
                letters = split_address(attributes["r"])[0] if "r" in attributes else ""
                column = column_number(letters) if letters else column + 1
                self.rows[row].cells[column] = _Cell(start, end, attributes.get("s", "").encode())
                self._open = row, column

    def _ends(self, name: str) -> None:
        at, (row, column) = self._parser.CurrentByteIndex, self._open
        match name.rpartition(":")[2]:
            case "sheetData" if self._cells_begin:
                self._cells_end = at
            case "row" if self.rows and self.xml[self.rows[row].inside - 2 : self.rows[row].inside] != b"/>":
                self.rows[row].end = at
            case "c" if self.rows:
                cell = self.rows[row].cells[column]
                if self.xml[cell.end - 2 : cell.end] != b"/>":
                    end = self.xml.index(b">", at) + 1
                    self.rows[row].cells[column] = _Cell(cell.start, end, cell.style)

    def used_columns(self) -> int:
        """The last column in which anything stands."""
        every = ((column, cell) for row in self.rows.values() for column, cell in row.cells.items())
        filled = (column for column, cell in every if _FILLED.search(self.xml, cell.start, cell.end))
        return max(filled, default=0)

    def edited(self, edit: SheetEdit, *, from_1904: bool) -> bytes:
        """The XML with the cells of an edit; days count from 1904 where `from_1904`."""
        by_row: dict[int, list[CellEdit]] = {}
        for cell in sorted(edit.cells, key=lambda cell: cell.column):
            by_row.setdefault(cell.row, []).append(cell)
        parts, place = [self._head(edit)], self._cells_begin
        for start, end, _, _, written in sorted(self._splices(by_row, from_1904)):
            parts += [self.xml[place:start], written]
            place = end
        return b"".join((*parts, self.xml[place : self._cells_end], self._rest(edit)))

    def _splices(self, by_row: Mapping[int, Sequence[CellEdit]], from_1904: bool) -> Iterator[_Splice]:
        for number, cells in by_row.items():
            written = [(cell.column, self._written(cell, from_1904)) for cell in cells]
            row, whole = self.rows.get(number), b"".join(xml for _, xml in written)
            tag = f"{self._prefix}row".encode()
            if row is None:
                later = (known.start for other, known in sorted(self.rows.items()) if other > number)
                at = next(later, self._cells_end)
                look = self._height(cells[0].like[0])
                yield at, at, number, 0, b'<%b r="%d"%b>%b</%b>' % (tag, number, look, whole, tag)
            elif not row.end:
                opened = self.xml[row.start : row.inside].removesuffix(b"/>")
                yield row.start, row.inside, number, 0, b"%b>%b</%b>" % (opened, whole, tag)
            else:
                for column, xml in written:
                    at, upto = self._place(row, column)
                    yield at, upto, number, column, xml

    def _height(self, row: int) -> bytes:
        """The height that a row has set, as it is written; empty where it has none."""
        known = self.rows.get(row)
        found = _HEIGHT.findall(self.xml, known.start, known.inside) if known else []
        return b"".join(found) if len(found) == 2 else b""

    def _place(self, row: _Row, column: int) -> tuple[int, int]:
        """From where to where a cell stands in its row, or is to stand.

        Raises:
            UneditableError: it holds a formula.
        """
        if known := row.cells.get(column):
            if _FORMULA.search(self.xml, known.start, known.end):
                raise UneditableError
            return known.start, known.end
        at = next((cell.start for other, cell in sorted(row.cells.items()) if other > column), row.end)
        return at, at

    def _written(self, cell: CellEdit, from_1904: bool) -> bytes:
        """The XML of a cell."""
        own = self.rows[cell.row].cells.get(cell.column) if cell.row in self.rows else None
        style = own.style if own else self._style(*cell.like)
        look = f' s="{style.decode()}"' if style else ""
        name, text = f"{self._prefix}c", cell.value
        address = cell_address(cell.row, cell.column)
        if isinstance(text, str):
            inner = f'<{self._prefix}is><{self._prefix}t xml:space="preserve">{_escaped(text)}'
            inner += f"</{self._prefix}t></{self._prefix}is>"
            return f'<{name} r="{address}"{look} t="inlineStr">{inner}</{name}>'.encode()
        number = _serial(text, from_1904) if isinstance(text, date) else text
        return f'<{name} r="{address}"{look}><{self._prefix}v>{number!r}</{self._prefix}v></{name}>'.encode()

    def _style(self, row: int, column: int) -> bytes:
        """The number of a cell's look: its own, its row's or its column's; empty where it has none."""
        known = self.rows.get(row)
        if known and column in known.cells:
            return known.cells[column].style
        if known and known.style:
            return known.style
        for tag in _COL.findall(self.xml, 0, self._cells_begin):
            width = _attributes(tag)
            if int(width[b"min"]) <= column <= int(width[b"max"]):
                return width.get(b"style", b"")
        return b""

    def _head(self, edit: SheetEdit) -> bytes:
        """What stands before the cells: the columns that are added have a width."""
        head, (_, last), (_, column) = self.xml[: self._cells_begin], edit.last, edit.grown
        widths = [_attributes(tag) for tag in _COL.findall(head)]
        wide = max((int(width[b"max"]) for width in widths), default=0)
        if column > last and widths and wide < column:
            col = b'<%bcol min="%d" max="%d" width="%d" customWidth="1"/>'
            made = col % (self._prefix.encode(), max(last, wide) + 1, column, _NEW_COLUMN_WIDTH)
            ends = f"</{self._prefix}cols>".encode()
            head = head.replace(ends, made + ends, 1)
        return re.sub(rb"<(?:\w+:)?dimension\s[^<>]*/>", b"", head)

    def _rest(self, edit: SheetEdit) -> bytes:
        """What stands behind the cells: what reached to the table's last row or column still does."""
        (row, column), (new_row, new_column) = edit.last, edit.grown

        def grown(area: re.Match[bytes]) -> bytes:
            left, top, right, bottom = area.groups()
            deep, wide = int(bottom), column_number(right.decode())
            if int(top) <= row <= deep:
                deep = max(deep, new_row)
            if wide == column and left != right:
                wide = new_column
            return b"%b%b:%b%d" % (left, top, column_letters(wide).encode(), deep)

        return _AREAS.sub(lambda found: found[1] + _AREA.sub(grown, found[2]), self.xml[self._cells_end :])


def _attributes(tag: bytes) -> Mapping[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _escaped(text: str) -> str:
    """A text as XML takes it, signs that it does not take as Excel writes them: _x000B_."""
    return escape(_NOT_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text))


def _serial(day: date, from_1904: bool) -> float:
    """A day, or moment, as the number that a cell has for it."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    passed = moment - SERIAL_DAY_ZERO - timedelta(days=DAYS_TO_1904 * from_1904)
    return passed.days + passed.seconds / 86400 if passed.seconds else passed.days


def _without_results(xml: bytes) -> bytes:
    """A sheet whose formulas have no saved result: every program works them out when it opens them."""
    parts, at = [], 0
    for row in _Sheet(xml).rows.values():
        for cell in row.cells.values():
            written = xml[cell.start : cell.end]
            if _FORMULA.search(written):
                parts += [xml[at : cell.start], _RESULT.sub(b"", written)]
                at = cell.end
    return b"".join((*parts, xml[at:]))
