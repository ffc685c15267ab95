"""The statistics (集計): each measure for each group and period, live over the data sheet, with totals and charts.

Those of a draft are over the answers that stand; how many there are of each state stands above the figures.
"""

from collections.abc import Sequence

from xlsxwriter.format import Format

from xlplan.formula.addresses import area_address, cell_address, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.model.view import Measure, View
from xlplan.report.columns import sheet_of
from xlplan.report.figures import (
    FIRST_BLOCK_ROW,
    FIRST_COLUMN,
    LABEL_COLUMN,
    Block,
    Figure,
    block_title,
)
from xlplan.report.groups import heading_of
from xlplan.report.layout import Page, pixels_of, scaled
from xlplan.report.measures import counts_all, share
from xlplan.report.rows import STATE, RowState
from xlplan.report.summary import STATE_FILLS, Summary
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import FILLS, FONTS, GRID, INK, LINE, NAVY, QUIET, SERIES, WHITE
from xlplan.spreadsheet.worksheet import Sheet

_COLUMN_WIDTH, _LABEL_WIDTH = 11.5, 36.0
_TITLE_HEIGHT, _HEAD_HEIGHT, _ROW_HEIGHT, _CHART_ROW = 22.0, 17.0, 19.0, 15.0
_TOP_POINTS = 75.0
COUNTED = (RowState.ACCEPTED, RowState.SENT_BACK)
NOT_COUNTED = (RowState.FAULTY, RowState.OPEN)
_STATE_HEADS = ("summary.answered.heading", "summary.answered.count", "summary.answered.figures")
STATE_ROWS = 9
"""The rows that the counts of the states take above the figures of a draft, an empty one below included."""
_STATE_POINTS = STATE_ROWS * 17.0
"""About how high they are."""


def write_statistics(summary: Summary, view: View) -> None:
    """Write the sheet of one statistics view."""
    plan = summary.made.plan
    above = STATE_ROWS if summary.made.draft else 0
    found = summary.figures.blocks(view)
    last = max([FIRST_COLUMN + 5, *(block.last_column for block in found)])
    sheet = summary.sheet(sheet_of(plan, view), view.title, summary.note(), last)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, last - 1, _COLUMN_WIDTH)
    if above:
        _states(summary, sheet, view, FIRST_BLOCK_ROW)
    for block in found:
        _heads(summary, sheet, block)
        _figures(summary, sheet, block)
        _totals(summary, sheet, block)
        if block.chart_measure:
            _chart(summary, sheet, block, block.chart_measure, last)
    end = max([FIRST_BLOCK_ROW, *(block.end for block in found)])
    sheet.freeze_panes(2, 1)
    sheet.print_area(0, 0, end - 1, last - 1)
    paper = scaled(Paper(), _widths(last))
    breaks = _page_breaks(found, paper, _TOP_POINTS + (_STATE_POINTS if above else 0.0))
    summary.print_on(sheet, paper if breaks else Paper())
    if breaks:
        sheet.set_h_pagebreaks(breaks)


def _states(summary: Summary, sheet: Sheet, view: View, top: int) -> None:
    """How many rows of the round's period have each state, from row `top` on, and which of them are counted.

    A row of the round's period that is not answered, or in which an error stands, is counted by no figure of a draft:
    it would pass for one that has no result.
    """
    book, label, table = summary.book, summary.made.period.label, summary.tables[view.form]
    for column in range(1, 4):
        words = summary.text("summary.answered.title", period=label) if column == 1 else None
        book.put(sheet, top, column, words, book.style("heading"))
    for column, key in enumerate(_STATE_HEADS, 1):
        book.put(sheet, top + 1, column, summary.text(key), book.style("head"))
    first = top + 2
    figure = book.style("figure", num_format="0", font_size=10)
    for row, state in enumerate((*COUNTED, *NOT_COUNTED), first):
        fill = FILLS.get(STATE_FILLS.get(state, ""), {})
        book.put(sheet, row, 1, summary.state_word(state), book.style("label", **fill))
        counted = f"COUNTIFS({table.reference('period')},{quote(label)},{table.reference(STATE)},$A{row})"
        book.formula(sheet, row, 2, counted, figure)
        words = summary.text(
            "summary.answered.counted" if state in COUNTED else "summary.answered.not_counted"
        )
        book.put(sheet, row, 3, words, book.style("value_centre"))
    last = first + len(COUNTED) + len(NOT_COUNTED)
    edge = {"top": 2, "top_color": NAVY}
    book.put(sheet, last, 1, summary.text("summary.statistics.total"), book.style("label", **edge))
    style = book.style("figure", num_format="0", font_size=10, bold=True, **edge)
    book.formula(sheet, last, 2, f"SUM(B{first}:B{last - 1})", style)
    book.put(sheet, last, 3, None, book.style("value_centre", **edge))
    book.put(sheet, last + 1, 1, _basis(summary, view), book.style("quiet"))


def _basis(summary: Summary, view: View) -> str:
    """What the figures below are of."""
    names = [measure.label for measure in view.measures if counts_all(measure.formula)]
    basis = summary.text("summary.answered.base")
    if not names:
        return basis
    return basis + summary.text(
        "summary.answered.but", names=summary.text("summary.answered.between").join(names)
    )


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


def _heads(summary: Summary, sheet: Sheet, block: Block) -> None:
    """The title of a block, and the heads of its columns."""
    book = summary.book
    _title(summary, sheet, block)
    for row in range(block.top + 1, block.head_row + 1):
        sheet.set_row(row - 1, _HEAD_HEIGHT)
    corner = summary.text("summary.statistics.figure")
    if block.by:
        corner = heading_of(summary.made.plan, block.view, block.by)
    book.put(sheet, block.head_row, LABEL_COLUMN, corner, book.style("head"))
    if block.crossed:
        _crossed_heads(summary, sheet, block)
        return
    words = [measure.label for measure in block.measures]
    if not block.by:
        words = _period_heads(summary, block, block.total)
    for column, label in enumerate(words, FIRST_COLUMN):
        book.put(sheet, block.head_row, column, label, book.style("head"))


def _title(summary: Summary, sheet: Sheet, block: Block) -> None:
    """The title of a block, with a word on shares whose sum may differ from their total by what is rounded."""
    book, plan = summary.book, summary.made.plan
    for column in range(LABEL_COLUMN, block.last_column + 1):
        title = block_title(plan, block) if column == LABEL_COLUMN else None
        book.put(sheet, block.top, column, title, book.style("heading"))
    summed = [
        measure for measure in block.measures if measure.format.endswith("%") and block.additive(measure)
    ]
    if block.total_row and summed:
        style = book.style("heading", font_size=9, bold=False, font_color=QUIET)
        book.put(sheet, block.top, FIRST_COLUMN, summary.text("summary.statistics.rounded"), style)
    sheet.set_row(block.top - 1, _TITLE_HEIGHT)


def _crossed_heads(summary: Summary, sheet: Sheet, block: Block) -> None:
    """Each measure over its periods."""
    book = summary.book
    book.put(sheet, block.head_row - 1, LABEL_COLUMN, None, book.style("head"))
    for measure in block.measures:
        first = block.columns_of(measure)[0]
        words = _period_heads(summary, block, measure.total)
        last = first + len(words) - 1
        if first < last:
            area = (block.head_row - 2, first - 1, block.head_row - 2, last - 1)
            sheet.merge_range(*area, "", book.style("head_office"))
        book.put(sheet, block.head_row - 1, first, measure.label, book.style("head_office"))
        for column, word in enumerate(words, first):
            book.put(sheet, block.head_row, column, word, book.style("head"))


def _period_heads(summary: Summary, block: Block, total: bool) -> list[str]:
    """The labels of the periods, and what stands over the figure of them all."""
    return [
        *(period.label for period in block.periods),
        *([summary.text("summary.statistics.whole_plan")] if total else []),
    ]


def _figures(summary: Summary, sheet: Sheet, block: Block) -> None:
    book = summary.book
    labels: list[object] = (
        [group.value for group in block.groups] if block.by else [measure.label for measure in block.measures]
    )
    shapes = [group.format for group in block.groups]
    if block.by == "period":
        labels = list[object](_period_heads(summary, block, block.total))
    for row, label in enumerate(labels, block.first_row):
        shape = shapes[row - block.first_row] if block.crossed else ""
        more = {"num_format": shape, "align": "left"} if shape else {}
        book.put(sheet, row, LABEL_COLUMN, label, book.style("label", **more))
        sheet.set_row(row - 1, _ROW_HEIGHT)
    for figure in block.figures():
        style = book.style(
            "figure", num_format=figure.measure.format, font_size=10, bold=figure.of_all_periods
        )
        _figure(summary, sheet, figure, style)
    if block.total and not block.crossed:
        for measure in (other for other in block.measures if not other.total):
            book.put(sheet, *block.at(measure, len(block.periods), 0), None, book.style("figure"))


def _figure(summary: Summary, sheet: Sheet, figure: Figure, style: Format) -> None:
    """The formula of a figure, with what it comes to."""
    figures = summary.figures
    value = figures.worked(figure).value
    formula = figures.shown(figure)
    summary.book.formula(
        sheet, figure.row, figure.column, formula, style, figures.nothing if value is None else value
    )


def _totals(summary: Summary, sheet: Sheet, block: Block) -> None:
    row = block.total_row
    if row is None:
        return
    book = summary.book
    style = book.style("label", top=2, top_color=NAVY)
    book.put(sheet, row, LABEL_COLUMN, summary.text("summary.statistics.total"), style)
    sheet.set_row(row - 1, _ROW_HEIGHT)
    totals = {figure.column: figure for figure in block.totals()}
    for measure in block.measures:
        first, last = block.columns_of(measure)
        for column in range(first, last + 1 + measure.total):
            style = book.style(
                "figure", num_format=measure.format, font_size=10, bold=True, top=2, top_color=NAVY
            )
            if column in totals:
                _figure(summary, sheet, totals[column], style)
            else:
                book.put(sheet, row, column, None, style)


def _chart(summary: Summary, sheet: Sheet, block: Block, measure: Measure, last: int) -> None:
    """Parts of a whole as one stacked bar for each period; other groups as bars side by side.

    Raises:
        ValueError: XlsxWriter knows no such chart: a fault of ours.
    """
    kind = {"type": "bar", "subtype": "stacked"} if block.parts else {"type": "bar"}
    chart = summary.book.writer.add_chart(kind)
    if chart is None:
        raise ValueError(kind)
    for number, series in enumerate(_series(block, measure)):
        # a zero has no label: it would stand on its neighbour's bar
        shape = (
            measure.format if measure.format.endswith("%") or ";" in measure.format else f"{measure.format};;"
        )
        labels = {"value": True, "num_format": shape, "font": _font(summary, 9, block.parts and number != 2)}
        fill = {"color": SERIES[number % len(SERIES)]}
        chart.add_series(
            {**series, "fill": fill, "data_labels": labels, "gap": 60, "overlap": 100 if block.parts else 0}
        )
    heading = heading_of(summary.made.plan, block.view, block.by)
    title = summary.text("summary.statistics.chart", heading=heading, measure=measure.label)
    chart.set_title({"name": "-", "name_font": {**_font(summary, 11), "bold": True}, "overlay": False})
    chart.title.name = title  # set_title would take `重要!A1` for a reference
    chart.set_y_axis(
        {"reverse": True, "crossing": "max", "num_font": _font(summary, 9), "line": {"color": LINE}}
    )
    grid = {"visible": True, "line": {"color": GRID}}
    axis = {"num_font": _font(summary, 9), "num_format": measure.format, "major_gridlines": grid, "min": 0}
    if share(measure):
        axis["max"] = 1
    chart.set_x_axis(axis)
    chart.set_legend({"position": "bottom", "font": _font(summary, 9)})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": pixels_of(_widths(last)) - 8, "height": block.chart_rows * 20 - 12})
    sheet.insert_chart(block.table_end + 1, 0, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _font(summary: Summary, size: int, white: bool = False) -> dict[str, object]:
    colour = WHITE if white else INK
    return {"name": FONTS[summary.language], "size": size, "color": colour, "bold": False}


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
