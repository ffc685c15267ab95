"""How a table lies on paper: the scale at which its columns fit across, and where a page is full.

Excel ignores page breaks where it fits a sheet to its pages by itself: a sheet that has breaks is given its scale.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from xlplan.spreadsheet.book import Paper

TOP_POINTS = 60.0
"""What stands above the heads on the first page: title, note, and an empty row."""
LEAST_SCALE = 75
"""Per cent below which text of nine points is no longer pleasant to read."""
MEASURE = ("Arial", 10)
"""The font in whose digits columns are measured: 7 pixels each in Excel, as of Calibri 11.

Where it is not installed LibreOffice takes DejaVu Sans, whose digits have 8.5; for Calibri 11 they would have 9.
"""
_ACROSS, _DOWN = 0.82, 0.97
"""The part of a page that is planned with: columns are 5% wider from a screen at 150%, and 21% without the font."""


def pixels_of(widths: Iterable[float]) -> float:
    """Columns of these widths in characters, at 96 dpi: a column of w takes 7w + 5."""
    return sum(7 * one + 5 for one in widths)


def scaled(paper: Paper, widths: Iterable[float]) -> Paper:
    """The paper with the scale at which these columns are as wide as a page, but never enlarged."""
    return replace(paper, scale=max(10, min(100, int(100 * _ACROSS * paper.pixels / pixels_of(widths)))))


def smallest(widths: Sequence[float]) -> Paper:
    """The smallest paper on which a table of these columns can be read: A4 upright or on its side, else A3."""
    papers = (Paper(9, landscape=False), Paper(9), Paper(8))
    found = [scaled(one, widths) for one in papers]
    return next((one for one in found if one.scale >= LEAST_SCALE), found[-1])


def fitting(paper: Paper, heads: float, parts: Iterable[float], *, top: float = TOP_POINTS) -> Paper:
    """The paper with a smaller scale, at which the highest of `parts` has a page; as it is where that is too small."""
    needed = heads + top + max(parts, default=0.0)
    scale = int(100 * _DOWN * paper.points / needed)
    return replace(paper, scale=scale) if LEAST_SCALE <= scale < paper.scale else paper


def across(paper: Paper, widths: Sequence[float], fixed: int) -> tuple[Paper, list[int]]:
    """The paper at the scale at which a wide table can still be read, and the 0-based columns before which it is cut.

    Its first `fixed` columns stand on every page.
    """
    whole = scaled(paper, widths)
    if whole.scale >= LEAST_SCALE:
        return whole, []
    room = _ACROSS * paper.pixels * 100 / LEAST_SCALE
    again = pixels_of(widths[:fixed])
    cuts, used = list[int](), again
    for at, width in enumerate(widths[fixed:], fixed):
        if at > fixed and used + pixels_of([width]) > room:
            cuts.append(at)
            used = again
        used += pixels_of([width])
    return replace(paper, scale=LEAST_SCALE), cuts


@dataclass
class Page:
    """The page being filled: points used so far, `heads` that every page repeats included.

    On the first page `top` stands above them. `fresh`: nothing but heads stands on it.
    """

    paper: Paper
    heads: float
    top: float = TOP_POINTS
    used: float = -1.0
    fresh: bool = True

    def __post_init__(self) -> None:
        """Nothing but what stands above is used at first."""
        if self.used < 0:
            self.used = self.heads + self.top

    @property
    def room(self) -> float:
        """The points of a page."""
        return _DOWN * self.paper.points * 100 / self.paper.scale

    def waits(self, points: float, most: float = 1.0) -> bool:
        """Whether something should wait for the next page: it does not fit here and would there.

        `most` is the part of the page that may stay empty for it.
        """
        left = self.room - self.used
        return points > left and left <= most * self.room and self.room >= self.heads + points

    def take(self, points: float, *, start: bool = False, again: float = 0.0) -> bool:
        """Place a piece; True where it begins a new page: it does not fit, or is to `start` one.

        `again` are points of what stands above the piece only where it begins a page.
        """
        begins = (start or self.used + points > self.room) and not self.fresh
        self.used = (self.heads + again if begins else self.used) + points
        self.fresh = False
        return begins

    def take_rows(
        self, heights: Sequence[float], *, start: bool = False, bands: tuple[float, float] = (0.0, 0.0)
    ) -> Iterator[tuple[int, int, bool]]:
        """Place rows that belong together, cut only where a page ends.

        Gives the first row of each part (from 0), the one behind its last, and whether it begins a page. `bands`
        are the points of what stands above the first row, and above one that begins a page.
        """
        above, again = bands
        first, begins = 0, self.take(heights[0] + above, start=start, again=again - above)
        for at, height in enumerate(heights[1:], 1):
            if self.take(height, again=again):
                yield first, at, begins
                first, begins = at, True
        yield first, len(heights), begins
