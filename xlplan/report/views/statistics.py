"""The statistics (集計): each measure for each group and period, live over the data sheet, with totals and charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlplan.formula.addresses import area_address, cell_address, column_letters, quoted_sheet
from xlplan.formula.emission import Place, emit
from xlplan.model.parts import Measure, View
from xlplan.report.columns import DataTable, sheet_of
from xlplan.report.figures import (
    FIRST_BLOCK_ROW,
    FIRST_COLUMN,
    LABEL_COLUMN,
    Block,
    Figure,
    block_title,
    blocks,
    divides,
    heading_of,
    rate,
    share,
)
from xlplan.report.frame import Frame
from xlplan.report.paper import Page, pixels_of, scaled
from xlplan.report.views import answered
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import FONTS, GRID, INK, LINE, NAVY, QUIET, SERIES, WHITE
from xlplan.spreadsheet.worksheet import Sheet

_COLUMN_WIDTH, _LABEL_WIDTH = 11.5, 36.0
_TITLE_HEIGHT, _HEAD_HEIGHT, _ROW_HEIGHT, _CHART_ROW = 22.0, 17.0, 19.0, 15.0
_TOP_POINTS = 75.0
_ANYTHING, _ANY_GROUP = '"*"', '"?*"'
"""The criteria that any text meets: the period of a figure of the whole plan, and the group of a total."""


@dataclass(frozen=True, slots=True)
class FigurePlace(Place):
    """The place of one figure: whole columns of the data, its own heads, the other figures of its block."""

    table: DataTable
    figure: Figure

    def column(self, name: str) -> str:
        """The whole column."""
        return self.table.reference(name)

    def group(self) -> str:
        """The head of the figure's row."""
        if self.figure.of_all_periods and self.figure.block.by == "period":
            return _ANYTHING
        if self.figure.row == self.figure.block.total_row:
            return _ANY_GROUP
        return f"${column_letters(LABEL_COLUMN)}{self.figure.row}"

    def period(self) -> str:
        """The head of the figure's period."""
        if self.figure.of_all_periods:
            return _ANYTHING
        row, column = self.figure.period_head
        return cell_address(row, column, fixed=True)

    def measure(self, name: str) -> str:
        """The cell of another measure."""
        return self._address(self.figure.beside(name))

    def cumulative(self, name: str) -> str:
        """The sum of another measure's cells from the first period to this one."""
        periods = self.figure.beside(name).up_to_here()
        return f"SUM({self._address(periods[0], first=True)}:{self._address(periods[-1])})"

    def _address(self, figure: Figure, *, first: bool = False) -> str:
        """A figure's cell; of the `first` period so that it stays where it is when the formula is copied along."""
        down, across = ("$", "") if figure.block.by == "period" else ("", "$")
        row, column = figure.row, column_letters(figure.column)
        return f"{across}{column}{down}{row}" if first else f"{column}{row}"


def write_statistics(frame: Frame, view: View) -> None:
    """Write the sheet of one statistics view."""
    plan, book = frame.made.plan, frame.book
    above = answered.ROWS if frame.made.draft else 0
    found = blocks(plan, view, frame.made.period, top=FIRST_BLOCK_ROW + above)
    last = max([FIRST_COLUMN + 5, *(one.last_column for one in found)])
    sheet = frame.sheet(sheet_of(plan, view), view.title, frame.note(), last)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, last - 1, _COLUMN_WIDTH)
    if above:
        answered.write_states(frame, sheet, view, frame.tables[view.form], FIRST_BLOCK_ROW)
    for block in found:
        _heads(frame, sheet, block)
        _figures(frame, sheet, block)
        _totals(frame, sheet, block)
        if block.chart_measure:
            _chart(frame, sheet, block, block.chart_measure, last)
    end = max([FIRST_BLOCK_ROW, *(one.end for one in found)])
    sheet.freeze_panes(2, 1)
    sheet.print_area(0, 0, end - 1, last - 1)
    paper = scaled(Paper(), _widths(last))
    breaks = _page_breaks(found, paper, _TOP_POINTS + (answered.POINTS if above else 0.0))
    book.print_on(sheet, frame.paper_of(paper) if breaks else frame.paper())
    if breaks:
        sheet.set_h_pagebreaks(breaks)


def _page_breaks(found: Sequence[Block], paper: Paper, top: float) -> list[int]:
    """The rows after which a page ends: before a block that would not fit on it whole; `top` is above the first."""
    page, breaks = Page(paper, 0.0, top=top), list[int]()
    for block in found:
        if page.take(_points(block)):
            breaks.append(block.top - 1)
        page.used += _CHART_ROW
    return breaks


def _points(block: Block) -> float:
    """The height of a block."""
    figures = block.table_end - block.head_row
    chart = (block.chart_rows + 1) * _CHART_ROW if block.chart_measure else 0.0
    return _TITLE_HEIGHT + (block.head_row - block.top) * _HEAD_HEIGHT + figures * _ROW_HEIGHT + chart


def _widths(last: int) -> list[float]:
    """The columns of the sheet up to `last`."""
    return [_LABEL_WIDTH, *[_COLUMN_WIDTH] * (last - 1)]


def _heads(frame: Frame, sheet: Sheet, block: Block) -> None:
    book, plan = frame.book, frame.made.plan
    for column in range(LABEL_COLUMN, block.last_column + 1):
        title = block_title(plan, block) if column == LABEL_COLUMN else None
        book.put(sheet, block.top, column, title, book.style("heading"))
    if block.total_row and any(one.format.endswith("%") and block.additive(one) for one in block.measures):
        style = book.style("heading", font_size=9, bold=False, font_color=QUIET)
        book.put(sheet, block.top, FIRST_COLUMN, frame.said("summary.statistics.rounded"), style)
    sheet.set_row(block.top - 1, _TITLE_HEIGHT)
    for row in range(block.top + 1, block.head_row + 1):
        sheet.set_row(row - 1, _HEAD_HEIGHT)
    head = book.style("head")
    corner = frame.said("summary.statistics.figure")
    if block.by:
        corner = heading_of(plan, block.view, block.by)
    book.put(sheet, block.head_row, LABEL_COLUMN, corner, head)
    if block.crossed:
        book.put(sheet, block.head_row - 1, LABEL_COLUMN, None, head)
        for measure in block.measures:
            first = block.columns_of(measure)[0]
            words = _period_heads(frame, block, measure.total)
            last = first + len(words) - 1
            if first < last:
                area = (block.head_row - 2, first - 1, block.head_row - 2, last - 1)
                sheet.merge_range(*area, "", book.style("head_office"))
            book.put(sheet, block.head_row - 1, first, measure.label, book.style("head_office"))
            for at, word in enumerate(words, first):
                book.put(sheet, block.head_row, at, word, head)
        return
    words = [one.label for one in block.measures]
    if not block.by:
        words = _period_heads(frame, block, block.total)
    for at, label in enumerate(words, FIRST_COLUMN):
        book.put(sheet, block.head_row, at, label, head)


def _period_heads(frame: Frame, block: Block, total: bool) -> list[str]:
    """The labels of the periods, and what stands over the figure of them all."""
    return [
        *(one.label for one in block.periods),
        *([frame.said("summary.statistics.whole_plan")] if total else []),
    ]


def _figures(frame: Frame, sheet: Sheet, block: Block) -> None:
    book = frame.book
    labels = list(block.groups) if block.by else [one.label for one in block.measures]
    if block.by == "period":
        labels = _period_heads(frame, block, block.total)
    for row, label in enumerate(labels, block.first_row):
        book.put(sheet, row, LABEL_COLUMN, label, book.style("label"))
        sheet.set_row(row - 1, _ROW_HEIGHT)
    for figure in block.figures():
        style = book.style(
            "figure", num_format=figure.measure.format, font_size=10, bold=figure.of_all_periods
        )
        book.formula(sheet, figure.row, figure.column, _shown(frame, figure), style)
    if block.total and not block.crossed:
        for measure in (one for one in block.measures if not one.total):
            book.put(sheet, *block.at(measure, len(block.periods), 0), None, book.style("figure"))


def _shown(frame: Frame, figure: Figure) -> str:
    """The formula of a figure, a dash where it has none; in a draft over the answers that stand."""
    formula, place = figure.measure.formula, FigurePlace(frame.tables[figure.block.view.form], figure)
    if frame.made.draft:
        formula = answered.narrowed(formula, frame.language)
    return f'IFERROR({emit(formula, place, bare=True)},"{frame.said("summary.statistics.nothing")}")'


def _totals(frame: Frame, sheet: Sheet, block: Block) -> None:
    row = block.total_row
    if row is None:
        return
    book = frame.book
    style = book.style("label", top=2, top_color=NAVY)
    book.put(sheet, row, LABEL_COLUMN, frame.said("summary.statistics.total"), style)
    sheet.set_row(row - 1, _ROW_HEIGHT)
    for measure in block.measures:
        first, last = block.columns_of(measure)
        for at, column in enumerate(range(first, last + 1 + measure.total)):
            style = book.style(
                "figure", num_format=measure.format, font_size=10, bold=True, top=2, top_color=NAVY
            )
            if block.additive(measure):
                area = area_address((block.first_row, column), (block.last_row, column), fixed=False)
                summed = f"SUM({area})"
                if divides(measure, block.measures):  # shares of nothing have no sum
                    summed = f'IF(COUNT({area})=0,"{frame.said("summary.statistics.nothing")}",{summed})'
                book.formula(sheet, row, column, summed, style)
            elif rate(measure, block.measures):
                whole = Figure(block, measure, at, len(block.groups))
                book.formula(sheet, row, column, _shown(frame, whole), style)
            else:
                book.put(sheet, row, column, None, style)


def _chart(frame: Frame, sheet: Sheet, block: Block, measure: Measure, last: int) -> None:
    """Parts of a whole as one stacked bar for each period; other groups as bars side by side."""
    kind = {"type": "bar", "subtype": "stacked"} if block.parts else {"type": "bar"}
    chart = frame.book.writer.add_chart(kind)
    if chart is None:
        raise ValueError(kind)
    for number, series in enumerate(_series(block, measure)):
        # a zero has no label: it would stand on its neighbour's bar
        shape = (
            measure.format if measure.format.endswith("%") or ";" in measure.format else f"{measure.format};;"
        )
        labels = {"value": True, "num_format": shape, "font": _font(frame, 9, block.parts and number != 2)}
        fill = {"color": SERIES[number % len(SERIES)]}
        chart.add_series(
            {**series, "fill": fill, "data_labels": labels, "gap": 60, "overlap": 100 if block.parts else 0}
        )
    heading = heading_of(frame.made.plan, block.view, block.by)
    title = frame.said("summary.statistics.chart", heading=heading, measure=measure.label)
    chart.set_title({"name": "-", "name_font": {**_font(frame, 11), "bold": True}, "overlay": False})
    chart.title.name = title  # set_title would take `重要!A1` for a reference
    chart.set_y_axis(
        {"reverse": True, "crossing": "max", "num_font": _font(frame, 9), "line": {"color": LINE}}
    )
    grid = {"visible": True, "line": {"color": GRID}}
    axis = {"num_font": _font(frame, 9), "num_format": measure.format, "major_gridlines": grid, "min": 0}
    if share(measure):
        axis["max"] = 1
    chart.set_x_axis(axis)
    chart.set_legend({"position": "bottom", "font": _font(frame, 9)})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": pixels_of(_widths(last)) - 8, "height": block.chart_rows * 20 - 12})
    sheet.insert_chart(block.table_end + 1, 0, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _font(frame: Frame, size: int, white: bool = False) -> dict[str, object]:
    colour = WHITE if white else INK
    return {"name": FONTS[frame.language], "size": size, "color": colour, "bold": False}


def _series(block: Block, measure: Measure) -> list[dict[str, str]]:
    """Names, categories and values of the bars as cell ranges of the sheet."""
    sheet = quoted_sheet(block.sheet)
    first, last = block.columns_of(measure)

    def area(top: int, left: int, bottom: int, right: int) -> str:
        return f"={sheet}!{area_address((top, left), (bottom, right))}"

    if block.parts:
        return [
            {
                "name": f"={sheet}!{cell_address(row, LABEL_COLUMN, fixed=True)}",
                "categories": area(block.head_row, first, block.head_row, last),
                "values": area(row, first, row, last),
            }
            for row in range(block.first_row, block.last_row + 1)
        ]
    return [
        {
            "name": f"={sheet}!{cell_address(block.head_row, column, fixed=True)}",
            "categories": area(block.first_row, LABEL_COLUMN, block.last_row, LABEL_COLUMN),
            "values": area(block.first_row, column, block.last_row, column),
        }
        for column in range(first, last + 1)
    ]
