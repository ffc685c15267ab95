"""A day."""

import datetime as dt
from collections.abc import Mapping

from xlplan.fields.base import CENTRE, Bound, DataValidation, ValueType, between
from xlplan.fields.cells import Converted
from xlplan.fields.days import day_within, example, read_day_cell
from xlplan.formula.excel import LAST_SERIAL_DAY
from xlplan.formula.functions import Kind
from xlplan.language.calendar import Years, parse_date
from xlplan.language.eras import WAREKI, date_label
from xlplan.model.codes import FindingCode, PlanCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value


class DateType(ValueType):
    """A day of the calendar."""

    type = FieldType.DATE
    record_dtype = "datetime64[s]"
    kind = Kind.DATE
    counts_days = True
    align = CENTRE
    definition_cell = "day"
    type_code = FindingCode.TYPE_DATE
    unread_code = PlanCode.NOT_DATE
    near_code = PlanCode.DAY_NEAR
    bound_code = PlanCode.NOT_DATE

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The day, however it is typed."""
        return read_day_cell(raw, typed, years)

    def shown(self, value: Value, years: Years) -> str:
        """A day by the plan's calendar."""
        if isinstance(value, dt.date):
            return date_label(value, years.calendar, years.language)
        return super().shown(value, years)

    def holds(self, value: object) -> bool:
        """Whether it is a day."""
        return isinstance(value, dt.date) and not isinstance(value, dt.datetime)

    def sheet_fault(self, cell: str) -> str:
        """No day that Excel knows, or a moment of one."""
        late = f"N({cell})>={LAST_SERIAL_DAY + 1}"
        return f"OR(NOT(ISNUMBER({cell})),N({cell})<1,{late},N({cell})<>INT(N({cell})))"

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """A day of the period as it is typed."""
        return {"example": example(day_within(field, plan, period), plan.years, whole=True)}

    def comparable(self, value: object) -> float | dt.date | None:
        """The day."""
        return value if isinstance(value, dt.date) else None

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A day."""
        if isinstance(raw, dt.datetime):
            return raw.date()
        return raw if isinstance(raw, dt.date) else parse_date(str(raw))

    def validation(self, field: Field, cell: str) -> DataValidation | None:
        """A day within the bounds."""
        return between("date", field, "DATE(1900,1,1)", "DATE(2199,12,31)")

    def number_format(self, plan: Plan) -> str:
        """As people type it."""
        return "yyyy/m/d"

    def summary_format(self, plan: Plan) -> str:
        """A day in a narrow column: H26.5.1 by the Japanese calendar."""
        if plan.language == "en":
            return "yyyy-mm-dd"
        return "[$-411]ge.m.d" if plan.calendar == WAREKI else "yyyy/m/d"
