"""The records of a summary by column, each with what its computed fields come to: what figures are worked out over.

The same that the data sheet of a form holds (`columns`): the period's label, the item's columns, the form's fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from xlplan.fields.computed import shown_formula
from xlplan.fields.gate import rests_on
from xlplan.fields.table import combined, ranked_lists, type_of
from xlplan.formula.criteria import day_of, serial
from xlplan.formula.evaluation import FormulaContext, Undecided, evaluate
from xlplan.formula.functions import Kind
from xlplan.formula.tree import Formula
from xlplan.language.messages import text
from xlplan.model.descent import sources
from xlplan.model.form import Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.report.heads import Key, key_of_value
from xlplan.report.rows import STATE, Consolidation, DataRow

Known = Mapping[str, Sequence[Value]]
"""The values of computed fields by id, in each row."""
Cells = Sequence[object]
"""A column as a sheet holds it: days by serial number, None for an empty cell, "" where a formula gives nothing."""

AROUND = 2.5
"""What stands around a figure in its cell, in half-width characters."""


def of_item(plan: Plan, item: Item, name: str, period: Period) -> str:
    """What an item says in one of the columns of its table.

    Args:
        plan: The plan.
        item: The item, with the department that answered for it.
        name: Id of the column; `item` is the item's id, and a department stands there by its name.
        period: In which that is said: a department stands there by the name that it had then.

    Returns:
        What stands there; empty where the column is blank.
    """
    if name == "item":
        return item.id
    value = item.shown(name)
    if name != "department":
        return value
    department = plan.department_in(period, value)
    return department.name if department else value


@dataclass(frozen=True)
class Records:
    """The records of one form. `rows` stand as the data sheet has them."""

    made: Consolidation
    form: Form
    rows: tuple[DataRow, ...]

    @cached_property
    def _columns(self) -> dict[str, Cells]:
        return {}

    def column(self, name: str) -> Cells:
        """A column: a field or a column of the items by its id, `period`, or STATE."""
        if name not in self._columns:
            self._columns[name] = self._cells(name)
        return self._columns[name]

    def _cells(self, name: str) -> Cells:
        if name == "period":
            return [row.period.label for row in self.rows]
        if name == STATE:
            language = self.made.plan.language
            return [text(row.state.catalogue_key, language) for row in self.rows]
        field = self.form.by_id.get(name)
        if field is None:
            return self._of_items(name)
        if field.formula is not None:
            return [serial("" if value is None else value) for value in self.computed(field)]
        return [serial(row.values.get(name)) for row in self.rows]

    def place(self, row: DataRow) -> int | None:
        """Where one of these very rows stands, from 0; None for another."""
        return self._own.get(id(row))

    @cached_property
    def _own(self) -> Mapping[int, int]:
        return {id(row): at for at, row in enumerate(self.rows)}

    def _of_items(self, name: str) -> Cells:
        """A column of the items, each asked once for each department that answered for it."""
        plan, known = self.made.plan, dict[tuple[str, str, str], str | None]()
        found = []
        for row in self.rows:
            owned = (row.item.id, row.item.department, row.period.id if row.period.id in plan.past else "")
            if owned not in known:
                known[owned] = of_item(plan, row.item, name, row.period) or None
            found.append(known[owned])
        return found

    def value(self, at: int, field: Field) -> Value:
        """What a row (from 0) holds in a field, one that is computed included; None where it is blank."""
        return self.computed(field)[at] if field.formula is not None else self.rows[at].values.get(field.id)

    def room(self, field: Field) -> float:
        """Characters that a column of a field needs for its widest value; 0 where any width will do."""
        values = (self.value(at, field) for at in range(len(self.rows)))
        widest = type_of(field).room(values, field, self.made.plan)
        return widest + AROUND if widest else 0.0

    def asked(self, name: str, period: Period) -> bool:
        """Whether a column was asked for in a period: always in the round's own.

        In an earlier one that was collected as its edition says; one that has none is taken to have asked, unless no
        accepted answer could be without it and none has it: the field came later.

        Args:
            name: Id of the column. What an item says of itself is always known.
            period: One of the summary's periods.

        Returns:
            Whether it was; of a period that was not collected, whether anything is known of the column.
        """
        field = self.form.by_id.get(name)
        if field is None:
            return True
        if not self.made.plan.asks(self.form, period, name):
            return False
        if period == self.made.period or period.id in self.made.plan.past:
            return True
        if period.id in self._collected:
            rests = rests_on(field.formula, self.form) if field.formula is not None else (field,)
            needed = [other for other in rests if other.required is True]
            return self.form.is_open or all(self._is_known(other.id, period) for other in needed)
        return self._is_known(name, period)

    def _is_known(self, name: str, period: Period) -> bool:
        """Whether anything is known of a column in a period."""
        if name not in self._known:
            cells = zip(self.rows, self.column(name), strict=True)
            self._known[name] = frozenset(row.period.id for row, cell in cells if cell not in (None, ""))
        return period.id in self._known[name]

    def groups_with_rows(self, by: str) -> frozenset[tuple[Key, str]]:
        """Each group by a column of the items with each period (id) in which it has a row."""
        if by not in self._grouped:
            cells = zip(self.column(by), self.rows, strict=True)
            self._grouped[by] = frozenset((key_of_value(cell), row.period.id) for cell, row in cells)
        return self._grouped[by]

    @cached_property
    def _grouped(self) -> dict[str, frozenset[tuple[Key, str]]]:
        return {}

    @cached_property
    def _collected(self) -> frozenset[str]:
        """The periods of which returns were received, by id."""
        return frozenset(row.period.id for row in self.made.rows if row.attempt)

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        """The periods, by id, in which anything is known of a field."""
        return {}

    # --- computed fields ---

    def computed(self, field: Field) -> Sequence[Value]:
        """What a computed field comes to in each row: None where what it rests on is missing, or it errs."""
        return self._computed[field.id]

    @cached_property
    def _computed(self) -> Mapping[str, list[Value]]:
        """Every computed field, period by period: a formula may name what any of them was before."""
        fields = _in_order(self.form)
        found: dict[str, list[Value]] = {field.id: [None] * len(self.rows) for field, _ in fields}
        for period, same in groupby(range(len(self.rows)), key=lambda at: self.rows[at].period):
            rows = list(same)
            then = self.made.plan.past.get(period.id)
            for field, formula in fields:
                if not self.made.plan.asks(self.form, period, field.id):
                    continue
                values = self._worked_out(field, formula, period, rows, found)
                if then and then.asked(self.form.id, field.id):
                    known = [self.rows[at].values.get(field.id) for at in rows]
                    self._fixed.update(
                        (at, field.id)
                        for at, then_value, now_value in zip(rows, known, values, strict=True)
                        if then_value != now_value
                    )
                    values = known
                for at, value in zip(rows, values, strict=True):
                    found[field.id][at] = value
        return found

    @cached_property
    def _fixed(self) -> set[tuple[int, str]]:
        return set()

    def is_fixed(self, at: int, field: Field) -> bool:
        """Whether a computed field has another value in a row (from 0) than its formula gives: that of its round."""
        return bool(self.computed(field)) and (at, field.id) in self._fixed

    def _worked_out(
        self, field: Field, formula: Formula, period: Period, rows: Sequence[int], found: Known
    ) -> list[Value]:
        """A computed field in the rows of one period; `found` are the computed fields as far as they are known."""
        needed = [(other, other.required) for other in rests_on(formula, self.form) if other.required]
        lacking = {
            at
            for other, required in needed
            for at, must in zip(rows, self._required(required, period, rows, found), strict=True)
            if must and self.rows[at].values.get(other.id) is None
        }
        asked = [at for at in rows if at not in lacking]
        shown = shown_formula(field, formula, self.form)
        values = dict(zip(asked, self._evaluated(shown, period, asked, found), strict=True))
        return [_value(values.get(at), field) for at in rows]

    def _required(
        self, required: bool | Formula, period: Period, rows: Sequence[int], found: Known
    ) -> list[bool]:
        """Whether an answer was needed; where a formula cannot say, it was."""
        if not isinstance(required, Formula):
            return [required] * len(rows)
        answers = self._evaluated(required, period, rows, found)
        return [isinstance(answer, Undecided) or bool(answer) for answer in answers]

    def _evaluated(self, formula: Formula, period: Period, rows: Sequence[int], found: Known) -> list[object]:
        """A formula over rows, worked out once for those that are alike in all that it names."""
        columns, previous = sorted(formula.columns), sorted(formula.previous)
        series = [self._named(name, found) for name in columns]
        series += [self._before(name, found) for name in previous]
        picked = [tuple(values[at] for values in series) for at in rows]
        # 1 and True, 1 and 1.0 are equal in Python but not in a sheet
        keys = [(tuple(map(type, values)), values) for values in picked]
        distinct = dict(zip(keys, picked, strict=True))
        context = FormulaContext(ranked_lists(self.form, self.made.plan), *self.made.plan.days(period))
        results = evaluate(formula, list(distinct.values()), columns, previous, context)
        known = dict(zip(distinct, results, strict=True))
        return [known[key] for key in keys]

    def _named(self, name: str, found: Known) -> Sequence[object]:
        """A column as row formulas see it."""
        field = self.form.by_id.get(name)
        if field is None:
            return self.column(name)
        if field.formula is not None:
            return ["" if value is None else value for value in found[name]]
        return [row.values.get(name) for row in self.rows]

    def _before(self, name: str, found: Known) -> Sequence[object]:
        """A field of the same item, or of those that it continues, in the period before; None where there was none."""
        values, field = self._named(name, found), self.form.by_id.get(name)
        series: list[object] = []
        for row in self.rows:
            places = self.places_before(row)
            if len(places) > 1 and field is not None:
                answers = [(self.rows[at].item.id, _value(values[at], field)) for at in places]
                series.append(combined(field, answers))
            else:
                series.append(values[places[0]] if places else None)
        return series

    def places_before(self, row: DataRow) -> tuple[int, ...]:
        """Where the rows stand of the items whose answers of the period before count as those about a row's item."""
        plan = self.made.plan
        before = plan.previous(row.period)
        if before is None:
            return ()
        item = plan.item(row.item.id) if row.period.id not in plan.past else row.item
        names = sources(plan, item, row.period) if item and item.predecessors else (row.item.id,)
        return tuple(at for name in names if (at := self._places.get((before.id, name))) is not None)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], int]:
        """Where the row of an item in a period stands."""
        if self.form.is_open:
            return {}
        return {(row.period.id, row.item.id): at for at, row in enumerate(self.rows)}


def _value(found: object, field: Field) -> Value:
    """What a computed field gives as its record holds it."""
    if found is None or found == "" or isinstance(found, Undecided):
        return None
    if type_of(field).kind is Kind.DATE and isinstance(found, float):
        return day_of(found)
    return found if isinstance(found, str | int | float | date) else None


def _in_order(form: Form) -> list[tuple[Field, Formula]]:
    """The computed fields, each behind those that it names."""
    found: dict[str, tuple[Field, Formula]] = {}

    def add(field: Field) -> None:
        if field.formula is None or field.id in found:
            return
        for name in sorted(field.formula.columns & form.by_id.keys()):
            add(form.by_id[name])
        found[field.id] = field, field.formula

    for field in form.fields:
        add(field)
    return list(found.values())


def records_of(made: Consolidation) -> Mapping[str, Records]:
    """The records of each form of a summary, by form id."""
    return {form.id: Records(made, form, made.rows_of(form.id)) for form in made.forms}
