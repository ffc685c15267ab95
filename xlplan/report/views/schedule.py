"""The schedule (スケジュール): projects by goal and group against fiscal years, as bars.

A band stands for each goal, one for each group within it, then a row for each item. Each shown period has a column
for each of its fiscal years; a year in two of them has two. A half-year or quarter has one, below that of its year.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from xlplan.definition.naming import year_and_part
from xlplan.fields.table import type_of
from xlplan.language.eras import fiscal_year_label, short_fiscal_year
from xlplan.language.text import display_width
from xlplan.model.form import Choice, Field
from xlplan.model.item import Item, Period
from xlplan.model.view import View
from xlplan.report.columns import main_field
from xlplan.report.shown import role_of, tones
from xlplan.report.tables import (
    UNSEEN,
    Cell,
    Column,
    LegendLine,
    Role,
    Table,
    TableBand,
    TableGroup,
    TableItem,
    Tone,
)
from xlplan.report.views.answers import Answers, words
from xlplan.report.working import Figures

PERIODS_SHOWN = 2
"""Periods shown where the view names none: the round's and the one before; of parts of years, those years."""
_FIXED = 2
_TITLE_WIDTH = 38.0
_YEAR_LEAST, _YEAR_MOST = 5.0, 10.0
_TEXT_LEAST, _TEXT_MOST = 18.0, 40.0


@dataclass(frozen=True, slots=True)
class Year:
    """One column: a fiscal year (western) of a period, or a period that is a part of it, with its head."""

    period: Period
    number: int
    head: str

    @property
    def first(self) -> bool:
        """Whether it is the period's first year, in which the bar says what it is."""
        return self.number == self.period.first_year


def _by_year(periods: Iterable[Period]) -> Sequence[Sequence[Period]]:
    """Periods in their order, those of one fiscal year, parts or the whole of it, together."""

    def year_of(period: Period) -> object:
        return period.first_year if period.first_year == period.last_year else period.id

    return [list(those) for _, those in groupby(periods, year_of)]


def schedule_table(figures: Figures, view: View) -> Table:
    """The table of a schedule.

    `figures` are those of the summary, with what it is made of.

    Returns:
        The table; its legend has every choice.
    """
    schedule = _Schedule(figures, view)
    ranks = {choice.rank for choice in schedule.choices if choice.rank is not None}
    return Table(
        view.id,
        view.kind,
        tuple(schedule.columns()),
        (tuple(schedule.heads()), tuple(words(Role.HEAD, year.head) for year in schedule.years)),
        tuple(schedule.bands()),
        fixed=_FIXED,
        legend=schedule.legend(),
        legend_note=schedule.text("summary.schedule.order") if len(ranks) > 1 else "",
    )


@dataclass(frozen=True)
class _Schedule(Answers):
    @cached_property
    def field(self) -> Field:
        """What the bars show."""
        return main_field(self.view, self.form)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What a bar may say; nothing where its field is no choice."""
        return self.plan.choices_of(self.field) if type_of(self.field).from_list else ()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods whose years are shown: the option `periods`, in the plan's order, or the last two."""
        named = self.view.named("periods")
        found = tuple(period for period in self.plan.periods if period.id in named)
        if found:
            return found
        known = _by_year(self.plan.periods_until(self.made.period))
        return tuple(period for periods in known[-PERIODS_SHOWN:] for period in periods)

    def legend(self) -> tuple[LegendLine, ...]:
        """Each choice with its tone, and what it means."""
        known = tones(self.choices)
        return tuple(LegendLine(choice.value, choice.meaning, known[choice.value]) for choice in self.choices)

    # --- columns ---

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """The columns of years, from left to right."""
        found, before = list[Year](), ""
        for periods in _by_year(self.periods):
            if any(period.part_of for period in periods):
                found += [Year(period, period.first_year, self._part(period)) for period in periods]
                continue
            for period in periods:
                of_period, before = self._years_of(period, before)
                found += of_period
        return tuple(found)

    def _years_of(self, period: Period, before: str) -> tuple[Sequence[Year], str]:
        """The fiscal years of a period, and the era of the last; `before` is that of the column before them."""
        plan, found = self.plan, list[Year]()
        for number in range(period.first_year, period.last_year + 1):
            era, short = short_fiscal_year(number, plan.calendar, plan.language, plan.fiscal_year_start)
            named = era and (era != before or number == period.first_year)
            head = f"{era}\n{short}" if named and len(era) > 1 else f"{era}{short}" if named else short
            found.append(Year(period, number, head))
            before = era
        return found, before

    def _part(self, period: Period) -> str:
        """What stands below the year over a part of it, or over the whole of it that stands beside its parts."""
        if not period.part_of:
            return self.text("summary.schedule.whole")
        year, part = year_and_part(period.label, self.plan.years)
        return part if part and year == period.part_of else period.label

    def columns(self) -> Iterator[Column]:
        """Number and title, the years, the texts."""
        longest = max((display_width(choice.value) for choice in self.choices), default=0) + 0.5
        # a period of one year has its label over one column
        named = max(display_width(label) / columns for label, columns in self.over)
        parts = max((display_width(year.head) for year in self.years if year.period.part_of), default=0)
        width = min(max(longest, named, parts, _YEAR_LEAST), _YEAR_MOST)
        yield Column("item", self.number_width, Role.NUMBER)
        yield Column("title", _TITLE_WIDTH, Role.NAME)
        yield from (Column(f"{year.period.id}:{year.number}", width, Role.BAR) for year in self.years)
        for field in self.texts:
            wide = max(min(max(field.width or _TEXT_LEAST, _TEXT_LEAST), _TEXT_MOST), self.room(field))
            yield Column(field.id, wide, role_of(field, centre_numbers=True))

    @cached_property
    def over(self) -> tuple[tuple[str, int], ...]:
        """The heads over the columns of years, each with the number of columns below it."""
        plan, found = self.plan, []
        for periods in _by_year(self.periods):
            number, label = periods[0].part_of, periods[0].label
            if number:
                label = fiscal_year_label(number, plan.calendar, plan.language, plan.fiscal_year_start)
            found.append((label, sum(year.period in periods for year in self.years)))
        return tuple(found)

    def heads(self) -> Iterator[Cell]:
        """The upper heads: number and title, the periods, the texts; below them are the years."""
        yield from (self.item_head(name, rows=2) for name in ("id", "title"))
        for label, columns in self.over:
            yield words(Role.HEAD_OVER, label, columns=columns)
        yield from (words(Role.HEAD, field.heading, rows=2) for field in self.texts)

    # --- rows ---

    def bands(self) -> Iterator[TableBand]:
        """The band of each goal, and within it one for each group that has a name."""
        for goal, groups in self._grouped().items():
            first = next(iter(groups))
            yield TableBand(() if first else self._group(groups[""]), goal)
            for group, items in groups.items():
                if group or first:
                    yield TableBand(self._group(items), group, level=2)

    def _group(self, items: Sequence[Item]) -> tuple[TableGroup, ...]:
        return (TableGroup(tuple(map(self.item, items))),)

    def _grouped(self) -> Mapping[str, Mapping[str, Sequence[Item]]]:
        """The items that have a goal and run in a shown period: by goal and group, each where it first comes."""
        plan, found = self.plan, dict[str, dict[str, list[Item]]]()
        for item in plan.items:
            if item.goal and any(plan.runs(item, period) for period in self.periods):
                found.setdefault(self.goal(item), {}).setdefault(self.group(item), []).append(item)
        return found

    def item(self, item: Item) -> TableItem:
        """An item with its bars and texts."""
        period = self.made.period
        texts = (
            self.answer(
                field,
                self.row_of(period, item),
                role_of(field, centre_numbers=True),
                at=(period, item),
            )
            for field in self.texts
        )
        bars = (self.bar(year, item) for year in self.years)
        return TableItem(((words(Role.NUMBER, item.id), self.title(item), *bars, *texts),))

    def bar(self, year: Year, item: Item) -> Cell:
        """A year of an item: it says what it is in the period's first year, and is colour alone in the others."""
        period = year.period
        cell = self.answer(self.field, self.row_of(period, item), Role.BAR, at=(period, item))
        if cell.value is not None:
            cell = replace(cell, tone=cell.tone or Tone())
        return cell if year.first else replace(cell, text="", format=UNSEEN)
