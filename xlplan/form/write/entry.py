"""An entry sheet: the office's cells locked, the department's to fill, checks that live on the sheet itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.format import Format

from xlplan.fields.base import CENTRE, RIGHT
from xlplan.fields.checks import CheckKind
from xlplan.fields.item import AS_TEXT
from xlplan.fields.table import holds_sentences, type_of
from xlplan.form.layout.columns import GREY, HIDDEN, Column, ColumnKind
from xlplan.form.layout.entry import (
    BAND_ANSWER,
    BAND_ITEM,
    BAND_LINE,
    BAND_OFFICE,
    BAND_ROW,
    BANNER_ROW,
    FIRST_ROW,
    HEADER_ROW,
    NOTE_ROW,
    TITLE_ROW,
    EntryLayout,
)
from xlplan.form.layout.stamps import Stamping
from xlplan.form.write import counts, live
from xlplan.form.write.allowed import allowed_tests
from xlplan.form.write.order import Order, Values, allowed_because, kind_of, locate, remedy_here
from xlplan.form.write.validation import check_fills, dropdown, fills
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.language.text import is_blank, wrapped_lines
from xlplan.model.finding import Finding
from xlplan.model.form import FilledBy
from xlplan.model.issue import IssuedRow
from xlplan.model.item import Item
from xlplan.spreadsheet.book import Book, Options, Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT, LINK
from xlplan.spreadsheet.worksheet import Sheet

_VALUES = (*GREY, ColumnKind.OFFICE, ColumnKind.PREVIOUS, ColumnKind.ENTRY)
"""The columns that hold a value and no formula."""
_PROTECT: Options = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
}


def write_entry(
    book: Book, order: Order, layout: EntryLayout, stamps: Stamping, marks: Mapping[tuple[str, str], str]
) -> None:
    """Write one entry sheet.

    Args:
        book: The workbook that gets the sheet.
        order: What the workbook is to hold.
        layout: Where things stand on the sheet.
        stamps: Where things stand on the hidden sheet.
        marks: By item and field id, a condition that is TRUE while the department has not changed a cell in which
            something was found (`sent_back.marks`).
    """
    sheet = book.sheet(layout.form.title)
    entry = _EntrySheet(book, sheet, order, layout, stamps, marks)
    _columns(book, sheet, layout)
    _head(book, sheet, order, layout, stamps)
    for row, issued in enumerate(order.rows[layout.form.id], FIRST_ROW):
        _row(entry, row, issued)
    if layout.rows:
        for column in layout.of_kind(ColumnKind.ENTRY):
            dropdown(sheet, layout, column, order.rows[layout.form.id])
            fills(book, sheet, layout, column)
        check_fills(book, sheet, layout)
    _notes(book, sheet, order, layout)
    _finish(book, sheet, layout)


@dataclass(frozen=True, slots=True)
class _EntrySheet:
    """The sheet that is written, and all that says what stands in it: the arguments of `write_entry`."""

    book: Book
    sheet: Sheet
    order: Order
    layout: EntryLayout
    stamps: Stamping
    marks: Mapping[tuple[str, str], str]


def _columns(book: Book, sheet: Sheet, layout: EntryLayout) -> None:
    for column in layout.columns:
        hidden = {"hidden": True} if column.kind in HIDDEN else {}
        sheet.set_column(column.index - 1, column.index - 1, column.width, book.style("base"), hidden)


def _head(book: Book, sheet: Sheet, order: Order, layout: EntryLayout, stamps: Stamping) -> None:
    book.put(sheet, TITLE_ROW, 1, layout.title, book.style("title"))
    check = layout.column(ColumnKind.CHECK, "check")
    book.put(sheet, TITLE_ROW, check.index, order.owner, book.style("title", align="right", font_size=12))
    book.put(sheet, NOTE_ROW, 1, layout.note, book.style("quiet"))
    sheet.set_row(TITLE_ROW - 1, 27)
    sheet.set_row(NOTE_ROW - 1, 18)
    _banner(book, sheet, layout, stamps)
    _bands(book, sheet, layout)
    deepest = max(wrapped_lines(column.heading, column.width - 1.5) for column in layout.shown)
    sheet.set_row(HEADER_ROW - 1, deepest * LINE_HEIGHT + 8)
    for column in layout.shown:
        book.put(sheet, HEADER_ROW, column.index, column.heading, book.style(_head_style(column)))


def _banner(book: Book, sheet: Sheet, layout: EntryLayout, stamps: Stamping) -> None:
    """What is left, the link to the first problem, and how many rows are done."""
    wide = counts.banner_end(layout)
    style = book.style("banner")
    if wide > 1:
        sheet.merge_range(BANNER_ROW - 1, 0, BANNER_ROW - 1, wide - 1, "", style)
    book.formula(sheet, BANNER_ROW, 1, counts.banner(layout), style)
    link = next(column.index for column in layout.shown if column.index > wide)
    book.formula(sheet, BANNER_ROW, link, counts.link_to_first(layout, stamps), book.style("quiet"))
    # only where it leads somewhere it looks like a link
    leads = {"type": "formula", "criteria": f"={counts.has_problem(layout)}", "format": book.fill(LINK)}
    sheet.conditional_format(BANNER_ROW - 1, link - 1, BANNER_ROW - 1, link - 1, leads)
    check = layout.column(ColumnKind.CHECK, "check").index
    if link < check:
        book.formula(sheet, BANNER_ROW, check, counts.done(layout), book.style("quiet", align="right"))
    area = (BANNER_ROW - 1, 0, BANNER_ROW - 1, wide - 1)
    for criteria, fill in counts.banner_states(layout, f"$A${BANNER_ROW}"):
        options = {"type": "formula", "criteria": criteria, "format": book.fill(FILLS[fill])}
        sheet.conditional_format(*area, options)
    sheet.set_row(BANNER_ROW - 1, 24)


def _bands(book: Book, sheet: Sheet, layout: EntryLayout) -> None:
    """One head over the columns of the item, of the office and of the answer."""
    # last year's value of an office's field stands beside it, among the office's
    office = {field.id for field in layout.form.fields if field.filled_by is FilledBy.OFFICE}
    known = layout.of_kind(ColumnKind.PREVIOUS, ColumnKind.OFFICE)
    entered = layout.of_kind(ColumnKind.PREVIOUS, ColumnKind.ENTRY, ColumnKind.FORMULA)
    bands = (
        (BAND_LINE if layout.form.is_open else BAND_ITEM, layout.of_kind(*GREY), "head_office"),
        (BAND_OFFICE, [column for column in known if column.name in office], "head_office"),
        (BAND_ANSWER, [column for column in entered if column.name not in office], "head"),
    )
    for key, under, style in bands:
        if not under:
            continue
        words = layout.band(key)
        first, last = under[0].index - 1, under[-1].index - 1
        if first == last:
            book.put(sheet, BAND_ROW, first + 1, words, book.style(style))
        else:
            sheet.merge_range(BAND_ROW - 1, first, BAND_ROW - 1, last, words, book.style(style))
    check = layout.column(ColumnKind.CHECK, "check")
    book.put(sheet, BAND_ROW, check.index, "", book.style("head_check"))
    sheet.set_row(BAND_ROW - 1, 18)


def _head_style(column: Column) -> str:
    if column.kind is ColumnKind.CHECK:
        return "head_check"
    return "head" if column.kind in (ColumnKind.ENTRY, ColumnKind.FORMULA) else "head_office"


def _row(entry: _EntrySheet, row: int, issued: IssuedRow) -> None:
    """Write one row of the table: its values first, then its formulas."""
    book, sheet, layout = entry.book, entry.sheet, entry.layout
    item = entry.order.plan.item(issued.item)
    answered = entry.order.answers.values
    heights: list[tuple[object, float]] = []
    for column in layout.columns:
        if column.kind in _VALUES:
            value = _value(layout, column, row, issued, item, answered)
            heights.append((value, column.width))
            book.put(sheet, row, column.index, value, _style(book, layout, column))
        elif column.kind is ColumnKind.SENT_BACK and (issued.item, column.name) in entry.marks:
            unchanged = entry.marks[issued.item, column.name]
            book.formula(sheet, row, column.index, f"IF({unchanged},1,0)", book.style("hidden"))
    allowed = allowed_tests(entry.order.allowed, layout, entry.stamps, row, issued)
    guarded = not issued.item
    for column, formula in live.row_formulas(layout, entry.stamps, row, guarded=guarded, allowed=allowed):
        shown = column.kind not in HIDDEN
        style = book.style("hidden" if not shown else "check")
        if column.kind is ColumnKind.FORMULA:
            style = _style(book, layout, column)
        book.formula(sheet, row, column.index, formula, style)
    sheet.set_row(row - 1, max(row_height(heights, LINE_HEIGHT, least=2), _room(layout)))


def _value(
    layout: EntryLayout, column: Column, row: int, issued: IssuedRow, item: Item | None, answered: Values
) -> object:
    """What stands in a cell of one of the columns in `_VALUES`."""
    number = row - FIRST_ROW + 1
    match column.kind:
        case ColumnKind.NUMBER:
            return number
        case ColumnKind.ITEM if layout.form.is_open:
            return number
        case ColumnKind.OFFICE:
            return issued.office.get(column.name)
        case ColumnKind.PREVIOUS:
            return issued.previous.get(column.name)
        case ColumnKind.ENTRY:
            return answered.get((layout.form.id, issued.item, column.name))
        case _:
            return _of_item(item, issued, column.name)


def _room(layout: EntryLayout) -> float:
    """Points that an answer of ordinary length and what the checks say will need.

    Not all that an answer may hold: of 400 characters a page would hold two rows. A longer one needs a row pulled open.
    """
    lines = [
        (min(field.max_length or 100, 120) * 2) / max(layout.field_column(field).width, 1)
        for field in layout.form.entered
        if type_of(field).is_text and (field.required is not False or layout.is_of_office)
    ]
    width = layout.column(ColumnKind.CHECK, "check").width - 1.5
    long = [
        check
        for check in layout.checks
        if check.kind is CheckKind.ORDER or check.severity is Severity.WARNING
    ]
    lines += [wrapped_lines(check.shown(layout.language), width) for check in long]
    most = 2 if layout.form.is_open else 6  # rows of which most stay empty
    return min(max(lines, default=1), most) * LINE_HEIGHT + 5


def _of_item(item: Item | None, issued: IssuedRow, name: str) -> str:
    """What is shown of an item; of one that the plan has no more, what was shown when it was issued."""
    if name == "item":
        return item.id if item else issued.item
    return item.shown(name) if item else issued.about.get(name, "")


def _style(book: Book, layout: EntryLayout, column: Column) -> Format:
    if column.kind is ColumnKind.ITEM and not layout.form.is_open:
        return book.style("office_centre", num_format=AS_TEXT)
    if column.kind in (ColumnKind.NUMBER, ColumnKind.ITEM):
        return book.style("office_centre")
    if column.kind is ColumnKind.ATTRIBUTE:
        return book.style("office")
    field = layout.form.by_id[column.name]
    base = {ColumnKind.PREVIOUS: "previous", ColumnKind.ENTRY: "entry"}.get(column.kind, "office")
    kind, entered = type_of(field), base == "entry"
    shape = kind.number_format(field, layout.plan)
    if kind.align == CENTRE and shape:
        return book.style("entry_day" if entered else f"{base}_centre", num_format=shape)
    if kind.align == RIGHT and entered:
        return book.style("entry_number", num_format=shape)
    # what is worked out has all its decimals, unless the plan says how it looks
    if kind.align == RIGHT and (column.kind is not ColumnKind.FORMULA or kind.own_format(field)):
        return book.style(base, align="right", indent=0, num_format=shape)
    if shape and entered:
        return book.style(base, num_format=shape)
    if (base != "office" or layout.is_of_office) and holds_sentences(
        field
    ):  # its beginning is seen though the row is too low
        return book.style(f"{base}_long")
    centred = kind.align == CENTRE or column.kind is ColumnKind.FORMULA
    return book.style(f"{base}_centre" if centred else base)


def _notes(book: Book, sheet: Sheet, order: Order, layout: EntryLayout) -> None:
    """Each finding as a note at its cell; where it is allowed, why."""
    rows = {row.item: FIRST_ROW + at for at, row in enumerate(order.rows[layout.form.id])}
    notes: dict[tuple[int, int], list[str]] = {}
    for finding in order.sent_back.findings if order.sent_back else ():
        place = locate(layout, rows, finding)
        if place and not finding.allowed:
            notes.setdefault((place[0], place[1].index), []).append(_note(finding, layout.language))
    for cell in order.allowed:
        field = layout.form.by_id.get(cell.field)
        if field and cell.form == layout.form.id and cell.item in rows:
            why = allowed_because(cell.reason, layout.language)
            notes.setdefault((rows[cell.item], layout.field_column(field).index), []).append(why)
    for (row, column), found in notes.items():
        note = "\n".join(dict.fromkeys(found))
        height = 18 * wrapped_lines(note, 40) + 12
        book.note(sheet, row, column, note, {"width": 300, "height": height, "font_size": 9})


def _note(finding: Finding, language: str) -> str:
    head = text(
        "artefacts.entry.note_finding",
        language,
        severity=kind_of(finding, language),
        message=finding.message(language),
    )
    remedy = remedy_here(finding, language)
    return head if is_blank(remedy) else f"{head}\n{remedy}"


def _finish(book: Book, sheet: Sheet, layout: EntryLayout) -> None:
    last = layout.shown[-1].index - 1
    frozen = layout.find(ColumnKind.ATTRIBUTE, "title") or layout.column(ColumnKind.ITEM, "item")
    sheet.freeze_panes(FIRST_ROW - 1, frozen.index)
    sheet.print_area(0, 0, max(layout.last_row, HEADER_ROW) - 1, last)
    page = text("artefacts.entry.page", layout.language)
    book.print_on(sheet, Paper(size=8, repeat=(BAND_ROW, HEADER_ROW), footer=page))
    sheet.protect("", _PROTECT)
    first = layout.of_kind(ColumnKind.ENTRY)
    if first and layout.rows:
        sheet.set_selection(FIRST_ROW - 1, first[0].index - 1, FIRST_ROW - 1, first[0].index - 1)
