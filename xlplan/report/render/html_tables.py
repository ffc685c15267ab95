"""A table of cells as a table of a page: heads with their scope, spans, groups that stay together on paper.

On a screen its heads and first columns stay in sight while it is scrolled in a region of its own; on a phone a table with
long texts becomes cards, a row each, by the style sheet alone. How wide the columns are, which paper it takes and in what
size of letters follows from the widths that the model gives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.language.messages import text
from xlplan.language.text import display_width, wrapped_lines
from xlplan.report.render.markup import Markup, element, hidden
from xlplan.report.render.palette import AGAIN_MARK, TOLD_APART, paint_of
from xlplan.report.tables import Cell, Column, Role, Table, TableBand, TableGroup, TableItem, Tone

_PADDING = 2.0
"""What a cell needs beside its words, in half-width characters."""
_CARD_FROM = 22.0
"""A column as wide as this beside those that stay in sight cannot be read on a phone without scrolling along a line."""
_PHONE_NAME = 14.0
_STICKY_UP_TO = 64.0
_MM_PER_POINT, _EM_PER_CHARACTER = 0.3528, 0.52
_POINTS_LEAST, _POINTS_WANTED, _POINTS_MOST = 4.5, 8.0, 9.5
_TOGETHER = 0.4
"""The part of a page up to which a group is kept on one, though the page before it stays that empty."""
_HEADS = (Role.HEAD, Role.HEAD_OVER)
_ROW_HEADS = (Role.NAME, Role.LABEL)
_SHORT = (Role.NUMBER, Role.ANSWER, Role.QUANTITY, Role.SIGN, Role.FIGURE, Role.STATE, Role.BAR)

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
"""From the smallest to the largest, as `page.css` has them."""


def paper_of(tables: Sequence[Table]) -> Sheet:
    """The smallest paper on which all of `tables` can be read."""
    widest = max((sum(map(_weight, table.columns)) for table in tables), default=0.0)
    return next((paper for paper in PAPERS if not widest or paper.points(widest) >= _POINTS_WANTED), PAPERS[-1])


def chip(words: str, tone: Tone | None) -> Markup:
    """A word on its colour, as in a legend."""
    return element("span", *_marked(tone, ""), words, class_=f"chip {tone_class(tone)}".strip())


def tone_class(tone: Tone | None) -> str:
    """The classes of what has a tone; empty where there is none."""
    return f"tone {paint_of(tone).name}" if tone else ""


def _marked(tone: Tone | None, language: str) -> tuple[Markup, ...]:
    """The mark of what is to be looked at again; read out where a language is given."""
    if tone is None or not tone.again:
        return ()
    said = text("page.again", language) if language else None
    return (element("span", AGAIN_MARK, class_="mark", role="img" if said else None, aria_label=said),)


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


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is kept together on paper: items, with the bands above the first and the name that they share."""

    bands: tuple[TableBand, ...] = ()
    items: tuple[TableItem, ...] = ()
    name: Cell | None = None
    column: int = 0

    @property
    def rows(self) -> list[Sequence[Cell]]:
        """The rows of all its items."""
        return [row for item in self.items for row in item.rows]


@dataclass(frozen=True)
class TableMarkup:
    """A table being written. `title` names it where it has no caption, `anchor` is its id on the page."""

    table: Table
    title: str
    anchor: str
    language: str
    paper: Sheet

    def whole(self) -> Markup:
        """The table in its region, its legend and notes below it."""
        table, caption = self.table, f"{self.anchor}-caption"
        body = list(self._bodies())  # first, for it numbers the notes
        inner = element(
            "table",
            self._caption(caption),
            element("colgroup", *map(self._col, table.columns, self._shares, self._phone_shares)),
            element("thead", *self._head_rows()),
            *body,
            class_=f"{'cards' if self.cards else 'wide'}",
            style=self._style,
        )
        region = element(
            "div",
            inner,
            class_="region",
            role="region",
            tabindex=0,
            aria_labelledby=caption,
        )
        return element("div", region, *self._below(), class_="table", id=self.anchor)

    @cached_property
    def cards(self) -> bool:
        """Whether it becomes cards on a phone: a long text in it would have to be scrolled along each line."""
        return any(column.width >= _CARD_FROM for column in self.table.columns[self.table.fixed :])

    # --- measures ---

    @cached_property
    def _weights(self) -> tuple[float, ...]:
        return tuple(map(_weight, self.table.columns))

    @cached_property
    def _phone_weights(self) -> tuple[float, ...]:
        """As `_weights`, where names give way to what stands beside them."""
        named = (*_ROW_HEADS, Role.TEXT)
        return tuple(
            min(weight, _PHONE_NAME) if at < max(self.table.fixed, 1) and column.role in named else weight
            for at, (column, weight) in enumerate(zip(self.table.columns, self._weights, strict=True))
        )

    @cached_property
    def _shares(self) -> tuple[float, ...]:
        return _shares(self._weights)

    @cached_property
    def _phone_shares(self) -> tuple[float, ...]:
        return _shares(self._phone_weights)

    @cached_property
    def _sticky(self) -> int:
        """How many columns stay in sight."""
        fixed = self.table.fixed
        while fixed and sum(self._weights[:fixed]) > _STICKY_UP_TO:
            fixed -= 1
        return fixed

    @cached_property
    def _points(self) -> float:
        return self.paper.points(sum(self._weights))

    @cached_property
    def _style(self) -> str:
        """What the style sheet reckons with: characters across, where columns that stay begin, the size on paper."""
        parts = [f"--w:{sum(self._weights):.1f}", f"--v:{sum(self._phone_weights):.1f}"]
        parts.append(f"--pt:{self._points:.1f}pt")
        for at in range(1, self._sticky):
            parts.append(f"--l{at}:{sum(self._shares[:at]) / 100:.4f}")
            parts.append(f"--m{at}:{sum(self._phone_shares[:at]) / 100:.4f}")
        return ";".join(parts)

    @staticmethod
    def _col(column: Column, share: float, phone: float) -> Markup:
        return element("col", class_=column.role.value, style=f"--p:{share:.2f}%;--q:{phone:.2f}%")

    def _fits_a_page(self, unit: _Unit) -> bool:
        """Whether a unit is low enough to be kept on one page."""
        lines = sum(map(self._lines, unit.items)) + 1.5 * len(unit.bands)
        if unit.name:
            lines = max(lines, wrapped_lines(unit.name.text, self.table.columns[unit.column].width))
        return lines * self._points * _MM_PER_POINT * 1.45 <= self.paper.down * _TOGETHER

    def _lines(self, item: TableItem) -> float:
        """How many lines an item takes, about."""
        over, rows = 0, []
        for row in placed(item.rows):
            highest = 1
            for at, cell in row:
                width = sum(column.width for column in self.table.columns[at : at + cell.columns])
                needed = wrapped_lines(cell.text, width) if cell.text else 1
                over = max(over, needed)
                highest = max(highest, needed if cell.rows == 1 else 1)
            rows.append(highest)
        return max(over, sum(rows)) + 0.3 * len(rows)

    # --- heads ---

    def _caption(self, anchor: str) -> Markup:
        table = self.table
        said = element("span", table.caption or self.title, id=anchor)
        note = [element("small", table.note)] if table.note else []
        return element("caption", element("div", said, *note), class_=None if table.caption else "unseen")

    def _head_rows(self) -> Iterator[Markup]:
        for row in placed(self.table.heads):
            yield element("tr", *(self._head(cell, at) for at, cell in row))

    def _head(self, cell: Cell, at: int) -> Markup:
        spans = {"rowspan": _span(cell.rows), "colspan": _span(cell.columns)}
        look = " ".join(filter(None, [cell.role.value, self._sticky_class(at)]))
        if not cell.text:
            return element("td", class_=look, **spans)
        scope = "colgroup" if cell.columns > 1 else "col"
        return element("th", *self._content(cell), class_=look, scope=scope, **spans)

    @cached_property
    def _words_above(self) -> tuple[str, ...]:
        """The words of the lowest head of each column, which each cell of a card repeats."""
        words = [""] * len(self.table.columns)
        for row in placed(self.table.heads):
            for at, cell in row:
                for column in range(at, min(at + cell.columns, len(words))):
                    words[column] = cell.text or words[column]
        return tuple(words)

    # --- rows ---

    def _bodies(self) -> Iterator[Markup]:
        """A body for each unit, so that paper keeps it together, and one for the totals."""
        for unit in self._units():
            bands = [self._band(band) for band in unit.bands]
            begins = bool(unit.items) and unit.items[0].begins
            look = ["begins"] * begins + ["whole"] * self._fits_a_page(unit)
            yield element("tbody", *bands, *self._rows(unit), class_=" ".join(look))
        if self.table.totals:
            rows = (self._row(row) for row in placed(self.table.totals))
            yield element("tbody", *rows, class_="totals whole")

    def _units(self) -> Iterator[_Unit]:
        waiting: tuple[TableBand, ...] = ()
        for band in self.table.bands:
            waiting += (band,) if band.words else ()
            for group in band.groups:
                for items in _together(group):
                    yield _Unit(waiting, items, group.name, group.column)
                    waiting = ()
        if waiting:
            yield _Unit(waiting)

    def _band(self, band: TableBand) -> Markup:
        words = element("span", band.words)
        head = element("th", words, scope="colgroup", colspan=_span(len(self.table.columns)))
        return element("tr", head, class_=f"band level-{2 if band.level > 1 else 1}")

    def _rows(self, unit: _Unit) -> Iterator[Markup]:
        """The rows of a unit: which begin an item, and which may not be parted from the row above."""
        rows = placed(unit.rows, unit.name, unit.column)
        for at, item in enumerate(unit.items):
            for number in range(len(item.rows)):
                more = "" if item.cut else "more"
                begins = " begins" if at and item.begins else ""
                group = unit.column if unit.name and not (at or number) else None
                yield self._row(next(rows), more if number else f"item{begins}", group)

    def _row(self, row: Placed, look: str = "item", group: int | None = None) -> Markup:
        """A row; in column `group` stands the name of its group."""
        cells = (self._cell(cell, at, "group" if at == group else "") for at, cell in row)
        return element("tr", *cells, class_=look)

    def _cell(self, cell: Cell, at: int, more: str) -> Markup:
        """One cell, a head of its row where it names it."""
        spans = {"rowspan": _span(cell.rows), "colspan": _span(cell.columns)}
        content, look = self._content(cell), f"{self._look(cell, at)} {more}".strip()
        if cell.role in (*_ROW_HEADS, *_HEADS, Role.BAND) and content:
            scope = "rowgroup" if cell.rows > 1 else "row"
            return element("th", *content, class_=look, scope=scope, **spans)
        above = self._words_above[at] if self.cards and content and cell.columns == 1 else None
        return element("td", *content, class_=look, data_head=above, **spans)

    def _look(self, cell: Cell, at: int) -> str:
        """The classes of a cell."""
        look = [cell.role.value, self._sticky_class(at), tone_class(cell.tone)]
        look.append("strong" if cell.strong else "")
        width = sum(column.width for column in self.table.columns[at : at + cell.columns])
        if cell.role in _SHORT and "\n" not in cell.text and display_width(cell.text) <= width:
            look.append("line")
        return " ".join(filter(None, look))

    def _sticky_class(self, at: int) -> str:
        return f"stay stay-{at}" if at < self._sticky else ""

    def _content(self, cell: Cell) -> list[str]:
        """What stands in a cell: its mark, its words, where a note of it is."""
        words: str = cell.text
        if not words and cell.role is Role.BAR and isinstance(cell.value, str):
            many = cell.tone is not None and cell.tone.of > TOLD_APART
            words = cell.value if many else hidden(cell.value)
        found = [*_marked(cell.tone, self.language), *([words] if words else [])]
        if cell.note:
            number = self._notes.setdefault(cell.note, len(self._notes) + 1)
            mark = text("page.note_mark", self.language, number=number)
            found.append(element("a", mark, class_="ref", href=f"#{self.anchor}-note-{number}"))
        return found

    # --- below ---

    @cached_property
    def _notes(self) -> dict[str, int]:
        """The notes of cells and their numbers, in the order in which they were met."""
        return {}

    def _below(self) -> Iterator[Markup]:
        table = self.table
        if table.legend:
            heading = element("b", text("summary.schedule.legend", self.language))
            lines = [
                element("li", chip(line.word, line.tone), *([line.meaning] if line.meaning else []))
                for line in table.legend
            ]
            yield element("div", heading, element("ul", *lines), class_="legend")
        if table.legend_note:
            yield element("p", table.legend_note, class_="note")
        for note in table.notes:
            yield element("p", note, class_="note")
        for note, number in self._notes.items():
            mark = text("page.note_mark", self.language, number=number)
            yield element("p", f"{mark} ", note, class_="note", id=f"{self.anchor}-note-{number}")


def _together(group: TableGroup) -> Iterator[tuple[TableItem, ...]]:
    """The items of a group that share a body: all where they share a name; else rows of one line, up to a longer."""
    if group.name:
        if group.items:
            yield group.items
        return
    run: list[TableItem] = []
    for item in group.items:
        if run and (item.begins or len(item.rows) > 1 or len(run[-1].rows) > 1):
            yield tuple(run)
            run = []
        run.append(item)
    if run:
        yield tuple(run)


def _span(count: int) -> int | None:
    return count if count > 1 else None


def _weight(column: Column) -> float:
    return column.width + _PADDING


def _shares(weights: Sequence[float]) -> tuple[float, ...]:
    """What each column takes of the whole width, in per cent."""
    whole = sum(weights) or 1.0
    return tuple(100 * weight / whole for weight in weights)
