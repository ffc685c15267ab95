"""A table of cells as a table of a page: heads with their scope, spans, groups that stay together on paper.

On a screen its heads and first columns stay in sight while it is scrolled in a group of its own: landmarks are the
sections. On a phone a table with long texts becomes cards, a row each, by the style sheet alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.report.render.html_measures import Placed, Sheet, TableMeasures, placed
from xlplan.report.render.markup import Markup, chip, element, hidden, marked, tone_class
from xlplan.report.render.palette import TOLD_APART
from xlplan.report.tables import Cell, Column, Role, Table, TableBand, TableGroup, TableItem

_HEADS = (Role.HEAD, Role.HEAD_OVER)
_ROW_HEADS = (Role.NAME, Role.LABEL)
_SHORT = (Role.NUMBER, Role.ANSWER, Role.QUANTITY, Role.SIGN, Role.FIGURE, Role.STATE, Role.BAR)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is kept together on paper: items, with the bands above the first and the group that they are of."""

    bands: tuple[TableBand, ...]
    items: tuple[TableItem, ...]
    group: TableGroup

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
            element(
                "colgroup", *map(self._col, table.columns, self._measures.shares, self._measures.phone_shares)
            ),
            element("thead", *self._head_rows()),
            *body,
            class_="cards" if self._measures.cards else "wide",
        )
        look = "table dense" if self._measures.dense else "table"
        region = element(
            "div",
            inner,
            class_="region",
            role="group",
            tabindex=0,
            aria_labelledby=caption,
        )
        return element("div", region, *self._below(), class_=look, id=self.anchor, style=self._measures.style)

    @cached_property
    def _measures(self) -> TableMeasures:
        return TableMeasures(self.table, self.paper)

    @staticmethod
    def _col(column: Column, share: float, phone: float) -> Markup:
        return element("col", class_=column.role.value, style=f"--p:{share:.2f}%;--q:{phone:.2f}%")

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
            look = ["begins"] * begins + ["whole"] * self._measures.fits_a_page(
                unit.items, len(unit.bands), unit.group
            )
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
                    yield _Unit(waiting, items, group)
                    waiting = ()
        if waiting:
            yield _Unit(waiting, (), TableGroup(()))

    def _band(self, band: TableBand) -> Markup:
        words = element("span", band.words)
        head = element("th", words, scope="colgroup", colspan=_span(len(self.table.columns)))
        return element("tr", head, class_=f"band level-{2 if band.level > 1 else 1}")

    def _rows(self, unit: _Unit) -> Iterator[Markup]:
        """The rows of a unit: which begin an item, and which may not be parted from the row above."""
        rows = placed(unit.rows, unit.group.name, unit.group.column)
        for at, item in enumerate(unit.items):
            for number in range(len(item.rows)):
                more = "" if item.cut else "more"
                begins = " begins" if at and item.begins else ""
                group = unit.group.column if unit.group.name and not (at or number) else None
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
        above = self._words_above[at] if self._measures.cards and content and cell.columns == 1 else None
        return element("td", *content, class_=look, data_head=above, **spans)

    def _look(self, cell: Cell, at: int) -> str:
        """The classes of a cell."""
        look = [cell.role.value, self._sticky_class(at), tone_class(cell.tone)]
        look.append("strong" if cell.strong else "")
        width = sum(column.width for column in self.table.columns[at : at + cell.columns])
        width -= 2 * self._measures.dense + (3 if cell.tone and cell.tone.again else 0)
        if cell.role in _SHORT and "\n" not in cell.text and display_width(cell.text) <= width:
            look.append("line")
        return " ".join(filter(None, look))

    def _sticky_class(self, at: int) -> str:
        return f"stay stay-{at}" if at < self._measures.sticky else ""

    def _content(self, cell: Cell) -> list[str]:
        """What stands in a cell: its mark, its words, where a note of it is."""
        words: str = cell.text
        if not words and cell.role is Role.BAR and isinstance(cell.value, str):
            many = cell.tone is not None and cell.tone.of > TOLD_APART
            words = cell.value if many else hidden(cell.value)
        found = [*marked(cell.tone, self.language), *([_looks_of(cell, words)] if words else [])]
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


def _looks_of(cell: Cell, words: str) -> str:
    """The words of a cell: as what is typed, struck out, or leading to what they name."""
    if cell.role is Role.COMMAND:
        words = element("code", words)
    if cell.struck:
        words = element("s", words)
    return element("a", words, href=quote(cell.link)) if cell.link else words


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
