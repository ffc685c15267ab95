"""The table that is printed: seconds, ratios, memory, and the targets."""

from collections.abc import Iterator, Mapping
from math import log
from typing import NamedTuple

from tests.benchmarks.plan_tables import ITEMS

NAMES = {
    "floor": "floor: calamine reads every value",
    "judge": "safety + reading + validating",
    "whole": "files to summary, in memory",
    "plain": "plain script: files to one table",
    "plan": "the plan's tables read",
    "receive": "receive: + plan, archive, ledger",
    "send_back": "receive, with what goes back",
    "consolidate": "consolidate: ledger to summary",
}
READING, FASTER = 4.0, 10.0
BASE_MB, ROW_KB = 100.0, 4.0


class Measured(NamedTuple):
    """One run: seconds, megabytes, and whether it found just the planted faults.

    Megabytes are those before it, the most that its own process had, and the most that it had at one time together
    with the processes that it started (0 where it started none).
    """

    wall: float
    cpu: float
    before: float
    most: float
    together: float
    same: bool | None

    @property
    def all_in_all(self) -> float:
        """The most at one time, in whatever processes."""
        return max(self.most, self.together)

    def kb_a_row(self, rows: int) -> float:
        """Kilobytes a row beyond what was there before."""
        return (self.most - self.before) * 1024 / rows


Figures = dict[str, Measured]
"""The best run of each stage, by name."""


def printed(found: Mapping[int, Figures]) -> str:
    """The whole table, by number of returns."""
    lines: list[str] = []
    for returns, figures in found.items():
        lines += [*_table(returns, figures), ""]
    lines += [*_growth(found), *_targets(max(found), found[max(found)])]
    return "\n".join(lines)


def _table(returns: int, figures: Figures) -> Iterator[str]:
    rows = returns * ITEMS
    floor = figures["floor"]
    yield f"{returns:,} returns, {rows:,} rows of 20 columns"
    yield f"{'':36}{'seconds':>9}{'cpu':>8}{'× floor':>9}{'MB':>7}{'together':>10}{'KB a row':>10}  faults"
    for stage, name in NAMES.items():
        if stage not in figures:
            continue
        one = figures[stage]
        faults = {True: "all, no other", False: "NOT THE SAME", None: ""}[one.same]
        yield (
            f"{name:36}{one.wall:>9.2f}{one.cpu:>8.2f}{one.cpu / floor.cpu:>9.1f}"
            f"{one.most:>7.0f}{one.all_in_all:>10.0f}{one.kb_a_row(rows):>10.1f}  {faults}".rstrip()
        )


def _growth(found: Mapping[int, Figures]) -> Iterator[str]:
    """How time grows with the returns: 1.0 is in step."""
    if len(found) < 2:
        return
    few, many = min(found), max(found)
    for stage in ("judge", "whole", "plain"):
        ratio = found[many][stage].cpu / found[few][stage].cpu
        yield f"exponent from {few} to {many:,}, {NAMES[stage]}: {log(ratio) / log(many / few):.2f}"
    yield ""


def _targets(returns: int, figures: Figures) -> Iterator[str]:
    reading = figures["judge"].wall / figures["floor"].wall
    faster = figures["plain"].wall / figures["whole"].wall
    memory, allowed = (
        figures["whole"].all_in_all,
        BASE_MB + ROW_KB * returns * ITEMS / 1024,
    )
    yield f"targets at {returns:,} returns (by the clock; floor and plain script use one core)"
    yield f"  reading and validating: {reading:.1f} × the floor, at most {READING:.0f}: {_met(reading <= READING)}"
    yield f"  files to summary: {faster:.1f} × faster than the plain script, {FASTER:.0f}: {_met(faster >= FASTER)}"
    yield f"  memory: {memory:.0f} MB, at most {allowed:.0f}: {_met(memory <= allowed)}"


def _met(reached: bool) -> str:
    return "met" if reached else "NOT MET"
