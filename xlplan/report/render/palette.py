"""The colours of tones: a ramp by the number of ranks, what has no rank, what is to be looked at again.

Light is the least rank, dark the highest. Letters of one of two colours can be read on each fill (WCAG AA, 4.5:1). What
is to be looked at again is as light as a rank in grey: it always has a mark as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.report.tables import Tone
from xlplan.spreadsheet.styles import INK, WHITE

RAMPS = {
    2: "E5F5E9 00234F",
    3: "E5F5E9 0C837E 00234F",
    4: "E5F5E9 539D8C 016371 00234F",
    5: "E5F5E9 85B5A1 0C837E 02576A 00234F",
    6: "E5F5E9 9CC3AF 539D8C 007479 064E64 00234F",
    7: "E5F5E9 A6CAB6 69A794 0C837E 076672 03465F 00234F",
    8: "E5F5E9 B4D2C0 84B5A1 539D8C 0C837E 076672 03465F 00234F",
    9: "E5F5E9 B4D2C0 84B5A1 539D8C 0C837E 056E76 02576A 023E5A 00234F",
}
"""Fills by the number of ranks, from the least rank up."""
MOST_RANKS = max(RAMPS)
"""Where there are more ranks, neighbours share a fill."""
TOLD_APART = 6
"""Ranks that people tell apart by colour alone: where there are more, each cell says its word."""
NO_RANK, AGAIN = "#D9DEE3", "#F16513"
AGAIN_MARK = "▲"


@dataclass(frozen=True, slots=True)
class Paint:
    """A fill and the letters on it, each as `#RRGGBB`; `name` is unique to it and made of letters, digits and `-`."""

    name: str
    fill: str
    ink: str


def paint_of(tone: Tone) -> Paint:
    """The colours of a tone."""
    if tone.again:
        return _paint("again", AGAIN)
    if tone.step is None or tone.of < min(RAMPS):
        return _paint("plain", NO_RANK)
    ranks = min(tone.of, MOST_RANKS)
    step = min(max(tone.step, 0), tone.of - 1)
    if ranks < tone.of:
        step = round(step * (ranks - 1) / (tone.of - 1))
    return _paint(f"rank-{ranks}-{step}", f"#{RAMPS[ranks].split()[step]}")


def paints() -> Iterator[Paint]:
    """Every paint that a tone may have."""
    yield paint_of(Tone(again=True))
    yield paint_of(Tone())
    for ranks in RAMPS:
        yield from (paint_of(Tone(step, ranks)) for step in range(ranks))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG computes it, from 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _paint(name: str, fill: str) -> Paint:
    return Paint(name, fill, max(INK, WHITE, key=lambda ink: contrast(ink, fill)))


def _luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
