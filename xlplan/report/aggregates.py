"""The parts of measures that count, sum or average records: each worked out for all groups and periods in one pass."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from sys import float_info

from xlplan.formula.criteria import Test, criterion
from xlplan.formula.tree import Node, criteria
from xlplan.report.heads import Key, key_of_value
from xlplan.report.records import Records

_ONE = ("COUNTIF", "SUMIF", "AVERAGEIF")
_MANY = ("COUNTIFS", "SUMIFS", "AVERAGEIFS")
_HEADS = ("GROUP", "PERIOD")

Place = tuple[Key | None, Key | None]
"""Where a record counts: the key of its group and of its period; None where the formula asks for neither."""


def aggregate(node: Node, records: Records, *, by_period: bool) -> "Aggregate | None":
    """The aggregate that a part of a measure's formula is.

    Args:
        node: The part.
        records: The records over which it is.
        by_period: Whether the groups of its block are the periods.

    Returns:
        The aggregate; None where the part is another, or asks by something else than a constant and the heads.
    """
    if node.kind != "function" or node.value not in (*_ONE, *_MANY):
        return None
    pairs = list(criteria(node))
    if not pairs or any(column.kind != "whole" or not _plain(head) for column, head in pairs):
        return None
    summed = _summed(node)
    if summed is not None and summed.kind != "whole":
        return None
    of_heads = [(str(column.value), str(head.value)) for column, head in pairs if head.kind == "function"]
    return Aggregate(
        records,
        str(node.value).removesuffix("IFS").removesuffix("IF"),
        None if summed is None else str(summed.value),
        tuple((str(c.value), criterion(_wanted(h))) for c, h in pairs if h.kind == "literal"),
        tuple(name for name, head in of_heads if head == "GROUP" and not by_period),
        tuple(name for name, head in of_heads if head == "PERIOD" or by_period),
    )


def _plain(head: Node) -> bool:
    """Whether a criterion is a constant, or the head of the group or the period."""
    if head.kind == "literal":
        return isinstance(head.value, str | int | float) and not isinstance(head.value, bool)
    return head.kind == "function" and head.value in _HEADS


def _wanted(head: Node) -> str | float:
    return head.value if isinstance(head.value, str | int | float) else str(head.value)


def _summed(node: Node) -> Node | None:
    """What is summed or averaged; None where records are counted."""
    if node.value in ("COUNTIF", "COUNTIFS"):
        return None
    if node.value in _MANY:
        return node.children[0]
    return node.children[2] if len(node.children) > 2 else node.children[0]


@dataclass(frozen=True)
class Aggregate:
    """A count, sum or mean of records.

    Attributes:
        records: The records.
        kind: COUNT, SUM or AVERAGE.
        summed: The column that is summed or averaged; None for a count.
        tests: The columns that must meet a constant criterion, each with it.
        of_group: The columns that must hold the group.
        of_period: The columns that must hold the period.
    """

    records: Records
    kind: str
    summed: str | None
    tests: tuple[tuple[str, Test], ...]
    of_group: tuple[str, ...]
    of_period: tuple[str, ...]

    @cached_property
    def rows(self) -> Mapping[Place, Sequence[int]]:
        """The rows (from 0) that count, by place, in one pass over the records."""
        found: dict[Place, list[int]] = {}
        groups, periods = self._keys(self.of_group), self._keys(self.of_period)
        for at in self._meeting():
            group, period = groups(at), periods(at)
            if group is not _NOWHERE and period is not _NOWHERE:
                found.setdefault((group, period), []).append(at)
        return found

    def _meeting(self) -> Iterator[int]:
        """The rows that meet the constant criteria; of a column that is summed, those that hold a number."""
        asked = [(self.records.column(name), _remembered(test)) for name, test in self.tests]
        for at in range(len(self.records.rows)):
            if all(test(cells[at]) for cells, test in asked):
                yield at

    def _keys(self, names: Sequence[str]) -> Callable[[int], Key | None]:
        """The key that all these columns have in a row; `_NOWHERE` where they differ."""
        if not names:
            return lambda at: None
        known: dict[object, Key] = {}
        columns = []
        for name in names:
            cells = self.records.column(name)
            for kind, cell in {(type(cell), cell) for cell in cells}:
                known.setdefault((kind, cell), key_of_value(cell))
            columns.append([known[type(cell), cell] for cell in cells])
        first, *others = columns
        if not others:
            return first.__getitem__
        return lambda at: first[at] if all(keys[at] == first[at] for keys in others) else _NOWHERE

    # --- one figure ---

    def counting(self, groups: Sequence[Key] | None, period: Key | None) -> list[int]:
        """The rows that a figure counts, in their order.

        Args:
            groups: The keys of its groups: one, or several together; None where it has none.
            period: The key of its period; None for all periods.

        Returns:
            The rows from 0.
        """
        found: list[int] = []
        wanted = None if groups is None or not self.of_group else set(groups)
        if wanted is not None and len(wanted) == 1 and period is not None:
            return list(self.rows.get((next(iter(wanted)), period if self.of_period else None), ()))
        for (group, within), rows in self.rows.items():
            if (wanted is None or group in wanted) and (period is None or within in (None, period)):
                found += rows
        return sorted(found)

    def added(self, rows: Sequence[int]) -> list[tuple[int, float]]:
        """What each of these rows adds: 1 to a count, its number to a sum; those without a number add nothing."""
        if self.summed is None:
            return [(at, 1.0) for at in rows]
        cells = self.records.column(self.summed)
        pairs = ((at, cells[at]) for at in rows)
        return [(at, float(cell)) for at, cell in pairs if isinstance(cell, int | float)]

    def value(self, rows: Sequence[int]) -> float | None:
        """What it comes to over these rows; None for a mean of nothing."""
        added = self.added(rows)
        if self.summed is None:
            return float(len(added))
        total = summed_up([adds for _, adds in added])
        if self.kind == "AVERAGE":
            return total / len(added) if added else None
        return total


def summed_up(values: Sequence[float]) -> float:
    """The sum of numbers as a sheet has it: 0 where nothing but the last bit of the largest is left."""
    total = fsum(values)
    least = float_info.epsilon * max(map(abs, values), default=0.0)
    return 0.0 if abs(total) < least else total


_NOWHERE = "\0nowhere"
"""The key of a row whose columns name several groups. No key has its sign: folding drops it."""


def _remembered(test: Test) -> Test:
    known: dict[tuple[type, object], bool] = {}

    def asked(value: object) -> bool:
        key = (type(value), value)
        if key not in known:
            known[key] = test(value)
        return known[key]

    return asked
