"""A whole number."""

from xlplan.fields.amounts import read_amount
from xlplan.fields.base import MOST, AmountType, DataValidation, Span, between
from xlplan.fields.cells import Converted, whole_in
from xlplan.language.calendar import Years
from xlplan.model.codes import FindingCode, PlanCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.record import Value


class WholeType(AmountType):
    """A number without decimals."""

    type = FieldType.WHOLE
    record_dtype = "Int64"
    type_code = FindingCode.TYPE_WHOLE
    unread_code = PlanCode.NOT_WHOLE

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The number, however it is typed."""
        return read_amount(raw, typed, field.unit, whole=True, home=years.home.money if years else "")

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
