"""The sheets beside the entry sheets: the findings of a return, and what had no place in the form.

Each finding has a link to its cell and a state that follows it; those of the return before that are resolved stand
below, struck out. Leftovers are to be copied from by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from xlplan.fields.table import type_of
from xlplan.form.layout.columns import Column, ColumnKind
from xlplan.form.layout.entry import FIRST_ROW, EntryLayout
from xlplan.form.write.order import Order, kind_of, locate, remedy_here
from xlplan.formula.addresses import cell_address, quoted_sheet
from xlplan.formula.emission import quote
from xlplan.language.codes import Severity
from xlplan.language.messages import text
from xlplan.language.privacy import masked, signs
from xlplan.model.codes import FindingCode
from xlplan.model.finding import Finding, item_shown
from xlplan.spreadsheet.book import Book, Paper, row_height
from xlplan.spreadsheet.styles import FILLS, LINE_HEIGHT, QUIET
from xlplan.spreadsheet.worksheet import Sheet

FIRST = 4
"""The first row of the lines; the head stands above it."""
WIDTHS = {
    "artefacts.findings_sheet.number": 5.0,
    "artefacts.findings_sheet.place": 15.0,
    "artefacts.findings_sheet.item": 20.0,
    "artefacts.findings_sheet.field": 12.0,
    "artefacts.findings_sheet.severity": 8.0,
    "artefacts.findings_sheet.value": 23.0,
    "artefacts.findings_sheet.message": 30.0,
    "artefacts.findings_sheet.remedy": 33.0,
    "artefacts.findings_sheet.state": 10.0,
}
"""The columns of the sheet of findings, in characters."""
_LEFTOVER_WIDTHS = {
    "artefacts.leftovers.number": 5.0,
    "artefacts.leftovers.sheet_column": 20.0,
    "artefacts.leftovers.cell": 9.0,
    "artefacts.leftovers.heading": 22.0,
    "artefacts.leftovers.row": 22.0,
    "artefacts.leftovers.value": 70.0,
}
_STATE = list(WIDTHS).index("artefacts.findings_sheet.state") + 1
_VALUE = list(WIDTHS).index("artefacts.findings_sheet.value") + 1
_UNMASKED = len(WIDTHS) + 2
"""The hidden column of values that are shown otherwise: what stands in the form is compared with them."""
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class Listed:
    """One finding on the sheet: its row there, and where it stands in the fresh form, if anywhere."""

    finding: Finding
    row: int
    layout: EntryLayout | None
    place: tuple[int, Column] | None

    @property
    def to_do(self) -> bool:
        """Whether the department can and should change the cell: the office's own cells are locked."""
        field = self.layout.form.by_id.get(self.finding.field) if self.layout else None
        return self.finding.severity is not Severity.NOTICE and bool(field and field.entered)

    @property
    def address(self) -> str:
        """The address of its cell in the fresh form."""
        if self.layout is None or self.place is None:
            return ""
        return self.layout.address(self.place[1], self.place[0])


def listed(order: Order) -> tuple[Listed, ...]:
    """The findings in the order of the sheet: errors first, then as they stand in the form."""
    if order.sent_back is None:
        return ()
    layouts = {layout.form.id: layout for layout in order.layouts()}
    placed = []
    for finding in order.sent_back.findings:
        layout = layouts.get(finding.form)
        place = _place(order, layout, finding)
        at = (place[0], place[1].index) if place else (0, 0)
        key = (_ORDER[finding.severity], finding.form, at)
        placed.append((key, finding, layout, place))
    placed.sort(key=itemgetter(0))
    return tuple(
        Listed(finding, row, layout, place) for row, (_, finding, layout, place) in enumerate(placed, FIRST)
    )


def _place(order: Order, layout: EntryLayout | None, finding: Finding) -> tuple[int, Column] | None:
    """Where a finding stands in the fresh form: its row and column; None where it has no place there."""
    if layout is None:
        return None
    rows = {row.item: FIRST_ROW + at for at, row in enumerate(order.rows[finding.form])}
    return locate(layout, rows, finding)


def marks(order: Order, form: str) -> Mapping[tuple[str, str], str]:
    """By item and field: a condition that is TRUE while a finding's cell still holds what was sent."""
    language = order.plan.language
    sheet = quoted_sheet(text("artefacts.findings_sheet.sheet", language))
    still_open = quote(text("artefacts.findings_sheet.open", language))
    return {
        (line.finding.item, line.finding.field): f"{sheet}!{_state_cell(line)}={still_open}"
        for line in reversed(listed(order))
        if line.finding.form == form and line.place and line.to_do
    }


def _state_cell(line: Listed) -> str:
    return cell_address(line.row, _STATE, fixed=True)


def write_findings(book: Book, order: Order) -> None:
    """Write the sheet of findings."""
    language = order.plan.language
    sheet = _begin_listing(
        book,
        "artefacts.findings_sheet.sheet",
        "artefacts.findings_sheet.title",
        "artefacts.findings_sheet.intro",
        WIDTHS,
    )
    lines = listed(order)
    for line in lines:
        _write_finding(book, sheet, order, line)
    last = FIRST + max(len(lines), 1) - 1
    done = text("artefacts.findings_sheet.changed", language)
    sheet.conditional_format(
        FIRST - 1,
        _STATE - 1,
        last - 1,
        _STATE - 1,
        {"type": "formula", "criteria": f'=$I{FIRST}="{done}"', "format": book.fill(FILLS["ok"])},
    )
    resolved = _write_resolved(book, sheet, order, last + 1)
    _finish_listing(book, sheet, len(WIDTHS), len(lines) + resolved)


def _write_resolved(book: Book, sheet: Sheet, order: Order, row: int) -> int:
    """Write what was found in the return before and is no more, from a `row` on; how many rows that takes."""
    resolved = order.sent_back.compared.resolved if order.sent_back and order.sent_back.compared else ()
    if not resolved:
        return 0
    language = order.plan.language
    sheet.merge_range(row - 1, 0, row - 1, len(WIDTHS) - 1, "", book.style("heading"))
    head = text("artefacts.findings_sheet.resolved_head", language, count=len(resolved))
    book.put(sheet, row, 1, head, book.style("heading"))
    sheet.set_row(row - 1, 20)
    layouts = {layout.form.id: layout for layout in order.layouts()}
    for at, finding in enumerate(resolved, row + 1):
        layout = layouts.get(finding.form)
        line = Listed(finding, at, layout, _place(order, layout, finding))
        cells = [list(cell) for cell in _cells(order, line, finding.value)]
        cells[1][0] = f"{layout.form.title} {line.address}" if layout and line.address else ""
        cells[_STATE - 1][0] = text("artefacts.findings_sheet.resolved", language)
        struck = {"font_strikeout": True, "font_color": QUIET}
        for column, (value, style, _) in enumerate(cells, 1):
            more = FILLS["ok"] if column == _STATE else struck
            book.put(sheet, at, column, value, book.style(str(style), **more))
        heights = [(cell[0], width) for cell, width in zip(cells, WIDTHS.values(), strict=True)]
        sheet.set_row(at - 1, row_height(heights, LINE_HEIGHT))
    return len(resolved) + 1


def _write_finding(book: Book, sheet: Sheet, order: Order, line: Listed) -> None:
    """One line of the sheet of findings: what is wrong where, what to do, and whether it was done."""
    finding, language = line.finding, order.plan.language
    sent = _sent(order, line)
    shown = masked(sent) if isinstance(sent, str) else sent
    if finding.code == FindingCode.ERROR_VALUE:  # not written back into the form, but seen here
        shown = finding.value
    if shown != sent:
        sheet.set_column(_UNMASKED - 1, _UNMASKED - 1, None, None, {"hidden": True})
        book.put(sheet, line.row, _UNMASKED, sent, book.style("hidden"))
    cells = _cells(order, line, shown)
    for at, (value, style, more) in enumerate(cells, 1):
        book.put(sheet, line.row, at, value, book.style(style, **more))
    heights = [(value, width) for (value, _, _), width in zip(cells, WIDTHS.values(), strict=True)]
    sheet.set_row(line.row - 1, row_height(heights, LINE_HEIGHT))
    if line.layout is None or line.place is None:
        return
    name = line.layout.form.title
    link = f"internal:{quoted_sheet(name)}!{line.address}"
    sheet.write_url(line.row - 1, 1, link, book.style("link_box"), f"{name} {line.address}")
    state = _state(line, line.layout, line.place[0], language, _VALUE if shown == sent else _UNMASKED)
    if state:
        book.formula(sheet, line.row, _STATE, state, book.style("value_centre"))
    else:
        only_told = text("artefacts.findings_sheet.told", language)
        book.put(sheet, line.row, _STATE, only_told, book.style("value_centre"))


def _cells(order: Order, line: Listed, shown: object) -> Sequence[tuple[object, str, Mapping[str, object]]]:
    """The cells of a line, each with its style and what is added to that; `shown` is the value found."""
    finding, language = line.finding, order.plan.language
    field = line.layout.form.by_id.get(finding.field) if line.layout else None
    shape = type_of(field).number_format(field, order.plan) if field else ""
    item = order.plan.item(finding.item)
    fill = {Severity.ERROR: FILLS["wrong"], Severity.WARNING: FILLS["doubted"]}.get(finding.severity, {})
    fill = FILLS["missing"] if finding.is_missing and not finding.allowed else fill
    kind = kind_of(finding, language)
    new = order.sent_back.compared.new if order.sent_back and order.sent_back.compared else ()
    if any(finding.number == other.number for other in new):
        kind = text("artefacts.findings_sheet.new", language, kind=kind)
    return (
        (finding.number or line.row - FIRST + 1, "value_centre", {}),
        ("", "value", {}),
        (f"{item.id} {item.title}" if item else item_shown(finding.item, language), "value", {}),
        (field.label if field else "", "value", {}),
        (kind, "value_centre", fill),
        (shown, "value", {"num_format": shape} if shape and not isinstance(shown, str) else {}),
        (finding.message(language), "value", {}),
        (remedy_here(finding, language), "value", {}),
        ("", "value_centre", {}),
    )


def _state(line: Listed, layout: EntryLayout, row: int, language: str, value: int) -> str:
    """A formula that says whether a finding is still open; empty where the department has nothing to do.

    A cell is open while it holds what was sent, which stands in the column `value`; a row that was gone while any
    problem is left in it. `row` is where it stands in the form.
    """
    sheet = quoted_sheet(layout.form.title)
    if line.to_do:
        sent = cell_address(line.row, value, fixed=True)
        still = f'IFERROR(EXACT({sheet}!{line.address}&"",{sent}&""),FALSE)'
    elif line.finding.severity is Severity.ERROR:
        count = layout.address(layout.column(ColumnKind.COUNT, "count"), row)
        still = f"{sheet}!{count}>0"
    else:
        return ""
    still_open, changed = (
        quote(text(key, language))
        for key in ("artefacts.findings_sheet.open", "artefacts.findings_sheet.changed")
    )
    return f"IF({still},{still_open},{changed})"


def _sent(order: Order, line: Listed) -> object:
    """What stands in the cell of the fresh form, to be compared with it; else the value found."""
    finding = line.finding
    if line.place and line.to_do and order.sent_back:
        return order.sent_back.values.get((finding.form, finding.item, finding.field), "")
    return finding.value


def write_leftovers(book: Book, order: Order) -> None:
    """Write the sheet of what had no place in the form, where there is anything to list."""
    leftovers = order.answers.leftovers
    if not leftovers:
        return
    sheet = _begin_listing(
        book,
        "artefacts.leftovers.sheet",
        "artefacts.leftovers.title",
        "artefacts.leftovers.intro",
        _LEFTOVER_WIDTHS,
    )
    for row, left in enumerate(leftovers, FIRST):
        cells = (row - FIRST + 1, left.sheet, left.cell, left.heading, left.row, left.value)
        for at, value in enumerate(cells, 1):
            warned = FILLS["doubted"] if at == len(cells) and signs(left.value) else {}
            book.put(sheet, row, at, value, book.style("value_centre" if at in (1, 3) else "value", **warned))
        heights = list(zip(cells, _LEFTOVER_WIDTHS.values(), strict=True))
        sheet.set_row(row - 1, row_height(heights, LINE_HEIGHT))
    _finish_listing(book, sheet, len(_LEFTOVER_WIDTHS), len(leftovers))


def _begin_listing(book: Book, name: str, title: str, intro: str, widths: Mapping[str, float]) -> Sheet:
    """A new sheet with its title and heads.

    Args:
        book: The workbook that gets the sheet.
        name: The key of the sheet's name.
        title: The key of what stands above the heads.
        intro: The key of what stands under the title.
        widths: The columns: the key of each one's head, and how wide it is in characters.

    Returns:
        The sheet, to be written on from the row `FIRST`.
    """

    def word(key: str) -> str:
        return text(key, book.language)

    sheet = book.sheet(word(name))
    for at, width in enumerate(widths.values()):
        sheet.set_column(at, at, width)
    book.put(sheet, 1, 1, word(title), book.style("title"))
    book.put(sheet, 2, 1, word(intro), book.style("quiet"))
    sheet.set_row(0, 27)
    for at, key in enumerate(widths, 1):
        book.put(sheet, FIRST - 1, at, word(key), book.style("head"))
    sheet.set_row(FIRST - 2, 20)
    return sheet


def _finish_listing(book: Book, sheet: Sheet, columns: int, lines: int) -> None:
    """Freeze the head, set the sheet up for paper, and lock what is not to be typed over."""
    sheet.freeze_panes(FIRST - 1, 0)
    sheet.print_area(0, 0, FIRST + max(lines, 1) - 2, columns - 1)
    page = text("artefacts.entry.page", book.language)
    book.print_on(sheet, Paper(size=9, repeat=(FIRST - 1, FIRST - 1), footer=page))
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
