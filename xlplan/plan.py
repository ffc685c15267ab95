"""The plan: frozen nouns that everything else speaks of. No input or output here.

Built by `xlplan.definition` from the tables of one workbook or one folder of CSV files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from xlplan.finding import Severity
from xlplan.formula import Formula

Value = str | int | float | date | None
"""What a cell of a record holds once converted: text, whole number, number, date, or None for blank."""


class FieldType(StrEnum):
    """What a field holds. `choice` values come from the field's list."""

    TEXT = "text"
    CHOICE = "choice"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"


class FilledBy(StrEnum):
    """Who fills a field: the office before issuing, the department, or a formula."""

    OFFICE = "office"
    DEPARTMENT = "department"
    FORMULA = "formula"


class ViewKind(StrEnum):
    """The kinds of sheet that a summary can hold."""

    PROGRESS = "progress"
    STATUS = "status"
    STATISTICS = "statistics"
    SCHEDULE = "schedule"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Period:
    """One column of the plan. Years are fiscal years in the western calendar, both ends included."""

    id: str
    label: str
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Department:
    """Who answers. `from_period` and `to_period` are period ids, empty for the whole plan."""

    id: str
    name: str
    contact: str = ""
    email: str = ""
    from_period: str = ""
    to_period: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One project. Its id never changes. `extra` holds further columns to show, by header."""

    id: str
    goal: str
    group: str
    title: str
    summary: str
    department: str
    from_period: str = ""
    to_period: str = ""
    predecessor: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One word allowed in a column. `aliases` are spellings read as this one.

    `after` are the previous period's values that it may follow, "" for none; it is empty for every choice of a list
    that says nothing of this (`xlplan.succession`).
    """

    value: str
    rank: float | None = None
    symbol: str = ""
    aliases: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form.

    `required` is yes, no, or a formula over the row. `previous` shows the previous period's value beside
    this one. `minimum`, `maximum` bound whole numbers, numbers (their value) and dates (as dates).
    """

    id: str
    form: str
    label: str
    type: FieldType
    list: str = ""
    required: bool | Formula = False
    filled_by: FilledBy = FilledBy.DEPARTMENT
    formula: Formula | None = None
    previous: bool = False
    minimum: float | date | None = None
    maximum: float | date | None = None
    max_length: int | None = None
    pattern: str = ""
    unique: bool = False
    width: float | None = None
    hint: str = ""

    @property
    def entered(self) -> bool:
        """Whether the department fills this field."""
        return self.filled_by is FilledBy.DEPARTMENT

    def with_formulas(self, required: bool | Formula, formula: Formula | None) -> "Field":
        """The same field with its requirement and its computation."""
        return replace(self, required=required, formula=formula)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check over a row: `check` is true where all is well, else `message` stands at field `target`."""

    id: str
    form: str
    check: Formula
    target: str
    severity: Severity
    message: str
    remedy: str = ""
    from_period: str = ""


@dataclass(frozen=True)
class Form:
    """One entry sheet: its fields in order and its rules."""

    id: str
    title: str
    note: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """The form's fields by id."""
        return {one.id: one for one in self.fields}

    @property
    def entered(self) -> tuple[Field, ...]:
        """The fields that the department fills."""
        return tuple(one for one in self.fields if one.entered)

    def field_named(self, name: str) -> Field | None:
        """The field whose id or label is `name`."""
        return self.by_id.get(name) or next((one for one in self.fields if one.label == name), None)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the summary: `formula` over whole columns, once for each group of `by` and each period."""

    view: str
    id: str
    label: str
    formula: Formula
    by: str = ""
    format: str = "0"


@dataclass(frozen=True, slots=True)
class View:
    """One sheet of the summary."""

    id: str
    title: str
    kind: ViewKind
    form: str
    measures: tuple[Measure, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """One figure already in print. `printed` is the text as printed, `value` its number."""

    view: str
    measure: str
    group: str
    period: str
    printed: str
    value: float
    decimals: int
    row: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one item in one period before the round; `source` is its file, sheet and 1-based row."""

    form: str
    period: str
    item: str
    values: Mapping[str, Value]
    source: tuple[str, str, int]


@dataclass(frozen=True)
class Plan:
    """Everything: the tables of one city's plan."""

    id: str
    title: str
    organisation: str
    language: str
    fiscal_year_start: int
    calendar: str
    office: str
    contact: str
    periods: tuple[Period, ...]
    departments: tuple[Department, ...]
    items: tuple[Item, ...]
    forms: tuple[Form, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    views: tuple[View, ...] = ()
    records: tuple[Record, ...] = ()
    published: tuple[Published, ...] = ()

    def with_published(self, figures: tuple[Published, ...]) -> "Plan":
        """The same plan with the figures already in print."""
        return replace(self, published=figures)

    def period(self, period_id: str) -> Period | None:
        """The period with this id."""
        return next((one for one in self.periods if one.id == period_id), None)

    def position(self, period_id: str) -> int:
        """Where the period stands among the plan's periods, from 0."""
        return self._positions[period_id]

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {one.id: at for at, one in enumerate(self.periods)}

    def previous(self, period: Period) -> Period | None:
        """The period before this one."""
        at = self.position(period.id)
        return self.periods[at - 1] if at else None

    def days(self, period: Period) -> tuple[date, date]:
        """First and last day of a period, by the month in which the fiscal year starts."""
        month = self.fiscal_year_start
        first = date(period.first_year, month, 1)
        return first, date(period.last_year + 1, month, 1) - timedelta(days=1)

    def department(self, department_id: str) -> Department | None:
        """The department with this id."""
        return self._departments.get(department_id)

    @cached_property
    def _departments(self) -> Mapping[str, Department]:
        return {one.id: one for one in reversed(self.departments)}  # of two with one id the first

    def item(self, item_id: str) -> Item | None:
        """The item with this id."""
        return self._items.get(item_id)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {one.id: one for one in self.items}

    def form(self, form_id: str) -> Form | None:
        """The form with this id."""
        return next((one for one in self.forms if one.id == form_id), None)

    def runs(self, item: Item | Department, period: Period) -> bool:
        """Whether the item (or department) exists in this period."""
        at = self.position(period.id)
        first = self.position(item.from_period) if item.from_period else 0
        last = self.position(item.to_period) if item.to_period else len(self.periods)
        return first <= at <= last

    def items_of(self, period: Period, department_id: str = "") -> tuple[Item, ...]:
        """The items that run in `period`, of one department or of all, in the plan's order."""
        some = self._items_by_department.get(department_id, ()) if department_id else self.items
        return tuple(one for one in some if self.runs(one, period))

    @cached_property
    def _items_by_department(self) -> Mapping[str, Sequence[Item]]:
        found: dict[str, list[Item]] = {}
        for one in self.items:
            found.setdefault(one.department, []).append(one)
        return found

    def answering(self, period: Period) -> tuple[Department, ...]:
        """The departments that are asked in `period`: those with at least one item that runs."""
        return self._answering[period.id]

    @cached_property
    def _answering(self) -> Mapping[str, tuple[Department, ...]]:
        found = {}
        for period in self.periods:
            asked = {one.department for one in self.items_of(period)}
            found[period.id] = tuple(one for one in self.departments if one.id in asked)
        return found

    @cached_property
    def _records(self) -> Mapping[tuple[str, str, str], Record]:
        return {(one.form, one.period, one.item): one for one in self.records}

    def record(self, form_id: str, period_id: str, item_id: str) -> Record | None:
        """What is known of one item in one period, or None."""
        return self._records.get((form_id, period_id, item_id))

    def known(self, form_id: str, period_id: str, item_id: str) -> Mapping[str, Value]:
        """The values known of one item in one period; empty where nothing is."""
        found = self.record(form_id, period_id, item_id)
        return found.values if found else {}
