"""The shades of a schedule's bars: by the rank of what they say, told apart in black and white print too."""

from collections.abc import Mapping, Sequence

from xlplan.model.parts import Choice
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
    """
    ranks = sorted({one.rank for one in choices if one.rank is not None})
    if len(ranks) < 2:
        return {one.value: PLAIN for one in choices}
    steps = max(1, len(ranks) - 2)
    by_rank = {rank: _blended(at / steps) for at, rank in enumerate(ranks[1:])}
    by_rank[ranks[0]] = _HATCHED
    return {one.value: PLAIN if one.rank is None else by_rank[one.rank] for one in choices}


def _blended(share: float) -> Shade:
    """A colour on the way from light (0) to dark (1), with letters that can be read on it."""
    pairs = zip(_parts(_LIGHT), _parts(NAVY), strict=True)
    mixed = "".join(f"{round(light + (dark - light) * share):02X}" for light, dark in pairs)
    return {"bg_color": f"#{mixed}", "font_color": WHITE if share >= _DARK_FROM else INK}


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
