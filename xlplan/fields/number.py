"""Numbers, with decimals or whole."""

import re
from collections.abc import Iterable
from math import isfinite
from typing import ClassVar

from xlplan.fields.amounts import has_minor_unit, read_amount
from xlplan.fields.base import LEAST_WIDTH, RIGHT, Bound, DataValidation, Span, ValueType, between
from xlplan.fields.cells import Converted, whole_in
from xlplan.formula.functions import Kind
from xlplan.formula.numberformats import number_format, number_in_full, number_text
from xlplan.language.calendar import Years
from xlplan.language.text import display_width
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value

MOST = 1e15
"""What a cell takes where the plan has no bounds: a number keeps 15 digits in Excel."""

_DECIMALS = re.compile("[.][0#?]+")
_ROOM_FOR = 9_999_999.0
"""The number for which a column has room where the plan names no largest one."""
MONEY = "#,##0.00"
"""The number format of money that has a minor unit."""


class AmountType(ValueType):
    """What numbers with and without decimals have in common: an amount in the unit of its field."""

    usual_format: ClassVar[str] = "#,##0"
    """The number format of fields that have none of their own."""
    whole: ClassVar[bool] = False
    """Whether it has no decimals."""

    kind = Kind.NUMBER
    numeric = True
    align = RIGHT
    definition_cell = "number"
    same_look_code = FindingCode.READ_AS_NUMBER

    def holds(self, value: object) -> bool:
        """Whether it is a number, and not TRUE or FALSE."""
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)

    def sheet_fault(self, cell: str) -> str:
        """No number."""
        return f"NOT(ISNUMBER({cell}))"

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The number, however it is typed."""
        return read_amount(raw, typed, field.unit, whole=self.whole, home=years.home.money if years else "")

    # --- showing ---

    def shown(self, value: Value, field: Field, years: Years) -> str:
        """A number as its field's own format has it; one that would be rounded in all its digits."""
        own = self.own_format(field)
        if own and isinstance(value, int | float) and not isinstance(value, bool):
            return number_in_full(value, own)
        return super().shown(value, field, years)

    def bound_label(self, bound: Bound | None, field: Field, years: Years) -> str:
        """A number as the field's own format has it, else with a sign between thousands."""
        if isinstance(bound, float) and not self.own_format(field):
            return f"{bound:,.0f}" if bound.is_integer() else f"{bound:,}"
        return self.shown(bound, field, years)

    def number_format(self, field: Field, plan: Plan) -> str:
        """The field's own, else the usual one; red below zero unless it says itself how such a number looks."""
        shape = self.own_format(field) or self.usual_format
        [section, *others] = number_format(shape).sections
        return shape if others or section.how else f"{shape};[Red]-{shape}"

    def summary_format(self, field: Field, plan: Plan) -> str:
        """The field's own, else the usual one."""
        return self.own_format(field) or self.usual_format

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for the largest and the smallest number that the field takes, by its own format."""
        return max(label, LEAST_WIDTH, self._room(field))

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """The same: a number that has no room is ####."""
        return max(super().least_width(field, plan, previous=previous), self._room(field))

    def room(self, values: Iterable[Value], field: Field, plan: Plan) -> float:
        """That of the largest or the smallest, with all decimals that the format may show where any number has some."""
        numbers = [float(value) for value in values if isinstance(value, int | float) and self.holds(value)]
        place = "" if all(map(float.is_integer, numbers)) else "0"
        shape = _DECIMALS.sub(lambda found: found[0].replace("#", place), self.summary_format(field, plan))
        ends = (min(numbers), max(numbers)) if numbers else ()
        return max((display_width(number_text(number, shape)) for number in ends), default=0.0)

    def _room(self, field: Field) -> float:
        """Characters that the numbers of a field with a format of its own need."""
        own = self.own_format(field)
        if not own:
            return 0.0
        most = field.maximum if isinstance(field.maximum, float) else _ROOM_FOR
        least = field.minimum if isinstance(field.minimum, float) else -most
        return max(display_width(number_text(bound, own)) for bound in (least, most)) + 2.0


class NumberType(AmountType):
    """A number in the unit of its field."""

    type = FieldType.NUMBER
    record_dtype = "Float64"
    type_code = FindingCode.TYPE_NUMBER
    usual_format = "#,##0.###"

    def at_once(self, raw: float) -> Value:
        """A number as it is."""
        return raw

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A number within the bounds."""
        return between("decimal", field, -MOST, MOST)

    def own_format(self, field: Field) -> str:
        """That of the plan; of money with pence or cents two decimals: 12,500.50 and never 12,500.5."""
        return field.format or (MONEY if has_minor_unit(field.unit) else "")


class WholeType(AmountType):
    """A number without decimals."""

    type = FieldType.WHOLE
    record_dtype = "Int64"
    type_code = FindingCode.TYPE_WHOLE
    unread_code = PlanCode.NOT_WHOLE
    whole = True

    def at_once(self, raw: float) -> Value:
        """A number without decimals as it is."""
        return whole_in(raw)

    def holds(self, value: object) -> bool:
        """Whether it is a number without decimals."""
        return super().holds(value) and isinstance(value, int | float) and float(value).is_integer()

    def sheet_fault(self, cell: str) -> str:
        """No number, or one with decimals."""
        # N gives 0 for text: Excel works out all parts of OR
        return f"OR({super().sheet_fault(cell)},N({cell})<>INT(N({cell})))"

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A whole number within the bounds."""
        return between("integer", field, -MOST, MOST)
