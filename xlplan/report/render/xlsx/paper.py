"""How a table lies on paper: the scale, where a page is full.

Excel ignores page breaks where it fits a sheet to its pages by itself: a sheet that has breaks is given its scale.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from xlplan.spreadsheet.book import Paper

BAND_HEIGHT = 20.0
"""Points of a row that names what stands below it."""
_LITTLE = 0.01
"""Points that nobody sees."""
_MOST_EMPTY = 0.2
"""The part of a page that may stay empty below, so that a group need not be cut."""
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
    return sum(7 * width + 5 for width in widths)


def scaled(paper: Paper, widths: Iterable[float]) -> Paper:
    """The paper with the scale at which these columns are as wide as a page, but never enlarged."""
    return replace(paper, scale=max(10, min(100, int(100 * _ACROSS * paper.pixels / pixels_of(widths)))))


def smallest(papers: Iterable[Paper], widths: Sequence[float]) -> Paper:
    """The first of the `papers` on which a table of these columns can be read, else the last; with its scale."""
    fitted = [scaled(paper, widths) for paper in papers]
    return next((paper for paper in fitted if paper.scale >= LEAST_SCALE), fitted[-1])


def fitting(paper: Paper, heads: float, parts: Iterable[float], *, top: float = TOP_POINTS) -> Paper:
    """The paper with a scale at which each part of a table has a page, or as it is where that could not be read.

    Args:
        paper: The paper with the scale at which the table is as wide as a page.
        heads: Points of the heads, which every page repeats.
        parts: Points of each part of the table that should have a page to itself.
        top: Points of what stands above the heads of the first page.

    Returns:
        The paper; its scale is never larger than before, and never below LEAST_SCALE because of this.
    """
    needed = heads + top + max(parts, default=0.0)
    scale = int(100 * _DOWN * paper.points / needed)
    return replace(paper, scale=scale) if LEAST_SCALE <= scale < paper.scale else paper


def across(paper: Paper, widths: Sequence[float], fixed: int) -> tuple[Paper, list[int]]:
    """How a table too wide for a page is cut into pages beside each other.

    Args:
        paper: The paper.
        widths: Width of each column in characters.
        fixed: How many columns, from the left, stand on every page.

    Returns:
        The paper with the scale at which the table can still be read, and the 0-based columns before which it is cut.
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
    """The page being filled.

    Attributes:
        paper: The paper, with its scale.
        heads: Points of the heads that every page repeats.
        top: Points of what stands above them on the first page.
        used: Points used so far, heads included.
        fresh: Whether nothing but heads stands on it.
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
        """The points of a page; no end of them where the paper has no scale, and with it no breaks of ours."""
        if not self.paper.scale:
            return inf
        return _DOWN * self.paper.points * 100 / self.paper.scale

    def waits(self, points: float, most: float = 1.0) -> bool:
        """Whether something of so many points should wait for the next page: it does not fit here and would there.

        `most` is the part of the page, from 0 to 1, that may stay empty for it.

        Returns:
            Whether it should; never where it would not fit on a page of its own.
        """
        left = self.room - self.used
        return points > left and left <= most * self.room and self.room >= self.heads + points

    def take(self, points: float, *, start: bool = False, again: float = 0.0) -> bool:
        """Place a piece that is not cut.

        Args:
            points: Its height.
            start: It is to begin a page, whether it fits or not.
            again: Points of what stands above it only where it begins a page.

        Returns:
            Whether it begins a new page.
        """
        begins = (start or self.used + points > self.room) and not self.fresh
        self.used = (self.heads + again if begins else self.used) + points
        self.fresh = False
        return begins

    def take_rows(
        self, heights: Sequence[float], *, start: bool = False, bands: tuple[float, float] = (0.0, 0.0)
    ) -> Iterator[tuple[int, int, bool]]:
        """Place rows that belong together, cut only where a page ends.

        Args:
            heights: Points of each row, at least one.
            start: The first is to begin a page, whether it fits or not.
            bands: Points of what stands above the first row, and above one that begins a page.

        Yields:
            Of each part its first row (from 0), the one behind its last, and whether it begins a page.
        """
        above, again = bands
        first, begins = 0, self.take(heights[0] + above, start=start, again=again - above)
        for at, height in enumerate(heights[1:], 1):
            if self.take(height, again=again):
                yield first, at, begins
                first, begins = at, True
        yield first, len(heights), begins

    def take_group(
        self, items: Sequence[Sequence[float]], *, needed: float, bands: tuple[float, float]
    ) -> tuple[list[list[float]], list[tuple[int, int, bool]]]:
        """Place items that stand under one name merged over them, cut only where a page ends.

        They begin a page, so that they need not be cut, where that leaves little of the page before empty. A part
        that is too low for the name is made higher, which may move the next cut.

        Args:
            items: Points of each row of each item; at least one item.
            needed: Points that the name needs.
            bands: Points of what stands above the first item, and above one that begins a page.

        Returns:
            Points of each row of each item; of each part its first item (from 0), the one behind its last, and whether
            it begins a page.
        """
        found = [list(heights) for heights in items]
        while True:
            tried = replace(self)
            whole = [sum(heights) for heights in found]
            start = tried.waits(bands[0] + sum(whole), _MOST_EMPTY)
            parts = list(tried.take_rows(whole, bands=bands, start=start))
            lacks = [(first, last, needed - sum(whole[first:last])) for first, last, _ in parts]
            if all(lack <= _LITTLE for _, _, lack in lacks):
                self.used, self.fresh = tried.used, tried.fresh
                return found, parts
            for first, last, lack in lacks:
                for at in range(first, last) if lack > _LITTLE else ():
                    more = lack / (last - first) / len(found[at])
                    found[at] = [height + more for height in found[at]]
