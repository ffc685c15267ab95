"""How a table lies on its sheet and on paper: what views share of their geometry, the scale, where a page is full.

Excel ignores page breaks where it fits a sheet to its pages by itself: a sheet that has breaks is given its scale.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.model.form import Field, Form
from xlplan.model.item import Item, Period
from xlplan.model.record import Value
from xlplan.model.view import View
from xlplan.report.columns import HEADER_ROW, key_of
from xlplan.report.rows import Consolidation, DataRow
from xlplan.spreadsheet.book import Paper

FIRST_ROW = HEADER_ROW + 2
"""The first row of a table below its two rows of heads (1-based)."""
HEAD_HEIGHT, BAND_HEIGHT = 20.0, 20.0
"""Points of each row of heads, and of a row that names what stands below it."""
_LITTLE = 0.01
"""Points that nobody sees."""
_NUMBER_WIDTHS = (6.0, 14.0)
"""The least and the most characters of the column with the items' numbers."""
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


def smallest(widths: Sequence[float]) -> Paper:
    """The smallest paper on which a table of these columns can be read: A4 upright or on its side, else A3."""
    papers = (Paper(9, landscape=False), Paper(9), Paper(8))
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
        """The points of a page."""
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
        self,
        heights: Sequence[float],
        deep: int,
        *,
        needed: float,
        bands: tuple[float, float],
        most_empty: float,
    ) -> tuple[list[float], list[tuple[int, int, bool]]]:
        """Place items that stand under one name merged over them, cut only where a page ends.

        A part that is too low for the name is made higher, which may move the next cut.

        Args:
            heights: Points of each row of an item, the same for all its rows; at least one item.
            deep: How many rows an item takes.
            needed: Points that the name needs.
            bands: Points of what stands above the first item, and above one that begins a page.
            most_empty: The part of the page, from 0 to 1, that may stay empty so that they need not be cut.

        Returns:
            Points of each row of an item; of each part its first item (from 0), the one behind its last, and whether
            it begins a page.
        """
        found = list(heights)
        while True:
            tried = replace(self)
            whole = [height * deep for height in found]
            start = tried.waits(bands[0] + sum(whole), most_empty)
            parts = list(tried.take_rows(whole, bands=bands, start=start))
            lacks = [(first, last, needed - sum(whole[first:last])) for first, last, _ in parts]
            for first, last, lack in lacks:
                for at in range(first, last):
                    found[at] += lack / (last - first) / deep if lack > _LITTLE else 0.0
            if all(lack <= _LITTLE for _, _, lack in lacks):
                self.used, self.fresh = tried.used, tried.fresh
                return found, parts


@dataclass(frozen=True)
class TableLayout:
    """Where everything stands in the table of one view, whose heads take two rows. Rows and columns are 1-based.

    `made` are the rows that the summary holds. Each kind of table adds its columns, its paper and its rows.
    """

    made: Consolidation
    view: View

    @cached_property
    def form(self) -> Form:
        """The form whose answers it shows."""
        return next(form for form in self.made.forms if form.id == self.view.form)

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """The fields that have columns of their own: the option `text`."""
        return tuple(self.form.by_id[field_id] for field_id in self.view.named("text"))

    @cached_property
    def rows_known(self) -> Mapping[str, DataRow]:
        """The rows of the form's data by their key."""
        return {key_of(row.period.id, row.item.id): row for row in self.made.rows_of(self.form.id)}

    def row_of(self, period: Period, item: Item) -> DataRow | None:
        """The data of an item in a period; None where it did not run."""
        return self.rows_known.get(key_of(period.id, item.id))

    def value(self, field: Field, period: Period, item: Item) -> Value:
        """What was reported.

        Args:
            field: A field of the form.
            period: The period.
            item: The item.

        Returns:
            The value; None where it is blank, or the item did not run.
        """
        row = self.row_of(period, item)
        return row.values.get(field.id) if row else None

    @cached_property
    def number_width(self) -> float:
        """Characters of the column with the items' numbers."""
        longest = max((display_width(item.id) for item in self.made.plan.items), default=0) + 2.0
        least, most = _NUMBER_WIDTHS
        return min(max(longest, least), most)

    def goes_on(self, name: str) -> str:
        """What a band says that stands once more, on a further page."""
        return text("summary.progress.goes_on", self.made.plan.language, goal=name)
