"""What figures come to: of closed rounds what was fixed, whatever today's formulas make of the records of then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose

from xlplan.language.codes import CatalogueEnum
from xlplan.model.decision import KeptFigure
from xlplan.model.record import Value

Spot = tuple[str, int, int]
"""Sheet, row and column of a figure."""


class NoFigure(CatalogueEnum, section="summary.statistics"):
    """Why a figure has no value."""

    NOT_ASKED = "not_asked"
    NOTHING_TO_DIVIDE = "nothing_to_divide"
    UNDECIDED = "undecided"
    AT_CLOSE = "at_close"


@dataclass(frozen=True, slots=True)
class Worked:
    """What a figure comes to: its value, or why there is none."""

    value: float | str | bool | None
    reason: NoFigure | None = None


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What figures come to.

    Attributes:
        values: What each comes to, by its place.
        by_formula: Of those that are shown as they were fixed, what their formula makes of them now.
    """

    values: Mapping[Spot, Worked]
    by_formula: Mapping[Spot, Worked]


def with_fixed(
    figures: Mapping[Spot, KeptFigure],
    kept: Sequence[KeptFigure],
    work_out: Callable[[Mapping[Spot, Worked]], Mapping[Spot, Worked]],
) -> WorkedOut:
    """What figures come to where some of them were fixed.

    Args:
        figures: All figures by their place, as they would be kept.
        kept: Those that were fixed, each as it was then.
        work_out: What each figure comes to where those of the argument stand as they are given.

    Returns:
        What they come to: of those that differ by now what was fixed.
    """
    known = {figure.name: figure for figure in kept}
    fixed: dict[Spot, Worked] = {}
    by_formula: dict[Spot, Worked] = {}
    while True:
        found = work_out(fixed)
        differing = {
            spot: then.value
            for spot, figure in figures.items()
            if spot not in fixed
            and (then := known.get(figure.name))
            and not same_value(then.value, found[spot].value)
        }
        if not differing:
            return WorkedOut(found, by_formula)
        # what rests on a figure that was fixed may come out otherwise by that: so once more
        by_formula |= {spot: found[spot] for spot in differing}
        fixed |= {
            spot: Worked(value, NoFigure.AT_CLOSE if value is None else None)
            for spot, value in differing.items()
        }


def same_value(one: Value, other: Value) -> bool:
    """Whether two figures are the same: numbers in fifteen digits, as workbooks keep them."""
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return isclose(first, second, rel_tol=1e-14, abs_tol=1e-14)
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _number(value: Value) -> float | None:
    """A figure as a number; None where it is none, as a truth value is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
