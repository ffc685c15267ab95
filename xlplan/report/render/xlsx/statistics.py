"""A sheet of tables below each other, with their charts: the statistics, live over the data sheet.

Rows and columns are 1-based. A table has its caption, its heads, its rows and its totals; a chart stands below the
table that it shows. A page breaks before a table that does not fit on it with its chart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.format import Format

from xlplan.formula.addresses import area_address, cell_address, quoted_sheet
from xlplan.report.figures import FIRST_BLOCK_ROW, FIRST_COLUMN, LABEL_COLUMN, Figure
from xlplan.report.render.xlsx.formulas import count_formula
from xlplan.report.render.xlsx.looks import state_fill
from xlplan.report.render.xlsx.paper import Page, pixels_of, scaled
from xlplan.report.render.xlsx.placing import grid
from xlplan.report.render.xlsx.sheet import Summary
from xlplan.report.tables import STATES, Cell, Chart, Count, Role, Section, Table
from xlplan.spreadsheet.book import Book, Paper
from xlplan.spreadsheet.styles import FONTS, GRID, INK, LINE, NAVY, QUIET, SERIES, WHITE
from xlplan.spreadsheet.worksheet import Sheet

_COLUMN_WIDTH, _LABEL_WIDTH = 11.5, 36.0
_TITLE_HEIGHT, _HEAD_HEIGHT, _ROW_HEIGHT, _CHART_ROW = 22.0, 17.0, 19.0, 15.0
_TOP_POINTS = 75.0
_STATE_ROW = 17.0
"""About how high a row of the states is."""
_LEAST_COLUMNS = 6
_EDGE = {"top": 2, "top_color": NAVY}
"""The line above totals."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A table of figures and its chart, if it has one; `top` is the row of its caption."""

    table: Table
    chart: Chart | None
    top: int

    @property
    def first_row(self) -> int:
        """The first row below the heads."""
        return self.top + 1 + len(self.table.heads)

    @property
    def last_row(self) -> int:
        """The last row of figures, totals apart; the last row of heads where there is none."""
        return self.first_row + sum(len(item.rows) for item in self.table.items()) - 1

    @property
    def table_end(self) -> int:
        """The last row of the table, totals included."""
        return self.last_row + len(self.table.totals)

    @property
    def end(self) -> int:
        """The last row that it takes, its notes and its chart included."""
        below = chart_rows(self.chart) + 1 if self.chart else 0
        return self.table_end + len(self.table.notes) + below

    @property
    def points(self) -> float:
        """Its height."""
        if self.table.kind == STATES:
            return (self.end - self.top + 2) * _STATE_ROW
        chart = (chart_rows(self.chart) + 1) * _CHART_ROW if self.chart else 0.0
        rows = self.table_end - self.first_row + 1
        return _TITLE_HEIGHT + len(self.table.heads) * _HEAD_HEIGHT + rows * _ROW_HEIGHT + chart


def standings(section: Section) -> tuple[Standing, ...]:
    """Where each table of a section of statistics stands."""
    found, top = list[Standing](), FIRST_BLOCK_ROW
    for at, block in enumerate(section.blocks):
        if isinstance(block, Table):
            following = section.blocks[at + 1] if at + 1 < len(section.blocks) else None
            found.append(Standing(block, following if isinstance(following, Chart) else None, top))
            top = found[-1].end + 2
    return tuple(found)


def write_statistics(summary: Summary, section: Section) -> None:
    """Write the sheet of one section of statistics."""
    found = standings(section)
    last = max([_LEAST_COLUMNS + 1, *(len(one.table.columns) for one in found)])
    sheet = summary.sheet(section.sheet, section.title, section.note, last)
    widths = [_LABEL_WIDTH, *[_COLUMN_WIDTH] * (last - 1)]
    for standing in found:
        for at, column in enumerate(standing.table.columns):
            widths[at] = max(widths[at], column.width)
    for width, same in groupby(range(last), key=widths.__getitem__):
        columns = list(same)
        sheet.set_column(columns[0], columns[-1], width)
    for standing in found:
        _Writing(summary, sheet, standing).write()
        if standing.chart:
            place = (section.sheet, standing.first_row, standing.last_row, standing.table_end)
            write_chart(summary.book, sheet, standing.chart, place, widths)
    end = max([FIRST_BLOCK_ROW, *(one.end for one in found)])
    sheet.freeze_panes(2, 1)
    sheet.print_area(0, 0, end - 1, last - 1)
    paper = scaled(Paper(), widths)
    breaks = _page_breaks(found, paper)
    summary.print_on(sheet, paper if breaks else Paper())
    if breaks:
        sheet.set_h_pagebreaks(breaks)


def _page_breaks(found: Sequence[Standing], paper: Paper) -> list[int]:
    """The rows after which a page ends: before a table that would not fit on it whole, the states apart."""
    top = _TOP_POINTS + sum(one.points for one in found if one.table.kind == STATES)
    page, breaks = Page(paper, 0.0, top=top), list[int]()
    for standing in found:
        if standing.table.kind != STATES:
            if page.take(standing.points):
                breaks.append(standing.top - 1)
            page.used += _CHART_ROW
    return breaks


class _Writing:
    """One table being written."""

    def __init__(self, summary: Summary, sheet: Sheet, standing: Standing) -> None:
        self.summary, self.book, self.sheet = summary, summary.book, sheet
        self.standing, self.table = standing, standing.table
        self.states = self.table.kind == STATES

    def write(self) -> None:
        """Caption, heads, rows, totals, notes."""
        standing, table = self.standing, self.table
        self.caption()
        for row, column, cell in grid(table.heads):
            name = "head_office" if cell.role is Role.HEAD_OVER else "head"
            top, left = standing.top + 1 + row, column + 1
            place = ((top, top), (left, left + cell.columns - 1))
            self.summary.area(self.sheet, place, cell.value, self.book.style(name))
        items = (row for item in table.items() for row in item.rows)
        for row, cells in enumerate(items, standing.first_row):
            for column, cell in enumerate(cells, 1):
                self.cell(row, column, cell)
        for row, cells in enumerate(table.totals, standing.last_row + 1):
            for column, cell in enumerate(cells, 1):
                self.total(row, column, cell)
        for row, note in enumerate(table.notes, standing.table_end + 1):
            self.book.put(self.sheet, row, LABEL_COLUMN, note, self.book.style("quiet"))
        if not self.states:
            for row, height in self.heights():
                self.sheet.set_row(row - 1, height)

    def heights(self) -> Iterator[tuple[int, float]]:
        """Points of each row."""
        standing = self.standing
        yield standing.top, _TITLE_HEIGHT
        yield from ((row, _HEAD_HEIGHT) for row in range(standing.top + 1, standing.first_row))
        yield from ((row, _ROW_HEIGHT) for row in range(standing.first_row, standing.table_end + 1))

    def caption(self) -> None:
        """The caption over the whole table, with what is said beside it."""
        table, top = self.table, self.standing.top
        for column in range(LABEL_COLUMN, len(table.columns) + 1):
            words = table.caption if column == LABEL_COLUMN else None
            self.book.put(self.sheet, top, column, words, self.book.style("heading"))
        if table.note:
            style = self.book.style("heading", font_size=9, bold=False, font_color=QUIET)
            self.book.put(self.sheet, top, FIRST_COLUMN, table.note, style)

    def cell(self, row: int, column: int, cell: Cell) -> None:
        """A label, a figure, or what is said of it."""
        name, more = self.look(cell)
        style = self.book.style(name, **more)
        if isinstance(cell.source, Count):
            own = f"${cell_address(row, LABEL_COLUMN)}"
            self.book.formula(
                self.sheet, row, column, count_formula(self.summary.tables, cell.source, own), style
            )
        elif isinstance(cell.source, Figure):
            self.figure(cell, cell.source, style)
        else:
            self.book.put(self.sheet, row, column, cell.value, style)

    def total(self, row: int, column: int, cell: Cell) -> None:
        """A total: a sum of what stands above it, or a figure of all groups at once."""
        name, more = self.look(cell)
        style = self.book.style(name, **{**more, **_EDGE})
        first, last = self.standing.first_row, self.standing.last_row
        area = area_address((first, column), (last, column), fixed=False)
        if isinstance(cell.source, Figure):
            self.figure(cell, cell.source, style)
        elif self.states and cell.role is Role.FIGURE:
            self.book.formula(self.sheet, row, column, f"SUM({area})", style)
        else:
            self.book.put(self.sheet, row, column, cell.value, style)

    def figure(self, cell: Cell, figure: Figure, style: Format) -> None:
        """A figure at its place, live, with what it comes to; a dash where it has no value.

        One that is shown as it was fixed is no formula: its `cell` says why.
        """
        figures = self.summary.figures
        value = figures.worked(figure).value
        if figures.by_formula(figure):
            self.book.put(self.sheet, figure.row, figure.column, cell.text if value is None else value, style)
            return
        shown = figures.nothing if value is None else value
        self.book.formula(self.sheet, figure.row, figure.column, figures.shown(figure), style, shown)

    def look(self, cell: Cell) -> tuple[str, dict[str, object]]:
        """The name of a cell's style, and the properties of XlsxWriter that come on top of it."""
        if cell.role is Role.LABEL:
            aligned = {"num_format": cell.format, "align": "left"} if cell.format else {}
            return "label", {**state_fill(cell.tone), **aligned}
        if cell.role is Role.ANSWER:
            return "value_centre", {}
        more: dict[str, object] = {"bold": True} if cell.strong else {}
        if cell.format:
            more |= {"num_format": cell.format, "font_size": 10}
        return "figure", more


# --- charts ----------------------------------------------------------------------------------------

_LEAST, _MOST = 12, 40
"""The least and the most rows of a chart."""
_LABELS = 1
"""The column of the labels."""


def chart_rows(chart: Chart) -> int:
    """The rows that a chart takes, by the number of its bars."""
    bars = len(chart.categories) * (1 if chart.stacked else len(chart.series))
    return max(_LEAST, min(_MOST, bars + 5))


def write_chart(
    book: Book, sheet: Sheet, chart: Chart, place: tuple[str, int, int, int], widths: Sequence[float]
) -> None:
    """Write a chart below its table.

    Args:
        book: The workbook.
        sheet: The sheet of the table.
        chart: The chart.
        place: The name of the sheet, the first and the last row of the table's figures, its last row (1-based).
        widths: The widths of the columns under which it lies.

    Raises:
        ValueError: XlsxWriter knows no such chart: a fault of ours.
    """
    kind = {"type": "bar", "subtype": "stacked"} if chart.stacked else {"type": "bar"}
    made = book.writer.add_chart(kind)
    if made is None:
        raise ValueError(kind)
    name, first, last, end = place
    # a zero has no label: it would stand on its neighbour's bar
    shape = chart.format if chart.format.endswith("%") or ";" in chart.format else f"{chart.format};;"
    for number, series in enumerate(_series(chart, name, first, last)):
        font = _font(book, 9, white=chart.stacked and number != 2)
        labels = {"value": True, "num_format": shape, "font": font}
        fill = {"color": SERIES[number % len(SERIES)]}
        overlap = 100 if chart.stacked else 0
        made.add_series({**series, "fill": fill, "data_labels": labels, "gap": 60, "overlap": overlap})
    made.set_title({"name": "-", "name_font": {**_font(book, 11), "bold": True}, "overlay": False})
    made.title.name = chart.title  # set_title would take `重要!A1` for a reference
    made.set_y_axis({"reverse": True, "crossing": "max", "num_font": _font(book, 9), "line": {"color": LINE}})
    grid = {"visible": True, "line": {"color": GRID}}
    axis = {"num_font": _font(book, 9), "num_format": chart.format, "major_gridlines": grid, "min": 0}
    made.set_x_axis({**axis, "max": 1} if chart.share else axis)
    made.set_legend({"position": "bottom", "font": _font(book, 9)})
    made.set_chartarea({"border": {"color": LINE}})
    made.set_size({"width": pixels_of(widths) - 8, "height": chart_rows(chart) * 20 - 12})
    sheet.insert_chart(end + 1, 0, made, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _font(book: Book, size: int, *, white: bool = False) -> dict[str, object]:
    colour = WHITE if white else INK
    return {"name": FONTS[book.language], "size": size, "color": colour, "bold": False}


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
