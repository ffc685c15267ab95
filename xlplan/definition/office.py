"""What the tables say of the office itself: the texts of its letters, its closed days, and to whom it writes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from xlplan.definition.lines import Faults, Line, lines, unique
from xlplan.definition.specs import Tables, word_meant, words
from xlplan.fields.days import day_without_year, read_day_cell
from xlplan.language.addresses import addresses_in
from xlplan.language.calendar import Years
from xlplan.language.messages import LANGUAGES, Spoken
from xlplan.language.text import nearest
from xlplan.language.workdays import ANY_YEAR, ClosedDays, holidays_of
from xlplan.model.letter import PLACES, LetterKind, LetterText, with_places, written_places
from xlplan.model.plan import Plan
from xlplan.model.plancodes import PlanCode

MOST_CLOSED = 60
"""Days in a row that an office may be closed; more are a slip: 1/3 to 12/29."""
_UNTIL = re.compile(r"[〜～~–—]|から| to |(?<=[0-9日]) ?- ?(?=[0-9]+[/月])")
"""What stands between the first and the last day where both are in one cell."""


def holidays_meant(written: str) -> str | None:
    """The code of the country whose public holidays count, by its word or its code; None where it is none."""
    return word_meant("holidays", written) or holidays_of(written)


def with_office(tables: Tables, faults: Faults, plan: Plan) -> Plan:
    """The plan with the days on which its office is closed, and with the texts of its letters.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        plan: what was made of the other tables.
    """
    closed = tuple(_closed_days(tables, faults, plan.years))
    for line in lines(tables, "departments", faults):
        for part in addresses_in(line.text("email")).bad:
            line.fault(PlanCode.BAD_ADDRESS, "email", value=part)
    workdays = replace(plan.workdays, closed=closed)
    return replace(plan, workdays=workdays, letters=tuple(_letters(tables, faults)))


# --- closed days -------------------------------------------------------------------------------------


class _Day(NamedTuple):
    """A day as it is read: whether it has a year, and whether the spreadsheet may have put that there."""

    day: date
    has_year: bool
    typed_short: bool = False


def _closed_days(tables: Tables, faults: Faults, years: Years) -> Iterator[ClosedDays]:
    for line in lines(tables, "closed_days", faults):
        written, until = line.need("first_day"), line.text("last_day")
        column = "last_day"
        if not until and len(parts := _UNTIL.split(written)) == 2:
            (written, until), column = parts, "first_day"
        first = _day(line, "first_day", written, years)
        last = _day(line, column, until, years) if until.strip() else first
        if first and last and (found := _closed(line, first, last)):
            yield found


def _day(line: Line, column: str, written: str, years: Years) -> _Day | None:
    """A day of one year or of every year; a fault where what stands there is none."""
    raw = line.row.cells.get(column)
    if isinstance(raw, date):
        return _Day(raw.date() if isinstance(raw, datetime) else raw, has_year=True, typed_short=True)
    if day := day_without_year(ANY_YEAR, written.strip(), years):
        return _Day(day, has_year=False)
    found = read_day_cell(written, written, years).value
    if isinstance(found, date):
        return _Day(found, has_year=True)
    if written.strip():
        line.fault(PlanCode.NOT_DATE, column, value=written)
    return None


def _closed(line: Line, first: _Day, last: _Day) -> ClosedDays | None:
    """The days from a first to a last one; None where they do not fit, which is a fault."""
    said = line.word("yearly", "")
    yearly = said == "yes" or not (said or first.has_year or last.has_year)
    if not yearly and not (first.has_year and last.has_year):
        line.fault(PlanCode.CLOSED_YEAR, "first_day" if not first.has_year else "last_day")
        return None
    if yearly:
        days = (first.day.replace(year=ANY_YEAR), last.day.replace(year=ANY_YEAR))
    else:
        days = (first.day, last.day)
        if days[1] < days[0]:
            line.fault(PlanCode.CLOSED_REVERSED, "last_day", first=days[0], last=days[1])
            return None
        if not said and (first.typed_short or last.typed_short):
            line.fault(PlanCode.CLOSED_ONCE, "first_day", year=days[0].year)
    found = ClosedDays(*days, yearly, line.text("name"))
    if found.length > MOST_CLOSED:
        line.fault(PlanCode.CLOSED_LONG, "first_day", days=found.length)
    return found


# --- letters -----------------------------------------------------------------------------------------


def _letters(tables: Tables, faults: Faults) -> Iterator[LetterText]:
    seen: dict[str, int] = {}
    for line in lines(tables, "letters", faults):
        line.need("kind")
        kind = line.word("kind", "")
        if not unique(line, "kind", kind, seen) or not kind:
            continue
        subject, body = (_template(line, column, LetterKind(kind)) for column in ("subject", "body"))
        if not subject and not body:
            line.fault(PlanCode.LETTER_IDLE, "kind", value=line.text("kind"))
        yield LetterText(LetterKind(kind), subject, body)


def _template(line: Line, column: str, kind: LetterKind) -> str:
    """The text with its places by their ids; a fault for each that its kind of letter has not."""
    written, names = line.text(column), dict[str, str]()
    for name, is_place in dict.fromkeys(written_places(written)):
        place = word_meant("place", name) if is_place and name else None
        if not is_place:
            line.fault(PlanCode.LETTER_BRACE, column)
        elif place in PLACES[kind]:
            names[name] = str(place)
        else:
            line.fault(PlanCode.LETTER_PLACE, column, name=name, near=_near_place(name, kind))
    return with_places(written, names)


def _near_place(name: str, kind: LetterKind) -> Spoken:
    """The place that was probably meant, else all that letters of a kind have."""
    spoken = [{place: words("place", language)[place] for place in PLACES[kind]} for language in LANGUAGES]
    by_word = {word: place for known in spoken for place, word in known.items()}
    by_word |= {place: place for place in PLACES[kind]}
    near = nearest(name, list(by_word))
    wanted = [by_word[near]] if near else list(PLACES[kind])
    return Spoken(*(" / ".join(known[place] for place in wanted) for known in spoken))
