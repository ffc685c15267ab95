"""The statistics (集計): each measure for each group and period, with totals and charts.

Those of a draft are over the answers that stand; how many there are of each state stands above the figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from xlplan.language.messages import spaced
from xlplan.language.text import display_width
from xlplan.model.view import Measure, View
from xlplan.report.figures import Block, Figure
from xlplan.report.groups import heading_of
from xlplan.report.measures import counts_all, rate, share
from xlplan.report.records import AROUND
from xlplan.report.rows import COUNTED, RowState
from xlplan.report.shown import tones, worked_text
from xlplan.report.tables import (
    STATE_TONES,
    STATES,
    Cell,
    Chart,
    Column,
    Count,
    Role,
    Series,
    Table,
    TableBand,
    TableGroup,
    TableItem,
    Tone,
)
from xlplan.report.views.answers import Answers, words
from xlplan.report.working import Figures

_COLUMN_WIDTH, _LABEL_WIDTH = 11.5, 36.0
_BOLD = 1.2
"""How much wider a figure is in bold letters of ten points."""


def statistics_blocks(figures: Figures, view: View) -> tuple[Table | Chart, ...]:
    """The tables and charts of a view of statistics.

    `figures` are those of the summary, with what it is made of.

    Returns:
        In a draft the states of the answers, then each table with the chart that shows it, if it has one.
    """
    found: list[Table | Chart] = [_States(figures, view).table()] if figures.made.draft else []
    for number, block in enumerate(figures.blocks(view), 1):
        maker = _Figures(figures, view, block, f"{view.id}-{number}")
        found.append(maker.table())
        if block.chart_measure:
            found.append(maker.chart(block.chart_measure))
    return tuple(found)


def _columns(count: int, rows: Iterable[Sequence[Cell]] = ()) -> tuple[Column, ...]:
    """The labels, and `count` columns of figures, each as wide as its widest figure among `rows` needs."""
    widths = [_COLUMN_WIDTH] * count
    for cells in rows:
        for at, cell in enumerate(cells[1:]):
            widths[at] = max(widths[at], display_width(cell.text) * _BOLD + AROUND)
    figures = (Column(f"{at}", width, Role.FIGURE) for at, width in enumerate(widths, 1))
    return (Column("label", _LABEL_WIDTH, Role.LABEL), *figures)


def _rows(rows: Iterator[tuple[Cell, ...]]) -> tuple[TableBand, ...]:
    return (TableBand((TableGroup(tuple(TableItem((row,)) for row in rows)),)),)


class _States(Answers):
    """How many rows of the round's period have each state, and which of them are counted."""

    def table(self) -> Table:
        """The table of the states."""
        period = self.made.period
        heads = (
            self.text("summary.answered.heading"),
            self.text("summary.answered.count"),
            self.text("summary.answered.figures"),
        )
        rows = sum(row.period == period for row in self.rows_known.values())
        total = (
            words(Role.LABEL, self.text("summary.statistics.total")),
            Cell(Role.FIGURE, rows, str(rows), "0", strong=True),
            words(Role.ANSWER, ""),
        )
        return Table(
            f"{self.view.id}-{STATES}",
            STATES,
            _columns(2),
            (tuple(words(Role.HEAD, head) for head in heads),),
            _rows(map(self.row, self.made.states)),
            caption=self.text("summary.answered.title", period=period.label),
            totals=(total,),
            notes=(self.basis(),),
        )

    def row(self, state: RowState) -> tuple[Cell, ...]:
        """A state, how many rows have it, and whether they are counted."""
        period, word = self.made.period, self.text(state.catalogue_key)
        count = sum(row.period == period and row.state is state for row in self.made.rows_of(self.form.id))
        said = "summary.answered.counted" if state in COUNTED else "summary.answered.not_counted"
        return (
            Cell(Role.LABEL, word, word, tone=STATE_TONES.get(state)),
            Cell(Role.FIGURE, count, str(count), "0", source=Count(self.form.id, period, state)),
            words(Role.ANSWER, self.text(said)),
        )

    def basis(self) -> str:
        """What the figures below are of."""
        names = [measure.label for measure in self.view.measures if counts_all(measure.formula)]
        basis = self.text("summary.answered.base")
        if not names:
            return basis
        return basis + self.text(
            "summary.answered.but", names=self.text("summary.answered.between").join(names)
        )


@dataclass(frozen=True)
class _Figures(Answers):
    """The table of one block, and its chart."""

    block: Block
    id: str

    def table(self) -> Table:
        """Each measure for each group and period."""
        block, heads = self.block, tuple(self.heads())
        shares = [
            measure for measure in block.measures if measure.format.endswith("%") and block.additive(measure)
        ]
        notes = [self.text("summary.statistics.rounded")] if block.total_row and shares else []
        if any(map(self.figures.by_formula, chain(block.figures(), block.totals()))):
            notes.append(self.text("summary.statistics.fixed"))
        rows, totals = tuple(self.rows()), (tuple(self.totals()),) if block.total_row else ()
        return Table(
            self.id,
            self.view.kind,
            _columns(sum(cell.columns for cell in heads[0]) - 1, (*rows, *totals)),
            heads,
            _rows(iter(rows)),
            caption=self.caption,
            totals=totals,
            note=spaced((*notes, *self.reasons()), self.plan.language),
        )

    @property
    def caption(self) -> str:
        """What its groups are."""
        if not self.block.by:
            return self.text("summary.statistics.whole")
        return self.text("summary.statistics.by", heading=self.corner)

    def reasons(self) -> list[str]:
        """Why there is no value where a dash stands, each reason once."""
        every = (
            self.figures.worked(figure).reason for figure in chain(self.block.figures(), self.block.totals())
        )
        return [self.text(reason.catalogue_key) for reason in dict.fromkeys(every) if reason]

    # --- heads ---

    @property
    def corner(self) -> str:
        """What the labels are."""
        if not self.block.by:
            return self.text("summary.statistics.figure")
        return heading_of(self.plan, self.view, self.block.by)

    def periods(self, total: bool) -> list[str]:
        """The labels of the periods, and with `total` what stands over the figure of them all."""
        whole = [self.text("summary.statistics.whole_plan")] if total else []
        return [*(period.label for period in self.block.periods), *whole]

    def heads(self) -> Iterator[tuple[Cell, ...]]:
        """The heads of the columns; where groups stand against periods each measure is over its own."""
        block = self.block
        if not block.crossed:
            measures = [measure.label for measure in block.measures]
            heads = self.periods(block.total) if not block.by else measures
            yield tuple(words(Role.HEAD, head) for head in (self.corner, *heads))
            return
        below = [self.periods(measure.total) for measure in block.measures]
        over = (
            words(Role.HEAD_OVER, measure.label, columns=len(heads))
            for measure, heads in zip(block.measures, below, strict=True)
        )
        yield words(Role.HEAD, ""), *over
        yield tuple(words(Role.HEAD, head) for head in (self.corner, *chain.from_iterable(below)))

    # --- rows ---

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """A row for each group; for each measure where there are none, for each period where it is one."""
        block = self.block
        if block.crossed:
            for at, group in enumerate(block.groups):
                yield Cell(Role.LABEL, group.value, group.text, group.format), *self.across(at)
        elif block.by:
            for at, label in enumerate(self.periods(block.total)):
                yield words(Role.LABEL, label), *(self.figure(measure, at) for measure in block.measures)
        else:
            for measure in block.measures:
                figures = (self.figure(measure, at) for at in range(len(self.periods(block.total))))
                yield words(Role.LABEL, measure.label), *figures

    def across(self, group: int) -> Iterator[Cell]:
        """The figures of one group (from 0): each measure in its periods."""
        for measure in self.block.measures:
            for at in range(len(self.block.periods) + measure.total):
                yield self.figure(measure, at, group)

    def figure(self, measure: Measure, period: int, group: int = 0) -> Cell:
        """A figure; blank for the whole plan where the measure has none.

        Args:
            measure: The measure.
            period: Where its period stands, from 0.
            group: Where its group stands, from 0.

        Returns:
            The cell.
        """
        found = Figure(self.block, measure, period, group)
        if found.of_all_periods and not measure.total:
            return words(Role.FIGURE, "")
        return self.shown(found, strong=found.of_all_periods)

    def shown(self, figure: Figure, *, strong: bool) -> Cell:
        """A figure as it is read: a dash where it has no value, with the reason."""
        worked, shape = self.figures.worked(figure), figure.measure.format
        said = worked_text(worked, shape, self.figures.nothing)
        why = self.text(worked.reason.catalogue_key) if worked.reason else ""
        if otherwise := self.figures.by_formula(figure):
            now = worked_text(otherwise, shape, self.figures.nothing)
            mark, why = (
                self.text("summary.statistics.fixed_mark"),
                self.text("summary.statistics.fixed_note", value=now),
            )
            said, shape = said + mark, f'{shape}"{mark}"'
        return Cell(Role.FIGURE, worked.value, said, shape, strong=strong, source=figure, note=why)

    def totals(self) -> Iterator[Cell]:
        """The totals, for the measures for which a sum means something or which can be worked out over all groups."""
        block = self.block
        yield words(Role.LABEL, self.text("summary.statistics.total"))
        for measure in block.measures:
            known = block.additive(measure) or rate(measure, block.measures)
            for at in range(len(block.periods) + measure.total):
                if known:
                    yield self.shown(Figure(block, measure, at, len(block.groups)), strong=True)
                else:
                    yield Cell(Role.FIGURE, format=measure.format, strong=True)

    # --- chart ---

    def chart(self, measure: Measure) -> Chart:
        """Parts of a whole as one stacked bar for each period; other groups as bars side by side."""
        block = self.block
        periods = [period.label for period in block.periods]
        before = block.measures[: block.measures.index(measure)]
        title = self.text("summary.statistics.chart", heading=self.corner, measure=measure.label)
        groups = range(len(block.groups))
        values = [
            tuple(self.figures.number(Figure(block, measure, at, group)) for at in range(len(periods)))
            for group in groups
        ]
        labels = [group.text for group in block.groups]
        names, categories = (labels, periods) if block.parts else (periods, labels)
        shown = values if block.parts else list(zip(*values, strict=True))
        known = self.tones_of_groups if block.parts else {}
        return Chart(
            f"{self.id}-chart",
            title,
            tuple(categories),
            tuple(Series(name, found, known.get(name)) for name, found in zip(names, shown, strict=True)),
            measure.format,
            stacked=block.parts,
            share=share(measure),
            of_rows=block.parts,
            column=1 + sum(len(periods) + other.total for other in before),
        )

    @property
    def tones_of_groups(self) -> Mapping[str, Tone]:
        """The tone of each group that is a choice with a rank."""
        field = self.form.by_id.get(self.block.by)
        known = tones(self.plan.choices_of(field)) if field and field.list else {}
        return {name: tone for name, tone in known.items() if tone.step is not None}
