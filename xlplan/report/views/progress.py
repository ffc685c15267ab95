"""The progress table (総括表): what was planned and done, goal by goal.

A band stands for each goal, then the groups with their items, each on as many rows as fields are set against each
other (計画 / 進捗).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from xlplan.fields.table import type_of
from xlplan.language.text import display_width
from xlplan.model.form import Field
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.rows import STATE, by_goal
from xlplan.report.shown import role_of
from xlplan.report.tables import Cell, Column, Role, Table, TableBand, TableGroup, TableItem
from xlplan.report.views.answers import Answers, words
from xlplan.report.working import Figures

ITEM_COLUMNS: Mapping[str, tuple[float, Role]] = {
    "item": (7.0, Role.NUMBER),
    "group": (16.0, Role.NAME),
    "title": (18.0, Role.NAME),
    "summary": (28.0, Role.TEXT),
}
"""The columns of the items, with their widths."""
_GROUP = 1
"""Where the name of a group stands among the columns."""
_FIXED = 3
_LABEL_LEAST, _LABEL_MOST, _PERIOD_WIDTH, _STATE_WIDTH = 8.0, 20.0, 11.0, 14.0
_TEXT_LEAST, _TEXT_MOST = 24.0, 46.0
_WIDE = 208.0
"""Characters across that texts may fill together with the other columns."""


def progress_table(figures: Figures, view: View) -> Table:
    """The table of a progress view.

    `figures` are those of the summary, with what it is made of.

    Returns:
        The table, its groups named beside their items.
    """
    progress = _Progress(figures, view)
    return Table(
        view.id,
        view.kind,
        tuple(progress.columns()),
        (tuple(progress.heads()), tuple(progress.heads_below())),
        tuple(progress.bands()),
        fixed=_FIXED,
    )


@dataclass(frozen=True)
class _Progress(Answers):
    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of which something is known."""
        known = {row.period for row in self.rows_known.values()}
        return tuple(period for period in self.plan.periods if period in known)

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

    def columns(self) -> Iterator[Column]:
        """The item, its texts of each period, which field a row shows, the periods; in a draft the answer's state."""
        texts = len(self.texts) * len(self.periods)
        longest = max((display_width(field.heading) for field in self.against), default=0) + 4.0
        label = min(max(longest, _LABEL_LEAST), _LABEL_MOST)
        fixed = sum(width for width, _ in ITEM_COLUMNS.values()) + label
        narrow = max([_PERIOD_WIDTH, *map(self.room, self.against)])
        fixed += len(self.periods) * narrow + self.made.draft * _STATE_WIDTH
        each = min(max((_WIDE - fixed) / max(texts, 1), _TEXT_LEAST), _TEXT_MOST)
        for name, (width, role) in ITEM_COLUMNS.items():
            yield Column(name, width, role)
        for field in self.texts:
            for period in self.periods:
                yield Column(f"{field.id}:{period.id}", each, Role.TEXT)
        yield Column("label", label, Role.LABEL)
        for period in self.periods:
            yield Column(period.id, narrow, Role.ANSWER)
        if self.made.draft:
            yield Column(STATE, _STATE_WIDTH, Role.STATE)

    def heads(self) -> Iterator[Cell]:
        """The upper heads: the columns of the item, the texts, one over the periods."""
        for name in ITEM_COLUMNS:
            yield self.item_head("id" if name == "item" else name, rows=2)
        for field in self.texts:
            for period in self.periods:
                said = self.text("summary.progress.done", period=period.label, label=field.label)
                yield words(Role.HEAD, said, rows=2)
        labels = self.text("summary.progress.between").join(field.label for field in self.against)
        parts = any(period.is_part for period in self.periods)
        over = self.text("summary.progress.by_period" if parts else "summary.progress.yearly", labels=labels)
        yield words(Role.HEAD_OVER, over, columns=1 + len(self.periods))
        if self.made.draft:
            yield words(Role.HEAD, self.text("summary.answered.heading"), rows=2)

    def heads_below(self) -> Iterator[Cell]:
        """The lower heads: the periods."""
        yield words(Role.HEAD, "")
        yield from (words(Role.HEAD, period.label) for period in self.periods)

    # --- rows ---

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items of which something is known, by goal and group."""
        shown = {row.item.id for row in self.rows_known.values()}
        return by_goal(item for item in self.plan.items if item.id in shown)

    def bands(self) -> Iterator[TableBand]:
        """A band for each goal; one without words where no item has any."""
        banded = any(item.goal for item in self.items)
        for goal, items in groupby(self.items, key=self.goal):
            groups = [
                TableGroup(tuple(map(self.item, same)), words(Role.NAME, group, strong=True), column=_GROUP)
                for group, same in groupby(items, key=self.group)
            ]
            said = (goal or self.text("summary.progress.no_goal")) if banded else ""
            yield TableBand(tuple(groups), said)

    def item(self, item: Item) -> TableItem:
        """An item: its words and texts over all its rows, then one row for each field."""
        over = self.over(item)
        rows = [self.field_row(item, field, below=number > 0) for number, field in enumerate(self.against)]
        first, *rest = rows or [()]
        state = (self.state_cell(item),) if self.made.draft else ()
        return TableItem(((*over, *first, *state), *rest))

    def over(self, item: Item) -> tuple[Cell, ...]:
        """What stands over all rows of an item, its group apart."""
        deep = self.deep
        return (
            words(Role.NUMBER, item.id, rows=deep),
            self.title(item, rows=deep, strong=True),
            words(Role.TEXT, item.summary, rows=deep),
            *(
                self.reported(field, item, period, rows=deep)
                for field in self.texts
                for period in self.periods
            ),
        )

    def field_row(self, item: Item, field: Field, *, below: bool) -> tuple[Cell, ...]:
        """One field in each period; in bold `below` the first."""
        answers = (self.reported(field, item, period, strong=below) for period in self.periods)
        return (words(Role.LABEL, field.heading), *answers)

    def reported(
        self, field: Field, item: Item, period: Period, *, rows: int = 1, strong: bool = False
    ) -> Cell:
        """What was answered; a dash where the item did not run.

        Args:
            field: The field.
            item: The item.
            period: The period.
            rows: Over how many rows it stands.
            strong: Whether it is in bold.

        Returns:
            The cell.
        """
        row = self.row_of(period, item)
        if row is None:
            return words(Role.ABSENT, self.text("summary.progress.absent"), rows=rows)
        role = role_of(field, centre_numbers=True) if field in self.texts else Role.ANSWER
        return self.answer(field, row, role, rows=rows, strong=strong)

    def state_cell(self, item: Item) -> Cell:
        """How the answer of the round's period stands; a dash where the item does not run in it."""
        row = self.row_of(self.made.period, item)
        if row is None:
            return words(Role.STATE, self.text("summary.progress.absent"), rows=self.deep)
        return self.state(row, rows=self.deep)
