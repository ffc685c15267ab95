"""What becomes of each of the plan's tables when it is rolled over to the next period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlplan.definition.editing import AddedLine, Cell, TableEdit, with_edits
from xlplan.definition.naming import record_column
from xlplan.definition.proposals import PROPOSED
from xlplan.definition.reading import Definition, define
from xlplan.definition.specs import Table, TableRow, cell_text
from xlplan.fields.descent import known_before
from xlplan.fields.reading import convert
from xlplan.fields.table import type_of
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.descent import ending
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.stages.years import Years


@dataclass(frozen=True, slots=True)
class EndedItem:
    """An item that was ended.

    Attributes:
        item: The item.
        label: Heading of the field whose answer says so.
        answer: The answer.
        planned: Id of the last period that the plan had for it; empty for none.
    """

    item: Item
    label: str
    answer: str
    planned: str


class Rolling:
    """One rollover.

    Attributes:
        period: The period to which the plan is rolled over.
        ended: The items that are ended, once `edits` were asked for; so the others.
        lines: How many lines are added to the records.
        proposed: How many values in them are copies.
    """

    def __init__(self, years: Years, last: Period, period: Period) -> None:
        """What becomes of the tables that `years` have now, after the round `last`, for `period`."""
        self._years, self._last, self.period = years, last, period
        self._now: Definition = years.now
        self._native = not self._now.path.is_dir()
        self.ended: list[EndedItem] = []
        self.lines = self.proposed = 0

    def edits(self) -> Sequence[TableEdit]:
        """The edits of the tables, in an order in which the plan can be read after each of them.

        Raises:
            UsageError: there is nothing to do any more.
        """
        found = list(self._periods())
        added = with_edits(self._now.tables, found)
        planned = define(self._now.path, added)
        planned.usable()
        plan = Years(planned, self._years.ledger).plan_in(self.period).plan
        self.ended = list(self._endings(plan))
        found += self._items()
        found += self._records(plan)
        if not found:
            raise UsageError(ErrorKey.ROLLED_ALREADY, period=self.period.label)
        return found

    @property
    def told(self) -> Mapping[str, Value]:
        """What is recorded of it: the period, and how much was done."""
        return {"to": self.period.id, "items": len(self.ended), "lines": self.lines}

    def _periods(self) -> Iterator[TableEdit]:
        """The period's row; of one that is there its label, where it is to be another."""
        table, period = self._now.tables.tables["periods"], self.period
        cells: dict[str, Cell] = {"id": period.id, "label": period.label}
        known = self._years.plan.period(period.id)
        if known is None:
            cells |= {"first_year": period.first_year, "last_year": period.last_year}
            if period.is_part:
                cells |= {"first_month": period.first_month, "last_month": period.last_month}
            if period.reference_date:
                # as words: in a workbook the line takes the look of the last one, which may show no day
                cells["reference_date"] = period.reference_date.isoformat()
            yield TableEdit("periods", lines=[AddedLine(cells)])
        elif known.label != period.label:
            yield TableEdit("periods", {(_rows_by_id(table)[period.id].number, "label"): period.label})

    def _endings(self, plan: Plan) -> Iterator[EndedItem]:
        """The items that would go on, of which an answer of the last round says that they are over."""
        for item in plan.items_of(self.period):
            if (found := ending(plan, item.id, self._last)) and plan.runs(item, self._last):
                field, choice = found
                known = plan.item(item.id)
                yield EndedItem(item, field.heading, choice.value, known.to_period if known else "")

    def _items(self) -> Iterator[TableEdit]:
        rows = _rows_by_id(self._now.tables.tables["items"])
        cells = {(rows[ended.item.id].number, "to_period"): self._last.id for ended in self.ended}
        if cells:
            yield TableEdit("items", cells)

    def _records(self, plan: Plan) -> Iterator[TableEdit]:
        """A line for each item of which the office must say something, with what it said the last time."""
        table = self._now.tables.tables.get("records")
        if table is None:
            return
        over = {ended.item.id for ended in self.ended}
        known = {_record_key(row): row for row in table.rows}
        lines = [
            line
            for form in plan.asked_in(self.period).forms
            if not form.is_open and any(field.filled_by is FilledBy.OFFICE for field in form.fields)
            for item in plan.items_of(self.period)
            if item.id not in over and (form.id, self.period.id, item.id) not in known
            if (line := self._line(plan, table, form, item, known.get((form.id, self._last.id, item.id))))
        ]
        self.lines = len(lines)
        if lines:
            yield TableEdit("records", lines=lines)

    def _line(
        self, plan: Plan, table: Table, form: Form, item: Item, earlier: TableRow | None
    ) -> AddedLine | None:
        """The line of an item.

        Args:
            plan: The plan with what is known of the last round.
            table: The records.
            form: The form.
            item: The item.
            earlier: Its line of the last round, if it has one.

        Returns:
            The line; None where the office need not and did not say anything.
        """
        values = known_before(plan, form, item, self.period)
        asked = [field for field in form.fields if field.filled_by is FilledBy.OFFICE]
        proposed: dict[str, Cell] = {
            column: self._cell(plan, field, values[field.id], earlier, column)
            for field in asked
            if field.id in values and (column := record_column(table, field))
        }
        if not proposed and not any(field.required is True for field in asked):
            return None
        self.proposed += len(proposed)
        cells: dict[str, Cell] = {"form": form.id, "period": self.period.id, "item": item.id, **proposed}
        if proposed:
            cells[PROPOSED] = "|".join(proposed)
        return AddedLine(cells, earlier.number if earlier else 0)

    def _cell(self, plan: Plan, field: Field, value: Value, earlier: TableRow | None, column: str) -> Cell:
        """A value as the table has it.

        Args:
            plan: The plan.
            field: The field.
            value: Its value in the last round.
            earlier: The item's line of that round, if it has one: what stands there is copied where it says the same.
            column: The column.

        Returns:
            What is to stand in the cell.
        """
        written = earlier.cells.get(column) if earlier else None
        if isinstance(written, str | int | float | date) and not isinstance(written, bool):
            read = convert(written, field, plan.choices_of(field), plan.years)
            if not read.fault and read.value == value:
                return written
        if self._native and isinstance(value, int | float | date):
            return value
        return type_of(field).kept(value)


def _rows_by_id(table: Table) -> Mapping[str, TableRow]:
    return {cell_text(row.cells.get("id")): row for row in table.rows}


def _record_key(row: TableRow) -> tuple[str, str, str]:
    form, period, item = (cell_text(row.cells.get(name)) for name in ("form", "period", "item"))
    return form, period, item
