"""The sheets of data (データ): an Excel table with a row for each record of a form, and where each came from."""

from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby

from xlsxwriter.format import Format

from xlplan.fields.computed import shown_formula
from xlplan.fields.gate import rests_on
from xlplan.fields.table import type_of
from xlplan.form.layout.stamps import Stamping
from xlplan.formula.emission import emit, quote
from xlplan.formula.excel import MAX_ROW_HEIGHT
from xlplan.formula.tree import Formula
from xlplan.language.messages import spaced
from xlplan.language.text import wrapped_lines
from xlplan.model.correction import Place
from xlplan.model.form import Field, Form
from xlplan.report.columns import (
    FIRST_ROW,
    HEADER_ROW,
    DataColumn,
    DataKind,
    DataTable,
    RowPlace,
    key_of,
)
from xlplan.report.keys import SIGN
from xlplan.report.records import of_item
from xlplan.report.render.xlsx.looks import STYLES
from xlplan.report.render.xlsx.paper import across
from xlplan.report.render.xlsx.sheet import Summary, SummarySheet
from xlplan.report.rows import STATE, DataRow
from xlplan.report.shown import role_of
from xlplan.spreadsheet.book import Paper
from xlplan.spreadsheet.styles import LINE_HEIGHT
from xlplan.spreadsheet.worksheet import OWN_ROW, ExcelTable, RowFormula

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


def write_data(summary: Summary, table: DataTable, stamps: Stamping) -> None:
    """Write the data sheet of one form.

    Args:
        summary: The summary.
        table: The columns of the sheet.
        stamps: Where the hidden sheet has the lists by which computed fields rank.
    """
    form, columns = table.form, table.columns
    rows = summary.made.rows_of(form.id)
    title = table.name
    if len(summary.tables) > 1:
        title = spaced((summary.text("summary.data.sheet"), form.title), summary.language)
    intro = spaced((summary.what_rows_are(form), summary.text("summary.data.intro")), summary.language)
    widths = [_width(summary, column, form) for column in columns]
    sheet = SummarySheet(summary, table.name, title, intro, widths)
    last = max(FIRST_ROW + len(rows) - 1, FIRST_ROW)
    headings = [column.heading for column in columns]
    heads = [summary.book.style(_head(column, form)) for column in columns]
    summary.book.table(sheet.sheet, ExcelTable(table.name, HEADER_ROW, 1, last, headings), heads)
    styles = [_style(summary, column, form) for column in columns]
    values = _values(summary, table, rows, stamps)
    summary.book.put_rows(sheet.sheet, FIRST_ROW, values, styles, _heights(table, rows))
    _mark_corrected(summary, table, rows, sheet)
    sheet.heights(HEADER_ROW, [30])
    if table.draft:
        summary.shade_states(sheet.sheet, table.column(STATE).index, (FIRST_ROW, last))
    # nobody reads a hash on paper, nor what stands behind it
    printed = widths[: table.column("sha256").index - 1]
    paper, cuts = across(Paper(size=8), printed, _FIXED)
    sheet.finish(last, paper, frozen=_FIXED, printed=len(printed))
    if cuts:
        sheet.sheet.repeat_columns(0, _FIXED - 1)
        sheet.sheet.set_v_pagebreaks(cuts)


def _mark_corrected(
    summary: Summary, table: DataTable, rows: tuple[DataRow, ...], sheet: SummarySheet
) -> None:
    """A mark behind each value that was corrected, also where somebody works on in the sheet."""
    fields: dict[Place, set[str]] = {}
    for correction in summary.made.corrections:
        if not correction.is_entry:
            fields.setdefault(correction.place, set()).add(correction.field)
    if not fields:
        return
    mark = summary.text("summary.corrections.mark")
    for at, row in enumerate(rows):
        for name in fields.get(row.place, ()):
            field, column = table.form.by_id[name], table.column(name).index
            shape = type_of(field).summary_format(field, summary.made.plan) or "@"
            marked = ";".join(f'{section}"{mark}"' for section in shape.split(";"))
            look = summary.book.fill({"num_format": marked, "bold": True})
            area = (FIRST_ROW + at - 1, column - 1) * 2
            sheet.sheet.conditional_format(*area, {"type": "formula", "criteria": "=TRUE", "format": look})


def _width(summary: Summary, column: DataColumn, form: Form) -> float:
    """That of the plan or of the type; more where a number or a day would be ####."""
    field = form.by_id.get(column.name) if column.kind is DataKind.FIELD else None
    if field is None:
        return _WIDTHS.get(column.name, 16.0)
    return max(_width_of(field), summary.figures.records[form.id].room(field))


def _width_of(field: Field) -> float:
    return field.width or type_of(field).summary_width


def _head(column: DataColumn, form: Form) -> str:
    if column.kind is DataKind.FIELD and form.by_id[column.name].of_office:
        return "head_office"
    quiet = (DataKind.TRACE, DataKind.STATE, DataKind.KEY)
    kinds = {DataKind.FIELD: "head", **dict.fromkeys(quiet, "head_check")}
    return kinds.get(column.kind, "head_office")


def _style(summary: Summary, column: DataColumn, form: Form) -> Format:
    if column.kind is DataKind.FIELD:
        field = form.by_id[column.name]
        shape = type_of(field).summary_format(field, summary.made.plan)
        more = {"num_format": shape} if shape else {}
        return summary.book.style(STYLES[role_of(field)], **{"valign": "top", **more})
    plain = column.name in ("row", "attempt", "item", "period", STATE)
    return summary.book.style(
        "cell_centre" if plain else "cell", valign="top", text_wrap=column.name in _WRAPPED
    )


def _values(
    summary: Summary, table: DataTable, rows: tuple[DataRow, ...], stamps: Stamping
) -> Iterator[list[object]]:
    """The cells of each row; what is unknown as None."""
    item_columns = [column.name for column in table.columns if column.kind is DataKind.ITEM]
    fields = [field.id for field in table.form.fields]
    plan, known = summary.made.plan, dict[tuple[str, str, str], list[str]]()
    keyed = _keys(summary, table)
    for row, computed, keys in zip(rows, _computed(summary, table, rows, stamps), keyed, strict=True):
        # both may be another one from some period on
        owned = (row.item.id, row.item.department, row.period.id if row.period.id in plan.past else "")
        about = known.get(owned)
        if about is None:
            about = known[owned] = [of_item(plan, row.item, name, row.period) for name in item_columns]
        values = row.values
        yield [
            row.period.label,
            *about,
            *([summary.state_word(row.state)] if table.draft else []),
            *(computed[name] if name in computed else values.get(name) for name in fields),
            key_of(row.item.id, str(row.line)) if row.line else key_of(row.period.id, row.item.id),
            row.source_file,
            row.source_sheet,
            row.source_row or None,
            row.attempt or None,
            row.sha256,
            *keys,
        ]


def _keys(summary: Summary, table: DataTable) -> Iterator[list[object]]:
    """The columns of keys of each row: a formula where it keeps them true."""
    records, found = summary.figures.records[table.form.id], list[list[object]]()
    for name, column in summary.figures.keys[table.form.id].items():
        live = RowFormula(f"{quote(SIGN)}&{table.column(name).letters}{OWN_ROW}")
        found.append([live if column.live else column.text(cell) for cell in records.column(name)])
    return (list(keys) for keys in zip(*found, strict=True)) if found else ([] for _ in records.rows)


def _heights(table: DataTable, rows: tuple[DataRow, ...]) -> "array[float]":
    """Room for the longest text of each row: LibreOffice finds no height by itself.

    Counts every character of an answer as full-width, which is plenty: to measure 30,000 rows would take longer than
    to write them. What an item says is measured once.

    Returns:
        Points of each row.
    """
    columns = [(name, _WIDTHS[name]) for name in ("goal", "group", "title", "summary")]
    texts = [field.id for field in table.form.fields if type_of(field).is_text]
    widths = [(name, int(_width_of(table.form.by_id[name]) - 2)) for name in texts]
    heights = array("d")
    known: dict[int, int] = {}
    for row in rows:
        lines = known.get(id(row.item), 0)
        if not lines:
            lines = max(wrapped_lines(getattr(row.item, name), width - 1.5) for name, width in columns)
            known[id(row.item)] = lines
        for name, width in widths:
            lines = max(lines, _lines(str(row.values.get(name, "")), width))
        heights.append(min(lines * LINE_HEIGHT + 5, MAX_ROW_HEIGHT))
    return heights


def _lines(value: str, width: int) -> int:
    if "\n" not in value:
        return -(-2 * len(value) // width)
    return sum(max(1, -(-2 * len(line) // width)) for line in value.split("\n"))


def _computed(
    summary: Summary, table: DataTable, rows: tuple[DataRow, ...], stamps: Stamping
) -> Iterator[Mapping[str, object]]:
    """The computed fields of each row by id: emitted once for each period, the row's number left open.

    Where a field came to something else in its round than its formula gives now, what it came to stands there; so it
    does where the item was merged of several, whose answers no cell holds together.
    """
    records = summary.figures.records[table.form.id]
    fields = [(field, field.formula) for field in table.form.fields if field.formula is not None]
    plan = summary.made.plan
    for period, same in groupby(rows, key=lambda row: row.period):
        asked = [(field, formula) for field, formula in fields if plan.asks(table.form, period, field.id)]
        emitted: dict[str | None, Mapping[str, object]] = {}
        for row in same:
            places = records.places_before(row)
            source = records.rows[places[0]].item.id if places else None
            source = "" if source == row.item.id else source
            if source not in emitted:
                before = None if source is None else plan.previous(period)
                place = RowPlace(table, period, before, stamps, source or "")
                emitted[source] = {
                    field.id: RowFormula(row_formula(table.form, field, formula, place))
                    for field, formula in asked
                }
            formulas = emitted[source]
            fixed = {
                field.id: records.value(at, field)
                for field, formula in fields
                if (at := records.place(row)) is not None
                and (records.is_fixed(at, field) or (len(places) > 1 and formula.previous))
            }
            yield {**formulas, **fixed} if fixed else formulas


def row_formula(form: Form, field: Field, formula: Formula, place: RowPlace) -> str:
    """A computed field as a formula that gives "" where what it rests on is missing.

    The entry sheet asks its check cells for that; here the required fields must be filled, those required by a
    formula where it says so.

    Args:
        form: The form.
        field: The computed field.
        formula: What it computes.
        place: Where the formula is to stand.

    Returns:
        The formula without its leading `=`, the row's number left open (OWN_ROW).
    """
    tests = [test for needed in rests_on(formula, form) if (test := _missing(needed, place))]
    shown = f'IFERROR({emit(shown_formula(field, formula, form), place, bare=True)},"")'
    return f'IF(OR({",".join(tests)}),"",{shown})' if tests else shown


def _missing(field: Field, place: RowPlace) -> str:
    blank = f'{place.value(field.id)}=""'
    if isinstance(field.required, Formula):
        return f"AND(IFERROR({emit(field.required, place)},TRUE),{blank})"
    return blank if field.required else ""
