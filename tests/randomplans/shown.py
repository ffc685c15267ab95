"""What a summary shows: each figure, by view, measure, group and period. No geometry of the product is asked."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time

from python_calamine import CalamineWorkbook

from xlplan import City

from .oracle import WHOLE_PLAN, Group, group_of
from .plans import RandomMeasure, RandomPlan

TOTAL = "total of the groups"
"""The group of a total."""
Cell = str | float | date | None
Key = tuple[str, str, Group, str]
"""View, measure, group and period; period "" is the whole plan, group None what has none or is blank."""
_TOTALS = ("合計", "計", "Total")
BLANK_HEADS = ("（空白）", "(blank)")


@dataclass
class Shown:
    """The figures of a summary; None where a dash stands."""

    figures: dict[Key, float | None] = field(default_factory=dict)
    heads: dict[tuple[str, str], list[Group]] = field(default_factory=dict)
    """By view and column: the groups in their order, that of totals left out."""
    twice: list[Key] = field(default_factory=list)
    """What is shown twice, as two heads are one group."""


def figures_of(plan: RandomPlan, city: City, period: str) -> Shown:
    """Every figure of a round's summary, as its workbook shows it."""
    summary = city.folder / "workbooks" / period / "summary.xlsx"
    return figures_in(plan, summary.read_bytes(), period)


def figures_in(plan: RandomPlan, summary: bytes, period: str) -> Shown:
    """Every figure that a summary's workbook shows, found by the words that stand around it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(summary))
    found = Shown()
    for view in plan.views:
        if view.kind == "statistics":
            sheet = book.get_sheet_by_name(view.title)
            grid = [list(row) for row in sheet.to_python(skip_empty_area=False)]
            mine = [one for one in plan.measures if one.view == view.id]
            _Sheet(plan, grid, period, found).read(mine)
    return found


class _Sheet:
    """One sheet of statistics, read from top to bottom."""

    def __init__(self, plan: RandomPlan, grid: list[list[object]], period: str, found: Shown) -> None:
        self.plan, self.grid, self.found = plan, grid, found
        names = [name for name, *_ in plan.periods]
        self.periods = names[: names.index(period) + 1]
        self.labels = [plan.label_of(name) for name in self.periods]
        self.row = 0

    def cell(self, row: int, column: int) -> object:
        """What stands in a cell, from 0."""
        line = self.grid[row] if row < len(self.grid) else []
        value = line[column] if column < len(line) else ""
        return None if value == "" else value

    def read(self, measures: list[RandomMeasure]) -> None:
        self.row = 3
        for by in dict.fromkeys(one.by for one in measures):
            same = [one for one in measures if one.by == by]
            while self.cell(self.row, 0) is None:
                self.row += 1
                assert self.row < len(self.grid), f"no table by {by!r}"
            if by == "":
                self.lines(same)
            elif by == "period":
                self.down(same)
            else:
                self.crossed(by, same)

    def period_at(self, word: object, at: int) -> str:
        """The period over a column, or that of a row."""
        if at < len(self.labels):
            assert word == self.labels[at], f"{word!r} instead of {self.labels[at]!r}"
            return self.periods[at]
        assert isinstance(word, str), "no head for the whole plan"
        return WHOLE_PLAN

    def lines(self, measures: list[RandomMeasure]) -> None:
        """A row for each measure."""
        head, row = self.row + 1, self.row + 2
        for measure in measures:
            assert self.cell(row, 0) == measure.label, (self.cell(row, 0), measure.label)
            for at in range(len(self.periods) + measure.total):
                period = self.period_at(self.cell(head, at + 1), at)
                self.put(measure, None, period, self.cell(row, at + 1))
            row += 1
        self.row = row

    def down(self, measures: list[RandomMeasure]) -> None:
        """A row for each period."""
        head, row = self.row + 1, self.row + 2
        for at in range(len(self.periods) + any(one.total for one in measures)):
            period = self.period_at(self.cell(row, 0), at)
            for column, measure in enumerate(measures, 1):
                assert self.cell(head, column) == measure.label
                if period or measure.total:
                    self.put(measure, None, period, self.cell(row, column))
            row += 1
        self.row = row

    def crossed(self, by: str, measures: list[RandomMeasure]) -> None:
        """A row for each group."""
        head, row = self.row + 2, self.row + 3
        groups: list[Group] = []
        while self.cell(row, 0) is not None:
            word = self.cell(row, 0)
            last = word in _TOTALS and self.cell(row + 1, 0) is None
            group: Group = TOTAL if last else head_of(word)
            if not last:
                groups.append(group)
            column = 1
            for measure in measures:
                assert self.cell(head - 1, column) == measure.label, (
                    self.cell(head - 1, column),
                    measure.label,
                )
                for at in range(len(self.periods) + measure.total):
                    period = self.period_at(self.cell(head, column), at)
                    value = self.cell(row, column)
                    if not (last and value is None):
                        self.put(measure, group, period, value)
                    column += 1
            row += 1
        self.found.heads[measures[0].view, by] = groups
        self.row = row

    def put(self, measure: RandomMeasure, group: Group, period: str, value: object) -> None:
        key = measure.view, measure.id, group, period
        if key in self.found.figures:
            self.found.twice.append(key)
        assert value is not None, f"nothing stands for {key}"
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        self.found.figures[key] = number


def head_of(word: object) -> Group:
    """The group that a head names."""
    if isinstance(word, datetime):
        return word.date()
    if isinstance(word, time):
        return group_of((word.hour * 60 + word.minute) / 1440)
    return None if word in BLANK_HEADS else group_of(word)


def same_head(head: Group, group: Group) -> bool:
    """Whether a head that is shown is the one of a group of the rows."""
    if head == group:
        return True
    if isinstance(group, float) and isinstance(head, str):
        return head in (f"{group:g}", f"{group:.15g}", f"fy{group:g}", f"{group:g}年度")
    if isinstance(group, date) and isinstance(head, str):
        return head in (
            group.isoformat(),
            f"{group.year}/{group.month}/{group.day}",
            f"{group:%Y-%m}",
            f"{group.year}年{group.month}月",
            f"{group.year}年{group.month}月{group.day}日",
        )
    return False
