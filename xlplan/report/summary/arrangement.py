"""The geometry of a progress table: its columns, the rows of each item, the merged groups, the pages on paper.

Rows and columns are 1-based. Under two rows of heads a band stands for each goal, then the items, each on as many
rows as fields are set against each other (計画 / 進捗). A page breaks before a group where that leaves little of it
empty, else between two items, never within one; where it goes on with a goal it begins with that goal's band.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from xlplan.fields import type_of
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.consolidate import Consolidation, DataRow
from xlplan.report.summary.columns import key_of
from xlplan.report.summary.paging import Page, scaled
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

HEAD_ROW, FIRST_ROW = 4, 6
BAND_HEIGHT, HEAD_HEIGHT, LEAST_HEIGHT = 20.0, 20.0, 20.0
ITEM_COLUMNS = ("item", "group", "title", "summary")
_WIDTHS = {"item": 7.0, "group": 16.0, "title": 18.0, "summary": 28.0}
_LABEL_LEAST, _LABEL_MOST, _PERIOD_WIDTH, _STATE_WIDTH = 8.0, 20.0, 11.0, 14.0
_TEXT_LEAST, _TEXT_MOST = 24.0, 46.0
_WIDE = 208.0
"""Characters that an A3 page holds across at full size."""
_MOST_EMPTY = 0.2
"""The part of a page that may stay empty below, so that a group need not be cut."""
_LITTLE = 0.01
"""Points that nobody sees."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its first row, and the height of each of its rows."""

    item: Item
    row: int
    height: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of items of one group under one merged head; a group that a page break cuts has two.

    `band` is the row of the band above, if there is one, and `words` what it says. `page`: a page begins with it.
    """

    group: str
    lines: tuple[Line, ...]
    band: int | None = None
    words: str = ""
    page: bool = False

    @property
    def first_row(self) -> int:
        """Its first row, the band's if it has one."""
        return self.band or self.lines[0].row


@dataclass(frozen=True)
class Arrangement:
    """The progress table of one view."""

    made: Consolidation
    view: View
    form: Form
    periods: tuple[Period, ...]
    rows_known: Mapping[str, DataRow] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, made: Consolidation, view: View) -> "Arrangement":
        """The table of `view` over the rows that the summary holds."""
        form = next(one for one in made.forms if one.id == view.form)
        rows = made.rows_of(form.id)
        periods = tuple(one for one in made.plan.periods if any(row.period == one for row in rows))
        return cls(made, view, form, periods, {key_of(one.period.id, one.item.id): one for one in rows})

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """The fields that have a column of their own in each period: the option `text`."""
        return tuple(self.form.by_id[one] for one in self.view.named("text"))

    @cached_property
    def against(self) -> tuple[Field, ...]:
        """The fields that are set one above the other: the option `rows`, or every choice that is filled in."""
        chosen = [one.id for one in self.form.fields if type_of(one).from_list and not one.formula]
        return tuple(self.form.by_id[one] for one in self.view.named("rows") or chosen)

    @property
    def deep(self) -> int:
        """How many rows an item takes."""
        return max(1, len(self.against))

    def row_of(self, period: Period, item: Item) -> DataRow | None:
        """The data of an item in a period; None where it did not run."""
        return self.rows_known.get(key_of(period.id, item.id))

    # --- columns ---

    def text_column(self, field_at: int, period_at: int) -> int:
        """The column of a text field in a period."""
        return len(ITEM_COLUMNS) + 1 + field_at * len(self.periods) + period_at

    @property
    def label_column(self) -> int:
        """The column that says which field a row shows."""
        return len(ITEM_COLUMNS) + 1 + len(self.texts) * len(self.periods)

    @property
    def state_column(self) -> int | None:
        """The column that says how an answer stands, which only a draft has."""
        return self.label_column + len(self.periods) + 1 if self.made.draft else None

    @property
    def last_column(self) -> int:
        """The last column."""
        return self.state_column or self.label_column + len(self.periods)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        texts = len(self.texts) * len(self.periods)
        longest = max((display_width(one.heading) for one in self.against), default=0) + 4.0
        label = min(max(longest, _LABEL_LEAST), _LABEL_MOST)
        fixed = (
            sum(_WIDTHS.values()) + label + len(self.periods) * _PERIOD_WIDTH + self.made.draft * _STATE_WIDTH
        )
        each = min(max((_WIDE - fixed) / max(texts, 1), _TEXT_LEAST), _TEXT_MOST)
        return (
            *(_WIDTHS[one] for one in ITEM_COLUMNS),
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
        banded = any(one.goal for one in self._items())
        for (goal, group), same in groupby(self._items(), key=lambda one: (one.goal, one.group)):
            items = list(same)
            new = banded and (goal != before or not found)
            band = BAND_HEIGHT if banded else 0.0
            heights, parts = self._parts(page, group, items, (band if new else 0.0, band))
            for first, last, begins in parts:
                words = self._band(goal, again=not new or first > 0) if banded else ""
                over = row if banded and (begins or (new and first == 0)) else None
                row += over is not None
                lines = []
                for item, height in zip(items[first:last], heights[first:last], strict=True):
                    lines.append(Line(item, row, height))
                    row += self.deep
                found.append(Segment(group, tuple(lines), over, words if over else "", begins))
            before = goal
        return tuple(found)

    def _parts(
        self, page: Page, group: str, items: Sequence[Item], bands: tuple[float, float]
    ) -> tuple[list[float], list[tuple[int, int, bool]]]:
        """A group placed on the page: the height of each of an item's rows, and where a page cuts it.

        `bands` are the points of the band above the group, and of one where it begins a page. A part that is too
        low for the name of the group is made higher, which may move the next cut.
        """
        needed = row_height([(group, _WIDTHS["group"])], LINE_HEIGHT)
        heights = [self._height(one) for one in items]
        while True:
            tried = replace(page)
            whole = [one * self.deep for one in heights]
            parts = list(
                tried.take_rows(whole, bands=bands, start=tried.waits(bands[0] + sum(whole), _MOST_EMPTY))
            )
            lacking = False
            for first, last, _ in parts:
                lack = needed - sum(whole[first:last])
                if lack > _LITTLE:
                    lacking = True
                    for at in range(first, last):
                        heights[at] += lack / (last - first) / self.deep
            if not lacking:
                page.used, page.fresh = tried.used, tried.fresh
                return heights, parts

    def _band(self, goal: str, *, again: bool) -> str:
        """What the band of a goal says; `again` where it stands on a further page."""
        language = self.made.plan.language
        name = goal or text("summary.progress.no_goal", language)
        return text("summary.progress.goes_on", language, goal=name) if again else name

    def _items(self) -> Iterator[Item]:
        shown = {one.item.id for one in self.rows_known.values()}
        return (one for one in self.made.plan.items if one.id in shown)

    def _height(self, item: Item) -> float:
        """Points of each of an item's rows, so that its longest text fits over them all."""
        cells: list[tuple[object, float]] = [
            (getattr(item, name), _WIDTHS[name]) for name in ("title", "summary")
        ]
        for field_at, one in enumerate(self.texts):
            for period_at, period in enumerate(self.periods):
                row = self.row_of(period, item)
                width = self.widths[self.text_column(field_at, period_at) - 1]
                cells.append((row.values.get(one.id) if row else None, width))
        return max(LEAST_HEIGHT, row_height(cells, LINE_HEIGHT) / self.deep)

    @property
    def last_row(self) -> int:
        """The last row; the last row of heads where there are no items."""
        return self.segments[-1].lines[-1].row + self.deep - 1 if self.segments else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [one.first_row for one in self.segments if one.page]
