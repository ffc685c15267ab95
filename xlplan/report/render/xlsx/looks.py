"""How a value is shown in a table: its style, the formula that shows it, the shade of a choice by its rank."""

from collections.abc import Mapping, Sequence

from xlplan.fields.base import CENTRE, RIGHT
from xlplan.fields.table import type_of
from xlplan.model.form import Choice, Field
from xlplan.model.plan import Plan
from xlplan.spreadsheet.styles import INK, NAVY, SLATE, WHITE

Shade = Mapping[str, object]
"""Properties of a conditional format, as XlsxWriter has them."""

PLAIN: Shade = {"bg_color": "#B8C7D9", "font_color": INK}
"""What is said has no rank."""
_HATCHED: Shade = {"pattern": 14, "bg_color": WHITE, "fg_color": SLATE, "font_color": INK}
_LIGHT = "#DCE6F2"
_DARK_FROM = 0.55
"""Share of the way from light to dark from which letters are white."""


def shades(choices: Sequence[Choice]) -> Mapping[str, Shade]:
    """The shade of each choice by its value: the least rank hatched, the others from light to dark, no rank plain.

    Where all that have a rank have the same, nothing is more or less: they are plain.

    Returns:
        Properties of a conditional format by the choice's value.
    """
    ranks = sorted({choice.rank for choice in choices if choice.rank is not None})
    if len(ranks) < 2:
        return {choice.value: PLAIN for choice in choices}
    steps = max(1, len(ranks) - 2)
    by_rank = {rank: _blended(at / steps) for at, rank in enumerate(ranks[1:])}
    by_rank[ranks[0]] = _HATCHED
    return {choice.value: PLAIN if choice.rank is None else by_rank[choice.rank] for choice in choices}


def _blended(share: float) -> Shade:
    """A colour on the way from light (0) to dark (1), with letters that can be read on it."""
    pairs = zip(_channels(_LIGHT), _channels(NAVY), strict=True)
    mixed = "".join(f"{round(light + (dark - light) * share):02X}" for light, dark in pairs)
    return {"bg_color": f"#{mixed}", "font_color": WHITE if share >= _DARK_FROM else INK}


def _channels(colour: str) -> list[int]:
    """Red, green and blue of a colour such as #DCE6F2, each 0 to 255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def value_style(field: Field, plan: Plan, *, centre_numbers: bool = False) -> tuple[str, dict[str, object]]:
    """How a field's values are written in a table.

    Args:
        field: The field.
        plan: Its plan, which says how days and years are written.
        centre_numbers: Numbers stand in the middle of their column, not at the right.

    Returns:
        The name of a style, and the properties of XlsxWriter that come on top of it.
    """
    kind = type_of(field)
    shape = kind.summary_format(plan)
    more: dict[str, object] = {"num_format": shape} if shape else {}
    if kind.align == RIGHT:
        return "cell_centre" if centre_numbers else "figure", more
    return "cell_centre" if kind.align == CENTRE else "cell", more


def shown_value(address: str, field: Field, plan: Plan) -> str:
    """A formula that shows the value of a field, "" where it is blank or absent.

    Args:
        address: A formula, without its leading `=`, that gives the value: an address or a look-up.
        field: The field whose value it is.
        plan: The field's plan, which says how years are written.

    Returns:
        The formula, without its leading `=`.
    """
    return type_of(field).shown_formula(address, plan)
