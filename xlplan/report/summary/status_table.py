"""The geometry of a status table (別表): its columns, the rows of each item, the pages on paper.

Rows and columns are 1-based. Under two rows of heads each item has as many rows as lines stand beside it, one where
there are none. A page begins with an item, unless the item is longer than a page: then it is cut between two of its
lines, and its number, title and periods stand again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.fields import type_of
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Field, Form
from xlplan.model.item import NO_ITEM, Item, Period
from xlplan.model.record import Value
from xlplan.model.view import View
from xlplan.report.consolidate import Consolidation, DataRow
from xlplan.report.summary.columns import key_of, main_field
from xlplan.report.summary.paging import TOP_POINTS, Page, fitting, smallest
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

LEGEND_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 6
HEAD_HEIGHT, LEAST_HEIGHT, SYMBOL_HEIGHT = 20.0, 18.0, 24.0
_EMPTY = 15.0
"""Points of an empty row."""
ITEM_COLUMNS = 2
SHORT = 6
"""Half-width characters up to which a choice is a symbol, to be set large."""
_NUMBER_LEAST, _NUMBER_MOST, _TITLE_WIDTH = 6.0, 14.0, 26.0
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
class StatusTable:
    """The status table of one view."""

    made: Consolidation
    view: View
    form: Form
    lines_form: Form | None

    @classmethod
    def of(cls, made: Consolidation, view: View) -> "StatusTable":
        """The table of `view` over the rows that the summary holds."""
        forms = {one.id: one for one in made.forms}
        beside = view.named("lines")
        return cls(made, view, forms[view.form], forms[beside[0]] if beside else None)

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
        named = self.view.named("line")
        return tuple(form.by_id[one] for one in named) or tuple(
            one for one in form.fields if one is not form.item_field
        )

    @cached_property
    def symbols(self) -> bool:
        """Whether the periods hold signs (○ △/◎) that are set large."""
        return type_of(self.field).from_list and self._longest <= SHORT

    @cached_property
    def _longest(self) -> int:
        choices = self.made.plan.choices_of(self.field)
        return max((display_width(one.value) for one in choices), default=0)

    @cached_property
    def legend(self) -> str:
        """What the choices mean, in one line; empty where the plan does not say."""
        language = self.made.plan.language
        said = [
            text("summary.status.means", language, value=one.value, meaning=one.meaning)
            for one in self.made.plan.choices_of(self.field)
            if one.meaning
        ]
        between = text("summary.status.between", language)
        return text("summary.status.legend", language, words=between.join(said)) if said else ""

    @cached_property
    def legend_height(self) -> float:
        """Points of the row with the legend, an empty one where there is none."""
        return row_height([(self.legend, sum(self.widths))], LINE_HEIGHT) if self.legend else _EMPTY

    # --- columns ---

    def period_column(self, at: int) -> int:
        """The column of the period that stands at `at`, from 0."""
        return ITEM_COLUMNS + 1 + at

    def line_column(self, at: int) -> int:
        """The column of a field of the lines."""
        return ITEM_COLUMNS + len(self.periods) + 1 + at

    @property
    def last_column(self) -> int:
        """The last column."""
        return ITEM_COLUMNS + len(self.periods) + len(self.line_fields)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        number = max((display_width(one.id) for one in self.made.plan.items), default=0) + 2.0
        period = max(self._longest, *(display_width(one.label) for one in self.periods)) + 1.0
        return (
            min(max(number, _NUMBER_LEAST), _NUMBER_MOST),
            _TITLE_WIDTH,
            *[min(max(period, _PERIOD_LEAST), _PERIOD_MOST)] * len(self.periods),
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
        for one in self.made.rows_of(self.lines_form.id) if self.lines_form else ():
            found.setdefault(one.item.id, []).append(one)
        return found

    @cached_property
    def rows_known(self) -> Mapping[str, DataRow]:
        """The rows of the data by their key."""
        return {key_of(one.period.id, one.item.id): one for one in self.made.rows_of(self.form.id)}

    def value(self, period: Period, item: Item) -> Value:
        """What is shown of an item in a period; None where it did not run."""
        row = self.rows_known.get(key_of(period.id, item.id))
        return row.values.get(self.field.id) if row else None

    def _heights(self, item: Item, lines: tuple[DataRow, ...]) -> tuple[float, ...]:
        """Points of each row, so that each line fits, and title and periods over them all."""
        widths = [_line_width(one) for one in self.line_fields]
        found = [LEAST_HEIGHT]
        if lines:
            shown = ([one.values.get(field.id) for field in self.line_fields] for one in lines)
            found = [row_height(list(zip(values, widths, strict=True)), LINE_HEIGHT) for values in shown]
        over: list[tuple[object, float]] = [(item.title, _TITLE_WIDTH)]
        over += [(self.value(one, item), self.widths[ITEM_COLUMNS]) for one in self.periods]
        needed = max(SYMBOL_HEIGHT if self.symbols else 0.0, row_height(over, LINE_HEIGHT))
        more = max(0.0, needed - sum(found)) / len(found)
        return tuple(one + more for one in found)

    @property
    def last_row(self) -> int:
        """The last row; the last row of heads where there are no items."""
        return self.pieces[-1].last_row if self.pieces else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [one.row for one in self.pieces if one.page]


def _line_width(field: Field) -> float:
    if field.width:
        return field.width
    return _TEXT_WIDTH if type_of(field).is_text else _VALUE_WIDTH
