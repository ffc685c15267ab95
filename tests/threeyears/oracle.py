"""Every figure of a summary of the plan of three years, worked out with pandas from what was typed.

It knows what each measure means, not its formula, and asks nothing of xlplan but how texts are told apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from randomplans.oracle import Group, group_of
from randomplans.shown import TOTAL

from .answers import CALLED_SINCE, OWNERS, PERIODS, R5, R6, R7, SINCE, Said, lines_of
from .plan import TABLES
from .words import in_language

Key = tuple[str, Group, str]
"""Measure, group and period: "" for the whole plan, group None for none or what is blank."""
Values = dict[Key, float | None]
Typed = Mapping[str, Mapping[str, Said]]
"""What counts, by period and item."""
RANKS = ("Studied", "Started", "Completed", "Handed over")


# --- the rows --------------------------------------------------------------------------------------


def rows_of(typed: Typed, year: str) -> pd.DataFrame:
    """Every row that the summary of a year counts, as things were in its period; words and ids are those of the year.

    A department and an item of the period before xlplan are called what they are called by the year.
    """
    owners = {row["item"]: row for row in lines_of(OWNERS)}
    found = []
    for period in PERIODS[: PERIODS.index(year) + 1]:
        then = year if period == R5 else period
        about = {row["id"]: row for row in lines_of(TABLES[then]["items"])}
        for item, said in typed[period].items():
            known = about[CALLED_SINCE.get(item, item) if then in SINCE else item]
            found.append(
                {
                    "period": period,
                    "item": CALLED_SINCE.get(item, item) if year in SINCE else item,
                    "department": named(owners[item][period], period, year),
                    "goal": known["goal"],
                    "group": known["group"],
                    "status": word(said["status"], year),
                    **{name: said.get(name) for name in ("cost", "users", "visits", "savings", "grade")},
                    "pace": pace(said, then),
                }
            )
    return pd.DataFrame(found)


def named(department: str, period: str, year: str) -> str:
    """What a department is called in the column of a period in the summary of a year."""
    return "Finance and Tax" if (department, period) == ("Finance", R5) and year != R6 else department


def word(status: str | float | None, year: str) -> str | None:
    """A status in the words of a year: what was done is completed since."""
    old, new = ("Done", "Completed") if year != R6 else ("Completed", "Done")
    return new if status == old else status if isinstance(status, str) else None


def pace(said: Said, year: str) -> str | None:
    """Whether an item is late, by what that meant in a year; None where it has no status."""
    ranks = [RANKS.index(word(said[name], R7) or "") if said[name] else -1 for name in ("status", "planned")]
    if ranks[0] < 0:
        return None
    return "On time" if ranks[0] > ranks[1] - (year not in SINCE) else "Late"


# --- what the measures mean -------------------------------------------------------------------------

Meant = Callable[[pd.DataFrame, pd.DataFrame], float | None]
"""A figure over the rows that it counts, beside all rows of its period."""


def number_of(rows: pd.DataFrame, _: pd.DataFrame) -> float:
    return float(len(rows))


def with_word(column: str, *words: str) -> Meant:
    return lambda rows, _: float(rows[column].isin(words).sum())


def sum_of(column: str) -> Meant:
    return lambda rows, _: float(rows[column].astype(float).sum())


def mean_of(column: str) -> Meant:
    return lambda rows, _: float(rows[column].astype(float).mean())


def share_of(of: Meant) -> Meant:
    return lambda rows, all_rows: (of(rows, all_rows) or 0.0) / len(rows) if len(rows) else None


def meant(year: str) -> Mapping[str, Meant]:
    """The measures of a year; those that rest on others apart."""
    since = ["Completed", "Handed over"]
    reached = with_word("status", *{R6: ["Done"], R7: ["Completed"]}.get(year, since))
    return {
        **dict.fromkeys(("all", "owned", "grouped", "stood", "paced"), number_of),
        **dict.fromkeys(("cost", "owned_cost", "goal_cost", "stood_cost", "item_cost"), sum_of("cost")),
        **{name: sum_of(name) for name in ("users", "visits", "savings")},
        **dict.fromkeys(("late", "goal_late"), with_word("pace", "Late")),
        "reached": reached,
        "graded": with_word("grade", "A"),
        "mean": mean_of("cost"),
        "owned_rate": share_of(reached),
        "stood_share": lambda rows, all_rows: len(rows) / len(all_rows),
    }


ASKED = {"visits": (R5, R6), "savings": (R7, *SINCE), "graded": (R7, *SINCE)}
"""The periods in which what a measure sums was asked for, where not in all."""
AMOUNTS_OF_ITEMS = ("owned_cost", "goal_cost", "item_cost")
"""What is a dash and no 0 where no item of the group ran."""


@dataclass(frozen=True)
class Expected:
    """The figures of the summary of a year.

    Attributes:
        year: Its round.
        language: The language in which groups are called.
        typed: What counts.
        fixed: By round, the figures of its own period as they were fixed last, of the rounds before that are closed.
    """

    year: str
    language: str
    typed: Typed
    fixed: Mapping[str, Values] = field(default_factory=dict)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of the summary."""
        return PERIODS[: PERIODS.index(self.year) + 1]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """What it counts."""
        return rows_of(self.typed, self.year)

    @cached_property
    def measures(self) -> list[dict[str, str]]:
        """The measures as the year's table has them: of it the columns `by` and `total` are looked at."""
        return lines_of(TABLES[self.year]["measures"])

    def values(self) -> Values:
        """Every figure."""
        found: Values = {}
        for measure in self.measures:
            name, by = measure["id"], measure["by"]
            periods = [*self.periods, *([""] if measure["total"] == "yes" else [])]
            if not by:
                found |= {(name, None, period): self.single(name, period) for period in periods}
                continue
            for period in periods:
                groups = {self.group(group): self.of(name, by, group, period) for group in self.groups(by)}
                found |= {(name, group, period): value for group, value in groups.items()}
                found[name, TOTAL, period] = self.total(name, period, groups)
        return found

    def groups(self, by: str) -> list[str | None]:
        """The groups of a column; of the statuses those as well that no item has."""
        held = [None if pd.isna(value) else str(value) for value in self.rows[by]]
        choices = lines_of(TABLES[self.year]["choices"])
        listed = [row["value"] for row in choices if row["list"] == by]
        return list(dict.fromkeys([*listed, *held]))

    def group(self, group: str | None) -> Group:
        """A group by its key in the language."""
        return group_of(group and in_language(self.language, group))

    @cached_property
    def meant(self) -> Mapping[str, Meant]:
        """What the year's measures mean."""
        return meant(self.year)

    @cached_property
    def _counted(self) -> dict[tuple[str, str, str | None], pd.DataFrame]:
        return {}

    def counted(self, period: str, by: str = "", group: str | None = None) -> pd.DataFrame:
        """The rows of a period (of the whole plan all), or those of a group of a column among them."""
        key = period, by, group
        if key not in self._counted:
            found = self.counted(period) if by else self.rows
            if by:
                found = found[found[by].isna() if group is None else found[by] == group]
            elif period:
                found = found[found["period"] == period]
            self._counted[key] = found
        return self._counted[key]

    def single(self, name: str, period: str) -> float | None:
        """A figure without groups."""
        if (name, None, period) in self.fixed.get(period, {}):
            return self.fixed[period][name, None, period]
        if name == "rate":
            reached, every = self.single("reached", period), self.single("all", period)
            return reached / every if reached is not None and every else None
        if name == "so_far":
            until = self.periods[: self.periods.index(period) + 1]
            return float(sum(self.single("reached", at) or 0.0 for at in until))
        if period and period not in ASKED.get(name, PERIODS):
            return None
        rows = self.counted(period)
        return self.meant[name](rows, rows)

    def of(self, name: str, by: str, group: str | None, period: str) -> float | None:
        """A figure of one group."""
        key = name, self.group(group), period
        if key in self.fixed.get(period, {}):
            return self.fixed[period][key]
        rows = self.counted(period, by, group)
        if name in AMOUNTS_OF_ITEMS and not len(rows):
            return None
        return self.meant[name](rows, self.counted(period))

    def total(self, name: str, period: str, groups: Mapping[Group, float | None]) -> float | None:
        """What stands under the groups: their sum, of a rate that over all of them."""
        if (name, TOTAL, period) in self.fixed.get(period, {}):
            return self.fixed[period][name, TOTAL, period]
        if name == "owned_rate":
            rows = self.counted(period)
            return self.meant[name](rows, rows)
        return float(sum(value for value in groups.values() if value is not None))

    def kept(self) -> Values:
        """The figures that are shown as they were fixed, as this year's formulas make others of them."""
        by_formula = Expected(self.year, self.language, self.typed).values()
        fixed = {key: value for figures in self.fixed.values() for key, value in figures.items()}
        return {key: value for key, value in fixed.items() if by_formula[key] != value}

    def own(self, since: str) -> Values:
        """The figures of its own period, as they are fixed with it; groups by the ids and words of a later year."""
        renamed = dict(CALLED_SINCE) if since in SINCE else {}
        if self.year == R6 and since != R6:
            renamed["Done"] = "Completed"
        now = {self.group(old): self.group(new) for old, new in renamed.items()}
        return {
            (name, now.get(group, group), period): value
            for (name, group, period), value in self.values().items()
            if period == self.year
        }
