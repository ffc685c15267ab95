"""The data sheet: an Excel table with one row for each item and period, and where each came from."""

from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby

from xlsxwriter.format import Format

from xlplan.fields import type_of
from xlplan.fields.gate import rests_on
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.emission import emit
from xlplan.formula.excel import MAX_ROW_HEIGHT
from xlplan.formula.tree import Formula
from xlplan.language.messages import spaced
from xlplan.language.text import wrapped_lines
from xlplan.model.form import Field, FilledBy, Form
from xlplan.report.consolidate import DataRow
from xlplan.report.summary.answered import shade_states, state_word
from xlplan.report.summary.columns import (
    FIRST_ROW,
    HEADER_ROW,
    STATE,
    DataColumn,
    DataKind,
    DataTable,
    RowPlace,
    key_of,
)
from xlplan.report.summary.frame import Frame, value_style
from xlplan.report.summary.paging import across
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import LINE_HEIGHT
from xlplan.spreadsheet.worksheet import ExcelTable, RowFormula

_WIDTHS = {
    "period": 12.0,
    "item": 8.0,
    "goal": 20.0,
    "group": 20.0,
    "title": 20.0,
    "summary": 32.0,
    "department": 16.0,
    STATE: 14.0,
    "key": 12.0,
    "file": 28.0,
    "source_sheet": 14.0,
    "row": 6.0,
    "attempt": 6.0,
    "sha256": 68.0,
}
_FIXED = 2
"""The columns that stay beside what is scrolled or printed: period and number."""
_WRAPPED = ("goal", "group", "title", "summary", "file", STATE)


def write_data(frame: Frame, table: DataTable, stamps: Stamping) -> None:
    """Write the data sheet of one form."""
    rows = frame.made.rows_of(table.form.id)
    columns = table.columns
    title = (
        table.name
        if len(frame.tables) == 1
        else spaced((frame.said("summary.data.sheet"), table.form.title), frame.language)
    )
    intro = spaced((what_rows_are(frame, table.form), frame.said("summary.data.intro")), frame.language)
    sheet = frame.sheet(table.name, title, intro, len(columns))
    for one in columns:
        sheet.set_column(one.index - 1, one.index - 1, _width(one, table.form))
    last = max(FIRST_ROW + len(rows) - 1, FIRST_ROW)
    headings = [one.heading for one in columns]
    heads = [frame.book.style(_head(one, table.form)) for one in columns]
    frame.book.table(sheet, ExcelTable(table.name, HEADER_ROW, 1, last, headings), heads)
    styles = [_style(frame, one, table.form) for one in columns]
    values = _values(frame, table, rows, stamps)
    frame.book.put_rows(sheet, FIRST_ROW, values, styles, _heights(table, rows))
    sheet.set_row(HEADER_ROW - 1, 30)
    if table.draft:
        shade_states(frame, sheet, table.column(STATE).index, (FIRST_ROW, last))
    sheet.freeze_panes(HEADER_ROW, _FIXED)
    # nobody reads a hash on paper
    printed = [_width(one, table.form) for one in columns if one.name != "sha256"]
    sheet.print_area(0, 0, last - 1, len(printed) - 1)
    paper, cuts = across(Paper(size=8), printed, _FIXED)
    frame.book.print_on(sheet, frame.paper_of(paper, (HEADER_ROW, HEADER_ROW)))
    if cuts:
        sheet.repeat_columns(0, _FIXED - 1)
        sheet.set_v_pagebreaks(cuts)


def what_rows_are(frame: Frame, form: Form) -> str:
    """What one row of a form's data sheet is."""
    return frame.said("summary.data.added" if form.is_open else "summary.data.each", form=form.title)


def _width(column: DataColumn, form: Form) -> float:
    field = form.by_id.get(column.name) if column.kind is DataKind.FIELD else None
    if field is None:
        return _WIDTHS.get(column.name, 16.0)
    return field.width or type_of(field).summary_width


def _head(column: DataColumn, form: Form) -> str:
    if column.kind is DataKind.FIELD and form.by_id[column.name].filled_by is FilledBy.OFFICE:
        return "head_office"
    kinds = {DataKind.FIELD: "head", DataKind.TRACE: "head_check", DataKind.STATE: "head_check"}
    return kinds.get(column.kind, "head_office")


def _style(frame: Frame, column: DataColumn, form: Form) -> Format:
    if column.kind is DataKind.FIELD:
        name, more = value_style(form.by_id[column.name], frame.made.plan)
        return frame.book.style(name, **{"valign": "top", **more})
    plain = column.name in ("row", "attempt", "item", "period", STATE)
    return frame.book.style(
        "cell_centre" if plain else "cell", valign="top", text_wrap=column.name in _WRAPPED
    )


def _values(
    frame: Frame, table: DataTable, rows: tuple[DataRow, ...], stamps: Stamping
) -> Iterator[list[object]]:
    """The cells of each row; what is unknown as None."""
    item_columns = [one.name for one in table.columns if one.kind is DataKind.ITEM]
    fields = [one.id for one in table.form.fields]
    said: dict[tuple[str, str], list[str]] = {}
    for one, computed in zip(rows, _computed(frame, table, rows, stamps), strict=True):
        about = (one.item.id, one.item.department)  # which may be another one from some period on
        head = said.get(about)
        if head is None:
            head = said[about] = [frame.of_item(one.item, name) for name in item_columns]
        values = one.values
        yield [
            one.period.label,
            *head,
            *([state_word(one.state, frame.language)] if table.draft else []),
            *(computed[name] if name in computed else values.get(name) for name in fields),
            key_of(one.item.id, str(one.line)) if one.line else key_of(one.period.id, one.item.id),
            one.source_file,
            one.source_sheet,
            one.source_row or None,
            one.attempt or None,
            one.sha256,
        ]


def _heights(table: DataTable, rows: tuple[DataRow, ...]) -> "array[float]":
    """Room for the longest text of each row: LibreOffice finds no height by itself.

    Counts every character of an answer as full-width, which is plenty: to measure 30,000 rows would take longer than
    to write them. What an item says is measured once.
    """
    columns = [(name, _WIDTHS[name]) for name in ("goal", "group", "title", "summary")]
    texts = [field.id for field in table.form.fields if type_of(field).is_text]
    widths = [(name, int(_width(table.column(name), table.form) - 2)) for name in texts]
    heights = array("d")
    known: dict[str, int] = {}
    for one in rows:
        lines = known.get(one.item.id, 0)
        if not lines:
            lines = max(wrapped_lines(getattr(one.item, name), width - 1.5) for name, width in columns)
            known[one.item.id] = lines
        for name, width in widths:
            lines = max(lines, _lines(str(one.values.get(name, "")), width))
        heights.append(min(lines * LINE_HEIGHT + 5, MAX_ROW_HEIGHT))
    return heights


def _lines(value: str, width: int) -> int:
    if "\n" not in value:
        return -(-2 * len(value) // width)
    return sum(max(1, -(-2 * len(one) // width)) for one in value.split("\n"))


def _computed(
    frame: Frame, table: DataTable, rows: tuple[DataRow, ...], stamps: Stamping
) -> Iterator[Mapping[str, RowFormula]]:
    """The computed fields of each row by id: emitted once for each period, the row's number left open."""
    fields = [(one, one.formula) for one in table.form.fields if one.formula is not None]
    known = {(one.period.id, one.item.id) for one in rows}
    for period, same in groupby(rows, key=lambda one: one.period):
        before = frame.made.plan.previous(period)
        emitted = {
            had: {
                field.id: RowFormula(row_formula(table.form, field, formula, place))
                for field, formula in fields
            }
            for had in (False, True)
            for place in [RowPlace(table, period, before if had else None, stamps)]
        }
        for one in same:
            yield emitted[before is not None and (before.id, one.item.id) in known]


def row_formula(form: Form, field: Field, formula: Formula, place: RowPlace) -> str:
    """A computed field as a formula that gives "" where what it rests on is missing.

    The entry sheet asks its check cells for that; here the required fields must be filled, those required by a
    formula where it says so.
    """
    tests = [test for one in rests_on(formula, form) if (test := _missing(one, place))]
    found = emit(formula, place)
    if type_of(field).is_words:
        found = f'{found}&""'
    shown = f'IFERROR({found},"")'
    return f'IF(OR({",".join(tests)}),"",{shown})' if tests else shown


def _missing(field: Field, place: RowPlace) -> str:
    blank = f'{place.value(field.id)}=""'
    if isinstance(field.required, Formula):
        return f"AND(IFERROR({emit(field.required, place)},TRUE),{blank})"
    return blank if field.required else ""
