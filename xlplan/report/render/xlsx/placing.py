"""Where everything of a table stands on its sheet: rows, heights, and where pages break, worked out from its structure.

Rows and columns are 1-based. A page breaks before a group under one name where that leaves little of it empty, else
between two items, and within one only where it may be cut. Where a page goes on with a band it begins with that band.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.language.messages import text
from xlplan.report.render.xlsx.looks import Look
from xlplan.report.render.xlsx.paper import BAND_HEIGHT, TOP_POINTS, Page, fitting, smallest
from xlplan.report.tables import Cell, Role, Table, TableBand, TableGroup, TableItem
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

_SIGN_HEIGHT = 24.0
"""Points of an item with signs."""
EMPTY = 15.0
"""Points of an empty row."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An item, or what of it stands on one page.

    Attributes:
        item: The item.
        row: Its first row.
        heights: The height of each row in points.
        cells: Each cell with its row and column.
    """

    item: TableItem
    row: int
    heights: tuple[float, ...]
    cells: tuple[tuple[int, int, Cell], ...]

    @property
    def last_row(self) -> int:
        """Its last row."""
        return self.row + len(self.heights) - 1


@dataclass(frozen=True, slots=True)
class Part:
    """What of a group is not parted by a page, with the bands above it: each with its words and its level.

    `row` is the first row, bands included; `begins` says whether a page begins with it.
    """

    group: TableGroup
    row: int
    bands: tuple[tuple[str, int], ...]
    pieces: tuple[Piece, ...]
    begins: bool

    @property
    def last_row(self) -> int:
        """Its last row."""
        return self.pieces[-1].last_row


def grid(
    rows: Sequence[Sequence[Cell]], named: frozenset[int] = frozenset()
) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with its row and column, both from 0.

    Args:
        rows: Rows of cells; those that another cell covers are absent.
        named: Columns in which no cell of these rows stands.

    Yields:
        Row, column, cell.
    """
    covered: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column in named or (row, column) in covered:
                column += 1
            yield row, column, cell
            if cell.rows > 1:
                covered.update(
                    (row + down, column + along)
                    for down in range(1, cell.rows)
                    for along in range(cell.columns)
                )
            column += cell.columns


@dataclass(frozen=True)
class Placed:
    """A table on its sheet, its heads from row `top` on."""

    table: Table
    look: Look
    language: str
    top: int

    @property
    def first_row(self) -> int:
        """The first row below the heads."""
        return self.top + len(self.table.heads)

    @property
    def last_row(self) -> int:
        """The last row; the last row of heads where there are no items."""
        return self.parts[-1].last_row if self.parts else self.first_row - 1

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        return tuple(column.width for column in self.table.columns)

    @cached_property
    def legend_line(self) -> str:
        """What the words of a table without bars mean, in one line above it; empty where nothing is said."""
        table = self.table
        if not table.legend or any(column.role is Role.BAR for column in table.columns):
            return ""
        meanings = (
            text("summary.status.means", self.language, value=line.word, meaning=line.meaning)
            for line in table.legend
        )
        between = text("summary.status.between", self.language)
        return text("summary.status.legend", self.language, words=between.join(meanings))

    @cached_property
    def legend_height(self) -> float:
        """Points of the row above the heads."""
        return row_height([(self.legend_line, sum(self.widths))], LINE_HEIGHT) if self.legend_line else EMPTY

    # --- paper ---

    @cached_property
    def paper(self) -> Paper:
        """The paper on which it is printed, with its scale: what stands between two items that begin on one page."""
        if not self.look.paged:
            return self.look.papers[0]
        found, parts = smallest(self.look.papers, self.widths), [0.0]
        if not any(item.begins for item in self.table.items()):
            return found
        for item in self.table.items():
            parts += [0.0] * item.begins
            parts[-1] += sum(self.heights(item))
        return fitting(found, self._heads, parts, top=self._above)

    @property
    def _heads(self) -> float:
        return len(self.table.heads) * self.look.head

    @property
    def _above(self) -> float:
        return TOP_POINTS - EMPTY + self.legend_height

    def page_breaks(self) -> list[int]:
        """The rows with which a page begins."""
        return [part.row for part in self.parts if part.begins]

    # --- rows ---

    def heights(self, item: TableItem) -> list[float]:
        """Points of each row of an item, so that its texts fit, those over all its rows over them all."""
        table, look, deep = self.table, self.look, len(item.rows)
        single: list[list[tuple[object, float]]] = [[] for _ in item.rows]
        over: list[tuple[object, float]] = []
        signs = False
        for row, column, cell in grid(item.rows, self.names):
            signs = signs or cell.role is Role.SIGN
            if table.columns[column].role in look.measured:
                (over if cell.rows == deep > 1 else single[row]).append((cell.value, self.widths[column]))
        found = [max(look.least, row_height(cells, LINE_HEIGHT)) + look.more for cells in single]
        needed = max(_SIGN_HEIGHT if signs else 0.0, row_height(over, LINE_HEIGHT) if over else 0.0)
        more = max(0.0, needed - sum(found)) / deep
        return [height + more for height in found]

    @cached_property
    def names(self) -> frozenset[int]:
        """The columns in which groups are named."""
        groups = (group for band in self.table.bands for group in band.groups)
        return frozenset(group.column for group in groups if group.name)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The table from top to bottom."""
        placing = _Placing(self, Page(self.paper, self._heads, self._above))
        for band in self.table.bands:
            placing.begin(band)
            for group in band.groups:
                placing.group(group)
        return tuple(placing.parts)


class _Placing:
    """Parts put below each other. `open` are the bands in which the next item stands, `new` those not yet written."""

    def __init__(self, placed: Placed, page: Page) -> None:
        self.placed, self.page = placed, page
        self.row = placed.first_row
        self.parts: list[Part] = []
        self.open: list[TableBand] = []
        self.new: list[TableBand] = []

    def begin(self, band: TableBand) -> None:
        """Begin a band, which ends those of its level and within it."""
        self.open = [one for one in self.open if one.level < band.level]
        self.new = [one for one in self.new if one.level < band.level]
        if band.words:
            self.open.append(band)
            self.new.append(band)

    @property
    def points(self) -> tuple[float, float]:
        """Points of the bands above what comes next, and above it where it begins a page."""
        return len(self.new) * BAND_HEIGHT, len(self.open) * BAND_HEIGHT

    def group(self, group: TableGroup) -> None:
        """Place a group: whole if it can be where it has a name, else item by item."""
        if not group.name:
            for item in group.items:
                self.item(group, item)
            return
        name = row_height([(group.name.value, self.placed.widths[group.column])], LINE_HEIGHT)
        heights = [self.placed.heights(item) for item in group.items]
        heights, parts = self.page.take_group(heights, needed=name, bands=self.points)
        rows = [(item, points, 0) for item, points in zip(group.items, heights, strict=True)]
        for first, last, begins in parts:
            self.part(group, rows[first:last], begins=begins)

    def item(self, group: TableGroup, item: TableItem) -> None:
        """Place an item by itself, in several pieces where it may be cut and must be."""
        heights, points = self.placed.heights(item), self.points
        start = item.begins or self.page.waits(points[0] + sum(heights))
        whole = heights if item.cut else [sum(heights)]
        for first, last, begins in list(self.page.take_rows(whole, start=start, bands=points)):
            rows = slice(first, last) if item.cut else slice(None)
            self.part(group, [(item, heights[rows], first)], begins=begins)

    def part(
        self, group: TableGroup, rows: Sequence[tuple[TableItem, Sequence[float], int]], *, begins: bool
    ) -> None:
        """Write down a part.

        Args:
            group: The group that it is of.
            rows: Its items, points of their rows, and with which of its rows each begins, from 0.
            begins: Whether a page begins with it.
        """
        top, bands = self.row, self.bands(begins=begins)
        self.row += len(bands)
        pieces = []
        for item, heights, first in rows:
            pieces.append(_piece(item, self.row, heights, first, self.placed.names))
            self.row += len(heights)
        self.parts.append(Part(group, top, bands, tuple(pieces), begins))
        self.new = []

    def bands(self, *, begins: bool) -> tuple[tuple[str, int], ...]:
        """The bands above a part: where it begins a page also those that go on, which say so."""
        shown = self.open if begins else self.new
        return tuple((self.words(band), band.level) for band in shown)

    def words(self, band: TableBand) -> str:
        """What a band says here."""
        if any(band is one for one in self.new):
            return band.words
        return text("summary.progress.goes_on", self.placed.language, goal=band.words)


def _piece(item: TableItem, row: int, heights: Sequence[float], first: int, named: frozenset[int]) -> Piece:
    """The rows of an item from `first` (from 0) on, as many as there are `heights`, placed at `row`.

    Cells over all rows of the item stand again over those of the piece.
    """
    deep, rows = len(item.rows), range(first, first + len(heights))
    cells = []
    for at, column, cell in grid(item.rows, named):
        if cell.rows == deep > 1:
            again = cell if len(rows) == deep else replace(cell, rows=len(rows))
            cells.append((row, column + 1, again))
        elif at in rows:
            cells.append((row + at - first, column + 1, cell))
    return Piece(item, row, tuple(heights), tuple(cells))
