"""The status table (別表): every project over all periods, with the lines told about it beside it, looked up by key.

Rows and columns are 1-based. Under two rows of heads each item has as many rows as lines stand beside it, one where
there are none. A page begins with an item, unless the item is longer than a page: then it is cut between two of its
lines, and its number, title and periods stand again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.definition.specs import spec
from xlplan.fields.table import type_of
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Field, Form
from xlplan.model.item import NO_ITEM, Item, Period
from xlplan.model.view import View
from xlplan.report.columns import key_text, line_text, main_field, sheet_of
from xlplan.report.render.xlsx.looks import value_style
from xlplan.report.render.xlsx.paper import (
    FIRST_ROW,
    HEAD_HEIGHT,
    TOP_POINTS,
    Page,
    TableLayout,
    fitting,
    smallest,
)
from xlplan.report.render.xlsx.sheet import Summary, SummarySheet
from xlplan.report.rows import DataRow
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

LEGEND_ROW = 3
LEAST_HEIGHT, SYMBOL_HEIGHT = 18.0, 24.0
_EMPTY = 15.0
"""Points of an empty row."""
ITEM_COLUMNS = 2
SHORT = 6
"""Half-width characters up to which a choice is a symbol, to be set large."""
_SYMBOL_SIZE = 13
_HAIR = 7
"""The thinnest border, between the lines of one item."""
_TITLE_WIDTH = 26.0
_PERIOD_LEAST, _PERIOD_MOST = 9.0, 16.0
_TEXT_WIDTH, _VALUE_WIDTH = 46.0, 12.0


@dataclass(frozen=True, slots=True)
class Piece:
    """An item, or what of it stands on one page: its first row, the height of each row, the lines beside it.

    `page` says whether a page begins with it. Without lines it has one row.
    """

    item: Item
    row: int
    heights: tuple[float, ...]
    lines: tuple[DataRow, ...]
    page: bool

    @property
    def last_row(self) -> int:
        """Its last row."""
        return self.row + len(self.heights) - 1


@dataclass(frozen=True)
class StatusTable(TableLayout):
    """Where everything stands in a status table."""

    @cached_property
    def lines_form(self) -> Form | None:
        """The form whose rows stand beside the items: the option `lines`."""
        named = self.view.named("lines")
        return next((form for form in self.made.forms if form.id in named[:1]), None)

    @cached_property
    def field(self) -> Field:
        """What is shown of each period."""
        return main_field(self.view, self.form)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period of the plan, also those to come."""
        return self.made.plan.periods

    @cached_property
    def line_fields(self) -> tuple[Field, ...]:
        """What is shown of each line: the option `line`, or all but the item."""
        form = self.lines_form
        if form is None:
            return ()
        named = tuple(form.by_id[field_id] for field_id in self.view.named("line"))
        return named or tuple(field for field in form.fields if field is not form.item_field)

    @cached_property
    def symbols(self) -> bool:
        """Whether the periods hold signs (○ △/◎) that are set large."""
        return type_of(self.field).from_list and self._longest <= SHORT

    @cached_property
    def _longest(self) -> int:
        choices = self.made.plan.choices_of(self.field)
        return max((display_width(choice.value) for choice in choices), default=0)

    @cached_property
    def legend(self) -> str:
        """What the choices mean, in one line; empty where the plan does not say."""
        language = self.made.plan.language
        meanings = [
            text("summary.status.means", language, value=choice.value, meaning=choice.meaning)
            for choice in self.made.plan.choices_of(self.field)
            if choice.meaning
        ]
        between = text("summary.status.between", language)
        return text("summary.status.legend", language, words=between.join(meanings)) if meanings else ""

    @cached_property
    def legend_height(self) -> float:
        """Points of the row with the legend, an empty one where there is none."""
        return row_height([(self.legend, sum(self.widths))], LINE_HEIGHT) if self.legend else _EMPTY

    # --- columns ---

    def period_column(self, at: int) -> int:
        """The column of the period that stands at `at`, from 0."""
        return ITEM_COLUMNS + 1 + at

    def line_column(self, at: int) -> int:
        """The column of the lines' field that stands at `at`, from 0."""
        return ITEM_COLUMNS + len(self.periods) + 1 + at

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        longest = max(self._longest, *(display_width(period.label) for period in self.periods)) + 1.0
        return (
            self.number_width,
            _TITLE_WIDTH,
            *[min(max(longest, _PERIOD_LEAST), _PERIOD_MOST)] * len(self.periods),
            *map(_line_width, self.line_fields),
        )

    @cached_property
    def paper(self) -> Paper:
        """The paper on which it is printed, with its scale: what stands between two breaks on one page if it can."""
        parts = [0.0]
        for item in self._items():
            if item.id in self._breaks:
                parts.append(0.0)
            parts[-1] += sum(self._heights(item, tuple(self._lines.get(item.id, ()))))
        found = smallest(self.widths)
        return fitting(found, 2 * HEAD_HEIGHT, parts, top=self._top) if self._breaks else found

    @property
    def _top(self) -> float:
        return TOP_POINTS - _EMPTY + self.legend_height

    @cached_property
    def _breaks(self) -> frozenset[str]:
        return frozenset(self.view.named("breaks"))

    # --- rows ---

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The table from top to bottom."""
        page = Page(self.paper, 2 * HEAD_HEIGHT, self._top)
        found: list[Piece] = []
        row = FIRST_ROW
        for item in self._items():
            lines = tuple(self._lines.get(item.id, ()))
            heights = self._heights(item, lines)
            start = item.id in self._breaks or page.waits(sum(heights))
            for first, last, begins in page.take_rows(heights, start=start):
                found.append(Piece(item, row, heights[first:last], lines[first:last], begins))
                row += last - first
        return tuple(found)

    def _items(self) -> Iterator[Item]:
        yield from self.made.plan.items
        if NO_ITEM.id in self._lines:
            yield replace(NO_ITEM, title=text("summary.status.no_item", self.made.plan.language))

    @cached_property
    def _lines(self) -> Mapping[str, list[DataRow]]:
        """The lines beside each item, by its id."""
        found: dict[str, list[DataRow]] = {}
        for row in self.made.rows_of(self.lines_form.id) if self.lines_form else ():
            found.setdefault(row.item.id, []).append(row)
        return found

    def _heights(self, item: Item, lines: tuple[DataRow, ...]) -> tuple[float, ...]:
        """Points of each row, so that each line fits, and title and periods over them all."""
        widths = [_line_width(field) for field in self.line_fields]
        found = [LEAST_HEIGHT]
        if lines:
            shown = ([line.values.get(field.id) for field in self.line_fields] for line in lines)
            found = [row_height(list(zip(values, widths, strict=True)), LINE_HEIGHT) for values in shown]
        over: list[tuple[object, float]] = [(item.title, _TITLE_WIDTH)]
        width = self.widths[ITEM_COLUMNS]
        over += [(self.value(self.field, period, item), width) for period in self.periods]
        needed = max(SYMBOL_HEIGHT if self.symbols else 0.0, row_height(over, LINE_HEIGHT))
        more = max(0.0, needed - sum(found)) / len(found)
        return tuple(height + more for height in found)

    @property
    def last_row(self) -> int:
        """The last row; the last row of heads where there are no items."""
        return self.pieces[-1].last_row if self.pieces else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [piece.row for piece in self.pieces if piece.page]


def _line_width(field: Field) -> float:
    if field.width:
        return field.width
    return _TEXT_WIDTH if type_of(field).is_text else _VALUE_WIDTH


def write_status(summary: Summary, view: View) -> None:
    """Write the sheet of one status view."""
    sheet = _StatusSheet(summary, view)
    sheet.heads()
    for piece in sheet.at.pieces:
        sheet.piece(piece)
    sheet.finish(sheet.at.last_row, sheet.at.paper, frozen=ITEM_COLUMNS, breaks=sheet.at.page_breaks())


class _StatusSheet(SummarySheet):
    """The sheet of a status table; `at` says where everything stands."""

    def __init__(self, summary: Summary, view: View) -> None:
        self.at = at = StatusTable(summary.made, view)
        self.view = view
        self.data = summary.tables[view.form]
        self.lines_data = summary.tables[at.lines_form.id] if at.lines_form else None
        lines = sum(len(piece.lines) for piece in at.pieces)
        lookups = len(summary.made.plan.items) * len(at.periods) + lines * len(at.line_fields)
        name = sheet_of(summary.made.plan, view)
        super().__init__(summary, name, view.title, summary.note(), at.widths, heads=2, lookups=lookups)

    def heads(self) -> None:
        """Two rows: number and title, the periods under one head, and what stands beside."""
        at = self.at
        for column, name in enumerate(("id", "title"), 1):
            self.head(column, spec("items").heading(name, self.summary.language))
        heading = self.view.options.get("heading") or at.field.label
        self.head_over((at.period_column(0), at.period_column(len(at.periods) - 1)), heading)
        for number, period in enumerate(at.periods):
            self.head_under(at.period_column(number), period.label)
        if at.lines_form and len(at.line_fields) == 1:
            self.head(self.last_column, at.lines_form.title)
        elif at.lines_form and at.line_fields:
            self.head_over((at.line_column(0), self.last_column), at.lines_form.title)
            for number, field in enumerate(at.line_fields):
                self.head_under(at.line_column(number), field.heading)
        self.heights(self.head_rows[0], [HEAD_HEIGHT, HEAD_HEIGHT])
        if at.legend:
            self.band(LEGEND_ROW, at.legend, at.legend_height, self.book.style("note"))

    def piece(self, piece: Piece) -> None:
        """An item: its number, title and periods over all its rows, beside them its lines."""
        at, item = self.at, piece.item
        rows = (piece.row, piece.last_row)
        self.heights(piece.row, piece.heights)
        self.area(rows, (1, 1), item.id, self.book.style("cell_centre"))
        self.area(rows, (2, 2), item.title, self.book.style("cell", valign="vcenter", bold=True))
        for number in range(len(at.periods)):
            self.period(piece, number)
        for row in range(rows[0], rows[1] + 1):
            for number, field in enumerate(at.line_fields):
                self.line(piece, row, number, field)

    def period(self, piece: Piece, number: int) -> None:
        """What is shown of an item in a period (`number` from 0); blank where it did not run, or is not known."""
        at, period = self.at, self.at.periods[number]
        name, more = value_style(at.field, self.made.plan, centre_numbers=True)
        if at.symbols:
            more = {**more, "font_size": _SYMBOL_SIZE}
        style = self.book.style("cell_centre" if name == "figure" else name, **{"valign": "vcenter", **more})
        rows, column = (piece.row, piece.last_row), at.period_column(number)
        reported = at.value(at.field, period, piece.item)
        if not piece.item.id:
            self.area(rows, (column, column), reported, style)
            return
        lookup = self.data.lookup(at.field.id, key_text(period.id, f"$A${piece.row}"))
        self.value(rows, column, at.field, style, lookup=lookup, reported=reported)

    def line(self, piece: Piece, row: int, number: int, field: Field) -> None:
        """One field of one line; a hair parts it from the other lines of the same item.

        Args:
            piece: The item.
            row: The row of the sheet, one of the item's.
            number: Where the field stands among those of the lines, from 0.
            field: The field.
        """
        name, more = value_style(field, self.made.plan)
        edges = {"top": 1 if row == piece.row else _HAIR, "bottom": 1 if row == piece.last_row else _HAIR}
        style = self.book.style(name, **{"valign": "vcenter", **more, **edges})
        column, nth = self.at.line_column(number), row - piece.row
        if nth >= len(piece.lines) or self.lines_data is None:
            self.book.put(self.sheet, row, column, None, style)
            return
        line = piece.lines[nth]
        lookup = self.lines_data.lookup(field.id, line_text(f"$A${piece.row}", line.line))
        self.value((row, row), column, field, style, lookup=lookup, reported=line.values.get(field.id))
