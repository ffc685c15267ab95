"""What the builders of tables share: the answers that a view shows, and the cells that say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from xlplan.definition.specs import spec
from xlplan.fields.days import moment_format
from xlplan.fields.table import type_of
from xlplan.language.eras import date_label
from xlplan.language.messages import text
from xlplan.language.text import display_width, fold
from xlplan.model.correction import Correction, Place
from xlplan.model.form import Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.view import View
from xlplan.report.columns import key_of
from xlplan.report.rows import STATE, Consolidation, DataRow
from xlplan.report.shown import tones, value_text
from xlplan.report.tables import (
    STATE_TONES,
    Answer,
    Cell,
    Column,
    Role,
    Table,
    TableBand,
    TableGroup,
    TableItem,
    Tone,
)
from xlplan.report.working import Figures

_NUMBER_WIDTHS = (6.0, 14.0)
"""The least and the most characters of the column with the items' numbers."""


def words(role: Role, said: str, *, rows: int = 1, columns: int = 1, strong: bool = False) -> Cell:
    """A cell that the plan itself says.

    Args:
        role: What it is in its table.
        said: What it says; blank where it is empty.
        rows: Over how many rows it stands.
        columns: Over how many columns it stands.
        strong: Whether it is in bold.

    Returns:
        The cell.
    """
    return Cell(role, said or None, said, rows=rows, columns=columns, strong=strong)


def number_cell(value: int | None, role: Role = Role.ANSWER) -> Cell:
    """A cell with a whole number, in the `role` given; blank where it is None."""
    return Cell(role, value, "" if value is None else str(value))


def moment_cell(moment: datetime | None, plan: Plan, role: Role = Role.ANSWER) -> Cell:
    """A day and time.

    Args:
        moment: The moment; the cell is blank where it is None.
        plan: The plan, by whose calendar it is written.
        role: What the cell is in its table.
    """
    said = ""
    if moment:
        said = f"{date_label(moment.date(), plan.calendar, plan.language)} {moment.hour}:{moment:%M}"
    return Cell(role, moment.replace(tzinfo=None) if moment else None, said, format=moment_format(plan))


def register(
    name: str, language: str, columns: Sequence[tuple[str, float, Role]], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    """The table of a register.

    Args:
        name: Its id, and its kind.
        language: The language of its heads.
        columns: The key of each column's head, whose end is the column's id, its width and what its cells are.
        rows: Its rows.
    """
    return Table(
        name,
        name,
        tuple(Column(key.rpartition(".")[2], width, role) for key, width, role in columns),
        (tuple(words(Role.HEAD, text(key, language)) for key, _, _ in columns),),
        (TableBand((TableGroup(tuple(TableItem((row,)) for row in rows)),)),),
    )


@dataclass(frozen=True)
class Answers:
    """The answers that one view shows, as cells."""

    figures: Figures
    view: View

    @property
    def made(self) -> Consolidation:
        """What the summary is made of."""
        return self.figures.made

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.made.plan

    @cached_property
    def form(self) -> Form:
        """The form whose answers it shows."""
        return next(form for form in self.made.forms if form.id == self.view.form)

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """The fields that have columns of their own: the option `text`."""
        return tuple(self.form.by_id[field_id] for field_id in self.view.named("text"))

    @cached_property
    def rows_known(self) -> Mapping[str, DataRow]:
        """The rows of the form's data by their key."""
        return {key_of(row.period.id, row.item.id): row for row in self.made.rows_of(self.form.id)}

    def row_of(self, period: Period, item: Item) -> DataRow | None:
        """The data of an item in a period; None where it did not run."""
        return self.rows_known.get(key_of(period.id, item.id))

    @cached_property
    def _spelled(self) -> Mapping[tuple[str, str], str]:
        """The first spelling of each goal and group, by which of the two it is and what it is the same as."""
        found: dict[tuple[str, str], str] = {}
        for item in self.plan.items:
            for column, value in (("goal", item.goal), ("group", item.group)):
                found.setdefault((column, fold(value)), value)
        return found

    def goal(self, item: Item) -> str:
        """The goal of an item, in its first spelling."""
        return self._spelled.get(("goal", fold(item.goal)), item.goal)

    def group(self, item: Item) -> str:
        """The group of an item, in its first spelling."""
        return self._spelled.get(("group", fold(item.group)), item.group)

    @cached_property
    def number_width(self) -> float:
        """Characters of the column with the items' numbers."""
        longest = max((display_width(item.id) for item in self.plan.items), default=0) + 2.0
        least, most = _NUMBER_WIDTHS
        return min(max(longest, least), most)

    def text(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the plan's language, with `params` in their places."""
        return text(key, self.plan.language, **params)

    def title(self, item: Item, *, rows: int = 1, strong: bool = False) -> Cell:
        """What an item is called, and below it which lines it continues or is continued by.

        Args:
            item: The item.
            rows: Over how many rows it stands.
            strong: Whether it is in bold.
        """
        before = [name for name in item.predecessors if self.plan.item(name)]
        after = self._heirs.get(item.id, ())
        ways = (("summary.descent.from", before), ("summary.descent.into", after))
        said = [
            self.text(key, items=self.text("summary.descent.between").join(ids)) for key, ids in ways if ids
        ]
        return words(Role.NAME, "\n".join((item.title, *said)), rows=rows, strong=strong)

    @cached_property
    def _heirs(self) -> Mapping[str, Sequence[str]]:
        """The ids of the items that have begun by the round's period and continue another, by the id of that."""
        found: dict[str, list[str]] = {}
        begun = self.plan.periods_until(self.made.period)
        for item in self.plan.items:
            if item.predecessors and any(self.plan.runs(item, period) for period in begun):
                for name in item.predecessors:
                    found.setdefault(name, []).append(item.id)
        return found

    def item_head(self, name: str, *, rows: int) -> Cell:
        """The head of a column of the items, over `rows` rows; `name` is that of the items' table."""
        return words(Role.HEAD, spec("items").heading(name, self.plan.language), rows=rows)

    @cached_property
    def _tones(self) -> Mapping[str, Mapping[str, Tone]]:
        """The tones of the choices of each list, by its name."""
        return {name: tones(choices) for name, choices in self.plan.lists.items()}

    def tone(self, field: Field, value: Value) -> Tone | None:
        """The tone of an answer: None where it is none of a list."""
        return self._tones.get(field.list, {}).get(str(value)) if field.list and value else None

    def room(self, field: Field) -> float:
        """Characters that a column of a field needs for its widest value; 0 where any width will do."""
        return self.figures.records[field.form].room(field)

    def answer(
        self,
        field: Field,
        row: DataRow | None,
        role: Role,
        *,
        at: tuple[Period, Item] | None = None,
        rows: int = 1,
        strong: bool = False,
    ) -> Cell:
        """What was answered.

        Args:
            field: A field of the row's form.
            row: The row; None where there is none.
            role: What it is in its table.
            at: The period and the item of a cell that has no row; None where nothing is to be found there.
            rows: Over how many rows it stands.
            strong: Whether it is in bold.

        Returns:
            The cell, blank where nothing was answered.
        """
        if row is None and at is not None:
            row = DataRow(field.form, at[0], at[1], at[1].department, {})
        value = self.figures.answer(row, field) if row else None
        found = Cell(
            role,
            value,
            value_text(value, field, self.plan),
            type_of(field).summary_format(field, self.plan),
            rows=rows,
            strong=strong,
            tone=self.tone(field, value),
            source=Answer(row, field.id) if row else None,
        )
        correction = self._corrected.get((row.place, field.id)) if row and self._corrected else None
        return self.marked(found, field, correction) if correction else found

    @cached_property
    def _corrected(self) -> Mapping[tuple[Place, str], Correction]:
        """The last correction of each value, by the place of its row and by field."""
        return {
            (correction.place, correction.field): correction
            for correction in self.made.corrections
            if not correction.is_entry
        }

    def marked(self, cell: Cell, field: Field, correction: Correction) -> Cell:
        """The `cell` of a `field` with the mark of a `correction` behind it, and what is said of that."""
        mark = self.text("summary.corrections.mark")
        old = value_text(correction.old, field, self.plan) or self.text("summary.statistics.blank")
        note = self.text("summary.corrections.note", old=old, reason=correction.decision.reason)
        shape = ";".join(f'{section}"{mark}"' for section in (cell.format or "@").split(";"))
        return replace(cell, text=cell.text + mark, format=shape, note=note)

    def state(self, row: DataRow, *, rows: int = 1) -> Cell:
        """How the answer of a row stands, over `rows` rows of the table."""
        word = self.text(row.state.catalogue_key)
        return Cell(
            Role.STATE, word, word, rows=rows, tone=STATE_TONES.get(row.state), source=Answer(row, STATE)
        )
