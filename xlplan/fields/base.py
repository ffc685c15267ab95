"""What a type of field is asked: how it reads, checks, shows and bounds a value. One class a type derives from it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import ClassVar

from xlplan.fields.cells import Converted, as_text
from xlplan.formula.functions import Kind
from xlplan.language.calendar import Years
from xlplan.language.text import display_width, tidy
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value

Bound = float | date
"""The smallest or the largest value of a field."""

Span = tuple[date, date]
"""The first and the last day that can be meant."""

LEFT, CENTRE, RIGHT = "left", "centre", "right"
LEAST_WIDTH = 12.0
"""Characters of a column of numbers, days or times."""


@dataclass(frozen=True, slots=True)
class DataValidation:
    """What a cell takes when it is typed into, for whoever writes the sheet.

    `kind` is "list" (of the list `source`), "integer", "decimal", "date" or "time" (from `low` to `high`), "length"
    (at most `high`) or "custom" (`low` is a formula). A text among `low` and `high` is a formula without its "=".
    """

    kind: str
    source: str = ""
    low: Bound | str = ""
    high: Bound | str = ""


def between(kind: str, field: Field, low: float | str, high: float | str) -> DataValidation:
    """The data validation of `kind` (Excel's word) by the bounds of `field`; `low` and `high` where it has none."""
    return DataValidation(
        kind,
        low=low if field.minimum is None else field.minimum,
        high=high if field.maximum is None else field.maximum,
    )


class ValueType(ABC):
    """One type of field. What is said here holds for most types; a type of its own says what is otherwise.

    Nothing else in the code asks which type a field has: it asks `type_of(field)` what that type does.
    """

    type: ClassVar[FieldType]
    kind: ClassVar[Kind] = Kind.TEXT
    """What a formula takes a value for."""
    dtype: ClassVar[str] = "object"
    """What a column of a frame to be judged holds: Python's own values, and None for blank."""
    record_dtype: ClassVar[str] = "string"
    """pandas' dtype of the accepted values, which knows a blank."""

    is_text: ClassVar[bool] = False
    """Whether people write what they like, unless the field has a pattern."""
    from_list: ClassVar[bool] = False
    """Whether a value is one of a list of the plan's table `choices`."""
    from_items: ClassVar[bool] = False
    """Whether a value is one of the plan's items."""
    is_words: ClassVar[bool] = False
    """Whether a value is words, not a number, day or time."""
    numeric: ClassVar[bool] = False
    """Whether a value counts something, so that it may have a unit."""
    parts: ClassVar[str] = ""
    """The parts of a day (y, m, d) that a number format of its own has to show; empty where it can have none such."""
    counts_days: ClassVar[bool] = False
    """Whether a bare number in a cell is a day, counted from the workbook's first."""
    asks_typing: ClassVar[bool] = False
    """Whether a cell changes what is typed as people write it, so that its hint says how to type."""

    align: ClassVar[str] = LEFT
    """Where a value stands in its cell."""
    summary_width: ClassVar[float] = 14.0
    """Characters of its column on a sheet of data."""
    definition_cell: ClassVar[str] = "text"
    """What a workbook with the plan's tables holds: "text", "number", "day" or "month"."""

    required_code: ClassVar[FindingCode] = FindingCode.REQUIRED_TEXT
    type_code: ClassVar[FindingCode | None] = None
    """The finding of a value of another type; None where every value can be one of this type."""
    list_code: ClassVar[FindingCode | None] = None
    """The finding of a value that is not in the list."""
    unread_code: ClassVar[PlanCode] = PlanCode.NOT_NUMBER
    """The finding of a value in the plan's own records that cannot be read."""
    near_code: ClassVar[PlanCode | None] = None
    """The same where it can be said what may have been meant."""
    bound_code: ClassVar[PlanCode] = PlanCode.NOT_NUMBER
    """The finding of a bound that cannot be read."""
    same_look_code: ClassVar[FindingCode] = FindingCode.READ_AS_DAY
    """What is told of a text that was read as the value which it looks like."""

    # --- reading ---

    @abstractmethod
    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The value of a cell that is neither blank nor an error.

        Args:
            raw: What the cell holds, as calamine, openpyxl or csv gives it.
            typed: What a person typed for `raw`.
            field: The field of the cell's column.
            choices: The choices of its list; none where it has no list.
            years: What reads a year that is typed without its era; None where such a year is a fault.

        Returns:
            The value, or the finding that it is none of this type.
        """

    def at_once(self, raw: float) -> Value:
        """The value of a number (finite) that needs no reading; None where it has to be looked at."""
        return None

    def typed_text(self, raw: object) -> str:
        """A cell as the text that a person typed into it."""
        return tidy(raw) if isinstance(raw, str) else as_text(raw)

    def list_name(self, named: str) -> str:
        """The list of a field for which the plan's table names `named`."""
        return ""

    # --- showing ---

    def shown(self, value: Value, field: Field, years: Years) -> str:
        """A `value` of `field` as the people of a plan of these `years` write it, and never rounded."""
        return "" if value is None else self.typed_text(value)

    def kept(self, value: Value) -> str:
        """A value as a CSV file best has it."""
        return value.isoformat() if isinstance(value, date) else str(value)

    def shown_formula(self, address: str, plan: Plan) -> str:
        """A formula that shows the value found at `address` (a formula), "" where it is blank or absent."""
        return f'IFERROR(IF({address}="","",{address}),"")'

    # --- the checks' parameters ---

    def holds(self, value: object) -> bool:
        """Whether a value, neither blank nor an error, is one of this type."""
        return True

    def sheet_fault(self, cell: str) -> str:
        """A condition that is TRUE where what stands in `cell` is none of this type; empty where all may be."""
        return ""

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """What the message of a wrong type is told besides the label.

        `field` is one of `plan`; an example lies in `period` and within the bounds of the field.
        """
        return {}

    def span(self, field: Field, years: Years | None) -> Span | None:
        """The days that can be meant in a `field` of a plan of these `years`; None where any value can be."""
        return None

    def comparable(self, value: object) -> float | date | None:
        """What bounds are compared with; None where a value has no order."""
        return value if isinstance(value, int | float) else None

    def comparable_bound(self, bound: Bound) -> Bound:
        """A bound as values are compared with it."""
        return bound

    def sheet_value(self, cell: str) -> str:
        """What a sheet compares with a bound."""
        return cell

    def sheet_bound(self, bound: Bound) -> str:
        """A bound as a sheet compares with it."""
        if isinstance(bound, date):
            return f"DATE({bound.year},{bound.month},{bound.day})"
        return f"{bound:.15g}"

    def bound_label(self, bound: Bound | None, field: Field, years: Years) -> str:
        """A `bound` of `field` as a message says it in a plan of these `years`."""
        return self.shown(bound, field, years)

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A bound of the plan's table; None where it cannot be read."""
        try:
            read = float(written.replace(",", ""))
        except ValueError:
            return None
        return read if isfinite(read) else None

    def bound_told(self, bound: Bound, written: str) -> str:
        """What a bound was read as, where that is worth telling."""
        return ""

    # --- the cell ---

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """What the cells of a field take; None for anything.

        Args:
            field: The field.
            cell: The first of its cells.
            span: The days that can be meant, where the field has such.
        """
        return None

    def own_format(self, field: Field) -> str:
        """The number format that a value of `field` has wherever it is shown; empty for that of its type."""
        return field.format

    def number_format(self, field: Field, plan: Plan) -> str:
        """The number format of a cell of `field` on the entry sheet of `plan`; empty for the ordinary one."""
        return ""

    def summary_format(self, field: Field, plan: Plan) -> str:
        """The number format of a cell of `field` in the summary of `plan`."""
        return self.number_format(field, plan)

    def room(self, values: Iterable[Value], field: Field, plan: Plan) -> float:
        """Characters that the widest of `values` of `field` needs in a summary of `plan`; 0 where any will do."""
        return 0.0

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Characters of the column of a `field` of `plan`, whose heading needs `label`."""
        return max(label, LEAST_WIDTH)

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """Characters at which the column of a `field` of `plan` is still read with ease.

        `previous` is whether the column shows the values of the period before.
        """
        longest = max((display_width(choice.value) for choice in plan.choices_of(field)), default=0)
        return max(longest + 1.0, 10.0)


class WordsType(ValueType):
    """A type whose values are words."""

    is_words = True
    same_look_code = FindingCode.READ_AS

    def shown_formula(self, address: str, plan: Plan) -> str:
        """Words as they are, "" where there are none."""
        return f'IFERROR({address}&"","")'


class ListedType(WordsType):
    """What choices and items have in common: a value is one of a list, and may be typed in several ways."""

    required_code = FindingCode.REQUIRED_CHOICE
    unread_code = PlanCode.RECORD_VALUE
    near_code = PlanCode.RECORD_VALUE

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A dropdown."""
        return DataValidation("list", source=field.list)
