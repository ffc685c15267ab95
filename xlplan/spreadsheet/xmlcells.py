"""What the fast reader does not tell of a sheet: a look into its XML.

python-calamine hides error values, gives a formula's value without a word, and knows nothing of protection,
validations, merged and hidden cells. Most of it is found by searching for a few bytes; the XML is parsed only where
that finds something. Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cached_property, lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import column_number, split_address
from xlplan.spreadsheet.references import with_references
from xlplan.spreadsheet.safety.parts import ERROR_CELL, FORMULA

_PLAIN_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*+><f(?:\s[^>]*+)?>([^<]*+)')
_ANY_FORMULA = re.compile(rb"<c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]+)([0-9]+)[\"'][^<>]*>\s*<f[\s/>]")
_PREFIXED = re.compile(rb":(?:sheetData|[cf])[\s/>]")
_PREFIX = re.compile(rb"<(/?)[\w.-]+:")
_HIDDEN_ROW = re.compile(rb"<row\s(?=[^<>]*\shidden=[\"'](?:1|true)[\"'])(?:[^<>]*\s)?r=[\"']([0-9]+)[\"']")
_COLUMN = re.compile(rb"<col\s[^<>]*>")
_MERGE = re.compile(rb"<mergeCell\s[^<>]*ref=[\"']([^\"']+)[\"']")
_PROTECTED = re.compile(rb"<sheetProtection\s(?:[^<>]*\s)?sheet=[\"'](?:1|true)[\"']")
_VALIDATED = re.compile(
    rb"<(?:\w+:)?dataValidation\b[^<>]*?(?:\ssqref=[\"']([^\"']+)[\"']|>.*?<(?:\w+:)?sqref>([^<>]+)<)",
    re.DOTALL,
)
_AREA = re.compile(rb"\$?\b([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?")
_ERROR_CELL = re.compile(
    rb"(<(?:\w+:)?c\s[^<>]*\bt=[\"']e[\"'][^<>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>)([^<>]*)(?=<)",
    re.DOTALL,
)
_KNOWN_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")

Area = tuple[int, int, int, int]
"""Left, top, right, bottom: 1-based, both ends included."""


@dataclass(frozen=True)
class SheetPart:
    """The XML of one sheet. Its cells are those of row `first` (1-based) and below."""

    xml: bytes
    first: int = 1
    may_hold_errors: bool = True

    @cached_property
    def _cells(self) -> tuple[int, int]:
        """Where the cells begin and end."""
        start = max(self.xml.find(b"<sheetData"), 0)
        row = re.compile(rb"<row\s(?:[^<>]*\s)?r=[\"']%d[\"']" % self.first).search(self.xml, start)
        return row.start() if row else start, max(self.xml.rfind(b"</sheetData>"), start)

    def error_values(self) -> bool:
        """Whether any cell holds an error value."""
        return self.may_hold_errors and ERROR_CELL.search(self.xml, *self._cells) is not None

    @cached_property
    def plain(self) -> Sequence[tuple[bytes, bytes, bytes]] | None:
        """Each formula as column (letters), row and text, as they stand in the XML; None where one is not plain."""
        start, end = self._cells
        found: list[tuple[bytes, bytes, bytes]] = _PLAIN_FORMULA.findall(self.xml, start, end)
        return found if len(found) == len(FORMULA.findall(self.xml, start, end)) else None

    @cached_property
    def _plain(self) -> Counter[bytes] | None:
        """How many formulas each column (letters) has; None where any is not written plainly."""
        return None if self.plain is None else Counter(map(itemgetter(0), self.plain))

    @property
    def above(self) -> bytes:
        """The XML of the cells above the first row."""
        return self.xml[max(self.xml.find(b"<sheetData"), 0) : self._cells[0]]

    def formula_rows(self, column: str) -> frozenset[int]:
        """The rows in which a column (letters) has a formula."""
        return self._formula_rows.get(column, frozenset())

    @cached_property
    def _formula_rows(self) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for letters, row in _ANY_FORMULA.findall(self.xml, *self._cells):
            found.setdefault(letters.decode(), set()).add(int(row))
        return {letters: frozenset(rows) for letters, rows in found.items()}

    def without_formula(self, column: str, rows: Sequence[int]) -> tuple[int, ...]:
        """Those of `rows` in which a column (letters) has no formula."""
        if self._plain is not None and self._plain[column.encode()] == len(rows):
            return ()
        here = self.formula_rows(column)
        return tuple(row for row in rows if row not in here)

    def any_formula(self, columns: Collection[str]) -> bool:
        """Whether any of these columns (letters) has a formula."""
        if self._plain is not None:
            return any(column.encode() in self._plain for column in columns)
        return any(column in self._formula_rows for column in columns)

    # --- what stands around the cells ---

    @property
    def protected(self) -> bool:
        """Whether the sheet is protected."""
        return _PROTECTED.search(self.xml, self._cells[1]) is not None

    @property
    def filtered(self) -> bool:
        """Whether rows are hidden by a filter."""
        return self.xml.find(b"<filterColumn", self._cells[1]) >= 0

    def merged(self) -> Iterator[tuple[str, Area]]:
        """The merged ranges, as written and as an area."""
        for written in _MERGE.findall(self.xml, self._cells[1]):
            for area in _areas(written):
                yield written.decode().replace("$", ""), area

    def validated(self) -> tuple[Area, ...]:
        """The areas that have a dropdown or another validation."""
        start = self.xml.find(b"ataValidation", self._cells[1])
        return _validated(self.xml[start:]) if start >= 0 else ()

    def hidden_rows(self) -> frozenset[int]:
        """The rows that are hidden, by hand or by a filter."""
        start, end = self._cells
        if self.xml.find(b" hidden=", start, end) < 0:
            return frozenset()
        return frozenset(map(int, _HIDDEN_ROW.findall(self.xml, start, end)))

    def hidden_columns(self) -> frozenset[int]:
        """The columns (1-based) that are hidden."""
        return _hidden_columns(self.xml[: max(self.xml.find(b"<sheetData"), 0)])


@lru_cache(maxsize=64)
def _validated(xml: bytes) -> tuple[Area, ...]:
    found = (area or other for area, other in _VALIDATED.findall(xml))
    return tuple(area for written in found for area in _areas(written))


@lru_cache(maxsize=64)
def _hidden_columns(head: bytes) -> frozenset[int]:
    found: set[int] = set()
    for tag in _COLUMN.findall(head):
        attributes = dict(re.findall(rb"(\w+)=[\"']([^\"']*)[\"']", tag))
        if attributes.get(b"hidden") in (b"1", b"true"):
            found.update(range(int(attributes[b"min"]), int(attributes[b"max"]) + 1))
    return frozenset(found)


def _areas(written: bytes) -> Iterator[Area]:
    for left, top, right, bottom in _AREA.findall(written):
        first, last = left.decode(), (right or left).decode()
        yield column_number(first), int(top), column_number(last), int(bottom or top)


# --- cells -----------------------------------------------------------------------------------------


_BELOW_ZERO = b"v>-"


def second_look(part: SheetPart, grid: list[list[Any]], columns: Mapping[str, int]) -> dict[str, bool]:
    """Put what the fast reader hides in entry columns into what it gave, and tell where formulas stand.

    It hides error values, and gives a number below zero in a cell that shows a time as the time of that day.

    Args:
        part: the sheet's XML.
        grid: the sheet's values from A1 on, row by row; changed in place.
        columns: the 0-based place in `grid`'s rows of each column looked at, by its letters.

    Returns:
        The addresses of cells that hold a formula, with whether a value is saved.
    """
    if not columns or not (part.error_values() or part.any_formula(columns) or _BELOW_ZERO in part.xml):
        return {}
    formulas: dict[str, bool] = {}
    for element in fromstring(part.xml).iter():
        address = element.get("r", "")
        letters, row = split_address(address)
        if _tag(element.tag) != "c" or letters not in columns:
            continue
        inner = {_tag(child.tag): child.text or "" for child in element}
        value, kind = inner.get("v", ""), element.get("t")
        if kind == "e" and value:
            grid[row - 1][columns[letters]] = value
        elif value.startswith("-") and isinstance(grid[row - 1][columns[letters]], time):
            grid[row - 1][columns[letters]] = float(value)
        if "f" in inner:
            # a text may be empty and yet be saved
            formulas[address] = bool(value) or kind == "str"
    return formulas


def _tag(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


# --- the parts of a workbook -----------------------------------------------------------------------


class Parts:
    """The parts of a workbook that tell more than the fast reader."""

    def __init__(
        self,
        data: bytes,
        sound: Collection[str] = (),
        inflated: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """The parts of the workbook `data`; the cells of those named in `sound` are known to hold no error value.

        `inflated` are those parts, by name, that need not be inflated again.
        """
        self._sound = sound
        self._data = data
        self._inflated = inflated
        self._paths: Mapping[str, str] = {}
        self._named: Mapping[str, str] = {}
        self.from_1904 = False
        self.listed = False
        """Whether the parts of the sheets are known: a workbook of another format than .xlsx has none."""
        try:
            workbook, relations = (
                self._read(f"xl/{name}") for name in ("workbook.xml", "_rels/workbook.xml.rels")
            )
        except (KeyError, zipfile.BadZipFile):
            return
        self._paths, self._named, self.from_1904 = _workbook(workbook, relations)
        self.listed = True

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self._data))

    def _read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            KeyError: there is none.
        """
        return self._inflated[part] if part in self._inflated else self._archive.read(part)

    def other(self, part: str) -> bytes:
        """The bytes of a part that is no sheet; none where it is not there."""
        try:
            return self._read(part)
        except (KeyError, zipfile.BadZipFile):
            return b""

    @property
    def styles(self) -> bytes:
        """The styles of the cells; none where there is no such part."""
        return self.other(self._named.get("styles", ""))

    @property
    def texts(self) -> bytes:
        """The texts that cells share; none where there is no such part."""
        return self.other(self._named.get("sharedStrings", ""))

    def path(self, name: str) -> str:
        """The part of a sheet; empty where it is not found."""
        return self._paths.get(name, "")

    def names(self, words: bytes) -> bool:
        """Whether the name of any part has these words: it stands plainly in the file."""
        return self.listed and words in self._data

    def sheet(self, name: str, first: int = 1) -> SheetPart | None:
        """The XML of a sheet from row `first` on, its elements without a prefix; None where it is not found."""
        path = self._paths.get(name)
        if path is None:
            return None
        try:
            xml = self._read(path)
        except KeyError:
            return None
        # behind the cells Excel writes prefixes of its own
        prefixed = _PREFIXED.search(xml, 0, max(xml.rfind(b"sheetData>"), 0) + 10)
        plain = with_references(_PREFIX.sub(rb"<\1", xml) if prefixed else xml)
        return SheetPart(plain, first, path not in self._sound)

    def with_known_errors(self) -> bytes:
        """The workbook with every error value that the fast reader does not know (#SPILL!, #CALC!) as #N/A."""
        if not self.listed:
            return self._data
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            for name in self._archive.namelist():
                part = self._archive.read(name)
                if name in self._paths.values():
                    part = _ERROR_CELL.sub(_known_error, part)
                made.writestr(name, part)
        return stream.getvalue()


def _known_error(cell: re.Match[bytes]) -> bytes:
    return cell[1] + (cell[2] if cell[2] in _KNOWN_ERRORS else b"#N/A")


@lru_cache(maxsize=16)
def _workbook(workbook: bytes, relations: bytes) -> tuple[Mapping[str, str], Mapping[str, str], bool]:
    """The part of each sheet and of each kind, and whether days count from 1904.

    Remembered: a round's returns have the same parts.
    """
    found = list(fromstring(relations))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in found}
    kinds = {
        relation.get("Type", "").rpartition("/")[2]: _path(relation.get("Target", "")) for relation in found
    }
    paths: dict[str, str] = {}
    from_1904 = False
    for element in fromstring(workbook).iter():
        if _tag(element.tag) == "workbookPr":
            from_1904 = element.get("date1904") in ("1", "true")
        if _tag(element.tag) == "sheet":
            key = next((value for name, value in element.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            if target:
                paths.setdefault(element.get("name", ""), _path(target))
    return paths, kinds, from_1904


def _path(target: str) -> str:
    """The name of a part that the workbook names."""
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
