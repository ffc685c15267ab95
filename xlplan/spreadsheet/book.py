"""The one way to write a workbook: XlsxWriter with our styles, text that stays text, and cached values filled in.

Every workbook that xlplan writes goes through `Book`: the definition, the forms, the summary.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from xlplan.formula.excel import MAX_ROW_HEIGHT, MAX_VALIDATION_MESSAGE
from xlplan.language.text import shortened, tidy, wrapped_lines
from xlplan.spreadsheet.cached import fill_in
from xlplan.spreadsheet.styles import FONTS, RED_INK, STYLES
from xlplan.spreadsheet.worksheet import ExcelTable, RowBlock, Sheet, Texts, cell_text, like_formula
from xlplan.store.files import scratch_folder

ROWS_IN_MEMORY = 2_000
"""Many rows up to which the parts of a workbook are held in memory, until they are packed; above they are files."""
_MILLIMETRES = {8: (297, 420), 9: (210, 297)}
"""Width and height of A3 and A4, upright."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.4, 0.4, 0.5, 0.6
"""Margins in inches."""


@dataclass(frozen=True, slots=True)
class Paper:
    """How a sheet is printed: size (8 is A3, 9 is A4), header rows repeated (1-based, inclusive), footer.

    `mark` stands in red at the top of every page. With `scale` 0 the sheet is made one page wide and `pages`
    long, 0 for as many as it takes; a sheet with page breaks of its own needs a `scale` in per cent, for Excel ignores
    them where it fits a sheet to its pages.
    """

    size: int = 9
    landscape: bool = True
    repeat: tuple[int, int] | None = None
    footer: str = ""
    mark: str = ""
    scale: int = 0
    pages: int = 0

    @property
    def pixels(self) -> float:
        """The width between the margins, at 96 dpi."""
        return (self._inches[0] - _LEFT - _RIGHT) * 96

    @property
    def points(self) -> float:
        """The height between the margins."""
        return (self._inches[1] - _TOP - _BOTTOM) * 72

    @property
    def _inches(self) -> tuple[float, float]:
        across, down = (length / 25.4 for length in _MILLIMETRES[self.size])
        return (down, across) if self.landscape else (across, down)


class _Stream(io.BytesIO):
    """Bytes that outlive whoever still holds them: XlsxWriter leaves its zip file open where the disk is full."""

    def close(self) -> None:
        """Stay open; the memory goes with the last reference."""


class Book:
    """A workbook being written. `finish` gives its bytes."""

    def __init__(
        self,
        language: str,
        title: str,
        organisation: str,
        created: dt.datetime,
        *,
        measure: tuple[str, int] = ("Arial", 10),
    ) -> None:
        """`measure` is the font, with its size, whose digits the widths of columns are counted in."""
        self.language = language
        self._stream = _Stream()
        self.writer = xlsxwriter.Workbook(
            self._stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": measure[0], "font_size": measure[1]},
            },
        )
        self.writer.str_table = Texts()
        # the same input gives the same bytes: the moment comes from the caller, never from the clock
        self.writer.set_properties(
            {"title": tidy(title), "company": tidy(organisation), "created": created.replace(tzinfo=None)}
        )
        self.writer.set_calc_mode("auto")
        self.sheets: dict[str, Sheet] = {}
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._quoted: dict[Format, Format] = {}

    def style(self, name: str, **more: object) -> Format:
        """The format of a named style, with further XlsxWriter properties."""
        return self.fill({**STYLES["base"], **STYLES[name], **more}, size=9)

    def fill(self, properties: Mapping[str, object], *, size: float | None = None) -> Format:
        """A format of bare properties, such as a conditional format's; with `size` also our font."""
        wanted = dict(properties)
        if size is not None:
            wanted = {"font_name": FONTS[self.language], "font_size": size, **wanted}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            made = self._formats[key] = self.writer.add_format(wanted)
            # text in a cell for numbers is to be replaced by one, and one formatted as text stays text
            quoted = "num_format" not in wanted
            self._quoted[made] = self.writer.add_format({**wanted, "quote_prefix": True}) if quoted else made
        return self._formats[key]

    def sheet(self, name: str, *, gridlines: bool = False) -> Sheet:
        """A new sheet.

        Raises:
            TypeError: XlsxWriter gives a sheet of another class than it was asked for.
        """
        made = self.writer.add_worksheet(name, Sheet)
        if not isinstance(made, Sheet):
            raise TypeError(made)
        self.sheets[name] = made
        if not gridlines:
            made.hide_gridlines(2)
        return made

    def put(self, sheet: Sheet, row: int, column: int, value: object, style: Format) -> None:
        """Write a value into a cell. Text is always written as text, whatever it begins with.

        What looks like a formula bears Excel's quotation mark, or it would become one when somebody edits it.

        Args:
            sheet: a sheet of this book.
            row: 1-based, as in Excel.
            column: 1-based.
            value: None, bool, number, date, moment, or anything else as its text.
            style: one of this book's formats.
        """
        at = (row - 1, column - 1)
        match value:
            case None | "":
                sheet.write_blank(*at, None, style)
            case bool():
                sheet.write_boolean(*at, value, style)
            case int() | float():
                sheet.write_number(*at, value, style)
            case dt.datetime():
                sheet.write_datetime(*at, value, style)
            case dt.date():
                sheet.write_datetime(*at, dt.datetime.combine(value, dt.time()), style)
            case _:
                text = cell_text(str(value))
                sheet.write_string(*at, text, self._kept(text, style))

    def _kept(self, text: str, style: Format) -> Format:
        """The style in which a cell of `text` stays text."""
        return self._quoted[style] if like_formula(text) else style

    def put_rows(
        self,
        sheet: Sheet,
        row: int,
        lines: Iterable[list[object]],
        styles: Sequence[Format],
        heights: Sequence[float] = (),
    ) -> None:
        """Write many rows, with one style for each column: `put`, fast.

        Only once for a sheet, whose other cells stand above or below these rows.

        Args:
            sheet: a sheet of this book.
            row: of the first of them, 1-based.
            lines: the values of each row from column A on; None for an empty cell.
            styles: the format of each column.
            heights: of each row in points; none at all to leave them to Excel.
        """
        quoted = [self._quoted[style] for style in styles]
        sheet.put_rows(RowBlock(row, list(lines), styles, quoted, heights))

    def table(self, sheet: Sheet, table: ExcelTable, styles: Sequence[Format]) -> None:
        """Make an Excel table of cells that are written by themselves.

        Args:
            sheet: a sheet of this book.
            table: its name, place and headings.
            styles: the format of each heading.
        """
        heads = zip(table.headings, styles, strict=True)
        sheet.put_table(table, [self._kept(heading, style) for heading, style in heads])

    def formula(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        text: str,
        style: Format,
        value: bool | float | str | None = None,
    ) -> None:
        """Write a formula into a cell; a value that is not known is filled in by `finish`.

        Args:
            sheet: a sheet of this book.
            row: 1-based.
            column: 1-based.
            text: the formula, without its leading `=`.
            style: one of this book's formats.
            value: what it comes to, None where that is not known.
        """
        sheet.put_formula(row, column, text, style, value)

    def note(self, sheet: Sheet, row: int, column: int, text: str, options: "Options") -> None:
        """Write a note at a cell; like a cell it holds no more than `MAX_CELL_TEXT`.

        Args:
            sheet: a sheet of this book.
            row: 1-based.
            column: 1-based.
            text: what it says.
            options: those of XlsxWriter's `write_comment`.
        """
        sheet.write_comment(row - 1, column - 1, cell_text(text), options)

    def print_on(self, sheet: Sheet, paper: Paper) -> None:
        """Set a sheet up for paper: one page wide unless it has a scale."""
        sheet.set_paper(paper.size)
        if paper.landscape:
            sheet.set_landscape()
        if paper.scale:
            sheet.set_print_scale(paper.scale)
            sheet.center_horizontally()
        else:
            sheet.fit_to_pages(1, paper.pages)
        sheet.set_margins(left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
        if paper.repeat:
            sheet.repeat_rows(paper.repeat[0] - 1, paper.repeat[1] - 1)
        if paper.mark:
            sheet.set_header(f'&C&"{FONTS[self.language]},Bold"&12&K{RED_INK[1:]}{paper.mark}')
        if paper.footer:
            sheet.set_footer(f"&L&8&F  &A&R&8{paper.footer}")

    def finish(self) -> bytes:
        """The workbook's bytes, every formula with its value.

        Raises:
            OSError: a part of a large workbook cannot be written to the disk.
        """
        fill_in(self.sheets, list(self.writer.str_table.string_table))
        large = (
            sum(len(sheet.rows.lines) for sheet in self.sheets.values() if sheet.rows is not None)
            > ROWS_IN_MEMORY
        )
        self.writer.in_memory = not large
        with scratch_folder() if large else nullcontext() as folder:
            self.writer.tmpdir = folder
            try:
                self.writer.close()
            except FileCreateError as fault:  # XlsxWriter's wrapping of an OSError
                raise fault.args[0] from None
        return self._stream.getvalue()


def row_height(cells: Sequence[tuple[object, float]], line: float, *, least: int = 1) -> float:
    """The height that a row needs for its texts, wrapped.

    Args:
        cells: value and width, in half-width characters, of each.
        line: the height of one line, in points.
        least: the lines for which there is room in any case.

    Returns:
        Points; no more than Excel's rows have.
    """
    lines = max([least, *(wrapped_lines(str(value), max(width - 1.5, 1)) for value, width in cells if value)])
    return min(float(MAX_ROW_HEIGHT), lines * line + 5)


def prompt(text: str, limit: int = MAX_VALIDATION_MESSAGE) -> str:
    """`text` cut to what a validation's message may hold."""
    return shortened(tidy(text), limit)


Options = dict[str, Any]
