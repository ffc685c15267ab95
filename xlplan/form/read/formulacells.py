"""The shapes of a returned sheet's formulas: what tells one that was replaced from one that only moved.

A form's formulas are alike down each column but for the number of the row. So one shape a column is worked out, and
of every other cell only whether it is that same formula; one that is not gets a shape of its own.
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
from xlplan.spreadsheet.xmlcells import SheetPart

Shapes = Mapping[str, tuple[int, ...]]
"""By shape, the rows that have it; no rows named where all have it."""

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
            found if self.row == self.written else frozenset(one + self.row - self.written for one in found)
        )

    def shape(self, here: int) -> str:
        """Its shape, where it would stand in the row `here`."""
        return shape_of(self.text, here - self.row + self.written)


def shapes_in(part: SheetPart, columns: Collection[str], rows: Sequence[int]) -> Mapping[str, Shapes]:
    """Of each of these columns (letters), the shapes of its formulas in `rows`.

    A row whose formulas all look at one other row was moved by a program that moves no addresses; they have the
    shape that they were written with.
    """
    if (even := _even(part)) is not None:
        shapes: _Columns = {letters: one for letters, one in even.items() if letters in columns}
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
        found[letters] = {shape: tuple(some) for shape, some in grouped.items()}
    return found


def shapes_at(xml: bytes) -> Mapping[str, str]:
    """The shape of each formula in a piece of a sheet's XML, by its address."""
    found = ((one[1].decode(), int(one[2]), _unescaped(one[3])) for one in _CELL.finditer(xml))
    return {f"{letters}{row}": shape_of(text, row) for letters, row, text in found}


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
    some = [
        _Cell(one.decode(), row, _unescaped(text), row)
        for one, text in zip(letters, texts.split(_JOINT), strict=True)
    ]
    return _by_column(some) if all(one.text for one in some) else None


def _by_column(cells: Sequence[_Cell]) -> _Columns:
    """By column, the shape of its first formula, and the rows that have another, with theirs."""
    first = {one.letters: one for one in reversed(cells)}
    naming = {letters for letters, one in first.items() if one.named}
    by_row: dict[int, list[_Cell]] = {}
    for one in cells:
        by_row.setdefault(one.row, []).append(one)
    found: dict[str, tuple[str, dict[int, str]]] = {}
    for row, some in by_row.items():
        named = frozenset[int]().union(*(one.named for one in some))
        whole = naming <= {one.letters for one in some}
        [here] = named if whole and len(named) == 1 else (row,)
        for one in some:
            shape = one.shape(here)
            usual, others = found.setdefault(one.letters, (shape, {}))
            if shape != usual:
                others[row] = shape
    return found


def _notable(part: SheetPart, columns: Collection[str]) -> Sequence[_Cell]:
    """The first formula of each column, and those that are not the same but for the number of the row."""
    if part.plain is None:
        return list(_all_cells(part, columns))
    wanted = {one.encode() for one in columns}
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
    return next((one for one in cell if _tag(one.tag) == "f"), None)


def _tag(tag: str) -> str:
    return tag.rpartition("}")[2]


@lru_cache(maxsize=4096)  # a round's returns have the same formulas in their first rows
def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))


@lru_cache(maxsize=4096)
def _pieces(text: bytes, row: bytes) -> Sequence[bytes]:
    """A formula without the number of its row, where that is an address's."""
    return re.split(rb"(?<=[A-Z])%b(?![0-9(])" % row, text)
