"""The schedule (スケジュール): projects by goal and group against fiscal years, their bars live over the data.

Rows and columns are 1-based. Under two rows of heads a band stands for each goal, one for each group within it, then
a row for each item. Each shown period has a column for each of its fiscal years; a year in two of them has two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlsxwriter.format import Format

from xlplan.definition.specs import spec
from xlplan.fields.table import type_of
from xlplan.formula.addresses import cell_address
from xlplan.formula.emission import quote
from xlplan.language.eras import short_fiscal_year
from xlplan.language.text import display_width
from xlplan.model.form import Choice, Field
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.columns import key_text, main_field, sheet_of
from xlplan.report.render.xlsx.looks import PLAIN, shades, value_style
from xlplan.report.render.xlsx.paper import BAND_HEIGHT, FIRST_ROW, HEAD_HEIGHT, Page, TableLayout, smallest
from xlplan.report.render.xlsx.sheet import Summary, SummarySheet
from xlplan.spreadsheet.book import Paper, row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT

ITEM_COLUMNS = 2
PERIODS_SHOWN = 2
"""Periods shown where the view names none: the round's and the one before."""
LEAST_HEIGHT, LEGEND_HEIGHT = 21.0, 21.0
_TITLE_WIDTH = 38.0
_YEAR_LEAST, _YEAR_MOST = 5.0, 10.0
_TEXT_LEAST, _TEXT_MOST = 18.0, 40.0
_UNSEEN = ";;;"
"""The number format of a cell that shows nothing but its colour."""


@dataclass(frozen=True, slots=True)
class YearColumn:
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
class ScheduleRow:
    """One row: the band of a goal, that of a group within it, or an item under both. `page`: a page begins with it."""

    row: int
    height: float
    goal: str
    group: str = ""
    item: Item | None = None
    page: bool = False


@dataclass(frozen=True)
class ScheduleTable(TableLayout):
    """Where everything stands in a schedule."""

    @cached_property
    def field(self) -> Field:
        """What the bars show."""
        return main_field(self.view, self.form)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What a bar may say; nothing where its field is no choice."""
        return self.made.plan.choices_of(self.field) if type_of(self.field).from_list else ()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods whose years are shown: the option `periods`, in the plan's order, or the last two."""
        plan = self.made.plan
        named = self.view.named("periods")
        found = tuple(period for period in plan.periods if period.id in named)
        return found or plan.periods_until(self.made.period)[-PERIODS_SHOWN:]

    # --- columns ---

    @cached_property
    def years(self) -> tuple[YearColumn, ...]:
        """The columns of years, from left to right."""
        plan, found, before = self.made.plan, list[YearColumn](), ""
        for period in self.periods:
            for number in range(period.first_year, period.last_year + 1):
                parts = short_fiscal_year(number, plan.calendar, plan.language, plan.fiscal_year_start)
                era, short = parts
                named = era and (era != before or number == period.first_year)
                head = f"{era}\n{short}" if named and len(era) > 1 else f"{era}{short}" if named else short
                found.append(YearColumn(period, number, ITEM_COLUMNS + 1 + len(found), head))
                before = era
        return tuple(found)

    def text_column(self, at: int) -> int:
        """The column of the text, counted from 0, that stands at the right."""
        return ITEM_COLUMNS + len(self.years) + 1 + at

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Width of each column in characters."""
        longest = max((display_width(choice.value) for choice in self.choices), default=0) + 0.5
        # a period of one year has its label over one column
        named = max(
            display_width(period.label) / (period.last_year - period.first_year + 1)
            for period in self.periods
        )
        return (
            self.number_width,
            _TITLE_WIDTH,
            *[min(max(longest, named, _YEAR_LEAST), _YEAR_MOST)] * len(self.years),
            *(min(max(field.width or _TEXT_LEAST, _TEXT_LEAST), _TEXT_MOST) for field in self.texts),
        )

    @cached_property
    def paper(self) -> Paper:
        """The paper on which it is printed, with its scale."""
        return smallest(self.widths)

    # --- rows ---

    @cached_property
    def rows(self) -> tuple[ScheduleRow, ...]:
        """The table from top to bottom; no page ends with a band, and each begins with that of its goal."""
        page, found = Page(self.paper, 2 * HEAD_HEIGHT), list[ScheduleRow]()
        for goal, groups in self._grouped().items():
            bands = [(goal, "")]
            for group, items in groups.items():
                bands += [(goal, group)] if group else []
                for item in items:
                    height = self._height(item)
                    start = page.waits(len(bands) * BAND_HEIGHT + height)
                    if start:
                        bands = self._bands_again(goal, group, bands)
                    rows = [ScheduleRow(0, BAND_HEIGHT, *band) for band in bands]
                    rows.append(ScheduleRow(0, height, goal, group, item))
                    for number, row in enumerate(rows):
                        begins = page.take(row.height, start=start and number == 0)
                        found.append(replace(row, row=FIRST_ROW + len(found), page=begins))
                    bands = []
        return tuple(found)

    def _bands_again(self, goal: str, group: str, bands: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The bands above an item with which a page begins: those of its goal and group stand there once more."""
        if bands and not bands[0][1]:  # the goal itself begins here
            return list(bands)
        again = [(goal, self.goes_on(group))] if group and not bands else []
        return [(self.goes_on(goal), ""), *again, *bands]

    def _grouped(self) -> Mapping[str, Mapping[str, Sequence[Item]]]:
        """The items that have a goal and run in a shown period: by goal and group, each where it first comes."""
        plan, found = self.made.plan, dict[str, dict[str, list[Item]]]()
        for item in plan.items:
            if item.goal and any(plan.runs(item, period) for period in self.periods):
                found.setdefault(item.goal, {}).setdefault(item.group, []).append(item)
        return found

    def _height(self, item: Item) -> float:
        """Points of an item's row."""
        texts = (self.value(field, self.made.period, item) for field in self.texts)
        widths = self.widths[self.text_column(0) - 1 :]
        cells = [(item.title, _TITLE_WIDTH), *zip(texts, widths, strict=True)]
        return max(LEAST_HEIGHT, row_height(cells, LINE_HEIGHT))

    def items(self) -> Iterator[tuple[int, Item]]:
        """Each item with its row."""
        return ((row.row, row.item) for row in self.rows if row.item)

    @property
    def last_row(self) -> int:
        """The last row of the table; the last row of heads where there are no items."""
        return self.rows[-1].row if self.rows else FIRST_ROW - 1

    def page_breaks(self) -> list[int]:
        """The 1-based rows with which a page begins."""
        return [row.row for row in self.rows if row.page]

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
        return any(choice.meaning for choice in self.choices)

    @property
    def _across(self) -> int:
        return 1 if self.explained else len(self.years)


def write_schedule(summary: Summary, view: View) -> None:
    """Write the sheet of one schedule."""
    sheet = _ScheduleSheet(summary, view)
    sheet.heads()
    for row in sheet.at.rows:
        sheet.row(row)
    sheet.legend()
    sheet.colours()
    bottom = sheet.at.legend_rows.stop if sheet.at.choices else sheet.at.last_row
    sheet.finish(bottom, sheet.at.paper, frozen=ITEM_COLUMNS, breaks=sheet.at.page_breaks())


class _ScheduleSheet(SummarySheet):
    """The sheet of a schedule; `at` says where everything stands."""

    def __init__(self, summary: Summary, view: View) -> None:
        self.at = at = ScheduleTable(summary.made, view)
        self.data = summary.tables[view.form]
        lookups = len(list(at.items())) * (len(at.years) + len(at.texts))
        name = sheet_of(summary.made.plan, view)
        super().__init__(summary, name, view.title, summary.note(), at.widths, heads=2, lookups=lookups)

    def heads(self) -> None:
        """Two rows: number, title and texts over both, the years under their periods."""
        at = self.at
        for column, name in enumerate(("id", "title"), 1):
            self.head(column, spec("items").heading(name, self.summary.language))
        for period in at.periods:
            columns = [year.column for year in at.years if year.period == period]
            self.head_over((columns[0], columns[-1]), period.label, "head_office")
        for year in at.years:
            self.head_under(year.column, year.head)
        for number, field in enumerate(at.texts):
            self.head(at.text_column(number), field.heading)
        lines = 1.5 if any("\n" in year.head for year in at.years) else 1
        self.heights(self.head_rows[0], [HEAD_HEIGHT, HEAD_HEIGHT * lines])

    def row(self, row: ScheduleRow) -> None:
        """A band, or an item with its bars and texts."""
        at, plan = self.at, self.made.plan
        if row.item is None:
            style = self.book.style("band_left", indent=1)
            if row.group:
                style = self.book.style("band_below", indent=2)
            self.band(row.row, row.group or row.goal, row.height, style)
            return
        self.heights(row.row, [row.height])
        self.book.put(self.sheet, row.row, 1, row.item.id, self.book.style("cell_centre"))
        self.book.put(self.sheet, row.row, 2, row.item.title, self.book.style("cell", valign="vcenter"))
        _, more = value_style(at.field, plan)
        for year in at.years:
            # the bar says what it is in the first year, and is colour alone in the others
            bar = self.book.style("cell_centre", **(more if year.first else {"num_format": _UNSEEN}))
            self.answer((row.row, year.column), row.item, year.period, at.field, bar)
        for number, field in enumerate(at.texts):
            name, more = value_style(field, plan, centre_numbers=True)
            style = self.book.style(name, **{"valign": "vcenter", **more})
            self.answer((row.row, at.text_column(number)), row.item, self.made.period, field, style)

    def answer(self, cell: tuple[int, int], item: Item, period: Period, field: Field, style: Format) -> None:
        """What was answered about an item in a period, looked up by key.

        Args:
            cell: Row and column.
            item: The item.
            period: The period.
            field: The field.
            style: The format of the cell.
        """
        row, column = cell
        lookup = self.data.lookup(field.id, key_text(period.id, f"$A{row}"))
        reported = self.at.value(field, period, item)
        self.value((row, row), column, field, style, lookup=lookup, reported=reported)

    def legend(self) -> None:
        """Each choice with its shade, and what it means."""
        at = self.at
        if not at.choices:
            return
        label = self.book.style("quiet", align="right", indent=1)
        place = 1 if at.explained else ITEM_COLUMNS
        self.book.put(self.sheet, at.legend_row, place, self.summary.text("summary.schedule.legend"), label)
        for row, column, choice in at.legend():
            if at.explained:
                style = self.book.style("cell", valign="vcenter")
                self.book.put(self.sheet, row, ITEM_COLUMNS, choice.meaning, style)
            self.book.put(self.sheet, row, column, choice.value, self.book.style("cell_centre"))
        self.heights(at.legend_row, [LEGEND_HEIGHT] * len(at.legend_rows))
        if len({choice.rank for choice in at.choices if choice.rank is not None}) > 1:
            words = self.summary.text("summary.schedule.order")
            self.book.put(self.sheet, at.legend_rows.stop, ITEM_COLUMNS, words, self.book.style("quiet"))

    def colours(self) -> None:
        """The shades of the bars and of the legend: Excel looks at what the cells say, whenever that changes."""
        at = self.at
        first, last = at.years[0].column, at.years[-1].column
        bottom = at.legend_rows.stop - 1 if at.choices else at.last_row
        if bottom < FIRST_ROW:
            return
        area = (FIRST_ROW - 1, first - 1, bottom - 1, last - 1)
        for value, shade in shades(at.choices).items():
            rule = {"type": "cell", "criteria": "==", "value": quote(value), "stop_if_true": True}
            self.sheet.conditional_format(*area, {**rule, "format": self.book.fill(shade)})
        anything = f"=LEN({cell_address(FIRST_ROW, first)})>0"
        rule = {"type": "formula", "criteria": anything, "format": self.book.fill(PLAIN)}
        self.sheet.conditional_format(*area, rule)
