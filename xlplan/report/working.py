"""What the figures of a summary come to: each worked out once, with the records that make it up.

What counts, sums or averages records is worked out for all groups in one pass (`aggregates`). What is made of that,
and what looks at whole columns in another way, is evaluated by formualizer, as it is anywhere else. The formula that
the workbook shows is emitted from the same tree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from xlplan.formula.addresses import column_area, quoted_sheet
from xlplan.formula.criteria import number_of
from xlplan.formula.emission import emit, quote
from xlplan.formula.engine import Engine, ErrorValue
from xlplan.formula.tree import Formula, Node
from xlplan.language.messages import text
from xlplan.language.text import fold
from xlplan.model.form import Field
from xlplan.model.record import Value
from xlplan.model.view import Measure, View, ViewKind
from xlplan.report.aggregates import Aggregate, aggregate
from xlplan.report.columns import DataTable, data_tables, sheet_of
from xlplan.report.figures import FIRST_BLOCK_ROW, Block, Figure, FigurePlace
from xlplan.report.groups import groups_of
from xlplan.report.heads import key_of_value
from xlplan.report.keys import KeyColumn, key_columns, written
from xlplan.report.measures import divides, narrowed, spelled_out, sums_group
from xlplan.report.records import Records, records_of
from xlplan.report.rows import KEY, NOT_COUNTED, STATE, Consolidation, DataRow
from xlplan.report.worked import NoFigure, Spot, Worked, WorkedOut, with_fixed

STATE_ROWS = 5
"""The rows that the counts of the states take above the figures of a draft, besides one for each state."""
_DATA = "\2"
"""What stands before a form's id in the name of the sheet with its columns. No view's sheet begins so."""


def _blocks_of(records: Records, view: View, *, top: int = FIRST_BLOCK_ROW) -> tuple[Block, ...]:
    """The blocks of a statistics sheet, in the order in which each `by` first occurs.

    Args:
        records: The records of the view's form.
        view: A view of statistics.
        top: The row with which the first block begins.

    Returns:
        The blocks from top to bottom.
    """
    plan, period = records.made.plan, records.made.period
    found, sheet = list[Block](), sheet_of(plan, view)
    order = list(dict.fromkeys(measure.by for measure in view.measures))
    measures = sorted(view.measures, key=lambda measure: order.index(measure.by))
    for by, same in groupby(measures, key=lambda measure: measure.by):
        groups = groups_of(records, view, by)
        block = Block(sheet, view, by, tuple(same), groups, plan.periods_until(period), top)
        found.append(block)
        top = block.end + 2
    return tuple(found)


@dataclass(frozen=True)
class Figures:
    """All figures of a summary."""

    made: Consolidation

    @cached_property
    def records(self) -> Mapping[str, Records]:
        """The records of each form, by its id."""
        return records_of(self.made)

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The views of statistics."""
        return tuple(view for view in self.made.plan.views if view.kind is ViewKind.STATISTICS)

    @cached_property
    def _blocks(self) -> Mapping[str, tuple[Block, ...]]:
        top = FIRST_BLOCK_ROW + (STATE_ROWS + len(self.made.states) if self.made.draft else 0)
        return {view.id: _blocks_of(self.records[view.form], view, top=top) for view in self.views}

    def blocks(self, view: View) -> tuple[Block, ...]:
        """The blocks of a view of statistics, from top to bottom."""
        return self._blocks[view.id]

    def all(self) -> Iterator[Figure]:
        """Every figure, block by block, the totals of its groups last."""
        for view in self.views:
            for block in self.blocks(view):
                yield from block.figures()
                yield from block.totals()

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, KeyColumn]]:
        """The columns of keys of each form, by the column whose keys they are."""
        periods = [period.label for period in self.made.plan.periods_until(self.made.period)]
        found = {}
        for form, records in self.records.items():
            asked = [
                (self.formula(measure), block.groups)
                for view in self.views
                if view.form == form
                for block in self.blocks(view)
                for measure in block.measures
            ]
            found[form] = key_columns(records, asked, periods)
        return found

    @cached_property
    def tables(self) -> Mapping[str, DataTable]:
        """The data sheet of each form, by its id."""
        return data_tables(self.made.plan, draft=self.made.draft, keys=self.keys)

    def formula(self, measure: Measure) -> Formula:
        """A measure's formula; in a draft over the answers that stand."""
        if not self.made.draft:
            return measure.formula
        language = self.made.plan.language
        left_out = [text(state.catalogue_key, language) for state in NOT_COUNTED]
        return narrowed(measure.formula, STATE, left_out)

    @cached_property
    def by_words(self) -> Mapping[tuple[str, str, str, str], Figure]:
        """Every figure but totals, by view, measure, group and period: ids, and the group's words folded."""
        return {
            (figure.block.view.id, figure.measure.id, fold(figure.group), figure.period): figure
            for figure in self.all()
            if not figure.of_all_groups
        }

    def number(self, figure: Figure) -> float | None:
        """What a figure comes to as a number; None where it has none."""
        value = self.worked(figure).value
        return None if value is None or isinstance(value, bool | str) else float(value)

    def answer(self, row: DataRow, field: Field) -> Value:
        """What a row holds in a field of its form, one that is computed included; None where it is blank."""
        records = self.records[row.form]
        at = records.place(row) if field.formula is not None else None
        return row.values.get(field.id) if at is None else records.value(at, field)

    # --- as it stands in the workbook ---

    def shown(self, figure: Figure) -> str:
        """The formula of a figure's cell, without its leading `=`: a dash where it has no value."""
        if self.worked(figure).reason is NoFigure.NOT_ASKED:
            return quote(self.nothing)
        if self.is_sum(figure):
            return self._summed(figure)
        form = figure.block.view.form
        tree = written(self.formula(figure.measure).tree, figure.heads, self.keys[form])
        formula = emit(Formula("", tree), FigurePlace(self.tables[form], figure), bare=True)
        return f"IFERROR({formula},{quote(self.nothing)})"

    @property
    def nothing(self) -> str:
        """What stands in the place of a figure that has no value."""
        return text("summary.statistics.nothing", self.made.plan.language)

    @staticmethod
    def is_sum(figure: Figure) -> bool:
        """Whether a figure is the sum of those of its groups."""
        return figure.of_all_groups and figure.block.additive(figure.measure)

    def _summed(self, figure: Figure) -> str:
        """The sum of a total; where groups may have no figure there is none of nothing."""
        area = figure.area_of_total
        if not divides(figure.measure, figure.block.measures):
            return f"SUM({area})"
        return f"IF(COUNT({area})=0,{quote(self.nothing)},SUM({area}))"

    # --- what it comes to ---

    def worked(self, figure: Figure) -> Worked:
        """What a figure comes to: where its round is closed, what was fixed then."""
        return self._worked.values[figure.position]

    def by_formula(self, figure: Figure) -> Worked | None:
        """What the formula makes of a figure that is shown as it was fixed; None where that is the same."""
        return self._worked.by_formula.get(figure.position)

    @cached_property
    def _worked(self) -> WorkedOut:
        figures = {figure.position: figure for figure in self.all()}

        def work_out(fixed: Mapping[Spot, Worked]) -> dict[Spot, Worked]:
            engine = self._engine(fixed)
            return {
                spot: fixed[spot] if spot in fixed else self._result(figure, engine)
                for spot, figure in figures.items()
            }

        names = {spot: figure.kept() for spot, figure in figures.items()}
        return with_fixed(names, self.made.kept, work_out)

    def _result(self, figure: Figure, engine: Engine) -> Worked:
        if not self._asked(figure):
            return Worked(None, NoFigure.NOT_ASKED)
        value = engine.value(*figure.position)
        if not isinstance(value, ErrorValue) and value != self.nothing:
            return Worked(value + 0.0 if isinstance(value, float) else value)  # a sheet has no -0
        if divides(figure.measure, figure.block.measures):
            return Worked(None, NoFigure.NOTHING_TO_DIVIDE)
        return Worked(None, NoFigure.UNDECIDED)

    def _asked(self, figure: Figure) -> bool:
        """Whether all that a figure is over was asked for in its period, or in any where it is of them all.

        An amount of some items was not where none of them ran: what was never spent is no 0. How many they are is one.
        """
        records, measures = self.records[figure.block.view.form], figure.block.measures
        names = spelled_out(figure.measure.formula.tree, measures).walk()
        columns = {str(node.value) for node in names if node.kind == "whole"}
        if not all(any(records.asked(name, period) for period in figure.periods) for name in columns):
            return False
        by, head = figure.block.by, figure.head
        of_items = head is not None and by != "period" and by not in records.form.by_id
        if head is None or not (of_items and sums_group(figure.measure, measures, records.form)):
            return True
        return any((head.key, period.id) in records.groups_with_rows(by) for period in figure.periods)

    def _engine(self, fixed: Mapping[Spot, Worked]) -> Engine:
        """Every figure in a workbook held in memory, each at its place, its aggregates as numbers."""
        sheets = dict.fromkeys(block.sheet for view in self.views for block in self.blocks(view))
        emitted: dict[str, dict[tuple[int, int], str]] = {sheet: {} for sheet in sheets}
        laid_out = _LaidOut(self)
        for figure in self.all():
            if figure.position not in fixed:
                emitted[figure.block.sheet][figure.row, figure.column] = self._worked_formula(
                    figure, laid_out
                )
        engine = Engine([*sheets, *laid_out.sheets], {})
        laid_out.put(engine)
        for (sheet, row, column), worked in fixed.items():
            engine.put(sheet, {(row, column): self.nothing if worked.value is None else worked.value})
        for sheet, formulas in emitted.items():
            engine.put_formulas(sheet, formulas)
        engine.work_out()
        return engine

    def _worked_formula(self, figure: Figure, laid_out: "_LaidOut") -> str:
        if not self._asked(figure):
            return quote(self.nothing)
        if self.is_sum(figure):
            return self._summed(figure)
        tree = self._with_numbers(figure, self.formula(figure.measure).tree)
        tree = written(tree, figure.heads, self.keys[figure.block.view.form])
        place = _WorkedPlace(self.tables[figure.block.view.form], figure, laid_out)
        return f"IFERROR({emit(Formula('', tree), place, bare=True)},{quote(self.nothing)})"

    def _with_numbers(self, figure: Figure, node: Node) -> Node:
        """A formula with what its aggregates come to in their places."""
        counted = self.aggregate(figure, node)
        if counted is None:
            return replace(node, children=tuple(self._with_numbers(figure, child) for child in node.children))
        value = counted.value(self.counting(figure, counted))
        if value is None:
            return Node("binary", "/", (Node("literal", 1.0), Node("literal", 0.0)))
        number = Node("literal", abs(value))
        return number if value >= 0 else Node("unary", "-", (number,))

    # --- aggregates ---

    @cached_property
    def _aggregates(self) -> dict[tuple[str, str, int], Aggregate | None]:
        return {}

    def aggregate(self, figure: Figure, node: Node) -> Aggregate | None:
        """The aggregate that a part of a figure's formula is; None where it is none."""
        block = figure.block
        key = (block.view.id, figure.measure.id, node.position)
        if node.kind != "function":
            return None
        if key not in self._aggregates:
            self._aggregates[key] = aggregate(
                node, self.records[block.view.form], by_period=block.by == "period"
            )
        return self._aggregates[key]

    @staticmethod
    def counting(figure: Figure, counted: Aggregate) -> list[int]:
        """The records, by their place among those of the form, that an aggregate of a figure counts."""
        heads, groups = figure.heads, None
        if figure.of_all_groups:
            groups = [group.key for group in figure.block.groups]
        elif figure.head is not None and not heads.by_period:
            groups = [figure.head.key]
        return counted.counting(groups, None if heads.period is None else key_of_value(heads.period))


class _LaidOut:
    """The columns of the data that formulas look at as a whole, on a sheet for each form."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._columns: dict[str, dict[str, int]] = {}

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets."""
        return [f"{_DATA}{form}" for form in self._columns]

    def reference(self, form: str, name: str) -> str:
        """The cells of a column."""
        columns = self._columns.setdefault(form, {})
        at = columns.setdefault(name, len(columns) + 1)
        last = max(len(self._figures.records[form].rows), 1)
        return f"{quoted_sheet(f'{_DATA}{form}')}!{column_area(at, 1, last)}"

    def put(self, engine: Engine) -> None:
        """Lay the columns out."""
        for form, columns in self._columns.items():
            for name, at in columns.items():
                engine.put_column(f"{_DATA}{form}", 1, at, self._cells(form, name))

    def _cells(self, form: str, name: str) -> Sequence[object]:
        records = self._figures.records[form]
        if not name.startswith(KEY):
            # as heads have them: formualizer compares every bit
            cells = ((number_of(cell), cell) for cell in records.column(name))
            return [cell if number is None else number for number, cell in cells]
        keyed = self._figures.keys[form][name.removeprefix(KEY)]
        return [keyed.text(cell) for cell in records.column(keyed.name)]


@dataclass(frozen=True, slots=True)
class _WorkedPlace(FigurePlace):
    """The place of a figure in the workbook held in memory: its heads are texts, the data has a sheet of its own."""

    laid_out: _LaidOut

    def column(self, name: str) -> str:
        return self.laid_out.reference(self.figure.block.view.form, name)

    def group(self) -> str:
        heads = self.figure.heads
        if heads.by_period or heads.group is None:
            return (
                FigurePlace.group(self)
                if heads.period is None or heads.group is None
                else quote(heads.period)
            )
        value, key = heads.group.value, heads.group.key
        return quote(value) if isinstance(value, str) else repr(key)

    def period(self) -> str:
        heads = self.figure.heads
        return FigurePlace.period(self) if heads.period is None else quote(heads.period)
