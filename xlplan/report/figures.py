"""Which figures a summary has: each measure × group × period, where it stands on its sheet, and what its formula names.

What they come to is `xlplan.report.working`'s matter. Rows and columns are 1-based. From top to bottom a sheet has one
block for each `by` of its measures:

    title
    measure heads, each over its periods    (only where there are groups)
    period heads
    one row for each group                  (for each measure where `by` is empty)
    total                                   (where a sum means something)
    chart                                   (where there is one)

A block by period has its periods as rows and its measures as columns. Behind the last period stands the figure of
the whole plan, for the measures that have one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.formula.addresses import area_address, cell_address, column_letters
from xlplan.formula.emission import Place
from xlplan.model.decision import KeptFigure
from xlplan.model.item import Period
from xlplan.model.view import Measure, View
from xlplan.report.columns import DataTable
from xlplan.report.heads import Group, Heads
from xlplan.report.measures import additive, rate

FIRST_BLOCK_ROW = 5
LABEL_COLUMN, FIRST_COLUMN = 1, 2
_CHART_ROWS = (12, 40)
"""The least and the most rows of a chart."""
_ANYTHING, _ANY_GROUP = '"*"', '"?*"'
"""The criteria that any text meets: the period of a figure of the whole plan, and the group of a total."""


@dataclass(frozen=True)
class Block:
    """One table of a statistics sheet: the measures with one `by`. `top` is the row of its title."""

    sheet: str
    view: View
    by: str
    measures: tuple[Measure, ...]
    groups: tuple[Group, ...]
    periods: tuple[Period, ...]
    top: int

    @property
    def crossed(self) -> bool:
        """Whether groups stand against periods, so that each measure has its own columns."""
        return self.by not in ("", "period")

    @property
    def head_row(self) -> int:
        """The row with the heads of the columns: periods, or measures in a block by period."""
        return self.top + (2 if self.crossed else 1)

    @property
    def first_row(self) -> int:
        """The first row of figures."""
        return self.head_row + 1

    @property
    def last_row(self) -> int:
        """The last row of figures; the head row where there is none."""
        if self.by == "period":
            return self.head_row + len(self.groups) + self.total
        return self.head_row + len(self.measures if not self.by else self.groups)

    @cached_property
    def total(self) -> bool:
        """Whether one of the measures has a figure for the whole plan."""
        return any(measure.total for measure in self.measures)

    @cached_property
    def total_row(self) -> int | None:
        """The row of the totals, where a sum means something for one of the measures."""
        summed = self.crossed and len(self.groups) > 1 and any(map(self.additive, self.measures))
        return self.last_row + 1 if summed else None

    @property
    def table_end(self) -> int:
        """The last row of the table, totals included."""
        return self.total_row or self.last_row

    @cached_property
    def chart_measure(self) -> Measure | None:
        """What the chart shows: a count where the groups are parts of a whole, a share where they are not."""
        if not self.crossed or not self.groups:
            return None
        shares = [measure for measure in self.measures if measure.format.endswith("%")]
        counts = [measure for measure in self.measures if measure not in shares]
        wanted = [*counts, *shares] if self.parts else [*shares, *counts]
        return wanted[0]

    @property
    def parts(self) -> bool:
        """Whether the groups are the choices of a field, so that every item is in one of them or blank."""
        return self.by not in ("item", "goal", "group", "title", "summary", "department")

    @property
    def end(self) -> int:
        """The last row that the block takes, its chart included."""
        return self.table_end + (self.chart_rows + 1 if self.chart_measure else 0)

    @property
    def chart_rows(self) -> int:
        """The rows that the chart takes, by the number of its bars."""
        bars = len(self.periods) * (1 if self.parts else len(self.groups))
        least, most = _CHART_ROWS
        return max(least, min(most, bars + 5))

    @property
    def last_column(self) -> int:
        """The last column of the table."""
        if self.by == "period":
            return LABEL_COLUMN + len(self.measures)
        if self.crossed:
            return LABEL_COLUMN + sum(map(self._width, self.measures))
        return LABEL_COLUMN + len(self.periods) + self.total

    def _width(self, measure: Measure) -> int:
        return len(self.periods) + measure.total

    def columns_of(self, measure: Measure) -> tuple[int, int]:
        """First and last column of a measure's periods in a crossed block."""
        before = self.measures[: self.measures.index(measure)]
        first = FIRST_COLUMN + sum(map(self._width, before))
        return first, first + len(self.periods) - 1

    def at(self, measure: Measure, period_at: int, group_at: int) -> tuple[int, int]:
        """Where a figure stands.

        Args:
            measure: One of the block's measures.
            period_at: Where its period stands among the block's, from 0; behind the last stands the whole plan.
            group_at: Where its group stands among the block's, from 0.

        Returns:
            Row and column.
        """
        if self.by == "period":
            return self.first_row + period_at, FIRST_COLUMN + self.measures.index(measure)
        if not self.by:
            return self.first_row + self.measures.index(measure), FIRST_COLUMN + period_at
        return self.first_row + group_at, self.columns_of(measure)[0] + period_at

    def additive(self, measure: Measure) -> bool:
        """Whether the figures of a measure's groups may be summed."""
        return additive(measure, self.measures)

    def figures(self) -> Iterator["Figure"]:
        """Every figure of the block but the totals of its groups."""
        for measure in self.measures:
            for period_at in range(self._width(measure)):
                for group_at in range(len(self.groups) if self.crossed else 1):
                    yield Figure(self, measure, period_at, group_at)

    def totals(self) -> Iterator["Figure"]:
        """The totals of the groups, of the measures that have one: sums, and rates over all groups together."""
        for measure in self.measures if self.total_row else ():
            if self.additive(measure) or rate(measure, self.measures):
                for period_at in range(self._width(measure)):
                    yield Figure(self, measure, period_at, len(self.groups))

    @cached_property
    def blanks(self) -> bool:
        """Whether one of the groups is that of the blank rows."""
        return any(group.blank for group in self.groups)

    @cached_property
    def numbers(self) -> bool:
        """Whether the groups are numbers or days."""
        return any(not isinstance(group.value, str) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a block: where its period stands among the block's, and its group among the groups (from 0)."""

    block: Block
    measure: Measure
    period_at: int
    group_at: int

    @property
    def of_all_periods(self) -> bool:
        """Whether it is the figure of the whole plan."""
        return self.period_at == len(self.block.periods)

    @property
    def period(self) -> str:
        """Id of its period; empty for the whole plan."""
        return "" if self.of_all_periods else self.block.periods[self.period_at].id

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods that it is over: its own; of a figure of the whole plan, or of what adds up, all of them."""
        names = (node.value for node in self.measure.formula.tree.walk())
        if self.of_all_periods or "CUMULATIVE" in names:
            return self.block.periods
        return (self.block.periods[self.period_at],)

    @property
    def group(self) -> str:
        """Its group in words; empty where there is none, or it is of all groups."""
        group = self.head
        return group.text if group else ""

    @property
    def head(self) -> Group | None:
        """Its group; None where there is none, or it is of all groups."""
        if self.of_all_groups:
            return None
        if self.block.crossed:
            return self.block.groups[self.group_at]
        return None if self.of_all_periods or not self.block.by else self.block.groups[self.period_at]

    @property
    def of_all_groups(self) -> bool:
        """Whether it is the total of the groups."""
        return self.block.crossed and self.group_at == len(self.block.groups)

    @property
    def heads(self) -> Heads:
        """What its formula asks for."""
        block = self.block
        period = None if self.of_all_periods else block.periods[self.period_at].label
        return Heads(self.head, period, block.blanks, block.numbers, block.by == "period")

    def kept(self, value: float | str | bool | None = None) -> KeptFigure:
        """It as it is kept of a round that is closed, with the `value` that it comes to."""
        group = self.head.key if self.head and self.block.by != "period" else ""
        return KeptFigure(
            self.block.view.id, self.measure.id, group, self.period, value, total=self.of_all_groups
        )

    @property
    def row(self) -> int:
        """Its row."""
        return self.block.at(self.measure, self.period_at, self.group_at)[0]

    @property
    def column(self) -> int:
        """Its column."""
        return self.block.at(self.measure, self.period_at, self.group_at)[1]

    @property
    def position(self) -> tuple[str, int, int]:
        """Its sheet, row and column."""
        return self.block.sheet, self.row, self.column

    @property
    def period_head(self) -> tuple[int, int]:
        """Row and column of the head of its period."""
        return (self.row, LABEL_COLUMN) if self.block.by == "period" else (self.block.head_row, self.column)

    @property
    def cell(self) -> str:
        """Its address, such as 集計!D8."""
        return f"{self.block.sheet}!{cell_address(self.row, self.column)}"

    def beside(self, measure_id: str) -> "Figure":
        """Another measure's figure of the same group and period."""
        return replace(self, measure=next(other for other in self.block.measures if other.id == measure_id))

    def groups_of_total(self) -> list["Figure"]:
        """The figures of the groups of which it is the total."""
        return [replace(self, group_at=at) for at in range(len(self.block.groups))]

    @property
    def area_of_total(self) -> str:
        """The cells above a total."""
        block = self.block
        return area_address((block.first_row, self.column), (block.last_row, self.column), fixed=False)

    def up_to_here(self) -> list["Figure"]:
        """The figures of the same measure and group from the first period to this one."""
        return [replace(self, period_at=at) for at in range(self.period_at + 1)]


@dataclass(frozen=True, slots=True)
class FigurePlace(Place):
    """The place of one figure: whole columns of the data, its own heads, the other figures of its block."""

    table: DataTable
    figure: Figure

    def column(self, name: str) -> str:
        """The whole column."""
        return self.table.reference(name)

    def group(self) -> str:
        """The head of the figure's row."""
        if self.figure.of_all_periods and self.figure.block.by == "period":
            return _ANYTHING
        if self.figure.row == self.figure.block.total_row:
            return _ANY_GROUP
        return f"${column_letters(LABEL_COLUMN)}{self.figure.row}"

    def period(self) -> str:
        """The head of the figure's period."""
        if self.figure.of_all_periods:
            return _ANYTHING
        row, column = self.figure.period_head
        return cell_address(row, column, fixed=True)

    def measure(self, name: str) -> str:
        """The cell of another measure."""
        return self._address(self.figure.beside(name))

    def cumulative(self, name: str) -> str:
        """The sum of another measure's cells from the first period to this one."""
        periods = self.figure.beside(name).up_to_here()
        return f"SUM({self._address(periods[0], first=True)}:{self._address(periods[-1])})"

    def _address(self, figure: Figure, *, first: bool = False) -> str:
        """A figure's cell; of the `first` period so that it stays where it is when the formula is copied along."""
        down, across = ("$", "") if figure.block.by == "period" else ("", "$")
        row, column = figure.row, column_letters(figure.column)
        return f"{across}{column}{down}{row}" if first else f"{column}{row}"
