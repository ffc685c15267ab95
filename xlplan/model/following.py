"""The period after a plan's last: its years, and its id and label by the pattern of those before it."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import zip_longest

from xlplan.language.calendar import Years
from xlplan.language.eras import ERAS, Era, era_at, era_year
from xlplan.language.text import fold
from xlplan.model.item import Period

_ERAS = {name: era for era in ERAS for name in (era.kanji, era.letter)}
_NUMBER = re.compile(
    rf"(?P<era>(?:(?<![A-Za-z])[{''.join(era.letter for era in ERAS)}]\.?)|{'|'.join(era.kanji for era in ERAS)})?"
    r"(?P<number>[0-9０-９]+|元(?=年))"
)
_JOINED = re.compile(r"[0-9０-９][-‐–—~～〜/／]$")
"""What stands before the second year of a span: 2025/26, 令和5～7年度."""

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def following(periods: Sequence[Period], years: Years) -> Period:
    """The period that comes after the last one.

    Args:
        periods: The plan's periods, oldest first; at least one.
        years: How the plan counts years.

    Returns:
        The period. Its id or label is empty where nothing in that of the last one says how it goes on.
    """
    last, before = periods[-1], periods[-2] if len(periods) > 1 else None
    if any(period.is_part for period in periods):
        return _part_after(periods, years)
    first, end = _years_after(last, before)
    change = _Shift((last.first_year, last.last_year), (first, end), years.start_month)
    name, label = (
        change.applied(getattr(last, part), getattr(before, part) if before else "")
        for part in ("id", "label")
    )
    return Period(name, label, first, end)


def _part_after(periods: Sequence[Period], years: Years) -> Period:
    """What comes after the last period where years have parts: as after the like period of an earlier year.

    After the only year the first of its periods begins again. Where its parts do not reach to its end, the next has as
    many months as the last, and no name that anybody could know.
    """
    last = periods[-1]
    like = [at for at, period in enumerate(periods[:-1]) if _months(period) == _months(last)]
    if like:
        model, on = periods[like[-1] + 1], last.first_year - periods[like[-1]].first_year
    elif last.is_part and last.last_month != (years.start_month + 10) % 12 + 1:
        return _rest_of_year(last, years)
    else:
        model = next(period for period in periods if period.last_year >= last.first_year)
        on = last.last_year - model.first_year + 1
    first, end = model.first_year + on, model.last_year + on
    change = _Shift((model.first_year, model.last_year), (first, end), years.start_month)
    day = model.reference_date
    return replace(
        model,
        id=change.applied(model.id, ""),
        label=change.applied(model.label, ""),
        first_year=first,
        last_year=end,
        reference_date=day and _years_later(day, on),
    )


def _months(period: Period) -> tuple[int, int, int]:
    """By which periods of different years are alike."""
    return period.first_month, period.last_month, period.last_year - period.first_year


def _rest_of_year(last: Period, years: Years) -> Period:
    """The part behind the last one: as long as that, at most to the end of the year."""
    begun = (last.last_month - years.start_month) % 12 + 1
    length = (last.last_month - last.first_month) % 12 + 1
    end = min(begun + length, 12)
    first_month, last_month = ((years.start_month + at - 1) % 12 + 1 for at in (begun, end - 1))
    return Period("", "", last.last_year, last.last_year, first_month, last_month)


def _years_later(day: date, on: int) -> date:
    """The same day of a later year; of 29 February the last of that month."""
    year = day.year + on
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _years_after(last: Period, before: Period | None) -> tuple[int, int]:
    """As long as the last one, and beginning as that does: after the end of the one before it, or in that year."""
    shared = before is not None and before.last_year == last.first_year and last.last_year > last.first_year
    first = last.last_year + (not shared)
    return first, first + last.last_year - last.first_year


@dataclass(frozen=True)
class _Shift:
    """From the first and the last year of a period to those of the next."""

    old: tuple[int, int]
    new: tuple[int, int]
    start_month: int

    @cached_property
    def _next_years(self) -> Mapping[int, int]:
        """What the period's years become; the year in which its last one ends is one of them (2025/26)."""
        ends = {self.old[1] + 1: self.new[1] + 1}
        return dict(zip(self.old, self.new, strict=True)) | (ends if self.old[1] + 1 not in self.old else {})

    def applied(self, written: str, before: str) -> str:
        """What goes on from what is written; empty where nothing in it changes.

        A year goes on as the period's does, another number as it did from that before to this.
        """
        found = list(_NUMBER.finditer(written))
        year_said = any(self._year_of(number) in self._next_years for number in found if _full(number))
        steps = _steps(before, written)
        parts, at = [], 0
        for number, step in zip_longest(found, steps, fillvalue=0):
            if not isinstance(number, re.Match):
                break
            parts += [written[at : number.start()], self._next(number, int(step or 0), only_full=year_said)]
            at = number.end()
        made = "".join((*parts, written[at:]))
        return made if made != written else ""

    def _next(self, found: re.Match[str], step: int, *, only_full: bool) -> str:
        """A number as it goes on.

        Args:
            found: The number.
            step: By how much it went up the last time; 0 where nobody knows.
            only_full: Whether a year is one only that says its era, has four digits, or ends a span.
        """
        year = self._year_of(found)
        joined = _JOINED.search(found.string, 0, found.start()) is not None
        if year in self._next_years and (_full(found) or joined or not only_full):
            return self._written(found, self._next_years[year])
        return (found["era"] or "") + _as_wide(found, str(_digits(found) + step)) if step else found[0]

    def _year_of(self, found: re.Match[str]) -> int:
        """The western year that a number can mean: in two digits one of the period's own; 0 for none."""
        number = _digits(found)
        if era := _era(found):
            return era.since.year + number - 1
        if number > 99:
            return number
        known = (year for year in self._next_years if number in (year % 100, _of_era(year, self.start_month)))
        return next(known, 0)

    def _written(self, found: re.Match[str], year: int) -> str:
        """A year in the manner of the number that it takes the place of."""
        era, now = _era(found), era_at(date(year, self.start_month, 1))
        if era and now:
            name = now.letter if found["era"].startswith(era.letter) else now.kanji
            point = "." if found["era"].endswith(".") else ""
            first = "1" if name == now.letter else "元"
            return f"{name}{point}{_as_wide(found, era_year(now, year, first))}"
        old = self._year_of(found)
        if _digits(found) > 99:
            return _as_wide(found, str(year))
        return _as_wide(
            found, str(year % 100 if _digits(found) == old % 100 else _of_era(year, self.start_month))
        )


def _steps(before: str, written: str) -> Iterator[int]:
    """By how much each number went up, where two texts differ in their numbers alone."""
    old, new = (list(_NUMBER.finditer(text)) for text in (before, written))
    if [fold(part) for part in _NUMBER.split(before)[::3]] == [
        fold(part) for part in _NUMBER.split(written)[::3]
    ]:
        yield from (_digits(now) - _digits(then) for then, now in zip(old, new, strict=True))


def _era(found: re.Match[str]) -> Era | None:
    return _ERAS.get((found["era"] or "").rstrip("."))


def _full(found: re.Match[str]) -> bool:
    """Whether a number says by itself which year it means."""
    return bool(found["era"]) or len(found["number"]) == 4


def _digits(found: re.Match[str]) -> int:
    return 1 if found["number"] == "元" else int(found["number"])


def _of_era(year: int, month: int) -> int:
    era = era_at(date(year, month, 1))
    return year - era.since.year + 1 if era else 0


def _as_wide(found: re.Match[str], number: str) -> str:
    """A number in as many digits, and in the width, of the one that it takes the place of."""
    written = found["number"]
    if not number.isdigit():
        return number
    number = number.zfill(len(written)) if written[:1] in "0０" else number
    return number.translate(_WIDE) if written[:1] in "０１２３４５６７８９" else number
