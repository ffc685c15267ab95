"""What the fast reader does not tell of a sheet: a look into its XML.

python-calamine hides error values, gives a formula's value without a word, and knows nothing of protection,
validations, merged and hidden cells. Most of it is found by searching for a few bytes; the XML is parsed only where
that finds something. Give only bytes that `xlplan.spreadsheet.safety.inspection` has cleared.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import column_number, split_address
from xlplan.spreadsheet.safety.parts import ERROR_CELL, FORMULA

_PLAIN_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*+><f(?:\s[^>]*+)?>([^<]*+)')
_ANY_FORMULA = re.compile(rb"<c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]+)([0-9]+)[\"'][^<>]*>\s*<f[\s/>]")
_HIDDEN_ROW = re.compile(rb"<row\s(?=[^<>]*\shidden=[\"'](?:1|true)[\"'])(?:[^<>]*\s)?r=[\"']([0-9]+)[\"']")
_COLUMN = re.compile(rb"<col\s[^<>]*>")
_MERGE = re.compile(rb"<mergeCell\s[^<>]*ref=[\"']([^\"']+)[\"']")
_PROTECTED = re.compile(rb"<sheetProtection\s(?:[^<>]*\s)?sheet=[\"'](?:1|true)[\"']")
_VALIDATED = re.compile(
    rb"<(?:\w+:)?dataValidation\b[^<>]*?(?:\ssqref=[\"']([^\"']+)[\"']|>.*?<(?:\w+:)?sqref>([^<>]+)<)",
    re.DOTALL,
)
_AREA = re.compile(rb"\$?\b([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?")

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
        if local_name(element.tag) != "c" or letters not in columns:
            continue
        inner = {local_name(child.tag): child.text or "" for child in element}
        value, kind = inner.get("v", ""), element.get("t")
        if kind == "e" and value:
            grid[row - 1][columns[letters]] = value
        elif value.startswith("-") and isinstance(grid[row - 1][columns[letters]], time):
            grid[row - 1][columns[letters]] = float(value)
        if "f" in inner:
            # a text may be empty and yet be saved
            formulas[address] = bool(value) or kind == "str"
    return formulas


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]
