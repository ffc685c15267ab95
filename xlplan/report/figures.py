"""The geometry of a statistics sheet: where each measure × group × period stands.

The writer and `xlplan.report.reconcile` both ask here. Rows and columns are 1-based. From top to bottom a sheet has one
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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from xlplan.definition.specs import spec
from xlplan.formula.addition import adds_up_over_groups, names_group
from xlplan.formula.addresses import cell_address
from xlplan.formula.tree import OF_MEASURES, Node, criteria
from xlplan.language.messages import text
from xlplan.model.parts import Measure, Period, View, ViewKind
from xlplan.model.plan import Plan
from xlplan.report.columns import sheet_of

FIRST_BLOCK_ROW = 5
LABEL_COLUMN, FIRST_COLUMN = 1, 2
_CHART_ROWS = (12, 40)
"""The least and the most rows of a chart."""
_MEANS = ("AVERAGEIFS", "AVERAGEIF")


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
        if self.by == "period":
            return self.head_row + len(self.groups) + self.total
        return self.head_row + len(self.measures if not self.by else self.groups)

    @cached_property
    def total(self) -> bool:
        """Whether one of the measures has a figure for the whole plan."""
        return any(one.total for one in self.measures)

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
        """Row and column of a figure; behind the last period stands that of the whole plan."""
        if self.by == "period":
            return self.first_row + period_at, FIRST_COLUMN + self.measures.index(measure)
        if not self.by:
            return self.first_row + self.measures.index(measure), FIRST_COLUMN + period_at
        return self.first_row + group_at, self.columns_of(measure)[0] + period_at

    def additive(self, measure: Measure) -> bool:
        """Whether the figures of a measure's groups may be summed."""
        return additive(measure, self.measures)

    def figures(self) -> Iterator["Figure"]:
        """Every figure of the block."""
        for measure in self.measures:
            for period_at in range(self._width(measure)):
                for group_at in range(len(self.groups) if self.crossed else 1):
                    yield Figure(self, measure, period_at, group_at)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a block: where its period stands among the block's, and its group among the groups."""

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
    def group(self) -> str:
        """Its group in the group's own words; empty where there is none."""
        if self.block.crossed:
            return self.block.groups[self.group_at]
        return "" if self.of_all_periods or not self.block.by else self.block.groups[self.period_at]

    @property
    def row(self) -> int:
        """Its row."""
        return self.block.at(self.measure, self.period_at, self.group_at)[0]

    @property
    def column(self) -> int:
        """Its column."""
        return self.block.at(self.measure, self.period_at, self.group_at)[1]

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
        return replace(self, measure=next(one for one in self.block.measures if one.id == measure_id))

    def up_to_here(self) -> list["Figure"]:
        """The figures of the same measure and group from the first period to this one."""
        return [replace(self, period_at=at) for at in range(self.period_at + 1)]


def blocks(plan: Plan, view: View, period: Period, *, top: int = FIRST_BLOCK_ROW) -> tuple[Block, ...]:
    """The blocks of a statistics sheet from row `top` down, in the order in which each `by` first occurs."""
    found, sheet = list[Block](), sheet_of(plan, view)
    order = list(dict.fromkeys(one.by for one in view.measures))
    measures = sorted(view.measures, key=lambda one: order.index(one.by))
    for by, same in groupby(measures, key=lambda one: one.by):
        groups = groups_of(plan, view, by, period)
        block = Block(sheet, view, by, tuple(same), groups, plan.periods_until(period), top)
        found.append(block)
        top = block.end + 2
    return tuple(found)


def groups_of(plan: Plan, view: View, by: str, period: Period) -> tuple[str, ...]:
    """The row heads of a block: exactly what the data sheet holds in that column.

    A list's choices; an item's column in the order of the plan; the labels of the periods. Another field has the
    values that the plan knows of before the round.
    """
    periods = plan.periods_until(period)
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
    if by == "department":
        owners = {one.department for within in periods for one in plan.items_of(within)}
        return _distinct(one.name for one in plan.departments if one.id in owners)
    items = [one for one in plan.items if any(plan.runs(one, within) for within in periods)]
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
        return field.heading
    if by == "period":
        return spec("records").heading("period", plan.language)
    return spec("items").heading("id" if by == "item" else by, plan.language)


def block_title(plan: Plan, block: Block) -> str:
    """The title of a block."""
    if not block.by:
        return text("summary.statistics.whole", plan.language)
    return text("summary.statistics.by", plan.language, heading=heading_of(plan, block.view, block.by))


def additive(measure: Measure, measures: Sequence[Measure] = ()) -> bool:
    """Whether the figures of a measure's groups may be summed: counts and sums, and their shares of one whole.

    `measures` are those that its formula may name.
    """
    return adds_up_over_groups(_spelled_out(measure.formula.tree, {one.id: one for one in measures}))


def divides(measure: Measure, measures: Sequence[Measure]) -> bool:
    """Whether there may be nothing to divide by for a figure, so that it is none. `measures` as in `additive`."""
    tree = _spelled_out(measure.formula.tree, {one.id: one for one in measures})
    return any(one.kind == "binary" and one.value == "/" for one in tree.walk())


def rate(measure: Measure, measures: Sequence[Measure]) -> bool:
    """Whether a measure is a quotient or a mean that can be worked out over all groups at once.

    It asks for its group in criteria only, and what it names of other `measures` has a total of its own.
    """
    tree = measure.formula.tree
    named = [one for one in measures if one.id in measure.formula.measures]
    if not (tree.kind == "binary" and tree.value == "/") and tree.value not in _MEANS:
        return False
    asked = sum(one.kind == "function" and one.value == "GROUP" for one in tree.walk())
    met = sum(names_group(criterion) for one in tree.walk() for _, criterion in criteria(one))
    return asked == met and asked + len(named) > 0 and all(additive(one, measures) for one in named)


def share(measure: Measure) -> bool:
    """Whether a measure is a part of what it is divided by: every condition of the one is one of the other."""
    tree = measure.formula.tree
    if tree.kind != "binary" or tree.value != "/" or any(one.value != "COUNTIFS" for one in tree.children):
        return False
    part, whole = ({(_words(a), _words(b)) for a, b in criteria(one)} for one in tree.children)
    return whole <= part


def _words(node: Node) -> tuple[object, ...]:
    """A node as it can be compared, wherever it stands."""
    return node.kind, node.value, *map(_words, node.children)


def _spelled_out(node: Node, measures: Mapping[str, Measure]) -> Node:
    """The formula with those of the measures that it names in their places."""
    if node.kind == "function" and node.value in OF_MEASURES:
        return _spelled_out(measures[str(node.children[0].value)].formula.tree, measures)
    return replace(node, children=tuple(_spelled_out(child, measures) for child in node.children))
