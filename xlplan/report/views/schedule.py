"""The schedule (スケジュール): projects by goal and group against fiscal years, their bars live over the data."""

from xlsxwriter.format import Format

from xlplan.definition.specs import spec
from xlplan.formula.addresses import cell_address
from xlplan.formula.emission import quote
from xlplan.model.parts import Field, Item, Value, View
from xlplan.report.columns import key_text, sheet_of
from xlplan.report.display import PLAIN, shades
from xlplan.report.frame import MOST_LOOKUPS, Frame, shown_value, value_style
from xlplan.report.views.schedule_table import (
    FIRST_ROW,
    HEAD_HEIGHT,
    HEAD_ROW,
    ITEM_COLUMNS,
    LEGEND_HEIGHT,
    Row,
    ScheduleTable,
    Year,
)

_UNSEEN = ";;;"
"""The number format of a cell that shows nothing but its colour."""


def write_schedule(frame: Frame, view: View) -> None:
    """Write the sheet of one schedule."""
    table = _Table(frame, view)
    table.heads()
    for row in table.at.rows:
        table.row(row)
    table.legend()
    table.colours()
    table.finish()


class _Table:
    def __init__(self, frame: Frame, view: View) -> None:
        self.frame, self.book = frame, frame.book
        self.at = ScheduleTable.of(frame.made, view)
        self.data = frame.tables[view.form]
        cells = len(list(self.at.items())) * (len(self.at.years) + len(self.at.texts))
        self.settled = cells > MOST_LOOKUPS
        self.known = {(one.period.id, one.item.id): one.values for one in frame.made.rows_of(view.form)}
        name = sheet_of(frame.made.plan, view)
        self.sheet = frame.sheet(name, view.title, frame.note(), self.at.last_column)

    def area(self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Format) -> None:
        """A value over one cell or a merged area."""
        self.frame.area(self.sheet, rows, columns, value, style)

    def heads(self) -> None:
        """Two rows: number, title and texts over both, the years under their periods."""
        at, items = self.at, spec("items")
        head = self.book.style("head")
        rows = (HEAD_ROW, HEAD_ROW + 1)
        for column, width in enumerate(at.widths):
            self.sheet.set_column(column, column, width)
        for column, name in enumerate(("id", "title"), 1):
            self.area(rows, (column, column), items.heading(name, self.frame.language), head)
        for period in at.periods:
            columns = [one.column for one in at.years if one.period == period]
            over = self.book.style("head_office")
            self.area((HEAD_ROW, HEAD_ROW), (columns[0], columns[-1]), period.label, over)
        for year in at.years:
            self.book.put(self.sheet, HEAD_ROW + 1, year.column, year.head, head)
        for number, field in enumerate(at.texts):
            column = at.text_column(number)
            self.area(rows, (column, column), field.heading, head)
        self.sheet.set_row(HEAD_ROW - 1, HEAD_HEIGHT)
        self.sheet.set_row(HEAD_ROW, HEAD_HEIGHT * (1.5 if any("\n" in one.head for one in at.years) else 1))

    def row(self, row: Row) -> None:
        """A band, or an item with its bars and texts."""
        at = self.at
        self.sheet.set_row(row.row - 1, row.height)
        if row.item is None:
            style = (
                self.book.style("band_below", indent=2)
                if row.group
                else self.book.style("band_left", indent=1)
            )
            self.area((row.row, row.row), (1, at.last_column), row.group or row.goal, style)
            return
        self.book.put(self.sheet, row.row, 1, row.item.id, self.book.style("cell_centre"))
        self.book.put(self.sheet, row.row, 2, row.item.title, self.book.style("cell", valign="vcenter"))
        for year in at.years:
            self.bar(row.row, row.item, year)
        for number, field in enumerate(at.texts):
            name, more = value_style(field, self.at.made.plan, centre_numbers=True)
            style = self.book.style(name, **{"valign": "vcenter", **more})
            where = (row.row, at.text_column(number))
            self.value(where, row.item, at.made.period.id, field, style)

    def bar(self, row: int, item: Item, year: Year) -> None:
        """What is said of an item in a year's period: in words in the first year, in the others by colour alone."""
        field = self.at.field
        _, more = value_style(field, self.at.made.plan)
        style = self.book.style("cell_centre", **(more if year.first else {"num_format": _UNSEEN}))
        self.value((row, year.column), item, year.period.id, field, style)

    def value(self, where: tuple[int, int], item: Item, period: str, field: Field, style: Format) -> None:
        """A field's value, looked up by key; as it stands where there are more than MOST_LOOKUPS."""
        if self.settled and field.formula is None:
            known = self.known.get((period, item.id), {})
            self.book.put(self.sheet, *where, known.get(field.id), style)
            return
        found = self.data.lookup(field.id, key_text(period, f"$A{where[0]}"))
        self.book.formula(self.sheet, *where, shown_value(found, field, self.at.made.plan), style)

    def legend(self) -> None:
        """Each choice with its shade, and what it means."""
        at = self.at
        if not at.choices:
            return
        label = self.book.style("quiet", align="right", indent=1)
        place = 1 if at.explained else ITEM_COLUMNS
        self.book.put(self.sheet, at.legend_row, place, self.frame.said("summary.schedule.legend"), label)
        for row, column, choice in at.legend():
            if at.explained:
                self.book.put(
                    self.sheet, row, ITEM_COLUMNS, choice.meaning, self.book.style("cell", valign="vcenter")
                )
            self.book.put(self.sheet, row, column, choice.value, self.book.style("cell_centre"))
        for row in at.legend_rows:
            self.sheet.set_row(row - 1, LEGEND_HEIGHT)
        if len({one.rank for one in at.choices if one.rank is not None}) > 1:
            words = self.frame.said("summary.schedule.order")
            self.book.put(self.sheet, at.legend_rows.stop, ITEM_COLUMNS, words, self.book.style("quiet"))

    def colours(self) -> None:
        """The shades of the bars and of the legend: Excel looks at what the cells say, whenever that changes."""
        at = self.at
        first, last = at.years[0].column, at.years[-1].column
        bottom = at.legend_rows.stop - 1 if at.choices else at.last_row
        if bottom < FIRST_ROW:
            return
        area = (FIRST_ROW - 1, first - 1, bottom - 1, last - 1)
        for value, shade in shades(at.choices).items():
            rule = {"type": "cell", "criteria": "==", "value": quote(value), "stop_if_true": True}
            self.sheet.conditional_format(*area, {**rule, "format": self.book.fill(shade)})
        anything = f"=LEN({cell_address(FIRST_ROW, first)})>0"
        rule = {"type": "formula", "criteria": anything, "format": self.book.fill(PLAIN)}
        self.sheet.conditional_format(*area, rule)

    def finish(self) -> None:
        """Heads that stay, on the screen and on every page."""
        at, sheet = self.at, self.sheet
        sheet.freeze_panes(FIRST_ROW - 1, ITEM_COLUMNS)
        bottom = at.legend_rows.stop if at.choices else at.last_row
        sheet.print_area(0, 0, bottom - 1, at.last_column - 1)
        self.book.print_on(sheet, self.frame.paper_of(at.paper, (HEAD_ROW, HEAD_ROW + 1)))
        breaks = [row - 1 for row in at.page_breaks()]
        if breaks:
            sheet.set_h_pagebreaks(breaks)
