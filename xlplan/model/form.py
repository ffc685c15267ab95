"""A form: its fields, the choices of their lists, its rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from xlplan.formula.tree import Formula
from xlplan.language.codes import Severity
from xlplan.language.text import fold


class FieldType(StrEnum):
    """What a field holds; what each does is in `xlplan.fields`.

    `choice` values come from the field's list, `item` values are `Item.name`s.
    """

    TEXT = "text"
    CHOICE = "choice"
    ITEM = "item"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    TIME = "time"


class FilledBy(StrEnum):
    """Who fills a field: the office before issuing, the department, a formula, or the office after the answers."""

    OFFICE = "office"
    OFFICE_AFTER = "office_after"
    DEPARTMENT = "department"
    FORMULA = "formula"


ITEM_LIST = "@item"
"""The list of a field of type `item`: the items themselves."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One word allowed in a column. `aliases` are spellings read as this one.

    `after` are the previous period's values that it may follow, "" for none; it is empty for every choice of a list
    that says nothing of this (`xlplan.fields.succession`). `meaning` says in words what a sign stands for. An item
    with a choice that `ends` is over. `from_period` and `to_period` are the ids of the first and last period in which
    it may be chosen, empty for all.
    """

    value: str
    rank: float | None = None
    symbol: str = ""
    aliases: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    # no form shows it: a round stays as it was issued
    meaning: str = field(default="", repr=False)
    ends: bool = False
    from_period: str = ""
    to_period: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form.

    `required` is yes, no, or a formula over the row. `previous` shows the previous period's value beside
    this one. `minimum`, `maximum` bound whole numbers, numbers and fiscal years (their value), dates and months
    (as dates). `unit` is what a number counts (千円, 件), in any words. `format` is the number format that the plan
    gives it, empty for that of its type. `from_period` and `to_period` are the ids of the first and last period in
    which it is asked, empty for all; `formerly` are ids that it had before.
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
    unit: str = ""
    format: str = ""
    from_period: str = ""
    to_period: str = ""
    formerly: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The label with the unit: 決算額（千円）, Cost (km); the label alone where it says the unit itself."""
        if not self.unit or fold(self.label).endswith(fold(f"({self.unit})")):
            return self.label
        return f"{self.label} ({self.unit})" if self.label.isascii() else f"{self.label}（{self.unit}）"

    @property
    def entered(self) -> bool:
        """Whether the department fills this field."""
        return self.filled_by is FilledBy.DEPARTMENT

    @property
    def afterwards(self) -> bool:
        """Whether the office fills this field once the departments have answered."""
        return self.filled_by is FilledBy.OFFICE_AFTER

    @property
    def of_office(self) -> bool:
        """Whether the office fills this field, before or after the departments."""
        return self.afterwards or self.filled_by is FilledBy.OFFICE

    @property
    def filled_in(self) -> bool:
        """Whether this field is filled into a workbook that goes out: by the department, or the office afterwards."""
        return self.entered or self.afterwards

    @property
    def names_item(self) -> bool:
        """Whether the field holds one of the items."""
        return self.list == ITEM_LIST

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
    to_period: str = ""


@dataclass(frozen=True)
class Form:
    """One entry sheet: its fields in order and its rules.

    It has a row for each item of the department, or `open_rows` blank ones to which the department adds what it
    has to tell. An open row is about the item that its first field of type `item` names, if it has one.
    `from_period` and `to_period` are the ids of the first and last period in which it is asked, empty for all;
    `formerly` are ids that it had before.
    """

    id: str
    title: str
    note: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    open_rows: int = 0
    from_period: str = ""
    to_period: str = ""
    formerly: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the department adds the rows."""
        return self.open_rows > 0

    @cached_property
    def item_field(self) -> Field | None:
        """The field that says which item a row is about; None where rows stand for items, or for none."""
        return next((field for field in self.fields if field.names_item), None) if self.is_open else None

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """The form's fields by id."""
        return {field.id: field for field in self.fields}

    @property
    def entered(self) -> tuple[Field, ...]:
        """The fields that the department fills."""
        return tuple(field for field in self.fields if field.entered)

    @cached_property
    def afterwards(self) -> frozenset[str]:
        """The ids of the fields that hold nothing before the office fills them: those, and what is computed of them."""
        found = {field.id for field in self.fields if field.afterwards}
        while more := {
            field.id
            for field in self.fields
            if field.id not in found and field.formula and field.formula.columns & found
        }:
            found |= more
        return frozenset(found)

    @cached_property
    def of_departments(self) -> "Form | None":
        """The form as departments are asked it: of what the office fills afterwards, what stood there last time alone.

        None where nothing is left for them to fill.
        """
        later = self.afterwards
        if not later:
            return self
        fields = tuple(
            replace(field, filled_by=FilledBy.OFFICE_AFTER, required=False, formula=None)
            if field.id in later
            else field
            for field in self.fields
            if field.id not in later or field.previous
        )
        rules = tuple(rule for rule in self.rules if rule.target not in later)
        asked = replace(self, fields=fields, rules=rules)
        return asked if asked.entered else None

    def field_named(self, name: str) -> Field | None:
        """The field whose id or label is `name`."""
        return self.by_id.get(name) or next((field for field in self.fields if field.label == name), None)


def reference_date_asked(forms: Iterable[Form]) -> bool:
    """Whether a rule, requirement or computed field of some forms asks for the period's reference date."""
    return any(
        isinstance(formula, Formula) and formula.asks_reference_date
        for form in forms
        for formula in (
            *(rule.check for rule in form.rules),
            *(formula for field in form.fields for formula in (field.required, field.formula)),
        )
    )


def spans(
    forms: Iterable[Form], lists: Mapping[str, tuple[Choice, ...]]
) -> tuple[tuple[str, str, str, str], ...]:
    """From and to which period what some forms ask is in force, where that is not the whole plan.

    Args:
        forms: The forms.
        lists: The choices by list.

    Returns:
        Of each form, field and choice: the id of the form or the name of the list, the id of the field or the word of
        the choice (empty for the form itself), and the ids of its first and last period.
    """
    shown = tuple(forms)
    named: list[tuple[str, str, Form | Field | Choice]] = []
    for form in shown:
        named += [(form.id, "", form), *((form.id, field.id, field) for field in form.fields)]
    used = dict.fromkeys(field.list for form in shown for field in form.fields)
    named += [(name, choice.value, choice) for name in used for choice in lists.get(name, ())]
    return tuple(
        (whose, name, noun.from_period, noun.to_period)
        for whose, name, noun in named
        if noun.from_period or noun.to_period
    )
