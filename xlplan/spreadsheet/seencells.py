"""What people see in a cell and its value does not say: a number format that scales or names a unit, struck-out text.

Most returns have neither. A search over a few bytes decides whether a sheet's XML is parsed at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import groupby, product
from math import isfinite
from operator import itemgetter
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from xlplan.formula.addresses import split_address
from xlplan.formula.excel import DAYS_TO_1904, SIGNIFICANT_DIGITS
from xlplan.formula.numberformats import number_format
from xlplan.model.submission import ShownCell
from xlplan.spreadsheet.cellstyles import STRIKE, CellStyles, Text, cell_styles, struck_texts, text_of
from xlplan.spreadsheet.parts import Parts
from xlplan.spreadsheet.xmlcells import SheetPart

_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]+)([0-9]+)[\"']")


class SeenColumn(NamedTuple):
    """How a column is looked at: its place in a row of the grid, from 0.

    `words` is whether its values are words, so that a number in it is what it shows; `numeric` whether they count
    something; `own` the number format that the form's own cells have there; `identifies` whether a row is known by
    them: of those only numbers are looked at.
    """

    at: int
    words: bool = False
    numeric: bool = False
    own: str = ""
    identifies: bool = False

    def is_own(self, code: str) -> bool:
        """Whether a format is the form's own, however a program writes it: £0, "£"0, [$£-809]0."""
        return code == self.own or _meaning(code) == _meaning(self.own)


@lru_cache(maxsize=1024)
def _meaning(code: str) -> Sequence[object]:
    """What makes two formats the same: their pieces, words that follow each other as one."""
    found: list[object] = []
    for section in number_format(code).sections:
        found.append((section.how, section.than))
        for kind, pieces in groupby(section.tokens, key=itemgetter(0)):
            found.append((kind, "".join(written for _, written in pieces)))
    return found


class _Look(NamedTuple):
    """What is known of the workbook when its cells are looked at."""

    styles: CellStyles
    texts: Mapping[int, Element]
    columns: Mapping[str, SeenColumn]
    from_1904: bool


def seen_cells(
    parts: Parts, part: SheetPart, grid: list[list[Any]], columns: Mapping[str, SeenColumn]
) -> dict[str, ShownCell]:
    """Put what cells show into the grid, where that is something else than their value.

    Args:
        parts: The parts of the workbook.
        part: The sheet's XML.
        grid: The sheet's values from A1 on, row by row; changed in place.
        columns: The columns that are looked at, by their letters.

    Returns:
        The cells that were changed, by address.
    """
    look = _Look(cell_styles(parts.styles), struck_texts(parts.texts), columns, parts.from_1904)
    asked = set(_with_numbers(part, grid, columns))
    if not (asked or look.texts or _any_styled(part, look) or STRIKE in part.xml):
        return {}
    found = {}
    for element in fromstring(part.xml).iter():
        address = element.get("r", "")
        letters, row = split_address(address)
        if letters not in columns or row < part.first or row > len(grid) or _tag(element) != "c":
            continue
        column = columns[letters]
        raw = grid[row - 1][column.at]
        cell = _struck(element, raw, look, column) or _shown(element, raw, look, column)
        if cell is not None:
            found[address] = cell
            grid[row - 1][column.at] = cell.shown
    return found


def _with_numbers(
    part: SheetPart, grid: Sequence[Sequence[Any]], columns: Mapping[str, SeenColumn]
) -> Iterator[int]:
    """The rows with anything else than text in a column of words."""
    for column in columns.values():
        if column.words and not column.identifies:
            for at, line in enumerate(grid[part.first - 1 :], part.first):
                if line[column.at].__class__ is not str:
                    yield at


def _any_styled(part: SheetPart, look: _Look) -> bool:
    """Whether any cell of these columns has a style by which it is something else than its value."""
    styles = look.styles
    identified = any(column.identifies for column in look.columns.values())
    odd = styles.unusual | styles.struck | (styles.spelling if identified else frozenset())
    if not odd:
        return False
    for letters, row, style in _styled(part.xml, odd):
        column = look.columns.get(letters)
        if column is not None and row >= part.first and _may_differ(style, column, styles):
            return True
    return False


def _styled(xml: bytes, styles: Iterable[int]) -> Iterator[tuple[str, int, int]]:
    """The cells with one of these styles: letters, row, style. A plain search, as nearly no cell has."""
    quotes = (b'"', b"'") if b"s='" in xml else (b'"',)
    for style, quote in product(styles, quotes):
        sign = b"s=%b%d%b" % (quote, style, quote)
        at = xml.find(sign)
        while at >= 0:
            start = xml.rfind(b"<", 0, at)
            if xml[at - 1 : at].isspace() and xml[start : start + 2] == b"<c":
                found = _ADDRESS.search(xml, start, xml.find(b">", at))
                if found:
                    yield found[1].decode(), int(found[2]), style
            at = xml.find(sign, at + len(sign))


def _may_differ(style: int, column: SeenColumn, styles: CellStyles) -> bool:
    """Whether a cell of this style and column may show something else than it holds."""
    if column.identifies:
        return style in styles.spelling
    return style in styles.struck or (style in styles.unusual and not column.is_own(styles.code(style)))


def _struck(element: Element, raw: object, look: _Look, column: SeenColumn) -> ShownCell | None:
    """The cell without what is struck out in it; None where nothing is."""
    if column.identifies or raw is None or raw == "":
        return None
    struck = _style(element) in look.styles.struck
    inner = {_tag(child): child for child in element}
    text = None
    if element.get("t") == "s" and "v" in inner:
        written = (inner["v"].text or "").strip()
        text = look.texts.get(int(written)) if written.isdecimal() else None
    elif element.get("t") == "inlineStr":
        text = inner.get("is")
    if text is None:
        parts = Text(_held(raw, element, look), "") if struck else Text("", "")
    else:
        parts = text_of(text, struck=struck)
    return ShownCell(raw, parts.left, parts.left, parts.struck) if parts.struck.strip() else None


def _held(raw: object, element: Element, look: _Look) -> str:
    """What a cell shows that is struck out as a whole."""
    serial = _serial(raw, element, look)
    if serial is None:
        return str(raw)
    return number_format(look.styles.code(_style(element))).shown(serial).text


def _shown(element: Element, raw: object, look: _Look, column: SeenColumn) -> ShownCell | None:
    """The cell as its number format shows it; None where that says nothing else than the value."""
    serial = _serial(raw, element, look)
    if serial is None:
        return None
    code = look.styles.code(_style(element))
    shown = number_format(code).shown(serial)
    if column.identifies and not isinstance(raw, float):
        return None
    if column.words:
        text = shown.text
        same = isinstance(raw, float) and text == f"{raw:.{SIGNIFICANT_DIGITS}g}"
        return None if same or not text else ShownCell(raw, text, shown.exact)
    if column.is_own(code) or not isinstance(raw, int | float):
        return None
    if shown.odd or (shown.split and not column.numeric):
        return ShownCell(raw, shown.text, shown.exact)
    return None


def _serial(raw: object, element: Element, look: _Look) -> float | None:
    """The number that a cell holds, as days are counted from 1900; None where it holds none."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | date | time | timedelta):
        return None
    if isinstance(raw, int | float):
        return float(raw) if isfinite(raw) else None
    written = next((child.text or "" for child in element if _tag(child) == "v"), "")
    try:
        serial = float(written)
    except ValueError:
        return None
    return serial + DAYS_TO_1904 if look.from_1904 and isinstance(raw, date) else serial


def _style(element: Element) -> int:
    written = element.get("s", "0")
    return int(written) if written.isdecimal() else 0


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
