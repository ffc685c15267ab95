"""A random plan played the whole way, and its figures compared with the oracle's."""

import inspect
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose
from pathlib import Path

import pandas as pd

import xlplan
from xlplan import City, FileState, Severity

from .filling import filled
from .generator import random_plan
from .oracle import WHOLE_PLAN, Figures, Group, group_of, rows_of
from .plans import Kind, RandomMeasure, RandomPlan
from .shown import TOTAL, Shown, figures_of, same_head

KNOWN_WRONG = frozenset({Kind.SIGNS})
"""What is refused or wrong: measures of these kinds are left out of the plans, or where `_ONLY_THERE` holds a kind what
is wrong is not looked at."""
_ONLY_THERE = frozenset({Kind.BLANK, Kind.PRODUCT_OF_BLANKS, Kind.EMPTY_ROUND})


@dataclass
class Played:
    """What became of a plan."""

    seed: int
    made: RandomPlan | None = None
    city: City | None = None
    refused: list[str] = field(default_factory=list)
    """What the lint says against it: it went no further."""
    wrong: list[str] = field(default_factory=list)
    figures: int = 0
    warnings: int = 0
    crashed: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing went wrong."""
        return not self.wrong and not self.crashed

    def told(self) -> str:
        """In a few lines."""
        if self.refused:
            return f"{self.seed}: refused: {self.refused[0]}"
        if self.crashed:
            return f"{self.seed}: crashed:\n{self.crashed}"
        lines = [f"{self.seed}: {len(self.wrong)} wrong of {self.figures}", *self.wrong[:12]]
        return "\n    ".join(lines)


def left_out(known: frozenset[Kind]) -> frozenset[Kind]:
    """The kinds of measures that are left out where some are known to be wrong."""
    return known - _ONLY_THERE


def play(
    seed: int, folder: Path, known: frozenset[Kind] = KNOWN_WRONG, *, made: RandomPlan | None = None
) -> Played:
    """Play the plan of a seed, or the one that is given, in an empty folder: all rounds, then every figure twice."""
    played = Played(seed)
    try:
        made = played.made = made or random_plan(seed, left_out(known))
        made.write(folder)
        city = played.city = xlplan.open(folder)
        errors = [one for one in city.lint().findings if one.severity is Severity.ERROR]
        if errors:
            played.refused = [f"{one.file} {one.cell}: {one.message('en')}" for one in errors]
            return played
        for at, period in enumerate(made.rounds):
            _round(made, city, period, datetime(2025 + at, 4, 1, 9, 0), played)
        if not played.wrong:
            compare(made, city, known, played)
    except Exception:
        played.crashed = traceback.format_exc()
    return played


def _round(made: RandomPlan, city: City, period: str, now: datetime, played: Played) -> None:
    issued = city.issue(period, due="2030-05-29", now=now)
    plan = city.plan
    inbox = city.folder / "workbooks" / period / "inbox"
    workbooks = {line.department.id: line.path.read_bytes() for line in issued.lines}
    for name, workbook in workbooks.items():
        if made.mistaken == (period, name):
            first = inbox / "first.xlsx"
            first.write_bytes(filled(made, plan, period, name, workbook, mistaken=True))
            city.receive(first, now=now.replace(month=5))
            first.unlink()
            consolidated(city, period, now.replace(month=5, day=2), draft=True)
    for name, workbook in workbooks.items():
        (inbox / f"{name}.xlsx").write_bytes(filled(made, plan, period, name, workbook))
    taken = city.receive(period=period, now=now.replace(month=6))
    for one in taken.lines:
        played.warnings += sum(finding.severity is Severity.WARNING for finding in one.findings)
        if one.state not in (FileState.ACCEPTED, FileState.KNOWN):  # what was to be wrong may be right
            told = [
                f"{finding.sheet}!{finding.cell} {finding.message('en')}"
                for finding in one.findings
                if finding.severity is Severity.ERROR
            ]
            played.wrong.append(f"{period} {one.path.name}: {one.state} {told}")
    if not consolidated(city, period, now.replace(month=7)):
        played.wrong.append(f"{period}: no summary")
        return
    if made.published:
        city.reconcile(period)
    city.status(period, now=now.replace(month=8))
    city.findings(period)
    if not city.verify().fine:
        played.wrong.append(f"{period}: verify is not fine")


def consolidated(city: City, period: str, now: datetime, *, draft: bool = False) -> bool:
    """Make the summary of a round, as HTML too where that can be had. Whether there is one."""
    more = {"html": True} if "html" in inspect.signature(city.consolidate).parameters else {}
    return city.consolidate(period, draft=draft, now=now, **more).path is not None


def again(played: Played, known: frozenset[Kind] = KNOWN_WRONG) -> list[str]:
    """Make the last summary of a played plan once more, and compare: what is wrong with it now."""
    assert played.made
    assert played.city
    anew = Played(played.seed)
    try:
        assert consolidated(played.city, played.made.rounds[-1], datetime(2029, 1, 1))
        compare(played.made, played.city, known, anew)
    except Exception:
        anew.wrong.append(traceback.format_exc())
    return anew.wrong


def summary_of(played: Played) -> bytes:
    """The workbook of the last summary of a played plan."""
    assert played.made
    assert played.city
    return (played.city.folder / "workbooks" / played.made.rounds[-1] / "summary.xlsx").read_bytes()


# --- the comparison --------------------------------------------------------------------------------


def compare(made: RandomPlan, city: City, known: frozenset[Kind], played: Played) -> None:
    """Every figure of the last round's summary with what it should be."""
    period = made.rounds[-1]
    shown = figures_of(made, city, period)
    played.wrong += [f"twice: {key}" for key in shown.twice]
    records: dict[tuple[str, str], pd.DataFrame] = {}

    def accepted(at: str, form: str) -> pd.DataFrame:
        if (at, form) not in records:
            records[at, form] = city.records(at, form=form)
        return records[at, form]

    for view in made.views:
        mine = tuple(one for one in made.measures if one.view == view.id)
        if view.kind == "statistics":
            form = made.form(view.form)
            rows = rows_of(made, form, accepted)
            empty = frozenset(made.rounds[:-1]) - set(rows["period"])
            unasked = empty if form.open_rows and Kind.EMPTY_ROUND in known else frozenset()
            figures = Figures(made, form, mine, rows, unasked)
            for measure in mine:
                played.wrong += _Judge(made, shown, figures, measure, known, played).judged()
    _reconciled(made, city, shown, played)
    if hasattr(city, "figures"):
        played.wrong += _told(city.figures(period), shown)


def _told(frame: pd.DataFrame, shown: Shown) -> Iterator[str]:
    """What the frame of figures has otherwise than the workbook: the numbers of each measure and period."""
    wanted: dict[tuple[str, str, str], list[float]] = {}
    totals: dict[tuple[str, str, str], list[float]] = {}
    for (view, measure, group, period), value in shown.figures.items():
        found = totals if group == TOTAL else wanted
        if value is not None:
            found.setdefault((view, measure, period), []).append(value)
    told: dict[tuple[str, str, str], list[float]] = {}
    for row in frame.to_dict("records"):
        if not pd.isna(row["value"]):
            period = "" if pd.isna(row["period"]) else str(row["period"])
            told.setdefault((row["view"], row["measure"], period), []).append(float(row["value"]))
    for key in wanted.keys() | told.keys():
        mine, its = sorted(wanted.get(key, [])), sorted(told.get(key, []))
        with_totals = sorted([*mine, *totals.get(key, [])])
        if not any(len(one) == len(its) and all(map(same, one, its)) for one in (mine, with_totals)):
            yield f"figures(): {key} {its} instead of {mine}"


class _Judge:
    def __init__(
        self,
        made: RandomPlan,
        shown: Shown,
        figures: Figures,
        measure: RandomMeasure,
        known: frozenset[Kind],
        played: Played,
    ) -> None:
        self.made, self.shown, self.figures, self.measure = made, shown, figures, measure
        self.known, self.played = known, played
        self.periods = [*made.shown_periods, *([WHOLE_PLAN] if measure.total else [])]

    def judged(self) -> Iterator[str]:
        """What is wrong with the figures of the measure."""
        measure = self.measure
        if measure.by not in ("", "period"):
            yield from self.crossed()
            return
        for period in self.periods:
            yield from self.one(None, period, self.figures.of(measure, None, period))

    def crossed(self) -> Iterator[str]:
        """What is wrong with the figures of groups."""
        measure = self.measure
        heads = self.shown.heads[measure.view, measure.by]
        groups = self.figures.groups(measure.by)
        if Kind.BLANK in self.known:
            groups = [one for one in groups if one is not None]
        matched: list[Group] = []
        for group in groups:
            head = next((one for one in heads if same_head(one, group)), TOTAL)
            if head == TOTAL:
                yield f"{self.place(group, '')}: no such group among {heads}"
                continue
            matched.append(head)
            if group in (None, 0.0) and self.passed_over:
                continue
            for period in self.periods:
                yield from self.one(head, period, self.figures.of(measure, group, period))
        others = [one for one in heads if one not in matched]
        for head in others:  # a group without rows: a choice that nobody made
            for period in self.periods:
                yield from self.one(head, period, self.figures.of(measure, head, period))
        yield from self.totals([*groups, *others])

    @property
    def passed_over(self) -> bool:
        """Whether the figures of the groups of blanks and of 0 are not looked at."""
        return Kind.PRODUCT_OF_BLANKS in self.known and self.figures.product_of_group(self.measure.spec)

    def totals(self, shown: list[Group]) -> Iterator[str]:
        """What stands under the groups."""
        measure = self.measure
        there = (measure.view, measure.id, TOTAL, self.periods[0]) in self.shown.figures
        if len(shown) > 1 and self.figures.additive(measure.spec) and not there:
            yield f"{self.place('total', '')}: missing"
        if not there or self.passed_over:
            return
        for period in self.periods:
            yield from self.one(TOTAL, period, self.figures.total(measure, shown, period))

    def one(self, head: Group, period: str, expected: float | None) -> Iterator[str]:
        """What is wrong with one figure."""
        self.played.figures += 1
        key = self.measure.view, self.measure.id, head, period
        if key not in self.shown.figures:
            yield f"{self.place(head, period)}: not shown"
            return
        if not same(self.shown.figures[key], expected):
            yield f"{self.place(head, period)}: {self.shown.figures[key]} instead of {expected}"

    def place(self, head: Group, period: str) -> str:
        measure = self.measure
        kinds = ", ".join(sorted(measure.kinds))
        return f"{measure.view}/{measure.id} by {measure.by!r} [{head!r}, {period!r}] ={measure.formula} ({kinds})"


def same(one: float | None, other: float | None) -> bool:
    """Whether two figures are one, as far as their digits go."""
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _reconciled(made: RandomPlan, city: City, shown: Shown, played: Played) -> None:
    """Each figure in print stands beside what the summary shows at that place."""
    if not made.published:
        return
    found = city.reconcile(made.rounds[-1]).comparisons
    if len(found) != len(made.published):
        played.wrong.append(f"{len(found)} comparisons of {len(made.published)} figures in print")
    measures = {(one.view, one.id): one for one in made.measures}
    for line in found:
        crossed = measures[line.view, line.measure].by not in ("", "period")
        group = group_of(line.group) if crossed else None
        there = [
            value
            for (view, measure, head, period), value in shown.figures.items()
            if (view, measure, period) == (line.view, line.measure, line.period) and same_head(head, group)
        ]
        if not any(same(value, line.computed) for value in there or [None]):
            told = f"{line.view}/{line.measure} [{line.group!r}, {line.period!r}]"
            played.wrong.append(f"reconcile: {told}: {line.computed} beside {there}")
