"""A fiscal year, as the western year in which it starts."""

import datetime as dt
from collections.abc import Iterable, Mapping

from xlplan.fields.base import CENTRE, Bound, DataValidation, Span, ValueType, between
from xlplan.fields.cells import Converted
from xlplan.fields.days import read_year_cell
from xlplan.formula.emission import quote
from xlplan.formula.functions import Kind
from xlplan.language.calendar import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR, Years, read_fiscal_year
from xlplan.language.eras import ERAS, WAREKI, fiscal_year_label
from xlplan.language.messages import text
from xlplan.model.codes import FindingCode
from xlplan.model.form import Choice, Field, FieldType
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode
from xlplan.model.record import Value


class YearType(ValueType):
    """A fiscal year."""

    type = FieldType.YEAR
    record_dtype = "Int64"
    kind = Kind.NUMBER
    asks_typing = True
    align = CENTRE
    definition_cell = "number"
    type_code = FindingCode.TYPE_YEAR
    unread_code = PlanCode.NOT_YEAR
    near_code = PlanCode.DAY_NEAR
    bound_code = PlanCode.NOT_YEAR

    def read(
        self, raw: object, typed: str, field: Field, choices: tuple[Choice, ...], years: Years | None
    ) -> Converted:
        """The fiscal year, however it is typed."""
        return read_year_cell(raw, typed, years)

    def shown(self, value: Value, field: Field, years: Years) -> str:
        """A fiscal year with that of the era."""
        return years.year_label(value) if isinstance(value, int) else super().shown(value, field, years)

    def shown_formula(self, address: str, plan: Plan) -> str:
        """By the Japanese calendar as a text: no number format writes it."""
        if plan.calendar != WAREKI:
            return super().shown_formula(address, plan)
        return (
            f'IFERROR(IF({address}="","",{year_formula(address, plan.language, plan.fiscal_year_start)}),"")'
        )

    def holds(self, value: object) -> bool:
        """Whether it is a year of four digits."""
        return (
            isinstance(value, int | float)
            and FIRST_FISCAL_YEAR <= value <= LAST_FISCAL_YEAR
            and float(value).is_integer()
        )

    def sheet_fault(self, cell: str) -> str:
        """No year of four digits. What is typed as 26 is a small number to the sheet: it asks for better typing."""
        outside = f"N({cell})<{FIRST_FISCAL_YEAR},N({cell})>{LAST_FISCAL_YEAR}"
        return f"OR(NOT(ISNUMBER({cell})),{outside},N({cell})<>INT(N({cell})))"

    def example(self, field: Field, plan: Plan, period: Period) -> Mapping[str, object]:
        """A fiscal year of the period as it is typed."""
        year = period.first_year
        if isinstance(field.minimum, float):
            year = max(year, int(field.minimum))
        if isinstance(field.maximum, float):
            year = min(year, int(field.maximum))
        name = fiscal_year_label(year, plan.calendar, plan.language)
        return {"example": text("artefacts.entry.year_example", plan.language, name=name, year=year)}

    def bound_label(self, bound: Bound | None, field: Field, years: Years) -> str:
        """A fiscal year with that of the era."""
        return self.shown(int(bound) if isinstance(bound, float) else bound, field, years)

    def read_bound(self, raw: object, written: str) -> Bound | None:
        """A fiscal year."""
        found = read_fiscal_year(written).sure
        return None if found is None else float(found)

    def bound_told(self, bound: Bound, written: str) -> str:
        """A year that was not written in four digits."""
        read = f"{bound:.0f}"
        return read if read != written else ""

    def validation(self, field: Field, cell: str, span: Span | None = None) -> DataValidation | None:
        """A year of four digits within the bounds."""
        return between("integer", field, FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR)

    def number_format(self, field: Field, plan: Plan) -> str:
        """A western year: no format has the fiscal year of an era."""
        return '"FY"0' if plan.language == "en" else '0"年度"'


def year_formula(cell: str, language: str, start_month: int) -> str:
    """A formula that writes the fiscal year in `cell` by the Japanese calendar, as `wareki.fiscal_year_label` does.

    `language` is "ja" or "en", `start_month` (1 to 12) the month in which a fiscal year starts.
    """
    starts = [era.since.year + (era.since > dt.date(era.since.year, start_month, 1)) for era in ERAS]
    names = [quote(era.letter if language == "en" else era.kanji) for era in ERAS]

    def looked_up(values: Iterable[object]) -> str:
        return f"LOOKUP({cell},{{{','.join(map(str, starts))}}},{{{','.join(map(str, values))}}})"

    number = f"{cell}-{looked_up(era.since.year - 1 for era in ERAS)}"
    if language == "en":
        return f'"FY"&{cell}&" ("&{looked_up(names)}&({number})&")"'
    return f'{looked_up(names)}&IF({number}=1,"元",{number})&"年度"'
