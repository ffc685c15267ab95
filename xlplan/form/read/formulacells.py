"""What is left of a returned sheet's formulas and validations, cell by cell.

A formula that was replaced is told from one that only moved by its shape. A form's formulas are alike down each column
but for the number of the row. So one shape a column is worked out, and of every other cell only whether it is that same
formula; one that is not gets a shape of its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import split_address
from xlplan.formula.shape import rows_named, shape_of
from xlplan.model.submission import FormulaColumn
from xlplan.spreadsheet.xmlcells import SheetPart

Shapes = Mapping[str, tuple[int, ...]]
"""By shape, the rows that have it; no rows named where all have it."""

FormulaPlaces = Sequence[tuple[str, str, str]]
"""Columns of formulas: kind and name in one word, the heading that they count for, letters."""

_CELL = re.compile(rb"<c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]+)([0-9]+)[\"'][^<>]*>\s*<f(?:\s[^<>]*)?>([^<]*)<")
_JOINT = b"\0"


class _Cell(NamedTuple):
    """A formula: where it stands, its text, and the row that the text was written for."""

    letters: str
    row: int
    text: str
    written: int

    @property
    def named(self) -> frozenset[int]:
        """The rows of the single cells that it looks at."""
        found = rows_named(self.text)
        return (
            found if self.row == self.written else frozenset(row + self.row - self.written for row in found)
        )

    def shape(self, here: int) -> str:
        """Its shape, where it would stand in the row `here`."""
        return shape_of(self.text, here - self.row + self.written)


def lost_formulas(
    part: SheetPart, places: FormulaPlaces, rows: Sequence[int]
) -> Mapping[str, tuple[int, ...]]:
    """The cells that should have a formula and have none.

    Args:
        part: The XML of the sheet.
        places: Where the columns of formulas stand.
        rows: The rows that have formulas in the issued form, 1-based.

    Returns:
        By heading, the rows without a formula; the hidden columns stand for the check's.
    """
    lost: dict[str, set[int]] = {}
    for _, heading, letters in places:
        if bare := part.without_formula(letters, rows):
            lost.setdefault(heading, set()).update(bare)
    return {heading: tuple(sorted(bare)) for heading, bare in lost.items()}


def formula_columns(
    part: SheetPart, places: FormulaPlaces, rows: Sequence[int]
) -> Mapping[str, FormulaColumn]:
    """The columns of formulas with what stands in them.

    Args:
        part: The XML of the sheet.
        places: Where the columns of formulas stand.
        rows: The rows that are looked at, 1-based.

    Returns:
        By kind and name (`missing:done`), each column that is there.
    """
    shapes = _shapes_in(part, {letters for _, _, letters in places}, rows)
    return {
        key: FormulaColumn(heading, letters, shapes[letters])
        for key, heading, letters in places
        if letters in shapes
    }


def lost_validations(
    part: SheetPart, columns: Mapping[str, int], rows: Sequence[int]
) -> Mapping[str, tuple[int, ...]]:
    """The cells whose dropdown or bounds are gone: pasting takes them away.

    Args:
        part: The XML of the sheet.
        columns: By field id, the columns that were issued with a validation; 0-based.
        rows: The rows that are looked at, 1-based and in order.

    Returns:
        By field id, the rows without a validation.
    """
    if not rows:
        return {}
    areas = part.validated()
    lost = {}
    for name, column in columns.items():
        here = [(top, bottom) for left, top, right, bottom in areas if left <= column + 1 <= right]
        if free := _outside(here, rows):
            lost[name] = free
    return lost


def _outside(spans: Sequence[tuple[int, int]], rows: Sequence[int]) -> tuple[int, ...]:
    """The rows that lie in none of some spans (first and last row)."""
    if any(top <= rows[0] and rows[-1] <= bottom for top, bottom in spans):
        return ()
    return tuple(row for row in rows if not any(top <= row <= bottom for top, bottom in spans))


def shapes_at(xml: bytes) -> Mapping[str, str]:
    """The shape of each formula in a piece of a sheet's XML, by its address."""
    found = ((cell[1].decode(), int(cell[2]), _unescaped(cell[3])) for cell in _CELL.finditer(xml))
    return {f"{letters}{row}": shape_of(text, row) for letters, row, text in found}


def _shapes_in(part: SheetPart, columns: Collection[str], rows: Sequence[int]) -> Mapping[str, Shapes]:
    """Of each of these columns (letters), the shapes of its formulas in `rows`.

    A row whose formulas all look at one other row was moved by a program that moves no addresses; they have the
    shape that they were written with.
    """
    if (even := _even(part)) is not None:
        shapes: _Columns = {letters: found for letters, found in even.items() if letters in columns}
    else:
        shapes = _by_column(_notable(part, columns))
    found: dict[str, Shapes] = {}
    for letters, (usual, others) in shapes.items():
        bare = part.without_formula(letters, rows)
        if not others and not bare:
            found[letters] = {usual: ()}
            continue
        grouped: dict[str, list[int]] = {}
        without = frozenset(bare)
        for row in rows:
            if row not in without:
                grouped.setdefault(others.get(row, usual), []).append(row)
        found[letters] = {shape: tuple(alike) for shape, alike in grouped.items()}
    return found


_Columns = Mapping[str, tuple[str, Mapping[int, str]]]


def _even(part: SheetPart) -> _Columns | None:
    """The shapes where every row has the formulas of the first one, as nearly always; None where any has not."""
    found = part.plain
    if not found:
        return None
    letters, rows, texts = zip(*found, strict=True)
    width = rows.count(rows[0])
    first = _JOINT.join(texts[:width])
    pieces = _pieces(first, rows[0])
    for at in range(0, len(found), width):
        end = at + width
        here = rows[at].join(pieces) == _JOINT.join(texts[at:end])
        if not here or letters[at:end] != letters[:width] or rows[at] != rows[end - 1 : end][-1]:
            return None
    return _first_row(letters[:width], int(rows[0]), first)


@lru_cache(maxsize=64)
def _first_row(letters: Sequence[bytes], row: int, texts: bytes) -> _Columns | None:
    """The shapes of the formulas of one row. Remembered: those of a round's returns are the same."""
    cells = [
        _Cell(column.decode(), row, _unescaped(text), row)
        for column, text in zip(letters, texts.split(_JOINT), strict=True)
    ]
    return _by_column(cells) if all(cell.text for cell in cells) else None


def _by_column(cells: Sequence[_Cell]) -> _Columns:
    """By column, the shape of its first formula, and the rows that have another, with theirs."""
    first = {cell.letters: cell for cell in reversed(cells)}
    naming = {letters for letters, cell in first.items() if cell.named}
    by_row: dict[int, list[_Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    found: dict[str, tuple[str, dict[int, str]]] = {}
    for row, in_row in by_row.items():
        named = frozenset[int]().union(*(cell.named for cell in in_row))
        whole = naming <= {cell.letters for cell in in_row}
        [here] = named if whole and len(named) == 1 else (row,)
        for cell in in_row:
            shape = cell.shape(here)
            usual, others = found.setdefault(cell.letters, (shape, {}))
            if shape != usual:
                others[row] = shape
    return found


def _notable(part: SheetPart, columns: Collection[str]) -> Sequence[_Cell]:
    """The first formula of each column, and those that are not the same but for the number of the row."""
    if part.plain is None:
        return list(_all_cells(part, columns))
    wanted = {letters.encode() for letters in columns}
    pieces: dict[bytes, Sequence[bytes]] = {}
    found: list[_Cell] = []
    for letters, row, text in part.plain:
        known = pieces.get(letters)
        if known is None:
            if letters not in wanted:
                continue
            pieces[letters] = _pieces(text, row)
        elif row.join(known) == text:
            continue
        if not text:  # written elsewhere, once for many cells
            return list(_all_cells(part, columns))
        found.append(_Cell(letters.decode(), int(row), _unescaped(text), int(row)))
    return found


def _all_cells(part: SheetPart, columns: Collection[str]) -> Iterator[_Cell]:
    """Every formula of these columns out of the XML as a tree."""
    shared: dict[str, tuple[str, int]] = {}
    for cell in fromstring(part.xml).iter():
        formula = _formula(cell) if _tag(cell.tag) == "c" else None
        letters, row = split_address(cell.get("r", ""))
        if formula is None or not letters:
            continue
        written = formula.text or "", row
        if formula.get("t") == "shared":
            of = formula.get("si", "")
            written = written if written[0] else shared.get(of, written)
            shared[of] = written
        if row >= part.first and letters in columns:
            yield _Cell(letters, row, *written)


def _formula(cell: Iterable[Element]) -> Element | None:
    return next((element for element in cell if _tag(element.tag) == "f"), None)


def _tag(tag: str) -> str:
    return tag.rpartition("}")[2]


@lru_cache(maxsize=4096)  # a round's returns have the same formulas in their first rows
def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))


@lru_cache(maxsize=4096)
def _pieces(text: bytes, row: bytes) -> Sequence[bytes]:
    """A formula without the number of its row, where that is an address's."""
    return re.split(rb"(?<=[A-Z])%b(?![0-9(])" % row, text)
