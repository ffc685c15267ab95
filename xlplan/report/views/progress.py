"""The progress table (総括表): what was planned and done, goal by goal, every value looked up by key.

Rows and columns are 1-based. Under two rows of heads a band stands for each goal, then the items, each on as many
rows as fields are set against each other (計画 / 進捗). A page breaks before a group where that leaves little of it
empty, else between two items, never within one; where it goes on with a goal it begins with that goal's band.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from xlplan.definition.specs import spec
from xlplan.fields.table import type_of
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Field
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.columns import key_text, sheet_of
from xlplan.report.display import value_style
from xlplan.report.layout import BAND_HEIGHT, FIRST_ROW, HEAD_HEIGHT, Page, TableLayout, scaled
from xlplan.report.rows import STATE
from xlplan.report.summary import Summary, SummarySheet
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT, QUIET

LEAST_HEIGHT = 20.0
ITEM_COLUMNS = ("item", "group", "title", "summary")
_WIDTHS = {"item": 7.0, "group": 16.0, "title": 18.0, "summary": 28.0}
_LABEL_LEAST, _LABEL_MOST, _PERIOD_WIDTH, _STATE_WIDTH = 8.0, 20.0, 11.0, 14.0
_TEXT_LEAST, _TEXT_MOST = 24.0, 46.0
_WIDE = 208.0
"""Characters that an A3 page holds across at full size."""
_MOST_EMPTY = 0.2
"""The part of a page that may stay empty below, so that a group need not be cut."""


@dataclass(frozen=True, slots=True)
class ItemRows:
    """One item: its first row, and the height in points of each of its rows."""

    item: Item
    row: int
    height: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of items of one group under one merged head; a group that a page break cuts has two.

    `band` is the row of the band above, if there is one, and `words` what it says. `page`: a page begins with it.
    """

    group: str
    items: tuple[ItemRows, ...]
    band: int | None = None
    words: str = ""
    page: bool = False

    @property
    def first_row(self) -> int:
        """Its first row, the band's if it has one."""
        return self.band or self.items[0].row


@dataclass(frozen=True)
class ProgressTable(TableLayout):
    """Where everything stands in a progress table."""

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of which something is known."""
        known = {row.period for row in self.rows_known.values()}
        return tuple(period for period in self.made.plan.periods if period in known)

    @cached_property
    def against(self) -> tuple[Field, ...]:
        """The fields that are set one above the other: the option `rows`, or every choice that is filled in."""
        chosen = [field.id for field in self.form.fields if type_of(field).from_list and not field.formula]
        return tuple(self.form.by_id[field_id] for field_id in self.view.named("rows") or chosen)

    @property
    def deep(self) -> int:
        """How many rows an item takes."""
        return max(1, len(self.against))

    # --- columns ---

    def text_column(self, field_at: int, period_at: int) -> int:
        """The column of a text field in a period; both are counted from 0."""
        return len(ITEM_COLUMNS) + 1 + field_at * len(self.periods) + period_at

    @property
    def label_column(self) -> int:
        """The column that says which field a row shows."""
        return len(ITEM_COLUMNS) + 1 + len(self.texts) * len(self.periods)

    @property
    def state_column(self) -> int | None:
        """The column that says how an answer stands, which only a draft has."""
        return self.label_column + len(self.periods) + 1 if self.made.draft else None

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        texts = len(self.texts) * len(self.periods)
        longest = max((display_width(field.heading) for field in self.against), default=0) + 4.0
        label = min(max(longest, _LABEL_LEAST), _LABEL_MOST)
        fixed = (
            sum(_WIDTHS.values()) + label + len(self.periods) * _PERIOD_WIDTH + self.made.draft * _STATE_WIDTH
        )
        each = min(max((_WIDE - fixed) / max(texts, 1), _TEXT_LEAST), _TEXT_MOST)
        return (
            *(_WIDTHS[name] for name in ITEM_COLUMNS),
            *[each] * texts,
            label,
            *[_PERIOD_WIDTH] * len(self.periods),
            *([_STATE_WIDTH] if self.made.draft else []),
        )

    @cached_property
    def paper(self) -> Paper:
        """An A3 page on its side, at the scale at which the table is printed."""
        return scaled(Paper(size=8), self.widths)

    # --- rows ---

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The table from top to bottom."""
        page, row, found, before = Page(self.paper, 2 * HEAD_HEIGHT), FIRST_ROW, list[Segment](), ""
        banded = any(item.goal for item in self.items())
        for (goal, group), same in groupby(self.items(), key=lambda item: (item.goal, item.group)):
            items = list(same)
            new = banded and (goal != before or not found)
            band = BAND_HEIGHT if banded else 0.0
            heights, parts = page.take_group(
                [self._height(item) for item in items],
                self.deep,
                needed=row_height([(group, _WIDTHS["group"])], LINE_HEIGHT),
                bands=(band if new else 0.0, band),
                most_empty=_MOST_EMPTY,
            )
            for first, last, begins in parts:
                words = self._band(goal, again=not new or first > 0) if banded else ""
                over = row if banded and (begins or (new and first == 0)) else None
                row += over is not None
                placed = []
                for item, height in zip(items[first:last], heights[first:last], strict=True):
                    placed.append(ItemRows(item, row, height))
                    row += self.deep
                found.append(Segment(group, tuple(placed), over, words if over else "", begins))
            before = goal
        return tuple(found)

    def _band(self, goal: str, *, again: bool) -> str:
        """What the band of a goal says; `again` where it stands on a further page."""
        name = goal or text("summary.progress.no_goal", self.made.plan.language)
        return self.goes_on(name) if again else name

    def items(self) -> Iterator[Item]:
        """The items of which something is known, in the plan's order."""
        shown = {row.item.id for row in self.rows_known.values()}
        return (item for item in self.made.plan.items if item.id in shown)

    def _height(self, item: Item) -> float:
        """Points of each of an item's rows, so that its longest text fits over them all."""
        cells: list[tuple[object, float]] = [
            (getattr(item, name), _WIDTHS[name]) for name in ("title", "summary")
        ]
        for field_at, field in enumerate(self.texts):
            for period_at, period in enumerate(self.periods):
                width = self.widths[self.text_column(field_at, period_at) - 1]
                cells.append((self.value(field, period, item), width))
        return max(LEAST_HEIGHT, row_height(cells, LINE_HEIGHT) / self.deep)

    @property
    def last_row(self) -> int:
        """The last row; the last row of heads where there are no items."""
        return self.segments[-1].items[-1].row + self.deep - 1 if self.segments else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [segment.first_row for segment in self.segments if segment.page]


def write_progress(summary: Summary, view: View) -> None:
    """Write the sheet of one progress view."""
    sheet = _ProgressSheet(summary, view)
    sheet.heads()
    for segment in sheet.at.segments:
        sheet.segment(segment)
    sheet.end()


class _ProgressSheet(SummarySheet):
    """The sheet of a progress table; `at` says where everything stands."""

    def __init__(self, summary: Summary, view: View) -> None:
        self.at = at = ProgressTable(summary.made, view)
        self.data = summary.tables[view.form]
        lookups = len(at.rows_known) * (at.deep + len(at.texts))
        name = sheet_of(summary.made.plan, view)
        super().__init__(summary, name, view.title, summary.note(), at.widths, heads=2, lookups=lookups)

    def heads(self) -> None:
        """Two rows: the columns of the item and the texts, then the periods under one head."""
        at, summary = self.at, self.summary
        for column, name in enumerate(ITEM_COLUMNS, 1):
            self.head(column, spec("items").heading("id" if name == "item" else name, summary.language))
        for field_at, field in enumerate(at.texts):
            for period_at, period in enumerate(at.periods):
                words = summary.text("summary.progress.done", period=period.label, label=field.label)
                self.head(at.text_column(field_at, period_at), words)
        labels = summary.text("summary.progress.between").join(field.label for field in at.against)
        over = summary.text("summary.progress.yearly", labels=labels)
        self.head_over((at.label_column, at.label_column + len(at.periods)), over)
        if at.state_column:
            self.head(at.state_column, summary.text("summary.answered.heading"))
        self.head_under(at.label_column, None)
        for column, period in enumerate(at.periods, at.label_column + 1):
            self.head_under(column, period.label)
        self.heights(self.head_rows[0], [HEAD_HEIGHT, HEAD_HEIGHT])

    def segment(self, segment: Segment) -> None:
        """A band, if a goal begins or a page goes on with it here, and the items of one group under its merged head."""
        if segment.band:
            style = self.book.style("band_left", font_size=10, indent=1)
            self.band(segment.band, segment.words, BAND_HEIGHT, style)
        rows = segment.items[0].row, segment.items[-1].row + self.at.deep - 1
        self.area(rows, (2, 2), segment.group, self.book.style("cell", valign="vcenter", bold=True))
        for item_rows in segment.items:
            self.item(item_rows)

    def item(self, item_rows: ItemRows) -> None:
        """One item: its words and texts over all its rows, then one row for each field."""
        at, item, first = self.at, item_rows.item, item_rows.row
        rows = (first, first + at.deep - 1)
        self.heights(first, [item_rows.height] * at.deep)
        plain = self.book.style("cell", valign="vcenter")
        self.area(rows, (1, 1), item.id, self.book.style("cell_centre"))
        self.area(rows, (3, 3), item.title, self.book.style("cell", valign="vcenter", bold=True))
        self.area(rows, (4, 4), item.summary, plain)
        for field_at, field in enumerate(at.texts):
            for period_at, period in enumerate(at.periods):
                self.answer(item_rows, rows, at.text_column(field_at, period_at), field, period)
        for row, field in enumerate(at.against, first):
            self.book.put(
                self.sheet, row, at.label_column, field.heading, self.book.style("label", align="center")
            )
            for column, period in enumerate(at.periods, at.label_column + 1):
                self.answer(item_rows, (row, row), column, field, period)
        if at.state_column:
            self.state(item_rows, rows, at.state_column)

    def state(self, item_rows: ItemRows, rows: tuple[int, int], column: int) -> None:
        """How the answer of the round's period stands; a dash where the item does not run in it.

        Args:
            item_rows: The item.
            rows: The first and the last of its rows.
            column: The column of the states.
        """
        style = self.book.style("cell_centre")
        row = self.at.row_of(self.made.period, item_rows.item)
        if row is None:
            self.area(rows, (column, column), self.summary.text("summary.progress.absent"), style)
        elif self.settled:
            self.area(rows, (column, column), self.summary.state_word(row.state), style)
        else:
            found = self.data.lookup(STATE, key_text(self.made.period.id, f"$A${item_rows.row}"))
            self.area(rows, (column, column), None, style, f'IFERROR({found}&"","")')

    def answer(
        self, item_rows: ItemRows, rows: tuple[int, int], column: int, field: Field, period: Period
    ) -> None:
        """What was answered, looked up by key; a dash where the item did not run. All but the first row is in bold.

        Args:
            item_rows: The item.
            rows: The first and the last row that it stands in.
            column: Its column.
            field: The field.
            period: The period.
        """
        at = self.at
        row = at.row_of(period, item_rows.item)
        if row is None:
            dash = self.book.style("cell_centre", font_color=QUIET)
            self.area(rows, (column, column), self.summary.text("summary.progress.absent"), dash)
            return
        name, more = value_style(field, self.made.plan, centre_numbers=True)
        name = name if field in at.texts else "cell_centre"
        style = self.book.style(name, **{"valign": "vcenter", **more, "bold": rows[0] > item_rows.row})
        lookup = self.data.lookup(field.id, key_text(period.id, f"$A${item_rows.row}"))
        self.value(rows, column, field, style, lookup=lookup, reported=row.values.get(field.id))

    def end(self) -> None:
        """The colours of the states, and how it is printed."""
        at, last = self.at, self.at.last_row
        if at.state_column:
            self.summary.shade_states(self.sheet, at.state_column, (FIRST_ROW, max(last, FIRST_ROW)))
        self.finish(last, at.paper, frozen=3, breaks=at.page_breaks())
