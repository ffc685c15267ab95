"""The progress table (総括表): what was planned and done, goal by goal, every value looked up by key."""

from xlsxwriter.format import Format

from xlplan.definition.specs import spec
from xlplan.model.parts import Field, Period, Value, View
from xlplan.report.columns import STATE, key_text, sheet_of
from xlplan.report.frame import MOST_LOOKUPS, Frame, shown_value, value_style
from xlplan.report.views.answered import shade_states, state_word
from xlplan.report.views.arrangement import (
    BAND_HEIGHT,
    FIRST_ROW,
    HEAD_HEIGHT,
    HEAD_ROW,
    ITEM_COLUMNS,
    Arrangement,
    Line,
    Segment,
)
from xlplan.spreadsheet.styles import QUIET


def write_progress(frame: Frame, view: View) -> None:
    """Write the sheet of one progress view."""
    table = _Table(frame, view)
    table.heads()
    for segment in table.at.segments:
        table.segment(segment)
    table.finish()


class _Table:
    def __init__(self, frame: Frame, view: View) -> None:
        self.frame = frame
        self.book = frame.book
        self.at = Arrangement.of(frame.made, view)
        self.data = frame.tables[view.form]
        self.settled = len(self.at.rows_known) * (self.at.deep + len(self.at.texts)) > MOST_LOOKUPS
        name = sheet_of(frame.made.plan, view)
        self.sheet = frame.sheet(name, view.title, frame.note(), self.at.last_column)

    def area(
        self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Format, formula: str = ""
    ) -> None:
        """A value, or a formula, over one cell or a merged area."""
        self.frame.area(self.sheet, rows, columns, value, style, formula=formula)

    def heads(self) -> None:
        """Two rows: the columns of the item and the texts, then the periods under one head."""
        at, frame = self.at, self.frame
        head = self.book.style("head")
        rows = (HEAD_ROW, HEAD_ROW + 1)
        for column, width in enumerate(at.widths):
            self.sheet.set_column(column, column, width)
        for column, name in enumerate(ITEM_COLUMNS, 1):
            heading = spec("items").heading("id" if name == "item" else name, frame.language)
            self.area(rows, (column, column), heading, head)
        for field_at, field in enumerate(at.texts):
            for period_at, period in enumerate(at.periods):
                column = at.text_column(field_at, period_at)
                words = frame.said("summary.progress.done", period=period.label, label=field.label)
                self.area(rows, (column, column), words, head)
        labels = frame.said("summary.progress.between").join(one.label for one in at.against)
        over = frame.said("summary.progress.yearly", labels=labels)
        self.area((HEAD_ROW, HEAD_ROW), (at.label_column, at.label_column + len(at.periods)), over, head)
        if at.state_column:
            self.area(rows, (at.state_column, at.state_column), frame.said("summary.answered.heading"), head)
        self.book.put(self.sheet, HEAD_ROW + 1, at.label_column, None, head)
        for period_at, period in enumerate(at.periods, 1):
            self.book.put(self.sheet, HEAD_ROW + 1, at.label_column + period_at, period.label, head)
        for row in rows:
            self.sheet.set_row(row - 1, HEAD_HEIGHT)

    def segment(self, segment: Segment) -> None:
        """A band, if a goal begins or a page goes on with it here, and the items of one group under its merged head."""
        if segment.band:
            style = self.book.style("band_left", font_size=10, indent=1)
            across = (1, self.at.last_column)
            self.area((segment.band, segment.band), across, segment.words, style)
            self.sheet.set_row(segment.band - 1, BAND_HEIGHT)
        first, last = segment.lines[0].row, segment.lines[-1].row + self.at.deep - 1
        style = self.book.style("cell", valign="vcenter", bold=True)
        self.area((first, last), (2, 2), segment.group, style)
        for line in segment.lines:
            self.line(line)

    def line(self, line: Line) -> None:
        """One item: its words and texts over all its rows, then one row for each field."""
        at, item = self.at, line.item
        rows = (line.row, line.row + at.deep - 1)
        for row in range(rows[0], rows[1] + 1):
            self.sheet.set_row(row - 1, line.height)
        centre, plain = self.book.style("cell_centre"), self.book.style("cell", valign="vcenter")
        self.area(rows, (1, 1), item.id, centre)
        self.area(rows, (3, 3), item.title, self.book.style("cell", valign="vcenter", bold=True))
        self.area(rows, (4, 4), item.summary, plain)
        for field_at, field in enumerate(at.texts):
            for period_at, period in enumerate(at.periods):
                column = at.text_column(field_at, period_at)
                self.value(line, rows, column, field, period, lead=False)
        for deep, field in enumerate(at.against):
            row = line.row + deep
            self.book.put(
                self.sheet, row, at.label_column, field.heading, self.book.style("label", align="center")
            )
            for period_at, period in enumerate(at.periods, 1):
                column = at.label_column + period_at
                self.value(line, (row, row), column, field, period, lead=deep > 0)

        if at.state_column:
            self.state(line, rows, at.state_column)

    def state(self, line: Line, rows: tuple[int, int], column: int) -> None:
        """How the answer of the round's period stands; a dash where the item does not run in it."""
        made, style = self.at.made, self.book.style("cell_centre")
        known = self.at.row_of(made.period, line.item)
        if known is None:
            self.area(rows, (column, column), self.frame.said("summary.progress.absent"), style)
        elif self.settled:
            self.area(rows, (column, column), state_word(known.state, self.frame.language), style)
        else:
            found = self.data.lookup(STATE, key_text(made.period.id, f"$A${line.row}"))
            self.area(rows, (column, column), "", style, f'IFERROR({found}&"","")')

    def value(
        self, line: Line, rows: tuple[int, int], column: int, field: Field, period: Period, *, lead: bool
    ) -> None:
        """A field's value, looked up by key; a dash where the item did not run. `lead` sets it in bold.

        A table of more than MOST_LOOKUPS values holds what was reported as it stands.
        """
        at = self.at
        name, more = value_style(field, at.made.plan, centre_numbers=True)
        name = name if field in at.texts else "cell_centre"
        style = self.book.style(name, **{"valign": "vcenter", **more, "bold": lead})
        known = at.row_of(period, line.item)
        if known is None:
            dash = self.book.style("cell_centre", font_color=QUIET)
            self.area(rows, (column, column), self.frame.said("summary.progress.absent"), dash)
            return
        if self.settled and field.formula is None:
            self.area(rows, (column, column), known.values.get(field.id), style)
            return
        found = self.data.lookup(field.id, key_text(period.id, f"$A${line.row}"))
        self.area(rows, (column, column), "", style, shown_value(found, field, at.made.plan))

    def finish(self) -> None:
        """Heads that stay, on the screen and on every page."""
        at, sheet = self.at, self.sheet
        if at.state_column:
            shade_states(self.frame, sheet, at.state_column, (FIRST_ROW, max(at.last_row, FIRST_ROW)))
        sheet.freeze_panes(FIRST_ROW - 1, 3)
        sheet.print_area(0, 0, max(at.last_row, FIRST_ROW - 1) - 1, at.last_column - 1)
        self.book.print_on(sheet, self.frame.paper_of(at.paper, (HEAD_ROW, HEAD_ROW + 1)))
        breaks = [row - 1 for row in at.page_breaks()]
        if breaks:
            sheet.set_h_pagebreaks(breaks)
