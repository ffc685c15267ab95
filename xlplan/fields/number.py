"""A number, with decimals or without."""

from xlplan.fields.amounts import has_minor_unit, read_amount
from xlplan.fields.base import MOST, AmountType, DataValidation, Span, between
from xlplan.fields.cells import Converted
from xlplan.language.calendar import Years
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.record import Value

MONEY = "#,##0.00"
"""The number format of money that has a minor unit."""


class NumberType(AmountType):
    """A number in the unit of its field."""

    type = FieldType.NUMBER
    record_dtype = "Float64"
    type_code = FindingCode.TYPE_NUMBER
    usual_format = "#,##0.###"

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

    def own_format(self, field: Field) -> str:
        """That of the plan; of money with pence or cents two decimals: 12,500.50 and never 12,500.5."""
        return field.format or (MONEY if has_minor_unit(field.unit) else "")
