"""The geometry of a schedule: its years, its rows under goals and groups, its legend, the pages on paper.

Rows and columns are 1-based. Under two rows of heads a band stands for each goal, one for each group within it, then
a row for each item. Each shown period has a column for each of its fiscal years; a year in two of them has two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xlplan.fields import type_of
from xlplan.language.calendar import short_fiscal_year
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Choice, Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.consolidate import Consolidation, DataRow, periods_shown
from xlplan.report.summary.columns import main_field
from xlplan.report.summary.paging import Page, smallest
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

HEAD_ROW, FIRST_ROW = 4, 6
ITEM_COLUMNS = 2
PERIODS_SHOWN = 2
"""Periods shown where the view names none: the round's and the one before."""
HEAD_HEIGHT, BAND_HEIGHT, LEAST_HEIGHT, LEGEND_HEIGHT = 20.0, 20.0, 21.0, 21.0
_NUMBER_LEAST, _NUMBER_MOST, _TITLE_WIDTH = 6.0, 14.0, 38.0
_YEAR_LEAST, _YEAR_MOST = 5.0, 10.0
_TEXT_LEAST, _TEXT_MOST = 18.0, 40.0


@dataclass(frozen=True, slots=True)
class Year:
    """One column: a fiscal year (western) of a period. `first` is true of the period's first year."""

    period: Period
    number: int
    column: int
    head: str

    @property
    def first(self) -> bool:
        """Whether it is the period's first year, in which the bar says what it is."""
        return self.number == self.period.first_year


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the band of a goal, that of a group within it, or an item under both. `page`: a page begins with it."""

    row: int
    height: float
    goal: str
    group: str = ""
    item: Item | None = None
    page: bool = False


@dataclass(frozen=True)
class ScheduleTable:
    """The schedule of one view."""

    made: Consolidation
    view: View
    form: Form
    now: Mapping[str, DataRow] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, made: Consolidation, view: View) -> "ScheduleTable":
        """The schedule of `view` over the rows that the summary holds."""
        form = next(one for one in made.forms if one.id == view.form)
        now = {one.item.id: one for one in made.rows_of(form.id) if one.period == made.period}
        return cls(made, view, form, now)

    @cached_property
    def field(self) -> Field:
        """What the bars show."""
        return main_field(self.view, self.form)

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """What stands at the right, of the round's period: the option `text`."""
        return tuple(self.form.by_id[one] for one in self.view.named("text"))

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What a bar may say; nothing where its field is no choice."""
        return self.made.plan.choices_of(self.field) if type_of(self.field).from_list else ()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods whose years are shown: the option `periods`, in the plan's order, or the last two."""
        plan = self.made.plan
        named = self.view.named("periods")
        found = tuple(one for one in plan.periods if one.id in named)
        return found or periods_shown(plan, self.made.period)[-PERIODS_SHOWN:]

    # --- columns ---

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """The columns of years, from left to right."""
        plan, found, before = self.made.plan, list[Year](), ""
        for period in self.periods:
            for number in range(period.first_year, period.last_year + 1):
                parts = short_fiscal_year(number, plan.calendar, plan.language, plan.fiscal_year_start)
                era, short = parts
                named = era and (era != before or number == period.first_year)
                head = f"{era}\n{short}" if named and len(era) > 1 else f"{era}{short}" if named else short
                found.append(Year(period, number, ITEM_COLUMNS + 1 + len(found), head))
                before = era
        return tuple(found)

    def text_column(self, at: int) -> int:
        """The column of a text at the right."""
        return ITEM_COLUMNS + len(self.years) + 1 + at

    @property
    def last_column(self) -> int:
        """The last column."""
        return ITEM_COLUMNS + len(self.years) + len(self.texts)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        number = max((display_width(one.id) for one in self.made.plan.items), default=0) + 2.0
        said = max((display_width(one.value) for one in self.choices), default=0) + 0.5
        # a period of one year has its label over one column
        named = max(display_width(one.label) / (one.last_year - one.first_year + 1) for one in self.periods)
        return (
            min(max(number, _NUMBER_LEAST), _NUMBER_MOST),
            _TITLE_WIDTH,
            *[min(max(said, named, _YEAR_LEAST), _YEAR_MOST)] * len(self.years),
            *(min(max(one.width or _TEXT_LEAST, _TEXT_LEAST), _TEXT_MOST) for one in self.texts),
        )

    @cached_property
    def paper(self) -> Paper:
        """The paper on which it is printed, with its scale."""
        return smallest(self.widths)

    # --- rows ---

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The table from top to bottom; no page ends with a band, and each begins with that of its goal."""
        page = Page(self.paper, 2 * HEAD_HEIGHT)
        found: list[Row] = []
        for goal, groups in self._grouped().items():
            bands = [(goal, "")]
            for group, items in groups.items():
                if group:
                    bands.append((goal, group))
                for item in items:
                    height = self._height(item)
                    start = page.waits(len(bands) * BAND_HEIGHT + height)
                    if start and (not bands or bands[0][1]):
                        again = [(goal, group)] if group and not bands else []
                        bands = [
                            (self._again(goal), ""),
                            *((goal, self._again(one)) for _, one in again),
                            *bands,
                        ]
                    for words, its_group in bands:
                        found.append(self._row(found, BAND_HEIGHT, words, its_group, None, page, start))
                        start = False
                    found.append(self._row(found, height, goal, group, item, page, start))
                    bands = []
        return tuple(found)

    def _again(self, name: str) -> str:
        """A band that stands once more, on a further page."""
        return text("summary.progress.goes_on", self.made.plan.language, goal=name)

    @staticmethod
    def _row(
        found: Sequence[Row], height: float, goal: str, group: str, item: Item | None, page: Page, start: bool
    ) -> Row:
        return Row(FIRST_ROW + len(found), height, goal, group, item, page.take(height, start=start))

    def _grouped(self) -> Mapping[str, Mapping[str, Sequence[Item]]]:
        """The items that have a goal and run in a shown period: by goal and group, each where it first comes."""
        found: dict[str, dict[str, list[Item]]] = {}
        for one in self.made.plan.items:
            if one.goal and any(self.made.plan.runs(one, period) for period in self.periods):
                found.setdefault(one.goal, {}).setdefault(one.group, []).append(one)
        return found

    def _height(self, item: Item) -> float:
        """Points of an item's row."""
        known = self.now.get(item.id)
        texts = ((known.values.get(one.id) if known else None) for one in self.texts)
        widths = self.widths[self.text_column(0) - 1 :]
        cells = [(item.title, _TITLE_WIDTH), *zip(texts, widths, strict=True)]
        return max(LEAST_HEIGHT, row_height(cells, LINE_HEIGHT))

    def items(self) -> Iterator[tuple[int, Item]]:
        """Each item with its row."""
        return ((one.row, one.item) for one in self.rows if one.item)

    @property
    def last_row(self) -> int:
        """The last row of the table; the last row of heads where there are no items."""
        return self.rows[-1].row if self.rows else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [one.row for one in self.rows if one.page]

    # --- legend ---

    @property
    def legend_row(self) -> int:
        """The first row of the legend, an empty row below the table."""
        return self.last_row + 2

    def legend(self) -> Iterator[tuple[int, int, Choice]]:
        """Each choice with its row and column: one a row where they are explained, else as many as there are years."""
        across = self._across
        for at, choice in enumerate(self.choices):
            yield self.legend_row + at // across, ITEM_COLUMNS + 1 + at % across, choice

    @property
    def legend_rows(self) -> range:
        """The rows of the legend."""
        return range(self.legend_row, self.legend_row - (-len(self.choices) // self._across))

    @property
    def explained(self) -> bool:
        """Whether the legend says what a choice means."""
        return any(one.meaning for one in self.choices)

    @property
    def _across(self) -> int:
        return 1 if self.explained else len(self.years)
