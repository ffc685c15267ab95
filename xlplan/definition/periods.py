"""The periods of a plan: fiscal years, several of them, or parts of one, and what does not fit among them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from xlplan.definition.lines import Faults, Line, allowed_words, lines, listed, unique
from xlplan.definition.specs import MOST_IN_LABEL, Tables, word_meant
from xlplan.fields.days import read_day_cell
from xlplan.language.calendar import Years, parse_fiscal_year, read_month
from xlplan.language.numerals import in_digits
from xlplan.language.text import plain, units
from xlplan.model.form import reference_date_asked
from xlplan.model.item import Period
from xlplan.model.past import days_of
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode

NEAR = 10
"""Years around those of the table that one without its era may mean: eras that overlap begin further apart."""
REPORTED_WITHIN = timedelta(days=184)
"""How long after its last day a period may have its reference date: half a year. A year too many is a slip."""

_YEARS, _MONTHS = ("first_year", "last_year"), ("first_month", "last_month")
_NO_CRITERION = re.compile(r"[*?~]|^[<>=]")


def periods(tables: Tables, faults: Faults, calendar: str, start_month: int) -> tuple[Period, ...]:
    """The table `periods`, oldest first.

    Of two made of whole fiscal years both years of the later are later than those of the one before: it may start in
    the year in which that ends (18～21, 21～25). Parts of years follow each other by their months; after the parts of
    a year a period may stand that is the whole of it.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        calendar: in which the plan counts years, "wareki" or "western".
        start_month: the month (1 to 12) in which its fiscal years start.

    Returns:
        The periods; one whose years could not be read has 0 for them.
    """
    found: list[Period] = []
    around = _years_around(tables, faults, calendar)
    seen: dict[str, int] = {}
    labels: dict[str, int] = {}
    for line in lines(tables, "periods", faults):
        name, label = line.id(), line.need("label")
        if _NO_CRITERION.search(label) or units(label) > MOST_IN_LABEL:
            # the summary counts by it: COUNTIFS would read it as a pattern or a comparison
            line.fault(PlanCode.PERIOD_LABEL, "label", value=label, limit=MOST_IN_LABEL)
        # likewise of two periods that are called the same
        unique(line, "label", label, labels)
        years = [_year(line, column, around) for column in _YEARS]
        months, reported = _months(line, start_month), _reference_date(line, around)
        if not unique(line, "id", name, seen) or not name:
            continue
        # one without years stays, so that what refers to it is not reported as well
        first, last = years[0] or years[1], years[1] or years[0]
        period = Period(name, label, first, last, *months, reported)
        if all(years) and _runs_forward(line, period, start_month):
            _check_place(line, period, found, start_month)
            _check_reference_date(line, period, start_month)
        found.append(period)
    return tuple(found)


def _years_around(tables: Tables, faults: Faults, calendar: str) -> Years:
    """The years by which one without its era is read: those written in full in this table, and NEAR around them."""
    cells = [line.text(column) for line in lines(tables, "periods", faults) for column in _YEARS]
    full = [year for cell in cells if (year := parse_fiscal_year(cell))]
    return Years(min(full) - NEAR, max(full) + NEAR, calendar=calendar) if full else Years(0, 0)


def _year(line: Line, column: str, around: Years) -> int:
    """A fiscal year; 0 where there is none to be had, which is a fault."""
    return (line.year(column, around) or 0) if line.need(column) else 0


def _months(line: Line, start_month: int) -> tuple[int, int]:
    """The months with which a period begins and ends; 0 for both where it is made of whole fiscal years."""
    if not any(map(line.text, _MONTHS)):
        return 0, 0
    first, last = (_month(line, column) if line.need(column) else 0 for column in _MONTHS)
    whole = (first, last) == (start_month, (start_month - 2) % 12 + 1)
    return (0, 0) if whole or not (first and last) else (first, last)


def _month(line: Line, column: str) -> int:
    """A month by its number: 4, 4月, April; 0 where it is none, which is a fault."""
    written = line.text(column)
    spoken = in_digits(plain(written)).removesuffix("月").strip()
    named = read_month(f"{spoken} 2000").sure
    number = int(spoken) if spoken.isascii() and spoken.isdecimal() else named.month if named else 0
    if not 1 <= number <= 12:
        line.fault(PlanCode.UNKNOWN_WORD, column, value=written, allowed=allowed_words("month"))
        return 0
    if written != str(number):
        line.read_as(column, number)
    return number


def _reference_date(line: Line, around: Years) -> date | None:
    """The day as of which a period is reported; None where there is none, or what stands there is no day: a fault."""
    written = line.text("reference_date")
    if not written:
        return None
    found = read_day_cell(line.row.cells.get("reference_date"), written, around).value
    if not isinstance(found, date):
        line.fault(PlanCode.NOT_DATE, "reference_date", value=written)
        return None
    if written != found.isoformat():
        line.read_as("reference_date", found)
    return found


def _runs_forward(line: Line, period: Period, start_month: int) -> bool:
    """Whether a period does not end before it begins; a fault where it does."""
    if period.last_year < period.first_year:
        line.fault(PlanCode.PERIOD_REVERSED, "last_year", first=period.first_year, last=period.last_year)
        return False
    days = days_of(period, start_month)
    if days.last < days.first:
        months = {"first": period.first_month, "last": period.last_month, "start": start_month}
        line.fault(PlanCode.PERIOD_MONTHS, "last_month", **months)
    return days.first <= days.last


def _check_place(line: Line, period: Period, before: Sequence[Period], start_month: int) -> None:
    """A fault where a period does not come after one of those `before` it: the nearest of these is named."""
    for other in reversed(before):
        if code := _misplaced(period, other, start_month):
            column = "first_month" if period.is_part else "first_year"
            line.fault(code, column, label=period.label, before=other.label)
            return


def _misplaced(period: Period, before: Period, start_month: int) -> PlanCode | None:
    """What is wrong with a period that stands somewhere after another."""
    if not before.first_year or before.last_year < before.first_year:
        return None
    mine, its = days_of(period, start_month), days_of(before, start_month)
    if (mine.first, mine.last) == (its.first, its.last):
        return PlanCode.PERIOD_ALIKE
    if not (period.is_part or before.is_part):
        later = period.first_year > before.first_year and period.last_year > before.last_year
        return None if later else PlanCode.PERIOD_ORDER
    if mine.first > its.last or (mine.hold(its) and not period.is_part):
        return None
    after = its.first > mine.last or (its.hold(mine) and not before.is_part)
    return PlanCode.PERIOD_PART_ORDER if after else PlanCode.PERIOD_OVERLAP


def _check_reference_date(line: Line, period: Period, start_month: int) -> None:
    days = days_of(period, start_month)
    if not days.first <= days.reference <= days.last + REPORTED_WITHIN:
        line.fault(
            PlanCode.REFERENCE_FAR, "reference_date", value=days.reference, first=days.first, last=days.last
        )


def look_over_periods(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Collect what only the whole plan shows of its periods.

    Args:
        tables: the tables as read.
        faults: where what is found is collected.
        plan: what was made of the tables, as far as it could be.
    """
    _idle_reference_dates(tables, faults, plan)
    _counted_twice(tables, faults, plan)


def _idle_reference_dates(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Reference dates for which no formula asks, as far as every formula that may ask for one could be read."""
    if not reference_date_asked(plan.forms) and any(_written_formulas(tables, faults)):
        return
    for line in lines(tables, "periods", faults):
        period = plan.period(line.text("id"))
        if period and period.reference_date and not reference_date_asked(plan.asked_in(period).forms):
            line.fault(PlanCode.REFERENCE_UNUSED, "reference_date", label=period.label)


def _written_formulas(tables: Tables, faults: Faults) -> Iterator[bool]:
    """Whether each formula of a row, as it is written, seems to ask for the reference date."""
    for name, columns in (("rules", ("check",)), ("fields", ("required", "formula"))):
        for line in lines(tables, name, faults):
            yield any("REFERENCE_DATE" in line.text(column).upper() for column in columns)


def _counted_twice(tables: Tables, faults: Faults, plan: Plan) -> None:
    """Measures over all periods of a plan in which a period is the whole of what others are parts of."""
    known = [(period, plan.days(period)) for period in plan.periods if period.first_year]
    parts = [
        (whole.label, part.label)
        for whole, days in known
        for part, within in known
        if part.is_part and not whole.is_part and days.hold(within)
    ]
    if not parts:
        return
    label, held = parts[0][0], listed(part for whole, part in parts if whole == parts[0][0])
    for line in lines(tables, "measures", faults):
        column = "total" if word_meant("yes_no", line.text("total")) == "yes" else "formula"
        if column == "total" or "CUMULATIVE" in line.text("formula").upper():
            line.fault(PlanCode.MEASURE_TWICE, column, label=label, parts=held)
