"""A table with a sheet to itself, or with others below it: heads, bands, groups and items, legend, colours, pages.

Whatever its view, it is written from its structure; what its kind looks like is in `looks`.
"""

from collections.abc import Sequence

from xlsxwriter.format import Format

from xlplan.formula.addresses import cell_address
from xlplan.formula.emission import quote
from xlplan.report.columns import HEADER_ROW
from xlplan.report.render.xlsx.formulas import answer_formula, computed
from xlplan.report.render.xlsx.looks import LOOKS, PLAIN, bars, shade, style_of
from xlplan.report.render.xlsx.paper import BAND_HEIGHT
from xlplan.report.render.xlsx.placing import EMPTY, Part, Piece, Placed, grid
from xlplan.report.render.xlsx.sheet import Summary, SummarySheet
from xlplan.report.rows import STATE
from xlplan.report.tables import Answer, Cell, Role, Section, Table

MOST_LOOKUPS = 40_000
"""Look-ups on one sheet: Excel works each out anew whenever an answer is corrected."""
LEGEND_ROW = 3
"""The row of a legend above the heads."""
_LEGEND_HEIGHT = 21.0
_GAP = 3
"""How far below a table the caption of the next one stands."""
_CAPTION = 11
"""The size of its letters."""
_TWO_LINES = 1.5
"""How much higher a row of heads is that has two lines."""
_HAIR = 7
"""The thinnest border, between the lines of one item."""
_BANDS = {1: ("band_left", 1), 2: ("band_below", 2)}
"""Style and indent of the bands of each level."""


def write_table(summary: Summary, section: Section, table: Table, below: Sequence[Table] = ()) -> None:
    """Write the sheet of a section whose columns are those of one table.

    Args:
        summary: The summary.
        section: The section.
        table: Its table.
        below: Further tables with as many columns, which stand below it, each under its caption.
    """
    sheet = _TableSheet(summary, section, table)
    last = sheet.rows()
    placed = sheet.placed
    sheet.filter()
    for other in below:
        last = sheet.below(other, last)
    sheet.finish(last, placed.paper, frozen=table.fixed, breaks=placed.page_breaks())


def placed_of(table: Table, language: str) -> Placed:
    """Where everything of a table stands on the sheet that it has to itself."""
    return Placed(table, LOOKS[table.kind], language, HEADER_ROW)


def lookups(table: Table) -> int:
    """How many answers a table shows."""
    sources = (cell.source for row in table.rows() for cell in row)
    return sum(isinstance(source, Answer) and source.name != STATE for source in sources)


class _TableSheet(SummarySheet):
    """The sheet of a table; `placed` says where everything stands, `settled` whether it holds what was reported."""

    def __init__(self, summary: Summary, section: Section, table: Table) -> None:
        self.table, self.look = table, LOOKS[table.kind]
        self.placed = placed_of(table, summary.language)
        self.settled = lookups(table) > MOST_LOOKUPS
        self.styles: dict[tuple[object, ...], Format] = {}
        widths, heads = self.placed.widths, len(table.heads)
        super().__init__(summary, section.sheet, section.title, section.note, widths, heads=heads)

    def rows(self) -> int:
        """Heads, rows, and what stands below them.

        Returns:
            The last row of what is printed.
        """
        self.heads()
        for part in self.placed.parts:
            self.part(part)
        self.notes()
        last = self.legend()
        self.colours(last)
        return last

    def below(self, table: Table, last: int) -> int:
        """Another table below what ends with the row `last`, under its caption and note.

        Returns:
            The last row of what is printed.
        """
        self.table, self.look, self.styles = table, LOOKS[table.kind], {}
        top = last + _GAP
        self.band(top, table.caption, BAND_HEIGHT, self.book.style("band_left", font_size=_CAPTION))
        self.band(top + 1, table.note, EMPTY, self.book.style("note"))
        self.placed = Placed(table, self.look, self.summary.language, top + 2)
        self.first_row = self.placed.first_row
        return self.rows()

    # --- heads ---

    def heads(self) -> None:
        """The rows of heads, and above them what the words of the table mean."""
        placed, rows = self.placed, self.table.heads
        for row, column, cell in grid(rows):
            top, left = placed.top + row, column + 1
            style = self.book.style(style_of(cell, self.look)[0])
            self.area((top, top + cell.rows - 1), (left, left + cell.columns - 1), cell.value, style)
        for row, cells in enumerate(rows, placed.top):
            two = any("\n" in cell.text for cell in cells if cell.rows == 1)
            self.heights(row, [self.look.head * (_TWO_LINES if two else 1)])
        if placed.legend_line:
            self.band(LEGEND_ROW, placed.legend_line, placed.legend_height, self.book.style("note"))

    # --- rows ---

    def part(self, part: Part) -> None:
        """The bands above a part, the name of its group, its items."""
        for row, (words, level) in enumerate(part.bands, part.row):
            name, indent = _BANDS[level]
            size = self.look.band if level == 1 else 9
            style = self.book.style(name, font_size=size, indent=indent)
            self.band(row, words, BAND_HEIGHT, style)
        if part.group.name:
            column = part.group.column + 1
            rows = (part.pieces[0].row, part.last_row)
            self.area(rows, (column, column), part.group.name.value, self.style(part.group.name))
        for piece in part.pieces:
            self.piece(piece)

    def piece(self, piece: Piece) -> None:
        """An item, or what of it stands on one page."""
        self.heights(piece.row, piece.heights)
        own = self.look.key.format(piece.row)
        lines = piece.item.cut and len(piece.item.rows) > 1
        for row, column, cell in piece.cells:
            last = row + cell.rows - 1
            edges = None
            if lines and cell.rows == 1:
                edges = (1 if row == piece.row else _HAIR, 1 if row == piece.last_row else _HAIR)
            formula = self.formula(cell, own)
            self.area((row, last), (column, column), cell.value, self.style(cell, edges), formula)

    def style(self, cell: Cell, edges: tuple[int, int] | None = None) -> Format:
        """The format of a cell, with the borders `edges` at its top and its bottom where they are not those of all."""
        tone = None if cell.source else cell.tone
        key = (cell.role, cell.format, cell.strong, tone, edges)
        if key not in self.styles:
            name, more = style_of(cell, self.look)
            if edges:
                more |= {"top": edges[0], "bottom": edges[1]}
            self.styles[key] = self.book.style(name, **more)
        return self.styles[key]

    def formula(self, cell: Cell, own: str) -> str:
        """The formula that keeps a cell live, whose item's number stands at the address `own`; empty for none."""
        source = cell.source
        if not isinstance(source, Answer) or (self.settled and not computed(self.summary.tables, source)):
            return ""
        return answer_formula(self.summary.tables, source, own)

    def notes(self) -> None:
        """What is said in the place of rows, where there are none."""
        for row, note in enumerate(self.table.notes, self.placed.last_row + 1):
            for column in range(1, self.last_column + 1):
                words = note if column == 1 else None
                self.book.put(self.sheet, row, column, words, self.book.style("quiet"))

    # --- legend and colours ---

    def legend(self) -> int:
        """Each word below a table with bars, and what it means: one a row where they are explained.

        Returns:
            The last row of what is printed.
        """
        table, last, found = self.table, self.placed.last_row, bars(self.table)
        if not found or not table.legend:
            return max(last, self.first_row - 1 + self.look.written)
        first, explained = found[0], any(line.meaning for line in table.legend)
        across = 1 if explained else found[1] - found[0] + 1
        top = last + 2
        label = self.book.style("quiet", align="right", indent=1)
        words = self.summary.text("summary.schedule.legend")
        self.book.put(self.sheet, top, first - 2 if explained else first - 1, words, label)
        for at, line in enumerate(table.legend):
            row, column = top + at // across, first + at % across
            if explained:
                style = self.book.style("cell", valign="vcenter")
                self.book.put(self.sheet, row, first - 1, line.meaning, style)
            self.book.put(self.sheet, row, column, line.word, self.book.style("cell_centre"))
        end = top - (-len(table.legend) // across)
        self.heights(top, [_LEGEND_HEIGHT] * (end - top))
        if table.legend_note:
            self.book.put(self.sheet, end, first - 1, table.legend_note, self.book.style("quiet"))
        return end

    def colours(self, last: int) -> None:
        """The shades of bars, of their legend and of states: Excel looks at what cells say, whenever that changes.

        `last` is the last row that is printed.
        """
        if self.look.shaded:
            for at, column in enumerate(self.table.columns, 1):
                if column.role is Role.STATE:
                    rows = (self.first_row, max(self.placed.last_row, self.first_row))
                    self.summary.shade_states(self.sheet, at, rows)
        found = bars(self.table)
        bottom = last - 1 if self.table.legend else last
        if not found or bottom < self.first_row:
            return
        area = (self.first_row - 1, found[0] - 1, bottom - 1, found[1] - 1)
        for line in self.table.legend:
            rule = {"type": "cell", "criteria": "==", "value": quote(line.word), "stop_if_true": True}
            if line.tone:
                self.sheet.conditional_format(*area, {**rule, "format": self.book.fill(shade(line.tone))})
        anything = f"=LEN({cell_address(self.first_row, found[0])})>0"
        rule = {"type": "formula", "criteria": anything, "format": self.book.fill(PLAIN)}
        self.sheet.conditional_format(*area, rule)

    def filter(self) -> None:
        """Buttons to filter by, where its kind has them."""
        placed = self.placed
        if self.look.filtered and placed.parts:
            self.sheet.autofilter(placed.top - 1, 0, placed.last_row - 1, self.last_column - 1)
