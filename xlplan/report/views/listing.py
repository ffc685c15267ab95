"""A plain list: the answers of the period, one row for each project or for each line told, looked up by key."""

from xlplan.model.parts import View
from xlplan.report.columns import DataColumn, DataKind, DataTable, key_text, line_text, sheet_of
from xlplan.report.frame import MOST_LOOKUPS, Frame, shown_value, value_style
from xlplan.report.rows import DataRow
from xlplan.spreadsheet.book import row_height
from xlplan.spreadsheet.styles import LINE_HEIGHT
from xlplan.spreadsheet.worksheet import Sheet

HEADER_ROW, FIRST_ROW = 4, 5
_KINDS = (DataKind.ITEM, DataKind.STATE, DataKind.FIELD)
_LEFT_OUT = ("goal", "summary")
_WIDTHS = {"item": 8.0, "group": 20.0, "title": 24.0}


def write_list(frame: Frame, view: View) -> None:
    """Write the sheet of one list."""
    table, made, book = frame.tables[view.form], frame.made, frame.book
    columns = [one for one in table.columns if one.kind in _KINDS and one.name not in _LEFT_OUT]
    widths = [_width(table, one) for one in columns]
    sheet = frame.sheet(sheet_of(made.plan, view), view.title, frame.note(), len(columns))
    for at, (column, width) in enumerate(zip(columns, widths, strict=True), 1):
        sheet.set_column(at - 1, at - 1, width)
        book.put(sheet, HEADER_ROW, at, column.heading, book.style("head"))
    sheet.set_row(HEADER_ROW - 1, 24)
    rows = [one for one in made.rows_of(view.form) if one.period == made.period]
    settled = len(rows) * len(table.form.fields) > MOST_LOOKUPS
    for row, one in enumerate(rows, FIRST_ROW):
        for at, column in enumerate(columns, 1):
            _cell(frame, sheet, table, (row, at), column, one, settled=settled)
        cells = [(_known(frame, one, its), width) for its, width in zip(columns, widths, strict=True)]
        sheet.set_row(row - 1, row_height(cells, LINE_HEIGHT))
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.print_area(0, 0, FIRST_ROW + max(len(rows), 1) - 2, len(columns) - 1)
    book.print_on(sheet, frame.paper(size=8, repeat=(HEADER_ROW, HEADER_ROW)))


def _width(table: DataTable, column: DataColumn) -> float:
    field = table.form.by_id.get(column.name)
    return (field.width or 14.0) if field else _WIDTHS.get(column.name, 16.0)


def _known(frame: Frame, row: DataRow, column: DataColumn) -> object:
    if column.kind is DataKind.ITEM:
        return frame.of_item(row.item, column.name)
    return row.values.get(column.name)


def _cell(
    frame: Frame,
    sheet: Sheet,
    table: DataTable,
    at: tuple[int, int],
    column: DataColumn,
    one: DataRow,
    *,
    settled: bool,
) -> None:
    book = frame.book
    own = f"$A{at[0]}"
    key = line_text(own, one.line) if one.line else key_text(one.period.id, own)
    if column.kind is DataKind.STATE:
        found = f'IFERROR({table.lookup(column.name, key)}&"","")'
        book.formula(sheet, *at, found, book.style("cell_centre"))
        return
    if column.kind is DataKind.ITEM:
        name = "cell_centre" if column.name == "item" else "cell"
        book.put(sheet, *at, frame.of_item(one.item, column.name), book.style(name, valign="vcenter"))
        return
    field = table.form.by_id[column.name]
    name, more = value_style(field, frame.made.plan)
    style = book.style(name, **{"valign": "vcenter", **more})
    if settled and field.formula is None:
        book.put(sheet, *at, one.values.get(field.id), style)
        return
    found = table.lookup(field.id, key)
    book.formula(sheet, *at, shown_value(found, field, frame.made.plan), style)
