"""A number, with decimals or without."""

from math import isfinite

from xlplan.fields.amounts import read_amount
from xlplan.fields.base import RIGHT, DataValidation, ValueType, between
from xlplan.fields.cells import Converted
from xlplan.formula.functions import Kind
from xlplan.language.calendar import Years
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan
from xlplan.model.record import Value

MOST = 1e15
"""What a cell takes where the plan has no bounds: a number keeps 15 digits in Excel."""


class NumberType(ValueType):
    """A number in the unit of its field."""

    type = FieldType.NUMBER
    record_dtype = "Float64"
    kind = Kind.NUMBER
    numeric = True
    align = RIGHT
    definition_cell = "number"
    type_code = FindingCode.TYPE_NUMBER
    same_look_code = FindingCode.READ_AS_NUMBER

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The number, however it is typed."""
        return read_amount(raw, typed, field.unit, whole=False)

    def at_once(self, raw: float) -> Value:
        """A number as it is."""
        return raw

    def holds(self, value: object) -> bool:
        """Whether it is a number, and not TRUE or FALSE."""
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)

    def sheet_fault(self, cell: str) -> str:
        """No number."""
        return f"NOT(ISNUMBER({cell}))"

    def validation(self, field: Field, cell: str) -> DataValidation | None:
        """A number within the bounds."""
        return between("decimal", field, -MOST, MOST)

    def number_format(self, plan: Plan) -> str:
        """With a sign between thousands; red below zero."""
        return "#,##0.###;[Red]-#,##0.###"

    def summary_format(self, plan: Plan) -> str:
        """With a sign between thousands."""
        return "#,##0.###"
