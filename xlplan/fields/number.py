"""A number, with decimals or without."""

from xlplan.fields.amounts import read_amount
from xlplan.fields.base import MOST, AmountType, DataValidation, Span, between
from xlplan.fields.cells import Converted
from xlplan.language.calendar import Years
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.plan import Plan
from xlplan.model.record import Value


class NumberType(AmountType):
    """A number in the unit of its field."""

    type = FieldType.NUMBER
    record_dtype = "Float64"
    type_code = FindingCode.TYPE_NUMBER

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The number, however it is typed."""
        return read_amount(raw, typed, field.unit, whole=False, home=years.home.money if years else "")

    def at_once(self, raw: float) -> Value:
        """A number as it is."""
        return raw

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A number within the bounds."""
        return between("decimal", field, -MOST, MOST)

    def number_format(self, plan: Plan) -> str:
        """With a sign between thousands; red below zero."""
        return "#,##0.###;[Red]-#,##0.###"

    def summary_format(self, plan: Plan) -> str:
        """With a sign between thousands."""
        return "#,##0.###"
