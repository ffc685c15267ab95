"""Charts of the workbook, over the cells of the table that they stand below."""

from collections.abc import Sequence

from xlplan.formula.addresses import area_address, cell_address, quoted_sheet
from xlplan.report.render.xlsx.paper import pixels_of
from xlplan.report.render.xlsx.sheet import Summary
from xlplan.report.tables import Chart
from xlplan.spreadsheet.styles import FONTS, GRID, INK, LINE, SERIES, WHITE
from xlplan.spreadsheet.worksheet import Sheet

_LEAST, _MOST = 12, 40
"""The least and the most rows of a chart."""
_LABELS = 1
"""The column of the labels."""


def chart_rows(chart: Chart) -> int:
    """The rows that a chart takes, by the number of its bars."""
    bars = len(chart.categories) * (1 if chart.stacked else len(chart.series))
    return max(_LEAST, min(_MOST, bars + 5))


def write_chart(
    summary: Summary, sheet: Sheet, chart: Chart, place: tuple[str, int, int, int], widths: Sequence[float]
) -> None:
    """Write a chart below its table.

    Args:
        summary: The summary.
        sheet: The sheet of the table.
        chart: The chart.
        place: The name of the sheet, the first and the last row of the table's figures, its last row (1-based).
        widths: The widths of the columns under which it lies.

    Raises:
        ValueError: XlsxWriter knows no such chart: a fault of ours.
    """
    kind = {"type": "bar", "subtype": "stacked"} if chart.stacked else {"type": "bar"}
    made = summary.book.writer.add_chart(kind)
    if made is None:
        raise ValueError(kind)
    name, first, last, end = place
    # a zero has no label: it would stand on its neighbour's bar
    shape = chart.format if chart.format.endswith("%") or ";" in chart.format else f"{chart.format};;"
    for number, series in enumerate(_series(chart, name, first, last)):
        font = _font(summary, 9, white=chart.stacked and number != 2)
        labels = {"value": True, "num_format": shape, "font": font}
        fill = {"color": SERIES[number % len(SERIES)]}
        overlap = 100 if chart.stacked else 0
        made.add_series({**series, "fill": fill, "data_labels": labels, "gap": 60, "overlap": overlap})
    made.set_title({"name": "-", "name_font": {**_font(summary, 11), "bold": True}, "overlay": False})
    made.title.name = chart.title  # set_title would take `重要!A1` for a reference
    made.set_y_axis(
        {"reverse": True, "crossing": "max", "num_font": _font(summary, 9), "line": {"color": LINE}}
    )
    grid = {"visible": True, "line": {"color": GRID}}
    axis = {"num_font": _font(summary, 9), "num_format": chart.format, "major_gridlines": grid, "min": 0}
    made.set_x_axis({**axis, "max": 1} if chart.share else axis)
    made.set_legend({"position": "bottom", "font": _font(summary, 9)})
    made.set_chartarea({"border": {"color": LINE}})
    made.set_size({"width": pixels_of(widths) - 8, "height": chart_rows(chart) * 20 - 12})
    sheet.insert_chart(end + 1, 0, made, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _font(summary: Summary, size: int, *, white: bool = False) -> dict[str, object]:
    colour = WHITE if white else INK
    return {"name": FONTS[summary.language], "size": size, "color": colour, "bold": False}


def _series(chart: Chart, sheet: str, first: int, last: int) -> list[dict[str, str]]:
    """Names, categories and values of the bars as cell ranges of the sheet; `first` and `last` are rows of figures."""
    name, head, left = quoted_sheet(sheet), first - 1, chart.column + 1
    right = left + (len(chart.categories) if chart.of_rows else len(chart.series)) - 1

    def area(top: int, left: int, bottom: int, right: int) -> str:
        return f"={name}!{area_address((top, left), (bottom, right))}"

    if chart.of_rows:
        return [
            {
                "name": f"={name}!{cell_address(row, _LABELS, fixed=True)}",
                "categories": area(head, left, head, right),
                "values": area(row, left, row, right),
            }
            for row in range(first, last + 1)
        ]
    return [
        {
            "name": f"={name}!{cell_address(head, column, fixed=True)}",
            "categories": area(first, _LABELS, last, _LABELS),
            "values": area(first, column, last, column),
        }
        for column in range(left, right + 1)
    ]
