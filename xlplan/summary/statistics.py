"""The statistics (集計): each measure for each group and period, live over the data sheet, with totals and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from xlplan.formula import column_letters, emit
from xlplan.plan import Measure, View
from xlplan.styles import FONTS, GRID, INK, LINE, NAVY, SERIES, WHITE
from xlplan.summary.columns import DataTable, quoted, sheet_of
from xlplan.summary.frame import Frame
from xlplan.summary.positions import (
    FIRST_BLOCK_ROW,
    FIRST_COLUMN,
    LABEL_COLUMN,
    Block,
    Figure,
    additive,
    block_title,
    blocks,
    heading_of,
)

_COLUMN_WIDTH, _LABEL_WIDTH = 11.5, 36.0
_TITLE_HEIGHT, _HEAD_HEIGHT, _ROW_HEIGHT, _CHART_ROW = 22.0, 17.0, 19.0, 15.0
_TOP_POINTS = 75
_PAPER_PIXELS, _PAPER_POINTS = 1045.0, 516.0
"""An A4 page on its side, less its margins: pixels across at 96 dpi, points from top to bottom."""


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """The place of one figure (a `formula.Place`): whole columns of the data, its own heads."""

    table: DataTable
    figure: Figure

    def value(self, name: str) -> str:
        """A measure has no row of its own: the lint refuses that."""
        raise KeyError(name)

    def previous(self, name: str) -> str:
        """A measure has no row of its own."""
        raise KeyError(name)

    def column(self, name: str) -> str:
        """The whole column."""
        return self.table.reference(name)

    def choices(self, name: str) -> tuple[str, str]:
        """A measure has no row of its own."""
        raise KeyError(name)

    def fiscal_year(self) -> tuple[date, date]:
        """A measure has no row of its own."""
        raise KeyError("IN_FISCAL_YEAR")

    def group(self) -> str:
        """The head of the figure's row."""
        return f"${column_letters(LABEL_COLUMN)}{self.figure.group_row}"

    def period(self) -> str:
        """The head of the figure's period."""
        row, column = self.figure.period_head
        return f"${column_letters(column)}${row}"


def write_statistics(frame: Frame, view: View) -> None:
    """Write the sheet of one statistics view."""
    plan, book = frame.made.plan, frame.book
    found = blocks(plan, view, frame.made.period)
    last = max([FIRST_COLUMN + 5, *(one.last_column for one in found)])
    sheet = frame.sheet(sheet_of(plan, view), view.title, frame.note(), last)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, last - 1, _COLUMN_WIDTH)
    for block in found:
        _heads(frame, sheet, block)
        _figures(frame, sheet, block)
        _totals(frame, sheet, block)
        if block.chart_measure:
            _chart(frame, sheet, block, block.chart_measure, last)
    end = max([FIRST_BLOCK_ROW, *(one.end for one in found)])
    sheet.freeze_panes(2, 1)
    sheet.print_area(0, 0, end - 1, last - 1)
    book.print_on(sheet, frame.paper())
    breaks = _page_breaks(found, last)
    if breaks:
        sheet.set_h_pagebreaks(breaks)


def _page_breaks(found: Sequence[Block], last: int) -> list[int]:
    """The rows after which a page ends: before a block that would not fit on it whole."""
    room = _PAPER_POINTS / min(1.0, _PAPER_PIXELS / _pixels(last))
    used, breaks = float(_TOP_POINTS), list[int]()
    for number, block in enumerate(found):
        points = _points(block)
        if number and used + points > room:
            breaks.append(block.top - 1)
            used = 0.0
        used += points + _CHART_ROW
    return breaks


def _points(block: Block) -> float:
    """The height of a block."""
    figures = block.table_end - block.head_row
    chart = (block.chart_rows + 1) * _CHART_ROW if block.chart_measure else 0.0
    return _TITLE_HEIGHT + (block.head_row - block.top) * _HEAD_HEIGHT + figures * _ROW_HEIGHT + chart


def _pixels(last: int) -> float:
    """The width of the sheet up to column `last`, at 96 dpi."""
    return (_LABEL_WIDTH * 7 + 5) + (last - 1) * (_COLUMN_WIDTH * 7 + 5)


def _heads(frame: Frame, sheet: Worksheet, block: Block) -> None:
    book, plan = frame.book, frame.made.plan
    for column in range(LABEL_COLUMN, block.last_column + 1):
        title = block_title(plan, block) if column == LABEL_COLUMN else None
        book.put(sheet, block.top, column, title, book.style("heading"))
    sheet.set_row(block.top - 1, _TITLE_HEIGHT)
    for row in range(block.top + 1, block.head_row + 1):
        sheet.set_row(row - 1, _HEAD_HEIGHT)
    head = book.style("head")
    corner = frame.said("statistics.figure")
    if block.by:
        corner = heading_of(plan, block.view, block.by)
    book.put(sheet, block.head_row, LABEL_COLUMN, corner, head)
    if block.crossed:
        book.put(sheet, block.head_row - 1, LABEL_COLUMN, None, head)
        for measure in block.measures:
            first, last = block.columns_of(measure)
            if first < last:
                area = (block.head_row - 2, first - 1, block.head_row - 2, last - 1)
                sheet.merge_range(*area, "", book.style("head_office"))
            book.put(sheet, block.head_row - 1, first, measure.label, book.style("head_office"))
            for at, period in enumerate(block.periods):
                book.put(sheet, block.head_row, first + at, period.label, head)
        return
    words = [one.label for one in (block.measures if block.by else block.periods)]
    for at, label in enumerate(words, FIRST_COLUMN):
        book.put(sheet, block.head_row, at, label, head)


def _figures(frame: Frame, sheet: Worksheet, block: Block) -> None:
    book = frame.book
    table = frame.tables[block.view.form]
    labels = block.groups if block.by else [one.label for one in block.measures]
    for row, label in enumerate(labels, block.first_row):
        book.put(sheet, row, LABEL_COLUMN, label, book.style("label"))
        sheet.set_row(row - 1, _ROW_HEIGHT)
    nothing = frame.said("statistics.nothing")
    for figure in block.figures():
        style = book.style("figure", num_format=figure.measure.format, font_size=10)
        found = emit(figure.measure.formula, FigurePlace(table, figure))
        formula = f'IFERROR({found},"{nothing}")'
        book.formula(sheet, figure.row, figure.column, formula, style)


def _totals(frame: Frame, sheet: Worksheet, block: Block) -> None:
    row = block.total_row
    if row is None:
        return
    book = frame.book
    style = book.style("label", top=2, top_color=NAVY)
    book.put(sheet, row, LABEL_COLUMN, frame.said("statistics.total"), style)
    sheet.set_row(row - 1, _ROW_HEIGHT)
    for measure in block.measures:
        first, last = block.columns_of(measure)
        for column in range(first, last + 1):
            style = book.style(
                "figure", num_format=measure.format, font_size=10, bold=True, top=2, top_color=NAVY
            )
            letters = column_letters(column)
            if additive(measure):
                area = f"{letters}{block.first_row}:{letters}{block.last_row}"
                book.formula(sheet, row, column, f"SUM({area})", style)
            else:
                book.put(sheet, row, column, None, style)


def _chart(frame: Frame, sheet: Worksheet, block: Block, measure: Measure, last: int) -> None:
    """Parts of a whole as one stacked bar for each period; other groups as bars side by side."""
    kind = {"type": "bar", "subtype": "stacked"} if block.parts else {"type": "bar"}
    chart = frame.book.writer.add_chart(kind)
    for number, series in enumerate(_series(block, measure)):
        # a zero has no label: it would stand on its neighbour's bar
        shape = measure.format if measure.format.endswith("%") else "0;;"
        labels = {"value": True, "num_format": shape, "font": _font(frame, 9, block.parts and number != 2)}
        fill = {"color": SERIES[number % len(SERIES)]}
        chart.add_series(
            {**series, "fill": fill, "data_labels": labels, "gap": 60, "overlap": 100 if block.parts else 0}
        )
    heading = heading_of(frame.made.plan, block.view, block.by)
    title = frame.said("statistics.chart", heading=heading, measure=measure.label)
    chart.set_title({"name": title, "name_font": {**_font(frame, 11), "bold": True}, "overlay": False})
    chart.set_y_axis(
        {"reverse": True, "crossing": "max", "num_font": _font(frame, 9), "line": {"color": LINE}}
    )
    grid = {"visible": True, "line": {"color": GRID}}
    axis = {"num_font": _font(frame, 9), "num_format": measure.format, "major_gridlines": grid, "min": 0}
    chart.set_x_axis(axis)
    chart.set_legend({"position": "bottom", "font": _font(frame, 9)})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": _pixels(last) - 8, "height": block.chart_rows * 20 - 12})
    sheet.insert_chart(block.table_end + 1, 0, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _font(frame: Frame, size: int, white: bool = False) -> dict[str, object]:
    colour = WHITE if white else INK
    return {"name": FONTS[frame.language], "size": size, "color": colour, "bold": False}


def _series(block: Block, measure: Measure) -> list[dict[str, str]]:
    """Names, categories and values of the bars as cell ranges of the sheet."""
    sheet = quoted(block.sheet)
    first, last = block.columns_of(measure)

    def area(top: int, left: int, bottom: int, right: int) -> str:
        start = f"{sheet}!${column_letters(left)}${top}"
        return f"={start}:${column_letters(right)}${bottom}"

    if block.parts:
        return [
            {
                "name": f"={sheet}!${column_letters(LABEL_COLUMN)}${row}",
                "categories": area(block.head_row, first, block.head_row, last),
                "values": area(row, first, row, last),
            }
            for row in range(block.first_row, block.last_row + 1)
        ]
    return [
        {
            "name": f"={sheet}!${column_letters(column)}${block.head_row}",
            "categories": area(block.first_row, LABEL_COLUMN, block.last_row, LABEL_COLUMN),
            "values": area(block.first_row, column, block.last_row, column),
        }
        for column in range(first, last + 1)
    ]
