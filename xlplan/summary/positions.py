"""The geometry of a statistics sheet: where each measure × group × period stands.

The writer and `xlplan.reconcile` both ask here. Rows and columns are 1-based. From top to bottom a sheet has one
block for each `by` of its measures:

    title
    measure heads, each over its periods    (only where there are groups)
    period heads
    one row for each group                  (for each measure where `by` is empty)
    total                                   (where a sum means something)
    chart                                   (where there is one)

A block by period has its periods as rows and its measures as columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from xlplan.consolidate import periods_shown
from xlplan.formula import Node, column_letters
from xlplan.messages import text
from xlplan.plan import Measure, Period, Plan, View, ViewKind
from xlplan.specs import spec
from xlplan.summary.columns import sheet_of

FIRST_BLOCK_ROW = 5
LABEL_COLUMN, FIRST_COLUMN = 1, 2
_CHART_ROWS = (12, 40)
"""The least and the most rows of a chart."""
_SUMS = ("COUNTIFS", "COUNTIF", "SUMIFS", "SUMIF")


@dataclass(frozen=True)
class Block:
    """One table of a statistics sheet: the measures with one `by`. `top` is the row of its title."""

    sheet: str
    view: View
    by: str
    measures: tuple[Measure, ...]
    groups: tuple[str, ...]
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
        return self.head_row + len(self.measures if not self.by else self.groups)

    @cached_property
    def total_row(self) -> int | None:
        """The row of the totals, where a sum means something for one of the measures."""
        summed = self.crossed and len(self.groups) > 1 and any(map(additive, self.measures))
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
        shares = [one for one in self.measures if one.format.endswith("%")]
        counts = [one for one in self.measures if one not in shares]
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
        return LABEL_COLUMN + len(self.periods) * (len(self.measures) if self.crossed else 1)

    def columns_of(self, measure: Measure) -> tuple[int, int]:
        """First and last column of a measure in a crossed block."""
        first = FIRST_COLUMN + self.measures.index(measure) * len(self.periods)
        return first, first + len(self.periods) - 1

    def figures(self) -> Iterator["Figure"]:
        """Every figure of the block, each with its cell and the cells of its heads."""
        for measure_at, measure in enumerate(self.measures):
            for period_at, period in enumerate(self.periods):
                if self.by == "period":
                    row, column = self.first_row + period_at, FIRST_COLUMN + measure_at
                    yield Figure(
                        self.sheet, measure, period.label, period.id, row, column, row, (row, LABEL_COLUMN)
                    )
                elif not self.by:
                    row, column = self.first_row + measure_at, FIRST_COLUMN + period_at
                    yield Figure(
                        self.sheet, measure, "", period.id, row, column, row, (self.head_row, column)
                    )
                else:
                    column = self.columns_of(measure)[0] + period_at
                    for row, group in enumerate(self.groups, self.first_row):
                        head = (self.head_row, column)
                        yield Figure(self.sheet, measure, group, period.id, row, column, row, head)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its sheet and cell, the row of its group's head, and the cell (row, column) of its period's."""

    sheet: str
    measure: Measure
    group: str
    period: str
    row: int
    column: int
    group_row: int
    period_head: tuple[int, int]

    @property
    def cell(self) -> str:
        """Its address, such as 集計!D8."""
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"


def blocks(plan: Plan, view: View, period: Period) -> tuple[Block, ...]:
    """The blocks of a statistics sheet from top to bottom, in the order in which each `by` first occurs."""
    top, found, sheet = FIRST_BLOCK_ROW, [], sheet_of(plan, view)
    order = list(dict.fromkeys(one.by for one in view.measures))
    measures = sorted(view.measures, key=lambda one: order.index(one.by))
    for by, same in groupby(measures, key=lambda one: one.by):
        groups = groups_of(plan, view, by, period)
        block = Block(sheet, view, by, tuple(same), groups, periods_shown(plan, period), top)
        found.append(block)
        top = block.end + 2
    return tuple(found)


def groups_of(plan: Plan, view: View, by: str, period: Period) -> tuple[str, ...]:
    """The row heads of a block: exactly what the data sheet holds in that column.

    A list's choices; an item's column in the order of the plan; the labels of the periods. Another field has the
    values that the plan knows of before the round.
    """
    periods = periods_shown(plan, period)
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if not by:
        return ()
    if by == "period":
        return tuple(one.label for one in periods)
    if field is not None and field.list:
        return tuple(one.value for one in plan.lists[field.list])
    if field is not None:
        known = (one.values.get(by) for one in plan.records if one.form == view.form)
        return _distinct("" if one is None else str(one) for one in known)
    items = [one for one in plan.items if any(plan.runs(one, within) for within in periods)]
    if by == "department":
        owners = {one.department for one in items}
        return _distinct(one.name for one in plan.departments if one.id in owners)
    if by == "item":
        return tuple(one.id for one in items)
    return _distinct(str(getattr(one, by)) for one in items)


def _distinct(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in values if one))


def figure_cells(plan: Plan, period: Period) -> Mapping[tuple[str, str, str, str], Figure]:
    """Every figure of the summary of `period`, by view, measure, group and period (ids; a group's own words)."""
    return {
        (view.id, figure.measure.id, figure.group, figure.period): figure
        for view in plan.views
        if view.kind is ViewKind.STATISTICS
        for block in blocks(plan, view, period)
        for figure in block.figures()
    }


def heading_of(plan: Plan, view: View, by: str) -> str:
    """What a block's groups are: the label of the field or of the item's column."""
    form = plan.form(view.form)
    field = form.by_id.get(by) if form else None
    if field is not None:
        return field.label
    if by == "period":
        return spec("records").heading("period", plan.language)
    return spec("items").heading("id" if by == "item" else by, plan.language)


def block_title(plan: Plan, block: Block) -> str:
    """The title of a block."""
    if not block.by:
        return text("summary.statistics.whole", plan.language)
    return text("summary.statistics.by", plan.language, heading=heading_of(plan, block.view, block.by))


def additive(measure: Measure) -> bool:
    """Whether the figures of a measure's groups may be summed: counts and sums, and their shares of one whole."""
    return _adds_up(measure.formula.tree)


def _adds_up(node: Node) -> bool:
    if node.kind == "function":
        return node.value in _SUMS and _by_group([node])
    if node.kind != "binary":
        return False
    left, right = node.children
    match node.value:
        case "+" | "-":
            return _adds_up(left) and _adds_up(right)
        case "/" | "*":
            return _adds_up(left) and not _by_group([right])
        case _:
            return False


def _by_group(nodes: Sequence[Node]) -> bool:
    return any(one.kind == "function" and one.value == "GROUP" for node in nodes for one in node.walk())
