"""What a table takes: its columns in shares of the whole, its paper and size of letters, what fits a page.

Everything follows from the widths that the model gives, in half-width characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.language.text import wrapped_lines
from xlplan.report.tables import Cell, Column, Role, Table, TableGroup, TableItem

_PADDING = 2.0
"""What a cell needs beside its words, in half-width characters."""
_CARD_FROM = 22.0
"""A column as wide as this beside those that stay in sight cannot be read on a phone without scrolling along a line."""
_DENSE_FROM = 190.0
_PHONE_NAME = 14.0
_STICKY_UP_TO, _STICKY_MOST = 64.0, 5
"""How wide columns that stay in sight may be together, and how many `looks.css` knows."""
_MM_PER_POINT, _EM_PER_CHARACTER = 0.3528, 0.52
_POINTS_LEAST, _POINTS_WANTED, _POINTS_MOST = 4.5, 8.0, 9.5
_TOGETHER = 0.4
"""The part of a page up to which a group is kept on one, though the page before it stays that empty."""

Placed = Sequence[tuple[int, Cell]]
"""The cells of a row from left to right, each with its column, from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper: the name of its `@page`, and what can be printed across and down, in millimetres."""

    name: str
    across: float
    down: float

    def points(self, characters: float) -> float:
        """The size of letters in which a table of so many half-width characters fits across."""
        fitting = self.across / (characters * _EM_PER_CHARACTER * _MM_PER_POINT)
        return max(_POINTS_LEAST, min(_POINTS_MOST, fitting))


PAPERS = (Sheet("a4", 182.0, 262.0), Sheet("a4-wide", 269.0, 172.0), Sheet("a3-wide", 392.0, 257.0))
"""From the smallest to the largest, as `looks.css` has them."""


def paper_of(tables: Sequence[Table]) -> Sheet:
    """The smallest paper on which all of `tables` can be read."""
    widest = max((sum(map(_weight, table.columns)) for table in tables), default=0.0)
    return next(
        (paper for paper in PAPERS if not widest or paper.points(widest) >= _POINTS_WANTED), PAPERS[-1]
    )


def placed(rows: Sequence[Sequence[Cell]], name: Cell | None = None, column: int = 0) -> Iterator[Placed]:
    """The cells of rows that belong together, with the columns in which they stand.

    Args:
        rows: The rows; what a cell of an earlier one covers is absent from them.
        name: A cell that stands merged over all of them, None for none.
        column: The column of `name`, from 0.
    """
    covered: dict[int, int] = {}
    for number, row in enumerate(rows):
        found = []
        if name and not number:
            found.append((column, replace(name, rows=len(rows))))
            covered |= dict.fromkeys(range(column, column + name.columns), len(rows))
        at = 0
        for cell in row:
            while covered.get(at):
                at += 1
            found.append((at, cell))
            covered |= dict.fromkeys(range(at, at + cell.columns), cell.rows)
            at += cell.columns
        covered = {one: left - 1 for one, left in covered.items() if left > 1}
        yield sorted(found, key=lambda one: one[0])


@dataclass(frozen=True)
class TableMeasures:
    """The measures of one table, on the paper on which its section is printed."""

    table: Table
    paper: Sheet

    @cached_property
    def cards(self) -> bool:
        """Whether it becomes cards on a phone: a long text in it would have to be scrolled along each line."""
        return any(column.width >= _CARD_FROM for column in self.table.columns[self._fixed :])

    @cached_property
    def _fixed(self) -> int:
        """How many columns would stay in sight: those that the model says, the first also where it names the rows."""
        named = bool(self.table.columns) and self.table.columns[0].role in (Role.NAME, Role.LABEL)
        return max(self.table.fixed, int(named))

    @cached_property
    def dense(self) -> bool:
        """Whether it is so wide that its letters and gaps are smaller on a screen as well."""
        return sum(self._weights) > _DENSE_FROM

    @cached_property
    def _weights(self) -> tuple[float, ...]:
        return tuple(map(_weight, self.table.columns))

    @cached_property
    def _phone_weights(self) -> tuple[float, ...]:
        """As `_weights`, where names give way to what stands beside them."""
        named = (Role.NAME, Role.LABEL, Role.TEXT)
        return tuple(
            min(weight, _PHONE_NAME) if at < self._fixed and column.role in named else weight
            for at, (column, weight) in enumerate(zip(self.table.columns, self._weights, strict=True))
        )

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """What each column takes of the whole width, in per cent."""
        return _shares_of(self._weights)

    @cached_property
    def phone_shares(self) -> tuple[float, ...]:
        """As `shares`, on a phone."""
        return _shares_of(self._phone_weights)

    @cached_property
    def sticky(self) -> int:
        """How many columns stay in sight."""
        fixed = min(self._fixed, _STICKY_MOST)
        while fixed and sum(self._weights[:fixed]) > _STICKY_UP_TO:
            fixed -= 1
        return fixed

    @cached_property
    def _points(self) -> float:
        return self.paper.points(sum(self._weights))

    @cached_property
    def style(self) -> str:
        """What the style sheet reckons with: characters across, where columns that stay begin, the size on paper."""
        parts = [f"--w:{sum(self._weights):.1f}", f"--v:{sum(self._phone_weights):.1f}"]
        parts.append(f"--pt:{self._points:.1f}pt")
        for at in range(1, self.sticky):
            parts.append(f"--l{at}:{sum(self.shares[:at]) / 100:.4f}")
            parts.append(f"--m{at}:{sum(self.phone_shares[:at]) / 100:.4f}")
        return ";".join(parts)

    def fits_a_page(self, items: Sequence[TableItem], bands: int, group: TableGroup) -> bool:
        """Whether `items` of a `group` with so many `bands` above them are low enough to be kept on one page."""
        blank = replace(group.name, text="") if group.name else None
        lines = sum(self._lines(item, blank, group.column) for item in items) + 1.5 * bands
        return lines * self._points * _MM_PER_POINT * 1.45 <= self.paper.down * _TOGETHER

    def _lines(self, item: TableItem, name: Cell | None, column: int) -> float:
        """How many lines an item takes, about."""
        over, rows = 0, []
        for row in placed(item.rows, name, column):
            highest = 1
            for at, cell in row:
                width = sum(column.width for column in self.table.columns[at : at + cell.columns])
                needed = wrapped_lines(cell.text, width) if cell.text else 1
                over = max(over, needed)
                highest = max(highest, needed if cell.rows == 1 else 1)
            rows.append(highest)
        return max(over, sum(rows)) + 0.3 * len(rows)


def _weight(column: Column) -> float:
    return column.width + _PADDING


def _shares_of(weights: Sequence[float]) -> tuple[float, ...]:
    """What each column takes of the whole width, in per cent."""
    whole = sum(weights) or 1.0
    return tuple(100 * weight / whole for weight in weights)
