"""The one way to write a workbook: XlsxWriter with our styles, text that stays text, and cached values filled in.

Every workbook that xlplan writes goes through `Book`: the definition, the forms, the summary.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlplan.formula import column_letters, recalculate
from xlplan.styles import FONTS, RED_INK, STYLES
from xlplan.text import tidy, wrapped_lines

MAX_TEXT = 32_767
"""Characters that a cell can hold (Excel's limit)."""
MAX_PROMPT = 255
"""Characters of a data validation's message (Excel's limit); its title holds 32."""


@dataclass(frozen=True, slots=True)
class Paper:
    """How a sheet is printed: size (8 is A3, 9 is A4), header rows repeated (1-based, inclusive), footer.

    `mark` stands in red at the top of every page.
    """

    size: int = 9
    landscape: bool = True
    repeat: tuple[int, int] | None = None
    footer: str = ""
    mark: str = ""


OWN_ROW = "\0"
"""Stands for the row's number in a `RowFormula`."""


class RowFormula(str):
    """A formula for `put_rows`, without its leading `=`; OWN_ROW stands for the number of the row it is put in."""

    __slots__ = ()


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they stand, and many rows at once.

    XlsxWriter searches every formula for some thirty functions of Excel 365 to prefix: with long formulas nine
    tenths of the time of writing. The lint allows none of them.

    It also makes an object of each cell, and asks each for its kind, place and format again when the file is
    written. The rows of `put_rows` have one style for each column and go into the file as they are: a fifth of
    the time, and a tenth of the memory.
    """

    dim_rowmin: Any
    dim_rowmax: Any

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._lines: list[Sequence[object]] = []
        self._styles: Sequence[Format] = ()
        self._strings: dict[str, int] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def take_rows(self, first: int, lines: list[Sequence[object]], styles: Sequence[Format]) -> None:
        """Keep `lines` for the rows from `first` (0-based) on, and their texts for the workbook's table of texts."""
        self._first, self._lines, self._styles = first, lines, styles
        strings, index_of = self._strings, self.str_table._get_shared_string_index
        again = 0
        for value in (value for line in lines for value in line if value.__class__ is str and value):
            if value in strings:
                again += 1
            else:
                strings[value] = index_of(tidy(value)[:MAX_TEXT])
        self.str_table.count += again
        if lines and styles:
            self._check_dimensions(first, 0)
            self._check_dimensions(first + len(lines) - 1, len(styles) - 1)

    def _write_rows(self) -> None:
        if not self._lines:
            super()._write_rows()
            return
        top, bottom, last = self.dim_rowmin, self.dim_rowmax, self._first + len(self._lines) - 1
        self.dim_rowmax = self._first - 1
        super()._write_rows()
        cells = [
            (f'<c r="{column_letters(column)}', f'" s="{style._get_xf_index()}"')
            for column, style in enumerate(self._styles, 1)
        ]
        for row, line in enumerate(self._lines, self._first):
            self._write_row(row, f"1:{len(cells)}", self.row_info.get(row))
            self.fh.write("".join(self._line(str(row + 1), line, cells)) + "</row>")
        self.dim_rowmin, self.dim_rowmax = last + 1, bottom
        super()._write_rows()
        self.dim_rowmin = top

    def _line(self, row: str, line: Sequence[object], cells: Sequence[tuple[str, str]]) -> Iterator[str]:
        """The cells of one row, as XlsxWriter itself writes them; `cells` are what stands around the row's number."""
        for (head, style), value in zip(cells, line, strict=True):
            match value:
                case None | "":
                    yield f"{head}{row}{style}/>"
                case RowFormula():
                    formula = self._escape_data(value).replace(OWN_ROW, row)
                    yield f"{head}{row}{style}><f>{formula}</f><v></v></c>"
                case str():
                    yield f'{head}{row}{style} t="s"><v>{self._strings[value]}</v></c>'
                case bool():
                    yield f'{head}{row}{style} t="b"><v>{value:d}</v></c>'
                case int() | float():
                    yield f"{head}{row}{style}><v>{value:.16G}</v></c>"
                case dt.datetime() | dt.date():
                    yield f"{head}{row}{style}><v>{self._convert_date_time(value):.16G}</v></c>"
                case _:
                    raise TypeError(value)


class Book:
    """A workbook being written. `finish` gives its bytes."""

    def __init__(self, language: str, title: str, organisation: str, created: dt.datetime) -> None:
        self.language = language
        self._stream = io.BytesIO()
        self.writer = xlsxwriter.Workbook(
            self._stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # the same input gives the same bytes: the moment comes from the caller, never from the clock
        self.writer.set_properties(
            {"title": title, "company": organisation, "created": created.replace(tzinfo=None)}
        )
        self.writer.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

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
            self._formats[key] = self.writer.add_format(wanted)
        return self._formats[key]

    def sheet(self, name: str, *, gridlines: bool = False) -> Worksheet:
        """A new sheet."""
        made: Worksheet = self.writer.add_worksheet(name, _Sheet)
        if not gridlines:
            made.hide_gridlines(2)
        return made

    def put(self, sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
        """Write a value at a 1-based cell. Text is always written as text, whatever it begins with."""
        at = (row - 1, column - 1)
        match value:
            case None | "":
                sheet.write_blank(*at, None, style)
            case bool():
                sheet.write_boolean(*at, value, style)
            case int() | float():
                sheet.write_number(*at, value, style)
            case dt.datetime() | dt.date():
                sheet.write_datetime(*at, value, style)
            case _:
                sheet.write_string(*at, tidy(str(value))[:MAX_TEXT], style)

    def put_rows(
        self, sheet: Worksheet, row: int, lines: Iterable[Sequence[object]], styles: Sequence[Format]
    ) -> None:
        """Write many rows from a 1-based row on, with one style for each column: `put`, fast.

        Only once for a sheet, whose other cells stand above or below these rows.
        """
        sheet.take_rows(row - 1, list(lines), styles)

    def formula(self, sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
        """Write a formula, without its leading `=`, at a 1-based cell; its value is filled in by `finish`."""
        sheet.write_formula(row - 1, column - 1, f"={text}", style, "")

    def print_on(self, sheet: Worksheet, paper: Paper) -> None:
        """Set a sheet up for paper: one page wide, as many long as it takes."""
        sheet.set_paper(paper.size)
        if paper.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        if paper.repeat:
            sheet.repeat_rows(paper.repeat[0] - 1, paper.repeat[1] - 1)
        if paper.mark:
            sheet.set_header(f'&C&"{FONTS[self.language]},Bold"&12&K{RED_INK[1:]}{paper.mark}')
        if paper.footer:
            sheet.set_footer(f"&L&8&F　&A&R&8{paper.footer}")

    def finish(self) -> bytes:
        """The workbook's bytes, every formula with its value."""
        self.writer.close()
        return recalculate(self._stream.getvalue())


def row_height(cells: Sequence[tuple[object, float]], line: float, *, least: int = 1) -> float:
    """Points that a row needs: `cells` are (value, width in characters), wrapped; Excel caps a row at 409."""
    lines = max([least, *(wrapped_lines(str(value), max(width - 1.5, 1)) for value, width in cells if value)])
    return min(409.0, lines * line + 5)


def prompt(text: str, limit: int = MAX_PROMPT) -> str:
    """`text` cut to what a validation's message may hold."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


Options = dict[str, Any]
