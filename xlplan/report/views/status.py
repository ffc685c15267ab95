"""The status table (別表): every project over all periods, with the lines told about it beside it, looked up by key."""

from xlsxwriter.format import Format

from xlplan.definition.specs import spec
from xlplan.model.parts import Field, Value, View
from xlplan.report.columns import key_text, line_text, sheet_of
from xlplan.report.frame import MOST_LOOKUPS, Frame, shown_value, value_style
from xlplan.report.views.status_table import (
    FIRST_ROW,
    HEAD_HEIGHT,
    HEAD_ROW,
    ITEM_COLUMNS,
    LEGEND_ROW,
    Piece,
    StatusTable,
)

_SYMBOL_SIZE = 13
_HAIR = 7
"""The thinnest border, between the lines of one item."""


def write_status(frame: Frame, view: View) -> None:
    """Write the sheet of one status view."""
    table = _Table(frame, view)
    table.heads()
    for piece in table.at.pieces:
        table.piece(piece)
    table.finish()


class _Table:
    def __init__(self, frame: Frame, view: View) -> None:
        self.frame, self.view = frame, view
        self.book = frame.book
        self.at = StatusTable.of(frame.made, view)
        self.data = frame.tables[view.form]
        self.lines = frame.tables[self.at.lines_form.id] if self.at.lines_form else None
        lines = sum(len(one.lines) for one in self.at.pieces)
        cells = len(frame.made.plan.items) * len(self.at.periods) + lines * len(self.at.line_fields)
        self.settled = cells > MOST_LOOKUPS
        name = sheet_of(frame.made.plan, view)
        self.sheet = frame.sheet(name, view.title, frame.note(), self.at.last_column)

    def area(
        self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Format, formula: str = ""
    ) -> None:
        """A value, or a formula, over one cell or a merged area."""
        self.frame.area(self.sheet, rows, columns, value, style, formula=formula)

    def heads(self) -> None:
        """Two rows: number and title, the periods under one head, and what stands beside."""
        at, items, language = self.at, spec("items"), self.frame.language
        head = self.book.style("head")
        rows, above = (HEAD_ROW, HEAD_ROW + 1), (HEAD_ROW, HEAD_ROW)
        for column, width in enumerate(at.widths):
            self.sheet.set_column(column, column, width)
        for column, name in enumerate(("id", "title"), 1):
            self.area(rows, (column, column), items.heading(name, language), head)
        heading = self.view.options.get("heading") or at.field.label
        self.area(above, (at.period_column(0), at.period_column(len(at.periods) - 1)), heading, head)
        for number, period in enumerate(at.periods):
            self.book.put(self.sheet, HEAD_ROW + 1, at.period_column(number), period.label, head)
        if at.lines_form and len(at.line_fields) == 1:
            self.area(rows, (at.last_column, at.last_column), at.lines_form.title, head)
        elif at.lines_form and at.line_fields:
            self.area(above, (at.line_column(0), at.last_column), at.lines_form.title, head)
            for number, field in enumerate(at.line_fields):
                self.book.put(self.sheet, HEAD_ROW + 1, at.line_column(number), field.heading, head)
        for row in rows:
            self.sheet.set_row(row - 1, HEAD_HEIGHT)
        if at.legend:
            self.area((LEGEND_ROW, LEGEND_ROW), (1, at.last_column), at.legend, self.book.style("note"))
            self.sheet.set_row(LEGEND_ROW - 1, at.legend_height)

    def piece(self, piece: Piece) -> None:
        """An item: its number, title and periods over all its rows, beside them its lines."""
        at, item = self.at, piece.item
        rows = (piece.row, piece.last_row)
        for row, height in enumerate(piece.heights, piece.row):
            self.sheet.set_row(row - 1, height)
        self.area(rows, (1, 1), item.id, self.book.style("cell_centre"))
        self.area(rows, (2, 2), item.title, self.book.style("cell", valign="vcenter", bold=True))
        for number in range(len(at.periods)):
            self.period(piece, number)
        for row in range(rows[0], rows[1] + 1):
            for number, field in enumerate(at.line_fields):
                self.line(piece, row, number, field)

    def period(self, piece: Piece, number: int) -> None:
        """What is shown of an item in a period; blank where it did not run, or nothing is known yet."""
        at = self.at
        name, more = value_style(at.field, at.made.plan, centre_numbers=True)
        if at.symbols:
            more = {**more, "font_size": _SYMBOL_SIZE}
        style = self.book.style("cell_centre" if name == "figure" else name, **{"valign": "vcenter", **more})
        rows, column = (piece.row, piece.last_row), at.period_column(number)
        period = at.periods[number]
        if not piece.item.id or (self.settled and at.field.formula is None):
            value = at.value(period, piece.item)
            self.area(rows, (column, column), value, style)
            return
        found = self.data.lookup(at.field.id, key_text(period.id, f"$A${piece.row}"))
        self.area(rows, (column, column), None, style, shown_value(found, at.field, at.made.plan))

    def line(self, piece: Piece, row: int, number: int, field: Field) -> None:
        """One field of one line; a hair parts it from the other lines of the same item."""
        name, more = value_style(field, self.at.made.plan)
        edges = {"top": 1 if row == piece.row else _HAIR, "bottom": 1 if row == piece.last_row else _HAIR}
        style = self.book.style(name, **{"valign": "vcenter", **more, **edges})
        column, nth = self.at.line_column(number), row - piece.row
        if nth >= len(piece.lines) or self.lines is None:
            self.book.put(self.sheet, row, column, None, style)
            return
        line = piece.lines[nth]
        if self.settled and field.formula is None:
            self.book.put(self.sheet, row, column, line.values.get(field.id), style)
            return
        key = line_text(f"$A${piece.row}", line.line)
        self.book.formula(
            self.sheet,
            row,
            column,
            shown_value(self.lines.lookup(field.id, key), field, self.at.made.plan),
            style,
        )

    def finish(self) -> None:
        """Heads that stay, on the screen and on every page."""
        at, sheet = self.at, self.sheet
        sheet.freeze_panes(FIRST_ROW - 1, ITEM_COLUMNS)
        sheet.print_area(0, 0, max(at.last_row, FIRST_ROW - 1) - 1, at.last_column - 1)
        self.book.print_on(sheet, self.frame.paper_of(at.paper, (HEAD_ROW, HEAD_ROW + 1)))
        breaks = [row - 1 for row in at.page_breaks()]
        if breaks:
            sheet.set_h_pagebreaks(breaks)
