"""A month, as the day on which it begins."""

import datetime as dt
from collections.abc import Iterable, Mapping

from xlplan.fields.base import CENTRE, Bound, DataValidation, Span, ValueType
from xlplan.fields.cells import Converted, as_text, month_of, number_of, serial_of
from xlplan.fields.days import day_within, example, longest_day, read_month_cell
from xlplan.formula.excel import SERIAL_DAY_ZERO
from xlplan.formula.functions import Kind
from xlplan.formula.numberformats import number_text
from xlplan.language.calendar import FIRST_MONTH, LAST_MONTH, Years, read_month
from xlplan.language.eras import WAREKI
from xlplan.language.text import tidy
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value

FIRST, LAST = ((month - SERIAL_DAY_ZERO.date()).days for month in (FIRST_MONTH, LAST_MONTH))
"""The first and the last serial number that a cell for months takes."""


class MonthType(ValueType):
    """A month of a year."""

    type = FieldType.MONTH
    record_dtype = "datetime64[s]"
    kind = Kind.DATE
    counts_days = True
    parts = "ym"
    asks_typing = True
    align = CENTRE
    definition_cell = "month"
    type_code = FindingCode.TYPE_MONTH
    unread_code = PlanCode.NOT_MONTH
    near_code = PlanCode.DAY_NEAR
    bound_code = PlanCode.NOT_MONTH

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The month, however it is typed."""
        return read_month_cell(raw, typed, years)

    def typed_text(self, raw: object) -> str:
        """A number typed into a cell for months is saved as a day: 15.03 as one of 1900, 201403 as one of 2451."""
        if isinstance(raw, dt.date) and month_of(raw) is None:
            return number_of(raw)
        return tidy(raw) if isinstance(raw, str) else as_text(raw)

    def shown(self, value: Value, field: Field, years: Years) -> str:
        """A month by the plan's calendar, or as the field's own format has it."""
        if isinstance(value, dt.date):
            own = self.own_format(field)
            return number_text(serial_of(value), own) if own else years.month_label(value)
        return super().shown(value, field, years)

    def kept(self, value: Value) -> str:
        """Year and month."""
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else super().kept(value)

    def holds(self, value: object) -> bool:
        """Whether it is the first day of a month that can be meant."""
        return type(value) is dt.date and month_of(value) == value

    def sheet_fault(self, cell: str) -> str:
        """No first day of a month. What is typed as 15.03 is a small number to the sheet: it asks for better typing."""
        # DAY gives an error for a number that is no day
        day = f"DAY(MIN(MAX({FIRST},N({cell})),{LAST}))<>1"
        return f"OR(NOT(ISNUMBER({cell})),N({cell})<{FIRST},N({cell})>{LAST},N({cell})<>INT(N({cell})),{day})"

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """A month of the period as it is typed."""
        return {"example": example(day_within(field, plan, period), plan.years, whole=False)}

    def comparable(self, value: object) -> float | dt.date | None:
        """The month's first day."""
        return value if isinstance(value, dt.date) else None

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A month."""
        if isinstance(raw, dt.date) and raw.day == 1:
            return dt.date(raw.year, raw.month, 1)
        return read_month(written).sure

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """The first day of a month within the bounds: an entry of a date would take any day."""
        low, high = (
            f"DATE({limit.year},{limit.month},1)" if isinstance(limit, dt.date) else str(otherwise)
            for limit, otherwise in ((field.minimum, FIRST), (field.maximum, LAST))
        )
        return DataValidation(
            "custom", low=f"AND(ISNUMBER({cell}),{cell}>={low},{cell}<={high},DAY({cell})=1)"
        )

    def number_format(self, field: Field, plan: Plan) -> str:
        """Year and month. A number that is none was typed (15.1 for 15.10), and shown as it is, not as one of 1900."""
        english = plan.language == "en"
        era = plan.calendar == WAREKI
        month = "yyyy-mm" if english else '[$-411]ggge"年"m"月"' if era else 'yyyy"年"m"月"'
        return f"[>={FIRST}]{self.own_format(field) or month};General"

    def room(self, values: Iterable[Value], field: Field, plan: Plan) -> float:
        """That of a long month by the format that the plan gives, where there is any."""
        return longest_day(field.format) if field.format and any(values) else 0.0

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for a month with its era."""
        return max(label, 13.0, longest_day(self.number_format(field, plan)) + 1.0)

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """Room for a month: one that has none is ####."""
        return max(10.0, longest_day(self.number_format(field, plan)) + 1.0)
