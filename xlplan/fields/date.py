"""A day."""

import datetime as dt
from collections.abc import Iterable, Mapping

from xlplan.fields.base import CENTRE, LEAST_WIDTH, Bound, DataValidation, Span, ValueType, between
from xlplan.fields.cells import Converted, serial_of
from xlplan.fields.days import day_within, example, far_off, longest_day, read_day_cell
from xlplan.formula.functions import Kind
from xlplan.formula.numberformats import number_text
from xlplan.language.calendar import FIRST_MONTH, LAST_MONTH, Years, parse_date
from xlplan.language.eras import WAREKI, date_label
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value

YEARS_BEFORE, YEARS_AFTER = 60, 30
"""How many years before a plan's first and after its last a day can be meant. A number that was typed for a day becomes
one of 1905 (2025), of 1900 (7.4), of 2092 (070401) or of 2585 (250401)."""


class DateType(ValueType):
    """A day of the calendar."""

    type = FieldType.DATE
    record_dtype = "datetime64[s]"
    kind = Kind.DATE
    counts_days = True
    parts = "ymd"
    align = CENTRE
    definition_cell = "day"
    type_code = FindingCode.TYPE_DATE
    unread_code = PlanCode.NOT_DATE
    near_code = PlanCode.DAY_NEAR
    bound_code = PlanCode.NOT_DATE

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The day, however it is typed; a fault far from the plan's years."""
        read = read_day_cell(raw, typed, years)
        span = self.span(field, years)
        if span and isinstance(read.value, dt.date) and not span[0] <= read.value <= span[1]:
            return far_off(raw, typed, years)
        return read

    def shown(self, value: Value, field: Field, years: Years) -> str:
        """A day by the plan's calendar, or as the field's own format has it."""
        if isinstance(value, dt.date):
            own = self.own_format(field)
            return number_text(serial_of(value), own) if own else _label(value, years)
        return super().shown(value, field, years)

    def holds(self, value: object) -> bool:
        """Whether it is a day."""
        return isinstance(value, dt.date) and not isinstance(value, dt.datetime)

    def sheet_fault(self, cell: str) -> str:
        """No number, or a moment of a day. Which days can be meant is the span's to say."""
        return f"OR(NOT(ISNUMBER({cell})),N({cell})<>INT(N({cell})))"

    def span(self, field: Field, years: Years | None) -> Span | None:
        """The days about the plan's years, and all that the field's own bounds take; the office fills in any."""
        if not field.entered:
            return None
        low, high = FIRST_MONTH, dt.date(LAST_MONTH.year, 12, 31)
        if years and years.first:
            low = dt.date(max(years.first - YEARS_BEFORE, 1900), 1, 1)
            high = dt.date(years.last + YEARS_AFTER, 12, 31)
        if isinstance(field.minimum, dt.date):
            low, high = min(low, field.minimum), max(high, field.minimum)
        if isinstance(field.maximum, dt.date):
            low, high = min(low, field.maximum), max(high, field.maximum)
        return low, high

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """A day of the period as it is typed, and between which days it can be."""
        span = self.span(field, plan.years)
        names = ("low", "high") if span else ()
        bounds = {name: _label(day, plan.years) for name, day in zip(names, span or (), strict=True)}
        order = "DD/MM/YYYY" if plan.years.home.day_first else "YYYY/MM/DD"
        day = example(day_within(field, plan, period), plan.years, whole=True)
        return {"example": day, "order": order, **bounds}

    def comparable(self, value: object) -> float | dt.date | None:
        """The day."""
        return value if isinstance(value, dt.date) else None

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A day."""
        if isinstance(raw, dt.datetime):
            return raw.date()
        return raw if isinstance(raw, dt.date) else parse_date(str(raw))

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A day within the bounds; without them one that can be meant."""
        low, high = map(self.sheet_bound, span or (FIRST_MONTH, dt.date(LAST_MONTH.year, 12, 31)))
        return between("date", field, low, high)

    def number_format(self, field: Field, plan: Plan) -> str:
        """As everything else in the form writes a day: 令和7年5月1日, 2025年5月1日, 2025-05-01."""
        if field.format:
            return field.format
        if plan.language == "en":
            return "yyyy-mm-dd"
        return '[$-411]ggge"年"m"月"d"日"' if plan.calendar == WAREKI else 'yyyy"年"m"月"d"日"'

    def room(self, values: Iterable[Value], field: Field, plan: Plan) -> float:
        """That of a long day by the format that the plan gives, where there is any."""
        return longest_day(field.format) if field.format and any(values) else 0.0

    def width(self, field: Field, label: float, plan: Plan) -> float:
        """Room for a day with the longest names of its parts."""
        return max(label, LEAST_WIDTH, longest_day(self.number_format(field, plan)) + 1.5)

    def least_width(self, field: Field, plan: Plan, *, previous: bool) -> float:
        """The same: a day that has no room is ####."""
        return longest_day(self.number_format(field, plan)) + 1.5

    def summary_format(self, field: Field, plan: Plan) -> str:
        """A day in a narrow column: H26.5.1 by the Japanese calendar."""
        if field.format:
            return field.format
        if plan.language == "en":
            return "yyyy-mm-dd"
        return "[$-411]ge.m.d" if plan.calendar == WAREKI else "yyyy/m/d"


def _label(day: dt.date, years: Years) -> str:
    return date_label(day, years.calendar, years.language)
