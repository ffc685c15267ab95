"""The summary being written, and what its sheets share: title, note, merged cells, mark of a draft, print set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xlsxwriter.format import Format

from xlplan.formula.addresses import area_address
from xlplan.formula.emission import quote
from xlplan.formula.excel import ALL_CELLS
from xlplan.language.messages import text
from xlplan.model.form import Form
from xlplan.report.columns import HEADER_ROW, DataTable
from xlplan.report.render.xlsx.looks import state_fill
from xlplan.report.rows import Consolidation, RowState
from xlplan.report.tables import STATE_TONES
from xlplan.report.working import Figures
from xlplan.spreadsheet.book import Book, Paper
from xlplan.spreadsheet.styles import RED, RED_INK
from xlplan.spreadsheet.worksheet import Sheet

TITLE_ROW, NOTE_ROW = 1, 2


@dataclass(frozen=True, slots=True)
class Summary:
    """The workbook being written, what it is made of, and the figures that it shows."""

    book: Book
    made: Consolidation
    figures: Figures

    @property
    def tables(self) -> Mapping[str, DataTable]:
        """The data sheet of each form, by its id."""
        return self.figures.tables

    @property
    def language(self) -> str:
        """The language of the summary."""
        return self.made.plan.language

    def text(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the summary's language, with `params` in their places."""
        return text(key, self.language, **params)

    def state_word(self, state: RowState) -> str:
        """What the sheets call the state of an answer."""
        return self.text(state.catalogue_key)

    def what_rows_are(self, form: Form) -> str:
        """What one row of a form's data sheet is."""
        return self.text("summary.data.added" if form.is_open else "summary.data.each", form=form.title)

    def sheet(self, name: str, title: str, note: str, columns: int) -> Sheet:
        """A new sheet with its title and a note. A draft says so in red on top.

        Args:
            name: Name of the sheet.
            title: What stands in row TITLE_ROW.
            note: What stands in row NOTE_ROW; a draft has a note of its own.
            columns: How many columns the sheet has, all of which a draft's red lies over.

        Returns:
            The sheet, with nothing in it yet but these.
        """
        made, book = self.made, self.book
        sheet = book.sheet(name)
        style, quiet = book.style("title"), book.style("quiet")
        if made.draft:
            title = text("signs.marked", self.language, mark=self.text("summary.state.draft"), word=title)
            note = self.text("summary.state.draft_note")
            style = book.style("title", bg_color=RED, font_color=RED_INK)
            quiet = book.style("quiet", bg_color=RED, font_color=RED_INK)
        for column in range(1, columns + 1 if made.draft else 2):
            book.put(sheet, TITLE_ROW, column, title if column == 1 else None, style)
            book.put(sheet, NOTE_ROW, column, note if column == 1 else None, quiet)
        sheet.set_row(TITLE_ROW - 1, 27)
        sheet.set_row(NOTE_ROW - 1, 18)
        sheet.ignore_errors({"number_stored_as_text": ALL_CELLS})  # the numbers of projects are names
        return sheet

    def area(
        self,
        sheet: Sheet,
        place: tuple[tuple[int, int], tuple[int, int]],
        value: object,
        style: Format,
        formula: str = "",
    ) -> None:
        """Write one cell, or several that are merged.

        Args:
            sheet: The sheet.
            place: The first and the last row, the first and the last column, 1-based.
            value: What is written, where there is no formula.
            style: The format of all the cells.
            formula: A formula, without its leading `=`.
        """
        (top, bottom), (left, right) = place
        if (top, left) != (bottom, right):
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", style)
        if formula:
            self.book.formula(sheet, top, left, formula, style)
        else:
            self.book.put(sheet, top, left, value, style)

    def shade_states(self, sheet: Sheet, column: int, rows: tuple[int, int]) -> None:
        """Colour the states of answers.

        Args:
            sheet: The sheet on which they stand.
            column: Their column, 1-based.
            rows: The first and the last of their rows, 1-based.
        """
        area = area_address((rows[0], column), (rows[1], column), fixed=False)
        states = [RowState.SENT_BACK, RowState.FAULTY, RowState.OPEN]
        for state in (*states, *({RowState.REOPENED} & {*self.made.states})):
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": quote(self.state_word(state)),
                "format": self.book.fill(state_fill(STATE_TONES[state])),
            }
            sheet.conditional_format(area, rule)

    def print_on(self, sheet: Sheet, paper: Paper, repeat: tuple[int, int] | None = None) -> None:
        """Set a sheet up for paper, with page numbers below; a draft has its mark on every page.

        Args:
            sheet: The sheet.
            paper: Its size, which way it lies, and the scale if the sheet was laid out for one.
            repeat: The first and the last of the rows that every page repeats, 1-based.
        """
        mark = self.text("summary.state.draft") if self.made.draft else ""
        paper = replace(paper, repeat=repeat, footer=self.text("summary.state.page"), mark=mark)
        self.book.print_on(sheet, paper)


class SummarySheet:
    """A sheet that is one table, its heads in one row or two from row HEADER_ROW on. Rows and columns are 1-based.

    Attributes:
        summary: The summary that it belongs to.
        book: The summary's workbook.
        made: What the summary is made of.
        sheet: The sheet that is written.
        head_rows: The first and the last row of the heads.
        first_row: The first row below the heads.
        last_column: The last column.
    """

    def __init__(
        self,
        summary: Summary,
        name: str,
        title: str,
        note: str,
        widths: Sequence[float],
        *,
        heads: int = 1,
    ) -> None:
        """Begin the sheet: title, note, and the widths of its columns.

        Args:
            summary: The summary that it belongs to.
            name: Name of the sheet.
            title: What stands above the table.
            note: What stands below the title.
            widths: The width of each column in characters.
            heads: How many rows the heads take, 1 or 2.
        """
        self.summary, self.book, self.made = summary, summary.book, summary.made
        self.head_rows = (HEADER_ROW, HEADER_ROW + heads - 1)
        self.first_row = HEADER_ROW + heads
        self.last_column = len(widths)
        self.sheet = summary.sheet(name, title, note, len(widths))
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def area(
        self, rows: tuple[int, int], columns: tuple[int, int], value: object, style: Format, formula: str = ""
    ) -> None:
        """Write one cell, or several that are merged.

        Args:
            rows: The first and the last row.
            columns: The first and the last column.
            value: What is written, where there is no formula.
            style: The format of all the cells.
            formula: A formula, without its leading `=`.
        """
        self.summary.area(self.sheet, (rows, columns), value, style, formula)

    def band(self, row: int, words: str, height: float, style: Format) -> None:
        """A row that names what stands below it, across the whole table.

        Args:
            row: The row.
            words: What it says.
            height: Its height in points.
            style: Its format.
        """
        self.area((row, row), (1, self.last_column), words, style)
        self.sheet.set_row(row - 1, height)

    def heights(self, row: int, heights: Sequence[float]) -> None:
        """Set the heights in points of rows that follow each other, from `row` down."""
        for at, height in enumerate(heights, row):
            self.sheet.set_row(at - 1, height)

    def finish(
        self,
        last_row: int,
        paper: Paper,
        *,
        frozen: int = 0,
        breaks: Sequence[int] = (),
        printed: int | None = None,
    ) -> None:
        """End the sheet: heads that stay on the screen and on every page, what is printed, and on which paper.

        Args:
            last_row: The last row that is printed.
            paper: The paper, with its scale if the sheet was laid out for one.
            frozen: How many columns stay on the screen.
            breaks: The rows with which a page begins.
            printed: How many columns are printed; all of them where it is None.
        """
        self.sheet.freeze_panes(self.head_rows[1], frozen)
        self.sheet.print_area(0, 0, last_row - 1, (self.last_column if printed is None else printed) - 1)
        self.summary.print_on(self.sheet, paper, self.head_rows)
        if breaks:
            self.sheet.set_h_pagebreaks([row - 1 for row in breaks])
