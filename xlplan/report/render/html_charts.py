"""A chart as a drawing within the page: bars with their values in words, read out as text, printed as they are.

It is drawn for the width of a phone, where its letters are as large as those around it, and is no wider elsewhere than
half a page. What no bar has room for stands below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from xlplan.formula.numberformats import number_text
from xlplan.language.messages import text
from xlplan.language.text import display_width
from xlplan.report.render.markup import Markup, chip, element
from xlplan.report.render.palette import paint_of
from xlplan.report.tables import Chart, Series, Tone

_WIDTH, _LINE, _CHARACTER = 400.0, 16.0, 6.8
"""Of the drawing, of a line of letters, of a half-width character; letters are 12 high."""
_STACK, _BAR, _GAP = 24.0, 18.0, 14.0
_NAMES_MOST = 110.0
_PIECE = 560.0
"""How high a drawing may be, so that paper holds it: a longer chart is several."""
_NOTHING = Tone(None, 0)
_ONE = Tone(1, 3)
"""The tone of bars of which there is one series."""


@dataclass(frozen=True)
class ChartMarkup:
    """A chart being written. `anchor` is its id on the page."""

    chart: Chart
    anchor: str
    language: str

    def whole(self) -> Markup:
        """The chart with its title and legend."""
        pieces = list(self._pieces())
        drawings = [self._drawing(piece, number, len(pieces)) for number, piece in enumerate(pieces, 1)]
        legend = [element("li", chip(series.name, series.tone)) for series in self.series]
        title = element("figcaption", self.chart.title)
        return element("figure", title, *drawings, element("ul", *legend, class_="legend"), id=self.anchor)

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The series, each with a tone: those without are plain; where none has one, by their order.

        Of parts the first is the darkest, of bars side by side, which are years, the last.
        """
        series = self.chart.series
        if any(one.tone for one in series):
            return tuple(replace(one, tone=one.tone or _NOTHING) for one in series)
        tones = [_ONE] if len(series) == 1 else [Tone(at, len(series)) for at in range(len(series))]
        if self.chart.stacked:
            tones.reverse()
        return tuple(replace(one, tone=tone) for one, tone in zip(series, tones, strict=True))

    @cached_property
    def _most(self) -> float:
        """What the whole width stands for."""
        if self.chart.share:
            return 1.0
        if self.chart.stacked:
            sums = (self._sum(at) for at in range(len(self.chart.categories)))
            return max(sums, default=0.0) or 1.0
        values = (value for one in self.series for value in one.values if value is not None)
        return max(values, default=0.0) or 1.0

    def _sum(self, at: int) -> float:
        return sum(max(one.values[at] or 0.0, 0.0) for one in self.series)

    def _said(self, value: float | None) -> str:
        if value is None:
            return text("page.chart.nothing", self.language)
        return number_text(value, self.chart.format)

    def _part(self, at: int, value: float | None) -> str:
        """A value of category `at`; of a whole also its share."""
        said, whole = self._said(value), self._sum(at)
        if not self.chart.stacked or value is None or not whole or self.chart.format.endswith("%"):
            return said
        return text("page.chart.share", self.language, value=said, share=number_text(value / whole, "0%"))

    # --- drawings ---

    def _pieces(self) -> Iterator[list[tuple[int, list[Markup], float]]]:
        """The categories that share a drawing: number, drawn from the height 0 down, and how high."""
        piece: list[tuple[int, list[Markup], float]] = []
        for at in range(len(self.chart.categories)):
            shapes, height = self._stack(at) if self.chart.stacked else self._bars(at)
            if piece and sum(one[2] for one in piece) + height > _PIECE:
                yield piece
                piece = []
            piece.append((at, shapes, height))
        if piece:
            yield piece

    def _drawing(self, piece: Sequence[tuple[int, list[Markup], float]], number: int, count: int) -> Markup:
        heights = [one[2] for one in piece]
        tops = accumulate(heights, initial=0.0)
        groups = [
            element("g", *shapes, transform=f"translate(0 {top:g})")
            for (_, shapes, _), top in zip(piece, tops, strict=False)
        ]
        title = self.chart.title
        if count > 1:
            title = text("page.chart.piece", self.language, title=title, number=number, count=count)
        named, told = f"{self.anchor}-title-{number}", f"{self.anchor}-told-{number}"
        return element(
            "svg",
            element("title", title, id=named),
            element("desc", " ".join(self._told(at) for at, _, _ in piece), id=told),
            element("g", *groups, aria_hidden="true"),
            viewBox=f"0 0 {_WIDTH:g} {sum(heights):g}",
            role="img",
            aria_labelledby=named,
            aria_describedby=told,
        )

    def _told(self, at: int) -> str:
        """All values of a category in words."""
        parts = [
            text("page.chart.part", self.language, name=one.name, value=self._part(at, one.values[at]))
            for one in self.series
        ]
        between = text("page.chart.between", self.language)
        category = self.chart.categories[at]
        return text("page.chart.category", self.language, category=category, parts=between.join(parts))

    def _head(self, at: int, right: str = "") -> tuple[list[Markup], float]:
        """The words over a category, and how high they are."""
        room = _WIDTH - (_length(right) + 10 if right else 0)
        lines = _broken(self.chart.categories[at], room)
        shapes = [_words(line, 0.0, _LINE * (number + 0.8), "head") for number, line in enumerate(lines)]
        if right:
            shapes.append(_words(right, _WIDTH, _LINE * 0.8, "end"))
        return shapes, _LINE * len(lines) + 3

    def _stack(self, at: int) -> tuple[list[Markup], float]:
        """One bar of parts: each with its value within, or below where it has no room."""
        known = any(one.values[at] is not None for one in self.series)
        total = text("page.chart.total", self.language, value=self._said(self._sum(at) if known else None))
        shapes, top = self._head(at, total)
        left, below = 0.0, list[str]()
        for one in self.series:
            value = one.values[at]
            if not value or value < 0:
                continue
            width = _WIDTH * value / self._most
            shapes.append(self._rect(one, at, (left, top, width, _STACK)))
            said, short = self._part(at, value), self._said(value)
            fitting = next((words for words in (said, short) if _length(words) + 6 <= width), "")
            if fitting:
                ink = f"in {paint_of(one.tone or _NOTHING).name}"
                shapes.append(_words(fitting, left + width / 2, top + _STACK * 0.68, ink))
            if fitting != said:
                below.append(text("page.chart.part", self.language, name=one.name, value=said))
            left += width
        lines = list(_filled(below, _WIDTH))
        top += _STACK + 3
        shapes += [_words(line, 0.0, top + _LINE * (row + 0.75), "") for row, line in enumerate(lines)]
        return shapes, top + _LINE * len(lines) + _GAP

    def _bars(self, at: int) -> tuple[list[Markup], float]:
        """A bar for each series, its name before it where there are several, its value behind it."""
        shapes, top = self._head(at)
        several = len(self.series) > 1
        names = min(max((_length(one.name) for one in self.series), default=0.0) + 8, _NAMES_MOST)
        first = names if several else 0.0
        values = max((_length(self._said(value)) for one in self.series for value in one.values), default=0.0)
        room = _WIDTH - first - values - 8
        for one in self.series:
            value, middle = one.values[at], top + _BAR * 0.72
            if several:
                shapes.append(_words(_cut(one.name, names - 8), first - 6, middle, "end"))
            width = room * max(value or 0.0, 0.0) / self._most
            if width:
                shapes.append(self._rect(one, at, (first, top + 1, width, _BAR - 2)))
            shapes.append(_words(self._said(value), first + width + 5, middle, ""))
            top += _BAR
        return shapes, top + _GAP

    def _rect(self, series: Series, at: int, place: tuple[float, float, float, float]) -> Markup:
        """A bar, which says its name and value to whoever points at it."""
        left, top, width, height = place
        said = text(
            "page.chart.part", self.language, name=series.name, value=self._part(at, series.values[at])
        )
        return element(
            "rect",
            element("title", said),
            class_=paint_of(series.tone or _NOTHING).name,
            x=f"{left:.1f}",
            y=f"{top:.1f}",
            width=f"{width:.1f}",
            height=f"{height:g}",
        )


def _words(words: str, x: float, y: float, look: str) -> Markup:
    return element("text", words, x=f"{x:.1f}", y=f"{y:.1f}", class_=look)


def _length(words: str) -> float:
    return display_width(words) * _CHARACTER


def _cut(words: str, room: float) -> str:
    """Words that fit, with … where some are left out."""
    if _length(words) <= room:
        return words
    while words and _length(words + "…") > room:
        words = words[:-1]
    return f"{words}…"


def _broken(words: str, room: float) -> list[str]:
    """Words on as many lines as they need."""
    lines = [""]
    for sign in " ".join(words.split()):
        if _length(lines[-1] + sign) > room:
            lines.append("")
        lines[-1] += sign
    return lines


def _filled(parts: Sequence[str], room: float) -> Iterator[str]:
    """Parts on lines, as many on each as fit."""
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else part
        if line and _length(longer) > room:
            yield from _broken(line, room)
            longer = part
        line = longer
    if line:
        yield from _broken(line, room)
